//! CoNLL-U, written: see the reader for what each line means.

use super::conllu::spell;
use super::export::{Export, OnTokens};
use super::files::Files;
use super::tokens::{Tokens, is_space};
use crate::annotation::Annotation;
use crate::id::Annotator;
use crate::layer::Layer;
use crate::project::Document;
use crate::text::Offset;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

pub(super) fn write(export: &Export, files: &mut Files) {
    export.each_annotator(|annotator, folder| {
        let mut lines = "# global.Entity = eid-etype\n".to_owned();
        for document in export.project.documents.values().filter(|document| export.is_among(document, annotator)) {
            let layer = annotator.and_then(|annotator| export.layer(document, annotator));
            let by = annotator.filter(|_| layer.is_some()).map_or("", Annotator::as_str);
            lines.push_str(&format!(
                "# newdoc id = {}\n# meta::title = {}\n# meta::annotator = {}\n",
                spell(document.id.as_str(), true),
                spell(&document.title, true),
                spell(by, true)
            ));
            words(export, document, layer.unwrap_or(&Layer::default()), &mut lines);
        }
        files.insert(format!("{folder}{}", export.file_name("conllu")), lines);
    });
}

/// A label's name in brackets: what would end it, part it or be taken for white space is `%` and two digits for each byte.
fn encoded(name: &str) -> String {
    let mut out = String::new();
    let mut bytes = [0_u8; 4];
    for character in name.chars() {
        if is_space(character) || character.is_control() || "|()-%=[]\\".contains(character) {
            character.encode_utf8(&mut bytes).bytes().for_each(|byte| out.push_str(&format!("%{byte:02X}")));
        } else {
            out.push(character);
        }
    }
    out
}

/// The brackets of each token: those that close come before those that open, inner ones close first, outer ones open first.
fn brackets(on_tokens: &OnTokens) -> BTreeMap<usize, String> {
    let mut labels: Vec<(&Range<usize>, &Annotation)> = on_tokens.labels.iter().map(|label| (&label.tokens, &*label.annotation)).collect();
    crate::sorted::sort_by_key(&mut labels, |(tokens, _)| (tokens.start, Reverse(tokens.end)));
    let named: Vec<(&Range<usize>, String, String)> =
        (1..).zip(labels).map(|(number, (tokens, label))| (tokens, format!("e{number}"), encoded(label.label.as_str()))).collect();
    let mut found: BTreeMap<usize, String> = BTreeMap::new();
    // Later ones began later, or end sooner: they are the inner ones.
    for (tokens, id, _) in named.iter().rev().filter(|(tokens, ..)| tokens.len() > 1) {
        found.entry(tokens.end - 1).or_default().push_str(&format!("{id})"));
    }
    for (tokens, id, label) in &named {
        let end = if tokens.len() > 1 { "" } else { ")" };
        found.entry(tokens.start).or_default().push_str(&format!("({id}-{label}{end}"));
    }
    found
}

/// For each token, how many tokens the written word that it begins has, where it has several.
fn parted(document: &Document, on_tokens: &OnTokens) -> BTreeMap<usize, usize> {
    let written = Tokens::of(&document.text, None);
    let mut found = BTreeMap::new();
    for word in written.spans() {
        if let Some((tokens, true)) = on_tokens.tokens.covering(*word).filter(|(tokens, _)| tokens.len() > 1) {
            found.insert(tokens.start, tokens.len());
        }
    }
    found
}

fn words(export: &Export, document: &Document, layer: &Layer, lines: &mut String) {
    let on_tokens = export.on_tokens(document, layer);
    let spans = on_tokens.tokens.spans();
    let text = |range: Range<Offset>| document.text.slice(range).unwrap_or_default();
    let Some(first) = spans.first() else {
        return lines.push_str(&format!("# meta::text = {}\n\n", spell(document.text.as_str(), false)));
    };
    let brackets = brackets(&on_tokens);
    let parted = parted(document, &on_tokens);
    let before = text(Offset::ZERO..first.start());
    // What stands behind a token, up to the next one or the end.
    let behind = |at: usize| {
        let end = spans.get(at + 1).map_or_else(|| document.text.len(), |next| next.start());
        spans.get(at).map(|token| text(token.end()..end)).unwrap_or_default()
    };
    let around = |at: usize| {
        let mut said: Vec<String> = Vec::new();
        match behind(at) {
            "" => said.push("SpaceAfter=No".to_owned()),
            " " if at + 1 < spans.len() => {}
            spaces => said.push(format!("SpacesAfter={}", spell(spaces, false))),
        }
        if at == 0 && !before.is_empty() {
            said.push(format!("SpacesBefore={}", spell(before, false)));
        }
        said
    };
    let line = |id: &str, form: &str, misc: &[String]| {
        let misc = if misc.is_empty() { "_".to_owned() } else { misc.join("|") };
        format!("{id}\t{form}\t_\t_\t_\t_\t_\t_\t_\t{misc}\n")
    };
    for (number, sentence) in (1..).zip(on_tokens.tokens.sentences(&document.text, &on_tokens.whole)) {
        lines.push_str(&format!("# sent_id = {}-s{number}\n# text = ", export.stem(&document.id)));
        for at in sentence.clone() {
            lines.push_str(spans.get(at).map(|token| text(token.range())).unwrap_or_default());
            if at + 1 < sentence.end && !behind(at).is_empty() {
                lines.push(' ');
            }
        }
        lines.push('\n');
        let mut inside = 0..0;
        for at in sentence.clone() {
            let id = at - sentence.start + 1;
            if let Some(count) = parted.get(&at) {
                let last = at + count - 1;
                let whole = spans.get(at).zip(spans.get(last)).map(|(first, last)| text(first.start()..last.end())).unwrap_or_default();
                let mut misc = around(at);
                // What is behind the last of its words is behind it.
                misc.retain(|item| item.starts_with("SpacesBefore"));
                misc.extend(around(last).into_iter().filter(|item| !item.starts_with("SpacesBefore")));
                misc.sort_unstable();
                lines.push_str(&line(&format!("{id}-{}", id + count - 1), whole, &misc));
                inside = at..last + 1;
            }
            let mut misc: Vec<String> = brackets.get(&at).map(|brackets| format!("Entity={brackets}")).into_iter().collect();
            if !inside.contains(&at) {
                misc.extend(around(at));
            }
            lines.push_str(&line(&id.to_string(), spans.get(at).map(|token| text(token.range())).unwrap_or_default(), &misc));
        }
        lines.push('\n');
    }
}
