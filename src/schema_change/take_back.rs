//! A schema change taken back after work went on: what was changed meanwhile stays as it was changed.

use super::Unplanned;
use crate::annotation::{Annotation, Relation};
use crate::edit::{Change, Delta, Edit};
use crate::id::{AnnotationId, RelationId};
use crate::layer::Layer;
use crate::project::{LayerKey, Project};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The edit that takes back a change that [`super::plan`] made, on the project as it is now.
///
/// Where nothing happened since, that is the inverse. Of a label that was changed since, only what the schema change did is
/// taken back; a label that was deleted since stays deleted; what was labelled since stays, also where the schema that comes
/// back does not know it.
///
/// # Errors
/// When the project's schema is not the one that the change led to.
pub fn take_back(project: &Project, made: &Edit) -> Result<Edit, Unplanned> {
    let mut schema = None;
    let mut restored: BTreeSet<(&LayerKey, &AnnotationId)> = BTreeSet::new();
    let (mut annotations, mut relations) = (Vec::new(), Vec::new());
    for change in &made.changes {
        match change {
            Change::Schema(before, after) => {
                if *after != project.schema {
                    return Err(Unplanned::NotLast);
                }
                schema = Some(Change::Schema(after.clone(), before.clone()));
            }
            Change::Annotation(key, delta) => {
                let Some(layer) = project.layer(key) else { continue };
                let Some(delta) = annotation(layer, delta) else { continue };
                if delta.before.is_none() {
                    restored.extend(made_before(change).map(|before| (key, &before.id)));
                }
                annotations.push(Change::Annotation(key.clone(), delta));
            }
            _ => {}
        }
    }
    let going: BTreeSet<(&LayerKey, &AnnotationId)> = annotations.iter().filter_map(gone).collect();
    // Relations that are led back to where they were: the labels they come from may go.
    let mut led: BTreeSet<(&LayerKey, &RelationId)> = BTreeSet::new();
    for change in &made.changes {
        let Change::Relation(key, delta) = change else { continue };
        let Some(layer) = project.layer(key) else { continue };
        let is_there = |end: &AnnotationId| (layer.get(end).is_some() && !going.contains(&(key, end))) || restored.contains(&(key, end));
        let Some(back) = relation(layer, delta, is_there) else { continue };
        // One that would still hang on a label that goes, goes with it.
        if back.after.as_ref().is_none_or(|after| is_there(&after.from) && is_there(&after.to)) {
            led.extend(change_id(delta).map(|id| (key, id)));
            relations.push(Change::Relation(key.clone(), back));
        }
    }
    // Labels that go take their other relations along, also those that came since; relations go first.
    let mut untied: BTreeSet<(&LayerKey, &RelationId)> = BTreeSet::new();
    let mut before_all = Vec::new();
    for (key, id) in &going {
        for relation in project.layer(key).into_iter().flat_map(|layer| layer.relations_of(id)) {
            if !led.contains(&(*key, &relation.id)) && untied.insert((key, &relation.id)) {
                before_all.push(Change::Relation((*key).clone(), Delta::removed(relation.clone())));
            }
        }
    }
    let changes: Vec<Change> = schema.into_iter().chain(before_all).chain(annotations.iter().cloned()).chain(relations).collect();
    if changes.is_empty() { Err(Unplanned::NoChange) } else { Ok(Edit { changes }) }
}

fn gone(change: &Change) -> Option<(&LayerKey, &AnnotationId)> {
    match change {
        Change::Annotation(key, Delta { before: Some(before), after: None }) => Some((key, &before.id)),
        _ => None,
    }
}

fn change_id(delta: &Delta<Arc<Relation>>) -> Option<&RelationId> {
    delta.after.as_ref().or(delta.before.as_ref()).map(|relation| &relation.id)
}

fn made_before(change: &Change) -> Option<&Annotation> {
    match change {
        Change::Annotation(_, delta) => delta.before.as_deref(),
        _ => None,
    }
}

/// What was, where it still is what it was made; else what is.
fn back<T: PartialEq + Clone>(before: &T, after: &T, now: &T) -> T {
    if now == after { before.clone() } else { now.clone() }
}

fn said_back(before: &BTreeMap<String, Value>, after: &BTreeMap<String, Value>, now: &BTreeMap<String, Value>) -> BTreeMap<String, Value> {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).chain(now.keys()).collect();
    let said = names.into_iter().filter_map(|name| Some((name.clone(), back(&before.get(name), &after.get(name), &now.get(name))?.clone())));
    said.collect()
}

fn annotation(layer: &Layer, made: &Delta<Arc<Annotation>>) -> Option<Delta<Arc<Annotation>>> {
    let now = layer.get(&made.after.as_ref().or(made.before.as_ref())?.id);
    match (&made.before, &made.after, now) {
        (Some(before), None, None) => Some(Delta::made(before.clone())),
        // It was brought back by one that is taken back in turn.
        (None, Some(after), Some(now)) if after == now => Some(Delta::removed(now.clone())),
        (Some(before), Some(after), Some(now)) => {
            let next = Annotation {
                id: now.id.clone(),
                extent: back(&before.extent, &after.extent, &now.extent),
                label: back(&before.label, &after.label, &now.label),
                attributes: said_back(&before.attributes, &after.attributes, &now.attributes),
                note: back(&before.note, &after.note, &now.note),
                unsure: back(&before.unsure, &after.unsure, &now.unsure),
                origin: back(&before.origin, &after.origin, &now.origin),
            };
            (next != **now).then(|| Delta::changed(now.clone(), Arc::new(next)))
        }
        _ => None,
    }
}

fn relation(layer: &Layer, made: &Delta<Arc<Relation>>, is_there: impl Fn(&AnnotationId) -> bool) -> Option<Delta<Arc<Relation>>> {
    let now = layer.relation(&made.after.as_ref().or(made.before.as_ref())?.id);
    match (&made.before, &made.after, now) {
        (Some(before), None, None) => (is_there(&before.from) && is_there(&before.to)).then(|| Delta::made(before.clone())),
        (None, Some(after), Some(now)) if after == now => Some(Delta::removed(now.clone())),
        (Some(before), Some(after), Some(now)) => {
            let end =
                |before: &AnnotationId, after, now: &AnnotationId| Some(back(before, after, now)).filter(&is_there).unwrap_or_else(|| now.clone());
            let next = Relation {
                id: now.id.clone(),
                kind: back(&before.kind, &after.kind, &now.kind),
                from: end(&before.from, &after.from, &now.from),
                to: end(&before.to, &after.to, &now.to),
                attributes: said_back(&before.attributes, &after.attributes, &now.attributes),
                note: back(&before.note, &after.note, &now.note),
            };
            // One end was led elsewhere meanwhile, to where the other goes back to.
            if next.from == next.to && now.from != now.to {
                return None;
            }
            (next != **now).then(|| Delta::changed(now.clone(), Arc::new(next)))
        }
        _ => None,
    }
}
