//! Folding for search and comparison, never for storage: spellings that a reader takes for one become one.
//!
//! Alef forms, ى and ي, ة and ه, carriers of hamza, Persian letters and digits fold together; harakat, tatweel and
//! invisible characters vanish; presentation forms such as ﷲ fall apart into letters; Latin, Greek and Cyrillic lose
//! case and accents. Other scripts stay as they are.

use std::ops::Range;

use super::classes::{is_format, is_invisible};
use super::compat::decompose;
use super::index::is_line_end;
use super::offset::Offset;

/// A folded text with its way back: each folded character knows where it came from.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Folded {
    text: String,
    /// Invariant: one entry for each folded character, in order; positions are code points of the source.
    origins: Vec<Origin>,
    length: u32,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
struct Origin {
    start: u32,
    /// After the character, and after what was dropped behind it but belongs to it: marks, tatweel, joiners.
    end: u32,
}

impl Folded {
    /// Folds a text.
    #[must_use]
    pub fn new(source: &str) -> Folded {
        let mut folded = Folded { text: String::with_capacity(source.len()), origins: Vec::with_capacity(source.len() / 2), length: 0 };
        for character in source.chars() {
            let start = folded.length;
            folded.length = start.saturating_add(1);
            let end = folded.length;
            let before = folded.origins.len();
            fold_character(character, |letter| {
                folded.text.push(letter);
                folded.origins.push(Origin { start, end });
            });
            if before == folded.origins.len()
                && clings(character)
                && let Some(last) = folded.origins.last_mut()
            {
                // A letter that fell apart ends as one.
                let first = last.start;
                for origin in folded.origins.iter_mut().rev() {
                    if origin.start != first {
                        break;
                    }
                    origin.end = end;
                }
            }
        }
        folded
    }

    /// The folded text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The number of folded characters.
    #[must_use]
    pub fn len(&self) -> usize {
        self.origins.len()
    }

    /// True where nothing is left of the source.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.origins.is_empty()
    }

    /// Where a range of folded characters came from, in code points from the start of the folded source; with the
    /// marks of its last letter. An empty range, or one past the end, is where the next letter would begin.
    #[must_use]
    pub fn original(&self, range: Range<usize>) -> Range<Offset> {
        let first = self.origins.get(range.start);
        let start = first.map_or(self.length, |origin| origin.start);
        let last = range.end.min(self.origins.len()).checked_sub(1);
        let end = match last.and_then(|index| self.origins.get(index)) {
            Some(origin) if range.start < range.end && first.is_some() => origin.end.max(start),
            _ => start,
        };
        Offset::new(start)..Offset::new(end)
    }

    /// The folded characters, each with where it came from.
    pub(crate) fn characters(&self) -> impl Iterator<Item = (char, Range<Offset>)> + '_ {
        let origins = self.origins.iter();
        self.text.chars().zip(origins.map(|origin| Offset::new(origin.start)..Offset::new(origin.end)))
    }
}

/// The folded text, without the way back.
#[must_use]
pub fn fold(source: &str) -> String {
    let mut folded = String::with_capacity(source.len());
    for character in source.chars() {
        fold_character(character, |letter| folded.push(letter));
    }
    folded
}

/// Hands out what a character folds to: nothing, one character, or several.
pub(crate) fn fold_character(character: char, mut hand: impl FnMut(char)) {
    match character {
        ' '..='@' | '['..='~' | '\n' | '\r' => hand(character),
        'A'..='Z' => hand(character.to_ascii_lowercase()),
        // Syllables stay whole; the letters inside them are no match of their own.
        '\u{AC00}'..='\u{D7A3}' => hand(character),
        _ if is_line_end(character) => hand(character),
        _ if character.is_whitespace() => hand(' '),
        _ if is_dropped(character) => {}
        _ => match fold_letter(character) {
            Some(letter) => hand(letter),
            None => decompose(character, |part| fold_part(part, &mut hand)),
        },
    }
}

/// True for a dropped character that belongs to the letter before it.
pub(crate) fn clings(character: char) -> bool {
    is_dropped_mark(character) || matches!(character, '\u{0640}' | '\u{200C}' | '\u{200D}')
}

pub(super) fn fold_part(part: char, hand: &mut impl FnMut(char)) {
    if is_dropped(part) {
        return;
    }
    if part.is_whitespace() {
        hand(' ');
        return;
    }
    match fold_letter(part) {
        Some(letter) => hand(letter),
        None => part.to_lowercase().filter(|&lower| !is_dropped(lower)).for_each(hand),
    }
}

/// The common letters, which need no table of Unicode's.
fn fold_letter(character: char) -> Option<char> {
    Some(match character {
        'أ' | 'إ' | 'آ' | 'ٱ' | 'ٲ' | 'ٳ' | 'ٵ' => 'ا',
        'ى' | 'ئ' | 'ی' | 'ۍ' | 'ې' => 'ي',
        'ؤ' | 'ٶ' => 'و',
        'ة' | 'ہ' | 'ھ' | 'ە' | 'ۀ' | 'ۂ' | 'ۃ' => 'ه',
        'ک' | 'ڪ' => 'ك',
        '٠'..='٩' => digit(character, '٠'),
        '۰'..='۹' => digit(character, '۰'),
        '٫' => '.',
        '٬' => ',',
        '٪' => '%',
        'ء'..='غ' | 'ف'..='ي' | 'ٮ'..='ٯ' | 'ٹ'..='ڿ' | '،' | '؛' | '؟' => character,
        _ => return None,
    })
}

fn digit(character: char, zero: char) -> char {
    let value = (character as u32).saturating_sub(zero as u32);
    char::from_digit(value, 10).unwrap_or(character)
}

fn is_dropped(character: char) -> bool {
    character == '\u{0640}' || is_dropped_mark(character) || is_format(character) || (is_invisible(character) && !character.is_whitespace())
}

/// Harakat, Quranic marks, Hebrew points, accents and variation selectors; the vowel signs of other scripts stay.
const fn is_dropped_mark(character: char) -> bool {
    matches!(character,
        '\u{0300}'..='\u{036F}' | '\u{0591}'..='\u{05BD}' | '\u{05BF}' | '\u{05C1}' | '\u{05C2}' | '\u{05C4}' | '\u{05C5}' | '\u{05C7}'
        | '\u{0610}'..='\u{061A}' | '\u{064B}'..='\u{065F}' | '\u{0670}'
        | '\u{06D6}'..='\u{06DC}' | '\u{06DF}'..='\u{06E4}' | '\u{06E7}' | '\u{06E8}' | '\u{06EA}'..='\u{06ED}'
        | '\u{0898}'..='\u{089F}' | '\u{08CA}'..='\u{08E1}' | '\u{08E3}'..='\u{08FF}' | '\u{FE00}'..='\u{FE0F}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::samples::damaged;
    use super::*;

    #[test]
    fn spellings_of_one_word_fold_together() {
        for (written, folded) in [
            ("أإآٱا", "ااااا"),
            ("مستشفى", "مستشفي"),
            ("حكومة", "حكومه"),
            ("مسؤول", "مسوول"),
            ("رئيس", "رييس"),
            ("مُحَمَّدٌ", "محمد"),
            ("هٰذا", "هذا"),
            ("مـــصر", "مصر"),
            ("ایران کرد", "ايران كرد"),
            ("٢٠٢٠ ۱۲", "2020 12"),
            ("6٫5٪", "6.5%"),
            ("ﷲ ﻻ ﻷ", "الله لا لا"),
            ("ﻣﺼﺮ", "مصر"),
            ("\u{202B}م\u{200C}ص\u{200D}ر\u{202C}\u{FEFF}\u{AD}", "مصر"),
            ("في\u{A0}مصر\u{202F}\t", "في مصر  "),
            ("Café ＢＢＣ İ ﬁ", "cafe bbc i fi"),
            ("e\u{301}", "e"),
            ("ا\u{654}", "ا"),
            ("ء", "ء"),
            ("أ\nب\r\n", "ا\nب\r\n"),
        ] {
            assert_eq!(fold(written), folded, "{written}");
        }
    }

    #[test]
    fn a_range_mapped_back_keeps_the_marks_of_its_last_letter() {
        //                        0 12 345 6789
        let folded = Folded::new("مُحَـمَّد\u{200F}، ﷲ");
        assert_eq!(folded.as_str(), "محمد، الله");
        let back = |range: Range<usize>| {
            let range = folded.original(range);
            (range.start.get(), range.end.get())
        };
        assert_eq!(back(0..1), (0, 2));
        assert_eq!(back(1..2), (2, 5));
        assert_eq!(back(2..3), (5, 8));
        // The direction mark behind the last letter is no part of the name.
        assert_eq!(back(0..4), (0, 9));
        // Each letter of the ligature is all of it.
        assert_eq!(back(6..7), (12, 13));
        assert_eq!(back(7..10), (12, 13));
        assert_eq!(back(4..4), (10, 10));
        assert_eq!(back(10..12), (13, 13));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn the_way_back_is_in_order_and_folds_to_the_same(source in damaged()) {
            let folded = Folded::new(&source);
            prop_assert_eq!(folded.as_str(), fold(&source));
            prop_assert_eq!(folded.len(), folded.as_str().chars().count());
            prop_assert_eq!(fold(folded.as_str()), folded.as_str());
            let characters: Vec<char> = source.chars().collect();
            let mut last = Offset::ZERO..Offset::ZERO;
            for (index, letter) in folded.as_str().chars().enumerate() {
                let range = folded.original(index..index + 1);
                prop_assert!(range.start < range.end);
                prop_assert!(range == last || last.end <= range.start);
                let piece: String = characters[range.start.index()..range.end.index()].iter().collect();
                prop_assert!(fold(&piece).contains(letter));
                // No mark is left behind the range.
                prop_assert!(!characters.get(range.end.index()).is_some_and(|&c| is_dropped_mark(c)));
                last = range;
            }
            let whole = folded.original(0..folded.len());
            let piece: String = characters[whole.start.index()..whole.end.index()].iter().collect();
            prop_assert_eq!(fold(&piece), folded.as_str());
        }
    }
}
