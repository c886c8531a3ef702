//! What figures are called and what they mean, and numbers as the language writes them.

use super::model::Model;
use crate::desk::parts::label_name;
use crate::exchange::agree::cells::label_of;
use crate::exchange::agree::{AgreeTold, FigureTold};
use crate::id::LabelId;
use crate::web::words::{Language, Words};

/// The measures of spans, and of relations.
const SPANS: [&str; 5] = ["exact", "boundary", "label", "partial", "clitic"];
const RELATIONS: [&str; 3] = ["exact", "label", "clitic"];

/// Figures that mean the same, with one sentence that says what.
pub struct Group {
    /// What they are called.
    pub title: String,
    /// What they mean, and who said so.
    pub what: String,
    /// Each of them.
    pub rows: Vec<Row>,
}

/// A figure of a group.
pub struct Row {
    /// Its name.
    pub figure: String,
    /// What it is called in its group.
    pub said: String,
    /// The label that it is about.
    pub label: Option<LabelId>,
    /// What it means, where that is more than the group says.
    pub what: Option<String>,
}

/// A number with so many digits after the point, as the language writes it.
pub fn decimal(words: &Words, value: f64, digits: usize) -> String {
    let written = format!("{value:.digits$}");
    // What rounds to nothing has no sign.
    let (sign, written) = match written.strip_prefix('-') {
        Some(rest) if rest.contains(|digit: char| ('1'..='9').contains(&digit)) => ("\u{2212}", rest),
        Some(rest) => ("", rest),
        None => ("", written.as_str()),
    };
    match words.language() {
        Language::En => format!("{sign}{written}"),
        // The Arabic-Indic digits stand in the order of the ASCII ones; their decimal point is U+066B.
        Language::Ar => {
            let digit = |digit: char| match digit.to_digit(10) {
                Some(value) => char::from_u32(0x660 + value).unwrap_or(digit),
                None => '\u{66b}',
            };
            format!("{}{}", if sign.is_empty() { "" } else { "\u{61c}\u{2212}" }, written.chars().map(digit).collect::<String>())
        }
    }
}

/// Words for a file, where nothing keeps a name's direction apart.
pub fn plain(words: &str) -> String {
    words.replace(['\u{2068}', '\u{2069}'], "")
}

/// A figure.
pub fn number(words: &Words, value: f64) -> String {
    decimal(words, value, 3)
}

/// Why a figure is undefined.
pub fn reason(words: &Words, id: &str) -> String {
    words.get(match id {
        "one-annotator" => "desk.agree.reason.one-annotator",
        "no-common-document" => "desk.agree.reason.no-common-document",
        "no-labels" => "desk.agree.reason.no-labels",
        "no-relations" => "desk.agree.reason.no-relations",
        "no-attributes" => "desk.agree.reason.no-attributes",
        "no-variation" => "desk.agree.reason.no-variation",
        "one-document" => "desk.agree.reason.one-document",
        _ => "desk.agree.reason.too-large",
    })
}

/// A figure in words: the number with its interval, or why there is none.
pub fn figure_words(words: &Words, figure: &FigureTold) -> String {
    match (figure.value, figure.interval) {
        (Some(value), Some((low, high))) => words.with(
            "desk.agree.with-interval",
            &[("value", &number(words, value)), ("low", &decimal(words, low, 2)), ("high", &decimal(words, high, 2))],
        ),
        (Some(value), None) => number(words, value),
        (None, _) => reason(words, figure.reason.as_deref().unwrap_or_default()),
    }
}

/// A label, or no label.
pub fn label_words(model: &Model, words: &Words, label: Option<&LabelId>) -> String {
    label.map_or_else(|| words.get("desk.agree.no-label"), |label| label_name(words, &model.schema, label.as_str()))
}

fn span_name(words: &Words, measure: &str) -> String {
    words.get(match measure {
        "exact" => "desk.agree.span.exact",
        "boundary" => "desk.agree.span.boundary",
        "label" => "desk.agree.span.label",
        "partial" => "desk.agree.span.partial",
        _ => "desk.agree.span.clitic",
    })
}

fn span_what(words: &Words, measure: &str) -> String {
    words.get(match measure {
        "exact" => "desk.agree.span.exact.what",
        "boundary" => "desk.agree.span.boundary.what",
        "label" => "desk.agree.span.label.what",
        "partial" => "desk.agree.span.partial.what",
        _ => "desk.agree.span.clitic.what",
    })
}

/// What the group of a figure is called.
fn group_title(words: &Words, group: &str) -> String {
    words.get(match group {
        "observed" => "desk.agree.observed",
        "cohen_kappa" => "desk.agree.kappa",
        "fleiss_kappa" => "desk.agree.fleiss",
        "krippendorff_alpha" => "desk.agree.alpha",
        "alpha_u" | "alpha_u_by_label" => "desk.agree.alpha-u",
        "gamma" => "desk.agree.gamma",
        "token_f1" => "desk.agree.token",
        "span_f1" => "desk.agree.span",
        "span_f1_by_label" => "desk.agree.span.by-label",
        "relation_f1" => "desk.agree.relation",
        _ => "desk.agree.attribute",
    })
}

/// What a figure is called, in full.
pub fn title(model: &Model, words: &Words, figure: &str) -> String {
    let (group, rest) = figure.split_once('.').unwrap_or((figure, ""));
    let part = match group {
        "span_f1" | "relation_f1" => span_name(words, rest),
        "span_f1_by_label" => rest.rsplit_once('.').map_or_else(String::new, |(label, _)| label_words(model, words, Some(&label_of(label)))),
        "attribute_kappa" => attribute_name(model, words, rest),
        _ if rest.is_empty() || rest == "flat" => String::new(),
        "alpha_u_by_label" => label_words(model, words, Some(&LabelId::from(rest))),
        _ => label_words(model, words, Some(&label_of(rest))),
    };
    let group = group_title(words, group);
    if part.is_empty() { group } else { format!("{group} · \u{2068}{part}\u{2069}") }
}

/// The figures of pairs, in groups.
pub fn groups(model: &Model, told: &AgreeTold, words: &Words) -> Vec<Group> {
    let row = |figure: String, said: String| Row { figure, said, label: None, what: None };
    let keyed = |label: &LabelId| if label.as_str() == "flat" { "label:flat".to_owned() } else { label.to_string() };
    let labelled = |figure: String, label: &LabelId| Row { label: Some(label.clone()), ..row(figure, label_words(model, words, Some(label))) };
    let mut kappa = vec![row("cohen_kappa.flat".to_owned(), words.get("desk.agree.all-labels"))];
    kappa.extend(told.labels.iter().map(|label| labelled(format!("cohen_kappa.{}", keyed(label)), label)));
    let span = |measure: &str| Row { what: Some(span_what(words, measure)), ..row(format!("span_f1.{measure}"), span_name(words, measure)) };
    let by_label = told.labels.iter().map(|label| labelled(format!("span_f1_by_label.{}.exact", keyed(label)), label));
    let relations = RELATIONS.iter().map(|measure| row(format!("relation_f1.{measure}"), span_name(words, measure)));
    let attributes = told.mean.iter().filter_map(|figure| figure.name.strip_prefix("attribute_kappa."));
    let attributes: Vec<Row> = attributes.map(|name| row(format!("attribute_kappa.{name}"), attribute_name(model, words, name))).collect();
    let group = |name: &str, what: &str, rows: Vec<Row>| Group { title: group_title(words, name), what: what.to_owned(), rows };
    vec![
        group("cohen_kappa", &words.get("desk.agree.kappa.what"), kappa),
        group("token_f1", &words.get("desk.agree.token.what"), vec![row("token_f1".to_owned(), words.get("desk.agree.all-labels"))]),
        group("span_f1", &words.get("desk.agree.span.what"), SPANS.iter().map(|measure| span(measure)).collect()),
        group("span_f1_by_label", &words.get("desk.agree.span.exact.what"), by_label.collect()),
        group("relation_f1", &words.get("desk.agree.relation.what"), relations.collect()),
        group("attribute_kappa", &words.get("desk.agree.attribute.what"), attributes),
    ]
}

/// What people call an attribute, whatever label has it.
pub fn attribute_name(model: &Model, words: &Words, id: &str) -> String {
    let all = model.schema.labels.iter().flat_map(|label| &label.attributes);
    let found = all.filter(|attribute| *attribute.id == *id).map(|attribute| words.pick(&attribute.names)).find(|name| !name.trim().is_empty());
    found.unwrap_or(id).to_owned()
}

/// What people call an answer to an attribute; nothing said where there is none.
pub fn answer_name(model: &Model, words: &Words, attribute: &str, answer: Option<&str>) -> String {
    let Some(answer) = answer else { return words.get("desk.agree.no-answer") };
    let all = model.schema.labels.iter().flat_map(|label| &label.attributes).filter(|known| *known.id == *attribute);
    let found = all.filter_map(|known| known.value(answer)).map(|value| words.pick(&value.names)).find(|name| !name.trim().is_empty());
    found.unwrap_or(answer).to_owned()
}

/// What people call a person: the gold layer is no person.
pub fn person(words: &Words, name: &str) -> String {
    if name == crate::adjudicate::GOLD { words.get("desk.agree.gold") } else { name.to_owned() }
}
