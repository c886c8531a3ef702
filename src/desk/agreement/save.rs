//! Buttons that save a plot or the figures as a file.

use super::bench::Bench;
use super::model::Model;
use crate::web::words::{Language, Words};
use yew::prelude::*;

/// What is written when the button is pressed: from the model as it is then, and whether lines begin at the right.
pub type Write = std::rc::Rc<dyn Fn(&Model, &Words, bool) -> Option<String>>;

/// A button that saves `what` as a file of this name.
pub fn button(bench: &Bench, words: &Words, what: &str, (format, file): (&'static str, String), write: Write) -> Html {
    let onclick = {
        let bench = bench.clone();
        Callback::from(move |_: MouseEvent| {
            let words = bench.words();
            let written = write(&bench.model(), &words, words.language() == Language::Ar);
            if let Some(written) = written {
                bench.save_file(&file, &written);
            }
        })
    };
    let name = words.with("desk.agree.save", &[("what", what), ("format", format)]);
    html! { <button type="button" class="button small" data-save={format.to_lowercase()} aria-label={name.clone()} title={name} {onclick}>{ format }</button> }
}

/// The heading of a part, with its buttons at the end.
pub fn head(id: &'static str, title: String, buttons: Vec<Html>) -> Html {
    html! { <div class="agree-head"><h2 {id}>{ title }</h2><span class="grow"></span>{ for buttons }</div> }
}
