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

/// Reads the files into an importer. A file that cannot be opened is a problem; the others are read all the same.
pub(super) fn read(inputs: &[PathBuf], from: Option<Format>, importer: &mut Importer) -> Vec<Problem> {
    let mut problems = Vec::new();
    for path in inputs {
        let name = if is_stream(path) { STANDARD_INPUT.to_owned() } else { path.display().to_string() };
        let bytes = if is_stream(path) {
            let mut bytes = Vec::new();
            io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
        } else {
            std::fs::read(path)
        };
        match bytes {
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
