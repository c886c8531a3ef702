//! Decisions as they are kept: a remark of the gold layer for each, and what all of them together say.

use super::decide::Choice;
use super::undone::UNDONE;
use super::unite::BESIDE;
use crate::annotation::{Annotation, Relation, Remark};
use crate::compare::{Comparison, Subject};
use crate::id::{AnnotationId, Annotator, RelationId, RemarkId};
use crate::layer::Layer;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The kind of remark that is a decision.
pub(super) const DECISION: &str = "decision";

/// A label or a relation of an annotator's, by name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Record {
    /// A label.
    Span(Annotator, AnnotationId),
    /// A relation.
    Relation(Annotator, RelationId),
}

/// Something that was weighed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Which record.
    pub record: Record,
    /// What it said then: another saying is not decided yet.
    pub said: String,
    /// The gold record that was made of it; nothing where it was not taken.
    pub gold: Option<String>,
}

/// A decision, as its remark has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The remark's name.
    pub id: RemarkId,
    /// What was decided: see [`Choice::name`].
    pub choice: String,
    /// What was weighed.
    pub sources: Vec<Source>,
    /// Who decided.
    pub by: String,
    /// When, in milliseconds since 1970.
    pub at: u64,
    /// When it was last made again after it had been undone.
    pub again: Option<u64>,
    /// Why, from the list or in words; nothing where nothing was said.
    pub reason: String,
    /// A note.
    pub note: String,
    /// The first character, and the place after the last.
    pub place: (u32, u32),
}

/// Whether a difference is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Not looked at yet, or changed since.
    Open,
    /// Put off.
    Postponed,
    /// Decided.
    Decided,
}

/// All decisions of a gold layer, to be asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judged {
    /// Of each record what was decided, the last decision at the end.
    by_record: BTreeMap<Record, Vec<Verdict>>,
}

/// What a decision says of one record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Verdict {
    at: u64,
    id: RemarkId,
    said: String,
    is_postponed: bool,
    /// The gold record that was made of it.
    gold: Option<String>,
}

/// What a label says, as far as a decision on it depends on that.
pub(super) fn span_said(annotation: &Annotation) -> String {
    let pieces: Vec<String> = annotation.extent.pieces().iter().map(|piece| format!("{}-{}", piece.start().get(), piece.end().get())).collect();
    let attributes: Map<String, Value> = annotation.attributes.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    let more = if attributes.is_empty() { String::new() } else { format!(" {}", Value::Object(attributes)) };
    format!("{} {}{more}", pieces.join(","), annotation.label)
}

pub(super) fn relation_said(relation: &Relation) -> String {
    format!("{} {} {}", relation.kind, relation.from, relation.to)
}

/// A label or a relation that is weighed.
pub(super) enum Saying<'a> {
    Span(&'a Annotation),
    Relation(&'a Relation),
}

impl Saying<'_> {
    /// What it says, as far as a decision on it depends on that.
    pub(super) fn said(&self) -> String {
        match self {
            Self::Span(annotation) => span_said(annotation),
            Self::Relation(relation) => relation_said(relation),
        }
    }
}

/// Everything that a decision on a subject weighs.
pub(super) fn records(comparison: &Comparison, subject: Subject) -> impl Iterator<Item = (Record, Saying<'_>)> {
    let (item, tie) = match subject {
        Subject::Item(place) => (comparison.items.get(place), None),
        Subject::Tie(place) => (None, comparison.ties.get(place)),
    };
    let (labels, relations) = (item.map_or(&[][..], |item| &item.of), tie.map_or(&[][..], |tie| &tie.of));
    let whose = || comparison.annotators.iter();
    let of_label = |(who, label): (&Annotator, &'_ Option<Arc<Annotation>>)| label.as_ref().map(|label| Record::Span(who.clone(), label.id.clone()));
    let spans = whose().zip(labels).filter_map(move |pair| Some((of_label(pair)?, Saying::Span(pair.1.as_deref()?))));
    let relations = whose().zip(relations).filter_map(|(who, relation)| {
        let relation = relation.as_deref()?;
        Some((Record::Relation(who.clone(), relation.id.clone()), Saying::Relation(relation)))
    });
    spans.chain(relations)
}

impl Judged {
    /// The decisions that a gold layer remembers.
    #[must_use]
    pub fn of(gold: &Layer) -> Self {
        let mut judged = Self::default();
        Decision::all(gold).iter().for_each(|decision| judged.add(decision));
        judged
    }

    /// Takes note of one more decision.
    pub(super) fn add(&mut self, decision: &Decision) {
        let is_postponed = decision.choice == Choice::Postpone.name();
        for source in &decision.sources {
            let (at, id, said, gold) = (decision.at, decision.id.clone(), source.said.clone(), source.gold.clone());
            let verdicts = self.by_record.entry(source.record.clone()).or_default();
            let verdict = Verdict { at, id, said, is_postponed, gold };
            let place = verdicts.partition_point(|other| (other.at, &other.id) < (verdict.at, &verdict.id));
            verdicts.insert(place, verdict);
        }
    }

    /// Forgets a decision.
    pub(super) fn remove(&mut self, decision: &Decision) {
        for source in &decision.sources {
            let Some(verdicts) = self.by_record.get_mut(&source.record) else { continue };
            verdicts.retain(|verdict| verdict.id != decision.id);
            if verdicts.is_empty() {
                self.by_record.remove(&source.record);
            }
        }
    }

    fn last(&self, record: &Record) -> Option<&Verdict> {
        self.by_record.get(record)?.last()
    }

    /// Whether a subject is decided: everything in it was weighed as it is now.
    #[must_use]
    pub fn state(&self, comparison: &Comparison, subject: Subject) -> State {
        let mut state = State::Decided;
        for (record, saying) in records(comparison, subject) {
            match self.last(&record).filter(|verdict| verdict.said == saying.said()) {
                Some(verdict) if verdict.is_postponed => state = State::Postponed,
                Some(_) => {}
                None => return State::Open,
            }
        }
        state
    }

    /// The decisions on what is in a subject.
    #[must_use]
    pub fn decisions(&self, comparison: &Comparison, subject: Subject) -> Vec<RemarkId> {
        let mut found: Vec<RemarkId> = Vec::new();
        for (record, _) in records(comparison, subject) {
            if let Some(verdict) = self.last(&record).filter(|verdict| !found.contains(&verdict.id)) {
                found.push(verdict.id.clone());
            }
        }
        found
    }

    /// The gold record that was made of one.
    #[must_use]
    pub fn gold(&self, record: &Record) -> Option<&str> {
        self.last(record)?.gold.as_deref()
    }

    /// Whether there is a decision on a record.
    pub(super) fn has(&self, record: &Record) -> bool {
        self.by_record.contains_key(record)
    }
}

impl Source {
    fn written(&self) -> Value {
        let mut out = match &self.record {
            Record::Span(who, id) => json!({"annotator": who, "span": id}),
            Record::Relation(who, id) => json!({"annotator": who, "relation": id}),
        };
        out["said"] = Value::from(self.said.as_str());
        out["taken"] = Value::from(self.gold.is_some());
        if let Some(gold) = &self.gold {
            out["gold"] = Value::from(gold.as_str());
        }
        out
    }

    fn read(written: &Value) -> Option<Self> {
        let string = |name: &str| written.get(name).and_then(Value::as_str);
        let who = Annotator::from(string("annotator")?);
        let record = match string("span") {
            Some(span) => Record::Span(who, span.into()),
            None => Record::Relation(who, string("relation")?.into()),
        };
        Some(Self { record, said: string("said").unwrap_or_default().to_owned(), gold: string("gold").map(str::to_owned) })
    }
}

impl Decision {
    /// The decisions of a gold layer, in the order in which they were made. What is no decision, or an unreadable one, is passed over.
    #[must_use]
    pub fn all(gold: &Layer) -> Vec<Self> {
        let mut all: Vec<Self> = gold.remarks().filter_map(|remark| Self::read(remark)).collect();
        crate::sorted::sort_by(&mut all, |a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        all
    }

    /// The decision that a remark is.
    #[must_use]
    pub fn read(remark: &Remark) -> Option<Self> {
        remark.is(DECISION).then(|| Self::of(remark))
    }

    /// What other reviewers decided on what this one is about, and gave way when their layers were united.
    #[must_use]
    pub fn beside(&self, gold: &Layer) -> Vec<Self> {
        let others = gold.remarks().filter(|remark| remark.is(BESIDE)).map(|remark| Self::of(remark));
        others.filter(|other| self.is_about_same(other)).collect()
    }

    /// When it was last said: made, or made again.
    #[must_use]
    pub fn last(&self) -> u64 {
        self.again.unwrap_or(self.at)
    }

    /// Whether another decision is about something that this one is about.
    #[must_use]
    pub fn is_about_same(&self, other: &Self) -> bool {
        other.sources.iter().any(|source| self.sources.iter().any(|own| own.record == source.record))
    }

    pub(super) fn of(remark: &Remark) -> Self {
        let string = |name: &str| remark.says.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let number = |value: Option<&Value>| value.and_then(Value::as_u64).and_then(|number| u32::try_from(number).ok()).unwrap_or(0);
        let place = remark.says.get("place");
        Self {
            id: remark.id.clone(),
            choice: string("choice"),
            sources: remark.says.get("sources").and_then(Value::as_array).into_iter().flatten().filter_map(Source::read).collect(),
            by: string("by"),
            at: remark.says.get("at").and_then(Value::as_u64).unwrap_or(0),
            again: remark.says.get("again").and_then(Value::as_u64),
            reason: string("reason"),
            note: string("note"),
            place: (number(place.and_then(|place| place.get(0))), number(place.and_then(|place| place.get(1)))),
        }
    }

    /// The remark that it is.
    #[must_use]
    pub fn remark(&self) -> Remark {
        let mut says = Map::new();
        says.insert("kind".to_owned(), DECISION.into());
        says.insert("choice".to_owned(), self.choice.as_str().into());
        says.insert("place".to_owned(), json!([self.place.0, self.place.1]));
        says.insert("by".to_owned(), self.by.as_str().into());
        says.insert("at".to_owned(), self.at.into());
        if let Some(again) = self.again {
            says.insert("again".to_owned(), again.into());
        }
        for (name, words) in [("reason", &self.reason), ("note", &self.note)] {
            if !words.is_empty() {
                says.insert(name.to_owned(), words.as_str().into());
            }
        }
        says.insert("sources".to_owned(), self.sources.iter().map(Source::written).collect());
        Remark { id: self.id.clone(), says }
    }
}

/// The decisions of a gold layer as JSON Lines, in the order in which they were made; then those of other reviewers that gave way, and
/// those that are known to have been undone.
#[must_use]
pub fn decisions_jsonl(document: &str, gold: &Layer) -> String {
    let line = |mut written: Value| {
        written["document"] = document.into();
        format!("{written}\n")
    };
    let standing = Decision::all(gold).into_iter().map(|decision| decision.remark().written());
    let beside = gold.remarks().filter(|remark| remark.is(BESIDE) || remark.is(UNDONE)).map(|remark| remark.written());
    standing.chain(beside).map(line).collect()
}

/// The decisions of a gold layer as comma-separated values, a line for each label or relation that was weighed.
#[must_use]
pub fn decisions_csv(document: &str, gold: &Layer) -> String {
    let mut out = String::from("document,decision,choice,start,end,annotator,record,said,taken,gold,by,at,reason,note\n");
    for decision in Decision::all(gold) {
        for source in &decision.sources {
            let (who, record) = match &source.record {
                Record::Span(who, id) => (who, id.as_str()),
                Record::Relation(who, id) => (who, id.as_str()),
            };
            let (start, end, at) = (decision.place.0.to_string(), decision.place.1.to_string(), decision.at.to_string());
            let taken = if source.gold.is_some() { "yes" } else { "no" };
            let made = source.gold.as_deref().unwrap_or_default();
            let fields = [
                document,
                decision.id.as_str(),
                &decision.choice,
                &start,
                &end,
                who.as_str(),
                record,
                &source.said,
                taken,
                made,
                &decision.by,
                &at,
                &decision.reason,
                &decision.note,
            ];
            out.push_str(&csv_line(&fields));
        }
    }
    out
}

/// A line of comma-separated values; what has a comma, a quote or a line end in it is quoted.
pub(crate) fn csv_line(fields: &[&str]) -> String {
    let field = |field: &&str| {
        if field.contains([',', '"', '\n', '\r']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { (*field).to_owned() }
    };
    format!("{}\n", fields.iter().map(field).collect::<Vec<_>>().join(","))
}
