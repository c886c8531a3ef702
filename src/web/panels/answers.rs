//! What more is said of the label in focus or of its relations: a row for each attribute, and the one that is asked beside the text.

use crate::check::About;
use crate::schema::{Attribute, AttributeKind};
use crate::web::act::marks::{Mark, asked, give, give_written, has, options, said, toggled};
use crate::web::act::{Action, perform};
use crate::web::app::use_words;
use crate::web::bar::{IconButton, keep_focus, on_click};
use crate::web::panels::icons::Icon;
use crate::web::panels::use_keys;
use crate::web::reader::input::focus_on;
use crate::web::store::{StoreRef, use_select, use_store};
use crate::web::words::Words;
use serde_json::Value;
use std::collections::BTreeMap;
use yew::prelude::*;

/// What is said of a label or a relation, by attribute.
type Answers = BTreeMap<String, Value>;

/// A row for each attribute, and for each answer that the schema does not know.
pub fn rows(store: &StoreRef, words: &Words, attributes: &[Attribute], about: &About, given: &Answers, read_only: bool) -> Html {
    let known = attributes.iter().map(|attribute| {
        let missing = attribute.required && !given.contains_key(&*attribute.id);
        let name = words.pick(&attribute.names).to_owned();
        html! {
            <div class={classes!("attribute", missing.then_some("missing"))} key={attribute.id.to_string()} data-attribute={attribute.id.to_string()}>
                <span class="soft small">{ &name }if missing { <b class="required">{ words.get("answer.required") }</b> }</span>
                { answers(store, words, attribute, about, given.get(&*attribute.id), read_only, false) }
            </div>
        }
    });
    let is_strange = |name: &&String| !attributes.iter().any(|attribute| *attribute.id == ***name);
    let strange = given.keys().filter(is_strange).map(|name| {
        let value = given.get(name).map(|value| said(words, None, value)).unwrap_or_default();
        let gone = Action::Attribute(about.clone(), name.clone(), None);
        html! {
            <div class="attribute" key={format!("strange-{name}")} data-attribute={name.clone()}>
                <span class="soft small"><bdi>{ name }</bdi>{ " · " }{ words.get("answer.unknown") }</span>
                { taken(words, value, on_click(store, gone), read_only) }
            </div>
        }
    });
    html! { <>{ for known }{ for strange }</> }
}

/// An answer that the schema does not know, to be taken away.
fn taken(words: &Words, value: String, onclick: Callback<MouseEvent>, read_only: bool) -> Html {
    let name = words.with("answer.remove", &[("value", &value)]);
    html! { <span class="chip strange"><bdi>{ value }</bdi><button type="button" data-testid="remove-answer" aria-label={name.clone()} title={name} disabled={read_only} onclick={onclick}>{ "×" }</button></span> }
}

/// What can be answered: buttons, with their digits where keys answer; or a field.
fn answers(store: &StoreRef, words: &Words, attribute: &Attribute, about: &About, given: Option<&Value>, read_only: bool, keys: bool) -> Html {
    let options = options(words, attribute);
    let sets = |value: Option<Value>| {
        let (store, about, attribute) = (store.clone(), about.clone(), attribute.clone());
        Callback::from(move |_: MouseEvent| give(&store, &about, &attribute, value.clone()))
    };
    let buttons = (1..).zip(&options).map(|(place, (option, name))| {
        let on = has(given, option);
        let testid = option.as_str().map_or_else(|| option.to_string(), str::to_owned);
        html! {
            <button type="button" key={testid.clone()} class={classes!("chip", on.then_some("on"))} data-value={testid} aria-pressed={if on { "true" } else { "false" }} disabled={read_only}
                onclick={sets(toggled(attribute, given, option))} onmousedown={keep_focus()}>if keys && place < 10 { <kbd aria-hidden="true">{ place }</kbd> }{ name }</button>
        }
    });
    let written = matches!(attribute.kind, AttributeKind::Text | AttributeKind::Number);
    // What was said and is no answer any more is shown and kept until it is taken away.
    let is_known = |value: &Value| options.iter().any(|(option, _)| option == value);
    let strange: Vec<(Value, Option<Value>)> = match given {
        None => Vec::new(),
        Some(given) if written => {
            if attribute.accepts(given) {
                Vec::new()
            } else {
                vec![(given.clone(), None)]
            }
        }
        Some(whole @ Value::Array(values)) if attribute.kind == AttributeKind::ManyOf => {
            values.iter().filter(|value| !is_known(value)).map(|value| (value.clone(), toggled(attribute, Some(whole), value))).collect()
        }
        Some(given) => {
            if is_known(given) {
                Vec::new()
            } else {
                vec![(given.clone(), None)]
            }
        }
    };
    let strange = strange.into_iter().map(|(value, rest)| taken(words, said(words, None, &value), sets(rest), read_only));
    let name = AttrValue::from(words.pick(&attribute.names).to_owned());
    if written {
        let value = given.filter(|given| attribute.accepts(given)).map(|given| said(words, None, given)).unwrap_or_default();
        let key = format!("{}-{}", about.id(), attribute.id);
        return html! { <><Field key={key} about={about.clone()} attribute={attribute.clone()} value={value} read_only={read_only} keys={keys} />{ for strange }</> };
    }
    html! { <div class="chips" role="group" aria-label={name}>{ for buttons }{ for strange }</div> }
}

#[derive(Properties, PartialEq)]
struct FieldProps {
    about: About,
    attribute: Attribute,
    value: String,
    read_only: bool,
    /// Whether it is the one that is asked beside the text.
    keys: bool,
}

/// A text or a number. Taken when the field is left, so that it is one step to undo.
#[component]
fn Field(props: &FieldProps) -> Html {
    let store = use_store();
    let words = use_words();
    let wrong = use_state(|| false);
    let take = {
        let (store, about, attribute, value, wrong) =
            (store.clone(), props.about.clone(), props.attribute.clone(), props.value.clone(), wrong.clone());
        move |field: &web_sys::HtmlInputElement| {
            let good = field.value().trim() == value || give_written(&store, &about, &attribute, &field.value());
            wrong.set(!good);
            good
        }
    };
    let onchange = {
        let take = take.clone();
        Callback::from(move |event: Event| {
            take(&event.target_unchecked_into());
        })
    };
    let field = use_keys({
        let (value, keys, wrong) = (props.value.clone(), props.keys, wrong.clone());
        Callback::from(move |event: KeyboardEvent| {
            let field: web_sys::HtmlInputElement = event.target_unchecked_into();
            match event.key().as_str() {
                "Escape" => {
                    field.set_value(&value);
                    wrong.set(false);
                    perform(&store, Action::Mark(Mark::Leave));
                }
                // Leaving the field takes it; what is no answer stays to be corrected.
                "Enter" => match (take(&field), keys) {
                    (true, true) => perform(&store, Action::Mark(Mark::GoOn)),
                    (true, false) => focus_on("[data-testid=reader]"),
                    (false, _) => {}
                },
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    });
    let is_number = props.attribute.kind == AttributeKind::Number;
    let name = words.pick(&props.attribute.names).to_owned();
    html! {
        <>
            <input ref={field} class="answer" dir="auto" inputmode={is_number.then_some("decimal")} data-answer={props.attribute.id.to_string()} aria-label={name} value={props.value.clone()} disabled={props.read_only}
                aria-invalid={wrong.then_some("true")} onchange={onchange} />
            if *wrong { <span class="wrong small" role="alert">{ words.get("refusal.no-number") }</span> }
        </>
    }
}

/// The attribute that is asked, beside the label in focus; there only while one is asked.
#[component]
pub fn Chooser() -> Html {
    let store = use_store();
    let words = use_words();
    let seen = use_select(asked);
    let shown = (*seen).as_ref().map(|(annotation, attribute, place, _)| (annotation.id.clone(), attribute.kind, *place));
    use_effect_with(shown, |shown| {
        if let Some((_, AttributeKind::Text | AttributeKind::Number, _)) = shown {
            focus_on("[data-testid=chooser] input");
        }
    });
    let Some((annotation, attribute, place, count)) = (*seen).clone() else { return Html::default() };
    let name = AttrValue::from(words.pick(&attribute.names).to_owned());
    let about = About::Annotation(annotation.id.clone());
    html! {
        <div class="palette chooser" role="group" aria-label={name.clone()} data-testid="chooser" data-attribute={attribute.id.to_string()}>
            <b>{ name }</b>
            if count > 1 { <span class="soft small">{ words.with("answer.place", &[("n", &words.number(place + 1)), ("of", &words.number(count))]) }</span> }
            { answers(&store, &words, &attribute, &about, annotation.attributes.get(&*attribute.id), false, true) }
            if count > 1 { <button type="button" data-testid="ask-next" onclick={on_click(&store, Action::Mark(Mark::Ask))} onmousedown={keep_focus()}>{ words.get("answer.next") }<kbd aria-hidden="true">{ "A" }</kbd></button> }
            { IconButton::new(Icon::Close, words.get("close"), on_click(&store, Action::Mark(Mark::Leave))).testid("ask-leave").html() }
        </div>
    }
}
