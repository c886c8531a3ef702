//! The index of a layer, kept up edit by edit, against a scan of its records, also at the far edges of long texts.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::Index;
use wusum::annotation::{Annotation, Relation};
use wusum::edit::{Change, Delta, Edit, apply};
use wusum::id::{AnnotationId, LabelId};
use wusum::layer::Layer;
use wusum::project::Project;
use wusum::span::{Extent, Span};
use wusum::text::Offset;

use super::tagged::key;

/// Asserts that each answer of a layer is the one that a scan of its records gives, and the one of a layer made anew of them.
pub fn check_against_a_scan(layer: &Layer, windows: &[Span]) {
    let mut records: Vec<Annotation> = layer.iter().map(|annotation| Annotation::clone(annotation)).collect();
    records.sort_by_key(|annotation| (annotation.extent.hull().reading_order(), annotation.id.clone()));
    let relations: Vec<Relation> = layer.relations().map(|relation| Relation::clone(relation)).collect();
    let anew = Layer::from_records(layer.status(), records.iter().rev().cloned(), relations.iter().cloned());
    assert_eq!(*layer, anew);
    for layer in [layer, &anew] {
        assert_eq!(layer.len(), records.len());
        assert_eq!(layer.is_empty(), records.is_empty());
        assert!(layer.iter().map(|annotation| &**annotation).eq(&records), "reading order");
        let mut counts: BTreeMap<&LabelId, usize> = BTreeMap::new();
        for annotation in &records {
            *counts.entry(&annotation.label).or_default() += 1;
        }
        assert!(layer.counts().eq(counts.iter().map(|(label, count)| (*label, *count))), "counts: no zeroes, none missing");
        for (label, count) in counts {
            assert_eq!(layer.count(label), count);
        }
        for (rank, annotation) in records.iter().enumerate() {
            assert_eq!(layer.nth(rank).map(|found| &**found), Some(annotation));
            assert_eq!(layer.rank(&annotation.id), Some(rank));
            assert_eq!(layer.get(&annotation.id).map(|found| &**found), Some(annotation));
            let same = records.iter().find(|other| other.extent == annotation.extent && other.label == annotation.label);
            assert_eq!(layer.find_same(annotation).map(|found| &**found), same);
            let ties: Vec<&Relation> = relations.iter().filter(|tie| tie.from == annotation.id || tie.to == annotation.id).collect();
            assert!(layer.relations_of(&annotation.id).map(|tie| &**tie).eq(ties), "ties of {}", annotation.id);
        }
        assert_eq!((layer.nth(records.len()), layer.rank(&"nobody".into())), (None, None));
        for window in windows {
            let scan = records.iter().filter(|annotation| annotation.extent.hull().overlaps(*window));
            assert!(layer.window(*window).into_iter().map(|found| &**found).eq(scan), "window {window:?}");
            let offset = window.start();
            let first = records.iter().position(|annotation| annotation.extent.hull().start() >= offset).unwrap_or(records.len());
            assert_eq!(layer.first_from(offset), first, "first from {offset}");
            let mut stack: Vec<&Annotation> = records.iter().filter(|annotation| annotation.extent.contains(offset)).collect();
            stack.sort_by_key(|annotation| annotation.extent.length());
            assert!(layer.stack_at(offset).into_iter().map(|found| &**found).eq(stack), "stack at {offset}");
        }
    }
}

/// Places near the borders of bins, in texts as long as they can be.
fn offset() -> impl Strategy<Value = u32> {
    let border = prop::sample::select(vec![0, 1 << 7, 1 << 10, 3 << 10, 1 << 13, 1 << 16, 1 << 28, 1 << 31, u32::MAX - 40]);
    prop_oneof![3 => 0_u32..600, 2 => (border, 0_u32..40).prop_map(|(border, past)| border + past), 1 => any::<u32>()]
}

fn span() -> impl Strategy<Value = Span> {
    let length = prop_oneof![6 => 1_u32..12, 2 => 1_u32..2_000, 1 => any::<u32>()];
    (offset(), 0_u32..12, length).prop_filter_map("never empty", |(near, back, length)| {
        let start = near.saturating_sub(back);
        Span::try_new(Offset::new(start), Offset::new(start.saturating_add(length)))
    })
}

fn extent() -> impl Strategy<Value = Extent> {
    prop_oneof![4 => span().prop_map(Extent::from), 1 => prop::collection::vec(span(), 1..4).prop_filter_map("some", Extent::union)]
}

#[derive(Clone, Debug)]
enum Act {
    /// Puts an annotation there; one in three moves one that is there.
    Put(Extent, usize, Option<Index>),
    Remove(Index),
    Tie(Index, Index, u8),
    Untie(Index),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => (extent(), 0_usize..3, prop::option::weighted(0.3, any::<Index>())).prop_map(|(extent, label, of)| Act::Put(extent, label, of)),
        2 => any::<Index>().prop_map(Act::Remove),
        2 => (any::<Index>(), any::<Index>(), 0_u8..6).prop_map(|(from, to, name)| Act::Tie(from, to, name)),
        1 => any::<Index>().prop_map(Act::Untie),
    ]
}

/// The change on the layer as it is; `None` where there is nothing to do it to.
fn change(layer: &Layer, act: &Act, number: usize) -> Option<Change> {
    let pick = |at: &Index| (!layer.is_empty()).then(|| layer.nth(at.index(layer.len())).expect("it is there").clone());
    Some(match act {
        Act::Put(extent, label, of) => {
            let before = of.as_ref().and_then(pick);
            let id = before.as_ref().map_or_else(|| AnnotationId::from(format!("s{}", number * 7 % 41)), |before| before.id.clone());
            let before = before.or_else(|| layer.get(&id).cloned());
            let after = Annotation::new(id, extent.clone(), ["Actor", "Location", "Claim"][*label].into());
            Change::Annotation(key(), Delta { before, after: Some(after.into()) })
        }
        Act::Remove(at) => Change::Annotation(key(), Delta::removed(pick(at)?)),
        Act::Tie(from, to, name) => {
            let (from, to) = (pick(from)?.id.clone(), pick(to)?.id.clone());
            let after = Relation { id: format!("r{name}").into(), kind: "source".into(), from, to, attributes: BTreeMap::new(), note: None };
            Change::Relation(key(), Delta { before: layer.relation(&after.id).cloned(), after: Some(after.into()) })
        }
        Act::Untie(at) => {
            let ties: Vec<_> = layer.relations().cloned().collect();
            Change::Relation(key(), Delta::removed((!ties.is_empty()).then(|| at.get(&ties).clone())?))
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn a_layer_kept_up_answers_as_a_scan_of_its_records(acts in prop::collection::vec(act(), 0..60), windows in prop::collection::vec(span(), 4..12)) {
        let mut project = Project::new("p");
        project.layers.insert(key(), Layer::default());
        for (number, act) in acts.iter().enumerate() {
            let Some(change) = change(&project.layers[&key()], act, number) else { continue };
            prop_assert_eq!(apply(&mut project, &Edit { changes: vec![change] }), Ok(()));
        }
        let layer = &project.layers[&key()];
        let own: Vec<Span> = layer.iter().map(|annotation| annotation.extent.hull()).chain(windows).collect();
        check_against_a_scan(layer, &own);
    }

    /// One change that finds its record otherwise than it says stops all of them.
    #[test]
    fn an_edit_that_does_not_fit_changes_nothing(acts in prop::collection::vec(act(), 1..20), good in act(), bad in act()) {
        let mut project = Project::new("p");
        project.layers.insert(key(), Layer::default());
        for (number, act) in acts.iter().enumerate() {
            let change = change(&project.layers[&key()], act, number);
            let changes = change.into_iter().collect();
            prop_assert_eq!(apply(&mut project, &Edit { changes }), Ok(()));
        }
        let layer = &project.layers[&key()];
        let (Some(good), Some(bad)) = (change(layer, &good, 100), change(layer, &bad, 101)) else { return Ok(()) };
        prop_assume!(good.record() != bad.record());
        let bad = match bad {
            Change::Annotation(key, delta) => Change::Annotation(key, otherwise(delta)),
            Change::Relation(key, delta) => Change::Relation(key, otherwise(delta)),
            other => other,
        };
        let before = project.clone();
        let record = bad.record();
        let changes = vec![good, bad];
        prop_assert_eq!(apply(&mut project, &Edit { changes }).map_err(|conflict| Some(conflict.record)), Err(record));
        prop_assert_eq!(&project, &before);
    }
}

/// The same record with another past: it was not there, or it was as it shall be.
fn otherwise<T: Clone>(delta: Delta<T>) -> Delta<T> {
    let before = if delta.before.is_some() { None } else { delta.after.clone() };
    Delta { after: delta.after.or(delta.before), before }
}

#[test]
fn a_long_row_of_inserts_and_removals_keeps_its_order() {
    let mut project = Project::new("p");
    project.layers.insert(key(), Layer::default());
    let mut random = 1_u32;
    for number in 0..3_000_u32 {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let start = random >> 14;
        let span = Span::try_new(Offset::new(start), Offset::new(start + 1 + random % 30)).expect("it is not empty");
        let annotation = Annotation::new(format!("s{number}").into(), span, "Actor".into());
        let mut changes = vec![Change::Annotation(key(), Delta::made(annotation.into()))];
        if number % 3 == 2 {
            let layer = &project.layers[&key()];
            let gone = layer.nth(random as usize % layer.len()).expect("it is there").clone();
            changes.push(Change::Annotation(key(), Delta::removed(gone)));
        }
        apply(&mut project, &Edit { changes }).expect("it fits");
    }
    let layer = &project.layers[&key()];
    assert_eq!(layer.len(), 2_000);
    check_against_a_scan(layer, &[Span::try_new(Offset::new(900), Offset::new(5_000)).expect("it is not empty")]);
}

#[test]
fn of_two_records_with_one_name_the_later_stays() {
    let at = |start: u32, label: &str| {
        Annotation::new("a".into(), Span::try_new(Offset::new(start), Offset::new(start + 2)).expect("it is not empty"), label.into())
    };
    let layer = Layer::from_records(Default::default(), [at(3, "Actor"), at(1, "Claim")], []);
    assert_eq!(layer.iter().map(|annotation| Annotation::clone(annotation)).collect::<Vec<_>>(), [at(1, "Claim")]);
    assert_eq!((layer.count(&"Actor".into()), layer.count(&"Claim".into())), (0, 1));
    check_against_a_scan(&layer, &[]);
}
