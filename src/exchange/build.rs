//! A data set is made of what is kept: looked at first, with what should be known of it, then saved as one archive.

use super::{Answer, ExportAsked};
use crate::dataset::plot::Plot;
use crate::dataset::{Described, Group, SplitProblem};
use crate::id::{Annotator, DocumentId};
use crate::schema::CheckKind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[cfg(feature = "datasets")]
pub use made::build;

/// What data set is to be made.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct BuildAsked {
    /// What is chosen, in which format, and how that is written.
    pub export: ExportAsked,
    /// What the order of documents begins with.
    pub seed: u64,
    /// The shares of train and test, or of train, dev and test.
    pub shares: Vec<u32>,
    /// From which similarity on documents are near duplicates; without it none are.
    pub near: Option<f64>,
    /// What somebody said of it.
    pub described: Described,
    /// Whether the archive is written.
    pub save: bool,
}

/// What a data set is, or why there is none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct BuildTold {
    /// Why there is none.
    pub problem: Option<Trouble>,
    /// The splits, in order, and all of them together at the end.
    pub parts: Vec<PartTold>,
    /// Near duplicates, which stay in one split.
    pub groups: Vec<Group>,
    /// How many documents nobody has a label in, and some of them.
    pub unlabelled: Named,
    /// How many documents several people have labelled, and some of them.
    pub shared: Named,
    /// Two people and the number of documents that both have labelled.
    pub pairs: Vec<(Annotator, Annotator, usize)>,
    /// How many checks are open, by their kind.
    pub open: Vec<(CheckKind, usize)>,
    /// The documents in which they are, and some of them.
    pub open_in: Named,
    /// Plots, by the short names of their files.
    pub plots: Vec<(String, Plot)>,
    /// The card.
    pub card: String,
    /// The data statement.
    pub statement: String,
    /// The paths and sizes of all files, in bytes.
    pub files: Vec<(String, usize)>,
    /// Titles of the documents that are named.
    pub titles: BTreeMap<DocumentId, String>,
}

/// Why there is no data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trouble {
    /// Nothing is chosen.
    Nothing,
    /// The shares or the similarity make no sense.
    Plan,
    /// The format is only read.
    OnlyRead,
    /// The documents cannot be shared out.
    Split(SplitProblem),
}

/// Documents, counted; some of them by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// How many there are.
    pub count: usize,
    /// The first of them.
    pub some: Vec<DocumentId>,
}

/// A split, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartTold {
    /// Its name; empty for all of them.
    pub name: String,
    /// Texts.
    pub documents: usize,
    /// Words of the texts.
    pub words: u64,
    /// Code points of the texts.
    pub characters: u64,
    /// Labels of each kind.
    pub labels: BTreeMap<String, usize>,
    /// Relations of all kinds.
    pub relations: usize,
    /// Its documents, the first of them.
    pub some: Vec<DocumentId>,
}

impl BuildAsked {
    /// Reads a task's JSON; what cannot be read asks for nothing.
    #[must_use]
    pub fn read(written: &str) -> Self {
        crate::json::parse(written).unwrap_or_default()
    }
}

impl BuildTold {
    /// As an answer, without a file.
    #[must_use]
    pub fn answer(&self) -> Answer {
        Answer { told: serde_json::to_string(self).ok(), ..Answer::default() }
    }
}

#[cfg(feature = "datasets")]
mod made {
    use super::super::checks::open_in;
    use super::super::stock::{Bin, Records, Stock};
    use super::super::{Answer, Tell};
    use super::{BuildAsked, BuildTold, Named, PartTold, Trouble};
    use crate::dataset::whole::{BuildProblem, Built};
    use crate::dataset::{About, Counts, Plan, Shares, card, near, plot, statement};
    use crate::formats::{Format, archive};
    use crate::id::{Annotator, DocumentId};
    use crate::layer::Layer;
    use crate::persist::Keyspace;
    use crate::project::Project;
    use crate::schema::CheckKind;
    use std::collections::{BTreeMap, BTreeSet};

    /// The most documents of a kind that are named.
    const NAMED: usize = 50;
    /// Of a hundred parts of the work, how many have passed once all is read, and once it is checked.
    const READ: usize = 25;
    const CHECKED: usize = 45;

    /// Makes the data set, tells what it is and what should be known of it, and packs it where it is to be saved.
    #[must_use]
    pub fn build(keys: &Keyspace, records: Records, asked: &BuildAsked, tell: Tell) -> Answer {
        let mut stock = Stock::read(keys, records, Bin::LeftOut, &mut |done, of| tell(done * READ / of.max(1), 100));
        asked.export.hide(&mut stock);
        let choice = &asked.export.choice;
        let chosen = choice.of(&stock.project);
        let mut told = BuildTold::default();
        if !asked.save {
            // Checks look at all labels of those who are chosen: one of another kind may be what a claim is missing.
            let whole = crate::formats::export::Choice { labels: None, ..choice.clone() }.of(&stock.project);
            told.look(&chosen, &whole, &mut |done, of| tell(READ + done * (CHECKED - READ) / of.max(1), 100));
        }
        let plan = Shares::new(&asked.shares).filter(|_| asked.near.is_none_or(|near| near > 0.0 && near <= 1.0));
        let plan = plan.map(|shares| Plan { seed: asked.seed, shares, near: asked.near });
        let built = match &plan {
            None => Err(Trouble::Plan),
            _ if chosen.documents.is_empty() => Err(Trouble::Nothing),
            Some(plan) => {
                let about = About {
                    choice,
                    format: Format::from_name(&asked.export.format).unwrap_or(Format::Wusum),
                    options: &asked.export.options,
                    plan,
                    described: &asked.described,
                    titles: plot::ENGLISH,
                };
                // Where labels are missing, a file must not pass for a later state of the whole layer.
                let revisions = if choice.labels.is_some() { BTreeMap::new() } else { stock.revisions() };
                let built = crate::dataset::build(&stock.project, &revisions, &about, &mut |done, of| {
                    tell(CHECKED + done * (99 - CHECKED) / of.max(1), 100);
                });
                built.map_err(|problem| match problem {
                    BuildProblem::Split(problem) => Trouble::Split(problem),
                    BuildProblem::OnlyRead => Trouble::OnlyRead,
                })
            }
        };
        let mut file = Vec::new();
        let mut written = false;
        match built {
            Ok(built) if asked.save => written = archive::write(&built.files, &mut file).is_ok(),
            Ok(built) => told.take(built, &chosen),
            Err(trouble) => {
                told.problem = Some(trouble);
                told.groups = asked.near.map(|threshold| near::groups(&chosen, threshold)).unwrap_or_default();
                told.parts.push(PartTold::of("", &Counts::of(&chosen, None), Vec::new()));
            }
        }
        told.name_titles(&chosen);
        Answer { written, file, ..told.answer() }
    }

    impl Named {
        fn take(&mut self, document: &DocumentId) {
            self.count += 1;
            if self.some.len() < NAMED {
                self.some.push(document.clone());
            }
        }
    }

    impl PartTold {
        fn of(name: &str, counts: &Counts, documents: Vec<DocumentId>) -> Self {
            Self {
                name: name.to_owned(),
                documents: counts.documents,
                words: counts.words,
                characters: counts.characters,
                labels: counts.labels.clone(),
                relations: counts.relation_count(),
                some: documents.into_iter().take(NAMED).collect(),
            }
        }
    }

    impl BuildTold {
        /// What should be looked at before: documents without labels, those of several people, checks that are open.
        fn look(&mut self, chosen: &Project, whole: &Project, tell: Tell) {
            let mut people: BTreeMap<&DocumentId, BTreeSet<&Annotator>> = BTreeMap::new();
            for (key, _) in chosen.layers.iter().filter(|(_, layer)| !layer.is_empty()) {
                people.entry(&key.document).or_default().insert(&key.annotator);
            }
            let mut pairs: BTreeMap<(&Annotator, &Annotator), usize> = BTreeMap::new();
            for (id, _) in chosen.documents.iter() {
                let Some(people) = people.get(id) else {
                    self.unlabelled.take(id);
                    continue;
                };
                if people.len() > 1 {
                    self.shared.take(id);
                }
                for (at, one) in people.iter().enumerate() {
                    people.iter().skip(at + 1).for_each(|other| *pairs.entry((one, other)).or_default() += 1);
                }
            }
            self.pairs = pairs.into_iter().map(|((one, other), count)| (one.clone(), other.clone(), count)).collect();
            let layers: Vec<(&DocumentId, &Layer)> = whole.layers.iter().map(|(key, layer)| (&key.document, layer)).collect();
            let mut sums = [0; CheckKind::ALL.len()];
            for (id, counts) in open_in(whole, &layers, tell) {
                self.open_in.take(id);
                sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
            }
            self.open = CheckKind::ALL.into_iter().zip(sums).filter(|(_, sum)| *sum > 0).collect();
        }

        fn take(&mut self, built: Built, chosen: &Project) {
            let text = |path: &str| String::from_utf8_lossy(built.files.get(path).unwrap_or_default()).into_owned();
            self.card = text(card::FILE);
            self.statement = text(statement::FILE);
            self.files = built.files.iter().map(|(path, bytes)| (path.to_owned(), bytes.len())).collect();
            let parts = built.stats.splits.iter().zip(built.split.parts);
            self.parts = parts.map(|(part, (_, documents))| PartTold::of(&part.name, &part.counts, documents)).collect();
            self.parts.push(PartTold::of("", &built.stats.all, Vec::new()));
            let plots = plot::plots(&built.stats, &chosen.schema, &plot::ENGLISH);
            self.plots = plots.into_iter().map(|(name, plot)| (name.to_owned(), plot)).collect();
            self.groups = built.split.groups;
        }

        fn name_titles(&mut self, chosen: &Project) {
            let named = [&self.unlabelled, &self.shared, &self.open_in].map(|named| &named.some);
            let parts = self.parts.iter().map(|part| &part.some);
            let all = named.into_iter().chain(parts).chain(self.groups.iter().map(|group| &group.documents)).flatten();
            let title = |id: &DocumentId| Some((id.clone(), chosen.documents.get(id)?.title.to_string()));
            self.titles = all.filter_map(title).collect();
        }
    }
}
