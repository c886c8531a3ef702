//! The schema as it is and as it is to be: the draft, what was renamed in it, and what the worker said of it.

use super::port::Answer;
use crate::formats::schema_file::{self, PALETTE};
use crate::persist::SchemaRecord;
use crate::schema::{Attribute, Colour, Schema};
use crate::schema_change::{self, Comparison, Fate, Fates, Kind, Part, Unplanned};
use crate::web::words::Language;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Where the draft outlives a reload, for as long as the tab lives.
const KEPT: &str = "wusum/desk/draft";

/// Everything the screen shows.
#[derive(Default)]
pub struct Model {
    /// The language of the interface.
    pub language: Language,
    /// The schema as it is.
    pub base: SchemaRecord,
    /// The schema as it is to be.
    pub draft: Schema,
    /// Parts that have another name in the draft.
    pub renamed: BTreeMap<Part, String>,
    /// How often each part is used, as far as it was asked for.
    pub uses: BTreeMap<Part, usize>,
    /// What the draft would change, while that is looked at.
    pub review: Option<Review>,
    /// Which cards are open, by the place of what they show.
    pub open: BTreeSet<String>,
    /// What was last said.
    pub said: String,
    /// What was told of a file that was loaded or saved.
    pub told: Vec<String>,
    /// Whether the worker is at work.
    pub busy: bool,
    /// Whether the page has told its state.
    pub ready: bool,
}

/// What the draft would change.
#[derive(Clone, Default)]
pub struct Review {
    /// What was chosen so far.
    pub fates: Fates,
    /// What it means, with counts.
    pub comparison: Comparison,
    /// Why it was not done.
    pub refused: Option<Unplanned>,
}

/// A draft as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    revision: u64,
    draft: Schema,
    renamed: Vec<(Part, String)>,
}

/// Whose attributes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// Those of the label at this place.
    Label(usize),
    /// Those of the relation at this place.
    Relation(usize),
}

impl Owner {
    /// The kind as the draft calls it.
    pub fn kind(self, schema: &Schema) -> Option<Kind> {
        match self {
            Self::Label(index) => schema.labels.get(index).map(|label| Kind::Label(label.id.clone())),
            Self::Relation(index) => schema.relations.get(index).map(|relation| Kind::Relation(relation.id.clone())),
        }
    }

    /// Its attributes.
    pub fn attributes(self, schema: &mut Schema) -> Option<&mut Vec<Attribute>> {
        match self {
            Self::Label(index) => schema.labels.get_mut(index).map(|label| &mut label.attributes),
            Self::Relation(index) => schema.relations.get_mut(index).map(|relation| &mut relation.attributes),
        }
    }

    /// Short, for names of fields.
    pub fn slug(self) -> String {
        match self {
            Self::Label(index) => format!("label-{index}"),
            Self::Relation(index) => format!("relation-{index}"),
        }
    }
}

impl Model {
    /// Whether the draft differs from the schema.
    pub fn is_dirty(&self) -> bool {
        self.draft != self.base.schema
    }

    /// The page told its schema: a draft that nobody touched follows it.
    pub fn rebase(&mut self, base: SchemaRecord) {
        if self.ready && base == self.base {
            return;
        }
        let was_touched = self.ready && self.is_dirty();
        self.base = base;
        if !self.ready {
            self.ready = true;
            if !self.recall() {
                self.draft = self.base.schema.clone();
            }
        } else if !was_touched {
            self.start_over();
        }
        self.review = None;
    }

    /// The draft is the schema as it is.
    pub fn start_over(&mut self) {
        self.draft = self.base.schema.clone();
        self.renamed.clear();
        self.review = None;
        self.keep();
    }

    /// Another schema becomes the draft.
    pub fn take(&mut self, schema: Schema) {
        self.draft = schema;
        self.renamed.clear();
        self.review = None;
        self.open.clear();
        self.keep();
    }

    /// Keeps the draft for a reload, or forgets one that is done with.
    pub fn keep(&self) {
        let Ok(Some(store)) = gloo::utils::window().session_storage() else { return };
        if !self.is_dirty() {
            // Where storage is blocked there is nothing to remove.
            let _ = store.remove_item(KEPT);
            return;
        }
        let kept = Kept {
            revision: self.base.revision,
            draft: self.draft.clone(),
            renamed: self.renamed.iter().map(|(part, name)| (part.clone(), name.clone())).collect(),
        };
        if let Ok(kept) = serde_json::to_string(&kept) {
            // A draft that does not fit lives as long as the screen.
            let _ = store.set_item(KEPT, &kept);
        }
    }

    /// Whether a kept draft of this schema was there.
    fn recall(&mut self) -> bool {
        let store = gloo::utils::window().session_storage().ok().flatten();
        let raw = store.and_then(|store| store.get_item(KEPT).ok().flatten());
        let Some(kept) = raw.and_then(|raw| crate::json::parse::<Kept>(&raw).ok()) else { return false };
        if kept.revision != self.base.revision {
            return false;
        }
        self.draft = kept.draft;
        self.renamed = kept.renamed.into_iter().collect();
        true
    }

    /// Gives a part of the draft another name, everywhere in it, and remembers what it was called.
    pub fn rename(&mut self, part: &Part, name: &str) {
        let name = name.trim();
        if name.is_empty() {
            return;
        }
        let first = self.first_name(part);
        schema_change::rename(&mut self.draft, part, name);
        let Some(first) = first.filter(|first| is_there(&self.base.schema, first)) else { return };
        if last_name(&first) == name {
            self.renamed.remove(&first);
        } else {
            self.renamed.insert(first, name.to_owned());
        }
    }

    fn first_kind(&self, kind: &Kind) -> Kind {
        let found = self.renamed.iter().find_map(|(part, name)| match (part, kind) {
            (Part::Kind(first @ Kind::Label(_)), Kind::Label(id)) if name == id.as_str() => Some(first.clone()),
            (Part::Kind(first @ Kind::Relation(_)), Kind::Relation(id)) if name == id.as_str() => Some(first.clone()),
            _ => None,
        });
        found.unwrap_or_else(|| kind.clone())
    }

    /// What the part of the draft is called in the schema as it is.
    pub fn first_name(&self, part: &Part) -> Option<Part> {
        let attribute = |kind: &Kind, id: &str| {
            let found = self.renamed.iter().find_map(|(part, name)| match part {
                Part::Attribute(owner, first) if owner == kind && name == id => Some(first.clone()),
                _ => None,
            });
            found.unwrap_or_else(|| id.to_owned())
        };
        Some(match part {
            Part::Kind(kind) => Part::Kind(self.first_kind(kind)),
            Part::Attribute(kind, id) => {
                let kind = self.first_kind(kind);
                let id = attribute(&kind, id);
                Part::Attribute(kind, id)
            }
            Part::Value(kind, owner, id) => {
                let kind = self.first_kind(kind);
                let owner = attribute(&kind, owner);
                let found = self.renamed.iter().find_map(|(part, name)| match part {
                    Part::Value(other, known, first) if *other == kind && *known == owner && name == id => Some(first.clone()),
                    _ => None,
                });
                let id = found.unwrap_or_else(|| id.clone());
                Part::Value(kind, owner, id)
            }
            Part::Answers(..) | Part::Ties(_) => return None,
        })
    }

    /// What becomes of parts before anybody was asked: those that were renamed, and those that are called the same.
    pub fn first_fates(&self) -> Fates {
        let mut fates = schema_change::likely(&self.base.schema, &self.draft);
        let renamed = self.renamed.iter().filter(|(part, _)| !is_there(&self.draft, part));
        fates.extend(renamed.map(|(part, name)| (part.clone(), Fate::Become(name.clone()))));
        fates
    }

    /// Takes note of how often parts are used.
    pub fn counted(&mut self, answer: Answer) {
        self.uses = answer.comparison.gone.into_iter().map(|gone| (gone.part, gone.uses)).collect();
    }

    /// How often a part of the draft is used.
    pub fn uses(&self, part: &Part) -> usize {
        self.first_name(part).and_then(|first| self.uses.get(&first)).copied().unwrap_or(0)
    }

    /// A name that no label of the draft has.
    pub fn free_label(&self) -> String {
        free("Label", |id| self.draft.labels.iter().any(|label| label.id.as_str() == id))
    }

    /// A name that no relation of the draft has.
    pub fn free_relation(&self) -> String {
        free("relation", |id| self.draft.relations.iter().any(|relation| relation.id.as_str() == id))
    }

    /// Adds a label, and opens its card.
    pub fn add_label(&mut self, names: crate::schema::Names) {
        let mut label = schema_file::new_label(&self.free_label());
        label.names = names;
        label.key = ('1'..='9').find(|key| self.draft.label_for_key(*key).is_none());
        self.open.insert(format!("label-{}", self.draft.labels.len()));
        self.draft.labels.push(label);
        // The colours that trouble nobody, or the least.
        let coloured = PALETTE.into_iter().map(|(light, dark)| {
            let mut tried = self.draft.clone();
            let colour = Colour { light: light.to_owned(), dark: dark.to_owned() };
            if let Some(label) = tried.labels.last_mut() {
                label.colour = colour.clone();
            }
            (schema_change::problems(&tried).len(), colour)
        });
        let best = coloured.min_by_key(|(troubles, _)| *troubles);
        if let (Some(label), Some((_, colour))) = (self.draft.labels.last_mut(), best) {
            label.colour = colour;
        }
    }
}

/// `name1`, or the first of its kind that is not taken.
pub fn free(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let mut number = 1;
    loop {
        let id = format!("{name}{number}");
        if !is_taken(&id) {
            return id;
        }
        number += 1;
    }
}

/// The name of the part itself.
pub fn last_name(part: &Part) -> &str {
    match part {
        Part::Kind(Kind::Label(id)) => id.as_str(),
        Part::Kind(Kind::Relation(id)) | Part::Ties(id) => id.as_str(),
        Part::Attribute(_, id) | Part::Value(_, _, id) | Part::Answers(_, id) => id,
    }
}

/// The attributes of a kind.
pub fn attributes_of<'a>(schema: &'a Schema, kind: &Kind) -> &'a [Attribute] {
    match kind {
        Kind::Label(id) => schema.label(id).map_or(&[], |label| &label.attributes),
        Kind::Relation(id) => schema.relation(id).map_or(&[], |relation| &relation.attributes),
    }
}

/// Whether a schema has the part.
fn is_there(schema: &Schema, part: &Part) -> bool {
    let attribute = |kind: &Kind, id: &str| attributes_of(schema, kind).iter().find(|attribute| *attribute.id == *id).is_some();
    match part {
        Part::Kind(Kind::Label(id)) => schema.label(id).is_some(),
        Part::Kind(Kind::Relation(id)) | Part::Ties(id) => schema.relation(id).is_some(),
        Part::Attribute(kind, id) | Part::Answers(kind, id) => attribute(kind, id),
        Part::Value(kind, owner, id) => attributes_of(schema, kind).iter().any(|attribute| *attribute.id == **owner && attribute.value(id).is_some()),
    }
}
