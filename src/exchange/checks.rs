//! Checks over the whole project: how many are open in one annotator's work, by document and kind.

use super::stock::{Bin, Records, Stock};
use super::{Answer, Tell};
use crate::check::Checker;
use crate::id::{Annotator, DocumentId};
use crate::layer::Layer;
use crate::persist::Keyspace;
use crate::project::Project;
use crate::schema::CheckKind;
use crate::text::Vocabulary;
use std::collections::BTreeMap;

/// How many are open of each kind, in the order of [`CheckKind::ALL`].
type Tally = [usize; CheckKind::ALL.len()];

/// Checks all documents that are not in the bin; those where nothing is open are left out. The answer has by document how
/// many are open of each kind, in the order of [`CheckKind::ALL`].
#[must_use]
pub fn check(keys: &Keyspace, records: Records, annotator: &Annotator, tell: Tell) -> Answer {
    let stock = Stock::read(keys, records, Bin::LeftOut, &mut |_, _| {});
    let project = &stock.project;
    let layers: Vec<_> = project.layers.iter().filter(|(key, _)| key.annotator == *annotator).map(|(key, layer)| (&key.document, layer)).collect();
    let checks = open_in(project, &layers, tell);
    Answer { checks: serde_json::to_string(&checks).ok(), ..Answer::default() }
}

/// How many are open in these layers, by document and kind.
pub(super) fn open_in<'a>(project: &Project, layers: &[(&'a DocumentId, &Layer)], tell: Tell) -> BTreeMap<&'a DocumentId, Tally> {
    let mut vocabulary = Vocabulary::new();
    project.documents.values().for_each(|document| vocabulary.add(&document.text));
    let mut checks: BTreeMap<&DocumentId, Tally> = BTreeMap::new();
    for (done, (id, layer)) in layers.iter().enumerate() {
        tell(done, layers.len());
        let Some(document) = project.documents.get(*id) else { continue };
        let checker = Checker { text: &document.text, layer, schema: &project.schema, vocabulary: &vocabulary };
        for finding in checker.all() {
            let counts = checks.entry(id).or_default();
            let place = CheckKind::ALL.iter().position(|kind| *kind == finding.kind());
            if let Some(count) = place.and_then(|place| counts.get_mut(place)) {
                *count += 1;
            }
        }
    }
    checks
}
