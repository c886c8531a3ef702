//! Each rule of a schema change, as a text before and after.

use expect_test::{Expect, expect};
use serde_json::json;
use wusum::edit::apply;
use wusum::layer::Layer;
use wusum::schema::Schema;
use wusum::schema_change::{Comparison, Fate, Fates, Kind, Part, Unplanned, compare, likely, plan, rename, take_back};

use super::tagged::Fact::{self, Attribute, Note, Tie, TieOf, TieSays, Unsure};
use super::tagged::{Tagged, key, layer, print, session_of};

pub fn label(id: &str) -> Kind {
    Kind::Label(id.into())
}

pub fn fates(fates: &[(Part, Fate)]) -> Fates {
    fates.iter().cloned().collect()
}

pub fn become_(name: &str) -> Fate {
    Fate::Become(name.to_owned())
}

/// The default schema, changed.
pub fn schema(change: impl FnOnce(&mut Schema)) -> Schema {
    let mut schema = Schema::default();
    change(&mut schema);
    schema
}

/// What becomes of a layer of the default schema under another one, or why not. The inverse must lead back, and so must
/// taking it back.
pub fn check(source: &str, facts: &[Fact], next: &Schema, decided: &[(Part, Fate)], expected: Expect) {
    check_from(Schema::default(), source, facts, next, decided, expected);
}

fn check_from(old: Schema, source: &str, facts: &[Fact], next: &Schema, decided: &[(Part, Fate)], expected: Expect) {
    let tagged = Tagged::parse(source);
    let session = session_of(old, &tagged.text, layer(&tagged, facts));
    let mut project = session.project().clone();
    match plan(&project, next, &fates(decided)) {
        Err(why) => expected.assert_eq(&format!("{why:?}")),
        Ok(edit) => {
            apply(&mut project, &edit).expect("it fits");
            assert_eq!(*project.schema, *next);
            expected.assert_eq(&print(&tagged.text, project.layer(&key()).expect("it is there")));
            let back = take_back(&project, &edit).expect("it is the last");
            let mut other = project.clone();
            apply(&mut project, &edit.invert()).expect("it fits");
            assert_eq!(&project, session.project(), "the inverse leads back");
            apply(&mut other, &back).expect("it fits");
            assert_eq!(&other, session.project(), "taking it back leads back");
        }
    }
}

fn compared(source: &str, facts: &[Fact], next: &Schema, decided: &[(Part, Fate)]) -> Comparison {
    let tagged = Tagged::parse(source);
    let layer: Layer = layer(&tagged, facts);
    let (key, again) = (key(), wusum::project::LayerKey { document: "d".into(), annotator: "ليلى".into() });
    // The same work by two people on one document.
    compare(&Schema::default(), next, &fates(decided), [(&key, &layer), (&again, &layer)])
}

pub const SOURCE: &str = "<a>باكو</a> <b:Location>يريفان</b>: <c:Claim>ترفض</c>";

#[test]
fn a_label_is_renamed_with_all_that_is_said_of_it() {
    let next = schema(|schema| rename(schema, &Part::Kind(label("Claim")), "Statement"));
    assert_eq!(next.relations[0].from, ["Statement".into()]);
    let facts = [Attribute("c", "kind", "denial"), Note("c", "ن"), Unsure("c"), Tie("r", "c", "a")];
    check(
        SOURCE,
        &facts,
        &next,
        &[(Part::Kind(label("Claim")), become_("Statement"))],
        expect![[r#"
            <a>باكو</a> <b:Location>يريفان</b>: <c:Statement>ترفض</c>
            c: kind="denial" note="ن" unsure
            r: c → a"#]],
    );
}

#[test]
fn what_is_in_use_needs_a_decision_and_what_is_not_does_not() {
    let next = schema(|schema| drop(schema.labels.remove(1)));
    check(SOURCE, &[], &next, &[], expect![[r#"Undecided([Kind(Label("Location"))])"#]]);
    check("<a>باكو</a>", &[], &next, &[], expect!["<a>باكو</a>"]);
    check(SOURCE, &[], &next, &[(Part::Kind(label("Location")), become_("Place"))], expect![[r#"NoTarget([Kind(Label("Location"))])"#]]);
    check(SOURCE, &[], &next, &[(Part::Kind(label("Location")), Fate::Keep)], expect!["<a>باكو</a> <b:Location>يريفان</b>: <c:Claim>ترفض</c>"]);
    check(SOURCE, &[], &next, &[(Part::Kind(label("Location")), Fate::Delete)], expect!["<a>باكو</a> يريفان: <c:Claim>ترفض</c>"]);
    check(SOURCE, &[], &Schema::default(), &[], expect!["NoChange"]);
}

#[test]
fn a_label_is_merged_into_another_and_twins_become_one() {
    let next = schema(|schema| drop(schema.labels.remove(1)));
    let merge = [(Part::Kind(label("Location")), become_("Actor"))];
    check(SOURCE, &[], &next, &merge, expect!["<a>باكو</a> <b>يريفان</b>: <c:Claim>ترفض</c>"]);
    let twins = "<b:Location><a>باكو</a></b>: <c:Claim>ترفض</c> <d:Claim>كل</d>";
    let facts = [
        Note("a", "أول"),
        Note("b", "ثان"),
        Attribute("b", "x", "y"),
        Unsure("b"),
        TieOf("r", "c", "b", "source"),
        Tie("s", "c", "a"),
        Tie("t", "d", "b"),
    ];
    // The one that was an actor stays; what is said of both, and the ties of both, are its own; of two ties that are the same one goes.
    check(
        twins,
        &facts,
        &next,
        &merge,
        expect![[r#"
            <a>باكو</a>: <c:Claim>ترفض</c> <d:Claim>كل</d>
            a: x="y" note="أول\nثان" unsure
            s: c → a
            t: d → a"#]],
    );
    // Both change: the first in the text's order stays.
    let next = schema(|schema| {
        schema.labels.truncate(1);
        schema.labels[0].id = "Name".into();
        schema.relations.clear();
    });
    let all =
        [(Part::Kind(label("Actor")), become_("Name")), (Part::Kind(label("Location")), become_("Name")), (Part::Kind(label("Claim")), Fate::Keep)];
    check(
        "<b:Location><a>باكو</a></b> <q:Location>كل</q> شيء <q>الآن</q>",
        &[],
        &next,
        &all,
        expect!["<a:Name>باكو</a> <q:Name>كل</q> شيء <q>الآن</q>"],
    );
}

#[test]
fn relations_go_with_their_labels() {
    let next = schema(|schema| {
        schema.labels.remove(0);
        schema.relations[0].to = Vec::new();
    });
    let facts = [Tie("r", "c", "a"), TieOf("s", "c", "b", "kin")];
    check(
        SOURCE,
        &facts,
        &next,
        &[(Part::Kind(label("Actor")), Fate::Delete)],
        expect![[r#"
            باكو <b:Location>يريفان</b>: <c:Claim>ترفض</c>
            s: c → b (kin)"#]],
    );
}

#[test]
fn a_rule_that_forbids_what_is_there_needs_a_decision() {
    let next = schema(|schema| schema.relations[0].to = vec!["Location".into()]);
    let ties = Part::Ties("source".into());
    check(SOURCE, &[Tie("r", "c", "a")], &next, &[], expect![[r#"Undecided([Ties("source")])"#]]);
    check(SOURCE, &[Tie("r", "c", "a")], &next, &[(ties.clone(), Fate::Delete)], expect!["<a>باكو</a> <b:Location>يريفان</b>: <c:Claim>ترفض</c>"]);
    check(
        SOURCE,
        &[Tie("r", "c", "a")],
        &next,
        &[(ties, Fate::Keep)],
        expect![[r#"
            <a>باكو</a> <b:Location>يريفان</b>: <c:Claim>ترفض</c>
            r: c → a"#]],
    );
    // A label that stays unknown is not judged.
    let fewer = schema(|schema| {
        schema.labels.remove(0);
        schema.relations[0].to = vec!["Location".into()];
    });
    check(
        SOURCE,
        &[Tie("r", "c", "a")],
        &fewer,
        &[(Part::Kind(label("Actor")), Fate::Keep)],
        expect![[r#"
            <a>باكو</a> <b:Location>يريفان</b>: <c:Claim>ترفض</c>
            r: c → a"#]],
    );
    // Against the rules before already, or allowed now.
    check(
        SOURCE,
        &[Tie("r", "c", "b"), Tie("s", "a", "b")],
        &next,
        &[],
        expect![[r#"
            <a>باكو</a> <b:Location>يريفان</b>: <c:Claim>ترفض</c>
            r: c → b
            s: a → b"#]],
    );
}

#[test]
fn a_kind_of_relation_is_renamed_merged_or_dropped() {
    let next = schema(|schema| rename(schema, &Part::Kind(Kind::Relation("source".into())), "said-by"));
    let part = Part::Kind(Kind::Relation("source".into()));
    let facts = [Tie("r", "c", "a"), TieOf("s", "c", "a", "said-by"), TieOf("t", "a", "b", "kin"), TieSays("r", "x", json!(1))];
    check(SOURCE, &facts, &next, &[], expect![[r#"Undecided([Kind(Relation("source"))])"#]]);
    // A tie that an import brought says the same as the renamed one: one of them stays.
    check(
        SOURCE,
        &facts,
        &next,
        &[(part.clone(), become_("said-by"))],
        expect![[r#"
            <a>باكو</a> <b:Location>يريفان</b>: <c:Claim>ترفض</c>
            s: c → a (said-by)
            t: a → b (kin)"#]],
    );
    check(
        SOURCE,
        &[TieOf("t", "a", "b", "kin"), Tie("r", "c", "a")],
        &next,
        &[(Part::Kind(Kind::Relation("kin".into())), Fate::Delete), (part, Fate::Delete)],
        expect!["<a>باكو</a> <b:Location>يريفان</b>: <c:Claim>ترفض</c>"],
    );
}

#[test]
fn a_label_that_no_schema_knows_can_be_given_a_home() {
    let source = "<a:Weather>مطر</a> <b>باكو</b>";
    let next = schema(|schema| rename(schema, &Part::Kind(label("Location")), "Place"));
    check(
        source,
        &[Attribute("a", "kind", "x")],
        &next,
        &[],
        expect![[r#"
        <a:Weather>مطر</a> <b>باكو</b>
        a: kind="x""#]],
    );
    check(source, &[], &next, &[(Part::Kind(label("Weather")), become_("Place"))], expect!["<a:Place>مطر</a> <b>باكو</b>"]);
    let found = compared(source, &[], &next, &[]).gone;
    let weather = found.iter().find(|gone| gone.part == Part::Kind(label("Weather"))).expect("it is in use");
    assert_eq!((weather.uses, weather.documents, weather.was_known), (2, 1, false));
    // The schema stays the same, and only labels find their home.
    check(source, &[], &Schema::default(), &[(Part::Kind(label("Weather")), become_("Actor"))], expect!["<a>مطر</a> <b>باكو</b>"]);
}

#[test]
fn a_comparison_counts() {
    let next = schema(|schema| {
        let mut added = schema.labels.remove(1);
        added.id = "Event".into();
        schema.labels.push(added);
        schema.labels[1].attributes[0].values.remove(0);
    });
    let facts = [Tie("r", "c", "b"), Attribute("c", "kind", "assertion")];
    let found = compared(SOURCE, &facts, &next, &[]);
    let parts: Vec<_> = found.gone.iter().map(|gone| (&gone.part, gone.uses, gone.documents, gone.was_known)).collect();
    let (location, value) = (Part::Kind(label("Location")), Part::Value(label("Claim"), "kind".to_owned(), "assertion".to_owned()));
    assert_eq!(parts, [(&location, 2, 1, true), (&value, 2, 1, true)]);
    assert_eq!(found.added, [Part::Kind(label("Event"))]);
    assert_eq!(found.undecided, [location.clone(), value.clone()]);
    let found = compared(SOURCE, &facts, &next, &[(location, Fate::Delete), (value, become_("denial"))]);
    assert_eq!((found.deleted, found.untied, found.labels, found.undecided.len()), (2, 2, 2, 0));
}

#[test]
fn what_happened_since_stays_when_a_change_is_taken_back() {
    use wusum::plan::Command;
    let next = schema(|schema| {
        rename(schema, &Part::Kind(label("Claim")), "Statement");
        schema.labels.remove(1);
    });
    let decided = fates(&[(Part::Kind(label("Claim")), become_("Statement")), (Part::Kind(label("Location")), Fate::Delete)]);
    let tagged = Tagged::parse("<a>باكو</a> <b:Location>يريفان</b>: <c:Claim>ترفض</c> <d:Claim>كل</d> <e:Claim>شيء</e> <+>اليوم</+>");
    let start =
        session_of(Schema::default(), &tagged.text, layer(&tagged, &[Tie("r", "c", "a"), TieOf("s", "b", "a", "kin"), TieOf("t", "b", "e", "kin")]));
    let mut project = start.project().clone();
    let edit = plan(&project, &next, &decided).expect("it may");
    apply(&mut project, &edit).expect("it fits");
    let mut session = wusum::session::Session::open(project, key(), Default::default(), 0).expect("it is there");
    for command in [
        Command::Label { id: "n".into(), extent: tagged.place("+"), label: "Statement".into() },
        Command::SetNote("c".into(), Some("ن".to_owned())),
        Command::SetAttribute("c".into(), "kind".to_owned(), Some("denial".into())),
        Command::SetLabel("d".into(), "Actor".into()),
        Command::Delete(vec!["e".into()]),
    ] {
        session.run(command).expect("it may");
    }
    let mut project = session.project().clone();
    let back = take_back(&project, &edit).expect("it is the last");
    apply(&mut project, &back).expect("it fits");
    assert_eq!(*project.schema, Schema::default());
    expect![[r#"
        <a>باكو</a> <b:Location>يريفان</b>: <c:Claim>ترفض</c> <d>كل</d> شيء <n:Statement>اليوم</n>
        c: kind="denial" note="ن"
        r: c → a
        s: b → a (kin)"#]]
    .assert_eq(&print(&tagged.text, project.layer(&key()).expect("it is there")));
    assert_eq!(take_back(&project, &edit), Err(Unplanned::NotLast));
}

#[test]
fn what_is_called_the_same_is_offered() {
    let next = schema(|schema| {
        // The id is written otherwise; the names are the same; neither is.
        rename(schema, &Part::Kind(label("Actor")), "ACTOR");
        schema.labels[0].names = Default::default();
        rename(schema, &Part::Kind(label("Location")), "Place");
        rename(schema, &Part::Value(label("Claim"), "kind".to_owned(), "denial".to_owned()), "refusal");
        rename(schema, &Part::Value(label("Claim"), "kind".to_owned(), "demand".to_owned()), "x");
        schema.labels[2].attributes[0].values[3].names = Default::default();
        rename(schema, &Part::Kind(Kind::Relation("source".into())), "Place");
    });
    let expected = fates(&[
        (Part::Kind(label("Actor")), become_("ACTOR")),
        (Part::Kind(label("Location")), become_("Place")),
        (Part::Kind(Kind::Relation("source".into())), become_("Place")),
        (Part::Value(label("Claim"), "kind".to_owned(), "denial".to_owned()), become_("refusal")),
    ]);
    assert_eq!(likely(&Schema::default(), &next), expected);
    assert_eq!(likely(&Schema::default(), &Schema::default()), fates(&[]));
}
