//! All that makes data sets: the form, what the worker told, and what is saved.

use super::bench::Bench;
use super::model::{Freshness, Model};
use super::{before, card, form, plots, table};
use crate::exchange::BuildTold;
use crate::web::panels::icons::{Icon, icon};
use crate::web::words::Words;
use yew::prelude::*;

/// The bench that is shown.
#[derive(Properties, PartialEq)]
pub struct BuilderProps {
    /// Which.
    pub bench: Bench,
}

/// The whole of it.
#[component]
pub fn Builder(props: &BuilderProps) -> Html {
    let update = use_force_update();
    let bench = &props.bench;
    bench.shown_by(Callback::from(move |()| update.force_update()));
    let model = bench.model();
    let words = bench.words();
    let told = model.told.as_ref().map(|(_, told)| told);
    html! {
        <div class="build" data-testid="builder" role="region" aria-labelledby="build-title">
            <h2 id="build-title">{ words.get("desk.build.title") }</h2>
            <p class="soft">{ words.get("desk.build.what") }</p>
            { form::split(bench, &model, &words) }
            { form::description(bench, &model, &words) }
            { actions(bench, &model, &words) }
            if let Some(told) = told { { result(bench, &model, told, &words) } }
        </div>
    }
}

fn actions(bench: &Bench, model: &Model, words: &Words) -> Html {
    let on_click = |save: bool| {
        let bench = bench.clone();
        Callback::from(move |_: MouseEvent| bench.ask(save))
    };
    let fresh = model.freshness();
    let is_good = model.told.as_ref().is_some_and(|(_, told)| told.problem.is_none());
    let can_save = is_good && matches!(fresh, Freshness::Fresh | Freshness::Redescribed) && !model.busy;
    let said = match fresh {
        _ if model.busy => words.get("desk.build.busy"),
        Freshness::Nothing => words.get("desk.build.look.first"),
        Freshness::Stale => words.get("desk.build.stale"),
        Freshness::Redescribed => words.get("desk.build.redescribed"),
        Freshness::Fresh if is_good => words.get("desk.build.fresh"),
        Freshness::Fresh => words.get("desk.build.none"),
    };
    let (look, save) = if can_save { ("button", "button primary") } else { ("button primary", "button") };
    html! {
        <div class="build-actions row">
            <button type="button" class={look} data-testid="build-look" disabled={model.busy || model.chosen.is_none()} onclick={on_click(false)}>{ icon(Icon::Eye) }{ words.get(if fresh == Freshness::Nothing { "desk.build.look" } else { "desk.build.again" }) }</button>
            <button type="button" class={save} data-testid="build-save" disabled={!can_save} onclick={on_click(true)}>{ icon(Icon::File) }{ words.get("desk.build.save") }</button>
            <span class="soft small" role="status" data-testid="build-state" data-state={name(fresh, model.busy)}>{ said }</span>
        </div>
    }
}

/// The name that scripts rely on.
fn name(fresh: Freshness, busy: bool) -> &'static str {
    match fresh {
        _ if busy => "busy",
        Freshness::Nothing => "nothing",
        Freshness::Stale => "stale",
        Freshness::Redescribed => "redescribed",
        Freshness::Fresh => "fresh",
    }
}

fn result(bench: &Bench, model: &Model, told: &BuildTold, words: &Words) -> Html {
    let stale = model.freshness() == Freshness::Stale;
    html! {
        <div class={classes!("build-result", stale.then_some("stale"))} data-testid="build-result">
            { before::problem(told, words) }
            { before::list(told, model.form.is_near, words) }
            { table::splits(model, told, words) }
            { plots::section(bench, model, told, words) }
            { card::section(told, words) }
        </div>
    }
}
