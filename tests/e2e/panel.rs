//! What stands beside the text: find, filters, groups, status, the annotator, guidelines, settings, hidden marks.

use crate::browser::Engine;
use crate::page::PATIENCE;
use crate::work::{ARTICLE, Page, each, over};
use serde_json::json;

fn choose(page: &Page, selector: &str, value: &str) {
    page.browser.wait_for(selector);
    page.browser.eval(
        "const s = document.querySelector(arguments[0]); s.value = arguments[1]; s.dispatchEvent(new Event('change', { bubbles: true }));",
        &[json!(selector), json!(value)],
    );
}

#[test]
fn find_makes_no_difference_between_spellings() {
    each(&Engine::ALL, |page| {
        let browser = &page.browser;
        page.focus_text();
        browser.press("/");
        browser.wait_until("document.activeElement?.dataset.testid === 'query'", PATIENCE);
        // Without hamza, with tatweel.
        browser.type_text("ارميـنيا");
        let wanted = ARTICLE.matches("أرمينيا").count();
        assert_eq!(wanted, 5, "the article has not changed");
        // Only those near the viewport are painted; all are counted.
        browser.wait_until("/5|٥/.test(document.querySelector('[data-testid=hits]').textContent)", PATIENCE);
        assert!(browser.value("[...CSS.highlights.get('wusum-found')].map(String)").as_array().unwrap().iter().all(|words| words == "أرمينيا"));
        let first = browser.text("[data-testid=hits]");
        browser.press("Enter");
        browser.wait_until(&format!("document.querySelector('[data-testid=hits]').textContent !== {}", json!(first)), PATIENCE);
        assert_eq!(browser.value("[...CSS.highlights.get('wusum-found-current')].map(String)"), json!(["أرمينيا"]));
        let second = browser.text("[data-testid=hits]");
        browser.press("Shift+Enter");
        browser.wait_until(&format!("document.querySelector('[data-testid=hits]').textContent !== {}", json!(second)), PATIENCE);
        browser.press("Escape");
        browser.wait_until("!document.querySelector('[data-testid=find]')", PATIENCE);
        browser.wait_until("!CSS.highlights.get('wusum-found')?.size", PATIENCE);
    });
}

#[test]
fn the_list_is_filtered_and_grouped() {
    each(&[Engine::Chromium, Engine::Firefox], |page| {
        let browser = &page.browser;
        page.label("أرمينيا", 0, "1");
        page.label("يريفان", 0, "2");
        page.label("باكو", 0, "1");
        page.label("باكو", 1, "1");
        let actors = [over("أرمينيا", 0, "Actor"), over("باكو", 0, "Actor"), over("باكو", 1, "Actor")];
        let all = [&actors[..], &[over("يريفان", 0, "Location")]].concat();
        page.expect(&all);
        browser.click("[data-filter=Location]");
        page.expect(&actors);
        assert_eq!(browser.attribute("[data-filter=Location]", "aria-pressed").as_deref(), Some("false"));
        browser.click("[data-filter=Location]");
        page.expect(&all);
        choose(page, "[data-testid=group]", "words");
        browser.wait_until("document.querySelectorAll('[data-testid=spans] .group-head').length === 3", PATIENCE);
        // The most frequent words stand first.
        assert!(browser.text("[data-testid=spans] .group-head").contains("باكو"));
        page.expect(&all);
        choose(page, "[data-testid=group]", "label");
        browser.wait_until("document.querySelectorAll('[data-testid=spans] .group-head').length === 2", PATIENCE);
    });
}

#[test]
fn the_status_is_kept_and_undone() {
    each(&[Engine::Chromium], |page| {
        let browser = &page.browser;
        let status = |wanted: &str| browser.wait_until(&format!("document.querySelector('[data-testid=status]').value === '{wanted}'"), PATIENCE);
        status("new");
        choose(page, "[data-testid=status]", "flagged");
        status("flagged");
        page.saved();
        page.reload();
        status("flagged");
        page.focus_text();
        browser.press("Control+z");
        status("new");
        page.saved();
        let export = page.exported();
        assert!(export.iter().any(|line| line["kind"] == "document"));
    });
}

#[test]
fn each_person_has_a_layer() {
    each(&[Engine::Chromium], |page| {
        let browser = &page.browser;
        let name = |name: &str, other: bool| {
            browser.click("[data-testid=settings]");
            browser.click("[data-testid=change-name]");
            browser.wait_for("[data-testid=name-sheet] [data-testid=annotator-name]");
            if other {
                browser.click("[data-testid=other-person]");
            }
            browser.eval("document.querySelector('[data-testid=name-sheet] [data-testid=annotator-name]').select();", &[]);
            browser.press("Delete");
            browser.type_text(name);
            browser.click("[data-testid=name-sheet] [type=submit]");
            browser.wait_until("!document.querySelector('[data-testid=name-sheet]')", PATIENCE);
            page.ready();
        };
        page.label("أرمينيا", 0, "1");
        let hers = [over("أرمينيا", 0, "Actor")];
        page.expect(&hers);
        page.saved();
        // A name given later takes the labels along.
        name("سلمى", false);
        page.expect(&hers);
        page.saved();
        let layers = |page: &Page| -> Vec<(String, usize)> {
            let lines = page.exported();
            page.go("#/read/article");
            page.ready();
            let of = |line: &serde_json::Value| (line["annotator"].as_str().unwrap().to_owned(), line["spans"].as_array().unwrap().len());
            lines.iter().filter(|line| line["kind"] == "layer").map(of).collect()
        };
        assert_eq!(layers(page), [("سلمى".to_owned(), 1)]);
        // Another person begins anew; nothing of the first is touched.
        name("عمر", true);
        page.expect(&[]);
        page.label("باكو", 0, "1");
        page.expect(&[over("باكو", 0, "Actor")]);
        page.saved();
        let mut both = layers(page);
        both.sort();
        assert_eq!(both, [("سلمى".to_owned(), 1), ("عمر".to_owned(), 1)]);
        name("سلمى", true);
        page.expect(&hers);
    });
}

#[test]
fn guidelines_marks_size_and_direction() {
    each(&Engine::ALL, |page| {
        let browser = &page.browser;
        let shown = "!!document.querySelector('[data-testid=guidelines]')?.checkVisibility()";
        let before = browser.value(shown);
        page.focus_text();
        browser.press("g");
        browser.wait_until(&format!("{shown} !== {before}"), PATIENCE);
        browser.press("g");
        browser.wait_until(&format!("{shown} === {before}"), PATIENCE);
        browser.press("w");
        browser.wait_until("document.querySelector('[data-testid=snap]').getAttribute('aria-pressed') === 'false'", PATIENCE);
        browser.press("w");

        // A larger text is laid out anew, and the rail follows its word.
        page.label("يريفان", 0, "2");
        page.expect(&[over("يريفان", 0, "Location")]);
        let size = browser.rects(0, 0, 4)[0].height;
        browser.click("[data-testid=settings]");
        browser.wait_for("[data-testid=text-size]");
        browser.eval(
            "const s = document.querySelector('[data-testid=text-size]'); s.value = 34; s.dispatchEvent(new Event('input', { bubbles: true }));",
            &[],
        );
        browser.press("Escape");
        browser.wait_until("getComputedStyle(document.querySelector('[data-paragraph]')).fontSize === '34px'", PATIENCE);
        assert!(browser.rects(0, 0, 4)[0].height > size);
        let (paragraph, start, end) = browser.find("يريفان", 0);
        browser.rects(paragraph, start, end);
        std::thread::sleep(std::time::Duration::from_millis(300));
        let word = browser.rects(paragraph, start, end)[0];
        browser.wait_until(
            &format!("[...document.querySelectorAll('.rail')].some((e) => {{ const r = e.getBoundingClientRect(); return Math.abs(r.left - {}) < 3 && Math.abs(r.width - {}) < 4 && Math.abs(r.top - {}) < 12; }})", word.x, word.width, word.y + word.height),
            PATIENCE,
        );
        // A paragraph is turned by hand, and stays so.
        page.focus_text();
        browser.press("Control+Home");
        assert_eq!(browser.attribute("[data-paragraph=\"0\"]", "dir").as_deref(), Some("rtl"));
        browser.click("[data-testid=flip]");
        browser.wait_until("document.querySelector('[data-paragraph=\"0\"]').dir === 'ltr'", PATIENCE);
        page.reload();
        assert_eq!(browser.attribute("[data-paragraph=\"0\"]", "dir").as_deref(), Some("ltr"), "{:?}", browser.engine);
        browser.click("[data-testid=flip]");
        browser.wait_until("document.querySelector('[data-paragraph=\"0\"]').dir === 'rtl'", PATIENCE);
    });
}

#[test]
fn hidden_marks_are_shown_and_texts_are_pasted() {
    each(&[Engine::Chromium, Engine::Firefox], |page| {
        let browser = &page.browser;
        page.go("#/library");
        browser.click("[data-testid=paste]");
        browser.wait_for("[data-testid=paste-text]");
        browser.eval(
            "for (const [id, value] of [['paste-title', 'ملصق'], ['paste-text', arguments[0]]]) { const e = document.querySelector(`[data-testid=${id}]`); e.value = value; e.dispatchEvent(new Event('input', { bubbles: true })); }",
            &[json!("كتاب\u{200C}ها\u{200F} و\u{A0}الريـاض")],
        );
        browser.click("[data-testid=paste-add]");
        browser.wait_until("document.querySelector('[data-paragraph]')?.textContent.includes('الريـاض')", PATIENCE);
        assert!(browser.text("h1").contains("ملصق"));
        assert_eq!(browser.count("[data-mark]"), 0);
        page.focus_text();
        browser.press("v");
        browser.wait_until("document.querySelector('[data-testid=marks]').getAttribute('aria-pressed') === 'true'", PATIENCE);
        // The non-joiner, the right-to-left mark, the space that does not break, the tatweel.
        browser.wait_until("new Set([...document.querySelectorAll('[data-mark]')].map((e) => e.dataset.mark)).size === 4", PATIENCE);
        assert_eq!(
            browser.value("[...document.querySelectorAll('[data-paragraph]')].every((p) => p.childNodes.length === 1)"),
            true,
            "the signs are beside the text, not in it"
        );
        browser.press("v");
        browser.wait_until("!document.querySelector('[data-mark]')", PATIENCE);
        page.saved();
    });
}
