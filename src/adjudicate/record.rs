//! Decisions as they are kept: a remark of the gold layer for each, and what all of them together say.

use super::decide::Choice;
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
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
#[derive(Clone, Debug, Default)]
pub struct Judged {
    by_record: BTreeMap<Record, (String, bool, RemarkId)>,
    /// The gold record that was made of each that was taken.
    gold: BTreeMap<Record, String>,
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

/// Everything that a decision on a subject weighs, with what it says.
pub(super) fn weighed(comparison: &Comparison, subject: Subject) -> Vec<(Record, String)> {
    let spans = |of: &[Option<Arc<Annotation>>]| {
        let whose = comparison.annotators.iter().zip(of);
        whose.filter_map(|(who, label)| label.as_ref().map(|label| (Record::Span(who.clone(), label.id.clone()), span_said(label)))).collect()
    };
    match subject {
        Subject::Item(item) => comparison.items.get(item).map_or_else(Vec::new, |item| spans(&item.of)),
        Subject::Tie(tie) => {
            let Some(tie) = comparison.ties.get(tie) else { return Vec::new() };
            let whose = comparison.annotators.iter().zip(&tie.of);
            let said = |relation: &Arc<Relation>| relation_said(relation);
            whose.filter_map(|(who, tie)| tie.as_ref().map(|tie| (Record::Relation(who.clone(), tie.id.clone()), said(tie)))).collect()
        }
    }
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
        let postponed = decision.choice == Choice::Postpone.name();
        for source in &decision.sources {
            match &source.gold {
                Some(made) => self.gold.insert(source.record.clone(), made.clone()),
                None => self.gold.remove(&source.record),
            };
            self.by_record.insert(source.record.clone(), (source.said.clone(), postponed, decision.id.clone()));
        }
    }

    /// Whether a subject is decided: everything in it was weighed as it is now.
    #[must_use]
    pub fn state(&self, comparison: &Comparison, subject: Subject) -> State {
        let mut state = State::Decided;
        for (record, said) in weighed(comparison, subject) {
            match self.by_record.get(&record) {
                Some((then, postponed, _)) if *then == said => {
                    if *postponed {
                        state = State::Postponed;
                    }
                }
                _ => return State::Open,
            }
        }
        state
    }

    /// The decisions on what is in a subject.
    #[must_use]
    pub fn decisions(&self, comparison: &Comparison, subject: Subject) -> Vec<RemarkId> {
        let mut found: Vec<RemarkId> = Vec::new();
        for (record, _) in weighed(comparison, subject) {
            if let Some((.., id)) = self.by_record.get(&record).filter(|(.., id)| !found.contains(id)) {
                found.push(id.clone());
            }
        }
        found
    }

    /// The gold record that was made of one.
    #[must_use]
    pub fn gold(&self, record: &Record) -> Option<&str> {
        self.gold.get(record).map(String::as_str)
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
        if !remark.is(DECISION) {
            return None;
        }
        let string = |name: &str| remark.says.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let number = |value: Option<&Value>| value.and_then(Value::as_u64).and_then(|number| u32::try_from(number).ok()).unwrap_or(0);
        let place = remark.says.get("place");
        Some(Self {
            id: remark.id.clone(),
            choice: string("choice"),
            sources: remark.says.get("sources").and_then(Value::as_array).into_iter().flatten().filter_map(Source::read).collect(),
            by: string("by"),
            at: remark.says.get("at").and_then(Value::as_u64).unwrap_or(0),
            reason: string("reason"),
            note: string("note"),
            place: (number(place.and_then(|place| place.get(0))), number(place.and_then(|place| place.get(1)))),
        })
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
        for (name, words) in [("reason", &self.reason), ("note", &self.note)] {
            if !words.is_empty() {
                says.insert(name.to_owned(), words.as_str().into());
            }
        }
        says.insert("sources".to_owned(), self.sources.iter().map(Source::written).collect());
        Remark { id: self.id.clone(), says }
    }
}

/// The decisions of a gold layer as JSON Lines, in the order in which they were made.
#[must_use]
pub fn decisions_jsonl(document: &str, gold: &Layer) -> String {
    let line = |decision: Decision| {
        let mut written = decision.remark().written();
        written["document"] = document.into();
        format!("{written}\n")
    };
    Decision::all(gold).into_iter().map(line).collect()
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
