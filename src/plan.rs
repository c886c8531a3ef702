//! Plans: from a command to the edit that carries it out, or the reason why not.
//!
//! Every rule about what is allowed is here.

use crate::annotation::{Annotation, Relation};
use crate::edit::{Change, Delta, Edit, Record};
use crate::id::{AnnotationId, LabelId};
use crate::layer::{Layer, Status};
use crate::project::{Document, LayerKey, Project};
use crate::span::{Extent, Span};
use crate::text::classes::is_invisible;
use crate::text::{Offset, Text};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
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
    /// Says how far the work has come.
    SetStatus(Status),
    /// Takes the place of the layer, as an import or a merge does.
    Replace(Box<Layer>),
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
    /// Nothing would change.
    NoChange,
    /// This layer is only read here: another tab writes it.
    ReadOnly,
    /// There is nothing to undo or redo.
    NothingThere,
    /// The layer is not as the edit says it was.
    Conflict(Box<Record>),
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
        Command::SetExtent(id, extent) => planner.change(&id, |annotation| annotation.extent = extent)?,
        Command::SetLabel(id, label) => {
            planner.check_label(&label)?;
            planner.change(&id, |annotation| planner.relabel(annotation, label))?
        }
        Command::SetNote(id, note) => planner.change(&id, |annotation| annotation.note = note.filter(|note| !note.trim().is_empty()))?,
        Command::SetAttribute(id, name, value) => planner.change(&id, |annotation| match value {
            Some(value) => drop(annotation.attributes.insert(name, value)),
            None => drop(annotation.attributes.remove(&name)),
        })?,
        Command::Split { id, at, second } => planner.split(&id, at, second)?,
        Command::Merge { keep, absorb } => planner.merge(&keep, &absorb)?,
        Command::Trim(ids) => planner.trim(&ids)?,
        Command::Delete(ids) => planner.delete(&ids)?,
        Command::SetStatus(status) => {
            if status == layer.status() {
                return Err(Refusal::NoChange);
            }
            return Ok(Edit { changes: vec![Change::Status(key.clone(), layer.status(), status)] });
        }
        Command::Replace(next) => return planner.replace(&next),
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

    fn check_label(&self, label: &LabelId) -> Result<(), Refusal> {
        self.project.schema.label(label).map(|_| ()).ok_or_else(|| Refusal::UnknownLabel(label.clone()))
    }

    /// The rules that a new or moved annotation must meet.
    fn check_placed(&self, annotation: &Annotation) -> Result<(), Refusal> {
        check_extent(&self.document.text, &annotation.extent)?;
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
        self.check_label(&label)?;
        self.check_free(&id)?;
        let annotation = Annotation::new(id, extent, label);
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

    fn change(&self, id: &AnnotationId, change: impl FnOnce(&mut Annotation)) -> Result<Vec<Change>, Refusal> {
        let before = self.find(id)?;
        let mut after = Annotation::clone(before);
        change(&mut after);
        if after == **before {
            return Err(Refusal::NoChange);
        }
        if after.extent != before.extent || after.label != before.label {
            self.check_placed(&after)?;
        }
        Ok(vec![self.changed(before, after)])
    }

    /// What was said of the old kind of label and means nothing for the new one is dropped; undo brings it back.
    fn relabel(&self, annotation: &mut Annotation, label: LabelId) {
        let schema = &self.project.schema;
        if let (Some(old), Some(new)) = (schema.label(&annotation.label), schema.label(&label)) {
            annotation.attributes.retain(|name, _| old.attribute(name).is_none() || new.attribute(name).is_some());
        }
        annotation.label = label;
    }

    fn split(&self, id: &AnnotationId, at: Offset, second: AnnotationId) -> Result<Vec<Change>, Refusal> {
        let before = self.find(id)?;
        self.check_free(&second)?;
        let part = |wanted: Span| before.extent.pieces().iter().filter_map(|piece| piece.intersection(wanted)).collect::<Vec<_>>();
        let hull = before.extent.hull();
        let halves = (Span::try_new(hull.start(), at), Span::try_new(at, hull.end()));
        let (Some(left), Some(right)) = halves else { return Err(Refusal::SplitAtEdge) };
        let (Some(left), Some(right)) = (self.tidy(part(left)), self.tidy(part(right))) else { return Err(Refusal::SplitAtEdge) };
        let first = Annotation { extent: left, ..Annotation::clone(before) };
        let other = Annotation { id: second, extent: right, ..Annotation::clone(before) };
        self.check_placed(&first)?;
        self.check_placed(&other)?;
        Ok(vec![self.changed(before, first), self.made(other)])
    }

    /// The pieces without white space and invisible marks at their edges, which is less than a trim drops; `None` where nothing stays.
    fn tidy(&self, pieces: Vec<Span>) -> Option<Extent> {
        let text = &self.document.text;
        let seen = pieces.into_iter().filter(|piece| text.slice(piece.range()).is_some_and(|quote| !is_blank(quote)));
        Extent::union(seen.filter_map(|piece| Span::from_range(text.trim_space(piece.range()))))
    }

    fn merge(&self, keep: &AnnotationId, absorb: &AnnotationId) -> Result<Vec<Change>, Refusal> {
        if keep == absorb {
            return Err(Refusal::SameAnnotation);
        }
        let (first, second) = (self.find(keep)?, self.find(absorb)?);
        if first.label != second.label {
            return Err(Refusal::DifferentLabels);
        }
        let mut merged = Annotation::clone(first);
        // Plain spans become one span over the words between them; where either is in pieces, the gaps it has were meant.
        merged.extent = if first.extent.is_in_pieces() || second.extent.is_in_pieces() {
            let pieces = first.extent.pieces().iter().chain(second.extent.pieces()).copied();
            Extent::union(pieces).unwrap_or_else(|| first.extent.clone())
        } else {
            first.extent.hull().hull(second.extent.hull()).into()
        };
        for (name, value) in &second.attributes {
            merged.attributes.entry(name.clone()).or_insert_with(|| value.clone());
        }
        merged.note = match (&first.note, &second.note) {
            (Some(a), Some(b)) if a != b => Some(format!("{a}\n{b}")),
            (a, b) => a.clone().or_else(|| b.clone()),
        };
        match self.check_placed(&merged) {
            Err(Refusal::Duplicate(twin)) if twin == *absorb => {}
            other => other?,
        }
        let mut changes = vec![self.removed(second)];
        if merged != **first {
            changes.push(self.changed(first, merged));
        }
        changes.extend(self.retarget(absorb, keep));
        Ok(changes)
    }

    /// Relations of an annotation that goes are tied to the one that stays; those that would tie it to itself, or double another, go too.
    fn retarget(&self, gone: &AnnotationId, stays: &AnnotationId) -> Vec<Change> {
        let tie = |relation: &Relation| (relation.kind.clone(), relation.from.clone(), relation.to.clone());
        let mut ties: BTreeSet<_> = self.layer.relations_of(stays).map(|relation| tie(relation)).collect();
        let mut changes = Vec::new();
        let mut seen = BTreeSet::new();
        for before in self.layer.relations_of(gone).filter(|relation| seen.insert(relation.id.clone())) {
            let swap = |end: &AnnotationId| if end == gone { stays.clone() } else { end.clone() };
            let after = Relation { from: swap(&before.from), to: swap(&before.to), ..Relation::clone(before) };
            let keep = after.from != after.to && ties.insert(tie(&after));
            let delta = if keep { Delta::changed(before.clone(), Arc::new(after)) } else { Delta::removed(before.clone()) };
            changes.push(Change::Relation(self.key.clone(), delta));
        }
        changes
    }

    fn trim(&self, ids: &[AnnotationId]) -> Result<Vec<Change>, Refusal> {
        let text = &self.document.text;
        let mut changes = Vec::new();
        let mut seen = BTreeSet::new();
        let mut moved: HashMap<(LabelId, Extent), AnnotationId> = HashMap::new();
        for id in ids.iter().filter(|id| seen.insert(*id)) {
            let before = self.find(id)?;
            let trimmed = before.extent.pieces().iter().map(|piece| text.trim(piece.range()));
            // A bracket that carries a mark is not cut from it.
            let pieces = trimmed.filter(|range| !range.is_empty()).filter_map(|range| Span::from_range(text.snap_to_graphemes(range)));
            let Some(extent) = Extent::union(pieces) else { continue };
            if extent == before.extent {
                continue;
            }
            let after = Annotation { extent, ..Annotation::clone(before) };
            self.check_placed(&after)?;
            // The layer does not know yet of those trimmed in the same step.
            if let Some(twin) = moved.insert((after.label.clone(), after.extent.clone()), id.clone()) {
                return Err(Refusal::Duplicate(twin));
            }
            changes.push(self.changed(before, after));
        }
        if changes.is_empty() { Err(Refusal::NoChange) } else { Ok(changes) }
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

    /// The difference between the layer as it is and as it shall be. Labels that the schema does not know are kept.
    fn replace(&self, next: &Layer) -> Result<Edit, Refusal> {
        let there = Planner { layer: next, ..*self };
        // What others labelled is kept as it came, also where it cuts a character, shows nothing, or is there twice.
        if next.iter().any(|after| after.extent.hull().end() > self.document.text.len()) {
            return Err(Refusal::OutsideText);
        }
        for end in next.relations().flat_map(|relation| [&relation.from, &relation.to]) {
            there.find(end)?;
        }
        let key = || self.key.clone();
        let mut changes = Vec::new();
        for before in self.layer.relations() {
            if next.relation(&before.id).is_none() {
                changes.push(Change::Relation(key(), Delta::removed(before.clone())));
            }
        }
        for before in self.layer.iter() {
            match next.get(&before.id) {
                None => changes.push(self.removed(before)),
                Some(after) if after != before => changes.push(Change::Annotation(key(), Delta::changed(before.clone(), after.clone()))),
                Some(_) => {}
            }
        }
        for after in next.iter() {
            if self.layer.get(&after.id).is_none() {
                changes.push(Change::Annotation(key(), Delta::made(after.clone())));
            }
        }
        for after in next.relations() {
            match self.layer.relation(&after.id) {
                None => changes.push(Change::Relation(key(), Delta::made(after.clone()))),
                Some(before) if before != after => changes.push(Change::Relation(key(), Delta::changed(before.clone(), after.clone()))),
                Some(_) => {}
            }
        }
        if next.status() != self.layer.status() {
            changes.push(Change::Status(key(), self.layer.status(), next.status()));
        }
        if changes.is_empty() { Err(Refusal::NoChange) } else { Ok(Edit { changes }) }
    }
}

fn is_blank(text: &str) -> bool {
    text.chars().all(|character| character.is_whitespace() || is_invisible(character))
}
