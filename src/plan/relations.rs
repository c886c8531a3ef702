//! Rules of relations: what may be tied to what, how often, and what becomes of ties when labels go.

use super::{Planner, Refusal, values};
use crate::annotation::{Annotation, Relation};
use crate::edit::{Change, Delta};
use crate::id::{AnnotationId, RelationId, RelationKind};
use crate::schema;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

impl Planner<'_> {
    fn find_relation(&self, id: &RelationId) -> Result<&Arc<Relation>, Refusal> {
        self.layer.relation(id).ok_or_else(|| Refusal::NoRelation(id.clone()))
    }

    pub(super) fn copy_relation(&self, id: &RelationId) -> Result<Relation, Refusal> {
        self.find_relation(id).map(|relation| Relation::clone(relation))
    }

    /// The kind of relation, where it is one that may be made.
    fn offered_relation(&self, kind: &RelationKind) -> Result<&schema::Relation, Refusal> {
        let known = self.project.schema.relation(kind).ok_or_else(|| Refusal::UnknownRelation(kind.clone()))?;
        if known.retired { Err(Refusal::RetiredRelation(kind.clone())) } else { Ok(known) }
    }

    /// The rules that a new or changed relation must meet.
    fn check_tie(&self, tie: &Relation) -> Result<(), Refusal> {
        let (from, to) = (self.find(&tie.from)?, self.find(&tie.to)?);
        if tie.from == tie.to {
            return Err(Refusal::SameEnds);
        }
        // A kind that came with an import and that the schema does not know has no rules.
        let known = self.project.schema.relation(&tie.kind);
        if known.is_some_and(|kind| !kind.joins(&from.label, &to.label)) {
            return Err(Refusal::RelationForbidden(tie.kind.clone()));
        }
        let mut siblings = 0;
        for other in self.starting_at(&tie.from).filter(|other| other.kind == tie.kind) {
            if other.to == tie.to {
                return Err(Refusal::SameRelation(other.id.clone()));
            }
            siblings += 1;
        }
        // One that is there in excess, as an import may bring it, may still lead elsewhere.
        let was_there = self.layer.relation(&tie.id).is_some_and(|before| before.kind == tie.kind && before.from == tie.from);
        if !was_there && known.and_then(|kind| kind.most).is_some_and(|most| siblings >= most) {
            return Err(Refusal::TooManyRelations(tie.kind.clone()));
        }
        Ok(())
    }

    fn starting_at<'a>(&'a self, id: &'a AnnotationId) -> impl Iterator<Item = &'a Arc<Relation>> {
        self.layer.relations_of(id).filter(move |relation| relation.from == *id)
    }

    fn untied(&self, relation: &Arc<Relation>) -> Change {
        Change::Relation(self.key.clone(), Delta::removed(relation.clone()))
    }

    pub(super) fn change_relation(&self, after: Relation) -> Result<Vec<Change>, Refusal> {
        let before = self.find_relation(&after.id)?;
        if after == **before {
            return Err(Refusal::NoChange);
        }
        Ok(vec![Change::Relation(self.key.clone(), Delta::changed(before.clone(), Arc::new(after)))])
    }

    pub(super) fn relate(&self, id: RelationId, kind: RelationKind, from: AnnotationId, to: AnnotationId) -> Result<Vec<Change>, Refusal> {
        let known = self.offered_relation(&kind)?;
        if self.layer.relation(&id).is_some() {
            return Err(Refusal::RelationIdTaken(id));
        }
        let mut tie = Relation { id, kind, from, to, attributes: BTreeMap::new(), note: None };
        values::defaults(&mut tie.attributes, &known.attributes);
        self.check_tie(&tie)?;
        Ok(vec![Change::Relation(self.key.clone(), Delta::made(Arc::new(tie)))])
    }

    pub(super) fn set_ends(&self, id: &RelationId, from: AnnotationId, to: AnnotationId) -> Result<Vec<Change>, Refusal> {
        let before = self.find_relation(id)?;
        let after = Relation { from, to, ..Relation::clone(before) };
        if after != **before {
            self.check_tie(&after)?;
        }
        self.change_relation(after)
    }

    pub(super) fn set_kind(&self, id: &RelationId, kind: RelationKind) -> Result<Vec<Change>, Refusal> {
        let mut after = self.copy_relation(id)?;
        if kind != after.kind {
            let new = self.offered_relation(&kind)?;
            let old = self.project.schema.relation(&after.kind);
            values::carry(&mut after.attributes, old.map_or(&[], |old| &old.attributes), &new.attributes);
            after.kind = kind;
            self.check_tie(&after)?;
        }
        self.change_relation(after)
    }

    pub(super) fn unrelate(&self, ids: &[RelationId]) -> Result<Vec<Change>, Refusal> {
        let mut seen = BTreeSet::new();
        let ties = ids.iter().filter(|id| seen.insert(*id)).map(|id| self.find_relation(id).map(|relation| self.untied(relation)));
        let changes = ties.collect::<Result<Vec<Change>, Refusal>>()?;
        if changes.is_empty() { Err(Refusal::NoChange) } else { Ok(changes) }
    }

    /// The end of relations that an annotation may have as it is, and may not as it shall be. Those that came against the rules stay.
    pub(super) fn forbidden_by(&self, after: &Annotation) -> Vec<Change> {
        let gone = self.layer.relations_of(&after.id).filter(|relation| {
            let Some(kind) = self.project.schema.relation(&relation.kind) else { return false };
            let (Some(from), Some(to)) = (self.layer.get(&relation.from), self.layer.get(&relation.to)) else { return false };
            let label = |end: &'_ Arc<Annotation>| if end.id == after.id { after.label.clone() } else { end.label.clone() };
            kind.joins(&from.label, &to.label) && !kind.joins(&label(from), &label(to))
        });
        gone.map(|relation| self.untied(relation)).collect()
    }

    /// Relations of an annotation that goes are tied to the one that stays; those that would tie it to itself, or double another, go too.
    pub(super) fn retarget(&self, gone: &AnnotationId, stays: &AnnotationId) -> Result<Vec<Change>, Refusal> {
        let tie = |relation: &Relation| (relation.kind.clone(), relation.from.clone(), relation.to.clone());
        let mut ties = BTreeSet::new();
        let mut starting: BTreeMap<&RelationKind, u32> = BTreeMap::new();
        for relation in self.layer.relations_of(stays) {
            ties.insert(tie(relation));
            if relation.from == *stays && relation.to != *gone {
                *starting.entry(&relation.kind).or_default() += 1;
            }
        }
        let mut changes = Vec::new();
        for before in self.layer.relations_of(gone) {
            let swap = |end: &AnnotationId| if end == gone { stays.clone() } else { end.clone() };
            let after = Relation { from: swap(&before.from), to: swap(&before.to), ..Relation::clone(before) };
            if after.from == after.to || !ties.insert(tie(&after)) {
                changes.push(self.untied(before));
                continue;
            }
            if before.from == *gone {
                let count = starting.entry(&before.kind).or_default();
                *count += 1;
                // Which of them is meant is for the annotator to say.
                if self.project.schema.relation(&before.kind).and_then(|kind| kind.most).is_some_and(|most| *count > most) {
                    return Err(Refusal::TooManyRelations(before.kind.clone()));
                }
            }
            changes.push(Change::Relation(self.key.clone(), Delta::changed(before.clone(), Arc::new(after))));
        }
        Ok(changes)
    }
}
