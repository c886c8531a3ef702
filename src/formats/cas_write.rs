//! A document and a layer as feature structures, for UIMA's XMI and JSON.

use super::cas::{DOCUMENT, DOCUMENT_ANNOTATION, MORE, RELATION, RESERVED, SOFA, SPAN, VIEW, shown};
use super::export::Export;
use super::units::{Ruler, Unit};
use super::xml;
use crate::annotation::{Annotation, Origin, Relation};
use crate::id::Annotator;
use crate::layer::Layer;
use crate::project::Document;
use crate::schema::Attribute;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The type of texts as values.
const STRING: &str = "uima.cas.String";
/// The number of the text.
pub(super) const SOFA_ID: u32 = 1;

/// Names that a class in Java or Python cannot have for a member, or that readers use themselves.
const TAKEN: &[&str] = &[
    "False",
    "None",
    "True",
    "abstract",
    "and",
    "as",
    "assert",
    "async",
    "await",
    "boolean",
    "break",
    "byte",
    "case",
    "catch",
    "char",
    "class",
    "const",
    "continue",
    "def",
    "default",
    "del",
    "do",
    "double",
    "elif",
    "else",
    "enum",
    "except",
    "extends",
    "false",
    "final",
    "finally",
    "float",
    "for",
    "from",
    "get",
    "global",
    "goto",
    "id",
    "if",
    "implements",
    "import",
    "in",
    "instanceof",
    "int",
    "interface",
    "is",
    "lambda",
    "long",
    "native",
    "new",
    "nonlocal",
    "not",
    "null",
    "or",
    "package",
    "pass",
    "private",
    "protected",
    "public",
    "raise",
    "return",
    "self",
    "set",
    "short",
    "static",
    "strictfp",
    "super",
    "switch",
    "synchronized",
    "this",
    "throw",
    "throws",
    "transient",
    "true",
    "try",
    "type",
    "void",
    "volatile",
    "while",
    "with",
    "xmiID",
    "yield",
    "elements",
    "value",
];

/// What a feature has.
pub(super) enum Out {
    Text(String),
    Number(u32),
    Flag(bool),
    Reference(u32),
}

/// A feature structure to be written.
pub(super) struct Written {
    pub id: u32,
    pub kind: &'static str,
    pub features: Vec<(String, Out)>,
}

/// A type to be written: its name, what it is a kind of, and its features with what values they have.
pub(super) struct WrittenType {
    pub name: &'static str,
    pub parent: &'static str,
    pub features: Vec<(String, &'static str)>,
}

/// The types of an export: those of everybody's labels on all documents, so that one file of types serves them all.
#[must_use]
pub(super) fn types(export: &Export) -> Vec<WrittenType> {
    let schema = &export.project.schema;
    let (mut of_spans, mut of_relations): (BTreeSet<&str>, BTreeSet<&str>) = Default::default();
    let ids = |attributes: &'_ [Attribute]| attributes.iter().map(|attribute| attribute.id.to_string()).collect::<Vec<_>>();
    let said_of_spans: Vec<String> = schema.labels.iter().flat_map(|label| ids(&label.attributes)).collect();
    let said_of_relations: Vec<String> = schema.relations.iter().flat_map(|relation| ids(&relation.attributes)).collect();
    of_spans.extend(said_of_spans.iter().map(String::as_str));
    of_relations.extend(said_of_relations.iter().map(String::as_str));
    for layer in export.project.layers.values() {
        of_spans.extend(layer.iter().flat_map(|annotation| annotation.attributes.keys().map(String::as_str)));
        of_relations.extend(layer.relations().flat_map(|relation| relation.attributes.keys().map(String::as_str)));
    }
    let features = |fixed: &[(&str, &'static str)], attributes: BTreeSet<&str>| {
        let fixed = fixed.iter().map(|(name, range)| ((*name).to_owned(), *range));
        fixed.chain(attributes.into_iter().filter(|name| is_feature(name)).map(|name| (name.to_owned(), STRING))).collect()
    };
    let texts = ["documentId", "title", "annotator", "status", "meta", "textSha256", "project", MORE].map(|name| (name, STRING));
    let span = [("label", STRING), ("note", STRING), ("unsure", "uima.cas.Boolean"), ("pieces", STRING), (MORE, STRING)];
    let relation = [("Governor", SPAN), ("Dependent", SPAN), ("label", STRING), ("note", STRING), (MORE, STRING)];
    vec![
        WrittenType { name: DOCUMENT, parent: "uima.cas.AnnotationBase", features: features(&texts, BTreeSet::new()) },
        WrittenType { name: SPAN, parent: "uima.tcas.Annotation", features: features(&span, of_spans) },
        WrittenType { name: RELATION, parent: "uima.tcas.Annotation", features: features(&relation, of_relations) },
    ]
}

/// Whether an attribute can be a feature of its own.
fn is_feature(name: &str) -> bool {
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    is_name && !RESERVED.contains(&name) && !TAKEN.contains(&name)
}

/// A document and a layer as feature structures, the text first. All are members of its view but the text.
#[must_use]
pub(super) fn structures(export: &Export, document: &Document, layer: Option<(&Annotator, &Layer)>, is_xml: bool) -> Vec<Written> {
    let ruler = Ruler::new(&document.text, Unit::Utf16);
    let length = ruler.write(document.text.len());
    let text = |value: &str| Out::Text(value.to_owned());
    let features = [("sofaNum", Out::Number(1)), ("sofaID", text(VIEW)), ("mimeType", text("text")), ("sofaString", text(document.text.as_str()))];
    let named = |features: Vec<(&str, Out)>| features.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let mut all = vec![Written { id: SOFA_ID, kind: SOFA, features: named(features.into()) }];
    let whole = vec![("sofa", Out::Reference(SOFA_ID)), ("begin", Out::Number(0)), ("end", Out::Number(length)), ("language", text("x-unspecified"))];
    all.push(Written { id: 2, kind: DOCUMENT_ANNOTATION, features: named(whole) });
    let mut about = Said::new(is_xml);
    about.features.push(("sofa".to_owned(), Out::Reference(SOFA_ID)));
    about.say("documentId", &json!(document.id));
    about.say("title", &json!(document.title));
    about.say("textSha256", &json!(document.sha256));
    about.say("project", &json!(export.project.name));
    if !document.meta.is_empty() {
        about.say("meta", &Value::Object(document.meta.clone()));
    }
    if let Some((annotator, layer)) = layer {
        about.say("annotator", &json!(annotator));
        about.say("status", &json!(layer.status()));
    }
    all.push(Written { id: 3, kind: DOCUMENT, features: about.finish() });
    let Some((_, layer)) = layer else { return all };
    let mut ids = BTreeMap::new();
    for (id, annotation) in (4..).zip(layer.iter()) {
        let hull = annotation.extent.hull();
        let place = (ruler.write(hull.start()), ruler.write(hull.end()));
        ids.insert(annotation.id.clone(), (id, place));
        all.push(Written { id, kind: SPAN, features: span(annotation, place, &ruler, is_xml) });
    }
    let first = u32::try_from(all.len()).unwrap_or(u32::MAX).saturating_add(1);
    for (id, relation) in (first..).zip(layer.relations()) {
        let (Some((from, _)), Some((to, place))) = (ids.get(&relation.from), ids.get(&relation.to)) else { continue };
        all.push(Written { id, kind: RELATION, features: tie(relation, (*from, *to), *place, is_xml) });
    }
    all
}

fn span(annotation: &Annotation, place: (u32, u32), ruler: &Ruler, is_xml: bool) -> Vec<(String, Out)> {
    let mut said = Said::new(is_xml);
    said.place(place);
    said.say("label", &json!(annotation.label));
    said.note(annotation.note.as_deref());
    said.features.push(("unsure".to_owned(), Out::Flag(annotation.unsure)));
    if annotation.extent.is_in_pieces() {
        let pieces = annotation.extent.pieces().iter().map(|piece| format!("{} {}", ruler.write(piece.start()), ruler.write(piece.end())));
        said.features.push(("pieces".to_owned(), Out::Text(pieces.collect::<Vec<_>>().join(";"))));
    }
    said.more.insert("id".to_owned(), json!(annotation.id));
    if annotation.origin != Origin::Person {
        said.more.insert("origin".to_owned(), json!(annotation.origin));
    }
    said.attributes(&annotation.attributes);
    said.finish()
}

fn tie(relation: &Relation, (from, to): (u32, u32), place: (u32, u32), is_xml: bool) -> Vec<(String, Out)> {
    let mut said = Said::new(is_xml);
    // A relation is where it leads.
    said.place(place);
    said.features.push(("Governor".to_owned(), Out::Reference(from)));
    said.features.push(("Dependent".to_owned(), Out::Reference(to)));
    said.say("label", &json!(relation.kind));
    said.note(relation.note.as_deref());
    said.more.insert("id".to_owned(), json!(relation.id));
    said.attributes(&relation.attributes);
    said.finish()
}

/// Features of text, and what they cannot show.
struct Said {
    is_xml: bool,
    features: Vec<(String, Out)>,
    exact: Map<String, Value>,
    more: Map<String, Value>,
}

impl Said {
    fn new(is_xml: bool) -> Self {
        Self { is_xml, features: Vec::new(), exact: Map::new(), more: Map::new() }
    }

    fn place(&mut self, (start, end): (u32, u32)) {
        let place = [("sofa", Out::Reference(SOFA_ID)), ("begin", Out::Number(start)), ("end", Out::Number(end))];
        self.features.extend(place.map(|(name, value)| (name.to_owned(), value)));
    }

    fn say(&mut self, feature: &str, value: &Value) {
        let shown = shown(value, self.is_xml);
        if value.as_str() != Some(&shown) {
            self.exact.insert(feature.to_owned(), value.clone());
        }
        self.features.push((feature.to_owned(), Out::Text(shown)));
    }

    fn note(&mut self, note: Option<&str>) {
        if let Some(note) = note {
            self.say("note", &note.into());
        }
    }

    fn attributes(&mut self, attributes: &BTreeMap<String, Value>) {
        let mut rest = Map::new();
        for (name, value) in attributes {
            if is_feature(name) {
                self.say(name, value);
            } else {
                rest.insert(name.clone(), value.clone());
            }
        }
        if !rest.is_empty() {
            self.more.insert("attributes".to_owned(), Value::Object(rest));
        }
    }

    fn finish(mut self) -> Vec<(String, Out)> {
        if !self.exact.is_empty() {
            self.more.insert("exact".to_owned(), Value::Object(self.exact));
        }
        if !self.more.is_empty() {
            self.features.push((MORE.to_owned(), Out::Text(xml::json(&Value::Object(self.more)))));
        }
        self.features
    }
}

/// Writes each document with each layer of it: in its annotator's folder where there are several, and at the top where nobody has
/// a layer of it.
pub(super) fn each(export: &Export, mut write: impl FnMut(String, &Document, Option<(&Annotator, &Layer)>)) {
    for document in export.project.documents.values() {
        let mut is_written = false;
        export.each_annotator(|annotator, folder| {
            let layer = annotator.and_then(|annotator| export.layer(document, annotator).map(|layer| (annotator, layer)));
            if layer.is_some() {
                is_written = true;
                write(format!("{folder}{}", export.stem(&document.id)), document, layer);
            }
        });
        if !is_written {
            write(export.stem(&document.id).to_owned(), document, None);
        }
    }
}
