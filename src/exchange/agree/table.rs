//! The figures as a table (CSV): a line for each figure of each pair, of their mean and of all people.

use crate::adjudicate::csv_line;
use crate::agreement::Agreement;
use crate::agreement::figures::Figures;
use crate::formats::guard;

/// The table, in UTF-8. `of` is `pair`, `mean` or `all`; numbers are as JSON has them; where one is undefined `reason` says why. A
/// name that a table program would take for a formula has an apostrophe in front.
#[must_use]
pub fn csv(found: &Agreement) -> String {
    let mut out = csv_line(&["of", "a", "b", "documents", "figure", "value", "low", "high", "reason"]);
    for pair in &found.table.pairs {
        let [a, b] = [&pair.a, &pair.b].map(|name| guard(name.to_string()));
        add(["pair", &a, &b], pair.documents, &pair.figures, &mut out);
    }
    let documents = found.documents as u64;
    add(["mean", "", ""], documents, &found.table.mean, &mut out);
    add(["all", "", ""], documents, &found.table.whole, &mut out);
    out
}

fn add([of, a, b]: [&str; 3], documents: u64, figures: &Figures, out: &mut String) {
    let documents = documents.to_string();
    for (at, (path, figure)) in figures.entries.iter().enumerate() {
        let (low, high) = figures.intervals.get(at).copied().flatten().unzip();
        let [value, low, high] = [figure.ok(), low, high].map(|number| number.map_or_else(String::new, |number| number.to_string()));
        let reason = figure.err().map_or("", |why| why.id());
        out.push_str(&csv_line(&[of, a, b, &documents, &guard(path.join(".")), &value, &low, &high, reason]));
    }
}
