//! `EXPORT.json` beside one file that is written a document after another: its documents are told as they come.

use crate::formats::Format;
use crate::formats::export::{Export, Options, side};
use crate::formats::side::{Side, SideAnnotator, SideDocument};
use crate::project::Project;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// What the list of documents is in a record that has none.
const NONE: &str = "\"documents\": []";

/// Writes the record.
pub(super) struct SideStream<'a> {
    out: &'a mut dyn Write,
    /// The record without documents.
    empty: Side,
    count: usize,
}

impl<'a> SideStream<'a> {
    /// The record of what is written in a format with these options.
    pub(super) fn new(out: &'a mut dyn Write, format: Format, options: &Options) -> Self {
        let (project, revisions) = (Project::new(""), BTreeMap::new());
        let empty = side(&Export::new(&project, &revisions, options), format, &[]);
        Self { out, empty, count: 0 }
    }

    /// What stands before the list of documents, and behind it.
    fn around(&self) -> io::Result<(String, String)> {
        let written = serde_json::to_string_pretty(&self.empty)?;
        let (before, behind) = written.split_once(NONE).ok_or_else(|| io::Error::other("the record has no documents"))?;
        Ok((before.to_owned(), behind.to_owned()))
    }

    /// One more document.
    pub(super) fn document(&mut self, document: &SideDocument) -> io::Result<()> {
        if self.count == 0 {
            let (before, _) = self.around()?;
            write!(self.out, "{before}\"documents\": [")?;
        }
        let separator = if self.count == 0 { "" } else { "," };
        let written = serde_json::to_string_pretty(document)?.replace('\n', "\n    ");
        self.count += 1;
        write!(self.out, "{separator}\n    {written}")
    }

    /// The end: whose labels they are, and what was lost.
    pub(super) fn end(mut self, annotators: Vec<SideAnnotator>, losses: Vec<serde_json::Value>) -> io::Result<()> {
        (self.empty.annotators, self.empty.losses) = (annotators, losses);
        let (before, behind) = self.around()?;
        match self.count {
            0 => writeln!(self.out, "{before}{NONE}{behind}"),
            _ => writeln!(self.out, "\n  ]{behind}"),
        }
    }
}
