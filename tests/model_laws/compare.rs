//! How the cost of a comparison grows: twice the labels are looked at twice as often; and how long a large one takes, told.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use wusum::adjudicate::{Case, Choice, GOLD, Rule, Said, Standing, agreed, decide};
use wusum::annotation::Annotation;
use wusum::compare::{Comparing, compare};
use wusum::edit::apply;
use wusum::layer::{Layer, Status};
use wusum::project::{Document, LayerKey, Project};
use wusum::span::Span;
use wusum::text::Offset;

/// Labels of which each third is of another kind, some of them a letter off.
pub fn layer(count: u32, shift: u32) -> Layer {
    let labels = (0..count).map(|n| {
        let start = n * 10 + (n * shift) % 3;
        let span = Span::try_new(Offset::new(start), Offset::new(start + 4 + n % 5)).unwrap();
        Annotation::new(format!("s{n}").into(), span, ["Actor", "Claim", "Location"][(n % 3) as usize].into())
    });
    Layer::from_records(Status::Done, labels, [])
}

/// The least time that some work takes of several tries.
fn shortest(mut work: impl FnMut()) -> Duration {
    let tries = (0..9).map(|_| {
        let start = Instant::now();
        work();
        start.elapsed()
    });
    tries.min().unwrap_or_default()
}

/// Ten thousand labels each, as on a million characters: what one waits for, told and not asserted.
#[test]
fn a_large_review_is_compared_and_each_decision_followed() {
    let layers = [("a".into(), layer(10_000, 0)), ("b".into(), layer(10_000, 1))];
    let comparison = compare(&layers);
    println!("two layers of 10,000 labels: {:?}", shortest(|| drop(black_box(compare(&layers)))));
    let key = LayerKey { document: "d".into(), annotator: GOLD.into() };
    let mut project = Project::new("p");
    project.documents.insert("d".into(), Arc::new(Document::new("d".into(), "t", "ن".repeat(100_100))));
    project.layers.insert(key.clone(), Layer::default());
    let said = |id: &str| Said { id: id.to_owned(), by: "r".to_owned(), at: 1, ..Said::default() };
    let mut standing = Standing::of(&comparison, &Layer::default());
    println!("what is decided, made: {:?}", shortest(|| drop(black_box(Standing::of(&comparison, &Layer::default())))));
    let gold = Layer::default();
    let edit =
        agreed(&Case { key: &key, gold: &gold, comparison: &comparison, judged: standing.judged() }, Rule::Annotator(0), &said("all")).unwrap();
    apply(&mut project, &edit).unwrap();
    let gold = project.layers.get(&key).unwrap().clone();
    println!("what is decided, made of 10,000 decisions: {:?}", shortest(|| drop(black_box(Standing::of(&comparison, &gold)))));
    standing.follow(&comparison, &gold);
    assert_eq!(standing.progress().decided, comparison.differences.len());
    let subject = comparison.differences[0].subject;
    let case = Case { key: &key, gold: &gold, comparison: &comparison, judged: standing.judged() };
    println!("one more decision: {:?}", shortest(|| drop(black_box(decide(&case, subject, Choice::Take(1), &said("one"))))));
    let edit = decide(&case, subject, Choice::Take(1), &said("one")).unwrap();
    apply(&mut project, &edit).unwrap();
    let after = project.layers.get(&key).unwrap();
    println!(
        "one more decision, and the way back, followed: {:?}",
        shortest(|| [after, &gold].into_iter().for_each(|gold| standing.follow(&comparison, gold)))
    );
}

/// How often labels are looked at beside others.
fn looks(count: u32) -> usize {
    let mut comparing = Comparing::new(vec![("a".into(), layer(count, 0)), ("b".into(), layer(count, 1))]);
    while !comparing.step(1_000) {}
    comparing.looks()
}

#[test]
fn a_comparison_grows_with_the_labels_and_not_with_their_square() {
    let (few, many) = (looks(4_000), looks(8_000));
    assert!(many <= few * 2 + 8, "{few} and {many}");
    assert!(few < 4_000 * 8, "a label is looked at beside those that it may overlap: {few}");
}
