//! Schemas to start from.

use std::collections::BTreeSet;
use wusum::formats::schema_file::{SchemaFormat, read, write};
use wusum::schema::{CliticPolicy, Names, Schema, ready};
use wusum::schema_change::problems;

fn is_arabic(letter: char) -> bool {
    matches!(letter, '\u{621}'..='\u{64A}')
}

/// Both languages say something, each in its own letters.
fn is_said(names: &Names) -> bool {
    names.ar.chars().any(is_arabic) && names.en.chars().any(|letter| letter.is_ascii_alphabetic()) && !names.en.chars().any(is_arabic)
}

#[test]
fn all_are_there_and_the_default_is_the_one_that_projects_start_with() {
    let ids: Vec<String> = ready().into_iter().map(|ready| ready.id).collect();
    assert_eq!(ids, ["default", "attribution", "wojood", "political-events"]);
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/data/schemas")).unwrap();
    let files: BTreeSet<String> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    let named = ids.iter().map(|id| format!("{id}.json")).chain(["index.json".to_owned()]);
    assert_eq!(files, named.collect());
    assert_eq!(ready()[0].schema, Schema::default());
}

#[test]
fn nothing_is_wrong_with_any_keys_colours_contrast() {
    for ready in ready() {
        assert_eq!(problems(&ready.schema), vec![], "{}", ready.id);
    }
}

#[test]
fn every_part_has_names_in_both_languages_and_every_label_a_description() {
    for ready in ready() {
        let schema = &ready.schema;
        assert!(is_said(&ready.names) && is_said(&ready.description), "{}", ready.id);
        assert!(ready.id == "default" || schema.credit.as_ref().is_some_and(is_said), "{}: whose idea is it?", ready.id);
        for label in &schema.labels {
            assert!(is_said(&label.names) && label.description.as_ref().is_some_and(is_said), "{} {}", ready.id, label.id);
        }
        let attributes =
            schema.labels.iter().flat_map(|label| &label.attributes).chain(schema.relations.iter().flat_map(|relation| &relation.attributes));
        for attribute in attributes {
            assert!(is_said(&attribute.names) && attribute.values.iter().all(|value| is_said(&value.names)), "{} {}", ready.id, attribute.id);
        }
        assert!(schema.relations.iter().all(|relation| is_said(&relation.names)), "{}", ready.id);
        let names: BTreeSet<&str> = schema.labels.iter().map(|label| label.names.ar.as_str()).collect();
        assert_eq!(names.len(), schema.labels.len(), "{}: two labels of one name", ready.id);
    }
}

#[test]
fn the_named_entities_are_the_21_of_the_corpus() {
    let wojood = ready().into_iter().find(|ready| ready.id == "wojood").unwrap().schema;
    let ids: BTreeSet<&str> = wojood.labels.iter().map(|label| label.id.as_str()).collect();
    let published = [
        "PERS", "NORP", "OCC", "ORG", "GPE", "LOC", "FAC", "EVENT", "DATE", "TIME", "LANGUAGE", "WEBSITE", "LAW", "PRODUCT", "CARDINAL", "ORDINAL",
        "PERCENT", "QUANTITY", "UNIT", "MONEY", "CURR",
    ];
    assert_eq!(ids, BTreeSet::from(published));
    assert_eq!((published.len(), wojood.clitics), (21, CliticPolicy::Keep));
}

#[test]
fn each_can_be_written_in_every_format_and_is_read_again() {
    for ready in ready() {
        for &format in SchemaFormat::ALL {
            let (text, _) = write(&ready.schema, format);
            let (back, told) = read(None, text.as_bytes(), format);
            assert_eq!(told, vec![], "{} {format:?}", ready.id);
            let ids = |schema: &Schema| schema.labels.iter().map(|label| label.id.clone()).collect::<Vec<_>>();
            assert_eq!(ids(&back), ids(&ready.schema), "{} {format:?}", ready.id);
        }
    }
}
