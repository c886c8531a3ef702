//! Fields: a name above, the field below, and what becomes of the draft when it changes.

use super::model::Model;
use super::screen::Desk;
use crate::schema::Names;
use crate::web::panels::icons::{Icon, icon};
use crate::web::words::Words;
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

/// A line of text; the draft changes with every letter.
pub fn text(desk: &Desk, field: &str, label: String, value: &str, dir: &'static str, set: impl Fn(&mut Model, String) + 'static) -> Html {
    let oninput = desk.editor(move |model, event: InputEvent| set(model, event.target_unchecked_into::<HtmlInputElement>().value()));
    html! { <label class="field"><span>{ label }</span><input data-field={field.to_owned()} dir={dir} value={value.to_owned()} {oninput} /></label> }
}

/// A name for files; the draft changes when the field is left, for halves of names are names too.
pub fn id(desk: &Desk, label: String, value: &str, set: impl Fn(&mut Model, String) + 'static) -> Html {
    let onchange = desk.editor(move |model, event: Event| set(model, event.target_unchecked_into::<HtmlInputElement>().value()));
    html! { <label class="field"><span>{ label }</span><input data-field="id" dir="auto" required=true spellcheck="false" value={value.to_owned()} {onchange} /></label> }
}

/// Several lines of text.
pub fn area(desk: &Desk, field: &str, label: String, value: &str, dir: &'static str, set: impl Fn(&mut Model, String) + 'static) -> Html {
    let oninput = desk.editor(move |model, event: InputEvent| set(model, event.target_unchecked_into::<HtmlTextAreaElement>().value()));
    html! { <label class="field"><span>{ label }</span><textarea data-field={field.to_owned()} rows="5" dir={dir} value={value.to_owned()} {oninput} /></label> }
}

/// One of several.
pub fn choice(
    desk: &Desk,
    field: &str,
    label: String,
    options: &[(String, String)],
    chosen: &str,
    set: impl Fn(&mut Model, String) + 'static,
) -> Html {
    let onchange = desk.editor(move |model, event: Event| set(model, event.target_unchecked_into::<HtmlSelectElement>().value()));
    let options = options.iter().map(|(value, words)| html! { <option value={value.clone()} selected={value == chosen}>{ words }</option> });
    html! { <label class="field"><span>{ label }</span><select data-field={field.to_owned()} {onchange}>{ for options }</select></label> }
}

/// Yes or no.
pub fn check(desk: &Desk, field: &str, label: String, on: bool, set: impl Fn(&mut Model, bool) + 'static) -> Html {
    let onchange = desk.editor(move |model, event: Event| set(model, event.target_unchecked_into::<HtmlInputElement>().checked()));
    html! { <label class="field switch"><input type="checkbox" data-field={field.to_owned()} checked={on} {onchange} /><span>{ label }</span></label> }
}

/// A whole number, or none.
pub fn number(desk: &Desk, field: &str, label: String, value: Option<u32>, set: impl Fn(&mut Model, Option<u32>) + 'static) -> Html {
    let onchange = desk.editor(move |model, event: Event| {
        let value = event.target_unchecked_into::<HtmlInputElement>().value();
        set(model, value.trim().parse().ok().filter(|number| *number > 0));
    });
    let value = value.map(|value| value.to_string()).unwrap_or_default();
    html! { <label class="field"><span>{ label }</span><input type="number" min="1" step="1" data-field={field.to_owned()} {value} {onchange} /></label> }
}

/// A colour: by the browser's own field, and as it is written.
pub fn colour(desk: &Desk, field: &str, label: String, value: &str, set: impl Fn(&mut Model, String) + Clone + 'static) -> Html {
    let by_field = set.clone();
    let picked = desk.editor(move |model, event: InputEvent| by_field(model, event.target_unchecked_into::<HtmlInputElement>().value()));
    let written =
        desk.editor(move |model, event: InputEvent| set(model, event.target_unchecked_into::<HtmlInputElement>().value().trim().to_owned()));
    html! {
        <div class="field"><span aria-hidden="true">{ &label }</span><span class="colour-field">
            <input type="color" aria-label={label.clone()} value={value.to_owned()} oninput={picked} />
            <input aria-label={label} data-field={field.to_owned()} dir="ltr" size="8" spellcheck="false" value={value.to_owned()} oninput={written} />
        </span></div>
    }
}

/// A name in both languages.
pub fn names(desk: &Desk, words: &Words, names: &Names, at: impl for<'a> Fn(&'a mut Model) -> Option<&'a mut Names> + Clone + 'static) -> Html {
    let other = at.clone();
    let arabic = move |model: &mut Model, value: String| {
        if let Some(names) = at(model) {
            names.ar = value;
        }
    };
    let english = move |model: &mut Model, value: String| {
        if let Some(names) = other(model) {
            names.en = value;
        }
    };
    html! { <>{ text(desk, "name-ar", words.get("desk.name.ar"), &names.ar, "rtl", arabic) }{ text(desk, "name-en", words.get("desk.name.en"), &names.en, "ltr", english) }</> }
}

/// Whether a text is one line or several.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// One.
    Line,
    /// Several.
    Area,
}

/// A text in both languages that may be missing; empty in both it is.
pub fn maybe(
    desk: &Desk,
    field: &str,
    labels: (String, String),
    size: Size,
    names: Option<&Names>,
    at: impl for<'a> Fn(&'a mut Model) -> Option<&'a mut Option<Names>> + Clone + 'static,
) -> Html {
    let empty = Names::default();
    let names = names.unwrap_or(&empty);
    let set = |is_arabic: bool| {
        let at = at.clone();
        move |model: &mut Model, value: String| {
            let Some(place) = at(model) else { return };
            let names = place.get_or_insert_default();
            if is_arabic {
                names.ar = value;
            } else {
                names.en = value;
            }
            if names.ar.trim().is_empty() && names.en.trim().is_empty() {
                *place = None;
            }
        }
    };
    let (ar, en) = (format!("{field}-ar"), format!("{field}-en"));
    match size {
        Size::Line => {
            html! { <>{ text(desk, &ar, labels.0, &names.ar, "rtl", set(true)) }{ text(desk, &en, labels.1, &names.en, "ltr", set(false)) }</> }
        }
        Size::Area => {
            html! { <>{ area(desk, &ar, labels.0, &names.ar, "rtl", set(true)) }{ area(desk, &en, labels.1, &names.en, "ltr", set(false)) }</> }
        }
    }
}

/// A small button that changes the draft.
pub fn button(desk: &Desk, does: &'static str, sign: Icon, name: String, enabled: bool, set: impl Fn(&mut Model) + 'static) -> Html {
    let onclick = desk.editor(move |model, _: MouseEvent| set(model));
    html! { <button type="button" class="icon" data-do={does} aria-label={name.clone()} title={name} disabled={!enabled} {onclick}>{ icon(sign) }</button> }
}

/// A button with words that changes the draft.
pub fn plain(desk: &Desk, does: &'static str, sign: Icon, name: String, set: impl Fn(&mut Model) + 'static) -> Html {
    let onclick = desk.editor(move |model, _: MouseEvent| set(model));
    html! { <button type="button" class="button" data-do={does} {onclick}>{ icon(sign) }{ name }</button> }
}

/// After a move the focus goes along: to the same button of the card in its new place, or to its list where it went.
fn follow(from: &str, to: &str, does: &'static str) {
    focus(format!("#desk [data-slot='{to}'] [data-do={does}]:not(:disabled), #desk [data-slot='{to}'] summary, #desk [data-slot='{from}'] summary"));
}

/// Once what changed is shown, puts the focus on the first element that is found.
pub fn focus(wanted: String) {
    gloo::timers::callback::Timeout::new(0, move || {
        let found = gloo::utils::document().query_selector(&wanted).ok().flatten();
        if let Some(found) = found.and_then(|found| wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlElement>(found).ok()) {
            // An element that cannot be focused leaves the focus where it is.
            let _ = found.focus();
        }
    })
    .forget();
}

/// As [`places`], for cards: what is open stays open in its new place, and the focus goes along.
pub fn card_places<T: 'static>(
    desk: &Desk,
    words: &Words,
    name: &str,
    (slot, index, count): (&'static str, usize, usize),
    list: impl for<'a> Fn(&'a mut Model) -> Option<&'a mut Vec<T>> + Clone + 'static,
) -> Html {
    let name_of = move |index: usize| format!("{slot}-{index}");
    let shift = |first: usize, to: usize, does: &'static str| {
        let list = list.clone();
        move |model: &mut Model| {
            let Some(all) = list(model).filter(|all| first + 1 < all.len()) else { return };
            all.swap(first, first + 1);
            let (a, b) = (name_of(first), name_of(first + 1));
            let (had_a, had_b) = (model.open.remove(&a), model.open.remove(&b));
            model.open.extend(had_a.then(|| b.clone()).into_iter().chain(had_b.then(|| a.clone())));
            follow(&name_of(index), &name_of(to), does);
        }
    };
    let remove = {
        let list = list.clone();
        move |model: &mut Model| {
            let Some(all) = list(model).filter(|all| index < all.len()) else { return };
            all.remove(index);
            let left = all.len();
            model.open.remove(&name_of(index));
            for later in index + 1..=left {
                if model.open.remove(&name_of(later)) {
                    model.open.insert(name_of(later - 1));
                }
            }
            follow(&name_of(index), &name_of(index.saturating_sub(1)), "none");
        }
    };
    let part = [("name", name)];
    html! {
        <span class="places">
            { button(desk, "up", Icon::Previous, words.with("desk.up", &part), index > 0, shift(index.saturating_sub(1), index.saturating_sub(1), "up")) }
            { button(desk, "down", Icon::Next, words.with("desk.down", &part), index + 1 < count, shift(index, index + 1, "down")) }
            { button(desk, "remove", Icon::Trash, words.with("desk.remove", &part), true, remove) }
        </span>
    }
}

/// The buttons that move a part of a list up and down, and take it out.
pub fn places<T: 'static>(
    desk: &Desk,
    words: &Words,
    name: &str,
    index: usize,
    count: usize,
    list: impl for<'a> Fn(&'a mut Model) -> Option<&'a mut Vec<T>> + Clone + 'static,
) -> Html {
    let shift = |by: usize| {
        let list = list.clone();
        move |model: &mut Model| {
            if let Some(list) = list(model)
                && by + 1 < list.len() + 1
                && by > 0
                && by < list.len()
            {
                list.swap(by - 1, by);
            }
        }
    };
    let part = [("name", name)];
    let remove = {
        let list = list.clone();
        move |model: &mut Model| {
            if let Some(list) = list(model).filter(|list| index < list.len()) {
                list.remove(index);
            }
        }
    };
    html! {
        <span class="places">
            { button(desk, "up", Icon::Previous, words.with("desk.up", &part), index > 0, shift(index)) }
            { button(desk, "down", Icon::Next, words.with("desk.down", &part), index + 1 < count, shift(index + 1)) }
            { button(desk, "remove", Icon::Trash, words.with("desk.remove", &part), true, remove) }
        </span>
    }
}

/// A card that opens and closes; what is in it is made only while it is open.
pub fn card(desk: &Desk, model: &Model, place: &str, part: String, summary: Html, inside: impl FnOnce() -> Html) -> Html {
    let open = model.open.contains(place);
    let toggle = {
        let (desk, place) = (desk.clone(), place.to_owned());
        Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            desk.change(|model| {
                if !model.open.remove(&place) {
                    model.open.insert(place.clone());
                }
            });
        })
    };
    html! { <details class="desk-card" data-part={part} {open}><summary onclick={toggle}>{ summary }</summary>if open { <div class="desk-fields">{ inside() }</div> }</details> }
}
