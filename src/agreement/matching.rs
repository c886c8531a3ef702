//! The heaviest one-to-one matching between two sets, exactly; and what lies near what.
//!
//! Nodes of the first set are taken in one after another; each time the cheapest way to change the matching is found by
//! Dijkstra's algorithm on costs that were made non-negative by potentials (the Hungarian method: Kuhn 1955, Munkres 1957,
//! with potentials after Edmonds and Karp 1972). Only what hangs together is looked at, so that many small groups are cheap.

use super::Undefined;
use crate::span::Span;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The most steps that a matching may take: a second or so.
pub const MOST_STEPS: usize = 40_000_000;

/// Two that may be matched, and how much that would be worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The place in the first set.
    pub a: usize,
    /// The place in the second set.
    pub b: usize,
    /// Over 0; a whole number, so that the heaviest sum is the same from both sides.
    pub weight: i64,
}

/// A matching.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matching {
    /// What is matched, in the order of the first set.
    pub pairs: Vec<(usize, usize)>,
    /// All their weights together.
    pub weight: i64,
    /// How many steps it took.
    pub steps: usize,
}

/// The heaviest matching of two sets of so many. Edges of no worth, and to nowhere, are left out.
///
/// # Errors
/// Where it takes more than [`MOST_STEPS`].
pub fn heaviest(first: usize, second: usize, edges: &[Edge]) -> Result<Matching, Undefined> {
    let mut state =
        State { edges: vec![Vec::new(); first], left: vec![Left::default(); first], right: vec![Right::default(); second], ..State::default() };
    for edge in edges.iter().filter(|edge| edge.weight > 0 && edge.b < second) {
        if let Some(place) = state.edges.get_mut(edge.a) {
            place.push((edge.b, edge.weight));
        }
    }
    for node in 0..first {
        state.take_in(node);
        if state.steps > MOST_STEPS {
            return Err(Undefined::TooLarge);
        }
    }
    let partners = state.left.iter().enumerate().filter_map(|(a, left)| left.partner.map(|b| (a, b)));
    let pairs: Vec<(usize, usize)> = partners.collect();
    let worth = |(a, b): &(usize, usize)| state.edges.get(*a)?.iter().filter(|(other, _)| other == b).map(|(_, weight)| *weight).max();
    let weight = pairs.iter().filter_map(worth).sum();
    Ok(Matching { pairs, weight, steps: state.steps })
}

/// One of the first set. Its potential is never over 0, for to stay alone costs nothing.
#[derive(Clone, Copy, Default)]
struct Left {
    potential: i64,
    partner: Option<usize>,
}

/// One of the second set. Who has a partner once keeps having one.
#[derive(Clone, Copy, Default)]
struct Right {
    potential: i64,
    owner: Option<usize>,
    /// While a way is looked for: the cost of the cheapest known to here, and which of the first set is before it.
    reached: Option<(i64, usize)>,
}

#[derive(Default)]
struct State {
    /// Of each of the first set; a cost is a weight below 0.
    edges: Vec<Vec<(usize, i64)>>,
    left: Vec<Left>,
    right: Vec<Right>,
    /// Those of the first set that the search has looked at, with the cost of the way to them.
    seen: Vec<(usize, i64)>,
    /// Those of the second set that the search has passed, likewise.
    passed: Vec<(usize, i64)>,
    steps: usize,
}

/// How a way ends.
#[derive(Clone, Copy)]
enum End {
    /// At one of the second set that has no partner yet.
    Free(usize),
    /// At one of the first set that then stays alone.
    Alone(usize),
}

impl State {
    fn left(&self, node: usize) -> Left {
        self.left.get(node).copied().unwrap_or_default()
    }

    fn right(&self, node: usize) -> Right {
        self.right.get(node).copied().unwrap_or_default()
    }

    /// Takes in one of the first set: it gets a partner, or one on the way stays alone.
    fn take_in(&mut self, start: usize) {
        let costs = self.edges.get(start).into_iter().flatten().map(|(b, weight)| -weight - self.right(*b).potential);
        let least = costs.min().unwrap_or(0).min(0);
        if let Some(left) = self.left.get_mut(start) {
            left.potential = least;
        }
        let (end, cost) = self.search(start);
        self.change(end);
        for (node, at) in std::mem::take(&mut self.passed) {
            if let Some(right) = self.right.get_mut(node) {
                right.potential -= cost - at;
            }
        }
        for (node, at) in std::mem::take(&mut self.seen) {
            if let Some(left) = self.left.get_mut(node) {
                left.potential += cost - at;
            }
            for (b, _) in self.edges.get(node).into_iter().flatten() {
                if let Some(right) = self.right.get_mut(*b) {
                    right.reached = None;
                }
            }
        }
    }

    /// The cheapest way from a node, and its cost.
    fn search(&mut self, start: usize) -> (End, i64) {
        let mut heap: BinaryHeap<Reverse<(i64, usize)>> = BinaryHeap::new();
        let (mut node, mut at) = (start, 0);
        let mut alone = (i64::MAX, start);
        loop {
            self.seen.push((node, at));
            let potential = self.left(node).potential;
            alone = alone.min((at - potential, node));
            for (b, weight) in self.edges.get(node).into_iter().flatten() {
                self.steps += 1;
                let Some(right) = self.right.get_mut(*b) else { continue };
                let cost = at - weight - potential - right.potential;
                if right.reached.is_none_or(|(known, _)| cost < known) {
                    right.reached = Some((cost, node));
                    heap.push(Reverse((cost, *b)));
                }
            }
            loop {
                let Some(Reverse((cost, b))) = heap.pop().filter(|Reverse((cost, _))| *cost <= alone.0) else {
                    return (End::Alone(alone.1), alone.0);
                };
                let right = self.right(b);
                if right.reached.is_some_and(|(known, _)| known < cost) {
                    // A cheaper way here was found since.
                    continue;
                }
                let Some(owner) = right.owner else { return (End::Free(b), cost) };
                self.passed.push((b, cost));
                (node, at) = (owner, cost);
                break;
            }
        }
    }

    /// Gives partners along the way that was found, from its end.
    fn change(&mut self, end: End) {
        let mut next = match end {
            End::Free(b) => Some(b),
            End::Alone(node) => self.left.get_mut(node).and_then(|left| left.partner.take()),
        };
        while let Some(b) = next {
            let Some((_, from)) = self.right(b).reached else { return };
            next = self.left.get_mut(from).and_then(|left| left.partner.replace(b));
            if let Some(right) = self.right.get_mut(b) {
                right.owner = Some(from);
            }
        }
    }
}

/// Spans by where they start, the short apart from the long, so that what is near is found without looking at all.
#[derive(Clone, Debug, Default)]
pub struct Nearby {
    /// The longest length of each class, and its spans: start and number.
    classes: Vec<(u32, Vec<(u32, usize)>)>,
}

impl Nearby {
    /// Spans with their numbers.
    #[must_use]
    pub fn new(spans: impl IntoIterator<Item = (Span, usize)>) -> Self {
        let mut classes: Vec<(u32, Vec<(u32, usize)>)> = Vec::new();
        for (span, number) in spans {
            let class = span.len().ilog2() as usize;
            if classes.len() <= class {
                classes.resize_with(class + 1, Default::default);
            }
            if let Some((longest, members)) = classes.get_mut(class) {
                *longest = span.len().max(*longest);
                members.push((span.start().get(), number));
            }
        }
        classes.iter_mut().for_each(|(_, members)| members.sort_unstable());
        Self { classes }
    }

    /// Tells the numbers of spans that may start between two places, which depend on how long the spans can be; returns how many.
    pub fn each(&self, between: impl Fn(u32) -> (u32, u32), mut tell: impl FnMut(usize)) -> usize {
        let mut told = 0;
        for (longest, members) in &self.classes {
            let (first, last) = between(*longest);
            let from = members.partition_point(|(start, _)| *start < first);
            for (_, number) in members.iter().skip(from).take_while(|(start, _)| *start <= last) {
                tell(*number);
                told += 1;
            }
        }
        told
    }

    /// Tells the numbers of spans that share a character with this one, and some beside it; returns how many.
    pub fn touching(&self, span: Span, tell: impl FnMut(usize)) -> usize {
        let (start, end) = (span.start().get(), span.end().get());
        self.each(|longest| ((start + 1).saturating_sub(longest), end.saturating_sub(1)), tell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Offset;
    use proptest::prelude::*;

    /// The heaviest sum, by trying everything.
    fn slow(edges: &[Edge], used: (u32, u32)) -> i64 {
        let Some((first, rest)) = edges.split_first() else { return 0 };
        let without = slow(rest, used);
        let (a, b) = (1 << first.a, 1 << first.b);
        if first.weight <= 0 || used.0 & a != 0 || used.1 & b != 0 {
            return without;
        }
        without.max(first.weight + slow(rest, (used.0 | a, used.1 | b)))
    }

    proptest! {
        #[test]
        fn no_matching_is_heavier(edges in prop::collection::vec((0_usize..5, 0_usize..5, -1_i64..9), 0..13)) {
            let edges: Vec<Edge> = edges.into_iter().map(|(a, b, weight)| Edge { a, b, weight }).collect();
            let found = heaviest(5, 5, &edges).expect("it is small");
            prop_assert_eq!(found.weight, slow(&edges, (0, 0)));
            let turned: Vec<Edge> = edges.iter().map(|edge| Edge { a: edge.b, b: edge.a, weight: edge.weight }).collect();
            prop_assert_eq!(heaviest(5, 5, &turned).expect("it is small").weight, found.weight);
            let mut taken: Vec<usize> = found.pairs.iter().map(|(_, b)| *b).collect();
            taken.sort_unstable();
            taken.dedup();
            prop_assert_eq!(taken.len(), found.pairs.len());
        }

        #[test]
        fn what_touches_is_told(spans in prop::collection::vec((0_u32..90, 1_u32..40), 0..20), start in 0_u32..90, length in 1_u32..40) {
            let span = |start: u32, length: u32| Span::try_new(Offset::new(start), Offset::new(start + length)).expect("it is not empty");
            let spans: Vec<Span> = spans.into_iter().map(|(start, length)| span(start, length)).collect();
            let nearby = Nearby::new(spans.iter().enumerate().map(|(number, span)| (*span, number)));
            let mut told = Vec::new();
            nearby.touching(span(start, length), |number| told.push(number));
            for (number, other) in spans.iter().enumerate().filter(|(_, other)| other.overlaps(span(start, length))) {
                prop_assert!(told.contains(&number), "{:?}", other);
            }
        }
    }

    #[test]
    fn many_small_groups_cost_as_much_as_they_are() {
        let steps = |groups: usize| {
            let edges: Vec<Edge> = (0..groups).flat_map(|at| [0, 1].map(|by| Edge { a: at, b: at + by, weight: 2 + by as i64 })).collect();
            heaviest(groups, groups + 1, &edges).expect("it is small").steps
        };
        assert!(steps(4_000) <= steps(2_000) * 2 + 4, "{} {}", steps(4_000), steps(2_000));
    }
}
