//! Who may see whose labels: the one rule by which the work of others is hidden until one's own is done.
//!
//! - A person's own labels are always seen, and everything is once their own work on the document is done.
//! - A document that is given as a test shows nobody's labels before that, but to the one who gave it.
//! - In blind mode the others stay hidden in every other document too.

use crate::id::Annotator;

/// What the rule asks about a document and the person who looks at it.
#[derive(Clone, Copy, Debug)]
pub struct Sight<'a> {
    /// Who looks.
    pub own: &'a Annotator,
    /// Whether their own work on the document is done.
    pub is_done: bool,
    /// Whether they work in blind mode.
    pub is_blind: bool,
    /// Who gave the document as a test, if it is one.
    pub test: Option<&'a Annotator>,
}

/// Whether a person may see somebody's labels of a document, and that there are such.
#[must_use]
pub fn may_see(sight: &Sight<'_>, whose: &Annotator) -> bool {
    let is_tested = sight.test.is_some_and(|by| by != sight.own);
    whose == sight.own || sight.is_done || !(is_tested || sight.is_blind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sees(is_done: bool, is_blind: bool, test: Option<&str>) -> bool {
        let (own, other, test) = ("منى".into(), "gold".into(), test.map(Annotator::from));
        let sight = Sight { own: &own, is_done, is_blind, test: test.as_ref() };
        assert!(may_see(&sight, &own), "one's own is always seen");
        may_see(&sight, &other)
    }

    #[test]
    fn others_are_hidden_in_blind_mode_and_in_a_test_until_ones_own_is_done() {
        assert!(sees(false, false, None));
        assert!(!sees(false, true, None));
        assert!(sees(true, true, None));
        assert!(!sees(false, false, Some("هدى")));
        assert!(sees(true, false, Some("هدى")));
    }

    #[test]
    fn who_gave_the_test_sees_its_gold_unless_blind() {
        assert!(sees(false, false, Some("منى")));
        assert!(!sees(false, true, Some("منى")));
    }
}
