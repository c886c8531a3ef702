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
type Whose = (usize, Arc<Annotation>);

/// Two labels of different annotators that overlap, by their places in reading order.
struct Pair {
    a: usize,
    b: usize,
    /// The lower, the surer.
    rank: u8,
    shared: u32,
}

/// All labels in an order that does not depend on that of the annotators, as far as what they say differs.
pub(super) struct Order {
    all: Vec<Whose>,
    /// Of each layer, how many of its labels were taken, and the next one.
    next: Vec<(usize, Option<Arc<Annotation>>)>,
    /// Where those begin that lie on the same place as the last one.
    run: usize,
}

impl Order {
    pub(super) fn new(layers: &[(Annotator, Layer)]) -> Self {
        let next = layers.iter().map(|(_, layer)| (0, layer.nth(0).cloned())).collect();
        Self { all: Vec::with_capacity(layers.iter().map(|(_, layer)| layer.len()).sum()), next, run: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// Takes so many more labels; whether that is all of them.
    pub(super) fn take(&mut self, layers: &[(Annotator, Layer)], count: usize) -> bool {
        for _ in 0..count {
            let heads = self.next.iter().enumerate().filter_map(|(place, (_, head))| Some((head.as_ref()?.extent.hull().reading_order(), place)));
            let Some((order, place)) = heads.min() else {
                self.settle(layers);
                return true;
            };
            if self.all.last().is_some_and(|(_, last)| last.extent.hull().reading_order() != order) {
                self.settle(layers);
            }
            let (rank, head) = &mut self.next[place];
            *rank += 1;
            let label = std::mem::replace(head, layers[place].1.nth(*rank).cloned());
            self.all.extend(label.map(|label| (place, label)));
        }
        false
    }

    /// Orders those that lie on one place.
    fn settle(&mut self, layers: &[(Annotator, Layer)]) {
        sorted::sort_by(&mut self.all[self.run..], |(x, a), (y, b)| {
            let by_label = a.label.cmp(&b.label).then_with(|| a.extent.pieces().len().cmp(&b.extent.pieces().len()));
            by_label.then_with(|| layers[*x].0.cmp(&layers[*y].0)).then_with(|| a.id.cmp(&b.id))
        });
        self.run = self.all.len();
    }
}

/// Pairs that may stand for the same thing, found by one walk through the text.
pub(super) struct Pairing {
    all: Vec<Whose>,
    pairs: Vec<Pair>,
    /// Labels that have begun and not ended where the walk is.
    open: Vec<usize>,
    at: usize,
    /// How many labels were looked at beside another one.
    looks: usize,
}

impl Pairing {
    pub(super) fn new(order: Order) -> Self {
        Self { all: order.all, pairs: Vec::new(), open: Vec::new(), at: 0, looks: 0 }
    }

    pub(super) fn looks(&self) -> usize {
        self.looks
    }

    pub(super) fn passed(&self) -> usize {
        self.at
    }

    /// Passes so many more labels; whether that was all of them.
    pub(super) fn take(&mut self, count: usize) -> bool {
        let end = self.all.len().min(self.at.saturating_add(count));
        for b in self.at..end {
            let (whose, annotation) = &self.all[b];
            let start = annotation.extent.hull().start();
            self.looks += self.open.len();
            self.open.retain(|a| self.all[*a].1.extent.hull().end() > start);
            for a in &self.open {
                let (other, first) = &self.all[*a];
                if other != whose
                    && let Some((rank, shared)) = likeness(first, annotation)
                {
                    self.pairs.push(Pair { a: *a, b, rank, shared });
                }
            }
            self.open.push(b);
        }
        self.at = end;
        end == self.all.len()
    }
}

/// What is labelled, in reading order.
pub(super) fn items(pairing: Pairing, annotators: usize) -> Vec<Item> {
    let Pairing { all, mut pairs, .. } = pairing;
    let mut groups = Groups::new(&all);
    sorted::sort_by(&mut pairs, |x, y| (x.rank, Reverse(x.shared), x.a, x.b).cmp(&(y.rank, Reverse(y.shared), y.a, y.b)));
    for pair in pairs {
        groups.join(pair.a, pair.b);
    }
    // The first label of an item in reading order stands for it: the same whoever's it is.
    let mut items: Vec<Item> = Vec::new();
    let mut places: Vec<Option<usize>> = vec![None; all.len()];
    for (label, (annotator, annotation)) in all.into_iter().enumerate() {
        let hull = annotation.extent.hull();
        let place = *places[groups.root(label)].get_or_insert_with(|| {
            items.push(Item { of: vec![None; annotators], hull });
            items.len() - 1
        });
        let item = &mut items[place];
        item.hull = item.hull.hull(hull);
        item.of[annotator] = Some(annotation);
    }
    sorted::sort_by_key(&mut items, |item| item.hull.reading_order());
    items
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
    fn new(all: &[Whose]) -> Self {
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
#[derive(Default)]
pub(super) struct Tying {
    ties: BTreeMap<(usize, usize, RelationKind, usize), Tie>,
    /// Whose relations come next.
    whose: usize,
}

impl Tying {
    /// Takes one more annotator's relations; whether there is nobody left.
    pub(super) fn take(&mut self, layers: &[(Annotator, Layer)], items: &[Item]) -> bool {
        let whose = self.whose;
        let Some((_, layer)) = layers.get(whose) else { return true };
        self.whose += 1;
        if layer.relations().next().is_none() {
            return false;
        }
        let places: HashMap<&AnnotationId, usize> =
            items.iter().enumerate().filter_map(|(place, item)| Some((&item.of[whose].as_ref()?.id, place))).collect();
        for relation in layer.relations() {
            let (Some(from), Some(to)) = (places.get(&relation.from), places.get(&relation.to)) else { continue };
            let free = (0..).find(|turn| {
                let tie = self.ties.get(&(*from, *to, relation.kind.clone(), *turn));
                tie.is_none_or(|tie| tie.of[whose].is_none())
            });
            let key = (*from, *to, relation.kind.clone(), free.unwrap_or(0));
            let new = || Tie { kind: relation.kind.clone(), from: *from, to: *to, of: vec![None; layers.len()] };
            self.ties.entry(key).or_insert_with(new).of[whose] = Some(Arc::clone(relation));
        }
        false
    }

    pub(super) fn ties(self) -> Vec<Tie> {
        self.ties.into_values().collect()
    }
}
