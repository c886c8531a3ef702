//! All other occurrences of the selected words: listed, confirmed, labelled in one step.

use crate::annotation::Annotation;
use crate::id::{AnnotationId, LabelId};
use crate::plan::Command;
use crate::span::Span;
use crate::text::{Match, Offset};
use crate::web::act::{self, say, toast};
use crate::web::state::Occurrences;
use crate::web::store::StoreRef;
use crate::web::{js, search, timing};
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// Lists the places of the selected words, or of the label in focus; of one in pieces, of the piece at the caret, or else of
/// the first. Whole words, and words with clitics.
pub fn list(store: &StoreRef, label: Option<LabelId>) {
    let found = {
        let state = store.state();
        let Some(work) = &state.work else { return };
        let chosen = work.chosen.as_ref().and_then(|id| work.session.layer().get(id));
        let span = work.selected().or_else(|| chosen.map(|annotation| piece(annotation, work.selection.head())));
        let words = span.and_then(|span| work.text()?.slice(span.range())).map(str::to_owned);
        let first = || work.session.project().schema.offered().first().map(|(label, _)| label.id.clone());
        let label = label.or_else(|| chosen.map(|annotation| annotation.label.clone())).or_else(|| work.brush.clone()).or_else(first);
        words.zip(label)
    };
    let Some((words, label)) = found else {
        return toast(store, |words| words.get("refusal.nothing-selected"));
    };
    let store = store.clone();
    spawn_local(async move {
        let Some(places) = search::all(&store, &words, Match::WordsWithClitics, |_| true).await else { return };
        act::with_work(&store, |work| {
            let layer = work.session.layer();
            // A label in pieces has it where one of its pieces does.
            let has = |span: &Span| layer.window(*span).iter().any(|other| other.label == label && other.extent.pieces().contains(span));
            let (labelled, free): (Vec<_>, Vec<_>) = places.into_iter().partition(has);
            let places = free.into_iter().map(|span| (span, true)).collect();
            work.occurrences = Some(Rc::new(Occurrences { words, label, places, labelled: labelled.len() }));
        });
    });
}

/// The piece of a label that a place is in or at the end of, or else its first.
fn piece(annotation: &Annotation, at: Offset) -> Span {
    let pieces = annotation.extent.pieces();
    let near = pieces.iter().find(|piece| piece.start() <= at && at <= piece.end());
    near.or(pieces.first()).copied().unwrap_or_else(|| annotation.extent.hull())
}

/// Labels the places that were confirmed; one undo takes all of them back.
pub fn confirm(store: &StoreRef) {
    let Some(occurrences) = store.state().work.as_ref().and_then(|work| work.occurrences.clone()) else { return };
    let wanted = occurrences.places.iter().filter(|(_, wanted)| *wanted);
    let places: Vec<_> = wanted.map(|(span, _)| (AnnotationId::from(js::new_id("s")), (*span).into())).collect();
    let count = places.len();
    act::with_work(store, |work| work.occurrences = None);
    if act::run(store, Command::LabelAll { places, label: occurrences.label.clone() }).is_some() {
        timing::label_shown();
        act::with_work(store, |work| {
            work.selection = crate::web::state::Selection::caret(work.selection.head());
            act::refresh(work);
        });
        say(store, |words| words.count("said.labelled-all", count));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Extent;

    fn span(start: u32, end: u32) -> Span {
        Span::try_new(Offset::new(start), Offset::new(end)).expect("not empty")
    }

    #[test]
    fn of_a_label_in_pieces_the_piece_at_the_caret_counts() {
        let extent = Extent::try_from_pieces(vec![span(3, 8), span(20, 25)]).expect("apart and in order");
        let annotation = Annotation::new("a".into(), extent, "Claim".into());
        for (at, wanted) in [(0, (3, 8)), (3, (3, 8)), (8, (3, 8)), (12, (3, 8)), (20, (20, 25)), (25, (20, 25)), (30, (3, 8))] {
            assert_eq!(piece(&annotation, Offset::new(at)), span(wanted.0, wanted.1), "{at}");
        }
    }
}
