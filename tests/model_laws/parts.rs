//! Long steps made in parts beside a session: the same as at once, or nothing; and how their cost grows.

use std::sync::Arc;
use std::time::{Duration, Instant};

use wusum::adjudicate::{Agreeing, Case, GOLD, Rule, Said, Standing};
use wusum::annotation::Annotation;
use wusum::compare::compare;
use wusum::history::{History, Step};
use wusum::layer::{Layer, Status};
use wusum::persist::{Key, Recovering, WritingEntry, WritingSnapshot, encode_outcome, encode_snapshot};
use wusum::plan::{Command, Refusal};
use wusum::project::{Document, LayerKey, Project};
use wusum::session::{Making, Session};
use wusum::span::Span;
use wusum::text::Offset;

/// Labels that are passed in a part.
const SOME: usize = 50;

/// Labels of which each third is of another kind, some of them a letter off.
fn layer(count: u32, shift: u32) -> Layer {
    let labels = (0..count).map(|n| {
        let start = n * 10 + (n * shift) % 3;
        let span = Span::try_new(Offset::new(start), Offset::new(start + 4 + n % 5)).unwrap();
        Annotation::new(format!("s{n}").into(), span, ["Actor", "Claim", "Location"][(n % 3) as usize].into())
    });
    Layer::from_records(Status::Done, labels, [])
}

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

/// How long parts took: all together, and the longest; and how many there were.
#[derive(Default)]
struct Parts {
    all: Duration,
    longest: Duration,
    count: u32,
}

impl Parts {
    /// Works until all is done.
    fn run(&mut self, mut work: impl FnMut() -> bool) {
        loop {
            let start = Instant::now();
            let is_over = work();
            self.all += start.elapsed();
            self.longest = self.longest.max(start.elapsed());
            self.count += 1;
            if is_over {
                return;
            }
        }
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
    let (small, large) = (1_000, 8_000);
    let tries: Vec<_> = (0..3).map(|_| (take_all(small), take_all(large))).collect();
    for stage in 0..6 {
        let least = |of: &dyn Fn(&([(&str, Parts); 6], [(&str, Parts); 6])) -> Duration| tries.iter().map(of).min().unwrap_or_default().as_secs_f64();
        let what = tries[0].0[stage].0;
        let all = least(&|(_, many)| many[stage].1.all) / least(&|(few, _)| few[stage].1.all);
        let longest = (least(&|(few, _)| few[stage].1.longest) * 1e6, least(&|(_, many)| many[stage].1.longest) * 1e6);
        let (few, many) = (tries[0].0[stage].1.count, tries[0].1[stage].1.count);
        println!(
            "{what}: eight times the labels, {all:.1} times the time; the longest part {:.0} and {:.0} µs of {few} and {many}",
            longest.0, longest.1
        );
        // What looked at each label for each label would take 64 times as long.
        assert!(all < 40.0, "{what}: eight times the labels, {all:.1} times the time");
        assert!(many > few * 7 && many >= large / SOME as u32, "{what}: {few} and {many} parts");
    }
}
