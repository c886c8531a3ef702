//! What the page shows, as one value: settings, the open work, what is selected, what is to be said.

use crate::check::{Findings, Tag};
use crate::edit::Edit;
use crate::id::{AnnotationId, Annotator, DocumentId, LabelId, RelationId};
use crate::layer::Status;
use crate::schema::{CheckKind, Schema};
use crate::session::Session;
use crate::span::Span;
use crate::text::Vocabulary;
use crate::text::{Offset, Text};
pub use crate::web::notice::{Back, Lines, Notice, Offer, Tone};
use crate::web::review::{Beside, Review};
pub use crate::web::route::Route;
pub use crate::web::selection::Selection;
use crate::web::words::Language;
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

/// Everything the page shows.
#[derive(Clone, Default)]
pub struct State {
    /// What the person set.
    pub settings: Rc<Settings>,
    /// Which screen.
    pub route: Route,
    /// What may be labelled, in the whole project.
    pub schema: Rc<Known>,
    /// All documents, in the order in which they came.
    pub library: Rc<Vec<Card>>,
    /// The document being worked on.
    pub work: Option<Work>,
    /// The review of the document being worked on.
    pub review: Option<Rc<Review>>,
    /// What is shown beside the labels of the document being worked on.
    pub beside: Option<Rc<Beside>>,
    /// How many long steps were begun, and whether the last one is under way.
    pub long: (u32, bool),
    /// The document being opened.
    pub opening: Option<DocumentId>,
    /// Whether the work is safe.
    pub save: SaveState,
    /// Messages that stay until they are closed.
    pub notices: Rc<Vec<Notice>>,
    /// The sheet in front.
    pub dialog: Option<Dialog>,
    /// The last thing said to a screen reader, with a counter so that it can be said twice.
    pub said: (u32, Rc<str>),
    /// A message that passes by itself, with a counter so that it can be shown twice.
    pub toast: Option<(u32, Rc<str>)>,
    /// What this origin uses and may use, in bytes.
    pub room: Option<Room>,
}

/// The project's schema as this page knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Counts every change that was ever made to it.
    pub revision: u64,
    /// Whether the last change can be taken back.
    pub can_undo: bool,
    /// Whether one that was taken back can be made again.
    pub can_redo: bool,
    /// What may be labelled.
    pub schema: Arc<Schema>,
    /// The record as the stores hold it; empty where they hold none.
    pub raw: Rc<str>,
}

/// What the person set; kept in the browser.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The language of the interface.
    pub language: Language,
    /// Light, dark, or as the system has it.
    pub theme: Theme,
    /// The size of the text read, in CSS pixels.
    pub text_size: u32,
    /// The height of its lines, in hundredths of its size.
    pub line_height: u32,
    /// Whether selections by mouse and touch widen to whole words.
    pub snap: bool,
    /// Whether hidden marks are shown.
    pub marks: bool,
    /// Whether all relations are drawn, and not only those of the label in focus.
    pub ties: bool,
    /// Whether single keys do things.
    pub single_keys: bool,
    /// Whether the guidelines lie open beside the text.
    pub guide: bool,
    /// Whether the work of others is hidden until one's own is done.
    pub blind: bool,
    /// Who annotates; asked once.
    pub annotator: Option<Annotator>,
    /// Paragraphs whose direction was switched by hand.
    pub flipped: BTreeSet<(DocumentId, usize)>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: Language::Ar,
            theme: Theme::System,
            text_size: 21,
            line_height: 215,
            snap: true,
            marks: false,
            ties: false,
            single_keys: true,
            guide: true,
            blind: false,
            annotator: None,
            flipped: BTreeSet::new(),
        }
    }
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Dark ink on light paper.
    Light,
    /// Light ink on dark paper.
    Dark,
}

/// A line of the document list.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// Which document.
    pub id: DocumentId,
    /// How people call it.
    pub title: Rc<str>,
    /// Length in code points.
    pub characters: u32,
    /// When it came, in milliseconds since 1970.
    pub added: u64,
    /// When it was put in the bin.
    pub binned: Option<u64>,
    /// How far the present annotator's work on it has come.
    pub status: Status,
    /// How many labels the present annotator has on it.
    pub spans: usize,
    /// How many others have labelled it, as far as that may be seen.
    pub others: usize,
    /// Whether somebody else gave it as a test.
    pub test: bool,
}

/// The open document and what is selected in it.
#[derive(Clone)]
pub struct Work {
    /// The document, its layer and its past.
    pub session: Session,
    /// What is selected in the text.
    pub selection: Selection,
    /// The label in focus.
    pub chosen: Option<AnnotationId>,
    /// The label that was in focus before something was selected: pieces are added to it.
    pub held: Option<AnnotationId>,
    /// The relation being made.
    pub link: Option<Rc<Link>>,
    /// The label that each new selection gets.
    pub brush: Option<LabelId>,
    /// Where an edge being dragged would land.
    pub draft: Option<Span>,
    /// Letters that the next key press would peel off.
    pub peel: Option<Span>,
    /// Which labels the list shows.
    pub filter: Rc<Filter>,
    /// Find in text.
    pub find: Rc<Find>,
    /// Other places of the selected words, to be confirmed.
    pub occurrences: Option<Rc<Occurrences>>,
    /// Whether the pointer is making a selection right now.
    pub selecting: bool,
    /// Whether the palette was closed for this selection.
    pub palette_closed: bool,
    /// Words of the project, by which clitics are judged.
    pub vocabulary: Rc<Vocabulary>,
    /// Asks the reader to bring a place into view; counts up.
    pub reveal: (u32, Offset),
    /// The label of which an attribute is asked, and the attribute's place in the schema.
    pub asked: Option<(AnnotationId, usize)>,
    /// What there is to look at, as far as it was looked.
    pub findings: Rc<Findings>,
    /// Edits that the checks have not followed yet, each with the revision that it led to.
    pub unchecked: Unchecked,
}

/// A relation being made, or led elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The label it is made from; this end stays.
    pub from: AnnotationId,
    /// The label at the other end, as far as one is chosen.
    pub to: Option<AnnotationId>,
    /// Which of the ways in which the two may be joined.
    pub way: usize,
    /// The relation that is led elsewhere; without one, a new one is made.
    pub moved: Option<RelationId>,
}

/// Edits that the checks have not followed yet.
pub type Unchecked = Rc<RefCell<Vec<(u64, Arc<Edit>)>>>;

/// Which labels the list shows, and in which groups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Labels left out.
    pub hidden: BTreeSet<LabelId>,
    /// In which groups.
    pub group: Group,
    /// Only labels that say this.
    pub only: Option<Tag>,
    /// Labels, or what there is to look at in them.
    pub view: View,
}

/// What the list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// Labels.
    #[default]
    Labels,
    /// Findings of the checks, of one kind or of all.
    Checks(Option<CheckKind>),
}

/// How the list of labels is grouped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Group {
    /// In reading order.
    #[default]
    None,
    /// By kind of label.
    Label,
    /// By the words, spelled alike or not.
    Words,
}

/// Find in text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Find {
    /// Whether the field is open.
    pub open: bool,
    /// What is looked for.
    pub query: String,
    /// Where it is, in order.
    pub hits: Rc<Vec<Span>>,
    /// Which of them is in focus.
    pub current: usize,
}

/// Places where the selected words occur, to be labelled at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrences {
    /// The words, as selected.
    pub words: String,
    /// With which label.
    pub label: LabelId,
    /// The places that do not have it yet, each with whether it is wanted.
    pub places: Vec<(Span, bool)>,
    /// How many places have it already.
    pub labelled: usize,
}

/// Whether the work is safe.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SaveState {
    /// Committed to the durable store.
    #[default]
    Saved,
    /// On its way there.
    Saving,
    /// Could not be written.
    Failed,
    /// There is no store: the work lives as long as the page.
    Memory,
}

impl SaveState {
    /// The name that scripts and tests rely on.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Saved => "saved",
            Self::Saving => "saving",
            Self::Failed => "failed",
            Self::Memory => "memory",
        }
    }
}

/// The sheet in front.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// All shortcuts.
    Help,
    /// Who annotates.
    Name,
    /// Appearance and behaviour.
    Settings,
    /// Paste a text.
    Paste,
    /// The guidelines, on a screen too narrow for them.
    Guide,
    /// All labels, on a screen too narrow for them.
    List,
    /// Whether the document is done although checks are open.
    Done,
    /// What is said of the label in focus, or of the place selected.
    Comment,
}

/// What this origin uses and may use, in bytes, and whether the browser promised to keep it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Room {
    /// Used.
    pub usage: f64,
    /// Allowed.
    pub quota: f64,
    /// Never dropped to make room for others.
    pub persisted: bool,
}

impl Work {
    /// The text.
    #[must_use]
    pub fn text(&self) -> Option<&Text> {
        self.session.document().map(|document| &*document.text)
    }

    /// What would be labelled.
    #[must_use]
    pub fn selected(&self) -> Option<Span> {
        self.selection.span(self.text()?)
    }

    /// The place of the attribute that is asked of the label in focus.
    #[must_use]
    pub fn asking(&self) -> Option<usize> {
        self.asked.as_ref().filter(|(id, _)| Some(id) == self.chosen.as_ref()).map(|(_, place)| *place)
    }

    /// The label that is outlined: the one in focus, or the one that the selection may become a piece of.
    #[must_use]
    pub fn shown_focus(&self) -> Option<&AnnotationId> {
        self.chosen.as_ref().or_else(|| self.held.as_ref().filter(|_| !self.selection.is_caret()))
    }

    /// The extent of the label in focus.
    #[must_use]
    pub fn chosen_span(&self) -> Option<Span> {
        self.session.layer().get(self.chosen.as_ref()?).map(|annotation| annotation.extent.hull())
    }
}
