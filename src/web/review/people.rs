//! People: whose layers are compared, by colour and pattern, on or off, named or not; and what can be handed back.

use super::act::{perform, switch};
use super::agree::take_agreed;
use super::fetch::use_review_words;
use super::keys::Asked;
use super::lanes::{patch, person_name};
use super::model::{Review, Seen, open_review, use_seen};
use super::scores::Scores;
use crate::adjudicate::{GOLD, Rule, decisions_csv, decisions_jsonl, feedback_csv};
use crate::edit::{Change, Delta, Edit};
use crate::exchange::ExportAsked;
use crate::formats::Format;
use crate::formats::export::Choice;
use crate::id::Annotator;
use crate::layer::Layer;
use crate::plan::Command;
use crate::training::{given, given_by};
use crate::web::act;
use crate::web::bar::IconButton;
use crate::web::js;
use crate::web::panels::icons::Icon;
use crate::web::screens::dataset::download;
use crate::web::state::{Dialog, Route};
use crate::web::storage::{library, open};
use crate::web::store::{StoreRef, use_store};
use crate::web::words::Words;
use std::sync::Arc;
use yew::prelude::*;

/// Whose layers are compared.
#[component]
pub(super) fn People() -> Html {
    let store = use_store();
    let words = use_review_words();
    let seen = use_seen();
    let scored = use_state(|| false);
    let Some(Seen { review, work }) = (*seen).clone() else { return Html::default() };
    let names = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| perform(&store, Asked::Names))
    };
    let sign = if review.nameless { Icon::Hidden } else { Icon::Eye };
    let score = {
        let scored = scored.clone();
        Callback::from(move |_: MouseEvent| scored.set(!*scored))
    };
    let rule = |testid: &'static str, name: String, rule: Rule| {
        let store = store.clone();
        let onclick = Callback::from(move |_: MouseEvent| take_agreed(&store, rule));
        html! { <button type="button" class="button small" data-testid={testid} onclick={onclick}>{ name }</button> }
    };
    let gold = work.session.layer();
    let has_gold = gold.remarks().next().is_some() || !gold.is_empty();
    html! {
        <section class="who-list" aria-label={words.get("review.people")}>
            <div class="spans-head"><h2>{ words.get("review.people") }</h2>{ IconButton::new(sign, words.get("review.names"), names).testid("names").pressed(review.nameless).html() }</div>
            <ul>{ for review.layers.iter().enumerate().map(|(place, (who, layer))| {
                let on = !review.off.contains(who);
                let (name, count) = (person_name(&review, &words, who, false), layer.len());
                let store = store.clone();
                let onclick = Callback::from(move |_: MouseEvent| switch(&store, place));
                html! { <li key={who.to_string()}><button type="button" class="who-line" data-person={who.to_string()} aria-pressed={on.to_string()} onclick={onclick}>{ patch(place) }<bdi>{ name }</bdi><span class="n">{ words.count("spans.count", count) }</span></button></li> }
            }) }
            <li class="who-line gold-line"><span class="person gold" aria-hidden="true"></span><bdi>{ words.get("review.gold") }</bdi><span class="n" data-testid="gold-count">{ words.count("spans.count", gold.len()) }</span></li></ul>
            if review.more > 0 { <p class="soft small">{ words.count("review.more", review.more) }</p> }
            <a class="button small" data-testid="to-agreement" href={Route::Agreement(Some(review.document.clone())).fragment()}>{ words.get("review.agreement") }</a>
            <details class="fold"><summary>{ words.get("review.take-all") }</summary>
                <div class="stack">
                    { rule("take-majority", words.get("review.take.majority"), Rule::Majority) }
                    { for review.comparison.annotators.iter().enumerate().map(|(place, who)| rule("take-person", words.with("review.take.person", &[("name", &person_name(&review, &words, who, false))]), Rule::Annotator(place))) }
                </div>
            </details>
            if has_gold {
                <details class="fold" data-testid="hand-back"><summary>{ words.get("review.hand-back") }</summary>
                    <p class="soft small">{ words.get("review.hand-back.why") }</p>
                    <div class="stack">
                        <button type="button" class="button small" data-testid="decisions-jsonl" onclick={save(&store, "decisions.jsonl", decisions_jsonl)}>{ words.get("review.decisions.jsonl") }</button>
                        <button type="button" class="button small" data-testid="decisions-csv" onclick={save(&store, "decisions.csv", decisions_csv)}>{ words.get("review.decisions.csv") }</button>
                        { for review.layers.iter().enumerate().map(|(place, (who, _))| feedback(&store, &words, &review, place, &person_name(&review, &words, who, false))) }
                    </div>
                    <button type="button" class="button small" aria-expanded={(*scored).to_string()} data-testid="scores" onclick={score}>{ words.get("review.scores") }</button>
                    if *scored { <Scores /> }
                    { test(&store, &words, gold) }
                </details>
            }
        </section>
    }
}

fn save(store: &StoreRef, ending: &'static str, write: fn(&str, &Layer) -> String) -> Callback<MouseEvent> {
    let store = store.clone();
    Callback::from(move |_: MouseEvent| {
        let file = {
            let state = store.state();
            let Some((review, work)) = open_review(&state) else { return };
            (format!("{}.{ending}", review.document), write(review.document.as_str(), work.session.layer()))
        };
        download(&file.0, "application/octet-stream", file.1.as_str());
    })
}

/// What one annotator is told, as a file.
fn feedback(store: &StoreRef, words: &Words, review: &Review, place: usize, name: &str) -> Html {
    let (store, document) = (store.clone(), review.document.clone());
    let onclick = Callback::from(move |_: MouseEvent| {
        let file = {
            let state = store.state();
            let Some((review, work)) = open_review(&state) else { return };
            let (Some((who, layer)), Some(text)) = (review.layers.get(place), work.text()) else { return };
            (format!("{document}.{who}.csv"), feedback_csv(document.as_str(), text, who, layer, work.session.layer()))
        };
        download(&file.0, "text/csv", file.1.as_str());
    });
    html! { <button type="button" class="button small" data-testid="feedback" onclick={onclick}>{ words.with("review.feedback", &[("name", name)]) }</button> }
}

/// Whether the document is given as a test, and the file that is sent to those who take it.
fn test(store: &StoreRef, words: &Words, gold: &Layer) -> Html {
    let by = given_by(gold);
    let switch = {
        let (store, is_on) = (store.clone(), by.is_none());
        Callback::from(move |_: MouseEvent| give(&store, is_on))
    };
    let send = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| send(&store))
    };
    html! {
        <div class="stack give-test">
            <button type="button" class="button small" data-testid="give-test" aria-pressed={by.is_some().to_string()} onclick={switch}>{ words.get(if by.is_some() { "review.test.take-back" } else { "review.test.give" }) }</button>
            <p class="soft small">{ words.get("review.test.give.why") }</p>
            if by.is_some() { <button type="button" class="button small" data-testid="send-test" onclick={send}>{ words.get("review.test.send") }</button> }
        </div>
    }
}

/// Gives the document as a test, or no longer does. Who gives it must have a name, by which its gold stays seen.
fn give(store: &StoreRef, is_on: bool) {
    let by = open::annotator(store);
    if by.as_str() == open::UNNAMED {
        return store.update(|state| state.dialog = Some(Dialog::Name));
    }
    let edit = {
        let state = store.state();
        let Some((_, work)) = open_review(&state) else { return };
        let remark = Arc::new(given(&by, is_on, js::now()));
        let delta = Delta { before: work.session.layer().remark(&remark.id).cloned(), after: Some(remark) };
        Edit { changes: vec![Change::Remark(work.session.key().clone(), delta)] }
    };
    act::run(store, Command::Amend(edit));
}

/// Saves the document with its gold layer, and nobody else's.
fn send(store: &StoreRef) {
    let Some(document) = store.state().review.as_ref().map(|review| review.document.clone()) else { return };
    let choice = Choice { documents: Some([document].into()), annotators: Some([Annotator::from(GOLD)].into()), ..Choice::default() };
    library::export(store, &ExportAsked { choice, ..ExportAsked::all(Format::Wusum) }, Format::Wusum);
}
