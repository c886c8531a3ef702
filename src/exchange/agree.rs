//! Agreement over the whole project, and the passages behind a number of it.

use super::stock::{Bin, Records, Stock};
use super::{Answer, Task, Tell};
use crate::agreement::grid::TokenRule;
use crate::agreement::{self, Cell, Options};
use crate::id::Annotator;
use crate::persist::Keyspace;
use serde::{Deserialize, Serialize};

/// What of the agreement is asked for, and how it is worked out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AgreeAsked {
    /// What a token is.
    pub tokens: TokenRule,
    /// Whose layers are the reference.
    pub gold: Option<Annotator>,
    /// Where chance begins.
    pub seed: u64,
    /// How often documents are drawn anew for intervals; 0 for none.
    pub bootstrap: usize,
    /// Whether each document has its figures, too.
    pub by_document: bool,
    /// Instead of figures, the passages behind a number of these two people.
    pub passages: Option<(Annotator, Annotator, Cell)>,
}

impl Default for AgreeAsked {
    fn default() -> Self {
        let Options { tokens, gold, seed, bootstrap, .. } = Options::default();
        Self { tokens, gold, seed, bootstrap, by_document: true, passages: None }
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

    fn options(&self) -> Options {
        let Self { tokens, gold, seed, bootstrap, by_document, .. } = self.clone();
        // A layer that somebody only opened is nobody's opinion.
        Options { tokens, gold, seed, bootstrap, by_document, unbegun: false, ..Options::default() }
    }
}

/// Works out how alike the layers of all documents are that are not in the bin; an [`agreement::Agreement`] as JSON, the same as
/// the command line writes. Where passages are asked for: a list of [`agreement::Passage`]s.
#[must_use]
pub fn agree(keys: &Keyspace, records: Records, asked: &AgreeAsked, tell: Tell) -> Answer {
    let stock = Stock::read(keys, records, Bin::LeftOut, &mut |_, _| {});
    let (project, options) = (&stock.project, asked.options());
    let agreement = match &asked.passages {
        Some((a, b, cell)) => serde_json::to_string(&agreement::passages(project, &options, (a, b), cell)),
        None => serde_json::to_string(&agreement::agree(project, &options, tell)),
    };
    Answer { agreement: agreement.ok(), ..Answer::default() }
}
