//! A session: a project, the layer being worked on, its history and its revision.

use crate::annotation::Relation;
use crate::edit::{self, Applying, Change, Conflict, Delta, Edit};
use crate::history::{History, Step};
use crate::id::AnnotationId;
use crate::layer::Layer;
use crate::plan::{self, Command, Refusal};
use crate::project::{Document, LayerKey, Project};
use crate::schema::Schema;
use crate::span::Span;
use std::sync::Arc;

/// One person at work on one layer. A value: a copy is cheap.
#[derive(Clone, Debug)]
pub struct Session {
    project: Project,
    /// Names a layer and a document that `project` has.
    key: LayerKey,
    history: History,
    /// Counts every step that was ever made on the layer.
    revision: u64,
    read_only: bool,
}

/// What a step did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The layer's revision after it.
    pub revision: u64,
    /// The step, for the journal.
    pub step: Step,
    /// The edit as it was made, for screens that follow.
    pub edit: Arc<Edit>,
}

/// A step being made beside a session, some changes at a time: the session is as it was until it takes the step.
#[derive(Debug)]
pub struct Making {
    key: LayerKey,
    /// What the session was like when this began: how many steps were made, the layer, the schema.
    from: (u64, Layer, Arc<Schema>),
    step: Step,
    applying: Applying,
}

impl Making {
    /// Makes so many more changes; whether that was all of them.
    ///
    /// # Errors
    /// When the step does not fit.
    pub fn step(&mut self, changes: usize) -> Result<bool, Refusal> {
        self.applying.step(changes).map_err(refused)
    }

    /// The layer as far as it was changed.
    #[must_use]
    pub fn layer(&self) -> Option<&Layer> {
        self.applying.project().layers.get(&self.key)
    }

    /// The document that the layer is on.
    #[must_use]
    pub fn document(&self) -> Option<&Arc<Document>> {
        self.applying.project().documents.get(&self.key.document)
    }

    /// What the step is to the journal, and the edit that it makes.
    #[must_use]
    pub fn of(&self) -> (&Step, &Arc<Edit>) {
        (&self.step, self.applying.edit())
    }

    /// How many hundredths of its changes are made.
    #[must_use]
    pub fn hundredths(&self) -> usize {
        self.applying.hundredths()
    }

    /// The layer's revision after the step.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.from.0 + 1
    }
}

impl Outcome {
    /// The annotations that are there now and were not, or were otherwise, before.
    pub fn touched(&self) -> impl Iterator<Item = &AnnotationId> {
        self.edit.changes.iter().filter_map(|change| match change {
            Change::Annotation(_, delta) => delta.after.as_ref().map(|annotation| &annotation.id),
            _ => None,
        })
    }

    /// The relations that are there no longer.
    pub fn relations_gone(&self) -> impl Iterator<Item = &Arc<Relation>> {
        self.edit.changes.iter().filter_map(|change| match change {
            Change::Relation(_, Delta { before, after: None }) => before.as_ref(),
            _ => None,
        })
    }

    /// The stretch of text in which labels came, went or changed.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        let hulls = self.edit.changes.iter().flat_map(|change| match change {
            Change::Annotation(_, delta) => [delta.before.as_ref(), delta.after.as_ref()],
            _ => [None, None],
        });
        hulls.flatten().map(|annotation| annotation.extent.hull()).reduce(Span::hull)
    }
}

impl Session {
    /// A session on a layer, with what is known of its past. A layer that is not there yet is begun.
    ///
    /// `None` where the project has no such document.
    #[must_use]
    pub fn open(mut project: Project, key: LayerKey, history: History, revision: u64) -> Option<Self> {
        project.documents.get(&key.document)?;
        if !project.layers.contains_key(&key) {
            project.layers.insert(key.clone(), Layer::default());
        }
        Some(Self { project, key, history, revision, read_only: false })
    }

    /// The project as it is now.
    #[must_use]
    pub fn project(&self) -> &Project {
        &self.project
    }

    /// Which layer is worked on.
    #[must_use]
    pub fn key(&self) -> &LayerKey {
        &self.key
    }

    /// The layer worked on.
    #[must_use]
    pub fn layer(&self) -> &Layer {
        // `open` puts the layer there, and no step on a layer removes it; an empty one stands in for the proof.
        static EMPTY: std::sync::LazyLock<Layer> = std::sync::LazyLock::new(Layer::default);
        self.project.layers.get(&self.key).unwrap_or(&EMPTY)
    }

    /// The document worked on.
    #[must_use]
    pub fn document(&self) -> Option<&Arc<Document>> {
        self.project.documents.get(&self.key.document)
    }

    /// What can be undone and redone.
    #[must_use]
    pub fn history(&self) -> &History {
        &self.history
    }

    /// How many steps were ever made on the layer.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Whether another tab writes this layer.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.read_only
    }

    /// Gives the layer up to another tab, or takes it over.
    pub fn set_read_only(&mut self, read_only: bool) {
        self.read_only = read_only;
    }

    /// Puts another schema in the place of the project's. It is no step of the layer: what it means for labels comes as a
    /// step of its own.
    pub fn set_schema(&mut self, schema: Arc<Schema>) {
        let edit = Edit { changes: vec![Change::Schema(self.project.schema.clone(), schema)] };
        // The schema before is the project's own, so that the edit fits.
        let _ = edit::apply(&mut self.project, &edit);
    }

    /// Carries out a command.
    ///
    /// # Errors
    /// When the rules do not allow it; nothing has changed then.
    pub fn run(&mut self, command: Command) -> Result<Outcome, Refusal> {
        if self.read_only {
            return Err(Refusal::ReadOnly);
        }
        let edit = plan::plan(&self.project, &self.key, command)?;
        self.take(Step::Do(Arc::new(edit)))
    }

    /// Takes the last edit back.
    ///
    /// # Errors
    /// When there is none, or another tab writes the layer.
    pub fn undo(&mut self) -> Result<Outcome, Refusal> {
        if self.read_only {
            return Err(Refusal::ReadOnly);
        }
        self.take(Step::Undo)
    }

    /// Makes the last edit that was taken back again.
    ///
    /// # Errors
    /// When there is none, or another tab writes the layer.
    pub fn redo(&mut self) -> Result<Outcome, Refusal> {
        if self.read_only {
            return Err(Refusal::ReadOnly);
        }
        self.take(Step::Redo)
    }

    /// Begins what a command asks for, to be made beside this session and then taken by [`Self::take_made`].
    ///
    /// # Errors
    /// As [`Self::run`].
    pub fn begin(&self, command: Command) -> Result<Making, Refusal> {
        let edit = plan::plan(&self.project, &self.key, command)?;
        self.begin_step(Step::Do(Arc::new(edit)))
    }

    /// Begins a step, as [`Self::begin`].
    ///
    /// # Errors
    /// When there is nothing to undo or redo, or another tab writes the layer.
    pub fn begin_step(&self, step: Step) -> Result<Making, Refusal> {
        if self.read_only {
            return Err(Refusal::ReadOnly);
        }
        let edit = self.history.edit_of(&step).ok_or(Refusal::NothingThere)?;
        let from = (self.revision, self.layer().clone(), self.project.schema.clone());
        Ok(Making { key: self.key.clone(), from, step, applying: Applying::new(&self.project, edit) })
    }

    /// Whether the session is as it was when this step was begun.
    #[must_use]
    pub fn is_before(&self, making: &Making) -> bool {
        let (revision, layer, schema) = &making.from;
        self.key == making.key && self.revision == *revision && self.layer().is_same(layer) && Arc::ptr_eq(&self.project.schema, schema)
    }

    /// Takes a step that was made beside it; what is left of it is made at once.
    ///
    /// # Errors
    /// When another step came in between, another tab writes the layer, or the step does not fit; nothing has changed then.
    pub fn take_made(&mut self, making: Making) -> Result<Outcome, Refusal> {
        if self.read_only {
            return Err(Refusal::ReadOnly);
        }
        if !self.is_before(&making) {
            return Err(Refusal::UnderWay);
        }
        let (step, edit) = (making.step, making.applying.edit().clone());
        self.project = making.applying.finish().map_err(refused)?;
        Ok(self.note(step, edit))
    }

    /// Makes a step that another tab made, so that this one follows; also how a journal is read back.
    ///
    /// # Errors
    /// When the step does not fit the layer as it is.
    pub fn follow(&mut self, step: Step) -> Result<Outcome, Refusal> {
        self.take(step)
    }

    fn take(&mut self, step: Step) -> Result<Outcome, Refusal> {
        let edit = self.history.edit_of(&step).ok_or(Refusal::NothingThere)?;
        edit::apply(&mut self.project, &edit).map_err(refused)?;
        Ok(self.note(step, edit))
    }

    fn note(&mut self, step: Step, edit: Arc<Edit>) -> Outcome {
        self.history.record(&step);
        self.revision += 1;
        Outcome { revision: self.revision, step, edit }
    }
}

fn refused(conflict: Conflict) -> Refusal {
    Refusal::Conflict(Box::new(conflict.record))
}
