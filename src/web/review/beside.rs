//! Beside the labels while one annotates: what others said of them, and what came of a test.

use super::begin::go_to;
use super::fetch::use_words_of_review;
use super::model::{is_tested, read};
use super::talk::thread_box;
use super::test::Test;
use crate::adjudicate::comments::{Thread, threads};
use crate::adjudicate::{GOLD, is_gold};
use crate::annotation::Remark;
use crate::id::{AnnotationId, DocumentId};
use crate::layer::{Layer, Status};
use crate::span::Span;
use crate::text::Offset;
use crate::web::act::{Action, perform};
use crate::web::reader::style::StyleSheet;
use crate::web::state::Work;
use crate::web::store::{StoreRef, use_select, use_store};
use crate::web::words::Words;
use std::fmt::Write;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// What there is beside the labels of a document.
pub struct Beside {
    document: DocumentId,
    /// The comments of the gold layer, and nothing else of it.
    said: Layer,
    /// Whether all of them may be read, or only those that name one's own labels, or none.
    reads: Reads,
    /// Whether the document is a test that somebody else gave.
    is_test: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reads {
    All,
    Named,
    None,
}

/// Looks what there is beside the labels of the open document, where that is annotated.
pub async fn look(store: &StoreRef) {
    let open = store.state().work.as_ref().and_then(|work| Some((work.session.key().clone(), work.session.document()?.clone())));
    let Some((key, document)) = open.filter(|(key, _)| !is_gold(&key.annotator)) else { return };
    let gold = GOLD.into();
    let is_blind = store.state().settings.blind;
    let Some(card) = store.saver.cards().remove(&key.document) else { return };
    let is_test = is_tested(store, &key.document);
    let reads = match card.may_see(&key.annotator, is_blind, &gold) {
        true => Reads::All,
        false if is_test => Reads::None,
        false => Reads::Named,
    };
    let has_gold = card.layers.contains_key(&gold) && reads != Reads::None;
    let layer = if has_gold { read(store, &document, &gold).await } else { Layer::default() };
    let said = Layer::default().with_remarks(layer.remarks().filter(|remark| remark.is(Remark::COMMENT)).cloned());
    let has_said = |layer: &Layer| layer.remarks().any(|remark| remark.is(Remark::COMMENT));
    let is_own = store.state().work.as_ref().is_some_and(|work| has_said(work.session.layer()));
    if !has_said(&said) && !is_own && !is_test && store.state().beside.is_none() {
        return;
    }
    store.update(|state| state.beside = Some(Rc::new(Beside { document: key.document, said, reads, is_test })));
}

impl Beside {
    /// The threads that concern who annotates, those that are open first, each with the label that it is about.
    pub(super) fn threads(&self, work: &Work) -> Vec<(Thread, Option<AnnotationId>)> {
        let (own, layer) = (&work.session.key().annotator, work.session.layer());
        let mut all = threads([&self.said, layer]);
        // What one has begun oneself is always one's own to read.
        let may_read = |thread: &Thread| self.reads == Reads::All || thread.names(own) || thread.is_begun_by(own);
        all.retain(|thread| thread.concerns(own, layer) && may_read(thread));
        all.sort_by_key(|thread| thread.resolved);
        if self.reads != Reads::All {
            all = all.into_iter().map(|thread| thread.nameless(own)).collect();
        }
        all.into_iter().map(|thread| (thread.clone(), thread.label_of(own, layer))).collect()
    }
}

#[derive(Clone)]
struct Shown {
    beside: Rc<Beside>,
    work: Work,
}

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        let (own, others) = (&self.work.session, &other.work.session);
        Rc::ptr_eq(&self.beside, &other.beside) && own.revision() == others.revision() && own.key() == others.key()
    }
}

/// What there is beside the labels; nothing where there is nothing.
#[component]
pub fn BesidePanel() -> Html {
    let store = use_store();
    let seen = use_select(|state| {
        let (beside, work) = (state.beside.clone()?, state.work.clone()?);
        (beside.document == work.session.key().document).then_some(Shown { beside, work })
    });
    let (words, ..) = use_words_of_review();
    let status = (*seen).as_ref().map(|seen| seen.work.session.layer().status());
    let cards = use_select(|state| Rc::as_ptr(&state.library) as usize);
    {
        let store = store.clone();
        // Whether others may be seen depends on the status, and what they said on the files that came.
        use_effect_with((status == Some(Status::Done), *cards), move |_| spawn_local(async move { look(&store).await }));
    }
    let threads = (*seen).as_ref().map(|seen| seen.beside.threads(&seen.work)).unwrap_or_default();
    let marked: Vec<AnnotationId> = threads.iter().filter(|(thread, _)| !thread.resolved).filter_map(|(_, label)| label.clone()).collect();
    let _signs = use_memo(marked, |marked| StyleSheet::adopt(&signs(marked)));
    let (Some(Shown { beside, work }), Some(words)) = ((*seen).clone(), words) else { return Html::default() };
    html! {
        <div class="beside" data-testid="beside">
            if beside.is_test { <Test key={work.session.key().document.to_string()} document={work.session.key().document.clone()} done={work.session.layer().status() == Status::Done} /> }
            if !threads.is_empty() {
                <section class="talk" aria-label={words.get("review.comments")} data-testid="own-comments">
                    <h2>{ words.get("review.comments.own") }</h2>
                    { for threads.iter().map(|(thread, label)| about(&store, &words, &work, thread, label.as_ref())) }
                </section>
            }
        </div>
    }
}

/// A thread, with the way to its label.
fn about(store: &StoreRef, words: &Words, work: &Work, thread: &Thread, label: Option<&AnnotationId>) -> Html {
    let quote = label.and_then(|id| work.session.layer().get(id)).map(|label| crate::web::act::quote(work, label));
    // Without a label there is still a place.
    let place = thread.comments.first().and_then(|first| Span::try_new(Offset::new(first.place.0), Offset::new(first.place.1)));
    let quote = quote.or_else(|| work.text()?.slice(place?.range()).map(str::to_owned));
    let way = quote.map(|quote| {
        let (store, id) = (store.clone(), label.cloned());
        let onclick = Callback::from(move |_: MouseEvent| match (id.clone(), place) {
            (None, Some(place)) => go_to(&store, place),
            (id, _) => perform(&store, Action::Choose(id)),
        });
        html! { <button type="button" class="chip" data-testid="to-label" title={words.get("review.comments.to-label")} {onclick}><bdi lang="ar">{ quote }</bdi></button> }
    });
    html! { <div class="about" key={thread.comments.first().map_or_else(String::new, |first| first.id.clone())}>{ way }{ thread_box(store, words, thread) }</div> }
}

/// A sign in the list at each label that somebody has said something of.
fn signs(labels: &[AnnotationId]) -> String {
    let mut rules = String::new();
    for label in labels {
        let mut name = String::new();
        for letter in label.as_str().chars() {
            // Any name is written as numbers, so that none can end the rule.
            let _ = write!(name, "\\{:x} ", u32::from(letter));
        }
        let _ = writeln!(rules, "[data-span=\"{name}\"] .row-signs::after {{ content: \"\\270E\"; color: var(--accent); }}");
    }
    rules
}
