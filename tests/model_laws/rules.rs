//! Each rule of `plan`, as a text before and after.

use expect_test::expect;
use serde_json::Value;
use wusum::annotation::Annotation;
use wusum::id::AnnotationId;
use wusum::layer::{Layer, Status};
use wusum::plan::{Command, Refusal};
use wusum::span::{Extent, Span};
use wusum::text::Offset;

use super::tagged::Fact::{self, Attribute, Note, Tie};
use super::tagged::{Tagged, check, check_with, layer, print, refusal, session};

/// `label("n", "Actor")` puts that label on the place `<+>`.
fn label(id: &'static str, label: &'static str) -> impl Fn(&Tagged) -> Command {
    move |tagged| Command::Label { id: id.into(), extent: tagged.place("+"), label: label.into() }
}

fn extent(id: &'static str) -> impl Fn(&Tagged) -> Command {
    move |tagged| Command::SetExtent(id.into(), tagged.place("+"))
}

pub fn split(id: &'static str, second: &'static str) -> impl Fn(&Tagged) -> Command {
    move |tagged| Command::Split { id: id.into(), at: tagged.cut(), second: second.into() }
}

pub fn merge(keep: &'static str, absorb: &'static str) -> impl Fn(&Tagged) -> Command {
    move |_| Command::Merge { keep: keep.into(), absorb: absorb.into() }
}

fn ids(ids: &[&str]) -> Vec<AnnotationId> {
    ids.iter().map(|id| AnnotationId::from(*id)).collect()
}

pub fn trim(of: &'static [&'static str]) -> impl Fn(&Tagged) -> Command {
    move |_| Command::Trim(ids(of))
}

pub fn delete(of: &'static [&'static str]) -> impl Fn(&Tagged) -> Command {
    move |_| Command::Delete(ids(of))
}

fn note(id: &'static str, note: Option<&'static str>) -> impl Fn(&Tagged) -> Command {
    move |_| Command::SetNote(id.into(), note.map(str::to_owned))
}

#[test]
fn a_label_is_put_where_it_is_wanted() {
    check("أعلن <+>الرئيس</+> أمس", label("n", "Actor"), expect!["أعلن <n>الرئيس</n> أمس"]);
    check("أعلن <a>الرئيس <+>المصري</a> أمس</+>", label("n", "Claim"), expect!["أعلن <a>الرئيس <n:Claim>المصري</a> أمس</n>"]);
    check("<+>ب</+>نشر", label("n", "Actor"), expect!["<n>ب</n>نشر"]);
    check("<+>ترفض</+>، كما قال، <+>الاتهام</+>", label("n", "Claim"), expect!["<n:Claim>ترفض</n>، كما قال، <n>الاتهام</n>"]);
}

#[test]
fn one_label_comes_only_once_to_a_place() {
    check("<a><+>مصر</+></a>", label("n", "Actor"), expect![[r#"refused: Duplicate("a")"#]]);
    check("<a><+>مصر</+></a>", label("n", "Location"), expect!["<a><n:Location>مصر</n></a>"]);
    check("<a>مصر <+>ترفض</+></a>", label("n", "Actor"), expect!["<a>مصر <n>ترفض</n></a>"]);
    check("<a>ترفض</a> كل <a>شيء</a>", |_| Command::SetLabel("a".into(), "Actor".into()), expect!["refused: NoChange"]);
    // The hull is the same, the pieces are not.
    check("<a><+>ترفض</a> كل <a>شيء</+></a>", label("n", "Actor"), expect!["<a><n>ترفض</a> كل <a>شيء</n></a>"]);
}

#[test]
fn a_name_is_given_once() {
    check("<a>مصر</a> <+>ترفض</+>", label("a", "Claim"), expect![[r#"refused: IdTaken("a")"#]]);
    check("<a>مصر| ترفض</a> <b>قال</b>", split("a", "b"), expect![[r#"refused: IdTaken("b")"#]]);
    check("<a>مصر| ترفض</a>", split("a", "a"), expect![[r#"refused: IdTaken("a")"#]]);
}

#[test]
fn a_character_is_never_cut() {
    // ر carries a shadda and a damma; the family is three people and two joiners; a line end is two.
    check("المص<+>ر</+>\u{651}\u{64F} أمس", label("n", "Actor"), expect!["refused: CutsCharacter(Offset(5))"]);
    check("المصر<+>\u{651}\u{64F} أمس</+>", label("n", "Actor"), expect!["refused: CutsCharacter(Offset(5))"]);
    check("<+>قال 👩</+>\u{200D}👩\u{200D}👧", label("n", "Actor"), expect!["refused: CutsCharacter(Offset(5))"]);
    check("<+>مصر\r</+>\nقال", label("n", "Actor"), expect!["refused: CutsCharacter(Offset(4))"]);
    check("<+>مصر\r\nقال</+>", label("n", "Actor"), expect!["<n>مصر\r\nقال</n>"]);
    check("🇪<+>🇬🇸</+>🇦", label("n", "Actor"), expect!["refused: CutsCharacter(Offset(1))"]);
    check("<a>المصر\u{651}</a> <+>قال</+>\u{64E}", extent("a"), expect!["refused: CutsCharacter(Offset(10))"]);
}

#[test]
fn what_is_not_seen_is_not_labelled() {
    check("قال<+> \u{A0}\u{200F}</+>مصر", label("n", "Actor"), expect!["refused: Blank"]);
    check("قال<+>\r\n</+>مصر", label("n", "Actor"), expect!["refused: Blank"]);
    // Each piece counts by itself.
    check("<+>قال</+>،<+> </+>مصر", label("n", "Actor"), expect!["refused: Blank"]);
    check("<a>قال</a><+> </+>مصر", extent("a"), expect!["refused: Blank"]);
    check("قال<+> ،</+>مصر", label("n", "Actor"), expect!["قال<n> ،</n>مصر"]);
}

#[test]
fn a_label_stays_inside_its_text() {
    let past = |end: u32| Extent::from(Span::try_new(Offset::new(1), Offset::new(end)).expect("it is not empty"));
    check("مصر", |_| Command::Label { id: "n".into(), extent: past(3), label: "Actor".into() }, expect!["م<n>صر</n>"]);
    check("مصر", |_| Command::Label { id: "n".into(), extent: past(4), label: "Actor".into() }, expect!["refused: OutsideText"]);
    check("<a>مصر</a>", |_| Command::SetExtent("a".into(), past(u32::MAX)), expect!["refused: OutsideText"]);
}

#[test]
fn only_what_is_there_is_changed() {
    check("<+>مصر</+>", label("n", "Weather"), expect![[r#"refused: UnknownLabel("Weather")"#]]);
    check("<a>مصر</a>", |_| Command::SetLabel("a".into(), "Weather".into()), expect![[r#"refused: UnknownLabel("Weather")"#]]);
    let commands: [&dyn Fn(&Tagged) -> Command; 8] = [
        &|_| Command::SetLabel("z".into(), "Actor".into()),
        &extent("z"),
        &note("z", Some("ن")),
        &split("z", "y"),
        &merge("a", "z"),
        &merge("z", "a"),
        &trim(&["a", "z"]),
        &delete(&["a", "z"]),
    ];
    for command in commands {
        check("<a>مص|ر،</a> <+>قال</+>", command, expect![[r#"refused: NoAnnotation("z")"#]]);
    }
    let mut session = session("مصر", Layer::default());
    let mut elsewhere = session.project().clone();
    elsewhere.layers = wusum::sorted::Sorted::default();
    let command = Command::SetStatus(Status::Done);
    assert_eq!(wusum::plan::plan(&elsewhere, session.key(), command.clone()), Err(Refusal::NoLayer));
    session.run(command).expect("here it is");
}

#[test]
fn an_edge_is_moved() {
    check("<a>أعلن الرئيس</a> أمس", |_| Command::SetExtent("a".into(), span(5, 11)), expect!["أعلن <a>الرئيس</a> أمس"]);
    check("<a><+>مصر</+></a>", extent("a"), expect!["refused: NoChange"]);
    check("<a>مصر</a> <b><+>قال</+></b>", extent("a"), expect![[r#"refused: Duplicate("b")"#]]);
}

fn span(start: u32, end: u32) -> Extent {
    Span::try_new(Offset::new(start), Offset::new(end)).expect("it is not empty").into()
}

#[test]
fn another_label_drops_what_it_cannot_say() {
    // `kind` is said of claims only; what no schema knows came with an import, and stays.
    let facts = [Attribute("a", "kind", "denial"), Attribute("a", "colour", "blue"), Note("a", "ملاحظة")];
    let relabel = |label: &'static str| move |_: &Tagged| Command::SetLabel("a".into(), label.into());
    check_with(
        "<a:Claim>ترفض</a>",
        &facts,
        relabel("Actor"),
        expect![[r#"
        <a>ترفض</a>
        a: colour="blue" note="ملاحظة""#]],
    );
    check_with("<a:Claim>ترفض</a>", &facts, relabel("Claim"), expect!["refused: NoChange"]);
    check("<a:Claim><b>ترفض</b></a>", relabel("Actor"), expect![[r#"refused: Duplicate("b")"#]]);
}

#[test]
fn a_note_is_never_empty() {
    check(
        "<a>مصر</a>",
        note("a", Some("نعم")),
        expect![[r#"
        <a>مصر</a>
        a: note="نعم""#]],
    );
    check_with("<a>مصر</a>", &[Note("a", "نعم")], note("a", Some(" \n ")), expect!["<a>مصر</a>"]);
    check_with("<a>مصر</a>", &[Note("a", "نعم")], note("a", None), expect!["<a>مصر</a>"]);
    check("<a>مصر</a>", note("a", Some(" ")), expect!["refused: NoChange"]);
    check_with("<a>مصر</a>", &[Note("a", "نعم")], note("a", Some("نعم")), expect!["refused: NoChange"]);
}

#[test]
fn an_attribute_is_said_and_taken_back() {
    let say = |value: Option<&'static str>| move |_: &Tagged| Command::SetAttribute("a".into(), "kind".to_owned(), value.map(Value::from));
    check(
        "<a:Claim>ترفض</a>",
        say(Some("denial")),
        expect![[r#"
        <a:Claim>ترفض</a>
        a: kind="denial""#]],
    );
    check_with("<a:Claim>ترفض</a>", &[Attribute("a", "kind", "denial")], say(None), expect!["<a:Claim>ترفض</a>"]);
    check_with("<a:Claim>ترفض</a>", &[Attribute("a", "kind", "denial")], say(Some("denial")), expect!["refused: NoChange"]);
    check("<a:Claim>ترفض</a>", say(None), expect!["refused: NoChange"]);
}

#[test]
fn what_is_deleted_takes_its_ties_along() {
    let source = "<a>مصر</a> <c:Claim>ترفض</c> <d:Claim>كل</d>";
    let facts = [Tie("r", "c", "a"), Tie("s", "d", "a"), Tie("t", "c", "d")];
    check_with(
        source,
        &facts,
        delete(&["c"]),
        expect![[r#"
        <a>مصر</a> ترفض <d:Claim>كل</d>
        s: d → a"#]],
    );
    check_with(source, &facts, delete(&["a", "d", "a"]), expect!["مصر <c:Claim>ترفض</c> كل"]);
    check(source, delete(&[]), expect!["refused: NoChange"]);
}

#[test]
fn one_label_on_all_places() {
    let everywhere = |label: &'static str| {
        move |tagged: &Tagged| {
            let places = ["+1", "+2", "+3"].map(|name| (format!("n{name}").replace('+', "").into(), tagged.place(name)));
            Command::LabelAll { places: places.to_vec(), label: label.into() }
        }
    };
    check("<+1>مصر</+1> <a><+2>مصر</+2></a> و<+3>مصر</+3>", everywhere("Actor"), expect!["<n1>مصر</n1> <a>مصر</a> و<n3>مصر</n3>"]);
    check("<+1>مصر</+1> <a><+2>مصر</+2></a> و<+3>مصر</+3>", everywhere("Weather"), expect![[r#"refused: UnknownLabel("Weather")"#]]);
    check("<a><+1>مصر</+1></a> <b><+2>مصر</+2></b> <c><+3>مصر</+3></c>", everywhere("Actor"), expect!["refused: NoChange"]);
    // One place given twice gets one label.
    check("<+1><+2>مصر</+2></+1> <+3>قال</+3>", everywhere("Actor"), expect!["<n1>مصر</n1> <n3>قال</n3>"]);
    // A place that may not be labelled stops all.
    check("<+1>مصر</+1><+2> </+2><+3>قال</+3>", everywhere("Actor"), expect!["refused: Blank"]);
    let twice = |tagged: &Tagged| Command::LabelAll {
        places: vec![("n".into(), tagged.place("+1")), ("n".into(), tagged.place("+2"))],
        label: "Actor".into(),
    };
    check("<+1>مصر</+1> <+2>قال</+2>", twice, expect![[r#"refused: IdTaken("n")"#]]);
}

#[test]
fn work_has_begun_with_the_first_change() {
    check_with("<+>مصر</+>", &[Fact::Status(Status::New)], label("n", "Actor"), expect!["<n>مصر</n>"]);
    check_with(
        "<+>مصر</+>",
        &[Fact::Status(Status::Done)],
        label("n", "Actor"),
        expect![[r#"
        <n>مصر</n>
        done"#]],
    );
    check(
        "مصر",
        |_| Command::SetStatus(Status::Flagged),
        expect![[r#"
        مصر
        flagged"#]],
    );
    check("مصر", |_| Command::SetStatus(Status::InProgress), expect!["refused: NoChange"]);
}

/// The layer that the source says, with these facts, takes the place of the one that is there.
fn replace(source: &'static str, facts: &'static [Fact]) -> impl Fn(&Tagged) -> Command {
    move |_| Command::Replace(Box::new(layer(&Tagged::parse(source), facts)))
}

#[test]
fn a_layer_takes_the_place_of_another_in_one_step() {
    let facts = [Tie("r", "c", "a"), Tie("s", "c", "b"), Note("b", "قديم")];
    let next: &[Fact] = &[Tie("s", "c", "z"), Tie("t", "z", "c"), Note("b", "جديد"), Fact::Status(Status::Done)];
    let source = "<a>مصر</a> <b>قال</b> <c:Claim>ترفض</c>";
    check_with(
        source,
        &facts,
        replace("<b>مصر</b> <z>قال</z> <c>ترفض</c>", next),
        expect![[r#"
        <b>مصر</b> <z>قال</z> <c>ترفض</c>
        b: note="جديد"
        s: c → z
        t: z → c
        done"#]],
    );
    check_with(source, &[], replace(source, &[]), expect!["refused: NoChange"]);
    // Labels that the schema does not know are kept.
    check("مصر", replace("<a:Weather>مصر</a>", &[]), expect!["<a:Weather>مصر</a>"]);
}

#[test]
fn what_others_labelled_is_taken_as_it_came_where_the_text_has_it() {
    check("مصر\u{651}", replace("<a>مصر</a>\u{651}", &[]), expect!["<a>مصر</a>ّ"]);
    check("مصر قال", replace("مصر<a> </a>قال", &[]), expect!["مصر<a> </a>قال"]);
    check("مصر", replace("<a>مصر قال</a>", &[]), expect!["refused: OutsideText"]);
    check("مصر", replace("<a><b>مصر</b></a>", &[]), expect!["<a><b>مصر</b></a>"]);
    check("<a>مصر</a>", replace("<a>مصر</a>", &[Tie("r", "a", "z")]), expect![[r#"refused: NoAnnotation("z")"#]]);
    check("<a>مصر</a>", replace("<a>مصر</a>", &[Tie("r", "z", "a")]), expect![[r#"refused: NoAnnotation("z")"#]]);
}

#[test]
fn a_layer_that_is_only_read_takes_no_command_but_follows() {
    let tagged = Tagged::parse("<a>مصر</a> <+>قال</+>");
    let mut writer = session(&tagged.text, layer(&tagged, &[]));
    let mut reader = writer.clone();
    let outcome = writer.run(label("n", "Actor")(&tagged)).expect("the writer may");
    reader.set_read_only(true);
    reader.follow(outcome.step).expect("the reader follows");
    assert_eq!(print(&tagged.text, reader.layer()), "<a>مصر</a> <n>قال</n>");
    assert_eq!((reader.revision(), reader.history()), (writer.revision(), writer.history()));
    assert_eq!(refusal(&mut reader, delete(&["a"])(&tagged)), Refusal::ReadOnly);
    assert_eq!((reader.undo(), reader.redo()), (Err(Refusal::ReadOnly), Err(Refusal::ReadOnly)));
    reader.set_read_only(false);
    reader.undo().expect("taken over, it may");
    assert_eq!(reader.redo().map(|outcome| outcome.revision), Ok(3));
    assert_eq!(reader.redo(), Err(Refusal::NothingThere));
}

#[test]
fn an_outcome_says_what_and_where() {
    let tagged = Tagged::parse("<a>مصر</a> <b>قال</b> <+>أمس</+>");
    let mut session = session(&tagged.text, layer(&tagged, &[]));
    let places = vec![("n".into(), tagged.place("+"))];
    let outcome = session.run(Command::LabelAll { places, label: "Claim".into() }).expect("it may");
    assert_eq!(outcome.touched().map(AnnotationId::as_str).collect::<Vec<_>>(), ["n"]);
    let outcome = session.run(Command::Delete(ids(&["a", "n"]))).expect("it may");
    assert_eq!(outcome.touched().count(), 0);
    assert_eq!(outcome.span().map(Span::range), Some(Offset::new(0)..Offset::new(11)));
    let outcome = session.run(Command::SetStatus(Status::Done)).expect("it may");
    assert_eq!(outcome.span(), None);
}

#[test]
fn a_step_that_does_not_fit_is_refused_whole() {
    use wusum::edit::{Change, Delta, Edit, Record};
    use wusum::history::Step;
    let tagged = Tagged::parse("<a>مصر</a> قال");
    let mut session = session(&tagged.text, layer(&tagged, &[]));
    let before = session.layer().clone();
    let made = |id: &str, start| {
        Change::Annotation(super::tagged::key(), Delta::made(Annotation::new(id.into(), span(start, start + 2), "Actor".into()).into()))
    };
    let step = Step::Do(Edit { changes: vec![made("z", 4), made("a", 5)] }.into());
    let record = Record::Annotation(super::tagged::key(), "a".into());
    assert_eq!(session.follow(step), Err(Refusal::Conflict(Box::new(record))));
    assert_eq!((session.layer(), session.revision(), session.history().can_undo()), (&before, 0, false));
}
