//! When layers were changed: `wusum convert` keeps it, `wusum agree --by-document` goes by it.

#![allow(clippy::expect_used, reason = "a test says what it relies on")]

use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Stdio};

fn layer(document: &str, annotator: &str, when: Option<u64>) -> Value {
    let spans = json!([{"id": "s1", "start": 4, "end": 13, "label": "Actor", "text": "سامح شكري"}]);
    let mut layer = json!({"kind": "layer", "document": document, "annotator": annotator, "status": "done", "revision": 4, "spans": spans});
    if let Some(when) = when {
        layer["when"] = when.into();
    }
    layer
}

/// Two people on each document, with when each was last changed.
fn project(documents: &[(&str, Option<u64>)]) -> String {
    let of = |(id, when): &(&str, Option<u64>)| {
        let document = json!({"kind": "document", "id": id, "title": id, "text": format!("قال سامح شكري وفق رويترز. {id}")});
        [document, layer(id, "a", *when), layer(id, "b", when.map(|when| when - 1))]
    };
    let head = json!({"wusum": 1, "kind": "project", "name": "news", "offsets": "code-points"});
    [head].into_iter().chain(documents.iter().flat_map(of)).map(|line| format!("{line}\n")).collect()
}

/// What the program writes, given this on its standard input.
fn wusum(arguments: &[&str], input: &str) -> String {
    let mut program = Command::new(env!("CARGO_BIN_EXE_wusum"));
    let mut child = program.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it starts");
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).expect("text")
}

fn whens(written: &str) -> Vec<Option<u64>> {
    let lines = written.lines().map(|line| serde_json::from_str::<Value>(line).expect("an object"));
    lines.filter(|line| line["kind"] == "layer").map(|line| line["when"].as_u64()).collect()
}

#[test]
fn convert_keeps_it() {
    let input = project(&[("d1", Some(1_732_265_600_000)), ("d2", None)]);
    let kept = [Some(1_732_265_600_000), Some(1_732_265_599_999), None, None];
    assert_eq!(whens(&wusum(&["convert", "-", "--from", "wusum", "--to", "wusum", "--out", "-"], &input)), kept);
    assert_eq!(whens(&wusum(&["convert", "-", "--stream", "--from", "wusum", "--to", "wusum", "--out", "-"], &input)), kept);
}

#[test]
fn documents_are_told_in_the_order_of_work_those_of_which_it_is_not_known_first() {
    let input = project(&[("d1", Some(3_000)), ("d2", Some(1_000)), ("d3", None), ("d4", Some(2_000))]);
    let told: Value =
        serde_json::from_str(&wusum(&["agree", "-", "--from", "wusum", "--json", "--by-document", "--bootstrap", "0"], &input)).expect("JSON");
    let of = told["by_document"].as_array().expect("documents");
    let order: Vec<_> = of.iter().map(|of| (of["document"].as_str().expect("a name"), of.get("when").and_then(Value::as_u64))).collect();
    assert_eq!(order, [("d3", None), ("d2", Some(1_000)), ("d4", Some(2_000)), ("d1", Some(3_000))]);
}
