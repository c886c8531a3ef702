//! Actions: what a key, a button or the pointer asks for, turned into commands and view changes.
//!
//! No rule about what may be labelled is here: commands go to the session, and its refusals are shown.

use crate::annotation::Annotation;
use crate::id::{AnnotationId, LabelId};
use crate::layer::Status;
use crate::plan::{Command, Refusal};
use crate::session::Outcome;
use crate::span::{Extent, Span};
use crate::text::{Direction, Edge, Offset, Side, Text};
use crate::web::js;
use crate::web::reader::surface::effective;
use crate::web::state::{Dialog, Find, Route, Selection, State, Work};
use crate::web::store::StoreRef;
use crate::web::words::Words;
use crate::web::{occurrences, timing};
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
    /// Writes the note of a label.
    Note(AnnotationId, String),
    /// Sets or clears an attribute of a label.
    Attribute(AnnotationId, String, Option<String>),
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
    match action {
        Action::Label(label) => label_something(store, label),
        Action::Brush(brush) => set_brush(store, brush),
        Action::Paint(span, label) => drop(label_span(store, span, label)),
        Action::Choose(id) => choose(store, id),
        Action::ChooseAt(offset) => choose_at(store, offset),
        Action::Step(towards) => drop(step(store, towards)),
        Action::Move(motion, extend) => move_caret(store, motion, extend),
        Action::Place(offset, extend) => with_work(store, |work| place(work, offset, extend)),
        Action::Select(selection) => select(store, selection),
        Action::Edge(edge, towards, unit) => move_edge(store, edge, towards, unit),
        Action::Reach(id, span) => run_on(store, Command::SetExtent(id, span.into())),
        Action::Peel(edge) => peel(store, edge),
        Action::Unpeel(edge) => unpeel(store, edge),
        Action::Trim => trim(store),
        Action::Split => split(store),
        Action::Merge => merge(store),
        Action::Delete => delete(store),
        Action::Note(id, note) => run_quietly(store, Command::SetNote(id, Some(note))),
        Action::Attribute(id, name, value) => run_quietly(store, Command::SetAttribute(id, name, value.map(serde_json::Value::String))),
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
    store.update(|state| state.work.as_mut().map(change));
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
        Refusal::NoChange => "refusal.no-change",
        Refusal::ReadOnly => "refusal.read-only",
        Refusal::NothingThere => "refusal.nothing-there",
        Refusal::Conflict(_) => "refusal.conflict",
    }
}

/// Runs a step of the session; what it did is painted, then journalled.
fn take(
    store: &StoreRef,
    step: impl FnOnce(&mut Work) -> Result<Outcome, Refusal>,
    then: impl FnOnce(&mut Work, &Outcome),
) -> Result<Outcome, Refusal> {
    let outcome = {
        // The state is changed and the entry is in the journal before anything else runs.
        let mut made = None;
        store.update(|state| {
            let Some(work) = state.work.as_mut() else { return };
            let result = step(work);
            if let Ok(outcome) = &result {
                then(work, outcome);
                store.saver.append(work, outcome);
                state.save = store.saver.state();
            }
            made = Some(result);
        });
        made.unwrap_or(Err(Refusal::NoLayer))?
    };
    store.saver.flush(store);
    Ok(outcome)
}

/// Runs a command; a refusal is shown.
pub fn run(store: &StoreRef, command: Command) -> Option<Outcome> {
    let result = take(store, |work| work.session.run(command), |_, _| {});
    result.inspect_err(|refusal| refused(store, refusal)).ok()
}

fn run_on(store: &StoreRef, command: Command) {
    drop(run(store, command));
}

/// As [`run`], for changes that a field makes while it is typed in: nothing changed is nothing to say.
fn run_quietly(store: &StoreRef, command: Command) {
    match take(store, |work| work.session.run(command), |_, _| {}) {
        Ok(_) | Err(Refusal::NoChange) => {}
        Err(refusal) => refused(store, &refusal),
    }
}

fn label_something(store: &StoreRef, label: LabelId) {
    enum Target {
        Span(Span),
        Chosen(AnnotationId),
        Nothing,
    }
    let target = {
        let state = store.state();
        let Some(work) = &state.work else { return };
        match (work.selected(), &work.chosen) {
            (Some(span), _) => Target::Span(span),
            (None, Some(chosen)) => Target::Chosen(chosen.clone()),
            (None, None) => {
                let word = work.text().and_then(|text| text.word_at(work.selection.head())).and_then(Span::from_range);
                word.map_or(Target::Nothing, Target::Span)
            }
        }
    };
    match target {
        Target::Span(span) => label_span(store, span, label),
        Target::Chosen(id) => {
            if run(store, Command::SetLabel(id.clone(), label)).is_some() {
                timing::label_shown();
                say_annotation(store, "said.relabelled", &id);
            }
        }
        Target::Nothing => toast(store, |words| words.get("refusal.nothing-selected")),
    }
}

/// Labels a stretch of text and brings the label into focus.
fn label_span(store: &StoreRef, span: Span, label: LabelId) {
    let id = AnnotationId::from(js::new_id("s"));
    let command = Command::Label { id: id.clone(), extent: span.into(), label };
    let result = take(
        store,
        |work| work.session.run(command),
        |work, _| {
            work.chosen = Some(id.clone());
            work.selection = Selection::caret(span.end());
            refresh(work);
        },
    );
    match result {
        Ok(_) => {
            timing::label_shown();
            say_annotation(store, "said.labelled", &id);
        }
        Err(Refusal::Duplicate(twin)) => {
            choose(store, Some(twin));
            toast(store, |words| words.get("refusal.duplicate"));
        }
        Err(refusal) => refused(store, &refusal),
    }
}

/// Says what became of a label: its kind and its words.
fn say_annotation(store: &StoreRef, key: &str, id: &AnnotationId) {
    let parts = {
        let state = store.state();
        let Some(work) = &state.work else { return };
        let Some(annotation) = work.session.layer().get(id) else { return };
        (label_name(work, annotation, &words(store)), quote(work, annotation))
    };
    say(store, |words| words.with(key, &[("label", &parts.0), ("quote", &parts.1)]));
}

/// How people call the kind of a label; unknown kinds go by their name in the file.
#[must_use]
pub fn label_name(work: &Work, annotation: &Annotation, words: &Words) -> String {
    let label = work.session.project().schema.label(&annotation.label);
    label.map_or_else(|| annotation.label.to_string(), |label| words.pick(&label.names).to_owned())
}

/// The words that a label covers.
#[must_use]
pub fn quote(work: &Work, annotation: &Annotation) -> String {
    work.text().and_then(|text| annotation.extent.quote(text)).unwrap_or_default()
}

fn set_brush(store: &StoreRef, brush: Option<LabelId>) {
    let line = brush.as_ref().map(|label| {
        let state = store.state();
        let schema = state.work.as_ref().map(|work| work.session.project().schema.clone());
        let known = schema.as_ref().and_then(|schema| schema.label(label));
        known.map_or_else(|| label.to_string(), |known| words(store).pick(&known.names).to_owned())
    });
    with_work(store, |work| work.brush = brush);
    say(store, |words| match line {
        Some(label) => words.with("said.brush.on", &[("label", &label)]),
        None => words.get("said.brush.off"),
    });
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

fn choose(store: &StoreRef, id: Option<AnnotationId>) {
    with_work(store, |work| {
        work.chosen = id;
        if let Some(span) = work.chosen_span() {
            if !span.contains(work.selection.head()) || !work.selection.is_caret() {
                work.selection = Selection::caret(span.start());
            }
            work.reveal = (work.reveal.0 + 1, span.start());
        }
        refresh(work);
    });
    let chosen = store.state().work.as_ref().and_then(|work| work.chosen.clone());
    if let Some(id) = chosen {
        say_annotation(store, "said.chosen", &id);
    }
}

fn choose_at(store: &StoreRef, offset: Offset) {
    let next = {
        let state = store.state();
        let Some(work) = &state.work else { return };
        let stack = work.session.layer().stack_at(offset);
        let current = stack.iter().position(|annotation| Some(&annotation.id) == work.chosen.as_ref());
        let next = current.map_or(0, |current| current + 1);
        // After the largest the walk begins again; a second click on a lone label lets it go.
        match (stack.get(next), current) {
            (Some(annotation), _) => Some(annotation.id.clone()),
            (None, Some(_)) if stack.len() > 1 => stack.first().map(|annotation| annotation.id.clone()),
            _ => None,
        }
    };
    with_work(store, |work| {
        work.chosen.clone_from(&next);
        work.selection = Selection::caret(offset);
        refresh(work);
    });
    if let Some(id) = next {
        say_annotation(store, "said.chosen", &id);
    }
}

/// Brings the next or the previous label into focus. Whether there was one.
pub fn step(store: &StoreRef, towards: Towards) -> bool {
    let next = {
        let state = store.state();
        let Some(work) = &state.work else { return false };
        let layer = work.session.layer();
        let rank = work.chosen.as_ref().and_then(|id| layer.rank(id));
        let next = match (towards, rank) {
            (Towards::Next, Some(rank)) => Some(rank + 1),
            (Towards::Previous, Some(rank)) => rank.checked_sub(1),
            (Towards::Next, None) => Some(layer.first_from(work.selection.head())),
            (Towards::Previous, None) => layer.first_from(work.selection.head()).checked_sub(1),
        };
        next.and_then(|rank| layer.nth(rank)).map(|annotation| annotation.id.clone())
    };
    let found = next.is_some();
    if found {
        choose(store, next);
    }
    found
}

fn select(store: &StoreRef, selection: Selection) {
    with_work(store, |work| {
        if work.selection == selection {
            return;
        }
        work.selection = selection;
        work.palette_closed = false;
        if !selection.is_caret() {
            work.chosen = None;
        }
        refresh(work);
    });
}

fn place(work: &mut Work, offset: Offset, extend: Extend) {
    let caret = Selection::caret(offset).caret;
    match extend {
        Extend::Yes => work.selection = Selection { anchor: work.selection.anchor, caret, snap: false },
        Extend::No => work.selection = Selection::caret(offset),
    }
    work.chosen = None;
    work.palette_closed = false;
    work.reveal = (work.reveal.0 + 1, offset);
    refresh(work);
}

fn move_caret(store: &StoreRef, motion: Motion, extend: Extend) {
    let flipped = store.state().settings.clone();
    let flipped = &flipped.flipped;
    with_work(store, |work| {
        let Some(document) = work.session.document().cloned() else { return };
        let text = &*document.text;
        let caret = work.selection.caret;
        let direction_of = |index: usize| {
            let direction = text.paragraphs().get(index).map_or(Direction::RightToLeft, |paragraph| paragraph.direction);
            effective(direction, flipped.contains(&(document.id.clone(), index)))
        };
        let direction = direction_of(text.paragraph_at(caret.offset));
        let forward = |side: Side| (side == Side::Left) == (direction == Direction::RightToLeft);
        // With something selected a plain arrow leaves it at the end it points to.
        if let (Extend::No, false, Motion::Letter(side)) = (extend, work.selection.is_caret(), motion) {
            let (first, last) = (work.selection.anchor.min(caret.offset), work.selection.anchor.max(caret.offset));
            return place(work, if forward(side) { last } else { first }, Extend::No);
        }
        let target = match (motion, extend) {
            // On screen, letter by letter.
            (Motion::Letter(side), Extend::No) => {
                let caret = crate::text::move_visually(text, caret, side, direction_of);
                place(work, caret.offset, Extend::No);
                work.selection.caret = caret;
                return;
            }
            // A selection grows in the order of the text, so that it stays one stretch.
            (Motion::Letter(side), Extend::Yes) if forward(side) => text.next_grapheme(caret.offset).unwrap_or(caret.offset),
            (Motion::Letter(_), Extend::Yes) => text.previous_grapheme(caret.offset).unwrap_or(caret.offset),
            (Motion::Word(side), _) if forward(side) => text.next_word_edge(caret.offset),
            (Motion::Word(_), _) => text.previous_word_edge(caret.offset),
            (Motion::Text(Towards::Next), _) => text.len(),
            (Motion::Text(Towards::Previous), _) => Offset::new(0),
        };
        place(work, target, extend);
    });
}

/// The first place after `offset` where a word begins.
fn next_word_start(text: &Text, offset: Offset) -> Offset {
    let rest = text.next_word_edge(offset);
    let window = offset..text.next_word_edge(rest.plus(1));
    text.words(window).map(|word| word.start).find(|start| *start > offset).unwrap_or(offset)
}

/// The last place before `offset` where a word ends.
fn previous_word_end(text: &Text, offset: Offset) -> Offset {
    let start = text.previous_word_edge(offset);
    let window = text.previous_word_edge(start)..offset;
    text.words(window).map(|word| word.end).filter(|end| *end < offset).last().unwrap_or(offset)
}

fn moved(text: &Text, offset: Offset, edge: Edge, towards: Towards, unit: Unit) -> Offset {
    match (unit, towards, edge) {
        (Unit::Letter, Towards::Next, _) => text.next_grapheme(offset).unwrap_or(offset),
        (Unit::Letter, Towards::Previous, _) => text.previous_grapheme(offset).unwrap_or(offset),
        (Unit::Word, Towards::Next, Edge::End) => text.next_word_edge(offset),
        (Unit::Word, Towards::Next, Edge::Start) => next_word_start(text, offset),
        (Unit::Word, Towards::Previous, Edge::Start) => text.previous_word_edge(offset),
        (Unit::Word, Towards::Previous, Edge::End) => previous_word_end(text, offset),
    }
}

/// Sets the selection, or else the extent of the label in focus, to what `change` makes of it.
fn reshape(store: &StoreRef, change: impl FnOnce(&Work, &Text, Span) -> Option<Span>) {
    enum Target {
        Selection(Span),
        Chosen(AnnotationId, Extent),
    }
    let target = {
        let state = store.state();
        let Some(work) = &state.work else { return };
        let Some(text) = work.text() else { return };
        match (work.selected(), &work.chosen) {
            (Some(span), _) => change(work, text, span).map(Target::Selection),
            (None, Some(id)) => work.session.layer().get(id).and_then(|annotation| {
                let hull = annotation.extent.hull();
                let next = change(work, text, hull)?;
                Some(Target::Chosen(id.clone(), reach(&annotation.extent, next)?))
            }),
            (None, None) => None,
        }
    };
    match target {
        Some(Target::Selection(span)) => with_work(store, |work| {
            work.selection = Selection::exact(span);
            refresh(work);
        }),
        Some(Target::Chosen(id, extent)) => {
            let command = Command::SetExtent(id.clone(), extent);
            let result = take(store, |work| work.session.run(command), |work, _| refresh(work));
            match result {
                Ok(_) => say_annotation(store, "said.extent", &id),
                Err(refusal) => refused(store, &refusal),
            }
        }
        None => toast(store, |words| words.get("refusal.no-change")),
    }
}

/// The extent with its outer edges at those of `hull`; inner pieces stay where they are.
fn reach(extent: &Extent, hull: Span) -> Option<Extent> {
    let old = extent.hull();
    let pieces = extent.pieces().iter().filter_map(|piece| {
        let start = if piece.start() == old.start() { hull.start() } else { piece.start().max(hull.start()) };
        let end = if piece.end() == old.end() { hull.end() } else { piece.end().min(hull.end()) };
        Span::try_new(start, end)
    });
    Extent::union(pieces)
}

fn move_edge(store: &StoreRef, edge: Edge, towards: Towards, unit: Unit) {
    reshape(store, |_, text, span| match edge {
        Edge::Start => Span::try_new(moved(text, span.start(), edge, towards, unit), span.end()),
        Edge::End => Span::try_new(span.start(), moved(text, span.end(), edge, towards, unit)),
    });
}

fn peel(store: &StoreRef, edge: Edge) {
    reshape(store, |work, text, span| {
        let clitic = crate::text::peel(text, span.range(), edge, &work.vocabulary)?;
        match edge {
            Edge::Start => Span::try_new(span.start().plus(clitic.length), span.end()),
            Edge::End => Span::try_new(span.start(), span.end().minus(clitic.length)),
        }
    });
}

fn unpeel(store: &StoreRef, edge: Edge) {
    reshape(store, |_, text, span| {
        let whole = crate::text::unpeel(text, span.range());
        let wide = match edge {
            Edge::Start => Span::try_new(whole.start, span.end()),
            Edge::End => Span::try_new(span.start(), whole.end),
        };
        wide.filter(|wide| *wide != span)
    });
}

fn trim(store: &StoreRef) {
    reshape(store, |_, text, span| Span::from_range(text.trim(span.range())).filter(|trimmed| *trimmed != span));
}

fn chosen(store: &StoreRef) -> Option<AnnotationId> {
    let chosen = store.state().work.as_ref().and_then(|work| work.chosen.clone());
    if chosen.is_none() {
        toast(store, |words| words.get("refusal.nothing-chosen"));
    }
    chosen
}

fn split(store: &StoreRef) {
    let Some(id) = chosen(store) else { return };
    let Some(at) = store.state().work.as_ref().map(|work| work.selection.head()) else { return };
    let second = AnnotationId::from(js::new_id("s"));
    if run(store, Command::Split { id, at, second }).is_some() {
        say(store, |words| words.get("said.split"));
    }
}

fn merge(store: &StoreRef) {
    let Some(id) = chosen(store) else { return };
    let neighbour = {
        let state = store.state();
        let Some(work) = &state.work else { return };
        let layer = work.session.layer();
        let (Some(rank), Some(annotation)) = (layer.rank(&id), layer.get(&id)) else { return };
        let after = (rank + 1..layer.len()).filter_map(|rank| layer.nth(rank)).find(|other| other.label == annotation.label);
        let before = (0..rank).rev().filter_map(|rank| layer.nth(rank)).find(|other| other.label == annotation.label);
        after.or(before).map(|other| other.id.clone())
    };
    match neighbour {
        Some(absorb) => {
            if run(store, Command::Merge { keep: id.clone(), absorb }).is_some() {
                say_annotation(store, "said.merged", &id);
            }
        }
        None => toast(store, |words| words.get("refusal.no-neighbour")),
    }
}

fn delete(store: &StoreRef) {
    let Some(id) = chosen(store) else { return };
    let parts = store.state().work.as_ref().and_then(|work| {
        let annotation = work.session.layer().get(&id)?;
        Some((label_name(work, annotation, &words(store)), quote(work, annotation), annotation.extent.hull().start()))
    });
    let Some((label, quote, start)) = parts else { return };
    let result = take(
        store,
        |work| work.session.run(Command::Delete(vec![id])),
        |work, _| {
            work.chosen = None;
            work.selection = Selection::caret(start);
            refresh(work);
        },
    );
    match result {
        Ok(_) => say(store, |words| words.with("said.deleted", &[("label", &label), ("quote", &quote)])),
        Err(refusal) => refused(store, &refusal),
    }
}

fn undo(store: &StoreRef) {
    travel(store, |work| work.session.undo(), "said.undone");
}

fn redo(store: &StoreRef) {
    travel(store, |work| work.session.redo(), "said.redone");
}

fn travel(store: &StoreRef, step: impl FnOnce(&mut Work) -> Result<Outcome, Refusal>, key: &str) {
    let result = take(store, step, |work, outcome| {
        let layer = work.session.layer();
        let touched = outcome.touched().find(|id| layer.get(id).is_some()).cloned();
        work.chosen = touched.or_else(|| work.chosen.clone().filter(|id| layer.get(id).is_some()));
        if let Some(span) = outcome.span() {
            work.selection = Selection::caret(span.start());
            work.reveal = (work.reveal.0 + 1, span.start());
        }
        refresh(work);
    });
    match result {
        Ok(_) => say(store, |words| words.get(key)),
        Err(refusal) => refused(store, &refusal),
    }
}

fn copy(store: &StoreRef) {
    let quote = {
        let state = store.state();
        let Some(work) = &state.work else { return };
        let chosen = work.chosen.as_ref().and_then(|id| work.session.layer().get(id)).map(|annotation| quote(work, annotation));
        let selected = work.selected().and_then(|span| work.text()?.slice(span.range()).map(str::to_owned));
        selected.or(chosen)
    };
    let Some(quote) = quote else { return };
    let clipboard = gloo::utils::window().navigator().clipboard();
    let promise = clipboard.write_text(&quote);
    let store = store.clone();
    wasm_bindgen_futures::spawn_local(async move {
        let copied = wasm_bindgen_futures::JsFuture::from(promise).await.is_ok();
        toast(&store, |words| if copied { words.with("said.copied", &[("quote", &quote)]) } else { words.get("refusal.clipboard") });
    });
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
        }
        refresh(work);
    });
}

/// Goes to another screen.
pub fn go(route: &Route) {
    // Setting the fragment cannot fail for a string without a scheme.
    let _ = gloo::utils::window().location().set_hash(&route.fragment());
}
