//! Labels whose text is not here as it was: the one text that has their words is looked for, and each is put where its words are.

use super::Place;
use super::anchor::anchor;
use super::problem::{Problem, ProblemCode};
use super::record::SpanRecord;
use super::wusum_layer::{LayerLine, Stated, quote_of};
use crate::annotation::{Annotation, Relation};
use crate::id::{AnnotationId, DocumentId};
use crate::layer::Layer;
use crate::project::Document;
use crate::sorted::Sorted;
use crate::text::{Text, fold};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Of a hundred different quotes so many must be there.
const SHARE: usize = 80;
/// So many different quotes must be there, with so many letters together: a name or two stand in any news.
const QUOTES: usize = 3;
const LETTERS: usize = 20;

/// Of a hundred runs of three words of a text so many must be in another of the same name, to be that text with corrections.
const RUNS: usize = 60;

/// Whether a text is another one with corrections, and not a second one that goes by the same name.
pub(super) fn is_corrected(text: &Text, other: &Text) -> bool {
    let runs = |text: &Text| -> BTreeSet<String> {
        let folded = fold(text.as_str());
        let words: Vec<&str> = folded.split_whitespace().collect();
        words.windows(3).map(|run| run.join(" ")).collect()
    };
    let (own, others) = (runs(text), runs(other));
    let shared = own.intersection(&others).count();
    shared > 0 && shared * 100 >= own.len().max(others.len()) * RUNS
}

/// A layer on a text put on another by its quotes, each at the place that is nearest; and the labels whose words are not there.
pub(super) fn place(layer: &Layer, from: &Text, to: &Text) -> (Layer, Vec<Arc<Annotation>>) {
    let (mut placed, mut lost) = (Vec::new(), Vec::new());
    for annotation in layer.iter() {
        let stated: Vec<(u32, u32)> = annotation.extent.pieces().iter().map(|piece| (piece.start().get(), piece.end().get())).collect();
        match anchor(to, &stated, annotation.extent.quote(from).as_deref()) {
            Ok(found) => placed.push(Annotation { extent: found.extent(), ..Annotation::clone(annotation) }),
            Err(_) => lost.push(annotation.clone()),
        }
    }
    let there: BTreeSet<AnnotationId> = placed.iter().map(|annotation| annotation.id.clone()).collect();
    let relations = layer.relations().filter(|relation| there.contains(&relation.from) && there.contains(&relation.to));
    let next = Layer::from_records(layer.status(), placed, relations.map(|relation| Relation::clone(relation)));
    (next.with_remarks(layer.remarks().cloned()), lost)
}

/// Gives layers of a document that is not there the one that has their quotes, and tells so.
pub(super) fn settle(layers: &mut [(Place, LayerLine)], known: &[&Sorted<DocumentId, Arc<Document>>]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (place, line) in layers {
        if known.iter().any(|documents| documents.contains_key(&line.key.document)) {
            continue;
        }
        let Some(document) = home(&line.spans, known.iter().flat_map(|documents| documents.values())) else { continue };
        let (name, annotator, here) = (line.key.document.to_string(), line.key.annotator.to_string(), document.id.to_string());
        line.key.document = document.id.clone();
        let code = ProblemCode::FoundByQuotes { document: name, annotator, here };
        problems.push(Problem { file: place.file.clone(), line: place.line, code, about: Some(line.key.clone()) });
    }
    problems
}

/// The document that has the quotes of labels as a file has them, and no other has as many.
fn home<'a>(spans: &[Stated<SpanRecord>], documents: impl Iterator<Item = &'a Arc<Document>>) -> Option<Arc<Document>> {
    let quotes: BTreeSet<&str> = spans.iter().filter_map(quote_of).filter(|quote| !quote.trim().is_empty()).collect();
    let mut best: Option<(usize, &Arc<Document>)> = None;
    let mut is_alone = true;
    for document in documents {
        let found: Vec<&&str> = quotes.iter().filter(|quote| document.text.as_str().contains(**quote)).collect();
        let letters: usize = found.iter().map(|quote| quote.chars().count()).sum();
        if found.len() < QUOTES || letters < LETTERS || found.len() * 100 < quotes.len() * SHARE {
            continue;
        }
        match best {
            Some((most, _)) if most > found.len() => {}
            // A text that is there twice is one text.
            Some((most, first)) if most == found.len() => is_alone &= first.sha256 == document.sha256,
            _ => (best, is_alone) = (Some((found.len(), document)), true),
        }
    }
    best.filter(|_| is_alone).map(|(_, document)| document.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::Status;
    use crate::span::Span;
    use crate::text::Offset;
    use serde_json::json;

    fn document(id: &str, text: &str) -> Arc<Document> {
        Arc::new(Document::new(id.into(), id, text))
    }

    #[test]
    fn labels_go_to_their_words_in_a_corrected_text_and_those_whose_words_changed_are_given_back() {
        let from = Text::new("قالت باكو امس إن قلق المجتمع الدولي من يريفان لا يعنيها ابدا ولن يعنيها غدا");
        let to = Text::new("قالت وكالة إن باكو أمس إن قلق المجتمع الدولي من يريفان لا يعنيها أبدا ولن يعنيها بعد غد");
        assert!(is_corrected(&from, &to));
        assert!(!is_corrected(&from, &Text::new("قالت باكو شيئا آخر تماما عن يريفان وعن غيرها")));
        let label = |id: &str, quote: &str| {
            let start = from.as_str().split_once(quote).expect("it is there").0.chars().count() as u32;
            let end = start + quote.chars().count() as u32;
            let span = Span::try_new(Offset::new(start), Offset::new(end)).expect("a span");
            Annotation::new(id.into(), span, "Actor".into())
        };
        let layer = Layer::from_records(Status::Done, [label("a", "المجتمع الدولي"), label("b", "يعنيها غدا")], []);
        let (placed, lost) = place(&layer, &from, &to);
        let quotes: Vec<_> = placed.iter().filter_map(|label| label.extent.quote(&to)).collect();
        assert_eq!(quotes, ["المجتمع الدولي"]);
        assert_eq!(lost.iter().map(|label| label.id.as_str()).collect::<Vec<_>>(), ["b"]);
    }

    fn found(quotes: &[&str], documents: &[Arc<Document>]) -> Option<String> {
        let spans: Vec<_> = quotes.iter().map(|quote| Stated::Raw(json!({ "start": 0, "end": 1, "text": quote }))).collect();
        home(&spans, documents.iter()).map(|document| document.id.to_string())
    }

    #[test]
    fn the_text_with_the_quotes_is_found_and_a_tie_or_a_few_names_find_nothing() {
        let one = document("one", "قالت باكو إن قلق المجتمع الدولي من يريفان لا يعنيها");
        let other = document("other", "قالت باكو شيئا آخر تماما عن يريفان");
        let both = [one.clone(), other];
        assert_eq!(found(&["باكو", "قلق المجتمع الدولي", "يريفان"], &both).as_deref(), Some("one"));
        assert_eq!(found(&["باكو", "يريفان"], &both), None, "names stand in both, and are few");
        assert_eq!(found(&["باكو", "قلق المجتمع الدولي", "يريفان", "لا وجود له", "ولا لهذا"], &both), None, "too many are not there");
        let quotes = ["باكو", "قلق المجتمع الدولي", "يريفان"];
        assert_eq!(found(&quotes, &[one.clone(), document("same", one.text.as_str())]).as_deref(), Some("one"));
        let twin = document("twin", &format!("{}، قالت", one.text.as_str()));
        assert_eq!(found(&quotes, &[one, twin]), None, "two texts have them alike");
    }
}
