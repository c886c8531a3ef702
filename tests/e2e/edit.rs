//! What is done to a label afterwards: kind, note, edges, trim, split, merge, clitics, copies, all occurrences, undo.

use crate::browser::Engine;
use crate::page::PATIENCE;
use crate::work::{ARTICLE, Span, each, over, place, span};
use serde_json::json;

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
        // It is said that it is there already.
        browser.wait_until("document.querySelector('[data-testid=toast]')?.textContent", PATIENCE);

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
        page.expect(std::slice::from_ref(&one));
        browser.press(".");
        page.expect(std::slice::from_ref(&whole));
        browser.press(",");
        page.expect(std::slice::from_ref(&one));
        browser.press(";");
        page.expect(&[over("قلق المجتمع", 0, "Actor")]);
        browser.press("'");
        page.expect(std::slice::from_ref(&one));
        // With Shift by one letter.
        browser.press("Shift+,");
        page.expect(&[span(one.start, one.end - 1, "Actor")]);
        browser.press("Shift+.");
        page.expect(std::slice::from_ref(&one));
        browser.click("[data-testid=end-out]");
        page.expect(std::slice::from_ref(&whole));
        browser.click("[data-testid=end-in]");
        page.expect(std::slice::from_ref(&one));

        // The knob at its end is dragged over the next word.
        browser.wait_for("[data-handle=end]");
        let knob = browser.rect("[data-handle=end]").middle();
        let (paragraph, start, end) = browser.find("الدولي", 0);
        let (_, to) = browser.ends(paragraph, start, end);
        browser.drag(knob, to);
        page.expect(std::slice::from_ref(&whole));
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
        page.expect(std::slice::from_ref(&whole));
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
        page.expect(std::slice::from_ref(&whole));
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
        page.expect(std::slice::from_ref(&tight));
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
        browser.wait_until("CSS.highlights.get('wusum-peel')?.size === 1", PATIENCE);
        browser.press("[");
        browser.press("1");
        page.expect(&wanted[..1]);
        browser.press("Shift+a");
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
        page.expect(std::slice::from_ref(&a));
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
