//! What is kept between two visits: keys, records, journals and snapshots, and how they are read back.
//!
//! Invariant: nothing that cannot be read is overwritten; it is set aside first.

pub mod backup;
mod journal;
mod key;
mod library;
mod local;
pub mod migrate;
mod parsing;
mod reading;
mod recover;
mod recovery;
mod run;
mod schema;
mod stacks;
mod store;
mod writing;

pub use journal::{Entry, NotKept, Snapshot, Unreadable, encode_entry, encode_outcome, encode_snapshot};
pub use key::{Key, Keyspace};
pub use library::{Card, DocumentRecord, LayerCard};
pub use local::{Appended, Folded, Local};
pub use recover::{Moved, Recovered, Recovering, SetAside, Source, Why, Write, recover};
pub use schema::{SchemaRecord, SchemaStep, Way, without_document};
pub use store::{MemoryStore, Store, StoreError};
pub use writing::{WritingEntry, WritingSnapshot};
