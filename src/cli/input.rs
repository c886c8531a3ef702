//! Input files, and the problems that are named on standard error.

use super::Ended;
use crate::formats::{Format, Importer, Problem, ProblemCode};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// How standard input is named in problems.
const STANDARD_INPUT: &str = "<stdin>";

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

/// Reads the files into an importer. A file that cannot be opened is a problem; the others are read all the same.
pub(super) fn read(inputs: &[PathBuf], from: Option<Format>, importer: &mut Importer) -> Vec<Problem> {
    let mut problems = Vec::new();
    for path in inputs {
        let name = name(path);
        match bytes(path) {
            Ok(bytes) => {
                let known = (!is_stream(path)).then_some(name.as_str());
                let format = from.unwrap_or_else(|| Format::detect(known, &bytes));
                importer.file(Some(&name), &bytes, format);
            }
            Err(error) => {
                let code = ProblemCode::Unreadable { detail: error.to_string() };
                problems.push(Problem { file: Some(name), line: None, code });
            }
        }
    }
    problems
}

/// Names each problem on standard error.
pub(super) fn tell(problems: &[Problem]) -> io::Result<Ended> {
    let mut err = io::stderr().lock();
    for problem in problems {
        writeln!(err, "{problem}")?;
    }
    Ok(if problems.is_empty() { Ended::Good } else { Ended::Problems })
}
