//! A test: what is told while one works on it, and when it is done the score, the differences and all attempts so far.

use super::fetch::use_review_words;
use crate::edit::{Change, Delta, Edit};
use crate::exchange::{DifferenceTold, ScoreAsked, ScoreTold, SideTold};
use crate::id::DocumentId;
use crate::layer::Status;
use crate::plan::Command;
use crate::span::Span;
use crate::text::Offset;
use crate::training::{Attempt, Measures, digest};
use crate::web::act::{self, Action, perform};
use crate::web::js;
use crate::web::panels::labels::{swatch, use_schema};
use crate::web::state::Selection;
use crate::web::storage::{channel, open};
use crate::web::store::{StoreRef, use_select, use_store};
use crate::web::words::Words;
use js_sys::Array;
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// Which test, and whether it is done.
#[derive(Properties, PartialEq)]
pub(super) struct TestProps {
    pub document: DocumentId,
    pub done: bool,
}

/// The measures that are shown, each with what it says.
const MEASURES: [(&str, &str); 3] = [
    ("review.test.exact", "review.test.exact.why"),
    ("review.test.partial", "review.test.partial.why"),
    ("review.test.clitic", "review.test.clitic.why"),
];

/// What the worker told, as far as it has.
#[derive(Clone, PartialEq)]
enum Told {
    Waiting,
    Known(Rc<ScoreTold>),
    Unknown,
}

/// The test.
#[component]
pub(super) fn Test(props: &TestProps) -> Html {
    let words = use_review_words();
    html! {
        <section class="test" aria-label={words.get("review.test.title")} data-testid="test" data-done={props.done.to_string()}>
            <h2>{ words.get("review.test.title") }</h2>
            if props.done { <Result document={props.document.clone()} done=true /> } else { <p class="soft small">{ words.get("review.test.hidden") }</p><Attempts /> }
        </section>
    }
}

/// The score of what is done.
#[component]
fn Result(props: &TestProps) -> Html {
    let store = use_store();
    let words = use_review_words();
    let schema = use_schema();
    let told = use_state(|| Told::Waiting);
    let labels = use_select(|state| state.work.as_ref().map(|work| digest(work.session.layer())));
    {
        let (store, told, document) = (store.clone(), told.clone(), props.document.clone());
        use_effect_with((*labels).clone(), move |_| {
            told.set(Told::Waiting);
            spawn_local(async move {
                let known = ask(&store, document).await;
                if let Some(known) = &known {
                    keep(&store, known);
                }
                told.set(known.map_or(Told::Unknown, |known| Told::Known(Rc::new(known))));
            });
        });
    }
    let again = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| perform(&store, Action::Status(Status::InProgress)))
    };
    let told = match &*told {
        Told::Waiting => return html! { <p class="soft small" role="status">{ words.get("review.test.scoring") }</p> },
        Told::Unknown => return html! { <p role="alert">{ words.get("review.test.unknown") }</p> },
        Told::Known(told) => told.clone(),
    };
    let line = |name: Html, measures: &Measures, id: &str| html! { <tr data-score={id.to_owned()}><th scope="row">{ name }</th>{ for [measures.exact, measures.partial, measures.clitic].map(|figure| html! { <td>{ percent(&words, figure) }</td> }) }</tr> };
    let label_name = |label: &crate::id::LabelId| super::list::label_words(&schema, &words, label);
    html! {
        <>
            <table class="scores-own" data-testid="test-score"><caption class="soft small">{ words.get("review.test.what") }</caption>
                <thead><tr><td></td>{ for MEASURES.map(|(name, why)| html! { <th scope="col" title={words.get(why)}>{ words.get(name) }</th> }) }</tr></thead>
                <tbody>{ line(html! { { words.get("review.test.all") } }, &told.score.all, "all") }
                { for told.score.labels.iter().map(|(label, measures)| line(html! { <>{ swatch(&schema, label) }{ " " }{ label_name(label) }</> }, measures, label.as_str())) }</tbody>
            </table>
            <Attempts />
            <button type="button" class="button small" data-testid="test-again" onclick={again}>{ words.get("review.test.again") }</button>
            if told.differences.is_empty() {
                <p>{ words.get("review.test.same") }</p>
            } else {
                <h3>{ words.count("review.count", told.differences.len() + told.more) }</h3>
                <ul class="test-differences" data-testid="test-differences">{ for told.differences.iter().enumerate().map(|(place, found)| difference(&store, &words, place, found, &label_name)) }</ul>
            }
        </>
    }
}

async fn ask(store: &StoreRef, document: DocumentId) -> Option<ScoreTold> {
    let annotator = open::annotator(store);
    let outcome = channel::ask(store, ScoreAsked { document, annotator }.task(), Array::new(), Box::new(|_| {})).await.ok()?;
    ScoreTold::of(&outcome.answer)
}

/// Keeps the score as an attempt, unless the same labels were scored last.
fn keep(store: &StoreRef, told: &ScoreTold) {
    let edit = {
        let state = store.state();
        let Some(session) = state.work.as_ref().map(|work| &work.session) else { return };
        let is_known = Attempt::all(session.layer()).last().is_some_and(|last| last.digest == told.digest);
        if is_known || session.is_read_only() || session.layer().status() != Status::Done || digest(session.layer()) != told.digest {
            return;
        }
        let attempt = Attempt { id: js::new_id("t").into(), at: js::now(), digest: told.digest.clone(), score: told.score.clone() };
        Edit { changes: vec![Change::Remark(session.key().clone(), Delta::made(Arc::new(attempt.remark())))] }
    };
    act::run(store, Command::Amend(edit));
}

fn percent(words: &Words, figure: Option<f64>) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share between 0 and 1")]
    let hundredths = |figure: f64| (figure * 100.0).round() as usize;
    figure.map_or_else(|| "—".to_owned(), |figure| words.with("percent", &[("n", &words.number(hundredths(figure)))]))
}

/// A difference, as the way to its place.
fn difference(store: &StoreRef, words: &Words, place: usize, found: &DifferenceTold, name: &dyn Fn(&crate::id::LabelId) -> String) -> Html {
    let side = |key: &str, side: &Option<SideTold>| {
        let said = side.as_ref().map_or_else(|| words.get("review.nothing"), |side| format!("{} \u{2068}{}\u{2069}", name(&side.label), side.words));
        html! { <span class="side-said"><b>{ words.get(key) }</b>{ " " }<bdi>{ said }</bdi></span> }
    };
    let kinds: Vec<String> = found.kinds.iter().map(|kind| words.get(&format!("review.kind.{kind}"))).collect();
    let span = Span::try_new(Offset::new(found.start), Offset::new(found.end));
    let onclick = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| span.into_iter().for_each(|span| reveal(&store, span)))
    };
    html! {
        <li key={place}><button type="button" data-start={found.start.to_string()} {onclick}>
            <span class="kind">{ kinds.join(" · ") }</span>{ side("review.test.yours", &found.own) }{ side("review.test.gold", &found.gold) }
        </button></li>
    }
}

/// Selects a place and brings it into view.
fn reveal(store: &StoreRef, span: Span) {
    act::with_work(store, |work| {
        work.reveal = (work.reveal.0 + 1, span.start());
        work.chosen = None;
        work.selection = Selection { anchor: span.start(), ..Selection::caret(span.end()) };
        act::refresh(work);
    });
}

/// The attempts so far, the first one first.
#[component]
fn Attempts() -> Html {
    let words = use_review_words();
    let attempts = use_select(|state| state.work.as_ref().map(|work| Attempt::all(work.session.layer())).unwrap_or_default());
    if attempts.is_empty() {
        return Html::default();
    }
    html! { <><h3>{ words.get("review.test.attempts") }</h3>{ list(&words, &attempts) }</> }
}

/// Attempts, each with its time and score.
pub(super) fn list(words: &Words, attempts: &[Attempt]) -> Html {
    html! {
        <ol class="attempts" data-testid="attempts">{ for attempts.iter().map(|attempt| html! {
            <li key={attempt.id.to_string()}><span class="soft small"><bdi>{ time(words, attempt.at) }</bdi></span>{ " " }<b>{ percent(words, attempt.score.all.exact) }</b>{ " · " }{ percent(words, attempt.score.all.clitic) }</li>
        }) }</ol>
    }
}

/// A time, as the language writes it.
#[expect(clippy::cast_precision_loss, reason = "milliseconds of any year that matters")]
fn time(words: &Words, at: u64) -> String {
    let date = js_sys::Date::new(&(at as f64).into());
    String::from(date.to_locale_string(words.language().locale(), &wasm_bindgen::JsValue::UNDEFINED))
}
