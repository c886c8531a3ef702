//! IndexedDB: the store that keeps everything; a write counts only once it is committed strictly.

use crate::persist::{Key, Keyspace};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{IdbDatabase, IdbKeyRange, IdbOpenDbRequest, IdbRequest, IdbTransaction, IdbTransactionMode};

const NAME: &str = "wusum";
const VERSION: u32 = 1;
/// One object store for each way of reading: cards all at once, layers by prefix, the rest by key.
const STORES: [&str; 4] = ["settings", "documents", "cards", "layers"];

/// A record as it lies in the database.
#[derive(Serialize, Deserialize)]
struct Record<'a> {
    /// The same string that `localStorage` would hold.
    value: Cow<'a, str>,
}

/// How a transaction is to be made.
#[derive(Serialize)]
struct Options {
    durability: &'static str,
}

/// A transaction is done once it is on the disk.
const STRICT: Options = Options { durability: "strict" };

/// A change to the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Put the value there.
    Set(Key, String),
    /// Free the key.
    Remove(Key),
}

/// The browser's database. Cheap to copy.
#[derive(Clone)]
pub struct Durable {
    database: Rc<IdbDatabase>,
    keys: Keyspace,
    /// Lets go of the database when a newer page wants to change its layout.
    _yielding: Rc<gloo::events::EventListener>,
}

/// Why the database did not do what it was asked, in the browser's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure(pub String);

impl From<JsValue> for Failure {
    fn from(thrown: JsValue) -> Self {
        let error = thrown.dyn_ref::<js_sys::Error>().map(|error| format!("{}: {}", error.name(), error.message()));
        Self(error.unwrap_or_else(|| format!("{thrown:?}")))
    }
}

impl From<serde_wasm_bindgen::Error> for Failure {
    fn from(error: serde_wasm_bindgen::Error) -> Self {
        Self(error.to_string())
    }
}

#[wasm_bindgen]
extern "C" {
    /// The database, with the call that takes a durability.
    type StrictDatabase;

    #[wasm_bindgen(method, catch, js_name = transaction)]
    fn strict_transaction(this: &StrictDatabase, stores: &js_sys::Array, mode: &str, options: &JsValue) -> Result<IdbTransaction, JsValue>;
}

fn store_of(key: &Key) -> &'static str {
    match key {
        Key::Settings | Key::Schema | Key::SchemaStep(_) => STORES[0],
        Key::Document(_) => STORES[1],
        Key::Card(_) => STORES[2],
        Key::Snapshot(_) | Key::Journal(..) | Key::Aside(..) => STORES[3],
    }
}

/// Waits for an event of a target that is either the good one or the bad one.
async fn settled(
    target: &web_sys::EventTarget,
    good: &'static str,
    bad: &[&'static str],
    failure: impl Fn() -> JsValue + 'static,
) -> Result<(), Failure> {
    let (send, receive) = futures::channel::oneshot::channel::<bool>();
    let send = Rc::new(std::cell::Cell::new(Some(send)));
    let tell = move |is_good: bool| {
        let send = send.clone();
        move |_: &web_sys::Event| {
            if let Some(send) = send.take() {
                // Nobody waits any more where the page was left.
                let _ = send.send(is_good);
            }
        }
    };
    let mut listeners = vec![gloo::events::EventListener::once(target, good, tell(true))];
    for name in bad {
        listeners.push(gloo::events::EventListener::once(target, *name, tell(false)));
    }
    match receive.await {
        Ok(true) => Ok(()),
        _ => Err(failure().into()),
    }
}

/// Bytes that a copy takes some milliseconds for.
const LONG: usize = 200_000;

/// Lets other tasks run after something of this many bytes was copied, if that is long.
pub async fn rest_after(bytes: usize) {
    if bytes > LONG {
        gloo::timers::future::TimeoutFuture::new(0).await;
    }
}

/// The string in a record.
fn read(record: JsValue) -> Result<String, serde_wasm_bindgen::Error> {
    serde_wasm_bindgen::from_value::<Record>(record).map(|record| record.value.into_owned())
}

async fn answer(request: &IdbRequest) -> Result<JsValue, Failure> {
    let failed = request.clone();
    settled(request, "success", &["error"], move || failed.error().ok().flatten().map_or(JsValue::NULL, JsValue::from)).await?;
    Ok(request.result()?)
}

impl Durable {
    /// Opens the database, making it where it is not there.
    ///
    /// # Errors
    /// Where the browser has none, blocks it, or holds one of a newer program.
    pub async fn open(keys: Keyspace) -> Result<Self, Failure> {
        // Of the window or of the worker; reading it throws where it is blocked.
        let factory = js_sys::Reflect::get(&js_sys::global(), &"indexedDB".into())?;
        let factory: web_sys::IdbFactory = factory.dyn_into().map_err(|_| Failure("no IndexedDB".to_owned()))?;
        let request: IdbOpenDbRequest = factory.open_with_u32(NAME, VERSION)?;
        let upgrading = request.clone();
        let _upgrade = gloo::events::EventListener::once(&request, "upgradeneeded", move |_| {
            let database = upgrading.result().ok().and_then(|result| result.dyn_into::<IdbDatabase>().ok());
            for store in database.iter().flat_map(|_| STORES) {
                // A store that is there already stays as it is.
                let _ = database.as_ref().map(|database| database.create_object_store(store));
            }
        });
        let database: IdbDatabase = answer(&request).await?.dyn_into()?;
        let closing = database.clone();
        // A newer page wants to change the layout: this one lets go rather than hold it up.
        let yielding = gloo::events::EventListener::once(&database, "versionchange", move |_| closing.close());
        Ok(Self { database: Rc::new(database), keys, _yielding: Rc::new(yielding) })
    }

    /// Makes changes in one transaction, and waits until they are on the disk as far as the browser can tell.
    ///
    /// # Errors
    /// When the transaction fails; nothing of it was written then.
    pub async fn write(&self, changes: &[Change]) -> Result<(), Failure> {
        let mut stores: Vec<&str> = changes.iter().map(|change| store_of(change.key())).collect();
        crate::sorted::sort_by(&mut stores, Ord::cmp);
        stores.dedup();
        if stores.is_empty() {
            return Ok(());
        }
        // A transaction ends with the task, so that what is long is made ready before it begins.
        let mut records = Vec::with_capacity(changes.len());
        for change in changes {
            let Change::Set(_, value) = change else {
                records.push(JsValue::NULL);
                continue;
            };
            records.push(serde_wasm_bindgen::to_value(&Record { value: value.into() })?);
            rest_after(value.len()).await;
        }
        let options = serde_wasm_bindgen::to_value(&STRICT)?;
        let names: js_sys::Array = stores.iter().map(|name| JsValue::from_str(name)).collect();
        let database: &StrictDatabase = (*self.database).unchecked_ref();
        let transaction = database.strict_transaction(&names, "readwrite", &options)?;
        for (change, record) in changes.iter().zip(&records) {
            let store = transaction.object_store(store_of(change.key()))?;
            let key = JsValue::from_str(&self.keys.write(change.key()));
            match change {
                Change::Set(..) => drop(store.put_with_key(record, &key)?),
                Change::Remove(_) => drop(store.delete(&key)?),
            }
        }
        let failed = transaction.clone();
        settled(&transaction, "complete", &["abort", "error"], move || failed.error().map_or(JsValue::NULL, JsValue::from)).await
    }

    fn read_only(&self, store: &str) -> Result<web_sys::IdbObjectStore, Failure> {
        let transaction = self.database.transaction_with_str_and_mode(store, IdbTransactionMode::Readonly)?;
        Ok(transaction.object_store(store)?)
    }

    /// The value of a key.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn get(&self, key: &Key) -> Result<Option<String>, Failure> {
        let request = self.read_only(store_of(key))?.get(&JsValue::from_str(&self.keys.write(key)))?;
        let found = answer(&request).await?;
        if found.is_undefined() {
            return Ok(None);
        }
        Ok(Some(read(found)?))
    }

    /// All records of a store whose keys begin with `prefix`.
    async fn range(&self, store: &str, prefix: &str) -> Result<Vec<(String, String)>, Failure> {
        let range = IdbKeyRange::bound(&JsValue::from_str(prefix), &JsValue::from_str(&format!("{prefix}\u{FFFF}")))?;
        let store = self.read_only(store)?;
        let keys = store.get_all_keys_with_key(&range)?;
        let values = store.get_all_with_key(&range)?;
        let (keys, values) = futures::future::join(answer(&keys), answer(&values)).await;
        let (keys, values) = (js_sys::Array::from(&keys?), js_sys::Array::from(&values?));
        let mut records = Vec::with_capacity(keys.length() as usize);
        for (key, value) in keys.iter().zip(values.iter()) {
            if let (Some(key), Ok(value)) = (key.as_string(), read(value)) {
                let length = value.len();
                records.push((key, value));
                rest_after(length).await;
            }
        }
        Ok(records)
    }

    /// All records of a layer.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn layer(&self, layer: &crate::project::LayerKey) -> Result<Vec<(Key, String)>, Failure> {
        let records = self.range(STORES[3], &self.keys.layer_prefix(layer)).await?;
        Ok(records.into_iter().filter_map(|(key, value)| Some((self.keys.parse(&key)?, value))).collect())
    }

    /// All cards.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn cards(&self) -> Result<Vec<(Key, String)>, Failure> {
        let records = self.range(STORES[2], &self.keys.prefix()).await?;
        Ok(records.into_iter().filter_map(|(key, value)| Some((self.keys.parse(&key)?, value))).collect())
    }

    /// Everything, as key and value, for a backup.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn everything(&self) -> Result<Vec<(String, String)>, Failure> {
        let mut all = Vec::new();
        for store in STORES {
            all.extend(self.range(store, &self.keys.prefix()).await?);
        }
        Ok(all)
    }
}

impl Change {
    /// Which record.
    #[must_use]
    pub fn key(&self) -> &Key {
        match self {
            Self::Set(key, _) | Self::Remove(key) => key,
        }
    }
}

impl From<crate::persist::Write> for Change {
    fn from(write: crate::persist::Write) -> Self {
        match write {
            crate::persist::Write::Set(key, value) => Self::Set(key, value),
            crate::persist::Write::Remove(key) => Self::Remove(key),
        }
    }
}
