//! The figures of all people at once, each with its interval and what it means; by label, too.

use super::bench::Bench;
use super::model::{Model, Scope};
use super::names::{decimal, figure_words, label_words, number, reason, title};
use crate::exchange::agree::{AgreeTold, FigureTold};
use crate::id::LabelId;
use crate::web::panels::labels::swatch;
use crate::web::words::Words;
use yew::prelude::*;

/// The figures, with the key of what each means.
const FIGURES: [&str; 5] = ["observed.flat", "fleiss_kappa.flat", "krippendorff_alpha.flat", "alpha_u", "gamma"];

fn what(words: &Words, figure: &str) -> String {
    words.get(match figure {
        "observed.flat" => "desk.agree.observed.what",
        "fleiss_kappa.flat" => "desk.agree.fleiss.what",
        "krippendorff_alpha.flat" => "desk.agree.alpha.what",
        "alpha_u" => "desk.agree.alpha-u.what",
        _ => "desk.agree.gamma.what",
    })
}

/// A number that leads to the passages behind it; where there is none, why.
pub fn button(bench: &Bench, model: &Model, words: &Words, figure: &FigureTold, scope: Scope) -> Html {
    let name = title(model, words, &figure.name);
    let whose = model.pair().filter(|_| scope == Scope::Pair).map(|pair| super::pairs::pair_name(words, pair));
    let full = whose.map_or_else(|| name.clone(), |whose| format!("{name} · {whose}"));
    let Some(value) = figure.value else {
        let why = reason(words, figure.reason.as_deref().unwrap_or_default());
        return html! { <span class="agree-none" data-figure={figure.name.clone()} data-reason={figure.reason.clone()}>{ why }</span> };
    };
    let onclick = {
        let (bench, figure, full) = (bench.clone(), figure.name.clone(), full.clone());
        Callback::from(move |_: MouseEvent| bench.open_figure(&figure, scope, full.clone()))
    };
    let said = words.with("desk.agree.number", &[("name", &full), ("value", &figure_words(words, figure))]);
    html! { <button type="button" class="agree-number" data-figure={figure.name.clone()} data-value={value.to_string()} aria-label={said.clone()} title={said} {onclick}>{ number(words, value) }</button> }
}

/// The interval, in numbers.
pub fn interval(words: &Words, figure: &FigureTold) -> Html {
    let Some((low, high)) = figure.interval else { return Html::default() };
    html! { <span class="agree-interval">{ decimal(words, low, 2) }{ "\u{2013}" }{ decimal(words, high, 2) }</span> }
}

/// The number on a line from 0 to 1, with its interval.
fn line(figure: &FigureTold) -> Html {
    let Some(value) = figure.value else { return Html::default() };
    let percent = |value: f64| value.clamp(0.0, 1.0) * 100.0;
    let (low, high) = figure.interval.unwrap_or((value, value));
    let (start, width) = (percent(low), percent(high) - percent(low));
    html! {
        <svg class="agree-line" width="100%" height="14" aria-hidden="true" focusable="false">
            <rect class="ground" x="0" y="6" width="100%" height="2" rx="1" />
            <rect class="band" x={format!("{start:.2}%")} y="3" width={format!("{width:.2}%")} height="8" rx="2" />
            <circle cx={format!("{:.2}%", percent(value))} cy="7" r="5" />
        </svg>
    }
}

/// All of it.
pub fn section(bench: &Bench, model: &Model, told: &AgreeTold, words: &Words) -> Html {
    let tiles = FIGURES.iter().filter_map(|name| told.figure(name)).map(|figure| {
        html! {
            <li class="card agree-tile"><h3>{ title(model, words, &figure.name) }</h3>
                <p class="agree-value">{ button(bench, model, words, figure, if figure.name == "observed.flat" { Scope::Mean } else { Scope::All }) }{ interval(words, figure) }</p>
                { line(figure) }
                <p class="soft small">{ what(words, &figure.name) }</p>
            </li>
        }
    });
    let tiles: Vec<Html> = tiles.collect();
    let note = match &told.reason {
        Some(why) => words.with("desk.agree.no-interval", &[("why", &reason(words, why))]),
        None => words.with("desk.agree.interval.how", &[("n", &words.number(told.times))]),
    };
    html! {
        <section class="agree-part" aria-labelledby="agree-all"><h2 id="agree-all">{ words.get("desk.agree.all") }</h2>
            <ul class="agree-tiles">{ for tiles }</ul>
            <p class="soft small" data-testid="agree-intervals">{ note }</p>
            { by_label(bench, model, told, words) }
        </section>
    }
}

fn by_label(bench: &Bench, model: &Model, told: &AgreeTold, words: &Words) -> Html {
    if told.labels.is_empty() {
        return Html::default();
    }
    let cell = |figure: String| {
        let found = told.figure(&figure);
        html! { <td>if let Some(figure) = found { { button(bench, model, words, figure, Scope::All) }{ interval(words, figure) } }</td> }
    };
    let row = |label: &LabelId| {
        let key = if label.as_str() == "flat" { "label:flat" } else { label.as_str() };
        html! {
            <tr key={label.to_string()}><th scope="row">{ swatch(&model.schema, label) }<bdi>{ label_words(model, words, Some(label)) }</bdi></th>
                { cell(format!("fleiss_kappa.{key}")) }{ cell(format!("krippendorff_alpha.{key}")) }{ cell(format!("alpha_u_by_label.{}", label.as_str())) }</tr>
        }
    };
    let head = |figure: &str| html! { <th scope="col">{ title(model, words, figure) }</th> };
    html! {
        <div class="build-scroll" tabindex="0" role="group" aria-label={words.get("desk.agree.by-label")}><table class="agree-table by-label" data-testid="agree-by-label"><caption class="unseen">{ words.get("desk.agree.by-label") }</caption>
            <thead><tr><td></td>{ head("fleiss_kappa.flat") }{ head("krippendorff_alpha.flat") }{ head("alpha_u") }</tr></thead>
            <tbody>{ for told.labels.iter().map(row) }</tbody>
        </table></div>
    }
}
