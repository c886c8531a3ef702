//! Labelling the article by mouse, keyboard, touch, toolbar and palette, and everything done to a label afterwards.

use crate::browser::{Browser, Engine};
use crate::page::PATIENCE;
use crate::site::Site;
use crate::work::{ARTICLE, Page, Span, each, over, place, span};
use serde_json::{Value, json};

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
        assert!(found.start == start && (start + length - 2..=start + length).contains(&found.end), "{:?}: {found:?}, the paragraph is {start}+{length}", browser.engine);
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
        assert_eq!(browser.value("[...document.querySelectorAll('[data-paragraph]')].every((p) => p.childNodes.length === 1 && p.firstChild.nodeType === 3)"), true, "one text node a paragraph");
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

        let top = |page: &Page| page.browser.value("(() => { const s = getSelection(), r = document.createRange(); const n = s.focusNode, o = Math.min(s.focusOffset, n.data.length - 1); r.setStart(n, o); r.setEnd(n, o + 1); return r.getBoundingClientRect().top; })()").as_f64().unwrap();
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
fn a_label_is_changed_noted_and_deleted() {
    each(&Engine::ALL, |page| {
        let browser = &page.browser;
        page.label("أرمينيا", 0, "1");
        page.expect(&[over("أرمينيا", 0, "Actor")]);
        // Another digit changes the label in focus; the same selection with the same label is not doubled.
        browser.press("2");
        page.expect(&[over("أرمينيا", 0, "Location")]);
        page.label("أرمينيا", 0, "2");
        page.saved();
        page.expect(&[over("أرمينيا", 0, "Location")]);
        assert!(!page.toast().is_empty(), "it is said that it is there already");

        // A press in the details changes it as well.
        browser.click("[data-testid=detail] [data-kind=Claim]");
        page.expect(&[over("أرمينيا", 0, "Claim")]);
        browser.click("[data-testid=detail] [data-attribute=kind] [data-value=denial]");
        browser.wait_until("document.querySelector('[data-value=denial]').getAttribute('aria-pressed') === 'true'", PATIENCE);

        page.focus_text();
        browser.press("n");
        browser.wait_until("document.activeElement?.dataset.testid === 'note'", PATIENCE);
        browser.type_text("2 هنا 1");
        browser.press("Escape");
        page.saved();
        page.expect(&[over("أرمينيا", 0, "Claim")]);
        page.reload();
        page.click_on("أرمينيا", 0);
        browser.wait_for("[data-testid=note]");
        assert_eq!(browser.value("document.querySelector('[data-testid=note]').value"), "2 هنا 1");
        assert_eq!(browser.attribute("[data-value=denial]", "aria-pressed").as_deref(), Some("true"));

        page.focus_text();
        browser.press("Delete");
        page.expect(&[]);
        browser.press("Control+z");
        page.expect(&[over("أرمينيا", 0, "Claim")]);
        browser.click("[data-testid=delete]");
        page.expect(&[]);
    });
}

#[test]
fn edges_move_by_key_button_and_knob() {
    each(&[Engine::Chromium, Engine::Firefox], |page| {
        let browser = &page.browser;
        page.label("المجتمع", 0, "1");
        let whole = over("المجتمع الدولي", 0, "Actor");
        let one = over("المجتمع", 0, "Actor");
        page.expect(&[one.clone()]);
        browser.press(".");
        page.expect(&[whole.clone()]);
        browser.press(",");
        page.expect(&[one.clone()]);
        browser.press(";");
        page.expect(&[over("قلق المجتمع", 0, "Actor")]);
        browser.press("'");
        page.expect(&[one.clone()]);
        // With Shift by one letter.
        browser.press("Shift+,");
        page.expect(&[span(one.start, one.end - 1, "Actor")]);
        browser.press("Shift+.");
        page.expect(&[one.clone()]);
        browser.click("[data-testid=end-out]");
        page.expect(&[whole.clone()]);
        browser.click("[data-testid=end-in]");
        page.expect(&[one.clone()]);

        // The knob at its end is dragged over the next word.
        browser.wait_for("[data-handle=end]");
        let knob = browser.rect("[data-handle=end]").middle();
        let (paragraph, start, end) = browser.find("الدولي", 0);
        let (_, to) = browser.ends(paragraph, start, end);
        browser.drag(knob, to);
        page.expect(&[whole.clone()]);
        let knob = browser.rect("[data-handle=start]").middle();
        let (paragraph, start, end) = browser.find("قلق", 0);
        let (to, _) = browser.ends(paragraph, start, end);
        browser.drag(knob, to);
        page.expect(&[over("قلق المجتمع الدولي", 0, "Actor")]);
        browser.press("Control+z");
        page.expect(&[whole]);
    });
}

#[test]
fn trim_split_merge() {
    each(&[Engine::Chromium, Engine::Firefox], |page| {
        let browser = &page.browser;
        // Exactly one letter more at either side: a space before, a comma after.
        let (start, end) = place(ARTICLE, "وأذربيجان،", 0);
        page.label_exactly(0, start - 1, end, "1");
        page.expect(&[span(start - 1, end, "Actor")]);
        browser.press("t");
        page.expect(&[span(start, end - 1, "Actor")]);
        browser.press("Control+z");
        page.expect(&[span(start - 1, end, "Actor")]);
        browser.click("[data-testid=trim]");
        page.expect(&[span(start, end - 1, "Actor")]);
        browser.press("Delete");
        page.expect(&[]);

        page.label("المجتمع الدولي", 0, "1");
        let whole = over("المجتمع الدولي", 0, "Actor");
        page.expect(&[whole.clone()]);
        let (start, _) = place(ARTICLE, "الدولي", 0);
        // The caret goes to a place by a click, which brings the label there into focus; then it is cut.
        let (paragraph, at, _) = browser.find("الدولي", 0);
        page.focus_text();
        page.caret_to(paragraph, at);
        browser.press("Enter");
        page.expect_chosen(&whole);
        browser.press("s");
        page.saved();
        let parts = page.spans();
        assert_eq!(parts.len(), 2, "{:?}: {parts:?}", browser.engine);
        assert_eq!((parts[0].start, parts[1].end), (whole.start, whole.end));
        assert!(parts[0].end <= start && parts[1].start >= start - 1, "{parts:?}");
        browser.press("m");
        page.expect(&[whole.clone()]);
        page.keys(&["Control+z", "Control+z"]);
        page.expect(&[whole]);
    });
}

#[test]
fn a_clitic_is_shown_and_peeled() {
    each(&Engine::ALL, |page| {
        let browser = &page.browser;
        browser.double_click(page.point("وأذربيجان", 0));
        browser.wait_until("[...(CSS.highlights.get('wusum-peel') ?? [])].map(String).join() === 'و'", PATIENCE);
        browser.wait_for("[data-testid=peel]");
        browser.press("[");
        browser.press("1");
        let tight = span(place(ARTICLE, "وأذربيجان", 0).0 + 1, place(ARTICLE, "وأذربيجان", 0).1, "Actor");
        page.expect(&[tight.clone()]);
        // What is not attested is not offered: the first letter of واشنطن belongs to it.
        browser.double_click(page.point("واشنطن", 0));
        browser.wait_until("document.querySelector('[data-testid=palette]')", PATIENCE);
        assert_eq!(browser.value("[...(CSS.highlights.get('wusum-peel') ?? [])].length"), 0);
        assert_eq!(browser.count("[data-testid=peel]"), 0);
        // A label's clitic is taken back in, and peeled again.
        page.keys(&["Escape"]);
        page.click_on("أذربيجان", 0);
        page.expect_chosen(&tight);
        browser.press("Shift+[");
        page.expect(&[over("وأذربيجان", 0, "Actor")]);
        browser.press("[");
        page.expect(&[tight]);
    });
}

#[test]
fn a_quote_is_copied() {
    each(&[Engine::Chromium], |page| {
        let browser = &page.browser;
        browser.devtools("Browser.grantPermissions", &json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] }));
        page.label("المجتمع الدولي", 0, "1");
        page.expect(&[over("المجتمع الدولي", 0, "Actor")]);
        browser.press("c");
        browser.wait_until("document.querySelector('[data-testid=toast]')?.textContent.includes('المجتمع الدولي')", PATIENCE);
        assert_eq!(browser.resolve("navigator.clipboard.readText()"), "المجتمع الدولي");
        page.select("حرب دامية", 0);
        browser.press("Control+c");
        assert_eq!(browser.resolve("navigator.clipboard.readText()"), "حرب دامية");
    });
}

#[test]
fn a_click_walks_a_stack_and_tab_goes_on() {
    each(&Engine::ALL, |page| {
        let browser = &page.browser;
        let small = over("الدولي", 0, "Location");
        let middle = over("المجتمع الدولي", 0, "Actor");
        let large = over("يثير قلق المجتمع الدولي", 0, "Claim");
        page.label("الدولي", 0, "2");
        page.label("المجتمع الدولي", 0, "1");
        page.label("يثير قلق المجتمع الدولي", 0, "3");
        page.label("باكو", 0, "1");
        page.expect(&[small.clone(), middle.clone(), large.clone(), over("باكو", 0, "Actor")]);
        for wanted in [&small, &middle, &large, &small] {
            page.click_on("الدولي", 0);
            page.expect_chosen(wanted);
            // Two clicks in one place within the system's time would be a double click.
            std::thread::sleep(std::time::Duration::from_millis(700));
        }
        // In reading order, the longer one first where two begin together.
        page.keys(&["Escape"]);
        page.focus_text();
        page.keys(&["Control+Home", "Tab"]);
        page.expect_chosen(&large);
        browser.press("Tab");
        page.expect_chosen(&middle);
        browser.press("Tab");
        page.expect_chosen(&small);
        browser.press("Tab");
        page.expect_chosen(&over("باكو", 0, "Actor"));
        browser.press("Shift+Tab");
        page.expect_chosen(&small);
        // The list brings a label into focus too, and its place into view.
        browser.click("[data-testid=spans] [data-span]:nth-last-child(1 of [data-span]) button");
        page.expect_chosen(&over("باكو", 0, "Actor"));
    });
}

#[test]
fn all_occurrences_are_labelled_after_a_yes_and_undone_at_once() {
    each(&Engine::ALL, |page| {
        let browser = &page.browser;
        // Every place of the name, with a clitic or without; أذربيجانية and الأذربيجاني are other words.
        let letters: Vec<char> = ARTICLE.chars().collect();
        let name: Vec<char> = "أذربيجان".chars().collect();
        let wanted: Vec<Span> = letters
            .windows(name.len())
            .enumerate()
            .filter(|(at, window)| **window == *name && !letters.get(at + name.len()).is_some_and(|c| c.is_alphabetic()))
            .map(|(at, _)| span(at, at + name.len(), "Actor"))
            .collect();
        assert!(wanted.len() >= 4, "{wanted:?}");
        browser.double_click(page.point("وأذربيجان", 0));
        page.selected();
        browser.press("[");
        browser.press("1");
        page.expect(&wanted[..1]);
        browser.press("a");
        browser.wait_for("[data-testid=occurrences-sheet] [data-testid=places] li");
        page.expect(&wanted[..1]);
        assert_eq!(browser.count("[data-testid=places] li"), wanted.len() as u64 - 1);
        // One is unticked, and stays without a label.
        browser.click("[data-testid=places] li:last-child input");
        browser.click("[data-testid=label-all]");
        page.expect(&wanted[..wanted.len() - 1]);
        browser.wait_until("!document.querySelector('[data-testid=occurrences-sheet]')", PATIENCE);
        browser.press("Control+z");
        page.expect(&wanted[..1]);
        browser.press("Control+Shift+z");
        page.expect(&wanted[..wanted.len() - 1]);
        page.saved();
    });
}

#[test]
fn undo_and_redo_go_on_after_a_reload() {
    each(&Engine::ALL, |page| {
        let browser = &page.browser;
        let (a, b, c) = (over("أرمينيا", 0, "Actor"), over("يريفان", 0, "Location"), over("باكو", 0, "Actor"));
        page.label("أرمينيا", 0, "1");
        page.label("يريفان", 0, "2");
        page.label("باكو", 0, "1");
        page.expect(&[a.clone(), b.clone(), c.clone()]);
        browser.press("Control+z");
        page.expect(&[a.clone(), b.clone()]);
        page.saved();
        page.reload();
        page.expect(&[a.clone(), b.clone()]);
        browser.click("[data-testid=redo]");
        page.expect(&[a.clone(), b.clone(), c]);
        browser.click("[data-testid=undo]");
        browser.press("Control+z");
        page.expect(&[a.clone()]);
        page.saved();
        page.reload();
        browser.press("Control+z");
        page.expect(&[]);
        assert_eq!(browser.value("document.querySelector('[data-testid=undo]').disabled"), true);
        page.keys(&["Control+y", "Control+Shift+z"]);
        page.expect(&[a, b]);
        page.saved();
    });
}

#[test]
fn nested_crossing_coinciding_and_partial_labels_are_told_apart() {
    each(&Engine::ALL, |page| {
        let browser = &page.browser;
        let widths = |page: &Page| {
            let (paragraph, start, end) = page.browser.find("بنشر", 0);
            page.browser.rects(paragraph, start, end)
        };
        let before = widths(page);
        // Partial: the last three letters of بنشر to its neighbour; nested, crossing and coinciding ones around it.
        let (at, _) = place(ARTICLE, "بنشر", 0);
        page.label_exactly(0, at + 1, place(ARTICLE, "على أراضيها", 0).1, "3");
        page.label("أراضيها", 0, "2");
        page.label("أراضيها", 0, "1");
        page.label("باكو بنشر", 0, "1");
        let claim = span(at + 1, place(ARTICLE, "على أراضيها", 0).1, "Claim");
        page.expect(&[claim, over("أراضيها", 0, "Location"), over("أراضيها", 0, "Actor"), over("باكو بنشر", 0, "Actor")]);
        page.keys(&["Escape"]);

        let highlights = browser.highlights();
        let text = |name: &str| -> Vec<String> {
            let all = highlights.as_object().unwrap().iter().filter(|(known, _)| known.starts_with(&format!("wusum-{name}-")));
            let mut found: Vec<String> = all.flat_map(|(_, ranges)| ranges.as_array().unwrap().iter().map(|r| r.as_str().unwrap().to_owned())).collect();
            found.sort();
            found
        };
        assert_eq!(text("Actor"), ["أراضيها", "باكو بنشر"], "{highlights}");
        assert_eq!(text("Location"), ["أراضيها"]);
        assert_eq!(text("Claim"), ["نشر قوات على أراضيها"]);

        // The letters are where they were: nothing was put between them, and their joined shapes keep their widths.
        let after = widths(page);
        assert_eq!(before.len(), after.len());
        for (one, other) in before.iter().zip(&after) {
            assert!((one.width - other.width).abs() < 0.1, "{:?}: {before:?} became {after:?}", browser.engine);
        }
        assert_eq!(browser.value("[...document.querySelectorAll('[data-paragraph]')].every((p) => p.childNodes.length === 1 && p.firstChild.nodeType === 3)"), true);

        // Under أراضيها lie three rails, each at a height of its own.
        let (paragraph, start, end) = browser.find("أراضيها", 0);
        let word = browser.rects(paragraph, start, end)[0];
        let heights = browser.eval(
            "const [x, top, bottom] = arguments; return [...new Set([...document.querySelectorAll('.rail')].map((e) => e.getBoundingClientRect()) \
             .filter((r) => r.left <= x && x <= r.right && r.top >= top && r.top <= bottom + 30).map((r) => Math.round(r.top)))].length;",
            &[json!(word.middle().0), json!(word.y), json!(word.y + word.height)],
        );
        assert_eq!(heights, 3, "{:?}: rails at three heights", browser.engine);
        page.saved();
    });
}

#[test]
fn letters_stay_joined_as_pixels() {
    if !Engine::Chromium.or_skip() {
        return;
    }
    // Drawn on white in black, a word with a label over part of it has the same dark pixels as without.
    let Some(page) = Page::open(Engine::Chromium) else { return };
    let (paragraph, start, end) = page.browser.find("بنشر", 0);
    let word = page.browser.rects(paragraph, start, end)[0];
    let shot = |page: &Page| {
        // Only the letters: no tints, rails, caret or outline.
        page.browser.eval(
            "const s = new CSSStyleSheet(); s.replaceSync('.layer, .palette { visibility: hidden !important } ::highlight(wusum-Actor-0), ::highlight(wusum-selection) { background-color: transparent !important }'); \
             document.adoptedStyleSheets = [...document.adoptedStyleSheets, s];",
            &[],
        );
        let picture = page.browser.devtools("Page.captureScreenshot", &json!({ "format": "png", "clip": { "x": word.x, "y": word.y, "width": word.width, "height": word.height, "scale": 2 } }));
        picture["data"].as_str().unwrap().to_owned()
    };
    page.focus_text();
    page.keys(&["Control+End"]);
    page.browser.rects(paragraph, start, start + 1);
    let before = shot(&page);
    let (at, end) = place(ARTICLE, "بنشر", 0);
    page.label_exactly(0, at + 1, end, "1");
    page.expect(&[span(at + 1, end, "Actor")]);
    page.keys(&["Escape", "Control+End", "Control+Home"]);
    page.browser.rects(paragraph, start, start + 1);
    let after = shot(&page);
    // The engine paints a highlighted stretch by itself, so edges may differ in shade; letters that came apart differ in ink.
    let different = page.browser.eval(
        "const done = arguments[2]; return Promise.all([arguments[0], arguments[1]].map((data) => new Promise((good) => { const i = new Image(); i.onload = () => { \
           const c = document.createElement('canvas'); c.width = i.width; c.height = i.height; const g = c.getContext('2d'); g.drawImage(i, 0, 0); good(g.getImageData(0, 0, i.width, i.height).data); }; i.src = 'data:image/png;base64,' + data; }))) \
         .then(([a, b]) => { let different = 0, ink = 0; for (let i = 0; i < a.length; i += 4) { if (a[i] < 100) ink += 1; if (Math.abs(a[i] - b[i]) > 90) different += 1; } return [different, ink]; });",
        &[json!(before), json!(after)],
    );
    let (different, ink) = (different[0].as_u64().unwrap(), different[1].as_u64().unwrap());
    assert!(ink > 100, "there is ink: {ink}");
    assert!(different * 50 < ink, "{different} pixels of {ink} differ: the letters of a partly labelled word do not look as they did");
    page.done();
}
