//! Several records at once: another layer in the place of this one, and what a decision between layers changes.

use super::{Planner, Refusal};
use crate::edit::{Change, Delta, Edit};
use crate::layer::Layer;
use std::sync::Arc;

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
        let mut next = self.layer.clone();
        for change in &edit.changes {
            match change {
                Change::Annotation(key, delta) if key == self.key => match (&delta.before, &delta.after) {
                    (_, Some(after)) if after.extent.hull().end() > self.document.text.len() => return Err(Refusal::OutsideText),
                    (_, Some(after)) => next.put(Arc::clone(after)),
                    (Some(before), None) => next.remove(&before.id),
                    (None, None) => {}
                },
                Change::Relation(key, delta) if key == self.key => match (&delta.before, &delta.after) {
                    (_, Some(after)) => next.put_relation(Arc::clone(after)),
                    (Some(before), None) => next.remove_relation(&before.id),
                    (None, None) => {}
                },
                Change::Remark(key, _) if key == self.key => {}
                _ => return Err(Refusal::NoLayer),
            }
        }
        let there = Planner { layer: &next, ..*self };
        for change in &edit.changes {
            if let Change::Relation(_, Delta { after: Some(after), .. }) = change {
                there.find(&after.from)?;
                there.find(&after.to)?;
            }
            if let Change::Annotation(_, Delta { before: Some(gone), after: None }) = change
                && let Some(hanging) = next.relations_of(&gone.id).next()
            {
                return Err(Refusal::NoAnnotation(if hanging.from == gone.id { hanging.from.clone() } else { hanging.to.clone() }));
            }
        }
        Ok(edit.changes)
    }
}
