//! What keys and buttons of the review do: walk, decide, take what is agreed, talk.

use super::agree::take_agreed;
use super::begin::go_to;
use super::keys::Asked;
use super::model::{Mode, Review, open_review, with_review};
use super::slices::compare_again;
use crate::adjudicate::comments::Comment;
use crate::adjudicate::{self, Case, Choice, Record, Said, Standing, State as Decided, Undecided};
use crate::compare::Subject;
use crate::edit::{Change, Delta, Edit};
use crate::id::AnnotationId;
use crate::plan::Command;
use crate::span::Span;
use crate::text::Offset;
use crate::web::act::{self, Towards};
use crate::web::js;
use crate::web::place;
use crate::web::reader::input::focus_on;
use crate::web::state::{Find, Route, Selection, Work};
use crate::web::storage::open;
use crate::web::store::StoreRef;
use crate::web::words::Words;
use gloo::timers::future::TimeoutFuture;
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen_futures::spawn_local;

/// The reasons that are offered for a rejection; their words are `review.reason.…`.
pub const REASONS: [&str; 6] = ["edges", "label", "guidelines", "nothing", "twice", "doubtful"];

/// Does what was asked for.
pub fn perform(store: &StoreRef, asked: Asked) {
    match asked {
        Asked::Step(towards) => step(store, towards),
        Asked::NextOpen => advance(store),
        Asked::Decide(Choice::Reject) => {
            if store.state().review.as_ref().is_some_and(|review| review.current.is_some()) {
                set_mode(store, Mode::Reject);
            }
        }
        Asked::Decide(choice) => decide(store, choice, ""),
        Asked::TakeAgreed(rule) => take_agreed(store, rule),
        Asked::Reason(place) => {
            if let Some(reason) = REASONS.get(place) {
                decide(store, Choice::Reject, reason);
            }
        }
        Asked::Leave => leave(store),
        Asked::Note => focus_on("[data-testid=review-note]"),
        Asked::Comment => focus_on("[data-testid=comment-text]"),
        Asked::Names => drop(with_review(store, |review| review.nameless = !review.nameless)),
        Asked::Switch(place) => switch(store, place),
        Asked::OpenOnly => drop(with_review(store, |review| review.open_only = !review.open_only)),
        Asked::Nothing => {}
    }
}

/// Says something in the review's words, to those who see the page and those who listen to it.
pub fn tell(store: &StoreRef, line: impl FnOnce(&Words) -> String) {
    let words = super::words(store.state().settings.language);
    if let Some(words) = words {
        act::toast(store, |_| line(&words));
    }
}

fn set_mode(store: &StoreRef, mode: Mode) {
    with_review(store, |review| review.mode = mode);
}

/// Chooses a difference, and brings its place into view.
pub fn choose(store: &StoreRef, place: usize) {
    with_review(store, |review| {
        review.current = Some(place);
        review.mode = Mode::Walk;
    });
    show_places(store);
    store.update(|state| {
        let start = state.review.as_ref().and_then(|review| review.chosen().map(|chosen| chosen.hull.start()));
        if let (Some(start), Some(work)) = (start, state.work.as_mut()) {
            work.reveal = (work.reveal.0 + 1, start);
            work.chosen = None;
            work.selection = Selection::caret(start);
        }
    });
}

fn step(store: &StoreRef, towards: Towards) {
    let next = {
        let state = store.state();
        let Some((review, work)) = open_review(&state) else { return };
        let listed: Vec<usize> = listed(review, &review.standing(work.session.layer()));
        let at = review.current.unwrap_or(0);
        match towards {
            Towards::Next if review.current.is_none() => listed.first().copied(),
            Towards::Next => listed.iter().copied().find(|place| *place > at).or_else(|| listed.first().copied()),
            Towards::Previous => listed.iter().copied().rev().find(|place| *place < at).or_else(|| listed.last().copied()),
        }
    };
    if let Some(next) = next {
        choose(store, next);
    }
}

/// The places of the differences that are listed.
#[must_use]
pub fn listed(review: &Review, standing: &Standing) -> Vec<usize> {
    let all = review.comparison.differences.iter().enumerate();
    all.filter(|(_, difference)| review.lists(standing, difference)).map(|(place, _)| place).collect()
}

/// To the next difference that is not decided.
pub fn advance(store: &StoreRef) {
    let next = {
        let state = store.state();
        let Some((review, work)) = open_review(&state) else { return };
        let standing = review.standing(work.session.layer());
        let from = review.current.map_or(0, |current| current + 1);
        adjudicate::next_open(&review.comparison, &standing, &|difference| review.comparison.wants(&review.filter, difference), from)
    };
    match next {
        Some(next) => choose(store, next),
        None => {
            show_places(store);
            tell(store, |words| words.get("review.all-decided"));
        }
    }
}

/// The places that are not decided are marked in the text; the chosen one more than the others.
pub fn show_places(store: &StoreRef) {
    store.update(|state| {
        let Some((review, work)) = open_review(state) else { return };
        let standing = review.standing(work.session.layer());
        let all = review.comparison.differences.iter().enumerate();
        let open = all.filter(|(place, difference)| Some(*place) == review.current || standing.state(difference.subject) != Decided::Decided);
        let (places, hits): (Vec<usize>, Vec<Span>) = open.map(|(place, difference)| (place, difference.hull)).unzip();
        drop(standing);
        let current = review.current.and_then(|current| places.iter().position(|place| *place == current)).unwrap_or(usize::MAX);
        let find = Find { hits: Rc::new(hits), current, ..Find::default() };
        if let Some(work) = state.work.as_mut().filter(|work| *work.find != find) {
            work.find = Rc::new(find);
        }
    });
}

pub(super) fn said(store: &StoreRef, reason: &str) -> Said {
    let id = js::new_id("d");
    Said { id, by: open::annotator(store).to_string(), at: js::now(), reason: reason.to_owned(), note: note_of() }
}

fn note_field() -> Option<web_sys::HtmlInputElement> {
    use wasm_bindgen::JsCast;
    gloo::utils::document().query_selector("[data-testid=review-note]").ok().flatten()?.dyn_into().ok()
}

fn note_of() -> String {
    note_field().map(|field| field.value().trim().to_owned()).unwrap_or_default()
}

/// Decides the chosen difference, and goes to the next.
pub fn decide(store: &StoreRef, choice: Choice, reason: &str) {
    let said = said(store, reason);
    let (edit, subject) = {
        let state = store.state();
        let Some((review, work)) = open_review(&state) else { return };
        let Some(chosen) = review.chosen() else { return };
        if matches!(choice, Choice::Take(whose) if whose >= review.comparison.annotators.len()) {
            return;
        }
        let standing = review.standing(work.session.layer());
        (adjudicate::decide(&case(review, work, &standing), chosen.subject, choice, &said), chosen.subject)
    };
    if !carry_out(store, edit) {
        return;
    }
    if let Some(field) = note_field() {
        field.set_value("");
    }
    set_mode(store, Mode::Walk);
    if choice == Choice::Edit { edit_gold(store, subject) } else { advance(store) }
}

pub(super) fn case<'a>(review: &'a Review, work: &'a Work, standing: &'a Standing) -> Case<'a> {
    Case { key: work.session.key(), gold: work.session.layer(), comparison: &review.comparison, judged: standing.judged() }
}

/// Whether it was done.
fn carry_out(store: &StoreRef, edit: Result<Edit, Undecided>) -> bool {
    match edit {
        Ok(edit) => act::run(store, Command::Amend(edit)).is_some(),
        Err(why) => {
            tell_undecided(store, why);
            false
        }
    }
}

pub(super) fn tell_undecided(store: &StoreRef, why: Undecided) {
    let key = match why {
        Undecided::NotThere => "review.refused.not-there",
        Undecided::EndsMissing => "review.refused.ends",
        Undecided::NothingLeft => "review.refused.nothing-left",
    };
    tell(store, |words| words.get(key));
}

/// The gold label that was made of an item comes into focus, to be changed with the keys of the reader.
fn edit_gold(store: &StoreRef, subject: Subject) {
    let gold = {
        let state = store.state();
        let Some((review, work)) = open_review(&state) else { return };
        let Subject::Item(item) = subject else {
            drop(state);
            return advance(store);
        };
        let standing = review.standing(work.session.layer());
        let whose = review.comparison.annotators.iter();
        let labels = review.comparison.items.get(item).map(|item| item.of.clone()).unwrap_or_default();
        let records = whose.zip(labels).filter_map(|(who, label)| Some(Record::Span(who.clone(), label?.id.clone())));
        let mut made = records.filter_map(|record| standing.judged().gold(&record).map(AnnotationId::from));
        made.next()
    };
    store.update(|state| {
        if let Some(work) = state.work.as_mut() {
            work.chosen = gold;
            let start = work.chosen_span().map_or(Offset::new(0), Span::start);
            work.selection = Selection::caret(start);
            act::refresh(work);
        }
    });
    set_mode(store, Mode::Edit);
    focus_on("[data-testid=reader]");
}

/// Leaves what is asked or changed.
pub fn leave(store: &StoreRef) {
    let was = with_review(store, |review| std::mem::take(&mut review.mode));
    store.update(|state| {
        if let Some(work) = state.work.as_mut() {
            work.chosen = None;
            work.selection = Selection::caret(work.selection.head());
        }
    });
    if was == Some(Mode::Edit) {
        advance(store);
    }
}

/// Switches a layer on or off; the last two stay on.
pub fn switch(store: &StoreRef, place: usize) {
    with_review(store, |review| {
        let Some((who, _)) = review.layers.get(place) else { return };
        let who = who.clone();
        if !review.off.remove(&who) && review.layers.len() - review.off.len() > 2 {
            review.off.insert(who);
        }
    });
    compare_again(store);
}

/// After undo, redo or a click: the difference at a place is chosen, the smallest first.
pub fn choose_at(store: &StoreRef, offset: Offset) {
    let found = {
        let state = store.state();
        let Some((review, _)) = open_review(&state) else { return };
        if review.mode == Mode::Edit {
            return;
        }
        let is_there = review.chosen().is_some_and(|chosen| chosen.hull.start() == offset);
        let at = review.comparison.differences.iter().enumerate().filter(|(_, difference)| difference.hull.contains(offset));
        at.min_by_key(|(_, difference)| difference.hull.len()).map(|(place, _)| place).filter(|place| !is_there && Some(*place) != review.current)
    };
    match found {
        Some(place) => {
            with_review(store, |review| review.current = Some(place));
            show_places(store);
        }
        None => show_places(store),
    }
}

/// How often the reader is waited for, and how long each time, in milliseconds.
const TRIES: u32 = 40;
const PAUSE: u32 = 50;

/// Once the review is there: shows the words that the address asked for, with the difference there, if there is one.
pub fn show_asked(store: &StoreRef) {
    let Route::Review(id) = store.state().route.clone() else { return };
    let store = store.clone();
    spawn_local(async move {
        for _ in 0..TRIES {
            TimeoutFuture::new(PAUSE).await;
            if !place::is_asked(&id) {
                return;
            }
            let is_mounted = gloo::utils::document().query_selector("[data-testid=review] [data-paragraph]").ok().flatten().is_some();
            let is_open = open_review(&store.state()).is_some_and(|(review, _)| review.document == id);
            if is_mounted && is_open {
                return place::take(&id).into_iter().for_each(|span| show_words(&store, span));
            }
        }
    });
}

fn show_words(store: &StoreRef, span: Span) {
    let found = {
        let state = store.state();
        let Some((review, _)) = open_review(&state) else { return };
        let near = review.comparison.differences.iter().enumerate().filter(|(_, difference)| difference.hull.overlaps(span));
        near.min_by_key(|(_, difference)| (difference.hull != span, difference.hull.len())).map(|(place, _)| place)
    };
    match found {
        Some(place) => choose(store, place),
        None => go_to(store, span),
    }
}

/// Says something about the chosen place.
pub fn comment(store: &StoreRef, text: &str) {
    let text = text.trim();
    if text.is_empty() {
        return;
    }
    let (place, about) = {
        let state = store.state();
        let Some((review, _)) = open_review(&state) else { return };
        let chosen = review.chosen();
        let about = chosen.and_then(|chosen| review.comparison.ends(chosen.subject).next()).and_then(|item| {
            let mut whose = review.comparison.annotators.iter().zip(&item.of);
            whose.find_map(|(who, label)| Some((who.clone(), label.as_ref()?.id.clone())))
        });
        (chosen.map_or((0, 0), |chosen| (chosen.hull.start().get(), chosen.hull.end().get())), about)
    };
    write(store, Comment { place, about, text: text.to_owned(), ..Comment::default() });
}

/// Says something in a thread, or that it is resolved or open again.
pub fn reply(store: &StoreRef, first: &Comment, text: &str, resolved: Option<bool>) {
    let text = text.trim();
    if !text.is_empty() || resolved.is_some() {
        write(store, Comment { place: first.place, to: Some(first.id.clone()), text: text.to_owned(), resolved, ..Comment::default() });
    }
}

/// Puts a comment into the open layer; whether it is there.
pub(super) fn write(store: &StoreRef, comment: Comment) -> bool {
    let key = store.state().work.as_ref().map(|work| work.session.key().clone());
    let Some(key) = key else { return false };
    let comment = Comment { id: js::new_id("c"), by: open::annotator(store).to_string(), at: js::now(), ..comment };
    act::run(store, Command::Amend(Edit { changes: vec![Change::Remark(key, Delta::made(Arc::new(comment.remark())))] })).is_some()
}
