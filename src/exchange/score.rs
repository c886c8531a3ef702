//! A test is scored: somebody's labels of a document beside its gold layer.

use super::stock::{Bin, Records, Stock};
use super::{Answer, Task};
use crate::adjudicate::GOLD;
use crate::compare::{Kind, Subject, compare};
use crate::id::{Annotator, DocumentId, LabelId};
use crate::persist::Keyspace;
use crate::project::LayerKey;
use crate::training::{Score, digest, score as score_of};
use serde::{Deserialize, Serialize};

/// The most differences that are told.
const TOLD: usize = 500;

/// Whose labels of which document are to be scored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoreAsked {
    /// The document.
    pub document: DocumentId,
    /// Who takes the test.
    pub annotator: Annotator,
}

/// The score, and where the labels are not as in the gold layer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ScoreTold {
    /// The score.
    pub score: Score,
    /// The labels that were scored: see [`digest`].
    pub digest: String,
    /// How many labels the gold layer has.
    pub gold: usize,
    /// The differences, in reading order.
    pub differences: Vec<DifferenceTold>,
    /// How many more there are.
    pub more: usize,
}

/// A difference from the gold layer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DifferenceTold {
    /// In which ways, by name: see [`Kind`].
    pub kinds: Vec<String>,
    /// The first character.
    pub start: u32,
    /// The place after the last.
    pub end: u32,
    /// The label of who takes the test.
    pub own: Option<SideTold>,
    /// The label of the gold layer.
    pub gold: Option<SideTold>,
}

/// A label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SideTold {
    /// Its kind.
    pub label: LabelId,
    /// Its words.
    pub words: String,
}

impl ScoreAsked {
    /// The task.
    #[must_use]
    pub fn task(&self) -> Task {
        // Names are always written.
        Task::Score(serde_json::to_string(self).unwrap_or_default())
    }
}

impl ScoreTold {
    /// What the worker answered; `None` where there is nothing to score.
    #[must_use]
    pub fn of(answer: &Answer) -> Option<Self> {
        crate::json::parse(answer.told.as_deref()?).ok()
    }
}

/// Scores somebody's labels of a document that is given as a test; nothing is told of one that is not, or before they are done.
#[must_use]
pub fn score(keys: &Keyspace, records: Records, asked: &str) -> Answer {
    let Ok(asked) = crate::json::parse::<ScoreAsked>(asked) else { return Answer::default() };
    let records = records.of_document(keys, &asked.document);
    let stock = Stock::read(keys, records, Bin::Read, &mut |_, _| {});
    let told = told(&stock, &asked);
    Answer { told: told.and_then(|told| serde_json::to_string(&told).ok()), ..Answer::default() }
}

fn told(stock: &Stock, asked: &ScoreAsked) -> Option<ScoreTold> {
    let card = stock.cards.get(&asked.document).filter(|card| card.test.is_some())?;
    let document = stock.project.documents.get(&asked.document)?;
    let layer = |annotator: Annotator| stock.project.layer(&LayerKey { document: asked.document.clone(), annotator });
    let (own, gold) = (layer(asked.annotator.clone())?, layer(GOLD.into())?);
    if !card.may_see(&asked.annotator, true, &GOLD.into()) {
        return None;
    }
    let comparison = compare(&[(asked.annotator.clone(), own.clone()), (GOLD.into(), gold.clone())]);
    let side = |subject: Subject, whose: usize| {
        let item = comparison.ends(subject).next()?;
        let label = item.of.get(whose)?.as_ref()?;
        Some(SideTold { label: label.label.clone(), words: label.extent.quote(&document.text)? })
    };
    let differences: Vec<DifferenceTold> = comparison
        .differences
        .iter()
        .take(TOLD)
        .map(|found| DifferenceTold {
            kinds: found.kinds.iter().map(|kind| Kind::name(*kind).to_owned()).collect(),
            start: found.hull.start().get(),
            end: found.hull.end().get(),
            own: side(found.subject, 0),
            gold: side(found.subject, 1),
        })
        .collect();
    let more = comparison.differences.len() - differences.len();
    Some(ScoreTold { score: score_of(document, own, gold), digest: digest(own), gold: gold.len(), differences, more })
}
