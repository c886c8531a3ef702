//! What may be said of a label: kinds of answers, what is said from the start, and kinds of label that are retired.

use expect_test::expect;
use serde_json::{Value, json};
use wusum::plan::Command;
use wusum::schema::{Attribute, Schema};

use super::tagged::{Fact, Tagged, check_under, layer, print, session_of};

/// Actors have an attribute of each kind; a claim is an assertion until somebody says otherwise; locations are retired.
fn schema() -> Schema {
    let names = json!({"ar": "", "en": ""});
    let values = |ids: &[&str]| ids.iter().map(|id| json!({"id": id, "names": names})).collect::<Vec<_>>();
    let attributes = json!([
        {"id": "role", "names": names, "values": values(&["state", "person"])},
        {"id": "fields", "names": names, "kind": "many-of", "values": values(&["war", "trade", "oil"])},
        {"id": "named", "names": names, "kind": "yes-no"},
        {"id": "name", "names": names, "kind": "text"},
        {"id": "age", "names": names, "kind": "number"},
    ]);
    let mut schema = Schema::default();
    schema.labels[0].attributes = serde_json::from_value::<Vec<Attribute>>(attributes).expect("attributes");
    schema.labels[1].retired = true;
    schema.labels[2].attributes[0].default = Some(json!("assertion"));
    // Not one of its values: it is never said.
    schema.labels[2].attributes[1].default = Some(json!("sure"));
    schema
}

/// What the label says after the command, or why not.
fn said(before: Option<(&str, Value)>, name: &str, value: Option<Value>) -> String {
    let tagged = Tagged::parse("<a>مصر</a>");
    let mut start = tagged.annotations.clone();
    start[0].attributes.extend(before.map(|(name, value)| (name.to_owned(), value)));
    let before = wusum::layer::Layer::from_records(wusum::layer::Status::Done, start, []);
    let mut session = session_of(schema(), &tagged.text, before.clone());
    match session.run(Command::SetAttribute("a".into(), name.to_owned(), value)) {
        Ok(_) => {
            let said = json!(session.layer().nth(0).expect("it is there").attributes).to_string();
            session.undo().expect("it was done");
            assert_eq!(*session.layer(), before);
            said
        }
        Err(why) => format!("{why:?}"),
    }
}

#[test]
fn an_answer_is_of_its_kind() {
    for (name, good) in [("role", json!("state")), ("named", json!(false)), ("name", json!("مصر")), ("age", json!(7)), ("age", json!(-0.5))] {
        assert_eq!(said(None, name, Some(good.clone())), json!({name: good}).to_string());
    }
    let wrong = [
        ("role", json!("king")),
        ("role", json!(["state"])),
        ("role", json!(null)),
        ("fields", json!("war")),
        ("fields", json!(["war", "peace"])),
        ("fields", json!([1])),
        ("named", json!("yes")),
        ("name", json!(7)),
        ("age", json!("7")),
    ];
    for (name, value) in wrong {
        assert_eq!(said(None, name, Some(value.clone())), format!("WrongValue({name:?})"), "{value}");
    }
    assert_eq!(said(None, "colour", Some(json!("blue"))), r#"UnknownAttribute("colour")"#);
}

#[test]
fn many_values_are_kept_once_in_the_order_of_the_schema() {
    assert_eq!(said(None, "fields", Some(json!(["oil", "war", "oil"]))), r#"{"fields":["war","oil"]}"#);
    assert_eq!(said(Some(("fields", json!(["war"]))), "fields", Some(json!([]))), "{}");
    assert_eq!(said(None, "fields", Some(json!([]))), "NoChange");
    // A value that came with an import stays while others come and go, and can be taken out.
    assert_eq!(said(Some(("fields", json!(["gas"]))), "fields", Some(json!(["gas", "war"]))), r#"{"fields":["war","gas"]}"#);
    assert_eq!(said(Some(("fields", json!(["gas", "war"]))), "fields", Some(json!(["war"]))), r#"{"fields":["war"]}"#);
}

#[test]
fn nothing_said_is_not_kept_and_what_is_not_known_can_be_taken_back() {
    assert_eq!(said(Some(("name", json!("مصر"))), "name", Some(json!(" \n"))), "{}");
    assert_eq!(said(None, "name", Some(json!(""))), "NoChange");
    assert_eq!(said(Some(("colour", json!({"n": 1}))), "colour", None), "{}");
    assert_eq!(said(Some(("colour", json!("blue"))), "colour", Some(json!("blue"))), "NoChange");
    assert_eq!(said(Some(("role", json!("king"))), "age", Some(json!(1))), r#"{"age":1,"role":"king"}"#);
}

#[test]
fn a_new_label_says_what_its_kind_says_from_the_start() {
    let label = |kind: &'static str| move |tagged: &Tagged| Command::Label { id: "n".into(), extent: tagged.place("+"), label: kind.into() };
    check_under(
        schema(),
        "<+>ترفض</+>",
        &[],
        label("Claim"),
        expect![[r#"
        <n:Claim>ترفض</n>
        n: kind="assertion""#]],
    );
    let all = |tagged: &Tagged| Command::LabelAll {
        places: vec![("n".into(), tagged.place("+1")), ("m".into(), tagged.place("+2"))],
        label: "Claim".into(),
    };
    check_under(
        schema(),
        "<+1>ترفض</+1> <+2>تنفي</+2>",
        &[],
        all,
        expect![[r#"
        <n:Claim>ترفض</n> <m:Claim>تنفي</m>
        n: kind="assertion"
        m: kind="assertion""#]],
    );
    let relabel = |kind: &'static str| move |_: &Tagged| Command::SetLabel("a".into(), kind.into());
    check_under(
        schema(),
        "<a>ترفض</a>",
        &[],
        relabel("Claim"),
        expect![[r#"
        <a:Claim>ترفض</a>
        a: kind="assertion""#]],
    );
    // What an import said stands, where the new kind knows it; where it cannot be said of the new kind, it stays what nobody knows.
    check_under(
        schema(),
        "<a:Weather>ترفض</a>",
        &[Fact::Attribute("a", "kind", "denial"), Fact::Attribute("a", "x", "y")],
        relabel("Claim"),
        expect![[r#"
        <a:Claim>ترفض</a>
        a: kind="denial" x="y""#]],
    );
}

#[test]
fn a_kind_that_both_labels_know_keeps_what_both_can_say() {
    let mut schema = schema();
    let mut kind = schema.labels[2].attributes[0].clone();
    kind.values.truncate(2);
    schema.labels[0].attributes.push(kind);
    let relabel = |_: &Tagged| Command::SetLabel("a".into(), "Actor".into());
    check_under(
        schema.clone(),
        "<a:Claim>ترفض</a>",
        &[Fact::Attribute("a", "kind", "accusation")],
        relabel,
        expect![[r#"
        <a>ترفض</a>
        a: kind="accusation""#]],
    );
    check_under(
        schema,
        "<a:Claim>ترفض</a>",
        &[Fact::Attribute("a", "kind", "denial")],
        relabel,
        expect![[r#"
        <a>ترفض</a>
        a: kind="assertion""#]],
    );
}

#[test]
fn a_retired_label_is_not_given_but_stays() {
    let tagged = Tagged::parse("<a:Location>مصر</a> <+>كل</+> <b>شيء</b> <c:Location>أمس| نعم</c>");
    let mut session = session_of(schema(), &tagged.text, layer(&tagged, &[]));
    let retired = Err(wusum::plan::Refusal::RetiredLabel("Location".into()));
    let place = tagged.place("+");
    assert_eq!(session.run(Command::Label { id: "n".into(), extent: place.clone(), label: "Location".into() }).map(drop), retired);
    assert_eq!(session.run(Command::LabelAll { places: vec![("n".into(), place)], label: "Location".into() }).map(drop), retired);
    assert_eq!(session.run(Command::SetLabel("b".into(), "Location".into())).map(drop), retired);
    assert_eq!(session.run(Command::SetLabel("a".into(), "Location".into())).map(drop), Err(wusum::plan::Refusal::NoChange));
    session.run(Command::SetNote("a".into(), Some("ن".to_owned()))).expect("it stays a label");
    session.run(Command::Split { id: "c".into(), at: tagged.cut(), second: "d".into() }).expect("it stays a label");
    assert_eq!(print(&tagged.text, session.layer()), "<a:Location>مصر</a> كل <b>شيء</b> <c:Location>أمس</c> <d:Location>نعم</d>\na: note=\"ن\"");
}
