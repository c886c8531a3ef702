//! Long steps: made in slices beside the work, which then takes them at once, or not at all.

use super::{refused, toast};
use crate::history::Step;
use crate::persist::WritingEntry;
use crate::plan::Refusal;
use crate::session::{Making, Outcome};
use crate::web::js;
use crate::web::review;
use crate::web::slices::{SLICE, rest, slice};
use crate::web::state::{Lines, Notice, Offer, Tone, Work};
use crate::web::storage::library::{dismiss, notify};
use crate::web::storage::saver::LongEntry;
use crate::web::store::StoreRef;
use crate::web::timing::now;
use std::cell::Cell;

/// A step that changes more records than this is long.
pub const LONG: usize = 300;
/// Changes between two looks at the clock.
const SOME: usize = 50;
/// How long it may take before its progress is shown, in milliseconds.
const SHORT: f64 = 400.0;
/// Progress is shown in steps of so many hundredths.
const STEP: usize = 10;

/// A long step under way. There is one at most; while it is held, no other step is made.
pub struct Underway {
    store: StoreRef,
    turn: u32,
    began: f64,
    /// When the page could answer last.
    rested: Cell<f64>,
    /// What is shown of its progress.
    shown: Cell<Option<usize>>,
}

/// The step was stopped; nothing has changed.
pub struct Stopped;

/// Whether a long step is under way.
#[must_use]
pub fn is_under_way(store: &StoreRef) -> bool {
    store.state().long.1
}

/// Waits until no long step is under way.
pub async fn ended(store: &StoreRef) {
    while is_under_way(store) {
        rest().await;
    }
}

/// Stops the long step; nothing of it is done.
pub fn stop(store: &StoreRef) {
    store.update(|state| state.long.1 = false);
}

impl Underway {
    /// Begins a long step; `None` where another one is under way, which is told.
    #[must_use]
    pub fn begin(store: &StoreRef) -> Option<Self> {
        if is_under_way(store) {
            refused(store, &Refusal::UnderWay);
            return None;
        }
        let turn = store.update(|state| {
            state.long = (state.long.0 + 1, true);
            state.long.0
        });
        Some(Self { store: store.clone(), turn, began: now(), rested: Cell::new(now()), shown: Cell::new(None) })
    }

    /// Lets the page answer where it could not for a slice, and shows how many hundredths are done.
    ///
    /// # Errors
    /// When it was stopped.
    pub async fn rest(&self, hundredths: usize) -> Result<(), Stopped> {
        if now() - self.rested.get() < SLICE {
            return self.goes_on();
        }
        let step = Some(hundredths / STEP);
        if now() - self.began > SHORT && self.shown.replace(step) != step {
            let words = ("notice.step", vec![("n", hundredths.to_string())]);
            let notice = Notice { key: "notice.step", tone: Tone::Calm, words, lines: Lines::default(), offer: Some(Offer::StopStep) };
            notify(&self.store, notice);
        }
        rest().await;
        self.rested.set(now());
        self.goes_on()
    }

    fn goes_on(&self) -> Result<(), Stopped> {
        if self.store.state().long == (self.turn, true) { Ok(()) } else { Err(Stopped) }
    }

    /// Makes a step, and has the work take it; what then depends on it is changed in the same moment. It is told why where it is
    /// refused. `from`: how many hundredths were done before.
    ///
    /// # Errors
    /// When it was stopped.
    pub async fn make(&self, making: Making, from: usize, then: impl FnOnce(&mut Work, &Outcome)) -> Result<Option<Outcome>, Stopped> {
        let result = self.prepare(making, from).await?.and_then(|made| self.commit(made, then));
        Ok(result.inspect_err(|refusal| refused(&self.store, refusal)).ok())
    }

    async fn prepare(&self, mut making: Making, from: usize) -> Result<Result<Made, Refusal>, Stopped> {
        // Three parts of about the same length.
        let share = |part: usize, done: usize| from + (100 - from) * (part * 100 + done) / 300;
        let mut refusal = None;
        while !slice(&mut || making.step(SOME).unwrap_or_else(|why| refusal.replace(why).is_none())) {
            self.rest(share(0, making.hundredths())).await?;
        }
        if let Some(refusal) = refusal {
            return Ok(Err(refusal));
        }
        let Some(text) = making.document().map(|document| document.text.clone()) else { return Ok(Err(Refusal::NoLayer)) };
        let at = js::now();
        let (step, edit) = making.of();
        // What an undo of a long step did is told by that step, which the stores have: it need not be written again.
        let mut writing = WritingEntry::new(making.revision(), at, step, matches!(step, Step::Do(_)).then(|| edit.clone()));
        // All changes are to records of the layer, for they were made in a session on it.
        while !slice(&mut || writing.step(&text, SOME).unwrap_or(true)) {
            self.rest(share(1, writing.hundredths())).await?;
        }
        let entry = LongEntry::new(writing.finish());
        self.rest(share(2, 0)).await?;
        let ahead = match making.layer() {
            Some(gold) => review::look_ahead(&self.store, gold, async |done| self.rest(share(2, done)).await).await?,
            None => None,
        };
        Ok(Ok(Made { making, entry, at, ahead }))
    }

    fn commit(&self, made: Made, then: impl FnOnce(&mut Work, &Outcome)) -> Result<Outcome, Refusal> {
        let store = &self.store;
        store.update_text_first(|state| {
            let work = state.work.as_mut().ok_or(Refusal::NoLayer)?;
            let outcome = work.session.take_made(made.making)?;
            then(work, &outcome);
            crate::web::checks::note(work, &outcome);
            store.saver.append_long(work, &outcome, made.at, made.entry);
            state.save = store.saver.state();
            if let Some(ahead) = made.ahead {
                ahead.take(state);
            }
            state.long.1 = false;
            Ok(outcome)
        })
    }

    /// Says that it was stopped.
    pub fn tell_stopped(&self) {
        toast(&self.store, |words| words.get("work.stopped"));
    }
}

impl Drop for Underway {
    fn drop(&mut self) {
        dismiss(&self.store, "notice.step");
        if self.goes_on().is_ok() {
            stop(&self.store);
        }
    }
}

/// A step ready to be taken.
struct Made {
    making: Making,
    /// Its record for the journal, and the time that this says.
    entry: LongEntry,
    at: u64,
    /// How the review stands after it.
    ahead: Option<review::Ahead>,
}
