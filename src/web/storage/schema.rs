//! The project's schema: read at the start, changed by the worker through all layers, told to the other tabs.

use crate::exchange::{OpenStep, Task};
use crate::history::Step;
use crate::persist::{Key, SchemaRecord, Store};
use crate::project::LayerKey;
use crate::schema_change;
use crate::web::act::{say, toast};
use crate::web::js;
use crate::web::state::{Back, Known, Lines, Notice, Offer, State, Tone};
use crate::web::storage::durable::Change;
use crate::web::storage::exchange::{Seen, ask, note, writes};
use crate::web::storage::{keyspace, library, open, tabs};
use crate::web::store::StoreRef;
use js_sys::Array;
use serde::Deserialize;
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen_futures::spawn_local;

/// Of the worker's answer what the page itself needs; the schema screen reads the rest.
#[derive(Deserialize)]
struct Told {
    done: Option<Done>,
}

#[derive(Deserialize)]
struct Done {
    revision: u64,
    layers: Vec<LayerKey>,
    open: Option<OpenStep>,
}

fn read(raw: &str) -> Option<Known> {
    let record = SchemaRecord::decode(raw).ok()?;
    Some(Known {
        revision: record.revision,
        can_undo: record.undo.is_some(),
        can_redo: record.redo.is_some(),
        schema: Arc::new(record.schema),
        raw: raw.into(),
    })
}

/// Reads the schema from both stores; the higher revision wins, and the other store is brought in step.
pub async fn load(store: &StoreRef) {
    let saver = &store.saver;
    let durable = saver.get(&Key::Schema).await.ok().flatten();
    let name = keyspace().write(&Key::Schema);
    let local = saver.with_local(|local| local.store().get(&name).ok().flatten());
    let [kept, copied] = [&durable, &local].map(|raw| raw.as_deref().and_then(read));
    let revision = |known: &Option<Known>| known.as_ref().map_or(0, |known| known.revision);
    let is_unread = (durable.is_some() || local.is_some()) && kept.is_none() && copied.is_none();
    if is_unread {
        let key = "notice.schema-unread";
        library::notify(store, Notice { key, tone: Tone::Warning, words: (key, Vec::new()), lines: Lines::default(), offer: None });
    }
    let best = match (kept, copied) {
        (kept, Some(copied)) if copied.revision > revision(&kept) => {
            // What cannot be read stays as it is.
            if durable.is_none() || kept.is_some() {
                saver.put(store, vec![Change::Set(Key::Schema, copied.raw.to_string())]);
            }
            Some(copied)
        }
        (Some(kept), copied) => {
            if revision(&copied) < kept.revision {
                copy(store, &kept.raw);
            }
            Some(kept)
        }
        (None, copied) => copied,
    };
    if let Some(known) = best {
        adopt(store, known);
    }
}

/// Keeps a copy where it can be read without the database.
fn copy(store: &StoreRef, raw: &str) {
    let name = keyspace().write(&Key::Schema);
    // What does not fit there is in the other store.
    let _ = store.saver.with_local(|local| local.store_mut().set(&name, raw));
}

/// Everything that is open goes by this schema from now on.
fn adopt(store: &StoreRef, known: Known) {
    store.update(|state: &mut State| {
        if let Some(work) = state.work.as_mut() {
            work.session.set_schema(known.schema.clone());
            work.brush = work.brush.take().filter(|brush| known.schema.label(brush).is_some_and(|label| !label.retired));
        }
        state.schema = Rc::new(known);
    });
}

/// The schema's record among changes.
pub(super) fn among(changes: &[Change]) -> Option<String> {
    changes.iter().rev().find_map(|change| match change {
        Change::Set(Key::Schema, raw) => Some(raw.clone()),
        _ => None,
    })
}

/// Takes a record that is about to be written, and tells the other tabs.
pub(super) fn take(store: &StoreRef, raw: &str) {
    let Some(known) = read(raw) else { return };
    adopt(store, known);
    store.saver.tabs.tell_schema(raw);
    let (store, raw) = (store.clone(), raw.to_owned());
    spawn_local(async move {
        // The copy must not be ahead of the labels that go with it.
        store.saver.settle().await;
        if store.saver.state() == crate::web::state::SaveState::Saved {
            copy(&store, &raw);
        }
    });
}

/// Follows another tab.
pub(super) fn follow(store: &StoreRef, raw: &str) {
    let here = store.state().schema.revision;
    if let Some(known) = read(raw).filter(|known| known.revision > here) {
        adopt(store, known);
    }
}

/// Has the worker compare or change the schema: the task, and the answer, are JSON that is passed on as it is; `None`
/// where nothing was done, which the person has been told.
pub async fn run(store: &StoreRef, task: &str) -> Option<String> {
    loop {
        let before = Seen::now(store);
        let open = serde_json::to_string(&before.open).ok()?;
        let asked = format!("{{\"now\":{},\"open\":{open},\"task\":{task}}}", js::now());
        let outcome = ask(store, Task::Schema(asked), Array::new()).await?;
        let answer = outcome.answer.schema.clone()?;
        let Some(done) = crate::json::parse::<Told>(&answer).ok()?.done else { return Some(answer) };
        let changes = writes(&outcome).await;
        // What another tab or this one changes meanwhile would be written over: then the whole is done again.
        let is_next = {
            let state = store.state();
            let at = |step: &OpenStep| state.work.as_ref().is_some_and(|work| work.session.revision() + 1 == step.revision);
            state.schema.revision < done.revision && done.open.as_ref().is_none_or(at)
        };
        if is_next && before.is_as_it_was(store, &done.layers) {
            finish(store, changes, &done, before.open.as_ref());
            return Some(answer);
        }
    }
}

fn finish(store: &StoreRef, mut changes: Vec<Change>, done: &Done, open: Option<&LayerKey>) {
    note(store, &mut changes, &done.layers);
    let steps: Vec<(LayerKey, u64, String)> = changes
        .iter()
        .filter_map(|change| match change {
            Change::Set(Key::Journal(layer, n), entry) => Some((layer.clone(), *n, entry.clone())),
            _ => None,
        })
        .collect();
    let record = among(&changes);
    store.saver.put(store, changes);
    if let Some(record) = record {
        take(store, &record);
    }
    for (layer, n, entry) in &steps {
        store.saver.tabs.tell_step(layer, *n, entry);
    }
    if let (Some(key), Some(step)) = (open, &done.open)
        && !tabs::follow_step(store, key, step.revision, &step.entry)
    {
        let (store, key) = (store.clone(), key.clone());
        spawn_local(async move {
            store.saver.settle().await;
            open::reopen(&store, &key).await;
        });
    }
    store.saver.tabs.tell_library();
    library::show(store);
}

/// Where the next undo would take back what a schema change did to this layer alone, offers to take the whole change back,
/// and says so.
pub fn offer_back(store: &StoreRef) -> bool {
    let way = {
        let state = store.state();
        let Some(work) = &state.work else { return false };
        let session = &work.session;
        let Some(edit) = session.history().edit_of(&Step::Undo) else { return false };
        if schema_change::estranged(&session.project().schema, &edit) == 0 {
            return false;
        }
        // After an undo of the schema the last step is that undo itself.
        match &*state.schema {
            Known { can_redo: true, .. } => Back::Redo,
            Known { can_undo: true, .. } => Back::Undo,
            _ => return false,
        }
    };
    let key = "notice.schema-undo";
    library::notify(store, Notice { key, tone: Tone::Warning, words: (key, Vec::new()), lines: Lines::default(), offer: Some(Offer::Schema(way)) });
    true
}

/// Takes the last change of the schema back, or makes it again.
pub fn go_back(store: &StoreRef, way: Back) {
    library::dismiss(store, "notice.schema-undo");
    let store = store.clone();
    spawn_local(async move {
        let task = if way == Back::Undo { "\"undo\"" } else { "\"redo\"" };
        let before = store.state().schema.revision;
        if run(&store, task).await.is_none() {
            return;
        }
        if store.state().schema.revision == before {
            return toast(&store, |words| words.get("schema.not-back"));
        }
        say(&store, |words| words.get(if way == Back::Undo { "said.schema-undone" } else { "said.schema-redone" }));
    });
}
