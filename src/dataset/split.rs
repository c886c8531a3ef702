//! Documents shared out to train, dev and test: by seed, in given shares, alike in their labels, near duplicates together.
//!
//! The rule: groups of near duplicates first, the largest first, then all others in the order of the seed. Each goes where it
//! brings the splits nearest to their shares; then groups move for as long as a move brings them nearer. How near is the sum, over
//! splits and measures, of the squared difference between what a split has and its share, each as a part of all there is. The
//! measures are the number of documents and the count of each label; documents weigh as much as all labels together.

use super::near::{self, Group};
use super::random::SplitMix64;
use crate::formats::Format;
use crate::id::{DocumentId, LabelId};
use crate::project::Project;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// The most times that all groups are asked whether they should move.
const ROUNDS: usize = 50;

/// The smallest gain for which a group moves; sums of fractions differ by less in different orders.
const GAIN: f64 = 1e-9;

/// The threshold of near duplicates where nothing else is asked for.
pub const NEAR: f64 = 0.8;

/// What splits there are, and how large each is to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Shares(Vec<(String, u32)>);

impl Shares {
    /// Train and test, or train, dev and test, in shares of the sum of these numbers; a split of 0 stays empty.
    #[must_use]
    pub fn new(weights: &[u32]) -> Option<Self> {
        let names: &[&str] = match weights.len() {
            2 => &["train", "test"],
            3 => &["train", "dev", "test"],
            _ => return None,
        };
        let is_good = weights.iter().any(|weight| *weight > 0);
        is_good.then(|| Self(names.iter().map(|name| (*name).to_owned()).zip(weights.iter().copied()).collect()))
    }

    /// From numbers that are parted by commas, such as `80,10,10`.
    #[must_use]
    pub fn parse(written: &str) -> Option<Self> {
        let weights: Option<Vec<u32>> = written.split(',').map(|number| number.trim().parse().ok()).collect();
        Self::new(&weights?)
    }

    /// The splits, with what each is to have of all, from 0 to 1.
    pub fn iter(&self) -> impl Iterator<Item = (&str, f64)> {
        let all: u64 = self.0.iter().map(|(_, weight)| u64::from(*weight)).sum();
        self.0.iter().map(move |(name, weight)| (name.as_str(), f64::from(*weight) / all as f64))
    }

    /// The same under the names that a format's readers look for: Hugging Face calls what is tuned on `validation`.
    #[must_use]
    pub fn named_for(&self, format: Format) -> Self {
        let name = |name: &str| if format == Format::HuggingFace && name == "dev" { "validation" } else { name }.to_owned();
        Self(self.0.iter().map(|(part, weight)| (name(part), *weight)).collect())
    }

    /// The numbers as they are written.
    #[must_use]
    pub fn written(&self) -> String {
        self.0.iter().map(|(_, weight)| weight.to_string()).collect::<Vec<_>>().join(",")
    }
}

/// How documents are shared out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Plan {
    /// What the order of documents begins with.
    pub seed: u64,
    /// The splits.
    pub shares: Shares,
    /// From which similarity on, over 0 and up to 1, documents are near duplicates; without it, none are.
    pub near: Option<f64>,
}

impl Plan {
    /// The same with its splits called as a format's readers call them.
    #[must_use]
    pub fn named_for(&self, format: Format) -> Self {
        Self { shares: self.shares.named_for(format), ..self.clone() }
    }
}

/// Documents, shared out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Split {
    /// Each split with its documents, in the order of the shares; one of no share has none.
    pub parts: Vec<(String, Vec<DocumentId>)>,
    /// Near duplicates, which are together.
    pub groups: Vec<Group>,
}

impl Split {
    /// Which split a document is in.
    #[must_use]
    pub fn of(&self, document: &DocumentId) -> Option<&str> {
        let part = self.parts.iter().find(|(_, documents)| documents.binary_search(document).is_ok());
        part.map(|(name, _)| name.as_str())
    }
}

/// Why documents cannot be shared out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SplitProblem {
    /// Some split would be empty.
    TooFew {
        /// How many documents there are.
        documents: usize,
        /// How many of them can go apart: a group of near duplicates counts once.
        apart: usize,
        /// How many splits want some.
        splits: usize,
    },
}

impl fmt::Display for SplitProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::TooFew { documents, apart, splits } = self;
        write!(formatter, "too few documents for {splits} splits: {documents}, of which {apart} can go apart")
    }
}

impl std::error::Error for SplitProblem {}

/// Shares the documents of a project out.
///
/// # Errors
/// Where some split that has a share would be empty.
pub fn split(project: &Project, plan: &Plan) -> Result<Split, SplitProblem> {
    let groups = plan.near.map(|threshold| near::groups(project, threshold)).unwrap_or_default();
    let mut sharing = Sharing::new(project, &groups, plan);
    let wanted = sharing.parts.iter().filter(|part| part.share > 0.0).count();
    if sharing.units.len() < wanted {
        return Err(SplitProblem::TooFew { documents: project.documents.len(), apart: sharing.units.len(), splits: wanted });
    }
    sharing.share_out();
    sharing.improve();
    sharing.fill();
    let Sharing { units, places, .. } = sharing;
    let mut parts: Vec<(String, Vec<DocumentId>)> = plan.shares.iter().map(|(name, _)| (name.to_owned(), Vec::new())).collect();
    for (unit, place) in units.into_iter().zip(places) {
        parts[place].1.extend(unit.documents);
    }
    parts.iter_mut().for_each(|(_, documents)| documents.sort());
    Ok(Split { parts, groups })
}

/// Documents that stay together.
struct Unit {
    documents: Vec<DocumentId>,
    /// Measures that are not 0, each as a part of all there is; the first is the number of documents.
    measures: Vec<(usize, f64)>,
}

/// A split as it fills.
struct Part {
    share: f64,
    units: usize,
    has: Vec<f64>,
}

struct Sharing {
    units: Vec<Unit>,
    /// Where each unit is.
    places: Vec<usize>,
    parts: Vec<Part>,
    /// How much each measure weighs.
    weights: Vec<f64>,
}

impl Sharing {
    fn new(project: &Project, groups: &[Group], plan: &Plan) -> Self {
        let mut labels: BTreeMap<&LabelId, usize> = BTreeMap::new();
        let mut of: BTreeMap<&DocumentId, BTreeMap<&LabelId, usize>> = BTreeMap::new();
        for (key, layer) in project.layers.iter().filter(|(key, _)| project.documents.contains_key(&key.document)) {
            for (label, count) in layer.counts() {
                *labels.entry(label).or_default() += count;
                *of.entry(&key.document).or_default().entry(label).or_default() += count;
            }
        }
        let measure: BTreeMap<&LabelId, (usize, usize)> = (1..).zip(&labels).map(|(at, (label, all))| (*label, (at, *all))).collect();
        let all = project.documents.len().max(1) as f64;
        let unit = |documents: Vec<DocumentId>| {
            let mut sums: BTreeMap<&LabelId, usize> = BTreeMap::new();
            documents.iter().filter_map(|document| of.get(document)).flatten().for_each(|(label, count)| *sums.entry(label).or_default() += count);
            let counted = sums.into_iter().filter_map(|(label, count)| measure.get(label).map(|(at, all)| (*at, count as f64 / *all as f64)));
            let measures = std::iter::once((0, documents.len() as f64 / all)).chain(counted).collect();
            Unit { documents, measures }
        };
        let mut grouped: Vec<Unit> = groups.iter().map(|group| unit(group.documents.clone())).collect();
        let together: std::collections::BTreeSet<&DocumentId> = groups.iter().flat_map(|group| &group.documents).collect();
        let alone = project.documents.iter().map(|(id, _)| id).filter(|id| !together.contains(id));
        let mut alone: Vec<Unit> = alone.map(|id| unit(vec![id.clone()])).collect();
        let mut generator = SplitMix64::new(plan.seed);
        generator.shuffle(&mut grouped);
        generator.shuffle(&mut alone);
        crate::sorted::sort_by_key(&mut grouped, |unit| std::cmp::Reverse(unit.documents.len()));
        let units: Vec<Unit> = grouped.into_iter().chain(alone).collect();
        let kinds = labels.len();
        let parts = plan.shares.iter().map(|(_, share)| Part { share, units: 0, has: vec![0.0; kinds + 1] }).collect();
        let mut weights = vec![1.0; kinds + 1];
        weights[0] = kinds.max(1) as f64;
        Self { places: Vec::with_capacity(units.len()), units, parts, weights }
    }

    /// How much further from its share a part comes to be with a unit that it has not.
    fn cost(&self, unit: &Unit, part: &Part) -> f64 {
        // (has + more - share)² - (has - share)²
        unit.measures.iter().map(|(at, more)| self.weights[*at] * more * (2.0 * (part.has[*at] - part.share) + more)).sum()
    }

    /// How much nearer to its share a part comes to be without a unit that it has.
    fn relief(&self, unit: &Unit, part: &Part) -> f64 {
        unit.measures.iter().map(|(at, less)| self.weights[*at] * less * (2.0 * (part.has[*at] - part.share) - less)).sum()
    }

    fn put(&mut self, unit: usize, part: usize, sign: f64) {
        for (at, count) in &self.units[unit].measures {
            self.parts[part].has[*at] += sign * count;
        }
        if sign > 0.0 { self.parts[part].units += 1 } else { self.parts[part].units -= 1 }
    }

    /// The part that has a share and to which a unit costs least; of equal ones the first.
    fn best(&self, unit: usize, but: Option<usize>) -> Option<(usize, f64)> {
        let open = self.parts.iter().enumerate().filter(|(at, part)| part.share > 0.0 && Some(*at) != but);
        let costs = open.map(|(at, part)| (at, self.cost(&self.units[unit], part)));
        costs.reduce(|best, next| if next.1 < best.1 { next } else { best })
    }

    fn share_out(&mut self) {
        for unit in 0..self.units.len() {
            let (part, _) = self.best(unit, None).unwrap_or((0, 0.0));
            self.places.push(part);
            self.put(unit, part, 1.0);
        }
    }

    fn move_to(&mut self, unit: usize, part: usize) {
        self.put(unit, self.places[unit], -1.0);
        self.put(unit, part, 1.0);
        self.places[unit] = part;
    }

    fn improve(&mut self) {
        for _ in 0..ROUNDS {
            let mut is_better = false;
            for unit in 0..self.units.len() {
                let here = self.places[unit];
                let relief = self.relief(&self.units[unit], &self.parts[here]);
                if let Some((part, _)) = self.best(unit, Some(here)).filter(|(_, cost)| relief - cost > GAIN) {
                    self.move_to(unit, part);
                    is_better = true;
                }
            }
            if !is_better {
                return;
            }
        }
    }

    /// Gives each part that is to have something one unit at least: the one that is missed least where it was.
    fn fill(&mut self) {
        while let Some(empty) = self.parts.iter().position(|part| part.share > 0.0 && part.units == 0) {
            let free = (0..self.units.len()).filter(|unit| self.parts[self.places[*unit]].units > 1);
            let costs = free.map(|unit| {
                let here = &self.parts[self.places[unit]];
                (unit, self.cost(&self.units[unit], &self.parts[empty]) - self.relief(&self.units[unit], here))
            });
            // There are as many units as parts.
            let Some((unit, _)) = costs.reduce(|best, next| if next.1 < best.1 { next } else { best }) else { return };
            self.move_to(unit, empty);
        }
    }
}
