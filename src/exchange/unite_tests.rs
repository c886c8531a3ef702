//! Two reviewers who began with the same gold layer: what either decided comes through, by example and by law.

use super::tests::{TEXT, asked, document, keys, read, take, written};
use super::*;
use crate::adjudicate::{Case, Choice, Decision, GOLD, Judged, Said, decide, unite};
use crate::annotation::{Annotation, Relation};
use crate::compare::{Comparison, Subject, compare};
use crate::formats::merge::ReportLine;
use crate::formats::{Format, wusum};
use crate::history::History;
use crate::id::Annotator;
use crate::layer::{Layer, Status};
use crate::plan::Command;
use crate::project::Project;
use crate::session::Session;
use crate::span::Span;
use crate::text::Offset;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

fn label(id: &str, start: u32, end: u32, label: &str) -> Annotation {
    let span = Span::try_new(Offset::new(start), Offset::new(end)).expect("a test writes good spans");
    Annotation::new(id.into(), span, label.into())
}

/// Two people who differ on three places, with a relation that both have.
fn comparison() -> Comparison {
    let a = [label("a1", 0, 5, "Claim"), label("a2", 6, 13, "Actor"), label("a3", 22, 26, "Actor")];
    let b = [label("b1", 0, 4, "Claim"), label("b2", 6, 13, "Location"), label("b3", 22, 26, "Location")];
    let source = |from: &str, to: &str| Relation {
        id: "r".into(),
        kind: "source".into(),
        from: from.into(),
        to: to.into(),
        attributes: BTreeMap::new(),
        note: None,
    };
    let a = Layer::from_records(Status::Done, a, [source("a1", "a2")]);
    compare(&[("a".into(), a), ("b".into(), Layer::from_records(Status::Done, b, [source("b1", "b2")]))])
}

fn key() -> LayerKey {
    LayerKey { document: "d".into(), annotator: GOLD.into() }
}

/// A step of a reviewer's: which item, what, by whom, when.
type Step<'a> = (usize, Choice, &'a str, u64);

/// The gold layer after these decisions.
fn decided(gold: &Layer, steps: &[Step]) -> Layer {
    let mut project = Project::new("p");
    project.documents.insert("d".into(), document());
    project.layers.insert(key(), gold.clone());
    let mut session = Session::open(project, key(), History::default(), 0).expect("the document is there");
    let comparison = comparison();
    for (item, choice, by, at) in steps {
        let said = Said { id: format!("{by}-{at}"), by: (*by).to_owned(), at: *at, ..Said::default() };
        let judged = Judged::of(session.layer());
        let case = Case { key: &key(), gold: session.layer(), comparison: &comparison, judged: &judged };
        let edit = decide(&case, Subject::Item(*item), *choice, &said).expect("it can be decided");
        session.run(Command::Amend(edit)).expect("the plan takes it");
    }
    session.layer().clone()
}

fn labels(layer: &Layer) -> Vec<String> {
    layer.iter().map(|it| format!("{} {}-{}", it.label, it.extent.hull().start().get(), it.extent.hull().end().get())).collect()
}

fn names(layer: &Layer) -> Vec<String> {
    let mut names: Vec<String> = Decision::all(layer).into_iter().map(|decision| decision.id.to_string()).collect();
    names.sort();
    names
}

fn file(gold: &Layer, revision: u64) -> (String, Vec<u8>) {
    let mut project = Project::new("p");
    project.documents.insert("d".into(), document());
    project.layers.insert(key(), gold.clone());
    let mut bytes = Vec::new();
    wusum::write(&project, &BTreeMap::from([(key(), revision)]), &mut bytes).expect("memory");
    (format!("gold-{revision}.jsonl"), bytes)
}

#[test]
fn what_two_reviewers_decided_from_one_beginning_is_all_there_whoever_did_more() {
    let base = decided(&Layer::default(), &[(0, Choice::Take(0), "ليلى", 1)]);
    let leila = decided(&base, &[(1, Choice::Take(0), "ليلى", 2)]);
    let huda = decided(&base, &[(2, Choice::Take(1), "هدى", 3)]);
    for (ours, theirs) in [(9, 5), (5, 9), (5, 5)] {
        let (answer, _) = take(&Records::default(), &[file(&leila, ours)], &asked());
        let here = written(&Records::default(), &answer);
        let (answer, imported) = take(&here, &[file(&huda, theirs)], &asked());
        assert!(imported.lines.contains(&ReportLine::GoldUnited { layer: key(), taken: 1, beside: 0 }), "{imported:?}");
        let stock = read(&written(&here, &answer));
        let gold = stock.project.layer(&key()).expect("a gold layer");
        assert_eq!(labels(gold), ["Claim 0-5", "Actor 6-13", "Location 22-26"], "{ours} {theirs}");
        assert_eq!(names(gold), ["ليلى-1", "ليلى-2", "هدى-3"]);
        assert_eq!(gold.relations().count(), 1, "a tie that nobody disputes came with its ends");
        assert!(stock.revisions()[&key()] > ours.max(theirs), "it is newer than both");
        // The same file once more: nothing to do.
        let (again, _) = take(&written(&here, &answer), &[file(&huda, theirs)], &asked());
        assert_eq!(again.writes, []);
    }
}

#[test]
fn of_two_decisions_on_one_place_the_later_stands_and_the_other_stays_beside_it() {
    let leila = decided(&Layer::default(), &[(1, Choice::Take(0), "ليلى", 2)]);
    let huda = decided(&Layer::default(), &[(1, Choice::Take(1), "هدى", 3)]);
    for (newer, older) in [(&leila, &huda), (&huda, &leila)] {
        let united = unite(newer, older);
        assert_eq!(labels(&united.layer), ["Location 6-13"]);
        let standing = Decision::all(&united.layer);
        assert_eq!(standing.iter().map(|decision| decision.id.as_str()).collect::<Vec<_>>(), ["هدى-3"]);
        let beside = standing[0].beside(&united.layer);
        assert_eq!(beside.iter().map(|decision| (decision.by.as_str(), decision.choice.as_str())).collect::<Vec<_>>(), [("ليلى", "take")]);
        assert_eq!(united.beside, 1);
        let remark = united.layer.remark(&"ليلى-2".into()).expect("it stays");
        assert_eq!(remark.says["made"][0]["said"], "6-13 Actor", "with what it had made");
        assert!(crate::adjudicate::decisions_jsonl("d", &united.layer).contains("\"kind\":\"other-decision\""));
    }
}

#[test]
fn who_decides_again_takes_the_place_of_their_own_decision_without_a_trace_beside() {
    let base = decided(&Layer::default(), &[(1, Choice::Take(0), "ليلى", 1)]);
    let again = decided(&base, &[(1, Choice::Reject, "ليلى", 5)]);
    let other = decided(&base, &[(2, Choice::Take(0), "هدى", 3)]);
    let united = unite(&other, &again);
    assert_eq!((labels(&united.layer), united.beside), (vec!["Actor 22-26".to_owned()], 0));
}

#[test]
fn two_files_that_come_together_are_united_too() {
    let leila = decided(&Layer::default(), &[(1, Choice::Take(0), "ليلى", 2)]);
    let huda = decided(&Layer::default(), &[(2, Choice::Take(1), "هدى", 3)]);
    let (answer, imported) = take(&Records::default(), &[file(&leila, 4), file(&huda, 2)], &asked());
    assert!(imported.good, "{imported:?}");
    let stock = read(&written(&Records::default(), &answer));
    assert_eq!(labels(stock.project.layer(&key()).expect("gold")), ["Actor 6-13", "Location 22-26"]);
    let out = export(&keys(), written(&Records::default(), &answer), &ExportAsked::all(Format::Wusum), &mut |_, _| {});
    assert_eq!(names(wusum::read(&out.file).layers.get(&key()).expect("gold")), ["ليلى-2", "هدى-3"]);
}

#[test]
fn labels_by_hand_and_what_was_said_come_through() {
    let ours = Layer::from_records(Status::InProgress, [label("h1", 0, 5, "Claim")], []);
    let theirs = Layer::from_records(Status::InProgress, [label("h2", 22, 26, "Actor"), label("h3", 0, 5, "Claim")], []);
    let united = unite(&ours, &theirs.clone().with_remarks([Arc::new(crate::training::given(&"هدى".into(), true, 4))]));
    assert_eq!(labels(&united.layer), ["Claim 0-5", "Actor 22-26"], "the same label is there once");
    assert_eq!(crate::training::given_by(&united.layer), Some(Annotator::from("هدى")));
    assert_eq!(TEXT.chars().count(), 31);
}

fn steps(by: &'static str, from: u64) -> impl Strategy<Value = Vec<Step<'static>>> {
    let choice = prop_oneof![(0..2_usize).prop_map(Choice::Take), Just(Choice::Both), Just(Choice::Reject), Just(Choice::Merge)];
    prop::collection::vec((0..3_usize, choice, 0..20_u64), 0..5)
        .prop_map(move |steps| steps.into_iter().enumerate().map(|(n, (item, choice, at))| (item, choice, by, from + n as u64 * 20 + at)).collect())
}

proptest! {
    /// Whatever two decide from whatever beginning: the same decisions stand on either side, none is gone, and ends are there.
    #[test]
    fn both_sides_come_to_the_same_and_nothing_is_lost(base in steps("ليلى", 0), one in steps("ليلى", 1_000), other in steps("هدى", 1_007)) {
        let base = decided(&Layer::default(), &base);
        let (one, other) = (decided(&base, &one), decided(&base, &other));
        let (here, there) = (unite(&one, &other), unite(&other, &one));
        prop_assert_eq!(names(&here.layer), names(&there.layer));
        prop_assert_eq!(labels(&here.layer), labels(&there.layer));
        for (side, by) in [(&one, "ليلى"), (&other, "هدى")] {
            for decision in Decision::all(side) {
                let standing = Decision::all(&here.layer);
                let is_there = standing.iter().any(|other| other.id == decision.id);
                let is_beside = here.layer.remark(&decision.id).is_some();
                let is_replaced = standing.iter().any(|other| other.by == decision.by && other.at > decision.at
                    && other.sources.iter().any(|source| decision.sources.iter().any(|own| own.record == source.record)));
                prop_assert!(is_there || is_beside || is_replaced, "{} of {by} is gone", decision.id);
            }
        }
        let ends = here.layer.relations().flat_map(|relation| [&relation.from, &relation.to]);
        prop_assert!(ends.into_iter().all(|end| here.layer.get(end).is_some()));
        let made = Decision::all(&here.layer).into_iter().flat_map(|decision| decision.sources).filter_map(|source| source.gold);
        prop_assert!(made.into_iter().all(|made| here.layer.get(&made.as_str().into()).is_some() || here.layer.relation(&made.as_str().into()).is_some()));
        prop_assert_eq!(&unite(&here.layer, &other).layer, &here.layer);
        prop_assert_eq!(&unite(&one, &one).layer, &one);
    }
}
