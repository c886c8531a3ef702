//! The screens: library, reading and labelling, export, schema.

pub mod dataset;
pub mod library;
pub mod open;
pub mod read;
pub mod schema;
