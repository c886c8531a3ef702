//! What the draft would change, and what is to become of each part that is in use and goes.

use super::model::{Model, Review, attributes_of, last_name};
use super::screen::Desk;
use super::{parts, troubles};
use crate::schema::Schema;
use crate::schema_change::{Comparison, Fate, Fates, Gone, Kind, Part, Unplanned};
use crate::web::words::Words;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// What was done, with counts.
pub fn done(words: &Words, comparison: &Comparison) -> String {
    let mut lines = vec![words.get("desk.done")];
    lines.extend(counts(words, comparison));
    lines.join(" · ")
}

fn counts(words: &Words, comparison: &Comparison) -> Vec<String> {
    let all = [
        (comparison.labels, words.count("desk.count.labels", comparison.labels)),
        (comparison.merged, words.count("desk.count.merged", comparison.merged)),
        (comparison.deleted, words.count("desk.count.deleted", comparison.deleted)),
        (comparison.relations, words.count("desk.count.relations", comparison.relations)),
        (comparison.untied, words.count("desk.count.untied", comparison.untied)),
    ];
    let told: Vec<String> = all.into_iter().filter(|(count, _)| *count > 0).map(|(_, line)| line).collect();
    if told.is_empty() { vec![words.get("desk.count.none")] } else { told }
}

/// Why a change is not made.
pub fn refusal(words: &Words, why: &Unplanned) -> String {
    words.get(match why {
        Unplanned::Broken(_) => "desk.refused.broken",
        Unplanned::Undecided(_) => "desk.refused.undecided",
        Unplanned::NoTarget(_) => "desk.refused.no-target",
        Unplanned::NoChange => "desk.refused.no-change",
        Unplanned::NotLast => "desk.refused.not-last",
        Unplanned::Blocked => "desk.refused.blocked",
    })
}

/// What people call what a part becomes.
fn target_name(words: &Words, draft: &Schema, part: &Part, id: &str) -> String {
    let names = match part {
        Part::Kind(Kind::Label(_)) => draft.label(&id.into()).map(|label| &label.names),
        Part::Kind(Kind::Relation(_)) => draft.relation(&id.into()).map(|relation| &relation.names),
        _ => None,
    };
    names.map(|names| words.pick(names)).filter(|name| !name.trim().is_empty()).unwrap_or(id).to_owned()
}

/// What a part of the old schema may become in the draft: the names of its like there.
fn targets(draft: &Schema, fates: &Fates, part: &Part) -> Vec<String> {
    let now = |kind: &Kind| match (kind, fates.get(&Part::Kind(kind.clone()))) {
        (Kind::Label(_), Some(Fate::Become(id))) => Kind::Label(id.as_str().into()),
        (Kind::Relation(_), Some(Fate::Become(id))) => Kind::Relation(id.as_str().into()),
        _ => kind.clone(),
    };
    match part {
        Part::Kind(Kind::Label(_)) => draft.labels.iter().map(|label| label.id.to_string()).collect(),
        Part::Kind(Kind::Relation(_)) => draft.relations.iter().map(|relation| relation.id.to_string()).collect(),
        Part::Attribute(kind, _) => attributes_of(draft, &now(kind)).iter().map(|attribute| attribute.id.to_string()).collect(),
        Part::Value(kind, attribute, _) => {
            let attribute = match fates.get(&Part::Attribute(kind.clone(), attribute.clone())) {
                Some(Fate::Become(id)) => id,
                _ => attribute,
            };
            let found = attributes_of(draft, &now(kind)).iter().find(|known| *known.id == **attribute);
            found.map(|found| found.values.iter().map(|value| value.id.to_string()).collect()).unwrap_or_default()
        }
        Part::Answers(..) | Part::Ties(_) => Vec::new(),
    }
}

/// The sheet between the draft and the change.
pub fn sheet(desk: &Desk, model: &Model, words: &Words) -> Html {
    let Some(review) = &model.review else { return Html::default() };
    let comparison = &review.comparison;
    let used = comparison.gone.iter().filter(|gone| gone.uses > 0 && gone.was_known);
    let unused: Vec<String> =
        comparison.gone.iter().filter(|gone| gone.uses == 0).map(|gone| parts::name(words, &model.base.schema, &gone.part)).collect();
    let added: Vec<String> = comparison.added.iter().map(|part| parts::name(words, &model.draft, part)).collect();
    let apply = {
        let desk = desk.clone();
        Callback::from(move |_: MouseEvent| desk.apply())
    };
    let back = {
        let desk = desk.clone();
        Callback::from(move |_: MouseEvent| desk.change(|model| model.review = None))
    };
    let is_grave = troubles::is_grave(model);
    let can = comparison.undecided.is_empty() && !model.busy && !is_grave;
    html! {
        <section class="desk-review" data-testid="desk-sheet" tabindex="-1" aria-label={words.get("desk.review.title")}>
            <h2>{ words.get("desk.review.title") }</h2>
            if !added.is_empty() { <p>{ words.with("desk.added", &[("parts", &added.join(" · "))]) }</p> }
            if !unused.is_empty() { <p>{ words.with("desk.gone", &[("parts", &unused.join(" · "))]) }</p> }
            <ul class="desk-fates">{ for used.map(|gone| fate(desk, model, words, review, gone)) }</ul>
            <p data-testid="desk-counts">{ counts(words, comparison).join(" · ") }</p>
            if !comparison.undecided.is_empty() { <p class="trouble" role="status">{ words.count("desk.undecided", comparison.undecided.len()) }</p> }
            if is_grave { <p class="trouble" role="status">{ words.get("desk.refused.broken") }</p> }
            if let Some(why) = &review.refused { <p class="trouble" role="alert">{ refusal(words, why) }</p> }
            <div class="row">
                <button type="button" class="button primary" data-testid="desk-apply" disabled={!can} onclick={apply}>{ words.get("desk.apply") }</button>
                <button type="button" class="button" data-testid="desk-back" onclick={back}>{ words.get("desk.back") }</button>
            </div>
        </section>
    }
}

/// One part that goes, and what becomes of what uses it.
fn fate(desk: &Desk, model: &Model, words: &Words, review: &Review, gone: &Gone) -> Html {
    let part = gone.part.clone();
    let chosen = review.fates.get(&part);
    let onchange = {
        let (desk, part, fates) = (desk.clone(), part.clone(), review.fates.clone());
        Callback::from(move |event: Event| {
            let value = event.target_unchecked_into::<HtmlSelectElement>().value();
            let mut fates = fates.clone();
            match (value.as_str(), value.strip_prefix("become:")) {
                (_, Some(name)) => drop(fates.insert(part.clone(), Fate::Become(name.to_owned()))),
                ("delete", _) => drop(fates.insert(part.clone(), Fate::Delete)),
                ("keep", _) => drop(fates.insert(part.clone(), Fate::Keep)),
                _ => drop(fates.remove(&part)),
            }
            desk.review(fates);
        })
    };
    let is_new = |name: &str| {
        review.comparison.added.iter().any(|added| last_name(added) == name && std::mem::discriminant(added) == std::mem::discriminant(&part))
    };
    let become_words = |name: &str| {
        words.with(if is_new(name) { "desk.fate.rename" } else { "desk.fate.merge" }, &[("name", &target_name(words, &model.draft, &part, name))])
    };
    let targets = targets(&model.draft, &review.fates, &part);
    let value = match chosen {
        None => String::new(),
        Some(Fate::Become(name)) => format!("become:{name}"),
        Some(Fate::Delete) => "delete".to_owned(),
        Some(Fate::Keep) => "keep".to_owned(),
    };
    let options = targets.iter().map(|name| (format!("become:{name}"), become_words(name)));
    let delete = match &part {
        Part::Kind(Kind::Label(_)) => words.count("desk.fate.delete.labels", gone.uses),
        Part::Kind(Kind::Relation(_)) | Part::Ties(_) => words.count("desk.fate.delete.relations", gone.uses),
        _ => words.count("desk.fate.delete.said", gone.uses),
    };
    let options = std::iter::once((String::new(), words.get("desk.fate.none")))
        .chain(options)
        .chain([("delete".to_owned(), delete), ("keep".to_owned(), words.get("desk.fate.keep"))]);
    html! {
        <li data-fate={last_name(&part).to_owned()}><label><span>{ parts::name(words, &model.base.schema, &part) }{ ": " }{ words.with("desk.uses", &[("uses", &words.number(gone.uses)), ("documents", &words.number(gone.documents))]) }</span>
            <select onchange={onchange}>{ for options.map(|(name, line)| { let selected = name == value; html! { <option {selected} value={name}>{ line }</option> } }) }</select></label></li>
    }
}
