//! The figures of the pair that is looked at, beside the mean over all pairs; all of them as files.

use super::bench::Bench;
use super::model::{Model, Scope};
use super::names::{Group, Row, groups};
use super::overall::{button, interval};
use super::pairs::pair_name;
use super::save;
use crate::exchange::agree::told::find;
use crate::exchange::agree::{AgreeTold, FigureTold};
use crate::web::panels::labels::swatch;
use crate::web::words::Words;
use std::rc::Rc;
use yew::prelude::*;

/// The table.
pub fn section(bench: &Bench, model: &Model, told: &AgreeTold, words: &Words) -> Html {
    let Some(pair) = model.pair() else { return Html::default() };
    let is_mean_shown = told.pairs.len() > 1;
    let columns = if is_mean_shown { 3 } else { 2 };
    let head = |name: String| html! { <th scope="col">{ name }</th> };
    let parts = groups(model, told, words).into_iter().filter(|group| !group.rows.is_empty());
    let parts = parts.map(|group| part(bench, model, told, words, &group, columns));
    let parts: Vec<Html> = parts.collect();
    let name = words.get("desk.agree.figures");
    let csv: save::Write = Rc::new(|model, _, _| Some(model.told.as_ref()?.csv.clone()));
    let json: save::Write = Rc::new(|model, _, _| Some(model.told.as_ref()?.json.clone()));
    let buttons = vec![
        save::button(bench, words, &words.get("desk.agree.figures.all"), ("CSV", "wusum-agreement.csv".to_owned()), csv),
        save::button(bench, words, &words.get("desk.agree.figures.all"), ("JSON", "wusum-agreement.json".to_owned()), json),
    ];
    html! {
        <section class="card agree-part" data-plot="figures" aria-labelledby="agree-figures">{ save::head("agree-figures", name, buttons) }
            <div class="build-scroll" tabindex="0" role="group" aria-labelledby="agree-figures"><table class="agree-table" data-testid="agree-table">
                <thead><tr><td></td>{ head(pair_name(words, pair)) }if is_mean_shown { { head(words.get("desk.agree.mean")) } }</tr></thead>
                { for parts }
            </table></div>
        </section>
    }
}

fn part(bench: &Bench, model: &Model, told: &AgreeTold, words: &Words, group: &Group, columns: usize) -> Html {
    let cell = |figure: Option<&FigureTold>, scope: Scope| {
        html! { <td>if let Some(figure) = figure { { button(bench, model, words, figure, scope) }{ interval(words, figure) } }</td> }
    };
    let row = |row: &Row| {
        let own = model.pair().and_then(|pair| find(&pair.figures, &row.figure));
        let sign = html! { if let Some(label) = &row.label { { swatch(&model.schema, label) } } };
        html! {
            <tr key={row.figure.clone()}><th scope="row">{ sign }<bdi>{ &row.said }</bdi>if let Some(what) = &row.what { <span class="soft small">{ what }</span> }</th>
                { cell(own, Scope::Pair) }if columns > 2 { { cell(find(&told.mean, &row.figure), Scope::Mean) } }</tr>
        }
    };
    html! {
        <tbody key={group.title.clone()}>
            <tr class="agree-group"><th scope="rowgroup" colspan={columns.to_string()}><b>{ &group.title }</b><span class="soft small">{ &group.what }</span></th></tr>
            { for group.rows.iter().map(row) }
        </tbody>
    }
}
