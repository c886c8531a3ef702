//! Relations: linked by keyboard alone, by a pull of the pointer and by a click; drawn, listed, led elsewhere, undone, kept.

use crate::browser::Engine;
use crate::page::PATIENCE;
use crate::work::{ARTICLE, Page, each, place};
use serde_json::{Value, json};

const DEPUTY: &str = "نائب رئيس الوزراء الأرميني تيغران أفينيان";
const TALKS: &str = "مباحثات تجري مع الجانب الأذربيجاني لكن لا نتائج في المرحلة الحالية";
const WORST: &str = "علينا أن نكون مستعدين للأسوأ وللدفاع عن سيادة أراضينا";
const TROOPS: &str = "نشر قوات على أراضيها";

/// The first quotes of a text that have labels: name, words, label.
type Labels<'a> = &'a [(&'a str, &'a str, &'a str)];

const CLAIMS: Labels<'_> = &[
    ("yerevan", "يريفان", "Actor"),
    ("baku", "باكو", "Actor"),
    ("troops", TROOPS, "Claim"),
    ("deputy", DEPUTY, "Actor"),
    ("talks", TALKS, "Claim"),
    ("worst", WORST, "Claim"),
];

/// The article as another document: one with the same text would be taken for the article itself.
fn text() -> String {
    format!("{ARTICLE}\nانتهى.\n")
}

/// Opens a document with labels that have these names.
fn prepare(page: &Page, text: &str, labels: Labels<'_>, relations: &[Value]) {
    let spans: Vec<Value> = labels
        .iter()
        .map(|(id, quote, label)| {
            let (start, end) = place(text, quote, 0);
            json!({ "id": id, "start": start, "end": end, "label": label, "text": quote })
        })
        .collect();
    let file = format!(
        "{}\n{}\n{}\n",
        json!({ "wusum": 1, "kind": "project", "name": "x", "offsets": "code-points" }),
        json!({ "kind": "document", "id": "ties", "title": "نص", "text": text }),
        json!({ "kind": "layer", "document": "ties", "annotator": "annotator", "status": "in-progress", "revision": 7, "spans": spans, "relations": relations }),
    );
    page.import("ties.jsonl", file.as_bytes());
    page.browser.wait_for("[data-notice=\"notice.import\"]");
    page.close_notices();
    page.go("#/read/ties");
    page.browser.wait_until(&format!("document.querySelector('[data-testid=spans]')?.dataset.count === '{}'", labels.len()), PATIENCE);
    page.focus_text();
}

/// The relations of the label in focus as the details list them: kind, from, to.
fn listed(page: &Page) -> Vec<[String; 3]> {
    let found = page.browser.value("[...document.querySelectorAll('[data-relation]')].map((e) => [e.dataset.kind, e.dataset.from, e.dataset.to])");
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut all: Vec<_> = found.as_array().into_iter().flatten().map(|one| [word(&one[0]), word(&one[1]), word(&one[2])]).collect();
    all.sort();
    all
}

#[track_caller]
fn expect_listed(page: &Page, wanted: &[(&str, &str)]) {
    let mut wanted: Vec<[String; 3]> = wanted.iter().map(|(from, to)| ["source".to_owned(), (*from).to_owned(), (*to).to_owned()]).collect();
    wanted.sort();
    let begin = std::time::Instant::now();
    while listed(page) != wanted {
        assert!(
            begin.elapsed() < PATIENCE,
            "{:?}: relations in focus are {:?}, not {wanted:?}; toast: {}",
            page.browser.engine,
            listed(page),
            page.toast()
        );
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

/// Every relation of the layer as the export has it: from and to.
fn exported(page: &Page) -> Vec<(String, String)> {
    let lines = page.exported();
    let layer = lines.iter().find(|line| line["kind"] == "layer" && line["document"] == "ties").expect("the layer is exported");
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut all: Vec<_> = layer["relations"].as_array().into_iter().flatten().map(|one| (word(&one["from"]), word(&one["to"]))).collect();
    all.sort();
    all
}

fn pairs(wanted: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut all: Vec<_> = wanted.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect();
    all.sort();
    all
}

/// Walks the labels by Tab until this one is in focus.
#[track_caller]
fn tab_to(page: &Page, id: &str) {
    page.focus_text();
    page.keys(&["Escape", "Control+Home"]);
    let chosen = || page.browser.value("document.querySelector('[data-span]:has([aria-current=true])')?.dataset.span ?? ''");
    let begin = std::time::Instant::now();
    while !chosen().as_str().is_some_and(str::is_empty) {
        assert!(begin.elapsed() < PATIENCE, "{:?}: Escape lets no label go", page.browser.engine);
    }
    for _ in 0..30 {
        let before = chosen();
        page.browser.press("Tab");
        // The list follows the text, on a slow machine some frames later; the last step leads out of the text and changes nothing.
        let pressed = std::time::Instant::now();
        while chosen() == before && pressed.elapsed() < std::time::Duration::from_secs(1) {
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        if chosen() == id {
            return;
        }
    }
    panic!("{:?}: Tab does not come to {id}", page.browser.engine);
}

/// What link mode proposes as the other end.
fn proposed(page: &Page) -> String {
    page.browser.wait_for("[data-testid=link-to]");
    page.browser.text("[data-testid=link-to] bdi")
}

/// Presses a key in link mode and waits for another label to be proposed.
fn walk(page: &Page, key: &str) -> String {
    let before = proposed(page);
    page.browser.press(key);
    page.browser.wait_until(&format!("document.querySelector('[data-testid=link-to] bdi')?.textContent !== {}", json!(before)), PATIENCE);
    proposed(page)
}

/// Walks in link mode until this label is proposed.
#[track_caller]
fn walk_to(page: &Page, key: &str, wanted: &str) {
    let mut at = proposed(page);
    for _ in 0..6 {
        if at == wanted {
            return;
        }
        at = walk(page, key);
    }
    panic!("{:?}: {wanted} is not proposed", page.browser.engine);
}

fn chosen_is(page: &Page, id: &str) {
    page.browser.wait_until(&format!("document.querySelector('[data-span]:has([aria-current=true])')?.dataset.span === '{id}'"), PATIENCE);
}

/// Brings a label into focus by its row in the list.
fn choose(page: &Page, id: &str) {
    page.browser.click(&format!("[data-span={id}] button"));
    chosen_is(page, id);
    page.focus_text();
}

#[test]
fn every_claim_is_linked_to_who_made_it_by_keyboard_alone() {
    each(&Engine::ALL, |page| {
        let browser = &page.browser;
        prepare(page, &text(), CLAIMS, &[]);
        // The source that is suggested, by one key; it was not there before.
        tab_to(page, "talks");
        expect_listed(page, &[]);
        browser.wait_for("[data-testid=tie-offer]");
        assert_eq!(browser.attribute("[data-testid=tie-offer]", "data-to").as_deref(), Some("deputy"));
        // What is found missing offers the same, and does not say so a second time; its key works all the same.
        browser.wait_for("[data-testid=detail] [data-finding=relation-missing]");
        assert_eq!(browser.count("[data-testid=detail] [data-finding=relation-missing] [data-testid=fix]"), 0);
        browser.press("f");
        expect_listed(page, &[("talks", "deputy")]);
        browser.press("Control+z");
        expect_listed(page, &[]);
        browser.press("Shift+r");
        expect_listed(page, &[("talks", "deputy")]);
        browser.wait_until("!document.querySelector('[data-testid=tie-offer]')", PATIENCE);
        // The same in link mode: the suggestion stands first.
        tab_to(page, "worst");
        browser.press("r");
        assert_eq!(proposed(page), DEPUTY);
        browser.press("Enter");
        expect_listed(page, &[("worst", "deputy")]);
        browser.wait_until("!document.querySelector('[data-testid=link-band]')", PATIENCE);
        // Another than the one that is proposed; only actors are walked, round the text, either way.
        tab_to(page, "troops");
        browser.press("r");
        let first = proposed(page);
        let mut walked = vec![first.clone()];
        walked.extend((0..3).map(|_| walk(page, "Tab")));
        assert_eq!(walked[3], first, "{walked:?}");
        walked.truncate(3);
        walked.sort();
        let mut actors = vec!["باكو".to_owned(), DEPUTY.to_owned(), "يريفان".to_owned()];
        actors.sort();
        assert_eq!(walked, actors);
        walk_to(page, "ArrowRight", "يريفان");
        browser.press("Enter");
        expect_listed(page, &[("troops", "yerevan")]);
        // A second source, made from the actor: it still leads from the claim.
        tab_to(page, "baku");
        browser.press("r");
        walk_to(page, "Shift+Tab", TROOPS);
        browser.press("Enter");
        expect_listed(page, &[("troops", "baku")]);
        page.saved();
        let all = [("talks", "deputy"), ("worst", "deputy"), ("troops", "yerevan"), ("troops", "baku")];
        if browser.engine != Engine::WebKit {
            assert_eq!(exported(page), pairs(&all));
            page.go("#/read/ties");
        }
        page.reload();
        choose(page, "troops");
        expect_listed(page, &[("troops", "yerevan"), ("troops", "baku")]);
        choose(page, "deputy");
        expect_listed(page, &all[..2]);
    });
}

#[test]
fn escape_leaves_and_what_the_schema_forbids_is_not_linked() {
    each(&[Engine::Chromium, Engine::Firefox], |page| {
        let browser = &page.browser;
        prepare(page, &text(), CLAIMS, &[]);
        browser.click("[data-testid=language]");
        browser.wait_until("document.documentElement.dir === 'ltr'", PATIENCE);
        choose(page, "talks");
        browser.press("r");
        browser.wait_for("[data-testid=link-band]");
        assert!(browser.text("[data-testid=link-confirm]").starts_with("Link"));
        // Keys of labelling do nothing here.
        page.keys(&["t", "Delete"]);
        browser.press("Escape");
        browser.wait_until("!document.querySelector('[data-testid=link-band]')", PATIENCE);
        chosen_is(page, "talks");
        expect_listed(page, &[]);
        // A claim is no source of a claim: the click says so, and the choice goes on; then one on an actor links.
        browser.press("r");
        browser.wait_for("[data-testid=link-band]");
        page.click_on("مستعدين", 0);
        browser.wait_until("document.querySelector('[data-testid=toast]')?.textContent.includes('schema')", PATIENCE);
        expect_listed(page, &[]);
        page.click_on("تيغران", 0);
        expect_listed(page, &[("talks", "deputy")]);
        chosen_is(page, "talks");
        browser.press("Control+z");
        expect_listed(page, &[]);
        browser.press("Control+Shift+z");
        expect_listed(page, &[("talks", "deputy")]);
    });
}

#[test]
fn a_relation_is_pulled_from_one_label_onto_another_and_drawn() {
    each(&[Engine::Chromium, Engine::Firefox], |page| {
        let browser = &page.browser;
        prepare(page, &text(), CLAIMS, &[]);
        choose(page, "talks");
        browser.wait_for("[data-handle=tie]");
        let knob = browser.rect("[data-handle=tie]").middle();
        browser.drag(knob, page.point("تيغران", 0));
        expect_listed(page, &[("talks", "deputy")]);
        // The curve ends in an arrow at the actor, and has its name.
        let box_of = |quote: &str| {
            let (paragraph, start, end) = browser.find(quote, 0);
            browser.rects(paragraph, start, end)
        };
        let actor = box_of(DEPUTY);
        let head = browser.value("(() => { const r = document.querySelector('.tie-head.on').getBoundingClientRect(); return [r.left + r.width / 2, r.top + r.height / 2]; })()");
        let (x, y) = (head[0].as_f64().unwrap(), head[1].as_f64().unwrap());
        assert!(
            actor.iter().any(|r| r.x <= x && x <= r.x + r.width && r.y - 24.0 <= y && y <= r.y + r.height + 24.0),
            "{:?}: the head is at {x}, {y}, the actor at {actor:?}",
            browser.engine
        );
        assert_eq!(browser.count(".tie-name"), 1);
        // From the actor onto another claim: the schema has it lead from the claim.
        choose(page, "deputy");
        let knob = browser.rect("[data-handle=tie]").middle();
        browser.drag(knob, page.point("مستعدين", 0));
        expect_listed(page, &[("talks", "deputy"), ("worst", "deputy")]);
        // Let go beside any label, nothing is made, and nothing stays in front.
        let knob = browser.rect("[data-handle=tie]").middle();
        browser.drag(knob, page.point("البرلمان", 0));
        browser.wait_until("!document.querySelector('[data-testid=link-band]')", PATIENCE);
        assert_eq!(browser.value("document.querySelector('.tie.draft').getAttribute('d') ?? ''"), "");
        expect_listed(page, &[("talks", "deputy"), ("worst", "deputy")]);
        // A click on the knob begins link mode.
        browser.click("[data-handle=tie]");
        browser.wait_for("[data-testid=link-band]");
        browser.click("[data-testid=link-leave]");
        browser.wait_until("!document.querySelector('[data-testid=link-band]')", PATIENCE);
        // All relations on demand, also without a label in focus.
        page.keys(&["Escape"]);
        browser.wait_until("!document.querySelector('.tie.on').getAttribute('d')", PATIENCE);
        assert_eq!(browser.value("document.querySelector('.tie:not(.on):not(.draft)').getAttribute('d') ?? ''"), "");
        browser.press("l");
        browser.wait_until("document.querySelector('.tie:not(.on):not(.draft)').getAttribute('d')?.match(/M/g).length === 2", PATIENCE);
        browser.click("[data-testid=ties]");
        browser.wait_until("!document.querySelector('.tie:not(.on):not(.draft)').getAttribute('d')", PATIENCE);
    });
}

#[test]
fn a_label_that_goes_says_which_relations_go_with_it_and_undo_brings_them_back() {
    each(&Engine::ALL, |page| {
        let browser = &page.browser;
        let relations = [
            json!({ "id": "r1", "label": "source", "from": "talks", "to": "deputy" }),
            json!({ "id": "r2", "label": "source", "from": "worst", "to": "deputy" }),
        ];
        prepare(page, &text(), CLAIMS, &relations);
        choose(page, "deputy");
        expect_listed(page, &[("talks", "deputy"), ("worst", "deputy")]);
        browser.press("Delete");
        browser.wait_until("document.querySelector('[data-testid=toast]')?.textContent.includes('علاقتان')", PATIENCE);
        assert!(browser.text("[data-testid=said]").contains("علاقتان"), "it is said too");
        choose(page, "talks");
        expect_listed(page, &[]);
        browser.press("Control+z");
        chosen_is(page, "deputy");
        expect_listed(page, &[("talks", "deputy"), ("worst", "deputy")]);
        // Led to another end, deleted, and all of it undone.
        choose(page, "worst");
        browser.click("[data-testid=tie-again]");
        walk_to(page, "Tab", "باكو");
        browser.press("Enter");
        expect_listed(page, &[("worst", "baku")]);
        browser.click("[data-testid=tie-jump]");
        chosen_is(page, "baku");
        expect_listed(page, &[("worst", "baku")]);
        browser.click("[data-testid=tie-cut]");
        expect_listed(page, &[]);
        page.focus_text();
        browser.press("Control+z");
        expect_listed(page, &[("worst", "baku")]);
        browser.press("Control+z");
        choose(page, "worst");
        expect_listed(page, &[("worst", "deputy")]);
        page.saved();
        // What the third engine downloads, these tests cannot read.
        if browser.engine != Engine::WebKit {
            assert_eq!(exported(page), pairs(&[("talks", "deputy"), ("worst", "deputy")]));
        }
    });
}

#[test]
fn an_end_off_screen_is_named_at_the_edge_and_leads_there() {
    each(&Engine::ALL, |page| {
        let browser = &page.browser;
        let filler = "تقع هذه البحيرة الصغيرة على تخوم أراض استعادتها البلاد الخريف الماضي خلال النزاع الطويل.\n".repeat(120);
        let text = format!("أعلن الوزير الأول ما يلي.\n{filler}رفضت كل هذه الاتهامات في اليوم التالي.\n");
        let labels: Labels<'_> = &[("minister", "الوزير الأول", "Actor"), ("denial", "كل هذه الاتهامات", "Claim")];
        prepare(page, &text, labels, &[json!({ "id": "r1", "label": "source", "from": "denial", "to": "minister" })]);
        let edge = |id: &str| format!("button[data-jump={id}]");
        choose(page, "denial");
        browser.wait_for(&edge("minister"));
        assert!(browser.text(&edge("minister")).contains("الوزير الأول"));
        // A curve leaves the claim upwards, out of the view.
        assert!(browser.value("document.querySelector('.tie.on').getAttribute('d').includes('M')").as_bool().unwrap());
        browser.click(&edge("minister"));
        chosen_is(page, "minister");
        browser.wait_for(&edge("denial"));
        assert_eq!(browser.count(&edge("minister")), 0);
        // The other way by key; what is scrolled away is named too.
        browser.eval("document.querySelector(arguments[0]).focus();", &[json!(edge("denial"))]);
        browser.press("Enter");
        chosen_is(page, "denial");
        browser.wait_for(&edge("minister"));
        browser.eval("document.querySelector('.read').scrollTop = 0;", &[]);
        browser.wait_for(&edge("denial"));
        browser.wait_until(&format!("!document.querySelector('{}')", edge("minister")), PATIENCE);
    });
}
