//! Steps of a journal made one after the other, some changes at a time, from a snapshot or from the beginning.

use super::recover::{Source, Start, Why};
use super::recovery::Recovery;
use super::stacks::Stacks;
use crate::edit::Applying;
use crate::layer::Layer;
use crate::project::Project;

/// How far one start leads.
pub(super) struct Run {
    pub start: Start,
    pub layer: Layer,
    pub stacks: Stacks,
    pub revision: u64,
    pub at: u64,
    /// Why the step after `revision`, if there is one, was not made.
    pub stop: Why,
}

/// A start being followed.
pub(super) struct Running {
    run: Run,
    project: Project,
    /// Which stores' steps are made.
    sources: &'static [Source],
    /// The step that is being made.
    applying: Option<Applying>,
}

impl Running {
    pub(super) fn new(recovery: &Recovery, start: Start, sources: &'static [Source]) -> Self {
        let snapshot = start.and_then(|source| recovery.snapshot(source)).map(|found| &found.read);
        let from = snapshot.map_or(0, |snapshot| snapshot.revision);
        // Steps before the snapshot tell what can be undone; they go back as far as none is missing.
        let mut first = from;
        while first > 0 && recovery.entry(first, sources).is_some() {
            first -= 1;
        }
        let mut stacks = Stacks::starting_at(first == 0);
        for n in first + 1..=from {
            if let Some(found) = recovery.entry(n, sources) {
                stacks.record(&found.read.step, found.read.made.as_ref());
            }
        }
        let mut project = Project::new("");
        project.layers.insert(recovery.key.clone(), snapshot.map(|snapshot| snapshot.layer.clone()).unwrap_or_default());
        let at = snapshot.map_or(0, |snapshot| snapshot.at);
        let run = Run { start, layer: Layer::default(), stacks, revision: from, at, stop: Why::Gap };
        Self { run, project, sources, applying: None }
    }

    /// Makes so many more changes; whether the start leads no further.
    pub(super) fn step(&mut self, recovery: &Recovery, changes: usize) -> bool {
        let mut left = changes;
        while left > 0 {
            let Some(found) = self.run.revision.checked_add(1).and_then(|n| recovery.entry(n, self.sources)) else { return true };
            let (step, made) = (&found.read.step, found.read.made.as_ref());
            let begun = self.applying.take().or_else(|| Some(Applying::new(&self.project, self.run.stacks.edit_of(step, made)?)));
            let Some(mut applying) = begun else { return true };
            match applying.step(left) {
                Ok(true) => {}
                Ok(false) => {
                    self.applying = Some(applying);
                    return false;
                }
                Err(_) => {
                    self.run.stop = Why::Conflict;
                    return true;
                }
            }
            left = left.saturating_sub(applying.edit().changes.len().max(1));
            if let Ok(project) = applying.finish() {
                self.project = project;
            }
            self.run.stacks.record(step, made);
            self.run.revision += 1;
            self.run.at = found.read.at;
        }
        false
    }

    /// How far it leads.
    pub(super) fn finish(mut self, recovery: &Recovery) -> Run {
        self.run.layer = self.project.layers.remove(&recovery.key).unwrap_or_default();
        self.run
    }
}
