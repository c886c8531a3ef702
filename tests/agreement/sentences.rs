//! Text in, figures out.

use super::{figures, project};
use wusum::agreement::grid::TokenRule;
use wusum::agreement::passages::Which;
use wusum::agreement::{Agreement, Cell, Options, Passage, Undefined, passages};
use wusum::annotation::Relation;
use wusum::layer::{Layer, Status};
use wusum::project::{LayerKey, Project};

fn two(a: &str, b: &str) -> Agreement {
    figures(&project(&[("d", "a", a), ("d", "b", b)]), &Options::default())
}

#[track_caller]
fn check(found: &Agreement, name: &str, expected: f64) {
    let figure = found.table.pairs[0].figures.get(name).unwrap_or_else(|| panic!("no {name}"));
    let figure = figure.unwrap_or_else(|why| panic!("{name}: {}", why.id()));
    assert!((figure - expected).abs() < 1e-6, "{name} is {figure}, not {expected}");
}

#[test]
fn tokens_by_their_outermost_label_and_by_each() {
    // Seven tokens. a: a claim over all but the first, with an actor in it. b: the actor alone, and the last word as a claim.
    let found = two("قال <c:Claim>إن <x>باكو</x> لا تريد ذلك</c> .", "قال إن <x>باكو</x> لا تريد <c:Claim>ذلك</c> .");
    // Flat: a is O C C C C C O, b is O O A O O C O; the same on three of seven.
    check(&found, "observed.flat", 3.0 / 7.0);
    // By chance: O 2·5, C 5·1, A 0·1 of 49; (21 − 15) / (49 − 15).
    check(&found, "cohen_kappa.flat", 6.0 / 34.0);
    check(&found, "cohen_kappa.Actor", 1.0);
    check(&found, "observed.Claim", 3.0 / 7.0);
    // Labelled by both alike: one; by a five, by b two.
    check(&found, "token_f1", 2.0 / 7.0);
    check(&found, "token_precision", 1.0 / 2.0);
    check(&found, "token_recall", 1.0 / 5.0);
    check(&found, "span_f1.exact", 0.5);
    check(&found, "span_f1.boundary", 0.5);
    check(&found, "span_f1.label", 1.0);
    // The claims share one token of five and one: 2 / 6.
    check(&found, "span_f1.partial", (1.0 + 1.0 / 3.0) / 2.0);
    check(&found, "span_f1.clitic", 0.5);
    assert_eq!(found.table.pairs[0].confusion.counts, [[2, 0, 0], [0, 0, 0], [3, 1, 1]]);
}

#[test]
fn a_token_is_labelled_where_it_shares_a_character() {
    // Only the name without its clitic; the token is the whole word.
    let (a, b) = ("و<x>باكو</x> قالت", "<x>وباكو</x> قالت");
    let found = two(a, b);
    check(&found, "cohen_kappa.flat", 1.0);
    check(&found, "token_f1", 1.0);
    check(&found, "span_f1.exact", 0.0);
    check(&found, "span_f1.partial", 1.0);
    check(&found, "span_f1.clitic", 1.0);
    assert_eq!(found.table.pairs[0].boundary_differences.start, [(-1, 1)].into());
    // A label in pieces is on the tokens of its pieces alone.
    let pieces = two("<c:Claim>لا</c> تريد <c>باكو</c>", "<c:Claim>لا تريد باكو</c>");
    check(&pieces, "observed.Claim", 2.0 / 3.0);
}

#[test]
fn words_and_white_space_are_two_grids() {
    let source = project(&[("d", "a", "قال: «<x>نعم</x>»."), ("d", "b", "قال: «نعم»<x>.</x>")]);
    let by = |tokens| figures(&source, &Options { tokens, ..Options::default() });
    assert_eq!(by(TokenRule::Words).table.pairs[0].confusion.counts.iter().flatten().sum::<u64>(), 6);
    assert_eq!(by(TokenRule::Whitespace).table.pairs[0].confusion.counts, [[1, 0], [0, 1]]);
}

#[test]
fn labels_of_the_same_kind_are_matched_as_often_as_it_goes() {
    // The first of a could take either of b's; the second only the longer.
    let found = two("<x>رئيس</x> <y>الوزراء</y>", "<x>رئيس الوزراء</x> قال".replace(" قال", "").as_str());
    check(&found, "span_f1.label", 2.0 / 3.0);
    let found = two("<x>رئيس الوزراء</x> <y>الأرميني</y> قال", "<x>رئيس</x> <y>الوزراء الأرميني</y> قال");
    check(&found, "span_f1.label", 1.0);
    // 2·1/3 twice.
    check(&found, "span_f1.partial", 2.0 / 3.0);
    // The same place twice counts twice.
    let found = two("<x>باكو</x> <y>قالت</y>", "<x><y>باكو</x></y> قالت");
    check(&found, "span_f1.exact", 0.5);
}

#[test]
fn undefined_figures_say_why() {
    let why = |found: &Agreement, name: &str| found.table.pairs[0].figures.get(name).expect("there is one").expect_err("it is undefined");
    let none = two("قال نعم", "قال نعم");
    assert_eq!(why(&none, "cohen_kappa.flat"), Undefined::NoLabels);
    assert_eq!(why(&none, "token_f1"), Undefined::NoLabels);
    assert_eq!(why(&none, "span_f1.clitic"), Undefined::NoLabels);
    assert_eq!(why(&none, "relation_f1.exact"), Undefined::NoRelations);
    assert_eq!(none.table.whole.get("alpha_u"), Some(Err(Undefined::NoLabels)));
    assert_eq!(none.table.whole.get("gamma"), Some(Err(Undefined::NoLabels)));
    assert_eq!(none.table.whole.get("fleiss_kappa.flat"), Some(Err(Undefined::NoLabels)));
    let all = two("<x>نعم</x>", "<x>نعم</x>");
    assert_eq!(why(&all, "cohen_kappa.flat"), Undefined::NoVariation);
    check(&all, "span_f1.exact", 1.0);
    let alone = figures(&project(&[("d", "a", "<x>نعم</x>")]), &Options::default());
    assert_eq!((alone.documents, alone.table.pairs.len()), (0, 0));
    assert_eq!(alone.table.mean.get("token_f1"), Some(Err(Undefined::OneAnnotator)));
    assert_eq!(alone.table.whole.get("gamma"), Some(Err(Undefined::OneAnnotator)));
    let apart = figures(&project(&[("d", "a", "<x>نعم</x> لا"), ("d", "b", "نعم لا"), ("e", "a", "لا"), ("e", "c", "<x>لا</x>")]), &Options::default());
    assert_eq!(apart.table.pairs[2].figures.get("cohen_kappa.flat"), Some(Err(Undefined::NoCommonDocument)));
    assert_eq!(apart.table.whole.get("fleiss_kappa.flat"), Some(Err(Undefined::NoCommonDocument)));
    assert!(apart.table.whole.get("krippendorff_alpha.flat").expect("there is one").is_ok());
}

#[test]
fn documents_are_counted_together_and_told_one_by_one() {
    let source = project(&[
        ("d", "a", "<x>باكو</x> قالت نعم"),
        ("d", "b", "<x>باكو</x> قالت نعم"),
        ("e", "a", "<x>باكو</x> قالت نعم لا"),
        ("e", "b", "باكو قالت <x>نعم لا</x>"),
        ("f", "a", "<x>وحده</x>"),
    ]);
    let found = figures(&source, &Options { by_document: true, ..Options::default() });
    assert_eq!((found.documents, found.by_document.len()), (2, 2));
    check(&found, "observed.flat", 4.0 / 7.0);
    check(&found, "span_f1.exact", 0.5);
    assert_eq!(found.by_document[0].table.pairs[0].figures.get("span_f1.exact"), Some(Ok(1.0)));
    assert_eq!(found.by_document[1].table.pairs[0].figures.get("span_f1.exact"), Some(Ok(0.0)));
    // Both documents drawn twice give the two extremes.
    let place = found.table.pairs[0].figures.entries.iter().position(|(path, _)| path.join(".") == "span_f1.exact").expect("there is one");
    assert_eq!(found.table.pairs[0].figures.intervals[place], Some((0.0, 1.0)));
    assert_eq!(found.bootstrap.reason, None);
    assert_eq!(two("<x>نعم</x>", "نعم").bootstrap.reason, Some("one-document"));
}

#[test]
fn the_same_text_under_two_names_is_one_document() {
    let found = figures(&project(&[("d", "a", "<x>باكو</x> قالت"), ("e", "b", "<x>باكو</x> قالت")]), &Options::default());
    assert_eq!((found.documents, found.table.pairs[0].documents), (1, 1));
    let both = [("d", "a", "<x>باكو</x> قالت"), ("e", "a", "باكو قالت"), ("e", "b", "<x>باكو</x> قالت")];
    assert_eq!(figures(&project(&both), &Options::default()).documents, 1);
}

#[test]
fn a_layer_that_nobody_began_counts_only_where_it_is_wanted() {
    let mut source = project(&[("d", "a", "<x>باكو</x> قالت"), ("d", "b", "<x>باكو</x> قالت")]);
    source.layers.insert(LayerKey { document: "d".into(), annotator: "c".into() }, Layer::default());
    let names = |unbegun| figures(&source, &Options { unbegun, ..Options::default() }).annotators.len();
    assert_eq!((names(true), names(false)), (3, 2));
}

#[test]
fn gold_is_the_reference() {
    let source = project(&[
        ("d", "gold", "<x>باكو</x> <y>قالت</y> نعم"),
        ("d", "a", "<x>باكو</x> قالت نعم"),
        ("d", "b", "<x>باكو</x> <y>قالت</y> <z>نعم</z>"),
    ]);
    let found = figures(&source, &Options { gold: Some("gold".into()), ..Options::default() });
    let pairs: Vec<(&str, &str)> = found.table.pairs.iter().map(|pair| (pair.a.as_str(), pair.b.as_str())).collect();
    assert_eq!(pairs, [("gold", "a"), ("gold", "b")]);
    let of = |at: usize, name: &str| found.table.pairs[at].figures.get(name).expect("there is one").expect("it is defined");
    assert_eq!((of(0, "span_precision.exact"), of(0, "span_recall.exact")), (1.0, 0.5));
    assert_eq!((of(1, "span_precision.exact"), of(1, "span_recall.exact")), (2.0 / 3.0, 1.0));
}

/// Two people on one text, with a relation from the first label to the second, and an answer.
fn tied(a: (&str, &str, &str), b: (&str, &str, &str)) -> Project {
    let mut project = project(&[("d", "a", a.0), ("d", "b", b.0)]);
    for (annotator, (_, kind, answer)) in [("a", a), ("b", b)] {
        let key = LayerKey { document: "d".into(), annotator: annotator.into() };
        let layer = project.layers.get(&key).expect("it is there");
        let mut labels: Vec<_> = layer.iter().map(|annotation| annotation.as_ref().clone()).collect();
        labels[0].attributes.insert("kind".to_owned(), answer.into());
        let (from, to) = (labels[0].id.clone(), labels[1].id.clone());
        let relation = Relation { id: "r".into(), kind: kind.into(), from, to, attributes: Default::default(), note: None };
        project.layers.insert(key, Layer::from_records(Status::Done, labels, [relation]));
    }
    project
}

#[test]
fn relations_follow_the_labels_that_are_matched() {
    let same = ("<c:Claim>نعم</c> قالت <x>باكو</x>", "source", "denial");
    let found = figures(&tied(same, same), &Options::default());
    check(&found, "relation_f1.exact", 1.0);
    check(&found, "relation_f1.label", 1.0);
    let wider = ("<c:Claim>نعم قالت</c> <x>باكو</x>", "source", "denial");
    let found = figures(&tied(same, wider), &Options::default());
    check(&found, "relation_f1.exact", 0.0);
    check(&found, "relation_f1.label", 1.0);
    let behind = |measure: &str, side| {
        let cell = Cell::Relations { measure: measure.to_owned(), side };
        let found = passages(&tied(same, wider), &Options::default(), (&"a".into(), &"b".into()), &cell);
        found.iter().map(|passage| (passage.start, passage.end)).collect::<Vec<_>>()
    };
    assert_eq!((behind("label", Which::Matched), behind("exact", Which::Matched)), (vec![(0, 13)], vec![]));
    assert_eq!((behind("exact", Which::OnlyA), behind("exact", Which::OnlyB)), (vec![(0, 13)], vec![(0, 13)]));
    let other = ("<c:Claim>نعم</c> قالت <x>باكو</x>", "target", "denial");
    check(&figures(&tied(same, other), &Options::default()), "relation_f1.label", 0.0);
}

#[test]
fn attributes_are_compared_on_labels_of_the_same_place() {
    let of = |answer| ("<c:Claim>نعم</c> <x>باكو</x> <z:Claim>لا</z>", "source", answer);
    let found = figures(&tied(of("denial"), of("demand")), &Options::default());
    // The second claim has no answer from either, on which both agree: one of two; by chance one of four.
    check(&found, "attribute_kappa.kind", (0.5 - 0.25) / 0.75);
    assert_eq!(found.table.pairs[0].attribute_answers["kind"].len(), 2);
    let cell = Cell::Attribute { name: "kind".to_owned(), a: Some("denial".to_owned()), b: Some("demand".to_owned()) };
    let behind = passages(&tied(of("denial"), of("demand")), &Options::default(), (&"a".into(), &"b".into()), &cell);
    assert_eq!(behind.iter().map(|passage| (passage.start, passage.end)).collect::<Vec<_>>(), [(0, 3)]);
}

#[test]
fn every_number_leads_to_its_passages() {
    let source =
        project(&[("d", "a", "<x>باكو</x> قالت <c:Claim>لا تريد</c> ذلك"), ("d", "b", "<x:Location>باكو</x> <y>قالت</y> <c:Claim>لا تريد ذلك</c>")]);
    let behind = |cell: Cell| {
        let found: Vec<Passage> = passages(&source, &Options::default(), (&"a".into(), &"b".into()), &cell);
        found.iter().map(|passage| (passage.start, passage.end, passage.a.is_some(), passage.b.is_some())).collect::<Vec<_>>()
    };
    let tokens = |a: Option<&str>, b: Option<&str>| behind(Cell::Tokens { a: a.map(Into::into), b: b.map(Into::into) });
    assert_eq!(tokens(Some("Actor"), Some("Location")), [(0, 4, false, false)]);
    assert_eq!(tokens(Some("Claim"), Some("Claim")), [(10, 17, false, false)]);
    assert_eq!(tokens(None, Some("Claim")), [(18, 21, false, false)]);
    assert_eq!(tokens(Some("Nothing"), None), []);
    let spans = |measure: &str, side| behind(Cell::Spans { measure: measure.to_owned(), side, label: None });
    assert_eq!(spans("exact", Which::Matched), []);
    assert_eq!(spans("boundary", Which::Matched), [(0, 4, true, true)]);
    assert_eq!(spans("label", Which::Matched), [(10, 21, true, true)]);
    assert_eq!(spans("label", Which::OnlyA), [(0, 4, true, false)]);
    assert_eq!(spans("label", Which::OnlyB), [(0, 4, false, true), (5, 9, false, true)]);
    assert_eq!(behind(Cell::Edge { is_start: false, by: 4 }), [(10, 21, true, true)]);
    assert_eq!(behind(Cell::Edge { is_start: true, by: 4 }), []);
}
