//! Pictures of every screen and sheet, for people to look at; made only when asked for.
//!
//! `make pictures` writes them to `target/screenshots/`.
#![allow(clippy::unwrap_used, clippy::expect_used, dead_code, unused_imports)]

mod harness;

// The files of the harness name one another from the root.
use harness::{browser, hands, machine, page, site, wire, work};

use crate::browser::{Browser, Engine, Options};
use crate::site::Site;
use crate::work::Page;
use serde_json::json;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target"), PathBuf::from);
    let folder = target.join("screenshots");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn dress(page: &Page, language: &str, theme: &str) {
    page.browser.eval(
        "const key = 'wusum/1/news/settings', kept = JSON.parse(localStorage.getItem(key) ?? '{}'); \
         localStorage.setItem(key, JSON.stringify({ ...kept, language: arguments[0], theme: arguments[1] }));",
        &[json!(language), json!(theme)],
    );
    page.reload();
}

fn take(page: &Page, name: &str) {
    std::thread::sleep(std::time::Duration::from_millis(400));
    page.browser.screenshot(&folder().join(format!("{name}.png")));
}

fn walk(page: &Page, size: &str, narrow: bool) {
    let browser = &page.browser;
    page.import("article.a.jsonl", include_bytes!("../tests/data/article.a.jsonl"));
    take(page, &format!("report-{size}"));
    page.close_notices();
    page.go("#/read/article");
    for (key, quote) in [
        ("1", "أرمينيا"),
        ("1", "المجتمع الدولي"),
        ("3", "يثير قلق المجتمع الدولي"),
        ("1", "يريفان"),
        ("2", "يريفان"),
        ("1", "باكو"),
        ("3", "نشر قوات على أراضيها"),
    ] {
        let (paragraph, start, end) = browser.find(quote, 0);
        browser.rects(paragraph, start, end);
        browser.select_by_handles(paragraph, start, end);
        std::thread::sleep(std::time::Duration::from_millis(60));
        browser.press(key);
    }
    page.saved();
    for (language, theme) in [("ar", "light"), ("en", "light"), ("ar", "dark"), ("en", "dark")] {
        page.go("#/read/article");
        dress(page, language, theme);
        let name = |screen: &str| format!("{screen}-{language}-{theme}-{size}");
        take(page, &name("read"));
        page.click_on("باكو", 0);
        take(page, &name("read-chosen"));
        page.click_on("نشر قوات على أراضيها", 0);
        browser.press("a");
        browser.wait_for("[data-testid=chooser]");
        take(page, &name("chooser"));
        browser.press("Escape");
        browser.press("r");
        browser.wait_for("[data-testid=link-band]");
        take(page, &name("link"));
        browser.press("Enter");
        take(page, &name("relation"));
        browser.press("Control+z");
        let (paragraph, start, end) = browser.find("وأذربيجان", 0);
        browser.rects(paragraph, start, end);
        browser.select_by_handles(paragraph, start, end);
        take(page, &name("palette"));
        browser.press("Shift+A");
        browser.wait_for("[data-testid=occurrences-sheet]");
        take(page, &name("occurrences"));
        browser.press("Escape");
        browser.press("Escape");
        page.focus_text();
        browser.press("/");
        browser.wait_for("[data-testid=query]");
        browser.type_text("ارمينيا");
        take(page, &name("find"));
        browser.press("Escape");
        page.focus_text();
        browser.press("v");
        take(page, &name("marks"));
        browser.press("v");
        browser.click("[data-testid=help]");
        take(page, &name("help"));
        browser.press("Escape");
        browser.click("[data-testid=settings]");
        take(page, &name("settings"));
        browser.click("[data-testid=change-name]");
        take(page, &name("name"));
        browser.press("Escape");
        if narrow {
            browser.click("[data-testid=open-list]");
            take(page, &name("list"));
            browser.press("Escape");
            browser.click(".foot-buttons button:first-child");
            take(page, &name("guide"));
            browser.press("Escape");
        } else {
            browser.click("[data-testid=guide]");
            take(page, &name("guide"));
            browser.click("[data-testid=guide]");
        }
        page.go("#/schema");
        take(page, &name("schema"));
        page.go("#/library");
        take(page, &name("library"));
        browser.click("[data-testid=paste]");
        take(page, &name("paste"));
        browser.press("Escape");
        page.go("#/dataset");
        take(page, &name("dataset"));
        browser.eval(
            "const e = document.querySelector('[data-testid=format]'); e.value = 'conll2003'; e.dispatchEvent(new Event('change', { bubbles: true }));",
            &[],
        );
        browser.wait_for("[data-testid=losses][data-state=some]");
        take(page, &name("dataset-losses"));
        browser.wait_for("[data-testid=build-look]:not(:disabled)");
        browser.eval("for (const f of ['share-1', 'share-2']) { const e = document.querySelector(`[data-field=${f}]`); e.value = '0'; e.dispatchEvent(new Event('input', { bubbles: true })); }", &[]);
        browser.click("[data-testid=build-look]");
        browser.wait_for("[data-testid=build-state][data-state=fresh]");
        browser.eval("document.querySelector('[data-testid=build-result]').scrollIntoView();", &[]);
        take(page, &name("dataset-build"));
        browser.eval("document.querySelector('[data-plot]').scrollIntoView();", &[]);
        take(page, &name("dataset-plots"));
        browser.eval("location.hash = '#/read/none-such'", &[]);
        take(page, &name("missing"));
    }
    browser.assert_no_errors();
}

/// The screen for review: empty, walked, decided, asked why, changed, talked about.
fn walk_review(page: &Page, size: &str, narrow: bool) {
    let browser = &page.browser;
    browser.eval("location.hash = '#/review/article'", &[]);
    browser.wait_for("[data-testid=review-empty]");
    take(page, &format!("review-empty-{size}"));
    browser.click("[data-testid=sample]");
    browser.wait_for("[data-testid=lanes]");
    page.close_notices();
    for (language, theme) in [("ar", "light"), ("en", "light"), ("ar", "dark"), ("en", "dark")] {
        dress(page, language, theme);
        browser.wait_for("[data-testid=lanes]");
        let name = |screen: &str| format!("review-{screen}-{language}-{theme}-{size}");
        take(page, &name("start"));
        browser.press("n");
        browser.press("n");
        browser.press("n");
        take(page, &name("walk"));
        browser.press("r");
        take(page, &name("reasons"));
        browser.press("1");
        take(page, &name("decided"));
        browser.press("e");
        take(page, &name("edit"));
        browser.press("Enter");
        if narrow {
            browser.click("[data-testid=show-list]");
            take(page, &name("list"));
            browser.click("[data-testid=show-people]");
            take(page, &name("people"));
            browser.click("[data-testid=show-people]");
        } else {
            browser.click("[data-testid=comment-text]");
            browser.type_text("هل اللقب جزء من الاسم؟");
            browser.press("Enter");
            browser.press("g");
            browser.eval("for (const d of document.querySelectorAll('details')) d.open = true", &[]);
            browser.click("[data-testid=scores]");
            take(page, &name("people"));
        }
    }
    browser.eval("location.hash = '#/library'", &[]);
    take(page, &format!("review-library-{size}"));
    browser.assert_no_errors();
}

/// The screen of agreement: empty, its figures and plots, the passages behind a number.
fn walk_agreement(page: &Page, size: &str, _narrow: bool) {
    let browser = &page.browser;
    browser.eval("location.hash = '#/agreement'", &[]);
    browser.wait_for("[data-testid=agree-empty]");
    take(page, &format!("agreement-empty-{size}"));
    browser.click("[data-testid=sample]");
    browser.wait_for("[data-testid=agree-table]");
    page.close_notices();
    for (language, theme) in [("ar", "light"), ("en", "light"), ("ar", "dark"), ("en", "dark")] {
        browser.eval("location.hash = '#/read/article'", &[]);
        page.ready();
        dress(page, language, theme);
        browser.eval("location.hash = '#/agreement'", &[]);
        browser.wait_for("[data-testid=agreement][data-state=done] [data-testid=agree-table]");
        let name = |screen: &str| format!("agreement-{screen}-{language}-{theme}-{size}");
        take(page, &name("top"));
        for part in ["pairs", "figures", "confusion", "starts", "course"] {
            browser.eval("document.querySelector(`[data-plot=${arguments[0]}]`).scrollIntoView();", &[json!(part)]);
            take(page, &name(part));
        }
        browser.click("[data-figure=\"span_f1.exact\"]");
        browser.wait_for("[data-testid=agree-passages] li");
        take(page, &name("behind"));
        browser.press("Escape");
    }
    browser.assert_no_errors();
}

fn wide() -> Option<Page> {
    let page = Page::with(Engine::Chromium, Options { size: (1360, 880), ..Options::default() })?;
    // The window's own frame takes some of its height.
    page.browser.devtools("Emulation.setDeviceMetricsOverride", &json!({ "width": 1360, "height": 880, "deviceScaleFactor": 1, "mobile": false }));
    Some(page)
}

fn telephone() -> Page {
    let page = Page { site: Site::built(), browser: Browser::telephone() };
    page.browser.goto(&page.site.url());
    page.ready();
    page
}

/// Whether these pictures are wanted: all are, where none is named.
fn asked(name: &str) -> bool {
    let mut named = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).peekable();
    named.peek().is_none() || named.any(|argument| argument == name)
}

fn main() {
    // Each walk begins in a browser that nobody has worked in.
    for (name, walk) in
        [("walk", walk as fn(&Page, &str, bool)), ("review", walk_review), ("agreement", walk_agreement)].into_iter().filter(|(name, _)| asked(name))
    {
        println!("{name}");
        let Some(page) = wide() else { return };
        walk(&page, "wide", false);
        walk(&telephone(), "narrow", true);
    }
}
