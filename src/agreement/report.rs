//! The whole report: figures of pairs, their mean and all people, with what they were counted from; the shape that scripts rely on.

use super::bootstrap::{self, Draw};
use super::corpus::{Corpus, Options, Shared};
use super::figures::{self, Figures};
use super::gamma::Disorder;
use super::tally::{PairDetail, Tally};
use super::ties::Answers;
use super::{Figure, Undefined, unitizing};
use crate::id::{Annotator, DocumentId, LabelId};
use crate::project::{LayerKey, Project};
use serde::Serialize;
use std::collections::BTreeMap;

/// How alike the layers of several people are.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Agreement {
    /// Who has a layer, by name.
    pub annotators: Vec<Annotator>,
    /// How many documents at least two of them have labelled; only these count.
    pub documents: usize,
    /// What a token is.
    pub tokens: &'static str,
    /// Whose layers are the reference.
    pub gold: Option<Annotator>,
    /// Labels in use, by name.
    pub labels: Vec<LabelId>,
    /// The figures.
    #[serde(flatten)]
    pub table: Table,
    /// How intervals were made.
    pub bootstrap: Drawn,
    /// The same of each document, where that was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub by_document: Vec<OfDocument>,
}

/// Figures of pairs, their mean, and those of all people.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Table {
    /// Each pair.
    pub pairs: Vec<Pair>,
    /// The mean over pairs, of those in which a figure is defined.
    pub mean: Figures,
    /// Figures of all people at once.
    #[serde(flatten)]
    pub whole: Figures,
    /// What γ was worked out from.
    pub gamma_disorder: Option<Disorders>,
}

/// The disorders that γ was worked out from: the paper's, times the mean number of a person's labels, summed over documents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Disorders {
    /// Of the best alignment.
    pub observed: f64,
    /// By chance.
    pub expected: f64,
}

/// A document and its figures.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OfDocument {
    /// Which document.
    pub document: DocumentId,
    /// When the last of its layers was changed, where files say, in milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<u64>,
    /// Its figures.
    #[serde(flatten)]
    pub table: Table,
}

/// Two people.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pair {
    /// The one; the reference, if there is one.
    pub a: Annotator,
    /// The other.
    pub b: Annotator,
    /// How many documents both have labelled.
    pub documents: u64,
    /// Their figures.
    #[serde(flatten)]
    pub figures: Figures,
    /// Tokens by the one label that each gave them.
    pub confusion: Confusion,
    /// Spans matched by label, by how many characters the second one starts and ends later.
    pub boundary_differences: Differences,
    /// Of each attribute, what both said of labels on the same place.
    pub attribute_answers: BTreeMap<String, Vec<Answer>>,
}

/// A matrix of tokens.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Confusion {
    /// What rows and columns are: `O`, which is no label, then the labels.
    pub labels: Vec<String>,
    /// A row for each label of the first one, a column for each of the second.
    pub counts: Vec<Vec<u64>>,
}

/// How many spans differ by how much.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Differences {
    /// By how many characters the second one starts later.
    pub start: BTreeMap<i64, u64>,
    /// By how many characters the second one ends later.
    pub end: BTreeMap<i64, u64>,
}

/// What both said, nothing where one said nothing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// The first one.
    pub a: Option<String>,
    /// The second one.
    pub b: Option<String>,
    /// Of how many labels.
    pub count: u64,
}

/// How intervals were made.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Drawn {
    /// How often all documents were drawn anew.
    pub times: usize,
    /// Where chance began.
    pub seed: u64,
    /// What part of the draws an interval holds.
    pub level: f64,
    /// Why there are no intervals.
    pub reason: Option<&'static str>,
}

/// Works out all figures of a project; of single documents in the order of work, as far as it is known when layers were changed
/// (milliseconds since 1970): first those of which it is not. Tells how many of how many documents are done.
#[must_use]
pub fn agree(project: &Project, whens: &BTreeMap<LayerKey, u64>, options: &Options, tell: &mut dyn FnMut(usize, usize)) -> Agreement {
    let corpus = Corpus::of(project, options);
    let mut by_document = Vec::new();
    let mut keep = |document: &Shared, table: Table| {
        let when = corpus.last(document, |key| whens.get(key).copied());
        by_document.push(OfDocument { document: document.id.clone(), when, table });
    };
    let mut found = agree_each(&corpus, options, tell, options.by_document.then_some(&mut keep));
    by_document.sort_by_key(|of| of.when);
    found.by_document = by_document;
    found
}

/// What is told of each document.
pub type Each<'a> = &'a mut dyn FnMut(&Shared, Table);

/// Works out all figures of what is compared; each document's are told, so that not all have to be kept.
#[must_use]
pub fn agree_each(corpus: &Corpus, options: &Options, tell: &mut dyn FnMut(usize, usize), mut each: Option<Each>) -> Agreement {
    let count = corpus.documents.len();
    let mut counting = Counting::new(corpus, options);
    for (at, document) in corpus.documents.iter().enumerate() {
        tell(at, count);
        let (tally, details) = counting.document(at, document);
        if let Some(each) = &mut each {
            each(document, table(corpus, &[document], &tally, details.clone(), counting.gamma));
        }
        counting.take(tally, details);
    }
    let all: Vec<&Shared> = corpus.documents.iter().collect();
    let mut table = table(corpus, &all, &counting.sum, std::mem::take(&mut counting.details), counting.gamma);
    let is_possible = bootstrap::is_possible(count, counting.sum.size(), options.bootstrap);
    if is_possible.is_ok() && options.bootstrap > 0 {
        let people = corpus.people().len();
        let draw = Draw { tallies: &counting.tallies, people, gamma: counting.gamma, times: options.bootstrap, seed: options.seed };
        let mut pairs: Vec<&mut Figures> = table.pairs.iter_mut().map(|pair| &mut pair.figures).collect();
        draw.intervals(&mut pairs, &mut table.mean, &mut table.whole);
    }
    let reason = is_possible.err().filter(|_| options.bootstrap > 0).map(Undefined::id);
    Agreement {
        annotators: corpus.annotators.clone(),
        documents: count,
        tokens: options.tokens.name(),
        gold: corpus.gold.and_then(|gold| corpus.annotators.get(gold).cloned()),
        labels: corpus.labels.clone(),
        table,
        bootstrap: Drawn { times: options.bootstrap, seed: options.seed, level: bootstrap::LEVEL, reason },
        by_document: Vec::new(),
    }
}

/// The sums, and each document's share as long as it is needed.
struct Counting<'a> {
    corpus: &'a Corpus<'a>,
    seed: u64,
    sum: Tally,
    details: Vec<PairDetail>,
    tallies: Vec<Tally>,
    keeps: bool,
    /// Why there is no γ, if there is none.
    gamma: Option<Undefined>,
}

impl<'a> Counting<'a> {
    fn new(corpus: &'a Corpus<'a>, options: &Options) -> Self {
        let pairs = corpus.pairs().len();
        let sum = Tally::new(pairs, corpus.labels.len());
        let sides = corpus.documents.iter().flat_map(|document| document.sides.iter().flatten());
        let units: usize = sides.map(|side| side.items.len()).sum();
        let gamma = (units > options.gamma_up_to).then_some(Undefined::TooLarge);
        let keeps = options.bootstrap > 0 && bootstrap::is_possible(corpus.documents.len(), sum.size(), options.bootstrap).is_ok();
        Self { corpus, seed: options.seed, sum, details: vec![PairDetail::default(); pairs], tallies: Vec::new(), keeps, gamma }
    }

    fn document(&mut self, at: usize, document: &Shared) -> (Tally, Vec<PairDetail>) {
        let (mut tally, details) = Tally::of(self.corpus, document);
        if self.gamma.is_none() {
            // Each document has its own chance, so that one more does not change the others'.
            match Disorder::of(self.corpus, document, self.seed.wrapping_add(at as u64)) {
                Ok(disorder) => tally.disorder = disorder,
                Err(why) => self.gamma = Some(why),
            }
        }
        (tally, details)
    }

    fn take(&mut self, tally: Tally, details: Vec<PairDetail>) {
        self.sum.add(&tally, 1);
        self.details.iter_mut().zip(details).for_each(|(mine, theirs)| mine.add(theirs));
        if self.keeps {
            self.tallies.push(tally);
        }
    }
}

fn table(corpus: &Corpus, documents: &[&Shared], tally: &Tally, details: Vec<PairDetail>, gamma: Option<Undefined>) -> Table {
    let labels = &corpus.labels;
    let paths = figures::pair_paths(labels);
    let values: Vec<Vec<Figure>> = tally.pairs.iter().map(figures::pair_values).collect();
    let mut mean = Figures::new(&paths, figures::mean(&values, paths.len()));
    let mut pairs: Vec<Pair> = Vec::new();
    for ((((a, b), values), detail), counted) in corpus.pairs().into_iter().zip(values).zip(details).zip(&tally.pairs) {
        let (Some(a), Some(b)) = (corpus.annotators.get(a), corpus.annotators.get(b)) else { continue };
        let mut figures = Figures::new(&paths, values);
        let kappa = |name: &String| detail.attributes.get(name).map_or(Err(Undefined::NoAttributes), figures::attribute_kappa);
        figures.entries.extend(corpus.attributes.keys().map(|name| (vec!["attribute_kappa".to_owned(), name.clone()], kappa(name))));
        let names = std::iter::once("O".to_owned()).chain(labels.iter().map(ToString::to_string));
        pairs.push(Pair {
            a: a.clone(),
            b: b.clone(),
            documents: counted.documents,
            figures,
            confusion: Confusion { labels: names.collect(), counts: counted.flat.rows().map(<[u64]>::to_vec).collect() },
            boundary_differences: Differences { start: detail.starts, end: detail.ends },
            attribute_answers: detail.attributes.into_iter().map(|(name, answers)| (name, written(answers))).collect(),
        });
    }
    let attributes: Vec<Vec<Figure>> =
        pairs.iter().map(|pair| pair.figures.entries.iter().skip(paths.len()).map(|(_, figure)| *figure).collect()).collect();
    let names = corpus.attributes.keys().map(|name| vec!["attribute_kappa".to_owned(), name.clone()]);
    mean.entries.extend(names.zip(figures::mean(&attributes, corpus.attributes.len())));
    let mut whole = Figures::new(&figures::whole_paths(labels), figures::whole_values(tally, corpus.people().len(), gamma));
    let differences = unitizing::differences(corpus, documents);
    let of_all = differences.as_ref().map_err(|why| *why).and_then(|labels| unitizing::alpha(labels));
    whole.entries.push((vec!["alpha_u".to_owned()], of_all));
    for (at, label) in labels.iter().enumerate() {
        let alpha = differences.as_ref().map_err(|why| *why).and_then(|all| all.get(at).copied().unwrap_or(Err(Undefined::NoLabels))?.alpha());
        whole.entries.push((vec!["alpha_u_by_label".to_owned(), label.to_string()], alpha));
    }
    let disorders = Disorders { observed: tally.disorder.observed, expected: tally.disorder.expected };
    Table { pairs, mean, whole, gamma_disorder: gamma.is_none().then_some(disorders) }
}

fn written(answers: Answers) -> Vec<Answer> {
    answers.into_iter().map(|((a, b), count)| Answer { a, b, count }).collect()
}
