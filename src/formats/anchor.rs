//! Where a label's words are. A position is believed only where its quote is; else the quote is looked for.

use crate::span::{Extent, Span};
use crate::text::{ByteOffset, Offset, Text, Utf16Offset};
use std::fmt;

/// Where the words were found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Where they should be, or there was no quote to check.
    Stated(Extent),
    /// Elsewhere.
    Moved(Extent, MovedBy),
}

impl Anchor {
    /// The place, however it was found.
    #[must_use]
    pub fn extent(self) -> Extent {
        match self {
            Self::Stated(extent) | Self::Moved(extent, _) => extent,
        }
    }
}

/// How words were found that are not where they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MovedBy {
    /// The offsets were in UTF-16 units.
    Utf16,
    /// The offsets were in bytes.
    Bytes,
    /// It is the nearest place that has the words.
    Nearest,
}

impl fmt::Display for MovedBy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Utf16 => "utf-16",
            Self::Bytes => "bytes",
            Self::Nearest => "nearest",
        })
    }
}

/// Why no place is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoAnchor {
    /// A piece is empty or runs backwards.
    Empty,
    /// It runs past the end, and no quote says where it should be.
    Outside,
    /// The pieces are not in order and apart.
    BadPieces,
    /// The text does not have the words.
    NotFound,
    /// The words are there twice, equally near.
    Ambiguous,
}

/// What joins the quotes of pieces.
pub(super) const JOINT: &str = " … ";

/// Finds the place of stated pieces (start and end in code points, as a file has them) whose words are `quote`.
///
/// # Errors
/// When no place can be believed.
pub fn anchor(text: &Text, stated: &[(u32, u32)], quote: Option<&str>) -> Result<Anchor, NoAnchor> {
    if stated.is_empty() || stated.iter().any(|(start, end)| start >= end) {
        return Err(NoAnchor::Empty);
    }
    let code_points = |at: u32| Some(Offset::new(at));
    let extent = read(stated, code_points).ok_or(NoAnchor::BadPieces)?;
    let Some(quote) = quote else {
        return if extent.hull().end() <= text.len() { Ok(Anchor::Stated(extent)) } else { Err(NoAnchor::Outside) };
    };
    if has(text, &extent, quote) {
        return Ok(Anchor::Stated(extent));
    }
    let utf16 = |at: u32| text.from_utf16(Utf16Offset::new(at));
    if let Some(extent) = read(stated, utf16).filter(|extent| has(text, extent, quote)) {
        return Ok(Anchor::Moved(extent, MovedBy::Utf16));
    }
    let bytes = |at: u32| text.from_byte(ByteOffset::new(at));
    if let Some(extent) = read(stated, bytes).filter(|extent| has(text, extent, quote)) {
        return Ok(Anchor::Moved(extent, MovedBy::Bytes));
    }
    nearest(text, &extent, quote).map(|extent| Anchor::Moved(extent, MovedBy::Nearest))
}

/// The pieces read in a unit; `None` where a position does not exist in it or the pieces do not make an extent.
fn read(stated: &[(u32, u32)], unit: impl Fn(u32) -> Option<Offset>) -> Option<Extent> {
    let piece = |&(start, end): &(u32, u32)| Span::try_new(unit(start)?, unit(end)?);
    Extent::try_from_pieces(stated.iter().map(piece).collect::<Option<Vec<Span>>>()?).ok()
}

fn has(text: &Text, extent: &Extent, quote: &str) -> bool {
    extent.quote(text).as_deref() == Some(quote)
}

/// The nearest place of the words, for all pieces moved by one distance.
fn nearest(text: &Text, extent: &Extent, quote: &str) -> Result<Extent, NoAnchor> {
    let parts: Vec<&str> = if extent.is_in_pieces() { quote.split(JOINT).collect() } else { vec![quote] };
    let Some(first) = parts.first().filter(|first| !first.is_empty()) else { return Err(NoAnchor::NotFound) };
    if parts.len() != extent.pieces().len() {
        return Err(NoAnchor::NotFound);
    }
    let place_at = |start: Offset| -> Option<Extent> {
        let begin = extent.hull().start();
        let pieces = extent.pieces().iter().zip(&parts).map(|(piece, part)| {
            let from = start.plus(piece.start().since(begin));
            let length = u32::try_from(part.chars().count()).ok()?;
            Span::try_new(from, from.plus(length)).filter(|span| text.slice(span.range()) == Some(*part))
        });
        Extent::try_from_pieces(pieces.collect::<Option<Vec<Span>>>()?).ok()
    };
    let stated = extent.hull().start().min(text.len());
    let after = starts_after(text, stated, first).find_map(|start| place_at(start).map(|place| (start.since(stated), place)));
    let before = starts_before(text, stated, first).find_map(|start| place_at(start).map(|place| (stated.since(start), place)));
    match (before, after) {
        (None, None) => Err(NoAnchor::NotFound),
        (Some((_, place)), None) | (None, Some((_, place))) => Ok(place),
        (Some((back, _)), Some((ahead, _))) if back == ahead => Err(NoAnchor::Ambiguous),
        (Some((back, near)), Some((ahead, far))) => Ok(if back < ahead { near } else { far }),
    }
}

/// Where the words begin, at `from` and after it, in order.
fn starts_after<'a>(text: &'a Text, from: Offset, words: &'a str) -> impl Iterator<Item = Offset> + 'a {
    let mut next = text.to_byte(from).map(ByteOffset::index);
    std::iter::from_fn(move || {
        let base = next?;
        let found = base + text.as_str().get(base..)?.find(words)?;
        next = text.as_str().get(found..).and_then(|rest| rest.chars().next()).map(|character| found + character.len_utf8());
        text.from_byte(ByteOffset::new(u32::try_from(found).ok()?))
    })
}

/// Where the words begin before `from`, the last first. They may end after `from`.
fn starts_before<'a>(text: &'a Text, from: Offset, words: &'a str) -> impl Iterator<Item = Offset> + 'a {
    let mut next = Some(from);
    std::iter::from_fn(move || {
        let limit = next?.get().checked_sub(1)?;
        // The last start allowed is `limit`, so the search must see as many characters from there as the words have.
        let length = u32::try_from(words.chars().count()).ok()?;
        let end = Offset::new(limit).plus(length).min(text.len());
        let found = text.head(end)?.rfind(words)?;
        let start = text.from_byte(ByteOffset::new(u32::try_from(found).ok()?))?;
        next = Some(start);
        Some(start)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(start: u32, end: u32) -> Extent {
        Span::try_new(Offset::new(start), Offset::new(end)).expect("a test writes good spans").into()
    }

    #[test]
    fn a_position_is_believed_where_the_quote_is() {
        let text = Text::new("قالت باكو إن باكو ترفض");
        assert_eq!(anchor(&text, &[(5, 9)], Some("باكو")), Ok(Anchor::Stated(place(5, 9))));
        assert_eq!(anchor(&text, &[(5, 9)], None), Ok(Anchor::Stated(place(5, 9))));
        assert_eq!(anchor(&text, &[(5, 90)], None), Err(NoAnchor::Outside));
        assert_eq!(anchor(&text, &[(5, 5)], Some("باكو")), Err(NoAnchor::Empty));
    }

    #[test]
    fn other_units_are_tried_before_other_places() {
        // Two UTF-16 units and four bytes for the first character.
        let text = Text::new("😀 باكو");
        assert_eq!(anchor(&text, &[(3, 7)], Some("باكو")), Ok(Anchor::Moved(place(2, 6), MovedBy::Utf16)));
        assert_eq!(anchor(&text, &[(5, 13)], Some("باكو")), Ok(Anchor::Moved(place(2, 6), MovedBy::Bytes)));
    }

    #[test]
    fn the_nearest_words_are_taken_and_a_tie_is_refused() {
        let text = Text::new("مصر ... مصر ........ مصر");
        assert_eq!(anchor(&text, &[(10, 13)], Some("مصر")), Ok(Anchor::Moved(place(8, 11), MovedBy::Nearest)));
        assert_eq!(anchor(&text, &[(19, 22)], Some("مصر")), Ok(Anchor::Moved(place(21, 24), MovedBy::Nearest)));
        assert_eq!(anchor(&text, &[(4, 7)], Some("مصر")), Err(NoAnchor::Ambiguous));
        assert_eq!(anchor(&text, &[(400, 403)], Some("مصر")), Ok(Anchor::Moved(place(21, 24), MovedBy::Nearest)));
        assert_eq!(anchor(&text, &[(4, 7)], Some("تونس")), Err(NoAnchor::NotFound));
    }

    #[test]
    fn words_that_straddle_the_stated_place_are_near() {
        let text = Text::new("....ااا....");
        assert_eq!(anchor(&text, &[(5, 8)], Some("ااا")), Ok(Anchor::Moved(place(4, 7), MovedBy::Nearest)));
    }

    #[test]
    fn pieces_move_together() {
        let text = Text::new("وقد قال إن مصر، كما ذكر، ترفض");
        let moved = anchor(&text, &[(7, 10), (21, 25)], Some("مصر … ترفض"));
        let pieces = vec![place(11, 14).hull(), place(25, 29).hull()];
        assert_eq!(moved, Ok(Anchor::Moved(Extent::try_from_pieces(pieces).expect("apart"), MovedBy::Nearest)));
        assert_eq!(anchor(&text, &[(7, 10), (10, 12)], Some("x")), Err(NoAnchor::BadPieces));
    }
}
