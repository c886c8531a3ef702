//! The schema screen: the draft in cards, what is wrong with it, and what is done with it.

use super::model::{Model, Review};
use super::port::{Answered, State};
use super::shown::Shown;
use super::{field, files, labels, preview, relations, rest, review, troubles, words};
use crate::exchange::SchemaTask as Task;
use crate::schema::Schema;
use std::ops::Deref;

use crate::web::bar::IconButton;
use crate::web::panels::icons::Icon;
use crate::web::words::Words;
use js_sys::Function;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use yew::prelude::*;

/// What an answer is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Count,
    Review,
    Change,
    Undo,
    Redo,
}

struct Inner {
    shown: Shown<Model>,
    asked: RefCell<Vec<(u32, Purpose)>>,
    last: Cell<u32>,
}

/// The model, who shows it, and the way to the page.
#[derive(Clone)]
pub struct Desk(Rc<Inner>);

impl PartialEq for Desk {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Deref for Desk {
    type Target = Shown<Model>;

    fn deref(&self) -> &Shown<Model> {
        &self.0.shown
    }
}

impl Desk {
    /// A desk that sends to the page by `send`.
    pub fn new(model: Model, send: Function) -> Self {
        Self(Rc::new(Inner { shown: Shown::new(model, send), asked: RefCell::default(), last: Cell::new(0) }))
    }

    /// Changes the draft: what was said of it holds no longer.
    pub fn edit(&self, change: impl FnOnce(&mut Model)) {
        self.change(|model| {
            change(model);
            model.review = None;
            model.keep();
        });
    }

    /// A callback that changes the draft.
    pub fn editor<E: 'static>(&self, change: impl Fn(&mut Model, E) + 'static) -> Callback<E> {
        let desk = self.clone();
        Callback::from(move |event: E| desk.edit(|model| change(model, event)))
    }

    /// The draft, and the words of the interface.
    pub fn draft(&self) -> (Schema, Rc<Words>) {
        let model = self.model();
        (model.draft.clone(), words::of(model.language))
    }

    fn ask(&self, purpose: Purpose, task: &Task) {
        let Ok(task) = serde_json::to_string(task) else { return };
        let id = self.0.last.replace(self.0.last.get() + 1);
        self.0.asked.borrow_mut().push((id, purpose));
        if purpose != Purpose::Count {
            self.change(|model| model.busy = true);
        }
        self.send("task", &id.to_string(), &task);
    }

    /// Asks what the draft would change with these fates.
    pub fn review(&self, fates: crate::schema_change::Fates) {
        let draft = self.model().draft.clone();
        let list = fates.iter().map(|(part, fate)| (part.clone(), fate.clone())).collect();
        self.change(|model| model.review.get_or_insert_default().fates = fates);
        self.ask(Purpose::Review, &Task::Compare(Box::new(draft), list));
    }

    /// Has the change made.
    pub fn apply(&self) {
        let (draft, fates) = {
            let model = self.model();
            let Some(review) = &model.review else { return };
            (model.draft.clone(), review.fates.iter().map(|(part, fate)| (part.clone(), fate.clone())).collect())
        };
        self.ask(Purpose::Change, &Task::Change(Box::new(draft), fates));
    }

    /// The page told its state.
    pub fn told(&self, state: State) {
        let before = self.model().base.revision;
        let was_ready = self.model().ready;
        self.change(|model| {
            model.language = state.language;
            model.rebase(state.record.unwrap_or_default());
        });
        if !was_ready || self.model().base.revision != before {
            // Every part is gone in a schema that has none: that counts them all.
            self.ask(Purpose::Count, &Task::Compare(Box::new(Schema::empty()), Vec::new()));
        }
    }

    /// The page told what came of a task.
    pub fn answered(&self, answered: Answered) {
        let purpose = {
            let mut asked = self.0.asked.borrow_mut();
            let Some(at) = asked.iter().position(|(id, _)| *id == answered.id) else { return };
            asked.swap_remove(at).1
        };
        let words = words::of(self.model().language);
        self.change(|model| {
            if purpose != Purpose::Count {
                model.busy = false;
            }
            let Some(answer) = answered.answer else { return };
            let is_done = answer.done.is_some();
            match purpose {
                Purpose::Count => model.counted(answer),
                Purpose::Review => {
                    if let Some(review) = &mut model.review {
                        *review = Review { comparison: answer.comparison, refused: answer.refused, ..review.clone() };
                    }
                }
                Purpose::Change if is_done => {
                    model.said = review::done(&words, &answer.comparison);
                    model.start_over();
                    field::focus("#desk [data-testid=desk-said]".to_owned());
                }
                Purpose::Change => {
                    if let Some(review) = &mut model.review {
                        review.refused = answer.refused;
                    }
                }
                Purpose::Undo | Purpose::Redo => {
                    model.said = match (&answer.refused, purpose) {
                        (Some(why), _) => review::refusal(&words, why),
                        (None, Purpose::Undo) => words.get("desk.undone"),
                        (None, _) => words.get("desk.redone"),
                    };
                }
            }
        });
    }
}

/// The desk that is shown.
#[derive(Properties, PartialEq)]
pub struct ScreenProps {
    /// Which.
    pub desk: Desk,
}

/// The whole screen.
#[component]
pub fn Screen(props: &ScreenProps) -> Html {
    let update = use_force_update();
    let desk = &props.desk;
    desk.shown_by(Callback::from(move |()| update.force_update()));
    preview::use_rules(&desk.model().draft);
    let model = desk.model();
    let words = words::of(model.language);
    if !model.ready {
        return html! { <p class="soft">{ words.get("desk.opening") }</p> };
    }
    html! {
        <>
            <h1 tabindex="-1">{ words.get("desk.title") }</h1>
            <p class="soft">{ words.get("desk.what") }</p>
            { head(desk, &model, &words) }
            <p class="said" role="status" tabindex="-1" data-testid="desk-said">{ &model.said }</p>
            { troubles::list(desk, &model, &words) }
            { review::sheet(desk, &model, &words) }
            { labels::section(desk, &model, &words) }
            { relations::section(desk, &model, &words) }
            { rest::checks(desk, &model, &words) }
            { rest::guidelines(desk, &model, &words) }
            { files::section(desk, &model, &words) }
        </>
    }
}

fn head(desk: &Desk, model: &Model, words: &Words) -> Html {
    let dirty = model.is_dirty();
    let travel = |purpose: Purpose| {
        let desk = desk.clone();
        Callback::from(move |_: MouseEvent| desk.ask(purpose, if purpose == Purpose::Undo { &Task::Undo } else { &Task::Redo }))
    };
    let review = {
        let desk = desk.clone();
        Callback::from(move |_: MouseEvent| {
            let fates = desk.model().first_fates();
            desk.change(|model| model.said.clear());
            desk.review(fates);
            field::focus("#desk [data-testid=desk-sheet]".to_owned());
        })
    };
    let discard = desk.editor(|model, _: MouseEvent| model.start_over());
    let can = |can: bool| can && !dirty && !model.busy;
    html! {
        <div class="desk-head row">
            <button type="button" class="button primary" data-testid="desk-review" disabled={!dirty || model.busy} onclick={review}>{ words.get("desk.review") }</button>
            <button type="button" class="button" data-testid="desk-discard" disabled={!dirty} onclick={discard}>{ words.get("desk.discard") }</button>
            <span class="soft small" data-testid="desk-state" data-dirty={dirty.to_string()} data-revision={model.base.revision.to_string()}>{ words.get(if dirty { "desk.dirty" } else { "desk.clean" }) }</span>
            <span class="grow"></span>
            { IconButton::new(Icon::Undo, words.get("desk.undo"), travel(Purpose::Undo)).testid("desk-undo").enabled(can(model.base.undo.is_some())).html() }
            { IconButton::new(Icon::Redo, words.get("desk.redo"), travel(Purpose::Redo)).testid("desk-redo").enabled(can(model.base.redo.is_some())).html() }
        </div>
    }
}
