//! The library: which documents there are, what is pasted, what goes to the bin, and the notices about it.

use crate::adjudicate::is_gold;
use crate::id::{Annotator, DocumentId};
use crate::layer::Layer;
use crate::persist::{Card, DocumentRecord, Key, LayerCard, Store, without_document};
use crate::project::{Document, LayerKey};
use crate::web::act::{self, say, toast};
use crate::web::app;
use crate::web::js;
use crate::web::state::{Card as Line, Lines, Notice, Offer, Route, Tone};
use crate::web::storage::durable::{self, Change, Failure};
pub use crate::web::storage::exchange::{back_up, export, export_all, take_files};
use crate::web::storage::{channel, keyspace, open, schema};
use crate::web::store::StoreRef;
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen_futures::spawn_local;

/// The article that every new project starts with.
const ARTICLE: &str = include_str!("../../../data/article.txt");
const ARTICLE_TITLE: &str = include_str!("../../../data/article.title.txt");
const ARTICLE_ID: &str = "article";

/// Opens both stores, reads the list of documents, and goes where the address says.
pub fn start(store: &StoreRef) {
    let store = store.clone();
    spawn_local(async move {
        let known = store.saver.load_settings().is_some();
        store.saver.start().await;
        if let Some(settings) = store.saver.load_settings_durable().await.filter(|_| !known) {
            app::change_settings(&store, |present| *present = settings);
        }
        tell_blocked(&store);
        store.saver.tabs.start(&store);
        schema::load(&store).await;
        load_cards(&store).await;
        if store.saver.cards().is_empty() {
            let article = Document::new(DocumentId::from(ARTICLE_ID), ARTICLE_TITLE.trim(), ARTICLE);
            let changes = add_document(&store, Arc::new(article));
            store.saver.put(&store, changes);
        }
        refresh(&store).await;
        app::enter(&store);
        let room = durable::room().await;
        store.update(|state| {
            state.room = room;
            state.save = store.saver.state();
        });
        js::have_rest(0);
        channel::start_at_rest();
        crate::web::screens::desk::fetch_at_rest();
    });
}

fn tell_blocked(store: &StoreRef) {
    let durable = store.saver.durable().is_some();
    let local = store.saver.local_works();
    let key = match (durable, local) {
        (true, true) => return,
        (true, false) => "notice.no-local",
        (false, true) => "notice.no-durable",
        (false, false) => "notice.memory",
    };
    notify(store, Notice { key, tone: Tone::Warning, words: (key, Vec::new()), lines: Lines::default(), offer: Some(Offer::Export) });
}

/// Shows a notice, in place of one of the same key.
pub fn notify(store: &StoreRef, notice: Notice) {
    store.update(|state| {
        let notices = Rc::make_mut(&mut state.notices);
        notices.retain(|other| other.key != notice.key);
        notices.push(notice);
    });
}

/// Takes a notice away.
pub fn dismiss(store: &StoreRef, key: &str) {
    let is_there = store.state().notices.iter().any(|notice| notice.key == key);
    if is_there {
        store.update(|state| Rc::make_mut(&mut state.notices).retain(|notice| notice.key != key));
    }
}

/// Reads all cards from both stores; of two cards of a document the one that was touched later stands.
async fn load_cards(store: &StoreRef) {
    let saver = &store.saver;
    let mut found = saver.stored_cards().await.unwrap_or_default();
    let keys = keyspace();
    saver.with_local(|local| {
        let Ok(written) = local.store().keys() else { return };
        for name in written {
            if let (Some(key @ Key::Card(_)), Ok(Some(value))) = (keys.parse(&name), local.store().get(&name)) {
                found.push((key, value));
            }
        }
    });
    for (key, value) in found {
        // A card that cannot be read is made anew when its document is opened.
        if let (Key::Card(id), Ok(card)) = (key, Card::decode(&value)) {
            saver.remember_card(id, card);
        }
    }
}

/// The list is made anew from the cards.
pub async fn refresh(store: &StoreRef) {
    load_cards(store).await;
    show(store);
}

/// The list is made anew from the cards in memory.
pub fn show(store: &StoreRef) {
    let annotator = open::annotator(store);
    let is_blind = store.state().settings.blind;
    let mut lines: Vec<Line> = store
        .saver
        .cards()
        .into_iter()
        .map(|(id, card)| {
            let layer = card.layers.get(&annotator).copied().unwrap_or_default();
            let is_other = |who: &Annotator| *who != annotator && !is_gold(who) && card.may_see(&annotator, is_blind, who);
            let others = card.layers.iter().filter(|(who, line)| is_other(who) && line.spans > 0).count();
            let test = card.test.as_ref().is_some_and(|by| *by != annotator);
            Line {
                id,
                title: card.title.into(),
                characters: card.characters,
                added: card.added,
                binned: card.binned,
                status: layer.status,
                spans: layer.spans,
                others,
                test,
            }
        })
        .collect();
    crate::sorted::sort_by(&mut lines, |a, b| (a.added, &a.id).cmp(&(b.added, &b.id)));
    store.update(|state| state.library = Rc::new(lines));
}

/// The record of a document, from whichever store has it.
pub async fn document(store: &StoreRef, id: &DocumentId) -> Option<DocumentRecord> {
    let key = Key::Document(id.clone());
    let kept = store.saver.get(&key).await.ok().flatten();
    let kept = kept.or_else(|| store.saver.with_local(|local| local.store().get(&local.keys().write(&key)).ok().flatten()));
    if let Some(mut record) = kept.and_then(|raw| DocumentRecord::decode_as_stated(id.clone(), &raw).ok()) {
        // The browser makes the digest of a long text beside the page, where it has that; here it would hold up the page.
        let text = record.document.text.clone();
        let digest = js::sha256(text.as_str()).await;
        record.correct(digest.unwrap_or_else(|| crate::project::sha256(text.as_str())));
        return Some(record);
    }
    // The article is in the page itself, so that it is there without any store.
    (id.as_str() == ARTICLE_ID).then(|| DocumentRecord {
        document: Arc::new(Document::new(id.clone(), ARTICLE_TITLE.trim(), ARTICLE)),
        added: js::now(),
        binned: None,
    })
}

/// The records of a new document; its card is in the list at once.
fn add_document(store: &StoreRef, document: Arc<Document>) -> Vec<Change> {
    let id = document.id.clone();
    let record = DocumentRecord { document, added: js::now(), binned: None };
    let card = Card::of(&record);
    let changes = vec![Change::Set(Key::Document(id.clone()), record.encode()), Change::Set(Key::Card(id.clone()), card.encode())];
    store.saver.remember_card(id, card);
    changes
}

/// Brings a document's card in step with a layer as it was read.
pub fn touch_card(store: &StoreRef, key: &LayerKey, layer: &Layer, revision: u64, at: u64) {
    if let Some(change) = card_change(store, key, layer, revision, at, None) {
        store.saver.put(store, vec![change]);
        show(store);
    }
}

/// The change that brings a document's card in step with a layer, where there is one to make. `came`: of a layer that a file brought,
/// `ahead` and `when` of its [`LayerCard`].
pub fn card_change(store: &StoreRef, key: &LayerKey, layer: &Layer, revision: u64, at: u64, came: Option<(u64, u64)>) -> Option<Change> {
    let mut card = store.saver.cards().remove(&key.document)?;
    let old = card.layers.get(&key.annotator).copied();
    let was = old.unwrap_or_default();
    let (ahead, when) = came.map_or((was.ahead, was.when.filter(|_| was.revision == revision)), |(ahead, when)| (ahead, Some(when)));
    let next = LayerCard { status: layer.status(), spans: layer.len(), revision, updated: at, ahead, when };
    if old == Some(next) || (old.is_none() && revision == 0) {
        return None;
    }
    card.note(&key.annotator, next, layer);
    let change = Change::Set(Key::Card(key.document.clone()), card.encode());
    store.saver.remember_card(key.document.clone(), card);
    Some(change)
}

/// Says that the database could not be read.
pub fn tell_unread(store: &StoreRef, failure: Failure) {
    let words = ("notice.unread", vec![("detail", failure.0)]);
    notify(store, Notice { key: "notice.unread", tone: Tone::Warning, words, lines: Lines::default(), offer: None });
}

/// Takes a text that was pasted.
pub fn take_text(store: &StoreRef, title: &str, text: String) {
    let id = crate::formats::text::id_of_text(&text);
    let title = Some(title.trim()).filter(|title| !title.is_empty()).map(str::to_owned).or_else(|| crate::formats::text::title(&text));
    let title = title.unwrap_or_else(|| act::words(store).get("untitled"));
    let document = Document::new(DocumentId::from(id), title, text);
    let id = document.id.clone();
    if !store.saver.cards().contains_key(&id) {
        let changes = add_document(store, Arc::new(document));
        store.saver.put(store, changes);
        store.saver.tabs.tell_library();
    }
    show(store);
    act::go(&Route::Read(id));
}

/// Puts a document in the bin, or takes it out again.
pub fn bin(store: &StoreRef, id: &DocumentId, binned: bool) {
    let (store, id) = (store.clone(), id.clone());
    spawn_local(async move {
        let Some(mut record) = document(&store, &id).await else { return };
        record.binned = binned.then(js::now);
        let Some(mut card) = store.saver.cards().remove(&id) else { return };
        card.binned = record.binned;
        let changes = vec![Change::Set(Key::Document(id.clone()), record.encode()), Change::Set(Key::Card(id.clone()), card.encode())];
        store.saver.remember_card(id.clone(), card);
        store.saver.put(&store, changes);
        store.saver.tabs.tell_library();
        if binned {
            leave(&store, &id);
        }
        show(&store);
        say(&store, |words| words.get(if binned { "said.binned" } else { "said.restored" }));
    });
}

/// A document that goes is not left open.
pub(super) fn leave(store: &StoreRef, id: &DocumentId) {
    store.update(|state| {
        if state.work.as_ref().is_some_and(|work| work.session.key().document == *id) {
            state.work = None;
            store.saver.tabs.release();
        }
    });
}

/// Removes a document from the bin with all labels on it; there is no way back.
pub fn purge(store: &StoreRef, id: &DocumentId) {
    let (store, id) = (store.clone(), id.clone());
    spawn_local(async move {
        let keys = keyspace();
        let is_its = |key: &Key| match key {
            Key::Document(other) | Key::Card(other) => *other == id,
            Key::Snapshot(layer) | Key::Journal(layer, _) | Key::Aside(layer, _) => layer.document == id,
            Key::Settings | Key::Schema | Key::SchemaStep(_) => false,
        };
        let mut changes = vec![Change::Remove(Key::Document(id.clone())), Change::Remove(Key::Card(id.clone()))];
        let all = match store.saver.everything().await {
            Ok(all) => all,
            Err(failure) => return tell_unread(&store, failure),
        };
        for (key, value) in all {
            if is_its(&key) {
                changes.push(Change::Remove(key));
            } else if let Key::SchemaStep(_) = key {
                changes.extend(without_document(&value, &id).map(|rest| Change::Set(key, rest)));
            }
        }
        store.saver.with_local(|local| {
            for name in local.store().keys().unwrap_or_default() {
                let key = keys.parse(&name);
                // What cannot be removed stays, and is found again.
                if key.as_ref().is_some_and(is_its) {
                    let _ = local.store_mut().remove(&name);
                } else if let Some(Key::SchemaStep(_)) = key {
                    let kept = local.store().get(&name).ok().flatten();
                    let _ = kept.and_then(|value| without_document(&value, &id)).map(|rest| local.store_mut().set(&name, &rest));
                }
            }
        });
        store.saver.forget_card(&id);
        store.saver.put(&store, changes);
        store.saver.tabs.tell_library();
        leave(&store, &id);
        show(&store);
        say(&store, |words| words.get("said.purged"));
    });
}

/// Gives the annotator a name, or another person the pen. `keep` moves the work done so far to the new name.
pub fn set_annotator(store: &StoreRef, name: &str, keep: bool) {
    let (old, new) = (open::annotator(store), Annotator::from(name.trim()));
    if new.as_str().is_empty() {
        return;
    }
    if is_gold(&new) {
        return act::toast(store, |words| words.get("name.reserved"));
    }
    let store = store.clone();
    spawn_local(async move {
        if keep && old != new {
            move_layers(&store, &old, &new).await;
        }
        app::change_settings(&store, |settings| settings.annotator = Some(new));
        show(&store);
        let (id, reviewing) = {
            let state = store.state();
            (state.work.as_ref().map(|work| work.session.key().document.clone()), matches!(state.route, Route::Review(_)))
        };
        if let Some(id) = id.filter(|_| !reviewing) {
            open::open(&store, id);
        }
    });
}

/// Moves all layers of one name to another that has none on the same document.
async fn move_layers(store: &StoreRef, old: &Annotator, new: &Annotator) {
    let saver = &store.saver;
    saver.settle().await;
    for (document, mut card) in saver.cards() {
        let free = !card.layers.contains_key(new);
        let Some(line) = card.layers.get(old).copied().filter(|_| free) else { continue };
        let from = LayerKey { document: document.clone(), annotator: old.clone() };
        let to = LayerKey { document: document.clone(), annotator: new.clone() };
        let renamed = |key: &Key| match key {
            Key::Journal(_, n) => Key::Journal(to.clone(), *n),
            Key::Aside(_, name) => Key::Aside(to.clone(), name.clone()),
            _ => Key::Snapshot(to.clone()),
        };
        let mut changes = Vec::new();
        let Ok(records) = saver.layer(&from).await else { continue };
        for (key, value) in records {
            changes.push(Change::Set(renamed(&key), value));
            changes.push(Change::Remove(key));
        }
        saver.with_local(|local| {
            for (key, value) in local.load(&from).unwrap_or_default() {
                let name = local.keys().write(&key);
                if local.put(&renamed(&key), &value).is_ok() {
                    // The copy is there under the new name.
                    let _ = local.store_mut().remove(&name);
                }
            }
        });
        card.layers.remove(old);
        card.layers.insert(new.clone(), line);
        changes.push(Change::Set(Key::Card(document.clone()), card.encode()));
        saver.remember_card(document, card);
        saver.put(store, changes);
    }
    saver.settle().await;
}

/// Asks the browser never to drop the store to make room.
pub fn persist(store: &StoreRef) {
    let store = store.clone();
    spawn_local(async move {
        let granted = durable::persist().await;
        let room = durable::room().await;
        store.update(|state| state.room = room);
        toast(&store, |words| words.get(if granted { "persist.granted" } else { "persist.refused" }));
    });
}
