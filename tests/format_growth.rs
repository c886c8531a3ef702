//! Reading and writing grow with the files, not with their square: a cost for eight times as much, with room to spare.

#![cfg(feature = "datasets")]
#![allow(clippy::expect_used, clippy::panic, reason = "a test says what it relies on")]

use std::fmt::Write;
use std::hint::black_box;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use wusum::formats::files::Files;
use wusum::formats::{Format, Importer};
use wusum::text::Text;
use wusum::tokens::Tokens;

const FEW: usize = 1_500;
const MANY: usize = 8 * FEW;
/// What grows with the square would be near 64.
const MOST: f64 = 26.0;

fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed().max(Duration::from_nanos(1))
}

/// The least times of several rounds by turns, for other work on the machine only ever adds; what grows well is not tried again.
fn grows(mut work: impl FnMut(usize)) {
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let (mut few, mut many) = (Duration::MAX, Duration::MAX);
    let mut ratio = f64::INFINITY;
    for _ in 0..12 {
        few = few.min(time(|| work(FEW)));
        many = many.min(time(|| work(MANY)));
        ratio = many.as_secs_f64() / few.as_secs_f64();
        if ratio < MOST {
            return;
        }
    }
    panic!("eight times as much took {ratio:.1} times as long");
}

#[test]
fn sentences_grow_with_the_labels_that_hold_them() {
    grows(|count| {
        let text = Text::new("قال نعم. ".repeat(count));
        let tokens = Tokens::of(&text, None);
        // Each over a half of the text.
        let whole: Vec<_> = (0..count).map(|at| at..at + count).collect();
        black_box(tokens.sentences(&text, &whole));
    });
}

#[test]
fn documents_are_found_in_what_is_said_beside_them() {
    grows(|count| {
        let mut files = Files::new();
        let mut documents = String::new();
        for number in 0..count {
            let separator = if number == 0 { "" } else { "," };
            let digest = "0".repeat(64);
            write!(documents, "{separator}{{\"id\":\"d{number}\",\"title\":\"t\",\"file\":\"f{number}\",\"text_sha256\":\"{digest}\"}}")
                .expect("a string");
            files.insert(format!("f{number}.txt"), "قال");
            files.insert(format!("f{number}.ann"), "T1\tCue 0 3\tقال\n");
        }
        let side = format!("{{\"wusum_export\":1,\"format\":\"brat\",\"offset_unit\":\"code-points\",\"documents\":[{documents}]}}");
        files.insert("EXPORT.json", side);
        let mut importer = Importer::default();
        importer.files(&files, Some(Format::Brat));
        assert_eq!(importer.finish().documents.len(), count);
    });
}

#[test]
fn relations_find_the_spans_that_they_are_between() {
    grows(|count| {
        let (mut spans, mut relations) = (String::new(), String::new());
        for number in 0..count {
            let separator = if number == 0 { "" } else { "," };
            let span = format!("{{\"start\":{},\"end\":{},\"label\":\"Cue\"}}", number * 4, number * 4 + 3);
            write!(spans, "{separator}{span}").expect("a string");
            write!(relations, "{separator}{{\"label\":\"r\",\"head_span\":{span},\"child_span\":{span}}}").expect("a string");
        }
        let line = format!("{{\"text\":\"{}\",\"spans\":[{spans}],\"relations\":[{relations}]}}\n", "قال ".repeat(count));
        let mut importer = Importer::default();
        importer.file(Some("a.jsonl"), line.as_bytes(), Format::Spacy);
        let import = importer.finish();
        assert_eq!(import.layers.values().map(|layer| layer.relations().count()).sum::<usize>(), count);
    });
}
