//! Find in text: folded, in slices, so that a million characters never hold up the page.

use crate::span::Span;
use crate::text::Offset;
use crate::text::{Match, Search};
use crate::web::act::{self, Towards, say};
use crate::web::state::Find;
use crate::web::store::StoreRef;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// Characters searched at once; a few milliseconds.
const SLICE: u32 = 60_000;

/// Looks for a query, and goes to the first place at the caret or after it.
pub fn look(store: &StoreRef, query: String) {
    act::with_work(store, |work| work.find = Rc::new(Find { open: true, query: query.clone(), hits: Rc::default(), current: 0 }));
    let store = store.clone();
    spawn_local(async move {
        let Some(hits) = all(&store, &query, Match::Anywhere, |find| find.query == query).await else { return };
        let count = hits.len();
        act::with_work(&store, |work| {
            let caret = work.selection.head();
            let current = hits.iter().position(|hit| hit.start() >= caret).unwrap_or(0);
            if let Some(hit) = hits.get(current) {
                work.reveal = (work.reveal.0 + 1, hit.start());
            }
            work.find = Rc::new(Find { open: true, query, hits: Rc::new(hits), current });
        });
        say(&store, |words| words.count("said.found", count));
    });
}

/// All places of a query; `None` where meanwhile something else is looked for.
pub async fn all(store: &StoreRef, query: &str, mode: Match, wanted: impl Fn(&Find) -> bool) -> Option<Vec<Span>> {
    let document = store.state().work.as_ref()?.session.document()?.clone();
    let mut search = Search::new(query, mode);
    while !search.step(&document.text, SLICE).done {
        gloo::timers::future::TimeoutFuture::new(0).await;
        let state = store.state();
        let work = state.work.as_ref()?;
        if !wanted(&work.find) || work.session.key().document != document.id {
            return None;
        }
    }
    Some(search.into_found().into_iter().filter_map(Span::from_range).collect())
}

/// Goes to the next or the previous place found.
pub fn go(store: &StoreRef, towards: Towards) {
    let place = {
        let state = store.state();
        let Some(work) = &state.work else { return };
        let count = work.find.hits.len();
        if count == 0 {
            None
        } else {
            Some(match towards {
                Towards::Next => (work.find.current + 1) % count,
                Towards::Previous => (work.find.current + count - 1) % count,
            })
        }
    };
    let Some(place) = place else {
        act::with_work(store, |work| Rc::make_mut(&mut work.find).open = true);
        return;
    };
    act::with_work(store, |work| {
        let find = Rc::make_mut(&mut work.find);
        find.current = place;
        let start = find.hits.get(place).map_or(Offset::new(0), |hit| hit.start());
        work.reveal = (work.reveal.0 + 1, start);
    });
}
