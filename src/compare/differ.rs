//! Differing: in which ways the labels of an item differ, and how differences hang together.

use super::{Comparison, Difference, Item, Kind, Subject, Tie};
use crate::id::Annotator;
use crate::sorted;
use crate::span::Span;
use std::collections::BTreeSet;

/// Differences as far as they were looked for.
pub(super) struct Differing {
    items: Vec<Item>,
    ties: Vec<Tie>,
    found: Vec<Difference>,
    /// Items that have begun and not ended where the walk is.
    open: Vec<usize>,
    at: usize,
}

impl Differing {
    pub(super) fn new(items: Vec<Item>, ties: Vec<Tie>) -> Self {
        Self { items, ties, found: Vec::new(), open: Vec::new(), at: 0 }
    }

    pub(super) fn passed(&self) -> usize {
        self.at
    }

    /// Looks at so many more items; whether that was all of them.
    pub(super) fn take(&mut self, count: usize) -> bool {
        let end = self.items.len().min(self.at.saturating_add(count));
        for place in self.at..end {
            let item = &self.items[place];
            let mut kinds = kinds(item);
            self.open.retain(|other| self.items[*other].hull.end() > item.hull.start());
            // One annotator has it inside another item, and another, who has both too, has not.
            if self.open.iter().any(|other| nests_differently(&self.items[*other], item)) {
                kinds.insert(Kind::Nesting);
            }
            self.open.push(place);
            if !kinds.is_empty() {
                self.found.push(Difference { subject: Subject::Item(place), kinds, hull: item.hull, knot: 0 });
            }
        }
        self.at = end;
        end == self.items.len()
    }

    /// All that was found, in reading order.
    pub(super) fn comparison(self, annotators: Vec<Annotator>) -> Comparison {
        let Self { items, ties, found: mut differences, .. } = self;
        for (place, tie) in ties.iter().enumerate().filter(|(_, tie)| differs(tie, &items)) {
            let hull = items[tie.from].hull;
            differences.push(Difference { subject: Subject::Tie(place), kinds: BTreeSet::from([Kind::Relation]), hull, knot: 0 });
        }
        sorted::sort_by_key(&mut differences, |difference| (difference.hull.reading_order(), difference.subject));
        number_knots(&mut differences);
        Comparison { annotators, items, ties, differences }
    }
}

fn kinds(item: &Item) -> BTreeSet<Kind> {
    let mut kinds = BTreeSet::new();
    if item.of.iter().any(Option::is_none) {
        kinds.insert(Kind::Missing);
    }
    let mut present = item.of.iter().flatten();
    let Some(first) = present.next() else { return kinds };
    for other in present {
        if other.extent != first.extent {
            kinds.insert(Kind::Boundaries);
        }
        if other.label != first.label {
            kinds.insert(Kind::Label);
        } else if other.attributes != first.attributes {
            kinds.insert(Kind::Attribute);
        }
    }
    kinds
}

/// Whether some who have both ends do not have the tie, or say something else of it.
fn differs(tie: &Tie, items: &[Item]) -> bool {
    let first = tie.of.iter().flatten().next();
    tie.of.iter().enumerate().any(|(whose, relation)| match (relation, first) {
        (Some(relation), Some(first)) => relation.attributes != first.attributes,
        _ => items[tie.from].of[whose].is_some() && items[tie.to].of[whose].is_some(),
    })
}

fn nests_differently(a: &Item, b: &Item) -> bool {
    let both = a.of.iter().zip(&b.of).filter_map(|(a, b)| Some((a.as_ref()?.extent.hull(), b.as_ref()?.extent.hull())));
    let mut ways = both.map(|(a, b)| way(a, b));
    let first = ways.next();
    ways.any(|other| Some(other) != first)
}

/// Which of the two is inside the other: both where they are the same, neither where they cross or lie apart.
fn way(a: Span, b: Span) -> (bool, bool) {
    (a.covers(b), b.covers(a))
}

/// Differences that overlap get one number.
fn number_knots(differences: &mut [Difference]) {
    let mut reach: Option<Span> = None;
    let mut knot = 0;
    for difference in differences {
        reach = match reach {
            Some(reach) if reach.overlaps(difference.hull) => Some(reach.hull(difference.hull)),
            Some(_) => {
                knot += 1;
                Some(difference.hull)
            }
            None => Some(difference.hull),
        };
        difference.knot = knot;
    }
}
