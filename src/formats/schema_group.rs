//! Attributes as formats have them that name each once for all labels: grouped by what they are, each with a name of its own.

use super::schema_loss::Losses;
use crate::schema::{Attribute, Label, Schema};
use std::collections::BTreeSet;

/// One attribute and the labels that have it.
pub(super) struct Group<'a> {
    /// A name that no other group has.
    pub name: String,
    pub attribute: &'a Attribute,
    pub owners: Vec<&'a Label>,
}

/// The attributes of all labels. Those that are alike become one; of others with the same id the later get another name.
pub(super) fn groups<'a>(
    schema: &'a Schema,
    alike: impl Fn(&Attribute, &Attribute) -> bool,
    is_held: impl Fn(&Label, &Attribute) -> bool,
    write: impl Fn(&str) -> String,
    taken: &[&str],
    losses: &mut Losses,
) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for label in &schema.labels {
        for attribute in &label.attributes {
            if !is_held(label, attribute) {
                losses.add("attributes", format!("{}.{}", label.id, attribute.id));
                continue;
            }
            let known = groups.iter_mut().find(|group| group.attribute.id == attribute.id && alike(group.attribute, attribute));
            match known {
                Some(group) if group.owners.iter().any(|owner| owner.id == label.id) => {}
                Some(group) => group.owners.push(label),
                None => groups.push(Group { name: String::new(), attribute, owners: vec![label] }),
            }
        }
    }
    let mut names: BTreeSet<String> = taken.iter().map(|name| (*name).to_owned()).collect();
    for group in &mut groups {
        let plain = write(&group.attribute.id);
        let owner = group.owners.first().map_or("", |owner| owner.id.as_str());
        let name = if names.contains(&plain) { write(&format!("{owner}-{}", group.attribute.id)) } else { plain };
        group.name = free(&name, &names);
        names.insert(group.name.clone());
        if group.name != *group.attribute.id {
            losses.rename(&format!("{owner}.{}", group.attribute.id), &group.name);
        }
    }
    groups
}

/// A name that is not taken: the name itself, else with a number.
pub(super) fn free(name: &str, taken: &BTreeSet<String>) -> String {
    if !taken.contains(name) {
        return name.to_owned();
    }
    let numbered = (2_u32..).map(|number| format!("{name}_{number}"));
    numbered.into_iter().find(|name| !taken.contains(name)).unwrap_or_default()
}

/// Labels as a tree, each after its parent, with how deep it stands; those whose parent is not there, or that are a kind of
/// themselves, stand at the top.
pub(super) fn tree(schema: &Schema) -> Vec<(usize, &Label)> {
    let mut placed: BTreeSet<&str> = BTreeSet::new();
    let mut tree = Vec::new();
    let is_top = |label: &Label| label.parent.as_ref().is_none_or(|parent| schema.label(parent).is_none());
    let tops = schema.labels.iter().filter(|label| is_top(label)).chain(&schema.labels);
    for top in tops {
        let mut stack = vec![(0, top)];
        while let Some((depth, label)) = stack.pop() {
            if !placed.insert(label.id.as_str()) {
                continue;
            }
            tree.push((depth, label));
            let children = schema.labels.iter().rev().filter(|child| child.parent.as_ref() == Some(&label.id));
            stack.extend(children.map(|child| (depth + 1, child)));
        }
    }
    tree
}
