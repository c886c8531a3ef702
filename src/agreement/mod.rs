//! Agreement: how alike the layers of several people are, in figures, each with what it means and why it may be undefined.
//!
//! Everything is counted per document and summed over documents (micro-averaging): a [`tally::Tally`] is what one document
//! gives, and the figures are worked out from sums of them. Only documents of which at least two people have a layer count.
//!
//! Invariants: no figure depends on the order of files, people or labels; the seed is the only source of chance; a figure
//! that is undefined says why and is never 0 or 1 instead.

pub mod alignment;
pub mod bootstrap;
pub mod corpus;
pub mod edges;
pub mod figures;
pub mod gamma;
pub mod grid;
pub mod matching;
pub mod nominal;
pub mod passages;
pub mod report;
pub mod spans;
pub mod tally;
pub mod ties;
pub mod unitizing;

pub use corpus::{Corpus, Options};
pub use passages::{Cell, Passage, passages, passages_of};
pub use report::{Agreement, agree, agree_each};

/// Why a figure is undefined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undefined {
    /// There is only one person's work, or nobody's.
    OneAnnotator,
    /// No document has the work of all whom the figure is about.
    NoCommonDocument,
    /// Nobody put such a label.
    NoLabels,
    /// Nobody put such a relation.
    NoRelations,
    /// No label on the same place has the attribute.
    NoAttributes,
    /// Everything has the same value, so that chance alone would agree as well.
    NoVariation,
    /// It would take too long.
    TooLarge,
    /// Documents are drawn anew for it, and there is only one.
    OneDocument,
}

/// A number, or why there is none.
pub type Figure = Result<f64, Undefined>;

impl Undefined {
    /// A name that scripts and translations rely on.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::OneAnnotator => "one-annotator",
            Self::NoCommonDocument => "no-common-document",
            Self::NoLabels => "no-labels",
            Self::NoRelations => "no-relations",
            Self::NoAttributes => "no-attributes",
            Self::NoVariation => "no-variation",
            Self::TooLarge => "too-large",
            Self::OneDocument => "one-document",
        }
    }
}
