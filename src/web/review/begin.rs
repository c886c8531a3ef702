//! A comment while one annotates: on the label in focus, or on the place selected; with what was said there before.

use super::act::{tell, write};
use super::beside::look;
use super::fetch::use_words_of_review;
use super::talk::{sends, thread_box};
use crate::adjudicate::comments::{Comment, Thread};
use crate::id::AnnotationId;
use crate::span::Span;
use crate::text::Offset;
use crate::web::act::{Action, perform};
use crate::web::app::use_words;
use crate::web::panels::sheet::Sheet;
use crate::web::reader::input::focus_on;
use crate::web::state::{Selection, Work};
use crate::web::store::{StoreRef, use_select, use_store};
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

/// What is spoken of.
#[derive(Clone, PartialEq)]
struct Topic {
    place: Span,
    /// The label, where it is one.
    label: Option<AnnotationId>,
    /// Its words.
    quote: String,
    /// What was said of it.
    threads: Vec<Thread>,
    read_only: bool,
}

/// What is selected, else the label in focus, else the word at the caret, else nothing.
fn place_of(work: &Work) -> Option<(Span, Option<AnnotationId>)> {
    if let Some(selected) = work.selected() {
        return Some((selected, None));
    }
    if let Some(label) = work.chosen.as_ref().and_then(|id| work.session.layer().get(id)) {
        return Some((label.extent.hull(), Some(label.id.clone())));
    }
    let word = work.text()?.word_at(work.selection.head()).and_then(Span::from_range);
    Some((word?, None))
}

/// The sheet: what was said of a place, and a field for more.
#[component]
pub fn CommentSheet() -> Html {
    let store = use_store();
    let page = use_words();
    let (words, ..) = use_words_of_review();
    // What was selected when the sheet came is spoken of, whatever a browser does to the selection when the focus leaves the text.
    let at = use_memo((), |()| store.state().work.as_ref().and_then(place_of));
    let topic = use_select(move |state| {
        let work = state.work.as_ref()?;
        let (place, label) = (*at).clone()?;
        let quote = work.text()?.slice(place.range())?.to_owned();
        let all = state.beside.as_ref().map(|beside| beside.threads(work)).unwrap_or_default();
        let is_here = |(thread, of): &(Thread, Option<AnnotationId>)| (label.is_some() && *of == label) || is_on(thread, place);
        let threads = all.into_iter().filter(is_here).map(|(thread, _)| thread).collect();
        Some(Topic { place, label, quote, threads, read_only: work.session.is_read_only() })
    });
    let field = use_node_ref();
    let is_ready = words.is_some() && topic.is_some();
    use_effect_with(is_ready, |is_ready| {
        if *is_ready {
            focus_on("[data-testid=comment-begin]");
        }
    });
    let send = {
        let (store, field, topic) = (store.clone(), field.clone(), topic.clone());
        Callback::from(move |()| {
            let said = field.cast::<HtmlTextAreaElement>().map(|field| field.value()).unwrap_or_default();
            if let Some(topic) = topic.as_ref().as_ref().filter(|_| !said.trim().is_empty()) {
                begin(&store, topic, said.trim());
            }
        })
    };
    let by_key = {
        let send = send.clone();
        Callback::from(move |event: KeyboardEvent| {
            if sends(&event) {
                event.prevent_default();
                send.emit(());
            }
        })
    };
    let onclick = Callback::from(move |_: MouseEvent| send.emit(()));
    let inside = match (words, topic.as_ref()) {
        (None, _) => html! { <p class="soft" role="status">{ page.get("opening") }</p> },
        (Some(words), None) => html! { <p>{ words.get("review.begin.nowhere") }</p> },
        (Some(words), Some(topic)) => html! {
            <div class="talk">
                <p class="detail-quote"><bdi lang="ar">{ &topic.quote }</bdi></p>
                { for topic.threads.iter().map(|thread| thread_box(&store, &words, thread)) }
                <label class="note"><span class="small soft">{ if topic.label.is_some() { words.get("review.begin.on-label") } else { words.get("review.begin.on-place") } }</span>
                <textarea ref={field} rows="3" dir="auto" data-testid="comment-begin" disabled={topic.read_only} onkeydown={by_key} /></label>
                <button type="button" class="button primary" data-testid="comment-begin-send" disabled={topic.read_only} {onclick}>{ words.get("review.comment.send") }</button>
            </div>
        },
    };
    html! { <Sheet title={page.get("palette.comment")} testid="comment-sheet">{ inside }</Sheet> }
}

/// Whether a thread is about a place that another touches.
fn is_on(thread: &Thread, place: Span) -> bool {
    let of = thread.comments.first().and_then(|first| Span::try_new(Offset::new(first.place.0), Offset::new(first.place.1)));
    of.is_some_and(|of| of.overlaps(place))
}

/// Begins a thread, and goes back to the text.
fn begin(store: &StoreRef, topic: &Topic, text: &str) {
    let own = store.state().work.as_ref().map(|work| work.session.key().annotator.clone());
    let about = own.zip(topic.label.clone());
    let place = (topic.place.start().get(), topic.place.end().get());
    if write(store, Comment { place, about, text: text.to_owned(), ..Comment::default() }) {
        perform(store, Action::CloseSheet);
        tell(store, |words| words.get("review.begin.saved"));
        let store = store.clone();
        spawn_local(async move { look(&store).await });
    }
}

/// Brings a place into view, selected.
pub(super) fn go_to(store: &StoreRef, place: Span) {
    store.update(|state| {
        if let Some(work) = state.work.as_mut().filter(|work| work.text().is_some_and(|text| place.end() <= text.len())) {
            work.chosen = None;
            work.selection = Selection::exact(place);
            work.reveal = (work.reveal.0 + 1, place.start());
        }
    });
}
