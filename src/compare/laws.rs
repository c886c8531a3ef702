//! Laws of comparison: identical layers do not differ, the order of the annotators means nothing.

use super::{Comparing, Comparison, Kind, compare};
use crate::annotation::{Annotation, Relation};
use crate::id::Annotator;
use crate::layer::{Layer, Status};
use crate::span::Span;
use crate::text::Offset;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Labels as start, length and kind, with ties as two places among them.
type Drawn = (Vec<(u32, u32, usize)>, Vec<(usize, usize)>);

fn layer((spans, ties): &Drawn) -> Layer {
    let mut known = BTreeSet::new();
    let kinds = ["Actor", "Claim", "Location"];
    let mut annotations = Vec::new();
    for (start, length, kind) in spans {
        if known.insert((*start, *length, *kind)) {
            let span = Span::try_new(Offset::new(*start), Offset::new(start + length)).expect("lengths are not 0");
            annotations.push(Annotation::new(format!("s{}", annotations.len()).into(), span, kinds[*kind].into()));
        }
    }
    let count = annotations.len().max(1);
    let mut relations: BTreeMap<(usize, usize), Relation> = BTreeMap::new();
    for (from, to) in ties.iter().map(|(from, to)| (from % count, to % count)).filter(|(from, to)| from != to) {
        let id = format!("r{from}-{to}");
        let (from_id, to_id) = (format!("s{from}").into(), format!("s{to}").into());
        let relation = Relation { id: id.into(), kind: "source".into(), from: from_id, to: to_id, attributes: BTreeMap::new(), note: None };
        relations.insert((from, to), relation);
    }
    Layer::from_records(Status::Done, annotations, relations.into_values())
}

fn drawn() -> impl Strategy<Value = Drawn> {
    (prop::collection::vec((0..60_u32, 1..12_u32, 0..3_usize), 0..14), prop::collection::vec((0..14_usize, 0..14_usize), 0..4))
}

/// Where a difference is, of which kinds, and who says what there.
type Plain = (Span, BTreeSet<Kind>, BTreeSet<(Annotator, String)>);

/// What is compared, without the order of the annotators.
fn plain(comparison: &Comparison) -> Vec<Plain> {
    let items = comparison.items.iter().enumerate().map(|(place, item)| {
        let found = comparison.differences.iter().find(|found| found.subject == super::Subject::Item(place));
        let whose = comparison.annotators.iter().zip(&item.of);
        let labels: BTreeSet<_> = whose.filter_map(|(annotator, label)| Some((annotator.clone(), label.as_ref()?.id.to_string()))).collect();
        (item.hull, found.map(|found| found.kinds.clone()).unwrap_or_default(), labels)
    });
    let mut items: Vec<_> = items.collect();
    items.sort_by_key(|(hull, _, labels)| (hull.reading_order(), labels.clone()));
    items
}

fn turned(layers: &[(Annotator, Layer)], by: usize) -> Vec<(Annotator, Layer)> {
    let mut layers = layers.to_vec();
    let length = layers.len().max(1);
    layers.rotate_left(by % length);
    if by > length {
        layers.reverse();
    }
    layers
}

proptest! {
    #[test]
    fn identical_layers_do_not_differ(drawn in drawn(), count in 2..8_usize) {
        let layers: Vec<(Annotator, Layer)> = (0..count).map(|n| (Annotator::from(format!("p{n}")), layer(&drawn))).collect();
        let comparison = compare(&layers);
        prop_assert_eq!(&comparison.differences, &[]);
        prop_assert_eq!(comparison.items.len(), layers[0].1.len());
    }

    #[test]
    fn the_order_of_the_annotators_means_nothing(drawn in prop::collection::vec(drawn(), 2..5), by in 1..9_usize) {
        let layers: Vec<(Annotator, Layer)> = drawn.iter().enumerate().map(|(n, drawn)| (Annotator::from(format!("p{n}")), layer(drawn))).collect();
        let (one, other) = (compare(&layers), compare(&turned(&layers, by)));
        prop_assert_eq!(plain(&one), plain(&other));
        prop_assert_eq!(one.ties.len(), other.ties.len());
        let ties = |comparison: &Comparison| comparison.differences.iter().filter(|found| found.kinds.contains(&Kind::Relation)).count();
        prop_assert_eq!(ties(&one), ties(&other));
    }

    #[test]
    fn every_label_is_in_one_item_and_no_difference_is_without_a_kind(drawn in prop::collection::vec(drawn(), 2..5)) {
        let layers: Vec<(Annotator, Layer)> = drawn.iter().enumerate().map(|(n, drawn)| (Annotator::from(format!("p{n}")), layer(drawn))).collect();
        let comparison = compare(&layers);
        for (whose, (_, layer)) in layers.iter().enumerate() {
            let ids: BTreeSet<_> = comparison.items.iter().filter_map(|item| Some(item.of[whose].as_ref()?.id.clone())).collect();
            prop_assert_eq!(ids.len(), layer.len());
        }
        prop_assert!(comparison.differences.iter().all(|found| !found.kinds.is_empty()));
        prop_assert!(comparison.differences.windows(2).all(|pair| pair[0].hull.reading_order() <= pair[1].hull.reading_order()));
        prop_assert!(comparison.differences.windows(2).all(|pair| pair[0].knot <= pair[1].knot));
    }

    #[test]
    fn in_steps_the_same_is_found_as_at_once(drawn in prop::collection::vec(drawn(), 0..4), labels in 1..7_usize) {
        let layers: Vec<(Annotator, Layer)> = drawn.iter().enumerate().map(|(n, drawn)| (Annotator::from(format!("p{n}")), layer(drawn))).collect();
        let mut comparing = Comparing::new(layers.clone());
        let mut last = 0;
        let mut steps = 0;
        while !comparing.step(labels) {
            prop_assert!(comparing.hundredths() >= last && comparing.hundredths() <= 100);
            last = comparing.hundredths();
            steps += 1;
        }
        prop_assert!(steps >= layers.iter().map(|(_, layer)| layer.len()).sum::<usize>() * 2 / labels);
        prop_assert_eq!(comparing.finish(), compare(&layers));
    }
}
