//! A project: documents, the layers on them, and the schema.

use crate::id::{Annotator, DocumentId};
use crate::layer::Layer;
use crate::schema::Schema;
use crate::sorted::Sorted;
use crate::text::Text;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Everything that is worked on together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// How people call it.
    pub name: Arc<str>,
    /// What may be labelled.
    pub schema: Arc<Schema>,
    /// The texts.
    pub documents: Sorted<DocumentId, Arc<Document>>,
    /// Who labelled what.
    pub layers: Sorted<LayerKey, Layer>,
}

/// One text.
#[derive(Clone, Debug)]
pub struct Document {
    /// Unique within the project.
    pub id: DocumentId,
    /// How people call it.
    pub title: Arc<str>,
    /// As it came: never normalised, trimmed or mended.
    pub text: Arc<Text>,
    /// SHA-256 of the text's UTF-8 bytes, in lower-case hexadecimal.
    pub sha256: Arc<str>,
    /// What else its file said of it.
    pub meta: serde_json::Map<String, serde_json::Value>,
}

impl PartialEq for Document {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && self.title == other.title && self.sha256 == other.sha256 && self.meta == other.meta
    }
}

impl Eq for Document {}

/// Which layer: one annotator's work on one document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LayerKey {
    /// The text.
    pub document: DocumentId,
    /// Who labelled it.
    pub annotator: Annotator,
}

impl Document {
    /// A document of this text.
    #[must_use]
    pub fn new(id: DocumentId, title: impl Into<Arc<str>>, text: impl Into<String>) -> Self {
        let text = Text::new(text);
        let sha256 = sha256(text.as_str());
        Self { id, title: title.into(), text: Arc::new(text), sha256: sha256.into(), meta: serde_json::Map::new() }
    }
}

/// SHA-256 of the UTF-8 bytes, in lower-case hexadecimal.
#[must_use]
pub fn sha256(text: &str) -> String {
    use std::fmt::Write;
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a string does not fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

impl Project {
    /// A project without documents, with the default schema.
    #[must_use]
    pub fn new(name: impl Into<Arc<str>>) -> Self {
        Self { name: name.into(), schema: Arc::new(Schema::default()), documents: Sorted::default(), layers: Sorted::default() }
    }

    /// The layer with this key.
    #[must_use]
    pub fn layer(&self, key: &LayerKey) -> Option<&Layer> {
        self.layers.get(key)
    }

    /// The text that a layer is on.
    #[must_use]
    pub fn document_of(&self, key: &LayerKey) -> Option<&Arc<Document>> {
        self.documents.get(&key.document)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_the_published_one() {
        // FIPS 180-4, appendix: the digest of the empty message, and of "abc".
        assert_eq!(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
