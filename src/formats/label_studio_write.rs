//! Tasks of Label Studio, written: one a document, with an annotation of each annotator, and what Label Studio has no place for
//! in what it keeps of a region as it came.

use super::export::Export;
use super::files::Files;
use super::units::Unit;
use crate::annotation::{Annotation, Origin};
use crate::layer::Layer;
use crate::project::Document;
use crate::schema::{AttributeKind, Schema};
use serde_json::{Map, Value, json};

/// Where in a region's `meta` all is kept that Label Studio has no place for.
pub(super) const MORE: &str = "wusum";

/// The name of the control of labels, as the labelling configuration has it that [`super::schema_file`] writes.
const LABELS: &str = "label";

/// The name of the text in it.
const TEXT: &str = "text";

pub(super) fn write(export: &Export, files: &mut Files) {
    let mut tasks: Vec<String> = Vec::new();
    let mut annotation = 0_u64;
    for (number, document) in (1_u64..).zip(export.project.documents.values()) {
        let mut annotations: Vec<Value> = Vec::new();
        for (person, annotator) in (1_u64..).zip(&export.annotators) {
            let Some(layer) = export.layer(document, annotator) else { continue };
            annotation += 1;
            // Label Studio knows people by their address; a bare number would make it somebody else's work.
            annotations.push(json!({
                "id": annotation, "completed_by": { "id": person, "email": annotator }, "was_cancelled": false, "ground_truth": false,
                "result": results(&export.project.schema, document, layer),
            }));
        }
        let data = json!({
            "text": document.text.as_str(), "document": document.id, "title": document.title,
            "offset_unit": Unit::CodePoints.name(), "text_sha256": document.sha256,
        });
        let task = json!({ "id": number, "data": data, "annotations": annotations, "predictions": [], "meta": document.meta });
        tasks.push(export.json(&task));
    }
    files.insert(export.file_name("json"), format!("[\n{}\n]\n", tasks.join(",\n")));
}

fn results(schema: &Schema, document: &Document, layer: &Layer) -> Vec<Value> {
    let mut results = Vec::new();
    for annotation in layer.iter() {
        let hull = annotation.extent.hull();
        let place = json!({ "start": hull.start(), "end": hull.end(), "text": document.text.slice(hull.range()) });
        let result = |from: &str, kind: &str, key: &str, said: Value| {
            let mut value = place.clone();
            if let Value::Object(value) = &mut value {
                value.insert(key.to_owned(), said);
            }
            json!({ "id": annotation.id, "from_name": from, "to_name": TEXT, "type": kind, "origin": "manual", "value": value })
        };
        let mut region = result(LABELS, "labels", "labels", json!([annotation.label]));
        let mut exact = Map::new();
        let mut answers = Vec::new();
        for (name, value) in &annotation.attributes {
            let (kind, key, said) = answer(schema, annotation, name, value);
            if let Some(said) = said {
                answers.push(result(name, kind, key, said));
            }
            if !is_plain(value) {
                exact.insert(name.clone(), value.clone());
            }
        }
        let meta = meta(annotation, exact);
        if let (Value::Object(region), false) = (&mut region, meta.is_empty()) {
            region.insert("meta".to_owned(), Value::Object(meta));
        }
        results.push(region);
        results.extend(answers);
    }
    for relation in layer.relations() {
        results.push(json!({ "type": "relation", "from_id": relation.from, "to_id": relation.to, "direction": "right", "labels": [relation.kind] }));
    }
    results
}

/// Whether an answer comes back from its control as it is.
fn is_plain(value: &Value) -> bool {
    match value {
        Value::String(_) | Value::Number(_) => true,
        Value::Array(values) => values.len() > 1 && values.iter().all(Value::is_string),
        _ => false,
    }
}

/// How the control of an attribute writes an answer: its kind, the field, and what is in it, where it can be written there.
fn answer(schema: &Schema, annotation: &Annotation, name: &str, value: &Value) -> (&'static str, &'static str, Option<Value>) {
    let asked = schema.label(&annotation.label).and_then(|label| label.attributes.iter().find(|attribute| &*attribute.id == name));
    match value {
        Value::String(_) if asked.is_some_and(|asked| asked.kind == AttributeKind::Text) => ("textarea", "text", Some(json!([value]))),
        Value::Number(_) => ("number", "number", Some(value.clone())),
        Value::String(_) => ("choices", "choices", Some(json!([value]))),
        Value::Bool(is) => ("choices", "choices", Some(json!([is.to_string()]))),
        Value::Array(values) if values.iter().all(Value::is_string) => ("choices", "choices", Some(value.clone())),
        _ => ("choices", "choices", None),
    }
}

/// What is said of a region besides: the note where Label Studio shows it, and what only this program reads.
fn meta(annotation: &Annotation, exact: Map<String, Value>) -> Map<String, Value> {
    let (mut meta, mut more) = (Map::new(), Map::new());
    if let Some(note) = &annotation.note {
        meta.insert("text".to_owned(), json!([note]));
    }
    if annotation.unsure {
        more.insert("unsure".to_owned(), true.into());
    }
    if annotation.origin != Origin::Person {
        more.insert("origin".to_owned(), json!(annotation.origin));
    }
    if !exact.is_empty() {
        more.insert("attributes".to_owned(), exact.into());
    }
    if !more.is_empty() {
        meta.insert(MORE.to_owned(), more.into());
    }
    meta
}
