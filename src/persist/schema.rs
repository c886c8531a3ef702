//! Records of the project's schema: as it is, and each change of it with what it did to layers.

use super::journal::{Entry, Unreadable, encode_entry};
use super::migrate;
use crate::edit::{Change, Edit};
use crate::history::Step;
use crate::id::DocumentId;
use crate::project::{Document, LayerKey, Project};
use crate::schema::Schema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The schema as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemaRecord {
    /// Counts every change that was ever made to it.
    pub revision: u64,
    /// When it was changed, in milliseconds since 1970.
    #[serde(default)]
    pub at: u64,
    /// The change that an undo takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo: Option<u64>,
    /// The change that a redo takes back: it is itself an undo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redo: Option<u64>,
    /// What may be labelled.
    pub schema: Schema,
}

/// One change of the schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemaStep {
    /// The schema's revision after it.
    pub n: u64,
    /// When it was made, in milliseconds since 1970.
    pub at: u64,
    /// What an undo took back before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    undo: Option<u64>,
    /// What a redo took back before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    redo: Option<u64>,
    /// The schema before.
    before: Schema,
    /// The schema after.
    after: Schema,
    /// What it did to layers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    layers: Vec<StoredLayer>,
}

/// The step that was made on a layer, as its journal has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct StoredLayer {
    #[serde(flatten)]
    key: LayerKey,
    entry: Value,
}

/// What is done to a schema's past.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Something new is done.
    Do,
    /// The last change is taken back.
    Undo,
    /// The last one taken back is made again.
    Redo,
}

impl SchemaRecord {
    /// The default schema, which no store has to keep.
    #[must_use]
    pub fn new() -> Self {
        Self { revision: 0, at: 0, undo: None, redo: None, schema: Schema::default() }
    }

    /// The record's value.
    #[must_use]
    pub fn encode(&self) -> String {
        migrate::write(self)
    }

    /// Reads a record.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn decode(raw: &str) -> Result<Self, Unreadable> {
        migrate::read(raw, None)
    }

    /// The change that a way takes back.
    #[must_use]
    pub fn target(&self, way: Way) -> Option<u64> {
        match way {
            Way::Do => None,
            Way::Undo => self.undo,
            Way::Redo => self.redo,
        }
    }

    /// The step from this schema by an edit of the project, and the schema after it. `revisions` are those of layers after
    /// the edit; `target` is the step that is taken back.
    #[must_use]
    pub fn step(
        &self,
        project: &Project,
        edit: &Edit,
        revisions: &BTreeMap<LayerKey, u64>,
        way: Way,
        target: Option<&SchemaStep>,
        at: u64,
    ) -> (SchemaStep, Self) {
        let n = self.revision + 1;
        let schema = edit.changes.iter().find_map(|change| match change {
            Change::Schema(_, after) => Some(Schema::clone(after)),
            _ => None,
        });
        let layers = edit.by_layer().into_iter().filter_map(|(key, edit)| {
            let text = &project.document_of(&key)?.text;
            let revision = revisions.get(&key).copied().unwrap_or_default();
            let entry = encode_entry(text, revision, at, &Step::Do(Arc::new(edit))).ok()?;
            Some(StoredLayer { key, entry: crate::json::parse(&entry).ok()? })
        });
        let after = schema.unwrap_or_else(|| self.schema.clone());
        let step =
            SchemaStep { n, at, undo: self.undo, redo: self.redo, before: self.schema.clone(), after: after.clone(), layers: layers.collect() };
        let (undo, redo) = match way {
            Way::Do => (Some(n), None),
            Way::Undo => (target.and_then(|target| target.undo), Some(n)),
            Way::Redo => (Some(n), target.and_then(|target| target.redo)),
        };
        (step, Self { revision: n, at, undo, redo, schema: after })
    }
}

impl Default for SchemaRecord {
    fn default() -> Self {
        Self::new()
    }
}

impl SchemaStep {
    /// The record's value.
    #[must_use]
    pub fn encode(&self) -> String {
        migrate::write(self)
    }

    /// Reads a record.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn decode(raw: &str) -> Result<Self, Unreadable> {
        migrate::read(raw, None)
    }

    /// The edit that it made, on documents that are still there; labels whose words are not in their text are left out.
    #[must_use]
    pub fn edit<'a>(&self, document: impl Fn(&LayerKey) -> Option<&'a Arc<Document>>) -> Edit {
        let mut changes = Vec::new();
        if self.before != self.after {
            changes.push(Change::Schema(Arc::new(self.before.clone()), Arc::new(self.after.clone())));
        }
        for layer in &self.layers {
            let Some(document) = document(&layer.key) else { continue };
            if let Ok(Entry { step: Step::Do(edit), .. }) = Entry::decode(&layer.entry.to_string(), &layer.key, &document.text) {
                changes.extend(Edit::clone(&edit).changes);
            }
        }
        Edit { changes }
    }

    /// The schema after it.
    #[must_use]
    pub fn after(&self) -> &Schema {
        &self.after
    }
}

/// The record of a change without what it did to the labels of a document, for one that is removed for good: nothing of its
/// text stays there. `None` where the record has nothing of it, or is not to be written by this program.
#[must_use]
pub fn without_document(raw: &str, id: &DocumentId) -> Option<String> {
    // As plain JSON, so that all else stays as it is written.
    let mut record: Value = serde_json::from_str(raw).ok()?;
    let is_readable = record.get("v").is_some_and(|version| version.as_u64().is_some_and(|version| version <= migrate::VERSION));
    let layers = record.get_mut("layers").filter(|_| is_readable)?.as_array_mut()?;
    let before = layers.len();
    layers.retain(|layer| layer["document"] != id.as_str());
    (layers.len() < before).then(|| record.to_string())
}
