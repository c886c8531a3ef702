//! Two gold layers of one text, of two reviewers who began with the same one: what either of them decided is kept.
//!
//! A decision of the other side comes with the labels and relations that it made. Where both sides decided on the same labels
//! the later decision stands; what another reviewer decided there stays as a remark beside it, with what it had made. What one side
//! has undone since (see [`super::undone`]) does not come back, and goes from the other side with its labels; a remark keeps what it
//! had made. Where a file says nothing of what was undone, as those of older programs do, a decision that it has not cannot be told
//! from one that it never had: then the decision stands.

use super::record::{Decision, Record};
use super::undone::{made, undone, undone_at};
use crate::annotation::{Annotation, Relation, Remark};
use crate::id::{AnnotationId, RelationId, RemarkId};
use crate::layer::Layer;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The kind of remark that is a decision which another one took the place of.
pub(super) const BESIDE: &str = "other-decision";

/// A gold layer made of two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct United {
    /// The layer.
    pub layer: Layer,
    /// How many decisions and labels of the older one are in it that the newer one did not have.
    pub taken: usize,
    /// How many decisions of either stay as remarks only.
    pub beside: usize,
    /// How many decisions of the older one are left out, because the newer one has undone them since.
    pub left_out: usize,
    /// How many decisions of the newer one went, because the older one has undone them since.
    pub taken_back: usize,
}

/// Unites two gold layers. Where they differ in what nobody decided, the newer one holds.
#[must_use]
pub fn unite(newer: &Layer, older: &Layer) -> United {
    let mut union = Union {
        layer: newer.clone(),
        older,
        standing: Decision::all(newer).into_iter().map(|decision| (decision.id.clone(), decision)).collect(),
        twins: BTreeMap::new(),
        settled: BTreeSet::new(),
        told: United { layer: Layer::default(), taken: 0, beside: 0, left_out: 0, taken_back: 0 },
    };
    union.take_undone();
    for decision in Decision::all(older) {
        union.weigh(decision);
    }
    union.take_free_labels();
    union.take_relations();
    union.take_remarks();
    United { layer: union.layer, ..union.told }
}

struct Union<'a> {
    layer: Layer,
    older: &'a Layer,
    /// The decisions that stand, by name.
    standing: BTreeMap<RemarkId, Decision>,
    /// Labels of the older layer that are there under another name.
    twins: BTreeMap<AnnotationId, AnnotationId>,
    /// Records of the older layer that a decision has spoken of.
    settled: BTreeSet<String>,
    /// What is counted; its layer is not the one that is made.
    told: United,
}

impl Union<'_> {
    /// What the older side has undone since goes, and is remembered.
    fn take_undone(&mut self) {
        let found: Vec<(Arc<Remark>, u64)> = self.older.remarks().filter_map(|remark| Some((remark.clone(), undone_at(remark)?))).collect();
        for (remark, at) in found {
            match self.standing.get(&remark.id).cloned() {
                Some(decision) if decision.last() > at => {}
                Some(decision) => {
                    let said = undone(&decision, &|id| self.layer.get(id), at);
                    let gone = self.take_back(&decision);
                    self.cut(&gone);
                    self.layer.put_remark(Arc::new(said));
                    self.told.taken_back += 1;
                }
                None if self.layer.remark(&remark.id).and_then(|here| undone_at(here)).is_none_or(|here| here < at) => self.layer.put_remark(remark),
                None => {}
            }
        }
    }

    /// Removes the relations of labels that went.
    fn cut(&mut self, gone: &[AnnotationId]) {
        for id in gone {
            let hanging: Vec<RelationId> = self.layer.relations_of(id).map(|relation| relation.id.clone()).collect();
            hanging.iter().for_each(|relation| self.layer.remove_relation(relation));
        }
    }

    /// A decision of the older layer: it stands, or lies beside one that is later.
    fn weigh(&mut self, decision: Decision) {
        self.settled.extend(decision.sources.iter().filter_map(|source| source.gold.clone()));
        if let Some(standing) = self.standing.get_mut(&decision.id) {
            if decision.last() > standing.last() {
                standing.again = decision.again;
                self.layer.put_remark(Arc::new(standing.remark()));
            }
            return;
        }
        if self.layer.remark(&decision.id).and_then(|remark| undone_at(remark)).is_some_and(|at| at >= decision.last()) {
            self.told.left_out += 1;
            return;
        }
        let others: Vec<Decision> = self.standing.values().filter(|other| other.is_about_same(&decision)).cloned().collect();
        if others.iter().any(|other| (other.at, &other.id) > (decision.at, &decision.id)) {
            if others.iter().all(|other| other.by != decision.by) {
                let made = made(&decision, &|id| self.older.get(id));
                self.lay_beside(&decision, made);
            }
            return;
        }
        let mut gone = Vec::new();
        for other in &others {
            let made = made(other, &|id| self.layer.get(id));
            gone.extend(self.take_back(other));
            if other.by != decision.by {
                self.lay_beside(other, made);
            }
        }
        self.take(decision, &gone);
    }

    fn lay_beside(&mut self, decision: &Decision, made: Value) {
        let mut remark = decision.remark();
        remark.says.insert("kind".to_owned(), BESIDE.into());
        remark.says.insert("made".to_owned(), made);
        if !self.layer.remark(&remark.id).is_some_and(|known| known.is(BESIDE)) {
            self.told.beside += 1;
            self.layer.put_remark(Arc::new(remark));
        }
    }

    /// Removes what a decision made, unless another one made it too; gives the labels that went.
    fn take_back(&mut self, decision: &Decision) -> Vec<AnnotationId> {
        self.standing.remove(&decision.id);
        self.layer.remove_remark(&decision.id);
        let kept: BTreeSet<String> = self.standing.values().flat_map(|other| &other.sources).filter_map(|source| source.gold.clone()).collect();
        let mut gone = Vec::new();
        for source in &decision.sources {
            let Some(made) = source.gold.as_deref().filter(|made| !kept.contains(*made)) else { continue };
            match source.record {
                Record::Span(..) if self.layer.get(&made.into()).is_some() => {
                    self.layer.remove(&made.into());
                    gone.push(made.into());
                }
                Record::Span(..) => {}
                Record::Relation(..) => self.layer.remove_relation(&made.into()),
            }
        }
        gone
    }

    /// Takes a decision with its labels. Relations of the labels in whose place it comes lead to its first label.
    fn take(&mut self, mut decision: Decision, gone: &[AnnotationId]) {
        let mut first = None;
        for source in &mut decision.sources {
            let (Record::Span(..), Some(made)) = (&source.record, source.gold.clone()) else { continue };
            let label = self.older.get(&made.as_str().into()).cloned();
            let name = label.map(|label| self.put(&label));
            first = first.or_else(|| name.clone());
            source.gold = name.map_or(source.gold.take(), |name| Some(name.to_string()));
        }
        for id in gone {
            let hanging: Vec<Arc<Relation>> = self.layer.relations_of(id).cloned().collect();
            for relation in hanging {
                self.layer.remove_relation(&relation.id);
                let end = |end: &AnnotationId| if end == id { first.clone() } else { Some(end.clone()) };
                if let (Some(from), Some(to)) = (end(&relation.from), end(&relation.to)) {
                    self.layer.put_relation(Arc::new(Relation { from, to, ..Relation::clone(&relation) }));
                }
            }
        }
        self.told.taken += 1;
        self.layer.put_remark(Arc::new(decision.remark()));
        self.standing.insert(decision.id.clone(), decision);
    }

    /// Puts a label of the older layer there, unless it is there already; gives its name.
    fn put(&mut self, label: &Arc<Annotation>) -> AnnotationId {
        if self.layer.get(&label.id).is_some() {
            return label.id.clone();
        }
        if let Some(twin) = self.layer.find_same(label).map(|twin| twin.id.clone()) {
            self.twins.insert(label.id.clone(), twin.clone());
            return twin;
        }
        self.layer.put(label.clone());
        label.id.clone()
    }

    /// Labels that no decision made: somebody put them there by hand.
    fn take_free_labels(&mut self) {
        for label in self.older.iter().filter(|label| !self.settled.contains(label.id.as_str())).cloned().collect::<Vec<_>>() {
            if self.layer.get(&label.id).is_none() && self.put(&label) == label.id {
                self.told.taken += 1;
            }
        }
    }

    /// Relations whose ends are there; one that a decision made stands or falls with it.
    fn take_relations(&mut self) {
        let is_relation = |decision: &Decision| decision.sources.iter().any(|source| matches!(source.record, Record::Relation(..)));
        let standing: BTreeSet<RelationId> = self.standing.values().filter(|decision| is_relation(decision)).flat_map(made_relations).collect();
        let here = |id: &AnnotationId, union: &Self| {
            let id = union.twins.get(id).unwrap_or(id);
            union.layer.get(id).map(|label| label.id.clone())
        };
        for relation in self.older.relations() {
            let is_decided = self.settled.contains(relation.id.as_str());
            if self.layer.relation(&relation.id).is_some() || (is_decided && !standing.contains(&relation.id)) {
                continue;
            }
            let (Some(from), Some(to)) = (here(&relation.from, self), here(&relation.to, self)) else { continue };
            let is_there = self.layer.relations_of(&from).any(|other| other.from == from && other.to == to && other.kind == relation.kind);
            if !is_there {
                self.layer.put_relation(Arc::new(Relation { from, to, ..Relation::clone(relation) }));
            }
        }
    }

    /// All else that was said: of two remarks of one name the later one holds.
    fn take_remarks(&mut self) {
        let at = |remark: &Remark| remark.says.get("at").and_then(Value::as_u64).unwrap_or(0);
        for remark in self.older.remarks().filter(|remark| Decision::read(remark).is_none() && undone_at(remark).is_none()) {
            if self.layer.remark(&remark.id).is_none_or(|here| Decision::read(here).is_none() && at(here) < at(remark)) {
                self.layer.put_remark(remark.clone());
            }
        }
    }
}

fn made_relations(decision: &Decision) -> Vec<RelationId> {
    let of_relation = decision.sources.iter().filter(|source| matches!(source.record, Record::Relation(..)));
    of_relation.filter_map(|source| source.gold.as_deref().map(RelationId::from)).collect()
}
