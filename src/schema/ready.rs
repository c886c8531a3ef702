//! Schemas to start from.

use super::{Names, Schema};
use crate::json::parse;
use serde::Deserialize;

/// The list: what each is called, in the order in which they are offered.
const INDEX: &str = include_str!("../../data/schemas/index.json");

/// A schema to start from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ready {
    /// How scripts name it.
    pub id: String,
    /// How people name it.
    pub names: Names,
    /// One sentence on what it is for.
    pub description: Names,
    /// The schema; its `credit` says whose idea it is.
    pub schema: Schema,
}

#[derive(Deserialize)]
struct Entry {
    id: String,
    names: Names,
    description: Names,
}

fn source(id: &str) -> Option<&'static str> {
    Some(match id {
        "default" => include_str!("../../data/schemas/default.json"),
        "attribution" => include_str!("../../data/schemas/attribution.json"),
        "wojood" => include_str!("../../data/schemas/wojood.json"),
        "political-events" => include_str!("../../data/schemas/political-events.json"),
        _ => return None,
    })
}

/// All of them, in the order in which they are offered; the default comes first.
#[must_use]
pub fn ready() -> Vec<Ready> {
    // A test reads the same texts, so that none is missing from the list.
    let entries: Vec<Entry> = parse(INDEX).unwrap_or_default();
    let read = |entry: Entry| {
        let schema = parse(source(&entry.id)?).ok()?;
        Some(Ready { id: entry.id, names: entry.names, description: entry.description, schema })
    };
    entries.into_iter().filter_map(read).collect()
}
