//! The model of a data set, who shows it, and the way to the page.

use super::model::{Form, Looked, Model};
use crate::desk::port::State;
use crate::desk::words;
use crate::exchange::{BuildTold, ExportAsked};
use crate::web::words::Words;
use js_sys::Function;
use serde::Deserialize;
use std::cell::{Cell, Ref, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsValue;
use yew::prelude::*;

/// What the page tells of what is chosen.
#[derive(Deserialize)]
pub struct Chosen {
    export: ExportAsked,
    library: u64,
}

/// What the page tells of a task that it was asked for.
#[derive(Deserialize)]
pub struct Answered {
    id: u32,
    /// None where nothing was done, which the page has told.
    answer: Option<BuildTold>,
}

struct Inner {
    model: RefCell<Model>,
    send: Function,
    refresh: RefCell<Option<Callback<()>>>,
    asked: RefCell<Option<(u32, Option<Looked>)>>,
    last: Cell<u32>,
}

/// The model, who shows it, and the way to the page.
#[derive(Clone)]
pub struct Bench(Rc<Inner>);

impl PartialEq for Bench {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Bench {
    /// A bench that sends to the page by `send`.
    pub fn new(send: Function) -> Self {
        let model = Model { form: Form::recall(), ..Model::default() };
        Self(Rc::new(Inner { model: RefCell::new(model), send, refresh: RefCell::default(), asked: RefCell::default(), last: Cell::new(0) }))
    }

    /// What is shown.
    pub fn model(&self) -> Ref<'_, Model> {
        self.0.model.borrow()
    }

    /// The words of the interface.
    pub fn words(&self) -> Rc<Words> {
        words::of(self.model().language)
    }

    /// Who is told that something has changed.
    pub fn shown_by(&self, refresh: Callback<()>) {
        *self.0.refresh.borrow_mut() = Some(refresh);
    }

    /// Changes what is shown.
    pub fn change(&self, change: impl FnOnce(&mut Model)) {
        change(&mut self.0.model.borrow_mut());
        let refresh = self.0.refresh.borrow().clone();
        if let Some(refresh) = refresh {
            refresh.emit(());
        }
    }

    /// A callback that changes the form.
    pub fn editor<E: 'static>(&self, change: impl Fn(&mut Form, E) + 'static) -> Callback<E> {
        let bench = self.clone();
        Callback::from(move |event: E| {
            bench.change(|model| {
                change(&mut model.form, event);
                model.form.keep();
            });
        })
    }

    fn send(&self, kind: &str, first: &str, second: &str) {
        // The page does not throw.
        let _ = self.0.send.call3(&JsValue::NULL, &kind.into(), &first.into(), &second.into());
    }

    /// Has the page save a file.
    pub fn save_file(&self, name: &str, content: &str) {
        self.send("save", name, content);
    }

    /// Asks what the data set would be, or has it saved.
    pub fn ask(&self, save: bool) {
        let (asked, looked) = {
            let model = self.model();
            if model.busy {
                return;
            }
            (model.asked(), model.looked())
        };
        let Some(mut asked) = asked else { return };
        asked.save = save;
        let Ok(task) = serde_json::to_string(&asked) else { return };
        let id = self.0.last.replace(self.0.last.get() + 1);
        *self.0.asked.borrow_mut() = Some((id, looked.filter(|_| !save)));
        self.change(|model| model.busy = true);
        self.send("build", &id.to_string(), &task);
    }

    /// The page told its state.
    pub fn state(&self, state: State) {
        self.change(|model| {
            model.language = state.language;
            model.schema = state.record.unwrap_or_default().schema;
        });
    }

    /// The page told what is chosen.
    pub fn chosen(&self, chosen: Chosen) {
        self.change(|model| {
            model.chosen = Some(chosen.export);
            model.library = chosen.library;
        });
    }

    /// The page told what came of a task.
    pub fn answered(&self, answered: Answered) {
        let Some((_, looked)) = self.0.asked.take().filter(|(id, _)| *id == answered.id) else { return };
        self.change(|model| {
            model.busy = false;
            if let (Some(looked), Some(told)) = (looked, answered.answer) {
                model.told = Some((looked, told));
            }
        });
    }
}
