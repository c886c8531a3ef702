//! Adjudication: decisions between layers, into a gold layer.
//!
//! The gold layer is a layer like any other, under a reserved name, and changes by edits alone. With each decision it gets a
//! remark, which names every label that was weighed, whose it was, what it said, whether it was taken and as which gold
//! label; who decided, when, and why. So a decision is undone with its labels, survives a reload, and travels in files.

mod agree;
pub mod comments;
mod decide;
mod draft;
mod feedback;
mod record;
mod standing;
mod undone;
mod unite;

pub use agree::{Agreeing, Rule, agreed};
pub use decide::{Case, Choice, Said, Undecided, decide};
pub use feedback::{ErrorCounts, errors, errors_in, feedback_csv};
pub(crate) use record::csv_line;
pub use record::{Decision, Judged, Record, Source, State, decisions_csv, decisions_jsonl};
pub use standing::Standing;
pub use undone::Gone;
pub use unite::{United, unite};

use crate::compare::{Comparison, Difference};
use crate::id::Annotator;

/// The name under which the gold layer is kept.
pub const GOLD: &str = "gold";

/// Whether a layer is the gold one.
#[must_use]
pub fn is_gold(annotator: &Annotator) -> bool {
    annotator.as_str() == GOLD
}

/// How far adjudication has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// All differences.
    pub all: usize,
    /// Those that were decided.
    pub decided: usize,
    /// Those that were put off.
    pub postponed: usize,
    /// Items on which all agree and which are not in the gold layer yet.
    pub agreed_left: usize,
}

/// The next difference that is not decided, from a place on and then from the beginning; those that were put off come last.
#[must_use]
pub fn next_open(comparison: &Comparison, standing: &Standing, wanted: &dyn Fn(&Difference) -> bool, from: usize) -> Option<usize> {
    let count = comparison.differences.len();
    let places = || (0..count).map(|step| (from + step) % count).filter(|place| wanted(&comparison.differences[*place]));
    let state = |place: &usize| standing.state(comparison.differences[*place].subject);
    places().find(|place| state(place) == State::Open).or_else(|| places().find(|place| state(place) == State::Postponed))
}
