//! Work in slices, so that the page answers meanwhile.

use crate::web::timing::now;

/// How long a slice may take, in milliseconds.
pub const SLICE: f64 = 12.0;

/// Works until the slice is over; whether all is done.
pub fn slice(work: &mut dyn FnMut() -> bool) -> bool {
    let begin = now();
    while now() - begin < SLICE {
        if work() {
            return true;
        }
    }
    false
}

/// Lets other tasks run between two slices.
pub async fn rest() {
    gloo::timers::future::TimeoutFuture::new(0).await;
}
