//! A data statement, by the headings of Bender and Friedman, *Data Statements for Natural Language Processing* (2018).

use super::card::escape;
use super::stats::Stats;
use std::fmt::Write;

/// The name of the file.
pub const FILE: &str = "DATA_STATEMENT.md";

/// What is said where nothing is known.
const UNKNOWN: &str = "Not recorded.";

/// The statement: what the data itself tells; of all else, that it is not recorded.
#[must_use]
pub fn write(name: &str, stats: &Stats) -> String {
    let all = &stats.all;
    let people = match all.annotators.len() {
        0 => "Nobody has labelled a document.".to_owned(),
        1 => "One annotator, named in the card. Nothing more is recorded of them.".to_owned(),
        count => format!("{count} annotators, named in the card. Nothing more is recorded of them."),
    };
    let texts = format!(
        "{} documents of {} words and {} characters (Unicode code points). Genre, topic and dates are not recorded here.",
        all.documents, all.words, all.characters
    );
    let headings = [
        ("A. Curation rationale", UNKNOWN),
        ("B. Language variety", "Arabic (BCP-47: `ar`). The variety is not recorded."),
        ("C. Speaker demographic", UNKNOWN),
        ("D. Annotator demographic", people.as_str()),
        ("E. Speech situation", UNKNOWN),
        ("F. Text characteristics", texts.as_str()),
        ("G. Recording quality", UNKNOWN),
        ("H. Other", UNKNOWN),
        ("I. Provenance appendix", UNKNOWN),
    ];
    let mut out = format!(
        "# Data statement: {}\n\nBy the headings of Bender and Friedman, *Data Statements for Natural Language Processing* (2018). What nobody \
         recorded is said to be so, for somebody to fill in.\n",
        escape(name)
    );
    for (heading, text) in headings {
        // Writing to a string does not fail.
        let _ = write!(out, "\n## {heading}\n\n{text}\n");
    }
    out
}
