//! Standoff of brat, written: LF for line ends, no byte order mark, labels cut at line ends, each line of one kind after another.

use super::brat::{MORE, NOTE};
use super::export::Export;
use super::files::Files;
use super::schema_file::{self, SchemaFormat};
use super::tokens::is_space;
use super::units::{Ruler, Unit, with_line_feeds};
use crate::annotation::{Annotation, Origin};
use crate::id::AnnotationId;
use crate::layer::Layer;
use crate::project::Document;
use crate::schema::Schema;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

pub(super) fn write(export: &Export, files: &mut Files) {
    export.each_annotator(|annotator, folder| {
        for document in export.project.documents.values().filter(|document| export.is_among(document, annotator)) {
            let layer = annotator.and_then(|annotator| export.layer(document, annotator));
            let stem = format!("{folder}{}", export.stem(&document.id));
            files.insert(format!("{stem}.txt"), with_line_feeds(document.text.as_str()));
            files.insert(format!("{stem}.ann"), layer.map(|layer| standoff(export, document, layer)).unwrap_or_default());
        }
    });
    if is_writable(&export.project.schema) {
        files.insert(SchemaFormat::Brat.file_name(), schema_file::write(&export.project.schema, SchemaFormat::Brat).0);
    }
}

/// Whether the settings name everything as the labels do.
fn is_writable(schema: &Schema) -> bool {
    let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    !schema.labels.is_empty()
        && schema.labels.iter().all(|label| is_name(label.id.as_str()))
        && schema.relations.iter().all(|relation| is_name(relation.id.as_str()))
}

/// A name as the lines have it; another one is kept in a note.
pub(super) fn word(name: &str) -> String {
    let kept: String = name.chars().map(|c| if is_space(c) || c.is_control() || matches!(c, ':' | ';') { '_' } else { c }).collect();
    if kept.is_empty() { "_".to_owned() } else { kept }
}

struct Lines<'a> {
    export: &'a Export<'a>,
    attributes: String,
    notes: String,
    attribute: usize,
    note: usize,
}

fn standoff(export: &Export, document: &Document, layer: &Layer) -> String {
    let ruler = Ruler::new(&document.text, Unit::LineFeeds);
    let text: Vec<char> = with_line_feeds(document.text.as_str()).chars().collect();
    let mut lines = Lines { export, attributes: String::new(), notes: String::new(), attribute: 0, note: 0 };
    let mut out = String::new();
    let mut names: BTreeMap<AnnotationId, String> = BTreeMap::new();
    for annotation in layer.iter() {
        let pieces: Vec<(u32, u32)> =
            annotation.extent.pieces().iter().flat_map(|piece| fragments(&text, ruler.write(piece.start()), ruler.write(piece.end()))).collect();
        // A label on nothing but line ends has no fragment that brat could hold.
        if pieces.is_empty() {
            continue;
        }
        let name = format!("T{}", names.len() + 1);
        let label = word(annotation.label.as_str());
        let places: Vec<String> = pieces.iter().map(|(start, end)| format!("{start} {end}")).collect();
        let words: Vec<String> =
            pieces.iter().map(|(start, end)| text.get(*start as usize..*end as usize).unwrap_or_default().iter().collect()).collect();
        out.push_str(&format!("{name}\t{label} {}\t{}\n", places.join(";"), words.join(" ")));
        lines.label(&name, &label, annotation);
        names.insert(annotation.id.clone(), name);
    }
    for (number, relation) in (1..).zip(layer.relations()) {
        let (Some(from), Some(to)) = (names.get(&relation.from), names.get(&relation.to)) else { continue };
        let (name, kind) = (format!("R{number}"), word(relation.kind.as_str()));
        out.push_str(&format!("{name}\t{kind} Arg1:{from} Arg2:{to}\n"));
        let mut more = Map::new();
        if kind != relation.kind.as_str() {
            more.insert("label".to_owned(), json!(relation.kind));
        }
        lines.said(&name, &relation.attributes, relation.note.as_deref(), more);
    }
    out + &lines.attributes + &lines.notes
}

/// A piece without the line ends in it.
fn fragments(text: &[char], start: u32, end: u32) -> Vec<(u32, u32)> {
    let mut found = Vec::new();
    let mut from = start;
    for at in start..=end {
        let is_end = at == end || text.get(at as usize) == Some(&'\n');
        if is_end {
            if from < at {
                found.push((from, at));
            }
            from = at + 1;
        }
    }
    found
}

impl Lines<'_> {
    fn label(&mut self, name: &str, written: &str, annotation: &Annotation) {
        let mut more = Map::new();
        if written != annotation.label.as_str() {
            more.insert("label".to_owned(), json!(annotation.label));
        }
        if annotation.unsure {
            more.insert("unsure".to_owned(), true.into());
        }
        if annotation.origin != Origin::Person {
            more.insert("origin".to_owned(), json!(annotation.origin));
        }
        self.said(name, &annotation.attributes, annotation.note.as_deref(), more);
    }

    /// Attributes and the note; what the lines cannot hold goes into a note as JSON.
    fn said(&mut self, of: &str, attributes: &BTreeMap<String, Value>, note: Option<&str>, mut more: Map<String, Value>) {
        let is_word = |text: &str| !text.is_empty() && word(text) == text;
        let mut rest = Map::new();
        for (name, value) in attributes {
            let value = match value {
                Value::String(value) if is_word(name) && is_word(value) => format!(" {value}"),
                Value::Bool(true) if is_word(name) => String::new(),
                other => {
                    rest.insert(name.clone(), other.clone());
                    continue;
                }
            };
            self.attribute += 1;
            self.attributes.push_str(&format!("A{}\t{name} {of}{value}\n", self.attribute));
        }
        if !rest.is_empty() {
            more.insert("attributes".to_owned(), Value::Object(rest));
        }
        if let Some(note) = note {
            let shown: String = note.chars().map(|c| if c.is_control() || c == '\u{FEFF}' { ' ' } else { c }).collect();
            self.note(NOTE, of, &shown);
            if shown != note || note.trim() != note {
                more.insert("note".to_owned(), note.into());
            }
        }
        if !more.is_empty() {
            let json = self.export.json(&Value::Object(more));
            self.note(MORE, of, &json);
        }
    }

    fn note(&mut self, kind: &str, of: &str, note: &str) {
        self.note += 1;
        self.notes.push_str(&format!("#{}\t{kind} {of}\t{note}\n", self.note));
    }
}
