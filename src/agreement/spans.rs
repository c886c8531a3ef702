//! Labels of two people matched one to one, by five measures.
//!
//! | measure | two labels may be matched where |
//! |---|---|
//! | exact | extent and label are the same |
//! | boundary | the extent is the same, whatever the label |
//! | label | they share a character and have the same label |
//! | partial | as by label; a match is worth the tokens that both are on, twice, by the tokens of each (Dice) |
//! | clitic | as by label, and the edges differ by clitics, white space and punctuation alone |
//!
//! Of all matchings one of the greatest worth is taken, exactly; by label and by clitic, of those with as many matches one that
//! shares most tokens. So no figure depends on who comes first.

use super::Undefined;
use super::corpus::{Item, Shared, Side};
use super::edges::is_alike;
use super::matching::{Edge, Nearby, heaviest};
use crate::span::Extent;
use std::collections::BTreeMap;

/// What a match on all the same tokens is worth.
pub const WHOLE: i64 = 1 << 30;

/// More pairs than these are not looked at in one document and label.
const MOST_PAIRS: usize = 4_000_000;

/// Makes one match more worth more than all tokens together.
const ONE_MORE: i64 = 1 << 40;

/// Matches, as places among the first's items and the second's.
pub type Pairs = Vec<(usize, usize)>;

/// All that is matched of two people's labels on a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matches {
    /// The same extent and label.
    pub exact: Pairs,
    /// The same extent.
    pub boundary: Pairs,
    /// The others, unless there are too many.
    pub loose: Option<Loose>,
    /// How many pairs were looked at, and how many steps the matchings took.
    pub steps: usize,
}

/// What is matched although the extent may differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loose {
    /// The same label, somewhere on the same text.
    pub label: Pairs,
    /// The same, for the greatest share of tokens; with what each is worth, in parts of [`WHOLE`].
    pub partial: Vec<(usize, usize, i64)>,
    /// The same label, on text that differs by clitics, white space and punctuation.
    pub clitic: Pairs,
}

/// Matches two people's labels.
#[must_use]
pub fn matches(document: &Shared, a: &Side, b: &Side) -> Matches {
    let exact = same(&a.items, &b.items, |item| (pieces(&item.annotation.extent), item.label));
    let boundary = same(&a.items, &b.items, |item| (pieces(&item.annotation.extent), 0));
    let mut steps = 0;
    let loose = loose(document, a, b, &mut steps).ok();
    Matches { exact, boundary, loose, steps }
}

/// The starts and ends of an extent's pieces, by which extents can be sorted.
#[must_use]
pub fn pieces(extent: &Extent) -> Vec<(u32, u32)> {
    extent.pieces().iter().map(|piece| (piece.start().get(), piece.end().get())).collect()
}

/// Items of the same key, matched in reading order.
fn same<K: Ord>(a: &[Item], b: &[Item], key: impl Fn(&Item) -> K) -> Pairs {
    let mut waiting: BTreeMap<K, Vec<usize>> = BTreeMap::new();
    for (at, item) in b.iter().enumerate().rev() {
        waiting.entry(key(item)).or_default().push(at);
    }
    let partner = |item: &Item| waiting.get_mut(&key(item)).and_then(Vec::pop);
    let partners: Vec<Option<usize>> = a.iter().map(partner).collect();
    partners.into_iter().enumerate().filter_map(|(a, b)| b.map(|b| (a, b))).collect()
}

fn loose(document: &Shared, a: &Side, b: &Side, steps: &mut usize) -> Result<Loose, Undefined> {
    let candidates = candidates(document, a, b, steps)?;
    let mut matched = |worth: &dyn Fn(&Candidate) -> i64| {
        let edges: Vec<Edge> = candidates.iter().map(|pair| Edge { a: pair.a, b: pair.b, weight: worth(pair) }).collect();
        let matching = heaviest(a.items.len(), b.items.len(), &edges)?;
        *steps += matching.steps;
        Ok(matching.pairs)
    };
    let one_more = |pair: &Candidate| ONE_MORE + pair.worth / (WHOLE >> 18);
    let label = matched(&one_more)?;
    let clitic = matched(&|pair| if pair.is_alike { one_more(pair) } else { 0 })?;
    let partial = matched(&|pair| pair.worth)?;
    let worth: BTreeMap<(usize, usize), i64> = candidates.iter().map(|pair| ((pair.a, pair.b), pair.worth)).collect();
    let partial = partial.into_iter().map(|pair| (pair.0, pair.1, worth.get(&pair).copied().unwrap_or(0))).collect();
    Ok(Loose { label, partial, clitic })
}

/// Two labels of a kind that share a character.
struct Candidate {
    a: usize,
    b: usize,
    /// The tokens that both are on, twice, by the tokens of each, in parts of [`WHOLE`].
    worth: i64,
    is_alike: bool,
}

fn candidates(document: &Shared, a: &Side, b: &Side, steps: &mut usize) -> Result<Vec<Candidate>, Undefined> {
    let mut by_label: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, item) in b.items.iter().enumerate() {
        by_label.entry(item.label).or_default().push(at);
    }
    let hull = |at: &usize| b.items.get(*at).map(|item| (item.annotation.extent.hull(), *at));
    let nearby: BTreeMap<usize, Nearby> = by_label.iter().map(|(label, items)| (*label, Nearby::new(items.iter().filter_map(hull)))).collect();
    let mut found = Vec::new();
    for (at, item) in a.items.iter().enumerate() {
        let Some(nearby) = nearby.get(&item.label) else { continue };
        let extent = &item.annotation.extent;
        *steps += nearby.touching(extent.hull(), |other_at| {
            if let Some(other) = b.items.get(other_at).filter(|other| share(extent, &other.annotation.extent)) {
                let is_alike = is_alike(document.text, extent, &other.annotation.extent);
                found.push(Candidate { a: at, b: other_at, worth: dice(item, other), is_alike });
            }
        });
        if found.len() > MOST_PAIRS || *steps > 4 * MOST_PAIRS {
            return Err(Undefined::TooLarge);
        }
    }
    Ok(found)
}

/// Whether two extents share a character.
fn share(a: &Extent, b: &Extent) -> bool {
    let (a, b) = (a.pieces(), b.pieces());
    let mut at = 0;
    a.iter().any(|piece| {
        at += b.get(at..).map_or(0, |rest| rest.iter().take_while(|other| other.end() <= piece.start()).count());
        b.get(at).is_some_and(|other| other.overlaps(*piece))
    })
}

fn dice(a: &Item, b: &Item) -> i64 {
    let (of_a, of_b) = (a.token_count(), b.token_count());
    if a.annotation.extent == b.annotation.extent {
        return WHOLE;
    }
    let (shared, all) = (a.shared_tokens(b) as i64, (of_a + of_b) as i64);
    if all == 0 { 0 } else { 2 * shared * WHOLE / all }
}
