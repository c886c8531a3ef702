//! How the cost of one step grows with the number of labels: sixteen times as many, and an edit may cost little more.
//!
//! Ratios of the least of several tries, with room to spare; a cost that grows with the layer would show as a ratio near 16.

use std::fmt::Write;
use std::hint::black_box;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use wusum::annotation::{Annotation, Relation};
use wusum::edit::{Edit, apply};
use wusum::id::AnnotationId;
use wusum::layer::{Layer, Status};
use wusum::plan::{Command, plan};
use wusum::session::Session;
use wusum::span::Span;
use wusum::text::Offset;

use super::tagged::{key, session};

const FEW: u32 = 2_000;
const MANY: u32 = 32_000;
/// Characters from one label to the next.
const STEP: u32 = 12;
/// How many places are tried in a layer, spread over all of it.
const PLACES: u32 = 64;

/// A label on each first word, a claim over each eighth row of words, and a tie from each claim to the label it begins with.
fn work(labels: u32) -> Session {
    let mut text = String::new();
    let mut annotations = Vec::new();
    let mut relations = Vec::new();
    for number in 0..labels {
        // Twelve characters, of which the label is the first three.
        text += if number % 50 == 49 { "مصر ترفض كل\n" } else { "مصر ترفض كل " };
        let start = number * STEP;
        let span = |length: u32| Span::try_new(Offset::new(start), Offset::new(start + length)).expect("it is not empty");
        annotations.push(Annotation::new(format!("a{number}").into(), span(3), "Actor".into()));
        if number % 8 == 0 {
            annotations.push(Annotation::new(format!("c{number}").into(), span(STEP * 3), "Claim".into()));
            let (from, to) = (format!("c{number}").into(), format!("a{number}").into());
            relations.push(Relation { id: format!("r{number}").into(), kind: "source".into(), from, to, attributes: Default::default(), note: None });
        }
    }
    text += "وقالت باكو إنها لا تقبل ذلك أبدا";
    session(&text, Layer::from_records(Status::InProgress, annotations, relations))
}

/// Numbers of labels, spread over the layer.
fn places(labels: u32) -> impl Iterator<Item = u32> {
    (0..PLACES).map(move |place| (labels / PLACES) * place + place % 7)
}

fn least(mut work: impl FnMut()) -> Duration {
    let tries = (0..7).map(|_| {
        let start = Instant::now();
        work();
        start.elapsed()
    });
    tries.min().unwrap_or_default().max(Duration::from_nanos(1))
}

/// Asserts that the same work at as many places costs about the same in the layer that is sixteen times as large.
fn check(table: &mut String, what: &str, few: &Session, many: &Session, work: impl Fn(&Session, u32)) {
    let cost = |session: &Session, labels: u32| least(|| places(labels).for_each(|place| work(session, place)));
    let (before, after) = (cost(few, FEW), cost(many, MANY));
    let ratio = after.as_secs_f64() / before.as_secs_f64();
    writeln!(table, "{what}: {:?} and {:?} a step, {ratio:.1} times", before / PLACES, after / PLACES).unwrap();
    assert!(ratio < 5.0, "{table}");
}

/// Held by each of these tests, so that they do not slow each other down.
static ALONE: Mutex<()> = Mutex::new(());

pub(super) fn alone() -> MutexGuard<'static, ()> {
    // What is measured is not touched by a test that failed while it held the lock.
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn see<T>(value: T) {
    black_box(&value);
}

fn id(kind: char, place: u32) -> AnnotationId {
    format!("{kind}{}", if kind == 'c' { place - place % 8 } else { place }).into()
}

#[test]
fn a_step_costs_about_the_same_among_sixteen_times_as_many_labels() {
    let _alone = alone();
    let (few, many) = (work(FEW), work(MANY));
    let mut table = String::new();
    let span =
        |place: u32, from: u32, to: u32| Span::try_new(Offset::new(place * STEP + from), Offset::new(place * STEP + to)).expect("it is not empty");
    let mut questions = |what: &str, ask: &dyn Fn(&Layer, u32)| {
        check(&mut table, what, &few, &many, |session, place| ask(session.layer(), place));
    };
    questions("what is seen on a screen", &|layer, place| see(layer.window(span(place, 0, 1_500))));
    questions("what lies under a click", &|layer, place| see(layer.stack_at(Offset::new(place * STEP + 1))));
    questions("the label after this one", &|layer, place| see(layer.rank(&id('a', place)).and_then(|rank| layer.nth(rank + 1))));
    questions("the first label from here on", &|layer, place| see(layer.first_from(Offset::new(place * STEP))));
    questions("the ties of a label", &|layer, place| see(layer.relations_of(&id('c', place)).count()));
    questions("a label's twin", &|layer, place| see(layer.get(&id('a', place)).and_then(|annotation| layer.find_same(annotation))));

    let mut commands = |what: &str, command: &dyn Fn(u32) -> Command| {
        check(&mut table, &format!("{what}, planned"), &few, &many, |session, place| {
            black_box(plan(session.project(), &key(), command(place))).expect("it may");
        });
        check(&mut table, &format!("{what}, done and undone"), &few, &many, |session, place| {
            let mut session = session.clone();
            session.run(command(place)).expect("it may");
            session.undo().expect("it was done");
            black_box(session);
        });
    };
    commands("label", &|place| Command::Label { id: "n".into(), extent: span(place, 4, 8).into(), label: "Claim".into() });
    commands("delete", &|place| Command::Delete(vec![id('c', place)]));
    commands("move", &|place| Command::SetExtent(id('a', place), span(place, 0, 8).into()));
    commands("relabel", &|place| Command::SetLabel(id('a', place), "Location".into()));
    commands("note", &|place| Command::SetNote(id('a', place), Some("ن".to_owned())));
    commands("split", &|place| Command::Split { id: id('c', place), at: Offset::new((place - place % 8) * STEP + 8), second: "n".into() });
    commands("merge", &|place| Command::Merge { keep: id('a', place), absorb: id('a', place + 1) });
    println!("{table}");
}

/// Twice the places, about twice the cost: nothing in a command on many labels looks at each of them for each of them.
#[test]
fn a_command_on_many_labels_costs_as_much_as_they_are() {
    let _alone = alone();
    let all = |kind: char, labels: u32| (0..labels).map(|number| id(kind, number)).collect::<Vec<_>>();
    let commands: [(&str, &dyn Fn(u32) -> Command); 3] = [
        ("label all", &|labels| {
            let span = |number: u32| Span::try_new(Offset::new(number * STEP + 4), Offset::new(number * STEP + 8)).expect("it is not empty");
            Command::LabelAll {
                places: (0..labels).map(|number| (format!("n{number}").into(), span(number).into())).collect(),
                label: "Actor".into(),
            }
        }),
        ("delete all", &|labels| Command::Delete(all('a', labels))),
        ("replace by nothing", &|_| Command::Replace(Box::default())),
    ];
    let (small, large) = (2_000, 16_000);
    let (few, many) = (work(small), work(large));
    for (what, command) in commands {
        let cost = |session: &Session, labels: u32| {
            let tries = (0..3).map(|_| {
                let mut session = session.clone();
                let command = command(labels);
                let start = Instant::now();
                session.run(command).expect("it may");
                session.undo().expect("it was done");
                start.elapsed()
            });
            tries.min().unwrap_or_default().as_secs_f64()
        };
        let ratio = cost(&many, large) / cost(&few, small);
        println!("{what}: eight times the labels, {ratio:.1} times the time, {:.3} s", cost(&many, large));
        // What looked at each label for each label would take 64 times as long.
        assert!(ratio < 40.0, "{what}: eight times the labels, {ratio:.1} times the time");
    }
}

/// A claim each twenty characters, all tied to one speaker and each eighth to another one too: 5,000 are 100,000 characters.
fn spoken(claims: u32) -> Session {
    let mut text = String::from("باكو: ");
    let span = |start: u32, length: u32| Span::try_new(Offset::new(start), Offset::new(start + length)).expect("it is not empty");
    let mut annotations = vec![Annotation::new("hub".into(), span(0, 4), "Actor".into())];
    let mut relations = Vec::new();
    for number in 0..claims {
        text += if number % 50 == 49 { "ترفض كل شيء ومصر لا\n" } else { "ترفض كل شيء ومصر لا " };
        let start = 6 + number * 20;
        annotations.push(Annotation::new(format!("c{number}").into(), span(start, 11), "Claim".into()));
        annotations.push(Annotation::new(format!("a{number}").into(), span(start + 13, 3), "Actor".into()));
        let mut tie = |id: String, to: &str| {
            let from = format!("c{number}").into();
            relations.push(Relation { id: id.into(), kind: "source".into(), from, to: to.into(), attributes: Default::default(), note: None });
        };
        tie(format!("r{number}"), "hub");
        if number % 8 == 0 {
            tie(format!("s{number}"), &format!("a{number}"));
        }
    }
    session(&text, Layer::from_records(Status::InProgress, annotations, relations))
}

/// Five thousand relations in a hundred thousand characters, most of them of one speaker: a step on one of them costs about
/// what it costs among three hundred.
#[test]
fn a_step_on_a_relation_costs_about_the_same_among_sixteen_times_as_many() {
    let _alone = alone();
    let (few, many) = (spoken(312), spoken(4_992));
    assert!(many.layer().relations().count() > 5_000 && many.document().is_some_and(|document| document.text.len().get() > 99_000));
    let mut table = String::new();
    // As far into the one as into the other.
    let place =
        |session: &Session, at: u32| (session.layer().len() as u32 / 2 / PLACES * (at % PLACES)).min(session.layer().len() as u32 / 2 - 1) | 1;
    let name = |kind: char, place: u32| AnnotationId::from(format!("{kind}{place}"));
    let commands: [(&str, &dyn Fn(u32) -> Command); 8] = [
        ("relate", &|place| Command::Relate { id: "n".into(), kind: "source".into(), from: name('c', place), to: name('a', place) }),
        ("lead elsewhere", &|place| Command::SetRelationEnds(format!("r{place}").into(), name('c', place), name('a', place))),
        ("note on a relation", &|place| Command::SetRelationNote(format!("r{place}").into(), Some("ن".to_owned()))),
        ("unrelate", &|place| Command::Unrelate(vec![format!("r{place}").into()])),
        ("delete a tied label", &|place| Command::Delete(vec![name('c', place)])),
        ("relabel a tied label", &|place| Command::SetLabel(name('c', place), "Location".into())),
        ("merge tied labels", &|place| Command::Merge { keep: name('c', place), absorb: name('c', place - 1) }),
        ("add a piece", &|place| {
            let start = 6 + place * 20 + 13;
            Command::AddPiece(name('c', place), Span::try_new(Offset::new(start), Offset::new(start + 3)).expect("it is not empty"))
        }),
    ];
    for (what, command) in commands {
        let cost = |session: &Session| {
            least(|| {
                for at in 0..PLACES {
                    let mut session = session.clone();
                    session.run(command(place(&session, at))).expect("it may");
                    session.undo().expect("it was done");
                    black_box(session);
                }
            })
        };
        let (before, after) = (cost(&few), cost(&many));
        let ratio = after.as_secs_f64() / before.as_secs_f64();
        writeln!(table, "{what}: {:?} and {:?} a step, {ratio:.1} times", before / PLACES, after / PLACES).unwrap();
        assert!(ratio < 8.0, "{table}");
    }
    println!("{table}");
}

/// A schema change and its taking back cost as much as there are labels, also where all of one kind go or become another.
#[test]
fn a_schema_change_costs_as_much_as_there_are_labels() {
    let _alone = alone();
    use wusum::schema_change::{Fate, Kind, Part, plan, rename, take_back};
    let claim = Part::Kind(Kind::Label("Claim".into()));
    let mut next = wusum::schema::Schema::default();
    rename(&mut next, &claim, "Statement");
    let fates = [(claim, Fate::Become("Statement".to_owned()))].into();
    let cost = |session: &Session| {
        let tries = (0..3).map(|_| {
            let mut project = session.project().clone();
            let start = Instant::now();
            let edit = plan(&project, &next, &fates).expect("it may");
            apply(&mut project, &edit).expect("it fits");
            let back = take_back(&project, &edit).expect("it is the last");
            apply(&mut project, &back).expect("it fits");
            start.elapsed()
        });
        tries.min().unwrap_or_default().as_secs_f64()
    };
    let (few, many) = (cost(&spoken(625)), cost(&spoken(5_000)));
    println!("eight times the labels, {:.1} times the time, {many:.3} s", many / few);
    assert!(many / few < 40.0, "eight times the labels, {:.1} times the time", many / few);
}

/// Undo without limit: a step back costs the same after many steps as after few.
#[test]
fn a_long_past_costs_no_more_a_step() {
    let _alone = alone();
    let past = |steps: u32| {
        let mut session = work(100);
        for step in 0..steps {
            session.run(Command::SetNote(id('a', step % 100), Some(format!("{step}")))).expect("it may");
        }
        session
    };
    let cost = |session: &Session| {
        least(|| {
            let mut session = session.clone();
            for _ in 0..50 {
                session.undo().expect("it was done");
            }
            for _ in 0..50 {
                session.redo().expect("it was undone");
            }
        })
    };
    let ratio = cost(&past(8_000)).as_secs_f64() / cost(&past(500)).as_secs_f64();
    assert!(ratio < 5.0, "sixteen times the past, {ratio:.1} times the time");
}

/// Edits joined one after the other, as a run of key presses is, do not grow with each press.
#[test]
fn a_joined_edit_is_as_long_as_what_it_changes() {
    let _alone = alone();
    let mut session = work(100);
    let before = session.project().clone();
    let edits = (0..200_u32).map(|step| session.run(Command::SetNote(id('a', step % 2), Some(format!("{step}")))).expect("it may").edit);
    let edits = edits.map(|edit| Edit::clone(&edit));
    let joined = edits.fold(Edit::default(), Edit::then);
    assert_eq!(joined.changes.len(), 2);
    let mut at_once = before;
    apply(&mut at_once, &joined).expect("it fits");
    assert_eq!(&at_once, session.project());
}
