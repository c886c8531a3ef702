//! The stock: what both stores hold, read as documents and layers.

use super::Tell;
use crate::adjudicate::{Gone, is_gold};
use crate::history::{History, Step};
use crate::id::{Annotator, DocumentId};
use crate::layer::Layer;
use crate::persist::{Card, DocumentRecord, Entry, Key, Keyspace, LayerCard, Recovered, SchemaRecord, SchemaStep, Unreadable, Write, recover};
use crate::project::{LayerKey, Project};
use crate::text::Text;
use crate::training;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What both stores hold, by key as they write it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Records {
    /// The small store.
    pub local: Vec<(String, String)>,
    /// The one that keeps everything.
    pub durable: Vec<(String, String)>,
    /// What the durable store does not have yet, oldest first; without a value, what is to go from it.
    pub pending: Vec<(String, Option<String>)>,
}

impl Records {
    /// Has what is pending written.
    pub fn settle(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let mut durable: BTreeMap<String, String> = std::mem::take(&mut self.durable).into_iter().collect();
        for (key, value) in self.pending.drain(..) {
            match value {
                Some(value) => drop(durable.insert(key, value)),
                None => drop(durable.remove(&key)),
            }
        }
        self.durable = durable.into_iter().collect();
    }

    /// What there is of one document.
    #[must_use]
    pub fn of_document(mut self, keys: &Keyspace, document: &DocumentId) -> Self {
        self.settle();
        let is_its = |written: &String| match keys.parse(written) {
            Some(Key::Document(id) | Key::Card(id)) => id == *document,
            Some(key) => key.layer().is_none_or(|layer| layer.document == *document),
            None => false,
        };
        self.local.retain(|(key, _)| is_its(key));
        self.durable.retain(|(key, _)| is_its(key));
        self
    }

    /// Both stores as one, by key; of two values of one key the durable store's.
    #[must_use]
    pub fn united(&self) -> BTreeMap<String, String> {
        let mut settled = self.clone();
        settled.settle();
        settled.local.into_iter().chain(settled.durable).collect()
    }
}

/// What is kept of a layer besides its labels.
#[derive(Clone, Debug, Default)]
pub struct Past {
    /// What can be undone.
    pub history: History,
    /// The journal's revision.
    pub revision: u64,
    /// What has to be written before anything else is, so that no unreadable record is written over.
    pub mending: Vec<Write>,
    /// Of a gold layer, what was undone in it.
    pub gone: Gone,
}

/// Whether documents in the bin are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bin {
    /// They are.
    Read,
    /// They are left out.
    LeftOut,
}

/// Everything that is kept.
#[derive(Clone, Debug)]
pub struct Stock {
    /// Documents and layers.
    pub project: Project,
    /// The cards of these documents.
    pub cards: BTreeMap<DocumentId, Card>,
    /// What can be undone on each layer.
    pub pasts: BTreeMap<LayerKey, Past>,
    /// Layers that a newer program wrote, with its version; they are not in the project and must not be written.
    pub blocked: BTreeMap<LayerKey, u64>,
    /// The schema's record; the project has its schema.
    pub schema: SchemaRecord,
    /// The changes of the schema that are kept, by revision.
    pub schema_steps: BTreeMap<u64, String>,
    /// The schema's record cannot be read, or a newer program wrote it: it must not be written.
    pub schema_blocked: bool,
}

/// A layer's records in the local and in the durable store.
type Sides = (Vec<(Key, String)>, Vec<(Key, String)>);

#[derive(Default)]
struct Sorted {
    cards: BTreeMap<DocumentId, Card>,
    documents: BTreeMap<DocumentId, DocumentRecord>,
    layers: BTreeMap<LayerKey, Sides>,
    schemas: Vec<Result<SchemaRecord, Unreadable>>,
    schema_steps: BTreeMap<u64, String>,
}

impl Sorted {
    fn take(&mut self, keys: &Keyspace, records: Vec<(String, String)>, is_durable: bool) {
        for (written, value) in records {
            match keys.parse(&written) {
                Some(Key::Card(id)) => self.card(id, &value),
                Some(Key::Schema) => self.schemas.push(SchemaRecord::decode(&value)),
                Some(Key::SchemaStep(n)) => drop(self.schema_steps.entry(n).or_insert(value)),
                Some(Key::Document(id)) => {
                    if !self.documents.contains_key(&id)
                        && let Ok((record, _)) = DocumentRecord::decode(id.clone(), &value)
                    {
                        self.documents.insert(id, record);
                    }
                }
                Some(key) => {
                    if let Some(layer) = key.layer().cloned() {
                        let sides = self.layers.entry(layer).or_default();
                        let side = if is_durable { &mut sides.1 } else { &mut sides.0 };
                        side.push((key, value));
                    }
                }
                None => {}
            }
        }
    }

    /// Of two cards of a document the one that was touched later stands.
    fn card(&mut self, id: DocumentId, value: &str) {
        let touched = |card: &Card| card.layers.values().map(|layer| layer.updated).chain(card.binned).max().unwrap_or(0);
        // A card that cannot be read is made anew from the document.
        let Ok(card) = Card::decode(value) else { return };
        if self.cards.get(&id).is_none_or(|known| touched(&card) > touched(known)) {
            self.cards.insert(id, card);
        }
    }
}

/// Of what both stores hold the record of the higher revision; where none can be read, what the last change led to. And
/// whether it must not be written.
fn schema(found: Vec<Result<SchemaRecord, Unreadable>>, steps: &BTreeMap<u64, String>) -> (SchemaRecord, bool) {
    let is_newer = found.iter().any(|read| matches!(read, Err(Unreadable::TooNew { .. })));
    let is_broken = !found.is_empty();
    let best = found.into_iter().flatten().max_by_key(|record| record.revision);
    let last = || {
        let (n, raw) = steps.last_key_value()?;
        let schema = SchemaStep::decode(raw).ok()?.after().clone();
        Some(SchemaRecord { revision: *n, at: 0, undo: Some(*n), redo: None, schema })
    };
    match best {
        Some(record) => (record, is_newer),
        None => match last().filter(|_| is_broken) {
            Some(record) => (record, is_newer),
            None => (SchemaRecord::new(), is_broken),
        },
    }
}

/// What was undone in a layer, as its journal tells: every step is kept for ever, and an undo says what it took back.
fn gone(text: &Text, key: &LayerKey, local: &[(Key, String)], durable: &[(Key, String)]) -> Gone {
    let mut steps: BTreeMap<u64, &str> = BTreeMap::new();
    for (found, raw) in local.iter().chain(durable) {
        if let Key::Journal(_, n) = found {
            steps.insert(*n, raw);
        }
    }
    let mut gone = Gone::default();
    for entry in steps.into_values().filter_map(|raw| Entry::decode(raw, key, text).ok()) {
        if let Some(edit) = if let Step::Do(edit) = &entry.step { Some(&**edit) } else { entry.made.as_deref() } {
            gone.note(edit, entry.at);
        }
    }
    gone
}

impl Stock {
    /// Reads what the stores hold. Where both hold a record of a document, the durable store's is read.
    #[must_use]
    pub fn read(keys: &Keyspace, mut records: Records, bin: Bin, tell: Tell) -> Self {
        records.settle();
        let mut sorted = Sorted::default();
        sorted.take(keys, records.durable, true);
        sorted.take(keys, records.local, false);
        let Sorted { mut cards, documents, mut layers, schemas, schema_steps } = sorted;

        let (schema, schema_blocked) = schema(schemas, &schema_steps);
        let project = Project { schema: Arc::new(schema.schema.clone()), ..Project::new(keys.project()) };
        let (pasts, blocked) = (BTreeMap::new(), BTreeMap::new());
        let mut stock = Self { project, cards: BTreeMap::new(), pasts, blocked, schema, schema_steps, schema_blocked };
        let total = documents.len();
        for (done, (id, record)) in documents.into_iter().enumerate() {
            tell(done, total);
            let mut card = cards.remove(&id).unwrap_or_else(|| Card::of(&record));
            if card.binned.is_some() && bin == Bin::LeftOut {
                continue;
            }
            let mut names: Vec<LayerKey> =
                card.layers.keys().map(|annotator| LayerKey { document: id.clone(), annotator: annotator.clone() }).collect();
            names.extend(layers.keys().filter(|key| key.document == id && !card.layers.contains_key(&key.annotator)).cloned());
            for key in names {
                let (local, durable) = layers.remove(&key).unwrap_or_default();
                let gone = if is_gold(&key.annotator) { gone(&record.document.text, &key, &local, &durable) } else { Gone::default() };
                let recovered = recover(&record.document, &key, local, durable);
                if is_gold(&key.annotator) {
                    card.test = training::given_by(&recovered.layer);
                }
                stock.take(key, recovered, gone);
            }
            stock.project.documents.insert(id.clone(), record.document);
            stock.cards.insert(id, card);
        }
        stock
    }

    /// Leaves out the layers that a person may not see; which.
    pub fn hide(&mut self, may_see: impl Fn(Option<&Card>, &Annotator) -> bool) -> Vec<(LayerKey, Layer)> {
        let may_see = |key: &LayerKey| may_see(self.cards.get(&key.document), &key.annotator);
        let hidden: Vec<LayerKey> = self.project.layers.iter().map(|(key, _)| key).filter(|key| !may_see(key)).cloned().collect();
        hidden.into_iter().filter_map(|key| self.project.layers.remove(&key).map(|layer| (key, layer))).collect()
    }

    fn take(&mut self, key: LayerKey, recovered: Recovered, gone: Gone) {
        if let Some(version) = recovered.blocked {
            self.blocked.insert(key, version);
            return;
        }
        let mending = if recovered.set_aside.is_empty() { Vec::new() } else { recovered.to_durable };
        let past = Past { history: recovered.history, revision: recovered.revision, mending, gone };
        self.pasts.insert(key.clone(), past);
        self.project.layers.insert(key, recovered.layer);
    }

    /// The project as it goes out and is compared with files: gold layers say what was undone in them.
    #[must_use]
    pub fn told(&self) -> Project {
        let mut project = self.project.clone();
        for (key, layer) in self.project.layers.iter().filter(|(key, _)| is_gold(&key.annotator)) {
            if let Some(past) = self.pasts.get(key) {
                project.layers.insert(key.clone(), past.gone.told_in(layer));
            }
        }
        project
    }

    /// What was undone in gold layers.
    #[must_use]
    pub fn gone(&self) -> BTreeMap<LayerKey, Gone> {
        self.pasts.iter().filter(|(key, _)| is_gold(&key.annotator)).map(|(key, past)| (key.clone(), past.gone.clone())).collect()
    }

    /// The card's line on a layer.
    #[must_use]
    pub fn line(&self, key: &LayerKey) -> LayerCard {
        self.cards.get(&key.document).and_then(|card| card.layers.get(&key.annotator)).copied().unwrap_or_default()
    }

    /// When each layer was last changed, here or elsewhere, as far as that is known.
    #[must_use]
    pub fn whens(&self) -> BTreeMap<LayerKey, u64> {
        self.pasts.keys().filter_map(|key| Some((key.clone(), self.line(key).changed()?))).collect()
    }

    /// The revisions that files state: the journal's, and by how much files were ahead of it.
    #[must_use]
    pub fn revisions(&self) -> BTreeMap<LayerKey, u64> {
        self.pasts.iter().map(|(key, past)| (key.clone(), past.revision + self.line(key).ahead)).collect()
    }
}
