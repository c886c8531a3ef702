//! The schema: which labels, attributes and relations there are, what is checked, and the guidelines, as data.

mod number;
#[cfg(feature = "schema-files")]
mod ready;

pub use number::number;
#[cfg(feature = "schema-files")]
pub use ready::{Ready, ready};

use crate::id::{LabelId, RelationKind};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// What may be labelled, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {
    /// Kinds of label, in the order in which they are shown.
    pub labels: Vec<Label>,
    /// Kinds of relation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relations: Vec<Relation>,
    /// What becomes of a clitic at the edge of a label.
    #[serde(default, skip_serializing_if = "is_default")]
    pub clitics: CliticPolicy,
    /// What is checked while people annotate.
    #[serde(default, skip_serializing_if = "is_default")]
    pub checks: Checks,
    /// How to annotate, for the whole project, in Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guidelines: Option<Names>,
    /// Whose idea it is: authors and publication, where it was taken from others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit: Option<Names>,
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
    /// The label of which it is a kind; the list shows it below that one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<LabelId>,
    /// No longer offered; what has it keeps it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub retired: bool,
    /// How two labels of this kind may lie on one another.
    #[serde(default, skip_serializing_if = "is_default")]
    pub overlap: Overlap,
    /// From how many code points on such a label is unusually long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub long: Option<u32>,
    /// How to annotate it, in Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guidelines: Option<Names>,
}

/// How two labels of one kind may lie on one another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Overlap {
    /// In any way.
    #[default]
    Any,
    /// One inside the other, but not crossing.
    Nest,
    /// Not at all.
    None,
}

/// A text in each language of the interface.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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

/// Something that can be said of a label or of a relation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// How files name it.
    pub id: Arc<str>,
    /// How people name it.
    pub names: Names,
    /// What kind of answer it takes.
    #[serde(default, skip_serializing_if = "is_default")]
    pub kind: AttributeKind,
    /// What it can be, where it takes one or many of several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<AttributeValue>,
    /// What a new label says until somebody says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    /// Whether a label without it is marked.
    #[serde(default, skip_serializing_if = "is_default")]
    pub required: bool,
}

/// What kind of answer an attribute takes, and how files write it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AttributeKind {
    /// One of its values: a string.
    #[default]
    OneOf,
    /// Any of its values: an array of strings, in the order of the schema.
    ManyOf,
    /// Yes or no: a boolean.
    YesNo,
    /// Free text: a string.
    Text,
    /// A number.
    Number,
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
    /// One sentence on what it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Names>,
    /// Labels it may start from; empty: any.
    pub from: Vec<LabelId>,
    /// Labels it may lead to; empty: any.
    pub to: Vec<LabelId>,
    /// What more can be said of such a relation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<Attribute>,
    /// How many may start from one label; without it, any number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<u32>,
    /// Whether a label in `from` without one is marked.
    #[serde(default, skip_serializing_if = "is_default")]
    pub required: bool,
    /// No longer offered; what is there stays.
    #[serde(default, skip_serializing_if = "is_default")]
    pub retired: bool,
}

/// What becomes of a clitic at the edge of a label, such as و in وأذربيجان.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CliticPolicy {
    /// It stays outside.
    #[default]
    Peel,
    /// It stays inside.
    Keep,
    /// As the annotator sees fit.
    Either,
}

/// What is checked while people annotate. A check that a schema does not name is on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Checks {
    /// Checks that are not made.
    pub off: Vec<CheckKind>,
    /// From how many code points on a label is unusually long, where its kind says nothing of it.
    pub long: u32,
    /// Within how many code points the same text with two labels is remarked on.
    pub nearby: u32,
}

/// What can be checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckKind {
    /// A label starts or ends in white space or punctuation.
    Edges,
    /// A label cuts a clitic, or takes it in, against the policy.
    Clitics,
    /// A quotation mark or bracket in a label has no partner in it.
    Balance,
    /// A label has none of a relation that is required.
    RelationMissing,
    /// A label has no value of an attribute that is required.
    AttributeMissing,
    /// Labels of one kind lie on one another where that is not allowed.
    Overlap,
    /// The same text has another label nearby.
    Differs,
    /// A label is unusually long.
    Long,
    /// A relation joins labels that it may not join, or more than it may.
    RelationForbidden,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Default for Checks {
    fn default() -> Self {
        // The longest claim in two people's labels of the first article has 171 code points; 400 is well past every claim of both label sets.
        Self { off: Vec::new(), long: 400, nearby: 2_000 }
    }
}

impl CheckKind {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 9] = [
        Self::Edges,
        Self::Clitics,
        Self::Balance,
        Self::RelationMissing,
        Self::AttributeMissing,
        Self::Overlap,
        Self::Differs,
        Self::Long,
        Self::RelationForbidden,
    ];
}

/// The schema every new project starts with.
const DEFAULT: &str = include_str!("../data/schemas/default.json");

impl Schema {
    /// The kind of label with this name.
    #[must_use]
    pub fn label(&self, id: &LabelId) -> Option<&Label> {
        self.labels.iter().find(|label| label.id == *id)
    }

    /// The kind of label that a digit applies; never a retired one.
    #[must_use]
    pub fn label_for_key(&self, key: char) -> Option<&Label> {
        self.labels.iter().find(|label| label.key == Some(key) && !label.retired)
    }

    /// The kind of relation with this name.
    #[must_use]
    pub fn relation(&self, id: &RelationKind) -> Option<&Relation> {
        self.relations.iter().find(|relation| relation.id == *id)
    }

    /// Kinds of relation that may join labels of these two kinds, retired ones left out.
    pub fn joining<'a>(&'a self, from: &'a LabelId, to: &'a LabelId) -> impl Iterator<Item = &'a Relation> {
        self.relations.iter().filter(|relation| !relation.retired && relation.joins(from, to))
    }

    /// The labels that are offered, each after the one that it is a kind of, with how many of those stand above it.
    #[must_use]
    pub fn offered(&self) -> Vec<(&Label, usize)> {
        let mut found: Vec<(&Label, usize)> = Vec::with_capacity(self.labels.len());
        let is_shown = |label: &&Label| !label.retired;
        let is_root = |label: &&Label| label.parent.as_ref().and_then(|parent| self.label(parent)).is_none_or(|parent| parent.retired);
        let mut waiting: Vec<(&Label, usize)> = self.labels.iter().rev().filter(is_shown).filter(is_root).map(|label| (label, 0)).collect();
        while let Some((label, depth)) = waiting.pop() {
            found.push((label, depth));
            let below = self.labels.iter().rev().filter(is_shown).filter(|other| other.parent.as_ref() == Some(&label.id));
            waiting.extend(below.map(|below| (below, depth + 1)));
        }
        // Labels that are kinds of each other in a ring have no root; they are offered all the same.
        let rest = self.labels.iter().filter(is_shown).filter(|label| !found.iter().any(|(known, _)| known.id == label.id));
        let rest: Vec<(&Label, usize)> = rest.map(|label| (label, 0)).collect();
        found.extend(rest);
        found
    }

    /// A schema for labels that no schema describes, so that they can still be seen and kept.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            labels: Vec::new(),
            relations: Vec::new(),
            clitics: CliticPolicy::default(),
            checks: Checks::default(),
            guidelines: None,
            credit: None,
        }
    }
}

impl Default for Schema {
    fn default() -> Self {
        // A test reads the same text, so that a page never starts with the empty one.
        crate::json::parse(DEFAULT).unwrap_or_else(|_| Self::empty())
    }
}

impl Attribute {
    /// Whether it can be answered so.
    #[must_use]
    pub fn accepts(&self, value: &Value) -> bool {
        let is_known = |value: &Value| value.as_str().is_some_and(|id| self.value(id).is_some());
        match self.kind {
            AttributeKind::OneOf => is_known(value),
            AttributeKind::ManyOf => value.as_array().is_some_and(|values| values.iter().all(is_known)),
            AttributeKind::YesNo => value.is_boolean(),
            AttributeKind::Text => value.is_string(),
            AttributeKind::Number => value.is_number(),
        }
    }

    /// The answer as it is kept: of many values each once, in the order of the schema; `null` where it says nothing.
    /// Values of `before` that the schema does not know may stay. `None` where it is no answer.
    #[must_use]
    pub fn answer(&self, value: Value, before: Option<&Value>) -> Option<Value> {
        match (self.kind, value) {
            (AttributeKind::ManyOf, Value::Array(values)) => {
                let kept = before.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
                let is_strange = |value: &&Value| value.as_str().is_none_or(|id| self.value(id).is_none());
                if values.iter().filter(is_strange).any(|value| !kept.contains(value)) {
                    return None;
                }
                let known = self.values.iter().map(|value| Value::from(&*value.id)).filter(|value| values.contains(value));
                let strange = kept.iter().filter(is_strange).filter(|value| values.contains(value)).cloned();
                let answer: Vec<Value> = known.chain(strange).collect();
                Some(if answer.is_empty() { Value::Null } else { answer.into() })
            }
            (AttributeKind::Text, Value::String(text)) if text.trim().is_empty() => Some(Value::Null),
            (_, value) => self.accepts(&value).then_some(value),
        }
    }

    /// The value with this name.
    #[must_use]
    pub fn value(&self, id: &str) -> Option<&AttributeValue> {
        self.values.iter().find(|value| *value.id == *id)
    }
}

impl Relation {
    /// The attribute with this name.
    #[must_use]
    pub fn attribute(&self, id: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| *attribute.id == *id)
    }

    /// Whether it may lead from the one kind of label to the other.
    #[must_use]
    pub fn joins(&self, from: &LabelId, to: &LabelId) -> bool {
        let allowed = |list: &[LabelId], label| list.is_empty() || list.contains(label);
        allowed(&self.from, from) && allowed(&self.to, to)
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
    fn labels_are_offered_below_what_they_are_kinds_of() {
        let mut schema = Schema::default();
        let offered =
            |schema: &Schema| schema.offered().into_iter().map(|(label, depth)| format!("{depth}{}", label.id)).collect::<Vec<_>>().join(" ");
        assert_eq!(offered(&schema), "0Actor 0Location 0Claim");
        schema.labels[0].parent = Some("Claim".into());
        assert_eq!(offered(&schema), "0Location 0Claim 1Actor");
        schema.labels[1].parent = Some("Actor".into());
        assert_eq!(offered(&schema), "0Claim 1Actor 2Location");
        schema.labels[0].retired = true;
        assert_eq!(offered(&schema), "0Location 0Claim");
        // A ring, and a kind of nothing that is there.
        schema.labels[0].retired = false;
        schema.labels[2].parent = Some("Location".into());
        assert_eq!(offered(&schema), "0Actor 0Location 0Claim");
        schema.labels[2].parent = Some("Gone".into());
        assert_eq!(offered(&schema), "0Claim 1Actor 2Location");
    }

    #[test]
    fn a_schema_survives_its_file_form() {
        let schema = Schema::default();
        let written = serde_json::to_string(&schema).expect("a schema is plain data");
        assert_eq!(serde_json::from_str::<Schema>(&written).expect("it reads itself"), schema);
    }
}
