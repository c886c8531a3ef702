//! What is in a project, counted: labels, attributes, relations, lengths, depths, people, how far the work has come; for each split.

use super::split::Split;
use crate::formats::loss::{Kind, overlaps};
use crate::id::{DocumentId, LabelId};
use crate::layer::{Layer, Status};
use crate::project::{Document, Project};
use crate::schema::{AttributeKind, Schema};
use crate::span::Span;
use crate::text::{Offset, Text};
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// How many there are of each size.
pub type Histogram = BTreeMap<u32, usize>;

/// All documents, and the splits one by one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stats {
    /// All of them.
    pub all: Counts,
    /// Each split, in the order of the shares.
    pub splits: Vec<Part>,
}

/// A split, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// What is in it.
    #[serde(flatten)]
    pub counts: Counts,
}

/// What is in documents and the layers on them. Labels that two people put on the same words count twice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Texts.
    pub documents: usize,
    /// Code points of the texts.
    pub characters: u64,
    /// Words of the texts.
    pub words: u64,
    /// One person's labels of one document, each.
    pub layers: usize,
    /// Documents by how far the work has come: flagged if somebody flagged it, done if everybody is, new if nobody has begun,
    /// else in progress. Every status has its number.
    pub statuses: BTreeMap<&'static str, usize>,
    /// People, with what they did.
    pub annotators: BTreeMap<String, Person>,
    /// Labels of each kind; every kind of the schema that is not retired has its number.
    pub labels: BTreeMap<String, usize>,
    /// What is said of labels, by attribute.
    pub attributes: BTreeMap<String, Answers>,
    /// Relations of each kind; every kind of the schema that is not retired has its number.
    pub relations: BTreeMap<String, usize>,
    /// Labels by their length in code points, gaps between pieces not counted.
    pub characters_per_label: Histogram,
    /// Labels by how many words share a character with them.
    pub words_per_label: Histogram,
    /// Labels by how many other labels of the same layer they are inside of.
    pub depths: Histogram,
    /// Labels inside another.
    pub nested: usize,
    /// Labels that begin inside another and end behind it.
    pub crossing: usize,
    /// Labels on the very place of one before.
    pub same_place: usize,
    /// Labels in pieces.
    pub in_pieces: usize,
    /// Labels whose annotator had doubts.
    pub unsure: usize,
    /// Labels with a remark.
    pub notes: usize,
}

/// What somebody did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Person {
    /// Documents of which they have a layer.
    pub documents: usize,
    /// Their labels.
    pub labels: usize,
    /// Their relations.
    pub relations: usize,
}

/// What an attribute says of labels.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Answers {
    /// Labels that have it.
    pub labels: usize,
    /// Labels by its value, where the schema lists the values or it is yes or no; of several values each counts.
    pub values: BTreeMap<String, usize>,
}

impl Stats {
    /// Counts a project.
    #[must_use]
    pub fn of(project: &Project, split: Option<&Split>) -> Self {
        let Some(split) = split else { return Self { all: Counts::of(project, None), splits: Vec::new() } };
        let parts = split.parts.iter().map(|(name, documents)| Part { name: name.clone(), counts: Counts::of(project, Some(documents)) });
        Self { all: Counts::of(project, None), splits: parts.collect() }
    }

    /// All of it as JSON, with a line end.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        // Plain data is always written.
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}

impl Counts {
    /// Adds what is in other documents.
    pub fn add(&mut self, other: Self) {
        fn sum<K: Ord>(into: &mut BTreeMap<K, usize>, from: BTreeMap<K, usize>) {
            from.into_iter().for_each(|(key, count)| *into.entry(key).or_default() += count);
        }
        self.documents += other.documents;
        self.characters += other.characters;
        self.words += other.words;
        self.layers += other.layers;
        sum(&mut self.statuses, other.statuses);
        for (name, person) in other.annotators {
            let known = self.annotators.entry(name).or_default();
            known.documents += person.documents;
            known.labels += person.labels;
            known.relations += person.relations;
        }
        sum(&mut self.labels, other.labels);
        for (name, answers) in other.attributes {
            let known = self.attributes.entry(name).or_default();
            known.labels += answers.labels;
            sum(&mut known.values, answers.values);
        }
        sum(&mut self.relations, other.relations);
        sum(&mut self.characters_per_label, other.characters_per_label);
        sum(&mut self.words_per_label, other.words_per_label);
        sum(&mut self.depths, other.depths);
        for (into, from) in [
            (&mut self.nested, other.nested),
            (&mut self.crossing, other.crossing),
            (&mut self.same_place, other.same_place),
            (&mut self.in_pieces, other.in_pieces),
            (&mut self.unsure, other.unsure),
            (&mut self.notes, other.notes),
        ] {
            *into += from;
        }
    }

    /// Counts documents of a project, or all of them, and the layers on them.
    #[must_use]
    pub fn of(project: &Project, documents: Option<&[DocumentId]>) -> Self {
        let mut counts = Self::default();
        for status in Status::ALL {
            counts.statuses.insert(status.name(), 0);
        }
        for label in project.schema.labels.iter().filter(|label| !label.retired) {
            counts.labels.insert(label.id.to_string(), 0);
        }
        for relation in project.schema.relations.iter().filter(|relation| !relation.retired) {
            counts.relations.insert(relation.id.to_string(), 0);
        }
        let chosen: Option<BTreeSet<&DocumentId>> = documents.map(|documents| documents.iter().collect());
        let is_chosen = |id: &DocumentId| chosen.as_ref().is_none_or(|chosen| chosen.contains(id));
        let mut statuses: BTreeMap<&DocumentId, BTreeSet<Status>> = BTreeMap::new();
        for (id, document) in project.documents.iter().filter(|(id, _)| is_chosen(id)) {
            statuses.insert(id, BTreeSet::new());
            counts.document(document);
        }
        for (key, layer) in project.layers.iter().filter(|(key, _)| is_chosen(&key.document)) {
            let Some(document) = project.document_of(key) else { continue };
            statuses.entry(&key.document).or_default().insert(layer.status());
            let person = counts.annotators.entry(key.annotator.to_string()).or_default();
            person.documents += 1;
            person.labels += layer.len();
            person.relations += layer.relations().count();
            counts.layer(&document.text, layer, &project.schema);
        }
        for found in statuses.into_values() {
            *counts.statuses.entry(together(&found).name()).or_default() += 1;
        }
        counts
    }

    /// How many labels there are.
    #[must_use]
    pub fn label_count(&self) -> usize {
        self.labels.values().sum()
    }

    /// How many relations there are.
    #[must_use]
    pub fn relation_count(&self) -> usize {
        self.relations.values().sum()
    }

    fn document(&mut self, document: &Document) {
        self.documents += 1;
        self.characters += u64::from(document.text.len().get());
        self.words += document.text.words(Offset::ZERO..document.text.len()).count() as u64;
    }

    fn layer(&mut self, text: &Text, layer: &Layer, schema: &Schema) {
        self.layers += 1;
        for (label, count) in layer.counts() {
            *self.labels.entry(label.to_string()).or_default() += count;
        }
        for relation in layer.relations() {
            *self.relations.entry(relation.kind.to_string()).or_default() += 1;
        }
        overlaps(layer, |kind, _| match kind {
            Kind::Nested => self.nested += 1,
            Kind::Crossing => self.crossing += 1,
            Kind::SamePlace => self.same_place += 1,
            _ => {}
        });
        for depth in depths(layer) {
            *self.depths.entry(depth).or_default() += 1;
        }
        for label in layer.iter() {
            *self.characters_per_label.entry(label.extent.length()).or_default() += 1;
            let words: usize = label.extent.pieces().iter().map(|piece| text.words(piece.range()).count()).sum();
            *self.words_per_label.entry(u32::try_from(words).unwrap_or(u32::MAX)).or_default() += 1;
            self.in_pieces += usize::from(label.extent.is_in_pieces());
            self.unsure += usize::from(label.unsure);
            self.notes += usize::from(label.note.is_some());
            for (name, value) in &label.attributes {
                let answers = self.attributes.entry(name.clone()).or_default();
                answers.labels += 1;
                for value in listed(schema, &label.label, name, value) {
                    *answers.values.entry(value).or_default() += 1;
                }
            }
        }
    }
}

/// How far a document is when people are as far as this with it.
fn together(found: &BTreeSet<Status>) -> Status {
    if found.contains(&Status::Flagged) {
        Status::Flagged
    } else if found.iter().all(|status| *status == Status::New) {
        Status::New
    } else if found.iter().all(|status| *status == Status::Done) {
        Status::Done
    } else {
        Status::InProgress
    }
}

/// The values of an answer that are worth counting one by one: free text and numbers are not.
fn listed(schema: &Schema, label: &LabelId, name: &str, value: &Value) -> Vec<String> {
    let attribute = schema.label(label).and_then(|label| label.attributes.iter().find(|attribute| *attribute.id == *name));
    let is_open = attribute.is_none_or(|attribute| matches!(attribute.kind, AttributeKind::Text | AttributeKind::Number));
    match value {
        Value::Bool(answer) => vec![answer.to_string()],
        Value::String(answer) if !is_open => vec![answer.clone()],
        Value::Array(answers) if !is_open => answers.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// Of each label in reading order, how many others it is inside of: those that cover its hull and are longer.
fn depths(layer: &Layer) -> Vec<u32> {
    let hulls: Vec<Span> = layer.iter().map(|label| label.extent.hull()).collect();
    let mut ends: Vec<Offset> = hulls.iter().map(|hull| hull.end()).collect();
    ends.sort_unstable();
    ends.dedup();
    // How many hulls end at each place or behind it, as sums over powers of two (Fenwick 1994).
    let mut sums = vec![0_u32; ends.len() + 1];
    let slot = |end: Offset| ends.len() - ends.partition_point(|other| *other < end);
    let mut depths: Vec<u32> = Vec::with_capacity(hulls.len());
    let mut same = 0_u32;
    for (at, hull) in hulls.iter().enumerate() {
        same = if at > 0 && hulls.get(at - 1) == Some(hull) { same + 1 } else { 0 };
        let (mut count, mut look) = (0, slot(hull.end()));
        while look > 0 {
            count += sums[look];
            look &= look - 1;
        }
        // All before it start before it or with it.
        depths.push(count - same);
        let mut add = slot(hull.end());
        while let Some(sum) = sums.get_mut(add) {
            *sum += 1;
            add += add & add.wrapping_neg();
        }
    }
    depths
}

/// How many there are of each kind, in the order of the schema, then by name.
#[must_use]
pub fn in_order<'a>(schema: &Schema, counts: &'a BTreeMap<String, usize>) -> Vec<(&'a str, usize)> {
    let rank = |name: &str| schema.labels.iter().position(|label| label.id.as_str() == name).unwrap_or(usize::MAX);
    let mut found: Vec<(&str, usize)> = counts.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    found.sort_by_key(|(name, _)| rank(name));
    found
}

/// The value that half of all are at or below; `None` of nothing.
#[must_use]
pub fn median(histogram: &Histogram) -> Option<u32> {
    let all: usize = histogram.values().sum();
    let mut before = 0;
    histogram.iter().find_map(|(value, count)| {
        before += count;
        (before * 2 >= all && all > 0).then_some(*value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotation::{Annotation, Relation};
    use crate::project::LayerKey;
    use crate::span::Extent;
    use proptest::prelude::*;
    use std::sync::Arc;

    fn span(start: u32, end: u32) -> Span {
        Span::try_new(Offset::new(start), Offset::new(end)).expect("not empty")
    }

    fn layer(status: Status, places: &[(u32, u32)]) -> Layer {
        let labels = (1..).zip(places).map(|(number, (start, end))| Annotation::new(format!("s{number}").into(), span(*start, *end), "Actor".into()));
        Layer::from_records(status, labels, [])
    }

    #[test]
    fn all_is_counted_and_parts_add_up() {
        let mut project = Project::new("news");
        for (id, text) in [("a", "قال الرئيس 😀 أمس"), ("b", "عاد الوزير"), ("c", "")] {
            project.documents.insert(id.into(), Arc::new(Document::new(id.into(), id, text)));
        }
        let key = |document: &str, annotator: &str| LayerKey { document: document.into(), annotator: annotator.into() };
        let mut claim = Annotation::new("s2".into(), Extent::try_from_pieces(vec![span(0, 3), span(11, 16)]).expect("apart"), "Claim".into());
        claim.unsure = true;
        claim.note = Some("؟".into());
        claim.attributes.insert("confident".into(), true.into());
        claim.attributes.insert("remark".into(), "free".into());
        let actor = Annotation::new("s1".into(), span(4, 10), "Actor".into());
        let source = Relation { id: "r1".into(), kind: "source".into(), from: "s2".into(), to: "s1".into(), attributes: BTreeMap::new(), note: None };
        project.layers.insert(key("a", "x"), Layer::from_records(Status::Done, [actor, claim], [source]));
        project.layers.insert(key("a", "y"), layer(Status::InProgress, &[(0, 10), (4, 16), (4, 16)]));
        project.layers.insert(key("b", "x"), layer(Status::Done, &[(4, 10)]));
        let counts = Counts::of(&project, None);
        assert_eq!((counts.documents, counts.characters, counts.words, counts.layers), (3, 26, 6, 3));
        assert_eq!(counts.statuses, [("done", 1), ("flagged", 0), ("in-progress", 1), ("new", 1)].into());
        assert_eq!((counts.labels["Actor"], counts.labels["Claim"], counts.labels["Location"]), (5, 1, 0));
        assert_eq!((counts.label_count(), counts.relation_count(), counts.relations["source"]), (6, 1, 1));
        assert_eq!(counts.annotators["x"], Person { documents: 2, labels: 3, relations: 1 });
        assert_eq!(counts.characters_per_label, [(6, 2), (8, 1), (10, 1), (12, 2)].into());
        assert_eq!(counts.words_per_label, [(1, 2), (2, 1), (3, 3)].into());
        assert_eq!((counts.nested, counts.crossing, counts.same_place, counts.in_pieces, counts.unsure, counts.notes), (1, 2, 1, 1, 1, 1));
        assert_eq!(counts.depths, [(0, 5), (1, 1)].into());
        assert_eq!(counts.attributes["confident"], Answers { labels: 1, values: [("true".to_owned(), 1)].into() });
        assert_eq!(counts.attributes["remark"], Answers { labels: 1, values: BTreeMap::new() });
        let split = Split { parts: vec![("train".into(), vec!["a".into()]), ("test".into(), vec!["b".into(), "c".into()])], groups: vec![] };
        let stats = Stats::of(&project, Some(&split));
        assert_eq!(stats.all, counts);
        assert_eq!(stats.splits.iter().map(|part| part.counts.label_count()).collect::<Vec<_>>(), [5, 1]);
        let json: Value = serde_json::from_slice(&stats.to_json()).expect("JSON");
        assert_eq!((&json["splits"][0]["name"], &json["splits"][0]["labels"]["Actor"]), (&"train".into(), &4.into()));
        assert_eq!(Counts::of(&Project::new("none"), None).documents, 0);
    }

    #[test]
    fn half_of_all_are_at_or_below_the_median() {
        assert_eq!(median(&[(1, 1), (2, 1), (9, 1)].into()), Some(2));
        assert_eq!(median(&[(1, 2), (9, 2)].into()), Some(1));
        assert_eq!(median(&Histogram::new()), None);
    }

    proptest! {
        #[test]
        fn depths_are_those_of_looking_at_every_pair(places in prop::collection::vec((0_u32..20, 1_u32..12), 0..30)) {
            let places: Vec<(u32, u32)> = places.into_iter().map(|(start, length)| (start, start + length)).collect();
            let layer = layer(Status::Done, &places);
            let hulls: Vec<Span> = layer.iter().map(|label| label.extent.hull()).collect();
            let inside = |hull: &Span| hulls.iter().filter(|other| other.covers(*hull) && *other != hull).count();
            let expected: Vec<usize> = hulls.iter().map(inside).collect();
            prop_assert_eq!(depths(&layer).into_iter().map(|depth| depth as usize).collect::<Vec<_>>(), expected);
        }
    }
}
