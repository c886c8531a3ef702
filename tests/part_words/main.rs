//! The words of the parts that the page loads later: both tables of each say the same things, and say all that the part asks for
//! and nothing else.

#![expect(clippy::unwrap_used, reason = "a test")]

use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::path::Path;
use wusum::adjudicate::Choice;
use wusum::compare::Kind;

const PAGE: [&str; 2] = [include_str!("../../locales/ar.json"), include_str!("../../locales/later.ar.json")];
/// The words that show what a label looks like are those of a text, so they are Arabic in both.
const SAMPLE: &str = "desk.sample.before";

/// A part of the page with tables of its own.
struct Part {
    /// What its keys begin with.
    prefix: &'static str,
    arabic: &'static str,
    english: &'static str,
    /// Its code.
    code: String,
    /// The fewest keys that a scan of the code finds.
    least: usize,
    /// The keys that the code puts together.
    families: BTreeSet<String>,
}

fn parts() -> [Part; 2] {
    let desk = Part {
        prefix: "desk.",
        arabic: include_str!("../../locales/desk.ar.json"),
        english: include_str!("../../locales/desk.en.json"),
        code: code(&["src/desk/agreement", "src/desk/build", "src/desk"]),
        least: 100,
        families: BTreeSet::new(),
    };
    let review = Part {
        prefix: "review.",
        arabic: include_str!("../../locales/review.ar.json"),
        english: include_str!("../../locales/review.en.json"),
        code: code(&["src/web/review"]),
        least: 60,
        families: families(),
    };
    [desk, review]
}

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

/// The code in these folders.
fn code(folders: &[&str]) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = folders.iter().flat_map(|folder| std::fs::read_dir(root.join(folder)).unwrap());
    files.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

/// The keys that the code of the review puts together.
fn families() -> BTreeSet<String> {
    let kinds = Kind::ALL.iter().map(|kind| format!("review.kind.{}", kind.name()));
    let short = [Kind::Boundaries, Kind::Label, Kind::Attribute, Kind::Relation].iter().map(|kind| format!("review.kind.{}.short", kind.name()));
    let states = ["decided", "postponed"].iter().map(|state| format!("review.state.{state}"));
    let choices = [Choice::Take(0), Choice::Both, Choice::Merge, Choice::Edit, Choice::Reject, Choice::Postpone, Choice::Agreed];
    let choices = choices.iter().map(|choice| format!("review.decision.{}", choice.name()));
    let reasons = ["edges", "label", "guidelines", "nothing", "twice", "doubtful"].iter().map(|reason| format!("review.reason.{reason}"));
    kinds.chain(short).chain(states).chain(choices).chain(reasons).collect()
}

impl Part {
    /// The keys that the code names.
    fn asked(&self) -> BTreeSet<&str> {
        let is_file = |literal: &str| literal.ends_with(".json") || literal.ends_with(".css");
        let is_key = |literal: &&str| {
            literal.starts_with(self.prefix) && !is_file(literal) && literal.chars().all(|c| c.is_ascii_lowercase() || c == '.' || c == '-')
        };
        self.code.split('"').filter(is_key).collect()
    }
}

#[test]
fn both_tables_have_the_same_keys_in_the_same_order_and_fill_in_the_same() {
    let order = |text: &str| {
        text.lines().filter_map(|line| line.trim().strip_prefix('"')?.split_once("\": ").map(|(key, _)| key.to_owned())).collect::<Vec<_>>()
    };
    for part in parts() {
        assert_eq!(order(part.arabic), order(part.english));
        assert_eq!(order(part.arabic).len(), table(part.arabic).len(), "a key is there twice");
        let english = table(part.english);
        for (key, arabic) in table(part.arabic) {
            assert_eq!(arabic.is_object(), english[&key].is_object(), "{key}");
            if !arabic.is_object() {
                assert_eq!(placeholders(arabic.as_str().unwrap()), placeholders(english[&key].as_str().unwrap()), "{key}");
            }
        }
    }
}

#[test]
fn all_that_a_part_asks_for_is_there_and_nothing_else() {
    let page: Map<String, Value> = PAGE.into_iter().flat_map(table).collect();
    for part in parts() {
        let (asked, own) = (part.asked(), table(part.arabic));
        assert!(asked.len() > part.least, "the scan finds the keys");
        for key in &asked {
            assert!(own.contains_key(*key) || page.contains_key(*key), "{key} is asked for");
        }
        for key in &part.families {
            assert!(own.contains_key(key), "{key} is asked for");
        }
        let unused: Vec<&String> = own.keys().filter(|key| !asked.contains(key.as_str()) && !part.families.contains(*key)).collect();
        assert_eq!(unused, [""; 0]);
    }
}

#[test]
fn what_is_filled_in_is_what_a_part_gives() {
    for part in parts() {
        for (key, value) in table(part.english) {
            let Some((_, after)) = part.code.split_once(&format!("\"{key}\"")) else { continue };
            let call: String = after.chars().take(400).collect();
            for name in forms(&value).into_iter().flat_map(placeholders) {
                assert!(value.is_object() && name == "n" || call.contains(&format!("(\"{name}\"")) || call.contains("&part)"), "{key}: {{{name}}}");
            }
        }
    }
}

#[test]
fn counted_words_have_the_plural_forms_of_their_language() {
    let names = |value: &Value| value.as_object().map(|forms| forms.keys().cloned().collect::<BTreeSet<String>>());
    let set = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<String>>());
    for part in parts() {
        let english = table(part.english);
        let code: String = part.code.split_whitespace().collect();
        for (key, arabic) in table(part.arabic) {
            assert_eq!(code.contains(&format!("words.count(\"{key}\"")), arabic.is_object(), "{key}");
            if arabic.is_object() {
                assert_eq!(names(&arabic), set(&["zero", "one", "two", "few", "many", "other"]), "{key}");
                assert_eq!(names(&english[&key]), set(&["one", "other"]), "{key}");
            }
        }
    }
}

#[test]
fn each_table_is_in_its_own_language_and_isolates_in_pairs() {
    let is_arabic = |letter: char| matches!(letter, '\u{621}'..='\u{64a}');
    let tables = parts().into_iter().flat_map(|part| [(part.arabic, false), (part.english, true)]);
    for (text, is_english) in tables {
        for (key, value) in table(text).into_iter().filter(|(key, _)| key != SAMPLE) {
            for words in forms(&value) {
                assert!(!words.trim().is_empty() && words.trim() == words, "{key}: {words:?}");
                assert_eq!(words.matches('\u{2068}').count(), words.matches('\u{2069}').count(), "{key}");
                assert_eq!(words.chars().any(is_arabic), !is_english, "{key}: {words}");
            }
        }
    }
}
