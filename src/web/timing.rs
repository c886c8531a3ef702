//! Marks that tell how long a person waits: `wusum:label` and `wusum:open`, as the browser's own performance entries.

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
    /// What the browser calls in a frame. It lives as long as the page, for a frame comes even when nobody waits for it any more.
    static FRAME: js_sys::Function = Closure::<dyn Fn()>::new(frame_came).into_js_value().unchecked_into();
    /// Whether a frame was asked for that has not come.
    static ASKED: Cell<bool> = const { Cell::new(false) };
    /// Tasks that wait for that frame.
    static IN_FRAME: RefCell<Vec<Waiting>> = const { RefCell::new(Vec::new()) };
}

/// Asks the browser for a frame, unless one is on its way: it makes one ready while the page still works.
pub fn ask_for_frame() {
    if !ASKED.get() {
        // A browser that refuses makes its frame when something has changed; who waits for it has a time limit.
        ASKED.set(FRAME.with(|frame| window().request_animation_frame(frame)).is_ok());
    }
}

fn frame_came() {
    ASKED.set(false);
    for waiting in IN_FRAME.take() {
        run(&waiting);
    }
}

fn run(waiting: &Waiting) {
    let run = waiting.take();
    if let Some(run) = run {
        run();
    }
}

/// Something that is run later, unless it is dropped before.
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
            if let Some(waiting) = next {
                run(&waiting);
            }
        });
        channel.port1().set_onmessage(Some(callback.as_ref().unchecked_ref()));
        Some(Self { channel, waiting: RefCell::default(), _callback: callback })
    }
}

impl Task {
    /// Runs in the next frame, before it is laid out and painted.
    fn in_frame(run: impl FnOnce() + 'static) -> Self {
        let run: Waiting = Rc::new(RefCell::new(Some(Box::new(run))));
        IN_FRAME.with_borrow_mut(|waiting| waiting.push(run.clone()));
        ask_for_frame();
        Self { run }
    }

    /// Runs in a task of its own: queued in a frame, once that is handed over for painting. A message is not held back as a timer
    /// may be.
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
        // Its message or frame comes nevertheless, and finds nothing.
        self.run.take();
    }
}

/// How long to wait for a frame, in milliseconds: a page that is not on screen has none.
const NO_FRAME: u32 = 100;

/// Something to be done in the next frame, before it is laid out and painted, unless it is dropped before.
pub struct InFrame {
    _frame: Task,
    _fallback: Timeout,
}

impl InFrame {
    /// Runs `run` once: in the next frame, or shortly where there is none.
    #[must_use]
    pub fn new(run: impl FnOnce() + 'static) -> Self {
        let run = once(run);
        let late = run.clone();
        Self { _frame: Task::in_frame(run), _fallback: Timeout::new(NO_FRAME, late) }
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
    _frame: Task,
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
        let frame = Task::in_frame(move || {
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

/// Whoever waits for the frame measures it for all.
fn wait_to_measure() {
    if WAITING.get() == 0 && is_frame_awaited() {
        let waiting = AfterFrame::new(|| {});
        MEASURING.set(Some(waiting));
    }
}

/// Whether something is measured that is not on screen yet: a label, or a document that opens.
#[must_use]
pub fn is_frame_awaited() -> bool {
    PENDING.with_borrow(|pending| !pending.is_empty())
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
