//! A table of labels (RFC 4180): one row a label; relations, layers and texts are rows of other kinds after them.
//!
//! A table of others may have any of the columns, in any order; without `kind`, each row is a label.

use super::export::Export;
use super::files::Files;
use super::formula::{guard, unguard};
use super::incoming::{Incoming, IncomingLayer, span};
use super::list::{Code, Read};
use super::loss::{Holds, Kind};
use super::problem::ProblemCode;
use super::record::{RelationRecord, SpanRecord};
use super::sniff::Head;
use super::units::Unit;
use crate::annotation::Origin;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// How it is read and written.
pub(super) const CODE: Code = Code {
    sniff: |head| !super::webanno::is_webanno(head) && (matches!(head.ending(), "csv" | "tsv") || (head.ending().is_empty() && is_header(head))),
    read: Some(Read::Each(read)),
    write: Some(write),
    unit: Unit::CodePoints,
    holds: Holds::AllBut(&[Kind::Schema]),
    ..Code::PLAIN
};

/// The columns, in the order in which they are written.
const COLUMNS: [&str; 18] = [
    "kind",
    "document",
    "annotator",
    "id",
    "label",
    "start",
    "end",
    "text",
    "pieces",
    "from",
    "to",
    "attributes",
    "note",
    "unsure",
    "origin",
    "status",
    "title",
    "meta",
];

/// Names that others give to columns.
const ALIASES: [(&str, &str); 12] = [
    ("doc", "document"),
    ("doc_id", "document"),
    ("document_id", "document"),
    ("begin", "start"),
    ("start_offset", "start"),
    ("start_char", "start"),
    ("end_offset", "end"),
    ("end_char", "end"),
    ("quote", "text"),
    ("type", "label"),
    ("tag", "label"),
    ("user", "annotator"),
];

fn is_header(head: &Head) -> bool {
    let first = head.start().lines().next().unwrap_or_default();
    let names = Columns::of(first.split(['\t', ',', ';']).map(|name| name.trim_matches('"')));
    names.are_of_labels()
}

/// Which column is where.
struct Columns {
    places: BTreeMap<&'static str, usize>,
}

impl Columns {
    fn of<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let mut places = BTreeMap::new();
        for (at, name) in names.enumerate() {
            let name = name.trim().to_ascii_lowercase();
            let known = COLUMNS.into_iter().find(|known| *known == name);
            let known = known.or_else(|| ALIASES.into_iter().find(|(alias, _)| *alias == name).map(|(_, known)| known));
            if let Some(known) = known {
                places.entry(known).or_insert(at);
            }
        }
        Self { places }
    }

    fn are_of_labels(&self) -> bool {
        ["start", "end", "label"].iter().all(|name| self.places.contains_key(name))
    }
}

/// A row by the names of its columns.
struct Row<'a> {
    columns: &'a Columns,
    cells: &'a ::csv::StringRecord,
}

impl Row<'_> {
    /// What is in a column; nothing where it is empty.
    fn get(&self, column: &str) -> Option<String> {
        self.raw(column).filter(|cell| !cell.is_empty())
    }

    fn raw(&self, column: &str) -> Option<String> {
        let cell = self.cells.get(*self.columns.places.get(column)?)?;
        // Only this program's own tables are guarded, and only they say what a row is.
        Some(if self.columns.places.contains_key("kind") { unguard(cell) } else { cell.to_owned() })
    }

    fn json<T: for<'de> Deserialize<'de> + Default>(&self, column: &'static str) -> Result<T, &'static str> {
        self.get(column).map_or_else(|| Ok(T::default()), |cell| serde_json::from_str(&cell).map_err(|_| column))
    }

    fn number(&self, column: &'static str) -> Result<u32, &'static str> {
        self.get(column).and_then(|cell| cell.trim().parse().ok()).ok_or(column)
    }

    fn span(&self) -> Result<SpanRecord, &'static str> {
        let mut record = span(self.get("label").ok_or("label")?, self.number("start")?, self.number("end")?);
        record.id = self.get("id").map(Into::into);
        record.text = self.get("text");
        record.pieces = self.json("pieces")?;
        record.attributes = self.json("attributes")?;
        record.note = self.get("note");
        record.unsure = self.get("unsure").is_some_and(|cell| matches!(cell.to_ascii_lowercase().as_str(), "true" | "1" | "yes"));
        record.origin = self.json::<Option<Origin>>("origin")?;
        Ok(record)
    }

    fn relation(&self) -> Result<RelationRecord, &'static str> {
        Ok(RelationRecord {
            id: self.get("id").map(Into::into),
            label: self.get("label").ok_or("label")?.into(),
            from: self.get("from").ok_or("from")?.into(),
            to: self.get("to").ok_or("to")?.into(),
            attributes: self.json("attributes")?,
            note: self.get("note"),
        })
    }

    /// The row as it came, by the names of its columns.
    fn value(&self) -> Value {
        let cell = |(name, at): (&&'static str, &usize)| ((*name).to_owned(), Value::from(self.cells.get(*at).unwrap_or_default()));
        Value::Object(self.columns.places.iter().map(cell).collect())
    }
}

fn read(name: Option<&str>, bytes: &[u8], incoming: &mut Incoming) {
    let source = incoming.decode(bytes);
    let header = source.lines().next().unwrap_or_default();
    let count = |sign: u8| header.bytes().filter(|byte| *byte == sign).count();
    let sign = [b';', b'\t', b','].into_iter().max_by_key(|sign| count(*sign)).unwrap_or(b',');
    let mut table = ::csv::ReaderBuilder::new().flexible(true).has_headers(false).delimiter(sign).from_reader(source.as_bytes());
    let mut cells = ::csv::StringRecord::new();
    if !matches!(table.read_record(&mut cells), Ok(true)) {
        return;
    }
    let columns = Columns::of(cells.iter());
    let width = cells.len();
    if !columns.places.contains_key("kind") && !columns.are_of_labels() {
        return incoming.problem(1, ProblemCode::BadLine { what: cells.iter().collect::<Vec<_>>().join(" ") });
    }
    // A table of one text need not say which.
    let unsaid = name.map(|name| incoming.document_of(name)).unwrap_or_default();
    let mut layers: BTreeMap<(String, Option<String>), IncomingLayer> = BTreeMap::new();
    loop {
        let more = table.read_record(&mut cells);
        let line = cells.position().and_then(|position| u32::try_from(position.line()).ok());
        match more {
            Ok(false) => break,
            Ok(true) => {}
            Err(error) => {
                incoming.problem(line, ProblemCode::BadLine { what: error.to_string() });
                break;
            }
        }
        let row = Row { columns: &columns, cells: &cells };
        if cells.len() != width {
            incoming.problem(line, ProblemCode::BadLine { what: format!("{} of {width} columns", cells.len()) });
        }
        let kind = row.get("kind").unwrap_or_else(|| "span".to_owned());
        let document = row.get("document").unwrap_or_else(|| unsaid.clone());
        if kind == "document" {
            text(&row, line, document, incoming);
            continue;
        }
        let annotator = row.get("annotator");
        let layer = layers.entry((document.clone(), annotator.clone())).or_insert_with(|| {
            let annotator = annotator.map(Into::into);
            IncomingLayer { line, annotator, ..IncomingLayer::new(document, Unit::Guess(&[Unit::CodePoints, Unit::Utf16, Unit::Bytes])) }
        });
        let taken = match kind.as_str() {
            "span" => row.span().map(|record| layer.spans.push((line, record))),
            "relation" => row.relation().map(|record| layer.relations.push((line, record))),
            "layer" => match row.get("status").map(|status| crate::json::from_value(Value::String(status))) {
                Some(Ok(status)) => {
                    layer.status = status;
                    Ok(())
                }
                _ => Err("status"),
            },
            _ => Err("kind"),
        };
        if let Err(field) = taken {
            incoming.problem(line, ProblemCode::BadField { field: field.to_owned() });
            incoming.orphan(line, row.value());
        }
    }
    layers.into_values().for_each(|layer| incoming.layer(layer));
}

fn text(row: &Row, line: Option<u32>, document: String, incoming: &mut Incoming) {
    let meta: Map<String, Value> = row.json("meta").unwrap_or_else(|field| {
        incoming.problem(line, ProblemCode::BadField { field: field.to_owned() });
        Map::new()
    });
    incoming.text(line, document, row.get("title").as_deref(), row.raw("text").unwrap_or_default(), meta);
}

fn write(export: &Export, files: &mut Files) {
    let (sign, ending) = if export.options.tabs { (b'\t', "tsv") } else { (b',', "csv") };
    let mut table = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).delimiter(sign).from_writer(Vec::new());
    // A vector takes all that is written.
    let _ = rows(export, &mut table);
    if let Ok(bytes) = table.into_inner() {
        files.insert(export.file_name(ending), bytes);
    }
}

type Cells = BTreeMap<&'static str, String>;

fn rows(export: &Export, table: &mut ::csv::Writer<Vec<u8>>) -> ::csv::Result<()> {
    table.write_record(COLUMNS)?;
    let mut row = |cells: Cells| table.write_record(COLUMNS.map(|column| guard(cells.get(column).cloned().unwrap_or_default())));
    let json = |value: serde_json::Result<Value>| export.json(&value.unwrap_or_default());
    let mut after: Vec<Cells> = Vec::new();
    for (key, layer) in export.project.layers.iter() {
        let Some(document) = export.project.document_of(key) else { continue };
        let whose = |kind: &str| -> Cells {
            [("kind", kind.to_owned()), ("document", key.document.to_string()), ("annotator", key.annotator.to_string())].into()
        };
        for annotation in layer.iter() {
            let record = SpanRecord::of(annotation, &document.text);
            let mut cells = whose("span");
            cells.extend([("id", annotation.id.to_string()), ("label", annotation.label.to_string())]);
            cells.extend([("start", record.start.to_string()), ("end", record.end.to_string()), ("text", record.text.unwrap_or_default())]);
            cells.extend((!record.pieces.is_empty()).then(|| ("pieces", json(serde_json::to_value(&record.pieces)))));
            cells.extend((!record.attributes.is_empty()).then(|| ("attributes", json(serde_json::to_value(&record.attributes)))));
            cells.extend(record.note.map(|note| ("note", note)));
            cells.extend(record.unsure.then(|| ("unsure", "true".to_owned())));
            cells.extend(record.origin.map(|origin| ("origin", json(serde_json::to_value(origin)))));
            row(cells)?;
        }
        for relation in layer.relations() {
            let mut cells = whose("relation");
            cells.extend([("id", relation.id.to_string()), ("label", relation.kind.to_string())]);
            cells.extend([("from", relation.from.to_string()), ("to", relation.to.to_string())]);
            cells.extend((!relation.attributes.is_empty()).then(|| ("attributes", json(serde_json::to_value(&relation.attributes)))));
            cells.extend(relation.note.clone().map(|note| ("note", note)));
            after.push(cells);
        }
        let mut cells = whose("layer");
        cells.insert("status", layer.status().name().to_owned());
        after.push(cells);
    }
    for document in export.project.documents.values() {
        let mut cells: Cells = [("kind", "document".to_owned()), ("document", document.id.to_string())].into();
        cells.extend([("title", document.title.to_string()), ("text", document.text.as_str().to_owned())]);
        cells.extend((!document.meta.is_empty()).then(|| ("meta", json(serde_json::to_value(&document.meta)))));
        after.push(cells);
    }
    after.into_iter().try_for_each(row)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formulas_are_guarded_and_come_back() {
        let cells = ["=1+1", "'=1", "''@x", "-", "'", "قال", "\tx", "＝1", "'قال", ""];
        let written = cells.map(|cell| guard(cell.to_owned()));
        assert_eq!(written, ["'=1+1", "''=1", "'''@x", "'-", "'", "قال", "'\tx", "'＝1", "'قال", ""]);
        assert_eq!(written.each_ref().map(|cell| unguard(cell)), cells);
    }

    proptest! {
        #[test]
        fn any_cell_comes_back(cell in "['=+@\t\r\n\"-]{0,4}\\PC{0,3}") {
            let written = guard(cell.clone());
            prop_assert!(!written.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']));
            prop_assert_eq!(unguard(&written), cell);
        }
    }
}
