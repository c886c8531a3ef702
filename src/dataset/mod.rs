//! A dataset made of a project: its documents shared out to splits, counted, described, and written in a format.
//!
//! Nothing here is left to chance or to the order of files: documents go by their names, and the seed is the only source of order.

#[cfg(feature = "datasets")]
mod alike;
#[cfg(feature = "datasets")]
pub mod card;
pub mod course;
pub mod described;
pub mod matrix;
pub mod near;
pub mod plot;
pub mod split;
#[cfg(test)]
mod split_laws;
#[cfg(feature = "datasets")]
pub mod statement;
pub mod stats;
mod svg;
#[cfg(feature = "datasets")]
pub mod table;
#[cfg(feature = "datasets")]
pub mod whole;
#[cfg(feature = "datasets")]
#[cfg(test)]
mod whole_tests;

pub use crate::random;
pub use described::Described;
pub use near::{Group, Link, groups};
pub use split::{Plan, Shares, Split, SplitProblem, split};
pub use stats::{Counts, Stats};
#[cfg(feature = "datasets")]
pub use whole::{About, Built, build};
