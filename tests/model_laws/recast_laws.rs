//! Laws of a schema change on any work: its inverse leads back, taking it back loses nothing, and no relation dangles.

use proptest::prelude::*;
use proptest::sample::Index;
use wusum::edit::apply;
use wusum::layer::Layer;
use wusum::project::Project;
use wusum::schema::{Overlap, Schema};
use wusum::schema_change::{Fate, Fates, Part, compare, plan, rename, take_back};
use wusum::session::Session;

use super::laws::{act, live, resume, text};
use super::tagged::key;

/// What is done to the schema before labels are carried over.
#[derive(Clone, Debug)]
enum Turn {
    Drop(Index),
    Rename(Index),
    DropAttribute(Index, Index),
    DropValue(Index, Index),
    DropRelation,
    Forbid(Index),
    Ask(usize),
    Retire(Index),
}

fn turn() -> impl Strategy<Value = Turn> {
    let any = any::<Index>;
    prop_oneof![
        any().prop_map(Turn::Drop),
        any().prop_map(Turn::Rename),
        (any(), any()).prop_map(|(label, at)| Turn::DropAttribute(label, at)),
        (any(), any()).prop_map(|(label, at)| Turn::DropValue(label, at)),
        Just(Turn::DropRelation),
        any().prop_map(Turn::Forbid),
        (0_usize..5).prop_map(Turn::Ask),
        any().prop_map(Turn::Retire),
    ]
}

fn turned(old: &Schema, turns: &[Turn]) -> Schema {
    use wusum::schema::AttributeKind::{ManyOf, Number, OneOf, Text, YesNo};
    use wusum::schema_change::Kind;
    let mut schema = old.clone();
    for turn in turns {
        let pick = |at: &Index| at.index(schema.labels.len().max(1));
        match turn {
            Turn::Drop(at) if !schema.labels.is_empty() => {
                let gone = schema.labels.remove(pick(at)).id;
                for relation in &mut schema.relations {
                    relation.from.retain(|label| *label != gone);
                    relation.to.retain(|label| *label != gone);
                }
            }
            Turn::Rename(at) if !schema.labels.is_empty() => {
                let old = schema.labels[pick(at)].id.clone();
                rename(&mut schema, &Part::Kind(Kind::Label(old.clone())), &format!("{old}2"));
            }
            Turn::DropAttribute(label, at) => {
                let label = pick(label);
                let attributes = schema.labels.get_mut(label).map(|label| &mut label.attributes);
                drop(attributes.filter(|attributes| !attributes.is_empty()).map(|attributes| attributes.remove(at.index(attributes.len()))));
            }
            Turn::DropValue(label, at) => {
                let label = pick(label);
                for attribute in schema.labels.get_mut(label).iter_mut().flat_map(|label| &mut label.attributes) {
                    let at = at.index(attribute.values.len().max(1));
                    drop((at < attribute.values.len()).then(|| attribute.values.remove(at)));
                }
            }
            Turn::DropRelation => schema.relations.clear(),
            Turn::Forbid(at) if !schema.labels.is_empty() => {
                let only = schema.labels[pick(at)].id.clone();
                schema.relations.iter_mut().for_each(|relation| relation.to = vec![only.clone()]);
            }
            Turn::Ask(kind) => {
                let attributes = schema.labels.iter_mut().flat_map(|label| &mut label.attributes);
                attributes.for_each(|attribute| attribute.kind = [OneOf, ManyOf, YesNo, Text, Number][*kind]);
            }
            Turn::Retire(at) if !schema.labels.is_empty() => {
                let at = pick(at);
                schema.labels[at].retired = true;
                schema.labels[at].overlap = Overlap::None;
            }
            _ => {}
        }
    }
    schema
}

/// A fate for each part that is gone, until nothing is undecided and all targets are there.
fn decided(project: &Project, next: &Schema, choices: &[u8]) -> Fates {
    let mut fates = Fates::new();
    let mut choices = choices.iter().cycle();
    loop {
        let layers = project.layers.iter().map(|(key, layer)| (key, layer));
        let undecided = compare(&project.schema, next, &fates, layers).undecided;
        if undecided.is_empty() {
            return fates;
        }
        for part in undecided {
            let target = match &part {
                Part::Kind(wusum::schema_change::Kind::Label(_)) => next.labels.first().map(|label| label.id.to_string()),
                _ => None,
            };
            let fate = match (choices.next().copied().unwrap_or(0) % 3, target) {
                (0, Some(target)) => Fate::Become(target),
                (1, _) => Fate::Delete,
                _ => Fate::Keep,
            };
            fates.insert(part, fate);
        }
    }
}

fn check_ties(layer: &Layer) {
    for relation in layer.relations() {
        assert!(layer.get(&relation.from).is_some() && layer.get(&relation.to).is_some(), "{relation:?} has both ends");
    }
}

/// Few cases, for each is long; as many as `PROPTEST_CASES` says where it says so.
fn cases() -> ProptestConfig {
    let asked = std::env::var_os("PROPTEST_CASES");
    asked.map_or_else(|| ProptestConfig::with_cases(120), |_| ProptestConfig::default())
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_schema_change_can_be_taken_back_at_once_and_later(
        source in text(),
        acts in prop::collection::vec(act(), 1..40),
        turns in prop::collection::vec(turn(), 1..5),
        choices in prop::collection::vec(any::<u8>(), 1..8),
        later in prop::collection::vec(act(), 0..12),
    ) {
        let before = live(&source, &acts).session.project().clone();
        let next = turned(&before.schema, &turns);
        let fates = decided(&before, &next, &choices);
        let Ok(edit) = plan(&before, &next, &fates) else {
            prop_assert_eq!(&next, &*before.schema, "nothing else stops it");
            return Ok(());
        };
        let mut after = before.clone();
        prop_assert_eq!(apply(&mut after, &edit), Ok(()));
        let layer = after.layer(&key()).expect("it is there");
        check_ties(layer);
        // What was decided is done: nothing is left that the schema before knew and that was not to be kept.
        let again = compare(&before.schema, &next, &fates, [(&key(), layer)]);
        let kept = |part: &Part| matches!(fates.get(part), Some(Fate::Keep));
        // A relation that broke the rules before, and still does, was nothing to decide on.
        let asked = |part: &Part| !matches!(part, Part::Ties(_)) || fates.contains_key(part);
        let left = again.gone.iter().filter(|gone| gone.was_known && gone.uses > 0 && asked(&gone.part) && !kept(&gone.part)).count();
        prop_assert_eq!(left, 0, "{:?}", again);

        let mut inverted = after.clone();
        prop_assert_eq!(apply(&mut inverted, &edit.clone().invert()), Ok(()));
        prop_assert_eq!(&inverted, &before);
        let mut back = after.clone();
        let undo = take_back(&after, &edit).expect("it is the last");
        prop_assert_eq!(apply(&mut back, &undo), Ok(()));
        prop_assert_eq!(&back, &before);
        // What was taken back is made again the same way.
        let redo = take_back(&back, &undo).expect("it is the last");
        prop_assert_eq!(apply(&mut back, &redo), Ok(()));
        prop_assert_eq!(&back, &after);

        // Work goes on; then it is taken back all the same.
        let session = Session::open(after, key(), Default::default(), 0).expect("it is there");
        let worked = resume(session, &later).project().clone();
        let back = take_back(&worked, &edit).expect("it is the last");
        let mut project = worked.clone();
        prop_assert_eq!(apply(&mut project, &back), Ok(()));
        prop_assert_eq!(&project.schema, &before.schema);
        check_ties(project.layer(&key()).expect("it is there"));
        let taken = project.clone();
        prop_assert_eq!(apply(&mut project, &back.clone().invert()), Ok(()));
        prop_assert_eq!(&project, &worked);
        // And made again after still more work, on relations too.
        let session = Session::open(taken, key(), Default::default(), 0).expect("it is there");
        let mut project = resume(session, &acts).project().clone();
        let again = take_back(&project, &back).expect("it is the last");
        prop_assert_eq!(apply(&mut project, &again), Ok(()));
        prop_assert_eq!(&*project.schema, &next);
        check_ties(project.layer(&key()).expect("it is there"));
    }
}
