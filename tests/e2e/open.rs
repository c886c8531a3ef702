//! What is open in the whole project: counted in the library by document and kind, led to, mended, and counted again.

use crate::browser::Engine;
use crate::page::PATIENCE;
use crate::work::{Page, each};
use serde_json::json;

/// Two documents with work of the present annotator, one of them with another's too, and one without labels.
fn project() -> String {
    let document = |id: &str, text: &str| json!({"kind": "document", "id": id, "title": id, "text": text});
    let layer = |id: &str, annotator: &str, spans: serde_json::Value| json!({"kind": "layer", "document": id, "annotator": annotator, "status": "in-progress", "revision": 3, "spans": spans});
    let lines = [
        json!({"wusum": 1, "kind": "project", "name": "x", "offsets": "code-points"}),
        document("first", "زارت مصر تونس اليوم"),
        document("second", "قالت ليبيا نرفض ذلك في تونس أمس"),
        document("third", "لا شيء هنا"),
        // With the space after it; and a claim that nobody made.
        layer("first", "annotator", json!([{"id": "a", "start": 5, "end": 9, "label": "Actor", "text": "مصر "}])),
        layer("first", "other", json!([{"id": "a", "start": 9, "end": 14, "label": "Actor", "text": "تونس "}])),
        layer(
            "second",
            "annotator",
            json!([
                {"id": "a", "start": 5, "end": 10, "label": "Actor", "text": "ليبيا"},
                {"id": "c", "start": 11, "end": 19, "label": "Claim", "text": "نرفض ذلك"},
                {"id": "d", "start": 23, "end": 28, "label": "Location", "text": "تونس "},
            ]),
        ),
    ];
    lines.map(|line| format!("{line}\n")).concat()
}

/// Waits until so many checks are told of the whole project.
#[track_caller]
fn open_in_all(page: &Page, count: u32) {
    page.browser.wait_until(&format!("document.querySelector('[data-testid=project-checks]')?.dataset.count === '{count}'"), PATIENCE);
}

/// How many are told of each document in the list: those of which nothing is told have none.
fn listed(page: &Page) -> serde_json::Value {
    page.browser.value(
        "Object.fromEntries([...document.querySelectorAll('[data-testid=documents] [data-document]')].map((e) => \
         [e.dataset.document, e.querySelector('[data-testid=document-checks]')?.dataset.count ?? '']))",
    )
}

fn choose_kind(page: &Page, words: &str) {
    page.browser.eval(
        "const s = document.querySelector('[data-testid=project-checks] select');
         s.selectedIndex = [...s.options].findIndex((o) => o.textContent.includes(arguments[0]));
         s.dispatchEvent(new Event('change', { bubbles: true }));",
        &[json!(words)],
    );
}

#[test]
fn the_library_tells_what_is_open_and_leads_there() {
    for english in [false, true] {
        each(&Engine::ALL, |page| {
            let browser = &page.browser;
            // In the third engine once is enough.
            if english && browser.engine == Engine::WebKit {
                return;
            }
            page.import("open.jsonl", project().as_bytes());
            browser.wait_for("[data-notice=\"notice.import\"]");
            page.close_notices();
            if english {
                browser.click("[data-testid=language]");
                browser.wait_until("document.documentElement.lang === 'en'", PATIENCE);
            }
            page.go("#/library");
            // Edges twice, and the claim without source.
            browser.wait_for("[data-testid=project-checks]");
            let all = listed(page);
            assert_eq!((&all["first"], &all["third"], &all["article"]), (&json!("1"), &json!(""), &json!("")), "{all}");
            let edges = if english { "Edges (2)" } else { "الأطراف (٢)" };
            assert!(browser.text("[data-testid=project-checks]").contains(edges), "{}", browser.text("[data-testid=project-checks]"));
            choose_kind(page, edges);
            browser.wait_until("document.querySelectorAll('[data-testid=documents] [data-document]').length === 2", PATIENCE);
            assert_eq!(listed(page), json!({"first": "1", "second": "1"}));
            // The way leads to the list of that kind, in that document; by key.
            browser.eval("document.querySelector('[data-document=second] [data-testid=document-checks]').focus();", &[]);
            browser.press("Enter");
            browser.wait_for("[data-testid=spans] [data-finding=edges][data-of=d]");
            browser.wait_until("document.querySelectorAll('[data-testid=spans] [data-finding]').length === 1", PATIENCE);
            assert!(browser.value("location.hash").as_str().is_some_and(|hash| hash.ends_with("/second")), "the address is the plain one");
            browser.click("[data-testid=spans] [data-testid=fix]");
            browser.wait_for("[data-testid=spans][data-count='0']");
            page.saved();
            let before: u32 = all.as_object().into_iter().flatten().filter_map(|(_, count)| count.as_str()?.parse::<u32>().ok()).sum();
            page.go("#/library");
            open_in_all(page, before - 1);
            browser.click("[data-document=first] [data-testid=document-checks]");
            browser.wait_for("[data-testid=spans] [data-finding=edges][data-of=a]");
            page.saved();
        });
    }
}
