//! The own format going out: a project as JSON Lines.

use super::record::{RelationRecord, SpanRecord};
use super::wusum::VERSION;
use crate::id::{Annotator, DocumentId};
use crate::layer::{Layer, Status};
use crate::project::{Document, LayerKey, Project};
use crate::schema::Schema;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::io;

#[derive(Serialize)]
struct ProjectOut<'a> {
    wusum: u64,
    kind: &'static str,
    name: &'a str,
    offsets: &'static str,
    schema: &'a Schema,
}

#[derive(Serialize)]
struct DocumentOut<'a> {
    kind: &'static str,
    id: &'a str,
    title: &'a str,
    text: &'a str,
    sha256: &'a str,
    meta: &'a Map<String, Value>,
}

#[derive(Serialize)]
struct LayerOut<'a> {
    kind: &'static str,
    document: &'a DocumentId,
    annotator: &'a Annotator,
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    when: Option<u64>,
    status: Status,
    spans: Vec<SpanRecord>,
    relations: Vec<RelationRecord>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    remarks: Vec<Value>,
}

/// As [`write_at`], where nothing is known of when layers were changed.
///
/// # Errors
/// When it cannot be written.
pub fn write(project: &Project, revisions: &BTreeMap<LayerKey, u64>, out: &mut (impl io::Write + ?Sized)) -> io::Result<()> {
    write_at(project, revisions, &BTreeMap::new(), out)
}

/// Writes a project, a line at a time, with when each layer was last changed (milliseconds since 1970), as far as that is known: documents by name, each with its layers behind it by annotator, labels in reading order. So it
/// can be read a document after another.
///
/// # Errors
/// When it cannot be written.
pub fn write_at(
    project: &Project,
    revisions: &BTreeMap<LayerKey, u64>,
    whens: &BTreeMap<LayerKey, u64>,
    out: &mut (impl io::Write + ?Sized),
) -> io::Result<()> {
    line(&ProjectOut { wusum: VERSION, kind: "project", name: &project.name, offsets: "code-points", schema: &project.schema }, out)?;
    // Both are in the order of documents.
    let mut layers = project.layers.iter().peekable();
    for document in project.documents.values() {
        let Document { id, title, text, sha256, meta } = &**document;
        line(&DocumentOut { kind: "document", id: id.as_str(), title, text: text.as_str(), sha256, meta }, out)?;
        while let Some((key, layer)) = layers.next_if(|(key, _)| key.document <= *id) {
            if key.document == *id {
                write_layer(key, layer, document, (revisions.get(key).copied(), whens.get(key).copied()), out)?;
            }
        }
    }
    Ok(())
}

fn write_layer(
    key: &LayerKey,
    layer: &Layer,
    document: &Document,
    (revision, when): (Option<u64>, Option<u64>),
    out: &mut (impl io::Write + ?Sized),
) -> io::Result<()> {
    let spans = layer.iter().map(|annotation| SpanRecord::of(annotation, &document.text)).collect();
    let relations = layer.relations().map(|relation| RelationRecord::of(relation)).collect();
    let remarks = layer.remarks().map(|remark| remark.written()).collect();
    let LayerKey { document, annotator } = key;
    line(&LayerOut { kind: "layer", document, annotator, revision, when, status: layer.status(), spans, relations, remarks }, out)
}

fn line(record: &impl Serialize, out: &mut (impl io::Write + ?Sized)) -> io::Result<()> {
    let mut bytes = serde_json::to_vec(record)?;
    bytes.push(b'\n');
    out.write_all(&bytes)
}
