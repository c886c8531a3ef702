//! What is wrong with a schema: what it cannot be worked with for, and what people would trip over.

use super::colour::{self, Page, Rgb};
use super::{Kind, Part, attributes_of, kinds};
use crate::id::{LabelId, RelationKind};
use crate::schema::{Label, Schema, Style};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Below this a text is hard to read: WCAG 2.2, 1.4.3.
const READABLE: f64 = 4.5;
/// Below this a line is hard to see: WCAG 2.2, 1.4.11.
const VISIBLE: f64 = 3.0;
/// Two tints, or a tint and the paper, that are not so far apart look the same: just noticeable in CSS Color 4's deltaEOK.
const NOTICEABLE: f64 = 0.02;
/// The same for lines, which are thin.
const NOTICEABLE_LINE: f64 = 0.05;

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Problem {
    /// A part has no id.
    NoId(Part),
    /// A part has the id of one before it.
    SameId(Part),
    /// A label is a kind of one that is not there.
    NoParent(LabelId, LabelId),
    /// A label is a kind of itself, perhaps through others.
    ParentLoop(LabelId),
    /// A relation joins labels of a kind that is not there.
    NoEnd(RelationKind, LabelId),
    /// The key of a label that is offered is not a digit from 1 to 9.
    OddKey(LabelId, char),
    /// Two labels that are offered have one key.
    SameKey(char, LabelId, LabelId),
    /// An attribute takes one or many of several values, and there are none.
    NoValues(Kind, String),
    /// What an attribute says from the start is no answer to it.
    BadDefault(Kind, String),
    /// A colour is not written as `#rrggbb`.
    BadColour(LabelId, Paper),
    /// The colours of two labels look the same on a paper.
    Alike(LabelId, LabelId, Paper),
    /// A line is hard to see on a paper, or text on a tint hard to read. The contrast is in hundredths.
    LowContrast(LabelId, Paper, u32),
    /// A tint looks like the paper.
    Faint(LabelId, Paper),
}

/// What labels are seen on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Paper {
    /// The light one.
    Light,
    /// The dark one.
    Dark,
}

impl Problem {
    /// Whether the schema cannot be taken as it is. Others are told, and people may leave them.
    #[must_use]
    pub fn is_grave(&self) -> bool {
        matches!(
            self,
            Self::NoId(_) | Self::SameId(_) | Self::NoParent(..) | Self::ParentLoop(_) | Self::NoEnd(..) | Self::OddKey(..) | Self::SameKey(..)
        )
    }
}

/// All that is wrong with a schema, grave or not, in the order of the schema.
#[must_use]
pub fn problems(schema: &Schema) -> Vec<Problem> {
    let mut found = Vec::new();
    ids(schema, &mut found);
    nesting(schema, &mut found);
    for relation in &schema.relations {
        let missing = relation.from.iter().chain(&relation.to).filter(|end| schema.label(end).is_none());
        let missing: BTreeSet<&LabelId> = missing.collect();
        found.extend(missing.into_iter().map(|end| Problem::NoEnd(relation.id.clone(), end.clone())));
    }
    keys(schema, &mut found);
    for kind in kinds(schema) {
        for attribute in attributes_of(schema, &kind).unwrap_or_default() {
            let name = || attribute.id.to_string();
            let is_listed = matches!(attribute.kind, crate::schema::AttributeKind::OneOf | crate::schema::AttributeKind::ManyOf);
            if is_listed && attribute.values.is_empty() {
                found.push(Problem::NoValues(kind.clone(), name()));
            }
            if attribute.default.as_ref().is_some_and(|value| !attribute.accepts(value)) {
                found.push(Problem::BadDefault(kind.clone(), name()));
            }
        }
    }
    colours(schema, Paper::Light, &colour::LIGHT, &mut found);
    colours(schema, Paper::Dark, &colour::DARK, &mut found);
    found
}

fn ids(schema: &Schema, found: &mut Vec<Problem>) {
    let mut seen: BTreeSet<Part> = BTreeSet::new();
    let mut check = |part: Part, id: &str| {
        if id.trim().is_empty() {
            found.push(Problem::NoId(part));
        } else if !seen.insert(part.clone()) {
            found.push(Problem::SameId(part));
        }
    };
    let labels = schema.labels.iter().map(|label| (Kind::Label(label.id.clone()), label.id.as_str(), &label.attributes));
    let relations = schema.relations.iter().map(|relation| (Kind::Relation(relation.id.clone()), relation.id.as_str(), &relation.attributes));
    let mut known: BTreeSet<Kind> = BTreeSet::new();
    for (kind, id, attributes) in labels.chain(relations) {
        check(Part::Kind(kind.clone()), id);
        // What a second one of the same id has is not to be told from what the first has.
        if !known.insert(kind.clone()) {
            continue;
        }
        let mut named: BTreeSet<&str> = BTreeSet::new();
        for attribute in attributes {
            check(Part::Attribute(kind.clone(), attribute.id.to_string()), &attribute.id);
            if named.insert(&attribute.id) {
                for value in &attribute.values {
                    check(Part::Value(kind.clone(), attribute.id.to_string(), value.id.to_string()), &value.id);
                }
            }
        }
    }
}

fn nesting(schema: &Schema, found: &mut Vec<Problem>) {
    for label in &schema.labels {
        let Some(parent) = &label.parent else { continue };
        if schema.label(parent).is_none() {
            found.push(Problem::NoParent(label.id.clone(), parent.clone()));
            continue;
        }
        let up = std::iter::successors(Some(parent), |id| schema.label(id).and_then(|label| label.parent.as_ref()));
        // There are no more steps up than labels; a loop that others make is told of those.
        if up.take(schema.labels.len()).any(|id| *id == label.id) {
            found.push(Problem::ParentLoop(label.id.clone()));
        }
    }
}

fn keys(schema: &Schema, found: &mut Vec<Problem>) {
    let mut taken: BTreeMap<char, &LabelId> = BTreeMap::new();
    for label in schema.labels.iter().filter(|label| !label.retired) {
        let Some(key) = label.key else { continue };
        if !('1'..='9').contains(&key) {
            found.push(Problem::OddKey(label.id.clone(), key));
        } else if let Some(first) = taken.get(&key) {
            found.push(Problem::SameKey(key, LabelId::clone(first), label.id.clone()));
        } else {
            taken.insert(key, &label.id);
        }
    }
}

/// Retired labels are seen too, but people no longer tell them from others by colour.
fn colours(schema: &Schema, paper: Paper, page: &Page, found: &mut Vec<Problem>) {
    let (Some(white), Some(ink)) = (colour::parse(page.paper), colour::parse(page.ink)) else { return };
    let mut seen: Vec<(&Label, Rgb)> = Vec::new();
    for label in &schema.labels {
        let written = if paper == Paper::Light { &label.colour.light } else { &label.colour.dark };
        let Some(own) = colour::parse(written) else {
            found.push(Problem::BadColour(label.id.clone(), paper));
            continue;
        };
        let painted = page.painted(own, label.style);
        let (contrast, least) = match label.style {
            Style::Line => (colour::contrast(painted, white), VISIBLE),
            Style::Fill => (colour::contrast(ink, painted), READABLE),
        };
        if contrast < least {
            found.push(Problem::LowContrast(label.id.clone(), paper, hundredths(contrast)));
        }
        if label.style == Style::Fill && colour::distance(painted, white) < NOTICEABLE {
            found.push(Problem::Faint(label.id.clone(), paper));
        }
        if label.retired {
            continue;
        }
        let least = if label.style == Style::Line { NOTICEABLE_LINE } else { NOTICEABLE };
        let alike = seen.iter().filter(|(other, seen)| other.style == label.style && colour::distance(*seen, painted) < least);
        found.extend(alike.map(|(other, _)| Problem::Alike(other.id.clone(), label.id.clone(), paper)));
        seen.push((label, painted));
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a contrast is from 1 to 21")]
fn hundredths(contrast: f64) -> u32 {
    (contrast * 100.0) as u32
}
