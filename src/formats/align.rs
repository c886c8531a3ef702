//! Alignment: labels made on a text that differs from the one here by white space or spelling alone, put where they belong.
//!
//! Both texts are folded as for search, and lose all white space. Where the same letters are left, each label goes to the
//! letters that it was on; one that is on none of them cannot be placed, and is given back.

use super::record::SpanRecord;
use crate::annotation::Annotation;
use crate::id::AnnotationId;
use crate::layer::Layer;
use crate::span::{Extent, Span};
use crate::text::{Folded, Offset, Text};
use std::ops::Range;
use std::sync::Arc;

/// The letters of a text, each with where it is.
pub(super) struct Skeleton {
    letters: String,
    places: Vec<Range<Offset>>,
}

impl Skeleton {
    pub(super) fn of(text: &Text) -> Self {
        let folded = Folded::new(text.as_str());
        let (mut letters, mut places) = (String::new(), Vec::new());
        for (letter, place) in folded.characters().filter(|(letter, _)| !letter.is_whitespace()) {
            letters.push(letter);
            places.push(place);
        }
        Self { letters, places }
    }

    /// What two texts that may be aligned have in common.
    pub(super) fn letters(&self) -> &str {
        &self.letters
    }

    /// The letters that lie in a span; `None` where none does.
    fn within(&self, span: Span) -> Option<Range<usize>> {
        let first = self.places.partition_point(|place| place.end <= span.start());
        let end = self.places.partition_point(|place| place.start < span.end());
        (first < end).then_some(first..end)
    }
}

/// A layer on another text, and the labels that found no place there.
pub(super) fn align(layer: &Layer, from: &Skeleton, to: &Skeleton) -> (Layer, Vec<Arc<Annotation>>) {
    let mut lost = Vec::new();
    let mut placed = Vec::new();
    for annotation in layer.iter() {
        match place(annotation, from, to) {
            Some(extent) => placed.push(Annotation { extent, ..Annotation::clone(annotation) }),
            None => lost.push(annotation.clone()),
        }
    }
    let is_lost = |id: &AnnotationId| lost.iter().any(|annotation: &Arc<Annotation>| annotation.id == *id);
    let relations = layer.relations().filter(|relation| !is_lost(&relation.from) && !is_lost(&relation.to));
    let aligned = Layer::from_records(layer.status(), placed, relations.map(|relation| crate::annotation::Relation::clone(relation)));
    (aligned.with_remarks(layer.remarks().cloned()), lost)
}

fn place(annotation: &Annotation, from: &Skeleton, to: &Skeleton) -> Option<Extent> {
    let pieces: Option<Vec<Span>> = annotation
        .extent
        .pieces()
        .iter()
        .map(|piece| {
            let letters = from.within(*piece)?;
            let (first, last) = (to.places.get(letters.start)?, to.places.get(letters.end.checked_sub(1)?)?);
            Span::try_new(first.start, last.end)
        })
        .collect();
    Extent::union(pieces?)
}

/// The record of a label that found no place, as it came.
pub(super) fn record(annotation: &Annotation, text: &Text) -> serde_json::Value {
    // A record of strings and numbers is always written.
    serde_json::to_value(SpanRecord::of(annotation, text)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::merge::{ReportLine, merge};
    use crate::formats::{Import, ProblemCode};
    use crate::layer::Status;
    use crate::project::{Document, LayerKey, Project};
    use std::collections::BTreeMap;

    const HERE: &str = "اتهمت يريفان باكو بنشر قوّات على أراضيها.\nوأضاف «نعم»";
    const THERE: &str = "  إتهمت\u{a0}يريفان  باكو\r\nبنشر قوات على أراضيها. وأضاف «نعم» ";

    fn label(id: &str, text: &str, quote: &str) -> Annotation {
        let start = text.split_once(quote).expect("the quote is there").0.chars().count();
        let end = start + quote.chars().count();
        let offset = |place: usize| Offset::new(u32::try_from(place).expect("short"));
        Annotation::new(id.into(), Span::try_new(offset(start), offset(end)).expect("not empty"), "Actor".into())
    }

    #[test]
    fn labels_on_a_text_that_differs_by_space_and_spelling_go_to_their_letters_and_the_rest_is_told() {
        let mut project = Project::new("p");
        project.documents.insert("d".into(), Arc::new(Document::new("d".into(), "t", HERE)));
        let mut incoming = Import::default();
        incoming.documents.insert("other".into(), Arc::new(Document::new("other".into(), "t", THERE)));
        let blank = Annotation { id: "blank".into(), ..label("x", THERE, "  ") };
        let labels = [label("a", THERE, "يريفان  باكو"), label("b", THERE, "قوات"), blank];
        let key = LayerKey { document: "other".into(), annotator: "a".into() };
        incoming.layers.insert(key, Layer::from_records(Status::Done, labels, []));
        let merged = merge(&project, &BTreeMap::new(), incoming);
        assert_eq!(merged.new_documents, []);
        assert!(merged.report.contains(&ReportLine::DocumentAligned { incoming: "other".into(), here: "d".into() }), "{:?}", merged.report);
        let (key, layer, _) = &merged.replacements[0];
        assert_eq!((key.document.as_str(), layer.len()), ("d", 2));
        let text = Text::new(HERE);
        let quotes: Vec<_> = layer.iter().filter_map(|label| label.extent.quote(&text)).collect();
        assert_eq!(quotes, ["يريفان باكو", "قوّات"]);
        assert_eq!(merged.refused.len(), 1);
        assert!(matches!(merged.refused[0].why, ProblemCode::QuoteNotFound { .. }));
    }
}
