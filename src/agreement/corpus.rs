//! What is compared: the documents that at least two people have labelled, with each one's labels on tokens.

use super::gamma::MOST_UNITS;
use super::grid::{self, OnTokens, Run, TokenRule};
use crate::annotation::Annotation;
use crate::id::{Annotator, DocumentId, LabelId};
use crate::layer::{Layer, Status};
use crate::project::{Document, LayerKey, Project};
use crate::text::Text;
use crate::tokens::Tokens;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// How agreement is worked out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// What a token is.
    pub tokens: TokenRule,
    /// Whose layers are the reference: only pairs with them are made, and figures of many leave them out.
    pub gold: Option<Annotator>,
    /// What chance begins with, in bootstrap and γ.
    pub seed: u64,
    /// How often documents are drawn anew for intervals; 0 for none.
    pub bootstrap: usize,
    /// Whether each document has its figures, too.
    pub by_document: bool,
    /// γ is left out where there are more labels than so many, for it would take long.
    pub gamma_up_to: usize,
    /// Whether an empty layer that nobody has begun counts as one.
    pub unbegun: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { tokens: TokenRule::default(), gold: None, seed: 1, bootstrap: 1_000, by_document: false, gamma_up_to: MOST_UNITS, unbegun: true }
    }
}

/// All that is compared.
pub struct Corpus<'a> {
    /// Who has a layer, by name.
    pub annotators: Vec<Annotator>,
    /// The place of the reference among them.
    pub gold: Option<usize>,
    /// Labels in use, by name; a label's number is its place, from 1 on, and 0 is no label.
    pub labels: Vec<LabelId>,
    /// Attributes in use, with the numbers of the labels that have them.
    pub attributes: BTreeMap<String, BTreeSet<usize>>,
    /// Documents that at least two people have labelled, by name.
    pub documents: Vec<Shared<'a>>,
}

/// A document of several people.
pub struct Shared<'a> {
    /// Its name.
    pub id: &'a DocumentId,
    /// Its text.
    pub text: &'a Text,
    /// The text in tokens.
    pub tokens: Tokens,
    /// What each of the annotators did, in their order.
    pub sides: Vec<Option<Side<'a>>>,
}

/// What one person did on a document.
pub struct Side<'a> {
    /// The document as this one's files name it: of texts that are the same, names may differ.
    pub document: &'a DocumentId,
    /// The layer.
    pub layer: &'a Layer,
    /// Its labels, in reading order.
    pub items: Vec<Item<'a>>,
    /// The one label of each token.
    pub flat: Vec<Run>,
    /// For each label, the tokens that it is on.
    pub covered: Vec<Vec<Run>>,
}

/// A label on tokens.
pub struct Item<'a> {
    /// The label.
    pub annotation: &'a Annotation,
    /// Its number, from 1 on.
    pub label: usize,
    /// The tokens that it is on.
    pub tokens: Vec<Range<usize>>,
}

/// A text, and the layers on it.
struct Group<'a> {
    document: &'a Document,
    layers: BTreeMap<&'a Annotator, (&'a DocumentId, &'a Layer)>,
}

impl<'a> Corpus<'a> {
    /// When the last of the layers on a document was changed, as far as it is known of any.
    pub fn last(&self, document: &Shared, when: impl Fn(&LayerKey) -> Option<u64>) -> Option<u64> {
        let people = document.sides.iter().zip(&self.annotators);
        let keys = people.filter_map(|(side, name)| Some(LayerKey { document: side.as_ref()?.document.clone(), annotator: name.clone() }));
        keys.filter_map(|key| when(&key)).max()
    }

    /// What of a project can be compared.
    #[must_use]
    pub fn of(project: &'a Project, options: &Options) -> Self {
        let groups = groups(project, options);
        let annotators: BTreeSet<&Annotator> = groups.iter().flat_map(|group| group.layers.keys().copied()).collect();
        let annotators: Vec<Annotator> = annotators.into_iter().cloned().collect();
        let shared: Vec<&Group> = groups.iter().filter(|group| group.layers.len() > 1).collect();
        let all = || shared.iter().flat_map(|group| group.layers.values().flat_map(|(_, layer)| layer.iter()));
        let labels: BTreeSet<&LabelId> = all().map(|annotation| &annotation.label).collect();
        let labels: Vec<LabelId> = labels.into_iter().cloned().collect();
        let mut attributes: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for annotation in all() {
            for name in annotation.attributes.keys() {
                attributes.entry(name.clone()).or_default().insert(number(&labels, &annotation.label));
            }
        }
        let documents = shared.iter().map(|group| {
            let text: &Text = &group.document.text;
            let tokens = options.tokens.tokens(text);
            let sides = annotators.iter().map(|name| group.layers.get(name).map(|(id, layer)| Side::of(id, layer, &tokens, &labels)));
            let sides = sides.collect();
            Shared { id: &group.document.id, text, tokens, sides }
        });
        let documents = documents.collect();
        let gold = options.gold.as_ref().and_then(|gold| annotators.iter().position(|name| name == gold));
        Self { annotators, gold, labels, attributes, documents }
    }

    /// The pairs that are compared: of all people, or of the reference and each other.
    #[must_use]
    pub fn pairs(&self) -> Vec<(usize, usize)> {
        let all = 0..self.annotators.len();
        match self.gold {
            Some(gold) => all.filter(|other| *other != gold).map(|other| (gold, other)).collect(),
            None => all.clone().flat_map(|a| all.clone().skip(a + 1).map(move |b| (a, b))).collect(),
        }
    }

    /// The people whose agreement as a whole is worked out.
    #[must_use]
    pub fn people(&self) -> Vec<usize> {
        (0..self.annotators.len()).filter(|person| self.gold != Some(*person)).collect()
    }

    /// The number of a label; 0 for one that is not in use.
    #[must_use]
    pub fn number(&self, label: &LabelId) -> usize {
        number(&self.labels, label)
    }
}

fn number(labels: &[LabelId], label: &LabelId) -> usize {
    labels.binary_search(label).map_or(0, |at| at + 1)
}

/// Layers by text. Documents of the same text are one, unless somebody has labelled both.
fn groups<'a>(project: &'a Project, options: &Options) -> Vec<Group<'a>> {
    let mut layers: BTreeMap<&DocumentId, BTreeMap<&Annotator, (&DocumentId, &Layer)>> = BTreeMap::new();
    for (key, layer) in project.layers.iter() {
        if options.unbegun || !layer.is_empty() || layer.status() != Status::New {
            layers.entry(&key.document).or_default().insert(&key.annotator, (&key.document, layer));
        }
    }
    let mut groups: Vec<Group> = Vec::new();
    let mut by_text: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (id, mut layers) in layers {
        let Some(document) = project.documents.get(id) else { continue };
        let known = by_text.entry(&document.sha256).or_default();
        let is_free = |at: &&usize| groups.get(**at).is_some_and(|group| layers.keys().all(|name| !group.layers.contains_key(name)));
        let place = known.iter().find(is_free).copied();
        if let Some(group) = place.and_then(|place| groups.get_mut(place)) {
            group.layers.append(&mut layers);
        } else {
            known.push(groups.len());
            groups.push(Group { document, layers });
        }
    }
    groups
}

impl<'a> Side<'a> {
    fn of(document: &'a DocumentId, layer: &'a Layer, tokens: &Tokens, labels: &[LabelId]) -> Self {
        let items: Vec<Item> = layer
            .iter()
            .map(|annotation| Item { annotation, label: number(labels, &annotation.label), tokens: grid::tokens_of(tokens, &annotation.extent) })
            .collect();
        let on_tokens: Vec<OnTokens> = items
            .iter()
            .map(|item| OnTokens { tokens: &item.tokens, start: item.annotation.extent.hull().start().get(), label: item.label })
            .collect();
        let flat = grid::flat(&on_tokens, tokens.spans().len());
        let mut of_label: Vec<Vec<&[Range<usize>]>> = vec![Vec::new(); labels.len()];
        for item in &items {
            if let Some(place) = of_label.get_mut(item.label - 1) {
                place.push(&item.tokens);
            }
        }
        let covered = of_label.into_iter().map(|ranges| grid::covered(ranges.into_iter())).collect();
        Self { document, layer, items, flat, covered }
    }
}

impl Item<'_> {
    /// On how many tokens it is.
    #[must_use]
    pub fn token_count(&self) -> usize {
        self.tokens.iter().map(Range::len).sum()
    }

    /// How many tokens it shares with another.
    #[must_use]
    pub fn shared_tokens(&self, other: &Self) -> usize {
        let pairs = self.tokens.iter().flat_map(|mine| other.tokens.iter().map(move |theirs| (mine, theirs)));
        pairs.map(|(mine, theirs)| mine.end.min(theirs.end).saturating_sub(mine.start.max(theirs.start))).sum()
    }
}
