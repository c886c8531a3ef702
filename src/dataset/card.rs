//! The card of a data set: `README.md` as Hugging Face has it, YAML in front, then what people want to know.

use super::alike;
use super::described::{Described, said};
use super::near::SHINGLE;
use super::split::{Plan, Split};
use super::stats::{Counts, Stats, in_order, median};
use crate::agreement::Agreement;
use crate::formats::loss::Loss;
use crate::formats::{Format, yaml};
use crate::schema::{Names, Schema};
use std::fmt::Write;

/// The name of the file.
pub const FILE: &str = "README.md";

/// What a card is made of.
pub struct Card<'a> {
    /// How the data set is called.
    pub name: &'a str,
    /// What somebody said of it.
    pub described: &'a Described,
    /// In which format the data is.
    pub format: Format,
    /// The format's own card, where it has one.
    pub own: Option<&'a str>,
    /// How many rows or documents there are.
    pub examples: usize,
    /// How it was shared out.
    pub plan: &'a Plan,
    /// Which documents are where.
    pub split: &'a Split,
    /// What is in it.
    pub stats: &'a Stats,
    /// What may be labelled.
    pub schema: &'a Schema,
    /// What the format could not hold.
    pub losses: &'a [Loss],
    /// How far its annotators agree, where that can be said.
    pub alike: Option<&'a Agreement>,
}

impl Card<'_> {
    /// The card.
    #[must_use]
    pub fn write(&self) -> String {
        let mut out = self.front_matter();
        // Writing to a string does not fail.
        let _ = writeln!(out, "\n# {}\n", escape(self.name));
        if let Some(description) = said(&self.described.description) {
            let _ = writeln!(out, "{description}\n");
        }
        self.splits(&mut out);
        self.labels(&mut out);
        self.people(&mut out);
        self.files(&mut out);
        let licence = said(&self.described.license).map_or_else(|| "Nobody said under which licence.".to_owned(), escape);
        let _ = write!(out, "## Licence\n\n{licence}\n\n");
        for (heading, text) in [("Source", &self.described.source), ("Citation", &self.described.citation)] {
            if let Some(text) = said(text) {
                let _ = write!(out, "## {heading}\n\n{text}\n\n");
            }
        }
        self.guidelines(&mut out);
        out
    }

    fn front_matter(&self) -> String {
        let size = size_category(self.examples);
        let license = said(&self.described.license).map_or_else(|| "unknown".to_owned(), yaml);
        let languages: String = self.described.languages().into_iter().map(|code| format!("- {}\n", language(code))).collect();
        let mut out = format!("---\nlicense: {license}\nlanguage:\n{languages}size_categories:\n- {size}\n");
        match self.own.and_then(parts) {
            Some((front, _)) => out.push_str(front),
            None => {
                let _ = write!(out, "pretty_name: {}\ntask_categories:\n- token-classification\n", yaml(self.name));
            }
        }
        out.push_str("---\n");
        out
    }

    fn splits(&self, out: &mut String) {
        out.push_str("## Splits\n\n| split | documents | words | characters | labels | relations |\n|---|---|---|---|---|---|\n");
        let mut row = |name: &str, counts: &Counts| {
            let (labels, relations) = (counts.label_count(), counts.relation_count());
            let Counts { documents, words, characters, .. } = counts;
            let _ = writeln!(out, "| {name} | {documents} | {words} | {characters} | {labels} | {relations} |");
        };
        self.stats.splits.iter().for_each(|part| row(&part.name, &part.counts));
        row("all", &self.stats.all);
        let Plan { seed, shares, near } = self.plan;
        let _ = write!(
            out,
            "\nDocuments were shared out {} by the seed {seed}, alike in their labels; characters are Unicode code points.",
            shares.written()
        );
        let together: usize = self.split.groups.iter().map(|group| group.documents.len()).sum();
        let _ = match (self.split.groups.len(), near) {
            (_, None) => writeln!(out, " Near duplicates were not looked for.\n"),
            (0, Some(near)) => writeln!(out, " No two texts were found that share {near} of their shingles of {SHINGLE} words or more.\n"),
            (count, Some(near)) => writeln!(
                out,
                " Texts that share {near} of their shingles of {SHINGLE} words or more are in one split: {together} documents in {count} {}, \
                 named in `EXPORT.json`.\n",
                if count == 1 { "group" } else { "groups" }
            ),
        };
    }

    fn labels(&self, out: &mut String) {
        let parts = &self.stats.splits;
        let table = |out: &mut String, of: &dyn Fn(&Counts) -> Vec<(String, usize)>, described: &dyn Fn(&str) -> String| {
            let names: String = parts.iter().map(|part| format!(" {} |", part.name)).collect();
            let _ = writeln!(out, "| name | what it is |{names} all |\n|---|---|{}---|", "---|".repeat(parts.len()));
            for (name, count) in of(&self.stats.all) {
                let counts = parts.iter().map(|part| of(&part.counts).into_iter().find(|(other, _)| *other == name).map_or(0, |(_, count)| count));
                let counts: String = counts.map(|count| format!(" {count} |")).collect();
                let _ = writeln!(out, "| {} | {} |{counts} {count} |", escape(&name), described(&name));
            }
            out.push('\n');
        };
        let owned = |found: Vec<(&str, usize)>| found.into_iter().map(|(name, count)| (name.to_owned(), count)).collect::<Vec<_>>();
        out.push_str("## Labels\n\n");
        let label = |name: &str| {
            let label = self.schema.labels.iter().find(|label| label.id.as_str() == name);
            label.map_or_else(String::new, |label| described(&label.names, label.description.as_ref()))
        };
        table(out, &|counts| owned(in_order(self.schema, &counts.labels)), &label);
        if !self.stats.all.relations.is_empty() {
            out.push_str("## Relations\n\n");
            let relation = |name: &str| {
                let relation = self.schema.relations.iter().find(|relation| relation.id.as_str() == name);
                relation.map_or_else(String::new, |relation| described(&relation.names, relation.description.as_ref()))
            };
            table(out, &|counts| counts.relations.iter().map(|(name, count)| (name.clone(), *count)).collect(), &relation);
        }
        let all = &self.stats.all;
        let half = |histogram| median(histogram).map_or_else(|| "none".to_owned(), |median| median.to_string());
        let _ = writeln!(
            out,
            "Inside another label: {}; crossing another: {}; at the place of another: {}; in pieces: {}. The median length of a label is {} \
             characters and {} words. More is in `STATS.json`, `STATS.csv` and the plots beside.\n",
            all.nested,
            all.crossing,
            all.same_place,
            all.in_pieces,
            half(&all.characters_per_label),
            half(&all.words_per_label)
        );
    }

    fn people(&self, out: &mut String) {
        out.push_str("## Annotators\n\n");
        if self.stats.all.annotators.is_empty() {
            out.push_str("Nobody has labelled a document of it.\n\n");
            return;
        }
        out.push_str("| name | documents | labels | relations |\n|---|---|---|---|\n");
        for (name, person) in &self.stats.all.annotators {
            let _ = writeln!(out, "| {} | {} | {} | {} |", escape(name), person.documents, person.labels, person.relations);
        }
        out.push('\n');
        match self.alike {
            Some(found) => alike::write(found, out),
            None if self.stats.all.annotators.len() > 1 => {
                out.push_str("No two of them labelled the same document, so that nothing tells how far they agree.\n\n")
            }
            None => {}
        }
    }

    fn files(&self, out: &mut String) {
        let unit = match self.format.unit() {
            crate::formats::units::Unit::None => "there are no positions in it".to_owned(),
            unit => format!("positions count {}", unit.name()),
        };
        let place = if self.own.is_some() { "A file for each split" } else { "A folder for each split" };
        let _ = writeln!(out, "## Files\n\n{place}, in the format `{}`; {unit}. `EXPORT.json` says which documents are where.\n", self.format.name());
        if let Some((_, body)) = self.own.and_then(parts) {
            let _ = writeln!(out, "{}\n", body.trim());
        }
        if !self.losses.is_empty() {
            out.push_str("What was there and the format does not hold:\n\n");
            for loss in self.losses {
                let _ = writeln!(out, "- {} {} ({})", loss.count, loss.kind.words(loss.count), loss.rule);
            }
            out.push('\n');
        }
    }

    fn guidelines(&self, out: &mut String) {
        let whole = self.schema.guidelines.iter().map(|names| (None, names));
        let each = self.schema.labels.iter().filter_map(|label| Some((Some(label), label.guidelines.as_ref()?)));
        let all: Vec<_> = whole.chain(each).collect();
        let is_said = |text: &str| !text.trim().is_empty();
        if all.iter().any(|(_, names)| is_said(&names.en) || is_said(&names.ar)) {
            out.push_str("## Guidelines\n\n");
        }
        for (label, names) in all {
            if let Some(label) = label.filter(|_| is_said(&names.en) || is_said(&names.ar)) {
                let _ = writeln!(out, "### {}\n", escape(label.id.as_str()));
            }
            for text in [&names.en, &names.ar].into_iter().filter(|text| is_said(text)) {
                let _ = writeln!(out, "{}\n", text.trim());
            }
        }
        if let Some(credit) = &self.schema.credit {
            let text = if is_said(&credit.en) { &credit.en } else { &credit.ar };
            let _ = writeln!(out, "The schema: {}\n", escape(text));
        }
    }
}

/// The names, and one sentence, in both languages.
fn described(names: &Names, description: Option<&Names>) -> String {
    let said =
        |names: &Names| [&names.en, &names.ar].into_iter().filter(|text| !text.is_empty()).map(|text| escape(text)).collect::<Vec<_>>().join(" · ");
    let description = description.map(said).filter(|text| !text.is_empty());
    description.map_or_else(|| said(names), |description| format!("{}: {description}", said(names)))
}

/// A code of a language as YAML has it: some, as that of Norwegian, would be read as yes or no.
fn language(code: &str) -> String {
    let is_word = ["no", "on", "off", "yes", "y", "n"].iter().any(|word| word.eq_ignore_ascii_case(code));
    if is_word || code.starts_with(|first: char| first.is_ascii_digit()) { yaml(code) } else { code.to_owned() }
}

/// How Hugging Face says how many rows there are.
fn size_category(examples: usize) -> &'static str {
    match examples {
        0..1_000 => "n<1K",
        1_000..10_000 => "1K<n<10K",
        10_000..100_000 => "10K<n<100K",
        100_000..1_000_000 => "100K<n<1M",
        1_000_000..10_000_000 => "1M<n<10M",
        _ => "n>10M",
    }
}

/// The lines between `---` of a card, with their end, and what follows them.
fn parts(card: &str) -> Option<(&str, &str)> {
    let rest = card.strip_prefix("---\n")?;
    let end = rest.find("\n---\n")?;
    Some((rest.get(..end + 1)?, rest.get(end + 5..)?))
}

/// Words as Markdown shows them, on one line.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '|' | '!' | '&' | '~' => out.extend(['\\', character]),
            _ if character.is_control() || matches!(character, '\u{2028}' | '\u{2029}') => out.push(' '),
            _ => out.push(character),
        }
    }
    out
}
