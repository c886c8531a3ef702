//! Files come in: backups are restored, all else is merged by revision, and what was taken, kept and refused is told.

use super::stock::{Bin, Records, Stock};
use super::veil::{Hidden, Veil};
use super::{Answer, Asked, Tell};
use crate::edit::{Change, Edit};
#[cfg(feature = "datasets")]
use crate::formats::archive;
use crate::formats::files::Files;
use crate::formats::merge::{Merged, ReportLine, merge_after};
use crate::formats::{Format, Importer, Place, Problem, ProblemCode, Refused};
use crate::id::{DocumentId, LabelId};
use crate::layer::Layer;
use crate::persist::{self, Card, DocumentRecord, Key, Keyspace, LayerCard, Way, Write, backup};
use crate::plan::Command;
use crate::project::{Document, LayerKey};
use crate::schema::Schema;
use crate::schema_change::{self, problems};
use crate::session::Session;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Lines of a report that are told; the rest are counted.
const REPORT_LINES: usize = 30;

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// What became of the backups among the files, if there were any.
    pub restored: Option<Restored>,
    /// How many of the writes, from the first, are the backups'.
    pub restoring: usize,
    /// Whether there was any file but backups.
    pub merged: bool,
    /// What happened to each document and layer.
    pub lines: Vec<ReportLine>,
    /// What is wrong in the files.
    pub problems: Vec<Complaint>,
    /// Labels of others, of which only that they came is told.
    #[serde(default)]
    pub hidden: Vec<Hidden>,
    /// How many lines and problems are not told.
    pub more: usize,
    /// Lines of the files that are not in the good, as they came.
    pub lost: String,
    /// Whether all is well.
    pub good: bool,
    /// The first document that is new.
    pub first: Option<DocumentId>,
    /// Layers in whose place others were put.
    pub replaced: Vec<LayerKey>,
    /// The schema that the project has from now on, where it took that of the files; it is among the writes.
    pub schema: Option<Box<Schema>>,
    /// What the open layer is to be replaced by.
    pub open: Option<Replacement>,
}

/// What became of backups.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    /// Records that are written.
    pub written: usize,
    /// Layers that stay as they are.
    pub kept: usize,
    /// Other records that differ, and stay.
    pub different: usize,
    /// Whether a file was not whole.
    pub damaged: bool,
}

/// What is wrong, as data that travels: see [`Problem`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complaint {
    /// Which file.
    pub file: Option<String>,
    /// Which line of it, from 1.
    pub line: Option<u32>,
    /// The name of what is wrong.
    pub code: String,
    /// What to put into its words.
    pub params: Vec<(String, String)>,
}

impl From<Problem> for Complaint {
    fn from(problem: Problem) -> Self {
        let params = problem.code.params().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self { file: problem.file, line: problem.line, code: problem.code.id().to_owned(), params }
    }
}

/// A layer to be put in the place of the open one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replacement {
    /// The layer, as a snapshot's record.
    pub snapshot: String,
    /// Its revision in the file.
    pub revision: u64,
    /// When it was last changed, in milliseconds since 1970; 0 where that is not known.
    #[serde(default)]
    pub when: u64,
}

fn is_backup(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(200)).unwrap_or_default();
    head.split(|byte| *byte == b'\n').next().is_some_and(|line| String::from_utf8_lossy(line).contains("\"kind\":\"backup\""))
}

/// Takes files: restores backups, then merges all others by revision.
#[must_use]
pub fn import(keys: &Keyspace, mut records: Records, files: &[(String, Vec<u8>)], asked: &Asked, tell: Tell) -> Answer {
    let mut answer = Answer::default();
    let mut imported = Imported { good: true, ..Imported::default() };
    let (backups, files): (Vec<_>, Vec<_>) = files.iter().partition(|(_, bytes)| is_backup(bytes));
    for (_, bytes) in backups {
        let restored = imported.restored.get_or_insert_default();
        answer.writes.extend(restore(keys, &mut records, bytes, restored));
    }
    imported.restoring = answer.writes.len();
    if !files.is_empty() {
        let stock = Stock::read(keys, records, Bin::Read, tell);
        let mut merging = Merging { asked, stock, writes: &mut answer.writes, imported: &mut imported };
        merging.run(&files, tell);
    }
    answer.imported = Some(imported);
    answer
}

fn restore(keys: &Keyspace, records: &mut Records, bytes: &[u8], told: &mut Restored) -> Vec<Write> {
    let read = backup::read(bytes);
    let plan = backup::plan(keys, &read.records, &records.united());
    told.written += plan.writes.len();
    told.kept += plan.kept.len();
    told.different += plan.different.len();
    told.damaged |= !read.damage.is_empty();
    // What comes after it finds the records restored.
    records.pending.extend(plan.writes.iter().map(|(key, value)| (key.clone(), Some(value.clone()))));
    plan.writes.into_iter().filter_map(|(written, value)| Some(Write::Set(keys.parse(&written)?, value))).collect()
}

/// Reads files and archives. Files that are taken together belong together, as those of a folder do; of two of one name, each is read.
fn read(files: &[&(String, Vec<u8>)], importer: &mut Importer, tell: Tell) -> Vec<Problem> {
    let mut single = Files::new();
    #[cfg_attr(not(feature = "datasets"), expect(unused_mut, reason = "archives are read only with the other formats"))]
    let mut problems = Vec::new();
    for (done, (name, bytes)) in files.iter().enumerate() {
        tell(done, files.len());
        #[cfg(feature = "datasets")]
        if archive::is_archive(bytes) {
            let (inside, wrong) = archive::read(Some(name), bytes, archive::Limits::default());
            problems.extend(wrong);
            importer.files(&inside, None);
            continue;
        }
        if single.get(name).is_some() {
            importer.file(Some(name), bytes, Format::detect(Some(name), bytes));
        } else {
            single.insert(name.clone(), bytes.clone());
        }
    }
    importer.files(&single, None);
    problems
}

/// Reads files of which each is another person's: labels that no file claims go by the name of their file.
fn read_by_file(files: &[&(String, Vec<u8>)], importer: &mut Importer, tell: Tell) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in files {
        let (stem, _) = crate::formats::files::ending(&file.0);
        *importer = std::mem::take(importer).annotator(Some(stem.into()));
        problems.extend(read(std::slice::from_ref(file), importer, tell));
    }
    problems
}

/// A record that is not in the good as it came, and whose it is.
type Lost = (Option<LayerKey>, String);

/// What there is to tell of an import.
struct Told {
    lines: Vec<ReportLine>,
    problems: Vec<Problem>,
    lost: Vec<Lost>,
}

struct Merging<'a> {
    asked: &'a Asked,
    stock: Stock,
    writes: &'a mut Vec<Write>,
    imported: &'a mut Imported,
}

impl Merging<'_> {
    fn run(&mut self, files: &[&(String, Vec<u8>)], tell: Tell) {
        self.imported.merged = true;
        let mut importer = Importer::knowing(&self.stock.project).annotator(Some(self.asked.annotator.clone()));
        let mut problems = if self.asked.by_file { read_by_file(files, &mut importer, tell) } else { read(files, &mut importer, tell) };
        let import = importer.finish();
        problems.extend(import.problems.iter().cloned());
        let schema_line = import.schema.clone().and_then(|schema| self.take_schema(&schema, &import.layers));
        let orphans = import.orphans.iter().map(|orphan| (orphan.about.clone(), orphan.raw.to_string()));
        let refused = |refused: &Refused| (Some(refused.layer.clone()), refused.raw.to_string());
        let mut lost: Vec<Lost> = orphans.chain(import.refused.iter().map(refused)).collect();
        let (places, whens) = (import.places.clone(), import.whens.clone());
        let mut merged = merge_after(&self.stock.project, &self.stock.revisions(), &self.stock.gone(), import);
        lost.extend(merged.refused.iter().map(refused));
        problems.extend(merged.refused.iter().map(|refused| Problem { about: Some(refused.layer.clone()), ..Problem::whole(refused.why.clone()) }));
        merged.report.splice(0..0, schema_line);
        // What a newer program wrote is neither known nor touched.
        merged.replacements.retain(|(key, ..)| match self.stock.blocked.get(key) {
            Some(version) => {
                problems.push(Problem { file: Some(key.document.to_string()), ..Problem::whole(ProblemCode::TooNew { version: *version }) });
                merged.report.retain(|line| !matches!(line, ReportLine::LayerTaken { layer, .. } if layer == key));
                false
            }
            None => true,
        });

        for document in &merged.new_documents {
            self.imported.first.get_or_insert_with(|| document.id.clone());
            self.add(document);
        }
        let emptied = self.take_from_bin(&mut merged.report);
        let whens = self.whens(&whens, &merged);
        let total = merged.replacements.len();
        let mut touched: BTreeSet<DocumentId> = merged.new_documents.iter().map(|document| document.id.clone()).chain(emptied).collect();
        for (done, (key, layer, revision)) in merged.replacements.into_iter().enumerate() {
            tell(done, total);
            if self.replace(&key, &layer, revision, whens.get(&key).copied().unwrap_or(0)).is_some() {
                touched.insert(key.document.clone());
            }
            self.imported.replaced.push(key);
        }
        for id in touched {
            if let Some(card) = self.stock.cards.get(&id) {
                self.writes.push(Write::Set(Key::Card(id), card.encode()));
            }
        }
        let told = Told { lines: merged.report, problems, lost };
        self.report(told, &merged.names, &places);
    }

    /// A project in which nobody has labelled anything takes the schema of the files. Any other keeps its own.
    fn take_schema(&mut self, schema: &Arc<Schema>, layers: &crate::sorted::Sorted<LayerKey, Layer>) -> Option<ReportLine> {
        let stock = &mut self.stock;
        if *schema == stock.project.schema {
            return None;
        }
        let is_untouched = stock.schema.revision == 0 && !stock.schema_blocked && stock.blocked.is_empty();
        let is_empty = stock.project.layers.values().all(Layer::is_empty);
        if is_untouched && is_empty && !problems(schema).iter().any(schema_change::Problem::is_grave) {
            let edit = Edit { changes: vec![Change::Schema(stock.project.schema.clone(), schema.clone())] };
            let (step, record) = stock.schema.step(&stock.project, &edit, &BTreeMap::new(), Way::Do, None, self.asked.now);
            self.writes.push(Write::Set(Key::SchemaStep(step.n), step.encode()));
            self.writes.push(Write::Set(Key::Schema, record.encode()));
            stock.project.schema = schema.clone();
            self.imported.schema = Some(Box::new(record.schema.clone()));
            stock.schema = record;
            return Some(ReportLine::SchemaTaken);
        }
        let ours = &stock.project.schema;
        let used: BTreeSet<LabelId> = layers.values().flat_map(Layer::counts).map(|(label, _)| label.clone()).collect();
        let labels: Vec<LabelId> = used.into_iter().filter(|label| ours.label(label).is_none() && schema.label(label).is_some()).collect();
        (!labels.is_empty()).then_some(ReportLine::SchemaKept { labels })
    }

    fn add(&mut self, document: &Arc<Document>) {
        let id = document.id.clone();
        let record = DocumentRecord { document: document.clone(), added: self.asked.now, binned: None };
        self.stock.cards.insert(id.clone(), Card::of(&record));
        self.stock.project.documents.insert(id.clone(), document.clone());
        self.writes.push(Write::Set(Key::Document(id), record.encode()));
    }

    /// A document of the files that lies in the bin comes out of it, with its labels.
    fn take_from_bin(&mut self, lines: &mut [ReportLine]) -> Vec<DocumentId> {
        let mut taken = Vec::new();
        for line in lines {
            let ReportLine::DocumentSame { here, .. } = line else { continue };
            let here = here.clone();
            let Some(card) = self.stock.cards.get_mut(&here).filter(|card| card.binned.is_some()) else { continue };
            let Some(document) = self.stock.project.documents.get(&here) else { continue };
            card.binned = None;
            let record = DocumentRecord { document: document.clone(), added: card.added, binned: None };
            self.writes.push(Write::Set(Key::Document(here.clone()), record.encode()));
            *line = ReportLine::DocumentTaken(here.clone());
            self.imported.first.get_or_insert_with(|| here.clone());
            taken.push(here);
        }
        taken
    }

    /// When the layers that come were last changed: those of the files as they say, and those that are made of both by the later of the
    /// two. Comments change no labels.
    fn whens(&self, files: &BTreeMap<LayerKey, u64>, merged: &Merged) -> BTreeMap<LayerKey, u64> {
        let here = |key: &LayerKey| LayerKey { document: merged.names.get(&key.document).unwrap_or(&key.document).clone(), ..key.clone() };
        let mut whens: BTreeMap<LayerKey, u64> = files.iter().map(|(key, when)| (here(key), *when)).collect();
        for line in &merged.report {
            let (layer, file) = match line {
                ReportLine::CommentsTaken { layer, .. } => (layer, None),
                ReportLine::GoldUnited { layer, .. } | ReportLine::GoldUndone { layer, .. } => (layer, whens.get(layer).copied()),
                _ => continue,
            };
            whens.insert(layer.clone(), file.max(self.stock.line(layer).changed()).unwrap_or(0));
        }
        whens
    }

    /// Puts a layer in the place of the one here. Where there was one, that is one step, and can be undone.
    fn replace(&mut self, key: &LayerKey, layer: &Layer, revision: u64, when: u64) -> Option<()> {
        let document = self.stock.project.document_of(key)?.clone();
        let text = &document.text;
        let now = self.asked.now;
        if self.asked.open.as_ref() == Some(key) {
            self.imported.open = Some(Replacement { snapshot: persist::encode_snapshot(text, revision, now, layer), revision, when });
            return None;
        }
        let past = self.stock.pasts.get(key).cloned().unwrap_or_default();
        let (write, after, ahead) = if past.revision > 0 {
            let project = self.stock.project.clone();
            let mut session = Session::open(project, key.clone(), past.history, past.revision)?;
            let outcome = session.run(Command::Replace(Box::new(layer.clone()))).ok()?;
            let entry = persist::encode_outcome(text, now, &outcome).ok()?;
            (Write::Set(Key::Journal(key.clone(), outcome.revision), entry), outcome.revision, revision.saturating_sub(outcome.revision))
        } else {
            let first = revision.max(1);
            (Write::Set(Key::Snapshot(key.clone()), persist::encode_snapshot(text, first, now, layer)), first, 0)
        };
        self.writes.extend(past.mending);
        self.writes.push(write);
        let card = self.stock.cards.get_mut(&key.document)?;
        let line = LayerCard { status: layer.status(), spans: layer.len(), revision: after, updated: now, ahead, when: Some(when) };
        card.note(&key.annotator, line, layer);
        Some(())
    }

    fn report(&mut self, told: Told, names: &BTreeMap<DocumentId, DocumentId>, places: &BTreeMap<LayerKey, Place>) {
        let Told { mut lines, mut problems, lost } = told;
        let imported = &mut *self.imported;
        imported.good = problems.is_empty() && lost.is_empty();
        let mut veil = Veil { looks: self.asked.looks.as_ref(), cards: &self.stock.cards, names, hidden: BTreeMap::new() };
        lines.retain(|line| !veil.hides_line(line));
        problems = veil.problems(problems, places);
        let lost = lost.into_iter().filter(|(about, _)| about.as_ref().is_none_or(|layer| veil.shows(layer))).map(|(_, raw)| raw);
        imported.lost = lost.collect::<Vec<_>>().join("\n");
        imported.hidden = veil.hidden();
        let total = lines.len() + problems.len();
        lines.truncate(REPORT_LINES);
        problems.truncate(REPORT_LINES - lines.len());
        imported.more = total - lines.len() - problems.len();
        imported.lines = lines;
        imported.problems = problems.into_iter().map(Complaint::from).collect();
    }
}
