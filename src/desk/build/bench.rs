//! The model of a data set, who shows it, and the way to the page.

use super::model::{Form, Looked, Model};
use crate::desk::port::State;
use crate::desk::shown::Shown;
use crate::desk::words;
use crate::exchange::{BuildTold, ExportAsked};
use crate::web::words::Words;
use js_sys::Function;
use serde::Deserialize;
use std::cell::{Cell, RefCell};
use std::ops::Deref;
use std::rc::Rc;
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
    shown: Shown<Model>,
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

impl Deref for Bench {
    type Target = Shown<Model>;

    fn deref(&self) -> &Shown<Model> {
        &self.0.shown
    }
}

impl Bench {
    /// A bench that sends to the page by `send`.
    pub fn new(send: Function) -> Self {
        let model = Model { form: Form::recall(), ..Model::default() };
        Self(Rc::new(Inner { shown: Shown::new(model, send), asked: RefCell::default(), last: Cell::new(0) }))
    }

    /// The words of the interface.
    pub fn words(&self) -> Rc<Words> {
        words::of(self.model().language)
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
