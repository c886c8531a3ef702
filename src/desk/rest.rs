//! What holds for the whole schema: clitics, checks and their limits, guidelines.

use super::field::{self, Size};
use super::markdown;
use super::model::Model;
use super::screen::Desk;
use crate::schema::{CheckKind, CliticPolicy, Names};
use crate::web::words::{Language, Words};
use yew::prelude::*;

fn check_words(words: &Words, kind: CheckKind) -> String {
    words.get(match kind {
        CheckKind::Edges => "desk.check.edges",
        CheckKind::Clitics => "desk.check.clitics",
        CheckKind::Balance => "desk.check.balance",
        CheckKind::RelationMissing => "desk.check.relation-missing",
        CheckKind::AttributeMissing => "desk.check.attribute-missing",
        CheckKind::Overlap => "desk.check.overlap",
        CheckKind::Differs => "desk.check.differs",
        CheckKind::Long => "desk.check.long",
        CheckKind::RelationForbidden => "desk.check.relation-forbidden",
    })
}

/// Clitics and checks.
pub fn checks(desk: &Desk, model: &Model, words: &Words) -> Html {
    let policies = [
        ("peel".to_owned(), words.get("desk.clitics.peel")),
        ("keep".to_owned(), words.get("desk.clitics.keep")),
        ("either".to_owned(), words.get("desk.clitics.either")),
    ];
    let policy = match model.draft.clitics {
        CliticPolicy::Peel => "peel",
        CliticPolicy::Keep => "keep",
        CliticPolicy::Either => "either",
    };
    let boxes = CheckKind::ALL.into_iter().map(|kind| {
        field::check(desk, &format!("{kind:?}"), check_words(words, kind), !model.draft.checks.off.contains(&kind), move |model, on| {
            let off = &mut model.draft.checks.off;
            off.retain(|other| *other != kind);
            if !on {
                off.push(kind);
                off.sort_unstable();
            }
        })
    });
    let limits = &model.draft.checks;
    html! {
        <section class="desk-part" aria-label={words.get("desk.checks")}><h2>{ words.get("desk.checks") }</h2>
            <div class="desk-card desk-fields">
                <div class="desk-grid">
                    { field::choice(desk, "clitics", words.get("desk.clitics"), &policies, policy, |model, value| model.draft.clitics = match value.as_str() { "keep" => CliticPolicy::Keep, "either" => CliticPolicy::Either, _ => CliticPolicy::Peel }) }
                    { field::number(desk, "long", words.get("desk.checks.long"), Some(limits.long), |model, value| if let Some(value) = value { model.draft.checks.long = value; }) }
                    { field::number(desk, "nearby", words.get("desk.checks.nearby"), Some(limits.nearby), |model, value| if let Some(value) = value { model.draft.checks.nearby = value; }) }
                </div>
                <fieldset class="desk-checks"><legend>{ words.get("desk.checks.on") }</legend>{ for boxes }</fieldset>
            </div>
        </section>
    }
}

/// The guidelines of the project.
pub fn guidelines(desk: &Desk, model: &Model, words: &Words) -> Html {
    html! {
        <section class="desk-part" aria-label={words.get("desk.guidelines")}><h2>{ words.get("desk.guidelines") }</h2>
            <div class="desk-card desk-fields" data-part="guidelines">
                <p class="soft small">{ words.get("desk.guidelines.how") }{ " " }<code dir="ltr">{ "[…](#/read/article?at=10-20)" }</code></p>
                { own_guidelines(desk, words, model.draft.guidelines.as_ref(), |model| Some(&mut model.draft.guidelines)) }
            </div>
        </section>
    }
}

/// Guidelines in both languages, and how they look in that of the interface.
pub fn own_guidelines(
    desk: &Desk,
    words: &Words,
    names: Option<&Names>,
    at: impl for<'a> Fn(&'a mut Model) -> Option<&'a mut Option<Names>> + Clone + 'static,
) -> Html {
    let labels = (words.get("desk.guidelines.ar"), words.get("desk.guidelines.en"));
    let text = names.map(|names| words.pick(names).to_owned()).unwrap_or_default();
    html! {
        <div class="desk-guide">
            { field::maybe(desk, "guidelines", labels, Size::Area, names, at) }
            if !text.trim().is_empty() { <div class="desk-look"><span class="soft small">{ words.get("desk.guidelines.look") }</span><Rendered {text} is_arabic={words.language() == Language::Ar} /></div> }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct RenderedProps {
    text: String,
    is_arabic: bool,
}

#[component]
fn Rendered(props: &RenderedProps) -> Html {
    let node = use_node_ref();
    use_effect_with((node.clone(), props.text.clone()), |(node, text)| {
        if let Some(element) = node.cast::<web_sys::Element>() {
            element.set_text_content(None);
            markdown::render(text, &element);
        }
    });
    html! { <div ref={node} class="guide-body" data-testid="guide-look" lang={if props.is_arabic { "ar" } else { "en" }}></div> }
}
