//! What becomes of attributes, values and answers under another schema.

use expect_test::expect;
use serde_json::{Value, json};
use wusum::edit::apply;
use wusum::layer::Layer;
use wusum::schema::Schema;
use wusum::schema_change::{Fate, Part, plan, rename};

use super::recast::{SOURCE, become_, check, fates, label, schema};
use super::tagged::Fact::Attribute;
use super::tagged::{Tagged, key, session_of};

/// The default schema with an attribute of the claim's kind as given, in place of `kind`.
fn asking(attribute: Value) -> Schema {
    schema(|schema| schema.labels[2].attributes[0] = serde_json::from_value(attribute).expect("an attribute"))
}

fn values(ids: &[&str]) -> Value {
    ids.iter().map(|id| json!({"id": id, "names": {"ar": "", "en": ""}})).collect()
}

#[test]
fn attributes_and_values_are_renamed_merged_or_dropped() {
    let names = json!({"ar": "", "en": ""});
    let facts = [Attribute("c", "kind", "denial"), Attribute("c", "x", "y")];
    let claim = || label("Claim");
    let renamed = schema(|schema| rename(schema, &Part::Attribute(claim(), "kind".to_owned()), "type"));
    let part = Part::Attribute(claim(), "kind".to_owned());
    check(SOURCE, &facts, &renamed, &[], expect![[r#"Undecided([Attribute(Label("Claim"), "kind")])"#]]);
    for (fate, expected) in [
        (
            become_("type"),
            expect![[r#"
            <a>باكو</a> <b:Location>يريفان</b>: <c:Claim>ترفض</c>
            c: type="denial" x="y""#]],
        ),
        (
            Fate::Delete,
            expect![[r#"
            <a>باكو</a> <b:Location>يريفان</b>: <c:Claim>ترفض</c>
            c: x="y""#]],
        ),
        (
            Fate::Keep,
            expect![[r#"
            <a>باكو</a> <b:Location>يريفان</b>: <c:Claim>ترفض</c>
            c: kind="denial" x="y""#]],
        ),
        (become_("tone"), expect![[r#"NoTarget([Attribute(Label("Claim"), "kind")])"#]]),
    ] {
        check(SOURCE, &facts, &renamed, &[(part.clone(), fate)], expected);
    }
    // Where something is said with the other attribute already, that stands.
    let fewer = schema(|schema| drop(schema.labels[2].attributes.remove(0)));
    let both = [Attribute("c", "kind", "denial"), Attribute("c", "certainty", "certain")];
    check(SOURCE, &both, &fewer, &[(part, become_("certainty"))], expect![[r#"Undecided([Value(Label("Claim"), "kind", "denial")])"#]]);
    let next = asking(json!({"id": "kind", "names": names, "values": values(&["assertion", "refusal"])}));
    let value = |id: &str| Part::Value(claim(), "kind".to_owned(), id.to_owned());
    check(
        SOURCE,
        &facts,
        &next,
        &[(value("denial"), become_("refusal"))],
        expect![[r#"
        <a>باكو</a> <b:Location>يريفان</b>: <c:Claim>ترفض</c>
        c: kind="refusal" x="y""#]],
    );
    check(
        SOURCE,
        &facts,
        &next,
        &[(value("denial"), Fate::Delete)],
        expect![[r#"
        <a>باكو</a> <b:Location>يريفان</b>: <c:Claim>ترفض</c>
        c: x="y""#]],
    );
    check(
        SOURCE,
        &facts,
        &next,
        &[(value("denial"), Fate::Keep)],
        expect![[r#"
        <a>باكو</a> <b:Location>يريفان</b>: <c:Claim>ترفض</c>
        c: kind="denial" x="y""#]],
    );
    check(SOURCE, &facts, &next, &[(value("denial"), become_("demand"))], expect![[r#"NoTarget([Value(Label("Claim"), "kind", "denial")])"#]]);
}

/// What the only label says after its attribute asks in another way.
fn reshaped(before: Value, old: Value, new: Value, decided: &[(Part, Fate)]) -> String {
    let tagged = Tagged::parse("<c:Claim>ترفض</c>");
    let mut start = tagged.annotations.clone();
    start[0].attributes.insert("kind".to_owned(), before);
    let layer = Layer::from_records(wusum::layer::Status::Done, start, []);
    let mut project = session_of(asking(old), &tagged.text, layer).project().clone();
    match plan(&project, &asking(new), &fates(decided)) {
        Err(why) => format!("{why:?}"),
        Ok(edit) => {
            apply(&mut project, &edit).expect("it fits");
            let annotation = project.layer(&key()).and_then(|layer| layer.nth(0)).expect("it is there").clone();
            json!(annotation.attributes.get("kind")).to_string()
        }
    }
}

#[test]
fn an_attribute_that_asks_in_another_way_takes_what_it_can() {
    let ask = |kind: &str| json!({"id": "kind", "names": {"ar": "", "en": ""}, "kind": kind, "values": if kind.ends_with("of") { values(&["b", "a"]) } else { json!([]) }});
    let answers = Part::Answers(label("Claim"), "kind".to_owned());
    let undecided = "Undecided([Answers(Label(\"Claim\"), \"kind\")])";
    for (value, from, to, after) in [
        (json!("a"), "one-of", "many-of", r#"["a"]"#),
        (json!(["a"]), "many-of", "one-of", r#""a""#),
        (json!("a"), "one-of", "text", r#""a""#),
        (json!("a"), "text", "one-of", r#""a""#),
        (json!("a"), "text", "many-of", r#"["a"]"#),
        (json!(7), "number", "text", r#""7""#),
        (json!(" 7.5 "), "text", "number", "7.5"),
        (json!(["b", "a"]), "many-of", "one-of", undecided),
        (json!("c"), "text", "one-of", undecided),
        (json!("c"), "text", "number", undecided),
        (json!(true), "yes-no", "text", undecided),
        (json!("a"), "one-of", "yes-no", undecided),
    ] {
        assert_eq!(reshaped(value.clone(), ask(from), ask(to), &[]), after, "{value} from {from} to {to}");
    }
    assert_eq!(reshaped(json!(true), ask("yes-no"), ask("text"), &[(answers.clone(), Fate::Delete)]), "null");
    assert_eq!(reshaped(json!(true), ask("yes-no"), ask("text"), &[(answers, Fate::Keep)]), "true");
    // What was no answer before came with an import, and is left alone.
    assert_eq!(reshaped(json!({"n": 1}), ask("text"), ask("number"), &[]), r#"{"n":1}"#);
    // Of many values each has its own fate; two that become one are one.
    let fewer = json!({"id": "kind", "names": {"ar": "", "en": ""}, "kind": "many-of", "values": values(&["a"])});
    let part = |id: &str| Part::Value(label("Claim"), "kind".to_owned(), id.to_owned());
    assert_eq!(reshaped(json!(["b", "a"]), ask("many-of"), fewer.clone(), &[(part("b"), become_("a"))]), r#"["a"]"#);
    assert_eq!(reshaped(json!(["b"]), ask("many-of"), fewer.clone(), &[(part("b"), Fate::Delete)]), "null");
    assert_eq!(reshaped(json!(["b", "a"]), ask("many-of"), fewer, &[(part("b"), Fate::Keep)]), r#"["b","a"]"#);
}

#[test]
fn a_merged_label_brings_its_attributes_along() {
    let next = schema(|schema| {
        let claim = schema.labels.remove(2);
        schema.labels[0].attributes = claim.attributes[..1].to_vec();
        schema.labels[0].attributes[0].values.truncate(2);
        schema.relations.clear();
    });
    let merge = (Part::Kind(label("Claim")), become_("Actor"));
    let facts = [Attribute("c", "kind", "denial"), Attribute("c", "certainty", "certain")];
    check(
        SOURCE,
        &facts,
        &next,
        std::slice::from_ref(&merge),
        expect![[r#"Undecided([Attribute(Label("Claim"), "certainty"), Value(Label("Claim"), "kind", "denial")])"#]],
    );
    let decided = [
        merge,
        (Part::Attribute(label("Claim"), "certainty".to_owned()), Fate::Delete),
        (Part::Value(label("Claim"), "kind".to_owned(), "denial".to_owned()), become_("assertion")),
    ];
    check(
        SOURCE,
        &facts,
        &next,
        &decided,
        expect![[r#"
        <a>باكو</a> <b:Location>يريفان</b>: <c>ترفض</c>
        c: kind="assertion""#]],
    );
}
