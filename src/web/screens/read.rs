//! Reading and labelling: labels at one side, the text, the list at the other.

use crate::layer::Status;
use crate::web::app::{change_settings, use_words};
use crate::web::bar::IconButton;
use crate::web::checks::use_checks;
use crate::web::panels::answers::Chooser;
use crate::web::panels::checks::{OpenChecks, set_status};
use crate::web::panels::detail::Detail;
use crate::web::panels::find::FindBar;
use crate::web::panels::icons::Icon;
use crate::web::panels::labels::LabelPanel;
use crate::web::panels::palette::Palette;
use crate::web::panels::spans::{SpanPanel, use_shown};
use crate::web::panels::ties::LinkBand;
use crate::web::reader::{use_nodes, use_reader};
use crate::web::review::BesidePanel;
use crate::web::store::{use_select, use_store};
use crate::web::words::Words;
use yew::prelude::*;

/// Which document is read.
#[derive(Properties, PartialEq)]
pub struct ReadProps {
    /// Which document the address names.
    pub id: String,
}

/// The screen on which one annotates.
#[component]
pub fn ReadScreen(props: &ReadProps) -> Html {
    let words = use_words();
    let open = use_select(|state| (state.work.as_ref().map(|work| work.session.key().clone()), state.opening.is_some(), state.beside.is_some()));
    let (key, opening, beside) = (*open).clone();
    match key {
        Some(key) if key.document.as_str() == props.id => html! {
            <main class="work">
                <LabelPanel />
                <Sheet key={format!("{}\u{0}{}", key.document, key.annotator)} />
                <aside class="side spans" aria-label={words.get("spans.title")}>if beside { <BesidePanel /> }<SpanPanel /><Detail /></aside>
                { foot(&words) }
                <LinkBand />
            </main>
        },
        _ if opening => html! { <main class="screen"><p class="soft" role="status">{ words.get("opening") }</p></main> },
        _ => html! {
            <main class="screen"><h1 tabindex="-1">{ words.get("missing.title") }</h1><p>{ words.get("missing.text") }</p><p><a href="#/library">{ words.get("nav.library") }</a></p></main>
        },
    }
}

#[component]
fn Sheet() -> Html {
    let words = use_words();
    let nodes = use_nodes();
    let document = use_select(|state| state.work.as_ref().map(|work| work.session.key().document.clone()));
    let title = use_select(|state| state.work.as_ref().and_then(|work| work.session.document().map(|document| document.title.to_string())));
    use_reader(nodes.clone(), (*document).clone());
    use_checks();
    let title = (*title).clone().unwrap_or_default();
    nodes.html(&words, title, html! { <FindBar /> }, html! { <Head /> }, html! { <><Palette /><Chooser /></> })
}

/// Title, status, progress.
#[component]
fn Head() -> Html {
    let store = use_store();
    let words = use_words();
    let seen = use_select(|state| {
        let work = state.work.as_ref()?;
        let layer = work.session.layer();
        let document = work.session.document()?;
        let reached = layer.len().checked_sub(1).and_then(|last| layer.nth(last)).map_or(0, |annotation| annotation.extent.hull().end().get());
        let length = document.text.len().get();
        let paragraph = document.text.paragraph_at(work.selection.head());
        Some((document.title.clone(), layer.status(), reached, length, work.session.key().clone(), paragraph, work.session.is_read_only()))
    });
    let field = use_shown((*seen).as_ref().map_or("", |seen| seen.1.name()).to_owned());
    let Some((title, status, reached, length, key, paragraph, read_only)) = (*seen).clone() else { return Html::default() };
    let reached = if status == Status::Done { length } else { reached };
    let percent = if length == 0 { 0 } else { (u64::from(reached) * 100 / u64::from(length)) as usize };
    let onchange = {
        let store = store.clone();
        Callback::from(move |event: Event| {
            let field = event.target_unchecked_into::<web_sys::HtmlSelectElement>();
            let chosen = Status::ALL.into_iter().find(|status| status.name() == field.value());
            if chosen.is_some_and(|chosen| !set_status(&store, chosen)) {
                field.set_value(status.name());
            }
        })
    };
    let flip = Callback::from(move |_: MouseEvent| {
        let place = (key.document.clone(), paragraph);
        change_settings(&store, |settings| {
            if !settings.flipped.remove(&place) {
                settings.flipped.insert(place);
            }
        });
    });
    html! {
        <header class="doc-head">
            <h1 class="doc-title" dir="auto">{ &*title }</h1>
            <select ref={field} class={classes!("status", format!("is-{}", status.name()))} data-testid="status" aria-label={words.get("status")} disabled={read_only} onchange={onchange}>
                { for Status::ALL.into_iter().map(|one| html! { <option value={one.name()} selected={one == status}>{ words.get(&format!("status.{}", one.name())) }</option> }) }
            </select>
            <OpenChecks />
            <span class="progress" title={words.get("progress.why")}><progress max="100" value={percent.to_string()} aria-label={words.get("progress")}></progress><span class="soft small">{ words.with("percent", &[("n", &words.number(percent))]) }</span></span>
            { IconButton::new(Icon::Flip, words.get("flip"), flip).testid("flip").html() }
        </header>
    }
}

/// The keys that are needed most, at the foot of a wide screen.
fn foot(words: &Words) -> Html {
    let hint =
        |keys: &[&str], key: &str| html! { <span>{ for keys.iter().map(|key| html! { <kbd>{ *key }</kbd> }) }{ " " }{ words.get(key) }</span> };
    html! {
        <footer class="hints" aria-hidden="true">
            { hint(&["1", "2", "3"], "hint.label") }{ hint(&["["], "hint.peel") }{ hint(&["⇧", "←"], "hint.extend") }{ hint(&["Tab"], "hint.tab") }{ hint(&["Del"], "hint.delete") }{ hint(&["?"], "hint.help") }
        </footer>
    }
}
