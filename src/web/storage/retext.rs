//! A corrected text for a document: asked of the worker, and written as it answers.

use crate::exchange::Task;
use crate::id::DocumentId;
use crate::persist::Key;
use crate::project::LayerKey;
use crate::web::storage::durable::Change;
use crate::web::storage::exchange::{Seen, ask, note, writes};
use crate::web::storage::library::{leave, show};
use crate::web::store::StoreRef;
use js_sys::Array;

/// Has a corrected text taken, or told what comes of the labels: the task and the answer are JSON that is passed on; `None` where
/// nothing was done, which the person has been told.
pub async fn run(store: &StoreRef, asked: &str) -> Option<String> {
    loop {
        let (before, revision) = (Seen::now(store), open_revision(store));
        let outcome = ask(store, Task::Retext(asked.to_owned()), Array::new()).await?;
        let told = outcome.answer.told.clone()?;
        let mut changes = writes(&outcome).await;
        if changes.is_empty() {
            return Some(told);
        }
        let documents: Vec<DocumentId> = changes.iter().filter_map(document).collect();
        // What was labelled meanwhile is not in the new document: then the whole is done again.
        if before.is_as_it_was(store, &before.layers_of(&documents)) && revision == open_revision(store) {
            note(store, &mut changes, &[]);
            store.saver.put(store, changes);
            documents.iter().for_each(|id| leave(store, id));
            store.saver.tabs.tell_library();
            show(store);
            return Some(told);
        }
    }
}

fn document(change: &Change) -> Option<DocumentId> {
    match change {
        Change::Set(Key::Document(id), _) => Some(id.clone()),
        _ => None,
    }
}

/// Which layer is open, and how far it is.
fn open_revision(store: &StoreRef) -> Option<(LayerKey, u64)> {
    let state = store.state();
    let session = &state.work.as_ref()?.session;
    Some((session.key().clone(), session.revision()))
}
