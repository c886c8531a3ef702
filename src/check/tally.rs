//! Which labels say what: counted and found by what is said of them, at a cost that does not grow with the layer.

use crate::annotation::Annotation;
use crate::id::{AnnotationId, LabelId};
use crate::layer::Place;
use crate::schema::{AttributeKind, Schema};
use crate::sorted::Sorted;
use crate::text::Offset;
use serde_json::Value;
use std::cmp::Reverse;
use std::sync::Arc;

/// Something by which labels can be looked up.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tag {
    /// The annotator has doubts.
    Unsure,
    /// What is said of labels of a kind.
    Said {
        /// The kind of label.
        label: LabelId,
        /// The attribute.
        attribute: Arc<str>,
        /// What is said.
        answer: Answer,
    },
}

/// What an attribute says, as far as labels are looked up by it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// This value; of a yes or no, `true` or `false`.
    Value(Arc<str>),
    /// Something: a text, a number, or what the schema does not know.
    Something,
    /// Nothing.
    Nothing,
}

/// Labels by what is said of them. A copy costs nothing.
#[derive(Clone, Default)]
pub struct Tally {
    tags: Sorted<(Tag, Place)>,
}

impl Tally {
    pub(super) fn add(&mut self, annotation: &Annotation, schema: &Schema) {
        let place = Place::of(annotation);
        for tag in tags(annotation, schema) {
            self.tags.insert((tag, place.clone()), ());
        }
    }

    pub(super) fn remove(&mut self, annotation: &Annotation, schema: &Schema) {
        let place = Place::of(annotation);
        for tag in tags(annotation, schema) {
            self.tags.remove(&(tag, place.clone()));
        }
    }

    /// Everything that is said anywhere, each once, in the order of the tags.
    pub fn tags(&self) -> impl Iterator<Item = &Tag> {
        let mut next = self.tags.nth(0).map(|(tag, _)| tag);
        std::iter::from_fn(move || {
            let tag = next?;
            next = self.tags.keys_from(&(tag.clone(), last())).next().map(|(tag, _)| tag);
            Some(tag)
        })
    }

    /// How many labels say it.
    #[must_use]
    pub fn count(&self, tag: &Tag) -> usize {
        self.tags.rank(&(tag.clone(), last())) - self.first(tag)
    }

    /// One of the labels that say it, by its rank among them in reading order.
    #[must_use]
    pub fn nth(&self, tag: &Tag, rank: usize) -> Option<&AnnotationId> {
        self.tags.nth(self.first(tag) + rank).filter(|(found, _)| found == tag).map(|(_, place)| &place.id)
    }

    /// The rank of a label among those that say it; `None` where it does not.
    #[must_use]
    pub fn rank(&self, tag: &Tag, annotation: &Annotation) -> Option<usize> {
        let key = (tag.clone(), Place::of(annotation));
        self.tags.contains_key(&key).then(|| self.tags.rank(&key) - self.first(tag))
    }

    fn first(&self, tag: &Tag) -> usize {
        self.tags.rank(&(tag.clone(), Place { start: Offset::ZERO, end: Reverse(Offset::new(u32::MAX)), id: "".into() }))
    }
}

/// After every place in a text.
fn last() -> Place {
    Place { start: Offset::new(u32::MAX), end: Reverse(Offset::ZERO), id: "".into() }
}

fn tags(annotation: &Annotation, schema: &Schema) -> Vec<Tag> {
    let mut found = Vec::new();
    if annotation.unsure {
        found.push(Tag::Unsure);
    }
    let attributes = schema.label(&annotation.label).map_or(&[][..], |label| &label.attributes);
    let mut say = |attribute: &Arc<str>, answer| found.push(Tag::Said { label: annotation.label.clone(), attribute: attribute.clone(), answer });
    for attribute in attributes {
        let value = annotation.attributes.get(&*attribute.id);
        let known =
            |value: &Value| value.as_str().and_then(|id| attribute.value(id)).map_or(Answer::Something, |value| Answer::Value(value.id.clone()));
        match (attribute.kind, value) {
            (_, None) => say(&attribute.id, Answer::Nothing),
            (AttributeKind::OneOf, Some(value)) => say(&attribute.id, known(value)),
            (AttributeKind::ManyOf, Some(Value::Array(values))) => values.iter().for_each(|value| say(&attribute.id, known(value))),
            (AttributeKind::YesNo, Some(Value::Bool(yes))) => say(&attribute.id, Answer::Value(if *yes { "true" } else { "false" }.into())),
            (_, Some(_)) => say(&attribute.id, Answer::Something),
        }
    }
    for name in annotation.attributes.keys().filter(|name| !attributes.iter().any(|attribute| *attribute.id == ***name)) {
        say(&name.as_str().into(), Answer::Something);
    }
    found
}
