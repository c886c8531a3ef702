//! What is compared: whose layers, against whom, on which documents, how far they have come, and what a token is.

use super::bench::Bench;
use super::model::Model;
use super::names::person;
use crate::agreement::grid::TokenRule;
use crate::exchange::agree::{AgreeTold, StockTold};
use crate::id::DocumentId;
use crate::web::state::Route;
use crate::web::words::Words;
use std::collections::BTreeSet;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// The most documents that are listed at once.
const LISTED: usize = 100;

fn turn<T: Ord + Clone>(set: &mut BTreeSet<T>, one: &T) {
    if !set.remove(one) {
        set.insert(one.clone());
    }
}

fn chip(value: &str, on: bool, onclick: Callback<MouseEvent>, content: Html, count: Option<String>) -> Html {
    let value = value.to_owned();
    html! { <button type="button" key={value.clone()} class={classes!("chip", on.then_some("on"))} data-value={value} aria-pressed={on.to_string()} {onclick}>{ content }if let Some(count) = count { <span class="n">{ count }</span> }</button> }
}

fn group(name: String, testid: &'static str, chips: Vec<Html>) -> Html {
    html! { <div class="pick" data-testid={testid}><h3 aria-hidden="true">{ &name }</h3><div class="chips" role="group" aria-label={name}>{ for chips }</div></div> }
}

/// All choices.
pub fn section(bench: &Bench, model: &Model, told: &AgreeTold, words: &Words) -> Html {
    html! {
        <section class="card agree-choice" aria-label={words.get("desk.agree.choice")}>
            { people(bench, model, &told.stock, words) }
            { statuses(bench, model, &told.stock, words) }
            <div class="agree-fields">{ reference(bench, model, &told.stock, words) }{ tokens(bench, model, words) }</div>
            { documents(bench, model, &told.stock, words) }
        </section>
    }
}

fn people(bench: &Bench, model: &Model, stock: &StockTold, words: &Words) -> Html {
    let chosen = &model.wishes.people;
    let all = bench.chooser(|model, _: MouseEvent| model.wishes.people.clear());
    let mut chips = vec![chip("all", chosen.is_empty(), all, html! { words.get("desk.agree.everybody") }, None)];
    // The gold layer weighs the others; beside them it is only where somebody wants it there.
    chips.extend(stock.people.iter().map(|one| {
        let name = one.name.clone();
        let press = bench.chooser(move |model, _: MouseEvent| turn(&mut model.wishes.people, &name));
        let content = html! { <bdi>{ person(words, one.name.as_str()) }</bdi> };
        chip(one.name.as_str(), chosen.contains(&one.name), press, content, Some(words.number(one.labels)))
    }));
    group(words.get("desk.agree.people"), "agree-people", chips)
}

fn statuses(bench: &Bench, model: &Model, stock: &StockTold, words: &Words) -> Html {
    let chosen = &model.wishes.statuses;
    let all = bench.chooser(|model, _: MouseEvent| model.wishes.statuses.clear());
    let mut chips = vec![chip("all", chosen.is_empty(), all, html! { words.get("desk.agree.any-status") }, None)];
    chips.extend(stock.statuses.iter().map(|(status, count)| {
        let status = *status;
        let press = bench.chooser(move |model, _: MouseEvent| turn(&mut model.wishes.statuses, &status));
        chip(status.name(), chosen.contains(&status), press, html! { words.get(&format!("status.{}", status.name())) }, Some(words.number(*count)))
    }));
    group(words.get("desk.agree.statuses"), "agree-statuses", chips)
}

fn reference(bench: &Bench, model: &Model, stock: &StockTold, words: &Words) -> Html {
    let onchange = bench.chooser(|model, event: Event| {
        let value = event.target_unchecked_into::<HtmlSelectElement>().value();
        model.wishes.gold = (!value.is_empty()).then(|| value.as_str().into());
    });
    let option = |name: &str, said: String| html! { <option value={name.to_owned()} selected={model.wishes.gold.as_ref().map_or("", |gold| gold.as_str()) == name}>{ said }</option> };
    html! {
        <label class="field"><span>{ words.get("desk.agree.reference") }</span><select data-testid="agree-reference" {onchange}>
            { option("", words.get("desk.agree.reference.none")) }
            { for stock.people.iter().map(|one| option(one.name.as_str(), person(words, one.name.as_str()))) }
        </select></label>
    }
}

fn tokens(bench: &Bench, model: &Model, words: &Words) -> Html {
    let onchange = bench.chooser(|model, event: Event| {
        let value = event.target_unchecked_into::<HtmlSelectElement>().value();
        model.wishes.tokens = TokenRule::from_name(&value).unwrap_or_default();
    });
    let option = |rule: TokenRule| {
        let said = words.get(if rule == TokenRule::Words { "desk.agree.tokens.words" } else { "desk.agree.tokens.whitespace" });
        html! { <option value={rule.name()} selected={model.wishes.tokens == rule}>{ said }</option> }
    };
    html! { <label class="field"><span>{ words.get("desk.agree.tokens") }</span><select data-testid="agree-tokens" {onchange}>{ for TokenRule::ALL.map(option) }</select></label> }
}

fn documents(bench: &Bench, model: &Model, stock: &StockTold, words: &Words) -> Html {
    if let Some(id) = model.place.as_ref().and_then(|place| place.document.as_ref()) {
        let title = stock.documents.iter().find(|(known, _)| known == id).map_or_else(|| id.to_string(), |(_, title)| title.clone());
        return html! {
            <p class="agree-one"><span class="soft">{ words.get("desk.agree.one-document") }</span>{ " " }<bdi><b>{ title }</b></bdi>{ " " }
            <a href={Route::Agreement(None).fragment()}>{ words.get("desk.agree.all-documents") }</a></p>
        };
    }
    if stock.documents.len() < 2 {
        return Html::default();
    }
    let wishes = &model.wishes;
    let said = if wishes.documents.is_empty() {
        words.get("desk.agree.documents.all")
    } else {
        words.count("desk.agree.documents.chosen", wishes.documents.len())
    };
    let oninput = bench.shower(|model, event: InputEvent| model.wishes.containing = event.target_unchecked_into::<HtmlInputElement>().value());
    let asked = wishes.containing.trim().to_lowercase();
    let found: Vec<&(DocumentId, String)> = stock.documents.iter().filter(|(_, title)| title.to_lowercase().contains(&asked)).collect();
    let line = |(id, title): &&(DocumentId, String)| {
        let (id, on) = (id.clone(), wishes.documents.contains(id));
        let name = id.to_string();
        let onchange = bench.chooser(move |model, _: Event| turn(&mut model.wishes.documents, &id));
        html! { <li key={name.clone()}><label><input type="checkbox" data-document={name} checked={on} {onchange} /><bdi>{ title.clone() }</bdi></label></li> }
    };
    let unlisted = stock.shared.saturating_sub(stock.documents.len()) + found.len().saturating_sub(LISTED);
    let all = bench.chooser(|model, _: MouseEvent| model.wishes.documents.clear());
    html! {
        <details class="build-more" data-testid="agree-documents"><summary>{ said }</summary>
            <div class="agree-documents">
                <div class="row"><input type="search" dir="auto" aria-label={words.get("desk.agree.documents.find")} placeholder={words.get("desk.agree.documents.find")} value={wishes.containing.clone()} {oninput} />
                    <button type="button" class="button small" disabled={wishes.documents.is_empty()} onclick={all}>{ words.get("desk.agree.documents.every") }</button></div>
                <ul>{ for found.iter().take(LISTED).map(line) }</ul>
                if unlisted > 0 { <p class="soft small">{ words.count("desk.agree.documents.more", unlisted) }</p> }
            </div>
        </details>
    }
}
