//! Joining: which labels of different annotators stand for the same thing.
//!
//! Labels are joined pair by pair: first those on the same extent with the same kind of label; then those of one kind that
//! overlap, the largest overlap first; then those of different kinds that share at least half of what either covers, the
//! same extents first. No two labels of one annotator come together.

use super::{Item, Tie};
use crate::annotation::Annotation;
use crate::id::{AnnotationId, Annotator, RelationKind};
use crate::layer::Layer;
use crate::sorted;
use crate::span::{Extent, Span};
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// A label with the place of its annotator.
type Whose<'a> = (usize, &'a Arc<Annotation>);

/// Two labels of different annotators that overlap, by their places in reading order.
struct Pair {
    a: usize,
    b: usize,
    /// The lower, the surer.
    rank: u8,
    shared: u32,
}

/// What is labelled, in reading order.
pub(super) fn items(layers: &[(Annotator, Layer)]) -> Vec<Item> {
    let all = in_order(layers);
    let mut groups = Groups::new(&all);
    let mut pairs = pairs(&all);
    sorted::sort_by(&mut pairs, |x, y| (x.rank, Reverse(x.shared), x.a, x.b).cmp(&(y.rank, Reverse(y.shared), y.a, y.b)));
    for pair in pairs {
        groups.join(pair.a, pair.b);
    }
    let mut found: BTreeMap<usize, Item> = BTreeMap::new();
    for (place, (annotator, annotation)) in all.iter().enumerate() {
        let hull = annotation.extent.hull();
        let item = found.entry(groups.root(place)).or_insert_with(|| Item { of: vec![None; layers.len()], hull });
        item.hull = item.hull.hull(hull);
        item.of[*annotator] = Some(Arc::clone(annotation));
    }
    // The first label of an item in reading order stands for it: the same whoever's it is.
    let mut items: Vec<Item> = found.into_values().collect();
    sorted::sort_by_key(&mut items, |item| item.hull.reading_order());
    items
}

/// All labels in an order that does not depend on that of the annotators, as far as what they say differs.
fn in_order(layers: &[(Annotator, Layer)]) -> Vec<Whose<'_>> {
    let mut all: Vec<Whose<'_>> = Vec::new();
    for (place, (_, layer)) in layers.iter().enumerate() {
        all.extend(layer.iter().map(|annotation| (place, annotation)));
    }
    sorted::sort_by(&mut all, |(x, a), (y, b)| {
        let (one, two) = (a.extent.hull().reading_order(), b.extent.hull().reading_order());
        let by_place = one.cmp(&two).then_with(|| a.label.cmp(&b.label)).then_with(|| a.extent.pieces().len().cmp(&b.extent.pieces().len()));
        by_place.then_with(|| layers[*x].0.cmp(&layers[*y].0)).then_with(|| a.id.cmp(&b.id))
    });
    all
}

/// Pairs that may stand for the same thing, found by one walk through the text.
fn pairs(all: &[Whose<'_>]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for (b, (whose, annotation)) in all.iter().enumerate() {
        let hull = annotation.extent.hull();
        open.retain(|a| all[*a].1.extent.hull().end() > hull.start());
        for a in &open {
            let (other, first) = all[*a];
            if other != *whose
                && let Some((rank, shared)) = likeness(first, annotation)
            {
                pairs.push(Pair { a: *a, b, rank, shared });
            }
        }
        open.push(b);
    }
    pairs
}

/// How likely two labels stand for the same thing: the rank, and how many characters they share.
fn likeness(a: &Annotation, b: &Annotation) -> Option<(u8, u32)> {
    let shared = shared(&a.extent, &b.extent);
    let either = a.extent.length() + b.extent.length() - shared;
    match (a.extent == b.extent, a.label == b.label) {
        (true, true) => Some((0, shared)),
        (false, true) if shared > 0 => Some((1, shared)),
        (true, false) => Some((2, shared)),
        (false, false) if shared * 2 >= either => Some((3, shared)),
        _ => None,
    }
}

fn shared(a: &Extent, b: &Extent) -> u32 {
    let overlap = |one: &Span, two: &Span| one.intersection(*two).map_or(0, Span::len);
    a.pieces().iter().flat_map(|one| b.pieces().iter().map(move |two| overlap(one, two))).sum()
}

/// Groups of labels that were joined, each with the annotators it has a label of.
struct Groups {
    above: Vec<usize>,
    /// A bit for each annotator.
    whose: Vec<u64>,
}

impl Groups {
    fn new(all: &[Whose<'_>]) -> Self {
        // Of more than 64 annotators the last ones share a bit, and are not joined with one another.
        Self { above: (0..all.len()).collect(), whose: all.iter().map(|(annotator, _)| 1 << (*annotator).min(63)).collect() }
    }

    fn root(&mut self, mut place: usize) -> usize {
        while self.above[place] != place {
            self.above[place] = self.above[self.above[place]];
            place = self.above[place];
        }
        place
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if a != b && self.whose[a] & self.whose[b] == 0 {
            self.above[a.max(b)] = a.min(b);
            self.whose[a.min(b)] |= self.whose[a.max(b)];
        }
    }
}

/// What is tied: relations of one kind between the same two items. Those that one annotator has twice stay apart.
pub(super) fn ties(layers: &[(Annotator, Layer)], items: &[Item]) -> Vec<Tie> {
    let mut ties: BTreeMap<(usize, usize, RelationKind, usize), Tie> = BTreeMap::new();
    for (whose, (_, layer)) in layers.iter().enumerate() {
        let places: HashMap<&AnnotationId, usize> =
            items.iter().enumerate().filter_map(|(place, item)| Some((&item.of[whose].as_ref()?.id, place))).collect();
        for relation in layer.relations() {
            let (Some(from), Some(to)) = (places.get(&relation.from), places.get(&relation.to)) else { continue };
            let free = (0..).find(|turn| {
                let tie = ties.get(&(*from, *to, relation.kind.clone(), *turn));
                tie.is_none_or(|tie| tie.of[whose].is_none())
            });
            let key = (*from, *to, relation.kind.clone(), free.unwrap_or(0));
            let new = || Tie { kind: relation.kind.clone(), from: *from, to: *to, of: vec![None; layers.len()] };
            ties.entry(key).or_insert_with(new).of[whose] = Some(Arc::clone(relation));
        }
    }
    ties.into_values().collect()
}
