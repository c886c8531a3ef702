//! Tags of tokens: IOB1 and all that came after it in, IOB2 or BIOES out, in as many levels as there are.

use super::incoming::span;
use super::record::SpanRecord;
use super::tokens::is_space;
use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;

/// A tag, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag<'a> {
    /// Of no label.
    Outside,
    /// With how it stands in its label: `B`, `I`, `E` or `S`.
    Inside(char, &'a str),
}

/// A tag of any scheme.
pub(super) fn tag(written: &str) -> Option<Tag<'_>> {
    // `I--ORG` is a slip, no label.
    any_tag(written).filter(|tag| !matches!(tag, Tag::Inside(_, label) if label.is_empty() || label.starts_with('-')))
}

/// A tag whose label has any name at all, where slips are not to be feared.
pub(super) fn any_tag(written: &str) -> Option<Tag<'_>> {
    if written == "O" {
        return Some(Tag::Outside);
    }
    let (place, label) = written.split_once('-')?;
    let place = match place {
        "B" | "I" => place.chars().next()?,
        "E" | "L" => 'E',
        "S" | "U" => 'S',
        _ => return None,
    };
    Some(Tag::Inside(place, label))
}

/// How a token stands in its label.
pub(super) fn place(tokens: &Range<usize>, at: usize, bioes: bool) -> char {
    let (is_first, is_last) = (at == tokens.start, at + 1 == tokens.end);
    match (is_first, is_last) {
        (true, true) if bioes => 'S',
        (false, true) if bioes => 'E',
        (true, _) => 'B',
        _ => 'I',
    }
}

/// A label's name as a tag has it: no white space, and no hyphen in front.
pub(super) fn written_name(name: &str) -> String {
    let kept: String = name.chars().map(|c| if is_space(c) || c.is_control() { '_' } else { c }).collect();
    if kept.is_empty() || kept.starts_with('-') { format!("_{kept}") } else { kept }
}

/// A label that is open.
struct Open {
    label: String,
    line: u32,
    start: u32,
    end: u32,
}

/// Labels that are made of tags, token after token.
#[derive(Default)]
pub(super) struct Levels {
    /// The label that is open on each level.
    open: Vec<Option<Open>>,
    done: Vec<Open>,
}

impl Levels {
    /// Takes the tags of a token that stands there.
    pub(super) fn token(&mut self, line: u32, token: Range<u32>, tags: &[Tag]) {
        let mut open = self.carried(tags);
        for (slot, tag) in open.iter_mut().zip(tags) {
            let Tag::Inside(place, label) = tag else { continue };
            let begun = || Open { label: (*label).to_owned(), line, start: token.start, end: token.end };
            slot.get_or_insert_with(begun).end = token.end;
            if matches!(place, 'E' | 'S') {
                self.done.extend(slot.take());
            }
        }
        self.open = open;
    }

    /// The open labels that go on, on the levels on which they do; the others are closed. A label goes on on its level, else, for
    /// a level means nothing by itself, on any other with its name.
    fn carried(&mut self, tags: &[Tag]) -> Vec<Option<Open>> {
        let goes_on = |tag: &Tag| match tag {
            Tag::Inside('I' | 'E', label) => Some((*label).to_owned()),
            _ => None,
        };
        let mut before = std::mem::take(&mut self.open);
        let mut carried: Vec<Option<Open>> = Vec::with_capacity(tags.len());
        for (level, tag) in tags.iter().enumerate() {
            let own = before.get_mut(level).and_then(|slot| slot.take_if(|open| goes_on(tag).is_some_and(|label| label == open.label)));
            carried.push(own);
        }
        let mut left: BTreeMap<String, VecDeque<Open>> = BTreeMap::new();
        for open in before.into_iter().flatten() {
            left.entry(open.label.clone()).or_default().push_back(open);
        }
        for (slot, tag) in carried.iter_mut().zip(tags) {
            if slot.is_none() {
                *slot = goes_on(tag).and_then(|label| left.get_mut(&label)?.pop_front());
            }
        }
        self.done.extend(left.into_values().flatten());
        carried
    }

    /// Ends all labels that are open.
    pub(super) fn close(&mut self) {
        self.done.extend(std::mem::take(&mut self.open).into_iter().flatten());
    }

    /// The labels, with their lines.
    pub(super) fn finish(mut self) -> Vec<(Option<u32>, SpanRecord)> {
        self.close();
        self.done.into_iter().map(|open| (Some(open.line), span(open.label, open.start, open.end))).collect()
    }
}
