//! Quotation marks and brackets whose partner is not in the label.
//!
//! Which side a quotation mark is on is read from what stands round it: old and careless texts have »نص« and ”نص“ as well
//! as «نص» and “نص”, and straight marks have no side. Brackets go by their character.

use super::Checker;
use super::edges::{with_end, with_start};
use super::finding::{Finding, Fix, Why};
use crate::annotation::Annotation;
use crate::span::{Extent, Span};
use crate::text::classes::{closing_of, is_closing, is_invisible, is_punctuation, is_word_character};
use crate::text::{Offset, Text};

/// What a mark does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Opens,
    Closes,
}

/// A mark without partner.
struct Lone {
    at: Offset,
    mark: char,
    side: Side,
}

/// The first mark without partner, in what a trim would leave where edges are checked by themselves.
pub(super) fn balance(checker: &Checker, annotation: &Annotation, edges_are_told: bool) -> Option<Finding> {
    let text = checker.text;
    let pieces = annotation.extent.pieces().iter();
    let pieces: Vec<Span> =
        if edges_are_told { pieces.filter_map(|piece| Span::from_range(text.trim(piece.range()))).collect() } else { pieces.copied().collect() };
    let lone = lone_marks(text, &pieces);
    let first = lone.first()?;
    let fix = mended(text, &annotation.extent, first);
    let span = Span::try_new(first.at, first.at.plus(1))?;
    Some(Finding { span, fix: fix.map(Fix::Extent), ..Finding::of(annotation, Why::Unbalanced { mark: first.mark }) })
}

/// The extent with the partner, where it stands right beside the edge; or without the mark, where that stands at the edge.
fn mended(text: &Text, extent: &Extent, lone: &Lone) -> Option<Extent> {
    let hull = extent.hull();
    // Of brackets it is the other one; quotation marks may be used either way.
    let is_other = |other: char| other != lone.mark || !family(other).is_some_and(is_bracket);
    let is_partner = |at: Offset| text.char_at(at).is_some_and(|other| family(other) == family(lone.mark) && is_other(other));
    let left_out = |range| Span::from_range(text.trim_space(range));
    // A trim reads each piece by itself: what it would drop again is not taken in.
    let stays = |extent: &Extent| extent.pieces().iter().all(|piece| text.trim(piece.range()) == piece.range());
    let extent = if lone.at == hull.start() {
        with_start(extent, left_out(lone.at.plus(1)..extent.pieces().first()?.end())?.start())
    } else if lone.at.plus(1) == hull.end() {
        with_end(extent, left_out(extent.pieces().last()?.start()..lone.at)?.end())
    } else if lone.side == Side::Opens && is_partner(hull.end()) {
        with_end(extent, hull.end().plus(1)).filter(stays)
    } else if lone.side == Side::Closes && hull.start() > Offset::ZERO && is_partner(hull.start().minus(1)) {
        with_start(extent, hull.start().minus(1)).filter(stays)
    } else {
        None
    };
    extent.filter(|extent| [extent.hull().start(), extent.hull().end()].into_iter().all(|edge| text.is_grapheme_boundary(edge)))
}

/// The marks of some pieces, read as one, that have no partner there; in order.
fn lone_marks(text: &Text, pieces: &[Span]) -> Vec<Lone> {
    let mut open: Vec<Lone> = Vec::new();
    // How many of each family stand open: a closing one without partner must not search them all.
    let mut waiting: Vec<(char, usize)> = Vec::new();
    let mut lone = Vec::new();
    for piece in pieces {
        let mut previous = text.char_before(piece.start());
        let mut here = piece.start();
        let mut characters = text.slice(piece.range()).unwrap_or_default().chars().peekable();
        while let Some(mark) = characters.next() {
            let next = characters.peek().copied().or_else(|| text.char_at(piece.end()));
            if let Some(family) = family(mark) {
                let count = waiting.iter().find(|(other, _)| *other == family).map_or(0, |(_, count)| *count);
                match side(mark, previous, next, count > 0) {
                    None => {}
                    Some(Side::Opens) => {
                        change(&mut waiting, family, 1);
                        open.push(Lone { at: here, mark, side: Side::Opens });
                    }
                    Some(Side::Closes) if count == 0 => lone.push(Lone { at: here, mark, side: Side::Closes }),
                    // The nearest one open; what stands open inside it has no partner.
                    Some(Side::Closes) => {
                        while let Some(inner) = open.pop() {
                            let of = self::family(inner.mark).unwrap_or(inner.mark);
                            change(&mut waiting, of, -1);
                            if of == family {
                                break;
                            }
                            lone.push(inner);
                        }
                    }
                }
            }
            previous = Some(mark);
            here = here.plus(1);
        }
    }
    lone.append(&mut open);
    crate::sorted::sort_by_key(&mut lone, |lone| lone.at);
    lone
}

fn change(waiting: &mut Vec<(char, usize)>, family: char, by: isize) {
    match waiting.iter_mut().find(|(other, _)| *other == family) {
        Some((_, count)) => *count = count.saturating_add_signed(by),
        None => waiting.push((family, usize::from(by > 0))),
    }
}

/// Marks that pair with one another, by one of them.
fn family(mark: char) -> Option<char> {
    Some(match mark {
        '"' => '"',
        '«' | '»' => '«',
        '‹' | '›' => '‹',
        '“' | '”' | '„' => '“',
        '‘' | '’' | '‚' => '‘',
        '﴾' | '﴿' => '﴿',
        _ if closing_of(mark).is_some() => mark,
        ')' => '(',
        ']' => '[',
        '}' => '{',
        '」' => '「',
        '』' => '『',
        '〉' => '〈',
        '》' => '《',
        '）' => '（',
        _ => return None,
    })
}

fn is_bracket(family: char) -> bool {
    !matches!(family, '"' | '«' | '‹' | '“' | '‘' | '﴿')
}

/// Whether a mark opens or closes; `None` where it is no quotation mark, as in l’eau or 12".
fn side(mark: char, previous: Option<char>, next: Option<char>, is_open: bool) -> Option<Side> {
    if family(mark).is_some_and(is_bracket) {
        return Some(if is_closing(mark) { Side::Closes } else { Side::Opens });
    }
    let is_letter = |character: Option<char>| character.is_some_and(is_word_character);
    let is_bare = |character: Option<char>| character.is_none_or(|c| c.is_whitespace() || is_invisible(c) || is_punctuation(c));
    if family(mark) == Some('‘') && is_letter(previous) && is_letter(next) {
        return None;
    }
    if mark == '"' && !is_open && previous.is_some_and(char::is_numeric) && is_bare(next) {
        return None;
    }
    let written = if is_closing(mark) { Side::Closes } else { Side::Opens };
    Some(match (is_bare(previous), is_bare(next)) {
        (true, false) => Side::Opens,
        (false, true) => Side::Closes,
        _ if mark == '"' || written == Side::Closes => {
            if is_open {
                Side::Closes
            } else if mark == '"' || !is_bare(next) {
                Side::Opens
            } else {
                written
            }
        }
        _ => written,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where marks without partner stand.
    fn lone(source: &str) -> Vec<char> {
        let text = Text::new(source);
        let whole = Span::try_new(Offset::ZERO, text.len()).expect("something");
        lone_marks(&text, &[whole]).into_iter().map(|lone| lone.mark).collect()
    }

    #[test]
    fn pairs_of_every_kind_and_direction_are_pairs() {
        for source in [
            "قال «نعم» وذهب",
            "قال »نعم« وذهب",
            "قال “نعم” وذهب",
            "قال ”نعم“ وذهب",
            "قال „نعم“ وذهب",
            "قال \"نعم\" وذهب",
            "قال \"نعم\" و\"لا\"",
            "قال بـ\"نعم\" وبـ«لا»",
            "قال «إن \"الأمر\" كذلك»",
            "نوفمبر (تشرين الثاني) [كذا] {ثم}",
            "قال ‘نعم’ ثم",
            "﴿قل﴾ ثم ﴾قل﴿",
            "l’eau d’été",
            "شاشة 12\" جديدة",
            "في \"2020\" انتهى",
            "«»",
            "\"\"",
        ] {
            assert_eq!(lone(source), Vec::<char>::new(), "{source}");
        }
    }

    #[test]
    fn a_mark_without_partner_is_alone() {
        for (source, marks) in [
            ("قال \"نعم وذهب", "\""),
            ("نعم\" وذهب", "\""),
            ("قال «نعم وذهب", "«"),
            ("نعم» وذهب", "»"),
            ("نعم« وذهب", "«"),
            ("قال (نعم", "("),
            ("قال نعم) ثم (لا", ")("),
            ("قال (نعم] ثم", "(]"),
            ("«قال (نعم»", "("),
            ("علينا\". وأضاف \"ننتظر", "\"\""),
        ] {
            assert_eq!(lone(source), marks.chars().collect::<Vec<_>>(), "{source}");
        }
    }

    #[test]
    fn pieces_are_read_as_one() {
        let text = Text::new("قال «مصر، كما ذكر، ترفض» ذلك");
        let span = |start, end| Span::try_new(Offset::new(start), Offset::new(end)).expect("a test writes good spans");
        assert!(lone_marks(&text, &[span(4, 8), span(19, 24)]).is_empty());
        assert_eq!(lone_marks(&text, &[span(4, 8)]).len(), 1);
    }
}
