//! Standing: how far the differences of a comparison are decided, brought up to date by looking only at decisions that changed.

use super::Progress;
use super::record::{Decision, Judged, Record, State, records};
use crate::annotation::Remark;
use crate::compare::{Comparison, Subject};
use crate::layer::Layer;
use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// How far the differences of one comparison are decided.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    judged: Judged,
    /// The gold layer as it was looked at last.
    gold: Layer,
    /// Remarks of it that were found to have changed and are still to be followed, the last one first.
    pending: Vec<Changed>,
    /// How many were found when the last ones were.
    found: usize,
    /// What each record belongs to; the same in all copies.
    subjects: Arc<HashMap<Record, Subject>>,
    items: Vec<Stand>,
    ties: Vec<Stand>,
    progress: Progress,
}

/// A remark as it was and as it is.
type Changed = (Option<Arc<Remark>>, Option<Arc<Remark>>);

/// How one subject stands.
#[derive(Clone, Copy, Debug)]
struct Stand {
    state: State,
    /// Whether it is a difference.
    differs: bool,
    /// Whether it is an item on which all agree.
    agreed: bool,
}

impl Standing {
    /// How a comparison stands in a gold layer.
    #[must_use]
    pub fn of(comparison: &Comparison, gold: &Layer) -> Self {
        let mut standing = Self::new(comparison);
        standing.follow(comparison, gold);
        standing
    }

    /// How a comparison stands before anything is decided.
    #[must_use]
    pub fn new(comparison: &Comparison) -> Self {
        let mut standing = Self::default();
        let subjects = (0..comparison.items.len()).map(Subject::Item).chain((0..comparison.ties.len()).map(Subject::Tie));
        let records = subjects.flat_map(|subject| records(comparison, subject).map(move |(record, _)| (record, subject)));
        standing.subjects = Arc::new(records.collect());
        standing.items = comparison.items.iter().map(|item| Stand { state: State::Open, differs: false, agreed: item.is_agreed() }).collect();
        standing.ties = vec![Stand { state: State::Open, differs: false, agreed: false }; comparison.ties.len()];
        for difference in &comparison.differences {
            if let Some(stand) = standing.stand(difference.subject) {
                stand.differs = true;
            }
        }
        let agreed_left = standing.items.iter().filter(|stand| stand.agreed).count();
        standing.progress = Progress { all: comparison.differences.len(), agreed_left, ..Progress::default() };
        standing
    }

    fn stand(&mut self, subject: Subject) -> Option<&mut Stand> {
        match subject {
            Subject::Item(place) => self.items.get_mut(place),
            Subject::Tie(place) => self.ties.get_mut(place),
        }
    }

    /// Follows the gold layer. The comparison is the one that it was made of.
    pub fn follow(&mut self, comparison: &Comparison, gold: &Layer) {
        while !self.follow_some(comparison, gold, usize::MAX) {}
    }

    /// Follows so many of the decisions that changed; whether that was all.
    pub fn follow_some(&mut self, comparison: &Comparison, gold: &Layer, count: usize) -> bool {
        if !self.gold.is_same(gold) {
            // What is still to be followed was found in an earlier layer; it comes first.
            let mut found = changed(&self.gold, gold);
            found.reverse();
            found.append(&mut self.pending);
            self.pending = found;
            self.found = self.pending.len();
            self.gold = gold.clone();
        }
        let mut touched: BTreeSet<Subject> = BTreeSet::new();
        for _ in 0..count {
            let Some((gone, come)) = self.pending.pop() else { break };
            let (gone, come) = (gone.and_then(|remark| Decision::read(&remark)), come.and_then(|remark| Decision::read(&remark)));
            let sources = gone.iter().chain(&come).flat_map(|decision| &decision.sources);
            touched.extend(sources.filter_map(|source| self.subjects.get(&source.record)));
            if let Some(decision) = gone {
                self.judged.remove(&decision);
            }
            if let Some(decision) = come {
                self.judged.add(&decision);
            }
        }
        for subject in touched {
            let state = self.judged.state(comparison, subject);
            let Some(stand) = self.stand(subject) else { continue };
            let was = *stand;
            stand.state = state;
            self.count(was, state);
        }
        self.pending.is_empty()
    }

    /// How many hundredths of what changed last were followed.
    #[must_use]
    pub fn hundredths(&self) -> usize {
        let left = (self.pending.len() * 100).checked_div(self.found).unwrap_or(0);
        100_usize.saturating_sub(left)
    }

    fn count(&mut self, was: Stand, now: State) {
        let progress = &mut self.progress;
        if was.differs {
            for (state, count) in [(State::Decided, &mut progress.decided), (State::Postponed, &mut progress.postponed)] {
                *count = *count + usize::from(now == state) - usize::from(was.state == state);
            }
        }
        if was.agreed {
            let left = |state: State| usize::from(state != State::Decided);
            progress.agreed_left = progress.agreed_left + left(now) - left(was.state);
        }
    }

    /// Whether a subject is decided.
    #[must_use]
    pub fn state(&self, subject: Subject) -> State {
        let stand = match subject {
            Subject::Item(place) => self.items.get(place),
            Subject::Tie(place) => self.ties.get(place),
        };
        stand.map_or(State::Open, |stand| stand.state)
    }

    /// How far it has come.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// The decisions.
    #[must_use]
    pub fn judged(&self) -> &Judged {
        &self.judged
    }
}

/// Remarks that are not one and the same in two layers, as the one has them and the other.
fn changed(before: &Layer, after: &Layer) -> Vec<Changed> {
    let (mut old, mut new) = (before.remarks().peekable(), after.remarks().peekable());
    let mut found = Vec::new();
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => return found,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(old), Some(new)) => old.id.cmp(&new.id),
        };
        let gone = if order.is_le() { old.next() } else { None };
        let come = if order.is_ge() { new.next() } else { None };
        if !gone.zip(come).is_some_and(|(gone, come)| Arc::ptr_eq(gone, come)) {
            found.push((gone.cloned(), come.cloned()));
        }
    }
}
