//! doccano's list of label types, as its project page uploads it: a JSON array of labels with a shortcut and a colour.
//!
//! doccano keeps types of spans and of relations in two lists; this is the one of spans.

use super::problem::{Problem, ProblemCode};
use super::schema_file::{Draft, is_colour, new_label};
use super::schema_loss::Losses;
use crate::schema::{Colour, Schema};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What it has a place for.
const HELD: &[&str] = &["key", "colour"];

/// The most characters of a name and of a description there.
const LONGEST: usize = 100;

#[derive(Serialize)]
struct LabelOut<'a> {
    text: &'a str,
    prefix_key: Option<&'a str>,
    suffix_key: Option<String>,
    background_color: &'a str,
    text_color: &'a str,
}

/// doccano reads `suffixKey` as `suffix_key`.
#[derive(Deserialize)]
struct LabelIn {
    text: String,
    #[serde(default, alias = "prefixKey")]
    prefix_key: Option<String>,
    #[serde(default, alias = "suffixKey")]
    suffix_key: Option<String>,
    #[serde(default, alias = "backgroundColor")]
    background_color: Option<String>,
    #[serde(default, alias = "textColor")]
    text_color: Option<String>,
}

/// Fields that are read, or say nothing of the label.
const KNOWN: &[&str] = &[
    "id",
    "text",
    "prefix_key",
    "prefixKey",
    "suffix_key",
    "suffixKey",
    "background_color",
    "backgroundColor",
    "text_color",
    "textColor",
    "task_type",
    "taskType",
    "project",
    "created_at",
    "createdAt",
    "updated_at",
    "updatedAt",
];

pub(super) fn read(text: &str, draft: &mut Draft) {
    let records: Vec<Value> = match serde_json::from_str(text) {
        Ok(records) => records,
        Err(error) => return draft.tell(None, ProblemCode::BadJson { detail: error.to_string() }),
    };
    for record in records {
        let fields: Map<String, Value> = record.as_object().cloned().unwrap_or_default();
        let read: LabelIn = match crate::json::from_value(record) {
            Ok(read) => read,
            Err(_) => {
                draft.tell(None, ProblemCode::BadField { field: "text".to_owned() });
                continue;
            }
        };
        let name = read.text.as_str();
        for (field, value) in fields.iter().filter(|(field, value)| !KNOWN.contains(&field.as_str()) && !value.is_null()) {
            draft.pass_over(None, format!("{field}: {value}"), name);
        }
        let mut label = new_label(name);
        let suffix = read.suffix_key.unwrap_or_default();
        let prefix = read.prefix_key.unwrap_or_default();
        match (prefix.as_str(), &suffix.chars().collect::<Vec<_>>()[..]) {
            ("", []) => {}
            ("", [key @ '1'..='9']) => label.key = Some(*key),
            _ => draft.tell(None, ProblemCode::SchemaKey { name: name.to_owned(), key: format!("{prefix} {suffix}").trim().to_owned() }),
        }
        if let Some(colour) = read.background_color.filter(|colour| !colour.is_empty()) {
            let colour = colour.to_ascii_lowercase();
            label.colour = Colour { light: colour.clone(), dark: colour };
        }
        if let Some(colour) = read.text_color.filter(|colour| !colour.eq_ignore_ascii_case(text_on(&label.colour.light))) {
            draft.pass_over(None, format!("text_color: {colour}"), name);
        }
        draft.schema.labels.push(label);
    }
}

pub(super) fn write(schema: &Schema) -> (String, Vec<Problem>) {
    let mut losses = Losses::of(schema, HELD);
    let mut labels = Vec::new();
    for label in &schema.labels {
        let key = label.key.filter(|key| key.is_ascii_digit() || key.is_ascii_lowercase());
        if label.key.is_some() && key.is_none() {
            losses.add("key", label.id.as_str());
        }
        // A longer name is refused there; it is written whole all the same, so that nobody loses it unseen.
        if label.id.as_str().chars().count() > LONGEST {
            losses.add("id", label.id.as_str());
        }
        let background_color = label.colour.light.as_str();
        labels.push(LabelOut {
            text: label.id.as_str(),
            prefix_key: None,
            suffix_key: key.map(String::from),
            background_color,
            text_color: text_on(background_color),
        });
    }
    // Strings and keys of strings: nothing in it that JSON cannot write.
    let mut text = serde_json::to_string_pretty(&labels).unwrap_or_default();
    text.push('\n');
    (text, losses.problems())
}

/// Black or white, whichever is seen better on a colour.
fn text_on(colour: &str) -> &'static str {
    let number = colour.get(1..).filter(|_| is_colour(colour)).and_then(|digits| u32::from_str_radix(digits, 16).ok()).unwrap_or(0);
    let part = |shift: u32| (number >> shift) & 0xFF;
    // Weights of brightness as television has them (ITU-R BT.601), in thousandths; good enough for two choices.
    let brightness = 299 * part(16) + 587 * part(8) + 114 * part(0);
    if brightness > 140_000 { "#000000" } else { "#ffffff" }
}
