//! `wusum agree`: files of several people in; how alike their labels are.

use super::progress::Progress;
use super::{AgreeArgs, Ended, choice, input};
use crate::agreement::figures::{Figures, MEASURES};
use crate::agreement::{Agreement, Figure, Options, agree};
use crate::formats::Importer;
use serde_json::Value;
use std::io::{self, Write};

/// Reads, compares, and names the problems.
pub(super) fn run(args: &AgreeArgs) -> io::Result<Ended> {
    let progress = Progress::new();
    progress.tell("reading", 0, args.inputs.len());
    let names = args.annotator.len();
    if names > 1 && names != args.inputs.len() {
        return Ok(Ended::WrongUse(format!("{names} annotators are named for {} inputs", args.inputs.len())));
    }
    let mut importer = Importer::default().annotator(args.annotator.first().map(|name| name.as_str().into()));
    let mut problems = Vec::new();
    if names > 1 {
        for (path, name) in args.inputs.iter().zip(&args.annotator) {
            importer = importer.annotator(Some(name.as_str().into()));
            problems.extend(input::read(std::slice::from_ref(path), args.from, &mut importer));
        }
    } else {
        problems = input::read(&args.inputs, args.from, &mut importer);
    }
    let mut import = importer.finish();
    problems.append(&mut import.problems);
    let whens = std::mem::take(&mut import.whens);
    let (project, _) = import.into_project("wusum");
    let choice = match choice::of(&args.choice, &project) {
        Ok(choice) => choice,
        Err(why) => return Ok(Ended::WrongUse(why)),
    };
    let project = choice.of(&project);
    let options = Options {
        tokens: args.tokens,
        gold: args.gold.as_deref().map(Into::into),
        seed: args.seed,
        bootstrap: args.bootstrap,
        by_document: args.by_document,
        ..Options::default()
    };
    let options = if args.thorough { Options { gamma_up_to: usize::MAX, ..options } } else { options };
    let found = agree(&project, &whens, &options, &mut |done, of| progress.tell("comparing", done, of));
    drop(progress);
    if let Some(gold) = args.gold.as_ref().filter(|_| found.gold.is_none()) {
        input::tell(&problems)?;
        return Ok(Ended::WrongUse(format!("nobody called \"{gold}\" has labels in the input")));
    }
    let mut out = io::stdout().lock();
    if args.json {
        let mut report = serde_json::to_value(&found).map_err(io::Error::other)?;
        if let Value::Object(report) = &mut report {
            report.insert("problems".to_owned(), problems.iter().map(input::report).collect());
        }
        writeln!(out, "{report}")?;
    } else {
        tell(&found, &mut out)?;
    }
    input::tell(&problems)
}

/// Widths of the first column and of the others.
const FIRST: usize = 22;
const OTHER: usize = 20;

/// Tables for people: each pair, then all.
fn tell(found: &Agreement, out: &mut impl Write) -> io::Result<()> {
    let names: Vec<String> = found.annotators.iter().map(|name| plain(name.as_str())).collect();
    writeln!(out, "annotators: {}", names.join(", "))?;
    writeln!(out, "documents that at least two have labelled: {}", found.documents)?;
    let labels: Vec<String> = found.labels.iter().map(ToString::to_string).collect();
    for pair in &found.table.pairs {
        writeln!(out, "\n{} and {}, documents: {}", plain(pair.a.as_str()), plain(pair.b.as_str()), pair.documents)?;
        tell_pair(&pair.figures, &labels, out)?;
    }
    if found.table.pairs.len() > 1 {
        writeln!(out, "\nmean of the pairs")?;
        tell_pair(&found.table.mean, &labels, out)?;
    }
    let whole = &found.table.whole;
    writeln!(out, "\nall")?;
    head(out, "tokens", &["Fleiss' kappa", "alpha"])?;
    for label in rows(&labels) {
        row(out, &label, whole, &[&format!("fleiss_kappa.{label}"), &format!("krippendorff_alpha.{label}")])?;
    }
    head(out, "spans", &["", ""])?;
    row(out, "alpha_U", whole, &["alpha_u"])?;
    row(out, "gamma", whole, &["gamma"])?;
    match found.bootstrap.reason {
        Some(why) => writeln!(out, "\nno intervals: {why}"),
        None if found.bootstrap.times == 0 => Ok(()),
        None => writeln!(out, "\nin brackets: 95 % intervals, documents drawn {} times, seed {}", found.bootstrap.times, found.bootstrap.seed),
    }
}

fn tell_pair(figures: &Figures, labels: &[String], out: &mut impl Write) -> io::Result<()> {
    head(out, "tokens", &["observed", "Cohen's kappa"])?;
    for label in rows(labels) {
        row(out, &label, figures, &[&format!("observed.{label}"), &format!("cohen_kappa.{label}")])?;
    }
    head(out, "", &["F1", "precision", "recall"])?;
    row(out, "labelled tokens", figures, &["token_f1", "token_precision", "token_recall"])?;
    for measure in MEASURES {
        let names = ["span_f1", "span_precision", "span_recall"].map(|group| format!("{group}.{measure}"));
        row(out, &format!("spans, {measure}"), figures, &names.each_ref().map(String::as_str))?;
    }
    row(out, "relations, exact", figures, &["relation_f1.exact"])?;
    row(out, "relations, label", figures, &["relation_f1.label"])?;
    let attributes = figures.entries.iter().filter(|(path, _)| path.first().is_some_and(|group| group == "attribute_kappa"));
    for (path, _) in attributes {
        let name = path.get(1).map_or("", String::as_str);
        row(out, &format!("kappa of {name}"), figures, &[&path.join(".")])?;
    }
    Ok(())
}

fn rows(labels: &[String]) -> impl Iterator<Item = String> {
    std::iter::once("flat".to_owned()).chain(labels.iter().map(|label| if label == "flat" { "label:flat".to_owned() } else { label.clone() }))
}

fn head(out: &mut impl Write, first: &str, names: &[&str]) -> io::Result<()> {
    write!(out, "  {first:<FIRST$}")?;
    let line: String = names.iter().map(|name| format!("{name:<OTHER$}")).collect();
    writeln!(out, "{}", line.trim_end())
}

fn row(out: &mut impl Write, name: &str, figures: &Figures, wanted: &[&str]) -> io::Result<()> {
    write!(out, "  {:<FIRST$}", plain(name))?;
    let cells: String = wanted.iter().map(|name| format!("{:<OTHER$}", cell(figures, name))).collect();
    writeln!(out, "{}", cells.trim_end())
}

/// A figure and its interval, or why there is none.
fn cell(figures: &Figures, name: &str) -> String {
    let place = figures.entries.iter().position(|(path, _)| path.join(".") == name);
    let Some((at, figure)) = place.and_then(|at| figures.entries.get(at).map(|(_, figure)| (at, figure))) else { return String::new() };
    let figure: &Figure = figure;
    match (figure, figures.intervals.get(at).copied().flatten()) {
        (Ok(number), Some((low, high))) => format!("{number:.3} [{low:.2}, {high:.2}]"),
        (Ok(number), None) => format!("{number:.3}"),
        (Err(why), _) => why.id().to_owned(),
    }
}

/// A line end or tabulator in a name would look like another line.
fn plain(name: &str) -> String {
    name.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}
