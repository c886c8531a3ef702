//! Changes that the database does not have yet: those that wait, and those that are being written.

use crate::persist::Key;
use crate::web::storage::durable::Change;
use std::cell::RefCell;
use std::rc::Rc;

/// What whoever reads the database has to read over it: a write takes a while, and what is read meanwhile must not be older.
#[derive(Default)]
pub struct Pending {
    /// Oldest first.
    waiting: RefCell<Vec<Change>>,
    /// The batch that is being written, older than what waits.
    going: RefCell<Rc<Vec<Change>>>,
}

impl Pending {
    /// Whether there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.waiting.borrow().is_empty() && self.going.borrow().is_empty()
    }

    /// Adds changes at the end.
    pub fn extend(&self, changes: impl IntoIterator<Item = Change>) {
        self.waiting.borrow_mut().extend(changes);
    }

    /// Adds a change in place of those of the same key that wait.
    pub fn replace(&self, change: Change) {
        let mut waiting = self.waiting.borrow_mut();
        waiting.retain(|other| other.key() != change.key());
        waiting.push(change);
    }

    /// What waits becomes the batch that is being written.
    #[must_use]
    pub fn begin(&self) -> Rc<Vec<Change>> {
        let batch = Rc::new(self.waiting.take());
        *self.going.borrow_mut() = batch.clone();
        batch
    }

    /// The batch is written.
    pub fn done(&self) {
        self.going.take();
    }

    /// The batch could not be written: it waits again, in front of what has come since.
    pub fn failed(&self) {
        let batch = self.going.take();
        let mut waiting = self.waiting.borrow_mut();
        let since = std::mem::replace(&mut *waiting, Rc::unwrap_or_clone(batch));
        waiting.extend(since);
    }

    /// All changes, oldest first.
    #[must_use]
    pub fn all(&self) -> Vec<Change> {
        self.matching(|_| true)
    }

    /// The changes of the keys that are asked for, oldest first.
    #[must_use]
    pub fn matching(&self, wanted: impl Fn(&Key) -> bool) -> Vec<Change> {
        let (going, waiting) = (self.going.borrow(), self.waiting.borrow());
        going.iter().chain(waiting.iter()).filter(|change| wanted(change.key())).cloned().collect()
    }
}

/// Records as they will be once the changes are written, in the order of their keys.
#[must_use]
pub fn over(records: Vec<(Key, String)>, changes: Vec<Change>) -> Vec<(Key, String)> {
    if changes.is_empty() {
        return records;
    }
    let mut all: Vec<Change> = records.into_iter().map(|(key, value)| Change::Set(key, value)).collect();
    all.extend(changes);
    // The sort keeps the order of equals: of each key, the last change counts.
    crate::sorted::sort_by(&mut all, |a, b| a.key().cmp(b.key()));
    let mut all = all.into_iter().peekable();
    let mut records = Vec::new();
    while let Some(change) = all.next() {
        match change {
            Change::Set(key, value) if all.peek().is_none_or(|next| *next.key() != key) => records.push((key, value)),
            _ => {}
        }
    }
    records
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(id: &str, value: &str) -> Change {
        Change::Set(Key::Document(id.into()), value.to_owned())
    }

    fn removed(id: &str) -> Change {
        Change::Remove(Key::Document(id.into()))
    }

    #[test]
    fn what_is_being_written_is_still_pending() {
        let pending = Pending::default();
        pending.extend([set("a", "1"), set("b", "1")]);
        let batch = pending.begin();
        assert_eq!(*batch, [set("a", "1"), set("b", "1")]);
        pending.extend([set("a", "2")]);
        assert_eq!(pending.all(), [set("a", "1"), set("b", "1"), set("a", "2")]);
        assert_eq!(pending.matching(|key| *key == Key::Document("b".into())), [set("b", "1")]);
        pending.done();
        assert_eq!(pending.all(), [set("a", "2")]);
        assert!(!pending.is_empty());
    }

    #[test]
    fn what_failed_waits_in_front_of_what_came_since() {
        let pending = Pending::default();
        pending.extend([set("a", "1")]);
        drop(pending.begin());
        pending.extend([removed("a")]);
        pending.failed();
        assert_eq!(*pending.begin(), [set("a", "1"), removed("a")]);
    }

    #[test]
    fn a_change_in_place_of_another_leaves_what_is_being_written() {
        let pending = Pending::default();
        pending.extend([set("a", "1")]);
        drop(pending.begin());
        pending.extend([set("a", "2"), set("b", "1")]);
        pending.replace(set("a", "3"));
        assert_eq!(pending.all(), [set("a", "1"), set("b", "1"), set("a", "3")]);
    }

    #[test]
    fn the_last_change_of_a_key_is_what_is_read() {
        let record = |id: &str, value: &str| (Key::Document(id.into()), value.to_owned());
        let records = vec![record("a", "0"), record("b", "0"), record("c", "0")];
        let changes = vec![set("a", "1"), removed("b"), set("d", "1"), set("a", "2"), removed("d"), set("e", "1")];
        assert_eq!(over(records, changes), [record("a", "2"), record("c", "0"), record("e", "1")]);
    }
}
