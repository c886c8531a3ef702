//! Import, export and backup are done by the worker, also without the network; and a page without its worker says so.

use crate::browser::{Browser, Engine, Folder, Options};
use crate::page::PATIENCE;
use crate::site::{SUB_PATH, Site};
use std::time::{Duration, Instant};

const LABELS: &str = include_str!("../data/article.a.jsonl");

/// Waits until the worker's module was asked for, and then until nothing more is.
fn worker_is_there(site: &Site) {
    let end = Instant::now() + Duration::from_secs(30);
    while !site.requests().iter().any(|request| request.path.contains("wusum-worker") && request.path.ends_with(".wasm")) {
        assert!(Instant::now() < end, "the worker's module is fetched: {:?}", site.requests());
        std::thread::sleep(Duration::from_millis(100));
    }
    std::thread::sleep(Duration::from_secs(1));
}

fn open(browser: &Browser, site: &Site) {
    browser.goto(&format!("{}#/dataset", site.url()));
    browser.wait_for("[data-testid=export]");
}

fn works_without_the_network(engine: Engine) {
    if !engine.or_skip() {
        return;
    }
    let site = Site::built();
    let browser = Browser::start(engine, Options::default());
    open(&browser, &site);
    worker_is_there(&site);
    site.set_down(true);
    if engine == Engine::Chromium {
        browser.set_offline(true);
    }
    let folder = Folder::new("worker");
    let labels = folder.path().join("labels.jsonl");
    std::fs::write(&labels, LABELS).unwrap();
    // Windows-1256: the tables for it are in the worker alone.
    let old = folder.path().join("old.txt");
    std::fs::write(&old, [0xDE, 0xC7, 0xE1, 0xCA, 0x20, 0xC8, 0xC7, 0xDF, 0xE6, 0x20].repeat(8)).unwrap();
    browser.upload("[data-testid=import]", &labels);
    browser.wait_until("document.querySelector('[data-notice=\"notice.import\"]')", PATIENCE);
    browser.upload("[data-testid=import]", &old);
    browser.wait_until("document.querySelector('[data-paragraph]')?.textContent.includes('قالت باكو')", PATIENCE);

    let kept = browser.indexed_db().to_string();
    assert!(kept.contains("/snapshot") && kept.contains("windows-1256"), "{engine:?}: {kept}");
    browser.eval("location.hash = '#/dataset'", &[]);
    browser.wait_for("[data-testid=export]");
    if engine != Engine::WebKit {
        browser.click("[data-testid=export]");
        let file = std::fs::read_to_string(browser.downloaded(Duration::from_secs(30))).unwrap();
        let spans = LABELS.matches("\"label\"").count();
        assert!(spans > 10 && file.matches("\"label\"").count() >= spans, "{engine:?}: {file}");
        assert!(file.contains("قالت باكو قالت"), "{engine:?}");
    }
}

#[test]
fn chromium_imports_and_exports_without_the_network() {
    works_without_the_network(Engine::Chromium);
}

#[test]
fn firefox_imports_and_exports_without_the_network() {
    works_without_the_network(Engine::Firefox);
}

#[test]
fn webkit_imports_without_the_network() {
    works_without_the_network(Engine::WebKit);
}

#[test]
fn a_worker_that_does_not_come_is_told() {
    if !Engine::Chromium.or_skip() {
        return;
    }
    let folder = Folder::new("no-worker");
    let built = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("dist");
    for file in std::fs::read_dir(built).unwrap().map(Result::unwrap) {
        let name = file.file_name();
        if !name.to_string_lossy().starts_with("wusum-worker") {
            std::fs::copy(file.path(), folder.path().join(name)).unwrap();
        }
    }
    let site = Site::start(&[(SUB_PATH, folder.path().into())]);
    let browser = Browser::start(Engine::Chromium, Options::default());
    open(&browser, &site);
    browser.click("[data-testid=export]");
    browser.wait_until("document.querySelector('[data-notice=\"notice.no-worker\"]')", PATIENCE);
}
