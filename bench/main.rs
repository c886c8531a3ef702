//! The page beside a bare page, in one Chromium, action by action in turn: `make bench`.
//!
//! A ratio near 1 means that everything the page does beyond showing text costs the reader nothing.
//! Arguments: `quick` measures four sizes instead of ten, `2500/0/0` (characters, labels, relations) that one; `bare` measures
//! the bare page against itself, which tells how far from 1 a ratio gets by chance; `each` prints every label's time.
#![allow(clippy::unwrap_used, clippy::expect_used, dead_code, unused_imports)]

mod document;
mod harness;

// The files of the harness name one another from the root.
use harness::{browser, hands, machine, page, site, wire, work};

use browser::{Browser, Engine, Folder, Options};
use document::{ANNOTATOR, Document};
use page::PATIENCE;
use serde_json::{Value, json};
use site::{SUB_PATH, Site};
use std::path::Path;
use std::time::{Duration, Instant};

/// Label actions on each page at each size: enough for a 95th percentile.
const ACTIONS: usize = 60;
/// Openings on each page at each size.
const OPENINGS: usize = 5;

/// One of the two pages, in a window of its own.
struct Side {
    tab: String,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Ours,
    Bare,
}

/// What was measured on one side at one size, in milliseconds and bytes.
struct Figures {
    label: Vec<f64>,
    open: Vec<f64>,
    heap: f64,
}

fn main() {
    let has = |word: &str| std::env::args().any(|a| a == word);
    if let Err(reason) = Engine::Chromium.available() {
        println!("no bench: {reason}");
        return;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let article = std::fs::read_to_string(root.join("data/article.txt")).expect("the article");
    let folder = Folder::new("bench");
    std::fs::copy(root.join("bench/bare.html"), folder.path().join("index.html")).expect("the bare page");
    let site = Site::start(&[(SUB_PATH, root.join("dist")), ("/bare/", folder.path().into())]);

    let first = if has("bare") { Kind::Bare } else { Kind::Ours };
    // Characters, labels, relations.
    let asked: Vec<(usize, usize, usize)> = std::env::args().filter_map(|word| size_of(&word)).collect();
    let sizes: &[(usize, usize, usize)] = if !asked.is_empty() {
        &asked
    } else if has("quick") {
        &[(2_500, 0, 0), (100_000, 1_000, 0), (100_000, 10_000, 5_000), (1_000_000, 10_000, 0)]
    } else {
        &[
            (2_500, 0, 0),
            (2_500, 1_000, 0),
            (2_500, 10_000, 0),
            (100_000, 0, 0),
            (100_000, 1_000, 0),
            (100_000, 10_000, 0),
            (100_000, 10_000, 5_000),
            (1_000_000, 0, 0),
            (1_000_000, 1_000, 0),
            (1_000_000, 10_000, 0),
        ]
    };
    println!(
        "{:>9} {:>6} {:>5} | {:>17} {:>17} {:>11} | {:>9} {:>9} {:>5} | {:>8} {:>8}",
        "text", "labels", "ties", "label ms p50/p95", "bare p50/p95", "ratios", "open ms", "bare", "ratio", "heap MB", "bare"
    );
    for &(size, labels, ties) in sizes {
        let document = Document::new(&article, size, labels, ties);
        let file = folder.path().join(format!("{}.jsonl", document.id));
        std::fs::write(&file, &document.lines).expect("the document is written");
        let [ours, bare] = measure(&site, first, &document, &file);
        println!(
            "{size:>9} {labels:>6} {ties:>5} | {:>8.1} {:>8.1} {:>8.1} {:>8.1} {:>5.2} {:>5.2} | {:>9.1} {:>9.1} {:>5.2} | {:>8.1} {:>8.1}",
            percentile(&ours.label, 50.0),
            percentile(&ours.label, 95.0),
            percentile(&bare.label, 50.0),
            percentile(&bare.label, 95.0),
            percentile(&ours.label, 50.0) / percentile(&bare.label, 50.0),
            percentile(&ours.label, 95.0) / percentile(&bare.label, 95.0),
            percentile(&ours.open, 50.0),
            percentile(&bare.open, 50.0),
            percentile(&ours.open, 50.0) / percentile(&bare.open, 50.0),
            ours.heap / 1e6,
            bare.heap / 1e6,
        );
        if has("each") {
            println!("page {:.1?}\nbare {:.1?}", ours.label, bare.label);
        }
    }
}

/// Characters, labels and relations, written as `2500/0/0`.
fn size_of(word: &str) -> Option<(usize, usize, usize)> {
    let mut parts = word.split('/').map(|part| part.parse().ok());
    let size = (parts.next()??, parts.next()??, parts.next()??);
    parts.next().is_none().then_some(size)
}

/// Both pages in one fresh browser, in two windows, by turns.
fn measure(site: &Site, first: Kind, document: &Document, file: &Path) -> [Figures; 2] {
    let options = Options {
        // Both windows count as seen, so that neither is slowed down while the other has its turn.
        arguments: ["--disable-backgrounding-occluded-windows", "--disable-renderer-backgrounding", "--disable-background-timer-throttling"]
            .map(String::from)
            .into(),
        ..Options::default()
    };
    let browser = Browser::start(Engine::Chromium, options);
    let sides = [Side { tab: browser.tab(), kind: first }, Side { tab: browser.new_window(), kind: Kind::Bare }];
    let mut figures = [(); 2].map(|()| Figures { label: Vec::new(), open: Vec::new(), heap: 0.0 });
    for (n, side) in sides.iter().enumerate() {
        browser.switch_to(&side.tab);
        side.load(&browser, site, n, document, file);
    }
    for round in 0..OPENINGS {
        for n in turns(round) {
            browser.switch_to(&sides[n].tab);
            figures[n].open.push(sides[n].open(&browser, document));
        }
    }
    for (round, &target) in document.targets(ACTIONS).iter().enumerate() {
        for n in turns(round) {
            browser.switch_to(&sides[n].tab);
            // No hand keeps time: a pause of one length would meet each page at one and the same moment of what it still does.
            let pause = Duration::from_millis(100 + (round as u64 * 53) % 300);
            figures[n].label.push(sides[n].label(&browser, target, pause));
        }
    }
    for (side, figures) in sides.iter().zip(&mut figures) {
        browser.switch_to(&side.tab);
        browser.devtools("HeapProfiler.collectGarbage", &json!({}));
        let heap = browser.devtools("Runtime.getHeapUsage", &json!({}));
        // Objects, the document's own, and buffers: the module's memory is among the last.
        figures.heap = ["usedSize", "embedderHeapUsedSize", "backingStorageSize"].iter().filter_map(|part| heap[part].as_f64()).sum();
    }
    figures
}

/// Who goes first changes from round to round.
fn turns(round: usize) -> [usize; 2] {
    if round.is_multiple_of(2) { [0, 1] } else { [1, 0] }
}

impl Side {
    /// Loads the page and hands it the document. The two sides are two sites (two names of this machine),
    /// so that each has a process, a heap and a store of its own.
    fn load(&self, browser: &Browser, site: &Site, n: usize, document: &Document, file: &Path) {
        let path = if self.kind == Kind::Ours { SUB_PATH } else { "/bare/" };
        let url = site.url_of(path);
        browser.goto(&if n == 0 { url } else { url.replace("127.0.0.1", "localhost") });
        if self.kind == Kind::Bare {
            let script = "const done = arguments[1]; keep(arguments[0]).then(() => done(true));";
            browser.must("/execute/async", &json!({ "script": script, "args": [document.lines] }));
            return;
        }
        browser.wait_until("!document.getElementById('boot')", PATIENCE);
        // The layer in the file is read as the reader's own.
        browser.wait_for("[data-testid=annotator]");
        browser.click("[data-testid=annotator]");
        browser.press("Control+a");
        browser.type_text(ANNOTATOR);
        browser.press("Enter");
        browser.wait_until("!document.querySelector('[data-testid=annotator]')", PATIENCE);
        browser.upload("input[type=file][data-testid=import]", file);
        let known = format!("document.body.innerHTML.includes({})", json!(document.id));
        browser.wait_until(&known, Duration::from_secs(120));
        browser.wait_until("document.querySelector('[data-testid=save-state]')?.dataset.state !== 'saving'", Duration::from_secs(120));
    }

    /// Opens the document and returns how long it took until it could be annotated, in milliseconds.
    fn open(&self, browser: &Browser, document: &Document) -> f64 {
        if self.kind == Kind::Ours {
            browser.eval("location.hash = '#/library';", &[]);
            browser.wait_until("!document.querySelector('[data-paragraph]')", PATIENCE);
        }
        self.timed(browser, "wusum:open", || {
            if self.kind == Kind::Ours {
                browser.eval("location.hash = arguments[0];", &[json!(format!("#/read/{}", document.id))]);
            } else {
                browser.eval("show();", &[]);
            }
        })
    }

    /// Selects a word with the mouse, labels it with a key, and returns how long it took until it was shown, in milliseconds.
    fn label(&self, browser: &Browser, (paragraph, start, end): (usize, usize, usize), pause: Duration) -> f64 {
        browser.rects(paragraph, start, end);
        // A page that paints its window of text after scrolling gets the time to do so.
        std::thread::sleep(Duration::from_millis(40));
        let word = browser.rects(paragraph, start, end)[0];
        browser.double_click(word.middle());
        // What the selection itself costs is over when a hand reaches the key.
        std::thread::sleep(pause);
        self.timed(browser, "wusum:label", || browser.press("1"))
    }

    fn timed(&self, browser: &Browser, name: &str, action: impl Fn()) -> f64 {
        let entries = format!("performance.getEntriesByName({})", json!(name));
        browser.eval("performance.clearMeasures(arguments[0]);", &[json!(name)]);
        action();
        // A question of the driver is a task on the page's thread: none shall come into the time that is measured.
        std::thread::sleep(Duration::from_millis(60));
        let begin = Instant::now();
        loop {
            let found = browser.value(&format!("{entries}[0]?.duration ?? null"));
            if let Value::Number(duration) = &found {
                return duration.as_f64().unwrap_or(f64::NAN);
            }
            assert!(
                begin.elapsed() < Duration::from_secs(60),
                "no measure named {name}: {:?}; the page says {}",
                browser.console_errors(),
                browser.value("document.body.innerText"),
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

fn percentile(values: &[f64], percent: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().saturating_sub(1);
    // The nearest rank: no value between two that were measured.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
    let at = (last as f64 * percent / 100.0).ceil() as usize;
    sorted.get(at).copied().unwrap_or(f64::NAN)
}
