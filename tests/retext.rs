//! `wusum retext`: the real program puts a corrected text in the place of another.

#![allow(clippy::expect_used, reason = "a test says what it relies on")]

use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::{Command, Output};

const PROJECT: &str = concat!(
    r#"{"wusum":1,"kind":"project","name":"news","offsets":"code-points"}"#,
    "\n",
    r#"{"kind":"document","id":"d1","title":"t","text":"قال سامح شكري وفق رويترز.","meta":{"place":"باكو"}}"#,
    "\n",
    r#"{"kind":"layer","document":"d1","annotator":"a","revision":4,"spans":[{"id":"s1","start":4,"end":13,"label":"Actor","text":"سامح شكري"},{"id":"s2","start":18,"end":24,"label":"Actor","text":"رويترز"}]}"#,
    "\n",
);

/// A folder that goes when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path = std::env::temp_dir().join(format!("wusum-retext-{test}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder for the test");
        Self(path)
    }

    fn file(&self, name: &str, content: &str) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, content).expect("a file for the test");
        path.display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn retext(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_wusum")).arg("retext").args(arguments).output().expect("the program runs")
}

fn lines(output: &Output) -> Vec<Value> {
    String::from_utf8_lossy(&output.stdout).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn labels_follow_the_corrected_text() {
    let folder = Folder::new("follow");
    let (project, text) = (folder.file("news.jsonl", PROJECT), folder.file("new.txt", "عاجل: قالَ سامح  شُكري وفق رويترز."));
    let output = retext(&[&project, "--text", &text, "--out", "-"]);
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
    let lines = lines(&output);
    assert_eq!(lines[1]["text"], "عاجل: قالَ سامح  شُكري وفق رويترز.");
    assert_eq!((&lines[1]["title"], &lines[1]["meta"]), (&json!("t"), &json!({ "place": "باكو" })));
    let texts: Vec<&Value> = lines[2]["spans"].as_array().expect("labels").iter().map(|span| &span["text"]).collect();
    assert_eq!((json!(texts), &lines[2]["revision"]), (json!(["سامح  شُكري", "رويترز"]), &json!(5)));
}

#[test]
fn the_same_text_changes_nothing() {
    let folder = Folder::new("same");
    let (project, text) = (folder.file("news.jsonl", PROJECT), folder.file("same.txt", "قال سامح شكري وفق رويترز."));
    let lines = lines(&retext(&[&project, "--text", &text, "--out", "-"]));
    assert_eq!((&lines[2]["revision"], &lines[2]["spans"][1]["start"]), (&json!(4), &json!(18)));
}

#[test]
fn what_cannot_be_placed_is_named() {
    let folder = Folder::new("lost");
    let (project, text) = (folder.file("news.jsonl", PROJECT), folder.file("new.txt", "قال سامح حسن شكري."));
    let out = folder.0.join("new.jsonl").display().to_string();
    let output = retext(&[&project, "--text", &text, "--document", "d1", "--out", &out, "--json"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "changed: label \"s1\" by \"a\": \"سامح شكري\" is \"سامح حسن شكري\"\nnot placed: label \"s2\" (Actor) by \"a\", 18 to 24, \"رويترز\"\n"
    );
    let report = &lines(&output)[0];
    assert_eq!((&report["layers"][0]["placed"], &report["layers"][0]["lost"][0]["id"]), (&json!(1), &json!("s2")));
    assert!(std::fs::read_to_string(&out).expect("it is written").contains("\"سامح حسن شكري\""));
    let unknown = retext(&[&project, "--text", &text, "--document", "d2", "--out", "-"]);
    assert_eq!((unknown.status.code(), String::from_utf8_lossy(&unknown.stderr).as_ref()), (Some(2), "wusum: no document \"d2\" in the input\n"));
}
