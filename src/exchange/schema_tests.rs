//! Schema changes on stores in memory.

use super::tests::{asked, bare, file, key, keys, layer, read, take, written};
use super::*;
use crate::annotation::{Annotation, Relation};
use crate::formats::merge::ReportLine;
use crate::id::{DocumentId, LabelId};
use crate::layer::{Layer, Status};
use crate::persist::{self, DocumentRecord, Entry, Key, LayerCard, SchemaRecord, encode_snapshot};
use crate::plan::Command;
use crate::project::Document;
use crate::schema::Schema;
use crate::schema_change::{Fate, Kind, Part, Unplanned, rename};
use crate::session::Session;
use crate::span::Span;
use crate::text::Offset;
use std::sync::Arc;

const OTHER: &str = "قالت باكو: نرفض كل ذلك";

fn label(id: &str, start: u32, end: u32, label: &str) -> Annotation {
    Annotation::new(id.into(), Span::try_new(Offset::new(start), Offset::new(end)).expect("a span"), label.into())
}

fn place(document: &str, annotator: &str) -> LayerKey {
    LayerKey { document: document.into(), annotator: annotator.into() }
}

/// Two documents, one of them in the bin; three layers, of which one says nothing that changes.
fn stores() -> Records {
    let mut records = bare(None);
    let other = DocumentRecord { document: Arc::new(Document::new("o".into(), "آخر", OTHER)), added: 6, binned: Some(9) };
    let tie = Relation { id: "r".into(), kind: "source".into(), from: "c".into(), to: "a".into(), attributes: Default::default(), note: None };
    let with_tie = Layer::from_records(Status::Done, [label("a", 5, 9, "Actor"), label("c", 11, 15, "Claim")], [tie]);
    let text = crate::text::Text::new(OTHER);
    let mut put = |key: Key, value: String| records.durable.push((keys().write(&key), value));
    put(Key::Document("o".into()), other.encode());
    put(Key::Snapshot(place("o", "سارة")), encode_snapshot(&text, 4, 1, &with_tie));
    let mine = layer(&[label("s1", 6, 13, "Actor"), label("s2", 25, 29, "Claim")]);
    put(Key::Snapshot(key()), encode_snapshot(&super::tests::document().text, 2, 1, &mine));
    let plain = layer(&[label("p", 22, 24, "Location")]);
    put(Key::Snapshot(place("d", "ليلى")), encode_snapshot(&super::tests::document().text, 7, 1, &plain));
    records
}

/// Claims are statements, and actors are no more; relations have no ends that are told.
fn next() -> (Schema, Vec<(Part, Fate)>) {
    let mut schema = Schema::default();
    rename(&mut schema, &Part::Kind(Kind::Label("Claim".into())), "Statement");
    schema.labels.remove(0);
    schema.relations[0].to = Vec::new();
    let part = |id: &str| Part::Kind(Kind::Label(id.into()));
    (schema, vec![(part("Claim"), Fate::Become("Statement".to_owned())), (part("Actor"), Fate::Delete)])
}

fn ask(records: &Records, task: SchemaTask, open: Option<LayerKey>) -> (Answer, SchemaAnswer) {
    let answer = run(&keys(), SchemaAsked { now: 50, open, task }.task(), records.clone(), &[], &mut |_, _| {});
    let schema = SchemaAnswer::of(&answer).expect("an answer on the schema");
    (answer, schema)
}

/// All layers, those in the bin too, and the schema.
fn everything(records: &Records) -> (Vec<(LayerKey, Layer)>, Schema) {
    let stock = Stock::read(&keys(), records.clone(), Bin::Read, &mut |_, _| {});
    (stock.project.layers.iter().cloned().collect(), Schema::clone(&stock.project.schema))
}

fn change(records: &Records) -> (Records, SchemaDone) {
    let (schema, fates) = next();
    let (answer, told) = ask(records, SchemaTask::Change(Box::new(schema), fates), None);
    (written(records, &answer), told.done.expect("it is done"))
}

fn step(records: &Records, task: SchemaTask) -> Records {
    let (answer, told) = ask(records, task, None);
    assert_eq!(told.refused, None);
    written(records, &answer)
}

#[test]
fn a_change_goes_through_all_layers_and_back_and_forth() {
    let before = stores();
    let (after, done) = change(&before);
    assert_eq!((done.revision, done.can_undo, done.can_redo), (1, true, false));
    assert_eq!(done.layers, [key(), place("o", "سارة")]);
    let (layers, schema) = everything(&after);
    assert_eq!(schema, next().0);
    let labels: Vec<(String, Vec<&str>, usize)> = layers
        .iter()
        .map(|(key, layer)| {
            (key.annotator.to_string(), layer.iter().map(|annotation| annotation.label.as_str()).collect(), layer.relations().count())
        })
        .collect();
    assert_eq!(
        labels,
        [("سارة".to_owned(), vec!["Statement"], 0), ("ليلى".to_owned(), vec!["Location"], 0), ("سارة".to_owned(), vec!["Statement"], 0)]
    );
    let stock = read(&after);
    assert_eq!(stock.line(&key()), LayerCard { status: Status::InProgress, spans: 1, revision: 3, updated: 50, ahead: 0, when: None });

    let undone = step(&after, SchemaTask::Undo);
    assert_eq!(everything(&undone), everything(&before));
    let (_, told) = ask(&undone, SchemaTask::Undo, None);
    assert_eq!(told.refused, Some(Unplanned::NoChange));
    let redone = step(&undone, SchemaTask::Redo);
    assert_eq!(everything(&redone), everything(&after));
    assert_eq!(everything(&step(&redone, SchemaTask::Undo)), everything(&before));
}

#[test]
fn the_schema_is_written_with_its_labels_and_the_last() {
    let (schema, fates) = next();
    let (answer, _) = ask(&stores(), SchemaTask::Change(Box::new(schema), fates), None);
    let written: Vec<String> = answer
        .writes
        .iter()
        .map(|write| match write {
            Write::Set(key, _) => keys().write(key).rsplit_once("/p/").map(|(_, end)| end.to_owned()).expect("a key"),
            Write::Remove(_) => "removed".to_owned(),
        })
        .collect();
    let sara = "%D8%B3%D8%A7%D8%B1%D8%A9";
    let expected = [
        "schema/000000000001".to_owned(),
        format!("d/{sara}/journal/000000000003"),
        format!("o/{sara}/journal/000000000005"),
        "d/card".to_owned(),
        "o/card".to_owned(),
        "schema".to_owned(),
    ];
    assert_eq!(written, expected);
}

#[test]
fn a_comparison_and_a_refusal_write_nothing() {
    let (schema, fates) = next();
    let (answer, told) = ask(&stores(), SchemaTask::Compare(Box::new(schema.clone()), Vec::new()), None);
    assert_eq!((answer.writes.len(), told.done.is_some(), told.refused), (0, false, None));
    let undecided = [Part::Kind(Kind::Label("Actor".into())), Part::Kind(Kind::Label("Claim".into()))];
    assert_eq!(told.comparison.undecided, undecided);
    assert_eq!(told.comparison.gone.iter().map(|gone| (gone.uses, gone.documents)).collect::<Vec<_>>(), [(2, 2), (2, 2)]);
    let (answer, told) = ask(&stores(), SchemaTask::Change(Box::new(schema.clone()), fates[..1].to_vec()), None);
    assert_eq!((answer.writes.len(), told.refused), (0, Some(Unplanned::Undecided(undecided[..1].to_vec()))));
    let mut broken = schema;
    broken.labels[0].id = "Statement".into();
    let (answer, told) = ask(&stores(), SchemaTask::Change(Box::new(broken), fates), None);
    assert!(answer.writes.is_empty() && matches!(told.refused, Some(Unplanned::Broken(_))));
}

#[test]
fn the_session_of_the_open_layer_follows() {
    let records = stores();
    let stock = read(&records);
    let past = stock.pasts[&key()].clone();
    let mut session = Session::open(stock.project, key(), past.history, past.revision).expect("a document");
    let (schema, fates) = next();
    let (answer, told) = ask(&records, SchemaTask::Change(Box::new(schema), fates), Some(key()));
    let done = told.done.expect("it is done");
    let open = done.open.expect("it is open");
    assert_eq!(open.revision, session.revision() + 1);
    let text = session.document().expect("it is there").text.clone();
    session.set_schema(Arc::new(done.schema));
    let entry = Entry::decode(&open.entry, &key(), &text).expect("as written");
    session.follow(entry.step).expect("it fits");
    let (layers, schema) = everything(&written(&records, &answer));
    assert_eq!((session.layer(), &*session.project().schema), (&layers[0].1, &schema));
    // Its own undo would bring labels back that the schema does not know; that can be told beforehand.
    let undo = session.history().edit_of(&crate::history::Step::Undo).expect("a step");
    assert_eq!(crate::schema_change::estranged(&schema, &undo), 2);
    session.undo().expect("a step");
    let label =
        Command::Label { id: "n".into(), extent: Span::try_new(Offset::new(0), Offset::new(5)).expect("a span").into(), label: "Statement".into() };
    session.run(label).expect("the new label is known");
}

#[test]
fn work_that_went_on_stays_when_the_change_is_taken_back() {
    let (after, _) = change(&stores());
    let stock = read(&after);
    let past = stock.pasts[&key()].clone();
    let mut session = Session::open(stock.project.clone(), key(), past.history, past.revision).expect("a document");
    let text = session.document().expect("it is there").text.clone();
    let mut more = after.clone();
    let new =
        Command::Label { id: "n".into(), extent: Span::try_new(Offset::new(0), Offset::new(5)).expect("a span").into(), label: "Statement".into() };
    for command in [new, Command::SetNote("s2".into(), Some("ن".to_owned()))] {
        let outcome = session.run(command).expect("it may");
        let entry = crate::persist::encode_outcome(&text, 60, &outcome).expect("one layer");
        more.pending.push((keys().write(&Key::Journal(key(), outcome.revision)), Some(entry)));
    }
    let (answer, told) = ask(&more, SchemaTask::Undo, None);
    // The schema that comes back does not know what was labelled with the one that goes.
    let unknown: Vec<_> = told.comparison.gone.iter().map(|gone| (&gone.part, gone.uses, gone.was_known)).collect();
    assert_eq!(unknown, [(&Part::Kind(Kind::Label("Statement".into())), 1, false)]);
    let (layers, schema) = everything(&written(&more, &answer));
    assert_eq!(schema, Schema::default());
    let labels: Vec<(&str, &str, Option<&str>)> =
        layers[0].1.iter().map(|annotation| (annotation.id.as_str(), annotation.label.as_str(), annotation.note.as_deref())).collect();
    assert_eq!(labels, [("n", "Statement", None), ("s1", "Actor", None), ("s2", "Claim", Some("ن"))]);
}

#[test]
fn several_changes_are_taken_back_one_after_the_other() {
    let start = stores();
    let (first, _) = change(&start);
    let mut schema = next().0;
    schema.labels.remove(0);
    let gone = vec![(Part::Kind(Kind::Label("Location".into())), Fate::Become("Statement".to_owned()))];
    let second = step(&first, SchemaTask::Change(Box::new(schema), gone));
    assert_eq!(everything(&second).0[1].1.count(&LabelId::from("Statement")), 1);
    let mut now = second.clone();
    for expected in [&first, &start] {
        now = step(&now, SchemaTask::Undo);
        assert_eq!(everything(&now), everything(expected));
    }
    for expected in [&first, &second] {
        now = step(&now, SchemaTask::Redo);
        assert_eq!(everything(&now), everything(expected));
    }
    now = step(&step(&now, SchemaTask::Undo), SchemaTask::Undo);
    assert_eq!(everything(&now), everything(&start));
    // What is new makes an end of what could be made again.
    let again = step(&now, SchemaTask::Change(Box::new(next().0), next().1));
    let (_, told) = ask(&again, SchemaTask::Redo, None);
    assert_eq!(told.refused, Some(Unplanned::NoChange));
    assert_eq!(everything(&step(&again, SchemaTask::Undo)), everything(&start));
}

#[test]
fn the_higher_revision_of_both_stores_stands() {
    let (after, _) = change(&stores());
    let name = keys().write(&Key::Schema);
    let newer = SchemaRecord { revision: 5, schema: Schema::empty(), ..SchemaRecord::new() };
    let mut records = after.clone();
    records.local.push((name.clone(), newer.encode()));
    assert_eq!(everything(&records).1, Schema::empty());
    let older = SchemaRecord { revision: 0, schema: Schema::empty(), ..SchemaRecord::new() };
    records.local = vec![(name, older.encode())];
    assert_eq!(everything(&records).1, next().0);
}

#[test]
fn a_schema_that_cannot_be_read_is_not_written_over() {
    let (after, _) = change(&stores());
    let name = keys().write(&Key::Schema);
    let with = |records: &Records, value: &str| {
        let mut records = records.clone();
        records.pending.push((name.clone(), Some(value.to_owned())));
        records
    };
    // The last change says what it was.
    let broken = with(&after, "{broken");
    assert_eq!(everything(&broken), everything(&after));
    assert_eq!(everything(&step(&broken, SchemaTask::Undo)).1, Schema::default());
    for records in [with(&stores(), "{broken"), with(&after, r#"{"v":99}"#)] {
        let (answer, told) = ask(&records, SchemaTask::Change(Box::default(), Vec::new()), None);
        assert_eq!((answer.writes.len(), told.refused), (0, Some(Unplanned::Blocked)));
    }
}

#[test]
fn a_backup_carries_the_schema_where_it_goes_on_from_ours() {
    let start = stores();
    let (after, _) = change(&start);
    let restore = |onto: &Records, from: &Records| {
        let (answer, _) = take(onto, &[("b.jsonl".to_owned(), back_up(from).file)], &asked());
        everything(&written(onto, &answer))
    };
    let is_told = |onto: &Records, from: &Records| {
        let from: Vec<(String, String)> = from.united().into_iter().collect();
        backup::plan(&keys(), &from, &onto.united()).different.contains(&keys().write(&Key::Schema))
    };
    assert_eq!(restore(&Records::default(), &after), everything(&after));
    assert_eq!(restore(&start, &after), everything(&after));
    let undone = step(&after, SchemaTask::Undo);
    assert_eq!((restore(&after, &undone), is_told(&after, &undone)), (everything(&undone), false));
    // An older backup changes nothing; neither does one that went another way.
    assert_eq!((restore(&undone, &after), is_told(&undone, &after)), (everything(&undone), true));
    let keep = Schema { clitics: crate::schema::CliticPolicy::Keep, ..Schema::default() };
    let other = step(&start, SchemaTask::Change(Box::new(keep.clone()), Vec::new()));
    assert_eq!((restore(&other, &undone).1, is_told(&other, &undone)), (keep, true));
}

#[test]
fn an_empty_project_takes_the_schema_of_a_file_and_another_keeps_its_own() {
    let mut schema = Schema::default();
    rename(&mut schema, &Part::Kind(Kind::Label("Actor".into())), "Source");
    let (name, bytes) = file(&layer(&[label("s1", 6, 13, "Source")]), 3);
    let line = serde_json::json!({"wusum": 1, "kind": "project", "name": "p", "offsets": "code-points", "schema": schema}).to_string();
    let rest = String::from_utf8(bytes).expect("UTF-8");
    let rest = rest.split_once('\n').expect("a line").1;
    let file = (name, format!("{line}\n{rest}").into_bytes());
    let (answer, imported) = take(&bare(None), std::slice::from_ref(&file), &asked());
    assert!(imported.good, "{imported:?}");
    assert_eq!((imported.lines.first(), imported.schema.as_deref()), (Some(&ReportLine::SchemaTaken), Some(&schema)));
    let records = written(&bare(None), &answer);
    assert_eq!(everything(&records).1, schema);
    let out = export(&keys(), records.clone(), &ExportAsked::all(crate::formats::Format::Wusum), &mut |_, _| {});
    let exported: serde_json::Value = serde_json::from_slice(out.file.split(|byte| *byte == b'\n').next().expect("a line")).expect("JSON");
    assert_eq!(exported["schema"], serde_json::json!(schema));
    // It can be taken back, for it is a change like any other.
    assert_eq!(everything(&step(&records, SchemaTask::Undo)).1, Schema::default());

    // Where there is work, the labels come in unknown, and that is told.
    let (answer, imported) = take(&stores(), std::slice::from_ref(&file), &asked());
    assert_eq!(imported.lines.first(), Some(&ReportLine::SchemaKept { labels: vec!["Source".into()] }));
    assert_eq!(imported.schema, None);
    let (layers, kept) = everything(&written(&stores(), &answer));
    assert_eq!((kept, layers[0].1.count(&LabelId::from("Source"))), (Schema::default(), 1));
    // A file without a schema is read under the project's.
    let bare_file = ("y.jsonl".to_owned(), rest.replace("\"revision\":3", "\"revision\":9").into_bytes());
    let (_, imported) = take(&records, std::slice::from_ref(&bare_file), &asked());
    assert!(imported.good, "{imported:?}");
    let (_, imported) = take(&bare(None), &[bare_file], &asked());
    assert_eq!(imported.problems.iter().map(|problem| problem.code.as_str()).collect::<Vec<_>>(), ["unknown-label"]);
}

#[test]
fn a_task_and_its_answer_travel_as_json() {
    let (schema, fates) = next();
    let task = SchemaAsked { now: 50, open: Some(key()), task: SchemaTask::Change(Box::new(schema), fates) }.task();
    let sent = serde_json::to_string(&task).expect("plain data");
    let read: Task = crate::json::parse(&sent).expect("it reads itself");
    assert_eq!(read, task);
    let answer = run(&keys(), task, stores(), &[], &mut |_, _| {});
    let sent = serde_json::to_string(&answer).expect("plain data");
    let read: Answer = crate::json::parse(&sent).expect("it reads itself");
    assert_eq!(read, Answer { writes: Vec::new(), ..answer });
    assert_eq!(DocumentId::from("d"), SchemaAnswer::of(&read).and_then(|schema| schema.done).expect("it is done").layers[0].document);
    assert_eq!(run(&keys(), Task::Schema("{}".to_owned()), stores(), &[], &mut |_, _| {}), Answer::default());
}

#[test]
fn of_a_document_that_is_removed_for_good_a_stored_change_keeps_no_words() {
    let (after, _) = change(&stores());
    let name = keys().write(&Key::SchemaStep(1));
    let raw = after.durable.iter().find(|(key, _)| *key == name).map(|(_, raw)| raw.clone()).expect("the step is kept");
    assert!(raw.contains("باكو") && raw.contains("أرمينيا"), "{raw}");
    let rest = persist::without_document(&raw, &"o".into()).expect("it has some of it");
    assert!(!rest.contains("باكو") && rest.contains("أرمينيا"), "{rest}");
    assert_eq!(persist::without_document(&rest, &"o".into()), None, "nothing is left of it");
    assert_eq!(persist::without_document(&raw.replace("\"v\":1", "\"v\":9"), &"o".into()), None, "a newer program's record is not written");
    assert_eq!(persist::without_document("{", &"o".into()), None);

    // The change can still be taken back, on what is there.
    let mut left = after;
    left.durable.retain(|(key, _)| keys().parse(key).is_none_or(|key| key.layer().is_none_or(|layer| layer.document.as_str() != "o")));
    left.durable.retain(|(key, _)| *key != keys().write(&Key::Document("o".into())) && *key != name);
    left.durable.push((name, rest));
    let (layers, schema) = everything(&step(&left, SchemaTask::Undo));
    let (all, before) = everything(&stores());
    assert_eq!(schema, before);
    assert_eq!(layers, all.into_iter().filter(|(key, _)| key.document.as_str() == "d").collect::<Vec<_>>());
}
