//! The edges of a selection: what an annotator does not mean to label.

use std::collections::HashMap;
use std::ops::Range;

use super::classes::{closing_of, is_closing, is_invisible, is_punctuation};
use super::index::Text;
use super::offset::Offset;

impl Text {
    /// The range without white space, invisible controls, punctuation and quotation marks at its edges; may be empty.
    ///
    /// A pair of brackets or quotation marks round the whole is dropped; one whose partner stands inside the range
    /// stays, as in `نوفمبر (تشرين الثاني)`; so do a per cent sign after a digit and a minus before one.
    #[must_use]
    pub fn trim(&self, range: Range<Offset>) -> Range<Offset> {
        let range = self.clamp(range);
        let mut partners: Option<HashMap<Offset, Offset>> = None;
        let (mut start, mut end) = (range.start, range.end);
        loop {
            start = self.skip_forward(start, end);
            end = self.skip_backward(start, end);
            if start >= end {
                return start..start;
            }
            let partners = partners.get_or_insert_with(|| self.partners(start..end));
            let last = self.grapheme_floor(end.minus(1)).max(start);
            let first_partner = partners.get(&start).copied();
            let last_partner = partners.get(&last).copied();
            if start < last && first_partner == Some(last) {
                start = self.next_grapheme(start).unwrap_or(end).min(last);
                end = last;
                continue;
            }
            let lone_first = self.char_at(start).is_some_and(is_paired) && !first_partner.is_some_and(|partner| start < partner && partner < end);
            let lone_last = self.char_at(last).is_some_and(is_paired) && !last_partner.is_some_and(|partner| start <= partner && partner < last);
            if lone_first {
                start = self.next_grapheme(start).unwrap_or(end).min(end);
            } else if lone_last {
                end = last;
            } else {
                return start..end;
            }
        }
    }

    /// The range widened to the words it cuts, with white space and punctuation at its edges left outside.
    ///
    /// Empty only where the range holds nothing visible and is itself empty; see [`Text::trim`].
    #[must_use]
    pub fn snap_to_words(&self, range: Range<Offset>) -> Range<Offset> {
        let range = self.snap_to_graphemes(range);
        if range.is_empty() {
            return range;
        }
        let touched = self.words(range.clone());
        let widened = touched.fold(range.clone(), |all, word| all.start.min(word.start)..all.end.max(word.end));
        let trimmed = self.trim(widened);
        if !trimmed.is_empty() {
            return trimmed;
        }
        let visible = self.trim_space(range.clone());
        if visible.is_empty() { range } else { visible }
    }

    /// The range without white space and invisible controls at its edges; may be empty.
    #[must_use]
    pub fn trim_space(&self, range: Range<Offset>) -> Range<Offset> {
        let Range { mut start, mut end } = self.clamp(range);
        while start < end && self.char_at(start).is_some_and(is_blank) && !self.is_marked(start) {
            start = start.plus(1);
        }
        while start < end && self.char_before(end).is_some_and(|c| is_blank(c) && !joins(c)) {
            end = end.minus(1);
        }
        start..end
    }

    fn skip_forward(&self, mut start: Offset, end: Offset) -> Offset {
        while start < end {
            let Some(character) = self.char_at(start) else {
                break;
            };
            let next = self.next_grapheme(start).unwrap_or(end).min(end);
            let before_digit =
                matches!(character, '-' | '\u{2212}' | '\u{2010}'..='\u{2013}') && next < end && self.char_at(next).is_some_and(char::is_numeric);
            if before_digit || !is_edge(character) || is_paired(character) {
                break;
            }
            start = next;
        }
        start
    }

    fn skip_backward(&self, start: Offset, mut end: Offset) -> Offset {
        while start < end {
            let previous = self.previous_grapheme(end).unwrap_or(start).max(start);
            let Some(character) = self.char_at(previous) else {
                break;
            };
            let after_digit =
                matches!(character, '%' | '٪' | '‰' | '؉') && start < previous && self.char_before(previous).is_some_and(char::is_numeric);
            if after_digit || !is_edge(character) || is_paired(character) {
                break;
            }
            end = previous;
        }
        end
    }

    /// True where the character after a position carries a mark or a joiner: it is more than it seems.
    fn is_marked(&self, offset: Offset) -> bool {
        !self.is_grapheme_boundary(offset.plus(1)) && self.char_at(offset) != Some('\r')
    }

    /// Each bracket and quotation mark of a range that has its partner there, both ways.
    fn partners(&self, range: Range<Offset>) -> HashMap<Offset, Offset> {
        let mut partners = HashMap::new();
        let mut open: Vec<(char, Offset)> = Vec::new();
        // How many of each kind stand open: a closing one without partner must not search them all.
        let mut waiting: HashMap<char, usize> = HashMap::new();
        let Some(text) = self.slice(range.clone()) else {
            return partners;
        };
        let mut previous = self.char_before(range.start);
        let mut characters = text.chars().peekable();
        let mut here = range.start;
        while let Some(character) = characters.next() {
            let next = characters.peek().copied().or_else(|| self.char_at(range.end));
            let awaited = if character == '"' {
                let is_open = waiting.get(&'"').is_some_and(|&count| count > 0);
                opens(previous, next, is_open).then_some('"')
            } else {
                closing_of(character)
            };
            if let Some(awaited) = awaited {
                open.push((awaited, here));
                *waiting.entry(awaited).or_default() += 1;
            } else if (character == '"' || is_closing(character)) && waiting.get(&character).is_some_and(|&count| count > 0) {
                // The nearest one open; what stands open inside it has no partner.
                while let Some((awaited, partner)) = open.pop() {
                    if let Some(count) = waiting.get_mut(&awaited) {
                        *count = count.saturating_sub(1);
                    }
                    if awaited == character {
                        partners.insert(partner, here);
                        partners.insert(here, partner);
                        break;
                    }
                }
            }
            previous = Some(character);
            here = here.plus(1);
        }
        partners
    }
}

/// Tells whether a straight quotation mark opens, by what stands around it, else by whether one is open.
fn opens(previous: Option<char>, next: Option<char>, is_open: bool) -> bool {
    let bare = |character: Option<char>| character.is_none_or(|c| is_blank(c) || is_punctuation(c));
    match (bare(previous), bare(next)) {
        (true, false) => true,
        (false, true) => false,
        _ => !is_open,
    }
}

fn is_edge(character: char) -> bool {
    is_blank(character) || is_punctuation(character)
}

fn is_blank(character: char) -> bool {
    character.is_whitespace() || is_invisible(character)
}

/// Joiners belong to the letter before them.
fn joins(character: char) -> bool {
    matches!(character, '\u{200C}' | '\u{200D}')
}

fn is_paired(character: char) -> bool {
    character == '"' || closing_of(character).is_some() || is_closing(character)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::classes::is_word_character;
    use super::super::samples::damaged;
    use super::*;

    /// The text between `<` and `>` goes in; what is left of it comes out.
    fn marked(source: &str, change: impl Fn(&Text, Range<Offset>) -> Range<Offset>) -> String {
        let start = source.chars().position(|c| c == '<').unwrap();
        let end = source.chars().position(|c| c == '>').unwrap() - 1;
        let text = Text::new(source.replace(['<', '>'], ""));
        let result = change(&text, Offset::from_index(start)..Offset::from_index(end));
        text.slice(result).unwrap().to_owned()
    }

    fn trim(source: &str) -> String {
        marked(source, Text::trim)
    }

    fn snap(source: &str) -> String {
        marked(source, Text::snap_to_words)
    }

    #[test]
    fn edges_are_dropped() {
        assert_eq!(trim("<، قال الوزير. >"), "قال الوزير");
        assert_eq!(trim("<\u{200F}\u{FEFF}مصر\u{A0}؛>"), "مصر");
        assert_eq!(trim("< ، . >"), "");
        assert_eq!(trim("<قالَ>"), "قالَ");
    }

    #[test]
    fn a_pair_round_the_whole_is_dropped_and_one_inside_stays() {
        assert_eq!(trim("<«نعم»،>"), "نعم");
        assert_eq!(trim("<\"نعم\">"), "نعم");
        assert_eq!(trim("<(«نعم»)>"), "نعم");
        assert_eq!(trim("<نوفمبر (تشرين الثاني)> بعد"), "نوفمبر (تشرين الثاني)");
        assert_eq!(trim("<(تشرين) نوفمبر>"), "(تشرين) نوفمبر");
        assert_eq!(trim("<(تشرين) و(نوفمبر)>"), "(تشرين) و(نوفمبر)");
        assert_eq!(trim("<تشرين) نوفمبر (>"), "تشرين) نوفمبر");
        assert_eq!(trim("<(تشرين>)"), "تشرين");
        assert_eq!(trim("(<تشرين)>"), "تشرين");
    }

    #[test]
    fn straight_quotes_know_their_side() {
        assert_eq!(trim("\"<علينا\". وأضاف \">علينا\""), "علينا\". وأضاف");
        assert_eq!(trim("<سحب قواتها \"فوراً\">"), "سحب قواتها \"فوراً\"");
        assert_eq!(trim("<\"نعم\" و\"لا\">"), "\"نعم\" و\"لا\"");
    }

    #[test]
    fn signs_of_numbers_stay() {
        assert_eq!(trim("<-5>"), "-5");
        assert_eq!(trim("<50٪.>"), "50٪");
        assert_eq!(trim("<– قال>"), "قال");
        assert_eq!(trim("<٪ قال>"), "قال");
        assert_eq!(trim("<$100>"), "$100");
    }

    #[test]
    fn words_are_made_whole() {
        assert_eq!(snap("قال ال<وزي>ر أمس"), "الوزير");
        assert_eq!(snap("قال< الوزير، >أمس"), "الوزير");
        assert_eq!(snap("قا<ل «الوزي>ر» أمس"), "قال «الوزير");
        assert_eq!(snap("قا<ل «الوزير»> أمس"), "قال «الوزير»");
        assert_eq!(snap("قال <،> أمس"), "،");
        assert_eq!(snap("قال< ، >أمس"), "،");
        assert_eq!(snap("قال<  >أمس"), "  ");
        assert_eq!(snap("قا<>ل"), "");
        assert_eq!(snap("<😀 >"), "😀");
    }

    #[test]
    fn a_pair_whose_marks_carry_others_is_dropped_with_them() {
        let text = Text::new("\u{64b}\u{64b}٢٠٢٠\u{200e}(\u{64b}  \u{64b}\u{64b}\u{64b}\u{64b}👍)\u{200c}🏽\u{64b}");
        let length = text.len().index();
        for (from, to) in (0..=length).flat_map(|from| (from..=length).map(move |to| (from, to))) {
            let range = Offset::from_index(from)..Offset::from_index(to);
            let snapped = text.snap_to_words(range.clone());
            assert!(text.is_grapheme_boundary(snapped.start) && text.is_grapheme_boundary(snapped.end), "{range:?} gives {snapped:?}");
            assert_eq!(text.snap_to_words(snapped.clone()), snapped, "{range:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn edges_settle_and_lose_no_word(
            source in damaged(),
            from in any::<prop::sample::Index>(),
            to in any::<prop::sample::Index>(),
        ) {
            let text = Text::new(source.as_str());
            let length = text.len().index() + 1;
            let (from, to) = (from.index(length), to.index(length));
            let range = Offset::from_index(from.min(to))..Offset::from_index(from.max(to));

            let trimmed = text.trim(range.clone());
            prop_assert!(range.start <= trimmed.start && trimmed.end <= range.end);
            prop_assert_eq!(text.trim(trimmed.clone()), trimmed.clone());
            let letters = |range| text.slice(range).unwrap().chars().filter(|c| is_word_character(*c)).count();
            prop_assert_eq!(letters(trimmed), letters(range.clone()));

            let snapped = text.snap_to_words(range.clone());
            prop_assert_eq!(snapped.is_empty(), range.is_empty() && text.is_grapheme_boundary(range.start));
            prop_assert!(text.is_grapheme_boundary(snapped.start) && text.is_grapheme_boundary(snapped.end));
            prop_assert_eq!(text.snap_to_words(snapped.clone()), snapped.clone());
            let whole = text.snap_to_graphemes(range);
            for word in text.words(whole.clone()).filter(|_| !whole.is_empty()) {
                prop_assert!(snapped.start <= word.start && word.end <= snapped.end);
            }
        }
    }
}
