//! Slots of UIMA's annotations: a feature that lists links, each with a role and a target, as relations.
//!
//! A link lies in no text. The list stands apart as an array, or its numbers stand in the feature; where no types are known, as text.

use super::cas::{Cas, Structure};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A relation from an annotation to another, each by its number.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub host: i64,
    pub role: String,
    pub target: i64,
}

/// Takes the links out of the annotations that have them.
pub(super) fn take(cas: &mut Cas) {
    let links: BTreeMap<i64, (Option<String>, i64)> = cas.structures.iter().filter_map(|one| Some((one.id, link(one)?))).collect();
    if links.is_empty() {
        return;
    }
    let arrays = cas.structures.iter().filter(|one| one.kind == "uima.cas.FSArray");
    let arrays: BTreeMap<i64, Vec<i64>> = arrays.map(|one| (one.id, one.values.get("elements").and_then(numbers).unwrap_or_default())).collect();
    let elements = |named: &[i64]| named.iter().flat_map(|id| arrays.get(id).cloned().unwrap_or_else(|| vec![*id])).collect::<Vec<i64>>();
    let mut gone: BTreeSet<i64> = BTreeSet::new();
    for structure in cas.structures.iter_mut().filter(|one| one.references.contains_key("sofa")) {
        let in_text = structure.values.iter().filter_map(|(feature, value)| Some((feature.clone(), numbers(value)?)));
        let alone = structure.references.iter().map(|(feature, id)| (feature.clone(), vec![*id]));
        let listed = structure.lists.iter().map(|(feature, ids)| (feature.clone(), ids.clone()));
        let all: Vec<(String, Vec<i64>)> = in_text.chain(alone).chain(listed).collect();
        for (feature, named) in all {
            let ids = elements(&named);
            if ids.is_empty() || !ids.iter().all(|id| links.contains_key(id)) {
                continue;
            }
            structure.values.remove(&feature);
            structure.references.remove(&feature);
            structure.lists.remove(&feature);
            for (role, target) in ids.iter().filter_map(|id| links.get(id)) {
                cas.links.push(Link { host: structure.id, role: role.clone().unwrap_or_else(|| feature.clone()), target: *target });
            }
            gone.extend(ids.into_iter().chain(named));
        }
    }
    cas.structures.retain(|one| !gone.contains(&one.id));
}

/// The role and the target of a link.
fn link(structure: &Structure) -> Option<(Option<String>, i64)> {
    let is_placed = structure.references.contains_key("sofa") || structure.values.contains_key("begin");
    let written = || structure.values.get("target").and_then(numbers).filter(|ids| ids.len() == 1)?.pop();
    let target = structure.references.get("target").copied().or_else(written).filter(|_| !is_placed)?;
    let role = structure.values.get("role").and_then(Value::as_str).filter(|role| !role.is_empty());
    Some((role.map(str::to_owned), target))
}

/// The numbers of a list, or of a text with blanks between them.
fn numbers(value: &Value) -> Option<Vec<i64>> {
    match value {
        Value::Array(ids) => ids.iter().map(Value::as_i64).collect(),
        Value::String(ids) => ids.split_whitespace().map(|id| id.parse().ok()).collect(),
        _ => None,
    }
}
