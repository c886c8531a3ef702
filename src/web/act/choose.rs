//! Which label is in focus, and what is selected.

use super::caret::hold;
use super::{Towards, quote, refresh, say_annotation, toast, with_work};
use crate::id::AnnotationId;
use crate::text::Offset;
use crate::web::state::Selection;
use crate::web::store::StoreRef;

pub(super) fn choose(store: &StoreRef, id: Option<AnnotationId>) {
    with_work(store, |work| {
        work.chosen = id;
        work.held = None;
        if let Some(span) = work.chosen_span() {
            let head = work.selection.head();
            if head < span.start() || span.end() < head || !work.selection.is_caret() {
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

pub(super) fn choose_at(store: &StoreRef, offset: Offset) {
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
        work.held = None;
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

pub(super) fn select(store: &StoreRef, selection: Selection) {
    with_work(store, |work| {
        if work.selection == selection {
            return;
        }
        work.selection = selection;
        work.palette_closed = false;
        if !selection.is_caret() {
            hold(work);
        }
        refresh(work);
    });
}

pub(super) fn copy(store: &StoreRef) {
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
