//! A comparison made in steps, so that whoever has something else to do can do it in between.

use super::differ::Differing;
use super::join::{self, Order, Pairing, Tying};
use super::{Comparison, Item};
use crate::id::Annotator;
use crate::layer::Layer;

/// A comparison under way.
pub struct Comparing {
    layers: Vec<(Annotator, Layer)>,
    stage: Stage,
    /// Labels that were passed, once for each stage that passes them one by one.
    passed: usize,
    looks: usize,
}

/// What is being done, with what was found before.
enum Stage {
    Order(Order),
    Pair(Pairing),
    Join(Pairing),
    Tie(Vec<Item>, Tying),
    Differ(Differing),
    Done(Box<Comparison>),
}

impl Comparing {
    /// A comparison of layers over one text; nothing is done yet.
    #[must_use]
    pub fn new(layers: Vec<(Annotator, Layer)>) -> Self {
        let stage = Stage::Order(Order::new(&layers));
        Self { layers, stage, passed: 0, looks: 0 }
    }

    /// Passes so many more labels, or does what cannot be parted; whether all is done.
    pub fn step(&mut self, labels: usize) -> bool {
        let stage = std::mem::replace(&mut self.stage, Stage::Done(Box::default()));
        self.stage = match stage {
            Stage::Order(mut order) => {
                let is_over = order.take(&self.layers, labels);
                self.passed = order.len();
                if is_over { Stage::Pair(Pairing::new(order)) } else { Stage::Order(order) }
            }
            Stage::Pair(mut pairing) => {
                let is_over = pairing.take(labels);
                (self.passed, self.looks) = (self.labels() + pairing.passed(), pairing.looks());
                if is_over { Stage::Join(pairing) } else { Stage::Pair(pairing) }
            }
            Stage::Join(pairing) => Stage::Tie(join::items(pairing, self.layers.len()), Tying::default()),
            Stage::Tie(items, mut tying) => {
                if tying.take(&self.layers, &items) {
                    Stage::Differ(Differing::new(items, tying.ties()))
                } else {
                    Stage::Tie(items, tying)
                }
            }
            Stage::Differ(mut differing) => {
                let is_over = differing.take(labels);
                self.passed = self.labels() * 2 + differing.passed();
                if is_over {
                    let annotators = self.layers.iter().map(|(annotator, _)| annotator.clone()).collect();
                    Stage::Done(Box::new(differing.comparison(annotators)))
                } else {
                    Stage::Differ(differing)
                }
            }
            Stage::Done(comparison) => Stage::Done(comparison),
        };
        matches!(self.stage, Stage::Done(_))
    }

    fn labels(&self) -> usize {
        self.layers.iter().map(|(_, layer)| layer.len()).sum()
    }

    /// How many hundredths are done, about.
    #[must_use]
    pub fn hundredths(&self) -> usize {
        (self.passed * 100 / (self.labels() * 3).max(1)).min(100)
    }

    /// How often a label was looked at beside another one: for tests of growth.
    #[must_use]
    pub fn looks(&self) -> usize {
        self.looks
    }

    /// Does what is left.
    #[must_use]
    pub fn finish(mut self) -> Comparison {
        while !self.step(usize::MAX) {}
        match self.stage {
            Stage::Done(comparison) => *comparison,
            _ => Comparison::default(),
        }
    }
}
