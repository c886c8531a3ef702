//! The screen of agreement: what is compared, the figures, the plots; or what to do where there is nothing to compare.

use super::bench::Bench;
use super::model::{Model, Work};
use super::panel::Panel;
use super::{choice, course, edges, overall, pairs, table};
use crate::exchange::agree::AgreeTold;
use crate::web::panels::icons::{Icon, icon};
use crate::web::reader::paint::style_rules;
use crate::web::reader::style::StyleSheet;
use crate::web::screens::dataset::import_button;
use crate::web::words::{Language, Words};
use yew::prelude::*;

/// The bench that is shown.
#[derive(Properties, PartialEq)]
pub struct AgreementProps {
    /// Which.
    pub bench: Bench,
}

/// The whole of it.
#[component]
pub fn Agreement(props: &AgreementProps) -> Html {
    let update = use_force_update();
    let bench = &props.bench;
    bench.shown_by(Callback::from(move |()| update.force_update()));
    let model = bench.model();
    let words = bench.words();
    // The labels' colours: where no document is open, nobody else brings them.
    let _colours = use_memo(model.schema.clone(), |schema| StyleSheet::adopt(&style_rules(schema)));
    let told = model.told.clone();
    html! {
        <div class="agree" data-testid="agreement" data-state={model.work.name()} aria-busy={(model.work == Work::Busy).to_string()}>
            <h1 tabindex="-1">{ words.get("desk.agree.title") }</h1>
            <p class="soft">{ words.get("desk.agree.what") }</p>
            { state(bench, &model, &words) }
            if let Some(told) = &told { { result(bench, &model, told, &words) } }
            if let Some(behind) = model.behind.clone() { <Panel bench={bench.clone()} {behind} is_arabic={words.language() == Language::Ar} /> }
        </div>
    }
}

/// How far the worker is.
fn state(bench: &Bench, model: &Model, words: &Words) -> Html {
    let again = {
        let bench = bench.clone();
        Callback::from(move |_: MouseEvent| bench.ask_soon())
    };
    let said = match (model.work, &model.told) {
        (Work::Busy | Work::Waiting, _) => words.get("desk.agree.busy"),
        (Work::Stopped, _) => words.get("desk.agree.stopped"),
        (Work::Done, Some(told)) => {
            let people = words.count("desk.agree.of-people", told.annotators.len());
            format!("{} · {people}", words.count("desk.agree.of-documents", told.documents))
        }
        (Work::Done, None) => String::new(),
    };
    html! {
        <div class="row agree-state"><p role="status" data-testid="agree-state">{ said }</p>
            if model.work == Work::Stopped { <button type="button" class="button small" data-testid="agree-again" onclick={again}>{ words.get("desk.agree.again") }</button> }
        </div>
    }
}

fn result(bench: &Bench, model: &Model, told: &AgreeTold, words: &Words) -> Html {
    let is_stale = model.work != Work::Done;
    let hidden = told.stock.hidden;
    let body = if told.pairs.is_empty() || told.documents == 0 {
        empty(bench, model, told, words)
    } else {
        html! {
            <>
                if told.labels.is_empty() { <p class="notice agree-note">{ icon(Icon::Warning) }<span>{ words.get("desk.agree.no-labels") }</span></p> }
                { overall::section(bench, model, told, words) }
                { pairs::map(bench, model, told, words) }
                { pairs::choice(bench, model, told, words) }
                { table::section(bench, model, told, words) }
                { pairs::confusion(bench, model, told, words) }
                { edges::section(bench, model, words) }
                { course::section(bench, model, told, words) }
            </>
        }
    };
    html! {
        <>
            if told.stock.people.len() > 1 { { choice::section(bench, model, told, words) } }
            if hidden > 0 { <p class="notice agree-note" data-testid="agree-hidden">{ icon(Icon::Hidden) }<span>{ words.count("desk.agree.hidden", hidden) }</span></p> }
            <div class={classes!("agree-result", is_stale.then_some("stale"))}>{ body }</div>
        </>
    }
}

/// What to do where there is nothing to compare.
fn empty(bench: &Bench, model: &Model, told: &AgreeTold, words: &Words) -> Html {
    let is_chosen =
        !model.wishes.people.is_empty() || !model.wishes.statuses.is_empty() || !model.wishes.documents.is_empty() || model.wishes.gold.is_some();
    let people = told.stock.people.len();
    let (name, text) = match people {
        _ if told.stock.hidden > 0 && told.stock.shared == 0 => ("hidden", words.get("desk.agree.empty.hidden")),
        0 => ("nobody", words.get("desk.agree.empty.nobody")),
        1 => ("one", words.get("desk.agree.empty.one")),
        _ if is_chosen && told.stock.shared > 0 => ("chosen", words.get("desk.agree.empty.chosen")),
        _ if model.place.as_ref().is_some_and(|place| place.document.is_some()) && told.stock.shared > 0 => {
            ("document", words.get("desk.agree.empty.document"))
        }
        _ => ("apart", words.get("desk.agree.empty.apart")),
    };
    let sample = {
        let bench = bench.clone();
        Callback::from(move |_: MouseEvent| bench.take_sample())
    };
    let clear = bench.chooser(|model, _: MouseEvent| model.wishes = super::model::Wishes::default());
    html! {
        <section class="card agree-empty" data-testid="agree-empty" data-why={name}><h2>{ words.get("desk.agree.empty") }</h2><p>{ text }</p>
            if name == "chosen" {
                <div class="row"><button type="button" class="button primary" onclick={clear}>{ words.get("desk.agree.empty.clear") }</button></div>
            } else if name == "hidden" {
                <div class="row"><a class="button primary" href="#/library">{ words.get("nav.library") }</a></div>
            } else if name == "document" {
                <div class="row"><a class="button primary" href="#/agreement">{ words.get("desk.agree.all-documents") }</a></div>
            } else {
                <div class="row">{ import_button(words.get("desk.agree.empty.import")) }<button type="button" class="button" data-testid="sample" onclick={sample}>{ words.get("desk.agree.empty.sample") }</button></div>
                <p class="soft small">{ words.get("desk.agree.empty.sample.what") }</p>
            }
        </section>
    }
}
