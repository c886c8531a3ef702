//! `wusum stats`: what is in files, counted.

use super::progress::Progress;
use super::stream::Reading;
use super::{Ended, StatsArgs, choice, input};
use crate::dataset::stats::{Counts, in_order, median};
use crate::formats::{Importer, Problem};
use crate::project::Project;
use crate::schema::Schema;
use serde_json::json;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

/// Reads, counts, and names the problems.
pub(super) fn run(args: &StatsArgs) -> io::Result<Ended> {
    if args.stream {
        return streamed(args);
    }
    let progress = Progress::new();
    progress.tell("reading", 0, args.inputs.len());
    let mut importer = Importer::default().annotator(args.annotator.as_deref().map(Into::into));
    let mut problems = input::read(&args.inputs, args.from, &mut importer);
    let mut import = importer.finish();
    problems.append(&mut import.problems);
    let (project, _) = import.into_project("wusum");
    let choice = match choice::of(&args.choice, &project) {
        Ok(choice) => choice,
        Err(why) => return Ok(Ended::WrongUse(why)),
    };
    progress.tell("counting", 0, project.documents.len());
    let project = choice.of(&project);
    let counts = Counts::of(&project, None);
    drop(progress);
    report(args, &counts, &project.schema, &problems)?;
    input::tell(&problems)
}

/// A document after another; problems are named as they come, and are not in the report.
fn streamed(args: &StatsArgs) -> io::Result<Ended> {
    let progress = Progress::new();
    let choice = choice::unchecked(&args.choice);
    let (mut counts, mut schema, mut ended) = (Counts::of(&Project::new(""), None), Arc::default(), Ended::Good);
    let reading = Reading { from: args.from, annotator: args.annotator.as_deref() };
    let told = reading.files(&args.inputs, &mut |whole, import| {
        if let Ended::Problems = input::tell(&import.problems)? {
            ended = Ended::Problems;
        }
        let (mut project, _) = import.into_project("");
        project.schema = whole.schema.clone();
        schema = whole.schema.clone();
        counts.add(Counts::of(&choice.of(&project), None));
        progress.count("counting", u64::try_from(counts.documents).unwrap_or_default());
        Ok(())
    })?;
    drop(progress);
    if let Err(why) = told {
        return Ok(Ended::WrongUse(why));
    }
    report(args, &counts, &schema, &[])?;
    Ok(ended)
}

fn report(args: &StatsArgs, counts: &Counts, schema: &Schema, problems: &[Problem]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if args.json {
        return writeln!(out, "{}", json!({ "stats": counts, "problems": problems.iter().map(input::report).collect::<Vec<_>>() }));
    }
    tell(counts, &in_order(schema, &counts.labels), &mut out)
}

/// A line for each number, parted by tabulators.
fn tell(counts: &Counts, labels: &[(&str, usize)], out: &mut impl Write) -> io::Result<()> {
    // A line end or tabulator in a name would look like another line.
    let plain = |name: &str| name.chars().map(|character| if character.is_control() { ' ' } else { character }).collect::<String>();
    writeln!(out, "documents\t{}\ncharacters\t{}\nwords\t{}\nlayers\t{}", counts.documents, counts.characters, counts.words, counts.layers)?;
    for (status, count) in &counts.statuses {
        writeln!(out, "status\t{status}\t{count}")?;
    }
    for (name, person) in &counts.annotators {
        writeln!(out, "annotator\t{}\t{} documents\t{} labels\t{} relations", plain(name), person.documents, person.labels, person.relations)?;
    }
    for (name, count) in labels {
        writeln!(out, "label\t{}\t{count}", plain(name))?;
    }
    let mut kinds = |kind: &str, counts: &BTreeMap<String, usize>| -> io::Result<()> {
        counts.iter().try_for_each(|(name, count)| writeln!(out, "{kind}\t{}\t{count}", plain(name)))
    };
    kinds("relation", &counts.relations)?;
    kinds("attribute", &counts.attributes.iter().map(|(name, answers)| (name.clone(), answers.labels)).collect())?;
    for (name, histogram) in [("characters", &counts.characters_per_label), ("words", &counts.words_per_label), ("depth", &counts.depths)] {
        if let (Some((least, _)), Some(median), Some((most, _))) = (histogram.first_key_value(), median(histogram), histogram.last_key_value()) {
            writeln!(out, "{name} of a label\t{least} least\t{median} median\t{most} most")?;
        }
    }
    writeln!(
        out,
        "nested\t{}\ncrossing\t{}\nsame place\t{}\nin pieces\t{}\nunsure\t{}\nnotes\t{}",
        counts.nested, counts.crossing, counts.same_place, counts.in_pieces, counts.unsure, counts.notes
    )
}
