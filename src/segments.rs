//! Segments: spans of any layers cut into disjoint runs, each with the set of spans that cover it; and nesting depths.

use crate::span::Span;
use crate::text::Offset;

/// A run of text over which the same spans are active.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment<K> {
    /// The run; never empty.
    pub span: Span,
    /// Who covers it, in the order of the input; never empty.
    pub active: Vec<K>,
}

/// Cuts spans into disjoint runs, in order. Stretches that no span covers are left out.
///
/// ```text
/// a  [───────────)
/// b        [────────────)
///    [─a──)[─ab─)[──b───)
/// ```
#[must_use]
pub fn segments<K: Clone>(spans: &[(K, Span)]) -> Vec<Segment<K>> {
    let mut edges: Vec<(Offset, bool, usize)> = Vec::with_capacity(spans.len() * 2);
    for (index, (_, span)) in spans.iter().enumerate() {
        edges.push((span.start(), true, index));
        edges.push((span.end(), false, index));
    }
    crate::sorted::sort_by(&mut edges, Ord::cmp);
    let mut active: std::collections::BTreeSet<usize> = std::collections::BTreeSet::new();
    let mut from = Offset::new(0);
    let mut runs = Vec::new();
    for (offset, opens, index) in edges {
        if let (Some(span), false) = (Span::try_new(from, offset), active.is_empty()) {
            let active = active.iter().map(|index| spans[*index].0.clone()).collect();
            runs.push(Segment { span, active });
        }
        from = offset;
        if opens {
            active.insert(index);
        } else {
            active.remove(&index);
        }
    }
    runs
}

/// How deep each span lies: the smallest number that no earlier span has which is still open where this one starts.
///
/// The spans come in reading order; spans that share a character never share a depth.
#[must_use]
pub fn depths(spans: &[Span]) -> Vec<u8> {
    let mut open: Vec<(Offset, u8)> = Vec::new();
    let mut depths = Vec::with_capacity(spans.len());
    for span in spans {
        open.retain(|(end, _)| *end > span.start());
        let free = (0..=u8::MAX).find(|depth| open.iter().all(|(_, taken)| taken != depth));
        let depth = free.unwrap_or(u8::MAX);
        open.push((span.end(), depth));
        depths.push(depth);
    }
    depths
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spans() -> impl Strategy<Value = Vec<(usize, Span)>> {
        let one =
            (0u32..40, 1u32..15).prop_filter_map("never empty", |(start, length)| Span::try_new(Offset::new(start), Offset::new(start + length)));
        prop::collection::vec(one, 0..12).prop_map(|spans| spans.into_iter().enumerate().collect())
    }

    proptest! {
        /// Each character of each run has just the active set that a scan of all spans finds, and no covered character is left out.
        #[test]
        fn runs_agree_with_a_scan_of_each_character(spans in spans()) {
            let runs = segments(&spans);
            for pair in runs.windows(2) {
                prop_assert!(pair[0].span.end() <= pair[1].span.start());
            }
            for place in 0..60 {
                let offset = Offset::new(place);
                let scan: Vec<usize> = spans.iter().filter(|(_, span)| span.contains(offset)).map(|(key, _)| *key).collect();
                let run = runs.iter().find(|run| run.span.contains(offset)).map(|run| run.active.clone()).unwrap_or_default();
                prop_assert_eq!(run, scan);
            }
        }

        /// Spans that share a character can always be told apart by depth.
        #[test]
        fn overlapping_spans_differ_in_depth(spans in spans()) {
            let mut spans: Vec<Span> = spans.into_iter().map(|(_, span)| span).collect();
            spans.sort_by_key(|span| span.reading_order());
            let depths = depths(&spans);
            for (i, a) in spans.iter().enumerate() {
                for (j, b) in spans.iter().enumerate().skip(i + 1) {
                    prop_assert!(!a.overlaps(*b) || depths[i] != depths[j], "{a:?} and {b:?} both lie at {}", depths[i]);
                }
            }
        }
    }
}
