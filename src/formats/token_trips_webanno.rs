//! WebAnno TSV out and in again: UTF-16 offsets, sub-tokens, stacked labels, relations; and as others write it.

use super::export::Options;
use super::files::Files;
use super::loss::Kind;
use super::round_trips::{exported, imported, key, nasty, places};
use super::samples::{cases, label, project, projects};
use super::token_trips::{of_one, options, trimmed, written};
use super::tokens::is_space;
use super::{Format, Import};
use crate::annotation::Relation;
use crate::layer::{Layer, Status};
use crate::project::Project;
use crate::text::Text;
use proptest::prelude::*;
use serde_json::json;

fn relation(id: &str, from: &str, to: &str) -> Relation {
    Relation { id: id.into(), kind: "x_y".into(), from: from.into(), to: to.into(), attributes: Default::default(), note: None }
}

#[test]
fn labels_stand_beside_their_tokens() {
    expect_test::expect![[r#"
        #FORMAT=WebAnno TSV 3.3
        #T_SP=webanno.custom.Span|label
        #T_RL=webanno.custom.Relation|label|BT_webanno.custom.Span


        #Text=🔴 قال وزير الخارجية المصري سامح شكري إن مصر ترفض التهجير، وفق رويترز.
        1-1	0-2	🔴	_	_	_
        1-2	3-6	قال	CUE	_	_
        1-3	7-11	وزير	ACTOR[2]	source	1-9[4_2]
        1-4	12-20	الخارجية	ACTOR[2]	_	_
        1-5	21-27	المصري	ACTOR[2]	_	_
        1-6	28-32	سامح	ACTOR[2]|PERS[3]	_	_
        1-7	33-37	شكري	ACTOR[2]|PERS[3]	_	_
        1-8	38-40	إن	_	_	_
        1-9	41-44	مصر	CLAIM[4]	_	_
        1-10	45-49	ترفض	CLAIM[4]	_	_
        1-11	50-57	التهجير	CLAIM[4]	_	_
        1-12	57-58	،	_	_	_
        1-13	59-62	وفق	_	_	_
        1-14	63-69	رويترز	ACTOR	_	_
        1-15	69-70	.	_	_	_
    "#]]
    .assert_eq(&of_one(Format::WebAnno, "d1.tsv", &Options::default()));
}

#[test]
fn a_label_on_a_part_of_a_token_is_on_a_sub_token() {
    let all = [label("s1", 5, 11, "A|_*[->;\\"), label("s2", 4, 11, "C"), label("s3", 0, 6, "D"), label("s4", 11, 12, "E"), label("s5", 12, 13, "F")];
    let layer = Layer::from_records(Status::Done, all, [relation("r1", "s1", "s4"), relation("r2", "s3", "s3")]);
    let project = project(vec![("d1", "قال لرويترز.\r\n\tنعم\\")], vec![("d1", "a", layer)]);
    let tsv = written(&project, Format::WebAnno, "d1.tsv", &Options::default());
    expect_test::expect![[r#"
        #Text=قال لرويترز.\r
        #Text=\t
        1-1	0-3	قال	D[1]	x\_y	1-1[1_1]
        1-2	4-11	لرويترز	C	_	_
        1-2.1	4-6	لر	D[1]	_	_
        1-2.2	5-11	رويترز	A\|\_\*\[\->\;\\	_	_
        1-3	11-12	.	E	x\_y	1-2.2
        #Text=نعم\\
        2-1	15-18	نعم	_	_	_
        2-2	18-19	\\	_	_	_
    "#]]
    .assert_eq(tsv.split("\n\n\n").nth(1).expect("a body").replace("\n\n", "\n").as_str());
    let done = exported(&project, Format::WebAnno, &Options::default());
    let told: Vec<_> =
        done.losses.iter().map(|loss| (loss.kind, loss.count)).filter(|(kind, _)| matches!(kind, Kind::NoToken | Kind::CutTokens)).collect();
    assert_eq!(told, [(Kind::NoToken, 1)]);
    comes_back(&project, &imported(&done.with_side(), None)).expect("the same");
}

/// Texts but for the white space before their first word, the places of labels, and relations between labels with words.
fn comes_back(project: &Project, back: &Import) -> Result<(), TestCaseError> {
    prop_assert!(back.orphans.is_empty() && back.refused.is_empty(), "{:?} {:?} {:?}", back.orphans, back.refused, back.problems);
    for document in project.documents.values() {
        let found = back.documents.get(&document.id).expect("it is there");
        prop_assert_eq!(found.text.as_str().trim_start_matches(is_space), document.text.as_str().trim_start_matches(is_space));
        if !found.text.as_str().is_empty() {
            prop_assert_eq!(found.text.len_utf16(), document.text.len_utf16());
        }
    }
    for (id, layer) in project.layers.iter() {
        let text = &project.document_of(id).expect("it is there").text;
        let meant = trimmed(layer, text);
        let Some(found) = back.layers.get(id) else {
            prop_assert!(meant.is_empty());
            continue;
        };
        prop_assert_eq!(trimmed(found, &back.documents.get(&id.document).expect("it is there").text), meant);
        let has_word = |id| layer.get(id).is_some_and(|one| !text.slice(one.extent.hull().range()).expect("inside").chars().all(is_space));
        let ties = layer.relations().filter(|relation| has_word(&relation.from) && has_word(&relation.to)).count();
        prop_assert_eq!(found.relations().count(), ties);
        let ends = |layer: &Layer, text: &Text| {
            let mut ends: Vec<_> = layer
                .relations()
                .map(|relation| {
                    let end =
                        |id| trimmed(&Layer::from_records(Status::New, layer.get(id).map(|one| crate::annotation::Annotation::clone(one)), []), text);
                    (relation.kind.clone(), end(&relation.from), end(&relation.to))
                })
                .filter(|(_, from, to)| !from.is_empty() && !to.is_empty())
                .collect();
            ends.sort();
            ends
        };
        prop_assert_eq!(ends(found, &back.documents.get(&id.document).expect("it is there").text), ends(layer, text));
    }
    Ok(())
}

#[test]
fn the_nasty_document_comes_back() {
    let mut project = nasty();
    project.documents.insert("d3".into(), std::sync::Arc::new(crate::project::Document::new("d3".into(), "t", " \n")));
    comes_back(&project, &imported(&exported(&project, Format::WebAnno, &Options::default()).with_side(), None)).expect("the same");
}

#[test]
fn files_of_others_are_read() {
    let tsv = "#FORMAT=WebAnno TSV 3.3\n#T_SP=de.x.NamedEntity|value|identifier\n#T_SP=webanno.custom.Mark\n#T_SP=a.Frame|ROLE_a.Frame:b_c|d\n#T_CH=x.Coref|referenceType|referenceRelation\n#T_RL=webanno.custom.Rel|kind|BT_de.x.NamedEntity\n\n\n#Sentence.id=s1\n#Text=😊 رام\n#Text=الله\n1-1\t3-5\t😊\t*[1]|PER[2]\t*[1]|http\\_x[2]\t*\t_\t_\t_\t_\tknows\t1-2[3_2]\t\n1-2\t6-9\trام\tGPE[3]\t_\t_\t_\t_\t_\t_\t_\t_\t\n1-3\t10-14\tالله\tGPE[3]\t_\t_\t_\t_\t_\t_\t*\t1-1[1_3]\n\nx\n#Text=لا\n2-1\t20-22\tلا\tLOC\t*\t_\t_\t_\t_\t_\t*|x\t9-9|2-1\n3-1\t99-1\tx\tX\t*\n";
    let import = imported(&Files::one("w.tsv", tsv), None);
    let text = import.documents.get(&"w".into()).expect("it is there").text.as_str().to_owned();
    assert_eq!(text, "   😊 رام\nالله      لا");
    let layer = import.layers.get(&key("w", "imported")).expect("it is there");
    let meant = |list: &[(u32, u32, &str)]| list.iter().map(|(start, end, label)| (vec![(*start, *end)], (*label).to_owned())).collect::<Vec<_>>();
    let mut all = meant(&[(3, 4, "NamedEntity"), (3, 4, "PER"), (3, 4, "Mark"), (5, 13, "GPE"), (19, 21, "LOC")]);
    all.sort();
    assert_eq!(places(layer), all);
    assert!(layer.iter().any(|one| one.label.as_str() == "PER" && json!(one.attributes) == json!({"identifier": "http_x"})));
    let relations: Vec<_> = layer.relations().map(|relation| format!("{} {}>{}", relation.kind, relation.from, relation.to)).collect();
    assert_eq!(relations, ["knows s4>s2", "Rel s1>s4", "x s5>s5"]);
    let told: Vec<_> = import.problems.iter().map(|problem| (problem.line, problem.code.id())).filter(|(_, id)| *id != "unknown-label").collect();
    let bad = |line: u32| (Some(line), "bad-line");
    assert_eq!(told, [bad(5), bad(16), (Some(19), "span-empty"), (Some(18), "relation-end-missing")]);
}

/// What is read of a body below these layers: labels with what is said of them, relations, and what is told.
fn read(layers: &str, body: &str) -> String {
    let import = imported(&Files::one("w.tsv", format!("#FORMAT=WebAnno TSV 3.3\n{layers}\n\n{body}")), None);
    let layer = import.layers.get(&key("w", "imported")).expect("somebody's labels");
    let told = import.problems.iter().filter(|problem| problem.code.id() != "unknown-label").map(ToString::to_string);
    let labels = layer.iter().map(|one| format!("{} {} {}", one.id, one.label, json!(one.attributes)));
    let ties = layer.relations().map(|one| format!("{} {} {} {}", one.from, one.kind, one.to, json!(one.attributes)));
    labels.chain(ties).chain(told).map(|line| line + "\n").collect()
}

#[test]
fn the_feature_that_is_called_value_names_labels_and_relations() {
    // As INCEpTION writes named entities: features in the order of the alphabet.
    let layers = "#T_SP=x.NamedEntity|identifier|value\n#T_RL=x.Rel|flag|value|BT_x.NamedEntity\n#T_RL=x.Bare|BT_x.NamedEntity\n";
    let body = "#Text=ما لها\n1-1\t0-2\tما\t*\tPER\ttrue\tof\t1-2\t_\t\n1-2\t3-6\tلها\thttp\t*\t_\t_\t_\t1-1\t\n";
    // A relation without features has one column alone, of where it comes from.
    let found = "s1 PER {}\ns2 NamedEntity {\"identifier\":\"http\"}\ns2 of s1 {\"flag\":\"true\"}\ns1 Bare s2 {}\n";
    assert_eq!(read(layers, body), found);
}

#[test]
fn slots_are_relations_to_the_labels_they_name() {
    // The example of the format's description, and slots that lead anywhere, from a label of several tokens that has no role.
    let layers = "#T_SP=c.Frame|FE|ROLE_c.Frame:Roles_c.FrameRolesLink|c.Lu\n#T_SP=c.Lu|lu\n#T_SP=c.Any|ROLE_c.Any:to_c.L|uima.tcas.Annotation\n";
    let body = "#Text=a b c d e\n1-1\t0-1\ta\t_\t_\t_\tbob\t*[7]\t1-3[4]\n1-2\t2-3\tb\tsale\tseller;goods;x\\;y\t1-1;1-3[4];1-5\t_\t*[7]\t1-3[4]\n\
        1-3\t4-5\tc\t_\t_\t_\tclock[4]\t_\t_\n1-4\t6-7\td\t_\t_\t_\tclock[4]\t*\t*\n1-5\t8-9\te\tf\t*\t*\t_\tr\t1-3[4]\n";
    expect_test::expect![[r#"
        s2 Any {}
        s1 bob {}
        s3 sale {}
        s4 clock {}
        s5 Any {}
        s6 f {}
        s7 Any {}
        s2 to s4 {}
        s3 seller s1 {}
        s3 goods s4 {}
        s7 r s4 {}
        w.tsv:9: relation "r4" needs label "1-5[0]", which is not there
    "#]]
    .assert_eq(&read(layers, body));
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn labels_and_relations_come_back(project in projects(), options in options()) {
        comes_back(&project, &imported(&exported(&project, Format::WebAnno, &options).with_side(), None))?;
    }
}
