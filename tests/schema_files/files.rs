//! Schemas as other programs write them: what is taken, and what is told.

use expect_test::{Expect, expect};
use std::fmt::Write;
use wusum::formats::schema_file::{SchemaFormat, read, write};
use wusum::schema::{AttributeKind, Schema};
use wusum::schema_change::problems;

/// A schema in a line for each part, and the problems.
fn check(source: &str, format: SchemaFormat, expected: Expect) -> Schema {
    assert_eq!(SchemaFormat::detect(source.as_bytes()), format);
    let (schema, told) = read(Some("file"), source.as_bytes(), format);
    let mut shown = String::new();
    for label in &schema.labels {
        write!(shown, "{}", label.id).unwrap();
        for (name, value) in [("key", label.key.map(String::from)), ("of", label.parent.as_ref().map(ToString::to_string))] {
            if let Some(value) = value {
                write!(shown, " {name}={value}").unwrap();
            }
        }
        if label.retired {
            shown += " retired";
        }
        for attribute in &label.attributes {
            let values: Vec<&str> = attribute.values.iter().map(|value| &*value.id).collect();
            write!(shown, " {}:{:?}({})", attribute.id, attribute.kind, values.join("|")).unwrap();
            if let Some(default) = &attribute.default {
                write!(shown, "={default}").unwrap();
            }
            if attribute.required {
                shown.push('!');
            }
        }
        shown.push('\n');
    }
    for relation in &schema.relations {
        let list = |labels: &[wusum::id::LabelId]| labels.iter().map(|label| label.as_str()).collect::<Vec<_>>().join("|");
        write!(shown, "{} {} -> {}", relation.id, list(&relation.from), list(&relation.to)).unwrap();
        if let Some(most) = relation.most {
            write!(shown, " most={most}").unwrap();
        }
        shown += if relation.required { " required\n" } else { "\n" };
    }
    for problem in told {
        writeln!(shown, "{problem}").unwrap();
    }
    expected.assert_eq(&shown);
    schema
}

#[test]
fn a_brat_configuration_is_read() {
    let source = "# a comment\n\n[entities]\nPerson\n!Body\n\tParty\n\t\tWing\n\tArmy\n--------\nPlace\n\n[relations]\n<NAMED>=Person|Party\n\
        Leads\tArg1:Person, Arg2:<NAMED>\nNear\tArg1:<ENTITY>, Arg2:Place\nSame\tArg1:Person, Arg2:Person, <REL-TYPE>:symmetric-transitive\n\
        ENTITY-NESTING\tArg1:<ANY>, Arg2:<ANY>\n<OVERLAP>\tArg1:Person, Arg2:Place, <OVL-TYPE>:<ANY>\n\n[events]\n\n[attributes]\n\
        Certain\tArg:Person|Place\nKind\tArg:Party, Value:legal|banned\nNegation\tArg:<EVENT>\n";
    let schema = check(
        source,
        SchemaFormat::Brat,
        expect![[r#"
        Person Certain:YesNo()
        Body retired
        Party of=Body Kind:OneOf(legal|banned)
        Wing of=Party
        Army of=Body
        Place Certain:YesNo()
        Leads Person -> Person|Party
        Near  -> Place
        Same Person -> Person
        file:16: "<REL-TYPE>:symmetric-transitive" of "Same" has no counterpart and is passed over
        file:17: "[relations]" of "ENTITY-NESTING" has no counterpart and is passed over
        file:18: "<OVL-TYPE>:<ANY>" of "<OVERLAP>" has no counterpart and is passed over
        file:18: "[relations]" of "<OVERLAP>" has no counterpart and is passed over
        file:25: "[attributes]" of "Negation" has no counterpart and is passed over
    "#]],
    );
    // Labels without a colour get one each; all can be told apart.
    assert_eq!(problems(&schema), vec![]);
}

#[test]
fn events_of_brat_become_labels_and_their_roles_relations() {
    let source = "[entities]\nPerson\nPlace\n[relations]\n[events]\n!Contact\n\tMeet\tWho+:Person, Where?:Place\n\tCall\tWho+:Person\n\
        Attack\tBy:Person|<EVENT>, Where:Place\n[attributes]\nNegated\tArg:<EVENT>\n";
    check(
        source,
        SchemaFormat::Brat,
        expect![[r#"
        Person
        Place
        Contact retired Negated:YesNo()
        Meet of=Contact Negated:YesNo()
        Call of=Contact Negated:YesNo()
        Attack Negated:YesNo()
        Who Meet|Call -> Person required
        Where Meet|Attack -> Place most=1
        By Attack -> Person|Contact|Meet|Call|Attack most=1 required
        file:8: "Who" may now join more labels than the file says
        file:9: "Where" may now join more labels than the file says
    "#]],
    );
}

#[test]
fn what_is_wrong_in_a_brat_configuration_is_told_line_by_line() {
    let source = "[entities]\nPerson\nPerson\nPlace|GPE\n[relations]\nLeads\tArg1:Person, Arg2:Nobody\nOdd\tArg1:Person\n[attributes]\n\
        Sure\tArg:Person, Value:a|b, <DEFAULT>:a\nNone\n[strange]\nx\n";
    check(
        source,
        SchemaFormat::Brat,
        expect![[r#"
        Person Sure:OneOf(a|b)
        Place
        file:11: "[strange]" of "*" has no counterpart and is passed over
        file:4: "GPE" of "Place" has no counterpart and is passed over
        file:7: "[relations]" of "Odd" has no counterpart and is passed over
        file:9: "<DEFAULT>:a" of "Sure" has no counterpart and is passed over
        file:10: "[attributes]" of "None" has no counterpart and is passed over
        file: "Person" is there twice; the first is kept
        file: "Leads" names the label "Nobody", which is not there
        file: "relations" of "Leads" has no counterpart and is passed over
    "#]],
    );
}

#[test]
fn a_labelling_configuration_is_read() {
    let source = "<View>\n  <Header value=\"أخبار\"/>\n  <Labels name=\"label\" toName=\"text\">\n    <Label value=\"Actor\" background=\"#FFA39E\" hotkey=\"1\"/>\n\
        <Label value=\"مكان\" alias=\"Place\" background=\"blue\" hotkey=\"p\"/>\n    <Label value=\"A &amp; B\" hint=\"both\"></Label>\n  </Labels>\n\
        <Text name=\"text\" value=\"$text\"/>\n  <Choices name=\"kind\" toName=\"text\" perRegion=\"true\" required=\"true\" visibleWhen=\"region-selected\" whenLabelValue=\"Actor,Place\">\n\
        <Choice value=\"named\" selected=\"true\"/>\n    <Choice value=\"unnamed\"/>\n  </Choices>\n\
        <Choices name=\"roles\" toName=\"text\" perRegion=\"true\" choice=\"multiple\" whenLabelValue=\"Actor\"><Choice value=\"a\"/><Choice value=\"b\"/></Choices>\n\
        <TextArea name=\"wikidata\" toName=\"text\" perRegion=\"true\" whenLabelValue=\"Actor,Nobody\"/>\n  <Number name=\"sure\" toName=\"text\" perRegion=\"true\"/>\n\
        <Choices name=\"topic\" toName=\"text\"><Choice value=\"war\"/></Choices>\n  <Rating name=\"stars\" toName=\"text\" perRegion=\"true\"/>\n\
        <Relations><Relation value=\"source\"/><Relation value=\"target\"/></Relations>\n</View>\n";
    let schema = check(
        source,
        SchemaFormat::LabelStudio,
        expect![[r#"
        Actor key=1 kind:OneOf(named|unnamed)="named"! roles:ManyOf(a|b) wikidata:Text() sure:Number()
        Place kind:OneOf(named|unnamed)="named"! sure:Number()
        A & B sure:Number()
        source  -> 
        target  -> 
        file:6: "hint" of "A & B" has no counterpart and is passed over
        file:16: "<Choices>" of "topic" has no counterpart and is passed over
        file:17: "<Rating>" of "stars" has no counterpart and is passed over
        file: "wikidata" names the label "Nobody", which is not there
        file: "Place" cannot have the key "p": it is no digit from 1 to 9, or taken
        file: the colour "blue" of "Place" is not understood; it gets another
    "#]],
    );
    assert_eq!((schema.labels[0].colour.light.as_str(), schema.labels[1].names.ar.as_str()), ("#ffa39e", "مكان"));
}

#[test]
fn a_broken_labelling_configuration_gives_what_came_before() {
    let source =
        "<View>\n<Labels name=\"label\" toName=\"text\">\n<Label value=\"Actor\"/>\n<Label value=\"&nothing;\"/>\n</View>\n<Label value=\"Lost\"/>";
    let (schema, told) = read(None, source.as_bytes(), SchemaFormat::LabelStudio);
    assert_eq!(schema.labels.iter().map(|label| label.id.as_str()).collect::<Vec<_>>(), ["Actor"]);
    let ids: Vec<_> = told.iter().map(|problem| (problem.line, problem.code.id())).collect();
    assert_eq!(ids, [(Some(4), "unreadable"), (Some(4), "schema-passed-over"), (Some(5), "unreadable")]);
}

#[test]
fn a_list_of_label_types_is_read_in_both_spellings() {
    let source = r##"[
        {"id": 44, "text": "Actor", "prefix_key": null, "suffix_key": "1", "background_color": "#FFA39E", "text_color": "#000000"},
        {"text": "Place", "prefixKey": "ctrl", "suffixKey": "p", "backgroundColor": "#123456", "textColor": "#ffffff"},
        {"text": "Claim", "suffix_key": "1", "background_color": "red", "text_color": "#00ff00", "description": "said"},
        {"text": 5}, 7
    ]"##;
    let schema = check(
        source,
        SchemaFormat::Doccano,
        expect![[r#"
            Actor key=1
            Place
            Claim
            file: "Place" cannot have the key "ctrl p": it is no digit from 1 to 9, or taken
            file: "description: "said"" of "Claim" has no counterpart and is passed over
            file: "text_color: #00ff00" of "Claim" has no counterpart and is passed over
            file: the field "text" is missing or not understood
            file: "Claim" cannot have the key "1": it is no digit from 1 to 9, or taken
            file: the colour "red" of "Claim" is not understood; it gets another
        "#]],
    );
    assert_eq!(schema.labels[0].colour.light, "#ffa39e");
}

#[test]
fn the_own_form_is_read_part_by_part() {
    let source = r##"{
        "labels": [
            {"id": "A", "names": {"ar": "أ", "en": "A"}, "colour": {"light": "#112233", "dark": "#aabbcc"}, "size": 3, "key": "0",
             "attributes": [
                {"id": "k", "names": {"ar": "ك", "en": "k"}, "default": "z", "values": [{"id": "x", "names": {"ar": "س", "en": "x"}}, {"id": 4}]},
                {"id": "q", "kind": "tall"}]},
            {"id": "B", "names": "B"},
            {"id": "C", "names": {"ar": "ج", "en": "C"}, "colour": {"light": "#445566", "dark": "#ddeeff"}, "parent": "B"}
        ],
        "relations": [{"id": "r", "names": {"ar": "ر", "en": "r"}, "from": ["A", "B"], "to": ["C"]}],
        "clitics": "sometimes", "font": "Naskh"
    }"##;
    let schema = check(
        source,
        SchemaFormat::Wusum,
        expect![[r#"
            A k:OneOf(x)
            C
            r A -> C
            file: "font" of "*" has no counterpart and is passed over
            file: "size" of "A" has no counterpart and is passed over
            file: the field "values A.k.: invalid type: integer `4`, expected a string" is missing or not understood
            file: the field "attributes A.q: unknown variant `tall`, expected one of `one-of`, `many-of`, `yes-no`, `text`, `number`" is missing or not understood
            file: the field "labels B: invalid type: string "B", expected struct Names" is missing or not understood
            file: the field "clitics" is missing or not understood
            file: "default" of "A.k" has no counterpart and is passed over
            file: "C" names the label "B", which is not there
            file: "r" names the label "B", which is not there
            file: "A" cannot have the key "0": it is no digit from 1 to 9, or taken
        "#]],
    );
    assert_eq!(schema.labels[0].attributes[0].kind, AttributeKind::OneOf);
}

#[test]
fn a_project_file_is_read_for_its_schema() {
    let source = include_str!("../data/article.a.jsonl");
    let (schema, told) = read(None, source.as_bytes(), SchemaFormat::detect(source.as_bytes()));
    assert_eq!((schema.labels.len(), schema.relations.len(), told.len()), (3, 1, 0));
    let newer = r#"{"wusum":2,"kind":"project","schema":{"labels":[]}}"#;
    let (schema, told) = read(None, newer.as_bytes(), SchemaFormat::Wusum);
    assert_eq!((schema, told[0].code.id()), (Schema::empty(), "too-new"));
}

#[test]
fn more_labels_without_colours_than_there_are_colours_have_one_each() {
    let names: String = (0..30).map(|number| format!("T{number}\n")).collect();
    let (schema, _) = read(None, format!("[entities]\n{names}").as_bytes(), SchemaFormat::Brat);
    assert!(schema.labels.iter().all(|label| label.colour.light.len() == 7 && label.colour.dark.len() == 7));
    let (few, _) = read(None, format!("[entities]\n{}", names.lines().take(24).collect::<Vec<_>>().join("\n")).as_bytes(), SchemaFormat::Brat);
    assert_eq!(problems(&few), vec![]);
}

#[test]
fn a_relation_of_labels_that_are_not_there_is_not_written_as_one_of_any() {
    let mut schema = Schema::default();
    schema.relations[0].to = vec!["Nobody".into()];
    let (text, told) = write(&schema, SchemaFormat::Brat);
    assert!(!text.contains("source"), "{text}");
    let told: Vec<String> = told.iter().map(ToString::to_string).collect();
    assert!(told.contains(&"the format has no place for \"relations\" of source".to_owned()), "{told:?}");
}

#[test]
fn labels_that_are_kinds_of_one_another_and_keys_of_retired_ones() {
    let source = r##"{"labels": [
        {"id": "A", "names": {"ar": "أ", "en": "A"}, "colour": {"light": "#112233", "dark": "#aabbcc"}, "parent": "B", "key": "5", "retired": true},
        {"id": "B", "names": {"ar": "ب", "en": "B"}, "colour": {"light": "#445566", "dark": "#ddeeff"}, "parent": "A", "key": "5"},
        {"id": "C", "names": {"ar": "ج", "en": "C"}, "colour": {"light": "#778899", "dark": "#ddeecc"}, "parent": "B", "key": "5"}
    ]}"##;
    // One step of the ring is cut; a label that is no longer offered holds no key against another.
    let schema = check(
        source,
        SchemaFormat::Wusum,
        expect![[r#"
        A key=5 retired
        B key=5 of=A
        C of=B
        file: "parent" of "A" has no counterpart and is passed over
        file: "C" cannot have the key "5": it is no digit from 1 to 9, or taken
    "#]],
    );
    assert!(problems(&schema).iter().all(|problem| !problem.is_grave()));
}

#[test]
fn attributes_of_one_name_that_are_not_alike_have_two_names() {
    let source = r##"{"labels": [
        {"id": "A", "names": {"ar": "أ", "en": "A"}, "colour": {"light": "#112233", "dark": "#112233"},
         "attributes": [{"id": "k", "names": {"ar": "k", "en": "k"}, "kind": "yes-no"}]},
        {"id": "B", "names": {"ar": "ب", "en": "B"}, "colour": {"light": "#445566", "dark": "#445566"},
         "attributes": [{"id": "k", "names": {"ar": "k", "en": "k"}, "values": [
            {"id": "true", "names": {"ar": "true", "en": "true"}}, {"id": "false", "names": {"ar": "false", "en": "false"}}]}]}
    ]}"##;
    let (schema, _) = read(None, source.as_bytes(), SchemaFormat::Wusum);
    for (format, first, second) in [
        (SchemaFormat::Brat, "k\tArg:A\n", "B-k\tArg:B, Value:true|false\n"),
        (SchemaFormat::LabelStudio, "<Choices name=\"k\" toName=\"text\"", "<Choices name=\"B-k\" toName=\"text\""),
    ] {
        let (text, told) = write(&schema, format);
        assert!(text.contains(first) && text.contains(second), "{text}");
        let told: Vec<String> = told.iter().map(ToString::to_string).collect();
        assert!(told.contains(&"the format cannot write the name \"B.k\"; it is \"B-k\" there".to_owned()), "{told:?}");
        // There yes and no are two choices, so that two such choices are yes and no.
        let is_told = told.contains(&"the format has no place for \"attributes.kind\" of B.k".to_owned());
        assert_eq!(is_told, format == SchemaFormat::LabelStudio, "{told:?}");
    }
}

#[test]
fn an_empty_file_is_told() {
    for &format in SchemaFormat::ALL {
        let (schema, told) = read(None, b"\xEF\xBB\xBF \n", format);
        assert_eq!((schema, told.len(), told[0].code.id()), (Schema::empty(), 1, "empty-file"));
    }
}
