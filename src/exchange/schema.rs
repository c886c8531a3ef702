//! A schema change through all that is kept: what it would do, what it does, and how it is taken back.

use super::stock::{Bin, Records, Stock};
use super::{Answer, Task, Tell};
use crate::edit::{self, Edit};
use crate::history::Step;
use crate::persist::{self, Key, Keyspace, LayerCard, SchemaStep, Way, Write};
use crate::project::LayerKey;
use crate::schema::Schema;
use crate::schema_change::{self, Comparison, Fate, Fates, Part, Unplanned};
use crate::session::Session;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is asked of the schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemaAsked {
    /// Milliseconds since 1970.
    pub now: u64,
    /// The layer that is being worked on.
    pub open: Option<LayerKey>,
    /// What is to be done.
    pub task: SchemaTask,
}

/// What is to be done with the schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SchemaTask {
    /// Say what another schema would change, with the fates that are chosen so far.
    Compare(Box<Schema>, Vec<(Part, Fate)>),
    /// Put another schema in place, and carry all labels over.
    Change(Box<Schema>, Vec<(Part, Fate)>),
    /// Take the last change back.
    Undo,
    /// Make the last change that was taken back again.
    Redo,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemaAnswer {
    /// What changes, with counts; of an undo, what the schema that comes back does not know.
    pub comparison: Comparison,
    /// Why nothing is done.
    pub refused: Option<Unplanned>,
    /// What is done.
    pub done: Option<SchemaDone>,
}

/// A schema change that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemaDone {
    /// The schema's revision after it.
    pub revision: u64,
    /// The schema after it.
    pub schema: Schema,
    /// Whether it can be taken back.
    pub can_undo: bool,
    /// Whether one that was taken back can be made again.
    pub can_redo: bool,
    /// The layers that are written, the open one with them.
    pub layers: Vec<LayerKey>,
    /// The step that the session of the open layer has to follow; it is among the writes.
    pub open: Option<OpenStep>,
}

/// A step on the open layer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenStep {
    /// The layer's revision after it. Where the session is not at the one before, all is to be asked again.
    pub revision: u64,
    /// The step, as the journal has it.
    pub entry: String,
}

impl SchemaAsked {
    /// The task for the worker.
    #[must_use]
    pub fn task(&self) -> Task {
        // Records are plain objects with strings for names, so this does not fail; an empty one would ask for nothing.
        Task::Schema(serde_json::to_string(self).unwrap_or_default())
    }

    pub(super) fn read(written: &str) -> Option<Self> {
        crate::json::parse(written).ok()
    }
}

impl SchemaAnswer {
    /// What the worker answered; `None` where it answered something else.
    #[must_use]
    pub fn of(answer: &Answer) -> Option<Self> {
        crate::json::parse(answer.schema.as_deref()?).ok()
    }
}

/// Compares, changes or takes back. The writes belong together: one transaction has all of them or none. Where a store
/// can only take them one by one, the order is such that the step with all that it does comes first and the schema last.
#[must_use]
pub fn change_schema(keys: &Keyspace, records: Records, asked: &SchemaAsked, tell: Tell) -> Answer {
    let stock = Stock::read(keys, records, Bin::Read, tell);
    let mut answer = Answer::default();
    let mut schema = SchemaAnswer::default();
    match plan(&stock, &asked.task, &mut schema.comparison) {
        Err(why) => schema.refused = Some(why),
        Ok(None) => {}
        Ok(Some((edit, way, target))) => {
            let mut carrying = Carrying { stock, asked, writes: Vec::new(), revisions: BTreeMap::new(), open: None };
            schema.done = Some(carrying.run(&edit, way, target.as_ref()));
            answer.writes = carrying.writes;
        }
    }
    answer.schema = serde_json::to_string(&schema).ok();
    answer
}

type Planned = Option<(Edit, Way, Option<SchemaStep>)>;

fn plan(stock: &Stock, task: &SchemaTask, comparison: &mut Comparison) -> Result<Planned, Unplanned> {
    let project = &stock.project;
    let layers = || project.layers.iter().map(|(key, layer)| (key, layer));
    let is_blocked = stock.schema_blocked && !matches!(task, SchemaTask::Compare(..));
    if is_blocked {
        return Err(Unplanned::Blocked);
    }
    let way = match task {
        SchemaTask::Compare(next, fates) | SchemaTask::Change(next, fates) => {
            let fates: Fates = fates.iter().cloned().collect();
            *comparison = schema_change::compare(&project.schema, next, &fates, layers());
            if matches!(task, SchemaTask::Compare(..)) {
                return Ok(None);
            }
            let edit = schema_change::plan(project, next, &fates)?;
            return Ok(Some((edit, Way::Do, None)));
        }
        SchemaTask::Undo => Way::Undo,
        SchemaTask::Redo => Way::Redo,
    };
    let target = stock.schema.target(way).and_then(|n| stock.schema_steps.get(&n));
    let target = SchemaStep::decode(target.ok_or(Unplanned::NoChange)?).map_err(|_| Unplanned::Blocked)?;
    if *target.after() != *project.schema {
        return Err(Unplanned::NotLast);
    }
    let edit = schema_change::take_back(project, &target.edit(|key| project.document_of(key)))?;
    let mut back = project.clone();
    // A plan fits the project it was made for; were it not so, the steps on layers would not be made either.
    if edit::apply(&mut back, &edit).is_ok() {
        *comparison = schema_change::compare(&back.schema, &back.schema, &Fates::new(), back.layers.iter().map(|(key, layer)| (key, layer)));
    }
    Ok(Some((edit, way, Some(target))))
}

struct Carrying<'a> {
    stock: Stock,
    asked: &'a SchemaAsked,
    writes: Vec<Write>,
    /// Layers that are written, with their revisions after it.
    revisions: BTreeMap<LayerKey, u64>,
    open: Option<OpenStep>,
}

impl Carrying<'_> {
    fn run(&mut self, edit: &Edit, way: Way, target: Option<&SchemaStep>) -> SchemaDone {
        for (key, edit) in edit.by_layer() {
            // A step that does not fit its layer is not made: its labels stay as they are, and nothing is lost.
            let _ = self.layer(&key, edit);
        }
        let touched: BTreeSet<_> = self.revisions.keys().map(|key| key.document.clone()).collect();
        for id in touched {
            if let Some(card) = self.stock.cards.get(&id) {
                self.writes.push(Write::Set(Key::Card(id), card.encode()));
            }
        }
        let (step, record) = self.stock.schema.step(&self.stock.project, edit, &self.revisions, way, target, self.asked.now);
        self.writes.insert(0, Write::Set(Key::SchemaStep(step.n), step.encode()));
        self.writes.push(Write::Set(Key::Schema, record.encode()));
        SchemaDone {
            revision: record.revision,
            can_undo: record.undo.is_some(),
            can_redo: record.redo.is_some(),
            schema: record.schema,
            layers: self.revisions.keys().cloned().collect(),
            open: self.open.take(),
        }
    }

    /// The step on one layer, after what has to be mended in it.
    fn layer(&mut self, key: &LayerKey, edit: Edit) -> Option<()> {
        let document = self.stock.project.document_of(key)?.clone();
        let past = self.stock.pasts.get(key).cloned().unwrap_or_default();
        let mut session = Session::open(self.stock.project.clone(), key.clone(), past.history, past.revision)?;
        let outcome = session.follow(Step::Do(Arc::new(edit))).ok()?;
        let entry = persist::encode_outcome(&document.text, self.asked.now, &outcome).ok()?;
        if self.asked.open.as_ref() == Some(key) {
            self.open = Some(OpenStep { revision: outcome.revision, entry: entry.clone() });
        }
        self.writes.extend(past.mending);
        self.writes.push(Write::Set(Key::Journal(key.clone(), outcome.revision), entry));
        self.revisions.insert(key.clone(), outcome.revision);
        let line = self.stock.line(key);
        let layer = session.layer();
        let line = LayerCard { status: layer.status(), spans: layer.len(), revision: outcome.revision, updated: self.asked.now, when: None, ..line };
        self.stock.cards.get_mut(&key.document)?.layers.insert(key.annotator.clone(), line);
        Some(())
    }
}
