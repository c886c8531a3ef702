//! Columns of CoNLL-2003: a token a line, its tag last. IOB1 and all that came after it in, IOB2 or BIOES out.
//!
//! There is no text: on import the tokens are joined by spaces, sentences by line ends.

use super::export::{Export, OnTokens};
use super::files::{self, Files};
use super::incoming::{Incoming, IncomingLayer};
use super::list::{Code, Read};
use super::loss::{Holds, Kind};
use super::problem::ProblemCode;
use super::sniff::Head;
use super::tags::{Levels, Tag, place, tag, written_name};
use super::units::{Unit, length};
use crate::layer::Layer;
use crate::project::Document;
use serde_json::{Map, json};

/// How it is read and written.
pub(super) const CODE: Code = Code {
    sniff: is_conll,
    read: Some(Read::Each(read)),
    write: Some(write),
    unit: Unit::None,
    holds: Holds::Only(&[Kind::Labels, Kind::Unlabelled]),
    written_name,
    is_flat: true,
    ..Code::PLAIN
};

/// The line before a document.
pub(super) const DOCUMENT: &str = "-DOCSTART-";

/// How many lines with a token must look right.
const LINES: usize = 40;

/// The columns of a line: parted by tabulators where it has one, else by spaces.
pub(super) fn columns(line: &str) -> Vec<&str> {
    if line.contains('\t') { line.split('\t').map(str::trim).collect() } else { line.split(' ').filter(|part| !part.is_empty()).collect() }
}

fn is_conll(head: &Head) -> bool {
    if matches!(head.ending(), "jsonl" | "json" | "csv" | "tsv" | "ann" | "xml") || head.object().is_some() {
        return false;
    }
    if super::conll_nested::is_nested(head) {
        return false;
    }
    let mut lines = head.lines().filter(|line| !line.trim().is_empty()).take(LINES).peekable();
    let is_there = lines.peek().is_some();
    is_there
        && lines.all(|line| {
            let columns = columns(line.trim_end());
            let is_tagged = columns.len() >= 2 && columns.last().is_some_and(|last| tag(last).is_some());
            line.starts_with(DOCUMENT) || (is_tagged && columns.iter().filter(|column| tag(column).is_some()).count() <= 2)
        })
}

/// A document as it is read.
#[derive(Default)]
struct Reading {
    line: u32,
    text: String,
    /// Code points in the text.
    at: u32,
    levels: Levels,
    tokens: usize,
}

impl Reading {
    fn token(&mut self, line: u32, token: &str, tags: &[Tag]) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.push(" ");
        }
        let start = self.at;
        self.push(token);
        self.tokens += 1;
        self.levels.token(line, start..self.at, tags);
    }

    fn push(&mut self, part: &str) {
        self.text.push_str(part);
        self.at = self.at.saturating_add(length(part));
    }

    /// A sentence ends; labels end with it.
    fn sentence(&mut self) {
        self.levels.close();
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.push("\n");
        }
    }

    fn finish(self, id: String, title: Option<&str>, annotator: Option<crate::id::Annotator>, incoming: &mut Incoming) {
        if self.tokens == 0 {
            return;
        }
        let mut layer = IncomingLayer { line: Some(self.line), annotator, ..IncomingLayer::new(id.clone(), Unit::CodePoints) };
        layer.spans = self.levels.finish();
        incoming.text(self.line, id, title, self.text, Map::new());
        incoming.layer(layer);
    }
}

/// The name that the line before a document has for it: in brackets, or in the second column where others have `-X-`.
fn document_name(line: &str) -> Option<String> {
    let rest = line.strip_prefix(DOCUMENT)?.trim();
    let bracketed = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')).map(|(name, _)| name);
    let name = bracketed.or_else(|| rest.split_whitespace().next())?.trim();
    (!name.is_empty() && !matches!(name, "-X-" | "O" | "_")).then(|| name.to_owned())
}

fn read(name: Option<&str>, bytes: &[u8], incoming: &mut Incoming) {
    read_columns(name, bytes, incoming, |columns| columns.len().saturating_sub(1).max(1));
}

/// Reads columns: the token first, and tags from the column that `tags_from` says of a line.
pub(super) fn read_columns(name: Option<&str>, bytes: &[u8], incoming: &mut Incoming, tags_from: fn(&[&str]) -> usize) {
    let source = incoming.decode(bytes);
    let annotator = name.and_then(|name| incoming.annotator_of(name));
    let stem = name.map_or_else(|| super::text::id_of_text(&source), |name| files::ending(files::file_name(name)).0.to_owned());
    let starts = source.lines().filter(|line| line.starts_with(DOCUMENT)).count();
    let mut number = 0_usize;
    let mut naming = |stated: Option<&str>, incoming: &Incoming| {
        number += 1;
        let known = stated.and_then(|stated| incoming.side_document(stated));
        match (known, stated) {
            (Some(known), _) => (known.id.clone(), Some(known.title.clone())),
            (None, Some(stated)) => (stated.to_owned(), None),
            (None, None) => (if starts <= 1 { stem.clone() } else { format!("{stem}-{number}") }, None),
        }
    };
    let mut reading = Reading { line: 1, ..Reading::default() };
    let mut stated: Option<String> = None;
    for (number, line) in (1_u32..).zip(source.lines()) {
        let line = line.trim_end_matches(['\r', ' ']);
        if line.starts_with(DOCUMENT) {
            let before = std::mem::replace(&mut reading, Reading { line: number, ..Reading::default() });
            if before.tokens > 0 {
                let (id, title) = naming(stated.as_deref(), incoming);
                before.finish(id, title.as_deref(), annotator.clone(), incoming);
            }
            stated = document_name(line);
            continue;
        }
        if line.is_empty() {
            reading.sentence();
            continue;
        }
        let columns = columns(line);
        let written = columns.get(tags_from(&columns)..).unwrap_or_default();
        let Some(token) = columns.first().filter(|token| !token.is_empty() && !written.is_empty()) else {
            incoming.problem(number, ProblemCode::BadLine { what: line.to_owned() });
            incoming.orphan(number, json!(line));
            continue;
        };
        let unknown: Vec<&str> = written.iter().copied().filter(|written| tag(written).is_none()).collect();
        if !unknown.is_empty() {
            incoming.problem(number, ProblemCode::BadLine { what: unknown.join(" ") });
            incoming.orphan(number, json!(line));
        }
        let tags: Vec<Tag> = written.iter().map(|written| tag(written).unwrap_or(Tag::Outside)).collect();
        reading.token(number, token, &tags);
    }
    if reading.tokens > 0 {
        let (id, title) = naming(stated.as_deref(), incoming);
        reading.finish(id, title.as_deref(), annotator, incoming);
    }
}

fn write(export: &Export, files: &mut Files) {
    write_columns(export, files, "conll", tokens);
}

/// Writes a file for each annotator: the line before a document, then what `tokens` writes of it.
pub(super) fn write_columns(export: &Export, files: &mut Files, ending: &str, tokens: fn(&Export, &Document, &Layer, &mut String)) {
    export.each_annotator(|annotator, folder| {
        let mut lines = String::new();
        for document in export.project.documents.values().filter(|document| export.is_among(document, annotator)) {
            let layer = annotator.and_then(|annotator| export.layer(document, annotator));
            lines.push_str(&format!("{DOCUMENT} {} -X- O\n\n", export.stem(&document.id)));
            tokens(export, document, layer.unwrap_or(&Layer::default()), &mut lines);
        }
        files.insert(format!("{folder}{}", export.file_name(ending)), lines);
    });
}

fn tokens(export: &Export, document: &Document, layer: &Layer, lines: &mut String) {
    let on_tokens: OnTokens = export.on_tokens(document, layer);
    let stands: Vec<(std::ops::Range<usize>, String)> = on_tokens
        .columns(export, 1)
        .concat()
        .into_iter()
        .filter_map(|at| on_tokens.labels.get(at))
        .map(|label| (label.tokens.clone(), written_name(label.annotation.label.as_str())))
        .collect();
    let mut labels = stands.iter().peekable();
    for sentence in on_tokens.tokens.sentences(&document.text, &on_tokens.whole) {
        for at in sentence {
            while labels.peek().is_some_and(|(tokens, _)| tokens.end <= at) {
                labels.next();
            }
            let token = on_tokens.tokens.spans().get(at).and_then(|token| document.text.slice(token.range())).unwrap_or_default();
            lines.push_str(token);
            lines.push_str(" _ _ ");
            match labels.peek().filter(|(tokens, _)| tokens.contains(&at)) {
                None => lines.push('O'),
                Some((tokens, label)) => {
                    lines.push(place(tokens, at, export.options.bioes));
                    lines.push('-');
                    lines.push_str(label);
                }
            }
            lines.push('\n');
        }
        lines.push('\n');
    }
}
