//! The findings of a layer, kept in step with its edits a few labels at a time, so that a page is never held up.

use super::{Checker, Finding, Tally};
use crate::annotation::Annotation;
use crate::edit::{Change, Edit};
use crate::id::AnnotationId;
use crate::layer::Place;
use crate::schema::CheckKind;
use crate::sorted::Sorted;
use crate::span::Span;
use crate::text::Offset;
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Labels that are rechecked together are no further apart than this, in code points: what stands round them is read once.
const TOGETHER: u32 = 2_000;

/// What was found so far. A copy costs nothing.
#[derive(Clone, Default)]
pub struct Findings {
    /// Every finding twice: among all, and among those of its kind; in the order of the labels, then of the checks.
    found: Sorted<(Option<CheckKind>, Place, u32), Arc<Finding>>,
    /// Where the labels stand of which something was found.
    places: Sorted<AnnotationId, Place>,
    /// Labels by what is said of them.
    pub tally: Tally,
    /// Whether every label was looked at.
    pub is_complete: bool,
    /// Counts every change of the findings; what labels say is not counted.
    pub version: u64,
}

impl Findings {
    /// How many there are, of one kind or of all.
    #[must_use]
    pub fn count(&self, kind: Option<CheckKind>) -> usize {
        let last = Place { start: Offset::new(u32::MAX), end: Reverse(Offset::ZERO), id: "".into() };
        self.found.rank(&(kind, last, 0)) - self.first(kind)
    }

    /// The label of which one is told, and the finding, by its rank among those of one kind or of all.
    #[must_use]
    pub fn nth(&self, kind: Option<CheckKind>, rank: usize) -> Option<(&AnnotationId, &Arc<Finding>)> {
        let key = self.found.nth(self.first(kind) + rank).filter(|key| key.0 == kind)?;
        Some((&key.1.id, self.found.get(key)?))
    }

    /// The rank of the first one of a label.
    #[must_use]
    pub fn rank(&self, kind: Option<CheckKind>, id: &AnnotationId) -> Option<usize> {
        let place = self.places.get(id)?;
        let at = self.found.rank(&(kind, place.clone(), 0));
        self.found.nth(at).filter(|key| key.0 == kind && key.1 == *place).map(|_| at - self.first(kind))
    }

    /// How many there are of labels up to a place; that is the rank of the next one.
    #[must_use]
    pub fn rank_after(&self, place: &Place) -> usize {
        self.found.rank(&(None, place.clone(), u32::MAX)) - self.first(None)
    }

    /// Whether there is something to look at in a label.
    #[must_use]
    pub fn has(&self, id: &AnnotationId) -> bool {
        self.places.contains_key(id)
    }

    /// What there is to look at in a label.
    #[must_use]
    pub fn of(&self, id: &AnnotationId) -> Vec<Arc<Finding>> {
        let Some(place) = self.places.get(id) else { return Vec::new() };
        (0..).map_while(|number| self.found.get(&(None, place.clone(), number)).cloned()).collect()
    }

    fn first(&self, kind: Option<CheckKind>) -> usize {
        self.found.rank(&(kind, Place { start: Offset::ZERO, end: Reverse(Offset::new(u32::MAX)), id: "".into() }, 0))
    }

    fn put(&mut self, place: &Place, findings: Vec<Finding>) {
        let old = self.of(&place.id);
        let same = old.len() == findings.len() && old.iter().zip(&findings).all(|(old, new)| **old == *new);
        if same && (old.is_empty() || self.places.get(&place.id) == Some(place)) {
            return;
        }
        self.forget(&place.id);
        self.version += 1;
        if !findings.is_empty() {
            self.places.insert(place.id.clone(), place.clone());
        }
        for (number, finding) in (0..).zip(findings) {
            let (kind, finding) = (finding.kind(), Arc::new(finding));
            self.found.insert((None, place.clone(), number), finding.clone());
            self.found.insert((Some(kind), place.clone(), number), finding);
        }
    }

    fn forget(&mut self, id: &AnnotationId) {
        let Some(place) = self.places.remove(id) else { return };
        self.version += 1;
        for number in 0.. {
            let Some(finding) = self.found.remove(&(None, place.clone(), number)) else { break };
            self.found.remove(&(Some(finding.kind()), place.clone(), number));
        }
    }
}

/// Follows a layer: [`Self::edit`] tells it of each edit, [`Self::step`] does some of the work that is left.
#[derive(Default)]
pub struct Watch {
    findings: Findings,
    /// Labels that an edit may have changed something for.
    dirty: BTreeSet<Place>,
    /// Where labels start that were never looked at.
    left: Vec<(Offset, Offset)>,
}

impl Watch {
    /// All is to be looked at, beginning with labels that start at a place.
    #[must_use]
    pub fn from(start: Offset) -> Self {
        let end = Offset::new(u32::MAX);
        Self { left: vec![(Offset::ZERO, start), (start, end)], ..Self::default() }
    }

    /// The same anew, with a version of its own.
    pub fn restart(&mut self, start: Offset) {
        let version = self.findings.version + 1;
        *self = Self::from(start);
        self.findings.version = version;
    }

    /// What was found so far.
    #[must_use]
    pub fn findings(&self) -> &Findings {
        &self.findings
    }

    /// An edit was made; the checker has the layer as it is now.
    pub fn edit(&mut self, checker: &Checker, edit: &Edit) {
        let mut felt: Vec<Span> = Vec::new();
        for change in &edit.changes {
            match change {
                Change::Annotation(_, delta) => {
                    if let Some(old) = &delta.before {
                        self.findings.tally.remove(old, checker.schema);
                        self.dirty.remove(&Place::of(old));
                        if delta.after.is_none() {
                            self.findings.forget(&old.id);
                        }
                    }
                    if let Some(new) = &delta.after {
                        self.findings.tally.add(new, checker.schema);
                        self.touch(checker, checker.layer.relations_of(&new.id).map(|relation| &relation.from));
                    }
                    felt.extend(delta.before.iter().chain(&delta.after).map(|annotation| checker.reach(annotation.extent.hull())));
                }
                Change::Relation(_, delta) => {
                    self.touch(checker, delta.before.iter().chain(&delta.after).flat_map(|relation| [&relation.from, &relation.to]));
                }
                _ => {}
            }
        }
        crate::sorted::sort_by(&mut felt, |a, b| a.start().cmp(&b.start()));
        let mut felt = felt.into_iter();
        let Some(mut window) = felt.next() else { return };
        for next in felt {
            if next.start() > window.end() {
                self.touch_near(checker, window);
                window = next;
            }
            window = window.hull(next);
        }
        self.touch_near(checker, window);
    }

    /// Looks at up to so many labels, those first of which an edit may have changed something. Whether anything is left.
    pub fn step(&mut self, checker: &Checker, most: usize) -> bool {
        let mut some: Vec<Arc<Annotation>> = Vec::new();
        while let Some(next) = self.dirty.first() {
            let far = some.first().is_some_and(|first| first.extent.hull().start().plus(TOGETHER) < next.start);
            if far || some.len() >= most {
                break;
            }
            if let Some(place) = self.dirty.pop_first() {
                some.extend(checker.layer.get(&place.id).cloned());
            }
        }
        if some.is_empty() {
            some = self.next_left(checker, most);
            for annotation in &some {
                self.findings.tally.add(annotation, checker.schema);
            }
        }
        let some: Vec<_> = some.iter().collect();
        for (annotation, found) in some.iter().zip(checker.some(&some)) {
            self.findings.put(&Place::of(annotation), found);
        }
        self.findings.is_complete = self.left.is_empty() && self.dirty.is_empty();
        !self.findings.is_complete
    }

    fn next_left(&mut self, checker: &Checker, most: usize) -> Vec<Arc<Annotation>> {
        let Some((from, to)) = self.left.pop() else { return Vec::new() };
        let rank = checker.layer.first_from(from);
        let start_of = |rank| checker.layer.nth(rank).map(|annotation| annotation.extent.hull().start());
        let (Some(first), next) = (start_of(rank), start_of(rank + most)) else { return Vec::new() };
        // All that start at one place are looked at together, however many.
        let upto = next.map_or(to, |next| next.max(first.plus(1))).min(to);
        if upto < to {
            self.left.push((upto, to));
        }
        let some = (rank..).map_while(|rank| checker.layer.nth(rank)).take_while(|annotation| annotation.extent.hull().start() < upto);
        some.cloned().collect()
    }

    fn touch<'i>(&mut self, checker: &Checker, ids: impl Iterator<Item = &'i AnnotationId>) {
        self.dirty.extend(ids.filter_map(|id| checker.layer.get(id)).map(|annotation| Place::of(annotation)));
    }

    fn touch_near(&mut self, checker: &Checker, window: Span) {
        self.dirty.extend(checker.layer.window(window).into_iter().map(|annotation| Place::of(annotation)));
    }
}
