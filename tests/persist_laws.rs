//! Laws of storage: whatever either store loses, damages or contradicts, what was acknowledged comes back.

#![allow(clippy::expect_used, reason = "a test says what it relies on")]

use proptest::prelude::*;
use proptest::sample::Index;
use std::collections::BTreeMap;
use wusum::annotation::Relation;
use wusum::edit::{Change, Delta, Edit};
use wusum::history::{History, Step};
use wusum::layer::{Layer, Status};
use wusum::persist::{
    Key, Keyspace, Local, MemoryStore, Recovered, Recovering, Source, Store, Why, Write, WritingEntry, WritingSnapshot, encode_entry, encode_outcome,
    encode_snapshot,
};
use wusum::plan::Command;
use wusum::project::{Document, LayerKey, Project};
use wusum::session::Session;
use wusum::span::{Extent, Span};
use wusum::text::Offset;

const TEXT: &str = "أعلن الرئيس 😀 المصريُّ أمس أن القاهرة ترفض الاتهامات،\r\nوقالت باكو إن باكو لا تقبل ذلك.";

fn key() -> LayerKey {
    LayerKey { document: "d".into(), annotator: "سارة".into() }
}

fn document() -> Document {
    Document::new("d".into(), "عنوان", TEXT)
}

/// What both stores come to; read in parts, however small, it is the same.
fn recover(document: &Document, key: &LayerKey, local: Vec<(Key, String)>, durable: Vec<(Key, String)>) -> Recovered {
    let mut recovering = Recovering::new(document, key, local.clone(), durable.clone());
    while !recovering.step(1) {}
    let at_once = wusum::persist::recover(document, key, local, durable);
    assert_eq!(recovering.finish(), at_once);
    at_once
}

fn session() -> Session {
    let mut project = Project::new("p");
    project.documents.insert("d".into(), document().into());
    Session::open(project, key(), History::default(), 0).expect("the document is there")
}

fn span(start: u32, end: u32) -> Option<Span> {
    Span::try_new(Offset::new(start), Offset::new(end))
}

/// A layer's life: each state it was in (by revision) and each journal record (from 1).
struct Life {
    layers: Vec<Layer>,
    histories: Vec<History>,
    entries: Vec<String>,
}

#[derive(Clone, Debug)]
enum Act {
    Label(u32, u32, usize),
    Note(Index, String),
    Attribute(Index),
    Delete(Index),
    Relate(Index, Index),
    Status(usize),
    Undo,
    Redo,
}

fn act() -> impl Strategy<Value = Act> {
    let end = TEXT.chars().count() as u32;
    prop_oneof![
        6 => (0..end, 1u32..12, 0usize..3).prop_map(|(start, length, label)| Act::Label(start, start + length, label)),
        1 => (any::<Index>(), ".{0,6}").prop_map(|(at, note)| Act::Note(at, note)),
        1 => any::<Index>().prop_map(Act::Attribute),
        1 => any::<Index>().prop_map(Act::Delete),
        1 => (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Act::Relate(from, to)),
        1 => (0usize..4).prop_map(Act::Status),
        3 => Just(Act::Undo),
        2 => Just(Act::Redo),
    ]
}

fn live(acts: &[Act]) -> Life {
    live_as(acts, acts.len().is_multiple_of(2))
}

fn live_as(acts: &[Act], talkative: bool) -> Life {
    let mut session = session();
    let mut life = Life { layers: vec![session.layer().clone()], histories: vec![History::default()], entries: Vec::new() };
    for (number, act) in acts.iter().enumerate() {
        let pick = |at: &Index| (!session.layer().is_empty()).then(|| at.get(&session.layer().iter().collect::<Vec<_>>()).id.clone());
        let outcome = match act {
            Act::Label(start, end, label) => {
                let Some(span) = span(*start, *end) else { continue };
                let label = ["Actor", "Location", "Claim"][*label].into();
                session.run(Command::Label { id: format!("s{number}").into(), extent: Extent::from(span), label })
            }
            Act::Note(at, note) => {
                let Some(id) = pick(at) else { continue };
                session.run(Command::SetNote(id, Some(note.clone())))
            }
            Act::Attribute(at) => {
                let Some(id) = pick(at) else { continue };
                session.run(Command::SetAttribute(id, "kind".to_owned(), Some("denial".into())))
            }
            Act::Delete(at) => {
                let Some(id) = pick(at) else { continue };
                session.run(Command::Delete(vec![id]))
            }
            Act::Relate(from, to) => {
                let (Some(from), Some(to)) = (pick(from), pick(to)) else { continue };
                let relation = Relation { id: format!("r{number}").into(), kind: "source".into(), from, to, attributes: BTreeMap::new(), note: None };
                let edit = Edit { changes: vec![Change::Relation(key(), Delta::made(relation.into()))] };
                session.follow(Step::Do(edit.into()))
            }
            Act::Status(status) => session.run(Command::SetStatus(Status::ALL[*status])),
            Act::Undo => session.undo(),
            Act::Redo => session.redo(),
        };
        let Ok(outcome) = outcome else { continue };
        let text = &session.document().expect("it is there").text;
        let at = 1_000 + outcome.revision;
        // Journals of both kinds are read: those that say what an undo did, and those that do not.
        let entry = if talkative { encode_outcome(text, at, &outcome) } else { encode_entry(text, outcome.revision, at, &outcome.step) };
        let entry = entry.expect("steps on one layer");
        let made = (talkative || matches!(outcome.step, Step::Do(_))).then(|| outcome.edit.clone());
        let mut writing = WritingEntry::new(outcome.revision, at, &outcome.step, made);
        while !writing.step(text, 1).expect("steps on one layer") {}
        assert_eq!(writing.finish(), entry, "written in parts");
        life.entries.push(entry);
        life.layers.push(session.layer().clone());
        life.histories.push(session.history().clone());
    }
    life
}

impl Life {
    fn head(&self) -> usize {
        self.entries.len()
    }

    fn entry(&self, n: usize) -> (Key, String) {
        (Key::Journal(key(), n as u64), self.entries[n - 1].clone())
    }

    fn entries(&self, range: std::ops::RangeInclusive<usize>) -> Vec<(Key, String)> {
        range.map(|n| self.entry(n)).collect()
    }

    fn snapshot(&self, revision: usize) -> (Key, String) {
        let at = 1_000 + revision as u64;
        let (text, layer) = (document().text, &self.layers[revision]);
        let mut writing = WritingSnapshot::new(revision as u64, at, layer);
        while !writing.step(&text, 1) {}
        let raw = encode_snapshot(&text, revision as u64, at, layer);
        assert_eq!(writing.finish(&text), raw, "written in parts");
        (Key::Snapshot(key()), raw)
    }
}

fn apply_writes(records: &[(Key, String)], writes: &[Write]) -> Vec<(Key, String)> {
    let mut records: BTreeMap<Key, String> = records.iter().cloned().collect();
    for write in writes {
        match write {
            Write::Set(key, value) => records.insert(key.clone(), value.clone()),
            Write::Remove(key) => records.remove(key),
        };
    }
    records.into_iter().collect()
}

fn check_healed(recovered: &Recovered, local: &[(Key, String)], durable: &[(Key, String)]) -> Result<(), TestCaseError> {
    let local = apply_writes(local, &recovered.to_local);
    let durable = apply_writes(durable, &recovered.to_durable);
    // Whatever was set aside is still somewhere in the store it came from.
    for aside in &recovered.set_aside {
        let store = if aside.store == Source::Local { &local } else { &durable };
        prop_assert!(store.iter().any(|(_, raw)| *raw == aside.raw), "{aside:?} is gone");
    }
    let again = recover(&document(), &key(), local.clone(), durable.clone());
    prop_assert_eq!(&again.layer, &recovered.layer);
    prop_assert_eq!(again.revision, recovered.revision);
    prop_assert_eq!(&again.history, &recovered.history);
    prop_assert_eq!((&again.to_local, &again.to_durable), (&vec![], &vec![]), "a healed store needs nothing more");
    prop_assert!(again.set_aside.is_empty());
    // Either store alone has the layer now.
    for (mine, other) in [(local, vec![]), (vec![], durable)] {
        let alone = recover(&document(), &key(), mine, other);
        prop_assert_eq!(&alone.layer, &recovered.layer);
        prop_assert_eq!(alone.revision, recovered.revision);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_journal_alone_gives_layer_and_history(acts in prop::collection::vec(act(), 0..40)) {
        let life = live(&acts);
        let durable = life.entries(1..=life.head());
        let recovered = recover(&document(), &key(), vec![], durable.clone());
        prop_assert_eq!(&recovered.layer, &life.layers[life.head()]);
        prop_assert_eq!(&recovered.history, &life.histories[life.head()]);
        prop_assert_eq!(recovered.revision, life.head() as u64);
        prop_assert!(recovered.set_aside.is_empty() && recovered.moved.is_empty());
        check_healed(&recovered, &[], &durable)?;
    }

    #[test]
    fn whichever_store_is_ahead_nothing_is_lost(acts in prop::collection::vec(act(), 1..40), places in prop::array::uniform4(any::<Index>())) {
        let life = live(&acts);
        let head = life.head();
        // The durable store has everything up to some step, and an older snapshot; the local one a snapshot and the steps after it.
        let at = |place: &Index, most: usize| place.index(most + 1);
        let durable_head = at(&places[0], head);
        let local_snapshot = at(&places[1], durable_head);
        let local_head = local_snapshot + at(&places[2], head - local_snapshot);
        let mut durable = life.entries(1..=durable_head);
        if durable_head > 0 {
            durable.push(life.snapshot(at(&places[3], durable_head)));
        }
        let mut local = life.entries(local_snapshot + 1..=local_head);
        if local_snapshot > 0 {
            local.push(life.snapshot(local_snapshot));
        }
        let expected = durable_head.max(local_head);
        let recovered = recover(&document(), &key(), local.clone(), durable.clone());
        prop_assert_eq!(recovered.revision, expected as u64);
        prop_assert_eq!(&recovered.layer, &life.layers[expected]);
        prop_assert_eq!(&recovered.history, &life.histories[expected]);
        prop_assert!(recovered.set_aside.is_empty());
        prop_assert_eq!(recovered.durable, durable_head as u64);
        check_healed(&recovered, &local, &durable)?;
    }

    #[test]
    fn the_local_store_alone_has_its_layer_also_when_an_undo_is_of_a_folded_step(acts in prop::collection::vec(act(), 1..40), place in any::<Index>()) {
        let life = live_as(&acts, true);
        let folded = place.index(life.head() + 1);
        let mut local = life.entries(folded + 1..=life.head());
        local.push(life.snapshot(folded));
        let recovered = recover(&document(), &key(), local, vec![]);
        prop_assert_eq!((recovered.revision, &recovered.layer), (life.head() as u64, &life.layers[life.head()]));
        prop_assert!(recovered.set_aside.is_empty());
        // What can be undone and redone is the upper end of what could be.
        let mut project = session().project().clone();
        project.layers.insert(key(), recovered.layer.clone());
        let full = Session::open(project.clone(), key(), life.histories[life.head()].clone(), recovered.revision);
        let part = Session::open(project, key(), recovered.history.clone(), recovered.revision);
        let (Some(mut full), Some(mut part)) = (full, part) else { return Err(TestCaseError::fail("the document is there")) };
        let (undo, redo) = recovered.history.depth();
        for _ in 0..undo {
            prop_assert_eq!(full.undo().map(|outcome| outcome.edit), part.undo().map(|outcome| outcome.edit));
        }
        for _ in 0..undo + redo {
            prop_assert_eq!(full.redo().map(|outcome| outcome.edit), part.redo().map(|outcome| outcome.edit));
        }
        prop_assert_eq!(part.layer(), full.layer());
    }

    #[test]
    fn one_damaged_record_in_one_store_costs_nothing(acts in prop::collection::vec(act(), 1..30), wound in any::<Index>(), cut in any::<Index>()) {
        let life = live(&acts);
        prop_assume!(life.head() > 0);
        let whole = life.entries(1..=life.head());
        let local = vec![life.snapshot(life.head())];
        let mut durable = whole.clone();
        let wounded = wound.index(durable.len());
        let raw = &mut durable[wounded].1;
        let keep = (0..raw.len()).filter(|at| raw.is_char_boundary(*at)).collect::<Vec<_>>();
        raw.truncate(*cut.get(&keep));
        let recovered = recover(&document(), &key(), local.clone(), durable.clone());
        prop_assert_eq!(&recovered.layer, &life.layers[life.head()]);
        prop_assert_eq!(recovered.revision, life.head() as u64);
        prop_assert_eq!(recovered.set_aside.len(), 1);
        let unreadable = matches!(recovered.set_aside[0].why, Why::Unreadable { .. });
        prop_assert!(unreadable);
        check_healed(&recovered, &local, &durable)?;
        // With the steps in both, the history is whole again too.
        let recovered = recover(&document(), &key(), whole, durable);
        prop_assert_eq!(&recovered.history, &life.histories[life.head()]);
    }

    #[test]
    fn any_records_at_all_are_read_without_a_panic_and_none_is_lost(
        acts in prop::collection::vec(act(), 0..12),
        picks in prop::collection::vec((any::<Index>(), any::<bool>(), any::<bool>(), any::<Index>()), 0..20),
    ) {
        let life = live(&acts);
        let mut pool: Vec<(Key, String)> = life.entries(1..=life.head());
        pool.extend((0..=life.head()).map(|revision| life.snapshot(revision)));
        pool.push((Key::Journal(key(), 3), r#"{"v":1,"n":3,"at":1,"undo":true}"#.to_owned()));
        pool.push((Key::Journal(key(), 2), r#"{"v":1,"n":2,"at":1,"do":[{"status":["done","new"]}]}"#.to_owned()));
        let (mut local, mut durable) = (BTreeMap::new(), BTreeMap::new());
        for (pick, in_local, damage, cut) in picks {
            let (key, mut raw) = pick.get(&pool).clone();
            if damage {
                raw = raw.chars().take(cut.index(raw.chars().count())).collect();
            }
            if in_local { local.insert(key, raw) } else { durable.insert(key, raw) };
        }
        let (local, durable): (Vec<_>, Vec<_>) = (local.into_iter().collect(), durable.into_iter().collect());
        let recovered = recover(&document(), &key(), local.clone(), durable.clone());
        check_healed(&recovered, &local, &durable)?;
        // The next step's number is free in both stores.
        for (records, writes) in [(&local, &recovered.to_local), (&durable, &recovered.to_durable)] {
            let next = apply_writes(records, writes).into_iter().filter_map(|(key, _)| match key { Key::Journal(_, n) => Some(n), _ => None }).max();
            prop_assert!(next.unwrap_or(0) <= recovered.revision);
        }
    }
}

fn three_labels() -> Life {
    let place = |words: &str| {
        let start = TEXT.find(words).map_or(0, |byte| TEXT[..byte].chars().count() as u32);
        (start, start + words.chars().count() as u32)
    };
    let label = |words: &str, label: usize| Act::Label(place(words).0, place(words).1, label);
    let acts = [label("الرئيس", 0), label("القاهرة", 1), label("الاتهامات", 0), Act::Undo, label("باكو", 0)];
    let life = live(&acts);
    assert_eq!(life.head(), 5);
    life
}

/// A step in the journal that does not lead to the snapshot after it: the snapshot is believed, and copied as such.
#[test]
fn a_snapshot_is_believed_before_the_steps_that_led_to_it() {
    let life = three_labels();
    let bogus = (Key::Journal(key(), 2), r#"{"v":1,"n":2,"at":1,"do":[{"status":["done","new"]}]}"#.to_owned());
    let durable = vec![life.entry(1), bogus, life.snapshot(2)];
    let recovered = recover(&document(), &key(), vec![], durable.clone());
    assert_eq!((recovered.revision, &recovered.layer), (2, &life.layers[2]));
    check_healed(&recovered, &[], &durable).expect("healed at once");
}

#[test]
fn of_two_pasts_the_longer_wins_and_the_other_is_set_aside() {
    let life = three_labels();
    let durable = life.entries(1..=5);
    let other = r#"{"v":1,"n":3,"at":9,"do":[{"status":["in-progress","done"]}]}"#;
    let mut local = life.entries(1..=2);
    local.push((Key::Journal(key(), 3), other.to_owned()));
    let recovered = recover(&document(), &key(), local, durable);
    assert_eq!((recovered.revision, &recovered.layer), (5, &life.layers[5]));
    let aside: Vec<_> = recovered.set_aside.iter().map(|aside| (aside.store, aside.raw.as_str(), aside.why.clone())).collect();
    assert_eq!(aside, [(Source::Local, other, Why::Conflict)]);
    // The other way round: the local store has the longer past.
    let durable: Vec<_> = life.entries(1..=2).into_iter().chain([(Key::Journal(key(), 3), other.to_owned())]).collect();
    let recovered = recover(&document(), &key(), life.entries(1..=5), durable);
    assert_eq!((recovered.revision, &recovered.layer), (5, &life.layers[5]));
    assert_eq!(recovered.set_aside[0].store, Source::Durable);
    let kept = recovered.to_durable.iter().position(|write| matches!(write, Write::Set(Key::Aside(..), raw) if raw == other));
    let set = recovered.to_durable.iter().rposition(|write| matches!(write, Write::Set(Key::Journal(_, 3), _)));
    assert!(kept.is_some() && kept < set, "kept before its place is taken");
}

#[test]
fn a_gap_shortens_the_history_not_the_layer() {
    let life = three_labels();
    let mut durable = life.entries(1..=5);
    durable.remove(1);
    let recovered = recover(&document(), &key(), vec![life.snapshot(4)], durable);
    assert_eq!((recovered.revision, &recovered.layer), (5, &life.layers[5]));
    // Steps 3 to 5 are known: label, undo, label.
    assert_eq!(recovered.history.depth(), (1, 0));
    assert!(recovered.set_aside.is_empty());
}

#[test]
fn steps_after_a_gap_are_set_aside() {
    let life = three_labels();
    let mut durable = life.entries(1..=5);
    durable.remove(2);
    let recovered = recover(&document(), &key(), vec![], durable);
    assert_eq!((recovered.revision, &recovered.layer), (2, &life.layers[2]));
    assert_eq!(recovered.set_aside.iter().map(|aside| aside.why.clone()).collect::<Vec<_>>(), [Why::Gap, Why::Gap]);
}

#[test]
fn a_newer_record_blocks_the_layer_and_nothing_is_written() {
    let life = three_labels();
    let mut durable = life.entries(1..=5);
    durable[3].1 = r#"{"v":2,"n":4,"what":"ever"}"#.to_owned();
    let recovered = recover(&document(), &key(), vec![life.snapshot(2)], durable);
    assert_eq!(recovered.blocked, Some(2));
    assert!(recovered.layer.is_empty() && recovered.to_local.is_empty() && recovered.to_durable.is_empty());
    assert_eq!(recovered.set_aside.len(), 6);
}

#[test]
fn a_changed_text_moves_labels_and_sets_aside_those_whose_words_are_gone() {
    let life = three_labels();
    let changed = Document::new("d".into(), "عنوان", format!("عاجل: {}", TEXT.replace("القاهرة", "بغداد")));
    let recovered = recover(&changed, &key(), vec![], life.entries(1..=5));
    let quotes: Vec<_> = recovered.layer.iter().filter_map(|annotation| annotation.extent.quote(&changed.text)).collect();
    assert_eq!(quotes, ["الرئيس", "باكو"]);
    assert_eq!(recovered.revision, 5);
    assert!(recovered.moved.iter().any(|moved| moved.id() == "span-moved"));
    assert!(matches!(&recovered.set_aside[..], [aside] if matches!(aside.why, Why::QuoteMismatch { .. })));
}

#[test]
fn early_records_without_version_status_and_quotes_are_read() {
    let entry = r#"{"n":2,"at":5,"do":[{"span":[null,{"id":"s2","start":32,"end":39,"label":"Location"}]}]}"#;
    let snapshot = r#"{"revision":1,"at":4,"spans":[{"id":"s1","start":5,"end":11,"label":"Actor"}]}"#;
    let local = vec![(Key::Snapshot(key()), snapshot.to_owned()), (Key::Journal(key(), 2), entry.to_owned())];
    let recovered = recover(&document(), &key(), local, vec![]);
    assert_eq!(recovered.layer.iter().map(|annotation| annotation.id.as_str()).collect::<Vec<_>>(), ["s1", "s2"]);
    assert_eq!((recovered.revision, recovered.layer.status()), (2, Status::InProgress));
}

/// The page's way of saving, with a small local store: at every moment both stores together have all that was acknowledged.
#[test]
fn a_full_local_store_loses_nothing_that_the_other_lacks() {
    let life = live(&(0..30).map(|at| Act::Label(at, at + 5, 0)).collect::<Vec<_>>());
    assert!(life.head() > 10);
    let keys = Keyspace::new("p");
    let mut local = Local::new(MemoryStore::with_quota(2_500), keys.clone());
    let mut durable: Vec<(Key, String)> = Vec::new();
    for n in 1..=life.head() {
        let (step, raw) = life.entry(n);
        let stored = local.append(&key(), n as u64, &raw);
        assert!(stored.is_ok(), "step {n}: {stored:?}");
        // The other store is one step behind.
        if n > 1 {
            durable.push(life.entry(n - 1));
            local.acknowledge(&key(), n as u64 - 1);
        }
        let recovered = recover(&document(), &key(), local.load(&key()).expect("memory"), durable.clone());
        assert_eq!((recovered.revision, &recovered.layer), (n as u64, &life.layers[n]));
        assert!(local.store().get(&keys.write(&step)).expect("memory").is_some());
    }
}

/// Ten times the labels must not cost a hundred times the work: growth is seen by the size of what is written, not by a clock.
#[test]
fn a_step_is_as_small_in_a_large_layer_as_in_a_small_one() {
    let life = live(&(0..60).map(|at| Act::Label(at % 70, at % 70 + 3, at as usize % 3)).collect::<Vec<_>>());
    let longest = life.entries.iter().skip(1).map(String::len).max().unwrap_or(0);
    assert!(longest < 250, "{longest} bytes");
}
