//! XMI of UIMA: a file for each document and annotator, and one `TypeSystem.xml`.
//!
//! XML 1.0 cannot hold some control characters. A text that has one is not written, which is told, for any stand-in would be
//! another text. Declarations of entities are not read, so that nothing is fetched and nothing grows.

use super::cas::{Cas, HOLDS, SOFA, Structure, Types, take};
use super::cas_write::{self, Out, SOFA_ID, Written, WrittenType};
use super::export::Export;
use super::files::{self, Files};
use super::incoming::Incoming;
use super::list::{Code, Read};
use super::problem::ProblemCode;
use super::sniff::Head;
use super::units::Unit;
use super::xml;
use super::xml_read::{Node, nodes};
use serde_json::Value;
use std::collections::BTreeMap;

/// How it is read and written.
pub(super) const CODE: Code = Code {
    sniff: |head| is_xmi(head.start()) || is_types(head.start()),
    read: Some(Read::Whole(claimed, read)),
    write: Some(write),
    unit: Unit::Utf16,
    holds: HOLDS,
    is_folder: true,
    ..Code::PLAIN
};

/// The file of types.
const TYPES_FILE: &str = "TypeSystem.xml";
const XMI: &str = "http://www.omg.org/XMI";
const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

fn is_xml(start: &str) -> bool {
    start.trim_start_matches('\u{FEFF}').trim_start().starts_with('<')
}

fn is_xmi(start: &str) -> bool {
    is_xml(start) && start.contains(XMI)
}

fn is_types(start: &str) -> bool {
    is_xml(start) && start.contains("<typeSystemDescription")
}

fn claimed(files: &Files) -> Vec<String> {
    let is_own = |(path, bytes): &(&str, &[u8])| {
        let is_named = matches!(files::ending(path).1.as_str(), "xmi" | "xml" | "");
        is_named && (CODE.sniff)(&Head::new(Some(path), bytes))
    };
    files.iter().filter(is_own).map(|(path, _)| path.to_owned()).collect()
}

fn read(files: &Files, incoming: &mut Incoming) {
    let mut types = Types::default();
    let (of_types, of_texts): (Vec<_>, Vec<_>) = files.iter().partition(|(path, bytes)| is_types(Head::new(Some(path), bytes).start()));
    for (path, bytes) in of_types {
        incoming.file(Some(path));
        let source = incoming.decode(bytes);
        read_types(nodes(&source, incoming), &mut types);
    }
    for (path, bytes) in of_texts {
        incoming.file(Some(path));
        let source = incoming.decode(bytes);
        let mut cas = Cas { types: types.clone(), ..Cas::default() };
        let mut was_xmi = false;
        for node in nodes(&source, incoming) {
            was_xmi = true;
            element(node, &mut cas, incoming);
        }
        if was_xmi || !source.trim().is_empty() {
            take(Some(path), cas, incoming);
        }
    }
}

fn read_types(nodes: Vec<Node>, types: &mut Types) {
    for kind in nodes.into_iter().filter(|node| node.name == "types").flat_map(|node| node.children) {
        let Some(name) = kind.child_text("name") else { continue };
        if let Some(parent) = kind.child_text("supertypeName") {
            types.parents.entry(name.to_owned()).or_insert_with(|| parent.to_owned());
        }
        let features = kind.children.iter().filter(|child| child.name == "features").flat_map(|features| &features.children);
        for feature in features {
            if let (Some(feature), Some(range)) = (feature.child_text("name"), feature.child_text("rangeTypeName")) {
                types.ranges.entry((name.to_owned(), feature.to_owned())).or_insert_with(|| range.to_owned());
            }
        }
    }
}

/// The type that an element's namespace and name stand for.
fn kind(node: &Node) -> String {
    let package = node.namespace.strip_prefix("http:///").and_then(|rest| rest.strip_suffix(".ecore")).unwrap_or(&node.namespace);
    match package.replace('/', ".").as_str() {
        "" | "uima.noNamespace" => node.name.clone(),
        package => format!("{package}.{}", node.name),
    }
}

fn element(node: Node, cas: &mut Cas, incoming: &mut Incoming) {
    let kind = kind(&node);
    let numbers = |text: &str| text.split_whitespace().filter_map(|id| id.parse::<i64>().ok()).collect::<Vec<i64>>();
    match kind.as_str() {
        "uima.cas.NULL" => return,
        "uima.cas.View" => {
            if let Some(sofa) = node.field("sofa").and_then(|sofa| sofa.parse().ok()) {
                cas.members.entry(sofa).or_default().extend(node.field("members").map(numbers).unwrap_or_default());
            }
            return;
        }
        _ => {}
    }
    let Some(id) = node.fields.iter().find(|(name, _)| name.ends_with(":id")).and_then(|(_, id)| id.parse().ok()) else {
        incoming.problem(node.line, ProblemCode::BadField { field: "xmi:id".to_owned() });
        return incoming.orphan(node.line, Value::from(format!("{kind} {:?}", node.fields)));
    };
    let mut made = Structure { id, line: Some(node.line), kind, ..Structure::default() };
    for (name, value) in node.fields {
        if !name.contains(':') {
            feature(&mut made, &cas.types, name, value);
        }
    }
    let mut lists: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for child in node.children {
        lists.entry(child.name).or_default().push(child.text.into());
    }
    for (name, list) in lists {
        made.values.insert(name, Value::Array(list));
    }
    cas.structures.push(made);
}

/// Takes a feature as its type says; without types all but a few names is text.
fn feature(made: &mut Structure, types: &Types, name: String, value: String) {
    let reference = |made: &mut Structure, name: String, value: &str| match value.split(' ').map(str::parse).collect::<Result<Vec<i64>, _>>() {
        Ok(ids) if ids.len() > 1 => drop(made.lists.insert(name, ids)),
        Ok(ids) => made.references.extend(ids.first().map(|id| (name, *id))),
        Err(_) => drop(made.odd.insert(name)),
    };
    if matches!(name.as_str(), "Governor" | "Dependent") || (name == "sofa" && made.kind != SOFA) {
        return reference(made, name, &value);
    }
    let range = types.range(&made.kind, &name).unwrap_or("uima.cas.String");
    let typed = match range {
        "uima.cas.Boolean" => Some(Value::Bool(value == "true" || value == "1")),
        "uima.cas.Integer" | "uima.cas.Long" | "uima.cas.Short" | "uima.cas.Byte" => value.parse::<i64>().ok().map(Value::from),
        // What JSON has no number for, such as NaN, stays text.
        "uima.cas.Float" | "uima.cas.Double" => value.parse::<f64>().ok().filter(|number| number.is_finite()).map(Value::from),
        _ if types.is_a(range, "uima.cas.String") => None,
        _ => return reference(made, name, &value),
    };
    made.values.insert(name, typed.unwrap_or(Value::String(value)));
}

fn write(export: &Export, files: &mut Files) {
    cas_write::each(export, |path, document, layer| {
        if xml::not_held(document.text.as_str()).is_none() {
            files.insert(format!("{path}.xmi"), xmi(&cas_write::structures(export, document, layer, true)));
        }
    });
    files.insert(TYPES_FILE, type_system(&cas_write::types(export)));
}

fn xmi(structures: &[Written]) -> String {
    let mut out = String::from(DECLARATION);
    out.push_str("<xmi:XMI xmlns:xmi=\"http://www.omg.org/XMI\" xmlns:cas=\"http:///uima/cas.ecore\" xmlns:tcas=\"http:///uima/tcas.ecore\"");
    out.push_str(" xmlns:custom=\"http:///webanno/custom.ecore\" xmlns:wusum=\"http:///wusum.ecore\" xmi:version=\"2.0\">\n");
    out.push_str("  <cas:NULL xmi:id=\"0\"/>\n");
    for structure in structures {
        // The last two parts of a type's name are the prefix of its namespace and its own.
        let mut parts = structure.kind.rsplit('.');
        let (name, prefix) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        out.push_str(&format!("  <{prefix}:{name}"));
        xml::push_field(&mut out, "xmi:id", &structure.id.to_string());
        for (feature, value) in &structure.features {
            match value {
                Out::Text(text) => xml::push_field(&mut out, feature, text),
                Out::Number(number) | Out::Reference(number) => xml::push_field(&mut out, feature, &number.to_string()),
                Out::Flag(is) => xml::push_field(&mut out, feature, &is.to_string()),
            }
        }
        out.push_str("/>\n");
    }
    let members: Vec<String> = structures.iter().filter(|structure| structure.id != SOFA_ID).map(|structure| structure.id.to_string()).collect();
    out.push_str(&format!("  <cas:View sofa=\"{SOFA_ID}\" members=\"{}\"/>\n</xmi:XMI>\n", members.join(" ")));
    out
}

fn type_system(types: &[WrittenType]) -> String {
    let mut out = String::from(DECLARATION);
    out.push_str("<typeSystemDescription xmlns=\"http://uima.apache.org/resourceSpecifier\">\n  <types>\n");
    for kind in types {
        out.push_str(&format!("    <typeDescription>\n      <name>{}</name>\n      <description/>\n", kind.name));
        out.push_str(&format!("      <supertypeName>{}</supertypeName>\n      <features>\n", kind.parent));
        for (feature, range) in &kind.features {
            // Names of features are ASCII letters, digits and `_`.
            out.push_str(&format!("        <featureDescription>\n          <name>{feature}</name>\n          <description/>\n"));
            out.push_str(&format!("          <rangeTypeName>{range}</rangeTypeName>\n        </featureDescription>\n"));
        }
        out.push_str("      </features>\n    </typeDescription>\n");
    }
    out.push_str("  </types>\n</typeSystemDescription>\n");
    out
}
