//! Data sets out, with what is lost told before and beside; and files of other formats in, several at once and as archives.

use super::tests::{annotation, asked, bare, file, key, keys, read, take, written};
use super::*;
use crate::formats::files::Files;
use crate::formats::{Format, archive};
use crate::id::{DocumentId, LabelId};
use serde_json::Value;

/// A document with a label in another, a relation between them, and one of another kind.
fn records() -> Records {
    let claim = crate::annotation::Annotation { label: "Claim".into(), ..annotation("s1", 0, 17) };
    let labels = [claim, annotation("s2", 6, 13), annotation("s3", 22, 26)];
    let relation = crate::annotation::Relation {
        id: "r1".into(),
        kind: "source".into(),
        from: "s1".into(),
        to: "s2".into(),
        attributes: Default::default(),
        note: None,
    };
    let layer = crate::layer::Layer::from_records(crate::layer::Status::Done, labels, [relation]);
    written(&Records::default(), &take(&Records::default(), &[file(&layer, 4)], &asked()).0)
}

fn told(asked: &ExportAsked) -> ExportTold {
    let answer = run(&keys(), asked.lost_task(), records(), &[], &mut |_, _| {});
    assert!(!answer.written && answer.file.is_empty() && answer.writes.is_empty());
    // It crosses to the page as it is.
    let crossed: Answer = crate::json::parse(&serde_json::to_string(&answer).expect("plain")).expect("as written");
    ExportTold::of(&crossed).expect("told")
}

fn files(asked: &ExportAsked) -> Files {
    let answer = run(&keys(), asked.task(), records(), &[], &mut |_, _| {});
    assert!(answer.written);
    let (files, problems) = archive::read(None, &answer.file, archive::Limits::default());
    assert!(problems.is_empty(), "{problems:?}");
    files
}

#[test]
fn what_is_lost_is_told_before_and_stands_beside_the_data() {
    let mut asked = ExportAsked::all(Format::Conll2003);
    let before = told(&asked);
    assert_eq!((before.documents, before.labels, before.relations), (1, 3, 1));
    let of = |told: &ExportTold, kind: &str| told.losses.iter().find(|loss| loss.kind == kind).map(|loss| (loss.count, loss.rule.clone()));
    assert_eq!(of(&before, "nested"), Some((1, "longest".to_owned())));
    assert_eq!(of(&before, "relations"), Some((1, "left-out".to_owned())));
    asked.options.overlap = crate::formats::flat::OverlapRule::Innermost;
    let before = told(&asked);
    assert_eq!(of(&before, "nested"), Some((1, "innermost".to_owned())));
    let files = files(&asked);
    let side: Value = serde_json::from_slice(files.get("EXPORT.json").expect("beside")).expect("JSON");
    let beside: Vec<LossTold> = crate::json::from_value(side["losses"].clone()).expect("as told");
    assert_eq!(beside, before.losses);
    assert_eq!(side["options"]["overlap"], "innermost");
    assert_eq!(told(&ExportAsked::all(Format::Wusum)).losses, []);
}

#[test]
fn a_choice_is_what_is_told_and_what_is_written() {
    let mut asked = ExportAsked::all(Format::Csv);
    asked.choice.labels = Some([LabelId::from("Claim")].into());
    let claims = told(&asked);
    assert_eq!((claims.documents, claims.labels, claims.relations), (1, 1, 0));
    let kinds: Vec<(&str, usize)> = claims.kinds.iter().map(|(label, count)| (label.as_str(), *count)).collect();
    assert_eq!(kinds, [("Actor", 2), ("Claim", 1)]);
    let all: String = files(&asked).iter().map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned()).collect();
    assert!(all.contains("Claim") && !all.contains("Actor"), "{all}");
    asked.choice.annotators = Some(Default::default());
    assert_eq!((told(&asked).documents, told(&asked).labels), (1, 0));
    asked.choice.documents = Some([DocumentId::from("other")].into());
    assert_eq!(told(&asked).documents, 0);
}

#[test]
fn an_own_file_with_some_of_the_labels_replaces_no_layer_that_has_all() {
    let mut asked = ExportAsked::all(Format::Wusum);
    asked.choice.labels = Some([LabelId::from("Claim")].into());
    let answer = run(&keys(), asked.task(), records(), &[], &mut |_, _| {});
    let (answer, imported) = take(&records(), &[("x.jsonl".to_owned(), answer.file)], &super::tests::asked());
    assert_eq!(answer.writes, [], "{imported:?}");
    assert_eq!(read(&records()).project.layer(&key()).map(crate::layer::Layer::len), Some(3));
}

#[test]
fn a_bare_name_of_a_format_asks_for_everything() {
    let named = run(&keys(), Task::Export("doccano".to_owned()), records(), &[], &mut |_, _| {});
    assert_eq!(named, run(&keys(), ExportAsked::all(Format::Doccano).task(), records(), &[], &mut |_, _| {}));
    assert!(archive::is_archive(&named.file));
}

/// What an import of files into nothing has: spans with their labels, by document.
fn taken(files: &[(String, Vec<u8>)]) -> Vec<(u32, u32, String)> {
    let (answer, imported) = take(&Records::default(), files, &asked());
    assert!(imported.problems.iter().all(|problem| problem.code == "unknown-label"), "{imported:?}");
    let stock = read(&written(&Records::default(), &answer));
    assert_eq!(stock.project.documents.values().count(), 1);
    let spans = stock.project.layers.values().flat_map(|layer| layer.iter().map(|label| (label.extent.hull(), label.label.to_string())));
    spans.map(|(hull, label)| (hull.start().get(), hull.end().get(), label)).collect()
}

#[test]
fn files_chosen_together_and_archives_come_in_with_the_same_labels() {
    let all = [(0, 17, "Claim".to_owned()), (6, 13, "Actor".to_owned()), (22, 26, "Actor".to_owned())];
    for format in [Format::Brat, Format::CasXmi, Format::LabelStudio, Format::Conllu] {
        let asked = ExportAsked::all(format);
        let packed = run(&keys(), asked.task(), records(), &[], &mut |_, _| {}).file;
        assert_eq!(taken(&[("data.zip".to_owned(), packed)]), all, "{} as an archive", format.name());
        // As a field of files gives them: names without folders, and without what stands beside.
        let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
        let loose: Vec<(String, Vec<u8>)> =
            files(&asked).iter().filter(|(path, _)| *path != "EXPORT.json").map(|(path, bytes)| (name(path), bytes.to_vec())).collect();
        assert_eq!(taken(&loose), all, "{} as {:?}", format.name(), loose.iter().map(|(name, _)| name).collect::<Vec<_>>());
    }
}

#[test]
fn what_is_in_the_bin_is_neither_told_nor_written() {
    let binned = bare(Some(9));
    let answer = lost(&keys(), binned, &ExportAsked::all(Format::Text), &mut |_, _| {});
    let told = ExportTold::of(&answer).expect("told");
    assert_eq!((told.documents, told.labels, told.kinds.len()), (0, 0, 0));
    assert!(told.losses.iter().all(|loss| loss.kind == "schema"), "{told:?}");
}
