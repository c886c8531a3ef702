//! XML read as a list of elements below its root. Nothing is fetched, no entity is expanded but the five that XML itself has.

use super::incoming::Incoming;
use super::problem::ProblemCode;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion, escape};
use std::collections::BTreeMap;

/// An element.
#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    /// The line it begins on.
    pub line: u32,
    /// What the prefix of its name stands for.
    pub namespace: String,
    /// Its name without prefix.
    pub name: String,
    /// Its fields, in order, with their prefixes.
    pub fields: Vec<(String, String)>,
    /// The text directly in it.
    pub text: String,
    /// The elements in it.
    pub children: Vec<Node>,
}

impl Node {
    /// What a field says.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The text of an element in it, without the space around.
    #[must_use]
    pub fn child_text(&self, name: &str) -> Option<&str> {
        self.children.iter().find(|child| child.name == name).map(|child| child.text.trim()).filter(|text| !text.is_empty())
    }
}

/// How deep elements may lie in one another; what lies deeper is passed over.
const DEEPEST: usize = 64;

/// The elements below the root. What is not well-formed ends the reading and is told; what came before is kept.
pub(super) fn nodes(source: &str, incoming: &mut Incoming) -> Vec<Node> {
    let mut reading = Reading { prefixes: BTreeMap::new(), version: XmlVersion::Implicit1_0, open: Vec::new(), deeper: 0, done: Vec::new() };
    let mut reader = Reader::from_str(source.trim_start_matches('\u{FEFF}'));
    let length = source.len();
    let (mut line, mut seen) = (1_u32, 0_usize);
    loop {
        let event = reader.read_event();
        let here = usize::try_from(reader.buffer_position()).unwrap_or(length).min(length);
        let begins = line;
        let passed = source.as_bytes().get(seen..here).unwrap_or_default().iter().filter(|byte| **byte == b'\n').count();
        line = line.saturating_add(u32::try_from(passed).unwrap_or(u32::MAX));
        seen = here;
        match event {
            Ok(Event::Eof) => break,
            Ok(event) => reading.event(event, begins, incoming),
            Err(error) => {
                incoming.problem(line, ProblemCode::Unreadable { detail: error.to_string() });
                break;
            }
        }
    }
    // What was not closed is kept as far as it goes.
    while reading.open.len() > 1 {
        reading.close();
    }
    reading.done
}

struct Reading {
    prefixes: BTreeMap<String, String>,
    version: XmlVersion,
    /// The root and what is open in it.
    open: Vec<Node>,
    /// How many are open that are passed over.
    deeper: usize,
    done: Vec<Node>,
}

impl Reading {
    fn event(&mut self, event: Event, line: u32, incoming: &mut Incoming) {
        match event {
            Event::Start(start) if self.open.len() < DEEPEST && self.deeper == 0 => {
                let node = self.node(&start, line, incoming);
                self.open.push(node);
            }
            Event::Start(_) => self.deeper += 1,
            Event::Empty(start) if self.open.len() < DEEPEST && self.deeper == 0 => {
                let node = self.node(&start, line, incoming);
                self.open.push(node);
                self.close();
            }
            Event::End(_) if self.deeper > 0 => self.deeper -= 1,
            Event::End(_) => self.close(),
            Event::Text(text) => {
                let text = text.xml_content(self.version).into_owned();
                self.text(&text);
            }
            Event::CData(text) => {
                let text = text.xml_content(self.version).into_owned();
                self.text(&text);
            }
            Event::GeneralRef(reference) => {
                let named = reference.resolve_char_ref().ok().flatten().map(String::from);
                let named = named.or_else(|| escape::resolve_predefined_entity(&reference).map(str::to_owned));
                match named {
                    Some(text) => self.text(&text),
                    None => incoming.problem(line, ProblemCode::BadLine { what: format!("&{};", &*reference) }),
                }
            }
            Event::DocType(_) => incoming.problem(line, ProblemCode::BadLine { what: "<!DOCTYPE".to_owned() }),
            Event::Decl(declaration) => self.version = declaration.xml_version().unwrap_or_default(),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(open) = self.open.last_mut().filter(|_| self.deeper == 0) {
            open.text.push_str(text);
        }
    }

    /// The last that was opened is whole.
    fn close(&mut self) {
        let Some(node) = self.open.pop() else { return };
        match self.open.len() {
            // The root itself.
            0 => {}
            1 => self.done.push(node),
            _ => {
                if let Some(parent) = self.open.last_mut() {
                    parent.children.push(node);
                }
            }
        }
    }

    fn node(&mut self, start: &BytesStart, line: u32, incoming: &mut Incoming) -> Node {
        let mut fields = Vec::new();
        for field in start.attributes() {
            let read = field.map_err(|error| error.to_string()).and_then(|field| {
                let value = field.normalized_value(self.version).map_err(|error| error.to_string())?;
                Ok((field.key.as_ref().to_owned(), value.into_owned()))
            });
            match read {
                Ok((key, value)) => match key.strip_prefix("xmlns:").or_else(|| (key == "xmlns").then_some("")) {
                    Some(prefix) => drop(self.prefixes.insert(prefix.to_owned(), value)),
                    None => fields.push((key, value)),
                },
                Err(detail) => incoming.problem(line, ProblemCode::Unreadable { detail }),
            }
        }
        let name = start.name().as_ref().to_owned();
        let (prefix, name) = name.split_once(':').unwrap_or(("", &name));
        let namespace = self.prefixes.get(prefix).cloned().unwrap_or_default();
        Node { line, namespace, name: name.to_owned(), fields, text: String::new(), children: Vec::new() }
    }
}
