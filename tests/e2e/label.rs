//! Labelling the article by mouse, keyboard, touch, toolbar, palette and brush.

use crate::browser::{Browser, Engine};
use crate::page::PATIENCE;
use crate::site::Site;
use crate::work::{ARTICLE, Page, Span, each, over, place, span};
use serde_json::{Value, json};
use std::time::Duration;

/// Labels of the first person in the article, from the file that the core's tests read too.
fn reference() -> Vec<Span> {
    let file = include_str!("../data/article.a.jsonl");
    let layer = file.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()).find(|line| line["kind"] == "layer").unwrap();
    let number = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
    layer["spans"].as_array().unwrap().iter().map(|s| span(number(&s["start"]), number(&s["end"]), s["label"].as_str().unwrap())).collect()
}

#[test]
fn by_mouse() {
    each(&Engine::ALL, |page| {
        let browser = &page.browser;
        page.label("أرمينيا", 0, "1");
        let mut wanted = vec![over("أرمينيا", 0, "Actor")];
        page.expect(&wanted);

        browser.double_click(page.point("يريفان", 0));
        page.selected();
        browser.press("2");
        wanted.push(over("يريفان", 0, "Location"));
        page.expect(&wanted);

        // Three clicks take the paragraph, without the line end after it.
        let last = "استفزازاتها\"";
        let (paragraph, ..) = browser.find(last, 0);
        let text = browser.paragraph(paragraph);
        browser.click_at(page.point(last, 0), 3, &[]);
        page.selected();
        browser.press("3");
        let start = place(ARTICLE, &text, 0).0;
        page.saved();
        let found = page.spans().into_iter().find(|s| s.label == "Claim").unwrap_or_else(|| panic!("{:?}: no paragraph labelled", browser.engine));
        let length = text.chars().count();
        // The final full stop may stay outside, for selections snap to words.
        assert!(
            found.start == start && (start + length - 2..=start + length).contains(&found.end),
            "{:?}: {found:?}, the paragraph is {start}+{length}",
            browser.engine
        );
        wanted.push(found);

        let (paragraph, start, end) = browser.find("المجتمع الدولي", 0);
        let (from, to) = browser.ends(paragraph, start, end);
        browser.click_at(from, 1, &[]);
        browser.click_at(to, 1, &["Shift"]);
        page.selected();
        browser.press("1");
        wanted.push(over("المجتمع الدولي", 0, "Actor"));
        page.expect(&wanted);
        page.saved();
    });
}

#[test]
fn a_drag_snaps_to_words_and_alt_frees_it() {
    each(&[Engine::Chromium, Engine::Firefox], |page| {
        let browser = &page.browser;
        let (paragraph, start, _) = browser.find("المجتمع الدولي", 0);
        let (from, to) = browser.ends(paragraph, start + 2, start + 10);
        browser.drag(from, to);
        page.selected();
        browser.press("1");
        page.expect(&[over("المجتمع الدولي", 0, "Actor")]);
        browser.press("Control+z");
        page.expect(&[]);
        // The last three letters of a word, by hand.
        let (paragraph, start, end) = browser.find("بنشر", 0);
        let (from, to) = browser.ends(paragraph, start + 1, end);
        browser.drag_with(crate::hands::Pointer::Mouse, from, to, &["Alt"]);
        page.selected();
        browser.press("3");
        let (start, end) = place(ARTICLE, "بنشر", 0);
        page.expect(&[span(start + 1, end, "Claim")]);
    });
}

#[test]
fn the_first_paragraph_by_keyboard_alone() {
    each(&Engine::ALL, |page| {
        let browser = &page.browser;
        let in_text = "document.activeElement?.dataset.testid === 'reader'";
        let mut tabs = 0;
        while browser.value(in_text) != true {
            assert!(tabs < 40, "{:?}: Tab never comes to the text", browser.engine);
            browser.press("Tab");
            tabs += 1;
        }
        let first = ARTICLE.find('\n').map(|at| ARTICLE[..at].chars().count()).unwrap();
        let wanted: Vec<Span> = reference().into_iter().filter(|s| s.end <= first).collect();
        assert_eq!(wanted.len(), 6, "the reference labels six spans there");
        for (index, one) in wanted.iter().enumerate() {
            page.caret_to(0, one.start);
            // By words first, then letter by letter, as a person would.
            while page.caret().1 < one.end {
                browser.press("Control+Shift+ArrowLeft");
            }
            while page.caret().1 > one.end {
                browser.press("Shift+ArrowRight");
            }
            browser.press(match one.label.as_str() {
                "Actor" => "1",
                "Location" => "2",
                _ => "3",
            });
            page.expect(&wanted[..=index]);
        }
        page.saved();
        assert_eq!(
            browser
                .value("[...document.querySelectorAll('[data-paragraph]')].every((p) => p.childNodes.length === 1 && p.firstChild.nodeType === 3)"),
            true,
            "one text node a paragraph"
        );
    });
}

#[test]
fn the_caret_moves_by_letter_word_line_and_to_the_edges() {
    each(&Engine::ALL, |page| {
        let browser = &page.browser;
        page.focus_text();
        browser.press("Control+Home");
        assert_eq!(page.caret(), (0, 0));
        browser.press("ArrowLeft");
        assert_eq!(page.caret(), (0, 1), "left is forward in Arabic");
        browser.press("ArrowRight");
        assert_eq!(page.caret(), (0, 0));
        browser.press("Control+ArrowLeft");
        assert_eq!(page.caret(), (0, 4), "the end of the first word");
        browser.press("Alt+ArrowLeft");
        assert_eq!(page.caret(), (0, 12), "the end of the second");
        browser.press("Control+ArrowRight");
        assert_eq!(page.caret(), (0, 5), "back to its start");

        let top = |page: &Page| {
            page.browser.value("(() => { const s = getSelection(), r = document.createRange(); const n = s.focusNode, o = Math.min(s.focusOffset, n.data.length - 1); r.setStart(n, o); r.setEnd(n, o + 1); return r.getBoundingClientRect().top; })()").as_f64().unwrap()
        };
        let before = top(page);
        browser.press("ArrowDown");
        let below = page.caret();
        assert!(top(page) > before + 10.0, "{:?}: a line further down", browser.engine);
        browser.press("ArrowUp");
        let (paragraph, at) = page.caret();
        assert!(paragraph == 0 && at.abs_diff(5) <= 1, "{:?}: back in its column, at {at}, from {below:?}", browser.engine);
        browser.press("End");
        let end = page.caret();
        assert!(end.0 == 0 && end.1 > 20, "{:?}: the end of the line is {end:?}", browser.engine);
        assert!((top(page) - before).abs() < 10.0 || end.1 >= below.1.saturating_sub(40), "on the same line");
        browser.press("Home");
        assert_eq!(page.caret(), (0, 0), "the start of the line");
        browser.press("Control+End");
        let last = ARTICLE.trim_end_matches('\n').lines().count() - 1;
        assert_eq!(page.caret().0, last, "the last paragraph");

        // A selection made with Shift is what a digit labels.
        browser.press("Control+Home");
        page.keys(&["Shift+ArrowLeft", "Shift+ArrowLeft", "Shift+ArrowLeft", "Shift+ArrowRight", "1"]);
        page.expect(&[span(0, 2, "Actor")]);
    });
}

#[test]
fn by_touch() {
    if !Engine::Chromium.or_skip() {
        return;
    }
    let page = Page { site: Site::built(), browser: Browser::telephone() };
    page.browser.goto(&page.site.url());
    page.ready();
    let (paragraph, start, end) = page.browser.find("يريفان", 0);
    page.browser.rects(paragraph, start, end);
    page.browser.select_by_handles(paragraph, start, end);
    page.browser.wait_for("[data-palette=Actor]");
    let at = page.browser.rect("[data-palette=Actor]").middle();
    page.browser.tap(at);
    page.expect(&[over("يريفان", 0, "Actor")]);
    page.saved();
    // A tap on the label brings it into focus.
    page.browser.tap(page.point("باكو", 0));
    page.browser.tap(page.point("يريفان", 0));
    page.expect_chosen_on_telephone(&over("يريفان", 0, "Actor"));
    // The toolbar at the foot works too.
    page.browser.select_by_handles(paragraph, start, end);
    let at = page.browser.rect("[role=toolbar] [data-label=Location]").middle();
    page.browser.tap(at);
    page.expect(&[over("يريفان", 0, "Actor"), over("يريفان", 0, "Location")]);
    page.done();
}

impl Page {
    /// The list may be in a sheet there, so the outline is asked for.
    fn expect_chosen_on_telephone(&self, wanted: &Span) {
        self.browser.wait_until("document.querySelector('.front')?.children.length > 0", PATIENCE);
        assert!(self.spans().contains(wanted));
    }
}

#[test]
fn by_toolbar_palette_and_brush() {
    each(&Engine::ALL, |page| {
        let browser = &page.browser;
        page.select("أرمينيا", 0);
        browser.click("[role=toolbar] [data-label=Location]");
        let mut wanted = vec![over("أرمينيا", 0, "Location")];
        page.expect(&wanted);
        page.select("باكو", 0);
        browser.click("[data-testid=palette] [data-palette=Actor]");
        wanted.push(over("باكو", 0, "Actor"));
        page.expect(&wanted);
        browser.wait_until("!document.querySelector('[data-testid=palette]')", PATIENCE);

        // The brush: chosen first, then painted, selection after selection, until Escape.
        page.keys(&["Escape", "Escape", "Shift+3"]);
        browser.wait_until("document.querySelector('[data-label=Claim]').getAttribute('aria-pressed') === 'true'", PATIENCE);
        browser.select_quote("قلق", 0);
        wanted.push(over("قلق", 0, "Claim"));
        page.expect(&wanted);
        browser.select_quote("حرب دامية", 0);
        wanted.push(over("حرب دامية", 0, "Claim"));
        page.expect(&wanted);
        browser.press("Escape");
        browser.wait_until("document.querySelector('[data-label=Claim]').getAttribute('aria-pressed') === 'false'", PATIENCE);
        browser.select_quote("محادثات", 0);
        page.expect(&wanted);
        let counts = browser.value("[...document.querySelectorAll('[data-label] [data-testid=count]')].map((e) => e.textContent)");
        assert!(counts == json!(["١", "١", "٢"]) || counts == json!(["1", "1", "2"]), "{counts}");
    });
}

#[test]
fn a_selection_told_late_does_not_undo_a_newer_one() {
    each(&[Engine::Chromium, Engine::Firefox], |page| {
        let browser = &page.browser;
        browser.press("Control+Home");
        // The second key comes after the page has moved the browser's selection and before the browser tells of it.
        browser.eval(
            "const move = Selection.prototype.setBaseAndExtent;
             const key = () => document.querySelector('[data-testid=reader]').dispatchEvent(new KeyboardEvent('keydown',
                 { key: 'ArrowLeft', code: 'ArrowLeft', shiftKey: true, bubbles: true, cancelable: true }));
             Selection.prototype.setBaseAndExtent = function (...place) {
                 Selection.prototype.setBaseAndExtent = move;
                 move.apply(this, place);
                 key();
             };
             key();",
            &[],
        );
        page.selected();
        std::thread::sleep(Duration::from_millis(200));
        browser.press("1");
        page.expect(&[span(0, 2, "Actor")]);
    });
}

#[test]
fn a_key_quicker_than_the_news_of_a_selection_leaves_nothing_selected() {
    each(&[Engine::Chromium, Engine::Firefox], |page| {
        let browser = &page.browser;
        let text = browser.paragraph(0);
        let end = text.find(' ').unwrap();
        // The browser selects, and in the same task comes the key: the news of the selection follows when the label is made.
        browser.eval(
            "const text = document.querySelector('[data-paragraph]').firstChild;
             getSelection().setBaseAndExtent(text, 0, text, arguments[0]);
             document.querySelector('[data-testid=reader]').dispatchEvent(new KeyboardEvent('keydown',
                 { key: '1', code: 'Digit1', bubbles: true, cancelable: true }));",
            &[json!(text[..end].chars().count())],
        );
        page.saved();
        std::thread::sleep(Duration::from_millis(200));
        assert_eq!(browser.value("getSelection().isCollapsed && !CSS.highlights.get('wusum-selection')?.size"), json!(true), "{:?}", browser.engine);
        page.expect(&[span(0, text[..end].chars().count(), "Actor")]);
    });
}
