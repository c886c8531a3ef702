//! Files in and out: a module for each format, with its own records. Import never fails as a whole.
//!
//! # How to add a format
//!
//! 1. A file `src/formats/NAME.rs` with `pub(super) const CODE: Code` (see [`list`]): how such a file begins (`sniff`, over a
//!    [`sniff::Head`]), `read`, `write`, the unit of its offsets, and of which kinds nothing is lost (`holds`). A format of one
//!    file at a time has [`list::Read::Each`]; one of several that belong together has `Read::Whole` and says which it claims.
//! 2. `#[cfg(feature = "datasets")] mod NAME;` below, and a line in the list in `list.rs`. Programs and the page follow the list.
//! 3. Words `format.NAME` and `format.NAME.loses` in both locales; a row in the README's table.
//!
//! A reader fills [`incoming::Incoming`]: documents, and layers whose labels are [`record::SpanRecord`]s with positions in the
//! format's own unit. Units are converted, quotes checked, labels moved, refused and set aside for it. A writer gets an
//! [`export::Export`] and puts [`files::Files`]; [`units::Ruler`] writes positions, [`export::Export::on_tokens`] and
//! [`flat::columns`] serve formats of tokens. What is lost is counted from `holds`, never by the writer.

mod align;
pub mod anchor;
#[cfg(feature = "datasets")]
pub mod archive;
#[cfg(feature = "datasets")]
mod brat;
#[cfg(feature = "datasets")]
mod brat_write;
#[cfg(feature = "datasets")]
mod cas;
#[cfg(feature = "datasets")]
mod cas_json;
#[cfg(feature = "datasets")]
mod cas_links;
#[cfg(feature = "datasets")]
#[cfg(test)]
mod cas_tests;
#[cfg(feature = "datasets")]
mod cas_write;
#[cfg(feature = "datasets")]
mod cas_xmi;
#[cfg(feature = "datasets")]
mod conll;
#[cfg(feature = "datasets")]
mod conll_nested;
#[cfg(feature = "datasets")]
mod conllu;
#[cfg(feature = "datasets")]
mod conllu_write;
#[cfg(feature = "datasets")]
mod csv;
#[cfg(feature = "datasets")]
mod doccano;
mod evidence;
pub mod export;
pub mod files;
pub mod flat;
mod formula;
#[cfg(feature = "datasets")]
mod gate;
#[cfg(feature = "datasets")]
mod huggingface;
#[cfg(feature = "datasets")]
mod huggingface_card;
pub mod incoming;
#[cfg(feature = "datasets")]
mod json_file;
pub mod knobs;
#[cfg(feature = "datasets")]
mod label_studio;
#[cfg(feature = "datasets")]
mod label_studio_write;
pub mod list;
pub mod loss;
pub mod merge;
pub mod problem;
#[cfg(feature = "datasets")]
mod pubannotation;
mod quotes;
pub mod record;
#[cfg(feature = "datasets")]
#[cfg(test)]
mod round_trips;
#[cfg(feature = "datasets")]
#[cfg(test)]
mod round_trips_json;
#[cfg(feature = "datasets")]
#[cfg(test)]
mod round_trips_readers;
#[cfg(feature = "datasets")]
#[cfg(test)]
mod samples;
mod schema_brat;
mod schema_doccano;
pub mod schema_file;
mod schema_group;
mod schema_json;
#[cfg(feature = "schema-files")]
mod schema_label_studio;
mod schema_loss;
pub mod side;
pub mod sniff;
#[cfg(feature = "datasets")]
mod spacy;
#[cfg(feature = "datasets")]
mod tags;
#[cfg(feature = "datasets")]
mod tei;
#[cfg(test)]
mod tests;
pub mod text;
#[cfg(feature = "datasets")]
#[cfg(test)]
mod token_trips;
#[cfg(feature = "datasets")]
#[cfg(test)]
mod token_trips_more;
#[cfg(feature = "datasets")]
#[cfg(test)]
mod token_trips_webanno;
#[cfg(feature = "datasets")]
#[cfg(test)]
mod told_tests;
pub mod units;
#[cfg(feature = "datasets")]
mod web_annotation;
#[cfg(feature = "datasets")]
mod web_annotation_write;
#[cfg(feature = "datasets")]
mod webanno;
#[cfg(feature = "datasets")]
mod webanno_write;
pub mod wusum;
mod wusum_layer;
mod wusum_write;
#[cfg(feature = "datasets")]
mod xml;
#[cfg(feature = "datasets")]
mod xml_read;

pub(crate) use formula::guard;
#[cfg(feature = "cli")]
pub(crate) use huggingface::named_rows;
#[cfg(feature = "datasets")]
pub(crate) use huggingface_card::scalar as yaml;
pub use list::Format;
pub use problem::{Problem, ProblemCode};

pub use crate::tokens;

use files::Files;
use incoming::Incoming;
use list::Read;

use crate::id::{Annotator, DocumentId};
use crate::layer::Layer;
use crate::project::{Document, LayerKey, Project};
use crate::schema::Schema;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

/// What was read: the good, and the problems. Nothing is lost: what is not in the good is in `orphans` or `refused` as it came.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Import {
    /// How the project is called, if a file says.
    pub name: Option<Arc<str>>,
    /// The schema, if a file has one.
    pub schema: Option<Arc<Schema>>,
    /// The texts.
    pub documents: crate::sorted::Sorted<DocumentId, Arc<Document>>,
    /// Who labelled what.
    pub layers: crate::sorted::Sorted<LayerKey, Layer>,
    /// Each layer's revision, where a file says.
    pub revisions: BTreeMap<LayerKey, u64>,
    /// When each layer was last changed, where a file says, in milliseconds since 1970.
    pub whens: BTreeMap<LayerKey, u64>,
    /// Where each layer was.
    pub places: BTreeMap<LayerKey, Place>,
    /// Layers without their document, and versions that another was kept instead of.
    pub orphans: Vec<Orphan>,
    /// Labels and relations that were not believed.
    pub refused: Vec<Refused>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// Where something was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Which file, where several are read.
    pub file: Option<String>,
    /// Which line of it, from 1.
    pub line: Option<u32>,
}

/// A line that is not in the good, as it came.
#[derive(Clone, Debug, PartialEq)]
pub struct Orphan {
    /// Which file, where several are read.
    pub file: Option<String>,
    /// Which line of it, from 1.
    pub line: Option<u32>,
    /// The line.
    pub raw: Value,
    /// Whose labels of which document it has, as the file names them; nothing where it has none, or whose is not known.
    pub about: Option<LayerKey>,
}

/// A label or relation that is not in the good, as it came.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// Which layer it was in.
    pub layer: LayerKey,
    /// The record.
    pub raw: Value,
    /// Why.
    pub why: ProblemCode,
}

impl Import {
    /// The good as a project of its own, and its layers' revisions.
    #[must_use]
    pub fn into_project(self, unnamed: &str) -> (Project, BTreeMap<LayerKey, u64>) {
        let mut project = Project::new(self.name.unwrap_or_else(|| Arc::from(unnamed)));
        project.schema = self.schema.unwrap_or(project.schema);
        project.documents = self.documents;
        project.layers = self.layers;
        (project, self.revisions)
    }
}

/// Reads files one after another, of one format or several, as one import: labels may be in one file and their text in another.
#[derive(Clone, Debug, Default)]
pub struct Importer {
    reader: wusum::Reader,
}

impl Importer {
    /// An importer that also knows the documents of a project, so that labels alone can be read. They are not in the import.
    #[must_use]
    pub fn knowing(project: &Project) -> Self {
        Self { reader: wusum::Reader::knowing(project) }
    }

    /// The name for labels whose file does not say whose they are.
    #[must_use]
    pub fn annotator(mut self, annotator: Option<Annotator>) -> Self {
        self.reader.annotator = annotator;
        self
    }

    /// Reads a file.
    pub fn file(&mut self, name: Option<&str>, bytes: &[u8], format: Format) {
        match format.code().and_then(|code| code.read.as_ref()) {
            Some(Read::Each(read)) => {
                let mut incoming = Incoming::new(&mut self.reader, &Files::new());
                incoming.file(name);
                read(name, bytes, &mut incoming);
            }
            Some(Read::Whole(..)) => self.files(&Files::one(name.unwrap_or_default(), bytes), Some(format)),
            None => self.reader.problem(None, ProblemCode::UnknownFormat {}),
        }
    }

    /// Reads files that belong together, such as those of a folder: in one format, or each in its own.
    pub fn files(&mut self, all: &Files, from: Option<Format>) {
        for (format, files) in list::assign(all, from) {
            let mut incoming = Incoming::new(&mut self.reader, all);
            match format.code().and_then(|code| code.read.as_ref()) {
                Some(Read::Each(read)) => {
                    incoming.several = files.len() > 1;
                    for (path, bytes) in files.iter() {
                        incoming.file(Some(path));
                        read(Some(path), bytes, &mut incoming);
                    }
                }
                Some(Read::Whole(_, read)) => read(&files, &mut incoming),
                None => incoming.problem(None, ProblemCode::UnknownFormat {}),
            }
        }
    }

    /// What was read.
    #[must_use]
    pub fn finish(self) -> Import {
        self.reader.finish()
    }
}

/// Writes a project in a format as one stream: the own format and plain text as they are, all else as an archive with
/// `EXPORT.json`. Plain text has the texts of all documents, one after another, and nothing else.
///
/// # Errors
/// When it cannot be written.
pub fn write(project: &Project, revisions: &BTreeMap<LayerKey, u64>, format: Format, out: &mut dyn io::Write) -> io::Result<()> {
    match format {
        Format::Wusum => wusum::write(project, revisions, out),
        Format::Text => project.documents.values().try_for_each(|document| text::write(document, out)),
        #[cfg(feature = "datasets")]
        _ => {
            let exported = export::export(project, revisions, format, &export::Options::default());
            let exported = exported.ok_or_else(|| io::Error::other("the format is only read"))?;
            archive::write(&exported.with_side(), out)
        }
        #[cfg(not(feature = "datasets"))]
        _ => Err(io::Error::other("built without this format")),
    }
}
