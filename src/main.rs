//! The page's start: mounts the app where `index.html` has a place for it.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by `src/boot.js` once the module is there, so that what it may need of the rest of the module can be had.
#[wasm_bindgen]
pub fn open() {
    let place = gloo::utils::document().get_element_by_id("app");
    if let Some(place) = place {
        yew::Renderer::<wusum::web::app::App>::with_root(place).render();
    }
}

fn main() {}
