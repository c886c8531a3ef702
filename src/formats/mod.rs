//! Files in and out: a module for each format, with its own records. Import never fails as a whole.

pub mod anchor;
pub mod problem;
pub mod record;

pub use problem::{Problem, ProblemCode};
