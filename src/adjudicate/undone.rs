//! What was undone in a gold layer, so that an older file does not bring it back.
//!
//! A layer does not say what it once had: what is undone leaves no trace in it, as if it had never been. Its journal does, each step with
//! its time. So a decision is *made* for as long as the last step that touched it made it, and *undone* where that step took it
//! away with nothing later in its place. Of two sides the one holds that said so last, whichever layer is newer as a whole: revisions
//! only count steps, and two reviewers count apart.
//!
//! In a file an undone decision is a remark ([`UNDONE`]) under the decision's own name, with what it had made and when it was undone
//! (`undone`); one that was made again says when (`again`). Both are put there on the way out. Labels and relations that no decision
//! made have no time: those that were taken away here stay away as long as the file has them as they were; other sides are not told.

use super::record::{Decision, Record, span_said};
use crate::annotation::{Annotation, Relation, Remark};
use crate::edit::{Change, Delta, Edit};
use crate::id::{AnnotationId, RelationId, RemarkId};
use crate::layer::Layer;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A decision is of this browser where the step that made it is of the moment in which it was decided, in milliseconds. One that came in
/// a file is older than its step; who takes that step back does not undo what somebody else decided.
const MOMENT: u64 = 2_000;

/// The kind of remark that is a decision which was undone.
pub(super) const UNDONE: &str = "undone-decision";

/// What a gold layer had and has no longer, and what it has again, as its journal tells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gone {
    /// The remarks that say so, and when each was undone.
    decisions: BTreeMap<RemarkId, Arc<Remark>>,
    /// When decisions were made again, in milliseconds since 1970.
    again: BTreeMap<RemarkId, u64>,
    /// Decisions that were made here, and not in a file that came.
    own: BTreeSet<RemarkId>,
    labels: BTreeMap<AnnotationId, Arc<Annotation>>,
    relations: BTreeMap<RelationId, Arc<Relation>>,
}

impl Gone {
    /// Takes note of a step of the journal: what it changed, and when, in milliseconds since 1970. Steps come in their order.
    pub fn note(&mut self, edit: &Edit, at: u64) {
        let (mut went, mut made) = (Vec::new(), Vec::new());
        let is_by_hand = !edit.changes.iter().any(|change| matches!(change, Change::Remark(..)));
        for change in &edit.changes {
            match change {
                Change::Annotation(_, delta) => note(&mut self.labels, is_by_hand, |label| &label.id, delta),
                Change::Relation(_, delta) => note(&mut self.relations, is_by_hand, |relation| &relation.id, delta),
                Change::Remark(_, delta) => {
                    let read = |side: &Option<Arc<Remark>>| side.as_ref().and_then(|remark| Decision::read(remark));
                    match (read(&delta.before), read(&delta.after)) {
                        (None, Some(decision)) => {
                            if self.decisions.remove(&decision.id).is_some() {
                                self.again.insert(decision.id.clone(), at);
                            }
                            if at.abs_diff(decision.at) <= MOMENT {
                                self.own.insert(decision.id.clone());
                            }
                            made.push(decision);
                        }
                        // What gives way to another remark of its name is told by that one.
                        (Some(decision), None) if delta.after.is_none() && self.own.contains(&decision.id) => went.push(decision),
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        let labels: BTreeMap<&AnnotationId, &Arc<Annotation>> = edit.changes.iter().filter_map(before).map(|label| (&label.id, label)).collect();
        for decision in went {
            // A later decision that took its place speaks for both.
            if made.iter().any(|other| other.at > decision.at && other.is_about_same(&decision)) {
                continue;
            }
            let label = |id: &AnnotationId| labels.get(id).copied();
            self.decisions.insert(decision.id.clone(), Arc::new(undone(&decision, &label, at)));
        }
    }

    /// The layer with what it says of what was undone, and of what was made again.
    #[must_use]
    pub fn told_in(&self, layer: &Layer) -> Layer {
        let undone = self.decisions.values().filter(|remark| layer.remark(&remark.id).is_none()).cloned();
        let again = self.again.iter().filter_map(|(id, at)| {
            let decision = Decision::read(layer.remark(id)?)?;
            (decision.last() < *at).then(|| Arc::new(Decision { again: Some(*at), ..decision }.remark()))
        });
        layer.clone().with_remarks(undone.chain(again))
    }

    /// A layer of a file without the labels and relations that were taken away here, where no decision made them and they are as they
    /// were; and how many.
    #[must_use]
    pub fn taken_from(&self, layer: &Layer, here: &Layer) -> (Layer, usize) {
        let decided: BTreeSet<String> =
            Decision::all(layer).into_iter().flat_map(|decision| decision.sources).filter_map(|source| source.gold).collect();
        let mut rest = layer.clone();
        let mut count = 0;
        for (id, relation) in self.relations.iter().filter(|(id, _)| !decided.contains(id.as_str()) && here.relation(id).is_none()) {
            if rest.relation(id) == Some(relation) {
                rest.remove_relation(id);
                count += 1;
            }
        }
        for (id, label) in self.labels.iter().filter(|(id, _)| !decided.contains(id.as_str()) && here.get(id).is_none()) {
            if rest.get(id) == Some(label) {
                let hanging: Vec<RelationId> = rest.relations_of(id).map(|relation| relation.id.clone()).collect();
                hanging.iter().for_each(|relation| rest.remove_relation(relation));
                rest.remove(id);
                count += 1;
            }
        }
        (rest, count)
    }
}

/// Takes note of a record that went or came.
fn note<Id: Clone + Ord, T>(gone: &mut BTreeMap<Id, Arc<T>>, is_by_hand: bool, id: impl Fn(&T) -> &Id, delta: &Delta<Arc<T>>) {
    match (&delta.before, &delta.after) {
        (Some(before), None) if is_by_hand => drop(gone.insert(id(before).clone(), before.clone())),
        (_, Some(after)) => drop(gone.remove(id(after))),
        _ => {}
    }
}

fn before(change: &Change) -> Option<&Arc<Annotation>> {
    if let Change::Annotation(_, delta) = change { delta.before.as_ref() } else { None }
}

/// The remark that a decision was undone at a time, with what it had made.
pub(super) fn undone<'a>(decision: &Decision, label: &dyn Fn(&AnnotationId) -> Option<&'a Arc<Annotation>>, at: u64) -> Remark {
    let mut remark = decision.remark();
    remark.says.insert("kind".to_owned(), UNDONE.into());
    remark.says.insert("undone".to_owned(), at.into());
    remark.says.insert("made".to_owned(), made(decision, label));
    remark
}

/// When a decision was undone, where a remark says so.
pub(super) fn undone_at(remark: &Remark) -> Option<u64> {
    remark.is(UNDONE).then(|| remark.says.get("undone").and_then(Value::as_u64).unwrap_or(0))
}

/// What a decision made, as data: each label once.
pub(super) fn made<'a>(decision: &Decision, label: &dyn Fn(&AnnotationId) -> Option<&'a Arc<Annotation>>) -> Value {
    let of_labels = decision.sources.iter().filter(|source| matches!(source.record, Record::Span(..)));
    let names: BTreeSet<AnnotationId> = of_labels.filter_map(|source| source.gold.as_deref().map(AnnotationId::from)).collect();
    let labels = names.iter().filter_map(label);
    labels.map(|label| json!({"label": label.label, "said": span_said(label), "attributes": label.attributes})).collect()
}
