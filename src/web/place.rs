//! A place in a document that an address names, as a live quote of the guidelines does: `#/read/article?at=10-20`, in
//! code points. The document is opened, the words are selected and brought into view.

use crate::id::DocumentId;
use crate::span::Span;
use crate::text::Offset;
use crate::web::act::refresh;
use crate::web::state::{Route, Selection};
use crate::web::store::StoreRef;
use std::cell::RefCell;

thread_local! {
    /// The place that is to be shown once its document is open.
    static ASKED: RefCell<Option<(DocumentId, Span)>> = const { RefCell::new(None) };
}

/// Takes note of the place that the address names, if it names one.
pub fn ask(id: &DocumentId, fragment: &str) {
    let place = named(fragment).map(|span| (id.clone(), span));
    if place.is_some() {
        // The plain address takes its place, so that the same quote can be followed again.
        let plain = Route::Read(id.clone()).fragment();
        let history = gloo::utils::window().history();
        let _ = history.map(|history| history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&plain)));
    }
    ASKED.with(|asked| *asked.borrow_mut() = place);
}

fn named(fragment: &str) -> Option<Span> {
    let (start, end) = fragment.split_once("?at=")?.1.split_once('-')?;
    Span::try_new(Offset::new(start.parse().ok()?), Offset::new(end.parse().ok()?))
}

/// Shows the place that was asked for, if its document is open.
pub fn go(store: &StoreRef) {
    let Some((id, span)) = ASKED.with(|asked| asked.borrow().clone()) else { return };
    let is_open = store.state().work.as_ref().is_some_and(|work| work.session.key().document == id);
    if !is_open {
        return;
    }
    ASKED.with(|asked| asked.borrow_mut().take());
    // The reader is mounted after the frame in which the document is there.
    let store = store.clone();
    gloo::timers::callback::Timeout::new(50, move || {
        store.update(|state| {
            let Some(work) = state.work.as_mut().filter(|work| work.session.key().document == id) else { return };
            if work.text().is_none_or(|text| span.end() > text.len()) {
                return;
            }
            work.chosen = None;
            work.selection = Selection::exact(span);
            work.reveal = (work.reveal.0 + 1, span.start());
            refresh(work);
        });
    })
    .forget();
}
