//! What is exported, as a value: which documents, whose labels, which of them, and how; and the files that come of it.

use super::files::{FileNames, Files};
use super::flat::{Flat, OverlapRule, columns};
use super::list::Format;
use super::loss::{Loss, losses};
use super::side::{SIDE_FILE, Side, SideAnnotator, SideDocument};
use super::tokens::{CutRule, TokenRule, Tokens};
use crate::annotation::{Annotation, Relation};
use crate::id::{AnnotationId, Annotator, DocumentId, LabelId};
use crate::layer::{Layer, Status};
use crate::project::{Document, LayerKey, Project};
use crate::span::Span;
use crate::text::{Match, Search, Text, Vocabulary};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

/// What of a project is exported; what is not named is not left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Choice {
    /// These documents only.
    pub documents: Option<BTreeSet<DocumentId>>,
    /// The labels of these people only.
    pub annotators: Option<BTreeSet<Annotator>>,
    /// Labels of these kinds only, and relations between them.
    pub labels: Option<BTreeSet<LabelId>>,
    /// Only what somebody has brought to one of these statuses: such layers, and the documents that have one. A document that
    /// nobody has a layer of is new.
    pub statuses: Option<BTreeSet<Status>>,
    /// Only documents whose title or text has these words, as search finds them: folded, anywhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub containing: Option<String>,
}

impl Choice {
    /// Whether a document has the words that are asked for.
    fn is_contained(&self, document: &Document) -> bool {
        let Some(words) = self.containing.as_deref().map(str::trim).filter(|words| !words.is_empty()) else { return true };
        let has = |text: &Text| {
            let mut search = Search::new(words, Match::Anywhere);
            search.step(text, u32::MAX);
            !search.found().is_empty()
        };
        has(&document.text) || has(&Text::new(document.title.as_ref()))
    }

    /// What is chosen of a project, as a project.
    #[must_use]
    pub fn of(&self, project: &Project) -> Project {
        fn has<T: Ord>(chosen: &Option<BTreeSet<T>>, one: &T) -> bool {
            chosen.as_ref().is_none_or(|chosen| chosen.contains(one))
        }
        let mut chosen = Project::new(project.name.clone());
        chosen.schema = project.schema.clone();
        let mut bare: BTreeSet<&DocumentId> = project.documents.iter().map(|(id, _)| id).collect();
        let mut reached: BTreeSet<&DocumentId> = BTreeSet::new();
        for (key, layer) in project.layers.iter().filter(|(key, _)| has(&self.annotators, &key.annotator)) {
            bare.remove(&key.document);
            if has(&self.statuses, &layer.status()) {
                reached.insert(&key.document);
            }
        }
        if has(&self.statuses, &Status::New) {
            reached.append(&mut bare);
        }
        let is_chosen = |id: &DocumentId| has(&self.documents, id) && (self.statuses.is_none() || reached.contains(id));
        for (id, document) in project.documents.iter().filter(|(id, document)| is_chosen(id) && self.is_contained(document)) {
            chosen.documents.insert(id.clone(), document.clone());
        }
        let is_there = |id: &DocumentId| if self.containing.is_some() { chosen.documents.contains_key(id) } else { is_chosen(id) };
        let is_layer_chosen =
            |key: &LayerKey, layer: &Layer| is_there(&key.document) && has(&self.annotators, &key.annotator) && has(&self.statuses, &layer.status());
        for (key, layer) in project.layers.iter().filter(|(key, layer)| is_layer_chosen(key, layer)) {
            let layer = if self.labels.is_none() {
                layer.clone()
            } else {
                let kept: Vec<Annotation> =
                    layer.iter().filter(|label| has(&self.labels, &label.label)).map(|label| Annotation::clone(label)).collect();
                let ids: BTreeSet<AnnotationId> = kept.iter().map(|label| label.id.clone()).collect();
                let relations = layer.relations().filter(|relation| ids.contains(&relation.from) && ids.contains(&relation.to));
                let relations: Vec<Relation> = relations.map(|relation| Relation::clone(relation)).collect();
                Layer::from_records(layer.status(), kept, relations)
            };
            chosen.layers.insert(key.clone(), layer);
        }
        chosen
    }
}

/// How it is written, where a format leaves a choice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    /// Which of labels that lie on one another stands, where a token has one.
    pub overlap: OverlapRule,
    /// What a token is.
    pub tokens: TokenRule,
    /// What becomes of a label that cuts a token.
    pub cut: CutRule,
    /// JSON has `\u` for all but ASCII.
    pub ascii: bool,
    /// Tags say where a label ends (BIOES), not only where it begins (IOB2).
    pub bioes: bool,
    /// Tables part their columns by tabulators.
    pub tabs: bool,
}

impl CutRule {
    /// The name that scripts rely on.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Split => "split",
            Self::Widen => "widen",
        }
    }
}

/// Nothing is known of when layers were changed.
static UNKNOWN: BTreeMap<LayerKey, u64> = BTreeMap::new();

/// What a writer is given.
pub struct Export<'a> {
    /// Documents, layers and schema.
    pub project: &'a Project,
    /// Each layer's revision.
    pub revisions: &'a BTreeMap<LayerKey, u64>,
    /// When each layer was last changed, as far as that is known, in milliseconds since 1970; told by the own format alone.
    pub whens: &'a BTreeMap<LayerKey, u64>,
    /// How it is written.
    pub options: &'a Options,
    /// Everybody who has a layer, by name.
    pub annotators: Vec<Annotator>,
    /// The number of the first document, where they are numbered.
    pub first: u64,
    documents: BTreeMap<DocumentId, String>,
    people: BTreeMap<Annotator, String>,
    /// What it is a part of, or itself: names of files and attested words are those of the whole.
    whole: &'a Project,
    vocabulary: OnceCell<Vocabulary>,
}

/// A label on tokens.
#[derive(Clone, Debug)]
pub struct TokenLabel {
    /// The label.
    pub annotation: Arc<Annotation>,
    /// Its tokens; never empty.
    pub tokens: Range<usize>,
    /// It begins or ends inside a word as it is written: the token was split, or the label is wider here, as the rule says.
    pub is_cut: bool,
}

/// A layer on the tokens of its text.
#[derive(Clone, Debug)]
pub struct OnTokens {
    /// The tokens, split where the rule says so.
    pub tokens: Tokens,
    /// Labels in reading order; of one in pieces, its hull.
    pub labels: Vec<TokenLabel>,
    /// Labels that no token is in.
    pub without: Vec<Arc<Annotation>>,
    /// The tokens of everybody's labels of the document, which no sentence may cut.
    pub whole: Vec<Range<usize>>,
}

impl OnTokens {
    /// The labels in columns, by the rule of the export; see [`columns`].
    #[must_use]
    pub fn columns(&self, export: &Export, most: usize) -> Vec<Vec<usize>> {
        let schema = &export.project.schema;
        let rank = |label: &LabelId| schema.labels.iter().position(|known| known.id == *label).unwrap_or(usize::MAX);
        let flat = |label: &'_ TokenLabel| (label.tokens.clone(), label.annotation.label.clone());
        let owned: Vec<(Range<usize>, LabelId)> = self.labels.iter().map(flat).collect();
        let flats: Vec<Flat> =
            owned.iter().map(|(tokens, label)| Flat { tokens: tokens.clone(), label: label.as_str(), rank: rank(label) }).collect();
        columns(&flats, export.options.overlap, most)
    }
}

impl<'a> Export<'a> {
    /// All of a project.
    #[must_use]
    pub fn new(project: &'a Project, revisions: &'a BTreeMap<LayerKey, u64>, options: &'a Options) -> Self {
        Self::part(project, project, revisions, options)
    }

    /// The same, with when layers were last changed (milliseconds since 1970).
    #[must_use]
    pub fn at(self, whens: &'a BTreeMap<LayerKey, u64>) -> Self {
        Self { whens, ..self }
    }

    /// A part of a project, with the names of files and people that it has in the whole, and with tokens as in the whole.
    #[must_use]
    pub fn part(project: &'a Project, whole: &'a Project, revisions: &'a BTreeMap<LayerKey, u64>, options: &'a Options) -> Self {
        let everybody = |project: &Project| -> BTreeSet<Annotator> { project.layers.iter().map(|(key, _)| key.annotator.clone()).collect() };
        let (mut file_names, mut folder_names) = (FileNames::default(), FileNames::default());
        let documents = whole.documents.iter().map(|(id, _)| (id.clone(), file_names.of(id.as_str()))).collect();
        let people = everybody(whole).into_iter().map(|annotator| (annotator.clone(), folder_names.of(annotator.as_str()))).collect();
        Self {
            project,
            revisions,
            whens: &UNKNOWN,
            options,
            annotators: everybody(project).into_iter().collect(),
            first: 1,
            documents,
            people,
            whole,
            vocabulary: OnceCell::new(),
        }
    }

    /// Somebody's layer of a document.
    #[must_use]
    pub fn layer(&self, document: &Document, annotator: &Annotator) -> Option<&'a Layer> {
        self.project.layer(&LayerKey { document: document.id.clone(), annotator: annotator.clone() })
    }

    /// Whether a document is written among what an annotator has: they have a layer of it, or nobody has and they are the first.
    #[must_use]
    pub fn is_among(&self, document: &Document, annotator: Option<&Annotator>) -> bool {
        let Some(annotator) = annotator else { return true };
        let is_bare = || self.annotators.iter().all(|annotator| self.layer(document, annotator).is_none());
        self.layer(document, annotator).is_some() || (self.annotators.first() == Some(annotator) && is_bare())
    }

    /// Whether several people have layers of it, or of what it is a part of.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.people.len() > 1
    }

    /// The name of a document's file, without ending.
    #[must_use]
    pub fn stem(&self, document: &DocumentId) -> &str {
        self.documents.get(document).map_or("document", String::as_str)
    }

    /// The name of somebody's folder or file.
    #[must_use]
    pub fn folder(&self, annotator: &Annotator) -> &str {
        self.people.get(annotator).map_or("annotator", String::as_str)
    }

    /// The name of the one file of the whole project.
    #[must_use]
    pub fn file_name(&self, ending: &str) -> String {
        format!("{}.{ending}", FileNames::default().of(&self.project.name))
    }

    /// Writes what each annotator has: `write` is given the annotator, if there is any, and what the path begins with: nothing
    /// where there is one annotator, else the annotator's folder and `/`.
    pub fn each_annotator(&self, mut write: impl FnMut(Option<&Annotator>, &str)) {
        if self.annotators.is_empty() {
            write(None, "");
        }
        for annotator in &self.annotators {
            // A part has the folders that the whole has.
            let folder = if self.is_shared() { format!("{}/", self.folder(annotator)) } else { String::new() };
            write(Some(annotator), &folder);
        }
    }

    /// A layer on the tokens of its text, by the rules of the export.
    #[must_use]
    pub fn on_tokens(&self, document: &Document, layer: &Layer) -> OnTokens {
        let vocabulary = (self.options.tokens == TokenRule::Clitics).then(|| self.vocabulary());
        let plain = Tokens::of(&document.text, vocabulary);
        // Everybody's edges cut, so that everybody's labels are on the same tokens.
        let hulls: Vec<Span> = self.hulls(document);
        let edges = hulls.iter().flat_map(|hull| [hull.start(), hull.end()]);
        let tokens = match self.options.cut {
            CutRule::Split => plain.clone().cut_at(edges),
            CutRule::Widen => plain.clone(),
        };
        let (mut labels, mut without) = (Vec::new(), Vec::new());
        for annotation in layer.iter() {
            let is_cut = plain.covering(annotation.extent.hull()).is_some_and(|(_, is_exact)| !is_exact);
            match tokens.covering(annotation.extent.hull()) {
                Some((tokens, _)) => labels.push(TokenLabel { annotation: annotation.clone(), tokens, is_cut }),
                None => without.push(annotation.clone()),
            }
        }
        let whole = hulls.iter().filter_map(|hull| tokens.covering(*hull)).map(|(tokens, _)| tokens).collect();
        OnTokens { tokens, labels, without, whole }
    }

    /// Where everybody's labels of a document are.
    fn hulls(&self, document: &Document) -> Vec<Span> {
        let layers = self.annotators.iter().filter_map(|annotator| self.layer(document, annotator));
        layers.flat_map(|layer| layer.iter().map(|annotation| annotation.extent.hull())).collect()
    }

    /// The words that the documents attest.
    #[must_use]
    pub fn vocabulary(&self) -> &Vocabulary {
        self.vocabulary.get_or_init(|| {
            let mut vocabulary = Vocabulary::new();
            self.whole.documents.values().for_each(|document| vocabulary.add(&document.text));
            vocabulary
        })
    }

    /// A JSON value on one line, without the line end.
    #[must_use]
    pub fn json(&self, value: &Value) -> String {
        let plain = value.to_string();
        if self.options.ascii { to_ascii(&plain) } else { plain }
    }
}

/// JSON with `\u` for all but ASCII.
fn to_ascii(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut units = [0_u16; 2];
    for character in json.chars() {
        if character.is_ascii() {
            out.push(character);
        } else {
            // Outside of strings JSON is ASCII, so that every other character may be escaped.
            character.encode_utf16(&mut units).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
        }
    }
    out
}

/// What an export comes to.
#[derive(Clone, Debug)]
pub struct Exported {
    /// The data.
    pub files: Files,
    /// What the format could not hold.
    pub losses: Vec<Loss>,
    /// What `EXPORT.json` says.
    pub side: Side,
}

impl Exported {
    /// The data, and what is said of it beside, as it goes into a folder or an archive.
    #[must_use]
    pub fn with_side(mut self) -> Files {
        self.files.insert(SIDE_FILE, self.side_file());
        self.files
    }

    /// `EXPORT.json`.
    #[must_use]
    pub fn side_file(&self) -> Vec<u8> {
        // Plain data is always written.
        let mut bytes = serde_json::to_vec_pretty(&self.side).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}

/// Writes a project in a format; `None` where the format cannot be written here.
#[must_use]
pub fn export(project: &Project, revisions: &BTreeMap<LayerKey, u64>, format: Format, options: &Options) -> Option<Exported> {
    write_out(&Export::new(project, revisions, options), format)
}

/// Writes an export in a format; `None` where the format cannot be written here.
#[must_use]
pub fn write_out(export: &Export, format: Format) -> Option<Exported> {
    let write = format.code()?.write?;
    let losses = losses(export, format);
    let mut files = Files::new();
    write(export, &mut files);
    let side = side(export, format, &losses);
    Some(Exported { files, losses, side })
}

/// What is said beside an export.
#[must_use]
pub fn side(export: &Export, format: Format, losses: &[Loss]) -> Side {
    let (project, options) = (export.project, export.options);
    let documents = project.documents.values().map(|document| SideDocument {
        id: document.id.to_string(),
        title: document.title.to_string(),
        file: export.stem(&document.id).to_owned(),
        text_sha256: document.sha256.to_string(),
    });
    let annotators =
        export.annotators.iter().map(|annotator| SideAnnotator { name: annotator.to_string(), file: export.folder(annotator).to_owned() });
    let plain = |loss: &Loss| serde_json::to_value(loss).unwrap_or_default();
    Side {
        wusum_export: 1,
        format: format.name().to_owned(),
        offset_unit: format.unit().name().to_owned(),
        options: serde_json::to_value(options).unwrap_or_default(),
        documents: documents.collect(),
        annotators: annotators.collect(),
        losses: losses.iter().map(plain).collect(),
    }
}

/// What a format cannot hold of a project, before anything is written.
#[must_use]
pub fn lost(project: &Project, format: Format, options: &Options) -> Vec<Loss> {
    losses(&Export::new(project, &BTreeMap::new(), options), format)
}
