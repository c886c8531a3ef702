//! A document given as a test: it travels, what is hidden stays hidden until the work is done, and the score is right.

use super::tests::{annotation, asked, document, keys, read, take, written};
use super::*;
use crate::adjudicate::GOLD;
use crate::formats::{Format, wusum};
use crate::id::Annotator;
use crate::layer::{Layer, Status};
use crate::project::Project;
use crate::training::{Measures, given, given_by};
use std::collections::BTreeMap;
use std::sync::Arc;

fn key(annotator: &str) -> LayerKey {
    LayerKey { document: "d".into(), annotator: annotator.into() }
}

fn labelled(status: Status, spans: &[(u32, u32)]) -> Layer {
    let labels = spans.iter().map(|(start, end)| annotation(&format!("s{start}"), *start, *end));
    Layer::from_records(status, labels, [])
}

fn file(layers: &[(&str, &Layer)], revision: u64) -> (String, Vec<u8>) {
    let mut project = Project::new("p");
    project.documents.insert("d".into(), document());
    let mut revisions = BTreeMap::new();
    for (annotator, layer) in layers {
        project.layers.insert(key(annotator), (*layer).clone());
        revisions.insert(key(annotator), revision);
    }
    let mut bytes = Vec::new();
    wusum::write(&project, &revisions, &mut bytes).expect("memory");
    ("test.jsonl".to_owned(), bytes)
}

/// What somebody has who was sent the test, and did so far.
fn sent(status: Status, spans: &[(u32, u32)]) -> Records {
    let gold = labelled(Status::Done, &[(6, 13), (22, 26)]).with_remarks([Arc::new(given(&"هدى".into(), true, 5))]);
    let (answer, imported) = take(&Records::default(), &[file(&[(GOLD, &gold), ("أحمد", &labelled(Status::Done, &[(6, 13)]))], 3)], &asked());
    assert!(imported.good, "{imported:?}");
    let records = written(&Records::default(), &answer);
    let (answer, _) = take(&records, &[file(&[("منى", &labelled(status, spans))], 1)], &asked());
    written(&records, &answer)
}

fn scored(records: Records, annotator: &str) -> Option<ScoreTold> {
    let asked = ScoreAsked { document: "d".into(), annotator: annotator.into() };
    ScoreTold::of(&run(&keys(), asked.task(), records, &[], &mut |_, _| {}))
}

#[test]
fn a_test_travels_and_says_so_on_its_card_until_it_is_taken_back() {
    let records = sent(Status::InProgress, &[]);
    let stock = read(&records);
    assert_eq!(stock.cards[&"d".into()].test, Some(Annotator::from("هدى")));
    let gold = stock.project.layer(&key(GOLD)).expect("gold").clone();
    assert_eq!(given_by(&gold), Some("هدى".into()));
    let back = gold.with_remarks([Arc::new(given(&"هدى".into(), false, 9))]);
    let (answer, _) = take(&records, &[file(&[(GOLD, &back)], 4)], &asked());
    assert_eq!(read(&written(&records, &answer)).cards[&"d".into()].test, None);
}

#[test]
fn an_export_of_who_takes_the_test_has_neither_gold_nor_others_until_it_is_done() {
    let looks = |own: &str, is_blind: bool| Some(Looks { own: own.into(), is_blind });
    let people = |records: &Records, looks: Option<Looks>| {
        let asked = ExportAsked { looks, ..ExportAsked::all(Format::Wusum) };
        let told = ExportTold::of(&lost(&keys(), records.clone(), &asked, &mut |_, _| {})).expect("told");
        let out = export(&keys(), records.clone(), &asked, &mut |_, _| {});
        let whose: Vec<String> = wusum::read(&out.file).layers.iter().map(|(key, _)| key.annotator.to_string()).collect();
        (whose.join(" "), told.hidden, told.labels)
    };
    let begun = sent(Status::InProgress, &[(6, 13)]);
    assert_eq!(people(&begun, looks("منى", false)), ("منى".to_owned(), 2, 1));
    assert_eq!(people(&begun, looks("هدى", false)), ("gold أحمد منى".to_owned(), 0, 4), "who gave it sees it");
    assert_eq!(people(&begun, None), ("gold أحمد منى".to_owned(), 0, 4));
    let done = sent(Status::Done, &[(6, 13)]);
    assert_eq!(people(&done, looks("منى", true)), ("gold أحمد منى".to_owned(), 0, 4));
    assert_eq!(people(&done, looks("أخرى", true)), (String::new(), 3, 0), "blind");
}

#[test]
fn a_score_is_told_only_of_a_test_that_is_done() {
    assert_eq!(scored(sent(Status::InProgress, &[(6, 13)]), "منى"), None);
    let told = scored(sent(Status::Done, &[(6, 13), (14, 17)]), "منى").expect("a score");
    assert_eq!(told.score.all, Measures { exact: Some(0.5), partial: Some(0.5), clitic: Some(0.5) });
    assert_eq!((told.gold, told.differences.len(), told.more), (2, 2, 0));
    let said: Vec<_> = told.differences.iter().map(|found| (found.start, found.own.is_some(), found.gold.is_some())).collect();
    assert_eq!(said, [(14, true, false), (22, false, true)]);
    assert_eq!(told.differences[1].gold.as_ref().map(|side| side.words.as_str()), Some("باكو"));
    // Not a test: nothing to tell, whoever is done.
    let (answer, _) =
        take(&Records::default(), &[file(&[(GOLD, &labelled(Status::Done, &[(6, 13)])), ("منى", &labelled(Status::Done, &[]))], 1)], &asked());
    assert_eq!(scored(written(&Records::default(), &answer), "منى"), None);
}
