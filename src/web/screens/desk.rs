//! A place beside the app for the desk, a module of its own that is fetched when the page is at rest.
//!
//! The desk mounts an app of its own there: the schema screen, agreement, what makes data sets, or what takes a corrected text. It lies
//! beside this app's element and not in it, for two apps do not share one tree of events. Both talk by functions that take a name and
//! JSON.

use crate::web::act;
use crate::web::review;
use crate::web::screens::dataset::download;
use crate::web::state::{Route, State};
use crate::web::storage::{exchange, retext, schema};
use crate::web::store::{StoreRef, Subscription, use_store};
use crate::web::words::Words;
use gloo::timers::callback::Timeout;
use js_sys::Function;
use std::rc::{Rc, Weak};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::Element;
use yew::prelude::*;

/// How long after the page is up the desk is fetched, in milliseconds: after the worker.
const REST: u32 = 4_500;

#[wasm_bindgen]
extern "C" {
    type Desk;

    #[wasm_bindgen(thread_local_v2, js_name = wusumDesk)]
    static DESK: Option<Desk>;

    #[wasm_bindgen(method, catch)]
    fn fetch(this: &Desk) -> Result<js_sys::Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    async fn start(this: &Desk) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn mount(this: &Desk, element: &Element, send: &JsValue) -> Result<Function, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn build(this: &Desk, element: &Element, send: &JsValue) -> Result<Function, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn agreement(this: &Desk, element: &Element, send: &JsValue) -> Result<Function, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn retext(this: &Desk, element: &Element, send: &JsValue) -> Result<Function, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn unmount(this: &Desk) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch)]
    fn guide(this: &Desk, element: &Element, language: &str, record: &str) -> Result<(), JsValue>;
}

/// Fetches the desk once the page has been up for a while, so that it is there without the network too.
pub fn fetch_at_rest() {
    // The page lives as long as the timer, or longer.
    Timeout::new(REST, || {
        spawn_local(async {
            if let Some(promise) = DESK.with(|desk| desk.as_ref().and_then(|desk| desk.fetch().ok())) {
                // Where it fails it is fetched when it is needed.
                let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
            }
        });
    })
    .forget();
}

async fn started() -> Result<Desk, String> {
    let desk: Desk = DESK.with(|desk| desk.as_ref().map(|desk| JsValue::from(desk).unchecked_into())).ok_or_else(String::new)?;
    desk.start().await.map_err(|thrown| crate::web::storage::durable::Failure::from(thrown).0)?;
    Ok(desk)
}

/// Shows the project's own guidelines in an element.
pub fn guide(store: &StoreRef, element: Element) {
    let store = store.clone();
    spawn_local(async move {
        // Where the desk does not come, the panel stays empty, and the schema screen says why.
        let Ok(desk) = started().await else { return };
        let (language, raw) = {
            let state = store.state();
            (state.settings.language.code(), state.schema.raw.clone())
        };
        let _ = desk.guide(&element, language, &raw);
    });
}

/// What the desk is told of the state.
fn told(state: &State) -> String {
    let raw = if state.schema.raw.is_empty() { "null" } else { &state.schema.raw };
    format!("{{\"language\":\"{}\",\"record\":{raw}}}", state.settings.language.code())
}

/// What the desk shows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The schema: a screen of its own.
    Schema,
    /// What makes data sets: under the screen of the data set.
    Build,
    /// Agreement: a screen of its own.
    Agreement,
    /// What takes a corrected text: under the library.
    Retext,
}

/// The desk at work; dropped, it is taken away.
pub struct Seated {
    element: Element,
    desk: Desk,
    call: Function,
    _send: Closure<dyn FnMut(String, String, String)>,
    _subscription: Subscription,
}

impl Seated {
    /// Tells it something.
    pub fn tell(&self, kind: &str, told: &str) {
        // The desk's own errors are its own.
        let _ = self.call.call2(&JsValue::NULL, &kind.into(), &told.into());
    }
}

impl Drop for Seated {
    fn drop(&mut self) {
        // Whether it can or not, its place goes.
        let _ = self.desk.unmount();
        self.element.remove();
    }
}

fn seat(store: &StoreRef, desk: Desk, part: Part) -> Result<Seated, JsValue> {
    let document = gloo::utils::document();
    // What lies under a screen of the page scrolls with it.
    let is_under = matches!(part, Part::Build | Part::Retext);
    let element = document.create_element(if is_under { "section" } else { "main" })?;
    element.set_id("desk");
    let receive: Rc<std::cell::RefCell<Option<Function>>> = Rc::default();
    let send = {
        let (store, receive) = (store.clone(), receive.clone());
        Closure::new(move |kind: String, first: String, second: String| heard(&store, receive.borrow().clone(), &kind, first, second))
    };
    let call = match part {
        Part::Schema => desk.mount(&element, send.as_ref())?,
        Part::Build => desk.build(&element, send.as_ref())?,
        Part::Agreement => desk.agreement(&element, send.as_ref())?,
        Part::Retext => desk.retext(&element, send.as_ref())?,
    };
    *receive.borrow_mut() = Some(call.clone());
    gloo::utils::body().append_child(&element)?;
    let last = std::cell::RefCell::new(String::new());
    let teller = call.clone();
    let tell = move |state: &State| {
        let now = told(state);
        if *last.borrow() != now {
            // The desk's own errors are its own.
            let _ = teller.call2(&JsValue::NULL, &"state".into(), &now.as_str().into());
            *last.borrow_mut() = now;
        }
    };
    tell(&store.state().clone());
    Ok(Seated { element, desk, call, _send: send, _subscription: store.follow(tell) })
}

fn heard(store: &StoreRef, receive: Option<Function>, kind: &str, first: String, second: String) {
    match kind {
        "task" | "build" | "agree" | "retext" => {
            let (store, kind) = (store.clone(), kind.to_owned());
            spawn_local(async move {
                let answer = match kind.as_str() {
                    "task" => schema::run(&store, &second).await,
                    "build" => exchange::build(&store, second).await,
                    "agree" => exchange::agree(&store, second).await,
                    _ => retext::run(&store, &second).await,
                };
                let answer = format!("{{\"id\":{first},\"answer\":{}}}", answer.as_deref().unwrap_or("null"));
                if let Some(receive) = receive {
                    let _ = receive.call2(&JsValue::NULL, &"answer".into(), &answer.into());
                }
            });
        }
        "sample" => {
            let store = store.clone();
            spawn_local(async move {
                if review::sample(&store).await.is_some() {
                    act::go(&Route::Agreement(None));
                }
            });
        }
        "save" => download(&first, "application/octet-stream", second.as_str()),
        _ => {}
    }
}

/// The desk, as far as it has come.
#[derive(Clone)]
pub enum Seat {
    /// It is on its way.
    Opening,
    /// It is there.
    Ready(Weak<Seated>),
    /// It did not come: why, and what tries it again.
    Failed(String, Callback<MouseEvent>),
}

/// Has a part of the desk beside the app for as long as the calling component is mounted.
#[hook]
pub fn use_desk(part: Part) -> Seat {
    let store = use_store();
    let failed = use_state(|| None::<String>);
    let ready = use_state(|| None::<Weak<Seated>>);
    let tries = use_state(|| 0_u32);
    {
        let (failed, shown) = (failed.clone(), ready.clone());
        use_effect_with(*tries, move |_| {
            let seated = Rc::new(std::cell::RefCell::new(None));
            let gone = Rc::new(std::cell::Cell::new(false));
            let (place, left) = (seated.clone(), gone.clone());
            spawn_local(async move {
                let desk = started().await;
                if left.get() {
                    return;
                }
                match desk.and_then(|desk| seat(&store, desk, part).map_err(|thrown| format!("{thrown:?}"))) {
                    Ok(desk) => {
                        let desk = Rc::new(desk);
                        shown.set(Some(Rc::downgrade(&desk)));
                        *place.borrow_mut() = Some(desk);
                    }
                    Err(detail) => failed.set(Some(detail)),
                }
            });
            move || {
                gone.set(true);
                drop(seated.take());
            }
        });
    }
    if let Some(seated) = &*ready {
        return Seat::Ready(seated.clone());
    }
    let Some(detail) = &*failed else { return Seat::Opening };
    let again = {
        let (failed, tries) = (failed.clone(), tries.clone());
        Callback::from(move |_: MouseEvent| {
            failed.set(None);
            tries.set(*tries + 1);
        })
    };
    Seat::Failed(detail.clone(), again)
}

/// What stands in the place of a part that has a screen of its own, until it is there.
pub fn coming(words: &Words, seat: &Seat) -> Html {
    match seat {
        Seat::Ready(_) => Html::default(),
        Seat::Opening => html! { <main class="screen desk-opening"><p class="soft" role="status">{ words.get("desk.opening") }</p></main> },
        Seat::Failed(detail, again) => {
            html! { <main class="screen"><p role="alert">{ words.with("desk.failed", &[("detail", detail)]) }</p><p><button type="button" class="button" onclick={again.clone()}>{ words.get("offer.retry") }</button></p></main> }
        }
    }
}
