//! W3C Web Annotation, written: one page with the texts, an annotation of each label, and one of each relation.

use super::export::Export;
use super::files::Files;
use super::units::Unit;
use crate::annotation::{Annotation, Origin};
use crate::id::Annotator;
use crate::project::Document;
use crate::span::Span;
use crate::text::{Offset, Text};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What the IRI of a document begins with.
pub(super) const DOCUMENT: &str = "urn:doc:";

/// What the IRI of an annotator begins with.
pub(super) const ANNOTATOR: &str = "urn:annotator:";

/// How many code points of the text a quote has before and behind it.
const CONTEXT: u32 = 32;

pub(super) fn write(export: &Export, files: &mut Files) {
    let (mut documents, mut items) = (Vec::new(), Vec::new());
    for document in export.project.documents.values() {
        documents.push(json!({
            "id": iri(DOCUMENT, &[document.id.as_str()]), "type": "Text", "format": "text/plain", "title": document.title,
            "value": document.text.as_str(), "meta": document.meta, "offset_unit": Unit::CodePoints.name(), "text_sha256": document.sha256,
        }));
        for annotator in &export.annotators {
            let Some(layer) = export.layer(document, annotator) else { continue };
            items.extend(layer.iter().map(|annotation| label(document, annotator, annotation)));
            let id = |kind: &str, id: &str| iri("urn:", &[kind, document.id.as_str(), annotator.as_str(), id]);
            for relation in layer.relations() {
                let mut bodies = vec![json!({ "type": "TextualBody", "purpose": "tagging", "value": relation.kind })];
                said(&relation.attributes, relation.note.as_deref(), &mut bodies);
                let targets = json!([{ "id": id("annotation", relation.from.as_str()) }, { "id": id("annotation", relation.to.as_str()) }]);
                items.push(annotation(id("relation", relation.id.as_str()), "linking", annotator, bodies, targets));
            }
        }
    }
    // One annotation a line, for people to compare two exports.
    let line = |value: &Value| export.json(value);
    let list = |values: &[Value]| values.iter().map(line).collect::<Vec<_>>().join(",\n");
    let page = format!(
        "{{\"@context\":\"http://www.w3.org/ns/anno.jsonld\",\"id\":{},\"type\":\"AnnotationPage\",\"texts\":[\n{}\n],\"items\":[\n{}\n]}}\n",
        line(&json!(iri("urn:page:", &[&export.project.name]))),
        list(&documents),
        list(&items),
    );
    files.insert(export.file_name("jsonld"), page);
}

/// An IRI of names, which have `%` and two digits for all but ASCII letters, digits, `-`, `_` and `.`.
fn iri(prefix: &str, names: &[&str]) -> String {
    let escaped = |name: &&str| {
        let byte =
            |byte: u8| if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
        name.bytes().map(byte).collect::<String>()
    };
    format!("{prefix}{}", names.iter().map(escaped).collect::<Vec<_>>().join(":"))
}

fn annotation(id: String, motivation: &str, annotator: &Annotator, bodies: Vec<Value>, target: Value) -> Value {
    let creator = json!({ "id": iri(ANNOTATOR, &[annotator.as_str()]), "type": "Person", "name": annotator });
    json!({
        "@context": "http://www.w3.org/ns/anno.jsonld", "id": id, "type": "Annotation", "motivation": motivation, "creator": creator,
        "body": bodies, "target": target,
    })
}

fn label(document: &Document, annotator: &Annotator, one: &Annotation) -> Value {
    let mut bodies = vec![json!({ "type": "TextualBody", "purpose": "tagging", "value": one.label })];
    said(&one.attributes, one.note.as_deref(), &mut bodies);
    if one.unsure {
        bodies.push(body("assessing", "unsure", &Value::Bool(true)));
    }
    if one.origin != Origin::Person {
        bodies.push(body("describing", "origin", &json!(one.origin)));
    }
    let mut targets: Vec<Value> = one.extent.pieces().iter().map(|piece| target(document, *piece)).collect();
    let target = if targets.len() == 1 { targets.remove(0) } else { Value::Array(targets) };
    let id = iri("urn:annotation:", &[document.id.as_str(), annotator.as_str(), one.id.as_str()]);
    annotation(id, "tagging", annotator, bodies, target)
}

fn said(attributes: &BTreeMap<String, Value>, note: Option<&str>, bodies: &mut Vec<Value>) {
    bodies.extend(attributes.iter().map(|(name, value)| body("classifying", name, value)));
    bodies.extend(note.map(|note| json!({ "type": "TextualBody", "purpose": "commenting", "value": note })));
}

/// Something that is said under a name; what is no string is JSON.
fn body(purpose: &str, name: &str, value: &Value) -> Value {
    let mut body = Map::new();
    for (key, value) in [("type", "TextualBody"), ("purpose", purpose), ("label", name)] {
        body.insert(key.to_owned(), value.into());
    }
    match value {
        Value::String(value) => drop(body.insert("value".to_owned(), value.as_str().into())),
        other => {
            body.insert("value".to_owned(), other.to_string().into());
            body.insert("format".to_owned(), "application/json".into());
        }
    }
    Value::Object(body)
}

fn target(document: &Document, piece: Span) -> Value {
    let text: &Text = &document.text;
    let words = |start: Offset, end: Offset| text.slice(start..end).unwrap_or_default();
    let (before, behind) = (piece.start().minus(CONTEXT), piece.end().plus(CONTEXT).min(text.len()));
    json!({ "source": iri(DOCUMENT, &[document.id.as_str()]), "selector": [
        { "type": "TextPositionSelector", "start": piece.start(), "end": piece.end() },
        { "type": "TextQuoteSelector", "exact": words(piece.start(), piece.end()),
          "prefix": words(before, piece.start()), "suffix": words(piece.end(), behind) },
    ] })
}
