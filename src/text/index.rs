//! The immutable text of a document, and its offsets in all three units.

use std::ops::Range;

use super::direction::{Direction, Tally};
use super::offset::{ByteOffset, Offset, Utf16Offset};

/// Code points between two checkpoints: a conversion walks fewer than this many.
const STRIDE: usize = 64;

/// The text of a document, as it came: nothing normalised, line ends kept.
///
/// Offsets are in Unicode code points. A text holds less than 4 GiB.
#[derive(Clone, Debug)]
pub struct Text {
    text: String,
    length: Offset,
    /// Invariant: entry `k` is where code point `k × STRIDE` begins; entry 0 is always there.
    checkpoints: Vec<Checkpoint>,
    length_utf16: Utf16Offset,
    /// Invariant: in order, at least one, and each but the last is followed by its line end.
    paragraphs: Vec<Paragraph>,
}

#[derive(Copy, Clone, Debug)]
struct Checkpoint {
    byte: u32,
    utf16: u32,
}

/// A paragraph: what stands between two line ends.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Paragraph {
    /// Where it stands, without its line end, in code points.
    pub range: Range<Offset>,
    /// The base direction, by the majority of strong characters.
    pub direction: Direction,
}

// `from_utf16` and `from_byte` read as conversions between units of this one text.
#[allow(clippy::wrong_self_convention)]
impl Text {
    /// Takes a text and indexes it, in one pass.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Text {
        let text = text.into();
        let mut checkpoints = Vec::with_capacity(text.len() / STRIDE + 1);
        let mut paragraphs = Vec::new();
        let (mut index, mut utf16) = (0_usize, 0_usize);
        let mut start = Offset::ZERO;
        let mut tally = Tally::default();
        let mut after_return = false;
        for (byte, character) in text.char_indices() {
            if index.is_multiple_of(STRIDE) {
                checkpoints.push(checkpoint(byte, utf16));
            }
            let here = Offset::from_index(index);
            if after_return && character == '\n' {
                // The second half of a CRLF: the paragraph ended before the first half.
                start = here.plus(1);
            } else if is_line_end(character) {
                paragraphs.push(Paragraph { range: start..here, direction: tally.direction() });
                start = here.plus(1);
                tally = Tally::default();
            } else {
                tally.add(character);
            }
            after_return = character == '\r';
            index += 1;
            utf16 += character.len_utf16();
        }
        let length = Offset::from_index(index);
        if index.is_multiple_of(STRIDE) {
            // Also the only checkpoint of an empty text.
            checkpoints.push(checkpoint(text.len(), utf16));
        }
        paragraphs.push(Paragraph { range: start..length, direction: tally.direction() });
        Text { text, length, checkpoints, length_utf16: Utf16Offset::from_index(utf16), paragraphs }
    }

    /// The whole text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The length in code points, which is also the last offset.
    #[must_use]
    pub const fn len(&self) -> Offset {
        self.length
    }

    /// True where there is no character at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The length in UTF-16 units.
    #[must_use]
    pub const fn len_utf16(&self) -> Utf16Offset {
        self.length_utf16
    }

    /// The same position in UTF-16 units; `None` past the end.
    #[must_use]
    pub fn to_utf16(&self, offset: Offset) -> Option<Utf16Offset> {
        let (base, rest) = self.before(offset)?;
        let units: usize = rest.chars().map(char::len_utf16).sum();
        Some(Utf16Offset::new(base.utf16).plus(Utf16Offset::from_index(units).get()))
    }

    /// The same position in code points; `None` past the end or inside a surrogate pair.
    #[must_use]
    pub fn from_utf16(&self, position: Utf16Offset) -> Option<Offset> {
        if position > self.length_utf16 {
            return None;
        }
        let wanted = position.get();
        let (index, base) = self.checkpoint_before(|checkpoint| checkpoint.utf16 <= wanted)?;
        let mut here = base.utf16 as usize;
        let mut offset = index;
        for character in self.text.get(base.byte as usize..)?.chars() {
            if here >= position.index() {
                break;
            }
            here += character.len_utf16();
            offset += 1;
        }
        (here == position.index()).then(|| Offset::from_index(offset))
    }

    /// The same position in bytes; `None` past the end.
    #[must_use]
    pub fn to_byte(&self, offset: Offset) -> Option<ByteOffset> {
        let (base, rest) = self.before(offset)?;
        Some(ByteOffset::new(base.byte).plus(ByteOffset::from_index(rest.len()).get()))
    }

    /// The same position in code points; `None` past the end or inside a character.
    #[must_use]
    pub fn from_byte(&self, position: ByteOffset) -> Option<Offset> {
        if !self.text.is_char_boundary(position.index()) {
            return None;
        }
        let wanted = position.get();
        let (index, base) = self.checkpoint_before(|checkpoint| checkpoint.byte <= wanted)?;
        let between = self.text.get(base.byte as usize..position.index())?;
        Some(Offset::from_index(index + between.chars().count()))
    }

    /// The characters of a range; `None` where it is reversed or runs past the end.
    #[must_use]
    pub fn slice(&self, range: Range<Offset>) -> Option<&str> {
        if range.start > range.end {
            return None;
        }
        let start = self.to_byte(range.start)?;
        let end = self.to_byte(range.end)?;
        self.text.get(start.index()..end.index())
    }

    /// The character after a position; `None` at the end and past it.
    #[must_use]
    pub fn char_at(&self, offset: Offset) -> Option<char> {
        self.tail(offset)?.chars().next()
    }

    /// The character before a position; `None` at the start and past the end.
    #[must_use]
    pub fn char_before(&self, offset: Offset) -> Option<char> {
        self.head(offset)?.chars().next_back()
    }

    /// Everything before a position; `None` past the end.
    #[must_use]
    pub fn head(&self, offset: Offset) -> Option<&str> {
        self.text.get(..self.to_byte(offset)?.index())
    }

    /// Everything after a position; `None` past the end.
    #[must_use]
    pub fn tail(&self, offset: Offset) -> Option<&str> {
        self.text.get(self.to_byte(offset)?.index()..)
    }

    /// The paragraphs, in order; at least one. A final line end is followed by an empty paragraph.
    #[must_use]
    pub fn paragraphs(&self) -> &[Paragraph] {
        &self.paragraphs
    }

    /// The index of the paragraph of a position; a position inside a line end belongs to the paragraph before it.
    #[must_use]
    pub fn paragraph_at(&self, offset: Offset) -> usize {
        self.paragraphs.partition_point(|paragraph| paragraph.range.start <= offset).saturating_sub(1)
    }

    /// The range cut to the text: neither end past the last offset, and never reversed.
    #[must_use]
    pub fn clamp(&self, range: Range<Offset>) -> Range<Offset> {
        let start = range.start.min(self.length);
        start..range.end.min(self.length).max(start)
    }

    /// A reader for parts that are asked for in their order.
    #[must_use]
    pub fn walk(&self) -> Walk<'_> {
        Walk { text: self, at: Offset::ZERO, byte: 0 }
    }

    /// The byte position of an offset; the end of the text for one past it.
    pub(crate) fn byte_of(&self, offset: Offset) -> usize {
        self.to_byte(offset).map_or(self.text.len(), ByteOffset::index)
    }

    /// The checkpoint before an offset, and the text from there to the offset.
    fn before(&self, offset: Offset) -> Option<(Checkpoint, &str)> {
        if offset > self.length {
            return None;
        }
        let base = *self.checkpoints.get(offset.index() / STRIDE)?;
        let tail = self.text.get(base.byte as usize..)?;
        let steps = offset.index() % STRIDE;
        let end = tail.char_indices().nth(steps).map_or(tail.len(), |(byte, _)| byte);
        Some((base, tail.get(..end)?))
    }

    /// The last checkpoint that satisfies a condition that holds for a first part of them, with its code point index.
    fn checkpoint_before(&self, holds: impl Fn(&Checkpoint) -> bool) -> Option<(usize, Checkpoint)> {
        let index = self.checkpoints.partition_point(holds).checked_sub(1)?;
        Some((index * STRIDE, *self.checkpoints.get(index)?))
    }
}

/// Reads parts of a text. What lies a little behind the part before is found from there, all else anew, so that the parts of a
/// whole text cost one pass over it.
#[derive(Clone, Debug)]
pub struct Walk<'a> {
    text: &'a Text,
    /// Invariant: the same position in code points and in bytes.
    at: Offset,
    byte: usize,
}

impl<'a> Walk<'a> {
    /// The characters of a range; `None` where it is reversed or runs past the end.
    pub fn slice(&mut self, range: Range<Offset>) -> Option<&'a str> {
        if range.start > range.end || range.end > self.text.length {
            return None;
        }
        let start = self.byte_of(range.start);
        let end = self.byte_of(range.end);
        self.text.text.get(start..end)
    }

    /// The byte position of an offset that is no further than the end.
    fn byte_of(&mut self, offset: Offset) -> usize {
        let steps = offset.since(self.at) as usize;
        if offset < self.at || steps > STRIDE {
            self.byte = self.text.byte_of(offset);
        } else {
            let tail = self.text.text.get(self.byte..).unwrap_or_default();
            self.byte += tail.char_indices().nth(steps).map_or(tail.len(), |(byte, _)| byte);
        }
        self.at = offset;
        self.byte
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Text) -> bool {
        // All else follows from the characters.
        self.text == other.text
    }
}

impl Eq for Text {}

impl Default for Text {
    fn default() -> Text {
        Text::new("")
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Text {
        Text::new(text)
    }
}

/// True for a character that ends a paragraph. CRLF is one line end.
#[must_use]
pub const fn is_line_end(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn checkpoint(byte: usize, utf16: usize) -> Checkpoint {
    Checkpoint { byte: ByteOffset::from_index(byte).get(), utf16: Utf16Offset::from_index(utf16).get() }
}

/// Code points of a part of a text.
#[must_use]
pub fn length(part: &str) -> u32 {
    u32::try_from(part.chars().count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::samples::damaged;
    use super::*;

    fn offset(value: usize) -> Offset {
        Offset::from_index(value)
    }

    fn ranges(text: &str) -> Vec<(u32, u32)> {
        Text::new(text).paragraphs().iter().map(|paragraph| (paragraph.range.start.get(), paragraph.range.end.get())).collect()
    }

    #[test]
    fn each_line_end_splits_once() {
        assert_eq!(ranges(""), [(0, 0)]);
        assert_eq!(ranges("ab"), [(0, 2)]);
        assert_eq!(ranges("a\n"), [(0, 1), (2, 2)]);
        assert_eq!(ranges("a\r\nb"), [(0, 1), (3, 4)]);
        assert_eq!(ranges("a\rb\nc"), [(0, 1), (2, 3), (4, 5)]);
        assert_eq!(ranges("\r\r\n\n"), [(0, 0), (1, 1), (3, 3), (4, 4)]);
        assert_eq!(ranges("a\u{2028}b\u{2029}c\u{85}d"), [(0, 1), (2, 3), (4, 5), (6, 7)]);
    }

    #[test]
    fn a_line_end_belongs_to_the_paragraph_before_it() {
        let text = Text::new("a\r\nb");
        let found: Vec<usize> = (0..=5).map(|at| text.paragraph_at(Offset::new(at))).collect();
        assert_eq!(found, [0, 0, 0, 1, 1, 1]);
    }

    #[test]
    fn nothing_is_found_past_the_end_or_inside_a_character() {
        let text = Text::new("م🇪");
        assert_eq!(text.len(), Offset::new(2));
        assert_eq!(text.to_utf16(Offset::new(2)), Some(Utf16Offset::new(3)));
        assert_eq!(text.to_utf16(Offset::new(3)), None);
        assert_eq!(text.from_utf16(Utf16Offset::new(2)), None);
        assert_eq!(text.from_utf16(Utf16Offset::new(4)), None);
        assert_eq!(text.from_byte(ByteOffset::new(1)), None);
        assert_eq!(text.from_byte(ByteOffset::new(7)), None);
        assert_eq!(text.slice(Offset::new(1)..Offset::new(0)), None);
        assert_eq!(text.char_at(Offset::new(2)), None);
        assert_eq!(text.char_at(Offset::new(0)), Some('م'));
        assert_eq!(text.char_before(Offset::new(1)), Some('م'));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn offsets_agree_with_counting(source in damaged()) {
            let text = Text::new(source.as_str());
            let (mut utf16, mut index) = (0, 0);
            for (byte, character) in source.char_indices() {
                prop_assert_eq!(text.to_byte(offset(index)), Some(ByteOffset::from_index(byte)));
                prop_assert_eq!(text.from_byte(ByteOffset::from_index(byte)), Some(offset(index)));
                prop_assert_eq!(text.to_utf16(offset(index)), Some(Utf16Offset::from_index(utf16)));
                prop_assert_eq!(text.from_utf16(Utf16Offset::from_index(utf16)), Some(offset(index)));
                prop_assert_eq!(text.char_at(offset(index)), Some(character));
                for inside in byte + 1..byte + character.len_utf8() {
                    prop_assert_eq!(text.from_byte(ByteOffset::from_index(inside)), None);
                }
                if character.len_utf16() == 2 {
                    prop_assert_eq!(text.from_utf16(Utf16Offset::from_index(utf16 + 1)), None);
                }
                utf16 += character.len_utf16();
                index += 1;
            }
            prop_assert_eq!(text.len(), offset(index));
            prop_assert_eq!(text.to_byte(offset(index)), Some(ByteOffset::from_index(source.len())));
            prop_assert_eq!(text.from_byte(ByteOffset::from_index(source.len())), Some(offset(index)));
            prop_assert_eq!(text.to_utf16(offset(index)), Some(Utf16Offset::from_index(utf16)));
            prop_assert_eq!(text.from_utf16(Utf16Offset::from_index(utf16)), Some(offset(index)));
            prop_assert_eq!(text.to_byte(offset(index + 1)), None);
        }

        #[test]
        fn a_walk_finds_what_slices_do(source in damaged(), ranges in prop::collection::vec((0_usize..200, 0_usize..90), 0..20)) {
            let text = Text::new(source.repeat(3));
            let mut walk = text.walk();
            for (start, length) in ranges {
                let range = offset(start)..offset(start + length);
                prop_assert_eq!(walk.slice(range.clone()), text.slice(range));
            }
            prop_assert_eq!(walk.slice(offset(2)..offset(1)), None);
        }

        #[test]
        fn paragraphs_and_line_ends_make_up_the_text(source in damaged()) {
            let text = Text::new(source.as_str());
            let mut end = Offset::ZERO;
            for (number, paragraph) in text.paragraphs().iter().enumerate() {
                let between = text.slice(end..paragraph.range.start).unwrap();
                let line_end = matches!(between, "\r\n" | "\n" | "\r" | "\u{85}" | "\u{2028}" | "\u{2029}");
                prop_assert!(line_end != (number == 0));
                prop_assert!(!text.slice(paragraph.range.clone()).unwrap().contains(is_line_end));
                prop_assert_eq!(text.paragraph_at(paragraph.range.start), number);
                prop_assert_eq!(text.paragraph_at(paragraph.range.end), number);
                end = paragraph.range.end;
            }
            prop_assert_eq!(end, text.len());
        }
    }
}
