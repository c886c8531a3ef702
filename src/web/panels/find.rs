//! Find in text: spelling variants, harakat and tatweel make no difference.

use crate::web::act::{Action, Towards, perform};
use crate::web::app::use_words;
use crate::web::bar::{IconButton, on_click};
use crate::web::panels::icons::Icon;
use crate::web::search;
use crate::web::store::{use_select, use_store};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The find field, while it is open.
#[component]
pub fn FindBar() -> Html {
    let open = use_select(|state| state.work.as_ref().is_some_and(|work| work.find.open));
    html! { if *open { <Field /> } }
}

#[component]
fn Field() -> Html {
    let store = use_store();
    let words = use_words();
    let node = use_node_ref();
    let find = use_select(|state| state.work.as_ref().map(|work| work.find.clone()).unwrap_or_default());
    use_effect_with(node.clone(), |node| {
        if let Some(field) = node.cast::<HtmlInputElement>() {
            // A field that cannot be focused is still there.
            let _ = field.focus();
            field.select();
        }
    });
    let oninput = {
        let store = store.clone();
        Callback::from(move |event: InputEvent| search::look(&store, event.target_unchecked_into::<HtmlInputElement>().value()))
    };
    let onkeydown = {
        let store = store.clone();
        Callback::from(move |event: KeyboardEvent| {
            let action = match (event.key().as_str(), event.shift_key()) {
                ("Enter", false) | ("ArrowDown", _) | ("F3", false) => Action::Found(Towards::Next),
                ("Enter", true) | ("ArrowUp", _) | ("F3", true) => Action::Found(Towards::Previous),
                ("Escape", _) => Action::Escape,
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            perform(&store, action);
        })
    };
    let count = find.hits.len();
    let place = match (find.query.trim().is_empty(), count) {
        (true, _) => String::new(),
        (false, 0) => words.get("find.none"),
        (false, _) => words.with("find.place", &[("n", &words.number(find.current + 1)), ("of", &words.number(count))]),
    };
    html! {
        <div class="find" role="search" data-testid="find">
            <input ref={node} type="search" dir="auto" data-testid="query" value={find.query.clone()} placeholder={words.get("find.hint")} aria-label={words.get("find.hint")} oninput={oninput} onkeydown={onkeydown} />
            <span class="soft small" data-testid="hits">{ place }</span>
            { IconButton::new(Icon::Previous, words.get("find.previous"), on_click(&store, Action::Found(Towards::Previous))).enabled(count > 0).html() }
            { IconButton::new(Icon::Next, words.get("find.next"), on_click(&store, Action::Found(Towards::Next))).enabled(count > 0).html() }
            { IconButton::new(Icon::Close, words.get("close"), on_click(&store, Action::Escape)).html() }
        </div>
    }
}
