//! The passages behind a number: how many there are of each thing that was counted for it, and some of them in words.

use crate::agreement::corpus::{Corpus, Shared, Side};
use crate::agreement::tally::side;
use crate::agreement::{Cell, Passage, passages_of};
use crate::annotation::Annotation;
use crate::id::{AnnotationId, Annotator, DocumentId, LabelId};
use crate::project::Project;
use crate::text::{Offset, Text};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::sync::Arc;

/// How many passages are told at once.
pub const PAGE: usize = 50;
/// The most characters of a quote's beginning and end, and of the words beside it.
const BEGINNING: u32 = 160;
const ENDING: u32 = 60;
const BESIDE: u32 = 48;

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BehindAsked {
    /// The two people.
    pub people: Option<(Annotator, Annotator)>,
    /// What was counted.
    pub cells: Vec<Cell>,
    /// Of which of these passages are told.
    pub at: usize,
    /// How many of them are passed over.
    pub from: usize,
}

/// What is told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BehindTold {
    /// How many passages each cell has.
    pub counts: Vec<usize>,
    /// Some of the chosen cell's.
    pub passages: Vec<PassageTold>,
}

/// A place in a document, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassageTold {
    /// Which document.
    pub document: DocumentId,
    /// How people call it.
    pub title: String,
    /// The first character, in code points.
    pub start: u32,
    /// The place after the last one.
    pub end: u32,
    /// The words before, in the same paragraph.
    pub before: String,
    /// The passage; a long one has its middle left out.
    pub quote: String,
    /// The words after, in the same paragraph.
    pub after: String,
    /// What the first one has there.
    pub a: Option<SaidTold>,
    /// What the second one has there.
    pub b: Option<SaidTold>,
}

/// What somebody has at a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaidTold {
    /// The label.
    pub label: LabelId,
    /// Its words, where it is one label and not the tokens of some.
    pub quote: Option<String>,
    /// What is said by the attribute that is asked for.
    pub answer: Option<String>,
}

impl BehindAsked {
    /// What is told of what is compared.
    pub(super) fn of(&self, project: &Project, corpus: &Corpus) -> BehindTold {
        let Some((a, b)) = &self.people else { return BehindTold::default() };
        let mut told = BehindTold::default();
        for (at, cell) in self.cells.iter().enumerate() {
            let found = passages_of(corpus, (a, b), cell);
            told.counts.push(found.len());
            if at == self.at {
                let page = found.iter().skip(self.from).take(PAGE);
                told.passages = page.filter_map(|passage| worded(project, corpus, (a, b), cell, passage)).collect();
            }
        }
        told
    }
}

fn worded(project: &Project, corpus: &Corpus, (a, b): (&Annotator, &Annotator), cell: &Cell, passage: &Passage) -> Option<PassageTold> {
    let shared = corpus.documents.iter().find(|document| *document.id == passage.document)?;
    let document = project.documents.get(&passage.document)?;
    let range = Offset::new(passage.start)..Offset::new(passage.end);
    let (before, after) = beside(shared.text, &range);
    let said = |who: &Annotator, id: &Option<AnnotationId>, attribute: Option<&String>| {
        let label = label(corpus, shared, who, id.as_ref()?)?;
        Some(SaidTold::label(shared.text, &label, attribute))
    };
    let labels = |attribute: Option<&String>| [said(a, &passage.a, attribute), said(b, &passage.b, attribute)];
    let [a, b] = match cell {
        Cell::Tokens { a, b } => [a.clone().map(SaidTold::tokens), b.clone().map(SaidTold::tokens)],
        Cell::Covered { label, a, b } => [*a, *b].map(|is_on| is_on.then(|| SaidTold::tokens(label.clone()))),
        Cell::Attribute { name, .. } => labels(Some(name)),
        _ => labels(None),
    };
    Some(PassageTold {
        document: passage.document.clone(),
        title: document.title.to_string(),
        start: passage.start,
        end: passage.end,
        before,
        quote: quote(shared.text, &range),
        after,
        a,
        b,
    })
}

/// A label of somebody's.
fn label(corpus: &Corpus, document: &Shared, who: &Annotator, id: &AnnotationId) -> Option<Arc<Annotation>> {
    let person = corpus.annotators.iter().position(|name| name == who)?;
    let side: &Side = side(document, person)?;
    side.layer.get(id).cloned()
}

impl SaidTold {
    fn tokens(label: LabelId) -> Self {
        Self { label, quote: None, answer: None }
    }

    fn label(text: &Text, annotation: &Annotation, attribute: Option<&String>) -> Self {
        let words = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let answer = attribute.and_then(|name| annotation.attributes.get(name)).map(words);
        let quote = Some(quote(text, &annotation.extent.hull().range()));
        Self { label: annotation.label.clone(), quote, answer }
    }
}

/// The words of a range; of a long one its beginning and its end.
fn quote(text: &Text, range: &Range<Offset>) -> String {
    let cut = |range: Range<Offset>| text.slice(range).unwrap_or_default().to_owned();
    if range.end.since(range.start) <= BEGINNING + ENDING {
        return cut(range.clone());
    }
    let beginning = text.grapheme_floor(range.start.plus(BEGINNING));
    let ending = text.grapheme_ceil(range.end.minus(ENDING));
    format!("{} … {}", cut(range.start..beginning), cut(ending..range.end))
}

/// Some words before and after a range, in its paragraphs.
fn beside(text: &Text, range: &Range<Offset>) -> (String, String) {
    let paragraph = |offset: Offset| text.paragraphs().get(text.paragraph_at(offset)).map(|paragraph| paragraph.range.clone());
    let first = paragraph(range.start).map_or(range.start, |paragraph| paragraph.start);
    let last = paragraph(range.end.minus(1)).map_or(range.end, |paragraph| paragraph.end);
    let from = first.max(range.start.minus(BESIDE));
    // A word that is cut is left out.
    let from = if from > first { text.next_word_edge(from).min(range.start) } else { from };
    let until = last.min(range.end.plus(BESIDE));
    let until = if until < last { text.previous_word_edge(until).max(range.end) } else { until };
    let cut = |range: Range<Offset>| text.slice(range).unwrap_or_default().to_owned();
    let before = format!("{}{}", if from > first { "… " } else { "" }, cut(from..range.start).trim_start());
    let after = format!("{}{}", cut(range.end..until).trim_end(), if until < last { " …" } else { "" });
    (before, after)
}
