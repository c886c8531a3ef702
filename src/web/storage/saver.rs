//! The saver: each accepted edit goes to `localStorage` at once and to IndexedDB strictly; only then is it saved.

use crate::browser::message::pair;
use crate::id::DocumentId;
use crate::persist::{self, Appended, Card, Key, LayerCard, Local, Store, StoreError, WritingSnapshot};
use crate::project::LayerKey;
use crate::session::Outcome;
use crate::web::js;
use crate::web::slices::{rest, slice};
use crate::web::state::{Lines, Notice, Offer, SaveState, State, Tone, Work};
use crate::web::storage::durable::{self, Change, Durable, Failure};
use crate::web::storage::local::{BrowserStore, set_long};
use crate::web::storage::pending::{Pending, over};
use crate::web::storage::tabs::Tabs;
use crate::web::storage::{keyspace, library};
use crate::web::store::StoreRef;
use js_sys::JsString;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

/// Steps in the local journal beyond which it is folded into a snapshot.
const LONG_JOURNAL: usize = 200;
/// How long nothing must have happened before that, in milliseconds.
const IDLE: u32 = 1_500;
/// Labels that are written between two looks at the clock.
const SOME: usize = 50;
/// A step whose record is longer than this, in bytes, is not told to the other tabs, but that it is there to be read.
pub const LONG_ENTRY: usize = 100_000;

/// A long record, and the browser's copy of it.
pub struct LongEntry {
    raw: String,
    copy: JsString,
}

impl LongEntry {
    /// Copies a record, which takes a while.
    #[must_use]
    pub fn new(raw: String) -> Self {
        Self { copy: raw.as_str().into(), raw }
    }
}

/// Keeps the work safe.
pub struct Saver {
    local: RefCell<Local<BrowserStore>>,
    durable: RefCell<Option<Durable>>,
    /// What IndexedDB does not have yet.
    pending: Pending,
    /// Steps that the other tabs were not told of yet, oldest first.
    untold: RefCell<Vec<(LayerKey, u64, String)>>,
    writing: Cell<bool>,
    failed: Cell<bool>,
    /// Whether `localStorage` took the last edit.
    local_works: Cell<bool>,
    cards: RefCell<BTreeMap<DocumentId, Card>>,
    journal: Cell<usize>,
    idle: RefCell<Option<gloo::timers::callback::Timeout>>,
    /// Whether the browser was asked in this visit to keep the store.
    asked: Cell<bool>,
    /// The one writer among all tabs.
    pub tabs: Tabs,
}

impl Default for Saver {
    fn default() -> Self {
        Self {
            local: RefCell::new(Local::new(BrowserStore, keyspace())),
            durable: RefCell::new(None),
            pending: Pending::default(),
            untold: RefCell::default(),
            writing: Cell::new(false),
            failed: Cell::new(false),
            local_works: Cell::new(true),
            cards: RefCell::default(),
            journal: Cell::new(0),
            idle: RefCell::new(None),
            asked: Cell::new(false),
            tabs: Tabs::default(),
        }
    }
}

impl Saver {
    /// Whether the work is safe.
    #[must_use]
    pub fn state(&self) -> SaveState {
        if self.failed.get() {
            return SaveState::Failed;
        }
        if self.durable.borrow().is_none() {
            return if self.local_works.get() { SaveState::Saved } else { SaveState::Memory };
        }
        if self.writing.get() || !self.pending.is_empty() { SaveState::Saving } else { SaveState::Saved }
    }

    /// The database, where there is one.
    #[must_use]
    pub fn durable(&self) -> Option<Durable> {
        self.durable.borrow().clone()
    }

    /// Opens the database, and finds out whether `localStorage` can be written.
    pub async fn start(&self) {
        let probe = format!("{}probe", keyspace().prefix());
        let mut store = BrowserStore;
        let tried = store.set(&probe, "1").and_then(|()| store.remove(&probe));
        // A full store can be written once something else has gone from it.
        self.local_works.set(matches!(tried, Ok(()) | Err(StoreError::Full)));
        // A browser without the database, or one that blocks it, is told by its absence.
        *self.durable.borrow_mut() = Durable::open(keyspace()).await.ok();
    }

    /// Whether `localStorage` took the last record.
    #[must_use]
    pub fn local_works(&self) -> bool {
        self.local_works.get()
    }

    /// The local store, to be read.
    pub fn with_local<T>(&self, with: impl FnOnce(&mut Local<BrowserStore>) -> T) -> T {
        with(&mut self.local.borrow_mut())
    }

    /// The cards of all documents.
    #[must_use]
    pub fn cards(&self) -> BTreeMap<DocumentId, Card> {
        self.cards.borrow().clone()
    }

    /// Takes note of a document's card, as read or as changed.
    pub fn remember_card(&self, id: DocumentId, card: Card) {
        self.cards.borrow_mut().insert(id, card);
    }

    /// Forgets a document's card.
    pub fn forget_card(&self, id: &DocumentId) {
        self.cards.borrow_mut().remove(id);
    }

    /// Takes note of a layer as it was read: how long its local journal is, and up to which revision IndexedDB has it.
    pub fn opened(&self, key: &LayerKey, durable: u64, journal: usize) {
        self.journal.set(journal);
        self.local.borrow_mut().acknowledge(key, durable);
    }

    /// Journals a step: `localStorage` has it when this returns, IndexedDB soon after.
    pub fn append(&self, work: &Work, outcome: &Outcome) {
        let Some(document) = work.session.document() else { return };
        let at = js::now();
        let Ok(entry) = persist::encode_outcome(&document.text, at, outcome) else { return };
        let result = self.local.borrow_mut().append(work.session.key(), outcome.revision, &entry);
        self.local_works.set(result.is_ok());
        self.note(work, outcome, at, entry);
    }

    /// As [`Self::append`], for a long step whose record was made at `at`. Where that does not fit in `localStorage` at once, no
    /// room is made for it, for that takes long: IndexedDB has it soon after.
    pub fn append_long(&self, work: &Work, outcome: &Outcome, at: u64, entry: LongEntry) {
        let key = Key::Journal(work.session.key().clone(), outcome.revision);
        let is_elsewhere = entry.raw.len() > LONG_ENTRY && self.durable.borrow().is_some();
        let written = match self.put_long(&key, &entry) {
            Err(StoreError::Full) if !is_elsewhere => self.local.borrow_mut().put(&key, &entry.raw).map(|_: Appended| ()),
            written => written,
        };
        self.local_works.set(written.is_ok() || (is_elsewhere && written == Err(StoreError::Full)));
        self.note(work, outcome, at, entry.raw);
    }

    /// Writes a long record to `localStorage`, where there is room.
    ///
    /// # Errors
    /// When there is none, or the storage cannot be written.
    pub fn put_long(&self, key: &Key, entry: &LongEntry) -> Result<(), StoreError> {
        set_long(&keyspace().write(key), &entry.copy)
    }

    /// What is to be done once a step is in `localStorage`.
    fn note(&self, work: &Work, outcome: &Outcome, at: u64, entry: String) {
        let key = work.session.key();
        self.journal.set(self.journal.get() + 1);

        let layer = work.session.layer();
        let card = {
            let mut cards = self.cards.borrow_mut();
            cards.get_mut(&key.document).map(|card| {
                let line = card.layers.get(&key.annotator).copied().unwrap_or_default();
                let line = LayerCard { status: layer.status(), spans: layer.len(), revision: outcome.revision, updated: at, when: None, ..line };
                card.note(&key.annotator, line, layer);
                card.encode()
            })
        };
        if self.durable.borrow().is_none() || entry.len() <= LONG_ENTRY {
            self.untold.borrow_mut().push((key.clone(), outcome.revision, entry.clone()));
        }
        self.pending.extend([Change::Set(Key::Journal(key.clone(), outcome.revision), entry)]);
        if let Some(card) = card {
            self.pending.replace(Change::Set(Key::Card(key.document.clone()), card));
        }
    }

    /// Has changes written to IndexedDB in the order given, and to `localStorage` where there is no IndexedDB.
    pub fn put(&self, store: &StoreRef, changes: Vec<Change>) {
        if self.durable.borrow().is_none() {
            let mut local = self.local.borrow_mut();
            for change in changes {
                let result = match &change {
                    Change::Set(key, value) => local.put(key, value).map(|_: Appended| ()),
                    Change::Remove(key) => {
                        let written = local.keys().write(key);
                        local.store_mut().remove(&written)
                    }
                };
                self.local_works.set(result.is_ok());
                if result.is_err() {
                    // No store takes it: it waits here, where exports find it.
                    self.pending.extend([change]);
                }
            }
            return;
        }
        self.pending.extend(changes);
        self.flush(store);
    }

    /// Writes what waits to be written, tells the other tabs of it, and says so when it is done.
    pub fn flush(&self, store: &StoreRef) {
        self.tell_steps();
        self.fold_later(store);
        let Some(durable) = self.durable() else { return self.show(store) };
        if self.writing.replace(true) {
            return;
        }
        let store = store.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let saver = &store.saver;
            loop {
                let batch = saver.pending.begin();
                if batch.is_empty() {
                    break;
                }
                match durable.write(&batch).await {
                    Ok(()) => {
                        saver.pending.done();
                        saver.failed.set(false);
                        for change in batch.iter() {
                            if let Change::Set(Key::Journal(layer, n), entry) = change {
                                saver.local.borrow_mut().acknowledge(layer, *n);
                                if entry.len() > LONG_ENTRY {
                                    saver.tabs.tell_step(layer, *n, "");
                                }
                            }
                        }
                    }
                    Err(failure) => {
                        drop(batch);
                        saver.pending.failed();
                        saver.failed.set(true);
                        library::notify(&store, failed_notice(&failure.0));
                        break;
                    }
                }
            }
            saver.writing.set(false);
            saver.show(&store);
            saver.ask_to_keep(&store).await;
        });
    }

    /// Tells the other tabs of the steps made since it last did: after the frame that shows them here.
    fn tell_steps(&self) {
        for (key, revision, entry) in self.untold.take() {
            self.tabs.tell_step(&key, revision, &entry);
        }
    }

    /// Once there are labels, asks the browser never to drop the store to make room for other sites.
    async fn ask_to_keep(&self, store: &StoreRef) {
        let labelled = store.state().work.as_ref().is_some_and(|work| !work.session.layer().is_empty());
        let kept = store.state().room.is_none_or(|room| room.persisted);
        if !labelled || kept || self.asked.replace(true) {
            return;
        }
        durable::persist().await;
        let room = durable::room().await;
        store.update(|state| state.room = room);
    }

    fn show(&self, store: &StoreRef) {
        let next = self.state();
        if store.state().save != next {
            store.update(|state: &mut State| state.save = next);
        }
        if next == SaveState::Saved && !self.failed.get() {
            library::dismiss(store, "notice.save-failed");
        }
    }

    /// Whether everything was written.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        !self.writing.get() && self.pending.is_empty()
    }

    /// Waits until everything is written, or cannot be.
    pub async fn settle(&self) {
        while self.state() == SaveState::Saving {
            gloo::timers::future::TimeoutFuture::new(10).await;
        }
    }

    /// What the database does not have, oldest first: arrays of key and value, or `null` for what is to go.
    #[must_use]
    pub fn pending(&self) -> js_sys::Array {
        let keys = keyspace();
        let changes = self.pending.all();
        let pairs = changes.iter().map(|change| match change {
            Change::Set(key, value) => pair(&keys.write(key).into(), &value.into()),
            Change::Remove(key) => pair(&keys.write(key).into(), &wasm_bindgen::JsValue::NULL),
        });
        pairs.collect()
    }

    /// The value of a key, as it will be in the database once all is written.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn get(&self, key: &Key) -> Result<Option<String>, Failure> {
        match self.pending.matching(|other| other == key).pop() {
            Some(Change::Set(_, value)) => Ok(Some(value)),
            Some(Change::Remove(_)) => Ok(None),
            None => match self.durable() {
                Some(durable) => durable.get(key).await,
                None => Ok(None),
            },
        }
    }

    /// All records of a layer, as they will be in the database once all is written.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn layer(&self, layer: &LayerKey) -> Result<Vec<(Key, String)>, Failure> {
        let Some(durable) = self.durable() else { return Ok(Vec::new()) };
        let changes = self.pending.matching(|key| key.layer() == Some(layer));
        Ok(over(durable.layer(layer).await?, changes))
    }

    /// All cards, as they will be in the database once all is written.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn stored_cards(&self) -> Result<Vec<(Key, String)>, Failure> {
        let Some(durable) = self.durable() else { return Ok(Vec::new()) };
        let changes = self.pending.matching(|key| matches!(key, Key::Card(_)));
        Ok(over(durable.cards().await?, changes))
    }

    /// All records, as they will be in the database once all is written.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn everything(&self) -> Result<Vec<(Key, String)>, Failure> {
        let Some(durable) = self.durable() else { return Ok(Vec::new()) };
        let (keys, changes) = (keyspace(), self.pending.all());
        let records = durable.everything().await?.into_iter().filter_map(|(name, value)| Some((keys.parse(&name)?, value)));
        Ok(over(records.collect(), changes))
    }

    /// Folds a long journal into a snapshot once nothing has happened for a while.
    fn fold_later(&self, store: &StoreRef) {
        if self.journal.get() < LONG_JOURNAL {
            return;
        }
        let later = store.clone();
        let timer = gloo::timers::callback::Timeout::new(IDLE, move || {
            wasm_bindgen_futures::spawn_local(async move { later.saver.fold(&later).await });
        });
        *self.idle.borrow_mut() = Some(timer);
    }

    async fn fold(&self, store: &StoreRef) {
        let Some(durable) = self.durable() else { return };
        let taken = {
            let state = store.state();
            let Some(work) = state.work.as_ref().filter(|work| !work.session.is_read_only()) else { return };
            let Some(document) = work.session.document() else { return };
            let session = &work.session;
            let writing = WritingSnapshot::new(session.revision(), js::now(), session.layer());
            (session.key().clone(), session.revision(), document.text.clone(), writing)
        };
        let (key, revision, text, mut writing) = taken;
        while !slice(&mut || writing.step(&text, SOME)) {
            rest().await;
        }
        let snapshot = LongEntry::new(writing.finish(&text));
        rest().await;
        if !self.is_quiet() || self.local.borrow().acknowledged(&key) < revision {
            return self.fold_later(store);
        }
        if durable.write(&[Change::Set(Key::Snapshot(key.clone()), snapshot.raw.clone())]).await.is_ok() {
            // Where the snapshot does not fit, the steps stay as they are.
            let is_there = self.put_long(&Key::Snapshot(key.clone()), &snapshot).is_ok();
            let mut local = self.local.borrow_mut();
            let folded = if is_there { local.drop_folded(&key, revision) } else { local.fold(&key, revision, &snapshot.raw) };
            if folded.is_ok() {
                self.journal.set(0);
            }
        }
    }

    /// Keeps what the person set.
    pub fn save_settings(&self, store: &StoreRef) {
        let Ok(value) = serde_json::to_string(&*store.state().settings) else { return };
        let written = keyspace().write(&Key::Settings);
        // Where one store does not take them, the other may; where neither does, they hold as long as the page.
        let _ = self.local.borrow_mut().store_mut().set(&written, &value);
        if self.durable.borrow().is_some() {
            self.put(store, vec![Change::Set(Key::Settings, value)]);
        }
    }

    /// Reads what the person set from IndexedDB, for where `localStorage` has lost it or is blocked.
    pub async fn load_settings_durable(&self) -> Option<crate::web::state::Settings> {
        let value = self.get(&Key::Settings).await.ok()??;
        crate::json::parse(&value).ok()
    }

    /// Reads what the person set.
    #[must_use]
    pub fn load_settings(&self) -> Option<crate::web::state::Settings> {
        let local = self.local.borrow();
        let value = local.store().get(&local.keys().write(&Key::Settings)).ok()??;
        crate::json::parse(&value).ok()
    }
}

fn failed_notice(detail: &str) -> Notice {
    Notice {
        key: "notice.save-failed",
        tone: Tone::Warning,
        words: ("notice.save-failed", vec![("detail", detail.to_owned())]),
        lines: Lines::default(),
        offer: Some(Offer::Retry),
    }
}
