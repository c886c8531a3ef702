//! Long steps made in parts beside a session: the same as at once, or nothing; and how their cost grows.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::compare::layer;
use wusum::adjudicate::{Agreeing, Case, GOLD, Rule, Said, Standing};
use wusum::compare::compare;
use wusum::history::{History, Step};
use wusum::persist::{Key, Recovering, WritingEntry, WritingSnapshot, encode_outcome, encode_snapshot};
use wusum::plan::{Command, Refusal};
use wusum::project::{Document, LayerKey, Project};
use wusum::session::{Making, Session};

/// Labels that are passed in a part.
const SOME: usize = 50;

fn key() -> LayerKey {
    LayerKey { document: "d".into(), annotator: GOLD.into() }
}

fn session(labels: u32) -> Session {
    let mut project = Project::new("p");
    project.documents.insert("d".into(), Arc::new(Document::new("d".into(), "t", "قالت باكو ".repeat(labels as usize + 1))));
    Session::open(project, key(), History::default(), 0).unwrap()
}

fn all_made(mut making: Making, changes: usize) -> Making {
    while !making.step(changes).unwrap() {}
    making
}

#[test]
fn a_step_made_in_parts_is_the_step() {
    let mut at_once = session(40);
    let mut in_parts = at_once.clone();
    let replace = |count, shift| Command::Replace(Box::new(layer(count, shift)));
    for command in [replace(40, 0), replace(31, 1), Command::Delete(vec!["s1".into(), "s7".into()])] {
        let before = in_parts.layer().clone();
        let making = all_made(in_parts.begin(command.clone()).unwrap(), 3);
        assert!(in_parts.layer().is_same(&before), "nothing is there before it is taken");
        assert_eq!(in_parts.take_made(making).unwrap(), at_once.run(command).unwrap());
        assert_eq!(in_parts.layer(), at_once.layer());
    }
    for step in [Step::Undo, Step::Undo, Step::Redo, Step::Undo, Step::Undo] {
        let making = all_made(in_parts.begin_step(step.clone()).unwrap(), 3);
        let outcome = if step == Step::Undo { at_once.undo() } else { at_once.redo() };
        assert_eq!(in_parts.take_made(making).unwrap(), outcome.unwrap());
        assert_eq!((in_parts.layer(), in_parts.history()), (at_once.layer(), at_once.history()));
    }
    assert_eq!(in_parts.begin_step(Step::Undo).unwrap_err(), Refusal::NothingThere);
}

#[test]
fn a_step_that_is_left_overtaken_or_not_allowed_changes_nothing() {
    let mut session = session(40);
    session.run(Command::Replace(Box::new(layer(40, 0)))).unwrap();
    let before = session.clone();
    let begin = |session: &Session| session.begin(Command::Replace(Box::new(layer(20, 1)))).unwrap();
    let mut left = begin(&session);
    assert_eq!(left.step(3), Ok(false));
    drop(left);
    assert!(session.layer().is_same(before.layer()) && session.history() == before.history());
    let late = all_made(begin(&session), 7);
    session.run(Command::Delete(vec!["s3".into()])).unwrap();
    let now = session.clone();
    assert_eq!(session.take_made(late).unwrap_err(), Refusal::UnderWay);
    assert!(session.layer().is_same(now.layer()) && session.history() == now.history() && session.revision() == now.revision());
    let other = all_made(begin(&session), 7);
    session.set_read_only(true);
    assert_eq!(session.take_made(other).unwrap_err(), Refusal::ReadOnly);
    assert_eq!(session.begin_step(Step::Undo).unwrap_err(), Refusal::ReadOnly);
    assert!(session.layer().is_same(now.layer()));
}

/// How long each part took.
#[derive(Default)]
struct Parts(Vec<Duration>);

impl Parts {
    /// Works until all is done.
    fn run(&mut self, mut work: impl FnMut() -> bool) {
        loop {
            let start = Instant::now();
            let is_over = work();
            self.0.push(start.elapsed());
            if is_over {
                return;
            }
        }
    }

    /// Of the part in the middle by length, in seconds: what else the machine does is felt by few of them.
    fn length(&self) -> f64 {
        let mut lengths = self.0.clone();
        lengths.sort();
        lengths[lengths.len() / 2].as_secs_f64().max(1e-7)
    }
}

/// All that somebody said is taken, undone, written and read back.
fn take_all(labels: u32) -> [(&'static str, Parts); 6] {
    let comparison = compare(&[("a".into(), layer(labels, 0)), ("b".into(), layer(labels, 1))]);
    let mut session = session(labels);
    let text = session.document().unwrap().text.clone();
    let mut standing = Standing::of(&comparison, session.layer());
    let [mut planned, mut made, mut written, mut followed, mut undone, mut read] = [(); 6].map(|()| Parts::default());
    let said = Said { id: "x".to_owned(), by: "r".to_owned(), at: 1, ..Said::default() };
    let edit = {
        let (key, gold) = (key(), session.layer().clone());
        let case = Case { key: &key, gold: &gold, comparison: &comparison, judged: standing.judged() };
        let mut agreeing = Agreeing::new(&case, Rule::Annotator(1), said);
        planned.run(|| agreeing.step(&case, SOME));
        agreeing.finish(&case).unwrap()
    };
    let mut making = session.begin(Command::Amend(edit)).unwrap();
    made.run(|| making.step(SOME).unwrap());
    let (step, edit) = making.of();
    let mut writing = WritingEntry::new(making.revision(), 1, step, Some(edit.clone()));
    written.run(|| writing.step(&text, SOME).unwrap());
    followed.run(|| standing.follow_some(&comparison, making.layer().unwrap(), SOME));
    let outcome = session.take_made(making).unwrap();
    let entry = writing.finish();
    assert_eq!(entry, encode_outcome(&text, 1, &outcome).unwrap());
    assert_eq!(standing.progress().decided, comparison.differences.len());
    let mut back = session.begin_step(Step::Undo).unwrap();
    undone.run(|| back.step(SOME).unwrap());
    let mut snapshot = WritingSnapshot::new(session.revision(), 1, session.layer());
    written.run(|| snapshot.step(&text, SOME));
    assert_eq!(snapshot.finish(&text), encode_snapshot(&text, session.revision(), 1, session.layer()));
    let mut recovering = Recovering::new(session.document().unwrap(), &key(), vec![], vec![(Key::Journal(key(), 1), entry)]);
    read.run(|| recovering.step(SOME));
    let recovered = recovering.finish();
    assert_eq!((&recovered.layer, recovered.revision), (session.layer(), 1));
    [("planned", planned), ("made", made), ("written", written), ("followed", followed), ("undone", undone), ("read", read)]
}

#[test]
fn taking_all_grows_with_the_labels_in_the_number_of_its_parts_and_not_in_their_length() {
    let _alone = super::growth::alone();
    let (small, large) = (1_000, 8_000);
    for ((what, few), (_, many)) in take_all(small).iter().zip(&take_all(large)) {
        let (before, after) = (few.length() * 1e6, many.length() * 1e6);
        println!("{what}: {} and {} parts, of {before:.0} and {after:.0} µs", few.0.len(), many.0.len());
        assert!(many.0.len() > few.0.len() * 7 && many.0.len() >= large as usize / SOME, "{what}: {} and {} parts", few.0.len(), many.0.len());
        // What looked at each label for each label would take eight times as long in each part.
        assert!(after < before * 6.0, "{what}: parts of {before:.0} and {after:.0} µs");
    }
}
