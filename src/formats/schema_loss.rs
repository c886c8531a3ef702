//! What a schema says that a format has no place for.

use super::problem::{Problem, ProblemCode};
use crate::schema::{Attribute, Label, Names, Overlap, Schema, Style};

/// What is lost, by what it is, in the order of the schema; and names that are written otherwise.
#[derive(Default)]
pub(super) struct Losses {
    fields: Vec<(&'static str, Vec<String>)>,
    renamed: Vec<(String, String)>,
}

impl Losses {
    /// Of all that the schema says, what is not in `held`.
    pub fn of(schema: &Schema, held: &[&str]) -> Self {
        let mut losses = Self::default();
        for (field, owner) in said(schema) {
            // What is in something that has no place at all is not told once more.
            let is_inside = field.split_once('.').is_some_and(|(outer, _)| !held.contains(&outer));
            if !held.contains(&field) && !is_inside {
                losses.add(field, owner);
            }
        }
        losses
    }

    /// Something of `owner` is lost.
    pub fn add(&mut self, field: &'static str, owner: impl Into<String>) {
        let owner = owner.into();
        match self.fields.iter_mut().find(|(other, _)| *other == field) {
            Some((_, owners)) if owners.contains(&owner) => {}
            Some((_, owners)) => owners.push(owner),
            None => self.fields.push((field, vec![owner])),
        }
    }

    /// A name is written otherwise.
    pub fn rename(&mut self, from: &str, to: &str) {
        if from != to && !self.renamed.iter().any(|(known, _)| known == from) {
            self.renamed.push((from.to_owned(), to.to_owned()));
        }
    }

    pub fn problems(self) -> Vec<Problem> {
        let lost = self.fields.into_iter().map(|(what, owners)| ProblemCode::SchemaNotHeld { what: what.to_owned(), names: owners.join(", ") });
        let renamed = self.renamed.into_iter().map(|(from, to)| ProblemCode::SchemaRenamed { from, to });
        lost.chain(renamed).map(Problem::whole).collect()
    }
}

/// All that a schema says beyond the names of its parts: what, and of which part.
fn said(schema: &Schema) -> Vec<(&'static str, String)> {
    let mut said = Vec::new();
    for label in &schema.labels {
        let mut say = |field: &'static str, is_said: bool| said.extend(is_said.then(|| (field, label.id.to_string())));
        of_label(label, &mut say);
        of_attributes(&label.attributes, label.id.as_str(), "attributes", &mut said);
    }
    for relation in &schema.relations {
        let mut say = |field: &'static str, is_said: bool| said.extend(is_said.then(|| (field, relation.id.to_string())));
        say("relations", true);
        say("relations.names", is_named(&relation.names, relation.id.as_str()));
        say("relations.description", relation.description.is_some());
        say("relations.from", !relation.from.is_empty());
        say("relations.to", !relation.to.is_empty());
        say("relations.most", relation.most.is_some());
        say("relations.required", relation.required);
        say("relations.retired", relation.retired);
        of_attributes(&relation.attributes, relation.id.as_str(), "relations.attributes", &mut said);
    }
    let empty = Schema::empty();
    let mut say = |field: &'static str, is_said: bool| said.extend(is_said.then(|| (field, "*".to_owned())));
    say("clitics", schema.clitics != empty.clitics);
    say("checks", schema.checks != empty.checks);
    say("guidelines", schema.guidelines.is_some());
    say("credit", schema.credit.is_some());
    said
}

fn of_label(label: &Label, say: &mut dyn FnMut(&'static str, bool)) {
    say("names", is_named(&label.names, label.id.as_str()));
    say("description", label.description.is_some());
    say("key", label.key.is_some());
    say("style", label.style != Style::default());
    say("colour", true);
    say("colour.dark", label.colour.dark != label.colour.light);
    say("parent", label.parent.is_some());
    say("retired", label.retired);
    say("overlap", label.overlap != Overlap::default());
    say("long", label.long.is_some());
    say("guidelines", label.guidelines.is_some());
}

fn of_attributes(attributes: &[Attribute], owner: &str, field: &'static str, said: &mut Vec<(&'static str, String)>) {
    for attribute in attributes {
        let owner = format!("{owner}.{}", attribute.id);
        said.push((field, owner.clone()));
        if field != "attributes" {
            continue;
        }
        let mut say = |field: &'static str, is_said: bool| said.extend(is_said.then(|| (field, owner.clone())));
        say("attributes.names", is_named(&attribute.names, &attribute.id));
        say("attributes.values.names", attribute.values.iter().any(|value| is_named(&value.names, &value.id)));
        say("attributes.default", attribute.default.is_some());
        say("attributes.required", attribute.required);
    }
}

fn is_named(names: &Names, id: &str) -> bool {
    names.ar != id || names.en != id
}
