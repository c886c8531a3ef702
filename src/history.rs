//! History: what was done, so that it can be undone and redone without limit, also after a reload.

use crate::edit::Edit;
use imbl::Vector;
use std::sync::Arc;

/// Undo and redo stacks of one layer.
///
/// Invariant: applying the inverse of the last of `done`, then of the one before it, and so on, leads from the layer as
/// it is back to where the history begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    done: Vector<Arc<Edit>>,
    undone: Vector<Arc<Edit>>,
}

/// One step as the journal keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// An edit was made.
    Do(Arc<Edit>),
    /// The last edit was taken back.
    Undo,
    /// The last edit taken back was made again.
    Redo,
}

impl History {
    /// Whether there is something to undo.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.done.is_empty()
    }

    /// Whether there is something to redo.
    #[must_use]
    pub fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }

    /// How many steps can be undone and redone.
    #[must_use]
    pub fn depth(&self) -> (usize, usize) {
        (self.done.len(), self.undone.len())
    }

    /// The edit that the step makes on the layer; `None` where there is nothing to undo or redo.
    #[must_use]
    pub fn edit_of(&self, step: &Step) -> Option<Edit> {
        match step {
            Step::Do(edit) => Some(Edit::clone(edit)),
            Step::Undo => self.done.last().map(|edit| Edit::clone(edit).invert()),
            Step::Redo => self.undone.last().map(|edit| Edit::clone(edit)),
        }
    }

    /// Takes note of a step that was made. What was undone is forgotten only when something new is done.
    pub fn record(&mut self, step: &Step) {
        match step {
            Step::Do(edit) => {
                self.done.push_back(edit.clone());
                self.undone.clear();
            }
            Step::Undo => {
                if let Some(edit) = self.done.pop_back() {
                    self.undone.push_back(edit);
                }
            }
            Step::Redo => {
                if let Some(edit) = self.undone.pop_back() {
                    self.done.push_back(edit);
                }
            }
        }
    }
}
