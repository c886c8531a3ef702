//! What a person does to a page and sees of it: keys, pointers, text, rectangles.

use crate::browser::{Browser, Engine};
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, Instant};

/// Long enough for a slow machine with two cores.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A box in viewport coordinates, CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// A point in viewport coordinates, CSS pixels.
pub type Point = (f64, f64);

impl Rect {
    /// Its middle.
    pub fn middle(&self) -> Point {
        (self.x + self.width / 2.0, self.y + self.height / 2.0)
    }
}

// Functions that the scripts below share: offsets are code points within one paragraph.
const LIBRARY: &str = r#"
const textOf = (n) => {
  const block = document.querySelector(`[data-paragraph="${n}"]`);
  if (!block) throw new Error(`no paragraph ${n}`);
  return document.createTreeWalker(block, NodeFilter.SHOW_TEXT).nextNode();
};
const unit = (text, points) => { let i = 0; for (const c of text) { if (points-- <= 0) break; i += c.length; } return i; };
const rangeOf = (n, start, end) => {
  const node = textOf(n), range = document.createRange();
  range.setStart(node, unit(node.data, start)); range.setEnd(node, unit(node.data, end));
  return range;
};
const box = (r) => ({ x: r.x, y: r.y, width: r.width, height: r.height });
"#;

impl Browser {
    /// Opens an address and waits for its load event.
    pub fn goto(&self, url: &str) {
        self.must("/url", &json!({ "url": url }));
    }

    /// Loads the page again.
    pub fn reload(&self) {
        self.must("/refresh", &json!({}));
    }

    /// Runs a script's body, which gives its result with `return`; `arguments` holds `args`.
    pub fn eval(&self, script: &str, args: &[Value]) -> Value {
        self.must("/execute/sync", &json!({ "script": script, "args": args }))
    }

    /// The value of one expression.
    pub fn value(&self, expression: &str) -> Value {
        self.eval(&format!("return ({expression});"), &[])
    }

    /// Awaits the value of an expression that is a promise.
    pub fn resolve(&self, expression: &str) -> Value {
        let script =
            format!("const done = arguments[arguments.length - 1]; Promise.resolve({expression}).then((v) => done([v]), (e) => done(String(e)));");
        let answer = self.must("/execute/async", &json!({ "script": script, "args": [] }));
        match answer.get(0) {
            Some(value) => value.clone(),
            None => panic!("{:?}: {expression} failed: {answer}", self.engine),
        }
    }

    /// Waits until a JavaScript condition holds.
    pub fn wait_until(&self, condition: &str, timeout: Duration) {
        let begin = Instant::now();
        loop {
            let answer = self.session.post("/execute/sync", &json!({ "script": format!("return !!({condition});"), "args": [] }));
            if matches!(&answer, Ok(Value::Bool(true))) {
                return;
            }
            assert!(
                begin.elapsed() < timeout,
                "{:?}: after {timeout:?} still not: {condition}; last answer {answer:?}; page: {}; errors: {:?}",
                self.engine,
                self.value("document.body.innerText.slice(0, 600)"),
                self.console_errors(),
            );
            std::thread::sleep(Duration::from_millis(25));
        }
    }

    /// Waits until the selector finds something.
    pub fn wait_for(&self, selector: &str) {
        self.wait_until(&format!("document.querySelector({})", json!(selector)), PATIENCE);
    }

    /// The text of the first element found.
    pub fn text(&self, selector: &str) -> String {
        self.string("return document.querySelector(arguments[0])?.textContent ?? null;", selector)
    }

    /// An attribute of the first element found.
    pub fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        let script = "return document.querySelector(arguments[0])?.getAttribute(arguments[1]) ?? null;";
        self.eval(script, &[json!(selector), json!(name)]).as_str().map(String::from)
    }

    /// How many elements the selector finds.
    pub fn count(&self, selector: &str) -> u64 {
        let found = self.eval("return document.querySelectorAll(arguments[0]).length;", &[json!(selector)]);
        found.as_u64().unwrap_or(0)
    }

    fn string(&self, script: &str, selector: &str) -> String {
        match self.eval(script, &[json!(selector)]) {
            Value::String(text) => text,
            other => panic!("{:?}: {selector} gives {other}", self.engine),
        }
    }

    /// The box of the first element found, scrolled into view.
    pub fn rect(&self, selector: &str) -> Rect {
        let script = "const e = document.querySelector(arguments[0]); if (!e) return null;
            e.scrollIntoView({ block: 'nearest', behavior: 'instant' }); const r = e.getBoundingClientRect();
            return { x: r.x, y: r.y, width: r.width, height: r.height };";
        to_rect(&self.eval(script, &[json!(selector)])).unwrap_or_else(|| panic!("{:?}: no {selector}", self.engine))
    }

    /// Hands files to a file input, as its dialog would.
    pub fn upload(&self, selector: &str, file: &Path) {
        self.wait_for(selector);
        let found = self.must("/element", &json!({ "using": "css selector", "value": selector }));
        let id = found.as_object().and_then(|o| o.values().next()).and_then(Value::as_str).unwrap_or_default().to_owned();
        self.must(&format!("/element/{id}/value"), &json!({ "text": file.to_string_lossy() }));
    }

    /// The boxes of a stretch of a paragraph, in code points of it: one a line or direction; scrolled into view first.
    pub fn rects(&self, paragraph: usize, start: usize, end: usize) -> Vec<Rect> {
        let script = format!(
            "{LIBRARY} const [n, start, end] = arguments; let range = rangeOf(n, start, end);
            const first = range.getBoundingClientRect();
            if (first.top < 80 || first.bottom > innerHeight - 80) textOf(n).parentElement.scrollIntoView({{ block: 'center', behavior: 'instant' }});
            return [...range.getClientRects()].filter((r) => r.width > 0).map(box);"
        );
        let found = self.eval(&script, &[json!(paragraph), json!(start), json!(end)]);
        found.as_array().map(|all| all.iter().filter_map(to_rect).collect()).unwrap_or_default()
    }

    /// The text of a paragraph.
    pub fn paragraph(&self, paragraph: usize) -> String {
        let found = self.eval(&format!("{LIBRARY} return textOf(arguments[0]).data;"), &[json!(paragraph)]);
        found.as_str().unwrap_or_default().to_owned()
    }

    /// Where a quote stands in the text on screen: paragraph, first and last code point of it (half-open); counted from 0.
    pub fn find(&self, quote: &str, occurrence: usize) -> (usize, usize, usize) {
        let script = "const [quote, wanted] = arguments; let left = wanted;
            for (const block of document.querySelectorAll('[data-paragraph]')) {
              const text = block.textContent;
              for (let at = text.indexOf(quote); at >= 0; at = text.indexOf(quote, at + 1))
                if (left-- === 0) { const start = [...text.slice(0, at)].length;
                  return [Number(block.dataset.paragraph), start, start + [...quote].length]; }
            }
            return null;";
        // A screen that was just opened may not have its text yet.
        let mut found = self.eval(script, &[json!(quote), json!(occurrence)]);
        let begin = Instant::now();
        while found.is_null() && begin.elapsed() < Duration::from_secs(5) {
            std::thread::sleep(Duration::from_millis(50));
            found = self.eval(script, &[json!(quote), json!(occurrence)]);
        }
        let number = |i: usize| found[i].as_u64().and_then(|n| usize::try_from(n).ok());
        match (number(0), number(1), number(2)) {
            (Some(paragraph), Some(start), Some(end)) => (paragraph, start, end),
            _ => panic!("{:?}: not on screen: {quote}", self.engine),
        }
    }

    /// The two points between which a drag selects a stretch: just inside its first and its last letter,
    /// on the side where each is read from and to.
    pub fn ends(&self, paragraph: usize, start: usize, end: usize) -> (Point, Point) {
        assert!(start < end, "a stretch is not empty");
        self.rects(paragraph, start, end);
        let letters: Vec<char> = self.paragraph(paragraph).chars().collect();
        let first = self.rects(paragraph, start, start + 1)[0];
        let last = *self.rects(paragraph, end - 1, end).last().expect("a letter has a box");
        let edge = |r: Rect, at_right: bool| {
            // A tenth inside, so that the nearest caret is this letter's own edge.
            let x = if at_right { r.x + r.width * 0.9 } else { r.x + r.width * 0.1 };
            (x, r.y + r.height / 2.0)
        };
        (edge(first, right_to_left(letters[start])), edge(last, !right_to_left(letters[end - 1])))
    }

    /// Selects a quote by dragging over it.
    pub fn select_quote(&self, quote: &str, occurrence: usize) {
        let (paragraph, start, end) = self.find(quote, occurrence);
        let mut at = self.ends(paragraph, start, end);
        // Once the words lie still, as a person would: a notice may come above them.
        for _ in 0..50 {
            std::thread::sleep(Duration::from_millis(40));
            let now = self.ends(paragraph, start, end);
            if now == at {
                break;
            }
            at = now;
        }
        self.drag(at.0, at.1);
    }

    /// Selects a stretch of a paragraph as the system's touch handles do: the page only hears that the selection changed.
    /// A long touch selects nothing in a headless Chromium on a desktop, telephone or not, so it cannot be used for this.
    pub fn select_by_handles(&self, paragraph: usize, start: usize, end: usize) {
        let script = format!(
            "{LIBRARY} const range = rangeOf(...arguments);
            getSelection().setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);"
        );
        self.eval(&script, &[json!(paragraph), json!(start), json!(end)]);
    }

    /// What is selected, as text.
    pub fn selected(&self) -> String {
        self.value("getSelection().toString()").as_str().unwrap_or_default().to_owned()
    }

    /// The custom highlights registered: name, and the text of each of its ranges, in document order.
    pub fn highlights(&self) -> Value {
        self.value("Object.fromEntries([...CSS.highlights].map(([name, h]) => [name, [...h].map(String)]))")
    }

    /// Every error so far: of scripts, the policy and the console; in Chromium also what its own log holds.
    pub fn console_errors(&self) -> Vec<String> {
        let collected = self.value("(window.__errors || [])");
        let mut errors: Vec<String> = collected.as_array().into_iter().flatten().map(|e| e.as_str().unwrap_or_default().to_owned()).collect();
        // Not of a script: what comes near the viewport gets its true size after the observers of its frame were told.
        errors.retain(|e| !e.contains("ResizeObserver loop completed"));
        if self.engine == Engine::Chromium
            && let Ok(log) = self.session.post("/se/log", &json!({ "type": "browser" }))
        {
            let severe = log.as_array().cloned().unwrap_or_default().into_iter().filter(|e| e["level"] == "SEVERE");
            errors.extend(severe.map(|e| format!("log: {}", e["message"].as_str().unwrap_or_default())));
        }
        errors
    }

    /// Fails if there was any error.
    pub fn assert_no_errors(&self) {
        let errors = self.console_errors();
        assert!(errors.is_empty(), "{:?}: {errors:#?}", self.engine);
    }

    /// Everything in `localStorage`.
    pub fn local_storage(&self) -> Value {
        self.value("Object.fromEntries(Object.entries(localStorage))")
    }

    /// Everything in IndexedDB: database, store, list of key and value.
    pub fn indexed_db(&self) -> Value {
        self.resolve(
            r#"(async () => {
              const done = (r) => new Promise((good, bad) => { r.onsuccess = () => good(r.result); r.onerror = () => bad(r.error); });
              const all = {};
              for (const { name } of await indexedDB.databases()) {
                const db = await done(indexedDB.open(name)), stores = (all[name] = {});
                for (const store of db.objectStoreNames) {
                  const from = db.transaction(store).objectStore(store);
                  const [keys, values] = await Promise.all([done(from.getAllKeys()), done(from.getAll())]);
                  stores[store] = keys.map((key, i) => [key, values[i]]);
                }
                db.close();
              }
              return all;
            })()"#,
        )
    }

    /// Cuts the browser off, or connects it again. Chromium only; for the others see `Site::set_down`.
    pub fn set_offline(&self, offline: bool) {
        self.must(
            "/chromium/network_conditions",
            &json!({ "network_conditions": {
                "offline": offline, "latency": 0, "download_throughput": -1, "upload_throughput": -1,
            }}),
        );
    }

    /// A picture of what is seen.
    pub fn screenshot(&self, to: &Path) {
        let picture = self.session.get("/screenshot").unwrap_or_else(|e| panic!("no picture: {}: {}", e.error, e.message));
        std::fs::write(to, base64(picture.as_str().unwrap_or_default())).expect("a picture is written");
    }

    /// Opens another window or tab on the same profile and returns its handle.
    pub fn new_tab(&self) -> String {
        let made = self.must("/window/new", &json!({ "type": "tab" }));
        made["handle"].as_str().unwrap_or_default().to_owned()
    }

    /// Opens another window on the same profile, seen at the same time, and returns its handle.
    pub fn new_window(&self) -> String {
        let made = self.must("/window/new", &json!({ "type": "window" }));
        made["handle"].as_str().unwrap_or_default().to_owned()
    }

    /// The handle of the tab that commands go to.
    pub fn tab(&self) -> String {
        let handle = self.session.get("/window").unwrap_or_else(|e| panic!("no window: {}: {}", e.error, e.message));
        handle.as_str().unwrap_or_default().to_owned()
    }

    /// Sends the commands that follow to another tab.
    pub fn switch_to(&self, tab: &str) {
        self.must("/window", &json!({ "handle": tab }));
    }

    /// Closes the tab that commands go to.
    pub fn close_tab(&self) {
        let _ = self.session.delete("/window");
    }

    /// Sets the window's size in CSS pixels.
    pub fn resize(&self, width: u32, height: u32) {
        self.must("/window/rect", &json!({ "width": width, "height": height }));
    }
}

fn to_rect(value: &Value) -> Option<Rect> {
    let number = |name: &str| value[name].as_f64();
    Some(Rect { x: number("x")?, y: number("y")?, width: number("width")?, height: number("height")? })
}

fn right_to_left(letter: char) -> bool {
    matches!(letter, '\u{590}'..='\u{65F}' | '\u{66D}'..='\u{6EF}' | '\u{6FA}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
        || !letter.is_alphanumeric()
}

fn base64(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held) = (0_u32, 0);
    for c in text.bytes() {
        let six = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        bits = bits << 6 | u32::from(six);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xFF).unwrap_or(0));
        }
    }
    bytes
}
