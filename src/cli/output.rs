//! Output: a file whole or not at all, a folder, or an archive.

use super::input;
use crate::formats::files::Files;
use crate::formats::{archive, side};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Writes a file whole or not at all: a reader never sees half of one, and an input may be the output.
pub(super) fn file(path: &Path, content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
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

/// Whether the path asks for an archive.
pub(super) fn is_archive(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"))
}

/// Whether the path asks for a folder: there is one, or it ends as one does.
pub(super) fn is_folder(path: &Path) -> bool {
    path.is_dir() || path.as_os_str().to_string_lossy().ends_with(['/', std::path::MAIN_SEPARATOR])
}

/// Writes an archive, to a file or to standard output.
pub(super) fn packed(path: &Path, files: &Files) -> io::Result<()> {
    file(path, |out| archive::write(files, out))
}

/// Writes files into a folder, which is made where there is none. Other files in it stay.
pub(super) fn folder(path: &Path, files: &Files) -> io::Result<()> {
    for (name, bytes) in files.iter() {
        let mut place = path.to_owned();
        place.extend(name.split('/'));
        if let Some(parent) = place.parent() {
            std::fs::create_dir_all(parent)?;
        }
        file(&place, |out| out.write_all(bytes))?;
    }
    Ok(())
}

/// The name of the file that stands beside one file of data.
pub(super) fn side_path(path: &Path) -> PathBuf {
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}", side::SIDE_FILE));
    PathBuf::from(beside)
}
