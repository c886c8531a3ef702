//! The screens: library, reading and labelling, export.

pub mod dataset;
pub mod library;
pub mod read;
