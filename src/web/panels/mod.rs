//! Panels, sheets and small parts of the screens.

pub mod answers;
pub mod checks;
pub mod detail;
pub mod dialogs;
pub mod find;
pub mod guide;
pub mod icons;
pub mod labels;
pub mod notices;
pub mod palette;
pub mod rows;
pub mod settings;
pub mod sheet;
pub mod spans;
pub mod ties;

use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// A field of which `pressed` is told every key. Told by the field itself: Yew would look at every key of the whole page from
/// then on, before the text does.
#[hook]
pub fn use_keys(pressed: Callback<KeyboardEvent>) -> NodeRef {
    let node = use_node_ref();
    let field = node.clone();
    use_effect(move || {
        let listener = field.cast::<web_sys::HtmlElement>().map(|field| {
            EventListener::new_with_options(&field, "keydown", EventListenerOptions::enable_prevent_default(), move |event| {
                pressed.emit(event.clone().unchecked_into());
            })
        });
        move || drop(listener)
    });
    node
}
