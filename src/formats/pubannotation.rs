//! PubAnnotation's JSON: the text with denotations, relations and attributes; a track for each of several annotators.
//!
//! Positions count code points; a label in pieces is a bag of spans.

use super::export::Export;
use super::files::Files;
use super::incoming::{Incoming, IncomingLayer, span};
use super::json_file::{list, name, number, objects};
use super::list::{Code, Read};
use super::loss::{Holds, Kind};
use super::problem::ProblemCode;
use super::record::{RelationRecord, SpanRecord};
use super::sniff::Head;
use super::units::Unit;
use crate::annotation::{Annotation, Origin};
use crate::json;
use crate::layer::Layer;
use crate::project::Document;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// How it is read and written.
pub(super) const CODE: Code = Code {
    sniff: is_pubannotation,
    read: Some(Read::Each(read)),
    write: Some(write),
    unit: Unit::CodePoints,
    holds: Holds::AllBut(&[Kind::Schema]),
    ..Code::PLAIN
};

/// Where all is kept that PubAnnotation has no place for: of the text, a track, a denotation or a relation. Not `wusum`, which
/// is how the own format begins.
const MORE: &str = "wusum_more";

/// The database that documents of this program are said to be of.
const SOURCE: &str = "wusum";

fn is_pubannotation(head: &Head) -> bool {
    let Some(object) = head.object() else { return false };
    object.get("text").is_some_and(Value::is_string) && !object.contains_key("kind") && (head.has_list("denotations") || head.has_list("tracks"))
}

fn read(file: Option<&str>, bytes: &[u8], incoming: &mut Incoming) {
    let source = incoming.decode(bytes);
    let found = objects(&source, incoming);
    let stem = file.map(|file| incoming.document_of(file)).filter(|stem| !stem.is_empty() && found.len() == 1);
    for (line, fields) in found {
        document(line, fields, stem.as_deref(), incoming);
    }
}

fn document(line: Option<u32>, mut fields: Map<String, Value>, stem: Option<&str>, incoming: &mut Incoming) {
    let Some(Value::String(text)) = fields.get("text").cloned() else {
        incoming.problem(line, ProblemCode::BadField { field: "text".to_owned() });
        return incoming.orphan(line, Value::Object(fields));
    };
    let named = |key: &str| name(fields.get(key)).filter(|name| !name.is_empty());
    let sourced = named("sourceid").map(|id| match named("sourcedb") {
        Some(database) if database != SOURCE => format!("{database}-{id}"),
        _ => id,
    });
    let divided = sourced.map(|id| named("divid").map_or_else(|| id.clone(), |part| format!("{id}-{part}")));
    let id = divided.or_else(|| stem.map(str::to_owned)).unwrap_or_else(|| super::text::id_of_text(&text));
    let more = fields.get(MORE).cloned().unwrap_or_default();
    let meta = more.get("meta").and_then(Value::as_object).cloned().unwrap_or_default();
    incoming.text(line, id.clone(), more.get("title").and_then(Value::as_str), text, meta);
    let mut tracks: Vec<Map<String, Value>> = Vec::new();
    for track in list(fields.remove("tracks")) {
        match track {
            // One with nothing in it is nobody's.
            Value::Object(track) if track.is_empty() => {}
            Value::Object(track) => tracks.push(track),
            other => {
                incoming.problem(line, ProblemCode::BadField { field: "tracks".to_owned() });
                incoming.orphan(line, other);
            }
        }
    }
    if fields.contains_key("denotations") || fields.contains_key("blocks") {
        tracks.push(fields);
    }
    for mut track in tracks {
        let mut layer =
            IncomingLayer { line, annotator: name(track.get("project")).map(Into::into), ..IncomingLayer::new(id.clone(), Unit::CodePoints) };
        let status = track.get(MORE).and_then(|more| more.get("status")).cloned();
        layer.status = status.and_then(|status| json::from_value(status).ok()).unwrap_or_default();
        for (field, raw) in fill(&mut track, &mut layer) {
            incoming.problem(line, ProblemCode::BadField { field: field.to_owned() });
            incoming.orphan(line, json!({ "document": id, field: [raw] }));
        }
        incoming.layer(layer);
    }
}

/// Fills a layer; returns what was not understood, with its field.
fn fill(track: &mut Map<String, Value>, layer: &mut IncomingLayer) -> Vec<(&'static str, Value)> {
    let line = layer.line;
    let mut strange = Vec::new();
    for key in ["denotations", "blocks"] {
        for raw in list(track.remove(key)) {
            match denotation(&raw) {
                Some(record) => layer.spans.push((line, record)),
                None => strange.push((key, raw)),
            }
        }
    }
    for raw in list(track.remove("relations")) {
        match relation(&raw) {
            Some(record) => layer.relations.push((line, record)),
            None => strange.push(("relations", raw)),
        }
    }
    let spans: BTreeMap<String, usize> = (0..).zip(&layer.spans).filter_map(|(at, (_, one))| Some((one.id.as_ref()?.to_string(), at))).collect();
    let ties: BTreeMap<String, usize> = (0..).zip(&layer.relations).filter_map(|(at, (_, one))| Some((one.id.as_ref()?.to_string(), at))).collect();
    // Attributes are of what they name as their subject; the older modifications have it as their object.
    for (key, of) in [("attributes", "subj"), ("modifications", "obj")] {
        for raw in list(track.remove(key)) {
            let about = name(raw.get(of)).unwrap_or_default();
            let value = if key == "attributes" { raw.get("obj").cloned() } else { Some(Value::Bool(true)) };
            let span = spans.get(&about).and_then(|at| layer.spans.get_mut(*at)).map(|(_, one)| &mut one.attributes);
            let tie = ties.get(&about).and_then(|at| layer.relations.get_mut(*at)).map(|(_, one)| &mut one.attributes);
            match (span.or(tie), name(raw.get("pred")), value) {
                (Some(attributes), Some(pred), Some(value)) => add(attributes, pred, value),
                _ => strange.push((key, raw)),
            }
        }
    }
    for attributes in layer.spans.iter_mut().map(|(_, one)| &mut one.attributes).chain(layer.relations.iter_mut().map(|(_, one)| &mut one.attributes))
    {
        if let Some(Value::Object(exact)) = attributes.remove(EXACT) {
            attributes.extend(exact);
        }
    }
    strange
}

/// A key that no attribute has, for what was written exactly, until all attributes are there.
const EXACT: &str = "\u{0}exact";

/// An attribute that is there twice has both values.
fn add(attributes: &mut BTreeMap<String, Value>, name: String, value: Value) {
    match attributes.get_mut(&name) {
        None => drop(attributes.insert(name, value)),
        Some(Value::Array(values)) => values.push(value),
        Some(first) => *first = Value::Array(vec![first.take(), value]),
    }
}

/// What is kept besides of a denotation or relation: note and exact attributes.
fn besides(raw: &Value, attributes: &mut BTreeMap<String, Value>) -> Option<String> {
    let more = raw.get(MORE)?;
    if let Some(exact) = more.get("attributes").filter(|exact| exact.is_object()) {
        attributes.insert(EXACT.to_owned(), exact.clone());
    }
    name(more.get("note"))
}

fn denotation(raw: &Value) -> Option<SpanRecord> {
    let place = |span: &Value| Some((number(span.get("begin"))?, number(span.get("end"))?));
    let pieces: Vec<(u32, u32)> = list(raw.get("span").cloned()).iter().map(place).collect::<Option<_>>()?;
    let (first, last) = (pieces.first()?, pieces.last()?);
    let mut record = span(name(raw.get("obj"))?, first.0, last.1);
    record.id = name(raw.get("id")).map(Into::into);
    record.note = besides(raw, &mut record.attributes);
    let more = |key: &str| raw.get(MORE).and_then(|more| more.get(key));
    record.text = more("text").and_then(Value::as_str).map(str::to_owned);
    record.unsure = more("unsure") == Some(&Value::Bool(true));
    record.origin = more("origin").and_then(|origin| json::from_value(origin.clone()).ok());
    record.pieces = if pieces.len() > 1 { pieces } else { Vec::new() };
    Some(record)
}

fn relation(raw: &Value) -> Option<RelationRecord> {
    let (from, to) = (name(raw.get("subj"))?, name(raw.get("obj"))?);
    let id = name(raw.get("id")).map(Into::into);
    let mut attributes = BTreeMap::new();
    let note = besides(raw, &mut attributes);
    Some(RelationRecord { id, label: name(raw.get("pred"))?.into(), from: from.into(), to: to.into(), attributes, note })
}

fn write(export: &Export, files: &mut Files) {
    let documents: Vec<String> = export.project.documents.values().map(|document| export.json(&written(export, document))).collect();
    let content = if let [one] = documents.as_slice() { format!("{one}\n") } else { format!("[\n{}\n]\n", documents.join(",\n")) };
    files.insert(export.file_name("json"), content);
}

/// A document: with one annotator's labels, or with a track for each.
fn written(export: &Export, document: &Document) -> Value {
    let mut object = Map::new();
    for (key, value) in [("text", document.text.as_str()), ("sourcedb", SOURCE), ("sourceid", document.id.as_str())] {
        object.insert(key.to_owned(), value.into());
    }
    let mut more = json!({
        "title": document.title, "meta": document.meta, "offset_unit": Unit::CodePoints.name(), "text_sha256": document.sha256,
    });
    let layers = export.annotators.iter().filter_map(|annotator| Some((annotator, export.layer(document, annotator)?)));
    let mut tracks: Vec<Map<String, Value>> = layers.map(|(annotator, layer)| track(annotator.as_str(), layer)).collect();
    if tracks.len() == 1 {
        object.extend(tracks.remove(0));
        if let (Value::Object(more), Some(Value::Object(of_track))) = (&mut more, object.remove(MORE)) {
            more.extend(of_track);
        }
    } else {
        object.insert("tracks".to_owned(), json!(tracks));
    }
    object.insert(MORE.to_owned(), more);
    Value::Object(object)
}

fn track(annotator: &str, layer: &Layer) -> Map<String, Value> {
    let mut attributes: Vec<Value> = Vec::new();
    let denotations: Vec<Value> = layer.iter().map(|one| written_label(one, &mut attributes)).collect();
    let relations = layer.relations().map(|one| {
        // Attributes name their subject, so that a relation with a label's name cannot be one.
        let subject = Some(one.id.as_str()).filter(|id| layer.get(&(*id).into()).is_none());
        let more = said(subject, &one.attributes, one.note.as_deref(), &mut attributes);
        with(json!({ "id": one.id, "pred": one.kind, "subj": one.from, "obj": one.to }), more)
    });
    let relations: Vec<Value> = relations.collect();
    let fields = [
        ("project", json!(annotator)),
        ("denotations", json!(denotations)),
        ("relations", json!(relations)),
        ("attributes", json!(attributes)),
        (MORE, json!({ "status": layer.status() })),
    ];
    fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

fn written_label(one: &Annotation, attributes: &mut Vec<Value>) -> Value {
    let mut spans: Vec<Value> = one.extent.pieces().iter().map(|piece| json!({ "begin": piece.start(), "end": piece.end() })).collect();
    let span = if spans.len() == 1 { spans.remove(0) } else { Value::Array(spans) };
    let mut more = said(Some(one.id.as_str()), &one.attributes, one.note.as_deref(), attributes);
    if one.unsure {
        more.insert("unsure".to_owned(), true.into());
    }
    if one.origin != Origin::Person {
        more.insert("origin".to_owned(), json!(one.origin));
    }
    with(json!({ "id": one.id, "span": span, "obj": one.label }), more)
}

fn with(mut value: Value, more: Map<String, Value>) -> Value {
    if let (Value::Object(fields), false) = (&mut value, more.is_empty()) {
        fields.insert(MORE.to_owned(), Value::Object(more));
    }
    value
}

/// Writes attributes of a label or relation; returns what they cannot hold: lists that are no list there, and the note.
fn said(of: Option<&str>, all: &BTreeMap<String, Value>, note: Option<&str>, attributes: &mut Vec<Value>) -> Map<String, Value> {
    let (mut more, mut exact) = (Map::new(), Map::new());
    for (name, value) in all {
        let Some(of) = of else {
            exact.insert(name.clone(), value.clone());
            continue;
        };
        let values: &[Value] = match value {
            Value::Array(values) if values.len() > 1 && !values.iter().any(Value::is_array) => values,
            Value::Array(values) => {
                exact.insert(name.clone(), value.clone());
                values
            }
            one => std::slice::from_ref(one),
        };
        for value in values {
            attributes.push(json!({ "id": format!("A{}", attributes.len() + 1), "subj": of, "pred": name, "obj": value }));
        }
    }
    if !exact.is_empty() {
        more.insert("attributes".to_owned(), exact.into());
    }
    if let Some(note) = note {
        more.insert("note".to_owned(), note.into());
    }
    more
}
