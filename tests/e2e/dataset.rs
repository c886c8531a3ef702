//! The exporter: what is lost is told before, stands beside the data, and what is saved comes in again; by keyboard too.

use crate::browser::{Browser, Engine, Folder};
use crate::page::PATIENCE;
use crate::site::Site;
use crate::work::{Page, each};
use serde_json::{Value, json};
use wusum::formats::archive;
use wusum::formats::files::Files;

/// A text with a label in another, one on each side of a relation, and one by another person.
pub const LABELS: &str = concat!(
    r#"{"wusum":1,"kind":"project","name":"news","offsets":"code-points"}"#,
    "\n",
    r#"{"kind":"document","id":"d1","title":"خبر قصير","text":"قال وزير الخارجية المصري سامح شكري إن مصر ترفض التهجير."}"#,
    "\n",
    r#"{"kind":"layer","document":"d1","annotator":"سارة","status":"done","spans":[{"id":"s1","start":4,"end":34,"label":"Actor","text":"وزير الخارجية المصري سامح شكري"},{"id":"s2","start":18,"end":24,"label":"Location","text":"المصري"},{"id":"s3","start":38,"end":54,"label":"Claim","text":"مصر ترفض التهجير"}],"relations":[{"id":"r1","label":"source","from":"s3","to":"s1"}]}"#,
    "\n",
    r#"{"kind":"layer","document":"d1","annotator":"ليلى","status":"in-progress","spans":[{"id":"s1","start":38,"end":41,"label":"Actor","text":"مصر"}]}"#,
    "\n",
);

fn prepared(page: &Page) {
    page.import("labels.jsonl", LABELS.as_bytes());
    page.close_notices();
    page.go("#/dataset");
    told(page);
}

/// Waits until it is known what is lost.
fn told(page: &Page) {
    page.browser.wait_until("document.querySelector('[data-testid=losses]:not([data-state=looking])')", PATIENCE);
}

pub fn choose(page: &Page, selector: &str, value: &str) {
    let script = "const e = document.querySelector(arguments[0]); e.value = arguments[1]; e.dispatchEvent(new Event('change', { bubbles: true }));";
    page.browser.eval(script, &[json!(selector), json!(value)]);
    page.browser.wait_until(&format!("document.querySelector({})?.value === {}", json!(selector), json!(value)), PATIENCE);
    told(page);
}

/// What is told to be lost: kinds, counts, rules.
fn losses(page: &Page) -> Vec<(String, String, String)> {
    let found = page.browser.value("[...document.querySelectorAll('[data-loss]')].map((e) => [e.dataset.loss, e.dataset.count, e.dataset.rule])");
    let part = |line: &Value, at: usize| line[at].as_str().unwrap().to_owned();
    found.as_array().unwrap().iter().map(|line| (part(line, 0), part(line, 1), part(line, 2))).collect()
}

fn loss(page: &Page, kind: &str) -> Option<(String, String)> {
    losses(page).into_iter().find(|(one, ..)| one == kind).map(|(_, count, rule)| (count, rule))
}

fn saved(page: &Page) -> (Vec<u8>, Files) {
    let bytes = page.download("[data-testid=export]");
    let (files, problems) = archive::read(None, &bytes, archive::Limits::default());
    assert!(problems.is_empty(), "{problems:?}");
    (bytes, files)
}

fn some(count: &str, rule: &str) -> Option<(String, String)> {
    Some((count.to_owned(), rule.to_owned()))
}

#[test]
fn what_is_lost_is_told_before_and_stands_beside_the_data() {
    each(&[Engine::Chromium, Engine::Firefox], |page| {
        prepared(page);
        assert_eq!(page.browser.attribute("[data-testid=losses]", "data-state").as_deref(), Some("none"), "the own format holds everything");
        assert_eq!(page.browser.count("[data-option]"), 0, "and leaves no choice");
        choose(page, "[data-testid=format]", "conll2003");
        assert_eq!(loss(page, "nested"), some("1", "longest"));
        assert_eq!(loss(page, "relations"), some("1", "left-out"));
        let words = page.browser.text("[data-loss=nested]");
        assert!(words.contains("وسم واحد داخل وسم آخر") && words.contains("المصري") && words.contains("يبقى الأطول"), "{words}");
        choose(page, "[data-option=overlap]", "innermost");
        assert_eq!(loss(page, "nested"), some("1", "innermost"));
        let (_, files) = saved(page);
        let side: Value = serde_json::from_slice(files.get("EXPORT.json").expect("beside")).unwrap();
        let beside: Vec<(String, String, String)> = side["losses"]
            .as_array()
            .unwrap()
            .iter()
            .map(|loss| (loss["kind"].as_str().unwrap().to_owned(), loss["count"].to_string(), loss["rule"].as_str().unwrap().to_owned()))
            .collect();
        assert_eq!(beside, losses(page), "{:?}", page.browser.engine);
        assert!(files.iter().any(|(path, _)| path.ends_with(".conll")));

        page.browser.click("[data-testid=language]");
        page.browser.wait_until("document.documentElement.lang === 'en'", PATIENCE);
        told(page);
        let words = page.browser.text("[data-loss=nested]");
        assert!(words.contains("1 label inside another") && words.contains("the innermost stands"), "{words}");
    });
}

#[test]
fn what_is_chosen_is_told_and_saved() {
    each(&[Engine::Chromium], |page| {
        prepared(page);
        choose(page, "[data-testid=format]", "label-studio");
        // The library has the article too, which nobody has labelled.
        page.browser.click("[data-testid=pick-status] [data-value=done]");
        page.browser.click("[data-testid=pick-annotator] [data-value='سارة']");
        page.browser.click("[data-testid=pick-label] [data-value=Actor]");
        page.browser.wait_until("document.querySelector('[data-testid=export-counts]').textContent.startsWith('مستند واحد · وسم واحد')", PATIENCE);
        let (_, files) = saved(page);
        let (_, bytes) = files.iter().find(|(path, _)| *path != "EXPORT.json").expect("tasks");
        let tasks: Value = serde_json::from_slice(bytes).unwrap();
        let results: Vec<&Value> = tasks
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|task| task["annotations"].as_array().unwrap())
            .flat_map(|one| one["result"].as_array().unwrap())
            .collect();
        assert_eq!(results.len(), 1, "{tasks}");
        assert_eq!((&results[0]["value"]["start"], &results[0]["value"]["labels"]), (&json!(4), &json!(["Actor"])), "{tasks}");
        page.browser.click("[data-testid=pick-status] [data-value=done]");
        page.browser.click("[data-testid=pick-label] [data-value=all]");
        page.browser.wait_until("document.querySelector('[data-testid=export-counts]').textContent.startsWith('مستندان · ٣ وسوم')", PATIENCE);
    });
}

#[test]
fn an_archive_comes_in_elsewhere_with_the_same_labels() {
    each(&[Engine::Chromium, Engine::Firefox], |page| {
        prepared(page);
        choose(page, "[data-testid=format]", "brat");
        page.browser.click("[data-testid=pick-status] [data-value=done]");
        page.browser.wait_until("document.querySelector('[data-testid=export-counts]').textContent.startsWith('مستند واحد')", PATIENCE);
        let (bytes, files) = saved(page);
        assert!(files.iter().any(|(path, _)| path.ends_with(".ann")) && files.get("EXPORT.json").is_some());
        let other = Page::open(page.browser.engine).expect("the engine is there");
        other.import("data.zip", &bytes);
        let labels = |page: &Page| {
            let lines = page.exported();
            let of = |line: &Value| {
                let spans = line["spans"].as_array().cloned().unwrap_or_default();
                spans
                    .iter()
                    .map(|span| (line["annotator"].to_string(), span["start"].to_string(), span["end"].to_string(), span["label"].to_string()))
                    .collect::<Vec<_>>()
            };
            let mut all: Vec<_> = lines.iter().filter(|line| line["kind"] == "layer").flat_map(of).collect();
            all.sort();
            all
        };
        let there = labels(&other);
        choose(page, "[data-testid=format]", "wusum");
        // Of the two who labelled it, one is done.
        assert_eq!((there.len(), &there), (3, &labels(page)));
        other.done();
    });
}

#[test]
fn files_that_belong_together_are_chosen_together() {
    let Some(page) = Page::open(Engine::Chromium) else { return };
    let folder = Folder::new("pair");
    let paths = [("one.txt", "قالت باكو نعم"), ("one.ann", "T1\tActor 5 9\tباكو\n")].map(|(name, text)| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    });
    page.go("#/dataset");
    // Several paths, one a line, are what a dialog for several files gives.
    page.browser.upload("[data-testid=import]", std::path::Path::new(&paths.join("\n")));
    page.browser.wait_until("document.querySelector('[data-notice^=\"notice.import\"]')", PATIENCE);
    page.browser.wait_until("document.querySelector('[data-paragraph]')?.textContent.includes('قالت باكو')", PATIENCE);
    page.expect(&[crate::work::span(5, 9, "Actor")]);
    page.done();
}

#[test]
fn the_keyboard_alone_reaches_and_works_every_control() {
    each(&[Engine::Chromium], |page| {
        prepared(page);
        choose(page, "[data-testid=format]", "huggingface");
        page.browser.eval("const h = document.querySelector('main h1'); h.focus();", &[]);
        let mut reached = Vec::new();
        for _ in 0..40 {
            page.browser.press("Tab");
            let at = page.browser.value("(() => { const e = document.activeElement; return e.dataset.testid ?? e.dataset.option ?? [e.closest('.pick')?.dataset.testid, e.dataset.value].join(' '); })()");
            let at = at.as_str().unwrap_or_default().to_owned();
            reached.push(at.clone());
            if at == "export" {
                break;
            }
        }
        let wanted = [
            "pick-status all",
            "pick-status done",
            "pick-annotator all",
            "pick-annotator سارة",
            "pick-label all",
            "pick-label Actor",
            "format",
            "overlap",
            "tokens",
            "cut",
            "ends",
            "ascii",
            "export",
        ];
        for one in wanted {
            assert!(reached.iter().any(|at| at == one), "{one} is not reached: {reached:?}");
        }
        page.browser.eval("document.querySelector('[data-option=ascii]').focus();", &[]);
        page.browser.press("Space");
        page.browser.wait_until("document.querySelector('[data-option=ascii]').checked", PATIENCE);
        page.browser.eval("document.querySelector('[data-testid=pick-status] [data-value=done]').focus();", &[]);
        page.browser.press("Enter");
        page.browser.wait_until("document.querySelector('[data-testid=pick-status] [data-value=done]').ariaPressed === 'true'", PATIENCE);
    });
}

#[test]
fn the_screen_fits_a_telephone() {
    if !Engine::Chromium.or_skip() {
        return;
    }
    let page = Page { site: Site::built(), browser: Browser::telephone() };
    page.browser.goto(&page.site.url());
    page.ready();
    prepared(&page);
    choose(&page, "[data-testid=format]", "huggingface");
    let over = page.browser.value("[...document.querySelectorAll('.exporter *')].filter((e) => { const r = e.getBoundingClientRect(); return r.width && (r.left < -1 || r.right > innerWidth + 1); }).map((e) => e.className || e.tagName)");
    assert_eq!(over, json!([]), "nothing runs out of a narrow page");
    page.done();
}
