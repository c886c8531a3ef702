//! Work grows with the number of labels, not with its square: counted in steps, not in time.

use super::figures;
use wusum::agreement::tally::Tally;
use wusum::agreement::{Corpus, Options, Undefined};
use wusum::annotation::Annotation;
use wusum::layer::{Layer, Status};
use wusum::project::{Document, LayerKey, Project};
use wusum::span::Span;
use wusum::text::Offset;

/// Two people's labels: a hundred characters each with one of the labels, the second one's a word later now and then, and a
/// claim over each tenth stretch.
fn work(labels: u32) -> Project {
    let stretch = "قال الوزير أمس إن باكو لا تريد الحرب، ورفضت حكومتهم ذلك في القاهرة وبعد ظهر الجمعة أعلن ذلك كله الآن.\n";
    let long = stretch.chars().count() as u32;
    let mut project = Project::new("p");
    project.documents.insert("d".into(), Document::new("d".into(), "d", stretch.repeat(labels as usize)).into());
    for (name, by) in [("a", 0), ("b", 1)] {
        let mut all = Vec::new();
        for number in 0..labels {
            let span =
                |start: u32, end: u32| Span::try_new(Offset::new(number * long + start), Offset::new(number * long + end)).expect("it is not empty");
            let shift = if number % 7 == 0 { by * 7 } else { 0 };
            let label = ["Actor", "Location", "Person"][number as usize % 3];
            all.push(Annotation::new(format!("s{number}").into(), span(4 + shift, 10 + shift), label.into()));
            if number % 10 == 0 {
                all.push(Annotation::new(format!("c{number}").into(), span(0, long * (2 + by)), "Claim".into()));
            }
        }
        all.retain(|label| label.extent.hull().end().get() <= labels * long);
        project.layers.insert(LayerKey { document: "d".into(), annotator: name.into() }, Layer::from_records(Status::Done, all, []));
    }
    project
}

fn steps(project: &Project) -> u64 {
    let corpus = Corpus::of(project, &Options::default());
    let (tally, _) = Tally::of(&corpus, &corpus.documents[0]);
    assert!(!tally.pairs[0].is_too_large);
    tally.pairs[0].steps
}

#[test]
fn twice_the_labels_are_twice_the_work() {
    let (few, many) = (steps(&work(1_000)), steps(&work(2_000)));
    assert!(few > 1_000 && many < few * 9 / 4, "{few} steps, then {many}");
}

#[test]
fn labels_that_all_lie_on_one_another_are_given_up_or_done() {
    // Each over all that follow: every one of a touches every one of b.
    let nested = |labels: u32| {
        let mut project = Project::new("p");
        project.documents.insert("d".into(), Document::new("d".into(), "d", "م ".repeat(labels as usize)).into());
        for name in ["a", "b"] {
            let label = |number: u32| {
                let span = Span::try_new(Offset::new(number), Offset::new(labels * 2 - number)).expect("it is not empty");
                Annotation::new(format!("s{number}").into(), span, "Claim".into())
            };
            let layer = Layer::from_records(Status::Done, (0..labels).map(label).collect::<Vec<_>>(), []);
            project.layers.insert(LayerKey { document: "d".into(), annotator: name.into() }, layer);
        }
        project
    };
    let small = figures(&nested(60), &Options::default());
    assert_eq!(small.table.pairs[0].figures.get("span_f1.partial"), Some(Ok(1.0)));
    let large = figures(&nested(8_000), &Options::default());
    assert_eq!(large.table.pairs[0].figures.get("span_f1.partial"), Some(Err(Undefined::TooLarge)));
    assert_eq!(large.table.pairs[0].figures.get("span_f1.exact"), Some(Ok(1.0)));
    assert_eq!(large.table.whole.get("gamma"), Some(Err(Undefined::TooLarge)));
}

#[test]
fn gamma_is_left_out_where_it_takes_long() {
    let large = figures(&work(7_000), &Options::default());
    assert_eq!((large.table.whole.get("gamma"), &large.table.gamma_disorder), (Some(Err(Undefined::TooLarge)), &None));
    assert!(large.table.whole.get("alpha_u").is_some_and(|alpha| alpha.is_ok()));
    let small = figures(&work(200), &Options::default()).table.whole.get("gamma").expect("there is one");
    assert!(small.is_ok_and(|gamma| gamma > 0.5 && gamma < 1.0), "{small:?}");
}
