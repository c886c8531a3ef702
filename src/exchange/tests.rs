//! Import, export, backup and restore on stores in memory.

use super::*;
use crate::annotation::Annotation;
use crate::formats::merge::ReportLine;
use crate::formats::{Format, ProblemCode, wusum};
use crate::id::DocumentId;
use crate::layer::{Layer, Status};
use crate::persist::{Card, DocumentRecord, Key, LayerCard, encode_snapshot, recover};
use crate::plan::Command;
use crate::project::{Document, Project};
use crate::schema::CheckKind;
use crate::session::Session;
use crate::span::Span;
use crate::text::Offset;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) const TEXT: &str = "أعلنت أرمينيا أمس أنّ باكو رفضت";

pub(super) fn keys() -> Keyspace {
    Keyspace::new("p")
}

pub(super) fn key() -> LayerKey {
    LayerKey { document: "d".into(), annotator: "سارة".into() }
}

pub(super) fn document() -> Arc<Document> {
    Arc::new(Document::new("d".into(), "خبر", TEXT))
}

pub(super) fn annotation(id: &str, start: u32, end: u32) -> Annotation {
    Annotation::new(id.into(), Span::try_new(Offset::new(start), Offset::new(end)).expect("a span"), "Actor".into())
}

pub(super) fn layer(annotations: &[Annotation]) -> Layer {
    Layer::from_records(Status::InProgress, annotations.iter().cloned(), [])
}

/// A file in the own format with the document, and a layer of a revision.
pub(super) fn file(layer: &Layer, revision: u64) -> (String, Vec<u8>) {
    let mut project = Project::new("p");
    project.documents.insert("d".into(), document());
    project.layers.insert(key(), layer.clone());
    let mut bytes = Vec::new();
    wusum::write(&project, &BTreeMap::from([(key(), revision)]), &mut bytes).expect("memory");
    ("x.jsonl".to_owned(), bytes)
}

/// The document and its card, and nothing else.
pub(super) fn bare(binned: Option<u64>) -> Records {
    let record = DocumentRecord { document: document(), added: 5, binned };
    let (d, c) = (Key::Document("d".into()), Key::Card("d".into()));
    Records { durable: vec![(keys().write(&d), record.encode()), (keys().write(&c), Card::of(&record).encode())], ..Records::default() }
}

pub(super) fn asked() -> Asked {
    Asked { annotator: "أنا".into(), by_file: false, now: 77, open: None, looks: None }
}

pub(super) fn take(records: &Records, files: &[(String, Vec<u8>)], asked: &Asked) -> (Answer, Imported) {
    let answer = import(&keys(), records.clone(), files, asked, &mut |_, _| {});
    let imported = answer.imported.clone().expect("an import");
    (answer, imported)
}

/// As the page does: writes go to the durable store, in order.
pub(super) fn written(records: &Records, answer: &Answer) -> Records {
    let mut next = records.clone();
    next.pending.extend(answer.writes.iter().map(|write| match write {
        Write::Set(key, value) => (keys().write(key), Some(value.clone())),
        Write::Remove(key) => (keys().write(key), None),
    }));
    next.settle();
    next
}

pub(super) fn read(records: &Records) -> Stock {
    Stock::read(&keys(), records.clone(), Bin::LeftOut, &mut |_, _| {})
}

#[test]
fn what_is_exported_can_be_imported_where_there_is_nothing() {
    let labels = layer(&[annotation("s1", 6, 13), annotation("s2", 22, 26)]);
    let (answer, imported) = take(&Records::default(), &[file(&labels, 4)], &asked());
    assert!(imported.good && imported.merged, "{imported:?}");
    assert_eq!((imported.first, imported.replaced), (Some(DocumentId::from("d")), vec![key()]));
    let stock = read(&written(&Records::default(), &answer));
    assert_eq!(stock.project.layer(&key()), Some(&labels));
    assert_eq!(stock.revisions().get(&key()), Some(&4));
    assert_eq!(stock.line(&key()), LayerCard { status: Status::InProgress, spans: 2, revision: 4, updated: 77, ahead: 0, when: Some(0) });
    let out = export(&keys(), written(&Records::default(), &answer), &ExportAsked::all(Format::Wusum), &mut |_, _| {});
    assert!(out.written);
    assert_eq!(out.file, file(&labels, 4).1);
}

#[test]
fn a_newer_layer_is_one_step_that_can_be_undone_and_is_not_taken_twice() {
    let ours = layer(&[annotation("s1", 6, 13)]);
    let (answer, _) = take(&Records::default(), &[file(&ours, 2)], &asked());
    let records = written(&Records::default(), &answer);
    let theirs = layer(&[annotation("s1", 6, 13), annotation("s2", 22, 26)]);
    let (answer, _) = take(&records, &[file(&theirs, 9)], &asked());
    assert!(matches!(&answer.writes[..], [Write::Set(Key::Journal(_, 3), _), Write::Set(Key::Card(_), _)]), "{:?}", answer.writes);
    let records = written(&records, &answer);
    let stock = read(&records);
    assert_eq!((stock.project.layer(&key()), stock.revisions().get(&key())), (Some(&theirs), Some(&9)));
    let past = stock.pasts[&key()].clone();
    let mut session = Session::open(stock.project, key(), past.history, past.revision).expect("a document");
    session.undo().expect("a step");
    assert_eq!(session.layer(), &ours);
    // The same file once more: nothing to do.
    let (answer, imported) = take(&records, &[file(&theirs, 9)], &asked());
    assert_eq!(answer.writes, []);
    assert!(imported.lines.contains(&ReportLine::LayerKept { layer: key(), incoming: 9, here: 9, same: true }), "{imported:?}");
}

#[test]
fn labels_that_nobody_could_make_here_are_taken_all_the_same() {
    let (answer, _) = take(&Records::default(), &[file(&layer(&[annotation("s1", 6, 13)]), 1)], &asked());
    let records = written(&Records::default(), &answer);
    // From within أنّ, between the letter and its shadda; and a blank.
    let odd = layer(&[annotation("cut", 20, 26), annotation("blank", 13, 14)]);
    let (answer, _) = take(&records, &[file(&odd, 2)], &asked());
    assert_eq!(read(&written(&records, &answer)).project.layer(&key()), Some(&odd));
    // What lies outside the text is refused by the rules as before.
    let mut project = Project::new("p");
    project.documents.insert("d".into(), document());
    let mut session = Session::open(project, key(), Default::default(), 0).expect("a document");
    let far = layer(&[annotation("far", 6, 900)]);
    assert_eq!(session.run(Command::Replace(Box::new(far))), Err(crate::plan::Refusal::OutsideText));
}

#[test]
fn the_open_layer_is_left_to_its_session() {
    let labels = layer(&[annotation("s1", 6, 13)]);
    let open = Asked { open: Some(key()), ..asked() };
    let (answer, imported) = take(&bare(None), &[file(&labels, 3)], &open);
    assert_eq!(answer.writes, []);
    assert_eq!(imported.open, Some(Replacement { snapshot: encode_snapshot(&document().text, 3, 77, &labels), revision: 3, when: 0 }));
    assert_eq!(imported.replaced, [key()]);
}

#[test]
fn a_layer_of_a_newer_program_is_neither_exported_nor_touched() {
    let mut records = bare(None);
    records.durable.push((keys().write(&Key::Snapshot(key())), r#"{"v":99,"revision":1}"#.to_owned()));
    let (answer, imported) = take(&records, &[file(&layer(&[annotation("s1", 6, 13)]), 3)], &asked());
    assert_eq!(answer.writes, []);
    assert!(!imported.good);
    assert_eq!(imported.problems[0].code, ProblemCode::TooNew { version: 99 }.id());
    assert_eq!(imported.lines, [ReportLine::DocumentSame { incoming: "d".into(), here: "d".into() }]);
}

#[test]
fn an_unreadable_record_is_set_aside_before_its_place_is_taken() {
    let mut records = bare(None);
    let name = keys().write(&Key::Snapshot(key()));
    records.durable.push((name, "{broken".to_owned()));
    let labels = layer(&[annotation("s1", 6, 13)]);
    let (answer, _) = take(&records, &[file(&labels, 3)], &asked());
    let after = written(&records, &answer);
    let aside = after.durable.iter().find(|(written, _)| matches!(keys().parse(written), Some(Key::Aside(..))));
    assert_eq!(aside.map(|(_, value)| value.as_str()), Some("{broken"));
    assert_eq!(read(&after).project.layer(&key()), Some(&labels));
}

#[test]
fn the_bin_is_left_out_until_its_document_is_imported_again() {
    let labels = layer(&[annotation("s1", 6, 13)]);
    let (answer, _) = take(&bare(None), &[file(&labels, 3)], &asked());
    let mut records = written(&bare(None), &answer);
    let stock = read(&records);
    let card = Card { binned: Some(99), ..stock.cards[&DocumentId::from("d")].clone() };
    records.pending.push((keys().write(&Key::Card("d".into())), Some(card.encode())));
    records.settle();
    let out = export(&keys(), records.clone(), &ExportAsked::all(Format::Wusum), &mut |_, _| {});
    assert!(!String::from_utf8(out.file).expect("UTF-8").contains("أرمينيا"));
    let (answer, imported) = take(&records, &[file(&Layer::default(), 0)], &asked());
    assert_eq!(imported.first, Some(DocumentId::from("d")));
    let stock = read(&written(&records, &answer));
    assert_eq!(stock.project.layer(&key()), Some(&labels));
}

#[test]
fn a_backup_restores_and_its_damage_is_told() {
    let (answer, _) = take(&bare(None), &[file(&layer(&[annotation("s1", 6, 13)]), 3)], &asked());
    let records = written(&bare(None), &answer);
    let mut backup = back_up(&records).file;
    let (answer, imported) = take(&Records::default(), &[("b.jsonl".to_owned(), backup.clone())], &asked());
    let all = Restored { written: 3, kept: 0, different: 0, damaged: false };
    assert_eq!((imported.restored, imported.restoring, imported.merged), (Some(all.clone()), 3, false));
    assert_eq!(written(&Records::default(), &answer).united(), records.united());
    // Again: everything is there.
    let (answer, imported) = take(&records, &[("b.jsonl".to_owned(), backup.clone())], &asked());
    assert_eq!((answer.writes, imported.restored), (vec![], Some(Restored { written: 0, kept: 1, ..Restored::default() })));
    backup.truncate(backup.len() - 20);
    let (_, imported) = take(&Records::default(), &[("b.jsonl".to_owned(), backup)], &asked());
    assert_eq!(imported.restored, Some(Restored { damaged: true, ..all }));
}

#[test]
fn a_backup_and_labels_on_its_document_come_in_together() {
    let backup = back_up(&bare(None)).file;
    let labels = layer(&[annotation("s1", 6, 13)]);
    let (answer, imported) = take(&Records::default(), &[file(&labels, 3), ("b.jsonl".to_owned(), backup)], &asked());
    assert_eq!(imported.lines[0], ReportLine::DocumentSame { incoming: "d".into(), here: "d".into() });
    assert_eq!((imported.restoring, read(&written(&Records::default(), &answer)).project.layer(&key())), (2, Some(&labels)));
}

#[test]
fn what_the_database_does_not_have_yet_counts() {
    let labels = layer(&[annotation("s1", 6, 13)]);
    let (answer, _) = take(&bare(None), &[file(&labels, 3)], &asked());
    let settled = written(&bare(None), &answer);
    let mut records = bare(None);
    records.pending = settled.durable.iter().map(|(key, value)| (key.clone(), Some(value.clone()))).collect();
    assert_eq!(read(&records).project.layer(&key()), Some(&labels));
    records.pending.push((keys().write(&Key::Snapshot(key())), None));
    assert_eq!(read(&records).project.layer(&key()), Some(&Layer::default()));
    assert_eq!(recover(&document(), &key(), Vec::new(), Vec::new()).layer, Layer::default());
}

#[test]
fn a_long_report_is_cut_and_counted() {
    let lines: Vec<String> = (0..100).map(|n| format!("{{\"kind\":\"strange\",\"n\":{n}}}")).collect();
    let (_, imported) = take(&Records::default(), &[("x.jsonl".to_owned(), lines.join("\n").into_bytes())], &asked());
    assert_eq!((imported.problems.len(), imported.more, imported.good), (30, 70, false));
    assert_eq!(imported.lost.lines().count(), 100);
    assert_eq!(imported.problems[0].params, [("kind".to_owned(), "strange".to_owned())]);
}

#[test]
fn open_checks_are_counted_by_document_and_kind_for_one_annotator() {
    let mut records = bare(None);
    let mut put = |key: Key, value: String| records.durable.push((keys().write(&key), value));
    let text = &document().text;
    let claim = Annotation::new("c".into(), Span::try_new(Offset::new(27), Offset::new(31)).expect("a span"), "Claim".into());
    // Two labels with the space after them or before them, and a claim without source.
    let mine = layer(&[annotation("a", 6, 14), annotation("b", 22, 27), claim]);
    put(Key::Snapshot(key()), encode_snapshot(text, 2, 1, &mine));
    put(Key::Snapshot(LayerKey { document: "d".into(), annotator: "ليلى".into() }), encode_snapshot(text, 2, 1, &layer(&[annotation("a", 6, 14)])));
    // The same in a document without anything open, and in one in the bin.
    for (id, binned, end) in [("fine", None, 13), ("gone", Some(9), 14)] {
        let record = DocumentRecord { document: Arc::new(Document::new(id.into(), id, TEXT)), added: 5, binned };
        put(Key::Document(id.into()), record.encode());
        put(Key::Card(id.into()), Card::of(&record).encode());
        let layer_key = LayerKey { document: id.into(), annotator: key().annotator };
        put(Key::Snapshot(layer_key), encode_snapshot(text, 2, 1, &layer(&[annotation("a", 6, end)])));
    }
    let count = |annotator: &str| run(&keys(), Task::Checks(annotator.into()), records.clone(), &[], &mut |_, _| {});
    let answer = count("سارة");
    assert_eq!(CheckKind::ALL[0], CheckKind::Edges);
    assert_eq!(CheckKind::ALL[3], CheckKind::RelationMissing);
    assert_eq!(answer.checks.as_deref(), Some(r#"{"d":[2,0,0,1,0,0,0,0,0]}"#));
    assert!(answer.writes.is_empty() && !answer.written);
    assert_eq!(count("ليلى").checks.as_deref(), Some(r#"{"d":[1,0,0,0,0,0,0,0,0]}"#));
    assert_eq!(count("أحد").checks.as_deref(), Some("{}"));
    // It crosses to the page as it is.
    let read: Answer = crate::json::parse(&serde_json::to_string(&answer).expect("plain")).expect("as written");
    assert_eq!(read, answer);
}
