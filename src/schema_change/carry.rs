//! One layer carried over from one schema to another, and the count of what that touches.

use super::{Comparison, Fate, Fates, Gone, Kind, Part, attributes_of, find, kinds};
use crate::annotation::{Annotation, Relation};
use crate::edit::{Change, Delta};
use crate::id::{AnnotationId, DocumentId, LabelId, RelationKind};
use crate::layer::Layer;
use crate::project::LayerKey;
use crate::schema::{Attribute, AttributeKind, Schema};
use crate::span::Extent;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

type Said = BTreeMap<String, Value>;

/// Carries layers over, one after the other.
pub(super) struct Carrier<'a> {
    old: &'a Schema,
    new: &'a Schema,
    fates: &'a Fates,
    found: Comparison,
    uses: BTreeMap<Part, Use>,
    /// Parts that should become something that the new schema does not have.
    missed: BTreeSet<Part>,
    document: Option<DocumentId>,
}

#[derive(Default)]
struct Use {
    uses: usize,
    documents: usize,
    last: Option<DocumentId>,
    was_known: bool,
}

/// What becomes of one label.
enum Carried {
    Changed(Annotation),
    Gone,
}

/// What a layer's labels become; those that are not named stay as they are.
#[derive(Default)]
struct Next {
    carried: BTreeMap<AnnotationId, Carried>,
    /// Labels that are taken into others.
    absorbed: BTreeMap<AnnotationId, AnnotationId>,
}

impl<'a> Carrier<'a> {
    pub(super) fn new(old: &'a Schema, new: &'a Schema, fates: &'a Fates) -> Self {
        Self { old, new, fates, found: Comparison::default(), uses: BTreeMap::new(), missed: BTreeSet::new(), document: None }
    }

    /// The changes to a layer: relations that go, labels that go, labels that change, relations that change.
    pub(super) fn layer(&mut self, key: &LayerKey, layer: &Layer) -> Vec<Change> {
        self.document = Some(key.document.clone());
        let mut next = Next::default();
        for before in layer.iter() {
            if let Some(carried) = self.annotation(before) {
                next.carried.insert(before.id.clone(), carried);
            }
        }
        self.unite(layer, &mut next);
        let (mut changes, tied) = self.relations(key, layer, &next);
        let mut changed = Vec::new();
        for before in layer.iter() {
            match next.carried.remove(&before.id) {
                None => {}
                Some(Carried::Gone) => changes.push(Change::Annotation(key.clone(), Delta::removed(before.clone()))),
                Some(Carried::Changed(after)) => changed.push(Change::Annotation(key.clone(), Delta::changed(before.clone(), Arc::new(after)))),
            }
        }
        self.found.labels += changed.len();
        changes.extend(changed);
        changes.extend(tied);
        changes
    }

    /// What was found, and the parts that should become what is not there.
    pub(super) fn finish(mut self) -> (Comparison, Vec<Part>) {
        for part in self.parts_gone() {
            self.uses.entry(part).or_default().was_known = true;
        }
        let undecided = self.uses.iter().filter(|(part, used)| used.was_known && used.uses > 0 && !self.fates.contains_key(part));
        self.found.undecided = undecided.map(|(part, _)| part.clone()).collect();
        self.found.added = parts_only(self.new, self.old);
        let gone = std::mem::take(&mut self.uses).into_iter();
        self.found.gone = gone.map(|(part, used)| Gone { part, uses: used.uses, documents: used.documents, was_known: used.was_known }).collect();
        (self.found, self.missed.into_iter().collect())
    }

    /// Parts that only the old schema has; of kinds that become others, the attributes that those have not.
    fn parts_gone(&self) -> Vec<Part> {
        parts_only(self.old, self.new)
    }

    /// Takes note of a use, and says what becomes of it.
    fn fate(&mut self, part: Part, was_known: bool) -> &'a Fate {
        let fate = self.fates.get(&part).unwrap_or(&Fate::Keep);
        let used = self.uses.entry(part).or_default();
        used.uses += 1;
        used.was_known |= was_known;
        if used.last != self.document {
            used.last = self.document.clone();
            used.documents += 1;
        }
        fate
    }

    /// What becomes of a label; `None` where it stays as it is.
    fn annotation(&mut self, before: &Annotation) -> Option<Carried> {
        let kind = Kind::Label(before.label.clone());
        let mut after = before.clone();
        if self.new.label(&before.label).is_none() {
            let part = Part::Kind(kind.clone());
            match self.fate(part.clone(), self.old.label(&before.label).is_some()) {
                Fate::Keep => return None,
                Fate::Delete => {
                    self.found.deleted += 1;
                    return Some(Carried::Gone);
                }
                Fate::Become(name) => {
                    after.label = name.as_str().into();
                    if self.new.label(&after.label).is_none() {
                        self.missed.insert(part);
                        return None;
                    }
                }
            }
        }
        let new = Kind::Label(after.label.clone());
        after.attributes = self.said(&kind, &new, &before.attributes).unwrap_or(after.attributes);
        (after != *before).then_some(Carried::Changed(after))
    }

    /// Labels that come to lie where one of the same kind lies are taken into that one: first into those whose kind stays.
    fn unite(&mut self, layer: &Layer, next: &mut Next) {
        let is_relabelled = |next: &Next, before: &Annotation| match next.carried.get(&before.id) {
            Some(Carried::Changed(after)) => after.label != before.label,
            _ => false,
        };
        if !layer.iter().any(|before| is_relabelled(next, before)) {
            return;
        }
        let mut places: HashMap<(LabelId, Extent), AnnotationId> = HashMap::new();
        for before in layer.iter() {
            if !is_relabelled(next, before) && !matches!(next.carried.get(&before.id), Some(Carried::Gone)) {
                places.entry((before.label.clone(), before.extent.clone())).or_insert_with(|| before.id.clone());
            }
        }
        for before in layer.iter() {
            let Some(Carried::Changed(after)) = next.carried.get(&before.id).filter(|_| is_relabelled(next, before)) else { continue };
            let after = after.clone();
            let stays = places.entry((after.label.clone(), after.extent.clone())).or_insert_with(|| before.id.clone()).clone();
            if stays == before.id {
                continue;
            }
            let Some(mut united) = (match next.carried.get(&stays) {
                Some(Carried::Changed(annotation)) => Some(annotation.clone()),
                _ => layer.get(&stays).map(|annotation| Annotation::clone(annotation)),
            }) else {
                continue;
            };
            united.absorb(&after);
            if layer.get(&stays).is_some_and(|there| **there != united) {
                next.carried.insert(stays.clone(), Carried::Changed(united));
            }
            next.carried.insert(before.id.clone(), Carried::Gone);
            next.absorbed.insert(before.id.clone(), stays);
            self.found.merged += 1;
        }
    }

    /// The relations that go, and those that change.
    fn relations(&mut self, key: &LayerKey, layer: &Layer, next: &Next) -> (Vec<Change>, Vec<Change>) {
        let (mut gone, mut changed) = (Vec::new(), Vec::new());
        let tie = |relation: &Relation| (relation.kind.clone(), relation.from.clone(), relation.to.clone());
        let mut ties: BTreeSet<(RelationKind, AnnotationId, AnnotationId)> = BTreeSet::new();
        let mut moved = Vec::new();
        for before in layer.relations() {
            match self.relation(layer, next, before) {
                Some(after) if tie(&after) == tie(before) => {
                    ties.insert(tie(before));
                    if after != **before {
                        changed.push(Change::Relation(key.clone(), Delta::changed(before.clone(), Arc::new(after))));
                    }
                }
                Some(after) => moved.push((before, after)),
                None => gone.push(Change::Relation(key.clone(), Delta::removed(before.clone()))),
            }
        }
        for (before, after) in moved {
            // A second of the same says nothing more.
            let is_one_more = after.from != after.to && ties.insert(tie(&after));
            let delta = if is_one_more { Delta::changed(before.clone(), Arc::new(after)) } else { Delta::removed(before.clone()) };
            if is_one_more { &mut changed } else { &mut gone }.push(Change::Relation(key.clone(), delta));
        }
        self.found.untied += gone.len();
        self.found.relations += changed.len();
        (gone, changed)
    }

    /// What becomes of a relation; `None` where it goes.
    fn relation(&mut self, layer: &Layer, next: &Next, before: &Relation) -> Option<Relation> {
        let swap = |end: &AnnotationId| next.absorbed.get(end).unwrap_or(end).clone();
        let mut after = Relation { from: swap(&before.from), to: swap(&before.to), ..before.clone() };
        if [&after.from, &after.to].iter().any(|end| matches!(next.carried.get(end), Some(Carried::Gone))) {
            return None;
        }
        let kind = Kind::Relation(before.kind.clone());
        if self.new.relation(&before.kind).is_none() {
            let part = Part::Kind(kind.clone());
            match self.fate(part.clone(), self.old.relation(&before.kind).is_some()) {
                Fate::Keep => return Some(after),
                Fate::Delete => return None,
                Fate::Become(name) => {
                    let name = RelationKind::from(name.as_str());
                    if self.new.relation(&name).is_none() {
                        self.missed.insert(part);
                        return Some(after);
                    }
                    after.kind = name;
                }
            }
        }
        let new = Kind::Relation(after.kind.clone());
        after.attributes = self.said(&kind, &new, &before.attributes).unwrap_or(after.attributes);
        if self.is_forbidden_now(layer, next, before, &after) && *self.fate(Part::Ties(before.kind.clone()), true) == Fate::Delete {
            return None;
        }
        Some(after)
    }

    /// Whether the rules allowed a relation before, and do not any more. What the new schema does not know is not judged.
    fn is_forbidden_now(&self, layer: &Layer, next: &Next, before: &Relation, after: &Relation) -> bool {
        let (Some(old), Some(new)) = (self.old.relation(&before.kind), self.new.relation(&after.kind)) else { return false };
        let label_before = |end: &AnnotationId| layer.get(end).map(|annotation| &annotation.label);
        let label_after = |end: &AnnotationId| match next.carried.get(end) {
            Some(Carried::Changed(annotation)) => Some(annotation.label.clone()),
            _ => layer.get(end).map(|annotation| annotation.label.clone()),
        };
        let (Some(from), Some(to)) = (label_before(&before.from), label_before(&before.to)) else { return false };
        let (Some(new_from), Some(new_to)) = (label_after(&after.from), label_after(&after.to)) else { return false };
        let is_known = |label: &LabelId| self.new.label(label).is_some();
        old.joins(from, to) && is_known(&new_from) && is_known(&new_to) && !new.joins(&new_from, &new_to)
    }

    /// What is said with the attributes of the new kind; `None` where nothing can have changed.
    fn said(&mut self, old: &Kind, new: &Kind, said: &Said) -> Option<Said> {
        if said.is_empty() {
            return None;
        }
        let before = attributes_of(self.old, old).unwrap_or_default();
        let after = attributes_of(self.new, new)?;
        if before == after {
            return None;
        }
        let mut next = Said::new();
        let mut renamed = Vec::new();
        for (name, value) in said {
            let known = find(before, name);
            let target = match find(after, name) {
                Some(attribute) => attribute,
                None => {
                    let part = Part::Attribute(old.clone(), name.clone());
                    match self.fate(part.clone(), known.is_some()) {
                        Fate::Delete => continue,
                        Fate::Keep => {
                            next.insert(name.clone(), value.clone());
                            continue;
                        }
                        Fate::Become(other) => match find(after, other) {
                            Some(attribute) => attribute,
                            None => {
                                self.missed.insert(part);
                                next.insert(name.clone(), value.clone());
                                continue;
                            }
                        },
                    }
                }
            };
            let answer = match known {
                Some(known) if known.kind != target.kind || known.values != target.values => self.answer(old, known, target, value),
                _ => Some(value.clone()),
            };
            let Some(answer) = answer else { continue };
            if *target.id == **name {
                next.insert(name.clone(), answer);
            } else {
                renamed.push((target.id.to_string(), answer));
            }
        }
        // What was said with that attribute before stands.
        for (name, answer) in renamed {
            next.entry(name).or_insert(answer);
        }
        Some(next)
    }

    /// The answer as the new attribute takes it; `None` where it goes.
    fn answer(&mut self, kind: &Kind, old: &Attribute, new: &Attribute, value: &Value) -> Option<Value> {
        let is_listed = |attribute: &Attribute| matches!(attribute.kind, AttributeKind::OneOf | AttributeKind::ManyOf);
        let answer = if is_listed(old) && is_listed(new) { self.values(kind, old, new, value)? } else { value.clone() };
        let answer = reshaped(new, answer);
        if new.accepts(&answer) {
            return new.answer(answer, None).filter(|answer| !answer.is_null());
        }
        // Values that stay though the new schema does not know them were asked about one by one.
        let in_shape = is_listed(old) && is_listed(new) && answer.is_array() == (new.kind == AttributeKind::ManyOf);
        if in_shape {
            return Some(answer);
        }
        match self.fate(Part::Answers(kind.clone(), old.id.to_string()), old.accepts(value)) {
            Fate::Delete => None,
            Fate::Keep | Fate::Become(_) => Some(value.clone()),
        }
    }

    /// Each value under its new name; `None` where none stays.
    fn values(&mut self, kind: &Kind, old: &Attribute, new: &Attribute, value: &Value) -> Option<Value> {
        let many = value.as_array();
        let mut kept: Vec<Value> = Vec::new();
        for value in many.map_or(std::slice::from_ref(value), Vec::as_slice) {
            let Some(id) = value.as_str().filter(|id| new.value(id).is_none()) else {
                kept.push(value.clone());
                continue;
            };
            let part = Part::Value(kind.clone(), old.id.to_string(), id.to_owned());
            match self.fate(part.clone(), old.value(id).is_some()) {
                Fate::Delete => {}
                Fate::Become(other) if new.value(other).is_some() => kept.push(other.as_str().into()),
                Fate::Become(_) => {
                    self.missed.insert(part);
                    kept.push(value.clone());
                }
                Fate::Keep => kept.push(value.clone()),
            }
        }
        let mut seen: Vec<Value> = Vec::with_capacity(kept.len());
        kept.retain(|value| {
            !seen.contains(value) && {
                seen.push(value.clone());
                true
            }
        });
        if many.is_some() { (!kept.is_empty()).then(|| kept.into()) } else { kept.pop() }
    }
}

/// The answer in the form that the attribute takes, where nothing is lost by it.
fn reshaped(attribute: &Attribute, answer: Value) -> Value {
    match (attribute.kind, answer) {
        (AttributeKind::ManyOf, Value::String(one)) => Value::from(vec![one]),
        (AttributeKind::OneOf | AttributeKind::Text, Value::Array(mut values)) if values.len() == 1 => values.pop().unwrap_or_default(),
        (AttributeKind::Text, Value::Number(number)) => number.to_string().into(),
        (AttributeKind::Number, Value::String(written)) => match written.trim().parse::<serde_json::Number>() {
            Ok(number) => number.into(),
            Err(_) => written.into(),
        },
        (_, answer) => answer,
    }
}

/// Kinds, attributes of kinds that both have, and values of attributes that both have, where only the first has them.
pub(super) fn parts_only(first: &Schema, second: &Schema) -> Vec<Part> {
    let mut parts = Vec::new();
    for kind in kinds(first) {
        let Some(theirs) = attributes_of(second, &kind) else {
            parts.push(Part::Kind(kind));
            continue;
        };
        for attribute in attributes_of(first, &kind).unwrap_or_default() {
            let Some(other) = find(theirs, &attribute.id) else {
                parts.push(Part::Attribute(kind.clone(), attribute.id.to_string()));
                continue;
            };
            let only = attribute.values.iter().filter(|value| other.value(&value.id).is_none());
            parts.extend(only.map(|value| Part::Value(kind.clone(), attribute.id.to_string(), value.id.to_string())));
        }
    }
    parts
}
