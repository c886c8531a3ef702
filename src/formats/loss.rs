//! What of a concrete export a format cannot hold: counts, examples, and the rule that is used. Told before, and written beside.

use super::export::Export;
use super::list::Format;
use crate::adjudicate::Decision;
use crate::annotation::{Annotation, Relation, Remark};
use crate::id::AnnotationId;
use crate::layer::{Layer, Status};
use crate::project::{Document, LayerKey};
use crate::text::Offset;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The most examples of one kind.
const EXAMPLES: usize = 3;

/// The most code points of an example's words.
const QUOTE: usize = 60;

/// Declares the kinds once: the variant, its stable name and its English words for one and for many.
macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $id:literal, $one:literal, $many:literal;)*) => {
        /// What a format can hold or lose.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $($(#[$doc])* $variant,)*
        }

        impl Kind {
            /// All of them, in the order in which they are told.
            pub const ALL: [Self; [$($id),*].len()] = [$(Self::$variant),*];

            /// A name that scripts and translations rely on.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self {
                    $(Self::$variant => $id,)*
                }
            }

            /// What is counted, in English.
            #[must_use]
            pub fn words(self, count: usize) -> &'static str {
                match self {
                    $(Self::$variant => if count == 1 { $one } else { $many },)*
                }
            }
        }
    };
}

kinds! {
    /// Labels at all.
    Labels = "labels", "label", "labels";
    /// A label inside another.
    Nested = "nested", "label inside another", "labels inside others";
    /// A label that begins in another and ends behind it.
    Crossing = "crossing", "label that crosses another", "labels that cross others";
    /// Labels on the very same place.
    SamePlace = "same-place", "label at the place of another", "labels at the places of others";
    /// Labels that no column has room for under the rule.
    LeftOut = "left-out", "label that the rule leaves out", "labels that the rule leaves out";
    /// A label in pieces.
    Pieces = "pieces", "label in pieces", "labels in pieces";
    /// A label that begins or ends inside a token.
    CutTokens = "cut-tokens", "label that cuts a token", "labels that cut tokens";
    /// A label on nothing but white space.
    NoToken = "no-token", "label without a word", "labels without a word";
    /// A name that the format cannot write.
    Names = "names", "name that is written otherwise", "names that are written otherwise";
    /// Relations.
    Relations = "relations", "relation", "relations";
    /// Answers about labels.
    SpanAttributes = "span-attributes", "label with attributes", "labels with attributes";
    /// Answers about relations.
    RelationAttributes = "relation-attributes", "relation with attributes", "relations with attributes";
    /// Remarks on labels.
    SpanNotes = "span-notes", "note on a label", "notes on labels";
    /// Remarks on relations.
    RelationNotes = "relation-notes", "note on a relation", "notes on relations";
    /// Doubts.
    Unsure = "unsure", "doubtful label", "doubtful labels";
    /// Who put a label there, where that was no person.
    Origins = "origins", "label with an origin", "labels with an origin";
    /// Who labelled it.
    Annotators = "annotators", "annotator's name", "annotators' names";
    /// Several people's labels of one document in one file.
    SeveralAnnotators = "several-annotators", "document labelled by several people", "documents labelled by several people";
    /// How far the work has come.
    Statuses = "statuses", "status of a document", "statuses of documents";
    /// Layers in which nothing is labelled.
    Unlabelled = "unlabelled", "document in which somebody labelled nothing", "documents in which somebody labelled nothing";
    /// Line ends other than LF.
    LineEnds = "line-ends", "text with line ends other than LF", "texts with line ends other than LF";
    /// A text with a character that XML cannot hold.
    Characters = "characters", "text with a character that XML cannot hold", "texts with characters that XML cannot hold";
    /// The text to the letter.
    Texts = "texts", "text that cannot be made again", "texts that cannot be made again";
    /// Names of documents.
    DocumentIds = "document-ids", "name of a document", "names of documents";
    /// Titles of documents.
    Titles = "titles", "title", "titles";
    /// What else is said of documents.
    Meta = "meta", "text with further data", "texts with further data";
    /// What reviewers decided.
    Decisions = "decisions", "decision of a reviewer", "decisions of reviewers";
    /// What people said to each other.
    Comments = "comments", "comment", "comments";
    /// Whatever else is said beside labels, such as a score.
    Remarks = "remarks", "remark beside the labels", "remarks beside the labels";
    /// The schema.
    Schema = "schema", "schema", "schemas";
}

/// Which kinds a format can hold.
#[derive(Clone, Copy, Debug)]
pub enum Holds {
    /// All of them.
    All,
    /// All but these.
    AllBut(&'static [Kind]),
    /// These only.
    Only(&'static [Kind]),
}

impl Holds {
    /// Whether nothing of a kind is lost.
    #[must_use]
    pub fn has(self, kind: Kind) -> bool {
        match self {
            Self::All => true,
            // Only a format that holds everything has a place for what is said beside labels.
            _ if matches!(kind, Kind::Decisions | Kind::Comments | Kind::Remarks) => false,
            Self::AllBut(lacked) => !lacked.contains(&kind),
            Self::Only(held) => held.contains(&kind),
        }
    }
}

impl Serialize for Kind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

impl Kind {
    /// What the formats that put one label on each word of a whole text have no place for.
    #[cfg(feature = "datasets")]
    pub(super) const BESIDE_WORDS: &'static [Self] = &[
        Self::Pieces,
        Self::CutTokens,
        Self::NoToken,
        Self::Relations,
        Self::SpanAttributes,
        Self::RelationAttributes,
        Self::SpanNotes,
        Self::RelationNotes,
        Self::Unsure,
        Self::Origins,
        Self::SeveralAnnotators,
        Self::Statuses,
        Self::Meta,
        Self::Schema,
    ];
}

/// What is lost of one kind.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Loss {
    /// Of which kind.
    pub kind: Kind,
    /// How many there are.
    pub count: usize,
    /// What becomes of them: `left-out`, or how they are written instead.
    pub rule: &'static str,
    /// A few of them: `document`, and of a label `annotator`, `id`, `label`, `start`, `end` and `text`.
    pub examples: Vec<Value>,
}

impl fmt::Display for Loss {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, count, rule, examples } = self;
        write!(formatter, "{count} {} ({rule})", kind.words(*count))?;
        let shown = |example: &Value| {
            let text = example.get("text").or_else(|| example.get("name")).or_else(|| example.get("document"))?.as_str()?;
            // A line end in the words would look like another loss.
            Some(text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect::<String>())
        };
        let shown: Vec<String> = examples.iter().filter_map(shown).map(|text| format!("\"{text}\"")).collect();
        if shown.is_empty() { Ok(()) } else { write!(formatter, ": {}", shown.join(", ")) }
    }
}

/// Counts what is lost.
#[derive(Default)]
pub struct Losses {
    found: BTreeMap<Kind, Loss>,
}

impl Losses {
    /// One more of a kind.
    pub fn add(&mut self, kind: Kind, rule: &'static str, example: impl FnOnce() -> Value) {
        let loss = self.found.entry(kind).or_insert_with(|| Loss { kind, count: 0, rule, examples: Vec::new() });
        loss.count += 1;
        if loss.examples.len() < EXAMPLES {
            loss.examples.push(example());
        }
    }

    /// One more label of a kind.
    pub fn label(&mut self, kind: Kind, rule: &'static str, key: &LayerKey, document: &Document, annotation: &Annotation) {
        self.add(kind, rule, || {
            let (hull, quote) = (annotation.extent.hull(), annotation.extent.quote(&document.text).unwrap_or_default());
            let text: String = quote.chars().take(QUOTE).collect();
            json!({
                "document": key.document, "annotator": key.annotator, "id": annotation.id, "label": annotation.label,
                "start": hull.start(), "end": hull.end(), "text": text,
            })
        });
    }

    /// One more relation, or one of which not all is held.
    fn relation(&mut self, kind: Kind, key: &LayerKey, relation: &Relation) {
        self.add(kind, "left-out", || json!({ "document": key.document, "annotator": key.annotator, "id": relation.id, "name": relation.kind }));
    }
}

/// Whether XML 1.0 can hold a character, be it as a reference: not most control characters, nor U+FFFE and U+FFFF.
#[must_use]
pub fn is_in_xml(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// Whether XML 1.0 can hold all texts in a value.
fn is_value_in_xml(value: &Value) -> bool {
    let is_held = |text: &str| text.chars().all(is_in_xml);
    match value {
        Value::String(text) => is_held(text),
        Value::Array(values) => values.iter().all(is_value_in_xml),
        Value::Object(fields) => fields.iter().all(|(name, value)| is_held(name) && is_value_in_xml(value)),
        _ => true,
    }
}

/// What a format cannot hold of an export, in the order of [`Kind::ALL`].
#[must_use]
pub fn losses(export: &Export, format: Format) -> Vec<Loss> {
    let mut losses = Losses::default();
    let lacks = |kind: Kind| !format.holds(kind);
    for document in export.project.documents.values() {
        let text = document.text.as_str();
        let mut tell = |kind: Kind, rule: &'static str, is_there: bool| {
            if is_there && lacks(kind) {
                losses.add(kind, rule, || json!({ "document": document.id }));
            }
        };
        tell(Kind::LineEnds, "line-feed", text.contains('\r'));
        tell(Kind::Characters, "not-written", format.is_xml() && text.chars().any(|character| !is_in_xml(character)));
        tell(Kind::Texts, "left-out", true);
        tell(Kind::DocumentIds, "side-file", true);
        tell(Kind::Titles, "side-file", true);
        tell(Kind::Meta, "left-out", !document.meta.is_empty());
        let people = export.annotators.iter().filter(|annotator| export.layer(document, annotator).is_some()).count();
        tell(Kind::SeveralAnnotators, "apart", people > 1);
    }
    for annotator in &export.annotators {
        if lacks(Kind::Annotators) {
            losses.add(Kind::Annotators, "side-file", || json!({ "name": annotator }));
        }
    }
    if lacks(Kind::Schema) {
        losses.add(Kind::Schema, "left-out", || json!({ "name": export.project.name }));
    }
    for (key, layer) in export.project.layers.iter() {
        if let Some(document) = export.project.document_of(key) {
            of_layer(export, format, key, layer, document, &mut losses);
        }
    }
    if lacks(Kind::Names) && format.holds(Kind::Labels) {
        names(export, format, &mut losses);
    }
    losses.found.into_values().collect()
}

/// Names of labels and relations that are written otherwise, each once.
fn names(export: &Export, format: Format, losses: &mut Losses) {
    let layers = || export.project.layers.values();
    let labels = layers().flat_map(|layer| layer.iter().map(|annotation| annotation.label.as_str()));
    let relations = layers().flat_map(|layer| layer.relations().map(|relation| relation.kind.as_str()));
    let written: BTreeSet<&str> = labels.chain(relations.filter(|_| format.holds(Kind::Relations))).collect();
    for name in written.into_iter().filter(|name| format.written_name(name) != *name) {
        losses.add(Kind::Names, "underscore", || json!({ "name": name }));
    }
}

/// What is said beside the labels of a layer.
fn remarks(key: &LayerKey, layer: &Layer, losses: &mut Losses) {
    for remark in layer.remarks() {
        let kind = if Decision::read(remark).is_some() {
            Kind::Decisions
        } else if remark.is(Remark::COMMENT) {
            Kind::Comments
        } else {
            Kind::Remarks
        };
        losses.add(kind, "left-out", || {
            let said = remark.says.get("text").or_else(|| remark.says.get("choice")).and_then(Value::as_str);
            let text = said.map(|said| said.chars().take(QUOTE).collect::<String>());
            json!({ "document": key.document, "annotator": key.annotator, "id": remark.id, "name": text.unwrap_or_else(|| remark.id.to_string()) })
        });
    }
}

fn of_layer(export: &Export, format: Format, key: &LayerKey, layer: &Layer, document: &Document, losses: &mut Losses) {
    let lacks = |kind: Kind| !format.holds(kind);
    if lacks(Kind::Statuses) && layer.status() != Status::New {
        losses.add(Kind::Statuses, "left-out", || json!({ "document": key.document, "annotator": key.annotator }));
    }
    if lacks(Kind::Unlabelled) && layer.is_empty() {
        losses.add(Kind::Unlabelled, "left-out", || json!({ "document": key.document, "annotator": key.annotator }));
    }
    if lacks(Kind::Remarks) {
        remarks(key, layer, losses);
    }
    if lacks(Kind::Labels) {
        for annotation in layer.iter() {
            losses.label(Kind::Labels, "left-out", key, document, annotation);
        }
        return;
    }
    let is_flat = format.code().is_some_and(|code| code.is_flat);
    let rule = if is_flat { export.options.overlap.name() } else { "left-out" };
    overlaps(layer, |kind, annotation| {
        if lacks(kind) {
            losses.label(kind, rule, key, document, annotation);
        }
    });
    for annotation in layer.iter() {
        let said = [
            (Kind::Pieces, "hull", annotation.extent.is_in_pieces()),
            (Kind::SpanAttributes, "left-out", !annotation.attributes.is_empty()),
            (Kind::SpanNotes, "left-out", annotation.note.is_some()),
            (Kind::Unsure, "left-out", annotation.unsure),
            (Kind::Origins, "left-out", annotation.origin != crate::annotation::Origin::Person),
        ];
        for (kind, rule, _) in said.into_iter().filter(|(kind, _, is_there)| *is_there && lacks(*kind)) {
            losses.label(kind, rule, key, document, annotation);
        }
    }
    if format == Format::Tei {
        for annotation in layer.iter().filter(|annotation| !is_value_in_xml(&json!([annotation.label, annotation.note, annotation.attributes]))) {
            losses.label(Kind::Characters, "underscore", key, document, annotation);
        }
        for relation in layer.relations().filter(|relation| !is_value_in_xml(&json!([relation.kind, relation.note, relation.attributes]))) {
            losses.add(Kind::Characters, "underscore", || json!({ "document": key.document, "id": relation.id, "name": relation.kind }));
        }
    }
    for relation in layer.relations() {
        let said =
            [(Kind::Relations, true), (Kind::RelationAttributes, !relation.attributes.is_empty()), (Kind::RelationNotes, relation.note.is_some())];
        for (kind, _) in said.into_iter().filter(|(kind, is_there)| *is_there && lacks(*kind)) {
            losses.relation(kind, key, relation);
        }
    }
    if lacks(Kind::CutTokens) || lacks(Kind::NoToken) || is_flat {
        let on_tokens = export.on_tokens(document, layer);
        for label in on_tokens.labels.iter().filter(|label| label.is_cut && (lacks(Kind::CutTokens) || is_flat)) {
            losses.label(Kind::CutTokens, export.options.cut.name(), key, document, &label.annotation);
        }
        for annotation in &on_tokens.without {
            losses.label(Kind::NoToken, "left-out", key, document, annotation);
        }
        let without: BTreeSet<&AnnotationId> = on_tokens.without.iter().map(|annotation| &annotation.id).collect();
        let is_without = |id: &AnnotationId| without.contains(id);
        for relation in layer.relations().filter(|relation| !lacks(Kind::Relations) && (is_without(&relation.from) || is_without(&relation.to))) {
            losses.relation(Kind::Relations, key, relation);
        }
        if is_flat {
            let stands: BTreeSet<usize> = on_tokens.columns(export, 1).concat().into_iter().collect();
            for (_, label) in on_tokens.labels.iter().enumerate().filter(|(at, _)| !stands.contains(at)) {
                losses.label(Kind::LeftOut, rule, key, document, &label.annotation);
            }
        }
    }
}

/// Tells of each label that lies in another, crosses one before it, or is where one before it is.
pub(crate) fn overlaps(layer: &Layer, mut tell: impl FnMut(Kind, &Annotation)) {
    // Ends of labels that start before the one at hand, and of those that start with it.
    let mut ends: BTreeSet<Offset> = BTreeSet::new();
    let mut together: Vec<Offset> = Vec::new();
    let mut start = Offset::ZERO;
    let mut before: Option<crate::span::Span> = None;
    for annotation in layer.iter() {
        let hull = annotation.extent.hull();
        if hull.start() > start {
            ends.extend(together.drain(..));
            start = hull.start();
            ends = ends.split_off(&start);
        }
        if before == Some(hull) {
            tell(Kind::SamePlace, annotation);
        }
        // In reading order the longest of those that start together comes first.
        let is_in_earlier = ends.range(hull.end()..).next().is_some();
        if is_in_earlier || together.first().is_some_and(|end| *end > hull.end()) {
            tell(Kind::Nested, annotation);
        }
        if ends.range(hull.start().plus(1)..hull.end()).next().is_some() {
            tell(Kind::Crossing, annotation);
        }
        if together.last() != Some(&hull.end()) {
            together.push(hull.end());
        }
        before = Some(hull);
    }
}
