//! Findings: what should be looked at, why, and the command that would mend it.

use crate::annotation::Annotation;
use crate::id::{AnnotationId, LabelId, RelationId, RelationKind};
use crate::plan::Command;
use crate::schema::{CheckKind, Overlap};
use crate::span::{Extent, Span};
use serde_json::Value;
use std::sync::Arc;

/// Something to look at.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What it is about.
    pub about: About,
    /// Labels that have to do with it: those that overlap, those labelled otherwise, the suggested source, a relation's two ends.
    pub others: Vec<AnnotationId>,
    /// Where to look.
    pub span: Span,
    /// What is the matter.
    pub why: Why,
    /// What would mend it, where one thing clearly would.
    pub fix: Option<Fix>,
}

/// A label or a relation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum About {
    /// A label.
    Annotation(AnnotationId),
    /// A relation.
    Relation(RelationId),
}

impl About {
    /// Its name in the layer.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Annotation(id) => id.as_str(),
            Self::Relation(id) => id.as_str(),
        }
    }
}

/// What is the matter. The page and the command line have words for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// White space, an invisible mark or punctuation at an edge.
    Edges,
    /// The label begins with a clitic that should stay outside.
    CliticInside,
    /// A clitic stays outside that should be in the label.
    CliticOutside,
    /// An edge falls inside a word, and what stays outside is no clitic.
    WordCut,
    /// A quotation mark or bracket without its partner.
    Unbalanced {
        /// Which.
        mark: char,
    },
    /// A relation that the schema asks for is not there.
    RelationMissing {
        /// Its kind.
        relation: RelationKind,
    },
    /// Nothing is said of what the schema asks for.
    AttributeMissing {
        /// The attribute.
        attribute: Arc<str>,
    },
    /// It lies on others of its kind.
    Overlaps {
        /// What would be allowed.
        rule: Overlap,
    },
    /// The same text is labelled otherwise nearby.
    Differs {
        /// How, most often.
        label: LabelId,
    },
    /// Unusually long.
    Long {
        /// How long, in code points.
        length: u32,
        /// From where on it is told.
        limit: u32,
    },
    /// The schema has no such kind of relation.
    RelationUnknown {
        /// The kind.
        relation: RelationKind,
    },
    /// A relation of this kind may not join these labels.
    RelationEnds {
        /// Its kind.
        relation: RelationKind,
    },
    /// More relations of this kind start at one label than may.
    RelationMany {
        /// Their kind.
        relation: RelationKind,
        /// How many may.
        most: u32,
    },
}

/// What would mend a finding.
#[derive(Clone, Debug, PartialEq)]
pub enum Fix {
    /// Drop white space and punctuation from the edges.
    Trim,
    /// Move the edges there.
    Extent(Extent),
    /// Change the kind of label.
    Label(LabelId),
    /// Say this of it.
    Attribute(Arc<str>, Value),
    /// Draw a relation to that label.
    Relate {
        /// Its kind.
        kind: RelationKind,
        /// Where it leads.
        to: AnnotationId,
    },
}

impl Finding {
    /// About a label, on all of it, with nothing to mend it.
    pub(super) fn of(annotation: &Annotation, why: Why) -> Self {
        let about = About::Annotation(annotation.id.clone());
        Self { about, others: Vec::new(), span: annotation.extent.hull(), why, fix: None }
    }

    /// Which check found it.
    #[must_use]
    pub fn kind(&self) -> CheckKind {
        self.why.kind()
    }

    /// The command that mends it; `id` gives the name of a relation that has to be made.
    #[must_use]
    pub fn command(&self, id: impl FnOnce() -> RelationId) -> Option<Command> {
        let fix = self.fix.clone()?;
        match (&self.about, fix) {
            (About::Annotation(about), Fix::Trim) => Some(Command::Trim(vec![about.clone()])),
            (About::Annotation(about), Fix::Extent(extent)) => Some(Command::SetExtent(about.clone(), extent)),
            (About::Annotation(about), Fix::Label(label)) => Some(Command::SetLabel(about.clone(), label)),
            (About::Annotation(about), Fix::Attribute(name, value)) => Some(Command::SetAttribute(about.clone(), name.to_string(), Some(value))),
            (About::Annotation(about), Fix::Relate { kind, to }) => Some(Command::Relate { id: id(), kind, from: about.clone(), to }),
            (About::Relation(about), Fix::Attribute(name, value)) => {
                Some(Command::SetRelationAttribute(about.clone(), name.to_string(), Some(value)))
            }
            (About::Relation(_), _) => None,
        }
    }
}

impl Why {
    /// Which check finds it.
    #[must_use]
    pub fn kind(&self) -> CheckKind {
        match self {
            Self::Edges => CheckKind::Edges,
            Self::CliticInside | Self::CliticOutside | Self::WordCut => CheckKind::Clitics,
            Self::Unbalanced { .. } => CheckKind::Balance,
            Self::RelationMissing { .. } => CheckKind::RelationMissing,
            Self::AttributeMissing { .. } => CheckKind::AttributeMissing,
            Self::Overlaps { .. } => CheckKind::Overlap,
            Self::Differs { .. } => CheckKind::Differs,
            Self::Long { .. } => CheckKind::Long,
            Self::RelationUnknown { .. } | Self::RelationEnds { .. } | Self::RelationMany { .. } => CheckKind::RelationForbidden,
        }
    }

    /// A name that scripts and translations rely on.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::Edges => "edges",
            Self::CliticInside => "clitic-inside",
            Self::CliticOutside => "clitic-outside",
            Self::WordCut => "word-cut",
            Self::Unbalanced { .. } => "unbalanced",
            Self::RelationMissing { .. } => "relation-missing",
            Self::AttributeMissing { .. } => "attribute-missing",
            Self::Overlaps { rule: Overlap::Nest } => "crosses",
            Self::Overlaps { .. } => "overlaps",
            Self::Differs { .. } => "differs",
            Self::Long { .. } => "long",
            Self::RelationUnknown { .. } => "relation-unknown",
            Self::RelationEnds { .. } => "relation-ends",
            Self::RelationMany { .. } => "relation-many",
        }
    }

    /// The data by name, to be put into a sentence.
    #[must_use]
    pub fn params(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Edges | Self::CliticInside | Self::CliticOutside | Self::WordCut | Self::Overlaps { .. } => Vec::new(),
            Self::Unbalanced { mark } => vec![("mark", mark.to_string())],
            Self::AttributeMissing { attribute } => vec![("attribute", attribute.to_string())],
            Self::Differs { label } => vec![("label", label.to_string())],
            Self::Long { length, limit } => vec![("length", length.to_string()), ("limit", limit.to_string())],
            Self::RelationMissing { relation } | Self::RelationUnknown { relation } | Self::RelationEnds { relation } => {
                vec![("relation", relation.to_string())]
            }
            Self::RelationMany { relation, most } => vec![("relation", relation.to_string()), ("most", most.to_string())],
        }
    }

    /// Whether it breaks a rule of the schema for certain; what is judged by likelihood is only a remark.
    #[must_use]
    pub fn is_fault(&self) -> bool {
        !matches!(self.kind(), CheckKind::Clitics | CheckKind::Balance | CheckKind::Differs | CheckKind::Long)
    }
}
