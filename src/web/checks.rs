//! Checks while annotating: after the frame that shows an edit, never for more than a few milliseconds at once.

use crate::check::{Checker, Watch};
use crate::project::LayerKey;
use crate::schema::Schema;
use crate::session::Outcome;
use crate::text::Vocabulary;
use crate::web::act::long::LONG;
use crate::web::state::{State, Unchecked, Work};
use crate::web::store::{StoreRef, use_store};
use crate::web::timing::{is_frame_awaited, now};
use gloo::timers::callback::Timeout;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use yew::prelude::*;

/// How long one slice may take, in milliseconds.
const SLICE: f64 = 4.0;
/// Labels looked at between two looks at the clock.
const AT_ONCE: usize = 12;
/// The pause between two slices, in milliseconds.
const PAUSE: u32 = 8;
/// While there is still much to look at, what was found is shown this often, in milliseconds.
const SHOW: f64 = 250.0;

/// Notes an edit, for the checks to follow it later. After a long one, which is not noted, all is looked at anew.
pub fn note(work: &Work, outcome: &Outcome) {
    if outcome.edit.changes.len() <= LONG {
        work.unchecked.borrow_mut().push((outcome.revision, outcome.edit.clone()));
    }
}

/// Checks the open document while the calling component is mounted.
#[hook]
pub fn use_checks() {
    let store = use_store();
    use_effect_with(store, |store| {
        let inspector = Rc::new(Inspector::new(store));
        let weak = Rc::downgrade(&inspector);
        let subscription = store.follow_after_text(move |state| {
            if let Some(inspector) = weak.upgrade() {
                inspector.follow(state);
            }
        });
        let state = store.state().clone();
        inspector.follow(&state);
        move || drop((subscription, inspector))
    });
}

/// What the findings were made from. Where any of it but the revision is another, all is looked at anew.
struct Base {
    key: LayerKey,
    schema: Arc<Schema>,
    vocabulary: Rc<Vocabulary>,
    /// Tells one opening of the same document from another.
    unchecked: Unchecked,
    revision: u64,
}

impl Base {
    fn of(work: &Work) -> Self {
        let session = &work.session;
        let schema = session.project().schema.clone();
        let (vocabulary, unchecked) = (work.vocabulary.clone(), work.unchecked.clone());
        Self { key: session.key().clone(), schema, vocabulary, unchecked, revision: session.revision() }
    }

    fn is_of(&self, work: &Work) -> bool {
        let session = &work.session;
        self.key == *session.key()
            && Arc::ptr_eq(&self.schema, &session.project().schema)
            && Rc::ptr_eq(&self.vocabulary, &work.vocabulary)
            && Rc::ptr_eq(&self.unchecked, &work.unchecked)
    }
}

struct Inspector {
    store: StoreRef,
    watch: RefCell<Watch>,
    base: RefCell<Option<Base>>,
    waiting: RefCell<Option<Timeout>>,
    is_waiting: Cell<bool>,
    /// Whether a frame was let pass first.
    gave_way: Cell<bool>,
    shown: Cell<f64>,
}

impl Inspector {
    fn new(store: &StoreRef) -> Self {
        Self {
            store: store.clone(),
            watch: RefCell::default(),
            base: RefCell::default(),
            waiting: RefCell::default(),
            is_waiting: Cell::new(false),
            gave_way: Cell::new(false),
            shown: Cell::new(0.0),
        }
    }

    /// The state has changed: if that concerns the checks, they follow in a task of their own.
    fn follow(self: &Rc<Self>, state: &State) {
        let Some(work) = state.work.as_ref().filter(|_| !self.is_waiting.get()) else { return };
        if self.base.borrow().as_ref().is_some_and(|base| base.is_of(work) && base.revision == work.session.revision()) {
            return;
        }
        self.later();
    }

    fn later(self: &Rc<Self>) {
        self.is_waiting.set(true);
        let weak = Rc::downgrade(self);
        let timer = Timeout::new(PAUSE, move || {
            if let Some(inspector) = weak.upgrade() {
                inspector.run();
            }
        });
        *self.waiting.borrow_mut() = Some(timer);
    }

    fn run(self: &Rc<Self>) {
        self.is_waiting.set(false);
        // A label comes on screen first. A page that is not seen has no frame, and is not waited for twice.
        if !self.gave_way.replace(true) && is_frame_awaited() {
            return self.later();
        }
        self.gave_way.set(false);
        let state = self.store.state().clone();
        let Some(work) = &state.work else { return };
        let Some(text) = work.text() else { return };
        let session = &work.session;
        let schema = &session.project().schema;
        let checker = Checker { text, layer: session.layer(), schema, vocabulary: &work.vocabulary };
        let mut watch = self.watch.borrow_mut();
        let edits = work.unchecked.take();
        let mut base = self.base.take().filter(|base| base.is_of(work));
        for (revision, edit) in edits {
            base = base.filter(|base| base.revision + 1 == revision);
            if base.is_some() {
                watch.edit(&checker, &edit);
            }
            if let Some(base) = &mut base {
                base.revision = revision;
            }
        }
        if base.filter(|base| base.revision == session.revision()).is_none() {
            watch.restart(work.selection.head());
        }
        *self.base.borrow_mut() = Some(Base::of(work));

        let start = now();
        let mut left = true;
        while left && now() - start < SLICE {
            left = watch.step(&checker, AT_ONCE);
        }
        // What was found in the same document before stays until all was looked at again.
        let is_first = work.findings.version == 0;
        if !left || (is_first && start - self.shown.get() > SHOW) {
            self.shown.set(start);
            let findings = Rc::new(watch.findings().clone());
            let key = session.key().clone();
            self.store.update(move |state| {
                if let Some(work) = state.work.as_mut().filter(|work| *work.session.key() == key) {
                    work.findings = findings;
                }
            });
        }
        if left {
            self.later();
        }
    }
}
