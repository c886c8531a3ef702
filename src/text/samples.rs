//! Texts for the laws: real sentences, damaged the way news texts are.

use proptest::prelude::*;

/// The article that all of the product is tried on.
pub(crate) const ARTICLE: &str = include_str!("../../data/article.txt");

/// What damages a text: harakat, tatweel, joiners, emoji, flags, Latin, digits, line ends, bidi marks.
const DAMAGE: &[&str] = &[
    "\u{064B}",
    "\u{064E}",
    "\u{0651}",
    "\u{0652}",
    "\u{0670}",
    "\u{0640}",
    "\u{200C}",
    "\u{200D}",
    "\u{200E}",
    "\u{200F}",
    "\u{061C}",
    "\u{202A}",
    "\u{202B}",
    "\u{202C}",
    "\u{202E}",
    "\u{2066}",
    "\u{2067}",
    "\u{2069}",
    "\u{FEFF}",
    "\u{00AD}",
    "\u{00A0}",
    "\u{202F}",
    "\r\n",
    "\n",
    "\r",
    "\u{2028}",
    "\u{85}",
    " ",
    "  ",
    "BBC",
    "e\u{301}",
    "x",
    "٢٠٢٠",
    "۱۲",
    "6٫5",
    "1,000",
    "3.14",
    "🇪🇬",
    "🇪",
    "👩‍👩‍👧",
    "👍🏽",
    "☝️",
    "❤",
    "ﷲ",
    "ﻻ",
    "،",
    "؛",
    "؟",
    "«",
    "»",
    "٪",
    "\"",
    "(",
    ")",
    "[",
    "]",
    ".",
    ":",
    "'",
    "’",
    "-",
    "_",
    "ـ",
    "ى",
    "ة",
    "ؤ",
    "ئ",
    "ٱ",
    "ک",
    "ی",
    "الله",
    "للأمم",
    "中文",
    "한국",
    "ไทย",
    "שלום",
    "क्षि",
    "\t",
    "\u{0}",
    "\u{1F}",
    "ß",
    "İ",
    "ﬁ",
    "½",
    "😀",
];

/// Sentences of the article.
fn sentences() -> Vec<&'static str> {
    ARTICLE.split_inclusive(['.', '،', '\n']).collect()
}

/// A short real text with damage at random places.
pub(crate) fn damaged() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        2 => prop::sample::select(sentences()).prop_map(str::to_owned),
        3 => prop::sample::select(DAMAGE).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    let wounds = prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(DAMAGE)), 0..24);
    (prop::collection::vec(piece, 0..6), wounds).prop_map(|(pieces, wounds)| {
        let mut characters: Vec<char> = pieces.concat().chars().collect();
        for (place, damage) in wounds {
            let at = place.index(characters.len() + 1);
            characters.splice(at..at, damage.chars());
        }
        characters.into_iter().collect()
    })
}
