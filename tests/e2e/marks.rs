//! Attributes, doubts and checks: by keyboard alone, in both languages, kept over a reload and exported.

use crate::browser::Engine;
use crate::page::PATIENCE;
use crate::work::{Page, each, over};
use serde_json::{Value, json};

/// Both languages of the interface, each in a page of its own.
fn both(engines: &[Engine], test: impl Fn(&Page, bool)) {
    for english in [false, true] {
        each(engines, |page| {
            if english {
                page.browser.click("[data-testid=language]");
                page.browser.wait_until("document.documentElement.lang === 'en'", PATIENCE);
            }
            page.focus_text();
            test(page, english);
        });
    }
}

fn choose(page: &Page, selector: &str, index: usize) {
    page.browser.wait_for(selector);
    page.browser.eval(
        "const s = document.querySelector(arguments[0]); s.selectedIndex = arguments[1]; s.dispatchEvent(new Event('change', { bubbles: true }));",
        &[json!(selector), json!(index)],
    );
}

/// Waits until an expression is this.
#[track_caller]
fn becomes(page: &Page, expression: &str, wanted: &Value) {
    page.browser.wait_until(&format!("JSON.stringify({expression}) === {}", json!(wanted.to_string())), PATIENCE);
}

/// The values of an attribute that are on, in the details.
fn on(attribute: &str) -> String {
    format!("[...document.querySelectorAll('[data-testid=detail] [data-attribute={attribute}] [aria-pressed=true]')].map((e) => e.dataset.value)")
}

fn claim(page: &Page) {
    page.label("استفزازات لا طائل منها", 0, "3");
    page.expect(&[over("استفزازات لا طائل منها", 0, "Claim")]);
}

/// The one label of an export.
fn exported_label(page: &Page) -> Value {
    let lines = page.exported();
    let layer = lines.iter().find(|line| line["kind"] == "layer").expect("a layer").clone();
    layer["spans"][0].clone()
}

#[test]
fn attributes_are_answered_by_key_and_kept() {
    both(&[Engine::Chromium, Engine::Firefox], |page, english| {
        let browser = &page.browser;
        claim(page);
        // After labelling a claim the chooser is one key away.
        browser.press("a");
        browser.wait_for("[data-testid=chooser][data-attribute=kind]");
        let said = browser.text("[data-testid=chooser]");
        assert!(said.contains(if english { "Accusation" } else { "اتهام" }), "{said}");
        browser.press("2");
        becomes(page, &on("kind"), &json!(["accusation"]));
        browser.press("a");
        browser.wait_for("[data-testid=chooser][data-attribute=certainty]");
        browser.press("3");
        becomes(page, &on("certainty"), &json!(["possible"]));
        // The same digit again takes it back; so does Delete, which then deletes no label.
        browser.press("3");
        becomes(page, &on("certainty"), &json!([]));
        browser.press("1");
        becomes(page, &on("certainty"), &json!(["certain"]));
        browser.press("Delete");
        becomes(page, &on("certainty"), &json!([]));
        browser.press("2");
        becomes(page, &on("certainty"), &json!(["probable"]));
        browser.press("Escape");
        browser.wait_until("!document.querySelector('[data-testid=chooser]')", PATIENCE);
        // The label is still in focus, and digits are labels again.
        page.expect_chosen(&over("استفزازات لا طائل منها", 0, "Claim"));
        page.saved();
        page.reload();
        page.focus_text();
        browser.press("Control+Home");
        browser.press("Tab");
        becomes(page, &on("kind"), &json!(["accusation"]));
        browser.press("Control+z");
        becomes(page, &on("certainty"), &json!([]));
        browser.press("Control+Shift+z");
        becomes(page, &on("certainty"), &json!(["probable"]));
        page.saved();
        assert_eq!(exported_label(page)["attributes"], json!({"kind": "accusation", "certainty": "probable"}));
    });
}

#[test]
fn a_kind_without_attributes_says_so() {
    each(&[Engine::Chromium], |page| {
        page.label("أرمينيا", 0, "1");
        page.browser.press("a");
        page.browser.wait_until("document.querySelector('[data-testid=toast]')?.textContent.includes('سمات')", PATIENCE);
        assert_eq!(page.browser.count("[data-testid=chooser]"), 0);
    });
}

#[test]
fn doubts_are_seen_kept_and_filtered_by() {
    both(&[Engine::Chromium, Engine::Firefox], |page, _| {
        let browser = &page.browser;
        page.label("أرمينيا", 0, "1");
        page.label("باكو", 0, "1");
        let (first, second) = (over("أرمينيا", 0, "Actor"), over("باكو", 0, "Actor"));
        page.expect(&[first.clone(), second.clone()]);
        browser.press("u");
        browser.wait_for("[data-testid=unsure][aria-pressed=true]");
        browser.wait_for(".sign-unsure");
        browser.wait_for(".rail.unsure");
        browser.wait_for("[data-span] [data-sign=unsure]");
        // The note is at hand.
        browser.press("n");
        browser.type_text("?");
        browser.press("Escape");
        page.focus_text();
        // Unsure is the first choice after all labels.
        choose(page, "[data-testid=only]", 1);
        page.expect(std::slice::from_ref(&second));
        page.saved();
        page.reload();
        choose(page, "[data-testid=only]", 1);
        page.expect(std::slice::from_ref(&second));
        page.focus_text();
        page.click_on("باكو", 0);
        page.expect_chosen(&second);
        browser.press("u");
        browser.wait_until("!document.querySelector('.sign-unsure')", PATIENCE);
        // Nothing is left: the list says so, and shows all again.
        browser.wait_for("[data-testid=show-all]");
        browser.click("[data-testid=show-all]");
        page.expect(&[first, second]);
        browser.press("u");
        browser.wait_for(".sign-unsure");
        page.saved();
        let lines = page.exported();
        let layer = lines.iter().find(|line| line["kind"] == "layer").expect("a layer").clone();
        let unsure: Vec<bool> = layer["spans"].as_array().expect("labels").iter().map(|span| span["unsure"] == true).collect();
        assert_eq!(unsure, [false, true]);
    });
}

#[test]
fn the_list_is_filtered_and_counted_by_what_labels_say() {
    both(&[Engine::Chromium], |page, english| {
        let browser = &page.browser;
        claim(page);
        page.keys(&["a", "2", "Escape"]);
        becomes(page, &on("kind"), &json!(["accusation"]));
        page.label("عودة الوضع إلى طبيعته", 0, "3");
        let (first, second) = (over("استفزازات لا طائل منها", 0, "Claim"), over("عودة الوضع إلى طبيعته", 0, "Claim"));
        page.expect(&[first.clone(), second.clone()]);
        let (accused, none) = if english {
            ("Kind: Accusation (1)", "Kind: no answer (1)")
        } else {
            ("النوع: اتهام (١)", "النوع: بلا جواب (١)")
        };
        let choice = |words: &str| {
            let at =
                format!("[...document.querySelectorAll('[data-testid=only] option')].findIndex((o) => o.textContent.includes({}))", json!(words));
            browser.wait_until(&format!("{at} > 0"), PATIENCE);
            usize::try_from(browser.value(&at).as_u64().expect("an index")).expect("small")
        };
        choose(page, "[data-testid=only]", choice(accused));
        page.expect(std::slice::from_ref(&first));
        choose(page, "[data-testid=only]", choice(none));
        page.expect(std::slice::from_ref(&second));
        choose(page, "[data-testid=only]", 0);
        page.expect(&[first, second]);
    });
}

#[test]
fn checks_are_shown_mended_by_key_and_listed() {
    both(&[Engine::Chromium, Engine::Firefox], |page, english| {
        let browser = &page.browser;
        page.label("أرمينيا", 0, "1");
        // A space at the end: quietly marked, in words in the details, mended by a key.
        let (start, end) = (over("يريفان", 0, "Location").start, over("يريفان", 0, "Location").end);
        page.label_exactly(0, start, end + 1, "2");
        page.expect(&[over("أرمينيا", 0, "Actor"), crate::work::span(start, end + 1, "Location")]);
        browser.wait_for("[data-testid=findings] [data-finding=edges]");
        browser.wait_for(".sign-check");
        let words = browser.text("[data-testid=findings]");
        assert!(words.contains(if english { "punctuation" } else { "ترقيم" }), "{words}");
        browser.press("f");
        page.expect(&[over("أرمينيا", 0, "Actor"), over("يريفان", 0, "Location")]);
        browser.wait_until("!document.querySelector('[data-testid=findings] [data-finding=edges]')", PATIENCE);
        browser.wait_until("!document.querySelector('.sign-check')", PATIENCE);

        // A claim without source: told of, listed, jumped to by key. Who speaks before it is labelled, so a source is offered.
        let speaker = over("جالينا بورتر", 0, "Actor");
        let claim = over("التحركات العسكرية في المناطق المتنازع عليها", 0, "Claim");
        page.label("جالينا بورتر", 0, "1");
        page.label("التحركات العسكرية في المناطق المتنازع عليها", 0, "3");
        browser.wait_for("[data-testid=findings] [data-finding=relation-missing]");
        page.focus_text();
        page.keys(&["Escape", "Control+Home"]);
        browser.wait_until("!document.querySelector('[data-testid=detail]')", PATIENCE);
        browser.press("Shift+f");
        page.expect_chosen(&claim);
        browser.click("[data-testid=view-checks]");
        browser.wait_for("[data-testid=spans] [data-finding=relation-missing]");
        becomes(page, "document.querySelectorAll('[data-testid=spans] [data-finding]').length", &json!(1));
        let count = browser.text("[data-testid=view-checks]");
        assert!(count.contains(if english { "1" } else { "واحدة" }), "{count}");
        // One kind that is chosen stays chosen when nothing is left of it.
        choose(page, "[data-testid=check-kind]", 1);
        browser.wait_for("[data-testid=spans] [data-finding=relation-missing]");
        browser.click("[data-testid=spans] [data-testid=fix]");
        browser.wait_until("!document.querySelector('[data-testid=spans] [data-finding]')", PATIENCE);
        browser.wait_for("[data-testid=spans][data-count='0']");
        page.focus_text();
        browser.press("Control+z");
        browser.wait_for("[data-testid=spans] [data-finding=relation-missing]");
        page.saved();
        page.reload();
        browser.wait_for(".sign-check");
        page.expect(&[over("أرمينيا", 0, "Actor"), over("يريفان", 0, "Location"), speaker, claim]);
    });
}

#[test]
fn done_with_open_checks_asks_once() {
    both(&[Engine::Chromium], |page, _| {
        let browser = &page.browser;
        page.label("استفزازات لا طائل منها", 0, "3");
        browser.wait_for("[data-testid=open-checks]");
        let done =
            "const s = document.querySelector('[data-testid=status]'); s.value = 'done'; s.dispatchEvent(new Event('change', { bubbles: true }));";
        let status = |wanted: &str| browser.wait_until(&format!("document.querySelector('[data-testid=status]').value === '{wanted}'"), PATIENCE);
        let before = browser.value("document.querySelector('[data-testid=status]').value").as_str().expect("a status").to_owned();
        assert_ne!(before, "done");
        browser.eval(done, &[]);
        browser.wait_for("[data-testid=done-sheet]");
        status(&before);
        // First to the list.
        browser.press("Tab");
        browser.click("[data-testid=done-list]");
        browser.wait_until("!document.querySelector('[data-testid=done-sheet]')", PATIENCE);
        browser.wait_for("[data-testid=spans] [data-finding]");
        status(&before);
        browser.eval(done, &[]);
        browser.wait_for("[data-testid=done-anyway]");
        browser.click("[data-testid=done-anyway]");
        status("done");
        page.saved();
        page.reload();
        status("done");
        // Nothing open: nothing asked.
        browser.eval(&done.replace("'done'", "'in-progress'"), &[]);
        status("in-progress");
        page.focus_text();
        page.keys(&["Control+Home", "Tab", "Delete"]);
        page.expect(&[]);
        browser.wait_until("!document.querySelector('[data-testid=open-checks]')", PATIENCE);
        browser.eval(done, &[]);
        status("done");
    });
}

/// A schema with an attribute of each kind, one of them required, and a label that says what it does not know.
fn every_kind() -> String {
    let names = |name: &str| json!({"ar": format!("سمة {name}"), "en": name});
    let schema = json!({"labels": [
        {"id": "Actor", "names": {"ar": "فاعل", "en": "Actor"}, "key": "1", "colour": {"light": "#f0b440", "dark": "#e3aa3c"}, "attributes": [
            {"id": "one", "names": names("one"), "required": true, "values": [{"id": "a", "names": names("a")}, {"id": "b", "names": names("b")}]},
            {"id": "many", "names": names("many"), "kind": "many-of", "values": [{"id": "x", "names": names("x")}, {"id": "y", "names": names("y")}]},
            {"id": "sure", "names": names("sure"), "kind": "yes-no"},
            {"id": "name", "names": names("name"), "kind": "text"},
            {"id": "count", "names": names("count"), "kind": "number"},
        ]},
    ]});
    let text = "زارت مصر تونس اليوم";
    let lines = [
        json!({"wusum": 1, "kind": "project", "name": "kinds", "offsets": "code-points", "schema": schema}),
        json!({"kind": "document", "id": "kinds", "title": "kinds", "text": text}),
        json!({"kind": "layer", "document": "kinds", "annotator": "annotator", "status": "in-progress", "revision": 3, "spans": [
            {"id": "s1", "start": 5, "end": 8, "label": "Actor", "text": "مصر", "attributes": {"one": "gone", "many": ["x", "lost"], "old": "kept"}},
        ]}),
    ];
    lines.map(|line| format!("{line}\n")).concat()
}

#[test]
fn every_kind_of_attribute_and_what_the_schema_does_not_know() {
    each(&[Engine::Chromium, Engine::Firefox], |page| {
        let browser = &page.browser;
        page.import("kinds.jsonl", every_kind().as_bytes());
        page.close_notices();
        page.go("#/read/kinds");
        browser.wait_until("document.querySelector('[data-paragraph]')?.textContent.includes('تونس')", PATIENCE);
        page.focus_text();
        page.keys(&["Control+Home", "Tab"]);
        browser.wait_for("[data-testid=detail] [data-attribute=old] [data-testid=remove-answer]");
        let strange = |attribute: &str| {
            format!("[...document.querySelectorAll('[data-testid=detail] [data-attribute={attribute}] .strange bdi')].map((e) => e.textContent)")
        };
        becomes(page, &strange("one"), &json!(["gone"]));
        becomes(page, &strange("many"), &json!(["lost"]));
        becomes(page, &strange("old"), &json!(["kept"]));
        becomes(page, &on("many"), &json!(["x"]));
        // What is not known stays while other things are said.
        page.keys(&["a", "a", "2"]);
        becomes(page, &on("many"), &json!(["x", "y"]));
        becomes(page, &strange("many"), &json!(["lost"]));
        browser.press("a");
        browser.press("2");
        becomes(page, &on("sure"), &json!(["false"]));
        browser.press("a");
        let in_field = |name: &str| {
            browser.wait_until(
                &format!("document.activeElement?.closest('[data-testid=chooser]') && document.activeElement.dataset.answer === '{name}'"),
                PATIENCE,
            )
        };
        in_field("name");
        browser.type_text("Cairo 1");
        browser.press("Enter");
        in_field("count");
        // What is no number is refused in words, and stays to be corrected.
        browser.type_text("كثير");
        browser.press("Enter");
        browser.wait_for("[data-testid=chooser] [aria-invalid=true]");
        browser.press("Control+a");
        browser.type_text("٣٫٥");
        browser.press("Enter");
        browser.wait_until("!document.querySelector('[data-testid=chooser]')", PATIENCE);
        for attribute in ["old", "many"] {
            browser.click(&format!("[data-testid=detail] [data-attribute={attribute}] [data-testid=remove-answer]"));
            browser.wait_until(&format!("!document.querySelector('[data-testid=detail] [data-attribute={attribute}] .strange')"), PATIENCE);
        }
        // A new label has nothing of what is required: marked until it is filled.
        page.label("تونس", 0, "1");
        browser.wait_for("[data-testid=detail] [data-attribute=one].missing .required");
        browser.wait_for("[data-testid=findings] [data-finding=attribute-missing]");
        page.keys(&["a", "1", "Escape"]);
        browser.wait_until("!document.querySelector('[data-testid=detail] .required')", PATIENCE);
        browser.wait_until("!document.querySelector('[data-testid=findings]')", PATIENCE);
        page.saved();
        page.reload();
        page.go("#/dataset");
        let lines = page.exported();
        let layer = lines.iter().find(|line| line["kind"] == "layer" && line["document"] == "kinds").expect("a layer");
        assert_eq!(layer["spans"][0]["attributes"], json!({"one": "gone", "many": ["x", "y"], "sure": false, "name": "Cairo 1", "count": 3.5}));
        assert_eq!(layer["spans"][1]["attributes"], json!({"one": "a"}));
    });
}

#[test]
fn signs_stay_over_a_word_of_two_letters() {
    each(&Engine::ALL, |page| {
        let browser = &page.browser;
        page.import("short.txt", "قال أب أمس".as_bytes());
        browser.wait_until("document.querySelector('[data-paragraph]')?.textContent.includes('أب')", PATIENCE);
        page.close_notices();
        // A claim without source, of which the annotator is unsure: both signs.
        page.label("أب", 0, "3");
        browser.press("u");
        browser.wait_for(".sign-unsure");
        browser.wait_for(".sign-check");
        let (paragraph, start, end) = browser.find("أب", 0);
        let word = browser.rects(paragraph, start, end)[0];
        let signs = browser.value(
            "[...document.querySelectorAll('.text-sign')].map((e) => e.getBoundingClientRect()).map((r) => [r.left, r.right]).sort((a, b) => a[0] - b[0])",
        );
        let at = |sign: usize, side: usize| signs[sign][side].as_f64().expect("a number");
        assert!(at(0, 0) >= word.x - 0.5 && at(1, 1) <= word.x + word.width + 0.5, "{:?}: {signs} over {word:?}", browser.engine);
        assert!(at(0, 1) <= at(1, 0) + 0.5, "{:?}: neither lies on the other: {signs}", browser.engine);
    });
}
