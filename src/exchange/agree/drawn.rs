//! The report as plots: how alike each pair is, what two people called the same words, how far edges are apart, and how alike
//! layers were in the course of work. Words come in from outside.

use super::cells::{Band, bands, of_confusion};
use super::told::{AgreeTold, COURSE, PairTold, find};
use crate::dataset::course::Course;
use crate::dataset::matrix::{Matrix, Square};
use crate::dataset::plot::Plot;
use crate::id::LabelId;

/// How names and numbers are written.
pub struct Written<'a> {
    /// A label, or none.
    pub label: &'a dyn Fn(Option<&LabelId>) -> String,
    /// A figure.
    pub figure: &'a dyn Fn(f64) -> String,
    /// A count.
    pub count: &'a dyn Fn(u64) -> String,
}

/// What stands where there is no number.
const NOTHING: &str = "—";

/// A figure of each pair, both ways.
#[must_use]
pub fn pairs(told: &AgreeTold, figure: &str, title: String, about: String, written: &Written) -> Matrix {
    let names: Vec<String> = told.annotators.iter().map(ToString::to_string).collect();
    let square = |value: Option<f64>| Square {
        value,
        said: value.map_or_else(|| NOTHING.to_owned(), written.figure),
        shade: value.unwrap_or(0.0).clamp(0.0, 1.0),
    };
    let rows = told.annotators.iter().map(|one| {
        let of = |other| told.pair(one, other).and_then(|pair| find(&told.pairs.get(pair)?.figures, figure)?.value);
        (one.to_string(), told.annotators.iter().map(|other| square(of(other))).collect())
    });
    Matrix { title, about, rows: rows.collect(), columns: names }
}

/// Tokens by the one label that each gave them. The shade goes by the root of the count, so that few are seen beside many; tokens that
/// nobody labelled do not pale the others.
#[must_use]
pub fn confusion(pair: &PairTold, labels: &[LabelId], title: String, about: String, written: &Written) -> Matrix {
    let names: Vec<String> = of_confusion(labels).iter().map(|label| (written.label)(label.as_ref())).collect();
    let is_nothing = |row: usize, column: usize| row == 0 && column == 0;
    let all =
        || pair.confusion.iter().enumerate().flat_map(|(row, counts)| counts.iter().enumerate().map(move |(column, count)| (row, column, *count)));
    let most = all().filter(|(row, column, _)| !is_nothing(*row, *column)).map(|(.., count)| count).max().unwrap_or(0).max(1);
    let square = |(row, column, count): (usize, usize, u64)| Square {
        value: Some(count as f64),
        said: (written.count)(count),
        shade: if is_nothing(row, column) { 0.0 } else { (count as f64 / most as f64).sqrt() },
    };
    let row = |(at, name): (usize, &String)| (name.clone(), all().filter(|(row, ..)| *row == at).map(square).collect());
    Matrix { title, about, rows: names.iter().enumerate().map(row).collect(), columns: names }
}

/// By how many characters the edges of spans differ.
#[must_use]
pub fn edges(differences: &[(i64, u64)], title: String, series: String, name: &dyn Fn(&Band) -> String) -> Plot {
    let bar = |band: &Band| (name(band), vec![usize::try_from(band.count).unwrap_or(usize::MAX)]);
    Plot { title, series: vec![series], bars: bands(differences).iter().map(bar).collect() }
}

/// A figure of each document, in the order of work.
#[must_use]
pub fn course(told: &AgreeTold, figure: &str, title: String, heads: [String; 3]) -> Course {
    let place = COURSE.iter().position(|name| *name == figure);
    let value = |values: &[Option<f64>]| place.and_then(|place| values.get(place).copied().flatten());
    let steps = told.course.iter().map(|step| (step.title.clone(), step.at, value(&step.values)));
    Course { title, heads, steps: steps.collect() }
}
