//! What is open in the whole project, on the library's screen: counted by the worker, chosen by kind, and led to.

use crate::exchange::Task;
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
use serde_json::Value;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// How long the list has to stay as it is before it is counted again, in milliseconds: another tab may be at work.
const PAUSE: u32 = 800;

/// How many checks are open.
#[derive(Clone, PartialEq)]
pub struct Open {
    /// By document, how many of each kind; `None` until they are counted, or where nobody can.
    counts: Option<Rc<Value>>,
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
                        counts.set(outcome.ok().and_then(|outcome| crate::json::parse(&outcome.answer.checks?).ok()).map(Rc::new));
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
        self.counts.as_ref().map_or(0, |counts| sum(&counts[id.as_str()], *self.kind))
    }

    /// How many are open in all documents, of one kind or of all.
    fn all(&self, kind: Option<CheckKind>) -> usize {
        let counts = self.counts.as_ref().and_then(|counts| counts.as_object());
        counts.map_or(0, |counts| counts.values().map(|counts| sum(counts, kind)).sum())
    }

    /// Whether a document is to be listed.
    #[must_use]
    pub fn lists(&self, id: &DocumentId) -> bool {
        self.kind.is_none() || self.count(id) > 0 || self.all(None) == 0
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
        let all = self.all(None);
        if all == 0 {
            return Html::default();
        }
        let kinds: Vec<(CheckKind, usize)> = CheckKind::ALL.into_iter().map(|kind| (kind, self.all(Some(kind)))).collect();
        let kind = self.kind.clone();
        let choose = Callback::from(move |chosen| kind.set(chosen));
        html! { <p class="row" data-testid="project-checks" data-count={all.to_string()}>{ icon(Icon::Warning) }<span>{ words.count("checks.project", all) }</span>{ kind_list(words, &kinds, *self.kind, self.field.clone(), choose) }</p> }
    }
}

/// Of the counts of a document those of one kind, or of all.
fn sum(counts: &Value, kind: Option<CheckKind>) -> usize {
    let counts = counts.as_array().into_iter().flatten().zip(CheckKind::ALL);
    let wanted = counts.filter(|(_, one)| kind.is_none_or(|kind| kind == *one));
    wanted.filter_map(|(count, _)| usize::try_from(count.as_u64()?).ok()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_summed_by_kind() {
        let counts = serde_json::json!([2, 0, 0, 1, 0, 0, 0, 0, 4]);
        assert_eq!(sum(&counts, None), 7);
        assert_eq!(sum(&counts, Some(CheckKind::RelationMissing)), 1);
        assert_eq!(sum(&counts, Some(CheckKind::RelationForbidden)), 4);
        assert_eq!(sum(&Value::Null, None), 0);
    }
}
