//! Kinds of relation, a card each.

use super::field::{self, Size};
use super::model::{Model, Owner};
use super::screen::Desk;
use super::{attributes, troubles, words};
use crate::formats::schema_file;
use crate::id::LabelId;
use crate::schema::Relation;
use crate::schema_change::{Kind, Part};
use crate::web::panels::icons::{Icon, icon};
use crate::web::words::Words;
use yew::prelude::*;

/// All relations.
pub fn section(desk: &Desk, model: &Model, words: &Words) -> Html {
    let add = field::plain(desk, "add-relation", Icon::Plus, words.get("desk.relation.add"), |model| {
        let mut relation = schema_file::new_relation(&model.free_relation());
        relation.names = words::names("desk.relation.new");
        model.open.insert(format!("relation-{}", model.draft.relations.len()));
        model.draft.relations.push(relation);
    });
    html! {
        <section class="desk-part" aria-label={words.get("desk.relations")}><h2>{ words.get("desk.relations") }</h2>
            { for model.draft.relations.iter().enumerate().map(|(index, relation)| card(desk, model, words, index, relation)) }
            <div class="row">{ add }</div>
        </section>
    }
}

fn ends(model: &Model, words: &Words, ends: &[LabelId]) -> String {
    if ends.is_empty() {
        return words.get("desk.end.any");
    }
    let name = |id: &LabelId| model.draft.label(id).map_or_else(|| id.to_string(), |label| words.pick(&label.names).to_owned());
    ends.iter().map(name).collect::<Vec<_>>().join(" · ")
}

fn card(desk: &Desk, model: &Model, words: &Words, index: usize, relation: &Relation) -> Html {
    let part = Part::Kind(Kind::Relation(relation.id.clone()));
    let troubles = troubles::of_relation(model, words, &relation.id);
    let summary = html! {
        <>
            <span class="desk-name"><b>{ words.pick(&relation.names) }</b>{ " " }<code dir="ltr">{ relation.id.as_str() }</code></span>
            <span class="soft small">{ words.with("desk.joins", &[("from", &ends(model, words, &relation.from)), ("to", &ends(model, words, &relation.to))]) }</span>
            if relation.retired { <span class="status">{ words.get("desk.retired.short") }</span> }
            if !troubles.is_empty() { <span class="trouble-sign">{ icon(Icon::Warning) }</span> }
            <span class="n" title={words.get("desk.uses.why")}>{ words.number(model.uses(&part)) }</span>
        </>
    };
    html! {
        <div key={index} data-slot={format!("relation-{index}")}>{ field::card(desk, model, &format!("relation-{index}"), format!("relation:{}", relation.id), summary, || html! {
            <>
                { for troubles.iter().map(|line| html! { <p class="trouble" role="status">{ line }</p> }) }
                { fields(desk, model, words, index, relation) }
            </>
        }) }</div>
    }
}

fn fields(desk: &Desk, model: &Model, words: &Words, index: usize, relation: &Relation) -> Html {
    let part = Part::Kind(Kind::Relation(relation.id.clone()));
    let at = move |model: &mut Model, change: &dyn Fn(&mut Relation)| {
        if let Some(relation) = model.draft.relations.get_mut(index) {
            change(relation);
        }
    };
    let end = |field: &'static str, legend: String, chosen: &[LabelId], is_from: bool| {
        let boxes = model.draft.labels.iter().map(|label| {
            let id = label.id.clone();
            field::check(desk, field, words.pick(&label.names).to_owned(), chosen.contains(&label.id), move |model, on| {
                at(model, &|relation| {
                    let list = if is_from { &mut relation.from } else { &mut relation.to };
                    list.retain(|known| *known != id);
                    if on {
                        list.push(id.clone());
                    }
                });
            })
        });
        html! { <fieldset class="desk-ends"><legend>{ legend }</legend>{ for boxes }</fieldset> }
    };
    html! {
        <>
            <div class="desk-grid">
                { field::names(desk, words, &relation.names, move |model| model.draft.relations.get_mut(index).map(|relation| &mut relation.names)) }
                { field::id(desk, words.get("desk.id"), relation.id.as_str(), move |model, value| model.rename(&part, &value)) }
                { field::number(desk, "most", words.get("desk.most"), relation.most, move |model, value| at(model, &|relation| relation.most = value)) }
                { field::maybe(desk, "description", (words.get("desk.description.ar"), words.get("desk.description.en")), Size::Line, relation.description.as_ref(), move |model| model.draft.relations.get_mut(index).map(|relation| &mut relation.description)) }
            </div>
            <p class="soft small">{ words.get("desk.ends.how") }</p>
            { end("from", words.get("desk.from"), &relation.from, true) }
            { end("to", words.get("desk.to"), &relation.to, false) }
            { field::check(desk, "required", words.get("desk.relation.required"), relation.required, move |model, on| at(model, &|relation| relation.required = on)) }
            { field::check(desk, "retired", words.get("desk.retired"), relation.retired, move |model, on| at(model, &|relation| relation.retired = on)) }
            { attributes::list(desk, model, words, Owner::Relation(index), &relation.attributes) }
            <div class="row desk-foot">{ field::card_places(desk, words, words.pick(&relation.names), ("relation", index, model.draft.relations.len()), |model| Some(&mut model.draft.relations)) }</div>
        </>
    }
}
