//! Every format out and in again: what it says it holds comes back, what it does not is counted, and no bytes make it panic.

use super::export::{Exported, Options, export};
use super::files::Files;
use super::loss::Kind;
use super::samples::{NASTY, SENTENCE, cases, label, project, projects, sentence, span};
use super::tokens::{CutRule, TokenRule};
use super::{Format, Import, Importer, archive};
use crate::annotation::Annotation;
use crate::layer::{Layer, Status};
use crate::project::{LayerKey, Project};
use crate::span::Extent;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub(super) fn exported(project: &Project, format: Format, options: &Options) -> Exported {
    export(project, &BTreeMap::new(), format, options).expect("it can be written")
}

pub(super) fn imported(files: &Files, format: Option<Format>) -> Import {
    let mut importer = Importer::default();
    importer.files(files, format);
    importer.finish()
}

/// Out and in again, through an archive, with the format told from the files.
pub(super) fn there_and_back(project: &Project, format: Format) -> Import {
    let mut packed = Vec::new();
    archive::write(&exported(project, format, &Options::default()).with_side(), &mut packed).expect("memory");
    let (files, problems) = archive::read(None, &packed, archive::Limits::default());
    assert_eq!(problems, []);
    imported(&files, None)
}

pub(super) fn key(document: &str, annotator: &str) -> LayerKey {
    LayerKey { document: document.into(), annotator: annotator.into() }
}

/// The places and labels of a layer, sorted.
pub(super) fn places(layer: &Layer) -> Vec<(Vec<(u32, u32)>, String)> {
    let pieces = |annotation: &Annotation| annotation.extent.pieces().iter().map(|piece| (piece.start().get(), piece.end().get())).collect();
    let mut places: Vec<_> = layer.iter().map(|annotation| (pieces(annotation), annotation.label.to_string())).collect();
    places.sort();
    places
}

#[test]
fn the_sentence_is_written_in_the_unit_of_each_format() {
    let project = sentence();
    let files = exported(&project, Format::Doccano, &Options::default()).files;
    let line: Value = serde_json::from_slice(files.get("a.jsonl").expect("a file for each person")).expect("one object");
    let places: Vec<_> =
        line["entities"].as_array().expect("entities").iter().map(|entity| (&entity["start_offset"], &entity["end_offset"])).collect();
    assert_eq!(json!(places), json!([[3, 6], [7, 37], [28, 37], [41, 57], [63, 69]]));
    assert_eq!(line["relations"], json!([{"id": 1, "from_id": 4, "to_id": 2, "type": "source"}]));

    let files = exported(&project, Format::Brat, &Options::default()).files;
    let standoff = String::from_utf8(files.get("a/d1.ann").expect("a folder for each person").to_vec()).expect("UTF-8");
    expect_test::expect![[r#"
        T1	CUE 2 5	قال
        T2	ACTOR 6 36	وزير الخارجية المصري سامح شكري
        T3	PERS 27 36	سامح شكري
        T4	CLAIM 40 56	مصر ترفض التهجير
        T5	ACTOR 62 68	رويترز
        R1	source Arg1:T4 Arg2:T2
    "#]]
    .assert_eq(&standoff);

    let files = exported(&project, Format::Csv, &Options::default()).files;
    let table = String::from_utf8(files.get("news.csv").expect("one table").to_vec()).expect("UTF-8");
    assert!(table.contains("span,d1,a,s4,CLAIM,40,56,مصر ترفض التهجير,"), "{table}");
    assert!(table.contains("\r\nrelation,d1,a,r1,source,,,,,s4,s2,"));
}

#[test]
fn columns_have_the_longest_label_and_what_is_left_out_is_counted() {
    let mut project = sentence();
    project.layers.remove(&key("d1", "ب"));
    let done = exported(&project, Format::Conll2003, &Options { bioes: true, ..Options::default() });
    let columns = String::from_utf8(done.files.get("news.conll").expect("one file").to_vec()).expect("UTF-8");
    expect_test::expect![[r#"
        -DOCSTART- d1 -X- O

        🔴 _ _ O
        قال _ _ S-CUE
        وزير _ _ B-ACTOR
        الخارجية _ _ I-ACTOR
        المصري _ _ I-ACTOR
        سامح _ _ I-ACTOR
        شكري _ _ E-ACTOR
        إن _ _ O
        مصر _ _ B-CLAIM
        ترفض _ _ I-CLAIM
        التهجير _ _ E-CLAIM
        ، _ _ O
        وفق _ _ O
        رويترز _ _ S-ACTOR
        . _ _ O

    "#]]
    .assert_eq(&columns);
    let told: Vec<(Kind, usize)> = done.losses.iter().map(|loss| (loss.kind, loss.count)).collect();
    let expected = [
        (Kind::Nested, 1),
        (Kind::LeftOut, 1),
        (Kind::Relations, 1),
        (Kind::Annotators, 1),
        (Kind::Statuses, 1),
        (Kind::Texts, 1),
        (Kind::DocumentIds, 1),
        (Kind::Titles, 1),
        (Kind::Schema, 1),
    ];
    assert_eq!(told, expected);
    let nested = &done.losses[0];
    assert_eq!(
        (nested.rule, &nested.examples),
        ("longest", &vec![json!({"document": "d1", "annotator": "a", "id": "s3", "label": "PERS", "start": 27, "end": 36, "text": "سامح شكري"})])
    );
    assert_eq!(done.side.losses[0]["kind"], "nested");
    assert_eq!(done.side.documents[0].text_sha256, *project.documents.values().next().expect("one").sha256);
}

#[test]
fn a_label_that_cuts_a_token_splits_it_or_is_widened() {
    // رويترز in لرويترز.
    let layer = Layer::from_records(Status::Done, [label("s1", 5, 11, "Actor")], []);
    let project = project(vec![("d1", "قال لرويترز. رويترز")], vec![("d1", "a", layer)]);
    let tokens = |options: &Options| {
        let done = exported(&project, Format::Conll2003, options);
        let cut: Vec<&str> = done.losses.iter().filter(|loss| loss.kind == Kind::CutTokens).map(|loss| loss.rule).collect();
        let text = String::from_utf8(done.files.get("news.conll").expect("one file").to_vec()).expect("UTF-8");
        (text.lines().filter(|line| line.contains('_')).map(|line| line.replace(" _ _", "")).collect::<Vec<_>>().join("|"), cut.join(" "))
    };
    assert_eq!(tokens(&Options::default()), ("قال O|ل O|رويترز B-Actor|. O|رويترز O".to_owned(), "split".to_owned()));
    let widen = Options { cut: CutRule::Widen, ..Options::default() };
    assert_eq!(tokens(&widen), ("قال O|لرويترز B-Actor|. O|رويترز O".to_owned(), "widen".to_owned()));
    let clitics = Options { tokens: TokenRule::Clitics, cut: CutRule::Widen, ..Options::default() };
    assert_eq!(tokens(&clitics), ("قال O|ل O|رويترز B-Actor|. O|رويترز O".to_owned(), String::new()));
}

/// Nested, crossing and same-place labels, one in pieces and one over line ends, on a text that breaks readers.
pub(super) fn nasty() -> Project {
    let mut pieces = label("s5", 2, 6, "Claim");
    pieces.extent = Extent::try_from_pieces(vec![span(2, 6), span(16, 20)]).expect("apart");
    let all = [label("s1", 2, 15, "Actor"), label("s2", 7, 15, "Actor"), label("s3", 10, 26, "Claim"), label("s4", 7, 15, "Location"), pieces];
    let layer = Layer::from_records(Status::Done, all, []);
    project(vec![("d1", NASTY), ("d2", "نص")], vec![("d1", "a", layer.clone()), ("d1", "b/c", layer), ("d2", "a", Layer::default())])
}

#[test]
fn the_nasty_document_comes_back_where_texts_are_held() {
    let project = nasty();
    for format in [Format::Csv, Format::Doccano, Format::Brat] {
        let back = there_and_back(&project, format);
        let told: Vec<String> = back.problems.iter().filter(|problem| problem.code.id() != "unknown-label").map(ToString::to_string).collect();
        assert_eq!(told, [""; 0], "{format:?}");
        for (id, document) in project.documents.iter() {
            let text = if format == Format::Brat { super::units::with_line_feeds(document.text.as_str()) } else { document.text.as_str().to_owned() };
            let found = back.documents.get(id).expect("it is there");
            assert_eq!((found.text.as_str(), &found.title), (text.as_str(), &document.title), "{format:?}");
        }
        for (key, layer) in project.layers.iter() {
            let found = back.layers.get(key).unwrap_or_else(|| panic!("{format:?} {key:?}"));
            assert_eq!(found.len(), layer.len(), "{format:?}");
            let document = project.document_of(key).expect("it is there");
            let quotes = |layer: &Layer, text: &crate::text::Text| {
                let mut quotes: Vec<String> = layer.iter().map(|one| one.extent.quote(text).expect("inside")).collect();
                quotes.sort();
                quotes
            };
            let (then, now) = (quotes(layer, &document.text), quotes(found, &back.documents.get(&key.document).expect("it is there").text));
            if format == Format::Brat {
                assert_eq!(now, then.iter().map(|quote| super::units::with_line_feeds(quote)).collect::<Vec<_>>());
            } else if format == Format::Csv {
                assert_eq!((now, places(found)), (then, places(layer)));
            }
        }
    }
}

#[test]
fn what_is_written_is_the_same_for_the_same_project() {
    for format in Format::ALL {
        let pack = || {
            let mut packed = Vec::new();
            archive::write(&exported(&nasty(), format, &Options::default()).with_side(), &mut packed).expect("memory");
            packed
        };
        assert_eq!(pack(), pack(), "{format:?}");
    }
}

#[test]
fn json_is_ascii_on_request_and_says_the_same() {
    let options = Options { ascii: true, ..Options::default() };
    let escaped = exported(&sentence(), Format::Doccano, &options).files;
    let plain = exported(&sentence(), Format::Doccano, &Options::default()).files;
    for ((_, escaped), (_, plain)) in escaped.iter().zip(plain.iter()) {
        assert!(escaped.is_ascii());
        assert_eq!(serde_json::from_slice::<Value>(escaped).expect("JSON"), serde_json::from_slice::<Value>(plain).expect("JSON"));
    }
}

#[test]
fn formats_are_told_from_their_files() {
    let is = |name: &str, bytes: &str| Format::detect(Some(name), bytes.as_bytes());
    assert_eq!(is("a.jsonl", "{\"id\":1,\"text\":\"قال\",\"label\":[[0,3,\"CUE\"]]}\n"), Format::Doccano);
    assert_eq!(
        is("a.json", "[\n {\"text\":\"قال\",\n \"entities\":[{\"start_offset\":0,\"end_offset\":3,\"label\":\"A\",\"id\":1}]}]"),
        Format::Doccano
    );
    assert_eq!(is("a.jsonl", "{\"wusum\":1,\"kind\":\"project\"}\n"), Format::Wusum);
    assert_eq!(is("a.txt", "قال O\nمصر B-GPE\n"), Format::Conll2003);
    assert_eq!(is("a.txt", "-DOCSTART- -X- -X- O\n\nEU NNP I-NP I-ORG\n"), Format::Conll2003);
    assert_eq!(is("a.txt", "قال الوزير O\nنعم\n"), Format::Text);
    assert_eq!(is("a.txt", "{\"قال\""), Format::Text);
    assert_eq!(is("a.tsv", "x"), Format::Csv);
    assert_eq!(Format::detect(None, "start,end,label\n1,2,A\n".as_bytes()), Format::Csv);
    assert_eq!(Format::detect(None, "{\"kind\":".as_bytes()), Format::Wusum);
}

#[test]
fn each_unit_of_doccano_is_guessed_from_its_labels() {
    let read = |places: &[(u32, u32)]| {
        let labels: Vec<Value> = places.iter().map(|(start, end)| json!([start, end, "X"])).collect();
        let line = json!({"id": 7, "text": SENTENCE, "label": labels}).to_string();
        let import = imported(&Files::one("x.jsonl", line), None);
        let ids: Vec<_> = import.problems.iter().map(|problem| problem.code.id()).filter(|id| *id != "unknown-label").collect();
        (places_of(&import, &key("7", "imported")), ids)
    };
    let meant = vec![(2, 5), (6, 36), (40, 56)];
    assert_eq!(read(&[(3, 6), (7, 37), (41, 57)]), (meant.clone(), vec![]));
    assert_eq!(read(&[(2, 5), (6, 36), (40, 56)]), (meant, vec![]));
    // One label in the middle of a word proves nothing.
    assert_eq!(read(&[(8, 9)]), (vec![(7, 8)], vec!["unit-guessed"]));
}

fn places_of(import: &Import, key: &LayerKey) -> Vec<(u32, u32)> {
    let layer = import.layers.get(key).expect("a layer");
    layer.iter().map(|one| (one.extent.hull().start().get(), one.extent.hull().end().get())).collect()
}

#[test]
fn brat_is_read_in_any_of_its_ways() {
    let ann = "\u{FEFF}T1\tACTOR 7 37\tوزير الخارجية المصري سامح شكري\nT3\tCUE 3 6\tقال\nT4\tCLAIM 41 44;50 57\tمصر التهجير\nR1\tsource_of Arg1:T1 Arg2:T4\nE1\tCUE:T3 Source:T1 Content:T4\nA1\tCertainty T1 Sure\nM1\tNegated E1\n*\tEquiv T1 T3\nN1\tReference T1 Wikidata:Q123\tسامح شكري\n#1\tAnnotatorNotes T1\ttitle kept inside\nX9\twhat\nA2\tOf T99\n";
    let files: Files = [("x/a.ann".to_owned(), ann.as_bytes().to_vec()), ("x/a.txt".to_owned(), SENTENCE.as_bytes().to_vec())].into_iter().collect();
    let import = imported(&files, None);
    let told: Vec<_> =
        import.problems.iter().filter(|problem| problem.code.id() != "unknown-label").map(|problem| (problem.line, problem.code.id())).collect();
    assert_eq!(told, [(Some(11), "bad-line"), (Some(12), "bad-line")]);
    // The browser counted UTF-16 units; the words say so.
    let layer = import.layers.get(&key("a", "imported")).expect("a layer");
    assert_eq!(
        places(layer),
        [(vec![(2, 5)], "CUE".to_owned()), (vec![(6, 36)], "ACTOR".to_owned()), (vec![(40, 43), (49, 56)], "CLAIM".to_owned())]
    );
    let actor = layer.get(&"T1".into()).expect("T1");
    assert_eq!(json!(actor.attributes), json!({"Certainty": "Sure", "Reference": "Wikidata:Q123", "Reference.text": "سامح شكري"}));
    assert_eq!(actor.note.as_deref(), Some("title kept inside"));
    assert_eq!(layer.get(&"T3".into()).map(|cue| json!(cue.attributes)), Some(json!({"Negated": true})));
    let relations: Vec<_> = layer.relations().map(|relation| format!("{}>{}>{}", relation.from, relation.kind, relation.to)).collect();
    assert_eq!(relations, ["T1>Equiv>T3", "T1>source_of>T4", "T3>Source>T1", "T3>Content>T4"]);
}

#[test]
fn a_label_of_brat_that_was_cut_at_a_line_end_is_whole_again() {
    // The text beside it has CR LF; positions count it as one.
    let ann = "T1\tActor 0 3;4 7\tقال نعم\nT2\tActor 4 7;8 10\tنعم لا\n";
    let files: Files =
        [("a.ann", ann), ("a.txt", "قال\r\nنعم لا")].map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).into_iter().collect();
    let import = imported(&files, None);
    let told: Vec<_> = import.problems.iter().map(|problem| problem.code.id()).filter(|id| *id != "unknown-label").collect();
    assert_eq!(told, [""; 0]);
    let found = places(import.layers.get(&key("a", "imported")).expect("a layer"));
    assert_eq!(found, [(vec![(0, 8)], "Actor".to_owned()), (vec![(5, 8), (9, 11)], "Actor".to_owned())]);
}

#[test]
fn tags_of_every_scheme_are_read() {
    let read = |tags: &[&str]| {
        let lines: Vec<String> = tags.iter().map(|tag| if tag.is_empty() { String::new() } else { format!("ab {tag}") }).collect();
        let import = imported(&Files::one("x.conll", lines.join("\n")), None);
        let layer = import.layers.get(&key("x", "imported")).expect("a layer");
        let labels: Vec<String> = layer.iter().map(|one| format!("{}{}-{}", one.label, one.extent.hull().start(), one.extent.hull().end())).collect();
        (labels.join(" "), import.problems.iter().filter(|problem| problem.code.id() == "bad-line").count())
    };
    assert_eq!(read(&["I-A", "I-A", "B-A", "O", "I-B"]), ("A0-5 A6-8 B12-14".to_owned(), 0));
    assert_eq!(read(&["B-A", "I-A", "B-A", "I-B"]), ("A0-5 A6-8 B9-11".to_owned(), 0));
    assert_eq!(read(&["S-A", "B-A", "E-A", "U-B"]), ("A0-2 A3-8 B9-11".to_owned(), 0));
    assert_eq!(read(&["B-A", "", "I-A"]), ("A0-2 A3-5".to_owned(), 0));
    // Slips of a real corpus are told, not guessed at.
    let import = imported(&Files::one("x.conll", "ab I--ORG\ncd OO\nef B-A\n"), Some(Format::Conll2003));
    assert_eq!((import.orphans.len(), import.layers.values().map(Layer::len).sum::<usize>()), (2, 1));
}

#[test]
fn a_table_of_others_is_read_by_its_columns() {
    let table = "doc_id;begin;end;type;quote\nd1;7;37;ACTOR;وزير الخارجية المصري سامح شكري\nd1;x;5;CUE;قال\nd9;1;2;CUE;'=x\n";
    let mut importer = Importer::knowing(&sentence());
    importer.files(&Files::one("t.csv", table), None);
    let import = importer.finish();
    assert_eq!(places_of(&import, &key("d1", "imported")), [(6, 36)]);
    let told: Vec<_> = import.problems.iter().map(|problem| (problem.line, problem.code.id())).collect();
    assert_eq!(told, [(Some(3), "bad-field"), (Some(2), "unknown-label"), (Some(4), "unknown-document")]);
    assert_eq!(import.orphans.len(), 2);
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn a_table_holds_all_but_the_schema(project in projects()) {
        let back = there_and_back(&project, Format::Csv);
        prop_assert_eq!(&back.documents, &project.documents);
        prop_assert_eq!(&back.layers, &project.layers);
        prop_assert!(back.orphans.is_empty() && back.refused.is_empty());
    }

    #[test]
    fn doccano_holds_places_and_labels(project in projects()) {
        let files = exported(&project, Format::Doccano, &Options::default()).with_side();
        let back = imported(&files, None);
        for (id, document) in project.documents.iter() {
            prop_assert_eq!(back.documents.get(id).map(|found| found.text.as_str()), Some(document.text.as_str()));
        }
        for (key, layer) in project.layers.iter() {
            let Some(found) = back.layers.get(key) else { return Err(TestCaseError::fail(format!("{key:?}"))) };
            prop_assert_eq!((found.len(), found.relations().count()), (layer.len(), layer.relations().count()));
        }
    }

    #[test]
    fn brat_holds_words_and_what_is_said_of_them(project in projects()) {
        let back = there_and_back(&project, Format::Brat);
        prop_assert!(back.refused.is_empty(), "{:?}", back.refused);
        for (key, layer) in project.layers.iter() {
            let Some(found) = back.layers.get(key) else { return Err(TestCaseError::fail(format!("{key:?}"))) };
            let text = |project: &crate::sorted::Sorted<_, std::sync::Arc<crate::project::Document>>| project.get(&key.document).map(|document| document.text.clone()).expect("it is there");
            let (then, now) = (text(&project.documents), text(&back.documents));
            // Line ends and what is in them apart, for brat cuts labels there.
            let said = |one: &Annotation, text: &crate::text::Text| {
                let words: String = one.extent.quote(text).expect("inside").chars().filter(|c| !c.is_whitespace() && *c != '…').collect();
                (words, one.label.clone(), json!(one.attributes), one.note.clone(), one.unsure, one.origin.clone())
            };
            let key = |one: &(String, crate::id::LabelId, Value, Option<String>, bool, crate::annotation::Origin)| format!("{one:?}");
            let is_there = |one: &Annotation, text: &crate::text::Text| one.extent.quote(text).is_some_and(|quote| quote.replace(" … ", "").contains(|c| c != '\n' && c != '\r'));
            let mut meant: Vec<_> = layer.iter().filter(|one| is_there(one, &then)).map(|one| said(one, &then)).collect();
            let mut got: Vec<_> = found.iter().map(|one| said(one, &now)).collect();
            meant.sort_by_key(key);
            got.sort_by_key(key);
            prop_assert_eq!(got, meant);
        }
    }

    #[test]
    fn columns_hold_each_label_that_is_not_told_as_lost(project in projects(), widen in any::<bool>(), clitics in any::<bool>()) {
        let options = Options {
            cut: if widen { CutRule::Widen } else { CutRule::Split },
            tokens: if clitics { TokenRule::Clitics } else { TokenRule::Words },
            ..Options::default()
        };
        let done = exported(&project, Format::Conll2003, &options);
        let count = |kind: Kind| done.losses.iter().filter(|loss| loss.kind == kind).map(|loss| loss.count).sum::<usize>();
        let lost = count(Kind::LeftOut) + count(Kind::NoToken);
        let all: usize = project.layers.values().map(Layer::len).sum();
        let files = done.with_side();
        let back = imported(&files, Some(Format::Conll2003));
        let written: Vec<_> = files.iter().map(|(path, bytes)| (path, String::from_utf8_lossy(bytes))).collect();
        prop_assert_eq!(back.layers.values().map(Layer::len).sum::<usize>(), all - lost, "{:?} {:?}", written, back.problems);
        prop_assert!(back.orphans.is_empty() && back.refused.is_empty());
    }

    #[test]
    fn no_bytes_make_a_reader_panic(project in projects(), format in prop::sample::select(Format::ALL.to_vec()), hits in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<u8>()), 1..12), noise in prop::collection::vec(any::<u8>(), 0..300)) {
        let good = exported(&project, format, &Options::default()).with_side();
        let mut names: Vec<String> = good.iter().map(|(path, _)| path.to_owned()).collect();
        names.push("noise".to_owned());
        let mut files: Vec<Vec<u8>> = good.iter().map(|(_, bytes)| bytes.to_vec()).collect();
        files.push(noise);
        for (file, at, byte) in hits {
            let file = file.index(files.len());
            let bytes = &mut files[file];
            if !bytes.is_empty() {
                let at = at.index(bytes.len());
                match byte % 3 {
                    0 => bytes[at] = byte,
                    1 => drop(bytes.remove(at)),
                    _ => bytes.insert(at, byte),
                }
            }
        }
        let damaged: Files = names.into_iter().zip(files).collect();
        for from in [None, Some(format)] {
            let import = imported(&damaged, from);
            // All that is in the good is inside its text.
            for (key, layer) in import.layers.iter() {
                let text = &import.documents.get(&key.document).expect("layers without a text are set aside").text;
                prop_assert!(layer.iter().all(|one| one.extent.quote(text).is_some()));
            }
        }
        let mut packed = Vec::new();
        archive::write(&damaged, &mut packed).expect("memory");
        let middle = packed.len() / 2;
        packed[middle] ^= 0x55;
        drop(archive::read(None, &packed, archive::Limits::default()));
    }
}
