//! Labels and relations as records: the one shape that files, snapshots and journals share.

use super::anchor::{Anchor, NoAnchor, anchor};
use super::problem::ProblemCode;
use crate::annotation::{Annotation, Origin, Relation};
use crate::id::{AnnotationId, LabelId, RelationId, RelationKind};
use crate::text::Text;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// A label as it is written. Offsets are in code points; `end` does not belong to the label.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpanRecord {
    /// Its name; a file may leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<AnnotationId>,
    /// The first character.
    pub start: u32,
    /// The place after the last character.
    pub end: u32,
    /// What kind of label.
    pub label: LabelId,
    /// The words it is on; pieces are joined by ` … `.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Start and end of each piece, where there are several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pieces: Vec<(u32, u32)>,
    /// What more is said of it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, Value>,
    /// The annotator's remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Whether the annotator has doubts; nothing where not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unsure: bool,
    /// Who put it there; nothing where a person did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

/// A relation as it is written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RelationRecord {
    /// Its name; a file may leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<RelationId>,
    /// What kind of tie.
    pub label: RelationKind,
    /// Where it starts.
    pub from: AnnotationId,
    /// Where it leads.
    pub to: AnnotationId,
    /// What more is said of it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, Value>,
    /// The annotator's remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl SpanRecord {
    /// The record of an annotation, with its quote.
    #[must_use]
    pub fn of(annotation: &Annotation, text: &Text) -> Self {
        let hull = annotation.extent.hull();
        let in_pieces = annotation.extent.is_in_pieces();
        let pieces = annotation.extent.pieces().iter().map(|piece| (piece.start().get(), piece.end().get()));
        Self {
            id: Some(annotation.id.clone()),
            start: hull.start().get(),
            end: hull.end().get(),
            label: annotation.label.clone(),
            text: annotation.extent.quote(text),
            pieces: if in_pieces { pieces.collect() } else { Vec::new() },
            attributes: annotation.attributes.clone(),
            note: annotation.note.clone(),
            unsure: annotation.unsure,
            origin: (annotation.origin != Origin::Person).then(|| annotation.origin.clone()),
        }
    }

    /// The annotation, where its words are; with a remark where that is not where it should be. `unnamed` is its name if it has none.
    ///
    /// # Errors
    /// When no place can be believed.
    pub fn place(self, text: &Text, unnamed: &AnnotationId) -> Result<(Annotation, Option<ProblemCode>), ProblemCode> {
        let id = self.id.unwrap_or_else(|| unnamed.clone());
        let span = || id.to_string();
        let (start, end) = (self.start, self.end);
        let hull = self.pieces.first().zip(self.pieces.last()).map(|(first, last)| (first.0, last.1));
        // Without a quote nothing says which of the two is meant.
        if hull.is_some_and(|hull| hull != (start, end)) && self.text.is_none() {
            return Err(ProblemCode::BadPieces { span: span() });
        }
        let plain = [(start, end)];
        let stated = if self.pieces.is_empty() { &plain[..] } else { &self.pieces[..] };
        let quote = || self.text.clone().unwrap_or_default();
        let found = anchor(text, stated, self.text.as_deref()).map_err(|why| match why {
            NoAnchor::Empty if self.pieces.is_empty() => ProblemCode::SpanEmpty { span: span(), start, end },
            NoAnchor::Empty | NoAnchor::BadPieces => ProblemCode::BadPieces { span: span() },
            NoAnchor::Outside => ProblemCode::SpanOutside { span: span(), start, end, length: text.len().get() },
            NoAnchor::NotFound => ProblemCode::QuoteNotFound { span: span(), start, end, quote: quote() },
            NoAnchor::Ambiguous => ProblemCode::QuoteAmbiguous { span: span(), start, end, quote: quote() },
        })?;
        let moved = match &found {
            Anchor::Stated(_) => None,
            Anchor::Moved(extent, by) => Some(ProblemCode::SpanMoved {
                span: span(),
                from_start: start,
                from_end: end,
                to_start: extent.hull().start().get(),
                to_end: extent.hull().end().get(),
                by: *by,
            }),
        };
        let annotation = Annotation {
            id,
            extent: found.extent(),
            label: self.label,
            attributes: self.attributes,
            note: self.note.filter(|note| !note.is_empty()),
            unsure: self.unsure,
            origin: self.origin.unwrap_or_default(),
        };
        Ok((annotation, moved))
    }
}

impl RelationRecord {
    /// The record of a relation.
    #[must_use]
    pub fn of(relation: &Relation) -> Self {
        Self {
            id: Some(relation.id.clone()),
            label: relation.kind.clone(),
            from: relation.from.clone(),
            to: relation.to.clone(),
            attributes: relation.attributes.clone(),
            note: relation.note.clone(),
        }
    }

    /// The relation. `unnamed` is its name if it has none.
    #[must_use]
    pub fn into_relation(self, unnamed: &RelationId) -> Relation {
        Relation {
            id: self.id.unwrap_or_else(|| unnamed.clone()),
            kind: self.label,
            from: self.from,
            to: self.to,
            attributes: self.attributes,
            note: self.note.filter(|note| !note.is_empty()),
        }
    }
}
