//! Figures worked out from tallies, by name.

use super::nominal::{Ratings, Square, ratio};
use super::spans::WHOLE;
use super::tally::{PairTally, SpanTally, Tally};
use super::ties::Answers;
use super::{Figure, Undefined};
use crate::id::LabelId;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The ways to match spans, by the names that scripts rely on.
pub const MEASURES: [&str; 5] = ["exact", "boundary", "label", "partial", "clitic"];

/// What a figure is called: a name, or a name in a group, or in a group of a group.
pub type Path = Vec<String>;

/// Figures by name, each with its interval if there is one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// All of them, in order.
    pub entries: Vec<(Path, Figure)>,
    /// The interval that holds 95 % of what comes of documents drawn anew, for the first of them.
    pub intervals: Vec<Option<(f64, f64)>>,
}

impl Figures {
    /// Figures of these names.
    #[must_use]
    pub fn new(paths: &[Path], values: Vec<Figure>) -> Self {
        Self { entries: paths.iter().cloned().zip(values).collect(), intervals: Vec::new() }
    }

    /// The figure of a name, its parts joined by `.`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Figure> {
        self.entries.iter().find(|(path, _)| path.join(".") == name).map(|(_, figure)| *figure)
    }
}

/// As an object in objects; a figure that is undefined is null, and `reasons` says why by its name, joined by `.`.
impl Serialize for Figures {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (mut all, mut reasons, mut intervals) = (Map::new(), Map::new(), Map::new());
        for (at, (path, figure)) in self.entries.iter().enumerate() {
            put(&mut all, path, json!(figure.ok()));
            if let Err(why) = figure {
                reasons.insert(path.join("."), why.id().into());
            }
            if let Some((low, high)) = self.intervals.get(at).copied().flatten() {
                intervals.insert(path.join("."), json!([low, high]));
            }
        }
        all.insert("reasons".to_owned(), reasons.into());
        all.insert("intervals".to_owned(), intervals.into());
        all.serialize(serializer)
    }
}

fn put(object: &mut Map<String, Value>, path: &[String], value: Value) {
    match path {
        [] => {}
        [name] => drop(object.insert(name.clone(), value)),
        [name, rest @ ..] => {
            if let Value::Object(inner) = object.entry(name.clone()).or_insert_with(|| Map::new().into()) {
                put(inner, rest, value);
            }
        }
    }
}

fn path(parts: &[&str]) -> Path {
    parts.iter().map(|part| (*part).to_owned()).collect()
}

/// `flat`, and the labels; a label that is itself called `flat` is told apart.
fn keys(labels: &[LabelId]) -> impl Iterator<Item = String> {
    let of_label = labels.iter().map(|label| if label.as_str() == "flat" { "label:flat".to_owned() } else { label.to_string() });
    std::iter::once("flat".to_owned()).chain(of_label)
}

/// The names of a pair's figures, in the order of [`pair_values`].
#[must_use]
pub fn pair_paths(labels: &[LabelId]) -> Vec<Path> {
    let mut paths = Vec::new();
    for group in ["observed", "cohen_kappa"] {
        paths.extend(keys(labels).map(|key| path(&[group, &key])));
    }
    paths.extend(["token_f1", "token_precision", "token_recall"].map(|name| path(&[name])));
    for group in ["span_f1", "span_precision", "span_recall"] {
        paths.extend(MEASURES.map(|measure| path(&[group, measure])));
    }
    for label in keys(labels).skip(1) {
        paths.extend(["exact", "label", "partial", "clitic"].map(|measure| path(&["span_f1_by_label", &label, measure])));
    }
    paths.extend(["exact", "label", "clitic"].map(|measure| path(&["relation_f1", measure])));
    paths
}

/// The figures of a pair.
#[must_use]
pub fn pair_values(pair: &PairTally) -> Vec<Figure> {
    let mut values = Vec::new();
    let squares = || std::iter::once(&pair.flat).chain(&pair.covered);
    values.extend(squares().map(Square::observed));
    values.extend(squares().map(|square| reasoned(square.cohen(), square.total() > square.get(0, 0))));
    let (rows, columns) = pair.flat.margins();
    let labelled = |margin: &[u64]| margin.iter().skip(1).sum::<u64>() as f64;
    let both = (pair.flat.same() - pair.flat.get(0, 0)) as f64;
    values.extend(scores(Ok(both), labelled(&rows), labelled(&columns), Undefined::NoLabels));
    let all = pair.all_spans();
    let (of_a, of_b) = (all.a as f64, all.b as f64);
    let measured = measured(&all, pair.boundary, pair.is_too_large).map(|matched| scores(matched, of_a, of_b, Undefined::NoLabels));
    for score in 0..3 {
        values.extend(measured.iter().filter_map(|scores| scores.get(score)));
    }
    for spans in &pair.spans {
        let [exact, _, label, partial, clitic] = self::measured(spans, 0, pair.is_too_large);
        values.extend([exact, label, partial, clitic].map(|matched| f1(matched, spans.a as f64, spans.b as f64, Undefined::NoLabels)));
    }
    let relations = &pair.relations;
    let loose = |count: u64| if pair.is_too_large { Err(Undefined::TooLarge) } else { Ok(count as f64) };
    let matched = [Ok(relations.exact as f64), loose(relations.label), loose(relations.clitic)];
    values.extend(matched.map(|matched| f1(matched, relations.a as f64, relations.b as f64, Undefined::NoRelations)));
    if pair.documents == 0 {
        values.fill(Err(Undefined::NoCommonDocument));
    }
    values
}

/// What was matched, in the order of [`MEASURES`].
fn measured(spans: &SpanTally, boundary: u64, is_too_large: bool) -> [Figure; 5] {
    let loose = |count: f64| if is_too_large { Err(Undefined::TooLarge) } else { Ok(count) };
    let partial = spans.partial as f64 / WHOLE as f64;
    [Ok(spans.exact as f64), Ok(boundary as f64), loose(spans.label as f64), loose(partial), loose(spans.clitic as f64)]
}

/// F1, precision and recall, where the first one is the reference.
fn scores(matched: Figure, of_a: f64, of_b: f64, why: Undefined) -> [Figure; 3] {
    let by = |all: f64| matched.and_then(|matched| ratio(matched, all, why));
    [f1(matched, of_a, of_b, why), by(of_b), by(of_a)]
}

fn f1(matched: Figure, of_a: f64, of_b: f64, why: Undefined) -> Figure {
    if of_a + of_b == 0.0 { Err(why) } else { Ok(2.0 * matched? / (of_a + of_b)) }
}

/// Where nothing varies because nobody used the label, that is why.
fn reasoned(figure: Figure, is_used: bool) -> Figure {
    if is_used { figure } else { figure.map_err(|why| if why == Undefined::NoVariation { Undefined::NoLabels } else { why }) }
}

/// The names of the figures of all people, in the order of [`whole_values`].
#[must_use]
pub fn whole_paths(labels: &[LabelId]) -> Vec<Path> {
    let group = |name: &'static str| keys(labels).map(move |key| path(&[name, &key]));
    let gamma = std::iter::once(path(&["gamma"]));
    group("fleiss_kappa").chain(group("krippendorff_alpha")).chain(gamma).collect()
}

/// The figures of so many people.
#[must_use]
pub fn whole_values(tally: &Tally, people: usize, gamma: Option<Undefined>) -> Vec<Figure> {
    let ratings = || std::iter::once((&tally.flat, true)).chain(tally.covered.iter().map(|ratings| (ratings, false)));
    let is_used = |ratings: &Ratings, is_flat: bool| (1..if is_flat { tally.covered.len() + 1 } else { 2 }).any(|value| ratings.of(value) > 0);
    let mut values: Vec<Figure> = ratings().map(|(ratings, is_flat)| reasoned(ratings.fleiss(people), is_used(ratings, is_flat))).collect();
    values.extend(ratings().map(|(ratings, is_flat)| {
        let alpha = if people < 2 { Err(Undefined::OneAnnotator) } else { ratings.alpha() };
        reasoned(alpha, is_used(ratings, is_flat))
    }));
    let gamma = if people < 2 { Some(Undefined::OneAnnotator) } else { gamma };
    values.push(gamma.map_or_else(|| tally.disorder.gamma(), Err));
    values
}

/// The mean over pairs, of those in which a figure is defined.
#[must_use]
pub fn mean(pairs: &[Vec<Figure>], count: usize) -> Vec<Figure> {
    let of = |at: usize| {
        let known = pairs.iter().filter_map(|values| values.get(at));
        let defined: Vec<f64> = known.clone().filter_map(|figure| figure.ok()).collect();
        match known.copied().next() {
            None => Err(Undefined::OneAnnotator),
            Some(first) if defined.is_empty() => first,
            Some(_) => Ok(defined.iter().sum::<f64>() / defined.len() as f64),
        }
    };
    (0..count).map(of).collect()
}

/// Cohen's κ of what two said by an attribute; nothing said counts as an answer.
///
/// # Errors
/// Where no label on the same place has it, or all have the same answer.
pub fn attribute_kappa(answers: &Answers) -> Figure {
    let values: BTreeSet<&Option<String>> = answers.keys().flat_map(|(a, b)| [a, b]).collect();
    let values: Vec<&Option<String>> = values.into_iter().collect();
    let mut square = Square::new(values.len());
    for ((a, b), count) in answers {
        if let (Ok(row), Ok(column)) = (values.binary_search(&a), values.binary_search(&b)) {
            square.count(row, column, *count);
        }
    }
    square.cohen().map_err(|why| if why == Undefined::NoLabels { Undefined::NoAttributes } else { why })
}
