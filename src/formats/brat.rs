//! Standoff of brat: `a.txt` with the text and `a.ann` with labels in one piece or several, relations, events, attributes and notes.
//!
//! Positions count code points of the text as it is, or with its line ends as LF, or UTF-16 units where a browser wrote them;
//! the words beside them say which.

use super::files::{self, Files};
use super::incoming::{Incoming, IncomingLayer, span};
use super::list::{Code, Read};
use super::loss::{Holds, Kind};
use super::problem::ProblemCode;
use super::record::RelationRecord;
use super::schema_file::{self, SchemaFormat};
use super::units::{Ruler, Unit};
use super::{brat_write, text};
use crate::json;
use crate::text::Text;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// How it is read and written.
pub(super) const CODE: Code = Code {
    sniff: |head| head.ending() == "ann" && !head.start().trim_start().starts_with('{'),
    read: Some(Read::Whole(claimed, read)),
    write: Some(brat_write::write),
    unit: Unit::LineFeeds,
    holds: Holds::AllBut(&[
        Kind::Names,
        Kind::Annotators,
        Kind::SeveralAnnotators,
        Kind::Statuses,
        Kind::LineEnds,
        Kind::DocumentIds,
        Kind::Titles,
        Kind::Meta,
        Kind::Schema,
    ]),
    written_name: brat_write::word,
    is_folder: true,
    ..Code::PLAIN
};

/// What positions may count, the likeliest first.
const UNITS: Unit = Unit::Guess(&[Unit::CodePoints, Unit::LineFeeds, Unit::Utf16, Unit::Bytes]);

/// The note in which all is kept that brat has no place for, as JSON.
pub(super) const MORE: &str = "WusumMore";

/// The note of the annotator.
pub(super) const NOTE: &str = "AnnotatorNotes";

/// Labels, the texts beside them, and the settings of the collection.
fn claimed(files: &Files) -> Vec<String> {
    let mut own: Vec<String> = Vec::new();
    let mut has_labels = false;
    for (path, _) in files.iter() {
        let (stem, ending) = files::ending(path);
        if ending == "ann" {
            has_labels = true;
            own.push(path.to_owned());
            own.extend(Some(format!("{stem}.txt")).filter(|text| files.get(text).is_some()));
        }
    }
    let is_setting = |path: &&str| {
        matches!(files::file_name(path), "annotation.conf" | "visual.conf" | "tools.conf" | "kb_shortcuts.conf") || path.ends_with(".stats_cache")
    };
    if has_labels {
        own.extend(files.iter().map(|(path, _)| path).filter(is_setting).map(str::to_owned));
    }
    own
}

fn read(files: &Files, incoming: &mut Incoming) {
    for (path, bytes) in files.iter() {
        incoming.file(Some(path));
        let (stem, ending) = files::ending(path);
        if files::file_name(path) == "annotation.conf" {
            let (schema, problems) = schema_file::read(Some(path), bytes, SchemaFormat::Brat);
            incoming.whole(None, Some(schema));
            incoming.problems(problems);
        } else if ending == "ann" || files.len() == 1 {
            let source = files.get(&format!("{stem}.txt"));
            if source.is_none() {
                incoming.problem(None, ProblemCode::PartMissing { part: format!("{}.txt", files::file_name(stem)) });
            }
            pair(path, source, bytes, incoming);
        } else if ending == "txt" && files.get(&format!("{stem}.ann")).is_none() {
            let id = incoming.document_of(path);
            let source = text_of(bytes, incoming);
            if source.trim().is_empty() {
                incoming.problem(None, ProblemCode::EmptyFile {});
            }
            incoming.text(None, id, None, source, Map::new());
        }
    }
}

/// The text of a document. A byte order mark stays in it, for brat counts it as its first character.
fn text_of(bytes: &[u8], incoming: &mut Incoming) -> String {
    let mut decoded = crate::text::decode(bytes);
    if !decoded.problems.is_empty() {
        incoming.problem(None, ProblemCode::BadEncoding { encoding: decoded.encoding.to_owned() });
    }
    if decoded.had_bom && decoded.encoding == "UTF-8" {
        decoded.text.insert(0, '\u{FEFF}');
    }
    decoded.text
}

fn pair(path: &str, source: Option<&[u8]>, labels: &[u8], incoming: &mut Incoming) {
    let id = incoming.document_of(path);
    let mut layer = IncomingLayer { joint: " ", annotator: incoming.annotator_of(path), ..IncomingLayer::new(id.clone(), UNITS) };
    let lines = crate::text::decode(labels);
    if !lines.problems.is_empty() {
        incoming.problem(None, ProblemCode::BadEncoding { encoding: lines.encoding.to_owned() });
    }
    let mut reading = Reading::default();
    // A line ends at LF alone: U+2028 and its like may stand in words.
    for (number, line) in (1_u32..).zip(lines.text.split('\n')) {
        let line = line.strip_suffix('\r').unwrap_or(line).trim_start_matches('\u{FEFF}');
        if line.trim().is_empty() {
            continue;
        }
        if reading.line(number, line).is_none() {
            incoming.problem(number, ProblemCode::BadLine { what: line.to_owned() });
            incoming.orphan(number, Value::from(line));
        }
    }
    for (number, line) in reading.finish(&mut layer) {
        incoming.problem(number, ProblemCode::BadLine { what: line.clone() });
        incoming.orphan(number, Value::from(line));
    }
    if let Some(source) = source {
        let source = text_of(source, incoming);
        merge_lines(&mut layer, &source);
        let title = text::title(&source);
        incoming.text(None, id, title.as_deref().filter(|_| incoming.side().is_none()), source, Map::new());
    }
    incoming.layer(layer);
}

/// Pieces with nothing between them but white space with a line end in it are one label, which brat cuts at line ends.
/// Only where positions are certain: in a text whose line ends are LF, and with no quote that says otherwise.
fn merge_lines(layer: &mut IncomingLayer, source: &str) {
    if layer.spans.iter().all(|(_, span)| span.pieces.is_empty()) {
        return;
    }
    let text = Text::new(source);
    let ruler = Ruler::new(&text, Unit::LineFeeds);
    let characters: Vec<char> = super::units::with_line_feeds(source).chars().collect();
    let between = |from: u32, to: u32| characters.get(from as usize..to as usize).unwrap_or_default();
    for (_, span) in &mut layer.spans {
        let quote: Option<Vec<String>> =
            span.pieces.iter().map(|(start, end)| Some(characters.get(*start as usize..*end as usize)?.iter().collect())).collect();
        if quote.map(|parts| parts.join(" ")) != span.text {
            continue;
        }
        let mut pieces: Vec<(u32, u32)> = Vec::new();
        for (start, end) in std::mem::take(&mut span.pieces) {
            match pieces.last_mut() {
                Some(last)
                    if last.1 < start && between(last.1, start).contains(&'\n') && between(last.1, start).iter().all(|c| c.is_whitespace()) =>
                {
                    last.1 = end
                }
                _ => pieces.push((start, end)),
            }
        }
        // The words with their own line ends, so that they are where the positions say in a text with CR too.
        let quoted: Option<Vec<&str>> = pieces.iter().map(|(start, end)| text.slice(ruler.read(*start)?..ruler.read(*end)?)).collect();
        span.text = quoted.map(|parts| parts.join(" "));
        span.pieces = if pieces.len() > 1 { pieces } else { Vec::new() };
    }
}

/// What the lines say, before events are resolved.
#[derive(Default)]
struct Reading {
    spans: Vec<(u32, super::record::SpanRecord)>,
    /// By name, where it is.
    names: BTreeMap<String, usize>,
    relations: Vec<(u32, RelationRecord)>,
    /// Of each event, its trigger.
    events: BTreeMap<String, String>,
    /// Events' arguments: event, role, what.
    arguments: Vec<(u32, String, String, String)>,
    /// What is said of labels, relations and events: of which, the name, the value.
    said: Vec<(u32, String, Said, String)>,
    equivalents: usize,
}

enum Said {
    Attribute(String, Value),
    Note(String),
    More(Map<String, Value>),
}

impl Reading {
    /// Reads a line; `None` where it is not understood.
    fn line(&mut self, number: u32, line: &str) -> Option<()> {
        let (id, rest) = line.split_once('\t')?;
        let raw = || line.to_owned();
        match id.chars().next()? {
            'T' => self.label(number, id, rest),
            'R' => {
                let mut words = rest.split_whitespace();
                let kind = words.next()?;
                let mut ends = words.map(|word| word.split_once(':').map(|(_, end)| end));
                let (from, to) = (ends.next()??, ends.next()??);
                self.relation(number, Some(id), kind, from, to);
                Some(())
            }
            '*' => {
                let mut words = rest.split_whitespace();
                let kind = words.next()?;
                let members: Vec<&str> = words.collect();
                (members.len() > 1).then_some(())?;
                for pair in members.windows(2) {
                    self.equivalents += 1;
                    let name = format!("Q{}", self.equivalents);
                    self.relation(number, Some(&name), kind, pair.first()?, pair.get(1)?);
                }
                Some(())
            }
            'E' => {
                let mut words = rest.split_whitespace();
                let (_, trigger) = words.next()?.split_once(':')?;
                self.events.insert(id.to_owned(), trigger.to_owned());
                for word in words {
                    let (role, what) = word.split_once(':')?;
                    self.arguments.push((number, id.to_owned(), role.to_owned(), what.to_owned()));
                }
                Some(())
            }
            'A' | 'M' => {
                let mut words = rest.splitn(3, ' ');
                let (name, of) = (words.next()?, words.next()?);
                let value = words.next().map_or(Value::Bool(true), Value::from);
                self.said.push((number, of.trim().to_owned(), Said::Attribute(name.to_owned(), value), raw()));
                Some(())
            }
            'N' => {
                let (reference, words) = rest.split_once('\t').unwrap_or((rest, ""));
                let mut parts = reference.splitn(3, ' ');
                let (name, of, entry) = (parts.next()?, parts.next()?, parts.next()?);
                self.said.push((number, of.to_owned(), Said::Attribute(name.to_owned(), entry.into()), raw()));
                if !words.is_empty() {
                    self.said.push((number, of.to_owned(), Said::Attribute(format!("{name}.text"), words.into()), raw()));
                }
                Some(())
            }
            '#' => {
                let (about, note) = rest.split_once('\t')?;
                let (kind, of) = about.split_once(' ')?;
                let said = match kind {
                    MORE => Said::More(json::parse(note).ok()?),
                    NOTE => Said::Note(note.to_owned()),
                    other => Said::Note(format!("{other}: {note}")),
                };
                self.said.push((number, of.trim().to_owned(), said, raw()));
                Some(())
            }
            _ => None,
        }
    }

    fn label(&mut self, number: u32, id: &str, rest: &str) -> Option<()> {
        let (about, words) = rest.split_once('\t').map_or((rest, None), |(about, words)| (about, Some(words)));
        let (kind, places) = about.split_once(' ')?;
        let mut pieces: Vec<(u32, u32)> = Vec::new();
        for place in places.split(';') {
            let (start, end) = place.trim().split_once(' ')?;
            pieces.push((start.parse().ok()?, end.trim().parse().ok()?));
        }
        let (first, last) = (pieces.first()?, pieces.last()?);
        let mut record = span(kind, first.0, last.1);
        record.id = Some(id.into());
        record.text = words.map(str::to_owned);
        record.pieces = if pieces.len() > 1 { pieces } else { Vec::new() };
        self.names.entry(id.to_owned()).or_insert(self.spans.len());
        self.spans.push((number, record));
        Some(())
    }

    fn relation(&mut self, number: u32, id: Option<&str>, kind: &str, from: &str, to: &str) {
        let id = id.map(Into::into);
        let record = RelationRecord { id, label: kind.into(), from: from.into(), to: to.into(), attributes: BTreeMap::new(), note: None };
        self.relations.push((number, record));
    }

    /// Fills the layer; returns the lines that speak of nothing that is there.
    fn finish(mut self, layer: &mut IncomingLayer) -> Vec<(u32, String)> {
        let mut strange = Vec::new();
        for (number, event, role, what) in std::mem::take(&mut self.arguments) {
            let trigger = self.events.get(&event).cloned().unwrap_or(event);
            let end = self.events.get(&what).cloned().unwrap_or(what);
            self.relation(number, None, &role, &trigger, &end);
        }
        for (_, relation) in &mut self.relations {
            // Relations of events are those of their triggers.
            for end in [&mut relation.from, &mut relation.to] {
                if let Some(trigger) = self.events.get(end.as_str()) {
                    *end = trigger.as_str().into();
                }
            }
        }
        let relations: BTreeMap<String, usize> =
            self.relations.iter().enumerate().filter_map(|(at, (_, relation))| Some((relation.id.as_ref()?.to_string(), at))).collect();
        for (number, of, said, raw) in std::mem::take(&mut self.said) {
            let of = self.events.get(&of).cloned().unwrap_or(of);
            let span = self.names.get(&of).and_then(|at| self.spans.get_mut(*at)).map(|(_, span)| span);
            let relation = relations.get(&of).and_then(|at| self.relations.get_mut(*at)).map(|(_, relation)| relation);
            match (span, relation) {
                (Some(span), _) => {
                    if let Said::More(more) = &said {
                        span.unsure |= more.get("unsure") == Some(&Value::Bool(true));
                        span.origin = more.get("origin").and_then(|origin| json::from_value(origin.clone()).ok()).or(span.origin.take());
                        if let Some(label) = more.get("label").and_then(Value::as_str) {
                            span.label = label.into();
                        }
                    }
                    say(said, &mut span.attributes, &mut span.note);
                }
                (None, Some(relation)) => {
                    if let Said::More(more) = &said
                        && let Some(label) = more.get("label").and_then(Value::as_str)
                    {
                        relation.label = label.into();
                    }
                    say(said, &mut relation.attributes, &mut relation.note);
                }
                (None, None) => strange.push((number, raw)),
            }
        }
        layer.spans.extend(self.spans.into_iter().map(|(line, span)| (Some(line), span)));
        layer.relations.extend(self.relations.into_iter().map(|(line, relation)| (Some(line), relation)));
        strange
    }
}

fn say(said: Said, attributes: &mut BTreeMap<String, Value>, note: &mut Option<String>) {
    match said {
        Said::Attribute(name, value) => match attributes.get_mut(&name) {
            None => drop(attributes.insert(name, value)),
            Some(Value::Array(values)) => values.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
        },
        Said::Note(said) => {
            *note = Some(match note.take() {
                Some(before) => format!("{before}\n{said}"),
                None => said,
            });
        }
        Said::More(mut more) => {
            if let Some(Value::String(whole)) = more.remove("note") {
                *note = Some(whole);
            }
            if let Some(Value::Object(more)) = more.remove("attributes") {
                attributes.extend(more);
            }
        }
    }
}
