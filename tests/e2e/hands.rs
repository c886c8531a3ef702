//! A person's hands: mouse, finger and keyboard, as the browser gets them from real devices.

use crate::browser::Browser;
use crate::page::Point;
use serde_json::{Value, json};
use std::time::Duration;

/// Which kind of pointer a person uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pointer {
    /// A mouse.
    Mouse,
    /// A finger.
    Touch,
}

impl Browser {
    /// Clicks in the middle of the first element found, with a real pointer; once it lies still, as a person would.
    pub fn click(&self, selector: &str) {
        self.wait_for(selector);
        let mut at = self.rect(selector).middle();
        // Until it lies still, and nothing that passes lies over it, such as a toast.
        for _ in 0..200 {
            std::thread::sleep(Duration::from_millis(30));
            let now = self.rect(selector).middle();
            let script = "const e = document.elementFromPoint(arguments[0], arguments[1]), own = document.querySelector(arguments[2]); return !!e && (own.contains(e) || e.contains(own));";
            if now == at && self.eval(script, &[json!(now.0), json!(now.1), json!(selector)]) == true {
                break;
            }
            at = now;
        }
        self.click_at(at, 1, &[]);
    }

    /// Clicks a point so many times in a row, with modifier keys held, such as `Shift`.
    pub fn click_at(&self, at: Point, times: usize, modifiers: &[&str]) {
        let mut steps = vec![move_to(at, 0)];
        for _ in 0..times {
            steps.extend([json!({ "type": "pointerDown", "button": 0 }), json!({ "type": "pointerUp", "button": 0 })]);
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

    /// A touch that lasts. In headless Chromium a long one selects nothing: see `select_by_handles`.
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
        let mut keys: Vec<Value> = modifiers.iter().map(|m| json!({ "type": "keyDown", "value": key(m) })).collect();
        let mut moves: Vec<Value> = modifiers.iter().map(|_| pause()).collect();
        keys.extend(steps.iter().map(|_| pause()));
        moves.extend(steps);
        keys.extend(modifiers.iter().rev().map(|m| json!({ "type": "keyUp", "value": key(m) })));
        moves.extend(modifiers.iter().map(|_| pause()));
        let kind = if pointer == Pointer::Touch { "touch" } else { "mouse" };
        let mut sources = vec![json!({ "type": "pointer", "id": kind, "parameters": { "pointerType": kind }, "actions": moves })];
        if !modifiers.is_empty() {
            sources.push(json!({ "type": "key", "id": "keys", "actions": keys }));
        }
        self.must("/actions", &json!({ "actions": sources }));
    }

    /// Presses keys together, as in `Control+Shift+z`, `ArrowLeft` or `1`; names as in `KeyboardEvent.key`.
    pub fn press(&self, chord: &str) {
        let parts: Vec<&str> = if chord == "+" { vec!["+"] } else { chord.split('+').collect() };
        let down = parts.iter().map(|k| json!({ "type": "keyDown", "value": key(k) }));
        let up = parts.iter().rev().map(|k| json!({ "type": "keyUp", "value": key(k) }));
        let actions: Vec<Value> = down.chain(up).collect();
        self.must("/actions", &json!({ "actions": [{ "type": "key", "id": "keys", "actions": actions }] }));
    }

    /// Types a text, key by key.
    pub fn type_text(&self, text: &str) {
        let actions: Vec<Value> = text
            .chars()
            .flat_map(|c| [json!({ "type": "keyDown", "value": c.to_string() }), json!({ "type": "keyUp", "value": c.to_string() })])
            .collect();
        self.must("/actions", &json!({ "actions": [{ "type": "key", "id": "keys", "actions": actions }] }));
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
