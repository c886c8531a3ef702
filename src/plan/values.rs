//! Rules of attributes: what may be said, what is said from the start, and what stays when the kind changes.

use super::Refusal;
use crate::schema::Attribute;
use serde_json::Value;
use std::collections::BTreeMap;

type Said = BTreeMap<String, Value>;

/// Says something or, without a value, takes it back; also what the schema does not know, as an import brings it, can be taken back.
pub(super) fn say(said: &mut Said, known: Option<&Attribute>, name: String, value: Option<Value>) -> Result<(), Refusal> {
    let Some(value) = value else {
        said.remove(&name);
        return Ok(());
    };
    if said.get(&name) == Some(&value) {
        return Ok(());
    }
    let Some(known) = known else { return Err(Refusal::UnknownAttribute(name)) };
    let value = known.answer(value, said.get(&name)).ok_or_else(|| Refusal::WrongValue(name.clone()))?;
    match value {
        Value::Null => said.remove(&name),
        value => said.insert(name, value),
    };
    Ok(())
}

/// What a new label or relation says until somebody says otherwise.
pub(super) fn defaults(said: &mut Said, attributes: &[Attribute]) {
    for attribute in attributes {
        let value = attribute.default.clone().and_then(|value| attribute.answer(value, None));
        if let Some(value) = value.filter(|value| !value.is_null()) {
            said.entry(attribute.id.to_string()).or_insert(value);
        }
    }
}

/// What was said of the old kind and cannot be said of the new one goes; what neither the old nor the new one knows came
/// with an import, and stays. What the new one says from the start is added.
pub(super) fn carry(said: &mut Said, old: &[Attribute], new: &[Attribute]) {
    let find = |attributes: &[Attribute], name: &str| attributes.iter().position(|attribute| *attribute.id == *name);
    said.retain(|name, value| match find(new, name) {
        Some(place) => new.get(place).is_some_and(|attribute| attribute.accepts(value)) || find(old, name).is_none(),
        None => find(old, name).is_none(),
    });
    defaults(said, new);
}
