//! Any bytes in any format that is read: no panic, no hang, and every problem is of the files that were given.
//!
//! Each target is this file; its name is the format's.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wusum::formats::files::Files;
use wusum::formats::{Format, Importer, archive};

/// Archives may not become larger than this.
const LIMITS: archive::Limits = archive::Limits { entries: 100, total: 1 << 22, ratio: 200, free: 1 << 16 };

/// Parts a file from the one beside it.
const SEAM: u8 = 0;

fuzz_target!(|bytes: &[u8]| {
    let mut importer = Importer::default();
    let name = env!("CARGO_BIN_NAME");
    if name == "zip" {
        let (files, _) = archive::read(Some("a.zip"), bytes, LIMITS);
        importer.files(&files, None);
    } else {
        let format = Format::from_name(name).expect("a target is called as a format");
        let mut parts = bytes.splitn(2, |byte| *byte == SEAM);
        let ending = if format == Format::Brat { "ann" } else { format.extensions().first().copied().unwrap_or_default() };
        let mut files = Files::one(format!("a.{ending}"), parts.next().unwrap_or_default());
        // What is beside such a file: the text of labels, the types of features.
        let beside = match format {
            Format::Brat => "a.txt",
            Format::CasXmi => "TypeSystem.xml",
            _ => "EXPORT.json",
        };
        if let Some(part) = parts.next() {
            files.insert(beside, part);
        }
        importer.files(&files, Some(format));
    }
    let import = importer.finish();
    for (key, layer) in import.layers.iter() {
        let document = import.documents.get(&key.document).expect("a layer has its document");
        assert!(layer.iter().all(|label| label.extent.hull().end() <= document.text.len()));
    }
});
