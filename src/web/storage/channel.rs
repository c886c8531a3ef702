//! The channel to the worker, which does what would hold the page up: one worker, started once the page is at rest, so
//! that it is there without the network too.

use crate::browser::message::{Outcome, Reply, Request};
use crate::exchange::Task;
use crate::web::storage::local;
use crate::web::store::StoreRef;
use futures::channel::oneshot;
use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use js_sys::Array;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};

/// How long after the page is up the worker is started, in milliseconds: the first paint and the first clicks come first.
const REST: u32 = 3_000;

/// Why there is no outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// There is no worker, or it broke off; in the browser's words.
    NoWorker(String),
    /// The database could not be read; in the browser's words.
    Unread(String),
    /// The person stopped it.
    Stopped,
}

type Told = Box<dyn Fn(u32)>;

struct Waiting {
    id: u32,
    told: Told,
    answer: oneshot::Sender<Result<Outcome, Trouble>>,
}

struct Running {
    worker: web_sys::Worker,
    ready: Cell<bool>,
    /// Requests that came before it listened.
    early: RefCell<Vec<Request>>,
    listeners: RefCell<Vec<EventListener>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

#[derive(Default)]
struct Channel {
    worker: RefCell<Option<Rc<Running>>>,
    /// One that is to take the place of a worker whose task was stopped. Until it listens the old one stays: without
    /// the network there may be no other.
    successor: RefCell<Option<Rc<Running>>>,
    waiting: RefCell<Vec<Waiting>>,
    last: Cell<u32>,
}

thread_local! {
    static CHANNEL: Channel = Channel::default();
}

/// Starts the worker when the page has been up for a while.
pub fn start_at_rest() {
    // The page lives as long as the timer, or longer.
    Timeout::new(REST, || drop(running())).forget();
}

/// The worker, started if it was not. `Err` where the browser does not start one.
fn running() -> Result<Rc<Running>, Trouble> {
    if let Some(running) = CHANNEL.with(|channel| channel.worker.borrow().clone()) {
        return Ok(running);
    }
    let running = launch()?;
    CHANNEL.with(|channel| *channel.worker.borrow_mut() = Some(running.clone()));
    Ok(running)
}

fn launch() -> Result<Rc<Running>, Trouble> {
    let meta = gloo::utils::document().query_selector("meta[name=wusum-worker]").ok().flatten();
    let name = meta.and_then(|meta| meta.get_attribute("content")).ok_or_else(|| Trouble::NoWorker(String::new()))?;
    let worker = web_sys::Worker::new(&name).map_err(|thrown| Trouble::NoWorker(format!("{thrown:?}")))?;
    let running = Rc::new(Running { worker, ready: Cell::new(false), early: RefCell::default(), listeners: RefCell::default() });
    let weak = Rc::downgrade(&running);
    let message = EventListener::new(&running.worker, "message", move |event| {
        let reply = event.dyn_ref::<web_sys::MessageEvent>().and_then(|event| Reply::unpack(&event.data()));
        if let (Some(running), Some(reply)) = (weak.upgrade(), reply) {
            take(&running, reply);
        }
    });
    let weak = Rc::downgrade(&running);
    let error = EventListener::new(&running.worker, "error", move |event| {
        let detail = js_sys::Reflect::get(event, &"message".into()).ok().and_then(|detail| detail.as_string());
        if let Some(running) = weak.upgrade() {
            take(&running, Reply::Failed(detail.unwrap_or_default()));
        }
    });
    running.listeners.replace(vec![message, error]);
    Ok(running)
}

fn post(running: &Running, request: &Request) {
    let (message, buffers) = request.pack();
    if let Err(thrown) = running.worker.post_message_with_transfer(&message, &buffers) {
        finish(request.id, Err(Trouble::NoWorker(format!("{thrown:?}"))));
    }
}

fn is_current(running: &Rc<Running>) -> bool {
    CHANNEL.with(|channel| channel.worker.borrow().as_ref().is_some_and(|current| Rc::ptr_eq(current, running)))
}

fn take(running: &Rc<Running>, reply: Reply) {
    match reply {
        Reply::Ready => {
            running.ready.set(true);
            let old = CHANNEL.with(|channel| {
                let is_successor = channel.successor.borrow().as_ref().is_some_and(|next| Rc::ptr_eq(next, running));
                if is_successor { channel.worker.replace(channel.successor.take()) } else { None }
            });
            // What was asked of the old one meanwhile was not begun there.
            let mut early: Vec<Request> = old.map(|old| old.early.take()).unwrap_or_default();
            early.append(&mut running.early.borrow_mut());
            for request in early {
                post(running, &request);
            }
        }
        Reply::Failed(detail) => {
            if is_current(running) {
                CHANNEL.with(|channel| {
                    channel.worker.take();
                    let waiting = std::mem::take(&mut *channel.waiting.borrow_mut());
                    for one in waiting {
                        // Nobody waits any more where the page was left.
                        let _ = one.answer.send(Err(Trouble::NoWorker(detail.clone())));
                    }
                });
            } else {
                CHANNEL.with(|channel| channel.successor.take());
            }
        }
        Reply::Progress(id, hundredths) => CHANNEL.with(|channel| {
            if let Some(one) = channel.waiting.borrow().iter().find(|one| one.id == id) {
                (one.told)(hundredths);
            }
        }),
        Reply::Unread(id, detail) => finish(id, Err(Trouble::Unread(detail))),
        Reply::Done(id, outcome) => finish(id, Ok(*outcome)),
    }
}

fn finish(id: u32, result: Result<Outcome, Trouble>) {
    let one = CHANNEL.with(|channel| {
        let mut waiting = channel.waiting.borrow_mut();
        let place = waiting.iter().position(|one| one.id == id)?;
        Some(waiting.swap_remove(place))
    });
    if let Some(one) = one {
        // Nobody waits any more where the page was left.
        let _ = one.answer.send(result);
    }
}

/// Stops whatever is being done: its outcome is not waited for, and another worker takes over.
pub fn stop() {
    let waiting = CHANNEL.with(|channel| std::mem::take(&mut *channel.waiting.borrow_mut()));
    for one in waiting {
        // Nobody waits any more where the page was left.
        let _ = one.answer.send(Err(Trouble::Stopped));
    }
    if CHANNEL.with(|channel| channel.worker.borrow().is_some())
        && let Ok(next) = launch()
    {
        CHANNEL.with(|channel| channel.successor.replace(Some(next)));
    }
}

/// Has the worker do a task on all that is kept. Files are arrays of name and buffer; the buffers change hands.
/// `told` hears how many hundredths are done.
///
/// # Errors
/// When it is not done; nothing has changed then.
pub async fn ask(store: &StoreRef, task: Task, files: Array, told: Told) -> Result<Outcome, Trouble> {
    let running = running()?;
    let saver = &store.saver;
    saver.settle().await;
    let (answer, outcome) = oneshot::channel();
    let id = CHANNEL.with(|channel| {
        let id = channel.last.get() + 1;
        channel.last.set(id);
        channel.waiting.borrow_mut().push(Waiting { id, told, answer });
        id
    });
    let request = Request { id, task, durable: saver.durable().is_some(), local: local::raw(), pending: saver.pending(), files };
    // A worker that is about to be replaced is not given anything more to do.
    let next = CHANNEL.with(|channel| channel.successor.borrow().clone()).unwrap_or(running);
    if next.ready.get() {
        post(&next, &request);
    } else {
        next.early.borrow_mut().push(request);
    }
    outcome.await.unwrap_or(Err(Trouble::Stopped))
}

/// A name and a buffer, as [`ask`] takes them.
#[must_use]
pub fn file(name: &str, buffer: &JsValue) -> JsValue {
    crate::browser::message::pair(&name.into(), buffer)
}
