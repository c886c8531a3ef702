//! The label in focus: its kind, its words, what is said of it, its note, and what can be done with it.

use crate::check::About;
use crate::id::LabelId;
use crate::text::Edge;
use crate::web::act::{self, Action, Mark, Towards, Unit, perform};
use crate::web::app::use_words;
use crate::web::bar::{IconButton, on_click};
use crate::web::panels::icons::Icon;
use crate::web::panels::labels::{swatch, use_schema};
use crate::web::panels::palette::PeelButton;
use crate::web::panels::ties::Relations;
use crate::web::panels::{answers, checks, use_keys};
use crate::web::reader::input::focus_on;
use crate::web::state::{Dialog, State};
use crate::web::store::{StoreRef, use_select, use_store};
use crate::web::words::Words;
use yew::prelude::*;

/// The label in focus; nothing where there is none.
#[component]
pub fn Detail() -> Html {
    let store = use_store();
    let words = use_words();
    let schema = use_schema();
    let seen = use_select(|state: &State| {
        let work = state.work.as_ref()?;
        let annotation = work.session.layer().get(work.chosen.as_ref()?)?.clone();
        let quote = act::quote(work, &annotation);
        let found = work.findings.of(&annotation.id);
        Some((annotation, quote, work.session.is_read_only(), found))
    });
    let Some((annotation, quote, read_only, found)) = (*seen).clone() else { return Html::default() };
    let hull = annotation.extent.hull();
    let kinds = schema.labels.iter().filter(|label| !label.retired || label.id == annotation.label).map(|label| {
        let current = label.id == annotation.label;
        let relabel: LabelId = label.id.clone();
        html! {
            <button type="button" key={label.id.as_str().to_owned()} class={classes!("chip", current.then_some("on"))} data-kind={label.id.as_str().to_owned()} aria-pressed={if current { "true" } else { "false" }}
                disabled={read_only} onclick={on_click(&store, Action::Label(relabel))}>{ swatch(&schema, &label.id) }{ words.pick(&label.names).to_owned() }</button>
        }
    });
    let attributes = schema.label(&annotation.label).map(|label| label.attributes.clone()).unwrap_or_default();
    html! {
        <section class="detail" data-testid="detail" aria-label={words.get("detail.title")}>
            <p class="detail-quote"><bdi lang="ar">{ quote }</bdi></p>
            <div class="chips" role="group" aria-label={words.get("detail.kind")}>{ for kinds }</div>
            { checks::of_label(&store, &words, &annotation, &found, read_only) }
            { answers::rows(&store, &words, &attributes, &About::Annotation(annotation.id.clone()), &annotation.attributes, read_only) }
            <button type="button" class={classes!("chip", "doubt", annotation.unsure.then_some("on"))} data-testid="unsure" aria-pressed={if annotation.unsure { "true" } else { "false" }} disabled={read_only}
                onclick={on_click(&store, Action::Mark(Mark::Unsure))}>{ words.get("detail.unsure") }<kbd aria-hidden="true">{ "U" }</kbd></button>
            <Relations />
            <Note about={About::Annotation(annotation.id.clone())} note={annotation.note.clone().unwrap_or_default()} read_only={read_only} />
            <p class="soft small">{ words.with("detail.place", &[("start", &words.number(hull.start().get() as usize)), ("end", &words.number(hull.end().get() as usize)), ("length", &words.number(annotation.extent.length() as usize))]) }if annotation.extent.is_in_pieces() { { " · " }<span data-testid="pieces">{ words.count("detail.pieces", annotation.extent.pieces().len()) }</span> }</p>
            if !read_only { { tools(&store, &words) } }
        </section>
    }
}

/// What can be done with the label in focus.
fn tools(store: &StoreRef, words: &Words) -> Html {
    let tool = |sign: Icon, key: &str, testid: &'static str, action: Action| {
        IconButton::new(sign, words.get(key), on_click(store, action)).testid(testid).html()
    };
    let edge = |edge, towards, sign: &'static str, key: &str, testid: &'static str| {
        let name = words.get(key);
        html! { <button type="button" class="edge" data-testid={testid} aria-label={name.clone()} title={name} onclick={on_click(store, Action::Edge(edge, towards, Unit::Word))}>{ sign }</button> }
    };
    html! {
        <>
            <div class="edges" role="group" aria-label={words.get("detail.edges")}>
                <span class="soft small">{ words.get("detail.start") }</span>{ edge(Edge::Start, Towards::Previous, "+", "edge.start.out", "start-out") }{ edge(Edge::Start, Towards::Next, "−", "edge.start.in", "start-in") }
                <span class="soft small">{ words.get("detail.end") }</span>{ edge(Edge::End, Towards::Next, "+", "edge.end.out", "end-out") }{ edge(Edge::End, Towards::Previous, "−", "edge.end.in", "end-in") }
                <PeelButton />
            </div>
            <div class="tools" role="group" aria-label={words.get("detail.tools")}>
                { tool(Icon::Trim, "tool.trim", "trim", Action::Trim) }
                { tool(Icon::Split, "tool.split", "split", Action::Split) }
                { tool(Icon::Merge, "tool.merge", "merge", Action::Merge) }
                { tool(Icon::Copy, "tool.copy", "copy", Action::Copy) }
                { IconButton::new(Icon::Note, words.get("tool.comment"), on_click(store, Action::Open(Dialog::Comment))).testid("comment").takes_focus().html() }
                { tool(Icon::Find, "tool.occurrences", "all-occurrences", Action::Occurrences(None)) }
                { tool(Icon::Trash, "tool.delete", "delete", Action::Delete) }
            </div>
        </>
    }
}

/// Which remark.
#[derive(Properties, PartialEq)]
pub struct NoteProps {
    /// Of what.
    pub about: About,
    /// As it is.
    pub note: String,
    /// Whether it cannot be changed.
    pub read_only: bool,
}

/// The remark on a label or a relation.
#[component]
pub fn Note(props: &NoteProps) -> Html {
    let store = use_store();
    let words = use_words();
    // Saved when the field is left, so that a note is one step to undo and not one for each letter.
    let onchange = {
        let (store, about) = (store.clone(), props.about.clone());
        Callback::from(move |event: Event| {
            let value = event.target_unchecked_into::<web_sys::HtmlTextAreaElement>().value();
            perform(&store, Action::Note(about.clone(), value));
        })
    };
    let field = use_keys(Callback::from(move |event: KeyboardEvent| {
        let leave = event.key() == "Escape" || (event.key() == "Enter" && (event.ctrl_key() || event.meta_key()));
        if leave {
            event.prevent_default();
            event.stop_propagation();
            // Leaving the field saves the note.
            focus_on("[data-testid=reader]");
        }
    }));
    let (testid, rows, name, hint, class) = match &props.about {
        About::Annotation(_) => ("note", "2", words.get("detail.note"), Some(words.get("detail.note.hint")), "soft small"),
        About::Relation(_) => ("tie-note", "1", words.get("tie.note"), None, "unseen"),
    };
    html! {
        <label class="note"><span class={class}>{ name }</span>
        <textarea ref={field} key={props.about.id().to_owned()} data-testid={testid} rows={rows} dir="auto" value={props.note.clone()} disabled={props.read_only} placeholder={hint} onchange={onchange} /></label>
    }
}
