//! Deciding: the edit of the gold layer that a decision asks for. A later decision on the same takes the place of the earlier.

use super::record::{Decision, Judged, Record, Source, State, records, relation_said, span_said};
use crate::annotation::{Annotation, Origin, Relation};
use crate::compare::{Comparison, Item, Subject};
use crate::edit::{Change, Delta, Edit};
use crate::id::{AnnotationId, LabelId, RelationId, RemarkId};
use crate::layer::Layer;
use crate::project::LayerKey;
use crate::span::Extent;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// As this annotator has it, by place; where that one has nothing, nothing is taken.
    Take(usize),
    /// Every opinion is right.
    Both,
    /// One label, from the first character of any to the last of any.
    Merge,
    /// Somebody's label is taken, to be changed by hand.
    Edit,
    /// None is right.
    Reject,
    /// Later.
    Postpone,
    /// Taken because all, most, or the one who was chosen agree.
    Agreed,
}

impl Choice {
    /// The name in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Take(_) => "take",
            Self::Both => "both",
            Self::Merge => "merge",
            Self::Edit => "edit",
            Self::Reject => "reject",
            Self::Postpone => "postpone",
            Self::Agreed => "agreed",
        }
    }
}

/// What is remembered of a decision beside what was decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// A name that nothing else has; all that is made gets names from it.
    pub id: String,
    /// Who decides.
    pub by: String,
    /// Milliseconds since 1970.
    pub at: u64,
    /// Why.
    pub reason: String,
    /// A note.
    pub note: String,
}

/// Why nothing can be decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undecided {
    /// There is no such difference.
    NotThere,
    /// The labels that a relation joins are not both in the gold layer.
    EndsMissing,
    /// There is nothing left that could be taken.
    NothingLeft,
}

/// On whose word everything is taken that is not decided yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// All say the same.
    All,
    /// More than half of them do.
    Majority,
    /// This annotator says so.
    Annotator(usize),
}

/// What is decided on: a gold layer, the layers compared, and what was decided before.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// Which layer is the gold one.
    pub key: &'a LayerKey,
    /// The gold layer.
    pub gold: &'a Layer,
    /// How the others compare.
    pub comparison: &'a Comparison,
    /// What the gold layer remembers.
    pub judged: &'a Judged,
}

/// The edit that carries out a decision on one difference.
///
/// # Errors
/// When it cannot be decided like that.
pub fn decide(case: &Case<'_>, subject: Subject, choice: Choice, said: &Said) -> Result<Edit, Undecided> {
    let comparison = case.comparison;
    let mut draft = Draft::new(case);
    let id = RemarkId::from(said.id.as_str());
    match subject {
        Subject::Item(place) => {
            let item = comparison.items.get(place).ok_or(Undecided::NotThere)?;
            draft.settle_as(subject, item, choice, choice, id, said);
        }
        Subject::Tie(_) => draft.settle_tie_as(subject, choice, choice, id, said)?,
    }
    draft.tie_undisputed(said);
    Ok(draft.finish())
}

/// The edit that takes everything which is not decided yet and on which the rule gives a word.
///
/// # Errors
/// When nothing is left.
pub fn agreed(case: &Case<'_>, rule: Rule, said: &Said) -> Result<Edit, Undecided> {
    let comparison = case.comparison;
    let mut draft = Draft::new(case);
    let mut count = 0;
    // Items come before ties, so that a tie finds its ends.
    for (subject, whose) in left(comparison, case.judged, rule) {
        let id = RemarkId::from(format!("{}-{count}", said.id));
        let settled = match subject {
            Subject::Item(place) => {
                draft.settle_as(subject, &comparison.items[place], Choice::Take(whose), Choice::Agreed, id, said);
                true
            }
            Subject::Tie(_) => draft.settle_tie_as(subject, Choice::Take(whose), Choice::Agreed, id, said).is_ok(),
        };
        count += usize::from(settled);
    }
    if count == 0 {
        return Err(Undecided::NothingLeft);
    }
    draft.tie_undisputed(said);
    Ok(draft.finish())
}

/// What is not decided and has a word by the rule: items, then ties that are disputed.
fn left(comparison: &Comparison, judged: &Judged, rule: Rule) -> Vec<(Subject, usize)> {
    let items = (0..comparison.items.len()).map(Subject::Item);
    let ties = comparison.differences.iter().map(|found| found.subject).filter(|subject| matches!(subject, Subject::Tie(_)));
    let open = items.chain(ties).filter(|subject| judged.state(comparison, *subject) != State::Decided);
    open.filter_map(|subject| Some((subject, word_of(comparison, subject, rule)?))).collect()
}

/// The annotator whose word holds by the rule.
fn word_of(comparison: &Comparison, subject: Subject, rule: Rule) -> Option<usize> {
    match (rule, subject) {
        (Rule::Annotator(whose), _) => return (whose < comparison.annotators.len()).then_some(whose),
        // An item of which all say the same is told quickly, and there are many.
        (_, Subject::Item(item)) if comparison.items.get(item).is_some_and(Item::is_agreed) => return Some(0),
        (Rule::All, _) => return None,
        _ => {}
    }
    let opinions = comparison.opinions(subject);
    let first = opinions.first()?;
    (first.len() * 2 > comparison.annotators.len()).then(|| first.first().copied()).flatten()
}

/// The gold layer while a decision is carried out.
struct Draft<'a> {
    key: &'a LayerKey,
    before: &'a Layer,
    comparison: &'a Comparison,
    next: Layer,
    /// What was decided before.
    known: &'a Judged,
    /// What is decided in this draft.
    fresh: Judged,
    spans: BTreeSet<AnnotationId>,
    relations: BTreeSet<RelationId>,
    remarks: BTreeSet<RemarkId>,
    /// Items that were settled in this draft.
    settled: BTreeSet<usize>,
}

impl<'a> Draft<'a> {
    fn new(case: &Case<'a>) -> Self {
        let (spans, relations, remarks) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let Case { key, gold, comparison, judged: known } = *case;
        let (next, fresh) = (gold.clone(), Judged::default());
        Self { key, before: gold, comparison, next, known, fresh, spans, relations, remarks, settled: BTreeSet::new() }
    }

    /// Carries out a choice under the name of another.
    fn settle_as(&mut self, subject: Subject, item: &Item, choice: Choice, named: Choice, id: RemarkId, said: &Said) {
        if let Subject::Item(place) = subject {
            self.settled.insert(place);
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
                let opinions = self.comparison.opinions(subject);
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
            let twin = self.next.find_same(&annotation).map(|twin| twin.id.clone());
            let name = twin.unwrap_or_else(|| self.put(annotation));
            first_made.get_or_insert_with(|| name.clone());
            for whose in shared {
                gold[whose] = Some(name.to_string());
            }
        }
        self.lead_on(&gone, first_made.as_ref());
        let whose = self.comparison.annotators.iter().zip(&item.of).zip(gold);
        let sources = whose.filter_map(|((who, label), gold)| {
            let label = label.as_ref()?;
            Some(Source { record: Record::Span(who.clone(), label.id.clone()), said: span_said(label), gold })
        });
        let place = (item.hull.start().get(), item.hull.end().get());
        self.remember(id, named, sources.collect(), place, said);
    }

    fn settle_tie_as(&mut self, subject: Subject, choice: Choice, named: Choice, id: RemarkId, said: &Said) -> Result<(), Undecided> {
        let Subject::Tie(place) = subject else { return Err(Undecided::NotThere) };
        let tie = self.comparison.ties.get(place).ok_or(Undecided::NotThere)?;
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
        let hull = self.comparison.items[tie.from].hull;
        let whose = self.comparison.annotators.iter().zip(&tie.of);
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
        let shared = (0..item.of.len()).filter(|other| self.comparison.agree_on(subject, whose, *other)).collect();
        Some((golden(label), shared))
    }

    /// Takes earlier decisions on a subject back; tells which gold labels went.
    fn take_back(&mut self, subject: Subject) -> Vec<AnnotationId> {
        let mut gone = Vec::new();
        for id in self.known.decisions(self.comparison, subject) {
            let Some(decision) = self.next.remark(&id).and_then(|remark| Decision::read(remark)) else { continue };
            for source in decision.sources {
                let Some(made) = source.gold else { continue };
                match source.record {
                    Record::Span(..) if self.next.get(&made.as_str().into()).is_some() => {
                        self.spans.insert(made.as_str().into());
                        self.next.remove(&made.as_str().into());
                        gone.push(AnnotationId::from(made));
                    }
                    Record::Relation(..) => {
                        self.relations.insert(made.as_str().into());
                        self.next.remove_relation(&made.as_str().into());
                    }
                    Record::Span(..) => {}
                }
            }
            self.remarks.insert(id.clone());
            self.next.remove_remark(&id);
        }
        gone
    }

    /// Leads the relations of labels that went to the one in their place; without one they go too.
    fn lead_on(&mut self, gone: &[AnnotationId], to: Option<&AnnotationId>) {
        for id in gone {
            let hanging: Vec<Arc<Relation>> = self.next.relations_of(id).cloned().collect();
            for relation in hanging {
                self.relations.insert(relation.id.clone());
                self.next.remove_relation(&relation.id);
                let end = |end: &AnnotationId| if end == id { to.cloned() } else { Some(end.clone()) };
                if let (Some(from), Some(to)) = (end(&relation.from), end(&relation.to)) {
                    self.next.put_relation(Arc::new(Relation { from, to, ..Relation::clone(&relation) }));
                }
            }
        }
    }

    fn put(&mut self, annotation: Annotation) -> AnnotationId {
        let id = annotation.id.clone();
        self.spans.insert(id.clone());
        self.next.put(Arc::new(annotation));
        id
    }

    fn relate(&mut self, relation: &Relation, from: AnnotationId, to: AnnotationId, id: String) -> RelationId {
        let twin = self.next.relations_of(&from).find(|other| other.from == from && other.to == to && other.kind == relation.kind);
        if let Some(twin) = twin {
            return twin.id.clone();
        }
        let id = RelationId::from(id);
        self.relations.insert(id.clone());
        self.next.put_relation(Arc::new(Relation { id: id.clone(), from, to, ..relation.clone() }));
        id
    }

    /// The gold label of an item, where there is one.
    fn gold_of(&self, place: usize) -> Option<AnnotationId> {
        let made = records(self.comparison, Subject::Item(place)).filter_map(|(record, _)| {
            let judged = if self.fresh.has(&record) { &self.fresh } else { self.known };
            judged.gold(&record).map(AnnotationId::from)
        });
        made.into_iter().find(|id| self.next.get(id).is_some())
    }

    /// Ties that nobody disputes come with their ends.
    fn tie_undisputed(&mut self, said: &Said) {
        let is_tie = |subject: &Subject| matches!(subject, Subject::Tie(_));
        let disputed: BTreeSet<Subject> = self.comparison.differences.iter().map(|found| found.subject).filter(is_tie).collect();
        for (place, tie) in self.comparison.ties.iter().enumerate().filter(|(place, _)| !disputed.contains(&Subject::Tie(*place))) {
            // Those whose ends were settled before have come then; one that was removed since by hand stays away.
            if !self.settled.contains(&tie.from) && !self.settled.contains(&tie.to) {
                continue;
            }
            if let (Some(from), Some(to), Some(relation)) = (self.gold_of(tie.from), self.gold_of(tie.to), tie.of.iter().flatten().next()) {
                self.relate(relation, from, to, format!("{}-r{place}", said.id));
            }
        }
    }

    fn remember(&mut self, id: RemarkId, choice: Choice, sources: Vec<Source>, place: (u32, u32), said: &Said) {
        let (by, reason, note) = (said.by.clone(), said.reason.clone(), said.note.clone());
        let choice = choice.name().to_owned();
        let decision = Decision { id: id.clone(), choice, sources, by, at: said.at, again: None, reason, note, place };
        self.fresh.add(&decision);
        self.remarks.insert(id);
        self.next.put_remark(Arc::new(decision.remark()));
    }

    fn finish(self) -> Edit {
        let (key, before, next) = (self.key, self.before, &self.next);
        let relation = |id: &RelationId| Delta { before: before.relation(id).cloned(), after: next.relation(id).cloned() };
        let span = |id: &AnnotationId| Delta { before: before.get(id).cloned(), after: next.get(id).cloned() };
        let remark = |id: &RemarkId| Delta { before: before.remark(id).cloned(), after: next.remark(id).cloned() };
        let mut changes: Vec<Change> = Vec::new();
        let relations: Vec<_> = self.relations.iter().map(relation).filter(|delta| delta.before != delta.after).collect();
        // A relation goes before its labels and comes after them; one that is led elsewhere comes after them too.
        let (gone, come): (Vec<_>, Vec<_>) = relations.into_iter().partition(|delta| delta.after.is_none());
        changes.extend(gone.into_iter().map(|delta| Change::Relation(key.clone(), delta)));
        changes.extend(self.spans.iter().map(span).filter(|delta| delta.before != delta.after).map(|delta| Change::Annotation(key.clone(), delta)));
        changes.extend(come.into_iter().map(|delta| Change::Relation(key.clone(), delta)));
        changes.extend(self.remarks.iter().map(remark).filter(|delta| delta.before != delta.after).map(|delta| Change::Remark(key.clone(), delta)));
        Edit { changes }
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
