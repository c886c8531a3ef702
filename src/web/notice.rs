//! Notices: what stays on the page until it is closed.

use crate::web::words::Words;
use std::rc::Rc;

/// A message that stays until it is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Tells this one from the others; a second one of the same key takes its place.
    pub key: &'static str,
    /// How much it matters.
    pub tone: Tone,
    /// The key of its words, with what to fill in; `n` is a whole number, to be written as the language does.
    pub words: (&'static str, Vec<(&'static str, String)>),
    /// Lines below it.
    pub lines: Lines,
    /// What can be done about it.
    pub offer: Option<Offer>,
}

/// Lines below a notice, said anew when the language changes; none at first.
#[derive(Clone, Default)]
pub struct Lines(Option<Rc<Say>>);

type Say = dyn Fn(&Words) -> Vec<String>;

impl Lines {
    /// Lines that this says.
    pub fn new(say: impl Fn(&Words) -> Vec<String> + 'static) -> Self {
        Self(Some(Rc::new(say)))
    }

    /// The lines in a language.
    #[must_use]
    pub fn said(&self, words: &Words) -> Vec<String> {
        self.0.as_ref().map_or_else(Vec::new, |say| say(words))
    }
}

impl PartialEq for Lines {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(one), Some(other)) => Rc::ptr_eq(one, other),
            (one, other) => one.is_none() && other.is_none(),
        }
    }
}

impl Eq for Lines {}

impl std::fmt::Debug for Lines {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Lines")
    }
}

/// How much a notice matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Good to know.
    Calm,
    /// Something to do.
    Warning,
}

/// What can be done about a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offer {
    /// Export everything.
    Export,
    /// Write this layer here rather than in the other tab.
    TakeOver,
    /// Save this file, which could not be read, as it is.
    Raw(Rc<str>),
    /// Try to write again.
    Retry,
    /// Ask the browser to keep the store.
    Persist,
    /// Stop the task under way.
    Stop,
    /// Stop the long step under way.
    StopStep,
    /// Take the last change of the schema back, or make it again.
    Schema(Back),
}

/// A way through the changes of the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Back {
    /// The last one is taken back.
    Undo,
    /// The last one taken back is made again.
    Redo,
}
