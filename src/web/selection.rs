//! What is selected in the text.

use crate::span::Span;
use crate::text::{Affinity, Caret, Offset, Text};

/// The caret and what is selected with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selection {
    /// Where the selection began.
    pub anchor: Offset,
    /// Where it is moved.
    pub caret: Caret,
    /// Whether its edges widen to whole words.
    pub snap: bool,
}

impl Selection {
    /// A caret, nothing selected.
    #[must_use]
    pub fn caret(offset: Offset) -> Self {
        Self { anchor: offset, caret: Caret { offset, affinity: Affinity::After }, snap: false }
    }

    /// A selection with its ends just there.
    #[must_use]
    pub fn exact(span: Span) -> Self {
        Self { anchor: span.start(), caret: Caret { offset: span.end(), affinity: Affinity::Before }, snap: false }
    }

    /// The head as it was moved.
    #[must_use]
    pub fn head(&self) -> Offset {
        self.caret.offset
    }

    /// Whether only a caret stands there.
    #[must_use]
    pub fn is_caret(&self) -> bool {
        self.anchor == self.caret.offset
    }

    /// What would be labelled; `None` for a caret.
    #[must_use]
    pub fn span(&self, text: &Text) -> Option<Span> {
        let raw = self.anchor.min(self.caret.offset)..self.anchor.max(self.caret.offset);
        if raw.is_empty() {
            return None;
        }
        Span::from_range(if self.snap { text.snap_to_words(raw) } else { text.snap_to_graphemes(raw) })
    }
}
