//! What the review shows: the layers of all but the gold one, how they compare, which difference is chosen, and what is asked.

use super::slices;
use crate::adjudicate::{GOLD, Standing, State as Decided, is_gold};
use crate::compare::{Comparison, Difference, Filter};
use crate::id::{Annotator, DocumentId};
use crate::layer::{Layer, Status};
use crate::project::{Document, LayerKey};
use crate::web::state::{State, Work};
use crate::web::storage::durable::rest_after;
use crate::web::storage::open;
use crate::web::store::{StoreRef, use_select};
use std::cell::{Ref, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;
use yew::prelude::*;

/// The most layers that are compared.
pub const MOST: usize = 8;

/// What keys and buttons are for at the moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// To walk the differences and to decide.
    #[default]
    Walk,
    /// To change the gold label in focus, as on the screen for labelling.
    Edit,
    /// To say why all are rejected.
    Reject,
}

/// How far the comparison is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Comparing {
    /// It is there.
    #[default]
    Done,
    /// It is being made; so many hundredths are done.
    Running(usize),
    /// It was stopped.
    Stopped,
}

/// The review of a document.
#[derive(Clone)]
pub struct Review {
    /// Which document.
    pub document: DocumentId,
    /// All layers but the gold one.
    pub layers: Rc<Vec<(Annotator, Layer)>>,
    /// How many layers there are beyond those that are compared.
    pub more: usize,
    /// Layers that are left out for the moment.
    pub off: BTreeSet<Annotator>,
    /// How the layers that are on compare.
    pub comparison: Rc<Comparison>,
    /// How far its differences are decided: see [`Review::standing`].
    pub kept: Rc<RefCell<Standing>>,
    /// Whether another comparison is being made.
    pub comparing: Comparing,
    /// Counts the comparisons that were begun: only the last one is taken.
    pub turn: u32,
    /// The chosen difference.
    pub current: Option<usize>,
    /// Which differences are listed.
    pub filter: Filter,
    /// Whether only those are listed that are not decided.
    pub open_only: bool,
    /// What keys are for.
    pub mode: Mode,
    /// Whether people go by a letter.
    pub nameless: bool,
    /// What the layers looked like when they were read: whose, and at which revision.
    signature: Vec<(Annotator, u64)>,
}

impl Review {
    /// The layers that are on.
    #[must_use]
    pub fn on(&self) -> Vec<(Annotator, Layer)> {
        self.layers.iter().filter(|(who, _)| !self.off.contains(who)).cloned().collect()
    }

    /// How far the differences are decided in the gold layer as it is now; only what changed since is looked at.
    #[must_use]
    pub fn standing(&self, gold: &Layer) -> Ref<'_, Standing> {
        self.kept.borrow_mut().follow(&self.comparison, gold);
        self.kept.borrow()
    }

    /// The chosen difference.
    #[must_use]
    pub fn chosen(&self) -> Option<&Difference> {
        self.comparison.differences.get(self.current?)
    }

    /// Whether a difference is listed.
    #[must_use]
    pub fn lists(&self, standing: &Standing, difference: &Difference) -> bool {
        let open = !self.open_only || standing.state(difference.subject) != Decided::Decided;
        open && self.comparison.wants(&self.filter, difference)
    }

    /// The place of a person among all, by which colour and letter go.
    #[must_use]
    pub fn person(&self, who: &Annotator) -> usize {
        self.layers.iter().position(|(known, _)| known == who).unwrap_or(0)
    }
}

/// The open review with the work on its gold layer.
#[must_use]
pub fn open_review(state: &State) -> Option<(&Rc<Review>, &Work)> {
    let work = state.work.as_ref().filter(|work| is_gold(&work.session.key().annotator))?;
    let review = state.review.as_ref().filter(|review| review.document == work.session.key().document)?;
    Some((review, work))
}

/// The open review as its parts show it: drawn again where the review is another or the gold layer has changed.
#[derive(Clone)]
pub struct Seen {
    /// What is compared, and how far it is.
    pub review: Rc<Review>,
    /// The work on the gold layer.
    pub work: Work,
}

impl PartialEq for Seen {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.review, &other.review) && self.work.session.revision() == other.work.session.revision()
    }
}

/// The open review, followed.
#[hook]
pub fn use_seen() -> Rc<Option<Seen>> {
    use_select(|state| open_review(state).map(|(review, work)| Seen { review: review.clone(), work: work.clone() }))
}

/// Changes the open review.
pub fn with_review<T>(store: &StoreRef, change: impl FnOnce(&mut Review) -> T) -> Option<T> {
    store.update(|state| state.review.as_mut().map(|review| change(Rc::make_mut(review))))
}

/// Whether others' layers are hidden: blind or in a test, and one's own is not done.
#[must_use]
pub fn is_blind(store: &StoreRef, id: &DocumentId) -> bool {
    let is_blind = store.state().settings.blind;
    store.saver.cards().get(id).is_some_and(|card| !card.may_see(&open::annotator(store), is_blind, &GOLD.into()))
}

/// Whether a document is a test that somebody else gave.
#[must_use]
pub fn is_tested(store: &StoreRef, id: &DocumentId) -> bool {
    let own = open::annotator(store);
    store.saver.cards().get(id).and_then(|card| card.test.clone()).is_some_and(|by| by != own)
}

/// The layers of a document beside the gold one, with their revisions.
fn others(store: &StoreRef, id: &DocumentId) -> Vec<(Annotator, u64)> {
    let cards = store.saver.cards();
    let Some(card) = cards.get(id) else { return Vec::new() };
    let lines = card.layers.iter().filter(|(who, line)| !is_gold(who) && (line.spans > 0 || line.status != Status::New));
    lines.map(|(who, line)| (who.clone(), line.revision)).collect()
}

/// Reads the other layers of the open document, unless they are as they were.
pub async fn load(store: &StoreRef) {
    let Some(document) = store.state().work.as_ref().and_then(|work| work.session.document().cloned()) else { return };
    let signature = others(store, &document.id);
    let known = store.state().review.as_ref().filter(|review| review.document == document.id).cloned();
    if known.as_ref().is_some_and(|known| known.signature == signature) {
        return;
    }
    let mut layers = Vec::new();
    for (who, _) in signature.iter().take(MOST) {
        layers.push((who.clone(), read(store, &document, who).await));
        rest_after(document.text.as_str().len()).await;
    }
    let mut review = known.map_or_else(|| begun(&document.id), |known| Review::clone(&known));
    review.more = signature.len().saturating_sub(MOST);
    review.layers = Rc::new(layers);
    review.signature = signature;
    review.comparing = Comparing::Running(0);
    store.update(|state| state.review = Some(Rc::new(review)));
    slices::compare(store).await;
}

fn begun(document: &DocumentId) -> Review {
    Review {
        document: document.clone(),
        layers: Rc::default(),
        more: 0,
        off: BTreeSet::new(),
        comparison: Rc::default(),
        kept: Rc::default(),
        comparing: Comparing::Done,
        turn: 0,
        current: None,
        filter: Filter::default(),
        open_only: false,
        mode: Mode::Walk,
        nameless: false,
        signature: Vec::new(),
    }
}

/// A layer as both stores have it; nothing is written to either.
pub async fn read(store: &StoreRef, document: &Document, who: &Annotator) -> Layer {
    let key = LayerKey { document: document.id.clone(), annotator: who.clone() };
    let local = store.saver.with_local(|local| local.load(&key)).unwrap_or_default();
    // What cannot be read is not compared; opening that layer says why.
    let durable = store.saver.layer(&key).await.unwrap_or_default();
    open::recovered(document, &key, local, durable).await.layer
}
