//! A corrected text on the page: what finds no place is told before, the labels are on the new text, the old one waits in the bin.

use crate::browser::Engine;
use crate::dataset::LABELS;
use crate::page::PATIENCE;
use crate::work::each;
use serde_json::json;

const CORRECTED: &str = "عاجل: قال وزير الخارجيّة المصري سامح شكري إن القاهرة ترفض التهجير.";

#[test]
fn a_corrected_text_takes_the_labels_and_the_old_one_waits_in_the_bin() {
    each(&[Engine::Chromium, Engine::Firefox], |page| {
        let browser = &page.browser;
        page.import("labels.jsonl", LABELS.as_bytes());
        page.close_notices();
        page.go("#/library");
        browser.click("[data-document=d1] [data-testid=retext-document]");
        browser.wait_for("#desk [data-testid=retext-text]");
        browser.eval(
            "const e = document.querySelector('[data-testid=retext-text]'); e.value = arguments[0]; e.dispatchEvent(new InputEvent('input', { bubbles: true }));",
            &[json!(CORRECTED)],
        );
        browser.click("[data-testid=retext-look]");
        browser.wait_for("[data-testid=retext-make]");
        let counts = |annotator: &str| {
            let of = |name: &str| browser.attribute(&format!("[data-testid=retext-told] [data-annotator={annotator}]"), name).unwrap_or_default();
            [of("data-kept"), of("data-changed"), of("data-lost")]
        };
        // The claim has a word less in common; what was labelled by the other is not there any more.
        assert_eq!(counts("سارة"), ["2", "1", "0"]);
        assert_eq!(counts("ليلى"), ["0", "0", "1"]);
        assert!(browser.text("[data-list=lost]").contains("مصر"));
        let list = String::from_utf8(page.download("[data-testid=retext-save]")).expect("text");
        assert_eq!(list.lines().count(), 2, "{list}");
        browser.click("[data-testid=retext-make]");
        browser.wait_for("[data-testid=retext-told][data-made=d1-2]");
        browser.wait_for("[data-testid=bin] [data-document=d1]");
        browser.wait_for("[data-testid=documents] [data-document=d1-2]");
        browser.click("[data-testid=retext-told] a");
        browser.wait_until(&format!("document.querySelector('[data-testid=reader]')?.textContent.includes({})", json!("القاهرة ترفض")), PATIENCE);
    });
}
