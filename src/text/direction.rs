//! The base direction of a paragraph: that of most of its strong characters.

use serde::{Deserialize, Serialize};
use unicode_bidi::{BidiClass, bidi_class};

/// A base direction.
#[derive(Copy, Clone, Eq, PartialEq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// As Arabic runs; also where nothing tells.
    #[default]
    RightToLeft,
    /// As English runs.
    LeftToRight,
}

impl Direction {
    /// The direction of most of the strong characters of `text`.
    ///
    /// The first strong character, which browsers go by, would turn an Arabic headline that begins with "BBC:".
    #[must_use]
    pub fn of(text: &str) -> Direction {
        let mut tally = Tally::default();
        for character in text.chars() {
            tally.add(character);
        }
        tally.direction()
    }

    /// True for right to left.
    #[must_use]
    pub const fn is_rtl(self) -> bool {
        matches!(self, Direction::RightToLeft)
    }
}

/// Strong characters counted so far.
#[derive(Copy, Clone, Debug, Default)]
pub(crate) struct Tally {
    rightward: u32,
    leftward: u32,
}

impl Tally {
    pub(crate) fn add(&mut self, character: char) {
        match character {
            // The common cases first: the table look-up is ten times as slow.
            '\0'..='@' => {}
            'a'..='z' | 'A'..='Z' => self.rightward += 1,
            '\u{0620}'..='\u{064A}' => self.leftward += 1,
            // Direction marks are strong by class but are no part of what a reader sees.
            '\u{200E}' | '\u{200F}' | '\u{061C}' => {}
            _ => match bidi_class(character) {
                BidiClass::L => self.rightward += 1,
                BidiClass::R | BidiClass::AL => self.leftward += 1,
                _ => {}
            },
        }
    }

    pub(crate) fn direction(self) -> Direction {
        if self.rightward > self.leftward { Direction::LeftToRight } else { Direction::RightToLeft }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_majority_decides() {
        assert_eq!(Direction::of("BBC: أعلن الوزير"), Direction::RightToLeft);
        assert_eq!(Direction::of("The word وسوم means tags"), Direction::LeftToRight);
    }

    #[test]
    fn nothing_strong_is_right_to_left() {
        assert_eq!(Direction::of(""), Direction::RightToLeft);
        assert_eq!(Direction::of("2020 – 6000!"), Direction::RightToLeft);
        // Five marks of one direction do not outvote one letter of the other.
        assert_eq!(Direction::of("\u{200F}\u{200F}\u{200F}\u{200F}\u{200F}a"), Direction::LeftToRight);
    }

    #[test]
    fn hebrew_and_presentation_forms_count_as_right_to_left() {
        assert_eq!(Direction::of("שלום abc"), Direction::RightToLeft);
        assert_eq!(Direction::of("ﷲ ﻻ a"), Direction::RightToLeft);
    }
}
