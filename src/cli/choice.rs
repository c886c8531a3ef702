//! What of the input is taken, from the arguments.

use super::ChoiceArgs;
use crate::dataset::whole;
use crate::formats::export::Choice;
use crate::project::Project;
use std::collections::BTreeSet;

/// The choice; a name that nothing in the input has is wrong use, told.
pub(super) fn of(args: &ChoiceArgs, project: &Project) -> Result<Choice, String> {
    let choice = unchecked(args);
    match whole::unknown(&choice, project).first() {
        Some((kind, name)) => Err(format!("no {kind} \"{name}\" in the input")),
        None => Ok(choice),
    }
}

/// The choice, where it is not known yet what there is.
pub(super) fn unchecked(args: &ChoiceArgs) -> Choice {
    fn set<T: for<'a> From<&'a str> + Ord>(names: &Option<Vec<String>>) -> Option<BTreeSet<T>> {
        names.as_ref().map(|names| names.iter().map(|name| T::from(name.as_str())).collect())
    }
    Choice {
        documents: set(&args.documents),
        annotators: set(&args.annotators),
        labels: set(&args.labels),
        statuses: args.status.as_ref().map(|statuses| statuses.iter().copied().collect()),
        containing: args.containing.clone(),
    }
}
