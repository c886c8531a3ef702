//! What the page and its worker share of the browser: the database, and the messages between the two.

pub mod idb;
pub mod message;
