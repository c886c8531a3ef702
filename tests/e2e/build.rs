//! Data sets made on the page: chosen, looked at, split, saved, read back; stopped; in both languages and on a telephone.

use crate::browser::{Browser, Engine};
use crate::page::PATIENCE;
use crate::site::Site;
use crate::work::{Page, each, place};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use wusum::formats::files::Files;
use wusum::formats::{Importer, archive};

/// The beginning of every text; its labels are in it.
const BEGIN: &str = "أعلن وزير الخارجية سامح شكري أن القاهرة ترفض القرار.";

/// Words that no two texts share.
fn rest(number: usize, words: usize) -> String {
    let letters: Vec<char> = "ابتجدرسعقلمنهوي".chars().collect();
    let mut state = number as u64 * 7_919 + 17;
    let mut word = || {
        (0..5)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                letters[usize::try_from(state >> 33).unwrap() % letters.len()]
            })
            .collect::<String>()
    };
    (0..words).map(|_| word()).collect::<Vec<_>>().join(" ")
}

/// Texts of two people: some by both, the last two nearly the same, one without labels.
pub fn project(count: usize) -> Vec<u8> {
    let mut lines = vec![json!({ "wusum": 1, "kind": "project", "name": "news", "offsets": "code-points" })];
    let span = |id: &str, label: &str, quote: &str| {
        let (start, end) = place(BEGIN, quote, 0);
        json!({ "id": id, "start": start, "end": end, "label": label, "text": quote })
    };
    for number in 0..count {
        let id = format!("d{number:02}");
        let is_last = number + 1 == count;
        let text = if is_last { format!("{BEGIN} {}\nختام", rest(number - 1, 40)) } else { format!("{BEGIN} {}", rest(number, 40)) };
        lines.push(json!({ "kind": "document", "id": id, "title": format!("خبر {number}: زيارة إلى القاهرة"), "text": text }));
        if number == 1 {
            continue;
        }
        let mut spans = vec![span("s1", "Actor", "وزير الخارجية سامح شكري"), span("s2", "Claim", "القاهرة ترفض القرار")];
        if number % 2 == 0 {
            spans.push(span("s3", "Location", "القاهرة"));
        }
        let status = if number % 5 == 0 { "in-progress" } else { "done" };
        lines.push(json!({ "kind": "layer", "document": id, "annotator": "سارة", "status": status, "spans": spans }));
        if number % 6 == 0 {
            lines.push(json!({ "kind": "layer", "document": id, "annotator": "ليلى", "status": "done", "spans": [span("s1", "Actor", "القاهرة")] }));
        }
    }
    lines.iter().map(|line| format!("{line}\n")).collect::<String>().into_bytes()
}

/// The builder with the project's documents, without the article.
pub fn prepared(page: &Page, count: usize) {
    page.import("project.jsonl", &project(count));
    page.close_notices();
    page.go("#/dataset");
    page.browser.wait_for("[data-testid=builder]");
    page.browser.click("[data-testid=pick-annotator] [data-value='سارة']");
    set(page, "[data-testid=pick-words]", "القاهره");
}

pub fn set(page: &Page, selector: &str, value: &str) {
    let script = "const e = document.querySelector(arguments[0]); e.value = arguments[1]; e.dispatchEvent(new Event(e.tagName === 'SELECT' ? 'change' : 'input', { bubbles: true }));";
    page.browser.eval(script, &[json!(selector), json!(value)]);
}

/// Looks at what the data set would be, once the builder knows what is chosen: it hears of it after the frame that shows it.
pub fn look(page: &Page) {
    std::thread::sleep(std::time::Duration::from_millis(200));
    page.browser.wait_until("document.querySelector('[data-testid=losses]:not([data-state=looking])')", PATIENCE);
    page.browser.wait_until("!document.querySelector('[data-testid=build-look]').disabled", PATIENCE);
    page.browser.click("[data-testid=build-look]");
    page.browser.wait_until("document.querySelector('[data-testid=build-state]').dataset.state === 'fresh'", PATIENCE);
}

fn state(page: &Page) -> String {
    page.browser.attribute("[data-testid=build-state]", "data-state").unwrap_or_default()
}

fn save(page: &Page) -> (Vec<u8>, Files) {
    let bytes = page.download("[data-testid=build-save]");
    let (files, problems) = archive::read(None, &bytes, archive::Limits::default());
    assert!(problems.is_empty(), "{problems:?}");
    (bytes, files)
}

/// The cells of the table, row by row.
fn table(page: &Page) -> Vec<Vec<String>> {
    let rows = page
        .browser
        .value("[...document.querySelectorAll('[data-testid=build-table] tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent))");
    serde_json::from_value(rows).unwrap()
}

#[test]
fn a_data_set_is_chosen_looked_at_saved_and_read_back() {
    each(&[Engine::Chromium, Engine::Firefox], |page| {
        prepared(page, 24);
        set(page, "[data-testid=format]", "huggingface");
        set(page, "[data-field=license]", "cc-by-4.0");
        set(page, "[data-field=name]", "أخبار القاهرة");
        look(page);
        assert_eq!(page.browser.attribute("[data-testid=build-near]", "data-count").as_deref(), Some("1"), "{:?}", page.browser.engine);
        let pair = "[...document.querySelectorAll('[data-testid=build-near] .build-pairs li:first-child a')].map((a) => a.dataset.document)";
        assert_eq!(page.browser.value(pair), json!(["d22", "d23"]));
        // The second text has no labels of hers.
        assert_eq!(page.browser.attribute("[data-testid=build-unlabelled]", "data-count").as_deref(), Some("1"));
        assert_eq!(page.browser.attribute("[data-testid=build-shared]", "data-count").as_deref(), Some("0"));
        page.browser.click("[data-testid=language]");
        page.browser.wait_until(
            "document.documentElement.lang === 'en' && document.querySelector('[data-testid=build-table] thead').textContent.includes('Train')",
            PATIENCE,
        );
        let rows = table(page);
        let row = |name: &str| rows.iter().find(|row| row[0] == name).unwrap_or_else(|| panic!("{name}: {rows:?}"))[1..].to_vec();
        let documents = row("Documents");
        assert_eq!((documents.len(), documents[3].as_str()), (4, "24"), "{rows:?}");
        assert_eq!((row("Actor")[3].as_str(), row("Location")[3].as_str()), ("23", "12"), "the labels of one person");

        let (first, files) = save(page);
        let card = String::from_utf8(files.get("README.md").expect("a card").to_vec()).unwrap();
        for line in ["license: cc-by-4.0", "- split: train", "- split: validation", "- split: test", "# أخبار القاهرة"] {
            assert!(card.contains(line), "{line}: {card}");
        }
        assert_eq!(page.browser.value("document.querySelector('[data-testid=build-card] pre').textContent"), json!(card));
        let mut importer = Importer::default();
        importer.files(&files, None);
        let import = importer.finish();
        assert_eq!((import.problems.len(), import.documents.len()), (0, 24));
        assert_eq!(import.layers.values().map(|layer| layer.len()).sum::<usize>(), 23 * 2 + 12);
        let side: Value = serde_json::from_slice(files.get("EXPORT.json").expect("beside")).unwrap();
        let of = |id: &str| side["documents"].as_array().unwrap().iter().find(|one| one["id"] == id).unwrap()["split"].clone();
        assert_eq!(of("d22"), of("d23"), "near duplicates are on one side");
        let sizes: Vec<String> = side["dataset"]["splits"].as_array().unwrap().iter().map(|split| split["documents"].to_string()).collect();
        assert_eq!(sizes, documents[..3]);
        let (second, _) = save(page);
        assert_eq!(first, second, "{:?}: the same wishes give the same bytes", page.browser.engine);
    });
}

#[test]
fn what_was_not_looked_at_is_not_saved() {
    each(&[Engine::Chromium], |page| {
        prepared(page, 12);
        assert_eq!(state(page), "nothing");
        assert_eq!(page.browser.value("document.querySelector('[data-testid=build-save]').disabled"), json!(true));
        look(page);
        set(page, "[data-field=seed]", "2");
        page.browser.wait_until("document.querySelector('[data-testid=build-state]').dataset.state === 'stale' && document.querySelector('[data-testid=build-save]').disabled", PATIENCE);
        set(page, "[data-field=seed]", "1");
        page.browser.wait_until("document.querySelector('[data-testid=build-state]').dataset.state === 'fresh'", PATIENCE);
        page.browser.click("[data-testid=pick-label] [data-value=Actor]");
        page.browser.wait_until("document.querySelector('[data-testid=build-state]').dataset.state === 'stale'", PATIENCE);
        look(page);
        assert!(table(page).iter().filter(|row| row.len() == 5).all(|row| !row[0].contains("ادّعاء") || row[4] == "٠"), "{:?}", table(page));
        // What is said of it needs no second look.
        set(page, "[data-field=description]", "وصف");
        page.browser.wait_until("document.querySelector('[data-testid=build-state]').dataset.state === 'redescribed' && !document.querySelector('[data-testid=build-save]').disabled", PATIENCE);
        let (_, files) = save(page);
        assert!(String::from_utf8_lossy(files.get("README.md").unwrap()).contains("\nوصف\n"));
        // It outlives a reload.
        page.go("#/read/d00");
        page.reload();
        page.go("#/dataset");
        page.browser.wait_until("document.querySelector('[data-field=description]')?.value === 'وصف'", PATIENCE);
    });
}

#[test]
fn why_there_is_none_is_told() {
    each(&[Engine::Chromium], |page| {
        prepared(page, 3);
        set(page, "[data-testid=pick-words]", "لا شيء كهذا");
        page.browser.wait_until("document.querySelector('[data-testid=export]').disabled", PATIENCE);
        look(page);
        page.browser.wait_until("document.querySelector('[data-testid=build-problem]').textContent.includes('لا مستند في المختار')", PATIENCE);
        set(page, "[data-testid=pick-words]", "");
        page.browser.click("[data-testid=pick-document] summary");
        page.browser.click("[data-testid=pick-document] [data-value=d00]");
        look(page);
        page.browser.wait_until("document.querySelector('[data-testid=build-problem]').textContent.includes('عددها ١')", PATIENCE);
    });
}

#[test]
fn plots_are_saved_as_they_are_read() {
    each(&[Engine::Chromium], |page| {
        prepared(page, 12);
        look(page);
        let names = page.browser.value("[...document.querySelectorAll('[data-plot]')].map((plot) => plot.dataset.plot)");
        assert_eq!(names, json!(["labels", "lengths", "nesting", "statuses"]));
        let svg = String::from_utf8(page.download("[data-plot=labels] [data-save=svg]")).unwrap();
        assert!(svg.starts_with("<svg ") && svg.contains("direction=\"rtl\"") && svg.contains("فاعل") && svg.contains("تدريب"), "{svg}");
        let csv = String::from_utf8(page.download("[data-plot=statuses] [data-save=csv]")).unwrap();
        assert!(csv.starts_with("\"المستندات بحسب الحالة\",\"تدريب\",\"تطوير\",\"اختبار\"\n"), "{csv}");
        assert_eq!(csv.lines().count(), 5, "a line for each status");
    });
}

#[test]
fn a_long_look_is_stopped_and_begun_anew() {
    each(&[Engine::Chromium, Engine::Firefox], |page| {
        prepared(page, 1_500);
        page.browser.wait_until("!document.querySelector('[data-testid=build-look]').disabled", PATIENCE);
        page.browser.click("[data-testid=build-look]");
        page.browser.wait_until("document.querySelector('[data-notice=\"notice.work\"] button')", PATIENCE);
        page.browser.click("[data-notice=\"notice.work\"] button");
        page.browser.wait_until("document.querySelector('[data-testid=build-state]').dataset.state === 'nothing'", PATIENCE);
        assert_eq!(page.browser.count("[data-testid=build-result]"), 0, "{:?}", page.browser.engine);
        // Another worker takes over, and fewer documents are soon looked at.
        set(page, "[data-testid=pick-words]", "خبر 12:");
        set(page, "[data-field=share-1]", "0");
        set(page, "[data-field=share-2]", "0");
        look(page);
        assert_eq!(table(page)[0].last().map(String::as_str), Some("١"));
    });
}

#[test]
fn the_keyboard_reaches_every_control_and_names_are_said() {
    each(&[Engine::Chromium], |page| {
        prepared(page, 12);
        look(page);
        page.browser.eval("document.querySelector('[data-testid=export]').focus();", &[]);
        let mut reached = BTreeSet::new();
        for _ in 0..90 {
            page.browser.press("Tab");
            let at = page.browser.value("(() => { const e = document.activeElement; return [e.dataset.testid ?? e.dataset.field ?? e.dataset.save ?? e.tagName, e.closest('#desk') ? getComputedStyle(e).outlineStyle : 'solid']; })()");
            assert_ne!(at[1], "none", "the focus is seen: {at}");
            reached.insert(at[0].as_str().unwrap_or_default().to_owned());
        }
        for one in
            ["seed", "is-near", "near", "name", "license", "languages", "description", "build-look", "build-save", "svg", "csv", "A", "SUMMARY"]
        {
            assert!(reached.contains(one), "{one} is not reached: {reached:?}");
        }
        let unnamed = page.browser.value("[...document.querySelectorAll('#desk :is(button, input, textarea)')].filter((e) => !(e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.[0]?.textContent.trim())).length");
        assert_eq!(unnamed, json!(0));
    });
}

#[test]
fn it_fits_a_telephone() {
    if !Engine::Chromium.or_skip() {
        return;
    }
    let page = Page { site: Site::built(), browser: Browser::telephone() };
    page.browser.goto(&page.site.url());
    page.ready();
    prepared(&page, 12);
    look(&page);
    let over = page.browser.value("[...document.querySelectorAll('#desk *, .screen *')].filter((e) => !e.closest('.build-scroll, svg, .unseen, q') && !e.matches('.unseen')).filter((e) => { const r = e.getBoundingClientRect(); return r.width && (r.left < -1 || r.right > innerWidth + 1); }).map((e) => e.className || e.tagName)");
    assert_eq!(over, json!([]), "nothing runs out of a narrow page");
    page.done();
}
