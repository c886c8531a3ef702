//! Exports that the programs they are for have read as meant, kept: what is written today is the same, byte for byte.
//!
//! `make test-consumers` judges exports; only after it has passed may they be renewed: `UPDATE_GOLDEN=1 cargo test --test golden`.
//! Of the nasty document the files themselves are kept, of the article, which is large, their digests.

#![allow(clippy::expect_used, reason = "a test says what it relies on")]

use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use wusum::formats::export::{Options, export};
use wusum::formats::files::Files;
use wusum::formats::{Format, Importer};

/// The most bytes that all kept files may have.
const LARGEST: u64 = 300_000;

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

/// All exports of these files, each format in a folder of its own.
fn exports(inputs: &[&str]) -> BTreeMap<String, Vec<u8>> {
    let mut importer = Importer::default();
    let files: Files = inputs.iter().map(|input| ((*input).to_owned(), fs::read(tests().join(input)).expect("it is there"))).collect();
    importer.files(&files, Some(Format::Wusum));
    let import = importer.finish();
    assert!(!import.documents.is_empty() && !import.layers.is_empty());
    let (project, revisions) = import.into_project("golden");
    let mut all = BTreeMap::new();
    for format in Format::ALL.into_iter().filter(|format| format.is_written()) {
        let written = export(&project, &revisions, format, &Options::default()).expect("it is written").with_side();
        all.extend(written.iter().map(|(path, bytes)| (format!("{}/{path}", format.name()), bytes.to_vec())));
    }
    all
}

fn digests(files: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    let line = |mut lines: String, (path, bytes): (&String, &Vec<u8>)| {
        let digest = Sha256::digest(bytes).iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        let _ = writeln!(lines, "{digest}  {path}");
        lines
    };
    files.iter().fold(String::new(), line).into_bytes()
}

/// All files below a folder, by path.
fn kept(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let (mut found, mut waiting) = (BTreeMap::new(), vec![folder.to_owned()]);
    while let Some(at) = waiting.pop() {
        for entry in fs::read_dir(&at).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("it is below").to_string_lossy().replace('\\', "/");
                found.insert(name, fs::read(&path).expect("it can be read"));
            }
        }
    }
    found
}

#[test]
fn what_consumers_have_judged_is_written_as_it_was() {
    let folder = tests().join("golden");
    let mut written: BTreeMap<String, Vec<u8>> =
        exports(&["consumers/nasty.jsonl"]).into_iter().map(|(path, bytes)| (format!("nasty/{path}"), bytes)).collect();
    written.insert("article.sha256".to_owned(), digests(&exports(&["data/article.a.jsonl", "data/article.b.jsonl"])));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let _ = fs::remove_dir_all(&folder);
        for (path, bytes) in &written {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder");
            fs::write(path, bytes).expect("it can be written");
        }
    }
    let kept = kept(&folder);
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&written), names(&kept), "after `make test-consumers` has passed: UPDATE_GOLDEN=1 cargo test --test golden");
    for (path, bytes) in &written {
        let (now, was) = (String::from_utf8_lossy(bytes), String::from_utf8_lossy(&kept[path]));
        assert!(*bytes == kept[path], "tests/golden/{path} is written otherwise; was:\n{was}\nis:\n{now}");
    }
    let size: usize = kept.values().map(Vec::len).sum();
    assert!(u64::try_from(size).is_ok_and(|size| size < LARGEST), "{size} bytes are kept");
}
