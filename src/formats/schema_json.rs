//! A schema in its own form: the object that a project's file has, alone and laid out for people.

use super::problem::ProblemCode;
use super::schema_file::Draft;
use crate::schema::{Attribute, AttributeValue, Label, Relation, Schema};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// The highest version of the own format that is read.
const VERSION: u64 = 1;

const SCHEMA: &[&str] = &["labels", "relations", "clitics", "checks", "guidelines", "credit"];
const LABEL: &[&str] = &["id", "names", "description", "key", "style", "colour", "attributes", "parent", "retired", "overlap", "long", "guidelines"];
const RELATION: &[&str] = &["id", "names", "description", "from", "to", "attributes", "most", "required", "retired"];
const ATTRIBUTE: &[&str] = &["id", "names", "kind", "values", "default", "required"];
const VALUE: &[&str] = &["id", "names"];

pub(super) fn write(schema: &Schema) -> String {
    // Plain data: nothing in it that JSON cannot write.
    let mut text = serde_json::to_string_pretty(schema).unwrap_or_default();
    text.push('\n');
    text
}

/// Reads the object, or the first line of a project's file that has one.
pub(super) fn read(text: &str, draft: &mut Draft) {
    let whole: Result<Map<String, Value>, _> = serde_json::from_str(text);
    let (line, mut object) = match whole {
        Ok(object) => (None, object),
        Err(error) => {
            let lines = (1..).zip(text.lines());
            let found = lines.filter_map(|(number, line)| Some((number, serde_json::from_str::<Map<String, Value>>(line).ok()?)));
            match found.into_iter().find(|(_, object)| object.contains_key("schema")) {
                Some((number, object)) => (Some(number), object),
                None => return draft.tell(None, ProblemCode::BadJson { detail: error.to_string() }),
            }
        }
    };
    if let Some(version) = object.get("wusum").and_then(Value::as_u64).filter(|version| *version > VERSION) {
        return draft.tell(line, ProblemCode::TooNew { version });
    }
    if let Some(inner) = object.remove("schema") {
        match inner {
            Value::Object(inner) => object = inner,
            _ => return draft.tell(line, ProblemCode::BadField { field: "schema".to_owned() }),
        }
    }
    Reading { draft, line }.schema(object);
}

struct Reading<'a> {
    draft: &'a mut Draft,
    line: Option<u32>,
}

impl Reading<'_> {
    fn schema(&mut self, mut object: Map<String, Value>) {
        self.strange(&object, SCHEMA, "*");
        if !object.contains_key("labels") {
            self.bad("labels");
        }
        for label in self.list(&mut object, "labels", "*") {
            if let Some(label) = self.part::<Label>(label, "labels", LABEL, "") {
                self.draft.schema.labels.push(label);
            }
        }
        for relation in self.list(&mut object, "relations", "*") {
            if let Some(relation) = self.part::<Relation>(relation, "relations", RELATION, "") {
                self.draft.schema.relations.push(relation);
            }
        }
        if let Some(clitics) = self.field(&mut object, "clitics") {
            self.draft.schema.clitics = clitics;
        }
        if let Some(checks) = self.field(&mut object, "checks") {
            self.draft.schema.checks = checks;
        }
        self.draft.schema.guidelines = self.field(&mut object, "guidelines");
        self.draft.schema.credit = self.field(&mut object, "credit");
    }

    /// A label or relation; an attribute or value of it that cannot be read is left out, and the rest is taken.
    fn part<T: DeserializeOwned>(&mut self, value: Value, field: &str, known: &[&str], owner: &str) -> Option<T> {
        crate::json::from_value(self.clean::<T>(value, field, known, owner)?).ok()
    }

    /// The same before it is read, known to be readable.
    fn clean<T: DeserializeOwned>(&mut self, value: Value, field: &str, known: &[&str], owner: &str) -> Option<Value> {
        let Value::Object(mut object) = value else {
            self.bad(field);
            return None;
        };
        let id = object.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        let name = if owner.is_empty() { id } else { format!("{owner}.{id}") };
        self.strange(&object, known, &name);
        let inner = match field {
            "labels" | "relations" => Some("attributes"),
            "attributes" => Some("values"),
            _ => None,
        };
        if let Some(inner) = inner.filter(|inner| object.contains_key(*inner)) {
            let items = self.list(&mut object, inner, &name).into_iter();
            let good: Vec<Value> = match inner {
                "attributes" => items.filter_map(|item| self.clean::<Attribute>(item, inner, ATTRIBUTE, &name)).collect(),
                _ => items.filter_map(|item| self.clean::<AttributeValue>(item, inner, VALUE, &name)).collect(),
            };
            object.insert(inner.to_owned(), good.into());
        }
        let value = Value::Object(object);
        match crate::json::from_value::<T>(value.clone()) {
            Ok(_) => Some(value),
            Err(error) => {
                self.bad(&format!("{field} {name}: {error}"));
                None
            }
        }
    }

    fn list(&mut self, object: &mut Map<String, Value>, field: &str, owner: &str) -> Vec<Value> {
        match object.remove(field) {
            None => Vec::new(),
            Some(Value::Array(items)) => items,
            Some(_) => {
                self.bad(&format!("{owner}.{field}"));
                Vec::new()
            }
        }
    }

    fn field<T: DeserializeOwned>(&mut self, object: &mut Map<String, Value>, field: &str) -> Option<T> {
        let value = object.remove(field)?;
        let read = crate::json::from_value(value).ok();
        if read.is_none() {
            self.bad(field);
        }
        read
    }

    fn strange(&mut self, object: &Map<String, Value>, known: &[&str], name: &str) {
        let envelope = ["wusum", "kind", "name", "offsets"];
        let is_known = |field: &str| known.contains(&field) || (name == "*" && envelope.contains(&field));
        for field in object.keys().filter(|field| !is_known(field)) {
            self.draft.pass_over(self.line, field, name);
        }
    }

    fn bad(&mut self, field: &str) {
        self.draft.tell(self.line, ProblemCode::BadField { field: field.to_owned() });
    }
}
