//! Layers written as text: `قال <a>الوزير <b:Claim>المصري</a> أمس</b>`, with tags that may cross, and back again.
//!
//! A tag is a name and, where it is not an actor, a label. A name that comes again is a further piece. Names that begin
//! with `+` are places for commands, not labels that are there; `|` is a place between characters.

use std::collections::BTreeMap;
use std::fmt::Write;

use expect_test::Expect;
use serde_json::Value;
use wusum::annotation::{Annotation, Relation};
use wusum::history::History;
use wusum::layer::{Layer, Status};
use wusum::plan::{Command, Refusal};
use wusum::project::{Document, LayerKey, Project};
use wusum::schema::Schema;
use wusum::session::Session;
use wusum::span::{Extent, Span};
use wusum::text::Offset;

/// A text, the labels on it, and the places for commands.
pub struct Tagged {
    pub text: String,
    pub annotations: Vec<Annotation>,
    places: BTreeMap<String, Extent>,
    cuts: Vec<Offset>,
}

impl Tagged {
    pub fn parse(source: &str) -> Self {
        let mut text = String::new();
        let mut here = 0_u32;
        let mut cuts = Vec::new();
        let mut open: BTreeMap<String, u32> = BTreeMap::new();
        // By name: the label and the pieces.
        let mut spans: BTreeMap<String, (String, Vec<Span>)> = BTreeMap::new();
        let mut rest = source;
        while let Some(character) = rest.chars().next() {
            rest = &rest[character.len_utf8()..];
            match character {
                '|' => cuts.push(Offset::new(here)),
                '<' => {
                    let (tag, after) = rest.split_once('>').expect("a tag is closed by `>`");
                    rest = after;
                    if let Some(name) = tag.strip_prefix('/') {
                        let start = open.remove(name).unwrap_or_else(|| panic!("`{name}` is not open"));
                        let span = Span::try_new(Offset::new(start), Offset::new(here)).expect("a tagged span is not empty");
                        spans.get_mut(name).expect("it was opened").1.push(span);
                    } else {
                        let (name, label) = tag.split_once(':').unwrap_or((tag, "Actor"));
                        assert!(open.insert(name.to_owned(), here).is_none(), "`{name}` is open twice");
                        spans.entry(name.to_owned()).or_insert_with(|| (label.to_owned(), Vec::new()));
                    }
                }
                _ => {
                    text.push(character);
                    here += 1;
                }
            }
        }
        assert!(open.is_empty(), "not closed: {open:?}");
        let mut annotations = Vec::new();
        let mut places = BTreeMap::new();
        for (name, (label, pieces)) in spans {
            let extent = Extent::try_from_pieces(pieces).expect("pieces are in order and apart");
            if name.starts_with('+') {
                places.insert(name, extent);
            } else {
                annotations.push(Annotation::new(name.into(), extent, label.into()));
            }
        }
        Self { text, annotations, places, cuts }
    }

    /// The place of that name.
    pub fn place(&self, name: &str) -> Extent {
        self.places.get(name).unwrap_or_else(|| panic!("no place `{name}`")).clone()
    }

    /// Where the only `|` stands.
    pub fn cut(&self) -> Offset {
        assert_eq!(self.cuts.len(), 1, "one `|`");
        self.cuts[0]
    }
}

/// A layer as tagged text; a line for each label of which more is said; a line for each relation; a status other than *in progress*.
pub fn print(text: &str, layer: &Layer) -> String {
    let mut edges: Vec<(Offset, Edge)> = Vec::new();
    for (rank, annotation) in layer.iter().enumerate() {
        let label = annotation.label.as_str();
        let opening = if label == "Actor" { format!("<{}>", annotation.id) } else { format!("<{}:{label}>", annotation.id) };
        for piece in annotation.extent.pieces() {
            let first = piece.start() == annotation.extent.hull().start();
            let tag = if first { opening.clone() } else { format!("<{}>", annotation.id) };
            edges.push((piece.start(), Edge::Open(rank, tag)));
            // Of those that close together the one that was opened last closes first.
            edges.push((piece.end(), Edge::Close(usize::MAX - rank, format!("</{}>", annotation.id))));
        }
    }
    edges.sort();
    let mut edges = edges.into_iter().peekable();
    let mut printed = String::new();
    let ends = text.chars().map(Some).chain([None]);
    for (at, character) in (0..).zip(ends) {
        while let Some((_, Edge::Open(_, tag) | Edge::Close(_, tag))) = edges.next_if(|(edge, _)| *edge == Offset::new(at)) {
            printed += &tag;
        }
        printed.extend(character);
    }
    for annotation in layer.iter() {
        let mut said = said(&annotation.attributes, annotation.note.as_deref());
        if annotation.unsure {
            said += " unsure";
        }
        if !said.is_empty() {
            write!(printed, "\n{}:{said}", annotation.id).unwrap();
        }
    }
    for relation in layer.relations() {
        write!(printed, "\n{}: {} → {}", relation.id, relation.from, relation.to).unwrap();
        if relation.kind.as_str() != "source" {
            write!(printed, " ({})", relation.kind).unwrap();
        }
        printed += &said(&relation.attributes, relation.note.as_deref());
    }
    if layer.status() != Status::InProgress {
        write!(printed, "\n{}", layer.status().name()).unwrap();
    }
    printed
}

fn said(attributes: &BTreeMap<String, Value>, note: Option<&str>) -> String {
    let mut said = String::new();
    for (name, value) in attributes {
        write!(said, " {name}={value}").unwrap();
    }
    if let Some(note) = note {
        write!(said, " note={note:?}").unwrap();
    }
    said
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Edge {
    Close(usize, String),
    Open(usize, String),
}

pub fn key() -> LayerKey {
    LayerKey { document: "d".into(), annotator: "سارة".into() }
}

pub fn session(text: &str, layer: Layer) -> Session {
    session_of(Schema::default(), text, layer)
}

pub fn session_of(schema: Schema, text: &str, layer: Layer) -> Session {
    let mut project = Project { schema: schema.into(), ..Project::new("p") };
    project.documents.insert("d".into(), Document::new("d".into(), "عنوان", text).into());
    project.layers.insert(key(), layer);
    Session::open(project, key(), History::default(), 0).expect("the document is there")
}

/// Something said of the labels in a test beyond where they are.
pub enum Fact {
    Note(&'static str, &'static str),
    Attribute(&'static str, &'static str, &'static str),
    /// The name of a relation, where it starts, and where it leads.
    Tie(&'static str, &'static str, &'static str),
    /// As `Tie`, of another kind: that comes last.
    TieOf(&'static str, &'static str, &'static str, &'static str),
    /// What is said of a relation: its name, the attribute, the value.
    TieSays(&'static str, &'static str, Value),
    Unsure(&'static str),
    Status(Status),
}

/// A layer with what is said of it.
pub fn layer(tagged: &Tagged, facts: &[Fact]) -> Layer {
    let mut annotations = tagged.annotations.clone();
    let mut relations: Vec<Relation> = Vec::new();
    let mut status = Status::InProgress;
    for fact in facts {
        let find = |id: &str| tagged.annotations.iter().position(|annotation| annotation.id.as_str() == id).expect("it is tagged");
        let tie = |id: &str, from: &str, to: &str, kind: &str| Relation {
            id: id.into(),
            kind: kind.into(),
            from: from.into(),
            to: to.into(),
            attributes: BTreeMap::new(),
            note: None,
        };
        match fact {
            Fact::Note(id, note) => annotations[find(id)].note = Some((*note).to_owned()),
            Fact::Attribute(id, name, value) => drop(annotations[find(id)].attributes.insert((*name).to_owned(), (*value).into())),
            Fact::Tie(id, from, to) => relations.push(tie(id, from, to, "source")),
            Fact::TieOf(id, from, to, kind) => relations.push(tie(id, from, to, kind)),
            Fact::TieSays(id, name, value) => {
                let relation = relations.iter_mut().find(|relation| relation.id.as_str() == *id).expect("it is tied");
                relation.attributes.insert((*name).to_owned(), value.clone());
            }
            Fact::Unsure(id) => annotations[find(id)].unsure = true,
            Fact::Status(given) => status = *given,
        }
    }
    Layer::from_records(status, annotations, relations)
}

/// What becomes of a layer by a command: the layer, or why not. Undo must lead back, redo forth, a refusal nowhere.
pub fn check(source: &str, command: impl FnOnce(&Tagged) -> Command, expected: Expect) {
    check_with(source, &[], command, expected);
}

/// As [`check`], with more said of the labels.
pub fn check_with(source: &str, facts: &[Fact], command: impl FnOnce(&Tagged) -> Command, expected: Expect) {
    check_under(Schema::default(), source, facts, command, expected);
}

/// As [`check_with`], under another schema.
pub fn check_under(schema: Schema, source: &str, facts: &[Fact], command: impl FnOnce(&Tagged) -> Command, expected: Expect) {
    let tagged = Tagged::parse(source);
    let before = layer(&tagged, facts);
    let mut session = session_of(schema, &tagged.text, before.clone());
    match session.run(command(&tagged)) {
        Ok(_) => {
            let after = session.layer().clone();
            expected.assert_eq(&print(&tagged.text, &after));
            session.undo().expect("what was done can be undone");
            assert_eq!(*session.layer(), before, "undo leads back");
            session.redo().expect("what was undone can be redone");
            assert_eq!(*session.layer(), after, "redo leads forth");
        }
        Err(refusal) => {
            expected.assert_eq(&format!("refused: {refusal:?}"));
            assert_eq!((session.layer(), session.revision(), session.history().depth()), (&before, 0, (0, 0)), "a refusal changes nothing");
        }
    }
}

/// The refusal of a command that must not be carried out.
pub fn refusal(session: &mut Session, command: Command) -> Refusal {
    let before = (session.layer().clone(), session.revision());
    let refusal = session.run(command).expect_err("it is against the rules");
    assert_eq!((session.layer().clone(), session.revision()), before);
    refusal
}

#[test]
fn what_is_written_is_what_is_read() {
    for source in [
        "أعلن <a>الرئيس <b:Claim>المصري</a> أمس</b>",
        "<a><b:Claim>مصر</b></a><c>👩‍👩‍👧</c>",
        "<q:Claim>ترفض</q>، كما <s>قال</s>، <q>الاتهام</q>",
        "بلا وسوم",
    ] {
        let tagged = Tagged::parse(source);
        assert_eq!(print(&tagged.text, &layer(&tagged, &[])), source);
    }
    let tagged = Tagged::parse("أعلن <a>الرئيس</a>|");
    assert_eq!(tagged.text, "أعلن الرئيس");
    assert_eq!(tagged.annotations[0].extent.hull().range(), Offset::new(5)..Offset::new(11));
    assert_eq!(tagged.cut(), Offset::new(11));
}
