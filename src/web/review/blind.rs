//! When there is nothing to review yet: the work of others is hidden, or has not come.

use super::fetch::{file, use_review_words};
use super::model::is_tested;
use crate::id::DocumentId;
use crate::web::act;
use crate::web::app::change_settings;
use crate::web::screens::dataset::import_button;
use crate::web::state::Route;
use crate::web::storage::{exchange, open};
use crate::web::store::{StoreRef, use_store};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// The layers of the sample: two people on the article.
const SAMPLE: [&str; 2] = ["article.a.jsonl", "article.b.jsonl"];

/// Brings the layers of the sample in; tells their document.
pub async fn sample(store: &StoreRef) -> Option<DocumentId> {
    let mut files = Vec::new();
    for name in SAMPLE {
        match file(name).await {
            Ok(text) => files.extend(web_sys::File::new_with_str_sequence(&js_sys::Array::of1(&text.into()), name).ok()),
            Err(detail) => {
                act::toast(store, |words| words.with("import.unread", &[("file", name), ("detail", &detail)]));
                return None;
            }
        }
    }
    exchange::take(store, &files).await
}

#[derive(Properties, PartialEq)]
pub(super) struct BlindProps {
    pub id: String,
}

/// Others' layers are hidden until one's own is done.
#[component]
pub(super) fn Blind(props: &BlindProps) -> Html {
    let store = use_store();
    let words = use_review_words();
    let show = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| change_settings(&store, |settings| settings.blind = false))
    };
    let id = DocumentId::from(props.id.as_str());
    let is_test = is_tested(&store, &id);
    let read = Route::Read(id).fragment();
    html! {
        <main class="screen" data-testid="blind">
            <h1 tabindex="-1">{ words.get(if is_test { "review.test.title" } else { "review.blind.title" }) }</h1>
            <p>{ words.with(if is_test { "review.test.blind" } else { "review.blind.text" }, &[("name", open::annotator(&store).as_str())]) }</p>
            <div class="row"><a class="button primary" href={read}>{ words.get("review.blind.go") }</a>if !is_test { <button type="button" class="button" data-testid="blind-off" onclick={show}>{ words.get("review.blind.off") }</button> }</div>
        </main>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct EmptyProps {
    /// How many layers there are.
    pub layers: usize,
}

/// There are no two layers yet: how to bring one in.
#[component]
pub(super) fn Empty(props: &EmptyProps) -> Html {
    let store = use_store();
    let words = use_review_words();
    let sample = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| {
            let store = store.clone();
            spawn_local(async move {
                if let Some(id) = sample(&store).await {
                    act::go(&Route::Review(id));
                }
            });
        })
    };
    let text = if props.layers == 0 { "review.empty.none" } else { "review.empty.one" };
    html! {
        <main class="screen" data-testid="review-empty">
            <h1 tabindex="-1">{ words.get("review.empty.title") }</h1>
            <p>{ words.get(text) }</p>
            <ol class="soft"><li>{ words.get("review.empty.step.export") }</li><li>{ words.get("review.empty.step.import") }</li><li>{ words.get("review.empty.step.decide") }</li></ol>
            <div class="row">{ import_button(words.get("import")) }<button type="button" class="button" data-testid="sample" onclick={sample}>{ words.get("review.sample") }</button></div>
            <p class="soft small">{ words.get("review.sample.why") }</p>
        </main>
    }
}
