//! The formats that put labels on tokens, out and in again: nested, crossing and same-place labels come back word for word.

use super::export::Options;
use super::files::Files;
use super::loss::Kind;
use super::round_trips::{exported, imported, key, nasty, places, there_and_back};
use super::samples::{SENTENCE, cases, projects, sentence};
use super::tokens::{CutRule, TokenRule, is_space};
use super::{Format, Import};
use crate::layer::Layer;
use crate::project::Project;
use crate::text::Text;
use proptest::prelude::*;
use serde_json::{Value, json};

pub(super) fn options() -> impl Strategy<Value = Options> {
    (any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(widen, clitics, bioes)| Options {
        cut: if widen { CutRule::Widen } else { CutRule::Split },
        tokens: if clitics { TokenRule::Clitics } else { TokenRule::Words },
        bioes,
        ..Options::default()
    })
}

/// The words of each label without white space, and its name as tags have it, sorted; labels on nothing else are left out.
fn words(layer: &Layer, text: &Text) -> Vec<(String, String)> {
    let words = layer.iter().map(|one| {
        let quote = text.slice(one.extent.hull().range()).expect("inside");
        (quote.chars().filter(|character| !is_space(*character)).collect::<String>(), super::tags::written_name(one.label.as_str()))
    });
    let mut words: Vec<_> = words.filter(|(words, _)| !words.is_empty()).collect();
    words.sort();
    words
}

/// The hull of each label without the white space at its edges, and its name, sorted; labels on nothing else are left out.
pub(super) fn trimmed(layer: &Layer, text: &Text) -> Vec<(u32, u32, String)> {
    let hull = |one: &crate::annotation::Annotation| {
        let hull = one.extent.hull();
        let quote: Vec<char> = text.slice(hull.range()).expect("inside").chars().collect();
        let first = quote.iter().position(|character| !is_space(*character))?;
        let behind = quote.iter().rev().position(|character| !is_space(*character))?;
        let (first, behind) = (u32::try_from(first).expect("short"), u32::try_from(behind).expect("short"));
        Some((hull.start().get() + first, hull.end().get() - behind, one.label.to_string()))
    };
    let mut hulls: Vec<_> = layer.iter().filter_map(|one| hull(one)).collect();
    hulls.sort();
    hulls
}

/// Texts, titles and the places of labels come back, whoever labelled.
pub(super) fn holds_places(project: &Project, back: &Import) {
    assert_eq!(told(back), [""; 0]);
    let texts = |documents: &crate::sorted::Sorted<crate::id::DocumentId, std::sync::Arc<crate::project::Document>>| -> Vec<_> {
        documents.values().map(|document| (document.id.clone(), document.title.clone(), document.text.clone())).collect()
    };
    assert_eq!(texts(&back.documents), texts(&project.documents));
    let layers = |layers: &crate::sorted::Sorted<crate::project::LayerKey, Layer>| -> Vec<_> {
        layers.iter().map(|(id, layer)| (id.clone(), trimmed(layer, &project.document_of(id).expect("it is there").text))).collect()
    };
    assert_eq!(layers(&back.layers), layers(&project.layers));
    assert!(back.orphans.is_empty() && back.refused.is_empty(), "{:?} {:?}", back.orphans, back.refused);
}

fn told(import: &Import) -> Vec<String> {
    import.problems.iter().filter(|problem| problem.code.id() != "unknown-label").map(ToString::to_string).collect()
}

/// One file of an export of the sentence by one person.
pub(super) fn of_one(format: Format, path: &str, options: &Options) -> String {
    let mut project = sentence();
    project.layers.remove(&key("d1", "ب"));
    written(&project, format, path, options)
}

pub(super) fn written(project: &Project, format: Format, path: &str, options: &Options) -> String {
    let files = exported(project, format, options).files;
    let names: Vec<_> = files.iter().map(|(name, _)| name).collect();
    String::from_utf8(files.get(path).unwrap_or_else(|| panic!("{names:?}")).to_vec()).expect("UTF-8")
}

#[test]
fn a_column_for_each_level() {
    expect_test::expect![[r#"
        -DOCSTART- d1 -X- O

        🔴 O
        قال B-CUE
        وزير B-ACTOR
        الخارجية I-ACTOR
        المصري I-ACTOR
        سامح I-ACTOR B-PERS
        شكري I-ACTOR I-PERS
        إن O
        مصر B-CLAIM
        ترفض I-CLAIM
        التهجير I-CLAIM
        ، O
        وفق O
        رويترز B-ACTOR
        . O

    "#]]
    .assert_eq(&of_one(Format::ConllNested, "news.conll", &Options::default()));
    let bioes = of_one(Format::ConllNested, "news.conll", &Options { bioes: true, ..Options::default() });
    assert!(bioes.contains("قال S-CUE\n") && bioes.contains("شكري E-ACTOR E-PERS\n"), "{bioes}");
    let back = there_and_back(&sentence(), Format::ConllNested);
    let text = &back.documents.get(&"d1".into()).expect("it is there").text;
    let layer = back.layers.get(&key("d1", "a")).expect("it is there");
    let then = Text::new(SENTENCE);
    assert_eq!(words(layer, text), words(sentence().layers.get(&key("d1", "a")).expect("it is there"), &then));
}

#[test]
fn crossing_labels_keep_their_columns() {
    let layer = Layer::from_records(
        crate::layer::Status::Done,
        [super::samples::label("s1", 0, 5, "A"), super::samples::label("s2", 3, 9, "B"), super::samples::label("s3", 3, 9, "B")],
        [],
    );
    let project = super::samples::project(vec![("d1", "aa bb cc dd")], vec![("d1", "a", layer)]);
    let columns = written(&project, Format::ConllNested, "news.conll", &Options::default());
    assert_eq!(columns, "-DOCSTART- d1 -X- O\n\naa B-A\nbb I-A B-B B-B\ncc O I-B I-B\ndd O\n\n");
    let back = there_and_back(&project, Format::ConllNested);
    let found = places(back.layers.get(&key("d1", "a")).expect("it is there"));
    assert_eq!(found, [(vec![(0, 5)], "A".to_owned()), (vec![(3, 8)], "B".to_owned()), (vec![(3, 8)], "B".to_owned())]);
}

#[test]
fn nested_columns_of_others_are_read() {
    let is = |text: &str| Format::detect(Some("a.txt"), text.as_bytes());
    assert_eq!(is("سكرتير B-OCC\nاللجنة I-OCC B-ORG\n"), Format::ConllNested);
    assert_eq!(is("سكرتير B-OCC\nاللجنة I-OCC\n"), Format::Conll2003);
    assert_eq!(is("EU NNP I-NP I-ORG\n"), Format::Conll2003);
    // The columns of a line are in any order.
    let lines = "سكرتير B-OCC\nاللجنة B-ORG I-OCC\r\nفي I-OCC I-ORG\nنابلس I-OCC B-GPE\n\nرام\tB-GPE\n x \nب B-ORG OO\n";
    let import = imported(&Files::one("w.txt", lines), Some(Format::ConllNested));
    assert_eq!(import.documents.get(&"w".into()).map(|document| document.text.as_str()), Some("سكرتير اللجنة في نابلس\nرام ب"));
    let labels = [((0, 22), "OCC"), ((7, 16), "ORG"), ((17, 22), "GPE"), ((23, 26), "GPE"), ((27, 28), "ORG")];
    let mut labels: Vec<_> = labels.into_iter().map(|(place, label)| (vec![place], label.to_owned())).collect();
    labels.sort();
    assert_eq!(places(import.layers.get(&key("w", "imported")).expect("it is there")), labels);
    let lines: Vec<_> = import.problems.iter().filter(|problem| problem.code.id() == "bad-line").map(|problem| problem.line).collect();
    assert_eq!((lines, import.orphans.len()), (vec![Some(7), Some(8)], 2));
}

#[test]
fn a_line_of_very_many_columns_takes_no_longer_than_it_is() {
    let line = format!("ab{}\n", " I-A".repeat(60_000));
    let import = imported(&Files::one("w.txt", line.repeat(3)), Some(Format::ConllNested));
    assert_eq!(import.layers.values().map(Layer::len).sum::<usize>(), 60_000);
}

#[test]
fn the_nasty_document_comes_back_on_its_tokens() {
    let project = nasty();
    for format in [Format::ConllNested, Format::HuggingFace, Format::Conllu] {
        let back = there_and_back(&project, format);
        assert_eq!(told(&back), [""; 0], "{format:?}");
        for (id, layer) in project.layers.iter() {
            let (then, now) = (&project.document_of(id).expect("it is there").text, &back.documents.get(&id.document).expect("it is there").text);
            assert_eq!(words(back.layers.get(id).expect("it is there"), now), words(layer, then), "{format:?}");
        }
    }
}

#[test]
fn rows_have_the_numbers_of_their_tags() {
    let mut project = sentence();
    project.layers.remove(&key("d1", "ب"));
    project.schema = std::sync::Arc::new(crate::schema::Schema::empty());
    let rows = written(&project, Format::HuggingFace, "train.jsonl", &Options::default());
    let row: Value = serde_json::from_str(rows.trim()).expect("one row");
    let tags = ["O", "B-ACTOR", "I-ACTOR", "B-CLAIM", "I-CLAIM", "B-CUE", "I-CUE", "B-PERS", "I-PERS"];
    let named = |column: &str| -> Vec<&str> {
        row[column].as_array().expect("a list").iter().map(|number| tags[number.as_u64().expect("a number") as usize]).collect()
    };
    assert_eq!(named("ner_tags").join(" "), "O B-CUE B-ACTOR I-ACTOR I-ACTOR I-ACTOR I-ACTOR O B-CLAIM I-CLAIM I-CLAIM O O B-ACTOR O");
    assert_eq!(named("ner_tags_2").join(" "), "O O O O O B-PERS I-PERS O O O O O O O O");
    // Code points: the emoji is one.
    assert_eq!((&row["start"][1], &row["end"][1], &row["tokens"][1]), (&json!(2), &json!(5), &json!("قال")));
    assert_eq!((&row["id"], &row["document"], &row["annotator"], &row["offset"]), (&json!("s1"), &json!("d1"), &json!("a"), &json!(0)));
    let card = written(&project, Format::HuggingFace, "README.md", &Options::default());
    expect_test::expect![[r#"
        ---
        pretty_name: "news"
        task_categories:
        - token-classification
        configs:
        - config_name: "default"
          data_files:
          - split: train
            path: train.jsonl
        dataset_info:
        - config_name: "default"
          features:
          - name: id
            dtype: string
          - name: document
            dtype: string
          - name: title
            dtype: string
          - name: annotator
            dtype: string
          - name: offset
            dtype: int32
          - name: text
            dtype: string
          - name: tokens
            sequence: string
          - name: start
            sequence: int32
          - name: end
            sequence: int32
          - name: ner_tags
            sequence:
              class_label:
                names:
                  '0': O
                  '1': B-ACTOR
                  '2': I-ACTOR
                  '3': B-CLAIM
                  '4': I-CLAIM
                  '5': B-CUE
                  '6': I-CUE
                  '7': B-PERS
                  '8': I-PERS
          - name: ner_tags_2
            sequence:
              class_label:
                names:
                  '0': O
                  '1': B-ACTOR
                  '2': I-ACTOR
                  '3': B-CLAIM
                  '4': I-CLAIM
                  '5': B-CUE
                  '6': I-CUE
                  '7': B-PERS
                  '8': I-PERS
    "#]]
    .assert_eq(card.split("---\n\n").next().expect("front matter"));
    holds_places(&sentence(), &there_and_back(&sentence(), Format::HuggingFace));
}

#[test]
fn rows_go_into_the_split_that_their_document_names() {
    let mut project = nasty();
    for (id, split) in [("d1", json!("test")), ("d2", json!("../x"))] {
        let mut document = crate::project::Document::clone(project.documents.get(&id.into()).expect("it is there"));
        document.meta.insert("split".to_owned(), split);
        project.documents.insert(id.into(), std::sync::Arc::new(document));
    }
    // Nobody has a layer of it.
    project.documents.insert("d3".into(), std::sync::Arc::new(crate::project::Document::new("d3".into(), "t", " \n")));
    let files = exported(&project, Format::HuggingFace, &Options::default()).files;
    let names: Vec<_> = files.iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["README.md", "a/test.jsonl", "a/train.jsonl", "b_c/test.jsonl"]);
    let back = there_and_back(&project, Format::HuggingFace);
    holds_places(&project, &back);
    assert_eq!(back.documents.get(&"d1".into()).map(|document| json!(document.meta)), Some(json!({"split": "test"})));
}

#[test]
fn rows_of_others_are_read() {
    let read = |name: &str, rows: &str, card: &str| {
        let mut files = Files::one(name, rows);
        if !card.is_empty() {
            files.insert("README.md", card);
        }
        let import = imported(&files, None);
        let layers: Vec<_> = import
            .layers
            .iter()
            .map(|(id, layer)| (id.document.to_string(), import.documents.get(&id.document).expect("text").text.as_str().to_owned(), places(layer)))
            .collect();
        (
            layers,
            import.problems.iter().map(|problem| problem.code.id()).filter(|id| *id != "unknown-label").collect::<Vec<_>>(),
            import.orphans.len(),
        )
    };
    let card = "---\ndataset_info:\n  features:\n  - name: ner_tags\n    list:\n      class_label:\n        names:\n          '0': O\n          '1': B-GPE\n          '2': I-GPE\n---\n";
    let rows = "{\"id\":\"0\",\"tokens\":[\"رام\",\"الله\",\"أمس\"],\"ner_tags\":[1,2,-100]}\n";
    let found = |id: &str, text: &str, label: &str| (id.to_owned(), text.to_owned(), vec![(vec![(0, 8)], label.to_owned())]);
    assert_eq!(read("data/train.json", rows, card), (vec![found("train-0", "رام الله أمس", "GPE")], vec![], 0));
    // Without a card numbers mean nothing; the text is there nonetheless.
    let (layers, problems, orphans) = read("train.jsonl", rows, "");
    assert_eq!((layers[0].2.len(), problems, orphans), (0, vec!["bad-field", "part-missing"], 1));
    let words = "[{\"tokens\":[\"رام\",\"الله\"],\"text\":\"رام  الله!\",\"tags\":[\"B-GPE\",\"E-GPE\"]},{\"tokens\":[\"x\"],\"text\":\"y\",\"tags\":[\"O\"]},{\"tokens\":1}]";
    let spaced = ("dev-1".to_owned(), "رام  الله!".to_owned(), vec![(vec![(0, 9)], "GPE".to_owned())]);
    assert_eq!(read("dev.json", words, ""), (vec![spaced], vec!["bad-field", "bad-field"], 2));
    let levels = "{\"id\":\"x1\",\"tokens\":[\"رام\",\"الله\"],\"ner_tags\":[[\"B-A\",\"I-A\"],[\"O\",\"B-B\"]]}\n";
    assert_eq!(read("t.jsonl", levels, "").0[0].2, [(vec![(0, 8)], "A".to_owned()), (vec![(4, 8)], "B".to_owned())]);
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn levels_hold_each_label_with_a_word(project in projects(), options in options()) {
        let done = exported(&project, Format::ConllNested, &options);
        let without: usize = done.losses.iter().filter(|loss| loss.kind == Kind::NoToken).map(|loss| loss.count).sum();
        let all: usize = project.layers.values().map(Layer::len).sum();
        let back = imported(&done.with_side(), Some(Format::ConllNested));
        prop_assert_eq!(back.layers.values().map(Layer::len).sum::<usize>(), all - without);
        prop_assert!(back.orphans.is_empty() && back.refused.is_empty());
        for (id, layer) in project.layers.iter().filter(|_| options.cut == CutRule::Split) {
            let Some(found) = back.layers.get(id) else {
                // A document without a token is not there.
                prop_assert!(words(layer, &project.document_of(id).expect("it is there").text).is_empty());
                continue;
            };
            let now = &back.documents.get(&id.document).expect("it is there").text;
            prop_assert_eq!(words(found, now), words(layer, &project.document_of(id).expect("it is there").text));
        }
    }

    #[test]
    fn texts_and_places_come_back(project in projects(), options in options(), format in prop::sample::select(vec![Format::HuggingFace, Format::Conllu])) {
        let options = Options { cut: CutRule::Split, ..options };
        holds_places(&project, &imported(&exported(&project, format, &options).with_side(), None));
        // Without what is said beside it, too.
        holds_places(&project, &imported(&exported(&project, format, &options).files, None));
    }
}
