//! Exchange: all that is kept goes out as a file, and files come in, with no store at hand: records in, records out.
//!
//! The page has this done by its worker. What is decided here is only written there.

pub mod agree;
mod build;
#[cfg(feature = "datasets")]
#[cfg(test)]
mod build_tests;
mod checks;
#[cfg(test)]
mod decision_tests;
mod export;
#[cfg(feature = "datasets")]
#[cfg(test)]
mod export_tests;
mod import;
mod retext;
#[cfg(feature = "datasets")]
#[cfg(test)]
mod retext_tests;
#[cfg(test)]
mod review_tests;
mod schema;
#[cfg(test)]
mod schema_tests;
mod score;
mod stock;
#[cfg(test)]
mod test_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod undone_tests;
#[cfg(test)]
mod unite_tests;
mod veil;
#[cfg(test)]
mod veil_tests;
#[cfg(test)]
mod when_tests;

pub use agree::{AgreeAsked, agree};
#[cfg(feature = "datasets")]
pub use build::build;
pub use build::{BuildAsked, BuildTold, Named, PartTold, Trouble};
pub use checks::check;
pub use export::{ExportAsked, ExportTold, Looks, LossTold, export, lost};
pub use import::{Complaint, Imported, Replacement, Restored, import};
#[cfg(feature = "datasets")]
pub use retext::retext;
pub use retext::{NoRetext, RetextAsked, RetextLayer, RetextLine, RetextTold};
pub use schema::{OpenStep, SchemaAnswer, SchemaAsked, SchemaDone, SchemaTask, change_schema};
pub use score::{DifferenceTold, ScoreAsked, ScoreTold, SideTold, score};
pub use stock::{Bin, Past, Records, Stock};
pub use veil::Hidden;

use crate::id::Annotator;
use crate::persist::{Keyspace, Write, backup};
use crate::project::LayerKey;
use serde::{Deserialize, Serialize};

/// The project of the page. There is one; keys and files name it, so that there can be more.
pub const PROJECT: &str = "news";

/// What can be asked for. Files and records come beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Task {
    /// Take files.
    Import(Asked),
    /// Write a choice in a format: an [`ExportAsked`] as JSON, or the name of a format alone, which asks for everything.
    Export(String),
    /// Tell what such an export would lose, and write nothing.
    Lost(String),
    /// Make a data set, or tell what it would be: a [`BuildAsked`] as JSON.
    Build(String),
    /// Take a corrected text for a document, or tell what comes of its labels: a [`RetextAsked`] as JSON.
    Retext(String),
    /// Write the stores as they are.
    BackUp,
    /// Count what is open in the work of this annotator.
    Checks(Annotator),
    /// Tell how alike the layers of several people are: an [`AgreeAsked`] as JSON, as of a schema.
    Agree(String),
    /// Score a test: a [`ScoreAsked`] as JSON, as of a schema.
    Score(String),
    /// Compare a schema with the one that is there, put it in its place, or take that back: a [`SchemaAsked`] as JSON, so
    /// that a page which does not ask for it carries none of its types.
    Schema(String),
}

/// What an import needs to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The name for labels whose file does not say whose they are.
    pub annotator: Annotator,
    /// Whether such labels go by the name of their file instead, as where others' work is brought in to be reviewed.
    #[serde(default)]
    pub by_file: bool,
    /// Milliseconds since 1970.
    pub now: u64,
    /// The layer that is being worked on: it is not written, for its session must make the change.
    pub open: Option<LayerKey>,
    /// Who is told of it, where what they may not see is not told: see [`crate::blind`].
    #[serde(default)]
    pub looks: Option<Looks>,
}

/// What came of a task.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Of an import, what was done.
    pub imported: Option<Imported>,
    /// Of a schema, what it changes or changed: a [`SchemaAnswer`] as JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Of checks, how many are open: see [`check`]; as JSON, as of a schema.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checks: Option<String>,
    /// How alike layers are, or passages of them: see [`agree()`]; as JSON, as of a schema.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<String>,
    /// Of an export that is not written yet, what it would lose: an [`ExportTold`] as JSON; of a data set, what it is: a
    /// [`BuildTold`] as JSON; of a corrected text, a [`RetextTold`]; of a score, a [`ScoreTold`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<String>,
    /// Whether there is a file to be saved.
    pub written: bool,
    /// What is to be written to the stores, in order; it travels apart.
    #[serde(skip)]
    pub writes: Vec<Write>,
    /// The file; it travels apart.
    #[serde(skip)]
    pub file: Vec<u8>,
}

/// Told of progress: how many of how many parts are done.
pub type Tell<'a> = &'a mut dyn FnMut(usize, usize);

/// Does a task on what is kept. Files are names and contents.
#[must_use]
pub fn run(keys: &Keyspace, task: Task, records: Records, files: &[(String, Vec<u8>)], tell: Tell) -> Answer {
    match task {
        Task::Import(asked) => import(keys, records, files, &asked, tell),
        Task::Export(asked) => export(keys, records, &ExportAsked::read(&asked), tell),
        Task::Lost(asked) => lost(keys, records, &ExportAsked::read(&asked), tell),
        #[cfg(feature = "datasets")]
        Task::Build(asked) => build(keys, records, &BuildAsked::read(&asked), tell),
        // Only what has the formats can make a data set.
        #[cfg(feature = "datasets")]
        Task::Retext(asked) => retext(keys, records, &RetextAsked::read(&asked), tell),
        #[cfg(not(feature = "datasets"))]
        Task::Build(_) | Task::Retext(_) => Answer::default(),
        Task::BackUp => back_up(&records),
        Task::Checks(annotator) => check(keys, records, &annotator, tell),
        Task::Agree(asked) => agree(keys, records, &AgreeAsked::read(&asked), tell),
        Task::Score(asked) => score(keys, records, &asked),
        // What cannot be read asks for nothing.
        Task::Schema(asked) => SchemaAsked::read(&asked).map(|asked| change_schema(keys, records, &asked, tell)).unwrap_or_default(),
    }
}

/// The stores as they are, with a checksum.
#[must_use]
pub fn back_up(records: &Records) -> Answer {
    let all: Vec<(String, String)> = records.united().into_iter().collect();
    let mut file = Vec::new();
    let written = backup::write(&all, &mut file).is_ok();
    Answer { written, file, ..Answer::default() }
}
