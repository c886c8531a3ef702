//! The rows of the list: labels or findings, looked up by rank where that can be, so that an edit costs the same in a long list.

use crate::check::{Finding, Tag};
use crate::id::AnnotationId;
use crate::schema::CheckKind;
use crate::text::fold;
use crate::web::act;
use crate::web::state::{Filter, Group, View, Work};
use crate::web::words::Words;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// A row of the list.
#[derive(Clone, PartialEq)]
pub enum Row {
    /// The name of a group, and how many it has.
    Heading(Rc<str>, usize),
    /// A label.
    Label(AnnotationId),
    /// What was found in a label, and its rank among what is shown.
    Finding(AnnotationId, Arc<Finding>, usize),
}

/// Which rows there are.
pub enum Rows {
    /// All labels.
    All(usize),
    /// Labels that say something.
    Tagged(Tag, usize),
    /// Findings of one kind or of all.
    Findings(Option<CheckKind>, usize),
    /// Some labels, written out.
    Some(Vec<Row>),
}

impl Rows {
    /// The rows that the filter lets through. Only where kinds are hidden or labels grouped are they all looked at.
    #[must_use]
    pub fn of(work: &Work, words: &Words) -> Self {
        let layer = work.session.layer();
        let filter: &Filter = &work.filter;
        if let View::Checks(kind) = filter.view {
            return Self::Findings(kind, work.findings.count(kind));
        }
        let tally = &work.findings.tally;
        if filter.hidden.is_empty() && filter.group == Group::None {
            return match &filter.only {
                None => Self::All(layer.len()),
                Some(tag) => Self::Tagged(tag.clone(), tally.count(tag)),
            };
        }
        let all: Box<dyn Iterator<Item = _>> = match &filter.only {
            None => Box::new(layer.iter()),
            Some(tag) => Box::new((0..tally.count(tag)).filter_map(|rank| layer.get(tally.nth(tag, rank)?))),
        };
        let shown = all.filter(|annotation| !filter.hidden.contains(&annotation.label));
        if filter.group == Group::None {
            return Self::Some(shown.map(|annotation| Row::Label(annotation.id.clone())).collect());
        }
        let mut groups: BTreeMap<String, (String, Vec<AnnotationId>)> = BTreeMap::new();
        for annotation in shown {
            let (key, name) = match filter.group {
                Group::Words => {
                    let quote = act::quote(work, annotation);
                    (fold(&quote), quote)
                }
                Group::Label | Group::None => {
                    let schema = &work.session.project().schema;
                    let place = schema.labels.iter().position(|label| label.id == annotation.label);
                    (format!("{:04}{}", place.unwrap_or(9_999), annotation.label), act::label_name(work, &annotation.label, words))
                }
            };
            groups.entry(key).or_insert_with(|| (name, Vec::new())).1.push(annotation.id.clone());
        }
        let mut groups: Vec<_> = groups.into_values().collect();
        if filter.group == Group::Words {
            crate::sorted::sort_by_key(&mut groups, |(_, ids)| std::cmp::Reverse(ids.len()));
        }
        let rows = groups.into_iter().flat_map(|(name, ids)| {
            let heading = Row::Heading(name.into(), ids.len());
            std::iter::once(heading).chain(ids.into_iter().map(Row::Label))
        });
        Self::Some(rows.collect())
    }

    /// How many.
    #[must_use]
    pub fn count(&self) -> usize {
        match self {
            Self::All(count) | Self::Tagged(_, count) | Self::Findings(_, count) => *count,
            Self::Some(rows) => rows.len(),
        }
    }

    /// The row at a rank.
    #[must_use]
    pub fn get(&self, work: &Work, index: usize) -> Option<Row> {
        match self {
            Self::All(_) => work.session.layer().nth(index).map(|annotation| Row::Label(annotation.id.clone())),
            Self::Tagged(tag, _) => work.findings.tally.nth(tag, index).map(|id| Row::Label(id.clone())),
            Self::Findings(kind, _) => work.findings.nth(*kind, index).map(|(id, finding)| Row::Finding(id.clone(), finding.clone(), index)),
            Self::Some(rows) => rows.get(index).cloned(),
        }
    }

    /// The rank of the row of a label.
    #[must_use]
    pub fn position(&self, work: &Work, id: &AnnotationId) -> Option<usize> {
        match self {
            Self::All(_) => work.session.layer().rank(id),
            Self::Tagged(tag, _) => work.findings.tally.rank(tag, work.session.layer().get(id)?),
            Self::Findings(kind, _) => work.findings.rank(*kind, id),
            Self::Some(rows) => rows.iter().position(|row| *row == Row::Label(id.clone())),
        }
    }
}
