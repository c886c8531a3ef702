//! One label on a token: which of several stands, and columns for those that do not.

use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Which of labels that lie on one another is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OverlapRule {
    /// The longest in tokens, then the earlier, then by name of label. Of nested ones, that is the outermost.
    #[default]
    Longest,
    /// Those that lie in no other before those that do, the earlier first.
    Outermost,
    /// The shortest, then the earlier, then by name of label.
    Innermost,
    /// The one whose label comes first in the schema, then as the longest.
    First,
}

impl OverlapRule {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Longest, Self::Outermost, Self::Innermost, Self::First];

    /// The name that scripts rely on.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Longest => "longest",
            Self::Outermost => "outermost",
            Self::Innermost => "innermost",
            Self::First => "first",
        }
    }

    /// The rule of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.name() == name)
    }
}

/// A label on tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flat<'a> {
    /// Which tokens; never empty.
    pub tokens: Range<usize>,
    /// The label's name.
    pub label: &'a str,
    /// The place of the label in the schema; labels that it does not know come last.
    pub rank: usize,
}

/// Parts labels into columns, in each of which none lies on another: the rule fills the first, then the next with what is left.
/// Labels are named by their index; each column is in the order of the tokens.
#[must_use]
pub fn columns(labels: &[Flat], rule: OverlapRule, most: usize) -> Vec<Vec<usize>> {
    let inner = inside(labels);
    let length = |at: usize| labels.get(at).map_or(0, |flat| flat.tokens.len());
    let mut left: Vec<usize> = (0..labels.len()).filter(|at| length(*at) > 0).collect();
    crate::sorted::sort_by_key(&mut left, |at| {
        let Some(flat) = labels.get(*at) else { return (0, 0, 0, "", *at) };
        let (long, start) = (flat.tokens.len(), flat.tokens.start);
        let longest = usize::MAX - long;
        match rule {
            OverlapRule::Longest => (longest, start, 0, flat.label, *at),
            OverlapRule::Outermost => (usize::from(inner.contains(at)), start, longest, flat.label, *at),
            OverlapRule::Innermost => (long, start, 0, flat.label, *at),
            OverlapRule::First => (flat.rank, longest, start, flat.label, *at),
        }
    });
    let mut columns = Vec::new();
    while !left.is_empty() && columns.len() < most {
        let mut taken: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
        left.retain(|at| {
            let Some(flat) = labels.get(*at) else { return false };
            let is_free = taken.range(..flat.tokens.end).next_back().is_none_or(|(_, (end, _))| *end <= flat.tokens.start);
            if is_free {
                taken.insert(flat.tokens.start, (flat.tokens.end, *at));
            }
            !is_free
        });
        columns.push(taken.into_values().map(|(_, at)| at).collect());
    }
    columns
}

/// Labels that lie in a longer one.
fn inside(labels: &[Flat]) -> BTreeSet<usize> {
    let mut order: Vec<usize> = (0..labels.len()).collect();
    crate::sorted::sort_by_key(&mut order, |at| labels.get(*at).map(|flat| (flat.tokens.start, Reverse(flat.tokens.end))));
    let mut found = BTreeSet::new();
    // The furthest end among those before, and the start of the longest that reaches it.
    let mut furthest: Option<Range<usize>> = None;
    for at in order {
        let Some(flat) = labels.get(at) else { continue };
        match &furthest {
            Some(outer) if flat.tokens.end <= outer.end => {
                if flat.tokens != *outer {
                    found.insert(at);
                }
            }
            _ => furthest = Some(flat.tokens.clone()),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn flat(start: usize, end: usize, label: &str) -> Flat<'_> {
        Flat { tokens: start..end, label, rank: usize::from(label != "B") }
    }

    #[test]
    fn each_rule_chooses_as_it_says() {
        // A nested in B, C crosses B, D far away, B twice at one place.
        let labels = [flat(1, 2, "A"), flat(0, 4, "B"), flat(3, 8, "C"), flat(9, 10, "D"), flat(9, 10, "A")];
        let first = |rule| columns(&labels, rule, 1).remove(0);
        assert_eq!(first(OverlapRule::Longest), [0, 2, 4]);
        assert_eq!(first(OverlapRule::Outermost), [1, 4]);
        assert_eq!(first(OverlapRule::Innermost), [0, 2, 4]);
        assert_eq!(first(OverlapRule::First), [1, 4]);
        assert_eq!(columns(&labels, OverlapRule::Longest, 9), [vec![0, 2, 4], vec![1, 3]]);
        assert_eq!(columns(&[], OverlapRule::Longest, 9), Vec::<Vec<usize>>::new());
    }

    /// As the notes on formats say it, one comparison at a time.
    fn slowly(labels: &[Flat]) -> Vec<Vec<usize>> {
        let mut left: Vec<usize> = (0..labels.len()).collect();
        let mut columns = Vec::new();
        while !left.is_empty() {
            let (mut column, mut rest): (Vec<usize>, Vec<usize>) = (Vec::new(), left.clone());
            while !rest.is_empty() {
                let better = |a: &usize, b: &usize| {
                    let (x, y) = (&labels[*a], &labels[*b]);
                    y.tokens.len().cmp(&x.tokens.len()).then(x.tokens.start.cmp(&y.tokens.start)).then(x.label.cmp(y.label)).then(a.cmp(b))
                };
                let best = rest.iter().copied().min_by(|a, b| better(a, b)).expect("there is one");
                column.push(best);
                rest.retain(|at| labels[*at].tokens.end <= labels[best].tokens.start || labels[best].tokens.end <= labels[*at].tokens.start);
            }
            left.retain(|at| !column.contains(at));
            column.sort_by_key(|at| labels[*at].tokens.start);
            columns.push(column);
        }
        columns
    }

    proptest! {
        #[test]
        fn columns_agree_with_the_rule_taken_word_for_word(raw in prop::collection::vec((0_usize..20, 1_usize..8, prop::sample::select(vec!["A", "B", "C"])), 0..14)) {
            let labels: Vec<Flat> = raw.iter().map(|(start, length, label)| flat(*start, start + length, label)).collect();
            prop_assert_eq!(columns(&labels, OverlapRule::Longest, usize::MAX), slowly(&labels));
            for rule in OverlapRule::ALL {
                let all = columns(&labels, rule, usize::MAX);
                let mut seen: Vec<usize> = all.concat();
                seen.sort_unstable();
                prop_assert_eq!(seen, (0..labels.len()).collect::<Vec<_>>());
                for column in &all {
                    prop_assert!(column.windows(2).all(|pair| labels[pair[0]].tokens.end <= labels[pair[1]].tokens.start));
                }
            }
        }
    }
}
