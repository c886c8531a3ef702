//! Documents to measure with: the article again and again, labelled by rule.

use serde_json::json;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Whose labels they are.
pub const ANNOTATOR: &str = "bench";

/// A document in the own format, and the words in it that a test can label.
pub struct Document {
    /// The document's id.
    pub id: String,
    /// Project, document and layer as JSON Lines.
    pub lines: String,
    /// Words, as paragraph and half-open code points in it.
    pub words: Vec<(usize, usize, usize)>,
}

impl Document {
    /// About `size` code points of whole paragraphs with `labels` labels, none of which is a single word, and `relations`
    /// relations, each from a claim to an actor near it.
    pub fn new(article: &str, size: usize, labels: usize, relations: usize) -> Document {
        let lines: Vec<&str> = article.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
        // Not the article itself, which the page has already; nor another size's text, which would be the same document.
        let first = format!("{size} {labels} {relations}");
        let (mut paragraphs, mut length) = (vec![first.as_str()], 0);
        for line in lines.iter().cycle() {
            if length >= size {
                break;
            }
            paragraphs.push(*line);
            length += line.chars().count() + 1;
        }
        let text = paragraphs.join("\n");
        assert!(text.chars().all(|c| c.len_utf16() == 1), "the bare page counts in UTF-16");

        // Words of every paragraph, and where the paragraph begins.
        let mut words = Vec::new();
        let mut begins = Vec::new();
        let mut at = 0;
        for (n, paragraph) in paragraphs.iter().enumerate() {
            begins.push(at);
            words.extend(words_of(paragraph).into_iter().map(|(start, end)| (n, start, end)));
            at += paragraph.chars().count() + 1;
        }
        let id = format!("bench-{size}-{labels}-{relations}");
        let letters: Vec<char> = text.chars().collect();
        let spans: Vec<_> = stretches(&words, labels)
            .into_iter()
            .enumerate()
            .map(|(n, (paragraph, start, end))| {
                let (start, end) = (begins[paragraph] + start, begins[paragraph] + end);
                let quote: String = letters[start..end].iter().collect();
                let label = ["Actor", "Location", "Claim"][n % 3];
                json!({ "id": format!("b{n}"), "start": start, "end": end, "label": label, "text": quote })
            })
            .collect();
        // Labels go by threes: the third is a claim, the first of each three an actor.
        let threes = labels / 3;
        let ties: Vec<_> = (0..if threes == 0 { 0 } else { relations })
            .map(|n| {
                let (claim, further) = (n % threes, n / threes);
                let actor = (claim + further) % threes;
                json!({ "id": format!("t{n}"), "label": "source", "from": format!("b{}", claim * 3 + 2), "to": format!("b{}", actor * 3) })
            })
            .collect();
        let mut digest = String::new();
        for byte in Sha256::digest(text.as_bytes()) {
            let _ = write!(digest, "{byte:02x}");
        }
        let project = json!({ "wusum": 1, "kind": "project", "name": "bench", "offsets": "code-points" });
        let document = json!({ "kind": "document", "id": id, "title": id, "text": text, "sha256": digest, "meta": {} });
        let layer = json!({ "kind": "layer", "document": id, "annotator": ANNOTATOR, "status": "in-progress",
            "revision": labels, "spans": spans, "relations": ties });
        Document { id, lines: format!("{project}\n{document}\n{layer}\n"), words }
    }

    /// `count` words to label: half from the beginning, half from the middle, all different.
    pub fn targets(&self, count: usize) -> Vec<(usize, usize, usize)> {
        let long: Vec<_> = self.words.iter().copied().filter(|(_, start, end)| end - start >= 3).collect();
        let half = (count / 2).min(long.len() / 2);
        let middle = (long.len() / 2).max(half);
        long[..half].iter().chain(long[middle..].iter().take(count - half)).copied().collect()
    }
}

/// Runs of Arabic letters, in code points.
fn words_of(paragraph: &str) -> Vec<(usize, usize)> {
    let letter = |c: char| matches!(c, '\u{621}'..='\u{64A}');
    let (mut words, mut begin) = (Vec::new(), None);
    for (at, c) in paragraph.chars().chain([' ']).enumerate() {
        match (letter(c), begin) {
            (true, None) => begin = Some(at),
            (false, Some(start)) => {
                words.push((start, at));
                begin = None;
            }
            _ => {}
        }
    }
    words
}

/// `count` different stretches of two words or more, within a paragraph each, spread evenly, in reading order.
fn stretches(words: &[(usize, usize, usize)], count: usize) -> Vec<(usize, usize, usize)> {
    let mut found = Vec::with_capacity(count);
    let mut more = 2;
    // Each round takes longer stretches, until there are enough: on a short text they nest and cross.
    while found.len() < count && more < 60 {
        let all: Vec<_> = words
            .windows(more)
            .filter_map(|w| {
                let (first, last) = (w.first()?, w.last()?);
                (first.0 == last.0).then_some((first.0, first.1, last.2))
            })
            .collect();
        let wanted = (count - found.len()).min(all.len());
        found.extend((0..wanted).map(|n| all[n * all.len() / wanted]));
        more += 1;
    }
    found.sort_unstable();
    found
}
