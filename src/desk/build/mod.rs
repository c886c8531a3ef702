//! What makes data sets of what is chosen: the split, what should be known before, plots, the card, and the archive.
//!
//! - [`model`]: what somebody asked for, and what the worker told of it; [`bench`]: the model, who shows it, the way to the page
//! - [`screen`]: all of it; [`form`], [`before`], [`table`], [`plots`], [`card`]: a part each
//!
//! Invariant: what is saved was looked at as it is saved.

mod before;
mod bench;
mod card;
mod form;
mod model;
mod plots;
mod screen;
mod table;

pub use bench::{Answered, Bench, Chosen};
pub use screen::{Builder, BuilderProps};
