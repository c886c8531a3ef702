//! Texts that are nearly the same, which must not be on two sides of a split.
//!
//! A text is the set of its shingles, [`SHINGLE`] words in a row, folded as search folds them; two texts are alike as far as their
//! sets are (Jaccard: what they share, divided by all they have). Which texts are worth comparing is found by MinHash, as in
//! Broder, *On the resemblance and containment of documents* (1997), in bands; whether two are alike is then counted, not estimated.
//! A text that another contains among much else is not found.

use super::random::{GAMMA, mix};
use crate::id::DocumentId;
use crate::project::{Document, Project};
use crate::span::Span;
use crate::text::{Offset, Text, fold};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How many words are a shingle; a shorter text is one shingle.
pub const SHINGLE: usize = 3;

/// How many smallest hashes a text has.
const HASHES: usize = 128;

/// The most code points of a shared passage that are kept.
const QUOTE: usize = 80;

/// Documents that belong together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// Their names, in order; two or more.
    pub documents: Vec<DocumentId>,
    /// Why they do: enough pairs to join them all.
    pub links: Vec<Link>,
}

/// Two documents that are nearly the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// The first by name.
    pub a: DocumentId,
    /// The other.
    pub b: DocumentId,
    /// From 0 to 1: the share of their shingles that both have.
    pub similarity: f64,
    /// The beginning of the longest passage that both have, as it is in the first.
    pub passage: String,
}

/// Groups of documents of which each is at least as similar as `threshold` to another of the group; over 1 there are none.
///
/// The cost grows with the length of the texts and with the pairs that are worth comparing, not with all pairs.
#[must_use]
pub fn groups(project: &Project, threshold: f64) -> Vec<Group> {
    // Not a number is no threshold either.
    if threshold.is_nan() || threshold > 1.0 {
        return Vec::new();
    }
    let documents: Vec<&Document> = project.documents.values().map(|document| &**document).collect();
    let shingled: Vec<Shingled> = documents.iter().map(|document| Shingled::of(&document.text)).collect();
    let Search { mut joined, mut links, .. } = Search::new(&shingled, threshold);
    let mut found: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in 0..documents.len() {
        found.entry(joined.root(at)).or_default().push(at);
    }
    let id = |at: usize| documents[at].id.clone();
    let mut by_root: BTreeMap<usize, Vec<Link>> = BTreeMap::new();
    links.sort_by_key(|(a, b, _)| (*a, *b));
    for (a, b, similarity) in links {
        let passage = passage(&documents[a].text, &shingled[a], &shingled[b]);
        by_root.entry(joined.root(a)).or_default().push(Link { a: id(a), b: id(b), similarity, passage });
    }
    let several = found.into_iter().filter(|(_, members)| members.len() > 1);
    several
        .map(|(root, members)| Group { documents: members.into_iter().map(id).collect(), links: by_root.remove(&root).unwrap_or_default() })
        .collect()
}

/// How many hashes a band has: as many as let a pair at the threshold be missed once in ten thousand times at most.
fn rows(threshold: f64) -> usize {
    let missed = |rows: usize| {
        let alike = (0..rows).fold(1.0, |alike, _| alike * threshold);
        (0..HASHES / rows).fold(1.0, |missed, _| missed * (1.0 - alike))
    };
    [16, 8, 4, 2].into_iter().find(|rows| missed(*rows) <= 1e-4).unwrap_or(1)
}

/// What was found by comparing what is worth it.
struct Search {
    joined: Joined,
    /// Pairs that joined two groups, the earlier first, with how similar they are.
    links: Vec<(usize, usize, f64)>,
    /// How many pairs were compared.
    compared: usize,
}

impl Search {
    fn new(shingled: &[Shingled], threshold: f64) -> Self {
        let mut search = Self { joined: Joined::new(shingled.len()), links: Vec::new(), compared: 0 };
        let rows = rows(threshold);
        let signatures: Vec<Vec<u64>> = shingled.iter().map(|shingled| signature(&shingled.set)).collect();
        for band in 0..HASHES / rows {
            let mut buckets: BTreeMap<&[u64], Vec<usize>> = BTreeMap::new();
            for (at, signature) in signatures.iter().enumerate() {
                // A text without words has no signature.
                if let Some(key) = signature.get(band * rows..(band + 1) * rows) {
                    buckets.entry(key).or_default().push(at);
                }
            }
            buckets.into_values().filter(|bucket| bucket.len() > 1).for_each(|bucket| search.bucket(&bucket, shingled, threshold));
        }
        search
    }

    /// Joins what is alike in a bucket. A text is compared with one group after another, and not again with one that it is in.
    fn bucket(&mut self, bucket: &[usize], shingled: &[Shingled], threshold: f64) {
        let mut seen: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for at in bucket.iter().copied() {
            let mut members = seen.remove(&self.joined.root(at)).unwrap_or_default();
            let others: Vec<usize> = seen.keys().copied().collect();
            for other in others {
                let alike = seen.get(&other).into_iter().flatten().find_map(|one| {
                    self.compared += 1;
                    let similarity = shingled[*one].similarity(&shingled[at]);
                    (similarity >= threshold).then_some((*one, similarity))
                });
                if let Some((one, similarity)) = alike {
                    self.links.push((one.min(at), one.max(at), similarity));
                    self.joined.join(one, at);
                    let mut more = seen.remove(&other).unwrap_or_default();
                    if more.len() > members.len() {
                        std::mem::swap(&mut more, &mut members);
                    }
                    members.append(&mut more);
                }
            }
            members.push(at);
            seen.insert(self.joined.root(at), members);
        }
    }
}

/// Which documents were joined, each pointing towards the first of its group.
struct Joined(Vec<usize>);

impl Joined {
    fn new(length: usize) -> Self {
        Self((0..length).collect())
    }

    fn root(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }
}

/// A text as shingles.
struct Shingled {
    /// Hashes in the order of the text, with where each is.
    order: Vec<(u64, Span)>,
    /// Each hash once, sorted.
    set: Vec<u64>,
}

impl Shingled {
    fn of(text: &Text) -> Self {
        let words = text.words(Offset::ZERO..text.len()).filter_map(|range| {
            let folded = fold(text.slice(range.clone())?);
            Some((hash(folded.bytes().map(u64::from)), Span::from_range(range)?)).filter(|_| !folded.is_empty())
        });
        let words: Vec<(u64, Span)> = words.collect();
        let shingle = |words: &[(u64, Span)]| {
            let (first, last) = (words.first()?, words.last()?);
            Some((hash(words.iter().map(|(word, _)| *word)), first.1.hull(last.1)))
        };
        let order: Vec<(u64, Span)> =
            if words.len() < SHINGLE { shingle(&words).into_iter().collect() } else { words.windows(SHINGLE).filter_map(shingle).collect() };
        let mut set: Vec<u64> = order.iter().map(|(hash, _)| *hash).collect();
        set.sort_unstable();
        set.dedup();
        Self { order, set }
    }

    /// The share of all shingles that both have; 0 where there is none.
    fn similarity(&self, other: &Self) -> f64 {
        let (mut one, mut two) = (self.set.iter().peekable(), other.set.iter().peekable());
        let mut shared = 0_usize;
        while let (Some(a), Some(b)) = (one.peek().copied(), two.peek().copied()) {
            shared += usize::from(a == b);
            if a <= b {
                one.next();
            }
            if b <= a {
                two.next();
            }
        }
        let all = self.set.len() + other.set.len() - shared;
        if all == 0 { 0.0 } else { shared as f64 / all as f64 }
    }
}

/// FNV-1a over numbers, mixed at the end.
fn hash(numbers: impl Iterator<Item = u64>) -> u64 {
    mix(numbers.fold(0xCBF2_9CE4_8422_2325, |hash, number| (hash ^ number).wrapping_mul(0x0100_0000_01B3)))
}

/// For each of [`HASHES`] ways to hash again, the smallest; nothing of nothing.
fn signature(set: &[u64]) -> Vec<u64> {
    if set.is_empty() {
        return Vec::new();
    }
    let ways = (1..=HASHES as u64).map(|way| way.wrapping_mul(GAMMA));
    ways.map(|way| set.iter().map(|hash| mix(hash ^ way)).min().unwrap_or(u64::MAX)).collect()
}

/// The beginning of the longest run of shingles in a text that another has too.
fn passage(text: &Text, one: &Shingled, other: &Shingled) -> String {
    let mut best: Option<(usize, Span)> = None;
    let mut run: Option<(usize, Span)> = None;
    for (hash, span) in &one.order {
        run = other.set.binary_search(hash).is_ok().then(|| run.map_or((1, *span), |(length, hull)| (length + 1, hull.hull(*span))));
        if run.map_or(0, |(length, _)| length) > best.map_or(0, |(length, _)| length) {
            best = run;
        }
    }
    let quote = best.and_then(|(_, span)| text.slice(span.range())).unwrap_or_default();
    quote.chars().take(QUOTE).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::random::SplitMix64;
    use std::sync::Arc;

    fn project(texts: &[(&str, String)]) -> Project {
        let mut project = Project::new("news");
        for (id, text) in texts {
            project.documents.insert((*id).into(), Arc::new(Document::new((*id).into(), *id, text.clone())));
        }
        project
    }

    fn words(seed: u64, count: usize) -> Vec<String> {
        let mut generator = SplitMix64::new(seed);
        let letters: Vec<char> = "ابتجدرسعقلمنهوي".chars().collect();
        (0..count).map(|_| (0..5).map(|_| letters[usize::try_from(generator.below(15)).expect("small")]).collect()).collect()
    }

    #[test]
    fn spelling_is_no_difference_and_one_word_is_a_small_one() {
        let text = words(1, 100).join(" ");
        let mut changed = words(1, 100);
        changed[50] = "كلمة".to_owned();
        let marked = text.replace('ا', "أ").replace('ي', "ى") + "\u{64E}.";
        let found = groups(
            &project(&[
                ("a", text),
                ("b", marked),
                ("c", changed.join("\n")),
                ("d", words(2, 100).join(" ")),
                ("e", String::new()),
                ("f", String::new()),
            ]),
            0.8,
        );
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].documents, ["a", "b", "c"].map(DocumentId::from));
        let said: Vec<(&str, &str, f64)> = found[0].links.iter().map(|link| (link.a.as_str(), link.b.as_str(), link.similarity)).collect();
        // Of 98 shingles three have the word, and three others are there instead.
        assert_eq!(said, [("a", "b", 1.0), ("a", "c", 95.0 / 101.0)]);
        assert_eq!(found[0].links[1].passage, words(1, 100).join(" ").chars().take(QUOTE).collect::<String>());
    }

    #[test]
    fn the_threshold_is_met_and_not_passed() {
        let mut changed = words(1, 100);
        changed[50] = "كلمة".to_owned();
        let project = project(&[("a", words(1, 100).join(" ")), ("b", changed.join(" "))]);
        let exact = 95.0 / 101.0;
        assert_eq!(groups(&project, exact).len(), 1);
        assert_eq!(groups(&project, exact + 0.001).len(), 0);
        assert_eq!((groups(&project, 1.1).len(), groups(&project, f64::NAN).len(), groups(&project, 0.0).len()), (0, 0, 1));
    }

    #[test]
    fn chains_hold_together() {
        // The first and the last have little in common.
        let all = words(3, 130);
        let part = |start: usize| all[start..start + 100].join(" ");
        let found = groups(&project(&[("a", part(0)), ("b", part(10)), ("c", part(20)), ("d", part(30))]), 0.8);
        assert_eq!((found.len(), found[0].documents.len(), found[0].links.len()), (1, 4, 3));
    }

    #[test]
    fn short_texts_are_one_shingle() {
        let found = groups(&project(&[("a", "قال الرئيس".into()), ("b", "قال الرئيسُ".into()), ("c", "قال الوزير".into())]), 0.8);
        assert_eq!(found.iter().map(|group| group.documents.len()).collect::<Vec<_>>(), [2]);
    }

    #[test]
    fn twice_the_texts_are_little_more_than_twice_the_comparisons() {
        let compared = |count: usize, is_same: bool| {
            let texts = (0..count).map(|at| Text::new(words(if is_same { 1 } else { at as u64 }, 60).join(" ")));
            let shingled: Vec<Shingled> = texts.map(|text| Shingled::of(&text)).collect();
            let Search { compared, links, .. } = Search::new(&shingled, 0.8);
            assert_eq!(links.len(), if is_same { count - 1 } else { 0 });
            compared
        };
        // What is the same is compared once; of what is not, hardly a pair is worth comparing.
        assert_eq!([50, 100, 200].map(|count| compared(count, true)), [49, 99, 199]);
        assert_eq!([50, 100, 200].map(|count| compared(count, false)), [0, 0, 0]);
    }
}
