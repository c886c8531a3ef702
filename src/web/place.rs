//! A place in a document that an address names: words, as a live quote of the guidelines does, `#/read/article?at=10-20`,
//! in code points; or what is open in it, `#/read/article?checks`. The document is opened, and the place is shown. Words are named
//! in a document under review too: `#/review/article?at=10-20`.

use crate::adjudicate::is_gold;
use crate::id::DocumentId;
use crate::schema::CheckKind;
use crate::span::Span;
use crate::text::Offset;
use crate::web::act::{marks, refresh};
use crate::web::state::Selection;
use crate::web::store::StoreRef;
use std::cell::RefCell;

/// What is to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// These words, selected.
    Words(Span),
    /// The list of checks, of one kind or of all.
    Checks(Option<CheckKind>),
}

thread_local! {
    /// The place that is to be shown once its document is open.
    static ASKED: RefCell<Option<(DocumentId, Place)>> = const { RefCell::new(None) };
}

/// The pause until the reader is there, in milliseconds: it is mounted after the frame in which the document is.
const MOUNTED: u32 = 50;
/// How often that is waited for.
const TRIES: u32 = 40;

/// Takes note of the place that the address names, if it names one.
pub fn ask(id: &DocumentId, fragment: &str) {
    let place = named(fragment).map(|place| (id.clone(), place));
    if place.is_some() {
        // The plain address takes its place, so that the same quote can be followed again.
        let plain = fragment.split('?').next();
        let history = gloo::utils::window().history();
        let _ = history.map(|history| history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", plain));
    }
    ASKED.with(|asked| *asked.borrow_mut() = place);
}

fn named(fragment: &str) -> Option<Place> {
    let (_, asked) = fragment.split_once('?')?;
    if let Some(kind) = asked.strip_prefix("checks") {
        let place = kind.strip_prefix('=').and_then(|place| place.parse::<usize>().ok());
        return Some(Place::Checks(place.and_then(|place| CheckKind::ALL.get(place)).copied()));
    }
    let (start, end) = asked.strip_prefix("at=")?.split_once('-')?;
    Span::try_new(Offset::new(start.parse().ok()?), Offset::new(end.parse().ok()?)).map(Place::Words)
}

/// The words of a document under review that were asked for; they are asked for no longer.
pub fn take(id: &DocumentId) -> Option<Span> {
    let is_meant = |asked: &mut (DocumentId, Place)| asked.0 == *id;
    match ASKED.with(|asked| asked.borrow_mut().take_if(is_meant)) {
        Some((_, Place::Words(span))) => Some(span),
        _ => None,
    }
}

/// Whether words of a document are asked for.
pub fn is_asked(id: &DocumentId) -> bool {
    ASKED.with(|asked| asked.borrow().as_ref().is_some_and(|(asked, _)| asked == id))
}

/// Shows the place that was asked for, if its document is open.
pub fn go(store: &StoreRef) {
    let Some((id, place)) = ASKED.with(|asked| asked.borrow().clone()) else { return };
    if !is_open(store, &id) {
        return;
    }
    ASKED.with(|asked| asked.borrow_mut().take());
    later(store.clone(), id, place, TRIES);
}

fn is_open(store: &StoreRef, id: &DocumentId) -> bool {
    // Coming from the review, the gold layer is still open for a moment; the own one takes its place.
    store.state().work.as_ref().is_some_and(|work| work.session.key().document == *id && !is_gold(&work.session.key().annotator))
}

fn later(store: StoreRef, id: DocumentId, place: Place, tries: u32) {
    gloo::timers::callback::Timeout::new(MOUNTED, move || match place {
        Place::Words(span) => select(&store, &id, span),
        Place::Checks(kind) => {
            let is_mounted = gloo::utils::document().query_selector(".side.spans").ok().flatten().is_some();
            if is_mounted && is_open(&store, &id) {
                marks::list(&store, kind);
            } else if tries > 0 {
                later(store, id, place, tries - 1);
            }
        }
    })
    .forget();
}

fn select(store: &StoreRef, id: &DocumentId, span: Span) {
    store.update(|state| {
        let Some(work) = state.work.as_mut().filter(|work| work.session.key().document == *id) else { return };
        if work.text().is_none_or(|text| span.end() > text.len()) {
            return;
        }
        work.chosen = None;
        work.selection = Selection::exact(span);
        work.reveal = (work.reveal.0 + 1, span.start());
        refresh(work);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_words_or_checks() {
        let words = Span::try_new(Offset::new(10), Offset::new(20)).map(Place::Words);
        assert_eq!(named("#/read/article?at=10-20"), words);
        assert_eq!(named("#/read/article?checks"), Some(Place::Checks(None)));
        assert_eq!(named("#/read/article?checks=0"), Some(Place::Checks(Some(CheckKind::Edges))));
        assert_eq!(named("#/read/article?checks=99"), Some(Place::Checks(None)));
        for nothing in ["#/read/article", "#/read/article?", "#/read/article?at=20-10", "#/read/article?at=x-1"] {
            assert_eq!(named(nothing), None, "{nothing}");
        }
    }
}
