//! Who is offered as the source of a claim, sentence by sentence. `c` is the claim, and what else is a claim has a name in `c…`.

use super::tagged::Tagged;
use wusum::id::AnnotationId;
use wusum::layer::{Layer, Status};
use wusum::schema::Schema;
use wusum::suggest;
use wusum::text::Text;

/// Who is offered for a claim.
pub fn chosen(text: &Text, layer: &Layer, claim: &AnnotationId) -> Option<AnnotationId> {
    let schema = Schema::default();
    suggest::source(text, layer, layer.get(claim)?, &schema.relations[0]).map(|found| found.source)
}

#[track_caller]
fn check(source: &str, expected: Option<&str>) {
    let tagged = Tagged::parse(source);
    let text = Text::new(tagged.text.as_str());
    let layer = Layer::from_records(Status::InProgress, tagged.annotations.clone(), []);
    let schema = Schema::default();
    let found = suggest::source(&text, &layer, layer.get(&"c".into()).expect("a claim `c`"), &schema.relations[0]);
    assert_eq!(found.as_ref().map(|found| found.source.as_str()), expected, "{source}");
}

#[test]
fn the_subject_follows_its_verb() {
    check("قال <a>وزير الخارجية المصري</a> إن <c:Claim>بلاده ترفض التهجير</c>.", Some("a"));
    check("وأعلنت <a>موسكو</a> أن <c:Claim>قواتها انسحبت</c>.", Some("a"));
    check("اتهمت <a>يريفان</a> <b>باكو</b> بـ<c:Claim>نشر قوات</c>.", Some("a"));
    check("وقالت الناطقة باسم <a>وزارة الخارجية</a> <b>جالينا بورتر</b> إن <c:Claim>التحركات استفزاز</c>.", Some("b"));
    check("ويقول <a>السكان</a> إن <c:Claim>المياه مقطوعة</c>.", Some("a"));
    check("أكّد <a>المتحدثون</a> في <b>جنيف</b> أن <c:Claim>الهدنة قائمة</c>.", Some("a"));
    check("نفت <a>الحكومة</a> <c:Claim>وجود أي اتفاق</c> مع <b>واشنطن</b>.", Some("a"));
}

#[test]
fn the_subject_stands_before_its_verb() {
    check("<a>رئيس الوزراء</a> أعلن <c:Claim>الاستعانة بقوات</c>.", Some("a"));
    check("وكان <a>رئيس الوزراء</a> قد صرّح بعد لقائه مع <b>بوتين</b> بأن <c:Claim>الوضع خطير</c>.", Some("a"));
    check("تباحث <a>الوزير</a> مع <b>مسؤول أميركي</b>، مؤكداً أنه <c:Claim>يريد السلام</c>.", Some("a"));
    check("و<a>باكو</a> أعلنت أن <c:Claim>الحدود آمنة</c>.", Some("a"));
    // The point in a number ends no sentence.
    check("رفع <a>البنك</a> الفائدة 3.5 نقطة، مؤكداً أن <c:Claim>التضخم مؤقت</c>.", Some("a"));
    check("سارعت <a>واشنطن</a> إلى مطالبة <b>باكو</b> بـ<c:Claim>سحب قواتها</c>.", Some("a"));
}

#[test]
fn a_verb_goes_on_with_the_subject_of_the_one_before() {
    check("قال <a>الوزير</a> إن <c1:Claim>مصر ترفض</c1>. وأضاف أن <c:Claim>الحل سياسي</c>.", Some("a"));
    check("رفضت <a>باكو</a> ذلك ووصفته بأنه <c:Claim>مثير للعجب</c>.", Some("a"));
    check("قالت <a>رويترز</a> إن <b>الرئيس</b> أكد أن <c:Claim>الحرب انتهت</c>.", Some("b"));
    check("قال <a>الوزير</a> إن <c1:Claim><b>مصر</b> ترفض</c1>، مشدداً على أن <c:Claim>الحل سياسي</c>.", Some("a"));
    check("قال <a>الوزير</a> إن <b>مصر</b> بلد آمن، مشدداً على أن <c:Claim>الحل سياسي</c>.", Some("a"));
    check("قال <a>الوزير</a> ذلك. وأضاف أن <c:Claim>الحل قريب</c>، بحسب <b>رويترز</b>.", Some("a"));
    check("قال <a>الوزير</a> في بيان إن <c:Claim>الأمر انتهى</c>.", Some("a"));
    check("أعلن <a>الوزير</a> ذلك. وأضاف \"<c:Claim>علينا أن نستعد</c>\"، في حين يتوقع أن يناقش <b>البرلمان</b> الأمر.", Some("a"));
}

#[test]
fn the_cue_follows_the_claim() {
    check("\"<c:Claim>لن ننسحب</c>\"، قال <a>القائد</a>.", Some("a"));
    check("<c:Claim>قتل عشرة في القصف</c>، بحسب <a>رويترز</a>.", Some("a"));
    check("<c:Claim>القتلى عشرة</c>، وفقاً لـ<a>وزارة الصحة</a>.", Some("a"));
    check("<c:Claim>القتلى عشرة</c>، على حد قول <a>الوزير</a>.", Some("a"));
    check("<c:Claim>القتلى عشرة</c>، كما أعلنت <a>الوزارة</a> اليوم.", Some("a"));
    check("<c:Claim>القتلى عشرة</c>، وفق ما ذكرت <a>الوكالة</a>.", Some("a"));
    check("ووصلت <b>باريس</b> أمس. «<c:Claim>لن ننسحب</c>»، قال <a>القائد</a>.", Some("a"));
}

#[test]
fn the_cue_stands_between_two_pieces() {
    check("\"<c:Claim>لن ننسحب</c>\"، قالت <a>المتحدثة</a>، \"<c>ولن نتفاوض</c>\"، بحسب <b>رويترز</b>.", Some("a"));
}

#[test]
fn according_to_names_the_source_even_after_another_preposition() {
    check("ووفقاً لـ<a>لناطق باسم الرئاسة</a> <c:Claim>انتهت الأزمة</c>.", Some("a"));
    check("وبحسب مسؤول في <a>الخارجية</a> <c:Claim>انتهت الأزمة</c>.", Some("a"));
    check("نقلاً عن <a>مصدر أمني</a> فإن <c:Claim>الطريق مغلق</c>.", Some("a"));
}

#[test]
fn nobody_is_offered_where_no_cue_names_one() {
    check("وصل <a>الوزير</a> إلى القاهرة. <c:Claim>الوضع خطير</c>.", None);
    check("<c:Claim>الوضع خطير</c>، في حين يتوقع <a>البرلمان</a> حلاً.", None);
    check("ينص الاتفاق على <c:Claim>إجراء مشاورات</c>.", None);
    check("قال <a>الوزير</a> ذلك.\nو<c:Claim>انتهت الأزمة</c>.", None);
    check("قال <l:Location>باكو</l> إن <c:Claim>الأزمة انتهت</c>.", None);
    check("<c:Claim>أعلن <a>الوزير</a> انتهاء الأزمة</c>.", None);
}

#[test]
fn what_is_in_another_claim_is_not_offered_unless_this_one_is_in_it_too() {
    check("قال <a>الوزير</a> إن <c1:Claim><b>مصر</b> أعلنت الهدنة</c1> وإن <c:Claim>الحل قريب</c>.", Some("a"));
    check("قال <a>الوزير</a> إن <c1:Claim><b>مصر</b> أعلنت أن <c:Claim>الهدنة قائمة</c></c1>.", Some("b"));
}

#[test]
fn another_claim_is_no_source_even_where_anything_may_be() {
    let tagged = Tagged::parse("أعلنت <c1:Claim>الهدنة قائمة</c1> أن <c:Claim>الحل قريب</c>، قال <b:Location>المكتب</b>.");
    let text = Text::new(tagged.text.as_str());
    let layer = Layer::from_records(Status::InProgress, tagged.annotations.clone(), []);
    let mut kind = Schema::default().relations.remove(0);
    kind.to.clear();
    let found = suggest::source(&text, &layer, layer.get(&"c".into()).expect("a claim `c`"), &kind);
    assert_eq!(found.map(|found| found.source), Some("b".into()));
}
