//! Tokens for formats that put labels on words: Unicode words, punctuation apart, marks and tatweel kept on their letters,
//! emoji whole, and clitics apart where their rest is attested.
//!
//! Every character that is no white space is in exactly one token, and no token has white space in it.

use crate::span::Span;
use crate::text::classes::{is_alone, is_invisible};
use crate::text::{Edge, Offset, Text, Vocabulary, Walk, candidates};
use std::collections::BTreeSet;
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// What a token is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TokenRule {
    /// A written word, clitics and all.
    #[default]
    Words,
    /// A word without its clitics, and each clitic, as far as the project's texts attest them.
    Clitics,
}

/// What becomes of a label that cuts a token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CutRule {
    /// The token is cut where the label is.
    #[default]
    Split,
    /// The label takes in the whole token; that is told.
    Widen,
}

/// The tokens of a text, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tokens {
    spans: Vec<Span>,
}

/// White space, and the four separators that Python takes for white space.
#[must_use]
pub fn is_space(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{1C}'..='\u{1F}')
}

impl Tokens {
    /// The tokens of a text. Without `vocabulary`, clitics stay on their words.
    #[must_use]
    pub fn of(text: &Text, vocabulary: Option<&Vocabulary>) -> Self {
        let mut spans: Vec<Span> = Vec::new();
        let mut at = Offset::ZERO;
        let mut walk = text.walk();
        for word in text.words(Offset::ZERO..text.len()) {
            rest(&mut walk, at..word.start, &mut spans);
            whole_or_parted(&mut walk, word.start.max(at)..word.end, vocabulary, &mut spans);
            at = word.end.max(at);
        }
        rest(&mut walk, at..text.len(), &mut spans);
        Self { spans: with_invisible(text, spans) }
    }

    /// What white space parts, and nothing else does.
    #[must_use]
    pub fn between_spaces(text: &Text) -> Self {
        let mut spans = Vec::new();
        runs_between_spaces(text.as_str(), Offset::ZERO, &mut spans);
        Self { spans }
    }

    /// The tokens with more edges: a token that has one of these inside is cut there.
    #[must_use]
    pub fn cut_at(self, edges: impl IntoIterator<Item = Offset>) -> Self {
        let edges: BTreeSet<Offset> = edges.into_iter().collect();
        let mut edges = edges.into_iter().peekable();
        let mut spans = Vec::with_capacity(self.spans.len());
        for token in self.spans {
            let mut start = token.start();
            while let Some(edge) = edges.next_if(|edge| *edge < token.end()) {
                spans.extend(Span::try_new(start, edge));
                start = edge.max(start);
            }
            spans.extend(Span::try_new(start, token.end()));
        }
        Self { spans }
    }

    /// Where they stand.
    #[must_use]
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// The tokens that share a character with a span, and whether they are exactly its words: white space at its edges aside.
    #[must_use]
    pub fn covering(&self, span: Span) -> Option<(Range<usize>, bool)> {
        let first = self.spans.partition_point(|token| token.end() <= span.start());
        let end = self.spans.partition_point(|token| token.start() < span.end());
        let (start, last) = (self.spans.get(first)?, self.spans.get(end.checked_sub(1)?)?);
        (first < end).then(|| (first..end, span.start() <= start.start() && last.end() <= span.end()))
    }

    /// Stretches of tokens that belong together: lines, and sentences where their end is plain and cuts none of `whole`.
    #[must_use]
    pub fn sentences(&self, text: &Text, whole: &[Range<usize>]) -> Vec<Range<usize>> {
        // How many more labels hold the edge before a token than the one before: a sentence may not end between two tokens of one.
        let mut held: Vec<isize> = vec![0; self.spans.len() + 1];
        for range in whole {
            let end = range.end.min(self.spans.len());
            if range.start + 1 < end {
                held.get_mut(range.start + 1).into_iter().for_each(|held| *held += 1);
                held.get_mut(end).into_iter().for_each(|held| *held -= 1);
            }
        }
        let mut found = Vec::new();
        let (mut start, mut holding) = (0, 0);
        let mut walk = text.walk();
        for (at, pair) in self.spans.windows(2).enumerate() {
            let [token, next] = pair else { continue };
            holding += held.get(at + 1).copied().unwrap_or_default();
            let written = walk.slice(token.range());
            let between = walk.slice(token.end()..next.start()).unwrap_or_default();
            let is_line = between.contains(crate::text::is_line_end);
            let is_stop = !between.is_empty() && matches!(written, Some("." | "!" | "?" | "؟" | "…"));
            if (is_line || is_stop) && holding == 0 {
                found.push(start..at + 1);
                start = at + 1;
            }
        }
        if start < self.spans.len() {
            found.push(start..self.spans.len());
        }
        found
    }
}

/// The runs of characters that white space parts, in a piece of text that begins at `at`; where the piece ends.
fn runs_between_spaces(piece: &str, mut at: Offset, spans: &mut Vec<Span>) -> Offset {
    let mut start: Option<Offset> = None;
    for character in piece.chars() {
        if is_space(character) {
            spans.extend(start.take().and_then(|start| Span::try_new(start, at)));
        } else {
            start.get_or_insert(at);
        }
        at = at.plus(1);
    }
    spans.extend(start.and_then(|start| Span::try_new(start, at)));
    at
}

/// What stands between words: each visible grapheme is a token.
fn rest(walk: &mut Walk, range: Range<Offset>, spans: &mut Vec<Span>) {
    let Some(part) = walk.slice(range.clone()) else { return };
    let mut at = range.start;
    if part.chars().all(is_alone) {
        for character in part.chars() {
            spans.extend(Span::try_new(at, at.plus(1)).filter(|_| !is_space(character)));
            at = at.plus(1);
        }
        return;
    }
    for grapheme in part.graphemes(true) {
        if grapheme.contains(is_space) {
            // Marks and joiners on a blank have no letter; they stand for themselves, together.
            at = runs_between_spaces(grapheme, at, spans);
            continue;
        }
        let end = at.plus(crate::text::length(grapheme));
        spans.extend(Span::try_new(at, end));
        at = end;
    }
}

fn whole_or_parted(walk: &mut Walk, word: Range<Offset>, vocabulary: Option<&Vocabulary>, spans: &mut Vec<Span>) {
    let written = walk.slice(word.clone()).unwrap_or_default();
    if written.contains(is_space) {
        return rest(walk, word, spans);
    }
    let mut start = word.start;
    for cut in vocabulary.map(|vocabulary| clitic_cuts(written, vocabulary)).unwrap_or_default() {
        let cut = word.start.plus(cut);
        if start < cut && cut < word.end {
            spans.extend(Span::try_new(start, cut));
            start = cut;
        }
    }
    spans.extend(Span::try_new(start, word.end));
}

/// Where a word's clitics are parted from it and from one another, in code points from its start, in order.
fn clitic_cuts(word: &str, vocabulary: &Vocabulary) -> Vec<u32> {
    let found = candidates(word, vocabulary);
    let total = crate::text::length(word);
    let mut cuts: BTreeSet<u32> = found.iter().filter(|clitic| clitic.edge == Edge::Start).map(|clitic| clitic.length).collect();
    let end = found.iter().find(|clitic| clitic.edge == Edge::End).map(|clitic| total.saturating_sub(clitic.length));
    // What is left between both must be a word.
    cuts.extend(end.filter(|end| cuts.last().is_none_or(|last| last < end)));
    cuts.into_iter().collect()
}

/// Marks that nobody sees go with the token before them, else with the one after; alone between blanks they stand for themselves.
fn with_invisible(text: &Text, spans: Vec<Span>) -> Vec<Span> {
    if !text.as_str().contains(|character| is_invisible(character) && !is_space(character)) {
        return spans;
    }
    let mut walk = text.walk();
    let mut is_unseen = |span: &Span| walk.slice(span.range()).is_some_and(|part| part.chars().all(is_invisible));
    let mut joined: Vec<(Span, bool)> = Vec::with_capacity(spans.len());
    for span in spans {
        let unseen = is_unseen(&span);
        match joined.last_mut() {
            Some((last, last_unseen)) if last.end() == span.start() && (unseen || *last_unseen) => {
                *last = last.hull(span);
                *last_unseen &= unseen;
            }
            _ => joined.push((span, unseen)),
        }
    }
    joined.into_iter().map(|(span, _)| span).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::samples::damaged;
    use proptest::prelude::*;

    fn tokens(source: &str, vocabulary: Option<&Vocabulary>) -> Vec<String> {
        let text = Text::new(source);
        let tokens = Tokens::of(&text, vocabulary);
        tokens.spans().iter().map(|token| text.slice(token.range()).expect("it is in the text").to_owned()).collect()
    }

    #[test]
    fn punctuation_stands_apart_and_marks_stay() {
        let found = tokens("«قالَ الـوزير»، ٥٠٪ (رويترز)؟ 👩‍👩‍👧 🇪🇬! 3.14$", None);
        assert_eq!(found, ["«", "قالَ", "الـوزير", "»", "،", "٥٠", "٪", "(", "رويترز", ")", "؟", "👩‍👩‍👧", "🇪🇬", "!", "3.14", "$"]);
        assert_eq!(tokens("می\u{200C}رود \u{200F}نعم\u{200F} \u{200F}", None), ["می\u{200C}رود", "\u{200F}نعم\u{200F}", "\u{200F}"]);
        assert_eq!(tokens(" \u{64E}أ\u{1F}ب", None), ["\u{64E}", "أ", "ب"]);
    }

    #[test]
    fn clitics_are_parted_where_the_rest_is_attested() {
        let mut vocabulary = Vocabulary::new();
        vocabulary.add(&Text::new("سوريا القاهرة رويترز حكومة"));
        assert_eq!(
            tokens("وسوريا وزير وبالقاهرة لرويترز حكومتهم", Some(&vocabulary)),
            ["و", "سوريا", "وزير", "و", "ب", "القاهرة", "ل", "رويترز", "حكومت", "هم"]
        );
    }

    #[test]
    fn white_space_alone_parts_what_lies_between_it() {
        let text = Text::new(" قال:\u{A0}«نعم»،\n\u{64E}لا\u{1F}.");
        let tokens = Tokens::between_spaces(&text);
        let written: Vec<&str> = tokens.spans().iter().filter_map(|token| text.slice(token.range())).collect();
        assert_eq!(written, ["قال:", "«نعم»،", "\u{64E}لا", "."]);
    }

    #[test]
    fn a_label_finds_its_tokens() {
        let text = Text::new("وقال لرويترز، نعم");
        let span = |start, end| Span::try_new(Offset::new(start), Offset::new(end)).expect("not empty");
        let words = Tokens::of(&text, None);
        assert_eq!(words.covering(span(6, 12)), Some((1..2, false)));
        assert_eq!(words.covering(span(4, 13)), Some((1..3, true)));
        assert_eq!(words.covering(span(4, 5)), None);
        let cut = words.cut_at([Offset::new(6), Offset::new(12), Offset::new(99)]);
        assert_eq!(cut.covering(span(6, 12)), Some((2..3, true)));
    }

    #[test]
    fn a_sentence_ends_at_a_stop_but_in_no_label() {
        let text = Text::new("قال. نعم\nلا");
        let tokens = Tokens::of(&text, None);
        assert_eq!(tokens.sentences(&text, &[]), [0..2, 2..3, 3..4]);
        assert_eq!(tokens.sentences(&text, std::slice::from_ref(&(0..3))), [0..3, 3..4]);
        assert_eq!(tokens.sentences(&text, std::slice::from_ref(&(2..4))), [0..2, 2..4]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn tokens_are_the_text_without_its_white_space(source in damaged(), attested in damaged()) {
            let text = Text::new(source.as_str());
            let mut vocabulary = Vocabulary::new();
            vocabulary.add(&Text::new(attested));
            vocabulary.add(&text);
            for vocabulary in [None, Some(&vocabulary)] {
                let tokens = Tokens::of(&text, vocabulary);
                // Slowly: each character on its own.
                let covered: Vec<bool> = (0..text.len().get()).map(|at| tokens.spans().iter().filter(|token| token.contains(Offset::new(at))).count() == 1).collect();
                let seen: Vec<bool> = source.chars().map(|character| !is_space(character)).collect();
                prop_assert_eq!(covered, seen);
                prop_assert!(tokens.spans().windows(2).all(|pair| pair[0].end() <= pair[1].start()));
                for token in tokens.spans() {
                    // No mark is parted from its letter, unless that letter is a blank.
                    let is_whole = text.is_grapheme_boundary(token.start()) || text.char_before(token.start()).is_some_and(is_space);
                    prop_assert!(is_whole, "{:?} {:?}", token, text.slice(token.range()));
                }
            }
        }

        #[test]
        fn covering_agrees_with_looking_at_each(source in damaged(), start in 0_u32..60, length in 1_u32..30) {
            let text = Text::new(source);
            let tokens = Tokens::of(&text, None);
            let Some(span) = Span::try_new(Offset::new(start), Offset::new(start + length)) else { return Ok(()) };
            let touching: Vec<usize> = (0..tokens.spans().len()).filter(|at| tokens.spans()[*at].overlaps(span)).collect();
            let slow = touching.first().zip(touching.last()).map(|(first, last)| *first..last + 1);
            prop_assert_eq!(tokens.covering(span).map(|(range, _)| range), slow.clone());
            if let Some((range, is_exact)) = tokens.covering(span) {
                prop_assert_eq!(is_exact, range.clone().all(|at| span.covers(tokens.spans()[at])));
                let cut = tokens.cut_at([span.start(), span.end()]);
                prop_assert!(cut.covering(span).is_some_and(|(_, is_exact)| is_exact));
            }
        }
    }
}
