//! The schema screen: changed in the middle of the work, and no label is lost.

use crate::browser::{Engine, Folder};
use crate::page::PATIENCE;
use crate::work::{ARTICLE, Page, each, over, place};
use serde_json::{Value, json};

const REVIEW: &str = "[data-testid=desk-review]";
const APPLY: &str = "[data-testid=desk-apply]";

/// The text, ready.
pub fn read(page: &Page) {
    page.browser.eval("location.hash = '#/read/article';", &[]);
    page.ready();
}

/// The card of a part, open.
pub fn card(page: &Page, part: &str) -> String {
    let card = format!("#desk [data-part=\"{part}\"]");
    page.browser.wait_for(&card);
    let is_open = page.browser.eval("return document.querySelector(arguments[0]).open;", &[json!(card)]);
    if is_open == json!(false) {
        page.browser.click(&format!("{card} > summary"));
        page.browser.wait_for(&format!("{card} .desk-fields"));
    }
    card
}

/// Fills a field in, as a hand would leave it.
pub fn fill(page: &Page, selector: &str, value: &str) {
    page.browser.wait_for(selector);
    page.browser.eval(
        "const e = document.querySelector(arguments[0]); e.value = arguments[1];
         for (const type of ['input', 'change']) e.dispatchEvent(new InputEvent(type, { bubbles: true }));",
        &[json!(selector), json!(value)],
    );
}

/// Looks at what would change.
pub fn review(page: &Page) {
    page.browser.wait_until(&format!("!document.querySelector({}).disabled", json!(REVIEW)), PATIENCE);
    page.browser.click(REVIEW);
    page.browser.wait_until(&format!("document.querySelector({}) && !document.querySelector({}).disabled", json!(APPLY), json!(REVIEW)), PATIENCE);
}

/// Says what becomes of a part that is gone.
fn decide(page: &Page, part: &str, fate: &str) {
    let select = format!("[data-fate=\"{part}\"] select");
    page.browser.wait_for(&select);
    fill(page, &select, fate);
}

/// Carries the change out.
pub fn apply(page: &Page) {
    let revision = revision(page);
    page.browser.wait_until(&format!("document.querySelector({})?.disabled === false", json!(APPLY)), PATIENCE);
    page.browser.click(APPLY);
    wait_for_revision(page, revision + 1);
}

fn revision(page: &Page) -> u64 {
    page.browser.attribute("[data-testid=desk-state]", "data-revision").and_then(|revision| revision.parse().ok()).unwrap_or(0)
}

fn wait_for_revision(page: &Page, revision: u64) {
    page.browser.wait_until(&format!("document.querySelector('[data-testid=desk-state]')?.dataset.revision === '{revision}'"), PATIENCE);
}

/// The ids of the draft's labels, in order.
fn labels(page: &Page) -> Value {
    page.browser.value("[...document.querySelectorAll('#desk [data-part^=\"label:\"]')].map((e) => e.dataset.part.slice(6))")
}

#[test]
fn a_label_is_added_and_used() {
    each(&Engine::ALL, |page| {
        let browser = &page.browser;
        page.label("أرمينيا", 0, "1");
        page.saved();
        page.go("#/schema");
        browser.click("#desk [data-do=add-label]");
        let new = card(page, "label:Label1");
        fill(page, &format!("{new} [data-field=name-ar]"), "حدث");
        fill(page, &format!("{new} [data-field=name-en]"), "Event");
        fill(page, &format!("{new} [data-field=id]"), "Event");
        card(page, "label:Event");
        // Four is the first free key, and the colour is one that nobody takes for another.
        assert_eq!(browser.value("document.querySelector('#desk [data-part=\"label:Event\"] [data-field=key]').value"), "4");
        assert_eq!(browser.count("[data-testid=desk-troubles] li"), 0, "{}", browser.text("[data-testid=desk-troubles]"));
        review(page);
        apply(page);
        read(page);
        browser.wait_for("[data-label=Event]");
        page.label("محادثات", 0, "4");
        let all = [over("أرمينيا", 0, "Actor"), over("محادثات", 0, "Event")];
        page.expect(&all);
        page.saved();
        page.reload();
        page.expect(&all);
        assert!(browser.text("[data-label=Event]").contains("حدث"));
        // It is painted in its own colour.
        browser.wait_until("[...(CSS.highlights.get('wusum-Event-0') ?? [])].map(String).includes('محادثات')", PATIENCE);
    });
}

#[test]
fn a_label_is_renamed_in_the_middle_of_the_work() {
    each(&[Engine::Chromium, Engine::Firefox], |page| {
        let browser = &page.browser;
        page.label("أرمينيا", 0, "1");
        page.label("باكو", 0, "1");
        page.label("يريفان", 0, "2");
        page.saved();
        page.go("#/schema");
        let actor = card(page, "label:Actor");
        fill(page, &format!("{actor} [data-field=id]"), "Agent");
        browser.wait_for("#desk [data-part=\"label:Agent\"]");
        review(page);
        browser.wait_until("document.querySelector('[data-fate=Actor] select')?.value === 'become:Agent'", PATIENCE);
        apply(page);
        read(page);
        let renamed = [over("أرمينيا", 0, "Agent"), over("باكو", 0, "Agent"), over("يريفان", 0, "Location")];
        page.expect(&renamed);
        // Work goes on with the same key, and is kept.
        page.label("باكو", 1, "1");
        let more = [&renamed[..], &[over("باكو", 1, "Agent")]].concat();
        page.expect(&more);
        page.saved();
        page.reload();
        page.expect(&more);

        // One undo takes the last label back; the next offers the schema, whole, and what was labelled since stays.
        page.focus_text();
        browser.press("Control+z");
        page.expect(&renamed);
        browser.press("Control+z");
        browser.wait_for("[data-notice=\"notice.schema-undo\"]");
        page.expect(&renamed);
        browser.click("[data-notice=\"notice.schema-undo\"] [data-testid=offer]");
        let before = [over("أرمينيا", 0, "Actor"), over("باكو", 0, "Actor"), over("يريفان", 0, "Location")];
        page.expect(&before);
        browser.wait_for("[data-label=Actor]");
        page.saved();
        page.reload();
        page.expect(&before);
    });
}

#[test]
fn labels_are_merged_kept_and_deleted_with_a_count_and_brought_back() {
    each(&[Engine::Chromium], |page| {
        let browser = &page.browser;
        page.label("أرمينيا", 0, "1");
        page.label("يريفان", 0, "2");
        page.label("باكو", 0, "2");
        let first = [over("أرمينيا", 0, "Actor"), over("يريفان", 0, "Location"), over("باكو", 0, "Location")];
        page.expect(&first);
        page.saved();
        let go = |fate: &str| {
            page.go("#/schema");
            let location = card(page, "label:Location");
            browser.click(&format!("{location} .desk-foot [data-do=remove]"));
            browser.wait_until("!document.querySelector('#desk [data-part=\"label:Location\"]')", PATIENCE);
            review(page);
            // Nothing is done before somebody has said what becomes of it.
            assert!(browser.attribute(APPLY, "disabled").is_some());
            assert!(browser.text("[data-fate=Location]").contains('٢'), "{}", browser.text("[data-fate=Location]"));
            decide(page, "Location", fate);
            apply(page);
        };
        let back = || {
            page.go("#/schema");
            let revision = revision(page);
            browser.click("[data-testid=desk-undo]");
            wait_for_revision(page, revision + 1);
            assert_eq!(labels(page), json!(["Actor", "Location", "Claim"]));
            read(page);
            page.expect(&first);
        };
        go("become:Actor");
        read(page);
        page.expect(&[over("أرمينيا", 0, "Actor"), over("يريفان", 0, "Actor"), over("باكو", 0, "Actor")]);
        back();
        go("delete");
        read(page);
        page.expect(&first[..1]);
        back();
        go("keep");
        read(page);
        page.expect(&first);
        page.saved();
        page.reload();
        page.expect(&first);
        // And forth again.
        back();
        page.go("#/schema");
        let revision = revision(page);
        browser.click("[data-testid=desk-redo]");
        wait_for_revision(page, revision + 1);
        assert_eq!(labels(page), json!(["Actor", "Claim"]));
    });
}

#[test]
fn schemas_of_other_programs_are_loaded_and_saved() {
    const BRAT: &str = "[entities]\nPerson\nPlace\n[relations]\nlives Arg1:Person, Arg2:Place\n[events]\n[attributes]\n";
    const LABEL_STUDIO: &str = "<View><Labels name=\"l\" toName=\"t\"><Label value=\"Person\" background=\"#cc2a1b\"/><Label value=\"Place\" background=\"#1995ea\"/></Labels><Text name=\"t\" value=\"$text\"/></View>";
    const DOCCANO: &str = "[{\"id\":1,\"text\":\"Person\",\"suffix_key\":\"p\",\"background_color\":\"#cc2a1b\"},{\"id\":2,\"text\":\"Place\",\"background_color\":\"#1995ea\"}]";
    each(&[Engine::Chromium], |page| {
        let browser = &page.browser;
        page.go("#/schema");
        let folder = Folder::new("schema");
        let load = |name: &str, content: &str| {
            let file = folder.path().join(name);
            std::fs::write(&file, content).unwrap();
            browser.upload("[data-testid=schema-file]", &file);
            browser.wait_until(&format!("document.querySelector('[data-testid=desk-said]').textContent.includes('{name}')"), PATIENCE);
        };
        for (name, content) in [("annotation.conf", BRAT), ("config.xml", LABEL_STUDIO), ("labels.json", DOCCANO)] {
            load(name, content);
            assert_eq!(labels(page), json!(["Person", "Place"]), "{name}");
            browser.click("[data-testid=desk-discard]");
            browser.wait_for("#desk [data-part=\"label:Actor\"]");
        }
        // What a format has no place for is told when the file is loaded, and when it is written.
        load("labels.json", DOCCANO);
        assert!(browser.text("[data-testid=desk-told]").contains('p'), "the key is no digit");
        browser.click("[data-testid=desk-discard]");
        for (format, file, inside) in [
            ("wusum", "schema.json", "\"Actor\""),
            ("brat", "annotation.conf", "[entities]"),
            ("label-studio", "label-studio.xml", "<Label "),
            ("doccano", "doccano-labels.json", "Actor"),
        ] {
            fill(page, "[data-testid=schema-format]", format);
            let saved = String::from_utf8(page.download("[data-testid=schema-save]")).unwrap();
            assert!(saved.contains(inside), "{format}: {saved}");
            browser.wait_until(&format!("document.querySelector('[data-testid=desk-said]').textContent.includes('{file}')"), PATIENCE);
            assert_eq!(browser.count("[data-testid=desk-told] li") > 0, format != "wusum", "{format}");
        }
        // What is no schema changes nothing.
        load("empty.json", "[]");
        assert_eq!(labels(page), json!(["Actor", "Location", "Claim"]));
        // A ready schema, its source named, with labels below labels.
        assert!(browser.text("[data-ready=wojood]").contains("Wojood"));
        browser.click("[data-ready=wojood] button");
        browser.wait_until("document.querySelectorAll('#desk [data-part^=\"label:\"]').length === 21", PATIENCE);
        review(page);
        apply(page);
        read(page);
        browser.wait_until("document.querySelectorAll('.toolbar [data-label]').length === 21", PATIENCE);
    });
}

#[test]
fn collisions_are_told_at_once_and_a_draft_outlives_a_reload() {
    each(&[Engine::Chromium, Engine::Firefox], |page| {
        let browser = &page.browser;
        page.go("#/schema");
        assert_eq!(browser.count("[data-testid=desk-troubles] li"), 0);
        let location = card(page, "label:Location");
        fill(page, &format!("{location} [data-field=key]"), "1");
        browser.wait_until("document.querySelectorAll('[data-testid=desk-troubles] .grave').length === 1", PATIENCE);
        assert!(browser.count(&format!("{location} .trouble")) == 1, "it is told in the card too");
        review(page);
        assert!(browser.attribute(APPLY, "disabled").is_some(), "two labels with one key are not taken");
        browser.click("[data-testid=desk-back]");
        fill(page, &format!("{location} [data-field=key]"), "5");
        browser.wait_until("document.querySelectorAll('[data-testid=desk-troubles] li').length === 0", PATIENCE);
        // The same colour as another label, then one that is hardly seen.
        let actor = card(page, "label:Actor");
        let taken = browser.value("document.querySelector('#desk [data-part=\"label:Actor\"] [data-field=colour-light]').value");
        fill(page, &format!("{location} [data-field=colour-light]"), taken.as_str().unwrap());
        browser.wait_until("document.querySelectorAll('[data-testid=desk-troubles] li').length > 0", PATIENCE);
        assert!(browser.count(&format!("{actor} .trouble")) > 0);
        let claim = card(page, "label:Claim");
        fill(page, &format!("{claim} [data-field=colour-light]"), "#f0eee6");
        browser.wait_until(&format!("document.querySelector({})", json!(format!("{claim} .trouble"))), PATIENCE);
        // A reload keeps the draft; nothing of it is applied.
        browser.reload();
        browser.wait_for("#desk [data-testid=desk-state]");
        browser.wait_until("document.querySelector('[data-testid=desk-state]').dataset.dirty === 'true'", PATIENCE);
        read(page);
        assert_eq!(browser.attribute("[data-label=Location]", "aria-keyshortcuts").as_deref(), Some("2"));
        page.go("#/schema");
        browser.click("[data-testid=desk-discard]");
        browser.wait_until("document.querySelector('[data-testid=desk-state]').dataset.dirty === 'false'", PATIENCE);
    });
}

#[test]
fn the_other_tab_follows_a_changed_schema() {
    each(&[Engine::Chromium, Engine::Firefox], |page| {
        let browser = &page.browser;
        page.label("أرمينيا", 0, "1");
        page.saved();
        let first = browser.tab();
        let second = browser.new_window();
        browser.switch_to(&second);
        browser.goto(&page.site.url());
        page.ready();
        page.expect(&[over("أرمينيا", 0, "Actor")]);
        browser.switch_to(&first);
        page.go("#/schema");
        let actor = card(page, "label:Actor");
        fill(page, &format!("{actor} [data-field=id]"), "Agent");
        fill(page, "#desk [data-part=\"label:Agent\"] [data-field=name-ar]", "طرف");
        review(page);
        apply(page);
        browser.switch_to(&second);
        browser.wait_for("[data-label=Agent]");
        page.expect(&[over("أرمينيا", 0, "Agent")]);
        assert!(browser.text("[data-label=Agent]").contains("طرف"));
        browser.assert_no_errors();
        browser.close_tab();
        browser.switch_to(&first);
    });
}

#[test]
fn guidelines_are_rendered_safely_and_their_quotes_lead_to_the_text() {
    each(&Engine::ALL, |page| {
        let browser = &page.browser;
        page.go("#/schema");
        let (start, end) = place(ARTICLE, "باكو", 1);
        let text = format!(
            "**سِم** كل ذكر.\n\n- مثل [باكو](#/read/article?at={start}-{end})\n- و[موقع](https://example.org/)\n\n<img src=x onerror=alert(1)> [لا](javascript:alert(1))"
        );
        fill(page, "#desk [data-part=guidelines] [data-field=guidelines-ar]", &text);
        browser.wait_for("#desk [data-testid=guide-look] strong");
        let looks_safe = |root: &str| {
            assert_eq!(browser.count(&format!("{root} img, {root} script")), 0);
            let links = browser.value(&format!("[...document.querySelectorAll('{root} a')].map((e) => [e.getAttribute('href'), e.rel])"));
            assert_eq!(links, json!([[format!("#/read/article?at={start}-{end}"), ""], ["https://example.org/", "noopener noreferrer"]]));
            assert!(browser.text(root).contains("<img src=x onerror=alert(1)>"), "markup is words");
        };
        looks_safe("[data-testid=guide-look]");
        review(page);
        apply(page);
        read(page);
        browser.wait_for("[data-testid=own-guide] a.live-quote");
        looks_safe("[data-testid=own-guide]");
        // Twice, for the address is the same.
        for _ in 0..2 {
            browser.eval("document.querySelector('[data-testid=own-guide] a.live-quote').click();", &[]);
            browser.wait_until("[...(CSS.highlights.get('wusum-selection') ?? [])].map(String).join() === 'باكو'", PATIENCE);
            assert_eq!(browser.value("location.hash"), "#/read/article");
            page.focus_text();
            browser.press("Escape");
            browser.wait_until("!CSS.highlights.get('wusum-selection')?.size", PATIENCE);
        }
    });
}

#[test]
fn the_schema_is_changed_with_the_keyboard_alone() {
    each(&[Engine::Chromium], |page| {
        let browser = &page.browser;
        page.go("#/schema");
        let focused = |condition: &str| {
            for _ in 0..80 {
                browser.press("Tab");
                if browser.value(&format!("(() => {{ const e = document.activeElement; return !!({condition}); }})()")) == json!(true) {
                    return;
                }
            }
            panic!("never in focus: {condition}");
        };
        focused("e.matches('#desk [data-part=\"label:Location\"] > summary')");
        browser.press("Enter");
        browser.wait_for("#desk [data-part=\"label:Location\"] .desk-fields");
        focused("e.matches('[data-part=\"label:Location\"] .desk-foot [data-do=up]')");
        browser.press("Enter");
        browser.wait_until("document.querySelector('#desk [data-slot=label-0] > details').dataset.part === 'label:Location'", PATIENCE);
        // The card is open in its new place, and the focus is in it.
        browser.wait_until("document.activeElement.closest('[data-slot=label-0]')", PATIENCE);
        assert_eq!(labels(page), json!(["Location", "Actor", "Claim"]));
        browser.press("Control+Home");
        browser.eval("document.querySelector('.bar a').focus();", &[]);
        focused("e.matches('[data-testid=desk-review]')");
        browser.press("Enter");
        browser.wait_for(APPLY);
        focused("e.matches('[data-testid=desk-apply]:not(:disabled)')");
        browser.press("Enter");
        wait_for_revision(page, 1);
        read(page);
        browser.wait_until("document.querySelector('.toolbar [data-label]').dataset.label === 'Location'", PATIENCE);
        // 360 pixels hold it, in both languages.
        page.go("#/schema");
        browser.resize(360, 740);
        browser.click("#desk [data-slot=label-2] > details > summary");
        for language in ["en", "ar"] {
            browser.click("[data-testid=language]");
            browser.wait_until(&format!("document.documentElement.lang === '{language}'"), PATIENCE);
            browser.wait_until("document.querySelector('#desk').scrollWidth <= document.querySelector('#desk').clientWidth", PATIENCE);
        }
    });
}
