//! Checks over the whole project: how many are open in one annotator's work, by document and kind.

use super::stock::{Bin, Records, Stock};
use super::{Answer, Tell};
use crate::check::Checker;
use crate::id::{Annotator, DocumentId};
use crate::persist::Keyspace;
use crate::schema::CheckKind;
use crate::text::Vocabulary;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The open checks of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenChecks {
    /// Which document.
    pub document: DocumentId,
    /// How many of each kind, in the order in which kinds are told; none of a kind that has none.
    pub kinds: Vec<(CheckKind, usize)>,
}

/// Checks all documents that are not in the bin; those where nothing is open are left out.
#[must_use]
pub fn check(keys: &Keyspace, records: Records, annotator: &Annotator, tell: Tell) -> Answer {
    let stock = Stock::read(keys, records, Bin::LeftOut, &mut |_, _| {});
    let project = &stock.project;
    let mut vocabulary = Vocabulary::new();
    project.documents.values().for_each(|document| vocabulary.add(&document.text));
    let layers: Vec<_> = project.layers.iter().filter(|(key, _)| key.annotator == *annotator).collect();
    let mut checks = Vec::new();
    for (done, (key, layer)) in layers.iter().enumerate() {
        tell(done, layers.len());
        let Some(document) = project.document_of(key) else { continue };
        let checker = Checker { text: &document.text, layer, schema: &project.schema, vocabulary: &vocabulary };
        let mut kinds: BTreeMap<CheckKind, usize> = BTreeMap::new();
        for finding in checker.all() {
            *kinds.entry(finding.kind()).or_default() += 1;
        }
        if !kinds.is_empty() {
            checks.push(OpenChecks { document: key.document.clone(), kinds: kinds.into_iter().collect() });
        }
    }
    Answer { checks, ..Answer::default() }
}
