//! Marks that tell how long a person waits: `wusum:label` and `wusum:open`, as the browser's own performance entries.

use gloo::render::AnimationFrame;
use gloo::timers::callback::Timeout;
use gloo::utils::window;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

thread_local! {
    static STARTED: Cell<f64> = const { Cell::new(0.0) };
    static OPENING: Cell<Option<f64>> = const { Cell::new(None) };
    /// What is measured up to the next frame, and since when.
    static PENDING: RefCell<Vec<(&'static str, f64)>> = const { RefCell::new(Vec::new()) };
    /// Those who wait for a frame that has not begun.
    static WAITING: Cell<u32> = const { Cell::new(0) };
    /// Waits for the frame where there is nobody else who does.
    static MEASURING: RefCell<Option<AfterFrame>> = const { RefCell::new(None) };
    /// Tasks that wait for their message; none where the browser refuses a channel.
    static TASKS: OnceCell<Option<Queue>> = const { OnceCell::new() };
}

/// A task of its own: queued in a frame's callbacks, it runs once the frame is handed over for painting, unless it is dropped
/// before. A message is not held back as a timer may be.
struct Task {
    run: Waiting,
}

/// What is to be run; taken out by whoever runs it or gives it up.
type Waiting = Rc<RefCell<Option<Box<dyn FnOnce()>>>>;

/// Where tasks wait for the message that runs them.
struct Queue {
    /// Both ends are held, so that no browser collects the one that listens.
    channel: web_sys::MessageChannel,
    waiting: RefCell<VecDeque<Waiting>>,
    _callback: Closure<dyn FnMut()>,
}

impl Queue {
    /// One channel for as long as the page lives; it is made with the first task.
    fn new() -> Option<Self> {
        let channel = web_sys::MessageChannel::new().ok()?;
        let callback = Closure::<dyn FnMut()>::new(|| {
            let next = TASKS.with(|queue| queue.get()?.as_ref()?.waiting.borrow_mut().pop_front());
            if let Some(run) = next.and_then(|waiting| waiting.take()) {
                run();
            }
        });
        channel.port1().set_onmessage(Some(callback.as_ref().unchecked_ref()));
        Some(Self { channel, waiting: RefCell::default(), _callback: callback })
    }
}

impl Task {
    fn new(run: impl FnOnce() + 'static) -> Option<Self> {
        let run: Waiting = Rc::new(RefCell::new(Some(Box::new(run))));
        TASKS.with(|queue| {
            let queue = queue.get_or_init(Queue::new).as_ref()?;
            queue.channel.port2().post_message(&JsValue::NULL).ok()?;
            queue.waiting.borrow_mut().push_back(run.clone());
            Some(Self { run })
        })
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        // Its message comes nevertheless, and finds nothing.
        self.run.take();
    }
}

/// How long to wait for a frame, in milliseconds: a page that is not on screen has none.
const NO_FRAME: u32 = 100;

/// Something to be done in the next frame, before it is laid out and painted, unless it is dropped before.
pub struct InFrame {
    _frame: AnimationFrame,
    _fallback: Timeout,
}

impl InFrame {
    /// Runs `run` once: in the next frame, or shortly where there is none.
    #[must_use]
    pub fn new(run: impl FnOnce() + 'static) -> Self {
        let run = once(run);
        let late = run.clone();
        Self { _frame: gloo::render::request_animation_frame(move |_| run()), _fallback: Timeout::new(NO_FRAME, late) }
    }
}

/// Runs `run` for whoever comes first.
fn once(run: impl FnOnce() + 'static) -> impl Fn() + Clone {
    let run = Rc::new(RefCell::new(Some(run)));
    move || {
        if let Some(run) = run.take() {
            run();
        }
    }
}

/// Something to be done once the next frame is on screen, unless it is dropped before.
pub struct AfterFrame {
    _frame: AnimationFrame,
    /// Set in the frame, and after it.
    after: Rc<RefCell<(Option<Task>, Option<Task>)>>,
    _fallback: Timeout,
}

impl Drop for AfterFrame {
    fn drop(&mut self) {
        if self.after.borrow().0.is_none() {
            WAITING.set(WAITING.get().saturating_sub(1));
            // On a busy machine a frame may come later than this could wait; what is measured up to it still is.
            wait_to_measure();
        }
    }
}

impl AfterFrame {
    /// Runs `run` once: after the next frame, or shortly where there is none.
    #[must_use]
    pub fn new(run: impl FnOnce() + 'static) -> Self {
        let finish = once(run);
        let late = finish.clone();
        let after = Rc::new(RefCell::new((None, None)));
        let stages = Rc::downgrade(&after);
        let frame = gloo::render::request_animation_frame(move |_| {
            let Some(posted) = stages.upgrade() else { return };
            WAITING.set(WAITING.get().saturating_sub(1));
            // A message posted in a frame's callbacks comes after that frame, and one posted then after the messages of others.
            posted.borrow_mut().0 = Task::new(move || {
                measure_pending();
                if let Some(set) = stages.upgrade() {
                    set.borrow_mut().1 = Task::new(finish);
                }
            });
        });
        WAITING.set(WAITING.get() + 1);
        Self { _frame: frame, after, _fallback: Timeout::new(NO_FRAME, late) }
    }
}

/// Notes when a person did something: the time stamp of the event, in milliseconds since the page began.
pub fn began(stamp: f64) {
    STARTED.set(stamp);
}

/// Measures `wusum:label` from the last thing the person did to the frame that shows it.
pub fn label_shown() {
    measure_after_frame("wusum:label", STARTED.get());
}

/// Notes that a document was asked for.
pub fn opening() {
    OPENING.set(Some(now()));
}

/// Measures `wusum:open` from asking for a document to the frame in which it can be annotated.
pub fn opened() {
    if let Some(start) = OPENING.take() {
        measure_after_frame("wusum:open", start);
    }
}

/// Measures from `start` to the end of the next frame.
pub fn measure_after_frame(name: &'static str, start: f64) {
    PENDING.with_borrow_mut(|pending| {
        pending.retain(|(other, _)| *other != name);
        pending.push((name, start));
    });
    wait_to_measure();
}

/// One callback of the frame does for all who wait for it: each asks the browser anew.
fn wait_to_measure() {
    if WAITING.get() == 0 && PENDING.with_borrow(|pending| !pending.is_empty()) {
        let waiting = AfterFrame::new(|| {});
        MEASURING.set(Some(waiting));
    }
}

fn measure_pending() {
    let end = now();
    for (name, start) in PENDING.take() {
        measure(name, start, end);
    }
}

/// Now, in milliseconds since the page began.
#[must_use]
pub fn now() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}

fn measure(name: &str, start: f64, end: f64) {
    let Some(performance) = window().performance() else { return };
    let options = js_sys::Object::new();
    let set = |key: &str, value: f64| js_sys::Reflect::set(&options, &key.into(), &JsValue::from_f64(value));
    if set("start", start).is_ok() && set("end", end).is_ok() {
        let performance: &MeasuringPerformance = performance.unchecked_ref();
        // A browser without the options form of `measure` only goes without the figure.
        let _ = performance.measure_between(name, &options);
    }
}

#[wasm_bindgen]
extern "C" {
    type MeasuringPerformance;

    #[wasm_bindgen(method, catch, js_name = measure)]
    fn measure_between(this: &MeasuringPerformance, name: &str, options: &js_sys::Object) -> Result<JsValue, JsValue>;
}
