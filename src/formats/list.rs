//! The list of formats: a name, its endings and its module, a line each. The page reads names only; the code stays out of it.

use super::export::Export;
use super::files::{self, Files};
use super::incoming::Incoming;
use super::loss::{Holds, Kind};
use super::sniff::Head;
use super::units::Unit;

macro_rules! formats {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, [$($ending:literal),*], $module:ident;)*) => {
        /// A format that can be read or written.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Format {
            $($(#[$doc])* $variant,)*
        }

        impl Format {
            /// All of them, in the order in which they are listed.
            pub const ALL: [Self; [$($name),*].len()] = [$(Self::$variant),*];

            /// The name that scripts and files rely on.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// How its files' names end, without the dot; the first is the one to write.
            #[must_use]
            pub fn extensions(self) -> &'static [&'static str] {
                match self {
                    $(Self::$variant => &[$($ending),*],)*
                }
            }

            /// How it is read and written; `None` where the program was built without it.
            #[cfg(feature = "datasets")]
            pub(super) fn code(self) -> Option<&'static Code> {
                match self {
                    $(Self::$variant => Some(&super::$module::CODE),)*
                }
            }
        }
    };
}

formats! {
    /// The own format, JSON Lines. Nothing is lost.
    Wusum = "wusum", ["jsonl", "ndjson", "json"], wusum;
    /// Plain text, without labels.
    Text = "text", ["txt", "text"], text;
    /// A table of labels, relations and texts.
    Csv = "csv", ["csv", "tsv"], csv;
    /// JSON Lines of doccano.
    Doccano = "doccano", ["jsonl", "json"], doccano;
    /// Tasks of Label Studio, in JSON.
    LabelStudio = "label-studio", ["json", "jsonl"], label_studio;
    /// Standoff of brat: a text and a file of labels for each document.
    Brat = "brat", ["ann"], brat;
    /// Documents of spaCy, a line each; lines of Prodigy are read.
    Spacy = "spacy", ["jsonl", "json"], spacy;
    /// W3C Web Annotation, in JSON-LD.
    WebAnnotation = "web-annotation", ["jsonld", "json"], web_annotation;
    /// Documents of GATE, in JSON.
    Gate = "gate", ["bdocjs", "json"], gate;
    /// JSON of PubAnnotation.
    Pubannotation = "pubannotation", ["json"], pubannotation;
    /// Columns of CoNLL-2003: a token a line.
    Conll2003 = "conll2003", ["conll", "iob", "bio", "iob2"], conll;
    /// Columns of nested labels: a token a line, a tag for each level.
    ConllNested = "conll-nested", ["conll", "iob", "bio", "iob2"], conll_nested;
    /// Token classification as Hugging Face has it: rows of tokens and tags, and a card.
    HuggingFace = "huggingface", ["jsonl", "json"], huggingface;
    /// CoNLL-U: words, with the text around them and labels in MISC.
    Conllu = "conllu", ["conllu", "conllup"], conllu;
    /// WebAnno TSV 3.3: a file for each document, tokens with layers beside them.
    WebAnno = "webanno-tsv", ["tsv"], webanno;
    /// XMI of UIMA, with its types beside it.
    CasXmi = "cas-xmi", ["xmi"], cas_xmi;
    /// CAS JSON of UIMA, with its types in it.
    CasJson = "cas-json", ["json"], cas_json;
    /// TEI P5 with labels standing off; only written.
    Tei = "tei", ["tei.xml"], tei;
}

impl Format {
    /// The format of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    #[cfg(not(feature = "datasets"))]
    pub(super) fn code(self) -> Option<&'static Code> {
        match self {
            Self::Wusum => Some(&super::wusum::CODE),
            Self::Text => Some(&super::text::CODE),
            _ => None,
        }
    }

    /// How the name ends of what [`super::write`] writes, without the dot: of several files, or with a word beside, an archive.
    #[must_use]
    pub fn stream_ending(self) -> String {
        match self {
            Self::Wusum | Self::Text => self.extensions().first().copied().unwrap_or_default().to_owned(),
            _ => format!("{}.zip", self.name()),
        }
    }

    /// The format of a file, by how it begins and by its name. Text that is nothing else is plain text.
    #[must_use]
    pub fn detect(file: Option<&str>, bytes: &[u8]) -> Self {
        let head = Head::new(file, bytes);
        let sniffed = Self::ALL.into_iter().find(|format| format.code().is_some_and(|code| (code.sniff)(&head)));
        sniffed.unwrap_or_else(|| {
            let is_own =
                Self::Wusum.extensions().contains(&head.ending()) || (head.ending().is_empty() && head.start().trim_start().starts_with("{\""));
            if is_own { Self::Wusum } else { Self::Text }
        })
    }

    /// Whether it can be read.
    #[must_use]
    pub fn is_read(self) -> bool {
        self.code().is_some_and(|code| code.read.is_some())
    }

    /// Whether it can be written.
    #[must_use]
    pub fn is_written(self) -> bool {
        self.code().is_some_and(|code| code.write.is_some())
    }

    /// Whether it always is several files: a folder, or an archive of one.
    #[must_use]
    pub fn is_folder(self) -> bool {
        self.code().is_some_and(|code| code.is_folder)
    }

    /// Whether it is XML, which cannot hold every character.
    #[must_use]
    pub fn is_xml(self) -> bool {
        matches!(self, Self::CasXmi | Self::Tei)
    }

    /// What positions count in what it writes.
    #[must_use]
    pub fn unit(self) -> Unit {
        self.code().map_or(Unit::None, |code| code.unit)
    }

    /// Whether it can hold all there is of a kind.
    #[must_use]
    pub fn holds(self, kind: Kind) -> bool {
        self.code().is_some_and(|code| code.holds.has(kind))
    }

    /// A label's or relation's name as it is written.
    #[must_use]
    pub fn written_name(self, name: &str) -> String {
        self.code().map_or_else(|| name.to_owned(), |code| (code.written_name)(name))
    }
}

/// How a format is read and written.
pub(super) struct Code {
    /// Whether this is how such a file begins. The first format of the list that says so is taken.
    pub sniff: fn(&Head) -> bool,
    /// How it is read, where it can be.
    pub read: Option<Read>,
    /// How it is written, where it can be.
    pub write: Option<fn(&Export, &mut Files)>,
    /// What positions count in what is written.
    pub unit: Unit,
    /// What it can hold: of these kinds nothing is lost.
    pub holds: Holds,
    /// How the name of a label or relation is written.
    pub written_name: fn(&str) -> String,
    /// It always is several files.
    pub is_folder: bool,
    /// Labels are put on tokens, one on each.
    pub is_flat: bool,
}

impl Code {
    /// Nothing that a file begins with, not read and not written; what most formats share, to be completed.
    pub(super) const PLAIN: Self = Self {
        sniff: |_| false,
        read: None,
        write: None,
        unit: Unit::None,
        holds: Holds::All,
        written_name: str::to_owned,
        is_folder: false,
        is_flat: false,
    };
}

/// How a format is read.
pub(super) enum Read {
    /// A file after another, with its name.
    Each(fn(Option<&str>, &[u8], &mut Incoming)),
    /// All files of the format at once: first, which files of a set are its own besides those that begin as it does.
    #[cfg_attr(not(feature = "datasets"), expect(dead_code, reason = "formats of several files are built together"))]
    Whole(fn(&Files) -> Vec<String>, fn(&Files, &mut Incoming)),
}

/// Which files are read in which format, in the order of the list; files that stand beside an export are in none.
pub(super) fn assign(all: &Files, from: Option<Format>) -> Vec<(Format, Files)> {
    let mut left: Files = all
        .iter()
        .filter(|(path, _)| !super::side::is_side(path) && !super::side::is_beside(path, all))
        .map(|(path, bytes)| (path.to_owned(), bytes.to_vec()))
        .collect();
    let mut assigned: Vec<(Format, Files)> = Vec::new();
    if let Some(format) = from {
        return if left.is_empty() { assigned } else { vec![(format, left)] };
    }
    for format in Format::ALL {
        let Some(Read::Whole(claim, _)) = format.code().and_then(|code| code.read.as_ref()) else { continue };
        let own: Files = claim(&left).into_iter().filter_map(|path| left.remove(&path).map(|bytes| (path, bytes))).collect();
        if !own.is_empty() {
            assigned.push((format, own));
        }
    }
    let mut each: std::collections::BTreeMap<Format, Files> = std::collections::BTreeMap::new();
    for (path, bytes) in left.iter().filter(|(path, _)| !is_about(path)) {
        each.entry(Format::detect(Some(path), bytes)).or_default().insert(path, bytes);
    }
    assigned.extend(each);
    assigned
}

/// Files that say something about a data set and are no part of it.
fn is_about(path: &str) -> bool {
    let name = files::file_name(path).to_ascii_lowercase();
    name.starts_with('.') || name.starts_with("readme") || name.starts_with("license")
}
