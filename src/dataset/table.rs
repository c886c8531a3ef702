//! Counts as a table (CSV): a line for each number, with its split and what it counts.

use super::stats::{Counts, Histogram, Stats};
use crate::formats::guard;

/// The table, in UTF-8 with LF, as RFC 4180 quotes; a name that a table program would take for a formula has an apostrophe in front.
#[must_use]
pub fn write(stats: &Stats) -> Vec<u8> {
    let mut rows: Vec<[String; 4]> = vec![["split", "measure", "name", "count"].map(str::to_owned)];
    add("all", &stats.all, &mut rows);
    for part in &stats.splits {
        add(&part.name, &part.counts, &mut rows);
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        // Memory takes all that is written.
        let _ = writer.write_record(row.map(guard));
    }
    writer.into_inner().unwrap_or_default()
}

fn add(split: &str, counts: &Counts, rows: &mut Vec<[String; 4]>) {
    let mut row =
        |measure: &str, name: &str, count: &dyn ToString| rows.push([split.to_owned(), measure.to_owned(), name.to_owned(), count.to_string()]);
    row("documents", "", &counts.documents);
    row("characters", "", &counts.characters);
    row("words", "", &counts.words);
    row("layers", "", &counts.layers);
    counts.statuses.iter().for_each(|(name, count)| row("documents-by-status", name, count));
    counts.labels.iter().for_each(|(name, count)| row("labels", name, count));
    counts.relations.iter().for_each(|(name, count)| row("relations", name, count));
    for (name, answers) in &counts.attributes {
        row("attributes", name, &answers.labels);
        answers.values.iter().for_each(|(value, count)| row("attribute-values", &format!("{name}={value}"), count));
    }
    for (name, person) in &counts.annotators {
        row("documents-by-annotator", name, &person.documents);
        row("labels-by-annotator", name, &person.labels);
        row("relations-by-annotator", name, &person.relations);
    }
    let mut histogram = |measure: &str, histogram: &Histogram| histogram.iter().for_each(|(size, count)| row(measure, &size.to_string(), count));
    histogram("labels-by-characters", &counts.characters_per_label);
    histogram("labels-by-words", &counts.words_per_label);
    histogram("labels-by-depth", &counts.depths);
    row("nested", "", &counts.nested);
    row("crossing", "", &counts.crossing);
    row("same-place", "", &counts.same_place);
    row("in-pieces", "", &counts.in_pieces);
    row("unsure", "", &counts.unsure);
    row("notes", "", &counts.notes);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::stats::Part;

    #[test]
    fn names_are_quoted_and_no_formula() {
        let mut counts = Counts { documents: 1, ..Counts::default() };
        counts.labels.insert("=1+1".to_owned(), 2);
        counts.labels.insert("a,\"b\"\nc".to_owned(), 3);
        let written = write(&Stats { all: counts.clone(), splits: vec![Part { name: "train".to_owned(), counts }] });
        let text = String::from_utf8(written).expect("UTF-8");
        assert!(text.starts_with("split,measure,name,count\nall,documents,,1\n"), "{text}");
        assert!(text.contains("\nall,labels,'=1+1,2\nall,labels,\"a,\"\"b\"\"\nc\",3\n"), "{text}");
        assert!(text.contains("\ntrain,documents,,1\n"), "{text}");
    }
}
