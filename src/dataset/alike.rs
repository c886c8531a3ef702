//! How far the annotators of a data set agree, in the words of its card.

use super::card::escape;
use crate::adjudicate::GOLD;
use crate::agreement::{Agreement, Figure, Options, agree};
use crate::formats::export::Choice;
use crate::project::Project;
use std::fmt::Write;

/// The most labels for which γ is worked out, so that a card never takes long.
const GAMMA: usize = 2_000;

/// The figures of a pair that the card has: the name, and its heading.
const OF_PAIRS: [(&str, &str); 4] =
    [("observed.flat", "same tokens"), ("cohen_kappa.flat", "Cohen's κ"), ("span_f1.exact", "F1, exact"), ("span_f1.label", "F1, overlapping")];

/// The figures of all together.
const OF_ALL: [(&str, &str); 3] = [("krippendorff_alpha.flat", "Krippendorff's α"), ("alpha_u", "α_U"), ("gamma", "γ")];

/// How far they agree; none where no two people have labelled the same document. What a review made is nobody's own work.
#[must_use]
pub fn of(project: &Project) -> Option<Agreement> {
    let people = project.layers.iter().map(|(key, _)| key.annotator.clone()).filter(|annotator| annotator.as_str() != GOLD).collect();
    let own = Choice { annotators: Some(people), ..Choice::default() }.of(project);
    let options = Options { bootstrap: 0, unbegun: false, gamma_up_to: GAMMA, ..Options::default() };
    Some(agree(&own, &Default::default(), &options, &mut |_, _| {})).filter(|found| found.documents > 0)
}

fn number(figure: Option<Figure>) -> String {
    match figure {
        Some(Ok(number)) => format!("{number:.3}"),
        Some(Err(why)) => format!("undefined ({})", why.id()),
        None => "undefined".to_owned(),
    }
}

/// A part of the card.
pub(super) fn write(found: &Agreement, out: &mut String) {
    // Writing to a string does not fail.
    let _ = writeln!(out, "### Agreement\n\nOver the {} that at least two of them have labelled:\n", documents(found.documents));
    let headings = OF_PAIRS.map(|(_, heading)| heading).join(" | ");
    let _ = writeln!(out, "| annotators | documents | {headings} |\n|---|---|{}", "---|".repeat(OF_PAIRS.len()));
    for pair in &found.table.pairs {
        let figures = OF_PAIRS.map(|(name, _)| number(pair.figures.get(name))).join(" | ");
        let _ = writeln!(out, "| {}, {} | {} | {figures} |", escape(pair.a.as_str()), escape(pair.b.as_str()), pair.documents);
    }
    let all = OF_ALL.map(|(name, heading)| format!("{heading} {}", number(found.table.whole.get(name))));
    let _ = writeln!(
        out,
        "\nTogether: {}. A token ({}) has the label of its outermost span; F1 is of spans with the same label, of the same extent or sharing a character.\n",
        all.join(", "),
        found.tokens
    );
}

/// One sentence for the data statement.
pub(super) fn sentence(found: &Agreement) -> String {
    let alpha = number(found.table.whole.get(OF_ALL[0].0));
    format!("{} have labels of at least two of them: Krippendorff's α of tokens is {alpha}; more is in the card.", documents(found.documents))
}

fn documents(count: usize) -> String {
    if count == 1 { "1 document".to_owned() } else { format!("{count} documents") }
}
