//! Addresses: which screen the fragment names.

use crate::id::DocumentId;

/// Which screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Route {
    /// None yet: what there is to show is still being read.
    #[default]
    Start,
    /// All documents.
    Library,
    /// One document, to annotate.
    Read(DocumentId),
    /// One document, to review.
    Review(DocumentId),
    /// Export.
    Dataset,
    /// How alike the labels of several people are: on all documents, or on one.
    Agreement(Option<DocumentId>),
    /// What may be labelled.
    Schema,
    /// An address that leads nowhere.
    Unknown(String),
}

impl Route {
    /// The route that a fragment such as `#/read/article` names.
    #[must_use]
    pub fn parse(fragment: &str) -> Self {
        let path = fragment.trim_start_matches('#').trim_matches('/');
        let decode = |part: &str| js_sys::decode_uri_component(part).ok().map(String::from);
        match path.split_once('/') {
            // What follows the name says where in the document: see [`crate::web::place`].
            Some((screen @ ("read" | "review" | "agreement"), id)) => match decode(id.split('?').next().unwrap_or(id)) {
                Some(id) if screen == "read" => Self::Read(id.into()),
                Some(id) if screen == "review" => Self::Review(id.into()),
                Some(id) => Self::Agreement(Some(id.into())),
                None => Self::Unknown(path.to_owned()),
            },
            None if path.is_empty() || path == "library" => Self::Library,
            None if path == "dataset" => Self::Dataset,
            None if path == "agreement" => Self::Agreement(None),
            None if path == "schema" => Self::Schema,
            _ => Self::Unknown(path.to_owned()),
        }
    }

    /// The fragment that names it.
    #[must_use]
    pub fn fragment(&self) -> String {
        let of = |screen: &str, id: &DocumentId| format!("#/{screen}/{}", String::from(js_sys::encode_uri_component(id.as_str())));
        match self {
            Self::Start => String::new(),
            Self::Library => "#/library".to_owned(),
            Self::Read(id) => of("read", id),
            Self::Review(id) => of("review", id),
            Self::Agreement(Some(id)) => of("agreement", id),
            Self::Agreement(None) => "#/agreement".to_owned(),
            Self::Dataset => "#/dataset".to_owned(),
            Self::Schema => "#/schema".to_owned(),
            Self::Unknown(path) => format!("#/{path}"),
        }
    }
}
