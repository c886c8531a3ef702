//! The README's table of formats: each row says what the code does, and each written format is read by somebody in tests/consumers.

#![cfg(feature = "datasets")]
#![allow(clippy::expect_used, reason = "a test says what it relies on")]

use std::fs;
use std::path::Path;
use wusum::formats::Format;
use wusum::formats::loss::Kind;

/// What is not held, in the words of the table: the first word of which a format lacks all kinds.
const WORDS: [(&[Kind], &str); 26] = [
    (&[Kind::Labels], "labels"),
    (&[Kind::Nested, Kind::Crossing, Kind::SamePlace], "labels on one another"),
    (&[Kind::Pieces], "pieces"),
    (&[Kind::CutTokens], "labels that cut words"),
    (&[Kind::NoToken], "labels without a word"),
    (&[Kind::Relations], "relations"),
    (&[Kind::SpanAttributes, Kind::RelationAttributes], "attributes"),
    (&[Kind::RelationAttributes], "attributes of relations"),
    (&[Kind::SpanAttributes], "attributes of labels"),
    (&[Kind::SpanNotes, Kind::RelationNotes], "notes"),
    (&[Kind::RelationNotes], "notes on relations"),
    (&[Kind::SpanNotes], "notes on labels"),
    (&[Kind::Unsure], "doubts"),
    (&[Kind::Origins], "origins"),
    (&[Kind::Statuses], "status"),
    (&[Kind::Unlabelled], "that nothing was labelled"),
    (&[Kind::Texts], "the text to the letter"),
    (&[Kind::LineEnds], "line ends other than LF"),
    (&[Kind::Characters], "characters that XML 1.0 has not"),
    (&[Kind::DocumentIds], "names of documents"),
    (&[Kind::Titles], "titles"),
    (&[Kind::Meta], "further data of texts"),
    (&[Kind::Names], "some names as they are"),
    (&[Kind::Annotators], "names of annotators"),
    (&[Kind::SeveralAnnotators], "several annotators in one file"),
    (&[Kind::Schema], "the schema"),
];

/// What a format cannot hold; names of documents and people, and titles, are then in `EXPORT.json`.
fn lacks(format: Format) -> String {
    let mut told: Vec<Kind> = Vec::new();
    let mut words = Vec::new();
    for (kinds, word) in WORDS {
        let is_new = kinds.iter().any(|kind| !told.contains(kind));
        if is_new && kinds.iter().all(|kind| !format.holds(*kind)) {
            told.extend(kinds);
            words.push(word);
        }
    }
    if !format.is_xml() {
        words.retain(|word| *word != "characters that XML 1.0 has not");
    }
    // Line ends are of the letter.
    if words.contains(&"the text to the letter") {
        words.retain(|word| *word != "line ends other than LF");
    }
    // Where there is no label, there is nothing to be said of one.
    let of_labels = ["names of documents", "titles", "further data of texts", "the schema", "line ends other than LF"];
    if words.first() == Some(&"labels") {
        words.retain(|word| *word == "labels" || of_labels.contains(word));
    }
    if words.is_empty() { "–".to_owned() } else { words.join(", ") }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The cells of each row whose first is a format.
fn rows() -> Vec<Vec<String>> {
    let readme = fs::read_to_string(root().join("README.md")).expect("it is there");
    let table = readme.lines().skip_while(|line| !line.starts_with("| format | in | out | what it cannot hold |")).skip(2);
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
    table.take_while(|line| line.starts_with('|')).map(cells).collect()
}

#[test]
fn each_row_says_what_the_code_does() {
    let rows = rows();
    let yes = |is: bool| if is { "yes" } else { "–" };
    let expected: Vec<Vec<String>> = Format::ALL
        .into_iter()
        .map(|format| vec![format!("`{}`", format.name()), yes(format.is_read()).to_owned(), yes(format.is_written()).to_owned(), lacks(format)])
        .collect();
    let mut said: Vec<Vec<String>> = rows.iter().map(|row| row.iter().take(4).cloned().collect()).collect();
    // Parquet is no format of the library: the command line alone writes it.
    let parquet = said.pop().expect("the last row");
    assert_eq!(parquet.get(..3), Some(&["`parquet`".to_owned(), "–".to_owned(), "yes".to_owned()][..]));
    let lines = |rows: &[Vec<String>]| rows.iter().map(|row| format!("| {} |\n", row.join(" | "))).collect::<String>();
    assert_eq!(lines(&said), lines(&expected));
    assert!(rows.iter().all(|row| row.len() == 6 && row.iter().all(|cell| !cell.is_empty())));
}

#[test]
fn each_written_format_has_a_reader_of_its_own() {
    let consumers: Vec<String> = fs::read_dir(root().join("tests/consumers"))
        .expect("a folder")
        .filter_map(|entry| fs::read_to_string(entry.ok()?.path()).ok())
        .filter_map(|code| Some(code.lines().find_map(|line| line.strip_prefix("FORMAT = "))?.trim_matches('"').to_owned()))
        .collect();
    for row in rows() {
        let name = row[0].trim_matches('`').to_owned();
        let is_own = matches!(name.as_str(), "wusum" | "text");
        assert_eq!(row[5] == "round trips", is_own, "{name}");
        assert_eq!(consumers.contains(&name), !is_own, "{name}: {consumers:?}");
    }
}
