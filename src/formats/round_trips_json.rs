//! Formats of JSON out and in again: all that each says it holds comes back, in files of its own and of the programs it is for.

use super::export::Options;
use super::files::Files;
use super::loss::Kind;
use super::round_trips::{exported, imported, key, nasty, places, there_and_back};
use super::samples::{SENTENCE, cases, projects, sentence};
use super::tokens::is_space;
use super::{Format, Import};
use crate::annotation::{Annotation, Relation};
use crate::id::{AnnotationId, DocumentId};
use crate::layer::Layer;
use crate::project::{Document, LayerKey, Project};
use crate::sorted::Sorted;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::Arc;

/// The formats that hold texts to the letter.
const FORMATS: [Format; 5] = [Format::LabelStudio, Format::Spacy, Format::WebAnnotation, Format::Gate, Format::Pubannotation];

/// What a format says it holds of a project, line by line, whatever names it has for labels and relations.
fn held(documents: &Sorted<DocumentId, Arc<Document>>, layers: &Sorted<LayerKey, Layer>, format: Format) -> Vec<String> {
    let holds = |kind: Kind, value: Value| if format.holds(kind) { value } else { Value::Null };
    let mut lines = Vec::new();
    for document in documents.values() {
        let title = holds(Kind::Titles, json!(document.title));
        let (text, meta) = (holds(Kind::Texts, json!(document.text.as_str())), holds(Kind::Meta, json!(document.meta)));
        lines.push(json!([document.id, title, text, meta]).to_string());
    }
    let label = |one: &Annotation| {
        let hull = one.extent.hull();
        let pieces: Vec<_> = one.extent.pieces().iter().map(|piece| (piece.start(), piece.end())).collect();
        let place = if format.holds(Kind::Pieces) { json!(pieces) } else { json!([[hull.start(), hull.end()]]) };
        let said = (holds(Kind::SpanAttributes, json!(one.attributes)), holds(Kind::SpanNotes, json!(one.note)));
        json!([place, one.label, said, holds(Kind::Unsure, json!(one.unsure)), holds(Kind::Origins, json!(one.origin))])
    };
    // A label on white space alone is left out, and told, where labels are on tokens.
    let is_there = |key: &LayerKey, one: &Annotation| {
        let text = &documents.get(&key.document).expect("layers have a text").text;
        format.holds(Kind::NoToken) || !text.slice(one.extent.hull().range()).expect("inside").chars().all(is_space)
    };
    for (key, layer) in layers.iter().filter(|(_, layer)| !layer.is_empty() || format.holds(Kind::Unlabelled)) {
        let whose = json!([key.document, key.annotator]);
        lines.push(json!([whose, holds(Kind::Statuses, json!(layer.status()))]).to_string());
        lines.extend(layer.iter().filter(|one| is_there(key, one)).map(|one| json!([whose, label(one)]).to_string()));
        let end = |id: &AnnotationId| layer.get(id).filter(|one| is_there(key, one)).map(|one| label(one));
        let tie = |one: &Relation| {
            let said = (holds(Kind::RelationAttributes, json!(one.attributes)), holds(Kind::RelationNotes, json!(one.note)));
            json!([whose, one.kind, end(&one.from), end(&one.to), said]).to_string()
        };
        if format.holds(Kind::Relations) {
            lines.extend(layer.relations().filter(|one| end(&one.from).is_some() && end(&one.to).is_some()).map(|one| tie(one)));
        }
    }
    lines.sort();
    lines
}

fn of_project(project: &Project, format: Format) -> Vec<String> {
    held(&project.documents, &project.layers, format)
}

/// What was read and what is wrong with it, but for labels that the schema does not have.
fn of_import(import: &Import, format: Format) -> (Vec<String>, Vec<String>) {
    let told = import.problems.iter().filter(|problem| problem.code.id() != "unknown-label").map(ToString::to_string);
    (held(&import.documents, &import.layers, format), told.collect())
}

fn ids(import: &Import) -> Vec<&'static str> {
    import.problems.iter().map(|problem| problem.code.id()).filter(|id| *id != "unknown-label").collect()
}

#[test]
fn what_each_says_it_holds_comes_back() {
    for project in [sentence(), nasty()] {
        for format in FORMATS {
            let back = there_and_back(&project, format);
            assert_eq!(of_import(&back, format), (of_project(&project, format), vec![]), "{format:?}");
        }
    }
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn what_each_says_it_holds_comes_back_of_any_project(project in projects(), format in prop::sample::select(FORMATS.to_vec())) {
        let back = there_and_back(&project, format);
        prop_assert_eq!(of_import(&back, format), (of_project(&project, format), vec![]), "{:?}", format);
    }
}

#[test]
fn label_studio_has_an_annotation_of_each_annotator() {
    let files = exported(&sentence(), Format::LabelStudio, &Options::default()).files;
    let tasks: Value = serde_json::from_slice(files.get("news.json").expect("one file")).expect("JSON");
    let places = |at: usize| {
        let results = tasks[0]["annotations"][at]["result"].as_array().expect("a list").iter().filter(|one| one["type"] == "labels");
        json!(results.map(|one| json!([one["value"]["start"], one["value"]["end"], one["value"]["labels"][0]])).collect::<Vec<_>>())
    };
    assert_eq!(places(0), json!([[2, 5, "CUE"], [6, 36, "ACTOR"], [27, 36, "PERS"], [40, 56, "CLAIM"], [62, 68, "ACTOR"]]));
    assert_eq!(places(1), json!([[2, 5, "CUE"], [6, 36, "ACTOR"]]));
    let first = &tasks[0]["annotations"][0];
    assert_eq!((&first["completed_by"]["email"], &first["result"][3]["value"]["text"]), (&json!("a"), &json!("مصر ترفض التهجير")));
    assert_eq!(first["result"][5], json!({"type": "relation", "from_id": "s4", "to_id": "s2", "direction": "right", "labels": ["source"]}));
    assert_eq!(tasks[0]["data"]["text"], SENTENCE);
}

/// A task as Label Studio exports it: somebody's number, answers about a region before and after it, a model's prediction.
fn task(shift: u32) -> String {
    let at = |start: u32, end: u32, words: &str| json!({"start": start + shift, "end": end + shift, "text": words});
    let with = |mut value: Value, key: &str, said: Value| {
        value[key] = said;
        value
    };
    let result = json!([
        {"id": "x", "from_name": "sure", "to_name": "t", "type": "choices", "value": with(at(6, 36, ""), "choices", json!(["yes"]))},
        {"id": "x", "from_name": "label", "to_name": "t", "type": "labels", "value": with(at(6, 36, "وزير الخارجية المصري سامح شكري"), "labels", json!(["ACTOR", "VIP"]))},
        {"id": "x", "from_name": "why", "to_name": "t", "type": "textarea", "value": {"start": 6, "end": 36, "text": ["one", "two"]}},
        {"id": "y", "from_name": "label", "to_name": "t", "type": "labels", "value": with(at(2, 5, "قال"), "labels", json!(["CUE"])), "meta": {"text": ["note"]}},
        {"type": "relation", "from_id": "y", "to_id": "x", "direction": "left"},
        {"from_name": "topic", "to_name": "t", "type": "choices", "value": {"choices": ["politics"]}},
    ]);
    let guess = json!([{"id": "p", "from_name": "label", "to_name": "t", "type": "labels", "value": with(at(62, 68, "رويترز"), "labels", json!(["ACTOR"])), "score": 0.8}]);
    let annotations = json!([{"id": 7, "completed_by": 2, "result": result, "was_cancelled": false}, {"id": 8, "result": [], "was_cancelled": true}]);
    let predictions = json!([{"model_version": "gaz-1", "score": 0.8, "result": guess}]);
    json!([{"id": 1, "data": {"article": SENTENCE, "source": "باكو"}, "annotations": annotations, "predictions": predictions, "meta": {"batch": 3}}])
        .to_string()
}

#[test]
fn tasks_of_label_studio_are_read_in_either_unit() {
    // Since 2021 positions count code points; an older file is one further behind the emoji.
    for shift in [0, 1] {
        let import = imported(&Files::one("export.json", task(shift)), None);
        assert_eq!(ids(&import), ["bad-field"], "{shift}");
        assert_eq!(import.orphans.len(), 1, "the topic of the whole text");
        let document = import.documents.get(&"1".into()).expect("the task");
        assert_eq!((document.text.as_str(), json!(document.meta)), (SENTENCE, json!({"source": "باكو", "batch": 3})));
        let layer = import.layers.get(&key("1", "2")).expect("whose number is 2");
        let (actor, cue) = ((vec![(6, 36)], "ACTOR".to_owned()), (vec![(2, 5)], "CUE".to_owned()));
        assert_eq!(places(layer), [cue, actor, (vec![(6, 36)], "VIP".to_owned())]);
        let said = layer.get(&"x".into()).expect("the region");
        assert_eq!(json!(said.attributes), json!({"sure": "yes", "why": ["one", "two"]}));
        assert_eq!(layer.get(&"x#2".into()).expect("its other label").attributes, said.attributes);
        assert_eq!(layer.get(&"y".into()).expect("the cue").note.as_deref(), Some("note"));
        let relations: Vec<_> = layer.relations().map(|one| format!("{}>{}>{}", one.from, one.kind, one.to)).collect();
        assert_eq!(relations, ["x>relation>y"]);
        let guess = import.layers.get(&key("1", "gaz-1")).and_then(|layer| layer.iter().next()).expect("the prediction");
        assert_eq!(json!(guess.origin), json!({"suggestion": "gaz-1"}));
        assert_eq!(import.layers.get(&key("1", "imported")).expect("nobody's").status(), crate::layer::Status::Flagged);
    }
}

#[test]
fn the_short_export_and_line_ends_of_label_studio_are_read() {
    let short = json!([{"id": 3, "body": "قال\nنعم لا", "annotator": 4, "created_at": "2024-01-01T00:00:00.000000Z", "label": [
        {"start": 0, "end": 7, "text": "قال\\nنعم", "labels": ["A"]},
        {"start": 8, "end": 10, "text": "لا", "labels": ["B"]},
    ]}]);
    let import = imported(&Files::one("min.json", short.to_string()), None);
    assert_eq!(ids(&import), [""; 0]);
    let layer = import.layers.get(&key("3", "4")).expect("a layer");
    assert_eq!(places(layer), [(vec![(0, 7)], "A".to_owned()), (vec![(8, 10)], "B".to_owned())]);
    // The text may have any name.
    let tasks = json!([{"id": 4, "data": {"document": "قال نعم", "title": "خبر"}}]);
    let import = imported(&Files::one("tasks.json", tasks.to_string()), None);
    let document = import.documents.get(&"4".into()).expect("the task");
    assert_eq!((document.text.as_str(), &*document.title, import.layers.values().count()), ("قال نعم", "خبر", 0));
}
