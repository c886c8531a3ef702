//! `wusum split`: what people say of a data set is in its card and statement, and how far its annotators agree.

#![allow(clippy::expect_used, reason = "a test says what it relies on")]

use std::path::PathBuf;
use std::process::{Command, Output};

fn split(out: &str, more: &[&str]) -> Output {
    let data = |name: &str| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name).display().to_string();
    let mut command = Command::new(env!("CARGO_BIN_EXE_wusum"));
    command.args(["split", &data("article.a.jsonl"), &data("article.b.jsonl"), "--to", "wusum", "--seed", "7", "--shares", "100,0,0", "--out", out]);
    command.args(more).output().expect("the program starts")
}

#[test]
fn what_is_said_and_how_far_two_agree_is_in_the_card_and_the_statement() {
    let place = std::env::temp_dir().join(format!("wusum-said-{}", std::process::id()));
    std::fs::create_dir_all(&place).expect("a folder");
    let (out, said) = (place.join("out").display().to_string(), place.join("said.json").display().to_string());
    std::fs::write(&said, "{\"citation\":\"In a file.\",\"license\":\"mit\",\"statement\":{\"rationale\":\"A file says why.\"}}").expect("a file");
    let more = ["--described", &said, "--license", "cc0-1.0", "--description", "Of the news.", "--languages", "ar,en", "--source", "A paper."];
    let done = split(&format!("{out}/"), &[&more[..], &["--statement", "speakers=Reporters."]].concat());
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    let read = |name: &str| std::fs::read_to_string(place.join("out").join(name)).expect("it is there");
    let (card, statement) = (read("README.md"), read("DATA_STATEMENT.md"));
    for words in [
        "license: cc0-1.0",
        "language:\n- ar\n- en\n",
        "Of the news.",
        "A paper.",
        "In a file.",
        "### Agreement",
        "Over the 1 document that",
        "Cohen's κ",
    ] {
        assert!(card.contains(words), "{words}: {card}");
    }
    for words in ["A file says why.", "Reporters.", "1 document", "Krippendorff's α of tokens is 0."] {
        assert!(statement.contains(words), "{words}: {statement}");
    }
    // A heading that no statement has, and a file that is no JSON object, are wrong use.
    assert_eq!(split(&format!("{out}/"), &["--statement", "weather=fine"]).status.code(), Some(2));
    std::fs::write(&said, "3").expect("a file");
    assert_eq!(split(&format!("{out}/"), &["--described", &said]).status.code(), Some(2));
    std::fs::remove_dir_all(&place).expect("it is there");
}
