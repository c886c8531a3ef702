//! The veil: what an import tells of labels that who asked may not see yet (see [`crate::blind`]).
//!
//! That others' labels came for a document, and whether anything is amiss with them, is told; not whose they are, how many, where
//! or of what kind. The same file taken again, once one's own work is done, tells all of it.

use super::export::Looks;
use crate::formats::merge::ReportLine;
use crate::formats::{Place, Problem, ProblemCode};
use crate::id::DocumentId;
use crate::persist::Card;
use crate::project::LayerKey;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Labels of others on a document, of which nothing else is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hidden {
    /// The document, as the project names it; as the file does where it is not here.
    pub document: DocumentId,
    /// Whether something of them was not taken as it came.
    pub troubled: bool,
}

/// Names of problems of which a reader does not say whose labels they are about, and that quote them.
const QUOTING: [&str; 5] = ["bad-line", "bad-pieces", "offset-inside", "span-unreadable", "relation-unreadable"];

/// Hides what one may not see, and remembers on which documents.
pub(super) struct Veil<'a> {
    /// Who looks; nobody where nothing is to be hidden.
    pub looks: Option<&'a Looks>,
    /// What there is on the documents, after the import.
    pub cards: &'a BTreeMap<DocumentId, Card>,
    /// What the files' documents are called here.
    pub names: &'a BTreeMap<DocumentId, DocumentId>,
    /// What was hidden: documents, and whether something was amiss.
    pub hidden: BTreeMap<DocumentId, bool>,
}

impl Veil<'_> {
    fn may_see(&self, document: &DocumentId, layer: &LayerKey) -> bool {
        self.looks.is_none_or(|looks| looks.may_see(self.cards.get(document), &layer.annotator))
    }

    /// What a file's document is called here.
    fn here(&self, layer: &LayerKey) -> DocumentId {
        self.names.get(&layer.document).unwrap_or(&layer.document).clone()
    }

    /// Whether what a file has of a layer may be shown.
    pub fn shows(&self, layer: &LayerKey) -> bool {
        self.may_see(&self.here(layer), layer)
    }

    /// Whether a layer, on a document as it is called here, is hidden; remembered if it is.
    fn hides(&mut self, document: DocumentId, layer: &LayerKey, is_trouble: bool) -> bool {
        let is_hidden = !self.may_see(&document, layer);
        if is_hidden {
            *self.hidden.entry(document).or_default() |= is_trouble;
        }
        is_hidden
    }

    /// Whether something amiss with a layer, as a file names it, is hidden.
    pub fn hides_trouble(&mut self, layer: &LayerKey) -> bool {
        self.hides(self.here(layer), layer, true)
    }

    /// Whether a line of the report is hidden.
    pub fn hides_line(&mut self, line: &ReportLine) -> bool {
        match line {
            ReportLine::LayerTaken { layer, .. }
            | ReportLine::LayerKept { layer, .. }
            | ReportLine::CommentsTaken { layer, .. }
            | ReportLine::GoldUnited { layer, .. }
            | ReportLine::GoldUndone { layer, .. } => self.hides(layer.document.clone(), layer, false),
            ReportLine::Refused { layer, .. } => self.hides_trouble(layer),
            _ => false,
        }
    }

    /// Problems as they may be told; `places` are where the layers of the files were.
    pub fn problems(&mut self, problems: Vec<Problem>, places: &BTreeMap<LayerKey, Place>) -> Vec<Problem> {
        let files: BTreeSet<&Option<String>> = places.iter().filter(|(layer, _)| !self.shows(layer)).map(|(_, place)| &place.file).collect();
        let mut told: Vec<Problem> = Vec::new();
        for problem in problems {
            let problem = match (&problem.about, &problem.code) {
                // That the text is missing is to be known, whoever's labels wait for it.
                (Some(layer), ProblemCode::UnknownDocument { document, .. }) if !self.shows(layer) => {
                    let code = ProblemCode::UnknownDocument { document: document.clone(), annotator: String::new() };
                    Problem { file: problem.file, ..Problem::whole(code) }
                }
                (Some(layer), _) if self.hides_trouble(layer) => continue,
                (None, code) if files.contains(&problem.file) && QUOTING.contains(&code.id()) => continue,
                _ => problem,
            };
            if !told.contains(&problem) {
                told.push(problem);
            }
        }
        told
    }

    /// What was hidden.
    pub fn hidden(self) -> Vec<Hidden> {
        self.hidden.into_iter().map(|(document, troubled)| Hidden { document, troubled }).collect()
    }
}
