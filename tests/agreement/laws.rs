//! Laws, tried at random: what must not matter does not, and what is the same is the same.

use super::figures;
use proptest::prelude::*;
use wusum::agreement::{Agreement, Options};
use wusum::annotation::Annotation;
use wusum::layer::{Layer, Status};
use wusum::project::{Document, LayerKey, Project};
use wusum::span::{Extent, Span};
use wusum::text::Offset;

const TEXT: &str = "قال الرئيس المصري، أمس، إن «باكو وأرمينيا» لا تريدان الحرب. ورفضت حكومتهم ذلك (بشدة) في القاهرة.\nوبعد ظهر الجمعة أعلن الوزير أن مباحثات تجري الآن.";
const LABELS: [&str; 3] = ["Actor", "Claim", "Location"];

/// Start, length and label of each.
type Spans = Vec<(u32, u32, usize)>;

fn spans() -> impl Strategy<Value = Spans> {
    prop::collection::vec((0_u32..130, prop_oneof![1_u32..9, 1_u32..40], 0_usize..3), 0..9)
}

fn layer(spans: &Spans, names: [&str; 3]) -> Layer {
    let length = TEXT.chars().count() as u32;
    let annotations = spans.iter().enumerate().map(|(at, (start, long, label))| {
        let span = Span::try_new(Offset::new(*start), Offset::new((start + long).min(length))).expect("it is not empty");
        // Some are in pieces: without a character in their middle.
        let middle = span.start().plus(span.len() / 2);
        let pieces = [Span::try_new(span.start(), middle), Span::try_new(middle.plus(1), span.end())];
        let extent = Extent::union(pieces.into_iter().flatten()).filter(|_| long % 5 == 4).unwrap_or_else(|| span.into());
        Annotation::new(format!("s{at}").into(), extent, names[*label].into())
    });
    Layer::from_records(Status::Done, annotations.collect::<Vec<_>>(), [])
}

fn project(layers: &[(&str, &Spans)], names: [&str; 3]) -> Project {
    let mut project = Project::new("p");
    let document = Document::new("d".into(), "d", TEXT);
    project.documents.insert("d".into(), document.into());
    for (annotator, spans) in layers {
        project.layers.insert(LayerKey { document: "d".into(), annotator: (*annotator).into() }, layer(spans, names));
    }
    project
}

fn of(layers: &[(&str, &Spans)]) -> Agreement {
    figures(&project(layers, LABELS), &Options::default())
}

fn figure(found: &Agreement, name: &str) -> Option<f64> {
    let figure = found.table.pairs[0].figures.get(name).or_else(|| found.table.whole.get(name));
    figure.unwrap_or_else(|| panic!("no {name}")).ok()
}

const SYMMETRIC: [&str; 12] = [
    "observed.flat",
    "cohen_kappa.flat",
    "token_f1",
    "span_f1.exact",
    "span_f1.boundary",
    "span_f1.label",
    "span_f1.partial",
    "span_f1.clitic",
    "fleiss_kappa.flat",
    "krippendorff_alpha.flat",
    "alpha_u",
    "gamma",
];

fn is_near(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() < 1e-9,
        (a, b) => a == b,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn who_is_called_what_does_not_matter(a in spans(), b in spans()) {
        let (one, other) = (of(&[("a", &a), ("b", &b)]), of(&[("a", &b), ("b", &a)]));
        for name in SYMMETRIC {
            prop_assert!(is_near(figure(&one, name), figure(&other, name)), "{} {:?} {:?}", name, figure(&one, name), figure(&other, name));
        }
        for measure in ["exact", "boundary", "label", "partial", "clitic"] {
            let (precision, recall) = (format!("span_precision.{measure}"), format!("span_recall.{measure}"));
            prop_assert!(is_near(figure(&one, &precision), figure(&other, &recall)));
        }
    }

    #[test]
    fn a_looser_measure_is_never_less(a in spans(), b in spans()) {
        let found = of(&[("a", &a), ("b", &b)]);
        let by = |measure: &str| figure(&found, &format!("span_f1.{measure}")).unwrap_or(0.0) + 1e-9;
        prop_assert!(by("boundary") >= by("exact") - 1e-9);
        prop_assert!(by("clitic") >= by("exact") - 1e-9);
        prop_assert!(by("partial") >= by("exact") - 1e-9);
        prop_assert!(by("label") >= by("clitic") - 1e-9);
        prop_assert!(by("label") >= by("partial") - 1e-9);
    }

    #[test]
    fn the_same_is_one(a in spans()) {
        let found = of(&[("a", &a), ("b", &a), ("c", &a)]);
        for name in SYMMETRIC {
            let figure = figure(&found, name);
            prop_assert!(figure.is_none_or(|figure| (figure - 1.0).abs() < 1e-9), "{} {:?}", name, figure);
        }
        prop_assert_eq!(figure(&found, "span_f1.exact").is_some(), !a.is_empty());
    }

    #[test]
    fn figures_are_in_their_bounds(a in spans(), b in spans(), c in spans()) {
        let found = of(&[("a", &a), ("b", &b), ("c", &c)]);
        let all = found.table.pairs.iter().map(|pair| &pair.figures).chain([&found.table.mean, &found.table.whole]);
        for (path, figure) in all.flat_map(|figures| &figures.entries) {
            if let Ok(figure) = figure {
                prop_assert!(figure.is_finite() && *figure <= 1.0 + 1e-9, "{:?} {}", path, figure);
                let is_share = ["observed", "token_", "span_", "relation_"].iter().any(|start| path[0].starts_with(start));
                prop_assert!(!is_share || *figure >= 0.0, "{:?} {}", path, figure);
            }
        }
    }

    #[test]
    fn the_names_of_labels_do_not_matter_but_for_ties(a in spans(), b in spans()) {
        // Another order of names; flat figures may then differ, for labels as long as one another go by name.
        let renamed = figures(&project(&[("a", &a), ("b", &b)], ["ي", "ب", "flat"]), &Options::default());
        let found = of(&[("a", &a), ("b", &b)]);
        for name in ["span_f1.exact", "span_f1.boundary", "span_f1.label", "span_f1.partial", "span_f1.clitic", "alpha_u"] {
            prop_assert!(is_near(figure(&found, name), figure(&renamed, name)), "{}", name);
        }
        for (label, other) in LABELS.into_iter().zip(["ي", "ب", "label:flat"]) {
            for group in ["cohen_kappa", "krippendorff_alpha", "fleiss_kappa"] {
                let of = |found: &Agreement, label: &str| {
                    let name = format!("{group}.{label}");
                    found.table.pairs[0].figures.get(&name).or_else(|| found.table.whole.get(&name)).and_then(Result::ok)
                };
                prop_assert!(is_near(of(&found, label), of(&renamed, other)), "{} {}", group, label);
            }
        }
    }

    #[test]
    fn three_agree_as_the_mean_of_their_pairs_do(a in spans(), b in spans(), c in spans()) {
        let found = of(&[("a", &a), ("b", &b), ("c", &c)]);
        let pairs: Vec<f64> = found.table.pairs.iter().filter_map(|pair| pair.figures.get("observed.flat")?.ok()).collect();
        prop_assert_eq!(pairs.len(), 3);
        prop_assert!((found.table.mean.get("observed.flat").unwrap().unwrap() - pairs.iter().sum::<f64>() / 3.0).abs() < 1e-9);
    }
}

#[test]
fn labels_at_random_agree_as_chance_does() {
    // Many documents, each token labelled or not by a coin: what is corrected for chance is about 0.
    let mut random = wusum::random::SplitMix64::new(11);
    let mut all = Project::new("p");
    for number in 0..40 {
        let text = "باكو ".repeat(200) + &number.to_string();
        let id = format!("d{number}");
        all.documents.insert(id.as_str().into(), Document::new(id.as_str().into(), "d", text).into());
        for name in ["a", "b", "c"] {
            let mut labels = Vec::new();
            for word in 0..200 {
                if random.below(3) == 0 {
                    let span = Span::try_new(Offset::new(word * 5), Offset::new(word * 5 + 4)).expect("it is not empty");
                    labels.push(Annotation::new(format!("s{word}").into(), span, LABELS[random.below(3) as usize].into()));
                }
            }
            let key = LayerKey { document: id.as_str().into(), annotator: name.into() };
            all.layers.insert(key, Layer::from_records(Status::Done, labels, []));
        }
    }
    let found = figures(&all, &Options { bootstrap: 50, ..Options::default() });
    for name in ["cohen_kappa.flat", "cohen_kappa.Actor", "fleiss_kappa.flat", "krippendorff_alpha.flat", "krippendorff_alpha.Claim"] {
        let figure = figure(&found, name).expect("it is defined");
        assert!(figure.abs() < 0.03, "{name} {figure}");
    }
}
