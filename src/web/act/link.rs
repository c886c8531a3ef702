//! Relations: link mode, in which the other label is chosen, and what is done to relations that are there.

use super::ways::{Ways, end_at, suggestion};
use super::{label_name, quote, refused, say, take, toast, toggle, with_work, words};
use crate::annotation::Relation;
use crate::id::{AnnotationId, RelationId, RelationKind};
use crate::plan::{Command, Refusal};
use crate::session::Outcome;
use crate::text::Offset;
use crate::web::act::{Action, Extend, Towards};
use crate::web::js;
use crate::web::state::{Link, Work};
use crate::web::store::StoreRef;
use crate::web::words::Words;
use std::rc::Rc;
use wasm_bindgen::JsCast;

/// The most characters of a label's words that are shown or said of a relation's end.
const SHORT: usize = 60;

/// What can be asked for about relations.
#[derive(Clone, Debug, PartialEq)]
pub enum Tie {
    /// From the label in focus to one that is chosen next.
    Begin,
    /// The same, by a pull of the pointer: no other end is proposed.
    Pull,
    /// Proposes the next or the previous label that may be the other end.
    Go(Towards),
    /// Which of several ways to join the two, by number.
    Way(usize),
    /// Makes the relation.
    Confirm,
    /// Leaves link mode.
    Leave,
    /// Takes the source that is suggested.
    Accept,
    /// Leads a relation elsewhere; the end at the label in focus stays.
    Again(RelationId),
    /// Removes a relation.
    Cut(RelationId),
    /// Changes the kind of a relation.
    Recast(RelationId, RelationKind),
    /// Draws all relations, or only those of the label in focus.
    All,
}

/// How people call a kind of relation; unknown kinds go by their name in the file.
#[must_use]
pub fn kind_name(work: &Work, kind: &RelationKind, words: &Words) -> String {
    work.session.project().schema.relation(kind).map_or_else(|| kind.to_string(), |known| words.pick(&known.names).to_owned())
}

/// The first words of a label.
#[must_use]
pub fn short(work: &Work, id: &AnnotationId) -> String {
    let quote = work.session.layer().get(id).map(|annotation| quote(work, annotation)).unwrap_or_default();
    match quote.char_indices().nth(SHORT) {
        Some((end, _)) => format!("{}…", quote.get(..end).unwrap_or_default()),
        None => quote,
    }
}

/// Does what was asked for about relations.
pub(super) fn perform(store: &StoreRef, tie: Tie) {
    match tie {
        Tie::Begin => begin(store, None, true),
        Tie::Pull => begin(store, None, false),
        Tie::Again(id) => begin(store, Some(id), true),
        Tie::Go(towards) => go(store, towards),
        Tie::Way(number) => with_link(store, |link| link.way = number),
        Tie::Confirm => confirm(store),
        Tie::Leave => leave(store),
        Tie::Accept => accept(store),
        Tie::Cut(id) => {
            let line = store.state().work.as_ref().and_then(|work| Some(sentence(work, work.session.layer().relation(&id)?, &words(store))));
            if change(store, Command::Unrelate(vec![id])) {
                say(store, |words| words.with("said.untied", &[("line", &line.unwrap_or_default())]));
            }
        }
        Tie::Recast(id, kind) => {
            if change(store, Command::SetRelationKind(id.clone(), kind)) {
                say_tie(store, &id);
            }
        }
        Tie::All => toggle(store, "said.ties", |state| &mut Rc::make_mut(&mut state.settings).ties),
    }
}

/// While the other end is chosen, a click on a label chooses it, and what has nothing to do with it ends the choosing.
pub(super) fn takes(store: &StoreRef, action: &Action) -> bool {
    if store.state().work.as_ref().is_none_or(|work| work.link.is_none()) {
        return false;
    }
    match action {
        Action::Tie(_) | Action::Marks | Action::Snap | Action::Guide | Action::Open(_) | Action::CloseSheet => return false,
        Action::Select(_) | Action::Place(_, Extend::No) => {}
        Action::ChooseAt(offset) => join_at(store, *offset),
        Action::Choose(Some(id)) => join(store, id),
        Action::Step(towards) => go(store, *towards),
        Action::Escape => leave(store),
        _ => {
            with_work(store, |work| work.link = None);
            return false;
        }
    }
    true
}

fn with_link(store: &StoreRef, change: impl FnOnce(&mut Link)) {
    with_work(store, |work| {
        if let Some(link) = &mut work.link {
            change(Rc::make_mut(link));
        }
    });
}

fn begin(store: &StoreRef, moved: Option<RelationId>, propose: bool) {
    let Some(from) = super::label::chosen(store) else { return };
    let link = Link { from, to: None, way: 0, moved };
    let first = {
        let state = store.state();
        let Some(work) = &state.work else { return };
        if work.session.is_read_only() {
            drop(state);
            return refused(store, &Refusal::ReadOnly);
        }
        Ways::of(work, &link).and_then(|ways| ways.first())
    };
    let Some(first) = first else {
        return toast(store, |words| words.get("refusal.no-other-end"));
    };
    with_work(store, |work| {
        work.asked = None;
        work.link = Some(Rc::new(link));
    });
    if propose {
        focus_reader();
        aim(store, Some(first));
    }
}

/// Keys of link mode are the text's.
fn focus_reader() {
    let reader = gloo::utils::document().query_selector("[data-testid=reader]").ok().flatten();
    if let Some(reader) = reader.and_then(|reader| reader.dyn_into::<web_sys::HtmlElement>().ok()) {
        let options = js_sys::Object::new();
        // Neither call is refused; the text stays where it was scrolled to.
        let _ = js_sys::Reflect::set(&options, &"preventScroll".into(), &true.into());
        let _ = js_sys::Reflect::get(&reader, &"focus".into()).map(|focus| focus.unchecked_into::<js_sys::Function>().call1(&reader, &options));
    }
}

fn go(store: &StoreRef, towards: Towards) {
    let next = {
        let state = store.state();
        let Some(work) = &state.work else { return };
        let Some(link) = &work.link else { return };
        Ways::of(work, link).and_then(|ways| ways.beside(link.to.as_ref().unwrap_or(&link.from), towards))
    };
    if next.is_some() {
        aim(store, next);
    }
}

/// As the pointer goes: the label under it is proposed, and the text stays where it is.
pub fn pull(store: &StoreRef, id: Option<AnnotationId>) {
    let same = store.state().work.as_ref().is_none_or(|work| work.link.as_ref().is_none_or(|link| link.to == id));
    if !same {
        with_link(store, |link| (link.to, link.way) = (id, 0));
    }
}

fn aim(store: &StoreRef, id: Option<AnnotationId>) {
    with_work(store, |work| {
        let start = id.as_ref().and_then(|id| work.session.layer().get(id)).map(|annotation| annotation.extent.hull().start());
        let Some(link) = &mut work.link else { return };
        if link.to == id {
            return;
        }
        let link = Rc::make_mut(link);
        (link.to, link.way) = (id, 0);
        if let Some(start) = start {
            work.reveal = (work.reveal.0 + 1, start);
        }
    });
    let line = store.state().work.as_ref().and_then(|work| proposal(work, &words(store)));
    if let Some(line) = line {
        say(store, |_| line);
    }
}

/// What would be joined, in a sentence.
fn proposal(work: &Work, words: &Words) -> Option<String> {
    let link = work.link.as_ref()?;
    let other = work.session.layer().get(link.to.as_ref()?)?;
    let ways = Ways::of(work, link)?.to(other);
    let way = ways.get(link.way).or(ways.first())?;
    let label = label_name(work, &other.label, words);
    Some(words.with("said.target", &[("kind", &kind_name(work, &way.kind, words)), ("label", &label), ("quote", &short(work, &other.id))]))
}

/// The relation that a label in the page is the other end of, as far as one may be.
fn join(store: &StoreRef, id: &AnnotationId) {
    let count = {
        let state = store.state();
        let Some(work) = &state.work else { return };
        let Some(link) = &work.link else { return };
        work.session.layer().get(id).and_then(|other| Some(Ways::of(work, link)?.to(other).len())).unwrap_or(0)
    };
    if count == 0 {
        return toast(store, |words| words.get("refusal.not-an-end"));
    }
    aim(store, Some(id.clone()));
    if count == 1 {
        confirm(store);
    }
}

fn join_at(store: &StoreRef, offset: Offset) {
    let (found, any) = {
        let state = store.state();
        let Some(work) = &state.work else { return };
        (end_at(work, offset), !work.session.layer().stack_at(offset).is_empty())
    };
    match found {
        Some(id) => join(store, &id),
        None if any => toast(store, |words| words.get("refusal.not-an-end")),
        None => {}
    }
}

/// Runs a step on relations that ends link mode. Whether it was made.
fn change(store: &StoreRef, command: Command) -> bool {
    let result = take(store, |work| work.session.run(command), |work, _| work.link = None);
    match result {
        Ok(_) => true,
        Err(Refusal::NoChange) => false,
        Err(refusal) => {
            refused(store, &refusal);
            false
        }
    }
}

fn confirm(store: &StoreRef) {
    let found = {
        let state = store.state();
        let Some(work) = &state.work else { return };
        let Some(link) = work.link.clone() else { return };
        let other = link.to.as_ref().and_then(|id| work.session.layer().get(id));
        let ways = other.and_then(|other| Some(Ways::of(work, &link)?.to(other))).unwrap_or_default();
        let way = ways.get(link.way).or(ways.first()).cloned();
        way.zip(link.to.clone()).map(|(way, to)| (link, way, to))
    };
    let Some((link, way, to)) = found else {
        return toast(store, |words| words.get("refusal.no-end-chosen"));
    };
    let (from, to) = if way.forward { (link.from.clone(), to) } else { (to, link.from.clone()) };
    let (id, command) = match &link.moved {
        Some(id) => (id.clone(), Command::SetRelationEnds(id.clone(), from, to)),
        None => {
            let id = RelationId::from(js::new_id("r"));
            (id.clone(), Command::Relate { id, kind: way.kind, from, to })
        }
    };
    if change(store, command) {
        show(store, &link.from);
        say_tie(store, &id);
    }
}

/// Brings the label that the relation was made from back into view.
fn show(store: &StoreRef, id: &AnnotationId) {
    with_work(store, |work| {
        if let Some(annotation) = work.session.layer().get(id) {
            work.reveal = (work.reveal.0 + 1, annotation.extent.hull().start());
        }
    });
}

fn leave(store: &StoreRef) {
    let from = store.state().work.as_ref().and_then(|work| work.link.as_ref().map(|link| link.from.clone()));
    with_work(store, |work| work.link = None);
    if let Some(from) = from {
        show(store, &from);
        say(store, |words| words.get("said.link-left"));
    }
}

fn accept(store: &StoreRef) {
    let Some(from) = super::label::chosen(store) else { return };
    let found = {
        let state = store.state();
        state.work.as_ref().and_then(|work| suggestion(work, work.session.layer().get(&from)?))
    };
    let Some((kind, to)) = found else {
        return toast(store, |words| words.get("refusal.no-suggestion"));
    };
    let id = RelationId::from(js::new_id("r"));
    if change(store, Command::Relate { id: id.clone(), kind, from, to }) {
        say_tie(store, &id);
    }
}

fn sentence(work: &Work, relation: &Relation, words: &Words) -> String {
    let parts = (kind_name(work, &relation.kind, words), short(work, &relation.from), short(work, &relation.to));
    words.with("tie.line", &[("kind", &parts.0), ("from", &parts.1), ("to", &parts.2)])
}

fn say_tie(store: &StoreRef, id: &RelationId) {
    let line = store.state().work.as_ref().and_then(|work| Some(sentence(work, work.session.layer().relation(id)?, &words(store))));
    if let Some(line) = line {
        say(store, |words| words.with("said.tied", &[("line", &line)]));
    }
}

/// Says after a step, and shows, which relations went with it.
pub(super) fn tell_gone(store: &StoreRef, outcome: &Outcome) {
    let count = outcome.relations_gone().count();
    if count > 0 {
        let before = store.state().said.1.clone();
        toast(store, |words| format!("{before} {}", words.count("said.ties-gone", count)));
    }
}
