//! Sorted records in chunks of bounded length, so that one insertion or removal copies one chunk; and sorting.
//!
//! Both are written once for all kinds of records, as far as that can be: the page carries one sort and one map.

use std::cmp::Ordering;
use std::sync::Arc;

/// The most records in a chunk. A longer one is cut in two; two neighbours that together have half as many are joined.
const MOST: usize = 256;

/// Sorts by a comparison; what compares equal stays in its order.
///
/// The ranks are sorted, and the items put in their order: so there is one sort, and not one for each kind of item.
pub fn sort_by<T>(items: &mut [T], mut compare: impl FnMut(&T, &T) -> Ordering) {
    let mut ranks: Vec<usize> = (0..items.len()).collect();
    sort_ranks(&mut ranks, &mut |a, b| compare(&items[a], &items[b]));
    for start in 0..ranks.len() {
        // Goes round the cycle that leads back here; a rank that was dealt with stands at its own place.
        let mut at = start;
        loop {
            let from = std::mem::replace(&mut ranks[at], at);
            if from == start {
                break;
            }
            items.swap(at, from);
            at = from;
        }
    }
}

/// Sorts by a key; what has equal keys stays in its order.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

fn sort_ranks(ranks: &mut [usize], compare: &mut dyn FnMut(usize, usize) -> Ordering) {
    ranks.sort_by(|a, b| compare(*a, *b));
}

/// Values by key, sorted, each key once; keys alone where the value is `()`. A copy costs nothing and shares all chunks.
///
/// A persistent vector, cut and joined in the middle, took ten times as long a step, and the longer it was worked on the longer.
pub struct Sorted<K, V = ()> {
    /// Sorted, also one after the other; none is empty.
    chunks: Arc<Chunks<K, V>>,
    /// How many keys there are in all chunks.
    length: usize,
}

type Chunks<K, V> = Vec<Arc<Vec<(K, V)>>>;

impl<K, V> Clone for Sorted<K, V> {
    fn clone(&self) -> Self {
        Self { chunks: self.chunks.clone(), length: self.length }
    }
}

impl<K, V> Default for Sorted<K, V> {
    fn default() -> Self {
        Self { chunks: Arc::default(), length: 0 }
    }
}

impl<K: Ord, V> Sorted<K, V> {
    /// How many keys there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// All keys with their values, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &(K, V)> {
        self.chunks.iter().flat_map(|chunk| chunk.iter())
    }

    /// All values, in the order of their keys.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> {
        self.iter().map(|(_, value)| value)
    }

    /// The key itself and those after it, whether it is there or not.
    pub fn keys_from<'a>(&'a self, key: &K) -> impl Iterator<Item = &'a K> + use<'a, K, V> {
        let (chunk, within) = self.find(key);
        let rest = self.chunks.get(chunk..).unwrap_or_default();
        rest.iter().flat_map(|chunk| chunk.iter()).skip(within).map(|(key, _)| key)
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &K) -> Option<&V> {
        let (number, within) = self.find(key);
        let (known, value) = self.chunks.get(number)?.get(within)?;
        (known == key).then_some(value)
    }

    /// Whether the key is there.
    #[must_use]
    pub fn contains_key(&self, key: &K) -> bool {
        self.get(key).is_some()
    }

    /// The key at a rank.
    #[must_use]
    pub fn nth(&self, mut rank: usize) -> Option<&K> {
        for chunk in self.chunks.iter() {
            if rank < chunk.len() {
                return chunk.get(rank).map(|(key, _)| key);
            }
            rank -= chunk.len();
        }
        None
    }

    /// How many keys come before this one, whether it is there or not.
    #[must_use]
    pub fn rank(&self, key: &K) -> usize {
        let (chunk, within) = self.find(key);
        self.chunks.iter().take(chunk).map(|chunk| chunk.len()).sum::<usize>() + within
    }

    /// Whether both are one and the same in memory.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.chunks, &other.chunks)
    }

    /// The chunk and the place in it where this key is or would be; past the last chunk where all come before it.
    fn find(&self, key: &K) -> (usize, usize) {
        let number = self.chunks.partition_point(|chunk| chunk.last().is_some_and(|(last, _)| last < key));
        let within = self.chunks.get(number).map_or(0, |chunk| chunk.partition_point(|(other, _)| other < key));
        (number, within)
    }
}

impl<K: Ord + Clone, V: Clone> Sorted<K, V> {
    /// From records in any order; of two with one key the later stays.
    #[must_use]
    pub fn from_records(mut records: Vec<(K, V)>) -> Self {
        sort_by(&mut records, |a, b| a.0.cmp(&b.0));
        records.reverse();
        records.dedup_by(|earlier, later| earlier.0 == later.0);
        records.reverse();
        // Chunks begin three quarters full: room for what comes, and no joining for what goes.
        let chunks = records.chunks(MOST / 4 * 3).map(|chunk| Arc::new(chunk.to_vec())).collect();
        Self { chunks: Arc::new(chunks), length: records.len() }
    }

    /// The value of a key, to be changed.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let (number, within) = self.find(key);
        if !self.contains_key(key) {
            return None;
        }
        let chunk = Arc::make_mut(&mut self.chunks).get_mut(number)?;
        Arc::make_mut(chunk).get_mut(within).map(|(_, value)| value)
    }

    /// Adds a key, or gives it another value; answers with the one that it had.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        let (number, within) = self.find(&key);
        let chunks = Arc::make_mut(&mut self.chunks);
        // What comes after everything else joins the last chunk.
        let (number, within) = if number < chunks.len() { (number, within) } else { (number.saturating_sub(1), usize::MAX) };
        let Some(chunk) = chunks.get_mut(number) else {
            chunks.push(Arc::new(vec![(key, value)]));
            self.length = 1;
            return None;
        };
        let chunk = Arc::make_mut(chunk);
        if let Some((_, old)) = chunk.get_mut(within).filter(|(known, _)| *known == key) {
            return Some(std::mem::replace(old, value));
        }
        chunk.insert(within.min(chunk.len()), (key, value));
        self.length += 1;
        if chunk.len() > MOST {
            let rest = chunk.split_off(MOST / 2);
            chunks.insert(number + 1, Arc::new(rest));
        }
        None
    }

    /// Takes a key out; answers with the value that it had.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        let (number, within) = self.find(key);
        if !self.contains_key(key) {
            return None;
        }
        let chunks = Arc::make_mut(&mut self.chunks);
        let (_, value) = Arc::make_mut(&mut chunks[number]).remove(within);
        self.length -= 1;
        if chunks[number].is_empty() {
            chunks.remove(number);
            return Some(value);
        }
        for first in [number.saturating_sub(1), number] {
            if let Some(next) = chunks.get(first + 1).filter(|next| chunks[first].len() + next.len() <= MOST / 2).cloned() {
                Arc::make_mut(&mut chunks[first]).extend(next.iter().cloned());
                chunks.remove(first + 1);
                break;
            }
        }
        Some(value)
    }
}

impl<K: Ord + Clone, V: Clone> Extend<(K, V)> for Sorted<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, records: I) {
        records.into_iter().for_each(|(key, value)| drop(self.insert(key, value)));
    }
}

impl<K: Ord, V: PartialEq> PartialEq for Sorted<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other) || (self.length == other.length && self.iter().eq(other.iter()))
    }
}

impl<K: Ord, V: Eq> Eq for Sorted<K, V> {}

impl<K: Ord + std::fmt::Debug, V: std::fmt::Debug> std::fmt::Debug for Sorted<K, V> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_map().entries(self.iter().map(|(key, value)| (key, value))).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        /// Runs of keys come and go, in order and against it, so that chunks fill, are cut, empty and join.
        #[test]
        fn it_is_a_sorted_map_with_ranks(
            begin in prop::collection::vec((0_u32..4_000, 0_u32..9), 0..900),
            runs in prop::collection::vec((0_u32..4_000, 0_u32..700, 1_u32..5, any::<bool>(), any::<bool>()), 0..8),
        ) {
            let mut sorted = Sorted::from_records(begin.clone());
            let mut reference: BTreeMap<u32, u32> = BTreeMap::new();
            for (key, value) in begin {
                reference.insert(key, value);
            }
            for (turn_value, (from, length, step, backwards, comes)) in (10_u32..).zip(runs) {
                let kept = sorted.clone();
                let before = reference.clone();
                for turn in 0..length {
                    let number = from + step * if backwards { length - turn } else { turn };
                    if comes {
                        prop_assert_eq!(sorted.insert(number, turn_value), reference.insert(number, turn_value));
                    } else {
                        prop_assert_eq!(sorted.remove(&number), reference.remove(&number));
                    }
                }
                prop_assert!(kept.iter().map(|(key, value)| (key, value)).eq(before.iter()), "a copy stays as it was");
            }
            if let Some((first, value)) = sorted.nth(0).copied().and_then(|first| Some((first, sorted.get_mut(&first)?))) {
                *value += 1;
                reference.entry(first).and_modify(|value| *value += 1);
            }
            prop_assert!(sorted.iter().map(|(key, value)| (key, value)).eq(reference.iter()));
            prop_assert!(sorted.values().rev().eq(reference.values().rev()));
            prop_assert_eq!((sorted.len(), sorted.is_empty()), (reference.len(), reference.is_empty()));
            prop_assert_eq!(sorted.nth(reference.len()), None);
            let keys: Vec<u32> = reference.keys().copied().collect();
            for (rank, key) in keys.iter().enumerate() {
                prop_assert_eq!(sorted.nth(rank), Some(key));
                prop_assert_eq!(sorted.rank(key), rank);
            }
            for number in (0..8_000).step_by(97) {
                let rank = keys.partition_point(|other| *other < number);
                prop_assert_eq!(sorted.rank(&number), rank);
                prop_assert_eq!(sorted.get(&number), reference.get(&number));
                prop_assert!(sorted.keys_from(&number).eq(&keys[rank..]));
            }
            prop_assert!(sorted.chunks.iter().all(|chunk| !chunk.is_empty() && chunk.len() <= MOST));
            let joined = sorted.chunks.windows(2).all(|pair| pair[0].len() + pair[1].len() > MOST / 2);
            prop_assert!(joined, "never many chunks with little in them");
        }

        /// The standard library's stable sort is the reference; the second part of each item tells equals apart.
        #[test]
        fn it_sorts_as_a_stable_sort_does(keys in prop::collection::vec(0_u8..20, 0..80)) {
            let mut items: Vec<(u8, usize)> = keys.into_iter().zip(0..).collect();
            let mut expected = items.clone();
            expected.sort_by_key(|(key, _)| *key);
            sort_by_key(&mut items, |(key, _)| *key);
            prop_assert_eq!(items, expected);
        }
    }
}
