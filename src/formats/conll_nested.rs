//! Columns of nested labels, as Wojood has them: a token a line, then a tag for each level, `O` where a level has none here.
//!
//! `O` is only written where a tag follows or where there is no other; a column means nothing by itself.

use super::conll;
use super::export::Export;
use super::files::Files;
use super::incoming::Incoming;
use super::list::{Code, Read};
use super::loss::{Holds, Kind};
use super::sniff::Head;
use super::tags;
use super::units::Unit;
use crate::layer::Layer;
use crate::project::Document;
use std::ops::Range;

/// How it is read and written.
pub(super) const CODE: Code = Code {
    sniff: is_nested,
    read: Some(Read::Each(read)),
    write: Some(write),
    unit: Unit::None,
    holds: Holds::Only(&[Kind::Labels, Kind::Nested, Kind::Crossing, Kind::SamePlace, Kind::LeftOut, Kind::Unlabelled]),
    written_name: tags::written_name,
    ..Code::PLAIN
};

/// Nothing but tags behind each token, and several behind one.
pub(super) fn is_nested(head: &Head) -> bool {
    if matches!(head.ending(), "jsonl" | "json" | "csv" | "tsv" | "ann" | "xml") || head.object().is_some() {
        return false;
    }
    let mut most = 0;
    for line in head.lines().map(str::trim_end).filter(|line| !line.is_empty() && !line.starts_with(conll::DOCUMENT)) {
        let columns = conll::columns(line);
        if columns.len() < 2 || columns.iter().skip(1).any(|column| tags::tag(column).is_none()) {
            return false;
        }
        most = most.max(columns.len());
    }
    most > 2
}

fn read(name: Option<&str>, bytes: &[u8], incoming: &mut Incoming) {
    conll::read_columns(name, bytes, incoming, |_| 1);
}

fn write(export: &Export, files: &mut Files) {
    conll::write_columns(export, files, "conll", tokens);
}

fn tokens(export: &Export, document: &Document, layer: &Layer, lines: &mut String) {
    let on_tokens = export.on_tokens(document, layer);
    let levels = on_tokens.columns(export, usize::MAX);
    let mut levels: Vec<_> = levels
        .iter()
        .map(|level| {
            let labels = level.iter().filter_map(|at| on_tokens.labels.get(*at));
            labels.map(|label| (label.tokens.clone(), tags::written_name(label.annotation.label.as_str()))).peekable()
        })
        .collect();
    for sentence in on_tokens.tokens.sentences(&document.text, &on_tokens.whole) {
        for at in sentence {
            let written: Vec<Option<String>> = levels
                .iter_mut()
                .map(|level| {
                    while level.next_if(|(tokens, _): &(Range<usize>, String)| tokens.end <= at).is_some() {}
                    let (tokens, label) = level.peek().filter(|(tokens, _)| tokens.contains(&at))?;
                    Some(format!("{}-{label}", tags::place(tokens, at, export.options.bioes)))
                })
                .collect();
            let token = on_tokens.tokens.spans().get(at).and_then(|token| document.text.slice(token.range())).unwrap_or_default();
            lines.push_str(token);
            let filled = written.iter().rposition(Option::is_some).map_or(1, |last| last + 1);
            for level in 0..filled {
                lines.push(' ');
                lines.push_str(written.get(level).and_then(Option::as_deref).unwrap_or("O"));
            }
            lines.push('\n');
        }
        lines.push('\n');
    }
}
