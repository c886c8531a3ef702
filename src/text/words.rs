//! Words by Unicode Annex 29, with what Arabic news asks beyond it, at a cost that does not depend on the line's length.
//!
//! Beyond the annex: ، and its like never join digits; `.` and `:` part Arabic letters (a full stop with its space
//! forgotten is common, a dotted Arabic name is not); ٫ and ٬ join digits only; an emoji is a word; invisible
//! controls at the edge of a word stay outside it; no grapheme is cut.
//!
//! The text is looked at in stretches between *cuts*: grapheme boundaries next to a character that parts words
//! wherever it stands. A stretch that has gone on for `GRID` characters is cut at a multiple of `GRID`.
//! Whether a position is a cut depends on `GRID` characters before it at most, so it does not matter where one begins.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::classes::{is_alone, is_arabic_letter, is_emoji, is_separator, is_word_character};
use super::index::{Text, length};
use super::offset::Offset;

/// Code points that a stretch without a separator may go on before it is cut.
const GRID: u32 = 8192;

impl Text {
    /// The word that touches a position: rather the one that starts there than one that contains it or ends there.
    #[must_use]
    pub fn word_at(&self, offset: Offset) -> Option<Range<Offset>> {
        let offset = offset.min(self.len());
        let stretch = self.stretch_at(offset);
        let here = self.words_of(&stretch).into_iter().rfind(|word| word.start <= offset && offset <= word.end);
        if here.is_some() || stretch.start < offset || offset == Offset::ZERO {
            return here;
        }
        let before = self.stretch_at(offset.minus(1));
        self.words_of(&before).pop().filter(|word| word.end == offset)
    }

    /// The end of the word that a position is in or before; the end of the text where no word follows.
    #[must_use]
    pub fn next_word_edge(&self, offset: Offset) -> Offset {
        self.words(offset..self.len()).next().map_or(self.len(), |word| word.end)
    }

    /// The start of the word that a position is in or after; the start of the text where no word precedes.
    #[must_use]
    pub fn previous_word_edge(&self, offset: Offset) -> Offset {
        let offset = offset.min(self.len());
        let mut end = offset;
        while end > Offset::ZERO {
            let stretch = self.stretch_at(end.minus(1));
            let found = self.words_of(&stretch).into_iter().rfind(|word| word.start < offset);
            if let Some(word) = found {
                return word.start;
            }
            end = stretch.start;
        }
        Offset::ZERO
    }

    /// The words that share a character with a range, in order; where it is empty, the word that it is inside.
    pub fn words(&self, range: Range<Offset>) -> impl Iterator<Item = Range<Offset>> + '_ {
        let range = self.clamp(range);
        let next = self.cut_before(range.start);
        Words { text: self, next, byte: self.byte_of(next), found: Vec::new().into_iter(), range }
    }

    /// The stretch between two cuts that holds the character after a position; the last one at the end.
    pub(crate) fn stretch_at(&self, offset: Offset) -> Range<Offset> {
        let start = self.cut_before(offset);
        start..self.cut_after(offset, self.byte_of(offset)).0
    }

    /// The last cut at or before a position.
    fn cut_before(&self, offset: Offset) -> Offset {
        let mut byte = self.byte_of(offset);
        let mut here = offset;
        let mut pending: Option<Offset> = None;
        loop {
            if let Some(grid) = pending
                && grid.since(here) >= GRID
            {
                return grid;
            }
            if here == Offset::ZERO || self.is_plain_cut(byte) {
                return here;
            }
            if pending.is_none() && here.get().is_multiple_of(GRID) && self.is_boundary_byte(byte) {
                pending = Some(here);
            }
            byte -= char_before(self.as_str(), byte).map_or(1, char::len_utf8);
            here = here.minus(1);
        }
    }

    /// The first cut after a position that is given in code points and in bytes, in both; the end of the text where there is none.
    fn cut_after(&self, offset: Offset, mut byte: usize) -> (Offset, usize) {
        let mut here = offset;
        while here < self.len() {
            byte += char_after(self.as_str(), byte).map_or(1, char::len_utf8);
            here = here.plus(1);
            if self.is_plain_cut(byte) {
                return (here, byte);
            }
            if here.get().is_multiple_of(GRID) && self.is_boundary_byte(byte) && self.cut_before(here) == here {
                return (here, byte);
            }
        }
        (self.len(), self.as_str().len())
    }

    /// True at a grapheme boundary with a separator on either side.
    fn is_plain_cut(&self, byte: usize) -> bool {
        let separated = |character: Option<char>| character.is_some_and(is_separator);
        (separated(char_before(self.as_str(), byte)) || separated(char_after(self.as_str(), byte))) && self.is_boundary_byte(byte)
    }

    /// The words of one stretch, in order.
    pub(crate) fn words_of(&self, stretch: &Range<Offset>) -> Vec<Range<Offset>> {
        self.slice(stretch.clone()).map_or_else(Vec::new, |text| words_of(text, stretch.start))
    }
}

/// The words of a stretch that begins at an offset, in order.
fn words_of(stretch: &str, start: Offset) -> Vec<Range<Offset>> {
    // The annex joins letters and digits, and a separator is in no word.
    if stretch.chars().all(|character| is_alone(character) && is_word_character(character)) && !stretch.is_empty() {
        return vec![start..start.plus(length(stretch))];
    }
    if stretch.chars().all(|character| is_alone(character) && is_separator(character)) {
        return Vec::new();
    }
    let (mut byte, mut at) = (0, start);
    let mut offset = |wanted: usize| {
        at = at.plus(stretch.get(byte..wanted).map_or(0, length));
        byte = wanted;
        at
    };
    let cores = segments(stretch).into_iter().filter_map(|segment| core(stretch, segment));
    cores.map(|word| offset(word.start)..offset(word.end)).collect()
}

struct Words<'a> {
    text: &'a Text,
    range: Range<Offset>,
    /// Where the next stretch begins, in code points and in bytes.
    next: Offset,
    byte: usize,
    found: std::vec::IntoIter<Range<Offset>>,
}

impl Iterator for Words<'_> {
    type Item = Range<Offset>;

    fn next(&mut self) -> Option<Range<Offset>> {
        loop {
            for word in self.found.by_ref() {
                if word.start >= self.range.end && word.start != self.range.start {
                    return None;
                }
                if word.end > self.range.start && word.start < self.range.end {
                    return Some(word);
                }
            }
            if self.next >= self.text.len() || self.next > self.range.end {
                return None;
            }
            let (end, end_byte) = self.text.cut_after(self.next, self.byte);
            let stretch = self.text.as_str().get(self.byte..end_byte).unwrap_or_default();
            self.found = words_of(stretch, self.next).into_iter();
            (self.next, self.byte) = (end, end_byte);
        }
    }
}

fn char_before(text: &str, byte: usize) -> Option<char> {
    text.get(..byte)?.chars().next_back()
}

fn char_after(text: &str, byte: usize) -> Option<char> {
    text.get(byte..)?.chars().next()
}

/// The segments of one stretch, in bytes: the annex's word boundaries, and what this module adds to them.
fn segments(text: &str) -> Vec<Range<usize>> {
    let mut bounds: Vec<usize> = text.split_word_bound_indices().map(|(byte, _)| byte).collect();
    bounds.push(text.len());
    let mut segments: Vec<Range<usize>> = Vec::with_capacity(bounds.len());
    let mut start = 0;
    let mut was_emoji = None;
    let mut bounds = bounds.into_iter().peekable();
    for (byte, grapheme) in text.grapheme_indices(true) {
        while bounds.next_if(|&bound| bound < byte).is_some() {}
        let is_picture = grapheme.starts_with(is_emoji);
        let parted = bounds.peek() == Some(&byte)
            || was_emoji.is_some_and(|was| was != is_picture)
            || parts(text, byte, grapheme)
            || previous_parts(text, byte);
        if parted && byte > start {
            segments.push(start..byte);
            start = byte;
        }
        was_emoji = Some(is_picture);
    }
    if start < text.len() {
        segments.push(start..text.len());
    }
    segments
}

/// True for a grapheme at `byte` that joins by the annex, but not in Arabic.
fn parts(text: &str, byte: usize, grapheme: &str) -> bool {
    let Some(sign) = grapheme.chars().next() else {
        return false;
    };
    let before = || char_before(text, byte);
    let after = || char_after(text, byte + sign.len_utf8());
    match sign {
        '.' | ':' => before().is_some_and(is_in_arabic_word) || after().is_some_and(is_in_arabic_word),
        '٫' | '٬' => !(before().is_some_and(char::is_numeric) && after().is_some_and(char::is_numeric)),
        _ => false,
    }
}

/// True where the grapheme that ends at `byte` is one that parts.
fn previous_parts(text: &str, byte: usize) -> bool {
    let Some(sign) = char_before(text, byte) else {
        return false;
    };
    if !matches!(sign, '.' | ':' | '٫' | '٬') {
        return false;
    }
    let start = byte - sign.len_utf8();
    text.get(start..byte).is_some_and(|grapheme| parts(text, start, grapheme))
}

/// Letters, and the marks that may stand between a letter and the sign after it.
fn is_in_arabic_word(character: char) -> bool {
    is_arabic_letter(character) || matches!(character, '\u{0610}'..='\u{061A}' | '\u{064B}'..='\u{065F}' | '\u{0670}')
}

/// A segment without the graphemes at its edges that carry no letter, digit or picture; `None` where none does.
fn core(text: &str, segment: Range<usize>) -> Option<Range<usize>> {
    let carries = |grapheme: &str| grapheme.starts_with(is_emoji) || grapheme.contains(is_word_character);
    let mut bytes: Option<Range<usize>> = None;
    for (byte, grapheme) in text.get(segment.clone())?.grapheme_indices(true) {
        if !carries(grapheme) {
            continue;
        }
        let start = segment.start + byte;
        let end = start + grapheme.len();
        bytes = Some(bytes.map_or(start..end, |known| known.start..end));
    }
    bytes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::offset::ByteOffset;
    use super::super::samples::{ARTICLE, damaged};
    use super::*;

    fn words(source: &str) -> Vec<String> {
        let text = Text::new(source);
        text.words(Offset::ZERO..text.len()).map(|range| text.slice(range).unwrap().to_owned()).collect()
    }

    #[test]
    fn marks_tatweel_and_controls_inside_a_word_stay_in_it() {
        assert_eq!(words("قالَ الرَّئيسُ"), ["قالَ", "الرَّئيسُ"]);
        assert_eq!(words("مـــصر می‌خواهم"), ["مـــصر", "می‌خواهم"]);
        assert_eq!(words("وزا\u{200F}رة \u{202B}مصر\u{202C}"), ["وزا\u{200F}رة", "مصر"]);
        assert_eq!(words("\u{FEFF}مصر\u{200E}"), ["مصر"]);
    }

    #[test]
    fn arabic_punctuation_is_never_in_a_word() {
        assert_eq!(words("نعم،لا؛هل؟«كلا»50٪"), ["نعم", "لا", "هل", "كلا", "50"]);
        assert_eq!(words("12،13"), ["12", "13"]);
        assert_eq!(words("النهاية.وقال:لا"), ["النهاية", "وقال", "لا"]);
        assert_eq!(words("كلمةٌ.أخرى٫ثالثة"), ["كلمةٌ", "أخرى", "ثالثة"]);
        assert_eq!(words("مصر\u{A0}والأردن\u{202F}معا"), ["مصر", "والأردن", "معا"]);
    }

    #[test]
    fn numbers_and_latin_names_are_one_word() {
        assert_eq!(words("6٫5 و٢٬٠٠٠ 1,000.50 3.14."), ["6٫5", "و٢٬٠٠٠", "1,000.50", "3.14"]);
        assert_eq!(words("www.bbc.com can’t F_16 (AFP)"), ["www.bbc.com", "can’t", "F_16", "AFP"]);
    }

    #[test]
    fn an_emoji_sequence_is_a_word() {
        assert_eq!(words("مصر🇪🇬فازت👍🏽👩‍👩‍👧!"), ["مصر", "🇪🇬", "فازت", "👍🏽", "👩‍👩‍👧"]);
        // A joiner before an emoji ends the Arabic letter, it does not tie the two.
        assert_eq!(words("ه\u{200D}😀"), ["ه\u{200D}", "😀"]);
    }

    #[test]
    fn a_position_finds_its_word() {
        let text = Text::new("من (مصر)🇪🇬،");
        let at = |offset: u32| text.word_at(Offset::new(offset)).and_then(|word| text.slice(word));
        let found: Vec<_> = (0..=11).map(at).collect();
        let (of, egypt, flag) = (Some("من"), Some("مصر"), Some("🇪🇬"));
        assert_eq!(found, [of, of, of, None, egypt, egypt, egypt, egypt, flag, flag, flag, None]);
    }

    #[test]
    fn word_keys_walk_the_sentence() {
        let text = Text::new("قال: «نعم»، ثم");
        let next = |at: u32| text.next_word_edge(Offset::new(at)).get();
        let previous = |at: u32| text.previous_word_edge(Offset::new(at)).get();
        assert_eq!([next(0), next(1), next(3), next(9), next(14)], [3, 3, 9, 14, 14]);
        assert_eq!([previous(14), previous(12), previous(9), previous(6), previous(0)], [12, 6, 6, 0, 0]);
    }

    #[test]
    fn every_letter_of_the_article_is_in_a_word() {
        let text = Text::new(ARTICLE);
        let held: usize = words(ARTICLE).iter().map(|word| word.chars().count()).sum();
        let letters = ARTICLE.chars().filter(|c| is_word_character(*c) || ('\u{64B}'..='\u{652}').contains(c));
        assert_eq!(held, letters.count());
        assert!(words(ARTICLE).iter().any(|word| word == "وأذربيجان"));
        assert_eq!(text.word_at(Offset::new(7)), Some(Offset::new(5)..Offset::new(12)));
    }

    /// What the module documentation says, computed over the whole text at once.
    fn reference(text: &Text) -> Vec<Range<Offset>> {
        let source = text.as_str();
        let mut words = Vec::new();
        let mut start = 0;
        for (byte, _) in source.char_indices().chain([(source.len(), ' ')]) {
            if byte == start || !(byte == source.len() || text.is_plain_cut(byte)) {
                continue;
            }
            let base = text.from_byte(ByteOffset::from_index(start)).unwrap();
            let at = |inside: usize| base.plus(length(&source[start..start + inside]));
            let stretch = &source[start..byte];
            let cores = segments(stretch).into_iter().filter_map(|segment| core(stretch, segment));
            words.extend(cores.map(|word| at(word.start)..at(word.end)));
            start = byte;
        }
        words
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn local_answers_agree_with_the_whole(source in damaged()) {
            let text = Text::new(source.as_str());
            let all = reference(&text);
            prop_assert_eq!(&text.words(Offset::ZERO..text.len()).collect::<Vec<_>>(), &all);
            for at in (0..=text.len().get()).map(Offset::new) {
                let starting = all.iter().find(|word| word.start == at);
                let touching = all.iter().find(|word| word.start <= at && at <= word.end);
                prop_assert_eq!(text.word_at(at), starting.or(touching).cloned(), "at {}", at);
                let next = all.iter().map(|word| word.end).find(|&end| end > at);
                prop_assert_eq!(text.next_word_edge(at), next.unwrap_or(text.len()), "after {}", at);
                let previous = all.iter().map(|word| word.start).rfind(|&start| start < at);
                prop_assert_eq!(text.previous_word_edge(at), previous.unwrap_or_default(), "before {}", at);
                for end in [at, at.plus(1), at.plus(9)] {
                    let end = end.min(text.len());
                    let expected: Vec<_> = all.iter().filter(|w| w.end > at && w.start < end).cloned().collect();
                    prop_assert_eq!(text.words(at..end).collect::<Vec<_>>(), expected, "in {}..{}", at, end);
                }
            }
        }

        #[test]
        fn words_are_graphemes_in_order_with_a_letter_each(source in damaged()) {
            let text = Text::new(source.as_str());
            let mut end = Offset::ZERO;
            for word in text.words(Offset::ZERO..text.len()) {
                prop_assert!(end <= word.start && word.start < word.end);
                prop_assert!(text.is_grapheme_boundary(word.start) && text.is_grapheme_boundary(word.end));
                let held = text.slice(word.clone()).unwrap();
                prop_assert!(held.contains(|c| is_word_character(c) || is_emoji(c)), "{:?}", held);
                prop_assert!(!held.contains(is_separator) || held.contains('\u{20E3}'), "{:?}", held);
                end = word.end;
            }
        }
    }

    #[test]
    fn a_line_without_separators_is_cut_alike_from_both_sides() {
        let source = "كتاب.".repeat(8_000);
        let text = Text::new(source.as_str());
        let forward: Vec<_> = text.words(Offset::ZERO..text.len()).collect();
        assert!(forward.iter().all(|word| word.end.since(word.start) <= 4));
        let mut backward = Vec::new();
        let mut at = text.len();
        while at > Offset::ZERO {
            at = text.previous_word_edge(at);
            backward.push(at);
            if backward.len() > 200 {
                break;
            }
        }
        let expected: Vec<_> = forward.iter().rev().map(|word| word.start).take(201).collect();
        assert_eq!(backward, expected);
        for word in forward.iter().skip(1_600).take(50) {
            assert_eq!(text.word_at(word.start.plus(1)).as_ref(), Some(word));
        }
    }
}
