//! Edges: of the label in focus, or of the selection.

use super::{Towards, Unit, refresh, refused, run, say_annotation, take, toast, with_work};
use crate::id::AnnotationId;
use crate::plan::Command;
use crate::span::{Extent, Span};
use crate::text::{Edge, Offset, Text};
use crate::web::state::{Selection, Work};
use crate::web::store::StoreRef;

/// The first place after `offset` where a word begins.
pub(super) fn next_word_start(text: &Text, offset: Offset) -> Offset {
    let rest = text.next_word_edge(offset);
    let window = offset..text.next_word_edge(rest.plus(1));
    text.words(window).map(|word| word.start).find(|start| *start > offset).unwrap_or(offset)
}

/// The last place before `offset` where a word ends.
pub(super) fn previous_word_end(text: &Text, offset: Offset) -> Offset {
    let start = text.previous_word_edge(offset);
    let window = text.previous_word_edge(start)..offset;
    text.words(window).map(|word| word.end).filter(|end| *end < offset).last().unwrap_or(offset)
}

pub(super) fn moved(text: &Text, offset: Offset, edge: Edge, towards: Towards, unit: Unit) -> Offset {
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
pub(super) fn reshape(store: &StoreRef, change: impl FnOnce(&Work, &Text, Span) -> Option<Span>) {
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
pub fn reach(extent: &Extent, hull: Span) -> Option<Extent> {
    let old = extent.hull();
    let pieces = extent.pieces().iter().filter_map(|piece| {
        let start = if piece.start() == old.start() { hull.start() } else { piece.start().max(hull.start()) };
        let end = if piece.end() == old.end() { hull.end() } else { piece.end().min(hull.end()) };
        Span::try_new(start, end)
    });
    Extent::union(pieces)
}

/// Sets both edges of a label; what lies between its pieces stays out.
pub(super) fn reach_to(store: &StoreRef, id: AnnotationId, hull: Span) {
    let extent = {
        let state = store.state();
        let annotation = state.work.as_ref().and_then(|work| work.session.layer().get(&id));
        annotation.and_then(|annotation| reach(&annotation.extent, hull))
    };
    if let Some(extent) = extent {
        drop(run(store, Command::SetExtent(id, extent)));
    }
}

pub(super) fn move_edge(store: &StoreRef, edge: Edge, towards: Towards, unit: Unit) {
    reshape(store, |_, text, span| match edge {
        Edge::Start => Span::try_new(moved(text, span.start(), edge, towards, unit), span.end()),
        Edge::End => Span::try_new(span.start(), moved(text, span.end(), edge, towards, unit)),
    });
}

pub(super) fn peel(store: &StoreRef, edge: Edge) {
    reshape(store, |work, text, span| {
        let clitic = crate::text::peel(text, span.range(), edge, &work.vocabulary)?;
        match edge {
            Edge::Start => Span::try_new(span.start().plus(clitic.length), span.end()),
            Edge::End => Span::try_new(span.start(), span.end().minus(clitic.length)),
        }
    });
}

pub(super) fn unpeel(store: &StoreRef, edge: Edge) {
    reshape(store, |_, text, span| {
        let whole = crate::text::unpeel(text, span.range());
        let wide = match edge {
            Edge::Start => Span::try_new(whole.start, span.end()),
            Edge::End => Span::try_new(span.start(), whole.end),
        };
        wide.filter(|wide| *wide != span)
    });
}

pub(super) fn trim(store: &StoreRef) {
    let chosen = store.state().work.as_ref().filter(|work| work.selection.is_caret()).and_then(|work| work.chosen.clone());
    if let Some(id) = chosen {
        // Every piece of it.
        if run(store, Command::Trim(vec![id.clone()])).is_some() {
            with_work(store, refresh);
            say_annotation(store, "said.extent", &id);
        }
        return;
    }
    reshape(store, |_, text, span| Span::from_range(text.trim(span.range())).filter(|trimmed| *trimmed != span));
}
