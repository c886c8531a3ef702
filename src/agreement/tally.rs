//! What one document gives to the figures; sums of it give the figures of several.

use super::corpus::{Corpus, Shared, Side};
use super::gamma::Disorder;
use super::grid::{self, Run};
use super::nominal::{Ratings, Square};
use super::spans::{Matches, matches};
use super::ties::{Answers, RelationTally, answers, relations};
use std::collections::BTreeMap;

/// Counts of documents, of everybody.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// Each pair, in the order of [`Corpus::pairs`].
    pub pairs: Vec<PairTally>,
    /// The one label of each token, as all people gave it.
    pub flat: Ratings,
    /// For each label, whether tokens are on it.
    pub covered: Vec<Ratings>,
    /// How unlike the spans are, and would be by chance.
    pub disorder: Disorder,
}

/// Counts of documents that both of a pair have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PairTally {
    /// How many documents.
    pub documents: u64,
    /// The one label of each token: the first one's in rows, the second one's in columns; 0 is none.
    pub flat: Square,
    /// For each label, whether tokens are on it: 0 is no, 1 is yes.
    pub covered: Vec<Square>,
    /// For each label, how its spans were matched.
    pub spans: Vec<SpanTally>,
    /// Spans of the same extent.
    pub boundary: u64,
    /// Relations.
    pub relations: RelationTally,
    /// Whether there were too many spans to match those that are not the same.
    pub is_too_large: bool,
    /// How much work it was, in steps: for tests of growth.
    pub steps: u64,
}

/// Spans of one label, and how many were matched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SpanTally {
    /// The first one's spans.
    pub a: u64,
    /// The second one's.
    pub b: u64,
    /// The same extent.
    pub exact: u64,
    /// Somewhere on the same text.
    pub label: u64,
    /// What matches are worth by tokens, in parts of [`super::spans::WHOLE`].
    pub partial: u64,
    /// The same but for clitics, white space and punctuation.
    pub clitic: u64,
}

/// What of a pair is only counted once, not drawn anew.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PairDetail {
    /// What both said by each attribute.
    pub attributes: BTreeMap<String, Answers>,
    /// Of spans matched by label, by how many characters the second one starts later.
    pub starts: BTreeMap<i64, u64>,
    /// By how many characters the second one ends later.
    pub ends: BTreeMap<i64, u64>,
}

impl SpanTally {
    /// Adds what was counted elsewhere, several times over.
    pub fn add(&mut self, other: &Self, times: u64) {
        self.a += other.a * times;
        self.b += other.b * times;
        self.exact += other.exact * times;
        self.label += other.label * times;
        self.partial += other.partial * times;
        self.clitic += other.clitic * times;
    }
}

impl PairTally {
    /// Nothing counted yet, of so many labels.
    #[must_use]
    pub fn new(labels: usize) -> Self {
        Self { flat: Square::new(labels + 1), covered: vec![Square::new(2); labels], spans: vec![SpanTally::default(); labels], ..Self::default() }
    }

    /// Adds what was counted elsewhere, several times over.
    pub fn add(&mut self, other: &Self, times: u64) {
        self.documents += other.documents * times;
        self.flat.add(&other.flat, times);
        self.covered.iter_mut().zip(&other.covered).for_each(|(mine, theirs)| mine.add(theirs, times));
        self.spans.iter_mut().zip(&other.spans).for_each(|(mine, theirs)| mine.add(theirs, times));
        self.boundary += other.boundary * times;
        self.relations.add(&other.relations, times);
        self.is_too_large |= other.is_too_large && times > 0;
        self.steps += other.steps;
    }

    /// The spans of all labels together.
    #[must_use]
    pub fn all_spans(&self) -> SpanTally {
        let mut all = SpanTally::default();
        self.spans.iter().for_each(|spans| all.add(spans, 1));
        all
    }

    fn count_spans(&mut self, a: &Side, b: &Side, matches: &Matches) {
        let label = |at: &usize| a.items.get(*at).map_or(0, |item| item.label);
        let mut count = |label: usize, change: &dyn Fn(&mut SpanTally)| {
            if let Some(spans) = label.checked_sub(1).and_then(|at| self.spans.get_mut(at)) {
                change(spans);
            }
        };
        a.items.iter().for_each(|item| count(item.label, &|spans| spans.a += 1));
        b.items.iter().for_each(|item| count(item.label, &|spans| spans.b += 1));
        matches.exact.iter().for_each(|(at, _)| count(label(at), &|spans| spans.exact += 1));
        if let Some(loose) = &matches.loose {
            loose.label.iter().for_each(|(at, _)| count(label(at), &|spans| spans.label += 1));
            loose.clitic.iter().for_each(|(at, _)| count(label(at), &|spans| spans.clitic += 1));
            loose.partial.iter().for_each(|(at, _, worth)| count(label(at), &|spans| spans.partial += worth.unsigned_abs()));
        }
        self.boundary = matches.boundary.len() as u64;
        self.is_too_large = matches.loose.is_none();
        self.steps += matches.steps as u64;
    }
}

impl PairDetail {
    /// Adds what was counted elsewhere.
    pub fn add(&mut self, other: Self) {
        for (name, answers) in other.attributes {
            let mine = self.attributes.entry(name).or_default();
            answers.into_iter().for_each(|(said, count)| *mine.entry(said).or_insert(0) += count);
        }
        other.starts.into_iter().for_each(|(by, count)| *self.starts.entry(by).or_insert(0) += count);
        other.ends.into_iter().for_each(|(by, count)| *self.ends.entry(by).or_insert(0) += count);
    }

    fn of(corpus: &Corpus, a: &Side, b: &Side, matches: &Matches) -> Self {
        let mut detail = Self::default();
        answers(corpus, a, b, &matches.exact, |name, of_a, of_b, _| {
            *detail.attributes.entry(name.to_owned()).or_default().entry((of_a, of_b)).or_insert(0) += 1;
        });
        for (at, other) in matches.loose.iter().flat_map(|loose| &loose.label) {
            let Some((start, end)) = differences(a, b, *at, *other) else { continue };
            *detail.starts.entry(start).or_insert(0) += 1;
            *detail.ends.entry(end).or_insert(0) += 1;
        }
        detail
    }
}

/// By how many characters the second of two matched spans starts and ends later.
#[must_use]
pub fn differences(a: &Side, b: &Side, at: usize, other: usize) -> Option<(i64, i64)> {
    let (one, other) = (a.items.get(at)?.annotation.extent.hull(), b.items.get(other)?.annotation.extent.hull());
    let by = |one: u32, other: u32| i64::from(other) - i64::from(one);
    Some((by(one.start().get(), other.start().get()), by(one.end().get(), other.end().get())))
}

impl Tally {
    /// Nothing counted yet.
    #[must_use]
    pub fn new(pairs: usize, labels: usize) -> Self {
        Self { pairs: vec![PairTally::new(labels); pairs], flat: Ratings::new(labels + 1), covered: vec![Ratings::new(2); labels], ..Self::default() }
    }

    /// Adds what was counted elsewhere, several times over.
    pub fn add(&mut self, other: &Self, times: u64) {
        self.pairs.iter_mut().zip(&other.pairs).for_each(|(mine, theirs)| mine.add(theirs, times));
        self.flat.add(&other.flat, times);
        self.covered.iter_mut().zip(&other.covered).for_each(|(mine, theirs)| mine.add(theirs, times));
        self.disorder.add(&other.disorder, times);
    }

    /// How many numbers it has, about.
    #[must_use]
    pub fn size(&self) -> usize {
        let labels = self.covered.len();
        self.pairs.len() * ((labels + 1).pow(2) + 10 * labels) + 6 * labels
    }

    /// What a document gives, and for each pair what is not drawn anew.
    #[must_use]
    pub fn of(corpus: &Corpus, document: &Shared) -> (Self, Vec<PairDetail>) {
        let pairs = corpus.pairs();
        let mut tally = Self::new(pairs.len(), corpus.labels.len());
        tally.count_tokens(corpus, document, &pairs);
        let mut details = vec![PairDetail::default(); pairs.len()];
        for (((a, b), pair), detail) in pairs.iter().zip(&mut tally.pairs).zip(&mut details) {
            let (Some(a), Some(b)) = (side(document, *a), side(document, *b)) else { continue };
            let matches = matches(document, a, b);
            pair.documents = 1;
            pair.count_spans(a, b, &matches);
            pair.relations = relations(a, b, &matches);
            *detail = PairDetail::of(corpus, a, b, &matches);
        }
        (tally, details)
    }

    fn count_tokens(&mut self, corpus: &Corpus, document: &Shared, pairs: &[(usize, usize)]) {
        let present: Vec<(usize, &Side)> = document.sides.iter().enumerate().filter_map(|(at, side)| side.as_ref().map(|side| (at, side))).collect();
        let people = corpus.people();
        let place = |person: &usize| present.iter().position(|(at, _)| at == person);
        let rating: Vec<usize> = people.iter().filter_map(place).collect();
        let pairs: Vec<(usize, usize, usize)> = pairs.iter().enumerate().filter_map(|(at, (a, b))| Some((at, place(a)?, place(b)?))).collect();
        let total = document.tokens.spans().len();
        let mut rated = Vec::with_capacity(rating.len());
        let mut steps = 0;
        for label in 0..=corpus.labels.len() {
            let runs = |side: &'_ Side| -> Vec<Run> { label.checked_sub(1).and_then(|at| side.covered.get(at)).unwrap_or(&side.flat).clone() };
            let runs: Vec<Vec<Run>> = present.iter().map(|(_, side)| runs(side)).collect();
            let runs: Vec<&[Run]> = runs.iter().map(Vec::as_slice).collect();
            let ratings = match label.checked_sub(1) {
                None => Some(&mut self.flat),
                Some(at) => self.covered.get_mut(at),
            };
            let Some(ratings) = ratings else { continue };
            steps += grid::sweep(total, &runs, |tokens, values| {
                let count = tokens.len() as u64;
                rated.clear();
                rated.extend(rating.iter().filter_map(|at| values.get(*at)));
                ratings.count(&rated, people.len(), count);
                for (pair, a, b) in &pairs {
                    let (Some(pair), Some(a), Some(b)) = (self.pairs.get_mut(*pair), values.get(*a), values.get(*b)) else { continue };
                    match label.checked_sub(1) {
                        None => pair.flat.count(*a, *b, count),
                        Some(at) => pair.covered.get_mut(at).into_iter().for_each(|square| square.count(*a, *b, count)),
                    }
                }
            });
        }
        if let Some(pair) = self.pairs.first_mut() {
            pair.steps += steps as u64;
        }
    }
}

/// What a person did on a document.
#[must_use]
pub fn side<'a, 'b>(document: &'b Shared<'a>, person: usize) -> Option<&'b Side<'a>> {
    document.sides.get(person).and_then(Option::as_ref)
}
