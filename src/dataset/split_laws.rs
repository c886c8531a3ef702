//! Laws of sharing out: a partition, the same for the same seed, near duplicates together, shares as near as groups allow.

use super::split::{Plan, Shares, Split, SplitProblem, split};
use crate::annotation::Annotation;
use crate::id::{DocumentId, LabelId};
use crate::layer::{Layer, Status};
use crate::project::{Document, LayerKey, Project};
use crate::span::Span;
use crate::text::Offset;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

const LABELS: [&str; 3] = ["Actor", "Location", "Claim"];

/// A document: which story it tells, and how many labels of each kind it has.
type Described = (u32, [u32; 3]);

fn document(number: usize, (story, counts): &Described) -> (DocumentId, Document, Layer) {
    let id = DocumentId::from(format!("d{number:05}"));
    let words: Vec<String> = (0..12).map(|word| format!("خبر{story}كلمة{word}")).collect();
    let text = words.join(" ");
    let labels = counts.iter().zip(LABELS).flat_map(|(count, label)| (0..*count).map(move |at| (label, at)));
    let labels = labels.map(|(label, at)| {
        let place = Span::try_new(Offset::new(at), Offset::new(at + 2)).expect("not empty");
        Annotation::new(format!("{label}{at}").into(), place, LabelId::from(label))
    });
    (id.clone(), Document::new(id, "", text), Layer::from_records(Status::Done, labels, []))
}

fn project(documents: &[Described], is_backwards: bool) -> Project {
    let mut project = Project::new("news");
    let mut numbered: Vec<(usize, &Described)> = documents.iter().enumerate().collect();
    if is_backwards {
        numbered.reverse();
    }
    for (number, described) in numbered {
        let (id, document, layer) = document(number, described);
        project.documents.insert(id.clone(), Arc::new(document));
        project.layers.insert(LayerKey { document: id, annotator: "a".into() }, layer);
    }
    project
}

fn plan(seed: u64, weights: &[u32]) -> Plan {
    Plan { seed, shares: Shares::new(weights).expect("some share"), near: Some(0.8) }
}

fn sizes(split: &Split) -> Vec<usize> {
    split.parts.iter().map(|(_, documents)| documents.len()).collect()
}

fn described() -> impl Strategy<Value = Vec<Described>> {
    prop::collection::vec((0_u32..40, prop::array::uniform3(0_u32..6)), 0..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_split_is_a_partition_with_near_duplicates_together(documents in described(), seed: u64, weights in prop::array::uniform3(0_u32..5)) {
        prop_assume!(weights.iter().sum::<u32>() > 0);
        let (project, plan) = (project(&documents, false), plan(seed, &weights));
        let mut stories: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        (0..).zip(&documents).for_each(|(number, (story, _))| stories.entry(*story).or_default().push(number));
        let wanted = weights.iter().filter(|weight| **weight > 0).count();
        let split = match split(&project, &plan) {
            Ok(split) => split,
            Err(problem) => {
                prop_assert_eq!(problem, SplitProblem::TooFew { documents: documents.len(), apart: stories.len(), splits: wanted });
                prop_assert!(stories.len() < wanted);
                return Ok(());
            }
        };
        let mut all: Vec<&DocumentId> = split.parts.iter().flat_map(|(_, documents)| documents).collect();
        all.sort();
        prop_assert_eq!(all, project.documents.iter().map(|(id, _)| id).collect::<Vec<_>>());
        for ((_, documents), weight) in split.parts.iter().zip(weights) {
            prop_assert_eq!(documents.is_empty(), weight == 0);
        }
        // One story is one text.
        for numbers in stories.values() {
            let places: Vec<Option<&str>> = numbers.iter().map(|number| split.of(&format!("d{number:05}").into())).collect();
            prop_assert!(places.iter().all(|place| place.is_some() && *place == places[0]));
        }
        let grouped: Vec<usize> = split.groups.iter().map(|group| group.documents.len()).collect();
        let mut expected: Vec<usize> = stories.values().map(Vec::len).filter(|length| *length > 1).collect();
        let mut found = grouped;
        expected.sort_unstable();
        found.sort_unstable();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn neither_order_nor_time_matters(documents in described(), seed: u64) {
        let plan = plan(seed, &[8, 1, 1]);
        prop_assert_eq!(split(&project(&documents, false), &plan), split(&project(&documents, true), &plan));
    }

    #[test]
    fn no_share_is_missed_by_more_than_a_group(stories in prop::collection::vec(0_u32..40, 3..80), seed: u64) {
        // Without labels the number of documents is all there is.
        let documents: Vec<Described> = stories.iter().map(|story| (*story, [0; 3])).collect();
        let plan = plan(seed, &[8, 1, 1]);
        let Ok(split) = split(&project(&documents, false), &plan) else { return Ok(()) };
        let largest = split.groups.iter().map(|group| group.documents.len()).max().unwrap_or(1);
        // Where a share is less than a group, a split that would be empty takes one from another.
        let is_filled = documents.len() as f64 * 0.1 <= largest as f64;
        let most = if is_filled { 3 * largest } else { largest };
        for ((_, share), size) in plan.shares.iter().zip(sizes(&split)) {
            let wanted = share * documents.len() as f64;
            prop_assert!((size as f64 - wanted).abs() <= most as f64 + 1e-6, "{size} of {wanted}, {most}");
        }
    }
}

/// How far labels are from their shares, on average, each as a part of all of its kind.
fn distance(project: &Project, plan: &Plan, split: &Split) -> f64 {
    let stats = super::Stats::of(project, Some(split));
    let apart = stats
        .splits
        .iter()
        .zip(plan.shares.iter())
        .flat_map(|(part, (_, share))| LABELS.map(|label| (part.counts.labels[label] as f64 / stats.all.labels[label] as f64 - share).abs()));
    apart.sum::<f64>() / 9.0
}

#[test]
fn labels_are_shared_as_documents_are() {
    // Each tenth document has all claims; half of all have places.
    let counts = |number: u32| [number % 7, if number.is_multiple_of(2) { 4 } else { 0 }, if number.is_multiple_of(10) { 8 } else { 0 }];
    let documents: Vec<Described> = (0..200).map(|number| (number, counts(number))).collect();
    let project = project(&documents, false);
    let mut together = Vec::new();
    for seed in 0..5 {
        let plan = plan(seed, &[80, 10, 10]);
        let found = split(&project, &plan).expect("enough");
        assert!(sizes(&found).iter().zip([160, 20, 20]).all(|(size, wanted)| size.abs_diff(wanted) <= 1), "{:?}", sizes(&found));
        let apart = distance(&project, &plan, &found);
        assert!(apart < 0.01, "{apart}");
        together.push(found.parts);
    }
    together.dedup();
    assert_eq!(together.len(), 5, "seeds make a difference");
}

#[test]
fn the_same_seed_gives_the_same_split_everywhere() {
    let documents: Vec<Described> = (0..10).map(|number| (number, [number % 3, 1, 0])).collect();
    let found = split(&project(&documents, false), &plan(7, &[6, 2, 2])).expect("enough");
    let said = found.parts.iter().map(|(name, documents)| {
        let documents: Vec<&str> = documents.iter().map(|id| &id.as_str()[5..]).collect();
        format!("{name} {}", documents.join(" "))
    });
    expect_test::expect![[r#"
        train 1 3 5 7 8 9
        dev 0 2
        test 4 6"#]]
    .assert_eq(&said.collect::<Vec<_>>().join("\n"));
}

#[test]
fn too_few_are_told_and_small_shares_get_one_all_the_same() {
    let documents = |count: u32| (0..count).map(|number| (number, [1, 0, 0])).collect::<Vec<Described>>();
    let problem = split(&project(&documents(2), false), &plan(1, &[80, 10, 10])).expect_err("two are too few");
    assert_eq!(problem.to_string(), "too few documents for 3 splits: 2, of which 2 can go apart");
    assert_eq!(sizes(&split(&project(&documents(3), false), &plan(1, &[98, 1, 1])).expect("enough")), [1, 1, 1]);
    assert_eq!(sizes(&split(&project(&documents(2), false), &plan(1, &[1, 0, 1])).expect("enough")), [1, 0, 1]);
    let same = vec![(1, [1, 0, 0]); 10];
    let problem = split(&project(&same, false), &plan(1, &[1, 1])).expect_err("one story");
    assert_eq!(problem, SplitProblem::TooFew { documents: 10, apart: 1, splits: 2 });
    let apart = Plan { near: None, ..plan(1, &[1, 1]) };
    assert_eq!(sizes(&split(&project(&same, false), &apart).expect("not looked for")), [5, 5]);
}

#[test]
fn shares_are_two_or_three_numbers() {
    assert_eq!(Shares::parse("80, 10,10").map(|shares| shares.written()), Some("80,10,10".to_owned()));
    let shares = Shares::new(&[u32::MAX, u32::MAX]).expect("two");
    assert_eq!(shares.iter().collect::<Vec<_>>(), [("train", 0.5), ("test", 0.5)]);
    for wrong in ["", "80", "0,0", "80,-1,3", "1,2,3,4", "80,x", "80,,10", "99999999999,1"] {
        assert_eq!(Shares::parse(wrong), None, "{wrong}");
    }
}
