//! Files of schemas, apart from labels: which formats there are, and what all readers and writers share.
//!
//! Reading never fails as a whole: what cannot be taken is told and passed over, and the schema that comes out can be
//! worked with. Writing tells what the format has no place for.

use super::problem::{Problem, ProblemCode};
#[cfg(feature = "schema-files")]
use super::schema_label_studio;
use super::{schema_brat, schema_doccano, schema_json};
use crate::id::LabelId;
use crate::schema::{Attribute, AttributeKind, Colour, Label, Names, Overlap, Relation, Schema, Style};
use crate::text::decode;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A format in which a schema can be read and written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SchemaFormat {
    /// The own form, as a project's file has it. Nothing is lost.
    Wusum,
    /// brat's `annotation.conf`.
    Brat,
    /// Label Studio's labelling configuration.
    #[cfg(feature = "schema-files")]
    LabelStudio,
    /// doccano's list of label types.
    Doccano,
}

impl SchemaFormat {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::Wusum,
        Self::Brat,
        #[cfg(feature = "schema-files")]
        Self::LabelStudio,
        Self::Doccano,
    ];

    /// The name that scripts rely on.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Wusum => "wusum",
            Self::Brat => "brat",
            #[cfg(feature = "schema-files")]
            Self::LabelStudio => "label-studio",
            Self::Doccano => "doccano",
        }
    }

    /// The format of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|format| format.name() == name)
    }

    /// How a file of it is called.
    #[must_use]
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Wusum => "schema.json",
            Self::Brat => "annotation.conf",
            #[cfg(feature = "schema-files")]
            Self::LabelStudio => "label-studio.xml",
            Self::Doccano => "doccano-labels.json",
        }
    }

    /// The format of a file, by how it begins.
    #[must_use]
    pub fn detect(bytes: &[u8]) -> Self {
        let text = decode(bytes.get(..bytes.len().min(4096)).unwrap_or_default()).text;
        let start = text.trim_start_matches(['\u{FEFF}', ' ', '\t', '\r', '\n']);
        #[cfg(feature = "schema-files")]
        if start.starts_with('<') {
            return Self::LabelStudio;
        }
        match start.chars().next() {
            Some('{') => Self::Wusum,
            // A section's name, or a list of records.
            Some('[') if start.get(1..).is_some_and(|rest| !rest.trim_start().starts_with(|c: char| c.is_ascii_alphabetic())) => Self::Doccano,
            _ => Self::Brat,
        }
    }
}

/// Reads a schema: the good, and what was not taken.
#[must_use]
pub fn read(file: Option<&str>, bytes: &[u8], format: SchemaFormat) -> (Schema, Vec<Problem>) {
    let decoded = decode(bytes);
    let mut draft = Draft::default();
    if !decoded.problems.is_empty() {
        draft.tell(None, ProblemCode::BadEncoding { encoding: decoded.encoding.to_owned() });
    }
    let text = decoded.text.trim_start_matches('\u{FEFF}');
    if text.trim().is_empty() {
        draft.tell(None, ProblemCode::EmptyFile {});
    } else {
        match format {
            SchemaFormat::Wusum => schema_json::read(text, &mut draft),
            SchemaFormat::Brat => schema_brat::read(text, &mut draft),
            #[cfg(feature = "schema-files")]
            SchemaFormat::LabelStudio => schema_label_studio::read(text, &mut draft),
            SchemaFormat::Doccano => schema_doccano::read(text, &mut draft),
        }
    }
    let (schema, mut problems) = draft.finish();
    for problem in &mut problems {
        problem.file = file.map(str::to_owned);
    }
    (schema, problems)
}

/// Writes a schema, and tells what the format has no place for.
#[must_use]
pub fn write(schema: &Schema, format: SchemaFormat) -> (String, Vec<Problem>) {
    match format {
        SchemaFormat::Wusum => (schema_json::write(schema), Vec::new()),
        SchemaFormat::Brat => schema_brat::write(schema),
        #[cfg(feature = "schema-files")]
        SchemaFormat::LabelStudio => schema_label_studio::write(schema),
        SchemaFormat::Doccano => schema_doccano::write(schema),
    }
}

/// A schema while it is read.
pub(super) struct Draft {
    pub schema: Schema,
    problems: Vec<Problem>,
}

impl Default for Draft {
    fn default() -> Self {
        Self { schema: Schema::empty(), problems: Vec::new() }
    }
}

impl Draft {
    pub fn tell(&mut self, line: Option<u32>, code: ProblemCode) {
        let problem = Problem { line, ..Problem::whole(code) };
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    pub fn pass_over(&mut self, line: impl Into<Option<u32>>, what: impl Into<String>, name: impl Into<String>) {
        self.tell(line.into(), ProblemCode::SchemaPassedOver { what: what.into(), name: name.into() });
    }

    /// Without what would make the schema unusable; with a colour for each label.
    fn finish(mut self) -> (Schema, Vec<Problem>) {
        let mut schema = std::mem::replace(&mut self.schema, Schema::empty());
        unique(&mut schema.labels, |label| label.id.as_str(), &mut self);
        unique(&mut schema.relations, |relation| relation.id.as_str(), &mut self);
        for label in &mut schema.labels {
            let owner = label.id.to_string();
            attributes(&mut label.attributes, &owner, &mut self);
        }
        for relation in &mut schema.relations {
            let owner = relation.id.to_string();
            attributes(&mut relation.attributes, &owner, &mut self);
        }
        self.parents(&mut schema);
        self.ends(&mut schema);
        self.keys(&mut schema);
        self.colours(&mut schema);
        (schema, self.problems)
    }

    fn parents(&mut self, schema: &mut Schema) {
        for index in 0..schema.labels.len() {
            let Some(label) = schema.labels.get(index) else { continue };
            let (name, Some(parent)) = (label.id.to_string(), label.parent.clone()) else { continue };
            let is_known = schema.label(&parent).is_some();
            let up = std::iter::successors(Some(&parent), |id| schema.label(id).and_then(|label| label.parent.as_ref()));
            let is_loop = up.take(schema.labels.len()).any(|id| *id == label.id);
            if is_known && !is_loop {
                continue;
            }
            if let Some(label) = schema.labels.get_mut(index) {
                label.parent = None;
            }
            self.tell(None, if is_known { passed_over("parent", name) } else { ProblemCode::SchemaUnknownLabel { name, label: parent.to_string() } });
        }
    }

    fn ends(&mut self, schema: &mut Schema) {
        let known: BTreeSet<LabelId> = schema.labels.iter().map(|label| label.id.clone()).collect();
        schema.relations.retain_mut(|relation| {
            for list in [&mut relation.from, &mut relation.to] {
                let was_any = list.is_empty();
                for label in list.extract_if(.., |label| !known.contains(label)) {
                    self.tell(None, ProblemCode::SchemaUnknownLabel { name: relation.id.to_string(), label: label.to_string() });
                }
                // An empty list would allow any label, which the file does not.
                if list.is_empty() && !was_any {
                    self.pass_over(None, "relations", relation.id.as_str());
                    return false;
                }
            }
            true
        });
    }

    fn keys(&mut self, schema: &mut Schema) {
        let mut taken = BTreeSet::new();
        for label in schema.labels.iter_mut().filter(|label| !label.retired) {
            let Some(key) = label.key else { continue };
            if !('1'..='9').contains(&key) || !taken.insert(key) {
                label.key = None;
                self.tell(None, ProblemCode::SchemaKey { name: label.id.to_string(), key: key.to_string() });
            }
        }
    }

    fn colours(&mut self, schema: &mut Schema) {
        let used: BTreeSet<String> = schema.labels.iter().map(|label| label.colour.light.clone()).collect();
        let mut free = PALETTE.iter().filter(|(light, _)| !used.contains(*light)).chain(PALETTE.iter().cycle());
        for label in &mut schema.labels {
            let bad = [&label.colour.light, &label.colour.dark].into_iter().find(|colour| !is_colour(colour)).cloned();
            let Some(bad) = bad else { continue };
            if !bad.is_empty() {
                self.tell(None, ProblemCode::SchemaColour { name: label.id.to_string(), colour: bad });
            }
            if let Some((light, dark)) = free.next() {
                label.colour = Colour { light: (*light).to_owned(), dark: (*dark).to_owned() };
            }
        }
    }
}

fn passed_over(what: &str, name: String) -> ProblemCode {
    ProblemCode::SchemaPassedOver { what: what.to_owned(), name }
}

/// Drops what has no name, or the name of one before it.
fn unique<T>(items: &mut Vec<T>, id: impl Fn(&T) -> &str, draft: &mut Draft) {
    let mut seen = BTreeSet::new();
    items.retain(|item| {
        let name = id(item).to_owned();
        if name.trim().is_empty() {
            draft.tell(None, ProblemCode::BadField { field: "id".to_owned() });
            return false;
        }
        if !seen.insert(name.clone()) {
            draft.tell(None, ProblemCode::SchemaNameTwice { name });
            return false;
        }
        true
    });
}

fn attributes(list: &mut Vec<Attribute>, owner: &str, draft: &mut Draft) {
    unique(list, |attribute| &attribute.id, draft);
    for attribute in list {
        unique(&mut attribute.values, |value| &value.id, draft);
        if attribute.default.as_ref().is_some_and(|value| !attribute.accepts(value)) {
            attribute.default = None;
            draft.pass_over(None, "default", format!("{owner}.{}", attribute.id));
        }
    }
}

/// Whether it is written as `#rrggbb`.
pub(super) fn is_colour(colour: &str) -> bool {
    colour.len() == 7 && colour.strip_prefix('#').is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Colours for labels that have none, on light paper and on dark; all tints of them can be told apart.
pub const PALETTE: [(&str, &str); 24] = [
    ("#eb9a04", "#eb9a04"),
    ("#1995ea", "#1995ea"),
    ("#cc2a1b", "#cc2631"),
    ("#22882a", "#779f13"),
    ("#8f46cb", "#9b0bee"),
    ("#2ac5c9", "#3dc6b1"),
    ("#f975dd", "#f33199"),
    ("#98e67c", "#228653"),
    ("#a06108", "#d4a27a"),
    ("#235efa", "#99a7f9"),
    ("#fb2b79", "#fd7eaa"),
    ("#869a3e", "#ddd16f"),
    ("#006071", "#73979a"),
    ("#95d9f7", "#95d9f7"),
    ("#e0615e", "#dd6836"),
    ("#8c0888", "#9842c4"),
    ("#c6a69d", "#886869"),
    ("#6d6f89", "#5f69b7"),
    ("#10d231", "#73f039"),
    ("#f400bd", "#db2dec"),
    ("#4101ea", "#235efa"),
    ("#f5b3fa", "#be08a5"),
    ("#9b0bee", "#e17ffe"),
    ("#803668", "#fbb8cb"),
];

/// A name in a file that has one for all languages.
pub(super) fn both(name: &str) -> Names {
    Names { ar: name.to_owned(), en: name.to_owned() }
}

/// A label of which nothing more is known; its colour comes when the draft is finished.
#[must_use]
pub fn new_label(id: &str) -> Label {
    Label {
        id: id.into(),
        names: both(id),
        description: None,
        key: None,
        style: Style::default(),
        colour: Colour { light: String::new(), dark: String::new() },
        attributes: Vec::new(),
        parent: None,
        retired: false,
        overlap: Overlap::default(),
        long: None,
        guidelines: None,
    }
}

/// A relation of which nothing more is known.
#[must_use]
pub fn new_relation(id: &str) -> Relation {
    Relation {
        id: id.into(),
        names: both(id),
        description: None,
        from: Vec::new(),
        to: Vec::new(),
        attributes: Vec::new(),
        most: None,
        required: false,
        retired: false,
    }
}

/// An attribute of which nothing more is known.
#[must_use]
pub fn new_attribute(id: &str, kind: AttributeKind, values: &[&str]) -> Attribute {
    let values = values.iter().map(|value| crate::schema::AttributeValue { id: Arc::from(*value), names: both(value) }).collect();
    Attribute { id: Arc::from(id), names: both(id), kind, values, default: None, required: false }
}
