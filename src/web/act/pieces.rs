//! Pieces: a stretch of text is added to a label, or taken out of it.

use super::{choose::choose, refused, say_annotation, take, toast};
use crate::id::AnnotationId;
use crate::plan::Command;
use crate::span::Span;
use crate::web::state::{Selection, Work};
use crate::web::store::StoreRef;

/// The label that the selection would be added to, or taken out of: the one in focus before, and whether it has any of these words.
#[must_use]
pub fn piece_target(work: &Work) -> Option<(AnnotationId, Span, bool)> {
    let span = work.selected()?;
    let annotation = work.session.layer().get(work.held.as_ref().or(work.chosen.as_ref())?)?;
    Some((annotation.id.clone(), span, annotation.extent.overlaps(span)))
}

pub(super) fn add(store: &StoreRef) {
    let target = store.state().work.as_ref().and_then(piece_target);
    let Some((id, span, _)) = target else {
        return toast(store, |words| words.get("refusal.no-piece"));
    };
    if reshape(store, &id, Command::AddPiece(id.clone(), span)) {
        say_annotation(store, "said.piece.added", &id);
    }
}

pub(super) fn remove(store: &StoreRef) {
    let target = {
        let state = store.state();
        state.work.as_ref().and_then(|work| {
            let held = piece_target(work).filter(|(.., inside)| *inside);
            // Without one in focus, the smallest that holds the whole selection.
            held.map(|(id, span, _)| (id, span)).or_else(|| {
                let span = work.selected()?;
                let stack = work.session.layer().stack_at(span.start());
                stack.into_iter().find(|annotation| annotation.extent.hull().covers(span)).map(|annotation| (annotation.id.clone(), span))
            })
        })
    };
    let Some((id, span)) = target else {
        return toast(store, |words| words.get("refusal.no-piece-to-take"));
    };
    if reshape(store, &id, Command::RemovePiece(id.clone(), span)) {
        say_annotation(store, "said.piece.removed", &id);
    }
}

/// Changes what a label covers and brings it into focus. Whether it was changed.
fn reshape(store: &StoreRef, id: &AnnotationId, command: Command) -> bool {
    let result = take(store, |work| work.session.run(command), |work, _| work.selection = Selection::caret(work.selection.head()));
    match result {
        Ok(_) => {
            choose(store, Some(id.clone()));
            true
        }
        Err(refusal) => {
            refused(store, &refusal);
            false
        }
    }
}
