//! `wusum agree` on real files.

use serde_json::Value;
use std::process::{Command, Output, Stdio};

const FILES: [&str; 2] = ["tests/data/article.a.jsonl", "tests/data/article.b.jsonl"];

pub fn agree(arguments: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_wusum"));
    let program = program.current_dir(env!("CARGO_MANIFEST_DIR")).arg("agree").args(arguments).stdin(Stdio::null());
    program.output().expect("the program runs")
}

pub fn json(arguments: &[&str]) -> Value {
    let output = agree(&[arguments, &["--json"]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("it is JSON")
}

#[test]
fn the_shape_is_the_one_that_scripts_rely_on() {
    let told = json(&FILES);
    assert_eq!((&told["annotators"], &told["documents"]), (&serde_json::json!(["a", "b"]), &1.into()));
    let keys = |value: &Value| value.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    assert_eq!(told["pairs"].as_array().map(Vec::len), Some(1));
    assert_eq!((&told["pairs"][0]["a"], &told["pairs"][0]["b"]), (&"a".into(), &"b".into()));
    for figures in [&told["pairs"][0], &told["mean"]] {
        assert_eq!(keys(&figures["cohen_kappa"]), ["Actor", "Claim", "Location", "flat"]);
        assert_eq!(keys(&figures["span_f1"]), ["boundary", "clitic", "exact", "label", "partial"]);
        assert!(figures["token_f1"].is_f64());
    }
    assert_eq!(keys(&told["fleiss_kappa"]), ["Actor", "Claim", "Location", "flat"]);
    assert_eq!(keys(&told["krippendorff_alpha"]), ["Actor", "Claim", "Location", "flat"]);
    assert!(told["alpha_u"].is_f64() && told["gamma"].is_f64());
    assert_eq!(told["mean"]["cohen_kappa"], told["pairs"][0]["cohen_kappa"]);
}

#[test]
fn files_in_another_order_tell_the_same() {
    assert_eq!(json(&FILES), json(&[FILES[1], FILES[0]]));
    assert_ne!(json(&FILES)["pairs"], json(&[FILES[0], FILES[1], "--tokens", "whitespace"])["pairs"]);
    assert_eq!(json(&[FILES[0], FILES[1], "--seed", "5"])["pairs"], json(&FILES)["pairs"]);
}

#[test]
fn one_person_alone_has_figures_that_say_why_not() {
    let told = json(&FILES[..1]);
    assert_eq!((&told["documents"], &told["pairs"]), (&0.into(), &serde_json::json!([])));
    assert_eq!((&told["mean"]["token_f1"], &told["mean"]["reasons"]["token_f1"]), (&Value::Null, &"one-annotator".into()));
    assert_eq!((&told["alpha_u"], &told["reasons"]["alpha_u"]), (&Value::Null, &"one-annotator".into()));
}

#[test]
fn files_that_do_not_say_whose_they_are_get_a_name_each() {
    let folder = std::env::temp_dir().join(format!("wusum-agree-{}", std::process::id()));
    let mut paths = Vec::new();
    for (name, file) in [("one", FILES[0]), ("two", FILES[1])] {
        // Tokens and tags alone: nobody is named in them.
        let out = folder.join(name);
        let mut program = Command::new(env!("CARGO_BIN_EXE_wusum"));
        let program =
            program.current_dir(env!("CARGO_MANIFEST_DIR")).args(["convert", file, "--to", "conll2003", "--widen", "--out"]).arg(out.join(""));
        assert!(program.output().expect("the program runs").status.success());
        let written = std::fs::read_dir(&out).expect("a folder").flatten().map(|entry| entry.path());
        let conll = written.into_iter().find(|path| path.extension().is_some_and(|ending| ending == "conll")).expect("a file");
        let bare = folder.join(format!("{name}.conll"));
        std::fs::copy(conll, &bare).expect("it can be copied");
        paths.push(bare.display().to_string());
    }
    // That the two call the document otherwise is told, and no hindrance.
    let output = agree(&[&paths[0], &paths[1], "--annotator", "سارة,ليلى", "--json"]);
    let told: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    assert_eq!(told["annotators"], serde_json::json!(["سارة", "ليلى"]));
    assert_eq!(told["documents"], 1);
    // One tag a word, of the longest label: the words and the tags are those of `flat`.
    assert_eq!(told["pairs"][0]["cohen_kappa"]["flat"], json(&FILES)["pairs"][0]["cohen_kappa"]["flat"]);
    assert_eq!(agree(&[&paths[0], "--annotator", "سارة,ليلى"]).status.code(), Some(2));
    std::fs::remove_dir_all(folder).expect("it is there");
}

#[test]
fn exit_status_and_words() {
    let output = agree(&FILES);
    let words = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(0));
    assert!(words.contains("a and b, documents: 1") && words.contains("alpha_U") && words.contains("no intervals: one-document"), "{words}");
    assert_eq!(agree(&["nowhere.jsonl", FILES[0]]).status.code(), Some(1));
    assert_eq!(agree(&[FILES[0], "--gold", "nobody"]).status.code(), Some(2));
    assert_eq!(agree(&[FILES[0], "--tokens", "letters"]).status.code(), Some(2));
    assert_eq!(agree(&[]).status.code(), Some(2));
    let gold = json(&[FILES[0], FILES[1], "--gold", "b"]);
    assert_eq!((&gold["pairs"][0]["a"], &gold["gold"]), (&"b".into(), &"b".into()));
    assert_eq!(gold["reasons"]["gamma"], "one-annotator");
}
