//! How labels that share characters lie over one another: the depth of each tint and of each rail, and what of that has changed.

use crate::annotation::Annotation;
use crate::schema::{Schema, Style};
use crate::segments::depths;
use crate::span::Span;
use std::ops::Range;
use std::sync::Arc;

/// Deeper tints than this share the last one; rails still lie apart.
pub(super) const DEEPEST: u8 = 4;
/// The deepest rail; a bit of a word for each. What would lie deeper, some 250 pixels below its line, shares it.
const LAST_SLOT: u8 = 63;

/// The labels near the viewport in reading order, and how they lie.
#[derive(Default)]
pub(super) struct Stacks {
    pub(super) annotations: Vec<Arc<Annotation>>,
    /// The depth of each one's tint.
    pub(super) tints: Vec<u8>,
    /// The depth of each one's rail.
    pub(super) slots: Vec<u8>,
}

impl Stacks {
    pub(super) fn new(annotations: Vec<Arc<Annotation>>, schema: &Schema) -> Self {
        let hulls: Vec<Span> = annotations.iter().map(|annotation| annotation.extent.hull()).collect();
        Self { tints: tint_depths(&annotations, schema), slots: rail_slots(&hulls), annotations }
    }

    /// Where `self` and `next` are not the same run of labels.
    fn parting(&self, next: &Self) -> (Range<usize>, Range<usize>) {
        let (here, there) = (&self.annotations, &next.annotations);
        let head = here.iter().zip(there).take_while(|(a, b)| Arc::ptr_eq(a, b)).count();
        let tail = here[head..].iter().rev().zip(there[head..].iter().rev()).take_while(|(a, b)| Arc::ptr_eq(a, b)).count();
        (head..here.len() - tail, head..there.len() - tail)
    }

    /// The labels that are not among those of `next`, or not as they are there; and which of `next` are new or lie otherwise.
    pub(super) fn changes(&self, next: &Self) -> (Range<usize>, Vec<usize>) {
        let (gone, new) = self.parting(next);
        let shift = |index: usize| if index < new.start { index } else { index + gone.end - new.end };
        let lies = |stacks: &Self, index: usize| (stacks.tints[index], stacks.slots[index]);
        let touched = (0..next.annotations.len()).filter(|index| new.contains(index) || lies(self, shift(*index)) != lies(next, *index)).collect();
        (gone, touched)
    }
}

/// Depth among tints: those of one kind that share a character need highlights of their own, for within one highlight a
/// letter is tinted only once.
fn tint_depths(annotations: &[Arc<Annotation>], schema: &Schema) -> Vec<u8> {
    let is_fill = |annotation: &Annotation| schema.label(&annotation.label).is_none_or(|label| label.style == Style::Fill);
    let fills: Vec<Span> = annotations.iter().filter(|annotation| is_fill(annotation)).map(|annotation| annotation.extent.hull()).collect();
    let mut found = depths(&fills).into_iter();
    annotations.iter().map(|annotation| if is_fill(annotation) { found.next().unwrap_or(0).min(DEEPEST) } else { 0 }).collect()
}

/// The place of each rail below its line: short spans lie nearest to the letters, longer ones below them.
///
/// The spans come in reading order. Two of them share a character where the later one starts inside the earlier one, so that a
/// span is the run of those that start in it, and two runs that share nothing can have one slot.
pub(super) fn rail_slots(hulls: &[Span]) -> Vec<u8> {
    let mut order: Vec<usize> = (0..hulls.len()).collect();
    crate::sorted::sort_by_key(&mut order, |index| hulls[*index].len());
    let mut taken = vec![0_u64; hulls.len()];
    let mut slots = vec![0; hulls.len()];
    for index in order {
        let inside = hulls[index..].partition_point(|other| other.start() < hulls[index].end());
        let run = &mut taken[index..index + inside];
        let free = run.iter().fold(0, |all, slot| all | slot).trailing_ones();
        let slot = u8::try_from(free).unwrap_or(LAST_SLOT).min(LAST_SLOT);
        run.iter_mut().for_each(|slots| *slots |= 1 << slot);
        slots[index] = slot;
    }
    slots
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::LabelId;
    use crate::text::Offset;
    use proptest::prelude::*;

    fn hulls() -> impl Strategy<Value = Vec<Span>> {
        let one = (0u32..60, 1u32..20).prop_map(|(start, length)| Span::try_new(Offset::new(start), Offset::new(start + length)).unwrap());
        prop::collection::vec(one, 0..40).prop_map(|mut spans| {
            spans.sort_by_key(|span| span.reading_order());
            spans
        })
    }

    proptest! {
        /// The shortest first, each takes the first slot that nobody has with whom it shares a character.
        #[test]
        fn slots_are_those_of_a_scan_of_all_pairs(hulls in hulls()) {
            let mut order: Vec<usize> = (0..hulls.len()).collect();
            order.sort_by_key(|index| hulls[*index].len());
            let mut slots: Vec<Option<u8>> = vec![None; hulls.len()];
            for index in order {
                let taken: Vec<u8> = (0..hulls.len()).filter(|other| hulls[*other].overlaps(hulls[index])).filter_map(|other| slots[other]).collect();
                slots[index] = (0..=LAST_SLOT).find(|slot| !taken.contains(slot));
            }
            let slots: Vec<u8> = slots.into_iter().map(|slot| slot.unwrap_or(LAST_SLOT)).collect();
            prop_assert_eq!(rail_slots(&hulls), slots);
        }

        /// What is not told as changed is the same label, and lies as it did.
        #[test]
        fn what_is_not_told_is_as_it_was(hulls in hulls(), kept in prop::collection::vec(any::<bool>(), 40), kept_after in prop::collection::vec(any::<bool>(), 40)) {
            let schema = Schema::default();
            let label = |n: usize| LabelId::from(["Actor", "Location", "Claim"][n % 3]);
            let all: Vec<Arc<Annotation>> = hulls.iter().enumerate().map(|(n, hull)| Arc::new(Annotation::new(format!("s{n}").as_str().into(), *hull, label(n)))).collect();
            let chosen = |kept: &[bool]| all.iter().zip(kept).filter(|(_, kept)| **kept).map(|(annotation, _)| annotation.clone()).collect::<Vec<_>>();
            let (old, next) = (Stacks::new(chosen(&kept), &schema), Stacks::new(chosen(&kept_after), &schema));
            let (gone, touched) = old.changes(&next);
            let lying = |stacks: &Stacks, index: usize| (stacks.annotations[index].id.clone(), stacks.tints[index], stacks.slots[index]);
            let mut known: Vec<_> = (0..old.annotations.len()).filter(|index| !gone.contains(index)).map(|index| lying(&old, index)).collect();
            known.retain(|(id, ..)| !touched.iter().any(|index| next.annotations[*index].id == *id));
            known.extend(touched.iter().map(|index| lying(&next, *index)));
            known.sort();
            let mut wanted: Vec<_> = (0..next.annotations.len()).map(|index| lying(&next, index)).collect();
            wanted.sort();
            prop_assert_eq!(known, wanted);
        }
    }

    #[test]
    fn one_label_more_touches_itself_and_those_that_it_pushes_down() {
        let span = |start: u32, end: u32| Span::try_new(Offset::new(start), Offset::new(end)).unwrap();
        let make = |id: &str, hull: Span| Arc::new(Annotation::new(id.into(), hull, LabelId::from("Actor")));
        let (a, b, c) = (make("a", span(0, 3)), make("b", span(5, 20)), make("c", span(30, 33)));
        let old = Stacks::new(vec![a.clone(), b.clone(), c.clone()], &Schema::default());
        let next = Stacks::new(vec![a, b, make("d", span(6, 8)), c], &Schema::default());
        assert_eq!(next.slots, [0, 1, 0, 0]);
        assert_eq!(old.changes(&next), (2..2, vec![1, 2]));
        assert_eq!(next.changes(&old), (2..3, vec![1]));
    }
}
