//! Undo and redo stacks rebuilt from a journal whose beginning may be missing.

use crate::edit::Edit;
use crate::history::{History, Step};
use std::sync::Arc;

/// The stacks as far as they are known. `None` stands for an edit that was made before the journal begins.
#[derive(Clone, Debug)]
pub(super) struct Stacks {
    done: Vec<Option<Arc<Edit>>>,
    undone: Vec<Option<Arc<Edit>>>,
    /// Whether the journal begins where the layer does.
    complete: bool,
}

impl Stacks {
    pub(super) fn starting_at(complete: bool) -> Self {
        Self { done: Vec::new(), undone: Vec::new(), complete }
    }

    /// The edit that a step makes; `made` is what the journal says that it did. `None` where it is not known.
    pub(super) fn edit_of(&self, step: &Step, made: Option<&Arc<Edit>>) -> Option<Arc<Edit>> {
        let known = match step {
            Step::Do(edit) => return Some(edit.clone()),
            Step::Undo => self.done.last().and_then(Option::as_ref).map(|edit| Arc::new(Edit::clone(edit).invert())),
            Step::Redo => self.undone.last().and_then(Option::as_ref).cloned(),
        };
        known.or_else(|| made.cloned())
    }

    pub(super) fn record(&mut self, step: &Step, made: Option<&Arc<Edit>>) {
        match step {
            Step::Do(edit) => {
                self.done.push(Some(edit.clone()));
                self.undone.clear();
            }
            Step::Undo => match self.done.pop() {
                None if self.complete => {}
                edit => self.undone.push(edit.flatten().or_else(|| made.map(|made| Arc::new(Edit::clone(made).invert())))),
            },
            Step::Redo => match self.undone.pop() {
                None if self.complete => {}
                edit => self.done.push(edit.flatten().or_else(|| made.cloned())),
            },
        }
    }

    /// What can be undone and redone from here, down to the first edit that is not known.
    pub(super) fn into_history(self) -> History {
        let known = |stack: Vec<Option<Arc<Edit>>>| -> Vec<Arc<Edit>> {
            let mut top: Vec<Arc<Edit>> = stack.into_iter().rev().map_while(|edit| edit).collect();
            top.reverse();
            top
        };
        let (done, undone) = (known(self.done), known(self.undone));
        let mut history = History::default();
        for edit in done.iter().chain(undone.iter().rev()) {
            history.record(&Step::Do(edit.clone()));
        }
        for _ in &undone {
            history.record(&Step::Undo);
        }
        history
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::Change;
    use crate::layer::Status;
    use crate::project::LayerKey;

    fn edit(number: usize) -> Step {
        let key = LayerKey { document: number.to_string().into(), annotator: "a".into() };
        Step::Do(Arc::new(Edit { changes: vec![Change::Status(key, Status::New, Status::Done)] }))
    }

    #[test]
    fn a_whole_journal_gives_what_the_history_itself_would() {
        let steps = [edit(1), edit(2), edit(3), Step::Undo, Step::Undo, Step::Redo, Step::Undo];
        let mut stacks = Stacks::starting_at(true);
        let mut history = History::default();
        for step in &steps {
            assert_eq!(stacks.edit_of(step, None), history.edit_of(step));
            stacks.record(step, None);
            history.record(step);
        }
        assert_eq!(stacks.into_history(), history);
    }

    #[test]
    fn an_edit_before_the_beginning_is_neither_undone_nor_mistaken_for_another() {
        // The edit that the second undo takes back is not known; so the redo is of that one, not of edit 1.
        let mut stacks = Stacks::starting_at(false);
        for step in [edit(1), Step::Undo, Step::Undo, Step::Redo] {
            stacks.record(&step, None);
        }
        assert_eq!(stacks.edit_of(&Step::Undo, None), None);
        let history = stacks.into_history();
        assert_eq!(history.depth(), (0, 1));
        assert_eq!(history.edit_of(&Step::Redo), History::default().edit_of(&edit(1)));
    }
}
