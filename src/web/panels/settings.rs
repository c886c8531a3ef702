//! Settings: language, theme, size, behaviour, who annotates.

use crate::web::act::{Action, perform};
use crate::web::app::{change_settings, use_words};
use crate::web::panels::sheet::Sheet;
use crate::web::state::{Dialog, Settings, Theme};
use crate::web::storage::{library, open};
use crate::web::store::{StoreRef, use_select, use_store};
use crate::web::words::Language;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// The sheet of settings.
#[component]
pub fn SettingsSheet() -> Html {
    let store = use_store();
    let words = use_words();
    let settings = use_select(|state| state.settings.clone());
    let settings: &Settings = &settings;
    let change_theme = {
        let store = store.clone();
        Callback::from(move |event: Event| {
            let theme = match event.target_unchecked_into::<HtmlSelectElement>().value().as_str() {
                "light" => Theme::Light,
                "dark" => Theme::Dark,
                _ => Theme::System,
            };
            change_settings(&store, |settings| settings.theme = theme);
        })
    };
    let change_language = {
        let store = store.clone();
        Callback::from(move |event: Event| {
            let language = if event.target_unchecked_into::<HtmlSelectElement>().value() == "en" { Language::En } else { Language::Ar };
            change_settings(&store, |settings| settings.language = language);
        })
    };
    let name = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| perform(&store, Action::Open(Dialog::Name)))
    };
    let option = |value: &'static str, on: bool, key: String| html! { <option value={value} selected={on}>{ words.get(&key) }</option> };
    {
        // What was told of others' labels before is told no longer.
        let (store, was) = (store.clone(), use_mut_ref(|| settings.blind));
        use_effect_with(settings.blind, move |blind| {
            if *blind && !was.replace(*blind) {
                library::dismiss(&store, "notice.import");
            }
        });
    }
    html! {
        <Sheet title={words.get("bar.settings")} testid="settings-sheet">
            <div class="settings">
                <label class="field">{ words.get("settings.language") }<select onchange={change_language}>{ option("ar", settings.language == Language::Ar, "language.ar".into()) }{ option("en", settings.language == Language::En, "language.en".into()) }</select></label>
                <label class="field">{ words.get("settings.theme") }<select data-testid="theme" onchange={change_theme}>
                    { option("system", settings.theme == Theme::System, "theme.system".into()) }{ option("light", settings.theme == Theme::Light, "theme.light".into()) }{ option("dark", settings.theme == Theme::Dark, "theme.dark".into()) }</select></label>
                { slider(&store, words.get("settings.size"), "text-size", (14, 40, 1), settings.text_size, |settings, value| settings.text_size = value) }
                { slider(&store, words.get("settings.line"), "line-height", (150, 320, 5), settings.line_height, |settings, value| settings.line_height = value) }
                { switch(&store, words.get("switch.snap"), settings.snap, |settings, on| settings.snap = on) }
                { switch(&store, words.get("switch.marks"), settings.marks, |settings, on| settings.marks = on) }
                { switch(&store, words.get("settings.blind"), settings.blind, |settings, on| settings.blind = on) }
                { switch(&store, words.get("settings.keys"), settings.single_keys, |settings, on| settings.single_keys = on) }
                <div class="field"><span>{ words.with("settings.annotator", &[("name", open::annotator(&store).as_str())]) }</span><button type="button" class="button" data-testid="change-name" onclick={name}>{ words.get("settings.annotator.change") }</button></div>
            </div>
        </Sheet>
    }
}

/// A number to be set by sliding, from `range.0` to `range.1` in steps of `range.2`.
fn slider(store: &StoreRef, name: String, testid: &'static str, range: (u32, u32, u32), value: u32, set: fn(&mut Settings, u32)) -> Html {
    let store = store.clone();
    let oninput = Callback::from(move |event: InputEvent| {
        if let Ok(value) = event.target_unchecked_into::<HtmlInputElement>().value().parse() {
            change_settings(&store, |settings| set(settings, value));
        }
    });
    let (min, max, step) = range;
    html! { <label class="field">{ name }<input type="range" data-testid={testid} min={min.to_string()} max={max.to_string()} step={step.to_string()} value={value.to_string()} oninput={oninput} /></label> }
}

/// Something that is on or off.
fn switch(store: &StoreRef, name: String, on: bool, set: fn(&mut Settings, bool)) -> Html {
    let store = store.clone();
    let onchange = Callback::from(move |event: Event| {
        let on = event.target_unchecked_into::<HtmlInputElement>().checked();
        change_settings(&store, |settings| set(settings, on));
    });
    html! { <label class="field switch"><input type="checkbox" checked={on} onchange={onchange} />{ name }</label> }
}
