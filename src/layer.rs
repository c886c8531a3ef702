//! A layer: one annotator's annotations of one document, kept sorted and indexed.
//!
//! A layer is a value. A copy costs nothing and shares what did not change, so that the screen, the undo stack and
//! the store may each hold the one they were given.
//!
//! Invariant: only `edit::apply` changes a layer that belongs to a project.

use crate::annotation::{Annotation, Relation, Remark};
use crate::id::{AnnotationId, LabelId, RelationId, RemarkId};
use crate::sorted::{self, Sorted};
use crate::span::Span;
use crate::text::Offset;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::sync::Arc;

/// How far the work on a document has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Nobody has begun.
    #[default]
    New,
    /// Being worked on.
    InProgress,
    /// Finished, says the annotator.
    Done,
    /// Somebody should look at it.
    Flagged,
}

impl Status {
    /// All of them, in the order of work.
    pub const ALL: [Self; 4] = [Self::New, Self::InProgress, Self::Done, Self::Flagged];

    /// The name in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::InProgress => "in-progress",
            Self::Done => "done",
            Self::Flagged => "flagged",
        }
    }
}

/// Where an annotation stands in reading order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The first character.
    pub start: Offset,
    /// The end of the hull; the longest of those that start together comes first.
    pub end: Reverse<Offset>,
    /// Told apart by name where even the extents are the same.
    pub id: AnnotationId,
}

impl Place {
    /// The place of an annotation.
    #[must_use]
    pub fn of(annotation: &Annotation) -> Self {
        let (start, end) = annotation.extent.hull().reading_order();
        Self { start, end, id: annotation.id.clone() }
    }
}

/// One annotator's annotations of one document.
#[derive(Clone, Default)]
pub struct Layer {
    status: Status,
    annotations: Sorted<AnnotationId, Arc<Annotation>>,
    relations: Sorted<RelationId, Arc<Relation>>,
    remarks: Sorted<RemarkId, Arc<Remark>>,
    /// Every annotation once, in reading order.
    order: Sorted<Place>,
    /// Every annotation once, in the smallest bin that holds its hull.
    bins: Sorted<(Bin, Place)>,
    /// How many annotations each label has; no zeroes.
    counts: Sorted<LabelId, usize>,
    /// Each end of each relation.
    ends: Sorted<(AnnotationId, RelationId)>,
}

/// A stretch of the text whose length is a power of two, at one of several levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Bin {
    level: u8,
    number: u32,
}

impl Bin {
    /// Stretches of 128 characters, then eight times as long at each level.
    const FIRST_SHIFT: u32 = 7;
    const STEP: u32 = 3;
    /// The last level is one bin for everything.
    const LEVELS: u8 = 9;

    fn shift(level: u8) -> u32 {
        Self::FIRST_SHIFT + Self::STEP * u32::from(level)
    }

    fn number_at(level: u8, offset: Offset) -> u32 {
        offset.get().checked_shr(Self::shift(level)).unwrap_or(0)
    }

    /// The smallest bin that holds the whole span.
    fn of(span: Span) -> Self {
        let last = span.end().minus(1);
        for level in 0..Self::LEVELS {
            let number = Self::number_at(level, span.start());
            if number == Self::number_at(level, last) {
                return Self { level, number };
            }
        }
        Self { level: Self::LEVELS, number: 0 }
    }
}

impl Layer {
    /// How far the work has come.
    #[must_use]
    pub fn status(&self) -> Status {
        self.status
    }

    /// How many annotations there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there is no annotation.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// The annotation with this name.
    #[must_use]
    pub fn get(&self, id: &AnnotationId) -> Option<&Arc<Annotation>> {
        self.annotations.get(id)
    }

    /// The relation with this name.
    #[must_use]
    pub fn relation(&self, id: &RelationId) -> Option<&Arc<Relation>> {
        self.relations.get(id)
    }

    /// All annotations, in reading order.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Annotation>> {
        self.order.iter().filter_map(|(place, ())| self.annotations.get(&place.id))
    }

    /// All relations, by name.
    pub fn relations(&self) -> impl Iterator<Item = &Arc<Relation>> {
        self.relations.values()
    }

    /// The remark with this name.
    #[must_use]
    pub fn remark(&self, id: &RemarkId) -> Option<&Arc<Remark>> {
        self.remarks.get(id)
    }

    /// All remarks, by name.
    pub fn remarks(&self) -> impl Iterator<Item = &Arc<Remark>> {
        self.remarks.values()
    }

    /// The relations that start or end at an annotation.
    pub fn relations_of<'a>(&'a self, id: &'a AnnotationId) -> impl Iterator<Item = &'a Arc<Relation>> {
        let first = (id.clone(), RelationId::from(""));
        self.ends.keys_from(&first).take_while(move |(end, _)| end == id).filter_map(|(_, relation)| self.relations.get(relation))
    }

    /// How many annotations have this label.
    #[must_use]
    pub fn count(&self, label: &LabelId) -> usize {
        self.counts.get(label).copied().unwrap_or(0)
    }

    /// Labels in use, with how often.
    pub fn counts(&self) -> impl Iterator<Item = (&LabelId, usize)> {
        self.counts.iter().map(|(label, count)| (label, *count))
    }

    /// The annotation at a rank in reading order.
    #[must_use]
    pub fn nth(&self, rank: usize) -> Option<&Arc<Annotation>> {
        self.order.nth(rank).and_then(|place| self.annotations.get(&place.id))
    }

    /// The rank of an annotation in reading order.
    #[must_use]
    pub fn rank(&self, id: &AnnotationId) -> Option<usize> {
        Some(self.order.rank(&Place::of(self.annotations.get(id)?)))
    }

    /// The rank of the first annotation that starts at `offset` or later.
    #[must_use]
    pub fn first_from(&self, offset: Offset) -> usize {
        self.order.rank(&Place { start: offset, end: Reverse(Offset::new(u32::MAX)), id: AnnotationId::from("") })
    }

    /// The annotations whose hull shares a character with the window, in reading order.
    ///
    /// The cost depends on what is near the window, not on how many annotations there are elsewhere.
    #[must_use]
    pub fn window(&self, window: Span) -> Vec<&Arc<Annotation>> {
        let mut places: Vec<&Place> = Vec::new();
        for level in 0..=Bin::LEVELS {
            let number = |offset| if level == Bin::LEVELS { 0 } else { Bin::number_at(level, offset) };
            let first = Bin { level, number: number(window.start()) };
            let last = Bin { level, number: number(window.end().minus(1)) };
            let lowest = Place { start: Offset::new(0), end: Reverse(Offset::new(u32::MAX)), id: AnnotationId::from("") };
            let found = self.bins.keys_from(&(first, lowest)).take_while(|(bin, _)| *bin <= last).map(|(_, place)| place);
            places.extend(found.filter(|place| place.start < window.end() && window.start() < place.end.0));
        }
        sorted::sort_by(&mut places, Ord::cmp);
        places.into_iter().filter_map(|place| self.annotations.get(&place.id)).collect()
    }

    /// The annotations that cover the character at `offset`, the smallest first: the order in which clicks walk the stack.
    #[must_use]
    pub fn stack_at(&self, offset: Offset) -> Vec<&Arc<Annotation>> {
        let Some(window) = Span::try_new(offset, offset.plus(1)) else { return Vec::new() };
        let mut stack = self.window(window);
        stack.retain(|annotation| annotation.extent.contains(offset));
        sorted::sort_by_key(&mut stack, |annotation| annotation.extent.length());
        stack
    }

    /// An annotation with the same label on the same extent.
    #[must_use]
    pub fn find_same(&self, annotation: &Annotation) -> Option<&Arc<Annotation>> {
        let hull = annotation.extent.hull();
        let first = Place { start: hull.start(), end: Reverse(hull.end()), id: AnnotationId::from("") };
        let twins = self.order.keys_from(&first).take_while(|place| place.start == first.start && place.end == first.end);
        let mut twins = twins.filter_map(|place| self.annotations.get(&place.id));
        twins.find(|twin| twin.extent == annotation.extent && twin.label == annotation.label)
    }

    pub(crate) fn set_status(&mut self, status: Status) {
        self.status = status;
    }

    pub(crate) fn put(&mut self, annotation: Arc<Annotation>) {
        self.remove(&annotation.id.clone());
        let place = Place::of(&annotation);
        self.order.insert(place.clone(), ());
        self.bins.insert((Bin::of(annotation.extent.hull()), place), ());
        self.counts.insert(annotation.label.clone(), self.count(&annotation.label) + 1);
        self.annotations.insert(annotation.id.clone(), annotation);
    }

    pub(crate) fn remove(&mut self, id: &AnnotationId) {
        let Some(annotation) = self.annotations.remove(id) else { return };
        let place = Place::of(&annotation);
        self.order.remove(&place);
        self.bins.remove(&(Bin::of(annotation.extent.hull()), place));
        match self.counts.get(&annotation.label).copied() {
            Some(count) if count > 1 => self.counts.insert(annotation.label.clone(), count - 1),
            _ => self.counts.remove(&annotation.label),
        };
    }

    pub(crate) fn put_relation(&mut self, relation: Arc<Relation>) {
        self.remove_relation(&relation.id.clone());
        for end in [&relation.from, &relation.to] {
            self.ends.insert((end.clone(), relation.id.clone()), ());
        }
        self.relations.insert(relation.id.clone(), relation);
    }

    pub(crate) fn remove_relation(&mut self, id: &RelationId) {
        let Some(relation) = self.relations.remove(id) else { return };
        for end in [&relation.from, &relation.to] {
            self.ends.remove(&(end.clone(), relation.id.clone()));
        }
    }

    pub(crate) fn put_remark(&mut self, remark: Arc<Remark>) {
        self.remarks.insert(remark.id.clone(), remark);
    }

    pub(crate) fn remove_remark(&mut self, id: &RemarkId) {
        self.remarks.remove(id);
    }

    /// The same layer with these remarks too; of two with one name the later stays.
    #[must_use]
    pub fn with_remarks(mut self, remarks: impl IntoIterator<Item = Arc<Remark>>) -> Self {
        for remark in remarks {
            self.put_remark(remark);
        }
        self
    }

    /// A layer from records; of two annotations with one name the later stays.
    #[must_use]
    pub fn from_records(status: Status, annotations: impl IntoIterator<Item = Annotation>, relations: impl IntoIterator<Item = Relation>) -> Self {
        let mut layer = Self { status, ..Self::default() };
        let annotations = annotations.into_iter().map(|annotation| (annotation.id.clone(), Arc::new(annotation)));
        layer.annotations = Sorted::from_records(annotations.collect());
        let (mut places, mut bins) = (Vec::with_capacity(layer.annotations.len()), Vec::with_capacity(layer.annotations.len()));
        for annotation in layer.annotations.values() {
            places.push((Place::of(annotation), ()));
            bins.push(((Bin::of(annotation.extent.hull()), Place::of(annotation)), ()));
            layer.counts.insert(annotation.label.clone(), layer.counts.get(&annotation.label).map_or(1, |count| count + 1));
        }
        layer.order = Sorted::from_records(places);
        layer.bins = Sorted::from_records(bins);
        for relation in relations {
            layer.put_relation(Arc::new(relation));
        }
        layer
    }

    /// Whether both are one and the same value in memory, which is told without looking at the annotations.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.status == other.status
            && self.annotations.is_same(&other.annotations)
            && self.relations.is_same(&other.relations)
            && self.remarks.is_same(&other.remarks)
    }
}

impl PartialEq for Layer {
    fn eq(&self, other: &Self) -> bool {
        let says_same = || self.status == other.status && self.remarks == other.remarks;
        self.is_same(other) || (says_same() && self.annotations == other.annotations && self.relations == other.relations)
    }
}

impl Eq for Layer {}

impl std::fmt::Debug for Layer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Layer")
            .field("status", &self.status)
            .field("annotations", &self.iter().collect::<Vec<_>>())
            .field("relations", &self.relations)
            .field("remarks", &self.remarks)
            .finish()
    }
}
