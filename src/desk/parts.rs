//! What people call a part of a schema.

use super::model::attributes_of;
use crate::id::LabelId;
use crate::schema::Schema;
use crate::schema_change::{Kind, Part};
use crate::web::words::Words;

fn kind(words: &Words, schema: &Schema, kind: &Kind) -> String {
    let (names, id) = match kind {
        Kind::Label(id) => (schema.label(id).map(|label| &label.names), id.as_str()),
        Kind::Relation(id) => (schema.relation(id).map(|relation| &relation.names), id.as_str()),
    };
    names.map(|names| words.pick(names)).filter(|name| !name.trim().is_empty()).unwrap_or(id).to_owned()
}

fn attribute(words: &Words, schema: &Schema, owner: &Kind, id: &str) -> String {
    let found = attributes_of(schema, owner).iter().find(|attribute| *attribute.id == *id);
    found.map_or_else(|| id.to_owned(), |attribute| words.pick(&attribute.names).to_owned())
}

/// The part, with what it is part of.
pub fn name(words: &Words, schema: &Schema, part: &Part) -> String {
    match part {
        Part::Kind(which @ Kind::Label(id)) => words.with("desk.part.label", &[("name", &kind(words, schema, which)), ("id", id.as_str())]),
        Part::Kind(which @ Kind::Relation(id)) => words.with("desk.part.relation", &[("name", &kind(words, schema, which)), ("id", id.as_str())]),
        Part::Attribute(owner, id) => {
            words.with("desk.part.attribute", &[("name", &attribute(words, schema, owner, id)), ("owner", &kind(words, schema, owner))])
        }
        Part::Value(owner, of, id) => {
            let found = attributes_of(schema, owner).iter().find(|attribute| *attribute.id == **of).and_then(|attribute| attribute.value(id));
            let name = found.map_or_else(|| id.clone(), |value| words.pick(&value.names).to_owned());
            words.with(
                "desk.part.value",
                &[("name", &name), ("attribute", &attribute(words, schema, owner, of)), ("owner", &kind(words, schema, owner))],
            )
        }
        Part::Answers(owner, id) => {
            words.with("desk.part.answers", &[("name", &attribute(words, schema, owner, id)), ("owner", &kind(words, schema, owner))])
        }
        Part::Ties(id) => words.with("desk.part.ties", &[("name", &kind(words, schema, &Kind::Relation(id.clone())))]),
    }
}

/// What a label is called.
pub fn label_name(words: &Words, schema: &Schema, id: &str) -> String {
    let known = schema.label(&LabelId::from(id)).map(|label| words.pick(&label.names)).filter(|name| !name.trim().is_empty());
    known.unwrap_or(id).to_owned()
}
