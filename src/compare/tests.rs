//! Comparison, by example.

use super::{Comparison, Filter, Kind, Subject, compare};
use crate::annotation::{Annotation, Relation};
use crate::id::Annotator;
use crate::layer::{Layer, Status};
use crate::span::Span;
use crate::text::Offset;

fn label(id: &str, start: u32, end: u32, label: &str) -> Annotation {
    let span = Span::try_new(Offset::new(start), Offset::new(end)).expect("a test writes good spans");
    Annotation::new(id.into(), span, label.into())
}

fn tie(id: &str, from: &str, to: &str) -> Relation {
    Relation { id: id.into(), kind: "source".into(), from: from.into(), to: to.into(), attributes: Default::default(), note: None }
}

fn layer(annotations: Vec<Annotation>) -> Layer {
    Layer::from_records(Status::Done, annotations, [])
}

fn compared(layers: Vec<Layer>) -> Comparison {
    let layers: Vec<(Annotator, Layer)> = layers.into_iter().enumerate().map(|(n, layer)| (Annotator::from(format!("p{n}")), layer)).collect();
    compare(&layers)
}

/// The differences, each as its place and its kinds.
fn told(comparison: &Comparison) -> Vec<String> {
    let kinds = |kinds: &std::collections::BTreeSet<Kind>| kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join("+");
    let told = comparison.differences.iter();
    told.map(|found| format!("{}-{} {} #{}", found.hull.start().get(), found.hull.end().get(), kinds(&found.kinds), found.knot)).collect()
}

#[test]
fn each_kind_of_difference_is_told() {
    let mut said = label("a4", 60, 70, "Claim");
    said.attributes.insert("kind".to_owned(), "denial".into());
    let a = layer(vec![label("a1", 0, 5, "Actor"), label("a2", 10, 20, "Actor"), label("a3", 30, 40, "Actor"), said, label("a5", 80, 85, "Actor")]);
    let b = layer(vec![
        label("b1", 0, 5, "Location"),
        label("b2", 12, 20, "Actor"),
        label("b4", 60, 70, "Claim"),
        label("b5", 80, 85, "Actor"),
        label("b6", 50, 55, "Location"),
    ]);
    let comparison = compared(vec![a, b]);
    assert_eq!(told(&comparison), ["0-5 label #0", "10-20 boundaries #1", "30-40 missing #2", "50-55 missing #3", "60-70 attribute #4"]);
    assert_eq!(comparison.items.len(), 6);
}

#[test]
fn the_same_extent_and_label_are_joined_before_what_only_overlaps() {
    let a = layer(vec![label("a1", 0, 20, "Actor"), label("a2", 10, 20, "Actor")]);
    let b = layer(vec![label("b1", 10, 20, "Actor")]);
    let comparison = compared(vec![a, b]);
    assert_eq!(told(&comparison), ["0-20 missing #0"]);
}

#[test]
fn of_two_overlaps_the_larger_is_taken_and_another_label_must_share_half() {
    let a = layer(vec![label("a1", 0, 10, "Claim")]);
    let b = layer(vec![label("b1", 0, 3, "Claim"), label("b2", 3, 10, "Claim"), label("b3", 5, 7, "Actor")]);
    let comparison = compared(vec![a, b]);
    // The claim is joined with its larger part; the actor inside it is not the claim by another name.
    assert_eq!(told(&comparison), ["0-10 boundaries #0", "0-3 missing #0", "5-7 missing #0"]);
}

#[test]
fn labels_inside_one_another_the_other_way_round_are_told() {
    let a = layer(vec![label("a1", 0, 20, "Claim"), label("a2", 15, 20, "Actor")]);
    let b = layer(vec![label("b1", 0, 14, "Claim"), label("b2", 15, 20, "Actor")]);
    assert_eq!(told(&compared(vec![a, b])), ["0-20 boundaries #0", "15-20 nesting #0"]);
}

#[test]
fn a_tie_differs_only_where_both_have_its_ends() {
    let spans = |who: &str| vec![label(&format!("{who}1"), 0, 5, "Actor"), label(&format!("{who}2"), 10, 20, "Claim")];
    let a = Layer::from_records(Status::Done, spans("a"), [tie("r1", "a2", "a1")]);
    let comparison = compared(vec![a.clone(), layer(spans("b"))]);
    assert_eq!(told(&comparison), ["10-20 relation #0"]);
    assert_eq!(comparison.differences[0].subject, Subject::Tie(0));
    let same = Layer::from_records(Status::Done, spans("b"), [tie("x", "b2", "b1")]);
    assert_eq!(told(&compared(vec![a.clone(), same])), [""; 0]);
    assert_eq!(told(&compared(vec![a, layer(vec![label("b2", 10, 20, "Claim")])])), ["0-5 missing #0"]);
}

#[test]
fn three_are_joined_and_most_of_them_are_found() {
    let comparison =
        compared(vec![layer(vec![label("a", 0, 5, "Actor")]), layer(vec![label("b", 0, 5, "Actor")]), layer(vec![label("c", 0, 6, "Actor")])]);
    assert_eq!(comparison.items.len(), 1);
    assert_eq!(comparison.opinions(Subject::Item(0)), [vec![0, 1], vec![2]]);
    let wanted = |filter: &Filter| comparison.differences.iter().filter(|found| comparison.wants(filter, found)).count();
    let whose = |name: &str| Filter { annotator: Some(name.into()), ..Filter::default() };
    assert_eq!((wanted(&whose("p0")), wanted(&whose("p2"))), (0, 1));
    assert_eq!(wanted(&Filter { kind: Some(Kind::Label), ..Filter::default() }), 0);
    assert_eq!(wanted(&Filter { label: Some("Actor".into()), kind: Some(Kind::Boundaries), annotator: None }), 1);
    assert_eq!(wanted(&Filter { label: Some("Claim".into()), ..Filter::default() }), 0);
}
