//! Spans: half-open, never empty; and extents, which are one span or several pieces.

use crate::text::{Offset, Text};
use std::cmp::Reverse;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// A stretch of text, in Unicode code points: the start belongs to it, the end does not.
///
/// ```text
/// offsets   0   1   2   3   4   5
///           | ب | ا | ك | و | . |
///           [───────────────)        start 0, end 4: «باكو», four characters
/// ```
///
/// A span has at least one character; [`Span::try_new`] is the only way to make one.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    /// Always before `end`.
    start: Offset,
    end: Offset,
}

impl Span {
    /// A span from `start` up to `end`; `None` where that would be empty or run backwards.
    #[must_use]
    pub fn try_new(start: Offset, end: Offset) -> Option<Self> {
        (start < end).then_some(Self { start, end })
    }

    /// As [`Span::try_new`], from a range.
    #[must_use]
    pub fn from_range(range: Range<Offset>) -> Option<Self> {
        Self::try_new(range.start, range.end)
    }

    /// The first character's place.
    #[must_use]
    pub fn start(self) -> Offset {
        self.start
    }

    /// The place after the last character.
    #[must_use]
    pub fn end(self) -> Offset {
        self.end
    }

    /// The same as a range.
    #[must_use]
    pub fn range(self) -> Range<Offset> {
        self.start..self.end
    }

    /// How many code points.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a span is never empty")]
    pub fn len(self) -> u32 {
        self.end.get() - self.start.get()
    }

    /// Whether the character at `offset` belongs to the span.
    #[must_use]
    pub fn contains(self, offset: Offset) -> bool {
        self.start <= offset && offset < self.end
    }

    /// Whether the two share a character.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether every character of `other` belongs to this one.
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The shortest span that covers both.
    #[must_use]
    pub fn hull(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// What both share.
    #[must_use]
    pub fn intersection(self, other: Self) -> Option<Self> {
        Self::try_new(self.start.max(other.start), self.end.min(other.end))
    }

    /// Reading order: by start; of those that start together the longest first, so that an outer span comes before what it holds.
    #[must_use]
    pub fn reading_order(self) -> (Offset, Reverse<Offset>) {
        (self.start, Reverse(self.end))
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}..{}", self.start.get(), self.end.get())
    }
}

/// What a label covers: one span or, seldom, several pieces.
///
/// Pieces are sorted, disjoint and do not touch; a single piece is stored as the plain case.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Extent {
    hull: Span,
    /// Two or more pieces whose hull is `hull`; `None` for the plain case.
    pieces: Option<Arc<[Span]>>,
}

/// Why pieces do not make an extent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExtentError {
    /// There is no piece at all.
    Empty,
    /// A piece does not come after the one before it.
    Unsorted,
    /// Two pieces touch or share a character: they are one piece.
    Touching,
}

impl Extent {
    /// An extent of the given pieces.
    ///
    /// # Errors
    /// When there is none, or they are not sorted, disjoint and apart.
    pub fn try_from_pieces(pieces: Vec<Span>) -> Result<Self, ExtentError> {
        let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else {
            return Err(ExtentError::Empty);
        };
        for pair in pieces.windows(2) {
            if pair[1].start < pair[0].start {
                return Err(ExtentError::Unsorted);
            }
            if pair[1].start <= pair[0].end {
                return Err(ExtentError::Touching);
            }
        }
        let hull = first.hull(*last);
        let pieces = (pieces.len() > 1).then(|| Arc::from(pieces));
        Ok(Self { hull, pieces })
    }

    /// The extent of spans in any order; those that touch or overlap become one piece. `None` without any span.
    #[must_use]
    pub fn union(spans: impl IntoIterator<Item = Span>) -> Option<Self> {
        let mut spans: Vec<Span> = spans.into_iter().collect();
        crate::sorted::sort_by_key(&mut spans, |span| span.reading_order());
        let mut pieces: Vec<Span> = Vec::with_capacity(spans.len());
        for span in spans {
            match pieces.last_mut() {
                Some(last) if span.start <= last.end => *last = last.hull(span),
                _ => pieces.push(span),
            }
        }
        Self::try_from_pieces(pieces).ok()
    }

    /// From the first character to the last, gaps included.
    #[must_use]
    pub fn hull(&self) -> Span {
        self.hull
    }

    /// The pieces, in order; one for the plain case.
    #[must_use]
    pub fn pieces(&self) -> &[Span] {
        self.pieces.as_deref().unwrap_or(std::slice::from_ref(&self.hull))
    }

    /// Whether it is more than one span.
    #[must_use]
    pub fn is_in_pieces(&self) -> bool {
        self.pieces.is_some()
    }

    /// Whether the character at `offset` belongs to it.
    #[must_use]
    pub fn contains(&self, offset: Offset) -> bool {
        self.pieces().iter().any(|piece| piece.contains(offset))
    }

    /// Whether the two share a character.
    #[must_use]
    pub fn overlaps(&self, span: Span) -> bool {
        self.hull.overlaps(span) && self.pieces().iter().any(|piece| piece.overlaps(span))
    }

    /// How many code points, gaps left out.
    #[must_use]
    pub fn length(&self) -> u32 {
        self.pieces().iter().map(|piece| piece.len()).sum()
    }

    /// The words it covers; pieces are joined by ` … `. `None` where it runs past the end of the text.
    #[must_use]
    pub fn quote(&self, text: &Text) -> Option<String> {
        let pieces: Option<Vec<&str>> = self.pieces().iter().map(|piece| text.slice(piece.range())).collect();
        Some(pieces?.join(" … "))
    }
}

impl From<Span> for Extent {
    fn from(span: Span) -> Self {
        Self { hull: span, pieces: None }
    }
}

impl fmt::Debug for Extent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.pieces()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start: u32, end: u32) -> Span {
        Span::try_new(Offset::new(start), Offset::new(end)).expect("a test writes good spans")
    }

    #[test]
    fn a_span_is_never_empty() {
        assert_eq!(Span::try_new(Offset::new(3), Offset::new(3)), None);
        assert_eq!(Span::try_new(Offset::new(4), Offset::new(3)), None);
        assert_eq!(span(3, 5).len(), 2);
    }

    #[test]
    fn touching_is_not_overlapping() {
        assert!(!span(0, 4).overlaps(span(4, 6)));
        assert!(span(0, 5).overlaps(span(4, 6)));
        assert_eq!(span(0, 5).intersection(span(4, 6)), Some(span(4, 5)));
        assert_eq!(span(0, 4).intersection(span(4, 6)), None);
    }

    #[test]
    fn pieces_are_sorted_and_apart() {
        assert_eq!(Extent::try_from_pieces(vec![]), Err(ExtentError::Empty));
        assert_eq!(Extent::try_from_pieces(vec![span(4, 6), span(0, 2)]), Err(ExtentError::Unsorted));
        assert_eq!(Extent::try_from_pieces(vec![span(0, 4), span(4, 6)]), Err(ExtentError::Touching));
        assert_eq!(Extent::try_from_pieces(vec![span(0, 4), span(2, 6)]), Err(ExtentError::Touching));
        let extent = Extent::try_from_pieces(vec![span(0, 2), span(4, 6)]).expect("sorted and apart");
        assert_eq!((extent.hull(), extent.length()), (span(0, 6), 4));
        assert!(extent.contains(Offset::new(4)) && !extent.contains(Offset::new(2)));
        assert!(!extent.overlaps(span(2, 4)));
    }

    #[test]
    fn one_piece_is_the_plain_case() {
        assert_eq!(Extent::try_from_pieces(vec![span(1, 3)]), Ok(Extent::from(span(1, 3))));
        assert_eq!(Extent::union([span(4, 6), span(0, 4)]), Some(Extent::from(span(0, 6))));
    }

    #[test]
    fn a_quote_joins_its_pieces() {
        let text = Text::new("قال إن مصر، كما ذكر، ترفض");
        let extent = Extent::try_from_pieces(vec![span(7, 10), span(21, 25)]).expect("sorted and apart");
        assert_eq!(extent.quote(&text).as_deref(), Some("مصر … ترفض"));
        assert_eq!(Extent::from(span(20, 99)).quote(&text), None);
    }
}
