//! CoNLL-U out and in again: clitics, the text around words, labels in brackets; and as others write it.

use super::export::Options;
use super::files::Files;
use super::round_trips::{imported, key, nasty, places, there_and_back};
use super::samples::{label, project, sentence};
use super::token_trips::{holds_places, of_one, written};
use super::tokens::TokenRule;
use super::{Format, Import};
use crate::layer::{Layer, Status};

fn told(import: &Import) -> Vec<(Option<u32>, &'static str)> {
    import.problems.iter().map(|problem| (problem.line, problem.code.id())).filter(|(_, id)| *id != "unknown-label").collect()
}

#[test]
fn brackets_open_and_close_labels() {
    expect_test::expect![[r#"
        # global.Entity = eid-etype
        # newdoc id = d1
        # meta::title = title of d1
        # meta::annotator = a
        # sent_id = d1-s1
        # text = 🔴 قال وزير الخارجية المصري سامح شكري إن مصر ترفض التهجير، وفق رويترز.
        1	🔴	_	_	_	_	_	_	_	_
        2	قال	_	_	_	_	_	_	_	Entity=(e1-CUE)
        3	وزير	_	_	_	_	_	_	_	Entity=(e2-ACTOR
        4	الخارجية	_	_	_	_	_	_	_	_
        5	المصري	_	_	_	_	_	_	_	_
        6	سامح	_	_	_	_	_	_	_	Entity=(e3-PERS
        7	شكري	_	_	_	_	_	_	_	Entity=e3)e2)
        8	إن	_	_	_	_	_	_	_	_
        9	مصر	_	_	_	_	_	_	_	Entity=(e4-CLAIM
        10	ترفض	_	_	_	_	_	_	_	_
        11	التهجير	_	_	_	_	_	_	_	Entity=e4)|SpaceAfter=No
        12	،	_	_	_	_	_	_	_	_
        13	وفق	_	_	_	_	_	_	_	_
        14	رويترز	_	_	_	_	_	_	_	Entity=(e5-ACTOR)|SpaceAfter=No
        15	.	_	_	_	_	_	_	_	SpaceAfter=No

    "#]]
    .assert_eq(&of_one(Format::Conllu, "news.conllu", &Options::default()));
    holds_places(&sentence(), &there_and_back(&sentence(), Format::Conllu));
    let mut project = nasty();
    // Nobody has a layer of a text without a word.
    project.documents.insert("d 3|".into(), std::sync::Arc::new(crate::project::Document::new("d 3|".into(), " t\n", " \u{A0}\u{2028}\\s|")));
    project.documents.insert("d4".into(), std::sync::Arc::new(crate::project::Document::new("d4".into(), "", " \u{A0}\r\n")));
    holds_places(&project, &there_and_back(&project, Format::Conllu));
}

#[test]
fn a_clitic_is_a_word_of_a_written_word() {
    // رويترز in لرويترز; the two labels cross in one written word.
    let layer = Layer::from_records(Status::Done, [label("s1", 5, 11, "A|(b)-%"), label("s2", 0, 7, "C")], []);
    let project = project(vec![("d1", "قال لرويترز.\n رويترز ")], vec![("d1", "a", layer)]);
    let lines = |options: &Options| {
        let text = written(&project, Format::Conllu, "news.conllu", options);
        text.lines()
            .filter(|line| line.contains('\t'))
            .map(|line| line.replace("\t_\t_\t_\t_\t_\t_\t_\t", " ").replace('\t', " "))
            .collect::<Vec<_>>()
    };
    let expected = [
        "1 قال Entity=(e1-C",
        "2-4 لرويترز SpaceAfter=No",
        "2 ل _",
        "3 رو Entity=e1)(e2-A%7C%28b%29%2D%25",
        "4 يترز Entity=e2)",
        "5 . SpacesAfter=\\n\\s",
        "1 رويترز SpacesAfter=\\s",
    ];
    // Both labels end in one written word.
    let found = lines(&Options::default());
    assert_eq!(found[1..], expected[1..].iter().map(|line| (*line).to_owned()).collect::<Vec<_>>()[..], "{found:?}");
    let clitics = Options { tokens: TokenRule::Clitics, ..Options::default() };
    assert_eq!(lines(&clitics), found);
    holds_places(&project, &there_and_back(&project, Format::Conllu));
}

#[test]
fn words_of_others_are_read() {
    let row = |id: &str, form: &str, misc: &str| format!("{id}\t{form}\t_\t_\t_\t_\t_\t_\t_\t{misc}\n");
    let read = |lines: &[String]| {
        let bytes = lines.concat();
        assert_eq!(Format::detect(None, bytes.replace("3\n", "").as_bytes()), Format::Conllu);
        imported(&Files::one("x.conllu", bytes), Some(Format::Conllu))
    };
    // A treebank: the words are not the letters of the written word, tags in MISC, an empty node, a second document.
    let lines = [
        "# newdoc\n# sent_id = 1\r\n".to_owned(),
        row("1-2", "للبيت", "_"),
        row("1", "ل", "_"),
        row("2", "البيت", "Entity=B-PLACE"),
        row("2.1", "_", "_"),
        row("3", "هنا", "SpaceAfter=No|Entity=CUE"),
        "\n# newpar\n".to_owned(),
        row("1", "نعم", "Entity=(e1[1/2]-x-1(e2"),
        row("2", "نعم", "Entity=e1[1/2])e2)e9)"),
        "3\n\n".to_owned(),
        "# newdoc id = b\n# newpar\n".to_owned(),
        row("1", "لا", "SpacesAfter=\\n|NER=S-Y"),
        row("2", "_", "_"),
    ];
    let import = read(&lines);
    let text = |id: &str| import.documents.get(&id.into()).expect("it is there").text.as_str().to_owned();
    assert_eq!((text("x-1"), text("b")), ("للبيت هنانعم نعم".to_owned(), "لا\n_".to_owned()));
    let found = |id: &str| places(import.layers.get(&key(id, "imported")).expect("it is there"));
    let meant = |list: &[(u32, u32, &str)]| list.iter().map(|(start, end, label)| (vec![(*start, *end)], (*label).to_owned())).collect::<Vec<_>>();
    assert_eq!(found("x-1"), meant(&[(0, 5, "PLACE"), (6, 9, "CUE"), (9, 16, "entity"), (9, 16, "x")]));
    assert_eq!(found("b"), meant(&[(0, 2, "Y")]));
    assert_eq!((told(&import), import.refused.len()), (vec![(Some(12), "bad-line"), (Some(11), "span-empty")], 1));
    // CoNLL-U Plus has columns of its own.
    let plus = "# global.columns = ID FORM UPOS NE:SPAN\n1\tرام\tX\tB-GPE\n2\tالله\tX\tI-GPE\n3\tأمس\tX\tO\n\n1\tو\tX\tI-GPE\n".to_owned();
    let import = read(&[plus]);
    assert_eq!(places(import.layers.get(&key("x", "imported")).expect("it is there")), meant(&[(0, 8, "GPE"), (13, 14, "GPE")]));
}
