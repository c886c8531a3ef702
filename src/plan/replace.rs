//! Several records at once: another layer in the place of this one, and what a decision between layers changes.

use super::{Planner, Refusal};
use crate::edit::{Change, Delta, Edit};
use crate::id::AnnotationId;
use crate::layer::Layer;
use std::collections::{BTreeMap, BTreeSet};

impl Planner<'_> {
    /// The difference between the layer as it is and as it shall be. Labels that the schema does not know are kept.
    pub(super) fn replace(&self, next: &Layer) -> Result<Edit, Refusal> {
        let there = Planner { layer: next, ..*self };
        // What others labelled is kept as it came, also where it cuts a character, shows nothing, or is there twice.
        if next.iter().any(|after| after.extent.hull().end() > self.document.text.len()) {
            return Err(Refusal::OutsideText);
        }
        for end in next.relations().flat_map(|relation| [&relation.from, &relation.to]) {
            there.find(end)?;
        }
        let key = || self.key.clone();
        let mut changes = Vec::new();
        for before in self.layer.relations() {
            if next.relation(&before.id).is_none() {
                changes.push(Change::Relation(key(), Delta::removed(before.clone())));
            }
        }
        for before in self.layer.iter() {
            match next.get(&before.id) {
                None => changes.push(self.removed(before)),
                Some(after) if after != before => changes.push(Change::Annotation(key(), Delta::changed(before.clone(), after.clone()))),
                Some(_) => {}
            }
        }
        for after in next.iter() {
            if self.layer.get(&after.id).is_none() {
                changes.push(Change::Annotation(key(), Delta::made(after.clone())));
            }
        }
        for after in next.relations() {
            match self.layer.relation(&after.id) {
                None => changes.push(Change::Relation(key(), Delta::made(after.clone()))),
                Some(before) if before != after => changes.push(Change::Relation(key(), Delta::changed(before.clone(), after.clone()))),
                Some(_) => {}
            }
        }
        for before in self.layer.remarks().filter(|before| next.remark(&before.id).is_none()) {
            changes.push(Change::Remark(key(), Delta::removed(before.clone())));
        }
        for after in next.remarks() {
            let before = self.layer.remark(&after.id);
            if before != Some(after) {
                changes.push(Change::Remark(key(), Delta { before: before.cloned(), after: Some(after.clone()) }));
            }
        }
        if next.status() != self.layer.status() {
            changes.push(Change::Status(key(), self.layer.status(), next.status()));
        }
        if changes.is_empty() { Err(Refusal::NoChange) } else { Ok(Edit { changes }) }
    }

    /// Changes as they are asked for: all of this layer, inside the text, and no relation without both its ends.
    pub(super) fn amend(&self, edit: Edit) -> Result<Vec<Change>, Refusal> {
        if edit.is_empty() {
            return Err(Refusal::NoChange);
        }
        // Whether labels that the edit speaks of are there after it, and which relations it speaks of.
        let (mut labels, mut relations) = (BTreeMap::new(), BTreeSet::new());
        for change in &edit.changes {
            match change {
                Change::Annotation(key, delta) if key == self.key => {
                    if delta.after.as_ref().is_some_and(|after| after.extent.hull().end() > self.document.text.len()) {
                        return Err(Refusal::OutsideText);
                    }
                    labels.extend(delta.after.as_ref().or(delta.before.as_ref()).map(|label| (&label.id, delta.after.is_some())));
                }
                Change::Relation(key, delta) if key == self.key => {
                    relations.extend(delta.after.as_ref().or(delta.before.as_ref()).map(|relation| &relation.id));
                }
                Change::Remark(key, _) if key == self.key => {}
                _ => return Err(Refusal::NoLayer),
            }
        }
        let is_there = |id: &AnnotationId| labels.get(id).copied().unwrap_or_else(|| self.layer.get(id).is_some());
        for change in &edit.changes {
            if let Change::Relation(_, Delta { after: Some(after), .. }) = change
                && let Some(missing) = [&after.from, &after.to].into_iter().find(|end| !is_there(end))
            {
                return Err(Refusal::NoAnnotation(missing.clone()));
            }
        }
        let gone = labels.iter().filter(|(_, stays)| !**stays).map(|(id, _)| *id);
        for id in gone {
            if self.layer.relations_of(id).any(|hanging| !relations.contains(&hanging.id)) {
                return Err(Refusal::NoAnnotation(id.clone()));
            }
        }
        Ok(edit.changes)
    }
}
