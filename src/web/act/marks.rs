//! What is said of the label in focus: attributes by key, doubts, and what the checks found and would mend.

use super::label::chosen;
use super::{choose, run, run_quietly, say, say_annotation, toast, with_work};
use crate::annotation::Annotation;
use crate::check::{About, Checker, Finding};
use crate::id::{AnnotationId, RelationId};
use crate::layer::{Layer, Place};
use crate::plan::Command;
use crate::schema::{Attribute, AttributeKind, CheckKind, number};
use crate::text::Offset;
use crate::web::js;
use crate::web::reader::input::focus_on;
use crate::web::state::{Dialog, Filter, State, View};
use crate::web::store::StoreRef;
use crate::web::words::Words;
use serde_json::Value;
use std::cmp::Reverse;
use std::rc::Rc;
use std::sync::Arc;

/// What can be asked for of the label in focus.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    /// Asks for its first attribute, or for the next one.
    Ask,
    /// Answers what is asked with the value at this place, from 1; 0 says nothing of it.
    Answer(usize),
    /// Asks for the next attribute; after the last one stops asking.
    GoOn,
    /// Stops asking.
    Leave,
    /// Has doubts about it, or has none any more.
    Unsure,
    /// Mends what was found in a label; without a finding, the first in the label in focus that can be mended.
    Fix(Option<Arc<Finding>>),
    /// Goes to the next label in which something was found.
    NextFinding,
    /// Lists what was found.
    List,
}

pub(super) fn perform(store: &StoreRef, mark: Mark) {
    match mark {
        Mark::Ask => ask(store),
        Mark::Answer(place) => answer(store, place),
        Mark::GoOn if asked(&store.state()).is_some_and(|(_, _, place, count)| place + 1 < count) => ask(store),
        Mark::GoOn | Mark::Leave => leave(store),
        Mark::Unsure => doubt(store),
        Mark::Fix(finding) => fix(store, finding),
        Mark::NextFinding => next_finding(store),
        Mark::List => list(store, None),
    }
}

/// Changes which labels the list shows.
pub fn set_filter(store: &StoreRef, change: impl FnOnce(&mut Filter)) {
    with_work(store, |work| change(Rc::make_mut(&mut work.filter)));
}

/// The label in focus, and what can be said of its kind.
fn in_focus(state: &State) -> Option<(&Arc<Annotation>, &[Attribute])> {
    let work = state.work.as_ref()?;
    let annotation = work.session.layer().get(work.chosen.as_ref()?)?;
    let label = work.session.project().schema.label(&annotation.label);
    Some((annotation, label.map_or(&[], |label| &label.attributes)))
}

/// The attribute that is asked, and what the label in focus says so far.
#[must_use]
pub fn asked(state: &State) -> Option<(Arc<Annotation>, Attribute, usize, usize)> {
    let place = state.work.as_ref()?.asking()?;
    let (annotation, attributes) = in_focus(state)?;
    Some((annotation.clone(), attributes.get(place)?.clone(), place, attributes.len()))
}

fn ask(store: &StoreRef) {
    if chosen(store).is_none() {
        return;
    }
    let (count, read_only) = {
        let state = store.state();
        (in_focus(&state).map_or(0, |(_, attributes)| attributes.len()), state.work.as_ref().is_none_or(|work| work.session.is_read_only()))
    };
    if read_only {
        return toast(store, |words| words.get("refusal.read-only"));
    }
    if count == 0 {
        return toast(store, |words| words.get("refusal.no-attributes"));
    }
    with_work(store, |work| {
        let next = work.asking().map_or(0, |place| (place + 1) % count);
        work.asked = work.chosen.clone().map(|id| (id, next));
        // What is asked stands below the end of the label.
        if let Some(span) = work.chosen_span() {
            work.reveal = (work.reveal.0 + 1, span.end());
        }
    });
    say_asked(store);
}

/// Says what is asked, what can be answered, and what is said so far.
fn say_asked(store: &StoreRef) {
    let found = asked(&store.state());
    let Some((annotation, attribute, ..)) = found else { return };
    say(store, |words| {
        let options = (1..).zip(options(words, &attribute)).map(|(place, (_, name))| format!("{} {name}", words.number(place)));
        let options: Vec<String> = options.collect();
        let now = annotation.attributes.get(&*attribute.id).map_or_else(|| words.get("answer.none"), |value| said(words, Some(&attribute), value));
        words.with("said.asked", &[("attribute", words.pick(&attribute.names)), ("now", &now), ("options", &options.join(" · "))])
    });
}

/// What an attribute can be answered with by a digit or a button, with its name; none where the answer is written.
#[must_use]
pub fn options(words: &Words, attribute: &Attribute) -> Vec<(Value, String)> {
    match attribute.kind {
        AttributeKind::OneOf | AttributeKind::ManyOf => {
            attribute.values.iter().map(|value| (Value::from(&*value.id), words.pick(&value.names).to_owned())).collect()
        }
        AttributeKind::YesNo => vec![(true.into(), words.get("answer.yes")), (false.into(), words.get("answer.no"))],
        AttributeKind::Text | AttributeKind::Number => Vec::new(),
    }
}

/// Whether an answer has been given.
#[must_use]
pub fn has(given: Option<&Value>, option: &Value) -> bool {
    match given {
        Some(Value::Array(values)) => values.contains(option),
        given => given == Some(option),
    }
}

/// What the attribute says once an option is taken, or taken back where it was taken before.
#[must_use]
pub fn toggled(attribute: &Attribute, given: Option<&Value>, option: &Value) -> Option<Value> {
    if attribute.kind != AttributeKind::ManyOf {
        return (given != Some(option)).then(|| option.clone());
    }
    let mut values = given.and_then(Value::as_array).cloned().unwrap_or_default();
    let before = values.len();
    values.retain(|value| value != option);
    if values.len() == before {
        values.push(option.clone());
    }
    (!values.is_empty()).then_some(Value::Array(values))
}

/// An answer in words; what the schema does not know goes by what the file says.
#[must_use]
pub fn said(words: &Words, attribute: Option<&Attribute>, value: &Value) -> String {
    match value {
        Value::Array(values) => values.iter().map(|value| said(words, attribute, value)).collect::<Vec<_>>().join(" · "),
        Value::Bool(yes) => words.get(if *yes { "answer.yes" } else { "answer.no" }),
        Value::String(id) => {
            let known = attribute.and_then(|attribute| attribute.value(id));
            known.map_or_else(|| id.clone(), |known| words.pick(&known.names).to_owned())
        }
        other => other.to_string(),
    }
}

fn answer(store: &StoreRef, place: usize) {
    let found = asked(&store.state());
    let Some((annotation, attribute, ..)) = found else { return };
    let options = options(&super::words(store), &attribute);
    let value = match place.checked_sub(1) {
        None => None,
        Some(index) => match options.get(index) {
            Some((option, _)) => toggled(&attribute, annotation.attributes.get(&*attribute.id), option),
            None => return,
        },
    };
    give(store, &About::Annotation(annotation.id.clone()), &attribute, value);
}

/// Gives an answer, or takes it back.
pub(super) fn answer_about(store: &StoreRef, about: &About, name: String, value: Option<Value>) {
    let command = match about {
        About::Annotation(id) => Command::SetAttribute(id.clone(), name, value),
        About::Relation(id) => Command::SetRelationAttribute(id.clone(), name, value),
    };
    run_quietly(store, command);
}

/// Gives an answer, and says it.
pub fn give(store: &StoreRef, about: &About, attribute: &Attribute, value: Option<Value>) {
    answer_about(store, about, attribute.id.to_string(), value);
    let now = store.state().work.as_ref().and_then(|work| {
        let layer = work.session.layer();
        let said = match about {
            About::Annotation(id) => &layer.get(id)?.attributes,
            About::Relation(id) => &layer.relation(id)?.attributes,
        };
        said.get(&*attribute.id).cloned()
    });
    say(store, |words| {
        let now = now.as_ref().map_or_else(|| words.get("answer.none"), |value| said(words, Some(attribute), value));
        words.with("said.answer", &[("attribute", words.pick(&attribute.names)), ("value", &now)])
    });
}

/// Gives an answer that was written; whether it could be taken.
pub fn give_written(store: &StoreRef, about: &About, attribute: &Attribute, written: &str) -> bool {
    let value = if written.trim().is_empty() {
        None
    } else if attribute.kind == AttributeKind::Number {
        let Some(value) = number(written) else {
            toast(store, |words| words.get("refusal.no-number"));
            return false;
        };
        Some(value)
    } else {
        Some(written.trim().into())
    };
    give(store, about, attribute, value);
    true
}

fn leave(store: &StoreRef) {
    with_work(store, |work| work.asked = None);
    focus_on("[data-testid=reader]");
}

fn doubt(store: &StoreRef) {
    let Some(id) = chosen(store) else { return };
    let unsure = store.state().work.as_ref().and_then(|work| Some(work.session.layer().get(&id)?.unsure)).unwrap_or(false);
    if run(store, Command::SetUnsure(id.clone(), !unsure)).is_some() {
        if unsure {
            say_annotation(store, "said.sure", &id);
        } else {
            say_annotation(store, "said.unsure", &id);
        }
    }
}

/// The label of which a finding is told.
fn teller(layer: &Layer, finding: &Finding) -> Option<AnnotationId> {
    match &finding.about {
        About::Annotation(id) => Some(id.clone()),
        About::Relation(id) => layer.relation(id).map(|relation| relation.from.clone()),
    }
}

fn fix(store: &StoreRef, finding: Option<Arc<Finding>>) {
    let id = match &finding {
        Some(finding) => store.state().work.as_ref().and_then(|work| teller(work.session.layer(), finding)),
        None => chosen(store),
    };
    let Some(id) = id else { return };
    // Looked at again: an edit may have come between.
    let command = store.state().work.as_ref().and_then(|work| {
        let (session, text) = (&work.session, work.text()?);
        let checker = Checker { text, layer: session.layer(), schema: &session.project().schema, vocabulary: &work.vocabulary };
        let found = checker.of(session.layer().get(&id)?);
        let wanted = |found: &&Finding| finding.as_ref().is_none_or(|wanted| wanted.why == found.why && wanted.about == found.about);
        found.iter().filter(wanted).find_map(|found| found.command(|| RelationId::from(js::new_id("r"))))
    });
    let Some(command) = command else { return toast(store, |words| words.get("refusal.no-fix")) };
    if run(store, command).is_some() {
        with_work(store, super::refresh);
        say_annotation(store, "said.mended", &id);
    }
}

fn next_finding(store: &StoreRef) {
    let next = store.state().work.as_ref().and_then(|work| {
        let place = match work.chosen.as_ref().and_then(|id| work.session.layer().get(id)) {
            Some(annotation) => Place::of(annotation),
            None => Place { start: work.selection.head(), end: Reverse(Offset::new(u32::MAX)), id: "".into() },
        };
        let findings = &work.findings;
        let found = findings.nth(None, findings.rank_after(&place)).or_else(|| findings.nth(None, 0));
        found.map(|(id, _)| id.clone())
    });
    match next {
        Some(id) => choose::choose(store, Some(id)),
        None => toast(store, |words| words.get("checks.none")),
    }
}

/// Lists what was found, of one kind or of all, and brings the list into focus.
pub fn list(store: &StoreRef, kind: Option<CheckKind>) {
    set_filter(store, |filter| filter.view = View::Checks(kind));
    let narrow = gloo::utils::document().query_selector(".side.spans").ok().flatten().is_none_or(|side| side.client_height() == 0);
    store.update(|state| state.dialog = narrow.then_some(Dialog::List));
    // On a narrow screen the list comes with the sheet, which takes the focus itself.
    if !narrow {
        focus_on("[data-testid=view-checks]");
    }
}
