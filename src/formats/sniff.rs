//! How a file begins, for formats to know their own.

use super::files;
use serde_json::{Map, Value};

/// How much of a file is looked at, in bytes.
const HEAD: usize = 64 * 1024;

/// How a file begins.
pub struct Head {
    ending: String,
    start: String,
    object: Option<Map<String, Value>>,
    is_whole: bool,
}

impl Head {
    /// Looks at a file.
    #[must_use]
    pub fn new(name: Option<&str>, bytes: &[u8]) -> Self {
        let ending = name.map(|name| files::ending(name).1).unwrap_or_default();
        let start = crate::text::decode(bytes.get(..bytes.len().min(HEAD)).unwrap_or_default()).text;
        let object = first_object(&start, bytes);
        Self { ending, start, object, is_whole: bytes.len() <= HEAD }
    }

    /// How its name ends, without the dot, in lower case.
    #[must_use]
    pub fn ending(&self) -> &str {
        &self.ending
    }

    /// The text it begins with.
    #[must_use]
    pub fn start(&self) -> &str {
        &self.start
    }

    /// Lines that are whole.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        let end = if self.is_whole { self.start.len() } else { self.start.rfind('\n').unwrap_or(0) };
        self.start.get(..end).unwrap_or_default().lines()
    }

    /// The first JSON object: of a line, of the whole file, or of the array that the file is.
    #[must_use]
    pub fn object(&self) -> Option<&Map<String, Value>> {
        self.object.as_ref()
    }

    /// The keys of the first JSON object.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.object.iter().flat_map(|object| object.keys().map(String::as_str))
    }

    /// Whether the first JSON object has a key.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.object.as_ref().is_some_and(|object| object.contains_key(key))
    }

    /// Whether the first JSON object has a list under a key.
    #[must_use]
    pub fn has_list(&self, key: &str) -> bool {
        self.object.as_ref().and_then(|object| object.get(key)).is_some_and(Value::is_array)
    }
}

fn first_object(start: &str, bytes: &[u8]) -> Option<Map<String, Value>> {
    let trimmed = start.trim_start();
    if !trimmed.starts_with(['{', '[']) {
        return None;
    }
    let first = trimmed.lines().next().unwrap_or_default();
    let value = serde_json::from_str::<Value>(first).ok().or_else(|| serde_json::from_str(&crate::text::decode(bytes).text).ok());
    match value? {
        Value::Object(object) => Some(object),
        Value::Array(items) => match items.into_iter().next()? {
            Value::Object(object) => Some(object),
            _ => None,
        },
        _ => None,
    }
}
