//! What both stores hold of a layer, and what each lacks.

use super::journal::{Entry, Snapshot, Unreadable};
use super::key::Key;
use super::reading::Around;
use super::recover::{BOTH, LOCAL, Recovered, SetAside, Source, Start, Why, Write};
use super::run::Run;
use crate::formats::ProblemCode;
use crate::history::Step;
use crate::project::{Document, LayerKey, sha256};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The most steps that are copied one by one to the local store; where it lacks more, it gets a snapshot.
const COPIED: usize = 64;

/// A record as it was found, and what it says. A copy costs nothing.
#[derive(Clone)]
pub(super) struct Found<T> {
    pub raw: Arc<String>,
    pub read: Arc<T>,
}

/// What one store has of the layer.
#[derive(Default)]
pub(super) struct Side {
    entries: BTreeMap<u64, Found<Entry>>,
    snapshot: Option<Found<Snapshot>>,
}

impl Side {
    /// The revision that its chain reaches, counted from `from` or from its snapshot, whichever is higher.
    pub(super) fn head(&self, from: u64) -> u64 {
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

/// What was found, and what comes of it.
pub(super) struct Recovery {
    pub document: Document,
    pub key: LayerKey,
    sides: BTreeMap<Source, Side>,
    pub out: Recovered,
}

impl Recovery {
    /// Nothing is found yet.
    pub(super) fn new(document: Document, key: LayerKey) -> Self {
        let sides = [Source::Local, Source::Durable].map(|source| (source, Side::default())).into();
        Self { document, key, sides, out: Recovered::default() }
    }

    pub(super) fn around(&self) -> Around<'_> {
        Around { key: &self.key, text: &self.document.text }
    }

    pub(super) fn side(&mut self, source: Source) -> &mut Side {
        self.sides.entry(source).or_default()
    }

    /// Takes a record that the local store has too, letter for letter, without reading it again.
    pub(super) fn has_twin(&mut self, source: Source, key: &Key, raw: &Arc<String>) -> bool {
        let local = &self.sides[&Source::Local];
        match key {
            Key::Journal(_, n) if source == Source::Durable => {
                let twin = local.entries.get(n).filter(|twin| twin.raw == *raw).cloned();
                twin.map(|twin| self.side(source).entries.insert(*n, twin)).is_some()
            }
            Key::Snapshot(_) if source == Source::Durable => {
                let twin = local.snapshot.as_ref().filter(|twin| twin.raw == *raw).cloned();
                twin.map(|twin| self.side(source).snapshot = Some(twin)).is_some()
            }
            _ => false,
        }
    }

    pub(super) fn take_snapshot(&mut self, source: Source, key: &Key, raw: &Arc<String>, read: Result<Snapshot, Unreadable>) {
        match read {
            Ok(read) => self.side(source).snapshot = Some(Found { raw: raw.clone(), read: Arc::new(read) }),
            Err(trouble) => self.take_unread(source, key, raw, trouble),
        }
    }

    pub(super) fn take_entry(&mut self, source: Source, key: &Key, raw: &Arc<String>, read: Result<Entry, Unreadable>) {
        let trouble = match (read, key) {
            (Ok(read), Key::Journal(_, n)) if read.n == *n && *n > 0 => {
                self.side(source).entries.insert(*n, Found { raw: raw.clone(), read: Arc::new(read) });
                return;
            }
            (Ok(_), _) => Unreadable::Broken { detail: "the number is not the one of its key".to_owned() },
            (Err(trouble), _) => trouble,
        };
        self.take_unread(source, key, raw, trouble);
    }

    fn take_unread(&mut self, source: Source, key: &Key, raw: &str, trouble: Unreadable) {
        match trouble {
            Unreadable::TooNew { version } => self.out.blocked = Some(self.out.blocked.unwrap_or(0).max(version)),
            Unreadable::Broken { detail } => self.set_aside(source, key.clone(), raw, Why::Unreadable { detail }),
        }
    }

    /// Keeps a record under another key and frees its own.
    fn set_aside(&mut self, store: Source, key: Key, raw: &str, why: Why) {
        self.keep_raw(store, raw);
        self.writes(store).push(Write::Remove(key.clone()));
        self.out.set_aside.push(SetAside { store, key, raw: raw.to_owned(), why });
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
    pub(super) fn settle_conflicts(&mut self) {
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
            self.set_aside(loser, Key::Journal(self.key.clone(), n), &found.raw, Why::Conflict);
        }
        if let Some(found) = snapshot {
            self.set_aside(loser, Key::Snapshot(self.key.clone()), &found.raw, Why::Conflict);
        }
    }

    pub(super) fn entry(&self, n: u64, sources: &[Source]) -> Option<&Found<Entry>> {
        sources.iter().find_map(|source| self.sides.get(source)?.entries.get(&n))
    }

    pub(super) fn snapshot(&self, source: Source) -> Option<&Found<Snapshot>> {
        self.sides.get(&source).and_then(|side| side.snapshot.as_ref())
    }

    /// The last step that either store has.
    pub(super) fn last(&self) -> u64 {
        self.sides.values().flat_map(|side| side.entries.keys().next_back()).max().copied().unwrap_or(0)
    }

    fn revision_of(&self, start: Start) -> u64 {
        start.and_then(|source| self.snapshot(source)).map_or(0, |found| found.read.revision)
    }

    /// Sets aside what comes after the head, and tells what was left out of what comes before it.
    pub(super) fn report(&mut self, run: &Run) {
        let (start, from) = (run.start, self.revision_of(run.start));
        for source in [Source::Local, Source::Durable] {
            let beyond = self.side(source).entries.split_off(&run.revision.saturating_add(1));
            for (n, found) in beyond {
                let why = if n == run.revision + 1 { run.stop.clone() } else { Why::Gap };
                self.set_aside(source, Key::Journal(self.key.clone(), n), &found.raw, why);
            }
        }
        let mut told: Vec<(Source, Key, Arc<String>, Vec<ProblemCode>)> = Vec::new();
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
            self.out.set_aside.push(SetAside { store, key, raw: String::clone(&raw), why: Why::QuoteMismatch { left_out } });
        }
    }

    /// Whether the local store alone has, letter for letter, all that the layer was made of, steps before its start left aside.
    pub(super) fn is_local_the_same(&self, run: &Run) -> bool {
        let start = run.start.and_then(|source| self.snapshot(source)).map(|found| &found.raw);
        let same =
            |n: u64| self.entry(n, LOCAL).zip(self.entry(n, BOTH)).is_some_and(|(local, either)| local.raw == either.raw && says_itself(&local.read));
        start == self.snapshot(Source::Local).map(|found| &found.raw) && (self.revision_of(run.start) + 1..=run.revision).all(same)
    }

    /// Gives each store what it lacks; whether that was all. If not, both lack a snapshot of the layer as it is. `alone`: what the
    /// local store alone comes to, where that has to be asked.
    pub(super) fn heal(&mut self, run: &Run, alone: Option<&Run>) -> bool {
        let key = || self.key.clone();
        let step = |n: u64, found: &Found<Entry>| Write::Set(Key::Journal(key(), n), String::clone(&found.raw));
        let (local, durable) = (&self.sides[&Source::Local], &self.sides[&Source::Durable]);
        let missing = local.entries.iter().filter(|(n, _)| !durable.entries.contains_key(n));
        let mut to_durable: Vec<Write> = missing.map(|(n, found)| step(*n, found)).collect();
        let snapshot = |found: &Found<Snapshot>| Write::Set(Key::Snapshot(key()), String::clone(&found.raw));
        let start = run.start.and_then(|source| self.snapshot(source));
        let own = start.filter(|_| run.start == Some(Source::Local)).map(snapshot);
        let to_local = match alone.filter(|alone| alone.revision != run.revision || alone.layer != run.layer) {
            None => Some(Vec::new()),
            Some(alone) => self.steps_that_lack(run, alone).or_else(|| {
                // The layer is as a snapshot has it: that is what the local store lacks.
                let whole = |found: &&Found<Snapshot>| found.read.revision == run.revision && found.read.refused.is_empty();
                start.filter(whole).map(|found| vec![snapshot(found)])
            }),
        };
        let is_all = to_local.is_some();
        to_durable.extend(own.filter(|_| is_all));
        self.out.to_durable.extend(to_durable);
        self.out.to_local.extend(to_local.into_iter().flatten());
        is_all
    }

    /// The steps that the local store lacks, where they are few and can be made there one by one.
    fn steps_that_lack(&self, run: &Run, alone: &Run) -> Option<Vec<Write>> {
        let missing: Vec<(u64, Option<&Found<Entry>>)> =
            (alone.revision + 1..=run.revision).map(|n| (n, self.entry(n, BOTH))).take(COPIED + 1).collect();
        // Steps before the snapshot that was used were not tried on it.
        let (from, next) = (self.revision_of(run.start), alone.revision + 1);
        let follows = (from..run.revision).contains(&alone.revision) && missing.len() <= COPIED && self.entry(next, LOCAL).is_none();
        // An undo may be of a step that the local store no longer has, so only what says itself what it did is copied one by one.
        let copied = |(n, found): (u64, Option<&Found<Entry>>)| {
            let found = found.filter(|found| says_itself(&found.read))?;
            Some(Write::Set(Key::Journal(self.key.clone(), n), String::clone(&found.raw)))
        };
        missing.into_iter().map(copied).collect::<Option<Vec<Write>>>().filter(|_| follows)
    }

    /// The layer is what these steps lead to.
    pub(super) fn end(&mut self, run: Run) {
        self.out.history = run.stacks.into_history();
        self.out.layer = run.layer;
        self.out.revision = run.revision;
        self.out.durable = self.out.durable.min(run.revision);
        self.out.at = run.at;
    }
}

/// Whether a step can be made without those before it.
fn says_itself(entry: &Entry) -> bool {
    matches!(entry.step, Step::Do(_)) || entry.made.is_some()
}
