//! On little room: a telephone, or twice the size on a small window.

use crate::browser::{Browser, Engine};
use crate::page::PATIENCE;
use crate::screen::{in_english, walk};
use crate::site::Site;
use crate::work::{Page, each, over};
use serde_json::{Value, json};

/// What is wider than the screen, or reaches out of it where it must not.
fn too_wide(page: &Page) -> Value {
    page.browser.value(
        "(() => { const out = [], w = innerWidth; if (document.documentElement.scrollWidth > w) out.push(['page', document.documentElement.scrollWidth]); \
         const front = document.querySelector('dialog[open]'), scope = front ? 'dialog[open], dialog[open] .sheet-body' : '#app, header.bar, main, .side.labels, .read, .palette, .find'; \
         for (const e of document.querySelectorAll(scope)) if (e.checkVisibility() && e.scrollWidth > e.clientWidth + 1) out.push([e.className || e.tagName, 'scrolls', e.scrollWidth, e.clientWidth]); \
         const parts = front ? 'dialog[open] button, dialog[open] input:not([type=file]), dialog[open] select, dialog[open] textarea' : 'header.bar button, [role=toolbar] button, .foot-buttons button, main select, main.screen button'; \
         for (const e of document.querySelectorAll(parts)) { if (!e.checkVisibility()) continue; const r = e.getBoundingClientRect(); \
           if (r.width && (r.left < -1 || r.right > w + 1)) out.push([e.dataset.testid || e.dataset.label || e.textContent, Math.round(r.left), Math.round(r.right)]); } return out; })()",
    )
}

fn fits(page: &Page, what: &str, narrow: bool) {
    let mut wrong = Vec::new();
    walk(page, narrow, |name| {
        let found = too_wide(page);
        if found != json!([]) {
            wrong.push(format!("{name}: {found}"));
        }
    });
    assert!(wrong.is_empty(), "{what}:\n{}", wrong.join("\n"));
}

fn telephone() -> Page {
    let page = Page { site: Site::built(), browser: Browser::telephone() };
    page.browser.goto(&page.site.url());
    page.ready();
    page
}

#[test]
fn a_screen_of_360_pixels_holds_everything_in_arabic() {
    if Engine::Chromium.or_skip() {
        let page = telephone();
        fits(&page, "Arabic at 360", true);
        page.done();
    }
}

#[test]
fn a_screen_of_360_pixels_holds_everything_in_english() {
    if Engine::Chromium.or_skip() {
        let page = telephone();
        in_english(&page);
        fits(&page, "English at 360", true);
        page.done();
    }
}

/// Whether the middle of the link with this address is what a finger there would meet.
fn within_reach(browser: &Browser, address: &str) -> bool {
    let met = format!(
        "(() => {{ const r = document.querySelector('header.bar nav a[href^=\"{address}\"]').getBoundingClientRect(); \
           return document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2)?.getAttribute('href')?.startsWith('{address}') ?? false; }})()"
    );
    browser.value(&met) == true
}

#[test]
fn on_a_telephone_every_screen_is_in_the_bar_and_the_current_one_in_view() {
    if Engine::Chromium.or_skip() {
        let page = telephone();
        let browser = &page.browser;
        for _language in 0..2 {
            for address in ["#/schema", "#/dataset", "#/agreement", "#/review", "#/read", "#/library"] {
                // As the Tab key does, the focus brings a link into view.
                browser.eval("document.querySelector(`header.bar nav a[href^='${arguments[0]}']`).focus();", &[json!(address)]);
                assert!(within_reach(browser, address), "{address} after focus");
                browser.click(&format!("header.bar nav a[href^='{address}']"));
                browser.wait_until(&format!("location.hash.startsWith('{address}')"), PATIENCE);
                browser.wait_for(&format!("header.bar nav a[href^='{address}'][aria-current]"));
                assert!(within_reach(browser, address), "{address} is the current one");
            }
            browser.click("[data-testid=language]");
        }
        page.done();
    }
}

#[test]
fn twice_the_size_on_a_small_window_holds_everything() {
    each(&[Engine::Chromium], |page| {
        // 200 % on 1280 by 900.
        page.browser.devtools("Emulation.setDeviceMetricsOverride", &json!({ "width": 640, "height": 450, "deviceScaleFactor": 2, "mobile": false }));
        page.label("يريفان", 0, "1");
        page.expect(&[over("يريفان", 0, "Actor")]);
        fits(page, "200 %", page.browser.value("!!document.querySelector('[data-testid=open-list]')?.checkVisibility()") == true);
        page.select("باكو", 0);
        page.browser.click("[role=toolbar] [data-label=Location]");
        page.expect(&[over("يريفان", 0, "Actor"), over("باكو", 0, "Location")]);
    });
}
