//! Edits: changes as data, each with what was before and what is after.
//!
//! Invariant: a project is changed by [`apply`] alone, at once or, as [`Applying`], in parts.

use crate::annotation::{Annotation, Relation, Remark};
use crate::id::{AnnotationId, DocumentId, RelationId, RemarkId};
use crate::layer::{Layer, Status};
use crate::project::{Document, LayerKey, Project};
use crate::schema::Schema;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One step of work: all of its changes are made, or none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    /// At most one change a record.
    pub changes: Vec<Change>,
}

/// What happened to one record. `None` before: it was made; `None` after: it was removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// To a label in a layer.
    Annotation(LayerKey, Delta<Arc<Annotation>>),
    /// To a relation in a layer.
    Relation(LayerKey, Delta<Arc<Relation>>),
    /// To a remark in a layer.
    Remark(LayerKey, Delta<Arc<Remark>>),
    /// To the state of the work on a layer.
    Status(LayerKey, Status, Status),
    /// To a whole layer: it came, or went.
    Layer(LayerKey, Box<Delta<Layer>>),
    /// To a document: it came, went, or was renamed.
    Document(DocumentId, Delta<Arc<Document>>),
    /// To the schema.
    Schema(Arc<Schema>, Arc<Schema>),
}

/// A record before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delta<T> {
    /// What was there.
    pub before: Option<T>,
    /// What is there now.
    pub after: Option<T>,
}

impl<T> Delta<T> {
    /// It was made.
    pub fn made(after: T) -> Self {
        Self { before: None, after: Some(after) }
    }

    /// It was removed.
    pub fn removed(before: T) -> Self {
        Self { before: Some(before), after: None }
    }

    /// It was changed.
    pub fn changed(before: T, after: T) -> Self {
        Self { before: Some(before), after: Some(after) }
    }

    fn invert(self) -> Self {
        Self { before: self.after, after: self.before }
    }
}

/// The project is not as the edit says it was; nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Which record.
    pub record: Record,
}

/// Names one record of a project.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Record {
    /// A label in a layer.
    Annotation(LayerKey, AnnotationId),
    /// A relation in a layer.
    Relation(LayerKey, RelationId),
    /// A remark in a layer.
    Remark(LayerKey, RemarkId),
    /// The state of the work on a layer.
    Status(LayerKey),
    /// A whole layer.
    Layer(LayerKey),
    /// A document.
    Document(DocumentId),
    /// The schema.
    Schema,
}

impl Change {
    /// The record it changes; `None` for a change from nothing to nothing.
    #[must_use]
    pub fn record(&self) -> Option<Record> {
        Some(match self {
            Self::Annotation(key, delta) => Record::Annotation(key.clone(), delta.after.as_ref().or(delta.before.as_ref())?.id.clone()),
            Self::Relation(key, delta) => Record::Relation(key.clone(), delta.after.as_ref().or(delta.before.as_ref())?.id.clone()),
            Self::Remark(key, delta) => Record::Remark(key.clone(), delta.after.as_ref().or(delta.before.as_ref())?.id.clone()),
            Self::Status(key, ..) => Record::Status(key.clone()),
            Self::Layer(key, _) => Record::Layer(key.clone()),
            Self::Document(id, _) => Record::Document(id.clone()),
            Self::Schema(..) => Record::Schema,
        })
    }

    /// The layer it is in; `None` for a change to a document or the schema.
    #[must_use]
    pub fn layer(&self) -> Option<&LayerKey> {
        match self {
            Self::Annotation(key, _) | Self::Relation(key, _) | Self::Remark(key, _) | Self::Status(key, ..) | Self::Layer(key, _) => Some(key),
            Self::Document(..) | Self::Schema(..) => None,
        }
    }

    fn invert(self) -> Self {
        match self {
            Self::Annotation(key, delta) => Self::Annotation(key, delta.invert()),
            Self::Relation(key, delta) => Self::Relation(key, delta.invert()),
            Self::Remark(key, delta) => Self::Remark(key, delta.invert()),
            Self::Status(key, before, after) => Self::Status(key, after, before),
            Self::Layer(key, delta) => Self::Layer(key, delta.invert().into()),
            Self::Document(id, delta) => Self::Document(id, delta.invert()),
            Self::Schema(before, after) => Self::Schema(after, before),
        }
    }

    fn changes_nothing(&self) -> bool {
        match self {
            Self::Annotation(_, delta) => delta.before == delta.after,
            Self::Relation(_, delta) => delta.before == delta.after,
            Self::Remark(_, delta) => delta.before == delta.after,
            Self::Status(_, before, after) => before == after,
            Self::Layer(_, delta) => delta.before == delta.after,
            Self::Document(_, delta) => delta.before == delta.after,
            Self::Schema(before, after) => before == after,
        }
    }

    /// This change and then `next`, which is on the same record.
    fn then(self, next: Self) -> Self {
        fn join<T>(first: Delta<T>, next: Delta<T>) -> Delta<T> {
            Delta { before: first.before, after: next.after }
        }
        match (self, next) {
            (Self::Annotation(key, a), Self::Annotation(_, b)) => Self::Annotation(key, join(a, b)),
            (Self::Relation(key, a), Self::Relation(_, b)) => Self::Relation(key, join(a, b)),
            (Self::Remark(key, a), Self::Remark(_, b)) => Self::Remark(key, join(a, b)),
            (Self::Status(key, before, _), Self::Status(_, _, after)) => Self::Status(key, before, after),
            (Self::Layer(key, a), Self::Layer(_, b)) => Self::Layer(key, join(*a, *b).into()),
            (Self::Document(id, a), Self::Document(_, b)) => Self::Document(id, join(a, b)),
            (Self::Schema(before, _), Self::Schema(_, after)) => Self::Schema(before, after),
            (_, next) => next,
        }
    }
}

impl Edit {
    /// Whether it changes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Its changes to layers, each layer's as an edit of its own.
    #[must_use]
    pub fn by_layer(&self) -> BTreeMap<LayerKey, Self> {
        let mut layers: BTreeMap<LayerKey, Self> = BTreeMap::new();
        for (key, change) in self.changes.iter().filter_map(|change| Some((change.layer()?, change))) {
            layers.entry(key.clone()).or_default().changes.push(change.clone());
        }
        layers
    }

    /// The edit that takes this one back.
    #[must_use]
    pub fn invert(self) -> Self {
        Self { changes: self.changes.into_iter().rev().map(Change::invert).collect() }
    }

    /// One edit that does what this and then `next` do. Both must be on single records, not on whole layers and their labels at once.
    #[must_use]
    pub fn then(self, next: Self) -> Self {
        let mut places: BTreeMap<Record, usize> = BTreeMap::new();
        let mut changes: Vec<Option<Change>> = Vec::new();
        for change in self.changes.into_iter().chain(next.changes) {
            let Some(record) = change.record() else { continue };
            match places.get(&record) {
                Some(place) => changes[*place] = changes[*place].take().map(|first| first.then(change)),
                None => {
                    places.insert(record, changes.len());
                    changes.push(Some(change));
                }
            }
        }
        Self { changes: changes.into_iter().flatten().filter(|change| !change.changes_nothing()).collect() }
    }
}

/// Makes an edit.
///
/// # Errors
/// When a record is not as the edit says it was. Then the project is as before.
pub fn apply(project: &mut Project, edit: &Edit) -> Result<(), Conflict> {
    // A project is a value that shares its parts, so a copy costs next to nothing and a failed edit leaves no trace.
    let mut next = project.clone();
    make_all(&mut next, &edit.changes)?;
    *project = next;
    Ok(())
}

/// An edit being made on a copy of a project, some changes at a time.
#[derive(Debug)]
pub struct Applying {
    next: Project,
    edit: Arc<Edit>,
    /// How many changes were made.
    done: usize,
}

impl Applying {
    /// An edit of a project; nothing is made yet.
    #[must_use]
    pub fn new(project: &Project, edit: Arc<Edit>) -> Self {
        Self { next: project.clone(), edit, done: 0 }
    }

    /// Makes so many more changes; whether that was all of them.
    ///
    /// # Errors
    /// When a record is not as the edit says it was: the copy is of no use then.
    pub fn step(&mut self, changes: usize) -> Result<bool, Conflict> {
        let left = self.edit.changes.get(self.done..).unwrap_or_default();
        let some = left.get(..changes).unwrap_or(left);
        make_all(&mut self.next, some)?;
        self.done += some.len();
        Ok(self.done == self.edit.changes.len())
    }

    /// How many hundredths of its changes are made.
    #[must_use]
    pub fn hundredths(&self) -> usize {
        (self.done * 100).checked_div(self.edit.changes.len()).unwrap_or(100)
    }

    /// The copy as far as it was changed.
    #[must_use]
    pub fn project(&self) -> &Project {
        &self.next
    }

    /// The edit.
    #[must_use]
    pub fn edit(&self) -> &Arc<Edit> {
        &self.edit
    }

    /// The project after the edit; what is left is made at once.
    ///
    /// # Errors
    /// As [`apply`].
    pub fn finish(mut self) -> Result<Project, Conflict> {
        self.step(usize::MAX)?;
        Ok(self.next)
    }
}

fn make_all(project: &mut Project, changes: &[Change]) -> Result<(), Conflict> {
    for change in changes {
        if make(project, change).is_none() {
            let record = change.record().unwrap_or(Record::Schema);
            return Err(Conflict { record });
        }
    }
    Ok(())
}

/// `None` where what is there is not what was expected.
fn make(project: &mut Project, change: &Change) -> Option<()> {
    match change {
        Change::Annotation(key, delta) => {
            let id = &delta.after.as_ref().or(delta.before.as_ref())?.id;
            let layer = project.layers.get_mut(key)?;
            expect(layer.get(id), delta.before.as_ref())?;
            match &delta.after {
                Some(after) => layer.put(after.clone()),
                None => layer.remove(id),
            }
        }
        Change::Relation(key, delta) => {
            let id = &delta.after.as_ref().or(delta.before.as_ref())?.id;
            let layer = project.layers.get_mut(key)?;
            expect(layer.relation(id), delta.before.as_ref())?;
            match &delta.after {
                Some(after) => layer.put_relation(after.clone()),
                None => layer.remove_relation(id),
            }
        }
        Change::Remark(key, delta) => {
            let id = &delta.after.as_ref().or(delta.before.as_ref())?.id;
            let layer = project.layers.get_mut(key)?;
            expect(layer.remark(id), delta.before.as_ref())?;
            match &delta.after {
                Some(after) => layer.put_remark(after.clone()),
                None => layer.remove_remark(id),
            }
        }
        Change::Status(key, before, after) => {
            let layer = project.layers.get_mut(key)?;
            expect(Some(&layer.status()), Some(before))?;
            layer.set_status(*after);
        }
        Change::Layer(key, delta) => {
            expect(project.layers.get(key), delta.before.as_ref())?;
            match &delta.after {
                Some(after) => project.layers.insert(key.clone(), after.clone()),
                None => project.layers.remove(key),
            };
        }
        Change::Document(id, delta) => {
            expect(project.documents.get(id), delta.before.as_ref())?;
            match &delta.after {
                Some(after) => project.documents.insert(id.clone(), after.clone()),
                None => project.documents.remove(id),
            };
        }
        Change::Schema(before, after) => {
            expect(Some(&project.schema), Some(before))?;
            project.schema = after.clone();
        }
    }
    Some(())
}

fn expect<T: PartialEq>(found: Option<&T>, expected: Option<&T>) -> Option<()> {
    (found == expected).then_some(())
}
