//! `wusum split`: files in, a data set out.

use super::progress::Progress;
use super::{ChoiceArgs, Ended, WritingArgs, choice, convert, format, input, near, output, shares};
use crate::dataset::described::{Described, HEADINGS};
use crate::dataset::{About, Built, Plan, build, plot};
use crate::formats::Importer;
use serde_json::json;
use std::io::{self, Write};
use std::path::PathBuf;

/// `wusum split`
#[derive(clap::Args)]
pub(crate) struct SplitArgs {
    /// Files, folders and archives (zip) to read, as one project; `-` is standard input.
    #[arg(required = true, value_name = "IN")]
    inputs: Vec<PathBuf>,
    /// Format of the files; told from each file if left out.
    #[arg(long, value_parser = format, value_name = "FORMAT")]
    from: Option<crate::formats::Format>,
    /// Format to write.
    #[arg(long, value_parser = format, value_name = "FORMAT")]
    to: crate::formats::Format,
    /// Folder to write; an archive where it ends in `.zip`; `-` is an archive on standard output.
    #[arg(long, value_name = "PATH")]
    out: PathBuf,
    /// A number that the order of documents begins with; the same gives the same split.
    #[arg(long, value_name = "N")]
    seed: u64,
    /// How large train, dev and test are to be, or train and test.
    #[arg(long, value_name = "SHARES", value_parser = shares, default_value = "80,10,10")]
    shares: crate::dataset::Shares,
    /// From which similarity on, over 0 and up to 1, two texts are near duplicates: the share of their shingles that both have.
    #[arg(long, value_name = "SIMILARITY", value_parser = near, default_value = "0.8", conflicts_with = "no_near")]
    near: f64,
    /// Do not look for near duplicates.
    #[arg(long)]
    no_near: bool,
    /// How the data set is called; the name of the input's project, or of the output, if left out.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    #[command(flatten)]
    said: SaidArgs,
    /// Whose labels they are, where a file does not say.
    #[arg(long, value_name = "NAME")]
    annotator: Option<String>,
    /// Write what was done to standard output as one JSON object.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    writing: WritingArgs,
    #[command(flatten)]
    choice: ChoiceArgs,
}

/// What only people can say of a data set, for the card and the data statement.
#[derive(clap::Args)]
struct SaidArgs {
    /// A JSON object of what follows, each by its name; `statement` is an object. What is said by options stands before it.
    #[arg(long, value_name = "FILE")]
    described: Option<PathBuf>,
    /// Under which licence it may be used, as Hugging Face names it, such as cc-by-4.0.
    #[arg(long, value_name = "LICENSE")]
    license: Option<String>,
    /// What it is, in Markdown.
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// Its languages by BCP 47, with commas; Arabic if left out.
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    languages: Vec<String>,
    /// Where its texts come from, and who made it.
    #[arg(long, value_name = "TEXT")]
    source: Option<String>,
    /// How it is to be cited.
    #[arg(long, value_name = "TEXT")]
    citation: Option<String>,
    /// An answer of the data statement, for each time it is given: rationale, variety, speakers, annotators, situation, texts,
    /// recording, other or provenance.
    #[arg(long, value_name = "NAME=TEXT", value_parser = answer)]
    statement: Vec<(String, String)>,
}

/// An answer of the data statement.
fn answer(written: &str) -> Result<(String, String), String> {
    let (name, text) = written.split_once('=').ok_or_else(|| "it is no NAME=TEXT".to_owned())?;
    let is_known = HEADINGS.iter().any(|(short, _)| *short == name);
    let names: Vec<&str> = HEADINGS.iter().map(|(short, _)| *short).collect();
    if is_known { Ok((name.to_owned(), text.to_owned())) } else { Err(format!("a data statement has {}", names.join(", "))) }
}

impl SaidArgs {
    /// All that was said; why not, where the file cannot be read.
    fn described(&self) -> Result<Described, String> {
        let mut described = match &self.described {
            None => Described::default(),
            Some(path) => {
                let wrong = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
                let bytes = input::bytes(path).map_err(|error| wrong(&error))?;
                let read: Described = serde_json::from_slice(&bytes).map_err(|error| wrong(&error))?;
                if let Some(name) = read.statement.keys().find(|name| HEADINGS.iter().all(|(short, _)| short != name)) {
                    return Err(wrong(&format!("a data statement has no \"{name}\"")));
                }
                read
            }
        };
        let fields = [
            (&mut described.license, &self.license),
            (&mut described.description, &self.description),
            (&mut described.source, &self.source),
            (&mut described.citation, &self.citation),
        ];
        for (field, said) in fields {
            said.iter().for_each(|said| field.clone_from(said));
        }
        if !self.languages.is_empty() {
            described.languages.clone_from(&self.languages);
        }
        described.statement.extend(self.statement.iter().cloned());
        Ok(described)
    }
}

/// Reads, shares out, writes, and names the problems, near duplicates and what the format cannot hold.
pub(super) fn run(args: &SplitArgs) -> io::Result<Ended> {
    let progress = Progress::new();
    progress.tell("reading", 0, args.inputs.len());
    let mut importer = Importer::default().annotator(args.annotator.as_deref().map(Into::into));
    let mut problems = input::read(&args.inputs, args.from, &mut importer);
    let mut import = importer.finish();
    problems.append(&mut import.problems);
    let stem = args.out.file_stem().map(|stem| stem.to_string_lossy().into_owned()).filter(|stem| stem != "-");
    let (project, revisions) = import.into_project(stem.as_deref().unwrap_or("wusum"));
    let mut described = match args.said.described() {
        Ok(described) => described,
        Err(why) => return Ok(Ended::WrongUse(why)),
    };
    args.name.iter().for_each(|name| described.name.clone_from(name));
    let choice = match choice::of(&args.choice, &project) {
        Ok(choice) => choice,
        Err(why) => return Ok(Ended::WrongUse(why)),
    };
    if args.json && input::is_stream(&args.out) {
        return Ok(Ended::WrongUse("the archive and the report cannot both go to standard output".to_owned()));
    }
    let plan = Plan { seed: args.seed, shares: args.shares.clone(), near: (!args.no_near).then_some(args.near) }.named_for(args.to);
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
