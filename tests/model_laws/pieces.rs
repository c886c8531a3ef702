//! Each rule of labels in pieces, as a text before and after.

use expect_test::expect;
use wusum::plan::Command;
use wusum::span::Span;
use wusum::text::Offset;

use super::rules::trim;
use super::tagged::Fact::{Attribute, Note, Tie, Unsure};
use super::tagged::{Tagged, check, check_with};

/// Adds the place `<+>` to a label.
fn add(id: &'static str) -> impl Fn(&Tagged) -> Command {
    move |tagged| Command::AddPiece(id.into(), tagged.place("+").hull())
}

/// Takes the place `<+>` out of a label.
fn remove(id: &'static str) -> impl Fn(&Tagged) -> Command {
    move |tagged| Command::RemovePiece(id.into(), tagged.place("+").hull())
}

fn span(start: u32, end: u32) -> Span {
    Span::try_new(Offset::new(start), Offset::new(end)).expect("it is not empty")
}

#[test]
fn a_piece_is_added_before_between_and_after() {
    check("«<a:Claim>نرفض</a>»، قالت، «<+>كل شيء</+>»", add("a"), expect!["«<a:Claim>نرفض</a>»، قالت، «<a>كل شيء</a>»"]);
    check("<+>كل</+> ترفض <a>أمس</a>", add("a"), expect!["<a>كل</a> ترفض <a>أمس</a>"]);
    check("<a>كل</a> <+>ترفض</+> <a>أمس</a>", add("a"), expect!["<a>كل</a> <a>ترفض</a> <a>أمس</a>"]);
}

#[test]
fn pieces_that_touch_are_one() {
    check("<a>رئيس</a><+>نا</+> قال", add("a"), expect!["<a>رئيسنا</a> قال"]);
    check("<a>كل<+> شيء</a> أمس</+>", add("a"), expect!["<a>كل شيء أمس</a>"]);
    check("<a>كل</a><+> ترفض </+><a>أمس</a>", add("a"), expect!["<a>كل ترفض أمس</a>"]);
    check("<+>قال <a>كل</a> ترفض</+> <a>أمس</a>", add("a"), expect!["<a>قال كل ترفض</a> <a>أمس</a>"]);
    check("<a>كل <+>شيء</+> أمس</a>", add("a"), expect!["refused: NoChange"]);
}

#[test]
fn a_piece_is_held_to_the_rules_of_a_label() {
    check("<a>كل</a> ش<+>ي</+>\u{651}ء", add("a"), expect!["refused: CutsCharacter(Offset(5))"]);
    check("<a>كل</a>،<+> </+>شيء", add("a"), expect!["refused: Blank"]);
    check("<a>كل</a> <+>شيء</+>", add("z"), expect![[r#"refused: NoAnnotation("z")"#]]);
    check("<a>كل</a> شيء", |_| Command::AddPiece("a".into(), span(3, 99)), expect!["refused: OutsideText"]);
    // What came with an import may cut a character; the piece that is added may not, and is all that is judged.
    check("<a>كل</a>\u{651} <+>شيء</+>", add("a"), expect!["<a>كل</a>\u{651} <a>شيء</a>"]);
    // The label would lie where its twin lies.
    check("<a><b>كل</b></a> قال <b><+>شيء</+></b>", add("a"), expect![[r#"refused: Duplicate("b")"#]]);
}

#[test]
fn any_part_is_taken_out() {
    let claim = "«<a:Claim>نرفض<+>»، قالت، «</+>كل شيء</a>»";
    check(claim, remove("a"), expect!["«<a:Claim>نرفض</a>»، قالت، «<a>كل شيء</a>»"]);
    check("<a><+>كل</+></a> ترفض <a>أمس</a>", remove("a"), expect!["كل ترفض <a>أمس</a>"]);
    check("<a>كل</a> ترفض <+>قال <a>أمس</a></+>", remove("a"), expect!["<a>كل</a> ترفض قال أمس"]);
    // White space that was inside does not stay at the new edges; what lies elsewhere is left as it is.
    check("<a>كل <+>ترفض</+> أمس</a>", remove("a"), expect!["<a>كل</a> ترفض <a>أمس</a>"]);
    check("<a> كل</a> <a>ترفض <+>أمس</+></a>", remove("a"), expect!["<a> كل</a> <a>ترفض</a> أمس"]);
    check("<a>كل <+>ترفض</a> قال <a>أمس</+> نعم</a>", remove("a"), expect!["<a>كل</a> ترفض قال أمس <a>نعم</a>"]);
    check("<a>كل<+> ترفض</+> </a>،<a>أمس</a>", remove("a"), expect!["<a>كل</a> ترفض ،<a>أمس</a>"]);
    // An edge that came with an import inside a character is not made worse.
    check("<a>كل <+>شي</+></a>\u{651}ء", remove("a"), expect!["<a>كل</a> شي\u{651}ء"]);
    // A number sign takes the space after it into its own character, which is not cut.
    check("<a>كل\u{600} <+>ترفض</+></a>", remove("a"), expect!["<a>كل\u{600} </a>ترفض"]);
}

#[test]
fn something_of_a_label_stays() {
    check("<+><a>كل</a></+> ترفض", remove("a"), expect!["refused: LastPiece"]);
    check("<+><a>كل</a> ترفض <a>أمس</a></+>", remove("a"), expect!["refused: LastPiece"]);
    check("<a> <+>كل</+></a>", remove("a"), expect!["refused: LastPiece"]);
    check("<a>كل</a> <+>ترفض</+> <a>أمس</a>", remove("a"), expect!["refused: NoChange"]);
    check("<a>كل<+>\u{651} شيء</+> أمس</a>", remove("a"), expect!["refused: CutsCharacter(Offset(2))"]);
    check("<a><b>كل</b> <+>شيء</+></a>", remove("a"), expect![[r#"refused: Duplicate("b")"#]]);
    check("<a>كل <+>شيء</+></a>", remove("z"), expect![[r#"refused: NoAnnotation("z")"#]]);
}

#[test]
fn what_is_said_of_a_label_and_its_ties_stay_with_its_pieces() {
    let facts = [Note("a", "ن"), Attribute("a", "kind", "denial"), Unsure("a"), Tie("r", "a", "b")];
    check_with(
        "<b>باكو</b>: <a:Claim>نرفض</a>، قالت، <+>كل</+>",
        &facts,
        add("a"),
        expect![[r#"
            <b>باكو</b>: <a:Claim>نرفض</a>، قالت، <a>كل</a>
            a: kind="denial" note="ن" unsure
            r: a → b"#]],
    );
    // The ties stay with the first part; doubts are about both.
    check_with(
        "<b>باكو</b>: <a:Claim>نرفض</a>، قالت،| <a>كل</a>",
        &facts,
        super::rules::split("a", "z"),
        expect![[r#"
            <b>باكو</b>: <a:Claim>نرفض</a>، قالت، <z:Claim>كل</z>
            a: kind="denial" note="ن" unsure
            z: kind="denial" note="ن" unsure
            r: a → b"#]],
    );
    check_with(
        "<b>باكو</b>: <a:Claim>نرفض،</a> قالت، <a>كل.</a>",
        &facts,
        trim(&["a"]),
        expect![[r#"
            <b>باكو</b>: <a:Claim>نرفض</a>، قالت، <a>كل</a>.
            a: kind="denial" note="ن" unsure
            r: a → b"#]],
    );
    check_with(
        "<b>باكو</b>: <a:Claim>نرفض</a>، <c:Claim>قالت</c>، <a>كل</a>",
        &facts,
        super::rules::merge("c", "a"),
        expect![[r#"
            <b>باكو</b>: <c:Claim>نرفض</c>، <c>قالت</c>، <c>كل</c>
            c: kind="denial" note="ن" unsure
            r: c → b"#]],
    );
}

#[test]
fn doubts_come_and_go() {
    let doubt = |unsure: bool| move |_: &Tagged| Command::SetUnsure("a".into(), unsure);
    check(
        "<a>مصر</a>",
        doubt(true),
        expect![[r#"
        <a>مصر</a>
        a: unsure"#]],
    );
    check_with("<a>مصر</a>", &[Unsure("a")], doubt(false), expect!["<a>مصر</a>"]);
    check("<a>مصر</a>", doubt(false), expect!["refused: NoChange"]);
}
