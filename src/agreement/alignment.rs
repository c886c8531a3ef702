//! The best alignment of several people's spans, after Mathet, Widlöcher and Métivier (2015).
//!
//! An alignment puts each span in one group with at most one span of each person; a group's disorder is the mean
//! dissimilarity of all pairs in it, where a missing span is at [`ALONE`] from whatever the other has; an alignment's disorder
//! is their sum. Two spans' dissimilarity is (|Δstart| + |Δend|)² / (length + length)², and 1 more where labels differ: α = β =
//! Δ∅ = 1, as in the paper.
//!
//! Of two people the best alignment is found exactly, as a matching. Of more it is hard to find (the paper solves an integer
//! program); here people are added one after another, each by the best matching with the groups that are there, and then
//! each in turn is taken out and put in again for as long as that lessens the disorder. What comes of it is seldom far above
//! the least disorder and never below it; the disorder that is expected by chance is worked out in the same way.

use super::Undefined;
use super::matching::{Edge, Nearby, heaviest};
use crate::span::Span;

/// The dissimilarity of a span and none: Δ∅.
pub const ALONE: f64 = 1.0;

/// Parts of a dissimilarity, so that sums are the same in any order.
const PARTS: f64 = 1_073_741_824.0;

/// How often everybody is put in again at the most.
const ROUNDS: usize = 8;

/// A span with the number of its label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Where it stands.
    pub span: Span,
    /// Its label.
    pub label: usize,
}

/// How unlike two spans are.
#[must_use]
pub fn dissimilarity(a: Unit, b: Unit) -> f64 {
    let (apart, long) = apart(a.span, b.span);
    let position = apart as f64 / long as f64;
    position * position * ALONE + if a.label == b.label { 0.0 } else { ALONE }
}

/// How far starts and ends are apart together, and both lengths together.
fn apart(a: Span, b: Span) -> (u64, u64) {
    let by = |a: u32, b: u32| u64::from(a.abs_diff(b));
    (by(a.start().get(), b.start().get()) + by(a.end().get(), b.end().get()), u64::from(a.len()) + u64::from(b.len()))
}

/// A group of spans: of each person one or none.
type Group = Vec<Option<usize>>;

/// The disorder of the best alignment that is found; the sum over its groups. Adds the work to `steps`.
///
/// # Errors
/// Where it would take too many steps.
pub fn disorder(people: &[Vec<Unit>], steps: &mut usize) -> Result<f64, Undefined> {
    let mut groups: Vec<Group> = Vec::new();
    for person in 0..people.len() {
        put_in(people, person, &mut groups, steps)?;
    }
    let mut least = sum(people, &groups);
    for _ in 0..ROUNDS {
        if people.len() < 3 {
            break;
        }
        for person in 0..people.len() {
            groups.iter_mut().filter_map(|group| group.get_mut(person)).for_each(|place| *place = None);
            groups.retain(|group| group.iter().any(Option::is_some));
            put_in(people, person, &mut groups, steps)?;
        }
        let now = sum(people, &groups);
        if now >= least {
            break;
        }
        least = now;
    }
    Ok(least)
}

/// Puts a person's spans into groups of others' spans, so that the disorder is least.
fn put_in(people: &[Vec<Unit>], person: usize, groups: &mut Vec<Group>, steps: &mut usize) -> Result<(), Undefined> {
    let Some(units) = people.get(person) else { return Ok(()) };
    let members = groups.iter().enumerate().flat_map(|(at, group)| members(people, group).map(move |unit| (unit.span, at)));
    let nearby = Nearby::new(members);
    // A group is joined where its disorder grows by less than one for a pair; farther than that from all of it, it never does.
    let far = (1.0 + pair_count(people)).sqrt() + 0.01;
    let mut edges = Vec::new();
    let mut found = Vec::new();
    for (at, unit) in units.iter().enumerate() {
        found.clear();
        let (start, length) = (unit.span.start().get(), unit.span.len());
        let between = |longest: u32| {
            let reach = (far * f64::from(longest.saturating_add(length))) as u32;
            (start.saturating_sub(reach), start.saturating_add(reach))
        };
        *steps += nearby.each(between, |group| found.push(group));
        found.sort_unstable();
        found.dedup();
        for group in &found {
            let gain = groups.get(*group).map_or(0.0, |group| gain(people, group, *unit));
            let weight = (gain * PARTS) as i64;
            if weight > 0 {
                edges.push(Edge { a: at, b: *group, weight });
            }
        }
        if *steps > super::matching::MOST_STEPS {
            return Err(Undefined::TooLarge);
        }
    }
    let matching = heaviest(units.len(), groups.len(), &edges)?;
    *steps += matching.steps;
    let mut place: Vec<Option<usize>> = vec![None; units.len()];
    for (at, group) in matching.pairs {
        if let Some(place) = place.get_mut(at) {
            *place = Some(group);
        }
    }
    for (at, group) in place.into_iter().enumerate() {
        if let Some(place) = group.and_then(|group| groups.get_mut(group)).and_then(|group| group.get_mut(person)) {
            *place = Some(at);
        } else {
            let mut group = vec![None; people.len()];
            group.iter_mut().skip(person).take(1).for_each(|place| *place = Some(at));
            groups.push(group);
        }
    }
    Ok(())
}

fn members<'a>(people: &'a [Vec<Unit>], group: &'a Group) -> impl Iterator<Item = Unit> + 'a {
    group.iter().zip(people).filter_map(|(at, units)| at.and_then(|at| units.get(at)).copied())
}

/// By how much the disorder is less with a span in a group than with it alone, in sums over pairs.
fn gain(people: &[Vec<Unit>], group: &Group, unit: Unit) -> f64 {
    let pairs = pair_count(people);
    // Alone it would be a group of its own, all pairs of which lack a span.
    members(people, group).fold(pairs * ALONE, |gain, other| gain + ALONE - dissimilarity(unit, other))
}

fn pair_count(people: &[Vec<Unit>]) -> f64 {
    (people.len() * people.len().saturating_sub(1)) as f64 / 2.0
}

/// The disorder of groups.
fn sum(people: &[Vec<Unit>], groups: &[Group]) -> f64 {
    let pairs = people.len() * people.len().saturating_sub(1) / 2;
    let of_group = |group: &Group| {
        let members: Vec<Unit> = members(people, group).collect();
        let mut known = 0;
        let mut parts = 0;
        for (at, unit) in members.iter().enumerate() {
            for other in members.iter().skip(at + 1) {
                known += 1;
                parts += (dissimilarity(*unit, *other) * PARTS) as i128;
            }
        }
        parts + (pairs - known) as i128 * (ALONE * PARTS) as i128
    };
    let parts: i128 = groups.iter().map(of_group).sum();
    if pairs == 0 { 0.0 } else { parts as f64 / PARTS / pairs as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Offset;
    use proptest::prelude::*;

    fn unit((start, length, label): (u32, u32, usize)) -> Unit {
        Unit { span: Span::try_new(Offset::new(start), Offset::new(start + length)).expect("it is not empty"), label }
    }

    fn units(given: &[(u32, u32, usize)]) -> Vec<Unit> {
        given.iter().copied().map(unit).collect()
    }

    fn check(people: &[&[(u32, u32, usize)]]) -> f64 {
        let people: Vec<Vec<Unit>> = people.iter().map(|given| units(given)).collect();
        disorder(&people, &mut 0).expect("it is small")
    }

    #[test]
    fn the_dissimilarities_of_the_paper() {
        // Shifted by half of its length: (5 + 5)² / (10 + 10)²; beside one another: 1; another label: 1 more.
        assert_eq!(dissimilarity(unit((0, 10, 1)), unit((5, 10, 1))), 0.25);
        assert_eq!(dissimilarity(unit((0, 10, 1)), unit((10, 10, 1))), 1.0);
        assert_eq!(dissimilarity(unit((0, 10, 1)), unit((0, 10, 2))), 1.0);
    }

    #[test]
    fn one_that_only_one_has_is_alone() {
        assert_eq!(check(&[&[(0, 5, 1)], &[]]), 1.0);
        assert_eq!(check(&[&[(0, 5, 1)], &[(0, 5, 1)]]), 0.0);
        assert_eq!(check(&[&[(0, 5, 1)], &[(0, 5, 2)]]), 1.0);
        assert_eq!(check(&[&[(0, 5, 1)], &[(90, 5, 1)]]), 2.0);
        // Of three, two that agree and one that has nothing: two of three pairs lack one.
        assert!((check(&[&[(0, 5, 1)], &[(0, 5, 1)], &[]]) - 2.0 / 3.0).abs() < 1e-9);
    }

    /// The least disorder of two, by trying everything.
    fn slow(a: &[Unit], b: &[Unit]) -> f64 {
        let Some((first, rest)) = a.split_first() else { return b.len() as f64 * ALONE };
        let mut least = ALONE + slow(rest, b);
        for at in 0..b.len() {
            let others: Vec<Unit> = b.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, unit)| *unit).collect();
            least = least.min(dissimilarity(*first, b[at]) + slow(rest, &others));
        }
        least
    }

    fn some() -> impl Strategy<Value = Vec<(u32, u32, usize)>> {
        prop::collection::vec((0_u32..60, 1_u32..20, 1_usize..3), 0..5)
    }

    proptest! {
        #[test]
        fn no_alignment_of_two_is_better(a in some(), b in some()) {
            let found = check(&[&a, &b]);
            prop_assert!((found - slow(&units(&a), &units(&b))).abs() < 1e-6);
            prop_assert!((found - check(&[&b, &a])).abs() < 1e-6);
        }

        #[test]
        fn of_three_it_is_never_more_than_all_alone(a in some(), b in some(), c in some()) {
            let found = check(&[&a, &b, &c]);
            prop_assert!(found >= 0.0 && found <= (a.len() + b.len() + c.len()) as f64 + 1e-9);
            prop_assert!(check(&[&a, &a, &a]) < 1e-9);
        }
    }
}
