//! The article with two people's labels.

use super::sources::chosen;
use std::sync::Arc;
use wusum::check::{About, Checker, Finding};
use wusum::formats::wusum as own;
use wusum::layer::Layer;
use wusum::schema::{CliticPolicy, Schema};
use wusum::text::{Text, Vocabulary};

/// What the two labelled.
pub fn people() -> [(Arc<Text>, Layer); 2] {
    [include_bytes!("../data/article.a.jsonl").as_slice(), include_bytes!("../data/article.b.jsonl")].map(|bytes| {
        let import = own::read(bytes);
        assert!(import.problems.is_empty());
        let document = import.documents.values().next().expect("one document");
        (document.text.clone(), import.layers.values().next().expect("one layer").clone())
    })
}

fn findings(text: &Text, layer: &Layer, schema: &Schema) -> Vec<Finding> {
    let mut vocabulary = Vocabulary::new();
    vocabulary.add(text);
    Checker { text, layer, schema, vocabulary: &vocabulary }.all()
}

fn told(text: &Text, layer: &Layer, schema: &Schema) -> Vec<String> {
    let line = |finding: Finding| match &finding.about {
        About::Annotation(id) => format!("{id} {}", finding.why.id()),
        About::Relation(id) => format!("{id} {}", finding.why.id()),
    };
    findings(text, layer, schema).into_iter().map(line).collect()
}

#[test]
fn careful_labels_have_nothing_to_look_at() {
    let [(text, layer), _] = people();
    assert_eq!(told(&text, &layer, &Schema::default()), [""; 0]);
}

#[test]
fn what_the_other_did_otherwise_is_told() {
    let [_, (text, layer)] = people();
    // باكو is a place here and an actor elsewhere; so is أذربيجان; its relation leads to a place; one claim has its quotation
    // marks, and one, on what an agreement says, has no source.
    let expected = ["s4 differs", "r1 relation-ends", "s8 edges", "s11 differs", "s30 relation-missing"];
    assert_eq!(told(&text, &layer, &Schema::default()), expected);
}

#[test]
fn a_policy_that_keeps_clitics_asks_for_them_back() {
    let [(text, layer), _] = people();
    let schema = Schema { clitics: CliticPolicy::Keep, ..Schema::default() };
    let all = findings(&text, &layer, &schema);
    // وأذربيجان, of which أذربيجان is labelled at 14: the whole word begins at 13.
    let of = |id: &str| all.iter().find(|finding| finding.about == About::Annotation(id.into())).expect("it is told");
    assert_eq!((of("s2").why.id(), of("s2").fix.as_ref().map(|fix| format!("{fix:?}"))), ("clitic-outside", Some("Extent([13..22])".to_owned())));
    // Every edge inside a word is told, and nothing else: what a person with a list of the words would count.
    let inside = |edge| text.word_at(edge).is_some_and(|word| word.start < edge && edge < word.end);
    let count = layer.iter().map(|a| usize::from(inside(a.extent.hull().start())) + usize::from(inside(a.extent.hull().end()))).sum::<usize>();
    assert_eq!(all.len(), count);
    assert!(count > 5);
}

#[test]
fn the_source_that_people_chose_is_the_one_offered() {
    let [a, b] = people();
    let count = |(text, layer): &(Arc<Text>, Layer)| {
        let right = layer.relations().filter(|relation| chosen(text, layer, &relation.from).as_ref() == Some(&relation.to)).count();
        (right, layer.relations().count())
    };
    assert_eq!(count(&a), (17, 17));
    // The other's first claim has a place for its source, which the schema does not allow and which is not offered.
    assert_eq!(count(&b), (15, 16));
}
