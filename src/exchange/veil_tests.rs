//! What an import tells somebody who may not see the labels of others yet.

use super::tests::{TEXT, asked, bare, take, written};
use super::*;
use crate::formats::merge::ReportLine;
use crate::id::DocumentId;
use serde_json::{Value, json};

const OTHER: &str = "سارة";

fn looks(is_blind: bool) -> Asked {
    Asked { looks: Some(Looks { own: "أنا".into(), is_blind }), ..asked() }
}

/// A layer of a document in a file; its label says that it is on these words.
fn layer(document: &str, annotator: &str, status: &str, words: &str) -> Value {
    let spans = json!([{"id": "s1", "start": 6, "end": 13, "label": "Actor", "text": words}]);
    json!({"kind": "layer", "document": document, "annotator": annotator, "status": status, "revision": 2, "spans": spans})
}

fn file(lines: &[Value]) -> (String, Vec<u8>) {
    let document = json!({"kind": "document", "id": "d", "title": "خبر", "text": TEXT});
    let all = [document].iter().chain(lines).map(|line| format!("{line}\n")).collect::<String>();
    ("x.jsonl".to_owned(), all.into_bytes())
}

/// All that the page shows of an import.
fn shown(imported: &Imported) -> String {
    json!([imported.lines, imported.problems, imported.hidden, imported.lost, imported.more]).to_string()
}

fn hidden(document: &str, troubled: bool) -> Hidden {
    Hidden { document: document.into(), troubled }
}

#[test]
fn blind_the_report_names_nobody_else_until_ones_own_is_done() {
    let words = "أرمينيا";
    let files = [file(&[layer("d", OTHER, "done", words), layer("d", "gold", "done", words), layer("d", "أنا", "in-progress", words)])];
    let (answer, imported) = take(&bare(None), &files, &looks(true));
    assert_eq!(imported.hidden, [hidden("d", false)]);
    let own = ReportLine::LayerTaken { layer: LayerKey { document: "d".into(), annotator: "أنا".into() }, revision: 2 };
    assert_eq!(imported.lines, [ReportLine::DocumentSame { incoming: "d".into(), here: "d".into() }, own]);
    assert!(imported.good && !shown(&imported).contains(OTHER), "{}", shown(&imported));
    // The same once more, when nothing is new: still no name, and no word on whether it was the same.
    let here = written(&bare(None), &answer);
    let (_, again) = take(&here, &files, &looks(true));
    assert!(again.hidden == [hidden("d", false)] && !shown(&again).contains(OTHER), "{}", shown(&again));
    // Nobody who sees everything anyway is told less; who is done sees everything.
    assert!(shown(&take(&here, &files, &looks(false)).1).contains(OTHER));
    let (answer, _) =
        take(&here, &[file(&[json!({"kind": "layer", "document": "d", "annotator": "أنا", "status": "done", "revision": 3})])], &looks(true));
    let (_, done) = take(&written(&here, &answer), &files, &looks(true));
    assert!(done.hidden.is_empty() && shown(&done).contains(OTHER), "{}", shown(&done));
}

#[test]
fn what_is_amiss_with_hidden_labels_is_told_without_their_words() {
    let files =
        [file(&[layer("d", OTHER, "done", "تبليسي"), layer("elsewhere", OTHER, "done", "يريفان"), layer("elsewhere", "هدى", "done", "موسكو")])];
    let (_, imported) = take(&bare(None), &files, &looks(true));
    assert_eq!(imported.hidden, [hidden("d", true)]);
    let told = shown(&imported);
    assert!(!imported.good && ![OTHER, "هدى", "تبليسي", "يريفان", "موسكو"].iter().any(|word| told.contains(word)), "{told}");
    let problems: Vec<_> =
        imported.problems.iter().map(|problem| (problem.code.as_str(), problem.params[0].1.as_str(), problem.params[1].1.as_str())).collect();
    assert_eq!(problems, [("unknown-document", "elsewhere", "")], "that a text is missing is known, but once");
    let (_, seen) = take(&bare(None), &files, &looks(false));
    let told = shown(&seen);
    assert!([OTHER, "هدى", "تبليسي", "يريفان", "موسكو"].iter().all(|word| told.contains(word)), "{told}");
}

#[test]
fn gold_of_a_test_is_hidden_from_whom_it_tests_also_where_the_text_has_another_name() {
    let mut gold = layer("d", "gold", "done", "أرمينيا");
    gold["remarks"] = json!([{"id": "test", "kind": "test", "on": true, "by": "هدى", "at": 5}]);
    let (answer, imported) = take(&bare(None), &[file(&[gold.clone()])], &looks(false));
    assert_eq!((&imported.hidden[..], imported.lines.len()), (&[hidden("d", false)][..], 1));
    let here = written(&bare(None), &answer);
    // The label's words are not in the text: refused under the name that the file has for it.
    let other = json!({"kind": "document", "id": "other", "title": "خبر", "text": TEXT});
    let lines = [other, layer("other", OTHER, "done", "تبليسي")].iter().map(|line| format!("{line}\n")).collect::<String>();
    let (_, imported) = take(&here, &[("y.jsonl".to_owned(), lines.into_bytes())], &looks(false));
    assert_eq!(imported.hidden, [hidden("d", true)]);
    assert!(!shown(&imported).contains(OTHER) && !shown(&imported).contains("تبليسي"), "{}", shown(&imported));
    // Who gave it sees it.
    let by = Asked { looks: Some(Looks { own: "هدى".into(), is_blind: false }), ..asked() };
    assert_eq!(take(&here, &[file(&[gold])], &by).1.hidden, []);
    assert_eq!(imported.first, None::<DocumentId>);
}
