//! Others' work comes in by each of its roads, two reviewers' gold is united, and comments reach those whose labels they are about.

use crate::page::PATIENCE;
use crate::review::{TWO, done, gold, named, opened, progress, review, sampled, sent, words_of};
use crate::work::{ARTICLE, Page, place};
use serde_json::{Value, json};

fn span(text: &str, quote: &str) -> Value {
    let (start, end) = place(text, quote, 0);
    json!({"id": format!("s{start}"), "start": start, "end": end, "label": "Actor", "text": quote})
}

/// A file with a document and somebody's labels of it.
fn file(id: &str, text: Option<&str>, annotator: &str, spans: &[Value]) -> Vec<u8> {
    let document = text.map(|text| format!("{}\n", json!({"kind": "document", "id": id, "title": "t", "text": text}))).unwrap_or_default();
    let layer = json!({"kind": "layer", "document": id, "annotator": annotator, "revision": 1, "status": "done", "spans": spans});
    let head = json!({"wusum": 1, "kind": "project", "name": "n", "offsets": "code-points"});
    format!("{head}\n{document}{layer}\n").into_bytes()
}

fn of<'a>(lines: &'a [Value], annotator: &str) -> &'a Value {
    let layer = lines.iter().find(|line| line["kind"] == "layer" && line["annotator"] == annotator && line["document"] == "article");
    layer.unwrap_or_else(|| panic!("no layer of {annotator} on the article"))
}

#[test]
fn a_document_is_known_by_its_name_its_text_its_letters_or_the_quotes_of_its_labels() {
    for engine in TWO {
        let Some(page) = Page::open(*engine) else { continue };
        let browser = &page.browser;
        // By its name alone: the file has no text.
        page.import("name.jsonl", &file("article", None, "باسمه", &[span(ARTICLE, "أرمينيا")]));
        page.close_notices();
        // By its text, under another name.
        page.import("text.jsonl", &file("خبر-7", Some(ARTICLE), "بنصه", &[span(ARTICLE, "يريفان")]));
        page.close_notices();
        // By its letters: another spacing and another alef. What lies on white space alone has no place, and is listed.
        let other = format!("  {}", ARTICLE.replace(' ', "  ").replace('أ', "ا"));
        let blank = json!({"id": "blank", "start": 0, "end": 2, "label": "Actor", "text": "  "});
        page.import("letters.jsonl", &file("خبر-8", Some(&other), "بحروفه", &[span(&other, "باكو"), blank]));
        let told = page.notices();
        assert!(told.contains("notice.import"), "{engine:?}: {told}");
        browser.wait_for("[data-notice] [data-testid=offer]");
        let lost = String::from_utf8(page.download("[data-notice] [data-testid=offer]")).unwrap();
        assert!(lost.contains("\"blank\"") && !lost.contains("باكو"), "{engine:?}: {lost}");
        page.close_notices();
        // By the quotes of its labels: neither name nor text is here; one quote is nowhere, and is listed.
        let nowhere = json!({"id": "nowhere", "start": 0, "end": 9, "label": "Actor", "text": "لا وجود له"});
        let quoted = ["أرمينيا", "المجتمع الدولي", "يريفان", "باكو", "أذربيجان"].map(|quote| span(ARTICLE, quote));
        let moved: Vec<Value> = quoted
            .into_iter()
            .map(|mut span| {
                span["start"] = json!(span["start"].as_u64().unwrap() + 3);
                span["end"] = json!(span["end"].as_u64().unwrap() + 3);
                span
            })
            .chain([nowhere])
            .collect();
        page.import("quotes.jsonl", &file("خبر-9", None, "باقتباسه", &moved));
        browser.wait_for("[data-notice] [data-testid=offer]");
        let lost = String::from_utf8(page.download("[data-notice] [data-testid=offer]")).unwrap();
        assert!(lost.contains("nowhere") && !lost.contains("المجتمع"), "{engine:?}: {lost}");
        page.close_notices();
        let lines = page.exported();
        assert_eq!(words_of(of(&lines, "باسمه")), ["Actor أرمينيا"], "{engine:?}");
        assert_eq!(words_of(of(&lines, "بنصه")), ["Actor يريفان"], "{engine:?}");
        assert_eq!(words_of(of(&lines, "بحروفه")), ["Actor باكو"], "{engine:?}");
        let mut quoted = words_of(of(&lines, "باقتباسه"));
        quoted.sort();
        assert_eq!(quoted, ["Actor أذربيجان", "Actor أرمينيا", "Actor المجتمع الدولي", "Actor باكو", "Actor يريفان"], "{engine:?}");
        assert_eq!(lines.iter().filter(|line| line["kind"] == "document").count(), 1, "{engine:?}: no document came twice");
        page.done();
    }
}

#[test]
fn what_two_reviewers_decided_comes_together() {
    for engine in TWO {
        let Some(mona) = sent(*engine, "منى", &[("أرمينيا", 0, "1"), ("يريفان", 0, "1"), ("باكو", 0, "1")]) else { continue };
        let Some(huda) = sent(*engine, "هدى", &[("أرمينيا", 0, "2"), ("يريفان", 0, "2"), ("باكو", 0, "2")]) else { continue };
        // Both have the same two files; one decides the first difference, the other the second and, otherwise, the first.
        let decided = |name: &str, keys: &[&str]| {
            let page = Page::open(*engine)?;
            named(&page, name);
            for file in [&mona, &huda] {
                page.import("sent.jsonl", file);
                page.close_notices();
            }
            opened(&page);
            progress(&page, 3, 0);
            page.focus_text();
            for (number, key) in keys.iter().enumerate() {
                page.browser.press(key);
                progress(&page, 3, number + 1);
            }
            page.saved();
            let lines = page.exported();
            page.done();
            Some(lines)
        };
        let Some(first) = decided("ليلى", &["a"]) else { continue };
        let Some(second) = decided("سارة", &["b", "a"]) else { continue };
        let Some(page) = Page::open(*engine) else { continue };
        for lines in [&first, &second] {
            let file: String = lines.iter().map(|line| format!("{line}\n")).collect();
            page.import("reviewed.jsonl", file.as_bytes());
            page.close_notices();
        }
        opened(&page);
        progress(&page, 3, 2);
        let lines = page.exported();
        let gold = gold(&lines).expect("gold");
        // The later decision stands; the other one is there beside it.
        assert_eq!(words_of(gold), ["Location أرمينيا", "Actor يريفان"], "{engine:?}");
        let remarks = gold["remarks"].as_array().unwrap();
        let beside: Vec<&Value> = remarks.iter().filter(|remark| remark["kind"] == "other-decision").collect();
        assert_eq!(beside.len(), 1, "{engine:?}: {remarks:?}");
        assert_eq!((&beside[0]["by"], &beside[0]["made"][0]["label"]), (&json!("ليلى"), &json!("Actor")), "{engine:?}");
        opened(&page);
        page.focus_text();
        page.keys(&["p", "p"]);
        page.browser.wait_until("document.querySelector('[data-testid=decision-beside]')?.textContent.includes('ليلى')", PATIENCE);
        page.done();
    }
}

#[test]
fn a_comment_reaches_the_annotator_who_answers_and_resolves_it() {
    for engine in TWO {
        let Some(mona) = sent(*engine, "منى", &[("أرمينيا", 0, "1"), ("يريفان", 0, "1")]) else { continue };
        let Some(huda) = sent(*engine, "هدى", &[("أرمينيا", 0, "2"), ("يريفان", 0, "1")]) else { continue };
        let Some(reviewer) = Page::open(*engine) else { continue };
        for file in [&mona, &huda] {
            reviewer.import("sent.jsonl", file);
            reviewer.close_notices();
        }
        opened(&reviewer);
        progress(&reviewer, 1, 0);
        reviewer.focus_text();
        reviewer.browser.press("c");
        reviewer.browser.type_text("أهي مكان هنا؟");
        reviewer.browser.press("Enter");
        reviewer.browser.wait_for("[data-thread]");
        reviewer.saved();
        let back: String = reviewer.exported().iter().map(|line| format!("{line}\n")).collect();
        reviewer.done();

        let Some(page) = Page::open(*engine) else { continue };
        let browser = &page.browser;
        named(&page, "منى");
        page.import("back.jsonl", back.as_bytes());
        page.close_notices();
        page.go("#/read/article");
        browser.wait_until("document.querySelector('[data-testid=own-comments]')?.textContent.includes('مكان')", PATIENCE);
        assert_eq!(browser.count("[data-testid=own-comments] [data-thread]"), 1, "{engine:?}");
        // A sign in the list, and the way to the label.
        let sign = "getComputedStyle(document.querySelector('[data-span] .row-signs'), '::after').content";
        browser.wait_until(&format!("{sign} !== 'none'"), PATIENCE);
        browser.click("[data-testid=to-label]");
        page.expect_chosen(&crate::work::over("أرمينيا", 0, "Actor"));
        browser.eval("document.querySelector('[data-testid=own-comments] [data-testid=reply]').focus()", &[]);
        browser.type_text("نعم");
        browser.press("Enter");
        browser.wait_until("document.querySelectorAll('[data-testid=own-comments] [data-thread] p').length === 2", PATIENCE);
        browser.click("[data-testid=own-comments] [data-testid=resolve]");
        browser.wait_for("[data-testid=own-comments] [data-thread][data-resolved=true]");
        page.saved();
        page.reload();
        browser.wait_for("[data-testid=own-comments] [data-thread][data-resolved=true]");
        // The answer lies in the annotator's own layer, and goes out with it.
        let lines = page.exported();
        let said = of(&lines, "منى")["remarks"].as_array().unwrap().iter().filter(|remark| remark["kind"] == "comment").count();
        assert_eq!(said, 2, "{engine:?}");
        page.done();
    }
}

#[test]
fn in_blind_mode_only_what_is_said_of_ones_own_labels_is_read_before_they_are_done() {
    for engine in TWO {
        let Some(page) = sampled(*engine) else { continue };
        let browser = &page.browser;
        page.focus_text();
        browser.press("c");
        browser.type_text("ملاحظة للجميع");
        browser.press("Enter");
        browser.wait_for("[data-thread]");
        page.saved();
        browser.click("[data-testid=settings]");
        browser.eval("const b = [...document.querySelectorAll('.settings input[type=checkbox]')][2]; if (!b.checked) b.click();", &[]);
        browser.press("Escape");
        review(&page);
        browser.wait_for("[data-testid=blind]");
        page.go("#/read/article");
        browser.wait_until("document.querySelector('[data-paragraph]')?.firstChild", PATIENCE);
        // What one has said oneself one may read; somebody else may not.
        named(&page, "ليلى");
        browser.wait_until("document.querySelector('[data-paragraph]')?.firstChild", PATIENCE);
        page.label("أرمينيا", 0, "1");
        std::thread::sleep(std::time::Duration::from_millis(500));
        assert_eq!(browser.count("[data-testid=own-comments]"), 0, "{engine:?}");
        done(&page);
        opened(&page);
        page.done();
    }
}
