//! Plain text: any encoding in; out as it came, in UTF-8.

use super::list::{Code, Read};
use super::loss::{Holds, Kind};
use super::problem::{Problem, ProblemCode};
use super::units::Unit;
use crate::project::{Document, sha256};
use crate::text::decode;
use serde_json::Value;
use std::io;
use unicode_segmentation::UnicodeSegmentation;

/// How it is read and written: a file for each document.
pub(super) const CODE: Code = Code {
    sniff: |_| false,
    read: Some(Read::Each(|name, bytes, incoming| {
        let (document, problems) = read(name, bytes);
        incoming.plain(name, document, problems);
    })),
    write: Some(|export, files| {
        for document in export.project.documents.values() {
            files.insert(format!("{}.txt", export.stem(&document.id)), document.text.as_str().as_bytes());
        }
    }),
    unit: Unit::None,
    holds: Holds::Only(&[Kind::Texts, Kind::LineEnds]),
    ..Code::PLAIN
};

/// The most graphemes that a title takes from the text.
const TITLE: usize = 80;

/// A document of a file's bytes. Its title is the first line with something on it, else the file's name.
#[must_use]
pub fn read(file: Option<&str>, bytes: &[u8]) -> (Document, Vec<Problem>) {
    let decoded = decode(bytes);
    let mut problems = Vec::new();
    if !decoded.problems.is_empty() {
        problems.push(Problem::whole(ProblemCode::BadEncoding { encoding: decoded.encoding.to_owned() }));
    }
    if decoded.text.is_empty() {
        problems.push(Problem::whole(ProblemCode::EmptyFile {}));
    }
    for problem in &mut problems {
        problem.file = file.map(str::to_owned);
    }
    let stem = file.map(stem).filter(|stem| !stem.is_empty());
    let title = title(&decoded.text).or_else(|| stem.map(str::to_owned)).unwrap_or_default();
    let id = stem.and_then(safe_id).unwrap_or_else(|| id_of_text(&decoded.text));
    let mut document = Document::new(id.into(), title, decoded.text);
    if decoded.encoding != "UTF-8" {
        document.meta.insert("encoding".to_owned(), Value::from(decoded.encoding));
    }
    (document, problems)
}

/// Writes the text of a document, byte for byte.
///
/// # Errors
/// When it cannot be written.
pub fn write(document: &Document, out: &mut (impl io::Write + ?Sized)) -> io::Result<()> {
    out.write_all(document.text.as_str().as_bytes())
}

/// The first line with something to see, cut where a reader would cut it.
#[must_use]
pub fn title(text: &str) -> Option<String> {
    let line = text.split(crate::text::is_line_end).map(str::trim).find(|line| line.chars().any(char::is_alphanumeric))?;
    let mut graphemes = line.graphemes(true);
    let start: String = graphemes.by_ref().take(TITLE).collect();
    Some(if graphemes.next().is_some() { format!("{}…", start.trim_end()) } else { start })
}

/// A name made of the text, for a document that has none.
#[must_use]
pub fn id_of_text(text: &str) -> String {
    format!("d-{}", sha256(text).get(..12).unwrap_or_default())
}

/// The name of a file without its folder and its last ending.
fn stem(file: &str) -> &str {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => name,
    }
}

/// A file's name as a document's: letters and digits of any script, `-`, `_` and `.`; all else becomes `-`.
fn safe_id(stem: &str) -> Option<String> {
    let kept = |character: char| if character.is_alphanumeric() || "-_.".contains(character) { character } else { '-' };
    let id: String = stem.chars().take(TITLE).map(kept).collect();
    id.chars().any(char::is_alphanumeric).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_leaves_as_it_came() {
        let source = "\r\n  عنوان الخبر \r\nقالت باكو\u{200F}\n\n";
        let (document, problems) = read(Some("أخبار/خبر 1.txt"), source.as_bytes());
        assert_eq!((document.id.as_str(), &*document.title), ("خبر-1", "عنوان الخبر"));
        assert!(problems.is_empty());
        let mut out = Vec::new();
        write(&document, &mut out).expect("memory");
        assert_eq!(out, source.as_bytes());
    }

    #[cfg(feature = "decode")]
    #[test]
    fn old_encodings_are_read_and_named() {
        // «قالت باكو» in Windows-1256, repeated so that the guess has something to go by.
        let words = [0xDE, 0xC7, 0xE1, 0xCA, 0x20, 0xC8, 0xC7, 0xDF, 0xE6, 0x20];
        let (document, problems) = read(None, &words.repeat(6));
        assert!(document.text.as_str().starts_with("قالت باكو قالت"));
        assert_eq!(document.meta.get("encoding"), Some(&Value::from("windows-1256")));
        assert!(problems.is_empty());
        assert_eq!(document.id.as_str(), format!("d-{}", &document.sha256[..12]));
    }

    #[test]
    fn a_long_first_line_is_cut_between_graphemes() {
        let line = "بَ".repeat(100);
        assert_eq!(title(&line), Some(format!("{}…", "بَ".repeat(80))));
        assert_eq!(title(" \n***\n"), None);
    }

    #[test]
    fn unreadable_bytes_and_an_empty_file_are_told() {
        let ids = |bytes: &[u8]| read(Some("x.txt"), bytes).1.iter().map(|problem| problem.code.id()).collect::<Vec<_>>();
        assert_eq!(ids("قالت باكو إن ".as_bytes().iter().copied().chain([0xFF]).collect::<Vec<_>>().as_slice()), ["bad-encoding"]);
        assert_eq!(ids(b""), ["empty-file"]);
    }
}
