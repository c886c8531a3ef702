//! What may be joined to what, as the schema has it: the labels that link mode walks, and the source that is suggested.

use crate::annotation::{Annotation, Relation};
use crate::id::{AnnotationId, RelationKind};
use crate::text::Offset;
use crate::web::act::Towards;
use crate::web::state::{Link, State, Work};
use std::collections::BTreeSet;
use std::sync::Arc;

/// One way to join two labels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// As which kind of relation.
    pub kind: RelationKind,
    /// Whether it leads from the label it was made from; otherwise the schema has it lead there.
    pub forward: bool,
}

/// Knows which labels may be the other end.
pub struct Ways<'a> {
    work: &'a Work,
    from: &'a Arc<Annotation>,
    moved: Option<&'a Arc<Relation>>,
    /// What is joined to the label already.
    taken: BTreeSet<(&'a AnnotationId, &'a RelationKind, bool)>,
}

impl<'a> Ways<'a> {
    /// `None` where the label is gone.
    #[must_use]
    pub fn of(work: &'a Work, link: &'a Link) -> Option<Self> {
        let layer = work.session.layer();
        let from = layer.get(&link.from)?;
        let moved = link.moved.as_ref().and_then(|id| layer.relation(id));
        let tie = |relation: &'a Relation| {
            if relation.from == link.from { (&relation.to, &relation.kind, true) } else { (&relation.from, &relation.kind, false) }
        };
        let taken = layer.relations_of(&link.from).map(|relation| tie(relation)).collect();
        Some(Self { work, from, moved, taken })
    }

    /// In which ways this label may be the other end.
    #[must_use]
    pub fn to(&self, other: &Annotation) -> Vec<Way> {
        if other.id == self.from.id {
            return Vec::new();
        }
        let schema = &self.work.session.project().schema;
        let way = |kind: &RelationKind, forward| Way { kind: kind.clone(), forward };
        let mut found: Vec<Way> = match self.moved {
            Some(relation) => {
                let forward = relation.from == self.from.id;
                let known = schema.relation(&relation.kind);
                let (first, second) = if forward { (&self.from.label, &other.label) } else { (&other.label, &self.from.label) };
                if known.is_none_or(|kind| kind.joins(first, second)) { vec![way(&relation.kind, forward)] } else { Vec::new() }
            }
            None => {
                let offered = schema.relations.iter().filter(|kind| !kind.retired);
                let ways = offered.filter_map(|kind| {
                    let forward = kind.joins(&self.from.label, &other.label);
                    (forward || kind.joins(&other.label, &self.from.label)).then(|| way(&kind.id, forward))
                });
                ways.collect()
            }
        };
        found.retain(|way| !self.taken.contains(&(&other.id, &way.kind, way.forward)));
        found
    }

    pub(super) fn leads_to(&self, other: &Annotation) -> bool {
        !self.to(other).is_empty()
    }

    /// The label that is proposed first: the likely source, or else the nearest.
    pub(super) fn first(&self) -> Option<AnnotationId> {
        let layer = self.work.session.layer();
        if self.moved.is_none()
            && let Some((_, source)) = suggestion(self.work, self.from)
            && layer.get(&source).is_some_and(|source| self.leads_to(source))
        {
            return Some(source);
        }
        let rank = layer.rank(&self.from.id)?;
        let before = (0..rank).rev().filter_map(|rank| layer.nth(rank)).find(|other| self.leads_to(other));
        let after = (rank + 1..layer.len()).filter_map(|rank| layer.nth(rank)).find(|other| self.leads_to(other));
        let own = self.from.extent.hull();
        // Labels inside this one stand at no distance, and those before win a tie: a source mostly comes first.
        let gap = |other: &&Arc<Annotation>| {
            let hull = other.extent.hull();
            hull.start().get().saturating_sub(own.end().get()).max(own.start().get().saturating_sub(hull.end().get()))
        };
        before.into_iter().chain(after).min_by_key(gap).map(|other| other.id.clone())
    }

    /// The next or the previous one in reading order, round the end of the text.
    pub(super) fn beside(&self, at: &AnnotationId, towards: Towards) -> Option<AnnotationId> {
        let layer = self.work.session.layer();
        let (rank, count) = (layer.rank(at)?, layer.len());
        let mut ranks = (1..count).map(|step| match towards {
            Towards::Next => (rank + step) % count,
            Towards::Previous => (rank + count - step) % count,
        });
        ranks.find_map(|rank| layer.nth(rank).filter(|other| self.leads_to(other))).map(|other| other.id.clone())
    }
}

/// The likely source of a label that has none yet, and the kind of relation that leads to it.
#[must_use]
pub fn suggestion(work: &Work, annotation: &Annotation) -> Option<(RelationKind, AnnotationId)> {
    let (schema, layer, text) = (&work.session.project().schema, work.session.layer(), work.text()?);
    schema.relations.iter().filter(|kind| !kind.retired && kind.from.contains(&annotation.label)).find_map(|kind| {
        let has = layer.relations_of(&annotation.id).any(|relation| relation.kind == kind.id && relation.from == annotation.id);
        let found = if has { None } else { crate::suggest::source(text, layer, annotation, kind) };
        found.map(|found| (kind.id.clone(), found.source))
    })
}

/// Of the labels at a place, the smallest that may be the other end.
#[must_use]
pub fn end_at(work: &Work, offset: Offset) -> Option<AnnotationId> {
    let ways = Ways::of(work, work.link.as_ref()?)?;
    work.session.layer().stack_at(offset).into_iter().find(|other| ways.leads_to(other)).map(|other| other.id.clone())
}

/// Whether the label in focus may have relations at all.
#[must_use]
pub fn may_be_tied(state: &State) -> bool {
    let Some(work) = &state.work else { return false };
    let label = work.chosen.as_ref().and_then(|id| work.session.layer().get(id)).map(|annotation| &annotation.label);
    let schema = &work.session.project().schema;
    let is_end = |label| {
        schema.relations.iter().any(|kind| !kind.retired && [&kind.from, &kind.to].iter().any(|ends| ends.is_empty() || ends.contains(label)))
    };
    !work.session.is_read_only() && label.is_some_and(is_end)
}
