//! Input files, folders and archives, and the problems that are named on standard error.

use super::Ended;
use crate::formats::files::Files;
use crate::formats::{Format, Importer, Problem, ProblemCode, archive};
use serde_json::{Map, Value, json};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// How standard input is named in problems.
pub(super) const STANDARD_INPUT: &str = "<stdin>";

/// Whether the path stands for a standard stream.
pub(super) fn is_stream(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// How a file is named in problems.
pub(super) fn name(path: &Path) -> String {
    if is_stream(path) { STANDARD_INPUT.to_owned() } else { path.display().to_string() }
}

/// All of a file, or of standard input.
pub(super) fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    if !is_stream(path) {
        return std::fs::read(path);
    }
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
}

/// Reads files, folders and archives into an importer. What cannot be opened is a problem; the others are read all the same.
/// Files that are named one by one belong together as those of a folder do.
pub(super) fn read(inputs: &[PathBuf], from: Option<Format>, importer: &mut Importer) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut single = Files::new();
    for path in inputs {
        let unreadable = |error: io::Error| {
            let code = ProblemCode::Unreadable { detail: error.to_string() };
            Problem { file: Some(name(path)), ..Problem::whole(code) }
        };
        if path.is_dir() {
            let mut files = Files::new();
            walk(path, &mut files, &mut problems);
            importer.files(&files, from);
            continue;
        }
        let name = name(path);
        match bytes(path) {
            Ok(bytes) if archive::is_archive(&bytes) => {
                let (files, wrong) = archive::read(Some(&name), &bytes, archive::Limits::default());
                problems.extend(wrong);
                let inside: Files = files.iter().map(|(path, bytes)| (format!("{name}/{path}"), bytes.to_vec())).collect();
                importer.files(&inside, from);
            }
            Ok(bytes) if is_stream(path) || single.get(&name).is_some() => {
                let format = from.unwrap_or_else(|| Format::detect((!is_stream(path)).then_some(name.as_str()), &bytes));
                importer.file(Some(&name), &bytes, format);
            }
            Ok(bytes) => {
                add_partners(path, &mut single);
                single.insert(name, bytes);
            }
            Err(error) => problems.push(unreadable(error)),
        }
    }
    if !single.is_empty() {
        importer.files(&single, from);
    }
    problems
}

/// A file that belongs to the one that was named: the text beside labels of brat, and what an export says of its one file.
fn add_partners(path: &Path, files: &mut Files) {
    let mut partners = vec![super::output::side_path(path)];
    if path.extension().is_some_and(|ending| ending == "ann") {
        partners.push(path.with_extension("txt"));
    }
    for partner in partners {
        if let Ok(bytes) = std::fs::read(&partner) {
            files.insert(name(&partner), bytes);
        }
    }
}

/// All files below a folder, by path; hidden ones and links are left out.
fn walk(folder: &Path, files: &mut Files, problems: &mut Vec<Problem>) {
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        let mut wrong = |path: &Path, error: io::Error| {
            problems.push(Problem { file: Some(name(path)), ..Problem::whole(ProblemCode::Unreadable { detail: error.to_string() }) });
        };
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) => {
                wrong(&folder, error);
                continue;
            }
        };
        for entry in entries.flatten().filter(|entry| !entry.file_name().to_string_lossy().starts_with('.')) {
            let path = entry.path();
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => waiting.push(path),
                Ok(kind) if kind.is_file() => match std::fs::read(&path) {
                    Ok(bytes) => drop(files.insert(name(&path), bytes)),
                    Err(error) => wrong(&path, error),
                },
                _ => {}
            }
        }
    }
}

/// A problem as a JSON object.
pub(super) fn report(problem: &Problem) -> Value {
    let params: Map<String, Value> = problem.code.params().into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
    json!({ "file": problem.file, "line": problem.line, "code": problem.code.id(), "message": problem.code.to_string(), "params": params })
}

/// Names each problem on standard error.
pub(super) fn tell(problems: &[Problem]) -> io::Result<Ended> {
    let mut err = io::stderr().lock();
    for problem in problems {
        writeln!(err, "{problem}")?;
    }
    Ok(if problems.is_empty() { Ended::Good } else { Ended::Problems })
}
