//! Deciding: the edit of the gold layer that a decision asks for. A later decision on the same takes the place of the earlier.

use super::draft::{Draft, Drafted};
use super::record::Judged;
use crate::compare::{Comparison, Subject};
use crate::edit::Edit;
use crate::id::RemarkId;
use crate::layer::Layer;
use crate::project::LayerKey;

/// What is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// As this annotator has it, by place; where that one has nothing, nothing is taken.
    Take(usize),
    /// Every opinion is right.
    Both,
    /// One label, from the first character of any to the last of any.
    Merge,
    /// Somebody's label is taken, to be changed by hand.
    Edit,
    /// None is right.
    Reject,
    /// Later.
    Postpone,
    /// Taken because all, most, or the one who was chosen agree.
    Agreed,
}

impl Choice {
    /// The name in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Take(_) => "take",
            Self::Both => "both",
            Self::Merge => "merge",
            Self::Edit => "edit",
            Self::Reject => "reject",
            Self::Postpone => "postpone",
            Self::Agreed => "agreed",
        }
    }
}

/// What is remembered of a decision beside what was decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// A name that nothing else has; all that is made gets names from it.
    pub id: String,
    /// Who decides.
    pub by: String,
    /// Milliseconds since 1970.
    pub at: u64,
    /// Why.
    pub reason: String,
    /// A note.
    pub note: String,
}

/// Why nothing can be decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undecided {
    /// There is no such difference.
    NotThere,
    /// The labels that a relation joins are not both in the gold layer.
    EndsMissing,
    /// There is nothing left that could be taken.
    NothingLeft,
}

/// What is decided on: a gold layer, the layers compared, and what was decided before.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// Which layer is the gold one.
    pub key: &'a LayerKey,
    /// The gold layer.
    pub gold: &'a Layer,
    /// How the others compare.
    pub comparison: &'a Comparison,
    /// What the gold layer remembers.
    pub judged: &'a Judged,
}

/// The edit that carries out a decision on one difference.
///
/// # Errors
/// When it cannot be decided like that.
pub fn decide(case: &Case<'_>, subject: Subject, choice: Choice, said: &Said) -> Result<Edit, Undecided> {
    let comparison = case.comparison;
    let mut draft = Draft::new(case, Drafted::new(case.gold));
    let id = RemarkId::from(said.id.as_str());
    match subject {
        Subject::Item(place) => {
            let item = comparison.items.get(place).ok_or(Undecided::NotThere)?;
            draft.settle_as(subject, item, choice, choice, id, said);
        }
        Subject::Tie(_) => draft.settle_tie_as(subject, choice, choice, id, said)?,
    }
    draft.tie_undisputed(said);
    Ok(draft.finish())
}
