//! What is wrong in a file: where, and why, as data. The command line says it in English, the page in its own words.

use super::units::Unit;
use crate::project::LayerKey;
use std::fmt;

/// One thing that is wrong in what was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which file, where several are read.
    pub file: Option<String>,
    /// Which line of it, from 1.
    pub line: Option<u32>,
    /// What is wrong.
    pub code: ProblemCode,
    /// Whose labels of which document it is about, as the file names them; nothing where it is about no labels, or whose is not known.
    pub about: Option<LayerKey>,
}

impl Problem {
    /// A problem of a line, from 1, of a file that the caller knows.
    #[must_use]
    pub fn at(line: u32, code: ProblemCode) -> Self {
        Self { file: None, line: Some(line), code, about: None }
    }

    /// A problem of a file as a whole.
    #[must_use]
    pub fn whole(code: ProblemCode) -> Self {
        Self { file: None, line: None, code, about: None }
    }
}

/// Declares the codes once: the variant with its data, its stable name, and its English sentence.
macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident { $($(#[$field_doc:meta])* $field:ident : $type:ty),* $(,)? } = $id:literal, $english:literal;)*) => {
        /// What is wrong, with what is needed to say it in any language. Offsets are in code points.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum ProblemCode {
            $($(#[$doc])* $variant { $($(#[$field_doc])* $field: $type),* },)*
        }

        impl ProblemCode {
            /// The names of all codes.
            pub const IDS: &'static [&'static str] = &[$($id),*];

            /// A name that scripts and translations rely on.
            #[must_use]
            pub fn id(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $id,)*
                }
            }

            /// The data by name, to be put into a sentence.
            #[must_use]
            pub fn params(&self) -> Vec<(&'static str, String)> {
                match self {
                    $(Self::$variant { $($field),* } => vec![$((stringify!($field), $field.to_string())),*],)*
                }
            }
        }

        impl fmt::Display for ProblemCode {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$variant { $($field),* } => write!(formatter, $english $(, $field = $field)*),)*
                }
            }
        }
    };
}

codes! {
    /// The bytes are not what the encoding says; unreadable ones became U+FFFD.
    BadEncoding {
        /// The encoding it was read in.
        encoding: String,
    } = "bad-encoding", "some bytes mean nothing in {encoding}";
    /// There is nothing in the file.
    EmptyFile {} = "empty-file", "the file is empty";
    /// A line is not JSON.
    BadJson {
        /// Where and why, in the parser's words.
        detail: String,
    } = "bad-json", "not a JSON object: {detail}";
    /// A line says nothing of what it is, or something unknown; it is passed over.
    UnknownKind {
        /// What it says.
        kind: String,
    } = "unknown-kind", "a line of unknown kind \"{kind}\" is passed over";
    /// A newer program wrote it; what follows in that file is not guessed at.
    TooNew {
        /// The version it names.
        version: u64,
    } = "too-new", "written by a newer version of the format ({version}); the rest of the file is not read";
    /// A field is missing, or not what it should be.
    BadField {
        /// Its name.
        field: String,
    } = "bad-field", "the field \"{field}\" is missing or not understood";
    /// The text is not the one its digest was made of; it is kept with its true digest.
    DigestMismatch {
        /// The document's name.
        document: String,
        /// The digest in the file.
        stated: String,
        /// The digest of the text.
        found: String,
    } = "digest-mismatch", "the text of \"{document}\" is not the one its sha256 was made of (stated {stated}, is {found})";
    /// Two documents of one name have different texts; the first is kept.
    DocumentConflict {
        /// Their name.
        document: String,
    } = "document-conflict", "another document \"{document}\" came first, with a different text or title";
    /// Labels of a document that is not there; they are kept aside.
    UnknownDocument {
        /// The document's name.
        document: String,
        /// Whose labels.
        annotator: String,
    } = "unknown-document", "labels by \"{annotator}\" for \"{document}\", which is not there";
    /// Labels of a document that is not there were put on the only one that has their words.
    FoundByQuotes {
        /// The document's name in the file.
        document: String,
        /// Whose labels.
        annotator: String,
        /// The name of the one that has the words.
        here: String,
    } = "found-by-quotes", "labels by \"{annotator}\" for \"{document}\", which is not there; their words are those of \"{here}\"";
    /// Two versions of a layer have one revision and differ; the first is kept.
    SameRevision {
        /// The document's name.
        document: String,
        /// Whose labels.
        annotator: String,
        /// The revision of both.
        revision: u64,
    } = "same-revision", "labels by \"{annotator}\" on \"{document}\" came before with the same revision {revision} and differ; the first are kept";
    /// Labels without their quotes are taken at their word.
    QuotesMissing {
        /// The document's name.
        document: String,
        /// Whose labels.
        annotator: String,
        /// How many.
        count: usize,
    } = "quotes-missing", "{count} labels by \"{annotator}\" on \"{document}\" have no \"text\"; their places cannot be checked";
    /// A label cannot be read.
    SpanUnreadable {
        /// Why, in the parser's words.
        detail: String,
    } = "span-unreadable", "a label cannot be read: {detail}";
    /// A label on nothing.
    SpanEmpty {
        /// Its name.
        span: String,
        /// Where it starts.
        start: u32,
        /// Where it ends.
        end: u32,
    } = "span-empty", "label \"{span}\" covers nothing ({start} to {end})";
    /// A label past the end of the text.
    SpanOutside {
        /// Its name.
        span: String,
        /// Where it starts.
        start: u32,
        /// Where it ends.
        end: u32,
        /// How long the text is.
        length: u32,
    } = "span-outside", "label \"{span}\" ({start} to {end}) runs past the end of the text ({length})";
    /// A name that another label has; the first is kept.
    SpanTwice {
        /// The name.
        span: String,
    } = "span-twice", "a second label is named \"{span}\"; the first is kept";
    /// Pieces that are empty, not in order, not apart, or not what `start` and `end` say.
    BadPieces {
        /// The label's name.
        span: String,
    } = "bad-pieces", "the pieces of label \"{span}\" are empty, not in order, not apart, or not from its start to its end";
    /// The words that the label is on are not in the text.
    QuoteNotFound {
        /// The label's name.
        span: String,
        /// Where it should start.
        start: u32,
        /// Where it should end.
        end: u32,
        /// The words.
        quote: String,
    } = "quote-not-found", "label \"{span}\" should be on \"{quote}\" at {start} to {end}; the text does not have these words";
    /// The words are in the text twice, equally near.
    QuoteAmbiguous {
        /// The label's name.
        span: String,
        /// Where it should start.
        start: u32,
        /// Where it should end.
        end: u32,
        /// The words.
        quote: String,
    } = "quote-ambiguous", "label \"{span}\" should be on \"{quote}\" at {start} to {end}; these words are there twice, equally near";
    /// The words are elsewhere, and the label is now there.
    SpanMoved {
        /// The label's name.
        span: String,
        /// Where the file has it.
        from_start: u32,
        /// Where the file has its end.
        from_end: u32,
        /// Where it is.
        to_start: u32,
        /// Where it ends.
        to_end: u32,
        /// How its words were found.
        by: crate::formats::anchor::MovedBy,
    } = "span-moved", "label \"{span}\" moved from {from_start}–{from_end} to {to_start}–{to_end}, where its words are ({by})";
    /// A label that the schema does not have; it is kept.
    UnknownLabel {
        /// The label's name.
        span: String,
        /// Its kind.
        label: String,
    } = "unknown-label", "label \"{span}\" is of kind \"{label}\", which the schema does not have";
    /// A relation cannot be read.
    RelationUnreadable {
        /// Why, in the parser's words.
        detail: String,
    } = "relation-unreadable", "a relation cannot be read: {detail}";
    /// A name that another relation has; the first is kept.
    RelationTwice {
        /// The name.
        relation: String,
    } = "relation-twice", "a second relation is named \"{relation}\"; the first is kept";
    /// A relation to or from a label that is not there.
    RelationEndMissing {
        /// The relation's name.
        relation: String,
        /// The name of the label that is not there.
        missing: String,
    } = "relation-end-missing", "relation \"{relation}\" needs label \"{missing}\", which is not there";
    /// Something in a schema's file has no counterpart here.
    SchemaPassedOver {
        /// What, as the file writes it.
        what: String,
        /// Of which label, relation or attribute.
        name: String,
    } = "schema-passed-over", "\"{what}\" of \"{name}\" has no counterpart and is passed over";
    /// A format has no place for something that a schema has.
    SchemaNotHeld {
        /// What, as the own format writes it.
        what: String,
        /// Of which labels, relations or attributes.
        names: String,
    } = "schema-not-held", "the format has no place for \"{what}\" of {names}";
    /// A format cannot write a name.
    SchemaRenamed {
        /// The name.
        from: String,
        /// What is written instead.
        to: String,
    } = "schema-renamed", "the format cannot write the name \"{from}\"; it is \"{to}\" there";
    /// Two of a kind have one name; the first is kept.
    SchemaNameTwice {
        /// The name.
        name: String,
    } = "schema-name-twice", "\"{name}\" is there twice; the first is kept";
    /// A label is named that is not there.
    SchemaUnknownLabel {
        /// Where it is named.
        name: String,
        /// The label that is not there.
        label: String,
    } = "schema-unknown-label", "\"{name}\" names the label \"{label}\", which is not there";
    /// A key that is no digit from 1 to 9, or that another label has.
    SchemaKey {
        /// The label.
        name: String,
        /// The key.
        key: String,
    } = "schema-key", "\"{name}\" cannot have the key \"{key}\": it is no digit from 1 to 9, or taken";
    /// A colour that is not written as `#rrggbb`.
    SchemaColour {
        /// The label.
        name: String,
        /// The colour.
        colour: String,
    } = "schema-colour", "the colour \"{colour}\" of \"{name}\" is not understood; it gets another";
    /// A relation that may now join more than the file says.
    SchemaLoosened {
        /// The relation.
        name: String,
    } = "schema-loosened", "\"{name}\" may now join more labels than the file says";
    /// An archive that cannot be read, or not to its end.
    ArchiveUnreadable {
        /// Why, in the reader's words.
        detail: String,
    } = "archive-unreadable", "the archive cannot be read: {detail}";
    /// A file in an archive that cannot be unpacked.
    ArchiveEntry {
        /// The file.
        path: String,
        /// Why, in the reader's words.
        detail: String,
    } = "archive-entry", "\"{path}\" in the archive cannot be unpacked: {detail}";
    /// A file in an archive that would not stay in its folder.
    ArchivePath {
        /// The file.
        path: String,
    } = "archive-path", "\"{path}\" in the archive leads outside of it and is not read";
    /// Two files of an archive have one name; the first is read.
    ArchiveTwice {
        /// The file.
        path: String,
    } = "archive-twice", "\"{path}\" is in the archive twice; the first is read";
    /// A file in an archive that is far larger than it is packed.
    ArchiveBomb {
        /// The file.
        path: String,
        /// How many times larger is allowed.
        ratio: u64,
    } = "archive-bomb", "\"{path}\" in the archive is more than {ratio} times as large as it is packed; it is not read";
    /// An archive that has more in it than is read.
    ArchiveTooLarge {
        /// How much is.
        limit: String,
    } = "archive-too-large", "the archive has more than {limit}; the rest is not read";
    /// A line of a format that is not understood.
    BadLine {
        /// What of it.
        what: String,
    } = "bad-line", "\"{what}\" is not understood and is passed over";
    /// A file that another one needs is not there.
    PartMissing {
        /// The missing file.
        part: String,
    } = "part-missing", "\"{part}\", which belongs to it, is not there";
    /// A position in the middle of a character.
    OffsetInside {
        /// The label's name.
        span: String,
        /// The position.
        at: u32,
        /// What it counts.
        unit: Unit,
    } = "offset-inside", "label \"{span}\" has the position {at}, which is past the end or inside a character ({unit})";
    /// Nothing in a file says what its positions count.
    UnitGuessed {
        /// What they are taken to count.
        unit: Unit,
    } = "unit-guessed", "nothing says for certain what the positions count; they are taken as {unit}";
    /// Positions that do not count what they should, as their quotes say.
    UnitDiffers {
        /// How many labels.
        count: usize,
        /// What they should count.
        unit: Unit,
    } = "unit-differs", "{count} labels have positions that do not count {unit}; their quotes say where they are";
    /// A file in no format that is known.
    UnknownFormat {} = "unknown-format", "no format is known for this file";
    /// A file that cannot be opened or read.
    Unreadable {
        /// Why, in the system's words.
        detail: String,
    } = "unreadable", "cannot be read: {detail}";
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.file, self.line) {
            (Some(file), Some(line)) => write!(formatter, "{file}:{line}: {}", self.code),
            (Some(file), None) => write!(formatter, "{file}: {}", self.code),
            (None, Some(line)) => write!(formatter, "line {line}: {}", self.code),
            (None, None) => self.code.fmt(formatter),
        }
    }
}
