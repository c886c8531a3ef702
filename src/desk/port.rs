//! The port between the page and the desk: functions of the object that `src/boot.js` made, and one back to the page.

use super::agreement::{self, Agreement, AgreementProps};
use super::build::{self, Bench, Builder, BuilderProps};
use super::guide;
use super::model::Model;
use super::preview::{self, Sheet};
use super::retext::{self, Retext, RetextProps, Table};
use super::screen::{Desk, Screen, ScreenProps};
use crate::persist::SchemaRecord;
use crate::schema_change::Comparison;
use crate::web::words::Language;
use js_sys::{Function, Reflect};
use serde::Deserialize;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use web_sys::Element;
use yew::html::BaseComponent;

/// What the page tells of its state.
#[derive(Deserialize)]
pub struct State {
    /// The language of the interface.
    pub language: Language,
    /// The schema's record; none where it is the default schema.
    pub record: Option<SchemaRecord>,
}

/// What the page tells of a task that it was asked for.
#[derive(Deserialize)]
pub struct Answered {
    /// Which task.
    pub id: u32,
    /// The worker's answer; none where nothing was done, which the page has told.
    pub answer: Option<Answer>,
}

/// The worker's answer, as far as it is read here.
#[derive(Deserialize)]
pub struct Answer {
    /// What changes, with counts.
    pub comparison: Comparison,
    /// Why nothing is done.
    pub refused: Option<crate::schema_change::Unplanned>,
    /// Whether something was done.
    pub done: Option<serde_json::Value>,
}

struct Seat {
    leave: Box<dyn FnOnce()>,
    _receive: Closure<dyn FnMut(String, String)>,
    _look: Sheet,
}

thread_local! {
    static SEAT: RefCell<Option<Seat>> = const { RefCell::new(None) };
}

/// Puts what the page may call where it finds it.
pub fn offer() {
    let Ok(place) = Reflect::get(&js_sys::global(), &"wusumDesk".into()) else { return };
    let mount = Closure::<dyn FnMut(Element, Function) -> JsValue>::new(mount).into_js_value();
    let unmount = Closure::<dyn FnMut()>::new(unmount).into_js_value();
    let guide = Closure::<dyn FnMut(Element, String, String)>::new(|element, language: String, record: String| {
        let language = if language == Language::En.code() { Language::En } else { Language::Ar };
        let record = SchemaRecord::decode(&record).unwrap_or_default();
        guide::show(&element, language, &record.schema);
    })
    .into_js_value();
    let build = Closure::<dyn FnMut(Element, Function) -> JsValue>::new(mount_builder).into_js_value();
    let agreement = Closure::<dyn FnMut(Element, Function) -> JsValue>::new(mount_agreement).into_js_value();
    let retext = Closure::<dyn FnMut(Element, Function) -> JsValue>::new(mount_retext).into_js_value();
    let parts = [("mount", mount), ("unmount", unmount), ("guide", guide), ("build", build), ("agreement", agreement), ("retext", retext)];
    for (name, function) in parts {
        // A plain object takes what it is given.
        let _ = Reflect::set(&place, &name.into(), &function);
    }
}

/// Mounts the schema screen; gives the function by which the page tells it things.
fn mount(element: Element, send: Function) -> JsValue {
    let desk = Desk::new(Model::default(), send);
    seat::<Screen>(element, ScreenProps { desk: desk.clone() }, move |kind, told| match kind {
        "state" => drop(crate::json::parse::<State>(told).map(|state| desk.told(state))),
        "answer" => drop(crate::json::parse::<Answered>(told).map(|answered| desk.answered(answered))),
        _ => {}
    })
}

/// Mounts what makes data sets; gives the function by which the page tells it things.
fn mount_builder(element: Element, send: Function) -> JsValue {
    let bench = Bench::new(send);
    seat::<Builder>(element, BuilderProps { bench: bench.clone() }, move |kind, told| match kind {
        "state" => drop(crate::json::parse::<State>(told).map(|state| bench.state(state))),
        "chosen" => drop(crate::json::parse::<build::Chosen>(told).map(|chosen| bench.chosen(chosen))),
        "answer" => drop(crate::json::parse::<build::Answered>(told).map(|answered| bench.answered(answered))),
        _ => {}
    })
}

/// Mounts agreement; gives the function by which the page tells it things.
fn mount_agreement(element: Element, send: Function) -> JsValue {
    let bench = agreement::Bench::seated(send);
    seat::<Agreement>(element, AgreementProps { bench: bench.clone() }, move |kind, told| match kind {
        "state" => drop(crate::json::parse::<State>(told).map(|state| bench.state(state))),
        "place" => drop(crate::json::parse(told).map(|place| bench.place(place))),
        "answer" => drop(crate::json::parse(told).map(|answered| bench.answered(answered))),
        _ => {}
    })
}

/// Mounts what takes a corrected text; gives the function by which the page tells it things.
fn mount_retext(element: Element, send: Function) -> JsValue {
    let table = Table::new(send);
    seat::<Retext>(element, RetextProps { table: table.clone() }, move |kind, told| match kind {
        "state" => drop(crate::json::parse::<State>(told).map(|state| table.state(state))),
        "document" => drop(crate::json::parse::<retext::Wanted>(told).map(|document| table.document(document))),
        "answer" => drop(crate::json::parse::<retext::Answered>(told).map(|answered| table.answered(answered))),
        _ => {}
    })
}

/// Mounts an app in place of the one before; gives the function by which the page tells it things: a name, and JSON.
fn seat<C: BaseComponent>(element: Element, properties: C::Properties, receive: impl Fn(&str, &str) + 'static) -> JsValue {
    unmount();
    let look = preview::look();
    let app = yew::Renderer::<C>::with_root_and_props(element, properties).render();
    let receive = Closure::<dyn FnMut(String, String)>::new(move |kind: String, told: String| receive(&kind, &told));
    let function = receive.as_ref().clone();
    SEAT.with(|seat| *seat.borrow_mut() = Some(Seat { leave: Box::new(|| app.destroy()), _receive: receive, _look: look }));
    function
}

fn unmount() {
    if let Some(seat) = SEAT.with(|seat| seat.borrow_mut().take()) {
        (seat.leave)();
    }
}
