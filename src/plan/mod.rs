//! Plans: from a command to the edit that carries it out, or the reason why not.
//!
//! Every rule about what is allowed is here.

mod relations;
mod replace;
mod reshape;
mod values;

use crate::annotation::{Annotation, Relation};
use crate::edit::{Change, Delta, Edit, Record};
use crate::id::{AnnotationId, LabelId, RelationId, RelationKind};
use crate::layer::{Layer, Status};
use crate::project::{Document, LayerKey, Project};
use crate::schema;
use crate::span::{Extent, Span};
use crate::text::classes::is_invisible;
use crate::text::{Offset, Text};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

/// Something a person wants done to a layer.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Puts a label on an extent.
    Label {
        /// The name of the new annotation.
        id: AnnotationId,
        /// What it covers.
        extent: Extent,
        /// The kind of label.
        label: LabelId,
    },
    /// Puts one label on many places; places that have it already are passed over.
    LabelAll {
        /// A name and an extent for each place.
        places: Vec<(AnnotationId, Extent)>,
        /// The kind of label.
        label: LabelId,
    },
    /// Moves the edges of an annotation.
    SetExtent(AnnotationId, Extent),
    /// Changes the kind of label.
    SetLabel(AnnotationId, LabelId),
    /// Writes or, with `None`, removes the note.
    SetNote(AnnotationId, Option<String>),
    /// Says something more of an annotation or, with `None`, takes it back.
    SetAttribute(AnnotationId, String, Option<Value>),
    /// Cuts an annotation in two at a place inside it.
    Split {
        /// Which one; it keeps the first part.
        id: AnnotationId,
        /// The first character of the second part.
        at: Offset,
        /// The name of the second part.
        second: AnnotationId,
    },
    /// Makes one annotation of two with the same label, from the first character of either to the last.
    Merge {
        /// The one that stays.
        keep: AnnotationId,
        /// The one that goes.
        absorb: AnnotationId,
    },
    /// Drops white space, invisible marks and punctuation from the edges.
    Trim(Vec<AnnotationId>),
    /// Removes annotations and the relations that hang on them.
    Delete(Vec<AnnotationId>),
    /// Adds a piece to an annotation; pieces that touch become one.
    AddPiece(AnnotationId, Span),
    /// Takes a stretch of text out of an annotation: a whole piece, an end, or the middle of one.
    RemovePiece(AnnotationId, Span),
    /// Says whether the annotator is unsure of the label.
    SetUnsure(AnnotationId, bool),
    /// Ties one annotation to another.
    Relate {
        /// The name of the new relation.
        id: RelationId,
        /// What kind of tie.
        kind: RelationKind,
        /// Where it starts.
        from: AnnotationId,
        /// Where it leads.
        to: AnnotationId,
    },
    /// Ties a relation to other ends: where it starts, then where it leads.
    SetRelationEnds(RelationId, AnnotationId, AnnotationId),
    /// Changes the kind of a relation.
    SetRelationKind(RelationId, RelationKind),
    /// Says something more of a relation or, with `None`, takes it back.
    SetRelationAttribute(RelationId, String, Option<Value>),
    /// Writes or, with `None`, removes the note of a relation.
    SetRelationNote(RelationId, Option<String>),
    /// Removes relations; what they join stays.
    Unrelate(Vec<RelationId>),
    /// Says how far the work has come.
    SetStatus(Status),
    /// Takes the place of the layer, as an import or a merge does.
    Replace(Box<Layer>),
    /// Changes several records of the layer in one step, as a decision between layers does: labels and relations of others
    /// are taken as they came.
    Amend(Edit),
}

/// Why a command is not carried out. The page has words for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such layer or document.
    NoLayer,
    /// There is no such annotation.
    NoAnnotation(AnnotationId),
    /// The schema has no such label.
    UnknownLabel(LabelId),
    /// The extent runs past the end of the text.
    OutsideText,
    /// An edge falls inside what a reader sees as one character, such as between a letter and its haraka.
    CutsCharacter(Offset),
    /// Only white space or invisible marks would be labelled.
    Blank,
    /// The same label is on the same extent already.
    Duplicate(AnnotationId),
    /// The name is taken.
    IdTaken(AnnotationId),
    /// The cut would leave one part empty.
    SplitAtEdge,
    /// Labels that are not of one kind are not merged.
    DifferentLabels,
    /// An annotation cannot be merged with itself.
    SameAnnotation,
    /// The kind of label is no longer offered.
    RetiredLabel(LabelId),
    /// Nothing of the annotation would stay.
    LastPiece,
    /// The schema has no such attribute for this kind of label or relation.
    UnknownAttribute(String),
    /// The attribute takes another kind of answer.
    WrongValue(String),
    /// There is no such relation.
    NoRelation(RelationId),
    /// The schema has no such kind of relation.
    UnknownRelation(RelationKind),
    /// The kind of relation is no longer offered.
    RetiredRelation(RelationKind),
    /// The name of the relation is taken.
    RelationIdTaken(RelationId),
    /// A relation does not lead back to where it starts.
    SameEnds,
    /// The schema does not let this kind of relation join labels of these kinds.
    RelationForbidden(RelationKind),
    /// The same two annotations are joined in the same way already.
    SameRelation(RelationId),
    /// No more relations of this kind may start from one annotation.
    TooManyRelations(RelationKind),
    /// Nothing would change.
    NoChange,
    /// This layer is only read here: another tab writes it.
    ReadOnly,
    /// There is nothing to undo or redo.
    NothingThere,
    /// The layer is not as the edit says it was.
    Conflict(Box<Record>),
    /// Another step is under way, or came in between.
    UnderWay,
}

/// The edit that carries out a command on a layer.
///
/// # Errors
/// When the rules do not allow it.
pub fn plan(project: &Project, key: &LayerKey, command: Command) -> Result<Edit, Refusal> {
    let document = project.document_of(key).ok_or(Refusal::NoLayer)?;
    let layer = project.layer(key).ok_or(Refusal::NoLayer)?;
    let planner = Planner { project, key, document, layer };
    let changes = match command {
        Command::Label { id, extent, label } => planner.label(id, extent, label)?,
        Command::LabelAll { places, label } => planner.label_all(places, &label)?,
        Command::SetExtent(id, extent) => planner.change(Annotation { extent, ..planner.copy(&id)? })?,
        Command::SetLabel(id, label) => planner.relabel(planner.copy(&id)?, label)?,
        Command::SetNote(id, note) => planner.change(Annotation { note: written(note), ..planner.copy(&id)? })?,
        Command::SetUnsure(id, unsure) => planner.change(Annotation { unsure, ..planner.copy(&id)? })?,
        Command::SetAttribute(id, name, value) => {
            let mut after = planner.copy(&id)?;
            let known = project.schema.label(&after.label).and_then(|label| label.attribute(&name));
            values::say(&mut after.attributes, known, name, value)?;
            planner.change(after)?
        }
        Command::Split { id, at, second } => planner.split(&id, at, second)?,
        Command::Merge { keep, absorb } => planner.merge(&keep, &absorb)?,
        Command::AddPiece(id, piece) => planner.add_piece(&id, piece)?,
        Command::RemovePiece(id, part) => planner.remove_piece(&id, part)?,
        Command::Trim(ids) => planner.trim(&ids)?,
        Command::Delete(ids) => planner.delete(&ids)?,
        Command::Relate { id, kind, from, to } => planner.relate(id, kind, from, to)?,
        Command::SetRelationEnds(id, from, to) => planner.set_ends(&id, from, to)?,
        Command::SetRelationKind(id, kind) => planner.set_kind(&id, kind)?,
        Command::SetRelationAttribute(id, name, value) => {
            let mut after = planner.copy_relation(&id)?;
            let known = project.schema.relation(&after.kind).and_then(|kind| kind.attribute(&name));
            values::say(&mut after.attributes, known, name, value)?;
            planner.change_relation(after)?
        }
        Command::SetRelationNote(id, note) => planner.change_relation(Relation { note: written(note), ..planner.copy_relation(&id)? })?,
        Command::Unrelate(ids) => planner.unrelate(&ids)?,
        Command::SetStatus(status) => {
            if status == layer.status() {
                return Err(Refusal::NoChange);
            }
            return Ok(Edit { changes: vec![Change::Status(key.clone(), layer.status(), status)] });
        }
        Command::Replace(next) => return planner.replace(&next),
        Command::Amend(edit) => planner.amend(edit)?,
    };
    Ok(Edit { changes: planner.begin_work(changes) })
}

/// Whether an extent may carry a label at all, whichever label and whatever else is there.
///
/// # Errors
/// When it runs past the text, cuts a character, or has a piece in which nothing is seen.
pub fn check_extent(text: &Text, extent: &Extent) -> Result<(), Refusal> {
    if extent.hull().end() > text.len() {
        return Err(Refusal::OutsideText);
    }
    for piece in extent.pieces() {
        for edge in [piece.start(), piece.end()] {
            if !text.is_grapheme_boundary(edge) {
                return Err(Refusal::CutsCharacter(edge));
            }
        }
        if text.slice(piece.range()).is_none_or(is_blank) {
            return Err(Refusal::Blank);
        }
    }
    Ok(())
}

/// What every rule looks at.
struct Planner<'a> {
    project: &'a Project,
    key: &'a LayerKey,
    document: &'a Document,
    layer: &'a Layer,
}

impl Planner<'_> {
    fn find(&self, id: &AnnotationId) -> Result<&Arc<Annotation>, Refusal> {
        self.layer.get(id).ok_or_else(|| Refusal::NoAnnotation(id.clone()))
    }

    /// The kind of label, where it is one that may be given.
    fn offered(&self, label: &LabelId) -> Result<&schema::Label, Refusal> {
        let known = self.project.schema.label(label).ok_or_else(|| Refusal::UnknownLabel(label.clone()))?;
        if known.retired { Err(Refusal::RetiredLabel(label.clone())) } else { Ok(known) }
    }

    fn copy(&self, id: &AnnotationId) -> Result<Annotation, Refusal> {
        self.find(id).map(|annotation| Annotation::clone(annotation))
    }

    /// The rules that a new or moved annotation must meet.
    fn check_placed(&self, annotation: &Annotation) -> Result<(), Refusal> {
        check_extent(&self.document.text, &annotation.extent)?;
        self.check_alone(annotation)
    }

    fn check_alone(&self, annotation: &Annotation) -> Result<(), Refusal> {
        match self.layer.find_same(annotation) {
            Some(twin) if twin.id != annotation.id => Err(Refusal::Duplicate(twin.id.clone())),
            _ => Ok(()),
        }
    }

    fn check_free(&self, id: &AnnotationId) -> Result<(), Refusal> {
        self.layer.get(id).map_or(Ok(()), |_| Err(Refusal::IdTaken(id.clone())))
    }

    fn made(&self, annotation: Annotation) -> Change {
        Change::Annotation(self.key.clone(), Delta::made(Arc::new(annotation)))
    }

    fn changed(&self, before: &Arc<Annotation>, after: Annotation) -> Change {
        Change::Annotation(self.key.clone(), Delta::changed(before.clone(), Arc::new(after)))
    }

    fn removed(&self, before: &Arc<Annotation>) -> Change {
        Change::Annotation(self.key.clone(), Delta::removed(before.clone()))
    }

    /// The first label on a new document says that work has begun.
    fn begin_work(&self, mut changes: Vec<Change>) -> Vec<Change> {
        if self.layer.status() == Status::New {
            changes.push(Change::Status(self.key.clone(), Status::New, Status::InProgress));
        }
        changes
    }

    fn label(&self, id: AnnotationId, extent: Extent, label: LabelId) -> Result<Vec<Change>, Refusal> {
        let kind = self.offered(&label)?;
        self.check_free(&id)?;
        let mut annotation = Annotation::new(id, extent, label);
        values::defaults(&mut annotation.attributes, &kind.attributes);
        self.check_placed(&annotation)?;
        Ok(vec![self.made(annotation)])
    }

    fn label_all(&self, places: Vec<(AnnotationId, Extent)>, label: &LabelId) -> Result<Vec<Change>, Refusal> {
        let mut changes = Vec::with_capacity(places.len());
        let mut made: HashSet<Extent> = HashSet::new();
        let mut ids: BTreeSet<AnnotationId> = BTreeSet::new();
        for (id, extent) in places {
            match self.label(id.clone(), extent.clone(), label.clone()) {
                Ok(mut change) => {
                    if !ids.insert(id.clone()) {
                        return Err(Refusal::IdTaken(id));
                    }
                    if made.insert(extent) {
                        changes.append(&mut change);
                    }
                }
                Err(Refusal::Duplicate(_)) => {}
                Err(refusal) => return Err(refusal),
            }
        }
        if changes.is_empty() { Err(Refusal::NoChange) } else { Ok(changes) }
    }

    fn change(&self, after: Annotation) -> Result<Vec<Change>, Refusal> {
        let before = self.find(&after.id)?;
        if after == **before {
            return Err(Refusal::NoChange);
        }
        if after.extent != before.extent || after.label != before.label {
            self.check_placed(&after)?;
        }
        Ok(vec![self.changed(before, after)])
    }

    /// What was said of the old kind of label and means nothing for the new one is dropped, and so are relations that the
    /// new kind may not have; undo brings all of it back.
    fn relabel(&self, mut after: Annotation, label: LabelId) -> Result<Vec<Change>, Refusal> {
        if label == after.label {
            self.project.schema.label(&label).ok_or_else(|| Refusal::UnknownLabel(label.clone()))?;
            return Err(Refusal::NoChange);
        }
        let new = self.offered(&label)?;
        let old = self.project.schema.label(&after.label);
        values::carry(&mut after.attributes, old.map_or(&[], |old| &old.attributes), &new.attributes);
        after.label = label;
        let mut changes = self.forbidden_by(&after);
        changes.extend(self.change(after)?);
        Ok(changes)
    }

    fn delete(&self, ids: &[AnnotationId]) -> Result<Vec<Change>, Refusal> {
        let mut changes = Vec::new();
        let mut relations: BTreeMap<_, Arc<Relation>> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for id in ids.iter().filter(|id| seen.insert(*id)) {
            changes.push(self.removed(self.find(id)?));
            relations.extend(self.layer.relations_of(id).map(|relation| (relation.id.clone(), relation.clone())));
        }
        if changes.is_empty() {
            return Err(Refusal::NoChange);
        }
        let ties = relations.into_values().map(|relation| Change::Relation(self.key.clone(), Delta::removed(relation)));
        // Relations go first, so that no state in between has one without its ends.
        Ok(ties.chain(changes).collect())
    }
}

/// The note as it is kept: none where nothing is to be read.
fn written(note: Option<String>) -> Option<String> {
    note.filter(|note| !note.trim().is_empty())
}

fn is_blank(text: &str) -> bool {
    text.chars().all(|character| character.is_whitespace() || is_invisible(character))
}
