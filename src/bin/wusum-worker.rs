//! The page's worker: takes a request, reads the database, does the task beside the page, and answers.

use gloo::events::EventListener;
use js_sys::Array;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::MessageEvent;
use wusum::browser::idb::{Durable, Failure};
use wusum::browser::message::{Outcome, Reply, Request, file, record};
use wusum::exchange::{self, Records};
use wusum::persist::Keyspace;

#[wasm_bindgen]
extern "C" {
    /// The worker's own side of the channel.
    #[wasm_bindgen(js_name = postMessage)]
    fn post(message: &JsValue, transfer: &Array);
}

fn main() {
    let scope: web_sys::EventTarget = js_sys::global().unchecked_into();
    // Listens as long as the worker lives.
    EventListener::new(&scope, "message", |event| {
        let Some(request) = event.dyn_ref::<MessageEvent>().and_then(|event| Request::unpack(&event.data())) else { return };
        spawn_local(async move {
            let id = request.id;
            send(&match answer(request).await {
                Ok(outcome) => Reply::Done(id, Box::new(outcome)),
                Err(failure) => Reply::Unread(id, failure.0),
            });
        });
    })
    .forget();
    send(&Reply::Ready);
}

fn send(reply: &Reply) {
    let (message, buffers) = reply.pack();
    post(&message, &buffers);
}

async fn answer(request: Request) -> Result<Outcome, Failure> {
    let keys = Keyspace::new(exchange::PROJECT);
    let durable = if request.durable { Durable::open(keys.clone()).await?.everything().await? } else { Vec::new() };
    let local = request.local.iter().filter_map(|pair| record(&pair)).filter_map(|(key, value)| Some((key, value?)));
    let records = Records { local: local.collect(), durable, pending: request.pending.iter().filter_map(|pair| record(&pair)).collect() };
    let files: Vec<(String, Vec<u8>)> = request.files.iter().filter_map(|pair| file(&pair)).collect();
    let mut told = u32::MAX;
    let answer = exchange::run(&keys, request.task, records, &files, &mut |done, total| {
        let hundredths = u32::try_from(done * 100 / total.max(1)).unwrap_or(100);
        if hundredths != told {
            told = hundredths;
            send(&Reply::Progress(request.id, hundredths));
        }
    });
    Ok(Outcome::of(&keys, answer))
}
