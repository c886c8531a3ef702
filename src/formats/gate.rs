//! GATE's bdoc in JSON, a file for each document: the text, and sets of annotations, one for each annotator.
//!
//! `offset_type` says what positions count: `p` code points, `j` UTF-16 units as Java does; a file without it counts code points.

use super::export::Export;
use super::files::Files;
use super::incoming::{Incoming, IncomingLayer, span};
use super::json_file::{list, name, number, objects};
use super::list::{Code, Read};
use super::loss::{Holds, Kind};
use super::problem::ProblemCode;
use super::record::{RelationRecord, SpanRecord};
use super::sniff::Head;
use super::units::{Ruler, Unit};
use crate::annotation::{Annotation, Origin};
use crate::json;
use crate::layer::Layer;
use crate::project::Document;
use crate::text::{Offset, Text};
use serde_json::{Map, Value, json};

/// How it is read and written.
pub(super) const CODE: Code = Code {
    sniff: |head: &Head| head.object().is_some_and(|object| object.get("annotation_sets").is_some_and(Value::is_object)),
    read: Some(Read::Each(read)),
    write: Some(write),
    unit: Unit::CodePoints,
    holds: Holds::AllBut(&[Kind::Schema]),
    ..Code::PLAIN
};

/// The feature of a document or annotation in which all is kept that GATE has no place for.
const MORE: &str = "wusum";

fn read(file: Option<&str>, bytes: &[u8], incoming: &mut Incoming) {
    let source = incoming.decode(bytes);
    let found = objects(&source, incoming);
    let stem = file.map(|file| incoming.document_of(file)).filter(|stem| !stem.is_empty() && found.len() == 1);
    for (line, fields) in found {
        document(line, fields, stem.as_deref(), incoming);
    }
}

/// Takes an object out of another.
fn taken(fields: &mut Map<String, Value>, key: &str) -> Map<String, Value> {
    match fields.remove(key) {
        Some(Value::Object(object)) => object,
        _ => Map::new(),
    }
}

fn document(line: Option<u32>, mut fields: Map<String, Value>, stem: Option<&str>, incoming: &mut Incoming) {
    let Some(Value::String(text)) = fields.get("text").cloned() else {
        incoming.problem(line, ProblemCode::BadField { field: "text".to_owned() });
        return incoming.orphan(line, Value::Object(fields));
    };
    let mut features = taken(&mut fields, "features");
    let mut more = taken(&mut features, MORE);
    let named = |fields: &Map<String, Value>, key: &str| name(fields.get(key)).filter(|name| !name.is_empty());
    let id = named(&more, "document").or_else(|| stem.map(str::to_owned)).or_else(|| named(&fields, "name"));
    let id = id.unwrap_or_else(|| super::text::id_of_text(&text));
    let unit = match fields.get("offset_type").and_then(Value::as_str) {
        Some("j" | "J") => Unit::Utf16,
        _ => Unit::CodePoints,
    };
    let title = named(&more, "title");
    let mut layers = taken(&mut more, "layers");
    let mut strange: Vec<(&str, Value)> = Vec::new();
    let known = Text::new(text.as_str());
    let ruler = Ruler::new(&known, unit);
    incoming.text(line, id.clone(), title.as_deref(), text, features);
    for (key, set) in taken(&mut fields, "annotation_sets") {
        // The name beside the annotations is the set's own; the key only finds it.
        let whose = name(set.get("name")).unwrap_or(key);
        let said = taken(&mut layers, &whose);
        let annotator = Some(whose).filter(|whose| !whose.is_empty()).map(Into::into);
        let mut layer = IncomingLayer { line, annotator, ..IncomingLayer::new(id.clone(), unit) };
        layer.status = said.get("status").and_then(|status| json::from_value(status.clone()).ok()).unwrap_or_default();
        for raw in list(set.get("annotations").cloned()) {
            match annotation(&raw, &ruler) {
                Some(record) => layer.spans.push((line, record)),
                None => strange.push(("annotations", raw)),
            }
        }
        for raw in list(said.get("relations").cloned()) {
            match json::from_value::<RelationRecord>(raw.clone()) {
                Ok(record) => layer.relations.push((line, record)),
                Err(_) => strange.push(("relations", raw)),
            }
        }
        incoming.layer(layer);
    }
    for (field, raw) in strange {
        incoming.problem(line, ProblemCode::BadField { field: field.to_owned() });
        incoming.orphan(line, json!({ "document": id, field: [raw] }));
    }
}

fn annotation(raw: &Value, ruler: &Ruler) -> Option<SpanRecord> {
    let mut record = span(name(raw.get("type"))?, number(raw.get("start"))?, number(raw.get("end"))?);
    record.id = name(raw.get("id")).map(Into::into);
    let mut features = raw.get("features").and_then(Value::as_object).cloned().unwrap_or_default();
    let more = taken(&mut features, MORE);
    record.attributes = features.into_iter().collect();
    record.id = name(more.get("id")).map(Into::into).or(record.id);
    record.note = name(more.get("note"));
    record.unsure = more.get("unsure") == Some(&Value::Bool(true));
    record.origin = more.get("origin").and_then(|origin| json::from_value(origin.clone()).ok());
    let pieces: Vec<(u32, u32)> = more.get("pieces").and_then(|pieces| serde_json::from_value(pieces.clone()).ok()).unwrap_or_default();
    // Pieces are a feature, so that they stay in code points where a program writes the places in another unit.
    let point = |at: u32| ruler.write(Offset::new(at));
    let measured: Vec<(u32, u32)> = pieces.iter().map(|(start, end)| (point(*start), point(*end))).collect();
    let is_here = |pieces: &[(u32, u32)]| pieces.first().map(|one| one.0) == Some(record.start) && pieces.last().map(|one| one.1) == Some(record.end);
    // Where they are not those of the place, it was moved since: it holds.
    record.pieces = [measured, pieces].into_iter().find(|pieces| is_here(pieces)).unwrap_or_default();
    if let Some(Value::Object(attributes)) = more.get("attributes") {
        record.attributes.extend(attributes.clone());
    }
    Some(record)
}

fn write(export: &Export, files: &mut Files) {
    for document in export.project.documents.values() {
        let (mut sets, mut layers) = (Map::new(), Map::new());
        for annotator in &export.annotators {
            let Some(layer) = export.layer(document, annotator) else { continue };
            let annotations: Vec<Value> = (0_u64..).zip(layer.iter()).map(|(id, one)| written(id, one)).collect();
            let set = json!({ "name": annotator, "next_annid": annotations.len(), "annotations": annotations });
            sets.insert(annotator.to_string(), set);
            layers.insert(annotator.to_string(), said(layer));
        }
        let mut features = document.meta.clone();
        features.insert(MORE.to_owned(), more(document, layers));
        let value = json!({
            "text": document.text.as_str(), "offset_type": "p", "name": document.id, "features": features, "annotation_sets": sets,
        });
        files.insert(format!("{}.bdocjs", export.stem(&document.id)), export.json(&value) + "\n");
    }
}

fn more(document: &Document, layers: Map<String, Value>) -> Value {
    json!({
        "document": document.id, "title": document.title, "text_sha256": document.sha256,
        "offset_unit": Unit::CodePoints.name(), "layers": layers,
    })
}

/// What is said of a layer besides its labels. GATE has no relations.
fn said(layer: &Layer) -> Value {
    let relations: Vec<RelationRecord> = layer.relations().map(|relation| RelationRecord::of(relation)).collect();
    json!({ "status": layer.status(), "relations": relations })
}

fn written(id: u64, one: &Annotation) -> Value {
    let hull = one.extent.hull();
    let mut features: Map<String, Value> = one.attributes.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    let mut more = Map::new();
    more.insert("id".to_owned(), json!(one.id));
    if let Some(attribute) = features.remove(MORE) {
        more.insert("attributes".to_owned(), json!({ MORE: attribute }));
    }
    if let Some(note) = &one.note {
        more.insert("note".to_owned(), json!(note));
    }
    if one.unsure {
        more.insert("unsure".to_owned(), true.into());
    }
    if one.origin != Origin::Person {
        more.insert("origin".to_owned(), json!(one.origin));
    }
    if one.extent.is_in_pieces() {
        let pieces: Vec<_> = one.extent.pieces().iter().map(|piece| (piece.start(), piece.end())).collect();
        more.insert("pieces".to_owned(), json!(pieces));
    }
    features.insert(MORE.to_owned(), Value::Object(more));
    json!({ "type": one.label, "start": hull.start(), "end": hull.end(), "id": id, "features": features })
}
