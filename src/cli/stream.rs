//! Files of lines read one document after another, so that memory does not grow with their number.
//!
//! In most formats of lines a line is a document with its labels. In the own format it is a document and the lines of its layers
//! behind it; a layer that stands elsewhere is found beforehand in a file, and in a pipe is on no document that is known. What a file
//! says of the whole project comes first.

use super::apart::{Apart, Line};
use super::input;
use crate::formats::{Format, Import, Importer};
use crate::id::Annotator;
use crate::project::Project;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::PathBuf;

/// Formats of which a line is a document.
pub(super) const FORMATS: [Format; 6] = [Format::Wusum, Format::Doccano, Format::Spacy, Format::LabelStudio, Format::Gate, Format::Pubannotation];

/// How the lines are read.
pub(super) struct Reading<'a> {
    /// The format, where it is stated.
    pub from: Option<Format>,
    /// Whose labels they are, where a line does not say.
    pub annotator: Option<&'a str>,
}

/// Lines that are read together: a document and what is said of it.
#[derive(Default)]
struct Group {
    /// The number of each, from 1.
    numbers: Vec<u32>,
    bytes: Vec<u8>,
    /// The document, where it is of the own format and has a name.
    document: Option<String>,
}

impl Group {
    fn line(&mut self, number: u32, line: &[u8]) {
        self.numbers.push(number);
        self.bytes.extend_from_slice(line);
    }
}

impl Reading<'_> {
    /// Reads files one after another; `take` gets each document with its layers and problems, and the project that holds the schema.
    /// The error within is wrong use.
    pub(super) fn files(&self, inputs: &[PathBuf], take: &mut impl FnMut(&Project, Import) -> io::Result<()>) -> io::Result<Result<(), String>> {
        for path in inputs {
            let name = input::name(path);
            let mut apart = Apart::default();
            let mut look = |file: File| {
                if Apart::is_for(&file, self.from) {
                    apart = Apart::of(&file)?;
                }
                Ok(Box::new(BufReader::new(file)) as Box<dyn BufRead>)
            };
            let opened: io::Result<Box<dyn BufRead>> = match input::is_stream(path) {
                true => Ok(Box::new(io::stdin().lock())),
                false if path.is_dir() => return Ok(Err(format!("{name}: a folder is not read line by line; name its files"))),
                false => File::open(path).and_then(&mut look),
            };
            let told = match opened {
                Ok(mut lines) => self.lines(&name, &mut lines, &mut apart, take)?,
                Err(error) => Err(format!("{name}: {error}")),
            };
            if told.is_err() {
                return Ok(told);
            }
        }
        Ok(Ok(()))
    }

    /// Reads the lines of one file; the layers in it that stand apart come from `apart`.
    pub(super) fn lines(
        &self,
        name: &str,
        lines: &mut impl BufRead,
        apart: &mut Apart,
        take: &mut impl FnMut(&Project, Import) -> io::Result<()>,
    ) -> io::Result<Result<(), String>> {
        let mut whole = Project::new("wusum");
        let (mut format, mut group) = (self.from, Group::default());
        let mut line = Vec::new();
        for number in 1_u32.. {
            line.clear();
            if lines.read_until(b'\n', &mut line)? == 0 {
                break;
            }
            let known = *format.get_or_insert_with(|| Format::detect(Some(name).filter(|_| name != input::STANDARD_INPUT), &line));
            if !FORMATS.contains(&known) {
                let names = FORMATS.map(Format::name).join(", ");
                return Ok(Err(format!("{name}: the format {} is not read line by line; these are: {names}", known.name())));
            }
            let own = if known == Format::Wusum { Line::read(&line) } else { None };
            if own.as_ref().and_then(|own| own.kind.as_deref()) != Some("layer") {
                self.group(name, known, &mut group, apart, &mut whole, take)?;
                group.document = own.and_then(|own| own.document().map(str::to_owned));
            }
            if known != Format::Wusum || !apart.has(number) {
                group.line(number, &line);
            }
        }
        let format = format.unwrap_or(Format::Wusum);
        self.group(name, format, &mut group, apart, &mut whole, take)?;
        if format == Format::Wusum {
            for place in apart.left() {
                group.line(place.number, &apart.line(place)?);
                self.group(name, format, &mut group, apart, &mut whole, take)?;
            }
        }
        Ok(Ok(()))
    }

    /// Reads what was gathered, with what stands apart of it.
    fn group(
        &self,
        name: &str,
        format: Format,
        group: &mut Group,
        apart: &mut Apart,
        whole: &mut Project,
        take: &mut impl FnMut(&Project, Import) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut group = std::mem::take(group);
        if let Some(document) = group.document.take() {
            if group.bytes.last() != Some(&b'\n') {
                group.bytes.push(b'\n');
            }
            apart.take(&document)?.iter().for_each(|(number, line)| group.line(*number, line));
        }
        if group.bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(());
        }
        let schema_only = Project { schema: whole.schema.clone(), ..Project::new("") };
        let mut importer = Importer::knowing(&schema_only).annotator(self.annotator.map(Annotator::from));
        importer.file(Some(name), &group.bytes, format);
        let mut import = importer.finish();
        let moved = |line: Option<u32>| line.and_then(|line| group.numbers.get((line as usize).checked_sub(1)?).copied());
        import.problems.iter_mut().for_each(|problem| problem.line = moved(problem.line));
        import.places.values_mut().for_each(|place| place.line = moved(place.line));
        if let Some(name) = import.name.take() {
            whole.name = name;
        }
        if let Some(schema) = import.schema.take() {
            whole.schema = schema;
        }
        take(whole, import)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use std::io::Read;

    /// Lines that are made as they are asked for, and counted.
    struct Source<'a> {
        line: Box<dyn Fn(usize) -> Option<String> + 'a>,
        given: &'a Cell<usize>,
        rest: Vec<u8>,
        at: usize,
    }

    impl Read for Source<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let count = self.fill_buf()?.len().min(into.len());
            into[..count].copy_from_slice(&self.rest[self.at..self.at + count]);
            self.consume(count);
            Ok(count)
        }
    }

    impl BufRead for Source<'_> {
        fn fill_buf(&mut self) -> io::Result<&[u8]> {
            if self.at == self.rest.len() {
                self.rest = (self.line)(self.given.get()).unwrap_or_default().into_bytes();
                self.at = 0;
                self.given.set(self.given.get() + 1);
            }
            Ok(&self.rest[self.at..])
        }

        fn consume(&mut self, count: usize) {
            self.at += count;
        }
    }

    /// Reads a thousand documents; at each, how many lines were asked for and how many labels it has.
    fn read(line: impl Fn(usize) -> Option<String>) -> Vec<(usize, usize)> {
        let given = Cell::new(0);
        let mut source = Source { line: Box::new(line), given: &given, rest: Vec::new(), at: 0 };
        let mut seen = Vec::new();
        let reading = Reading { from: None, annotator: Some("a") };
        let told = reading.lines("a.jsonl", &mut source, &mut Apart::default(), &mut |_, import| {
            assert!(import.documents.len() <= 1 && import.orphans.is_empty());
            let labels = import.layers.values().map(crate::layer::Layer::len).sum();
            seen.extend((!import.documents.is_empty()).then(|| (given.get(), labels)));
            Ok(())
        });
        assert_eq!(told.expect("memory is read"), Ok(()));
        seen
    }

    #[test]
    fn a_document_is_taken_before_the_next_but_one_is_asked_for() {
        let doccano = |at: usize| (at < 1000).then(|| format!("{{\"id\":{at},\"text\":\"قال {at}\",\"label\":[[0,3,\"Cue\"]]}}\n"));
        let seen = read(doccano);
        assert_eq!(seen.len(), 1000);
        assert!(seen.iter().enumerate().all(|(at, (given, labels))| *given <= at + 2 && *labels == 1), "{:?}", seen.get(..3));

        let own = |at: usize| match (at, at % 3) {
            (0, _) => Some("{\"wusum\":1,\"kind\":\"project\",\"name\":\"n\",\"offsets\":\"code-points\"}\n".to_owned()),
            (3001.., _) => None,
            (_, 1) => Some(format!("{{\"kind\":\"document\",\"id\":\"d{at}\",\"text\":\"قال {at}\"}}\n")),
            (_, 2) => Some(layer(at - 1, "a")),
            _ => Some(layer(at - 2, "b")),
        };
        let seen = read(own);
        assert_eq!(seen.len(), 1000);
        assert!(seen.iter().enumerate().all(|(at, (given, labels))| *given <= 3 * at + 6 && *labels == 2), "{:?}", seen.get(..3));
    }

    fn layer(document: usize, annotator: &str) -> String {
        let span = "{\"start\":0,\"end\":3,\"label\":\"Cue\",\"text\":\"قال\"}";
        format!("{{\"kind\":\"layer\",\"document\":\"d{document}\",\"annotator\":\"{annotator}\",\"spans\":[{span}]}}\n")
    }
}
