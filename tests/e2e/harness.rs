//! The harness itself, tried on a small page of its own: what it presses and drags must reach a page as events of a person.

use crate::browser::{Browser, Engine, Folder, Options};
use crate::hands::Pointer;
use crate::page::PATIENCE;
use crate::site::Site;
use serde_json::json;
use std::time::Duration;

const PAGE: &str = r#"<!doctype html><html lang="ar" dir="rtl"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>harness</title><link rel="icon" href="data:,">
<style>p{font:24px/2 "Noto Naskh Arabic",serif;margin:16px}</style>
<p data-paragraph="0">أجرت أرمينيا وأذربيجان محادثات BBC 👩‍💻 أمس</p>
<p data-paragraph="1">ثم قالت باكو إن القوات انسحبت</p>
<a id="save" download="labels.jsonl">save</a>
<script>
window.seen = [];
for (const kind of ["keydown", "pointerdown", "pointerup", "dblclick"])
  document.addEventListener(kind, (e) => seen.push([kind, e.code || e.pointerType || "", e.key || "", e.shiftKey, e.ctrlKey, e.isTrusted]));
document.getElementById("save").href = URL.createObjectURL(new Blob(["{}\n"], { type: "application/jsonl" }));
localStorage.setItem("here", String(1 + Number(localStorage.getItem("here") || 0)));
const open = indexedDB.open("store", 1);
open.onupgradeneeded = () => open.result.createObjectStore("layers");
open.onsuccess = () => { const t = open.result.transaction("layers", "readwrite", { durability: "strict" });
  t.objectStore("layers").put({ revision: 7 }, "a/b"); t.oncomplete = () => { document.body.dataset.ready = "1"; open.result.close(); }; };
</script></html>"#;

fn page() -> (Folder, Site) {
    let folder = Folder::new("harness");
    std::fs::write(folder.path().join("index.html"), PAGE).unwrap();
    let site = Site::start(&[("/", folder.path().into())]);
    (folder, site)
}

fn open(browser: &Browser, site: &Site) {
    browser.goto(&site.url());
    browser.wait_until("document.body.dataset.ready", PATIENCE);
}

#[test]
fn a_person_is_imitated_in_every_engine() {
    for engine in Engine::ALL {
        if !engine.or_skip() {
            continue;
        }
        let (_folder, site) = page();
        let browser = Browser::start(engine, Options::default());
        open(&browser, &site);

        browser.select_quote("أرمينيا", 0);
        assert_eq!(browser.selected(), "أرمينيا", "{engine:?}: a drag from right to left");
        browser.select_quote("BBC", 0);
        assert_eq!(browser.selected(), "BBC", "{engine:?}: a drag from left to right");
        // After the emoji of three code points, offsets in code points and in UTF-16 differ.
        assert_eq!(browser.find("أمس", 0).1, 39, "{engine:?}: offsets are code points");
        let (paragraph, start, end) = browser.find("باكو", 0);
        let word = browser.rects(paragraph, start, end)[0];
        browser.double_click(word.middle());
        assert_eq!(browser.selected().trim(), "باكو", "{engine:?}: a double click");

        browser.eval("seen.length = 0;", &[]);
        browser.press("Control+Shift+z");
        browser.press("1");
        let seen = browser.value("seen");
        let last = seen.as_array().unwrap().last().unwrap();
        assert_eq!(last, &json!(["keydown", "Digit1", "1", false, false, true]), "{engine:?}: {seen}");
        assert!(seen.as_array().unwrap().iter().any(|e| e[1] == "KeyZ" && e[3] == true && e[4] == true), "{engine:?}: {seen}");

        assert_eq!(browser.local_storage()["here"], "1", "{engine:?}");
        assert_eq!(browser.indexed_db(), json!({ "store": { "layers": [["a/b", { "revision": 7 }]] } }), "{engine:?}");
        if engine != Engine::WebKit {
            browser.click("#save");
            let file = browser.downloaded(Duration::from_secs(30));
            assert_eq!(std::fs::read_to_string(file).unwrap(), "{}\n", "{engine:?}");
        }
        browser.assert_no_errors();
        browser.eval("console.error('seen'); return 1;", &[]);
        assert!(!browser.console_errors().is_empty(), "{engine:?}: errors are noticed");
    }
}

#[test]
fn a_finger_touches() {
    if !Engine::Chromium.or_skip() {
        return;
    }
    let (_folder, site) = page();
    let browser = Browser::telephone();
    open(&browser, &site);
    let (paragraph, start, end) = browser.find("باكو", 0);
    let word = browser.rects(paragraph, start, end)[0].middle();
    browser.tap(word);
    let seen = browser.value("seen");
    assert!(seen.as_array().unwrap().iter().any(|e| e[0] == "pointerdown" && e[1] == "touch" && e[5] == true), "{seen}");
    browser.drag_with(Pointer::Touch, word, (word.0 - 40.0, word.1), &[]);
    assert_eq!(browser.value("innerWidth"), 360);
    browser.select_by_handles(paragraph, start, end);
    assert_eq!(browser.selected(), "باكو");
}

#[test]
fn a_killed_browser_starts_again_on_its_profile() {
    for engine in [Engine::Chromium, Engine::Firefox] {
        if !engine.or_skip() {
            continue;
        }
        let (_folder, site) = page();
        let profile = Folder::new("kept");
        let options = Options { profile: Some(profile.path().into()), ..Options::default() };
        let browser = Browser::start(engine, options.clone());
        open(&browser, &site);
        browser.kill9();
        let browser = Browser::start(engine, options);
        // Opened on an address that stores nothing: only what the killed browser kept is there.
        browser.goto(&site.url_of("/nothing-here"));
        let kept = browser.indexed_db();
        assert_eq!(kept, json!({ "store": { "layers": [["a/b", { "revision": 7 }]] } }), "{engine:?}");
    }
}

#[test]
fn keys_of_an_arabic_layout_keep_their_places() {
    if !Engine::Chromium.or_skip() {
        return;
    }
    let (_folder, site) = page();
    let browser = Browser::start(Engine::Chromium, Options::default());
    open(&browser, &site);
    // The second row's key that types z in Latin layouts types ئ in the Arabic one.
    browser.press_physical("KeyZ", "ئ", 90, 2);
    assert_eq!(browser.value("seen"), json!([["keydown", "KeyZ", "ئ", false, true, true]]));
}

#[test]
fn two_tabs_share_what_is_stored() {
    if !Engine::Chromium.or_skip() {
        return;
    }
    let (_folder, site) = page();
    let browser = Browser::start(Engine::Chromium, Options::default());
    open(&browser, &site);
    let first = browser.tab();
    let second = browser.new_tab();
    browser.switch_to(&second);
    open(&browser, &site);
    assert_eq!(browser.local_storage()["here"], "2");
    browser.close_tab();
    browser.switch_to(&first);
    site.set_down(true);
    assert_eq!(browser.resolve("fetch('x').then(() => 'up', () => 'down')"), "down");
    site.set_down(false);
    browser.set_offline(true);
    assert_eq!(browser.resolve("fetch('x').then(() => 'up', () => 'down')"), "down");
}
