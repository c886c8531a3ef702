//! The comparison is made in slices, so that the page answers meanwhile; it can be stopped and begun again.

use super::act::show_places;
use super::model::{Comparing as Progress, open_review, with_review};
use crate::adjudicate::{self, Standing};
use crate::compare::{Comparing, Comparison};
use crate::id::Annotator;
use crate::layer::Layer;
use crate::web::act::long::Stopped;
use crate::web::slices::{rest, slice};
use crate::web::state::State;
use crate::web::store::StoreRef;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// Labels, or decisions, between two looks at the clock.
const LABELS: usize = 400;
/// The same for decisions that are looked at as they will be.
const SOME: usize = 50;
/// Progress is shown in steps of so many hundredths.
const STEP: usize = 10;

/// Compares the layers that are on anew, without waiting for it.
pub fn compare_again(store: &StoreRef) {
    let store = store.clone();
    spawn_local(async move { compare(&store).await });
}

/// Stops the comparison; what was compared before stays.
pub fn stop(store: &StoreRef) {
    with_review(store, |review| {
        review.turn += 1;
        review.comparing = Progress::Stopped;
    });
}

/// Compares the layers that are on anew.
pub async fn compare(store: &StoreRef) {
    let begun = with_review(store, |review| {
        review.turn += 1;
        (review.turn, review.on())
    });
    let Some((turn, on)) = begun else { return };
    let Some(comparison) = compared(on, |done| is_latest(store, turn) && tell(store, done)).await else { return };
    let Some(standing) = stood(store, &comparison, || is_latest(store, turn)).await else { return };
    let is_taken = is_latest(store, turn);
    if is_taken {
        take(store, comparison, standing);
        show_places(store);
    }
}

fn is_latest(store: &StoreRef, turn: u32) -> bool {
    store.state().review.as_ref().is_some_and(|review| review.turn == turn)
}

/// Shows how far it is; always goes on.
fn tell(store: &StoreRef, done: usize) -> bool {
    let shown = match store.state().review.as_ref().map(|review| review.comparing) {
        Some(Progress::Running(shown)) => Some(shown),
        _ => None,
    };
    if shown.is_none_or(|shown| shown / STEP != done / STEP) {
        with_review(store, |review| review.comparing = Progress::Running(done));
    }
    true
}

/// Compares layers in slices. Between them `goes_on` hears how many hundredths are done; `None` where it does not go on.
pub async fn compared(layers: Vec<(Annotator, Layer)>, goes_on: impl Fn(usize) -> bool) -> Option<Rc<Comparison>> {
    if layers.len() < 2 {
        return Some(Rc::default());
    }
    let mut comparing = Comparing::new(layers);
    while !slice(&mut || comparing.step(LABELS)) {
        if !goes_on(comparing.hundredths()) {
            return None;
        }
        rest().await;
    }
    Some(Rc::new(comparing.finish()))
}

/// How a comparison stands in the open gold layer, looked at in slices.
async fn stood(store: &StoreRef, comparison: &Comparison, goes_on: impl Fn() -> bool) -> Option<Standing> {
    let gold = store.state().work.as_ref()?.session.layer().clone();
    if comparison.items.len() > LABELS {
        rest().await;
    }
    let mut standing = Standing::new(comparison);
    while !slice(&mut || standing.follow_some(comparison, &gold, LABELS)) {
        if !goes_on() {
            return None;
        }
        rest().await;
    }
    Some(standing)
}

/// How the review stands once the gold layer is another one.
pub struct Ahead {
    comparison: Rc<Comparison>,
    standing: Standing,
}

impl Ahead {
    /// Takes the place of how it stood, as the gold layer becomes that one.
    pub fn take(self, state: &mut State) {
        if let Some(review) = state.review.as_mut().filter(|review| Rc::ptr_eq(&review.comparison, &self.comparison)) {
            Rc::make_mut(review).kept = Rc::new(RefCell::new(self.standing));
        }
    }
}

/// Looks in slices how the open review, if there is one, will stand once the gold layer is this one. Between them `goes_on` hears
/// how many hundredths are done.
///
/// # Errors
/// When it is stopped.
pub async fn look_ahead(store: &StoreRef, gold: &Layer, goes_on: impl AsyncFn(usize) -> Result<(), Stopped>) -> Result<Option<Ahead>, Stopped> {
    let now = open_review(&store.state()).map(|(review, work)| (review.comparison.clone(), review.standing(work.session.layer()).clone()));
    let Some((comparison, mut standing)) = now else { return Ok(None) };
    goes_on(0).await?;
    while !slice(&mut || standing.follow_some(&comparison, gold, SOME)) {
        goes_on(standing.hundredths()).await?;
    }
    Ok(Some(Ahead { comparison, standing }))
}

/// A comparison takes the place of the one before. What was chosen stays chosen where it is there still; else what is to be
/// decided next.
fn take(store: &StoreRef, comparison: Rc<Comparison>, standing: Standing) {
    with_review(store, |review| {
        let chosen = review.chosen().map(|chosen| chosen.hull);
        let same = chosen.and_then(|hull| comparison.differences.iter().position(|found| found.hull == hull));
        let next = || adjudicate::next_open(&comparison, &standing, &|_| true, 0).or_else(|| (!comparison.differences.is_empty()).then_some(0));
        review.current = same.or_else(next);
        review.comparison = comparison.clone();
        review.kept = Rc::new(RefCell::new(standing));
        review.comparing = Progress::Done;
    });
}
