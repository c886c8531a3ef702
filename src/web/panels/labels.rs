//! The labels one can give, as a toolbar; on a narrow screen it lies at the foot of the page.

use crate::id::LabelId;
use crate::schema::{Label, Schema};
use crate::web::act::{Action, Tie, perform};
use crate::web::app::use_words;
use crate::web::bar::{IconButton, keep_focus, on_click};
use crate::web::panels::guide::Guide;
use crate::web::panels::icons::{Icon, icon};
use crate::web::reader::paint::label_slug;
use crate::web::state::{Dialog, State};
use crate::web::storage::library;
use crate::web::store::{StoreRef, use_select, use_store};
use crate::web::timing;
use std::sync::Arc;
use yew::prelude::*;

/// The schema of the open work.
#[hook]
pub fn use_schema() -> Arc<Schema> {
    let schema = use_select(|state: &State| state.work.as_ref().map(|work| work.session.project().schema.clone()));
    (*schema).clone().unwrap_or_default()
}

/// A patch in the manner of a label: its colour, and its pattern for those who do not see colours.
pub fn swatch(schema: &Schema, label: &LabelId) -> Html {
    let index = schema.labels.iter().position(|known| known.id == *label);
    let style = index.and_then(|index| schema.labels.get(index)).map_or("line", |label| match label.style {
        crate::schema::Style::Fill => "fill",
        crate::schema::Style::Line => "line",
    });
    let class = format!("swatch swatch-{style} rail-{} pattern-{}", label_slug(schema, label), index.map_or(0, |index| index % 4));
    html! { <span class={class} aria-hidden="true"></span> }
}

/// What a press on a label's button does: labels what is selected or in focus; with nothing there, takes or leaves the brush.
pub fn press(store: &StoreRef, label: &LabelId, stamp: f64) {
    timing::began(stamp);
    let (busy, brush) = {
        let state = store.state();
        let Some(work) = &state.work else { return };
        (work.selected().is_some() || work.chosen.is_some(), work.brush.clone())
    };
    let action = if busy {
        Action::Label(label.clone())
    } else if brush.as_ref() == Some(label) {
        Action::Brush(None)
    } else {
        Action::Brush(Some(label.clone()))
    };
    perform(store, action);
}

/// The panel at the start side: labels, what selections do, the guidelines.
#[component]
pub fn LabelPanel() -> Html {
    let store = use_store();
    let words = use_words();
    let schema = use_schema();
    let set = use_select(|state| (state.settings.snap, state.settings.marks, state.settings.guide, state.settings.ties));
    let (snap, marks, guide, ties) = *set;
    html! {
        <aside class="side labels" aria-label={words.get("labels.title")}>
            <NameAsk />
            <h2>{ words.get("labels.title") }</h2>
            <div class="toolbar" role="toolbar" aria-label={words.get("labels.toolbar")} aria-orientation="vertical">
                { for schema.offered().into_iter().map(|(label, depth)| html! { <LabelButton key={label.id.as_str().to_owned()} label={label.clone()} {depth} /> }) }
            </div>
            <p class="brush-line" aria-hidden="true">{ words.get("labels.hint") }</p>
            <div class="switches">
                { IconButton::new(Icon::Snap, words.get("switch.snap"), on_click(&store, Action::Snap)).testid("snap").pressed(snap).html() }
                { IconButton::new(Icon::Marks, words.get("switch.marks"), on_click(&store, Action::Marks)).testid("marks").pressed(marks).html() }
                { IconButton::new(Icon::Tie, words.get("switch.ties"), on_click(&store, Action::Tie(Tie::All))).testid("ties").pressed(ties).html() }
                { IconButton::new(Icon::Guide, words.get("switch.guide"), on_click(&store, Action::Guide)).testid("guide").pressed(guide).html() }
            </div>
            if guide { <div class="guide" data-testid="guidelines"><h2>{ words.get("guide.title") }</h2><Guide /></div> }
            <div class="narrow-only foot-buttons">
                <button type="button" class="icon" aria-label={words.get("guide.title")} title={words.get("guide.title")} onclick={on_click(&store, Action::Open(Dialog::Guide))}>{ icon(Icon::Guide) }</button>
                <button type="button" class="icon" data-testid="open-list" aria-label={words.get("spans.title")} title={words.get("spans.title")} onclick={on_click(&store, Action::Open(Dialog::List))}>{ icon(Icon::List) }</button>
            </div>
        </aside>
    }
}

#[derive(Properties, PartialEq)]
struct LabelButtonProps {
    label: Label,
    /// How many labels it is below.
    depth: usize,
}

#[component]
fn LabelButton(props: &LabelButtonProps) -> Html {
    let store = use_store();
    let words = use_words();
    let schema = use_schema();
    let label = &props.label;
    let id = label.id.clone();
    let seen =
        use_select(move |state| state.work.as_ref().map_or((0, false), |work| (work.session.layer().count(&id), work.brush.as_ref() == Some(&id))));
    let (count, brushed) = *seen;
    let key = label.key.map(|key| key.to_string());
    let onclick = {
        let id = label.id.clone();
        Callback::from(move |event: MouseEvent| press(&store, &id, event.time_stamp()))
    };
    let name = words.pick(&label.names).to_owned();
    let title = label.description.as_ref().map(|description| words.pick(description).to_owned());
    html! {
        <button type="button" class={classes!("label", brushed.then_some("brushed"), (props.depth > 0).then_some("nested"))} data-label={label.id.as_str().to_owned()} aria-keyshortcuts={key.clone()}
            aria-pressed={if brushed { "true" } else { "false" }} title={title} onclick={onclick} onmousedown={keep_focus()}>
            { swatch(&schema, &label.id) }<span class="label-name">{ name }</span>
            if brushed { <span class="brush-sign">{ icon(Icon::Brush) }</span> }
            <span class="n" data-testid="count">{ words.number(count) }</span>
            if let Some(key) = key { <kbd aria-hidden="true">{ key }</kbd> }
        </button>
    }
}

/// Asks once who annotates; work can begin before there is an answer.
#[component]
fn NameAsk() -> Html {
    let store = use_store();
    let words = use_words();
    let asked = use_select(|state| state.settings.annotator.is_none());
    let field = use_node_ref();
    if !*asked {
        return Html::default();
    }
    let submit = {
        let field = field.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(field) = field.cast::<web_sys::HtmlInputElement>() {
                library::set_annotator(&store, &field.value(), true);
            }
        })
    };
    html! {
        <form class="name-ask" onsubmit={submit} title={words.get("name.why")}>
            <label><span>{ words.get("name.title") }</span><input ref={field} data-testid="annotator" dir="auto" required=true autocomplete="name" placeholder={words.get("name.field")} /></label>
            <button type="submit" class="button">{ words.get("save.name") }</button>
        </form>
    }
}
