//! Data sets go out: what is chosen of all that is kept, in a format; and before that, what the format cannot hold of it.

use super::stock::{Bin, Records, Stock};
use super::{Answer, Task, Tell};
use crate::blind::{self, Sight};
use crate::formats::Format;
#[cfg(feature = "datasets")]
use crate::formats::archive;
use crate::formats::export::{self, Choice, Options};
use crate::formats::loss::Loss;
use crate::id::{Annotator, LabelId};
use crate::layer::Layer;
use crate::persist::{Card, Keyspace};
use crate::project::{LayerKey, Project};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// What is to be exported, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExportAsked {
    /// The name of the format.
    pub format: String,
    /// Which documents, whose labels, and which of them.
    pub choice: Choice,
    /// How it is written.
    pub options: Options,
    /// Who looks, where what they may not see is left out: see [`crate::blind`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub looks: Option<Looks>,
}

/// Who looks at what is chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looks {
    /// Their name.
    pub own: Annotator,
    /// Whether they work in blind mode.
    pub is_blind: bool,
}

impl Looks {
    /// Whether they may see somebody's labels of a document; one that is not there has no card.
    pub(super) fn may_see(&self, card: Option<&Card>, whose: &Annotator) -> bool {
        let missing = || blind::may_see(&Sight { own: &self.own, is_done: false, is_blind: self.is_blind, test: None }, whose);
        card.map_or_else(missing, |card| card.may_see(&self.own, self.is_blind, whose))
    }

    /// Leaves out the layers that they may not see; which.
    pub(super) fn hide(&self, stock: &mut Stock) -> Vec<(LayerKey, Layer)> {
        stock.hide(|card, whose| self.may_see(card, whose))
    }
}

/// What is chosen, and what its format cannot hold of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ExportTold {
    /// How many documents are chosen.
    pub documents: usize,
    /// How many labels.
    pub labels: usize,
    /// How many relations.
    pub relations: usize,
    /// How many labels of each kind there are in the chosen documents and layers, chosen or not.
    pub kinds: BTreeMap<LabelId, usize>,
    /// What is lost, by kind.
    pub losses: Vec<LossTold>,
    /// How many layers are left out because who looks may not see them yet.
    #[serde(default)]
    pub hidden: usize,
}

/// What is lost of one kind, as data that travels: see [`Loss`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LossTold {
    /// The name of the kind.
    pub kind: String,
    /// How many there are.
    pub count: usize,
    /// The name of the rule by which they are left out or written otherwise.
    pub rule: String,
    /// A few of them.
    pub examples: Vec<Value>,
}

impl From<Loss> for LossTold {
    fn from(loss: Loss) -> Self {
        Self { kind: loss.kind.id().to_owned(), count: loss.count, rule: loss.rule.to_owned(), examples: loss.examples }
    }
}

impl ExportAsked {
    /// Everything, in a format.
    #[must_use]
    pub fn all(format: Format) -> Self {
        Self { format: format.name().to_owned(), ..Self::default() }
    }

    /// The task of writing it.
    #[must_use]
    pub fn task(&self) -> Task {
        Task::Export(self.written())
    }

    /// The task of telling what is lost.
    #[must_use]
    pub fn lost_task(&self) -> Task {
        Task::Lost(self.written())
    }

    /// As JSON.
    #[must_use]
    pub fn written(&self) -> String {
        // Sets of names and names of rules are always written.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads a task's JSON; a bare name of a format asks for everything.
    pub(super) fn read(written: &str) -> Self {
        crate::json::parse(written).unwrap_or_else(|_| Self { format: written.to_owned(), ..Self::default() })
    }

    /// Leaves out what who looks may not see; how many layers.
    pub(super) fn hide(&self, stock: &mut Stock) -> usize {
        self.looks.as_ref().map_or(0, |looks| looks.hide(stock).len())
    }

    fn format(&self) -> Format {
        Format::from_name(&self.format).unwrap_or(Format::Wusum)
    }
}

impl ExportTold {
    /// What the worker answered; `None` where it answered something else.
    #[must_use]
    pub fn of(answer: &Answer) -> Option<Self> {
        crate::json::parse(answer.told.as_deref()?).ok()
    }
}

/// What is chosen of everything that is not in the bin, in a format: the own one as it is, each other as an archive.
#[must_use]
pub fn export(keys: &Keyspace, records: Records, asked: &ExportAsked, tell: Tell) -> Answer {
    let mut stock = Stock::read(keys, records, Bin::LeftOut, tell);
    asked.hide(&mut stock);
    let project = asked.choice.of(&stock.told());
    // Where labels are missing, the file must not pass for a later state of the whole layer.
    let revisions = if asked.choice.labels.is_some() { BTreeMap::new() } else { stock.revisions() };
    let mut file = Vec::new();
    let written = write(&project, (&revisions, &stock.whens()), asked, &mut file);
    Answer { written, file, ..Answer::default() }
}

type Numbers = BTreeMap<LayerKey, u64>;

fn write(project: &Project, (revisions, whens): (&Numbers, &Numbers), asked: &ExportAsked, file: &mut Vec<u8>) -> bool {
    match asked.format() {
        Format::Wusum => crate::formats::wusum::write_at(project, revisions, whens, file).is_ok(),
        #[cfg(feature = "datasets")]
        format => {
            let exported = export::export(project, revisions, format, &asked.options);
            exported.is_some_and(|exported| archive::write(&exported.with_side(), file).is_ok())
        }
        #[cfg(not(feature = "datasets"))]
        format => crate::formats::write(project, revisions, format, file).is_ok(),
    }
}

/// What is chosen, and what the format cannot hold of it; nothing is written.
#[must_use]
pub fn lost(keys: &Keyspace, records: Records, asked: &ExportAsked, tell: Tell) -> Answer {
    let mut stock = Stock::read(keys, records, Bin::LeftOut, tell);
    let hidden = asked.hide(&mut stock);
    let everything = Choice { labels: None, ..asked.choice.clone() }.of(&stock.project);
    let mut kinds: BTreeMap<LabelId, usize> = BTreeMap::new();
    for (label, count) in everything.layers.values().flat_map(Layer::counts) {
        *kinds.entry(label.clone()).or_default() += count;
    }
    let project = asked.choice.of(&stock.project);
    let told = ExportTold {
        documents: project.documents.values().count(),
        labels: project.layers.values().map(Layer::len).sum(),
        relations: project.layers.values().map(|layer| layer.relations().count()).sum(),
        kinds,
        losses: export::lost(&project, asked.format(), &asked.options).into_iter().map(LossTold::from).collect(),
        hidden,
    };
    Answer { told: serde_json::to_string(&told).ok(), ..Answer::default() }
}
