//! How alike layers are: on sentences, at random, on large ones, from stores, and by the real program.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on says where and stops")]

mod growth;
mod laws;
mod program;
mod sentences;
mod stores;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../model_laws/tagged.rs"]
mod tagged;

use wusum::agreement::{Agreement, Options, agree};
use wusum::layer::{Layer, Status};
use wusum::project::{Document, LayerKey, Project};

/// A project of tagged texts: document, annotator, text; a document's text must be the same each time.
pub fn project(layers: &[(&str, &str, &str)]) -> Project {
    let mut project = Project::new("p");
    for (document, annotator, source) in layers {
        let tagged = tagged::Tagged::parse(source);
        let new = Document::new((*document).into(), *document, tagged.text);
        if let Some(known) = project.documents.get(&new.id) {
            assert_eq!(known.sha256, new.sha256, "{document} has two texts");
        }
        project.documents.insert(new.id.clone(), new.into());
        let key = LayerKey { document: (*document).into(), annotator: (*annotator).into() };
        project.layers.insert(key, Layer::from_records(Status::Done, tagged.annotations, []));
    }
    project
}

/// The figures of a project.
pub fn figures(project: &Project, options: &Options) -> Agreement {
    agree(project, &Default::default(), options, &mut |_, _| {})
}
