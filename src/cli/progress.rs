//! How far the work has come, on a terminal; a file or a pipe gets nothing of it.

use std::io::{self, IsTerminal, Write};

/// A line on standard error that is written over as the work goes on, and goes when it is done.
pub(super) struct Progress {
    is_shown: bool,
}

impl Progress {
    /// Shown only where standard error is a terminal.
    pub(super) fn new() -> Self {
        Self { is_shown: io::stderr().is_terminal() }
    }

    /// Tells what is being done, and the part of it that is done.
    pub(super) fn tell(&self, what: &str, done: usize, of: usize) {
        if self.is_shown {
            // Nobody is harmed where it cannot be shown.
            let _ = write!(io::stderr(), "\r\x1b[K{what}: {done} of {of}");
        }
    }
}

impl Progress {
    /// Tells what is being done, and how many are done, now and then.
    pub(super) fn count(&self, what: &str, done: u64) {
        if self.is_shown && done.is_multiple_of(100) {
            let _ = write!(io::stderr(), "\r\x1b[K{what}: {done}");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.is_shown {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}
