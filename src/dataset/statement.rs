//! A data statement, by the headings of Bender and Friedman, *Data Statements for Natural Language Processing* (2018).

use super::alike;
use super::card::escape;
use super::described::{Described, HEADINGS, said};
use super::stats::Stats;
use crate::agreement::Agreement;
use std::fmt::Write;

/// The name of the file.
pub const FILE: &str = "DATA_STATEMENT.md";

/// What is said where nothing is known.
const UNKNOWN: &str = "Not recorded.";

/// The statement: what somebody said, and what the data itself tells; of all else, that it is not recorded.
#[must_use]
pub fn write(name: &str, described: &Described, stats: &Stats, alike: Option<&Agreement>) -> String {
    let all = &stats.all;
    let people = match all.annotators.len() {
        0 => "Nobody has labelled a document.".to_owned(),
        1 => "One annotator, named in the card.".to_owned(),
        count => format!("{count} annotators, named in the card."),
    };
    let people = alike.map_or(people.clone(), |found| format!("{people} {}", alike::sentence(found)));
    let texts = format!("{} documents of {} words and {} characters (Unicode code points).", all.documents, all.words, all.characters);
    let languages: Vec<String> = described.languages().into_iter().map(|code| format!("`{code}`")).collect();
    let variety = format!("BCP-47: {}.", languages.join(", "));
    let mut out = format!(
        "# Data statement: {}\n\nBy the headings of Bender and Friedman, *Data Statements for Natural Language Processing* (2018). What nobody \
         recorded is said to be so, for somebody to fill in.\n",
        escape(name)
    );
    for (short, heading) in HEADINGS {
        let told = match short {
            "variety" => Some((variety.as_str(), "The variety is not recorded.")),
            "annotators" => Some((people.as_str(), "Nothing more is recorded of them.")),
            "texts" => Some((texts.as_str(), "Genre, topic and dates are not recorded here.")),
            _ => None,
        };
        let answer = described.statement.get(short).and_then(|answer| said(answer));
        let text = match (told, answer) {
            (Some((told, _)), Some(answer)) => format!("{told}\n\n{answer}"),
            (Some((told, silence)), None) => format!("{told} {silence}"),
            (None, answer) => answer.unwrap_or(UNKNOWN).to_owned(),
        };
        // Writing to a string does not fail.
        let _ = write!(out, "\n## {heading}\n\n{text}\n");
    }
    out
}
