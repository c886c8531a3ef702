//! The caret by letters and words, as seen and as read.

use super::{Extend, Motion, Towards, refresh, with_work};
use crate::text::{Direction, Offset, Side};
use crate::web::reader::surface::effective;
use crate::web::state::{Selection, Work};
use crate::web::store::StoreRef;

pub(super) fn place(work: &mut Work, offset: Offset, extend: Extend) {
    let caret = Selection::caret(offset).caret;
    match extend {
        Extend::Yes => work.selection = Selection { anchor: work.selection.anchor, caret, snap: false },
        Extend::No => work.selection = Selection::caret(offset),
    }
    hold(work);
    work.palette_closed = false;
    work.reveal = (work.reveal.0 + 1, offset);
    refresh(work);
}

/// Lets go of the label in focus, but keeps in mind which one it was.
pub(super) fn hold(work: &mut Work) {
    if let Some(id) = work.chosen.take() {
        work.held = Some(id);
    }
}

pub(super) fn move_caret(store: &StoreRef, motion: Motion, extend: Extend) {
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
