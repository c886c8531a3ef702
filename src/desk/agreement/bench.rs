//! The model of agreement, who shows it, and the way to the page.

use super::model::{Behind, Model, Place, Scope, Two, Work};
use crate::agreement::Cell;
use crate::desk::port::State;
use crate::desk::shown::Shown;
use crate::desk::words;
use crate::exchange::agree::{AgreeAsked, AgreeTold, BehindTold, cells};
use crate::web::words::Words;
use gloo::timers::callback::Timeout;
use js_sys::Function;
use serde::Deserialize;
use serde_json::Value;
use std::cell::{Cell as Slot, RefCell};
use std::ops::Deref;
use std::rc::Rc;
use yew::prelude::*;

/// How long a choice has to stand before the worker is asked, in milliseconds: several clicks are one question.
const PAUSE: u32 = 150;

/// What the page tells of a task that it was asked for.
#[derive(Deserialize)]
pub struct Answered {
    id: u32,
    /// None where nothing was done, which the page has told.
    answer: Option<Value>,
}

struct Inner {
    shown: Shown<Model>,
    /// The latest questions: for figures, and for passages.
    figures: Slot<u32>,
    passages: Slot<u32>,
    last: Slot<u32>,
    pause: RefCell<Option<Timeout>>,
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
    /// The bench, as it was left when the screen was last shown; it sends to the page by `send`.
    pub fn seated(send: Function) -> Self {
        thread_local! {
            static LEFT: RefCell<Option<Bench>> = const { RefCell::new(None) };
        }
        let bench = LEFT.with(|left| left.borrow_mut().get_or_insert_with(|| Self::new(send.clone())).clone());
        bench.seat(send);
        let model = &mut *bench.quietly();
        model.behind = None;
        // What was on its way is asked for again.
        model.place = model.place.take().filter(|_| model.work == Work::Done);
        bench.clone()
    }

    fn new(send: Function) -> Self {
        let (figures, passages, last) = (Slot::new(0), Slot::new(0), Slot::new(0));
        Self(Rc::new(Inner { shown: Shown::new(Model::default(), send), figures, passages, last, pause: RefCell::default() }))
    }

    /// The words of the interface.
    pub fn words(&self) -> Rc<Words> {
        words::of(self.model().language)
    }

    /// A callback that changes what is shown and works out nothing anew.
    pub fn shower<E: 'static>(&self, change: impl Fn(&mut Model, E) + 'static) -> Callback<E> {
        let bench = self.clone();
        Callback::from(move |event: E| bench.change(|model| change(model, event)))
    }

    /// A callback that changes a choice, upon which all is worked out anew.
    pub fn chooser<E: 'static>(&self, change: impl Fn(&mut Model, E) + 'static) -> Callback<E> {
        let bench = self.clone();
        Callback::from(move |event: E| {
            bench.change(|model| change(model, event));
            bench.ask_soon();
        })
    }

    /// Has the page bring the sample in.
    pub fn take_sample(&self) {
        self.send("sample", "", "");
    }

    fn question(&self, asked: &AgreeAsked) -> u32 {
        let id = self.0.last.get() + 1;
        self.0.last.set(id);
        self.send("agree", &id.to_string(), &serde_json::to_string(asked).unwrap_or_default());
        id
    }

    /// Asks for the figures, once the choice has stood for a while.
    pub fn ask_soon(&self) {
        let bench = self.clone();
        // What is on its way is late from here on.
        self.0.figures.set(0);
        self.change(|model| model.work = Work::Busy);
        *self.0.pause.borrow_mut() = Some(Timeout::new(PAUSE, move || bench.ask()));
    }

    fn ask(&self) {
        let asked = self.model().asked();
        if let Some(asked) = asked {
            let id = self.question(&asked);
            self.0.figures.set(id);
        }
    }

    /// Shows the passages behind a figure.
    pub fn open_figure(&self, figure: &str, scope: Scope, title: String) {
        let choice = self.model().people(scope);
        if let Some(people) = choice.first().cloned() {
            self.open_of(figure, people, choice, title);
        }
    }

    /// Shows the passages behind a figure that is about several pairs: those of one.
    pub fn open_of(&self, figure: &str, people: Two, choice: Vec<Two>, title: String) {
        let Some(told) = self.model().told.clone() else { return };
        let pair = told.pairs.iter().find(|pair| (&pair.a, &pair.b) == (&people.0, &people.1));
        let cells = cells::cells(figure, pair, &told.labels);
        self.open(Behind { figure: Some(figure.to_owned()), choice, ..Behind::new(title, people, cells) });
    }

    /// Shows the passages of what was counted of the pair that is looked at.
    pub fn open_cells(&self, cells: Vec<Cell>, title: String) {
        let people = self.model().people(Scope::Pair).pop();
        if let Some(people) = people {
            self.open(Behind::new(title, people, cells));
        }
    }

    fn open(&self, behind: Behind) {
        self.change(|model| model.behind = Some(behind));
        self.ask_behind();
    }

    /// Changes which passages are looked at, and asks for them.
    pub fn look(&self, change: impl FnOnce(&mut Behind)) {
        self.change(|model| {
            if let Some(behind) = &mut model.behind {
                change(behind);
                behind.stopped = false;
            }
        });
        self.ask_behind();
    }

    fn ask_behind(&self) {
        let asked = self.model().asked_behind();
        if let Some(asked) = asked {
            let id = self.question(&asked);
            self.0.passages.set(id);
        }
    }

    /// The page told its state.
    pub fn state(&self, state: State) {
        self.change(|model| {
            model.language = state.language;
            model.schema = state.record.unwrap_or_default().schema;
        });
    }

    /// The page told where the screen is.
    pub fn place(&self, place: Place) {
        if self.model().place.as_ref() == Some(&place) {
            return;
        }
        self.change(|model| {
            if model.place.as_ref().is_some_and(|known| known.document != place.document) {
                model.behind = None;
                model.told = None;
            }
            model.place = Some(place);
        });
        self.ask_soon();
    }

    /// The page told what came of a task.
    pub fn answered(&self, answered: Answered) {
        if answered.id == self.0.figures.get() {
            let told = answered.answer.and_then(|answer| crate::json::from_value::<AgreeTold>(answer).ok());
            self.change(|model| model.take(told));
        } else if answered.id == self.0.passages.get() {
            let told = answered.answer.and_then(|answer| crate::json::from_value::<BehindTold>(answer).ok());
            let mut is_elsewhere = false;
            self.change(|model| {
                let Some(behind) = &mut model.behind else { return };
                behind.stopped = told.is_none();
                behind.told = told.or(behind.told.take());
                is_elsewhere = behind.go_where_some_are();
            });
            if is_elsewhere {
                self.ask_behind();
            }
        }
    }
}
