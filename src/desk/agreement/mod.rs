//! Agreement: how alike the labels of several people are, in figures and plots, each with the passages behind it.
//!
//! - [`model`]: what somebody chose, and what the worker told of it; [`bench`]: the model, who shows it, the way to the page
//! - [`names`]: what figures are called and what they mean, numbers as the language writes them
//! - [`screen`]: all of it; [`choice`], [`overall`], [`pairs`], [`table`], [`edges`], [`course`]: a part each
//! - [`panel`]: the passages behind a number
//!
//! Invariant: nothing is worked out here; the worker does that, and only the latest question's answer is shown.

mod bench;
mod choice;
mod course;
mod edges;
mod model;
mod names;
mod overall;
mod pairs;
mod panel;
mod save;
mod screen;
mod table;

pub use bench::Bench;
pub use screen::{Agreement, AgreementProps};
