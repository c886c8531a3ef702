//! `wusum check`: what is in files, what is wrong in them, and what in the labels should be looked at.

use super::findings::{self, Located};
use super::progress::Progress;
use super::stream::Reading;
use super::{CheckArgs, Ended, input};
use crate::formats::{Import, Importer, Problem};
use serde_json::{Map, Value, json};
use std::io::{self, Write};

/// Reads, counts, and names problems and findings.
pub(super) fn run(args: &CheckArgs) -> io::Result<Ended> {
    if args.stream {
        return streamed(args);
    }
    let mut importer = Importer::default();
    let mut problems = input::read(&args.inputs, args.from, &mut importer);
    let mut import = importer.finish();
    problems.append(&mut import.problems);
    let found = if args.no_findings { Vec::new() } else { findings::find(&import) };
    let faults = found.iter().filter(|found| found.is_fault()).count();
    let remarks = found.len() - faults;
    let is_good = problems.is_empty() && faults == 0 && (remarks == 0 || !args.strict);
    let ended = if is_good { Ended::Good } else { Ended::Problems };
    let mut out = io::stdout().lock();
    if args.json {
        writeln!(out, "{}", report(&import, &problems, &found))?;
        return Ok(ended);
    }
    let labels: usize = import.layers.values().map(crate::layer::Layer::len).sum();
    let relations: usize = import.layers.values().map(|layer| layer.relations().count()).sum();
    let (documents, layers) = (import.documents.len(), import.layers.len());
    write!(out, "documents: {documents}, layers: {layers}, labels: {labels}, relations: {relations}, problems: {}", problems.len())?;
    if !args.no_findings {
        write!(out, ", faults: {faults}, remarks: {remarks}")?;
    }
    writeln!(out)?;
    input::tell(&problems)?;
    let mut err = io::stderr().lock();
    for found in &found {
        writeln!(err, "{found}")?;
    }
    Ok(ended)
}

/// A document after another; problems and findings are named as they come. A clitic is one where its rest stands in the same text.
fn streamed(args: &CheckArgs) -> io::Result<Ended> {
    let progress = Progress::new();
    let [mut documents, mut layers, mut labels, mut relations, mut problems, mut faults, mut remarks] = [0_usize; 7];
    let told = Reading { from: args.from, annotator: None }.files(&args.inputs, &mut |whole, mut import| {
        input::tell(&import.problems)?;
        if !args.no_findings {
            import.schema = Some(whole.schema.clone());
            for found in findings::find(&import) {
                *(if found.is_fault() { &mut faults } else { &mut remarks }) += 1;
                writeln!(io::stderr().lock(), "{found}")?;
            }
        }
        documents += import.documents.len();
        layers += import.layers.len();
        labels += import.layers.values().map(crate::layer::Layer::len).sum::<usize>();
        relations += import.layers.values().map(|layer| layer.relations().count()).sum::<usize>();
        problems += import.problems.len();
        progress.count("checking", u64::try_from(documents).unwrap_or_default());
        Ok(())
    })?;
    drop(progress);
    if let Err(why) = told {
        return Ok(Ended::WrongUse(why));
    }
    let mut out = io::stdout().lock();
    let mut counts = json!({ "documents": documents, "layers": layers, "labels": labels, "relations": relations, "problems": problems });
    if !args.no_findings {
        (counts["faults"], counts["remarks"]) = (faults.into(), remarks.into());
    }
    if args.json {
        writeln!(out, "{counts}")?;
    } else {
        write!(out, "documents: {documents}, layers: {layers}, labels: {labels}, relations: {relations}, problems: {problems}")?;
        writeln!(out, "{}", if args.no_findings { String::new() } else { format!(", faults: {faults}, remarks: {remarks}") })?;
    }
    let is_good = problems == 0 && faults == 0 && (remarks == 0 || !args.strict);
    Ok(if is_good { Ended::Good } else { Ended::Problems })
}

fn report(import: &Import, problems: &[Problem], found: &[Located]) -> Value {
    let documents = import
        .documents
        .values()
        .map(|document| json!({ "id": document.id, "title": document.title, "characters": document.text.len(), "sha256": document.sha256 }));
    let layers = import.layers.iter().map(|(key, layer)| {
        let labels: Map<String, Value> = layer.counts().map(|(label, count)| (label.to_string(), count.into())).collect();
        json!({
            "document": key.document, "annotator": key.annotator, "status": layer.status(), "spans": layer.len(), "labels": labels,
            "relations": layer.relations().count(), "revision": import.revisions.get(key),
        })
    });
    let problems = problems.iter().map(input::report);
    json!({
        "documents": documents.collect::<Vec<_>>(), "layers": layers.collect::<Vec<_>>(),
        "refused": import.refused.len(), "orphans": import.orphans.len(), "problems": problems.collect::<Vec<_>>(),
        "findings": found.iter().map(Located::report).collect::<Vec<_>>(),
    })
}
