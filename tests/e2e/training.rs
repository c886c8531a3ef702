//! A document with gold is given as a test: nothing of the gold is seen until it is done, then the score and each difference.

use crate::browser::Engine;
use crate::page::PATIENCE;
use crate::review::{TWO, done, gold, named, review, sampled};
use crate::work::{Page, lines};
use serde_json::{Value, json};

/// The file that somebody sends who has decided the sample, all as its first annotator has it.
fn given(engine: Engine) -> Option<Vec<u8>> {
    let page = sampled(engine)?;
    let browser = &page.browser;
    named(&page, "هدى");
    browser.wait_for("[data-testid=lanes]");
    browser.eval("document.querySelector('.who-list details').open = true", &[]);
    browser.click("[data-testid=take-person]");
    browser.wait_until("document.querySelector('[data-testid=review-progress]').dataset.all === document.querySelector('[data-testid=review-progress]').dataset.decided", PATIENCE);
    browser.click("[data-testid=hand-back] summary");
    browser.click("[data-testid=give-test]");
    browser.wait_for("[data-testid=give-test][aria-pressed=true]");
    page.saved();
    let file = page.download("[data-testid=send-test]");
    // Who gave it goes on seeing it.
    review(&page);
    browser.wait_for("[data-testid=lanes]");
    page.done();
    Some(file)
}

fn attempts(page: &Page, count: usize) {
    page.browser.wait_until(&format!("document.querySelectorAll('[data-testid=attempts] li').length === {count}"), PATIENCE);
}

fn own(lines: &[Value]) -> Value {
    lines.iter().find(|line| line["kind"] == "layer" && line["annotator"] == "منى").cloned().unwrap_or_default()
}

#[test]
fn a_test_is_sent_taken_scored_and_taken_again() {
    for engine in TWO {
        let Some(file) = given(*engine) else { continue };
        let sent = lines(&file);
        let of_gold = gold(&sent).expect("the gold layer travels");
        assert_eq!(sent.iter().filter(|line| line["kind"] == "layer").count(), 1, "{engine:?}: nobody else's labels do");
        assert!(of_gold["remarks"].as_array().unwrap().iter().any(|remark| remark["kind"] == "test" && remark["by"] == "هدى"), "{engine:?}");

        let Some(page) = Page::open(*engine) else { continue };
        let browser = &page.browser;
        named(&page, "منى");
        page.import("test.jsonl", &file);
        page.close_notices();
        // Not a sign of the gold: not where documents are listed, not where data sets are made, not on either screen of the document.
        page.go("#/library");
        browser.wait_for("[data-document=article] [data-testid=is-test]");
        assert_eq!(browser.count("[data-testid=to-review]"), 0, "{engine:?}");
        page.go("#/dataset");
        browser.wait_for("[data-testid=export-hidden]");
        assert_eq!(gold(&page.exported()), None, "{engine:?}");
        review(&page);
        browser.wait_for("[data-testid=blind]");
        assert_eq!(browser.count("[data-testid=blind-off], [data-lane], [data-person]"), 0, "{engine:?}");
        page.go("#/read/article");
        browser.wait_for("[data-testid=test][data-done=false]");
        assert_eq!(browser.count("[data-testid=test-score], [data-testid=test-differences]"), 0, "{engine:?}");

        // Done: the score, and each difference leads to its place.
        page.label("يريفان", 0, "2");
        done(&page);
        browser.wait_for("[data-testid=test-score] [data-score=all]");
        attempts(&page, 1);
        assert!(browser.count("[data-testid=test-differences] button") > 3, "{engine:?}");
        let start = browser.attribute("[data-testid=test-differences] button", "data-start").unwrap();
        browser.click("[data-testid=test-differences] button");
        page.selected();
        let selected = browser.selected();
        let at: usize = start.parse().unwrap();
        let there: String = crate::work::ARTICLE.chars().skip(at).take(selected.chars().count()).collect();
        assert_eq!(selected, there, "{engine:?}: the place of the difference is selected");

        // Again: hidden until it is done once more; both attempts are kept, also over a reload, and travel with the labels.
        browser.click("[data-testid=test-again]");
        browser.wait_for("[data-testid=test][data-done=false]");
        assert_eq!(browser.count("[data-testid=test-differences]"), 0, "{engine:?}");
        attempts(&page, 1);
        // What the difference selected is let go, for its labels lie over the words around.
        page.focus_text();
        page.keys(&["Escape", "Escape"]);
        browser.wait_until("getSelection().isCollapsed", PATIENCE);
        page.label("باكو", 0, "1");
        done(&page);
        attempts(&page, 2);
        page.saved();
        page.reload();
        browser.wait_for("[data-testid=test-score]");
        attempts(&page, 2);
        browser.click("[data-testid=language]");
        browser.wait_until("document.querySelector('[data-testid=test] h2').textContent === 'Test'", PATIENCE);
        let lines = page.exported();
        let mine = own(&lines);
        let kept = mine["remarks"].as_array().unwrap().iter().filter(|remark| remark["kind"] == "attempt").count();
        assert_eq!(kept, 2, "{engine:?}");
        assert!(gold(&lines).is_some(), "{engine:?}: what is done is hidden no longer");
        page.done();
    }
}

#[test]
fn a_file_of_before_is_no_test_and_who_has_no_name_is_asked_for_it() {
    for engine in TWO {
        let Some(page) = sampled(*engine) else { continue };
        let browser = &page.browser;
        page.focus_text();
        browser.press("a");
        browser.wait_for("[data-testid=hand-back]");
        browser.click("[data-testid=hand-back] summary");
        browser.click("[data-testid=give-test]");
        browser.wait_for("[data-testid=name-sheet]");
        browser.press("Escape");
        page.saved();
        let lines = page.exported();
        assert!(!lines.iter().any(|line| line.to_string().contains("\"kind\":\"test\"")), "{engine:?}");
        assert_eq!(gold(&lines).unwrap()["remarks"].as_array().map(Vec::len), Some(1), "{engine:?}");
        page.go("#/library");
        assert_eq!(browser.count("[data-testid=is-test]"), 0, "{engine:?}");
        assert_eq!(json!(browser.count("[data-testid=to-review]")), json!(1), "{engine:?}");
        page.done();
    }
}
