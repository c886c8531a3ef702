//! Parquet: tables of documents, layers, labels and relations, and of sentences with tokens and tags. Only written, only here.
//!
//! Positions count code points, ends are exclusive. Of what has no column of its own there is JSON in a column of text.

use crate::formats::export::{Export, Exported, side};
use crate::formats::files::Files;
use crate::formats::loss::losses;
use crate::formats::record::{RelationRecord, SpanRecord};
use crate::formats::{Format, named_rows};
use crate::project::LayerKey;
use parquet::basic::Compression;
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, Int64Type};
use parquet::errors::Result;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::parser::parse_message_type;
use serde_json::{Map, Value, json};
use std::io;
use std::sync::Arc;

/// How it is called.
pub(super) const NAME: &str = "parquet";

/// The most rows that are written together.
const GROUP: usize = 50_000;

/// What a column has; all but lists may be null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Text.
    Text,
    /// Any value, as JSON.
    Json,
    /// A whole number.
    Number,
    /// True or false.
    Truth,
    /// A list of texts.
    Texts,
    /// A list of whole numbers.
    Numbers,
}

type Row = Map<String, Value>;

/// A table: its name, its columns, its rows.
type Table = (&'static str, Vec<(String, Kind)>, Vec<Row>);

/// All tables of an export.
pub(super) fn export(export: &Export) -> io::Result<Exported> {
    // The table of labels holds what a table in CSV does.
    let losses = losses(export, Format::Csv);
    let mut side = side(export, Format::Csv, &losses);
    NAME.clone_into(&mut side.format);
    let mut files = Files::new();
    for (name, columns, rows) in [documents(export), layers(export), spans(export), relations(export), tokens(export)] {
        files.insert(format!("{name}.parquet"), written(name, &columns, &rows).map_err(io::Error::other)?);
    }
    Ok(Exported { files, losses, side })
}

fn columns(named: &[(&str, Kind)]) -> Vec<(String, Kind)> {
    named.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect()
}

/// The fields of a record, and what comes before them.
fn row(before: Value, record: Value) -> Row {
    let fields = |value| if let Value::Object(fields) = value { fields } else { Row::new() };
    fields(before).into_iter().chain(fields(record)).collect()
}

fn documents(export: &Export) -> Table {
    let named = [("document", Kind::Text), ("title", Kind::Text), ("text", Kind::Text), ("text_sha256", Kind::Text), ("meta", Kind::Json)];
    let rows = export.project.documents.values().map(|document| {
        let meta = if document.meta.is_empty() { Value::Null } else { json!(document.meta) };
        let text = document.text.as_str();
        row(json!({ "document": document.id, "title": document.title, "text": text, "text_sha256": document.sha256, "meta": meta }), Value::Null)
    });
    ("documents", columns(&named), rows.collect())
}

fn layers(export: &Export) -> Table {
    let named = [("document", Kind::Text), ("annotator", Kind::Text), ("status", Kind::Text), ("revision", Kind::Number)];
    let rows =
        export.project.layers.iter().map(|(key, layer)| row(whose(key), json!({ "status": layer.status(), "revision": export.revisions.get(key) })));
    ("layers", columns(&named), rows.collect())
}

fn whose(key: &LayerKey) -> Value {
    json!({ "document": key.document, "annotator": key.annotator })
}

fn spans(export: &Export) -> Table {
    let named = [
        ("document", Kind::Text),
        ("annotator", Kind::Text),
        ("id", Kind::Text),
        ("label", Kind::Text),
        ("start", Kind::Number),
        ("end", Kind::Number),
        ("text", Kind::Text),
        ("pieces", Kind::Json),
        ("attributes", Kind::Json),
        ("note", Kind::Text),
        ("unsure", Kind::Truth),
        ("origin", Kind::Json),
    ];
    let mut rows = Vec::new();
    for (key, layer) in export.project.layers.iter() {
        let Some(document) = export.project.document_of(key) else { continue };
        for annotation in layer.iter() {
            // Plain data becomes a value.
            let mut row = row(whose(key), serde_json::to_value(SpanRecord::of(annotation, &document.text)).unwrap_or_default());
            row.insert("unsure".to_owned(), annotation.unsure.into());
            rows.push(row);
        }
    }
    ("spans", columns(&named), rows)
}

fn relations(export: &Export) -> Table {
    let named = [
        ("document", Kind::Text),
        ("annotator", Kind::Text),
        ("id", Kind::Text),
        ("label", Kind::Text),
        ("from", Kind::Text),
        ("to", Kind::Text),
        ("attributes", Kind::Json),
        ("note", Kind::Text),
    ];
    let layers = export.project.layers.iter();
    let rows = layers.flat_map(|(key, layer)| {
        layer.relations().map(|relation| row(whose(key), serde_json::to_value(RelationRecord::of(relation)).unwrap_or_default()))
    });
    ("relations", columns(&named), rows.collect())
}

fn tokens(export: &Export) -> Table {
    let (rows, levels) = named_rows(export);
    let mut named = columns(&[
        ("document", Kind::Text),
        ("annotator", Kind::Text),
        ("offset", Kind::Number),
        ("text", Kind::Text),
        ("tokens", Kind::Texts),
        ("start", Kind::Numbers),
        ("end", Kind::Numbers),
    ]);
    named.extend(levels.into_iter().map(|level| (level, Kind::Texts)));
    ("tokens", named, rows)
}

/// The schema in Parquet's own words.
fn schema(name: &str, columns: &[(String, Kind)]) -> String {
    let column = |(name, kind): &(String, Kind)| {
        let list = |element: &str| format!("REQUIRED GROUP {name} (LIST) {{ REPEATED GROUP list {{ REQUIRED {element}; }} }}");
        match kind {
            Kind::Text | Kind::Json => format!("OPTIONAL BYTE_ARRAY {name} (UTF8);"),
            Kind::Number => format!("OPTIONAL INT64 {name};"),
            Kind::Truth => format!("OPTIONAL BOOLEAN {name};"),
            Kind::Texts => list("BYTE_ARRAY element (UTF8)"),
            Kind::Numbers => list("INT64 element"),
        }
    };
    format!("message {name} {{ {} }}", columns.iter().map(column).collect::<Vec<_>>().join(" "))
}

fn written(name: &str, columns: &[(String, Kind)], rows: &[Row]) -> Result<Vec<u8>> {
    let schema = Arc::new(parse_message_type(&schema(name, columns))?);
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties))?;
    for rows in rows.chunks(GROUP) {
        let mut group = writer.next_row_group()?;
        for (name, kind) in columns {
            let Some(column) = group.next_column()? else { break };
            let values: Vec<&Value> = rows.iter().map(|row| row.get(name).unwrap_or(&Value::Null)).collect();
            put(column, *kind, &values)?;
        }
        group.close()?;
    }
    writer.into_inner()
}

fn put(column: SerializedColumnWriter, kind: Kind, values: &[&Value]) -> Result<()> {
    let text = |value: &Value| value.as_str().map(ByteArray::from);
    match kind {
        Kind::Text => one_each::<ByteArrayType>(column, values, text),
        Kind::Json => one_each::<ByteArrayType>(column, values, |value| (!value.is_null()).then(|| value.to_string().as_str().into())),
        Kind::Number => one_each::<Int64Type>(column, values, Value::as_i64),
        Kind::Truth => one_each::<BoolType>(column, values, Value::as_bool),
        Kind::Texts => many_each::<ByteArrayType>(column, values, text),
        Kind::Numbers => many_each::<Int64Type>(column, values, Value::as_i64),
    }
}

/// A value or null for each row.
fn one_each<T: DataType>(mut column: SerializedColumnWriter, rows: &[&Value], of: impl Fn(&Value) -> Option<T::T>) -> Result<()> {
    let found: Vec<Option<T::T>> = rows.iter().map(|value| of(value)).collect();
    let is_there: Vec<i16> = found.iter().map(|value| value.is_some().into()).collect();
    let values: Vec<T::T> = found.into_iter().flatten().collect();
    column.typed::<T>().write_batch(&values, Some(&is_there), None)?;
    column.close()
}

/// A list for each row: its first value begins it, an empty one has a place without a value.
fn many_each<T: DataType>(mut column: SerializedColumnWriter, rows: &[&Value], of: impl Fn(&Value) -> Option<T::T>) -> Result<()> {
    let (mut values, mut is_there, mut is_further) = (Vec::new(), Vec::new(), Vec::new());
    for row in rows {
        let before = values.len();
        values.extend(row.as_array().into_iter().flatten().filter_map(&of));
        let count = (values.len() - before).max(1);
        is_there.extend(std::iter::repeat_n(i16::from(values.len() > before), count));
        is_further.extend((0..count).map(|at| i16::from(at > 0)));
    }
    column.typed::<T>().write_batch(&values, Some(&is_there), Some(&is_further))?;
    column.close()
}

#[cfg(test)]
mod tests {
    use super::*;
    use parquet::file::reader::{FileReader, SerializedFileReader};

    #[test]
    fn nulls_lists_and_empty_lists_are_read_back() {
        let named = columns(&[
            ("name", Kind::Text),
            ("number", Kind::Number),
            ("sure", Kind::Truth),
            ("meta", Kind::Json),
            ("words", Kind::Texts),
            ("at", Kind::Numbers),
        ]);
        let rows = [
            row(json!({ "name": "قال 🔴", "number": 7, "sure": true, "meta": { "a": [1] }, "words": ["قال", "وزير"], "at": [0, 4] }), Value::Null),
            row(json!({ "sure": false, "words": [], "at": [] }), Value::Null),
            row(json!({ "name": "", "number": -1, "words": ["س"], "at": [9] }), Value::Null),
        ];
        let bytes = written("test", &named, &rows).expect("it is written");
        let path = std::env::temp_dir().join(format!("wusum-{}.parquet", std::process::id()));
        std::fs::write(&path, bytes).expect("a file for the test");
        let reader = SerializedFileReader::try_from(path.as_path()).expect("it is Parquet");
        let back: String = reader.get_row_iter(None).expect("rows").map(|row| format!("{}\n", row.expect("a row"))).collect();
        std::fs::remove_file(&path).expect("it is there");
        expect_test::expect![[r#"
            {name: "قال 🔴", number: 7, sure: true, meta: "{"a":[1]}", words: ["قال", "وزير"], at: [0, 4]}
            {name: null, number: null, sure: false, meta: null, words: [], at: []}
            {name: "", number: -1, sure: null, meta: null, words: ["س"], at: [9]}
        "#]]
        .assert_eq(&back);
    }
}
