//! What the pointer, the keys and the browser's own selection do in the reader.

use crate::text::{Affinity, Caret, Offset, Side};
use crate::web::act::{self, Action, Extend, Tie, perform};
use crate::web::keys::{Asked, Focus, Press, answering, asked, linking};
use crate::web::reader::Reader;
use crate::web::reader::surface::Surface;
use crate::web::state::Selection;
use crate::web::timing;
use gloo::events::{EventListener, EventListenerOptions};
use std::cell::RefCell;
use std::rc::{Rc, Weak};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent, PointerEvent};

/// An edge of the label in focus, being dragged.
#[derive(Clone, Copy, PartialEq)]
enum Handle {
    Start,
    End,
    /// The knob from which a relation is pulled, and where it was taken hold of.
    Tie(i32, i32),
}

/// Listens to everything the reader needs; dropping the listeners ends that.
pub(super) fn listen(reader: &Rc<Reader>, host: &HtmlElement) -> Vec<EventListener> {
    let weak = Rc::downgrade(reader);
    let dragged: Rc<RefCell<Option<Handle>>> = Rc::default();
    let sheet = reader.surface.sheet.clone();
    let window = gloo::utils::window();
    let page = gloo::utils::document();
    let active = EventListenerOptions::enable_prevent_default();
    let mut all = Vec::new();

    all.push(on(&weak, &page, "selectionchange", |reader, _| reader.selection_changed()));
    all.push({
        let dragged = dragged.clone();
        let weak = weak.clone();
        EventListener::new_with_options(&sheet, "pointerdown", active, move |event| {
            if let (Some(reader), Some(event)) = (weak.upgrade(), event.dyn_ref::<PointerEvent>()) {
                *dragged.borrow_mut() = reader.pointer_down(event);
            }
        })
    });
    all.push({
        let dragged = dragged.clone();
        on(&weak, &window, "pointermove", move |reader, event| {
            if let (Some(handle), Some(event)) = (*dragged.borrow(), event.dyn_ref::<PointerEvent>()) {
                reader.drag_handle(handle, event);
            }
        })
    });
    for name in ["pointerup", "pointercancel"] {
        let dragged = dragged.clone();
        all.push(on(&weak, &window, name, move |reader, event| {
            let handle = dragged.borrow_mut().take();
            if let Some(event) = event.dyn_ref::<PointerEvent>() {
                reader.pointer_up(handle, event);
            }
        }));
    }
    all.push(on(&weak, host, "click", |reader, event| {
        if let Some(event) = event.dyn_ref::<web_sys::MouseEvent>() {
            reader.clicked(event);
        }
    }));
    all.push(asks_for_frame(&window));
    all.push({
        let weak = weak.clone();
        EventListener::new_with_options(&window, "keydown", active, move |event| {
            if let (Some(reader), Some(event)) = (weak.upgrade(), event.dyn_ref::<KeyboardEvent>()) {
                reader.key_pressed(event);
            }
        })
    });
    all.push({
        let weak = weak.clone();
        EventListener::new_with_options(&page, "copy", active, move |event| {
            if let Some(reader) = weak.upgrade() {
                reader.copied(event);
            }
        })
    });
    all.push(on(&weak, &reader.surface.scroller, "scroll", |reader, _| reader.scrolled()));
    all.push(on(&weak, &reader.surface.scroller, "click", |reader, event| {
        let button = event.target().and_then(|target| target.dyn_into::<Element>().ok()).and_then(|element| element.get_attribute("data-jump"));
        if let Some(id) = button {
            perform(&reader.store, Action::Choose(Some(id.into())));
        }
    }));
    all.push(on(&weak, &window, "resize", |reader, _| reader.later(true)));
    if let Ok(fonts) = js_sys::Reflect::get(&page, &"fonts".into())
        && let Some(fonts) = fonts.dyn_ref::<web_sys::EventTarget>()
    {
        // Another font breaks the lines elsewhere.
        all.push(on(&weak, fonts, "loadingdone", |reader, _| reader.later(true)));
    }
    all
}

/// Asks for a frame before anybody answers a key: the browser makes it ready meanwhile, which takes as long as the answer.
fn asks_for_frame(window: &web_sys::Window) -> EventListener {
    EventListener::new_with_options(window, "keydown", EventListenerOptions::run_in_capture_phase(), |_| timing::ask_for_frame())
}

fn on(reader: &Weak<Reader>, target: &web_sys::EventTarget, name: &'static str, act: impl Fn(&Rc<Reader>, &Event) + 'static) -> EventListener {
    let weak = reader.clone();
    EventListener::new(target, name, move |event| {
        if let Some(reader) = weak.upgrade() {
            act(&reader, event);
        }
    })
}

/// Whether letters typed there are its own.
#[must_use]
pub fn takes_letters(element: &Element) -> bool {
    matches!(element.tag_name().as_str(), "TEXTAREA" | "SELECT")
        || (element.tag_name() == "INPUT"
            && !matches!(element.get_attribute("type").as_deref(), Some("checkbox" | "radio" | "button" | "range" | "color" | "file")))
}

/// What has the focus, as far as keys care.
#[must_use]
pub fn focus_of(element: Option<&Element>) -> Focus {
    let Some(element) = element else { return Focus::Text };
    if takes_letters(element) {
        return Focus::Field;
    }
    let is_text =
        element.tag_name() == "BODY" || element.get_attribute("data-testid").as_deref() == Some("reader") || element.class_list().contains("read");
    if is_text { Focus::Text } else { Focus::Control }
}

/// The anchor and the head of the browser's own selection, if both lie in the text.
#[must_use]
pub fn native_selection(surface: &Surface, native: &web_sys::Selection) -> Option<(Offset, Offset)> {
    let anchor = native.anchor_node().filter(|node| surface.holds(node))?;
    let focus = native.focus_node().filter(|node| surface.holds(node))?;
    Some((surface.offset_of(&anchor, native.anchor_offset())?, surface.offset_of(&focus, native.focus_offset())?))
}

impl Reader {
    /// The browser's selection was changed by the pointer, by touch handles, or by us.
    pub(super) fn selection_changed(self: &Rc<Self>) {
        let Some(native) = gloo::utils::window().get_selection().ok().flatten() else { return };
        let Some((anchor, head)) = native_selection(&self.surface, &native) else { return };
        if self.native.replace(Some((anchor, head))) == Some((anchor, head)) {
            return;
        }
        let (current, snap) = {
            let state = self.store.state();
            let Some(work) = &state.work else { return };
            (work.selection, state.settings.snap)
        };
        if (current.anchor, current.head()) == (anchor, head) {
            return;
        }
        if anchor == head {
            // A bare click is told by its own event, which knows the place better.
            if !current.is_caret() {
                perform(&self.store, Action::Select(Selection::caret(head)));
            }
            return;
        }
        let affinity = if head > anchor { Affinity::Before } else { Affinity::After };
        let snap = snap != self.freed.get();
        perform(&self.store, Action::Select(Selection { anchor, caret: Caret { offset: head, affinity }, snap }));
    }

    fn pointer_down(self: &Rc<Self>, event: &PointerEvent) -> Option<Handle> {
        timing::began(event.time_stamp());
        self.forget_column();
        // From here on the selection is the pointer's.
        self.owed.set(false);
        self.mirroring.replace(None);
        self.native.set(None);
        // Alt held while selecting frees the edges for once.
        self.freed.set(event.alt_key());
        let target: Element = event.target()?.dyn_into().ok()?;
        let handle = match target.get_attribute("data-handle").as_deref() {
            Some("start") => Handle::Start,
            Some("end") => Handle::End,
            Some("tie") => {
                event.prevent_default();
                perform(&self.store, Action::Tie(Tie::Pull));
                return Some(Handle::Tie(event.client_x(), event.client_y()));
            }
            _ => {
                if event.pointer_type() == "mouse" && event.button() == 0 && target.closest(".text").ok().flatten().is_some() {
                    act::with_work(&self.store, |work| work.selecting = true);
                }
                return None;
            }
        };
        event.prevent_default();
        Some(handle)
    }

    /// The pointer pulls a relation: the label under it is proposed, and a line follows the pointer.
    fn pull_tie(self: &Rc<Self>, event: &PointerEvent) {
        let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
        self.pull.set(Some((x, y)));
        let under = self.surface.character_at_point(x, y).and_then(|offset| {
            let state = self.store.state();
            state.work.as_ref().and_then(|work| act::ways::end_at(work, offset))
        });
        act::link::pull(&self.store, under);
        let state = self.store.state().clone();
        if let Some(work) = &state.work {
            self.draw_ties(&state, work, self.view());
        }
    }

    /// A relation that was pulled onto a label is made; a mere click on the knob begins link mode.
    fn end_pull(self: &Rc<Self>, from: (i32, i32), event: &PointerEvent) {
        self.pull.set(None);
        let aimed = self.store.state().work.as_ref().and_then(|work| work.link.as_ref()?.to.clone());
        let moved = (event.client_x() - from.0).abs() + (event.client_y() - from.1).abs() > 6;
        perform(
            &self.store,
            match aimed {
                _ if event.type_() != "pointerup" => Action::Tie(Tie::Leave),
                Some(id) => Action::Choose(Some(id)),
                None if moved => Action::Tie(Tie::Leave),
                None => Action::Tie(Tie::Begin),
            },
        );
    }

    fn drag_handle(self: &Rc<Self>, handle: Handle, event: &PointerEvent) {
        if let Handle::Tie(..) = handle {
            return self.pull_tie(event);
        }
        let Some(offset) = self.surface.offset_at_point(f64::from(event.client_x()), f64::from(event.client_y())) else { return };
        let draft = {
            let state = self.store.state();
            let Some(work) = &state.work else { return };
            let Some(span) = work.chosen_span() else { return };
            let text = self.surface.text();
            let snap = state.settings.snap != event.alt_key();
            let place = |is_start: bool| match text.word_at(offset).filter(|word| snap && word.start < offset && offset < word.end) {
                Some(word) if is_start => word.start,
                Some(word) => word.end,
                None => text.grapheme_floor(offset),
            };
            match handle {
                Handle::Start => crate::span::Span::try_new(place(true), span.end()),
                Handle::End => crate::span::Span::try_new(span.start(), place(false)),
                Handle::Tie(..) => None,
            }
        };
        if draft.is_some() {
            act::with_work(&self.store, |work| work.draft = draft);
        }
    }

    fn pointer_up(self: &Rc<Self>, handle: Option<Handle>, event: &PointerEvent) {
        timing::began(event.time_stamp());
        if let Some(Handle::Tie(x, y)) = handle {
            return self.end_pull((x, y), event);
        }
        if handle.is_some() {
            let reach = {
                let state = self.store.state();
                state.work.as_ref().and_then(|work| Some((work.chosen.clone()?, work.draft?, work.chosen_span()?)))
            };
            act::with_work(&self.store, |work| work.draft = None);
            if let Some((id, draft, old)) = reach
                && draft != old
                && event.type_() == "pointerup"
            {
                perform(&self.store, Action::Reach(id, draft));
            }
            return;
        }
        let was_selecting = self.store.state().work.as_ref().is_some_and(|work| work.selecting);
        if !was_selecting {
            return;
        }
        act::with_work(&self.store, |work| work.selecting = false);
        let brushed = {
            let state = self.store.state();
            state.work.as_ref().and_then(|work| Some((work.selected()?, work.brush.clone()?)))
        };
        if let Some((span, label)) = brushed {
            perform(&self.store, Action::Paint(span, label));
        }
    }

    fn clicked(self: &Rc<Self>, event: &web_sys::MouseEvent) {
        // On a busy machine the end of a drag comes before the browser tells what was selected by it.
        self.selection_changed();
        let selecting = self.store.state().work.as_ref().is_some_and(|work| !work.selection.is_caret());
        let native = gloo::utils::window().get_selection().ok().flatten();
        let is_range = native.is_some_and(|native| !native.is_collapsed());
        // The second click of a double click has selected a word.
        if (selecting && is_range) || event.detail() > 1 || event.shift_key() {
            return;
        }
        let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
        if let Some(offset) = self.surface.character_at_point(x, y) {
            perform(&self.store, Action::ChooseAt(offset));
        } else if let Some(offset) = self.surface.offset_at_point(x, y) {
            perform(&self.store, Action::Place(offset, Extend::No));
        }
    }

    fn key_pressed(self: &Rc<Self>, event: &KeyboardEvent) {
        if event.default_prevented() || event.is_composing() {
            return;
        }
        timing::began(event.time_stamp());
        // Browsers tell a new selection up to a frame after it is there; a key may be quicker. Where ours is newer and not
        // yet in the page, there is nothing to learn from the page.
        if !self.owed.get() {
            self.selection_changed();
        }
        let mut linking_keys = None;
        let asked = {
            let state = self.store.state();
            let Some(work) = &state.work else { return };
            if state.dialog.is_some() || work.occurrences.is_some() {
                return;
            }
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            let code = event.code();
            let press = Press { code: &code, shift: event.shift_key(), command: event.ctrl_key() || event.meta_key(), alt: event.alt_key() };
            let focus = focus_of(target.as_ref());
            if let Some(link) = &work.link {
                let at = work.session.layer().get(&link.from).map_or(Offset::new(0), |from| from.extent.hull().start());
                linking_keys = Some((linking(&press, focus, self.forward(at)), press.command));
            }
            let answer = work.asking().and_then(|_| answering(&press, focus)).map(|mark| Asked::Do(Action::Mark(mark)));
            answer.or_else(|| asked(&press, focus, state.settings.single_keys, &work.session.project().schema))
        };
        match linking_keys {
            Some((Some(tie), _)) => {
                event.prevent_default();
                return perform(&self.store, Action::Tie(tie));
            }
            // Keys that have no meaning here do nothing, so that none is pressed by mistake; those with Ctrl end the choosing.
            Some((None, false)) => return,
            _ => {}
        }
        let Some(asked) = asked else { return };
        if !matches!(asked, Asked::Line(..)) {
            self.forget_column();
        }
        match asked {
            Asked::Do(action) => perform(&self.store, action),
            Asked::Line(towards, extend) => self.move_line(towards, extend),
            Asked::LineEdge(towards, extend) => self.move_to_line_edge(towards, extend),
            Asked::Tab(towards) => {
                if !act::step(&self.store, towards) {
                    // After the last label Tab leaves the text, so that the keyboard is never caught in it.
                    return;
                }
            }
            Asked::ChooseAtCaret => {
                let offset = self.store.state().work.as_ref().map(|work| work.selection.head());
                if let Some(offset) = offset {
                    perform(&self.store, Action::ChooseAt(offset));
                }
            }
            Asked::Note => focus_note(),
        }
        event.prevent_default();
    }

    /// The side to which a paragraph is read.
    fn forward(&self, offset: Offset) -> Side {
        let element = self.surface.element(self.surface.text().paragraph_at(offset));
        let left_to_right = element.is_some_and(|element| element.get_attribute("dir").as_deref() == Some("ltr"));
        if left_to_right { Side::Right } else { Side::Left }
    }

    /// What is copied are the words that would be labelled, as they stand in the text.
    fn copied(&self, event: &Event) {
        let Some(native) = gloo::utils::window().get_selection().ok().flatten() else { return };
        if native_selection(&self.surface, &native).is_none() {
            return;
        }
        let words = {
            let state = self.store.state();
            state.work.as_ref().and_then(|work| match work.selected() {
                Some(span) => self.surface.text().slice(span.range()).map(str::to_owned),
                None => work.chosen.as_ref().and_then(|id| work.session.layer().get(id)).map(|annotation| act::quote(work, annotation)),
            })
        };
        let data = event.dyn_ref::<web_sys::ClipboardEvent>().and_then(web_sys::ClipboardEvent::clipboard_data);
        if let (Some(words), Some(data)) = (words, data)
            && data.set_data("text/plain", &words).is_ok()
        {
            event.prevent_default();
        }
    }
}

fn focus_note() {
    focus_on("[data-testid=note]");
}

/// Gives the focus to what a selector finds first.
pub fn focus_on(selector: &str) {
    let found = gloo::utils::document().query_selector(selector).ok().flatten();
    if let Some(found) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        // An element that cannot be focused stays as it is.
        let _ = found.focus();
    }
}
