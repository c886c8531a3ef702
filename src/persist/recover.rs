//! Reading a layer back from both stores, each of which may lack, damage or contradict what the other has.
//!
//! The durable store keeps every step for ever, and a snapshot as a cache; the local one a snapshot and the last steps.
//! Steps of both are united by number. Where the two contradict each other, the longer chain wins from there on, and the
//! other's steps are set aside. What does not fit or cannot be read is set aside too: it is written under another key
//! before its own key is freed.

use super::journal::{Entry, Snapshot, Unreadable, encode_snapshot};
use super::key::Key;
use super::stacks::Stacks;
use crate::edit;
use crate::formats::ProblemCode;
use crate::history::{History, Step};
use crate::layer::Layer;
use crate::project::{Document, LayerKey, Project, sha256};
use std::collections::BTreeMap;

/// The most steps that are copied one by one to the local store; where it lacks more, it gets a snapshot.
const COPIED: usize = 64;

/// Both stores; of the same step in both, the durable one's is read.
const BOTH: &[Source] = &[Source::Durable, Source::Local];

/// One of the two stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// The small, synchronous one.
    Local,
    /// The one that keeps everything.
    Durable,
}

/// Why a record was set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// It is not what it should be.
    Unreadable {
        /// Why, in the parser's words.
        detail: String,
    },
    /// A newer program wrote it, or another record of the layer.
    TooNew {
        /// The version it names.
        version: u64,
    },
    /// Steps before it are missing, so that it cannot be made.
    Gap,
    /// It contradicts the other store's longer chain, or the layer as it is.
    Conflict,
    /// The words of some of its labels are not in the text; the rest of it was taken.
    QuoteMismatch {
        /// What was left out.
        left_out: Vec<ProblemCode>,
    },
}

/// A record that is not, or not wholly, in the layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// Where it was found.
    pub store: Source,
    /// Under which key.
    pub key: Key,
    /// As it was found.
    pub raw: String,
    /// Why.
    pub why: Why,
}

/// One change to a store. Changes are made in order, and none after one that fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// Put the value there.
    Set(Key, String),
    /// Free the key; its value was set aside by an earlier write.
    Remove(Key),
}

/// A label that was found elsewhere than its record says.
pub type Moved = ProblemCode;

/// A layer as both stores together have it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recovered {
    /// The layer.
    pub layer: Layer,
    /// What can be undone and redone.
    pub history: History,
    /// The layer's revision; the next step is the one after it.
    pub revision: u64,
    /// The revision up to which the durable store had the layer before anything was written to it: what may be acknowledged.
    pub durable: u64,
    /// When the last record that is in the layer was written, in milliseconds since 1970.
    pub at: u64,
    /// What the local store lacks.
    pub to_local: Vec<Write>,
    /// What the durable store lacks.
    pub to_durable: Vec<Write>,
    /// What is not in the layer.
    pub set_aside: Vec<SetAside>,
    /// Labels that were found elsewhere than their records say.
    pub moved: Vec<Moved>,
    /// A newer program wrote some of it, of this version: the layer is empty here, and must not be written to.
    pub blocked: Option<u64>,
}

/// A record with where it came from.
struct Found<T> {
    raw: String,
    read: T,
}

/// What one store has of the layer.
#[derive(Default)]
struct Side {
    entries: BTreeMap<u64, Found<Entry>>,
    snapshot: Option<Found<Snapshot>>,
}

impl Side {
    /// The revision that its chain reaches, counted from `from` or from its snapshot, whichever is higher.
    fn head(&self, from: u64) -> u64 {
        let start = self.snapshot.as_ref().map_or(from, |snapshot| snapshot.read.revision.max(from));
        contiguous_end(start, |n| self.entries.contains_key(&n))
    }
}

/// The last of the numbers after `start` that are there without a gap.
fn contiguous_end(start: u64, has: impl Fn(u64) -> bool) -> u64 {
    let mut end = start;
    while end.checked_add(1).is_some_and(&has) {
        end += 1;
    }
    end
}

/// Reads a layer back. Records of other layers, documents and what was set aside before are passed over.
#[must_use]
pub fn recover(document: &Document, key: &LayerKey, local: Vec<(Key, String)>, durable: Vec<(Key, String)>) -> Recovered {
    let mut recovery = Recovery { document, key, sides: BTreeMap::new(), out: Recovered::default() };
    let records = || local.iter().map(|record| (Source::Local, record)).chain(durable.iter().map(|record| (Source::Durable, record)));
    for source in [Source::Local, Source::Durable] {
        recovery.sides.insert(source, Side::default());
    }
    for (source, (found, raw)) in records() {
        recovery.take(source, found, raw);
    }
    if let Some(version) = recovery.out.blocked {
        let mine = records().filter(|(_, (found, _))| found.layer() == Some(key) && !matches!(found, Key::Aside(..)));
        let aside =
            |(store, (key, raw)): (Source, &(Key, String))| SetAside { store, key: key.clone(), raw: raw.clone(), why: Why::TooNew { version } };
        return Recovered { set_aside: mine.map(aside).collect(), blocked: Some(version), ..Recovered::default() };
    }
    recovery.settle_conflicts();
    recovery.out.durable = recovery.side(Source::Durable).head(0);
    recovery.run();
    recovery.out
}

struct Recovery<'a> {
    document: &'a Document,
    key: &'a LayerKey,
    sides: BTreeMap<Source, Side>,
    out: Recovered,
}

/// How far one start leads.
struct Run {
    layer: Layer,
    stacks: Stacks,
    revision: u64,
    at: u64,
    /// Why the step after `revision`, if there is one, was not made.
    stop: Why,
}

impl Recovery<'_> {
    fn side(&mut self, source: Source) -> &mut Side {
        self.sides.entry(source).or_default()
    }

    fn take(&mut self, source: Source, found: &Key, raw: &str) {
        if found.layer() != Some(self.key) {
            return;
        }
        let text = &self.document.text;
        let raw = || raw.to_owned();
        let trouble = match found {
            Key::Snapshot(_) => match Snapshot::decode(&raw(), text) {
                Ok(read) => {
                    self.side(source).snapshot = Some(Found { raw: raw(), read });
                    return;
                }
                Err(trouble) => trouble,
            },
            Key::Journal(_, n) => match Entry::decode(&raw(), self.key, text) {
                Ok(read) if read.n == *n && *n > 0 => {
                    self.side(source).entries.insert(*n, Found { raw: raw(), read });
                    return;
                }
                Ok(_) => Unreadable::Broken { detail: "the number is not the one of its key".to_owned() },
                Err(trouble) => trouble,
            },
            _ => return,
        };
        match trouble {
            Unreadable::TooNew { version } => self.out.blocked = Some(self.out.blocked.unwrap_or(0).max(version)),
            Unreadable::Broken { detail } => self.set_aside(source, found.clone(), raw(), Why::Unreadable { detail }),
        }
    }

    /// Keeps a record under another key and frees its own.
    fn set_aside(&mut self, store: Source, key: Key, raw: String, why: Why) {
        self.keep_raw(store, &raw);
        self.writes(store).push(Write::Remove(key.clone()));
        self.out.set_aside.push(SetAside { store, key, raw, why });
    }

    /// A name made of the content, so that the same record is kept once however often it is read.
    fn keep_raw(&mut self, store: Source, raw: &str) {
        let name: String = sha256(raw).chars().take(16).collect();
        let aside = Key::Aside(self.key.clone(), name);
        self.writes(store).push(Write::Set(aside, raw.to_owned()));
    }

    fn writes(&mut self, store: Source) -> &mut Vec<Write> {
        match store {
            Source::Local => &mut self.out.to_local,
            Source::Durable => &mut self.out.to_durable,
        }
    }

    /// Takes out of the store with the shorter chain what contradicts the other.
    fn settle_conflicts(&mut self) {
        let (local, durable) = (&self.sides[&Source::Local], &self.sides[&Source::Durable]);
        let differ = |n: &u64| durable.entries.get(n).is_some_and(|theirs| theirs.read.step != local.entries[n].read.step);
        let entries = local.entries.keys().copied().find(|n| differ(n));
        let snapshots = match (&local.snapshot, &durable.snapshot) {
            (Some(ours), Some(theirs)) if ours.read.revision == theirs.read.revision && ours.read.layer != theirs.read.layer => {
                Some(ours.read.revision)
            }
            _ => None,
        };
        let Some(first) = entries.into_iter().chain(snapshots).min() else { return };
        let before = first.saturating_sub(1);
        let loser = if local.head(before) > durable.head(before) { Source::Durable } else { Source::Local };
        let side = self.side(loser);
        let lost = side.entries.split_off(&first);
        let snapshot = side.snapshot.take_if(|snapshot| snapshot.read.revision >= first);
        for (n, found) in lost {
            // What both agree on, after what they do not, belongs to the loser's past as well.
            self.set_aside(loser, Key::Journal(self.key.clone(), n), found.raw, Why::Conflict);
        }
        if let Some(found) = snapshot {
            self.set_aside(loser, Key::Snapshot(self.key.clone()), found.raw, Why::Conflict);
        }
    }

    fn entry(&self, n: u64, sources: &[Source]) -> Option<&Found<Entry>> {
        sources.iter().find_map(|source| self.sides.get(source)?.entries.get(&n))
    }

    fn snapshot(&self, source: Source) -> Option<&Found<Snapshot>> {
        self.sides.get(&source).and_then(|side| side.snapshot.as_ref())
    }

    fn run(&mut self) {
        let mut starts: Vec<Option<Source>> =
            [Source::Durable, Source::Local].into_iter().filter(|source| self.snapshot(*source).is_some()).map(Some).collect();
        crate::sorted::sort_by_key(&mut starts, |start| {
            std::cmp::Reverse(start.and_then(|source| self.snapshot(source)).map(|found| found.read.revision))
        });
        starts.push(None);
        let last = self.sides.values().flat_map(|side| side.entries.keys().next_back()).max().copied().unwrap_or(0);
        let mut best: Option<(Option<Source>, Run)> = None;
        for start in starts {
            let run = self.run_from(start, BOTH);
            let reached = run.revision;
            if best.as_ref().is_none_or(|(_, best)| reached > best.revision) {
                best = Some((start, run));
            }
            if reached >= last {
                break;
            }
        }
        let Some((start, run)) = best else { return };
        self.report(start, &run);
        self.heal(start, &run);
        self.out.history = run.stacks.into_history();
        self.out.layer = run.layer;
        self.out.revision = run.revision;
        self.out.durable = self.out.durable.min(run.revision);
        self.out.at = run.at;
    }

    fn run_from(&self, start: Option<Source>, sources: &[Source]) -> Run {
        let snapshot = start.and_then(|source| self.snapshot(source)).map(|found| &found.read);
        let from = snapshot.map_or(0, |snapshot| snapshot.revision);
        // Steps before the snapshot tell what can be undone; they go back as far as none is missing.
        let mut first = from;
        while first > 0 && self.entry(first, sources).is_some() {
            first -= 1;
        }
        let mut stacks = Stacks::starting_at(first == 0);
        for n in first + 1..=from {
            if let Some(found) = self.entry(n, sources) {
                stacks.record(&found.read.step, found.read.made.as_ref());
            }
        }
        let mut project = Project::new("");
        project.layers.insert(self.key.clone(), snapshot.map(|snapshot| snapshot.layer.clone()).unwrap_or_default());
        let mut run = Run { layer: Layer::default(), stacks, revision: from, at: snapshot.map_or(0, |snapshot| snapshot.at), stop: Why::Gap };
        while let Some(found) = run.revision.checked_add(1).and_then(|n| self.entry(n, sources)) {
            let Some(edit) = run.stacks.edit_of(&found.read.step, found.read.made.as_ref()) else { break };
            if edit::apply(&mut project, &edit).is_err() {
                run.stop = Why::Conflict;
                break;
            }
            run.stacks.record(&found.read.step, found.read.made.as_ref());
            run.revision += 1;
            run.at = found.read.at;
        }
        run.layer = project.layers.remove(self.key).unwrap_or_default();
        run
    }

    /// Sets aside what comes after the head, and tells what was left out of what comes before it.
    fn report(&mut self, start: Option<Source>, run: &Run) {
        let from = start.and_then(|source| self.snapshot(source)).map_or(0, |found| found.read.revision);
        for source in [Source::Local, Source::Durable] {
            let beyond = self.side(source).entries.split_off(&run.revision.saturating_add(1));
            for (n, found) in beyond {
                let why = if n == run.revision + 1 { run.stop.clone() } else { Why::Gap };
                self.set_aside(source, Key::Journal(self.key.clone(), n), found.raw, why);
            }
        }
        let mut told: Vec<(Source, Key, String, Vec<ProblemCode>)> = Vec::new();
        for (source, side) in &self.sides {
            if let Some(found) = side.snapshot.as_ref().filter(|_| start == Some(*source)) {
                self.out.moved.extend(found.read.moved.iter().cloned());
                told.push((*source, Key::Snapshot(self.key.clone()), found.raw.clone(), found.read.refused.clone()));
            }
        }
        for n in from + 1..=run.revision {
            let Some(found) = self.entry(n, BOTH) else { continue };
            let source = if self.sides[&Source::Durable].entries.contains_key(&n) { Source::Durable } else { Source::Local };
            told.push((source, Key::Journal(self.key.clone(), n), found.raw.clone(), found.read.refused.clone()));
            let moved = found.read.moved.clone();
            self.out.moved.extend(moved);
        }
        for (store, key, raw, left_out) in told.into_iter().filter(|(.., left_out)| !left_out.is_empty()) {
            // The record itself stays in its place, but a later snapshot would not have what was left out.
            self.keep_raw(store, &raw);
            self.out.set_aside.push(SetAside { store, key, raw, why: Why::QuoteMismatch { left_out } });
        }
    }

    /// Gives each store what it lacks, so that either alone leads to the same layer.
    fn heal(&mut self, start: Option<Source>, run: &Run) {
        let key = || self.key.clone();
        let step = |n: u64, found: &Found<Entry>| Write::Set(Key::Journal(key(), n), found.raw.clone());
        let (local, durable) = (&self.sides[&Source::Local], &self.sides[&Source::Durable]);
        let missing = local.entries.iter().filter(|(n, _)| !durable.entries.contains_key(n));
        let mut to_durable: Vec<Write> = missing.map(|(n, found)| step(*n, found)).collect();
        if let Some(found) = local.snapshot.as_ref().filter(|_| start == Some(Source::Local)) {
            to_durable.push(Write::Set(Key::Snapshot(key()), found.raw.clone()));
        }
        let alone = self.run_from(local.snapshot.is_some().then_some(Source::Local), &[Source::Local]);
        let mut to_local = Vec::new();
        if alone.revision != run.revision || alone.layer != run.layer {
            let missing: Vec<(u64, Option<&Found<Entry>>)> =
                (alone.revision + 1..=run.revision).map(|n| (n, self.entry(n, BOTH))).take(COPIED + 1).collect();
            // An undo may be of a step that the local store no longer has, so only what says itself what it did is copied one by one.
            let edits = missing.iter().map(|(n, found)| {
                found.filter(|found| matches!(found.read.step, Step::Do(_)) || found.read.made.is_some()).map(|found| step(*n, found))
            });
            // Steps before the snapshot that was used were not tried on it.
            let from = start.and_then(|source| self.snapshot(source)).map_or(0, |found| found.read.revision);
            let next = alone.revision + 1;
            let follows = (from..run.revision).contains(&alone.revision) && missing.len() <= COPIED && !local.entries.contains_key(&next);
            to_local = match edits.collect::<Option<Vec<Write>>>().filter(|_| follows) {
                Some(edits) => edits,
                None => {
                    let snapshot = Write::Set(Key::Snapshot(key()), encode_snapshot(&self.document.text, run.revision, run.at, &run.layer));
                    // The durable store's snapshot is never behind, so that the next visit starts from it and finds nothing to heal.
                    to_durable.retain(|write| !matches!(write, Write::Set(Key::Snapshot(_), _)));
                    to_durable.push(snapshot.clone());
                    vec![snapshot]
                }
            };
        }
        self.out.to_durable.extend(to_durable);
        self.out.to_local.extend(to_local);
    }
}
