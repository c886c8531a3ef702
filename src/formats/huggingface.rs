//! Token classification as Hugging Face's `datasets` has it: JSON Lines with tokens and the numbers of their tags, and a card.
//!
//! A row is a sentence and has its part of the text, so that the parts of a document are the whole; positions are in the row's
//! own text. Tags of other data sets may be numbers that a card explains, or words.

use super::export::Export;
use super::files::{self, Files};
use super::huggingface_card::{CARD, Config, Names, is_card, level_column, write as card};
use super::incoming::{Incoming, IncomingLayer};
use super::list::{Code, Read};
use super::loss::{Holds, Kind};
use super::problem::ProblemCode;
use super::sniff::Head;
use super::tags::{Levels, Tag, any_tag, place};
use super::tokens::is_space;
use super::units::{Unit, length};
use crate::id::Annotator;
use crate::layer::Layer;
use crate::project::Document;
use crate::text::Offset;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// How it is read and written.
pub(super) const CODE: Code = Code {
    sniff: is_rows,
    read: Some(Read::Whole(claim, read)),
    write: Some(write),
    unit: Unit::CodePoints,
    holds: Holds::AllBut(Kind::BESIDE_WORDS),
    is_folder: true,
    ..Code::PLAIN
};

/// The split of documents that name none.
const TRAIN: &str = "train";

/// The splits that Hugging Face knows, in the order in which they are used; others come behind.
const ORDER: [&str; 3] = [TRAIN, "validation", "test"];

/// Where a document says which split it is in.
const SPLIT: &str = "split";

/// The columns of others that hold tags, where there is no `ner_tags`.
const OTHERS: [&str; 5] = ["tags", "labels", "ner", "label", "ner_labels"];

fn is_rows(head: &Head) -> bool {
    let Some(object) = head.object() else { return false };
    let tokens = object.get("tokens").and_then(Value::as_array);
    tokens.is_some_and(|tokens| tokens.iter().all(Value::is_string)) && tag_columns(object).iter().any(|column| head.has_list(column))
}

/// The columns with tags, level after level.
fn tag_columns(object: &Map<String, Value>) -> Vec<&str> {
    let level = |key: &str| match key.strip_prefix("ner_tags")?.strip_prefix('_') {
        None => (key == "ner_tags").then_some(1),
        Some(number) => number.parse::<usize>().ok(),
    };
    let mut own: Vec<(usize, &str)> = object.keys().filter_map(|key| Some((level(key)?, key.as_str()))).collect();
    own.sort_unstable();
    if own.is_empty() {
        return OTHERS.into_iter().filter(|key| object.get(*key).is_some_and(Value::is_array)).take(1).collect();
    }
    own.into_iter().map(|(_, key)| key).collect()
}

fn claim(all: &Files) -> Vec<String> {
    let rows: Vec<String> = all.iter().filter(|(path, bytes)| is_rows(&Head::new(Some(path), bytes))).map(|(path, _)| path.to_owned()).collect();
    let cards = all.iter().map(|(path, _)| path.to_owned()).filter(|path| !rows.is_empty() && is_card(path));
    let cards: Vec<String> = cards.collect();
    rows.into_iter().chain(cards).collect()
}

fn read(all: &Files, incoming: &mut Incoming) {
    let cards: Vec<(&str, Names)> = all
        .iter()
        .filter(|(path, _)| is_card(path))
        .map(|(path, bytes)| (files::folder(path), Names::read(path, &crate::text::decode(bytes).text)))
        .collect();
    for (path, bytes) in all.iter().filter(|(path, _)| !is_card(path)) {
        incoming.file((!path.is_empty()).then_some(path));
        let names = |column: &str| {
            // The nearest card that knows the column.
            let above = cards
                .iter()
                .filter(|(folder, _)| folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with(['/', '\\'])))
                .filter_map(|(folder, names)| Some((folder.len(), names.of(path, column)?)));
            above.max_by_key(|(length, _)| *length).map(|(_, names)| names.to_vec())
        };
        Reading::new(path, &names).file(bytes, incoming);
    }
}

/// A document as it is read.
struct Collected {
    line: u32,
    id: String,
    annotator: Option<Annotator>,
    title: Option<String>,
    /// Nobody labelled it.
    is_bare: bool,
    rows: Vec<Row>,
}

/// A row as it is read.
struct Row {
    line: u32,
    /// Where its text begins in the document, where it says so.
    offset: Option<u32>,
    text: String,
    /// Where its tokens are in its text.
    places: Vec<Range<u32>>,
    /// A list for each level.
    tags: Vec<Vec<String>>,
}

/// A file as it is read.
struct Reading<'a> {
    stem: String,
    annotator: Option<Annotator>,
    path: &'a str,
    names: &'a dyn Fn(&str) -> Option<Vec<String>>,
    known: BTreeMap<String, Option<Vec<String>>>,
    documents: Vec<Collected>,
    order: BTreeMap<(String, Option<Annotator>), usize>,
}

impl<'a> Reading<'a> {
    fn new(path: &'a str, names: &'a dyn Fn(&str) -> Option<Vec<String>>) -> Self {
        let stem = files::ending(files::file_name(path)).0.to_owned();
        Self { stem, annotator: None, path, names, known: BTreeMap::new(), documents: Vec::new(), order: BTreeMap::new() }
    }

    fn file(mut self, bytes: &[u8], incoming: &mut Incoming) {
        let source = incoming.decode(bytes);
        self.annotator = incoming.annotator_of(self.path);
        let first = source.trim_start().lines().next().unwrap_or_default();
        if serde_json::from_str::<Value>(first).is_err()
            && let Ok(value) = serde_json::from_str::<Value>(&source)
        {
            let items = if let Value::Array(items) = value { items } else { vec![value] };
            (1..).zip(items).for_each(|(number, item)| self.row(number, None, item, incoming));
        } else {
            for (number, line) in (1_u32..).zip(source.split('\n')).filter(|(_, line)| !line.trim().is_empty()) {
                match serde_json::from_str::<Value>(line) {
                    Ok(Value::Array(items)) => (1..).zip(items).for_each(|(at, item)| self.row(at, Some(number), item, incoming)),
                    Ok(item) => self.row(number, Some(number), item, incoming),
                    Err(error) => incoming.problem(number, ProblemCode::BadJson { detail: error.to_string() }),
                }
            }
        }
        for (column, _) in self.known.iter().filter(|(_, names)| names.is_none()) {
            incoming.problem(None, ProblemCode::PartMissing { part: format!("{CARD}: {column}") });
        }
        let split = if self.stem == TRAIN { None } else { Some(self.stem) };
        self.documents.into_iter().for_each(|document| document.finish(split.as_deref(), incoming));
    }

    /// Takes a row; `number` names it, `line` is where it is.
    fn row(&mut self, number: u32, line: Option<u32>, item: Value, incoming: &mut Incoming) {
        let bad = |field: &str, item: Value, incoming: &mut Incoming| {
            incoming.problem(line, ProblemCode::BadField { field: field.to_owned() });
            incoming.orphan(line, item);
        };
        let Some(tokens) =
            item.get("tokens").and_then(Value::as_array).and_then(|tokens| tokens.iter().map(Value::as_str).collect::<Option<Vec<_>>>())
        else {
            return bad("tokens", item, incoming);
        };
        let Some((text, places)) = placed(&item, &tokens) else { return bad("text", item, incoming) };
        let mut wrong: Option<String> = None;
        let mut tags: Vec<Vec<String>> = Vec::new();
        for column in item.as_object().map(tag_columns).unwrap_or_default() {
            match self.tags(column, &item, tokens.len()) {
                Some(found) => tags.extend(found),
                None => wrong = Some(column.to_owned()),
            }
        }
        let word = |key: &str| item.get(key).and_then(Value::as_str).map(str::to_owned);
        let stated = word("annotator");
        let is_bare = stated.as_deref() == Some("");
        let annotator = if is_bare { None } else { stated.map(|name| name.as_str().into()).or_else(|| self.annotator.clone()) };
        let offset = item.get("offset").and_then(Value::as_u64).and_then(|at| u32::try_from(at).ok());
        // Numbers are used again in every file.
        let own = || match item.get("id") {
            Some(Value::String(id)) if id.starts_with(char::is_alphabetic) => id.clone(),
            Some(Value::String(id)) if !id.is_empty() => format!("{}-{id}", self.stem),
            Some(Value::Number(id)) => format!("{}-{id}", self.stem),
            _ => format!("{}-{number}", self.stem),
        };
        let id = word("document").unwrap_or_else(own);
        let row = Row { line: line.unwrap_or(number), offset, text, places, tags };
        let at = *self.order.entry((id.clone(), annotator.clone())).or_insert(self.documents.len());
        if at == self.documents.len() {
            self.documents.push(Collected { line: row.line, id, annotator, title: word("title"), is_bare, rows: Vec::new() });
        }
        if let Some(document) = self.documents.get_mut(at) {
            document.rows.push(row);
        }
        if let Some(column) = wrong {
            bad(&column, item, incoming);
        }
    }

    /// The tags of a column as words, a list for each level; `None` where it is not understood.
    fn tags(&mut self, column: &str, item: &Value, tokens: usize) -> Option<Vec<Vec<String>>> {
        let list = item.get(column)?.as_array()?;
        if list.first().is_some_and(Value::is_array) {
            return list.iter().map(|level| self.level(column, level.as_array()?, tokens)).collect();
        }
        Some(vec![self.level(column, list, tokens)?])
    }

    fn level(&mut self, column: &str, list: &[Value], tokens: usize) -> Option<Vec<String>> {
        let word = |value: &Value| match value {
            Value::String(tag) => Some(tag.clone()),
            // What training passes over.
            Value::Number(number) if number.as_i64().is_some_and(|number| number < 0) => Some("O".to_owned()),
            Value::Number(number) => {
                let names = self.known.entry(column.to_owned()).or_insert_with(|| (self.names)(column));
                names.as_ref()?.get(usize::try_from(number.as_u64()?).ok()?).cloned()
            }
            _ => None,
        };
        let tags: Vec<String> = list.iter().map(word).collect::<Option<_>>()?;
        (tags.len() == tokens && tags.iter().all(|tag| any_tag(tag).is_some())).then_some(tags)
    }
}

/// The text of a row and where its tokens are: as it says, else where they follow one another, else joined by spaces.
fn placed(item: &Value, tokens: &[&str]) -> Option<(String, Vec<Range<u32>>)> {
    let Some(text) = item.get("text").and_then(Value::as_str) else {
        let mut at = 0_u32;
        let mut places = Vec::with_capacity(tokens.len());
        for token in tokens {
            let end = at.saturating_add(length(token));
            places.push(at..end);
            at = end.saturating_add(1);
        }
        return Some((tokens.join(" "), places));
    };
    let numbers = |key: &str| -> Option<Vec<u32>> {
        item.get(key)?.as_array()?.iter().map(|number| number.as_u64().and_then(|number| u32::try_from(number).ok())).collect()
    };
    let stated = numbers("start").zip(numbers("end")).filter(|(starts, ends)| starts.len() == tokens.len() && ends.len() == tokens.len());
    let places = match stated {
        Some((starts, ends)) => {
            let whole = crate::text::Text::new(text);
            let places: Vec<Range<u32>> = starts.into_iter().zip(ends).map(|(start, end)| start..end).collect();
            let is_there = |(place, token): (&Range<u32>, &&str)| whole.slice(Offset::new(place.start)..Offset::new(place.end)) == Some(*token);
            places.iter().zip(tokens).all(is_there).then_some(places)?
        }
        None => {
            let (mut rest, mut at) = (text, 0_u32);
            let mut places = Vec::with_capacity(tokens.len());
            for token in tokens {
                let trimmed = rest.trim_start_matches(is_space);
                at = at.saturating_add(length(rest.get(..rest.len() - trimmed.len())?));
                rest = trimmed.strip_prefix(token)?;
                let end = at.saturating_add(length(token));
                places.push(at..end);
                at = end;
            }
            places
        }
    };
    Some((text.to_owned(), places))
}

impl Collected {
    fn finish(mut self, split: Option<&str>, incoming: &mut Incoming) {
        crate::sorted::sort_by_key(&mut self.rows, |row| row.offset);
        let mut text = String::new();
        let mut at = 0_u32;
        let mut levels = Levels::default();
        for row in &self.rows {
            match row.offset {
                // A row before it is missing, or is there twice.
                Some(offset) if offset != at => incoming.problem(row.line, ProblemCode::BadField { field: "offset".to_owned() }),
                None if !text.is_empty() => {
                    text.push('\n');
                    at = at.saturating_add(1);
                }
                _ => {}
            }
            for (number, token) in row.places.iter().enumerate() {
                let tags: Vec<Tag> = row.tags.iter().map(|level| level.get(number).and_then(|tag| any_tag(tag)).unwrap_or(Tag::Outside)).collect();
                levels.token(row.line, at.saturating_add(token.start)..at.saturating_add(token.end), &tags);
            }
            levels.close();
            text.push_str(&row.text);
            at = at.saturating_add(length(&row.text));
        }
        let mut meta = Map::new();
        split.into_iter().for_each(|split| drop(meta.insert(SPLIT.to_owned(), split.into())));
        let mut layer = IncomingLayer { line: Some(self.line), annotator: self.annotator, ..IncomingLayer::new(self.id.clone(), Unit::CodePoints) };
        layer.spans = levels.finish();
        incoming.text(self.line, self.id, self.title.as_deref(), text, meta);
        if !self.is_bare || !layer.spans.is_empty() {
            incoming.layer(layer);
        }
    }
}

/// Which split a document is in.
fn split_of(document: &Document) -> &str {
    let named = document.meta.get(SPLIT).and_then(Value::as_str);
    named.filter(|name| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')).unwrap_or(TRAIN)
}

/// The tags in the order of the schema, then by name.
fn tags(export: &Export) -> Vec<String> {
    let schema = &export.project.schema;
    let mut used: BTreeSet<&str> = export.project.layers.values().flat_map(Layer::iter).map(|label| label.label.as_str()).collect();
    let named: Vec<&str> = schema.labels.iter().map(|label| label.id.as_str()).collect();
    used.retain(|name| !named.contains(name));
    let places: &[char] = if export.options.bioes { &['B', 'I', 'E', 'S'] } else { &['B', 'I'] };
    let tags = named.into_iter().chain(used).flat_map(|name| places.iter().map(move |place| format!("{place}-{name}")));
    std::iter::once("O".to_owned()).chain(tags).collect()
}

/// How many columns of tags it takes.
fn levels(export: &Export) -> usize {
    let layers = export.project.layers.iter().filter_map(|(key, layer)| Some((export.project.document_of(key)?, layer)));
    layers.map(|(document, layer)| export.on_tokens(document, layer).columns(export, usize::MAX).len()).max().unwrap_or(0).max(1)
}

/// A row for each sentence of everybody's layers, with the names of tags where the layout has their numbers; and the columns of tags.
#[cfg(feature = "cli")]
pub(crate) fn named_rows(export: &Export) -> (Vec<Map<String, Value>>, Vec<String>) {
    let tags = tags(export);
    let numbers: BTreeMap<&str, usize> = tags.iter().enumerate().map(|(number, tag)| (tag.as_str(), number)).collect();
    let columns: Vec<String> = (0..levels(export)).map(level_column).collect();
    let mut found = Vec::new();
    export.each_annotator(|annotator, _| {
        for document in export.project.documents.values().filter(|document| export.is_among(document, annotator)) {
            let layer = annotator.and_then(|annotator| export.layer(document, annotator));
            for mut row in rows(export, document, layer.unwrap_or(&Layer::default()), columns.len(), &numbers) {
                for column in &columns {
                    let Some(level) = row.get_mut(column) else { continue };
                    let name = |number: &Value| tags.get(usize::try_from(number.as_u64()?).ok()?).map(String::as_str);
                    *level = level.as_array().into_iter().flatten().map(|number| Value::from(name(number))).collect();
                }
                row.insert("annotator".to_owned(), annotator.filter(|_| layer.is_some()).map(Annotator::as_str).into());
                found.push(row);
            }
        }
    });
    (found, columns)
}

fn write(export: &Export, files: &mut Files) {
    let tags = tags(export);
    let numbers: BTreeMap<&str, usize> = tags.iter().enumerate().map(|(number, tag)| (tag.as_str(), number)).collect();
    let levels = levels(export);
    let mut configs: Vec<Config> = Vec::new();
    export.each_annotator(|annotator, folder| {
        let mut splits: BTreeMap<&str, String> = [(TRAIN, String::new())].into();
        let mut number = 0_usize;
        for document in export.project.documents.values().filter(|document| export.is_among(document, annotator)) {
            let layer = annotator.and_then(|annotator| export.layer(document, annotator));
            let by = annotator.filter(|_| layer.is_some()).map_or("", Annotator::as_str);
            let lines = splits.entry(split_of(document)).or_default();
            for mut row in rows(export, document, layer.unwrap_or(&Layer::default()), levels, &numbers) {
                number += 1;
                row.insert("id".to_owned(), format!("s{number}").into());
                row.insert("annotator".to_owned(), by.into());
                lines.push_str(&export.json(&Value::Object(row)));
                lines.push('\n');
            }
        }
        // A split without a row cannot be loaded.
        splits.retain(|_, lines| !lines.is_empty());
        let mut paths: Vec<(String, String)> = splits.keys().map(|split| ((*split).to_owned(), format!("{folder}{split}.jsonl"))).collect();
        paths.sort_by_key(|(split, _)| ORDER.iter().position(|known| split == known).unwrap_or(ORDER.len()));
        let name = if folder.is_empty() { "default".to_owned() } else { folder.trim_end_matches('/').to_owned() };
        configs.push(Config { name, splits: paths });
        splits.into_iter().for_each(|(split, lines)| drop(files.insert(format!("{folder}{split}.jsonl"), lines)));
    });
    configs.retain(|config| !config.splits.is_empty());
    files.insert(CARD, card(&export.project.name, &configs, levels, &tags));
}

fn rows(export: &Export, document: &Document, layer: &Layer, levels: usize, numbers: &BTreeMap<&str, usize>) -> Vec<Map<String, Value>> {
    let on_tokens = export.on_tokens(document, layer);
    let tokens = on_tokens.tokens.spans();
    let mut tags: Vec<Vec<usize>> = vec![vec![0; tokens.len()]; levels];
    for (level, labels) in tags.iter_mut().zip(on_tokens.columns(export, usize::MAX)) {
        for label in labels.into_iter().filter_map(|at| on_tokens.labels.get(at)) {
            for at in label.tokens.clone() {
                let tag = format!("{}-{}", place(&label.tokens, at, export.options.bioes), label.annotation.label);
                level.get_mut(at).into_iter().for_each(|slot| *slot = numbers.get(tag.as_str()).copied().unwrap_or(0));
            }
        }
    }
    let mut sentences = on_tokens.tokens.sentences(&document.text, &on_tokens.whole);
    if sentences.is_empty() {
        // A text without a word is a row nonetheless.
        sentences.push(0..0);
    }
    let next: Vec<Option<Offset>> = sentences.iter().skip(1).map(|next| tokens.get(next.start).map(|token| token.start())).collect();
    let mut offset = Offset::ZERO;
    let mut found = Vec::new();
    for (number, sentence) in sentences.into_iter().enumerate() {
        let end = next.get(number).copied().flatten().unwrap_or_else(|| document.text.len());
        let inside = tokens.get(sentence.clone()).unwrap_or_default();
        let from = |at: Offset| at.get().saturating_sub(offset.get());
        let words: Vec<&str> = inside.iter().filter_map(|token| document.text.slice(token.range())).collect();
        let mut row = Map::new();
        row.insert("document".to_owned(), document.id.as_str().into());
        row.insert("title".to_owned(), (&*document.title).into());
        row.insert("offset".to_owned(), offset.get().into());
        row.insert("text".to_owned(), document.text.slice(offset..end).unwrap_or_default().into());
        row.insert("tokens".to_owned(), json!(words));
        row.insert("start".to_owned(), inside.iter().map(|token| from(token.start())).collect());
        row.insert("end".to_owned(), inside.iter().map(|token| from(token.end())).collect());
        for (level, tags) in tags.iter().enumerate() {
            row.insert(level_column(level), json!(tags.get(sentence.clone()).unwrap_or_default()));
        }
        found.push(row);
        offset = end;
    }
    found
}
