//! The schema: which labels, attributes and relations there are, as data.

use crate::id::{LabelId, RelationKind};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What may be labelled, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {
    /// Kinds of label, in the order in which they are shown.
    pub labels: Vec<Label>,
    /// Kinds of relation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relations: Vec<Relation>,
}

/// A kind of label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// How files name it.
    pub id: LabelId,
    /// How people name it.
    pub names: Names,
    /// One sentence on what it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Names>,
    /// The digit that applies it, `1` to `9`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<char>,
    /// How it is drawn.
    #[serde(default)]
    pub style: Style,
    /// In which colour, on light paper and on dark.
    pub colour: Colour,
    /// What more can be said of such a label.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<Attribute>,
}

/// A name in each language of the interface.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    /// Arabic.
    pub ar: String,
    /// English.
    pub en: String,
}

/// How a label is drawn in the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Style {
    /// As a tint behind the letters.
    #[default]
    Fill,
    /// As a line under them.
    Line,
}

/// Colours as `#rrggbb`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Colour {
    /// On light paper.
    pub light: String,
    /// On dark paper.
    pub dark: String,
}

/// Something that can be said of a label: one of several values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// How files name it.
    pub id: Arc<str>,
    /// How people name it.
    pub names: Names,
    /// What it can be.
    pub values: Vec<AttributeValue>,
}

/// One value of an attribute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttributeValue {
    /// How files name it.
    pub id: Arc<str>,
    /// How people name it.
    pub names: Names,
}

/// A kind of relation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relation {
    /// How files name it.
    pub id: RelationKind,
    /// How people name it.
    pub names: Names,
    /// Labels it may start from.
    pub from: Vec<LabelId>,
    /// Labels it may lead to.
    pub to: Vec<LabelId>,
}

/// The schema every new project starts with.
const DEFAULT: &str = include_str!("../data/schemas/default.json");

impl Schema {
    /// The kind of label with this name.
    #[must_use]
    pub fn label(&self, id: &LabelId) -> Option<&Label> {
        self.labels.iter().find(|label| label.id == *id)
    }

    /// The kind of label that a digit applies.
    #[must_use]
    pub fn label_for_key(&self, key: char) -> Option<&Label> {
        self.labels.iter().find(|label| label.key == Some(key))
    }

    /// A schema for labels that no schema describes, so that they can still be seen and kept.
    #[must_use]
    pub fn empty() -> Self {
        Self { labels: Vec::new(), relations: Vec::new() }
    }
}

impl Default for Schema {
    fn default() -> Self {
        // A test reads the same text, so that a page never starts with the empty one.
        crate::json::parse(DEFAULT).unwrap_or_else(|_| Self::empty())
    }
}

impl Label {
    /// The attribute with this name.
    #[must_use]
    pub fn attribute(&self, id: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| &*attribute.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_schema_is_the_one_the_file_format_promises() {
        let schema = Schema::default();
        let labels: Vec<_> = schema.labels.iter().map(|label| (label.id.as_str(), label.key, label.style)).collect();
        assert_eq!(labels, [("Actor", Some('1'), Style::Fill), ("Location", Some('2'), Style::Fill), ("Claim", Some('3'), Style::Line)]);
        let kind = schema.labels[2].attribute("kind").expect("Claim has a kind");
        let values: Vec<_> = kind.values.iter().map(|value| &*value.id).collect();
        assert_eq!(values, ["assertion", "accusation", "denial", "demand"]);
        assert_eq!(schema.relations[0].from, [LabelId::from("Claim")]);
        assert_eq!(schema.relations[0].to, [LabelId::from("Actor")]);
    }

    #[test]
    fn a_schema_survives_its_file_form() {
        let schema = Schema::default();
        let written = serde_json::to_string(&schema).expect("a schema is plain data");
        assert_eq!(serde_json::from_str::<Schema>(&written).expect("it reads itself"), schema);
    }
}
