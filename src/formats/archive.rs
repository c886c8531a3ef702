//! Zip archives: read with distrust, written the same for the same files.

use super::files::Files;
use super::problem::{Problem, ProblemCode};
use flate2::bufread::DeflateDecoder;
use flate2::write::DeflateEncoder;
use rawzip::{CompressionMethod, ZipArchive, ZipArchiveWriter};
use std::collections::BTreeMap;
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
    let mut reading = Reading { files: Files::new(), problems: Vec::new(), claimed: BTreeMap::new(), left: limits.total, limits };
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
    /// Where the packed bytes of files start and end.
    claimed: BTreeMap<u64, u64>,
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
            let Ok(raw) = str::from_utf8(entry.file_path().as_bytes()).map(str::to_owned) else {
                let path = String::from_utf8_lossy(entry.file_path().as_bytes()).into_owned();
                self.problem(ProblemCode::ArchiveEntry { path, detail: "its name is not UTF-8".to_owned() });
                continue;
            };
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
            if !self.claim(local.compressed_data_range()) {
                self.problem(ProblemCode::ArchiveEntry { path: raw, detail: "its bytes are also those of another file".to_owned() });
                continue;
            }
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

    /// Takes packed bytes for one file; `false` where some of them are another's.
    fn claim(&mut self, (start, end): (u64, u64)) -> bool {
        let is_free = self.claimed.range(..end).next_back().is_none_or(|(_, before)| *before <= start);
        if is_free && start < end {
            self.claimed.insert(start, end);
        }
        is_free
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
    !path.contains(['\\', '\0', ':']) && path.split('/').all(is_part)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// An entry as a careless or hostile program may write it.
    #[derive(Clone)]
    struct Entry {
        name: Vec<u8>,
        packed: Vec<u8>,
        method: u16,
        crc: u32,
        size: u32,
        /// The entry whose bytes it says are its own.
        at: Option<usize>,
    }

    fn entry(name: impl AsRef<[u8]>, content: &[u8]) -> Entry {
        let mut encoder = DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(content).expect("memory");
        let mut crc = flate2::Crc::new();
        crc.update(content);
        let size = u32::try_from(content.len()).expect("short");
        Entry { name: name.as_ref().to_vec(), packed: encoder.finish().expect("memory"), method: 8, crc: crc.sum(), size, at: None }
    }

    /// An archive, byte by byte as the format's note has it.
    fn pack(entries: &[Entry]) -> Vec<u8> {
        let short = |number: usize| u16::try_from(number).expect("short").to_le_bytes();
        let long = |number: usize| u32::try_from(number).expect("short").to_le_bytes();
        let about = |entry: &Entry| {
            let (packed, name) = (long(entry.packed.len()), short(entry.name.len()));
            [&[20, 0, 0, 8][..], &entry.method.to_le_bytes(), &[0; 4], &entry.crc.to_le_bytes(), &packed, &entry.size.to_le_bytes(), &name, &[0, 0]]
                .concat()
        };
        let (mut out, mut directory, mut places) = (Vec::new(), Vec::new(), Vec::new());
        for entry in entries {
            let place = entry.at.map_or(out.len(), |at| places[at]);
            places.push(place);
            if entry.at.is_none() {
                out.extend([b"PK\x03\x04", &about(entry)[..], &entry.name, &entry.packed].concat());
            }
            directory.extend([b"PK\x01\x02\x14\0", &about(entry)[..], &[0; 10], &long(place), &entry.name].concat());
        }
        let (start, count) = (long(out.len()), short(entries.len()));
        let end = [b"PK\x05\x06\0\0\0\0", &count[..], &count, &long(directory.len()), &start, &[0, 0]].concat();
        [out, directory, end].concat()
    }

    /// The paths that were read, and what is wrong.
    fn told(bytes: &[u8], limits: Limits) -> (Vec<String>, Vec<String>) {
        let (files, problems) = read(Some("x.zip"), bytes, limits);
        assert!(problems.iter().all(|problem| problem.file.as_deref() == Some("x.zip")));
        let said = problems.iter().map(|problem| match &problem.code {
            ProblemCode::ArchiveEntry { path, .. } => format!("{} {path}", problem.code.id()),
            code => [code.id()].into_iter().map(str::to_owned).chain(code.params().into_iter().map(|(_, value)| value)).collect::<Vec<_>>().join(" "),
        });
        (files.iter().map(|(path, _)| path.to_owned()).collect(), said.collect())
    }

    fn all(bytes: &[u8]) -> (Vec<String>, Vec<String>) {
        told(bytes, Limits::default())
    }

    #[test]
    fn what_is_written_is_read() {
        let files: Files = [("خبر/a.txt".to_owned(), "قال".repeat(1000).into_bytes()), ("b".to_owned(), vec![])].into_iter().collect();
        let mut packed = Vec::new();
        write(&files, &mut packed).expect("memory");
        assert!(is_archive(&packed) && packed.len() < 400);
        assert_eq!(read(None, &packed, Limits::default()), (files, vec![]));
        assert_eq!(all(&pack(&[])), (vec![], vec![]));
    }

    #[test]
    fn no_path_leads_out_of_its_folder() {
        let bad = ["../a", "a/../../b", "/etc/passwd", "a//b", "./a", "C:/a", "..\\a", "a\\b", "a/\u{0}b", ".."];
        let mut entries: Vec<Entry> = bad.iter().map(|path| entry(path, b"x")).collect();
        entries.extend([entry("خبر/..a/b..txt", b"x"), entry(b"\xC7\xE1.txt", b"x"), entry("folder/", b""), entry("__MACOSX/._a", b"x")]);
        let (paths, said) = all(&pack(&entries));
        assert_eq!(paths, ["خبر/..a/b..txt"]);
        let expected: Vec<String> =
            bad.iter().map(|path| format!("archive-path {path}")).chain(["archive-entry \u{FFFD}\u{FFFD}.txt".to_owned()]).collect();
        assert_eq!(said, expected);
    }

    #[test]
    fn of_two_files_of_one_name_the_first_is_read() {
        let packed = pack(&[entry("a", b"first"), entry("a", b"second")]);
        let (files, problems) = read(None, &packed, Limits::default());
        assert_eq!(files, Files::one("a", *b"first"));
        assert_eq!(problems, [Problem::whole(ProblemCode::ArchiveTwice { path: "a".to_owned() })]);
    }

    #[test]
    fn bombs_do_not_go_off() {
        // Zeroes pack a thousand to one; the file after them is read.
        let bomb = vec![0_u8; 4 << 20];
        let packed = pack(&[entry("zeroes", &bomb), entry("a", b"x")]);
        assert_eq!(all(&packed), (vec!["a".to_owned()], vec!["archive-bomb zeroes 200".to_owned()]));
        // Sizes that are no truth help nobody.
        let lying = Entry { size: 1, ..entry("zeroes", &bomb) };
        assert_eq!(all(&pack(&[lying])), (vec![], vec!["archive-entry zeroes".to_owned()]));
        let small = Limits { total: 10, ..Limits::default() };
        let packed = pack(&[entry("a", b"12345678"), entry("b", b"123"), entry("c", b"1")]);
        assert_eq!(told(&packed, small), (vec!["a".to_owned()], vec!["archive-too-large 10 bytes".to_owned()]));
        let few = Limits { entries: 2, ..Limits::default() };
        assert_eq!(told(&packed, few), (vec!["a".to_owned(), "b".to_owned()], vec!["archive-too-large 2 entries".to_owned()]));
    }

    #[test]
    fn files_on_one_anothers_bytes_are_read_once() {
        let a = entry("a", b"x");
        let same = Entry { name: b"b".to_vec(), at: Some(0), ..a.clone() };
        let within = Entry { packed: a.packed[1..].to_vec(), ..same.clone() };
        let packed = pack(&[a, same, within.clone(), Entry { name: b"c".to_vec(), ..within }]);
        assert_eq!(all(&packed), (vec!["a".to_owned()], ["archive-entry b", "archive-entry b", "archive-entry c"].map(str::to_owned).to_vec()));
    }

    #[test]
    fn damage_is_told_and_the_rest_is_read() {
        let good = pack(&[entry("a", b"first"), entry("b", b"second")]);
        // A byte of the first file's data, after 30 bytes and a name of one.
        let mut damaged = good.clone();
        damaged[33] ^= 0x55;
        assert_eq!(all(&damaged), (vec!["b".to_owned()], vec!["archive-entry a".to_owned()]));
        let odd = Entry { method: 99, ..entry("a", b"x") };
        let wrong = Entry { crc: 1, ..entry("c", b"x") };
        assert_eq!(
            all(&pack(&[odd, entry("b", b"x"), wrong])),
            (vec!["b".to_owned()], ["archive-entry a", "archive-entry c"].map(str::to_owned).to_vec())
        );
        for length in 0..good.len() {
            let (files, problems) = read(None, &good[..length], Limits::default());
            assert!(files.is_empty() && problems.iter().all(|problem| problem.code.id() == "archive-unreadable"), "{length}");
            assert_eq!(problems.len(), 1, "{length}");
        }
    }
}
