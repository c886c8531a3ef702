//! The report as the screen shows it, its plots, and the passages behind its numbers.

use super::cells::{Band, bands, cells, edges};
use super::told::{COURSE, find};
use super::{AgreeAsked, AgreeTold, BehindAsked, BehindTold, agree, drawn};
use crate::agreement::Cell;
use crate::agreement::passages::Which;
use crate::exchange::{Asked, Looks, Records, Task, run};
use crate::id::{Annotator, LabelId};
use crate::persist::{Keyspace, Write};
use crate::training::given;
use serde_json::json;

const A: &[u8] = include_bytes!("../../../tests/data/article.a.jsonl");
const B: &[u8] = include_bytes!("../../../tests/data/article.b.jsonl");

fn keys() -> Keyspace {
    Keyspace::new("p")
}

/// What the stores hold after these files came in one after another.
fn records(files: &[&[u8]]) -> Records {
    let mut records = Records::default();
    for (now, file) in (1..).zip(files) {
        let task = Task::Import(Asked { annotator: "me".into(), now, open: None, by_file: false, looks: None });
        let answer = run(&keys(), task, records.clone(), &[("file.jsonl".to_owned(), file.to_vec())], &mut |_, _| {});
        records.pending.extend(answer.writes.iter().map(|write| match write {
            Write::Set(key, value) => (keys().write(key), Some(value.clone())),
            Write::Remove(key) => (keys().write(key), None),
        }));
        records.settle();
    }
    records
}

fn told(records: &Records, asked: &AgreeAsked) -> AgreeTold {
    let answer = agree(&keys(), records.clone(), asked, &mut |_, _| {});
    crate::json::parse(&answer.agreement.expect("an answer")).expect("a report")
}

fn behind(records: &Records, behind: BehindAsked) -> BehindTold {
    let answer = agree(&keys(), records.clone(), &AgreeAsked { behind: Some(behind), ..AgreeAsked::default() }, &mut |_, _| {});
    crate::json::parse(&answer.agreement.expect("an answer")).expect("passages")
}

fn people() -> Option<(Annotator, Annotator)> {
    Some(("a".into(), "b".into()))
}

/// Labels on words.
type Labels<'a> = &'a [(&'a str, &'a str)];
/// Who, how far it is, and the labels.
type Layers<'a> = &'a [(&'a str, &'a str, Labels<'a>)];

/// Documents with their texts and layers.
fn project(documents: &[(&str, &str, Layers)]) -> Vec<u8> {
    let mut lines = vec![json!({ "wusum": 1, "kind": "project", "name": "news", "offsets": "code-points" })];
    for (id, text, layers) in documents {
        lines.push(json!({ "kind": "document", "id": id, "title": format!("title of {id}"), "text": text }));
        for (who, status, labels) in *layers {
            let span = |(at, (label, words)): (usize, &(&str, &str))| {
                let start = text[..text.find(words).expect("the words are there")].chars().count();
                json!({ "id": format!("s{at}"), "start": start, "end": start + words.chars().count(), "label": label, "text": words })
            };
            let spans: Vec<_> = labels.iter().enumerate().map(span).collect();
            lines.push(json!({ "kind": "layer", "document": id, "annotator": who, "status": status, "spans": spans }));
        }
    }
    lines.iter().map(|line| format!("{line}\n")).collect::<String>().into_bytes()
}

const SAID: &str = "قال وزير الخارجية إن مصر ترفض";

#[test]
fn the_figures_of_the_article_are_told_with_their_counts() {
    let told = told(&records(&[A, B]), &AgreeAsked::default());
    assert_eq!((told.documents, told.annotators.len(), told.pairs.len(), told.reason.as_deref()), (1, 2, 1, Some("one-document")));
    let close = |name: &str, wanted: f64| {
        let value = find(&told.pairs[0].figures, name).or_else(|| told.figure(name)).and_then(|figure| figure.value).expect("a number");
        assert!((value - wanted).abs() < 5e-4, "{name}: {value}");
    };
    close("cohen_kappa.flat", 0.729);
    close("token_f1", 0.802);
    close("span_f1.exact", 0.657);
    close("span_f1.clitic", 0.714);
    close("alpha_u", 0.709);
    close("gamma", 0.812);
    assert_eq!(told.course.len(), 1);
    assert_eq!(told.course[0].at, 2, "when the later file came in");
    let place = COURSE.iter().position(|name| *name == "gamma").expect("it is told");
    assert_eq!(told.course[0].values[place], told.figure("gamma").and_then(|gamma| gamma.value));
    assert!(told.csv.starts_with("of,a,b,documents,figure,value,low,high,reason\npair,a,b,1,observed.flat,0."), "{}", told.csv);
    assert!(told.csv.contains("\nall,,,1,gamma,0.8"), "{}", told.csv);
}

#[test]
fn every_figure_leads_to_passages() {
    let records = records(&[A, B]);
    let told = told(&records, &AgreeAsked::default());
    let pair = &told.pairs[0];
    for figure in pair.figures.iter().chain(&told.mean).chain(&told.whole) {
        let cells = cells(&figure.name, Some(pair), &told.labels);
        assert!(!cells.is_empty() || figure.reason.as_deref() == Some("no-attributes"), "{}", figure.name);
    }
    // 2 · matched / (2 · matched + what only one has) is F1.
    for (figure, label) in [("span_f1.exact", None), ("span_f1.clitic", None), ("span_f1_by_label.Claim.label", Some("Claim"))] {
        let cells = cells(figure, Some(pair), &told.labels);
        assert!(cells.iter().all(|cell| matches!(cell, Cell::Spans { label: of, .. } if of.as_ref().map(LabelId::as_str) == label)));
        let found = behind(&records, BehindAsked { people: people(), cells, at: 0, from: 0 });
        let [only_a, only_b, matched] = found.counts[..] else { panic!("{:?}", found.counts) };
        let f1 = 2.0 * matched as f64 / (2 * matched + only_a + only_b) as f64;
        let wanted = find(&pair.figures, figure).and_then(|figure| figure.value).expect("a number");
        assert!((f1 - wanted).abs() < 1e-12, "{figure}: {f1}, {wanted}");
    }
}

#[test]
fn passages_are_told_in_words_a_page_at_a_time() {
    let records = records(&[A, B]);
    let cells = vec![Cell::Spans { measure: "exact".to_owned(), side: Which::OnlyA, label: None }];
    let all = behind(&records, BehindAsked { people: people(), cells: cells.clone(), at: 0, from: 0 });
    assert_eq!(all.counts, [all.passages.len()]);
    let first = &all.passages[0];
    assert_eq!((first.document.as_str(), first.b.is_none()), ("article", true));
    let label = first.a.as_ref().expect("her label");
    assert_eq!(label.quote.as_deref(), Some(first.quote.as_str()));
    let rest = behind(&records, BehindAsked { people: people(), cells, at: 0, from: 1 });
    assert_eq!(rest.passages, all.passages[1..]);
    assert_eq!(behind(&records, BehindAsked::default()), BehindTold::default());
}

#[test]
fn tokens_of_a_label_are_found_on_whoever_they_are() {
    let file =
        project(&[("d", SAID, &[("a", "done", &[("Actor", "وزير الخارجية")]), ("b", "done", &[("Actor", "الخارجية"), ("Claim", "مصر ترفض")])])]);
    let records = records(&[&file]);
    let told = told(&records, &AgreeAsked::default());
    let found =
        behind(&records, BehindAsked { people: people(), cells: cells("cohen_kappa.Actor", Some(&told.pairs[0]), &told.labels), at: 0, from: 0 });
    assert_eq!(found.counts, [1, 0, 1]);
    let passage = &found.passages[0];
    assert_eq!((passage.quote.as_str(), passage.before.as_str(), passage.after.as_str()), ("وزير", "قال ", " الخارجية إن مصر ترفض"));
    assert_eq!((passage.a.as_ref().map(|said| said.label.as_str()), &passage.b), (Some("Actor"), &None));
    // Disagreements come first, and what nobody labelled last.
    let flat = cells("cohen_kappa.flat", Some(&told.pairs[0]), &told.labels);
    assert_eq!(flat.first(), Some(&Cell::Tokens { a: None, b: Some("Claim".into()) }));
    assert_eq!(flat.last(), Some(&Cell::Tokens { a: None, b: None }));
    assert_eq!(cells("token_f1", None, &told.labels).len(), 8, "of three labels and none, all but none at all");
    assert!(!cells("token_f1", Some(&told.pairs[0]), &told.labels).contains(&Cell::Tokens { a: None, b: None }));
}

#[test]
fn gold_is_no_opinion_beside_others_but_can_be_the_reference() {
    let label: Labels = &[("Actor", "وزير الخارجية")];
    let file = project(&[("d", SAID, &[("a", "done", label), ("b", "done", label), ("gold", "done", &[])])]);
    let records = records(&[&file]);
    let plain = told(&records, &AgreeAsked::default());
    assert_eq!(plain.annotators, ["a".into(), "b".into()]);
    assert_eq!(plain.stock.people.len(), 3, "it can be chosen");
    let by_gold = told(&records, &AgreeAsked { gold: Some("gold".into()), ..AgreeAsked::default() });
    let pairs: Vec<_> = by_gold.pairs.iter().map(|pair| (pair.a.as_str(), pair.b.as_str())).collect();
    assert_eq!(pairs, [("gold", "a"), ("gold", "b")]);
    let mut asked = AgreeAsked { gold: Some("gold".into()), ..AgreeAsked::default() };
    asked.choice.annotators = Some(["b".into()].into());
    assert_eq!(told(&records, &asked).annotators, ["b".into(), "gold".into()], "the reference is always there");
}

fn looks(own: &str, is_blind: bool) -> Option<Looks> {
    Some(Looks { own: own.into(), is_blind })
}

#[test]
fn who_is_tested_sees_no_figures_against_the_gold_before_their_work_is_done() {
    let label: Labels = &[("Actor", "وزير الخارجية")];
    let given = given(&"هدى".into(), true, 5);
    let mut remark = json!(given.says);
    remark["id"] = given.id.as_str().into();
    let test = |status| {
        let file = project(&[("d", SAID, &[("gold", "done", label), ("me", status, label)])]);
        let lines = String::from_utf8(file).expect("text");
        let mark = |line: &str| {
            let mut line: serde_json::Value = serde_json::from_str(line).expect("a line");
            if line["annotator"] == "gold" {
                line["remarks"] = json!([remark.clone()]);
            }
            format!("{line}\n")
        };
        records(&[lines.lines().map(mark).collect::<String>().as_bytes()])
    };
    let asked = |own| AgreeAsked { gold: Some("gold".into()), looks: looks(own, false), ..AgreeAsked::default() };
    let hidden = |records: &Records, own| {
        let told = told(records, &asked(own));
        (told.documents, told.stock.hidden)
    };
    assert_eq!(hidden(&test("in-progress"), "me"), (0, 1));
    assert_eq!(hidden(&test("in-progress"), "هدى"), (1, 0), "who gave it sees all");
    assert_eq!(hidden(&test("done"), "me"), (1, 0));
}

#[test]
fn others_work_is_hidden_until_ones_own_is_done() {
    let label: Labels = &[("Actor", "وزير الخارجية")];
    let layers = |status| [("a", "done", label), ("b", "done", label), ("me", status, label)];
    let other = format!("{SAID} ذلك");
    let file = project(&[("d", SAID, &layers("in-progress")), ("e", &other, &layers("done"))]);
    let records = records(&[&file]);
    let blind = told(&records, &AgreeAsked { looks: looks("me", true), ..AgreeAsked::default() });
    assert_eq!((blind.documents, blind.stock.hidden, blind.stock.shared), (1, 1, 1));
    assert_eq!(blind.course[0].document.as_str(), "e");
    let seen = told(&records, &AgreeAsked::default());
    assert_eq!((seen.documents, seen.stock.hidden), (2, 0));
}

#[test]
fn documents_stand_in_the_order_in_which_work_on_them_ended() {
    let label: Labels = &[("Actor", "وزير الخارجية")];
    let other = format!("{SAID} ذلك");
    let first = project(&[("z", SAID, &[("a", "done", label), ("b", "done", label)]), ("y", &other, &[("a", "done", label)])]);
    let second = project(&[("y", &other, &[("b", "done", label)])]);
    let told = told(&records(&[&first, &second]), &AgreeAsked::default());
    let course: Vec<_> = told.course.iter().map(|step| (step.document.as_str(), step.at)).collect();
    assert_eq!(course, [("z", 1), ("y", 2)]);
    let drawn = drawn::course(&told, "span_f1.exact", "F1".to_owned(), ["document", "at", "F1"].map(str::to_owned));
    assert_eq!(drawn.steps, [("title of z".to_owned(), 1, Some(1.0)), ("title of y".to_owned(), 2, Some(1.0))]);
}

#[test]
fn plots_have_the_numbers_of_the_report() {
    let told = told(&records(&[A, B]), &AgreeAsked::default());
    let written = drawn::Written {
        label: &|label| label.map_or_else(|| "none".to_owned(), ToString::to_string),
        figure: &|figure| format!("{figure:.2}"),
        count: &|count| count.to_string(),
    };
    let pairs = drawn::pairs(&told, "span_f1.exact", "F1".to_owned(), String::new(), &written);
    let (own, other) = (&pairs.rows[0].1[0], &pairs.rows[0].1[1]);
    assert_eq!((own.value, own.said.as_str(), other.said.as_str(), &pairs.rows[1].1[0]), (None, "—", "0.66", other));
    let confusion = drawn::confusion(&told.pairs[0], &told.labels, String::new(), String::new(), &written);
    assert_eq!(confusion.columns, ["none", "Actor", "Claim", "Location"]);
    let counts: Vec<Vec<u64>> = confusion.rows.iter().map(|(_, row)| row.iter().filter_map(|square| square.said.parse().ok()).collect()).collect();
    assert_eq!(counts, told.pairs[0].confusion);
    let shades = || confusion.rows.iter().flat_map(|(_, row)| row).map(|square| square.shade);
    assert!(confusion.rows[0].1[0].shade == 0.0 && shades().any(|shade| shade == 1.0) && shades().all(|shade| (0.0..=1.0).contains(&shade)));
    let plot = drawn::edges(&told.pairs[0].starts, String::new(), String::new(), &|band| band.low.to_string());
    let all: usize = plot.bars.iter().flat_map(|(_, counts)| counts).sum();
    assert_eq!(all as u64, told.pairs[0].starts.iter().map(|(_, count)| count).sum::<u64>());
}

#[test]
fn differences_far_off_stand_together() {
    let differences = [(-40, 1), (-7, 2), (-1, 3), (0, 9), (6, 1)];
    let found = bands(&differences);
    let band = |low, high, count| Band { low, high, count };
    assert_eq!(found.first(), Some(&band(-40, -6, 3)));
    assert_eq!(found.last(), Some(&band(6, 6, 1)));
    assert_eq!((found.len(), found[6]), (13, band(0, 0, 9)));
    let cells = edges(&differences, &found[0], true);
    assert_eq!(cells, [Cell::Edge { is_start: true, by: -40 }, Cell::Edge { is_start: true, by: -7 }]);
    assert_eq!(bands(&[(0, 4), (2, 1)]).len(), 5, "as far before as after");
    assert_eq!(bands(&[]), [band(0, 0, 0)]);
}
