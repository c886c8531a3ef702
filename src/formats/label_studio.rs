//! Tasks of Label Studio: a text, and of each annotator regions, answers about them, and relations.
//!
//! Positions count code points since October 2021 and UTF-16 units before; the words of a region say which.

use super::incoming::{Incoming, IncomingLayer, UNNAMED, span};
use super::json_file::{list, name, number, objects};
use super::label_studio_write::{MORE, write};
use super::list::{Code, Read};
use super::loss::{Holds, Kind};
use super::problem::ProblemCode;
use super::record::{RelationRecord, SpanRecord};
use super::sniff::Head;
use super::units::{Ruler, Unit};
use crate::annotation::Origin;
use crate::json;
use crate::layer::Status;
use crate::text::Text;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// How it is read and written.
pub(super) const CODE: Code = Code {
    sniff: is_label_studio,
    read: Some(Read::Each(read)),
    write: Some(write),
    unit: Unit::CodePoints,
    holds: Holds::AllBut(&[Kind::Pieces, Kind::RelationAttributes, Kind::RelationNotes, Kind::Statuses, Kind::Schema]),
    ..Code::PLAIN
};

/// What positions may count, the likeliest first.
const UNITS: Unit = Unit::Guess(&[Unit::CodePoints, Unit::Utf16]);

/// What this program writes into a task's data besides the text.
const OWN: [&str; 4] = ["document", "title", "offset_unit", "text_sha256"];

/// What the short export writes of a task besides its data and its regions.
const ABOUT: [&str; 8] = ["id", "annotator", "annotation_id", "created_at", "updated_at", "lead_time", "inner_id", "project"];

/// Who made labels that a model made of which nothing else is said.
const MODEL: &str = "prediction";

fn is_label_studio(head: &Head) -> bool {
    let Some(object) = head.object() else { return false };
    let is_task = object.get("data").and_then(Value::as_object).is_some_and(|data| data.values().any(Value::is_string));
    !object.contains_key("kind") && (is_task || (text_key(object).is_some() && object.values().any(is_short)))
}

/// Whether it is a list of regions as the short export (JSON_MIN) has it.
fn is_short(value: &Value) -> bool {
    let is_region = |item: &Value| item.get("start").is_some() && labels_of(item, None).is_some();
    value.as_array().is_some_and(|items| !items.is_empty() && items.iter().all(is_region))
}

/// The key of the text: `text`, else that of the longest string.
fn text_key(data: &Map<String, Value>) -> Option<String> {
    let string = |(key, value): (&String, &Value)| Some((value.as_str()?.len(), key.clone()));
    if data.get("text").is_some_and(Value::is_string) {
        return Some("text".to_owned());
    }
    data.iter().filter_map(string).filter(|(_, key)| !ABOUT.contains(&key.as_str())).max().map(|(_, key)| key)
}

/// The labels of a region's value: under the name of its kind, as `labels`, `hypertextlabels` or `paragraphlabels`.
fn labels_of(value: &Value, kind: Option<&str>) -> Option<Vec<String>> {
    let labels = kind.and_then(|kind| value.get(kind)).or_else(|| value.get("labels")).or_else(|| value.get("hypertextlabels"))?;
    labels.as_array()?.iter().map(|label| name(Some(label))).collect()
}

fn read(_: Option<&str>, bytes: &[u8], incoming: &mut Incoming) {
    let source = incoming.decode(bytes);
    for (line, fields) in objects(&source, incoming) {
        task(line, fields, incoming);
    }
}

fn task(line: Option<u32>, mut fields: Map<String, Value>, incoming: &mut Incoming) {
    let (is_short_export, mut data) = match fields.remove("data") {
        Some(Value::Object(data)) => (false, data),
        _ => (true, fields.clone()),
    };
    let text = text_key(&data).and_then(|key| data.remove(&key));
    let Some(Value::String(text)) = text else {
        incoming.problem(line, ProblemCode::BadField { field: "text".to_owned() });
        fields.insert("data".to_owned(), Value::Object(data));
        return incoming.orphan(line, Value::Object(fields));
    };
    let named = |key: &str| name(data.get(key)).filter(|name| !name.is_empty());
    // What others call `document` may be anything.
    let own: &[&str] = if data.contains_key("text_sha256") { &OWN } else { &["title"] };
    let id = own
        .contains(&"document")
        .then(|| named("document"))
        .flatten()
        .or_else(|| name(fields.get("id")))
        .unwrap_or_else(|| super::text::id_of_text(&text));
    let title = named("title");
    let judge = Text::new(text.clone());
    let mut tasks = Task { line, text: &judge, id: id.clone(), layers: Vec::new(), unnamed: 0, strange: Vec::new() };
    if is_short_export {
        let results: Vec<String> = data.iter().filter(|(_, value)| is_short(value)).map(|(key, _)| key.clone()).collect();
        let regions =
            |key: String| list(data.remove(&key)).into_iter().map(move |value| json!({ "from_name": key, "type": "labels", "value": value }));
        let results: Vec<Value> = results.into_iter().flat_map(regions).collect();
        if !results.is_empty() {
            tasks.layer(name(fields.get("annotator")), Status::default(), None, results);
        }
        data.retain(|key, _| !ABOUT.contains(&key.as_str()));
    } else {
        tasks.annotations(&mut fields);
    }
    data.retain(|key, _| !own.contains(&key.as_str()));
    // What is said of the task goes with what is said of its text.
    if let Some(Value::Object(meta)) = fields.remove("meta").filter(|_| !is_short_export) {
        for (key, value) in meta {
            let key = if data.contains_key(&key) { format!("meta.{key}") } else { key };
            data.insert(key, value);
        }
    }
    let Task { layers, strange, .. } = tasks;
    incoming.text(line, id.clone(), title.as_deref(), text, data);
    layers.into_iter().for_each(|layer| incoming.layer(layer));
    for (what, raw) in strange {
        incoming.problem(line, ProblemCode::BadField { field: what });
        incoming.orphan(line, json!({ "document": id, "result": [raw] }));
    }
}

/// What is read of a task.
struct Task<'a> {
    line: Option<u32>,
    text: &'a Text,
    id: String,
    layers: Vec<IncomingLayer>,
    /// How many of its annotations say of nobody that they are theirs.
    unnamed: usize,
    /// What was not understood, with its field.
    strange: Vec<(String, Value)>,
}

impl Task<'_> {
    fn annotations(&mut self, fields: &mut Map<String, Value>) {
        for annotation in ["annotations", "completions"].into_iter().flat_map(|key| list(fields.remove(key))).collect::<Vec<_>>() {
            let is_skipped = annotation.get("was_cancelled") == Some(&Value::Bool(true));
            let status = if is_skipped { Status::Flagged } else { Status::default() };
            self.results(annotation, "completed_by", status, false);
        }
        for draft in list(fields.remove("drafts")) {
            self.results(draft, "user", Status::InProgress, false);
        }
        for prediction in list(fields.remove("predictions")) {
            self.results(prediction, "model_version", Status::default(), true);
        }
    }

    fn results(&mut self, mut annotation: Value, whose: &str, status: Status, is_model: bool) {
        let Some(Value::Array(results)) = annotation.get_mut("result").map(Value::take) else {
            // Tasks name their predictions and drafts by number alone where they are not written out.
            if !annotation.is_number() {
                self.strange.push(("result".to_owned(), annotation));
            }
            return;
        };
        let who = person(annotation.get(whose)).or_else(|| is_model.then(|| MODEL.to_owned()));
        let origin = who.clone().filter(|_| is_model).map(Origin::Suggestion);
        self.layer(who, status, origin, results);
    }

    fn layer(&mut self, who: Option<String>, status: Status, origin: Option<Origin>, results: Vec<Value>) {
        let who = who.or_else(|| {
            self.unnamed += 1;
            // The first is whose the whole import is.
            (self.unnamed > 1).then(|| format!("{UNNAMED}-{}", self.unnamed))
        });
        let mut layer = IncomingLayer { line: self.line, annotator: who.map(Into::into), status, ..IncomingLayer::new(self.id.clone(), UNITS) };
        let mut regions: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut rest = Vec::new();
        for result in results {
            let kind = result.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
            if kind == "relation" {
                match relations(&result) {
                    Some(relations) => layer.relations.extend(relations.into_iter().map(|relation| (self.line, relation))),
                    None => self.strange.push((kind, result)),
                }
                continue;
            }
            let Some(spans) = self.region(&result, &kind, origin.as_ref()) else {
                rest.push((kind, result));
                continue;
            };
            for mut span in spans {
                // A region may have several labels; answers about it are about each.
                if let Some(id) = span.id.take() {
                    let same = regions.entry(id.to_string()).or_default();
                    same.push(layer.spans.len());
                    span.id = Some(if same.len() == 1 { id } else { format!("{id}#{}", same.len()).into() });
                }
                layer.spans.push((self.line, span));
            }
        }
        for (kind, result) in rest {
            let about = name(result.get("id")).and_then(|id| regions.get(&id));
            let (Some(about), Some((key, answer))) = (about, answer(&result, &kind)) else {
                self.strange.push((kind, result));
                continue;
            };
            for at in about {
                if let Some((_, span)) = layer.spans.get_mut(*at) {
                    // What this program wrote beside is exact.
                    span.attributes.entry(key.clone()).or_insert_with(|| answer.clone());
                }
            }
        }
        self.layers.push(layer);
    }

    /// The labels of a region, one for each of its names; `None` where it is no region with labels.
    fn region(&self, result: &Value, kind: &str, origin: Option<&Origin>) -> Option<Vec<SpanRecord>> {
        let value = result.get("value")?;
        let labels = labels_of(value, kind.ends_with("labels").then_some(kind)).filter(|labels| !labels.is_empty())?;
        // In pages of HTML the positions in their text are beside those in their mark-up.
        let place = value.get("globalOffsets").filter(|place| place.is_object()).unwrap_or(value);
        // To older pages a plain text is one node, and the positions in it stand beside the path to it.
        let is_node = ["start", "end"].into_iter().all(|key| place.get(key).is_some_and(|path| path == "/text()[1]"));
        let [first, last] = if is_node { ["startOffset", "endOffset"] } else { ["start", "end"] };
        let (start, end) = (number(place.get(first))?, number(place.get(last))?);
        let mut record = span(labels.first()?.as_str(), start, end);
        record.id = name(result.get("id")).map(Into::into);
        record.text = value.get("text").and_then(Value::as_str).map(|quote| self.quote(quote, start, end));
        record.origin = origin.cloned();
        if let Some(meta) = result.get("meta") {
            let notes = list(meta.get("text").cloned());
            let notes: Vec<&str> = notes.iter().filter_map(Value::as_str).collect();
            record.note = Some(notes.join("\n")).filter(|note| !note.is_empty());
            let more = meta.get(MORE);
            let more = |key: &str| more.and_then(|more| more.get(key)).cloned();
            record.unsure = more("unsure") == Some(Value::Bool(true));
            record.origin = more("origin").and_then(|origin| json::from_value(origin).ok()).or(record.origin);
            if let Some(Value::Object(attributes)) = more("attributes") {
                record.attributes.extend(attributes);
            }
        }
        Some(labels.into_iter().map(|label| SpanRecord { label: label.into(), ..record.clone() }).collect())
    }

    /// The words of a region. Label Studio writes line ends in them as a backslash and an n; where that makes the difference,
    /// they are the text's own.
    fn quote(&self, quote: &str, start: u32, end: u32) -> String {
        let at = |unit: &Unit| {
            let ruler = Ruler::new(self.text, *unit);
            let words = self.text.slice(ruler.read(start)?..ruler.read(end)?)?;
            (words.replace(['\n', '\r'], "\\n") == quote).then(|| words.to_owned())
        };
        if !quote.contains("\\n") {
            return quote.to_owned();
        }
        UNITS.among().iter().find_map(at).unwrap_or_else(|| quote.to_owned())
    }
}

/// Who it is: a number, a name, or a record of a person.
fn person(value: Option<&Value>) -> Option<String> {
    let found = match value? {
        Value::Object(person) => {
            let known = ["email", "username", "first_name", "id"].into_iter().find_map(|key| name(person.get(key)).filter(|name| !name.is_empty()));
            known?
        }
        other => name(Some(other))?,
    };
    Some(found).filter(|name| !name.is_empty())
}

fn relations(result: &Value) -> Option<Vec<RelationRecord>> {
    let (from, to) = (name(result.get("from_id"))?, name(result.get("to_id"))?);
    let ways = match result.get("direction").and_then(Value::as_str) {
        Some("left") => vec![(to, from)],
        Some("bi") => vec![(from.clone(), to.clone()), (to, from)],
        _ => vec![(from, to)],
    };
    let mut labels: Vec<String> = list(result.get("labels").cloned()).iter().filter_map(|label| name(Some(label))).collect();
    if labels.is_empty() {
        labels.push("relation".to_owned());
    }
    let record = |label: &String, (from, to): &(String, String)| RelationRecord {
        id: None,
        label: label.as_str().into(),
        from: from.as_str().into(),
        to: to.as_str().into(),
        attributes: BTreeMap::new(),
        note: None,
    };
    Some(labels.iter().flat_map(|label| ways.iter().map(move |way| record(label, way))).collect())
}

/// An answer about a region: the name of what is asked, and what is said.
fn answer(result: &Value, kind: &str) -> Option<(String, Value)> {
    let key = name(result.get("from_name"))?;
    let field = if kind == "textarea" { "text" } else { kind };
    let mut said = result.get("value")?.get(field).filter(|said| !said.is_null())?.clone();
    if let Value::Array(values) = &mut said
        && values.len() == 1
    {
        said = values.remove(0);
    }
    Some((key, said))
}
