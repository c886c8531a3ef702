//! Comparison of two or more layers over one text: which labels stand for the same thing, and where they differ.
//!
//! Labels of different annotators that mean the same are joined to items, one label of each annotator at most. An item on
//! which not all agree is a difference, and so is a tie between two items that not all have who have both its ends. The
//! order of the annotators decides nothing: turned round, they give the same items and the same differences.

mod differ;
mod join;
#[cfg(test)]
mod laws;
mod steps;
#[cfg(test)]
mod tests;

pub use steps::Comparing;

use crate::annotation::{Annotation, Relation};
use crate::id::{Annotator, LabelId, RelationKind};
use crate::layer::Layer;
use crate::sorted;
use crate::span::Span;
use std::collections::BTreeSet;
use std::sync::Arc;

/// In which way annotators differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Some have a label here, others have none.
    Missing,
    /// Their labels have other edges.
    Boundaries,
    /// Their labels are of other kinds.
    Label,
    /// What they say more of it is not the same.
    Attribute,
    /// Some tie these two labels, others do not, or in another way.
    Relation,
    /// Their labels are inside others in another way.
    Nesting,
}

impl Kind {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 6] = [Self::Missing, Self::Boundaries, Self::Label, Self::Attribute, Self::Relation, Self::Nesting];

    /// The name in files and words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Boundaries => "boundaries",
            Self::Label => "label",
            Self::Attribute => "attribute",
            Self::Relation => "relation",
            Self::Nesting => "nesting",
        }
    }
}

/// Labels of several annotators that stand for the same thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Each annotator's label, in the order of the annotators; one at least.
    pub of: Vec<Option<Arc<Annotation>>>,
    /// From the first character of any to the last of any.
    pub hull: Span,
}

/// Relations of several annotators between the same two items, of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tie {
    /// What kind of tie.
    pub kind: RelationKind,
    /// The item where it starts, by its place among the items.
    pub from: usize,
    /// The item where it leads.
    pub to: usize,
    /// Each annotator's relation; one at least.
    pub of: Vec<Option<Arc<Relation>>>,
}

/// What a difference is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// An item, by its place.
    Item(usize),
    /// A tie, by its place.
    Tie(usize),
}

/// Something on which not all agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What it is about.
    pub subject: Subject,
    /// In which ways they differ; one at least.
    pub kinds: BTreeSet<Kind>,
    /// Where.
    pub hull: Span,
    /// Differences that overlap have the same number; numbers go up in reading order.
    pub knot: usize,
}

/// What a comparison of layers found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Whose layers were compared, in the order in which they were given.
    pub annotators: Vec<Annotator>,
    /// What they labelled, in reading order.
    pub items: Vec<Item>,
    /// What they tied.
    pub ties: Vec<Tie>,
    /// Where they differ, in reading order; at one place labels come before ties.
    pub differences: Vec<Difference>,
}

/// Which differences are wanted. Nothing chosen wants all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only these kinds.
    pub kind: Option<Kind>,
    /// Only where a label of this kind is concerned.
    pub label: Option<LabelId>,
    /// Only where this annotator is not of the opinion of most.
    pub annotator: Option<Annotator>,
}

/// Compares layers over one text.
#[must_use]
pub fn compare(layers: &[(Annotator, Layer)]) -> Comparison {
    Comparing::new(layers.to_vec()).finish()
}

impl Item {
    /// Whether all have it, and say the same of it.
    #[must_use]
    pub fn is_agreed(&self) -> bool {
        let first = self.of.first().and_then(Option::as_ref);
        first
            .is_some_and(|first| self.of.iter().all(|other| other.as_ref().is_some_and(|other| Arc::ptr_eq(first, other) || says_same(first, other))))
    }

    /// The labels that annotators gave it, each kind once, in the order of the annotators.
    #[must_use]
    pub fn labels(&self) -> Vec<&LabelId> {
        let mut labels: Vec<&LabelId> = Vec::new();
        for annotation in self.of.iter().flatten() {
            if !labels.contains(&&annotation.label) {
                labels.push(&annotation.label);
            }
        }
        labels
    }
}

/// Whether two labels say the same, whatever they are called and whoever put them there.
#[must_use]
pub fn says_same(a: &Annotation, b: &Annotation) -> bool {
    a.extent == b.extent && a.label == b.label && a.attributes == b.attributes
}

impl Comparison {
    /// Whether two annotators are of one opinion on what a difference is about.
    #[must_use]
    pub fn agree_on(&self, subject: Subject, a: usize, b: usize) -> bool {
        match subject {
            Subject::Item(item) => self.items.get(item).is_some_and(|item| same(&item.of, a, b, says_same)),
            Subject::Tie(tie) => self.ties.get(tie).is_some_and(|tie| same(&tie.of, a, b, |a, b| a.attributes == b.attributes)),
        }
    }

    /// The opinions on a subject, each as the annotators that share it: the one that most share first, then in their order.
    #[must_use]
    pub fn opinions(&self, subject: Subject) -> Vec<Vec<usize>> {
        let mut opinions: Vec<Vec<usize>> = Vec::new();
        for annotator in 0..self.annotators.len() {
            let shared = opinions.iter_mut().find(|opinion| opinion.first().is_some_and(|first| self.agree_on(subject, *first, annotator)));
            match shared {
                Some(opinion) => opinion.push(annotator),
                None => opinions.push(vec![annotator]),
            }
        }
        sorted::sort_by_key(&mut opinions, |opinion| std::cmp::Reverse(opinion.len()));
        opinions
    }

    /// Whether more than half of the annotators are of one opinion, and this one is not.
    #[must_use]
    pub fn deviates(&self, subject: Subject, annotator: usize) -> bool {
        let most = self.opinions(subject).into_iter().next().filter(|most| most.len() * 2 > self.annotators.len());
        most.is_none_or(|most| !most.contains(&annotator))
    }

    /// Whether a difference is among those wanted.
    #[must_use]
    pub fn wants(&self, filter: &Filter, difference: &Difference) -> bool {
        let kind = filter.kind.is_none_or(|kind| difference.kinds.contains(&kind));
        let label = filter.label.as_ref().is_none_or(|label| self.ends(difference.subject).any(|item| item.labels().contains(&label)));
        let whose = filter.annotator.as_ref().is_none_or(|annotator| {
            let place = self.annotators.iter().position(|known| known == annotator);
            place.is_some_and(|place| self.deviates(difference.subject, place))
        });
        kind && label && whose
    }

    /// The items that a subject is about: one, or both ends of a tie.
    pub fn ends(&self, subject: Subject) -> impl Iterator<Item = &Item> {
        let places = match subject {
            Subject::Item(item) => [Some(item), None],
            Subject::Tie(tie) => self.ties.get(tie).map_or([None, None], |tie| [Some(tie.from), Some(tie.to)]),
        };
        places.into_iter().flatten().filter_map(|place| self.items.get(place))
    }
}

fn same<T>(of: &[Option<Arc<T>>], a: usize, b: usize, says_same: impl Fn(&T, &T) -> bool) -> bool {
    match (of.get(a).and_then(Option::as_ref), of.get(b).and_then(Option::as_ref)) {
        (Some(a), Some(b)) => Arc::ptr_eq(a, b) || says_same(a, b),
        (None, None) => true,
        _ => false,
    }
}
