//! The report as the screen shows it: figures by name, what they were counted from, and what there is to choose from.

use super::super::stock::Stock;
use super::table;
use crate::adjudicate::is_gold;
use crate::agreement::corpus::{Corpus, Options, Shared};
use crate::agreement::figures::Figures;
use crate::agreement::report::{self, Pair, Table};
use crate::agreement::{Agreement, agree_each};
use crate::exchange::Tell;
use crate::id::{Annotator, DocumentId, LabelId};
use crate::layer::{Layer, Status};
use crate::project::LayerKey;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// The figures that are told of each document, by name: means over pairs, or of all people.
pub const COURSE: [&str; 9] =
    ["cohen_kappa.flat", "token_f1", "span_f1.exact", "span_f1.boundary", "span_f1.label", "span_f1.partial", "span_f1.clitic", "alpha_u", "gamma"];

/// The most documents that are named, each for its figures and to be chosen.
pub const NAMED: usize = 500;

/// How alike the chosen layers are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AgreeTold {
    /// What there is to choose from.
    pub stock: StockTold,
    /// Whose layers are compared, by name.
    pub annotators: Vec<Annotator>,
    /// How many documents at least two of them have labelled.
    pub documents: usize,
    /// Whose layers are the reference.
    pub gold: Option<Annotator>,
    /// Labels in use.
    pub labels: Vec<LabelId>,
    /// Each pair.
    pub pairs: Vec<PairTold>,
    /// The mean over pairs.
    pub mean: Vec<FigureTold>,
    /// Figures of all people at once.
    pub whole: Vec<FigureTold>,
    /// How often documents were drawn anew for intervals.
    pub times: usize,
    /// Why there are no intervals, by the name of the reason.
    pub reason: Option<String>,
    /// Documents in the order of work, the last [`NAMED`] of them.
    pub course: Vec<CourseTold>,
    /// All of it as the command line writes it.
    pub json: String,
    /// The figures as a table.
    pub csv: String,
}

/// What there is to choose from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StockTold {
    /// Everybody who has begun a layer, by name.
    pub people: Vec<PersonTold>,
    /// How many layers have come how far.
    pub statuses: Vec<(Status, usize)>,
    /// The first documents that at least two people have begun, with their titles.
    pub documents: Vec<(DocumentId, String)>,
    /// How many there are.
    pub shared: usize,
    /// How many documents are hidden, for the own work on them is not done.
    pub hidden: usize,
}

/// Somebody who has labelled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonTold {
    /// Whose name it is.
    pub name: Annotator,
    /// On how many documents.
    pub documents: usize,
    /// How many labels.
    pub labels: usize,
}

/// A figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FigureTold {
    /// Its name, such as `cohen_kappa.flat`.
    pub name: String,
    /// The number, unless it is undefined.
    pub value: Option<f64>,
    /// Why it is undefined, by the name of the reason.
    pub reason: Option<String>,
    /// Between what it lies, documents drawn anew.
    pub interval: Option<(f64, f64)>,
}

/// Two people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PairTold {
    /// The one; the reference, if there is one.
    pub a: Annotator,
    /// The other.
    pub b: Annotator,
    /// How many documents both have labelled.
    pub documents: u64,
    /// Their figures.
    pub figures: Vec<FigureTold>,
    /// Tokens by the one label that each gave them: no label, then the labels in order; rows are the first one's.
    pub confusion: Vec<Vec<u64>>,
    /// Of spans matched by label, by how many characters the second one starts later.
    pub starts: Vec<(i64, u64)>,
    /// By how many characters the second one ends later.
    pub ends: Vec<(i64, u64)>,
    /// Of each attribute, what both said of labels on the same place.
    pub answers: Vec<(String, Vec<AnswerTold>)>,
}

/// What both said, nothing where one said nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerTold {
    /// The first one.
    pub a: Option<String>,
    /// The second one.
    pub b: Option<String>,
    /// Of how many labels.
    pub count: u64,
}

/// A document and how alike the layers on it are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CourseTold {
    /// Which document.
    pub document: DocumentId,
    /// How people call it.
    pub title: String,
    /// When the last of its layers was changed, in milliseconds since 1970; for a layer from a file that does not say, when that came in.
    /// 0 where that is not known.
    pub at: u64,
    /// The figures of [`COURSE`], in that order.
    pub values: Vec<Option<f64>>,
}

impl AgreeTold {
    /// Works all of it out.
    pub(super) fn of(stock: &Stock, corpus: &Corpus, options: &Options, hidden: usize, tell: Tell) -> Self {
        let mut course = Vec::new();
        let mut each = |document: &Shared, table: Table| course.push(CourseTold::of(stock, corpus, document, &table));
        let found = agree_each(corpus, options, tell, Some(&mut each));
        course.sort_by(|a, b| (a.at, &a.document).cmp(&(b.at, &b.document)));
        course.drain(..course.len().saturating_sub(NAMED));
        Self {
            stock: StockTold::of(stock, hidden),
            documents: found.documents,
            pairs: found.table.pairs.iter().map(PairTold::of).collect(),
            mean: figures(&found.table.mean),
            whole: figures(&found.table.whole),
            times: found.bootstrap.times,
            reason: found.bootstrap.reason.map(str::to_owned),
            course,
            json: written(&found),
            csv: table::csv(&found),
            annotators: found.annotators,
            gold: found.gold,
            labels: found.labels,
        }
    }

    /// A figure of everybody by its name: of all at once, or else the mean over pairs.
    #[must_use]
    pub fn figure(&self, name: &str) -> Option<&FigureTold> {
        find(&self.whole, name).or_else(|| find(&self.mean, name))
    }

    /// The place of the pair of these people, whoever comes first.
    #[must_use]
    pub fn pair(&self, one: &Annotator, other: &Annotator) -> Option<usize> {
        self.pairs.iter().position(|pair| (&pair.a, &pair.b) == (one, other) || (&pair.b, &pair.a) == (one, other))
    }
}

/// The figure of a name.
#[must_use]
pub fn find<'a>(figures: &'a [FigureTold], name: &str) -> Option<&'a FigureTold> {
    figures.iter().find(|figure| figure.name == name)
}

/// What the command line writes to its output.
fn written(found: &Agreement) -> String {
    let mut report = serde_json::to_value(found).unwrap_or_default();
    if let Value::Object(report) = &mut report {
        // What is kept was read without problems, or it would not be kept.
        report.insert("problems".to_owned(), Value::Array(Vec::new()));
    }
    format!("{report}\n")
}

fn figures(figures: &Figures) -> Vec<FigureTold> {
    let one = |(at, (path, figure)): (usize, &(Vec<String>, crate::agreement::Figure))| FigureTold {
        name: path.join("."),
        value: figure.ok(),
        reason: figure.err().map(|why| why.id().to_owned()),
        interval: figures.intervals.get(at).copied().flatten(),
    };
    figures.entries.iter().enumerate().map(one).collect()
}

impl PairTold {
    fn of(pair: &Pair) -> Self {
        let answer = |answer: &report::Answer| AnswerTold { a: answer.a.clone(), b: answer.b.clone(), count: answer.count };
        Self {
            a: pair.a.clone(),
            b: pair.b.clone(),
            documents: pair.documents,
            figures: figures(&pair.figures),
            confusion: pair.confusion.counts.clone(),
            starts: pair.boundary_differences.start.iter().map(|(by, count)| (*by, *count)).collect(),
            ends: pair.boundary_differences.end.iter().map(|(by, count)| (*by, *count)).collect(),
            answers: pair.attribute_answers.iter().map(|(name, answers)| (name.clone(), answers.iter().map(answer).collect())).collect(),
        }
    }
}

impl CourseTold {
    fn of(stock: &Stock, corpus: &Corpus, document: &Shared, table: &Table) -> Self {
        let value = |name: &str| table.whole.get(name).or_else(|| table.mean.get(name))?.ok();
        let changed = |key: &LayerKey| stock.line(key).changed().or_else(|| Some(stock.line(key).updated));
        let title = stock.project.documents.get(document.id).map(|document| document.title.to_string());
        Self {
            document: document.id.clone(),
            title: title.unwrap_or_else(|| document.id.to_string()),
            at: corpus.last(document, changed).unwrap_or(0),
            values: COURSE.map(value).to_vec(),
        }
    }
}

impl StockTold {
    fn of(stock: &Stock, hidden: usize) -> Self {
        let is_begun = |layer: &Layer| !layer.is_empty() || layer.status() != Status::New;
        let mut people: BTreeMap<&Annotator, PersonTold> = BTreeMap::new();
        let mut statuses: BTreeMap<Status, usize> = BTreeMap::new();
        let mut begun: BTreeMap<&DocumentId, usize> = BTreeMap::new();
        for (key, layer) in stock.project.layers.iter().filter(|(_, layer)| is_begun(layer)) {
            let person = people.entry(&key.annotator).or_insert_with(|| PersonTold { name: key.annotator.clone(), documents: 0, labels: 0 });
            person.documents += 1;
            person.labels += layer.len();
            *statuses.entry(layer.status()).or_insert(0) += 1;
            *begun.entry(&key.document).or_insert(0) += usize::from(!is_gold(&key.annotator));
        }
        let title = |id: &DocumentId| stock.project.documents.get(id).map_or_else(|| id.to_string(), |document| document.title.to_string());
        let shared: Vec<&DocumentId> = begun.into_iter().filter(|(_, count)| *count > 1).map(|(id, _)| id).collect();
        Self {
            people: people.into_values().collect(),
            statuses: statuses.into_iter().collect(),
            shared: shared.len(),
            documents: shared.into_iter().take(NAMED).map(|id| (id.clone(), title(id))).collect(),
            hidden,
        }
    }
}
