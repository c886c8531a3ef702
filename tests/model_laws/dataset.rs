//! How the cost of sharing documents out grows with their number.

use std::sync::Arc;
use std::time::{Duration, Instant};

use wusum::annotation::Annotation;
use wusum::dataset::{Plan, Shares, split};
use wusum::id::DocumentId;
use wusum::layer::{Layer, Status};
use wusum::project::{Document, LayerKey, Project};
use wusum::span::Span;
use wusum::text::Offset;

/// Documents of 40 words that nothing else has, each with a label or two.
fn project(documents: u32) -> Project {
    let mut project = Project::new("news");
    for number in 0..documents {
        let id = DocumentId::from(format!("d{number}"));
        let words: Vec<String> = (0..40).map(|word| format!("كلمة{number}في{word}")).collect();
        let place = |start| Span::try_new(Offset::new(start), Offset::new(start + 4)).expect("it is not empty");
        let labels = ["Actor", "Location", "Claim"].into_iter().zip(0..1 + number % 3);
        let labels = labels.map(|(label, at)| Annotation::new(format!("s{at}").into(), place(at), label.into()));
        project.layers.insert(LayerKey { document: id.clone(), annotator: "a".into() }, Layer::from_records(Status::Done, labels, []));
        project.documents.insert(id.clone(), Arc::new(Document::new(id, "", words.join(" "))));
    }
    project
}

#[test]
fn sixteen_times_the_documents_take_little_more_than_sixteen_times_the_time() {
    let plan = Plan { seed: 1, shares: Shares::new(&[80, 10, 10]).expect("some share"), near: Some(0.8) };
    let least = |documents: u32| {
        let project = project(documents);
        let tries = (0..5).map(|_| {
            let start = Instant::now();
            assert!(split(&project, &plan).is_ok());
            start.elapsed()
        });
        tries.min().unwrap_or_default().max(Duration::from_nanos(1))
    };
    // What compares every pair takes 256 times as long.
    let (few, many) = (least(100), least(1_600));
    assert!(many < few * 80, "{few:?}, then {many:?}");
}
