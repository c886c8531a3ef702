//! Each rule of relations, as a text before and after.

use expect_test::expect;
use serde_json::json;
use wusum::id::RelationId;
use wusum::plan::Command;
use wusum::schema::Schema;

use super::rules::{delete, merge};
use super::tagged::Fact::{Tie, TieOf, TieSays};
use super::tagged::{Tagged, check, check_under, check_with, layer, session_of};

const SOURCE: &str = "<a>باكو</a> <b>يريفان</b>: <c:Claim>ترفض</c> <d:Claim>كل شيء</d>";

/// Claims and actors; `source` has at most one a claim here, `about` any number, and `old` is retired.
fn schema() -> Schema {
    let mut schema = Schema::default();
    schema.relations[0].most = Some(1);
    let kinds = json!([
        {"id": "about", "names": {"ar": "عن", "en": "About"}, "from": [], "to": ["Actor", "Location"], "attributes": [
            {"id": "tone", "names": {"ar": "", "en": ""}, "kind": "yes-no", "default": true},
            {"id": "weight", "names": {"ar": "", "en": ""}, "kind": "number"},
        ]},
        {"id": "old", "names": {"ar": "", "en": ""}, "from": [], "to": [], "retired": true, "attributes": [
            {"id": "age", "names": {"ar": "", "en": ""}, "kind": "text"},
        ]},
    ]);
    schema.relations.extend(serde_json::from_value::<Vec<_>>(kinds).expect("kinds of relation"));
    schema
}

fn relate(kind: &'static str, from: &'static str, to: &'static str) -> impl Fn(&Tagged) -> Command {
    move |_| Command::Relate { id: "n".into(), kind: kind.into(), from: from.into(), to: to.into() }
}

fn ends(id: &'static str, from: &'static str, to: &'static str) -> impl Fn(&Tagged) -> Command {
    move |_| Command::SetRelationEnds(id.into(), from.into(), to.into())
}

fn kind(id: &'static str, kind: &'static str) -> impl Fn(&Tagged) -> Command {
    move |_| Command::SetRelationKind(id.into(), kind.into())
}

#[test]
fn a_claim_is_tied_to_who_made_it() {
    check_under(
        schema(),
        SOURCE,
        &[],
        relate("source", "c", "a"),
        expect![[r#"
        <a>باكو</a> <b>يريفان</b>: <c:Claim>ترفض</c> <d:Claim>كل شيء</d>
        n: c → a"#]],
    );
    check_under(
        schema(),
        SOURCE,
        &[Tie("r", "c", "a")],
        relate("source", "d", "a"),
        expect![[r#"
        <a>باكو</a> <b>يريفان</b>: <c:Claim>ترفض</c> <d:Claim>كل شيء</d>
        n: d → a
        r: c → a"#]],
    );
    // What is said from the start.
    check_under(
        schema(),
        SOURCE,
        &[],
        relate("about", "c", "b"),
        expect![[r#"
        <a>باكو</a> <b>يريفان</b>: <c:Claim>ترفض</c> <d:Claim>كل شيء</d>
        n: c → b (about) tone=true"#]],
    );
}

#[test]
fn a_tie_keeps_the_rules_of_the_schema() {
    let refused = |command: &dyn Fn(&Tagged) -> Command, expected| check_under(schema(), SOURCE, &[Tie("r", "c", "a")], command, expected);
    refused(&relate("source", "d", "z"), expect![[r#"refused: NoAnnotation("z")"#]]);
    refused(&relate("source", "z", "a"), expect![[r#"refused: NoAnnotation("z")"#]]);
    refused(&relate("source", "a", "c"), expect![[r#"refused: RelationForbidden("source")"#]]);
    refused(&relate("source", "c", "d"), expect![[r#"refused: RelationForbidden("source")"#]]);
    refused(&relate("about", "c", "d"), expect![[r#"refused: RelationForbidden("about")"#]]);
    refused(&relate("about", "a", "a"), expect!["refused: SameEnds"]);
    refused(&relate("source", "c", "a"), expect![[r#"refused: SameRelation("r")"#]]);
    refused(&relate("source", "c", "b"), expect![[r#"refused: TooManyRelations("source")"#]]);
    refused(&relate("kin", "c", "b"), expect![[r#"refused: UnknownRelation("kin")"#]]);
    refused(&relate("old", "c", "b"), expect![[r#"refused: RetiredRelation("old")"#]]);
    let taken = |_: &Tagged| Command::Relate { id: "r".into(), kind: "about".into(), from: "a".into(), to: "b".into() };
    refused(&taken, expect![[r#"refused: RelationIdTaken("r")"#]]);
}

#[test]
fn a_tie_is_led_elsewhere() {
    let facts = [Tie("r", "c", "a"), Tie("s", "d", "a"), TieOf("t", "a", "b", "old")];
    let check = |command: &dyn Fn(&Tagged) -> Command, expected| check_under(schema(), SOURCE, &facts, command, expected);
    check(
        &ends("r", "c", "b"),
        expect![[r#"
        <a>باكو</a> <b>يريفان</b>: <c:Claim>ترفض</c> <d:Claim>كل شيء</d>
        r: c → b
        s: d → a
        t: a → b (old)"#]],
    );
    // A kind that is retired may still be led elsewhere.
    check(
        &ends("t", "b", "a"),
        expect![[r#"
        <a>باكو</a> <b>يريفان</b>: <c:Claim>ترفض</c> <d:Claim>كل شيء</d>
        r: c → a
        s: d → a
        t: b → a (old)"#]],
    );
    check(&ends("r", "c", "a"), expect!["refused: NoChange"]);
    check(&ends("r", "a", "c"), expect![[r#"refused: RelationForbidden("source")"#]]);
    check(&ends("r", "d", "a"), expect![[r#"refused: SameRelation("s")"#]]);
    check(&ends("r", "d", "b"), expect![[r#"refused: TooManyRelations("source")"#]]);
    check(&ends("t", "b", "b"), expect!["refused: SameEnds"]);
    check(&ends("r", "c", "z"), expect![[r#"refused: NoAnnotation("z")"#]]);
    check(&ends("z", "c", "a"), expect![[r#"refused: NoRelation("z")"#]]);
}

#[test]
fn one_of_too_many_that_came_with_an_import_may_still_be_led_elsewhere() {
    let source = "<a>باكو</a> <b>يريفان</b> <e>أنقرة</e>: <c:Claim>ترفض</c>";
    check_under(
        schema(),
        source,
        &[Tie("r", "c", "a"), Tie("s", "c", "b")],
        ends("r", "c", "e"),
        expect![[r#"
        <a>باكو</a> <b>يريفان</b> <e>أنقرة</e>: <c:Claim>ترفض</c>
        r: c → e
        s: c → b"#]],
    );
    // A kind that no schema knows has no rules.
    check_with(
        source,
        &[TieOf("r", "c", "a", "kin")],
        ends("r", "a", "c"),
        expect![[r#"
        <a>باكو</a> <b>يريفان</b> <e>أنقرة</e>: <c:Claim>ترفض</c>
        r: a → c (kin)"#]],
    );
}

#[test]
fn a_tie_becomes_one_of_another_kind() {
    let facts = [
        Tie("r", "c", "a"),
        TieOf("s", "c", "b", "about"),
        TieOf("t", "c", "b", "old"),
        TieSays("t", "age", json!("قديم")),
        TieSays("t", "x", json!(1)),
    ];
    let check = |command: &dyn Fn(&Tagged) -> Command, expected| check_under(schema(), SOURCE, &facts, command, expected);
    check(
        &kind("r", "about"),
        expect![[r#"
        <a>باكو</a> <b>يريفان</b>: <c:Claim>ترفض</c> <d:Claim>كل شيء</d>
        r: c → a (about) tone=true
        s: c → b (about)
        t: c → b (old) age="قديم" x=1"#]],
    );
    check(&kind("t", "about"), expect![[r#"refused: SameRelation("s")"#]]);
    check(&kind("s", "source"), expect![[r#"refused: TooManyRelations("source")"#]]);
    check(&kind("r", "source"), expect!["refused: NoChange"]);
    check(&kind("r", "old"), expect![[r#"refused: RetiredRelation("old")"#]]);
    check(&kind("r", "kin"), expect![[r#"refused: UnknownRelation("kin")"#]]);
    // What only the old kind knows goes; what neither knows stays.
    check_under(
        schema(),
        SOURCE,
        &[TieOf("t", "c", "b", "old"), TieSays("t", "age", json!("قديم")), TieSays("t", "x", json!(1))],
        kind("t", "source"),
        expect![[r#"
            <a>باكو</a> <b>يريفان</b>: <c:Claim>ترفض</c> <d:Claim>كل شيء</d>
            t: c → b x=1"#]],
    );
}

#[test]
fn more_is_said_of_a_tie_and_it_is_undone() {
    let facts = [TieOf("r", "c", "a", "about")];
    let say = |name: &'static str, value: Option<serde_json::Value>| {
        move |_: &Tagged| Command::SetRelationAttribute("r".into(), name.to_owned(), value.clone())
    };
    let check = |command: &dyn Fn(&Tagged) -> Command, expected| check_under(schema(), SOURCE, &facts, command, expected);
    check(
        &say("weight", Some(json!(0.5))),
        expect![[r#"
        <a>باكو</a> <b>يريفان</b>: <c:Claim>ترفض</c> <d:Claim>كل شيء</d>
        r: c → a (about) weight=0.5"#]],
    );
    check(&say("weight", Some(json!("0.5"))), expect![[r#"refused: WrongValue("weight")"#]]);
    check(&say("age", Some(json!("قديم"))), expect![[r#"refused: UnknownAttribute("age")"#]]);
    check(&say("weight", None), expect!["refused: NoChange"]);
    check(
        &|_| Command::SetRelationNote("r".into(), Some("ن".to_owned())),
        expect![[r#"
        <a>باكو</a> <b>يريفان</b>: <c:Claim>ترفض</c> <d:Claim>كل شيء</d>
        r: c → a (about) note="ن""#]],
    );
    check(&|_| Command::SetRelationNote("r".into(), Some(" ".to_owned())), expect!["refused: NoChange"]);
    check(&|_| Command::SetRelationNote("z".into(), None), expect![[r#"refused: NoRelation("z")"#]]);
}

#[test]
fn ties_are_cut_and_what_they_join_stays() {
    let facts = [Tie("r", "c", "a"), Tie("s", "d", "b")];
    let cut = |ids: &'static [&'static str]| move |_: &Tagged| Command::Unrelate(ids.iter().map(|id| RelationId::from(*id)).collect());
    check_with(
        SOURCE,
        &facts,
        cut(&["r", "r"]),
        expect![[r#"
        <a>باكو</a> <b>يريفان</b>: <c:Claim>ترفض</c> <d:Claim>كل شيء</d>
        s: d → b"#]],
    );
    check_with(SOURCE, &facts, cut(&["s", "r"]), expect!["<a>باكو</a> <b>يريفان</b>: <c:Claim>ترفض</c> <d:Claim>كل شيء</d>"]);
    check_with(SOURCE, &facts, cut(&["r", "z"]), expect![[r#"refused: NoRelation("z")"#]]);
    check_with(SOURCE, &facts, cut(&[]), expect!["refused: NoChange"]);
}

#[test]
fn another_kind_of_label_loses_the_ties_it_may_not_have() {
    let relabel = |id: &'static str, label: &'static str| move |_: &Tagged| Command::SetLabel(id.into(), label.into());
    let facts = [Tie("r", "c", "a"), TieOf("s", "c", "a", "about"), TieOf("t", "b", "c", "source"), Tie("u", "d", "a"), TieOf("v", "a", "c", "kin")];
    // `source` may not start from a location, `about` may; `t` was against the rules before, and is not this step's matter.
    check_under(
        schema(),
        SOURCE,
        &facts,
        relabel("c", "Location"),
        expect![[r#"
        <a>باكو</a> <b>يريفان</b>: <c:Location>ترفض</c> <d:Claim>كل شيء</d>
        s: c → a (about)
        t: b → c
        u: d → a
        v: a → c (kin)"#]],
    );
    check_under(
        schema(),
        SOURCE,
        &facts,
        relabel("a", "Location"),
        expect![[r#"
        <a:Location>باكو</a> <b>يريفان</b>: <c:Claim>ترفض</c> <d:Claim>كل شيء</d>
        s: c → a (about)
        t: b → c
        v: a → c (kin)"#]],
    );
    check_under(
        schema(),
        SOURCE,
        &facts,
        relabel("b", "Location"),
        expect![[r#"
        <a>باكو</a> <b:Location>يريفان</b>: <c:Claim>ترفض</c> <d:Claim>كل شيء</d>
        r: c → a
        s: c → a (about)
        t: b → c
        u: d → a
        v: a → c (kin)"#]],
    );
}

#[test]
fn labels_are_not_merged_into_more_ties_than_one_may_have() {
    check_under(schema(), SOURCE, &[Tie("r", "c", "a"), Tie("s", "d", "b")], merge("c", "d"), expect![[r#"refused: TooManyRelations("source")"#]]);
    check_under(
        schema(),
        SOURCE,
        &[Tie("r", "c", "a"), Tie("s", "d", "a")],
        merge("c", "d"),
        expect![[r#"
        <a>باكو</a> <b>يريفان</b>: <c:Claim>ترفض كل شيء</c>
        r: c → a"#]],
    );
    check_under(
        schema(),
        SOURCE,
        &[Tie("s", "d", "a")],
        merge("c", "d"),
        expect![[r#"
        <a>باكو</a> <b>يريفان</b>: <c:Claim>ترفض كل شيء</c>
        s: c → a"#]],
    );
    // Ends at the actor: how many lead there is nobody's matter.
    check_under(
        schema(),
        SOURCE,
        &[Tie("r", "c", "a"), Tie("s", "d", "b")],
        merge("a", "b"),
        expect![[r#"
        <a>باكو يريفان</a>: <c:Claim>ترفض</c> <d:Claim>كل شيء</d>
        r: c → a
        s: d → a"#]],
    );
}

#[test]
fn an_outcome_says_which_ties_went_along() {
    let tagged = Tagged::parse(SOURCE);
    let mut session = session_of(schema(), &tagged.text, layer(&tagged, &[Tie("r", "c", "a"), Tie("s", "d", "a")]));
    let gone = |outcome: &wusum::session::Outcome| outcome.relations_gone().map(|relation| relation.id.to_string()).collect::<Vec<_>>();
    let outcome = session.run(delete(&["a"])(&tagged)).expect("it may");
    assert_eq!(gone(&outcome), ["r", "s"]);
    assert_eq!(gone(&session.undo().expect("it was done")), Vec::<String>::new());
    assert_eq!(session.layer().relations().count(), 2);
}

#[test]
fn work_has_begun_with_the_first_tie() {
    let new = super::tagged::Fact::Status(wusum::layer::Status::New);
    check_with(
        SOURCE,
        &[new],
        relate("source", "c", "a"),
        expect![[r#"
        <a>باكو</a> <b>يريفان</b>: <c:Claim>ترفض</c> <d:Claim>كل شيء</d>
        n: c → a"#]],
    );
    check(SOURCE, relate("source", "z", "a"), expect![[r#"refused: NoAnnotation("z")"#]]);
}
