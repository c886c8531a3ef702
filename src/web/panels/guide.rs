//! The guidelines, beside the text: what each label is, where it begins and ends.

use crate::web::app::use_words;
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
    crate::persist::migrate::parse(table).unwrap_or_default()
}

/// The guidelines in the language of the interface.
#[component]
pub fn Guide() -> Html {
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
