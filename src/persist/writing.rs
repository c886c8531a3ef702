//! Records of steps and layers as they are written: at once, or some labels at a time where they are long.

use super::journal::{NotKept, StoredChange};
use super::migrate::VERSION;
use crate::annotation::{Annotation, Relation, Remark};
use crate::edit::{Change, Edit};
use crate::formats::record::{RelationRecord, SpanRecord};
use crate::history::Step;
use crate::layer::{Layer, Status};
use crate::text::Text;
use serde::Serialize;
use std::sync::Arc;

/// The record of a step being written.
#[derive(Debug)]
pub struct WritingEntry {
    out: String,
    made: Option<Arc<Edit>>,
    /// How many of its changes were written.
    done: usize,
    end: &'static str,
}

impl WritingEntry {
    /// The record of a step whose revision is `n`, made at `at` (milliseconds since 1970), with what it did where that is to be
    /// told. Nothing of that is written yet.
    #[must_use]
    pub fn new(n: u64, at: u64, step: &Step, made: Option<Arc<Edit>>) -> Self {
        let end = match step {
            Step::Do(_) => "}",
            Step::Undo => r#","undo":true}"#,
            Step::Redo => r#","redo":true}"#,
        };
        let mut out = format!(r#"{{"v":{VERSION},"n":{n},"at":{at}"#);
        out.push_str(if made.is_some() { r#","do":["# } else { "" });
        Self { out, made, done: 0, end }
    }

    /// Writes so many more changes; whether that was all of them.
    ///
    /// # Errors
    /// When the step changes something other than labels, relations, remarks and status of one layer.
    pub fn step(&mut self, text: &Text, changes: usize) -> Result<bool, NotKept> {
        let all = self.made.as_ref().map(|edit| edit.changes.as_slice()).unwrap_or_default();
        let left = all.get(self.done..).unwrap_or_default();
        let some = left.get(..changes).unwrap_or(left);
        for change in some {
            comma(&mut self.out);
            write(&mut self.out, &stored(change, text)?);
        }
        self.done += some.len();
        Ok(some.len() == left.len())
    }

    /// How many hundredths of its changes are written.
    #[must_use]
    pub fn hundredths(&self) -> usize {
        let all = self.made.as_ref().map_or(0, |edit| edit.changes.len());
        (self.done * 100).checked_div(all).unwrap_or(100)
    }

    /// The record. All was written before.
    #[must_use]
    pub fn finish(mut self) -> String {
        self.out.push_str(if self.made.is_some() { "]" } else { "" });
        self.out.push_str(self.end);
        self.out
    }
}

fn stored(change: &Change, text: &Text) -> Result<StoredChange, NotKept> {
    let span = |side: &Option<Arc<Annotation>>| side.as_ref().map(|annotation| SpanRecord::of(annotation, text));
    let relation = |side: &Option<Arc<Relation>>| side.as_ref().map(|relation| RelationRecord::of(relation));
    let remark = |side: &Option<Arc<Remark>>| side.as_ref().map(|remark| remark.written());
    match change {
        Change::Annotation(_, delta) => Ok(StoredChange::Span(span(&delta.before), span(&delta.after))),
        Change::Relation(_, delta) => Ok(StoredChange::Relation(relation(&delta.before), relation(&delta.after))),
        Change::Remark(_, delta) => Ok(StoredChange::Remark(remark(&delta.before), remark(&delta.after))),
        Change::Status(_, before, after) => Ok(StoredChange::Status(*before, *after)),
        Change::Layer(..) | Change::Document(..) | Change::Schema(..) => Err(NotKept),
    }
}

/// The record of a whole layer being written.
#[derive(Debug)]
pub struct WritingSnapshot {
    out: String,
    spans: std::vec::IntoIter<Arc<Annotation>>,
    relations: std::vec::IntoIter<Arc<Relation>>,
    remarks: std::vec::IntoIter<Arc<Remark>>,
    part: Part,
}

/// Which array is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Spans,
    Relations,
    Remarks,
}

#[derive(Serialize)]
struct Head {
    v: u64,
    revision: u64,
    at: u64,
    status: Status,
}

impl WritingSnapshot {
    /// The record of a layer at a revision, taken at `at` (milliseconds since 1970). None of its labels is written yet.
    #[must_use]
    pub fn new(revision: u64, at: u64, layer: &Layer) -> Self {
        let mut out = String::new();
        write(&mut out, &Head { v: VERSION, revision, at, status: layer.status() });
        out.pop();
        out.push_str(r#","spans":["#);
        let (spans, relations) = (layer.iter().cloned().collect::<Vec<_>>(), layer.relations().cloned().collect::<Vec<_>>());
        let remarks: Vec<_> = layer.remarks().cloned().collect();
        Self { out, spans: spans.into_iter(), relations: relations.into_iter(), remarks: remarks.into_iter(), part: Part::Spans }
    }

    /// Writes so many more labels, relations and remarks; whether that was all of them.
    pub fn step(&mut self, text: &Text, records: usize) -> bool {
        let mut left = records;
        if self.part == Part::Spans {
            put(&mut self.out, &mut self.spans, &mut left, |span| SpanRecord::of(&span, text));
            if self.spans.len() > 0 {
                return false;
            }
            self.out.push_str(r#"],"relations":["#);
            self.part = Part::Relations;
        }
        if self.part == Part::Relations {
            put(&mut self.out, &mut self.relations, &mut left, |relation| RelationRecord::of(&relation));
            if self.relations.len() > 0 {
                return false;
            }
            self.out.push_str(if self.remarks.len() > 0 { r#"],"remarks":["# } else { "" });
            self.part = Part::Remarks;
        }
        put(&mut self.out, &mut self.remarks, &mut left, |remark| remark.written());
        self.remarks.len() == 0
    }

    /// The record; what is left is written at once.
    #[must_use]
    pub fn finish(mut self, text: &Text) -> String {
        self.step(text, usize::MAX);
        self.out.push_str("]}");
        self.out
    }
}

/// Writes up to so many records of an array.
fn put<T, R: Serialize>(out: &mut String, items: &mut impl Iterator<Item = T>, left: &mut usize, record: impl Fn(T) -> R) {
    for item in items.take(*left) {
        comma(out);
        write(out, &record(item));
        *left -= 1;
    }
}

/// Parts a record of an array from the one before it.
fn comma(out: &mut String) {
    if !out.ends_with('[') {
        out.push(',');
    }
}

fn write(out: &mut String, record: &impl Serialize) {
    // Records are plain objects with strings for names, so this does not fail; what is missing would be told as unreadable.
    out.push_str(&serde_json::to_string(record).unwrap_or_default());
}
