//! What can be said of a label or of a relation, a block each.

use super::field;
use super::model::{Model, Owner, free};
use super::screen::Desk;
use super::words;
use crate::formats::schema_file;
use crate::schema::{Attribute, AttributeKind, AttributeValue};
use crate::schema_change::Part;
use crate::web::panels::icons::Icon;
use crate::web::words::Words;
use serde_json::Value;
use std::sync::Arc;
use yew::prelude::*;

/// The attributes of a label or of a relation.
pub fn list(desk: &Desk, model: &Model, words: &Words, owner: Owner, attributes: &[Attribute]) -> Html {
    let add = field::plain(desk, "add-attribute", Icon::Plus, words.get("desk.attribute.add"), move |model| {
        let Some(list) = owner.attributes(&mut model.draft) else { return };
        let id = free("attribute", |id| list.iter().any(|attribute| *attribute.id == *id));
        let mut attribute = schema_file::new_attribute(&id, AttributeKind::OneOf, &["value1"]);
        attribute.names = words::names("desk.attribute.new");
        list.push(attribute);
    });
    html! {
        <div class="desk-attributes" data-owner={owner.slug()}><h3>{ words.get("desk.attributes") }</h3>
            { for attributes.iter().enumerate().map(|(index, attribute)| one(desk, model, words, owner, (index, attributes.len()), attribute)) }
            <div class="row">{ add }</div>
        </div>
    }
}

/// The attribute at a place.
fn with(model: &mut Model, owner: Owner, index: usize, change: impl FnOnce(&mut Attribute)) {
    if let Some(attribute) = owner.attributes(&mut model.draft).and_then(|list| list.get_mut(index)) {
        change(attribute);
        // What it says from the start must be an answer to it.
        if attribute.default.as_ref().is_some_and(|value| !attribute.accepts(value)) {
            attribute.default = None;
        }
    }
}

const KINDS: [(AttributeKind, &str); 5] = [
    (AttributeKind::OneOf, "one-of"),
    (AttributeKind::ManyOf, "many-of"),
    (AttributeKind::YesNo, "yes-no"),
    (AttributeKind::Text, "text"),
    (AttributeKind::Number, "number"),
];

fn kind_words(words: &Words, kind: AttributeKind) -> String {
    words.get(match kind {
        AttributeKind::OneOf => "desk.kind.one-of",
        AttributeKind::ManyOf => "desk.kind.many-of",
        AttributeKind::YesNo => "desk.kind.yes-no",
        AttributeKind::Text => "desk.kind.text",
        AttributeKind::Number => "desk.kind.number",
    })
}

fn one(desk: &Desk, model: &Model, words: &Words, owner: Owner, place: (usize, usize), attribute: &Attribute) -> Html {
    let (index, count) = place;
    let part = owner.kind(&model.draft).map(|kind| Part::Attribute(kind, attribute.id.to_string()));
    let kinds: Vec<(String, String)> = KINDS.iter().map(|(kind, name)| ((*name).to_owned(), kind_words(words, *kind))).collect();
    let chosen = KINDS.iter().find(|(kind, _)| *kind == attribute.kind).map_or("one-of", |(_, name)| name);
    let has_values = matches!(attribute.kind, AttributeKind::OneOf | AttributeKind::ManyOf);
    html! {
        <fieldset class="desk-attribute" key={index} data-attribute={attribute.id.to_string()}>
            <legend>{ words.pick(&attribute.names) }</legend>
            <div class="desk-grid">
                { field::names(desk, words, &attribute.names, move |model| owner.attributes(&mut model.draft).and_then(|list| list.get_mut(index)).map(|attribute| &mut attribute.names)) }
                { field::id(desk, words.get("desk.id"), &attribute.id, move |model, value| if let Some(part) = &part { model.rename(part, &value) }) }
                { field::choice(desk, "kind", words.get("desk.kind"), &kinds, chosen, move |model, value| with(model, owner, index, |attribute| {
                    attribute.kind = KINDS.iter().find(|(_, name)| *name == value).map_or(AttributeKind::OneOf, |(kind, _)| *kind);
                    if !matches!(attribute.kind, AttributeKind::OneOf | AttributeKind::ManyOf) {
                        attribute.values.clear();
                    }
                })) }
                { default(desk, words, owner, index, attribute) }
            </div>
            if has_values { { values(desk, model, words, owner, index, attribute) } }
            { field::check(desk, "required", words.get("desk.attribute.required"), attribute.required, move |model, on| with(model, owner, index, |attribute| attribute.required = on)) }
            { field::places(desk, words, words.pick(&attribute.names), index, count, move |model| owner.attributes(&mut model.draft)) }
        </fieldset>
    }
}

fn values(desk: &Desk, model: &Model, words: &Words, owner: Owner, index: usize, attribute: &Attribute) -> Html {
    let count = attribute.values.len();
    let rows = attribute.values.iter().enumerate().map(|(at, value)| {
        let part = owner.kind(&model.draft).map(|kind| Part::Value(kind, attribute.id.to_string(), value.id.to_string()));
        let names = move |model: &mut Model, change: &dyn Fn(&mut AttributeValue)| {
            with(model, owner, index, |attribute| if let Some(value) = attribute.values.get_mut(at) { change(value) });
        };
        html! {
            <div class="desk-value" key={at} data-value={value.id.to_string()}>
                { field::id(desk, words.get("desk.value.id"), &value.id, move |model, value| if let Some(part) = &part { model.rename(part, &value) }) }
                { field::text(desk, "name-ar", words.get("desk.name.ar"), &value.names.ar, "rtl", move |model, text| names(model, &|value| value.names.ar.clone_from(&text))) }
                { field::text(desk, "name-en", words.get("desk.name.en"), &value.names.en, "ltr", move |model, text| names(model, &|value| value.names.en.clone_from(&text))) }
                { field::places(desk, words, words.pick(&value.names), at, count, move |model| owner.attributes(&mut model.draft).and_then(|list| list.get_mut(index)).map(|attribute| &mut attribute.values)) }
            </div>
        }
    });
    let add = field::plain(desk, "add-value", Icon::Plus, words.get("desk.value.add"), move |model| {
        with(model, owner, index, |attribute| {
            let id = free("value", |id| attribute.value(id).is_some());
            attribute.values.push(AttributeValue { id: Arc::from(id), names: words::names("desk.value.new") });
        });
    });
    html! { <div class="desk-values">{ for rows }<div class="row">{ add }</div></div> }
}

/// What a new label says from the start.
fn default(desk: &Desk, words: &Words, owner: Owner, index: usize, attribute: &Attribute) -> Html {
    let set = move |model: &mut Model, value: Option<Value>| with(model, owner, index, |attribute| attribute.default = value);
    let label = words.get("desk.default");
    let none = (String::new(), words.get("desk.default.none"));
    let text = attribute.default.as_ref().and_then(Value::as_str).unwrap_or_default();
    match attribute.kind {
        AttributeKind::OneOf => {
            let values = attribute.values.iter().map(|value| (value.id.to_string(), words.pick(&value.names).to_owned()));
            let options: Vec<(String, String)> = std::iter::once(none).chain(values).collect();
            field::choice(desk, "default", label, &options, text, move |model, value| {
                set(model, Some(value).filter(|value| !value.is_empty()).map(Value::from))
            })
        }
        AttributeKind::YesNo => {
            let options = [none, ("yes".to_owned(), words.get("desk.yes")), ("no".to_owned(), words.get("desk.no"))];
            let chosen = match attribute.default.as_ref().and_then(Value::as_bool) {
                Some(true) => "yes",
                Some(false) => "no",
                None => "",
            };
            field::choice(desk, "default", label, &options, chosen, move |model, value| {
                set(
                    model,
                    match value.as_str() {
                        "yes" => Some(true.into()),
                        "no" => Some(false.into()),
                        _ => None,
                    },
                );
            })
        }
        AttributeKind::Text => field::text(desk, "default", label, text, "auto", move |model, value| {
            set(model, Some(value).filter(|value| !value.trim().is_empty()).map(Value::from))
        }),
        AttributeKind::Number => {
            let written = attribute.default.as_ref().map(ToString::to_string).unwrap_or_default();
            field::text(desk, "default", label, &written, "ltr", move |model, value| {
                let number = value.trim().parse::<i64>().map(Value::from).or_else(|_| value.trim().parse::<f64>().map(Value::from));
                set(model, number.ok());
            })
        }
        AttributeKind::ManyOf => {
            let chosen: Vec<&str> = attribute.default.as_ref().and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
            let boxes = attribute.values.iter().map(|value| {
                let id = value.id.clone();
                field::check(desk, "default", words.pick(&value.names).to_owned(), chosen.contains(&&*value.id), move |model, on| {
                    with(model, owner, index, |attribute| {
                        let before = attribute.default.as_ref().and_then(Value::as_array).cloned().unwrap_or_default();
                        let is_in = |value: &AttributeValue| if value.id == id { on } else { before.contains(&Value::from(&*value.id)) };
                        let after: Vec<Value> = attribute.values.iter().filter(|value| is_in(value)).map(|value| Value::from(&*value.id)).collect();
                        attribute.default = (!after.is_empty()).then(|| after.into());
                    });
                })
            });
            html! { <div class="field" role="group" aria-label={label.clone()}><span>{ label }</span>{ for boxes }</div> }
        }
    }
}
