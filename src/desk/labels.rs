//! Kinds of label, a card each.

use super::field::{self, Size};
use super::model::{Model, Owner};
use super::screen::Desk;
use super::{attributes, preview, rest, troubles, words};
use crate::id::LabelId;
use crate::schema::{Label, Overlap, Style};
use crate::schema_change::{Kind, Part};
use crate::web::panels::icons::{Icon, icon};
use crate::web::words::Words;
use yew::prelude::*;

/// All labels.
pub fn section(desk: &Desk, model: &Model, words: &Words) -> Html {
    let add = field::plain(desk, "add-label", Icon::Plus, words.get("desk.label.add"), |model| model.add_label(words::names("desk.label.new")));
    html! {
        <section class="desk-part" aria-label={words.get("desk.labels")}><h2>{ words.get("desk.labels") }</h2>
            { for model.draft.labels.iter().enumerate().map(|(index, label)| card(desk, model, words, index, label)) }
            <div class="row">{ add }</div>
        </section>
    }
}

/// How many labels stand above it.
fn depth(model: &Model, label: &Label) -> usize {
    let parent = |id: &LabelId| model.draft.label(id).and_then(|label| label.parent.clone());
    std::iter::successors(label.parent.clone(), parent).take(3).count()
}

fn card(desk: &Desk, model: &Model, words: &Words, index: usize, label: &Label) -> Html {
    let part = Part::Kind(Kind::Label(label.id.clone()));
    let uses = model.uses(&part);
    let troubles = troubles::of_label(model, words, &label.id);
    let summary = html! {
        <>
            { preview::both(index, label.style, [&words.get("desk.sample.before"), words.pick(&label.names), ""]) }
            <span class="desk-name"><b>{ words.pick(&label.names) }</b>{ " " }<code dir="ltr">{ label.id.as_str() }</code></span>
            if label.retired { <span class="status">{ words.get("desk.retired.short") }</span> }
            if !troubles.is_empty() { <span class="trouble-sign">{ icon(Icon::Warning) }</span> }
            <span class="n" title={words.get("desk.uses.why")}>{ words.number(uses) }</span>
            if let Some(key) = label.key { <kbd>{ key }</kbd> }
        </>
    };
    let class = format!("depth-{}", depth(model, label));
    html! {
        <div class={class} key={index} data-slot={format!("label-{index}")}>
            { field::card(desk, model, &format!("label-{index}"), format!("label:{}", label.id), summary, || html! {
                <>
                    { for troubles.iter().map(|line| html! { <p class="trouble" role="status">{ line }</p> }) }
                    { fields(desk, model, words, index, label) }
                </>
            }) }
        </div>
    }
}

fn fields(desk: &Desk, model: &Model, words: &Words, index: usize, label: &Label) -> Html {
    let part = Part::Kind(Kind::Label(label.id.clone()));
    let at = move |model: &mut Model, change: &dyn Fn(&mut Label)| {
        if let Some(label) = model.draft.labels.get_mut(index) {
            change(label);
        }
    };
    let keys: Vec<(String, String)> =
        std::iter::once((String::new(), words.get("desk.key.none"))).chain(('1'..='9').map(|key| (key.to_string(), key.to_string()))).collect();
    let styles = [("fill".to_owned(), words.get("desk.style.fill")), ("line".to_owned(), words.get("desk.style.line"))];
    let parents: Vec<(String, String)> = std::iter::once((String::new(), words.get("desk.parent.none")))
        .chain(
            model.draft.labels.iter().filter(|other| other.id != label.id).map(|other| (other.id.to_string(), words.pick(&other.names).to_owned())),
        )
        .collect();
    let overlaps = [
        ("any".to_owned(), words.get("desk.overlap.any")),
        ("nest".to_owned(), words.get("desk.overlap.nest")),
        ("none".to_owned(), words.get("desk.overlap.none")),
    ];
    let overlap = match label.overlap {
        Overlap::Any => "any",
        Overlap::Nest => "nest",
        Overlap::None => "none",
    };
    let name = words.pick(&label.names).to_owned();
    html! {
        <>
            <div class="desk-grid">
                { field::names(desk, words, &label.names, move |model| model.draft.labels.get_mut(index).map(|label| &mut label.names)) }
                { field::id(desk, words.get("desk.id"), label.id.as_str(), move |model, value| model.rename(&part, &value)) }
                { field::choice(desk, "key", words.get("desk.key"), &keys, &label.key.map(String::from).unwrap_or_default(), move |model, value| at(model, &|label| label.key = value.chars().next())) }
                { field::choice(desk, "style", words.get("desk.style"), &styles, if label.style == Style::Fill { "fill" } else { "line" }, move |model, value| at(model, &|label| label.style = if value == "line" { Style::Line } else { Style::Fill })) }
                { field::colour(desk, "colour-light", words.get("desk.colour.light"), &label.colour.light, move |model, value| at(model, &|label| label.colour.light.clone_from(&value))) }
                { field::colour(desk, "colour-dark", words.get("desk.colour.dark"), &label.colour.dark, move |model, value| at(model, &|label| label.colour.dark.clone_from(&value))) }
                { field::choice(desk, "parent", words.get("desk.parent"), &parents, label.parent.as_ref().map(LabelId::as_str).unwrap_or_default(), move |model, value| at(model, &|label| label.parent = Some(value.as_str()).filter(|id| !id.is_empty()).map(LabelId::from))) }
                { field::choice(desk, "overlap", words.get("desk.overlap"), &overlaps, overlap, move |model, value| at(model, &|label| label.overlap = match value.as_str() { "nest" => Overlap::Nest, "none" => Overlap::None, _ => Overlap::Any })) }
                { field::number(desk, "long", words.get("desk.long"), label.long, move |model, value| at(model, &|label| label.long = value)) }
                { field::maybe(desk, "description", (words.get("desk.description.ar"), words.get("desk.description.en")), Size::Line, label.description.as_ref(), move |model| model.draft.labels.get_mut(index).map(|label| &mut label.description)) }
            </div>
            { field::check(desk, "retired", words.get("desk.retired"), label.retired, move |model, on| at(model, &|label| label.retired = on)) }
            { attributes::list(desk, model, words, Owner::Label(index), &label.attributes) }
            { rest::own_guidelines(desk, words, label.guidelines.as_ref(), move |model| model.draft.labels.get_mut(index).map(|label| &mut label.guidelines)) }
            <div class="row desk-foot">
                { field::card_places(desk, words, &name, ("label", index, model.draft.labels.len()), |model| Some(&mut model.draft.labels)) }
            </div>
        </>
    }
}
