//! The words that a project's texts attest.

use std::collections::HashMap;
use std::ops::Range;

use super::fold::fold;
use super::index::Text;
use super::offset::Offset;

/// Fewest letters that the rest of a word must have, ال not counted: of two letters, chance attests too many.
pub(crate) const FEWEST_LETTERS: usize = 3;

/// The words of a project's texts, folded, with how often each occurs.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Vocabulary {
    counts: HashMap<String, u32>,
}

impl Vocabulary {
    /// Knows no word yet.
    #[must_use]
    pub fn new() -> Vocabulary {
        Vocabulary::default()
    }

    /// Counts the words of a text.
    pub fn add(&mut self, text: &Text) {
        self.add_slice(text, Offset::ZERO..text.len());
    }

    /// Counts the words that begin in a range: slices that tile a text add up to it.
    pub fn add_slice(&mut self, text: &Text, range: Range<Offset>) {
        for word in text.words(range.clone()) {
            if word.start >= range.start
                && let Some(written) = text.slice(word)
            {
                self.add_word(written);
            }
        }
    }

    /// Counts one word.
    pub fn add_word(&mut self, word: &str) {
        let folded = fold(word);
        if !folded.is_empty() {
            let count = self.counts.entry(folded).or_default();
            *count = count.saturating_add(1);
        }
    }

    /// How often a word occurs, however it is spelt.
    #[must_use]
    pub fn count(&self, word: &str) -> u32 {
        self.count_folded(&fold(word))
    }

    /// True where a word occurs.
    #[must_use]
    pub fn contains(&self, word: &str) -> bool {
        self.count(word) > 0
    }

    /// The number of different words.
    #[must_use]
    pub fn len(&self) -> usize {
        self.counts.len()
    }

    /// True where no word is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    pub(crate) fn count_folded(&self, folded: &str) -> u32 {
        self.counts.get(folded).copied().unwrap_or(0)
    }

    /// How often a folded form occurs, with ال or without.
    fn evidence(&self, form: &str) -> u32 {
        let bare = form.strip_prefix("ال").unwrap_or(form);
        if bare.chars().count() < FEWEST_LETTERS || FUNCTION_WORDS.contains(&form) || FUNCTION_WORDS.contains(&bare) {
            return 0;
        }
        let other = if bare.len() < form.len() { self.count_folded(bare) } else { self.count_folded(&format!("ال{form}")) };
        self.count_folded(form).saturating_add(other)
    }

    /// The same, or where that finds nothing, of the form without its pronoun.
    pub(crate) fn evidence_without_pronoun(&self, form: &str) -> u32 {
        let whole = self.evidence(form);
        if whole > 0 || form.starts_with("ال") {
            return whole;
        }
        let rests = PRONOUNS.iter().filter_map(|pronoun| form.strip_suffix(pronoun));
        rests.map(|rest| self.stem_evidence(rest).0).max().unwrap_or(0)
    }

    /// How often the form before a pronoun occurs, and whether only with ة for its ت.
    pub(crate) fn stem_evidence(&self, stem: &str) -> (u32, bool) {
        let plain = self.evidence(stem);
        let closed = stem.strip_suffix('ت').map(|root| format!("{root}ه"));
        let closed = closed.map_or(0, |form| self.evidence(&form));
        (plain.saturating_add(closed), plain == 0 && closed > 0)
    }
}

/// Folded words that are no names: attested everywhere, evidence of nothing.
const FUNCTION_WORDS: &[&str] = &[
    "الي",
    "علي",
    "هذا",
    "هذه",
    "ذلك",
    "تلك",
    "التي",
    "الذي",
    "الذين",
    "بين",
    "بعد",
    "قبل",
    "عند",
    "لدي",
    "غير",
    "كما",
    "لكن",
    "حتي",
    "اذا",
    "منذ",
    "انه",
    "انها",
    "انهم",
    "كان",
    "كانت",
    "ليس",
    "نحو",
    "حول",
    "مثل",
    "ضمن",
    "فوق",
    "تحت",
    "دون",
    "امام",
    "خلال",
    "حين",
    "حيث",
    "ايضا",
    "لقد",
    "كلا",
    "ايا",
    "هنا",
    "هناك",
    "هما",
];

/// Pronoun endings, folded, longest first.
pub(crate) const PRONOUNS: &[&str] = &["هما", "كما", "ها", "هم", "هن", "كم", "كن", "نا", "ني", "ه", "ك", "ي"];

#[cfg(test)]
mod tests {
    use super::super::samples::ARTICLE;
    use super::*;

    #[test]
    fn slices_add_up() {
        let text = Text::new(ARTICLE);
        let mut sliced = Vocabulary::new();
        for start in (0..text.len().get()).step_by(7) {
            sliced.add_slice(&text, Offset::new(start)..Offset::new(start + 7));
        }
        let mut whole = Vocabulary::new();
        whole.add(&text);
        assert_eq!(sliced, whole);
        assert_eq!(sliced.count("أَذْرَبِيجان"), 5);
    }
}
