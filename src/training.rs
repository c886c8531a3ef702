//! Training: a document with gold is given as a test, what somebody made of it is scored, and each attempt is remembered.
//!
//! That a document is a test is a remark of its gold layer, and an attempt is a remark of the layer that was scored; so both
//! are undone, journaled, merged and sent like all else. A program that knows neither keeps them as they came.

use crate::adjudicate::GOLD;
use crate::agreement::corpus::{Corpus, Options};
use crate::agreement::figures::{pair_paths, pair_values};
use crate::agreement::tally::Tally;
use crate::annotation::Remark;
use crate::id::{Annotator, LabelId, RemarkId};
use crate::layer::Layer;
use crate::project::{Document, LayerKey, Project, sha256};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The name and the kind of the remark that says whether a document is a test.
const TEST: &str = "test";
/// The kind of remark that is an attempt.
const ATTEMPT: &str = "attempt";

/// Who gives the document of a gold layer as a test; `None` where nobody does.
#[must_use]
pub fn given_by(gold: &Layer) -> Option<Annotator> {
    let remark = gold.remark(&TEST.into()).filter(|remark| remark.is(TEST) && remark.says.get("on") == Some(&Value::Bool(true)))?;
    remark.says.get("by").and_then(Value::as_str).map(Annotator::from)
}

/// The remark by which somebody gives a document as a test, or no longer does. It says so, and is not removed, so that of two
/// sides the one that said so last is followed.
#[must_use]
pub fn given(by: &Annotator, is_on: bool, at: u64) -> Remark {
    let says = [("kind", Value::from(TEST)), ("on", is_on.into()), ("by", by.as_str().into()), ("at", at.into())];
    Remark { id: TEST.into(), says: says.into_iter().map(|(name, value)| (name.to_owned(), value)).collect() }
}

/// F1 of labels against gold, from 0 to 1; nothing where neither has any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Measures {
    /// The same place and label.
    pub exact: Option<f64>,
    /// The same label, each worth the share of words.
    pub partial: Option<f64>,
    /// The same label, and edges that differ by a clitic, white space or punctuation alone.
    pub clitic: Option<f64>,
}

/// How labels stand to gold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Of all labels.
    pub all: Measures,
    /// Of each kind that either has.
    pub labels: BTreeMap<LabelId, Measures>,
}

/// A time that somebody called a test done.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// The remark's name.
    pub id: RemarkId,
    /// When, in milliseconds since 1970.
    pub at: u64,
    /// The labels that were scored: see [`digest`].
    pub digest: String,
    /// The score.
    pub score: Score,
}

/// Scores labels against gold.
#[must_use]
pub fn score(document: &Arc<Document>, own: &Layer, gold: &Layer) -> Score {
    let mut project = Project::new("");
    project.documents.insert(document.id.clone(), document.clone());
    // The name means nothing here, but must not be the gold layer's.
    for (name, layer) in [(GOLD, gold), ("own", own)] {
        project.layers.insert(LayerKey { document: document.id.clone(), annotator: name.into() }, layer.clone());
    }
    let corpus = Corpus::of(&project, &Options { gold: Some(GOLD.into()), ..Options::default() });
    let Some(shared) = corpus.documents.first() else { return Score::default() };
    let (tally, _) = Tally::of(&corpus, shared);
    let Some(pair) = tally.pairs.first() else { return Score::default() };
    let names = pair_paths(&corpus.labels).into_iter().map(|path| path.join("."));
    let figures: BTreeMap<String, f64> = names.zip(pair_values(pair)).filter_map(|(name, figure)| Some((name, figure.ok()?))).collect();
    let measures = |group: &str| {
        let figure = |measure: &str| figures.get(&format!("{group}.{measure}")).copied();
        Measures { exact: figure("exact"), partial: figure("partial"), clitic: figure("clitic") }
    };
    let written = |label: &LabelId| if label.as_str() == "flat" { "label:flat".to_owned() } else { label.to_string() };
    let labels = corpus.labels.iter().map(|label| (label.clone(), measures(&format!("span_f1_by_label.{}", written(label)))));
    Score { all: measures("span_f1"), labels: labels.collect() }
}

/// Tells labels apart that would be scored otherwise, whatever they are called.
#[must_use]
pub fn digest(layer: &Layer) -> String {
    let places = layer.iter().map(|label| {
        let pieces: Vec<String> = label.extent.pieces().iter().map(|piece| format!("{}-{}", piece.start().get(), piece.end().get())).collect();
        format!("{} {}\n", label.label, pieces.join(","))
    });
    let mut digest = sha256(&places.collect::<String>());
    digest.truncate(16);
    digest
}

impl Attempt {
    /// The remark that it is.
    #[must_use]
    pub fn remark(&self) -> Remark {
        let mut says = Map::new();
        says.insert("kind".to_owned(), ATTEMPT.into());
        says.insert("at".to_owned(), self.at.into());
        says.insert("digest".to_owned(), self.digest.as_str().into());
        // Numbers and names are always written.
        says.insert("score".to_owned(), serde_json::to_value(&self.score).unwrap_or_else(|_| json!({})));
        Remark { id: self.id.clone(), says }
    }

    fn read(remark: &Remark) -> Option<Self> {
        if !remark.is(ATTEMPT) {
            return None;
        }
        let at = remark.says.get("at").and_then(Value::as_u64)?;
        let digest = remark.says.get("digest").and_then(Value::as_str)?.to_owned();
        let score = crate::json::from_value(remark.says.get("score")?.clone()).ok()?;
        Some(Self { id: remark.id.clone(), at, digest, score })
    }

    /// The attempts of a layer, the first one first. What cannot be read is passed over.
    #[must_use]
    pub fn all(layer: &Layer) -> Vec<Self> {
        let mut all: Vec<Self> = layer.remarks().filter_map(|remark| Self::read(remark)).collect();
        crate::sorted::sort_by(&mut all, |a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotation::Annotation;
    use crate::layer::Status;
    use crate::span::Span;
    use crate::text::Offset;

    const TEXT: &str = "قالت باكو وأذربيجان إن قلق المجتمع الدولي زال";

    fn layer(labels: &[(u32, u32, &str)]) -> Layer {
        let labels = labels.iter().map(|(start, end, label)| {
            let span = Span::try_new(Offset::new(*start), Offset::new(*end)).expect("a test writes good spans");
            Annotation::new(format!("s{start}").into(), span, (*label).into())
        });
        Layer::from_records(Status::Done, labels, [])
    }

    #[test]
    fn labels_are_scored_against_gold_exactly_in_part_and_but_for_clitics() {
        let document = Arc::new(Document::new("d".into(), "t", TEXT));
        // باكو is right; أذربيجان has its و; of the three words of the last one has two.
        let gold = layer(&[(5, 9, "Actor"), (11, 19, "Location"), (23, 41, "Actor")]);
        let own = layer(&[(5, 9, "Actor"), (10, 19, "Location"), (27, 41, "Actor")]);
        let score = score(&document, &own, &gold);
        let near = |figure: Option<f64>, expected: f64| figure.is_some_and(|figure| (figure - expected).abs() < 1e-9);
        assert!(near(score.all.exact, 1.0 / 3.0), "{score:?}");
        assert!(near(score.all.clitic, 2.0 / 3.0), "{score:?}");
        // Dice of the words: 1, 1, and 2 · 2 of 3 + 2.
        assert!(near(score.all.partial, (1.0 + 1.0 + 0.8) / 3.0), "{score:?}");
        assert!(near(score.labels[&"Location".into()].exact, 0.0) && near(score.labels[&"Location".into()].clitic, 1.0), "{score:?}");
        let none = super::score(&document, &layer(&[]), &layer(&[]));
        assert_eq!(none.all, Measures::default(), "nothing to find, nothing found: no figure");
    }

    #[test]
    fn an_attempt_is_a_remark_and_reads_back_in_the_order_of_time() {
        let attempt = |id: &str, at: u64| Attempt { id: id.into(), at, digest: digest(&layer(&[(5, 9, "Actor")])), score: Score::default() };
        let (first, second) = (attempt("z", 1), attempt("a", 2));
        let held = layer(&[]).with_remarks([&second, &first].map(|attempt| Arc::new(attempt.remark())));
        assert_eq!(Attempt::all(&held), [first, second]);
        assert_ne!(digest(&layer(&[(5, 9, "Actor")])), digest(&layer(&[(5, 9, "Location")])));
        assert_eq!(digest(&layer(&[(5, 9, "Actor")])), digest(&layer(&[(5, 9, "Actor")])));
    }

    #[test]
    fn a_document_is_a_test_for_as_long_as_its_gold_layer_says_so() {
        let by = Annotator::from("هدى");
        let gold = layer(&[]);
        assert_eq!(given_by(&gold), None);
        let on = gold.with_remarks([Arc::new(given(&by, true, 1))]);
        assert_eq!(given_by(&on), Some(by.clone()));
        assert_eq!(given_by(&on.with_remarks([Arc::new(given(&by, false, 2))])), None);
    }
}
