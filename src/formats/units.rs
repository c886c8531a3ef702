//! Offsets in the units of other programs, from and to code points.

use crate::text::classes::is_alone;
pub use crate::text::length;
use crate::text::{ByteOffset, Offset, Text, Utf16Offset};
use std::fmt;
use unicode_segmentation::UnicodeSegmentation;

/// What a format counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    /// Unicode code points.
    CodePoints,
    /// UTF-16 units, as JavaScript and Java count.
    Utf16,
    /// Bytes of UTF-8.
    Bytes,
    /// Extended grapheme clusters.
    Graphemes,
    /// Code points of the text in which CR LF and CR are LF, as Python reads it.
    LineFeeds,
    /// The format has no offsets.
    None,
    /// One of these, the likeliest first: the evidence of a file's labels decides.
    Guess(&'static [Unit]),
}

impl Unit {
    /// The name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::CodePoints => "code-points",
            Self::Utf16 => "utf-16",
            Self::Bytes => "bytes",
            Self::Graphemes => "graphemes",
            Self::LineFeeds => "code-points-lf",
            Self::None => "none",
            Self::Guess(among) => among.first().map_or("none", |unit| unit.name()),
        }
    }

    /// The units that it may be, the likeliest first.
    #[must_use]
    pub fn among(&self) -> &[Self] {
        match self {
            Self::Guess(among) => among,
            _ => std::slice::from_ref(self),
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// Converts positions of one text in one unit.
pub struct Ruler<'a> {
    text: &'a Text,
    unit: Unit,
    /// Where each unit begins, in code points, and the end; of the units that the text itself does not convert.
    starts: Vec<u32>,
}

impl<'a> Ruler<'a> {
    /// A ruler for a text. Of a guess, its first.
    #[must_use]
    pub fn new(text: &'a Text, unit: Unit) -> Self {
        let unit = plainest(text, unit.among().first().copied().unwrap_or(Unit::CodePoints));
        let mut starts = Vec::new();
        let mut at = 0_u32;
        match unit {
            Unit::Graphemes => {
                for grapheme in text.as_str().graphemes(true) {
                    starts.push(at);
                    at = at.saturating_add(length(grapheme));
                }
                starts.push(at);
            }
            Unit::LineFeeds => {
                let mut before = None;
                for character in text.as_str().chars() {
                    // The second half of CR LF begins nothing.
                    if (before, character) != (Some('\r'), '\n') {
                        starts.push(at);
                    }
                    before = Some(character);
                    at = at.saturating_add(1);
                }
                starts.push(at);
            }
            _ => {}
        }
        Self { text, unit, starts }
    }

    /// A position of the unit in code points; `None` past the end or inside a character.
    #[must_use]
    pub fn read(&self, at: u32) -> Option<Offset> {
        match self.unit {
            Unit::Utf16 => self.text.from_utf16(Utf16Offset::new(at)),
            Unit::Bytes => self.text.from_byte(ByteOffset::new(at)),
            Unit::Graphemes | Unit::LineFeeds => self.starts.get(at as usize).copied().map(Offset::new),
            _ => Some(Offset::new(at)).filter(|at| *at <= self.text.len()),
        }
    }

    /// A position in the unit; one past the end counts as the end, and one inside a unit as the end of that unit.
    #[must_use]
    pub fn write(&self, at: Offset) -> u32 {
        let at = at.min(self.text.len());
        match self.unit {
            Unit::Utf16 => self.text.to_utf16(at).map_or(0, Utf16Offset::get),
            Unit::Bytes => self.text.to_byte(at).map_or(0, ByteOffset::get),
            Unit::Graphemes | Unit::LineFeeds => {
                let index = self.starts.partition_point(|start| *start < at.get());
                u32::try_from(index).unwrap_or(u32::MAX)
            }
            _ => at.get(),
        }
    }
}

/// Code points, where a unit counts the same in this text.
fn plainest(text: &Text, unit: Unit) -> Unit {
    let is_same = match unit {
        Unit::Utf16 => text.len_utf16().get() == text.len().get(),
        Unit::Bytes => text.as_str().is_ascii(),
        Unit::Graphemes => text.as_str().chars().all(is_alone),
        Unit::LineFeeds => !text.as_str().contains('\r'),
        _ => false,
    };
    if is_same { Unit::CodePoints } else { unit }
}

/// The text as [`Unit::LineFeeds`] counts it.
#[must_use]
pub fn with_line_feeds(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sentence of the notes on formats, with an emoji before every label.
    const SENTENCE: &str = "🔴 قال وزير الخارجية المصري سامح شكري إن مصر ترفض التهجير، وفق رويترز.";

    #[test]
    fn the_sentence_has_its_positions_in_every_unit() {
        let text = Text::new(SENTENCE);
        assert_eq!((text.len().get(), text.len_utf16().get(), text.as_str().len()), (69, 70, 127));
        // قال, the minister, his name, the claim, the agency: in code points, UTF-16 units and bytes.
        let places = [
            ((2, 5), (3, 6), (5, 11)),
            ((6, 36), (7, 37), (12, 68)),
            ((27, 36), (28, 37), (51, 68)),
            ((40, 56), (41, 57), (74, 104)),
            ((62, 68), (63, 69), (114, 126)),
        ];
        for (points, utf16, bytes) in places {
            for (unit, place) in [(Unit::CodePoints, points), (Unit::Utf16, utf16), (Unit::Bytes, bytes), (Unit::LineFeeds, points)] {
                let ruler = Ruler::new(&text, unit);
                assert_eq!((ruler.write(Offset::new(points.0)), ruler.write(Offset::new(points.1))), place, "{unit}");
                assert_eq!((ruler.read(place.0), ruler.read(place.1)), (Some(Offset::new(points.0)), Some(Offset::new(points.1))), "{unit}");
            }
        }
        assert_eq!(Ruler::new(&text, Unit::Utf16).read(1), None);
        assert_eq!(Ruler::new(&text, Unit::CodePoints).read(70), None);
    }

    #[test]
    fn line_ends_count_once_where_they_are_read_as_one() {
        let text = Text::new("أ\r\nب\rج\nد");
        let ruler = Ruler::new(&text, Unit::LineFeeds);
        assert_eq!(with_line_feeds(text.as_str()), "أ\nب\nج\nد");
        let back: Vec<Option<u32>> = (0..=8).map(|at| ruler.read(at).map(Offset::get)).collect();
        assert_eq!(back, [Some(0), Some(1), Some(3), Some(4), Some(5), Some(6), Some(7), Some(8), None]);
        assert_eq!(ruler.write(Offset::new(2)), 2);
        let marked = Text::new("بَ👍🏽x");
        assert_eq!(Ruler::new(&marked, Unit::Graphemes).read(2).map(Offset::get), Some(4));
        assert_eq!(Ruler::new(&marked, Unit::Graphemes).write(Offset::new(3)), 2);
    }
}
