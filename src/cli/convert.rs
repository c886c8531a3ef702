//! `wusum convert`: files in; a file, a folder or an archive out.

use super::{ConvertArgs, Ended, Target, WritingArgs, choice, convert_stream, input, output, parquet};
use crate::formats::export::{self, Exported, Options};
use crate::formats::{Format, Importer};
use std::io::{self, Write};
use std::path::Path;

/// What holds nothing but one text.
const TEXT: Target = Target::Format(Format::Text);

/// Reads, writes, and names the problems and what the format cannot hold. What is good is written even where there are problems.
pub(super) fn run(args: &ConvertArgs) -> io::Result<Ended> {
    if matches!(args.to, Target::Format(format) if !format.is_written()) {
        return Ok(Ended::WrongUse(format!("the format {} is only read", args.to.name())));
    }
    if args.stream {
        return convert_stream::run(args);
    }
    let mut importer = Importer::default().annotator(args.annotator.as_deref().map(Into::into));
    let mut problems = input::read(&args.inputs, args.from, &mut importer);
    let mut import = importer.finish();
    problems.append(&mut import.problems);
    let stem = args.out.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let whens = std::mem::take(&mut import.whens);
    let (project, revisions) = import.into_project(stem.filter(|stem| stem != "-").as_deref().unwrap_or("wusum"));
    let choice = match choice::of(&args.choice, &project) {
        Ok(choice) => choice,
        Err(why) => return Ok(Ended::WrongUse(why)),
    };
    let project = choice.of(&project);
    let is_plain = !output::is_archive(&args.out) && !output::is_folder(&args.out);
    if args.to == TEXT && project.documents.len() > 1 && is_plain {
        return Ok(Ended::WrongUse(format!("the format text holds one document; there are {}", project.documents.len())));
    }
    let options = options(&args.writing, &args.out);
    let exported = match args.to {
        Target::Parquet => parquet::export(&export::Export::new(&project, &revisions, &options))?,
        Target::Format(format) => {
            let export = export::Export::new(&project, &revisions, &options).at(&whens);
            export::write_out(&export, format).ok_or_else(|| io::Error::other("the format is only read"))?
        }
    };
    let losses: Vec<String> = exported.losses.iter().map(ToString::to_string).collect();
    if let Err(error) = write(args, exported) {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Err(error);
        }
        return Ok(Ended::WrongUse(format!("{}: {error}", args.out.display())));
    }
    let ended = input::tell(&problems)?;
    // What a format cannot hold is no fault of the data. That a plain text has no labels is what was asked for.
    if args.to != TEXT {
        let mut err = io::stderr().lock();
        for loss in losses {
            writeln!(err, "{}: not held: {loss}", args.to.name())?;
        }
    }
    Ok(ended)
}

/// How it is written, as the arguments and the name of the output say.
pub(super) fn options(args: &WritingArgs, out: &Path) -> Options {
    Options {
        overlap: args.overlap,
        tokens: if args.clitics { crate::formats::tokens::TokenRule::Clitics } else { Default::default() },
        cut: if args.widen { crate::formats::tokens::CutRule::Widen } else { Default::default() },
        ascii: args.ascii,
        bioes: args.bioes,
        tabs: out.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("tsv")),
    }
}

/// One file stays one, with what is said of it beside, but for what loses nothing; several become a folder, or an archive.
fn write(args: &ConvertArgs, exported: Exported) -> io::Result<()> {
    let out: &Path = &args.out;
    if output::is_archive(out) {
        return output::packed(out, &exported.with_side());
    }
    let is_folder = match args.to {
        Target::Format(format) => format.is_folder(),
        Target::Parquet => true,
    };
    let is_one = exported.files.len() == 1 && !is_folder && !output::is_folder(out);
    if let Some((_, bytes)) = exported.files.iter().next().filter(|_| is_one) {
        output::file(out, |out| out.write_all(bytes))?;
        let says_nothing = matches!(args.to, Target::Format(Format::Wusum | Format::Text)) || input::is_stream(out) || !is_regular(out);
        return if says_nothing { Ok(()) } else { output::file(&output::side_path(out), |out| out.write_all(&exported.side_file())) };
    }
    if exported.files.is_empty() && args.to == TEXT && !output::is_folder(out) {
        return output::file(out, |_| Ok(()));
    }
    if input::is_stream(out) {
        return output::packed(out, &exported.with_side());
    }
    output::folder(out, &exported.with_side())
}

/// Nothing stands beside a device.
fn is_regular(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|found| found.is_file())
}
