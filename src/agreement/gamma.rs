//! γ: how alike spans are, in place and label at once, against spans that were moved at random.
//!
//! Mathet, Widlöcher and Métivier, *The unified and holistic method gamma (γ) for inter-annotator agreement measure and
//! alignment*, Computational Linguistics 41 (2015). γ is 1 less the disorder of the best alignment by the disorder that is
//! expected: the mean over samples, in each of which everybody gets the spans of one of the people, drawn at random, moved
//! along the text by a random distance and round its end. There are 30 samples, and more until the mean is known to 2 % with
//! a confidence of 95 %, yet no more than 400. Of several documents, disorders are summed before they are divided.
//! A label in pieces stands from its first character to its last.

use super::alignment::{Unit, disorder};
use super::corpus::{Corpus, Shared};
use super::tally::side;
use super::{Figure, Undefined};
use crate::random::SplitMix64;
use crate::span::Span;
use crate::text::Offset;

/// More labels than these, over all people and documents, have no γ where it must be quick.
pub const MOST_UNITS: usize = 15_000;

const FEWEST_SAMPLES: usize = 30;
const MOST_SAMPLES: usize = 400;
/// How well the expected disorder is to be known, as a part of it.
const PRECISION: f64 = 0.02;
/// Standard deviations on either side that hold 95 % of a normal distribution.
const CONFIDENCE: f64 = 1.96;

/// Disorders, each times the mean number of a person's spans, so that they can be summed over documents.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Disorder {
    /// Of the best alignment.
    pub observed: f64,
    /// Of the best alignments of spans moved at random.
    pub expected: f64,
}

impl Disorder {
    /// Adds what was found elsewhere, several times over.
    pub fn add(&mut self, other: &Self, times: u64) {
        self.observed += other.observed * times as f64;
        self.expected += other.expected * times as f64;
    }

    /// γ.
    ///
    /// # Errors
    /// Where there is nothing to align.
    pub fn gamma(&self) -> Figure {
        super::nominal::ratio(self.observed, self.expected, Undefined::NoLabels).map(|part| 1.0 - part)
    }

    /// The disorders of a document, between the people who have it; `seed` is where chance begins.
    ///
    /// # Errors
    /// Where an alignment takes too many steps.
    pub fn of(corpus: &Corpus, document: &Shared, seed: u64) -> Result<Self, Undefined> {
        let people = corpus.people();
        let units = |person: &usize| {
            let items = &side(document, *person)?.items;
            Some(items.iter().map(|item| Unit { span: item.annotation.extent.hull(), label: item.label }).collect())
        };
        let people: Vec<Vec<Unit>> = people.iter().filter_map(units).collect();
        Self::between(people, document.text.len().get(), seed)
    }

    /// The disorders of units on a text of this length.
    ///
    /// # Errors
    /// Where an alignment takes too many steps.
    pub fn between(mut people: Vec<Vec<Unit>>, length: u32, seed: u64) -> Result<Self, Undefined> {
        let spans: usize = people.iter().map(Vec::len).sum();
        if people.len() < 2 || spans == 0 || length == 0 {
            return Ok(Self::default());
        }
        // The names of people must not matter to what is drawn.
        let key = |unit: &Unit| (unit.span.start(), unit.span.end(), unit.label);
        people.iter_mut().for_each(|units| units.sort_by_key(key));
        people.sort_by_cached_key(|units| units.iter().map(key).collect::<Vec<_>>());
        let mean = |people: &[Vec<Unit>]| people.iter().map(Vec::len).sum::<usize>() as f64 / people.len() as f64;
        let observed = disorder(&people, &mut 0)?;
        let mut random = SplitMix64::new(seed);
        let mut samples: Vec<f64> = Vec::new();
        let (mut tries, mut steps) = (0, 0);
        while tries < needed(&samples) {
            let sample = sample(&people, length, &mut random);
            tries += 1;
            // Where only people without labels were drawn there is nothing to align.
            if sample.iter().any(|units| !units.is_empty()) {
                samples.push(disorder(&sample, &mut steps)? / mean(&sample));
            }
            if steps > super::matching::MOST_STEPS * 4 {
                return Err(Undefined::TooLarge);
            }
        }
        let expected = samples.iter().sum::<f64>() / samples.len().max(1) as f64;
        Ok(Self { observed, expected: expected * mean(&people) })
    }
}

/// Everybody gets the spans of one of the people, moved along.
fn sample(people: &[Vec<Unit>], length: u32, random: &mut SplitMix64) -> Vec<Vec<Unit>> {
    let mut drawn = || {
        let source = usize::try_from(random.below(people.len() as u64)).ok().and_then(|at| people.get(at));
        let by = u32::try_from(random.below(u64::from(length))).unwrap_or(0);
        let moved = |unit: &Unit| {
            let (start, long) = (unit.span.start().get(), unit.span.len());
            let left = length.saturating_sub(start);
            let start = Offset::new(if by < left { start.saturating_add(by) } else { by - left });
            Span::try_new(start, start.plus(long)).map(|span| Unit { span, ..*unit })
        };
        source.into_iter().flatten().filter_map(moved).collect()
    };
    people.iter().map(|_| drawn()).collect()
}

/// How many samples it takes to know their mean well.
fn needed(samples: &[f64]) -> usize {
    if samples.len() < FEWEST_SAMPLES {
        return FEWEST_SAMPLES;
    }
    let count = samples.len() as f64;
    let mean = samples.iter().sum::<f64>() / count;
    let variance = samples.iter().map(|sample| (sample - mean).powi(2)).sum::<f64>() / (count - 1.0);
    let wanted = (variance.sqrt() * CONFIDENCE / (mean * PRECISION)).powi(2);
    if wanted.is_finite() { (wanted.ceil() as usize).clamp(FEWEST_SAMPLES, MOST_SAMPLES) } else { FEWEST_SAMPLES }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(given: &[(u32, u32, usize)]) -> Vec<Unit> {
        let unit = |(start, end, label): &(u32, u32, usize)| Unit {
            span: Span::try_new(Offset::new(*start), Offset::new(*end)).expect("it is not empty"),
            label: *label,
        };
        given.iter().map(unit).collect()
    }

    fn gamma(people: &[&[(u32, u32, usize)]]) -> Figure {
        Disorder::between(people.iter().map(|given| units(given)).collect(), 200, 7).and_then(|disorder| disorder.gamma())
    }

    const SOME: &[(u32, u32, usize)] = &[(0, 8, 1), (20, 32, 2), (50, 55, 1), (80, 99, 3), (120, 130, 2)];

    #[test]
    fn the_same_is_one_and_another_is_less() {
        // Section 5 of the paper: full agreement is 1; a shift, a label or a missing span lessens it, more of them more.
        assert_eq!(gamma(&[SOME, SOME]), Ok(1.0));
        assert_eq!(gamma(&[SOME, SOME, SOME]), Ok(1.0));
        let shifted = |by: u32| -> Vec<(u32, u32, usize)> { SOME.iter().map(|(start, end, label)| (start + by, end + by, *label)).collect() };
        let figures: Vec<f64> = [0, 1, 2, 4].map(|by| gamma(&[SOME, &shifted(by)]).expect("it is defined")).into();
        assert!(figures.windows(2).all(|pair| pair[1] < pair[0]), "{figures:?}");
        let missing = gamma(&[SOME, &SOME[1..]]).expect("it is defined");
        assert!(missing < 1.0 && missing > gamma(&[SOME, &SOME[3..]]).expect("it is defined"), "{missing}");
    }

    #[test]
    fn nothing_to_align_has_no_figure() {
        assert_eq!(gamma(&[&[], &[]]), Err(Undefined::NoLabels));
        assert_eq!(gamma(&[SOME]), Err(Undefined::NoLabels));
    }

    #[test]
    fn the_seed_is_the_only_chance() {
        let other = units(&[(1, 8, 1), (60, 70, 2)]);
        let of = |people: [&Vec<Unit>; 2], seed| Disorder::between(people.map(Clone::clone).into(), 200, seed).expect("it is small");
        let some = units(SOME);
        assert_eq!(of([&some, &other], 1), of([&some, &other], 1));
        assert_eq!(of([&some, &other], 1), of([&other, &some], 1));
        assert_ne!(of([&some, &other], 1).expected, of([&some, &other], 2).expected);
    }
}
