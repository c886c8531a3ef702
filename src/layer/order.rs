//! Reading order: sorted places in chunks of bounded length, so that one insertion or removal copies one chunk.

use super::Place;
use std::sync::Arc;

/// The most places in a chunk. A longer one is cut in two; two neighbours that together have half as many are joined.
const MOST: usize = 256;

/// Places, sorted, each once; a copy shares all chunks.
///
/// A persistent vector, cut and joined in the middle, took ten times as long a step, and the longer it was worked on the longer.
#[derive(Clone, Default)]
pub(super) struct Order {
    /// Sorted, also one after the other; none is empty.
    chunks: Arc<Vec<Arc<Vec<Place>>>>,
    /// How many places there are in all chunks.
    length: usize,
}

impl Order {
    /// From places that are sorted already.
    pub fn from_sorted(places: &[Place]) -> Self {
        // Chunks begin three quarters full: room for what comes, and no joining for what goes.
        let chunks = places.chunks(MOST / 4 * 3).map(|chunk| Arc::new(chunk.to_vec())).collect();
        Self { chunks: Arc::new(chunks), length: places.len() }
    }

    pub fn len(&self) -> usize {
        self.length
    }

    pub fn iter(&self) -> impl Iterator<Item = &Place> {
        self.chunks.iter().flat_map(|chunk| chunk.iter())
    }

    /// The place itself and those after it, whether it is there or not.
    pub fn iter_from<'a>(&'a self, place: &'a Place) -> impl Iterator<Item = &'a Place> {
        let (chunk, within) = self.find(place);
        let rest = self.chunks.get(chunk..).unwrap_or_default();
        rest.iter().flat_map(|chunk| chunk.iter()).skip(within)
    }

    pub fn get(&self, mut rank: usize) -> Option<&Place> {
        for chunk in self.chunks.iter() {
            if rank < chunk.len() {
                return chunk.get(rank);
            }
            rank -= chunk.len();
        }
        None
    }

    /// How many places come before this one, whether it is there or not.
    pub fn rank(&self, place: &Place) -> usize {
        let (chunk, within) = self.find(place);
        self.chunks.iter().take(chunk).map(|chunk| chunk.len()).sum::<usize>() + within
    }

    /// Adds a place, unless it is there.
    pub fn insert(&mut self, place: Place) {
        let (number, within) = self.find(&place);
        let chunks = Arc::make_mut(&mut self.chunks);
        // What comes after everything else joins the last chunk.
        let (number, within) = if number < chunks.len() { (number, within) } else { (number.saturating_sub(1), usize::MAX) };
        let Some(chunk) = chunks.get_mut(number) else {
            chunks.push(Arc::new(vec![place]));
            self.length = 1;
            return;
        };
        if chunk.get(within) == Some(&place) {
            return;
        }
        let chunk = Arc::make_mut(chunk);
        chunk.insert(within.min(chunk.len()), place);
        self.length += 1;
        if chunk.len() > MOST {
            let rest = chunk.split_off(MOST / 2);
            chunks.insert(number + 1, Arc::new(rest));
        }
    }

    /// Takes a place out, if it is there.
    pub fn remove(&mut self, place: &Place) {
        let (number, within) = self.find(place);
        if self.chunks.get(number).and_then(|chunk| chunk.get(within)) != Some(place) {
            return;
        }
        let chunks = Arc::make_mut(&mut self.chunks);
        Arc::make_mut(&mut chunks[number]).remove(within);
        self.length -= 1;
        if chunks[number].is_empty() {
            chunks.remove(number);
            return;
        }
        for first in [number.saturating_sub(1), number] {
            if let Some(next) = chunks.get(first + 1).filter(|next| chunks[first].len() + next.len() <= MOST / 2).cloned() {
                Arc::make_mut(&mut chunks[first]).extend(next.iter().cloned());
                chunks.remove(first + 1);
                return;
            }
        }
    }

    /// The chunk and the place in it where this one is or would be; past the last chunk where all come before it.
    fn find(&self, place: &Place) -> (usize, usize) {
        let number = self.chunks.partition_point(|chunk| chunk.last() < Some(place));
        let within = self.chunks.get(number).map_or(0, |chunk| chunk.partition_point(|other| other < place));
        (number, within)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Offset;
    use proptest::prelude::*;
    use std::cmp::Reverse;
    use std::collections::BTreeSet;

    fn place(number: u32) -> Place {
        Place { start: Offset::new(number / 3), end: Reverse(Offset::new(number / 3 + 3 - number % 3)), id: "s".into() }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        /// Runs of places come and go, in order and against it, so that chunks fill, are cut, empty and join.
        #[test]
        fn it_is_a_sorted_set_with_ranks(
            begin in prop::collection::btree_set(0_u32..4_000, 0..900),
            runs in prop::collection::vec((0_u32..4_000, 0_u32..700, 1_u32..5, any::<bool>(), any::<bool>()), 0..8),
        ) {
            let sorted: Vec<Place> = begin.iter().map(|number| place(*number)).collect();
            let mut order = Order::from_sorted(&sorted);
            let mut reference = begin;
            for (from, length, step, backwards, comes) in runs {
                let kept = order.clone();
                let before = reference.clone();
                for turn in 0..length {
                    let number = from + step * if backwards { length - turn } else { turn };
                    if comes {
                        order.insert(place(number));
                        reference.insert(number);
                    } else {
                        order.remove(&place(number));
                        reference.remove(&number);
                    }
                }
                prop_assert!(kept.iter().cloned().eq(before.iter().map(|number| place(*number))), "a copy stays as it was");
            }
            let reference: Vec<Place> = reference.into_iter().map(place).collect::<BTreeSet<_>>().into_iter().collect();
            prop_assert!(order.iter().eq(&reference));
            prop_assert_eq!(order.len(), reference.len());
            prop_assert_eq!(order.get(reference.len()), None);
            for (rank, place) in reference.iter().enumerate() {
                prop_assert_eq!(order.get(rank), Some(place));
                prop_assert_eq!(order.rank(place), rank);
            }
            for number in (0..8_000).step_by(97) {
                let place = place(number);
                let rank = reference.partition_point(|other| *other < place);
                prop_assert_eq!(order.rank(&place), rank);
                prop_assert!(order.iter_from(&place).eq(&reference[rank..]));
            }
            prop_assert!(order.chunks.iter().all(|chunk| !chunk.is_empty() && chunk.len() <= MOST));
            let joined = order.chunks.windows(2).all(|pair| pair[0].len() + pair[1].len() > MOST / 2);
            prop_assert!(joined, "never many chunks with little in them");
        }
    }
}
