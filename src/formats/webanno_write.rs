//! WebAnno TSV 3.3, written: a file for each document. A label that cuts a token is on a sub-token.

use super::export::Export;
use super::files::Files;
use super::tokens::{TokenRule, Tokens};
use super::units::{Ruler, Unit};
use super::webanno::FORMAT;
use crate::annotation::Annotation;
use crate::id::AnnotationId;
use crate::layer::Layer;
use crate::project::Document;
use crate::text::Offset;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// The layer of labels.
const SPANS: &str = "webanno.custom.Span";

/// The layer of relations.
const RELATIONS: &str = "webanno.custom.Relation";

pub(super) fn write(export: &Export, files: &mut Files) {
    export.each_annotator(|annotator, folder| {
        for document in export.project.documents.values().filter(|document| export.is_among(document, annotator)) {
            let layer = annotator.and_then(|annotator| export.layer(document, annotator));
            let lines = document_lines(export, document, layer.unwrap_or(&Layer::default()));
            files.insert(format!("{folder}{}.tsv", export.stem(&document.id)), lines);
        }
    });
}

/// A value of a feature.
fn escaped(value: &str) -> String {
    if value.is_empty() {
        return "*".to_owned();
    }
    let mut out = String::with_capacity(value.len());
    let mut characters = value.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' | '[' | ']' | '|' | '_' | ';' | '*' => out.extend(['\\', character]),
            '-' if characters.peek() == Some(&'>') => out.push_str("\\-"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            _ => out.push(character),
        }
    }
    out
}

/// Text of a sentence or token.
fn escaped_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{C}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '\u{8}' => out.push_str("\\b"),
            '\\' => out.push_str("\\\\"),
            '\0'..='\u{7}' | '\u{E}'..='\u{1F}' => out.extend(['\\', character]),
            _ => out.push(character),
        }
    }
    out
}

/// Start and end of a part of a token.
type Part = (Offset, Offset);

/// A line of the file: a token, or a part of it.
type Place = (usize, Option<Part>);

/// The labels of a layer on the lines of its file.
#[derive(Default)]
struct Lines<'a> {
    labels: Vec<&'a Annotation>,
    /// The lines of each label, in order.
    places: Vec<Vec<Place>>,
    /// The labels of each line.
    at: BTreeMap<Place, Vec<usize>>,
    by_id: BTreeMap<&'a AnnotationId, usize>,
    /// The parts of tokens that labels are on.
    parts: BTreeMap<usize, BTreeSet<Part>>,
}

impl<'a> Lines<'a> {
    fn new(layer: &'a Layer, tokens: &Tokens) -> Self {
        let mut lines = Self::default();
        for label in layer.iter() {
            let hull = label.extent.hull();
            let Some((range, _)) = tokens.covering(hull) else { continue };
            let place = |at: usize| {
                let token = tokens.spans().get(at)?;
                let part = (token.start().max(hull.start()), token.end().min(hull.end()));
                Some((at, Some(part).filter(|part| *part != (token.start(), token.end()))))
            };
            let places: Vec<Place> = range.filter_map(place).collect();
            for (at, part) in &places {
                lines.parts.entry(*at).or_default().extend(*part);
                lines.at.entry((*at, *part)).or_default().push(lines.labels.len());
            }
            lines.by_id.insert(&label.id, lines.labels.len());
            lines.labels.push(label);
            lines.places.push(places);
        }
        lines
    }

    /// The number of a label that is on several lines or shares one; 0 of another.
    fn number(&self, label: usize) -> usize {
        let places = self.places.get(label).map(Vec::as_slice).unwrap_or_default();
        let is_alone = places.len() == 1 && places.iter().all(|place| self.at.get(place).is_none_or(|labels| labels.len() == 1));
        if is_alone { 0 } else { label + 1 }
    }

    fn cell(&self, place: &Place) -> String {
        let items = self.at.get(place).into_iter().flatten().filter_map(|label| {
            let name = escaped(self.labels.get(*label)?.label.as_str());
            Some(match self.number(*label) {
                0 => name,
                number => format!("{name}[{number}]"),
            })
        });
        let items: Vec<String> = items.collect();
        if items.is_empty() { "_".to_owned() } else { items.join("|") }
    }
}

fn document_lines(export: &Export, document: &Document, layer: &Layer) -> String {
    let vocabulary = (export.options.tokens == TokenRule::Clitics).then(|| export.vocabulary());
    let tokens = Tokens::of(&document.text, vocabulary);
    let lines = Lines::new(layer, &tokens);
    let has_relations = layer.relations().next().is_some();
    let mut out = format!("{FORMAT}.3\n#T_SP={SPANS}|label\n");
    if has_relations {
        out.push_str(&format!("#T_RL={RELATIONS}|label|BT_{SPANS}\n"));
    }
    out.push('\n');
    let everybody = export.annotators.iter().filter_map(|annotator| export.layer(document, annotator)).flat_map(Layer::iter);
    let whole: Vec<Range<usize>> = everybody.filter_map(|label| tokens.covering(label.extent.hull())).map(|(range, _)| range).collect();
    let sentences = tokens.sentences(&document.text, &whole);
    let name = names(&tokens, &lines, &sentences);
    // Relations stand on the first line of the label that they lead to.
    let mut ties: BTreeMap<Place, Vec<(String, String)>> = BTreeMap::new();
    for relation in layer.relations() {
        let end = |id: &AnnotationId| {
            let label = *lines.by_id.get(id)?;
            Some((*lines.places.get(label)?.first()?, lines.number(label)))
        };
        let (Some((from, from_number)), Some((to, to_number))) = (end(&relation.from), end(&relation.to)) else { continue };
        let numbers = if from_number + to_number == 0 { String::new() } else { format!("[{from_number}_{to_number}]") };
        let source = format!("{}{numbers}", name.get(&from).map(String::as_str).unwrap_or_default());
        ties.entry(to).or_default().push((escaped(relation.kind.as_str()), source));
    }
    let ruler = Ruler::new(&document.text, Unit::Utf16);
    let text = |start: Offset, end: Offset| document.text.slice(start..end).unwrap_or_default();
    let mut row = |out: &mut String, place: Place, (first, behind): Part| {
        let (start, end) = (ruler.write(first), ruler.write(behind));
        let named = name.get(&place).map(String::as_str).unwrap_or_default();
        out.push_str(&format!("{named}\t{start}-{end}\t{}\t{}", escaped_text(text(first, behind)), lines.cell(&place)));
        if has_relations {
            let ties = ties.remove(&place).unwrap_or_else(|| vec![("_".to_owned(), "_".to_owned())]);
            let (kinds, sources): (Vec<String>, Vec<String>) = ties.into_iter().unzip();
            out.push_str(&format!("\t{}\t{}", kinds.join("|"), sources.join("|")));
        }
        out.push('\n');
    };
    for (number, sentence) in sentences.iter().enumerate() {
        let start = tokens.spans().get(sentence.start).map_or(Offset::ZERO, |token| token.start());
        let next = sentences.get(number + 1).and_then(|next| tokens.spans().get(next.start));
        // What stands behind a sentence goes with it.
        let end = next.map_or_else(|| document.text.len(), |next| next.start());
        out.push('\n');
        for line in text(start, end).split('\n') {
            out.push_str(&format!("#Text={}\n", escaped_text(line)));
        }
        for at in sentence.clone() {
            let Some(token) = tokens.spans().get(at) else { continue };
            row(&mut out, (at, None), (token.start(), token.end()));
            for part in lines.parts.get(&at).into_iter().flatten() {
                row(&mut out, (at, Some(*part)), *part);
            }
        }
    }
    out
}

/// What each line is called: sentence, token and part, from 1.
fn names(tokens: &Tokens, lines: &Lines, sentences: &[Range<usize>]) -> BTreeMap<Place, String> {
    let mut names = BTreeMap::new();
    for (sentence, range) in (1..).zip(sentences) {
        for (number, at) in (1..).zip(range.start..range.end.min(tokens.spans().len())) {
            names.insert((at, None), format!("{sentence}-{number}"));
            for (part, span) in (1..).zip(lines.parts.get(&at).into_iter().flatten()) {
                names.insert((at, Some(*span)), format!("{sentence}-{number}.{part}"));
            }
        }
    }
    names
}
