//! Grapheme boundaries: a letter and its marks are never parted.
//!
//! One call looks at the cluster around the position, not at the paragraph: its cost grows with the cluster only (and,
//! among flags, with the run of flags, whose pairing Unicode counts from the run's start).

use std::ops::Range;

use unicode_segmentation::GraphemeCursor;

use super::classes::is_alone;
use super::index::Text;
use super::offset::{ByteOffset, Offset};

impl Text {
    /// True where no grapheme is cut; the start and the end are boundaries.
    #[must_use]
    pub fn is_grapheme_boundary(&self, offset: Offset) -> bool {
        let Some(byte) = self.to_byte(offset) else {
            return false;
        };
        self.is_boundary_byte(byte.index())
    }

    /// The nearest boundary at or before a position; the end of the text for one past it.
    #[must_use]
    pub fn grapheme_floor(&self, offset: Offset) -> Offset {
        let offset = offset.min(self.len());
        if self.is_grapheme_boundary(offset) {
            return offset;
        }
        self.previous_grapheme(offset).unwrap_or(Offset::ZERO)
    }

    /// The nearest boundary at or after a position; the end of the text for one past it.
    #[must_use]
    pub fn grapheme_ceil(&self, offset: Offset) -> Offset {
        let offset = offset.min(self.len());
        if self.is_grapheme_boundary(offset) {
            return offset;
        }
        self.next_grapheme(offset).unwrap_or(self.len())
    }

    /// The first boundary after a position; `None` at the end and past it. A CRLF is one grapheme.
    #[must_use]
    pub fn next_grapheme(&self, offset: Offset) -> Option<Offset> {
        let byte = self.to_byte(offset)?;
        let next = self.cursor(byte.index()).next_boundary(self.as_str(), 0);
        self.from_byte(ByteOffset::from_index(next.ok()??))
    }

    /// The last boundary before a position; `None` at the start and past the end.
    #[must_use]
    pub fn previous_grapheme(&self, offset: Offset) -> Option<Offset> {
        let byte = self.to_byte(offset)?;
        let previous = self.cursor(byte.index()).prev_boundary(self.as_str(), 0);
        self.from_byte(ByteOffset::from_index(previous.ok()??))
    }

    /// The range widened to whole graphemes, and cut to the text.
    #[must_use]
    pub fn snap_to_graphemes(&self, range: Range<Offset>) -> Range<Offset> {
        let range = self.clamp(range);
        self.grapheme_floor(range.start)..self.grapheme_ceil(range.end)
    }

    pub(crate) fn is_boundary_byte(&self, byte: usize) -> bool {
        let alone = |character: Option<char>| character.is_some_and(is_alone);
        let (before, after) = (self.as_str().get(..byte), self.as_str().get(byte..));
        if alone(before.and_then(|text| text.chars().next_back())) && alone(after.and_then(|text| text.chars().next())) {
            return true;
        }
        self.cursor(byte).is_boundary(self.as_str(), 0).unwrap_or(true)
    }

    fn cursor(&self, byte: usize) -> GraphemeCursor {
        GraphemeCursor::new(byte, self.as_str().len(), true)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_segmentation::UnicodeSegmentation;

    use super::super::samples::damaged;
    use super::*;

    #[test]
    fn a_letter_keeps_its_marks() {
        let text = Text::new("مُّ\u{200D}ل\r\n🇪🇬🇸🇦");
        // م with two marks and a joiner; ل; the line end; two flags of two letters each.
        let mut ends = Vec::new();
        let mut at = Offset::ZERO;
        while let Some(next) = text.next_grapheme(at) {
            ends.push(next.get());
            at = next;
        }
        assert_eq!(ends, [4, 5, 7, 9, 11]);
        assert_eq!(text.grapheme_floor(Offset::new(2)), Offset::ZERO);
        assert_eq!(text.grapheme_ceil(Offset::new(2)), Offset::new(4));
        assert_eq!(text.previous_grapheme(Offset::new(10)), Some(Offset::new(9)));
        assert_eq!(text.snap_to_graphemes(Offset::new(1)..Offset::new(6)), Offset::ZERO..Offset::new(7));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn single_steps_agree_with_the_whole(source in damaged()) {
            let text = Text::new(source.as_str());
            let mut boundaries: Vec<Offset> = vec![Offset::ZERO];
            let mut length = 0;
            for grapheme in source.graphemes(true) {
                length += grapheme.chars().count();
                boundaries.push(Offset::from_index(length));
            }
            for at in (0..=length).map(Offset::from_index) {
                let next = boundaries.iter().copied().find(|&boundary| boundary > at);
                let previous = boundaries.iter().copied().rfind(|&boundary| boundary < at);
                let is_boundary = boundaries.contains(&at);
                prop_assert_eq!(text.next_grapheme(at), next, "after {}", at);
                prop_assert_eq!(text.previous_grapheme(at), previous, "before {}", at);
                prop_assert_eq!(text.is_grapheme_boundary(at), is_boundary);
                let (floor, ceil) = if is_boundary { (Some(at), Some(at)) } else { (previous, next) };
                prop_assert_eq!(Some(text.grapheme_floor(at)), floor);
                prop_assert_eq!(Some(text.grapheme_ceil(at)), ceil);
            }
        }
    }
}
