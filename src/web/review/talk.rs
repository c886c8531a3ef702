//! Talk: comments on places, in threads that are resolved and opened again.

use super::act::{comment, reply};
use super::fetch::use_review_words;
use super::model::{Seen, use_seen};
use crate::adjudicate::comments::{Comment, Thread, threads};
use crate::layer::Layer;
use crate::span::Span;
use crate::text::Offset;
use crate::web::store::{StoreRef, use_store};
use crate::web::words::Words;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

/// Whether a key sends what was written: Enter, but for the end of a word being composed and for a new line.
pub(super) fn sends(event: &KeyboardEvent) -> bool {
    event.key() == "Enter" && !event.shift_key() && !event.is_composing()
}

/// All threads of the document, those at the chosen place first; and a field for a new one.
#[component]
pub(super) fn Talk() -> Html {
    let store = use_store();
    let words = use_review_words();
    let seen = use_seen();
    let field = use_node_ref();
    let all = use_state(|| false);
    let Some(Seen { review, work }) = (*seen).clone() else { return Html::default() };
    let others = review.layers.iter().map(|(_, layer)| layer);
    let threads: Vec<Thread> = threads(others.chain([work.session.layer()]).collect::<Vec<&Layer>>());
    let chosen = review.chosen().map(|chosen| chosen.hull);
    let send = {
        let (store, field) = (store.clone(), field.clone());
        Callback::from(move |()| {
            if let Some(field) = field.cast::<HtmlTextAreaElement>() {
                comment(&store, &field.value());
                field.set_value("");
            }
        })
    };
    let by_key = {
        let send = send.clone();
        Callback::from(move |event: KeyboardEvent| {
            if sends(&event) {
                event.prevent_default();
                send.emit(());
                crate::web::reader::input::focus_on("[data-testid=reader]");
            } else if event.key() == "Escape" {
                event.prevent_default();
                crate::web::reader::input::focus_on("[data-testid=reader]");
            }
        })
    };
    let onclick = Callback::from(move |_: MouseEvent| send.emit(()));
    let (near, far): (Vec<Thread>, Vec<Thread>) = threads.into_iter().partition(|thread| here(thread, chosen));
    let toggle = {
        let all = all.clone();
        Callback::from(move |_: MouseEvent| all.set(!*all))
    };
    html! {
        <section class="talk" aria-label={words.get("review.comments")} data-testid="comments">
            <h2>{ words.get("review.comments") }</h2>
            { for near.iter().map(|thread| thread_box(&store, &words, thread)) }
            <label class="note"><span class="small soft">{ words.get("review.comment.here") }{ " " }<kbd aria-hidden="true">{ "C" }</kbd></span><textarea ref={field} rows="2" dir="auto" data-testid="comment-text" onkeydown={by_key} /></label>
            <button type="button" class="button small" data-testid="comment-send" onclick={onclick}>{ words.get("review.comment.send") }</button>
            if !far.is_empty() {
                <button type="button" class="chip" aria-expanded={(*all).to_string()} data-testid="comments-elsewhere" onclick={toggle}>{ words.count("review.comments.elsewhere", far.len()) }</button>
                if *all { { for far.iter().map(|thread| thread_box(&store, &words, thread)) } }
            }
        </section>
    }
}

fn here(thread: &Thread, chosen: Option<Span>) -> bool {
    let place = thread.comments.first().and_then(place_of);
    place.zip(chosen).is_some_and(|(place, chosen)| place.overlaps(chosen))
}

fn place_of(comment: &Comment) -> Option<Span> {
    Span::try_new(Offset::new(comment.place.0), Offset::new(comment.place.1))
}

pub(super) fn thread_box(store: &StoreRef, words: &Words, thread: &Thread) -> Html {
    let Some(first) = thread.comments.first().cloned() else { return Html::default() };
    let root = first.id.clone();
    let say = {
        let (store, first) = (store.clone(), first.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" && !event.is_composing() {
                event.prevent_default();
                let field = event.target_unchecked_into::<web_sys::HtmlInputElement>();
                reply(&store, &first, &field.value(), None);
                field.set_value("");
            }
        })
    };
    let resolve = {
        let (store, resolved) = (store.clone(), !thread.resolved);
        Callback::from(move |_: MouseEvent| reply(&store, &first, "", Some(resolved)))
    };
    let said = thread.comments.iter().filter(|comment| !comment.text.is_empty());
    let name = |comment: &Comment| if comment.by.is_empty() { words.get("review.comment.somebody") } else { comment.by.clone() };
    html! {
        <article key={root.clone()} class={classes!("thread", thread.resolved.then_some("resolved"))} data-thread={root} data-resolved={thread.resolved.to_string()}>
            { for said.map(|comment| html! { <p key={comment.id.clone()}><b><bdi>{ name(comment) }</bdi></b>{ " " }<span dir="auto">{ comment.text.clone() }</span></p> }) }
            <div class="row"><input placeholder={words.get("review.comment.reply")} aria-label={words.get("review.comment.reply")} data-testid="reply" dir="auto" onkeydown={say} />
            <button type="button" class="chip" data-testid="resolve" onclick={resolve}>{ words.get(if thread.resolved { "review.comment.reopen" } else { "review.comment.resolve" }) }</button></div>
        </article>
    }
}
