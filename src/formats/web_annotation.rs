//! W3C Web Annotation: a page of annotations with position and quote, by creator; relations are annotations that link two others.
//!
//! Positions count code points, as the standard demands; some programs write UTF-16 units, so that the quote is trusted. The
//! texts stand in the page too, which the standard lets everyone else pass over.

use super::anchor::JOINT;
use super::incoming::{Incoming, IncomingLayer, span};
use super::json_file::{list, name, number, objects};
use super::list::{Code, Read};
use super::loss::{Holds, Kind};
use super::problem::ProblemCode;
use super::record::{RelationRecord, SpanRecord};
use super::sniff::Head;
use super::units::{Ruler, Unit, length};
use super::web_annotation_write::{ANNOTATOR, DOCUMENT, write};
use crate::annotation::Origin;
use crate::json;
use crate::text::Text;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// How it is read and written.
pub(super) const CODE: Code = Code {
    sniff: is_web_annotation,
    read: Some(Read::Each(read)),
    write: Some(write),
    unit: Unit::CodePoints,
    holds: Holds::AllBut(&[Kind::Statuses, Kind::Unlabelled, Kind::Schema]),
    ..Code::PLAIN
};

/// What positions may count, the likeliest first.
const UNITS: Unit = Unit::Guess(&[Unit::CodePoints, Unit::Utf16]);

fn is_web_annotation(head: &Head) -> bool {
    let Some(object) = head.object() else { return false };
    let is = |value: Option<&Value>, word: &str| list(value.cloned()).iter().any(|value| value.as_str().is_some_and(|value| value.contains(word)));
    let is_kind = ["Annotation", "AnnotationPage", "AnnotationCollection"].iter().any(|kind| object.get("type").is_some_and(|found| found == kind));
    is(object.get("@context"), "/ns/anno") || (is_kind && (object.contains_key("target") || object.contains_key("items")))
}

/// A label, or the tie of two.
struct Found {
    line: Option<u32>,
    id: Option<String>,
    creator: Option<String>,
    fields: Map<String, Value>,
}

fn read(_: Option<&str>, bytes: &[u8], incoming: &mut Incoming) {
    let source = incoming.decode(bytes);
    let mut found: Vec<Found> = Vec::new();
    let mut waiting: Vec<(Option<u32>, Map<String, Value>)> = objects(&source, incoming);
    waiting.reverse();
    while let Some((line, mut fields)) = waiting.pop() {
        texts(line, &mut fields, incoming);
        let inner = ["items", "first"].into_iter().filter_map(|key| fields.remove(key)).flat_map(|inner| list(Some(inner)));
        let inner: Vec<Value> = inner.collect();
        if !inner.is_empty() || !fields.contains_key("target") {
            if inner.is_empty() && fields.get("type").is_none_or(|kind| kind != "AnnotationPage" && kind != "AnnotationCollection") {
                incoming.problem(line, ProblemCode::BadField { field: "target".to_owned() });
                incoming.orphan(line, Value::Object(fields));
            }
            for item in inner.into_iter().rev() {
                match item {
                    Value::Object(item) => waiting.push((line, item)),
                    // A page that is elsewhere.
                    other => {
                        incoming.problem(line, ProblemCode::BadField { field: "items".to_owned() });
                        incoming.orphan(line, other);
                    }
                }
            }
            continue;
        }
        let (id, creator) = (name(fields.get("id")), person(fields.get("creator")));
        found.push(Found { line, id, creator, fields });
    }
    labels(found, incoming);
}

/// Texts that this program writes beside the annotations.
fn texts(line: Option<u32>, fields: &mut Map<String, Value>, incoming: &mut Incoming) {
    for text in list(fields.remove("texts")) {
        let Some(value) = text.get("value").and_then(Value::as_str) else {
            incoming.problem(line, ProblemCode::BadField { field: "texts".to_owned() });
            incoming.orphan(line, text);
            continue;
        };
        let id = name(text.get("id")).map_or_else(|| super::text::id_of_text(value), |id| named(&id, DOCUMENT));
        let meta = text.get("meta").and_then(Value::as_object).cloned().unwrap_or_default();
        incoming.text(line, id, text.get("title").and_then(Value::as_str), value.to_owned(), meta);
    }
}

/// What an IRI of this program names; another one is the name.
fn named(iri: &str, prefix: &str) -> String {
    iri.strip_prefix(prefix).and_then(unescaped).unwrap_or_else(|| iri.to_owned())
}

/// Text in which `%` and two digits are a byte; `None` where that makes no text.
fn unescaped(part: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.bytes();
    while let Some(byte) = rest.next() {
        let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
        bytes.push(if byte == b'%' { u8::try_from(digit(rest.next())? * 16 + digit(rest.next())?).ok()? } else { byte });
    }
    String::from_utf8(bytes).ok()
}

/// Who it is: an IRI, or a record of a person, of whom the first counts.
fn person(value: Option<&Value>) -> Option<String> {
    let first = list(value.cloned()).into_iter().next()?;
    let found = match &first {
        Value::Object(person) => ["name", "nickname", "id", "email"].into_iter().find_map(|key| name(person.get(key)))?,
        other => name(Some(other))?,
    };
    Some(named(&found, ANNOTATOR)).filter(|name| !name.is_empty())
}

/// The layers of what was found: labels first, for a link may come before what it links.
fn labels(found: Vec<Found>, incoming: &mut Incoming) {
    let mut layers: BTreeMap<(String, Option<String>), IncomingLayer> = BTreeMap::new();
    let mut where_is: BTreeMap<String, (String, Option<String>, String)> = BTreeMap::new();
    let mut taken: BTreeSet<(String, Option<String>, String)> = BTreeSet::new();
    let (mut links, mut strange): (Vec<Found>, Vec<(Found, &str)>) = (Vec::new(), Vec::new());
    for (number, found) in (1_usize..).zip(found) {
        if is_link(&found.fields) {
            links.push(found);
            continue;
        }
        match label(&found, incoming) {
            Ok((document, mut record)) => {
                let key = (document.clone(), found.creator.clone());
                let layer = layers.entry(key).or_insert_with(|| IncomingLayer {
                    annotator: found.creator.as_deref().map(Into::into),
                    ..IncomingLayer::new(document.clone(), UNITS)
                });
                let whole = found.id.clone().unwrap_or_else(|| format!("w{number}"));
                let short = short_id(&whole);
                // Two that end alike go by their whole names.
                let short = if taken.insert((document.clone(), found.creator.clone(), short.clone())) { short } else { whole };
                record.id = Some(short.as_str().into());
                if let Some(id) = &found.id {
                    where_is.insert(id.clone(), (document, found.creator.clone(), short));
                }
                layer.spans.push((found.line, record));
            }
            Err(field) => strange.push((found, field)),
        }
    }
    for found in links {
        let tie = link(&found, &where_is);
        match tie.and_then(|(key, record)| Some((layers.get_mut(&key)?, record))) {
            Some((layer, record)) => layer.relations.push((found.line, record)),
            None => strange.push((found, "target")),
        }
    }
    layers.into_values().for_each(|layer| incoming.layer(layer));
    for (found, field) in strange {
        incoming.problem(found.line, ProblemCode::BadField { field: field.to_owned() });
        incoming.orphan(found.line, Value::Object(found.fields));
    }
}

/// The last part of an IRI, by which an annotation is called here.
fn short_id(iri: &str) -> String {
    let last = iri.rsplit([':', '/', '#']).next().filter(|last| !last.is_empty()).unwrap_or(iri);
    unescaped(last).unwrap_or_else(|| last.to_owned())
}

fn is_link(fields: &Map<String, Value>) -> bool {
    list(fields.get("motivation").cloned()).iter().any(|motivation| motivation == "linking")
}

/// The names of the annotations that a link joins: two targets, or target and body.
fn link(found: &Found, where_is: &BTreeMap<String, (String, Option<String>, String)>) -> Option<((String, Option<String>), RelationRecord)> {
    let id_of = |value: &Value| value.as_str().map(str::to_owned).or_else(|| name(value.get("id"))).or_else(|| name(value.get("source")));
    let mut bodies = list(found.fields.get("body").cloned());
    let mut ends: Vec<String> = list(found.fields.get("target").cloned()).iter().filter_map(id_of).collect();
    ends.extend(bodies.iter().filter_map(id_of).filter(|id| where_is.contains_key(id)));
    let (from, to) = (where_is.get(ends.first()?)?, where_is.get(ends.get(1)?)?);
    bodies.retain(|body| id_of(body).is_none_or(|id| !where_is.contains_key(&id)));
    let mut said = said(&bodies);
    let id = found.id.as_ref().map(|id| short_id(id).into());
    let (label, from_id, to_id) = (said.tag.take().unwrap_or_else(|| "linking".to_owned()), from.2.as_str().into(), to.2.as_str().into());
    let record = RelationRecord { id, label: label.into(), from: from_id, to: to_id, attributes: said.attributes, note: said.note };
    ((&from.0, &from.1) == (&to.0, &to.1)).then(|| ((from.0.clone(), from.1.clone()), record))
}

/// What bodies say.
#[derive(Default)]
struct Said {
    tag: Option<String>,
    attributes: BTreeMap<String, Value>,
    note: Option<String>,
    unsure: bool,
    origin: Option<Origin>,
}

fn said(bodies: &[Value]) -> Said {
    let mut said = Said::default();
    for body in bodies {
        let value = body.get("value").and_then(Value::as_str);
        let Some(value) = value.or_else(|| body.as_str()) else { continue };
        let label = body.get("label").and_then(Value::as_str);
        let exact = || match body.get("format").and_then(Value::as_str) {
            Some("application/json") => serde_json::from_str::<Value>(value).unwrap_or_else(|_| value.into()),
            _ => value.into(),
        };
        match (body.get("purpose").and_then(Value::as_str), label) {
            (Some("classifying"), Some(label)) => drop(said.attributes.insert(label.to_owned(), exact())),
            (Some("assessing"), Some("unsure")) => said.unsure = exact() == Value::Bool(true),
            (Some("describing"), Some("origin")) => said.origin = json::from_value(exact()).ok(),
            (Some("commenting" | "replying" | "describing"), _) => {
                said.note = Some(said.note.take().map_or_else(|| value.to_owned(), |before| format!("{before}\n{value}")));
            }
            // The first tag is the label; more of them are said of it.
            _ if said.tag.is_none() => said.tag = Some(value.to_owned()),
            _ => match said.attributes.entry("tag".to_owned()).or_insert_with(|| json!([])) {
                Value::Array(tags) => tags.push(value.into()),
                other => *other = json!([other.take(), value]),
            },
        }
    }
    said
}

/// A label and the document it is on.
fn label(found: &Found, incoming: &Incoming) -> Result<(String, SpanRecord), &'static str> {
    let bodies = list(found.fields.get("body").or_else(|| found.fields.get("bodies")).cloned());
    let mut said = said(&bodies);
    let motivation = list(found.fields.get("motivation").cloned()).into_iter().next();
    // An annotation that says nothing marks what it is on.
    let mark = || Some("highlighting".to_owned()).filter(|_| bodies.is_empty());
    let tag = said.tag.take().or_else(|| name(motivation.as_ref())).or_else(mark).ok_or("body")?;
    let targets = list(found.fields.get("target").cloned());
    let source = |target: &Value| name(target.get("source")).or_else(|| name(target.get("source")?.get("id")));
    let document = targets.first().and_then(source).ok_or("source")?;
    if targets.iter().any(|target| source(target).as_ref() != Some(&document)) {
        return Err("target");
    }
    let document = document_of(&document, incoming);
    let text = incoming.text_of(&document);
    let mut pieces: Vec<(u32, u32)> = Vec::new();
    let mut quotes: Vec<String> = Vec::new();
    for target in &targets {
        let (place, quote) = selected(&list(target.get("selector").cloned()), text.as_deref()).ok_or("selector")?;
        pieces.push(place);
        quotes.extend(quote);
    }
    let (first, last) = (pieces.first().ok_or("target")?, pieces.last().ok_or("target")?);
    let mut record = span(tag, first.0, last.1);
    record.text = (quotes.len() == pieces.len()).then(|| quotes.join(JOINT));
    record.pieces = if pieces.len() > 1 { pieces } else { Vec::new() };
    (record.attributes, record.note, record.unsure, record.origin) = (said.attributes, said.note, said.unsure, said.origin);
    Ok((document, record))
}

/// The name of the document with this IRI: what it says, or what the last part of its path says without ending where that is known.
fn document_of(iri: &str, incoming: &Incoming) -> String {
    let own = named(iri, DOCUMENT);
    let last = short_id(iri);
    let stem = super::files::ending(&last).0;
    [own.as_str(), last.as_str(), stem].into_iter().find(|id| incoming.text_of(id).is_some()).unwrap_or(&own).to_owned()
}

/// Place and words of selectors. Where no position is given, or none that has the words, what stands around them says where.
fn selected(selectors: &[Value], text: Option<&Text>) -> Option<((u32, u32), Option<String>)> {
    let mut flat: Vec<&Value> = Vec::new();
    for selector in selectors {
        let mut next = Some(selector);
        while let Some(selector) = next {
            flat.push(selector);
            next = selector.get("refinedBy");
        }
    }
    let of = |kind: &str| flat.iter().find(|selector| selector.get("type").is_some_and(|found| found == kind)).copied();
    let position = of("TextPositionSelector").and_then(|at| Some((number(at.get("start"))?, number(at.get("end"))?)));
    let quote = of("TextQuoteSelector");
    let exact = quote.and_then(|quote| quote.get("exact")).and_then(Value::as_str);
    let (Some(text), Some(quote), Some(exact)) = (text, quote, exact) else { return Some((position?, exact.map(str::to_owned))) };
    let stands = |unit: &Unit| {
        let ruler = Ruler::new(text, *unit);
        let (start, end) = position?;
        (text.slice(ruler.read(start)?..ruler.read(end)?)? == exact).then_some(())
    };
    if UNITS.among().iter().find_map(stands).is_none()
        && let Some(found) = by_context(text.as_str(), quote, exact)
    {
        return Some((found, Some(exact.to_owned())));
    }
    Some((position?, Some(exact.to_owned())))
}

/// The only place, in code points, where the words have these others before and behind them.
fn by_context(text: &str, quote: &Value, exact: &str) -> Option<(u32, u32)> {
    let context = |key: &str| quote.get(key).and_then(Value::as_str).unwrap_or_default();
    let is_there = |at: &usize| {
        let (before, behind) = (text.get(..*at).unwrap_or_default(), text.get(at + exact.len()..).unwrap_or_default());
        before.ends_with(context("prefix")) && behind.starts_with(context("suffix"))
    };
    let mut places = text.match_indices(exact).map(|(at, _)| at).filter(is_there);
    let (first, other) = (places.next().filter(|_| !exact.is_empty())?, places.next());
    let start = length(text.get(..first)?);
    other.is_none().then(|| (start, start.saturating_add(length(exact))))
}
