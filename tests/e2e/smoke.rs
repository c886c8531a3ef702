//! The page opens in every engine, from a sub-path, without an error, and then leaves the network alone.

use crate::browser::{Engine, Options};
use crate::page::PATIENCE;
use crate::site::SUB_PATH;
use crate::work::Page;
use std::time::Duration;

fn opens(engine: Engine) {
    let Some(Page { site, browser }) = Page::blank(engine, Options::default()) else { return };
    browser.goto(&site.url());
    browser.wait_until("!document.getElementById('boot') && document.body.innerText.trim()", PATIENCE);
    assert_eq!(browser.attribute("html", "lang").as_deref(), Some("ar"));
    assert_eq!(browser.attribute("html", "dir").as_deref(), Some("rtl"));

    let requests = site.requests();
    let strange: Vec<_> = requests.iter().filter(|r| r.status != 200 || !(r.path.starts_with(SUB_PATH) || r.path == "/collector.js")).collect();
    assert!(strange.is_empty(), "{engine:?}: {strange:?}");
    let modules = requests
        .iter()
        .filter(|r| r.path.ends_with(".wasm") && ["wusum-deferred", "wusum-worker", "wusum-desk"].iter().all(|name| !r.path.contains(name)))
        .count();
    // WebKitGTK does not match the preload of a module with its fetch: it asks twice, at the same time.
    let most = if engine == Engine::WebKit { 2 } else { 1 };
    assert!((1..=most).contains(&modules), "{engine:?}: the module is asked for {modules} times");

    // The page's worker and its desk come last of all, some seconds later; from then on there is nothing left to ask for.
    site.wait_for_worker();
    site.forget();
    browser.press("Tab");
    std::thread::sleep(Duration::from_secs(1));
    assert_eq!(site.requests(), [], "{engine:?}: the network is left alone after the load");
    browser.assert_no_errors();
}

#[test]
fn the_page_opens_in_chromium() {
    opens(Engine::Chromium);
}

#[test]
fn the_page_opens_in_firefox() {
    opens(Engine::Firefox);
}

#[test]
fn the_page_opens_in_webkit() {
    opens(Engine::WebKit);
}

#[test]
fn a_browser_without_highlights_gets_a_message() {
    let Some(Page { site, browser }) = Page::blank(Engine::Chromium, Options::default()) else { return };
    browser.devtools(
        "Page.addScriptToEvaluateOnNewDocument",
        &serde_json::json!({ "source": "delete CSS.highlights; Object.defineProperty(CSS, 'highlights', { value: undefined });" }),
    );
    browser.goto(&site.url());
    browser.wait_until("!document.getElementById('boot-old').hidden", PATIENCE);
    let notice = browser.text("#boot-old");
    assert!(notice.contains("تحديث") && notice.contains("update"), "{notice}");
    browser.assert_no_errors();
}

#[test]
fn a_failed_load_gets_a_message() {
    let Some(Page { site, browser }) = Page::blank(Engine::Chromium, Options::default()) else { return };
    browser.devtools("Network.enable", &serde_json::json!({}));
    browser.devtools("Network.setBlockedURLs", &serde_json::json!({ "urls": ["*.wasm"] }));
    browser.goto(&site.url());
    browser.wait_until("!document.getElementById('boot-failed').hidden", PATIENCE);
}
