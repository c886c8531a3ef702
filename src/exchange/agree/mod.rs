//! Agreement over what is chosen of the project, and the passages behind a number of it.
//!
//! - [`told`]: the report as the screen shows it; [`table`]: the same as a file
//! - [`cells`]: what was counted for a figure; [`behind`]: the passages of that
//! - [`drawn`]: the report as plots

pub mod behind;
pub mod cells;
pub mod drawn;
pub mod table;
#[cfg(test)]
mod tests;
pub mod told;

pub use behind::{BehindAsked, BehindTold, PassageTold, SaidTold};
pub use told::{AgreeTold, AnswerTold, CourseTold, FigureTold, PairTold, PersonTold, StockTold};

use super::export::Looks;
use super::stock::{Bin, Records, Stock};
use super::{Answer, Task, Tell};
use crate::adjudicate::is_gold;
use crate::agreement::grid::TokenRule;
use crate::agreement::{Corpus, Options};
use crate::formats::export::Choice;
use crate::id::{Annotator, DocumentId};
use crate::persist::Keyspace;
use crate::project::Project;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What of the agreement is asked for, and how it is worked out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AgreeAsked {
    /// Which documents, people, labels and statuses.
    pub choice: Choice,
    /// What a token is.
    pub tokens: TokenRule,
    /// Whose layers are the reference.
    pub gold: Option<Annotator>,
    /// Where chance begins.
    pub seed: u64,
    /// How often documents are drawn anew for intervals; 0 for none.
    pub bootstrap: usize,
    /// Who looks, where what they may not see is left out: see [`crate::blind`].
    pub looks: Option<Looks>,
    /// Instead of figures, the passages behind a number.
    pub behind: Option<BehindAsked>,
}

impl Default for AgreeAsked {
    fn default() -> Self {
        let Options { tokens, gold, seed, bootstrap, .. } = Options::default();
        Self { choice: Choice::default(), tokens, gold, seed, bootstrap, looks: None, behind: None }
    }
}

impl AgreeAsked {
    /// The task.
    #[must_use]
    pub fn task(&self) -> Task {
        // Names and numbers are always written.
        Task::Agree(serde_json::to_string(self).unwrap_or_default())
    }

    /// Reads a task's JSON; what cannot be read asks for everything.
    pub(super) fn read(written: &str) -> Self {
        crate::json::parse(written).unwrap_or_default()
    }

    /// The choice as it is meant: where nobody is named, all but the gold layer, which weighs the others and is no opinion beside
    /// them; and always the reference.
    fn chosen(&self, project: &Project) -> Choice {
        let mut choice = self.choice.clone();
        let all = || project.layers.iter().map(|(key, _)| &key.annotator).filter(|name| !is_gold(name)).cloned().collect();
        choice.annotators.get_or_insert_with(all).extend(self.gold.clone());
        choice
    }

    fn options(&self) -> Options {
        let Self { tokens, gold, seed, bootstrap, .. } = self.clone();
        // A layer that somebody only opened is nobody's opinion.
        Options { tokens, gold, seed, bootstrap, unbegun: false, ..Options::default() }
    }
}

/// Works out how alike the chosen layers are, of documents that are not in the bin: an [`AgreeTold`] as JSON. Where passages are
/// asked for: a [`BehindTold`].
#[must_use]
pub fn agree(keys: &Keyspace, records: Records, asked: &AgreeAsked, tell: Tell) -> Answer {
    let mut stock = Stock::read(keys, records, Bin::LeftOut, &mut |_, _| {});
    let hidden = asked.looks.as_ref().map_or_else(Vec::new, |looks| looks.hide(&mut stock));
    let hidden: BTreeSet<DocumentId> = hidden.into_iter().filter(|(_, layer)| !layer.is_empty()).map(|(key, _)| key.document).collect();
    let chosen = asked.chosen(&stock.project).of(&stock.project);
    let options = asked.options();
    let corpus = Corpus::of(&chosen, &options);
    let agreement = match &asked.behind {
        Some(behind) => serde_json::to_string(&behind.of(&chosen, &corpus)),
        None => serde_json::to_string(&AgreeTold::of(&stock, &corpus, &options, hidden.len(), tell)),
    };
    Answer { agreement: agreement.ok(), ..Answer::default() }
}
