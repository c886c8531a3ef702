//! The splits as a table: documents, words, labels of each kind, relations.

use super::before::links;
use super::model::Model;
use crate::dataset::stats::in_order;
use crate::desk::parts::label_name;
use crate::exchange::{BuildTold, PartTold};
use crate::id::LabelId;
use crate::web::panels::labels::swatch;
use crate::web::words::Words;
use yew::prelude::*;

/// What a split is called; one that has no name is all of them.
pub fn part_name(words: &Words, name: &str) -> String {
    match name {
        "train" => words.get("desk.build.train"),
        "dev" => words.get("desk.build.dev"),
        "validation" => words.get("desk.build.validation"),
        "test" => words.get("desk.build.test"),
        "" => words.get("desk.build.all"),
        other => other.to_owned(),
    }
}

/// The class of a split's colour.
pub fn tone(at: usize) -> &'static str {
    ["part-0", "part-1", "part-2", "part-3"][at % 4]
}

/// The table, and what documents are in each split.
pub fn splits(model: &Model, told: &BuildTold, words: &Words) -> Html {
    let Some(all) = told.parts.last() else { return Html::default() };
    let heads = told.parts.iter().enumerate().map(|(at, part)| {
        let sign = html! { if !part.name.is_empty() { <span class={classes!("build-dot", tone(at))} aria-hidden="true"></span> } };
        html! { <th scope="col">{ sign }{ part_name(words, &part.name) }</th> }
    });
    let row = |name: Html, of: &dyn Fn(&PartTold) -> usize| {
        let cells = told.parts.iter().map(|part| html! { <td>{ words.number(of(part)) }</td> });
        html! { <tr><th scope="row">{ name }</th>{ for cells }</tr> }
    };
    let plain = |key: &str| html! { { words.get(key) } };
    let labels = in_order(&model.schema, &all.labels).into_iter().map(|(id, _)| {
        let name = html! { <>{ swatch(&model.schema, &LabelId::from(id)) }<bdi>{ label_name(words, &model.schema, id) }</bdi></> };
        row(name, &|part| part.labels.get(id).copied().unwrap_or(0))
    });
    let labels: Vec<Html> = labels.collect();
    let documents = told.parts.iter().filter(|part| !part.some.is_empty()).map(|part| {
        html! { <section class="build-side" data-part={part.name.clone()}><h4>{ part_name(words, &part.name) }</h4>{ links(told, &part.some, part.documents, words) }</section> }
    });
    let documents: Vec<Html> = documents.collect();
    html! {
        <section class="card" aria-labelledby="build-table"><h3 id="build-table">{ words.get("desk.build.table") }</h3>
            <div class="build-scroll" tabindex="0" role="group" aria-labelledby="build-table"><table class="build-table" data-testid="build-table">
                <thead><tr><td></td>{ for heads }</tr></thead>
                <tbody>
                    { row(plain("desk.build.documents"), &|part| part.documents) }
                    { row(plain("desk.build.words"), &|part| usize::try_from(part.words).unwrap_or(usize::MAX)) }
                    { for labels }
                    { row(plain("desk.build.relations"), &|part| part.relations) }
                </tbody>
            </table></div>
            if !documents.is_empty() { <details class="build-more"><summary>{ words.get("desk.build.where") }</summary><div class="build-sides">{ for documents }</div></details> }
        </section>
    }
}
