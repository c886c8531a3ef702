//! What the review needs beside its code: words, look, and the layers of the sample, fetched when they are needed.

use crate::web::reader::style::StyleSheet;
use crate::web::storage::durable::Failure;
use crate::web::store::use_select;
use crate::web::words::{Language, Words};
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::prelude::*;

#[wasm_bindgen]
extern "C" {
    type Response;

    #[wasm_bindgen(js_name = fetch)]
    fn fetch(name: &str, options: &JsValue) -> js_sys::Promise;

    #[wasm_bindgen(method, getter)]
    fn ok(this: &Response) -> bool;

    #[wasm_bindgen(method, getter)]
    fn status(this: &Response) -> u32;

    #[wasm_bindgen(method, catch)]
    fn text(this: &Response) -> Result<js_sys::Promise, JsValue>;
}

thread_local! {
    static TABLES: OnceCell<[String; 2]> = const { OnceCell::new() };
    static WORDS: RefCell<[Option<Rc<Words>>; 2]> = const { RefCell::new([None, None]) };
    /// Stays as long as the page.
    static LOOK: OnceCell<StyleSheet> = const { OnceCell::new() };
}

/// The text of a file that lies beside the page.
pub(super) async fn file(name: &str) -> Result<String, String> {
    let told = |thrown: JsValue| Failure::from(thrown).0;
    // The name stays the same when the file changes: whether it has is asked.
    let options = js_sys::Object::new();
    let _ = js_sys::Reflect::set(&options, &"cache".into(), &"no-cache".into());
    let response: Response = JsFuture::from(fetch(name, &options)).await.map_err(told)?.unchecked_into();
    if !response.ok() {
        return Err(format!("{name}: {}", response.status()));
    }
    let text = JsFuture::from(response.text().map_err(told)?).await.map_err(told)?;
    text.as_string().ok_or_else(|| name.to_owned())
}

async fn all() -> Result<(), String> {
    if TABLES.with(|tables| tables.get().is_some()) {
        return Ok(());
    }
    let (arabic, english, look) = (file("review.ar.json").await?, file("review.en.json").await?, file("review.css").await?);
    // Of two who asked at once the first has set them.
    let _ = LOOK.with(|known| known.set(StyleSheet::adopt(&look)));
    let _ = TABLES.with(|tables| tables.set([arabic, english]));
    Ok(())
}

/// The words of the review in a language, with those of the page; `None` until they are fetched.
#[must_use]
pub fn words(language: Language) -> Option<Rc<Words>> {
    let slot = usize::from(language == Language::En);
    let known = WORDS.with_borrow(|words| words[slot].clone());
    known.or_else(|| {
        let words = TABLES.with(|tables| tables.get().map(|tables| Rc::new(Words::with_more(language, &tables[slot]))))?;
        WORDS.with_borrow_mut(|known| known[slot] = Some(words.clone()));
        Some(words)
    })
}

/// The review's part of the help sheet: keys and words.
#[must_use]
pub fn help(language: Language) -> Vec<(&'static [&'static str], String)> {
    let Some(words) = words(language) else { return Vec::new() };
    super::keys::HELP.iter().map(|(keys, key)| (*keys, words.get(key))).collect()
}

/// The words of the review, fetched if need be; the error where they do not come, and how to try again.
#[hook]
pub(super) fn use_words_of_review() -> (Option<Rc<Words>>, Option<String>, Callback<()>) {
    let language = *use_select(|state| state.settings.language);
    let failed = use_state(|| None::<String>);
    let tries = use_state(|| 0_u32);
    let ready = use_state(|| false);
    {
        let (failed, ready) = (failed.clone(), ready.clone());
        use_effect_with(*tries, move |_| {
            spawn_local(async move {
                match all().await {
                    Ok(()) => ready.set(true),
                    Err(detail) => failed.set(Some(detail)),
                }
            });
        });
    }
    let again = {
        let (failed, tries) = (failed.clone(), tries.clone());
        Callback::from(move |()| {
            failed.set(None);
            tries.set(*tries + 1);
        })
    };
    let _ = *ready;
    (words(language), (*failed).clone(), again)
}

/// The words of the review, on a screen that is shown only once they are there.
#[hook]
pub(super) fn use_review_words() -> Rc<Words> {
    let language = *use_select(|state| state.settings.language);
    words(language).unwrap_or_else(|| Words::of(language))
}
