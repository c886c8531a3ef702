//! What the small, synchronous store holds: a snapshot and the last steps of the layers touched last, as many as fit.
//!
//! Invariant: nothing is dropped that the durable store has not acknowledged, and never the newest step.

use super::key::{Key, Keyspace};
use super::store::{Store, StoreError};
use crate::project::LayerKey;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The policy over a small store.
#[derive(Clone, Debug)]
pub struct Local<S> {
    store: S,
    keys: Keyspace,
    /// The highest revision of each layer that the durable store is known to have.
    acknowledged: BTreeMap<LayerKey, u64>,
}

/// What an append did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Appended {
    /// Layers whose copies went to make room; the durable store has them.
    pub dropped: Vec<LayerKey>,
}

/// What folding did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folded {
    /// The snapshot is there; so many steps before it went.
    Done {
        /// How many.
        steps: usize,
    },
    /// The durable store does not have that revision yet; nothing was done.
    NotYet,
}

/// The copies of one layer, found when room is needed.
#[derive(Debug, Default)]
struct Copies {
    keys: Vec<String>,
    /// The highest revision of any of them; `None` where one cannot be read or is kept aside.
    revision: Option<u64>,
    newest: Option<String>,
}

#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    at: u64,
    #[serde(default)]
    revision: u64,
}

impl<S: Store> Local<S> {
    /// The policy over a store, for one project.
    #[must_use]
    pub fn new(store: S, keys: Keyspace) -> Self {
        Self { store, keys, acknowledged: BTreeMap::new() }
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &S {
        &self.store
    }

    /// The store, for records that are not of a layer.
    pub fn store_mut(&mut self) -> &mut S {
        &mut self.store
    }

    /// The keys.
    #[must_use]
    pub fn keys(&self) -> &Keyspace {
        &self.keys
    }

    /// Takes note that the durable store has the layer up to a revision. Only such copies are ever dropped.
    pub fn acknowledge(&mut self, layer: &LayerKey, revision: u64) {
        let known = self.acknowledged.entry(layer.clone()).or_insert(0);
        *known = (*known).max(revision);
    }

    /// The revision up to which the durable store is known to have the layer.
    #[must_use]
    pub fn acknowledged(&self, layer: &LayerKey) -> u64 {
        self.acknowledged.get(layer).copied().unwrap_or(0)
    }

    /// The records of a layer.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn load(&self, layer: &LayerKey) -> Result<Vec<(Key, String)>, StoreError> {
        let prefix = self.keys.layer_prefix(layer);
        let mut records = Vec::new();
        for written in self.store.keys()?.into_iter().filter(|written| written.starts_with(&prefix)) {
            if let (Some(key), Some(value)) = (self.keys.parse(&written), self.store.get(&written)?) {
                records.push((key, value));
            }
        }
        Ok(records)
    }

    /// Writes a step; one write where there is room.
    ///
    /// # Errors
    /// When it does not fit even after all that may go has gone, or the store cannot be written.
    pub fn append(&mut self, layer: &LayerKey, n: u64, entry: &str) -> Result<Appended, StoreError> {
        self.put(&Key::Journal(layer.clone(), n), entry)
    }

    /// Writes a record of a layer, making room for it.
    ///
    /// # Errors
    /// As [`Local::append`].
    pub fn put(&mut self, key: &Key, value: &str) -> Result<Appended, StoreError> {
        let written = self.keys.write(key);
        let mut appended = Appended::default();
        match self.store.set(&written, value) {
            Err(StoreError::Full) => {}
            other => return other.map(|()| appended),
        }
        let own = key.layer();
        let mut copies = self.copies()?;
        let own_copies = own.and_then(|own| copies.remove(own));
        let mut others: Vec<(u64, LayerKey, Copies)> = Vec::new();
        for (layer, found) in copies {
            if found.revision.is_some_and(|revision| revision <= self.acknowledged(&layer)) {
                others.push((self.touched(&found), layer, found));
            }
        }
        crate::sorted::sort_by_key(&mut others, |(at, ..)| *at);
        for (_, layer, found) in others {
            for key in &found.keys {
                self.store.remove(key)?;
            }
            appended.dropped.push(layer);
            match self.store.set(&written, value) {
                Err(StoreError::Full) => {}
                other => return other.map(|()| appended),
            }
        }
        if let (Some(own), Some(found)) = (own, own_copies) {
            let safe = self.acknowledged(own);
            let may_go = |key: &String| *key != written && self.revision_of(key).is_some_and(|revision| revision <= safe);
            for key in found.keys.iter().filter(|key| may_go(key)).cloned().collect::<Vec<_>>() {
                self.store.remove(&key)?;
            }
        }
        self.store.set(&written, value).map(|()| appended)
    }

    /// Writes the layer as a whole and drops the steps that are in it, once the durable store has them.
    ///
    /// # Errors
    /// When the snapshot does not fit or cannot be written; steps that the durable store lacks are still there then.
    pub fn fold(&mut self, layer: &LayerKey, revision: u64, snapshot: &str) -> Result<Folded, StoreError> {
        if revision > self.acknowledged(layer) {
            return Ok(Folded::NotYet);
        }
        self.put(&Key::Snapshot(layer.clone()), snapshot)?;
        self.drop_folded(layer, revision)
    }

    /// Drops the steps that are in a snapshot which was written before, once the durable store has them.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn drop_folded(&mut self, layer: &LayerKey, revision: u64) -> Result<Folded, StoreError> {
        if revision > self.acknowledged(layer) {
            return Ok(Folded::NotYet);
        }
        let prefix = self.keys.journal_prefix(layer);
        let mut steps = 0;
        for written in self.store.keys()?.into_iter().filter(|written| written.starts_with(&prefix)) {
            if matches!(self.keys.parse(&written), Some(Key::Journal(_, n)) if n <= revision) {
                self.store.remove(&written)?;
                steps += 1;
            }
        }
        Ok(Folded::Done { steps })
    }

    /// All copies by layer. Looked for only when room is needed, so that an edit costs one write otherwise.
    fn copies(&self) -> Result<BTreeMap<LayerKey, Copies>, StoreError> {
        let mut copies: BTreeMap<LayerKey, Copies> = BTreeMap::new();
        let mut written = self.store.keys()?;
        // In order of strings, the steps of a layer come before its snapshot, and in their own order.
        crate::sorted::sort_by(&mut written, Ord::cmp);
        for written in written {
            let Some(layer) = self.keys.parse(&written).and_then(|key| key.layer().cloned()) else { continue };
            let revision = self.revision_of(&written);
            let found = copies.entry(layer).or_insert_with(|| Copies { revision: Some(0), ..Copies::default() });
            if found.revision.is_none_or(|known| revision.is_none_or(|revision| revision >= known)) {
                found.newest = Some(written.clone());
            }
            found.revision = found.revision.zip(revision).map(|(known, revision)| known.max(revision));
            found.keys.push(written);
        }
        Ok(copies)
    }

    /// The revision that a record holds; `None` for one that cannot be read, or is kept aside because it could not.
    fn revision_of(&self, written: &str) -> Option<u64> {
        match self.keys.parse(written)? {
            Key::Journal(_, n) => Some(n),
            Key::Snapshot(_) => self.head(written).map(|head| head.revision),
            _ => None,
        }
    }

    fn touched(&self, copies: &Copies) -> u64 {
        copies.newest.as_ref().and_then(|key| self.head(key)).map_or(0, |head| head.at)
    }

    fn head(&self, written: &str) -> Option<Head> {
        crate::json::parse(&self.store.get(written).ok()??).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::super::store::MemoryStore;
    use super::*;

    fn layer(document: &str) -> LayerKey {
        LayerKey { document: document.into(), annotator: "a".into() }
    }

    fn entry(n: u64, at: u64) -> String {
        format!(r#"{{"v":1,"n":{n},"at":{at},"undo":true}}"#)
    }

    /// The bytes of one record of [`entry`] with one digit for `n` and two for `at`, and its key.
    const RECORD: usize = "wusum/1/p/x/a/journal/000000000001".len() + r#"{"v":1,"n":1,"at":10,"undo":true}"#.len();

    fn local(records: usize) -> Local<MemoryStore> {
        Local::new(MemoryStore::with_quota(records * RECORD), Keyspace::new("p"))
    }

    fn held(local: &Local<MemoryStore>, document: &str) -> Vec<u64> {
        let records = local.load(&layer(document)).expect("memory does not fail");
        records.into_iter().filter_map(|(key, _)| if let Key::Journal(_, n) = key { Some(n) } else { None }).collect()
    }

    #[test]
    fn the_least_recent_acknowledged_copy_goes_first() {
        let mut local = local(3);
        for (document, at) in [("x", 30), ("y", 10), ("z", 20)] {
            local.append(&layer(document), 1, &entry(1, at)).expect("fits");
            local.acknowledge(&layer(document), 1);
        }
        assert_eq!(local.append(&layer("w"), 1, &entry(1, 40)), Ok(Appended { dropped: vec![layer("y")] }));
        assert_eq!(local.append(&layer("w"), 2, &entry(2, 41)), Ok(Appended { dropped: vec![layer("z")] }));
        assert_eq!((held(&local, "w"), held(&local, "x"), held(&local, "y")), (vec![1, 2], vec![1], vec![]));
    }

    #[test]
    fn what_only_this_store_has_is_never_dropped() {
        let mut local = local(2);
        local.append(&layer("x"), 1, &entry(1, 10)).expect("fits");
        local.append(&layer("x"), 2, &entry(2, 11)).expect("fits");
        local.acknowledge(&layer("x"), 1);
        assert_eq!(local.append(&layer("y"), 1, &entry(1, 12)), Err(StoreError::Full));
        assert_eq!(held(&local, "x"), [1, 2]);
        // The layer's own acknowledged step goes, the other stays.
        assert_eq!(local.append(&layer("x"), 3, &entry(3, 13)), Ok(Appended::default()));
        assert_eq!(held(&local, "x"), [2, 3]);
    }

    #[test]
    fn folding_waits_for_the_other_store() {
        let mut local = local(10);
        for n in 1..=3 {
            local.append(&layer("x"), n, &entry(n, 10)).expect("fits");
        }
        let snapshot = r#"{"v":1,"revision":2,"at":10,"status":"new","spans":[]}"#;
        assert_eq!(local.fold(&layer("x"), 2, snapshot), Ok(Folded::NotYet));
        assert_eq!(held(&local, "x"), [1, 2, 3]);
        local.acknowledge(&layer("x"), 2);
        assert_eq!(local.fold(&layer("x"), 2, snapshot), Ok(Folded::Done { steps: 2 }));
        assert_eq!(held(&local, "x"), [3]);
    }

    #[test]
    fn a_blocked_store_is_told_at_once() {
        let mut local = local(10);
        local.store_mut().fail_after(Some((0, StoreError::Blocked)));
        assert_eq!(local.append(&layer("x"), 1, &entry(1, 10)), Err(StoreError::Blocked));
    }

    #[test]
    fn a_step_costs_one_write() {
        let mut local = local(100);
        local.store_mut().fail_after(Some((5, StoreError::Blocked)));
        for n in 1..=5 {
            assert_eq!(local.append(&layer("x"), n, &entry(n, 10)), Ok(Appended::default()));
        }
        assert_eq!(local.append(&layer("x"), 6, &entry(6, 10)), Err(StoreError::Blocked));
    }
}
