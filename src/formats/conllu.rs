//! CoNLL-U, and CoNLL-U Plus in: words with the exact text around them, labels in `Entity=` as CorefUD has them.
//!
//! - A written word that is parted is a range line (`1-2`) with its words below.
//! - What stands behind a word is one blank, or `SpaceAfter=No`, or `SpacesAfter=`, as `UDPipe` writes it: `\s`, `\t`, `\n`, `\r`,
//!   `\p` for `|`, `\\`; other white space is `\u` and four digits. Before the first word of a text it is `SpacesBefore=`.
//! - `Entity=(e1-Actor(e2-Person` opens two labels and `Entity=e2)e1)` closes them; `(e3-Claim)` is on one word. A name has `%` and
//!   two digits for each byte of what would be taken for something else. Tags (`Entity=B-Actor`) are read, too.
//! - `# newdoc id`, `# meta::title` and `# meta::annotator` say whose words follow; `# meta::text` is a text without a word.

use super::conllu_write::write;
use super::files;
use super::incoming::{Incoming, IncomingLayer, span};
use super::list::{Code, Read};
use super::loss::{Holds, Kind};
use super::problem::ProblemCode;
use super::record::SpanRecord;
use super::sniff::Head;
use super::tags::{Levels, Tag, tag};
use super::tokens::is_space;
use super::units::{Unit, length};
use serde_json::{Map, json};
use std::collections::BTreeMap;
use std::ops::Range;

/// How it is read and written.
pub(super) const CODE: Code = Code {
    sniff: is_conllu,
    read: Some(Read::Each(read)),
    write: Some(write),
    unit: Unit::None,
    holds: Holds::AllBut(Kind::BESIDE_WORDS),
    ..Code::PLAIN
};

/// How many lines with a word must look right.
const LINES: usize = 40;

/// The columns where no line says which there are.
const COLUMNS: [&str; 10] = ["ID", "FORM", "LEMMA", "UPOS", "XPOS", "FEATS", "HEAD", "DEPREL", "DEPS", "MISC"];

/// The name of what has none.
const ENTITY: &str = "entity";

/// Which words a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Id {
    Word(u32),
    Range(u32, u32),
    /// A word that is not written.
    Empty,
}

fn id(written: &str) -> Option<Id> {
    if let Some((first, last)) = written.split_once('-') {
        let (first, last) = (first.parse().ok()?, last.parse().ok()?);
        return (first <= last).then_some(Id::Range(first, last));
    }
    if let Some((word, empty)) = written.split_once('.') {
        return (word.parse::<u32>().is_ok() && empty.parse::<u32>().is_ok()).then_some(Id::Empty);
    }
    written.parse().ok().map(Id::Word)
}

fn is_conllu(head: &Head) -> bool {
    let starts = ["# global.columns", "# global.Entity", "# newdoc"];
    let is_said = head.lines().take_while(|line| line.starts_with('#')).any(|line| starts.iter().any(|start| line.starts_with(start)));
    let mut words = head.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()).take(LINES).peekable();
    let is_there = words.peek().is_some() || is_said;
    is_there
        && !super::webanno::is_webanno(head)
        && words.all(|line| {
            let columns: Vec<&str> = line.split('\t').collect();
            (columns.len() == COLUMNS.len() || (is_said && columns.len() > 1)) && columns.first().is_some_and(|first| id(first).is_some())
        })
}

/// White space and other signs as MISC can have them; blanks inside stay where `has_blanks`.
pub(super) fn spell(value: &str, has_blanks: bool) -> String {
    let last = value.chars().count().saturating_sub(1);
    let mut out = String::new();
    for (at, character) in value.chars().enumerate() {
        match character {
            ' ' if has_blanks && at > 0 && at < last => out.push(' '),
            ' ' => out.push_str("\\s"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '|' if !has_blanks => out.push_str("\\p"),
            '\\' => out.push_str("\\\\"),
            // All other white space has four digits.
            _ if is_space(character) || character.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(character))),
            _ => out.push(character),
        }
    }
    out
}

/// What [`spell`] wrote; anything else stays.
fn unspell(written: &str) -> String {
    let mut out = String::new();
    let mut rest = written;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let plain = match after.chars().next() {
            Some('s') => Some(' '),
            Some('t') => Some('\t'),
            Some('n') => Some('\n'),
            Some('r') => Some('\r'),
            Some('p') => Some('|'),
            Some('\\') => Some('\\'),
            _ => None,
        };
        let spelled = || after.strip_prefix('u')?.get(..4).and_then(|digits| u32::from_str_radix(digits, 16).ok()).and_then(char::from_u32);
        rest = match (plain, spelled()) {
            (Some(character), _) => {
                out.push(character);
                after.get(1..).unwrap_or_default()
            }
            (None, Some(character)) => {
                out.push(character);
                after.get(5..).unwrap_or_default()
            }
            (None, None) => {
                out.push('\\');
                after
            }
        };
    }
    out.push_str(rest);
    out
}

/// The name behind `%` and digits.
fn decoded(name: &str) -> String {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|_| *first == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        let byte =
            digits.filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit())).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| name.to_owned())
}

/// Which columns there are, and what the parts of an entity are.
struct Layout {
    form: usize,
    misc: Option<usize>,
    /// Columns of their own for tags, as CoNLL-U Plus may have them.
    tags: Vec<usize>,
    eid: usize,
    etype: usize,
}

impl Default for Layout {
    fn default() -> Self {
        Self { form: 1, misc: Some(9), tags: Vec::new(), eid: 0, etype: 1 }
    }
}

impl Layout {
    fn columns(&mut self, named: &str) {
        let names: Vec<&str> = named.split_whitespace().collect();
        let find = |name: &str| names.iter().position(|known| *known == name);
        self.form = find("FORM").unwrap_or(1);
        self.misc = find("MISC");
        let is_tags = |name: &str| !COLUMNS.contains(&name) && name.split([':', '_']).any(|part| ["NE", "NER", "ENTITY"].contains(&part));
        self.tags = (0..names.len()).filter(|at| names.get(*at).is_some_and(|name| is_tags(&name.to_uppercase()))).collect();
    }

    fn entity(&mut self, named: &str) {
        let find = |wanted: [&str; 2]| named.split('-').position(|name| wanted.contains(&name.trim()));
        self.eid = find(["eid", "GRP"]).unwrap_or(0);
        self.etype = find(["etype", "entity"]).unwrap_or(1);
    }
}

/// A label of brackets.
struct Opened {
    line: u32,
    label: String,
    start: u32,
}

/// A written word that is parted: the numbers of its words and where it is, and what of it is left.
struct Parted {
    words: Range<u32>,
    place: Range<u32>,
    forms: Vec<(u32, String, Option<String>, Vec<String>)>,
}

/// A document as it is read.
#[derive(Default)]
struct Reading {
    line: u32,
    id: Option<String>,
    title: Option<String>,
    /// Whose it is, where a line says so; empty where it is nobody's.
    annotator: Option<String>,
    text: String,
    /// Code points in the text.
    at: u32,
    /// What stands behind the last word, and whether the file says so.
    gap: (String, bool),
    is_begun: bool,
    levels: Levels,
    open: BTreeMap<String, Vec<Opened>>,
    done: Vec<(Option<u32>, SpanRecord)>,
    parted: Option<Parted>,
}

impl Reading {
    fn push(&mut self, part: &str) {
        self.text.push_str(part);
        self.at = self.at.saturating_add(length(part));
    }

    /// A written word, with what stands around it.
    fn surface(&mut self, form: &str, misc: Option<&str>) -> Range<u32> {
        let said = |key: &str| misc.and_then(|misc| misc.split('|').find_map(|item| item.strip_prefix(key)?.strip_prefix('=')));
        let (gap, _) = std::mem::take(&mut self.gap);
        self.push(&gap);
        if let Some(before) = said("SpacesBefore") {
            self.push(&unspell(before));
        }
        let start = self.at;
        self.push(form);
        self.is_begun = true;
        self.gap = match (said("SpacesAfter"), said("SpaceAfter")) {
            (Some(spaces), _) => (unspell(spaces), true),
            (None, Some("No")) => (String::new(), true),
            _ => (" ".to_owned(), false),
        };
        start..self.at
    }

    /// A word of its own, or one of a written word.
    fn word(&mut self, line: u32, place: Range<u32>, misc: Option<&str>, tags: &[String], layout: &Layout) {
        let mut own: Vec<Tag> = Vec::new();
        for item in misc.into_iter().flat_map(|misc| misc.split('|')) {
            match item.split_once('=') {
                Some(("Entity", value)) if value.contains(['(', ')']) => self.brackets(line, &place, value, layout),
                Some(("Entity" | "NER" | "NE", value)) => own.push(tag(value).unwrap_or(Tag::Inside('S', value))),
                _ => {}
            }
        }
        own.extend(tags.iter().map(|written| tag(written).unwrap_or(Tag::Outside)));
        self.levels.token(line, place, &own);
    }

    fn brackets(&mut self, line: u32, place: &Range<u32>, value: &str, layout: &Layout) {
        let mut rest = value;
        while !rest.is_empty() {
            if let Some(opened) = rest.strip_prefix('(') {
                let end = opened.find(['(', ')']).unwrap_or(opened.len());
                let parts: Vec<&str> = opened.get(..end).unwrap_or_default().split('-').collect();
                let label = parts.get(layout.etype).map_or_else(|| ENTITY.to_owned(), |label| decoded(label));
                rest = opened.get(end..).unwrap_or_default();
                if let Some(after) = rest.strip_prefix(')') {
                    self.done.push((Some(line), span(label, place.start, place.end)));
                    rest = after;
                } else {
                    let eid = (*parts.get(layout.eid).unwrap_or(&"")).to_owned();
                    self.open.entry(eid).or_default().push(Opened { line, label, start: place.start });
                }
            } else {
                let end = rest.find(['(', ')']).unwrap_or(rest.len());
                let eid = rest.get(..end).unwrap_or_default();
                if let Some(opened) = self.open.get_mut(eid).and_then(Vec::pop) {
                    self.done.push((Some(opened.line), span(opened.label, opened.start, place.end)));
                } else {
                    // A label that nothing opened covers nothing; that is told with all others of which no place is believed.
                    self.done.push((Some(line), span(eid, place.end, place.end)));
                }
                let after = rest.get(end..).unwrap_or_default();
                rest = after.strip_prefix(')').unwrap_or(after);
            }
        }
    }

    /// The words of a written word: one after another in it where they are its letters, else each on the whole of it.
    fn part(&mut self, layout: &Layout) {
        let Some(parted) = self.parted.take() else { return };
        let lengths: Vec<u32> = parted.forms.iter().map(|(_, form, ..)| length(form)).collect();
        let written = self.text.chars().rev().take((parted.place.end - parted.place.start) as usize);
        let is_its_letters = written.eq(parted.forms.iter().rev().flat_map(|(_, form, ..)| form.chars().rev()));
        let mut start = parted.place.start;
        for ((line, _, misc, tags), size) in parted.forms.into_iter().zip(lengths) {
            let place = if is_its_letters { start..start.saturating_add(size) } else { parted.place.clone() };
            start = start.saturating_add(size);
            self.word(line, place, misc.as_deref(), &tags, layout);
        }
    }

    /// A line of ten columns, or of as many as the file says; `None` where it is not understood.
    fn row(&mut self, line: u32, written: &str, layout: &Layout) -> Option<()> {
        let columns: Vec<&str> = written.split('\t').collect();
        let id = id(columns.first()?)?;
        let form = columns.get(layout.form).filter(|form| !form.is_empty())?;
        let misc = layout.misc.and_then(|misc| columns.get(misc)).copied();
        let tags: Vec<String> = layout.tags.iter().map(|at| (*columns.get(*at).unwrap_or(&"O")).to_owned()).collect();
        match id {
            Id::Range(first, last) => {
                self.part(layout);
                let place = self.surface(form, misc);
                self.parted = Some(Parted { words: first..last.saturating_add(1), place, forms: Vec::new() });
            }
            Id::Word(number) => {
                if let Some(parted) = self.parted.as_mut().filter(|parted| parted.words.contains(&number)) {
                    parted.forms.push((line, (*form).to_owned(), misc.map(str::to_owned), tags));
                } else {
                    self.part(layout);
                    let place = self.surface(form, misc);
                    self.word(line, place, misc, &tags, layout);
                }
            }
            Id::Empty => {
                self.part(layout);
                self.word(line, self.at..self.at, misc, &tags, layout);
            }
        }
        Some(())
    }

    fn sentence(&mut self, layout: &Layout) {
        self.part(layout);
        self.levels.close();
    }

    fn finish(mut self, stem: &str, name: Option<&str>, layout: &Layout, incoming: &mut Incoming) {
        self.sentence(layout);
        if !self.is_begun {
            return;
        }
        if let (gap, true) = std::mem::take(&mut self.gap) {
            self.push(&gap);
        }
        let mut spans = self.levels.finish();
        spans.append(&mut self.done);
        // What nothing closes covers nothing that is known, and is told.
        let left = self.open.into_values().flatten();
        spans.extend(left.map(|opened| (Some(opened.line), span(opened.label, opened.start, opened.start))));
        let id = self.id.unwrap_or_else(|| stem.to_owned());
        let is_bare = self.annotator.as_deref() == Some("") && spans.is_empty();
        let stated = self.annotator.filter(|annotator| !annotator.is_empty()).map(|annotator| annotator.as_str().into());
        let annotator = stated.or_else(|| name.and_then(|name| incoming.annotator_of(name)));
        let mut layer = IncomingLayer { line: Some(self.line), annotator, ..IncomingLayer::new(id.clone(), Unit::CodePoints) };
        layer.spans = spans;
        incoming.text(self.line, id, self.title.as_deref(), self.text, Map::new());
        if !is_bare {
            incoming.layer(layer);
        }
    }
}

fn read(name: Option<&str>, bytes: &[u8], incoming: &mut Incoming) {
    let source = incoming.decode(bytes);
    let stem = name.map_or_else(|| super::text::id_of_text(&source), |name| files::ending(files::file_name(name)).0.to_owned());
    let mut layout = Layout::default();
    let mut reading = Reading { line: 1, ..Reading::default() };
    // What the document at hand is called where no line names it.
    let mut unnamed = stem.clone();
    let mut starts = 0_usize;
    for (number, line) in (1_u32..).zip(source.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line))) {
        if line.is_empty() {
            reading.sentence(&layout);
        } else if let Some(comment) = line.strip_prefix('#') {
            let (key, value) = comment.split_once('=').map_or((comment.trim(), None), |(key, value)| (key.trim(), Some(value.trim_matches(' '))));
            match (key, value) {
                ("global.columns", Some(value)) => layout.columns(value),
                ("global.Entity", Some(value)) => layout.entity(value),
                ("newdoc" | "newdoc id", id) => {
                    let next = Reading { line: number, id: id.map(unspell), ..Reading::default() };
                    let done = std::mem::replace(&mut reading, next);
                    starts += 1;
                    let named = std::mem::replace(&mut unnamed, format!("{stem}-{starts}"));
                    done.finish(&named, name, &layout, incoming);
                }
                ("newpar" | "newpar id", _) if !reading.gap.1 && reading.is_begun => "\n".clone_into(&mut reading.gap.0),
                ("meta::title", Some(value)) => reading.title = Some(unspell(value)),
                ("meta::annotator", Some(value)) => reading.annotator = Some(unspell(value)),
                ("meta::text", Some(value)) if !reading.is_begun => {
                    reading.push(&unspell(value));
                    reading.is_begun = true;
                }
                _ => {}
            }
        } else if reading.row(number, line, &layout).is_none() {
            incoming.problem(number, ProblemCode::BadLine { what: line.to_owned() });
            incoming.orphan(number, json!(line));
        }
    }
    reading.finish(&unnamed, name, &layout, incoming);
}
