//! Zip archives: read with distrust, written the same for the same files.

use super::files::Files;
use super::problem::{Problem, ProblemCode};
use flate2::bufread::DeflateDecoder;
use flate2::write::DeflateEncoder;
use rawzip::{CompressionMethod, ZipArchive, ZipArchiveWriter};
use std::io::{self, Read, Write};

/// What an archive may ask of whoever reads it.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The most entries.
    pub entries: usize,
    /// The most bytes of all files together, unpacked.
    pub total: u64,
    /// How many times its packed size a file may have, where it is larger than `free`.
    pub ratio: u64,
    /// Up to how many bytes, unpacked, the ratio is not asked for.
    pub free: u64,
}

impl Default for Limits {
    fn default() -> Self {
        // Labels of news pack some 20 to 1; deflate reaches 1032 to 1 on nothing but zeroes.
        Self { entries: 200_000, total: 1 << 30, ratio: 200, free: 1 << 20 }
    }
}

/// Whether these are the bytes of an archive.
#[must_use]
pub fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// The files of an archive. Entries that are not believed are problems; the others are read all the same.
#[must_use]
pub fn read(name: Option<&str>, bytes: &[u8], limits: Limits) -> (Files, Vec<Problem>) {
    let mut reading = Reading { files: Files::new(), problems: Vec::new(), left: limits.total, limits };
    if let Err(error) = reading.all(bytes) {
        reading.problem(ProblemCode::ArchiveUnreadable { detail: error.to_string() });
    }
    for problem in &mut reading.problems {
        problem.file = name.map(str::to_owned);
    }
    (reading.files, reading.problems)
}

struct Reading {
    files: Files,
    problems: Vec<Problem>,
    /// Bytes that may still be unpacked.
    left: u64,
    limits: Limits,
}

impl Reading {
    fn problem(&mut self, code: ProblemCode) {
        self.problems.push(Problem::whole(code));
    }

    fn all(&mut self, bytes: &[u8]) -> Result<(), rawzip::Error> {
        let archive = ZipArchive::from_slice(bytes)?;
        let mut entries = archive.entries();
        let mut seen = 0_usize;
        while let Some(entry) = entries.next_entry()? {
            seen += 1;
            if seen > self.limits.entries {
                self.problem(ProblemCode::ArchiveTooLarge { limit: format!("{} entries", self.limits.entries) });
                return Ok(());
            }
            if entry.is_dir() {
                continue;
            }
            let raw = String::from_utf8_lossy(entry.file_path().as_bytes()).into_owned();
            if !is_safe(&raw) {
                self.problem(ProblemCode::ArchivePath { path: raw });
                continue;
            }
            if is_litter(&raw) {
                continue;
            }
            if self.files.get(&raw).is_some() {
                self.problem(ProblemCode::ArchiveTwice { path: raw });
                continue;
            }
            let packed = entry.compressed_size_hint();
            let most = self.left.min(packed.saturating_mul(self.limits.ratio).max(self.limits.free));
            let method = entry.compression_method();
            let local = match archive.get_entry(entry.wayfinder()) {
                Ok(local) => local,
                Err(error) => {
                    self.problem(ProblemCode::ArchiveEntry { path: raw, detail: error.to_string() });
                    continue;
                }
            };
            let unpacked = match method {
                CompressionMethod::STORE => take(local.verifying_reader(local.data()), most),
                CompressionMethod::DEFLATE => take(local.verifying_reader(DeflateDecoder::new(local.data())), most),
                _ => Err(io::Error::other("packed in a way that is not read")),
            };
            match unpacked {
                Ok(Some(unpacked)) => {
                    self.left = self.left.saturating_sub(unpacked.len() as u64);
                    self.files.insert(raw, unpacked);
                }
                Ok(None) if most == self.left => {
                    self.problem(ProblemCode::ArchiveTooLarge { limit: format!("{} bytes", self.limits.total) });
                    return Ok(());
                }
                Ok(None) => self.problem(ProblemCode::ArchiveBomb { path: raw, ratio: self.limits.ratio }),
                Err(error) => self.problem(ProblemCode::ArchiveEntry { path: raw, detail: error.to_string() }),
            }
        }
        Ok(())
    }
}

/// All bytes, or nothing where there are more than `most`.
fn take(reader: impl Read, most: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    reader.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= most).then_some(bytes))
}

/// A path that stays in its folder on every system.
fn is_safe(path: &str) -> bool {
    let is_part = |part: &str| !part.is_empty() && part != "." && part != "..";
    !path.contains(['\\', '\0', ':', '\u{FFFD}']) && path.split('/').all(is_part)
}

/// What systems put into archives beside the files.
fn is_litter(path: &str) -> bool {
    path.starts_with("__MACOSX/") || path.ends_with(".DS_Store")
}

/// An archive of the files, by path, without times.
///
/// # Errors
/// When it cannot be written.
pub fn write(files: &Files, out: &mut (impl Write + ?Sized)) -> io::Result<()> {
    let failed = |error: rawzip::Error| io::Error::other(error.to_string());
    let mut archive = ZipArchiveWriter::new(out);
    for (path, bytes) in files.iter() {
        let (mut entry, config) = archive.new_file(path).compression_method(CompressionMethod::DEFLATE).start().map_err(failed)?;
        let encoder = DeflateEncoder::new(&mut entry, flate2::Compression::default());
        let mut writer = config.wrap(encoder);
        writer.write_all(bytes)?;
        let (encoder, descriptor) = writer.finish().map_err(failed)?;
        encoder.finish()?;
        entry.finish(descriptor).map_err(failed)?;
    }
    archive.finish().map_err(failed)?;
    Ok(())
}
