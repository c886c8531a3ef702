//! The map of pairs, the choice of one, and what its two people called the same words.

use super::bench::Bench;
use super::model::{Model, Scope, Two};
use super::names::{decimal, label_words, number, person, plain, title};
use super::save;
use crate::agreement::Cell;
use crate::dataset::matrix::Matrix;
use crate::exchange::agree::cells::of_confusion;
use crate::exchange::agree::drawn::{self, Written};
use crate::exchange::agree::{AgreeTold, PairTold};
use crate::id::LabelId;
use crate::web::panels::labels::swatch;
use crate::web::words::Words;
use std::rc::Rc;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// The figures of a pair that the map and the course can show.
pub const MEASURES: [&str; 7] =
    ["span_f1.exact", "span_f1.clitic", "span_f1.boundary", "span_f1.label", "span_f1.partial", "token_f1", "cohen_kappa.flat"];

/// What two people are called together.
pub fn two_name(words: &Words, (a, b): &Two) -> String {
    let [a, b] = [a, b].map(|name| person(words, name.as_str()));
    words.with("desk.agree.pair", &[("a", &a), ("b", &b)])
}

/// What a pair is called.
pub fn pair_name(words: &Words, pair: &PairTold) -> String {
    two_name(words, &(pair.a.clone(), pair.b.clone()))
}

/// The field that chooses the figure of the map and of the course.
pub fn measure_field(bench: &Bench, model: &Model, words: &Words, measures: &[&'static str]) -> Html {
    let all: Vec<&'static str> = measures.to_vec();
    let onchange = bench.shower(move |model, event: Event| {
        let at = event.target_unchecked_into::<HtmlSelectElement>().selected_index();
        model.measure = usize::try_from(at).ok().and_then(|at| all.get(at)).copied();
    });
    let option = |measure: &&'static str| html! { <option value={*measure} selected={*measure == model.measure()}>{ plain(&title(model, words, measure)) }</option> };
    html! { <label class="agree-measure"><span class="unseen">{ words.get("desk.agree.measure") }</span><select {onchange}>{ for measures.iter().map(option) }</select></label> }
}

fn with_written<T>(model: &Model, words: &Words, draw: impl FnOnce(&Written) -> T) -> T {
    let label = |label: Option<&LabelId>| label_words(model, words, label);
    let figure = |value: f64| decimal(words, value, 2);
    let count = |count: u64| words.number(usize::try_from(count).unwrap_or(usize::MAX));
    draw(&Written { label: &label, figure: &figure, count: &count })
}

fn named(matrix: Matrix, words: &Words) -> Matrix {
    let name = |name: String| person(words, &name);
    Matrix {
        rows: matrix.rows.into_iter().map(|(row, squares)| (name(row), squares)).collect(),
        columns: matrix.columns.into_iter().map(name).collect(),
        ..matrix
    }
}

fn drawn_map(model: &Model, words: &Words) -> Option<Matrix> {
    let (told, measure) = (model.told.as_ref()?, if MEASURES.contains(&model.measure()) { model.measure() } else { "span_f1.exact" });
    let title = plain(&words.with("desk.agree.map.of", &[("figure", &title(model, words, measure))]));
    Some(named(with_written(model, words, |written| drawn::pairs(told, measure, title, words.get("desk.agree.map.about"), written)), words))
}

fn drawn_confusion(model: &Model, words: &Words) -> Option<Matrix> {
    let (told, pair) = (model.told.as_ref()?, model.pair()?);
    let title = plain(&words.with("desk.agree.confusion.of", &[("pair", &pair_name(words, pair))]));
    let about = plain(&confusion_about(words, pair));
    Some(with_written(model, words, |written| drawn::confusion(pair, &told.labels, title, about, written)))
}

fn confusion_about(words: &Words, pair: &PairTold) -> String {
    let [a, b] = [&pair.a, &pair.b].map(|name| person(words, name.as_str()));
    words.with("desk.agree.confusion.about", &[("a", &a), ("b", &b)])
}

/// Buttons that save a matrix.
fn save_matrix(bench: &Bench, words: &Words, what: &str, file: &str, draw: fn(&Model, &Words) -> Option<Matrix>) -> Vec<Html> {
    let svg: save::Write = Rc::new(move |model, words, is_right_to_left| Some(draw(model, words)?.to_svg(is_right_to_left)));
    let csv: save::Write = Rc::new(move |model, words, _| Some(draw(model, words)?.to_csv()));
    vec![
        save::button(bench, words, what, ("SVG", format!("wusum-{file}.svg")), svg),
        save::button(bench, words, what, ("CSV", format!("wusum-{file}.csv")), csv),
    ]
}

/// The class of a shade, in ten steps.
fn shade(shade: f64) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 10")]
    let step = (shade.clamp(0.0, 1.0) * 10.0).round() as u32;
    format!("shade-{step}")
}

/// The map of pairs.
pub fn map(bench: &Bench, model: &Model, told: &AgreeTold, words: &Words) -> Html {
    let Some(matrix) = drawn_map(model, words) else { return Html::default() };
    let measure = if MEASURES.contains(&model.measure()) { model.measure() } else { "span_f1.exact" };
    let cell = |row: usize, column: usize| {
        let square = &matrix.rows[row].1[column];
        let pair = told.pair(&told.annotators[row], &told.annotators[column]);
        let (Some(value), Some(pair)) = (square.value, pair) else {
            return html! { <td class="agree-blank" aria-hidden="true">{ &square.said }</td> };
        };
        let name = format!("{} · {}", title(model, words, measure), told.pairs.get(pair).map_or_else(String::new, |pair| pair_name(words, pair)));
        let onclick = {
            let (bench, name) = (bench.clone(), name.clone());
            Callback::from(move |_: MouseEvent| {
                bench.change(|model| model.pair = pair);
                bench.open_figure(measure, Scope::Pair, name.clone());
            })
        };
        let said = words.with("desk.agree.number", &[("name", &name), ("value", &number(words, value))]);
        html! { <td><button type="button" class={classes!("agree-square", shade(square.shade))} data-value={value.to_string()} aria-label={said.clone()} title={said} {onclick}>{ &square.said }</button></td> }
    };
    let count = told.annotators.len();
    let row = |at: usize| html! { <tr><th scope="row"><bdi>{ &matrix.rows[at].0 }</bdi></th>{ for (0..count).map(|column| cell(at, column)) }</tr> };
    let mut buttons = vec![measure_field(bench, model, words, &MEASURES)];
    buttons.extend(save_matrix(bench, words, &words.get("desk.agree.map"), "pairs", drawn_map));
    html! {
        <section class="card agree-part" data-plot="pairs" aria-labelledby="agree-map">{ save::head("agree-map", words.get("desk.agree.map"), buttons) }
            <p class="soft small">{ words.get("desk.agree.map.about") }</p>
            <div class="build-scroll" tabindex="0" role="group" aria-labelledby="agree-map"><table class="agree-matrix">
                <thead><tr><td></td>{ for matrix.columns.iter().map(|name| html! { <th scope="col"><bdi>{ name }</bdi></th> }) }</tr></thead>
                <tbody>{ for (0..count).map(row) }</tbody>
            </table></div>
        </section>
    }
}

/// The choice of a pair, where there are several.
pub fn choice(bench: &Bench, model: &Model, told: &AgreeTold, words: &Words) -> Html {
    let onchange = bench.shower(|model, event: Event| {
        let at = event.target_unchecked_into::<HtmlSelectElement>().selected_index();
        model.pair = usize::try_from(at).unwrap_or(0);
    });
    let option =
        |(at, pair): (usize, &PairTold)| html! { <option value={at.to_string()} selected={at == model.pair}>{ pair_name(words, pair) }</option> };
    html! {
        <div class="agree-head agree-pair"><h2 id="agree-pair">{ words.get("desk.agree.two") }</h2>
            if told.pairs.len() > 1 {
                <label><span class="unseen">{ words.get("desk.agree.pair.choose") }</span><select data-testid="agree-pair" {onchange}>{ for told.pairs.iter().enumerate().map(option) }</select></label>
            } else if let Some(pair) = told.pairs.first() { <span class="soft">{ pair_name(words, pair) }</span> }
        </div>
    }
}

/// What the two called the same words.
pub fn confusion(bench: &Bench, model: &Model, told: &AgreeTold, words: &Words) -> Html {
    let (Some(matrix), Some(pair)) = (drawn_confusion(model, words), model.pair()) else { return Html::default() };
    let labels = of_confusion(&told.labels);
    let whose = pair_name(words, pair);
    let name = |label: &Option<LabelId>, said: &str| {
        let sign = html! { if let Some(label) = label { { swatch(&model.schema, label) } } };
        html! { <>{ sign }<bdi>{ said.to_owned() }</bdi></> }
    };
    let cell = |row: usize, column: usize| {
        let square = &matrix.rows[row].1[column];
        let (a, b) = (&labels[row], &labels[column]);
        let value = square.value.unwrap_or(0.0);
        if value == 0.0 {
            return html! { <td class="agree-blank" data-value="0">{ &square.said }</td> };
        }
        let said = words.with("desk.agree.confusion.cell", &[("a", &matrix.rows[row].0), ("b", &matrix.columns[column]), ("n", &square.said)]);
        let onclick = {
            let bench = bench.clone();
            let (cell, name) = (Cell::Tokens { a: a.clone(), b: b.clone() }, format!("{} · {whose}", words.get("desk.agree.confusion")));
            Callback::from(move |_: MouseEvent| bench.open_cells(vec![cell.clone()], name.clone()))
        };
        let same = (row == column && row > 0).then_some("same");
        html! { <td><button type="button" class={classes!("agree-square", shade(square.shade), same)} data-value={value.to_string()} aria-label={said.clone()} title={said} {onclick}>{ &square.said }</button></td> }
    };
    let row = |at: usize| html! { <tr><th scope="row">{ name(&labels[at], &matrix.rows[at].0) }</th>{ for (0..labels.len()).map(|column| cell(at, column)) }</tr> };
    let heads = labels.iter().zip(&matrix.columns).map(|(label, said)| html! { <th scope="col">{ name(label, said) }</th> });
    html! {
        <section class="card agree-part" data-plot="confusion" aria-labelledby="agree-confusion">
            { save::head("agree-confusion", words.get("desk.agree.confusion"), save_matrix(bench, words, &words.get("desk.agree.confusion"), "confusion", drawn_confusion)) }
            <p class="soft small">{ confusion_about(words, pair) }</p>
            <div class="build-scroll" tabindex="0" role="group" aria-labelledby="agree-confusion"><table class="agree-matrix" data-testid="agree-confusion">
                <thead><tr><td></td>{ for heads }</tr></thead>
                <tbody>{ for (0..labels.len()).map(row) }</tbody>
            </table></div>
        </section>
    }
}
