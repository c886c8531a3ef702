//! History: what was done, so that it can be undone and redone without limit, also after a reload.

use crate::edit::Edit;
use std::sync::Arc;

/// Undo and redo stacks of one layer.
///
/// Invariant: applying the inverse of the last of `done`, then of the one before it, and so on, leads from the layer as
/// it is back to where the history begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    done: Stack,
    undone: Stack,
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
        self.done.depth > 0
    }

    /// Whether there is something to redo.
    #[must_use]
    pub fn can_redo(&self) -> bool {
        self.undone.depth > 0
    }

    /// How many steps can be undone and redone.
    #[must_use]
    pub fn depth(&self) -> (usize, usize) {
        (self.done.depth, self.undone.depth)
    }

    /// The edit that the step makes on the layer; `None` where there is nothing to undo or redo.
    #[must_use]
    pub fn edit_of(&self, step: &Step) -> Option<Arc<Edit>> {
        match step {
            Step::Do(edit) => Some(edit.clone()),
            Step::Undo => self.done.iter().next().map(|edit| Arc::new(Edit::clone(edit).invert())),
            Step::Redo => self.undone.iter().next().cloned(),
        }
    }

    /// Takes note of a step that was made. What was undone is forgotten only when something new is done.
    pub fn record(&mut self, step: &Step) {
        match step {
            Step::Do(edit) => {
                self.done.push(edit.clone());
                self.undone = Stack::default();
            }
            Step::Undo => {
                if let Some(edit) = self.done.pop() {
                    self.undone.push(edit);
                }
            }
            Step::Redo => {
                if let Some(edit) = self.undone.pop() {
                    self.done.push(edit);
                }
            }
        }
    }
}

/// Edits, the last one on top. A copy costs nothing and shares all that lies below the top.
#[derive(Clone, Default)]
struct Stack {
    top: Option<Arc<Node>>,
    depth: usize,
}

struct Node {
    edit: Arc<Edit>,
    below: Option<Arc<Node>>,
}

impl Stack {
    fn push(&mut self, edit: Arc<Edit>) {
        let below = self.top.take();
        self.top = Some(Arc::new(Node { edit, below }));
        self.depth += 1;
    }

    fn pop(&mut self) -> Option<Arc<Edit>> {
        let top = self.top.take()?;
        self.top = top.below.clone();
        self.depth -= 1;
        Some(top.edit.clone())
    }

    /// From the top down.
    fn iter(&self) -> impl Iterator<Item = &Arc<Edit>> {
        std::iter::successors(self.top.as_ref(), |node| node.below.as_ref()).map(|node| &node.edit)
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // One after the other: each dropping the next would run out of stack in a long history.
        let mut below = self.below.take();
        while let Some(mut node) = below.and_then(Arc::into_inner) {
            below = node.below.take();
        }
    }
}

impl PartialEq for Stack {
    fn eq(&self, other: &Self) -> bool {
        self.depth == other.depth && self.iter().eq(other.iter())
    }
}

impl Eq for Stack {}

impl std::fmt::Debug for Stack {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_list().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_keeps_its_own_past_and_a_long_one_can_be_dropped() {
        let mut history = History::default();
        for _ in 0..200_000 {
            history.record(&Step::Do(Arc::new(Edit::default())));
        }
        let copy = history.clone();
        history.record(&Step::Undo);
        history.record(&Step::Undo);
        history.record(&Step::Redo);
        assert_eq!(history.depth(), (199_999, 1));
        assert_eq!(copy.depth(), (200_000, 0));
        drop(history);
        assert_eq!(copy.depth(), (200_000, 0));
    }
}
