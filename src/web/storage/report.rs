//! What an import did, in words.

use crate::exchange::{Complaint, Hidden, Imported, Restored};
use crate::formats::merge::ReportLine;
use crate::id::DocumentId;
use crate::web::state::{Lines, Notice, Offer, Tone};
use crate::web::storage::library::notify;
use crate::web::store::StoreRef;
use crate::web::words::Words;
use std::collections::BTreeMap;

/// What documents are called.
type Titles = BTreeMap<DocumentId, String>;

/// Says what became of backups.
pub(super) fn tell_restored(store: &StoreRef, restored: &Restored) {
    let tone = if restored.damaged { Tone::Warning } else { Tone::Calm };
    let restored = restored.clone();
    let lines = Lines::new(move |words| {
        let mut lines = vec![words.count("restore.written", restored.written)];
        if restored.kept > 0 {
            lines.push(words.count("restore.kept", restored.kept));
        }
        if restored.different > 0 {
            lines.push(words.count("restore.different", restored.different));
        }
        if restored.damaged {
            lines.push(words.get("restore.damaged"));
        }
        lines
    });
    notify(store, Notice { key: "notice.restore", tone, words: ("notice.restore", Vec::new()), lines, offer: None });
}

/// Says what became of files.
pub(super) fn tell_merged(store: &StoreRef, imported: &Imported) {
    let titles: Titles = store.saver.cards().into_iter().map(|(id, card)| (id, card.title)).collect();
    let Imported { lines, problems, hidden, more, .. } = imported.clone();
    let said = Lines::new(move |words| {
        let mut told: Vec<String> = lines.iter().map(|line| line_words(&titles, words, line)).collect();
        told.extend(hidden.iter().map(|hidden| hidden_words(&titles, words, hidden)));
        told.extend(problems.iter().map(|problem| problem_words(words, problem)));
        if more > 0 {
            told.push(words.count("report.more", more));
        }
        told
    });
    let notice = Notice {
        key: "notice.import",
        tone: if imported.good { Tone::Calm } else { Tone::Warning },
        words: (if imported.good { "notice.import" } else { "notice.import.problems" }, Vec::new()),
        lines: said,
        offer: (!imported.lost.is_empty()).then(|| Offer::Raw(imported.lost.as_str().into())),
    };
    notify(store, notice);
}

fn line_words(titles: &Titles, words: &Words, line: &ReportLine) -> String {
    let title = |id: &DocumentId| title(titles, id);
    match line {
        ReportLine::DocumentTaken(id) => words.with("report.document.taken", &[("title", &title(id))]),
        ReportLine::DocumentSame { here, .. } => words.with("report.document.same", &[("title", &title(here))]),
        ReportLine::DocumentAligned { here, .. } => words.with("report.document.aligned", &[("title", &title(here))]),
        ReportLine::DocumentQuoted { here, .. } => words.with("report.document.quoted", &[("title", &title(here))]),
        ReportLine::DocumentRenamed { incoming, here } => {
            words.with("report.document.renamed", &[("old", incoming.as_str()), ("new", here.as_str())])
        }
        ReportLine::LayerTaken { layer, .. } => {
            words.with("report.layer.taken", &[("title", &title(&layer.document)), ("annotator", layer.annotator.as_str())])
        }
        ReportLine::LayerKept { layer, same: true, .. } => {
            words.with("report.layer.same", &[("title", &title(&layer.document)), ("annotator", layer.annotator.as_str())])
        }
        ReportLine::LayerKept { layer, .. } => {
            words.with("report.layer.kept", &[("title", &title(&layer.document)), ("annotator", layer.annotator.as_str())])
        }
        ReportLine::CommentsTaken { layer, count } => words
            .with("report.comments", &[("title", &title(&layer.document)), ("annotator", layer.annotator.as_str()), ("n", &words.number(*count))]),
        ReportLine::GoldUnited { layer, taken, beside } => {
            let (title, taken, beside) = (title(&layer.document), words.number(*taken), words.number(*beside));
            words.with("report.gold.united", &[("title", &title), ("taken", &taken), ("beside", &beside)])
        }
        ReportLine::GoldUndone { layer, left_out, taken_back } => {
            let (title, left_out, taken_back) = (title(&layer.document), words.number(*left_out), words.number(*taken_back));
            words.with("report.gold.undone", &[("title", &title), ("out", &left_out), ("back", &taken_back)])
        }
        ReportLine::SchemaTaken => words.get("report.schema.taken"),
        ReportLine::SchemaKept { labels } => {
            let labels: Vec<&str> = labels.iter().map(crate::id::LabelId::as_str).collect();
            words.with("report.schema.kept", &[("labels", &labels.join(" · "))])
        }
        ReportLine::Refused { layer, count } => {
            words.with("report.refused", &[("annotator", layer.annotator.as_str()), ("n", &words.number(*count))])
        }
    }
}

fn title(titles: &Titles, id: &DocumentId) -> String {
    titles.get(id).cloned().unwrap_or_else(|| id.to_string())
}

fn hidden_words(titles: &Titles, words: &Words, hidden: &Hidden) -> String {
    let title = title(titles, &hidden.document);
    if hidden.troubled { words.with("report.hidden.troubled", &[("title", &title)]) } else { words.with("report.hidden", &[("title", &title)]) }
}

fn problem_words(words: &Words, problem: &Complaint) -> String {
    // Whose labels they are is left empty where it may not be told.
    let others = words.get("report.others");
    let part =
        |(name, value): &(String, String)| (name.clone(), if name == "annotator" && value.is_empty() { others.clone() } else { value.clone() });
    let parts: Vec<(String, String)> = problem.params.iter().map(part).collect();
    let parts: Vec<(&str, &str)> = parts.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let what = words.with(&format!("problem.{}", problem.code), &parts);
    let file = problem.file.as_deref().unwrap_or_default();
    match problem.line {
        Some(line) => words.with("report.line", &[("file", file), ("line", &words.number(line as usize)), ("what", &what)]),
        None => words.with("report.file", &[("file", file), ("what", &what)]),
    }
}
