//! What every format is asked: what nobody labelled is written too, and names that it writes otherwise are counted.

use super::export::Options;
use super::loss::Kind;
use super::round_trips::{exported, key, there_and_back};
use super::samples::{SENTENCE, label, project};
use super::{Format, Import};
use crate::annotation::Relation;
use crate::layer::{Layer, Status};
use serde_json::json;

#[test]
fn a_document_that_nobody_labelled_is_written_among_several_people() {
    let layer = || Layer::from_records(Status::Done, [label("s1", 6, 36, "ACTOR")], []);
    let documents = vec![("d1", SENTENCE), ("d2", "قالت مصر."), ("d3", "لم يقل أحد شيئًا.")];
    let project = project(documents, vec![("d1", "a", layer()), ("d1", "b", layer()), ("d2", "b", Layer::default())]);
    let back = |format: Format| -> Import { there_and_back(&project, format) };
    for format in Format::ALL.into_iter().filter(|format| format.is_read() && format.is_written() && *format != Format::Text) {
        let import = back(format);
        let texts: Vec<String> = import.documents.values().map(|document| document.text.as_str().split_whitespace().collect()).collect();
        let meant: Vec<String> = project.documents.values().map(|document| document.text.as_str().split_whitespace().collect()).collect();
        assert_eq!(texts, meant, "{}", format.name());
        if format.holds(Kind::Unlabelled) && format.holds(Kind::DocumentIds) {
            assert!(import.layers.contains_key(&key("d2", "b")) && !import.layers.contains_key(&key("d2", "a")), "{}", format.name());
        }
    }
}

#[test]
fn names_that_are_written_otherwise_are_counted_once() {
    let labels = [label("s1", 2, 5, "A label"), label("s2", 6, 36, "A label"), label("s3", 40, 56, "Claim: new"), label("s4", 62, 68, "Actor")];
    let relation =
        Relation { id: "r1".into(), kind: "said by".into(), from: "s3".into(), to: "s4".into(), attributes: Default::default(), note: None };
    let project = project(vec![("d1", SENTENCE)], vec![("d1", "a", Layer::from_records(Status::Done, labels, [relation]))]);
    let told = |format: Format| {
        let losses = exported(&project, format, &Options::default()).losses;
        losses.into_iter().find(|loss| loss.kind == Kind::Names).map(|loss| (loss.count, loss.rule, json!(loss.examples)))
    };
    let names = |names: &[&str]| json!(names.iter().map(|name| json!({ "name": name })).collect::<Vec<_>>());
    assert_eq!(told(Format::Brat), Some((3, "underscore", names(&["A label", "Claim: new", "said by"]))));
    // Relations are not in columns, so that their names are not written at all.
    for format in [Format::Conll2003, Format::ConllNested] {
        assert_eq!(told(format), Some((2, "underscore", names(&["A label", "Claim: new"]))));
    }
    for format in Format::ALL.into_iter().filter(|format| format.holds(Kind::Names)) {
        assert_eq!(told(format), None, "{}", format.name());
    }
    assert_eq!(told(Format::Text), None);
}
