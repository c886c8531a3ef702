//! Tests that need a browser: both stores, the surface, both languages. They run inside a page, in headless Chromium.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::HtmlElement;
use wusum::id::DocumentId;
use wusum::persist::{Key, Store};
use wusum::project::{Document, LayerKey};
use wusum::span::Span;
use wusum::text::Offset;
use wusum::web::reader::surface::Surface;
use wusum::web::state::Route;
use wusum::web::storage::durable::{Change, Durable};
use wusum::web::storage::keyspace;
use wusum::web::storage::local::BrowserStore;
use wusum::web::words::{Language, Words};

wasm_bindgen_test_configure!(run_in_browser);

fn layer(document: &str) -> LayerKey {
    LayerKey { document: document.into(), annotator: "سارة/a b".into() }
}

#[wasm_bindgen_test]
async fn indexed_db_gives_back_what_was_committed_layer_by_layer() {
    let durable = Durable::open(keyspace()).await.unwrap();
    let (mine, other) = (layer("one"), layer("one!"));
    let entry = |key: &LayerKey, n: u64| Change::Set(Key::Journal(key.clone(), n), format!("step {n} 🔴"));
    durable.write(&[entry(&mine, 2), entry(&mine, 1), entry(&mine, 10), entry(&other, 1)]).await.unwrap();
    let found = durable.layer(&mine).await.unwrap();
    let numbers: Vec<u64> = found.iter().filter_map(|(key, _)| if let Key::Journal(_, n) = key { Some(*n) } else { None }).collect();
    assert_eq!(numbers, [1, 2, 10]);
    assert_eq!(found[0].1, "step 1 🔴");
    durable.write(&[Change::Remove(Key::Journal(mine.clone(), 2))]).await.unwrap();
    assert_eq!(durable.layer(&mine).await.unwrap().len(), 2);
    assert_eq!(durable.get(&Key::Journal(mine.clone(), 2)).await.unwrap(), None);
    assert_eq!(durable.get(&Key::Journal(other, 1)).await.unwrap().as_deref(), Some("step 1 🔴"));
}

#[wasm_bindgen_test]
fn local_storage_is_a_store_of_strings() {
    let mut store = BrowserStore;
    let key = "wusum/1/test/مفتاح";
    store.set(key, "قيمة").unwrap();
    assert_eq!(store.get(key).unwrap().as_deref(), Some("قيمة"));
    assert!(store.keys().unwrap().contains(&key.to_owned()));
    store.remove(key).unwrap();
    assert_eq!(store.get(key).unwrap(), None);
}

fn mount(text: &str) -> (Surface, HtmlElement) {
    let block = || gloo::utils::document().create_element("div").unwrap().unchecked_into::<HtmlElement>();
    let (scroller, sheet, host) = (block(), block(), block());
    sheet.append_child(&host).unwrap();
    scroller.append_child(&sheet).unwrap();
    gloo::utils::body().append_child(&scroller).unwrap();
    let document = Arc::new(Document::new(DocumentId::from("d"), "t", text));
    (Surface::mount(document, scroller, sheet, &host, BTreeSet::new(), Box::new(|n| n.to_string())).unwrap(), host)
}

const NASTY: &str = "🔴 قال\r\nالوُزَراءُ 👩‍👩‍👧 BBC\n\nأ\u{200C}ب\u{2028}مـــصر";

#[wasm_bindgen_test]
fn every_place_of_the_text_is_found_again_in_the_page() {
    let (surface, _) = mount(NASTY);
    let text = surface.text();
    for offset in (0..=text.len().get()).map(Offset::new) {
        let (node, unit) = surface.locate(offset).unwrap();
        let paragraph = &text.paragraphs()[text.paragraph_at(offset)];
        // Places inside a line end are those before it.
        assert_eq!(surface.offset_of(node, unit), Some(offset.min(paragraph.range.end)), "{offset}");
    }
}

#[wasm_bindgen_test]
fn a_range_holds_the_words_of_its_span() {
    let (surface, _) = mount(NASTY);
    let text = surface.text();
    for start in 0..text.len().get() {
        let span = Span::try_new(Offset::new(start), Offset::new(start + 1)).unwrap();
        let paragraph = text.paragraphs()[text.paragraph_at(span.start())].range.clone();
        if span.end() <= paragraph.end {
            let range = surface.range(span).unwrap();
            assert_eq!(String::from(range.to_string()), text.slice(span.range()).unwrap(), "{span:?}");
        }
    }
}

#[wasm_bindgen_test]
fn a_paragraph_is_one_text_node_and_markup_stays_text() {
    let (_, host) = mount("<img src=x onerror=alert(1)>\n<b>نص</b>");
    assert_eq!(host.query_selector_all("img, b").unwrap().length(), 0);
    let paragraphs = host.query_selector_all("[data-paragraph]").unwrap();
    assert_eq!(paragraphs.length(), 2);
    for index in 0..2 {
        assert_eq!(paragraphs.item(index).unwrap().child_nodes().length(), 1);
    }
    assert_eq!(host.text_content().unwrap(), "<img src=x onerror=alert(1)><b>نص</b>");
}

#[wasm_bindgen_test]
fn a_long_text_is_mounted_whole_and_in_order() {
    let lines: Vec<String> = (0..500).map(|n| format!("سطر {n}")).collect();
    let (surface, host) = mount(&lines.join("\n"));
    // A paragraph that is asked for is there at once, also where those before it are not; the rest comes in parts.
    assert_eq!(surface.element(480).unwrap().text_content().unwrap(), lines[480]);
    let asked = std::cell::Cell::new(0);
    while surface.mount_rest(|| asked.replace(asked.get() + 1) % 3 == 2) {}
    let paragraphs = host.query_selector_all("[data-paragraph]").unwrap();
    assert_eq!(paragraphs.length(), 500);
    for index in [0, 23, 24, 25, 499] {
        assert_eq!(paragraphs.item(index).unwrap().text_content().unwrap(), lines[index as usize]);
    }
}

#[wasm_bindgen_test]
fn both_languages_have_words_plurals_and_digits() {
    let (ar, en) = (Words::of(Language::Ar), Words::of(Language::En));
    assert_ne!(ar.get("nav.library"), "nav.library");
    assert_ne!(en.get("nav.library"), "nav.library");
    let forms: BTreeSet<String> = [0, 1, 2, 3, 11, 100].into_iter().map(|n| ar.count("spans.count", n)).collect();
    assert_eq!(forms.len(), 6, "Arabic has six plural forms: {forms:?}");
    assert_eq!((ar.digits(2026), en.digits(2026)), ("٢٠٢٦".to_owned(), "2026".to_owned()));
}

#[wasm_bindgen_test]
fn an_address_and_its_screen_name_each_other() {
    for id in ["article", "d-1f/2", "مقال", "a b?c#d"] {
        let route = Route::Read(id.into());
        assert_eq!(Route::parse(&route.fragment()), route);
    }
    assert_eq!(Route::parse("#/library"), Route::Library);
    assert_eq!(Route::parse(""), Route::Library);
    assert_eq!(Route::parse("#/nowhere"), Route::Unknown("nowhere".to_owned()));
}
