//! Where work is kept in the browser: `localStorage` at once, IndexedDB for good, and one writer among all tabs.

pub mod durable;
pub mod library;
pub mod local;
pub mod open;
pub mod saver;
pub mod tabs;

use crate::persist::Keyspace;

/// The project of this page. There is one; keys and files name it, so that there can be more.
pub const PROJECT: &str = "news";

/// The keys of the page's project.
#[must_use]
pub fn keyspace() -> Keyspace {
    Keyspace::new(PROJECT)
}
