//! What is written beside the data: the card, the data statement, and the list of files.

use crate::exchange::BuildTold;
use crate::web::words::Words;
use yew::prelude::*;

/// Kilobytes, at least one.
fn kilobytes(words: &Words, bytes: usize) -> String {
    words.with("desk.build.kilobytes", &[("n", &words.number(bytes.div_ceil(1_000).max(1)))])
}

fn text(testid: &'static str, name: String, content: &str) -> Html {
    let content = content.to_owned();
    html! { <details class="build-more" data-testid={testid}><summary>{ name.clone() }</summary><pre class="build-text" dir="ltr" tabindex="0" aria-label={name}>{ content }</pre></details> }
}

/// All of it, each closed at first.
pub fn section(told: &BuildTold, words: &Words) -> Html {
    if told.files.is_empty() {
        return Html::default();
    }
    let all: usize = told.files.iter().map(|(_, bytes)| bytes).sum();
    let files =
        told.files.iter().map(|(path, bytes)| html! { <li><bdi dir="ltr">{ path }</bdi><span class="n">{ kilobytes(words, *bytes) }</span></li> });
    let counted = format!("{} · {}", words.count("desk.build.files", told.files.len()), kilobytes(words, all));
    html! {
        <section class="card" aria-labelledby="build-inside"><h3 id="build-inside">{ words.get("desk.build.inside") }</h3>
            { text("build-card", words.get("desk.build.card.preview"), &told.card) }
            { text("build-statement-text", words.get("desk.build.statement.preview"), &told.statement) }
            <details class="build-more" data-testid="build-files"><summary>{ counted }</summary><ul class="build-files">{ for files }</ul></details>
        </section>
    }
}
