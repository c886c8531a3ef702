//! Laws of every format: what is written is read without a problem, what is not told is not lost, and whatever is read
//! can be worked with.

use proptest::prelude::*;
use serde_json::json;
use wusum::formats::schema_file::{SchemaFormat, read, write};
use wusum::formats::{Problem, ProblemCode};
use wusum::id::LabelId;
use wusum::schema::{
    Attribute, AttributeKind, AttributeValue, CheckKind, Checks, CliticPolicy, Colour, Label, Names, Overlap, Relation, Schema, Style,
};
use wusum::schema_change;

const PLAIN: &[&str] = &["Actor", "Place", "Claim", "PERS", "a-b", "x_1", "Time"];
const HARD: &[&str] =
    &["فاعل", "وزير الخارجية", "a b", "a,b", "a|b", "<ANY>", "!x", "#x", "-", "a\nb", "a\u{1}b", "\"q\"", "a&b", "[x]", "A:B", "😀", " pad "];

const KINDS: &[AttributeKind] = &[AttributeKind::OneOf, AttributeKind::ManyOf, AttributeKind::YesNo, AttributeKind::Text, AttributeKind::Number];

fn names() -> impl Strategy<Value = Names> {
    ("[ء-ي]{1,6}", "[a-zA-Z ]{1,6}").prop_map(|(ar, en)| Names { ar, en })
}

fn colour() -> impl Strategy<Value = Colour> {
    (0..0xFF_FFFF_u32, 0..0xFF_FFFF_u32).prop_map(|(light, dark)| Colour { light: format!("#{light:06x}"), dark: format!("#{dark:06x}") })
}

fn attribute(ids: &'static [&'static str]) -> impl Strategy<Value = Attribute> {
    let id = prop::sample::select(ids);
    let values = prop::sample::subsequence(ids, 0..=ids.len());
    (id, names(), prop::sample::select(KINDS), values, names(), any::<(bool, bool)>()).prop_map(
        |(id, names, kind, values, shown, (is_default, required))| {
            let has_values = matches!(kind, AttributeKind::OneOf | AttributeKind::ManyOf);
            let values: Vec<&str> = if has_values { values } else { Vec::new() };
            let default = match kind {
                _ if !is_default => None,
                AttributeKind::OneOf => values.last().map(|id| json!(id)),
                AttributeKind::ManyOf => (!values.is_empty()).then(|| json!(values)),
                AttributeKind::YesNo => Some(json!(true)),
                AttributeKind::Text => Some(json!("نص")),
                AttributeKind::Number => Some(json!(3)),
            };
            let values = values.into_iter().map(|id| AttributeValue { id: id.into(), names: shown.clone() }).collect();
            Attribute { id: id.into(), names, kind, values, default, required }
        },
    )
}

fn attributes(ids: &'static [&'static str]) -> impl Strategy<Value = Vec<Attribute>> {
    prop::collection::vec(attribute(ids), 0..3).prop_map(|mut attributes| {
        let mut seen = Vec::new();
        attributes.retain(|attribute| {
            let is_new = !seen.contains(&attribute.id);
            seen.push(attribute.id.clone());
            is_new
        });
        attributes
    })
}

fn label(ids: &'static [&'static str]) -> impl Strategy<Value = Label> {
    let overlap = prop::sample::select(&[Overlap::Any, Overlap::Nest, Overlap::None][..]);
    let texts = (names(), prop::option::of(names()), prop::option::of(names()), colour());
    let rest = (any::<(bool, bool)>(), overlap, prop::option::of(1..900_u32), attributes(ids));
    (texts, rest).prop_map(|((names, description, guidelines, colour), ((is_line, retired), overlap, long, attributes))| Label {
        id: "".into(),
        names,
        description,
        key: None,
        style: if is_line { Style::Line } else { Style::Fill },
        colour,
        attributes,
        parent: None,
        retired,
        overlap,
        long,
        guidelines,
    })
}

/// A schema that can be worked with, with much to say of everything.
fn schemas(ids: &'static [&'static str]) -> impl Strategy<Value = Schema> {
    let chosen = prop::sample::subsequence(ids, 1..=ids.len()).prop_shuffle();
    let labels = chosen.prop_flat_map(move |chosen| {
        let count = chosen.len();
        (Just(chosen), prop::collection::vec((label(ids), any::<prop::sample::Index>(), any::<bool>()), count))
    });
    let relations = prop::sample::subsequence(ids, 0..4).prop_flat_map(move |chosen| {
        let count = chosen.len();
        let ends = (prop::collection::vec(any::<prop::sample::Index>(), 0..3), prop::collection::vec(any::<prop::sample::Index>(), 0..3));
        let more = (names(), prop::option::of(names()), attributes(ids), prop::option::of(1..5_u32), any::<(bool, bool)>());
        (Just(chosen), prop::collection::vec((ends, more), count))
    });
    let whole = (any::<(bool, bool)>(), prop::option::of(names()), prop::option::of(names()));
    (labels, relations, whole).prop_map(|((ids, labels), (kinds, relations), ((is_kept, is_off), guidelines, credit))| {
        let mut schema = Schema::empty();
        for (index, (id, (mut label, parent, has_parent))) in ids.iter().zip(labels).enumerate() {
            label.id = (*id).into();
            // A parent is one that came before, so that there is no loop.
            label.parent = (has_parent && index > 0).then(|| ids[parent.index(index)].into());
            label.key = (index < 9 && index % 2 == 0).then(|| char::from_digit(u32::try_from(index).unwrap() + 1, 10).unwrap());
            schema.labels.push(label);
        }
        for (id, ((from, to), (names, description, attributes, most, (required, retired)))) in kinds.iter().zip(relations) {
            let pick = |list: Vec<prop::sample::Index>| {
                let mut list: Vec<LabelId> = list.into_iter().map(|index| ids[index.index(ids.len())].into()).collect();
                list.sort();
                list.dedup();
                list
            };
            let (from, to) = (pick(from), pick(to));
            schema.relations.push(Relation { id: (*id).into(), names, description, from, to, attributes, most, required, retired });
        }
        schema.clitics = if is_kept { CliticPolicy::Keep } else { CliticPolicy::default() };
        if is_off {
            schema.checks = Checks { off: vec![CheckKind::Long], ..Checks::default() };
        }
        schema.guidelines = guidelines;
        schema.credit = credit;
        schema
    })
}

fn again(text: &str, format: SchemaFormat) -> (Schema, Vec<Problem>) {
    read(None, text.as_bytes(), format)
}

/// Without what was told to be lost. What is renamed is not handled here.
fn erase(schema: &mut Schema, what: &str, names: &str, read: &Schema) {
    let owners: Vec<&str> = names.split(", ").collect();
    let both = |id: &str| Names { ar: id.to_owned(), en: id.to_owned() };
    for label in schema.labels.iter_mut().filter(|label| owners.contains(&label.id.as_str())) {
        match what {
            "names" => label.names = both(label.id.as_str()),
            "description" => label.description = None,
            "key" => label.key = None,
            "style" => label.style = Style::default(),
            "colour" => label.colour = read.label(&label.id).expect("it is there").colour.clone(),
            "colour.dark" => label.colour.dark = label.colour.light.clone(),
            "parent" => label.parent = None,
            "retired" => label.retired = false,
            "overlap" => label.overlap = Overlap::default(),
            "long" => label.long = None,
            "guidelines" => label.guidelines = None,
            _ => {}
        }
    }
    for label in &mut schema.labels {
        let owner = label.id.to_string();
        let is_told = |attribute: &Attribute| owners.contains(&format!("{owner}.{}", attribute.id).as_str());
        if what == "attributes" {
            label.attributes.retain(|attribute| !is_told(attribute));
        }
        for attribute in label.attributes.iter_mut().filter(|attribute| is_told(attribute)) {
            match what {
                "attributes.names" => attribute.names = both(&attribute.id),
                "attributes.values.names" => attribute.values.iter_mut().for_each(|value| value.names = both(&value.id)),
                "attributes.default" => attribute.default = None,
                "attributes.required" => attribute.required = false,
                _ => {}
            }
        }
    }
    if what == "relations" {
        schema.relations.retain(|relation| !owners.contains(&relation.id.as_str()));
    }
    for relation in &mut schema.relations {
        let owner = relation.id.to_string();
        if what == "relations.attributes" {
            relation.attributes.retain(|attribute| !owners.contains(&format!("{owner}.{}", attribute.id).as_str()));
        }
        if !owners.contains(&owner.as_str()) {
            continue;
        }
        match what {
            "relations.names" => relation.names = both(&owner),
            "relations.description" => relation.description = None,
            "relations.from" => relation.from.clear(),
            "relations.to" => relation.to.clear(),
            "relations.most" => relation.most = None,
            "relations.required" => relation.required = false,
            "relations.retired" => relation.retired = false,
            _ => {}
        }
    }
    match (what, names) {
        ("clitics", "*") => schema.clitics = CliticPolicy::default(),
        ("checks", "*") => schema.checks = Checks::default(),
        ("guidelines", _) if owners.contains(&"*") => schema.guidelines = None,
        ("credit", "*") => schema.credit = None,
        _ => {}
    }
}

/// Order is no part of what is compared: a tree puts a label behind its parent, a list of attributes behind others.
fn sorted(mut schema: Schema) -> Schema {
    schema.labels.sort_by_key(|label| label.id.clone());
    schema.labels.iter_mut().for_each(|label| label.attributes.sort_by_key(|attribute| attribute.id.clone()));
    schema
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_own_form_loses_nothing(schema in prop_oneof![schemas(PLAIN), schemas(HARD)]) {
        let (text, told) = write(&schema, SchemaFormat::Wusum);
        prop_assert_eq!(told, vec![]);
        prop_assert_eq!(again(&text, SchemaFormat::Wusum), (schema, vec![]));
    }

    #[test]
    fn what_is_written_is_read_and_written_the_same(schema in prop_oneof![schemas(PLAIN), schemas(HARD)]) {
        for &format in SchemaFormat::ALL {
            let (text, told) = write(&schema, format);
            let (back, problems) = again(&text, format);
            prop_assert_eq!(problems, vec![], "{:?}\n{}", format, text);
            prop_assert_eq!(SchemaFormat::detect(text.as_bytes()), format);
            let (second, told_again) = write(&back, format);
            prop_assert_eq!(&second, &text, "{:?}", format);
            // What was lost once is not there to be lost again, but for what a format gives back as it must: colours.
            let is_new = |problem: &&Problem| !told.contains(problem) && !matches!(&problem.code, ProblemCode::SchemaNotHeld { what, .. } if what.starts_with("colour"));
            prop_assert_eq!(told_again.iter().find(is_new), None);
        }
    }

    #[test]
    fn what_is_not_told_is_not_lost(schema in schemas(PLAIN)) {
        for &format in SchemaFormat::ALL {
            let (text, told) = write(&schema, format);
            let (back, _) = again(&text, format);
            let mut left = schema.clone();
            let mut is_renamed = false;
            for problem in told {
                match problem.code {
                    ProblemCode::SchemaNotHeld { what, names } => erase(&mut left, &what, &names, &back),
                    // Two labels with attributes of one name that are not alike.
                    ProblemCode::SchemaRenamed { .. } => is_renamed = true,
                    other => return Err(TestCaseError::fail(format!("{other:?}"))),
                }
            }
            if !is_renamed {
                prop_assert_eq!(sorted(back), sorted(left), "{:?}\n{}", format, text);
            }
        }
    }

    #[test]
    fn whatever_is_read_can_be_worked_with(schema in prop_oneof![schemas(PLAIN), schemas(HARD)], wounds in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..6)) {
        for &format in SchemaFormat::ALL {
            // Pieces of the file are put elsewhere in it.
            let mut text: Vec<char> = write(&schema, format).0.chars().collect();
            for (from, to) in &wounds {
                let (from, to) = (from.index(text.len()), to.index(text.len()));
                let piece: Vec<char> = text[from..(from + 12).min(text.len())].to_vec();
                text.splice(to..to, piece);
            }
            let (read, _) = again(&text.into_iter().collect::<String>(), format);
            let grave: Vec<_> = schema_change::problems(&read).into_iter().filter(schema_change::Problem::is_grave).collect();
            prop_assert_eq!(grave, vec![], "{:?}", format);
        }
    }

    #[test]
    fn nothing_that_is_read_ends_the_program(source in "[\\[\\]{}<>!\"':,|\\t\\n =a-cA-C#0-9*?&;/-]{0,80}") {
        for &format in SchemaFormat::ALL {
            let (read, _) = again(&source, format);
            prop_assert!(schema_change::problems(&read).iter().all(|problem| !problem.is_grave()));
        }
    }
}
