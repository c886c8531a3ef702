//! Data sets made of what is kept: told first, then saved, the same bytes each time.

use super::tests::{annotation, asked, file, keys, take, written};
use super::*;
use crate::dataset::Described;
use crate::formats::archive;
use crate::formats::files::Files;
use crate::id::DocumentId;
use crate::layer::{Layer, Status};
use crate::schema::CheckKind;

/// The document of [`file`] with labels, one of which has a blank at its edge.
fn records() -> Records {
    let layer = Layer::from_records(Status::Done, [annotation("s1", 0, 6), annotation("s2", 6, 13)], []);
    written(&Records::default(), &take(&Records::default(), &[file(&layer, 4)], &asked()).0)
}

/// Texts without labels, the last two nearly the same.
fn more(records: &Records) -> Records {
    let long = "قال وزير الخارجية المصري إن مصر ترفض التهجير وتدعو إلى وقف إطلاق النار ";
    let texts = [("market", "خبر أول عن السوق".to_owned()), ("one", long.repeat(3)), ("two", format!("{}اليوم", long.repeat(3)))];
    let line = |(id, text): &(&str, String)| format!("{{\"kind\":\"document\",\"id\":\"{id}\",\"title\":\"{id}\",\"text\":{text:?}}}\n");
    let lines: String = texts.iter().map(line).collect();
    let head = "{\"wusum\":1,\"kind\":\"project\",\"name\":\"n\",\"offsets\":\"code-points\"}\n";
    written(records, &take(records, &[("more.jsonl".to_owned(), format!("{head}{lines}").into_bytes())], &asked()).0)
}

fn wanted() -> BuildAsked {
    BuildAsked {
        export: ExportAsked { format: "huggingface".to_owned(), ..ExportAsked::default() },
        seed: 3,
        shares: vec![1, 1, 1],
        near: Some(0.8),
        described: Described { name: "أخبار".to_owned(), license: "cc-by-4.0".to_owned(), ..Described::default() },
        save: false,
    }
}

fn run_it(asked: &BuildAsked, records: Records) -> (BuildTold, Answer) {
    let mut told = Vec::new();
    let task = Task::Build(serde_json::to_string(asked).expect("plain"));
    let answer = run(&keys(), task, records, &[], &mut |done, of| told.push(done * 100 / of));
    assert!(told.is_sorted() && told.iter().all(|done| *done <= 100), "{told:?}");
    // It crosses to the page as it is.
    let crossed: Answer = crate::json::parse(&serde_json::to_string(&answer).expect("plain")).expect("as written");
    (crate::json::parse(crossed.told.as_deref().expect("told")).expect("as told"), answer)
}

fn files(bytes: &[u8]) -> Files {
    let (files, problems) = archive::read(None, bytes, archive::Limits::default());
    assert!(problems.is_empty(), "{problems:?}");
    files
}

#[test]
fn what_should_be_known_is_told_before() {
    let (told, answer) = run_it(&wanted(), more(&records()));
    assert!(!answer.written && answer.file.is_empty());
    assert_eq!(told.problem, None);
    assert_eq!(told.parts.iter().map(|part| (part.name.as_str(), part.documents)).collect::<Vec<_>>().last(), Some(&("", 4)));
    assert_eq!(told.parts.iter().map(|part| part.name.as_str()).collect::<Vec<_>>(), ["train", "validation", "test", ""]);
    let group: Vec<&str> = told.groups.iter().flat_map(|group| &group.documents).map(DocumentId::as_str).collect();
    assert_eq!(group, ["one", "two"]);
    let sides: Vec<bool> = told.parts.iter().map(|part| part.some.iter().any(|id| ["one", "two"].contains(&id.as_str()))).collect();
    assert_eq!(sides.iter().filter(|has| **has).count(), 1, "near duplicates are on one side");
    assert_eq!((told.unlabelled.count, told.shared.count), (3, 0));
    assert!(told.open.iter().any(|(kind, count)| *kind == CheckKind::Edges && *count > 0), "{:?}", told.open);
    assert_eq!(told.open_in.count, 1);
    assert!(told.card.starts_with("---\nlicense: cc-by-4.0\n") && told.card.contains("\n# أخبار\n"), "{}", told.card);
    assert_eq!(told.titles.get(&DocumentId::from("one")).map(String::as_str), Some("one"));
    assert_eq!(told.plots.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["labels", "lengths", "nesting", "statuses"]);
}

#[test]
fn what_is_saved_is_what_was_told_and_the_same_each_time() {
    let (told, _) = run_it(&wanted(), more(&records()));
    let saved = || run_it(&BuildAsked { save: true, ..wanted() }, more(&records())).1;
    let (first, second) = (saved(), saved());
    assert!(first.written);
    assert_eq!(first.file, second.file);
    let files = files(&first.file);
    assert_eq!(files.get("README.md"), Some(told.card.as_bytes()));
    assert_eq!(files.iter().map(|(path, bytes)| (path.to_owned(), bytes.len())).collect::<Vec<_>>(), told.files);
}

#[test]
fn why_there_is_none_is_told() {
    let of = |change: &dyn Fn(&mut BuildAsked), records: Records| {
        let mut asked = wanted();
        change(&mut asked);
        run_it(&asked, records).0.problem
    };
    let few = crate::dataset::SplitProblem::TooFew { documents: 1, apart: 1, splits: 3 };
    assert_eq!(of(&|_| {}, records()), Some(Trouble::Split(few)));
    assert_eq!(of(&|asked| asked.shares = vec![0, 0, 0], records()), Some(Trouble::Plan));
    assert_eq!(of(&|asked| asked.near = Some(0.0), records()), Some(Trouble::Plan));
    assert_eq!(of(&|asked| asked.export.choice.containing = Some("لا شيء كهذا".to_owned()), records()), Some(Trouble::Nothing));
    assert_eq!(of(&|asked| asked.shares = vec![1, 0, 0], records()), None);
}

#[test]
fn words_choose_documents_however_they_are_spelt() {
    let mut asked = wanted();
    asked.export.choice.containing = Some("إطلاقُ النّار".to_owned());
    asked.shares = vec![1, 0, 0];
    let (told, _) = run_it(&asked, more(&records()));
    assert_eq!(told.parts.last().map(|part| part.documents), Some(2));
    // A name is looked at too.
    asked.export.choice.containing = Some("market".to_owned());
    assert_eq!(run_it(&asked, more(&records())).0.parts.last().map(|part| part.documents), Some(1));
}
