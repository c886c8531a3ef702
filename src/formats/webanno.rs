//! WebAnno TSV 3: a token a line with columns for each layer of labels, sub-tokens, stacked labels, relations. UTF-16 offsets.
//!
//! Labels come from every span layer: the feature `label` or `value` names them, else the first, else the layer does; further
//! features are attributes, and slots are relations. Chains are told as passed over. Text between two sentences is not in the
//! format; it is filled with blanks.

use super::files::{self};
use super::incoming::{Incoming, IncomingLayer, span};
use super::list::{Code, Read};
use super::loss::{Holds, Kind};
use super::problem::ProblemCode;
use super::record::{RelationRecord, SpanRecord};
use super::sniff::Head;
use super::units::Unit;
use super::webanno_write::write;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// How it is read and written.
pub(super) const CODE: Code = Code {
    sniff: is_webanno,
    read: Some(Read::Each(read)),
    write: Some(write),
    unit: Unit::Utf16,
    holds: Holds::AllBut(&[
        Kind::Pieces,
        Kind::NoToken,
        Kind::SpanAttributes,
        Kind::RelationAttributes,
        Kind::SpanNotes,
        Kind::RelationNotes,
        Kind::Unsure,
        Kind::Origins,
        Kind::Annotators,
        Kind::SeveralAnnotators,
        Kind::Statuses,
        Kind::Unlabelled,
        Kind::Texts,
        Kind::DocumentIds,
        Kind::Titles,
        Kind::Meta,
        Kind::Schema,
    ]),
    is_folder: true,
    ..Code::PLAIN
};

/// How a file begins, but for its version.
pub(super) const FORMAT: &str = "#FORMAT=WebAnno TSV 3";

pub(super) fn is_webanno(head: &Head) -> bool {
    head.start().starts_with(FORMAT)
}

/// What slots that lead to any label are said to lead to.
const ANY: &str = "uima.tcas.Annotation";

/// What a layer is of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Spans,
    Relations,
    /// Chains.
    Other,
}

/// A layer that the header names.
struct Columns {
    name: String,
    sort: Sort,
    /// The features, each of which has a column; of slots and where they lead to, nothing.
    features: Vec<Option<String>>,
    /// The slots: of which column, how they are called, and what kind of labels they lead to.
    slots: Vec<(usize, String, Option<String>)>,
    /// The layer that relations join.
    base: Option<String>,
    /// Its first column, and how many it has.
    first: usize,
    count: usize,
}

impl Columns {
    /// A line of the header; columns begin at `first`.
    fn read(line: &str, first: usize) -> Option<Self> {
        let (sort, named) = [("#T_SP=", Sort::Spans), ("#T_RL=", Sort::Relations), ("#T_CH=", Sort::Other)]
            .into_iter()
            .find_map(|(start, sort)| Some((sort, line.strip_prefix(start)?)))?;
        let mut parts = named.split('|').map(str::to_owned);
        let name = parts.next()?;
        let (bases, features): (Vec<String>, Vec<String>) = parts.partition(|part| sort == Sort::Relations && part.starts_with("BT_"));
        let base = bases.first().and_then(|base| base.strip_prefix("BT_")).map(str::to_owned);
        // Labels without a feature have a column nonetheless; relations have one more for where they come from.
        let count = if sort == Sort::Relations { features.len() + 1 } else { features.len().max(1) };
        let mut columns = Self { name, sort, features: features.into_iter().map(Some).collect(), slots: Vec::new(), base, first, count };
        columns.find_slots();
        Some(columns)
    }

    /// A slot has two columns: roles, which are named after the layer, and the targets.
    fn find_slots(&mut self) {
        for at in 0..self.features.len() {
            let role = |feature: &String| Some(feature.strip_prefix("ROLE_")?.rsplit_once(':')?.1.split('_').next()?.to_owned());
            let Some(role) = self.features.get(at).and_then(Option::as_ref).and_then(role) else { continue };
            let target = self.features.get_mut(at + 1).and_then(Option::take);
            self.slots.push((at, role, target.filter(|kind| kind != ANY)));
            if let Some(feature) = self.features.get_mut(at) {
                *feature = None;
            }
        }
    }

    /// Whether a column is of targets.
    fn is_target(&self, column: usize) -> bool {
        self.slots.iter().any(|(role, ..)| role + 1 == column)
    }

    /// The column of what names labels and relations.
    fn naming(&self) -> Option<usize> {
        let of = |name: &str| self.features.iter().position(|feature| feature.as_deref() == Some(name));
        of("label").or_else(|| of("value")).or_else(|| self.features.iter().position(Option::is_some))
    }

    fn short_name(&self) -> &str {
        self.name.rsplit('.').next().unwrap_or_default()
    }

    /// What it is called by the values of its features, and the others of these.
    fn said(&self, value: impl Fn(usize) -> Option<String>) -> (String, BTreeMap<String, Value>) {
        let naming = self.naming();
        let name = naming.and_then(&value).unwrap_or_else(|| self.short_name().to_owned());
        let others = self.features.iter().enumerate().filter(|(at, _)| Some(*at) != naming);
        (name, others.filter_map(|(at, feature)| Some((feature.clone()?, value(at)?.into()))).collect())
    }
}

/// The plain text behind backslashes.
pub(super) fn unescape(written: &str) -> String {
    let mut out = String::with_capacity(written.len());
    let mut characters = written.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        match characters.next() {
            Some('t') => out.push('\t'),
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('f') => out.push('\u{C}'),
            Some('b') => out.push('\u{8}'),
            Some(other) => out.push(other),
            None => out.push('\\'),
        }
    }
    out
}

/// What is stacked in a cell, as it is written.
fn stacked(cell: &str) -> Vec<&str> {
    if cell == "_" || cell.is_empty() { Vec::new() } else { split(cell, b'|') }
}

/// The parts between separators that no backslash stands before.
fn split(cell: &str, separator: u8) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut start, mut is_escaped) = (0, false);
    for (at, byte) in cell.bytes().enumerate() {
        if byte == separator && !is_escaped {
            found.extend(cell.get(start..at));
            start = at + 1;
        }
        is_escaped = byte == b'\\' && !is_escaped;
    }
    found.extend(cell.get(start..));
    found
}

/// A value and what is in brackets behind it.
fn numbered(item: &str) -> (&str, Option<&str>) {
    let apart = item.strip_suffix(']').and_then(|rest| rest.rsplit_once('['));
    let apart =
        apart.filter(|(value, number)| !value.ends_with('\\') && !number.is_empty() && number.chars().all(|c| c.is_ascii_digit() || c == '_'));
    apart.map_or((item, None), |(value, number)| (value, Some(number)))
}

/// A relation whose ends are not yet looked up.
struct Tie {
    line: u32,
    kind: String,
    attributes: BTreeMap<String, Value>,
    from: End,
    to: End,
}

/// Where a relation comes from or leads to: a label of this layer, or of any, at a token and with a number, where it is not 0.
struct End {
    layer: Option<String>,
    token: String,
    number: u32,
}

impl End {
    fn new(layer: Option<&str>, token: &str, number: Option<&str>) -> Self {
        Self { layer: layer.map(str::to_owned), token: token.to_owned(), number: number.and_then(|number| number.parse().ok()).unwrap_or(0) }
    }
}

/// A document as it is read.
#[derive(Default)]
struct Reading {
    layers: Vec<Columns>,
    text: String,
    /// UTF-16 units in the text.
    at: usize,
    /// The text of a sentence whose first token has not come.
    pending: Vec<String>,
    spans: Vec<(Option<u32>, SpanRecord)>,
    /// Labels of a layer by their number.
    by_number: BTreeMap<(usize, u32), usize>,
    /// Labels of a layer that have no number, by their token.
    by_token: BTreeMap<(usize, String), usize>,
    ties: Vec<Tie>,
}

impl Reading {
    fn push(&mut self, part: &str) {
        self.at += part.encode_utf16().count();
        self.text.push_str(part);
    }

    /// Puts the text of a sentence where it begins. Whoever says that it begins far away is not believed.
    fn sentence(&mut self, start: Option<usize>, most: usize) -> bool {
        if self.pending.is_empty() {
            return true;
        }
        let gap = start.unwrap_or(self.at).saturating_sub(self.at);
        let is_near = gap <= most;
        if is_near {
            self.push(&" ".repeat(gap));
        }
        let text = std::mem::take(&mut self.pending).join("\n");
        self.push(&text);
        is_near
    }

    fn row(&mut self, line: u32, written: &str, most: usize) -> Option<()> {
        let cells: Vec<&str> = written.split('\t').collect();
        let [token, place, _form, columns @ ..] = cells.as_slice() else { return None };
        let (start, end) = place.split_once('-')?;
        let (start, end): (u32, u32) = (start.parse().ok()?, end.parse().ok()?);
        if !self.sentence(Some(start as usize), most) {
            return None;
        }
        let layers = std::mem::take(&mut self.layers);
        for (number, layer) in layers.iter().enumerate() {
            let cells: Vec<Vec<&str>> = (layer.first..layer.first + layer.count).map(|at| stacked(columns.get(at).copied().unwrap_or("_"))).collect();
            match layer.sort {
                Sort::Spans => self.labels(line, number, layer, token, (start, end), &cells),
                Sort::Relations => self.ties(line, layer, token, &cells),
                _ => {}
            }
        }
        self.layers = layers;
        Some(())
    }

    fn labels(&mut self, line: u32, number: usize, layer: &Columns, token: &str, (start, end): (u32, u32), cells: &[Vec<&str>]) {
        let count = cells.iter().map(Vec::len).max().unwrap_or(0);
        for at in 0..count {
            let items: Vec<(&str, Option<&str>)> = cells.iter().map(|cell| numbered(cell.get(at).copied().unwrap_or("*"))).collect();
            // The numbers of targets are theirs.
            let own = (0..).zip(&items).filter(|(column, _)| !layer.is_target(*column));
            let id = own.map(|(_, (_, id))| id).find_map(|id| id.and_then(|id| id.parse::<u32>().ok()));
            if let Some((_, known)) = id.and_then(|id| self.by_number.get(&(number, id))).and_then(|known| self.spans.get_mut(*known)) {
                (known.start, known.end) = (known.start.min(start), known.end.max(end));
                continue;
            }
            let value = |at: usize| items.get(at).map(|(value, _)| *value).filter(|value| *value != "*").map(unescape);
            let (label, attributes) = layer.said(value);
            let mut record = span(label, start, end);
            record.id = Some(format!("s{}", self.spans.len() + 1).into());
            record.attributes = attributes;
            self.slots(line, layer, token, at, cells);
            match id {
                Some(id) => drop(self.by_number.insert((number, id), self.spans.len())),
                None => drop(self.by_token.insert((number, token.to_owned()), self.spans.len())),
            }
            self.spans.push((Some(line), record));
        }
    }

    /// The slots of a label, the `at`th of its cells: a relation for each.
    fn slots(&mut self, line: u32, layer: &Columns, token: &str, at: usize, cells: &[Vec<&str>]) {
        for (column, name, kind) in &layer.slots {
            let of = |column: usize| cells.get(column).and_then(|cell| cell.get(at)).copied().unwrap_or("*");
            let (roles, host) = numbered(of(*column));
            let targets = split(of(column + 1), b';').into_iter().filter(|target| *target != "*");
            for (role, target) in split(roles, b';').into_iter().zip(targets) {
                let (target, number) = numbered(target);
                self.ties.push(Tie {
                    line,
                    kind: if role == "*" { name.clone() } else { unescape(role) },
                    attributes: BTreeMap::new(),
                    from: End::new(Some(&layer.name), token, host),
                    to: End::new(kind.as_deref(), target, number),
                });
            }
        }
    }

    fn ties(&mut self, line: u32, layer: &Columns, token: &str, cells: &[Vec<&str>]) {
        let Some((sources, features)) = cells.split_last() else { return };
        for (at, source) in sources.iter().enumerate() {
            let (from, ids) = numbered(source);
            let (from_id, to_id) = ids.and_then(|ids| ids.split_once('_')).unzip();
            let value = |column: usize| features.get(column)?.get(at).map(|item| numbered(item).0).filter(|value| *value != "*").map(unescape);
            let (kind, attributes) = layer.said(value);
            let base = layer.base.as_deref();
            self.ties.push(Tie { line, kind, attributes, from: End::new(base, from, from_id), to: End::new(base, token, to_id) });
        }
    }

    /// The relations, whose ends are labels, or tokens without one: those are not there, which is told with all such ends.
    fn relations(&self) -> Vec<(Option<u32>, RelationRecord)> {
        let find = |End { layer: of, token, number }: &End| {
            let is_it = |layer: &Columns| layer.sort == Sort::Spans && of.as_ref().is_none_or(|of| *of == layer.name);
            let layers = self.layers.iter().enumerate().filter(|(_, layer)| is_it(layer));
            let mut found = layers.filter_map(|(layer, _)| match number {
                0 => self.by_token.get(&(layer, token.clone())),
                number => self.by_number.get(&(layer, *number)),
            });
            let known = found.next().and_then(|at| self.spans.get(*at)).and_then(|(_, record)| record.id.clone());
            known.unwrap_or_else(|| format!("{token}[{number}]").as_str().into())
        };
        let relation = |(number, tie): (usize, &Tie)| {
            let (id, label) = (Some(format!("r{number}").into()), tie.kind.as_str().into());
            let attributes = tie.attributes.clone();
            (Some(tie.line), RelationRecord { id, label, from: find(&tie.from), to: find(&tie.to), attributes, note: None })
        };
        (1..).zip(&self.ties).map(relation).collect()
    }
}

fn read(name: Option<&str>, bytes: &[u8], incoming: &mut Incoming) {
    let source = incoming.decode(bytes);
    let annotator = name.and_then(|name| incoming.annotator_of(name));
    let id = name.map_or_else(|| super::text::id_of_text(&source), |name| incoming.document_of(files::file_name(name)));
    let mut reading = Reading::default();
    let mut columns = 0;
    for (number, line) in (1_u32..).zip(source.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line))) {
        if let Some(text) = line.strip_prefix("#Text=") {
            reading.pending.push(unescape(text));
        } else if let Some(layer) = Columns::read(line, columns) {
            if layer.sort == Sort::Other {
                incoming.problem(number, ProblemCode::BadLine { what: line.to_owned() });
                incoming.orphan(number, json!(line));
            }
            columns += layer.count;
            reading.layers.push(layer);
        } else if line.is_empty() {
            reading.sentence(None, 0);
        } else if !line.starts_with('#') && reading.row(number, line, source.len()).is_none() {
            incoming.problem(number, ProblemCode::BadLine { what: line.to_owned() });
            incoming.orphan(number, json!(line));
        }
    }
    reading.sentence(None, 0);
    let mut layer = IncomingLayer { annotator, ..IncomingLayer::new(id.clone(), Unit::Utf16) };
    layer.relations = reading.relations();
    layer.spans = reading.spans;
    incoming.text(None, id, None, reading.text, Map::new());
    // Nothing says whether somebody looked at a text without labels.
    if !layer.spans.is_empty() || !layer.relations.is_empty() {
        incoming.layer(layer);
    }
}
