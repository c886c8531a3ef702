//! `wusum split`: files in, a data set out.

use super::progress::Progress;
use super::{Ended, SplitArgs, choice, convert, input, output};
use crate::dataset::{About, Built, Described, Plan, build, plot};
use crate::formats::Importer;
use serde_json::json;
use std::io::{self, Write};

/// Reads, shares out, writes, and names the problems, near duplicates and what the format cannot hold.
pub(super) fn run(args: &SplitArgs) -> io::Result<Ended> {
    let progress = Progress::new();
    progress.tell("reading", 0, args.inputs.len());
    let mut importer = Importer::default().annotator(args.annotator.as_deref().map(Into::into));
    let mut problems = input::read(&args.inputs, args.from, &mut importer);
    let mut import = importer.finish();
    problems.append(&mut import.problems);
    let stem = args.out.file_stem().map(|stem| stem.to_string_lossy().into_owned()).filter(|stem| stem != "-");
    let (mut project, revisions) = import.into_project(stem.as_deref().unwrap_or("wusum"));
    if let Some(name) = &args.name {
        project.name = name.as_str().into();
    }
    let choice = match choice::of(&args.choice, &project) {
        Ok(choice) => choice,
        Err(why) => return Ok(Ended::WrongUse(why)),
    };
    if args.json && input::is_stream(&args.out) {
        return Ok(Ended::WrongUse("the archive and the report cannot both go to standard output".to_owned()));
    }
    let plan = Plan { seed: args.seed, shares: args.shares.clone(), near: (!args.no_near).then_some(args.near) }.named_for(args.to);
    let described = Described { license: args.license.clone().unwrap_or_default(), ..Described::default() };
    let options = convert::options(&args.writing, &args.out);
    let about = About { choice: &choice, format: args.to, options: &options, plan: &plan, described: &described, titles: plot::ENGLISH };
    let built = match build(&project, &revisions, &about, &mut |done, of| progress.tell("sharing out", done, of)) {
        Ok(built) => built,
        Err(problem) => {
            drop(progress);
            // What could not be read may be why.
            input::tell(&problems)?;
            return Ok(Ended::WrongUse(problem.to_string()));
        }
    };
    drop(progress);
    let is_packed = output::is_archive(&args.out) || input::is_stream(&args.out);
    let written = if is_packed { output::packed(&args.out, &built.files) } else { output::folder(&args.out, &built.files) };
    if let Err(error) = written {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Err(error);
        }
        return Ok(Ended::WrongUse(format!("{}: {error}", args.out.display())));
    }
    let ended = input::tell(&problems)?;
    if args.json {
        let splits: Vec<_> = built.split.parts.iter().map(|(name, documents)| json!({ "name": name, "documents": documents })).collect();
        let report = json!({
            "format": args.to.name(), "plan": plan, "splits": splits, "near_duplicates": built.split.groups, "stats": built.stats,
            "losses": built.losses, "problems": problems.iter().map(input::report).collect::<Vec<_>>(),
        });
        writeln!(io::stdout().lock(), "{report}")?;
    } else {
        tell(&built, args)?;
    }
    Ok(ended)
}

/// The sizes on standard output, unless the archive goes there; all else on standard error.
fn tell(built: &Built, args: &SplitArgs) -> io::Result<()> {
    if !input::is_stream(&args.out) {
        let mut out = io::stdout().lock();
        for part in &built.stats.splits {
            writeln!(out, "{}\t{} documents\t{} labels", part.name, part.counts.documents, part.counts.label_count())?;
        }
    }
    let mut err = io::stderr().lock();
    for link in built.split.groups.iter().flat_map(|group| &group.links) {
        let passage: String = link.passage.chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
        writeln!(err, "near duplicates: \"{}\" and \"{}\", {:.2}: \"{passage}\"", link.a, link.b, link.similarity)?;
    }
    for loss in &built.losses {
        writeln!(err, "{}: not held: {loss}", args.to.name())?;
    }
    Ok(())
}
