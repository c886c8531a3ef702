//! The habits of this code, as tests over its source.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on says where and stops")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The most lines a file may have. One that passes some 400 is asked what second thing it does.
const LONGEST: usize = 450;

/// A source file, taken apart.
struct Source {
    /// From the package's root, with `/`.
    path: String,
    text: String,
    /// The text, in which comments and the insides of literals are spaces; as many lines.
    code: String,
    /// String literals as they are written, with their lines, from 1.
    literals: Vec<(usize, String)>,
}

impl Source {
    fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let (code, literals) = take_apart(&text);
        Self { path: path.into(), text, code, literals }
    }

    /// The lines of code, from 1, without those of its tests.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.code.lines()).take_while(|(_, line)| !line.starts_with("mod tests"))
    }

    /// The literals that stand before its tests.
    fn own_literals(&self) -> impl Iterator<Item = &(usize, String)> {
        let own = self.lines().count();
        self.literals.iter().filter(move |(line, _)| *line <= own)
    }

    fn is_in(&self, folder: &str) -> bool {
        self.path.starts_with(folder)
    }
}

/// Code without comments and literals, and the string literals with their lines.
fn take_apart(text: &str) -> (String, Vec<(usize, String)>) {
    let characters: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut literals = Vec::new();
    let mut at = 0;
    let mut line = 1;
    while at < characters.len() {
        let rest = &characters[at..];
        let end = match rest {
            ['/', '/', ..] => rest.iter().position(|c| *c == '\n').unwrap_or(rest.len()),
            ['/', '*', ..] => rest.windows(2).position(|pair| pair == ['*', '/']).map_or(rest.len(), |end| end + 2),
            ['"', ..] => end_of_string(rest),
            ['r', '"' | '#', ..] if at == 0 || !is_name(characters[at - 1]) => end_of_raw_string(rest),
            ['\'', '\\', ..] => rest.iter().skip(3).position(|c| *c == '\'').map_or(rest.len(), |end| end + 4),
            ['\'', _, '\'', ..] => 3,
            _ => 0,
        };
        let taken: String = rest[..end].iter().collect();
        if matches!(rest[0], '"' | 'r') && end > 0 {
            literals.push((line, taken.clone()));
        }
        let is_text = end > 0;
        let kept = if is_text { taken } else { rest[0].to_string() };
        line += kept.matches('\n').count();
        code.extend(kept.chars().map(|c| if is_text && c != '\n' { ' ' } else { c }));
        at += end.max(1);
    }
    (code, literals)
}

fn is_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

fn end_of_string(rest: &[char]) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// 0 where it is a name that begins with `r#`.
fn end_of_raw_string(rest: &[char]) -> usize {
    let hashes = rest[1..].iter().take_while(|c| **c == '#').count();
    if rest.get(1 + hashes) != Some(&'"') {
        return 0;
    }
    let mut close = vec!['"'];
    close.extend(std::iter::repeat_n('#', hashes));
    let begin = 2 + hashes;
    rest[begin..].windows(close.len()).position(|window| window == close).map_or(rest.len(), |end| begin + end + close.len())
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(folder: &str) -> Vec<Source> {
    fn walk(folder: PathBuf, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(root().join(folder), &mut found);
    found.sort();
    let sources = found.into_iter().map(|path| {
        let name = path.strip_prefix(root()).expect("it is below the root").to_string_lossy().replace('\\', "/");
        Source::new(name, fs::read_to_string(&path).expect("it can be read"))
    });
    sources.collect()
}

/// Asserts that no file offends.
fn check(folders: &[&str], rule: impl Fn(&Source) -> Vec<String>) {
    let sources: Vec<Source> = folders.iter().flat_map(|folder| read(folder)).collect();
    assert!(!sources.is_empty(), "nothing to look at");
    let offenders: Vec<String> = sources.iter().flat_map(rule).collect();
    assert!(offenders.is_empty(), "\n{}\n", offenders.join("\n"));
}

fn where_code_has(source: &Source, words: &[&str]) -> Vec<String> {
    let lines = (1..).zip(source.code.lines());
    let has = |line: &str, word: &str| line.match_indices(word).any(|(at, _)| !line[..at].ends_with(is_name));
    lines
        .flat_map(|(number, line)| words.iter().filter(move |word| has(line, word)).map(move |word| (number, word)))
        .map(|(number, word)| format!("{}:{number}: {word}", source.path))
        .collect()
}

fn opening(source: &Source) -> Vec<String> {
    let is_said = source.text.lines().next().is_some_and(|line| line.starts_with("//! ") && line.len() > 12);
    if is_said { vec![] } else { vec![format!("{}: does not begin with a line that says what it is", source.path)] }
}

#[test]
fn every_file_begins_with_what_it_is() {
    check(&["src", "tests", "bench"], opening);
    assert_eq!(opening(&Source::new("a.rs", "use b;\n")).len(), 1);
}

fn leftovers(source: &Source) -> Vec<String> {
    where_code_has(source, &["todo!", "unimplemented!", "dbg!", "should_panic", "ignore]", "ignore ="])
}

#[test]
fn nothing_is_left_half_done() {
    check(&["src", "tests", "bench"], leftovers);
    let bad = Source::new("a.rs", "fn a() {\n    todo!()\n}\n#[ignore]\n#[should_panic]\n// dbg! in a comment\nlet b = \"dbg!\";\n");
    assert_eq!(leftovers(&bad), ["a.rs:2: todo!", "a.rs:4: ignore]", "a.rs:5: should_panic"]);
}

fn length(source: &Source) -> Vec<String> {
    let lines = source.text.lines().count();
    if lines > LONGEST { vec![format!("{}: {lines} lines", source.path)] } else { vec![] }
}

#[test]
fn no_file_is_long() {
    check(&["src", "tests", "bench"], length);
    assert_eq!(length(&Source::new("a.rs", "\n".repeat(LONGEST + 1))).len(), 1);
}

/// The parts in the order of the map in `lib.rs`; then `browser`; `web` and `cli` share the last rank.
fn map() -> BTreeMap<String, usize> {
    let lib = fs::read_to_string(root().join("src/lib.rs")).expect("it can be read");
    let map = lib.lines().take_while(|line| !line.contains("Invariants")).filter_map(|line| line.strip_prefix("//! - "));
    let mut ranks = BTreeMap::new();
    for line in map {
        for name in line.split("[`").skip(1).filter_map(|rest| rest.split_once("`]")).map(|(name, _)| name) {
            let rank = ranks.len();
            if !name.contains("::") {
                ranks.entry(name.to_owned()).or_insert(rank);
            }
        }
    }
    ranks.insert("browser".to_owned(), ranks.len());
    let last = ranks.len();
    ranks.extend(["web", "cli"].map(|name| (name.to_owned(), last)));
    ranks.insert("desk".to_owned(), last + 1);
    ranks
}

/// The parts that a line names after `crate::`, also in a group.
fn named(line: &str) -> Vec<String> {
    let name = |text: &str| text.trim_start().chars().take_while(|c| is_name(*c)).collect::<String>();
    let after = line.split("crate::").skip(1);
    after.flat_map(|rest| rest.strip_prefix('{').map_or_else(|| vec![name(rest)], |group| group.split(',').map(name).collect())).collect()
}

fn layering(source: &Source, ranks: &BTreeMap<String, usize>) -> Vec<String> {
    let part = source.path.trim_start_matches("src/").trim_end_matches(".rs").split('/').next().unwrap_or_default().to_owned();
    if ["lib", "main", "bin"].contains(&part.as_str()) {
        return vec![];
    }
    let Some(own) = ranks.get(&part) else { return vec![format!("{}: `{part}` is not on the map in src/lib.rs", source.path)] };
    let uses = (1..).zip(source.code.lines()).flat_map(|(number, line)| named(line).into_iter().map(move |name| (number, name)));
    let below = uses.filter(|(_, name)| *name != part && ranks.get(name).is_some_and(|rank| rank >= own));
    below.map(|(number, name)| format!("{}:{number}: `{part}` uses `{name}`", source.path)).collect()
}

#[test]
fn each_part_uses_only_what_stands_above_it() {
    let ranks = map();
    let order =
        ["text", "span", "schema", "annotation", "layer", "project", "edit", "plan", "session", "formats", "persist", "exchange", "browser", "web"];
    assert!(order.windows(2).all(|pair| ranks[pair[0]] < ranks[pair[1]]), "{ranks:?}");
    assert!(ranks["history"] < ranks["session"] && ranks["segments"] < ranks["edit"] && ranks["cli"] == ranks["web"]);
    check(&["src"], |source| layering(source, &ranks));
    let bad = Source::new("src/text/a.rs", "use crate::span::Span;\nuse crate::{text, web};\n/// As crate::plan.\nuse super::b;\n");
    assert_eq!(layering(&bad, &ranks), ["src/text/a.rs:1: `text` uses `span`", "src/text/a.rs:2: `text` uses `web`"]);
    assert_eq!(layering(&Source::new("src/web/a.rs", "use crate::cli;"), &ranks).len(), 1);
    assert_eq!(layering(&Source::new("src/new.rs", ""), &ranks).len(), 1);
}

fn browser(source: &Source) -> Vec<String> {
    // The page's own program mounts it; its worker answers it; its desk is a second one.
    if ["src/web/", "src/desk/", "src/browser/", "src/main.rs", "src/bin/wusum-worker.rs"].iter().any(|outer| source.is_in(outer)) {
        return vec![];
    }
    where_code_has(source, &["web_sys", "yew", "gloo", "wasm_bindgen", "js_sys", "serde_wasm_bindgen"])
}

#[test]
fn only_the_page_knows_a_browser() {
    check(&["src"], browser);
    assert_eq!(browser(&Source::new("src/plan.rs", "use web_sys::Range;")).len(), 1);
}

fn world(source: &Source) -> Vec<String> {
    if ["src/web/", "src/cli/", "src/bin/", "src/main.rs"].iter().any(|outer| source.is_in(outer)) {
        return vec![];
    }
    where_code_has(source, &["std::fs", "std::env", "std::net", "std::process", "SystemTime::now", "Instant::now", "println!", "eprintln!"])
}

#[test]
fn the_core_knows_no_clock_and_no_disk() {
    check(&["src"], world);
    assert_eq!(world(&Source::new("src/plan.rs", "let now = Instant::now();")).len(), 1);
}

fn inline_style(source: &Source) -> Vec<String> {
    where_code_has(source, &["style="])
}

#[test]
fn the_page_has_no_style_in_its_elements() {
    // The Content-Security-Policy forbids the attribute; properties set by a script are allowed.
    check(&["src/web", "src/desk"], inline_style);
    assert_eq!(inline_style(&Source::new("a.rs", "html! { <p style=\"color: red\" /> }")).len(), 1);
}

fn words_in_code(source: &Source) -> Vec<String> {
    let is_arabic = |c: char| matches!(c, '\u{600}'..='\u{6FF}' | '\u{750}'..='\u{77F}' | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}');
    let is_brand = |literal: &str| source.path == "src/web/bar.rs" && literal == "\"وسوم\"";
    let arabic = source.own_literals().filter(|(_, literal)| literal.contains(is_arabic) && !is_brand(literal));
    arabic.map(|(line, literal)| format!("{}:{line}: {literal}", source.path)).collect()
}

#[test]
fn the_page_has_its_words_from_the_locales() {
    check(&["src/web", "src/desk"], words_in_code);
    let bad = Source::new("src/web/a.rs", "// قال\nlet a = \"قال\";\nlet b = r#\"قال \"نعم\" \"#;\nlet c = 'ق';\nmod tests {\n\"قال\"\n}");
    assert_eq!(words_in_code(&bad), ["src/web/a.rs:2: \"قال\"", "src/web/a.rs:3: r#\"قال \"نعم\" \"#"]);
}

/// Dependencies without a comment above them.
fn without_reason(manifest: &str) -> Vec<String> {
    let mut bare = Vec::new();
    let (mut is_among, mut above) = (false, "");
    for line in manifest.lines() {
        let header = line.strip_prefix('[').map(|rest| rest.trim_end_matches(']'));
        let named = header.and_then(|header| header.rsplit_once("dependencies.")).map(|(_, name)| name);
        let entry = line.split_once('=').map(|(name, _)| name.trim()).filter(|_| is_among && line.starts_with(|c: char| c.is_ascii_alphabetic()));
        if let Some(header) = header {
            is_among = header.ends_with("dependencies");
        }
        if let Some(name) = named.or(entry).filter(|_| !above.starts_with("# ")) {
            bare.push(name.to_owned());
        }
        above = line;
    }
    bare
}

#[test]
fn every_dependency_has_a_reason() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("it can be read");
    assert_eq!(without_reason(&manifest), [""; 0]);
    let bad = "[package]\nname = \"a\"\n[dependencies]\n# Why.\na = \"1\"\nb = \"1\"\n\n[dependencies.c]\nversion = \"1\"\n[dev-dependencies]\nd = \"1\"\n[lints.rust]\ne = \"f\"\n";
    assert_eq!(without_reason(bad), ["b", "c", "d"]);
}

#[test]
fn a_source_is_taken_apart() {
    let (code, literals) = take_apart("a('\"', \"b // \\\" c\"); // d \"e\"\n/* \"f\" */ r\"g\" &'h str '\\'' for r#type");
    assert_eq!(literals, [(1, "\"b // \\\" c\"".to_owned()), (2, "r\"g\"".to_owned())]);
    assert_eq!(code.split_whitespace().collect::<Vec<_>>(), ["a(", ",", ");", "&'h", "str", "for", "r#type"]);
}
