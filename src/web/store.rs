//! The store: the state, one way to change it, and who wants to know.
//!
//! Components take slices of the state by [`use_select`] and render again only when their slice changed.
//! The text comes first: after a step on the layer the reader paints at once, and components follow once that frame is on screen.

use crate::web::state::State;
use crate::web::storage::saver::Saver;
use crate::web::timing::{AfterFrame, InFrame};
use std::cell::{Cell, Ref, RefCell};
use std::rc::{Rc, Weak};
use yew::prelude::*;

type Listener = dyn Fn(&State);

/// The page's state and who follows it. Made once; handed to every component by a context that never changes.
pub struct Store {
    state: RefCell<State>,
    listeners: RefCell<Vec<(u64, When, Rc<Listener>)>>,
    /// What those who wait for the frame wait for; while it is there, they are told of nothing.
    waiting: RefCell<Option<Wait>>,
    next: Cell<u64>,
    /// What keeps the work safe.
    pub saver: Saver,
}

/// What is waited for.
enum Wait {
    /// The next frame, to be seen in it.
    Frame(#[expect(dead_code, reason = "waits as long as it is held")] InFrame),
    /// The end of the next frame.
    Text(#[expect(dead_code, reason = "waits as long as it is held")] AfterFrame),
}

/// When a listener is told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    /// At every change.
    AtOnce,
    /// The same, once those were told.
    AtOnceLast,
    /// At every change, but of a selection in the next frame, and of a step on the layer only once the text shows it.
    AfterText,
}

/// The store as components hold it.
#[derive(Clone)]
pub struct StoreRef(Rc<Store>);

impl PartialEq for StoreRef {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl std::ops::Deref for StoreRef {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.0
    }
}

/// Follows the store until it is dropped.
pub struct Subscription {
    store: Weak<Store>,
    id: u64,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(store) = self.store.upgrade() {
            store.listeners.borrow_mut().retain(|(id, ..)| *id != self.id);
        }
    }
}

impl StoreRef {
    /// A store that starts with this state.
    #[must_use]
    pub fn new(state: State) -> Self {
        Self(Rc::new(Store {
            state: RefCell::new(state),
            listeners: RefCell::default(),
            waiting: RefCell::default(),
            next: Cell::new(0),
            saver: Saver::default(),
        }))
    }

    /// The state as it is. Not to be held over a change.
    #[must_use]
    pub fn state(&self) -> Ref<'_, State> {
        self.0.state.borrow()
    }

    /// Changes the state, then tells those who follow it, in the order in which they came.
    pub fn update<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let result = change(&mut self.0.state.borrow_mut());
        self.changed();
        result
    }

    /// As [`Self::update`], for a step on the layer: the text shows it in the next frame, components right after that frame.
    pub fn update_text_first<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        self.wait_for_text();
        self.update(change)
    }

    fn wait_for_text(&self) {
        if !matches!(*self.0.waiting.borrow(), Some(Wait::Text(_))) {
            let store = self.clone();
            let waiting = AfterFrame::new(move || store.over());
            self.0.waiting.replace(Some(Wait::Text(waiting)));
        }
    }

    /// As [`Self::update`], for a selection, of which there may be several in a frame: components are told of the last.
    pub fn update_in_frame<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        self.wait_for_frame();
        self.update(change)
    }

    fn wait_for_frame(&self) {
        if self.0.waiting.borrow().is_none() {
            let store = self.clone();
            let waiting = InFrame::new(move || store.over());
            self.0.waiting.replace(Some(Wait::Frame(waiting)));
        }
    }

    /// What was waited for is there.
    fn over(&self) {
        let _over = self.0.waiting.take();
        self.tell(When::AfterText);
        // The light turns to saved only once everything shows what was saved.
        if !self.saver.is_quiet() {
            self.saver.flush(self);
        }
    }

    fn changed(&self) {
        self.tell(When::AtOnce);
        self.tell(When::AtOnceLast);
        if self.0.waiting.borrow().is_none() {
            self.tell(When::AfterText);
        }
    }

    fn tell(&self, when: When) {
        // A listener may change the state, or come or go, while it is told.
        let listeners: Vec<_> =
            self.0.listeners.borrow().iter().filter(|(_, told, _)| *told == when).map(|(.., listener)| listener.clone()).collect();
        let state = self.0.state.borrow().clone();
        for listener in listeners {
            listener(&state);
        }
    }

    /// Tells `listener` of every change until the subscription is dropped.
    #[must_use]
    pub fn follow(&self, listener: impl Fn(&State) + 'static) -> Subscription {
        self.subscribe(When::AtOnce, Rc::new(listener))
    }

    /// As [`Self::follow`], after all who read the page: what this one writes would have it styled anew for each of them.
    #[must_use]
    pub fn follow_last(&self, listener: impl Fn(&State) + 'static) -> Subscription {
        self.subscribe(When::AtOnceLast, Rc::new(listener))
    }

    /// As [`Self::follow`], but of a selection `listener` is told in the next frame, and of a step on the layer only once the
    /// text shows it.
    #[must_use]
    pub fn follow_after_text(&self, listener: impl Fn(&State) + 'static) -> Subscription {
        self.subscribe(When::AfterText, Rc::new(listener))
    }

    fn subscribe(&self, when: When, listener: Rc<Listener>) -> Subscription {
        let id = self.0.next.replace(self.0.next.get() + 1);
        self.0.listeners.borrow_mut().push((id, when, listener));
        Subscription { store: Rc::downgrade(&self.0), id }
    }
}

/// The store of the page.
#[hook]
pub fn use_store() -> StoreRef {
    #[expect(clippy::expect_used, reason = "the app provides the store above every component")]
    use_context::<StoreRef>().expect("the app provides the store")
}

/// A slice of the state; the component renders again only when the slice has changed.
#[hook]
pub fn use_select<T: PartialEq + 'static>(select: impl Fn(&State) -> T + 'static) -> Rc<T> {
    let slice = {
        let store = use_store();
        let state = store.state();
        Rc::new(select(&state))
    };
    let latest = slice.clone();
    use_changes(Rc::new(move |state: &State| select(state) != *latest));
    slice
}

/// Renders the component again when a change is seen. Apart from [`use_select`], so that the page has it once and not for each slice.
#[hook]
fn use_changes(changed: Rc<dyn Fn(&State) -> bool>) {
    let store = use_store();
    let update = use_force_update();
    let latest = use_mut_ref(|| None);
    *latest.borrow_mut() = Some(changed);
    use_effect_with(store, move |store| {
        let listener = move |state: &State| {
            let changed = latest.borrow().clone();
            if changed.is_some_and(|changed| changed(state)) {
                update.force_update();
            }
        };
        let subscription = store.follow_after_text(listener);
        move || drop(subscription)
    });
}
