//! Opening a document: both stores are read, what either lacks is mended, and one tab becomes the writer.

use crate::adjudicate::{GOLD, is_gold};
use crate::id::{Annotator, DocumentId};
use crate::persist::{DocumentRecord, Key, Recovered, Recovering, Store, Why, Write};
use crate::project::{Document, LayerKey, Project};
use crate::session::Session;
use crate::text::Offset;
use crate::text::Vocabulary;
use crate::web::review::look;
use crate::web::slices::{rest, slice};
use crate::web::state::{Find, Lines, Notice, Offer, Selection, Tone, Work};
use crate::web::storage::durable::{Change, rest_after};
use crate::web::storage::saver::{LONG_ENTRY, LongEntry};
use crate::web::storage::{PROJECT, library, tabs};
use crate::web::store::StoreRef;
use crate::web::{act, timing};
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// The name under which labels are kept until somebody gives theirs.
pub const UNNAMED: &str = "annotator";

/// Characters of text taken into the vocabulary at once; a slice of them takes a few milliseconds.
const SLICE: u32 = 20_000;
/// Labels that are read between two looks at the clock.
const LABELS: usize = 100;
/// Characters of other documents that the vocabulary is learned from.
const OTHERS: u32 = 1_000_000;

/// Who annotates.
#[must_use]
pub fn annotator(store: &StoreRef) -> Annotator {
    store.state().settings.annotator.clone().unwrap_or_else(|| Annotator::from(UNNAMED))
}

/// Opens a document on the present annotator's layer.
pub fn open(store: &StoreRef, id: DocumentId) {
    let annotator = annotator(store);
    open_layer(store, id, annotator);
}

/// Opens a document on its gold layer.
pub fn open_gold(store: &StoreRef, id: DocumentId) {
    open_layer(store, id, Annotator::from(GOLD));
}

fn open_layer(store: &StoreRef, id: DocumentId, annotator: Annotator) {
    timing::opening();
    let key = LayerKey { document: id.clone(), annotator };
    if store.state().work.as_ref().is_some_and(|work| *work.session.key() == key) {
        return;
    }
    store.update(|state| state.opening = Some(id));
    let store = store.clone();
    spawn_local(async move { load(&store, &key).await });
}

/// Opens the same layer again, as its writer now.
pub async fn reopen(store: &StoreRef, key: &LayerKey) {
    let is_open = store.state().work.as_ref().is_some_and(|work| work.session.key() == key);
    if is_open {
        load(store, key).await;
    }
}

async fn load(store: &StoreRef, key: &LayerKey) {
    let saver = &store.saver;
    let writes = saver.tabs.writes(key) || tabs::acquire(store, key).await;
    let Some(record) = library::document(store, &key.document).await else {
        store.update(|state| {
            state.opening = None;
            state.work = None;
        });
        return;
    };
    let (recovered, journal, unread, writable) = loop {
        let before = open_revision(store, key);
        let local = saver.with_local(|local| local.load(key)).unwrap_or_default();
        let journal = local.iter().filter(|(key, _)| matches!(key, Key::Journal(..))).count();
        // A store that cannot be read is not an empty one: nothing may be written over what it holds.
        let (durable, unread) = match saver.layer(key).await {
            Ok(records) => (records, None),
            Err(failure) => (Vec::new(), Some(failure.0)),
        };
        let recovered = recovered(&record.document, key, local, durable).await;
        let writable = writes && recovered.blocked.is_none() && unread.is_none();
        if writable {
            mend(store, key, &recovered).await;
        }
        // Reading a large layer takes some tasks, showing it another.
        rest_after(record.document.text.as_str().len()).await;
        // A step that was made meanwhile is not in it.
        if open_revision(store, key) == before {
            break (recovered, journal, unread, writable);
        }
    };
    if store.state().opening.as_ref().is_some_and(|opening| *opening != key.document) {
        // Another document was asked for meanwhile.
        return;
    }
    if let Some(detail) = unread {
        let words = ("notice.unread", vec![("detail", detail)]);
        library::notify(store, Notice { key: "notice.unread", tone: Tone::Warning, words, lines: Lines::default(), offer: None });
    }
    saver.opened(key, recovered.durable, journal);
    tell_set_aside(store, &recovered);
    show(store, key, &record, recovered, writable);
    if writes {
        library::dismiss(store, "notice.other-tab");
    } else {
        tabs::become_follower(store, &key.clone());
    }
    learn(store, key.document.clone());
    let has_gold = saver.cards().get(&key.document).is_some_and(|card| card.layers.keys().any(is_gold));
    let has_remarks = store.state().work.as_ref().is_some_and(|work| work.session.layer().remarks().next().is_some());
    if has_gold || has_remarks {
        let store = store.clone();
        spawn_local(async move { look(&store).await });
    }
}

/// The revision of the layer, where it is open.
fn open_revision(store: &StoreRef, key: &LayerKey) -> Option<u64> {
    store.state().work.as_ref().filter(|work| work.session.key() == key).map(|work| work.session.revision())
}

/// A layer as both stores have it, read in slices; nothing is written to either.
pub async fn recovered(document: &Document, key: &LayerKey, local: Vec<(Key, String)>, durable: Vec<(Key, String)>) -> Recovered {
    let mut recovering = Recovering::new(document, key, local, durable);
    while !slice(&mut || recovering.step(LABELS)) {
        rest().await;
    }
    recovering.finish()
}

/// Gives each store what it lacks.
async fn mend(store: &StoreRef, key: &LayerKey, recovered: &Recovered) {
    let saver = &store.saver;
    for write in &recovered.to_local {
        // What does not fit there is in the other store; what cannot be kept in either is said by the saver.
        let written = match write {
            Write::Set(key, value) if value.len() > LONG_ENTRY && saver.durable().is_some() => {
                let entry = LongEntry::new(value.clone());
                rest().await;
                let written = saver.put_long(key, &entry);
                rest().await;
                written
            }
            Write::Set(key, value) => saver.with_local(|local| local.put(key, value).map(|_| ())),
            Write::Remove(key) => saver.with_local(|local| {
                let name = local.keys().write(key);
                local.store_mut().remove(&name)
            }),
        };
        if written.is_err() {
            break;
        }
    }
    let changes: Vec<Change> = recovered.to_durable.iter().cloned().map(Change::from).collect();
    if !changes.is_empty() && saver.durable().is_some() {
        saver.put(store, changes);
    }
    library::touch_card(store, key, &recovered.layer, recovered.revision, recovered.at);
}

fn show(store: &StoreRef, key: &LayerKey, record: &DocumentRecord, recovered: Recovered, writable: bool) {
    let mut project = Project { schema: store.state().schema.schema.clone(), ..Project::new(PROJECT) };
    project.documents.insert(key.document.clone(), record.document.clone());
    project.layers.insert(key.clone(), recovered.layer);
    let Some(mut session) = Session::open(project, key.clone(), recovered.history, recovered.revision) else { return };
    session.set_read_only(!writable);
    let left = store.update(|state| {
        let same = state.work.as_ref().filter(|work| work.session.key() == key);
        let (selection, chosen, filter) = match same {
            Some(work) => (work.selection, work.chosen.clone(), work.filter.clone()),
            None => (Selection::caret(Offset::new(0)), None, Rc::default()),
        };
        let mut work = Work {
            session,
            selection,
            chosen,
            brush: None,
            draft: None,
            peel: None,
            filter,
            find: Rc::new(Find::default()),
            occurrences: None,
            selecting: false,
            palette_closed: false,
            held: None,
            link: None,
            vocabulary: Rc::new(Vocabulary::new()),
            reveal: (0, Offset::new(0)),
            asked: None,
            findings: Rc::default(),
            unchecked: Rc::default(),
        };
        if work.chosen.as_ref().is_some_and(|id| work.session.layer().get(id).is_none()) {
            work.chosen = None;
        }
        act::refresh(&mut work);
        state.opening = None;
        state.save = store.saver.state();
        state.work.replace(work)
    });
    // A large layer with its past takes a while to let go of: that is a task of its own.
    spawn_local(async move {
        rest().await;
        drop(left);
    });
    crate::web::place::go(store);
}

/// Learns the words by which clitics are judged: those of this text first, then of the others; never for long at once.
fn learn(store: &StoreRef, id: DocumentId) {
    let store = store.clone();
    spawn_local(async move {
        let mut vocabulary = Vocabulary::new();
        let Some(document) = store.state().work.as_ref().and_then(|work| work.session.document().cloned()) else { return };
        add(&mut vocabulary, &document.text).await;
        give(&store, &id, &vocabulary);
        let others: Vec<DocumentId> =
            store.state().library.iter().filter(|card| card.id != id && card.binned.is_none()).map(|card| card.id.clone()).collect();
        let mut room = OTHERS;
        for other in others {
            let Some(record) = library::document(&store, &other).await else { continue };
            let length = record.document.text.len().get();
            if length > room {
                continue;
            }
            room -= length;
            add(&mut vocabulary, &record.document.text).await;
        }
        give(&store, &id, &vocabulary);
    });
}

async fn add(vocabulary: &mut Vocabulary, text: &crate::text::Text) {
    let mut start = Offset::new(0);
    while start < text.len() {
        let end = start.plus(SLICE).min(text.len());
        // A slice ends where a word does not go on.
        let end = text.word_at(end).map_or(end, |word| if word.start < end { word.end } else { end });
        vocabulary.add_slice(text, start..end);
        start = end;
        gloo::timers::future::TimeoutFuture::new(0).await;
    }
}

fn give(store: &StoreRef, id: &DocumentId, vocabulary: &Vocabulary) {
    let vocabulary = Rc::new(vocabulary.clone());
    store.update(|state| {
        if let Some(work) = state.work.as_mut().filter(|work| work.session.key().document == *id) {
            work.vocabulary = vocabulary;
            act::refresh(work);
        }
    });
}

/// Says what could not be read, and offers it as it is.
fn tell_set_aside(store: &StoreRef, recovered: &Recovered) {
    if let Some(version) = recovered.blocked {
        let raw: Vec<&str> = recovered.set_aside.iter().map(|aside| aside.raw.as_str()).collect();
        library::notify(
            store,
            Notice {
                key: "notice.too-new",
                tone: Tone::Warning,
                words: ("notice.too-new", vec![("version", version.to_string())]),
                lines: Lines::default(),
                offer: Some(Offer::Raw(raw.join("\n").into())),
            },
        );
        return;
    }
    if recovered.set_aside.is_empty() {
        return;
    }
    let lines = recovered.set_aside.iter().map(|aside| match &aside.why {
        Why::Unreadable { .. } => "aside.unreadable",
        Why::TooNew { .. } => "aside.too-new",
        Why::Gap => "aside.gap",
        Why::Conflict => "aside.conflict",
        Why::QuoteMismatch { .. } => "aside.quote",
    });
    let keys: Vec<&str> = lines.collect();
    let raw: Vec<&str> = recovered.set_aside.iter().map(|aside| aside.raw.as_str()).collect();
    let notice = Notice {
        key: "notice.set-aside",
        tone: Tone::Warning,
        words: ("notice.set-aside", vec![("n", recovered.set_aside.len().to_string())]),
        lines: Lines::new(move |words| keys.iter().map(|key| words.get(key)).collect()),
        offer: Some(Offer::Raw(raw.join("\n").into())),
    };
    library::notify(store, notice);
}
