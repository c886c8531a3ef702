//! JSON Lines of doccano: triples, or entities with relations; a file for each user.
//!
//! Its page counts UTF-16 units or graphemes, its server code points; nothing in a file says which, so that the labels must.

use super::export::Export;
use super::files::{self, Files};
use super::incoming::{Incoming, IncomingLayer, span};
use super::json_file::{list, name, number, objects};
use super::list::{Code, Read};
use super::loss::{Holds, Kind};
use super::problem::ProblemCode;
use super::record::{RelationRecord, SpanRecord};
use super::sniff::Head;
use super::units::{Ruler, Unit};
use crate::id::{AnnotationId, Annotator};
use crate::project::Document;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// How it is read and written.
pub(super) const CODE: Code = Code {
    sniff: is_doccano,
    read: Some(Read::Each(read)),
    write: Some(write),
    unit: Unit::Utf16,
    holds: Holds::AllBut(&[
        Kind::Pieces,
        Kind::SpanAttributes,
        Kind::RelationAttributes,
        Kind::SpanNotes,
        Kind::RelationNotes,
        Kind::Unsure,
        Kind::Origins,
        Kind::Annotators,
        Kind::SeveralAnnotators,
        Kind::Statuses,
        Kind::Schema,
    ]),
    ..Code::PLAIN
};

/// What its positions may count, the likeliest first.
const UNITS: Unit = Unit::Guess(&[Unit::Utf16, Unit::CodePoints, Unit::Graphemes]);

/// Lists that hold triples of start, end and label.
const TRIPLES: [&str; 3] = ["label", "labels", "seq_label"];

/// What a line has besides what its project says of the text.
const OWN: [&str; 7] = ["id", "text", "data", "document", "title", "offset_unit", "text_sha256"];

fn is_doccano(head: &Head) -> bool {
    let Some(object) = head.object() else { return false };
    let text = ["text", "data"].iter().any(|key| object.get(*key).is_some_and(Value::is_string));
    let is_triple = |value: &Value| value.as_array().is_some_and(|triple| triple.len() == 3 && triple.iter().take(2).all(Value::is_number));
    let has_triples = |key: &str| object.get(key).and_then(Value::as_array).is_some_and(|list| list.iter().all(is_triple));
    let is_entity = |value: &Value| value.get("start_offset").is_some();
    let has_entities = object.get("entities").and_then(Value::as_array).is_some_and(|list| list.iter().all(is_entity));
    text && !object.contains_key("kind") && (TRIPLES.into_iter().any(has_triples) || has_entities)
}

fn read(name: Option<&str>, bytes: &[u8], incoming: &mut Incoming) {
    let source = incoming.decode(bytes);
    // A file for each user, named after them.
    let user = name.and_then(|name| incoming.annotator_of(name)).or_else(|| {
        let stem = name.map(|name| files::ending(files::file_name(name)).0);
        stem.filter(|_| incoming.several).map(Annotator::from)
    });
    for (line, fields) in objects(&source, incoming) {
        object(line, fields, user.as_ref(), incoming);
    }
}

fn object(line: Option<u32>, mut fields: Map<String, Value>, user: Option<&Annotator>, incoming: &mut Incoming) {
    let bad = |field: &str| ProblemCode::BadField { field: field.to_owned() };
    let Some(Value::String(text)) = fields.get("text").or_else(|| fields.get("data")).cloned() else {
        incoming.problem(line, bad("text"));
        return incoming.orphan(line, Value::Object(fields));
    };
    let named = |key: &str| name(fields.get(key)).filter(|name| !name.is_empty());
    let id = named("document").or_else(|| named("id")).unwrap_or_else(|| super::text::id_of_text(&text));
    let title = named("title");
    let mut layer = IncomingLayer { line, annotator: user.cloned(), ..IncomingLayer::new(id.clone(), UNITS) };
    let mut was_labelled = false;
    for key in TRIPLES.into_iter().chain(["entities", "relations"]) {
        let Some(items) = fields.remove(key).filter(|items| !items.is_null()) else { continue };
        was_labelled = true;
        for item in list(Some(items)) {
            let taken = match key {
                "relations" => relation(&item).map(|record| layer.relations.push((line, record))),
                _ => entity(&item).map(|record| layer.spans.push((line, record))),
            };
            if taken.is_none() {
                incoming.problem(line, bad(key));
                incoming.orphan(line, json!({ "document": id, key: [item] }));
            }
        }
    }
    // Comments are written even where there are none.
    let is_empty = |key: &str, value: &Value| key.eq_ignore_ascii_case("comments") && value.as_array().is_some_and(Vec::is_empty);
    fields.retain(|key, value| !OWN.contains(&key.as_str()) && !is_empty(key, value));
    incoming.text(line, id, title.as_deref(), text, fields);
    if was_labelled {
        incoming.layer(layer);
    }
}

fn entity(item: &Value) -> Option<SpanRecord> {
    match item {
        Value::Array(triple) if triple.len() == 3 => Some(span(name(triple.get(2))?, number(triple.first())?, number(triple.get(1))?)),
        Value::Object(fields) => {
            let mut record = span(name(fields.get("label"))?, number(fields.get("start_offset"))?, number(fields.get("end_offset"))?);
            record.id = name(fields.get("id")).map(Into::into);
            Some(record)
        }
        _ => None,
    }
}

fn relation(item: &Value) -> Option<RelationRecord> {
    let (from, to) = (name(item.get("from_id"))?, name(item.get("to_id"))?);
    let id = name(item.get("id")).map(Into::into);
    Some(RelationRecord { id, label: name(item.get("type"))?.into(), from: from.into(), to: to.into(), attributes: BTreeMap::new(), note: None })
}

fn write(export: &Export, files: &mut Files) {
    let has_relations = export.project.layers.values().any(|layer| layer.relations().next().is_some());
    let several = export.is_shared();
    export.each_annotator(|annotator, _| {
        let mut lines = String::new();
        for (number, document) in (export.first..).zip(export.project.documents.values()).filter(|(_, document)| export.is_among(document, annotator))
        {
            let mut object = document.meta.clone();
            object.retain(|key, _| !OWN.contains(&key.as_str()));
            object.insert("id".to_owned(), Value::from(number));
            object.extend(line(export, document, annotator, has_relations));
            lines.push_str(&export.json(&Value::Object(object)));
            lines.push('\n');
        }
        let path = annotator.filter(|_| several).map_or_else(|| export.file_name("jsonl"), |annotator| format!("{}.jsonl", export.folder(annotator)));
        files.insert(path, lines);
    });
}

/// A document with somebody's labels; without any where nobody has a layer of it.
fn line(export: &Export, document: &Document, annotator: Option<&Annotator>, has_relations: bool) -> Map<String, Value> {
    let layer = annotator.and_then(|annotator| export.layer(document, annotator));
    let mut object = Map::new();
    object.insert("text".to_owned(), document.text.as_str().into());
    object.insert("document".to_owned(), document.id.as_str().into());
    object.insert("title".to_owned(), (&*document.title).into());
    object.insert("offset_unit".to_owned(), Unit::Utf16.name().into());
    object.insert("text_sha256".to_owned(), (&*document.sha256).into());
    let Some(layer) = layer else { return object };
    let ruler = Ruler::new(&document.text, Unit::Utf16);
    let places = layer.iter().map(|annotation| {
        let hull = annotation.extent.hull();
        (annotation, ruler.write(hull.start()), ruler.write(hull.end()))
    });
    if !has_relations {
        let triples: Vec<Value> = places.map(|(annotation, start, end)| json!([start, end, annotation.label])).collect();
        object.insert("label".to_owned(), triples.into());
        return object;
    }
    let mut ids: BTreeMap<AnnotationId, u64> = BTreeMap::new();
    let entity = |(id, (annotation, start, end)): (u64, (&std::sync::Arc<crate::annotation::Annotation>, u32, u32))| {
        ids.insert(annotation.id.clone(), id);
        json!({ "id": id, "label": annotation.label, "start_offset": start, "end_offset": end })
    };
    let entities: Vec<Value> = (1..).zip(places).map(entity).collect();
    let relations = (1_u64..).zip(layer.relations()).filter_map(|(id, relation)| {
        Some(json!({ "id": id, "from_id": ids.get(&relation.from)?, "to_id": ids.get(&relation.to)?, "type": relation.kind }))
    });
    let relations: Vec<Value> = relations.collect();
    object.insert("entities".to_owned(), entities.into());
    object.insert("relations".to_owned(), relations.into());
    object
}
