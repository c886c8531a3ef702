//! The schema screen as a module of its own: without the network once it was fetched, and whole from its first frame on.

use crate::browser::Engine;
use crate::page::PATIENCE;
use crate::schema::{apply, card, fill, read, review};
use crate::work::{each, over};
use serde_json::json;

#[test]
fn the_schema_is_changed_without_the_network() {
    each(&Engine::ALL, |page| {
        let browser = &page.browser;
        page.label("أرمينيا", 0, "1");
        page.saved();
        page.site.wait_for_worker();
        page.site.forget();
        page.site.set_down(true);
        if browser.engine == Engine::Chromium {
            browser.set_offline(true);
        }
        page.go("#/schema");
        let actor = card(page, "label:Actor");
        fill(page, &format!("{actor} [data-field=id]"), "Agent");
        browser.wait_for("#desk [data-part=\"label:Agent\"]");
        review(page);
        browser.wait_until("document.querySelector('[data-fate=Actor] select')?.value === 'become:Agent'", PATIENCE);
        apply(page);
        read(page);
        page.expect(&[over("أرمينيا", 0, "Agent")]);
        page.label("باكو", 0, "1");
        page.expect(&[over("أرمينيا", 0, "Agent"), over("باكو", 0, "Agent")]);
        page.saved();
        assert_eq!(page.site.requests(), [], "{:?}: nothing is asked for", browser.engine);
        page.site.set_down(false);
        if browser.engine == Engine::Chromium {
            browser.set_offline(false);
        }
        page.reload();
        page.expect(&[over("أرمينيا", 0, "Agent"), over("باكو", 0, "Agent")]);
    });
}

#[test]
fn the_screen_is_whole_when_it_is_first_seen_on_a_slow_machine() {
    each(&[Engine::Chromium, Engine::Firefox], |page| {
        let browser = &page.browser;
        // A clock that leaps has whatever may wait for another frame wait for it; and what is seen first is noted.
        browser.eval(
            "let at = Date.now(); Date.now = () => (at += 20);
             new MutationObserver(() => {
                 const desk = document.querySelector('#desk:has([data-testid=desk-state])');
                 if (!desk || window.firstSeen) return;
                 const shown = [...document.querySelectorAll('main')].filter((e) => getComputedStyle(e).display !== 'none').map((e) => e.id);
                 window.firstSeen = [getComputedStyle(desk).overflowY, ...shown];
             }).observe(document.body, { childList: true, subtree: true });",
            &[],
        );
        page.go("#/schema");
        assert_eq!(
            browser.value("window.firstSeen"),
            json!(["auto", "desk"]),
            "{:?}: its look is there, and nothing stands above it",
            browser.engine
        );
    });
}

#[test]
fn the_progress_of_a_slow_task_moves_nothing() {
    each(&Engine::ALL, |page| {
        let browser = &page.browser;
        // The worker is asked for counts when the screen opens; here it takes its time.
        browser.eval(
            "const post = Worker.prototype.postMessage;
             Worker.prototype.postMessage = function (...what) { setTimeout(() => post.apply(this, what), 1500); };",
            &[],
        );
        page.go("#/schema");
        let add = "#desk [data-do=add-label]";
        browser.wait_for(add);
        let before = browser.rect(add);
        browser.wait_for("[data-notice=\"notice.work\"]");
        assert_eq!(browser.rect(add), before, "{:?}", browser.engine);
        browser.wait_until("!document.querySelector('[data-notice]')", PATIENCE);
        assert_eq!(browser.rect(add), before, "{:?}", browser.engine);
    });
}

#[test]
fn a_document_that_is_removed_for_good_leaves_no_words_in_the_changes_of_the_schema() {
    each(&[Engine::Chromium, Engine::Firefox], |page| {
        let browser = &page.browser;
        page.import("other.txt", "نص آخر عن تونس".as_bytes());
        browser.wait_until("document.querySelector('[data-paragraph]')?.textContent.includes('تونس')", PATIENCE);
        page.close_notices();
        page.label("تونس", 0, "1");
        page.saved();
        page.go("#/schema");
        let actor = card(page, "label:Actor");
        fill(page, &format!("{actor} [data-field=id]"), "Agent");
        review(page);
        apply(page);
        page.go("#/library");
        page.saved();
        assert!(browser.indexed_db().to_string().contains("تونس"));
        let other = "[data-document]:not([data-document=article])";
        browser.click(&format!("[data-testid=documents] {other} [data-testid=bin-document]"));
        browser.click(&format!("[data-testid=bin] {other} [data-testid=purge]"));
        browser.click(&format!("[data-testid=bin] {other} [data-testid=purge-sure]"));
        browser.wait_until("!document.querySelector('[data-testid=bin]')", PATIENCE);
        page.saved();
        let kept = browser.indexed_db().to_string();
        assert!(kept.contains("Agent") && !kept.contains("تونس"), "{:?}: {kept}", browser.engine);
        // The change can still be taken back.
        page.go("#/schema");
        browser.click("[data-testid=desk-undo]");
        browser.wait_for("#desk [data-part=\"label:Actor\"]");
    });
}
