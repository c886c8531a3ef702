//! Offsets on screen, in both stores and in the exported file are the same code points.

use crate::browser::Engine;
use crate::work::{Page, Span, each, lines, place, span};
use serde_json::Value;
use std::collections::BTreeSet;

/// Everything that makes offsets go wrong, before each of the words labelled below.
const NASTY: &str = "👩\u{200D}💻 قالت 🇸🇦 الريـــاض\u{200F} إن «حَرْبًا» انتهت\r\n\r\n🧑🏽\u{200D}🚀 BBC: 2024 و٢٠٢٥ می\u{200C}خواهم في \u{202B}لندن\u{202C} 👍🏿\r\n😀 مُحَمَّدٌ زار القاهرة\t\u{A0}أمس \u{2067}Paris\u{2069}\n🏳\u{FE0F}\u{200D}🌈 انتهى";

/// A label with its words: start, end, kind, quote.
type Quoted = (usize, usize, String, String);

fn quoted(value: &Value) -> Quoted {
    let number = |name: &str| usize::try_from(value[name].as_u64().expect("an offset")).unwrap();
    let text = |name: &str| value[name].as_str().expect("a string").to_owned();
    (number("start"), number("end"), text("label"), text("text"))
}

/// The labels that the records of a store add up to: each step of the journals sets or removes some.
fn stored(records: impl Iterator<Item = (String, String)>) -> BTreeSet<Quoted> {
    let mut records: Vec<(String, String)> = records.filter(|(key, _)| key.contains("/journal/") || key.ends_with("/snapshot")).collect();
    // Snapshots come before the steps that follow them, and the numbers of steps are padded.
    records.sort_by_key(|(key, _)| (!key.ends_with("/snapshot"), key.clone()));
    let mut labels: std::collections::BTreeMap<String, Quoted> = std::collections::BTreeMap::new();
    for (_, value) in records {
        let record: Value = serde_json::from_str(&value).unwrap();
        for one in record["spans"].as_array().into_iter().flatten() {
            labels.insert(one["id"].to_string(), quoted(one));
        }
        for change in record["do"].as_array().into_iter().flatten().filter_map(|step| step.get("span")) {
            if !change[0].is_null() {
                labels.remove(&change[0]["id"].to_string());
            }
            if !change[1].is_null() {
                labels.insert(change[1]["id"].to_string(), quoted(&change[1]));
            }
        }
    }
    labels.into_values().collect()
}

fn in_local(page: &Page) -> BTreeSet<Quoted> {
    let all = page.browser.local_storage();
    stored(all.as_object().unwrap().iter().map(|(key, value)| (key.clone(), value.as_str().unwrap_or_default().to_owned())))
}

fn in_database(page: &Page) -> BTreeSet<Quoted> {
    let all = page.browser.indexed_db();
    let records =
        all.as_object().unwrap().values().flat_map(|stores| stores.as_object().unwrap().values()).flat_map(|records| records.as_array().unwrap());
    stored(records.map(|record| (record[0].as_str().unwrap_or_default().to_owned(), record[1]["value"].as_str().unwrap_or_default().to_owned())))
}

fn on_screen(page: &Page, text: &str) -> BTreeSet<Quoted> {
    let letters: Vec<char> = text.chars().collect();
    page.spans().into_iter().map(|s| (s.start, s.end, s.label, letters[s.start..s.end].iter().collect())).collect()
}

fn in_export(lines: &[Value], text: &str) -> BTreeSet<Quoted> {
    let document = lines.iter().find(|line| line["kind"] == "document" && line["text"] == text).expect("the text is exported as it came");
    let layers = lines.iter().filter(|line| line["kind"] == "layer" && line["document"] == document["id"]);
    layers.flat_map(|layer| layer["spans"].as_array().unwrap()).map(quoted).collect()
}

fn annotate(page: &Page) -> Vec<Span> {
    let browser = &page.browser;
    let mut wanted = Vec::new();
    for (quote, key, label) in [
        ("قالت", "3", "Claim"),
        ("الريـــاض", "2", "Location"),
        ("BBC", "1", "Actor"),
        ("لندن", "2", "Location"),
        ("القاهرة", "2", "Location"),
        ("انتهى", "3", "Claim"),
    ] {
        page.label(quote, 0, key);
        let (start, end) = place(NASTY, quote, 0);
        wanted.push(span(start, end, label));
        page.expect(&wanted);
    }
    // Marks stay with their letters, whatever is selected.
    browser.double_click(page.point("مُحَمَّدٌ", 0));
    page.selected();
    browser.press("1");
    let (start, end) = place(NASTY, "مُحَمَّدٌ", 0);
    wanted.push(span(start, end, "Actor"));
    page.expect(&wanted);
    // One arrow takes the three code points of a woman at a computer, and the two of a flag.
    page.focus_text();
    page.keys(&["Control+Home", "Shift+ArrowLeft", "1"]);
    wanted.push(span(0, 3, "Actor"));
    page.expect(&wanted);
    let (start, end) = place(NASTY, "🇸🇦", 0);
    page.caret_to(0, start);
    page.keys(&["Shift+ArrowLeft", "2"]);
    wanted.push(span(start, end, "Location"));
    page.expect(&wanted);
    page.saved();
    wanted
}

fn open_nasty(page: &Page) {
    page.import("nasty.txt", NASTY.as_bytes());
    page.browser
        .wait_until("[...document.querySelectorAll('[data-paragraph]')].some((p) => p.textContent.includes('الريـــاض'))", crate::page::PATIENCE);
    page.close_notices();
}

#[test]
fn screen_and_stores_agree_on_a_nasty_text() {
    each(&Engine::ALL, |page| {
        open_nasty(page);
        annotate(page);
        let seen = on_screen(page, NASTY);
        assert_eq!(in_local(page), seen, "{:?}: localStorage", page.browser.engine);
        assert_eq!(in_database(page), seen, "{:?}: IndexedDB", page.browser.engine);
        page.reload();
        assert_eq!(on_screen(page, NASTY), seen, "{:?}: after a reload", page.browser.engine);
    });
}

#[test]
fn the_export_is_the_text_byte_for_byte_and_comes_back_the_same() {
    for engine in [Engine::Chromium, Engine::Firefox] {
        let Some(page) = Page::open(engine) else { continue };
        open_nasty(&page);
        let wanted = annotate(&page);
        let seen = on_screen(&page, NASTY);
        page.go("#/dataset");
        let file = page.download("[data-testid=export]");
        assert_eq!(in_export(&lines(&file), NASTY), seen, "{engine:?}");
        assert_eq!(lines(&file)[0]["offsets"], "code-points");

        // Into the same page: nothing changes.
        page.import("again.jsonl", &file);
        let again = page.download("[data-testid=export]");
        assert_eq!(in_export(&lines(&again), NASTY), seen, "{engine:?}: imported again");
        assert_eq!(lines(&again).len(), lines(&file).len(), "{engine:?}: nothing is doubled");
        page.done();

        // Into an empty one: the same text, the same labels, the same file.
        let Some(other) = Page::open(engine) else { continue };
        other.import("labels.jsonl", &file);
        let documents = lines(&file);
        let nasty = documents.iter().find(|line| line["text"] == NASTY).unwrap()["id"].as_str().unwrap().to_owned();
        other.close_notices();
        other.go(&format!("#/read/{nasty}"));
        other.browser.wait_until("document.querySelector('[data-paragraph]')?.textContent.includes('الريـــاض')", crate::page::PATIENCE);
        other.expect(&wanted);
        let third = other.exported();
        assert_eq!(in_export(&third, NASTY), seen, "{engine:?}: in another browser");
        other.done();
    }
}
