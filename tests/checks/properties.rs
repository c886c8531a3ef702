//! Laws: checking what is near agrees with checking all, a change is felt only within its reach, and what mends does mend;
//! and how the costs grow.

use super::tagged::key;
use proptest::prelude::*;
use std::fmt::Write;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};
use wusum::annotation::{Annotation, Relation};
use wusum::check::{About, Checker, Finding};
use wusum::history::History;
use wusum::id::AnnotationId;
use wusum::layer::{Layer, Status};
use wusum::plan::Refusal;
use wusum::project::{Document, Project};
use wusum::schema::{CliticPolicy, Overlap, Schema};
use wusum::session::Session;
use wusum::span::{Extent, Span};
use wusum::text::{Offset, Text, Vocabulary};

pub(crate) const ARTICLE: &str = include_str!("../../data/article.txt");
pub(crate) const LABELS: [&str; 4] = ["Actor", "Location", "Claim", "Unheard"];

/// A schema that asks for much, so that much is found.
pub(crate) fn strict(clitics: CliticPolicy) -> Schema {
    let mut schema = Schema { clitics, ..Schema::default() };
    schema.labels[0].overlap = Overlap::Nest;
    schema.labels[1].overlap = Overlap::None;
    schema.labels[2].attributes[0].required = true;
    schema.labels[2].attributes[1].required = true;
    schema.labels[2].attributes[1].default = Some("certain".into());
    schema.relations[0].most = Some(1);
    schema.checks.nearby = 90;
    schema.checks.long = 40;
    schema
}

/// A layer of the article: places are real words, now and then with a ragged edge.
pub(crate) fn layers() -> impl Strategy<Value = Layer> {
    let text = Text::new(ARTICLE);
    let words: Vec<_> = text.words(Offset::ZERO..text.len()).collect();
    let length = text.len();
    let place = (0..words.len(), 0..6_usize, 0..12_u32, 0..12_u32).prop_map(move |(first, more, before, after)| {
        let last = (first + more).min(words.len() - 1);
        // One edge in four is moved by a character or two.
        let start = if before < 3 { words[first].start.plus(before) } else { words[first].start };
        let end = if after < 3 { words[last].end.plus(after) } else { words[last].end };
        Span::try_new(start.min(end.minus(1)), end.min(length)).expect("an edge is moved by less than a word and its neighbours have")
    });
    let extent = prop_oneof![
        8 => place.clone().prop_map(Extent::from),
        1 => (place.clone(), place).prop_map(|(a, b)| Extent::union([a, b]).expect("two spans")),
    ];
    let label = prop::sample::select(&LABELS[..]);
    let ties = prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), prop::bool::weighted(0.1)), 0..12);
    (prop::collection::vec((extent, label), 1..40), ties).prop_map(|(places, ties)| {
        let annotations: Vec<_> =
            (0..).zip(places).map(|(number, (extent, label))| Annotation::new(format!("a{number}").into(), extent, label.into())).collect();
        let end = |index: &prop::sample::Index| annotations[index.index(annotations.len())].id.clone();
        let relations: Vec<_> = (0..)
            .zip(&ties)
            .map(|(number, (from, to, is_strange))| {
                let kind = if *is_strange { "strange" } else { "source" }.into();
                Relation { id: format!("r{number}").into(), kind, from: end(from), to: end(to), attributes: Default::default(), note: None }
            })
            .collect();
        Layer::from_records(Status::InProgress, annotations, relations)
    })
}

fn policies() -> impl Strategy<Value = CliticPolicy> {
    prop::sample::select(&[CliticPolicy::Peel, CliticPolicy::Keep, CliticPolicy::Either][..])
}

pub(crate) fn vocabulary(text: &Text) -> Vocabulary {
    let mut vocabulary = Vocabulary::new();
    vocabulary.add(text);
    vocabulary
}

/// The label of which a finding is told: a relation is told with the label where it starts.
fn teller(finding: &Finding, layer: &Layer) -> AnnotationId {
    match &finding.about {
        About::Annotation(id) => id.clone(),
        About::Relation(id) => layer.relation(id).expect("it is there").from.clone(),
    }
}

pub(crate) fn session(layer: &Layer, schema: &Schema) -> Session {
    let mut project = Project::new("p");
    project.schema = Arc::new(schema.clone());
    project.documents.insert("d".into(), Document::new("d".into(), "عنوان", ARTICLE).into());
    project.layers.insert(key(), layer.clone());
    Session::open(project, key(), History::default(), 0).expect("the document is there")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_near_is_what_all_says_of_it(layer in layers(), clitics in policies(), from in 0..2400_u32, length in 1..400_u32) {
        let (text, schema) = (Text::new(ARTICLE), strict(clitics));
        let vocabulary = vocabulary(&text);
        let checker = Checker { text: &text, layer: &layer, schema: &schema, vocabulary: &vocabulary };
        let all = checker.all();
        let window = Span::try_new(Offset::new(from), Offset::new(from + length)).expect("not empty");
        let is_near = |finding: &&Finding| layer.get(&teller(finding, &layer)).expect("it is there").extent.hull().overlaps(window);
        prop_assert_eq!(checker.near(window), all.iter().filter(is_near).cloned().collect::<Vec<_>>());
    }

    #[test]
    fn a_change_is_felt_within_its_reach(layer in layers(), clitics in policies(), which in any::<prop::sample::Index>(), label in 0..3_usize, by in 0..9_u32) {
        let (text, schema) = (Text::new(ARTICLE), strict(clitics));
        let vocabulary = vocabulary(&text);
        let before = Checker { text: &text, layer: &layer, schema: &schema, vocabulary: &vocabulary };
        let changed = layer.nth(which.index(layer.len())).expect("a rank").clone();
        let hull = changed.extent.hull();
        let end = Span::try_new(hull.start(), hull.end().plus(by).min(text.len())).expect("not empty");
        let after: Vec<_> = layer.iter().map(|annotation| {
            let mut annotation = (**annotation).clone();
            if annotation.id == changed.id {
                annotation.extent = end.into();
                annotation.label = LABELS[label].into();
            }
            annotation
        }).collect();
        let after = Layer::from_records(Status::InProgress, after, layer.relations().map(|relation| (**relation).clone()).collect::<Vec<_>>());
        let tied: Vec<AnnotationId> = layer.relations_of(&changed.id).flat_map(|relation| [relation.from.clone(), relation.to.clone()]).collect();
        let reach = before.reach(hull.hull(end));
        let far = |findings: Vec<Finding>, layer: &Layer| -> Vec<Finding> {
            let is_far = |finding: &Finding| {
                let teller = teller(finding, layer);
                !tied.contains(&teller) && !layer.get(&teller).expect("it is there").extent.hull().overlaps(reach)
            };
            findings.into_iter().filter(is_far).collect()
        };
        let now = Checker { layer: &after, ..before };
        prop_assert_eq!(far(before.all(), &layer), far(now.all(), &after));
    }

    #[test]
    fn what_mends_mends_and_comes_to_an_end(layer in layers(), clitics in policies()) {
        let (text, schema) = (Text::new(ARTICLE), strict(clitics));
        let vocabulary = vocabulary(&text);
        let mut session = session(&layer, &schema);
        let mut refused: Vec<Finding> = Vec::new();
        let mut steps = 0;
        loop {
            let checker = Checker { text: &text, layer: session.layer(), schema: &schema, vocabulary: &vocabulary };
            let all = checker.all();
            let Some(finding) = all.into_iter().find(|finding| finding.fix.is_some() && !refused.contains(finding)) else { break };
            let command = finding.command(|| format!("new{steps}").into()).expect("it can be mended");
            match session.run(command) {
                Ok(_) => {}
                // Another label is there already, or an edge was cut into a grapheme before.
                Err(Refusal::Duplicate(_) | Refusal::CutsCharacter(_)) => {
                    refused.push(finding);
                    continue;
                }
                Err(refusal) => return Err(TestCaseError::fail(format!("{refusal:?} for {finding:?}"))),
            }
            let after = Checker { layer: session.layer(), ..Checker { text: &text, layer: &layer, schema: &schema, vocabulary: &vocabulary } };
            let about = session.layer().get(&teller(&finding, session.layer())).expect("a fix takes nothing away");
            prop_assert!(!after.of(about).contains(&finding), "not mended: {finding:?}");
            steps += 1;
            prop_assert!(steps < 6 * layer.len(), "mending goes on for ever: {finding:?}");
        }
    }
}

#[test]
fn a_source_far_before_its_claim_is_within_reach() {
    let between = "ثم ".repeat(300);
    let source = format!("قال <a>الوزير</a> {between}إن <c:Claim>مصر ترفض</c>");
    let tagged = super::tagged::Tagged::parse(&source);
    let text = Text::new(tagged.text.as_str());
    let layer = Layer::from_records(Status::InProgress, tagged.annotations.clone(), []);
    let (schema, vocabulary) = (strict(CliticPolicy::Peel), Vocabulary::new());
    let checker = Checker { text: &text, layer: &layer, schema: &schema, vocabulary: &vocabulary };
    let hull = |id: &str| layer.get(&id.into()).expect("it is tagged").extent.hull();
    assert!(checker.all().iter().any(|finding| finding.others == ["a".into()]), "the claim has a likely source");
    assert!(checker.reach(hull("a")).overlaps(hull("c")));
}

const FEW: u32 = 800;
const MANY: u32 = 6_400;

/// Labels on names that come again and again, and claims over them without a source: every check has work to do.
fn crowd(labels: u32) -> (Text, Layer) {
    const LINE: &str = "قالت مصر إن «باكو» ترفض وأذربيجان لا، ";
    let mut text = String::new();
    let mut annotations = Vec::new();
    let line = u32::try_from(LINE.chars().count()).expect("a short line");
    let mut add = |kind: &str, number: u32, start: u32, end: u32| {
        let at = number * line;
        let span = Span::try_new(Offset::new(at + start), Offset::new(at + end)).expect("not empty");
        annotations.push(Annotation::new(format!("{kind}{number}").into(), span, kind.into()));
    };
    for number in 0..labels / 4 {
        write!(text, "{LINE}").expect("memory");
        if number % 20 == 19 {
            text.pop();
            text.push('\n');
        }
        add("Actor", number, 5, 8);
        add(if number % 3 == 0 { "Location" } else { "Actor" }, number + labels, 13, 17);
        add("Claim", number, 12, 23);
        add("Location", number, 24, 33);
    }
    // The names of the second column were numbered past the others; they stand in the same lines.
    let annotations = annotations.into_iter().map(|mut annotation| {
        let hull = annotation.extent.hull();
        let back = labels * line;
        if hull.start().get() >= back {
            annotation.extent = Span::try_new(hull.start().minus(back), hull.end().minus(back)).expect("not empty").into();
        }
        annotation
    });
    (Text::new(text), Layer::from_records(Status::InProgress, annotations.collect::<Vec<_>>(), []))
}

fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed().max(Duration::from_nanos(1))
}

/// The least of several tries, the small and the large by turns, so that what else the machine does is felt by both.
fn least(mut small: impl FnMut(), mut large: impl FnMut()) -> f64 {
    let tries: Vec<_> = (0..7).map(|_| (time(&mut small), time(&mut large))).collect();
    let least = |of: fn(&(Duration, Duration)) -> Duration| tries.iter().map(of).min().unwrap_or_default().as_secs_f64();
    least(|both| both.1) / least(|both| both.0)
}

#[test]
fn all_grows_as_the_layer_does_and_near_does_not_grow() {
    let schema = strict(CliticPolicy::Peel);
    let (few, many) = (crowd(FEW), crowd(MANY));
    let words = vocabulary(&many.0);
    let checker = |(text, layer): &(Text, Layer), run: &dyn Fn(&Checker)| run(&Checker { text, layer, schema: &schema, vocabulary: &words });
    checker(&many, &|checker| assert!(checker.all().len() > checker.layer.len() / 4, "there is work to do"));
    let all = |checker: &Checker| drop(black_box(checker.all()));
    let near = |checker: &Checker| {
        let middle = Offset::new(checker.text.len().get() / 2);
        let window = Span::try_new(middle, middle.plus(2_000)).expect("not empty");
        drop(black_box(checker.near(window)));
    };
    let all = least(|| checker(&few, &all), || checker(&many, &all));
    let near = least(|| checker(&few, &near), || checker(&many, &near));
    // Eight times as many labels: sixty-four times, were each compared with each.
    assert!(all < 24.0, "all: {all:.1} times");
    assert!(near < 3.0, "near: {near:.1} times");
}
