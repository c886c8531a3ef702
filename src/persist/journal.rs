//! Journals and snapshots of a layer: one small record for each step, and now and then the whole layer.

use super::migrate;
use crate::annotation::{Annotation, Relation, Remark};
use crate::edit::{Change, Delta, Edit};
use crate::formats::ProblemCode;
use crate::formats::record::{RelationRecord, SpanRecord};
use crate::history::Step;
use crate::id::{AnnotationId, RelationId};
use crate::layer::{Layer, Status};
use crate::project::LayerKey;
use crate::session::Outcome;
use crate::text::Text;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Why a record is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It is not what it should be.
    Broken {
        /// Why, in the parser's words.
        detail: String,
    },
    /// A newer program wrote it.
    TooNew {
        /// The version it names.
        version: u64,
    },
}

/// Why a step is not written to a journal: it changes more than one layer's records. Nothing of it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotKept;

/// One step on a layer, read back.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The layer's revision after it.
    pub n: u64,
    /// When it was made, in milliseconds since 1970.
    pub at: u64,
    /// The step, without labels whose words are not in the text.
    pub step: Step,
    /// What an undo or redo did, where the record says: it can be made again even where the step it is of is not known.
    pub made: Option<Edit>,
    /// Labels whose words are elsewhere than the record says.
    pub moved: Vec<ProblemCode>,
    /// Why labels were left out.
    pub refused: Vec<ProblemCode>,
}

/// A layer as it was at some revision, read back.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// The revision it was taken at.
    pub revision: u64,
    /// When, in milliseconds since 1970.
    pub at: u64,
    /// The layer, without labels whose words are not in the text.
    pub layer: Layer,
    /// Labels whose words are elsewhere than the record says.
    pub moved: Vec<ProblemCode>,
    /// Why labels were left out.
    pub refused: Vec<ProblemCode>,
}

#[derive(Serialize, Deserialize)]
struct StoredEntry {
    n: u64,
    at: u64,
    #[serde(rename = "do", default, skip_serializing_if = "Option::is_none")]
    done: Option<Vec<StoredChange>>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    undo: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    redo: bool,
}

/// Before and after; the layer is the one whose key the entry is under.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum StoredChange {
    Span(Option<SpanRecord>, Option<SpanRecord>),
    Relation(Option<RelationRecord>, Option<RelationRecord>),
    Remark(Option<Value>, Option<Value>),
    Status(Status, Status),
}

#[derive(Serialize)]
struct NewSnapshot {
    revision: u64,
    at: u64,
    status: Status,
    spans: Vec<SpanRecord>,
    relations: Vec<RelationRecord>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    remarks: Vec<Value>,
}

#[derive(Deserialize)]
struct StoredSnapshot {
    revision: u64,
    #[serde(default)]
    at: u64,
    #[serde(default)]
    status: Status,
    spans: Vec<Value>,
    #[serde(default)]
    relations: Vec<Value>,
    #[serde(default)]
    remarks: Vec<Value>,
}

/// The record of a step whose revision is `n`, made at `at` (milliseconds since 1970). Its cost does not grow with the layer.
///
/// # Errors
/// When the step changes something other than labels, relations and status of one layer.
pub fn encode_entry(text: &Text, n: u64, at: u64, step: &Step) -> Result<String, NotKept> {
    match step {
        Step::Do(edit) => encode(text, n, at, step, Some(edit)),
        Step::Undo | Step::Redo => encode(text, n, at, step, None),
    }
}

/// As [`encode_entry`]; an undo or redo also says what it did, so that a journal whose beginning is elsewhere can be read.
///
/// # Errors
/// As [`encode_entry`].
pub fn encode_outcome(text: &Text, at: u64, outcome: &Outcome) -> Result<String, NotKept> {
    encode(text, outcome.revision, at, &outcome.step, Some(&outcome.edit))
}

fn encode(text: &Text, n: u64, at: u64, step: &Step, made: Option<&Edit>) -> Result<String, NotKept> {
    let done = made.map(|edit| edit.changes.iter().map(|change| stored(change, text)).collect::<Result<Vec<_>, _>>()).transpose()?;
    Ok(migrate::write(&StoredEntry { n, at, done, undo: *step == Step::Undo, redo: *step == Step::Redo }))
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

/// The record of a whole layer at a revision, taken at `at` (milliseconds since 1970).
#[must_use]
pub fn encode_snapshot(text: &Text, revision: u64, at: u64, layer: &Layer) -> String {
    migrate::write(&NewSnapshot {
        revision,
        at,
        status: layer.status(),
        spans: layer.iter().map(|annotation| SpanRecord::of(annotation, text)).collect(),
        relations: layer.relations().map(|relation| RelationRecord::of(relation)).collect(),
        remarks: layer.remarks().map(|remark| remark.written()).collect(),
    })
}

impl Entry {
    /// Reads a record of the layer's journal.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn decode(raw: &str, key: &LayerKey, text: &Text) -> Result<Self, Unreadable> {
        let broken = |detail: &str| Unreadable::Broken { detail: detail.to_owned() };
        let stored: StoredEntry = migrate::read(raw, Some(text))?;
        let mut entry = Self { n: stored.n, at: stored.at, step: Step::Undo, made: None, moved: Vec::new(), refused: Vec::new() };
        let read = |changes: Vec<StoredChange>| {
            let changes: Result<Vec<Option<Change>>, Unreadable> = changes.into_iter().map(|change| entry.change(change, key, text)).collect();
            changes.map(|changes| Edit { changes: changes.into_iter().flatten().collect() })
        };
        let made = stored.done.map(read).transpose()?;
        (entry.step, entry.made) = match (made, stored.undo, stored.redo) {
            (made, true, false) => (Step::Undo, made),
            (made, false, true) => (Step::Redo, made),
            (Some(edit), false, false) => (Step::Do(Arc::new(edit)), None),
            _ => return Err(broken("neither one of do, undo and redo")),
        };
        Ok(entry)
    }

    /// The change; `None` where nothing is left of it.
    fn change(&mut self, stored: StoredChange, key: &LayerKey, text: &Text) -> Result<Option<Change>, Unreadable> {
        let unnamed = || Unreadable::Broken { detail: "a record without a name".to_owned() };
        Ok(match stored {
            StoredChange::Status(before, after) => Some(Change::Status(key.clone(), before, after)),
            StoredChange::Remark(before, after) => {
                let remark = |side: Option<Value>| side.map(|side| Remark::read(side).map(Arc::new).map_err(|_| unnamed())).transpose();
                let delta = Delta { before: remark(before)?, after: remark(after)? };
                (delta.before.is_some() || delta.after.is_some()).then(|| Change::Remark(key.clone(), delta))
            }
            StoredChange::Relation(before, after) => {
                let relation = |side: Option<RelationRecord>| {
                    let named = |side: RelationRecord| side.id.clone().map(|id| Arc::new(side.into_relation(&id))).ok_or_else(unnamed);
                    side.map(named).transpose()
                };
                let delta = Delta { before: relation(before)?, after: relation(after)? };
                (delta.before.is_some() || delta.after.is_some()).then(|| Change::Relation(key.clone(), delta))
            }
            StoredChange::Span(before, after) => {
                let mut span = |side: Option<SpanRecord>| -> Result<Option<Arc<Annotation>>, Unreadable> {
                    let Some(side) = side else { return Ok(None) };
                    let id = side.id.clone().ok_or_else(unnamed)?;
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
                };
                let delta = Delta { before: span(before)?, after: span(after)? };
                (delta.before.is_some() || delta.after.is_some()).then(|| Change::Annotation(key.clone(), delta))
            }
        })
    }
}

impl Snapshot {
    /// Reads a record of a whole layer.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn decode(raw: &str, text: &Text) -> Result<Self, Unreadable> {
        let stored: StoredSnapshot = migrate::read(raw, Some(text))?;
        let (mut moved, mut refused) = (Vec::new(), Vec::new());
        let mut ids: BTreeSet<AnnotationId> = BTreeSet::new();
        let mut annotations = Vec::with_capacity(stored.spans.len());
        for record in stored.spans {
            let read = crate::json::from_value::<SpanRecord>(record).map_err(|error| ProblemCode::SpanUnreadable { detail: error.to_string() });
            let named = read.and_then(|record| match record.id.clone() {
                Some(id) => record.place(text, &id),
                None => Err(ProblemCode::BadField { field: "id".to_owned() }),
            });
            match named {
                Ok((annotation, _)) if !ids.insert(annotation.id.clone()) => {
                    refused.push(ProblemCode::SpanTwice { span: annotation.id.to_string() });
                }
                Ok((annotation, remark)) => {
                    moved.extend(remark);
                    annotations.push(annotation);
                }
                Err(why) => refused.push(why),
            }
        }
        let mut relations = Vec::with_capacity(stored.relations.len());
        for record in stored.relations {
            match relation(record) {
                Ok(relation) => relations.push(relation),
                Err(why) => refused.push(why),
            }
        }
        let mut remarks = Vec::with_capacity(stored.remarks.len());
        for record in stored.remarks {
            match Remark::read(record) {
                Ok(remark) => remarks.push(Arc::new(remark)),
                Err(_) => refused.push(ProblemCode::BadField { field: "remarks".to_owned() }),
            }
        }
        let layer = Layer::from_records(stored.status, annotations, relations).with_remarks(remarks);
        Ok(Self { revision: stored.revision, at: stored.at, layer, moved, refused })
    }
}

/// A relation is kept even where one of its labels was left out, as the steps keep it that made it: so both lead to the same layer.
fn relation(record: Value) -> Result<Relation, ProblemCode> {
    let record = crate::json::from_value::<RelationRecord>(record).map_err(|error| ProblemCode::RelationUnreadable { detail: error.to_string() })?;
    let id: RelationId = record.id.clone().ok_or_else(|| ProblemCode::BadField { field: "id".to_owned() })?;
    Ok(record.into_relation(&id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Span;
    use crate::text::Offset;

    fn key() -> LayerKey {
        LayerKey { document: "d".into(), annotator: "a".into() }
    }

    fn label(id: &str, start: u32, end: u32) -> Arc<Annotation> {
        let span = Span::try_new(Offset::new(start), Offset::new(end)).expect("a test writes good spans");
        Arc::new(Annotation::new(id.into(), span, "Actor".into()))
    }

    fn done(changes: Vec<Change>) -> Step {
        Step::Do(Arc::new(Edit { changes }))
    }

    #[test]
    fn an_entry_is_as_the_design_promises_and_small() {
        let text = Text::new("أجرت أرمينيا محادثات");
        let step = done(vec![Change::Annotation(key(), Delta::made(label("s1", 5, 12)))]);
        let raw = encode_entry(&text, 41, 1_732_265_600_000, &step).expect("one label");
        let promised = r#"{"v":1,"n":41,"at":1732265600000,"do":[{"span":[null,{"id":"s1","start":5,"end":12,"label":"Actor","text":"أرمينيا"}]}]}"#;
        assert_eq!(raw, promised);
        assert!(raw.len() < 250);
        let undo = encode_entry(&text, 42, 7, &Step::Undo).expect("always");
        assert_eq!(undo, r#"{"v":1,"n":42,"at":7,"undo":true}"#);
        assert_eq!(Entry::decode(&undo, &key(), &text).map(|entry| entry.step), Ok(Step::Undo));
        assert_eq!(Entry::decode(&raw, &key(), &text).map(|entry| (entry.n, entry.step)), Ok((41, step)));
    }

    #[test]
    fn a_step_on_more_than_a_layer_is_not_kept() {
        let step = done(vec![Change::Layer(key(), Delta::made(Layer::default()).into())]);
        assert_eq!(encode_entry(&Text::new("x"), 1, 1, &step), Err(NotKept));
    }

    #[test]
    fn a_label_whose_words_are_gone_is_left_out_and_told() {
        let raw = r#"{"v":1,"n":1,"at":1,"do":[{"span":[null,{"id":"s1","start":0,"end":4,"label":"Actor","text":"تونس"}]},{"status":["new","in-progress"]}]}"#;
        let entry = Entry::decode(raw, &key(), &Text::new("باكو")).expect("readable");
        assert_eq!(entry.refused.iter().map(ProblemCode::id).collect::<Vec<_>>(), ["quote-not-found"]);
        assert_eq!(entry.step, done(vec![Change::Status(key(), Status::New, Status::InProgress)]));
    }

    #[test]
    fn an_entry_that_says_two_things_is_broken() {
        for raw in [
            r#"{"v":1,"n":1,"at":1,"undo":true,"redo":true}"#,
            r#"{"v":1,"n":1,"at":1}"#,
            r#"{"v":1,"n":1"#,
            "[]",
            r#"{"v":1,"n":1,"at":1,"do":[{"schema":[]}]}"#,
        ] {
            assert!(matches!(Entry::decode(raw, &key(), &Text::new("x")), Err(Unreadable::Broken { .. })), "{raw}");
        }
    }

    #[test]
    fn a_snapshot_reads_back() {
        let text = Text::new("قالت باكو نعم");
        let relation = Relation {
            id: "r1".into(),
            kind: "source".into(),
            from: "s1".into(),
            to: "s2".into(),
            attributes: Default::default(),
            note: Some("ن".to_owned()),
        };
        let layer = Layer::from_records(Status::Flagged, [Annotation::clone(&label("s1", 0, 4)), Annotation::clone(&label("s2", 5, 9))], [relation]);
        let raw = encode_snapshot(&text, 9, 3, &layer);
        let read = Snapshot::decode(&raw, &text).expect("as written");
        assert_eq!((read.revision, read.at, &read.layer), (9, 3, &layer));
        assert!(read.moved.is_empty() && read.refused.is_empty());
        // One label's words gone: it goes, the rest stays.
        let read = Snapshot::decode(&raw.replace("باكو", "تونس"), &text).expect("readable");
        assert_eq!(read.layer.len(), 1);
        assert_eq!(read.refused.iter().map(ProblemCode::id).collect::<Vec<_>>(), ["quote-not-found"]);
    }
}
