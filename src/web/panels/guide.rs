//! The guidelines, beside the text: what each label is, where it begins and ends.

use crate::schema::Schema;
use crate::web::app::use_words;
use crate::web::store::{use_select, use_store};
use crate::web::words::Language;
use serde::Deserialize;
use yew::prelude::*;

#[derive(Deserialize)]
struct Part {
    title: String,
    lines: Vec<String>,
    #[serde(default)]
    examples: Vec<Example>,
}

#[derive(Deserialize)]
struct Example {
    /// Words of the article; what is labelled stands between `[` and `]`.
    text: String,
    #[serde(default)]
    why: String,
}

fn parts(language: Language) -> Vec<Part> {
    let table = match language {
        Language::Ar => include_str!("../../../locales/guide.ar.json"),
        Language::En => include_str!("../../../locales/guide.en.json"),
    };
    // A test reads both tables.
    crate::json::parse(table).unwrap_or_default()
}

/// Whether the project has guidelines of its own, or labels that the built-in guide does not speak of.
fn is_own(schema: &Schema) -> bool {
    let is_known = |label: &str| schema.label(&label.into()).is_some();
    schema.guidelines.is_some()
        || schema.labels.iter().any(|label| label.guidelines.is_some())
        || !["Actor", "Location", "Claim"].into_iter().all(is_known)
}

/// The guidelines in the language of the interface: those of the project, where it has its own, else the built-in ones.
#[component]
pub fn Guide() -> Html {
    let own = use_select(|state| is_own(&state.schema.schema));
    if *own {
        html! { <OwnGuide /> }
    } else {
        html! { <BuiltIn /> }
    }
}

/// The desk writes them; it is fetched for that.
#[component]
fn OwnGuide() -> Html {
    let store = use_store();
    let node = use_node_ref();
    let seen = use_select(|state| (state.settings.language, state.schema.clone()));
    use_effect_with((node.clone(), seen), move |(node, _)| {
        if let Some(element) = node.cast::<web_sys::Element>() {
            crate::web::screens::desk::guide(&store, element);
        }
    });
    html! { <div ref={node} class="guide-body" data-testid="own-guide"></div> }
}

#[component]
fn BuiltIn() -> Html {
    let words = use_words();
    let language = words.language();
    let parts = use_memo(language, |language| parts(*language));
    html! {
        <div class="guide-body">{ for parts.iter().map(|part| html! {
            <section><h3>{ &part.title }</h3>{ for part.lines.iter().map(|line| html! { <p>{ line }</p> }) }
            if !part.examples.is_empty() { <ul class="examples">{ for part.examples.iter().map(|example| html! { <li><bdi lang="ar" class="example">{ marked(&example.text) }</bdi>if !example.why.is_empty() { <span class="why">{ &example.why }</span> }</li> }) }</ul> }
            </section> }) }
        </div>
    }
}

/// The words with what is labelled marked.
fn marked(text: &str) -> Html {
    let pieces = text.split('[').enumerate().map(|(index, piece)| match (index, piece.split_once(']')) {
        (0, _) | (_, None) => html! { <>{ piece }</> },
        (_, Some((inside, rest))) => html! { <><mark>{ inside }</mark>{ rest }</> },
    });
    html! { <>{ for pieces }</> }
}
