//! Annotations: an extent with a label and what is said of it; relations between two of them; and remarks beside them.

use crate::id::{AnnotationId, LabelId, RelationId, RelationKind, RemarkId};
use crate::span::Extent;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// One label on one stretch of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// Unique within the layer.
    pub id: AnnotationId,
    /// What it covers.
    pub extent: Extent,
    /// What kind of thing that is.
    pub label: LabelId,
    /// What more is said of it; values that the schema does not know are kept as they came.
    pub attributes: BTreeMap<String, Value>,
    /// A remark of the annotator's; never empty.
    pub note: Option<String>,
    /// Whether the annotator has doubts.
    pub unsure: bool,
    /// Who put it there.
    pub origin: Origin,
}

impl Annotation {
    /// A label put there by a person, with nothing more said of it.
    #[must_use]
    pub fn new(id: AnnotationId, extent: impl Into<Extent>, label: LabelId) -> Self {
        Self { id, extent: extent.into(), label, attributes: BTreeMap::new(), note: None, unsure: false, origin: Origin::Person }
    }

    /// Takes over what is said of another that it is to stand for; where both say something, its own stands, notes follow one another.
    pub(crate) fn absorb(&mut self, other: &Self) {
        for (name, value) in &other.attributes {
            self.attributes.entry(name.clone()).or_insert_with(|| value.clone());
        }
        self.note = match (self.note.take(), &other.note) {
            (Some(a), Some(b)) if a != *b => Some(format!("{a}\n{b}")),
            (a, b) => a.or_else(|| b.clone()),
        };
        self.unsure |= other.unsure;
    }
}

/// Who put a label there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// A person, in this program.
    #[default]
    Person,
    /// A rule or a model of that name; a person has not yet looked.
    Suggestion(String),
    /// A file of that name.
    Import(String),
}

/// A directed tie from one annotation to another, such as from a claim to its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// Unique within the layer.
    pub id: RelationId,
    /// What kind of tie.
    pub kind: RelationKind,
    /// Where it starts.
    pub from: AnnotationId,
    /// Where it leads.
    pub to: AnnotationId,
    /// What more is said of it.
    pub attributes: BTreeMap<String, Value>,
    /// A remark of the annotator's; never empty.
    pub note: Option<String>,
}

/// Something said beside the labels of a layer, such as a reviewer's decision or a comment. What it says is data that
/// those parts read which know it: to all others it is kept as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Unique within the layer.
    pub id: RemarkId,
    /// What it says, without its name.
    pub says: Map<String, Value>,
}

impl Remark {
    /// The kind of remark that is a part of a conversation: such are never lost when layers are merged.
    pub const COMMENT: &'static str = "comment";

    /// Reads a remark as it is written; gives it back where it has no name.
    ///
    /// # Errors
    /// When it is no object, or has no name.
    pub fn read(written: Value) -> Result<Self, Value> {
        match written {
            Value::Object(mut says) if says.get("id").is_some_and(Value::is_string) => {
                let id = says.remove("id").and_then(|id| id.as_str().map(RemarkId::from)).unwrap_or_else(|| RemarkId::from(""));
                Ok(Self { id, says })
            }
            other => Err(other),
        }
    }

    /// Whether it says that it is of this kind.
    #[must_use]
    pub fn is(&self, kind: &str) -> bool {
        self.says.get("kind").is_some_and(|says| says == kind)
    }

    /// The remark as it is written.
    #[must_use]
    pub fn written(&self) -> Value {
        let mut says = self.says.clone();
        says.insert("id".to_owned(), Value::from(self.id.as_str()));
        Value::Object(says)
    }
}
