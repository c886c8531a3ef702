//! A corrected text for a document: a file or what is pasted, what comes of everybody's labels, and one question before it is made.

use super::port::State;
use super::shown::Shown;
use super::words;
use crate::exchange::{Looks, NoRetext, RetextAsked, RetextLayer, RetextLine, RetextTold};
use crate::web::js;
use crate::web::panels::icons::{Icon, icon};
use crate::web::state::Route;
use crate::web::words::{Language, Words};
use gloo::file::File;
use js_sys::Function;
use serde::Deserialize;
use std::ops::Deref;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

/// The most labels of a kind that are shown; the file has them all.
const SHOWN: usize = 100;

/// The name of the file with all that does not stay as it is.
const FILE: &str = "wusum-retext.jsonl";

/// What the page tells of the document.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Wanted {
    id: String,
    title: String,
    /// Who looks.
    #[serde(default)]
    looks: Option<Looks>,
}

/// What the page tells of a task that it was asked for.
#[derive(Deserialize)]
pub struct Answered {
    id: u32,
    /// None where nothing was done, which the page has told.
    answer: Option<RetextTold>,
}

/// What is shown of it.
#[derive(Default)]
pub struct Model {
    language: Language,
    document: Wanted,
    text: String,
    /// What could not be read.
    unread: Option<String>,
    /// What was told of the text as it is.
    told: Option<RetextTold>,
    /// The task that is at work.
    asked: Option<u32>,
    last: u32,
}

/// The model, who shows it, and the way to the page.
#[derive(Clone)]
pub struct Table(Rc<Shown<Model>>);

impl PartialEq for Table {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Deref for Table {
    type Target = Shown<Model>;

    fn deref(&self) -> &Shown<Model> {
        &self.0
    }
}

impl Table {
    /// A table that sends to the page by `send`.
    pub fn new(send: Function) -> Self {
        Self(Rc::new(Shown::new(Model::default(), send)))
    }

    /// The page told its state.
    pub fn state(&self, state: State) {
        self.change(|model| model.language = state.language);
    }

    /// The page told which document it is; another one starts anew.
    pub fn document(&self, document: Wanted) {
        self.change(|model| {
            if model.document.id != document.id {
                *model = Model { language: model.language, last: model.last, ..Model::default() };
            }
            if model.document.looks != document.looks {
                model.told = None;
            }
            model.document = document;
        });
        super::field::focus("#desk [data-testid=retext-title]".to_owned());
    }

    /// The page told what came of a task.
    pub fn answered(&self, answered: Answered) {
        self.change(|model| {
            if model.asked == Some(answered.id) {
                model.asked = None;
                model.told = answered.answer;
            }
        });
        super::field::focus("#desk [data-testid=retext-told]".to_owned());
    }

    fn write(&self, text: String) {
        self.change(|model| (model.text, model.told, model.unread, model.asked) = (text, None, None, None));
    }

    fn load(&self, file: web_sys::File) {
        let table = self.clone();
        spawn_local(async move {
            let name = file.name();
            let bytes = gloo::file::futures::read_as_bytes(&File::from(file)).await.unwrap_or_default();
            let decoded = crate::text::decode(&bytes);
            if decoded.problems.is_empty() && !bytes.is_empty() {
                table.write(decoded.text);
            } else {
                table.change(|model| model.unread = Some(name));
            }
        });
    }

    fn ask(&self, sure: bool) {
        let asked = {
            let mut model = self.quietly();
            model.last += 1;
            model.asked = Some(model.last);
            RetextAsked { document: model.document.id.clone(), text: model.text.clone(), now: js::now(), sure, looks: model.document.looks.clone() }
        };
        self.change(|_| {});
        let Ok(task) = serde_json::to_string(&asked) else { return };
        let id = self.model().last;
        self.send("retext", &id.to_string(), &task);
    }

    /// Has the page save a list of all labels that do not stay as they are.
    fn save(&self) {
        let model = self.model();
        let Some(told) = &model.told else { return };
        let line = |layer: &RetextLayer, line: &RetextLine| {
            let mut line = serde_json::to_value(line).unwrap_or_default();
            if let (Some(fields), Some(annotator)) = (line.as_object_mut(), &layer.annotator) {
                fields.insert("annotator".to_owned(), annotator.as_str().into());
            }
            format!("{line}\n")
        };
        let lines = told.layers.iter().flat_map(|layer| layer.lost.iter().chain(&layer.changed).map(move |one| line(layer, one)));
        let list: String = lines.collect();
        self.save_file(FILE, &list);
    }
}

/// The table that is shown.
#[derive(Properties, PartialEq)]
pub struct RetextProps {
    /// Which.
    pub table: Table,
}

/// The whole of it.
#[component]
pub fn Retext(props: &RetextProps) -> Html {
    let update = use_force_update();
    let table = &props.table;
    table.shown_by(Callback::from(move |()| update.force_update()));
    let model = table.model();
    let words = words::of(model.language);
    html! {
        <div class="retext card" data-testid="retext" role="region" aria-labelledby="retext-title">
            <h2 id="retext-title" tabindex="-1" data-testid="retext-title">{ words.with("desk.retext.title", &[("title", &model.document.title)]) }</h2>
            <p class="soft">{ words.get("desk.retext.what") }</p>
            { fields(table, &model, &words) }
            <p class="soft small" role="status">{ if model.asked.is_some() { words.get("desk.build.busy") } else { String::new() } }</p>
            if let Some(told) = &model.told { { answer(table, &model, told, &words) } }
        </div>
    }
}

fn fields(table: &Table, model: &Model, words: &Words) -> Html {
    let chosen = {
        let table = table.clone();
        Callback::from(move |event: Event| {
            let field = event.target_unchecked_into::<HtmlInputElement>();
            if let Some(file) = field.files().and_then(|files| files.get(0)) {
                table.load(file);
            }
            // The same file can be chosen again.
            field.set_value("");
        })
    };
    let typed = {
        let table = table.clone();
        Callback::from(move |event: InputEvent| table.write(event.target_unchecked_into::<HtmlTextAreaElement>().value()))
    };
    let look = asking(table, false);
    let can_look = !model.text.trim().is_empty() && model.asked.is_none();
    html! {
        <>
            <label class="field"><span>{ words.get("desk.retext.file") }</span><input type="file" data-testid="retext-file" accept=".txt,.text,text/plain" onchange={chosen} /></label>
            if let Some(file) = &model.unread { <p class="trouble" role="alert">{ words.with("desk.retext.unread", &[("file", file)]) }</p> }
            <label class="field"><span>{ words.get("desk.retext.text") }</span><textarea rows="8" dir="auto" data-testid="retext-text" value={model.text.clone()} oninput={typed} /></label>
            <div class="row"><button type="button" class="button primary" data-testid="retext-look" disabled={!can_look} onclick={look}>{ icon(Icon::Eye) }{ words.get("desk.retext.look") }</button></div>
        </>
    }
}

fn asking(table: &Table, sure: bool) -> Callback<MouseEvent> {
    let table = table.clone();
    Callback::from(move |_: MouseEvent| table.ask(sure))
}

fn answer(table: &Table, model: &Model, told: &RetextTold, words: &Words) -> Html {
    if let Some(why) = told.trouble {
        let why = words.get(match why {
            NoRetext::Gone => "desk.retext.gone",
            NoRetext::Empty => "desk.retext.empty",
            NoRetext::Same => "desk.retext.same",
            NoRetext::TooNew => "desk.retext.too-new",
        });
        return html! { <p class="trouble" role="alert" tabindex="-1" data-testid="retext-told">{ why }</p> };
    }
    if let Some(made) = &told.made {
        return html! {
            <p role="status" tabindex="-1" data-testid="retext-told" data-made={made.to_string()}>{ words.get("desk.retext.made") }{ " " }<a class="button" href={Route::Read(made.clone()).fragment()}>{ words.get("desk.retext.open") }</a></p>
        };
    }
    let save = {
        let table = table.clone();
        Callback::from(move |_: MouseEvent| table.save())
    };
    let is_whole = told.layers.iter().all(|layer| layer.changed.is_empty() && layer.lost.is_empty());
    html! {
        <div class="retext-told" tabindex="-1" data-testid="retext-told">
            if told.layers.is_empty() && !told.hidden { <p>{ words.get("desk.retext.unlabelled") }</p> }
            { for told.layers.iter().map(|layer| person(layer, words)) }
            if told.hidden { <p data-testid="retext-hidden">{ words.get("desk.retext.hidden") }</p> }
            <p>{ words.get("desk.retext.sure") }</p>
            <div class="row">
                <button type="button" class="button primary" data-testid="retext-make" disabled={model.asked.is_some()} onclick={asking(table, true)}>{ icon(Icon::Check) }{ words.get("desk.retext.make") }</button>
                if !is_whole { <button type="button" class="button" data-testid="retext-save" onclick={save}>{ icon(Icon::File) }{ words.get("desk.retext.save") }</button> }
            </div>
        </div>
    }
}

fn person(layer: &RetextLayer, words: &Words) -> Html {
    let name = layer.annotator.as_ref().map_or_else(String::new, ToString::to_string);
    let counts = [
        words.count("desk.retext.kept", layer.kept),
        words.count("desk.retext.changed", layer.changed.len()),
        words.count("desk.retext.lost", layer.lost.len()),
    ];
    html! {
        <section data-annotator={name.clone()} data-kept={layer.kept.to_string()} data-changed={layer.changed.len().to_string()} data-lost={layer.lost.len().to_string()}>
            <h3><bdi>{ name }</bdi></h3>
            <p>{ counts.join(" · ") }</p>
            if layer.ties > 0 { <p>{ words.count("desk.retext.ties", layer.ties) }</p> }
            { lines("lost", words.get("desk.retext.lost.list"), &layer.lost, words) }
            { lines("changed", words.get("desk.retext.changed.list"), &layer.changed, words) }
        </section>
    }
}

fn lines(kind: &'static str, title: String, lines: &[RetextLine], words: &Words) -> Html {
    if lines.is_empty() {
        return Html::default();
    }
    let quote = |text: &str| html! { <q lang="ar" dir="auto"><bdi>{ text.to_owned() }</bdi></q> };
    let line = |one: &RetextLine| {
        let is = one.is.as_deref().map(|is| html! { <>{ " " }{ words.get("desk.retext.now") }{ " " }{ quote(is) }</> });
        html! { <li><span class="chip">{ &one.label }</span>{ " " }{ quote(&one.was) }{ is }</li> }
    };
    let more = lines.len().saturating_sub(SHOWN);
    html! {
        <details class="build-more" open={kind == "lost"}><summary>{ title }</summary>
            <ul class="retext-list" data-list={kind}>{ for lines.iter().take(SHOWN).map(line) }</ul>
            if more > 0 { <p class="soft small">{ words.count("desk.retext.more", more) }</p> }
        </details>
    }
}
