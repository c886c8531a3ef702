//! What was counted for a figure of two people: the disagreements first, then what they agree on.

use super::told::PairTold;
use crate::agreement::Cell;
use crate::agreement::passages::Which;
use crate::id::LabelId;

/// The order in which what was matched is shown: what only one has comes first.
const SIDES: [Which; 3] = [Which::OnlyA, Which::OnlyB, Which::Matched];

/// What was counted for the figure of this name; nothing for a name that no figure has. `labels` are those of the report. Of two people
/// who are no pair of the report, as where others are measured against a reference, nothing is left out that was never counted.
#[must_use]
pub fn cells(figure: &str, pair: Option<&PairTold>, labels: &[LabelId]) -> Vec<Cell> {
    let (group, rest) = figure.split_once('.').unwrap_or((figure, ""));
    match group {
        "observed" | "cohen_kappa" | "fleiss_kappa" | "krippendorff_alpha" if rest == "flat" => tokens(pair, labels, true),
        "observed" | "cohen_kappa" | "fleiss_kappa" | "krippendorff_alpha" => covered(&label_of(rest)),
        "token_f1" | "token_precision" | "token_recall" => tokens(pair, labels, false),
        "span_f1" | "span_precision" | "span_recall" => spans(rest, None),
        "span_f1_by_label" => rest.rsplit_once('.').map_or_else(Vec::new, |(label, measure)| spans(measure, Some(label_of(label)))),
        "relation_f1" => SIDES.map(|side| Cell::Relations { measure: rest.to_owned(), side }).to_vec(),
        "attribute_kappa" => pair.map_or_else(Vec::new, |pair| answers(pair, rest)),
        "alpha_u" | "gamma" => spans("exact", None),
        "alpha_u_by_label" => spans("exact", Some(LabelId::from(rest))),
        _ => Vec::new(),
    }
}

/// The label of a key; one that is itself called `flat` is written otherwise.
#[must_use]
pub fn label_of(key: &str) -> LabelId {
    LabelId::from(if key == "label:flat" { "flat" } else { key })
}

/// Labels of a confusion: none, then those of the report.
#[must_use]
pub fn of_confusion(labels: &[LabelId]) -> Vec<Option<LabelId>> {
    std::iter::once(None).chain(labels.iter().cloned().map(Some)).collect()
}

fn tokens(pair: Option<&PairTold>, labels: &[LabelId], is_none_counted: bool) -> Vec<Cell> {
    let names = of_confusion(labels);
    let count = |row: usize, column: usize| pair.map_or(Some(&1), |pair| pair.confusion.get(row)?.get(column)).copied().unwrap_or(0);
    let mut found: Vec<(bool, u64, Cell)> = Vec::new();
    for (row, a) in names.iter().enumerate() {
        for (column, b) in names.iter().enumerate().filter(|(column, _)| count(row, *column) > 0) {
            if is_none_counted || a.is_some() || b.is_some() {
                found.push((a == b, count(row, column), Cell::Tokens { a: a.clone(), b: b.clone() }));
            }
        }
    }
    // Where neither has a label comes last.
    let is_nothing = |cell: &Cell| matches!(cell, Cell::Tokens { a: None, b: None });
    found.sort_by_key(|(is_same, count, cell)| (is_nothing(cell), *is_same, u64::MAX - count));
    found.into_iter().map(|(.., cell)| cell).collect()
}

fn covered(label: &LabelId) -> Vec<Cell> {
    [(true, false), (false, true), (true, true)].map(|(a, b)| Cell::Covered { label: label.clone(), a, b }).to_vec()
}

fn spans(measure: &str, label: Option<LabelId>) -> Vec<Cell> {
    SIDES.map(|side| Cell::Spans { measure: measure.to_owned(), side, label: label.clone() }).to_vec()
}

fn answers(pair: &PairTold, name: &str) -> Vec<Cell> {
    let Some((_, answers)) = pair.answers.iter().find(|(known, _)| known == name) else { return Vec::new() };
    let mut answers: Vec<_> = answers.iter().collect();
    answers.sort_by_key(|answer| (answer.a == answer.b, u64::MAX - answer.count));
    answers.into_iter().map(|answer| Cell::Attribute { name: name.to_owned(), a: answer.a.clone(), b: answer.b.clone() }).collect()
}

/// Some differences of edges together: from one to another number of characters, and how many spans differ so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Band {
    /// The least.
    pub low: i64,
    /// The most.
    pub high: i64,
    /// How many spans.
    pub count: u64,
}

/// Beyond so many characters differences are told together.
const NEAR: i64 = 5;

/// Differences from the earliest to the latest: each number near 0 by itself, also where nothing differs so; those far off together.
#[must_use]
pub fn bands(differences: &[(i64, u64)]) -> Vec<Band> {
    let count = |low: i64, high: i64| differences.iter().filter(|(by, _)| (low..=high).contains(by)).map(|(_, count)| count).sum();
    let band = |low: i64, high: i64| Band { low, high, count: count(low, high) };
    let reach = differences.iter().map(|(by, _)| by.saturating_abs()).max().unwrap_or(0).min(NEAR);
    let (least, most) = (differences.iter().map(|(by, _)| *by).min(), differences.iter().map(|(by, _)| *by).max());
    let before = least.filter(|by| *by < -NEAR).map(|least| band(least, -NEAR - 1));
    let after = most.filter(|by| *by > NEAR).map(|most| band(NEAR + 1, most));
    before.into_iter().chain((-reach..=reach).map(|by| band(by, by))).chain(after).collect()
}

/// What was counted in a band.
#[must_use]
pub fn edges(differences: &[(i64, u64)], band: &Band, is_start: bool) -> Vec<Cell> {
    let within = differences.iter().filter(|(by, count)| (band.low..=band.high).contains(by) && *count > 0);
    within.map(|(by, _)| Cell::Edge { is_start, by: *by }).collect()
}
