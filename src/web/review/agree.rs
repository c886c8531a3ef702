//! Taking at once what is agreed, or what somebody said: planned, made and written in slices, taken in one moment, or not at all.

use super::act::{advance, case, said, show_places, tell, tell_undecided};
use super::model::open_review;
use crate::adjudicate::{Agreeing, Case, Rule, Said, State as Decided};
use crate::compare::Comparison;
use crate::layer::Layer;
use crate::plan::Command;
use crate::session::Outcome;
use crate::web::act;
use crate::web::act::long::{Stopped, Underway};
use crate::web::slices::slice;
use crate::web::store::StoreRef;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// How many hundredths of it planning is, about.
const PLANNING: usize = 40;
/// Subjects that are looked at between two looks at the clock.
const SOME: usize = 50;

/// Takes everything that is not decided and has a word by the rule, in one step, which is planned and made in slices.
pub fn take_agreed(store: &StoreRef, rule: Rule) {
    let Some(underway) = Underway::begin(store) else { return };
    let (store, said) = (store.clone(), said(store, ""));
    spawn_local(async move {
        match take_all(&store, &underway, rule, said).await {
            Ok(Some(outcome)) => tell_taken(&store, &outcome),
            Ok(None) => {}
            Err(Stopped) => underway.tell_stopped(),
        }
    });
}

/// What it did; nothing where it was refused, which was told.
async fn take_all(store: &StoreRef, underway: &Underway, rule: Rule, said: Said) -> Result<Option<Outcome>, Stopped> {
    let mut agreeing = with_case(store, |case| Agreeing::new(case, rule, said)).ok_or(Stopped)?;
    // What it is planned on is the same all the while, or it is not done.
    let begun = planned_on(store);
    while !with_case(store, |case| slice(&mut || agreeing.step(case, SOME))).ok_or(Stopped)? {
        let hundredths = with_case(store, |case| agreeing.hundredths(case)).unwrap_or(0);
        underway.rest(hundredths * PLANNING / 100).await?;
        if !is_planned_on(store, begun.as_ref()) {
            return Err(Stopped);
        }
    }
    match with_case(store, |case| agreeing.finish(case)).ok_or(Stopped)? {
        Ok(edit) => {
            underway.rest(PLANNING).await?;
            let begun = store.state().work.as_ref().map(|work| work.session.begin(Command::Amend(edit)));
            match begun.ok_or(Stopped)? {
                Ok(making) => underway.make(making, PLANNING, |_, _| {}).await,
                Err(refusal) => {
                    act::toast(store, |words| words.get(act::refusal_key(&refusal)));
                    Ok(None)
                }
            }
        }
        Err(why) => {
            tell_undecided(store, why);
            Ok(None)
        }
    }
}

/// What is decided on as it is now.
fn with_case<T>(store: &StoreRef, with: impl FnOnce(&Case<'_>) -> T) -> Option<T> {
    let state = store.state();
    let (review, work) = open_review(&state)?;
    let standing = review.standing(work.session.layer());
    Some(with(&case(review, work, &standing)))
}

fn planned_on(store: &StoreRef) -> Option<(Layer, Rc<Comparison>)> {
    open_review(&store.state()).map(|(review, work)| (work.session.layer().clone(), review.comparison.clone()))
}

fn is_planned_on(store: &StoreRef, begun: Option<&(Layer, Rc<Comparison>)>) -> bool {
    let now = planned_on(store);
    now.as_ref().zip(begun).is_some_and(|(now, begun)| now.0.is_same(&begun.0) && Rc::ptr_eq(&now.1, &begun.1))
}

fn tell_taken(store: &StoreRef, outcome: &Outcome) {
    let count = outcome.touched().count();
    tell(store, |words| words.count("review.taken", count));
    show_places(store);
    let decided = {
        let state = store.state();
        open_review(&state).is_some_and(|(review, work)| {
            let standing = review.standing(work.session.layer());
            review.chosen().is_none_or(|chosen| standing.state(chosen.subject) == Decided::Decided)
        })
    };
    if decided {
        advance(store);
    }
}
