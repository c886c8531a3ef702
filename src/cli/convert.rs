//! `wusum convert`: files in, one file out.

use super::{ConvertArgs, Ended, input};
use crate::formats::{self, Format, Importer};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Reads, writes, and names the problems. What is good is written even where there are problems.
pub(super) fn run(args: &ConvertArgs) -> io::Result<Ended> {
    let mut importer = Importer::default().annotator(args.annotator.as_deref().map(Into::into));
    let mut problems = input::read(&args.inputs, args.from, &mut importer);
    let mut import = importer.finish();
    problems.append(&mut import.problems);
    let stem = args.out.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let (project, revisions) = import.into_project(stem.filter(|stem| stem != "-").as_deref().unwrap_or("wusum"));
    if args.to == Format::Text && project.documents.len() > 1 {
        return Ok(Ended::WrongUse(format!("the format text holds one document; there are {}", project.documents.len())));
    }
    let written = write(&args.out, |out| formats::write(&project, &revisions, args.to, out));
    if let Err(error) = written {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Err(error);
        }
        return Ok(Ended::WrongUse(format!("{}: {error}", args.out.display())));
    }
    input::tell(&problems)
}

/// Writes a file whole or not at all: a reader never sees half of one, and an input may be the output.
pub(super) fn write(path: &Path, content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    if input::is_stream(path) {
        let mut out = BufWriter::new(io::stdout().lock());
        content(&mut out)?;
        return out.flush();
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}.part", std::process::id()));
    let beside = PathBuf::from(beside);
    let written = std::fs::File::create(&beside).and_then(|file| {
        let mut out = BufWriter::new(file);
        content(&mut out)?;
        out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
    });
    written.and_then(|()| std::fs::rename(&beside, path)).inspect_err(|_| {
        let _ = std::fs::remove_file(&beside);
    })
}
