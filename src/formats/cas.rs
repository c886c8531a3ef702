//! What UIMA's XMI and JSON have in common: feature structures with types, as documents and layers. Positions count UTF-16 units.
//!
//! Any annotation with a beginning and an end is a label: what it is called is in its feature `label` or `value`, else its type
//! says so. Annotations with a `Governor` and a `Dependent` are relations, and so are slots. What this program alone knows of a
//! label is in one feature, as JSON, and is believed only where the features beside it still say the same.

use super::cas_links::{self, Link};
use super::incoming::{Incoming, IncomingLayer, span};
use super::loss::{Holds, Kind};
use super::problem::ProblemCode;
use super::record::{RelationRecord, SpanRecord};
use super::units::Unit;
use super::{files, xml};
use crate::id::{Annotator, RelationId};
use crate::json;
use crate::layer::Status;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The type of labels that are written.
pub(super) const SPAN: &str = "webanno.custom.Span";
/// The type of relations that are written.
pub(super) const RELATION: &str = "webanno.custom.Relation";
/// The type of what is said of the document and the layer.
pub(super) const DOCUMENT: &str = "wusum.Document";
/// The type of a text.
pub(super) const SOFA: &str = "uima.cas.Sofa";
/// The type of what UIMA says of each text.
pub(super) const DOCUMENT_ANNOTATION: &str = "uima.tcas.DocumentAnnotation";
/// The view of a text that is alone.
pub(super) const VIEW: &str = "_InitialView";
/// The feature in which all is that no other feature can hold, as JSON.
pub(super) const MORE: &str = "wusum";
/// Features of [`SPAN`] and [`RELATION`] that are no attributes.
pub(super) const RESERVED: &[&str] = &["begin", "end", "sofa", "label", "note", "unsure", "pieces", MORE, "Governor", "Dependent"];
/// The attribute that keeps the type of labels of other programs.
const TYPE: &str = "uima.type";

/// What is kept of a project: all but the schema.
pub(super) const HOLDS: Holds = Holds::AllBut(&[Kind::SeveralAnnotators, Kind::Characters, Kind::Schema]);

/// A feature structure.
#[derive(Clone, Debug, Default)]
pub(super) struct Structure {
    /// Its number.
    pub id: i64,
    /// Where it begins, where lines say something.
    pub line: Option<u32>,
    /// Its type.
    pub kind: String,
    /// Features with values of their own.
    pub values: BTreeMap<String, Value>,
    /// Features that name another structure.
    pub references: BTreeMap<String, i64>,
    /// Features that name several.
    pub lists: BTreeMap<String, Vec<i64>>,
    /// Features that are not understood.
    pub odd: BTreeSet<String>,
}

impl Structure {
    fn text(&self, feature: &str) -> Option<&str> {
        self.values.get(feature).and_then(Value::as_str)
    }

    /// A position, be it written as text.
    fn number(&self, feature: &str) -> Option<u32> {
        match self.values.get(feature)? {
            Value::Number(number) => number.as_u64().and_then(|number| u32::try_from(number).ok()),
            Value::String(digits) => digits.parse().ok(),
            _ => None,
        }
    }

    fn is(&self, feature: &str) -> bool {
        match self.values.get(feature) {
            Some(Value::Bool(is)) => *is,
            Some(Value::String(is)) => is == "true" || is == "1",
            _ => false,
        }
    }

    fn sofa(&self) -> Option<i64> {
        self.references.get("sofa").copied()
    }

    /// What only this program knows of it.
    fn more(&self) -> Map<String, Value> {
        self.text(MORE).and_then(|more| json::parse(more).ok()).unwrap_or_default()
    }

    /// A feature's value to the letter: the one that was kept, where the feature still shows it.
    fn exact(&self, feature: &str, more: &Map<String, Value>) -> Option<Value> {
        let visible = self.values.get(feature)?;
        let kept = more.get("exact").and_then(|exact| exact.get(feature));
        let is_same = |kept: &&Value| [true, false].into_iter().any(|is_xml| visible.as_str() == Some(&shown(kept, is_xml)));
        Some(kept.filter(is_same).unwrap_or(visible).clone())
    }

    fn exact_text(&self, feature: &str, more: &Map<String, Value>) -> Option<String> {
        self.exact(feature, more).and_then(|value| value.as_str().map(str::to_owned))
    }
}

/// A value as a feature of text shows it.
#[must_use]
pub(super) fn shown(value: &Value, is_xml: bool) -> String {
    let plain = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if is_xml { xml::held(&plain).into_owned() } else { plain }
}

/// What is known of types.
#[derive(Clone, Debug, Default)]
pub(super) struct Types {
    /// Of each type, what it is a kind of.
    pub parents: BTreeMap<String, String>,
    /// Of each type and feature, what values it has.
    pub ranges: BTreeMap<(String, String), String>,
}

impl Types {
    /// The type and what it is a kind of, the nearest first.
    fn line<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a str> {
        // A type may be said to be a kind of itself.
        std::iter::successors(Some(kind), |kind| self.parents.get(*kind).map(String::as_str)).take(64)
    }

    /// Whether a type is of a kind.
    #[must_use]
    pub fn is_a(&self, kind: &str, ancestor: &str) -> bool {
        self.line(kind).any(|kind| kind == ancestor)
    }

    /// What values a feature has.
    #[must_use]
    pub fn range(&self, kind: &str, feature: &str) -> Option<&str> {
        self.line(kind).find_map(|kind| self.ranges.get(&(kind.to_owned(), feature.to_owned()))).map(String::as_str)
    }
}

/// What a file has.
#[derive(Clone, Debug, Default)]
pub(super) struct Cas {
    pub types: Types,
    pub structures: Vec<Structure>,
    /// Of each text, what is in its index; of a text that is not named here, everything.
    pub members: BTreeMap<i64, BTreeSet<i64>>,
    /// What fills the slots of annotations.
    pub links: Vec<Link>,
}

/// Takes the documents and layers of a file.
pub(super) fn take(path: Option<&str>, mut cas: Cas, incoming: &mut Incoming) {
    resolve_arrays(&mut cas);
    cas_links::take(&mut cas);
    let sofas: Vec<&Structure> = cas.structures.iter().filter(|structure| structure.kind == SOFA).collect();
    if sofas.is_empty() {
        incoming.problem(None, ProblemCode::PartMissing { part: SOFA.to_owned() });
    }
    for sofa in &sofas {
        let Some(source) = sofa.text("sofaString") else {
            incoming.problem(sofa.line, ProblemCode::PartMissing { part: "sofaString".to_owned() });
            continue;
        };
        View { cas: &cas, sofa, passed: BTreeMap::new() }.take(path, source, sofas.len() > 1, incoming);
    }
}

/// Lists of texts that stand apart become values of the features that name them.
fn resolve_arrays(cas: &mut Cas) {
    let is_array = |structure: &Structure| structure.kind == "uima.cas.StringArray";
    let arrays: BTreeMap<i64, Value> = cas
        .structures
        .iter()
        .filter(|structure| is_array(structure))
        .map(|array| (array.id, array.values.get("elements").cloned().unwrap_or_else(|| Value::Array(Vec::new()))))
        .collect();
    for structure in &mut cas.structures {
        let found: Vec<(String, Value)> =
            structure.references.iter().filter_map(|(feature, id)| Some((feature.clone(), arrays.get(id)?.clone()))).collect();
        for (feature, value) in found {
            structure.references.remove(&feature);
            structure.values.insert(feature, value);
        }
    }
    cas.structures.retain(|structure| !is_array(structure));
}

/// One text of a file.
struct View<'a> {
    cas: &'a Cas,
    sofa: &'a Structure,
    /// How many of a type or feature are passed over, and where the first is.
    passed: BTreeMap<String, (usize, Option<u32>)>,
}

/// What is a label, and what a relation.
enum Role {
    Label,
    Relation(i64, i64),
    /// Says something of the whole text.
    About,
    /// Has no counterpart.
    Other,
}

impl<'a> View<'a> {
    fn own(&self) -> impl Iterator<Item = &'a Structure> {
        let (cas, sofa) = (self.cas, self.sofa.id);
        cas.structures.iter().filter(move |structure| structure.sofa() == Some(sofa))
    }

    fn is_about(&self, kind: &str) -> bool {
        kind == DOCUMENT || self.cas.types.is_a(kind, DOCUMENT_ANNOTATION) || kind.ends_with(".DocumentMetaData")
    }

    fn role(&self, structure: &Structure) -> Role {
        let is_unit = [".segmentation.type.Token", ".segmentation.type.Sentence"].iter().any(|unit| structure.kind.ends_with(unit));
        let is_member = self.cas.members.get(&self.sofa.id).is_none_or(|members| members.contains(&structure.id));
        let ends = structure.references.get("Governor").zip(structure.references.get("Dependent"));
        match ends {
            _ if self.is_about(&structure.kind) => Role::About,
            // What is not in the index was taken away, and is only still named by something.
            _ if is_unit || !is_member => Role::Other,
            Some((from, to)) => Role::Relation(*from, *to),
            None if structure.number("begin").is_some() && structure.number("end").is_some() => Role::Label,
            None => Role::Other,
        }
    }

    fn pass_over(&mut self, what: String, line: Option<u32>) {
        self.passed.entry(what).or_insert((0, line)).0 += 1;
    }

    fn take(mut self, path: Option<&str>, source: &str, is_one_of_several: bool, incoming: &mut Incoming) {
        let named = self.named(path, is_one_of_several, incoming);
        let mut layer = IncomingLayer { annotator: named.annotator, ..IncomingLayer::new(named.document.clone(), Unit::Utf16) };
        layer.status = named.status.unwrap_or_default();
        let mut names: BTreeMap<i64, String> = BTreeMap::new();
        let own: Vec<&Structure> = self.own().collect();
        let mut relations: Vec<(&Structure, i64, i64)> = Vec::new();
        for structure in own {
            match self.role(structure) {
                Role::Label => {
                    let record = self.label(structure);
                    names.extend(record.id.as_ref().map(|id| (structure.id, id.to_string())));
                    layer.spans.push((structure.line, record));
                }
                Role::Relation(from, to) => relations.push((structure, from, to)),
                Role::About => continue,
                Role::Other => self.pass_over(structure.kind.clone(), structure.line),
            }
            for odd in &structure.odd {
                self.pass_over(format!("{}:{odd}", structure.kind), structure.line);
            }
        }
        let name = |id: i64| names.get(&id).cloned().unwrap_or_else(|| id.to_string());
        for (structure, from, to) in relations {
            let record = self.relation(structure, name(from), name(to));
            layer.relations.push((structure.line, record));
        }
        for link in self.cas.links.iter().filter(|link| names.contains_key(&link.host)) {
            let (from, to) = (name(link.host).as_str().into(), name(link.target).as_str().into());
            let record = RelationRecord { id: None, label: link.role.as_str().into(), from, to, attributes: BTreeMap::new(), note: None };
            layer.relations.push((None, record));
        }
        for (what, (count, line)) in std::mem::take(&mut self.passed) {
            let what = if count > 1 { format!("{what} ({count})") } else { what };
            incoming.problem(line, ProblemCode::SchemaPassedOver { what, name: named.document.clone() });
        }
        incoming.text(self.sofa.line, named.document, named.title.as_deref(), source.to_owned(), named.meta);
        // Without labels and without a name nobody has said that there are none.
        if named.is_layer || !layer.spans.is_empty() || !layer.relations.is_empty() {
            incoming.layer(layer);
        }
    }

    fn label(&mut self, structure: &Structure) -> SpanRecord {
        let more = structure.more();
        let (start, end) = (structure.number("begin").unwrap_or_default(), structure.number("end").unwrap_or_default());
        let (label, from) = self.kind(structure, &more);
        let mut record = span(label, start, end);
        record.id = Some(more.get("id").and_then(Value::as_str).map_or_else(|| structure.id.to_string(), str::to_owned).into());
        record.attributes = self.attributes(structure, &more, from);
        if structure.kind == SPAN {
            record.note = structure.exact_text("note", &more);
            record.unsure = structure.is("unsure");
            record.origin = more.get("origin").and_then(|origin| json::from_value(origin.clone()).ok());
            let pieces = structure.text("pieces").and_then(pieces).unwrap_or_default();
            // Somebody may have moved the label since.
            if pieces.first().zip(pieces.last()).is_some_and(|(first, last)| (first.0, last.1) == (start, end)) {
                record.pieces = pieces;
            }
        } else {
            record.attributes.insert(TYPE.to_owned(), structure.kind.as_str().into());
        }
        record
    }

    fn relation(&mut self, structure: &Structure, from: String, to: String) -> RelationRecord {
        let more = structure.more();
        let (label, named_by) = self.kind(structure, &more);
        let mut attributes = self.attributes(structure, &more, named_by);
        if structure.kind != RELATION {
            attributes.insert(TYPE.to_owned(), structure.kind.as_str().into());
        }
        RelationRecord {
            id: more.get("id").and_then(Value::as_str).map(RelationId::from),
            label: label.as_str().into(),
            from: from.as_str().into(),
            to: to.as_str().into(),
            attributes,
            note: Some(structure).filter(|structure| structure.kind == RELATION).and_then(|structure| structure.exact_text("note", &more)),
        }
    }

    /// What it is called, and by which feature.
    fn kind(&self, structure: &Structure, more: &Map<String, Value>) -> (String, Option<&'static str>) {
        for feature in ["label", "value"] {
            if let Some(label) = structure.exact_text(feature, more).filter(|label| structure.kind == SPAN || !label.is_empty()) {
                return (label, Some(feature));
            }
        }
        (structure.kind.rsplit('.').next().unwrap_or(&structure.kind).to_owned(), None)
    }

    fn attributes(&mut self, structure: &Structure, more: &Map<String, Value>, named_by: Option<&str>) -> BTreeMap<String, Value> {
        let is_own = structure.kind == SPAN || structure.kind == RELATION;
        let mut found: BTreeMap<String, Value> = BTreeMap::new();
        if let Some(Value::Object(kept)) = more.get("attributes") {
            found.extend(kept.iter().map(|(name, value)| (name.clone(), value.clone())));
        }
        for feature in structure.values.keys() {
            let is_place = matches!(feature.as_str(), "begin" | "end" | "sofa") || named_by == Some(feature);
            let is_reserved = is_own && RESERVED.contains(&feature.as_str());
            if !is_place && !is_reserved {
                found.extend(structure.exact(feature, more).map(|value| (feature.clone(), value)));
            }
        }
        let is_known = |feature: &&String| !matches!(feature.as_str(), "sofa" | "Governor" | "Dependent");
        for feature in structure.references.keys().filter(is_known).chain(structure.lists.keys()) {
            self.pass_over(format!("{}:{feature}", structure.kind), structure.line);
        }
        found
    }

    fn named(&self, path: Option<&str>, is_one_of_several: bool, incoming: &Incoming) -> Named {
        let path = path.unwrap_or_default();
        let about: Vec<&Structure> = self.own().filter(|structure| self.is_about(&structure.kind)).collect();
        let ours = about.iter().find(|structure| structure.kind == DOCUMENT);
        let more = ours.map(|structure| structure.more()).unwrap_or_default();
        let of_ours = |feature: &str| ours.and_then(|structure| structure.exact(feature, &more));
        let text_of_ours = |feature: &str| of_ours(feature).and_then(|value| value.as_str().map(str::to_owned));
        let told = |feature: &str| about.iter().find_map(|structure| structure.text(feature)).filter(|name| !name.is_empty());
        let (stem, folder) = (files::ending(files::file_name(path)).0, files::file_name(files::folder(path)));
        // INCEpTION has a folder for each text, with a file for each annotator.
        let is_folder = ours.is_none() && !folder.is_empty() && [told("documentTitle"), told("documentId")].contains(&Some(folder));
        let mut document = text_of_ours("documentId").unwrap_or_else(|| {
            if is_folder { folder.to_owned() } else { told("documentId").map_or_else(|| incoming.document_of(path), str::to_owned) }
        });
        if document.is_empty() && ours.is_none() {
            document = super::text::id_of_text(self.sofa.text("sofaString").unwrap_or_default());
        }
        if is_one_of_several {
            document = format!("{document}.{}", self.sofa.text("sofaID").unwrap_or(VIEW));
        }
        let annotator = text_of_ours("annotator").map(Annotator::from);
        let by_path = || if is_folder { Some(Annotator::from(stem)) } else { incoming.annotator_of(path) };
        let meta = match of_ours("meta") {
            Some(Value::Object(meta)) => meta,
            Some(Value::String(meta)) => json::parse(&meta).unwrap_or_default(),
            _ => told("language")
                .filter(|language| *language != "x-unspecified")
                .map(|language| ("language".to_owned(), language.into()))
                .into_iter()
                .collect(),
        };
        Named {
            is_layer: annotator.is_some(),
            annotator: annotator.or_else(|| ours.is_none().then(by_path).flatten()),
            status: of_ours("status").and_then(|status| json::from_value(status).ok()),
            title: text_of_ours("title").or_else(|| told("documentTitle").filter(|_| ours.is_none()).map(str::to_owned)),
            document,
            meta,
        }
    }
}

/// What a file says of a document and its layer.
struct Named {
    document: String,
    title: Option<String>,
    annotator: Option<Annotator>,
    status: Option<Status>,
    meta: Map<String, Value>,
    /// It says whose labels it has, be there none.
    is_layer: bool,
}

/// Pieces as they are written: start and end, with a semicolon between.
fn pieces(written: &str) -> Option<Vec<(u32, u32)>> {
    written.split(';').map(|piece| piece.split_once(' ').and_then(|(start, end)| Some((start.parse().ok()?, end.parse().ok()?)))).collect()
}
