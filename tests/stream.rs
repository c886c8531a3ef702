//! `--stream`: the real program reads and writes one document after another.

#![allow(clippy::expect_used, reason = "a test says what it relies on")]

use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wusum"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn wusum(arguments: &[&str], input: &str) -> Output {
    let mut child = command(arguments).spawn().expect("the program starts");
    // It may have had enough before it has read all.
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    child.wait_with_output().expect("it ends")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Lines of doccano.
fn doccano(count: usize) -> String {
    (100..100 + count).fold(String::new(), |mut lines, number| {
        let _ = writeln!(lines, "{{\"document\":\"d{number}\",\"text\":\"قال 🔴 وزير {number}\",\"label\":[[0,3,\"Cue\"],[7,11,\"Actor\"]]}}");
        lines
    })
}

#[test]
fn output_begins_before_the_input_ends() {
    for to in ["wusum", "spacy", "conllu"] {
        // What is told of each label would fill a pipe that nobody reads.
        let mut command = command(&["convert", "-", "--stream", "--to", to, "--out", "-"]);
        let mut child = command.stderr(Stdio::null()).spawn().expect("the program starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut line = String::new();
        // More than what waits in pipes and buffers, and no end.
        let writing = std::thread::spawn(move || stdin.write_all(doccano(5000).as_bytes()).map(|()| stdin));
        stdout.read_line(&mut line).expect("a line");
        assert!(!line.is_empty(), "{to}");
        let reading = std::thread::spawn(move || stdout.lines().count());
        // Let go of, the input ends.
        let _ = writing.join().expect("it ends").expect("all was read");
        assert!(reading.join().expect("it ends") >= 4999, "{to}");
        assert!(child.wait().expect("it ends").code().is_some(), "{to}");
    }
}

#[test]
fn a_stream_is_what_all_together_are() {
    let input = doccano(30);
    for to in ["wusum", "doccano", "spacy", "conll2003", "conll-nested", "conllu"] {
        let whole = wusum(&["convert", "-", "--from", "doccano", "--annotator", "a", "--to", to, "--out", "-"], &input);
        let stream = wusum(&["convert", "-", "--from", "doccano", "--annotator", "a", "--to", to, "--out", "-", "--stream"], &input);
        assert_eq!((text(&stream.stdout), stream.status.code()), (text(&whole.stdout), whole.status.code()), "{to}");
        assert_eq!(text(&stream.stderr), text(&whole.stderr), "{to}");
    }
    let own = text(&wusum(&["convert", "-", "--from", "doccano", "--annotator", "a", "--to", "wusum", "--out", "-"], &input).stdout);
    let again = wusum(&["convert", "-", "--to", "wusum", "--out", "-", "--stream"], &own);
    assert_eq!(text(&again.stdout), own);
    for command in [&["stats", "-"][..], &["check", "-", "--no-findings"]] {
        let (whole, stream) = (wusum(command, &own), wusum(&[command, &["--stream"]].concat(), &own));
        assert_eq!((text(&stream.stdout), stream.status.code()), (text(&whole.stdout), whole.status.code()), "{command:?}");
    }
}

#[test]
fn what_is_wrong_is_named_with_its_line() {
    let mut input = doccano(3);
    input.push_str("no JSON\n");
    let done = wusum(&["check", "-", "--no-findings", "--stream", "--from", "doccano", "--json"], &input);
    assert_eq!(done.status.code(), Some(1));
    assert!(text(&done.stderr).contains("<stdin>:4: "), "{}", text(&done.stderr));
    let counts: Value = serde_json::from_slice(&done.stdout).expect("JSON");
    assert_eq!(counts["documents"], json!(3));

    // A layer that does not stand behind its document.
    let own = "{\"kind\":\"document\",\"id\":\"a\",\"text\":\"قال\"}\n{\"kind\":\"document\",\"id\":\"b\",\"text\":\"قال\"}\n{\"kind\":\"layer\",\"document\":\"a\",\"annotator\":\"x\",\"spans\":[]}\n";
    let done = wusum(&["convert", "-", "--stream", "--to", "wusum", "--out", "-"], own);
    assert_eq!((done.status.code(), text(&done.stdout).lines().count()), (Some(1), 3));
    assert!(text(&done.stderr).contains("<stdin>:3: "), "{}", text(&done.stderr));
}

#[test]
fn two_people_in_one_file_are_wrong_use_and_leave_nothing() {
    let line = |annotator: &str| format!("{{\"kind\":\"layer\",\"document\":\"a\",\"annotator\":\"{annotator}\",\"spans\":[]}}\n");
    let own = format!("{{\"kind\":\"document\",\"id\":\"a\",\"text\":\"قال\"}}\n{}{}", line("x"), line("y"));
    let out: PathBuf = std::env::temp_dir().join(format!("wusum-stream-{}.jsonl", std::process::id()));
    let path = out.display().to_string();
    let done = wusum(&["convert", "-", "--stream", "--to", "spacy", "--out", &path], &own);
    assert_eq!((done.status.code(), out.exists()), (Some(2), false));
    assert!(text(&done.stderr).contains("--annotators"), "{}", text(&done.stderr));
    let done = wusum(&["convert", "-", "--stream", "--to", "spacy", "--out", &path, "--annotators", "y"], &own);
    assert_eq!((done.status.code(), out.exists()), (Some(0), true));
    std::fs::remove_file(&out).expect("it is there");
    for wrong in [&["--to", "cas-json", "--out", "-"][..], &["--to", "spacy", "--out", "-", "--clitics"], &["--to", "spacy", "--out", "x.zip"]] {
        assert_eq!(wusum(&[&["convert", "-", "--stream"], wrong].concat(), &own).status.code(), Some(2), "{wrong:?}");
    }
}

#[test]
fn layers_that_stand_apart_are_found_in_a_file() {
    let document = |id: &str| format!("{{\"kind\":\"document\",\"id\":\"{id}\",\"text\":\"قال\"}}\n");
    let layer = |id: &str, start: u32| {
        format!(
            "{{\"kind\":\"layer\",\"document\":\"{id}\",\"annotator\":\"x\",\"spans\":[{{\"start\":{start},\"end\":3,\"label\":\"Cue\",\"text\":\"قال\"}}]}}\n"
        )
    };
    let place = std::env::temp_dir().join(format!("wusum-apart-{}.jsonl", std::process::id()));
    let path = place.display().to_string();
    // The label of the third line is told with its own line, and moved.
    let lines = [document("a"), document("b"), layer("a", 1), layer("b", 0), layer("z", 0), layer("y", 0), layer("z", 1)].concat();
    std::fs::write(&place, lines.trim_end()).expect("a file");
    let (whole, stream) = (["convert", &path, "--to", "wusum", "--out", "-"], ["convert", &path, "--to", "wusum", "--out", "-", "--stream"]);
    let (whole, stream) = (wusum(&whole, ""), wusum(&stream, ""));
    std::fs::remove_file(&place).expect("it is there");
    let labels = |output: &Output| text(&output.stdout).lines().filter(|line| line.contains("\"Cue\"")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!((labels(&stream).len(), labels(&stream)), (2, labels(&whole)));
    let sorted = |output: &Output| {
        let mut lines: Vec<String> = text(&output.stderr).lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(sorted(&stream), sorted(&whole));
    assert!(text(&stream.stderr).contains(".jsonl:3: "), "{}", text(&stream.stderr));
    // Those whose document does not come are told in the order of the file.
    let told = text(&stream.stderr);
    let alone: Vec<&str> = told.lines().filter_map(|line| line.split(".jsonl:").nth(1)?.split(':').next()).filter(|line| *line > "4").collect();
    assert_eq!(alone, ["5", "6", "7"], "{told}");
}

#[test]
fn findings_and_what_is_said_beside_are_those_of_all_together() {
    let line = |id: &str, label: &str| {
        let layer = format!("{{\"kind\":\"layer\",\"document\":\"{id}\",\"annotator\":\"x\",\"status\":\"done\",\"spans\":[{label}]}}\n");
        format!("{{\"kind\":\"document\",\"id\":\"{id}\",\"text\":\"قال الوزير نعم\"}}\n{layer}")
    };
    let edge = "{\"id\":\"s1\",\"start\":3,\"end\":10,\"label\":\"Actor\",\"text\":\" الوزير\"}";
    let own = format!("{}{}", line("a", edge), line("b", "{\"id\":\"s1\",\"start\":11,\"end\":14,\"label\":\"Claim\",\"text\":\"نعم\"}"));
    let (whole, stream) = (wusum(&["check", "-"], &own), wusum(&["check", "-", "--stream"], &own));
    assert_eq!((text(&stream.stdout), text(&stream.stderr), stream.status.code()), (text(&whole.stdout), text(&whole.stderr), Some(1)));
    assert!(text(&stream.stdout).contains("faults: "), "{}", text(&stream.stdout));
    let place = std::env::temp_dir().join(format!("wusum-beside-{}", std::process::id()));
    std::fs::create_dir_all(&place).expect("a folder");
    let out = |name: &str| place.join(name).display().to_string();
    assert_eq!(wusum(&["convert", "-", "--to", "spacy", "--out", &out("a.jsonl")], &own).status.code(), Some(0));
    assert_eq!(wusum(&["convert", "-", "--to", "spacy", "--out", &out("b.jsonl"), "--stream"], &own).status.code(), Some(0));
    let read = |name: &str| std::fs::read_to_string(place.join(name)).expect("it is there");
    assert_eq!(read("b.jsonl"), read("a.jsonl"));
    let (a, b): (Value, Value) =
        (serde_json::from_str(&read("a.jsonl.EXPORT.json")).expect("JSON"), serde_json::from_str(&read("b.jsonl.EXPORT.json")).expect("JSON"));
    for field in ["wusum_export", "format", "offset_unit", "options", "documents", "annotators"] {
        assert_eq!(a[field], b[field], "{field}");
    }
    assert_eq!(b["documents"][1]["id"], json!("b"));
    std::fs::remove_dir_all(&place).expect("it is there");
}
