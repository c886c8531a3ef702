//! Messages between the page and its worker: arrays whose large parts are handed over as they are.
//!
//! What is kept may be large, so that records cross as the browser's own strings and files as buffers that change
//! hands. A task crosses as a structured value; an answer as JSON, for the page reads JSON already.

use crate::exchange::{Answer, Task};
use crate::persist::{Keyspace, Write};
use js_sys::{Array, ArrayBuffer, Uint8Array};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};

/// From the page: do this.
pub struct Request {
    /// Tells its answer from others.
    pub id: u32,
    /// What to do.
    pub task: Task,
    /// Whether the database may be read.
    pub durable: bool,
    /// What `localStorage` has: arrays of key and value.
    pub local: Array,
    /// What the database does not have yet: arrays of key and value, or `null` for what is to go.
    pub pending: Array,
    /// Files: arrays of name and buffer.
    pub files: Array,
}

impl Request {
    /// The message, and the buffers that change hands.
    #[must_use]
    pub fn pack(&self) -> (JsValue, Array) {
        let task = value_of(&self.task);
        let buffers: Array = self.files.iter().map(|file| Array::from(&file).get(1)).collect();
        let parts: [JsValue; 6] =
            [self.id.into(), task, self.durable.into(), self.local.clone().into(), self.pending.clone().into(), self.files.clone().into()];
        (parts.into_iter().collect::<Array>().into(), buffers)
    }

    /// Reads a message.
    #[must_use]
    pub fn unpack(message: &JsValue) -> Option<Self> {
        let parts: &Array = message.dyn_ref()?;
        let list = |index| parts.get(index).dyn_into::<Array>().ok();
        Some(Self {
            id: number(&parts.get(0))?,
            task: serde_wasm_bindgen::from_value(parts.get(1)).ok()?,
            durable: parts.get(2).is_truthy(),
            local: list(3)?,
            pending: list(4)?,
            files: list(5)?,
        })
    }
}

/// From the worker.
pub enum Reply {
    /// It listens.
    Ready,
    /// It cannot go on, in the browser's words.
    Failed(String),
    /// So many hundredths of a task are done.
    Progress(u32, u32),
    /// The database could not be read, in the browser's words; nothing was done.
    Unread(u32, String),
    /// It is done.
    Done(u32, Box<Outcome>),
}

/// What came of a task, as it travels.
pub struct Outcome {
    /// The typed part; its writes and its file are in the other fields.
    pub answer: Answer,
    /// Arrays of key and value, or `null` for what is to go.
    pub writes: Array,
    /// The file, if there is one.
    pub file: Uint8Array,
}

impl Outcome {
    /// An answer on its way.
    #[must_use]
    pub fn of(keys: &Keyspace, answer: Answer) -> Self {
        let writes = answer.writes.iter().map(|write| match write {
            Write::Set(key, value) => pair(&keys.write(key).into(), &value.into()),
            Write::Remove(key) => pair(&keys.write(key).into(), &JsValue::NULL),
        });
        Self { writes: writes.collect(), file: Uint8Array::from(answer.file.as_slice()), answer }
    }
}

impl Reply {
    /// The message, and the buffers that change hands.
    #[must_use]
    pub fn pack(&self) -> (JsValue, Array) {
        let buffers = Array::new();
        let parts: Vec<JsValue> = match self {
            Self::Ready => vec!["ready".into()],
            Self::Failed(detail) => vec!["failed".into(), detail.into()],
            Self::Progress(id, hundredths) => vec!["progress".into(), (*id).into(), (*hundredths).into()],
            Self::Unread(id, detail) => vec!["unread".into(), (*id).into(), detail.into()],
            Self::Done(id, outcome) => {
                buffers.push(&outcome.file.buffer());
                let answer = serde_json::to_string(&outcome.answer).unwrap_or_default();
                vec!["done".into(), (*id).into(), answer.into(), outcome.writes.clone().into(), outcome.file.clone().into()]
            }
        };
        (parts.into_iter().collect::<Array>().into(), buffers)
    }

    /// Reads a message.
    #[must_use]
    pub fn unpack(message: &JsValue) -> Option<Self> {
        let parts: &Array = message.dyn_ref()?;
        let id = || number(&parts.get(1));
        Some(match parts.get(0).as_string()?.as_str() {
            "ready" => Self::Ready,
            "failed" => Self::Failed(parts.get(1).as_string().unwrap_or_default()),
            "progress" => Self::Progress(id()?, number(&parts.get(2))?),
            "unread" => Self::Unread(id()?, parts.get(2).as_string().unwrap_or_default()),
            "done" => {
                let answer = crate::json::parse(&parts.get(2).as_string()?).ok()?;
                let outcome = Outcome { answer, writes: parts.get(3).dyn_into().ok()?, file: parts.get(4).dyn_into().ok()? };
                Self::Done(id()?, Box::new(outcome))
            }
            _ => return None,
        })
    }
}

/// A typed part as a structured value, its maps as plain objects; what cannot be told becomes `null`, which no reader takes.
fn value_of(part: &impl Serialize) -> JsValue {
    part.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).unwrap_or(JsValue::NULL)
}

/// An array of two.
#[must_use]
pub fn pair(first: &JsValue, second: &JsValue) -> JsValue {
    Array::of2(first, second).into()
}

/// The key and, unless it is to go, the value of a record.
#[must_use]
pub fn record(pair: &JsValue) -> Option<(String, Option<String>)> {
    let pair: &Array = pair.dyn_ref()?;
    Some((pair.get(0).as_string()?, pair.get(1).as_string()))
}

/// The name and content of a file.
#[must_use]
pub fn file(pair: &JsValue) -> Option<(String, Vec<u8>)> {
    let pair: &Array = pair.dyn_ref()?;
    let buffer: ArrayBuffer = pair.get(1).dyn_into().ok()?;
    Some((pair.get(0).as_string()?, Uint8Array::new(&buffer).to_vec()))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "numbers that this program gave, from zero and small")]
fn number(value: &JsValue) -> Option<u32> {
    value.as_f64().map(|number| number as u32)
}
