//! Laws of a session on damaged Arabic: whatever is asked of it, in whatever order.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::Index;
use wusum::annotation::{Annotation, Relation};
use wusum::edit::{Edit, apply};
use wusum::history::{History, Step};
use wusum::id::AnnotationId;
use wusum::layer::{Layer, Status};
use wusum::plan::{Command, Refusal};
use wusum::project::Project;
use wusum::schema::Schema;
use wusum::session::Session;
use wusum::span::{Extent, Span};
use wusum::text::{Offset, Text};

use super::index::check_against_a_scan;
use super::tagged::{key, session, session_of};

const ARTICLE: &str = include_str!("../../data/article.txt");

/// What damages a text: harakat, tatweel, joiners, emoji, flags, Latin, digits, line ends, invisible marks, punctuation.
#[rustfmt::skip]
const DAMAGE: &[&str] = &[
    "\u{64E}", "\u{651}\u{64F}", "\u{670}", "\u{640}", "\u{200C}", "\u{200D}", "\u{200F}", "\u{2067}", "\u{FEFF}", "\u{AD}", "\u{A0}",
    "\r\n", "\r", "\n", " ", "  ", "👩\u{200D}👩\u{200D}👧", "👍🏽", "🇪🇬", "🇪", "e\u{301}", "BBC", "٢٠٢٠", "3.14", "،", "«", "»", "\"", "(", ")", ".",
    " \u{200C}", "\u{600}", "\u{600} ", "(\u{651}", "»\u{200D}", "ﷲ",
];

/// Kinds of relation: from a claim to an actor, between any two, and one that the schema does not know.
const KINDS: [&str; 3] = ["source", "about", "kin"];

/// The default schema with a kind of relation more, of which a label has two at most.
pub fn schema() -> Schema {
    let mut schema = Schema::default();
    let about = r#"{"id": "about", "names": {"ar": "عن", "en": "About"}, "from": [], "to": [], "most": 2}"#;
    schema.relations.push(serde_json::from_str(about).expect("a kind of relation"));
    schema.labels[2].attributes[0].default = Some("assertion".into());
    schema
}

pub fn text() -> impl Strategy<Value = String> {
    let sentences: Vec<&str> = ARTICLE.split_inclusive(['.', '،', '\n']).collect();
    let pieces = prop::collection::vec(prop::sample::select(sentences), 1..4);
    let wounds = prop::collection::vec((any::<Index>(), prop::sample::select(DAMAGE)), 0..40);
    (pieces, wounds).prop_map(|(pieces, wounds)| {
        let mut characters: Vec<char> = pieces.concat().chars().collect();
        for (place, damage) in wounds {
            let at = place.index(characters.len() + 1);
            characters.splice(at..at, damage.chars());
        }
        characters.into_iter().collect()
    })
}

/// Where something is wanted: a stretch of the text, anywhere, on whole characters or on whole words; or where a label is.
#[derive(Clone, Debug)]
pub struct Wanted {
    from: Index,
    length: u32,
    snap: u8,
    like: Option<Index>,
}

fn wanted() -> impl Strategy<Value = Wanted> {
    (any::<Index>(), 1_u32..30, 0_u8..5, prop::option::weighted(0.2, any::<Index>())).prop_map(|(from, length, snap, like)| Wanted {
        from,
        length,
        snap,
        like,
    })
}

#[derive(Clone, Debug)]
pub enum Act {
    Label(Vec<Wanted>, usize),
    All(Vec<Wanted>, usize),
    Extent(Index, Vec<Wanted>),
    Relabel(Index, usize),
    Note(Index, Option<&'static str>),
    Attribute(Index, Option<&'static str>),
    Split(Index, u32, bool),
    Merge(Index, Index),
    Trim(Vec<Index>),
    Delete(Vec<Index>),
    Status(usize),
    /// Replaces the layer by one with a tie more, between any two.
    Tie(Index, Index),
    /// Replaces the layer by one of which something is gone, moved or doubled.
    Import(Index, Wanted, u8),
    AddPiece(Index, Wanted),
    RemovePiece(Index, Wanted),
    Unsure(Index, bool),
    Relate(Index, Index, usize),
    Lead(Index, Index, Index),
    Kind(Index, usize),
    Say(Index, Option<&'static str>),
    Unrelate(Vec<Index>),
    Undo,
    Redo,
}

pub fn act() -> impl Strategy<Value = Act> {
    let places = || prop::collection::vec(wanted(), 1..3);
    let some = || prop::collection::vec(any::<Index>(), 0..4);
    prop_oneof![
        8 => (places(), 0_usize..4).prop_map(|(places, label)| Act::Label(places, label)),
        1 => (prop::collection::vec(wanted(), 0..6), 0_usize..3).prop_map(|(places, label)| Act::All(places, label)),
        2 => (any::<Index>(), places()).prop_map(|(of, places)| Act::Extent(of, places)),
        2 => (any::<Index>(), 0_usize..4).prop_map(|(of, label)| Act::Relabel(of, label)),
        1 => (any::<Index>(), prop::option::of(prop::sample::select(vec!["نعم", "", " ", "لا"]))).prop_map(|(of, note)| Act::Note(of, note)),
        1 => (any::<Index>(), prop::option::of(prop::sample::select(vec!["denial", "demand"]))).prop_map(|(of, value)| Act::Attribute(of, value)),
        3 => (any::<Index>(), 0_u32..20, any::<bool>()).prop_map(|(of, at, fresh)| Act::Split(of, at, fresh)),
        3 => (any::<Index>(), any::<Index>()).prop_map(|(keep, absorb)| Act::Merge(keep, absorb)),
        3 => some().prop_map(Act::Trim),
        1 => some().prop_map(Act::Delete),
        1 => (0_usize..4).prop_map(Act::Status),
        3 => (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Act::Tie(from, to)),
        1 => (any::<Index>(), wanted(), 0_u8..4).prop_map(|(of, wanted, how)| Act::Import(of, wanted, how)),
        3 => (any::<Index>(), wanted()).prop_map(|(of, wanted)| Act::AddPiece(of, wanted)),
        3 => (any::<Index>(), wanted()).prop_map(|(of, wanted)| Act::RemovePiece(of, wanted)),
        1 => (any::<Index>(), any::<bool>()).prop_map(|(of, unsure)| Act::Unsure(of, unsure)),
        5 => (any::<Index>(), any::<Index>(), 0_usize..3).prop_map(|(from, to, kind)| Act::Relate(from, to, kind)),
        2 => (any::<Index>(), any::<Index>(), any::<Index>()).prop_map(|(of, from, to)| Act::Lead(of, from, to)),
        1 => (any::<Index>(), 0_usize..3).prop_map(|(of, kind)| Act::Kind(of, kind)),
        1 => (any::<Index>(), prop::option::of(prop::sample::select(vec!["نعم", " "]))).prop_map(|(of, note)| Act::Say(of, note)),
        1 => some().prop_map(Act::Unrelate),
        4 => Just(Act::Undo),
        3 => Just(Act::Redo),
    ]
}

fn extent(session: &Session, places: &[Wanted]) -> Option<Extent> {
    let text = &session.document()?.text;
    let layer = session.layer();
    let spans = places.iter().filter_map(|wanted| {
        if let Some(like) = wanted.like.filter(|_| !layer.is_empty()) {
            return Some(layer.nth(like.index(layer.len()))?.extent.hull());
        }
        // Now and then past the end.
        let start = Offset::new(wanted.from.index(text.len().index() + 2) as u32);
        let range = start..start.plus(wanted.length);
        Span::from_range(match wanted.snap {
            0 => range,
            1 | 2 => text.snap_to_graphemes(range),
            _ => text.snap_to_words(range),
        })
    });
    Extent::union(spans)
}

/// The command that an act asks for; `None` for undo and redo, and where there is nothing to do it to.
fn command(session: &Session, act: &Act, number: usize) -> Option<Command> {
    let layer = session.layer();
    let pick = |at: &Index| Some(layer.nth(at.index(layer.len().max(1)))?.clone());
    let id = |at: &Index| Some(pick(at)?.id.clone());
    let ties: Vec<_> = layer.relations().map(|relation| relation.id.clone()).collect();
    let tie = |at: &Index| (!ties.is_empty()).then(|| at.get(&ties).clone());
    let label = |label: usize| ["Actor", "Location", "Claim", "Weather"][label].into();
    let records = || -> (Vec<Annotation>, Vec<Relation>) {
        (
            layer.iter().map(|annotation| Annotation::clone(annotation)).collect(),
            layer.relations().map(|relation| Relation::clone(relation)).collect(),
        )
    };
    Some(match act {
        Act::Label(places, kind) => Command::Label { id: format!("s{number}").into(), extent: extent(session, places)?, label: label(*kind) },
        Act::All(places, kind) => {
            let places = places
                .iter()
                .enumerate()
                .filter_map(|(at, wanted)| Some((format!("s{number}-{at}").into(), extent(session, std::slice::from_ref(wanted))?)));
            Command::LabelAll { places: places.collect(), label: label(*kind) }
        }
        Act::Extent(of, places) => Command::SetExtent(id(of)?, extent(session, places)?),
        Act::Relabel(of, kind) => Command::SetLabel(id(of)?, label(*kind)),
        Act::Note(of, note) => Command::SetNote(id(of)?, note.map(str::to_owned)),
        Act::Attribute(of, value) => Command::SetAttribute(id(of)?, "kind".to_owned(), value.map(Into::into)),
        Act::Split(of, at, fresh) => {
            let of = pick(of)?;
            let second = if *fresh { format!("s{number}").into() } else { layer.nth(0)?.id.clone() };
            Command::Split { id: of.id.clone(), at: of.extent.hull().start().plus(*at), second }
        }
        Act::Merge(keep, absorb) => {
            // Most often with one of the same label, for others are refused.
            let keep = pick(keep)?;
            let like: Vec<_> = layer.iter().filter(|annotation| annotation.label == keep.label).collect();
            Command::Merge { keep: keep.id.clone(), absorb: absorb.get(&like).id.clone() }
        }
        Act::Trim(of) => Command::Trim(of.iter().filter_map(id).collect()),
        Act::Delete(of) => Command::Delete(of.iter().filter_map(id).collect()),
        Act::Status(status) => Command::SetStatus(Status::ALL[*status]),
        Act::Tie(from, to) => {
            let (annotations, mut relations) = records();
            relations.push(Relation {
                id: format!("r{number}").into(),
                kind: "source".into(),
                from: id(from)?,
                to: id(to)?,
                attributes: BTreeMap::new(),
                note: None,
            });
            Command::Replace(Box::new(Layer::from_records(layer.status(), annotations, relations)))
        }
        Act::Import(of, wanted, how) => {
            let (mut annotations, relations) = records();
            let at = of.index(annotations.len().max(1));
            let place = extent(session, std::slice::from_ref(wanted))?;
            match how {
                0 => drop((at < annotations.len()).then(|| annotations.swap_remove(at))),
                1 => annotations.get_mut(at)?.extent = place,
                2 => annotations.push(Annotation::new(format!("s{number}").into(), place, label(3))),
                _ => {
                    let twin = Annotation { id: format!("s{number}").into(), ..annotations.get(at)?.clone() };
                    annotations.push(twin);
                }
            }
            Command::Replace(Box::new(Layer::from_records(Status::Done, annotations, relations)))
        }
        // Where the label lies and around it, for a place anywhere is seldom on it.
        Act::AddPiece(of, wanted) => Command::AddPiece(id(of)?, extent(session, std::slice::from_ref(wanted))?.hull()),
        Act::RemovePiece(of, wanted) => {
            let hull = pick(of)?.extent.hull();
            let start = hull.start().plus(wanted.from.index(hull.len() as usize) as u32);
            Command::RemovePiece(id(of)?, Span::try_new(start, start.plus(wanted.length))?)
        }
        Act::Unsure(of, unsure) => Command::SetUnsure(id(of)?, *unsure),
        Act::Relate(from, to, kind) => Command::Relate { id: format!("r{number}").into(), kind: KINDS[*kind].into(), from: id(from)?, to: id(to)? },
        Act::Lead(of, from, to) => Command::SetRelationEnds(tie(of)?, id(from)?, id(to)?),
        Act::Kind(of, kind) => Command::SetRelationKind(tie(of)?, KINDS[*kind].into()),
        Act::Say(of, note) => Command::SetRelationNote(tie(of)?, note.map(str::to_owned)),
        Act::Unrelate(of) => Command::Unrelate(of.iter().filter_map(tie).collect()),
        Act::Undo | Act::Redo => return None,
    })
}

/// Goes on with the acts, whatever becomes of them.
pub fn resume(mut session: Session, acts: &[Act]) -> Session {
    for (number, act) in acts.iter().enumerate() {
        // Names that the acts before did not give.
        let command = command(&session, act, number + 1_000);
        // What is refused changes nothing.
        let _ = match (act, command) {
            (Act::Undo, _) => session.undo(),
            (Act::Redo, _) => session.redo(),
            (_, Some(command)) => session.run(command),
            (_, None) => Err(Refusal::NothingThere),
        };
    }
    session
}

/// What holds of every layer, after every command; a layer that came from elsewhere may have labels that nobody could make here.
fn check_invariants(text: &Text, layer: &Layer, is_own: bool) {
    let mut places = BTreeSet::new();
    for annotation in layer.iter() {
        assert!(annotation.extent.hull().end() <= text.len(), "{annotation:?} is inside the text");
        for piece in annotation.extent.pieces().iter().filter(|_| is_own) {
            assert!(text.is_grapheme_boundary(piece.start()) && text.is_grapheme_boundary(piece.end()), "{annotation:?} cuts no character");
            let quote = text.slice(piece.range()).expect("it is inside the text");
            assert!(quote.chars().any(|character| !character.is_whitespace()), "{annotation:?} can be seen");
        }
        let pieces: Vec<_> = annotation.extent.pieces().iter().map(|piece| (piece.start(), piece.end())).collect();
        assert!(places.insert((annotation.label.clone(), pieces)) || !is_own, "{annotation:?} is there once");
        assert!(annotation.note.as_ref().is_none_or(|note| !note.trim().is_empty()), "{annotation:?} has no empty note");
    }
    for relation in layer.relations() {
        assert!(layer.get(&relation.from).is_some() && layer.get(&relation.to).is_some(), "{relation:?} has both ends");
    }
}

/// A session's life told twice: by the session, and by a row of whole layers with a place in it.
pub struct Life {
    pub session: Session,
    row: Vec<Layer>,
    place: usize,
    /// The layer before the first step; each edit as it was made.
    start: Project,
    edits: Vec<Edit>,
}

/// Lives through the acts, with every law that holds of one step.
pub fn live(source: &str, acts: &[Act]) -> Life {
    let session = session_of(schema(), source, Layer::default());
    let text = session.document().expect("it is there").text.clone();
    let start = session.project().clone();
    let mut life = Life { row: vec![session.layer().clone()], place: 0, start, edits: Vec::new(), session };
    for (number, act) in acts.iter().enumerate() {
        let before = life.session.clone();
        let result = match (act, command(&life.session, act, number)) {
            (Act::Undo, _) => life.session.undo(),
            (Act::Redo, _) => life.session.redo(),
            (_, Some(command)) => life.session.run(command),
            (_, None) => continue,
        };
        let session = &life.session;
        let Ok(outcome) = result else {
            let Err(why) = result else { continue };
            assert!(!matches!(why, Refusal::Conflict(_)), "a plan fits the layer it was made for: {act:?}");
            assert_eq!(session.project(), before.project(), "a refusal changes nothing: {why:?}");
            assert_eq!((session.history(), session.revision()), (before.history(), before.revision()));
            continue;
        };
        assert_eq!(outcome.revision, before.revision() + 1);
        match outcome.step {
            Step::Undo => life.place -= 1,
            Step::Redo => life.place += 1,
            Step::Do(_) => {
                assert_ne!(session.layer(), before.layer(), "what changes nothing is refused: {act:?}");
                life.place += 1;
                life.row.truncate(life.place);
                life.row.push(session.layer().clone());
            }
        }
        assert_eq!(*session.layer(), life.row[life.place], "after {act:?}");
        assert_eq!(session.history().depth(), (life.place, life.row.len() - 1 - life.place));
        let is_own = !acts[..=number].iter().any(|act| matches!(act, Act::Import(..)));
        check_invariants(&text, session.layer(), is_own);

        let mut back = session.project().clone();
        let edit = Edit::clone(&outcome.edit);
        assert_eq!(apply(&mut back, &edit.clone().invert()), Ok(()));
        assert_eq!(&back, before.project(), "the inverse leads back: {act:?}");
        assert_eq!(edit.clone().invert().invert(), edit);
        assert!(edit.clone().then(edit.clone().invert()).is_empty());
        let touched: BTreeSet<AnnotationId> = outcome.touched().cloned().collect();
        let changed = session.layer().iter().filter(|annotation| before.layer().get(&annotation.id) != Some(annotation));
        assert_eq!(touched, changed.map(|annotation| annotation.id.clone()).collect(), "what the outcome says was touched: {act:?}");
        life.edits.push(edit);
    }
    life
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(160))]

    #[test]
    fn whatever_is_done_the_session_tells_what_a_row_of_whole_layers_tells(source in text(), acts in prop::collection::vec(act(), 0..50)) {
        let mut life = live(&source, &acts);
        let windows: Vec<Span> = life.session.layer().iter().map(|annotation| annotation.extent.hull()).collect();
        check_against_a_scan(life.session.layer(), &windows);
        let revision = life.session.revision();
        let steps = life.place;
        while life.session.undo().is_ok() {}
        prop_assert_eq!(life.session.layer(), &life.row[0]);
        prop_assert_eq!(life.session.project(), &life.start);
        prop_assert_eq!(life.session.revision(), revision + steps as u64);
        while life.session.redo().is_ok() {}
        prop_assert_eq!(Some(life.session.layer()), life.row.last());
        check_against_a_scan(life.session.layer(), &windows);
    }

    #[test]
    fn edits_joined_do_what_they_do_one_by_one(source in text(), acts in prop::collection::vec(act(), 2..40), cut in any::<Index>()) {
        let life = live(&source, &acts);
        let cut = cut.index(life.edits.len() + 1);
        let join = |edits: &[Edit]| edits.iter().cloned().fold(Edit::default(), Edit::then);
        let (first, rest) = (join(&life.edits[..cut]), join(&life.edits[cut..]));
        let mut one_by_one = life.start.clone();
        prop_assert_eq!(apply(&mut one_by_one, &first), Ok(()));
        prop_assert_eq!(apply(&mut one_by_one, &rest), Ok(()));
        prop_assert_eq!(&one_by_one, life.session.project());
        let joined = first.then(rest);
        let mut at_once = life.start.clone();
        prop_assert_eq!(apply(&mut at_once, &joined), Ok(()));
        prop_assert_eq!(&at_once, life.session.project());
        let records: Vec<_> = joined.changes.iter().map(|change| change.record()).collect();
        prop_assert_eq!(records.iter().collect::<BTreeSet<_>>().len(), records.len(), "one change a record");
        prop_assert_eq!(apply(&mut at_once, &joined.invert()), Ok(()));
        prop_assert_eq!(&at_once, &life.start);
    }

    /// Another tab that only follows the steps, or a journal that is read back, comes to the same layer and the same past.
    #[test]
    fn who_follows_the_steps_comes_to_the_same(source in text(), acts in prop::collection::vec(act(), 0..30)) {
        let mut writer = session_of(schema(), &source, Layer::default());
        let mut follower = writer.clone();
        follower.set_read_only(true);
        for (number, act) in acts.iter().enumerate() {
            let result = match (act, command(&writer, act, number)) {
                (Act::Undo, _) => writer.undo(),
                (Act::Redo, _) => writer.redo(),
                (_, Some(command)) => writer.run(command),
                (_, None) => continue,
            };
            let Ok(outcome) = result else { continue };
            prop_assert_eq!(follower.follow(outcome.step.clone()), Ok(outcome));
        }
        prop_assert_eq!(follower.project(), writer.project());
        prop_assert_eq!((follower.history(), follower.revision()), (writer.history(), writer.revision()));
        let again = Session::open(writer.project().clone(), key(), writer.history().clone(), writer.revision());
        prop_assert_eq!(again.map(|session| session.history().depth()), Some(writer.history().depth()));
    }
}

#[test]
fn a_session_needs_its_document_and_begins_its_layer() {
    assert!(Session::open(Project::new("p"), key(), History::default(), 0).is_none());
    let opened = session("مصر", Layer::default());
    let mut project = opened.project().clone();
    project.layers = wusum::sorted::Sorted::default();
    let begun = Session::open(project, key(), History::default(), 7).expect("the document is there");
    assert_eq!((begun.layer().is_empty(), begun.layer().status(), begun.revision(), begun.is_read_only()), (true, Status::New, 7, false));
    assert_eq!(begun.project().layers.len(), 1);
}
