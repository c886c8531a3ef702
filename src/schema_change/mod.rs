//! What a new schema means for labels that are there, and the edit that carries it out.
//!
//! Nothing is decided here: what the new schema takes away while it is in use needs a [`Fate`] that a person chose.

mod carry;
mod colour;
mod problems;
mod take_back;

pub use problems::{Paper, Problem, problems};
pub use take_back::take_back;

use crate::edit::{Change, Edit};
use crate::id::{LabelId, RelationKind};
use crate::layer::Layer;
use crate::project::{LayerKey, Project};
use crate::schema::{Attribute, Names, Schema};
use carry::Carrier;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A kind of label or of relation: what has attributes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A kind of label.
    Label(LabelId),
    /// A kind of relation.
    Relation(RelationKind),
}

/// A part of a schema that labels and relations may use. Names are those of the schema that was there before.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// A kind of label or relation.
    Kind(Kind),
    /// An attribute of it.
    Attribute(Kind, String),
    /// A value of an attribute.
    Value(Kind, String, String),
    /// Answers that the attribute no longer takes, for it asks in another way now.
    Answers(Kind, String),
    /// Relations of this kind that join labels which it may no longer join.
    Ties(RelationKind),
}

/// What becomes of labels and relations that use a part which the new schema does not have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// They are of that part from now on: one with a new name, or one that was there before, into which they are merged.
    Become(String),
    /// They go: labels and relations whole, of an attribute or a value what is said with it.
    Delete,
    /// They stay as they are, unknown to the schema.
    Keep,
}

/// The fate of each part that needs one.
pub type Fates = BTreeMap<Part, Fate>;

/// What a new schema changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// Parts that the new schema does not have, in use or not; also parts in use that neither schema knows.
    pub gone: Vec<Gone>,
    /// Kinds, attributes and values that only the new schema has.
    pub added: Vec<Part>,
    /// Parts that were known and are in use, and of which nobody has said what becomes of them.
    pub undecided: Vec<Part>,
    /// How many labels are of another kind from now on, or say something else.
    pub labels: usize,
    /// How many labels go.
    pub deleted: usize,
    /// How many labels are taken into one that lies in the same place and is of the same kind now.
    pub merged: usize,
    /// How many relations are of another kind, say something else, or lead elsewhere.
    pub relations: usize,
    /// How many relations go, with their labels or by themselves.
    pub untied: usize,
}

/// A part that the new schema does not have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gone {
    /// Which part.
    pub part: Part,
    /// How many labels or relations use it.
    pub uses: usize,
    /// In how many documents.
    pub documents: usize,
    /// Whether the schema before has it; what it has not came with an import, and stays unless a fate is given.
    pub was_known: bool,
}

/// Why a schema does not take the place of another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unplanned {
    /// The schema cannot be worked with.
    Broken(Vec<Problem>),
    /// Nobody has said what becomes of these.
    Undecided(Vec<Part>),
    /// These cannot become what was said: the new schema has no such part.
    NoTarget(Vec<Part>),
    /// It is the schema that is there.
    NoChange,
    /// The schema is not the one that this change led to: others were made after it.
    NotLast,
    /// The stored schema is of a newer program, or cannot be read; nothing is written over it.
    Blocked,
}

/// What a new schema would change, with these fates; what has no fate is counted as if it stayed.
#[must_use]
pub fn compare<'a>(old: &Schema, new: &Schema, fates: &Fates, layers: impl IntoIterator<Item = (&'a LayerKey, &'a Layer)>) -> Comparison {
    let mut carrier = Carrier::new(old, new, fates);
    for (key, layer) in layers {
        carrier.layer(key, layer);
    }
    carrier.finish().0
}

/// The edit that puts the schema in place of the project's and carries all layers over. Its inverse takes all of it back.
///
/// # Errors
/// When the schema cannot be worked with, or the fate of something in use is not said.
pub fn plan(project: &Project, next: &Schema, fates: &Fates) -> Result<Edit, Unplanned> {
    let broken: Vec<Problem> = problems(next).into_iter().filter(Problem::is_grave).collect();
    if !broken.is_empty() {
        return Err(Unplanned::Broken(broken));
    }
    let mut carrier = Carrier::new(&project.schema, next, fates);
    let mut changes = Vec::new();
    if *project.schema != *next {
        changes.push(Change::Schema(project.schema.clone(), Arc::new(next.clone())));
    }
    for (key, layer) in project.layers.iter() {
        changes.extend(carrier.layer(key, layer));
    }
    let (comparison, missed) = carrier.finish();
    if !missed.is_empty() {
        return Err(Unplanned::NoTarget(missed));
    }
    if !comparison.undecided.is_empty() {
        return Err(Unplanned::Undecided(comparison.undecided));
    }
    if changes.is_empty() { Err(Unplanned::NoChange) } else { Ok(Edit { changes }) }
}

/// What parts that are gone probably are now: one that is new and is called the same, in either language, or has the same id
/// but for the case of its letters. Offered as a first choice; nothing is decided by it.
#[must_use]
pub fn likely(old: &Schema, new: &Schema) -> Fates {
    let (gone, added) = (carry::parts_only(old, new), carry::parts_only(new, old));
    let same = |a: (&str, &Names), b: (&str, &Names)| {
        let alike = |a: &str, b: &str| !a.trim().is_empty() && a.trim().to_lowercase() == b.trim().to_lowercase();
        alike(a.0, b.0) || alike(&a.1.ar, &b.1.ar) || alike(&a.1.en, &b.1.en)
    };
    let found = gone.into_iter().filter_map(|part| {
        let before = names_of(old, &part)?;
        let mut candidates = added.iter().filter(|other| are_siblings(&part, other)).filter_map(|other| names_of(new, other));
        let id = candidates.find(|after| same(before, *after))?.0.to_owned();
        Some((part, Fate::Become(id)))
    });
    found.collect()
}

/// Whether one may become the other.
fn are_siblings(a: &Part, b: &Part) -> bool {
    match (a, b) {
        (Part::Kind(a), Part::Kind(b)) => matches!((a, b), (Kind::Label(_), Kind::Label(_)) | (Kind::Relation(_), Kind::Relation(_))),
        (Part::Attribute(a, _), Part::Attribute(b, _)) => a == b,
        (Part::Value(a, attribute, _), Part::Value(b, other, _)) => a == b && attribute == other,
        _ => false,
    }
}

/// The id and the names of a part.
fn names_of<'a>(schema: &'a Schema, part: &'a Part) -> Option<(&'a str, &'a Names)> {
    match part {
        Part::Kind(Kind::Label(id)) => schema.label(id).map(|label| (label.id.as_str(), &label.names)),
        Part::Kind(Kind::Relation(id)) => schema.relation(id).map(|relation| (relation.id.as_str(), &relation.names)),
        Part::Attribute(kind, id) => find(attributes_of(schema, kind)?, id).map(|attribute| (&*attribute.id, &attribute.names)),
        Part::Value(kind, attribute, id) => find(attributes_of(schema, kind)?, attribute)?.value(id).map(|value| (&*value.id, &value.names)),
        Part::Answers(..) | Part::Ties(_) => None,
    }
}

/// How many labels an edit takes from kinds that the schema knows to kinds that it does not: so does the undo of a step that
/// a schema change made on one layer, which is better taken back as a whole.
#[must_use]
pub fn estranged(schema: &Schema, edit: &Edit) -> usize {
    let is_known = |label: Option<&LabelId>| label.is_some_and(|label| schema.label(label).is_some());
    let labels = edit.changes.iter().filter_map(|change| match change {
        Change::Annotation(_, delta) => Some((delta.before.as_ref().map(|before| &before.label), delta.after.as_ref().map(|after| &after.label))),
        _ => None,
    });
    labels.filter(|(before, after)| after.is_some() && !is_known(*after) && (before.is_none() || is_known(*before))).count()
}

/// Gives a kind, an attribute or a value another name, also where other parts of the schema name it. The fate of the old
/// name is then to become the new one.
pub fn rename(schema: &mut Schema, part: &Part, name: &str) {
    match part {
        Part::Kind(Kind::Label(old)) => {
            let new = LabelId::from(name);
            let swap = |id: &mut LabelId| {
                if *id == *old {
                    *id = new.clone();
                }
            };
            for label in &mut schema.labels {
                swap(&mut label.id);
                label.parent.iter_mut().for_each(swap);
            }
            for relation in &mut schema.relations {
                relation.from.iter_mut().chain(&mut relation.to).for_each(swap);
            }
        }
        Part::Kind(Kind::Relation(old)) => {
            for relation in schema.relations.iter_mut().filter(|relation| relation.id == *old) {
                relation.id = name.into();
            }
        }
        Part::Attribute(kind, old) => {
            for attribute in attributes_mut(schema, kind).iter_mut().filter(|attribute| *attribute.id == **old) {
                attribute.id = name.into();
            }
        }
        Part::Value(kind, attribute, old) => {
            for attribute in attributes_mut(schema, kind).iter_mut().filter(|known| *known.id == **attribute) {
                for value in attribute.values.iter_mut().filter(|value| *value.id == **old) {
                    value.id = name.into();
                }
                rename_default(&mut attribute.default, old, name);
            }
        }
        Part::Answers(..) | Part::Ties(_) => {}
    }
}

fn rename_default(default: &mut Option<serde_json::Value>, old: &str, name: &str) {
    match default {
        Some(serde_json::Value::String(value)) if value == old => *value = name.to_owned(),
        Some(serde_json::Value::Array(values)) => values.iter_mut().filter(|value| **value == *old).for_each(|value| *value = name.into()),
        _ => {}
    }
}

fn attributes_mut<'a>(schema: &'a mut Schema, kind: &Kind) -> &'a mut [Attribute] {
    match kind {
        Kind::Label(id) => schema.labels.iter_mut().find(|label| label.id == *id).map_or(&mut [], |label| &mut label.attributes),
        Kind::Relation(id) => schema.relations.iter_mut().find(|relation| relation.id == *id).map_or(&mut [], |relation| &mut relation.attributes),
    }
}

/// The attributes of a kind; `None` where the schema does not know it.
fn attributes_of<'a>(schema: &'a Schema, kind: &Kind) -> Option<&'a [Attribute]> {
    match kind {
        Kind::Label(id) => schema.label(id).map(|label| label.attributes.as_slice()),
        Kind::Relation(id) => schema.relation(id).map(|relation| relation.attributes.as_slice()),
    }
}

fn find<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a Attribute> {
    attributes.iter().find(|attribute| *attribute.id == *name)
}

/// All kinds of a schema.
fn kinds(schema: &Schema) -> impl Iterator<Item = Kind> {
    let labels = schema.labels.iter().map(|label| Kind::Label(label.id.clone()));
    labels.chain(schema.relations.iter().map(|relation| Kind::Relation(relation.id.clone())))
}
