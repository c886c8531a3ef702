//! What is said of a relation: its kind, where another may join the same labels, its attributes, its note.

use crate::browser::Engine;
use crate::page::PATIENCE;
use crate::work::{Page, each, place};
use serde_json::{Value, json};

/// Two kinds of relation between the same labels, one with attributes.
fn two_kinds(text: &str) -> String {
    let names = |name: &str| json!({"ar": format!("علاقة {name}"), "en": name});
    let colour = json!({"light": "#f0b440", "dark": "#e3aa3c"});
    let label = |id: &str, key: &str| json!({"id": id, "names": names(id), "key": key, "colour": colour});
    let kind = |id: &str, attributes: Value| json!({"id": id, "names": names(id), "from": ["Claim"], "to": ["Actor"], "attributes": attributes});
    let how = json!([
        {"id": "how", "names": names("how"), "required": true, "values": [{"id": "direct", "names": names("direct")}, {"id": "indirect", "names": names("indirect")}]},
        {"id": "by", "names": names("by"), "kind": "many-of", "values": [{"id": "voice", "names": names("voice")}, {"id": "letter", "names": names("letter")}]},
        {"id": "named", "names": names("named"), "kind": "yes-no"},
        {"id": "verb", "names": names("verb"), "kind": "text"},
        {"id": "weight", "names": names("weight"), "kind": "number"},
    ]);
    let schema = json!({"labels": [label("Actor", "1"), label("Claim", "3")], "relations": [kind("source", how), kind("target", json!([]))]});
    let span = |id: &str, quote: &str, label: &str| {
        let (start, end) = place(text, quote, 0);
        json!({"id": id, "start": start, "end": end, "label": label, "text": quote})
    };
    let lines = [
        json!({"wusum": 1, "kind": "project", "name": "x", "offsets": "code-points", "schema": schema}),
        json!({"kind": "document", "id": "kinds", "title": "نص", "text": text}),
        json!({"kind": "layer", "document": "kinds", "annotator": "annotator", "status": "in-progress", "revision": 3,
            "spans": [span("actor", "مصر", "Actor"), span("claim", "تونس بعيدة", "Claim")],
            "relations": [{"id": "r1", "label": "source", "from": "claim", "to": "actor", "attributes": {"old": "kept"}}]}),
    ];
    lines.map(|line| format!("{line}\n")).concat()
}

#[test]
fn a_relation_has_attributes_and_another_kind() {
    each(&[Engine::Chromium, Engine::Firefox], |page| {
        let browser = &page.browser;
        page.import("kinds.jsonl", two_kinds("قالت مصر إن تونس بعيدة").as_bytes());
        page.close_notices();
        page.go("#/read/kinds");
        browser.wait_until("document.querySelector('[data-paragraph]')?.textContent.includes('تونس')", PATIENCE);
        page.focus_text();
        page.keys(&["Control+Home", "Tab", "Tab"]);
        // What is required is marked, and what the schema does not know is kept.
        browser.wait_for("[data-relation=r1] [data-attribute=how] .required");
        browser.wait_for("[data-relation=r1] [data-attribute=old] .strange");
        browser.click("[data-relation=r1] [data-value=direct]");
        browser.wait_for("[data-relation=r1] [data-value=direct][aria-pressed=true]");
        browser.wait_until("!document.querySelector('[data-relation=r1] .required')", PATIENCE);
        for value in ["voice", "letter", "false"] {
            browser.click(&format!("[data-relation=r1] [data-value={value}]"));
            browser.wait_for(&format!("[data-relation=r1] [data-value={value}][aria-pressed=true]"));
        }
        browser.click("[data-relation=r1] [data-answer=verb]");
        browser.type_text("said");
        browser.press("Enter");
        browser.click("[data-relation=r1] [data-answer=weight]");
        browser.type_text("٣٫٥");
        browser.press("Enter");
        // A remark, by keyboard alone from where the number was taken.
        browser.eval("document.querySelector('[data-relation=r1] .tie-note summary').focus();", &[]);
        browser.press("Enter");
        browser.wait_for("[data-relation=r1] .tie-note[open]");
        browser.press("Tab");
        browser.wait_until("document.activeElement?.dataset.testid === 'tie-note'", PATIENCE);
        browser.type_text("by phone");
        browser.press("Escape");
        page.saved();
        let kept = |page: &Page| {
            page.go("#/dataset");
            let lines = page.exported();
            let layer = lines.into_iter().find(|line| line["kind"] == "layer" && line["document"] == "kinds").expect("a layer");
            layer["relations"][0].clone()
        };
        let relation = kept(page);
        let said = json!({"how": "direct", "by": ["voice", "letter"], "named": false, "verb": "said", "old": "kept", "weight": 3.5});
        assert_eq!((&relation["attributes"], &relation["note"]), (&said, &json!("by phone")));
        page.go("#/read/kinds");
        page.focus_text();
        page.keys(&["Control+Home", "Tab", "Tab"]);
        browser.wait_for("[data-testid=tie-kind]");
        browser.eval(
            "const kinds = document.querySelector('[data-testid=tie-kind]');
             kinds.value = 'target';
             kinds.dispatchEvent(new Event('change', { bubbles: true }));",
            &[],
        );
        browser.wait_for("[data-relation=r1][data-kind=target]");
        assert_eq!(browser.value("document.querySelector('[data-relation=r1] [data-testid=tie-note]').value"), "by phone");
        page.saved();
        let relation = kept(page);
        assert_eq!((&relation["label"], &relation["note"]), (&json!("target"), &json!("by phone")));
        // Taken back, with what was said of it as the other kind.
        page.go("#/read/kinds");
        page.focus_text();
        browser.press("Control+z");
        page.saved();
        let relation = kept(page);
        assert_eq!((&relation["label"], &relation["attributes"]), (&json!("source"), &said));
    });
}
