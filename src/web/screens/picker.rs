//! Single documents chosen from the list of all: those whose titles have some words, a few at once.

use crate::id::DocumentId;
use crate::persist::Card;
use crate::text::{Match, Search, Text};
use crate::web::app::use_words;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use yew::prelude::*;

/// The most documents that are listed besides those that are chosen.
const LISTED: usize = 40;

/// What the list shows.
#[derive(Properties, PartialEq)]
pub struct PickerProps {
    /// All documents that are not in the bin.
    pub cards: Rc<BTreeMap<DocumentId, Card>>,
    /// Those that are chosen; none chooses all.
    pub documents: BTreeSet<DocumentId>,
    /// Takes a document, or leaves it.
    pub choose: Callback<DocumentId>,
}

/// The list, closed at first; with one document there is nothing to choose.
#[component]
pub fn Picker(props: &PickerProps) -> Html {
    let words = use_words();
    let query = use_state(String::new);
    let open = use_state(|| false);
    if props.cards.len() < 2 && props.documents.is_empty() {
        return Html::default();
    }
    let toggle = {
        let open = open.clone();
        Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            open.set(!*open);
        })
    };
    let count = if props.documents.is_empty() { words.get("export.all") } else { words.count("export.documents", props.documents.len()) };
    let list = || {
        let oninput = {
            let query = query.clone();
            Callback::from(move |event: InputEvent| query.set(event.target_unchecked_into::<web_sys::HtmlInputElement>().value()))
        };
        let name = words.get("export.single.find");
        html! { <><input type="search" dir="auto" data-testid="pick-title" placeholder={name.clone()} aria-label={name} value={(*query).clone()} {oninput} />{ lines(props, &query, &words) }</> }
    };
    html! {
        <details class="pick single" data-testid="pick-document" open={*open}>
            <summary onclick={toggle}><h3>{ words.get("export.single") }</h3><span class="soft small">{ count }</span></summary>
            if *open { { list() } }
        </details>
    }
}

fn lines(props: &PickerProps, query: &str, words: &crate::web::words::Words) -> Html {
    let is_found = |card: &Card| {
        let title = Text::new(card.title.as_str());
        let mut search = Search::new(query, Match::Anywhere);
        search.step(&title, u32::MAX);
        query.trim().is_empty() || !search.found().is_empty()
    };
    let others = props.cards.iter().filter(|(id, card)| !props.documents.contains(*id) && is_found(card));
    let chosen = props.documents.iter().filter_map(|id| props.cards.get_key_value(id));
    let left = others.clone().count().saturating_sub(LISTED);
    let line = |(id, card): (&DocumentId, &Card)| {
        let onchange = {
            let (choose, id) = (props.choose.clone(), id.clone());
            Callback::from(move |_: Event| choose.emit(id.clone()))
        };
        html! { <li key={id.as_str()}><label class="field switch"><input type="checkbox" data-value={id.to_string()} checked={props.documents.contains(id)} {onchange} /><bdi>{ &card.title }</bdi></label></li> }
    };
    let all: Vec<Html> = chosen.chain(others.take(LISTED)).map(line).collect();
    html! { <><ul class="single-list">{ for all }</ul>if left > 0 { <p class="soft small">{ words.count("export.single.more", left) }</p> }</> }
}
