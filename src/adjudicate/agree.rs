//! Taking at once what has a word: the edit is planned some subjects at a time, and nothing of it is there before all is planned.

use super::decide::{Case, Choice, Said, Undecided};
use super::draft::{Draft, Drafted, Finishing, disputed_ties};
use super::record::State;
use crate::compare::{Comparison, Item, Subject};
use crate::edit::Edit;
use crate::id::RemarkId;
use std::collections::BTreeSet;

/// On whose word everything is taken that is not decided yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// All say the same.
    All,
    /// More than half of them do.
    Majority,
    /// This annotator says so.
    Annotator(usize),
}

/// The edit that takes everything which is not decided yet and on which the rule gives a word.
///
/// # Errors
/// When nothing is left.
pub fn agreed(case: &Case<'_>, rule: Rule, said: &Said) -> Result<Edit, Undecided> {
    Agreeing::new(case, rule, said.clone()).finish(case)
}

/// The same being planned. The gold layer, the comparison and the decisions must be the same all the while.
#[derive(Debug)]
pub struct Agreeing {
    rule: Rule,
    said: Said,
    stage: Stage,
    /// How many subjects were settled; their decisions are named by number.
    settled: usize,
}

/// What is being done, with what was drafted before.
#[derive(Debug)]
enum Stage {
    /// Items, from this place on.
    Items(Drafted, usize),
    /// Ties that are disputed. They come after items, so that a tie finds its ends.
    Disputed(Drafted, std::vec::IntoIter<usize>),
    /// Ties that nobody disputes, from this place on.
    Undisputed(Drafted, BTreeSet<usize>, usize),
    Finishing(Finishing),
}

impl Agreeing {
    /// Nothing is planned yet.
    #[must_use]
    pub fn new(case: &Case<'_>, rule: Rule, said: Said) -> Self {
        Self { rule, said, stage: Stage::Items(Drafted::new(case.gold), 0), settled: 0 }
    }

    /// Looks at so many more subjects; whether all is planned.
    pub fn step(&mut self, case: &Case<'_>, subjects: usize) -> bool {
        let stage = std::mem::replace(&mut self.stage, Stage::Items(Drafted::default(), 0));
        let mut is_over = false;
        self.stage = match stage {
            Stage::Items(drafted, at) => {
                let end = case.comparison.items.len().min(at.saturating_add(subjects));
                let drafted = self.settle(case, drafted, (at..end).map(Subject::Item));
                if end < case.comparison.items.len() {
                    Stage::Items(drafted, end)
                } else {
                    Stage::Disputed(drafted, disputed_ties(case.comparison).collect::<Vec<_>>().into_iter())
                }
            }
            Stage::Disputed(drafted, mut ties) => {
                let drafted = self.settle(case, drafted, ties.by_ref().take(subjects).map(Subject::Tie));
                if ties.len() > 0 { Stage::Disputed(drafted, ties) } else { Stage::Undisputed(drafted, disputed_ties(case.comparison).collect(), 0) }
            }
            Stage::Undisputed(drafted, disputed, at) => {
                let end = case.comparison.ties.len().min(at.saturating_add(subjects));
                let mut draft = Draft::new(case, drafted);
                (at..end).for_each(|place| draft.tie_if_undisputed(place, &disputed, &self.said));
                let drafted = draft.rest();
                if end < case.comparison.ties.len() {
                    Stage::Undisputed(drafted, disputed, end)
                } else {
                    Stage::Finishing(Finishing::new(case, drafted))
                }
            }
            Stage::Finishing(mut finishing) => {
                is_over = finishing.take(case, subjects);
                Stage::Finishing(finishing)
            }
        };
        is_over
    }

    /// How many hundredths are planned, about.
    #[must_use]
    pub fn hundredths(&self, case: &Case<'_>) -> usize {
        match &self.stage {
            Stage::Items(_, at) => (at * 80).checked_div(case.comparison.items.len()).unwrap_or(80),
            Stage::Disputed(..) | Stage::Undisputed(..) => 80,
            Stage::Finishing(_) => 90,
        }
    }

    /// Settles those that are not decided yet and have a word.
    fn settle(&mut self, case: &Case<'_>, drafted: Drafted, subjects: impl Iterator<Item = Subject>) -> Drafted {
        let comparison = case.comparison;
        let mut draft = Draft::new(case, drafted);
        for subject in subjects.filter(|subject| case.judged.state(comparison, *subject) != State::Decided) {
            let Some(whose) = word_of(comparison, subject, self.rule) else { continue };
            let id = RemarkId::from(format!("{}-{}", self.said.id, self.settled));
            let is_settled = match subject {
                Subject::Item(place) => comparison.items.get(place).is_some_and(|item| {
                    draft.settle_as(subject, item, Choice::Take(whose), Choice::Agreed, id, &self.said);
                    true
                }),
                Subject::Tie(_) => draft.settle_tie_as(subject, Choice::Take(whose), Choice::Agreed, id, &self.said).is_ok(),
            };
            self.settled += usize::from(is_settled);
        }
        draft.rest()
    }

    /// The edit; what is left is planned at once.
    ///
    /// # Errors
    /// When there was nothing left to take.
    pub fn finish(mut self, case: &Case<'_>) -> Result<Edit, Undecided> {
        while !self.step(case, usize::MAX) {}
        match self.stage {
            Stage::Finishing(finishing) if self.settled > 0 => Ok(finishing.edit(case)),
            _ => Err(Undecided::NothingLeft),
        }
    }
}

/// The annotator whose word holds by the rule.
fn word_of(comparison: &Comparison, subject: Subject, rule: Rule) -> Option<usize> {
    match (rule, subject) {
        (Rule::Annotator(whose), _) => return (whose < comparison.annotators.len()).then_some(whose),
        // An item of which all say the same is told quickly, and there are many.
        (_, Subject::Item(item)) if comparison.items.get(item).is_some_and(Item::is_agreed) => return Some(0),
        (Rule::All, _) => return None,
        _ => {}
    }
    let opinions = comparison.opinions(subject);
    let first = opinions.first()?;
    (first.len() * 2 > comparison.annotators.len()).then(|| first.first().copied()).flatten()
}
