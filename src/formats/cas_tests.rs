//! UIMA's XMI and JSON out and in again, and as other programs write them.

use super::Format;
use super::export::{Exported, Options, export};
use super::files::Files;
use super::loss::{Kind, is_in_xml};
use super::samples::{NASTY, SENTENCE, cases, label, project, projects, sentence, span};
use super::{Import, Importer};
use crate::layer::{Layer, Status};
use crate::project::{LayerKey, Project};
use crate::span::Extent;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn exported(project: &Project, format: Format) -> Exported {
    export(project, &BTreeMap::new(), format, &Options::default()).expect("it can be written")
}

fn imported(files: &Files) -> Import {
    let mut importer = Importer::default();
    importer.files(files, None);
    importer.finish()
}

fn text<'a>(files: &'a Files, path: &str) -> &'a str {
    let names: Vec<&str> = files.iter().map(|(path, _)| path).collect();
    std::str::from_utf8(files.get(path).unwrap_or_else(|| panic!("{names:?}"))).expect("UTF-8")
}

/// What is told, but for labels that no schema has.
fn told(import: &Import) -> Vec<String> {
    import.problems.iter().filter(|problem| problem.code.id() != "unknown-label").map(ToString::to_string).collect()
}

fn layer<'a>(import: &'a Import, document: &str, annotator: &str) -> &'a Layer {
    let key = LayerKey { document: document.into(), annotator: annotator.into() };
    import.layers.get(&key).unwrap_or_else(|| panic!("{:?}", import.layers.iter().map(|(key, _)| key).collect::<Vec<_>>()))
}

fn labels(layer: &Layer) -> Vec<String> {
    let place = |one: &crate::annotation::Annotation| format!("{} {}-{}", one.label, one.extent.hull().start(), one.extent.hull().end());
    layer.iter().map(|one| place(one)).collect()
}

#[test]
fn the_sentence_counts_utf16_units_in_both() {
    let files = exported(&sentence(), Format::CasXmi).files;
    let xmi = text(&files, "a/d1.xmi");
    // A claim at 40 to 56 behind an emoji, and the relation that leads from it to the minister.
    assert!(xmi.contains(r#"<custom:Span xmi:id="7" sofa="1" begin="41" end="57" label="CLAIM" unsure="false""#), "{xmi}");
    assert!(xmi.contains(r#"<custom:Relation xmi:id="9" sofa="1" begin="7" end="37" Governor="7" Dependent="5" label="source""#), "{xmi}");
    assert!(xmi.contains(r#"begin="0" end="70" language="x-unspecified""#), "{xmi}");
    assert!(xmi.contains(r#"<cas:View sofa="1" members="2 3 4 5 6 7 8 9"/>"#), "{xmi}");
    assert!(text(&files, "TypeSystem.xml").contains("<name>webanno.custom.Relation</name>"));

    let files = exported(&sentence(), Format::CasJson).files;
    let cas: Value = serde_json::from_str(text(&files, "a/d1.json")).expect("JSON");
    let structures = cas["%FEATURE_STRUCTURES"].as_array().expect("a list");
    let places: Vec<Value> =
        structures.iter().filter(|one| one["%TYPE"] == "webanno.custom.Span").map(|one| json!([one["begin"], one["end"], one["label"]])).collect();
    assert_eq!(json!(places), json!([[3, 6, "CUE"], [7, 37, "ACTOR"], [28, 37, "PERS"], [41, 57, "CLAIM"], [63, 69, "ACTOR"]]));
    assert_eq!((&structures[8]["@Governor"], &structures[8]["@Dependent"]), (&json!(7), &json!(5)));
    assert_eq!(structures[0]["sofaString"], SENTENCE);
    assert_eq!(cas["%VIEWS"], json!({"_InitialView": {"%SOFA": 1, "%MEMBERS": [2, 3, 4, 5, 6, 7, 8, 9]}}));
    assert_eq!(cas["%TYPES"]["webanno.custom.Span"]["label"]["%RANGE"], "uima.cas.String");
}

#[test]
fn only_the_schema_is_lost_and_everything_else_comes_back() {
    let mut pieces = label("s5", 2, 6, "نوع آخر");
    pieces.extent = Extent::try_from_pieces(vec![span(2, 6), span(16, 20)]).expect("apart");
    pieces.attributes =
        [("kind", json!("denial")), ("class", json!(["a", "b"])), ("sure", json!(true)), ("نوع", json!("x\u{1}y")), ("n", json!(1.5))]
            .map(|(name, value)| (name.to_owned(), value))
            .into();
    pieces.note = Some("سطر\r\nآخر \u{0}<&\">".to_owned());
    let all = [label("s1", 2, 15, "Actor"), label("s2", 7, 15, "Actor"), label("s3", 10, 26, "Claim"), label("s4", 7, 15, "Location"), pieces];
    let full = Layer::from_records(Status::Done, all, []);
    let documents = vec![("d1", NASTY), ("d2", "نص"), ("d3", "لا أحد")];
    let project = project(documents, vec![("d1", "a", full.clone()), ("d1", "b/c", full), ("d2", "a", Layer::default())]);
    for format in [Format::CasXmi, Format::CasJson] {
        let done = exported(&project, format);
        let lost: Vec<Kind> = done.losses.iter().map(|loss| loss.kind).collect();
        assert_eq!(lost, [Kind::SeveralAnnotators, Kind::Schema], "{format:?}");
        // The files themselves say it all, without the word beside them.
        let back = imported(&done.files);
        assert_eq!(told(&back), [""; 0], "{format:?}");
        assert_eq!(back.documents, project.documents, "{format:?}");
        assert_eq!(back.layers, project.layers, "{format:?}");
    }
}

#[test]
fn xmi_refuses_a_text_that_xml_cannot_hold_and_json_keeps_it() {
    let layer = || Layer::from_records(Status::Done, [label("s1", 0, 2, "Actor")], []);
    let project = project(vec![("d1", "نص\u{1}"), ("d2", "نص")], vec![("d1", "a", layer()), ("d2", "a", layer())]);
    let done = exported(&project, Format::CasXmi);
    let refused: Vec<String> = done.losses.iter().filter(|loss| loss.kind == Kind::Characters).map(ToString::to_string).collect();
    assert_eq!(refused, ["1 text with a character that XML cannot hold (not-written): \"d1\""]);
    assert_eq!(done.files.iter().map(|(path, _)| path).collect::<Vec<_>>(), ["TypeSystem.xml", "d2.xmi"]);
    let done = exported(&project, Format::CasJson);
    assert!(done.losses.iter().all(|loss| loss.kind != Kind::Characters));
    assert_eq!(imported(&done.files).documents, project.documents);
}

/// As INCEpTION writes it: a folder for a text, tokens, a layer of its own and one of DKPro, a relation, what was taken away.
const FOREIGN: &str = r#"<?xml version="1.1" encoding="UTF-8"?>
<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore" xmlns:tcas="http:///uima/tcas.ecore"
  xmlns:type="http:///de/tudarmstadt/ukp/dkpro/core/api/segmentation/type.ecore" xmlns:ner="http:///de/tudarmstadt/ukp/dkpro/core/api/ner/type.ecore"
  xmlns:meta="http:///de/tudarmstadt/ukp/dkpro/core/api/metadata/type.ecore" xmlns:my="http:///org/example.ecore" xmi:version="2.0">
  <cas:NULL xmi:id="0"/>
  <type:Token xmi:id="10" sofa="1" begin="0" end="2" order="0"/>
  <type:Token xmi:id="11" sofa="1" begin="3" end="6" order="0"/>
  <ner:NamedEntity xmi:id="20" sofa="1" begin="7" end="37" value="PER" identifier="http://x/1"/>
  <my:Cue xmi:id="21" sofa="1" begin="3" end="6" strong="true" weight="7"><tags>a</tags><tags>b &amp; c</tags></my:Cue>
  <my:Ties xmi:id="22" sofa="1" begin="7" end="37" Governor="21" Dependent="20" label="said by"/>
  <my:Cue xmi:id="23" sofa="1" begin="1" end="6"/>
  <my:Cue xmi:id="24" sofa="1" begin="3" end="900" other="20"/>
  <my:Cue xmi:id="25" sofa="1" begin="41" end="44"/>
  <meta:DocumentMetaData xmi:id="30" sofa="1" begin="0" end="70" language="ar" documentTitle="خبر.txt" documentId="منى"/>
  <cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" mimeType="text" sofaString="🔴 قال وزير الخارجية المصري سامح شكري إن مصر ترفض التهجير، وفق رويترز."/>
  <cas:View sofa="1" members="10 11 20 21 22 23 24 30"/>
</xmi:XMI>
"#;

const FOREIGN_TYPES: &str = r#"<?xml version="1.0"?>
<typeSystemDescription xmlns="http://uima.apache.org/resourceSpecifier"><types>
  <typeDescription><name>org.example.Mark</name><description/><supertypeName>uima.tcas.Annotation</supertypeName><features>
    <featureDescription><name>strong</name><description/><rangeTypeName>uima.cas.Boolean</rangeTypeName></featureDescription>
    <featureDescription><name>weight</name><description/><rangeTypeName>uima.cas.Integer</rangeTypeName></featureDescription>
    <featureDescription><name>other</name><description/><rangeTypeName>uima.tcas.Annotation</rangeTypeName></featureDescription>
  </features></typeDescription>
  <typeDescription><name>org.example.Cue</name><description/><supertypeName>org.example.Mark</supertypeName></typeDescription>
</types></typeSystemDescription>
"#;

#[test]
fn xmi_of_others_is_read_as_its_types_say() {
    let files: Files = [("x/TypeSystem.xml", FOREIGN_TYPES), ("x/خبر.txt/منى.xmi", FOREIGN)]
        .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()))
        .into_iter()
        .collect();
    let import = imported(&files);
    let read = layer(&import, "خبر.txt", "منى");
    assert_eq!(labels(read), ["Cue 2-5", "PER 6-36"]);
    let said: Vec<Value> = read.iter().map(|one| json!(one.attributes)).collect();
    let entity = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity";
    let cue = json!({"strong": true, "weight": 7, "tags": ["a", "b & c"], "uima.type": "org.example.Cue"});
    assert_eq!(said, [cue, json!({"identifier": "http://x/1", "uima.type": entity})]);
    let relations: Vec<_> = read.relations().map(|relation| format!("{} {} {}", relation.from, relation.kind, relation.to)).collect();
    assert_eq!(relations, ["21 said by 20"]);
    // Tokens and what is in no index are passed over; a label in the middle of the emoji and one past the end are refused.
    let told: Vec<_> = import.problems.iter().filter(|problem| problem.code.id() != "unknown-label").map(|one| (one.line, one.code.id())).collect();
    let passed = "schema-passed-over";
    let expected = [(Some(6), passed), (Some(13), passed), (Some(12), passed), (Some(11), "offset-inside"), (Some(12), "offset-inside")];
    assert_eq!(told, expected, "{:?}", import.problems);
    assert_eq!(import.refused.len(), 2);
    let document = import.documents.get(&"خبر.txt".into()).expect("it is there");
    assert_eq!((document.text.as_str(), &*document.title, json!(document.meta)), (SENTENCE, "خبر.txt", json!({"language": "ar"})));
}

#[test]
fn xml_reaches_for_nothing_and_grows_nothing() {
    let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY f SYSTEM \"file:///etc/passwd\">]>";
    for (source, text) in [("&b;", None), ("&f;", None), ("x &amp; &#x1F534;", Some("x & 🔴"))] {
        let xmi = format!(
            "{bomb}<xmi:XMI xmlns:xmi=\"http://www.omg.org/XMI\" xmlns:cas=\"http:///uima/cas.ecore\"><cas:Sofa xmi:id=\"1\" sofaString=\"{source}\"/></xmi:XMI>"
        );
        let import = imported(&Files::one("x.xmi", xmi));
        let found = import.documents.get(&"x".into()).map(|document| document.text.as_str().to_owned());
        assert_eq!(found.as_deref(), text);
        let told: Vec<&str> = import.problems.iter().map(|problem| problem.code.id()).collect();
        assert_eq!(told, if text.is_some() { vec!["bad-line"] } else { vec!["bad-line", "unreadable", "part-missing"] });
    }
}

#[test]
fn json_of_others_is_read_in_either_of_its_shapes() {
    let sofa = json!({"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaNum": 1, "sofaID": "_InitialView", "mimeType": "text", "sofaString": SENTENCE});
    let tags = json!({"%ID": 5, "%TYPE": "uima.cas.StringArray", "%ELEMENTS": ["a", "b"]});
    let label = json!({"%ID": 2, "%TYPE": "webanno.custom.Span", "@sofa": 1, "begin": 7, "end": 37, "label": "ACTOR", "@tags": 5, "#weight": 0.5});
    let views = json!({"_InitialView": {"%SOFA": 1, "%MEMBERS": [2]}});
    let list = json!({"%TYPES": {}, "%FEATURE_STRUCTURES": [sofa, tags, label], "%VIEWS": views});
    let by_number = json!({"%TYPES": {}, "%FEATURE_STRUCTURES": {"1": sofa, "5": tags, "2": label}, "%VIEWS": views});
    for cas in [list, by_number] {
        for source in [cas.to_string(), serde_json::to_string_pretty(&cas).expect("JSON")] {
            assert_eq!(Format::detect(Some("x.json"), source.as_bytes()), Format::CasJson);
            let import = imported(&Files::one("خبر.json", source));
            assert_eq!(told(&import), [""; 0]);
            let read = layer(&import, "خبر", "imported");
            assert_eq!(labels(read), ["ACTOR 6-36"]);
            assert_eq!(read.nth(0).map(|one| json!(one.attributes)), Some(json!({"tags": ["a", "b"], "weight": 0.5})));
        }
    }
}

/// A frame whose slots are filled by others: roles and targets in structures that lie nowhere.
fn with_slots(frame: &str, more: &str) -> String {
    format!(
        r#"<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore" xmlns:c="http:///c.ecore" xmi:version="2.0">
  <c:Lu xmi:id="4" sofa="1" begin="0" end="2" value="seller"/><c:Lu xmi:id="5" sofa="1" begin="3" end="5" value="goods"/>
  <c:FrameRolesLink xmi:id="6" role="who" target="4"/><c:FrameRolesLink xmi:id="7" target="5"/>
  <c:Frame xmi:id="8" sofa="1" begin="0" end="5" {frame}/>{more}
  <cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" mimeType="text" sofaString="من ما"/>
  <cas:View sofa="1" members="4 5 6 7 8"/></xmi:XMI>"#
    )
}

#[test]
fn slots_are_relations() {
    let feature = |name: &str, range: &str| {
        format!("<featureDescription><name>{name}</name><description/><rangeTypeName>{range}</rangeTypeName></featureDescription>")
    };
    let types = [
        ("c.Frame", "uima.tcas.Annotation", feature("roles", "uima.cas.FSArray")),
        ("c.FrameRolesLink", "uima.cas.TOP", feature("role", "uima.cas.String") + &feature("target", "uima.tcas.Annotation")),
    ];
    let types = types.map(|(name, parent, features)| {
        format!("<typeDescription><name>{name}</name><supertypeName>{parent}</supertypeName><features>{features}</features></typeDescription>")
    });
    let types = format!("<typeSystemDescription><types>{}</types></typeSystemDescription>", types.concat());
    let array = r#"<cas:FSArray xmi:id="9" elements="6 7"/>"#;
    for (frame, more) in [(r#"roles="6 7""#, ""), (r#"roles="9""#, array)] {
        for types in [None, Some(&types)] {
            let xmi = [("x/d.xmi", with_slots(frame, more).into_bytes())].into_iter();
            let files = xmi.chain(types.map(|types| ("x/TypeSystem.xml", types.clone().into_bytes())));
            check_slots(&imported(&files.map(|(path, bytes)| (path.to_owned(), bytes)).collect()), frame);
        }
    }
    let place = |id: u32, kind: &str, start: u32, end: u32| json!({"%ID": id, "%TYPE": kind, "@sofa": 1, "begin": start, "end": end});
    let mut structures = [place(4, "c.seller", 0, 2), place(5, "c.goods", 3, 5), place(8, "c.Frame", 0, 5)].to_vec();
    structures[2]["@roles"] = json!(9);
    structures.push(json!({"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaNum": 1, "sofaID": "_InitialView", "sofaString": "من ما"}));
    structures.push(json!({"%ID": 6, "%TYPE": "c.FrameRolesLink", "role": "who", "@target": 4}));
    structures.push(json!({"%ID": 7, "%TYPE": "c.FrameRolesLink", "@target": 5}));
    structures.push(json!({"%ID": 9, "%TYPE": "uima.cas.FSArray", "%ELEMENTS": [6, 7]}));
    let cas = json!({"%TYPES": {}, "%FEATURE_STRUCTURES": structures, "%VIEWS": {}});
    check_slots(&imported(&Files::one("d.json", cas.to_string())), "JSON");
}

fn check_slots(import: &Import, what: &str) {
    let read = layer(import, "d", "imported");
    assert_eq!((labels(read), told(import)), (["Frame 0-5", "seller 0-2", "goods 3-5"].map(str::to_owned).to_vec(), vec![]), "{what}");
    let ties: Vec<_> = read.relations().map(|relation| format!("{} {} {}", relation.from, relation.kind, relation.to)).collect();
    assert_eq!(ties, ["8 who 4", "8 roles 5"], "{what}");
    assert!(read.iter().all(|one| !one.attributes.contains_key("roles")), "{what}");
}

#[test]
fn what_another_program_changed_stands_against_what_was_kept() {
    let mut one = label("s1", 2, 5, "CUE");
    one.attributes = [("sure", json!(true)), ("n", json!(2)), ("gone", json!(1))].map(|(name, value)| (name.to_owned(), value)).into();
    let layer_of = Layer::from_records(Status::Done, [one], []);
    let files = exported(&project(vec![("d1", SENTENCE)], vec![("d1", "a", layer_of)]), Format::CasXmi).files;
    let changed = text(&files, "d1.xmi")
        .replace(" sure=\"true\"", " sure=\"no\"")
        .replace(" gone=\"1\"", "")
        .replace("begin=\"3\" end=\"6\"", "begin=\"7\" end=\"37\"");
    let import = imported(&Files::one("d1.xmi", changed));
    let read = layer(&import, "d1", "a");
    assert_eq!(labels(read), ["CUE 6-36"]);
    assert_eq!(read.nth(0).map(|one| json!(one.attributes)), Some(json!({"sure": "no", "n": 2})));
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn json_holds_all_but_the_schema(project in projects()) {
        let back = imported(&exported(&project, Format::CasJson).files);
        prop_assert_eq!(&back.documents, &project.documents);
        prop_assert_eq!(&back.layers, &project.layers);
        prop_assert!(back.orphans.is_empty() && back.refused.is_empty());
    }

    #[test]
    fn xmi_holds_all_but_the_schema_and_the_texts_that_are_told(project in projects()) {
        let done = exported(&project, Format::CasXmi);
        let back = imported(&done.files);
        let is_held = |text: &str| text.chars().all(is_in_xml);
        let refused = project.documents.values().filter(|document| !is_held(document.text.as_str())).count();
        prop_assert_eq!(done.losses.iter().filter(|loss| loss.kind == Kind::Characters).map(|loss| loss.count).sum::<usize>(), refused);
        prop_assert_eq!(back.documents.len() + refused, project.documents.len());
        for (id, document) in back.documents.iter() {
            prop_assert_eq!(Some(document), project.documents.get(id));
        }
        for (key, layer) in project.layers.iter() {
            let is_there = back.documents.get(&key.document).is_some();
            prop_assert_eq!(back.layers.get(key), Some(layer).filter(|_| is_there));
        }
        prop_assert!(back.orphans.is_empty() && back.refused.is_empty());
    }

    #[test]
    fn damaged_files_are_read_without_a_panic_and_nothing_is_outside_its_text(
        project in projects(),
        is_xmi in any::<bool>(),
        hits in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<u8>(), 0_u8..4), 1..8),
    ) {
        let good = exported(&project, if is_xmi { Format::CasXmi } else { Format::CasJson }).files;
        let mut files: Vec<(String, Vec<u8>)> = good.iter().map(|(path, bytes)| (path.to_owned(), bytes.to_vec())).collect();
        for (file, at, byte, kind) in hits {
            let file = file.index(files.len());
            let bytes = &mut files[file].1;
            let at = at.index(bytes.len() + 1);
            match kind {
                0 => bytes.insert(at, byte),
                1 => bytes.truncate(at),
                2 => bytes.splice(at..at, *b"<a x=\"&lt;&#0;&q;\"><b>").for_each(drop),
                _ => drop(bytes.splice(at..bytes.len().min(at + usize::from(byte)), [])),
            }
        }
        let import = imported(&files.into_iter().collect());
        for (key, layer) in import.layers.iter() {
            let text = &import.documents.get(&key.document).expect("layers without a text are set aside").text;
            prop_assert!(layer.iter().all(|one| one.extent.quote(text).is_some()));
        }
    }
}
