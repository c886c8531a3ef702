//! Each rule of `plan` on cutting, merging and trimming labels, as a text before and after.

use expect_test::expect;

use super::rules::{merge, split, trim};
use super::tagged::Fact::{Attribute, Note, Tie};
use super::tagged::{check, check_with};

#[test]
fn a_label_is_cut_in_two() {
    check("<a>ب|نشر</a>", split("a", "z"), expect!["<a>ب</a><z>نشر</z>"]);
    // White space at the cut belongs to neither part, whichever side of it the cut is on.
    check("<a>مصر| ترفض</a>", split("a", "z"), expect!["<a>مصر</a> <z>ترفض</z>"]);
    check("<a>مصر |ترفض</a>", split("a", "z"), expect!["<a>مصر</a> <z>ترفض</z>"]);
    check("<a>مصر\r|\nترفض</a>", split("a", "z"), expect!["<a>مصر</a>\r\n<z>ترفض</z>"]);
    // A joiner belongs to the letter before it.
    check("<a>مي\u{200C}| روم</a>", split("a", "z"), expect!["<a>مي\u{200C}</a> <z>روم</z>"]);
    check("<a>مصر| هـ\u{200D}</a>", split("a", "z"), expect!["<a>مصر</a> <z>هـ\u{200D}</z>"]);
    let facts = [Note("a", "ن"), Attribute("a", "kind", "denial")];
    check_with(
        "<a:Claim>مصر| ترفض</a>",
        &facts,
        split("a", "z"),
        expect![[r#"
        <a:Claim>مصر</a> <z:Claim>ترفض</z>
        a: kind="denial" note="ن"
        z: kind="denial" note="ن""#]],
    );
}

#[test]
fn a_cut_leaves_something_on_both_sides() {
    for source in ["|<a>مصر</a>", "<a>|مصر</a>", "<a>مصر|</a>", "<a>مصر</a> |قال", "<a> |مصر</a>", "<a>مصر|\u{200F} </a>"] {
        check(source, split("a", "z"), expect!["refused: SplitAtEdge"]);
    }
    check("<a>مصر|\u{651} قال</a>", split("a", "z"), expect!["refused: CutsCharacter(Offset(3))"]);
    check("<a><b>مصر</b>| قال</a>", split("a", "z"), expect![[r#"refused: Duplicate("b")"#]]);
    check("<a>مصر |<b>قال</b></a>", split("a", "z"), expect![[r#"refused: Duplicate("b")"#]]);
}

#[test]
fn a_label_in_pieces_is_cut_between_them_or_in_one() {
    check("<a>ترفض</a> كل| <a>شيء</a>", split("a", "z"), expect!["<a>ترفض</a> كل <z>شيء</z>"]);
    check("<a>ترفض| مصر</a> كل <a>شيء</a>", split("a", "z"), expect!["<a>ترفض</a> <z>مصر</z> كل <z>شيء</z>"]);
    check("<a>ترفض</a>| كل <a>شيء</a> <a>أمس</a>", split("a", "z"), expect!["<a>ترفض</a> كل <z>شيء</z> <z>أمس</z>"]);
}

#[test]
fn two_labels_become_one() {
    check("<a>رئيس</a><b>نا</b>", merge("a", "b"), expect!["<a>رئيسنا</a>"]);
    check("<a>رئيس</a> وزراء <b>مصر</b>", merge("a", "b"), expect!["<a>رئيس وزراء مصر</a>"]);
    check("<a>رئيس</a> وزراء <b>مصر</b>", merge("b", "a"), expect!["<b>رئيس وزراء مصر</b>"]);
    check("<a>رئيس <b>مصر</b></a>", merge("a", "b"), expect!["<a>رئيس مصر</a>"]);
    check("<a>رئيس <b>مصر</b></a>", merge("b", "a"), expect!["<b>رئيس مصر</b>"]);
    check("<a>رئيس <b>وزراء</a> مصر</b>", merge("b", "a"), expect!["<b>رئيس وزراء مصر</b>"]);
    // The gaps of a label in pieces were meant; the gap before the other one is kept too.
    check("<a>ترفض</a> كل <a>شيء</a> <b>أمس</b>", merge("a", "b"), expect!["<a>ترفض</a> كل <a>شيء</a> <a>أمس</a>"]);
    check("<a>ترفض</a><b> كل </b><a>شيء</a>", merge("a", "b"), expect!["<a>ترفض كل شيء</a>"]);
    check("<a>ترفض</a><b> كل </b><a>شيء</a>", merge("b", "a"), expect!["<b>ترفض كل شيء</b>"]);
}

#[test]
fn only_labels_of_one_kind_are_merged() {
    check("<a>مصر</a> <b:Location>قال</b>", merge("a", "b"), expect!["refused: DifferentLabels"]);
    check("<a>مصر</a>", merge("a", "a"), expect!["refused: SameAnnotation"]);
    check("<c><a>رئيس</a> <b>مصر</b></c>", merge("a", "b"), expect![[r#"refused: Duplicate("c")"#]]);
    check("<c:Claim><a>رئيس</a> <b>مصر</b></c>", merge("a", "b"), expect!["<a><c:Claim>رئيس مصر</c></a>"]);
}

#[test]
fn what_was_said_of_both_is_said_of_the_one() {
    let facts = [Note("a", "أول"), Note("b", "ثان"), Attribute("a", "kind", "denial"), Attribute("b", "kind", "demand"), Attribute("b", "x", "y")];
    check_with(
        "<a:Claim>ترفض</a> <b:Claim>كل</b>",
        &facts,
        merge("a", "b"),
        expect![[r#"
        <a:Claim>ترفض كل</a>
        a: kind="denial" x="y" note="أول\nثان""#]],
    );
    check_with(
        "<a>ترفض</a> <b>كل</b>",
        &[Note("a", "أول"), Note("b", "أول")],
        merge("a", "b"),
        expect![[r#"
        <a>ترفض كل</a>
        a: note="أول""#]],
    );
    check_with(
        "<a>ترفض</a> <b>كل</b>",
        &[Note("b", "ثان")],
        merge("a", "b"),
        expect![[r#"
        <a>ترفض كل</a>
        a: note="ثان""#]],
    );
}

#[test]
fn ties_of_the_one_that_goes_lead_to_the_one_that_stays() {
    let source = "<a>رئيس</a> <b>مصر</b> <c:Claim>ترفض</c> <d:Claim>كل</d>";
    check_with(
        source,
        &[Tie("r", "c", "b"), Tie("s", "d", "a")],
        merge("a", "b"),
        expect![[r#"
        <a>رئيس مصر</a> <c:Claim>ترفض</c> <d:Claim>كل</d>
        r: c → a
        s: d → a"#]],
    );
    // Two ties that become the same are one; a tie between the two goes; one to itself goes.
    check_with(
        source,
        &[Tie("r", "c", "b"), Tie("s", "c", "a")],
        merge("a", "b"),
        expect![[r#"
        <a>رئيس مصر</a> <c:Claim>ترفض</c> <d:Claim>كل</d>
        s: c → a"#]],
    );
    check_with(
        source,
        &[Tie("r", "a", "b"), Tie("s", "b", "a"), Tie("t", "b", "b")],
        merge("a", "b"),
        expect!["<a>رئيس مصر</a> <c:Claim>ترفض</c> <d:Claim>كل</d>"],
    );
    check_with(
        source,
        &[Tie("r", "c", "a"), Tie("s", "d", "a")],
        merge("c", "d"),
        expect![[r#"
        <a>رئيس</a> <b>مصر</b> <c:Claim>ترفض كل</c>
        r: c → a"#]],
    );
    // A tie the other way round is another tie.
    check_with(
        source,
        &[Tie("r", "c", "a"), Tie("s", "b", "c")],
        merge("a", "b"),
        expect![[r#"
        <a>رئيس مصر</a> <c:Claim>ترفض</c> <d:Claim>كل</d>
        r: c → a
        s: a → c"#]],
    );
}

#[test]
fn edges_are_trimmed() {
    check("<a>«مصر»، </a>قال", trim(&["a"]), expect!["«<a>مصر</a>»، قال"]);
    check("قال<a> \"نعم\".\u{200F}</a>", trim(&["a"]), expect!["قال \"<a>نعم</a>\".\u{200F}"]);
    check("<a>مصر</a>", trim(&["a"]), expect!["refused: NoChange"]);
    check("قال<a> ، .</a>", trim(&["a"]), expect!["refused: NoChange"]);
    check("<a>ترفض،</a> كل <a>شيء.</a>", trim(&["a"]), expect!["<a>ترفض</a>، كل <a>شيء</a>."]);
    check("<a>ترفض</a> كل<a>،</a>", trim(&["a"]), expect!["<a>ترفض</a> كل،"]);
    check("<a>مصر،</a> <b:Claim>قال</b> <c:Location>أمس.</c>", trim(&["a", "b", "c"]), expect!["<a>مصر</a>، <b:Claim>قال</b> <c:Location>أمس</c>."]);
    check("<a>مصر،</a>", trim(&[]), expect!["refused: NoChange"]);
    check("<a>(\u{651}مصر)</a>", trim(&["a"]), expect!["(\u{651}<a>مصر</a>)"]);
}

#[test]
fn trimming_doubles_nothing() {
    check("<a><b>مصر</b>،</a>", trim(&["a"]), expect![[r#"refused: Duplicate("b")"#]]);
    check("<a:Claim><b>مصر</b>،</a>", trim(&["a"]), expect!["<a:Claim><b>مصر</b></a>،"]);
    // Both would become one place at once.
    check("<a>،<b>مصر</a>،</b>", trim(&["a", "b"]), expect![[r#"refused: Duplicate("a")"#]]);
    // A name that is given twice is trimmed once.
    check("<a>مصر،</a>", trim(&["a", "a"]), expect!["<a>مصر</a>،"]);
}
