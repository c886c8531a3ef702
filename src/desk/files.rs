//! Schemas from files and into files, and ready ones to start from.

use super::model::Model;
use super::screen::Desk;
use super::words;
use crate::exchange::Complaint;
use crate::formats::Problem;
use crate::formats::schema_file::{self, SchemaFormat};
use crate::schema::{Ready, ready};
use crate::web::words::Words;
use gloo::file::File;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

fn format_words(words: &Words, format: SchemaFormat) -> String {
    words.get(match format {
        SchemaFormat::Wusum => "desk.format.wusum",
        SchemaFormat::Brat => "desk.format.brat",
        SchemaFormat::LabelStudio => "desk.format.label-studio",
        SchemaFormat::Doccano => "desk.format.doccano",
    })
}

/// What is wrong in a file, as the page says it too.
fn problem_words(words: &Words, problem: Problem) -> String {
    let complaint = Complaint::from(problem);
    let parts: Vec<(&str, &str)> = complaint.params.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let what = words.with(&format!("problem.{}", complaint.code), &parts);
    match complaint.line {
        Some(line) => words.with("desk.line", &[("line", &words.number(line as usize)), ("what", &what)]),
        None => what,
    }
}

fn load(desk: &Desk, files: Option<web_sys::FileList>) {
    let Some(file) = files.and_then(|files| files.get(0)) else { return };
    let desk = desk.clone();
    spawn_local(async move {
        let name = file.name();
        let bytes = gloo::file::futures::read_as_bytes(&File::from(file)).await;
        desk.edit(|model| {
            let words = words::of(model.language);
            let Ok(bytes) = bytes else {
                model.said = words.with("desk.unread", &[("file", &name)]);
                return;
            };
            let format = SchemaFormat::detect(&bytes);
            let (schema, problems) = schema_file::read(None, &bytes, format);
            model.told = problems.into_iter().map(|problem| problem_words(&words, problem)).collect();
            if schema.labels.is_empty() && schema.relations.is_empty() {
                model.said = words.with("desk.load.nothing", &[("file", &name), ("format", &format_words(&words, format))]);
                return;
            }
            model.said = words.with("desk.loaded", &[("file", &name), ("format", &format_words(&words, format))]);
            model.take(schema);
        });
    });
}

/// Loading, saving, ready schemas.
pub fn section(desk: &Desk, model: &Model, words: &Words) -> Html {
    html! {
        <section class="desk-part" aria-label={words.get("desk.files")}><h2>{ words.get("desk.files") }</h2>
            <Files desk={desk.clone()} is_arabic={words.language() == crate::web::words::Language::Ar} />
            if !model.told.is_empty() {
                <ul class="desk-told" data-testid="desk-told">{ for model.told.iter().map(|line| html! { <li dir="auto">{ line }</li> }) }</ul>
            }
            <h3>{ words.get("desk.ready") }</h3>
            <p class="soft small">{ words.get("desk.ready.what") }</p>
            <ul class="desk-ready">{ for ready().into_iter().map(|one| ready_line(desk, words, one)) }</ul>
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct FilesProps {
    desk: Desk,
    is_arabic: bool,
}

#[component]
fn Files(props: &FilesProps) -> Html {
    let format = use_state(|| SchemaFormat::Wusum);
    let desk = &props.desk;
    let words = words::of(if props.is_arabic { crate::web::words::Language::Ar } else { crate::web::words::Language::En });
    let choose = {
        let format = format.clone();
        Callback::from(move |event: Event| {
            let value = event.target_unchecked_into::<HtmlSelectElement>().value();
            if let Some(chosen) = SchemaFormat::from_name(&value) {
                format.set(chosen);
            }
        })
    };
    let save = {
        let (desk, format) = (desk.clone(), *format);
        Callback::from(move |_: MouseEvent| {
            let (draft, words) = desk.draft();
            let (content, problems) = schema_file::write(&draft, format);
            desk.save_file(format.file_name(), &content);
            desk.change(|model| {
                model.said = words.with("desk.saved", &[("file", format.file_name())]);
                model.told = problems.into_iter().map(|problem| problem_words(&words, problem)).collect();
            });
        })
    };
    let chosen = {
        let desk = desk.clone();
        Callback::from(move |event: Event| {
            let field = event.target_unchecked_into::<HtmlInputElement>();
            load(&desk, field.files());
            // The same file can be chosen again.
            field.set_value("");
        })
    };
    html! {
        <div class="desk-card desk-fields">
            <label class="field"><span>{ words.get("desk.load") }</span><input type="file" data-testid="schema-file" accept=".json,.jsonl,.conf,.xml,.txt,application/json,text/xml,text/plain" onchange={chosen} /></label>
            <p class="soft small">{ words.get("desk.load.what") }</p>
            <div class="row"><label>{ words.get("desk.save.format") }{ " " }<select data-testid="schema-format" onchange={choose}>
                { for SchemaFormat::ALL.iter().map(|one| html! { <option value={one.name()} selected={*one == *format}>{ format_words(&words, *one) }</option> }) }
            </select></label>
            <button type="button" class="button" data-testid="schema-save" onclick={save}>{ words.get("desk.save") }</button></div>
        </div>
    }
}

fn ready_line(desk: &Desk, words: &Words, one: Ready) -> Html {
    let name = words.pick(&one.names).to_owned();
    let credit = one.schema.credit.as_ref().map(|credit| words.pick(credit).to_owned());
    let schema = one.schema.clone();
    let start = {
        let name = name.clone();
        desk.editor(move |model: &mut Model, _: MouseEvent| {
            let words = words::of(model.language);
            model.said = words.with("desk.ready.taken", &[("name", &name)]);
            model.told.clear();
            model.take(schema.clone());
        })
    };
    html! {
        <li class="desk-card desk-fields" data-ready={one.id}><b>{ &name }</b><span>{ words.pick(&one.description) }</span>
            if let Some(credit) = credit { <span class="soft small">{ words.with("desk.credit", &[("credit", &credit)]) }</span> }
            <div class="row"><button type="button" class="button" onclick={start}>{ words.with("desk.ready.start", &[("name", &name)]) }</button></div></li>
    }
}
