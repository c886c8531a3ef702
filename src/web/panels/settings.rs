//! Settings: language, theme, size, behaviour, who annotates.

use crate::web::act::{Action, perform};
use crate::web::app::{change_settings, use_words};
use crate::web::panels::sheet::Sheet;
use crate::web::state::{Dialog, Settings, Theme};
use crate::web::storage::open;
use crate::web::store::{use_select, use_store};
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
    html! {
        <Sheet title={words.get("bar.settings")} testid="settings-sheet">
            <div class="settings">
                <label class="field">{ words.get("settings.language") }<select onchange={change_language}>{ option("ar", settings.language == Language::Ar, "language.ar".into()) }{ option("en", settings.language == Language::En, "language.en".into()) }</select></label>
                <label class="field">{ words.get("settings.theme") }<select data-testid="theme" onchange={change_theme}>
                    { option("system", settings.theme == Theme::System, "theme.system".into()) }{ option("light", settings.theme == Theme::Light, "theme.light".into()) }{ option("dark", settings.theme == Theme::Dark, "theme.dark".into()) }</select></label>
                <Slider name={words.get("settings.size")} testid="text-size" min=14 max=40 step=1 value={settings.text_size} set={Callback::from({ let store = store.clone(); move |value| change_settings(&store, |settings| settings.text_size = value) })} />
                <Slider name={words.get("settings.line")} testid="line-height" min=150 max=320 step=5 value={settings.line_height} set={Callback::from({ let store = store.clone(); move |value| change_settings(&store, |settings| settings.line_height = value) })} />
                <Switch name={words.get("switch.snap")} on={settings.snap} set={Callback::from({ let store = store.clone(); move |on| change_settings(&store, |settings| settings.snap = on) })} />
                <Switch name={words.get("switch.marks")} on={settings.marks} set={Callback::from({ let store = store.clone(); move |on| change_settings(&store, |settings| settings.marks = on) })} />
                <Switch name={words.get("settings.keys")} on={settings.single_keys} set={Callback::from({ let store = store.clone(); move |on| change_settings(&store, |settings| settings.single_keys = on) })} />
                <div class="field"><span>{ words.with("settings.annotator", &[("name", open::annotator(&store).as_str())]) }</span><button type="button" class="button" data-testid="change-name" onclick={name}>{ words.get("settings.annotator.change") }</button></div>
            </div>
        </Sheet>
    }
}

#[derive(Properties, PartialEq)]
struct SliderProps {
    name: String,
    testid: &'static str,
    min: u32,
    max: u32,
    step: u32,
    value: u32,
    set: Callback<u32>,
}

#[component]
fn Slider(props: &SliderProps) -> Html {
    let oninput = {
        let set = props.set.clone();
        Callback::from(move |event: InputEvent| {
            if let Ok(value) = event.target_unchecked_into::<HtmlInputElement>().value().parse() {
                set.emit(value);
            }
        })
    };
    html! { <label class="field">{ &props.name }<input type="range" data-testid={props.testid} min={props.min.to_string()} max={props.max.to_string()} step={props.step.to_string()} value={props.value.to_string()} oninput={oninput} /></label> }
}

#[derive(Properties, PartialEq)]
struct SwitchProps {
    name: String,
    on: bool,
    set: Callback<bool>,
}

#[component]
fn Switch(props: &SwitchProps) -> Html {
    let onchange = {
        let set = props.set.clone();
        Callback::from(move |event: Event| set.emit(event.target_unchecked_into::<HtmlInputElement>().checked()))
    };
    html! { <label class="field switch"><input type="checkbox" checked={props.on} onchange={onchange} />{ &props.name }</label> }
}
