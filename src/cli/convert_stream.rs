//! `wusum convert --stream`: one document after another, read, written and forgotten.

use super::progress::Progress;
use super::side_stream::SideStream;
use super::stream::Reading;
use super::{ConvertArgs, Ended, Target, choice, convert, input, output};
use crate::formats::export::{Choice, Export, Options, write_out};
use crate::formats::files::FileNames;
use crate::formats::loss::{Kind, Loss};
use crate::formats::side::SideAnnotator;
use crate::formats::{Format, Import};
use crate::project::Project;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Formats that are written one document after another: what comes of several is what comes of each, put together.
const WRITTEN: [Format; 6] = [Format::Wusum, Format::Doccano, Format::Spacy, Format::Conll2003, Format::ConllNested, Format::Conllu];

/// How a first line begins that is said of the whole file: of the own format and of CoNLL-U.
const HEADERS: [&str; 2] = ["{\"wusum\":", "# global."];

/// Reads and writes a document at a time, and names problems as they come and losses at the end.
pub(super) fn run(args: &ConvertArgs) -> io::Result<Ended> {
    let Some(format) = WRITTEN.into_iter().find(|format| args.to == Target::Format(*format)) else {
        let names = WRITTEN.map(Format::name).join(", ");
        return Ok(Ended::WrongUse(format!("the format {} is not written line by line; these are: {names}", args.to.name())));
    };
    if args.writing.clitics {
        return Ok(Ended::WrongUse("clitics are parted as far as all texts attest them: not with --stream".to_owned()));
    }
    if output::is_archive(&args.out) || output::is_folder(&args.out) {
        return Ok(Ended::WrongUse("what is written line by line is one file".to_owned()));
    }
    let mut state = State { format, options: convert::options(&args.writing, &args.out), annotator: None, losses: BTreeMap::new(), documents: 0 };
    let (mut ended, mut wrong) = (Ended::Good, Ok(()));
    let choice = choice::unchecked(&args.choice);
    let progress = Progress::new();
    let mut content = |state: &mut State, out: &mut dyn Write, side: &mut SideStream| {
        let reading = Reading { from: args.from, annotator: args.annotator.as_deref() };
        let told = reading.files(&args.inputs, &mut |whole, import| {
            if let Ended::Problems = input::tell(&import.problems)? {
                ended = Ended::Problems;
            }
            state.put(whole, import, &choice, out, side)?;
            progress.count("converting", state.documents);
            Ok(())
        });
        match told {
            Ok(told) => wrong = told,
            // Somebody else's labels end the work; what was written is no whole.
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => wrong = Err(error.to_string()),
            Err(error) => return Err(error),
        }
        // Nothing is left where the output should be.
        if wrong.is_err() { Err(io::Error::other("stopped")) } else { Ok(()) }
    };
    let options = state.options.clone();
    let written = if says_more(args, format) {
        output::file(&output::side_path(&args.out), |side| {
            let mut side = SideStream::new(side, format, &options);
            output::file(&args.out, |out| content(&mut state, out, &mut side))?;
            let losses = state.losses.values().map(|loss| serde_json::to_value(loss).unwrap_or_default());
            side.end(state.annotator.iter().map(|(name, file)| SideAnnotator { name: name.clone(), file: file.clone() }).collect(), losses.collect())
        })
    } else {
        output::file(&args.out, |out| content(&mut state, out, &mut SideStream::new(&mut io::sink(), format, &options)))
    };
    drop(progress);
    if let Err(why) = wrong {
        return Ok(Ended::WrongUse(why));
    }
    if let Err(error) = written {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Err(error);
        }
        return Ok(Ended::WrongUse(format!("{}: {error}", args.out.display())));
    }
    let mut err = io::stderr().lock();
    for loss in state.losses.values() {
        writeln!(err, "{}: not held: {loss}", args.to.name())?;
    }
    Ok(ended)
}

/// Whether something is said beside: of a format that loses something, in a file that something can stand beside.
fn says_more(args: &ConvertArgs, format: Format) -> bool {
    format != Format::Wusum && !input::is_stream(&args.out) && std::fs::metadata(&args.out).map_or(true, |found| found.is_file())
}

/// What is kept from one document to the next.
struct State {
    format: Format,
    options: Options,
    /// Whose labels these are, where the format has one person's in a file, and how a folder of theirs would be called.
    annotator: Option<(String, String)>,
    losses: BTreeMap<Kind, Loss>,
    documents: u64,
}

impl State {
    /// Writes what was read of one document.
    fn put(&mut self, whole: &Project, mut import: Import, choice: &Choice, out: &mut dyn Write, side: &mut SideStream) -> io::Result<()> {
        let whens = std::mem::take(&mut import.whens);
        let (mut project, revisions) = import.into_project(&whole.name);
        project.schema = whole.schema.clone();
        let project = choice.of(&project);
        let is_own = self.format == Format::Wusum;
        if project.documents.is_empty() {
            return Ok(());
        }
        for (key, _) in project.layers.iter().filter(|_| !is_own) {
            let named = || (key.annotator.to_string(), FileNames::default().of(key.annotator.as_str()));
            let (known, _) = self.annotator.get_or_insert_with(named);
            if *known != key.annotator.as_str() {
                let why = format!(
                    "labels by \"{known}\" and \"{}\": a file of {} holds one person's; --annotators chooses",
                    key.annotator,
                    self.format.name()
                );
                return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
            }
        }
        let mut export = Export::new(&project, &revisions, &self.options).at(&whens);
        export.first += self.documents;
        let exported = write_out(&export, self.format).ok_or_else(|| io::Error::other("the format is only read"))?;
        for (_, bytes) in exported.files.iter() {
            // What is said of the whole file stands once.
            let is_said = self.documents > 0 && HEADERS.iter().any(|header| bytes.starts_with(header.as_bytes()));
            let rest = if is_said { bytes.iter().position(|byte| *byte == b'\n').map_or(0, |at| at + 1) } else { 0 };
            out.write_all(bytes.get(rest..).unwrap_or_default())?;
        }
        exported.side.documents.iter().try_for_each(|document| side.document(document))?;
        self.documents += u64::try_from(project.documents.len()).unwrap_or_default();
        exported.losses.into_iter().for_each(|loss| self.lose(loss));
        Ok(())
    }

    fn lose(&mut self, loss: Loss) {
        let most = loss.examples.len();
        let Some(known) = self.losses.get_mut(&loss.kind) else {
            self.losses.insert(loss.kind, loss);
            return;
        };
        // There is one schema and one annotator, however many documents tell of them; a name is told again with each.
        if matches!(loss.kind, Kind::Schema | Kind::Annotators | Kind::Names) {
            known.count = known.count.max(loss.count);
        } else {
            known.count += loss.count;
            known.examples.extend(loss.examples.into_iter().take(3_usize.saturating_sub(known.examples.len()).min(most)));
        }
    }
}
