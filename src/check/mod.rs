//! What should be looked at in a layer: labels and relations against the schema and the text, and what would mend them.
//!
//! A finding changes nothing and forbids nothing; its fix is a command like any other.
//!
//! The findings of a label depend on the label, its text, its relations, and the labels near it. So a page rechecks what
//! is visible or near a change ([`Checker::near`], [`Checker::reach`]) at a cost that does not grow with the layer, and
//! the command line checks all of it ([`Checker::all`]) at a cost that grows as the layer does.

mod edges;
mod finding;
mod marks;
mod tally;
mod twins;
mod watch;

pub use finding::{About, Finding, Fix, Why};
pub use tally::{Answer, Tag, Tally};
pub use watch::{Findings, Watch};

use crate::annotation::{Annotation, Relation};
use crate::layer::Layer;
use crate::schema::{self, CheckKind, Overlap, Schema};
use crate::span::{Extent, Span};
use crate::suggest::{self, Cues};
use crate::text::{Offset, Text, Vocabulary};
use serde_json::Value;
use std::cell::OnceCell;
use std::sync::Arc;
use twins::Twins;

/// What a layer is checked against.
#[derive(Clone, Copy)]
pub struct Checker<'a> {
    /// What was labelled.
    pub text: &'a Text,
    /// The labels.
    pub layer: &'a Layer,
    /// What may be labelled, and which checks are made.
    pub schema: &'a Schema,
    /// The words that the project's texts attest, by which clitics are judged.
    pub vocabulary: &'a Vocabulary,
}

/// What is found once for all labels that are checked together.
struct Near<'a> {
    twins: Twins<'a>,
    /// Where cues may be needed.
    stretch: Option<Span>,
    /// The cues there, once they are.
    cues: OnceCell<Cues>,
}

impl<'a> Checker<'a> {
    /// Everything to look at, in reading order.
    #[must_use]
    pub fn all(&self) -> Vec<Finding> {
        let twins = Twins::new(self.text, self.layer.iter().filter(|_| self.is_on(CheckKind::Differs)));
        let near = Near { twins, stretch: Span::try_new(Offset::ZERO, self.text.len()), cues: OnceCell::new() };
        self.layer.iter().flat_map(|annotation| self.annotation(annotation, &near)).collect()
    }

    /// What there is to look at in labels whose hull shares a character with the window, and in relations that start at them.
    #[must_use]
    pub fn near(&self, window: Span) -> Vec<Finding> {
        self.some(&self.layer.window(window)).flatten().collect()
    }

    /// What there is to look at in one label, and in relations that start at it.
    #[must_use]
    pub fn of(&self, annotation: &Arc<Annotation>) -> Vec<Finding> {
        self.some(&[annotation]).flatten().collect()
    }

    /// The same of several, for each its own: what stands round them is read once, so they should stand near one another.
    pub fn some<'s>(&'s self, annotations: &'s [&'s Arc<Annotation>]) -> impl Iterator<Item = Vec<Finding>> + 's {
        let compared = if self.is_on(CheckKind::Differs) { annotations } else { &[] };
        let twins = Twins::near(self.text, self.layer, self.schema, compared);
        let claims = annotations.iter().filter(|annotation| self.required(annotation).next().is_some());
        let stretch = claims.filter_map(|claim| suggest::stretch(self.text, claim)).reduce(Span::hull);
        let near = Near { twins, stretch, cues: OnceCell::new() };
        annotations.iter().map(move |annotation| self.annotation(annotation, &near))
    }

    /// How far a change of a label on `hull` can be felt: labels outside keep their findings, but for those that a
    /// relation ties to the changed label, and as long as the vocabulary and the schema stay.
    #[must_use]
    pub fn reach(&self, hull: Span) -> Span {
        let far = self.schema.checks.nearby.max(suggest::BEFORE).saturating_add(1);
        let end = hull.end().plus(far).min(self.text.len()).max(hull.end());
        Span::try_new(hull.start().minus(far), end).unwrap_or(hull)
    }

    fn is_on(&self, kind: CheckKind) -> bool {
        !self.schema.checks.off.contains(&kind)
    }

    /// In the order of [`CheckKind::ALL`]; relations last.
    fn annotation(&self, annotation: &Arc<Annotation>, near: &Near) -> Vec<Finding> {
        let mut found = Vec::new();
        let label = self.schema.label(&annotation.label);
        for kind in CheckKind::ALL.into_iter().filter(|kind| self.is_on(*kind)) {
            match kind {
                CheckKind::Edges => found.extend(edges::edges(self, annotation)),
                CheckKind::Clitics => found.extend(edges::clitics(self, annotation)),
                CheckKind::Balance => found.extend(marks::balance(self, annotation, self.is_on(CheckKind::Edges))),
                CheckKind::RelationMissing => self.relation_missing(annotation, near, &mut found),
                CheckKind::AttributeMissing => {
                    let about = About::Annotation(annotation.id.clone());
                    let attributes = label.map_or(&[][..], |label| &label.attributes);
                    found.extend(attributes_missing(about, annotation.extent.hull(), attributes, &|name| annotation.attributes.get(name)));
                }
                CheckKind::Overlap => found.extend(label.and_then(|label| self.overlap(annotation, label.overlap))),
                CheckKind::Differs => found.extend(near.twins.differs(annotation, self.schema)),
                CheckKind::Long => {
                    let limit = label.and_then(|label| label.long).unwrap_or(self.schema.checks.long);
                    let length = annotation.extent.length();
                    found.extend((length >= limit).then(|| Finding::of(annotation, Why::Long { length, limit })));
                }
                CheckKind::RelationForbidden => {}
            }
        }
        for relation in self.layer.relations_of(&annotation.id).filter(|relation| relation.from == annotation.id) {
            self.relation(annotation, relation, &mut found);
        }
        found
    }

    /// Kinds of relation of which one must start at a label.
    fn required(&self, annotation: &Annotation) -> impl Iterator<Item = &'a schema::Relation> {
        let starts = |kind: &schema::Relation| kind.from.is_empty() || kind.from.contains(&annotation.label);
        self.schema.relations.iter().filter(move |kind| kind.required && !kind.retired && starts(kind))
    }

    fn relation_missing(&self, annotation: &Arc<Annotation>, near: &Near, found: &mut Vec<Finding>) {
        for kind in self.required(annotation) {
            let mut there = self.layer.relations_of(&annotation.id);
            if there.any(|relation| relation.kind == kind.id && relation.from == annotation.id) {
                continue;
            }
            let cues = near.cues.get_or_init(|| near.stretch.map(|stretch| Cues::find(self.text, stretch)).unwrap_or_default());
            let suggested = suggest::source_by(self.text, self.layer, annotation, kind, cues);
            let mut finding = Finding::of(annotation, Why::RelationMissing { relation: kind.id.clone() });
            if let Some(suggested) = suggested {
                finding.others.push(suggested.source.clone());
                finding.fix = Some(Fix::Relate { kind: kind.id.clone(), to: suggested.source });
            }
            found.push(finding);
        }
    }

    /// Told of the later one in reading order.
    fn overlap(&self, annotation: &Arc<Annotation>, rule: Overlap) -> Option<Finding> {
        if rule == Overlap::Any {
            return None;
        }
        let extent = &annotation.extent;
        let place = |annotation: &Annotation| (annotation.extent.hull().reading_order(), annotation.id.clone());
        let here = place(annotation);
        let near = self.layer.window(extent.hull()).into_iter().filter(|other| other.label == annotation.label && place(other) < here);
        let clashes = |other: &Extent| {
            let shares = other.pieces().iter().any(|piece| extent.overlaps(*piece));
            shares && (rule == Overlap::None || !(covers(extent, other) || covers(other, extent)))
        };
        let others: Vec<_> = near.filter(|other| clashes(&other.extent)).map(|other| other.id.clone()).collect();
        (!others.is_empty()).then(|| Finding { others, ..Finding::of(annotation, Why::Overlaps { rule }) })
    }

    fn relation(&self, from: &Arc<Annotation>, relation: &Arc<Relation>, found: &mut Vec<Finding>) {
        let about = || About::Relation(relation.id.clone());
        let span = from.extent.hull();
        let kind = self.schema.relation(&relation.kind);
        if self.is_on(CheckKind::AttributeMissing)
            && let Some(kind) = kind
        {
            found.extend(attributes_missing(about(), span, &kind.attributes, &|name| relation.attributes.get(name)));
        }
        if !self.is_on(CheckKind::RelationForbidden) {
            return;
        }
        let name = relation.kind.clone();
        let why = match (kind, self.layer.get(&relation.to)) {
            (None, _) => Some(Why::RelationUnknown { relation: name }),
            (Some(kind), Some(to)) if !kind.joins(&from.label, &to.label) => Some(Why::RelationEnds { relation: name }),
            (Some(kind), _) => {
                let alike =
                    self.layer.relations_of(&from.id).filter(|other| other.kind == kind.id && other.from == from.id && other.id < relation.id);
                let most = kind.most.filter(|most| alike.count() >= usize::try_from(*most).unwrap_or(usize::MAX));
                most.map(|most| Why::RelationMany { relation: name, most })
            }
        };
        let others = vec![relation.from.clone(), relation.to.clone()];
        found.extend(why.map(|why| Finding { about: about(), others, span, why, fix: None }));
    }
}

/// The required ones of which nothing is said. Where there is only one thing to say, saying it is the fix.
fn attributes_missing<'v>(about: About, span: Span, attributes: &[schema::Attribute], said: &dyn Fn(&str) -> Option<&'v Value>) -> Vec<Finding> {
    let is_said = |value: &Value| match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(values) => !values.is_empty(),
        _ => true,
    };
    let missing = attributes.iter().filter(|attribute| attribute.required && !said(&attribute.id).is_some_and(is_said));
    let told = missing.map(|attribute| {
        let only = match &attribute.values[..] {
            [only] if attribute.kind == schema::AttributeKind::OneOf => Some(Value::from(&*only.id)),
            _ => None,
        };
        let value = attribute.default.clone().filter(is_said).or(only);
        let fix = value.map(|value| Fix::Attribute(attribute.id.clone(), value));
        Finding { about: about.clone(), others: Vec::new(), span, why: Why::AttributeMissing { attribute: attribute.id.clone() }, fix }
    });
    told.collect()
}

/// Whether every character of `inner` belongs to `outer`.
fn covers(outer: &Extent, inner: &Extent) -> bool {
    inner.pieces().iter().all(|piece| outer.pieces().iter().any(|whole| whole.covers(*piece)))
}
