//! JSON and JSON Lines of other programs: their objects, with lines, and fields that are written in more than one way.

use super::incoming::Incoming;
use super::problem::ProblemCode;
use serde_json::{Map, Value};

/// The values of a file: of JSON Lines each with its line, else the one that it is; of an array, each. What is not JSON is a problem.
pub(super) fn values(source: &str, incoming: &mut Incoming) -> Vec<(Option<u32>, Value)> {
    let mut found = Vec::new();
    let mut take = |line: Option<u32>, value: Value| match value {
        Value::Array(items) => found.extend(items.into_iter().map(|item| (line, item))),
        value => found.push((line, value)),
    };
    let source = source.trim_start_matches('\u{FEFF}');
    let first = source.trim_start().lines().next().unwrap_or_default();
    let mut whole_error = None;
    if serde_json::from_str::<Value>(first).is_err() {
        match serde_json::from_str::<Value>(source) {
            Ok(value) => {
                take(None, value);
                return found;
            }
            Err(error) => whole_error = Some(error),
        }
    }
    let mut wrong = Vec::new();
    let mut is_lines = false;
    for (number, line) in (1..).zip(source.split('\n')) {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        match serde_json::from_str::<Value>(line) {
            Ok(value) => {
                is_lines |= value.is_object() || value.is_array();
                take(Some(number), value);
            }
            Err(error) => wrong.push((number, error)),
        }
    }
    match whole_error {
        // One object over many lines that breaks off somewhere: one problem, not one a line.
        Some(error) if !is_lines => {
            let line = u32::try_from(error.line()).ok();
            incoming.problem(line, ProblemCode::BadJson { detail: error.to_string() });
            return Vec::new();
        }
        _ => wrong.into_iter().for_each(|(number, error)| incoming.problem(number, ProblemCode::BadJson { detail: error.to_string() })),
    }
    found
}

/// The objects of a file, as [`values`]; what else stands there is set aside.
pub(super) fn objects(source: &str, incoming: &mut Incoming) -> Vec<(Option<u32>, Map<String, Value>)> {
    let mut found = Vec::new();
    for (line, value) in values(source, incoming) {
        match value {
            Value::Object(object) => found.push((line, object)),
            other => {
                incoming.problem(line, ProblemCode::BadJson { detail: "no object".to_owned() });
                incoming.orphan(line, other);
            }
        }
    }
    found
}

/// A position.
pub(super) fn number(value: Option<&Value>) -> Option<u32> {
    value?.as_u64().and_then(|number| u32::try_from(number).ok())
}

/// A name, which may be written as a number.
pub(super) fn name(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(name) => Some(name.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The items of a list; of what is no list, the thing itself.
pub(super) fn list(value: Option<Value>) -> Vec<Value> {
    match value {
        Some(Value::Array(items)) => items,
        None | Some(Value::Null) => Vec::new(),
        Some(other) => vec![other],
    }
}
