//! The project's own guidelines: those of the project, then what each label is and how to give it.

use super::{markdown, words};
use crate::schema::{Names, Schema};
use crate::web::words::Language;
use web_sys::Element;

/// Shows them in an element, in place of what is there.
pub fn show(element: &Element, language: Language, schema: &Schema) {
    element.set_text_content(None);
    let words = words::of(language);
    let pick = |names: &Option<Names>| names.as_ref().map(|names| pick(&words, names).to_owned()).unwrap_or_default();
    markdown::render(&pick(&schema.guidelines), element);
    for label in schema.labels.iter().filter(|label| !label.retired) {
        let Some(section) = gloo::utils::document().create_element("section").ok() else { return };
        let _ = section.set_attribute("data-guide", label.id.as_str());
        line(&section, "h3", words.pick(&label.names));
        line(&section, "p", &pick(&label.description));
        markdown::render(&pick(&label.guidelines), &section);
        let _ = element.append_child(&section);
    }
}

/// The text in the language, or in the other where it is there alone.
fn pick<'a>(words: &crate::web::words::Words, names: &'a Names) -> &'a str {
    let own = words.pick(names);
    if !own.trim().is_empty() {
        return own;
    }
    if names.ar.trim().is_empty() { &names.en } else { &names.ar }
}

fn line(section: &Element, name: &str, words: &str) {
    if words.trim().is_empty() {
        return;
    }
    if let Ok(made) = gloo::utils::document().create_element(name) {
        made.set_text_content(Some(words));
        // Made just now, so it fits; a plain attribute is never refused.
        let _ = made.set_attribute("dir", "auto");
        let _ = section.append_child(&made);
    }
}
