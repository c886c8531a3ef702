//! The sheets: shortcuts, the annotator's name, pasting, all occurrences; and on narrow screens guidelines and list.

use crate::web::act;
use crate::web::app::use_words;
use crate::web::keys::{HELP, Line};
use crate::web::occurrences;
use crate::web::panels::checks::DoneSheet;
use crate::web::panels::detail::Detail;
use crate::web::panels::guide::Guide;
use crate::web::panels::labels::{swatch, use_schema};
use crate::web::panels::settings::SettingsSheet;
use crate::web::panels::sheet::Sheet;
use crate::web::panels::spans::SpanPanel;
use crate::web::review::{BesidePanel, CommentSheet};
use crate::web::state::{Dialog, Occurrences};
use crate::web::storage::{library, open};
use crate::web::store::{use_select, use_store};
use crate::web::words::Words;
use std::rc::Rc;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

/// The sheet in front, if there is one.
#[component]
pub fn Dialogs() -> Html {
    let words = use_words();
    let seen = use_select(|state| {
        let occurrences = state.work.as_ref().is_some_and(|work| work.occurrences.is_some());
        (state.dialog.clone(), occurrences, state.beside.is_some())
    });
    let (dialog, occurrences, beside) = (*seen).clone();
    if occurrences {
        return html! { <OccurrencesSheet /> };
    }
    match dialog {
        None => Html::default(),
        Some(Dialog::Help) => html! { <Sheet title={words.get("help.title")} testid="help-sheet" wide=true>{ help(&words) }</Sheet> },
        Some(Dialog::Name) => html! { <NameSheet /> },
        Some(Dialog::Done) => html! { <DoneSheet /> },
        Some(Dialog::Comment) => html! { <CommentSheet /> },
        Some(Dialog::Settings) => html! { <SettingsSheet /> },
        Some(Dialog::Paste) => html! { <PasteSheet /> },
        Some(Dialog::Guide) => html! { <Sheet title={words.get("guide.title")} testid="guide-sheet"><Guide /></Sheet> },
        Some(Dialog::List) => {
            html! { <Sheet title={words.get("spans.title")} testid="list-sheet"><div class="spans in-sheet">if beside { <BesidePanel /> }<SpanPanel /><Detail /></div></Sheet> }
        }
    }
}

fn help(words: &Words) -> Html {
    let line = |line: &Line| {
        let keys = line.keys.iter().enumerate().map(|(index, together)| html! { <>if index > 0 { <span class="soft">{ " / " }</span> }{ for together.iter().map(|key| html! { <kbd>{ *key }</kbd> }) }</> });
        html! { <tr><th scope="row"><bdo dir="ltr">{ for keys }</bdo></th><td>{ words.get(line.words) }</td></tr> }
    };
    html! {
        <><p>{ words.get("help.mouse") }</p>
        <div class="help">{ review_help(words) }{ for HELP.iter().map(|part| html! { <section><h3>{ words.get(part.words) }</h3><table><tbody>{ for part.lines.iter().map(line) }</tbody></table></section> }) }</div>
        <p class="soft small">{ words.get("help.layout") }</p>
        <p>{ words.get("help.build") }</p><p>{ words.get("help.review") }</p></>
    }
}

/// The keys of the review, once that was opened.
fn review_help(words: &Words) -> Html {
    let lines = crate::web::review::help(words.language());
    if lines.is_empty() {
        return Html::default();
    }
    let line = |(keys, does): (&'static [&'static str], String)| html! { <tr><th scope="row"><bdo dir="ltr">{ for keys.iter().map(|key| html! { <kbd>{ *key }</kbd> }) }</bdo></th><td>{ does }</td></tr> };
    html! { <section data-testid="review-keys"><h3>{ words.get("nav.review") }</h3><table><tbody>{ for lines.into_iter().map(line) }</tbody></table></section> }
}

#[component]
fn NameSheet() -> Html {
    let store = use_store();
    let words = use_words();
    let known = use_select(|state| state.settings.annotator.clone());
    let field = use_node_ref();
    let keep = use_state(|| true);
    let first = known.is_none();
    let current = open::annotator(&store);
    let submit = {
        let (store, field, keep) = (store.clone(), field.clone(), *keep);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(name) = field.cast::<HtmlInputElement>().map(|field| field.value()) else { return };
            library::set_annotator(&store, &name, keep);
            store.update(|state| state.dialog = None);
        })
    };
    let choose = |value: bool| {
        let keep = keep.clone();
        Callback::from(move |_: Event| keep.set(value))
    };
    html! {
        <Sheet title={words.get("name.title")} testid="name-sheet">
            <form onsubmit={submit}>
                <label class="field">{ words.get("name.field") }<input ref={field} data-testid="annotator-name" dir="auto" required=true autocomplete="name" value={if first { String::new() } else { current.to_string() }} /></label>
                if !first {
                    <fieldset><legend class="soft small">{ words.get("name.what") }</legend>
                    <label><input type="radio" name="keep" checked={*keep} onchange={choose(true)} />{ words.get("name.rename") }</label>
                    <label><input type="radio" name="keep" data-testid="other-person" checked={!*keep} onchange={choose(false)} />{ words.get("name.other") }</label></fieldset>
                }
                <p class="soft small">{ words.get("name.why") }</p>
                <div class="row"><button type="submit" class="button primary">{ words.get("save.name") }</button></div>
            </form>
        </Sheet>
    }
}

#[component]
fn PasteSheet() -> Html {
    let store = use_store();
    let words = use_words();
    let (title, text) = (use_node_ref(), use_node_ref());
    let submit = {
        let (title, text) = (title.clone(), text.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let title = title.cast::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default();
            let text = text.cast::<HtmlTextAreaElement>().map(|field| field.value()).unwrap_or_default();
            if text.trim().is_empty() {
                return act::toast(&store, |words| words.get("paste.empty"));
            }
            store.update(|state| state.dialog = None);
            library::take_text(&store, &title, text);
        })
    };
    html! {
        <Sheet title={words.get("paste")} testid="paste-sheet" wide=true>
            <form onsubmit={submit}>
                <label class="field">{ words.get("paste.title") }<input ref={title} dir="auto" data-testid="paste-title" /></label>
                <label class="field">{ words.get("paste.text") }<textarea ref={text} rows="12" dir="auto" lang="ar" data-testid="paste-text" /></label>
                <div class="row"><button type="submit" class="button primary" data-testid="paste-add">{ words.get("paste.add") }</button></div>
            </form>
        </Sheet>
    }
}

/// The other places of the selected words, to be confirmed.
#[component]
fn OccurrencesSheet() -> Html {
    let store = use_store();
    let words = use_words();
    let schema = use_schema();
    let seen = use_select(|state| state.work.as_ref().and_then(|work| work.occurrences.clone()));
    let Some(occurrences) = (*seen).clone() else { return Html::default() };
    let change = {
        let store = store.clone();
        move |change: Box<dyn FnOnce(&mut Occurrences)>| {
            act::with_work(&store, |work| {
                if let Some(occurrences) = work.occurrences.as_mut() {
                    change(Rc::make_mut(occurrences))
                }
            })
        }
    };
    let labels = schema.offered().into_iter().map(|(label, _)| {
        let on = label.id == occurrences.label;
        let onclick = {
            let (store, id) = (store.clone(), label.id.clone());
            Callback::from(move |_: MouseEvent| occurrences::list(&store, Some(id.clone())))
        };
        html! { <button type="button" key={label.id.as_str().to_owned()} class={classes!("chip", on.then_some("on"))} aria-pressed={if on { "true" } else { "false" }} onclick={onclick}>{ swatch(&schema, &label.id) }{ words.pick(&label.names).to_owned() }</button> }
    });
    let wanted = occurrences.places.iter().filter(|(_, wanted)| *wanted).count();
    let places = occurrences.places.iter().enumerate().map(|(index, (span, is_wanted))| {
        let state = store.state();
        let context = state.work.as_ref().and_then(|work| work.text().map(|text| context(text, *span))).unwrap_or_default();
        let change = change.clone();
        let onchange = Callback::from(move |_: Event| {
            change(Box::new(move |occurrences| {
                if let Some(place) = occurrences.places.get_mut(index) {
                    place.1 = !place.1;
                }
            }));
        });
        html! { <li key={index}><label><input type="checkbox" checked={*is_wanted} onchange={onchange} /><bdi lang="ar" class="context">{ context.0 }<mark>{ context.1 }</mark>{ context.2 }</bdi></label></li> }
    });
    let confirm = {
        let store = store.clone();
        Callback::from(move |event: MouseEvent| {
            crate::web::timing::began(event.time_stamp());
            occurrences::confirm(&store);
        })
    };
    html! {
        <Sheet title={words.with("occurrences.title", &[("words", &occurrences.words)])} testid="occurrences-sheet" wide=true>
            <div class="chips" role="group" aria-label={words.get("labels.title")}>{ for labels }</div>
            if occurrences.labelled > 0 { <p class="soft small">{ words.count("occurrences.labelled", occurrences.labelled) }</p> }
            if occurrences.places.is_empty() { <p class="empty">{ words.get("occurrences.none") }</p> }
            <ul class="occurrences" data-testid="places">{ for places }</ul>
            <div class="row"><button type="button" class="button primary" data-testid="label-all" disabled={wanted == 0} onclick={confirm}>{ words.count("occurrences.label", wanted) }</button></div>
        </Sheet>
    }
}

/// A few words before, the place, a few words after.
fn context(text: &crate::text::Text, span: crate::span::Span) -> (String, String, String) {
    let around = 32;
    let paragraph = text.paragraphs().get(text.paragraph_at(span.start())).map(|paragraph| paragraph.range.clone()).unwrap_or(span.range());
    let from = text.grapheme_floor(span.start().minus(around));
    let to = text.grapheme_ceil(span.end().plus(around).min(text.len()));
    // Words at the rim are whole or left out.
    let from = text.word_at(from).filter(|word| word.start < from && word.end <= span.start()).map_or(from, |word| word.end).max(paragraph.start);
    let to =
        text.word_at(to).filter(|word| to < word.end && word.start >= span.end()).map_or(to, |word| word.start).min(paragraph.end.max(span.end()));
    let part = |range| text.slice(range).unwrap_or_default().to_owned();
    (part(from..span.start()), part(span.range()), part(span.end()..to))
}
