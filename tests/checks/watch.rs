//! What is kept in step with the edits is what checking all of the layer finds; and the tally is a scan of all labels.

use crate::properties::{ARTICLE, LABELS, layers, session, strict, vocabulary};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::json;
use std::collections::BTreeMap;
use wusum::check::{Answer, Checker, Finding, Tag, Watch};
use wusum::id::AnnotationId;
use wusum::layer::Layer;
use wusum::plan::Command;
use wusum::schema::{CheckKind, CliticPolicy, Schema};
use wusum::span::Span;
use wusum::text::{Offset, Text};

/// What a person might do next, by numbers.
#[derive(Clone, Debug)]
enum Deed {
    Label(u32, u32, usize),
    Move(Index, u32, u32),
    Relabel(Index, usize),
    Answer(Index, bool, usize),
    Unsure(Index),
    Tie(Index, Index),
    Untie(Index),
    Delete(Index),
    Undo,
    Redo,
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let index = any::<Index>;
    let deed = prop_oneof![
        (0..2_400_u32, 1..60_u32, 0..3_usize).prop_map(|(at, length, label)| Deed::Label(at, length, label)),
        (index(), 0..2_400_u32, 1..60_u32).prop_map(|(which, at, length)| Deed::Move(which, at, length)),
        (index(), 0..3_usize).prop_map(|(which, label)| Deed::Relabel(which, label)),
        (index(), any::<bool>(), 0..4_usize).prop_map(|(which, first, value)| Deed::Answer(which, first, value)),
        index().prop_map(Deed::Unsure),
        (index(), index()).prop_map(|(from, to)| Deed::Tie(from, to)),
        index().prop_map(Deed::Untie),
        index().prop_map(Deed::Delete),
        Just(Deed::Undo),
        Just(Deed::Redo),
    ];
    prop::collection::vec(deed, 1..24)
}

fn command(deed: &Deed, layer: &Layer, number: usize) -> Option<Command> {
    let pick = |index: &Index| layer.nth(index.index(layer.len().max(1)));
    let id = |index: &Index| pick(index).map(|annotation| annotation.id.clone());
    let span = |at: u32, length: u32| Span::try_new(Offset::new(at), Offset::new(at + length)).expect("not empty");
    Some(match deed {
        Deed::Label(at, length, label) => {
            Command::Label { id: format!("n{number}").into(), extent: span(*at, *length).into(), label: LABELS[*label].into() }
        }
        Deed::Move(which, at, length) => Command::SetExtent(id(which)?, span(*at, *length).into()),
        Deed::Relabel(which, label) => Command::SetLabel(id(which)?, LABELS[*label].into()),
        Deed::Answer(which, first, value) => {
            let (name, values) =
                if *first { ("kind", ["assertion", "accusation", "denial"]) } else { ("certainty", ["certain", "probable", "possible"]) };
            Command::SetAttribute(id(which)?, name.to_owned(), values.get(*value).map(|value| json!(value)))
        }
        Deed::Unsure(which) => Command::SetUnsure(id(which)?, !pick(which)?.unsure),
        Deed::Tie(from, to) => Command::Relate { id: format!("t{number}").into(), kind: "source".into(), from: id(from)?, to: id(to)? },
        Deed::Untie(which) => Command::Unrelate(vec![layer.relations().nth(which.index(layer.relations().count().max(1)))?.id.clone()]),
        Deed::Delete(which) => Command::Delete(vec![id(which)?]),
        Deed::Undo | Deed::Redo => return None,
    })
}

fn listed(watch: &Watch, kind: Option<CheckKind>) -> Vec<Finding> {
    (0..).map_while(|rank| watch.findings().nth(kind, rank)).map(|(_, finding)| (**finding).clone()).collect()
}

/// The obvious way to count what labels say.
fn scanned(layer: &Layer, schema: &Schema) -> BTreeMap<Tag, Vec<AnnotationId>> {
    let mut found: BTreeMap<Tag, Vec<AnnotationId>> = BTreeMap::new();
    for annotation in layer.iter() {
        let mut add = |tag| found.entry(tag).or_default().push(annotation.id.clone());
        if annotation.unsure {
            add(Tag::Unsure);
        }
        for attribute in schema.label(&annotation.label).map_or(&[][..], |label| &label.attributes) {
            let answer = annotation.attributes.get(&*attribute.id).and_then(|value| value.as_str());
            let answer = answer.map_or(Answer::Nothing, |value| Answer::Value(value.into()));
            add(Tag::Said { label: annotation.label.clone(), attribute: attribute.id.clone(), answer });
        }
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn what_is_kept_in_step_is_what_is_there(layer in layers(), deeds in deeds(), pauses in prop::collection::vec(0..4_usize, 24), from in 0..2_400_u32, most in 1..20_usize) {
        let (text, schema) = (Text::new(ARTICLE), strict(CliticPolicy::Peel));
        let vocabulary = vocabulary(&text);
        let mut session = session(&layer, &schema);
        let mut watch = Watch::from(Offset::new(from));
        for ((number, deed), pause) in deeds.iter().enumerate().zip(&pauses) {
            let outcome = match deed {
                Deed::Undo => session.undo().ok(),
                Deed::Redo => session.redo().ok(),
                _ => command(deed, session.layer(), number).and_then(|command| session.run(command).ok()),
            };
            let checker = Checker { text: &text, layer: session.layer(), schema: &schema, vocabulary: &vocabulary };
            if let Some(outcome) = outcome {
                watch.edit(&checker, &outcome.edit);
            }
            for _ in 0..*pause {
                watch.step(&checker, most);
            }
        }
        let checker = Checker { text: &text, layer: session.layer(), schema: &schema, vocabulary: &vocabulary };
        let mut steps = 0;
        while watch.step(&checker, most) {
            steps += 1;
            prop_assert!(steps < 2_000, "it comes to an end");
        }
        let all = checker.all();
        prop_assert_eq!(listed(&watch, None), all.clone());
        prop_assert_eq!(watch.findings().count(None), all.len());
        for kind in CheckKind::ALL {
            let wanted: Vec<_> = all.iter().filter(|finding| finding.kind() == kind).cloned().collect();
            prop_assert_eq!(watch.findings().count(Some(kind)), wanted.len());
            prop_assert_eq!(listed(&watch, Some(kind)), wanted);
        }
        for annotation in session.layer().iter() {
            let own: Vec<Finding> = watch.findings().of(&annotation.id).iter().map(|finding| (**finding).clone()).collect();
            prop_assert_eq!(watch.findings().has(&annotation.id), !own.is_empty());
            prop_assert_eq!(own, checker.of(annotation));
        }
        let (tally, scanned) = (&watch.findings().tally, scanned(session.layer(), &schema));
        prop_assert_eq!(tally.tags().cloned().collect::<Vec<_>>(), scanned.keys().cloned().collect::<Vec<_>>());
        for (tag, ids) in &scanned {
            prop_assert_eq!(tally.count(tag), ids.len());
            for (rank, id) in ids.iter().enumerate() {
                prop_assert_eq!(tally.nth(tag, rank), Some(id));
                prop_assert_eq!(tally.rank(tag, session.layer().get(id).expect("it is there")), Some(rank));
            }
            prop_assert_eq!(tally.nth(tag, ids.len()), None);
        }
    }
}
