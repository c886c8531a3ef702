//! What is open in the whole project, on the library's screen: counted by the worker, chosen by kind, and led to.

use crate::exchange::{OpenChecks, Task};
use crate::id::DocumentId;
use crate::schema::CheckKind;
use crate::web::panels::checks::{kind_list, place_of};
use crate::web::panels::icons::{Icon, icon};
use crate::web::panels::spans::use_shown;
use crate::web::state::{Card, Route};
use crate::web::storage::{channel, open};
use crate::web::store::use_store;
use crate::web::words::Words;
use gloo::timers::callback::Timeout;
use js_sys::Array;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// How long the list has to stay as it is before it is counted again, in milliseconds: another tab may be at work.
const PAUSE: u32 = 800;

/// How many checks are open.
#[derive(Clone, PartialEq)]
pub struct Open {
    counts: Option<Rc<Vec<OpenChecks>>>,
    /// The kind that is looked for.
    pub kind: UseStateHandle<Option<CheckKind>>,
    field: NodeRef,
}

/// Has the open checks of all documents counted; anew whenever the list of documents has changed.
#[hook]
pub fn use_open(cards: &Rc<Vec<Card>>) -> Open {
    let store = use_store();
    let counts = use_state(|| None);
    let kind = use_state(|| None);
    let field = use_shown(place_of(*kind));
    let is_first = use_mut_ref(|| true);
    {
        let counts = counts.clone();
        // Every change makes the list anew: where it lies in memory tells.
        use_effect_with(Rc::as_ptr(cards) as usize, {
            let labelled = cards.iter().any(|card| card.binned.is_none() && card.spans > 0);
            move |_| {
                let pause = if is_first.replace(false) { 0 } else { PAUSE };
                let timer = Timeout::new(pause, move || {
                    spawn_local(async move {
                        if !labelled {
                            return counts.set(Some(Rc::default()));
                        }
                        let task = Task::Checks(open::annotator(&store));
                        // Where nobody can count, nothing is said of it: each document has its own list all the same.
                        let outcome = channel::ask(&store, task, Array::new(), Box::new(|_| {})).await;
                        counts.set(outcome.ok().map(|outcome| Rc::new(outcome.answer.checks)));
                    });
                });
                move || drop(timer)
            }
        });
    }
    Open { counts: (*counts).clone(), kind, field }
}

impl Open {
    /// How many are open in a document, of the kind that is looked for.
    fn count(&self, id: &DocumentId) -> usize {
        let kinds = self.counts.iter().flat_map(|counts| counts.iter()).filter(|open| open.document == *id).flat_map(|open| &open.kinds);
        kinds.filter(|(kind, _)| self.kind.is_none_or(|wanted| wanted == *kind)).map(|(_, count)| count).sum()
    }

    /// Whether a document is to be listed.
    #[must_use]
    pub fn lists(&self, id: &DocumentId) -> bool {
        let nothing = self.counts.as_ref().is_none_or(|counts| counts.is_empty());
        nothing || self.kind.is_none() || self.count(id) > 0
    }

    /// The way to what is open in a document; nothing where nothing is.
    pub fn link(&self, words: &Words, id: &DocumentId) -> Html {
        let count = self.count(id);
        if count == 0 {
            return Html::default();
        }
        let kind = self.kind.map(|kind| format!("={}", place_of(Some(kind)))).unwrap_or_default();
        let href = format!("{}?checks{kind}", Route::Read(id.clone()).fragment());
        html! { <a class="chip open" data-testid="document-checks" data-count={count.to_string()} href={href}>{ icon(Icon::Warning) }{ words.count("checks.open", count) }</a> }
    }

    /// What is open in all documents, by kind.
    pub fn total(&self, words: &Words) -> Html {
        let Some(counts) = &self.counts else { return Html::default() };
        let of = |kind: CheckKind| counts.iter().flat_map(|open| &open.kinds).filter(|(one, _)| *one == kind).map(|(_, count)| count).sum();
        let kinds: Vec<(CheckKind, usize)> = CheckKind::ALL.into_iter().map(|kind| (kind, of(kind))).collect();
        let all: usize = kinds.iter().map(|(_, count)| count).sum();
        if all == 0 {
            return Html::default();
        }
        let kind = self.kind.clone();
        let choose = Callback::from(move |chosen| kind.set(chosen));
        html! { <p class="row" data-testid="project-checks" data-count={all.to_string()}>{ icon(Icon::Warning) }<span>{ words.count("checks.project", all) }</span>{ kind_list(words, &kinds, *self.kind, self.field.clone(), choose) }</p> }
    }
}
