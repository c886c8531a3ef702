//! Intervals by bootstrap: documents are drawn anew, with repetition, and the figures worked out again and again.
//!
//! Efron, *Bootstrap methods: another look at the jackknife* (1979); the interval is that of percentiles.

use super::Undefined;
use super::figures::{Figures, mean, pair_values, whole_values};
use super::tally::Tally;
use crate::random::SplitMix64;

/// More numbers than these are not kept, or not summed.
const MOST_KEPT: usize = 20_000_000;
const MOST_SUMMED: usize = 2_000_000_000;

/// What part of the draws an interval holds.
pub const LEVEL: f64 = 0.95;

/// What is drawn from, and what the figures need besides.
pub struct Draw<'a> {
    /// What each document gave.
    pub tallies: &'a [Tally],
    /// How many people there are.
    pub people: usize,
    /// Why there is no γ, if there is none.
    pub gamma: Option<Undefined>,
    /// How often all is drawn anew.
    pub times: usize,
    /// Where chance begins.
    pub seed: u64,
}

/// Whether tallies of this size, of so many documents, can be kept and drawn from.
///
/// # Errors
/// Where there is one document, or it would take too long.
pub fn is_possible(documents: usize, size: usize, times: usize) -> Result<(), Undefined> {
    if documents < 2 {
        return Err(Undefined::OneDocument);
    }
    let kept = documents.saturating_mul(size);
    if kept > MOST_KEPT || kept.saturating_mul(times) > MOST_SUMMED { Err(Undefined::TooLarge) } else { Ok(()) }
}

impl Draw<'_> {
    /// Gives figures their intervals: each pair's, the means', and those of all people.
    pub fn intervals(&self, pairs: &mut [&mut Figures], means: &mut Figures, whole: &mut Figures) {
        let mut random = SplitMix64::new(self.seed);
        let mut drawn: Vec<Vec<f64>> = Vec::new();
        for _ in 0..self.times {
            let values = self.once(&mut random);
            drawn.resize_with(values.len().max(drawn.len()), Vec::new);
            drawn.iter_mut().zip(values).for_each(|(drawn, value)| drawn.extend(value));
        }
        let mut intervals = drawn.into_iter().map(interval);
        let groups = pairs.iter_mut().map(|figures| &mut **figures).chain([means, whole]);
        let sizes: Vec<usize> = self.sizes();
        for (figures, size) in groups.zip(sizes) {
            let found: Vec<Option<(f64, f64)>> = intervals.by_ref().take(size).collect();
            figures.intervals = figures.entries.iter().zip(found).map(|((_, figure), interval)| interval.filter(|_| figure.is_ok())).collect();
        }
    }

    fn sizes(&self) -> Vec<usize> {
        let Some(first) = self.tallies.first() else { return Vec::new() };
        let pairs: Vec<usize> = first.pairs.iter().map(|pair| pair_values(pair).len()).collect();
        let means = pairs.first().copied().unwrap_or(0);
        let whole = whole_values(first, self.people, self.gamma).len();
        pairs.into_iter().chain([means, whole]).collect()
    }

    fn once(&self, random: &mut SplitMix64) -> Vec<Option<f64>> {
        let mut counts = vec![0_u64; self.tallies.len()];
        for _ in 0..counts.len() {
            let at = usize::try_from(random.below(self.tallies.len() as u64)).unwrap_or(0);
            counts.iter_mut().skip(at).take(1).for_each(|count| *count += 1);
        }
        let Some(first) = self.tallies.first() else { return Vec::new() };
        let mut sum = Tally::new(first.pairs.len(), first.covered.len());
        for (tally, count) in self.tallies.iter().zip(counts).filter(|(_, count)| *count > 0) {
            sum.add(tally, count);
        }
        let pairs: Vec<_> = sum.pairs.iter().map(pair_values).collect();
        let means = mean(&pairs, pairs.first().map_or(0, Vec::len));
        let whole = whole_values(&sum, self.people, self.gamma);
        pairs.into_iter().flatten().chain(means).chain(whole).map(Result::ok).collect()
    }
}

/// The percentiles between which [`LEVEL`] of the numbers lie; between two numbers, in proportion.
fn interval(mut drawn: Vec<f64>) -> Option<(f64, f64)> {
    drawn.sort_by(f64::total_cmp);
    let at = |part: f64| {
        let place = part * drawn.len().checked_sub(1)? as f64;
        let (low, high) = (drawn.get(place.floor() as usize)?, drawn.get(place.ceil() as usize)?);
        Some(low + (high - low) * place.fract())
    };
    Some((at((1.0 - LEVEL) / 2.0)?, at((1.0 + LEVEL) / 2.0)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_holds_its_part_of_the_numbers() {
        assert_eq!(interval(Vec::new()), None);
        assert_eq!(interval(vec![2.0]), Some((2.0, 2.0)));
        let (low, high) = interval((0..=1_000).rev().map(f64::from).collect()).expect("there are numbers");
        assert!((low - 25.0).abs() < 1e-6 && (high - 975.0).abs() < 1e-6, "{low} {high}");
    }

    #[test]
    fn one_document_and_too_much_are_told() {
        assert_eq!(is_possible(1, 10, 10), Err(Undefined::OneDocument));
        assert_eq!(is_possible(2, 10, 10), Ok(()));
        assert_eq!(is_possible(1_000_000, 1_000, 1), Err(Undefined::TooLarge));
    }
}
