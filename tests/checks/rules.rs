//! Each check by examples: `a` is the label at hand.

use super::tagged::{Tagged, print, session};
use serde_json::json;
use wusum::annotation::Relation;
use wusum::check::{About, Checker, Finding};
use wusum::layer::{Layer, Status};
use wusum::schema::{Attribute, AttributeKind, AttributeValue, CheckKind, CliticPolicy, Label, Names, Overlap, Schema};
use wusum::text::{Text, Vocabulary};

/// Words that attest names, as other texts of a project would.
const ELSEWHERE: &str = "مصر القاهرة باكو الوزير رئيس حكومة لبنان الأمم يناقش";

struct Case {
    text: Text,
    layer: Layer,
    schema: Schema,
}

impl Case {
    fn new(source: &str, schema: Schema) -> Self {
        let tagged = Tagged::parse(source);
        let layer = Layer::from_records(Status::InProgress, tagged.annotations, []);
        Self { text: Text::new(tagged.text), layer, schema }
    }

    fn related(mut self, relations: &[(&str, &str, &str, &str)]) -> Self {
        let made = relations.iter().map(|(id, kind, from, to)| Relation {
            id: (*id).into(),
            kind: (*kind).into(),
            from: (*from).into(),
            to: (*to).into(),
            attributes: Default::default(),
            note: None,
        });
        let annotations: Vec<_> = self.layer.iter().map(|annotation| (**annotation).clone()).collect();
        self.layer = Layer::from_records(Status::InProgress, annotations, made.collect::<Vec<_>>());
        self
    }

    fn findings(&self) -> Vec<Finding> {
        let mut vocabulary = Vocabulary::new();
        vocabulary.add(&Text::new(ELSEWHERE));
        Checker { text: &self.text, layer: &self.layer, schema: &self.schema, vocabulary: &vocabulary }.all()
    }

    /// What is told: about what, the reason, and the others.
    fn told(&self) -> Vec<String> {
        let line = |finding: &Finding| {
            let about = match &finding.about {
                About::Annotation(id) => id.to_string(),
                About::Relation(id) => id.to_string(),
            };
            [vec![about, finding.why.id().to_owned()], finding.others.iter().map(ToString::to_string).collect()].concat().join(" ")
        };
        self.findings().iter().map(line).collect()
    }

    /// The text after the only finding was mended.
    fn mended(&self) -> String {
        let [finding] = &self.findings()[..] else { panic!("one finding, not {:?}", self.findings()) };
        let command = finding.command(|| "r9".into()).expect("it can be mended");
        let mut session = session(self.text.as_str(), self.layer.clone());
        session.run(command).expect("the fix is allowed");
        print(self.text.as_str(), session.layer())
    }
}

/// The default schema with only this check.
fn only(kind: CheckKind) -> Schema {
    let mut schema = Schema::default();
    schema.checks.off = CheckKind::ALL.into_iter().filter(|other| *other != kind).collect();
    schema
}

fn with(kind: CheckKind, change: impl FnOnce(&mut Schema)) -> Schema {
    let mut schema = only(kind);
    change(&mut schema);
    schema
}

fn label<'a>(schema: &'a mut Schema, id: &str) -> &'a mut Label {
    schema.labels.iter_mut().find(|label| label.id.as_str() == id).expect("it is there")
}

#[test]
fn edges_are_trimmed() {
    for (source, mended) in [
        ("قالت <a> باكو</a>", "قالت  <a>باكو</a>"),
        ("قالت <a>باكو،</a> ثم", "قالت <a>باكو</a>، ثم"),
        ("قالت <a>«باكو»</a>", "قالت «<a>باكو</a>»"),
        ("قال <a:Claim>مصر </a>إن <a>ترفض.</a>", "قال <a:Claim>مصر</a> إن <a>ترفض</a>."),
    ] {
        let case = Case::new(source, only(CheckKind::Edges));
        assert_eq!(case.told(), ["a edges"], "{source}");
        assert_eq!(case.mended(), mended);
    }
    for source in ["قالت <a>باكو</a>،", "في <a>نوفمبر (تشرين الثاني)</a>", "نسبة <a>50٪</a>"] {
        assert_eq!(Case::new(source, only(CheckKind::Edges)).told(), [""; 0], "{source}");
    }
    // Nothing would be left of it: that is told, but not mended.
    let case = Case::new("قالت<a>، </a>", only(CheckKind::Edges));
    assert_eq!((case.told(), case.findings()[0].fix.clone()), (vec!["a edges".to_owned()], None));
}

fn policy(policy: CliticPolicy) -> Schema {
    with(CheckKind::Clitics, |schema| schema.clitics = policy)
}

#[test]
fn clitics_stay_outside_by_the_policy() {
    for (source, mended) in [
        ("قالت <a>ومصر</a> أيضا", "قالت و<a>مصر</a> أيضا"),
        ("زار <a>وبالقاهرة</a>", "زار وب<a>القاهرة</a>"),
        ("زار و<a>بالقاهرة</a>", "زار وب<a>القاهرة</a>"),
    ] {
        let case = Case::new(source, policy(CliticPolicy::Peel));
        assert_eq!(case.told(), ["a clitic-inside"], "{source}");
        assert_eq!(case.mended(), mended);
    }
    // Names that begin with such a letter; a name that is not attested; a fusion; pronouns; a verb to come.
    for source in
        ["<a>وزير</a>", "<a>لبنان</a>", "<a>وأوزبكستان</a>", "<a>للأمم</a>", "<a>رئيسها</a>", "<a>حكومتهم</a>", "ل<a>لأمم</a>", "<a>سيناقش</a>"]
    {
        assert_eq!(Case::new(source, policy(CliticPolicy::Peel)).told(), [""; 0], "{source}");
    }
    assert_eq!(Case::new("قالت <a>ومصر</a>", policy(CliticPolicy::Either)).told(), [""; 0]);
    assert_eq!(Case::new("قالت <a>ومصر</a>", policy(CliticPolicy::Keep)).told(), [""; 0]);
}

#[test]
fn clitics_stay_inside_by_the_policy() {
    for (source, mended) in [
        ("قالت و<a>مصر</a> أيضا", "قالت <a>ومصر</a> أيضا"),
        ("زار وب<a>القاهرة</a>", "زار <a>وبالقاهرة</a>"),
        ("زار <a>رئيس</a>ها", "زار <a>رئيسها</a>"),
    ] {
        let case = Case::new(source, policy(CliticPolicy::Keep));
        assert_eq!(case.told(), ["a clitic-outside"], "{source}");
        assert_eq!(case.mended(), mended);
        for other in [CliticPolicy::Peel, CliticPolicy::Either] {
            assert_eq!(Case::new(source, policy(other)).told(), [""; 0], "{source}");
        }
    }
}

#[test]
fn a_word_cut_where_no_clitic_ends_is_told_whatever_the_policy() {
    for (source, mended) in [("قال الو<a>زير</a> أمس", "قال <a>الوزير</a> أمس"), ("قال <a>الوزي</a>ر أمس", "قال <a>الوزير</a> أمس")]
    {
        for choice in [CliticPolicy::Peel, CliticPolicy::Keep, CliticPolicy::Either] {
            let case = Case::new(source, policy(choice));
            assert_eq!(case.told(), ["a word-cut"], "{source}");
            assert_eq!(case.mended(), mended);
        }
    }
    // Taken in again as the policy asks.
    assert_eq!(Case::new("قال والو<a>زير</a>", policy(CliticPolicy::Peel)).mended(), "قال و<a>الوزير</a>");
    assert_eq!(Case::new("قال <a>BBC</a>s عام <b>20</b>20", policy(CliticPolicy::Keep)).told(), [""; 0]);
}

#[test]
fn a_mark_takes_its_partner_in_or_stays_out() {
    for (source, mended) in [
        ("طالب <a>سحبها \"فورا</a>\" أمس", "طالب <a>سحبها \"فورا\"</a> أمس"),
        ("طالب «<a>فورا» بالسحب</a> أمس", "طالب <a>«فورا» بالسحب</a> أمس"),
        ("في <a>نوفمبر (تشرين</a>)", "في <a>نوفمبر (تشرين)</a>"),
    ] {
        let case = Case::new(source, only(CheckKind::Balance));
        assert_eq!(case.told(), ["a unbalanced"], "{source}");
        assert_eq!(case.mended(), mended);
    }
    // One of two at a time.
    assert_eq!(Case::new("طالب <a>سحبها \"فورا (أمس</a>\"", only(CheckKind::Balance)).mended(), "طالب <a>سحبها \"فورا (أمس\"</a>");
    assert_eq!(Case::new("قال \"<a>نعم\" </a>ثم", only(CheckKind::Balance)).told(), ["a unbalanced"]);
    assert_eq!(Case::new("قال \"<a>نعم\"</a> ثم", only(CheckKind::Balance)).mended(), "قال \"<a>نعم</a>\" ثم");
    assert_eq!(Case::new("قال <a>«نعم</a>» ثم", only(CheckKind::Balance)).mended(), "قال «<a>نعم</a>» ثم");
    // A trim would drop the partner again from its piece: taking it in would go on for ever.
    let pieces = Case::new("طالب <a>سحب (فورا</a> ثم <a>نعم</a>) أمس", only(CheckKind::Balance));
    assert_eq!((pieces.told(), pieces.findings()[0].fix.clone()), (vec!["a unbalanced".to_owned()], None));
    // The partner is far away: told, not mended. Where the edges are checked too, one mark at the edge is told once.
    let far = Case::new("قال <a>إن \"الأمر</a> انتهى\"", only(CheckKind::Balance));
    assert_eq!((far.told(), far.findings()[0].fix.clone()), (vec!["a unbalanced".to_owned()], None));
    let both = with(CheckKind::Balance, |schema| schema.checks.off.retain(|kind| *kind != CheckKind::Edges));
    assert_eq!(Case::new("قال \"<a>نعم\"</a> ثم", both).told(), ["a edges"]);
    assert_eq!(Case::new("<a>قال «نعم» (ثم)</a>", only(CheckKind::Balance)).told(), [""; 0]);
}

#[test]
fn a_required_relation_is_told_with_the_likely_end() {
    let schema = || only(CheckKind::RelationMissing);
    let case = Case::new("قال <b>الوزير</b> إن <a:Claim>مصر ترفض</a>", schema());
    assert_eq!(case.told(), ["a relation-missing b"]);
    assert_eq!(case.mended(), "قال <b>الوزير</b> إن <a:Claim>مصر ترفض</a>\nr9: a → b");
    let alone = Case::new("<a:Claim>مصر ترفض</a>", schema());
    assert_eq!((alone.told(), alone.findings()[0].fix.clone()), (vec!["a relation-missing".to_owned()], None));
    assert_eq!(Case::new("قال <b>الوزير</b> إن <a:Claim>مصر ترفض</a>", schema()).related(&[("r1", "source", "a", "b")]).told(), [""; 0]);
    // A relation that leads to it, or one of another kind, is none that starts at it.
    let other = [("r1", "source", "b", "a"), ("r2", "other", "a", "b")];
    assert_eq!(Case::new("قال <b>الوزير</b> إن <a:Claim>مصر ترفض</a>", schema()).related(&other).told(), ["a relation-missing b"]);
    let retired = with(CheckKind::RelationMissing, |schema| schema.relations[0].retired = true);
    assert_eq!(Case::new("<a:Claim>مصر ترفض</a>", retired).told(), [""; 0]);
}

fn required(kind: AttributeKind, values: &[&str], default: Option<serde_json::Value>) -> Attribute {
    let names = || Names { ar: "نوع".into(), en: "kind".into() };
    let values = values.iter().map(|id| AttributeValue { id: (*id).into(), names: names() }).collect();
    Attribute { id: "kind".into(), names: names(), kind, values, default, required: true }
}

#[test]
fn a_required_attribute_is_told_and_set_where_there_is_one_answer() {
    let schema = |attribute: Attribute| with(CheckKind::AttributeMissing, |schema| label(schema, "Actor").attributes = vec![attribute]);
    let two = Case::new("<a>مصر</a>", schema(required(AttributeKind::OneOf, &["x", "y"], None)));
    assert_eq!((two.told(), two.findings()[0].fix.clone()), (vec!["a attribute-missing".to_owned()], None));
    for attribute in [
        required(AttributeKind::OneOf, &["x"], None),
        required(AttributeKind::OneOf, &["y", "x"], Some(json!("x"))),
        required(AttributeKind::YesNo, &[], Some(json!(false))),
    ] {
        let case = Case::new("<a>مصر</a>", schema(attribute.clone()));
        let command = case.findings()[0].command(|| "r".into()).expect("there is one answer");
        let mut session = session(case.text.as_str(), case.layer.clone());
        let mut project = session.project().clone();
        project.schema = std::sync::Arc::new(case.schema.clone());
        session = wusum::session::Session::open(project, super::tagged::key(), Default::default(), 0).expect("it is there");
        session.run(command).expect("the fix is allowed");
        let after = Case { layer: session.layer().clone(), text: case.text, schema: case.schema };
        assert_eq!(after.told(), [""; 0], "{attribute:?}");
    }
    for (value, is_missing) in
        [(json!(""), true), (json!([]), true), (json!(null), true), (json!("x"), false), (json!(false), false), (json!(0), false)]
    {
        let mut case = Case::new("<a>مصر</a>", schema(required(AttributeKind::Text, &[], None)));
        let mut annotation = case.layer.iter().map(|annotation| (**annotation).clone()).next().expect("one label");
        annotation.attributes.insert("kind".into(), value.clone());
        case.layer = Layer::from_records(Status::InProgress, [annotation], []);
        assert_eq!(case.told().len(), usize::from(is_missing), "{value}");
    }
    let tied = with(CheckKind::AttributeMissing, |schema| schema.relations[0].attributes = vec![required(AttributeKind::Text, &[], None)]);
    let case = Case::new("<a:Claim>مصر</a> <b>باكو</b>", tied).related(&[("r1", "source", "a", "b")]);
    assert_eq!(case.told(), ["r1 attribute-missing"]);
}

#[test]
fn labels_of_a_kind_lie_on_one_another_only_as_allowed() {
    let rule = |rule: Overlap| with(CheckKind::Overlap, move |schema| label(schema, "Actor").overlap = rule);
    let nested = "<a>رئيس <b>مصر</b></a> <c:Claim>نعم</c>";
    let crossing = "<a>رئيس <b>مصر</a> القديمة</b>";
    let across = "<a:Claim>رئيس <b>مصر</a> القديمة</b>";
    for (source, expected) in
        [(nested, [&[][..], &[], &["b overlaps a"]]), (crossing, [&[], &["b crosses a"], &["b overlaps a"]]), (across, [&[], &[], &[]])]
    {
        for (allowed, expected) in [Overlap::Any, Overlap::Nest, Overlap::None].into_iter().zip(expected) {
            assert_eq!(Case::new(source, rule(allowed)).told(), expected, "{source} {allowed:?}");
        }
    }
    // What lies in the gap of a label in pieces does not lie on it.
    assert_eq!(Case::new("<a>رئيس</a> <b>مصر</b> <a>السابق</a>", rule(Overlap::None)).told(), [""; 0]);
    assert_eq!(Case::new("<a>رئيس</a><b>مصر</b>", rule(Overlap::None)).told(), [""; 0]);
}

#[test]
fn the_same_text_is_labelled_the_same_nearby() {
    let schema = |nearby: u32| with(CheckKind::Differs, move |schema| schema.checks.nearby = nearby);
    let twice = "زار <a>باكو</a> ثم <b>بَاكو</b> ثم <c:Location>باكو</c>";
    let case = Case::new(twice, schema(100));
    assert_eq!(case.told(), ["c differs a b"]);
    assert_eq!(case.mended(), "زار <a>باكو</a> ثم <b>بَاكو</b> ثم <c>باكو</c>");
    // As many of either: the later one is told, and nobody knows which is right.
    let even = Case::new("زار <a>باكو</a> ثم <b:Location>باكو</b>", schema(100));
    assert_eq!((even.told(), even.findings()[0].fix.clone()), (vec!["b differs a".to_owned()], None));
    // From the end of the one to the start of the other there are four characters.
    assert_eq!(Case::new("زار <a>باكو</a> ثم <b:Location>باكو</b>", schema(4)).told(), [""; 0]);
    assert_eq!(Case::new("زار <a>باكو</a> ثم <b:Location>باكو</b>", schema(5)).told(), ["b differs a"]);
    assert_eq!(Case::new("زار <a><b:Location>باكو</b></a>", schema(100)).told(), [""; 0]);
    assert_eq!(Case::new("زار <a>باكو</a> ثم <b:Location>مصر</b>", schema(100)).told(), [""; 0]);
}

#[test]
fn a_label_of_unusual_length_is_told() {
    let schema = |all: u32, own: Option<u32>| {
        with(CheckKind::Long, move |schema| {
            schema.checks.long = all;
            label(schema, "Claim").long = own;
        })
    };
    let source = "<a:Claim>مصر ترفض</a> <b>باكو</b>";
    assert_eq!(Case::new(source, schema(9, None)).told(), [""; 0]);
    assert_eq!(Case::new(source, schema(8, None)).told(), ["a long"]);
    assert_eq!(Case::new(source, schema(4, Some(9))).told(), ["b long"]);
    // A gap does not count.
    assert_eq!(Case::new("<a:Claim>مصر</a> كما قالت <a>ترفض</a>", schema(8, None)).told(), [""; 0]);
}

#[test]
fn relations_join_what_they_may_and_as_many() {
    let schema = |most: Option<u32>| with(CheckKind::RelationForbidden, move |schema| schema.relations[0].most = most);
    let source = "<a:Claim>مصر ترفض</a> <b>باكو</b> <c>مصر</c> <l:Location>لبنان</l>";
    let good = [("r1", "source", "a", "b"), ("r2", "source", "a", "c")];
    assert_eq!(Case::new(source, schema(None)).related(&good).told(), [""; 0]);
    assert_eq!(Case::new(source, schema(Some(2))).related(&good).told(), [""; 0]);
    assert_eq!(Case::new(source, schema(Some(1))).related(&good).told(), ["r2 relation-many a c"]);
    let bad = [("r1", "source", "a", "l"), ("r2", "source", "b", "a"), ("r3", "strange", "a", "b")];
    assert_eq!(Case::new(source, schema(None)).related(&bad).told(), ["r1 relation-ends a l", "r3 relation-unknown a b", "r2 relation-ends b a"]);
}

#[test]
fn a_check_that_is_off_finds_nothing() {
    let source = "قالت <a> باكو</a> ثم <b:Claim>مصر (ترفض</b>";
    let all = Case::new(source, Schema::default());
    assert_eq!(all.told(), ["a edges", "b unbalanced", "b relation-missing a"]);
    let mut schema = Schema::default();
    schema.checks.off = CheckKind::ALL.to_vec();
    assert_eq!(Case::new(source, schema).told(), [""; 0]);
}
