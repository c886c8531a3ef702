//! What somebody chose of agreement, and what the worker told of it.

use crate::agreement::Cell;
use crate::agreement::grid::TokenRule;
use crate::exchange::Looks;
use crate::exchange::agree::{AgreeAsked, AgreeTold, BehindAsked, BehindTold, PairTold};
use crate::id::{Annotator, DocumentId};
use crate::layer::Status;
use crate::schema::Schema;
use crate::web::words::Language;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::rc::Rc;

/// Where the screen is, as the page tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Place {
    /// The document, where the address names one.
    pub document: Option<DocumentId>,
    /// Tells one state of what is kept from another.
    pub library: u64,
    /// Who looks.
    pub looks: Option<Looks>,
}

/// What somebody chose; where nothing is chosen of a group, all of it counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    /// Whose layers.
    pub people: BTreeSet<Annotator>,
    /// Whose layers are the reference.
    pub gold: Option<Annotator>,
    /// What a token is.
    pub tokens: TokenRule,
    /// How far the layers have come.
    pub statuses: BTreeSet<Status>,
    /// Which documents, where the address does not name one.
    pub documents: BTreeSet<DocumentId>,
    /// The words in the list of documents.
    pub containing: String,
}

/// How far the worker is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Work {
    /// Nothing was asked yet.
    #[default]
    Waiting,
    /// It is at work.
    Busy,
    /// What is shown is what was asked for.
    Done,
    /// It was stopped, or could not be done.
    Stopped,
}

impl Work {
    /// The name that scripts rely on.
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Busy => "busy",
            Self::Done => "done",
            Self::Stopped => "stopped",
        }
    }
}

/// Two people.
pub type Two = (Annotator, Annotator);

/// Whom a figure is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The pair that is looked at.
    Pair,
    /// All pairs.
    Mean,
    /// All people but the reference.
    All,
}

/// The passages behind a number.
#[derive(Clone, Debug, PartialEq)]
pub struct Behind {
    /// What the number is.
    pub title: String,
    /// The figure, where it is one: of other people other things are counted.
    pub figure: Option<String>,
    /// Which two people.
    pub people: Two,
    /// The pairs that the number is about, one of which is to be chosen.
    pub choice: Vec<Two>,
    /// What was counted.
    pub cells: Vec<Cell>,
    /// Which of it is shown.
    pub at: usize,
    /// How many passages are passed over.
    pub from: usize,
    /// What was told; nothing while it is on its way.
    pub told: Option<BehindTold>,
    /// Whether it was stopped on its way.
    pub stopped: bool,
}

/// Everything that is shown.
#[derive(Default)]
pub struct Model {
    /// The language of the interface.
    pub language: Language,
    /// What may be labelled.
    pub schema: Schema,
    /// Where the screen is; nothing until the page has told it.
    pub place: Option<Place>,
    /// What somebody chose.
    pub wishes: Wishes,
    /// How far the worker is.
    pub work: Work,
    /// What the worker told.
    pub told: Option<Rc<AgreeTold>>,
    /// The figure of the map of pairs and of the course.
    pub measure: Option<&'static str>,
    /// Which pair is looked at.
    pub pair: usize,
    /// The passages that are looked at.
    pub behind: Option<Behind>,
}

impl Model {
    /// What is asked of the worker; nothing until it is known where the screen is.
    pub fn asked(&self) -> Option<AgreeAsked> {
        let (place, wishes) = (self.place.as_ref()?, &self.wishes);
        let mut asked = AgreeAsked { tokens: wishes.tokens, gold: wishes.gold.clone(), looks: place.looks.clone(), ..AgreeAsked::default() };
        let some = |documents: &BTreeSet<DocumentId>| (!documents.is_empty()).then(|| documents.clone());
        asked.choice.documents = place.document.as_ref().map_or_else(|| some(&wishes.documents), |id| Some([id.clone()].into()));
        asked.choice.annotators = (!wishes.people.is_empty()).then(|| wishes.people.clone());
        asked.choice.statuses = (!wishes.statuses.is_empty()).then(|| wishes.statuses.clone());
        Some(asked)
    }

    /// What is asked of the passages that are looked at.
    pub fn asked_behind(&self) -> Option<AgreeAsked> {
        let behind = self.behind.as_ref()?;
        let behind = BehindAsked { people: Some(behind.people.clone()), cells: behind.cells.clone(), at: behind.at, from: behind.from };
        Some(AgreeAsked { behind: Some(behind), ..self.asked()? })
    }

    /// The pair that is looked at.
    pub fn pair(&self) -> Option<&PairTold> {
        self.told.as_ref()?.pairs.get(self.pair)
    }

    /// The pairs that a figure is about, the one that is looked at first.
    pub fn people(&self, scope: Scope) -> Vec<Two> {
        let Some(told) = &self.told else { return Vec::new() };
        let own = self.pair().map(|pair| (pair.a.clone(), pair.b.clone()));
        let pairs = || told.pairs.iter().map(|pair| (pair.a.clone(), pair.b.clone()));
        let mut all: Vec<Two> = match scope {
            Scope::Pair => Vec::new(),
            Scope::All if told.gold.is_some() => {
                let people: Vec<&Annotator> = told.annotators.iter().filter(|name| told.gold.as_ref() != Some(*name)).collect();
                people.iter().enumerate().flat_map(|(at, one)| people.iter().skip(at + 1).map(|other| ((*one).clone(), (*other).clone()))).collect()
            }
            Scope::Mean | Scope::All => pairs().collect(),
        };
        let place = own.as_ref().and_then(|own| all.iter().position(|two| two == own));
        match place {
            Some(place) => all.swap(0, place),
            None if scope == Scope::Pair => all.extend(own),
            None => {}
        }
        all
    }

    /// The figure of the map of pairs and of the course.
    pub fn measure(&self) -> &'static str {
        self.measure.unwrap_or("span_f1.exact")
    }
}

impl Model {
    /// Takes what the worker told; nothing where it was stopped.
    pub fn take(&mut self, told: Option<AgreeTold>) {
        let Some(told) = told else {
            self.work = Work::Stopped;
            return;
        };
        // The pair that is looked at stays, if it is there.
        let people = self.pair().map(|pair| (pair.a.clone(), pair.b.clone()));
        self.pair = people.and_then(|(a, b)| told.pair(&a, &b)).unwrap_or(0);
        self.work = Work::Done;
        self.told = Some(Rc::new(told));
    }
}

impl Behind {
    /// Where there are no passages of what is shown, the first thing that has some is; tells whether that is another.
    pub fn go_where_some_are(&mut self) -> bool {
        let counts = self.told.as_ref().map(|told| told.counts.as_slice()).unwrap_or_default();
        let first = counts.iter().position(|count| *count > 0).filter(|_| counts.get(self.at) == Some(&0));
        if let Some(first) = first {
            (self.at, self.from) = (first, 0);
        }
        first.is_some()
    }

    /// What was counted of a pair, the first thing in front.
    pub fn new(title: String, people: Two, cells: Vec<Cell>) -> Self {
        Self { title, figure: None, people, choice: Vec::new(), cells, at: 0, from: 0, told: None, stopped: false }
    }
}
