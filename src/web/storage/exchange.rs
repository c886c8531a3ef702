//! Files in and out: what is asked of the worker, and what is done with its outcome.

use crate::browser::message::{Outcome, record};
use crate::exchange::{Asked, ExportAsked, Imported, Looks, Replacement, Task};
use crate::formats::Format;
use crate::formats::merge::ReportLine;
use crate::id::DocumentId;
use crate::persist::{Card, Key, Snapshot};
use crate::plan::Command;
use crate::project::LayerKey;
use crate::web::act::{self, say, toast};
use crate::web::js;
use crate::web::review::look;
use crate::web::screens::dataset::download;
use crate::web::state::{Lines, Notice, Offer, Route, Tone};
use crate::web::storage::channel::{self, Trouble};
use crate::web::storage::durable::{Change, Failure, rest_after};
use crate::web::storage::library::{card_change, dismiss, notify, refresh, show, tell_unread};
use crate::web::storage::report::{tell_merged, tell_restored};
use crate::web::storage::{PROJECT, keyspace, open, schema};
use crate::web::store::StoreRef;
use crate::web::words::Words;
use gloo::timers::callback::Timeout;
use js_sys::Array;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// How long a task may take before its progress is shown, in milliseconds.
const SHORT: u32 = 400;
/// Progress is shown in steps of so many hundredths, so that it does not chatter to those who listen.
const STEP: u32 = 10;

/// Takes files that were chosen or dropped: restores backups, merges the others by revision, and reports what was done.
pub fn take_files(store: &StoreRef, files: &web_sys::FileList) {
    let files: Vec<web_sys::File> = (0..files.length()).filter_map(|index| files.get(index)).collect();
    let store = store.clone();
    spawn_local(async move { drop(take(&store, &files).await) });
}

/// Takes files as [`take_files`] does; tells the first document that they are about.
pub async fn take(store: &StoreRef, files: &[web_sys::File]) -> Option<DocumentId> {
    // What another tab or this one changes meanwhile would be written over: then the whole is done again.
    loop {
        let read = read(store, files).await;
        if read.length() == 0 {
            return None;
        }
        let before = Seen::now(store);
        let by_file = matches!(store.state().route, Route::Review(_) | Route::Agreement(_));
        let own = open::annotator(store);
        let task = Task::Import(Asked { annotator: own.clone(), by_file, now: js::now(), open: before.open.clone(), looks: Some(looks(store)) });
        let outcome = ask(store, task, read).await?;
        let imported = outcome.answer.imported.as_ref()?;
        let changes = writes(&outcome).await;
        act::long::ended(store).await;
        if before.is_as_it_was(store, &imported.replaced) {
            finish(store, changes, imported).await;
            return imported.lines.iter().find_map(|line| match line {
                ReportLine::DocumentTaken(here)
                | ReportLine::DocumentSame { here, .. }
                | ReportLine::DocumentAligned { here, .. }
                | ReportLine::DocumentQuoted { here, .. }
                | ReportLine::DocumentRenamed { here, .. } => Some(here.clone()),
                _ => None,
            });
        }
    }
}

/// Who looks at what the worker tells.
pub fn looks(store: &StoreRef) -> Looks {
    Looks { own: open::annotator(store), is_blind: store.state().settings.blind }
}

/// The files as arrays of name and buffer; one that cannot be read is told.
async fn read(store: &StoreRef, files: &[web_sys::File]) -> Array {
    let read = Array::new();
    for file in files {
        match JsFuture::from(file.array_buffer()).await {
            Ok(buffer) => drop(read.push(&channel::file(&file.name(), &buffer))),
            Err(thrown) => {
                let detail = Failure::from(thrown).0;
                toast(store, |words| words.with("import.unread", &[("file", &file.name()), ("detail", &detail)]));
            }
        }
    }
    read
}

/// Asks the worker, shows its progress, and tells what went wrong.
pub(super) async fn ask(store: &StoreRef, task: Task, files: Array) -> Option<Outcome> {
    let shown = Rc::new(Cell::new(None::<u32>));
    let done = Rc::new(Cell::new(0));
    let timer = {
        let (store, shown, done) = (store.clone(), shown.clone(), done.clone());
        Timeout::new(SHORT, move || {
            shown.set(Some(done.get() / STEP));
            progress(&store, done.get());
        })
    };
    let told = {
        let (store, shown) = (store.clone(), shown.clone());
        Box::new(move |hundredths: u32| {
            done.set(hundredths);
            if shown.get().is_some_and(|step| step != hundredths / STEP) {
                shown.set(Some(hundredths / STEP));
                progress(&store, hundredths);
            }
        })
    };
    let result = channel::ask(store, task, files, told).await;
    drop(timer);
    dismiss(store, "notice.work");
    match result {
        Ok(outcome) => return Some(outcome),
        Err(Trouble::Stopped) => toast(store, |words| words.get("work.stopped")),
        Err(Trouble::Unread(detail)) => tell_unread(store, Failure(detail)),
        Err(Trouble::NoWorker(detail)) => {
            let words = ("notice.no-worker", vec![("detail", detail)]);
            notify(store, Notice { key: "notice.no-worker", tone: Tone::Warning, words, lines: Lines::default(), offer: None });
        }
    }
    None
}

fn progress(store: &StoreRef, hundredths: u32) {
    let words = ("notice.work", vec![("n", hundredths.to_string())]);
    notify(store, Notice { key: "notice.work", tone: Tone::Calm, words, lines: Lines::default(), offer: Some(Offer::Stop) });
}

/// What an import or a schema change was planned on: which layer is open, and how far the others are.
pub(super) struct Seen {
    pub(super) open: Option<LayerKey>,
    cards: BTreeMap<DocumentId, Card>,
}

impl Seen {
    pub(super) fn now(store: &StoreRef) -> Self {
        Self { open: store.state().work.as_ref().map(|work| work.session.key().clone()), cards: store.saver.cards() }
    }

    /// The layers of these documents.
    pub(super) fn layers_of(&self, documents: &[DocumentId]) -> Vec<LayerKey> {
        let layers = |id: &DocumentId| {
            let keys = self.cards.get(id).into_iter().flat_map(|card| card.layers.keys());
            keys.map(|annotator| LayerKey { document: id.clone(), annotator: annotator.clone() }).collect::<Vec<_>>()
        };
        documents.iter().flat_map(layers).collect()
    }

    /// Whether the layers that are to be written are still as they were; the open one is not written.
    pub(super) fn is_as_it_was(&self, store: &StoreRef, replaced: &[LayerKey]) -> bool {
        let now = Self::now(store);
        let revision = |seen: &Self, key: &LayerKey| seen.cards.get(&key.document)?.layers.get(&key.annotator).map(|line| line.revision);
        replaced.iter().all(|key| {
            let (was_open, is_open) = (self.open.as_ref() == Some(key), now.open.as_ref() == Some(key));
            was_open == is_open && (is_open || revision(self, key) == revision(&now, key))
        })
    }
}

/// What the worker wants written; taken over one long record in a task.
pub(super) async fn writes(outcome: &Outcome) -> Vec<Change> {
    let keys = keyspace();
    let mut changes = Vec::new();
    for pair in outcome.writes.iter() {
        let Some((key, value)) = record(&pair) else { continue };
        let Some(key) = keys.parse(&key) else { continue };
        let length = value.as_ref().map_or(0, String::len);
        changes.push(value.map_or_else(|| Change::Remove(key.clone()), |value| Change::Set(key.clone(), value)));
        rest_after(length).await;
    }
    changes
}

async fn finish(store: &StoreRef, mut restoring: Vec<Change>, imported: &Imported) {
    if let Some(raw) = schema::among(&restoring) {
        schema::take(store, &raw);
    }
    let merging = restoring.split_off(imported.restoring.min(restoring.len()));
    if let Some(restored) = &imported.restored {
        store.saver.put(store, restoring);
        store.saver.settle().await;
        refresh(store).await;
        tell_restored(store, restored);
        let open = Seen::now(store).open;
        if let Some(key) = open {
            open::reopen(store, &key).await;
        }
    }
    if imported.merged {
        merge(store, merging, imported);
        tell_merged(store, imported);
    }
    store.saver.tabs.tell_library();
    show(store);
    // What came may be about the labels that are open.
    look(store).await;
    if let Some(id) = &imported.first {
        act::go(&Route::Read(id.clone()));
    }
}

/// Takes note of what is about to be written: steps in the local journal, cards in the list.
pub(super) fn note(store: &StoreRef, changes: &mut [Change], replaced: &[LayerKey]) {
    for change in changes {
        match change {
            Change::Set(Key::Journal(layer, n), entry) if store.saver.durable().is_some() => {
                // Both stores have it from the same write on; what does not fit locally is in the other.
                let _ = store.saver.with_local(|local| local.append(layer, *n, entry));
            }
            Change::Set(Key::Card(id), value) => {
                if let Some(card) = merged_card(store, id, value, replaced) {
                    *value = card.encode();
                    store.saver.remember_card(id.clone(), card);
                }
            }
            _ => {}
        }
    }
}

fn merge(store: &StoreRef, mut changes: Vec<Change>, imported: &Imported) {
    note(store, &mut changes, &imported.replaced);
    if let Some(change) = imported.open.as_ref().and_then(|open| replace_open(store, open)) {
        changes.push(change);
    }
    store.saver.put(store, changes);
}

/// A card as the worker made it, with the lines on layers that it did not write as they are here by now.
fn merged_card(store: &StoreRef, id: &DocumentId, value: &str, replaced: &[LayerKey]) -> Option<Card> {
    let mut card = Card::decode(value).ok()?;
    if let Some(here) = store.saver.cards().remove(id) {
        let is_replaced = |annotator: &crate::id::Annotator| replaced.iter().any(|key| key.document == *id && key.annotator == *annotator);
        card.layers.extend(here.layers.into_iter().filter(|(annotator, _)| !is_replaced(annotator)));
    }
    Some(card)
}

/// Puts an imported layer in the place of the open one, as one step of its session.
fn replace_open(store: &StoreRef, open: &Replacement) -> Option<Change> {
    let (key, document) = {
        let state = store.state();
        let session = &state.work.as_ref()?.session;
        (session.key().clone(), session.document()?.clone())
    };
    let layer = Snapshot::decode(&open.snapshot, &document.text).ok()?.layer;
    let outcome = act::run(store, Command::Replace(Box::new(layer.clone())))?;
    card_change(store, &key, &layer, outcome.revision, js::now(), Some((open.revision.saturating_sub(outcome.revision), open.when)))
}

/// Exports everything in the own format.
pub fn export_all(store: &StoreRef) {
    save_export(store, Task::Export(Format::Wusum.name().to_owned()), Format::Wusum.stream_ending());
}

/// Exports a choice in its format.
pub fn export(store: &StoreRef, asked: &ExportAsked, format: Format) {
    let ending = if format == Format::Wusum { format.stream_ending() } else { format!("{}.zip", format.name()) };
    save_export(store, asked.task(), ending);
}

fn save_export(store: &StoreRef, task: Task, ending: String) {
    save(store, task, format!("wusum-{PROJECT}.{ending}"), |words| words.get("said.exported"));
}

/// Makes a data set, or tells what it would be; saves the archive where there is one. The answer is the worker's, as JSON.
pub async fn build(store: &StoreRef, asked: String) -> Option<String> {
    let outcome = ask(store, Task::Build(asked), Array::new()).await?;
    if outcome.answer.written {
        download(&format!("wusum-{PROJECT}.dataset.zip"), "application/zip", outcome.file.buffer());
        say(store, |words| words.get("said.exported"));
    }
    outcome.answer.told
}

/// Tells how alike layers are, or the passages behind a number of that. The answer is the worker's, as JSON.
pub async fn agree(store: &StoreRef, asked: String) -> Option<String> {
    ask(store, Task::Agree(asked), Array::new()).await?.answer.agreement
}

/// Saves the whole store as one file with a checksum.
pub fn back_up(store: &StoreRef) {
    save(store, Task::BackUp, format!("wusum-{PROJECT}-backup.jsonl"), |words| words.get("said.backed-up"));
}

fn save(store: &StoreRef, task: Task, name: String, said: fn(&Words) -> String) {
    let store = store.clone();
    spawn_local(async move {
        let Some(outcome) = ask(&store, task, Array::new()).await else { return };
        if !outcome.answer.written {
            return toast(&store, |words| words.get("export.failed"));
        }
        download(&name, "application/octet-stream", outcome.file.buffer());
        say(&store, said);
    });
}

/// Stops what the worker is doing.
pub fn stop() {
    channel::stop();
}
