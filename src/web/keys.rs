//! Shortcuts, by the place of a key and not by its letter, so that they work on an Arabic layout.

use crate::schema::Schema;
use crate::text::Edge;
use crate::text::Side;
use crate::web::act::{Action, Extend, Mark, Motion, Tie, Towards, Unit};
use crate::web::state::Dialog;

/// A key press, without the browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Press<'a> {
    /// `KeyboardEvent.code`.
    pub code: &'a str,
    /// Shift is held.
    pub shift: bool,
    /// Ctrl or ⌘ is held.
    pub command: bool,
    /// Alt is held.
    pub alt: bool,
}

/// Where the focus is, as far as keys care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// In the text, or nowhere.
    Text,
    /// On a button, a link or a list.
    Control,
    /// In a field that takes letters.
    Field,
}

/// What a key press asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    /// An action.
    Do(Action),
    /// The caret up or down by a line; only the reading surface knows its lines.
    Line(Towards, Extend),
    /// The caret to the start or the end of its line.
    LineEdge(Towards, Extend),
    /// The next or the previous label, or else what Tab always does.
    Tab(Towards),
    /// Brings the label at the caret into focus.
    ChooseAtCaret,
    /// Moves to the note of the label in focus.
    Note,
}

/// What a key press asks for; `None` leaves it to the browser.
#[must_use]
pub fn asked(press: &Press<'_>, focus: Focus, single_keys: bool, schema: &Schema) -> Option<Asked> {
    if focus == Focus::Field {
        return None;
    }
    let extend = if press.shift { Extend::Yes } else { Extend::No };
    if press.command {
        return with_command(press, focus, extend);
    }
    if press.code == "Escape" {
        return Some(Asked::Do(Action::Escape));
    }
    if focus == Focus::Text
        && let Some(asked) = in_text(press, extend)
    {
        return Some(asked);
    }
    if press.alt || !single_keys {
        return None;
    }
    single(press, schema).map(Asked::Do).or_else(|| (press.code == "KeyN" && !press.shift).then_some(Asked::Note))
}

/// What a key press asks for while the other end of a relation is chosen; `forward` is the arrow to what is read next.
#[must_use]
pub fn linking(press: &Press<'_>, focus: Focus, forward: Side) -> Option<Tie> {
    if press.command || press.alt || focus == Focus::Field {
        return None;
    }
    if press.code == "Escape" {
        return Some(Tie::Leave);
    }
    if focus == Focus::Control {
        return None;
    }
    let arrow = |side| Tie::Go(if side == forward { Towards::Next } else { Towards::Previous });
    let digit = press.code.strip_prefix("Digit").or_else(|| press.code.strip_prefix("Numpad")).and_then(|digit| digit.parse::<usize>().ok());
    Some(match press.code {
        "Tab" if press.shift => Tie::Go(Towards::Previous),
        "Tab" | "ArrowDown" => Tie::Go(Towards::Next),
        "ArrowUp" => Tie::Go(Towards::Previous),
        "ArrowLeft" => arrow(Side::Left),
        "ArrowRight" => arrow(Side::Right),
        "Enter" | "NumpadEnter" => Tie::Confirm,
        _ => Tie::Way(digit?.checked_sub(1)?),
    })
}

/// What a key press asks for while an attribute is asked of the label in focus; other keys do what they always do.
#[must_use]
pub fn answering(press: &Press<'_>, focus: Focus) -> Option<Mark> {
    if press.command || press.alt || press.shift || focus == Focus::Field {
        return None;
    }
    let digit = press.code.strip_prefix("Digit").or_else(|| press.code.strip_prefix("Numpad")).and_then(|digit| digit.parse().ok());
    Some(match (press.code, focus) {
        ("Escape", _) | ("Enter" | "NumpadEnter", Focus::Text) => Mark::Leave,
        ("Delete" | "Backspace", _) => Mark::Answer(0),
        _ => Mark::Answer(digit?),
    })
}

fn with_command(press: &Press<'_>, focus: Focus, extend: Extend) -> Option<Asked> {
    let text = |motion| (focus == Focus::Text).then_some(Asked::Do(Action::Move(motion, extend)));
    Some(Asked::Do(match (press.code, press.shift) {
        ("KeyZ", false) => Action::Undo,
        ("KeyZ", true) | ("KeyY", false) => Action::Redo,
        ("KeyF", false) => Action::Find,
        ("KeyG", false) => Action::Found(Towards::Next),
        ("KeyG", true) => Action::Found(Towards::Previous),
        ("ArrowLeft", _) => return text(Motion::Word(Side::Left)),
        ("ArrowRight", _) => return text(Motion::Word(Side::Right)),
        ("Home", _) => return text(Motion::Text(Towards::Previous)),
        ("End", _) => return text(Motion::Text(Towards::Next)),
        _ => return None,
    }))
}

fn in_text(press: &Press<'_>, extend: Extend) -> Option<Asked> {
    let arrow = |side| Asked::Do(Action::Move(if press.alt { Motion::Word(side) } else { Motion::Letter(side) }, extend));
    Some(match press.code {
        "ArrowLeft" => arrow(Side::Left),
        "ArrowRight" => arrow(Side::Right),
        "ArrowUp" if !press.alt => Asked::Line(Towards::Previous, extend),
        "ArrowDown" if !press.alt => Asked::Line(Towards::Next, extend),
        "Home" => Asked::LineEdge(Towards::Previous, extend),
        "End" => Asked::LineEdge(Towards::Next, extend),
        "Tab" => Asked::Tab(if press.shift { Towards::Previous } else { Towards::Next }),
        "Enter" | "NumpadEnter" => Asked::ChooseAtCaret,
        _ => return None,
    })
}

fn single(press: &Press<'_>, schema: &Schema) -> Option<Action> {
    let unit = if press.shift { Unit::Letter } else { Unit::Word };
    let digit = press.code.strip_prefix("Digit").or_else(|| press.code.strip_prefix("Numpad")).and_then(|digit| digit.chars().next());
    if let Some(label) = digit.and_then(|digit| schema.label_for_key(digit)) {
        return Some(if press.shift { Action::Brush(Some(label.id.clone())) } else { Action::Label(label.id.clone()) });
    }
    Some(match (press.code, press.shift) {
        ("BracketLeft", false) => Action::Peel(Edge::Start),
        ("BracketRight", false) => Action::Peel(Edge::End),
        ("BracketLeft", true) => Action::Unpeel(Edge::Start),
        ("BracketRight", true) => Action::Unpeel(Edge::End),
        ("Semicolon", _) => Action::Edge(Edge::Start, Towards::Previous, unit),
        ("Quote", _) => Action::Edge(Edge::Start, Towards::Next, unit),
        ("Comma", _) => Action::Edge(Edge::End, Towards::Previous, unit),
        ("Period", _) => Action::Edge(Edge::End, Towards::Next, unit),
        ("Delete" | "Backspace", false) => Action::Delete,
        ("KeyT", false) => Action::Trim,
        ("KeyS", false) => Action::Split,
        ("KeyM", false) => Action::Merge,
        ("KeyC", false) => Action::Copy,
        ("KeyC", true) => Action::Open(Dialog::Comment),
        ("KeyR", false) => Action::Tie(Tie::Begin),
        ("KeyR", true) => Action::Tie(Tie::Accept),
        ("KeyL", false) => Action::Tie(Tie::All),
        ("KeyP", false) => Action::AddPiece,
        ("KeyP", true) => Action::RemovePiece,
        ("KeyA", false) => Action::Mark(Mark::Ask),
        ("KeyA", true) => Action::Occurrences(None),
        ("KeyU", false) => Action::Mark(Mark::Unsure),
        ("KeyF", false) => Action::Mark(Mark::Fix(None)),
        ("KeyF", true) => Action::Mark(Mark::NextFinding),
        ("KeyV", false) => Action::Marks,
        ("KeyW", false) => Action::Snap,
        ("KeyG", false) => Action::Guide,
        ("Slash", false) => Action::Find,
        ("Slash", true) => Action::Open(Dialog::Help),
        ("F3", false) => Action::Found(Towards::Next),
        ("F3", true) => Action::Found(Towards::Previous),
        _ => return None,
    })
}

/// A line of the help sheet: the keys as written on them, and the key of the words that say what they do.
pub struct Line {
    /// Alternatives, each with the keys to be pressed together.
    pub keys: &'static [&'static [&'static str]],
    /// What they do.
    pub words: &'static str,
}

/// A part of the help sheet.
pub struct Part {
    /// Its heading.
    pub words: &'static str,
    /// Its lines.
    pub lines: &'static [Line],
}

const fn line(keys: &'static [&'static [&'static str]], words: &'static str) -> Line {
    Line { keys, words }
}

/// The help sheet: every shortcut there is.
pub const HELP: &[Part] = &[
    Part {
        words: "help.label",
        lines: &[
            line(&[&["1"], &["2"], &["3"]], "help.label.key"),
            line(&[&["⇧", "1"], &["⇧", "2"], &["⇧", "3"]], "help.brush"),
            line(&[&["A"]], "help.ask"),
            line(&[&["U"]], "help.unsure"),
            line(&[&["⇧", "A"]], "help.occurrences"),
            line(&[&["Del"], &["⌫"]], "help.delete"),
            line(&[&["N"]], "help.note"),
            line(&[&["C"]], "help.copy"),
            line(&[&["⇧", "C"]], "help.comment"),
        ],
    },
    Part {
        words: "help.edges",
        lines: &[
            line(&[&["["]], "help.peel.start"),
            line(&[&["]"]], "help.peel.end"),
            line(&[&["⇧", "["], &["⇧", "]"]], "help.unpeel"),
            line(&[&[";"], &["'"]], "help.edge.start"),
            line(&[&[","], &["."]], "help.edge.end"),
            line(&[&["⇧", ";"], &["⇧", "'"], &["⇧", ","], &["⇧", "."]], "help.edge.letter"),
            line(&[&["T"]], "help.trim"),
            line(&[&["S"]], "help.split"),
            line(&[&["M"]], "help.merge"),
        ],
    },
    Part {
        words: "help.ties",
        lines: &[
            line(&[&["R"]], "help.tie"),
            line(&[&["Tab"], &["⇧", "Tab"]], "help.tie.walk"),
            line(&[&["Enter"]], "help.tie.confirm"),
            line(&[&["1"], &["2"]], "help.tie.kind"),
            line(&[&["⇧", "R"]], "help.tie.accept"),
            line(&[&["L"]], "help.tie.all"),
            line(&[&["P"]], "help.piece.add"),
            line(&[&["⇧", "P"]], "help.piece.remove"),
        ],
    },
    Part {
        words: "help.move",
        lines: &[
            line(&[&["←"], &["→"]], "help.move.letter"),
            line(&[&["Ctrl", "←"], &["Alt", "←"]], "help.move.word"),
            line(&[&["↑"], &["↓"]], "help.move.line"),
            line(&[&["Home"], &["End"]], "help.move.edge"),
            line(&[&["⇧", "←"], &["⇧", "↓"]], "help.extend"),
            line(&[&["Tab"], &["⇧", "Tab"]], "help.tab"),
            line(&[&["Enter"]], "help.enter"),
            line(&[&["Esc"]], "help.escape"),
        ],
    },
    Part { words: "help.checks", lines: &[line(&[&["F"]], "help.fix"), line(&[&["⇧", "F"]], "help.next-finding")] },
    Part {
        words: "help.rest",
        lines: &[
            line(&[&["Ctrl", "Z"]], "help.undo"),
            line(&[&["Ctrl", "⇧", "Z"], &["Ctrl", "Y"]], "help.redo"),
            line(&[&["/"], &["Ctrl", "F"]], "help.find"),
            line(&[&["F3"], &["⇧", "F3"]], "help.found"),
            line(&[&["V"]], "help.marks"),
            line(&[&["W"]], "help.snap"),
            line(&[&["G"]], "help.guide"),
            line(&[&["?"]], "help.help"),
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(code: &str, held: &str, focus: Focus) -> Option<Asked> {
        let press = Press { code, shift: held.contains('s'), command: held.contains('c'), alt: held.contains('a') };
        asked(&press, focus, true, &Schema::default())
    }

    #[test]
    fn digits_label_and_with_shift_choose_the_brush() {
        assert_eq!(ask("Digit2", "", Focus::Text), Some(Asked::Do(Action::Label("Location".into()))));
        assert_eq!(ask("Numpad3", "", Focus::Control), Some(Asked::Do(Action::Label("Claim".into()))));
        assert_eq!(ask("Digit1", "s", Focus::Text), Some(Asked::Do(Action::Brush(Some("Actor".into())))));
        assert_eq!(ask("Digit9", "", Focus::Text), None);
    }

    #[test]
    fn a_field_keeps_all_its_keys() {
        for code in ["Digit1", "KeyA", "Delete", "ArrowLeft", "Tab", "Escape"] {
            assert_eq!(ask(code, "", Focus::Field), None, "{code}");
        }
        assert_eq!(ask("KeyZ", "c", Focus::Field), None);
    }

    #[test]
    fn arrows_and_tab_are_the_texts_only_where_the_text_has_the_focus() {
        assert_eq!(ask("ArrowLeft", "", Focus::Text), Some(Asked::Do(Action::Move(Motion::Letter(Side::Left), Extend::No))));
        assert_eq!(ask("ArrowLeft", "sa", Focus::Text), Some(Asked::Do(Action::Move(Motion::Word(Side::Left), Extend::Yes))));
        assert_eq!(ask("ArrowLeft", "", Focus::Control), None);
        assert_eq!(ask("Tab", "s", Focus::Text), Some(Asked::Tab(Towards::Previous)));
        assert_eq!(ask("Tab", "", Focus::Control), None);
    }

    #[test]
    fn while_an_end_is_chosen_keys_walk_the_labels_and_escape_always_leaves() {
        let press = |code, shift| Press { code, shift, command: false, alt: false };
        let ask = |code, shift, focus| linking(&press(code, shift), focus, Side::Left);
        assert_eq!(ask("ArrowLeft", false, Focus::Text), Some(Tie::Go(Towards::Next)));
        assert_eq!(linking(&press("ArrowLeft", false), Focus::Text, Side::Right), Some(Tie::Go(Towards::Previous)));
        assert_eq!(ask("Tab", true, Focus::Text), Some(Tie::Go(Towards::Previous)));
        assert_eq!(ask("Digit2", false, Focus::Text), Some(Tie::Way(1)));
        assert_eq!(ask("Digit0", false, Focus::Text), None);
        assert_eq!(ask("Enter", false, Focus::Control), None, "a button keeps its own keys");
        assert_eq!(ask("Escape", false, Focus::Control), Some(Tie::Leave));
        assert_eq!(ask("Escape", false, Focus::Field), None);
    }

    #[test]
    fn while_an_attribute_is_asked_digits_answer_and_escape_leaves() {
        let press = |code, shift| Press { code, shift, command: false, alt: false };
        assert_eq!(answering(&press("Digit2", false), Focus::Text), Some(Mark::Answer(2)));
        assert_eq!(answering(&press("Numpad3", false), Focus::Control), Some(Mark::Answer(3)));
        assert_eq!(answering(&press("Delete", false), Focus::Text), Some(Mark::Answer(0)));
        assert_eq!(answering(&press("Escape", false), Focus::Control), Some(Mark::Leave));
        assert_eq!(answering(&press("Enter", false), Focus::Control), None, "a button keeps its own keys");
        assert_eq!(answering(&press("Digit2", true), Focus::Text), None, "with Shift it is the brush");
        assert_eq!(answering(&press("Digit2", false), Focus::Field), None);
        assert_eq!(ask("KeyA", "", Focus::Text), Some(Asked::Do(Action::Mark(Mark::Ask))));
        assert_eq!(ask("KeyA", "s", Focus::Text), Some(Asked::Do(Action::Occurrences(None))));
    }

    #[test]
    fn single_keys_can_be_turned_off_and_the_rest_stays() {
        let press = |code, command| Press { code, shift: false, command, alt: false };
        let off = |press| asked(&press, Focus::Text, false, &Schema::default());
        assert_eq!(off(press("KeyT", false)), None);
        assert_eq!(off(press("Digit1", false)), None);
        assert_eq!(off(press("KeyZ", true)), Some(Asked::Do(Action::Undo)));
    }
}
