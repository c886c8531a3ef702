//! The bar above every screen: where one is, whether the work is safe, undo and redo, language, settings, help.

use crate::web::act::{Action, perform};
use crate::web::app::{switch_language, use_words};
use crate::web::panels::icons::{Icon, icon};
use crate::web::state::{Dialog, Route, SaveState, Tone};
use crate::web::store::{StoreRef, use_select, use_store};
use crate::web::words::Words;
use yew::prelude::*;

/// What a click on a button does.
#[must_use]
pub fn on_click(store: &StoreRef, action: Action) -> Callback<MouseEvent> {
    let store = store.clone();
    Callback::from(move |event: MouseEvent| {
        crate::web::timing::began(event.time_stamp());
        perform(&store, action.clone());
    })
}

/// Keeps the focus and the selection where they are when a button is pressed with the pointer.
#[must_use]
pub fn keep_focus() -> Callback<MouseEvent> {
    Callback::from(|event: MouseEvent| event.prevent_default())
}

/// A button that shows a sign and tells its name.
#[derive(Properties, PartialEq)]
pub struct IconButtonProps {
    /// The sign.
    pub sign: Icon,
    /// Its name, with its key.
    pub name: String,
    /// What it does.
    pub onclick: Callback<MouseEvent>,
    /// How tests find it.
    #[prop_or_default]
    pub testid: Option<&'static str>,
    /// Whether it can be pressed.
    #[prop_or(true)]
    pub enabled: bool,
    /// Whether it is on, for one that is on or off.
    #[prop_or_default]
    pub pressed: Option<bool>,
    /// More classes.
    #[prop_or_default]
    pub class: &'static str,
}

/// A button that shows a sign and tells its name.
#[component]
pub fn IconButton(props: &IconButtonProps) -> Html {
    let pressed = props.pressed.map(|pressed| if pressed { "true" } else { "false" });
    html! {
        <button type="button" class={classes!("icon", props.class)} data-testid={props.testid} aria-label={props.name.clone()} title={props.name.clone()}
            disabled={!props.enabled} aria-pressed={pressed} onclick={props.onclick.clone()} onmousedown={keep_focus()}>{ icon(props.sign) }</button>
    }
}

/// The bar.
#[component]
pub fn Bar() -> Html {
    let store = use_store();
    let words = use_words();
    let route = use_select(|state| state.route.clone());
    let open = use_select(|state| state.work.as_ref().map(|work| work.session.key().document.clone()));
    let reading = matches!((&*route, &*open), (Route::Read(id), Some(open)) if id == open);
    let language = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| switch_language(&store))
    };
    let other = words.language().other();
    html! {
        <header class="bar">
            <a class="name" href="#/library" lang="ar">{ "وسوم" }</a>
            <Navigation />
            <span class="grow"></span>
            <SaveLight />
            if reading { <Undoing /> }
            if reading { <IconButton sign={Icon::Find} name={words.get("bar.find")} class="opt" onclick={on_click(&store, Action::Find)} /> }
            <button type="button" class="icon words" data-testid="language" lang={other.code()} onclick={language} aria-label={words.get("bar.language")} title={words.get("bar.language")}>{ words.get("bar.language.short") }</button>
            <IconButton sign={Icon::Settings} name={words.get("bar.settings")} testid="settings" onclick={on_click(&store, Action::Open(Dialog::Settings))} />
            <IconButton sign={Icon::Help} name={words.get("bar.help")} testid="help" onclick={on_click(&store, Action::Open(Dialog::Help))} />
        </header>
    }
}

#[component]
fn Navigation() -> Html {
    let words = use_words();
    let route = use_select(|state| state.route.clone());
    let open = use_select(|state| state.work.as_ref().map(|work| work.session.key().document.clone()));
    let link = |to: Route, key: &str| {
        let here = std::mem::discriminant(&*route) == std::mem::discriminant(&to);
        let current = here.then_some("page");
        html! { <a href={to.fragment()} aria-current={current}>{ words.get(key) }</a> }
    };
    html! {
        <nav aria-label={words.get("nav")}>
            { link(Route::Library, "nav.library") }
            if let Some(id) = (*open).clone() { { link(Route::Read(id), "nav.read") } }
            { link(Route::Dataset, "nav.dataset") }
        </nav>
    }
}

/// Whether the work is safe, in words and with a sign.
#[component]
fn SaveLight() -> Html {
    let words = use_words();
    let save = use_select(|state| (state.save, state.work.is_some()));
    let (save, _) = *save;
    let sign = match save {
        SaveState::Saved => Icon::Check,
        SaveState::Saving => Icon::Dots,
        SaveState::Failed | SaveState::Memory => Icon::Warning,
    };
    let name = save.name();
    html! { <span class="save" role="status" data-testid="save-state" data-state={name} title={words.get(&format!("save.{name}.why"))}>{ icon(sign) }<span class="save-words">{ words.get(&format!("save.{name}")) }</span></span> }
}

#[component]
fn Undoing() -> Html {
    let store = use_store();
    let words = use_words();
    let can =
        use_select(|state| state.work.as_ref().map_or((false, false), |work| (work.session.history().can_undo(), work.session.history().can_redo())));
    html! {
        <>
            <IconButton sign={Icon::Undo} name={words.get("bar.undo")} testid="undo" enabled={can.0} onclick={on_click(&store, Action::Undo)} />
            <IconButton sign={Icon::Redo} name={words.get("bar.redo")} testid="redo" enabled={can.1} onclick={on_click(&store, Action::Redo)} />
        </>
    }
}

/// The class of a notice of this tone.
#[must_use]
pub fn tone_class(tone: Tone) -> &'static str {
    match tone {
        Tone::Calm => "notice",
        Tone::Warning => "notice warning",
    }
}

/// Words that are put together from parts.
#[must_use]
pub fn filled(words: &Words, line: &(&'static str, Vec<(&'static str, String)>)) -> String {
    let parts: Vec<(&str, &str)> = line.1.iter().map(|(name, value)| (*name, value.as_str())).collect();
    words.with(line.0, &parts)
}
