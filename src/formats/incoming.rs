//! What a format's reader fills: documents and layers in the format's own unit, with file and line, for the reader of the own
//! format to place, move, refuse or set aside.

use super::Problem;
use super::anchor::JOINT;
use super::files::{self, Files};
use super::problem::ProblemCode;
use super::record::{RelationRecord, SpanRecord};
use super::side::{Side, SideDocument};
use super::units::Unit;
use super::wusum;
use super::wusum_layer::{LayerLine, Stated};
use crate::id::{Annotator, DocumentId};
use crate::layer::Status;
use crate::project::{Document, LayerKey};
use crate::schema::Schema;
use crate::text::Text;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Whose the labels are where neither a file nor whoever reads it says so.
pub const UNNAMED: &str = "imported";

/// One layer as a file has it.
#[derive(Clone, Debug)]
pub struct IncomingLayer {
    /// The line it is on, where it has one of its own.
    pub line: Option<u32>,
    /// The text.
    pub document: DocumentId,
    /// Who labelled it, where the file says.
    pub annotator: Option<Annotator>,
    /// How far the work has come, where the file says.
    pub status: Status,
    /// What positions count.
    pub unit: Unit,
    /// What joins the quotes of pieces.
    pub joint: &'static str,
    /// Labels, with their lines. Positions count what `unit` says; a quote, where there is one, proves them.
    pub spans: Vec<(Option<u32>, SpanRecord)>,
    /// Relations, with their lines.
    pub relations: Vec<(Option<u32>, RelationRecord)>,
}

impl IncomingLayer {
    /// A layer with nothing in it.
    #[must_use]
    pub fn new(document: impl Into<DocumentId>, unit: Unit) -> Self {
        let (spans, relations) = (Vec::new(), Vec::new());
        Self { line: None, document: document.into(), annotator: None, status: Status::default(), unit, joint: JOINT, spans, relations }
    }
}

/// A record of a label, to be completed.
#[must_use]
pub fn span(label: impl Into<crate::id::LabelId>, start: u32, end: u32) -> SpanRecord {
    let (text, note, origin) = (None, None, None);
    SpanRecord { id: None, start, end, label: label.into(), text, pieces: Vec::new(), attributes: Default::default(), note, unsure: false, origin }
}

/// Takes what a format's reader finds.
pub struct Incoming<'a> {
    reader: &'a mut wusum::Reader,
    /// What an earlier export said of these files.
    side: Option<Side>,
    /// Where it speaks of each document, by the document's name and by that of its file.
    sides: BTreeMap<String, usize>,
    side_files: BTreeMap<String, usize>,
    /// Whether several files are read in this format.
    pub several: bool,
}

impl<'a> Incoming<'a> {
    pub(super) fn new(reader: &'a mut wusum::Reader, files: &Files) -> Self {
        let side = Side::of(files);
        let documents = || side.as_ref().map_or(&[][..], |side| &side.documents).iter().enumerate().rev();
        // The first of a name counts.
        let sides = documents().map(|(at, document)| (document.id.clone(), at)).collect();
        let side_files = documents().map(|(at, document)| (document.file.clone(), at)).collect();
        Self { reader, side, sides, side_files, several: false }
    }

    /// Names the file that what follows is in.
    pub fn file(&mut self, name: Option<&str>) {
        self.reader.file = name.map(str::to_owned);
    }

    /// What `EXPORT.json` beside the files says, where there is one.
    #[must_use]
    pub fn side(&self) -> Option<&Side> {
        self.side.as_ref()
    }

    /// Whose labels the file at this path holds: whose the whole export is, or what `EXPORT.json` says of one of its folders or of
    /// its name; `None` where nothing does.
    #[must_use]
    pub fn annotator_of(&self, path: &str) -> Option<Annotator> {
        let side = self.side.as_ref()?;
        if let [one] = side.annotators.as_slice() {
            return Some(one.name.as_str().into());
        }
        let (stem, _) = files::ending(path);
        let mut parts = stem.rsplit(['/', '\\']);
        parts.find_map(|part| side.annotator(part))
    }

    /// The name of the document in the file at this path: what `EXPORT.json` says, else the file's name without its ending.
    #[must_use]
    pub fn document_of(&self, path: &str) -> String {
        let (stem, _) = files::ending(files::file_name(path));
        self.side_document(stem).map_or_else(|| stem.to_owned(), |document| document.id.clone())
    }

    /// What `EXPORT.json` says of the document in a file of this name, without its ending.
    #[must_use]
    pub fn side_document(&self, file: &str) -> Option<&SideDocument> {
        self.side.as_ref()?.documents.get(*self.side_files.get(file)?)
    }

    /// A text that was read before, or that whoever reads already has.
    #[must_use]
    pub fn text_of(&self, document: &str) -> Option<Arc<Text>> {
        self.reader.text_of(&document.into())
    }

    /// Something is wrong.
    pub fn problem(&mut self, line: impl Into<Option<u32>>, code: ProblemCode) {
        self.reader.problem(line.into(), code);
    }

    /// Something is not in the good, as it came.
    pub fn orphan(&mut self, line: impl Into<Option<u32>>, raw: Value) {
        self.reader.orphan(line.into(), raw);
    }

    /// The text of a file in any encoding; unreadable bytes and an empty file are problems.
    pub fn decode(&mut self, bytes: &[u8]) -> String {
        let decoded = crate::text::decode(bytes);
        if !decoded.problems.is_empty() {
            self.problem(None, ProblemCode::BadEncoding { encoding: decoded.encoding.to_owned() });
        }
        if decoded.text.trim().is_empty() {
            self.problem(None, ProblemCode::EmptyFile {});
        }
        decoded.text
    }

    /// Takes a document. One of the same name and another text is kept apart.
    pub fn document(&mut self, line: impl Into<Option<u32>>, document: Document) {
        self.reader.foreign_document(line.into(), document);
    }

    /// Takes a document with a title where the file has one, else the title that its text gives it.
    pub fn text(&mut self, line: impl Into<Option<u32>>, id: impl Into<DocumentId>, title: Option<&str>, text: String, meta: Map<String, Value>) {
        let id: DocumentId = id.into();
        let known = || Some(self.side.as_ref()?.documents.get(*self.sides.get(id.as_str())?)?.title.clone());
        let title = title.map(str::to_owned).or_else(known).or_else(|| super::text::title(&text)).unwrap_or_else(|| id.to_string());
        let mut document = Document::new(id, title, text);
        document.meta = meta;
        self.document(line, document);
    }

    /// Takes a layer. Where no file says whose it is, it is whose the reader was told, else [`UNNAMED`].
    pub fn layer(&mut self, layer: IncomingLayer) {
        let annotator = layer.annotator.or_else(|| self.reader.annotator.clone()).unwrap_or_else(|| UNNAMED.into());
        let mut line = LayerLine::new(LayerKey { document: layer.document, annotator }, layer.unit);
        line.status = layer.status;
        line.joint = layer.joint;
        for (at, span) in layer.spans {
            line.span_lines.push(at);
            line.spans.push(Stated::Read(span));
        }
        for (at, relation) in layer.relations {
            line.relation_lines.push(at);
            line.relations.push(Stated::Read(relation));
        }
        let file = self.reader.file.clone();
        self.reader.layer(file.as_deref(), layer.line, line);
    }

    /// Takes what a file says of the whole project.
    pub fn whole(&mut self, name: Option<&str>, schema: Option<Schema>) {
        self.reader.whole(name, schema);
    }

    /// Takes problems that another reader found.
    pub fn problems(&mut self, problems: Vec<Problem>) {
        for Problem { line, code, .. } in problems {
            self.reader.problem(line, code);
        }
    }

    /// Reads a file of the own format.
    pub(super) fn own(&mut self, name: Option<&str>, bytes: &[u8]) {
        self.reader.file(name, bytes);
    }

    /// Takes a plain text.
    pub(super) fn plain(&mut self, name: Option<&str>, document: Document, problems: Vec<Problem>) {
        self.reader.document(name, document, problems);
    }
}
