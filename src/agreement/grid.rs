//! Token grids: which tokens a label is on, and the one label of each token.
//!
//! A token is on a label if it shares a character with it; a label in pieces is on the tokens of its pieces alone.

use crate::span::Extent;
use crate::text::Text;
use crate::tokens::Tokens;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TokenRule {
    /// A Unicode word, clitics and all, or one visible character between words: as formats of tokens have them.
    #[default]
    Words,
    /// What stands between white space.
    Whitespace,
}

impl TokenRule {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Words, Self::Whitespace];

    /// The name that scripts rely on.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Words => "words",
            Self::Whitespace => "whitespace",
        }
    }

    /// The rule of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.name() == name)
    }

    /// The tokens of a text.
    #[must_use]
    pub fn tokens(self, text: &Text) -> Tokens {
        match self {
            Self::Words => Tokens::of(text, None),
            Self::Whitespace => Tokens::between_spaces(text),
        }
    }
}

/// Tokens next to one another that have the same value, which is not 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Which tokens.
    pub tokens: Range<usize>,
    /// Their value.
    pub value: usize,
}

/// The tokens that an extent is on: ranges in order, apart from one another.
#[must_use]
pub fn tokens_of(tokens: &Tokens, extent: &Extent) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::with_capacity(1);
    for piece in extent.pieces() {
        let Some((range, _)) = tokens.covering(*piece) else { continue };
        match found.last_mut() {
            // Two pieces may be on one token.
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => found.push(range),
        }
    }
    found
}

/// A label on tokens.
pub struct OnTokens<'a> {
    /// Which tokens, as [`tokens_of`] gives them.
    pub tokens: &'a [Range<usize>],
    /// Where it starts in the text.
    pub start: u32,
    /// The label, from 1 on, in the order of names.
    pub label: usize,
}

impl OnTokens<'_> {
    fn count(&self) -> usize {
        self.tokens.iter().map(Range::len).sum()
    }
}

/// The one label of each token: of those that are on it the longest in tokens, then the one that starts earlier, then by name.
#[must_use]
pub fn flat(labels: &[OnTokens], total: usize) -> Vec<Run> {
    let mut order: Vec<&OnTokens> = labels.iter().collect();
    order.sort_by_key(|label| (Reverse(label.count()), label.start, label.label));
    // The first free token at or after each; paths are shortened as they are walked.
    let mut free: Vec<usize> = (0..=total).collect();
    let mut runs = Vec::new();
    for label in order {
        for range in label.tokens {
            let mut at = first_free(&mut free, range.start);
            while at < range.end.min(total) {
                let start = at;
                while at < range.end.min(total) && free.get(at) == Some(&at) {
                    if let Some(place) = free.get_mut(at) {
                        *place = at + 1;
                    }
                    at += 1;
                }
                runs.push(Run { tokens: start..at, value: label.label });
                at = first_free(&mut free, at);
            }
        }
    }
    runs.sort_by_key(|run| run.tokens.start);
    runs
}

fn first_free(free: &mut [usize], from: usize) -> usize {
    let mut root = from;
    while let Some(next) = free.get(root).filter(|next| **next != root) {
        root = *next;
    }
    let mut at = from;
    while let Some(next) = free.get_mut(at).filter(|next| **next != root && at != root) {
        at = std::mem::replace(next, root);
    }
    root
}

/// The tokens that any of some labels is on, as runs of value 1.
#[must_use]
pub fn covered<'a>(labels: impl Iterator<Item = &'a [Range<usize>]>) -> Vec<Run> {
    let mut ranges: Vec<Range<usize>> = labels.flatten().cloned().collect();
    ranges.sort_by_key(|range| range.start);
    let mut runs: Vec<Run> = Vec::new();
    for range in ranges {
        match runs.last_mut() {
            Some(last) if range.start <= last.tokens.end => last.tokens.end = last.tokens.end.max(range.end),
            _ => runs.push(Run { tokens: range, value: 1 }),
        }
    }
    runs
}

/// Walks over all tokens and tells stretches in which nobody's value changes: the tokens, and each one's value, 0 outside of runs.
/// The cost depends on the number of runs, not of tokens. Returns how many stretches there were.
pub fn sweep(total: usize, sides: &[&[Run]], mut see: impl FnMut(Range<usize>, &[usize])) -> usize {
    let mut next = vec![0; sides.len()];
    let mut values = vec![0; sides.len()];
    let (mut at, mut steps) = (0, 0);
    while at < total {
        let mut end = total;
        for ((side, next), value) in sides.iter().zip(&mut next).zip(&mut values) {
            while side.get(*next).is_some_and(|run| run.tokens.end <= at) {
                *next += 1;
            }
            *value = 0;
            if let Some(run) = side.get(*next) {
                if run.tokens.start <= at {
                    *value = run.value;
                    end = end.min(run.tokens.end);
                } else {
                    end = end.min(run.tokens.start);
                }
            }
        }
        see(at..end, &values);
        at = end;
        steps += 1;
    }
    steps
}

#[cfg(test)]
#[allow(clippy::single_range_in_vec_init, reason = "a span in one piece is one range")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Labels as (tokens, start, label), and the values that come of them.
    fn values(labels: &[(&[Range<usize>], u32, usize)], total: usize) -> Vec<usize> {
        let labels: Vec<OnTokens> = labels.iter().map(|(tokens, start, label)| OnTokens { tokens, start: *start, label: *label }).collect();
        let mut values = vec![0; total];
        for run in flat(&labels, total) {
            values[run.tokens].fill(run.value);
        }
        values
    }

    #[test]
    fn the_outermost_label_stands() {
        assert_eq!(values(&[(&[1..3], 5, 1), (&[0..4], 0, 2)], 5), [2, 2, 2, 2, 0]);
        // As long: the earlier; as early: by name.
        assert_eq!(values(&[(&[1..3], 5, 1), (&[0..2], 0, 2)], 4), [2, 2, 1, 0]);
        assert_eq!(values(&[(&[0..2], 3, 2), (&[0..2], 3, 1)], 2), [1, 1]);
        // A label in pieces leaves its gap to others, and is as long as its pieces together.
        assert_eq!(values(&[(&[0..2, 3..5], 0, 2), (&[1..4], 9, 1)], 5), [2, 2, 1, 2, 2]);
    }

    proptest! {
        #[test]
        fn painting_agrees_with_looking_at_each_token(labels in prop::collection::vec((0_usize..20, 1_usize..8, 0_u32..9, 1_usize..4), 0..12)) {
            let ranges: Vec<(Vec<Range<usize>>, u32, usize)> =
                labels.iter().map(|(start, length, at, label)| (vec![*start..start + length], *at, *label)).collect();
            let given: Vec<(&[Range<usize>], u32, usize)> = ranges.iter().map(|(tokens, at, label)| (&tokens[..], *at, *label)).collect();
            let slow: Vec<usize> = (0..30).map(|token| {
                let on = ranges.iter().filter(|(tokens, ..)| tokens[0].contains(&token));
                on.min_by_key(|(tokens, at, label)| (Reverse(tokens[0].len()), *at, *label)).map_or(0, |(.., label)| *label)
            }).collect();
            prop_assert_eq!(values(&given, 30), slow.clone());
            let runs: Vec<OnTokens> = given.iter().map(|(tokens, start, label)| OnTokens { tokens, start: *start, label: *label }).collect();
            let mut swept = Vec::new();
            sweep(30, &[&flat(&runs, 30)], |tokens, values| swept.extend(tokens.map(|_| values[0])));
            prop_assert_eq!(swept, slow);
        }
    }
}
