//! The formats that put labels on tokens, out and in again: nested, crossing and same-place labels come back word for word.

use super::export::Options;
use super::files::Files;
use super::loss::Kind;
use super::round_trips::{exported, imported, key, nasty, places, there_and_back};
use super::samples::{SENTENCE, projects, sentence};
use super::tokens::{CutRule, TokenRule, is_space};
use super::{Format, Import};
use crate::layer::Layer;
use crate::project::Project;
use crate::text::Text;
use proptest::prelude::*;

fn options() -> impl Strategy<Value = Options> {
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
        (quote.chars().filter(|character| !is_space(*character)).collect::<String>(), super::conll::written_name(one.label.as_str()))
    });
    let mut words: Vec<_> = words.filter(|(words, _)| !words.is_empty()).collect();
    words.sort();
    words
}

fn told(import: &Import) -> Vec<String> {
    import.problems.iter().filter(|problem| problem.code.id() != "unknown-label").map(ToString::to_string).collect()
}

/// One file of an export of the sentence by one person.
fn of_one(format: Format, path: &str, options: &Options) -> String {
    let mut project = sentence();
    project.layers.remove(&key("d1", "ب"));
    written(&project, format, path, options)
}

fn written(project: &Project, format: Format, path: &str, options: &Options) -> String {
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
    for format in [Format::ConllNested] {
        let back = there_and_back(&project, format);
        assert_eq!(told(&back), [""; 0], "{format:?}");
        for (id, layer) in project.layers.iter() {
            let (then, now) = (&project.document_of(id).expect("it is there").text, &back.documents.get(&id.document).expect("it is there").text);
            assert_eq!(words(back.layers.get(id).expect("it is there"), now), words(layer, then), "{format:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

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
}
