//! Names of records: short strings that come in with a command, cheap to copy.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

macro_rules! string_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The name as it came.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(name: &str) -> Self {
                Self(Arc::from(name))
            }
        }

        impl From<String> for $name {
            fn from(name: String) -> Self {
                Self(Arc::from(name))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "{:?}", &*self.0)
            }
        }
    };
}

string_id!(
    /// One label on one text, unique within its layer.
    AnnotationId
);
string_id!(
    /// One relation, unique within its layer.
    RelationId
);
string_id!(
    /// One remark, unique within its layer.
    RemarkId
);
string_id!(
    /// One document, unique within its project.
    DocumentId
);
string_id!(
    /// The name under which a person annotates.
    Annotator
);
string_id!(
    /// A kind of label in the schema, such as `Actor`.
    LabelId
);
string_id!(
    /// A kind of relation in the schema, such as `source`.
    RelationKind
);
