//! A corrected text: told before, then made beside the old one, which is in the bin with all it had.

use super::tests::{TEXT, annotation, asked, document, file, key, keys, layer, take, written};
use super::*;
use crate::adjudicate::GOLD;
use crate::formats::wusum;
use crate::id::DocumentId;
use crate::persist::{Card, Key, Write};
use crate::project::Project;
use crate::training::given;
use std::collections::BTreeMap;
use std::sync::Arc;

const CORRECTED: &str = "عاجل: أعلنت أرمينيا أمس أنّ طهران رفضت";

/// The document with labels on أرمينيا and باكو.
fn records() -> Records {
    let labels = layer(&[annotation("s1", 6, 13), annotation("s2", 22, 26)]);
    written(&Records::default(), &take(&Records::default(), &[file(&labels, 4)], &asked()).0)
}

fn ask(records: Records, document: &str, text: &str, sure: bool) -> (RetextTold, Answer) {
    ask_as(records, RetextAsked { document: document.to_owned(), text: text.to_owned(), now: 99, sure, looks: None })
}

fn ask_as(records: Records, asked: RetextAsked) -> (RetextTold, Answer) {
    let answer = run(&keys(), Task::Retext(serde_json::to_string(&asked).expect("plain")), records, &[], &mut |_, _| {});
    (crate::json::parse(answer.told.as_deref().expect("told")).expect("as told"), answer)
}

#[test]
fn what_finds_no_place_is_listed_and_nothing_is_written_before_somebody_is_sure() {
    let (told, answer) = ask(records(), "d", CORRECTED, false);
    assert!(answer.writes.is_empty() && told.made.is_none() && told.trouble.is_none());
    let [one] = told.layers.as_slice() else { panic!("one person's labels: {:?}", told.layers) };
    assert_eq!((one.annotator.clone(), one.kept, one.changed.len(), one.ties), (Some(key().annotator), 1, 0, 0));
    let lost = RetextLine { id: "s2".to_owned(), label: "Actor".to_owned(), place: (22, 26), was: "باكو".to_owned(), is: None };
    assert_eq!(one.lost, [lost]);
}

#[test]
fn labels_of_others_are_carried_over_unseen_in_blind_mode() {
    let asked = |own: &str, sure| RetextAsked {
        document: "d".to_owned(),
        text: CORRECTED.to_owned(),
        now: 99,
        sure,
        looks: Some(Looks { own: own.into(), is_blind: true }),
    };
    let (told, _) = ask_as(records(), asked("أنا", false));
    assert_eq!((told.layers, told.hidden), (vec![], true));
    let (told, answer) = ask_as(records(), asked("أنا", true));
    assert!(told.layers.is_empty() && told.hidden && told.made.is_some());
    let made = LayerKey { document: "d-2".into(), annotator: key().annotator };
    assert_eq!(Stock::read(&keys(), written(&records(), &answer), Bin::Read, &mut |_, _| {}).project.layer(&made).map(|layer| layer.len()), Some(1));
    let (told, _) = ask_as(records(), asked(key().annotator.as_str(), false));
    assert_eq!((told.layers.len(), told.hidden), (1, false));
}

#[test]
fn the_new_document_has_the_labels_and_the_old_one_is_in_the_bin_as_it_was() {
    let before = records();
    let (told, answer) = ask(before.clone(), "d", CORRECTED, true);
    assert_eq!(told.made, Some("d-2".into()));
    let stock = Stock::read(&keys(), written(&before, &answer), Bin::Read, &mut |_, _| {});
    let (old, new): (DocumentId, DocumentId) = ("d".into(), "d-2".into());
    let text = |id: &DocumentId| stock.project.documents.get(id).expect("it is there").text.clone();
    assert_eq!((text(&old).as_str(), text(&new).as_str()), (TEXT, CORRECTED));
    let labels = |document: &DocumentId| {
        let layer = stock.project.layer(&LayerKey { document: document.clone(), annotator: key().annotator }).expect("a layer");
        layer.iter().map(|label| label.extent.quote(&text(document)).expect("inside")).collect::<Vec<_>>()
    };
    assert_eq!((labels(&old), labels(&new)), (vec!["أرمينيا".to_owned(), "باكو".to_owned()], vec!["أرمينيا".to_owned()]));
    let card = |id: &DocumentId| stock.cards.get(id).expect("a card");
    assert_eq!((card(&old).binned, card(&new).binned, card(&new).title.as_str()), (Some(99), None, "خبر"));
    // A file of the new layer is later than one of the old.
    let revision = |document: &DocumentId| stock.revisions()[&LayerKey { document: document.clone(), annotator: key().annotator }];
    assert!(revision(&new) > revision(&old));
}

#[test]
fn a_test_is_still_one_on_the_corrected_text() {
    let gold = layer(&[annotation("s1", 6, 13)]).with_remarks([Arc::new(given(&"هدى".into(), true, 5))]);
    let mut project = Project::new("p");
    project.documents.insert("d".into(), document());
    project.layers.insert(LayerKey { document: "d".into(), annotator: GOLD.into() }, gold);
    let mut bytes = Vec::new();
    wusum::write(&project, &BTreeMap::new(), &mut bytes).expect("memory");
    let before = written(&Records::default(), &take(&Records::default(), &[("test.jsonl".to_owned(), bytes)], &asked()).0);
    let (_, answer) = ask(before, "d", CORRECTED, true);
    let card = |id: &str| {
        let mut values = answer.writes.iter().filter_map(|write| match write {
            Write::Set(Key::Card(document), value) if document.as_str() == id => Some(value),
            _ => None,
        });
        Card::decode(values.next().expect("it is written")).expect("a card")
    };
    assert_eq!((card("d").test, card("d-2").test), (Some("هدى".into()), Some("هدى".into())));
}

#[test]
fn where_there_is_nothing_to_be_done_it_is_said_why() {
    let trouble = |document: &str, text: &str| ask(records(), document, text, true);
    for (document, text, why) in [("x", CORRECTED, NoRetext::Gone), ("d", " \n", NoRetext::Empty), ("d", TEXT, NoRetext::Same)] {
        let (told, answer) = trouble(document, text);
        assert_eq!((told.trouble, answer.writes.len()), (Some(why), 0));
    }
}
