//! The screens: library and corrected texts, reading and labelling, export, schema.

pub mod agreement;
pub mod dataset;
pub mod desk;
pub mod export;
pub mod library;
pub mod open;
pub mod picker;
pub mod read;
pub mod retext;
pub mod schema;
