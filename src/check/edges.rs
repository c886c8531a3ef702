//! The edges of a label: white space and punctuation, clitics against the policy, words that are cut.

use super::Checker;
use super::finding::{Finding, Fix, Why};
use crate::annotation::Annotation;
use crate::schema::CliticPolicy;
use crate::span::{Extent, Span};
use crate::text::classes::is_arabic_letter;
use crate::text::{CliticKind, Edge, Offset, Text, fold, is_enclitic_string, is_proclitic_string, peel};

/// White space, invisible marks or punctuation at an edge of a piece: whatever [`Text::trim`] drops.
pub(super) fn edges(checker: &Checker, annotation: &Annotation) -> Option<Finding> {
    let text = checker.text;
    let pieces = annotation.extent.pieces();
    let trimmed: Vec<_> = pieces.iter().map(|piece| text.trim(piece.range())).collect();
    if pieces.iter().zip(&trimmed).all(|(piece, trimmed)| piece.range() == *trimmed) {
        return None;
    }
    // As the command does it: what carries a mark is not cut from it, and a piece of which nothing is left goes.
    let left = trimmed.into_iter().filter(|range| !range.is_empty()).filter_map(|range| Span::from_range(text.snap_to_graphemes(range)));
    let extent = Extent::union(left);
    if extent.as_ref() == Some(&annotation.extent) {
        return None;
    }
    Some(Finding { fix: extent.map(|_| Fix::Trim), ..Finding::of(annotation, Why::Edges) })
}

/// A clitic on the wrong side of an edge, or a word cut elsewhere. One finding at most for each end of the label.
///
/// A pronoun inside the last word is never told: it belongs to رئيسها as much as to the end of a clause. Nor is س before
/// a verb, which no name begins with; nor the first ل of للأمم: with or without it, the letters do not spell the name.
pub(super) fn clitics(checker: &Checker, annotation: &Annotation) -> Vec<Finding> {
    let (text, policy) = (checker.text, checker.schema.clitics);
    let pieces = annotation.extent.pieces();
    let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else { return Vec::new() };
    let mut found = Vec::new();
    let finding = |why: Why, extent: Option<Extent>| Finding { fix: extent.map(Fix::Extent), ..Finding::of(annotation, why) };

    let outside = before(text, first.start());
    let is_clitic = outside.as_ref().is_none_or(|(_, letters)| is_proclitic_string(letters));
    match outside {
        Some((start, _)) if !is_clitic || policy == CliticPolicy::Keep => {
            let why = if is_clitic { Why::CliticOutside } else { Why::WordCut };
            let start = if policy == CliticPolicy::Peel { peeled(checker, start, first.end()).unwrap_or(start) } else { start };
            found.push(finding(why, with_start(&annotation.extent, start)));
        }
        _ if policy == CliticPolicy::Peel => {
            let start = peeled(checker, first.start(), first.end());
            found.extend(start.map(|start| finding(Why::CliticInside, with_start(&annotation.extent, start))));
        }
        _ => {}
    }
    if let Some((end, letters)) = after(text, last.end()) {
        let is_clitic = is_enclitic_string(&letters);
        if !is_clitic || policy == CliticPolicy::Keep {
            let why = if is_clitic { Why::CliticOutside } else { Why::WordCut };
            found.push(finding(why, with_end(&annotation.extent, end)));
        }
    }
    found
}

/// Where a label starts once every attested clitic is peeled off; `None` where there is none.
fn peeled(checker: &Checker, start: Offset, end: Offset) -> Option<Offset> {
    let mut at = start;
    while let Some(clitic) = peel(checker.text, at..end, Edge::Start, checker.vocabulary) {
        let next = at.plus(clitic.length);
        if clitic.kind == CliticKind::Future || clitic.fused || clitic.length == 0 || next >= end {
            break;
        }
        at = next;
    }
    (at > start).then_some(at)
}

/// The start of the word that an edge cuts, and the folded letters that stay outside; `None` where it cuts none.
fn before(text: &Text, edge: Offset) -> Option<(Offset, String)> {
    let word = text.word_at(edge).filter(|word| word.start < edge && edge < word.end)?;
    joins(text, edge).then_some((word.start, fold(text.slice(word.start..edge)?)))
}

/// The same at the other end.
fn after(text: &Text, edge: Offset) -> Option<(Offset, String)> {
    let word = text.word_at(edge).filter(|word| word.start < edge && edge < word.end)?;
    joins(text, edge).then_some((word.end, fold(text.slice(edge..word.end)?)))
}

/// Whether Arabic letters stand on both sides, marks between them or not.
fn joins(text: &Text, edge: Offset) -> bool {
    let is_next = text.char_at(edge).is_some_and(is_arabic_letter);
    let letter = text.previous_grapheme(edge).and_then(|previous| text.char_at(previous));
    is_next && letter.is_some_and(is_arabic_letter)
}

/// The extent with another start; `None` where that leaves nothing of its first piece.
pub(super) fn with_start(extent: &Extent, start: Offset) -> Option<Extent> {
    let mut pieces = extent.pieces().to_vec();
    let first = pieces.first_mut()?;
    *first = Span::try_new(start, first.end())?;
    Extent::try_from_pieces(pieces).ok()
}

/// The extent with another end.
pub(super) fn with_end(extent: &Extent, end: Offset) -> Option<Extent> {
    let mut pieces = extent.pieces().to_vec();
    let last = pieces.last_mut()?;
    *last = Span::try_new(last.start(), end)?;
    Extent::try_from_pieces(pieces).ok()
}
