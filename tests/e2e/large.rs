//! Two layers of 10,000 labels on 1,000,000 characters are reviewed, and the page answers all the while.

use crate::browser::Engine;
use crate::page::PATIENCE;
use crate::work::{ARTICLE, Page};
use serde_json::json;
use std::fmt::Write;

const CHARACTERS: usize = 1_000_000;
const LABELS: usize = 10_000;

/// A document with two people's labels, as a file.
fn file() -> String {
    let mut text = String::new();
    let mut words: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    for line in ARTICLE.lines().filter(|line| !line.trim().is_empty()).cycle() {
        if at >= CHARACTERS {
            break;
        }
        for word in line.split(' ') {
            let length = word.chars().count();
            if length > 2 {
                words.push((at, at + length));
            }
            at += length + 1;
        }
        text += line;
        text.push('\n');
    }
    let letters: Vec<char> = text.chars().collect();
    let step = words.len() / LABELS;
    let layer = |name: &str, other: usize| {
        let spans: Vec<_> = (0..LABELS)
            .map(|n| {
                // Of ten labels of the second one, one has another edge, and one is of another kind.
                let (start, mut end) = words[n * step];
                let mut label = ["Actor", "Location", "Claim"][n % 3];
                if other > 0 && n % 10 == 1 {
                    end -= 1;
                }
                if other > 0 && n % 10 == 2 {
                    label = "Claim";
                }
                let quote: String = letters[start..end].iter().collect();
                json!({"id": format!("{name}{n}"), "start": start, "end": end, "label": label, "text": quote})
            })
            .collect();
        json!({"kind": "layer", "document": "large", "annotator": name, "revision": 1, "status": "done", "spans": spans, "relations": []})
    };
    let mut lines = format!("{}\n", json!({"wusum": 1, "kind": "project", "name": "n", "offsets": "code-points"}));
    let _ = writeln!(lines, "{}", json!({"kind": "document", "id": "large", "title": "نص طويل", "text": text}));
    let _ = writeln!(lines, "{}\n{}", layer("a", 0), layer("b", 1));
    lines
}

/// The longest task since this was asked last, in milliseconds.
fn longest(page: &Page) -> u64 {
    // What ended just now is told a little later.
    std::thread::sleep(std::time::Duration::from_millis(300));
    page.browser.value("(() => { const all = window.__tasks.splice(0); return Math.max(0, ...all); })()").as_f64().unwrap_or(0.0) as u64
}

fn gold_count(page: &Page) -> String {
    page.browser.value("document.querySelector('[data-testid=gold-count]').textContent").as_str().unwrap_or_default().to_owned()
}

/// Begins to take all that is agreed, and stops that as soon as it may be: nothing is taken, and nothing else is decided meanwhile.
fn stopped(page: &Page) {
    let browser = &page.browser;
    let before = gold_count(page);
    let left = "document.querySelector('[data-testid=take-agreed]')";
    let offer = "document.querySelector('[data-notice=\"notice.step\"] [data-testid=offer]')";
    browser.eval(
        &format!("window.__stopped = false; window.__stopping = setInterval(() => {{ const offer = {offer}; if (offer) {{ window.__stopped = true; offer.click(); }} if (offer || !{left}) clearInterval(window.__stopping); }}, 1);"),
        &[],
    );
    // Nothing runs between the two but what the first one asked for.
    let press = |code: &str| format!("window.dispatchEvent(new KeyboardEvent('keydown', {{ code: '{code}', bubbles: true }}));");
    browser.eval(&format!("{}{}", press("KeyG"), press("KeyA")), &[]);
    browser.wait_until(&format!("window.__stopped || !{left}"), PATIENCE);
    if browser.value("window.__stopped") == false {
        println!("taken before its progress was shown");
        browser.press("Control+z");
        return browser.wait_until(left, PATIENCE);
    }
    browser.wait_until(&format!("!{offer}"), PATIENCE);
    page.saved();
    assert_eq!(gold_count(page), before, "nothing was taken");
    assert_eq!(browser.attribute("[data-testid=review-progress]", "data-decided").as_deref(), Some("3"), "nothing was decided");
    assert!(browser.count("[data-testid=take-agreed]") == 1, "all of it is still to be taken");
}

#[test]
fn a_large_review_opens_in_slices_and_a_decision_looks_only_at_what_changed() {
    let Some(page) = Page::open(Engine::Chromium) else { return };
    let browser = &page.browser;
    page.import("large.jsonl", file().as_bytes());
    page.close_notices();
    browser.eval("location.hash = '#/read/large'", &[]);
    browser.wait_until(
        "document.querySelector('.doc-title')?.textContent === 'نص طويل' && document.querySelectorAll('[data-paragraph]').length > 1000",
        PATIENCE,
    );
    std::thread::sleep(std::time::Duration::from_secs(4));
    browser.eval("window.__tasks = []; new PerformanceObserver((list) => { for (const task of list.getEntries()) window.__tasks.push(task.duration); }).observe({ entryTypes: ['longtask'] });", &[]);
    longest(&page);
    browser.eval("location.hash = '#/review/large'", &[]);
    browser.wait_until("document.querySelector('[data-testid=lanes]')", PATIENCE);
    browser.wait_until("document.querySelector('[data-testid=review-progress]')?.dataset.all > 0", PATIENCE);
    println!("opening the review: longest task {} ms", longest(&page));
    let all = browser.attribute("[data-testid=review-progress]", "data-all").unwrap_or_default();
    page.focus_text();
    for (number, key) in ["a", "b", "r", "l"].iter().enumerate() {
        browser.press(key);
        if *key == "r" {
            browser.wait_for("[data-testid=reasons]");
            browser.press("1");
        }
        let decided = if *key == "l" { number } else { number + 1 };
        browser.wait_until(&format!("document.querySelector('[data-testid=review-progress]')?.dataset.decided === '{decided}'"), PATIENCE);
        println!("a decision ({key}): longest task {} ms", longest(&page));
    }
    // A layer off and on: compared anew, in slices too.
    browser.press("n");
    println!("a step: longest task {} ms", longest(&page));
    stopped(&page);
    longest(&page);
    browser.press("g");
    browser.wait_until("!document.querySelector('[data-testid=take-agreed]')", PATIENCE);
    println!("all that is agreed, in one step: longest task {} ms", longest(&page));
    page.saved();
    let taken = gold_count(&page);
    println!("and kept: longest task {} ms", longest(&page));
    // One step back takes all of it back, one forth makes it again.
    browser.press("Control+z");
    browser.wait_until("document.querySelector('[data-testid=take-agreed]')", PATIENCE);
    println!("all of it taken back: longest task {} ms", longest(&page));
    browser.press("Control+Shift+Z");
    browser.wait_until("!document.querySelector('[data-testid=take-agreed]')", PATIENCE);
    println!("and made again: longest task {} ms", longest(&page));
    assert_eq!(gold_count(&page), taken);
    page.saved();
    longest(&page);
    browser.press("a");
    browser.wait_until("document.querySelector('[data-testid=review-progress]')?.dataset.decided === '4'", PATIENCE);
    println!("a decision after 8,000 others: longest task {} ms", longest(&page));
    browser.click("[data-testid=hand-back] summary");
    browser.click("[data-testid=scores]");
    browser.wait_for("[data-testid=scores-table]");
    println!("scores: longest task {} ms", longest(&page));
    page.saved();
    longest(&page);
    page.reload();
    browser.wait_until(&format!("document.querySelector('[data-testid=review-progress]')?.dataset.all === '{all}'"), PATIENCE);
    browser.wait_until("document.querySelector('[data-testid=review-progress]')?.dataset.decided === '4'", PATIENCE);
    page.done();
}
