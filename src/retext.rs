//! Labels carried over to a corrected text of their document, by the difference of the two texts.
//!
//! Texts are compared by their folded letters, without white space: first whole words, then letters where words differ. Harakat,
//! tatweel, white space and other spellings of a letter therefore change nothing; where letters changed, a label keeps its place
//! as long as at least half of its letters are there, and is told as changed. One that cannot be placed is told, never guessed at.

use crate::annotation::{Annotation, Relation, Remark};
use crate::id::AnnotationId;
use crate::layer::Layer;
use crate::span::{Extent, Span};
use crate::text::classes::is_word_character;
use crate::text::{Folded, Offset, Text};
use serde_json::json;
use similar::{Algorithm, DiffOp, DiffTag, capture_diff_slices};
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

/// The most letters, of one text times of the other, that are compared one by one.
const MOST_LETTERS: usize = 4_000_000;

/// A letter of a text, folded, and where it stands; with the marks behind it.
#[derive(Clone, Debug)]
struct Letter {
    folded: char,
    place: Range<Offset>,
}

/// How the letters of a text are found in another.
pub struct Alignment<'a> {
    old: &'a Text,
    new: &'a Text,
    letters: Vec<Letter>,
    others: Vec<Letter>,
    /// Of each letter of the old text, which letter of the new one it is.
    found: Vec<Option<usize>>,
}

/// A layer on the corrected text.
#[derive(Clone, Debug, PartialEq)]
pub struct Carried {
    /// What could be placed.
    pub layer: Layer,
    /// Labels whose letters are not the same.
    pub changed: Vec<Changed>,
    /// Labels that could not be placed, as they were.
    pub lost: Vec<Arc<Annotation>>,
    /// Relations of which an end could not be placed.
    pub lost_relations: Vec<Arc<Relation>>,
}

/// A label whose letters are not the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Which label.
    pub id: AnnotationId,
    /// Its words in the old text.
    pub was: String,
    /// Its words in the new text.
    pub is: String,
}

impl<'a> Alignment<'a> {
    /// Compares two texts.
    #[must_use]
    pub fn new(old: &'a Text, new: &'a Text) -> Self {
        let (letters, others) = (letters(old), letters(new));
        let (words, other_words) = (words(old, &letters), words(new, &others));
        let mut found = vec![None; letters.len()];
        if letters.iter().map(|letter| letter.folded).eq(others.iter().map(|letter| letter.folded)) {
            // Words that were parted or joined differ as words, yet not by a letter.
            found = (0..letters.len()).map(Some).collect();
            return Self { old, new, letters, others, found };
        }
        let spelt = |letters: &[Letter], words: &[Range<usize>]| -> Vec<String> {
            words.iter().map(|word| letters.get(word.clone()).unwrap_or_default().iter().map(|letter| letter.folded).collect()).collect()
        };
        let across = |words: &[Range<usize>], range: Range<usize>| match words.get(range) {
            Some([first, .., last]) => first.start..last.end,
            Some([only]) => only.clone(),
            _ => 0..0,
        };
        for op in capture_diff_slices(Algorithm::Patience, &spelt(&letters, &words), &spelt(&others, &other_words)) {
            let (from, to) = (across(&words, op.old_range()), across(&other_words, op.new_range()));
            match op.tag() {
                DiffTag::Equal => from.zip(to).for_each(|(at, other)| set(&mut found, at, other)),
                DiffTag::Replace if from.len().saturating_mul(to.len()) <= MOST_LETTERS => {
                    for (at, other) in pairs(&letters, from, &others, to) {
                        set(&mut found, at, other);
                    }
                }
                _ => {}
            }
        }
        Self { old, new, letters, others, found }
    }

    /// Carries a layer over.
    #[must_use]
    pub fn carry(&self, layer: &Layer) -> Carried {
        let (mut placed, mut changed, mut lost) = (Vec::new(), Vec::new(), Vec::new());
        for annotation in layer.iter() {
            let Some((extent, is_same)) = self.extent(&annotation.extent) else {
                lost.push(annotation.clone());
                continue;
            };
            if !is_same {
                let quote = |extent: &Extent, text: &Text| extent.quote(text).unwrap_or_default();
                changed.push(Changed { id: annotation.id.clone(), was: quote(&annotation.extent, self.old), is: quote(&extent, self.new) });
            }
            placed.push(Annotation { extent, ..Annotation::clone(annotation) });
        }
        let there: BTreeSet<AnnotationId> = placed.iter().map(|annotation| annotation.id.clone()).collect();
        let (relations, lost_relations): (Vec<_>, Vec<_>) =
            layer.relations().cloned().partition(|relation| there.contains(&relation.from) && there.contains(&relation.to));
        let remarks: Vec<Arc<Remark>> = layer.remarks().map(|remark| self.remark(remark)).collect();
        let layer = Layer::from_records(layer.status(), placed, relations.iter().map(|relation| Relation::clone(relation)));
        Carried { layer: layer.with_remarks(remarks), changed, lost, lost_relations }
    }

    /// The remark with its place in the new text; one whose place is gone is about none.
    fn remark(&self, remark: &Arc<Remark>) -> Arc<Remark> {
        let Some(place) = remark.says.get("place") else { return remark.clone() };
        let at = |edge: usize| place.get(edge)?.as_u64().and_then(|at| u32::try_from(at).ok()).map(Offset::new);
        let span = at(0).zip(at(1)).and_then(|(start, end)| Span::try_new(start, end));
        let mut moved = Remark::clone(remark);
        match span.and_then(|span| self.extent(&span.into())) {
            Some((extent, _)) => drop(moved.says.insert("place".to_owned(), json!([extent.hull().start(), extent.hull().end()]))),
            None => drop(moved.says.remove("place")),
        }
        Arc::new(moved)
    }

    /// The place in the new text, and whether it has the same letters; all pieces must be found, in order and apart.
    fn extent(&self, extent: &Extent) -> Option<(Extent, bool)> {
        if self.old.as_str() == self.new.as_str() {
            return Some((extent.clone(), true));
        }
        let pieces: Vec<(Span, bool)> = extent.pieces().iter().map(|piece| self.span(*piece)).collect::<Option<_>>()?;
        let is_same = pieces.iter().all(|(_, is_same)| *is_same);
        Some((Extent::try_from_pieces(pieces.into_iter().map(|(span, _)| span).collect()).ok()?, is_same))
    }

    fn span(&self, span: Span) -> Option<(Span, bool)> {
        // A letter of which the label has only marks is not its own.
        let first = self.letters.partition_point(|letter| letter.place.start < span.start());
        let last = self.letters.partition_point(|letter| letter.place.start < span.end());
        let own = self.letters.get(first..last).filter(|own| !own.is_empty())?;
        let found: Vec<usize> = self.found.get(first..last)?.iter().flatten().copied().collect();
        if found.len() * 2 < own.len() {
            return None;
        }
        let (from, to) = (*found.first()?, *found.last()?);
        let (begin, end) = (self.others.get(from)?.place.start, self.others.get(to)?.place.end);
        let is_same = found.len() == own.len() && to - from + 1 == own.len();
        let is_found = |at: usize| self.found.get(at).is_some_and(Option::is_some);
        // An edge that is not there any more was somewhere in the word that its neighbour is in.
        let begin = if is_found(first) { self.lead(span, own, begin) } else { self.edge_of_word(begin, false) };
        let end = if is_found(last - 1) { self.trail(span, own, end) } else { self.edge_of_word(end, true) };
        Span::try_new(begin, end).map(|span| (span, is_same))
    }

    /// The beginning, with what is no letter and stands before it in both texts; without marks that the label leaves out.
    fn lead(&self, span: Span, own: &[Letter], begin: Offset) -> Offset {
        let Some(letter) = own.first().filter(|letter| letter.place.start > span.start()) else { return begin };
        let lead = self.old.slice(span.start()..letter.place.start).unwrap_or_default();
        let from = begin.get().checked_sub(letter.place.start.since(span.start())).map(Offset::new);
        from.filter(|from| self.new.slice(*from..begin) == Some(lead)).unwrap_or(begin)
    }

    /// The end, with what is no letter and stands behind it in both texts.
    fn trail(&self, span: Span, own: &[Letter], end: Offset) -> Offset {
        let Some(letter) = own.last() else { return end };
        if letter.place.end > span.end() {
            // The label ends before the last marks of its letter, and does so where they are the same.
            let cut = letter.place.end.since(span.end());
            let marks = self.old.slice(span.end()..letter.place.end);
            let until = end.get().checked_sub(cut).map(Offset::new);
            return until.filter(|until| self.new.slice(*until..end) == marks).unwrap_or(end);
        }
        let trail = self.old.slice(letter.place.end..span.end()).unwrap_or_default();
        let until = end.plus(span.end().since(letter.place.end));
        if self.new.slice(end..until) == Some(trail) { until } else { end }
    }

    /// Where the word at a position of the new text begins or ends.
    fn edge_of_word(&self, at: Offset, forward: bool) -> Offset {
        let mut at = at;
        loop {
            let next = if forward { self.new.char_at(at) } else { self.new.char_before(at) };
            if !next.is_some_and(is_word_character) {
                return at;
            }
            at = if forward { at.plus(1) } else { Offset::new(at.get().saturating_sub(1)) };
        }
    }
}

fn set(found: &mut [Option<usize>], at: usize, other: usize) {
    if let Some(slot) = found.get_mut(at) {
        *slot = Some(other);
    }
}

/// The letters of a text; white space is none.
fn letters(text: &Text) -> Vec<Letter> {
    let folded = Folded::new(text.as_str());
    folded.characters().filter(|(folded, _)| !folded.is_whitespace()).map(|(folded, place)| Letter { folded, place }).collect()
}

/// Words as ranges of letters: letters and digits that stand together; anything else by itself.
fn words(text: &Text, letters: &[Letter]) -> Vec<Range<usize>> {
    let mut words: Vec<Range<usize>> = Vec::new();
    let mut before: Option<&Letter> = None;
    for (at, letter) in letters.iter().enumerate() {
        let joins = before.is_some_and(|before: &Letter| {
            let between = text.slice(before.place.end..letter.place.start.max(before.place.end)).unwrap_or_default();
            before.folded.is_alphanumeric() && letter.folded.is_alphanumeric() && !between.contains(char::is_whitespace)
        });
        match words.last_mut() {
            Some(word) if joins => word.end = at + 1,
            _ => words.push(at..at + 1),
        }
        before = Some(letter);
    }
    words
}

/// Letters of a part that are found in a part of the other text.
fn pairs(letters: &[Letter], from: Range<usize>, others: &[Letter], to: Range<usize>) -> Vec<(usize, usize)> {
    let spelt = |letters: &[Letter], range: &Range<usize>| -> Vec<char> {
        letters.get(range.clone()).unwrap_or_default().iter().map(|letter| letter.folded).collect()
    };
    let ops = capture_diff_slices(Algorithm::Myers, &spelt(letters, &from), &spelt(others, &to));
    let equal = ops.into_iter().filter(|op| op.tag() == DiffTag::Equal);
    let pair = |op: DiffOp| op.old_range().zip(op.new_range()).collect::<Vec<_>>();
    equal.flat_map(pair).map(|(at, other)| (from.start + at, to.start + other)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::Status;
    use crate::text::fold;
    use crate::text::samples::damaged;
    use proptest::prelude::*;

    const SENTENCE: &str = "🔴 قال وزير الخارجية المصري سامح شكري إن مصر ترفض التهجير، وفق رويترز.";

    fn label(id: &str, start: u32, end: u32) -> Annotation {
        Annotation::new(id.into(), Span::try_new(Offset::new(start), Offset::new(end)).expect("a test writes good spans"), "A".into())
    }

    fn sentence() -> Layer {
        let labels = [label("cue", 2, 5), label("minister", 6, 36), label("name", 27, 36), label("claim", 40, 56), label("agency", 62, 68)];
        let relation = |id: &str, from: &str, to: &str| Relation {
            id: id.into(),
            kind: "source".into(),
            from: from.into(),
            to: to.into(),
            attributes: Default::default(),
            note: None,
        };
        Layer::from_records(Status::Done, labels, [relation("r1", "claim", "minister"), relation("r2", "claim", "agency")])
    }

    /// Labels by name with their words in the new text, then what is told.
    fn carried(new: &str) -> String {
        let (old, new) = (Text::new(SENTENCE), Text::new(new));
        let Carried { layer, changed, lost, lost_relations } = Alignment::new(&old, &new).carry(&sentence());
        let placed = layer.iter().map(|label| format!("{}: {}\n", label.id, label.extent.quote(&new).expect("inside")));
        let changed = changed.iter().map(|one| format!("changed {}: {} > {}\n", one.id, one.was, one.is));
        let lost = lost.iter().map(|label| format!("lost {}\n", label.id));
        placed.chain(changed).chain(lost).chain(lost_relations.iter().map(|one| format!("lost {}\n", one.id))).collect()
    }

    #[test]
    fn harakat_white_space_and_what_comes_before_move_labels() {
        let new = "عاجل 🔴 قَالَ وزير  الخارجيه\nالمصري سامح شُكري إنّ مصر ترفض التهجيـر ، وفق رويترز .";
        expect_test::expect![[r#"
            cue: قَالَ
            minister: وزير  الخارجيه
            المصري سامح شُكري
            name: سامح شُكري
            claim: مصر ترفض التهجيـر
            agency: رويترز
        "#]]
        .assert_eq(&carried(new));
    }

    #[test]
    fn labels_whose_words_changed_are_told_and_those_without_words_are_lost() {
        let new = "🔴 قال وزير الخارجية المصري الجديد سامح شكرى إن مصر لن ترفض التهجير، وفق مصادر.";
        expect_test::expect![[r#"
            cue: قال
            minister: وزير الخارجية المصري الجديد سامح شكرى
            name: سامح شكرى
            claim: مصر لن ترفض التهجير
            changed minister: وزير الخارجية المصري سامح شكري > وزير الخارجية المصري الجديد سامح شكرى
            changed claim: مصر ترفض التهجير > مصر لن ترفض التهجير
            lost agency
            lost r2
        "#]]
        .assert_eq(&carried(new));
    }

    #[test]
    fn remarks_keep_their_places_or_are_about_none() {
        let (old, new) = (Text::new(SENTENCE), Text::new("عاجل: قال وزير الخارجية."));
        let remark =
            |id: &str, place: [u32; 2]| Arc::new(Remark::read(json!({ "id": id, "kind": "comment", "place": place })).expect("it has a name"));
        let layer = sentence().with_remarks([remark("c1", [2, 5]), remark("c2", [62, 68])]);
        let carried = Alignment::new(&old, &new).carry(&layer);
        let places: Vec<_> = carried.layer.remarks().map(|remark| remark.says.get("place").cloned()).collect();
        assert_eq!(places, [Some(json!([6, 9])), None]);
    }

    #[test]
    fn nothing_is_placed_in_another_text() {
        let (old, new) = (Text::new(SENTENCE), Text::new("BBC 2020"));
        let carried = Alignment::new(&old, &new).carry(&sentence());
        assert!(carried.layer.is_empty() && carried.changed.is_empty());
        assert_eq!((carried.lost.len(), carried.lost_relations.len()), (5, 2));
    }

    /// A layer with a label at each of these places.
    fn layer(text: &Text, places: &[(u32, u32)]) -> Layer {
        let length = text.len().get();
        let spans = places.iter().map(|(start, size)| (start % length.max(1), (start % length.max(1) + size).min(length)));
        Layer::from_records(Status::New, (1..).zip(spans).map(|(number, (start, end))| label(&format!("s{number}"), start, end)), [])
    }

    fn letters_of(text: &str) -> String {
        fold(text).split_whitespace().collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn in_the_same_text_nothing_changes(source in damaged(), places in prop::collection::vec((0_u32..400, 1_u32..40), 0..6)) {
            prop_assume!(!source.is_empty());
            let text = Text::new(source);
            let layer = layer(&text, &places);
            let carried = Alignment::new(&text, &text).carry(&layer);
            prop_assert_eq!(&carried.layer, &layer);
            prop_assert!(carried.changed.is_empty() && carried.lost.is_empty());
        }

        #[test]
        fn added_marks_and_white_space_change_no_letter(
            source in damaged(),
            places in prop::collection::vec((0_u32..400, 1_u32..40), 0..6),
            added in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(vec!['\u{64E}', '\u{651}', '\u{640}', ' ', '\n'])), 0..8),
        ) {
            prop_assume!(!source.is_empty());
            let mut characters: Vec<char> = source.chars().collect();
            for (at, character) in added {
                characters.insert(at.index(characters.len() + 1), character);
            }
            let (old, new) = (Text::new(source), Text::new(characters.into_iter().collect::<String>()));
            let layer = layer(&old, &places);
            let carried = Alignment::new(&old, &new).carry(&layer);
            prop_assert!(carried.changed.is_empty(), "{:?}", carried.changed);
            // A label without a letter has nothing that could be found again.
            for lost in &carried.lost {
                prop_assert_eq!(letters_of(&lost.extent.quote(&old).expect("inside")), "");
            }
            for label in carried.layer.iter() {
                let was = layer.get(&label.id).expect("it was there");
                prop_assert_eq!(letters_of(&was.extent.quote(&old).expect("inside")), letters_of(&label.extent.quote(&new).expect("inside")));
            }
        }

        #[test]
        fn no_two_texts_break_it(one in damaged(), other in damaged(), places in prop::collection::vec((0_u32..400, 1_u32..40), 0..6)) {
            prop_assume!(!one.is_empty());
            let (old, new) = (Text::new(one), Text::new(other));
            let layer = layer(&old, &places);
            let carried = Alignment::new(&old, &new).carry(&layer);
            prop_assert_eq!(carried.layer.len() + carried.lost.len(), layer.len());
            prop_assert!(carried.layer.iter().all(|label| label.extent.hull().end() <= new.len()));
        }
    }
}
