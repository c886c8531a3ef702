//! How a label looks, on light paper and on dark, whatever the page itself has.

use crate::schema::{Schema, Style};
use std::fmt::Write;
use wasm_bindgen::{JsCast, JsValue};
use yew::prelude::*;

/// The look of the screen.
const LOOK: &str = include_str!("../../styles/desk.css");

/// A style sheet of the desk's own, taken away on drop.
pub struct Sheet(Option<web_sys::CssStyleSheet>);

impl Sheet {
    fn adopt(rules: &str) -> Self {
        let Ok(sheet) = web_sys::CssStyleSheet::new() else { return Self(None) };
        let adopted = adopted();
        adopted.push(&sheet);
        // Refused only by browsers without highlights, which the start script turns away.
        let _ = js_sys::Reflect::get(&sheet, &"replaceSync".into()).map(|replace| {
            let replace: js_sys::Function = replace.unchecked_into();
            replace.call1(&sheet, &rules.into())
        });
        set_adopted(&adopted);
        Self(Some(sheet))
    }
}

impl Drop for Sheet {
    fn drop(&mut self) {
        let Some(sheet) = &self.0 else { return };
        let own: &JsValue = sheet.as_ref();
        set_adopted(&adopted().iter().filter(|other| other != own).collect());
    }
}

fn adopted() -> js_sys::Array {
    let all = js_sys::Reflect::get(&gloo::utils::document(), &"adoptedStyleSheets".into()).unwrap_or_default();
    js_sys::Array::from(&all)
}

fn set_adopted(all: &js_sys::Array) {
    // As above.
    let _ = js_sys::Reflect::set(&gloo::utils::document(), &"adoptedStyleSheets".into(), all);
}

fn rules(schema: &Schema) -> String {
    let mut css = String::new();
    for (index, label) in schema.labels.iter().enumerate() {
        for (paper, colour) in [("light", &label.colour.light), ("dark", &label.colour.dark)] {
            let good = colour.len() == 7 && colour.starts_with('#') && colour[1..].bytes().all(|byte| byte.is_ascii_hexdigit());
            let colour = if good { colour } else { "#8a8f96" };
            // Writing to a string does not fail.
            let _ = writeln!(css, ".paper-{paper} .tone-{index}{{--tone:{colour}}}");
        }
    }
    css
}

/// The look of the screen, to be there before it: on a slow machine an effect runs some frames after what is rendered, and
/// the screen would move under the pointer.
#[must_use]
pub fn look() -> Sheet {
    Sheet::adopt(LOOK)
}

/// Keeps the colours of the draft.
#[hook]
pub fn use_rules(schema: &Schema) {
    use_effect_with(rules(schema), |rules| {
        let sheet = Sheet::adopt(rules);
        move || drop(sheet)
    });
}

/// A few words with the label on one of them, on both papers. `words` are those before, the labelled, those after.
pub fn both(index: usize, style: Style, words: [&str; 3]) -> Html {
    let class = match style {
        Style::Fill => "tone tone-fill",
        Style::Line => "tone tone-line",
    };
    let paper = |paper: &'static str| {
        html! { <span class={classes!("paper", paper)}><bdi lang="ar">{ words[0] }<span class={classes!(class, format!("tone-{index}"), format!("pattern-{}", index % 4))}>{ words[1] }</span>{ words[2] }</bdi></span> }
    };
    html! { <span class="papers" aria-hidden="true">{ paper("paper-light") }{ paper("paper-dark") }</span> }
}
