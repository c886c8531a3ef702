//! What is wrong with a schema, and what of it stops a change.

use serde_json::json;
use wusum::layer::Layer;
use wusum::schema::Schema;
use wusum::schema_change::{Fates, Kind, Paper, Part, Problem, Unplanned, plan, problems};

use super::recast::{label, schema};
use super::tagged::session_of;

#[test]
fn grave_problems_stop_a_change_and_others_are_told() {
    assert_eq!(problems(&Schema::default()), [], "the default schema has none");
    let (actor, location, claim) = (|| "Actor".into(), || "Location".into(), || "Claim".into());
    let problem = |change: &dyn Fn(&mut Schema), expected: Problem| {
        let next = schema(|schema| change(schema));
        assert_eq!(problems(&next), std::slice::from_ref(&expected));
        let stops = matches!(plan(session_of(Schema::default(), "مصر", Layer::default()).project(), &next, &Fates::new()), Err(Unplanned::Broken(_)));
        assert_eq!(stops, expected.is_grave(), "{expected:?}");
    };
    let kind = || "kind".to_owned();
    problem(&|schema| schema.relations[0].id = " ".into(), Problem::NoId(Part::Kind(Kind::Relation(" ".into()))));
    problem(&|schema| schema.relations.push(schema.relations[0].clone()), Problem::SameId(Part::Kind(Kind::Relation("source".into()))));
    problem(&|schema| schema.labels[2].attributes[1].id = "kind".into(), Problem::SameId(Part::Attribute(label("Claim"), kind())));
    problem(
        &|schema| schema.labels[2].attributes[0].values[1].id = "denial".into(),
        Problem::SameId(Part::Value(label("Claim"), kind(), "denial".to_owned())),
    );
    problem(&|schema| schema.labels[0].parent = Some("Thing".into()), Problem::NoParent(actor(), "Thing".into()));
    problem(&|schema| schema.labels[0].parent = Some(actor()), Problem::ParentLoop(actor()));
    problem(&|schema| schema.relations[0].to.push("Thing".into()), Problem::NoEnd("source".into(), "Thing".into()));
    problem(&|schema| schema.labels[0].key = Some('0'), Problem::OddKey(actor(), '0'));
    problem(&|schema| schema.labels[2].key = Some('1'), Problem::SameKey('1', actor(), claim()));
    problem(&|schema| schema.labels[2].attributes[0].values.clear(), Problem::NoValues(label("Claim"), kind()));
    problem(&|schema| schema.labels[2].attributes[0].default = Some(json!("no")), Problem::BadDefault(label("Claim"), kind()));
    problem(&|schema| schema.labels[0].colour.light = "gold".to_owned(), Problem::BadColour(actor(), Paper::Light));
    problem(&|schema| schema.labels[0].colour.light = "#50a0e1".to_owned(), Problem::Alike(actor(), location(), Paper::Light));
    problem(&|schema| schema.labels[0].colour.light = "#f8f6f0".to_owned(), Problem::Faint(actor(), Paper::Light));
    // White on the light paper: 1.04.
    problem(&|schema| schema.labels[2].colour.light = "#ffffff".to_owned(), Problem::LowContrast(claim(), Paper::Light, 104));
    // Two loops of two; a retired label's key and colour may be another's.
    let looped = schema(|schema| {
        schema.labels[0].parent = Some(location());
        schema.labels[1].parent = Some(actor());
        schema.labels[2].parent = Some(actor());
    });
    assert_eq!(problems(&looped), [Problem::ParentLoop(actor()), Problem::ParentLoop(location())]);
    let retired = schema(|schema| {
        schema.labels[0].retired = true;
        schema.labels[1].key = Some('1');
        schema.labels[1].colour = schema.labels[0].colour.clone();
    });
    assert_eq!(problems(&retired), []);
    assert_eq!(retired.label_for_key('1').map(|label| label.id.as_str()), Some("Location"));
}
