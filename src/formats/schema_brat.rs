//! brat's `annotation.conf`: entities with kinds of them by indentation, relations, events, attributes.
//!
//! brat has names, colours and keys in files of their own (`visual.conf`, `kb_shortcuts.conf`); this is what may be
//! annotated. An event becomes a label, and each of its roles a relation that starts at it.

use super::problem::{Problem, ProblemCode};
use super::schema_file::{Draft, new_attribute, new_label, new_relation};
use super::schema_group::{free, groups, tree};
use super::schema_loss::Losses;
use crate::id::LabelId;
use crate::schema::{Attribute, AttributeKind, Relation, Schema};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// What it has a place for.
const HELD: &[&str] = &["parent", "retired", "attributes", "relations", "relations.from", "relations.to", "relations.retired"];

pub(super) fn write(schema: &Schema) -> (String, Vec<Problem>) {
    let mut losses = Losses::of(schema, HELD);
    let mut text = String::from("[entities]\n");
    let mut taken = BTreeSet::new();
    let mut names: BTreeMap<&LabelId, String> = BTreeMap::new();
    // Writing to a string does not fail.
    for (depth, label) in tree(schema) {
        let name = free(&stored(label.id.as_str()), &taken);
        losses.rename(label.id.as_str(), &name);
        taken.insert(name.clone());
        let _ = writeln!(text, "{}{}{name}", "\t".repeat(depth), if label.retired { "!" } else { "" });
        names.insert(&label.id, name);
    }
    let list = |labels: &[LabelId]| {
        let known: Vec<&str> = labels.iter().filter_map(|label| names.get(label)).map(String::as_str).collect();
        if known.is_empty() { "<ENTITY>".to_owned() } else { known.join("|") }
    };
    text += "\n[relations]\n";
    let mut taken = BTreeSet::new();
    for relation in &schema.relations {
        // Written with none of the labels that it names, it would join any.
        let is_empty = |end: &[LabelId]| !end.is_empty() && !end.iter().any(|label| names.contains_key(label));
        if is_empty(&relation.from) || is_empty(&relation.to) {
            losses.add("relations", relation.id.as_str());
            continue;
        }
        let name = free(&stored(relation.id.as_str()), &taken);
        losses.rename(relation.id.as_str(), &name);
        taken.insert(name.clone());
        let heading = if relation.retired { "!" } else { "" };
        let _ = writeln!(text, "{heading}{name}\tArg1:{}, Arg2:{}", list(&relation.from), list(&relation.to));
    }
    text += "\n[events]\n\n[attributes]\n";
    let ids = |attribute: &Attribute| attribute.values.iter().map(|value| value.id.clone()).collect::<Vec<_>>();
    let alike = |a: &Attribute, b: &Attribute| a.kind == b.kind && ids(a) == ids(b);
    // Yes or no, or one of several; there is nothing else.
    let is_held = |attribute: &Attribute| match attribute.kind {
        AttributeKind::YesNo => true,
        AttributeKind::OneOf => !attribute.values.is_empty(),
        _ => false,
    };
    // In the order of the tree, in which they are read again.
    let ordered = Schema { labels: tree(schema).into_iter().map(|(_, label)| label.clone()).collect(), ..schema.clone() };
    for group in groups(&ordered, alike, |_, attribute| is_held(attribute), stored, &[], &mut losses) {
        let owners: Vec<&str> = group.owners.iter().filter_map(|owner| names.get(&owner.id)).map(String::as_str).collect();
        let _ = write!(text, "{}\tArg:{}", group.name, owners.join("|"));
        let mut taken = BTreeSet::new();
        for (index, value) in group.attribute.values.iter().enumerate().filter(|_| group.attribute.kind == AttributeKind::OneOf) {
            let name = free(&stored_value(&value.id), &taken);
            losses.rename(&value.id, &name);
            text.push_str(if index == 0 { ", Value:" } else { "|" });
            text.push_str(&name);
            taken.insert(name);
        }
        text.push('\n');
    }
    (text, losses.problems())
}

/// A name as brat keeps it: Latin letters, digits, `_` and `-`.
fn stored(name: &str) -> String {
    let kept: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '_' }).collect();
    // A line of hyphens alone is a separator.
    if kept.contains(|c: char| c.is_ascii_alphanumeric()) { kept } else { "Type".to_owned() }
}

/// A value of an attribute: any letters, but none of the signs that part values.
fn stored_value(name: &str) -> String {
    let is_sign = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '|' | ',' | ':' | '<' | '>');
    let kept: String = name.chars().map(|c| if is_sign(c) { '_' } else { c }).collect();
    if kept.is_empty() { "_".to_owned() } else { kept }
}

/// A line of a section, taken apart.
struct Entry<'a> {
    line: u32,
    depth: usize,
    name: &'a str,
    /// Written with `!`: a heading, not to be annotated.
    is_heading: bool,
    /// Role or key, and its types or values.
    arguments: Vec<(&'a str, Vec<&'a str>)>,
}

pub(super) fn read(text: &str, draft: &mut Draft) {
    let mut section = String::new();
    let mut macros: BTreeMap<String, String> = BTreeMap::new();
    let mut lines: Vec<(u32, String, String)> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let bare = line.trim();
        if bare.is_empty() || bare.starts_with('#') || bare.chars().all(|c| c == '-') {
            continue;
        }
        if let Some(name) = bare.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name.trim().to_owned();
            macros.clear();
            if !["entities", "spans", "relations", "events", "attributes"].contains(&section.as_str()) {
                draft.pass_over(Some(number), bare, "*");
            }
            continue;
        }
        // `<NAME>=…` stands for what follows it, further down in its section.
        let defined = line.strip_prefix('<').and_then(|rest| rest.split_once(">=")).filter(|(name, _)| name.chars().all(is_macro_letter));
        if let Some((name, value)) = defined {
            macros.insert(format!("<{name}>"), value.trim().to_owned());
            continue;
        }
        let expanded = macros.iter().fold(line.trim_end().to_owned(), |line, (name, value)| line.replace(name, value));
        lines.push((number, section.clone(), expanded));
    }
    let mut reading = Reading { draft, entities: Vec::new(), events: Vec::new() };
    let of = |wanted: &'static [&'static str]| lines.iter().filter(move |(_, section, _)| wanted.contains(&section.as_str()));
    // Labels come first, for relations and attributes name them wherever they stand.
    reading.types(of(&["entities", "spans"]), false);
    let roles = reading.types(of(&["events"]), true);
    for (number, _, line) in of(&["relations"]) {
        if let Some(entry) = reading.entry(*number, line) {
            reading.relation(&entry);
        }
    }
    reading.roles(roles);
    for (number, _, line) in of(&["attributes"]) {
        if let Some(entry) = reading.entry(*number, line) {
            reading.attribute(&entry);
        }
    }
}

fn is_macro_letter(letter: char) -> bool {
    letter.is_ascii_alphabetic() || letter == '_' || letter == '-'
}

struct Reading<'d> {
    draft: &'d mut Draft,
    entities: Vec<LabelId>,
    events: Vec<LabelId>,
}

/// A role of an event.
struct Role {
    line: u32,
    event: LabelId,
    name: String,
    types: Vec<String>,
    is_required: bool,
    is_single: bool,
}

impl Reading<'_> {
    fn entry<'a>(&mut self, line: u32, source: &'a str) -> Option<Entry<'a>> {
        let bare = source.trim_start();
        let depth = source.chars().count() - bare.chars().count();
        let (terms, rest) = bare.split_once(char::is_whitespace).unwrap_or((bare, ""));
        let (first, others) = terms.split_once('|').unwrap_or((terms, ""));
        let name = first.trim_start_matches('!');
        if name.is_empty() {
            self.draft.pass_over(Some(line), source.trim(), "*");
            return None;
        }
        if !others.is_empty() {
            self.draft.pass_over(Some(line), others, name);
        }
        let mut arguments = Vec::new();
        for argument in rest.split(',').map(str::trim).filter(|argument| !argument.is_empty()) {
            match argument.split_once(':') {
                Some((key, types)) => arguments.push((key.trim(), types.split('|').map(str::trim).filter(|kind| !kind.is_empty()).collect())),
                None => self.draft.pass_over(Some(line), argument, name),
            }
        }
        Some(Entry { line, depth, name, is_heading: first.starts_with('!'), arguments })
    }

    /// Labels of a section, and the roles of events.
    fn types<'l>(&mut self, lines: impl Iterator<Item = &'l (u32, String, String)>, are_events: bool) -> Vec<Role> {
        // The last label at each depth.
        let mut above: Vec<(usize, LabelId)> = Vec::new();
        let mut roles = Vec::new();
        for (number, _, line) in lines {
            let Some(entry) = self.entry(*number, line) else { continue };
            let mut label = new_label(entry.name);
            label.retired = entry.is_heading;
            above.retain(|(depth, _)| *depth < entry.depth);
            label.parent = above.last().map(|(_, parent)| parent.clone());
            above.push((entry.depth, label.id.clone()));
            if are_events {
                self.events.push(label.id.clone());
            } else {
                self.entities.push(label.id.clone());
            }
            for (key, types) in &entry.arguments {
                let is_role = are_events && !key.starts_with('<');
                if !is_role {
                    self.draft.pass_over(entry.line, format!("{key}:{}", types.join("|")), entry.name);
                    continue;
                }
                let (name, is_required, is_single) = role(key);
                let types = types.iter().map(|kind| (*kind).to_owned()).collect();
                roles.push(Role { line: entry.line, event: label.id.clone(), name: name.to_owned(), types, is_required, is_single });
            }
            self.draft.schema.labels.push(label);
        }
        roles
    }

    /// The labels that a list of types stands for; `None` for any.
    fn labels(&self, types: &[&str]) -> Option<Vec<LabelId>> {
        let mut labels: Vec<LabelId> = Vec::new();
        for kind in types {
            match *kind {
                "<ANY>" => return None,
                "<ENTITY>" if self.events.is_empty() => return None,
                "<ENTITY>" => labels.extend(self.entities.iter().cloned()),
                "<EVENT>" => labels.extend(self.events.iter().cloned()),
                name => labels.push(name.into()),
            }
        }
        let mut seen = BTreeSet::new();
        labels.retain(|label| seen.insert(label.clone()));
        Some(labels)
    }

    fn relation(&mut self, entry: &Entry) {
        let ends: Vec<&(&str, Vec<&str>)> = entry.arguments.iter().filter(|(key, _)| !key.starts_with('<')).collect();
        for (key, types) in entry.arguments.iter().filter(|(key, _)| key.starts_with('<')) {
            self.draft.pass_over(entry.line, format!("{key}:{}", types.join("|")), entry.name);
        }
        // Rules on what may nest or overlap are written as relations, and are none.
        let is_rule = entry.name == "ENTITY-NESTING" || entry.name.starts_with('<');
        let [(_, from), (_, to)] = ends[..] else { return self.draft.pass_over(entry.line, "[relations]", entry.name) };
        if is_rule {
            return self.draft.pass_over(entry.line, "[relations]", entry.name);
        }
        if entry.depth > 0 {
            self.draft.pass_over(entry.line, "\\t", entry.name);
        }
        let (from, to) = (self.labels(from), self.labels(to));
        let relation = Relation { retired: entry.is_heading, ..new_relation(entry.name) };
        self.add(relation, from, to, entry.line);
    }

    /// Ends as [`Self::labels`] gives them. A second relation of the same name widens the first.
    fn add(&mut self, relation: Relation, from: Option<Vec<LabelId>>, to: Option<Vec<LabelId>>, line: u32) {
        // Types of which there are none here, as events where there is no event.
        if [&from, &to].into_iter().any(|end| end.as_ref().is_some_and(Vec::is_empty)) {
            return self.draft.pass_over(line, "[relations]", relation.id.as_str());
        }
        let (from, to) = (from.unwrap_or_default(), to.unwrap_or_default());
        let Some(known) = self.draft.schema.relations.iter_mut().find(|known| known.id == relation.id) else {
            return self.draft.schema.relations.push(Relation { from, to, ..relation });
        };
        if known.from == from && known.to == to {
            return;
        }
        for (list, more) in [(&mut known.from, from), (&mut known.to, to)] {
            if list.is_empty() || more.is_empty() {
                list.clear();
                continue;
            }
            for label in more {
                if !list.contains(&label) {
                    list.push(label);
                }
            }
        }
        self.draft.tell(Some(line), ProblemCode::SchemaLoosened { name: relation.id.to_string() });
    }

    /// What all events say of a role is taken; what only some say is not asked for.
    fn roles(&mut self, roles: Vec<Role>) {
        let mut rules: BTreeMap<String, (bool, bool, u32)> = BTreeMap::new();
        for role in roles {
            let types: Vec<&str> = role.types.iter().map(String::as_str).collect();
            self.add(new_relation(&role.name), Some(vec![role.event]), self.labels(&types), role.line);
            let rule = rules.entry(role.name.clone()).or_insert((role.is_required, role.is_single, role.line));
            if (rule.0, rule.1) != (role.is_required, role.is_single) {
                self.draft.tell(Some(role.line), ProblemCode::SchemaLoosened { name: role.name });
            }
            *rule = (rule.0 && role.is_required, rule.1 && role.is_single, rule.2);
        }
        for relation in &mut self.draft.schema.relations {
            if let Some((is_required, is_single, _)) = rules.get(relation.id.as_str()) {
                relation.required = *is_required;
                relation.most = is_single.then_some(1);
            }
        }
    }

    fn attribute(&mut self, entry: &Entry) {
        let of = |wanted: &str| entry.arguments.iter().find(|(key, _)| *key == wanted).map(|(_, values)| values);
        for (key, values) in entry.arguments.iter().filter(|(key, _)| !["Arg", "Value"].contains(key)) {
            self.draft.pass_over(entry.line, format!("{key}:{}", values.join("|")), entry.name);
        }
        let Some(owners) = of("Arg") else { return self.draft.pass_over(entry.line, "[attributes]", entry.name) };
        let attribute = match of("Value") {
            Some(values) => new_attribute(entry.name, AttributeKind::OneOf, values),
            None => new_attribute(entry.name, AttributeKind::YesNo, &[]),
        };
        // A label and a relation may have one name; the label is meant.
        let is_relation = |name: &str, schema: &Schema| {
            let is_kind = schema.relations.iter().any(|relation| relation.id.as_str() == name);
            name == "<RELATION>" || (is_kind && schema.label(&name.into()).is_none())
        };
        let (relations, labels): (Vec<&str>, Vec<&str>) = owners.iter().partition(|name| is_relation(name, &self.draft.schema));
        for relation in &mut self.draft.schema.relations {
            if relations.iter().any(|name| *name == "<RELATION>" || *name == relation.id.as_str()) {
                relation.attributes.push(attribute.clone());
            }
        }
        if labels.is_empty() {
            return;
        }
        let owners = self.labels(&labels);
        let is_owner = |label: &LabelId| owners.as_ref().is_none_or(|owners| owners.contains(label));
        for label in self.draft.schema.labels.iter_mut().filter(|label| is_owner(&label.id)) {
            label.attributes.push(attribute.clone());
        }
        if owners.as_ref().is_some_and(Vec::is_empty) {
            self.draft.pass_over(entry.line, "[attributes]", entry.name);
        }
        let unknown = owners.iter().flatten().filter(|owner| self.draft.schema.label(owner).is_none());
        let unknown: Vec<String> = unknown.map(ToString::to_string).collect();
        for label in unknown {
            self.draft.tell(Some(entry.line), ProblemCode::SchemaUnknownLabel { name: entry.name.to_owned(), label });
        }
    }
}

/// A role without its sign, whether one must be there, and whether only one may: `?` none or one, `*` any, `+` one or more,
/// `{2}` and `{2-5}` that many.
fn role(key: &str) -> (&str, bool, bool) {
    if let Some((name, count)) = key.split_once('{') {
        return (name, !count.starts_with('0'), false);
    }
    match key.chars().last() {
        Some('?') => (key.trim_end_matches('?'), false, true),
        Some('*') => (key.trim_end_matches('*'), false, false),
        Some('+') => (key.trim_end_matches('+'), true, false),
        _ => (key, true, true),
    }
}
