//! Projects for the tests of formats: real sentences, damaged, with labels of every kind on them.

use crate::annotation::{Annotation, Origin, Relation};
use crate::id::AnnotationId;
use crate::layer::{Layer, Status};
use crate::project::{Document, LayerKey, Project};
use crate::span::{Extent, Span};
use crate::text::Offset;
use crate::text::samples::damaged;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::Arc;

/// The sentence of the notes on formats, with an emoji before every label.
pub(super) const SENTENCE: &str = "🔴 قال وزير الخارجية المصري سامح شكري إن مصر ترفض التهجير، وفق رويترز.";

/// Everything that breaks readers: emoji, marks, tatweel, ZWNJ, bidi marks, CR LF and a lone CR, U+2028, a flag.
pub(super) const NASTY: &str = "🔴 قالَ الـوزير\u{200F} سامح\r\nشكري 👩‍👩‍👧 إنّ مصر\u{200C}\u{202B}ترفض\u{202C}\rالتهجير\u{2028}وفق رويترز🇪🇬.\r\n\r\n=1+1";

/// How many cases proptest takes where `PROPTEST_CASES` says nothing.
const USUAL: u32 = 256;

/// So many cases of a property, or as many as `PROPTEST_CASES` asks for, which the default listens to.
pub(super) fn cases(few: u32) -> ProptestConfig {
    let asked = ProptestConfig::default();
    if asked.cases == USUAL { ProptestConfig::with_cases(few) } else { asked }
}

/// A span of these code points.
pub(super) fn span(start: u32, end: u32) -> Span {
    Span::try_new(Offset::new(start), Offset::new(end)).expect("a test writes good spans")
}

/// A label with nothing more said of it.
pub(super) fn label(id: &str, start: u32, end: u32, kind: &str) -> Annotation {
    Annotation::new(id.into(), span(start, end), kind.into())
}

/// A project of documents and layers.
pub(super) fn project(documents: Vec<(&str, &str)>, layers: Vec<(&str, &str, Layer)>) -> Project {
    let mut project = Project::new("news");
    for (id, text) in documents {
        project.documents.insert(id.into(), Arc::new(Document::new(id.into(), format!("title of {id}"), text)));
    }
    for (document, annotator, layer) in layers {
        project.layers.insert(LayerKey { document: document.into(), annotator: annotator.into() }, layer);
    }
    project
}

/// The sentence with its labels, by two people.
pub(super) fn sentence() -> Project {
    let all = [
        label("s1", 2, 5, "CUE"),
        label("s2", 6, 36, "ACTOR"),
        label("s3", 27, 36, "PERS"),
        label("s4", 40, 56, "CLAIM"),
        label("s5", 62, 68, "ACTOR"),
    ];
    let relation =
        Relation { id: "r1".into(), kind: "source".into(), from: "s4".into(), to: "s2".into(), attributes: Default::default(), note: None };
    let first = Layer::from_records(Status::Done, all.clone(), [relation]);
    let second = Layer::from_records(Status::New, all.into_iter().take(2), []);
    project(vec![("d1", SENTENCE)], vec![("d1", "a", first), ("d1", "ب", second)])
}

/// Values of attributes.
fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!("denial")),
        Just(json!("two words")),
        Just(json!("=1+1")),
        Just(json!(true)),
        Just(json!(false)),
        Just(json!(["a", "b"])),
        Just(json!(1.5)),
        "\\PC{0,6}".prop_map(Value::from),
    ]
}

fn note() -> impl Strategy<Value = Option<String>> {
    prop_oneof![
        3 => Just(None),
        1 => prop::sample::select(vec!["ملاحظة", "-1", " two\nlines\t", "'=x", "a, \"b\"\r\n", "\u{FEFF}x"]).prop_map(|note| Some(note.to_owned())),
    ]
}

/// A layer on a text of so many code points; labels lie on one another in every way.
fn layer(length: u32, labels: &'static [&'static str]) -> impl Strategy<Value = Layer> {
    let pieces = prop::collection::vec((0..length.max(1), 1_u32..12), 1..3);
    let said = (prop::collection::btree_map(prop::sample::select(vec!["kind", "x y", "-z"]), value(), 0..3), note(), any::<bool>(), 0_u8..4);
    let one = (pieces, prop::sample::select(labels), said);
    let ties = prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), value(), note()), 0..4);
    let status = prop::sample::select(Status::ALL.to_vec());
    (prop::collection::vec(one, 0..8), ties, status).prop_map(move |(records, ties, status)| {
        let mut annotations: Vec<Annotation> = Vec::new();
        for (number, (pieces, label, (attributes, note, unsure, origin))) in records.into_iter().enumerate() {
            let spans = pieces.into_iter().filter_map(|(start, size)| Span::try_new(Offset::new(start), Offset::new((start + size).min(length))));
            let Some(extent) = Extent::union(spans) else { continue };
            let mut annotation = Annotation::new(format!("s{}", number + 1).into(), extent, label.into());
            annotation.attributes = attributes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            (annotation.note, annotation.unsure) = (note, unsure && origin == 0);
            if origin == 1 {
                annotation.origin = Origin::Suggestion("rule".to_owned());
            }
            annotations.push(annotation);
        }
        let ids: Vec<AnnotationId> = annotations.iter().map(|annotation| annotation.id.clone()).collect();
        let relations: Vec<Relation> = (1..)
            .zip(ties.into_iter().filter(|_| !ids.is_empty()))
            .map(|(number, (from, to, value, note))| Relation {
                id: format!("r{number}").into(),
                kind: "source".into(),
                from: from.get(&ids).clone(),
                to: to.get(&ids).clone(),
                attributes: [("kind".to_owned(), value)].into(),
                note,
            })
            .collect();
        Layer::from_records(status, annotations, relations)
    })
}

/// One or two damaged documents, with one or two people's layers.
pub(super) fn projects() -> impl Strategy<Value = Project> {
    let document = damaged().prop_flat_map(|text| {
        let length = u32::try_from(text.chars().count()).expect("short");
        let labels: &[&str] = &["Actor", "Location", "A label", "فاعل"];
        (Just(text), layer(length, labels), prop::option::of(layer(length, labels)))
    });
    prop::collection::vec(document, 1..3).prop_map(|documents| {
        let mut made = Project::new("news");
        for (number, (text, first, second)) in documents.into_iter().enumerate() {
            let id = format!("d{number}");
            let mut document = Document::new(id.as_str().into(), format!("title {number}"), text);
            if number == 1 {
                document.meta.insert("place".to_owned(), json!("باكو"));
            }
            made.documents.insert(id.as_str().into(), Arc::new(document));
            let key = |annotator: &str| LayerKey { document: id.as_str().into(), annotator: annotator.into() };
            made.layers.insert(key("a"), first);
            if let Some(second) = second {
                made.layers.insert(key("منى/م"), second);
            }
        }
        made
    })
}
