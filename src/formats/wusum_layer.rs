//! One layer's records to a layer: each label where its words are, or refused.

use super::Refused;
use super::anchor::JOINT;
use super::evidence::Converter;
use super::problem::ProblemCode;
use super::record::{RelationRecord, SpanRecord};
use super::units::Unit;
use crate::annotation::{Annotation, Origin, Relation, Remark};
use crate::id::{AnnotationId, RelationId, RemarkId};
use crate::layer::{Layer, Status};
use crate::project::LayerKey;
use crate::schema::Schema;
use crate::text::Text;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A layer as a line has it.
#[derive(Clone, Debug)]
pub(super) struct LayerLine {
    pub key: LayerKey,
    pub status: Status,
    pub revision: Option<u64>,
    /// When it was last changed, in milliseconds since 1970.
    pub when: Option<u64>,
    pub spans: Vec<Stated<SpanRecord>>,
    pub relations: Vec<Stated<RelationRecord>>,
    pub remarks: Vec<Value>,
    /// The format promises a quote with each label.
    pub promised: bool,
    /// Which line each of the spans is on, where they have lines of their own.
    pub span_lines: Vec<Option<u32>>,
    /// Which line each of the relations is on.
    pub relation_lines: Vec<Option<u32>>,
    /// What positions count.
    pub unit: Unit,
    /// What joins the quotes of pieces.
    pub joint: &'static str,
    /// The line of the own format without what was taken out of it: labels, relations and remarks.
    pub rest: Option<Map<String, Value>>,
}

/// A record as a file has it: JSON that is not yet understood, or what another format's reader understood.
#[derive(Clone, Debug)]
pub(super) enum Stated<T> {
    Raw(Value),
    Read(T),
}

impl<T: Serialize> Stated<T> {
    /// As the own format writes it.
    fn raw(&self) -> Value {
        match self {
            Self::Raw(raw) => raw.clone(),
            // Plain data becomes a value.
            Self::Read(record) => serde_json::to_value(record).unwrap_or_default(),
        }
    }
}

impl LayerLine {
    /// A layer with nothing in it.
    pub fn new(key: LayerKey, unit: Unit) -> Self {
        let (spans, relations, span_lines, relation_lines) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let status = Status::default();
        let remarks = Vec::new();
        let (revision, when, promised, joint, rest) = (None, None, false, JOINT, None);
        Self { key, status, revision, when, spans, relations, remarks, promised, span_lines, relation_lines, unit, joint, rest }
    }

    /// As the own format writes it, but for what positions count.
    pub fn raw(&self) -> Value {
        let spans: Vec<Value> = self.spans.iter().map(Stated::raw).collect();
        let relations: Vec<Value> = self.relations.iter().map(Stated::raw).collect();
        let Some(mut rest) = self.rest.clone() else {
            return json!({
                "kind": "layer", "document": self.key.document, "annotator": self.key.annotator, "status": self.status,
                "offsets": self.unit.name(), "spans": spans, "relations": relations,
            });
        };
        for (field, taken) in [("spans", spans), ("relations", relations), ("remarks", self.remarks.clone())] {
            // What was no list is still there.
            if let Some(Value::Array(list)) = rest.get_mut(field) {
                *list = taken;
            }
        }
        Value::Object(rest)
    }
}

/// A layer as it was read.
pub(super) struct LayerRead {
    pub layer: Layer,
    /// With the line, where a record has one of its own.
    pub problems: Vec<(Option<u32>, ProblemCode)>,
    pub refused: Vec<Refused>,
}

/// Reads the records of a layer on a text.
pub(super) fn read_layer(line: LayerLine, text: &Text, schema: &Schema) -> LayerRead {
    let converter = Converter::new(text, line.unit, line.joint);
    let mut reading =
        Reading { text, schema, key: line.key, converter, line: None, problems: Vec::new(), refused: Vec::new(), unquoted: 0, differing: 0 };
    let mut names: Names<AnnotationId> = Names::new("s", line.spans.iter().filter_map(span_id));
    let mut annotations: Vec<Annotation> = Vec::with_capacity(line.spans.len());
    let lines = |lines: Vec<Option<u32>>| lines.into_iter().chain(std::iter::repeat(None));
    for (raw, line) in line.spans.into_iter().zip(lines(line.span_lines)) {
        reading.line = line;
        match reading.span(&raw, &mut names) {
            Ok(annotation) => annotations.push(annotation),
            Err(why) => reading.refuse(raw.raw(), why),
        }
    }
    let mut relations: Vec<Relation> = Vec::with_capacity(line.relations.len());
    let mut relation_names: Names<RelationId> = Names::new("r", line.relations.iter().filter_map(relation_id));
    for (raw, line) in line.relations.into_iter().zip(lines(line.relation_lines)) {
        reading.line = line;
        match relation(&raw, &names, &mut relation_names) {
            Ok(relation) => relations.push(relation),
            Err(why) => reading.refuse(raw.raw(), why),
        }
    }
    reading.line = None;
    if reading.differing > 0 {
        reading.tell(ProblemCode::UnitDiffers { count: reading.differing, unit: line.unit });
    }
    if line.promised && reading.unquoted > 0 {
        let (document, annotator) = (reading.key.document.to_string(), reading.key.annotator.to_string());
        reading.tell(ProblemCode::QuotesMissing { document, annotator, count: reading.unquoted });
    }
    let mut remarks = Vec::with_capacity(line.remarks.len());
    let mut named: BTreeSet<RemarkId> = BTreeSet::new();
    for raw in line.remarks {
        match Remark::read(raw) {
            Ok(remark) if named.insert(remark.id.clone()) => remarks.push(Arc::new(remark)),
            Ok(remark) => reading.refuse(remark.written(), ProblemCode::BadField { field: "remarks".to_owned() }),
            Err(raw) => reading.refuse(raw, ProblemCode::BadField { field: "remarks".to_owned() }),
        }
    }
    let layer = Layer::from_records(line.status, annotations, relations).with_remarks(remarks);
    LayerRead { layer, problems: reading.problems, refused: reading.refused }
}

struct Reading<'a> {
    text: &'a Text,
    schema: &'a Schema,
    key: LayerKey,
    converter: Converter<'a>,
    /// The line of the record at hand.
    line: Option<u32>,
    problems: Vec<(Option<u32>, ProblemCode)>,
    refused: Vec<Refused>,
    unquoted: usize,
    /// Labels whose quote says that their positions count something else.
    differing: usize,
}

impl Reading<'_> {
    fn tell(&mut self, code: ProblemCode) {
        self.problems.push((self.line, code));
    }

    fn span(&mut self, raw: &Stated<SpanRecord>, names: &mut Names<AnnotationId>) -> Result<Annotation, ProblemCode> {
        let (record, odd) = span_record(raw).map_err(|error| ProblemCode::SpanUnreadable { detail: error.to_string() })?;
        let record = record.into_owned();
        let id = record.id.clone().unwrap_or_else(|| names.fresh());
        if names.taken.contains(&id) {
            return Err(ProblemCode::SpanTwice { span: id.to_string() });
        }
        let unquoted = record.text.is_none();
        let (record, differs) = self.converter.convert(record, &id)?;
        let (annotation, moved) = record.place(self.text, &id)?;
        self.differing += usize::from(differs);
        names.taken.insert(id);
        self.unquoted += usize::from(unquoted);
        let odd = odd.map(|field| ProblemCode::BadField { field: field.to_owned() });
        for code in moved.into_iter().chain(odd) {
            self.tell(code);
        }
        if self.schema.label(&annotation.label).is_none() {
            self.tell(ProblemCode::UnknownLabel { span: annotation.id.to_string(), label: annotation.label.to_string() });
        }
        Ok(annotation)
    }

    fn refuse(&mut self, raw: Value, why: ProblemCode) {
        self.tell(why.clone());
        self.refused.push(Refused { layer: self.key.clone(), raw, why });
    }
}

/// The record, and a field of it that was not understood. A label is not lost for that: of an odd origin it counts as
/// imported, and with an odd word on doubts as doubtful.
pub(super) fn span_record(stated: &Stated<SpanRecord>) -> Result<(Cow<'_, SpanRecord>, Option<&'static str>), serde_json::Error> {
    let raw = match stated {
        Stated::Raw(raw) => raw,
        Stated::Read(record) => return Ok((Cow::Borrowed(record), None)),
    };
    let first = SpanRecord::deserialize(raw).map(Cow::Owned);
    let (Err(_), Value::Object(fields)) = (&first, raw) else { return first.map(|record| (record, None)) };
    for field in ["origin", "unsure"] {
        let mut fields = fields.clone();
        let Some(odd) = fields.remove(field) else { continue };
        let Ok(mut record) = crate::json::from_value::<SpanRecord>(Value::Object(fields)) else { continue };
        match field {
            "origin" => record.origin = Some(Origin::Import(odd.as_str().map_or_else(|| odd.to_string(), str::to_owned))),
            _ => record.unsure = true,
        }
        return Ok((Cow::Owned(record), Some(field)));
    }
    first.map(|record| (record, None))
}

fn relation(stated: &Stated<RelationRecord>, spans: &Names<AnnotationId>, names: &mut Names<RelationId>) -> Result<Relation, ProblemCode> {
    let record = match stated {
        Stated::Raw(raw) => RelationRecord::deserialize(raw).map_err(|error| ProblemCode::RelationUnreadable { detail: error.to_string() })?,
        Stated::Read(record) => record.clone(),
    };
    let id = record.id.clone().unwrap_or_else(|| names.fresh());
    if names.taken.contains(&id) {
        return Err(ProblemCode::RelationTwice { relation: id.to_string() });
    }
    let missing = [&record.from, &record.to].into_iter().find(|end| !spans.taken.contains(*end)).cloned();
    if let Some(missing) = missing {
        return Err(ProblemCode::RelationEndMissing { relation: id.to_string(), missing: missing.to_string() });
    }
    names.taken.insert(id.clone());
    Ok(record.into_relation(&id))
}

/// The name that a record of a label has.
fn span_id(stated: &Stated<SpanRecord>) -> Option<&str> {
    match stated {
        Stated::Raw(raw) => raw.get("id")?.as_str(),
        Stated::Read(record) => record.id.as_ref().map(AnnotationId::as_str),
    }
}

/// The words that a record of a label has.
pub(super) fn quote_of(stated: &Stated<SpanRecord>) -> Option<&str> {
    match stated {
        Stated::Raw(raw) => raw.get("text")?.as_str(),
        Stated::Read(record) => record.text.as_deref(),
    }
}

/// The name that a record of a relation has.
fn relation_id(stated: &Stated<RelationRecord>) -> Option<&str> {
    match stated {
        Stated::Raw(raw) => raw.get("id")?.as_str(),
        Stated::Read(record) => record.id.as_ref().map(RelationId::as_str),
    }
}

/// Names in use, and new ones for records that have none: the same file always gives the same.
struct Names<Id> {
    taken: BTreeSet<Id>,
    prefix: &'static str,
    /// Names that records have, also those still to come.
    stated: BTreeSet<String>,
    next: usize,
}

impl<Id: Ord + From<String>> Names<Id> {
    fn new<'a>(prefix: &'static str, stated: impl Iterator<Item = &'a str>) -> Self {
        let stated = stated.map(str::to_owned).collect();
        Self { taken: BTreeSet::new(), prefix, stated, next: 1 }
    }

    fn fresh(&mut self) -> Id {
        loop {
            let name = format!("{}{}", self.prefix, self.next);
            self.next += 1;
            if !self.stated.contains(&name) {
                return Id::from(name);
            }
        }
    }
}
