//! Journals and snapshots of a layer: one small record for each step, and now and then the whole layer.

use super::reading::{Around, Reading, TakingEntry, TakingSnapshot};
use super::writing::{WritingEntry, WritingSnapshot};
use crate::edit::Edit;
use crate::formats::ProblemCode;
use crate::formats::record::{RelationRecord, SpanRecord};
use crate::history::Step;
use crate::layer::{Layer, Status};
use crate::project::LayerKey;
use crate::session::Outcome;
use crate::text::Text;
use serde::{Deserialize, Serialize};
use serde_json::Value;
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
    pub made: Option<Arc<Edit>>,
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

/// Before and after; the layer is the one whose key the entry is under.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum StoredChange {
    Span(Option<SpanRecord>, Option<SpanRecord>),
    Relation(Option<RelationRecord>, Option<RelationRecord>),
    Remark(Option<Value>, Option<Value>),
    Status(Status, Status),
}

/// The record of a step whose revision is `n`, made at `at` (milliseconds since 1970). Its cost does not grow with the layer.
///
/// # Errors
/// When the step changes something other than labels, relations and status of one layer.
pub fn encode_entry(text: &Text, n: u64, at: u64, step: &Step) -> Result<String, NotKept> {
    match step {
        Step::Do(edit) => encode(text, n, at, step, Some(edit.clone())),
        Step::Undo | Step::Redo => encode(text, n, at, step, None),
    }
}

/// As [`encode_entry`]; an undo or redo also says what it did, so that a journal whose beginning is elsewhere can be read.
///
/// # Errors
/// As [`encode_entry`].
pub fn encode_outcome(text: &Text, at: u64, outcome: &Outcome) -> Result<String, NotKept> {
    encode(text, outcome.revision, at, &outcome.step, Some(outcome.edit.clone()))
}

fn encode(text: &Text, n: u64, at: u64, step: &Step, made: Option<Arc<Edit>>) -> Result<String, NotKept> {
    let mut writing = WritingEntry::new(n, at, step, made);
    writing.step(text, usize::MAX)?;
    Ok(writing.finish())
}

/// The record of a whole layer at a revision, taken at `at` (milliseconds since 1970).
#[must_use]
pub fn encode_snapshot(text: &Text, revision: u64, at: u64, layer: &Layer) -> String {
    WritingSnapshot::new(revision, at, layer).finish(text)
}

impl Entry {
    /// Reads a record of the layer's journal.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn decode(raw: &str, key: &LayerKey, text: &Text) -> Result<Self, Unreadable> {
        Reading::<TakingEntry>::default().finish(raw, &Around { key, text })
    }
}

impl Snapshot {
    /// Reads a record of a whole layer.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn decode(raw: &str, text: &Text) -> Result<Self, Unreadable> {
        // Nothing in it goes by the name of its layer.
        let key = &LayerKey { document: "".into(), annotator: "".into() };
        Reading::<TakingSnapshot>::default().finish(raw, &Around { key, text })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotation::{Annotation, Relation};
    use crate::edit::{Change, Delta};
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
