//! A corrected text comes in for a document: looked at first, then made a document of its own with everybody's labels. The old one
//! goes into the bin as it was, labels and all, and can be taken out of it again.

use super::{Answer, Looks};
use crate::id::{Annotator, DocumentId};
use serde::{Deserialize, Serialize};

#[cfg(feature = "datasets")]
pub use made::retext;

/// Which text comes in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetextAsked {
    /// The document whose text is corrected.
    pub document: String,
    /// The corrected text.
    pub text: String,
    /// Milliseconds since 1970.
    #[serde(default)]
    pub now: u64,
    /// Whether it is made; else only told.
    #[serde(default)]
    pub sure: bool,
    /// Who is told, where what they may not see is not told: see [`crate::blind`].
    #[serde(default)]
    pub looks: Option<Looks>,
}

/// What comes of the labels.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RetextTold {
    /// Why there is nothing to be done.
    pub trouble: Option<NoRetext>,
    /// Everybody's labels that may be seen.
    pub layers: Vec<RetextLayer>,
    /// Whether there are others' labels that may not be seen yet; they are carried over as all are.
    pub hidden: bool,
    /// What was made, where it was.
    pub made: Option<DocumentId>,
}

/// Why there is nothing to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoRetext {
    /// The document is not there any more.
    Gone,
    /// There is no text.
    Empty,
    /// It is the text that is there.
    Same,
    /// A newer program wrote one of its layers, which is not known here.
    TooNew,
}

/// What comes of somebody's labels.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetextLayer {
    /// Whose.
    pub annotator: Option<Annotator>,
    /// Labels that have their words.
    pub kept: usize,
    /// Labels whose words are not the same: what they are called, their words as they were and as they are.
    pub changed: Vec<RetextLine>,
    /// Labels that find no place.
    pub lost: Vec<RetextLine>,
    /// Relations of which an end finds no place.
    pub ties: usize,
}

/// A label that does not stay as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetextLine {
    /// Its name.
    pub id: String,
    /// Its kind.
    pub label: String,
    /// Where it is in the old text, in code points.
    pub place: (u32, u32),
    /// Its words in the old text.
    pub was: String,
    /// Its words in the new text, where they are.
    pub is: Option<String>,
}

impl RetextAsked {
    /// Reads a task's JSON; what cannot be read asks for nothing.
    #[must_use]
    pub fn read(written: &str) -> Self {
        crate::json::parse(written).unwrap_or_default()
    }
}

impl RetextTold {
    /// As an answer.
    #[must_use]
    pub fn answer(&self) -> Answer {
        Answer { told: serde_json::to_string(self).ok(), ..Answer::default() }
    }

    /// Why there is nothing to be done, as an answer.
    #[must_use]
    pub fn trouble(why: NoRetext) -> Answer {
        Self { trouble: Some(why), ..Self::default() }.answer()
    }
}

#[cfg(feature = "datasets")]
mod made {
    use super::super::stock::{Bin, Records, Stock};
    use super::super::{Answer, Tell};
    use super::{NoRetext, RetextAsked, RetextLayer, RetextLine, RetextTold};
    use crate::annotation::Annotation;
    use crate::id::DocumentId;
    use crate::layer::Layer;
    use crate::persist::{self, Card, DocumentRecord, Key, Keyspace, LayerCard, Write};
    use crate::project::{Document, LayerKey};
    use crate::retext::{Alignment, Carried};
    use crate::text::Text;
    use std::sync::Arc;

    /// Carries the labels of a document over to a corrected text of it: tells what comes of them and, where it is asked for, makes it.
    #[must_use]
    pub fn retext(keys: &Keyspace, records: Records, asked: &RetextAsked, tell: Tell) -> Answer {
        let stock = Stock::read(keys, records, Bin::Read, tell);
        let Some(old) = stock.project.documents.get(&DocumentId::from(asked.document.as_str())) else {
            return RetextTold::trouble(NoRetext::Gone);
        };
        if asked.text.trim().is_empty() {
            return RetextTold::trouble(NoRetext::Empty);
        }
        if asked.text == old.text.as_str() {
            return RetextTold::trouble(NoRetext::Same);
        }
        if stock.blocked.keys().any(|key| key.document == old.id) {
            return RetextTold::trouble(NoRetext::TooNew);
        }
        let new = Document { meta: old.meta.clone(), ..Document::new(free_name(&stock, &old.id), old.title.clone(), asked.text.clone()) };
        let alignment = Alignment::new(&old.text, &new.text);
        let own = stock.project.layers.iter().filter(|(key, _)| key.document == old.id);
        let carried: Vec<(&LayerKey, &Layer, Carried)> = own.map(|(key, layer)| (key, layer, alignment.carry(layer))).collect();
        let card = stock.cards.get(&old.id);
        let is_shown = |key: &LayerKey| asked.looks.as_ref().is_none_or(|looks| looks.may_see(card, &key.annotator));
        let shown = carried.iter().filter(|(key, ..)| is_shown(key));
        let layers: Vec<RetextLayer> = shown.map(|(key, layer, carried)| told(key, layer, carried, &old.text)).collect();
        let told = RetextTold { hidden: layers.len() < carried.len(), layers, ..RetextTold::default() };
        if !asked.sure {
            return told.answer();
        }
        let told = RetextTold { made: Some(new.id.clone()), ..told };
        let mut writes = Vec::new();
        let layers = carried.into_iter().map(|(key, _, carried)| (key, carried.layer));
        make(Arc::new(new), layers, &stock, asked.now, &mut writes);
        put_in_bin(old, &stock, asked.now, &mut writes);
        Answer { writes, ..told.answer() }
    }

    /// A name that no document has, after that of another.
    fn free_name(stock: &Stock, id: &DocumentId) -> DocumentId {
        let is_free = |name: &DocumentId| !stock.project.documents.contains_key(name);
        (2_u64..).map(|number| DocumentId::from(format!("{id}-{number}"))).find(is_free).unwrap_or_else(|| id.clone())
    }

    fn told(key: &LayerKey, layer: &Layer, carried: &Carried, text: &Text) -> RetextLayer {
        let line = |label: &Annotation, is: Option<String>| {
            let hull = label.extent.hull();
            let place = (hull.start().get(), hull.end().get());
            RetextLine { id: label.id.to_string(), label: label.label.to_string(), place, was: label.extent.quote(text).unwrap_or_default(), is }
        };
        let changed = carried.changed.iter().filter_map(|one| Some(line(layer.get(&one.id)?, Some(one.is.clone()))));
        RetextLayer {
            annotator: Some(key.annotator.clone()),
            kept: carried.layer.len() - carried.changed.len(),
            changed: changed.collect(),
            lost: carried.lost.iter().map(|label| line(label, None)).collect(),
            ties: carried.lost_relations.len(),
        }
    }

    /// Writes the new document with its layers. A layer is as new as the one that it comes of, so that files tell which is later.
    fn make<'a>(document: Arc<Document>, layers: impl Iterator<Item = (&'a LayerKey, Layer)>, stock: &Stock, now: u64, writes: &mut Vec<Write>) {
        let id = document.id.clone();
        let record = DocumentRecord { document: document.clone(), added: now, binned: None };
        let mut card = Card::of(&record);
        writes.push(Write::Set(Key::Document(id.clone()), record.encode()));
        for (was, layer) in layers {
            let revision = stock.pasts.get(was).map_or(0, |past| past.revision + stock.line(was).ahead) + 1;
            let key = LayerKey { document: id.clone(), annotator: was.annotator.clone() };
            let line = LayerCard {
                status: layer.status(),
                spans: layer.len(),
                revision,
                updated: now,
                ahead: 0,
                when: Some(stock.line(was).changed().unwrap_or(0)),
            };
            card.note(&key.annotator, line, &layer);
            writes.push(Write::Set(Key::Snapshot(key), persist::encode_snapshot(&document.text, revision, now, &layer)));
        }
        writes.push(Write::Set(Key::Card(id), card.encode()));
    }

    fn put_in_bin(document: &Arc<Document>, stock: &Stock, now: u64, writes: &mut Vec<Write>) {
        let Some(card) = stock.cards.get(&document.id) else { return };
        let record = DocumentRecord { document: document.clone(), added: card.added, binned: Some(now) };
        writes.push(Write::Set(Key::Document(document.id.clone()), record.encode()));
        writes.push(Write::Set(Key::Card(document.id.clone()), Card { binned: Some(now), ..card.clone() }.encode()));
    }
}
