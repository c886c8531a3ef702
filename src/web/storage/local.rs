//! `localStorage` as a store of strings; it never panics, also where it is blocked.

use crate::persist::{Store, StoreError};
use wasm_bindgen::{JsCast, JsValue};

/// The browser's `localStorage`.
#[derive(Clone, Copy, Debug, Default)]
pub struct BrowserStore;

fn storage() -> Result<web_sys::Storage, StoreError> {
    // Reading the property throws where storage is blocked.
    gloo::utils::window().local_storage().ok().flatten().ok_or(StoreError::Blocked)
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
