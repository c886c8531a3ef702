//! The words of the review: both tables say the same things, and say all that the review asks for and nothing else.

#![expect(clippy::unwrap_used, reason = "a test")]

use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::path::Path;
use wusum::adjudicate::Choice;
use wusum::compare::Kind;

const ARABIC: &str = include_str!("../locales/review.ar.json");
const ENGLISH: &str = include_str!("../locales/review.en.json");
const PAGE: &str = include_str!("../locales/ar.json");

fn table(text: &str) -> Map<String, Value> {
    serde_json::from_str(text).unwrap()
}

fn forms(value: &Value) -> Vec<&str> {
    match value {
        Value::Object(forms) => forms.values().map(|form| form.as_str().unwrap()).collect(),
        _ => vec![value.as_str().unwrap()],
    }
}

fn placeholders(words: &str) -> BTreeSet<&str> {
    words.split('{').skip(1).map(|rest| rest.split_once('}').unwrap().0).collect()
}

/// The code of the review.
fn code() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web/review");
    std::fs::read_dir(folder).unwrap().map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap()).collect()
}

/// The keys that the code puts together.
fn families() -> BTreeSet<String> {
    let kinds = Kind::ALL.iter().map(|kind| format!("review.kind.{}", kind.name()));
    let short = [Kind::Boundaries, Kind::Label, Kind::Attribute, Kind::Relation].iter().map(|kind| format!("review.kind.{}.short", kind.name()));
    let states = ["decided", "postponed"].iter().map(|state| format!("review.state.{state}"));
    let choices = [Choice::Take(0), Choice::Both, Choice::Merge, Choice::Edit, Choice::Reject, Choice::Postpone, Choice::Agreed];
    let choices = choices.iter().map(|choice| format!("review.decision.{}", choice.name()));
    let reasons = ["edges", "label", "guidelines", "nothing", "twice", "doubtful"].iter().map(|reason| format!("review.reason.{reason}"));
    kinds.chain(short).chain(states).chain(choices).chain(reasons).collect()
}

/// The keys that some code names.
fn asked(code: &str) -> BTreeSet<&str> {
    let is_key = |literal: &&str| {
        literal.starts_with("review.")
            && !literal.ends_with(".json")
            && *literal != "review.css"
            && literal.chars().all(|c| c.is_ascii_lowercase() || c == '.' || c == '-')
    };
    code.split('"').filter(is_key).collect()
}

#[test]
fn both_tables_have_the_same_keys_in_the_same_order_and_fill_in_the_same() {
    let order = |text: &str| {
        text.lines().filter_map(|line| line.trim().strip_prefix('"')?.split_once("\": ").map(|(key, _)| key.to_owned())).collect::<Vec<_>>()
    };
    assert_eq!(order(ARABIC), order(ENGLISH));
    assert_eq!(order(ARABIC).len(), table(ARABIC).len(), "a key is there twice");
    let english = table(ENGLISH);
    for (key, arabic) in table(ARABIC) {
        assert_eq!(arabic.is_object(), english[&key].is_object(), "{key}");
        if !arabic.is_object() {
            assert_eq!(placeholders(arabic.as_str().unwrap()), placeholders(english[&key].as_str().unwrap()), "{key}");
        }
    }
}

#[test]
fn all_that_the_review_asks_for_is_there_and_nothing_else() {
    let code = code();
    let (asked, own, page) = (asked(&code), table(ARABIC), table(PAGE));
    assert!(asked.len() > 60, "the scan finds the keys");
    for key in &asked {
        assert!(own.contains_key(*key) || page.contains_key(*key), "{key} is asked for");
    }
    let families = families();
    for key in &families {
        assert!(own.contains_key(key), "{key} is asked for");
    }
    let unused: Vec<&String> = own.keys().filter(|key| !asked.contains(key.as_str()) && !families.contains(*key)).collect();
    assert_eq!(unused, [""; 0]);
}

#[test]
fn what_is_filled_in_is_what_the_review_gives() {
    let code = code();
    for (key, value) in table(ENGLISH) {
        let Some((_, after)) = code.split_once(&format!("\"{key}\"")) else { continue };
        let call: String = after.chars().take(400).collect();
        for name in forms(&value).into_iter().flat_map(placeholders) {
            assert!(value.is_object() && name == "n" || call.contains(&format!("(\"{name}\"")) || call.contains("&part)"), "{key}: {{{name}}}");
        }
    }
}

#[test]
fn counted_words_have_the_plural_forms_of_their_language() {
    let names = |value: &Value| value.as_object().map(|forms| forms.keys().cloned().collect::<BTreeSet<String>>());
    let set = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<String>>());
    let english = table(ENGLISH);
    let code: String = code().split_whitespace().collect();
    for (key, arabic) in table(ARABIC) {
        assert_eq!(code.contains(&format!("words.count(\"{key}\"")), arabic.is_object(), "{key}");
        if arabic.is_object() {
            assert_eq!(names(&arabic), set(&["zero", "one", "two", "few", "many", "other"]), "{key}");
            assert_eq!(names(&english[&key]), set(&["one", "other"]), "{key}");
        }
    }
}

#[test]
fn each_table_is_in_its_own_language_and_isolates_in_pairs() {
    let is_arabic = |letter: char| matches!(letter, '\u{621}'..='\u{64a}');
    for (text, is_english) in [(ARABIC, false), (ENGLISH, true)] {
        for (key, value) in table(text).into_iter() {
            for words in forms(&value) {
                assert!(!words.trim().is_empty() && words.trim() == words, "{key}: {words:?}");
                assert_eq!(words.matches('\u{2068}').count(), words.matches('\u{2069}').count(), "{key}");
                assert_eq!(words.chars().any(is_arabic), !is_english, "{key}: {words}");
            }
        }
    }
}
