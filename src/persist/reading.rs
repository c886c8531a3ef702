//! Records of steps and layers as they are read back: at once, or some labels at a time where they are long.

use super::journal::{Entry, Snapshot, StoredChange, Unreadable};
use super::migrate;
use super::parsing::Parsing;
use crate::annotation::{Annotation, Relation, Remark};
use crate::edit::{Change, Delta, Edit};
use crate::formats::ProblemCode;
use crate::formats::record::{RelationRecord, SpanRecord};
use crate::history::Step;
use crate::id::{AnnotationId, RelationId};
use crate::layer::{Layer, Status};
use crate::project::LayerKey;
use crate::text::Text;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a record is about.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    /// Which layer.
    pub key: &'a LayerKey,
    /// The text that it is on.
    pub text: &'a Text,
}

/// A record of either kind being read.
pub(super) struct Reading<T: Taking> {
    stage: Stage<T>,
}

enum Stage<T: Taking> {
    Parse(Parsing),
    Take(Box<T>),
    /// It cannot be read.
    Failed(Unreadable),
}

/// What is taken out of the fields of a record, one after the other.
pub(super) trait Taking: Sized {
    /// What comes of it.
    type Read;
    /// Nothing is taken yet but what is short.
    fn begin(record: Map<String, Value>) -> Result<Self, Unreadable>;
    /// Takes so many more items; whether that was all.
    fn step(&mut self, around: &Around<'_>, items: usize) -> Result<bool, Unreadable>;
    /// What came of it. All was taken before.
    fn finish(self) -> Result<Self::Read, Unreadable>;
}

impl<T: Taking> Default for Reading<T> {
    fn default() -> Self {
        Self { stage: Stage::Parse(Parsing::default()) }
    }
}

impl<T: Taking> Reading<T> {
    /// Reads so many more items, of the same record each time; whether that was all.
    pub(super) fn step(&mut self, raw: &str, around: &Around<'_>, items: usize) -> bool {
        match &mut self.stage {
            Stage::Parse(parsing) => {
                if parsing.step(raw, items) {
                    let begun = begin(std::mem::take(parsing), raw, around.text);
                    self.stage = begun.map_or_else(Stage::Failed, Stage::Take);
                }
                false
            }
            Stage::Take(taking) => taking.step(around, items).unwrap_or_else(|why| {
                self.stage = Stage::Failed(why);
                true
            }),
            Stage::Failed(_) => true,
        }
    }

    /// What it says; what is left is read at once.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn finish(mut self, raw: &str, around: &Around<'_>) -> Result<T::Read, Unreadable> {
        while !self.step(raw, around, usize::MAX) {}
        match self.stage {
            Stage::Take(taking) => taking.finish(),
            Stage::Failed(why) => Err(why),
            Stage::Parse(_) => Err(broken("not read")),
        }
    }
}

fn begin<T: Taking>(parsing: Parsing, raw: &str, text: &Text) -> Result<Box<T>, Unreadable> {
    match parsing.finish(raw) {
        Ok(Value::Object(mut record)) => {
            migrate::migrate(&mut record, Some(text))?;
            T::begin(record).map(Box::new)
        }
        Ok(_) => Err(broken("not an object")),
        Err(error) => Err(broken(&error.to_string())),
    }
}

fn broken(detail: &str) -> Unreadable {
    Unreadable::Broken { detail: detail.to_owned() }
}

fn head<T: serde::de::DeserializeOwned>(record: Map<String, Value>) -> Result<T, Unreadable> {
    crate::json::from_value(Value::Object(record)).map_err(|error| broken(&error.to_string()))
}

/// The items of a field; none where it is not there.
fn items(record: &mut Map<String, Value>, name: &str) -> Result<Option<std::vec::IntoIter<Value>>, Unreadable> {
    match record.remove(name) {
        None => Ok(None),
        Some(Value::Array(items)) => Ok(Some(items.into_iter())),
        Some(_) => Err(broken(&format!("`{name}` is no list"))),
    }
}

#[derive(Deserialize)]
struct EntryHead {
    n: u64,
    at: u64,
    #[serde(default)]
    undo: bool,
    #[serde(default)]
    redo: bool,
}

/// The record of a step.
pub(super) struct TakingEntry {
    head: EntryHead,
    changes: Option<std::vec::IntoIter<Value>>,
    made: Vec<Change>,
    moved: Vec<ProblemCode>,
    refused: Vec<ProblemCode>,
}

impl Taking for TakingEntry {
    type Read = Entry;

    fn begin(mut record: Map<String, Value>) -> Result<Self, Unreadable> {
        // What is nothing counts as not there.
        if record.get("do").is_some_and(Value::is_null) {
            record.remove("do");
        }
        let changes = items(&mut record, "do")?;
        Ok(Self { head: head(record)?, changes, made: Vec::new(), moved: Vec::new(), refused: Vec::new() })
    }

    fn step(&mut self, around: &Around<'_>, items: usize) -> Result<bool, Unreadable> {
        for _ in 0..items {
            let Some(change) = self.changes.as_mut().and_then(Iterator::next) else { return Ok(true) };
            let change = self.change(change, around)?;
            self.made.extend(change);
        }
        Ok(false)
    }

    fn finish(self) -> Result<Entry, Unreadable> {
        let EntryHead { n, at, undo, redo } = self.head;
        let made = self.changes.map(|_| Arc::new(Edit { changes: self.made }));
        let (step, made) = match (made, undo, redo) {
            (made, true, false) => (Step::Undo, made),
            (made, false, true) => (Step::Redo, made),
            (Some(edit), false, false) => (Step::Do(edit), None),
            _ => return Err(broken("neither one of do, undo and redo")),
        };
        Ok(Entry { n, at, step, made, moved: self.moved, refused: self.refused })
    }
}

impl TakingEntry {
    /// The change; `None` where nothing is left of it.
    fn change(&mut self, stored: Value, around: &Around<'_>) -> Result<Option<Change>, Unreadable> {
        let Around { key, text } = around;
        let key = || LayerKey::clone(key);
        let stored = crate::json::from_value::<StoredChange>(stored).map_err(|error| broken(&error.to_string()))?;
        let unnamed = || broken("a record without a name");
        Ok(match stored {
            StoredChange::Status(before, after) => Some(Change::Status(key(), before, after)),
            StoredChange::Remark(before, after) => {
                let remark = |side: Option<Value>| side.map(|side| Remark::read(side).map(Arc::new).map_err(|_| unnamed())).transpose();
                let delta = Delta { before: remark(before)?, after: remark(after)? };
                (delta.before.is_some() || delta.after.is_some()).then(|| Change::Remark(key(), delta))
            }
            StoredChange::Relation(before, after) => {
                let relation = |side: Option<RelationRecord>| {
                    let named = |side: RelationRecord| side.id.clone().map(|id| Arc::new(side.into_relation(&id))).ok_or_else(unnamed);
                    side.map(named).transpose()
                };
                let delta = Delta { before: relation(before)?, after: relation(after)? };
                (delta.before.is_some() || delta.after.is_some()).then(|| Change::Relation(key(), delta))
            }
            StoredChange::Span(before, after) => {
                let delta = Delta { before: self.span(before, text)?, after: self.span(after, text)? };
                (delta.before.is_some() || delta.after.is_some()).then(|| Change::Annotation(key(), delta))
            }
        })
    }

    fn span(&mut self, side: Option<SpanRecord>, text: &Text) -> Result<Option<Arc<Annotation>>, Unreadable> {
        let Some(side) = side else { return Ok(None) };
        let id = side.id.clone().ok_or_else(|| broken("a record without a name"))?;
        match side.place(text, &id) {
            Ok((annotation, moved)) => {
                self.moved.extend(moved);
                Ok(Some(Arc::new(annotation)))
            }
            Err(why) => {
                self.refused.push(why);
                Ok(None)
            }
        }
    }
}

#[derive(Deserialize)]
struct SnapshotHead {
    revision: u64,
    #[serde(default)]
    at: u64,
    #[serde(default)]
    status: Status,
}

/// The record of a whole layer.
pub(super) struct TakingSnapshot {
    head: SnapshotHead,
    spans: std::vec::IntoIter<Value>,
    relations: std::vec::IntoIter<Value>,
    remarks: std::vec::IntoIter<Value>,
    ids: BTreeSet<AnnotationId>,
    annotations: Vec<Annotation>,
    related: Vec<Relation>,
    remarked: Vec<Arc<Remark>>,
    moved: Vec<ProblemCode>,
    refused: Vec<ProblemCode>,
}

impl Taking for TakingSnapshot {
    type Read = Snapshot;

    fn begin(mut record: Map<String, Value>) -> Result<Self, Unreadable> {
        let spans = items(&mut record, "spans")?.ok_or_else(|| broken("missing field `spans`"))?;
        let relations = items(&mut record, "relations")?.unwrap_or_default();
        let remarks = items(&mut record, "remarks")?.unwrap_or_default();
        let (annotations, related, remarked) = (Vec::with_capacity(spans.len()), Vec::new(), Vec::new());
        let (ids, moved, refused) = (BTreeSet::new(), Vec::new(), Vec::new());
        Ok(Self { head: head(record)?, spans, relations, remarks, ids, annotations, related, remarked, moved, refused })
    }

    fn step(&mut self, around: &Around<'_>, items: usize) -> Result<bool, Unreadable> {
        for _ in 0..items {
            if let Some(span) = self.spans.next() {
                self.take_span(span, around.text);
            } else if let Some(written) = self.relations.next() {
                match relation(written) {
                    Ok(relation) => self.related.push(relation),
                    Err(why) => self.refused.push(why),
                }
            } else if let Some(written) = self.remarks.next() {
                match Remark::read(written) {
                    Ok(remark) => self.remarked.push(Arc::new(remark)),
                    Err(_) => self.refused.push(ProblemCode::BadField { field: "remarks".to_owned() }),
                }
            } else {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn finish(self) -> Result<Snapshot, Unreadable> {
        let SnapshotHead { revision, at, status } = self.head;
        let layer = Layer::from_records(status, self.annotations, self.related).with_remarks(self.remarked);
        Ok(Snapshot { revision, at, layer, moved: self.moved, refused: self.refused })
    }
}

impl TakingSnapshot {
    fn take_span(&mut self, record: Value, text: &Text) {
        let read = crate::json::from_value::<SpanRecord>(record).map_err(|error| ProblemCode::SpanUnreadable { detail: error.to_string() });
        let named = read.and_then(|record| match record.id.clone() {
            Some(id) => record.place(text, &id),
            None => Err(ProblemCode::BadField { field: "id".to_owned() }),
        });
        match named {
            Ok((annotation, _)) if !self.ids.insert(annotation.id.clone()) => {
                self.refused.push(ProblemCode::SpanTwice { span: annotation.id.to_string() });
            }
            Ok((annotation, remark)) => {
                self.moved.extend(remark);
                self.annotations.push(annotation);
            }
            Err(why) => self.refused.push(why),
        }
    }
}

/// A relation is kept even where one of its labels was left out, as the steps keep it that made it: so both lead to the same layer.
fn relation(record: Value) -> Result<Relation, ProblemCode> {
    let record = crate::json::from_value::<RelationRecord>(record).map_err(|error| ProblemCode::RelationUnreadable { detail: error.to_string() })?;
    let id: RelationId = record.id.clone().ok_or_else(|| ProblemCode::BadField { field: "id".to_owned() })?;
    Ok(record.into_relation(&id))
}
