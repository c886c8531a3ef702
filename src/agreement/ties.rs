//! Relations and attributes of two people, compared through the labels that were matched.

use super::corpus::{Corpus, Item, Side};
use super::spans::{Matches, Pairs, pieces};
use crate::annotation::Relation;
use crate::id::{AnnotationId, RelationKind};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// Relations of two people, and how many are the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RelationTally {
    /// The first one's relations.
    pub a: u64,
    /// The second one's.
    pub b: u64,
    /// Of the same kind, between labels of the same extent and label.
    pub exact: u64,
    /// Of the same kind, between labels that are matched by label.
    pub label: u64,
    /// Of the same kind, between labels that are matched but for clitics, white space and punctuation.
    pub clitic: u64,
}

impl RelationTally {
    /// Adds what was counted elsewhere, several times over.
    pub fn add(&mut self, other: &Self, times: u64) {
        self.a += other.a * times;
        self.b += other.b * times;
        self.exact += other.exact * times;
        self.label += other.label * times;
        self.clitic += other.clitic * times;
    }
}

/// What both said by an attribute, nothing where one said nothing, with how often.
pub type Answers = BTreeMap<(Option<String>, Option<String>), u64>;

/// A relation: its kind, and the places of its ends among the items of a side.
pub type Ends = (RelationKind, usize, usize);

/// Counts the relations of two people.
#[must_use]
pub fn relations(a: &Side, b: &Side, matches: &Matches) -> RelationTally {
    let (of_a, of_b) = (ends(a), ends(b));
    let mut tally = RelationTally { a: of_a.len() as u64, b: of_b.len() as u64, ..RelationTally::default() };
    if of_a.is_empty() || of_b.is_empty() {
        return tally;
    }
    let count = |measure: &str| matched_relations((a, &of_a), (b, &of_b), matches, measure).map_or(0, |pairs| pairs.len() as u64);
    tally.exact = count("exact");
    tally.label = count("label");
    tally.clitic = count("clitic");
    tally
}

/// The relations of a side, by name; one that leads nowhere is left out.
#[must_use]
pub fn ends(side: &Side) -> Vec<Ends> {
    let place: HashMap<&AnnotationId, usize> = side.items.iter().enumerate().map(|(at, item)| (&item.annotation.id, at)).collect();
    let ends = |relation: &Relation| Some((relation.kind.clone(), *place.get(&relation.from)?, *place.get(&relation.to)?));
    side.layer.relations().filter_map(|relation| ends(relation)).collect()
}

/// The relations of two sides that are the same, as places in both lists: `exact`, by `label` or by `clitic`; nothing for
/// another measure, or where there are too many spans to match.
#[must_use]
pub fn matched_relations((a, of_a): (&Side, &[Ends]), (b, of_b): (&Side, &[Ends]), matches: &Matches, measure: &str) -> Option<Pairs> {
    let by = |pairs: &Pairs| {
        let partners: HashMap<usize, usize> = pairs.iter().copied().collect();
        same(of_a, |at| partners.get(&at).copied(), of_b, Some)
    };
    match measure {
        "exact" => {
            // Labels that cannot be told apart are one and the same here.
            let mut classes: BTreeMap<(Vec<(u32, u32)>, usize), usize> = BTreeMap::new();
            let mut class = |side: &Side| -> Vec<usize> {
                let mut of = |item: &Item| {
                    let next = classes.len();
                    *classes.entry((pieces(&item.annotation.extent), item.label)).or_insert(next)
                };
                side.items.iter().map(&mut of).collect()
            };
            let (class_a, class_b) = (class(a), class(b));
            Some(same(of_a, |at| class_a.get(at).copied(), of_b, |at| class_b.get(at).copied()))
        }
        "label" => matches.loose.as_ref().map(|loose| by(&loose.label)),
        "clitic" => matches.loose.as_ref().map(|loose| by(&loose.clitic)),
        _ => None,
    }
}

/// Relations of the same kind, the ends of which are put in the same place; one to one, in order.
fn same(a: &[Ends], place_a: impl Fn(usize) -> Option<usize>, b: &[Ends], place_b: impl Fn(usize) -> Option<usize>) -> Pairs {
    let mut waiting: BTreeMap<Ends, Vec<usize>> = BTreeMap::new();
    for (at, (kind, from, to)) in b.iter().enumerate().rev() {
        if let (Some(from), Some(to)) = (place_b(*from), place_b(*to)) {
            waiting.entry((kind.clone(), from, to)).or_default().push(at);
        }
    }
    let mut partner = |(kind, from, to): &Ends| waiting.get_mut(&(kind.clone(), place_a(*from)?, place_a(*to)?))?.pop();
    a.iter().enumerate().filter_map(|(at, ends)| Some((at, partner(ends)?))).collect()
}

/// Tells what both said of labels that are exactly the same: attribute, both answers, and the places of the labels. Asked is
/// of each label that somebody somewhere said the attribute of; who said nothing has no answer, which counts as one.
pub fn answers(corpus: &Corpus, a: &Side, b: &Side, exact: &Pairs, mut tell: impl FnMut(&str, Option<String>, Option<String>, (usize, usize))) {
    for (at, other) in exact {
        let (Some(item), Some(partner)) = (a.items.get(*at), b.items.get(*other)) else { continue };
        for (name, labels) in &corpus.attributes {
            if labels.contains(&item.label) {
                let said = |attributes: &BTreeMap<String, Value>| attributes.get(name).map(words);
                tell(name, said(&item.annotation.attributes), said(&partner.annotation.attributes), (*at, *other));
            }
        }
    }
}

/// A value as people read it.
fn words(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
