//! Where work is kept in the browser: `localStorage` at once, IndexedDB for good, and one writer among all tabs.

pub mod channel;
pub mod durable;
pub mod exchange;
pub mod library;
pub mod local;
pub mod open;
pub mod pending;
mod report;
pub mod retext;
pub mod saver;
pub mod schema;
pub mod tabs;

use crate::persist::Keyspace;

pub use crate::exchange::PROJECT;

/// The keys of the page's project.
#[must_use]
pub fn keyspace() -> Keyspace {
    Keyspace::new(PROJECT)
}
