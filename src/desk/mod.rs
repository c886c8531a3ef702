//! The desk: the schema screen, the project's own guidelines, agreement, what makes data sets and what takes corrected texts, as a
//! module that the page loads when it needs them.
//!
//! - [`port`]: what the page calls, and how the desk answers; [`words`]: the words of both languages
//! - [`model`]: the schema as it is and as it is to be, and what is asked of the worker
//! - [`markdown`], [`guide`]: guidelines as nodes of the page, never as markup
//! - [`screen`] and the rest: the schema screen, a part of it each
//! - [`build`]: what makes data sets; [`agreement`]: how alike the labels of several people are; [`retext`]: a corrected text for a
//!   document
//!
//! Invariant: nothing is changed from here but drafts; what is to be done is sent to the page.

mod agreement;
mod attributes;
mod build;
mod field;
mod files;
mod guide;
mod labels;
mod markdown;
mod model;
mod parts;
mod port;
mod preview;
mod relations;
mod rest;
mod retext;
mod review;
mod screen;
mod shown;
mod troubles;
mod words;

pub use port::offer;
