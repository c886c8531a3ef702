//! Versions of records: a chain of steps, each from one version to the next. Pure, over plain JSON.

use super::journal::Unreadable;
use crate::text::{Offset, Text};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// The version that this program writes.
pub const VERSION: u64 = 1;

/// One step: a record of one version becomes one of the next. The text is there for records of a layer.
type Step = fn(&mut Map<String, Value>, Option<&Text>);

/// The step at index `n` leads from version `n` to version `n + 1`.
const STEPS: [Step; 1] = [from_0];

const _: () = assert!(STEPS.len() as u64 == VERSION);

/// Reads a record of any version up to this program's.
///
/// # Errors
/// When it is not JSON, is too new, or lacks what it must have.
pub fn read<T: DeserializeOwned>(raw: &str, text: Option<&Text>) -> Result<T, Unreadable> {
    let broken = |error: serde_json::Error| Unreadable::Broken { detail: error.to_string() };
    let Value::Object(mut record) = serde_json::from_str(raw).map_err(broken)? else {
        return Err(Unreadable::Broken { detail: "not an object".to_owned() });
    };
    migrate(&mut record, text)?;
    serde_json::from_value(Value::Object(record)).map_err(broken)
}

/// JSON as a value of some kind. Read in two steps, so that all kinds share the parser of text, which is large.
///
/// # Errors
/// When it is not JSON, or not of that kind.
pub fn parse<T: DeserializeOwned>(raw: &str) -> serde_json::Result<T> {
    serde_json::from_str::<Value>(raw).and_then(serde_json::from_value)
}

/// A record of this program's version.
pub(super) fn write<T: Serialize>(record: &T) -> String {
    // Records are plain objects with strings for names, so this does not fail; an empty record would be told as unreadable.
    let record = serde_json::to_string(record).unwrap_or_default();
    match record.strip_prefix('{') {
        Some("}") => format!("{{\"v\":{VERSION}}}"),
        Some(rest) => format!("{{\"v\":{VERSION},{rest}"),
        None => record,
    }
}

/// Takes a record up the chain to this program's version.
///
/// # Errors
/// When it is of a later version, or its version is not a number.
pub fn migrate(record: &mut Map<String, Value>, text: Option<&Text>) -> Result<(), Unreadable> {
    let version = match record.get("v") {
        None => 0,
        Some(version) => version.as_u64().ok_or_else(|| Unreadable::Broken { detail: "the version is not a number".to_owned() })?,
    };
    if version > VERSION {
        return Err(Unreadable::TooNew { version });
    }
    let done = usize::try_from(version).unwrap_or(STEPS.len());
    for (from, step) in STEPS.iter().enumerate().skip(done) {
        step(record, text);
        record.insert("v".to_owned(), Value::from(from as u64 + 1));
    }
    Ok(())
}

/// Version 0 had no version, no status and no quotes.
fn from_0(record: &mut Map<String, Value>, text: Option<&Text>) {
    let Some(text) = text else { return };
    if let Some(Value::Array(spans)) = record.get_mut("spans") {
        spans.iter_mut().for_each(|span| quote(span, text));
        let status = if spans.is_empty() { "new" } else { "in-progress" };
        record.entry("status").or_insert_with(|| status.into());
    }
    if let Some(Value::Array(changes)) = record.get_mut("do") {
        for change in changes {
            if let Some(Value::Array(sides)) = change.get_mut("span") {
                sides.iter_mut().for_each(|span| quote(span, text));
            }
        }
    }
}

/// Writes down the words that a label of version 0 is on.
fn quote(span: &mut Value, text: &Text) {
    let Value::Object(span) = span else { return };
    if span.contains_key("text") {
        return;
    }
    let place = |value: &Value| Some(Offset::new(u32::try_from(value.as_u64()?).ok()?));
    let slice = |start: &Value, end: &Value| text.slice(place(start)?..place(end)?);
    let words = match span.get("pieces") {
        Some(Value::Array(pieces)) => {
            let parts: Option<Vec<&str>> = pieces.iter().map(|piece| slice(piece.get(0)?, piece.get(1)?)).collect();
            parts.map(|parts| parts.join(" … "))
        }
        _ => span.get("start").zip(span.get("end")).and_then(|(start, end)| slice(start, end)).map(str::to_owned),
    };
    if let Some(words) = words {
        span.insert("text".to_owned(), words.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn migrated(record: Value) -> Result<Value, Unreadable> {
        let Value::Object(mut record) = record else { return Err(Unreadable::Broken { detail: String::new() }) };
        migrate(&mut record, Some(&Text::new("قالت باكو نعم")))?;
        Ok(Value::Object(record))
    }

    #[test]
    fn from_0_a_snapshot_gains_version_status_and_quotes() {
        let old = json!({"revision": 3, "at": 5, "relations": [], "spans": [
            {"id": "s1", "start": 5, "end": 9, "label": "Actor"},
            {"id": "s2", "start": 0, "end": 13, "label": "Claim", "pieces": [[0, 4], [10, 13]]},
            {"id": "s3", "start": 5, "end": 99, "label": "Actor"},
        ]});
        let new = json!({"v": 1, "revision": 3, "at": 5, "relations": [], "status": "in-progress", "spans": [
            {"id": "s1", "start": 5, "end": 9, "label": "Actor", "text": "باكو"},
            {"id": "s2", "start": 0, "end": 13, "label": "Claim", "pieces": [[0, 4], [10, 13]], "text": "قالت … نعم"},
            {"id": "s3", "start": 5, "end": 99, "label": "Actor"},
        ]});
        assert_eq!(migrated(old), Ok(new));
        assert_eq!(migrated(json!({"revision": 0, "spans": []})), Ok(json!({"v": 1, "revision": 0, "spans": [], "status": "new"})));
    }

    #[test]
    fn from_0_an_entry_gains_version_and_quotes_on_both_sides() {
        let span = |end: u32| json!({"id": "s1", "start": 5, "end": end, "label": "Actor"});
        let old = json!({"n": 2, "at": 5, "do": [{"span": [span(9), span(13)]}, {"span": [null, span(7)]}]});
        let new = migrated(old).expect("an old record");
        assert_eq!(new["v"], 1);
        assert_eq!(new["do"][0]["span"][0]["text"], "باكو");
        assert_eq!(new["do"][0]["span"][1]["text"], "باكو نعم");
        assert_eq!(new["do"][1]["span"], json!([null, {"id": "s1", "start": 5, "end": 7, "label": "Actor", "text": "با"}]));
    }

    #[test]
    fn this_version_is_left_as_it_is_and_a_later_one_is_told() {
        let now = json!({"v": 1, "revision": 3, "spans": [{"start": 0, "end": 4}]});
        assert_eq!(migrated(now.clone()), Ok(now));
        assert_eq!(migrated(json!({"v": 2})), Err(Unreadable::TooNew { version: 2 }));
        assert!(matches!(migrated(json!({"v": "1"})), Err(Unreadable::Broken { .. })));
    }
}
