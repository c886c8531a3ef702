//! Adjudication, by example and by law; also that journals, snapshots and files hold it, which stand below it on the map.

use crate::adjudicate::comments::{self, Comment, threads};
use crate::adjudicate::{
    Agreeing, Case, Choice, Decision, GOLD, Judged, Progress, Record, Rule, Said, Standing, State, Undecided, decisions_csv, decisions_jsonl, errors,
    feedback_csv,
};
use crate::annotation::{Annotation, Relation};
use crate::compare::{Comparison, Kind, Subject, compare};
use crate::edit::Edit;
use crate::formats;
use crate::history::History;
use crate::id::Annotator;
use crate::layer::Layer;
use crate::layer::Status;
use crate::persist::{Entry, Snapshot, encode_outcome, encode_snapshot};
use crate::plan::Command;
use crate::project::{Document, LayerKey, Project};
use crate::session::Session;
use crate::span::Span;
use crate::text::Offset;
use proptest::prelude::*;
use std::sync::Arc;

const TEXT: &str = "أعلن رئيس الوزراء الأرميني نيكول باشينيان أن باكو نشرت قوات على أراضيها وطالب يريفان بسحبها فوراً من المناطق";

fn label(id: &str, start: u32, end: u32, label: &str) -> Annotation {
    let span = Span::try_new(Offset::new(start), Offset::new(end)).expect("a test writes good spans");
    Annotation::new(id.into(), span, label.into())
}

fn tie(id: &str, from: &str, to: &str) -> Relation {
    Relation { id: id.into(), kind: "source".into(), from: from.into(), to: to.into(), attributes: Default::default(), note: None }
}

/// Two people on one text: they agree on 45–49 and 50–71 with its source, and differ on the edges of the first, and on 78–84.
fn layers() -> Vec<(Annotator, Layer)> {
    let a = [label("a1", 5, 41, "Actor"), label("a2", 45, 49, "Actor"), label("a3", 50, 71, "Claim"), label("a4", 78, 84, "Actor")];
    let b = [label("b1", 27, 41, "Actor"), label("b2", 45, 49, "Actor"), label("b3", 50, 71, "Claim"), label("b4", 78, 84, "Location")];
    let a = Layer::from_records(Status::Done, a, [tie("r1", "a3", "a2"), tie("r2", "a3", "a1")]);
    let b = Layer::from_records(Status::Done, b, [tie("r1", "b3", "b2")]);
    vec![("a".into(), a), ("b".into(), b)]
}

fn key() -> LayerKey {
    LayerKey { document: "d".into(), annotator: GOLD.into() }
}

fn session() -> Session {
    let mut project = Project::new("p");
    project.documents.insert("d".into(), Arc::new(Document::new("d".into(), "t", TEXT)));
    Session::open(project, key(), History::default(), 0).expect("the document is there")
}

fn said(id: &str) -> Said {
    Said { id: id.to_owned(), by: "ليلى".to_owned(), at: 7, reason: "edges".to_owned(), note: String::new() }
}

fn run(session: &mut Session, comparison: &Comparison, subject: Subject, choice: Choice, id: &str) {
    let edit = decide(&key(), session.layer(), comparison, subject, choice, &said(id)).expect("it can be decided");
    session.run(Command::Amend(edit)).expect("the plan takes it");
}

fn decide(key: &LayerKey, gold: &Layer, comparison: &Comparison, subject: Subject, choice: Choice, said: &Said) -> Result<Edit, Undecided> {
    let judged = &Judged::of(gold);
    crate::adjudicate::decide(&Case { key, gold, comparison, judged }, subject, choice, said)
}

fn agreed(key: &LayerKey, gold: &Layer, comparison: &Comparison, rule: Rule, said: &Said) -> Result<Edit, Undecided> {
    let judged = &Judged::of(gold);
    let case = Case { key, gold, comparison, judged };
    let at_once = crate::adjudicate::agreed(&case, rule, said);
    // Planned in parts, however small, it is the same.
    let mut agreeing = Agreeing::new(&case, rule, said.clone());
    while !agreeing.step(&case, 1) {}
    assert_eq!(agreeing.finish(&case), at_once);
    at_once
}

fn progress(comparison: &Comparison, gold: &Layer) -> Progress {
    Standing::of(comparison, gold).progress()
}

fn spans(layer: &Layer) -> Vec<String> {
    layer.iter().map(|it| format!("{} {}-{}", it.label, it.extent.hull().start().get(), it.extent.hull().end().get())).collect()
}

#[test]
fn what_all_agree_on_is_taken_in_one_step_with_its_relation_and_can_be_undone() {
    let comparison = compare(&layers());
    assert_eq!(comparison.differences.iter().map(|found| found.subject).collect::<Vec<_>>(), [Subject::Item(0), Subject::Tie(0), Subject::Item(3)]);
    let mut session = session();
    assert_eq!(progress(&comparison, session.layer()), Progress { all: 3, decided: 0, postponed: 0, agreed_left: 2 });
    let edit = agreed(&key(), session.layer(), &comparison, Rule::All, &said("d1")).expect("two are left");
    session.run(Command::Amend(edit)).expect("the plan takes it");
    assert_eq!(spans(session.layer()), ["Actor 45-49", "Claim 50-71"]);
    assert_eq!(session.layer().relations().count(), 1);
    assert_eq!(progress(&comparison, session.layer()).agreed_left, 0);
    assert_eq!(agreed(&key(), session.layer(), &comparison, Rule::All, &said("d2")), Err(Undecided::NothingLeft));
    session.undo().expect("one step");
    assert!(session.layer().is_empty() && session.layer().remarks().next().is_none());
}

#[test]
fn a_decision_remembers_what_was_taken_what_was_rejected_who_when_and_why() {
    let comparison = compare(&layers());
    let mut session = session();
    run(&mut session, &comparison, Subject::Item(0), Choice::Take(1), "d1");
    assert_eq!(spans(session.layer()), ["Actor 27-41"]);
    let decision = Decision::all(session.layer()).pop().expect("there is one");
    assert_eq!((decision.choice.as_str(), decision.by.as_str(), decision.at, decision.reason.as_str()), ("take", "ليلى", 7, "edges"));
    assert_eq!(decision.place, (5, 41));
    let gold: Vec<_> = decision.sources.iter().map(|source| (source.record.clone(), source.gold.as_deref())).collect();
    assert_eq!(gold, [(Record::Span("a".into(), "a1".into()), None), (Record::Span("b".into(), "b1".into()), Some("d1-0"))]);
    let line = decisions_csv("d", session.layer());
    assert!(line.contains("d,d1,take,5,41,a,a1,5-41 Actor,no,,ليلى,7,edges,\n"), "{line}");
    assert_eq!(decisions_jsonl("d", session.layer()).lines().count(), 1);
    // The label is changed later on: what was weighed is no longer what is there.
    let mut changed = layers();
    changed[0].1 = Layer::from_records(Status::Done, [label("a1", 5, 42, "Actor")], []);
    assert_eq!(Judged::of(session.layer()).state(&compare(&changed), Subject::Item(0)), State::Open);
}

#[test]
fn each_choice_makes_its_labels_and_the_later_takes_the_place_of_the_earlier() {
    let comparison = compare(&layers());
    let mut session = session();
    for (number, (choice, expected)) in [
        (Choice::Take(0), vec!["Actor 78-84"]),
        (Choice::Both, vec!["Actor 78-84", "Location 78-84"]),
        (Choice::Reject, vec![]),
        (Choice::Postpone, vec![]),
        (Choice::Merge, vec!["Actor 78-84"]),
        (Choice::Take(1), vec!["Location 78-84"]),
    ]
    .into_iter()
    .enumerate()
    {
        run(&mut session, &comparison, Subject::Item(3), choice, &format!("d{number}"));
        assert_eq!(spans(session.layer()), expected, "{choice:?}");
        assert_eq!(Decision::all(session.layer()).len(), 1);
        let state = if choice == Choice::Postpone { State::Postponed } else { State::Decided };
        assert_eq!(Judged::of(session.layer()).state(&comparison, Subject::Item(3)), state);
    }
    run(&mut session, &comparison, Subject::Item(0), Choice::Merge, "m");
    assert_eq!(spans(session.layer()), ["Actor 5-41", "Location 78-84"]);
}

#[test]
fn a_relation_needs_its_ends_and_follows_the_label_in_whose_place_another_comes() {
    let comparison = compare(&layers());
    let mut session = session();
    let subject = Subject::Tie(0);
    assert_eq!(decide(&key(), session.layer(), &comparison, subject, Choice::Take(0), &said("t")), Err(Undecided::EndsMissing));
    let edit = agreed(&key(), session.layer(), &comparison, Rule::Annotator(1), &said("all")).expect("all is left");
    session.run(Command::Amend(edit)).expect("the plan takes it");
    assert_eq!(session.layer().relations().count(), 1);
    assert_eq!(progress(&comparison, session.layer()).decided, 3);
    run(&mut session, &comparison, subject, Choice::Take(0), "t");
    run(&mut session, &comparison, Subject::Item(0), Choice::Take(0), "later");
    assert_eq!(session.layer().relations().map(|relation| relation.to.as_str()).collect::<Vec<_>>(), ["all-1-0", "later-0"]);
}

#[test]
fn decisions_survive_the_journal_a_snapshot_and_a_file() {
    let comparison = compare(&layers());
    let mut session = session();
    let text = session.document().expect("open").text.clone();
    let edit = decide(&key(), session.layer(), &comparison, Subject::Item(0), Choice::Both, &said("d1")).expect("it can be decided");
    let outcome = session.run(Command::Amend(edit)).expect("the plan takes it");
    let entry = encode_outcome(&text, 7, &outcome).expect("one layer");
    assert_eq!(Entry::decode(&entry, &key(), &text).map(|entry| entry.step), Ok(outcome.step));
    let snapshot = Snapshot::decode(&encode_snapshot(&text, 1, 7, session.layer()), &text).expect("readable");
    assert_eq!(&snapshot.layer, session.layer());
    let mut file = Vec::new();
    formats::write(session.project(), &Default::default(), formats::Format::Wusum, &mut file).expect("written");
    let back = formats::wusum::read(&file);
    assert_eq!(back.problems, []);
    assert_eq!(back.layers.get(&key()), Some(session.layer()));
}

#[test]
fn threads_are_put_together_from_all_sides_in_order() {
    let comment = |id: &str, at: u64, to: Option<&str>, resolved: Option<bool>| Comment {
        id: id.to_owned(),
        by: "ل".to_owned(),
        at,
        place: (5, 9),
        to: to.map(str::to_owned),
        text: format!("c{at}"),
        resolved,
        ..Comment::default()
    };
    let layer = |comments: &[Comment]| Layer::default().with_remarks(comments.iter().map(|comment| Arc::new(comment.remark())));
    let mine = layer(&[comment("c1", 1, None, None), comment("c4", 4, Some("c1"), Some(false))]);
    let theirs = layer(&[comment("c3", 3, Some("c1"), Some(true)), comment("c2", 3, Some("c1"), None), comment("x", 1, Some("gone"), None)]);
    let found = threads([&mine, &theirs]);
    let ids = |thread: &comments::Thread| thread.comments.iter().map(|comment| comment.id.clone()).collect::<Vec<_>>();
    assert_eq!(found.iter().map(ids).collect::<Vec<_>>(), [vec!["c1", "c2", "c3", "c4"], vec!["x"]]);
    assert!(!found[0].resolved);
    assert_eq!(threads([&theirs, &mine]), found);
}

#[test]
fn who_may_not_know_the_others_yet_reads_what_was_said_without_names() {
    let comment = |id: &str, by: &str, about: &str| Comment {
        id: id.to_owned(),
        by: by.to_owned(),
        about: Some((about.into(), "s1".into())),
        text: "لماذا؟".to_owned(),
        ..Comment::default()
    };
    let thread = comments::Thread { comments: vec![comment("c1", "هدى", "منى"), comment("c2", "منى", "أحمد")], resolved: false };
    let mut nameless = thread.clone();
    nameless.comments[0].by = String::new();
    assert_eq!(thread.nameless(&"منى".into()), nameless, "of others no name; one's own words stay as they are");
    let thread = comments::Thread { comments: vec![comment("c1", "هدى", "أحمد")], resolved: false };
    let said = &thread.nameless(&"منى".into()).comments[0];
    assert_eq!((said.by.as_str(), &said.about, said.text.as_str()), ("", &None, "لماذا؟"));
}

#[test]
fn errors_are_counted_beside_the_gold_layer() {
    let layers = layers();
    let counts = errors(&layers[0].0, &layers[0].1, &layers[1].1);
    assert_eq!((counts.right, counts.missed, counts.extra), (2, 0, 0));
    let kinds: Vec<_> = counts.kinds.into_iter().collect();
    assert_eq!(kinds, [(Kind::Boundaries, 1), (Kind::Label, 1), (Kind::Relation, 1)]);
    let text = crate::text::Text::new(TEXT);
    let table = feedback_csv("d", &text, &layers[0].0, &layers[0].1, &layers[1].1);
    assert_eq!(table.lines().count(), 3, "{table}");
}

fn choice() -> impl Strategy<Value = Choice> {
    prop_oneof![
        (0..2_usize).prop_map(Choice::Take),
        Just(Choice::Both),
        Just(Choice::Merge),
        Just(Choice::Edit),
        Just(Choice::Reject),
        Just(Choice::Postpone)
    ]
}

/// What was followed step by step is what one finds who looks at all of it.
fn follows(standing: &Standing, comparison: &Comparison, gold: &Layer) -> Result<(), TestCaseError> {
    let (anew, judged) = (Standing::of(comparison, gold), Judged::of(gold));
    prop_assert_eq!(standing.progress(), anew.progress());
    prop_assert_eq!(standing.judged(), &judged);
    let state = |difference: &crate::compare::Difference| judged.state(comparison, difference.subject);
    let decided = comparison.differences.iter().filter(|difference| state(difference) == State::Decided).count();
    prop_assert_eq!(standing.progress().decided, decided);
    for difference in &comparison.differences {
        prop_assert_eq!(standing.state(difference.subject), state(difference));
    }
    Ok(())
}

proptest! {
    /// Whatever is decided, in whatever order: undone step by step nothing is left, and the file holds it all.
    #[test]
    fn decisions_are_undone_to_nothing_and_files_hold_them(steps in prop::collection::vec((0..3_usize, choice(), any::<bool>()), 1..12)) {
        let comparison = compare(&layers());
        let mut session = session();
        let mut done = 0;
        let mut standing = Standing::of(&comparison, session.layer());
        for (number, (place, choice, all)) in steps.into_iter().enumerate() {
            let subject = comparison.differences[place].subject;
            let id = format!("d{number}");
            let edit = if all && number % 3 == 0 { agreed(&key(), session.layer(), &comparison, Rule::Majority, &said(&id)) } else { decide(&key(), session.layer(), &comparison, subject, choice, &said(&id)) };
            if let Ok(edit) = edit {
                prop_assert!(session.run(Command::Amend(edit)).is_ok());
                done += 1;
                standing.follow(&comparison, session.layer());
                follows(&standing, &comparison, session.layer())?;
            }
        }
        let ends = session.layer().relations().flat_map(|relation| [&relation.from, &relation.to]);
        prop_assert!(ends.into_iter().all(|end| session.layer().get(end).is_some()));
        let mut file = Vec::new();
        formats::write(session.project(), &Default::default(), formats::Format::Wusum, &mut file).expect("written");
        let back = formats::wusum::read(&file);
        prop_assert_eq!(back.layers.get(&key()), Some(session.layer()));
        for _ in 0..done {
            prop_assert!(session.undo().is_ok());
            standing.follow(&comparison, session.layer());
            follows(&standing, &comparison, session.layer())?;
        }
        prop_assert_eq!(session.layer(), &Layer::default());
    }
}
