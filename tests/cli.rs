//! The real program on real files.

#![allow(clippy::expect_used, reason = "a test says what it relies on")]

use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const ARTICLE: &str = include_str!("../data/article.txt");
const LABELS_A: &str = include_str!("data/article.a.jsonl");
const LABELS_B: &str = include_str!("data/article.b.jsonl");

/// A folder that goes when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path = std::env::temp_dir().join(format!("wusum-cli-{test}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder for the test");
        Self(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        std::fs::write(self.0.join(name), content).expect("a file for the test");
        self.path(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn wusum(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_wusum")).args(arguments).stdin(Stdio::null()).output().expect("the program runs")
}

fn fed(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_wusum"));
    let mut child = child.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program runs");
    child.stdin.take().expect("it is piped").write_all(input).expect("it reads");
    child.wait_with_output().expect("it ends")
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn lines(path: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(path).expect("it was written");
    text.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
}

fn check_json(arguments: &[&str]) -> Value {
    let output = wusum(&[&["check", "--json"], arguments].concat());
    serde_json::from_slice(&output.stdout).expect("one JSON object")
}

#[test]
fn it_lists_what_works() {
    let output = wusum(&["formats"]);
    let all = "wusum\tin, out\tcode-points\ntext\tin, out\tnone\ncsv\tin, out\tcode-points\ndoccano\tin, out\tutf-16\n\
               label-studio\tin, out\tcode-points\nbrat\tin, out\tcode-points-lf\nspacy\tin, out\tcode-points\n\
               web-annotation\tin, out\tcode-points\ngate\tin, out\tcode-points\npubannotation\tin, out\tcode-points\nconll2003\tin, out\tnone\n\
               conll-nested\tin, out\tnone\nhuggingface\tin, out\tcode-points\nconllu\tin, out\tnone\nwebanno-tsv\tin, out\tutf-16\n\
               cas-xmi\tin, out\tutf-16\ncas-json\tin, out\tutf-16\ntei\tout\tcode-points\nparquet\tout\tcode-points\n";
    assert_eq!(String::from_utf8_lossy(&output.stdout), all);
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn wrong_use_is_2_and_asking_for_help_is_not() {
    for arguments in [&[][..], &["frobnicate"], &["convert", "x", "--to", "nonsense", "--out", "y"], &["convert", "x", "--to", "text"], &["check"]] {
        let output = wusum(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!output.stderr.is_empty());
    }
    assert_eq!(wusum(&["--help"]).status.code(), Some(0));
}

#[test]
fn both_peoples_labels_of_the_article_become_one_project() {
    let folder = Folder::new("both");
    let (a, b, out) = (folder.file("a.jsonl", LABELS_A), folder.file("b.jsonl", LABELS_B), folder.path("both.jsonl"));
    let output = wusum(&["convert", &a, &b, "--to", "wusum", "--out", &out]);
    assert_eq!((output.status.code(), err(&output)), (Some(0), String::new()));
    let written = lines(&out);
    assert_eq!(written.iter().map(|line| line["kind"].as_str().unwrap_or_default()).collect::<Vec<_>>(), ["project", "document", "layer", "layer"]);
    assert_eq!(written[1]["text"], ARTICLE);
    let counts: Vec<_> = written[2..].iter().map(|layer| (layer["annotator"].as_str(), layer["spans"].as_array().map(Vec::len))).collect();
    assert_eq!(counts, [(Some("a"), Some(72)), (Some("b"), Some(68))]);
    // The first label of the article: أرمينيا, characters 5 to 12.
    assert_eq!(written[2]["spans"][0], json!({"id": "s1", "start": 5, "end": 12, "label": "Actor", "text": "أرمينيا"}));
    // Every place has its quote, counted by characters.
    let characters: Vec<char> = written[1]["text"].as_str().unwrap_or_default().chars().collect();
    for span in written[2..].iter().flat_map(|layer| layer["spans"].as_array().expect("labels")) {
        let at = |name: &str| span[name].as_u64().expect("an offset") as usize;
        assert_eq!(characters[at("start")..at("end")].iter().collect::<String>(), span["text"]);
    }
    // What was written is read without a problem and written the same.
    let again = folder.path("again.jsonl");
    assert_eq!(wusum(&["convert", &out, "--to", "wusum", "--out", &again]).status.code(), Some(0));
    assert_eq!(std::fs::read(&again).expect("written"), std::fs::read(&out).expect("written"));
    let report = check_json(&[&a, &b]);
    assert_eq!((report["documents"].as_array().map(Vec::len), report["layers"][0]["spans"].as_u64()), (Some(1), Some(72)));
    assert_eq!(report["problems"], json!([]));
}

#[test]
fn streams_are_files_too() {
    let output = fed(&["convert", "-", "--to", "text", "--out", "-"], LABELS_A.as_bytes());
    assert_eq!((output.status.code(), err(&output)), (Some(0), String::new()));
    assert_eq!(String::from_utf8_lossy(&output.stdout), ARTICLE);
    let output = fed(&["convert", "-", "--from", "text", "--to", "wusum", "--out", "-"], "{\"قال\"".as_bytes());
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let document: Value = serde_json::from_str(text.lines().nth(1).expect("a document")).expect("JSON");
    assert_eq!(document["text"], "{\"قال\"");
}

/// The project of both people's labels, without the schema, which most formats do not hold.
fn same_labels(path: &str) -> Vec<Value> {
    lines(path).into_iter().skip(1).collect()
}

#[test]
fn several_files_are_a_folder_an_archive_or_a_stream() {
    let folder = Folder::new("several");
    let (a, b, both) = (folder.file("a.jsonl", LABELS_A), folder.file("b.jsonl", LABELS_B), folder.path("both.jsonl"));
    assert_eq!(wusum(&["convert", &a, &b, "--to", "wusum", "--out", &both]).status.code(), Some(0));
    let (out, zip, back) = (folder.path("brat/"), folder.path("brat.zip"), folder.path("back.jsonl"));
    for place in [&out, &zip] {
        let output = wusum(&["convert", &both, "--to", "brat", "--out", place]);
        assert_eq!(output.status.code(), Some(0));
        // What is not held is no problem of the data, and is told line by line.
        assert!(err(&output).lines().all(|line| line.starts_with("brat: not held: ")), "{}", err(&output));
    }
    let mut names: Vec<String> = walk(Path::new(&out));
    names.sort();
    assert_eq!(names, ["EXPORT.json", "a/article.ann", "a/article.txt", "annotation.conf", "b/article.ann", "b/article.txt"]);
    // Folder and archive come back the same, and a folder is written over without touching what else is in it.
    let other = folder.file("brat/notes.md", "mine");
    assert_eq!(wusum(&["convert", &both, "--to", "brat", "--out", &out]).status.code(), Some(0));
    assert_eq!(std::fs::read_to_string(&other).expect("it stays"), "mine");
    std::fs::remove_file(&other).expect("it was there");
    let quotes = |path: &str| {
        let all = same_labels(path).into_iter().filter(|line| line["kind"] == "layer");
        let quote = |span: &Value| (span["start"].as_u64(), span["text"].to_string(), span["label"].to_string());
        all.map(|layer| (layer["annotator"].to_string(), layer["spans"].as_array().expect("labels").iter().map(quote).collect::<Vec<_>>()))
            .collect::<Vec<_>>()
    };
    for place in [&out, &zip] {
        let output = wusum(&["convert", place, "--to", "wusum", "--out", &back]);
        assert_eq!((output.status.code(), err(&output)), (Some(0), String::new()), "{place}");
        assert_eq!(quotes(&back), quotes(&both), "{place}");
    }
    // The archive through a stream, in and out.
    let output = fed(&["convert", "-", "--to", "csv", "--out", "-"], &std::fs::read(&zip).expect("written"));
    assert_eq!((output.status.code(), output.stdout.starts_with(b"kind,document,")), (Some(0), true));
    assert_eq!(wusum(&["check", "--no-findings", &zip]).status.code(), Some(0));
    // An archive that is cut off is a problem with its name.
    let cut = folder.file("cut.zip", &std::fs::read(&zip).expect("written")[..200]);
    let output = wusum(&["check", &cut]);
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).starts_with(&format!("{cut}: the archive cannot be read: ")), "{}", err(&output));
}

/// Files below a folder, by path from it.
fn walk(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("it can be listed").path());
    let (folders, files): (Vec<PathBuf>, Vec<PathBuf>) = entries.partition(|path| path.is_dir());
    let name = |path: &Path| path.file_name().expect("a name").to_string_lossy().into_owned();
    let below = folders.iter().flat_map(|path| walk(path).into_iter().map(move |inner| format!("{}/{inner}", name(path))));
    files.iter().map(|path| name(path)).chain(below).collect()
}

#[test]
fn one_file_has_what_is_said_of_it_beside() {
    let folder = Folder::new("table");
    let (a, tsv, csv, back) = (folder.file("a.jsonl", LABELS_A), folder.path("a.tsv"), folder.path("a.csv"), folder.path("back.jsonl"));
    for (out, parted) in [(&tsv, '\t'), (&csv, ',')] {
        assert_eq!(wusum(&["convert", &a, "--to", "csv", "--out", out]).status.code(), Some(0));
        let table = std::fs::read_to_string(out).expect("written");
        assert!(table.trim_start_matches('\u{FEFF}').starts_with(&format!("kind{parted}document{parted}")), "{table:.60}");
        let side: Value = serde_json::from_slice(&std::fs::read(format!("{out}.EXPORT.json")).expect("beside it")).expect("JSON");
        assert_eq!((&side["format"], &side["offset_unit"]), (&json!("csv"), &json!("code-points")));
        let output = wusum(&["convert", out, "--to", "wusum", "--out", &back]);
        assert_eq!((output.status.code(), err(&output)), (Some(0), String::new()));
        assert_eq!(same_labels(&back), same_labels(&a));
    }
}

#[test]
fn a_text_comes_back_byte_for_byte_with_its_line_ends() {
    let folder = Folder::new("crlf");
    let source = "\u{FEFF}عنوان الخبر\r\nقالت باكو 😀 نعم\r\r\n\u{202E}ثم لا\n\n";
    let (file, jsonl, back) = (folder.file("خبر.txt", source), folder.path("خبر.jsonl"), folder.path("back.txt"));
    assert_eq!(wusum(&["convert", &file, "--to", "wusum", "--out", &jsonl]).status.code(), Some(0));
    let document = &lines(&jsonl)[1];
    assert_eq!((document["id"].as_str(), document["title"].as_str()), (Some("خبر"), Some("عنوان الخبر")));
    assert_eq!(wusum(&["convert", &jsonl, "--to", "text", "--out", &back]).status.code(), Some(0));
    assert_eq!(std::fs::read_to_string(&back).expect("written"), source.trim_start_matches('\u{FEFF}'));
    // The own format with other line ends and a mark.
    let dos = folder.file("dos.jsonl", format!("\u{FEFF}{}", LABELS_A.replace('\n', "\r\n")));
    let output = wusum(&["check", &dos]);
    assert_eq!((output.status.code(), err(&output)), (Some(0), String::new()));
}

#[test]
fn old_encodings_are_read() {
    let folder = Folder::new("encodings");
    let little: Vec<u8> = [0xFF, 0xFE].into_iter().chain(ARTICLE.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let big: Vec<u8> = [0xFE, 0xFF].into_iter().chain(ARTICLE.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    let (windows, _, unmappable) = encoding_rs::WINDOWS_1256.encode(ARTICLE);
    assert!(!unmappable);
    for (name, bytes, encoding) in [("le.txt", &little[..], "UTF-16LE"), ("be.txt", &big, "UTF-16BE"), ("cp.txt", &windows, "windows-1256")] {
        let (file, out) = (folder.file(name, bytes), folder.path("out.jsonl"));
        let output = wusum(&["convert", &file, "--to", "wusum", "--out", &out]);
        assert_eq!((output.status.code(), err(&output)), (Some(0), String::new()), "{name}");
        let document = &lines(&out)[1];
        assert_eq!(document["text"], ARTICLE, "{name}");
        assert_eq!(document["meta"]["encoding"], encoding);
    }
}

#[test]
fn problems_are_named_with_file_and_line_and_the_good_is_written() {
    let folder = Folder::new("problems");
    let mut source: Vec<&str> = LABELS_A.lines().collect();
    source.insert(1, "{\"kind\":\"document\",");
    source.push("{\"kind\":\"layer\",\"document\":\"nowhere\",\"annotator\":\"a\",\"spans\":[]}");
    let moved = LABELS_B.lines().last().expect("a layer").replacen("\"start\":5,\"end\":12", "\"start\":6,\"end\":13", 1);
    assert!(moved.contains("\"start\":6"));
    source.push(&moved);
    let (file, out) = (folder.file("bad.jsonl", source.join("\n")), folder.path("out.jsonl"));
    let output = wusum(&["convert", &file, "--to", "wusum", "--out", &out]);
    assert_eq!(output.status.code(), Some(1));
    let named: Vec<String> = err(&output).lines().map(|line| line.split(": ").next().unwrap_or_default().to_owned()).collect();
    assert_eq!(named, [format!("{file}:2"), format!("{file}:5"), format!("{file}:6")]);
    assert_eq!(lines(&out).len(), 4);
    let codes: Vec<Value> = check_json(&[&file])["problems"].as_array().expect("a list").iter().map(|problem| problem["code"].clone()).collect();
    assert_eq!(codes, ["bad-json", "unknown-document", "span-moved"]);
    assert_eq!(wusum(&["check", &file]).status.code(), Some(1));
}

#[test]
fn a_missing_file_is_a_problem_and_a_place_that_cannot_be_written_is_wrong_use() {
    let folder = Folder::new("missing");
    let (good, missing) = (folder.file("a.jsonl", LABELS_A), folder.path("none.jsonl"));
    let output = wusum(&["check", &good, &missing]);
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).starts_with(&missing), "{}", err(&output));
    let nowhere = Path::new(&missing).join("x").display().to_string();
    assert_eq!(wusum(&["convert", &good, "--to", "wusum", "--out", &nowhere]).status.code(), Some(2));
}

#[test]
fn a_file_may_be_converted_in_place() {
    let folder = Folder::new("in-place");
    let file = folder.file("a.jsonl", LABELS_A);
    assert_eq!(wusum(&["convert", &file, "--to", "wusum", "--out", &file]).status.code(), Some(0));
    assert_eq!(std::fs::read_to_string(&file).expect("written"), LABELS_A);
    assert_eq!(std::fs::read_dir(&folder.0).expect("the folder").count(), 1);
}

#[test]
fn plain_json_takes_its_annotator_from_the_command_line() {
    let folder = Folder::new("plain");
    let spans = json!([{"id": "s1", "start": 5, "end": 12, "label": "Actor"}]);
    let file = folder.file("plain.json", json!({"documents": [{"id": "d", "text": ARTICLE, "spans": spans}]}).to_string());
    let out = folder.path("out.jsonl");
    assert_eq!(wusum(&["check", &file]).status.code(), Some(1));
    assert_eq!(wusum(&["convert", &file, "--to", "wusum", "--out", &out, "--annotator", "سارة"]).status.code(), Some(0));
    assert_eq!((lines(&out)[2]["annotator"].as_str(), lines(&out)[2]["spans"][0]["text"].as_str()), (Some("سارة"), Some("أرمينيا")));
}

#[test]
fn labels_are_checked_against_their_schema() {
    let folder = Folder::new("findings");
    let file = folder.file("b.jsonl", LABELS_B);
    let output = wusum(&["check", &file]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).ends_with("problems: 0, faults: 2, remarks: 2\n"));
    // Each with file and line, whose label on what, where, which words, and why.
    let named = err(&output);
    let place = format!("{file}:3: ");
    assert!(named.lines().all(|line| line.starts_with(&place)), "{named}");
    assert!(named.contains("label \"s8\" by \"b\" on \"article\", 236 to 304, \"\"مباحثات"), "{named}");
    assert!(named.contains("remark: label \"s4\" by \"b\" on \"article\", 119 to 123, \"باكو\": the same text is labelled \"Actor\""), "{named}");
    // As data.
    let report = check_json(&[&file]);
    let findings = report["findings"].as_array().expect("a list");
    let codes: Vec<_> =
        findings.iter().map(|finding| (finding["id"].as_str().unwrap_or_default(), finding["code"].as_str().unwrap_or_default())).collect();
    assert_eq!(codes, [("s4", "differs"), ("r1", "relation-ends"), ("s8", "edges"), ("s11", "differs")]);
    assert_eq!((&findings[0]["fault"], &findings[1]["fault"], &findings[1]["about"]), (&json!(false), &json!(true), &json!("relation")));
    assert_eq!((&findings[2]["start"], &findings[2]["line"], &findings[2]["check"]), (&json!(236), &json!(3), &json!("edges")));
    assert_eq!(report["problems"], json!([]));
    // Only the problems; only what is certain; all of it.
    assert_eq!(wusum(&["check", "--no-findings", &file]).status.code(), Some(0));
    assert_eq!(check_json(&["--no-findings", &file])["findings"], json!([]));
    let careful = folder.file("a.jsonl", LABELS_A);
    for (arguments, status) in [(&["check", &careful][..], 0), (&["check", "--strict", &careful], 0)] {
        assert_eq!(wusum(arguments).status.code(), Some(status), "{arguments:?}");
    }
    // One remark and nothing else: the schema asks for a source, the same name is labelled otherwise once.
    let other = LABELS_A.replacen(r#""label":"Actor","text":"باكو""#, r#""label":"Location","text":"باكو""#, 1);
    assert_ne!(other, LABELS_A);
    let other = folder.file("other.jsonl", other);
    assert_eq!(wusum(&["check", &other]).status.code(), Some(0), "{}", err(&wusum(&["check", &other])));
    assert_eq!(wusum(&["check", "--strict", &other]).status.code(), Some(1));
}

#[test]
fn a_schema_goes_from_one_format_to_another() {
    let folder = Folder::new("schema");
    let (own, xml, brat) = (folder.path("own.json"), folder.path("config.xml"), folder.path("annotation.conf"));
    // A ready one in the own form: nothing to tell.
    let output = wusum(&["schema", "--ready", "attribution", "--to", "wusum", "--out", &own]);
    assert_eq!((output.status.code(), err(&output)), (Some(0), String::new()));
    let schema: Value = serde_json::from_slice(&std::fs::read(&own).expect("written")).expect("JSON");
    assert_eq!(schema["labels"].as_array().map(Vec::len), Some(3));
    // Written for another program: what it has no place for is told, and is no problem.
    let output = wusum(&["schema", &own, "--to", "label-studio", "--out", &xml]);
    assert_eq!(output.status.code(), Some(0));
    assert!(err(&output).lines().all(|line| line.starts_with(&format!("{xml}: the format has no place for "))), "{}", err(&output));
    assert!(err(&output).contains("\"relations.from\" of source, cue"), "{}", err(&output));
    // And from that to a third, through a stream; the format is told from the file.
    let input = std::fs::read(&xml).expect("written");
    let output = fed(&["schema", "-", "--to", "brat", "--out", "-"], &input);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.starts_with("[entities]\nSource\nCue\nContent\n"), "{text}");
    assert!(text.contains("style\tArg:Content, Value:direct|indirect|mixed\n"), "{text}");
    // The schema of a project's file.
    let project = folder.file("b.jsonl", LABELS_B);
    assert_eq!(wusum(&["schema", &project, "--to", "brat", "--out", &brat]).status.code(), Some(0));
    assert!(std::fs::read_to_string(&brat).expect("written").contains("source\tArg1:Claim, Arg2:Actor\n"));
    // What was not taken is a problem, named with its line; the rest is written.
    let odd = folder.file("odd.conf", "[entities]\nPerson\n[strange]\nx\n");
    let output = wusum(&["schema", &odd, "--to", "wusum", "--out", &own]);
    assert_eq!((output.status.code(), err(&output).lines().count()), (Some(1), 1));
    assert!(err(&output).starts_with(&format!("{odd}:3: ")), "{}", err(&output));
    assert!(std::fs::read_to_string(&own).expect("written").contains("\"Person\""));
    for arguments in [
        &["schema", "--to", "brat", "--out", "-"][..],
        &["schema", &own, "--ready", "wojood", "--to", "brat", "--out", "-"],
        &["schema", "--ready", "nothing", "--to", "brat", "--out", "-"],
        &["schema", &own, "--to", "csv", "--out", "-"],
        &["schema", &folder.path("none"), "--to", "brat", "--out", "-"],
    ] {
        assert_eq!(wusum(arguments).status.code(), Some(2), "{arguments:?}");
    }
    // The help names the ready ones.
    let help = wusum(&["schema", "--help"]);
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    let names = err(&wusum(&["schema", "--ready", "nothing", "--to", "brat", "--out", "-"]));
    let names = names.trim().rsplit(": ").next().expect("a list");
    assert!(!names.is_empty() && help.contains(names), "{names}: {help}");
}

/// Twelve documents of one person, of which the last two are nearly the same and the first is not done.
fn twelve() -> String {
    let mut lines = String::from("{\"wusum\":1,\"kind\":\"project\",\"name\":\"news\"}\n");
    for number in 0..12 {
        let story = if number == 11 { 10 } else { number };
        let words: Vec<String> = (0..30).map(|word| format!("كلمة{story}في{word}")).collect();
        let text = format!("قال الوزير {}{}", words.join(" "), if number == 11 { "." } else { "" });
        let status = if number == 0 { "in-progress" } else { "done" };
        let document = json!({"wusum": 1, "kind": "document", "id": format!("d{number:02}"), "title": "", "text": text});
        let spans = json!([{"id": "s1", "start": 4, "end": 10, "label": "Actor", "text": "الوزير"}]);
        let layer = json!({"wusum": 1, "kind": "layer", "document": format!("d{number:02}"), "annotator": "a", "status": status, "revision": 1, "spans": spans, "relations": []});
        lines.push_str(&format!("{document}\n{layer}\n"));
    }
    lines
}

#[test]
fn stats_count_what_is_there() {
    let folder = Folder::new("stats");
    let (a, b) = (folder.file("a.jsonl", LABELS_A), folder.file("b.jsonl", LABELS_B));
    let output = wusum(&["stats", "--json", &a, &b]);
    assert_eq!((output.status.code(), err(&output)), (Some(0), String::new()));
    let report: Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
    let stats = &report["stats"];
    assert_eq!((&stats["documents"], &stats["layers"], &stats["annotators"]["a"]["labels"]), (&json!(1), &json!(2), &json!(72)));
    assert_eq!(stats["characters"], json!(ARTICLE.chars().count()));
    let labels: u64 = stats["labels"].as_object().expect("labels").values().filter_map(Value::as_u64).sum();
    assert_eq!((labels, report["problems"].as_array().map(Vec::len)), (140, Some(0)));
    let output = wusum(&["stats", &a, &b, "--annotators", "b"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        text.starts_with("documents\t1\n") && text.contains("\nannotator\tb\t1 documents\t68 labels\t") && !text.contains("\tannotator\ta"),
        "{text}"
    );
    let output = fed(&["stats", "-"], b"{\"wusum\":1,\"kind\":\"layer\"}\n");
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    for wrong in
        [&["stats"][..], &["stats", &a, "--annotators", "nobody"], &["stats", &a, "--status", "ready"], &["stats", &a, "--labels", "Nothing"]]
    {
        assert_eq!(wusum(wrong).status.code(), Some(2), "{wrong:?}");
    }
}

#[test]
fn a_data_set_is_split_by_seed() {
    let folder = Folder::new("split");
    let (file, zip, again, out) = (folder.file("news.jsonl", twelve()), folder.path("set.zip"), folder.path("again.zip"), folder.path("set/"));
    let split = |more: &[&str]| wusum(&[&["split", &file, "--to", "wusum", "--seed", "3"], more].concat());
    let output = split(&["--out", &zip, "--json", "--shares", "60,20,20"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let report: Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
    let documents = |at: usize| report["splits"][at]["documents"].as_array().expect("names").clone();
    assert_eq!([0, 1, 2].map(|at| documents(at).len()).iter().sum::<usize>(), 12);
    assert!((0..3).any(|at| documents(at).contains(&json!("d10")) && documents(at).contains(&json!("d11"))), "{report}");
    assert_eq!(report["near_duplicates"][0]["documents"], json!(["d10", "d11"]));
    // The same bytes again, and the same files in a folder, which is one project.
    assert_eq!(split(&["--out", &again, "--shares", "60,20,20"]).status.code(), Some(0));
    assert_eq!(std::fs::read(&zip).expect("written"), std::fs::read(&again).expect("written"));
    let output = split(&["--out", &out, "--shares", "60,20,20"]);
    assert!(err(&output).contains("near duplicates: \"d10\" and \"d11\", 1.00: \"قال الوزير "), "{}", err(&output));
    for path in ["train", "dev", "test", "README.md", "DATA_STATEMENT.md", "STATS.json", "STATS.csv", "STATS-labels.svg", "EXPORT.json"] {
        assert!(Path::new(&out).join(path).exists(), "{path}");
    }
    let back = folder.path("back.jsonl");
    assert_eq!(wusum(&["convert", &out, "--to", "wusum", "--out", &back]).status.code(), Some(0));
    assert_eq!(lines(&back).len(), 25);
    // Only what is done, on convert too; a name that is not there, and splits that would be empty, are wrong use.
    assert_eq!(wusum(&["convert", &file, "--to", "wusum", "--out", &back, "--status", "done"]).status.code(), Some(0));
    assert_eq!(lines(&back).len(), 23);
    let (none, one) = (folder.path("none/"), "d00,d01");
    for (more, why) in [
        (&["--out", &none, "--documents", one][..], "too few documents for 3 splits: 2, of which 2 can go apart"),
        (&["--out", &none, "--documents", "x"], "no document \"x\" in the input"),
        (&["--out", &none, "--shares", "1"], "two or three whole numbers"),
        (&["--out", &none, "--near", "1.5"], "a number over 0, up to 1"),
        (&["--out", "-", "--json"], "cannot both go to standard output"),
    ] {
        let output = split(more);
        assert_eq!(output.status.code(), Some(2), "{more:?}");
        assert!(err(&output).contains(why) && !Path::new(&none).exists(), "{}", err(&output));
    }
}
