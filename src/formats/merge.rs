//! An import into a project: what is taken, what is kept, and why.

use super::align::{self, Skeleton};
use super::{Import, ProblemCode, Refused, quotes};
use crate::adjudicate::{Gone, United, is_gold, unite};
use crate::annotation::{Annotation, Remark};
use crate::id::{Annotator, DocumentId, LabelId};
use crate::layer::{Layer, Status};
use crate::project::{Document, LayerKey, Project};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a merge would do. Nothing is done yet: replacements go through the session, so that they can be undone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Merged {
    /// Layers to put in place of what is there, each with the revision it had in the file.
    pub replacements: Vec<(LayerKey, Layer, u64)>,
    /// Documents to add.
    pub new_documents: Vec<Arc<Document>>,
    /// What happens to each document and layer, for people to read.
    pub report: Vec<ReportLine>,
    /// What the file's documents are called in the project.
    pub names: BTreeMap<DocumentId, DocumentId>,
    /// Labels of layers on a text that differs by white space or spelling alone, for which there is no place in the text here.
    pub refused: Vec<Refused>,
}

/// What happens to one thing in the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReportLine {
    /// A document is new.
    DocumentTaken(DocumentId),
    /// The document is there already.
    DocumentSame {
        /// Its name in the file.
        incoming: DocumentId,
        /// Its name in the project.
        here: DocumentId,
    },
    /// The document is there already, but for white space or spelling: its labels are put on the text here.
    DocumentAligned {
        /// Its name in the file.
        incoming: DocumentId,
        /// Its name in the project.
        here: DocumentId,
    },
    /// The document is there with another text of which most is the same: its labels are put where their words are here.
    DocumentQuoted {
        /// Its name.
        incoming: DocumentId,
        /// Its name in the project.
        here: DocumentId,
    },
    /// Another text has the same name; both stay, the new one under a new name.
    DocumentRenamed {
        /// The name of both.
        incoming: DocumentId,
        /// The new one's name in the project.
        here: DocumentId,
    },
    /// A layer is new, or newer than the one here.
    LayerTaken {
        /// Which layer, as the project names it.
        layer: LayerKey,
        /// Its revision in the file.
        revision: u64,
    },
    /// The layer here is as new or newer, and stays.
    LayerKept {
        /// Which layer, as the project names it.
        layer: LayerKey,
        /// The revision in the file.
        incoming: u64,
        /// The revision here.
        here: u64,
        /// Whether both say the same.
        same: bool,
    },
    /// The layer here stays, and takes comments from the file that it did not have.
    CommentsTaken {
        /// Which layer, as the project names it.
        layer: LayerKey,
        /// How many.
        count: usize,
    },
    /// A gold layer here and one of the file were united: what either side decided is there.
    GoldUnited {
        /// Which layer, as the project names it.
        layer: LayerKey,
        /// How many decisions and labels came together that only one side had.
        taken: usize,
        /// How many decisions gave way to a later one on the same, and stay beside it.
        beside: usize,
    },
    /// Of gold layers, what one side has undone since: it does not come back.
    GoldUndone {
        /// Which layer, as the project names it.
        layer: LayerKey,
        /// How many decisions, and labels or relations by hand, the file has that were undone here; they are left out.
        left_out: usize,
        /// How many decisions were undone in the file, and went from here.
        taken_back: usize,
    },
    /// The schema of the file is the project's now: there was no work under another.
    SchemaTaken,
    /// The project keeps its schema, which does not know these labels of the file's.
    SchemaKept {
        /// Kinds of label that stay unknown.
        labels: Vec<LabelId>,
    },
    /// Labels and relations of a layer that were not believed.
    Refused {
        /// Which layer, as the file names it.
        layer: LayerKey,
        /// How many.
        count: usize,
    },
}

/// As [`merge_after`], where nothing is known of what was undone in the project.
#[must_use]
pub fn merge(project: &Project, revisions: &BTreeMap<LayerKey, u64>, incoming: Import) -> Merged {
    merge_after(project, revisions, &BTreeMap::new(), incoming)
}

/// Compares an import with a project, by revision; gold layers, of which the project's journal tells what was undone, decision by
/// decision. Documents are the same where their texts are; a layer of the file
/// that has no revision counts as revision 0, and is taken only where there is none.
#[must_use]
pub fn merge_after(project: &Project, revisions: &BTreeMap<LayerKey, u64>, gone: &BTreeMap<LayerKey, Gone>, mut incoming: Import) -> Merged {
    let mut merged = Merged::default();
    let aligned = align_layers(project, &mut incoming, &mut merged);
    let by_digest: BTreeMap<&str, &DocumentId> = project.documents.values().rev().map(|document| (&*document.sha256, &document.id)).collect();
    let mut names: BTreeMap<DocumentId, DocumentId> = BTreeMap::new();
    for document in incoming.documents.values() {
        let here = project.documents.get(&document.id);
        let same = here.filter(|here| here.sha256 == document.sha256).map(|here| &here.id).or_else(|| by_digest.get(&*document.sha256).copied());
        let name = match (same, here) {
            _ if aligned.contains_key(&document.id) => aligned.get(&document.id).unwrap_or(&document.id).clone(),
            (Some(here), _) => {
                merged.report.push(ReportLine::DocumentSame { incoming: document.id.clone(), here: here.clone() });
                here.clone()
            }
            (None, None) => {
                merged.new_documents.push(document.clone());
                merged.report.push(ReportLine::DocumentTaken(document.id.clone()));
                document.id.clone()
            }
            (None, Some(_)) => {
                let free = |name: &DocumentId| !project.documents.contains_key(name) && !incoming.documents.contains_key(name);
                let name =
                    (2u32..).map(|number| DocumentId::from(format!("{}-{number}", document.id))).find(free).unwrap_or_else(|| document.id.clone());
                merged.new_documents.push(Arc::new(Document { id: name.clone(), ..Document::clone(document) }));
                merged.report.push(ReportLine::DocumentRenamed { incoming: document.id.clone(), here: name.clone() });
                name
            }
        };
        names.insert(document.id.clone(), name);
    }
    // Two documents of the file may be one here; then the newer layer of an annotator is the one that counts.
    let mut layers: BTreeMap<LayerKey, (u64, Layer)> = BTreeMap::new();
    for (key, layer) in incoming.layers.iter() {
        let document = names.get(&key.document).unwrap_or(&key.document).clone();
        let annotator: Annotator = key.annotator.clone();
        let revision = incoming.revisions.get(key).copied().unwrap_or(0);
        let place = layers.entry(LayerKey { document, annotator }).or_insert_with(|| (revision, layer.clone()));
        *place = latest(&key.annotator, std::mem::take(place), (revision, layer.clone()));
    }
    for (key, (revision, layer)) in layers {
        let here = revisions.get(&key).copied().unwrap_or(0);
        if let Some(ours) = project.layer(&key).filter(|_| is_gold(&key.annotator)) {
            let gone = gone.get(&key).cloned().unwrap_or_default();
            let told = gone.told_in(ours);
            if !is_unbegun(&told) {
                let (theirs, stayed) = gone.taken_from(&layer, ours);
                merged.unite(key, (&told, here), (&theirs, revision), stayed);
                continue;
            }
        }
        match project.layer(&key) {
            // A layer on which nothing was ever done gives way.
            Some(ours) if revision <= here && !(here == 0 && is_unbegun(ours)) => {
                merged.report.push(ReportLine::LayerKept { same: *ours == layer, layer: key.clone(), incoming: revision, here });
                let comments: Vec<Arc<Remark>> = comments(&layer, ours).collect();
                if !comments.is_empty() {
                    merged.report.push(ReportLine::CommentsTaken { layer: key.clone(), count: comments.len() });
                    merged.replacements.push((key, ours.clone().with_remarks(comments), here));
                }
            }
            ours => {
                merged.report.push(ReportLine::LayerTaken { layer: key.clone(), revision });
                let said: Vec<Arc<Remark>> = ours.into_iter().flat_map(|ours| comments(ours, &layer)).collect();
                let next = layer.with_remarks(said);
                merged.replacements.push((key, next, revision));
            }
        }
    }
    let mut refused: BTreeMap<LayerKey, usize> = BTreeMap::new();
    for record in incoming.refused.iter().chain(&merged.refused) {
        *refused.entry(record.layer.clone()).or_insert(0) += 1;
    }
    merged.report.extend(refused.into_iter().map(|(layer, count)| ReportLine::Refused { layer, count }));
    merged.names = names;
    merged
}

/// Keeps what was decided or said in layers of which an import has a later one.
pub(super) fn keep(import: &mut Import, others: Vec<(LayerKey, (u64, Layer))>) {
    for (key, other) in others {
        let Some(layer) = import.layers.get(&key).cloned() else { continue };
        let stated = import.revisions.get(&key).copied();
        let (revision, layer) = latest(&key.annotator, (stated.unwrap_or(0), layer), other);
        if stated.is_some() || revision > 0 {
            import.revisions.insert(key.clone(), revision);
        }
        import.layers.insert(key, layer);
    }
}

/// Of two layers of one annotator, each with its revision, the later; of gold layers what both decided. What was said in either stays.
fn latest(annotator: &Annotator, one: (u64, Layer), other: (u64, Layer)) -> (u64, Layer) {
    let (newer, older) = if other.0 > one.0 { (other, one) } else { (one, other) };
    if !is_gold(annotator) {
        let said: Vec<Arc<Remark>> = comments(&older.1, &newer.1).collect();
        return (newer.0, newer.1.with_remarks(said));
    }
    let layer = unite(&newer.1, &older.1).layer;
    // What neither has is newer than both.
    (newer.0 + u64::from(layer != newer.1), layer)
}

/// Whether nothing was ever done on a layer.
fn is_unbegun(layer: &Layer) -> bool {
    layer.is_empty() && layer.status() == Status::New && layer.remarks().next().is_none()
}

impl Merged {
    /// Two reviewers' gold layers become one, whichever is the newer; some labels of theirs are left out already.
    fn unite(&mut self, key: LayerKey, (ours, here): (&Layer, u64), (theirs, revision): (&Layer, u64), stayed: usize) {
        let is_newer = revision > here;
        let (newer, older) = if is_newer { (theirs, ours) } else { (ours, theirs) };
        let United { layer, taken, beside, left_out, taken_back } = unite(newer, older);
        let (left_out, taken_back) = if is_newer { (taken_back, left_out) } else { (left_out, taken_back) };
        let left_out = left_out + stayed;
        if left_out + taken_back > 0 {
            self.report.push(ReportLine::GoldUndone { layer: key.clone(), left_out, taken_back });
        }
        if layer == *ours {
            return self.report.push(ReportLine::LayerKept { same: ours == theirs, layer: key, incoming: revision, here });
        }
        if layer == *theirs {
            self.report.push(ReportLine::LayerTaken { layer: key.clone(), revision });
            return self.replacements.push((key, layer, revision.max(here)));
        }
        // What neither side has is newer than both.
        self.report.push(ReportLine::GoldUnited { layer: key.clone(), taken, beside });
        self.replacements.push((key, layer, revision.max(here) + 1));
    }
}

/// Puts layers whose text differs from one here by white space or spelling alone on the text here. The documents of the file
/// that are here under such another form, each with its name here.
fn align_layers(project: &Project, incoming: &mut Import, merged: &mut Merged) -> BTreeMap<DocumentId, DocumentId> {
    let is_here = |document: &Document| project.documents.values().any(|here| here.sha256 == document.sha256);
    let labelled: BTreeSet<DocumentId> = incoming.layers.iter().map(|(key, _)| key.document.clone()).collect();
    let strangers: Vec<Arc<Document>> =
        incoming.documents.values().filter(|document| labelled.contains(&document.id) && !is_here(document)).cloned().collect();
    let mut aligned = BTreeMap::new();
    if strangers.is_empty() {
        return aligned;
    }
    let known: Vec<(&Arc<Document>, Skeleton)> = project.documents.values().map(|here| (here, Skeleton::of(&here.text))).collect();
    for document in strangers {
        let from = Skeleton::of(&document.text);
        let Some((here, to)) = known.iter().find(|(_, to)| !from.letters().is_empty() && to.letters() == from.letters()) else {
            if let Some(here) = project.documents.get(&document.id).filter(|here| quotes::is_corrected(&document.text, &here.text)) {
                quote_layers(&document, here, incoming, merged);
                aligned.insert(document.id.clone(), here.id.clone());
            }
            continue;
        };
        merged.report.push(ReportLine::DocumentAligned { incoming: document.id.clone(), here: here.id.clone() });
        let keys: Vec<LayerKey> = incoming.layers.iter().map(|(key, _)| key.clone()).filter(|key| key.document == document.id).collect();
        for key in keys {
            let Some(layer) = incoming.layers.get(&key) else { continue };
            let (placed, lost) = align::align(layer, &from, to);
            merged.refused.extend(lost.iter().map(|label| unplaced(&key, label, &document)));
            incoming.layers.insert(key, placed);
        }
        aligned.insert(document.id.clone(), here.id.clone());
    }
    aligned
}

/// Puts the layers of a document on the text of that name here, which is another state of it, by their quotes.
fn quote_layers(document: &Document, here: &Document, incoming: &mut Import, merged: &mut Merged) {
    merged.report.push(ReportLine::DocumentQuoted { incoming: document.id.clone(), here: here.id.clone() });
    let keys: Vec<LayerKey> = incoming.layers.iter().map(|(key, _)| key.clone()).filter(|key| key.document == document.id).collect();
    for key in keys {
        let Some(layer) = incoming.layers.get(&key) else { continue };
        let (placed, lost) = quotes::place(layer, &document.text, &here.text);
        merged.refused.extend(lost.iter().map(|label| unplaced(&key, label, document)));
        incoming.layers.insert(key, placed);
    }
}

/// A label for which there is no place in the text here.
fn unplaced(key: &LayerKey, label: &Annotation, document: &Document) -> Refused {
    let (start, end) = (label.extent.hull().start().get(), label.extent.hull().end().get());
    let quote = label.extent.quote(&document.text).unwrap_or_default();
    let why = ProblemCode::QuoteNotFound { span: label.id.to_string(), start, end, quote };
    Refused { layer: key.clone(), raw: align::record(label, &document.text), why }
}

/// What was said in one layer and is not in the other: where both sides have written, both are kept.
fn comments<'a>(one: &'a Layer, other: &'a Layer) -> impl Iterator<Item = Arc<Remark>> + 'a {
    one.remarks().filter(|remark| remark.is(Remark::COMMENT) && other.remark(&remark.id).is_none()).cloned()
}
