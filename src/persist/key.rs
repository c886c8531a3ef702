//! Keys of records: `wusum/1/<project>/<document>/<annotator>/…`, each part percent-encoded.

use crate::id::{Annotator, DocumentId};
use crate::project::LayerKey;

/// The first two parts of every key: the program, and the version of the layout of keys.
const PREFIX: &str = "wusum/1/";

/// What a record is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// What a person has chosen in this project.
    Settings,
    /// The project's schema as it is; without one it is the default schema.
    Schema,
    /// One change of the schema; the number is the schema's revision after it, from 1.
    SchemaStep(u64),
    /// A document with its text.
    Document(DocumentId),
    /// What the library shows of a document.
    Card(DocumentId),
    /// A layer as it was at some revision.
    Snapshot(LayerKey),
    /// One step on a layer; the number is the revision after it, from 1.
    Journal(LayerKey, u64),
    /// A record of a layer that could not be read or did not fit, kept as it was, under a name made of its content.
    Aside(LayerKey, String),
}

impl Key {
    /// The layer that the record belongs to.
    #[must_use]
    pub fn layer(&self) -> Option<&LayerKey> {
        match self {
            Self::Settings | Self::Schema | Self::SchemaStep(_) | Self::Document(_) | Self::Card(_) => None,
            Self::Snapshot(layer) | Self::Journal(layer, _) | Self::Aside(layer, _) => Some(layer),
        }
    }
}

/// The keys of one project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keyspace {
    project: String,
}

impl Keyspace {
    /// The keys of the project with this name.
    #[must_use]
    pub fn new(project: impl Into<String>) -> Self {
        Self { project: project.into() }
    }

    /// The project's name.
    #[must_use]
    pub fn project(&self) -> &str {
        &self.project
    }

    /// What all keys of the project begin with.
    #[must_use]
    pub fn prefix(&self) -> String {
        format!("{PREFIX}{}/", encode(&self.project))
    }

    /// What the keys of all records of a layer begin with.
    #[must_use]
    pub fn layer_prefix(&self, layer: &LayerKey) -> String {
        format!("{}{}/{}/", self.prefix(), encode(layer.document.as_str()), encode(layer.annotator.as_str()))
    }

    /// What the keys of all steps of a layer begin with; in the order of strings, steps are in order.
    #[must_use]
    pub fn journal_prefix(&self, layer: &LayerKey) -> String {
        format!("{}journal/", self.layer_prefix(layer))
    }

    /// The key as a string.
    #[must_use]
    pub fn write(&self, key: &Key) -> String {
        match key {
            Key::Settings => format!("{}settings", self.prefix()),
            Key::Schema => format!("{}schema", self.prefix()),
            Key::SchemaStep(number) => format!("{}schema/{number:012}", self.prefix()),
            Key::Document(id) => format!("{}{}/document", self.prefix(), encode(id.as_str())),
            Key::Card(id) => format!("{}{}/card", self.prefix(), encode(id.as_str())),
            Key::Snapshot(layer) => format!("{}snapshot", self.layer_prefix(layer)),
            Key::Journal(layer, number) => format!("{}{number:012}", self.journal_prefix(layer)),
            Key::Aside(layer, name) => format!("{}aside/{}", self.layer_prefix(layer), encode(name)),
        }
    }

    /// The key that a string stands for; `None` for one of another project or another program.
    #[must_use]
    pub fn parse(&self, written: &str) -> Option<Key> {
        let parts: Vec<&str> = written.strip_prefix(PREFIX)?.split('/').collect();
        if decode(parts.first()?)? != self.project {
            return None;
        }
        let layer = |document: &str, annotator: &str| {
            Some(LayerKey { document: DocumentId::from(decode(document)?), annotator: Annotator::from(decode(annotator)?) })
        };
        let key = match parts.get(1..)? {
            ["settings"] => Key::Settings,
            ["schema"] => Key::Schema,
            ["schema", number] if number.bytes().all(|byte| byte.is_ascii_digit()) => Key::SchemaStep(number.parse().ok()?),
            [document, "document"] => Key::Document(DocumentId::from(decode(document)?)),
            [document, "card"] => Key::Card(DocumentId::from(decode(document)?)),
            [document, annotator, "snapshot"] => Key::Snapshot(layer(document, annotator)?),
            [document, annotator, "journal", number] => Key::Journal(layer(document, annotator)?, number.parse().ok()?),
            [document, annotator, "aside", name] => Key::Aside(layer(document, annotator)?, decode(name)?),
            _ => return None,
        };
        // One record, one key: what would be written otherwise is somebody else's.
        (self.write(&key) == written).then_some(key)
    }
}

/// Every byte but letters, digits and `- _ . ! ~ * ' ( )` as `%XX`, as `encodeURIComponent` does.
fn encode(part: &str) -> String {
    let mut encoded = String::with_capacity(part.len());
    for byte in part.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

fn decode(part: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let (high, low) = (digit(rest.next()?)?, digit(rest.next()?)?);
        bytes.push(high * 16 + low);
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn layer(document: &str, annotator: &str) -> LayerKey {
        LayerKey { document: document.into(), annotator: annotator.into() }
    }

    #[test]
    fn keys_are_the_ones_the_design_promises() {
        let keys = Keyspace::new("خبر 1");
        assert_eq!(Keyspace::new("p").write(&Key::Journal(layer("a/b", "سا"), 41)), "wusum/1/p/a%2Fb/%D8%B3%D8%A7/journal/000000000041");
        assert_eq!(Keyspace::new("p").write(&Key::Settings), "wusum/1/p/settings");
        assert_eq!(keys.parse(&keys.write(&Key::Settings)), Some(Key::Settings));
    }

    #[test]
    fn other_keys_are_left_alone() {
        let keys = Keyspace::new("p");
        for foreign in ["", "wusum", "wusum/1/p", "wusum/1/q/settings", "wusum/2/p/settings", "wusum/1/p/d/a/journal/7", "wusum/1/p/d/a/journal/x"] {
            assert_eq!(keys.parse(foreign), None, "{foreign}");
        }
        // The same bytes, not as this program writes them.
        assert_eq!(keys.parse("wusum/1/p/%64/document"), None);
        assert_eq!(keys.parse("wusum/1/p/%ZZ/document"), None);
    }

    #[test]
    fn steps_are_in_order_as_strings() {
        let keys = Keyspace::new("p");
        let written = |number| keys.write(&Key::Journal(layer("d", "a"), number));
        assert!(written(9) < written(10) && written(99_999) < written(100_000));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100))]

        #[test]
        fn a_key_reads_back(project in ".*", document in ".*", annotator in ".*", number in any::<u64>()) {
            let keys = Keyspace::new(project);
            let layer = layer(&document, &annotator);
            for key in [
                Key::Settings, Key::Schema, Key::SchemaStep(number), Key::Document(layer.document.clone()), Key::Card(layer.document.clone()), Key::Snapshot(layer.clone()),
                Key::Journal(layer.clone(), number), Key::Aside(layer.clone(), annotator.clone()),
            ] {
                prop_assert_eq!(keys.parse(&keys.write(&key)), Some(key));
            }
        }
    }
}
