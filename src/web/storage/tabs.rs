//! One writer among all tabs: a lock for each layer, and a channel on which the writer tells its steps.

use crate::persist::Entry;
use crate::project::LayerKey;
use crate::web::act::long::LONG;
use crate::web::state::{Lines, Notice, Offer, Tone};
use crate::web::storage::{PROJECT, library, open, schema};
use crate::web::store::StoreRef;
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// How long a writer that was asked to let go may take before its lock is taken, in milliseconds.
const PATIENCE: u32 = 1_500;

/// What tabs tell each other.
#[derive(Serialize, Deserialize)]
enum Message {
    /// A step was made. One without an entry is too long to be told: it is in the stores.
    Step { layer: LayerKey, n: u64, entry: String },
    /// Another tab wants to write this layer.
    Release { layer: LayerKey },
    /// Documents came, went, or changed their state.
    Library,
    /// The schema was changed: its record.
    Schema(String),
}

/// The lock and the channel of this tab.
#[derive(Default)]
pub struct Tabs {
    channel: RefCell<Option<Channel>>,
    held: RefCell<Option<Held>>,
    /// Counts requests, so that an answer to an old one is not taken for one to the new.
    turn: std::cell::Cell<u64>,
}

struct Channel {
    channel: web_sys::BroadcastChannel,
    _listener: gloo::events::EventListener,
}

struct Held {
    layer: LayerKey,
    release: js_sys::Function,
}

#[wasm_bindgen]
extern "C" {
    type LockManager;

    #[wasm_bindgen(method, catch)]
    fn request(this: &LockManager, name: &str, options: &js_sys::Object, granted: &js_sys::Function) -> Result<js_sys::Promise, JsValue>;
}

fn locks() -> Option<LockManager> {
    let navigator = gloo::utils::window().navigator();
    let locks = js_sys::Reflect::get(&navigator, &"locks".into()).ok()?;
    (!locks.is_undefined()).then(|| locks.unchecked_into())
}

fn lock_name(layer: &LayerKey) -> String {
    crate::web::storage::keyspace().layer_prefix(layer)
}

impl Tabs {
    /// Begins to listen to the other tabs.
    pub fn start(&self, store: &StoreRef) {
        let Ok(channel) = web_sys::BroadcastChannel::new(&format!("wusum/1/{PROJECT}")) else { return };
        let store = store.clone();
        let listener = gloo::events::EventListener::new(&channel, "message", move |event| {
            let data = event.dyn_ref::<web_sys::MessageEvent>().map(web_sys::MessageEvent::data);
            let message = data.and_then(|data| data.as_string()).and_then(|data| crate::json::parse(&data).ok());
            if let Some(message) = message {
                heard(&store, message);
            }
        });
        *self.channel.borrow_mut() = Some(Channel { channel, _listener: listener });
    }

    fn tell(&self, message: &Message) {
        if let (Some(channel), Ok(message)) = (self.channel.borrow().as_ref(), serde_json::to_string(message)) {
            // A channel is closed only with its page.
            let _ = channel.channel.post_message(&JsValue::from_str(&message));
        }
    }

    /// Tells the other tabs of a step.
    pub fn tell_step(&self, layer: &LayerKey, n: u64, entry: &str) {
        self.tell(&Message::Step { layer: layer.clone(), n, entry: entry.to_owned() });
    }

    /// Tells the other tabs that the list of documents has changed.
    pub fn tell_library(&self) {
        self.tell(&Message::Library);
    }

    /// Tells the other tabs of another schema.
    pub fn tell_schema(&self, record: &str) {
        self.tell(&Message::Schema(record.to_owned()));
    }

    /// Asks the tab that writes a layer to let go of it.
    pub fn ask_release(&self, layer: &LayerKey) {
        self.tell(&Message::Release { layer: layer.clone() });
    }

    /// Lets go of the lock that is held, and of what was asked for.
    pub fn release(&self) {
        self.turn.set(self.turn.get() + 1);
        if let Some(held) = self.held.borrow_mut().take() {
            // The function only settles a promise.
            let _ = held.release.call0(&JsValue::UNDEFINED);
        }
    }

    /// Whether this tab writes the layer.
    #[must_use]
    pub fn writes(&self, layer: &LayerKey) -> bool {
        locks().is_none() || self.held.borrow().as_ref().is_some_and(|held| held.layer == *layer)
    }
}

/// How a lock is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ask {
    /// Only if it is free.
    Now,
    /// When it becomes free.
    Wait,
    /// In any case.
    Steal,
}

/// Tries to become the writer of a layer; whether this tab is it now. Without locks in the browser every tab is.
pub async fn acquire(store: &StoreRef, layer: &LayerKey) -> bool {
    store.saver.tabs.release();
    request(store, layer, Ask::Now).await
}

/// Waits until the layer is free, then opens it anew as its writer.
pub fn wait(store: &StoreRef, layer: &LayerKey) {
    let (store, layer) = (store.clone(), layer.clone());
    spawn_local(async move {
        if request(&store, &layer, Ask::Wait).await {
            open::reopen(&store, &layer).await;
        }
    });
}

/// Takes a layer over from the tab that writes it: asks first, and does not wait for ever.
pub fn take_over(store: &StoreRef) {
    let Some(layer) = store.state().work.as_ref().map(|work| work.session.key().clone()) else { return };
    store.saver.tabs.ask_release(&layer);
    let store = store.clone();
    spawn_local(async move {
        gloo::timers::future::TimeoutFuture::new(PATIENCE).await;
        if !store.saver.tabs.writes(&layer) && request(&store, &layer, Ask::Steal).await {
            open::reopen(&store, &layer).await;
        }
    });
}

async fn request(store: &StoreRef, layer: &LayerKey, ask: Ask) -> bool {
    let Some(locks) = locks() else { return true };
    let tabs = &store.saver.tabs;
    let turn = tabs.turn.get();
    let options = js_sys::Object::new();
    let option = match ask {
        Ask::Now => Some("ifAvailable"),
        Ask::Steal => Some("steal"),
        Ask::Wait => None,
    };
    if let Some(option) = option {
        // Setting a property of a plain object does not fail.
        let _ = js_sys::Reflect::set(&options, &option.into(), &JsValue::TRUE);
    }
    let (send, receive) = futures::channel::oneshot::channel::<Option<js_sys::Function>>();
    let granted = Closure::once(move |lock: JsValue| -> JsValue {
        if lock.is_null() {
            let _ = send.send(None);
            return JsValue::UNDEFINED;
        }
        let mut send = Some(send);
        // The lock is held until this promise is settled.
        js_sys::Promise::new(&mut |resolve, _| {
            if let Some(send) = send.take() {
                let _ = send.send(Some(resolve));
            }
        })
        .into()
    });
    let Ok(promise) = locks.request(&lock_name(layer), &options, granted.as_ref().unchecked_ref()) else { return true };
    let watched = store.clone();
    let lost = layer.clone();
    spawn_local(async move {
        let ended = JsFuture::from(promise).await;
        drop(granted);
        if ended.is_err() {
            // The lock was taken by another tab.
            let tabs = &watched.saver.tabs;
            if tabs.held.borrow().as_ref().is_some_and(|held| held.layer == lost) {
                tabs.held.borrow_mut().take();
                become_follower(&watched, &lost);
            }
        }
    });
    let Ok(Some(release)) = receive.await else { return false };
    if ask != Ask::Now && tabs.turn.get() != turn {
        // The document was left meanwhile.
        let _ = release.call0(&JsValue::UNDEFINED);
        return false;
    }
    *tabs.held.borrow_mut() = Some(Held { layer: layer.clone(), release });
    true
}

/// Only follows the layer from now on, and says so.
pub fn become_follower(store: &StoreRef, layer: &LayerKey) {
    store.update(|state| {
        if let Some(work) = state.work.as_mut().filter(|work| work.session.key() == layer) {
            work.session.set_read_only(true);
        }
    });
    let notice = Notice {
        key: "notice.other-tab",
        tone: Tone::Warning,
        words: ("notice.other-tab", Vec::new()),
        lines: Lines::default(),
        offer: Some(Offer::TakeOver),
    };
    library::notify(store, notice);
    wait(store, layer);
}

fn heard(store: &StoreRef, message: Message) {
    match message {
        Message::Step { layer, n, entry } => {
            if !follow_step(store, &layer, n, &entry) {
                let store = store.clone();
                spawn_local(async move { open::reopen(&store, &layer).await });
            }
        }
        Message::Release { layer } => {
            let holds = store.saver.tabs.held.borrow().as_ref().is_some_and(|held| held.layer == layer);
            if !holds {
                return;
            }
            let store = store.clone();
            spawn_local(async move {
                // Nothing is made any more from here; what was made is written first.
                store.update(|state| state.work.as_mut().map(|work| work.session.set_read_only(true)));
                while !store.saver.is_quiet() {
                    gloo::timers::future::TimeoutFuture::new(10).await;
                }
                store.saver.tabs.release();
                become_follower(&store, &layer);
            });
        }
        Message::Schema(record) => schema::follow(store, &record),
        Message::Library => {
            let store = store.clone();
            spawn_local(async move { library::refresh(&store).await });
        }
    }
}

/// Follows a step that the writing tab made; whether it fitted.
pub fn follow_step(store: &StoreRef, key: &LayerKey, n: u64, raw: &str) -> bool {
    store.update(|state| {
        let Some(work) = state.work.as_mut().filter(|work| work.session.key() == key) else { return true };
        if n <= work.session.revision() {
            return true;
        }
        if n != work.session.revision() + 1 {
            return false;
        }
        let Some(document) = work.session.document().cloned() else { return false };
        let Ok(entry) = Entry::decode(raw, key, &document.text) else { return false };
        // A long way back or forth is read anew, in slices.
        if work.session.history().edit_of(&entry.step).is_some_and(|edit| edit.changes.len() > LONG) {
            return false;
        }
        let followed = work.session.follow(entry.step).map(|outcome| crate::web::checks::note(work, &outcome)).is_ok();
        crate::web::act::refresh(work);
        if work.chosen.as_ref().is_some_and(|id| work.session.layer().get(id).is_none()) {
            work.chosen = None;
        }
        followed
    })
}
