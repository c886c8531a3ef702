//! `localStorage` as a store of strings; it never panics, also where it is blocked.

use crate::persist::{Store, StoreError};
use crate::web::storage::keyspace;
use js_sys::{Array, JsString};
use std::cell::OnceCell;
use wasm_bindgen::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

/// The browser's `localStorage`.
#[derive(Clone, Copy, Debug, Default)]
pub struct BrowserStore;

#[wasm_bindgen]
extern "C" {
    /// The storage, with the calls that leave strings where they are.
    type RawStorage;

    #[wasm_bindgen(method, catch, js_name = key)]
    fn raw_key(this: &RawStorage, index: u32) -> Result<Option<JsString>, JsValue>;

    #[wasm_bindgen(method, catch, js_name = getItem)]
    fn raw_item(this: &RawStorage, key: &JsString) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch, js_name = setItem)]
    fn set_raw_item(this: &RawStorage, key: &JsString, value: &JsString) -> Result<(), JsValue>;
}

/// All records of the project as arrays of key and value, which are not copied into this program; none where storage is blocked.
#[must_use]
pub fn raw() -> Array {
    let records = Array::new();
    let Ok(storage) = storage() else { return records };
    let count = storage.length().unwrap_or(0);
    let storage: &RawStorage = storage.unchecked_ref();
    let prefix = keyspace().prefix();
    for index in 0..count {
        let Ok(Some(key)) = storage.raw_key(index) else { continue };
        if !key.starts_with(&prefix, 0) {
            continue;
        }
        if let Ok(value) = storage.raw_item(&key) {
            records.push(&crate::browser::message::pair(&key, &value));
        }
    }
    records
}

/// Writes a long value that is the browser's already: copying it takes as long as writing it.
///
/// # Errors
/// When it does not fit, or the storage cannot be written.
pub fn set_long(key: &str, value: &JsString) -> Result<(), StoreError> {
    let storage = storage()?;
    let storage: &RawStorage = storage.unchecked_ref();
    storage.set_raw_item(&key.into(), value).map_err(|thrown| error(&thrown))
}

thread_local! {
    /// The browser's own object, once it was given: asking for it is a third of what a short record costs.
    static STORAGE: OnceCell<web_sys::Storage> = const { OnceCell::new() };
}

fn storage() -> Result<web_sys::Storage, StoreError> {
    STORAGE.with(|known| {
        if let Some(storage) = known.get() {
            return Ok(storage.clone());
        }
        // Reading the property throws where storage is blocked.
        let storage = gloo::utils::window().local_storage().ok().flatten().ok_or(StoreError::Blocked)?;
        Ok(known.get_or_init(|| storage).clone())
    })
}

fn error(thrown: &JsValue) -> StoreError {
    let name = thrown.dyn_ref::<js_sys::Error>().map(|error| String::from(error.name()));
    match name.as_deref() {
        Some("QuotaExceededError" | "NS_ERROR_DOM_QUOTA_REACHED") => StoreError::Full,
        Some("SecurityError") => StoreError::Blocked,
        _ => StoreError::Broken(format!("{thrown:?}")),
    }
}

impl Store for BrowserStore {
    fn get(&self, key: &str) -> Result<Option<String>, StoreError> {
        storage()?.get_item(key).map_err(|thrown| error(&thrown))
    }

    fn set(&mut self, key: &str, value: &str) -> Result<(), StoreError> {
        storage()?.set_item(key, value).map_err(|thrown| error(&thrown))
    }

    fn remove(&mut self, key: &str) -> Result<(), StoreError> {
        storage()?.remove_item(key).map_err(|thrown| error(&thrown))
    }

    fn keys(&self) -> Result<Vec<String>, StoreError> {
        let storage = storage()?;
        let count = storage.length().map_err(|thrown| error(&thrown))?;
        (0..count).filter_map(|index| storage.key(index).map_err(|thrown| error(&thrown)).transpose()).collect()
    }
}
