//! The words of the interface: both tables say the same things, and say all that the page asks for and nothing else.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;
use wusum::formats::loss::Kind;
use wusum::formats::{Format, ProblemCode};
use wusum::layer::Status;

/// Of each language the words of a first visit, and those that come later.
const ARABIC: [&str; 2] = [include_str!("../locales/ar.json"), include_str!("../locales/later.ar.json")];
const ENGLISH: [&str; 2] = [include_str!("../locales/en.json"), include_str!("../locales/later.en.json")];
const GUIDES: [&str; 2] = [include_str!("../locales/guide.ar.json"), include_str!("../locales/guide.en.json")];
const ARTICLE: &str = include_str!("../data/article.txt");
const PROBLEMS: &str = include_str!("../src/formats/problem.rs");
const STATE: &str = include_str!("../src/web/state.rs");

/// Keys whose words are the same in every language, or are in the other one.
const FOREIGN: &[&str] = &["bar.language", "bar.language.short", "language.ar", "language.en", "help.peel.start", "help.peel.end"];
/// Text that stands in the code on purpose: the name of the program.
const IN_CODE: &[&str] = &["وسوم"];

/// A table with its keys in order, and twice where they are there twice.
struct Table(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Table {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Table;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a table of words")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Table, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Table(pairs))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

fn table(language: [&str; 2]) -> Vec<(String, Value)> {
    language.into_iter().flat_map(|text| serde_json::from_str::<Table>(text).unwrap().0).collect()
}

fn keys(language: [&str; 2]) -> BTreeSet<String> {
    table(language).into_iter().map(|(key, _)| key).collect()
}

/// All forms of an entry.
fn forms(value: &Value) -> Vec<&str> {
    match value {
        Value::Object(forms) => forms.values().map(|form| form.as_str().unwrap()).collect(),
        _ => vec![value.as_str().unwrap()],
    }
}

/// The names between `{` and `}`.
fn placeholders(words: &str) -> BTreeSet<String> {
    words.split('{').skip(1).map(|rest| rest.split_once('}').unwrap_or_else(|| panic!("{words}: open {{")).0.to_owned()).collect()
}

fn is_arabic(letter: char) -> bool {
    matches!(letter, '\u{621}'..='\u{64a}')
}

/// A string in the code: what it says, and the code before and after it without white space.
struct Literal {
    value: String,
    before: String,
    after: String,
    place: String,
}

impl Literal {
    /// Whether the code before it ends so.
    fn follows(&self, end: &str) -> bool {
        self.before.ends_with(&end.replace(' ', ""))
    }

    /// Whether it is a key with its family, such as `bar.find`.
    fn is_dotted(&self) -> bool {
        let is_part = |part: &str| {
            part.starts_with(|letter: char| letter.is_ascii_lowercase())
                && part.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-')
        };
        self.value.contains('.') && self.value.split('.').all(is_part) && !self.value.ends_with(".jsonl")
    }

    /// The first strings of the pairs that fill it in: `&[("name", …), …]` or `vec![("name", …), …]`.
    fn filled_in(&self) -> BTreeSet<String> {
        let mut depth = 0_i32;
        let end = self.after.find(|letter| {
            depth += match letter {
                '(' | '[' => 1,
                ')' | ']' => -1,
                _ => 0,
            };
            depth < 0
        });
        let call = &self.after[..end.unwrap_or(self.after.len())];
        let names = call.split("(\"").skip(1).filter_map(|rest| rest.split_once("\","));
        let is_name = |name: &str| name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_');
        names.map(|(name, _)| name.to_owned()).filter(|name| is_name(name)).collect()
    }
}

/// The strings of some code; comments and unit tests are passed over.
fn literals(place: &str, code: &str) -> Vec<Literal> {
    let code = code.split("#[cfg(test)]").next().unwrap();
    let mut found: Vec<(usize, usize, String)> = Vec::new();
    let mut bare = String::new();
    let mut rest = code.chars().peekable();
    while let Some(letter) = rest.next() {
        match letter {
            '/' if rest.peek() == Some(&'/') => while rest.next_if(|letter| *letter != '\n').is_some() {},
            '\'' => {
                let mut ahead = rest.clone();
                let first = ahead.next();
                let end = if first == Some('\\') { None } else { ahead.next() };
                if first == Some('\\') {
                    rest.next();
                    rest.next();
                    while rest.next().is_some_and(|letter| letter != '\'') {}
                } else if end == Some('\'') {
                    rest.nth(1);
                }
            }
            '"' => {
                let from = bare.len();
                let mut value = String::new();
                while let Some(letter) = rest.next_if(|letter| *letter != '"') {
                    value.push(letter);
                    if letter == '\\' {
                        value.extend(rest.next());
                    }
                }
                rest.next();
                bare.push('"');
                bare.push_str(&value);
                bare.push('"');
                found.push((from, bare.len(), value));
            }
            _ if letter.is_whitespace() => {}
            _ => bare.push(letter),
        }
    }
    found
        .into_iter()
        .map(|(from, to, value)| {
            let near = |mut at: usize| {
                while !bare.is_char_boundary(at) {
                    at += 1;
                }
                at
            };
            let before = bare[near(from.saturating_sub(80))..from].to_owned();
            let after = bare[to..near((to + 600).min(bare.len()))].to_owned();
            Literal { value, before, after, place: place.to_owned() }
        })
        .collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            all.push(path);
        }
    }
    all.sort();
    all
}

/// The strings of the page's code.
fn page() -> Vec<Literal> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web");
    // The review has tables of its own: see tests/review_words.rs.
    let is_of_review = |path: &&PathBuf| path.starts_with(folder.join("review"));
    let read = |path: &PathBuf| literals(&path.display().to_string(), &std::fs::read_to_string(path).unwrap());
    files(&folder).iter().filter(|path| !is_of_review(path)).flat_map(read).collect()
}

/// The keys that the page puts together, with the template of each family as the code has it.
fn families(page: &[Literal]) -> BTreeMap<&'static str, BTreeSet<String>> {
    let saves = STATE.split("impl SaveState").nth(1).unwrap().split("\n}").next().unwrap();
    let saves: Vec<String> = literals("state", saves).into_iter().map(|literal| literal.value).collect();
    let groups = page.iter().filter(|literal| ["None", "Label", "Words"].iter().any(|group| literal.follows(&format!("option(Group::{group},"))));
    let toggles = page.iter().filter(|literal| literal.follows("toggle(store,"));
    BTreeMap::from([
        ("status.{}", Status::ALL.iter().map(|status| format!("status.{}", status.name())).collect()),
        ("save.{name}", saves.iter().map(|name| format!("save.{name}")).collect()),
        ("save.{name}.why", saves.iter().map(|name| format!("save.{name}.why")).collect()),
        ("group.{value}", groups.map(|group| format!("group.{}", group.value)).collect()),
        ("format.{}", Format::ALL.iter().map(|format| format!("format.{}", format.name())).collect()),
        ("format.{}.loses", Format::ALL.iter().map(|format| format!("format.{}.loses", format.name())).collect()),
        ("loss.{}", Kind::ALL.iter().map(|kind| format!("loss.{}", kind.id())).collect()),
        ("rule.{rule}", RULES.iter().map(|rule| format!("rule.{rule}")).collect()),
        ("problem.{}", ProblemCode::IDS.iter().map(|id| format!("problem.{id}")).collect()),
        ("{key}.{}", toggles.flat_map(|base| [format!("{}.on", base.value), format!("{}.off", base.value)]).collect()),
    ])
}

/// What becomes of what an export cannot hold, and the rules that one can choose.
const RULES: [&str; 15] = [
    "left-out",
    "hull",
    "side-file",
    "apart",
    "line-feed",
    "not-written",
    "underscore",
    "longest",
    "outermost",
    "innermost",
    "first",
    "split",
    "widen",
    "words",
    "clitics",
];

const CALLS: [&str; 3] = ["words.get(", "words.with(", "words.count("];

/// Whether the words for it are asked for by its name.
fn is_asked(literal: &Literal) -> bool {
    CALLS.iter().any(|call| literal.follows(call))
        || literal.follows("act::words(store).get(")
        || (literal.is_dotted() && !literal.follows("toggle(store,"))
}

#[test]
fn both_tables_have_the_same_keys_in_the_same_order_each_once() {
    let (arabic, english) = (table(ARABIC), table(ENGLISH));
    let names = |table: &[(String, Value)]| table.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>();
    assert_eq!(names(&arabic), names(&english));
    assert_eq!(arabic.len(), keys(ARABIC).len(), "a key is there twice");
}

#[test]
fn no_words_are_empty_or_half_isolated() {
    for (key, value) in table(ARABIC).into_iter().chain(table(ENGLISH)) {
        for words in forms(&value) {
            assert!(!words.trim().is_empty() && words.trim() == words, "{key}: {words:?}");
            assert_eq!(words.matches('\u{2068}').count(), words.matches('\u{2069}').count(), "{key}: {words:?}");
        }
    }
}

#[test]
fn counted_words_have_the_plural_forms_of_their_language_and_no_others() {
    let (arabic, english) = (table(ARABIC), table(ENGLISH));
    let names = |value: &Value| value.as_object().map(|forms| forms.keys().cloned().collect::<BTreeSet<_>>());
    let set = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect());
    for ((key, in_arabic), (_, in_english)) in arabic.iter().zip(&english) {
        assert_eq!(in_arabic.is_object(), in_english.is_object(), "{key}");
        if !in_arabic.is_object() {
            continue;
        }
        assert_eq!(names(in_arabic), set(&["zero", "one", "two", "few", "many", "other"]), "{key}");
        assert_eq!(names(in_english), set(&["one", "other"]), "{key}");
        // One and two are words in Arabic; from three on there is a number to tell.
        for (value, form) in [(in_arabic, "few"), (in_arabic, "many"), (in_arabic, "other"), (in_english, "other")] {
            assert!(value[form].as_str().unwrap().contains("{n}"), "{key}, {form}");
        }
    }
}

#[test]
fn what_is_filled_in_is_what_the_page_gives() {
    let page = page();
    let mut given: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for literal in &page {
        if literal.follows("words.with(") || literal.follows("words: (") || literal.follows("let words = (") {
            given.insert(literal.value.clone(), literal.filled_in());
        } else if literal.follows("say_annotation(store,") {
            given.insert(literal.value.clone(), ["label", "quote"].map(str::to_owned).into());
        } else if literal.follows("words.count(") {
            given.insert(literal.value.clone(), ["n".to_owned()].into());
        }
    }
    for kind in Kind::ALL {
        given.insert(format!("loss.{}", kind.id()), ["n".to_owned()].into());
    }
    // Of a problem every field is in the command line's sentence, which stands after its name.
    let sentences = literals("problem.rs", PROBLEMS);
    for pair in sentences.windows(2).filter(|pair| ProblemCode::IDS.contains(&pair[0].value.as_str())) {
        given.insert(format!("problem.{}", pair[0].value), placeholders(&pair[1].value));
    }
    assert!(given["problem.span-moved"].contains("from_start") && given["said.status"].contains("status"), "the scan finds what is filled in");
    for (language, texts) in [("ar", ARABIC), ("en", ENGLISH)] {
        for (key, value) in table(texts) {
            let wanted: BTreeSet<String> = forms(&value).into_iter().flat_map(placeholders).collect();
            assert_eq!(wanted, given.get(&key).cloned().unwrap_or_default(), "{language}: {key}");
        }
    }
}

#[test]
fn every_key_that_the_page_asks_for_is_there() {
    let (page, keys) = (page(), keys(ARABIC));
    for literal in page.iter().filter(|literal| is_asked(literal)) {
        assert!(keys.contains(&literal.value), "{} asks for \"{}\"", literal.place, literal.value);
    }
    for key in families(&page).into_values().flatten() {
        assert!(keys.contains(&key), "\"{key}\" is asked for");
    }
}

#[test]
fn keys_that_are_counted_have_plural_forms_and_others_have_none() {
    let words: BTreeMap<String, Value> = table(ARABIC).into_iter().collect();
    for literal in page() {
        let counted = literal.follows("words.count(");
        if counted || literal.follows("words.get(") || literal.follows("words.with(") {
            assert_eq!(words.get(&literal.value).map(Value::is_object), Some(counted), "{} asks for \"{}\"", literal.place, literal.value);
        }
    }
}

#[test]
fn every_family_of_keys_is_known_here() {
    let page = page();
    let templates: BTreeSet<String> = page
        .iter()
        .filter(|literal| CALLS.iter().any(|call| literal.follows(&format!("{call}&format!("))))
        .map(|literal| literal.value.clone())
        .collect();
    let families = families(&page);
    assert_eq!(templates, families.keys().map(|template| (*template).to_owned()).collect());
    assert!(families.values().all(|keys| keys.len() > 1), "{families:?}");
}

#[test]
fn no_key_is_there_for_nothing() {
    let page = page();
    let mut used: BTreeSet<String> = page.iter().filter(|literal| is_asked(literal)).map(|literal| literal.value.clone()).collect();
    used.extend(families(&page).into_values().flatten());
    let unused: Vec<String> = keys(ARABIC).into_iter().filter(|key| !used.contains(key)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn each_table_is_in_its_own_language() {
    for (key, value) in table(ENGLISH).into_iter().filter(|(key, _)| !FOREIGN.contains(&key.as_str())) {
        assert!(!forms(&value).concat().chars().any(is_arabic), "en: {key}");
    }
    for (key, value) in table(ARABIC).into_iter().filter(|(key, _)| !FOREIGN.contains(&key.as_str())) {
        for words in forms(&value) {
            // What is left without the places to fill in has Arabic letters, or no letters at all.
            let own: String = words.split('{').map(|part| part.split_once('}').map_or(part, |(_, rest)| rest)).collect();
            assert!(own.chars().any(is_arabic) || !own.chars().any(char::is_alphabetic), "ar: {key}: {words}");
        }
    }
}

#[test]
fn no_words_for_people_stand_in_the_code() {
    for literal in page() {
        let letters = literal.value.chars().filter(|letter| letter.is_alphabetic()).count();
        let is_node = literal.follows("{") && literal.after.starts_with('}') && literal.before.ends_with(">{");
        let is_attribute = ["aria-label=", "title=", "placeholder=", "alt="].iter().any(|attribute| literal.follows(attribute));
        let is_text = (is_node && letters > 1) || is_attribute || literal.value.chars().any(is_arabic);
        assert!(!is_text || IN_CODE.contains(&literal.value.as_str()), "{}: \"{}\"", literal.place, literal.value);
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    title: String,
    lines: Vec<String>,
    examples: Vec<Example>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Example {
    text: String,
    why: String,
}

fn guides() -> [Vec<Part>; 2] {
    GUIDES.map(|guide| serde_json::from_str(guide).unwrap())
}

#[test]
fn both_guides_have_one_shape_and_the_same_examples() {
    let [arabic, english] = guides();
    let shape = |guide: &[Part]| {
        guide.iter().map(|part| (part.lines.len(), part.examples.iter().map(|example| example.text.clone()).collect::<Vec<_>>())).collect::<Vec<_>>()
    };
    assert!(!arabic.is_empty());
    assert_eq!(shape(&arabic), shape(&english));
    for (guide, is_english) in [(&arabic, false), (&english, true)] {
        for part in guide {
            assert!(!part.lines.is_empty(), "{}", part.title);
            assert_eq!(part.title.chars().any(is_arabic), !is_english, "{}", part.title);
            for words in part.lines.iter().chain(part.examples.iter().map(|example| &example.why)) {
                assert!(
                    words.chars().any(|letter| if is_english { letter.is_ascii_alphabetic() } else { is_arabic(letter) }),
                    "{}: {words:?}",
                    part.title
                );
            }
        }
    }
}

#[test]
fn examples_are_words_of_the_article_with_at_most_one_label_on_something() {
    for example in guides().iter().flatten().flat_map(|part| &part.examples) {
        let text = &example.text;
        let bare = text.replace(['[', ']'], "");
        assert!(!bare.is_empty() && ARTICLE.contains(&bare), "{text}");
        if text == &bare {
            continue;
        }
        let (before, rest) = text.split_once('[').unwrap();
        let (inside, after) = rest.split_once(']').unwrap_or_else(|| panic!("{text}: not closed"));
        assert!(!format!("{before}{inside}{after}").contains(['[', ']']), "{text}: one label an example");
        assert!(!inside.is_empty() && inside.trim() == inside, "{text}");
    }
}
