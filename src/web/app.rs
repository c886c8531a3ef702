//! The app: makes the store, follows the address, and puts the screen together.

use crate::web::act::{self, say};
use crate::web::bar::Bar;
use crate::web::panels::dialogs::Dialogs;
use crate::web::panels::notices::{Live, Notices, Toast};
use crate::web::place;
use crate::web::review::{self, ReviewScreen};
use crate::web::screens::agreement::AgreementScreen;
use crate::web::screens::dataset::{DatasetScreen, ImportField};
use crate::web::screens::library::LibraryScreen;
use crate::web::screens::read::ReadScreen;
use crate::web::screens::schema::SchemaScreen;
use crate::web::state::{Route, Settings, State, Theme};
use crate::web::storage::{library, open};
use crate::web::store::{StoreRef, use_select, use_store};
use crate::web::words::Words;
use gloo::events::EventListener;
use gloo::utils::{document, document_element, window};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// The words of the interface language.
#[hook]
pub fn use_words() -> Rc<Words> {
    let language = use_select(|state| state.settings.language);
    Words::of(*language)
}

/// The whole page.
#[component]
pub fn App() -> Html {
    let store = use_memo((), |()| {
        let store = StoreRef::new(State::default());
        if let Some(settings) = store.saver.load_settings() {
            store.update(|state| state.settings = Rc::new(settings));
        }
        dress(&store.state().settings);
        store
    });
    let store = (*store).clone();
    use_effect_with(store.clone(), |store| {
        let listeners = follow(store);
        library::start(store);
        move || drop(listeners)
    });
    html! { <ContextProvider<StoreRef> context={store}><Shell /></ContextProvider<StoreRef>> }
}

/// Follows the address, the system's theme, files that are dropped, and keys where no document is open.
fn follow(store: &StoreRef) -> Vec<EventListener> {
    let mut all = Vec::new();
    let by_address = store.clone();
    all.push(EventListener::new(&window(), "hashchange", move |_| enter(&by_address)));
    if let Ok(Some(dark)) = window().match_media("(prefers-color-scheme: dark)") {
        let by_system = store.clone();
        all.push(EventListener::new(&dark, "change", move |_| dress(&by_system.state().settings)));
    }
    let keys = store.clone();
    all.push(EventListener::new(&window(), "keydown", move |event| {
        // Every key comes by here: what is asked first costs least.
        let Some(event) = event.dyn_ref::<KeyboardEvent>().filter(|event| event.shift_key() && event.code() == "Slash") else { return };
        let reading = {
            let state = keys.state();
            matches!(state.route, Route::Read(_)) && state.work.is_some()
        };
        let typing = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
            .is_some_and(|element| crate::web::reader::input::takes_letters(&element));
        if !reading && !typing {
            act::perform(&keys, act::Action::Open(crate::web::state::Dialog::Help));
        }
    }));
    let options = gloo::events::EventListenerOptions::enable_prevent_default();
    all.push(EventListener::new_with_options(&window(), "dragover", options, |event| event.prevent_default()));
    let dropped = store.clone();
    all.push(EventListener::new_with_options(&window(), "drop", options, move |event| {
        event.prevent_default();
        let files = event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer).and_then(|data| data.files());
        if let Some(files) = files {
            library::take_files(&dropped, &files);
        }
    }));
    all
}

/// Shows the screen that the address names.
pub fn enter(store: &StoreRef) {
    let fragment = window().location().hash().unwrap_or_default();
    let mut route = Route::parse(&fragment);
    if fragment.trim_start_matches(['#', '/']).is_empty() {
        let first = store.state().library.iter().find(|card| card.binned.is_none()).map(|card| card.id.clone());
        route = first.map_or(Route::Library, Route::Read);
    }
    store.update(|state| {
        state.route = route.clone();
        state.dialog = None;
    });
    match route {
        Route::Read(id) => {
            place::ask(&id, &fragment);
            open::open(store, id);
            place::go(store);
        }
        Route::Review(id) => {
            place::ask(&id, &fragment);
            open::open_gold(store, id);
            review::show_asked(store);
        }
        // Cards change with every edit; the list is made when it is looked at.
        _ => library::show(store),
    }
    name_page(store);
}

/// The title of the window: the document's, then the program's.
pub fn name_page(store: &StoreRef) {
    let state = store.state();
    let words = Words::of(state.settings.language);
    let title = state.work.as_ref().filter(|_| matches!(state.route, Route::Read(_) | Route::Review(_))).and_then(|work| work.session.document());
    let name = words.get("name");
    document().set_title(&title.map_or_else(|| name.clone(), |document| format!("{} · {name}", document.title)));
}

/// Brings the page's language, direction and theme in step with the settings.
pub fn dress(settings: &Settings) {
    let root = document_element();
    let dark = match settings.theme {
        Theme::Dark => true,
        Theme::Light => false,
        Theme::System => window().match_media("(prefers-color-scheme: dark)").ok().flatten().is_some_and(|query| query.matches()),
    };
    // Plain attribute names are never refused.
    let _ = root.set_attribute("lang", settings.language.code());
    let _ = root.set_attribute("dir", settings.language.direction());
    let _ = root.set_attribute("data-theme", if dark { "dark" } else { "light" });
    if let Some(root) = root.dyn_ref::<web_sys::HtmlElement>() {
        let _ = root.style().set_property("--reading-size", &format!("{}px", settings.text_size));
        let _ = root.style().set_property("--reading-line", &format!("{}", f64::from(settings.line_height) / 100.0));
    }
}

/// Changes the settings, keeps them, and dresses the page anew.
pub fn change_settings(store: &StoreRef, change: impl FnOnce(&mut Settings)) {
    store.update(|state| {
        let settings = Rc::make_mut(&mut state.settings);
        change(settings);
        dress(settings);
    });
    store.saver.save_settings(store);
    name_page(store);
}

/// Changes to the other language, and says so in it.
pub fn switch_language(store: &StoreRef) {
    change_settings(store, |settings| settings.language = settings.language.other());
    say(store, |words| words.get("said.language"));
}

#[component]
fn Shell() -> Html {
    let store = use_store();
    let words = use_words();
    let route = use_select(|state| state.route.clone());
    let skip = Callback::from(move |event: MouseEvent| {
        event.prevent_default();
        let target = document().query_selector("[data-testid=reader], main h1").ok().flatten();
        if let Some(target) = target.and_then(|target| target.dyn_into::<web_sys::HtmlElement>().ok()) {
            // An element that cannot be focused stays as it is.
            let _ = target.focus();
        }
    });
    let _ = store;
    let screen = match &*route {
        Route::Start => html! { <main class="screen" aria-busy="true"></main> },
        Route::Library => html! { <LibraryScreen /> },
        Route::Read(id) => html! { <ReadScreen id={id.as_str().to_owned()} /> },
        Route::Review(id) => html! { <ReviewScreen id={id.as_str().to_owned()} /> },
        Route::Dataset => html! { <DatasetScreen /> },
        Route::Agreement(id) => html! { <AgreementScreen id={id.clone()} /> },
        Route::Schema => html! { <SchemaScreen /> },
        Route::Unknown(path) => html! {
            <main class="screen"><h1 tabindex="-1">{ words.get("unknown.title") }</h1>
            <p>{ words.with("unknown.text", &[("path", path)]) }</p><p><a href="#/library">{ words.get("nav.library") }</a></p></main>
        },
    };
    html! {
        <>
            <a class="skip" href="#" onclick={skip}>{ words.get("skip") }</a>
            <Bar />
            <Notices />
            { screen }
            <Dialogs />
            <ImportField />
            <Toast />
            <Live />
        </>
    }
}
