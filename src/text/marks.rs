//! Hidden marks: characters that a reader does not see, or takes for others.

use std::collections::BTreeMap;
use std::ops::Range;

use super::index::{Text, is_line_end};
use super::offset::Offset;

macro_rules! marks {
    ($($(#[$documentation:meta])* $name:ident = $pattern:pat => $id:literal,)*) => {
        /// A kind of hidden mark.
        #[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
        pub enum Mark {
            $($(#[$documentation])* $name,)*
        }

        impl Mark {
            /// Every kind there is.
            pub const ALL: &[Mark] = &[$(Mark::$name),*];

            /// The kind of a character; `None` where it is no hidden mark. Line ends and tabs are none.
            #[must_use]
            pub const fn of(character: char) -> Option<Mark> {
                Some(match character {
                    '\t' => return None,
                    _ if is_line_end(character) => return None,
                    $($pattern => Mark::$name,)*
                    _ => return None,
                })
            }

            /// A short name that stays the same from version to version.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self {
                    $(Mark::$name => $id,)*
                }
            }
        }
    };
}

marks! {
    /// U+200E, left-to-right mark.
    LeftToRightMark = '\u{200E}' => "lrm",
    /// U+200F, right-to-left mark.
    RightToLeftMark = '\u{200F}' => "rlm",
    /// U+061C, Arabic letter mark.
    ArabicLetterMark = '\u{061C}' => "alm",
    /// U+202A, left-to-right embedding.
    LeftToRightEmbedding = '\u{202A}' => "lre",
    /// U+202B, right-to-left embedding.
    RightToLeftEmbedding = '\u{202B}' => "rle",
    /// U+202C, pop directional formatting.
    PopDirection = '\u{202C}' => "pdf",
    /// U+202D, left-to-right override.
    LeftToRightOverride = '\u{202D}' => "lro",
    /// U+202E, right-to-left override.
    RightToLeftOverride = '\u{202E}' => "rlo",
    /// U+2066, left-to-right isolate.
    LeftToRightIsolate = '\u{2066}' => "lri",
    /// U+2067, right-to-left isolate.
    RightToLeftIsolate = '\u{2067}' => "rli",
    /// U+2068, first strong isolate.
    FirstStrongIsolate = '\u{2068}' => "fsi",
    /// U+2069, pop directional isolate.
    PopIsolate = '\u{2069}' => "pdi",
    /// U+200C, zero width non-joiner.
    NonJoiner = '\u{200C}' => "zwnj",
    /// U+200D, zero width joiner.
    Joiner = '\u{200D}' => "zwj",
    /// U+200B, zero width space.
    ZeroWidthSpace = '\u{200B}' => "zwsp",
    /// U+2060, word joiner.
    WordJoiner = '\u{2060}' => "wj",
    /// U+FEFF, byte order mark.
    ByteOrderMark = '\u{FEFF}' => "bom",
    /// U+00A0, no-break space.
    NoBreakSpace = '\u{A0}' => "nbsp",
    /// U+202F, narrow no-break space.
    NarrowNoBreakSpace = '\u{202F}' => "nnbsp",
    /// U+0640, the stretcher, also called kashida.
    Tatweel = '\u{0640}' => "tatweel",
    /// U+00AD, soft hyphen.
    SoftHyphen = '\u{AD}' => "shy",
    /// Any other control character.
    Control = '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}' => "control",
}

/// The hidden marks of a range, in order.
#[must_use]
pub fn hidden_marks(text: &Text, range: Range<Offset>) -> Vec<(Offset, Mark)> {
    let range = text.clamp(range);
    let characters = text.slice(range.clone()).unwrap_or_default().chars();
    let found = characters.zip(range.start.get()..).filter_map(|(character, at)| Some((Offset::new(at), Mark::of(character)?)));
    found.collect()
}

/// How many hidden marks of each kind a text holds; kinds that it does not hold are left out.
#[must_use]
pub fn count_hidden_marks(text: &Text) -> BTreeMap<Mark, u32> {
    let mut counts = BTreeMap::new();
    for mark in text.as_str().chars().filter_map(Mark::of) {
        *counts.entry(mark).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::classes::{is_bidi_control, is_invisible};
    use super::*;

    #[test]
    fn marks_are_found_where_they_stand() {
        let text = Text::new("م\u{200F}ـ\tص\u{A0}\r\nر\u{7}\u{200C}");
        let found = hidden_marks(&text, Offset::ZERO..Offset::new(99));
        let ids: Vec<_> = found.iter().map(|(at, mark)| (at.get(), mark.id())).collect();
        assert_eq!(ids, [(1, "rlm"), (2, "tatweel"), (5, "nbsp"), (9, "control"), (10, "zwnj")]);
        assert_eq!(hidden_marks(&text, Offset::new(2)..Offset::new(5)), [(Offset::new(2), Mark::Tatweel)]);
        assert_eq!(count_hidden_marks(&text).values().sum::<u32>(), 5);
    }

    #[test]
    fn every_steering_character_has_a_kind_and_every_kind_its_own_name() {
        let ids: BTreeSet<_> = Mark::ALL.iter().map(|mark| mark.id()).collect();
        assert_eq!(ids.len(), Mark::ALL.len());
        for character in (0..=0xFFFF).filter_map(char::from_u32) {
            if is_bidi_control(character) {
                assert!(!matches!(Mark::of(character), None | Some(Mark::Control)), "{character:?}");
            }
            if Mark::of(character).is_some_and(|mark| mark != Mark::Tatweel) {
                assert!(is_invisible(character) || character.is_whitespace(), "{character:?}");
            }
        }
    }
}
