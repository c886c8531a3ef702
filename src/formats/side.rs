//! `EXPORT.json`: what an export says beside its data, and what an import learns from it.

use super::files::Files;
use crate::id::Annotator;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The name of the file.
pub const SIDE_FILE: &str = "EXPORT.json";

/// What an export says beside its data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Side {
    /// The version of this record.
    pub wusum_export: u64,
    /// The format's name.
    pub format: String,
    /// What positions count in the data.
    pub offset_unit: String,
    /// How it was written.
    #[serde(default)]
    pub options: Value,
    /// The documents, in the order of the data.
    #[serde(default)]
    pub documents: Vec<SideDocument>,
    /// The annotators, by name.
    #[serde(default)]
    pub annotators: Vec<SideAnnotator>,
    /// What the format could not hold.
    #[serde(default)]
    pub losses: Vec<Value>,
}

/// A document of an export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SideDocument {
    /// Its name in the project.
    pub id: String,
    /// How people call it.
    pub title: String,
    /// The name of its file, without ending, where it has one of its own.
    pub file: String,
    /// SHA-256 of its text in the project.
    pub text_sha256: String,
}

/// An annotator of an export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SideAnnotator {
    /// The name.
    pub name: String,
    /// The name of the folder or file, without ending.
    pub file: String,
}

impl Side {
    /// What the files themselves say, where they say it.
    #[must_use]
    pub fn of(files: &Files) -> Option<Self> {
        let bytes = files.iter().find(|(path, _)| is_side(path)).map(|(_, bytes)| bytes)?;
        serde_json::from_slice(bytes).ok()
    }

    /// Whose file or folder it is.
    #[must_use]
    pub fn annotator(&self, file: &str) -> Option<Annotator> {
        self.annotators.iter().find(|annotator| annotator.file == file).map(|annotator| annotator.name.as_str().into())
    }
}

/// What a data set has beside its data and its `EXPORT.json`, besides plots.
const BESIDE: [&str; 3] = ["DATA_STATEMENT.md", "STATS.json", "STATS.csv"];

/// Whether a file says something about a data set with which it stands, and is no part of it.
#[must_use]
pub fn is_beside(path: &str, files: &Files) -> bool {
    let name = super::files::file_name(path);
    let is_plot = name.starts_with("STATS-") && name.ends_with(".svg");
    // Alone it may be anybody's file.
    let stem = path.get(..path.len() - name.len()).unwrap_or_default();
    (is_plot || BESIDE.contains(&name)) && files.get(&format!("{stem}{SIDE_FILE}")).is_some()
}

/// Whether a file is one that stands beside the data of an export.
#[must_use]
pub fn is_side(path: &str) -> bool {
    super::files::file_name(path).ends_with(SIDE_FILE)
}
