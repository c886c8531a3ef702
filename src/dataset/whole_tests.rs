//! A whole data set, file by file, and read back.

use super::described::Described;
use super::plot::ENGLISH;
use super::split::{Plan, Shares};
use super::whole::{About, BuildProblem, Built, build};
use crate::annotation::Annotation;
use crate::formats::export::{Choice, Options};
use crate::formats::files::Files;
use crate::formats::{Format, Importer, archive};
use crate::layer::{Layer, Status};
use crate::project::{Document, LayerKey, Project};
use crate::span::Span;
use crate::text::Offset;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Ten documents of two people; the second has three of them, and the names of two documents make one name of a file.
fn project() -> Project {
    let mut project = Project::new("أخبار: \"one\"");
    for number in 0..10 {
        let id = match number {
            3 => "a b".to_owned(),
            7 => "a/b".to_owned(),
            _ => format!("d{number}"),
        };
        let text = format!("قال الوزير رقم {number} إن السعر {number}{number} دولارا\nوعاد إلى مدينة {number}");
        project.documents.insert(id.as_str().into(), Arc::new(Document::new(id.as_str().into(), format!("title {number}"), text)));
        for annotator in if number % 3 == 1 { &["x", "y"][..] } else { &["x"] } {
            let place = |start, end| Span::try_new(Offset::new(start), Offset::new(end)).expect("not empty");
            let labels = [Annotation::new("s1".into(), place(4, 10), "Actor".into()), Annotation::new("s2".into(), place(4, 14), "Claim".into())];
            let status = if number < 8 { Status::Done } else { Status::InProgress };
            let key = LayerKey { document: id.as_str().into(), annotator: (*annotator).into() };
            project.layers.insert(key, Layer::from_records(status, labels, []));
        }
    }
    project
}

fn made_of(choice: &Choice, format: Format, shares: &[u32]) -> Result<Built, BuildProblem> {
    let plan = Plan { seed: 5, shares: Shares::new(shares).expect("some"), near: Some(0.8) };
    let described = Described { license: "cc-by-4.0".to_owned(), ..Described::default() };
    let about = About { choice, format, options: &Options::default(), plan: &plan, described: &described, titles: ENGLISH };
    let mut told = Vec::new();
    let built = build(&project(), &BTreeMap::new(), &about, &mut |done, of| told.push((done, of)));
    assert!(built.is_err() || told.last().is_some_and(|(done, of)| done == of), "{told:?}");
    built
}

fn made(format: Format) -> Built {
    made_of(&Choice::default(), format, &[6, 2, 2]).expect("enough documents")
}

fn text(files: &Files, path: &str) -> String {
    String::from_utf8(files.get(path).unwrap_or_default().to_vec()).expect("UTF-8")
}

#[test]
fn a_card_begins_as_hugging_face_has_it() {
    let files = made(Format::Doccano).files;
    let front = "---\nlicense: cc-by-4.0\nlanguage:\n- ar\nsize_categories:\n- n<1K\npretty_name: \"أخبار: \\\"one\\\"\"\n\
                 task_categories:\n- token-classification\n---\n\n# أخبار: \"one\"\n\n## Splits\n\n\
                 | split | documents | words | characters | labels | relations |\n|---|---|---|---|---|---|\n| train | 6 | ";
    let card = text(&files, "README.md");
    assert!(card.starts_with(front), "{card}");
    assert!(card.contains("\n| Actor | Actor · فاعل"), "{card}");
    assert!(card.contains("\n| x | 10 | 20 | 0 |\n| y | 3 | 6 | 0 |\n"), "{card}");
    let statement = text(&files, "DATA_STATEMENT.md");
    assert_eq!(statement.matches("\n## ").count(), 9);
    assert!(statement.contains("\n## A. Curation rationale\n\nNot recorded.\n"), "{statement}");
}

#[test]
fn hugging_face_has_one_card_for_all_splits() {
    let built = made(Format::HuggingFace);
    let card = text(&built.files, "README.md");
    let front = "---\nlicense: cc-by-4.0\nlanguage:\n- ar\nsize_categories:\n- n<1K\npretty_name: \"أخبار: \\\"one\\\"\"\ntask_categories:\n\
                 - token-classification\nconfigs:\n- config_name: \"x\"\n  data_files:\n  - split: train\n    path: x/train.jsonl\n  - split: validation\n    \
                 path: x/validation.jsonl\n  - split: test\n    path: x/test.jsonl\n";
    assert!(card.starts_with(front), "{card}");
    assert!(
        card.contains("dataset_info:\n- config_name: \"x\"\n  features:\n  - name: \"id\"\n") || card.contains("  - name: id\n    dtype: string\n"),
        "{card}"
    );
    for (name, documents) in &built.split.parts {
        let rows = text(&built.files, &format!("x/{name}.jsonl"));
        let found: std::collections::BTreeSet<String> =
            rows.lines().map(|row| serde_json::from_str::<Value>(row).expect("JSON")["document"].as_str().expect("a name").to_owned()).collect();
        assert_eq!(found.into_iter().collect::<Vec<_>>(), documents.iter().map(ToString::to_string).collect::<Vec<_>>());
    }
}

#[test]
fn every_format_is_read_back_as_one_project() {
    let meant = project();
    for format in Format::ALL.into_iter().filter(|format| format.is_read() && format.is_written()) {
        let built = made(format);
        let mut importer = Importer::default();
        importer.files(&built.files, None);
        let import = importer.finish();
        assert_eq!(import.problems, [], "{}", format.name());
        // Names of documents and layers; what the format holds of them its own tests tell.
        let exact = !matches!(format, Format::Text | Format::Conll2003 | Format::ConllNested);
        let titles = |documents: &crate::sorted::Sorted<crate::id::DocumentId, Arc<Document>>| {
            documents.values().map(|document| (document.id.to_string(), document.text.as_str().to_owned())).collect::<Vec<_>>()
        };
        if exact {
            assert_eq!(titles(&import.documents), titles(&meant.documents), "{}", format.name());
        }
        assert_eq!(import.documents.len(), 10, "{}", format.name());
        if format != Format::Text {
            let labels =
                |layers: &crate::sorted::Sorted<LayerKey, Layer>| layers.iter().map(|(key, layer)| (key.clone(), layer.len())).collect::<Vec<_>>();
            let held = |(key, length): (LayerKey, usize)| (key, if format == Format::Conll2003 { length / 2 } else { length });
            assert_eq!(labels(&import.layers), labels(&meant.layers).into_iter().map(held).collect::<Vec<_>>(), "{}", format.name());
        }
    }
}

#[test]
fn the_same_wishes_give_the_same_bytes() {
    let packed = || {
        let mut bytes = Vec::new();
        archive::write(&made(Format::Brat).files, &mut bytes).expect("memory");
        bytes
    };
    assert_eq!(packed(), packed());
    let files = made(Format::Brat).files;
    for path in ["README.md", "DATA_STATEMENT.md", "EXPORT.json", "STATS.json", "STATS.csv", "train/EXPORT.json", "dev/EXPORT.json"] {
        assert!(files.get(path).is_some(), "{path}");
    }
    let side: Value = serde_json::from_slice(files.get("EXPORT.json").expect("written")).expect("JSON");
    assert_eq!((&side["dataset"]["seed"], &side["dataset"]["splits"][0]["documents"]), (&5.into(), &6.into()));
    assert!(side["documents"].as_array().expect("documents").iter().all(|document| document["split"].is_string()));
    for name in ["labels", "lengths", "nesting", "statuses"] {
        assert!(text(&files, &format!("STATS-{name}.svg")).starts_with("<svg "), "{name}");
    }
}

#[test]
fn what_is_chosen_is_in_it_and_nothing_else() {
    let done = Choice { statuses: Some([Status::Done].into()), labels: Some(["Actor".into()].into()), ..Choice::default() };
    let built = made_of(&done, Format::Wusum, &[1, 1]).expect("enough documents");
    assert_eq!((built.stats.all.documents, built.stats.all.label_count(), built.stats.all.statuses["done"]), (8, 11, 8));
    let of_y = Choice { annotators: Some(["y".into()].into()), statuses: Some([Status::Done].into()), ..Choice::default() };
    assert_eq!(made_of(&of_y, Format::Wusum, &[1, 1]).expect("enough documents").stats.all.documents, 3);
    let nobody = Choice { statuses: Some([Status::Flagged].into()), ..Choice::default() };
    assert!(matches!(made_of(&nobody, Format::Wusum, &[1, 1]), Err(BuildProblem::Split(_))));
    let new = Choice { annotators: Some(["y".into()].into()), statuses: Some([Status::New].into()), ..Choice::default() };
    assert_eq!(made_of(&new, Format::Wusum, &[1, 1]).expect("enough documents").stats.all.documents, 7);
}
