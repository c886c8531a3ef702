//! Annotations: an extent with a label and what is said of it; and relations between two of them.

use crate::id::{AnnotationId, LabelId, RelationId, RelationKind};
use crate::span::Extent;
use serde::{Deserialize, Serialize};
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
    pub attributes: BTreeMap<String, serde_json::Value>,
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
    pub attributes: BTreeMap<String, serde_json::Value>,
    /// A remark of the annotator's; never empty.
    pub note: Option<String>,
}
