//! What a part of the desk shows, who shows it, and the way to the page.

use js_sys::Function;
use std::cell::{Ref, RefCell, RefMut};
use wasm_bindgen::JsValue;
use yew::Callback;

/// A model, whoever is told that it has changed, and the function by which the page is told things.
pub struct Shown<Model> {
    model: RefCell<Model>,
    send: RefCell<Function>,
    refresh: RefCell<Option<Callback<()>>>,
}

impl<Model> Shown<Model> {
    /// A model that nobody shows yet; it sends to the page by `send`.
    pub fn new(model: Model, send: Function) -> Self {
        Self { model: RefCell::new(model), send: RefCell::new(send), refresh: RefCell::default() }
    }

    /// Seats it anew: nobody shows it, and it sends by `send`.
    pub fn seat(&self, send: Function) {
        self.send.replace(send);
        self.refresh.replace(None);
    }

    /// What is shown.
    pub fn model(&self) -> Ref<'_, Model> {
        self.model.borrow()
    }

    /// What is shown, for a change that nobody is told of.
    pub fn quietly(&self) -> RefMut<'_, Model> {
        self.model.borrow_mut()
    }

    /// Who is told that something has changed.
    pub fn shown_by(&self, refresh: Callback<()>) {
        self.refresh.replace(Some(refresh));
    }

    /// Changes what is shown.
    pub fn change(&self, change: impl FnOnce(&mut Model)) {
        change(&mut self.model.borrow_mut());
        let refresh = self.refresh.borrow().clone();
        if let Some(refresh) = refresh {
            refresh.emit(());
        }
    }

    /// Tells the page something: a name, and two texts that go with it.
    pub fn send(&self, kind: &str, first: &str, second: &str) {
        let send = self.send.borrow().clone();
        // The page does not throw.
        let _ = send.call3(&JsValue::NULL, &kind.into(), &first.into(), &second.into());
    }

    /// Has the page save a file.
    pub fn save_file(&self, name: &str, content: &str) {
        self.send("save", name, content);
    }
}
