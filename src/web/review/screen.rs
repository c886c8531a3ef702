//! The screen for review: differences at one side, the text with the lanes of the chosen place, people and talk at the other.

use super::act::{choose_at, perform, show_asked, show_places};
use super::blind::Blind;
use super::fetch::use_words_of_review;
use super::keys::{Asked, asked};
use super::lanes::Lanes;
use super::list::DifferenceList;
use super::model::{self, Mode, open_review};
use super::people::People;
use super::talk::Talk;
use crate::adjudicate::is_gold;
use crate::id::DocumentId;
use crate::web::act::Towards;
use crate::web::app::use_words;
use crate::web::bar::IconButton;
use crate::web::keys::Press;
use crate::web::panels::icons::Icon;
use crate::web::panels::palette::Palette;
use crate::web::reader::input::focus_of;
use crate::web::reader::{use_nodes, use_reader};
use crate::web::state::State;
use crate::web::store::{StoreRef, use_select, use_store};
use crate::web::words::Words;
use gloo::events::{EventListener, EventListenerOptions, EventListenerPhase};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// Which document is reviewed.
#[derive(Properties, PartialEq)]
pub struct ReviewProps {
    /// Which document the address names.
    pub id: String,
}

/// The screen on which one compares and decides.
#[component]
pub fn ReviewScreen(props: &ReviewProps) -> Html {
    let page = use_words();
    let store = use_store();
    let (words, failed, again) = use_words_of_review();
    let id = props.id.clone();
    let open = use_select(move |state| {
        let work = state.work.as_ref().filter(|work| is_gold(&work.session.key().annotator) && work.session.key().document.as_str() == id);
        (work.is_some(), state.opening.is_some())
    });
    let cards = use_select(|state| state.library.clone());
    // Whether others are hidden is asked anew when this changes.
    let _ = use_select(|state| state.settings.blind);
    let document = DocumentId::from(props.id.as_str());
    {
        // Every change of what is kept makes the list of documents anew: where it lies in memory tells.
        let (store, words_are_there) = (store.clone(), words.is_some());
        use_effect_with((Rc::as_ptr(&cards) as usize, open.0, words_are_there, props.id.clone()), move |(_, open, there, _)| {
            if *open && *there {
                spawn_local(async move {
                    model::load(&store).await;
                    show_asked(&store);
                });
            }
        });
    }
    if let Some(detail) = failed {
        let retry = Callback::from(move |_: MouseEvent| again.emit(()));
        return html! { <main class="screen"><p role="alert">{ page.with("desk.failed", &[("detail", &detail)]) }</p><p><button type="button" class="button" onclick={retry}>{ page.get("offer.retry") }</button></p></main> };
    }
    let is_coming = open.0 || open.1 || words.is_none();
    let Some(words) = words.filter(|_| open.0) else {
        return if is_coming {
            html! { <main class="screen" data-testid="review-opening"><p class="soft" role="status">{ page.get("opening") }</p></main> }
        } else {
            html! { <main class="screen"><h1 tabindex="-1">{ page.get("missing.title") }</h1><p>{ page.get("missing.text") }</p><p><a href="#/library">{ page.get("nav.library") }</a></p></main> }
        };
    };
    if model::is_blind(&store, &document) {
        return html! { <Blind id={props.id.clone()} /> };
    }
    html! { <Desk key={props.id.clone()} words={words} /> }
}

#[derive(Properties, PartialEq)]
struct DeskProps {
    words: Rc<Words>,
}

/// Which side a narrow screen shows in front of the text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Front {
    Text,
    List,
    People,
}

#[component]
fn Desk(props: &DeskProps) -> Html {
    let store = use_store();
    let words = &props.words;
    use_keys(&store);
    use_place(&store);
    let front = use_state(|| Front::Text);
    let ready = use_select(|state| open_review(state).map(|(review, _)| (review.layers.len(), review.current)));
    {
        let front = front.clone();
        // A difference that was chosen is looked at.
        use_effect_with((*ready).map(|ready| ready.1), move |_| front.set(Front::Text));
    }
    let Some((layers, _)) = *ready else {
        return html! { <main class="screen"><p class="soft" role="status">{ words.get("opening") }</p></main> };
    };
    if layers < 2 {
        return html! { <super::blind::Empty layers={layers} /> };
    }
    let toggle = |side: Front| {
        let front = front.clone();
        Callback::from(move |_: MouseEvent| front.set(if *front == side { Front::Text } else { side }))
    };
    let go = |towards: Towards| {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| perform(&store, Asked::Step(towards)))
    };
    let shown = |side: Front| (*front == side).then_some("shown");
    html! {
        <main class="work review" data-testid="review">
            <aside class={classes!("side", "differences", shown(Front::List))} aria-label={words.get("review.differences")}><DifferenceList /></aside>
            <Sheet />
            <aside class={classes!("side", "people", shown(Front::People))} aria-label={words.get("review.people")}><People /><Talk /></aside>
            <nav class="review-foot" aria-label={words.get("review.walk")}>
                <button type="button" class="button" aria-expanded={(*front == Front::List).to_string()} data-testid="show-list" onclick={toggle(Front::List)}>{ words.get("review.differences") }</button>
                { IconButton::new(Icon::Previous, words.get("review.previous"), go(Towards::Previous)).html() }
                { IconButton::new(Icon::Next, words.get("review.next"), go(Towards::Next)).html() }
                <button type="button" class="button" aria-expanded={(*front == Front::People).to_string()} data-testid="show-people" onclick={toggle(Front::People)}>{ words.get("review.people") }</button>
            </nav>
        </main>
    }
}

/// The text, with the lanes of the chosen place.
#[component]
fn Sheet() -> Html {
    let words = super::fetch::use_review_words();
    let nodes = use_nodes();
    let seen = use_select(|state| {
        let session = &state.work.as_ref()?.session;
        Some((session.key().document.clone(), session.document()?.title.to_string()))
    });
    let editing = *use_select(|state| open_review(state).is_some_and(|(review, _)| review.mode == Mode::Edit));
    use_reader(nodes.clone(), (*seen).as_ref().map(|seen| seen.0.clone()));
    let title = (*seen).as_ref().map_or_else(String::new, |seen| seen.1.clone());
    let head = html! { <header class="doc-head"><h1 class="doc-title" dir="auto">{ title.clone() }</h1></header> };
    nodes.html(&words, title, Html::default(), head, html! { <>if editing { <Palette /> }<Lanes /></> })
}

/// Keys of the review come before those of the reader.
#[hook]
fn use_keys(store: &StoreRef) {
    use_effect_with(store.clone(), |store| {
        let store = store.clone();
        let options = EventListenerOptions { phase: EventListenerPhase::Capture, passive: false };
        let listener = EventListener::new_with_options(&gloo::utils::window(), "keydown", options, move |event| {
            let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
            if event.is_composing() {
                return;
            }
            let asked = {
                let state = store.state();
                let Some((review, _)) = open_review(&state).filter(|_| state.dialog.is_none()) else { return };
                let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
                let code = event.code();
                let press = Press { code: &code, shift: event.shift_key(), command: event.ctrl_key() || event.meta_key(), alt: event.alt_key() };
                asked(&press, focus_of(target.as_ref()), review.mode, state.settings.single_keys)
            };
            if let Some(asked) = asked {
                event.prevent_default();
                perform(&store, asked);
            }
        });
        move || drop(listener)
    });
}

/// Where the caret goes, by a click or by undo, the difference there is chosen; and what was decided is marked no longer.
#[hook]
fn use_place(store: &StoreRef) {
    let at = use_select(|state: &State| state.work.as_ref().map(|work| (work.selection.head(), work.session.revision())));
    let last = use_mut_ref(|| None);
    let store = store.clone();
    use_effect_with(*at, move |at| {
        let head = at.map(|(head, _)| head);
        let before = last.replace(head);
        match head.filter(|_| before.is_some() && before != head) {
            Some(offset) => choose_at(&store, offset),
            None => show_places(&store),
        }
    });
}
