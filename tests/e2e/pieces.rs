//! One label in several pieces: pieces added and taken out by key and by button, shown as one, undone, kept.

use crate::browser::Engine;
use crate::page::PATIENCE;
use crate::work::{ARTICLE, each, over, place, span};
use serde_json::json;

#[test]
fn a_claim_that_its_cue_interrupts_is_one_label_in_pieces() {
    each(&[Engine::Chromium, Engine::Firefox], |page| {
        let browser = &page.browser;
        page.label("مباحثات تجري", 0, "3");
        let first = over("مباحثات تجري", 0, "Claim");
        page.expect(std::slice::from_ref(&first));
        page.saved();
        // By key, with a selection made by the mouse.
        page.select("لا نتائج", 0);
        browser.wait_for("[data-testid=piece-add]");
        browser.press("p");
        let both = span(first.start, place(ARTICLE, "لا نتائج", 0).1, "Claim");
        page.expect(std::slice::from_ref(&both));
        page.expect_chosen(&both);
        browser.wait_for("[data-testid=pieces]");
        let quote = "مباحثات تجري … لا نتائج";
        assert_eq!(browser.text(".detail-quote").trim(), quote);
        assert!(browser.text("[data-testid=spans]").contains(quote));
        assert_eq!(browser.count("[data-testid=spans] [data-span]"), 1);
        browser.wait_until("document.querySelector('.tie-piece').getAttribute('d')", PATIENCE);
        assert!(browser.count(".focus-box") >= 2);
        // What lies between is not of it.
        page.click_on("الجانب", 0);
        browser.wait_until("!document.querySelector('[data-testid=detail]')", PATIENCE);
        page.click_on("نتائج", 0);
        page.expect_chosen(&both);
        // Its other places are those of the piece where the caret stands, without that piece itself.
        browser.click("[data-testid=all-occurrences]");
        browser.wait_for("[data-testid=occurrences-sheet]");
        let title = browser.text("[data-testid=occurrences-sheet] h2");
        assert!(title.contains("لا نتائج") && !title.contains("الجانب"), "{title}");
        assert_eq!(browser.count("[data-testid=places] li"), 0, "its own piece is labelled already");
        browser.press("Escape");
        browser.wait_until("!document.querySelector('[data-testid=occurrences-sheet]')", PATIENCE);
        page.focus_text();
        // By button.
        page.select("الحالية", 0);
        browser.click("[data-testid=piece-add]");
        let three = span(first.start, place(ARTICLE, "الحالية", 0).1, "Claim");
        page.expect(std::slice::from_ref(&three));
        page.select("لا نتائج", 0);
        browser.click("[data-testid=piece-out]");
        browser.wait_until("document.querySelector('.detail-quote')?.textContent.trim() === 'مباحثات تجري … الحالية'", PATIENCE);
        // The knob at its start moves the first piece alone.
        browser.wait_for("[data-handle=end]");
        browser.drag(browser.rect("[data-handle=start]").middle(), page.point("أفينيان", 0));
        let wider = "أن \"مباحثات تجري … الحالية";
        browser.wait_until(&format!("document.querySelector('.detail-quote')?.textContent.trim().endsWith({})", json!(wider)), PATIENCE);
        page.focus_text();
        page.keys(&["Control+z"]);
        browser.wait_until("document.querySelector('.detail-quote')?.textContent.trim() === 'مباحثات تجري … الحالية'", PATIENCE);
        // Taken out by key; a part out of the middle makes two of one piece.
        page.select("الحالية", 0);
        browser.press("Shift+p");
        page.expect(std::slice::from_ref(&first));
        page.keys(&["Control+z", "Control+z"]);
        page.expect(std::slice::from_ref(&three));
        page.saved();
        page.reload();
        page.expect(std::slice::from_ref(&three));
        let lines = page.exported();
        let layer = lines.iter().find(|line| line["kind"] == "layer").expect("the layer is exported");
        let pieces = layer["spans"][0]["pieces"].as_array().map(Vec::len);
        assert_eq!(pieces, Some(3), "{layer}");
    });
}
