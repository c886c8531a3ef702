//! Labelling: put a label, cut it, join it, remove it; and the brush.

use super::choose::choose;
use super::{label_name, link, quote, refresh, refused, run, say, say_annotation, take, toast, with_work, words};
use crate::id::{AnnotationId, LabelId};
use crate::plan::{Command, Refusal};
use crate::span::Span;
use crate::web::state::Selection;
use crate::web::store::StoreRef;
use crate::web::{js, timing};

pub(super) fn label_something(store: &StoreRef, label: LabelId) {
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
            if let Some(outcome) = run(store, Command::SetLabel(id.clone(), label)) {
                timing::label_shown();
                say_annotation(store, "said.relabelled", &id);
                link::tell_gone(store, &outcome);
            }
        }
        Target::Nothing => toast(store, |words| words.get("refusal.nothing-selected")),
    }
}

/// Labels a stretch of text and brings the label into focus.
pub(super) fn label_span(store: &StoreRef, span: Span, label: LabelId) {
    let id = AnnotationId::from(js::new_id("s"));
    let command = Command::Label { id: id.clone(), extent: span.into(), label };
    let result = take(
        store,
        |work| work.session.run(command),
        |work, _| {
            work.chosen = Some(id.clone());
            work.held = None;
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

pub(super) fn set_brush(store: &StoreRef, brush: Option<LabelId>) {
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

pub(super) fn chosen(store: &StoreRef) -> Option<AnnotationId> {
    let chosen = store.state().work.as_ref().and_then(|work| work.chosen.clone());
    if chosen.is_none() {
        toast(store, |words| words.get("refusal.nothing-chosen"));
    }
    chosen
}

pub(super) fn split(store: &StoreRef) {
    let Some(id) = chosen(store) else { return };
    let Some(at) = store.state().work.as_ref().map(|work| work.selection.head()) else { return };
    let second = AnnotationId::from(js::new_id("s"));
    if run(store, Command::Split { id, at, second }).is_some() {
        say(store, |words| words.get("said.split"));
    }
}

pub(super) fn merge(store: &StoreRef) {
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
            if let Some(outcome) = run(store, Command::Merge { keep: id.clone(), absorb }) {
                say_annotation(store, "said.merged", &id);
                link::tell_gone(store, &outcome);
            }
        }
        None => toast(store, |words| words.get("refusal.no-neighbour")),
    }
}

pub(super) fn delete(store: &StoreRef) {
    let Some(id) = chosen(store) else { return };
    let parts = store.state().work.as_ref().and_then(|work| {
        let annotation = work.session.layer().get(&id)?;
        Some((label_name(work, &annotation.label, &words(store)), quote(work, annotation), annotation.extent.hull().start()))
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
        Ok(outcome) => {
            say(store, |words| words.with("said.deleted", &[("label", &label), ("quote", &quote)]));
            link::tell_gone(store, &outcome);
        }
        Err(refusal) => refused(store, &refusal),
    }
}
