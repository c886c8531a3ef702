//! The database as the page uses it, how much room it has, and the browser's promise to keep it.

pub use crate::browser::idb::{Change, Durable, Failure, rest_after};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// Asks the browser never to drop the store to make room; whether it promised.
pub async fn persist() -> bool {
    let storage = gloo::utils::window().navigator().storage();
    let Ok(promise) = storage.persist() else { return false };
    JsFuture::from(promise).await.is_ok_and(|granted| granted.is_truthy())
}

/// What the origin uses and may use, in bytes, and whether the browser promised to keep it.
pub async fn room() -> Option<crate::web::state::Room> {
    let storage = gloo::utils::window().navigator().storage();
    // Outside a secure context there is no such thing.
    if JsValue::from(&storage).is_undefined() {
        return None;
    }
    let estimate = JsFuture::from(storage.estimate().ok()?).await.ok()?;
    let persisted = JsFuture::from(storage.persisted().ok()?).await.is_ok_and(|granted| granted.is_truthy());
    let figure = |name: &str| js_sys::Reflect::get(&estimate, &name.into()).ok()?.as_f64();
    Some(crate::web::state::Room { usage: figure("usage")?, quota: figure("quota")?, persisted })
}
