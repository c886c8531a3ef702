//! The own format: JSON Lines, one object a line. Also a plain JSON file with documents and their spans.

use super::list::{Code, Read};
use super::loss::Holds;
use super::problem::{Problem, ProblemCode};
use super::units::Unit;
use super::wusum_layer::{LayerLine, Stated, read_layer};
pub use super::wusum_write::{write, write_at};
use super::{Import, Orphan, Place, evidence, merge, quotes, text};
use crate::adjudicate::is_gold;
use crate::id::{Annotator, DocumentId};
use crate::layer::Status;
use crate::project::{Document, LayerKey, Project};
use crate::schema::Schema;
use crate::text::{Text, decode};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The version of the format that is written, and the highest that is read.
pub(super) const VERSION: u64 = 1;

type Object = Map<String, Value>;

/// How it is read and written.
pub(super) const CODE: Code = Code {
    sniff: |head| {
        !matches!(head.ending(), "txt" | "text")
            && (head.has("wusum") || (head.has("kind") && (head.has("document") || head.has("text"))) || head.has_list("documents"))
    },
    read: Some(Read::Each(|name, bytes, incoming| incoming.own(name, bytes))),
    write: Some(|export, files| {
        let mut out = Vec::new();
        if write_at(export.project, export.revisions, export.whens, &mut out).is_ok() {
            files.insert(export.file_name("jsonl"), out);
        }
    }),
    unit: Unit::CodePoints,
    holds: Holds::All,
    ..Code::PLAIN
};

/// Reads files one after another; labels are placed at the end, when all texts are known.
#[derive(Clone, Debug, Default)]
pub struct Reader {
    /// The name for labels whose file does not say whose they are.
    pub annotator: Option<Annotator>,
    known: crate::sorted::Sorted<DocumentId, Arc<Document>>,
    /// The schema that holds where no file has one.
    schema: Option<Arc<Schema>>,
    import: Import,
    layers: Vec<(Place, LayerLine)>,
    pub(super) file: Option<String>,
}

/// Reads one file.
#[must_use]
pub fn read(bytes: &[u8]) -> Import {
    let mut reader = Reader::default();
    reader.file(None, bytes);
    reader.finish()
}

impl Reader {
    /// A reader that also knows the documents and the schema of a project, so that labels alone can be read.
    #[must_use]
    pub fn knowing(project: &Project) -> Self {
        Self { known: project.documents.clone(), schema: Some(project.schema.clone()), ..Self::default() }
    }

    /// Reads a file.
    pub fn file(&mut self, name: Option<&str>, bytes: &[u8]) {
        self.file = name.map(str::to_owned);
        let decoded = decode(bytes);
        if !decoded.problems.is_empty() {
            self.problem(None, ProblemCode::BadEncoding { encoding: decoded.encoding.to_owned() });
        }
        let source = decoded.text.as_str();
        if source.trim().is_empty() {
            return self.problem(None, ProblemCode::EmptyFile {});
        }
        // A plain JSON file may be laid out on many lines; then its first line is not an object.
        let first = source.trim_start().lines().next().unwrap_or_default();
        if serde_json::from_str::<Object>(first).is_err()
            && let Ok(object) = serde_json::from_str::<Object>(source)
        {
            self.object(None, object);
            return;
        }
        for (number, line) in (1..).zip(source.split('\n')) {
            let line = line.trim_matches(['\r', ' ', '\t', '\u{FEFF}']);
            if line.is_empty() {
                continue;
            }
            match serde_json::from_str::<Object>(line) {
                Ok(object) => {
                    if !self.object(Some(number), object) {
                        return;
                    }
                }
                Err(error) => self.problem(Some(number), ProblemCode::BadJson { detail: error.to_string() }),
            }
        }
    }

    /// Takes a document that another format read.
    pub fn document(&mut self, file: Option<&str>, document: Document, problems: Vec<Problem>) {
        self.file = file.map(str::to_owned);
        self.import.problems.extend(problems);
        if document.text.is_empty() {
            // There is nothing in it to label; the problems say so.
            return;
        }
        self.foreign_document(None, document);
    }

    /// Reads one object; `false` where the rest of the file must not be read.
    fn object(&mut self, line: Option<u32>, object: Object) -> bool {
        if let Some(version) = object.get("wusum") {
            match version.as_u64() {
                Some(version) if version <= VERSION => {}
                Some(version) => {
                    self.problem(line, ProblemCode::TooNew { version });
                    return false;
                }
                None => self.problem(line, bad_field("wusum")),
            }
        }
        match object.get("kind").and_then(Value::as_str) {
            Some("project") => self.project(line, object),
            Some("document") => drop(self.document_line(line, object)),
            Some("layer") => self.layer_line(line, object),
            None if object.get("documents").is_some_and(Value::is_array) => self.plain(line, object),
            kind => {
                self.problem(line, ProblemCode::UnknownKind { kind: kind.unwrap_or_default().to_owned() });
                self.orphan(line, Value::Object(object));
            }
        }
        true
    }

    fn project(&mut self, line: Option<u32>, mut object: Object) {
        if let Some(name) = object.get("name").and_then(Value::as_str).filter(|name| !name.is_empty()) {
            self.import.name.get_or_insert_with(|| name.into());
        }
        // Offsets in another unit are found by their quotes, but the file promises what it does not keep.
        if object.get("offsets").is_some_and(|unit| unit != "code-points") {
            self.problem(line, bad_field("offsets"));
        }
        match object.remove("schema").map(crate::json::from_value::<Schema>) {
            None => {}
            Some(Err(_)) => self.problem(line, bad_field("schema")),
            Some(Ok(schema)) => match &mut self.import.schema {
                None => self.import.schema = Some(Arc::new(schema)),
                Some(first) => extend_schema(Arc::make_mut(first), schema),
            },
        }
    }

    fn document_line(&mut self, line: Option<u32>, mut object: Object) -> Option<DocumentId> {
        if !object.get("text").is_some_and(Value::is_string) {
            self.problem(line, bad_field("text"));
            self.orphan(line, Value::Object(object));
            return None;
        }
        let Some(Value::String(source)) = object.remove("text") else { return None };
        let string = |name: &str| object.get(name).and_then(Value::as_str).filter(|value| !value.is_empty());
        let id = string("id").map_or_else(|| text::id_of_text(&source), str::to_owned);
        let title = string("title").map(str::to_owned).or_else(|| text::title(&source)).unwrap_or_else(|| id.clone());
        let stated = string("sha256").map(str::to_owned);
        let mut document = Document::new(id.clone().into(), title, source);
        match object.get_mut("meta") {
            Some(Value::Object(meta)) => document.meta = std::mem::take(meta),
            None | Some(Value::Null) => {}
            Some(_) => self.problem(line, bad_field("meta")),
        }
        if let Some(stated) = stated.filter(|stated| !stated.eq_ignore_ascii_case(&document.sha256)) {
            self.problem(line, ProblemCode::DigestMismatch { document: id.clone(), stated, found: document.sha256.to_string() });
        }
        self.take_document(line, document, |document| {
            object.insert("text".to_owned(), document.text.as_str().into());
            if let Some(Value::Object(meta)) = object.get_mut("meta") {
                meta.clone_from(&document.meta);
            }
            Value::Object(object)
        });
        Some(id.into())
    }

    /// Takes a document that another format read; one without text is taken too.
    pub(super) fn foreign_document(&mut self, line: Option<u32>, document: Document) {
        self.take_document(line, document, |document| document.text.as_str().into());
    }

    /// Takes a document; `raw` is how it came, for one that cannot be taken.
    fn take_document(&mut self, line: Option<u32>, document: Document, raw: impl FnOnce(&Document) -> Value) {
        match self.import.documents.get(&document.id) {
            None => drop(self.import.documents.insert(document.id.clone(), Arc::new(document))),
            Some(first) if **first == document => {}
            Some(_) => {
                self.problem(line, ProblemCode::DocumentConflict { document: document.id.to_string() });
                self.orphan(line, raw(&document));
            }
        }
    }

    fn layer_line(&mut self, line: Option<u32>, object: Object) {
        let name = |field: &str| object.get(field).and_then(Value::as_str).map(str::to_owned);
        let annotator = name("annotator").or_else(|| self.annotator.as_ref().map(ToString::to_string));
        let (Some(document), Some(annotator)) = (name("document"), annotator) else {
            let missing = if name("document").is_none() { "document" } else { "annotator" };
            self.problem(line, bad_field(missing));
            return self.orphan(line, Value::Object(object));
        };
        let key = LayerKey { document: document.into(), annotator: annotator.into() };
        self.take_layer(line, key, object, true);
    }

    /// `promised`: the format says that each label has its quote.
    fn take_layer(&mut self, line: Option<u32>, key: LayerKey, mut object: Object, promised: bool) {
        let status = match object.get("status") {
            None => Some(Status::New),
            Some(status) => crate::json::from_value(status.clone()).ok(),
        };
        let number = |field: &str| match object.get(field) {
            None => Some(None),
            Some(number) => number.as_u64().map(Some),
        };
        let (revision, when) = (number("revision"), number("when"));
        for (field, understood) in [("status", status.is_some()), ("revision", revision.is_some()), ("when", when.is_some())] {
            if !understood {
                self.problem(line, bad_field(field));
            }
        }
        let mut records = |field: &str| match object.get_mut(field) {
            None => Vec::new(),
            Some(Value::Array(records)) => std::mem::take(records),
            Some(_) => {
                self.problem(line, bad_field(field));
                Vec::new()
            }
        };
        let (spans, relations, remarks) = (records("spans"), records("relations"), records("remarks"));
        let (status, revision, when) = (status.unwrap_or_default(), revision.flatten(), when.flatten());
        let (spans, relations) = (spans.into_iter().map(Stated::Raw).collect(), relations.into_iter().map(Stated::Raw).collect());
        let rest = Some(object);
        let read = LayerLine { status, revision, when, spans, relations, remarks, promised, rest, ..LayerLine::new(key, Unit::CodePoints) };
        self.layers.push((Place { file: self.file.clone(), line }, read));
    }

    /// A text that is known so far.
    pub(super) fn text_of(&self, document: &DocumentId) -> Option<Arc<Text>> {
        self.import.documents.get(document).or_else(|| self.known.get(document)).map(|document| document.text.clone())
    }

    /// Takes a layer that another format read.
    pub(super) fn layer(&mut self, file: Option<&str>, line: Option<u32>, layer: LayerLine) {
        self.layers.push((Place { file: file.map(str::to_owned), line }, layer));
    }

    /// Takes what a file says of the whole project; the first that says it holds.
    pub(super) fn whole(&mut self, name: Option<&str>, schema: Option<Schema>) {
        if let Some(name) = name.filter(|name| !name.is_empty()) {
            self.import.name.get_or_insert_with(|| name.into());
        }
        match (&mut self.import.schema, schema) {
            (_, None) => {}
            (None, Some(schema)) => self.import.schema = Some(Arc::new(schema)),
            (Some(first), Some(schema)) => extend_schema(Arc::make_mut(first), schema),
        }
    }

    /// `{"annotator":"a","documents":[{"id":…,"text":…,"spans":[…],"relations":[…]}]}`
    fn plain(&mut self, line: Option<u32>, mut object: Object) {
        let whose = |object: &Object| object.get("annotator").and_then(Value::as_str).map(str::to_owned);
        let annotator = whose(&object).or_else(|| self.annotator.as_ref().map(ToString::to_string));
        let Some(Value::Array(documents)) = object.remove("documents") else { return };
        for document in documents {
            let Value::Object(document) = document else {
                self.problem(line, bad_field("documents"));
                self.orphan(line, document);
                continue;
            };
            let mut layer = document.clone();
            for field in ["id", "text", "title", "sha256", "meta"] {
                layer.remove(field);
            }
            let Some(id) = self.document_line(line, document) else { continue };
            if !layer.contains_key("spans") && !layer.contains_key("relations") {
                continue;
            }
            match whose(&layer).or_else(|| annotator.clone()) {
                Some(annotator) => self.take_layer(line, LayerKey { document: id, annotator: annotator.into() }, layer, false),
                None => {
                    self.problem(line, bad_field("annotator"));
                    self.orphan(line, Value::Object(layer));
                }
            }
        }
    }

    /// Places the labels.
    #[must_use]
    pub fn finish(mut self) -> Import {
        let found = quotes::settle(&mut self.layers, &[&self.import.documents, &self.known]);
        self.import.problems.extend(found);
        let mut newest: BTreeMap<LayerKey, u64> = BTreeMap::new();
        for (_, layer) in &self.layers {
            let revision = newest.entry(layer.key.clone()).or_insert(0);
            *revision = (*revision).max(layer.revision.unwrap_or(0));
        }
        let schema = self.import.schema.clone().or_else(|| self.schema.clone()).unwrap_or_default();
        let texts = |id: &DocumentId| self.import.documents.get(id).or_else(|| self.known.get(id)).map(|document| document.text.clone());
        let guesses = evidence::settle(&mut self.layers, &texts);
        self.import.problems.extend(guesses);
        let mut others = Vec::new();
        for (place, line) in std::mem::take(&mut self.layers) {
            self.file.clone_from(&place.file);
            let (key, revision) = (line.key.clone(), line.revision.unwrap_or(0));
            let is_older = newest.get(&key).is_some_and(|newest| *newest > revision);
            let Some(text) = self.text_of(&key.document) else {
                let (document, annotator) = (key.document.to_string(), key.annotator.to_string());
                self.problem_about(&key, place.line, ProblemCode::UnknownDocument { document, annotator });
                self.orphan_about(Some(key), place.line, line.raw());
                continue;
            };
            let (stated, when) = (line.revision, line.when);
            let twice = self.import.layers.contains_key(&key).then(|| line.raw());
            let read = read_layer(line, &text, &schema);
            if is_older || (is_gold(&key.annotator) && self.import.layers.contains_key(&key)) {
                others.push((key, (revision, read.layer)));
                continue;
            }
            match self.import.layers.get(&key) {
                None => {
                    for (line, code) in read.problems {
                        self.problem_about(&key, line.or(place.line), code);
                    }
                    self.import.refused.extend(read.refused);
                    self.import.revisions.extend(stated.map(|revision| (key.clone(), revision)));
                    self.import.whens.extend(when.map(|when| (key.clone(), when)));
                    self.import.places.insert(key.clone(), place);
                    self.import.layers.insert(key, read.layer);
                }
                Some(first) if *first == read.layer => {}
                Some(_) => {
                    let (document, annotator) = (key.document.to_string(), key.annotator.to_string());
                    self.problem_about(&key, place.line, ProblemCode::SameRevision { document, annotator, revision });
                    self.orphan_about(Some(key), place.line, twice.unwrap_or_default());
                }
            }
        }
        merge::keep(&mut self.import, others);
        self.import
    }

    pub(super) fn problem(&mut self, line: Option<u32>, code: ProblemCode) {
        self.import.problems.push(Problem { file: self.file.clone(), line, code, about: None });
    }

    /// Something is wrong with somebody's labels.
    fn problem_about(&mut self, layer: &LayerKey, line: Option<u32>, code: ProblemCode) {
        self.import.problems.push(Problem { file: self.file.clone(), line, code, about: Some(layer.clone()) });
    }

    pub(super) fn orphan(&mut self, line: Option<u32>, raw: Value) {
        self.orphan_about(None, line, raw);
    }

    fn orphan_about(&mut self, about: Option<LayerKey>, line: Option<u32>, raw: Value) {
        self.import.orphans.push(Orphan { file: self.file.clone(), line, raw, about });
    }
}

fn bad_field(field: &str) -> ProblemCode {
    ProblemCode::BadField { field: field.to_owned() }
}

/// What another file's schema has and the first has not.
fn extend_schema(first: &mut Schema, other: Schema) {
    for label in other.labels {
        if first.label(&label.id).is_none() {
            first.labels.push(label);
        }
    }
    for relation in other.relations {
        if first.relations.iter().all(|known| known.id != relation.id) {
            first.relations.push(relation);
        }
    }
}
