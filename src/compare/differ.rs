//! Differing: in which ways the labels of an item differ, and how differences hang together.

use super::{Difference, Item, Kind, Subject, Tie};
use crate::sorted;
use crate::span::Span;
use std::collections::BTreeSet;

/// Where not all agree, in reading order.
pub(super) fn differences(items: &[Item], ties: &[Tie]) -> Vec<Difference> {
    let nested = nested_differently(items);
    let mut found: Vec<Difference> = Vec::new();
    for (place, item) in items.iter().enumerate() {
        let mut kinds = kinds(item);
        if nested.contains(&place) {
            kinds.insert(Kind::Nesting);
        }
        if !kinds.is_empty() {
            found.push(Difference { subject: Subject::Item(place), kinds, hull: item.hull, knot: 0 });
        }
    }
    for (place, tie) in ties.iter().enumerate().filter(|(_, tie)| differs(tie, items)) {
        let hull = items[tie.from].hull;
        found.push(Difference { subject: Subject::Tie(place), kinds: BTreeSet::from([Kind::Relation]), hull, knot: 0 });
    }
    sorted::sort_by_key(&mut found, |difference| (difference.hull.reading_order(), difference.subject));
    number_knots(&mut found);
    found
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

/// Items that one annotator has inside another item, and another, who has both too, has not.
fn nested_differently(items: &[Item]) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut open: Vec<usize> = Vec::new();
    for (place, item) in items.iter().enumerate() {
        open.retain(|other| items[*other].hull.end() > item.hull.start());
        for other in &open {
            if nests_differently(&items[*other], item) {
                found.insert(place);
            }
        }
        open.push(place);
    }
    found
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
