//! The library: all documents in a plain list, and the bin.

use crate::id::DocumentId;
use crate::web::app::use_words;
use crate::web::bar::IconButton;
use crate::web::panels::icons::Icon;
use crate::web::screens::dataset::{import_button, paste_button};
use crate::web::screens::open::use_open;
use crate::web::screens::retext::Corrected;
use crate::web::state::{Card, Route};
use crate::web::storage::library;
use crate::web::store::{StoreRef, use_select, use_store};
use crate::web::words::Words;
use yew::prelude::*;

/// The list of documents.
#[component]
pub fn LibraryScreen() -> Html {
    let store = use_store();
    let words = use_words();
    let cards = use_select(|state| state.library.clone());
    let is_blind = *use_select(|state| state.settings.blind);
    {
        // What may be seen of others is told by the list.
        let (store, is_first) = (store.clone(), use_mut_ref(|| true));
        use_effect_with(is_blind, move |_| {
            if !is_first.replace(false) {
                library::show(&store);
            }
        });
    }
    let kept: Vec<&Card> = cards.iter().filter(|card| card.binned.is_none()).collect();
    let open = use_open(&cards);
    let corrected = use_state(|| None::<DocumentId>);
    let correct = {
        let corrected = corrected.clone();
        Callback::from(move |id: Option<DocumentId>| corrected.set(id))
    };
    let shown = corrected.as_ref().and_then(|id| cards.iter().find(|card| card.id == *id)).cloned();
    let binned: Vec<Card> = cards.iter().filter(|card| card.binned.is_some()).cloned().collect();
    html! {
        <main class="screen">
            <h1 tabindex="-1">{ words.get("library.title") }</h1>
            <div class="row">{ import_button(words.get("import")) }{ paste_button(&store, words.get("paste")) }</div>
            <p class="soft small">{ words.get("library.drop") }</p>
            if kept.is_empty() { <p class="empty">{ words.get("library.empty") }</p> }
            { open.total(&words) }
            <ul class="documents" data-testid="documents">{ for kept.iter().filter(|card| open.lists(&card.id)).map(|card| document_line(&store, &words, card, open.link(&words, &card.id), &correct)) }</ul>
            if !binned.is_empty() {
                <section class="bin" data-testid="bin"><h2>{ words.get("bin.title") }</h2>
                <ul class="documents">{ for binned.into_iter().map(|card| html! { <BinnedLine key={card.id.as_str().to_owned()} card={card.clone()} /> }) }</ul></section>
            }
            if let Some(card) = shown { <Corrected {card} on_close={correct.reform(|_: MouseEvent| None)} /> }
        </main>
    }
}

#[derive(Properties, PartialEq)]
struct LineProps {
    card: Card,
}

fn document_line(store: &StoreRef, words: &Words, card: &Card, open: Html, correct: &Callback<Option<DocumentId>>) -> Html {
    let correct = {
        let id = card.id.clone();
        correct.reform(move |_: MouseEvent| Some(id.clone()))
    };
    let bin = {
        let (store, id) = (store.clone(), card.id.clone());
        Callback::from(move |_: MouseEvent| library::bin(&store, &id, true))
    };
    html! {
        <li class="document" key={card.id.as_str().to_owned()} data-document={card.id.as_str().to_owned()}>
            <a href={Route::Read(card.id.clone()).fragment()}><span class="document-title" dir="auto">{ &*card.title }</span>
                <span class="soft small">{ words.count("characters", card.characters as usize) }{ " · " }{ words.count("spans.count", card.spans) }</span></a>
            { open }
            if card.test { <span class="chip" data-testid="is-test">{ words.get("library.test") }</span> }
            if card.others > 0 && card.others + usize::from(card.spans > 0) > 1 { <a class="chip" data-testid="to-review" href={Route::Review(card.id.clone()).fragment()}>{ words.count("library.review", card.others + usize::from(card.spans > 0)) }</a> }
            <span class={classes!("status", format!("is-{}", card.status.name()))}>{ words.get(&format!("status.{}", card.status.name())) }</span>
            { IconButton::new(Icon::Note, words.with("retext.open", &[("title", &card.title)]), correct).testid("retext-document").html() }
            { IconButton::new(Icon::Trash, words.with("bin.put", &[("title", &card.title)]), bin).testid("bin-document").html() }
        </li>
    }
}

#[component]
fn BinnedLine(props: &LineProps) -> Html {
    let store = use_store();
    let words = use_words();
    let sure = use_state(|| false);
    let id: DocumentId = props.card.id.clone();
    let restore = {
        let (store, id) = (store.clone(), id.clone());
        Callback::from(move |_: MouseEvent| library::bin(&store, &id, false))
    };
    let ask = {
        let sure = sure.clone();
        Callback::from(move |_: MouseEvent| sure.set(true))
    };
    let keep = {
        let sure = sure.clone();
        Callback::from(move |_: MouseEvent| sure.set(false))
    };
    let purge = Callback::from(move |_: MouseEvent| library::purge(&store, &id));
    html! {
        <li class="document binned" data-document={props.card.id.as_str().to_owned()}>
            <span class="document-title" dir="auto">{ &*props.card.title }</span>
            if *sure {
                <span class="soft small">{ words.count("bin.sure", props.card.spans) }</span>
                <button type="button" class="button danger" data-testid="purge-sure" onclick={purge}>{ words.get("bin.purge") }</button>
                <button type="button" class="button" onclick={keep}>{ words.get("bin.keep") }</button>
            } else {
                { IconButton::new(Icon::Restore, words.with("bin.restore", &[("title", &props.card.title)]), restore).testid("restore-document").html() }
                { IconButton::new(Icon::Trash, words.with("bin.purge.name", &[("title", &props.card.title)]), ask).testid("purge").html() }
            }
        </li>
    }
}
