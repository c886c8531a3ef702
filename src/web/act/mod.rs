//! Actions: what a key, a button or the pointer asks for, turned into commands and view changes.
//!
//! No rule about what may be labelled is here: commands go to the session, and its refusals are shown.

mod caret;
mod choose;
mod edges;
mod label;
pub mod link;
pub mod long;
pub mod marks;
mod pieces;
pub mod ways;

pub use choose::step;
pub use edges::reach;
pub use link::Tie;
pub use marks::Mark;
pub use pieces::piece_target;

use crate::annotation::Annotation;
use crate::check::About;
use crate::history::Step;
use crate::id::{AnnotationId, LabelId};
use crate::layer::Status;
use crate::plan::{Command, Refusal};
use crate::session::{Making, Outcome};
use crate::span::Span;
use crate::text::{Edge, Offset, Side};
use crate::web::occurrences;
use crate::web::state::{Dialog, Find, Route, Selection, State, Work};
use crate::web::store::StoreRef;
use crate::web::words::Words;
use caret::{move_caret, place};
use choose::{choose, choose_at, copy, select};
use edges::{move_edge, peel, reach_to, trim, unpeel};
use label::{delete, label_something, label_span, merge, set_brush, split};
use std::rc::Rc;

/// What can be asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Labels the selection, or changes the label in focus, or labels the word at the caret.
    Label(LabelId),
    /// Chooses a label first, to be painted selection after selection; `None` stops.
    Brush(Option<LabelId>),
    /// Labels a stretch of text whatever is selected.
    Paint(Span, LabelId),
    /// Brings a label into focus, or none.
    Choose(Option<AnnotationId>),
    /// Walks the labels at a place, the smallest first.
    ChooseAt(Offset),
    /// Brings the next or the previous label into focus.
    Step(Towards),
    /// Moves the caret.
    Move(Motion, Extend),
    /// Puts the caret at a place.
    Place(Offset, Extend),
    /// Takes what was selected with the pointer.
    Select(Selection),
    /// Moves an edge of the label in focus, or of the selection.
    Edge(Edge, Towards, Unit),
    /// Sets both edges of the label in focus.
    Reach(AnnotationId, Span),
    /// Peels a clitic off an edge.
    Peel(Edge),
    /// Takes a clitic back in: widens an edge to that of its word.
    Unpeel(Edge),
    /// Drops white space and punctuation from the edges.
    Trim,
    /// Cuts the label in focus at the caret.
    Split,
    /// Joins the label in focus with its neighbour of the same kind.
    Merge,
    /// Removes the label in focus.
    Delete,
    /// Writes the note of a label or a relation.
    Note(About, String),
    /// Makes, changes or removes a relation.
    Tie(Tie),
    /// Adds the selection to the label that was in focus before it.
    AddPiece,
    /// Takes the selection out of it.
    RemovePiece,
    /// Sets or clears an attribute of a label or a relation.
    Attribute(About, String, Option<serde_json::Value>),
    /// Asks for attributes, answers, doubts, mends.
    Mark(Mark),
    /// Copies the words of the label in focus, or of the selection.
    Copy,
    /// Lists the other places of these words.
    Occurrences(Option<LabelId>),
    /// Says how far the work has come.
    Status(Status),
    /// Takes the last step back.
    Undo,
    /// Makes it again.
    Redo,
    /// Opens the find field.
    Find,
    /// Goes to the next or the previous place found.
    Found(Towards),
    /// Shows or hides hidden marks.
    Marks,
    /// Snaps to words, or not.
    Snap,
    /// Shows or hides the guidelines.
    Guide,
    /// Opens a sheet.
    Open(Dialog),
    /// Closes the sheet in front, and nothing else.
    CloseSheet,
    /// Closes what is in front, or lets go of what is in focus.
    Escape,
}

/// In reading order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Towards {
    /// Towards the end of the text.
    Next,
    /// Towards its start.
    Previous,
}

/// How far an edge moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// To the next edge of a word.
    Word,
    /// By what a reader sees as one letter.
    Letter,
}

/// Where the caret goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// One letter to the left or right, as seen.
    Letter(Side),
    /// One word to the left or right, as the paragraph reads.
    Word(Side),
    /// To the start or the end of the text.
    Text(Towards),
}

/// Whether the selection goes along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extend {
    /// The selection grows or shrinks.
    Yes,
    /// Only the caret moves.
    No,
}

/// Does what was asked for.
pub fn perform(store: &StoreRef, action: Action) {
    if link::takes(store, &action) {
        return;
    }
    match action {
        Action::Label(label) => label_something(store, label),
        Action::Brush(brush) => set_brush(store, brush),
        Action::Paint(span, label) => label_span(store, span, label),
        Action::Choose(id) => choose(store, id),
        Action::ChooseAt(offset) => choose_at(store, offset),
        Action::Step(towards) => drop(step(store, towards)),
        Action::Move(motion, extend) => move_caret(store, motion, extend),
        Action::Place(offset, extend) => with_work(store, |work| place(work, offset, extend)),
        Action::Select(selection) => select(store, selection),
        Action::Edge(edge, towards, unit) => move_edge(store, edge, towards, unit),
        Action::Reach(id, span) => reach_to(store, id, span),
        Action::Peel(edge) => peel(store, edge),
        Action::Unpeel(edge) => unpeel(store, edge),
        Action::Trim => trim(store),
        Action::Split => split(store),
        Action::Merge => merge(store),
        Action::Delete => delete(store),
        Action::Note(about, note) => run_quietly(store, note_command(about, note)),
        Action::Tie(tie) => link::perform(store, tie),
        Action::AddPiece => pieces::add(store),
        Action::RemovePiece => pieces::remove(store),
        Action::Attribute(about, name, value) => marks::answer_about(store, &about, name, value),
        Action::Mark(mark) => marks::perform(store, mark),
        Action::Copy => copy(store),
        Action::Occurrences(label) => occurrences::list(store, label),
        Action::Status(status) => {
            if run(store, Command::SetStatus(status)).is_some() {
                say(store, |words| words.with("said.status", &[("status", &words.get(&format!("status.{}", status.name())))]));
            }
        }
        Action::Undo => undo(store),
        Action::Redo => redo(store),
        Action::Find => with_find(store, |find| find.open = true),
        Action::Found(towards) => crate::web::search::go(store, towards),
        Action::Marks => toggle(store, "said.marks", |state| &mut Rc::make_mut(&mut state.settings).marks),
        Action::Snap => toggle(store, "said.snap", |state| &mut Rc::make_mut(&mut state.settings).snap),
        Action::Guide => toggle(store, "said.guide", |state| &mut Rc::make_mut(&mut state.settings).guide),
        Action::Open(dialog) => store.update(|state| state.dialog = Some(dialog)),
        Action::CloseSheet => drop(store.update(close_sheet)),
        Action::Escape => escape(store),
    }
}

/// Changes the open work.
pub fn with_work(store: &StoreRef, change: impl FnOnce(&mut Work)) {
    store.update_in_frame(|state| state.work.as_mut().map(change));
}

fn with_find(store: &StoreRef, change: impl FnOnce(&mut Find)) {
    with_work(store, |work| change(Rc::make_mut(&mut work.find)));
}

fn toggle(store: &StoreRef, key: &str, switch: impl FnOnce(&mut State) -> &mut bool) {
    let on = store.update(|state| {
        let switch = switch(state);
        *switch = !*switch;
        *switch
    });
    store.saver.save_settings(store);
    say(store, |words| words.get(&format!("{key}.{}", if on { "on" } else { "off" })));
}

/// The words of the interface language.
#[must_use]
pub fn words(store: &StoreRef) -> Rc<Words> {
    Words::of(store.state().settings.language)
}

/// Says something to those who listen to the page.
pub fn say(store: &StoreRef, line: impl FnOnce(&Words) -> String) {
    let line = line(&words(store));
    store.update(|state| state.said = (state.said.0 + 1, line.into()));
}

/// Says something to those who see the page, for a while, and to those who listen to it.
pub fn toast(store: &StoreRef, line: impl FnOnce(&Words) -> String) {
    let line: Rc<str> = line(&words(store)).into();
    store.update(|state| {
        let next = state.said.0 + 1;
        state.said = (next, line.clone());
        state.toast = Some((next, line));
    });
}

fn refused(store: &StoreRef, refusal: &Refusal) {
    toast(store, |words| words.get(refusal_key(refusal)));
}

/// The key of the words for a refusal.
#[must_use]
pub fn refusal_key(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::NoLayer => "refusal.no-layer",
        Refusal::NoAnnotation(_) => "refusal.no-annotation",
        Refusal::UnknownLabel(_) => "refusal.unknown-label",
        Refusal::OutsideText => "refusal.outside-text",
        Refusal::CutsCharacter(_) => "refusal.cuts-character",
        Refusal::Blank => "refusal.blank",
        Refusal::Duplicate(_) => "refusal.duplicate",
        Refusal::IdTaken(_) => "refusal.id-taken",
        Refusal::SplitAtEdge => "refusal.split-at-edge",
        Refusal::DifferentLabels => "refusal.different-labels",
        Refusal::SameAnnotation => "refusal.same-annotation",
        Refusal::RetiredLabel(_) => "refusal.retired-label",
        Refusal::LastPiece => "refusal.last-piece",
        Refusal::UnknownAttribute(_) => "refusal.unknown-attribute",
        Refusal::WrongValue(_) => "refusal.wrong-value",
        Refusal::NoRelation(_) => "refusal.no-relation",
        Refusal::UnknownRelation(_) => "refusal.unknown-relation",
        Refusal::RetiredRelation(_) => "refusal.retired-relation",
        Refusal::RelationIdTaken(_) => "refusal.relation-id-taken",
        Refusal::SameEnds => "refusal.same-ends",
        Refusal::RelationForbidden(_) => "refusal.relation-forbidden",
        Refusal::SameRelation(_) => "refusal.same-relation",
        Refusal::TooManyRelations(_) => "refusal.too-many-relations",
        Refusal::NoChange => "refusal.no-change",
        Refusal::ReadOnly => "refusal.read-only",
        Refusal::NothingThere => "refusal.nothing-there",
        Refusal::Conflict(_) => "refusal.conflict",
        Refusal::UnderWay => "refusal.under-way",
    }
}

/// Runs a step of the session; what it did is painted, then journalled.
fn take(
    store: &StoreRef,
    step: impl FnOnce(&mut Work) -> Result<Outcome, Refusal>,
    then: impl FnOnce(&mut Work, &Outcome),
) -> Result<Outcome, Refusal> {
    // The state is changed and the entry is in the journal before anything else runs.
    store.update_text_first(|state| {
        if state.long.1 {
            return Err(Refusal::UnderWay);
        }
        let work = state.work.as_mut().ok_or(Refusal::NoLayer)?;
        let outcome = step(work)?;
        then(work, &outcome);
        crate::web::checks::note(work, &outcome);
        store.saver.append(work, &outcome);
        state.save = store.saver.state();
        Ok(outcome)
    })
}

/// Runs a command; a refusal is shown.
pub fn run(store: &StoreRef, command: Command) -> Option<Outcome> {
    let result = take(store, |work| work.session.run(command), |_, _| {});
    result.inspect_err(|refusal| refused(store, refusal)).ok()
}

/// As [`run`], for changes that a field makes while it is typed in: nothing changed is nothing to say.
fn run_quietly(store: &StoreRef, command: Command) {
    match take(store, |work| work.session.run(command), |_, _| {}) {
        Ok(_) | Err(Refusal::NoChange) => {}
        Err(refusal) => refused(store, &refusal),
    }
}

fn note_command(about: About, note: String) -> Command {
    match about {
        About::Annotation(id) => Command::SetNote(id, Some(note)),
        About::Relation(id) => Command::SetRelationNote(id, Some(note)),
    }
}

/// Says what became of a label: its kind and its words.
fn say_annotation(store: &StoreRef, key: &str, id: &AnnotationId) {
    let parts = {
        let state = store.state();
        let Some(work) = &state.work else { return };
        let Some(annotation) = work.session.layer().get(id) else { return };
        (label_name(work, &annotation.label, &words(store)), quote(work, annotation))
    };
    say(store, |words| words.with(key, &[("label", &parts.0), ("quote", &parts.1)]));
}

/// How people call the kind of a label; unknown kinds go by their name in the file.
#[must_use]
pub fn label_name(work: &Work, label: &LabelId, words: &Words) -> String {
    let known = work.session.project().schema.label(label);
    known.map_or_else(|| label.to_string(), |known| words.pick(&known.names).to_owned())
}

/// The words that a label covers.
#[must_use]
pub fn quote(work: &Work, annotation: &Annotation) -> String {
    work.text().and_then(|text| annotation.extent.quote(text)).unwrap_or_default()
}

/// What depends on the selection and on the label in focus is worked out again.
pub fn refresh(work: &mut Work) {
    let target = work.selected().or_else(|| work.chosen_span());
    work.peel = target.and_then(|span| {
        let text = work.text()?;
        let clitic = crate::text::peel(text, span.range(), Edge::Start, &work.vocabulary)
            .or_else(|| crate::text::peel(text, span.range(), Edge::End, &work.vocabulary))?;
        match clitic.edge {
            Edge::Start => Span::try_new(span.start(), span.start().plus(clitic.length)),
            Edge::End => Span::try_new(span.end().minus(clitic.length), span.end()),
        }
    });
}

fn undo(store: &StoreRef) {
    if crate::web::storage::schema::offer_back(store) {
        return;
    }
    travel(store, Step::Undo, "said.undone");
}

fn redo(store: &StoreRef) {
    travel(store, Step::Redo, "said.redone");
}

fn travel(store: &StoreRef, step: Step, key: &'static str) {
    let begun = store.state().work.as_ref().map(|work| work.session.begin_step(step));
    let result = match begun {
        None => Err(Refusal::NoLayer),
        Some(Ok(making)) if making.of().1.changes.len() > long::LONG => return travel_far(store, making, key),
        Some(making) => making.and_then(|making| take(store, |work| work.session.take_made(making), arrive)),
    };
    match result {
        Ok(_) => say(store, |words| words.get(key)),
        Err(refusal) => refused(store, &refusal),
    }
}

fn travel_far(store: &StoreRef, making: Making, key: &'static str) {
    let Some(underway) = long::Underway::begin(store) else { return };
    let store = store.clone();
    wasm_bindgen_futures::spawn_local(async move {
        match underway.make(making, 0, arrive).await {
            Ok(Some(_)) => say(&store, |words| words.get(key)),
            Ok(None) => {}
            Err(long::Stopped) => underway.tell_stopped(),
        }
    });
}

/// Shows where a step back or forth led.
fn arrive(work: &mut Work, outcome: &Outcome) {
    let layer = work.session.layer();
    let touched = outcome.touched().find(|id| layer.get(id).is_some()).cloned();
    work.chosen = touched.or_else(|| work.chosen.clone().filter(|id| layer.get(id).is_some()));
    work.held = None;
    if let Some(span) = outcome.span() {
        work.selection = Selection::caret(span.start());
        work.reveal = (work.reveal.0 + 1, span.start());
    }
    refresh(work);
}

/// Whether there was a sheet to close.
fn close_sheet(state: &mut State) -> bool {
    state.dialog.take().is_some() || state.work.as_mut().is_some_and(|work| work.occurrences.take().is_some())
}

fn escape(store: &StoreRef) {
    store.update(|state| {
        if close_sheet(state) {
            return;
        }
        let Some(work) = state.work.as_mut() else { return };
        if work.find.open {
            work.find = Rc::default();
        } else if !work.selection.is_caret() {
            work.selection = Selection::caret(work.selection.head());
        } else if work.brush.is_some() {
            work.brush = None;
        } else {
            work.chosen = None;
            work.held = None;
        }
        refresh(work);
    });
}

/// Goes to another screen.
pub fn go(route: &Route) {
    // Setting the fragment cannot fail for a string without a scheme.
    let _ = gloo::utils::window().location().set_hash(&route.fragment());
}
