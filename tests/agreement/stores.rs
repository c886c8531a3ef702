//! Agreement as the page's worker works it out, from what both stores hold.

use serde_json::Value;
use wusum::agreement::Cell;
use wusum::agreement::passages::Which;
use wusum::exchange::agree::BehindAsked;
use wusum::exchange::{AgreeAsked, Asked, Records, Task, run};
use wusum::persist::{Keyspace, Write};

const A: &[u8] = include_bytes!("../data/article.a.jsonl");
const B: &[u8] = include_bytes!("../data/article.b.jsonl");

fn keys() -> Keyspace {
    Keyspace::new("p")
}

/// What the stores hold after both people's files were imported.
fn imported() -> Records {
    let mut records = Records::default();
    for (name, bytes) in [("article.a.jsonl", A), ("article.b.jsonl", B)] {
        let task = Task::Import(Asked { annotator: "me".into(), now: 1, open: None, by_file: false, looks: None });
        let answer = run(&keys(), task, records.clone(), &[(name.to_owned(), bytes.to_vec())], &mut |_, _| {});
        records.pending.extend(answer.writes.iter().map(|write| match write {
            Write::Set(key, value) => (keys().write(key), Some(value.clone())),
            Write::Remove(key) => (keys().write(key), None),
        }));
        records.settle();
    }
    records
}

fn asked(asked: &AgreeAsked) -> Value {
    let answer = run(&keys(), asked.task(), imported(), &[], &mut |_, _| {});
    serde_json::from_str(&answer.agreement.expect("an answer")).expect("it is JSON")
}

#[test]
fn the_worker_writes_what_the_command_line_writes() {
    let told = asked(&AgreeAsked::default());
    let by_program = super::program::agree(&["tests/data/article.a.jsonl", "tests/data/article.b.jsonl", "--json"]);
    assert_eq!(told["json"].as_str().expect("a text"), String::from_utf8(by_program.stdout).expect("it is text"));
}

#[test]
fn the_worker_tells_the_passages_behind_a_number() {
    let told = asked(&AgreeAsked::default());
    let cell = Cell::Spans { measure: "exact".to_owned(), side: Which::Matched, label: Some("Actor".into()) };
    let behind = BehindAsked { people: Some(("a".into(), "b".into())), cells: vec![cell], ..BehindAsked::default() };
    let behind = asked(&AgreeAsked { behind: Some(behind), ..AgreeAsked::default() });
    let passages = behind["passages"].as_array().expect("a list");
    assert!(passages.iter().all(|passage| passage["document"] == "article" && passage["start"].as_u64() < passage["end"].as_u64()));
    // As many as F1 was worked out from: 2·matched / (a + b).
    let count = |name: &str| {
        let layer = std::str::from_utf8(if name == "a" { A } else { B }).expect("it is text").lines().nth(2).expect("a layer");
        let layer: Value = serde_json::from_str(layer).expect("it is JSON");
        layer["spans"].as_array().expect("labels").iter().filter(|span| span["label"] == "Actor").count() as f64
    };
    let report: Value = serde_json::from_str(told["json"].as_str().expect("a text")).expect("it is JSON");
    let f1 = report["pairs"][0]["span_f1_by_label"]["Actor"]["exact"].as_f64().expect("a number");
    assert!((2.0 * passages.len() as f64 / (count("a") + count("b")) - f1).abs() < 1e-12);
}

#[test]
fn a_task_that_cannot_be_read_asks_for_everything() {
    let answer = run(&keys(), Task::Agree("?".to_owned()), Records::default(), &[], &mut |_, _| {});
    let told: Value = serde_json::from_str(&answer.agreement.expect("an answer")).expect("it is JSON");
    let gamma = told["whole"].as_array().expect("figures").iter().find(|figure| figure["name"] == "gamma").expect("it is told");
    assert_eq!((&told["documents"], &gamma["value"], &gamma["reason"]), (&0.into(), &Value::Null, &"one-annotator".into()));
}
