//! Files in and out: a module for each format, with its own records. Import never fails as a whole.

pub mod anchor;
pub mod merge;
pub mod problem;
pub mod record;
mod schema_brat;
mod schema_doccano;
pub mod schema_file;
mod schema_group;
mod schema_json;
#[cfg(feature = "schema-files")]
mod schema_label_studio;
mod schema_loss;
#[cfg(test)]
mod tests;
pub mod text;
pub mod wusum;
mod wusum_layer;

pub use problem::{Problem, ProblemCode};

use crate::id::{Annotator, DocumentId};
use crate::layer::Layer;
use crate::project::{Document, LayerKey, Project};
use crate::schema::Schema;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

/// A format that can be read and written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// The own format, JSON Lines. Nothing is lost.
    Wusum,
    /// Plain text, without labels.
    Text,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Wusum, Self::Text];

    /// The name that scripts and files rely on.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Wusum => "wusum",
            Self::Text => "text",
        }
    }

    /// The format of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// How its files' names end, without the dot; the first is the one to write.
    #[must_use]
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Wusum => &["jsonl", "ndjson", "json"],
            Self::Text => &["txt", "text"],
        }
    }

    /// The format of a file, by its name, else by how it begins. Text that is nothing else is plain text.
    #[must_use]
    pub fn detect(file: Option<&str>, bytes: &[u8]) -> Self {
        let ending = file.and_then(|file| file.rsplit_once('.')).map(|(_, ending)| ending.to_ascii_lowercase());
        let by_name = ending.and_then(|ending| Self::ALL.into_iter().find(|format| format.extensions().contains(&ending.as_str())));
        by_name.unwrap_or_else(|| {
            let start = crate::text::decode(bytes.get(..bytes.len().min(64)).unwrap_or_default()).text;
            if start.trim_start().starts_with("{\"") { Self::Wusum } else { Self::Text }
        })
    }
}

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
        match format {
            Format::Wusum => self.reader.file(name, bytes),
            Format::Text => {
                let (document, problems) = text::read(name, bytes);
                self.reader.document(name, document, problems);
            }
        }
    }

    /// What was read.
    #[must_use]
    pub fn finish(self) -> Import {
        self.reader.finish()
    }
}

/// Writes a project in a format. Plain text has the texts of all documents, one after another, and nothing else.
///
/// # Errors
/// When it cannot be written.
pub fn write(project: &Project, revisions: &BTreeMap<LayerKey, u64>, format: Format, out: &mut dyn io::Write) -> io::Result<()> {
    match format {
        Format::Wusum => wusum::write(project, revisions, out),
        Format::Text => project.documents.values().try_for_each(|document| text::write(document, out)),
    }
}
