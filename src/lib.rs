//! Wusum: an annotator for Arabic news.
//!
//! The map, in reading order; each part may use what stands above it, never below:
//!
//! - [`sorted`]: a sorted map whose copies share what did not change; the sort; [`json`]: records from JSON
//! - [`random`]: numbers from a seed
//! - [`text`]: immutable text; offsets in three units; graphemes, words, clitics, folding for search
//! - [`id`], [`span`], [`schema`], [`annotation`]: the records; [`tokens`]: words and what stands between them
//! - [`layer`]: one annotator's annotations of one document, sorted and indexed
//! - [`segments`], [`project`]: runs of text with their active spans; documents, layers and schema together
//! - [`edit`]: a change as data, before and after; [`edit::apply`]
//! - [`plan`]: from a command to an edit, or the reason why not; [`history`]: undo and redo
//! - [`suggest`]: the likely source of a claim; [`check`]: what should be looked at in a layer, and what would mend it
//! - [`schema_change`]: what another schema means for labels that are there, and the edit that carries it out
//! - [`retext`]: labels carried over to a corrected text of their document
//! - [`session`]: a project, one layer at work, its history
//! - [`compare`]: where layers over one text differ; [`adjudicate`]: decisions between them into a gold layer; comments
//! - [`agreement`]: how alike the layers of several people are, in figures
//! - [`blind`]: who may see whose labels; [`training`]: a document with gold as a test, and its score
//! - [`formats`]: files in and out, a module each; [`persist`]: snapshots, journals and what to do with unreadable ones
//! - [`dataset`]: splits, counts, plots and cards of a project, and all of them with its data as files
//! - [`exchange`]: import, export, backup and restore of all that is kept, from records to records
//! - `browser` (features `web` and `worker`): the database and messages, which the page and its worker share
//! - `web` (feature `web`): the page; `cli` (feature `cli`): the command line
//! - `desk` (feature `desk`): the schema screen, a second module that the page loads when it is needed; it shares words and
//!   signs with the page, which knows it only by name
//!
//! Invariants:
//!
//! - Offsets are Unicode code points; UTF-16 and bytes are other types, converted in `text` alone.
//! - Nothing above `browser` in this list knows a browser, a clock, randomness or a disk: time, names and bytes come in from outside.
//! - [`edit::apply`] is the only function that changes a project, and [`edit::Applying`] the same in parts.
//! - No rule about what may be labelled lives in `web` or `cli`.
//! - Text is never normalised, trimmed or mended; it leaves as it came.

pub mod adjudicate;
pub mod agreement;
pub mod annotation;
pub mod blind;
#[cfg(feature = "browser")]
pub mod browser;
pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
pub mod compare;
pub mod dataset;
#[cfg(feature = "desk")]
pub mod desk;
pub mod edit;
pub mod exchange;
pub mod formats;
pub mod history;
pub mod id;
pub mod json;
pub mod layer;
pub mod persist;
pub mod plan;
pub mod project;
pub mod random;
#[cfg(feature = "datasets")]
pub mod retext;
pub mod schema;
pub mod schema_change;
pub mod segments;
pub mod session;
pub mod sorted;
pub mod span;
pub mod suggest;
pub mod text;
pub mod tokens;
pub mod training;

#[cfg(feature = "web")]
pub mod web;
