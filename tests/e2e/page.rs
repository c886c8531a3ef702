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

/// Which kind of pointer a person uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pointer {
    /// A mouse.
    Mouse,
    /// A finger.
    Touch,
}

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
        let script = format!(
            "const done = arguments[arguments.length - 1]; Promise.resolve({expression}).then((v) => done([v]), (e) => done(String(e)));"
        );
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
            let answer = self.session.post(
                "/execute/sync",
                &json!({ "script": format!("return !!({condition});"), "args": [] }),
            );
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
        self.wait_until(
            &format!("document.querySelector({})", json!(selector)),
            PATIENCE,
        );
    }

    /// The text of the first element found.
    pub fn text(&self, selector: &str) -> String {
        self.string(
            "return document.querySelector(arguments[0])?.textContent ?? null;",
            selector,
        )
    }

    /// An attribute of the first element found.
    pub fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        let script =
            "return document.querySelector(arguments[0])?.getAttribute(arguments[1]) ?? null;";
        self.eval(script, &[json!(selector), json!(name)])
            .as_str()
            .map(String::from)
    }

    /// How many elements the selector finds.
    pub fn count(&self, selector: &str) -> u64 {
        let found = self.eval(
            "return document.querySelectorAll(arguments[0]).length;",
            &[json!(selector)],
        );
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
        to_rect(&self.eval(script, &[json!(selector)]))
            .unwrap_or_else(|| panic!("{:?}: no {selector}", self.engine))
    }

    /// Clicks in the middle of the first element found, with a real pointer.
    pub fn click(&self, selector: &str) {
        self.wait_for(selector);
        self.click_at(self.rect(selector).middle(), 1, &[]);
    }

    /// Clicks a point so many times in a row, with modifier keys held, such as `Shift`.
    pub fn click_at(&self, at: Point, times: usize, modifiers: &[&str]) {
        let mut steps = vec![move_to(at, 0)];
        for _ in 0..times {
            steps.extend([
                json!({ "type": "pointerDown", "button": 0 }),
                json!({ "type": "pointerUp", "button": 0 }),
            ]);
        }
        self.pointer(Pointer::Mouse, steps, modifiers);
    }

    /// Double click: selects a word.
    pub fn double_click(&self, at: Point) {
        self.click_at(at, 2, &[]);
    }

    /// Presses at one point, moves to the other in a few steps, and lets go.
    pub fn drag(&self, from: Point, to: Point) {
        self.drag_with(Pointer::Mouse, from, to, &[]);
    }

    /// The same, with a kind of pointer and keys held.
    pub fn drag_with(&self, pointer: Pointer, from: Point, to: Point, modifiers: &[&str]) {
        let half = ((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0);
        let steps = vec![
            move_to(from, 0),
            json!({ "type": "pointerDown", "button": 0 }),
            move_to(half, 60),
            move_to(to, 60),
            json!({ "type": "pause", "duration": 30 }),
            json!({ "type": "pointerUp", "button": 0 }),
        ];
        self.pointer(pointer, steps, modifiers);
    }

    /// A short touch of a finger.
    pub fn tap(&self, at: Point) {
        self.touch_for(at, Duration::from_millis(30));
    }

    /// A touch that lasts: a long one selects a word where the system does so.
    pub fn touch_for(&self, at: Point, time: Duration) {
        let steps = vec![
            move_to(at, 0),
            json!({ "type": "pointerDown", "button": 0 }),
            json!({ "type": "pause", "duration": u64::try_from(time.as_millis()).unwrap_or(0) }),
            json!({ "type": "pointerUp", "button": 0 }),
        ];
        self.pointer(Pointer::Touch, steps, &[]);
    }

    fn pointer(&self, pointer: Pointer, steps: Vec<Value>, modifiers: &[&str]) {
        // A key source runs in step with the pointer: its keys are down before the first move and up after the last.
        let mut keys: Vec<Value> = modifiers
            .iter()
            .map(|m| json!({ "type": "keyDown", "value": key(m) }))
            .collect();
        let mut moves: Vec<Value> = modifiers.iter().map(|_| pause()).collect();
        keys.extend(steps.iter().map(|_| pause()));
        moves.extend(steps);
        keys.extend(
            modifiers
                .iter()
                .rev()
                .map(|m| json!({ "type": "keyUp", "value": key(m) })),
        );
        moves.extend(modifiers.iter().map(|_| pause()));
        let kind = if pointer == Pointer::Touch {
            "touch"
        } else {
            "mouse"
        };
        let mut sources = vec![
            json!({ "type": "pointer", "id": kind, "parameters": { "pointerType": kind }, "actions": moves }),
        ];
        if !modifiers.is_empty() {
            sources.push(json!({ "type": "key", "id": "keys", "actions": keys }));
        }
        self.must("/actions", &json!({ "actions": sources }));
    }

    /// Presses keys together, as in `Control+Shift+z`, `ArrowLeft` or `1`; names as in `KeyboardEvent.key`.
    pub fn press(&self, chord: &str) {
        let parts: Vec<&str> = if chord == "+" {
            vec!["+"]
        } else {
            chord.split('+').collect()
        };
        let down = parts
            .iter()
            .map(|k| json!({ "type": "keyDown", "value": key(k) }));
        let up = parts
            .iter()
            .rev()
            .map(|k| json!({ "type": "keyUp", "value": key(k) }));
        let actions: Vec<Value> = down.chain(up).collect();
        self.must(
            "/actions",
            &json!({ "actions": [{ "type": "key", "id": "keys", "actions": actions }] }),
        );
    }

    /// Types a text, key by key.
    pub fn type_text(&self, text: &str) {
        let actions: Vec<Value> = text
            .chars()
            .flat_map(|c| {
                [
                    json!({ "type": "keyDown", "value": c.to_string() }),
                    json!({ "type": "keyUp", "value": c.to_string() }),
                ]
            })
            .collect();
        self.must(
            "/actions",
            &json!({ "actions": [{ "type": "key", "id": "keys", "actions": actions }] }),
        );
    }

    /// Presses the physical key `code` that gives `value` in the layout in use, such as `KeyZ` and `ئ`. Chromium only.
    ///
    /// `modifiers` adds up Alt 1, Control 2, Meta 4, Shift 8.
    pub fn press_physical(&self, code: &str, value: &str, virtual_key: u32, modifiers: u32) {
        let mut event = json!({ "type": "keyDown", "code": code, "key": value, "modifiers": modifiers, "windowsVirtualKeyCode": virtual_key });
        if modifiers & 7 == 0 && value.chars().count() == 1 {
            event["text"] = json!(value);
        }
        self.devtools("Input.dispatchKeyEvent", &event);
        event["type"] = json!("keyUp");
        if let Some(fields) = event.as_object_mut() {
            fields.remove("text");
        }
        self.devtools("Input.dispatchKeyEvent", &event);
    }

    /// Hands files to a file input, as its dialog would.
    pub fn upload(&self, selector: &str, file: &Path) {
        self.wait_for(selector);
        let found = self.must(
            "/element",
            &json!({ "using": "css selector", "value": selector }),
        );
        let id = found
            .as_object()
            .and_then(|o| o.values().next())
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        self.must(
            &format!("/element/{id}/value"),
            &json!({ "text": file.to_string_lossy() }),
        );
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
        found
            .as_array()
            .map(|all| all.iter().filter_map(to_rect).collect())
            .unwrap_or_default()
    }

    /// The text of a paragraph.
    pub fn paragraph(&self, paragraph: usize) -> String {
        let found = self.eval(
            &format!("{LIBRARY} return textOf(arguments[0]).data;"),
            &[json!(paragraph)],
        );
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
        let found = self.eval(script, &[json!(quote), json!(occurrence)]);
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
        let last = *self
            .rects(paragraph, end - 1, end)
            .last()
            .expect("a letter has a box");
        let edge = |r: Rect, at_right: bool| {
            // A tenth inside, so that the nearest caret is this letter's own edge.
            let x = if at_right {
                r.x + r.width * 0.9
            } else {
                r.x + r.width * 0.1
            };
            (x, r.y + r.height / 2.0)
        };
        (
            edge(first, right_to_left(letters[start])),
            edge(last, !right_to_left(letters[end - 1])),
        )
    }

    /// Selects a quote by dragging over it.
    pub fn select_quote(&self, quote: &str, occurrence: usize) {
        let (paragraph, start, end) = self.find(quote, occurrence);
        let (from, to) = self.ends(paragraph, start, end);
        self.drag(from, to);
    }

    /// What is selected, as text.
    pub fn selected(&self) -> String {
        self.value("getSelection().toString()")
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// The custom highlights registered: name, and the text of each of its ranges, in document order.
    pub fn highlights(&self) -> Value {
        self.value("Object.fromEntries([...CSS.highlights].map(([name, h]) => [name, [...h].map(String)]))")
    }

    /// Every error so far: of scripts, the policy and the console; in Chromium also what its own log holds.
    pub fn console_errors(&self) -> Vec<String> {
        let collected = self.value("(window.__errors || [])");
        let mut errors: Vec<String> = collected
            .as_array()
            .into_iter()
            .flatten()
            .map(|e| e.as_str().unwrap_or_default().to_owned())
            .collect();
        if self.engine == Engine::Chromium
            && let Ok(log) = self.session.post("/se/log", &json!({ "type": "browser" }))
        {
            let severe = log
                .as_array()
                .cloned()
                .unwrap_or_default()
                .into_iter()
                .filter(|e| e["level"] == "SEVERE");
            errors.extend(
                severe.map(|e| format!("log: {}", e["message"].as_str().unwrap_or_default())),
            );
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
        self.must("/chromium/network_conditions", &json!({ "network_conditions": {
            "offline": offline, "latency": 0, "download_throughput": -1, "upload_throughput": -1,
        }}));
    }

    /// A picture of what is seen.
    pub fn screenshot(&self, to: &Path) {
        let picture = self
            .session
            .get("/screenshot")
            .unwrap_or_else(|e| panic!("no picture: {}: {}", e.error, e.message));
        std::fs::write(to, base64(picture.as_str().unwrap_or_default()))
            .expect("a picture is written");
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
        let handle = self
            .session
            .get("/window")
            .unwrap_or_else(|e| panic!("no window: {}: {}", e.error, e.message));
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
    Some(Rect {
        x: number("x")?,
        y: number("y")?,
        width: number("width")?,
        height: number("height")?,
    })
}

fn pause() -> Value {
    json!({ "type": "pause", "duration": 0 })
}

fn move_to(at: Point, milliseconds: u64) -> Value {
    // Whole pixels: some drivers refuse fractions.
    json!({ "type": "pointerMove", "duration": milliseconds, "x": at.0.round(), "y": at.1.round(), "origin": "viewport" })
}

/// The protocol's code point for a key's name; other keys stand for themselves.
fn key(name: &str) -> String {
    let code = match name {
        "Backspace" => '\u{E003}',
        "Tab" => '\u{E004}',
        "Enter" => '\u{E007}',
        "Shift" => '\u{E008}',
        "Control" => '\u{E009}',
        "Alt" => '\u{E00A}',
        "Escape" => '\u{E00C}',
        "Space" => ' ',
        "PageUp" => '\u{E00E}',
        "PageDown" => '\u{E00F}',
        "End" => '\u{E010}',
        "Home" => '\u{E011}',
        "ArrowLeft" => '\u{E012}',
        "ArrowUp" => '\u{E013}',
        "ArrowRight" => '\u{E014}',
        "ArrowDown" => '\u{E015}',
        "Delete" => '\u{E017}',
        "Meta" => '\u{E03D}',
        other => return other.to_owned(),
    };
    code.to_string()
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
