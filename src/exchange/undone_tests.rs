//! What was undone in a gold layer does not come back with an older file; what was only taken back from an import does.

use super::tests::{asked, document, key as person, keys, read, take, written};
use super::*;
use crate::adjudicate::{Case, Choice, Decision, GOLD, Judged, Said, decide};
use crate::annotation::Annotation;
use crate::compare::{Comparison, Subject, compare};
use crate::formats::merge::ReportLine;
use crate::formats::{Format, wusum};
use crate::layer::{Layer, Status};
use crate::persist::{Key, Write, encode_outcome};
use crate::plan::Command;
use crate::project::Project;
use crate::session::Session;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn gold() -> LayerKey {
    LayerKey { document: "d".into(), annotator: GOLD.into() }
}

fn annotation(id: &str, start: u32, end: u32, label: &str) -> Annotation {
    Annotation { label: label.into(), ..super::tests::annotation(id, start, end) }
}

/// Two people who differ on two places.
fn comparison() -> Comparison {
    let a = [annotation("a1", 6, 13, "Actor"), annotation("a2", 22, 26, "Actor")];
    let b = [annotation("b1", 6, 13, "Location"), annotation("b2", 22, 26, "Location")];
    compare(&[("a".into(), Layer::from_records(Status::Done, a, [])), ("b".into(), Layer::from_records(Status::Done, b, []))])
}

/// What somebody does to the gold layer in their browser.
enum Deed<'a> {
    Decide(usize, Choice, &'a str),
    Run(Command),
    Undo,
    Redo,
}

/// The records after a deed at a time: the step is in the journal, as the page writes it.
fn after(records: &Records, at: u64, deed: Deed) -> Records {
    tried(records, at, deed).expect("it can be done")
}

/// The same; `None` where it cannot be done.
fn tried(records: &Records, at: u64, deed: Deed) -> Option<Records> {
    let stock = read(records);
    let past = stock.pasts.get(&gold()).cloned().unwrap_or_default();
    let mut session = Session::open(stock.project, gold(), past.history, past.revision).expect("the document is there");
    let outcome = match deed {
        Deed::Undo => session.undo(),
        Deed::Redo => session.redo(),
        Deed::Run(command) => session.run(command),
        Deed::Decide(item, choice, by) => {
            let said = Said { id: format!("{by}-{at}"), by: by.to_owned(), at, ..Said::default() };
            let (comparison, judged) = (comparison(), Judged::of(session.layer()));
            let case = Case { key: &gold(), gold: session.layer(), comparison: &comparison, judged: &judged };
            let edit = decide(&case, Subject::Item(item), choice, &said).ok()?;
            session.run(Command::Amend(edit))
        }
    };
    let outcome = outcome.ok()?;
    let entry = encode_outcome(&document().text, at, &outcome).expect("one layer");
    let answer = Answer { writes: vec![Write::Set(Key::Journal(gold(), outcome.revision), entry)], ..Answer::default() };
    Some(written(records, &answer))
}

/// A browser with the document and a person's labels.
fn browser() -> Records {
    let mut project = Project::new("p");
    project.documents.insert("d".into(), document());
    project.layers.insert(person(), Layer::from_records(Status::Done, [annotation("a1", 6, 13, "Actor")], []));
    let mut bytes = Vec::new();
    wusum::write(&project, &BTreeMap::new(), &mut bytes).expect("memory");
    written(&Records::default(), &take(&Records::default(), &[("x.jsonl".to_owned(), bytes)], &asked()).0)
}

fn exported(records: &Records) -> (String, Vec<u8>) {
    ("gold.jsonl".to_owned(), export(&keys(), records.clone(), &ExportAsked::all(Format::Wusum), &mut |_, _| {}).file)
}

/// Takes a file at a time; what was told of the gold layer.
fn taken(records: &Records, file: &(String, Vec<u8>), now: u64) -> (Records, Vec<ReportLine>) {
    let (answer, imported) = take(records, std::slice::from_ref(file), &Asked { now, ..asked() });
    let of_gold = |line: &ReportLine| match line {
        ReportLine::LayerTaken { layer, .. } | ReportLine::LayerKept { layer, .. } => *layer == gold(),
        line => matches!(line, ReportLine::GoldUnited { .. } | ReportLine::GoldUndone { .. }),
    };
    (written(records, &answer), imported.lines.into_iter().filter(of_gold).collect())
}

fn labels(records: &Records) -> Vec<String> {
    let stock = read(records);
    let all = stock.project.layer(&gold()).into_iter().flat_map(Layer::iter);
    all.map(|it| format!("{} {}", it.label, it.extent.hull().start().get())).collect()
}

fn decisions(records: &Records) -> usize {
    read(records).project.layer(&gold()).map_or(0, |layer| Decision::all(layer).len())
}

fn undone(left_out: usize, taken_back: usize) -> ReportLine {
    ReportLine::GoldUndone { layer: gold(), left_out, taken_back }
}

#[test]
fn an_undone_decision_does_not_come_back_with_an_older_export() {
    let leila = after(&browser(), 10_000, Deed::Decide(0, Choice::Take(0), "ليلى"));
    let file = exported(&leila);
    let leila = after(&leila, 20_000, Deed::Undo);
    assert_eq!(decisions(&leila), 0);
    let (again, told) = taken(&leila, &file, 30_000);
    assert!(labels(&again).is_empty() && again == leila, "{:?}", labels(&again));
    assert!(matches!(&told[..], [line, ReportLine::LayerKept { same: false, .. }] if *line == undone(1, 0)), "{told:?}");
    // Also not from a file that has more beside it: that comes.
    let huda = after(&taken(&browser(), &file, 12_000).0, 25_000, Deed::Decide(1, Choice::Take(1), "هدى"));
    let (both, told) = taken(&leila, &exported(&huda), 30_000);
    assert_eq!(
        (labels(&both), told),
        (vec!["Location 22".to_owned()], vec![undone(1, 0), ReportLine::GoldUnited { layer: gold(), taken: 1, beside: 0 }])
    );
    // It is remembered with what it had made, and goes out with the record.
    let stock = read(&both);
    let record = crate::adjudicate::decisions_jsonl("d", stock.project.layer(&gold()).expect("gold"));
    assert!(record.contains("\"kind\":\"undone-decision\"") && record.contains("6-13 Actor") && record.contains("\"undone\":20000"), "{record}");
}

#[test]
fn what_its_maker_undid_goes_from_whoever_has_it_and_what_was_made_again_stays() {
    let leila = after(&browser(), 10_000, Deed::Decide(0, Choice::Take(0), "ليلى"));
    let (huda, _) = taken(&browser(), &exported(&leila), 12_000);
    assert_eq!(labels(&huda), ["Actor 6"]);
    let leila = after(&leila, 20_000, Deed::Undo);
    let (without, told) = taken(&huda, &exported(&leila), 30_000);
    assert!(labels(&without).is_empty() && told.contains(&undone(0, 1)), "{told:?}");
    // What she has from the file is news to nobody.
    assert_eq!(taken(&without, &exported(&leila), 31_000).0, without);
    assert_eq!(taken(&leila, &exported(&without), 31_000).0, leila);
    // She makes it again: later than it was undone, on either side.
    let leila = after(&leila, 40_000, Deed::Redo);
    assert_eq!(labels(&taken(&leila, &exported(&without), 50_000).0), ["Actor 6"]);
    assert_eq!(labels(&taken(&without, &exported(&leila), 50_000).0), ["Actor 6"]);
}

#[test]
fn who_takes_an_import_back_undoes_nothing_that_others_decided() {
    let huda = after(&browser(), 10_000, Deed::Decide(1, Choice::Take(1), "هدى"));
    let leila = after(&browser(), 11_000, Deed::Decide(0, Choice::Take(0), "ليلى"));
    let (both, _) = taken(&leila, &exported(&huda), 60_000);
    assert_eq!(labels(&both), ["Actor 6", "Location 22"]);
    let back = after(&both, 70_000, Deed::Undo);
    assert_eq!(labels(&back), ["Actor 6"]);
    assert_eq!(labels(&taken(&huda, &exported(&back), 80_000).0), ["Actor 6", "Location 22"], "hers stands");
    assert_eq!(labels(&taken(&back, &exported(&huda), 80_000).0), ["Actor 6", "Location 22"], "it comes again where it is asked for again");
}

#[test]
fn a_later_decision_in_place_of_an_earlier_is_no_undoing_of_it() {
    let leila = after(&browser(), 10_000, Deed::Decide(0, Choice::Take(0), "ليلى"));
    let file = exported(&leila);
    let leila = after(&leila, 20_000, Deed::Decide(0, Choice::Take(1), "ليلى"));
    let (same, told) = taken(&leila, &file, 30_000);
    assert_eq!((labels(&same), decisions(&same)), (vec!["Location 6".to_owned()], 1));
    assert!(!told.iter().any(|line| matches!(line, ReportLine::GoldUndone { .. })), "{told:?}");
    // Undone, it gives way to the earlier one again, and stays away.
    let second = exported(&leila);
    let leila = after(&leila, 40_000, Deed::Undo);
    let (same, told) = taken(&leila, &second, 50_000);
    assert_eq!((labels(&same), &told[0]), (vec!["Actor 6".to_owned()], &undone(1, 0)));
}

#[test]
fn labels_by_hand_that_were_taken_away_stay_away_unless_the_file_has_them_otherwise() {
    let put = |start: u32, end: u32| {
        let labels = [annotation("h1", start, end, "Actor")];
        Deed::Run(Command::Replace(Box::new(Layer::from_records(Status::InProgress, labels, []))))
    };
    let leila = after(&browser(), 10_000, put(6, 13));
    let file = exported(&leila);
    let leila = after(&leila, 20_000, Deed::Run(Command::Delete(vec!["h1".into()])));
    let (same, told) = taken(&leila, &file, 30_000);
    assert!(labels(&same).is_empty() && told.contains(&undone(1, 0)), "{told:?}");
    let other = exported(&after(&browser(), 10_000, put(14, 17)));
    assert_eq!(labels(&taken(&leila, &other, 30_000).0), ["Actor 14"]);
}

/// What a reviewer does, one deed after another, a minute each: 0 undoes, 1 makes again, all else decides.
fn worked(by: &str, from: u64, deeds: &[(usize, usize)]) -> Records {
    let choices = [Choice::Take(0), Choice::Take(1), Choice::Reject, Choice::Both];
    (1..).zip(deeds).fold(browser(), |records, (number, (what, item))| {
        let deed = match what {
            0 => Deed::Undo,
            1 => Deed::Redo,
            choice => Deed::Decide(*item, choices[choice % 4], by),
        };
        tried(&records, from + number * 60_000, deed).unwrap_or(records)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever two reviewers decide, undo and make again: once each has the other's file they have the same labels, what its maker
    /// left undone is in neither, and the files taken once more change nothing.
    #[test]
    fn both_come_to_the_same_and_what_is_undone_stays_undone(
        one in prop::collection::vec((0..6_usize, 0..2_usize), 0..7),
        other in prop::collection::vec((0..6_usize, 0..2_usize), 0..7),
    ) {
        let (leila, huda) = (worked("ليلى", 0, &one), worked("هدى", 30_000, &other));
        let stands = |records: &Records| read(records).project.layer(&gold()).map(Decision::all).unwrap_or_default();
        let theirs: Vec<_> = stands(&leila).into_iter().chain(stands(&huda)).map(|decision| decision.id).collect();
        let here = taken(&leila, &exported(&huda), 9_000_000).0;
        let there = taken(&huda, &exported(&here), 9_060_000).0;
        prop_assert_eq!(labels(&here), labels(&there));
        prop_assert!(stands(&here).iter().all(|decision| theirs.contains(&decision.id)));
        prop_assert_eq!(&labels(&taken(&here, &exported(&there), 9_120_000).0), &labels(&here));
        prop_assert_eq!(&taken(&here, &exported(&huda), 9_120_000).0, &here);
    }
}
