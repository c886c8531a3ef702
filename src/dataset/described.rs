//! What only people can say of a data set: its name, its licence, its languages, and what a data statement asks.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a data statement asks, by the headings of Bender and Friedman (2018): a short name, and the heading.
pub const HEADINGS: [(&str, &str); 9] = [
    ("rationale", "A. Curation rationale"),
    ("variety", "B. Language variety"),
    ("speakers", "C. Speaker demographic"),
    ("annotators", "D. Annotator demographic"),
    ("situation", "E. Speech situation"),
    ("texts", "F. Text characteristics"),
    ("recording", "G. Recording quality"),
    ("other", "H. Other"),
    ("provenance", "I. Provenance appendix"),
];

/// What somebody said of a data set; what is empty was not said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Described {
    /// How it is called; the project's name where this is empty.
    pub name: String,
    /// Under which licence it may be used, as Hugging Face names it.
    pub license: String,
    /// What it is, in Markdown.
    pub description: String,
    /// Its languages by BCP 47; Arabic where there is none.
    pub languages: Vec<String>,
    /// Where its texts come from, and who made it.
    pub source: String,
    /// How it is to be cited.
    pub citation: String,
    /// Answers of the data statement, by the short names of [`HEADINGS`].
    pub statement: BTreeMap<String, String>,
}

impl Described {
    /// How the data set is called.
    #[must_use]
    pub fn name_or<'a>(&'a self, project: &'a str) -> &'a str {
        said(&self.name).unwrap_or(project)
    }

    /// Languages that are written as BCP 47 asks, each once.
    #[must_use]
    pub fn languages(&self) -> Vec<&str> {
        let is_good = |code: &&str| !code.is_empty() && code.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        let mut found: Vec<&str> = Vec::new();
        for code in self.languages.iter().map(|code| code.trim()).filter(is_good) {
            if !found.contains(&code) {
                found.push(code);
            }
        }
        if found.is_empty() { vec!["ar"] } else { found }
    }
}

/// What was said, unless it is only white space.
#[must_use]
pub fn said(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}
