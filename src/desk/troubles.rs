//! What is wrong with the draft, told as soon as it is.

use super::model::Model;
use super::parts;
use super::screen::Desk;
use crate::id::{LabelId, RelationKind};
use crate::schema_change::{Kind, Paper, Part, Problem, problems};
use crate::web::panels::icons::{Icon, icon};
use crate::web::words::Words;
use yew::prelude::*;

/// Whether the draft cannot be taken as it is.
pub fn is_grave(model: &Model) -> bool {
    problems(&model.draft).iter().any(Problem::is_grave)
}

fn paper(words: &Words, paper: Paper) -> String {
    words.get(match paper {
        Paper::Light => "desk.paper.light",
        Paper::Dark => "desk.paper.dark",
    })
}

fn line(words: &Words, model: &Model, problem: &Problem) -> String {
    let schema = &model.draft;
    let label = |id: &LabelId| parts::name(words, schema, &Part::Kind(Kind::Label(id.clone())));
    let attribute = |kind: &Kind, id: &str| parts::name(words, schema, &Part::Attribute(kind.clone(), id.to_owned()));
    match problem {
        Problem::NoId(part) => words.with("desk.trouble.no-id", &[("part", &parts::name(words, schema, part))]),
        Problem::SameId(part) => words.with("desk.trouble.same-id", &[("part", &parts::name(words, schema, part))]),
        Problem::NoParent(id, parent) => words.with("desk.trouble.no-parent", &[("part", &label(id)), ("parent", parent.as_str())]),
        Problem::ParentLoop(id) => words.with("desk.trouble.parent-loop", &[("part", &label(id))]),
        Problem::NoEnd(id, end) => {
            let relation = parts::name(words, schema, &Part::Kind(Kind::Relation(id.clone())));
            words.with("desk.trouble.no-end", &[("part", &relation), ("label", end.as_str())])
        }
        Problem::OddKey(id, key) => words.with("desk.trouble.odd-key", &[("part", &label(id)), ("key", &key.to_string())]),
        Problem::SameKey(key, first, second) => {
            words.with("desk.trouble.same-key", &[("key", &key.to_string()), ("first", &label(first)), ("second", &label(second))])
        }
        Problem::NoValues(kind, id) => words.with("desk.trouble.no-values", &[("part", &attribute(kind, id))]),
        Problem::BadDefault(kind, id) => words.with("desk.trouble.bad-default", &[("part", &attribute(kind, id))]),
        Problem::BadColour(id, on) => words.with("desk.trouble.bad-colour", &[("part", &label(id)), ("paper", &paper(words, *on))]),
        Problem::Alike(first, second, on) => {
            words.with("desk.trouble.alike", &[("first", &label(first)), ("second", &label(second)), ("paper", &paper(words, *on))])
        }
        Problem::LowContrast(id, on, hundredths) => {
            let contrast = format!("{}.{}", hundredths / 100, hundredths / 10 % 10);
            words.with("desk.trouble.low-contrast", &[("part", &label(id)), ("paper", &paper(words, *on)), ("contrast", &contrast)])
        }
        Problem::Faint(id, on) => words.with("desk.trouble.faint", &[("part", &label(id)), ("paper", &paper(words, *on))]),
    }
}

fn is_of(part: &Part, wanted: &Kind) -> bool {
    match part {
        Part::Kind(kind) | Part::Attribute(kind, _) | Part::Value(kind, ..) | Part::Answers(kind, _) => kind == wanted,
        Part::Ties(id) => *wanted == Kind::Relation(id.clone()),
    }
}

fn concerns(problem: &Problem, wanted: &Kind) -> bool {
    let label = |id: &LabelId| *wanted == Kind::Label(id.clone());
    match problem {
        Problem::NoId(part) | Problem::SameId(part) => is_of(part, wanted),
        Problem::NoParent(id, _) | Problem::ParentLoop(id) | Problem::OddKey(id, _) => label(id),
        Problem::NoEnd(id, _) => *wanted == Kind::Relation(id.clone()),
        Problem::SameKey(_, first, second) | Problem::Alike(first, second, _) => label(first) || label(second),
        Problem::NoValues(kind, _) | Problem::BadDefault(kind, _) => kind == wanted,
        Problem::BadColour(id, _) | Problem::LowContrast(id, ..) | Problem::Faint(id, _) => label(id),
    }
}

fn of(model: &Model, words: &Words, wanted: &Kind) -> Vec<String> {
    problems(&model.draft).iter().filter(|problem| concerns(problem, wanted)).map(|problem| line(words, model, problem)).collect()
}

/// What concerns a label.
pub fn of_label(model: &Model, words: &Words, id: &LabelId) -> Vec<String> {
    of(model, words, &Kind::Label(id.clone()))
}

/// What concerns a relation.
pub fn of_relation(model: &Model, words: &Words, id: &RelationKind) -> Vec<String> {
    of(model, words, &Kind::Relation(id.clone()))
}

/// All of it.
pub fn list(_desk: &Desk, model: &Model, words: &Words) -> Html {
    let all = problems(&model.draft);
    html! {
        <div role="status" data-testid="desk-troubles">if !all.is_empty() {
            <ul class="desk-troubles">{ for all.iter().map(|problem| html! { <li class={if problem.is_grave() { "grave" } else { "" }}>{ icon(Icon::Warning) }<span>{ line(words, model, problem) }</span></li> }) }</ul>
        }</div>
    }
}
