//! The passages behind a number: where in which documents it was counted.

use super::corpus::{Corpus, Options, Shared, Side};
use super::grid::{self, Run};
use super::spans::{Loose, Matches, matches};
use super::tally::{differences, side};
use super::ties::{self, Ends};
use crate::id::{AnnotationId, Annotator, DocumentId, LabelId};
use crate::project::Project;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What of a pair was counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cell {
    /// Tokens by the one label that each gave them; nothing for no label.
    Tokens {
        /// The first one's label.
        a: Option<LabelId>,
        /// The second one's.
        b: Option<LabelId>,
    },
    /// Tokens by whether each had any span of a label on them.
    Covered {
        /// Which label.
        label: LabelId,
        /// Whether the first one's are.
        a: bool,
        /// Whether the second one's are.
        b: bool,
    },
    /// Spans of all labels, or of one.
    Spans {
        /// How they were matched, as in [`super::figures::MEASURES`].
        measure: String,
        /// Which of them.
        side: Which,
        /// Only of this label.
        label: Option<LabelId>,
    },
    /// Spans matched by label whose start, or end, differs by so many characters.
    Edge {
        /// Whether it is the start.
        is_start: bool,
        /// By how much the second one comes later.
        by: i64,
    },
    /// Relations; a passage goes from one end of it to the other, and names the labels where it starts.
    Relations {
        /// How their ends were matched: `exact`, `label` or `clitic`.
        measure: String,
        /// Which of them.
        side: Which,
    },
    /// Labels on the same place of which both said this by an attribute; nothing where one said nothing.
    Attribute {
        /// Which attribute.
        name: String,
        /// What the first one said.
        a: Option<String>,
        /// What the second one said.
        b: Option<String>,
    },
}

/// Which spans, or relations, of a matching.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Which {
    /// Those that are matched.
    Matched,
    /// The first one's that are not.
    OnlyA,
    /// The second one's that are not.
    OnlyB,
}

/// A place in a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Passage {
    /// Which document.
    pub document: DocumentId,
    /// The first character, in code points.
    pub start: u32,
    /// The place after the last one.
    pub end: u32,
    /// The first one's label, where it is about one.
    pub a: Option<AnnotationId>,
    /// The second one's.
    pub b: Option<AnnotationId>,
}

/// The passages behind a number of two people, by document and place. As many tokens, spans or labels as were counted are in
/// them; tokens next to one another make one passage.
#[must_use]
pub fn passages(project: &Project, options: &Options, (a, b): (&Annotator, &Annotator), cell: &Cell) -> Vec<Passage> {
    passages_of(&Corpus::of(project, options), (a, b), cell)
}

/// As [`passages`], of what is compared.
#[must_use]
pub fn passages_of(corpus: &Corpus, (a, b): (&Annotator, &Annotator), cell: &Cell) -> Vec<Passage> {
    let place = |name: &Annotator| corpus.annotators.iter().position(|other| other == name);
    let (Some(a), Some(b)) = (place(a), place(b)) else { return Vec::new() };
    let mut found = Vec::new();
    for document in &corpus.documents {
        if let (Some(a), Some(b)) = (side(document, a), side(document, b)) {
            let mut here = Here { corpus, document, a, b, found: &mut found };
            match cell {
                Cell::Tokens { a, b } => here.tokens(a.as_ref(), b.as_ref()),
                Cell::Covered { label, a, b } => here.covered(label, [*a, *b].map(usize::from)),
                Cell::Spans { measure, side, label } => here.spans(measure, *side, label.as_ref()),
                Cell::Relations { measure, side } => here.relations(measure, *side),
                Cell::Edge { is_start, by } => here.edge(*is_start, *by),
                Cell::Attribute { name, a, b } => here.attribute(name, a.as_ref(), b.as_ref()),
            }
        }
    }
    found
}

struct Here<'a> {
    corpus: &'a Corpus<'a>,
    document: &'a Shared<'a>,
    a: &'a Side<'a>,
    b: &'a Side<'a>,
    found: &'a mut Vec<Passage>,
}

impl Here<'_> {
    fn matches(&self) -> Matches {
        matches(self.document, self.a, self.b)
    }

    /// A label of the first one, a label of the second one, or one of each.
    fn put(&mut self, a: Option<usize>, b: Option<usize>) {
        let a = a.and_then(|at| self.a.items.get(at));
        let b = b.and_then(|at| self.b.items.get(at));
        let hulls = [a, b].into_iter().flatten().map(|item| item.annotation.extent.hull());
        if let Some(hull) = hulls.reduce(|one, other| one.hull(other)) {
            let id = |item: &super::corpus::Item| item.annotation.id.clone();
            let (start, end) = (hull.start().get(), hull.end().get());
            self.found.push(Passage { document: self.document.id.clone(), start, end, a: a.map(id), b: b.map(id) });
        }
    }

    fn tokens(&mut self, a: Option<&LabelId>, b: Option<&LabelId>) {
        let number = |label: Option<&LabelId>| label.map_or(Some(0), |label| Some(self.corpus.number(label)).filter(|number| *number > 0));
        let (Some(of_a), Some(of_b)) = (number(a), number(b)) else { return };
        let (a, b) = (self.a, self.b);
        self.stretches(&a.flat, &b.flat, [of_a, of_b]);
    }

    fn covered(&mut self, label: &LabelId, wanted: [usize; 2]) {
        let Some(at) = self.corpus.number(label).checked_sub(1) else { return };
        let (a, b) = (self.a, self.b);
        if let (Some(of_a), Some(of_b)) = (a.covered.get(at), b.covered.get(at)) {
            self.stretches(of_a, of_b, wanted);
        }
    }

    /// Tokens next to one another on which both have the values that are wanted.
    fn stretches(&mut self, a: &[Run], b: &[Run], wanted: [usize; 2]) {
        let tokens = self.document.tokens.spans();
        let mut ranges: Vec<std::ops::Range<usize>> = Vec::new();
        grid::sweep(tokens.len(), &[a, b], |range, values| {
            if values == wanted {
                match ranges.last_mut() {
                    Some(last) if last.end == range.start => last.end = range.end,
                    _ => ranges.push(range),
                }
            }
        });
        for range in ranges {
            if let (Some(first), Some(last)) = (tokens.get(range.start), tokens.get(range.end - 1)) {
                let (start, end) = (first.start().get(), last.end().get());
                self.found.push(Passage { document: self.document.id.clone(), start, end, a: None, b: None });
            }
        }
    }

    fn spans(&mut self, measure: &str, which: Which, label: Option<&LabelId>) {
        let matches = self.matches();
        let loose = |pairs: &dyn Fn(&Loose) -> Vec<(usize, usize)>| matches.loose.as_ref().map(pairs);
        let pairs = match measure {
            "exact" => Some(matches.exact.clone()),
            "boundary" => Some(matches.boundary.clone()),
            "label" => loose(&|loose| loose.label.clone()),
            "partial" => loose(&|loose| loose.partial.iter().map(|(a, b, _)| (*a, *b)).collect()),
            "clitic" => loose(&|loose| loose.clitic.clone()),
            _ => None,
        };
        let Some(pairs) = pairs else { return };
        let number = label.map(|label| self.corpus.number(label));
        let is_meant = |side: &Side, at: usize| number.is_none_or(|number| side.items.get(at).is_some_and(|item| item.label == number));
        let alone = |side: &Side, taken: BTreeSet<usize>| -> Vec<usize> {
            (0..side.items.len()).filter(|at| !taken.contains(at) && is_meant(side, *at)).collect()
        };
        match which {
            Which::Matched => {
                let meant: Vec<(usize, usize)> = pairs.into_iter().filter(|(at, _)| is_meant(self.a, *at)).collect();
                meant.into_iter().for_each(|(a, b)| self.put(Some(a), Some(b)));
            }
            Which::OnlyA => alone(self.a, pairs.iter().map(|(a, _)| *a).collect()).into_iter().for_each(|at| self.put(Some(at), None)),
            Which::OnlyB => alone(self.b, pairs.iter().map(|(_, b)| *b).collect()).into_iter().for_each(|at| self.put(None, Some(at))),
        }
    }

    fn relations(&mut self, measure: &str, which: Which) {
        let (of_a, of_b) = (ties::ends(self.a), ties::ends(self.b));
        let Some(pairs) = ties::matched_relations((self.a, &of_a), (self.b, &of_b), &self.matches(), measure) else { return };
        let (taken_a, taken_b): (BTreeSet<usize>, BTreeSet<usize>) = pairs.iter().copied().unzip();
        match which {
            Which::Matched => pairs.iter().for_each(|(a, b)| self.put_relation(of_a.get(*a), of_b.get(*b))),
            Which::OnlyA => (0..of_a.len()).filter(|at| !taken_a.contains(at)).for_each(|at| self.put_relation(of_a.get(at), None)),
            Which::OnlyB => (0..of_b.len()).filter(|at| !taken_b.contains(at)).for_each(|at| self.put_relation(None, of_b.get(at))),
        }
    }

    fn put_relation(&mut self, a: Option<&Ends>, b: Option<&Ends>) {
        let hull = |side: &Side, ends: Option<&Ends>| {
            let (_, from, to) = ends?;
            let hull = |at: usize| side.items.get(at).map(|item| item.annotation.extent.hull());
            Some(hull(*from)?.hull(hull(*to)?))
        };
        let Some(all) = [hull(self.a, a), hull(self.b, b)].into_iter().flatten().reduce(|one, other| one.hull(other)) else { return };
        let id = |side: &Side, ends: Option<&Ends>| side.items.get(ends?.1).map(|item| item.annotation.id.clone());
        let (start, end) = (all.start().get(), all.end().get());
        self.found.push(Passage { document: self.document.id.clone(), start, end, a: id(self.a, a), b: id(self.b, b) });
    }

    fn edge(&mut self, is_start: bool, by: i64) {
        for (at, other) in self.matches().loose.map(|loose| loose.label).unwrap_or_default() {
            let found = differences(self.a, self.b, at, other).map(|(start, end)| if is_start { start } else { end });
            if found == Some(by) {
                self.put(Some(at), Some(other));
            }
        }
    }

    fn attribute(&mut self, name: &str, a: Option<&String>, b: Option<&String>) {
        let mut meant = Vec::new();
        ties::answers(self.corpus, self.a, self.b, &self.matches().exact, |asked, of_a, of_b, place| {
            if asked == name && of_a.as_ref() == a && of_b.as_ref() == b {
                meant.push(place);
            }
        });
        meant.into_iter().for_each(|(a, b)| self.put(Some(a), Some(b)));
    }
}
