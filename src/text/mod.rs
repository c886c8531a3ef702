//! Text and its offsets.

mod direction;
mod index;
mod offset;
#[cfg(test)]
mod samples;

pub use direction::Direction;
pub use index::{Paragraph, Text, is_line_end};
pub use offset::{ByteOffset, Offset, Utf16Offset};
