//! What the page has to say: notices that stay, a toast that passes, and the line for screen readers.

use crate::web::act;
use crate::web::app::use_words;
use crate::web::bar::{IconButton, filled, tone_class};
use crate::web::panels::icons::{Icon, icon};
use crate::web::state::{Back, Notice, Offer, Tone};
use crate::web::storage::{exchange, library, schema, tabs};
use crate::web::store::{StoreRef, use_select, use_store};
use crate::web::words::Words;
use gloo::timers::callback::Timeout;
use yew::prelude::*;

/// How long a toast stays, in milliseconds.
const PASSING: u32 = 5_000;

/// Notices that stay until they are closed.
#[component]
pub fn Notices() -> Html {
    let store = use_store();
    let words = use_words();
    let notices = use_select(|state| state.notices.clone());
    if notices.is_empty() {
        return Html::default();
    }
    html! { <div class="notices" data-testid="notices">{ for notices.iter().map(|notice| notice_line(&store, &words, notice)) }</div> }
}

fn notice_line(store: &StoreRef, words: &Words, notice: &Notice) -> Html {
    let close = {
        let (store, key) = (store.clone(), notice.key);
        Callback::from(move |_: MouseEvent| library::dismiss(&store, key))
    };
    let role = if notice.tone == Tone::Warning { "alert" } else { "status" };
    let offer = notice.offer.clone().map(|offer| {
        let key = offer_key(&offer);
        let store = store.clone();
        let accept = Callback::from(move |_: MouseEvent| accept(&store, &offer));
        html! { <button type="button" class="button" data-testid="offer" onclick={accept}>{ words.get(key) }</button> }
    });
    let lines = notice.lines.said(words);
    let sign = if notice.tone == Tone::Warning { Icon::Warning } else { Icon::Check };
    html! {
        <section key={notice.key} class={tone_class(notice.tone)} role={role} data-notice={notice.key}>
            { icon(sign) }
            <div class="notice-words"><p>{ filled(words, &notice.words) }</p>
            if !lines.is_empty() { <ul>{ for lines.iter().map(|line| html! { <li dir="auto">{ line }</li> }) }</ul> }</div>
            { offer }
            { IconButton::new(Icon::Close, words.get("close"), close).html() }
        </section>
    }
}

fn offer_key(offer: &Offer) -> &'static str {
    match offer {
        Offer::Export => "offer.export",
        Offer::TakeOver => "offer.take-over",
        Offer::Raw(_) => "offer.raw",
        Offer::Retry => "offer.retry",
        Offer::Persist => "offer.persist",
        Offer::Stop | Offer::StopStep => "offer.stop",
        Offer::Schema(Back::Undo) => "offer.schema-undo",
        Offer::Schema(Back::Redo) => "offer.schema-redo",
    }
}

fn accept(store: &StoreRef, offer: &Offer) {
    match offer {
        Offer::Export => library::export_all(store),
        Offer::TakeOver => tabs::take_over(store),
        Offer::Raw(raw) => crate::web::screens::dataset::download("wusum-set-aside.jsonl", "application/jsonl", raw.as_bytes()),
        Offer::Retry => store.saver.flush(store),
        Offer::Persist => library::persist(store),
        Offer::Stop => exchange::stop(),
        Offer::StopStep => act::long::stop(store),
        Offer::Schema(way) => schema::go_back(store, *way),
    }
}

/// A message that passes by itself.
#[component]
pub fn Toast() -> Html {
    let store = use_store();
    let toast = use_select(|state| state.toast.clone());
    use_effect_with((*toast).clone(), move |toast| {
        let number = toast.as_ref().map(|(number, _)| *number);
        let timer = number.map(|number| {
            Timeout::new(PASSING, move || {
                store.update(|state| {
                    if state.toast.as_ref().is_some_and(|(shown, _)| *shown == number) {
                        state.toast = None;
                    }
                });
            })
        });
        move || drop(timer)
    });
    html! { if let Some((number, line)) = &*toast { <div class="toast" data-testid="toast" key={number.to_string()} dir="auto">{ &**line }</div> } }
}

/// The line that screen readers listen to.
#[component]
pub fn Live() -> Html {
    let said = use_select(|state| state.said.clone());
    // The same words twice are told twice only if the text changes.
    let mark = if said.0 % 2 == 0 { "" } else { "\u{a0}" };
    html! { <div class="unseen" role="status" aria-live="polite" data-testid="said">{ &*said.1 }{ mark }</div> }
}
