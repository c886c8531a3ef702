//! Laws and cases of the own format.

use super::wusum::{read, write};
use super::*;
use crate::annotation::{Annotation, Origin, Relation};
use crate::layer::Status;
use crate::span::{Extent, Span};
use crate::text::Offset;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::json;

fn key(annotator: &str) -> LayerKey {
    LayerKey { document: "d".into(), annotator: annotator.into() }
}

fn ids(import: &Import) -> Vec<&'static str> {
    import.problems.iter().map(|problem| problem.code.id()).collect()
}

fn lines(values: &[Value]) -> String {
    values.iter().map(|value| format!("{value}\n")).collect()
}

fn document(text: &str) -> Value {
    json!({"kind": "document", "id": "d", "title": "t", "text": text, "sha256": crate::project::sha256(text), "meta": {}})
}

fn layer(spans: Value) -> Value {
    json!({"kind": "layer", "document": "d", "annotator": "a", "status": "done", "spans": spans})
}

const TEXT: &str = "قالت باكو 😀 إن يريفان قصفت باكو";

/// Real words with what damages them.
fn damaged() -> impl Strategy<Value = String> {
    const WORDS: &[&str] = &[
        "قالت",
        " ",
        "باكو",
        "بَا\u{64B}كُو",
        "وأذربيجان",
        "\r\n",
        "\n",
        "😀",
        "👩‍👩‍👧",
        "\u{200F}",
        "\u{202E}",
        "ـ",
        "\u{FEFF}",
        "\u{2028}",
        "BBC",
        "٢٠٢٠",
        "…",
        " … ",
        "\"",
        "\\",
        "\u{0}",
        "\u{85}",
        "ﷲ",
        "<img onerror>",
        ",",
        "\t",
    ];
    prop::collection::vec(prop_oneof![6 => prop::sample::select(WORDS).prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)], 1..30)
        .prop_map(|words| words.concat())
}

fn annotation(characters: u32, number: usize, edges: &[Index], label: usize, said: &(String, String, u8)) -> Option<Annotation> {
    let mut cuts: Vec<u32> = edges.iter().map(|edge| edge.index(characters as usize + 1) as u32).collect();
    cuts.sort_unstable();
    let pieces = cuts.chunks(2).filter_map(|pair| Span::try_new(Offset::new(pair[0]), Offset::new(*pair.get(1)?)));
    let mut annotation = Annotation::new(format!("s{number}").into(), Extent::union(pieces)?, ["Actor", "Location", "Claim"][label].into());
    let (note, value, kind) = said;
    annotation.note = Some(note.clone()).filter(|note| !note.is_empty());
    if kind % 2 == 0 {
        annotation.attributes = [("kind".to_owned(), json!(value)), ("x".to_owned(), json!({"n": [kind, null, true]}))].into();
    }
    annotation.unsure = kind % 5 == 0;
    annotation.origin = match kind % 3 {
        0 => Origin::Person,
        1 => Origin::Suggestion(value.clone()),
        _ => Origin::Import(value.clone()),
    };
    Some(annotation)
}

/// Edges, kind of label, and what is said of it.
type Seed = (Vec<Index>, usize, (String, String, u8));

fn any_layer(text: &str, seeds: &[Seed], ties: &[(Index, Index)], status: usize) -> Layer {
    let characters = text.chars().count() as u32;
    let annotations: Vec<Annotation> =
        seeds.iter().enumerate().filter_map(|(number, (edges, label, said))| annotation(characters, number, edges, *label, said)).collect();
    let relations: Vec<Relation> = ties
        .iter()
        .enumerate()
        .filter(|_| !annotations.is_empty())
        .map(|(number, (from, to))| Relation {
            id: format!("r{number}").into(),
            kind: "source".into(),
            from: from.get(&annotations).id.clone(),
            to: to.get(&annotations).id.clone(),
            attributes: BTreeMap::new(),
            note: (number % 2 == 0).then(|| "ملاحظة".to_owned()),
        })
        .collect();
    Layer::from_records(Status::ALL[status], annotations, relations)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn what_is_written_is_read_back(
        text in damaged(), name in ".{1,5}", annotator in ".{0,5}", revision in prop::option::of(0u64..9), status in 0usize..4,
        seeds in prop::collection::vec((prop::collection::vec(any::<Index>(), 2..7), 0usize..3, (".{0,4}", ".{0,4}", any::<u8>())), 0..12),
        ties in prop::collection::vec((any::<Index>(), any::<Index>()), 0..5),
    ) {
        let mut project = Project::new(name.as_str());
        let mut document = Document::new("d".into(), "عنوان", text.as_str());
        document.meta.insert("مصدر".to_owned(), json!(["و", 1]));
        project.documents.insert("d".into(), Arc::new(document));
        project.layers.insert(key(&annotator), any_layer(&text, &seeds, &ties, status));
        project.layers.insert(key("another"), Layer::default());
        let revisions: BTreeMap<LayerKey, u64> = revision.map(|revision| (key(&annotator), revision)).into_iter().collect();
        let mut bytes = Vec::new();
        write(&project, &revisions, &mut bytes).expect("memory");
        prop_assert!(!bytes.contains(&b'\r') && !bytes.starts_with(b"\xEF\xBB\xBF"));
        let import = read(&bytes);
        prop_assert_eq!(&import.problems, &vec![]);
        prop_assert_eq!(&import.revisions, &revisions);
        let (again, _) = import.into_project("unnamed");
        prop_assert_eq!(&again, &project);
        prop_assert_eq!(&again.documents.get(&DocumentId::from("d")).unwrap().text, &project.documents.get(&DocumentId::from("d")).unwrap().text);
        // Twice the same file is the same project, with a mark and other line ends too.
        let text = String::from_utf8(bytes).expect("JSON");
        let twice = read(format!("\u{FEFF}{}\r\n\n{text}", text.replace('\n', "\r\n")).as_bytes());
        prop_assert_eq!(&twice.problems, &vec![]);
        prop_assert_eq!(twice.into_project("unnamed").0, project);
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), cut in any::<Index>()) {
        let _ = read(&bytes);
        let good = lines(&[document(TEXT), layer(json!([{"id": "s1", "start": 5, "end": 9, "label": "Actor", "text": "باكو"}]))]);
        let mut broken = good.into_bytes();
        let at = cut.index(broken.len());
        broken.splice(at..at, bytes);
        let _ = read(&broken);
    }
}

#[test]
fn a_bad_line_is_named_and_the_rest_is_read() {
    let source =
        format!("{}\n\n{{\"kind\":\"layer\"\n{}\n{}\n", document(TEXT), json!({"kind": "vote", "x": 1}), json!({"kind": "layer", "document": "d"}));
    let import = read(source.as_bytes());
    let found: Vec<_> = import.problems.iter().map(|problem| (problem.line, problem.code.id())).collect();
    assert_eq!(found, [(Some(3), "bad-json"), (Some(4), "unknown-kind"), (Some(5), "bad-field")]);
    assert_eq!(import.documents.len(), 1);
    assert_eq!(import.orphans.len(), 2);
}

#[test]
fn a_newer_version_is_not_guessed_at() {
    let source = lines(&[document(TEXT), json!({"wusum": 2, "kind": "project", "name": "n"}), layer(json!([]))]);
    let import = read(source.as_bytes());
    assert_eq!(import.problems, [Problem::at(2, ProblemCode::TooNew { version: 2 })]);
    assert_eq!((import.documents.len(), import.layers.len(), import.name), (1, 0, None));
}

#[test]
fn a_position_is_believed_only_where_the_quote_is() {
    let spans = json!([
        {"id": "ok", "start": 5, "end": 9, "label": "Actor", "text": "باكو"},
        {"id": "utf16", "start": 16, "end": 22, "label": "Actor", "text": "يريفان"},
        {"id": "bytes", "start": 31, "end": 43, "label": "Actor", "text": "يريفان"},
        {"id": "near", "start": 24, "end": 28, "label": "Actor", "text": "باكو"},
        {"id": "gone", "start": 0, "end": 4, "label": "Actor", "text": "تونس"},
        {"id": "empty", "start": 4, "end": 4, "label": "Actor", "text": ""},
        {"id": "past", "start": 4, "end": 400, "label": "Actor"},
        {"id": "ok", "start": 0, "end": 4, "label": "Actor", "text": "قالت"},
        {"id": "touching", "start": 0, "end": 9, "pieces": [[0, 4], [4, 9]], "label": "Claim", "text": "قالت …  باكو"},
        {"id": "odd", "start": 0, "end": 4, "label": "Verb", "text": "قالت"},
        {"start": 0, "end": 4, "label": "Claim", "text": "قالت"},
        {"id": "bad", "start": "0", "end": 4, "label": "Claim"},
    ]);
    let import = read(lines(&[document(TEXT), layer(spans)]).as_bytes());
    let layer = import.layers.get(&key("a")).unwrap();
    let text = &import.documents.get(&DocumentId::from("d")).unwrap().text;
    let kept: Vec<_> = layer.iter().map(|annotation| (annotation.id.as_str(), annotation.extent.quote(text).unwrap_or_default())).collect();
    let quotes = [("odd", "قالت"), ("s1", "قالت"), ("ok", "باكو"), ("bytes", "يريفان"), ("utf16", "يريفان"), ("near", "باكو")];
    assert_eq!(kept, quotes.map(|(id, quote)| (id, quote.to_owned())));
    let expected = [
        "span-moved",
        "span-moved",
        "span-moved",
        "quote-not-found",
        "span-empty",
        "span-outside",
        "span-twice",
        "bad-pieces",
        "unknown-label",
        "span-unreadable",
    ];
    assert_eq!(ids(&import), expected);
    assert_eq!(import.problems[0].line, Some(2));
    let raw: Vec<_> = import.refused.iter().map(|refused| refused.raw["id"].clone()).collect();
    assert_eq!(raw, ["gone", "empty", "past", "ok", "touching", "bad"]);
}

#[test]
fn doubts_are_written_only_where_there_are_some_and_an_odd_word_costs_no_label() {
    let span = |id: &str, start: u32, text: &str| json!({"id": id, "start": start, "end": start + 4, "label": "Actor", "text": text});
    let with = |mut span: serde_json::Value, field: &str, value: serde_json::Value| {
        span[field] = value;
        span
    };
    let spans = json!([
        with(span("s1", 0, "قالت"), "unsure", json!(true)),
        span("s2", 5, "باكو"),
        with(span("s3", 0, "قالت"), "unsure", json!("a bit")),
        with(span("s4", 5, "باكو"), "origin", json!({"by": 7})),
    ]);
    let import = read(lines(&[document(TEXT), layer(spans)]).as_bytes());
    let read = import.layers.get(&key("a")).expect("it is read");
    let unsure: Vec<_> = read.iter().map(|annotation| (annotation.id.as_str(), annotation.unsure)).collect();
    assert_eq!(unsure, [("s1", true), ("s3", true), ("s2", false), ("s4", false)]);
    assert_eq!(ids(&import), ["bad-field", "bad-field"]);
    let written: Vec<_> = read.iter().map(|annotation| json!(super::record::SpanRecord::of(annotation, &crate::text::Text::new(TEXT)))).collect();
    assert_eq!(written[0]["unsure"], true);
    assert!(written[2].get("unsure").is_none());
}

#[test]
fn relations_need_both_ends() {
    let mut line = layer(json!([{"id": "s1", "start": 5, "end": 9, "label": "Actor", "text": "باكو"}]));
    line["relations"] = json!([
        {"label": "source", "from": "s1", "to": "s1"}, {"id": "r1", "label": "source", "from": "s1", "to": "s1"},
        {"id": "r1", "label": "source", "from": "s1", "to": "s1"}, {"id": "r9", "label": "source", "from": "s1", "to": "s7"}, {"id": "r8"},
    ]);
    let import = read(lines(&[document(TEXT), line]).as_bytes());
    assert_eq!(ids(&import), ["relation-twice", "relation-end-missing", "relation-unreadable"]);
    let names: Vec<_> = import.layers.get(&key("a")).unwrap().relations().map(|relation| relation.id.as_str()).collect();
    assert_eq!(names, ["r1", "r2"]);
}

#[test]
fn the_higher_revision_wins_wherever_it_stands() {
    let line = |revision: u64, end: u32| {
        let mut line =
            layer(json!([{"id": "s1", "start": 0, "end": end, "label": "Actor", "text": TEXT.chars().take(end as usize).collect::<String>()}]));
        line["revision"] = json!(revision);
        line
    };
    let import = read(lines(&[line(3, 1), line(5, 2), line(4, 3), document(TEXT), line(5, 2)]).as_bytes());
    assert_eq!((ids(&import), import.revisions[&key("a")]), (vec![], 5));
    assert_eq!(import.layers.get(&key("a")).unwrap().nth(0).map(|annotation| annotation.extent.length()), Some(2));
    let import = read(lines(&[document(TEXT), line(5, 2), line(5, 3)]).as_bytes());
    assert_eq!(ids(&import), ["same-revision"]);
    assert_eq!(import.layers.get(&key("a")).unwrap().nth(0).map(|annotation| annotation.extent.length()), Some(2));
    assert_eq!(import.orphans.len(), 1);
}

#[test]
fn a_wrong_digest_is_told_and_the_text_is_kept() {
    let mut line = document(TEXT);
    line["sha256"] = json!("00");
    let import = read(lines(&[line]).as_bytes());
    assert_eq!(ids(&import), ["digest-mismatch"]);
    assert_eq!(&*import.documents.get(&DocumentId::from("d")).unwrap().sha256, crate::project::sha256(TEXT));
}

#[test]
fn labels_without_their_text_are_kept_aside_unless_the_project_has_it() {
    let line = lines(&[layer(json!([{"id": "s1", "start": 5, "end": 9, "label": "Actor", "text": "باكو"}]))]);
    let import = read(line.as_bytes());
    assert_eq!((ids(&import), import.orphans.len(), import.layers.len()), (vec!["unknown-document"], 1, 0));
    let mut project = Project::new("p");
    project.documents.insert("d".into(), Arc::new(Document::new("d".into(), "t", TEXT)));
    let mut importer = Importer::knowing(&project);
    importer.file(None, line.as_bytes(), Format::Wusum);
    let import = importer.finish();
    assert_eq!((import.problems.len(), import.layers.len(), import.documents.len()), (0, 1, 0));
}

#[test]
fn plain_json_is_read_on_one_line_or_many() {
    let spans = json!([{"id": "s1", "start": 5, "end": 9, "label": "Actor"}, {"id": "s2", "start": 0, "end": 4, "label": "Claim", "attributes": {"kind": "denial"}}]);
    let plain = json!({"annotator": "a", "documents": [{"id": "d", "text": TEXT, "spans": spans, "relations": [{"from": "s2", "to": "s1", "label": "source"}]}]});
    for source in [plain.to_string(), serde_json::to_string_pretty(&plain).expect("JSON")] {
        let import = read(source.as_bytes());
        assert_eq!(ids(&import), [""; 0]);
        let layer = import.layers.get(&key("a")).unwrap();
        assert_eq!((layer.len(), layer.relations().count()), (2, 1));
        assert_eq!(layer.get(&"s2".into()).map(|annotation| annotation.attributes["kind"].clone()), Some(json!("denial")));
    }
}

#[test]
fn a_merge_takes_what_is_newer_and_matches_texts_by_digest() {
    use merge::{ReportLine, merge};
    let one = |end: u32, document: &str| {
        let span = Span::try_new(Offset::new(0), Offset::new(end)).expect("good");
        (
            LayerKey { document: document.into(), annotator: "a".into() },
            Layer::from_records(Status::Done, [Annotation::new("s1".into(), span, "Actor".into())], []),
        )
    };
    let mut project = Project::new("p");
    for (id, text) in [("d", TEXT), ("e", "نص آخر")] {
        project.documents.insert(id.into(), Arc::new(Document::new(id.into(), "t", text)));
    }
    project.layers.extend([one(1, "d"), one(1, "e")]);
    let revisions: BTreeMap<LayerKey, u64> = [(one(1, "d").0, 4), (one(1, "e").0, 4)].into();
    // Another name for the same text, newer; another text under the same name.
    let mut incoming = Import::default();
    for (id, text) in [("copy", TEXT), ("e", "غير ذلك"), ("new", "جديد")] {
        incoming.documents.insert(id.into(), Arc::new(Document::new(id.into(), "t", text)));
    }
    incoming.layers.extend([one(2, "copy"), one(3, "e")]);
    incoming.revisions = [(one(2, "copy").0, 5), (one(3, "e").0, 9)].into();
    let merged = merge(&project, &revisions, incoming.clone());
    let taken: Vec<_> = merged
        .replacements
        .iter()
        .map(|(key, layer, revision)| (key.document.as_str(), layer.nth(0).map(|first| first.extent.length()), *revision))
        .collect();
    assert_eq!(taken, [("d", Some(2), 5), ("e-2", Some(3), 9)]);
    assert_eq!(merged.new_documents.iter().map(|document| document.id.as_str()).collect::<Vec<_>>(), ["e-2", "new"]);
    assert!(merged.report.contains(&ReportLine::DocumentRenamed { incoming: "e".into(), here: "e-2".into() }));
    incoming.revisions = [(one(2, "copy").0, 4)].into();
    let merged = merge(&project, &revisions, incoming);
    assert!(merged.report.contains(&ReportLine::LayerKept { layer: one(1, "d").0, incoming: 4, here: 4, same: false }));
}

#[test]
fn every_code_has_a_name_of_its_own_and_says_its_data() {
    let unique: std::collections::BTreeSet<_> = ProblemCode::IDS.iter().collect();
    assert_eq!(unique.len(), ProblemCode::IDS.len());
    let code = ProblemCode::SpanOutside { span: "s1".to_owned(), start: 3, end: 9, length: 5 };
    assert_eq!(code.params().iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["span", "start", "end", "length"]);
    assert_eq!(
        Problem { file: Some("f".to_owned()), ..Problem::at(7, code) }.to_string(),
        "f:7: label \"s1\" (3 to 9) runs past the end of the text (5)"
    );
}

#[test]
fn an_empty_file_is_told_and_makes_no_document() {
    let mut importer = Importer::default();
    importer.file(Some("empty.txt"), b"", Format::Text);
    let import = importer.finish();
    assert!(import.documents.is_empty());
    assert_eq!(import.problems.iter().map(|problem| problem.code.id()).collect::<Vec<_>>(), ["empty-file"]);
}
