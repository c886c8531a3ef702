//! Files as other programs write them: spaCy and Prodigy, Web Annotation, GATE, PubAnnotation, Label Studio.

use super::export::Options;
use super::files::Files;
use super::round_trips::{exported, imported, key, nasty, places};
use super::samples::{SENTENCE, cases, projects, sentence};
use super::tokens::{CutRule, is_space};
use super::{Format, Import, Importer};
use crate::layer::Status;
use crate::project::Project;
use proptest::prelude::*;
use serde_json::{Value, json};

fn ids(import: &Import) -> Vec<&'static str> {
    import.problems.iter().map(|problem| problem.code.id()).filter(|id| *id != "unknown-label").collect()
}

fn read(name: &str, value: &Value) -> Import {
    imported(&Files::one(name, value.to_string()), None)
}

/// The places of somebody's labels, with their names.
fn found(import: &Import, document: &str, annotator: &str) -> String {
    let layer = import.layers.get(&key(document, annotator)).unwrap_or_else(|| panic!("{document} {annotator} {:?}", import.problems));
    let label = |(pieces, label): (Vec<(u32, u32)>, String)| {
        let pieces: Vec<String> = pieces.iter().map(|(start, end)| format!("{start}-{end}")).collect();
        format!("{label}{}", pieces.join("+"))
    };
    places(layer).into_iter().map(label).collect::<Vec<_>>().join(" ")
}

fn ties(import: &Import, document: &str, annotator: &str) -> Vec<String> {
    let layer = import.layers.get(&key(document, annotator)).expect("a layer");
    layer.relations().map(|one| format!("{}>{}>{}", one.from, one.kind, one.to)).collect()
}

/// Tokens of a text as spaCy makes them again from words: a blank after a word is the word's, all else between two is one token.
fn made_again(text: &str, tokens: &[String]) -> Vec<String> {
    let mut made = Vec::new();
    let mut rest = text;
    for word in tokens.iter().filter(|token| !token.chars().all(is_space)) {
        let at = rest.find(word.as_str()).expect("the words are there in order");
        made.extend(rest.get(..at).filter(|gap| !gap.is_empty()).map(str::to_owned));
        made.push(word.clone());
        rest = &rest[at + word.len()..];
        rest = rest.strip_prefix(' ').unwrap_or(rest);
    }
    made.extend(Some(rest.to_owned()).filter(|rest| !rest.is_empty()));
    made
}

fn check_spacy(project: &Project, cut: CutRule) {
    for (_, bytes) in exported(project, Format::Spacy, &Options { cut, ..Options::default() }).files.iter() {
        for line in String::from_utf8_lossy(bytes).lines() {
            let document: Value = serde_json::from_str(line).expect("JSON");
            let text: Vec<char> = document["text"].as_str().expect("a text").chars().collect();
            let place = |value: &Value| (value["start"].as_u64().expect("a number") as usize, value["end"].as_u64().expect("a number") as usize);
            let of = |list: &Value| list.as_array().expect("a list").iter().map(place).collect::<Vec<_>>();
            let tokens = of(&document["tokens"]);
            let words: Vec<String> = tokens.iter().map(|(start, end)| text[*start..*end].iter().collect()).collect();
            assert_eq!(made_again(&text.iter().collect::<String>(), &words), words);
            let (spans, mut ents) = (of(&document["spans"]["sc"]), of(&document["ents"]));
            for (start, end) in spans.iter().chain(&ents) {
                assert!(tokens.iter().any(|token| token.0 == *start) && tokens.iter().any(|token| token.1 == *end), "{start} {end} {tokens:?}");
            }
            ents.sort_unstable();
            assert!(ents.windows(2).all(|pair| pair[0].1 <= pair[1].0), "{ents:?}");
        }
    }
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn spacy_can_make_the_tokens_again_and_every_label_meets_them(project in projects(), widen in any::<bool>()) {
        check_spacy(&project, if widen { CutRule::Widen } else { CutRule::Split });
    }
}

#[test]
fn spacy_has_all_labels_as_spans_and_those_that_are_apart_as_entities() {
    check_spacy(&nasty(), CutRule::Split);
    let files = exported(&sentence(), Format::Spacy, &Options::default()).files;
    let document: Value = serde_json::from_slice(files.get("a/news.jsonl").expect("a folder for each")).expect("one line");
    let of =
        |list: &Value| json!(list.as_array().expect("a list").iter().map(|one| json!([one["start"], one["end"], one["label"]])).collect::<Vec<_>>());
    assert_eq!(of(&document["spans"]["sc"]), json!([[2, 5, "CUE"], [6, 36, "ACTOR"], [27, 36, "PERS"], [40, 56, "CLAIM"], [62, 68, "ACTOR"]]));
    assert_eq!(of(&document["ents"]), json!([[2, 5, "CUE"], [6, 36, "ACTOR"], [40, 56, "CLAIM"], [62, 68, "ACTOR"]]));
    assert_eq!(document["tokens"][1], json!({"id": 1, "start": 2, "end": 5}));
}

#[test]
fn documents_of_spacy_are_read_with_what_was_changed_since() {
    let plain = json!({"text": SENTENCE, "ents": [{"start": 2, "end": 5, "label": "CUE"}], "tokens": [{"id": 0, "start": 0, "end": 1}],
        "spans": {"sc": [{"start": 6, "end": 36, "label": "ACTOR", "kb_id": "Q1"}], "other": [{"start": 27, "end": 36, "label": "PERS", "kb_id": ""}]}});
    let import = read("a.jsonl", &plain);
    assert_eq!((found(&import, "a", "imported"), ids(&import)), ("CUE2-5 ACTOR6-36 PERS27-36".to_owned(), vec![]));
    let said: Vec<Value> = import.layers.values().flat_map(|layer| layer.iter().map(|one| json!(one.attributes))).collect();
    assert_eq!(said, [json!({}), json!({"kb_id": "Q1"}), json!({"spans_key": "other"})]);
    // Somebody takes a label out and puts another in; the tie to what is gone is told.
    let files = exported(&sentence(), Format::Spacy, &Options::default()).files;
    let mut document: Value = serde_json::from_slice(files.get("a/news.jsonl").expect("a folder for each")).expect("one line");
    document["spans"]["sc"][1] = json!({"start": 6, "end": 10, "label": "TITLE", "kb_id": ""});
    document["ents"] = json!([]);
    let import = read("x.jsonl", &document);
    assert_eq!(found(&import, "d1", "a"), "CUE2-5 TITLE6-10 PERS27-36 CLAIM40-56 ACTOR62-68");
    assert_eq!((ids(&import), ties(&import, "d1", "a")), (vec!["bad-field"], vec![]));
}

#[test]
fn lines_of_prodigy_are_read_and_their_last_token_belongs() {
    let words = [(0, 1), (2, 5), (6, 10), (11, 19), (20, 26), (27, 31), (32, 36)];
    let tokens: Vec<Value> = (0..).zip(words).map(|(id, (start, end)): (u32, _)| json!({"id": id, "start": start, "end": end, "ws": true})).collect();
    let actor = json!({"start": 6, "end": 36, "token_start": 2, "token_end": 6, "label": "ACTOR"});
    let cue = json!({"token_start": 1, "token_end": 1, "label": "CUE"});
    let line = |answer: &str, who: &str| {
        json!({"text": SENTENCE, "tokens": tokens, "spans": [actor, cue, {"token_start": 5, "token_end": 99, "label": "PERS"}], "meta": {"id": "d1"},
            "relations": [{"head": 6, "child": 1, "label": "source_of", "head_span": actor, "child_span": cue}],
            "answer": answer, "_input_hash": 1, "_task_hash": 2, "_session_id": who, "_view_id": "spans_manual"})
    };
    let lines = format!("{}\n{}\n", line("accept", "news-a"), line("reject", "news-b"));
    let import = imported(&Files::one("p.jsonl", lines), None);
    assert_eq!(ids(&import), ["bad-field", "bad-field"], "a token that is not there");
    for (who, status) in [("news-a", Status::New), ("news-b", Status::Flagged)] {
        assert_eq!(found(&import, "d1", who), "CUE2-5 ACTOR6-36");
        assert_eq!(ties(&import, "d1", who), ["s1>source_of>s2"]);
        assert_eq!(import.layers.get(&key("d1", who)).map(|layer| layer.status()), Some(status));
    }
}

#[test]
fn web_annotations_have_position_and_quote() {
    let files = exported(&sentence(), Format::WebAnnotation, &Options::default()).files;
    let page: Value = serde_json::from_slice(files.get("news.jsonld").expect("one file")).expect("JSON");
    let claim = &page["items"][3];
    assert_eq!((&claim["creator"]["name"], &claim["body"][0]["value"], &claim["motivation"]), (&json!("a"), &json!("CLAIM"), &json!("tagging")));
    let [position, quote] = [0, 1].map(|at| &claim["target"]["selector"][at]);
    assert_eq!(*position, json!({"type": "TextPositionSelector", "start": 40, "end": 56}));
    assert_eq!(
        (&quote["type"], &quote["exact"], &quote["suffix"]),
        (&json!("TextQuoteSelector"), &json!("مصر ترفض التهجير"), &json!("، وفق رويترز."))
    );
    let prefix = quote["prefix"].as_str().expect("a prefix");
    assert!(prefix.ends_with("سامح شكري إن ") && prefix.chars().count() == 32, "{prefix}");
    assert_eq!(page["items"][5]["target"], json!([{"id": claim["id"]}, {"id": page["items"][1]["id"]}]));
}

/// An annotation as Recogito and Hypothesis write it.
fn anno(id: &str, body: Value, selector: Value) -> Value {
    json!({"@context": "http://www.w3.org/ns/anno.jsonld", "id": id, "type": "Annotation", "body": body, "creator": {"id": "https://x.org/mona"},
        "target": {"source": "https://x.org/news/d1.html", "selector": selector}})
}

#[test]
fn web_annotations_of_others_are_found_by_their_words() {
    let quote = |exact: &str, prefix: &str| json!({"type": "TextQuoteSelector", "exact": exact, "prefix": prefix});
    let place = |start: u32, end: u32| json!({"type": "TextPositionSelector", "start": start, "end": end});
    let all = json!([
        // In UTF-16 units, as a browser counts; one quote without position; one with a wrong one, whose words stand there twice.
        anno("#1", json!([{"type": "TextualBody", "purpose": "tagging", "value": "CUE"}]), json!([place(3, 6), quote("قال", "")])),
        anno("#2", json!([{"type": "TextualBody", "purpose": "tagging", "value": "LOC"}, {"purpose": "commenting", "value": "note"}]), json!(quote("مصر", "إن "))),
        anno("#3", json!({"value": "ORG", "purpose": "tagging"}), json!([place(1, 4), quote("رويترز", "وفق ")])),
        anno("#4", json!({"value": "X", "purpose": "tagging"}), json!(quote("مصر", ""))),
        {"id": "#5", "type": "Annotation", "motivation": "linking", "target": [{"id": "#1"}, {"id": "#2"}], "body": [{"purpose": "tagging", "value": "about"}], "creator": "https://x.org/mona"},
        {"id": "#6", "type": "Annotation", "motivation": "linking", "target": "#3", "body": "#2", "creator": "https://x.org/mona"},
        {"id": "#7", "type": "Annotation", "motivation": "linking", "target": "#3", "body": "#9"},
    ]);
    let files: Files = [("d1.txt", SENTENCE.to_owned()), ("annotations.json", all.to_string())]
        .map(|(path, text)| (path.to_owned(), text.into_bytes()))
        .into_iter()
        .collect();
    let import = imported(&files, None);
    let who = "https://x.org/mona";
    // The country stands in the adjective before it too: without words around it nothing says which.
    assert_eq!(ids(&import), ["bad-field", "bad-field", "unit-differs"], "{:?}", import.problems);
    assert_eq!(import.orphans.len(), 2);
    assert_eq!(found(&import, "d1", who), "CUE2-5 LOC40-43 ORG62-68");
    assert_eq!(ties(&import, "d1", who), ["1>about>2", "3>linking>2"]);
    assert_eq!(import.layers.get(&key("d1", who)).and_then(|layer| layer.get(&"2".into())).and_then(|one| one.note.clone()).as_deref(), Some("note"));
    // With the text in a project that is open instead.
    let mut importer = Importer::knowing(&sentence());
    importer.files(&Files::one("annotations.json", all.to_string()), None);
    assert_eq!(found(&importer.finish(), "d1", who), "CUE2-5 LOC40-43 ORG62-68");
}

#[test]
fn a_web_annotation_that_says_nothing_is_a_mark() {
    // As Recogito writes what is marked and not yet tagged: there may be any number of bodies, and none.
    let quote = json!([{"type": "TextQuoteSelector", "exact": "قال"}, {"type": "TextPositionSelector", "start": 3, "end": 6}]);
    let page = json!({"@context": "http://www.w3.org/ns/anno.jsonld", "type": "AnnotationPage", "items": [anno("#1", json!([]), quote.clone()),
        anno("#2", json!([{"purpose": "commenting"}]), quote)], "texts": [{"id": "https://x.org/news/d1.html", "value": SENTENCE}]});
    let import = read("a.json", &page);
    assert_eq!(found(&import, "https://x.org/news/d1.html", "https://x.org/mona"), "highlighting2-5");
    assert_eq!((ids(&import), import.orphans.len()), (vec!["bad-field"], 1), "{:?}", import.problems);
}

#[test]
fn an_empty_track_is_nobodys() {
    let track = json!({"project": "a", "denotations": [{"span": {"begin": 2, "end": 5}, "obj": "CUE"}]});
    let import = read("x.json", &json!({"text": SENTENCE, "tracks": [track, {}]}));
    assert_eq!((found(&import, "x", "a").as_str(), import.layers.len()), ("CUE2-5", 1));
}

#[test]
fn older_regions_of_label_studio_count_in_the_only_node_of_a_text() {
    let region = |path: &str| {
        let value = json!({"start": path, "end": path, "startOffset": 3, "endOffset": 6, "htmllabels": ["CUE"], "text": "قال"});
        json!({"id": "1", "from_name": "ner", "to_name": "text", "type": "htmllabels", "value": value})
    };
    let task = |path: &str| json!({"id": 7, "data": {"text": SENTENCE}, "completions": [{"id": "1001", "result": [region(path)]}]});
    let import = read("x.json", &task("/text()[1]"));
    assert_eq!((found(&import, "7", "imported").as_str(), ids(&import)), ("CUE2-5", vec![]));
    // Elsewhere in a page the positions are of another node.
    let import = read("x.json", &task("/p[1]/text()[1]"));
    assert_eq!((found(&import, "7", "imported").as_str(), ids(&import), import.orphans.len()), ("", vec!["bad-field"], 1));
}

#[test]
fn pieces_in_gate_are_found_also_where_a_program_writes_the_places_in_utf16() {
    // As gatenlp writes it in Java's offsets: start and end are converted, a feature is not.
    let annotation = |start: u32, end: u32| {
        let features = json!({ "wusum": { "id": "s1", "pieces": [[2, 5], [40, 56]] } });
        json!({ "type": "CUE", "start": start, "end": end, "id": 0, "features": features })
    };
    let file = |unit: &str, start: u32, end: u32| json!({ "text": SENTENCE, "offset_type": unit, "name": "d1", "annotation_sets": { "a": { "name": "a", "annotations": [annotation(start, end)] } } });
    assert_eq!(found(&read("d1.bdocjs", &file("p", 2, 56)), "d1", "a"), "CUE2-5+40-56");
    assert_eq!(found(&read("d1.bdocjs", &file("j", 3, 57)), "d1", "a"), "CUE2-5+40-56");
    // Moved by hand: the place holds.
    assert_eq!(found(&read("d1.bdocjs", &file("p", 2, 36)), "d1", "a"), "CUE2-36");
}

#[test]
fn gate_says_what_it_counts() {
    let document = |unit: Value, shift: u32| {
        let annotation = |id: u32, start: u32, end: u32, kind: &str| json!({"type": kind, "start": start + shift, "end": end + shift, "id": id, "features": {"certainty": "sure"}});
        let set =
            json!({"name": "alice", "next_annid": 2, "annotations": [annotation(0, 6, 36, "ACTOR"), annotation(1, 2, 5, "CUE"), {"type": "X"}]});
        let mut document =
            json!({"text": SENTENCE, "features": {"place": "باكو"}, "annotation_sets": {"alice": set, "": {"name": "", "annotations": []}}});
        if unit.is_string() {
            document["offset_type"] = unit;
        }
        read("news 1.bdocjs", &document)
    };
    for import in [document(json!("p"), 0), document(Value::Null, 0), document(json!("j"), 1)] {
        assert_eq!((ids(&import), found(&import, "news 1", "alice").as_str()), (vec!["bad-field"], "CUE2-5 ACTOR6-36"));
        assert_eq!(found(&import, "news 1", "imported"), "");
        let layer = import.layers.get(&key("news 1", "alice")).expect("a layer");
        assert_eq!(layer.get(&"0".into()).map(|one| json!(one.attributes)), Some(json!({"certainty": "sure"})));
        assert_eq!(json!(import.documents.get(&"news 1".into()).expect("the text").meta), json!({"place": "باكو"}));
    }
    let files = exported(&sentence(), Format::Gate, &Options::default()).files;
    let document: Value = serde_json::from_slice(files.get("d1.bdocjs").expect("a file for each text")).expect("JSON");
    let set = &document["annotation_sets"]["a"];
    let places: Vec<Value> =
        set["annotations"].as_array().expect("a list").iter().map(|one| json!([one["id"], one["start"], one["end"], one["type"]])).collect();
    assert_eq!(json!(places), json!([[0, 2, 5, "CUE"], [1, 6, 36, "ACTOR"], [2, 27, 36, "PERS"], [3, 40, 56, "CLAIM"], [4, 62, 68, "ACTOR"]]));
    assert_eq!((&set["next_annid"], &document["offset_type"]), (&json!(5), &json!("p")));
}

#[test]
fn pubannotation_has_a_track_for_each_of_several() {
    let document = json!({"text": SENTENCE, "sourcedb": "PMC", "sourceid": "77", "divid": 2, "denotations": [
            {"id": "T1", "span": {"begin": 6, "end": 36}, "obj": "ACTOR"}, {"id": "T2", "span": [{"begin": 40, "end": 43}, {"begin": 49, "end": 56}], "obj": "CLAIM"}, {"id": "T3"}],
        "relations": [{"id": "R1", "pred": "source_of", "subj": "T1", "obj": "T2"}], "modifications": [{"id": "M1", "pred": "Negation", "obj": "T2"}],
        "attributes": [{"id": "A1", "subj": "T1", "pred": "certainty", "obj": "sure"}, {"id": "A2", "subj": "R1", "pred": "n", "obj": 1}, {"id": "A3", "subj": "T1", "pred": "certainty", "obj": "no"}, {"id": "A4", "subj": "T9", "pred": "x", "obj": 1}]});
    let import = read("x.json", &document);
    assert_eq!(ids(&import), ["bad-field", "bad-field"]);
    assert_eq!(
        (found(&import, "PMC-77-2", "imported").as_str(), ties(&import, "PMC-77-2", "imported")),
        ("ACTOR6-36 CLAIM40-43+49-56", vec!["T1>source_of>T2".to_owned()])
    );
    let layer = import.layers.values().next().expect("a layer");
    let said: Vec<Value> = layer.iter().map(|one| json!(one.attributes)).chain(layer.relations().map(|one| json!(one.attributes))).collect();
    assert_eq!(said, [json!({"certainty": ["sure", "no"]}), json!({"Negation": true}), json!({"n": 1})]);
    let files = exported(&sentence(), Format::Pubannotation, &Options::default()).files;
    let document: Value = serde_json::from_slice(files.get("news.json").expect("one file")).expect("one document");
    let places = |track: &Value| {
        json!(
            track["denotations"].as_array().expect("a list").iter().map(|one| json!([one["span"]["begin"], one["span"]["end"]])).collect::<Vec<_>>()
        )
    };
    assert_eq!(places(&document["tracks"][0]), json!([[2, 5], [6, 36], [27, 36], [40, 56], [62, 68]]));
    assert_eq!((places(&document["tracks"][1]), &document["tracks"][1]["project"]), (json!([[2, 5], [6, 36]]), &json!("ب")));
    let mut alone = sentence();
    alone.layers.remove(&key("d1", "ب"));
    let files = exported(&alone, Format::Pubannotation, &Options::default()).files;
    let document: Value = serde_json::from_slice(files.get("news.json").expect("one file")).expect("one document");
    assert_eq!((places(&document), &document["project"]), (json!([[2, 5], [6, 36], [27, 36], [40, 56], [62, 68]]), &json!("a")));
}
