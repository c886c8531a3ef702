//! Caret movement on the screen in text of mixed direction: Left goes left, whatever is read there.
//!
//! A paragraph is treated as one line, as if it were never wrapped. Each press passes one visible grapheme; invisible
//! controls have no place of their own. In a paragraph of more than `LONGEST` characters movement is logical, by the
//! paragraph's direction, so that a press never waits for a million characters to be reordered.

use std::ops::Range;

use unicode_bidi::{Level, ParagraphBidiInfo};
use unicode_segmentation::UnicodeSegmentation;

use super::classes::is_invisible;
use super::direction::Direction;
use super::index::Text;
use super::offset::Offset;

/// Code points of the longest paragraph that is reordered.
const LONGEST: u32 = 20_000;

/// Which neighbour a caret keeps to: where directions meet, one offset has two places on the screen.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq, Hash)]
pub enum Affinity {
    /// The character before the offset.
    Before,
    /// The character after the offset.
    #[default]
    After,
}

/// A place for the caret.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq, Hash)]
pub struct Caret {
    /// Where it is in the text.
    pub offset: Offset,
    /// Which neighbour it keeps to.
    pub affinity: Affinity,
}

/// A side of the screen.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Hash)]
pub enum Side {
    /// The left.
    Left,
    /// The right.
    Right,
}

impl Caret {
    /// A caret that keeps to the character before it.
    #[must_use]
    pub const fn before(offset: Offset) -> Caret {
        Caret { offset, affinity: Affinity::Before }
    }

    /// A caret that keeps to the character after it.
    #[must_use]
    pub const fn after(offset: Offset) -> Caret {
        Caret { offset, affinity: Affinity::After }
    }
}

/// The caret one visible grapheme further to a side; at the paragraph's end, in the paragraph that is read next or was
/// read before; at the end of the text, where it was. `direction_of` tells a paragraph's direction by its index.
#[must_use]
pub fn move_visually(text: &Text, caret: Caret, side: Side, direction_of: impl Fn(usize) -> Direction) -> Caret {
    let number = text.paragraph_at(caret.offset);
    let Some(paragraph) = text.paragraphs().get(number) else {
        return caret;
    };
    let direction = direction_of(number);
    let range = paragraph.range.clone();
    let is_forward = direction.is_rtl() == (side == Side::Left);
    let moved = if range.end.since(range.start) > LONGEST {
        move_logically(text, caret, range, is_forward)
    } else {
        Line::new(text, range, direction).pass(caret, side)
    };
    if let Some(moved) = moved {
        return moved;
    }
    let target = if is_forward { number.checked_add(1) } else { number.checked_sub(1) };
    let Some((target, paragraph)) = target.and_then(|index| Some((index, text.paragraphs().get(index)?))) else {
        return caret;
    };
    let range = paragraph.range.clone();
    if range.end.since(range.start) > LONGEST {
        return if is_forward { Caret::after(range.start) } else { Caret::before(range.end) };
    }
    let line = Line::new(text, range, direction_of(target));
    // What is read forward begins at the right in a right-to-left paragraph, at the left in the other.
    let begins_right = direction_of(target).is_rtl() == is_forward;
    line.edge(if begins_right { Side::Right } else { Side::Left })
}

/// Whether the visible grapheme at an offset is written from right to left on the screen, in a paragraph that is shown in
/// the given direction. In a paragraph too long to be reordered, its own letter tells.
#[must_use]
pub fn is_right_to_left(text: &Text, offset: Offset, direction: Direction) -> bool {
    let Some(paragraph) = text.paragraphs().get(text.paragraph_at(offset)) else {
        return direction.is_rtl();
    };
    let range = paragraph.range.clone();
    if range.end.since(range.start) > LONGEST {
        let next = text.next_grapheme(offset).unwrap_or(offset);
        return text.slice(offset..next).map_or(direction, Direction::of).is_rtl();
    }
    let line = Line::new(text, range, direction);
    let cell = line.cells.iter().find(|cell| cell.range.contains(&offset));
    cell.map_or(direction.is_rtl(), |cell| cell.is_rtl)
}

fn move_logically(text: &Text, caret: Caret, range: Range<Offset>, is_forward: bool) -> Option<Caret> {
    if is_forward {
        let next = text.next_grapheme(caret.offset)?;
        (next <= range.end).then(|| Caret::before(next))
    } else {
        let previous = text.previous_grapheme(caret.offset)?;
        (previous >= range.start).then(|| Caret::after(previous))
    }
}

/// One visible grapheme.
#[derive(Clone, Debug)]
struct Cell {
    range: Range<Offset>,
    is_rtl: bool,
    /// Its place on the line, counted from the left.
    place: usize,
}

/// A paragraph laid out on one line. A gap is a place between cells, counted from the left, from 0 to their number.
struct Line {
    range: Range<Offset>,
    /// In logical order.
    cells: Vec<Cell>,
    /// The cells' indices, from left to right.
    order: Vec<usize>,
}

impl Line {
    fn new(text: &Text, range: Range<Offset>, direction: Direction) -> Line {
        let source = text.slice(range.clone()).unwrap_or_default();
        let base = if direction.is_rtl() { Level::rtl() } else { Level::ltr() };
        let levels = ParagraphBidiInfo::new(source, Some(base)).reordered_levels(0..source.len());
        let mut cells = Vec::new();
        let mut shown = Vec::new();
        let mut here = range.start;
        for (byte, grapheme) in source.grapheme_indices(true) {
            let start = here;
            here = here.plus(Offset::from_index(grapheme.chars().count()).get());
            if grapheme.chars().all(|c| is_invisible(c) && c != '\t') {
                continue;
            }
            let level = levels.get(byte).copied().unwrap_or(base);
            cells.push(Cell { range: start..here, is_rtl: level.is_rtl(), place: 0 });
            shown.push(level);
        }
        let order = ParagraphBidiInfo::reorder_visual(&shown);
        for (place, &index) in order.iter().enumerate() {
            if let Some(cell) = cells.get_mut(index) {
                cell.place = place;
            }
        }
        Line { range, cells, order }
    }

    /// The caret after passing one cell; `None` at the line's end on that side.
    fn pass(&self, caret: Caret, side: Side) -> Option<Caret> {
        let gap = self.gap(caret)?;
        let place = match side {
            Side::Left => gap.checked_sub(1)?,
            Side::Right => gap,
        };
        self.beside(place, side)
    }

    /// The caret at the line's very end on a side.
    fn edge(&self, side: Side) -> Caret {
        let place = match side {
            Side::Left => 0,
            Side::Right => self.cells.len().saturating_sub(1),
        };
        self.beside(place, side).unwrap_or(Caret::after(self.range.start))
    }

    /// The caret on a side of the cell at a place, kept to that cell.
    fn beside(&self, place: usize, side: Side) -> Option<Caret> {
        let cell = self.cells.get(*self.order.get(place)?)?;
        // The side that is read last is where the cell ends.
        if cell.is_rtl == (side == Side::Left) { Some(Caret::before(cell.range.end)) } else { Some(Caret::after(cell.range.start)) }
    }

    /// The gap that a caret is in; `None` on an empty line.
    fn gap(&self, caret: Caret) -> Option<usize> {
        let next = self.cells.partition_point(|cell| cell.range.end <= caret.offset);
        let previous = self.cells.partition_point(|cell| cell.range.end <= caret.offset).checked_sub(1);
        let after = || self.cells.get(next).map(|cell| cell.place + usize::from(cell.is_rtl));
        let before = || {
            let cell = self.cells.get(previous?)?;
            Some(cell.place + usize::from(!cell.is_rtl))
        };
        match caret.affinity {
            Affinity::Before => before().or_else(after),
            Affinity::After => after().or_else(before),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::samples::damaged;
    use super::*;

    fn step(text: &Text, caret: Caret, side: Side) -> Caret {
        move_visually(text, caret, side, |number| text.paragraphs()[number].direction)
    }

    /// The carets of pressing a key until nothing moves.
    fn walk(text: &Text, start: Caret, side: Side) -> Vec<Caret> {
        let mut carets = vec![start];
        let mut here = start;
        loop {
            let next = step(text, here, side);
            if next == here || carets.len() > 5_000 {
                return carets;
            }
            carets.push(next);
            here = next;
        }
    }

    fn offsets(carets: &[Caret]) -> Vec<u32> {
        carets.iter().map(|caret| caret.offset.get()).collect()
    }

    #[test]
    fn left_is_forward_in_arabic_and_a_letter_keeps_its_marks() {
        let text = Text::new("مُصر");
        let carets = walk(&text, Caret::default(), Side::Left);
        assert_eq!(offsets(&carets), [0, 2, 3, 4]);
        let back = walk(&text, Caret::before(Offset::new(4)), Side::Right);
        assert_eq!(offsets(&back), [4, 3, 2, 0]);
    }

    #[test]
    fn a_latin_word_in_arabic_is_passed_from_its_end() {
        // On the screen, from the right: م ن space, then BBC as it is read, then space and ثم.
        let text = Text::new("من BBC ثم");
        let carets = walk(&text, Caret::default(), Side::Left);
        // Passing the space arrives at the right of C; each step left then comes to the start of a letter.
        assert_eq!(offsets(&carets), [0, 1, 2, 3, 5, 4, 3, 7, 8, 9]);
        assert_eq!(carets[4], Caret::after(Offset::new(5)));
        // 3 twice: kept to the space before it, then to the B after it, on the other side of the word.
        assert_eq!(carets[3], Caret::before(Offset::new(3)));
        assert_eq!(carets[6], Caret::after(Offset::new(3)));
    }

    #[test]
    fn numbers_run_from_left_to_right() {
        let text = Text::new("عام 2020");
        let carets = walk(&text, Caret::default(), Side::Left);
        assert_eq!(offsets(&carets), [0, 1, 2, 3, 4, 7, 6, 5, 4]);
    }

    #[test]
    fn the_next_paragraph_follows_in_reading_order() {
        let text = Text::new("من\r\nab\n\nثم");
        let carets = walk(&text, Caret::default(), Side::Left);
        // Left in the second paragraph, which is English, goes back to the first: the walk ends where the two meet.
        assert_eq!(offsets(&carets[..3]), [0, 1, 2]);
        assert_eq!(carets[3], Caret::after(Offset::new(4)));
        let rightward = walk(&text, Caret::after(Offset::new(4)), Side::Right);
        // Through ab and into the empty paragraph, whose right is the end of what was read before.
        assert_eq!(offsets(&rightward[..4]), [4, 5, 6, 7]);
        // Left from the empty paragraph enters the Arabic one at its right.
        assert_eq!(step(&text, Caret::after(Offset::new(7)), Side::Left), Caret::after(Offset::new(8)));
    }

    #[test]
    fn invisible_marks_take_no_press() {
        let text = Text::new("م\u{200F}\u{202B}ن\u{202C}");
        let carets = walk(&text, Caret::default(), Side::Left);
        assert_eq!(offsets(&carets), [0, 1, 4]);
    }

    #[test]
    fn a_very_long_paragraph_is_walked_in_logical_order() {
        let text = Text::new("مصر BC ".repeat(4_000));
        let at = Caret::after(Offset::new(14_001));
        assert_eq!(step(&text, at, Side::Left).offset, Offset::new(14_002));
        assert_eq!(step(&text, at, Side::Right).offset, Offset::new(14_000));
        assert_eq!(step(&text, Caret::default(), Side::Right), Caret::default());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn a_walk_passes_every_cell_once_and_goes_back_the_same_way(source in damaged(), is_rtl in any::<bool>()) {
            let source: String = source.chars().filter(|c| !super::super::index::is_line_end(*c)).collect();
            let text = Text::new(source.as_str());
            let direction = if is_rtl { Direction::RightToLeft } else { Direction::LeftToRight };
            let line = Line::new(&text, Offset::ZERO..text.len(), direction);
            let press = |caret, side| move_visually(&text, caret, side, |_| direction);
            let mut caret = line.edge(Side::Right);
            for gap in (0..line.cells.len()).rev() {
                let next = press(caret, Side::Left);
                prop_assert_eq!(line.gap(next), Some(gap));
                prop_assert!(text.is_grapheme_boundary(next.offset));
                let back = press(next, Side::Right);
                prop_assert_eq!(line.gap(back), Some(gap + 1));
                prop_assert_eq!(press(back, Side::Left), next);
                caret = next;
            }
            prop_assert_eq!(press(caret, Side::Left), caret);
            let mut places: Vec<usize> = line.cells.iter().map(|cell| cell.place).collect();
            places.sort_unstable();
            prop_assert_eq!(places, (0..line.cells.len()).collect::<Vec<_>>());
        }

        #[test]
        fn any_caret_can_be_moved(source in damaged(), at in 0_u32..200) {
            let text = Text::new(source.as_str());
            for caret in [Caret::before(Offset::new(at)), Caret::after(Offset::new(at))] {
                for side in [Side::Left, Side::Right] {
                    let moved = step(&text, caret, side);
                    prop_assert!(moved == caret || text.is_grapheme_boundary(moved.offset));
                }
            }
        }
    }
}
