//! Review: files of two people, their differences walked and decided by keyboard alone, gold, comments, blind mode.

use crate::browser::{Engine, Options};
use crate::page::PATIENCE;
use crate::work::{Page, lines};
use serde_json::{Value, json};

/// The engines that download files here.
pub const TWO: &[Engine] = &[Engine::Chromium, Engine::Firefox];

/// Gives who works here a name.
pub fn named(page: &Page, name: &str) {
    page.browser.click("[data-testid=settings]");
    page.browser.click("[data-testid=change-name]");
    page.browser.wait_for("[data-testid=name-sheet] input");
    page.browser.eval("document.querySelector('[data-testid=name-sheet] input').focus()", &[]);
    page.browser.type_text(name);
    page.browser.press("Enter");
    page.browser.wait_until("!document.querySelector('[data-testid=name-sheet]')", PATIENCE);
}

/// Sets the status of the open document to done, whatever checks say.
pub fn done(page: &Page) {
    let set = "const s = document.querySelector('[data-testid=status]'); s.value = 'done'; s.dispatchEvent(new Event('change', { bubbles: true }));";
    page.browser.eval(set, &[]);
    page.browser.wait_until("document.querySelector('[data-testid=status]')?.value === 'done' || document.querySelector('dialog[open]')", PATIENCE);
    page.browser.eval("document.querySelector('dialog [data-testid=done-anyway]')?.click()", &[]);
    page.browser.wait_until("document.querySelector('[data-testid=status].is-done')", PATIENCE);
}

/// What one person exports who has labelled these words of the article with these keys.
pub fn sent(engine: Engine, name: &str, labels: &[(&str, usize, &str)]) -> Option<Vec<u8>> {
    let page = Page::open(engine)?;
    named(&page, name);
    for (quote, occurrence, key) in labels {
        page.label(quote, *occurrence, key);
    }
    page.saved();
    page.go("#/dataset");
    let file = page.download("[data-testid=export]");
    page.done();
    Some(file)
}

/// Goes to the review of the article.
pub fn review(page: &Page) {
    page.browser.eval("location.hash = '#/review/article'", &[]);
}

/// The same, and waits until it is there.
pub fn opened(page: &Page) {
    review(page);
    page.browser.wait_for("[data-testid=lanes]");
    page.browser.wait_until("document.querySelector('[data-paragraph]')?.firstChild", PATIENCE);
}

/// The review of the sample that the empty screen offers.
pub fn sampled(engine: Engine) -> Option<Page> {
    let page = Page::open(engine)?;
    review(&page);
    page.browser.wait_for("[data-testid=review-empty]");
    page.browser.click("[data-testid=sample]");
    page.browser.wait_for("[data-testid=lanes]");
    page.close_notices();
    Some(page)
}

/// Waits until so many of so many differences are decided.
pub fn progress(page: &Page, all: usize, decided: usize) {
    let there = format!(
        "(d => d && d.dataset.all === '{all}' && d.dataset.decided === '{decided}')(document.querySelector('[data-testid=review-progress]'))"
    );
    page.browser.wait_until(&there, PATIENCE);
}

fn current(page: &Page) -> Option<String> {
    page.browser.attribute("[data-testid=differences] [aria-current]", "data-difference")
}

/// The gold layer in an export.
pub fn gold(lines: &[Value]) -> Option<&Value> {
    lines.iter().find(|line| line["kind"] == "layer" && line["annotator"] == "gold")
}

/// The labels of a layer, as kind and words.
pub fn words_of(layer: &Value) -> Vec<String> {
    let spans = layer["spans"].as_array().into_iter().flatten();
    spans.map(|span| format!("{} {}", span["label"].as_str().unwrap(), span["text"].as_str().unwrap())).collect()
}

#[test]
fn two_files_are_decided_by_keyboard_and_handed_back_as_gold() {
    for engine in TWO {
        let Some(mona) = sent(*engine, "منى", &[("أرمينيا", 0, "1"), ("المجتمع الدولي", 0, "1"), ("يريفان", 0, "1"), ("باكو", 0, "1")])
        else {
            continue;
        };
        let Some(huda) = sent(*engine, "هدى", &[("أرمينيا", 0, "1"), ("قلق المجتمع الدولي", 0, "1"), ("يريفان", 0, "2")])
        else {
            continue;
        };
        let Some(page) = Page::open(*engine) else { continue };
        let browser = &page.browser;
        page.import("mona.jsonl", &mona);
        page.close_notices();
        page.import("huda.jsonl", &huda);
        page.close_notices();
        page.go("#/library");
        browser.click("[data-testid=to-review]");
        browser.wait_for("[data-testid=lanes]");
        progress(&page, 3, 0);
        assert_eq!(browser.count("[data-lane]"), 3, "{engine:?}: two people and gold");
        page.focus_text();
        // Walked, and back.
        let first = current(&page);
        browser.press("n");
        assert_ne!(current(&page), first, "{engine:?}");
        browser.press("p");
        assert_eq!(current(&page), first, "{engine:?}");
        // All agree on one: one step.
        browser.press("g");
        browser.wait_until("document.querySelector('[data-testid=gold-count]').textContent.match(/[1١]|واحد/)", PATIENCE);
        // Edges: the second one's; label: the first one's; a label that only one has: rejected, and why.
        browser.press("b");
        progress(&page, 3, 1);
        browser.press("a");
        progress(&page, 3, 2);
        browser.press("r");
        browser.wait_for("[data-testid=reasons]");
        browser.press("4");
        progress(&page, 3, 3);
        page.saved();
        // Undone and made again, and there after a reload.
        browser.press("Control+z");
        progress(&page, 3, 2);
        browser.press("Control+Shift+Z");
        progress(&page, 3, 3);
        page.saved();
        page.reload();
        browser.wait_for("[data-testid=lanes]");
        progress(&page, 3, 3);
        browser.press("Control+z");
        progress(&page, 3, 2);
        browser.press("Control+y");
        progress(&page, 3, 3);
        page.saved();
        let lines = page.exported();
        let gold = gold(&lines).expect("a gold layer");
        assert_eq!(words_of(gold), ["Actor أرمينيا", "Actor قلق المجتمع الدولي", "Actor يريفان"], "{engine:?}");
        let remarks = gold["remarks"].as_array().unwrap();
        assert_eq!(remarks.len(), 4, "{engine:?}");
        let rejected = remarks.iter().find(|remark| remark["choice"] == "reject").expect("a rejection");
        assert_eq!(rejected["reason"], "nothing", "{engine:?}");
        assert_eq!(rejected["sources"][0]["annotator"], "منى");
        assert_eq!(rejected["sources"][0]["taken"], false);
        assert_eq!(lines.iter().filter(|line| line["kind"] == "layer").count(), 3, "{engine:?}");
        // The file brings all of it into another browser.
        let file: String = lines.iter().map(|line| format!("{line}\n")).collect();
        page.done();
        let Some(page) = Page::open(*engine) else { continue };
        page.import("all.jsonl", file.as_bytes());
        page.close_notices();
        opened(&page);
        progress(&page, 3, 3);
        page.done();
    }
}

#[test]
fn the_sample_is_offered_decided_in_every_way_and_exported() {
    for engine in TWO {
        let Some(page) = sampled(*engine) else { continue };
        let browser = &page.browser;
        let all = browser.attribute("[data-testid=review-progress]", "data-all").and_then(|all| all.parse::<usize>().ok()).unwrap();
        assert!(all > 10, "{engine:?}: {all}");
        page.focus_text();
        for (number, key) in ["a", "b", "k", "m", "l"].iter().enumerate() {
            browser.press(key);
            let decided = if *key == "l" { number } else { number + 1 };
            progress(&page, all, decided);
        }
        // Taken, then changed with the reader's own keys.
        let before = browser.attribute("[data-testid=differences] [aria-current]", "data-difference");
        browser.press("e");
        browser.wait_for("[data-testid=editing]");
        browser.press("3");
        browser.press("Enter");
        browser.wait_until("!document.querySelector('[data-testid=editing]')", PATIENCE);
        assert_ne!(browser.attribute("[data-testid=differences] [aria-current]", "data-difference"), before, "{engine:?}");
        progress(&page, all, 5);
        // Filters.
        let kinds = |kind: &str| format!("document.querySelectorAll('[data-testid=differences] [data-kind={kind}]').length");
        browser.eval("const s = document.querySelector('[data-testid=filter-kind]'); s.value = 'boundaries'; s.dispatchEvent(new Event('change', { bubbles: true }));", &[]);
        browser.wait_until(&format!("{} > 0 && {} === 0", kinds("boundaries"), kinds("attribute")), PATIENCE);
        page.saved();
        // The record of decisions.
        browser.click("[data-testid=hand-back] summary");
        let record = lines(&page.download("[data-testid=decisions-jsonl]"));
        assert_eq!(record.len(), 6, "{engine:?}");
        assert!(record.iter().all(|line| line["document"] == "article" && line["at"].as_u64() > Some(0)), "{engine:?}");
        let table = page.download("[data-testid=feedback]");
        assert!(String::from_utf8(table).unwrap().starts_with("document,start,end,"), "{engine:?}");
        page.done();
    }
}

#[test]
fn comments_are_answered_resolved_and_merged_from_both_sides() {
    for engine in TWO {
        let Some(page) = sampled(*engine) else { continue };
        let browser = &page.browser;
        page.focus_text();
        browser.press("c");
        browser.type_text("هل اللقب جزء منه؟");
        browser.press("Enter");
        browser.wait_for("[data-thread]");
        browser.click("[data-testid=resolve]");
        browser.wait_for("[data-thread][data-resolved=true]");
        page.saved();
        let lines = page.exported();
        // The other side has the thread, and writes into it.
        let mut theirs = gold(&lines).unwrap().clone();
        let root = theirs["remarks"].as_array().unwrap().iter().find(|remark| remark["text"].is_string()).unwrap()["id"].clone();
        let place = theirs["remarks"][0]["place"].clone();
        let reply = json!({"id": "c-theirs", "kind": "comment", "by": "هدى", "at": 9_000_000_000_000_u64, "place": place, "to": root, "text": "نعم"});
        theirs["remarks"] = json!([reply]);
        theirs["revision"] = json!(0);
        opened(&page);
        page.import("reply.jsonl", format!("{theirs}\n").as_bytes());
        page.close_notices();
        opened(&page);
        browser.wait_until("document.querySelector('[data-thread]')?.textContent.includes('نعم') && document.querySelector('[data-thread]').textContent.includes('اللقب')", PATIENCE);
        assert_eq!(browser.count("[data-thread] p"), 2, "{engine:?}");
        page.reload();
        browser.wait_for("[data-thread]");
        assert_eq!(browser.count("[data-thread] p"), 2, "{engine:?}");
        page.done();
    }
}

#[test]
fn blind_review_hides_others_until_ones_own_is_done() {
    for engine in TWO {
        let Some(page) = sampled(*engine) else { continue };
        let browser = &page.browser;
        browser.eval("const key = 'wusum/1/news/settings', kept = JSON.parse(localStorage.getItem(key) ?? '{}'); localStorage.setItem(key, JSON.stringify({ ...kept, blind: true }));", &[]);
        browser.reload();
        browser.wait_for("[data-testid=blind]");
        assert_eq!(browser.count("[data-lane], [data-person]"), 0, "{engine:?}");
        page.go("#/read/article");
        page.label("أرمينيا", 0, "1");
        // Nor is there a sign of them where documents are listed, or where data sets are made.
        page.go("#/library");
        assert_eq!(browser.count("[data-testid=to-review]"), 0, "{engine:?}");
        page.go("#/dataset");
        browser.wait_for("[data-testid=export-hidden]");
        assert_eq!(browser.count("[data-testid=pick-annotator]"), 0, "{engine:?}: nobody's name is there");
        let out = page.exported();
        let whose: Vec<&Value> = out.iter().filter(|line| line["kind"] == "layer").map(|line| &line["annotator"]).collect();
        assert_eq!(whose, [&json!("annotator")], "{engine:?}: one's own labels alone go out");
        page.go("#/read/article");
        done(&page);
        page.saved();
        opened(&page);
        page.done();
    }
}

#[test]
fn names_are_hidden_layers_switched_and_both_languages_speak() {
    for engine in TWO {
        let Some(page) = Page::with(*engine, Options::default()) else { continue };
        let browser = &page.browser;
        review(&page);
        browser.click("[data-testid=sample]");
        browser.wait_for("[data-testid=lanes]");
        page.close_notices();
        page.focus_text();
        browser.press("h");
        browser.wait_until("document.querySelector('[data-lane] .who bdi').textContent.includes('أ')", PATIENCE);
        browser.click("[data-testid=language]");
        browser.wait_until("document.querySelector('[data-lane] .who bdi').textContent === 'Annotator A'", PATIENCE);
        assert_eq!(browser.attribute("html", "dir").as_deref(), Some("ltr"), "{engine:?}");
        browser.click("[data-testid=help]");
        browser.wait_for("[data-testid=review-keys]");
        browser.press("Escape");
        page.done();
    }
}

#[test]
fn the_screen_opens_in_webkit_too() {
    let Some(page) = Page::open(Engine::WebKit) else { return };
    review(&page);
    page.browser.wait_for("[data-testid=review-empty]");
    page.browser.click("[data-testid=sample]");
    page.browser.wait_for("[data-testid=lanes]");
    page.done();
}
