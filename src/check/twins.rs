//! The same text with another label nearby.

use super::finding::{Finding, Fix, Why};
use crate::annotation::Annotation;
use crate::id::LabelId;
use crate::layer::Layer;
use crate::schema::Schema;
use crate::span::Span;
use crate::text::{Text, fold};
use std::collections::HashMap;
use std::sync::Arc;

/// The longest text that is compared, in code points: names come again, clauses do not.
const LONGEST: u32 = 200;

/// Labels by their text: each text is folded once.
pub(super) struct Twins<'a> {
    text: &'a Text,
    /// By folded text.
    index: HashMap<String, Group<'a>>,
}

/// Labels on one text.
#[derive(Default)]
struct Group<'a> {
    /// In reading order.
    labels: Vec<&'a Arc<Annotation>>,
    /// The longest hull of them, in code points.
    longest: u32,
}

impl<'a> Twins<'a> {
    /// Of these labels, which come in reading order.
    pub fn new(text: &'a Text, annotations: impl IntoIterator<Item = &'a Arc<Annotation>>) -> Self {
        let mut index: HashMap<String, Group<'a>> = HashMap::new();
        for annotation in annotations {
            if let Some(words) = words(text, annotation) {
                let group = index.entry(words).or_default();
                group.labels.push(annotation);
                group.longest = group.longest.max(annotation.extent.hull().len());
            }
        }
        Self { text, index }
    }

    /// What is enough to know of these labels: all labels near them. The cost does not grow with the layer.
    pub fn near(text: &'a Text, layer: &'a Layer, schema: &Schema, annotations: &[&Arc<Annotation>]) -> Self {
        // What is too long to come again needs no others, however far it goes.
        let short = annotations.iter().filter(|annotation| is_short(annotation));
        let around = short.filter_map(|annotation| around(annotation, schema)).reduce(Span::hull);
        Self::new(text, around.map(|window| layer.window(window)).unwrap_or_default())
    }

    /// Told where another label is more frequent on this text nearby; where it is as frequent, of the later ones only.
    pub fn differs(&self, annotation: &Arc<Annotation>, schema: &Schema) -> Option<Finding> {
        let hull = annotation.extent.hull();
        let alike = self.alike(annotation, around(annotation, schema)?);
        // By label: how often, and whether the first stands before this one; in the order in which they come.
        let mut tally: Vec<(&LabelId, usize, bool)> = vec![(&annotation.label, 1, false)];
        for other in &alike {
            match tally.iter_mut().find(|(label, ..)| **label == other.label) {
                Some((_, count, _)) => *count += 1,
                None => tally.push((&other.label, 1, other.extent.hull().start() < hull.start())),
            }
        }
        let (_, own, _) = *tally.first()?;
        let mut best: Option<(&LabelId, usize, bool)> = None;
        for entry in tally.into_iter().skip(1) {
            if best.is_none_or(|best| entry.1 > best.1) {
                best = Some(entry);
            }
        }
        let (label, count, _) = best.filter(|best| best.1 > own || (best.1 == own && best.2))?;
        let others = alike.iter().filter(|other| other.label == *label).map(|other| other.id.clone()).collect();
        let is_offered = schema.label(label).is_some_and(|label| !label.retired);
        let fix = (count > own && is_offered).then(|| Fix::Label(label.clone()));
        Some(Finding { others, fix, ..Finding::of(annotation, Why::Differs { label: label.clone() }) })
    }

    /// Other labels on the same text in the window, in reading order; not those that share a character with it.
    fn alike(&self, annotation: &Arc<Annotation>, window: Span) -> Vec<&'a Arc<Annotation>> {
        let Some(own) = words(self.text, annotation) else { return Vec::new() };
        let hull = annotation.extent.hull();
        let is_other = |other: &&'a Arc<Annotation>| other.extent.hull().overlaps(window) && !other.extent.hull().overlaps(hull);
        let Some(group) = self.index.get(&own) else { return Vec::new() };
        let start_of = |other: &&Arc<Annotation>| other.extent.hull().start();
        let first = group.labels.partition_point(|other| start_of(other).plus(group.longest) <= window.start());
        let last = group.labels.partition_point(|other| start_of(other) < window.end());
        group.labels.get(first..last).unwrap_or_default().iter().copied().filter(is_other).collect()
    }
}

/// How far from a label the same text is looked for.
fn around(annotation: &Annotation, schema: &Schema) -> Option<Span> {
    let (hull, far) = (annotation.extent.hull(), schema.checks.nearby);
    Span::try_new(hull.start().minus(far), hull.end().plus(far))
}

fn is_short(annotation: &Annotation) -> bool {
    annotation.extent.length() <= LONGEST
}

/// The folded text of a label that is short enough to come again.
fn words(text: &Text, annotation: &Annotation) -> Option<String> {
    if !is_short(annotation) {
        return None;
    }
    Some(fold(&annotation.extent.quote(text)?)).filter(|words| !words.trim().is_empty())
}
