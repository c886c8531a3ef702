//! How many megabytes each format reads and writes in a second of the processor's, on generated Arabic: `make bench-formats`.
//!
//! Argument: how many megabytes of text (100). One table: megabytes of the files a second, in and out, and the size of the files.
//! With `PYTHON` set to a Python that has them, the common Python route for the same files beside it: `bench/formats.py`.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;
use wusum::annotation::Annotation;
use wusum::formats::export::{Options, export};
use wusum::formats::files::Files;
use wusum::formats::{Format, Importer};
use wusum::layer::{Layer, Status};
use wusum::project::{Document, LayerKey, Project};
use wusum::span::Span;
use wusum::text::Offset;

/// Words of a document, and every how many of them one is labelled.
const WORDS: usize = 300;
const EVERY: usize = 12;

const VOCABULARY: &str =
    "قال وزير الخارجية المصري سامح شكري إن مصر ترفض التهجير وفق رويترز في القاهرة يوم الأحد بعد اجتماع مع نظيره الأمريكي وأضاف أن بلاده لن تقبل";

/// Documents of so many bytes of text, with labels by one person; the same for the same size.
fn project(bytes: usize) -> Project {
    let words: Vec<&str> = VOCABULARY.split(' ').collect();
    let mut project = Project::new("bench");
    let (mut written, mut state) = (0, 1_u64);
    for number in 0.. {
        if written >= bytes {
            break;
        }
        let (mut text, mut at, mut labels) = (String::new(), 0_u32, Vec::new());
        for place in 0..WORDS {
            // Knuth's MMIX generator.
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let word = words[(state >> 33) as usize % words.len()];
            let end = at + u32::try_from(word.chars().count()).unwrap();
            if place % EVERY == 3 {
                let span = Span::try_new(Offset::new(at), Offset::new(end)).unwrap();
                labels.push(Annotation::new(format!("s{}", labels.len() + 1).as_str().into(), span, "Actor".into()));
            }
            text.push_str(word);
            text.push_str(if place % 25 == 24 { ". " } else { " " });
            at = end + if place % 25 == 24 { 2 } else { 1 };
        }
        written += text.len();
        let id = format!("d{number:07}");
        project.documents.insert(id.as_str().into(), Arc::new(Document::new(id.as_str().into(), id.as_str(), text)));
        let key = LayerKey { document: id.as_str().into(), annotator: "a".into() };
        project.layers.insert(key, Layer::from_records(Status::Done, labels, []));
    }
    project
}

/// Seconds that the processor has spent on this program, where the system tells (Linux); else seconds that have passed. What
/// others do at the same time is then no part of it.
fn spent(start: Instant) -> f64 {
    let told = std::fs::read_to_string("/proc/self/schedstat").ok();
    let nanoseconds = told.and_then(|told| told.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(|| start.elapsed().as_secs_f64(), |nanoseconds| nanoseconds / 1e9)
}

/// Megabytes a second.
fn rate(bytes: usize, seconds: f64) -> f64 {
    bytes as f64 / 1e6 / seconds
}

/// What the Python route took to read the files, and how it is called.
fn python(format: Format, files: &Files, folder: &Path) -> Option<(String, f64)> {
    let python = std::env::var_os("PYTHON")?;
    let _ = std::fs::remove_dir_all(folder);
    for (path, bytes) in files.iter() {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent()?).ok()?;
        std::fs::write(path, bytes).ok()?;
    }
    let output = Command::new(python).arg("bench/formats.py").arg(format.name()).arg(folder).output().ok()?;
    let _ = std::fs::remove_dir_all(folder);
    let said = String::from_utf8(output.stdout).ok()?;
    let (name, seconds) = said.trim().split_once('\t')?;
    Some((name.to_owned(), seconds.parse().ok()?))
}

fn main() {
    let start = Instant::now();
    let size = std::env::args().skip(1).find_map(|argument| argument.parse::<usize>().ok()).unwrap_or(100);
    let project = project(size * 1_000_000);
    let labels: usize = project.layers.values().map(Layer::len).sum();
    println!("{size} MB of text, {} documents, {labels} labels", project.documents.len());
    println!("| format | files, MB | out, MB/s | in, MB/s | Python, in, MB/s |\n|---|---|---|---|---|");
    for format in Format::ALL.into_iter().filter(|format| format.is_written()) {
        let begin = spent(start);
        let files = export(&project, &BTreeMap::new(), format, &Options::default()).expect("it is written").with_side();
        let bytes: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
        let out = rate(bytes, spent(start) - begin);
        let mut read = "–".to_owned();
        if format.is_read() {
            let begin = spent(start);
            let mut importer = Importer::default();
            importer.files(&files, Some(format));
            let import = importer.finish();
            assert_eq!(import.documents.len(), project.documents.len(), "{}", format.name());
            read = format!("{:.0}", rate(bytes, spent(start) - begin));
        }
        let folder = std::env::temp_dir().join(format!("wusum-bench-{}", std::process::id()));
        let python =
            python(format, &files, &folder).map_or_else(|| "–".to_owned(), |(name, seconds)| format!("{:.1} ({name})", bytes as f64 / 1e6 / seconds));
        println!("| `{}` | {:.0} | {out:.0} | {read} | {python} |", format.name(), bytes as f64 / 1e6);
    }
}
