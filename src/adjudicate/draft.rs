//! A draft of the gold layer: what decisions make of it, and the edit that leads there.

use super::decide::{Case, Choice, Said, Undecided};
use super::record::{Decision, Judged, Record, Source, records, relation_said, span_said};
use crate::annotation::{Annotation, Origin, Relation};
use crate::compare::{Comparison, Item, Subject};
use crate::edit::{Change, Delta, Edit};
use crate::id::{AnnotationId, LabelId, RelationId, RemarkId};
use crate::layer::Layer;
use crate::span::Extent;
use std::collections::{BTreeSet, btree_set};
use std::sync::Arc;

/// The gold layer while decisions are carried out.
pub(super) struct Draft<'a> {
    case: Case<'a>,
    drafted: Drafted,
}

/// What a draft has come to.
#[derive(Debug, Default)]
pub(super) struct Drafted {
    next: Layer,
    /// What is decided in this draft.
    fresh: Judged,
    spans: BTreeSet<AnnotationId>,
    relations: BTreeSet<RelationId>,
    remarks: BTreeSet<RemarkId>,
    /// Items that were settled in this draft.
    settled: BTreeSet<usize>,
}

impl Drafted {
    /// Where nothing is decided yet.
    pub(super) fn new(gold: &Layer) -> Self {
        Self { next: gold.clone(), ..Self::default() }
    }
}

impl<'a> Draft<'a> {
    /// Goes on from what a draft of the same case has come to.
    pub(super) fn new(case: &Case<'a>, drafted: Drafted) -> Self {
        Self { case: *case, drafted }
    }

    /// What it has come to.
    pub(super) fn rest(self) -> Drafted {
        self.drafted
    }

    /// The edit that leads there.
    pub(super) fn finish(self) -> Edit {
        Finishing::new(&self.case, self.drafted).edit(&self.case)
    }

    /// Carries out a choice under the name of another.
    pub(super) fn settle_as(&mut self, subject: Subject, item: &Item, choice: Choice, named: Choice, id: RemarkId, said: &Said) {
        if let Subject::Item(place) = subject {
            self.drafted.settled.insert(place);
        }
        let gone = self.take_back(subject);
        let mut made: Vec<(Annotation, Vec<usize>)> = Vec::new();
        match choice {
            Choice::Take(whose) => made.extend(self.opinion(subject, item, whose)),
            Choice::Edit | Choice::Agreed => {
                let first = item.of.iter().position(Option::is_some);
                made.extend(first.and_then(|whose| self.opinion(subject, item, whose)));
            }
            Choice::Both => {
                let opinions = self.case.comparison.opinions(subject);
                made.extend(opinions.iter().filter_map(|opinion| self.opinion(subject, item, *opinion.first()?)));
            }
            Choice::Merge => made.extend(merged(item)),
            Choice::Reject | Choice::Postpone => {}
        }
        let mut gold: Vec<Option<String>> = vec![None; item.of.len()];
        let mut first_made = None;
        for (number, (mut annotation, shared)) in made.into_iter().enumerate() {
            annotation.id = AnnotationId::from(format!("{id}-{number}"));
            // What is in the gold layer already is not put there a second time.
            let twin = self.drafted.next.find_same(&annotation).map(|twin| twin.id.clone());
            let name = twin.unwrap_or_else(|| self.put(annotation));
            first_made.get_or_insert_with(|| name.clone());
            for whose in shared {
                gold[whose] = Some(name.to_string());
            }
        }
        self.lead_on(&gone, first_made.as_ref());
        let whose = self.case.comparison.annotators.iter().zip(&item.of).zip(gold);
        let sources = whose.filter_map(|((who, label), gold)| {
            let label = label.as_ref()?;
            Some(Source { record: Record::Span(who.clone(), label.id.clone()), said: span_said(label), gold })
        });
        let place = (item.hull.start().get(), item.hull.end().get());
        self.remember(id, named, sources.collect(), place, said);
    }

    /// The same for a tie.
    ///
    /// # Errors
    /// When its ends are not in the gold layer.
    pub(super) fn settle_tie_as(&mut self, subject: Subject, choice: Choice, named: Choice, id: RemarkId, said: &Said) -> Result<(), Undecided> {
        let Subject::Tie(place) = subject else { return Err(Undecided::NotThere) };
        let tie = self.case.comparison.ties.get(place).ok_or(Undecided::NotThere)?;
        let taken = match choice {
            Choice::Take(whose) => tie.of.get(whose).and_then(Option::as_ref),
            Choice::Both | Choice::Merge | Choice::Edit | Choice::Agreed => tie.of.iter().flatten().next(),
            Choice::Reject | Choice::Postpone => None,
        };
        let ends = (self.gold_of(tie.from), self.gold_of(tie.to));
        if taken.is_some() && (ends.0.is_none() || ends.1.is_none()) {
            return Err(Undecided::EndsMissing);
        }
        self.take_back(subject);
        let made = taken.zip(ends.0.zip(ends.1)).map(|(relation, (from, to))| self.relate(relation, from, to, format!("{id}-0")));
        let hull = self.case.comparison.items[tie.from].hull;
        let whose = self.case.comparison.annotators.iter().zip(&tie.of);
        let sources = whose.filter_map(|(who, other)| {
            let other = other.as_ref()?;
            let gold = made.as_ref().filter(|_| taken.is_some_and(|taken| taken.attributes == other.attributes)).map(ToString::to_string);
            Some(Source { record: Record::Relation(who.clone(), other.id.clone()), said: relation_said(other), gold })
        });
        let sources = sources.collect();
        self.remember(id, named, sources, (hull.start().get(), hull.end().get()), said);
        Ok(())
    }

    /// An annotator's label as a gold one, with all who are of that opinion.
    fn opinion(&self, subject: Subject, item: &Item, whose: usize) -> Option<(Annotation, Vec<usize>)> {
        let label = item.of.get(whose)?.as_ref()?;
        let shared = (0..item.of.len()).filter(|other| self.case.comparison.agree_on(subject, whose, *other)).collect();
        Some((golden(label), shared))
    }

    /// Takes earlier decisions on a subject back; tells which gold labels went.
    fn take_back(&mut self, subject: Subject) -> Vec<AnnotationId> {
        let mut gone = Vec::new();
        for id in self.case.judged.decisions(self.case.comparison, subject) {
            let Some(decision) = self.drafted.next.remark(&id).and_then(|remark| Decision::read(remark)) else { continue };
            for source in decision.sources {
                let Some(made) = source.gold else { continue };
                match source.record {
                    Record::Span(..) if self.drafted.next.get(&made.as_str().into()).is_some() => {
                        self.drafted.spans.insert(made.as_str().into());
                        self.drafted.next.remove(&made.as_str().into());
                        gone.push(AnnotationId::from(made));
                    }
                    Record::Relation(..) => {
                        self.drafted.relations.insert(made.as_str().into());
                        self.drafted.next.remove_relation(&made.as_str().into());
                    }
                    Record::Span(..) => {}
                }
            }
            self.drafted.remarks.insert(id.clone());
            self.drafted.next.remove_remark(&id);
        }
        gone
    }

    /// Leads the relations of labels that went to the one in their place; without one they go too.
    fn lead_on(&mut self, gone: &[AnnotationId], to: Option<&AnnotationId>) {
        for id in gone {
            let hanging: Vec<Arc<Relation>> = self.drafted.next.relations_of(id).cloned().collect();
            for relation in hanging {
                self.drafted.relations.insert(relation.id.clone());
                self.drafted.next.remove_relation(&relation.id);
                let end = |end: &AnnotationId| if end == id { to.cloned() } else { Some(end.clone()) };
                if let (Some(from), Some(to)) = (end(&relation.from), end(&relation.to)) {
                    self.drafted.next.put_relation(Arc::new(Relation { from, to, ..Relation::clone(&relation) }));
                }
            }
        }
    }

    fn put(&mut self, annotation: Annotation) -> AnnotationId {
        let id = annotation.id.clone();
        self.drafted.spans.insert(id.clone());
        self.drafted.next.put(Arc::new(annotation));
        id
    }

    fn relate(&mut self, relation: &Relation, from: AnnotationId, to: AnnotationId, id: String) -> RelationId {
        let twin = self.drafted.next.relations_of(&from).find(|other| other.from == from && other.to == to && other.kind == relation.kind);
        if let Some(twin) = twin {
            return twin.id.clone();
        }
        let id = RelationId::from(id);
        self.drafted.relations.insert(id.clone());
        self.drafted.next.put_relation(Arc::new(Relation { id: id.clone(), from, to, ..relation.clone() }));
        id
    }

    /// The gold label of an item, where there is one.
    fn gold_of(&self, place: usize) -> Option<AnnotationId> {
        let made = records(self.case.comparison, Subject::Item(place)).filter_map(|(record, _)| {
            let judged = if self.drafted.fresh.has(&record) { &self.drafted.fresh } else { self.case.judged };
            judged.gold(&record).map(AnnotationId::from)
        });
        made.into_iter().find(|id| self.drafted.next.get(id).is_some())
    }

    /// Ties that nobody disputes come with their ends.
    pub(super) fn tie_undisputed(&mut self, said: &Said) {
        let disputed = disputed_ties(self.case.comparison).collect();
        for place in 0..self.case.comparison.ties.len() {
            self.tie_if_undisputed(place, &disputed, said);
        }
    }

    /// The same for one of them.
    pub(super) fn tie_if_undisputed(&mut self, place: usize, disputed: &BTreeSet<usize>, said: &Said) {
        let Some(tie) = self.case.comparison.ties.get(place).filter(|_| !disputed.contains(&place)) else { return };
        // Those whose ends were settled before have come then; one that was removed since by hand stays away.
        if !self.drafted.settled.contains(&tie.from) && !self.drafted.settled.contains(&tie.to) {
            return;
        }
        if let (Some(from), Some(to), Some(relation)) = (self.gold_of(tie.from), self.gold_of(tie.to), tie.of.iter().flatten().next()) {
            self.relate(relation, from, to, format!("{}-r{place}", said.id));
        }
    }

    fn remember(&mut self, id: RemarkId, choice: Choice, sources: Vec<Source>, place: (u32, u32), said: &Said) {
        let (by, reason, note) = (said.by.clone(), said.reason.clone(), said.note.clone());
        let choice = choice.name().to_owned();
        let decision = Decision { id: id.clone(), choice, sources, by, at: said.at, again: None, reason, note, place };
        self.drafted.fresh.add(&decision);
        self.drafted.remarks.insert(id);
        self.drafted.next.put_remark(Arc::new(decision.remark()));
    }
}

/// The ties that are differences, by their places.
pub(super) fn disputed_ties(comparison: &Comparison) -> impl Iterator<Item = usize> {
    comparison.differences.iter().filter_map(|found| if let Subject::Tie(place) = found.subject { Some(place) } else { None })
}

/// The edit of a draft, put together some records at a time.
#[derive(Debug)]
pub(super) struct Finishing {
    next: Layer,
    spans: btree_set::IntoIter<AnnotationId>,
    remarks: btree_set::IntoIter<RemarkId>,
    /// Relations that are there after it; they come once the labels are.
    come: Vec<Delta<Arc<Relation>>>,
    changes: Vec<Change>,
}

impl Finishing {
    pub(super) fn new(case: &Case<'_>, drafted: Drafted) -> Self {
        let Drafted { next, spans, relations, remarks, .. } = drafted;
        let delta = |id: &RelationId| Delta { before: case.gold.relation(id).cloned(), after: next.relation(id).cloned() };
        let relations = relations.iter().map(delta).filter(|delta| delta.before != delta.after);
        // A relation goes before its labels and comes after them; one that is led elsewhere comes after them too.
        let (gone, come): (Vec<_>, Vec<_>) = relations.partition(|delta| delta.after.is_none());
        let changes = gone.into_iter().map(|delta| Change::Relation(case.key.clone(), delta)).collect();
        Self { next, spans: spans.into_iter(), remarks: remarks.into_iter(), come, changes }
    }

    /// Looks at so many more records; whether that was all of them.
    pub(super) fn take(&mut self, case: &Case<'_>, records: usize) -> bool {
        let Self { next, spans, remarks, come, changes } = self;
        let key = || case.key.clone();
        let mut left = records;
        for id in spans.take(left) {
            left -= 1;
            let delta = Delta { before: case.gold.get(&id).cloned(), after: next.get(&id).cloned() };
            changes.extend((delta.before != delta.after).then(|| Change::Annotation(key(), delta)));
        }
        if spans.len() > 0 {
            return false;
        }
        changes.extend(come.drain(..).map(|delta| Change::Relation(key(), delta)));
        for id in remarks.take(left) {
            let delta = Delta { before: case.gold.remark(&id).cloned(), after: next.remark(&id).cloned() };
            changes.extend((delta.before != delta.after).then(|| Change::Remark(key(), delta)));
        }
        remarks.len() == 0
    }

    /// The edit; what is left is looked at at once.
    pub(super) fn edit(mut self, case: &Case<'_>) -> Edit {
        self.take(case, usize::MAX);
        Edit { changes: self.changes }
    }
}

/// An annotator's label as a gold one: what was doubted is decided.
fn golden(label: &Annotation) -> Annotation {
    Annotation { unsure: false, origin: Origin::Person, ..label.clone() }
}

/// One label of all of an item: of the kind that most gave it, or else the first.
fn merged(item: &Item) -> Option<(Annotation, Vec<usize>)> {
    let present: Vec<&Arc<Annotation>> = item.of.iter().flatten().collect();
    let count = |label: &LabelId| present.iter().filter(|other| other.label == *label).count();
    let labels = item.labels();
    let most = labels.iter().map(|label| count(label)).max()?;
    let label = labels.into_iter().find(|label| count(label) == most)?;
    let mut annotation = golden(present.iter().find(|other| other.label == *label)?);
    for other in present.iter().filter(|other| other.label == *label) {
        annotation.absorb(other);
    }
    annotation.unsure = false;
    annotation.extent = Extent::from(item.hull);
    let whose = item.of.iter().enumerate().filter(|(_, label)| label.is_some()).map(|(whose, _)| whose);
    Some((annotation, whose.collect()))
}
