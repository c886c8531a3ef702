//! The bar above every screen: where one is, whether the work is safe, undo and redo, language, settings, help.

use crate::web::act::{Action, perform};
use crate::web::app::{switch_language, use_words};
use crate::web::panels::icons::{Icon, icon};
use crate::web::state::{Dialog, Route, SaveState, State, Tone};
use crate::web::store::{StoreRef, use_select, use_store};
use crate::web::words::Words;
use std::cell::Cell;
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

/// A button that shows a sign and tells its name. A plain value, not a component: it has no state of its own.
pub struct IconButton {
    sign: Icon,
    name: String,
    onclick: Callback<MouseEvent>,
    testid: Option<&'static str>,
    enabled: bool,
    pressed: Option<bool>,
    class: &'static str,
    keeps_focus: bool,
}

impl IconButton {
    /// A button with a sign, a name, and what it does.
    #[must_use]
    pub fn new(sign: Icon, name: String, onclick: Callback<MouseEvent>) -> Self {
        Self { sign, name, onclick, testid: None, enabled: true, pressed: None, class: "", keeps_focus: true }
    }

    /// How tests find it.
    #[must_use]
    pub fn testid(self, testid: &'static str) -> Self {
        Self { testid: Some(testid), ..self }
    }

    /// Whether it can be pressed.
    #[must_use]
    pub fn enabled(self, enabled: bool) -> Self {
        Self { enabled, ..self }
    }

    /// Whether it is on, for one that is on or off.
    #[must_use]
    pub fn pressed(self, pressed: bool) -> Self {
        Self { pressed: Some(pressed), ..self }
    }

    /// More classes.
    #[must_use]
    pub fn class(self, class: &'static str) -> Self {
        Self { class, ..self }
    }

    /// Lets a press take the focus, as buttons do that open a sheet: the sheet gives it back to them.
    #[must_use]
    pub fn takes_focus(self) -> Self {
        Self { keeps_focus: false, ..self }
    }

    /// The button on the screen.
    pub fn html(self) -> Html {
        let pressed = self.pressed.map(|pressed| if pressed { "true" } else { "false" });
        let name = AttrValue::from(self.name);
        html! {
            <button type="button" class={classes!("icon", self.class)} data-testid={self.testid} aria-label={name.clone()} title={name}
                disabled={!self.enabled} aria-pressed={pressed} onclick={self.onclick} onmousedown={self.keeps_focus.then(keep_focus)}>{ icon(self.sign) }</button>
        }
    }
}

/// The bar.
#[component]
pub fn Bar() -> Html {
    let store = use_store();
    let words = use_words();
    let route = use_select(|state| state.route.clone());
    let open = use_select(|state| state.work.as_ref().map(|work| work.session.key().document.clone()));
    let reading = matches!((&*route, &*open), (Route::Read(id) | Route::Review(id), Some(open)) if id == open);
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
            if reading && matches!(&*route, Route::Read(_)) { { IconButton::new(Icon::Find, words.get("bar.find"), on_click(&store, Action::Find)).class("opt").html() } }
            <button type="button" class="icon words" data-testid="language" lang={other.code()} onclick={language} aria-label={words.get("bar.language")} title={words.get("bar.language")}>{ words.get("bar.language.short") }</button>
            { IconButton::new(Icon::Settings, words.get("bar.settings"), on_click(&store, Action::Open(Dialog::Settings))).testid("settings").takes_focus().html() }
            { IconButton::new(Icon::Help, words.get("bar.help"), on_click(&store, Action::Open(Dialog::Help))).testid("help").takes_focus().html() }
        </header>
    }
}

#[component]
fn Navigation() -> Html {
    let words = use_words();
    let route = use_select(|state| state.route.clone());
    let open = use_select(|state| state.work.as_ref().map(|work| work.session.key().document.clone()));
    let node = use_node_ref();
    // Where the bar is too narrow for all of them, the current one is in view.
    use_effect_with((route.clone(), node.clone()), |(_, node)| {
        let current = node.cast::<web_sys::Element>().and_then(|nav| nav.query_selector("[aria-current]").ok().flatten());
        if let Some(link) = current {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_inline(web_sys::ScrollLogicalPosition::Center);
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            link.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
    let link = |to: Route, key: &str| {
        let here = std::mem::discriminant(&*route) == std::mem::discriminant(&to);
        let current = here.then_some("page");
        html! { <a href={to.fragment()} aria-current={current}>{ words.get(key) }</a> }
    };
    html! {
        <nav ref={node} aria-label={words.get("nav")}>
            { link(Route::Library, "nav.library") }
            if let Some(id) = (*open).clone() { { link(Route::Read(id.clone()), "nav.read") } { link(Route::Review(id), "nav.review") } }
            { link(Route::Agreement(None), "nav.agreement") }
            { link(Route::Dataset, "nav.dataset") }
            { link(Route::Schema, "nav.schema") }
        </nav>
    }
}

/// Whether the work is safe, in words and with a sign.
///
/// Its attribute tells so in the frame that shows a step in the text, the words and their looks right after that frame: other
/// words would have the page laid out, other looks styled anew.
#[component]
fn SaveLight() -> Html {
    let words = use_words();
    let store = use_store();
    let save = use_select(|state| (state.save, state.work.is_some()));
    let (save, _) = *save;
    let node = use_node_ref();
    use_effect_with((store, node.clone()), |(store, node)| {
        let (node, shown) = (node.clone(), Cell::new(None));
        let show = move |state: &State| {
            let element = node.cast::<web_sys::Element>().filter(|_| shown.replace(Some(state.save)) != Some(state.save));
            // A plain attribute name is never refused.
            let _ = element.map(|element| element.set_attribute("data-state", state.save.name()));
        };
        let state = store.state().clone();
        show(&state);
        let subscription = store.follow_last(show);
        move || drop(subscription)
    });
    let sign = match save {
        SaveState::Saved => Icon::Check,
        SaveState::Saving => Icon::Dots,
        SaveState::Failed | SaveState::Memory => Icon::Warning,
    };
    let name = save.name();
    html! { <span ref={node} class={classes!("save", name)} role="status" data-testid="save-state" title={words.get(&format!("save.{name}.why"))}>{ icon(sign) }<span class="save-words">{ words.get(&format!("save.{name}")) }</span></span> }
}

#[component]
fn Undoing() -> Html {
    let store = use_store();
    let words = use_words();
    let can =
        use_select(|state| state.work.as_ref().map_or((false, false), |work| (work.session.history().can_undo(), work.session.history().can_redo())));
    html! {
        <>
            { IconButton::new(Icon::Undo, words.get("bar.undo"), on_click(&store, Action::Undo)).testid("undo").enabled(can.0).html() }
            { IconButton::new(Icon::Redo, words.get("bar.redo"), on_click(&store, Action::Redo)).testid("redo").enabled(can.1).html() }
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
    let number = |value: &String| value.parse().map_or_else(|_| value.clone(), |n| words.number(n));
    let parts: Vec<(&str, String)> = line.1.iter().map(|(name, value)| (*name, if *name == "n" { number(value) } else { value.clone() })).collect();
    let parts: Vec<(&str, &str)> = parts.iter().map(|(name, value)| (*name, value.as_str())).collect();
    words.with(line.0, &parts)
}
