//! A data set as files: each split in a format, with card, data statement, counts, plots and `EXPORT.json`.

use super::card::{self, Card};
use super::described::Described;
use super::plot;
use super::split::{Plan, Split, SplitProblem, split};
use super::stats::Stats;
use super::{alike, statement, table};
use crate::formats::Format;
use crate::formats::export::{self, Choice, Export, Exported, Options};
use crate::formats::files::Files;
use crate::formats::loss::Loss;
use crate::formats::side::{SIDE_FILE, Side};
use crate::id::DocumentId;
use crate::project::{LayerKey, Project};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

/// How a data set is made.
pub struct About<'a> {
    /// What of the project.
    pub choice: &'a Choice,
    /// In which format.
    pub format: Format,
    /// How it is written, where the format leaves a choice.
    pub options: &'a Options,
    /// How it is shared out.
    pub plan: &'a Plan,
    /// What somebody said of it.
    pub described: &'a Described,
    /// How plots are called.
    pub titles: plot::Titles<'a>,
}

/// A data set.
#[derive(Clone, Debug)]
pub struct Built {
    /// All of its files.
    pub files: Files,
    /// Which documents are where.
    pub split: Split,
    /// What is in it.
    pub stats: Stats,
    /// What the format could not hold.
    pub losses: Vec<Loss>,
}

/// Why there is no data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuildProblem {
    /// The documents cannot be shared out.
    Split(SplitProblem),
    /// The format cannot be written.
    OnlyRead,
}

impl fmt::Display for BuildProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Split(problem) => problem.fmt(formatter),
            Self::OnlyRead => formatter.write_str("the format is only read"),
        }
    }
}

impl std::error::Error for BuildProblem {}

/// Makes a data set of a project; `told` hears of each step that is done, with how many there are.
///
/// A folder for each split has what the format writes of its documents; Hugging Face's layout has a file for each split instead,
/// for one card names them all. The same project and the same wishes give the same bytes.
///
/// # Errors
/// Where the documents cannot be shared out, or the format cannot be written.
pub fn build(
    project: &Project,
    revisions: &BTreeMap<LayerKey, u64>,
    about: &About,
    told: &mut dyn FnMut(usize, usize),
) -> Result<Built, BuildProblem> {
    if !about.format.is_written() {
        return Err(BuildProblem::OnlyRead);
    }
    let mut chosen = about.choice.of(project);
    chosen.name = about.described.name_or(&chosen.name).into();
    let plan = &about.plan.named_for(about.format);
    let steps = plan.shares.iter().count() + 2;
    told(0, steps);
    let split = split(&chosen, plan).map_err(BuildProblem::Split)?;
    told(1, steps);
    let stats = Stats::of(&chosen, Some(&split));
    told(2, steps);
    let mut files = Files::new();
    let own = if about.format == Format::HuggingFace { Some(as_one(&chosen, revisions, &split, about, &mut files)?) } else { None };
    let mut sides: BTreeMap<DocumentId, String> = BTreeMap::new();
    for (number, (name, documents)) in split.parts.iter().enumerate() {
        if own.is_none() && !documents.is_empty() {
            let part = Choice { documents: Some(documents.iter().cloned().collect()), ..Choice::default() }.of(&chosen);
            let exported = export::write_out(&Export::part(&part, &chosen, revisions, about.options), about.format).ok_or(BuildProblem::OnlyRead)?;
            for (path, bytes) in exported.with_side().iter() {
                files.insert(format!("{name}/{path}"), bytes);
            }
        }
        sides.extend(documents.iter().map(|document| (document.clone(), name.clone())));
        told(3 + number, steps);
    }
    let losses = export::lost(&chosen, about.format, about.options);
    let alike = alike::of(&chosen);
    let own_card = own.as_ref().and_then(|(_, card)| card.as_deref());
    let card = Card {
        name: &chosen.name,
        described: about.described,
        format: about.format,
        own: own_card,
        examples: own.as_ref().map_or(chosen.documents.len(), |(rows, _)| *rows),
        plan,
        split: &split,
        stats: &stats,
        schema: &chosen.schema,
        losses: &losses,
        alike: alike.as_ref(),
    };
    files.insert(card::FILE, card.write());
    files.insert(statement::FILE, statement::write(&chosen.name, about.described, &stats, alike.as_ref()));
    files.insert("STATS.json", stats.to_json());
    files.insert("STATS.csv", table::write(&stats));
    for (name, plot) in plot::plots(&stats, &chosen.schema, &about.titles) {
        files.insert(format!("STATS-{name}.svg"), plot.to_svg());
    }
    files.insert(SIDE_FILE, side(&chosen, about, plan, &split, &sides, &losses));
    Ok(Built { files, split, stats, losses })
}

/// All splits as files of one export, whose documents say which split they are in; how many rows there are, and the card.
fn as_one(
    chosen: &Project,
    revisions: &BTreeMap<LayerKey, u64>,
    split: &Split,
    about: &About,
    files: &mut Files,
) -> Result<(usize, Option<String>), BuildProblem> {
    let mut named = chosen.clone();
    for (name, documents) in &split.parts {
        for id in documents {
            if let Some(document) = named.documents.get_mut(id) {
                Arc::make_mut(document).meta.insert("split".to_owned(), name.as_str().into());
            }
        }
    }
    let Exported { files: mut data, .. } = export::export(&named, revisions, about.format, about.options).ok_or(BuildProblem::OnlyRead)?;
    let card = data.remove(card::FILE).and_then(|bytes| String::from_utf8(bytes).ok());
    let rows = data.iter().map(|(_, bytes)| bytes.iter().filter(|byte| **byte == b'\n').count()).sum();
    data.iter().for_each(|(path, bytes)| drop(files.insert(path, bytes)));
    Ok((rows, card))
}

/// `EXPORT.json` of the whole: as that of an export, with the splits and how they came about.
fn side(chosen: &Project, about: &About, plan: &Plan, split: &Split, sides: &BTreeMap<DocumentId, String>, losses: &[Loss]) -> Vec<u8> {
    let none = BTreeMap::new();
    let export = Export::new(chosen, &none, about.options);
    let side: Side = export::side(&export, about.format, losses);
    let mut value = serde_json::to_value(side).unwrap_or_default();
    for document in value.get_mut("documents").and_then(Value::as_array_mut).into_iter().flatten() {
        let name = document.get("id").and_then(Value::as_str).and_then(|id| sides.get(&DocumentId::from(id)));
        if let (Some(name), Some(object)) = (name.cloned(), document.as_object_mut()) {
            object.insert("split".to_owned(), name.into());
        }
    }
    let sizes: Vec<Value> = split.parts.iter().map(|(name, documents)| json!({ "name": name, "documents": documents.len() })).collect();
    let Plan { seed, shares, near } = plan;
    if let Some(object) = value.as_object_mut() {
        let plan = json!({ "seed": seed, "shares": shares, "near": near, "choice": about.choice, "splits": sizes, "near_duplicates": split.groups });
        object.insert("dataset".to_owned(), plan);
    }
    // Plain data is always written.
    let mut bytes = serde_json::to_vec_pretty(&value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// What is chosen of a project and is not in it: kind and name.
#[must_use]
pub fn unknown(choice: &Choice, project: &Project) -> Vec<(&'static str, String)> {
    let people: BTreeSet<_> = project.layers.iter().map(|(key, _)| &key.annotator).collect();
    let is_used = |label| project.layers.values().any(|layer| layer.count(label) > 0);
    let documents = choice.documents.iter().flatten().filter(|id| !project.documents.contains_key(id)).map(|id| ("document", id.to_string()));
    let annotators = choice.annotators.iter().flatten().filter(|name| !people.contains(name)).map(|name| ("annotator", name.to_string()));
    let labels = choice.labels.iter().flatten().filter(|label| project.schema.label(label).is_none() && !is_used(label));
    documents.chain(annotators).chain(labels.map(|label| ("label", label.to_string()))).collect()
}
