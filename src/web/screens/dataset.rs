//! The data set: out in a format, files in, and the whole store as a backup.

use crate::web::act::{Action, perform};
use crate::web::app::use_words;
use crate::web::panels::icons::{Icon, icon};
use crate::web::screens::desk::{Part, Seat, use_desk};
use crate::web::screens::export::Exporter;
use crate::web::state::Dialog;
use crate::web::storage::library;
use crate::web::store::{StoreRef, use_select, use_store};
use std::cell::RefCell;
use std::collections::VecDeque;
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// Addresses of files that the browser may still be reading.
const SAVED_ALIVE: usize = 4;

thread_local! {
    static SAVED: RefCell<VecDeque<gloo::file::ObjectUrl>> = const { RefCell::new(VecDeque::new()) };
}

/// Hands a file to the browser's downloads.
pub fn download(name: &str, kind: &str, content: impl gloo::file::BlobContents) {
    let blob = gloo::file::Blob::new_with_options(content, Some(kind));
    let url = gloo::file::ObjectUrl::from(blob);
    let link = gloo::utils::document().create_element("a").ok().and_then(|link| link.dyn_into::<web_sys::HtmlAnchorElement>().ok());
    let Some(link) = link else { return };
    link.set_href(&url);
    link.set_download(name);
    // Firefox starts a download only from a link that is in the page.
    let _ = gloo::utils::body().append_child(&link);
    link.click();
    link.remove();
    // The browser reads the file after the click; the address lives until a few more files have been saved.
    SAVED.with(|saved| {
        let mut saved = saved.borrow_mut();
        saved.push_back(url);
        if saved.len() > SAVED_ALIVE {
            saved.pop_front();
        }
    });
}

/// The field that takes files, on every screen: for the button, for scripts and for tests.
#[component]
pub fn ImportField() -> Html {
    let store = use_store();
    let onchange = Callback::from(move |event: Event| {
        let field = event.target_unchecked_into::<web_sys::HtmlInputElement>();
        if let Some(files) = field.files() {
            library::take_files(&store, &files);
        }
        // The same file can be chosen again.
        field.set_value("");
    });
    html! { <input class="unseen" type="file" multiple=true tabindex="-1" aria-hidden="true" data-testid="import" accept=".txt,.text,.jsonl,.ndjson,.json,.jsonld,.bdocjs,.csv,.tsv,.ann,.conf,.conll,.iob,.bio,.iob2,.conllu,.conllup,.xmi,.xml,.md,.zip,text/plain,text/csv,application/json,application/zip" onchange={onchange} /> }
}

/// The button that opens files.
pub fn import_button(name: String) -> Html {
    let onclick = Callback::from(|_: MouseEvent| {
        let field = gloo::utils::document().query_selector("[data-testid=import]").ok().flatten();
        if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlInputElement>().ok()) {
            field.click();
        }
    });
    html! { <button type="button" class="button primary" onclick={onclick}>{ icon(Icon::File) }{ name }</button> }
}

/// The button that opens the sheet for pasting.
pub fn paste_button(store: &StoreRef, name: String) -> Html {
    let store = store.clone();
    let onclick = Callback::from(move |_: MouseEvent| perform(&store, Action::Open(Dialog::Paste)));
    html! { <button type="button" class="button" data-testid="paste" onclick={onclick}>{ icon(Icon::Plus) }{ name }</button> }
}

/// The screen for export.
#[component]
pub fn DatasetScreen() -> Html {
    let store = use_store();
    let words = use_words();
    let room = *use_select(|state| state.room);
    let back_up = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| library::back_up(&store))
    };
    let persist = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| library::persist(&store))
    };
    let (seated, coming) = match use_desk(Part::Build) {
        Seat::Ready(seated) => (Some(seated), Html::default()),
        Seat::Opening => (None, html! { <p class="soft" role="status">{ words.get("desk.opening") }</p> }),
        Seat::Failed(detail, again) => (
            None,
            html! { <section class="card"><p role="alert">{ words.with("desk.failed", &[("detail", &detail)]) }</p><p><button type="button" class="button" onclick={again}>{ words.get("offer.retry") }</button></p></section> },
        ),
    };
    html! {
        <main class="screen">
            <h1 tabindex="-1">{ words.get("dataset.title") }</h1>
            <div class="pair">
            <section class="card"><h2>{ words.get("import.title") }</h2><p class="soft">{ words.get("import.how") }</p><div class="row">{ import_button(words.get("import")) }{ paste_button(&store, words.get("paste")) }</div></section>
            <section class="card"><h2>{ words.get("backup.title") }</h2><p class="soft">{ words.get("backup.how") }</p>
                <div class="row"><button type="button" class="button" data-testid="backup" onclick={back_up}>{ words.get("backup") }</button></div>
                if let Some(room) = room {
                    <p class="soft small">{ words.with("room", &[("usage", &megabytes(&words, room.usage)), ("quota", &megabytes(&words, room.quota))]) }</p>
                    if room.persisted { <p class="soft small">{ words.get("persist.granted") }</p> } else { <div class="row"><button type="button" class="button" data-testid="persist" onclick={persist}>{ words.get("offer.persist") }</button></div> }
                }
            </section>
            </div>
            <Exporter {seated} />
            { coming }
        </main>
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a size in megabytes")]
fn megabytes(words: &crate::web::words::Words, bytes: f64) -> String {
    words.number((bytes / 1_048_576.0).ceil() as usize)
}
