//! Label Studio's labelling configuration: labels, what is asked of each region, and relations, as XML.

use super::problem::{Problem, ProblemCode};
use super::schema_file::{Draft, new_attribute, new_label, new_relation};
use super::schema_group::groups;
use super::schema_loss::Losses;
use crate::schema::{Attribute, AttributeKind, Colour, Label, Schema};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;

/// What it has a place for.
const HELD: &[&str] = &["key", "colour", "attributes", "attributes.default", "attributes.required", "relations"];
/// The names of the list of labels and of the text.
const TAKEN: [&str; 2] = ["label", "text"];
/// How yes and no are written, for there are only choices.
const YES_NO: [&str; 2] = ["true", "false"];
/// Elements that only lay out the page, or show what is annotated.
const LAYOUT: &[&str] =
    &["View", "Header", "Style", "Filter", "Collapse", "Panel", "Text", "HyperText", "Paragraphs", "Labels", "Relations", "Choices"];

pub(super) fn write(schema: &Schema) -> (String, Vec<Problem>) {
    let mut losses = Losses::of(schema, HELD);
    let mut text = String::from("<View>\n  <Labels name=\"label\" toName=\"text\">\n");
    // Writing to a string does not fail.
    for label in &schema.labels {
        let _ = write!(
            text,
            "    <Label value=\"{}\" background=\"{}\"",
            escaped(label.id.as_str(), &mut losses),
            escaped(&label.colour.light, &mut losses)
        );
        if let Some(key) = label.key {
            let _ = write!(text, " hotkey=\"{}\"", escaped(key.encode_utf8(&mut [0; 4]), &mut losses));
        }
        text += "/>\n";
    }
    text += "  </Labels>\n";
    // Labels are named in a list with commas between them.
    let is_held = |label: &Label, attribute: &Attribute| {
        let has_values = matches!(attribute.kind, AttributeKind::OneOf | AttributeKind::ManyOf);
        !label.id.as_str().contains(',') && label.id.as_str().trim() == label.id.as_str() && !(has_values && attribute.values.is_empty())
    };
    for group in groups(schema, Attribute::eq, is_held, str::to_owned, &TAKEN, &mut losses) {
        let owners: Vec<&str> = group.owners.iter().map(|owner| owner.id.as_str()).collect();
        let common = format!(
            "name=\"{}\" toName=\"text\" perRegion=\"true\" visibleWhen=\"region-selected\" whenLabelValue=\"{}\"{}",
            escaped(&group.name, &mut losses),
            escaped(&owners.join(","), &mut losses),
            if group.attribute.required { " required=\"true\"" } else { "" },
        );
        let said = format!("{}.{}", owners.first().unwrap_or(&""), group.attribute.id);
        control(group.attribute, &common, &said, &mut text, &mut losses);
    }
    if !schema.relations.is_empty() {
        text += "  <Relations>\n";
        for relation in &schema.relations {
            let _ = writeln!(text, "    <Relation value=\"{}\"/>", escaped(relation.id.as_str(), &mut losses));
        }
        text += "  </Relations>\n";
    }
    text += "  <Text name=\"text\" value=\"$text\"/>\n</View>\n";
    (text, losses.problems())
}

/// The element that asks for an attribute.
fn control(attribute: &Attribute, common: &str, said: &str, text: &mut String, losses: &mut Losses) {
    let choice = match attribute.kind {
        AttributeKind::Text | AttributeKind::Number => {
            if attribute.default.is_some() {
                losses.add("attributes.default", said);
            }
            let element = if attribute.kind == AttributeKind::Text { "TextArea" } else { "Number" };
            let _ = writeln!(text, "  <{element} {common}/>");
            return;
        }
        AttributeKind::ManyOf => "multiple",
        AttributeKind::OneOf | AttributeKind::YesNo => "single",
    };
    let ids: Vec<&str> = match attribute.kind {
        AttributeKind::YesNo => YES_NO.to_vec(),
        _ => attribute.values.iter().map(|value| &*value.id).collect(),
    };
    if attribute.kind == AttributeKind::OneOf && ids == YES_NO {
        losses.add("attributes.kind", said);
    }
    let is_selected = |id: &str| match &attribute.default {
        Some(Value::String(chosen)) => chosen == id,
        Some(Value::Array(chosen)) => chosen.iter().any(|chosen| chosen == id),
        Some(Value::Bool(chosen)) => chosen.to_string() == id,
        _ => false,
    };
    let _ = writeln!(text, "  <Choices {common} choice=\"{choice}\">");
    for id in ids {
        let selected = if is_selected(id) { " selected=\"true\"" } else { "" };
        let _ = writeln!(text, "    <Choice value=\"{}\"{selected}/>", escaped(id, losses));
    }
    text.push_str("  </Choices>\n");
}

/// For a value in quotation marks; what XML 1.0 cannot hold becomes `_`, and is told.
fn escaped(value: &str, losses: &mut Losses) -> String {
    let mut written = String::with_capacity(value.len());
    let mut kept = String::with_capacity(value.len());
    for character in value.chars() {
        let is_held = matches!(character, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
        let character = if is_held { character } else { '_' };
        kept.push(character);
        match character {
            '&' => written += "&amp;",
            '<' => written += "&lt;",
            '>' => written += "&gt;",
            '"' => written += "&quot;",
            // A reader makes spaces of line ends that are not written so.
            '\t' => written += "&#9;",
            '\n' => written += "&#10;",
            '\r' => written += "&#13;",
            other => written.push(other),
        }
    }
    losses.rename(value, &kept);
    written
}

/// An element with its attributes.
struct Element {
    name: String,
    line: u32,
    fields: BTreeMap<String, String>,
}

impl Element {
    fn get(&self, field: &str) -> Option<&str> {
        self.fields.get(field).map(String::as_str).filter(|value| !value.is_empty())
    }

    fn is(&self, field: &str) -> bool {
        self.get(field).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// What results name it by: an alias, where there is one, hides what is shown.
    fn id(&self) -> Option<&str> {
        self.get("alias").or_else(|| self.get("value"))
    }
}

/// What is asked of regions, until its last value is read.
struct Asked {
    attribute: Attribute,
    /// Labels that it is asked of; empty: all.
    owners: Vec<String>,
    chosen: Vec<String>,
}

pub(super) fn read(text: &str, draft: &mut Draft) {
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Element> = Vec::new();
    let mut asked: Vec<Asked> = Vec::new();
    let (mut line, mut seen) = (1_u32, 0_usize);
    loop {
        let event = reader.read_event();
        let here = usize::try_from(reader.buffer_position()).unwrap_or(text.len()).min(text.len());
        let passed = text.as_bytes().get(seen..here).unwrap_or_default().iter().filter(|byte| **byte == b'\n').count();
        let begins = line;
        line = line.saturating_add(u32::try_from(passed).unwrap_or(u32::MAX));
        seen = here;
        match event {
            Ok(Event::Start(start)) => {
                let element = element(&start, begins, draft);
                enter(&element, &open, &mut asked, draft);
                open.push(element);
            }
            Ok(Event::Empty(start)) => {
                let element = element(&start, begins, draft);
                enter(&element, &open, &mut asked, draft);
            }
            Ok(Event::End(_)) => drop(open.pop()),
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => {
                // What came before is kept.
                draft.tell(Some(line), ProblemCode::Unreadable { detail: error.to_string() });
                break;
            }
        }
    }
    for asked in asked {
        give(asked, draft);
    }
}

fn element(start: &BytesStart, line: u32, draft: &mut Draft) -> Element {
    let name = start.name().as_ref().to_owned();
    let mut fields = BTreeMap::new();
    for field in start.attributes() {
        let read = field.map_err(|error| error.to_string()).and_then(|field| {
            let value = field.normalized_value(XmlVersion::Implicit1_0).map_err(|error| error.to_string())?;
            Ok((field.key.as_ref().to_owned(), value.into_owned()))
        });
        match read {
            Ok((key, value)) => drop(fields.insert(key, value)),
            Err(detail) => draft.tell(Some(line), ProblemCode::Unreadable { detail }),
        }
    }
    Element { name, line, fields }
}

/// Takes what an element says.
fn enter(element: &Element, open: &[Element], asked: &mut Vec<Asked>, draft: &mut Draft) {
    let (line, name) = (element.line, element.get("name").or_else(|| element.id()).unwrap_or("*").to_owned());
    let pass_over = |draft: &mut Draft| draft.pass_over(line, format!("<{}>", element.name), name.as_str());
    let parent = open.last().map_or("", |parent| parent.name.as_str());
    match element.name.as_str() {
        "Label" if matches!(parent, "Labels" | "HyperTextLabels" | "ParagraphLabels") => label(element, draft),
        "HyperTextLabels" | "ParagraphLabels" => {}
        "Relation" => match element.id() {
            Some(id) => draft.schema.relations.push(new_relation(id)),
            None => pass_over(draft),
        },
        "Choice" => {
            let inside = asked.last_mut().filter(|_| parent == "Choices" && open.last().is_some_and(|parent| parent.is("perRegion")));
            match (inside, element.id()) {
                (Some(asked), Some(id)) => choice(asked, id, element),
                // Told with its list.
                (None, _) if open.iter().any(|outer| outer.name == "Choices") => {}
                _ => pass_over(draft),
            }
        }
        "Choices" | "TextArea" | "Number" if element.is("perRegion") => match element.get("name") {
            Some(id) => asked.push(ask(element, id)),
            None => pass_over(draft),
        },
        // Asked of the whole text.
        "Choices" | "TextArea" | "Number" => pass_over(draft),
        layout if LAYOUT.contains(&layout) => {}
        _ => pass_over(draft),
    }
}

fn label(element: &Element, draft: &mut Draft) {
    let Some(id) = element.id() else { return draft.pass_over(element.line, "<Label>", "*") };
    let mut label = new_label(id);
    if let Some(shown) = element.get("value") {
        label.names = super::schema_file::both(shown);
    }
    if let Some(colour) = element.get("background") {
        let colour = colour.to_ascii_lowercase();
        label.colour = Colour { light: colour.clone(), dark: colour };
    }
    if let Some(key) = element.get("hotkey") {
        let mut characters = key.chars();
        match (characters.next(), characters.next()) {
            (Some(key), None) => label.key = Some(key),
            _ => draft.tell(Some(element.line), ProblemCode::SchemaKey { name: id.to_owned(), key: key.to_owned() }),
        }
    }
    for field in ["hint", "maxUsages", "selected", "granularity", "html"].into_iter().filter(|field| element.get(field).is_some()) {
        draft.pass_over(element.line, field, id);
    }
    draft.schema.labels.push(label);
}

fn ask(element: &Element, id: &str) -> Asked {
    let kind = match (element.name.as_str(), element.get("choice")) {
        ("TextArea", _) => AttributeKind::Text,
        ("Number", _) => AttributeKind::Number,
        (_, Some("multiple")) => AttributeKind::ManyOf,
        _ => AttributeKind::OneOf,
    };
    let mut attribute = new_attribute(id, kind, &[]);
    attribute.required = element.is("required");
    let owners = element.get("whenLabelValue").map(|labels| labels.split(',').map(|label| label.trim().to_owned()).collect());
    Asked { attribute, owners: owners.unwrap_or_default(), chosen: Vec::new() }
}

fn choice(asked: &mut Asked, id: &str, element: &Element) {
    let shown = element.get("value").unwrap_or(id);
    asked.attribute.values.push(crate::schema::AttributeValue { id: id.into(), names: super::schema_file::both(shown) });
    if element.is("selected") {
        asked.chosen.push(id.to_owned());
    }
}

/// Gives an attribute to its labels.
fn give(asked: Asked, draft: &mut Draft) {
    let Asked { mut attribute, owners, mut chosen } = asked;
    let ids: Vec<&str> = attribute.values.iter().map(|value| &*value.id).collect();
    if attribute.kind == AttributeKind::OneOf && ids == YES_NO {
        attribute.kind = AttributeKind::YesNo;
        attribute.values.clear();
    }
    attribute.default = match attribute.kind {
        _ if chosen.is_empty() => None,
        AttributeKind::YesNo => Some(Value::Bool(chosen.iter().any(|id| id == "true"))),
        AttributeKind::OneOf => chosen.pop().map(Value::String),
        _ => Some(chosen.into()),
    };
    let labels = &mut draft.schema.labels;
    let unknown: Vec<String> = owners.iter().filter(|owner| !labels.iter().any(|label| label.id.as_str() == *owner)).cloned().collect();
    for label in labels.iter_mut().filter(|label| owners.is_empty() || owners.iter().any(|owner| label.id.as_str() == owner)) {
        label.attributes.push(attribute.clone());
    }
    for label in unknown {
        draft.tell(None, ProblemCode::SchemaUnknownLabel { name: attribute.id.to_string(), label });
    }
}
