//! The keys of the review, by their place and not by their letter.

use super::model::Mode;
use crate::adjudicate::{Choice, Rule};
use crate::web::act::Towards;
use crate::web::keys::{Focus, Press};

/// What a key press asks for on the screen for review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The next or the previous difference.
    Step(Towards),
    /// The next that is not decided.
    NextOpen,
    /// Decides the chosen difference.
    Decide(Choice),
    /// Takes everything that has a word by a rule.
    TakeAgreed(Rule),
    /// A reason out of the list, by its place.
    Reason(usize),
    /// Leaves what is asked.
    Leave,
    /// To the note of the next decision.
    Note,
    /// To the field for a comment.
    Comment,
    /// Names or letters.
    Names,
    /// A layer on or off, by its place.
    Switch(usize),
    /// Only those that are not decided, or all.
    OpenOnly,
    /// Nothing here, and nothing elsewhere either.
    Nothing,
}

/// What a key press asks for; `None` leaves it to the browser and to the reader.
#[must_use]
pub fn asked(press: &Press<'_>, focus: Focus, mode: Mode, single_keys: bool) -> Option<Asked> {
    if press.command || press.alt || focus == Focus::Field || matches!(press.code, "Tab" | "ShiftLeft" | "ShiftRight") {
        return None;
    }
    if press.code == "Escape" {
        return (mode != Mode::Walk).then_some(Asked::Leave);
    }
    let digit = press.code.strip_prefix("Digit").or_else(|| press.code.strip_prefix("Numpad")).and_then(|digit| digit.parse::<usize>().ok());
    let place = digit.and_then(|digit| digit.checked_sub(1));
    match (mode, press.code, focus) {
        (Mode::Edit, "Enter" | "NumpadEnter", Focus::Text) => return Some(Asked::Leave),
        (Mode::Edit, ..) => return None,
        (_, "Enter" | "NumpadEnter" | "Space", Focus::Control) | (_, "Slash", _) => return None,
        (_, "ArrowDown", _) => return Some(Asked::Step(Towards::Next)),
        (_, "ArrowUp", _) => return Some(Asked::Step(Towards::Previous)),
        _ if !single_keys => return None,
        (Mode::Reject, ..) => return Some(place.map_or(Asked::Nothing, Asked::Reason)),
        _ => {}
    }
    if let Some(place) = place {
        return Some(if press.shift { Asked::Switch(place) } else { Asked::Decide(Choice::Take(place)) });
    }
    Some(match (press.code, press.shift) {
        ("KeyJ" | "KeyN", false) => Asked::Step(Towards::Next),
        ("KeyP", false) => Asked::Step(Towards::Previous),
        ("Space" | "KeyU", false) => Asked::NextOpen,
        ("KeyA", false) => Asked::Decide(Choice::Take(0)),
        ("KeyB", false) => Asked::Decide(Choice::Take(1)),
        ("KeyK", false) => Asked::Decide(Choice::Both),
        ("KeyM", false) => Asked::Decide(Choice::Merge),
        ("KeyE", false) => Asked::Decide(Choice::Edit),
        ("KeyR", false) => Asked::Decide(Choice::Reject),
        ("KeyL", false) => Asked::Decide(Choice::Postpone),
        ("KeyG", false) => Asked::TakeAgreed(Rule::All),
        ("KeyG", true) => Asked::TakeAgreed(Rule::Majority),
        ("KeyD", false) => Asked::Note,
        ("KeyC", false) => Asked::Comment,
        ("KeyH", false) => Asked::Names,
        ("KeyO", false) => Asked::OpenOnly,
        // No key labels anything by mistake while one only decides.
        _ => Asked::Nothing,
    })
}

/// The lines of the help sheet: keys as written on them, and the key of their words.
pub const HELP: &[(&[&str], &str)] = &[
    (&["N", "P", "↓", "↑"], "review.help.step"),
    (&["U"], "review.help.open"),
    (&["A", "B", "1", "…", "8"], "review.help.take"),
    (&["K"], "review.help.both"),
    (&["M"], "review.help.merge"),
    (&["E"], "review.help.edit"),
    (&["R"], "review.help.reject"),
    (&["L"], "review.help.postpone"),
    (&["G"], "review.help.agreed"),
    (&["⇧ G"], "review.help.majority"),
    (&["D"], "review.help.note"),
    (&["C"], "review.help.comment"),
    (&["⇧ 1", "…", "⇧ 8"], "review.help.switch"),
    (&["H"], "review.help.names"),
    (&["O"], "review.help.open-only"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(code: &str, shift: bool, focus: Focus, mode: Mode) -> Option<Asked> {
        asked(&Press { code, shift, command: false, alt: false }, focus, mode, true)
    }

    #[test]
    fn letters_decide_and_digits_take_by_place() {
        assert_eq!(ask("KeyB", false, Focus::Text, Mode::Walk), Some(Asked::Decide(Choice::Take(1))));
        assert_eq!(ask("Digit3", false, Focus::Control, Mode::Walk), Some(Asked::Decide(Choice::Take(2))));
        assert_eq!(ask("Digit2", true, Focus::Text, Mode::Walk), Some(Asked::Switch(1)));
        assert_eq!(ask("Digit0", false, Focus::Text, Mode::Walk), Some(Asked::Nothing));
        assert_eq!(ask("KeyT", false, Focus::Text, Mode::Walk), Some(Asked::Nothing));
    }

    #[test]
    fn a_reason_is_chosen_by_its_place_and_escape_leaves() {
        assert_eq!(ask("Digit2", false, Focus::Text, Mode::Reject), Some(Asked::Reason(1)));
        assert_eq!(ask("KeyA", false, Focus::Text, Mode::Reject), Some(Asked::Nothing));
        assert_eq!(ask("Escape", false, Focus::Control, Mode::Reject), Some(Asked::Leave));
        assert_eq!(ask("Escape", false, Focus::Text, Mode::Walk), None);
    }

    #[test]
    fn while_a_label_is_changed_the_keys_are_the_readers() {
        assert_eq!(ask("Digit2", false, Focus::Text, Mode::Edit), None);
        assert_eq!(ask("Enter", false, Focus::Text, Mode::Edit), Some(Asked::Leave));
        assert_eq!(ask("KeyA", false, Focus::Field, Mode::Walk), None);
        assert_eq!(ask("Enter", false, Focus::Control, Mode::Walk), None, "a button keeps its own key");
        let command = Press { code: "KeyZ", shift: false, command: true, alt: false };
        assert_eq!(asked(&command, Focus::Text, Mode::Walk, true), None);
    }

    #[test]
    fn single_keys_can_be_turned_off_and_arrows_stay() {
        let press = |code| Press { code, shift: false, command: false, alt: false };
        assert_eq!(asked(&press("KeyA"), Focus::Text, Mode::Walk, false), None);
        assert_eq!(asked(&press("ArrowDown"), Focus::Text, Mode::Walk, false), Some(Asked::Step(Towards::Next)));
    }
}
