//! Review: layers of several annotators side by side, and decisions between them into the gold layer.
//!
//! Its words and its look are files of their own, fetched when the screen is first opened, so that a first visit carries none
//! of them. The gold layer is the session's layer while the screen is open; all others are only read.

pub mod act;
mod agree;
mod begin;
mod beside;
mod blind;
mod fetch;
pub mod keys;
mod lanes;
mod list;
mod model;
mod people;
mod scores;
mod screen;
mod slices;
mod strip;
mod talk;
mod test;

pub use act::show_asked;
pub use begin::CommentSheet;
pub use beside::{Beside, BesidePanel, look};
pub use blind::sample;
pub use fetch::{help, words};
pub use model::Review;
pub use screen::ReviewScreen;
pub use slices::{Ahead, look_ahead};
