//! `wusum retext`: a corrected text in the place of a document's text, with the labels carried over.

use super::{Ended, RetextArgs, input, output};
use crate::annotation::{Annotation, Relation};
use crate::formats::{Importer, wusum};
use crate::id::{Annotator, DocumentId};
use crate::project::{Document, LayerKey, Project};
use crate::retext::{Alignment, Carried};
use crate::text::{Text, decode};
use serde_json::{Value, json};
use std::io::{self, Write};
use std::sync::Arc;

/// Reads, carries over, writes, and names what changed and what could not be placed.
pub(super) fn run(args: &RetextArgs) -> io::Result<Ended> {
    if args.json && input::is_stream(&args.out) {
        return Ok(Ended::WrongUse("the data and the report cannot both go to standard output".to_owned()));
    }
    let mut importer = Importer::default().annotator(args.annotator.as_deref().map(Into::into));
    let mut problems = input::read(&args.inputs, args.from, &mut importer);
    let mut import = importer.finish();
    problems.append(&mut import.problems);
    let whens = std::mem::take(&mut import.whens);
    let (mut project, mut revisions) = import.into_project("wusum");
    let document = match document(args, &project) {
        Ok(document) => document,
        Err(why) => return Ok(Ended::WrongUse(why)),
    };
    let text = match input::bytes(&args.text) {
        Ok(bytes) => decode(&bytes),
        Err(error) => return Ok(Ended::WrongUse(format!("{}: {error}", args.text.display()))),
    };
    if !text.problems.is_empty() {
        return Ok(Ended::WrongUse(format!("{}: not all of it is {}", args.text.display(), text.encoding)));
    }
    let new = Document { meta: document.meta.clone(), ..Document::new(document.id.clone(), document.title.clone(), text.text) };
    let carried = carry(&document, &new.text, &project);
    for (annotator, carried) in &carried {
        let key = LayerKey { document: document.id.clone(), annotator: annotator.clone() };
        if new.sha256 != document.sha256 {
            // Where it is read beside the old one, it is the newer.
            *revisions.entry(key.clone()).or_insert(0) += 1;
        }
        project.layers.insert(key, carried.layer.clone());
    }
    project.documents.insert(document.id.clone(), Arc::new(new));
    if let Err(error) = output::file(&args.out, |out| wusum::write_at(&project, &revisions, &whens, out)) {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Err(error);
        }
        return Ok(Ended::WrongUse(format!("{}: {error}", args.out.display())));
    }
    let ended = input::tell(&problems)?;
    if args.json {
        let layers: Vec<Value> = carried.iter().map(|(annotator, carried)| report(annotator, carried)).collect();
        let problems: Vec<Value> = problems.iter().map(input::report).collect();
        writeln!(io::stdout().lock(), "{}", json!({ "document": document.id, "layers": layers, "problems": problems }))?;
    }
    tell(&document, &carried)?;
    let is_all = carried.iter().all(|(_, carried)| carried.lost.is_empty() && carried.lost_relations.is_empty());
    Ok(if is_all { ended } else { Ended::Problems })
}

/// The document that is meant.
fn document(args: &RetextArgs, project: &Project) -> Result<Arc<Document>, String> {
    if let Some(name) = &args.document {
        let found = project.documents.get(&DocumentId::from(name.as_str()));
        return found.cloned().ok_or_else(|| format!("no document \"{name}\" in the input"));
    }
    let mut all = project.documents.values();
    match (all.next(), all.next()) {
        (Some(only), None) => Ok(only.clone()),
        (None, _) => Err("no document in the input".to_owned()),
        _ => Err(format!("there are {} documents; --document says which one is meant", project.documents.len())),
    }
}

/// Everybody's labels of the document on the new text.
fn carry(document: &Document, new: &Text, project: &Project) -> Vec<(Annotator, Carried)> {
    let alignment = Alignment::new(&document.text, new);
    let layers = project.layers.iter().filter(|(key, _)| key.document == document.id);
    layers.map(|(key, layer)| (key.annotator.clone(), alignment.carry(layer))).collect()
}

fn tell(document: &Document, carried: &[(Annotator, Carried)]) -> io::Result<()> {
    // A line end in the words would look like another line.
    let plain = |words: &str| words.chars().map(|character| if character.is_control() { ' ' } else { character }).collect::<String>();
    let mut err = io::stderr().lock();
    for (annotator, carried) in carried {
        for changed in &carried.changed {
            writeln!(err, "changed: label \"{}\" by \"{annotator}\": \"{}\" is \"{}\"", changed.id, plain(&changed.was), plain(&changed.is))?;
        }
        for label in &carried.lost {
            let (hull, words) = (label.extent.hull(), label.extent.quote(&document.text).unwrap_or_default());
            let words = plain(&words);
            writeln!(
                err,
                "not placed: label \"{}\" ({}) by \"{annotator}\", {} to {}, \"{words}\"",
                label.id,
                label.label,
                hull.start(),
                hull.end()
            )?;
        }
        for relation in &carried.lost_relations {
            let Relation { id, kind, from, to, .. } = &**relation;
            writeln!(err, "not placed: relation \"{id}\" ({kind}) by \"{annotator}\", from \"{from}\" to \"{to}\"")?;
        }
    }
    Ok(())
}

fn report(annotator: &Annotator, carried: &Carried) -> Value {
    let lost =
        |label: &Annotation| json!({ "id": label.id, "label": label.label, "start": label.extent.hull().start(), "end": label.extent.hull().end() });
    json!({
        "annotator": annotator, "placed": carried.layer.len(),
        "changed": carried.changed.iter().map(|one| json!({ "id": one.id, "was": one.was, "is": one.is })).collect::<Vec<_>>(),
        "lost": carried.lost.iter().map(|label| lost(label)).collect::<Vec<_>>(),
        "lost_relations": carried.lost_relations.iter().map(|one| json!({ "id": one.id, "kind": one.kind, "from": one.from, "to": one.to })).collect::<Vec<_>>(),
    })
}
