//! What is told, and to whom: imports in blind mode, notices in both languages and in their place, comments begun while one
//! annotates, decisions that were undone.

use crate::browser::{Browser, Engine};
use crate::page::PATIENCE;
use crate::review::{TWO, done, gold, named, opened, progress, sampled};
use crate::site::Site;
use crate::work::{ARTICLE, Page, lines, place};
use serde_json::{Value, json};

/// A file with somebody's label on a word of the article.
fn file(annotator: &str, words: &str) -> Vec<u8> {
    let (start, end) = place(ARTICLE, "أرمينيا", 0);
    let spans = json!([{"id": "s1", "start": start, "end": end, "label": "Actor", "text": words}]);
    let layer =
        json!({"kind": "layer", "document": "article", "annotator": annotator, "status": "done", "revision": 2, "spans": spans, "relations": []});
    format!("{layer}\n").into_bytes()
}

/// Switches blind mode by its own switch.
fn blind(page: &Page) {
    page.browser.click("[data-testid=settings]");
    page.browser.wait_for("[data-testid=settings-sheet]");
    let switch = "const all = [...document.querySelectorAll('[data-testid=settings-sheet] label.switch')]; all.find((it) => /عمياء|Blind/.test(it.textContent)).querySelector('input').click();";
    page.browser.eval(switch, &[]);
    page.browser.press("Escape");
    page.browser.wait_until("!document.querySelector('[data-testid=settings-sheet]')", PATIENCE);
}

#[test]
fn a_blind_annotator_is_not_told_whose_labels_came_and_is_when_done() {
    for engine in TWO {
        let Some(page) = Page::open(*engine) else { continue };
        let browser = &page.browser;
        page.import("x.jsonl", &file("سارة", "أرمينيا"));
        assert!(page.notices().contains("سارة"), "{engine:?}: {}", page.notices());
        // What was told before goes, too.
        blind(&page);
        assert!(!page.notices().contains("سارة"), "{engine:?}: {}", page.notices());
        page.import("x.jsonl", &file("هدى", "تبليسي"));
        let told = page.notices();
        assert!(!told.contains("هدى") && !told.contains("تبليسي") && told.contains("مخفية"), "{engine:?}: {told}");
        assert_eq!(browser.count("[data-notice='notice.import'] [data-testid=offer]"), 0, "{engine:?}: nor are their labels offered as a file");
        page.close_notices();
        page.go("#/read/article");
        done(&page);
        page.saved();
        page.import("x.jsonl", &file("هدى", "تبليسي"));
        let told = page.notices();
        assert!(told.contains("هدى") && told.contains("تبليسي"), "{engine:?}: {told}");
        page.done();
    }
}

#[test]
fn a_notice_follows_the_language_and_moves_nothing() {
    for engine in TWO {
        let Some(page) = Page::open(*engine) else { continue };
        let browser = &page.browser;
        page.go("#/dataset");
        let before = browser.rect("main h1");
        page.import("x.jsonl", &file("سارة", "أرمينيا"));
        assert_eq!(browser.rect("main h1").y, before.y, "{engine:?}: it lies over the page");
        assert!(page.notices().contains("وسوم"), "{engine:?}: {}", page.notices());
        browser.click("[data-testid=language]");
        browser.wait_until("document.querySelector('[data-notice] li')?.textContent.startsWith('Labels by')", PATIENCE);
        assert!(!page.notices().contains("وسوم"), "{engine:?}: {}", page.notices());
        page.done();
    }
}

#[test]
fn on_a_telephone_a_notice_leaves_the_labels_free() {
    if !Engine::Chromium.or_skip() {
        return;
    }
    let page = Page { site: Site::built(), browser: Browser::telephone() };
    page.browser.goto(&page.site.url());
    page.ready();
    page.import("x.jsonl", &file("سارة", "أرمينيا"));
    page.go("#/read/article");
    let (notices, labels) = (page.browser.rect("[data-testid=notices]"), page.browser.rect("[data-label=Actor]"));
    assert!(notices.y + notices.height <= labels.y && notices.x >= 0.0 && notices.width <= 360.0, "{notices:?} {labels:?}");
    page.done();
}

#[test]
fn a_thread_is_begun_answered_resolved_and_opened_again_while_one_annotates() {
    for engine in TWO {
        let Some(page) = Page::open(*engine) else { continue };
        let browser = &page.browser;
        named(&page, "منى");
        page.label("أرمينيا", 0, "1");
        // By key, on the label in focus.
        browser.press("Shift+C");
        browser.wait_for("[data-testid=comment-begin]");
        browser.wait_until("document.activeElement?.dataset.testid === 'comment-begin'", PATIENCE);
        browser.type_text("دولة أم فاعل؟");
        browser.press("Enter");
        browser.wait_until("!document.querySelector('[data-testid=comment-sheet]')", PATIENCE);
        browser.wait_for("[data-testid=own-comments] [data-thread]");
        // By mouse, on a selection without a label.
        page.focus_text();
        browser.press("Escape");
        page.select("باكو", 0);
        browser.click("[data-testid=palette-comment]");
        browser.wait_for("[data-testid=comment-begin]");
        browser.wait_until("document.activeElement?.dataset.testid === 'comment-begin'", PATIENCE);
        assert_eq!(browser.text("[data-testid=comment-sheet] .detail-quote"), "باكو", "{engine:?}");
        browser.type_text("لم يُوسم");
        browser.click("[data-testid=comment-begin-send]");
        browser.wait_until("document.querySelectorAll('[data-testid=own-comments] [data-thread]').length === 2", PATIENCE);
        // Answered in the sheet, resolved and opened again beside the list.
        page.focus_text();
        browser.press("Escape");
        browser.click("[data-testid=own-comments] [data-testid=to-label]");
        browser.press("Shift+C");
        browser.wait_for("[data-testid=comment-sheet] [data-thread]");
        browser.eval("document.querySelector('[data-testid=comment-sheet] [data-testid=reply]').focus()", &[]);
        browser.type_text("فاعل");
        browser.press("Enter");
        browser.wait_until("document.querySelectorAll('[data-testid=comment-sheet] [data-thread] p').length === 2", PATIENCE);
        browser.press("Escape");
        browser.wait_until("!document.querySelector('[data-testid=comment-sheet]')", PATIENCE);
        browser.click("[data-testid=own-comments] [data-testid=resolve]");
        browser.wait_for("[data-testid=own-comments] [data-resolved=true]");
        browser.click("[data-testid=own-comments] [data-resolved=true] [data-testid=resolve]");
        browser.wait_until("!document.querySelector('[data-testid=own-comments] [data-resolved=true]')", PATIENCE);
        page.saved();
        page.reload();
        browser.wait_until("document.querySelectorAll('[data-testid=own-comments] [data-thread]').length === 2", PATIENCE);
        let out = page.exported();
        let layer = out.iter().find(|line| line["annotator"] == "منى").unwrap();
        let said: Vec<&Value> = layer["remarks"].as_array().unwrap().iter().filter(|remark| remark["kind"] == "comment").collect();
        assert_eq!(said.len(), 5, "{engine:?}: {said:?}");
        let on_label = said.iter().find(|remark| remark["text"] == "دولة أم فاعل؟").unwrap();
        assert_eq!(on_label["about"], json!(["منى", layer["spans"][0]["id"]]), "{engine:?}");
        let (start, end) = place(ARTICLE, "باكو", 0);
        assert!(
            said.iter().any(|remark| remark["text"] == "لم يُوسم" && remark["place"] == json!([start, end]) && remark["about"].is_null()),
            "{engine:?}"
        );
        page.done();
    }
}

#[test]
fn an_undone_decision_does_not_come_back_with_an_older_export() {
    for engine in TWO {
        let Some(page) = sampled(*engine) else { continue };
        let browser = &page.browser;
        let all = browser.attribute("[data-testid=review-progress]", "data-all").unwrap().parse().unwrap();
        page.focus_text();
        browser.press("n");
        browser.press("a");
        progress(&page, all, 1);
        page.saved();
        page.go("#/dataset");
        let file = page.download("[data-testid=export]");
        assert_eq!(gold(&lines(&file)).unwrap()["remarks"].as_array().unwrap().len(), 1, "{engine:?}");
        opened(&page);
        page.focus_text();
        browser.press("Control+z");
        progress(&page, all, 0);
        page.saved();
        page.import("older.jsonl", &file);
        assert!(page.notices().contains("أُلغيت"), "{engine:?}: {}", page.notices());
        page.close_notices();
        opened(&page);
        progress(&page, all, 0);
        page.done();
    }
}
