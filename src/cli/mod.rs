//! The command line: files and streams around the core. Exit status 0: good; 1: problems in the data; 2: wrong use.

mod agree;
mod apart;
mod check;
mod choice;
mod convert;
mod convert_stream;
mod findings;
mod input;
mod output;
mod parquet;
mod progress;
mod retext;
mod schema;
mod side_stream;
mod split;
mod stats;
mod stream;

use clap::{Parser, Subcommand};
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Label Arabic news: read, check and convert files of labels.
#[derive(Parser)]
#[command(name = "wusum", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List the formats that can be read and written: name, in or out, and what positions count in what is written, parted by tabulators.
    Formats,
    /// Read files and write them in another format.
    Convert(ConvertArgs),
    /// Read files and tell what is wrong in them, and what in the labels should be looked at.
    ///
    /// Problems are of the files: what cannot be read or believed. Findings are of the labels, against the schema: faults
    /// break a rule of it for certain (an edge in white space, a relation or attribute that is required and missing, labels
    /// of a kind on one another, a relation between the wrong labels), remarks are judged by likelihood (clitics, unbalanced
    /// marks, the same text labelled otherwise nearby, unusual length). Exit status 1: a problem or a fault.
    Check(CheckArgs),
    /// Read files of several people and tell how alike their labels are.
    ///
    /// Files are read as one project; only documents that at least two people have labelled count, and their number is
    /// `documents`. Tokens are counted together over documents. `flat` gives each token the label of its outermost span
    /// (longest in tokens, then earlier start, then label A to Z), and `O` elsewhere; under a label's own name a token counts
    /// as labelled where any span of that label shares a character with it. In JSON a figure that is undefined is null, and
    /// `reasons` in the same object says why, by the figure's name with its parts joined by a full stop, such as
    /// `cohen_kappa.flat`: one-annotator, no-common-document, no-labels, no-relations, no-attributes, no-variation, too-large.
    /// `intervals` has the 95 % bootstrap intervals in the same way. Undefined figures are no problem of the data.
    Agree(AgreeArgs),
    /// Read files and count what is in them: documents, labels, attributes, relations, lengths, depths, people.
    Stats(StatsArgs),
    /// Read files, share their documents out to train, dev and test, and write them as a data set.
    ///
    /// A folder for each split (in Hugging Face's layout: a file), with a card (README.md), a data statement, counts (JSON, CSV,
    /// plots in SVG) and EXPORT.json. The same input and options give the same bytes. Near duplicates stay in one split. Exit
    /// status 2, and nothing written, where some split would be empty.
    Split(Box<split::SplitArgs>),
    /// Put a corrected text in the place of a document's text, and carry its labels over.
    ///
    /// Labels are carried over by the difference of the texts: harakat, tatweel, white space and other spellings of a letter change
    /// nothing. Labels whose words changed are named; those that cannot be placed, and relations to them, are named too and left
    /// out, and the exit status is 1. All else in the files is written as it is, in the own format.
    Retext(RetextArgs),
    /// Read a schema and write it in another format.
    ///
    /// What was not taken is named on standard error, and the exit status is 1; the rest is written all the same. What the
    /// format has no place for is named too, and is no problem of the data.
    Schema(SchemaArgs),
}

/// `wusum retext`
#[derive(clap::Args)]
pub(crate) struct RetextArgs {
    /// Files, folders and archives (zip) to read, as one project; `-` is standard input.
    #[arg(required = true, value_name = "IN")]
    inputs: Vec<PathBuf>,
    /// Format of the files; told from each file if left out.
    #[arg(long, value_parser = format, value_name = "FORMAT")]
    from: Option<crate::formats::Format>,
    /// The corrected text, a plain text file, in any encoding.
    #[arg(long, value_name = "FILE")]
    text: PathBuf,
    /// Of which document, by name; where there is one only, it need not be said.
    #[arg(long, value_name = "NAME")]
    document: Option<String>,
    /// File to write, in the own format; `-` is standard output.
    #[arg(long, value_name = "PATH")]
    out: PathBuf,
    /// Whose labels they are, where a file does not say.
    #[arg(long, value_name = "NAME")]
    annotator: Option<String>,
    /// Write what became of the labels to standard output as one JSON object.
    #[arg(long)]
    json: bool,
}

/// `wusum schema`
#[derive(clap::Args)]
pub(crate) struct SchemaArgs {
    /// File to read, a schema alone or in a project's file; `-` is standard input.
    #[arg(value_name = "IN", required_unless_present = "ready", conflicts_with = "ready")]
    input: Option<PathBuf>,
    /// A schema to start from, instead of a file: default, attribution, wojood, political-events.
    #[arg(long, value_name = "NAME")]
    ready: Option<String>,
    /// Format of the file; told from the file if left out.
    #[arg(long, value_parser = schema_format, value_name = "FORMAT")]
    from: Option<crate::formats::schema_file::SchemaFormat>,
    /// Format to write: wusum, brat (annotation.conf), label-studio (labelling configuration), doccano (label types).
    #[arg(long, value_parser = schema_format, value_name = "FORMAT")]
    to: crate::formats::schema_file::SchemaFormat,
    /// File to write; `-` is standard output.
    #[arg(long, value_name = "PATH")]
    out: PathBuf,
}

/// `wusum convert`
#[derive(clap::Args)]
pub(crate) struct ConvertArgs {
    /// Files, folders and archives (zip) to read, as one project; `-` is standard input.
    #[arg(required = true, value_name = "IN")]
    inputs: Vec<PathBuf>,
    /// Format of the files; told from each file if left out.
    #[arg(long, value_parser = format, value_name = "FORMAT")]
    from: Option<crate::formats::Format>,
    /// Format to write; `parquet` is a folder, or an archive, of tables.
    #[arg(long, value_parser = target, value_name = "FORMAT")]
    to: Target,
    /// File or folder to write; an archive where it ends in `.zip`; `-` is standard output.
    ///
    /// What the format cannot hold is named on standard error and in EXPORT.json beside the data.
    #[arg(long, value_name = "PATH")]
    out: PathBuf,
    /// Whose labels they are, where a file does not say.
    #[arg(long, value_name = "NAME")]
    annotator: Option<String>,
    /// Read and write one document after another, so that memory does not grow with their number.
    ///
    /// For JSON Lines: wusum (in standard input each document with its layers behind it), doccano, spacy, label-studio, gate,
    /// pubannotation in; wusum, doccano, spacy, conll2003, conll-nested, conllu out, into one file or standard output. What takes
    /// all documents together is not done: documents of one name are not told, names in a choice are not checked.
    #[arg(long)]
    stream: bool,
    #[command(flatten)]
    writing: WritingArgs,
    #[command(flatten)]
    choice: ChoiceArgs,
}

/// How it is written, where a format leaves a choice.
#[derive(clap::Args)]
pub(crate) struct WritingArgs {
    /// Which of labels that lie on one another stands, in formats with one label a token: longest, outermost, innermost, first.
    #[arg(long, value_parser = overlap, value_name = "RULE", default_value = "longest")]
    overlap: crate::formats::flat::OverlapRule,
    /// Part clitics from their words, as far as the texts attest them, in formats of tokens.
    #[arg(long)]
    clitics: bool,
    /// Widen a label that cuts a token to the whole token; without it the token is split.
    #[arg(long)]
    widen: bool,
    /// Tags say where a label ends (BIOES), not only where it begins (IOB2).
    #[arg(long)]
    bioes: bool,
    /// Write `\u` for all but ASCII in JSON.
    #[arg(long)]
    ascii: bool,
}

/// What of the input is taken.
#[derive(clap::Args)]
pub(crate) struct ChoiceArgs {
    /// Only these documents, by name, parted by commas.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    documents: Option<Vec<String>>,
    /// Only what somebody has brought to these statuses, parted by commas: new, in-progress, done, flagged; such labels, and the
    /// documents that have them. A document that nobody labelled is new.
    #[arg(long, value_name = "STATUSES", value_delimiter = ',', value_parser = status)]
    status: Option<Vec<crate::layer::Status>>,
    /// Only the labels of these people, parted by commas.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    annotators: Option<Vec<String>>,
    /// Only labels of these kinds, parted by commas, and relations between them.
    #[arg(long, value_name = "LABELS", value_delimiter = ',')]
    labels: Option<Vec<String>>,
    /// Only documents whose title or text has these words, whatever their alef, ya, ta marbuta, marks or digits.
    #[arg(long, value_name = "WORDS")]
    containing: Option<String>,
}

/// `wusum stats`
#[derive(clap::Args)]
pub(crate) struct StatsArgs {
    /// Files, folders and archives (zip) to read, as one project; `-` is standard input.
    #[arg(required = true, value_name = "IN")]
    inputs: Vec<PathBuf>,
    /// Format of the files; told from each file if left out.
    #[arg(long, value_parser = format, value_name = "FORMAT")]
    from: Option<crate::formats::Format>,
    /// Whose labels they are, where a file does not say.
    #[arg(long, value_name = "NAME")]
    annotator: Option<String>,
    /// Write the result to standard output as one JSON object.
    #[arg(long)]
    json: bool,
    /// Read one document after another, so that memory does not grow with their number; see `convert`.
    #[arg(long)]
    stream: bool,
    #[command(flatten)]
    choice: ChoiceArgs,
}

/// `wusum agree`
#[derive(clap::Args)]
pub(crate) struct AgreeArgs {
    /// Files, folders and archives (zip) to read, as one project; `-` is standard input.
    #[arg(required = true, value_name = "IN")]
    inputs: Vec<PathBuf>,
    /// Format of the files; told from each file if left out.
    #[arg(long, value_parser = format, value_name = "FORMAT")]
    from: Option<crate::formats::Format>,
    /// Whose labels they are, where a file does not say; or a name for each IN, in order, parted by commas.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    annotator: Vec<String>,
    /// Write the result to standard output as one JSON object.
    #[arg(long)]
    json: bool,
    /// What a token is: words (Unicode words, and visible characters between them) or whitespace (what stands between it).
    #[arg(long, value_parser = token_rule, value_name = "RULE", default_value = "words")]
    tokens: crate::agreement::grid::TokenRule,
    /// Whose labels are the reference: only pairs with these are told, and figures of all people leave them out.
    #[arg(long, value_name = "NAME")]
    gold: Option<String>,
    /// A number that chance begins with, in gamma and bootstrap; the same gives the same figures.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// How often documents are drawn anew for intervals; 0 for no intervals.
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    bootstrap: usize,
    /// Tell the figures of each document, too; with --json.
    #[arg(long, requires = "json")]
    by_document: bool,
    /// Work out gamma however many labels there are; without it, up to 15,000 in all.
    #[arg(long)]
    thorough: bool,
    #[command(flatten)]
    choice: ChoiceArgs,
}

/// `wusum check`
#[derive(clap::Args)]
pub(crate) struct CheckArgs {
    /// Files, folders and archives (zip) to read, as one project; `-` is standard input.
    #[arg(required = true, value_name = "IN")]
    inputs: Vec<PathBuf>,
    /// Format of the files; told from each file if left out.
    #[arg(long, value_parser = format, value_name = "FORMAT")]
    from: Option<crate::formats::Format>,
    /// Write the result to standard output as one JSON object.
    #[arg(long)]
    json: bool,
    /// Tell problems only; the labels are not checked.
    #[arg(long)]
    no_findings: bool,
    /// Read one document after another, so that memory does not grow with their number; see `convert`. Documents, layers and
    /// findings are not listed in the report, and what may be a clitic is judged by its own text alone.
    #[arg(long)]
    stream: bool,
    /// Remarks count as faults.
    #[arg(long, conflicts_with = "no_findings")]
    strict: bool,
}

/// What `convert` writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// A format that the page knows too.
    Format(crate::formats::Format),
    /// Tables in Parquet.
    Parquet,
}

impl Target {
    /// The name that scripts rely on.
    fn name(self) -> &'static str {
        match self {
            Self::Format(format) => format.name(),
            Self::Parquet => parquet::NAME,
        }
    }
}

fn target(name: &str) -> Result<Target, String> {
    if name == parquet::NAME { Ok(Target::Parquet) } else { format(name).map(Target::Format) }
}

/// How a command ended.
pub(crate) enum Ended {
    /// All is good.
    Good,
    /// There are problems in the data; each was named.
    Problems,
    /// It was not used as it must be.
    WrongUse(String),
}

fn format(name: &str) -> Result<crate::formats::Format, String> {
    use crate::formats::Format;
    let names = || Format::ALL.map(Format::name).join(", ");
    Format::from_name(name).ok_or_else(|| format!("no such format; there are: {}", names()))
}

fn overlap(name: &str) -> Result<crate::formats::flat::OverlapRule, String> {
    use crate::formats::flat::OverlapRule;
    let names = || OverlapRule::ALL.map(OverlapRule::name).join(", ");
    OverlapRule::from_name(name).ok_or_else(|| format!("no such rule; there are: {}", names()))
}

fn token_rule(name: &str) -> Result<crate::agreement::grid::TokenRule, String> {
    use crate::agreement::grid::TokenRule;
    let names = || TokenRule::ALL.map(TokenRule::name).join(", ");
    TokenRule::from_name(name).ok_or_else(|| format!("no such rule; there are: {}", names()))
}

fn status(name: &str) -> Result<crate::layer::Status, String> {
    use crate::layer::Status;
    let found = Status::ALL.into_iter().find(|status| status.name() == name);
    found.ok_or_else(|| format!("no such status; there are: {}", Status::ALL.map(Status::name).join(", ")))
}

fn shares(written: &str) -> Result<crate::dataset::Shares, String> {
    crate::dataset::Shares::parse(written).ok_or_else(|| "two or three whole numbers, not all 0, parted by commas".to_owned())
}

fn near(written: &str) -> Result<f64, String> {
    let number = written.parse().ok().filter(|number| *number > 0.0 && *number <= 1.0);
    number.ok_or_else(|| "a number over 0, up to 1".to_owned())
}

fn schema_format(name: &str) -> Result<crate::formats::schema_file::SchemaFormat, String> {
    use crate::formats::schema_file::SchemaFormat;
    let names = || SchemaFormat::ALL.iter().map(|format| format.name()).collect::<Vec<_>>().join(", ");
    SchemaFormat::from_name(name).ok_or_else(|| format!("no such format of a schema; there are: {}", names()))
}

/// Runs the program on its arguments.
#[must_use]
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are asked for; all else is wrong use.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    let ended = match cli.command {
        Command::Formats => formats(),
        Command::Convert(args) => convert::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Agree(args) => agree::run(&args),
        Command::Stats(args) => stats::run(&args),
        Command::Split(args) => split::run(&args),
        Command::Retext(args) => retext::run(&args),
        Command::Schema(args) => schema::run(&args),
    };
    match ended {
        Ok(Ended::Good) => ExitCode::SUCCESS,
        Ok(Ended::Problems) => ExitCode::from(1),
        Ok(Ended::WrongUse(why)) => {
            let _ = writeln!(io::stderr(), "wusum: {why}");
            ExitCode::from(2)
        }
        // Whoever reads the output has had enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "wusum: {error}");
            ExitCode::from(2)
        }
    }
}

fn formats() -> io::Result<Ended> {
    let mut out = io::stdout().lock();
    for format in crate::formats::Format::ALL {
        let ways = match (format.is_read(), format.is_written()) {
            (true, true) => "in, out",
            (true, false) => "in",
            _ => "out",
        };
        writeln!(out, "{}\t{ways}\t{}", format.name(), format.unit())?;
    }
    writeln!(out, "{}\tout\t{}", parquet::NAME, crate::formats::units::Unit::CodePoints)?;
    Ok(Ended::Good)
}
