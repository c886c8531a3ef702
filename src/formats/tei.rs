//! TEI P5, only written: a file for each document with everybody's labels standing off from the text.
//!
//! Labels that cross one another cannot be elements around the text, so that none of them are: the text is in one `ab`, as it is,
//! and `standOff` has a `spanGrp` for each annotator. A `string-range` counts Unicode code points, the first is 0, and names the
//! length. Relations are `link`s from the first target to the second. What is said of either is in feature structures.

use super::export::Export;
use super::files::Files;
use super::list::Code;
use super::loss::{Holds, Kind};
use super::units::Unit;
use super::xml;
use crate::annotation::Origin;
use crate::id::AnnotationId;
use crate::layer::Layer;
use crate::project::Document;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// How it is written.
pub(super) const CODE: Code = Code {
    sniff: |_| false,
    read: None,
    write: Some(write),
    unit: Unit::CodePoints,
    holds: Holds::AllBut(&[Kind::Characters, Kind::Schema]),
    is_folder: true,
    ..Code::PLAIN
};

fn write(export: &Export, files: &mut Files) {
    for document in export.project.documents.values() {
        if xml::not_held(document.text.as_str()).is_none() {
            files.insert(format!("{}.tei.xml", export.stem(&document.id)), tei(export, document));
        }
    }
}

/// Writes elements, each on a line of its own.
struct Writer {
    out: String,
    /// Structures of features so far.
    structures: usize,
    /// Labels so far.
    spans: usize,
    /// Numbers of kinds of labels and of relations.
    labels: BTreeMap<String, usize>,
    relations: BTreeMap<String, usize>,
}

fn tei(export: &Export, document: &Document) -> String {
    let layers: Vec<(usize, &str, &Layer)> = (1..)
        .zip(&export.annotators)
        .filter_map(|(number, annotator)| export.layer(document, annotator).map(|layer| (number, annotator.as_str(), layer)))
        .collect();
    let schema = &export.project.schema;
    // The schema's kinds first, then those that it does not have.
    let number = |known: Vec<&str>, used: BTreeSet<&str>| {
        let mut numbers = BTreeMap::new();
        for kind in known.into_iter().chain(used) {
            let next = numbers.len() + 1;
            numbers.entry(kind.to_owned()).or_insert(next);
        }
        numbers
    };
    let used_labels = layers.iter().flat_map(|(_, _, layer)| layer.iter().map(|annotation| annotation.label.as_str())).collect();
    let used_relations = layers.iter().flat_map(|(_, _, layer)| layer.relations().map(|relation| relation.kind.as_str())).collect();
    let labels = number(schema.labels.iter().map(|label| label.id.as_str()).collect(), used_labels);
    let relations = number(schema.relations.iter().map(|relation| relation.id.as_str()).collect(), used_relations);
    let mut writer = Writer { out: String::new(), structures: 0, spans: 0, labels, relations };
    writer.out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<TEI xmlns=\"http://www.tei-c.org/ns/1.0\">\n");
    writer.header(export, document, &layers);
    writer.out.push_str("  <text>\n    <body>\n      <ab xml:id=\"text\" xml:space=\"preserve\">");
    xml::push(&mut writer.out, document.text.as_str());
    writer.out.push_str("</ab>\n    </body>\n  </text>\n");
    if !layers.is_empty() {
        writer.out.push_str("  <standOff>\n");
        for (number, _, layer) in &layers {
            writer.layer(document, *number, layer);
        }
        writer.out.push_str("  </standOff>\n");
    }
    writer.out.push_str("</TEI>\n");
    writer.out
}

impl Writer {
    /// An element with text in it and nothing else.
    fn element(&mut self, depth: usize, name: &str, fields: &[(&str, &str)], text: &str) {
        self.open(depth, name, fields);
        xml::push(&mut self.out, text);
        self.out.push_str(&format!("</{name}>\n"));
    }

    /// The beginning of an element, without a line end.
    fn open(&mut self, depth: usize, name: &str, fields: &[(&str, &str)]) {
        self.out.push_str(&"  ".repeat(depth));
        self.out.push('<');
        self.out.push_str(name);
        for (field, value) in fields {
            xml::push_field(&mut self.out, field, value);
        }
        self.out.push('>');
    }

    fn lines(&mut self, lines: &[&str]) {
        for line in lines {
            self.out.push_str(line);
            self.out.push('\n');
        }
    }

    fn header(&mut self, export: &Export, document: &Document, layers: &[(usize, &str, &Layer)]) {
        self.lines(&["  <teiHeader>", "    <fileDesc>", "      <titleStmt>"]);
        self.element(4, "title", &[], &document.title);
        for (number, annotator, _) in layers {
            self.open(4, "respStmt", &[("xml:id", &format!("annotator-{number}"))]);
            self.out.push('\n');
            self.element(5, "resp", &[], "annotator");
            self.element(5, "name", &[], annotator);
            self.lines(&["        </respStmt>"]);
        }
        self.lines(&["      </titleStmt>", "      <publicationStmt>"]);
        self.element(4, "authority", &[], &export.project.name);
        self.element(4, "idno", &[("type", "document")], document.id.as_str());
        self.element(4, "idno", &[("type", "sha256")], &document.sha256);
        self.lines(&["      </publicationStmt>", "      <sourceDesc>"]);
        self.element(4, "p", &[], "The text as it was annotated, to the character.");
        self.lines(&["      </sourceDesc>", "    </fileDesc>", "    <encodingDesc>", "      <editorialDecl>"]);
        self.element(4, "p", &[], "Offsets in string-range() count Unicode code points of the text, from 0; the number after is a length.");
        self.lines(&["      </editorialDecl>"]);
        if !self.labels.is_empty() || !self.relations.is_empty() {
            self.lines(&["      <classDecl>"]);
            let schema = &export.project.schema;
            let names = |kind: &str, of_labels: bool| {
                let label = schema.labels.iter().filter(|_| of_labels).find(|label| label.id.as_str() == kind).map(|label| &label.names);
                let relation =
                    schema.relations.iter().filter(|_| !of_labels).find(|relation| relation.id.as_str() == kind).map(|relation| &relation.names);
                label.or(relation).cloned()
            };
            for (prefix, of_labels) in [("label", true), ("relation", false)] {
                let mut kinds: Vec<(usize, String)> =
                    if of_labels { &self.labels } else { &self.relations }.iter().map(|(kind, number)| (*number, kind.clone())).collect();
                kinds.sort();
                if kinds.is_empty() {
                    continue;
                }
                self.open(4, "taxonomy", &[("xml:id", &format!("{prefix}s"))]);
                self.out.push('\n');
                for (number, kind) in kinds {
                    self.open(5, "category", &[("xml:id", &format!("{prefix}-{number}")), ("n", &kind)]);
                    self.out.push('\n');
                    match names(&kind, of_labels) {
                        Some(names) => {
                            self.element(6, "gloss", &[("xml:lang", "ar")], &names.ar);
                            self.element(6, "gloss", &[("xml:lang", "en")], &names.en);
                        }
                        None => self.element(6, "gloss", &[], &kind),
                    }
                    self.lines(&["          </category>"]);
                }
                self.lines(&["        </taxonomy>"]);
            }
            self.lines(&["      </classDecl>"]);
        }
        self.lines(&["    </encodingDesc>"]);
        if !document.meta.is_empty() {
            self.element(2, "xenoData", &[("type", "json")], &xml::json(&Value::Object(document.meta.clone())));
        }
        self.lines(&["  </teiHeader>"]);
    }

    /// Everything that somebody said of the text.
    fn layer(&mut self, document: &Document, number: usize, layer: &Layer) {
        let resp = format!("#annotator-{number}");
        let status = self.structure("layer", &[("status".to_owned(), layer.status().name().into())]);
        let mut ids: BTreeMap<AnnotationId, String> = BTreeMap::new();
        let mut spans: Vec<(Vec<(&str, String)>, String)> = Vec::new();
        for annotation in layer.iter() {
            self.spans += 1;
            let id = format!("span-{}", self.spans);
            let pieces = annotation.extent.pieces().iter();
            let target = pieces.map(|piece| format!("#string-range(text,{},{})", piece.start(), piece.end().since(piece.start())));
            let mut remarks = Vec::new();
            remarks.extend(annotation.note.as_ref().map(|note| ("note".to_owned(), note.as_str().into())));
            if annotation.origin != Origin::Person {
                remarks.push(("origin".to_owned(), serde_json::json!(annotation.origin)));
            }
            let kind = self.labels.get(annotation.label.as_str()).copied().unwrap_or_default();
            let ana = self.said(format!("#label-{kind}"), &annotation.attributes, &remarks);
            let mut fields =
                vec![("xml:id", id.clone()), ("n", annotation.id.to_string()), ("target", target.collect::<Vec<_>>().join(" ")), ("ana", ana)];
            if annotation.unsure {
                fields.push(("cert", "low".to_owned()));
            }
            ids.insert(annotation.id.clone(), id);
            spans.push((fields, annotation.extent.quote(&document.text).unwrap_or_default()));
        }
        self.group(2, "spanGrp", &[("type", "labels"), ("resp", &resp), ("ana", &status)], "span", spans);
        let mut links: Vec<(Vec<(&str, String)>, String)> = Vec::new();
        for relation in layer.relations() {
            let (Some(from), Some(to)) = (ids.get(&relation.from), ids.get(&relation.to)) else { continue };
            let remarks: Vec<(String, Value)> = relation.note.iter().map(|note| ("note".to_owned(), note.as_str().into())).collect();
            let kind = self.relations.get(relation.kind.as_str()).copied().unwrap_or_default();
            let ana = self.said(format!("#relation-{kind}"), &relation.attributes, &remarks);
            links.push((vec![("n", relation.id.to_string()), ("target", format!("#{from} #{to}")), ("ana", ana)], String::new()));
        }
        if !links.is_empty() {
            self.group(2, "linkGrp", &[("type", "relations"), ("resp", &resp), ("targFunc", "from to")], "link", links);
        }
    }

    fn group(&mut self, depth: usize, group: &str, fields: &[(&str, &str)], name: &str, members: Vec<(Vec<(&str, String)>, String)>) {
        self.open(depth, group, fields);
        self.out.push('\n');
        for (fields, text) in members {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            self.element(depth + 1, name, &fields, &text);
        }
        self.out.push_str(&format!("{}</{group}>\n", "  ".repeat(depth)));
    }

    /// What names the kind and all that is said besides.
    fn said(&mut self, kind: String, attributes: &BTreeMap<String, Value>, remarks: &[(String, Value)]) -> String {
        let attributes: Vec<(String, Value)> = attributes.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        let structures = [("attributes", attributes.as_slice()), ("remarks", remarks)];
        let mut ana = kind;
        for (of, features) in structures.into_iter().filter(|(_, features)| !features.is_empty()) {
            ana.push(' ');
            ana.push_str(&self.structure(of, features));
        }
        ana
    }

    /// Writes features; what names them is returned.
    fn structure(&mut self, kind: &str, features: &[(String, Value)]) -> String {
        self.structures += 1;
        let id = format!("fs-{}", self.structures);
        self.open(2, "fs", &[("xml:id", &id), ("type", kind)]);
        self.out.push('\n');
        for (name, value) in features {
            let word: String = name.chars().map(|c| if c.is_alphanumeric() || c == '-' || c == '_' { c } else { '_' }).collect();
            let word = if word.is_empty() { "_".to_owned() } else { word };
            let fields = [("name", word.as_str()), ("n", name)];
            self.open(3, "f", if word == *name { fields.get(..1).unwrap_or_default() } else { &fields });
            self.value(value);
            self.out.push_str("</f>\n");
        }
        self.out.push_str("    </fs>\n");
        format!("#{id}")
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Bool(is) => self.out.push_str(&format!("<binary value=\"{is}\"/>")),
            Value::Number(number) => self.out.push_str(&format!("<numeric value=\"{number}\"/>")),
            Value::Array(values) if values.iter().all(|value| !value.is_array()) => {
                self.out.push_str("<vColl org=\"list\">");
                values.iter().for_each(|value| self.value(value));
                self.out.push_str("</vColl>");
            }
            other => {
                let text = other.as_str().map_or_else(|| other.to_string(), str::to_owned);
                self.out.push_str("<string>");
                xml::push(&mut self.out, &text);
                self.out.push_str("</string>");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Format;
    use super::super::export::{Exported, Options, export};
    use super::super::incoming::Incoming;
    use super::super::samples::{cases, label, project, projects, sentence};
    use super::super::wusum::Reader;
    use super::super::xml_read::{Node, nodes};
    use super::*;
    use crate::layer::Status;
    use crate::project::Project;
    use proptest::prelude::*;
    use serde_json::json;

    fn exported(project: &Project) -> Exported {
        export(project, &BTreeMap::new(), Format::Tei, &Options::default()).expect("it can be written")
    }

    /// The elements below the root, read by a strict reader, and the text.
    fn read(tei: &[u8]) -> (Vec<Node>, Vec<char>) {
        let mut reader = Reader::default();
        let mut incoming = Incoming::new(&mut reader, &Files::new());
        let nodes = nodes(std::str::from_utf8(tei).expect("UTF-8"), &mut incoming);
        assert_eq!(reader.finish().problems, []);
        let text = nodes.iter().find(|node| node.name == "text").expect("a text").children[0].children[0].text.chars().collect();
        (nodes, text)
    }

    fn groups<'a>(nodes: &'a [Node], name: &'a str) -> impl Iterator<Item = &'a Node> {
        nodes.iter().filter(|node| node.name == "standOff").flat_map(|node| &node.children).filter(move |node| node.name == name)
    }

    #[test]
    fn the_sentence_stands_off_in_code_points() {
        let mut project = sentence();
        let key = project.layers.iter().map(|(key, _)| key.clone()).next().expect("a layer");
        let mut layer = project.layers.get(&key).expect("it is there").clone();
        let mut unsure = label("s6", 40, 43, "LOC & <x>");
        (unsure.unsure, unsure.note) = (true, Some("ملاحظة".to_owned()));
        unsure.attributes = [("sure", json!(true)), ("x y", json!(["a", "b"]))].map(|(name, value)| (name.to_owned(), value)).into();
        layer =
            Layer::from_records(Status::Done, layer.iter().map(|one| (**one).clone()).chain([unsure]), layer.relations().map(|one| (**one).clone()));
        project.layers.insert(key, layer);
        let files = exported(&project).files;
        let tei = String::from_utf8(files.get("d1.tei.xml").expect("a file").to_vec()).expect("UTF-8");
        let stand_off = tei.split_once("  <standOff>\n").expect("labels").1;
        expect_test::expect![[r##"
                <fs xml:id="fs-1" type="layer">
                  <f name="status"><string>done</string></f>
                </fs>
                <fs xml:id="fs-2" type="attributes">
                  <f name="sure"><binary value="true"/></f>
                  <f name="x_y" n="x y"><vColl org="list"><string>a</string><string>b</string></vColl></f>
                </fs>
                <fs xml:id="fs-3" type="remarks">
                  <f name="note"><string>ملاحظة</string></f>
                </fs>
                <spanGrp type="labels" resp="#annotator-1" ana="#fs-1">
                  <span xml:id="span-1" n="s1" target="#string-range(text,2,3)" ana="#label-6">قال</span>
                  <span xml:id="span-2" n="s2" target="#string-range(text,6,30)" ana="#label-4">وزير الخارجية المصري سامح شكري</span>
                  <span xml:id="span-3" n="s3" target="#string-range(text,27,9)" ana="#label-8">سامح شكري</span>
                  <span xml:id="span-4" n="s4" target="#string-range(text,40,16)" ana="#label-5">مصر ترفض التهجير</span>
                  <span xml:id="span-5" n="s6" target="#string-range(text,40,3)" ana="#label-7 #fs-2 #fs-3" cert="low">مصر</span>
                  <span xml:id="span-6" n="s5" target="#string-range(text,62,6)" ana="#label-4">رويترز</span>
                </spanGrp>
                <linkGrp type="relations" resp="#annotator-1" targFunc="from to">
                  <link n="r1" target="#span-4 #span-2" ana="#relation-1"></link>
                </linkGrp>
                <fs xml:id="fs-4" type="layer">
                  <f name="status"><string>new</string></f>
                </fs>
                <spanGrp type="labels" resp="#annotator-2" ana="#fs-4">
                  <span xml:id="span-7" n="s1" target="#string-range(text,2,3)" ana="#label-6">قال</span>
                  <span xml:id="span-8" n="s2" target="#string-range(text,6,30)" ana="#label-4">وزير الخارجية المصري سامح شكري</span>
                </spanGrp>
              </standOff>
            </TEI>
        "##]]
        .assert_eq(stand_off);
    }

    #[test]
    fn a_text_that_xml_cannot_hold_is_not_written_and_that_is_told() {
        let mut bad = label("s1", 0, 2, "Actor");
        bad.note = Some("\u{1}".to_owned());
        let layer = || Layer::from_records(Status::Done, [bad.clone()], []);
        let made = project(vec![("d1", "نص\u{1}"), ("d2", "نص\r\n\t<&")], vec![("d1", "a", Layer::default()), ("d2", "a", layer())]);
        let done = exported(&made);
        assert_eq!(done.files.iter().map(|(path, _)| path).collect::<Vec<_>>(), ["d2.tei.xml"]);
        let told: Vec<(Kind, usize)> = done.losses.iter().map(|loss| (loss.kind, loss.count)).collect();
        assert_eq!(told, [(Kind::Characters, 2), (Kind::Schema, 1)]);
        assert_eq!(read(done.files.get("d2.tei.xml").expect("a file")).1, "نص\r\n\t<&".chars().collect::<Vec<_>>());
    }

    proptest! {
        #![proptest_config(cases(64))]

        #[test]
        fn each_range_is_where_its_words_are(project in projects()) {
            let done = exported(&project);
            for document in project.documents.values() {
                let Some(bytes) = done.files.get(&format!("{}.tei.xml", document.id)) else {
                    prop_assert!(xml::not_held(document.text.as_str()).is_some());
                    continue;
                };
                let (nodes, text) = read(bytes);
                prop_assert_eq!(text.iter().collect::<String>(), document.text.as_str());
                let layers: Vec<&Layer> = project.layers.iter().filter(|(key, _)| key.document == document.id).map(|(_, layer)| layer).collect();
                let spans: Vec<&Node> = groups(&nodes, "spanGrp").flat_map(|group| &group.children).collect();
                let meant: Vec<_> = layers.iter().flat_map(|layer| layer.iter()).collect();
                prop_assert_eq!(spans.len(), meant.len());
                for (span, annotation) in spans.into_iter().zip(meant) {
                    let ranges = span.field("target").unwrap_or_default().split(' ').map(|range| {
                        let numbers = range.strip_prefix("#string-range(text,").and_then(|range| range.strip_suffix(')'));
                        let (start, length) = numbers.and_then(|numbers| numbers.split_once(',')).expect("two numbers");
                        let (start, length): (usize, usize) = (start.parse().expect("a number"), length.parse().expect("a number"));
                        text[start..start + length].iter().collect::<String>()
                    });
                    let quote = annotation.extent.quote(&document.text).expect("inside");
                    prop_assert_eq!(ranges.collect::<Vec<_>>().join(" … "), quote.clone());
                    prop_assert_eq!(&span.text, &quote);
                }
                let links: usize = groups(&nodes, "linkGrp").map(|group| group.children.len()).sum();
                prop_assert_eq!(links, layers.iter().map(|layer| layer.relations().count()).sum::<usize>());
            }
        }
    }
}
