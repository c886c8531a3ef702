//! Text and its offsets: what the rest of the core counts in, cuts by and searches.
//!
//! Invariant: nothing here changes a text, and nothing here knows of labels, clocks or browsers.

pub mod classes;
mod clitics;
mod compat;
mod decode;
mod direction;
mod find;
mod fold;
mod graphemes;
mod index;
#[cfg(feature = "decode")]
mod legacy;
mod marks;
mod offset;
#[cfg(test)]
pub(crate) mod samples;
mod trim;
mod visual;
mod vocabulary;
mod words;

pub use clitics::{Clitic, CliticKind, Edge, candidates, peel, unpeel};
pub(crate) use clitics::{is_enclitic_string, is_proclitic_string};
pub use decode::{DecodeProblem, Decoded, decode};
pub use direction::Direction;
pub use find::{Match, Progress, Search, find};
pub use fold::{Folded, fold};
pub use index::{Paragraph, Text, Walk, is_line_end, length};
pub use marks::{Mark, count_hidden_marks, hidden_marks};
pub use offset::{ByteOffset, Offset, Utf16Offset};
pub use visual::{Affinity, Caret, Side, is_right_to_left, move_visually};
pub use vocabulary::Vocabulary;
