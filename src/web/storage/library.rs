//! The library: which documents there are, what comes in, what goes to the bin, and the notices about it.

use crate::formats::merge::{ReportLine, merge};
use crate::formats::{Format, Importer};
use crate::history::History;
use crate::id::{Annotator, DocumentId};
use crate::layer::Layer;
use crate::persist::{self, Card, DocumentRecord, Key, LayerCard, Store, backup, recover};
use crate::plan::Command;
use crate::project::{Document, LayerKey, Project};
use crate::session::Session;
use crate::web::act::{self, say, toast};
use crate::web::app;
use crate::web::js;
use crate::web::screens::dataset::download;
use crate::web::state::{Card as Line, Notice, Offer, Tone};
use crate::web::storage::durable::{self, Change, Failure};
use crate::web::storage::{PROJECT, keyspace, open};
use crate::web::store::StoreRef;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen_futures::spawn_local;

/// The article that every new project starts with.
const ARTICLE: &str = include_str!("../../../data/article.txt");
const ARTICLE_TITLE: &str = include_str!("../../../data/article.title.txt");
const ARTICLE_ID: &str = "article";

/// Lines of a report that are shown; the rest are counted.
const REPORT_LINES: usize = 30;

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
    notify(store, Notice { key, tone: Tone::Warning, words: (key, Vec::new()), lines: Vec::new(), offer: Some(Offer::Export) });
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
    let mut found = match saver.durable() {
        Some(durable) => durable.cards().await.unwrap_or_default(),
        None => Vec::new(),
    };
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
    let mut lines: Vec<Line> = store
        .saver
        .cards()
        .into_iter()
        .map(|(id, card)| {
            let layer = card.layers.get(&annotator).copied().unwrap_or_default();
            Line {
                id,
                title: card.title.into(),
                characters: card.characters,
                added: card.added,
                binned: card.binned,
                status: layer.status,
                spans: layer.spans,
            }
        })
        .collect();
    lines.sort_by(|a, b| (a.added, &a.id).cmp(&(b.added, &b.id)));
    store.update(|state| state.library = Rc::new(lines));
}

/// The record of a document, from whichever store has it.
pub async fn document(store: &StoreRef, id: &DocumentId) -> Option<DocumentRecord> {
    let key = Key::Document(id.clone());
    let kept = match store.saver.durable() {
        Some(durable) => durable.get(&key).await.ok().flatten(),
        None => None,
    };
    let kept = kept.or_else(|| store.saver.with_local(|local| local.store().get(&local.keys().write(&key)).ok().flatten()));
    if let Some((record, _)) = kept.and_then(|raw| DocumentRecord::decode(id.clone(), &raw).ok()) {
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

fn card_change(store: &StoreRef, key: &LayerKey, layer: &Layer, revision: u64, at: u64, ahead: Option<u64>) -> Option<Change> {
    let mut card = store.saver.cards().remove(&key.document)?;
    let old = card.layers.get(&key.annotator).copied();
    let next = LayerCard { status: layer.status(), spans: layer.len(), revision, updated: at, ahead: ahead.unwrap_or(old.unwrap_or_default().ahead) };
    if old == Some(next) || (old.is_none() && revision == 0) {
        return None;
    }
    card.layers.insert(key.annotator.clone(), next);
    let change = Change::Set(Key::Card(key.document.clone()), card.encode());
    store.saver.remember_card(key.document.clone(), card);
    Some(change)
}

/// The revision that files state: the journal's, and by how much files were ahead of it.
fn stated(card: Option<&LayerCard>, revision: u64) -> u64 {
    revision + card.map_or(0, |card| card.ahead)
}

/// Everything that is kept: all documents that are not in the bin, with all layers, and the revisions that files state.
///
/// # Errors
/// When a store cannot be read: what is not known to be absent must not be exported or merged as absent.
pub async fn whole(store: &StoreRef) -> Result<Whole, Failure> {
    let mut project = Project::new(PROJECT);
    let mut revisions = BTreeMap::new();
    let mut pasts = BTreeMap::new();
    for (id, card) in store.saver.cards() {
        if card.binned.is_some() {
            continue;
        }
        let Some(record) = document(store, &id).await else { continue };
        for (annotator, line) in &card.layers {
            let key = LayerKey { document: id.clone(), annotator: annotator.clone() };
            let open = store.state().work.as_ref().filter(|work| *work.session.key() == key).map(|work| work.session.clone());
            let (layer, history, revision) = match open {
                Some(session) => (session.layer().clone(), session.history().clone(), session.revision()),
                None => {
                    let recovered = read_layer(store, &record.document, &key).await?;
                    (recovered.layer, recovered.history, recovered.revision)
                }
            };
            revisions.insert(key.clone(), stated(Some(line), revision));
            pasts.insert(key.clone(), (history, revision));
            project.layers.insert(key, layer);
        }
        project.documents.insert(id, record.document);
        // Long texts are parsed here; the page is given its turn between them.
        gloo::timers::future::TimeoutFuture::new(0).await;
    }
    Ok(Whole { project, revisions, pasts })
}

/// Everything that is kept.
pub struct Whole {
    /// Documents that are not in the bin, with all layers.
    pub project: Project,
    /// The revisions that files state.
    pub revisions: BTreeMap<LayerKey, u64>,
    /// What can be undone on each layer, and its revision here.
    pub pasts: BTreeMap<LayerKey, (History, u64)>,
}

fn tell_unread(store: &StoreRef, failure: Failure) {
    let words = ("notice.unread", vec![("detail", failure.0)]);
    notify(store, Notice { key: "notice.unread", tone: Tone::Warning, words, lines: Vec::new(), offer: None });
}

async fn read_layer(store: &StoreRef, document: &Document, key: &LayerKey) -> Result<persist::Recovered, Failure> {
    let local = store.saver.with_local(|local| local.load(key)).unwrap_or_default();
    let durable = match store.saver.durable() {
        Some(durable) => durable.layer(key).await?,
        None => Vec::new(),
    };
    Ok(recover(document, key, local, durable))
}

/// Takes files that were chosen or dropped.
pub fn take_files(store: &StoreRef, files: &web_sys::FileList) {
    let files = gloo::file::FileList::from(files.clone());
    let files: Vec<gloo::file::File> = files.iter().cloned().collect();
    let store = store.clone();
    spawn_local(async move {
        let mut read = Vec::new();
        for file in &files {
            match gloo::file::futures::read_as_bytes(file).await {
                Ok(bytes) => read.push((file.name(), bytes)),
                Err(error) => toast(&store, |words| words.with("import.unread", &[("file", &file.name()), ("detail", &error.to_string())])),
            }
        }
        if !read.is_empty() {
            take(&store, read).await;
        }
    });
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
    act::go(&crate::web::state::Route::Read(id));
}

/// Takes files of any supported format: merges them by revision, and reports what was taken, kept and refused.
pub async fn take(store: &StoreRef, files: Vec<(String, Vec<u8>)>) {
    let (backups, files): (Vec<_>, Vec<_>) = files.into_iter().partition(|(_, bytes)| is_backup(bytes));
    for (_, bytes) in backups {
        restore_backup(store, &bytes).await;
    }
    if files.is_empty() {
        return;
    }
    let Whole { mut project, revisions, pasts } = match whole(store).await {
        Ok(whole) => whole,
        Err(failure) => return tell_unread(store, failure),
    };
    let mut importer = Importer::knowing(&project).annotator(Some(open::annotator(store)));
    for (name, bytes) in &files {
        importer.file(Some(name), bytes, Format::detect(Some(name), bytes));
    }
    let import = importer.finish();
    let problems = import.problems.clone();
    let lost: Vec<String> =
        import.orphans.iter().map(|orphan| orphan.raw.to_string()).chain(import.refused.iter().map(|refused| refused.raw.to_string())).collect();
    let merged = merge(&project, &revisions, import);

    let mut changes = Vec::new();
    let mut first = None;
    for document in &merged.new_documents {
        first.get_or_insert_with(|| document.id.clone());
        project.documents.insert(document.id.clone(), document.clone());
        changes.extend(add_document(store, document.clone()));
    }
    for (key, layer, revision) in merged.replacements {
        changes.extend(replace(store, &project, &pasts, &key, layer, revision));
    }
    store.saver.put(store, changes);
    store.saver.tabs.tell_library();
    show(store);
    report(store, &merged.report, &problems, lost);
    if let Some(id) = first {
        act::go(&crate::web::state::Route::Read(id));
    }
}

/// The records that put an imported layer in the place of the one here. Where there was one, that is one step, and can be undone.
fn replace(
    store: &StoreRef,
    project: &Project,
    pasts: &BTreeMap<LayerKey, (History, u64)>,
    key: &LayerKey,
    layer: Layer,
    revision: u64,
) -> Vec<Change> {
    let now = js::now();
    let is_open = store.state().work.as_ref().is_some_and(|work| work.session.key() == key);
    if is_open {
        let Some(outcome) = act::run(store, Command::Replace(Box::new(layer.clone()))) else { return Vec::new() };
        return card_change(store, key, &layer, outcome.revision, now, Some(revision.saturating_sub(outcome.revision))).into_iter().collect();
    }
    if let Some((history, old)) = pasts.get(key).filter(|(_, old)| *old > 0) {
        let Some(document) = project.document_of(key) else { return Vec::new() };
        let Some(mut session) = Session::open(project.clone(), key.clone(), history.clone(), *old) else { return Vec::new() };
        let Ok(outcome) = session.run(Command::Replace(Box::new(layer.clone()))) else { return Vec::new() };
        let Ok(entry) = persist::encode_outcome(&document.text, now, &outcome) else { return Vec::new() };
        // Both stores have it from the same write on; what does not fit locally is in the other.
        let _ = store.saver.with_local(|local| local.append(key, outcome.revision, &entry));
        let ahead = revision.saturating_sub(outcome.revision);
        let mut changes = vec![Change::Set(Key::Journal(key.clone(), outcome.revision), entry)];
        changes.extend(card_change(store, key, &layer, outcome.revision, now, Some(ahead)));
        return changes;
    }
    let Some(document) = project.document_of(key) else { return Vec::new() };
    let revision = revision.max(1);
    let snapshot = persist::encode_snapshot(&document.text, revision, now, &layer);
    let mut changes = vec![Change::Set(Key::Snapshot(key.clone()), snapshot)];
    changes.extend(card_change(store, key, &layer, revision, now, None));
    changes
}

fn is_backup(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(200)).unwrap_or_default();
    let head = String::from_utf8_lossy(head);
    head.lines().next().is_some_and(|line| line.contains("\"kind\":\"backup\""))
}

fn report(store: &StoreRef, lines: &[ReportLine], problems: &[crate::formats::Problem], lost: Vec<String>) {
    let words = act::words(store);
    let title = |id: &DocumentId| store.saver.cards().get(id).map_or_else(|| id.to_string(), |card| card.title.clone());
    let mut told: Vec<String> = lines
        .iter()
        .map(|line| match line {
            ReportLine::DocumentTaken(id) => words.with("report.document.taken", &[("title", &title(id))]),
            ReportLine::DocumentSame { here, .. } => words.with("report.document.same", &[("title", &title(here))]),
            ReportLine::DocumentRenamed { incoming, here } => {
                words.with("report.document.renamed", &[("old", incoming.as_str()), ("new", here.as_str())])
            }
            ReportLine::LayerTaken { layer, .. } => {
                words.with("report.layer.taken", &[("title", &title(&layer.document)), ("annotator", layer.annotator.as_str())])
            }
            ReportLine::LayerKept { layer, same: true, .. } => {
                words.with("report.layer.same", &[("title", &title(&layer.document)), ("annotator", layer.annotator.as_str())])
            }
            ReportLine::LayerKept { layer, .. } => {
                words.with("report.layer.kept", &[("title", &title(&layer.document)), ("annotator", layer.annotator.as_str())])
            }
            ReportLine::Refused { layer, count } => {
                words.with("report.refused", &[("annotator", layer.annotator.as_str()), ("n", &words.number(*count))])
            }
        })
        .collect();
    told.extend(problems.iter().map(|problem| {
        let params = problem.code.params();
        let parts: Vec<(&str, &str)> = params.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let what = words.with(&format!("problem.{}", problem.code.id()), &parts);
        match problem.line {
            Some(line) => words.with(
                "report.line",
                &[("file", problem.file.as_deref().unwrap_or_default()), ("line", &words.number(line as usize)), ("what", &what)],
            ),
            None => words.with("report.file", &[("file", problem.file.as_deref().unwrap_or_default()), ("what", &what)]),
        }
    }));
    let more = told.len().saturating_sub(REPORT_LINES);
    told.truncate(REPORT_LINES);
    if more > 0 {
        told.push(words.count("report.more", more));
    }
    let good = problems.is_empty() && lost.is_empty();
    let notice = Notice {
        key: "notice.import",
        tone: if good { Tone::Calm } else { Tone::Warning },
        words: (if good { "notice.import" } else { "notice.import.problems" }, Vec::new()),
        lines: told,
        offer: (!lost.is_empty()).then(|| Offer::Raw(lost.join("\n").into())),
    };
    notify(store, notice);
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
fn leave(store: &StoreRef, id: &DocumentId) {
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
            Key::Settings => false,
        };
        let mut changes = vec![Change::Remove(Key::Document(id.clone())), Change::Remove(Key::Card(id.clone()))];
        if let Some(durable) = store.saver.durable() {
            let all = match durable.everything().await {
                Ok(all) => all,
                Err(failure) => return tell_unread(&store, failure),
            };
            changes.extend(all.iter().filter_map(|(name, _)| keys.parse(name)).filter(|key| is_its(key)).map(Change::Remove));
        }
        store.saver.with_local(|local| {
            for name in local.store().keys().unwrap_or_default() {
                if keys.parse(&name).is_some_and(|key| is_its(&key)) {
                    // What cannot be removed stays, and is found again.
                    let _ = local.store_mut().remove(&name);
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
    let store = store.clone();
    spawn_local(async move {
        if keep && old != new {
            move_layers(&store, &old, &new).await;
        }
        app::change_settings(&store, |settings| settings.annotator = Some(new));
        show(&store);
        let id = store.state().work.as_ref().map(|work| work.session.key().document.clone());
        if let Some(id) = id {
            open::open(&store, id);
        }
    });
}

/// Moves all layers of one name to another that has none on the same document.
async fn move_layers(store: &StoreRef, old: &Annotator, new: &Annotator) {
    let saver = &store.saver;
    while !saver.is_quiet() {
        gloo::timers::future::TimeoutFuture::new(10).await;
    }
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
        if let Some(durable) = saver.durable() {
            let Ok(records) = durable.layer(&from).await else { continue };
            for (key, value) in records {
                changes.push(Change::Set(renamed(&key), value));
                changes.push(Change::Remove(key));
            }
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
    while !saver.is_quiet() {
        gloo::timers::future::TimeoutFuture::new(10).await;
    }
}

/// Exports everything in the own format.
pub fn export_all(store: &StoreRef) {
    export(store, Format::Wusum);
}

/// Exports everything in a format.
pub fn export(store: &StoreRef, format: Format) {
    let store = store.clone();
    spawn_local(async move {
        let Whole { project, revisions, .. } = match whole(&store).await {
            Ok(whole) => whole,
            Err(failure) => return tell_unread(&store, failure),
        };
        let mut file = Vec::new();
        if crate::formats::write(&project, &revisions, format, &mut file).is_err() {
            return toast(&store, |words| words.get("export.failed"));
        }
        let ending = format.extensions().first().copied().unwrap_or("txt");
        download(&format!("wusum-{PROJECT}.{ending}"), "application/octet-stream", &file);
        say(&store, |words| words.get("said.exported"));
    });
}

/// Saves the whole store as one file with a checksum.
pub fn back_up(store: &StoreRef) {
    let store = store.clone();
    spawn_local(async move {
        let mut records: BTreeMap<String, String> = BTreeMap::new();
        let prefix = keyspace().prefix();
        store.saver.with_local(|local| {
            for name in local.store().keys().unwrap_or_default().into_iter().filter(|name| name.starts_with(&prefix)) {
                if let Ok(Some(value)) = local.store().get(&name) {
                    records.insert(name, value);
                }
            }
        });
        if let Some(durable) = store.saver.durable() {
            match durable.everything().await {
                Ok(all) => records.extend(all),
                Err(failure) => return toast(&store, |words| words.with("backup.failed", &[("detail", &failure.0)])),
            }
        }
        let records: Vec<(String, String)> = records.into_iter().collect();
        let mut file = Vec::new();
        if backup::write(&records, &mut file).is_ok() {
            download(&format!("wusum-{PROJECT}-backup.jsonl"), "application/octet-stream", &file);
            say(&store, |words| words.get("said.backed-up"));
        }
    });
}

async fn restore_backup(store: &StoreRef, bytes: &[u8]) {
    let words = act::words(store);
    let read = backup::read(bytes);
    let mut existing: BTreeMap<String, String> = match store.saver.durable() {
        Some(durable) => match durable.everything().await {
            Ok(all) => all.into_iter().collect(),
            Err(failure) => return tell_unread(store, failure),
        },
        None => BTreeMap::new(),
    };
    let keys = keyspace();
    store.saver.with_local(|local| {
        for name in local.store().keys().unwrap_or_default() {
            if let (Some(_), Ok(Some(value))) = (keys.parse(&name), local.store().get(&name)) {
                existing.entry(name).or_insert(value);
            }
        }
    });
    let plan = backup::plan(&keys, &read.records, &existing);
    let count = plan.writes.len();
    let changes: Vec<Change> = plan.writes.into_iter().filter_map(|(name, value)| Some(Change::Set(keys.parse(&name)?, value))).collect();
    store.saver.put(store, changes);
    while !store.saver.is_quiet() {
        gloo::timers::future::TimeoutFuture::new(10).await;
    }
    refresh(store).await;
    store.saver.tabs.tell_library();
    let mut lines = vec![words.count("restore.written", count)];
    if !plan.kept.is_empty() {
        lines.push(words.count("restore.kept", plan.kept.len()));
    }
    if !plan.different.is_empty() {
        lines.push(words.count("restore.different", plan.different.len()));
    }
    if !read.damage.is_empty() {
        lines.push(words.get("restore.damaged"));
    }
    let tone = if read.damage.is_empty() { Tone::Calm } else { Tone::Warning };
    notify(store, Notice { key: "notice.restore", tone, words: ("notice.restore", Vec::new()), lines, offer: None });
    let key = store.state().work.as_ref().map(|work| work.session.key().clone());
    if let Some(key) = key {
        open::reopen(store, &key).await;
    }
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
