//! Search in folded text, all at once or in slices; each place of the text is looked at once, whatever the query.

use std::collections::VecDeque;
use std::ops::Range;

use super::clitics::{has_article, is_enclitic_string, is_proclitic_string};
use super::fold::{Folded, clings, fold, fold_character};
use super::index::Text;
use super::offset::Offset;

/// Code points that clitics at one edge of a word take at most, with marks and tatweel between them.
const LONGEST_CLITICS: u32 = 24;

/// What may stand beside a match.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq, Hash)]
pub enum Match {
    /// Anything: a match may be part of a word.
    #[default]
    Anywhere,
    /// A match begins and ends where words do.
    WholeWords,
    /// As whole words, or with clitics before and after it in its first and last word; they stay outside the match.
    ///
    /// No pronoun follows a word with ال, and ي is not taken for one: مصري is not "my Egypt".
    /// Names that clitics respell are found too: الأمم in للأمم (as لأمم), حكومة in حكومتهم (as حكومت).
    WordsWithClitics,
}

/// How far a search has come.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct Progress {
    /// Everything before this has been searched.
    pub searched: Offset,
    /// True once the whole text has been searched.
    pub done: bool,
}

/// A search that goes on where it stopped.
#[derive(Clone, Debug)]
pub struct Search {
    matchers: Vec<Matcher>,
    mode: Match,
    /// Where to go on, in bytes and in code points.
    byte: usize,
    here: Offset,
    /// The end of the last match: the next one begins there or later.
    taken: Offset,
    /// The words looked up last, at a match's start and at its end.
    starts: WordMemory,
    ends: WordMemory,
    found: Vec<Range<Offset>>,
}

impl Search {
    /// A search for a query, from the start of a text. White space round the query is left out; an empty query finds
    /// nothing.
    #[must_use]
    pub fn new(query: &str, mode: Match) -> Search {
        Search {
            matchers: patterns(query, mode),
            mode,
            byte: 0,
            here: Offset::ZERO,
            taken: Offset::ZERO,
            starts: WordMemory::default(),
            ends: WordMemory::default(),
            found: Vec::new(),
        }
    }

    /// Searches the next `budget` code points of a text, which must be the same in every step.
    pub fn step(&mut self, text: &Text, budget: u32) -> Progress {
        let budget = if self.matchers.is_empty() { u32::MAX } else { budget };
        let mut left = budget.max(1);
        let tail = text.as_str().get(self.byte..).unwrap_or_default();
        if self.matchers.is_empty() {
            self.byte = text.as_str().len();
            self.here = text.len();
        }
        for character in tail.chars() {
            if left == 0 || self.matchers.is_empty() {
                break;
            }
            left -= 1;
            let range = self.here..self.here.plus(1);
            self.here = range.end;
            self.byte += character.len_utf8();
            fold_character(character, |letter| self.feed(text, letter, &range));
        }
        Progress { searched: self.here, done: self.here >= text.len() }
    }

    /// The matches so far, in order; none overlaps another.
    #[must_use]
    pub fn found(&self) -> &[Range<Offset>] {
        &self.found
    }

    /// The matches, given away.
    #[must_use]
    pub fn into_found(self) -> Vec<Range<Offset>> {
        self.found
    }

    /// Takes the next folded letter, which came from `range` of the text.
    fn feed(&mut self, text: &Text, letter: char, range: &Range<Offset>) {
        for index in 0..self.matchers.len() {
            let Some(matcher) = self.matchers.get_mut(index) else {
                return;
            };
            let Some(start) = matcher.feed(letter, range.start) else {
                continue;
            };
            let respelt = matcher.respelt;
            let candidate = start..with_marks(text, range.end);
            if candidate.start >= self.taken && self.is_accepted(text, &candidate, respelt) {
                self.taken = candidate.end;
                self.found.push(candidate);
            }
        }
    }

    fn is_accepted(&mut self, text: &Text, range: &Range<Offset>, respelt: Respelt) -> bool {
        if self.mode == Match::Anywhere {
            return true;
        }
        let first = self.starts.containing(text, range.start);
        let last = self.ends.containing(text, range.end);
        if self.mode == Match::WholeWords {
            return first.is_none() && last.is_none();
        }
        // Clitics are short: what is far from the word's edge need not be read, however long the word.
        let is_near = |from: Offset, to: Offset| to.since(from) <= LONGEST_CLITICS;
        let before = match first {
            Some(word) if !is_near(word.start, range.start) => return false,
            Some(word) => folded(text, word.start..range.start),
            None => String::new(),
        };
        let (after, beginning) = match last {
            Some(word) if !is_near(range.end, word.end) => return false,
            Some(word) => {
                let beginning = word.start..word.end.min(word.start.plus(LONGEST_CLITICS));
                (folded(text, range.end..word.end), folded(text, beginning))
            }
            None => Default::default(),
        };
        let start_holds = if respelt.article { matches!(before.as_str(), "ل" | "ول" | "فل") } else { is_proclitic_string(&before) };
        let end_holds = if after.is_empty() {
            !respelt.ending
        } else {
            // After ال no pronoun follows; and ي makes an adjective far more often than it says "my".
            is_enclitic_string(&after) && after != "ي" && !has_article(&beginning)
        };
        start_holds && end_holds
    }
}

/// The places of a query in a text, in order, none overlapping another. `folded` is the text folded.
#[must_use]
pub fn find(text: &Text, folded: &Folded, query: &str, mode: Match) -> Vec<Range<Offset>> {
    let mut search = Search::new(query, mode);
    if search.matchers.is_empty() {
        return Vec::new();
    }
    for (letter, range) in folded.characters() {
        search.feed(text, letter, &range);
    }
    search.into_found()
}

/// How a pattern differs from the query because of the clitics round it.
#[derive(Copy, Clone, Debug, Default)]
struct Respelt {
    /// ال without its alif, after ل.
    article: bool,
    /// ت for ة, before a pronoun.
    ending: bool,
}

fn patterns(query: &str, mode: Match) -> Vec<Matcher> {
    let folded = fold(query);
    let plain = folded.trim();
    if plain.is_empty() {
        return Vec::new();
    }
    let mut matchers = vec![Matcher::new(plain, Respelt::default())];
    if mode != Match::WordsWithClitics {
        return matchers;
    }
    let without_alif = plain.strip_prefix('ا').filter(|rest| rest.starts_with('ل') && rest.chars().count() > 2);
    let written_end = query.trim_end().chars().rev().find(|&c| !clings(c));
    let root = plain.strip_suffix('ه').filter(|root| written_end == Some('ة') && !root.is_empty());
    if let Some(rest) = without_alif {
        matchers.push(Matcher::new(rest, Respelt { article: true, ending: false }));
    }
    if let Some(root) = root {
        matchers.push(Matcher::new(&format!("{root}ت"), Respelt { article: false, ending: true }));
    }
    matchers
}

/// Finds a pattern letter by letter (Knuth, Morris and Pratt): the text is never gone back in.
#[derive(Clone, Debug)]
struct Matcher {
    pattern: Vec<char>,
    /// Invariant: entry `k` is the length of the longest proper prefix of `pattern[..=k]` that is also its suffix.
    fallback: Vec<usize>,
    matched: usize,
    /// Where the last letters came from, as many as the pattern has.
    origins: VecDeque<Offset>,
    respelt: Respelt,
}

impl Matcher {
    fn new(pattern: &str, respelt: Respelt) -> Matcher {
        let pattern: Vec<char> = pattern.chars().collect();
        let mut fallback = vec![0; pattern.len()];
        let mut length = 0;
        for index in 1..pattern.len() {
            while length > 0 && pattern[index] != pattern[length] {
                length = fallback[length - 1];
            }
            length += usize::from(pattern[index] == pattern[length]);
            fallback[index] = length;
        }
        Matcher { origins: VecDeque::with_capacity(pattern.len()), pattern, fallback, matched: 0, respelt }
    }

    /// Takes a letter; answers where the pattern began when this letter completes it.
    fn feed(&mut self, letter: char, origin: Offset) -> Option<Offset> {
        if self.origins.len() >= self.pattern.len() {
            self.origins.pop_front();
        }
        self.origins.push_back(origin);
        while self.matched > 0 && self.pattern.get(self.matched) != Some(&letter) {
            self.matched = self.fallback.get(self.matched - 1).copied().unwrap_or(0);
        }
        if self.pattern.get(self.matched) == Some(&letter) {
            self.matched += 1;
        }
        // A whole match leaves `matched` past the pattern: the next letter falls back, so that an overlapping match
        // is seen in case this one is refused.
        (self.matched == self.pattern.len()).then(|| self.origins.front().copied())?
    }
}

/// The words round the place asked for last: matches come in order, so the next question is mostly about them.
#[derive(Clone, Debug, Default)]
struct WordMemory {
    /// What the words below are all the words of; none starts before it or ends after it.
    known: Range<Offset>,
    words: Vec<Range<Offset>>,
}

impl WordMemory {
    /// The word that a position is inside, not at its edge.
    fn containing(&mut self, text: &Text, at: Offset) -> Option<Range<Offset>> {
        if !(self.known.start <= at && at < self.known.end) {
            self.known = text.stretch_at(at);
            self.words = text.words_of(&self.known);
        }
        let index = self.words.partition_point(|word| word.end <= at);
        self.words.get(index).filter(|word| word.start < at).cloned()
    }
}

fn folded(text: &Text, range: Range<Offset>) -> String {
    text.slice(range).map(fold).unwrap_or_default()
}

/// The end of a match, with the marks that hang on its last letter.
fn with_marks(text: &Text, end: Offset) -> Offset {
    let mut result = end;
    let mut here = end;
    for character in text.tail(end).unwrap_or_default().chars() {
        here = here.plus(1);
        if clings(character) {
            result = here;
        } else if fold_gives_something(character) {
            break;
        }
    }
    result
}

fn fold_gives_something(character: char) -> bool {
    let mut any = false;
    fold_character(character, |_| any = true);
    any
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::samples::{ARTICLE, damaged};
    use super::*;

    fn all(source: &str, query: &str, mode: Match) -> Vec<String> {
        let text = Text::new(source);
        let found = find(&text, &Folded::new(source), query, mode);
        found.into_iter().map(|range| text.slice(range).unwrap().to_owned()).collect()
    }

    #[test]
    fn spelling_and_marks_do_not_matter() {
        let source = "حُكُومَةُ مصـر، وحكومه مِصرَ\u{200F}. ﷲ";
        assert_eq!(all(source, "حكومة مصر", Match::Anywhere), ["حُكُومَةُ مصـر", "حكومه مِصرَ"]);
        assert_eq!(all(source, " الله ", Match::WholeWords), ["ﷲ"]);
        assert_eq!(all(source, "لل", Match::Anywhere), ["ﷲ"]);
        assert_eq!(all(source, "  ", Match::Anywhere), Vec::<String>::new());
        assert_eq!(all("", "ا", Match::Anywhere), Vec::<String>::new());
        assert_eq!(all("aaaa", "AA", Match::Anywhere), ["aa", "aa"]);
    }

    #[test]
    fn a_refused_match_does_not_hide_one_that_overlaps_it() {
        assert_eq!(all("xab ab ab", "ab ab", Match::WholeWords), ["ab ab"]);
    }

    #[test]
    fn modes_differ_in_what_stands_beside_the_match() {
        let source = "مصر ومصر والمصري بمصر مصرف مصرنا ولمصر (مصر) مصري المصرنا";
        assert_eq!(all(source, "مصر", Match::Anywhere).len(), 10);
        assert_eq!(all(source, "مصر", Match::WholeWords).len(), 2);
        let text = Text::new(source);
        let found = find(&text, &Folded::new(source), "مصر", Match::WordsWithClitics);
        let tokens: Vec<_> = found.iter().map(|range| text.slice(text.word_at(range.start.plus(1)).unwrap()).unwrap()).collect();
        assert_eq!(tokens, ["مصر", "ومصر", "بمصر", "مصرنا", "ولمصر", "مصر"]);
        assert!(found.iter().all(|range| text.slice(range.clone()) == Some("مصر")));
    }

    #[test]
    fn the_article_names_are_found_with_their_clitics() {
        assert_eq!(all(ARTICLE, "أذربيجان", Match::WholeWords).len(), 5);
        // Five alone, وأذربيجان twice; الأذربيجاني and its like are other words.
        assert_eq!(all(ARTICLE, "أذربيجان", Match::WordsWithClitics).len(), 7);
        assert_eq!(all(ARTICLE, "أذربيجان", Match::Anywhere).len(), 11);
    }

    #[test]
    fn names_that_clitics_respell_are_found() {
        assert_eq!(
            all("الأمم المتحدة، للأمم المتحدة، وللأمم المتحدة", "الأمم المتحدة", Match::WordsWithClitics),
            ["الأمم المتحدة", "لأمم المتحدة", "لأمم المتحدة"]
        );
        assert_eq!(all("حكومة وحكومتهم حكومت حكومتان", "حكومة", Match::WordsWithClitics), ["حكومة", "حكومت"]);
    }

    #[test]
    fn a_query_is_searched_in_one_pass() {
        // Near misses at every letter, in one word of 40,000 letters: only the last place matches.
        let source = format!("{}ب", "ا".repeat(40_000));
        let query = format!("{}ب", "ا".repeat(2_000));
        assert_eq!(all(&source, &query, Match::Anywhere).len(), 1);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn slices_find_what_the_whole_finds(
            source in damaged(),
            from in any::<prop::sample::Index>(),
            length in 1_usize..6,
            budget in 1_u32..9,
            mode in prop::sample::select(vec![Match::Anywhere, Match::WholeWords, Match::WordsWithClitics]),
        ) {
            let characters: Vec<char> = source.chars().collect();
            let from = from.index(characters.len() + 1);
            let query: String = characters.iter().skip(from).take(length).collect();
            let text = Text::new(source.as_str());
            let whole = find(&text, &Folded::new(&source), &query, mode);
            let mut search = Search::new(&query, mode);
            let mut last = Offset::ZERO;
            while !search.step(&text, budget).done {
                let next = search.step(&text, 0).searched;
                prop_assert!(next > last);
                last = next;
            }
            prop_assert_eq!(search.found(), &whole[..]);
            let wanted = fold(&query);
            for range in &whole {
                prop_assert!(text.grapheme_ceil(range.start) >= range.start);
                let held = fold(text.slice(range.clone()).unwrap());
                if mode != Match::WordsWithClitics {
                    prop_assert!(held.contains(wanted.trim()), "{:?} in {:?}", wanted, held);
                }
                if mode == Match::WholeWords {
                    for word in text.words(Offset::ZERO..text.len()) {
                        prop_assert!(!(word.start < range.start && range.start < word.end));
                        prop_assert!(!(word.start < range.end && range.end < word.end));
                    }
                }
            }
        }

        #[test]
        fn anywhere_agrees_with_the_standard_search(source in damaged(), query in damaged()) {
            let query: String = query.chars().take(3).collect();
            let (text, folded) = (Text::new(source.as_str()), Folded::new(&source));
            let wanted = fold(&query);
            let wanted = wanted.trim();
            let mut expected: Vec<Range<Offset>> = Vec::new();
            let letters: Vec<char> = folded.as_str().chars().collect();
            let pattern: Vec<char> = wanted.chars().collect();
            for (index, window) in letters.windows(pattern.len().max(1)).enumerate() {
                let range = folded.original(index..index + pattern.len());
                let is_free = expected.last().is_none_or(|last| last.end <= range.start);
                if window == pattern.as_slice() && is_free {
                    expected.push(range);
                }
            }
            prop_assert_eq!(find(&text, &folded, &query, Match::Anywhere), expected);
        }
    }
}
