//! When a layer was last changed travels in files, and orders what is compared.

use super::tests::{TEXT, asked, bare, keys, read, take, written};
use super::*;
use crate::formats::{Format, wusum};
use crate::persist::{Card, Key};
use serde_json::{Value, json};

const A: &str = "سارة";

fn key(document: &str, annotator: &str) -> LayerKey {
    LayerKey { document: document.into(), annotator: annotator.into() }
}

fn layer(document: &str, annotator: &str, revision: u64, when: Option<Value>) -> Value {
    let spans = json!([{"id": "s1", "start": 6, "end": 13, "label": "Actor", "text": "أرمينيا"}]);
    let mut layer = json!({"kind": "layer", "document": document, "annotator": annotator, "status": "done", "revision": revision, "spans": spans});
    if let Some(when) = when {
        layer["when"] = when;
    }
    layer
}

fn file(lines: &[Value]) -> (String, Vec<u8>) {
    ("x.jsonl".to_owned(), lines.iter().map(|line| format!("{line}\n")).collect::<String>().into_bytes())
}

fn document(id: &str) -> Value {
    json!({"kind": "document", "id": id, "title": id, "text": format!("{TEXT} {id}")})
}

fn when(records: &Records, key: &LayerKey) -> Option<u64> {
    let out = export(&keys(), records.clone(), &ExportAsked::all(Format::Wusum), &mut |_, _| {});
    wusum::read(&out.file).whens.get(key).copied()
}

#[test]
fn it_comes_with_a_file_and_goes_out_again_and_nothing_is_made_up() {
    let lines = [document("d"), layer("d", A, 2, Some(json!(500))), layer("d", "هدى", 2, None)];
    let (answer, _) = take(&Records::default(), &[file(&lines)], &asked());
    let here = written(&Records::default(), &answer);
    assert_eq!((when(&here, &key("d", A)), when(&here, &key("d", "هدى"))), (Some(500), None), "when it came in is not when it was made");
    // A newer state of it says anew, or nothing.
    let (answer, _) = take(&here, &[file(&[document("d"), layer("d", A, 3, None), layer("d", "هدى", 1, Some(json!(900)))])], &asked());
    let mut later = layer("d", A, 3, None);
    later["spans"] = json!([]);
    let (answer_of_change, _) = take(&here, &[file(&[document("d"), later])], &asked());
    assert_eq!(when(&written(&here, &answer), &key("d", "هدى")), None, "the layer here stays, with what is known of it");
    assert_eq!(when(&written(&here, &answer_of_change), &key("d", A)), None);
}

#[test]
fn what_is_changed_here_says_when() {
    let mut records = bare(None);
    let (answer, _) = take(&records, &[file(&[layer("d", A, 2, Some(json!(500)))])], &asked());
    records = written(&records, &answer);
    // As the page does with every step.
    let mut card = read(&records).cards[&"d".into()].clone();
    let line = card.layers.get_mut(&A.into()).expect("a line");
    (line.updated, line.when) = (9_000, None);
    records.durable.retain(|(written, _)| *written != keys().write(&Key::Card("d".into())));
    records.durable.push((keys().write(&Key::Card("d".into())), Card::encode(&card)));
    assert_eq!(when(&records, &key("d", A)), Some(9_000));
}

#[test]
fn a_time_that_is_none_is_told_and_the_layer_is_taken() {
    let import = wusum::read(&file(&[document("d"), layer("d", A, 2, Some(json!("أمس")))]).1);
    assert_eq!(import.problems.iter().map(|problem| problem.code.id()).collect::<Vec<_>>(), ["bad-field"]);
    assert!(import.whens.is_empty() && import.layers.contains_key(&key("d", A)));
}

#[test]
fn the_course_of_agreement_goes_by_it() {
    let of = |id: &str, at: u64| [document(id), layer(id, A, 1, Some(json!(at))), layer(id, "هدى", 1, Some(json!(at / 2)))];
    let lines: Vec<Value> = [of("first", 3_000), of("second", 1_000), of("third", 2_000)].concat();
    let (answer, imported) = take(&Records::default(), &[file(&lines)], &asked());
    assert!(imported.good, "{imported:?}");
    let answer = agree(&keys(), written(&Records::default(), &answer), &AgreeAsked::default(), &mut |_, _| {});
    let told: agree::AgreeTold = crate::json::parse(&answer.agreement.expect("an answer")).expect("a report");
    let course: Vec<_> = told.course.iter().map(|step| (step.document.as_str(), step.at)).collect();
    assert_eq!(course, [("second", 1_000), ("third", 2_000), ("first", 3_000)]);
}
