//! Findings of the checks, in English, with where they are.

use crate::check::{About, Checker, Finding, Why};
use crate::formats::{Import, Place};
use crate::project::LayerKey;
use crate::schema::Schema;
use crate::text::{Text, Vocabulary};
use serde_json::{Map, Value, json};
use std::fmt;

/// The most characters of a label that are shown.
const SHOWN: usize = 40;

/// A finding and where it is.
pub(super) struct Located {
    place: Place,
    key: LayerKey,
    /// The words of the label, or of the label where the relation starts.
    quote: String,
    finding: Finding,
}

/// What there is to look at in all layers.
pub(super) fn find(import: &Import) -> Vec<Located> {
    let default = Schema::default();
    let schema = import.schema.as_deref().unwrap_or(&default);
    let mut vocabulary = Vocabulary::new();
    for document in import.documents.values() {
        vocabulary.add(&document.text);
    }
    let mut found = Vec::new();
    for (key, layer) in import.layers.iter() {
        let Some(document) = import.documents.get(&key.document) else { continue };
        let text: &Text = &document.text;
        let place = import.places.get(key).cloned().unwrap_or_default();
        for finding in (Checker { text, layer, schema, vocabulary: &vocabulary }).all() {
            let quote = text.slice(finding.span.range()).unwrap_or_default().to_owned();
            found.push(Located { place: place.clone(), key: key.clone(), quote, finding });
        }
    }
    found
}

impl Located {
    /// Whether it breaks a rule for certain.
    pub(super) fn is_fault(&self) -> bool {
        self.finding.why.is_fault()
    }

    /// As a JSON object.
    pub(super) fn report(&self) -> Value {
        let Finding { about, others, span, why, fix } = &self.finding;
        let (is, id) = match about {
            About::Annotation(id) => ("label", id.as_str()),
            About::Relation(id) => ("relation", id.as_str()),
        };
        let params: Map<String, Value> = why.params().into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
        json!({
            "file": self.place.file, "line": self.place.line, "document": self.key.document, "annotator": self.key.annotator,
            "about": is, "id": id, "start": span.start().get(), "end": span.end().get(), "text": self.quote,
            "check": why.kind(), "code": why.id(), "fault": self.is_fault(), "message": Words(why).to_string(), "params": params,
            "others": others, "fixable": fix.is_some(),
        })
    }
}

impl fmt::Display for Located {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.place.file, self.place.line) {
            (Some(file), Some(line)) => write!(formatter, "{file}:{line}: ")?,
            (Some(file), None) => write!(formatter, "{file}: ")?,
            (None, Some(line)) => write!(formatter, "line {line}: ")?,
            (None, None) => {}
        }
        if !self.is_fault() {
            formatter.write_str("remark: ")?;
        }
        match &self.finding.about {
            About::Annotation(id) => write!(formatter, "label \"{id}\"")?,
            About::Relation(id) => write!(formatter, "relation \"{id}\"")?,
        }
        let (span, LayerKey { document, annotator }) = (self.finding.span, &self.key);
        write!(formatter, " by \"{annotator}\" on \"{document}\", {} to {}, ", span.start(), span.end())?;
        // A line end in the words would look like another finding.
        let mut shown = self.quote.chars().map(|character| if character.is_control() { ' ' } else { character });
        let start: String = shown.by_ref().take(SHOWN).collect();
        let more = if shown.next().is_some() { "…" } else { "" };
        write!(formatter, "\"{start}{more}\": {}", Words(&self.finding.why))?;
        if !self.finding.others.is_empty() && matches!(self.finding.about, About::Annotation(_)) {
            let others: Vec<&str> = self.finding.others.iter().map(|id| id.as_str()).collect();
            write!(formatter, " ({})", others.join(", "))?;
        }
        Ok(())
    }
}

/// A reason in English.
struct Words<'a>(&'a Why);

impl fmt::Display for Words<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        use crate::schema::Overlap;
        match self.0 {
            Why::Edges => formatter.write_str("white space or punctuation at an edge"),
            Why::CliticInside => formatter.write_str("begins with a clitic that stays outside by the policy"),
            Why::CliticOutside => formatter.write_str("leaves a clitic outside that stays inside by the policy"),
            Why::WordCut => formatter.write_str("cuts a word where no clitic ends"),
            Why::Unbalanced { mark } => write!(formatter, "{mark} has no partner in it"),
            Why::RelationMissing { relation } => write!(formatter, "no relation \"{relation}\" starts at it"),
            Why::AttributeMissing { attribute } => write!(formatter, "nothing is said of \"{attribute}\", which is required"),
            Why::Overlaps { rule: Overlap::Nest } => formatter.write_str("crosses a label of its kind"),
            Why::Overlaps { .. } => formatter.write_str("lies on a label of its kind"),
            Why::Differs { label } => write!(formatter, "the same text is labelled \"{label}\" nearby"),
            Why::Long { length, limit } => write!(formatter, "{length} characters long; unusual from {limit} on"),
            Why::RelationUnknown { relation } => write!(formatter, "the schema has no relation \"{relation}\""),
            Why::RelationEnds { relation } => write!(formatter, "\"{relation}\" may not join these labels"),
            Why::RelationMany { relation, most } => write!(formatter, "more than {most} \"{relation}\" start at one label"),
        }
    }
}
