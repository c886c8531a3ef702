//! Layers of the own format that stand apart from their documents, as older files have them: found before a file is read line by line,
//! and read with their documents.

use crate::formats::Format;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

/// What a line of the own format is.
#[derive(Deserialize)]
pub(super) struct Line<'a> {
    #[serde(borrow)]
    pub kind: Option<Cow<'a, str>>,
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    document: Option<Cow<'a, str>>,
}

/// Where a line is.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub number: u32,
    byte: u64,
    length: usize,
}

/// The layers of a file that stand apart, by their documents; of files without any, nothing.
#[derive(Default)]
pub(super) struct Apart {
    file: Option<File>,
    places: BTreeMap<String, Vec<Place>>,
    /// The numbers of their lines.
    numbers: BTreeSet<u32>,
}

impl Line<'_> {
    pub(super) fn read(line: &[u8]) -> Option<Line<'_>> {
        serde_json::from_slice(line).ok()
    }

    /// The document that the line is, where it has a name.
    pub(super) fn document(&self) -> Option<&str> {
        self.id.as_deref().filter(|_| self.kind.as_deref() == Some("document"))
    }
}

impl Apart {
    /// Looks through a file, and leaves it at its beginning.
    pub(super) fn of(file: &File) -> io::Result<Self> {
        let mut apart = Self::default();
        let mut lines = BufReader::new(file.try_clone()?);
        let (mut at, mut line, mut document) = (0_u64, Vec::new(), None::<String>);
        for number in 1_u32.. {
            line.clear();
            let length = lines.read_until(b'\n', &mut line)?;
            if length == 0 {
                break;
            }
            if let Some(read) = Line::read(&line) {
                match read.kind.as_deref() {
                    Some("document") => document = read.id.map(Cow::into_owned),
                    Some("layer") if read.document.as_deref() != document.as_deref() => {
                        if let Some(of) = read.document {
                            apart.places.entry(of.into_owned()).or_default().push(Place { number, byte: at, length });
                            apart.numbers.insert(number);
                        }
                    }
                    _ => {}
                }
            }
            at = at.saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
        }
        let mut file = file.try_clone()?;
        file.seek(SeekFrom::Start(0))?;
        apart.file = Some(file).filter(|_| !apart.places.is_empty());
        Ok(apart)
    }

    /// Whether a file is looked through: it is no pipe, and may be of the own format.
    pub(super) fn is_for(file: &File, format: Option<Format>) -> bool {
        format.is_none_or(|format| format == Format::Wusum) && file.metadata().is_ok_and(|found| found.is_file())
    }

    /// Whether a line is a layer that stands apart.
    pub(super) fn has(&self, number: u32) -> bool {
        self.numbers.contains(&number)
    }

    /// The lines of a document's layers that stand apart, with their numbers; each is given once.
    pub(super) fn take(&mut self, document: &str) -> io::Result<Vec<(u32, Vec<u8>)>> {
        let places = self.places.remove(document).unwrap_or_default();
        places.into_iter().map(|place| Ok((place.number, self.line(place)?))).collect()
    }

    /// Where the layers of documents that did not come are, in the order of the file; each is given once.
    pub(super) fn left(&mut self) -> Vec<Place> {
        let mut places: Vec<Place> = std::mem::take(&mut self.places).into_values().flatten().collect();
        places.sort_unstable_by_key(|place| place.number);
        places
    }

    /// The line at a place.
    pub(super) fn line(&mut self, place: Place) -> io::Result<Vec<u8>> {
        let Some(file) = &mut self.file else { return Ok(Vec::new()) };
        let mut line = vec![0; place.length];
        // The reader of the lines has a place of its own in the same file.
        let here = file.stream_position()?;
        file.seek(SeekFrom::Start(place.byte))?;
        file.read_exact(&mut line)?;
        file.seek(SeekFrom::Start(here))?;
        if line.last() != Some(&b'\n') {
            line.push(b'\n');
        }
        Ok(line)
    }
}
