//! Edges that say the same: those between which there is only a clitic, white space or punctuation.
//!
//! The rest of a word need not be attested here as it must be where a clitic is offered: that one of two people cut the word
//! just there is the evidence. Letters decide: و ف ب ك ل س ال, their stacks and أ before; pronouns behind.

use crate::span::Extent;
use crate::text::classes::{is_invisible, is_punctuation};
use crate::text::{Offset, Text, fold, is_enclitic_string, is_proclitic_string};
use crate::tokens::is_space;
use std::ops::Range;

/// The most code points that may lie between two edges that say the same.
const MOST_BETWEEN: u32 = 64;

/// Whether two extents differ by clitics, white space and punctuation alone, at the edges of each piece.
#[must_use]
pub fn is_alike(text: &Text, a: &Extent, b: &Extent) -> bool {
    let (a, b) = (a.pieces(), b.pieces());
    a.len() == b.len()
        && a.iter().zip(b).all(|(a, b)| a.overlaps(*b) && is_start_alike(text, a.start(), b.start()) && is_end_alike(text, a.end(), b.end()))
}

fn is_start_alike(text: &Text, a: Offset, b: Offset) -> bool {
    let between = a.min(b)..a.max(b);
    if between.is_empty() {
        return true;
    }
    let Some(word) = cut_word(text, &between, between.end) else { return false };
    let Some(word) = word else { return is_blank(text, between) };
    // All that stands before the inner edge must be clitics, and so must what the outer one leaves out.
    let is_clitic = |to: Offset| text.slice(word.start..to).is_some_and(|part| is_proclitic_string(&fold(part)));
    is_clitic(between.end) && (between.start <= word.start || is_clitic(between.start)) && is_blank(text, between.start..word.start)
}

fn is_end_alike(text: &Text, a: Offset, b: Offset) -> bool {
    let between = a.min(b)..a.max(b);
    if between.is_empty() {
        return true;
    }
    let Some(word) = cut_word(text, &between, between.start) else { return false };
    let Some(word) = word else { return is_blank(text, between) };
    let is_clitic = |from: Offset| text.slice(from..word.end).is_some_and(|part| is_enclitic_string(&fold(part)));
    is_clitic(between.start) && (word.end <= between.end || is_clitic(between.end)) && is_blank(text, word.end..between.end)
}

/// The word that the inner edge cuts; nothing inside where it cuts none, and nothing at all where other words lie between.
fn cut_word(text: &Text, between: &Range<Offset>, inner: Offset) -> Option<Option<Range<Offset>>> {
    if between.end.since(between.start) > MOST_BETWEEN {
        return None;
    }
    let mut cut = None;
    for word in text.words(between.clone()) {
        if word.start < inner && inner < word.end { cut = Some(word) } else { return None }
    }
    Some(cut)
}

fn is_blank(text: &Text, range: Range<Offset>) -> bool {
    let is_nothing = |character: char| is_space(character) || is_punctuation(character) || is_invisible(character);
    range.is_empty() || text.slice(range).is_some_and(|part| part.chars().all(is_nothing))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Span;

    /// Whether the parts of the text between `<>` and between `[]` are alike.
    fn check(tagged: &str) -> bool {
        let mut text = String::new();
        let mut at = std::collections::BTreeMap::new();
        for character in tagged.chars() {
            if "<>[]".contains(character) {
                at.insert(character, Offset::new(crate::text::length(&text)));
            } else {
                text.push(character);
            }
        }
        let span = |open, close| Extent::from(Span::try_new(at[&open], at[&close]).expect("it is not empty"));
        let (a, b) = (span('<', '>'), span('[', ']'));
        let text = Text::new(text);
        let found = is_alike(&text, &a, &b);
        assert_eq!(is_alike(&text, &b, &a), found, "from the other side: {tagged}");
        found
    }

    #[test]
    fn a_clitic_is_no_difference() {
        assert!(check("قال <[باكو]> أمس"));
        assert!(check("أرمينيا <و[أذربيجان]> أمس"));
        assert!(check("اتهمت <ب[نشر قوات]> أمس"));
        assert!(check("<وب[القاهرة]>"));
        assert!(check("و<ب[القاهرة]>"));
        assert!(check("<ال[قاهرة]>"));
        assert!(check("[<حكومت>هم] قالت"));
        assert!(check("<و[حكومت>هم] قالت"));
        assert!(check("<وَ[أذربيجان]>"));
    }

    #[test]
    fn white_space_and_punctuation_are_no_difference() {
        assert!(check("قال <\"[نعم]\"> أمس"));
        assert!(check("قال< [نعم]، >أمس"));
        assert!(check("قال <«و[نعم]»!> أمس"));
    }

    #[test]
    fn words_and_letters_are_a_difference() {
        assert!(!check("<وزير [خارجية]>"));
        assert!(!check("<من[صور]>"));
        assert!(!check("<[باكو] أمس>"));
        assert!(!check("<[كتا>بات]"));
        assert!(!check("<5$[مصر]>"));
        // A letter from the middle of a word is no clitic.
        assert!(!check("من<ب[صور]>"));
        assert!(!check("<و [أذربيجان]>"), "a word of its own is no clitic of this one");
    }

    #[test]
    fn pieces_are_compared_one_by_one() {
        let text = Text::new("وقال نعم، ثم بلا");
        let extent = |pieces: &[(u32, u32)]| {
            Extent::union(pieces.iter().filter_map(|(start, end)| Span::try_new(Offset::new(*start), Offset::new(*end)))).expect("it is not empty")
        };
        assert!(is_alike(&text, &extent(&[(0, 4), (13, 16)]), &extent(&[(1, 4), (14, 16)])));
        assert!(!is_alike(&text, &extent(&[(0, 4), (13, 16)]), &extent(&[(0, 16)])));
        assert!(!is_alike(&text, &extent(&[(0, 4), (5, 8)]), &extent(&[(0, 4), (13, 16)])));
    }
}
