//! The rest of the page's module: fetched by itself, again where that fails, and waited for by whoever is quicker.

use crate::browser::{Engine, Options};
use crate::page::PATIENCE;
use crate::work::{Page, over};
use std::time::{Duration, Instant};

const REST: &str = "wusum-deferred";
const IS_THERE: &str = "wusumDeferred.page.$ready.value === 1";

/// The article, where the first requests for the rest are refused.
fn open(engine: Engine, refused: u32) -> Option<Page> {
    let page = Page::blank(engine, Options::default())?;
    page.site.refuse(REST, refused);
    page.browser.goto(&page.site.url());
    page.browser.wait_until("document.querySelector('[data-paragraph]')?.firstChild", PATIENCE);
    Some(page)
}

fn answers(page: &Page) -> Vec<u16> {
    page.site.requests().iter().filter(|request| request.path.contains(REST)).map(|request| request.status).collect()
}

#[test]
fn whoever_is_quicker_than_the_rest_waits_for_it() {
    for engine in Engine::ALL {
        let Some(page) = open(engine, 1_000) else { continue };
        let end = Instant::now() + PATIENCE;
        // By now the next try in the background is four seconds away.
        while answers(&page).len() < 3 {
            assert!(Instant::now() < end, "{engine:?}: {:?}", answers(&page));
            std::thread::sleep(Duration::from_millis(20));
        }
        assert_eq!(page.browser.value(IS_THERE), false, "{engine:?}");
        page.site.refuse(REST, 0);
        page.label("أرمينيا", 0, "1");
        page.expect(&[over("أرمينيا", 0, "Actor")]);
        page.saved();
        assert_eq!(page.browser.value(IS_THERE), true, "{engine:?}");
        // Once; twice where the try in the background happens to be under way.
        let answers = answers(&page);
        assert!((1..=2).contains(&answers.iter().filter(|status| **status == 200).count()), "{engine:?}: {answers:?}");
    }
}

#[test]
fn the_rest_is_asked_for_until_it_comes() {
    for engine in Engine::ALL {
        let Some(page) = open(engine, 2) else { continue };
        page.browser.wait_until(IS_THERE, PATIENCE);
        // Whoever needs it while the third is under way asks for itself.
        let answers = answers(&page);
        assert!(answers == [503, 503, 200] || answers == [503, 503, 200, 200], "{engine:?}: {answers:?}");
        page.label("باكو", 0, "2");
        page.expect(&[over("باكو", 0, "Location")]);
    }
}

#[test]
fn without_the_rest_the_page_says_so_and_keeps_what_is_saved() {
    let Some(page) = open(Engine::Chromium, 0) else { return };
    page.browser.wait_until(IS_THERE, PATIENCE);
    page.label("أرمينيا", 0, "1");
    page.saved();
    page.site.refuse(REST, 1_000);
    // Not from what the browser kept of the first visit.
    page.browser.devtools("Network.enable", &serde_json::json!({}));
    page.browser.devtools("Network.setCacheDisabled", &serde_json::json!({ "cacheDisabled": true }));
    page.browser.reload();
    // Labels that are there are among what the rest is needed for.
    page.browser.wait_until("!document.getElementById('boot-failed').hidden", PATIENCE);
    page.site.refuse(REST, 0);
    page.reload();
    page.browser.wait_until(IS_THERE, PATIENCE);
    page.expect(&[over("أرمينيا", 0, "Actor")]);
}
