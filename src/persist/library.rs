//! Records of documents: the whole one, and the card that the library shows without reading the text.

use super::journal::Unreadable;
use super::migrate;
use crate::adjudicate::is_gold;
use crate::blind::{self, Sight};
use crate::id::{Annotator, DocumentId};
use crate::layer::{Layer, Status};
use crate::project::{Document, sha256};
use crate::text::Text;
use crate::training;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A document as it is kept. Times are in milliseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentRecord {
    /// The document.
    pub document: Arc<Document>,
    /// When it came.
    pub added: u64,
    /// When it was put in the bin, if it was.
    pub binned: Option<u64>,
}

#[derive(Deserialize)]
struct Stored {
    title: String,
    text: String,
    sha256: String,
    #[serde(default)]
    meta: Map<String, Value>,
    #[serde(default)]
    added: u64,
    #[serde(default)]
    binned: Option<u64>,
}

impl DocumentRecord {
    /// The record's value.
    #[must_use]
    pub fn encode(&self) -> String {
        let document = &self.document;
        let mut record = json!({
            "v": migrate::VERSION, "title": document.title, "text": document.text.as_str(),
            "sha256": document.sha256, "meta": document.meta, "added": self.added,
        });
        if let Some(binned) = self.binned {
            record["binned"] = binned.into();
        }
        record.to_string()
    }

    /// Reads a record. The flag says whether the text is the one that its digest was made of; the document has its true digest.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn decode(id: DocumentId, raw: &str) -> Result<(Self, bool), Unreadable> {
        let mut record = Self::decode_as_stated(id, raw)?;
        let digest = sha256(record.document.text.as_str());
        let sound = *record.document.sha256 == *digest;
        record.correct(digest);
        Ok((record, sound))
    }

    /// As [`Self::decode`], but the document has the digest that the record states: for whoever can have it made beside other
    /// work, and then calls [`Self::correct`].
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn decode_as_stated(id: DocumentId, raw: &str) -> Result<Self, Unreadable> {
        let stored: Stored = migrate::read(raw, None)?;
        let text = Arc::new(Text::new(stored.text));
        let document = Document { id, title: stored.title.into(), text, sha256: stored.sha256.into(), meta: stored.meta };
        Ok(Self { document: Arc::new(document), added: stored.added, binned: stored.binned })
    }

    /// Gives the document its true digest.
    pub fn correct(&mut self, digest: String) {
        if *self.document.sha256 != *digest {
            self.document = Arc::new(Document { sha256: digest.into(), ..Document::clone(&self.document) });
        }
    }
}

/// What the library shows of a document. Times are in milliseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// How people call it.
    pub title: String,
    /// How long the text is, in code points.
    pub characters: u32,
    /// The digest of the text.
    pub sha256: String,
    /// When it came.
    #[serde(default)]
    pub added: u64,
    /// When it was put in the bin, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub binned: Option<u64>,
    /// What each annotator has done.
    #[serde(default)]
    pub layers: BTreeMap<Annotator, LayerCard>,
    /// Who gives it as a test, as its gold layer says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<Annotator>,
}

/// What the library shows of a layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayerCard {
    /// How far the work has come.
    pub status: Status,
    /// How many labels.
    pub spans: usize,
    /// The layer's revision.
    pub revision: u64,
    /// When it was last touched.
    pub updated: u64,
    /// By how much the revision that files state is ahead of the journal's: an import of a newer layer is one step here,
    /// and the file's revision must not be given out again for less.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub ahead: u64,
    /// Of a layer as a file brought it, when it was last changed: as the file says, or 0 where it does not say. Nothing where it was
    /// changed here since, or never came in a file: then `updated` says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<u64>,
}

impl LayerCard {
    /// When the layer was last changed, here or elsewhere, where that is known.
    #[must_use]
    pub fn changed(&self) -> Option<u64> {
        self.when.or(Some(self.updated)).filter(|when| *when > 0)
    }
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Card {
    /// The card of a document that nobody has labelled.
    #[must_use]
    pub fn of(record: &DocumentRecord) -> Self {
        let document = &record.document;
        Self {
            title: document.title.to_string(),
            characters: document.text.len().get(),
            sha256: document.sha256.to_string(),
            added: record.added,
            binned: record.binned,
            layers: BTreeMap::new(),
            test: None,
        }
    }

    /// Takes note of a layer as it is now.
    pub fn note(&mut self, annotator: &Annotator, line: LayerCard, layer: &Layer) {
        self.layers.insert(annotator.clone(), line);
        if is_gold(annotator) {
            self.test = training::given_by(layer);
        }
    }

    /// Whether a person may see somebody's labels of it: see [`blind`].
    #[must_use]
    pub fn may_see(&self, own: &Annotator, is_blind: bool, whose: &Annotator) -> bool {
        let is_done = self.layers.get(own).is_some_and(|line| line.status == Status::Done);
        blind::may_see(&Sight { own, is_done, is_blind, test: self.test.as_ref() }, whose)
    }

    /// The record's value.
    #[must_use]
    pub fn encode(&self) -> String {
        migrate::write(self)
    }

    /// Reads a record.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn decode(raw: &str) -> Result<Self, Unreadable> {
        migrate::read(raw, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> DocumentRecord {
        let document = Document::new("d".into(), "عنوان", "قالت باكو\r\n\u{0}لا");
        DocumentRecord { document: Arc::new(document), added: 5, binned: Some(7) }
    }

    #[test]
    fn a_document_reads_back() {
        let (read, sound) = DocumentRecord::decode("d".into(), &record().encode()).expect("as written");
        assert!(sound);
        assert_eq!(read, record());
        assert_eq!(read.document.text, record().document.text);
    }

    #[test]
    fn a_changed_text_is_told_and_kept() {
        let raw = record().encode().replace("باكو", "يريفان");
        let (read, sound) = DocumentRecord::decode("d".into(), &raw).expect("readable");
        assert!(!sound);
        assert_eq!(&*read.document.sha256, crate::project::sha256(read.document.text.as_str()));
    }

    #[test]
    fn a_card_reads_back_and_a_newer_one_is_refused() {
        let mut card = Card::of(&record());
        card.layers.insert("a".into(), LayerCard { status: Status::InProgress, spans: 3, revision: 41, updated: 9, ahead: 2, when: None });
        assert!(!card.encode().contains("test"), "a card that an older program wrote has no such field: {}", card.encode());
        assert_eq!(Card::decode(&card.encode()), Ok(card.clone()));
        card.test = Some("هدى".into());
        assert_eq!(card.characters, 14);
        assert_eq!(Card::decode(&card.encode()), Ok(card.clone()));
        assert_eq!(Card::decode(&card.encode().replace("\"v\":1", "\"v\":9")), Err(Unreadable::TooNew { version: 9 }));
    }
}
