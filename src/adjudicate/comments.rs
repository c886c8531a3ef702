//! Comments: what people say to each other about a place, kept as remarks in the layer of whoever writes.
//!
//! Nothing that was written is changed by others: a reply, and that a thread is resolved or open again, are comments of
//! their own. So the files of all sides merge by name, without loss.

use crate::annotation::Remark;
use crate::id::{AnnotationId, Annotator, RemarkId};
use crate::layer::Layer;
use crate::sorted;
use crate::span::Span;
use crate::text::Offset;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// One thing said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comment {
    /// A name that no other comment has, whoever's it is.
    pub id: String,
    /// Who says it.
    pub by: String,
    /// When, in milliseconds since 1970.
    pub at: u64,
    /// The first character it is about, and the place after the last.
    pub place: (u32, u32),
    /// The label it is about, and whose that is.
    pub about: Option<(Annotator, AnnotationId)>,
    /// The comment that began the thread; nothing where this one does.
    pub to: Option<String>,
    /// The words; they may be none where it only says that the thread is resolved.
    pub text: String,
    /// Says that the thread is resolved, or open again.
    pub resolved: Option<bool>,
}

/// What was said about one place, from the first on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thread {
    /// By time, then by name.
    pub comments: Vec<Comment>,
    /// Whether the last who said so said that it is resolved.
    pub resolved: bool,
}

impl Comment {
    /// The remark that it is.
    #[must_use]
    pub fn remark(&self) -> Remark {
        let mut says = Map::new();
        says.insert("kind".to_owned(), Remark::COMMENT.into());
        says.insert("by".to_owned(), self.by.as_str().into());
        says.insert("at".to_owned(), self.at.into());
        says.insert("place".to_owned(), json!([self.place.0, self.place.1]));
        if let Some((who, id)) = &self.about {
            says.insert("about".to_owned(), json!([who, id]));
        }
        if let Some(to) = &self.to {
            says.insert("to".to_owned(), to.as_str().into());
        }
        if !self.text.is_empty() {
            says.insert("text".to_owned(), self.text.as_str().into());
        }
        if let Some(resolved) = self.resolved {
            says.insert("resolved".to_owned(), resolved.into());
        }
        Remark { id: RemarkId::from(self.id.as_str()), says }
    }

    /// The comment that a remark is.
    #[must_use]
    pub fn read(remark: &Remark) -> Option<Self> {
        if !remark.is(Remark::COMMENT) {
            return None;
        }
        let string = |name: &str| remark.says.get(name).and_then(Value::as_str).map(str::to_owned);
        let place = |end: usize| remark.says.get("place").and_then(|place| place.get(end)?.as_u64()).and_then(|place| u32::try_from(place).ok());
        let about = remark.says.get("about").and_then(|about| Some((about.get(0)?.as_str()?.into(), about.get(1)?.as_str()?.into())));
        Some(Self {
            id: remark.id.to_string(),
            by: string("by").unwrap_or_default(),
            at: remark.says.get("at").and_then(Value::as_u64).unwrap_or(0),
            place: (place(0).unwrap_or(0), place(1).unwrap_or(0)),
            about,
            to: string("to"),
            text: string("text").unwrap_or_default(),
            resolved: remark.says.get("resolved").and_then(Value::as_bool),
        })
    }
}

impl Thread {
    /// The label of somebody's that it is about: the one that it names, or else the shortest at its place.
    #[must_use]
    pub fn label_of(&self, annotator: &Annotator, layer: &Layer) -> Option<AnnotationId> {
        let first = self.comments.first()?;
        if let Some((_, id)) = first.about.as_ref().filter(|(who, _)| who == annotator) {
            return layer.get(id).map(|label| label.id.clone());
        }
        let place = Span::try_new(Offset::new(first.place.0), Offset::new(first.place.1))?;
        layer.window(place).into_iter().min_by_key(|label| label.extent.length()).map(|label| label.id.clone())
    }

    /// Whether it names a label of somebody's.
    #[must_use]
    pub fn names(&self, annotator: &Annotator) -> bool {
        self.comments.first().is_some_and(|first| first.about.as_ref().is_some_and(|(who, _)| who == annotator))
    }

    /// Whether somebody began it.
    #[must_use]
    pub fn is_begun_by(&self, annotator: &Annotator) -> bool {
        self.comments.first().is_some_and(|first| first.by == annotator.as_str())
    }

    /// The same for who may not know yet who the others are: of them it has no names.
    #[must_use]
    pub fn nameless(mut self, own: &Annotator) -> Self {
        for comment in self.comments.iter_mut().filter(|comment| comment.by != own.as_str()) {
            comment.by.clear();
            comment.about = comment.about.take().filter(|(who, _)| who == own);
        }
        self
    }

    /// Whether it concerns somebody: it is about one of their labels, or they have written in it.
    #[must_use]
    pub fn concerns(&self, annotator: &Annotator, layer: &Layer) -> bool {
        self.names(annotator) || self.label_of(annotator, layer).is_some() || self.comments.iter().any(|said| said.by == annotator.as_str())
    }
}

/// All that was said in these layers: threads in the order of their places, then of their beginnings.
#[must_use]
pub fn threads<'a>(layers: impl IntoIterator<Item = &'a Layer>) -> Vec<Thread> {
    let mut all: BTreeMap<String, Comment> = BTreeMap::new();
    for comment in layers.into_iter().flat_map(Layer::remarks).filter_map(|remark| Comment::read(remark)) {
        all.insert(comment.id.clone(), comment);
    }
    let mut threads: BTreeMap<String, Vec<Comment>> = BTreeMap::new();
    for comment in all.values() {
        // A reply whose beginning is in a file that did not come begins a thread itself.
        let root = comment.to.clone().filter(|to| all.contains_key(to)).unwrap_or_else(|| comment.id.clone());
        threads.entry(root).or_default().push(comment.clone());
    }
    let mut threads: Vec<Thread> = threads
        .into_values()
        .map(|mut comments| {
            sorted::sort_by(&mut comments, |a, b| (a.to.is_some(), a.at, &a.id).cmp(&(b.to.is_some(), b.at, &b.id)));
            let resolved = comments.iter().rev().find_map(|comment| comment.resolved).unwrap_or(false);
            Thread { comments, resolved }
        })
        .collect();
    let begins = |thread: &Thread| thread.comments.first().map(|first| (first.place, first.at, first.id.clone()));
    sorted::sort_by(&mut threads, |a, b| begins(a).cmp(&begins(b)));
    threads
}
