//! Reading a layer back from both stores, each of which may lack, damage or contradict what the other has.
//!
//! The durable store keeps every step for ever, and a snapshot as a cache; the local one a snapshot and the last steps.
//! Steps of both are united by number. Where the two contradict each other, the longer chain wins from there on, and the
//! other's steps are set aside. What does not fit or cannot be read is set aside too: it is written under another key
//! before its own key is freed.

use super::key::Key;
use super::reading::{Reading, TakingEntry, TakingSnapshot};
use super::recovery::Recovery;
use super::run::{Run, Running};
use super::writing::WritingSnapshot;
use crate::formats::ProblemCode;
use crate::history::History;
use crate::layer::Layer;
use crate::project::{Document, LayerKey};
use std::sync::Arc;

/// Both stores; of the same step in both, the durable one's is read.
pub(super) const BOTH: &[Source] = &[Source::Durable, Source::Local];
/// The local one alone.
pub(super) const LOCAL: &[Source] = &[Source::Local];

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

/// Reads a layer back. Records of other layers, documents and what was set aside before are passed over.
#[must_use]
pub fn recover(document: &Document, key: &LayerKey, local: Vec<(Key, String)>, durable: Vec<(Key, String)>) -> Recovered {
    Recovering::new(document, key, local, durable).finish()
}

/// The same, some labels at a time.
pub struct Recovering {
    recovery: Recovery,
    records: Vec<(Source, Key, Arc<String>)>,
    /// How many of them were taken.
    taken: usize,
    stage: Stage,
}

/// Which store's snapshot steps are made from; nothing where they are made from the beginning.
pub(super) type Start = Option<Source>;

/// What is being done.
enum Stage {
    /// The next record is taken.
    Take,
    ReadEntry(Reading<TakingEntry>),
    ReadSnapshot(Reading<TakingSnapshot>),
    /// Steps are made from a start on; then the best that others came to, and the starts that are left.
    Run(Running, Option<Run>, Vec<Start>),
    /// The same from what the local store has alone; then what both together came to.
    Alone(Running, Run),
    /// A snapshot is written, which a store lacks.
    Write(WritingSnapshot, Run),
    Done,
}

impl Recovering {
    /// The layer with this key on this document, from what each store holds; nothing is read yet.
    #[must_use]
    pub fn new(document: &Document, key: &LayerKey, local: Vec<(Key, String)>, durable: Vec<(Key, String)>) -> Self {
        let recovery = Recovery::new(document.clone(), key.clone());
        let records = local.into_iter().map(|record| (Source::Local, record)).chain(durable.into_iter().map(|record| (Source::Durable, record)));
        let own = records.filter(|(_, (found, _))| found.layer() == Some(key) && !matches!(found, Key::Aside(..)));
        let records = own.map(|(source, (found, raw))| (source, found, Arc::new(raw))).collect();
        Self { recovery, records, taken: 0, stage: Stage::Take }
    }

    /// Reads, makes or writes so many more labels, or does what cannot be parted; whether all is done.
    pub fn step(&mut self, labels: usize) -> bool {
        self.stage = match std::mem::replace(&mut self.stage, Stage::Done) {
            Stage::Take => self.take(),
            Stage::ReadEntry(mut reading) => match self.records.get(self.taken) {
                Some((source, key, raw)) if reading.step(raw, &self.recovery.around(), labels) => {
                    let read = reading.finish(raw, &self.recovery.around());
                    self.recovery.take_entry(*source, key, raw, read);
                    self.taken += 1;
                    Stage::Take
                }
                _ => Stage::ReadEntry(reading),
            },
            Stage::ReadSnapshot(mut reading) => match self.records.get(self.taken) {
                Some((source, key, raw)) if reading.step(raw, &self.recovery.around(), labels) => {
                    let read = reading.finish(raw, &self.recovery.around());
                    self.recovery.take_snapshot(*source, key, raw, read);
                    self.taken += 1;
                    Stage::Take
                }
                _ => Stage::ReadSnapshot(reading),
            },
            Stage::Run(mut running, best, starts) => {
                if running.step(&self.recovery, labels) {
                    self.ran(running.finish(&self.recovery), best, starts)
                } else {
                    Stage::Run(running, best, starts)
                }
            }
            Stage::Alone(mut running, run) => {
                if running.step(&self.recovery, labels) {
                    self.heal(run, Some(&running.finish(&self.recovery)))
                } else {
                    Stage::Alone(running, run)
                }
            }
            Stage::Write(mut writing, run) => {
                if writing.step(&self.recovery.document.text, labels) {
                    let raw = writing.finish(&self.recovery.document.text);
                    let snapshot = Write::Set(Key::Snapshot(self.recovery.key.clone()), raw);
                    // The durable store's snapshot is never behind, so that the next visit starts from it and finds nothing to heal.
                    self.recovery.out.to_durable.push(snapshot.clone());
                    self.recovery.out.to_local.push(snapshot);
                    self.recovery.end(run);
                    Stage::Done
                } else {
                    Stage::Write(writing, run)
                }
            }
            Stage::Done => Stage::Done,
        };
        matches!(self.stage, Stage::Done)
    }

    /// The layer; what is left is done at once.
    #[must_use]
    pub fn finish(mut self) -> Recovered {
        while !self.step(usize::MAX) {}
        self.recovery.out
    }

    /// What comes after the records that were taken.
    fn take(&mut self) -> Stage {
        let Some((source, key, raw)) = self.records.get(self.taken) else { return self.start() };
        if self.recovery.has_twin(*source, key, raw) {
            self.taken += 1;
            return Stage::Take;
        }
        match key {
            Key::Journal(..) => Stage::ReadEntry(Reading::default()),
            Key::Snapshot(_) => Stage::ReadSnapshot(Reading::default()),
            _ => {
                self.taken += 1;
                Stage::Take
            }
        }
    }

    /// All records are taken.
    fn start(&mut self) -> Stage {
        if let Some(version) = self.recovery.out.blocked {
            let aside =
                |(store, key, raw): (Source, Key, Arc<String>)| SetAside { store, key, raw: String::clone(&raw), why: Why::TooNew { version } };
            let set_aside = std::mem::take(&mut self.records).into_iter().map(aside).collect();
            self.recovery.out = Recovered { set_aside, blocked: Some(version), ..Recovered::default() };
            return Stage::Done;
        }
        let recovery = &mut self.recovery;
        recovery.settle_conflicts();
        recovery.out.durable = recovery.side(Source::Durable).head(0);
        let mut starts: Vec<Start> = vec![None];
        // The last one comes first.
        starts.extend([Source::Local, Source::Durable].into_iter().filter(|source| recovery.snapshot(*source).is_some()).map(Some));
        crate::sorted::sort_by_key(&mut starts, |start| start.and_then(|source| recovery.snapshot(source)).map(|found| found.read.revision));
        self.run(None, starts)
    }

    /// Makes steps from the next start on.
    fn run(&mut self, best: Option<Run>, mut starts: Vec<Start>) -> Stage {
        match (starts.pop(), best) {
            (Some(start), best) => Stage::Run(Running::new(&self.recovery, start, BOTH), best, starts),
            (None, Some(run)) => self.report(run),
            (None, None) => Stage::Done,
        }
    }

    /// What comes after one start was followed.
    fn ran(&mut self, run: Run, best: Option<Run>, starts: Vec<Start>) -> Stage {
        let reached = run.revision;
        let best = best.filter(|best| best.revision >= reached).unwrap_or(run);
        if reached >= self.recovery.last() { self.report(best) } else { self.run(Some(best), starts) }
    }

    /// The start that leads furthest is known.
    fn report(&mut self, run: Run) -> Stage {
        self.recovery.report(&run);
        if self.recovery.is_local_the_same(&run) {
            return self.heal(run, None);
        }
        let start = self.recovery.snapshot(Source::Local).map(|_| Source::Local);
        Stage::Alone(Running::new(&self.recovery, start, LOCAL), run)
    }

    /// Gives each store what it lacks, so that either alone leads to the same layer.
    fn heal(&mut self, run: Run, alone: Option<&Run>) -> Stage {
        if self.recovery.heal(&run, alone) {
            self.recovery.end(run);
            Stage::Done
        } else {
            let writing = WritingSnapshot::new(run.revision, run.at, &run.layer);
            Stage::Write(writing, run)
        }
    }
}
