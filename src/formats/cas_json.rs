//! CAS JSON 0.4 of UIMA, with its types: a file for each document and annotator. It holds control characters, which XMI cannot.

use super::cas::{Cas, HOLDS, Structure, VIEW, take};
use super::cas_write::{self, Out, SOFA_ID, Written, WrittenType};
use super::export::Export;
use super::files::Files;
use super::incoming::Incoming;
use super::list::{Code, Read};
use super::problem::ProblemCode;
use super::units::Unit;
use serde_json::{Map, Value, json};

/// How it is read and written.
pub(super) const CODE: Code = Code {
    sniff: |head| head.has(STRUCTURES) || (head.has(TYPES) && head.has(VIEWS)),
    read: Some(Read::Each(read)),
    write: Some(write),
    unit: Unit::Utf16,
    holds: HOLDS,
    ..Code::PLAIN
};

const TYPES: &str = "%TYPES";
const STRUCTURES: &str = "%FEATURE_STRUCTURES";
const VIEWS: &str = "%VIEWS";

fn read(name: Option<&str>, bytes: &[u8], incoming: &mut Incoming) {
    let source = incoming.decode(bytes);
    let mut file = match serde_json::from_str::<Value>(&source) {
        Ok(Value::Object(file)) => file,
        Ok(other) => {
            incoming.problem(None, ProblemCode::BadJson { detail: "no object".to_owned() });
            return incoming.orphan(None, other);
        }
        Err(error) => return incoming.problem(None, ProblemCode::BadJson { detail: error.to_string() }),
    };
    let mut cas = Cas::default();
    for (kind, said) in file.get(TYPES).and_then(Value::as_object).into_iter().flatten() {
        if let Some(parent) = said.get("%SUPER_TYPE").and_then(Value::as_str) {
            cas.types.parents.insert(kind.clone(), parent.to_owned());
        }
    }
    // A list, or in older files an object by number.
    let structures: Vec<(Option<i64>, Value)> = match file.remove(STRUCTURES) {
        Some(Value::Array(structures)) => structures.into_iter().map(|structure| (None, structure)).collect(),
        Some(Value::Object(structures)) => structures.into_iter().map(|(id, structure)| (id.parse().ok(), structure)).collect(),
        None => Vec::new(),
        Some(other) => vec![(None, other)],
    };
    for (id, raw) in structures {
        match structure(id, &raw) {
            Some(structure) => cas.structures.push(structure),
            None => {
                incoming.problem(None, ProblemCode::BadField { field: STRUCTURES.to_owned() });
                incoming.orphan(None, raw);
            }
        }
    }
    for (_, view) in file.get(VIEWS).and_then(Value::as_object).into_iter().flatten() {
        let members = view.get("%MEMBERS").and_then(Value::as_array);
        if let Some((sofa, members)) = view.get("%SOFA").and_then(Value::as_i64).zip(members) {
            cas.members.entry(sofa).or_default().extend(members.iter().filter_map(Value::as_i64));
        }
    }
    take(name, cas, incoming);
}

fn structure(id: Option<i64>, raw: &Value) -> Option<Structure> {
    let fields = raw.as_object()?;
    let id = id.or_else(|| fields.get("%ID").and_then(Value::as_i64))?;
    let mut made = Structure { id, kind: fields.get("%TYPE")?.as_str()?.to_owned(), ..Structure::default() };
    for (name, value) in fields {
        if let Some(feature) = name.strip_prefix('@') {
            match value.as_i64() {
                Some(id) => drop(made.references.insert(feature.to_owned(), id)),
                None => drop(made.odd.insert(feature.to_owned())),
            }
        } else if name == "%ELEMENTS" {
            made.values.insert("elements".to_owned(), value.clone());
        } else if let Some(feature) = name.strip_prefix('#') {
            made.values.insert(feature.to_owned(), value.clone());
        } else if !name.starts_with('%') && !value.is_null() {
            made.values.insert(name.clone(), value.clone());
        }
    }
    Some(made)
}

fn write(export: &Export, files: &mut Files) {
    let types: Map<String, Value> = cas_write::types(export).iter().map(|kind| (kind.name.to_owned(), type_object(kind))).collect();
    cas_write::each(export, |path, document, layer| {
        let structures = cas_write::structures(export, document, layer, false);
        let members: Vec<u32> = structures.iter().map(|structure| structure.id).filter(|id| *id != SOFA_ID).collect();
        let structures: Vec<Value> = structures.into_iter().map(structure_object).collect();
        let views = json!({ VIEW: { "%SOFA": SOFA_ID, "%MEMBERS": members } });
        // Types and views would stand in another order in an object.
        let [types, views] = [Value::Object(types.clone()), views].map(|value| export.json(&value));
        let structures: Vec<String> = structures.iter().map(|structure| export.json(structure)).collect();
        let text = format!("{{\"{TYPES}\":{types},\n\"{STRUCTURES}\":[\n{}\n],\n\"{VIEWS}\":{views}}}\n", structures.join(",\n"));
        files.insert(format!("{path}.json"), text);
    });
}

fn type_object(kind: &WrittenType) -> Value {
    let mut object = Map::new();
    object.insert("%NAME".to_owned(), kind.name.into());
    object.insert("%SUPER_TYPE".to_owned(), kind.parent.into());
    for (feature, range) in &kind.features {
        object.insert(feature.clone(), json!({ "%NAME": feature, "%RANGE": range }));
    }
    Value::Object(object)
}

fn structure_object(structure: Written) -> Value {
    let mut object = Map::new();
    object.insert("%ID".to_owned(), structure.id.into());
    object.insert("%TYPE".to_owned(), structure.kind.into());
    for (feature, value) in structure.features {
        match value {
            Out::Text(text) => drop(object.insert(feature, text.into())),
            Out::Number(number) => drop(object.insert(feature, number.into())),
            Out::Flag(is) => drop(object.insert(feature, is.into())),
            Out::Reference(id) => drop(object.insert(format!("@{feature}"), id.into())),
        }
    }
    if structure.kind == super::cas::DOCUMENT_ANNOTATION {
        object.insert("%FLAGS".to_owned(), json!(["DocumentAnnotation"]));
    }
    Value::Object(object)
}
