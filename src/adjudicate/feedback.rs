//! Feedback: an annotator's work beside the gold layer, counted by kind of difference, and as a table to be sent back.

use super::GOLD;
use super::record::{Decision, Record, csv_line};
use crate::annotation::Annotation;
use crate::compare::{Comparison, Kind, Subject, compare};
use crate::id::{AnnotationId, Annotator};
use crate::layer::Layer;
use crate::text::Text;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How an annotator's layer stands to the gold one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorCounts {
    /// Labels that are as in the gold layer.
    pub right: usize,
    /// Labels of the gold layer that the annotator has not.
    pub missed: usize,
    /// Labels of the annotator's that the gold layer has not.
    pub extra: usize,
    /// The other kinds of difference, with how often.
    pub kinds: BTreeMap<Kind, usize>,
}

fn beside(annotator: &Annotator, layer: &Layer, gold: &Layer) -> Comparison {
    compare(&[(Annotator::from(GOLD), gold.clone()), (annotator.clone(), layer.clone())])
}

/// Counts how an annotator's layer differs from the gold one.
#[must_use]
pub fn errors(annotator: &Annotator, layer: &Layer, gold: &Layer) -> ErrorCounts {
    errors_in(&beside(annotator, layer, gold))
}

/// Counts the differences of a comparison of the gold layer, which is the first, and an annotator's.
#[must_use]
pub fn errors_in(comparison: &Comparison) -> ErrorCounts {
    let mut counts = ErrorCounts { right: comparison.items.len(), ..ErrorCounts::default() };
    for difference in &comparison.differences {
        if let Subject::Item(item) = difference.subject {
            counts.right -= 1;
            let of = &comparison.items[item].of;
            counts.missed += usize::from(of[1].is_none());
            counts.extra += usize::from(of[0].is_none());
        }
        for kind in difference.kinds.iter().filter(|kind| **kind != Kind::Missing) {
            *counts.kinds.entry(*kind).or_insert(0) += 1;
        }
    }
    counts
}

/// What an annotator is told: a line of comma-separated values for each difference from the gold layer, with the words,
/// both labels, and why the annotator's was not taken, as far as that was said.
#[must_use]
pub fn feedback_csv(document: &str, text: &Text, annotator: &Annotator, layer: &Layer, gold: &Layer) -> String {
    let comparison = beside(annotator, layer, gold);
    let mut why: BTreeMap<AnnotationId, (String, String)> = BTreeMap::new();
    for decision in Decision::all(gold) {
        for source in &decision.sources {
            if let Record::Span(who, id) = &source.record
                && who == annotator
            {
                why.insert(id.clone(), (decision.reason.clone(), decision.note.clone()));
            }
        }
    }
    let mut out = String::from("document,start,end,difference,words,yours,gold,reason,note\n");
    for difference in &comparison.differences {
        let Subject::Item(item) = difference.subject else { continue };
        let of = &comparison.items[item].of;
        let said = |label: &Option<Arc<Annotation>>| {
            let label = label.as_ref()?;
            Some(format!("{}: {}", label.label, label.extent.quote(text)?))
        };
        let reason = of[1].as_ref().and_then(|label| why.get(&label.id)).cloned().unwrap_or_default();
        let kinds: Vec<&str> = difference.kinds.iter().map(|kind| kind.name()).collect();
        let (start, end) = (difference.hull.start().get().to_string(), difference.hull.end().get().to_string());
        let words = text.slice(difference.hull.range()).unwrap_or_default();
        let (yours, right) = (said(&of[1]).unwrap_or_default(), said(&of[0]).unwrap_or_default());
        out.push_str(&csv_line(&[document, &start, &end, &kinds.join("+"), words, &yours, &right, &reason.0, &reason.1]));
    }
    out
}
