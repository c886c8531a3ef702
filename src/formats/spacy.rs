//! spaCy's `Doc.to_json()`, a document a line, as `Doc.from_json()` takes it; and the lines of Prodigy, which are read.
//!
//! Positions count code points and meet the edges of tokens. All labels are in `spans["sc"]`; those of the first column, which
//! lie on none another, are `ents` too. What spaCy has no place for is in `_`, the document's own data.

use super::export::{Export, OnTokens};
use super::files::Files;
use super::incoming::{Incoming, IncomingLayer, span};
use super::json_file::{list, name, number, objects};
use super::list::{Code, Read};
use super::loss::{Holds, Kind};
use super::problem::ProblemCode;
use super::record::{RelationRecord, SpanRecord};
use super::sniff::Head;
use super::units::Unit;
use crate::annotation::Annotation;
use crate::id::AnnotationId;
use crate::json;
use crate::layer::{Layer, Status};
use crate::project::Document;
use crate::span::Span;
use crate::text::{Offset, Text};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// How it is read and written.
pub(super) const CODE: Code = Code {
    sniff: is_spacy,
    read: Some(Read::Each(read)),
    write: Some(write),
    unit: Unit::CodePoints,
    holds: Holds::AllBut(&[Kind::CutTokens, Kind::NoToken, Kind::SeveralAnnotators, Kind::Schema]),
    ..Code::PLAIN
};

/// Where all is kept that spaCy has no place for. Not `wusum`, which is how the own format begins.
const MORE: &str = "wusum_more";

/// The group of spans that spaCy's own components use.
const GROUP: &str = "sc";

fn is_spacy(head: &Head) -> bool {
    let Some(object) = head.object() else { return false };
    let is_place = |item: &Value| ["start", "token_start"].iter().any(|key| item.get(*key).is_some_and(Value::is_number));
    let has_places = |value: Option<&Value>| value.and_then(Value::as_array).is_some_and(|items| items.iter().all(is_place));
    let (spans, ents, tokens) = (object.get("spans"), object.get("ents"), object.get("tokens"));
    let is_document = has_places(ents) || (spans.is_some_and(Value::is_object) && has_places(tokens));
    let is_example = has_places(spans) || (object.contains_key("_task_hash") && has_places(tokens));
    object.get("text").is_some_and(Value::is_string) && !object.contains_key("kind") && (is_document || is_example)
}

fn read(file: Option<&str>, bytes: &[u8], incoming: &mut Incoming) {
    let source = incoming.decode(bytes);
    let lines = objects(&source, incoming);
    let stem = file.map(|file| incoming.document_of(file)).filter(|stem| !stem.is_empty() && lines.len() == 1);
    let annotator = file.and_then(|file| incoming.annotator_of(file));
    for (line, fields) in lines {
        document(line, fields, stem.as_deref(), annotator.as_ref().map(|annotator| annotator.as_str()), incoming);
    }
}

fn document(line: Option<u32>, mut fields: Map<String, Value>, stem: Option<&str>, annotator: Option<&str>, incoming: &mut Incoming) {
    let Some(Value::String(text)) = fields.get("text").cloned() else {
        incoming.problem(line, ProblemCode::BadField { field: "text".to_owned() });
        return incoming.orphan(line, Value::Object(fields));
    };
    // `_` is what spaCy keeps of the document; the rest of it is said of the text.
    let mut meta = match fields.remove("_") {
        Some(Value::Object(own)) => own,
        _ => Map::new(),
    };
    let mut more = match fields.remove(MORE) {
        Some(Value::Object(more)) => more,
        _ => Map::new(),
    };
    for key in ["cats", "meta"] {
        match fields.remove(key) {
            Some(Value::Object(said)) if key == "meta" => meta.extend(said),
            Some(said) if !said.is_null() => drop(meta.insert(key.to_owned(), said)),
            _ => {}
        }
    }
    if let Some(Value::Object(said)) = more.remove("meta") {
        meta.extend(said);
    }
    let named = |key: &str| name(more.get(key)).filter(|name| !name.is_empty());
    let title = named("title");
    let id = named("document").or_else(|| name(fields.get("id"))).or_else(|| name(meta.get("id")));
    let id = id.or_else(|| stem.map(str::to_owned)).unwrap_or_else(|| super::text::id_of_text(&text));
    let who = named("annotator").or_else(|| ["_annotator_id", "_session_id"].into_iter().find_map(|key| name(fields.get(key))));
    let mut layer =
        IncomingLayer { line, annotator: who.as_deref().or(annotator).map(Into::into), ..IncomingLayer::new(id.clone(), Unit::CodePoints) };
    layer.status = match fields.get("answer").and_then(Value::as_str) {
        // Labels that somebody rejected are not to be taken for good ones.
        Some("reject" | "ignore") => Status::Flagged,
        _ => more.remove("status").and_then(|status| json::from_value(status).ok()).unwrap_or_default(),
    };
    let is_labelled = ["spans", "ents", "relations"].iter().any(|key| fields.contains_key(*key));
    let strange = labels(&mut fields, &mut more, &mut layer);
    incoming.text(line, id.clone(), title.as_deref(), text, meta);
    if is_labelled && more.get("labelled") != Some(&Value::Bool(false)) {
        incoming.layer(layer);
    }
    for (field, raw) in strange {
        incoming.problem(line, ProblemCode::BadField { field: field.clone() });
        incoming.orphan(line, json!({ "document": id, field: [raw] }));
    }
}

/// A place and a label, as spans are told apart in the file.
type Place = (u32, u32, String);

fn place(record: &SpanRecord) -> Place {
    (record.start, record.end, record.label.to_string())
}

/// Fills a layer; returns what was not understood, with its field.
fn labels(fields: &mut Map<String, Value>, more: &mut Map<String, Value>, layer: &mut IncomingLayer) -> Vec<(String, Value)> {
    let line = layer.line;
    let tokens = list(fields.remove("tokens"));
    let mut strange = Vec::new();
    let mut records: Vec<SpanRecord> = Vec::new();
    let groups: Vec<(String, Vec<Value>)> = match fields.remove("spans") {
        Some(Value::Object(groups)) => groups.into_iter().map(|(group, spans)| (group, list(Some(spans)))).collect(),
        spans => vec![(GROUP.to_owned(), list(spans))],
    };
    for (group, spans) in groups {
        for raw in spans {
            match labelled(&raw, &tokens) {
                Some(mut record) => {
                    if group != GROUP {
                        record.attributes.insert("spans_key".to_owned(), group.as_str().into());
                    }
                    records.push(record);
                }
                None => strange.push(("spans".to_owned(), raw)),
            }
        }
    }
    let there: BTreeSet<Place> = records.iter().map(place).collect();
    for raw in list(fields.remove("ents")) {
        match labelled(&raw, &tokens) {
            Some(record) if there.contains(&place(&record)) => {}
            Some(record) => records.push(record),
            None => strange.push(("ents".to_owned(), raw)),
        }
    }
    complete(&mut records, list(more.remove("labels")));
    let mut ties: Vec<RelationRecord> = Vec::new();
    // A label that somebody took out must not give its ties to one that has no name yet.
    let known: BTreeSet<AnnotationId> = records.iter().filter_map(|record| record.id.clone()).collect();
    for raw in list(more.remove("relations")) {
        match json::from_value::<RelationRecord>(raw.clone()) {
            Ok(record) if known.contains(&record.from) && known.contains(&record.to) => ties.push(record),
            _ => strange.push(("relations".to_owned(), raw)),
        }
    }
    let mut places: BTreeMap<Place, usize> = BTreeMap::new();
    for (at, record) in records.iter().enumerate() {
        places.entry(place(record)).or_insert(at);
    }
    for raw in list(fields.remove("relations")) {
        match relation(&raw, &mut records, &places, &tokens) {
            Some(record) => ties.push(record),
            None => strange.push(("relations".to_owned(), raw)),
        }
    }
    layer.spans.extend(records.into_iter().map(|record| (line, record)));
    layer.relations.extend(ties.into_iter().map(|record| (line, record)));
    strange
}

/// A label of a list. Prodigy may give tokens alone, the last of which belongs to it.
fn labelled(raw: &Value, tokens: &[Value]) -> Option<SpanRecord> {
    let token = |key: &str, edge: &str| tokens.get(number(raw.get(key))? as usize).and_then(|token| number(token.get(edge)));
    let start = number(raw.get("start")).or_else(|| token("token_start", "start"))?;
    let end = number(raw.get("end")).or_else(|| token("token_end", "end"))?;
    let mut record = span(name(raw.get("label"))?, start, end);
    record.text = raw.get("text").and_then(Value::as_str).map(str::to_owned);
    if let Some(entry) = name(raw.get("kb_id")).filter(|entry| !entry.is_empty()) {
        record.attributes.insert("kb_id".to_owned(), entry.into());
    }
    Some(record)
}

/// What was written of each label besides, to the label at its place. Places that were changed since have nothing said of them.
fn complete(records: &mut [SpanRecord], said: Vec<Value>) {
    let mut waiting: BTreeMap<Place, Vec<SpanRecord>> = BTreeMap::new();
    for raw in said.into_iter().rev() {
        let at = raw.get("at").and_then(|at| Some((number(at.get(0))?, number(at.get(1))?)));
        if let (Some((start, end)), Ok(record)) = (at, json::from_value::<SpanRecord>(raw)) {
            waiting.entry((start, end, record.label.to_string())).or_default().push(record);
        }
    }
    for record in records {
        if let Some(full) = waiting.get_mut(&place(record)).and_then(Vec::pop) {
            *record = full;
        }
    }
}

/// A relation of Prodigy: between the spans of two tokens. A span that is no label yet becomes one where it has a name.
fn relation(raw: &Value, records: &mut [SpanRecord], places: &BTreeMap<Place, usize>, tokens: &[Value]) -> Option<RelationRecord> {
    let mut end = |key: &str| {
        let meant = place(&labelled(raw.get(key)?, tokens)?);
        let at = *places.get(&meant)?;
        let record = records.get_mut(at)?;
        Some(record.id.get_or_insert_with(|| format!("s{}", at + 1).into()).clone())
    };
    let (from, to) = (end("head_span")?, end("child_span")?);
    Some(RelationRecord { id: None, label: name(raw.get("label"))?.into(), from, to, attributes: BTreeMap::new(), note: None })
}

fn write(export: &Export, files: &mut Files) {
    export.each_annotator(|annotator, folder| {
        let mut lines = String::new();
        for document in export.project.documents.values().filter(|document| export.is_among(document, annotator)) {
            let layer = annotator.and_then(|annotator| export.layer(document, annotator));
            let mut more = json!({
                "document": document.id, "title": document.title, "meta": document.meta,
                "offset_unit": Unit::CodePoints.name(), "text_sha256": document.sha256, "labelled": layer.is_some(),
            });
            if let (Value::Object(more), Some(annotator), Some(layer)) = (&mut more, annotator, layer) {
                more.insert("annotator".to_owned(), json!(annotator));
                more.insert("status".to_owned(), json!(layer.status()));
            }
            lines.push_str(&export.json(&doc(export, document, layer.unwrap_or(&Layer::default()), more)));
            lines.push('\n');
        }
        files.insert(format!("{folder}{}", export.file_name("jsonl")), lines);
    });
}

fn doc(export: &Export, document: &Document, layer: &Layer, mut more: Value) -> Value {
    let on_tokens: OnTokens = export.on_tokens(document, layer);
    let at = |range: &std::ops::Range<usize>| {
        let spans = on_tokens.tokens.spans();
        Some((spans.get(range.start)?.start(), spans.get(range.end.checked_sub(1)?)?.end()))
    };
    let placed: Vec<(Offset, Offset, &Annotation)> =
        on_tokens.labels.iter().filter_map(|label| at(&label.tokens).map(|(start, end)| (start, end, &*label.annotation))).collect();
    let of = |(start, end, one): &(Offset, Offset, &Annotation)| json!({ "start": start, "end": end, "label": one.label, "kb_id": "" });
    let first = on_tokens.columns(export, 1).concat();
    let ents = first.iter().filter_map(|at| placed.get(*at)).map(|(start, end, one)| json!({ "start": start, "end": end, "label": one.label }));
    let labels = placed.iter().filter_map(|(start, end, one)| {
        let mut record = serde_json::to_value(SpanRecord::of(one, &document.text)).ok()?;
        record.as_object_mut()?.insert("at".to_owned(), json!([start, end]));
        Some(record)
    });
    if let Value::Object(more) = &mut more {
        // A label without a word is not there, so that nothing is tied to it.
        let there: BTreeSet<&AnnotationId> = placed.iter().map(|(_, _, one)| &one.id).collect();
        let tied = layer.relations().filter(|relation| there.contains(&relation.from) && there.contains(&relation.to));
        let relations: Vec<RelationRecord> = tied.map(|relation| RelationRecord::of(relation)).collect();
        more.insert("labels".to_owned(), labels.collect());
        more.insert("relations".to_owned(), json!(relations));
    }
    let tokens = tokens_and_spaces(&document.text, on_tokens.tokens.spans());
    let tokens = tokens.iter().enumerate().map(|(id, token)| json!({ "id": id, "start": token.start(), "end": token.end() }));
    json!({
        "text": document.text.as_str(), "ents": ents.collect::<Vec<_>>(), "tokens": tokens.collect::<Vec<_>>(),
        "spans": { GROUP: placed.iter().map(of).collect::<Vec<_>>() }, MORE: more,
    })
}

/// The tokens, and between them what is white space: to spaCy a blank after a token belongs to it, and all else between two is a
/// token too.
fn tokens_and_spaces(text: &Text, tokens: &[Span]) -> Vec<Span> {
    let mut found = Vec::with_capacity(tokens.len());
    let mut at = Offset::ZERO;
    for token in tokens {
        found.extend(Span::try_new(at, token.start()));
        found.push(*token);
        at = if text.char_at(token.end()) == Some(' ') { token.end().plus(1) } else { token.end() };
    }
    found.extend(Span::try_new(at, text.len()));
    found
}
