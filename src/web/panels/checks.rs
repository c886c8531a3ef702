//! What the checks found, in words: in the label in focus, in the list, and before a document is done.

use crate::annotation::Annotation;
use crate::check::{Finding, Fix, Why};
use crate::id::RelationKind;
use crate::layer::Status;
use crate::schema::{CheckKind, Overlap};
use crate::web::act::{self, Action, Mark, label_name, link, marks, perform, ways};
use crate::web::app::use_words;
use crate::web::bar::on_click;
use crate::web::panels::icons::{Icon, icon};
use crate::web::panels::sheet::Sheet;
use crate::web::state::{Dialog, Work};
use crate::web::store::{StoreRef, use_select, use_store};
use crate::web::words::Words;
use std::sync::Arc;
use yew::prelude::*;

/// Of a longer quote in a button only both ends are shown, this many characters each.
const ENDS: usize = 24;

/// What is the matter, as a sentence.
#[must_use]
pub fn sentence(work: &Work, words: &Words, why: &Why) -> String {
    let tie = |kind: &RelationKind| link::kind_name(work, kind, words);
    let number = |number: &u32| words.number(*number as usize);
    match why {
        Why::Edges => words.get("check.edges"),
        Why::CliticInside => words.get("check.clitic-inside"),
        Why::CliticOutside => words.get("check.clitic-outside"),
        Why::WordCut => words.get("check.word-cut"),
        Why::Unbalanced { mark } => words.with("check.unbalanced", &[("mark", &mark.to_string())]),
        Why::RelationMissing { relation } => words.with("check.relation-missing", &[("relation", &tie(relation))]),
        Why::AttributeMissing { attribute } => words.with("check.attribute-missing", &[("attribute", &attribute_name(work, words, attribute))]),
        Why::Overlaps { rule: Overlap::Nest } => words.get("check.crosses"),
        Why::Overlaps { .. } => words.get("check.overlaps"),
        Why::Differs { label } => words.with("check.differs", &[("label", &label_name(work, label, words))]),
        Why::Long { length, .. } => words.with("check.long", &[("length", &number(length))]),
        Why::RelationUnknown { relation } => words.with("check.relation-unknown", &[("relation", &tie(relation))]),
        Why::RelationEnds { relation } => words.with("check.relation-ends", &[("relation", &tie(relation))]),
        Why::RelationMany { relation, most } => words.with("check.relation-many", &[("relation", &tie(relation)), ("most", &number(most))]),
    }
}

/// What would mend it, as the words on a button.
fn remedy(work: &Work, words: &Words, fix: &Fix) -> String {
    match fix {
        Fix::Trim => words.get("fix.trim"),
        Fix::Extent(extent) => {
            let quote = work.text().and_then(|text| extent.quote(text)).unwrap_or_default();
            words.with("fix.extent", &[("quote", &short(&quote))])
        }
        Fix::Label(label) => words.with("fix.label", &[("label", &label_name(work, label, words))]),
        Fix::Attribute(attribute, value) => {
            let schema = &work.session.project().schema;
            let known = schema.labels.iter().find_map(|label| label.attribute(attribute));
            words.with("fix.attribute", &[("value", &marks::said(words, known, value))])
        }
        Fix::Relate { kind, to } => {
            let quote = work.session.layer().get(to).map(|annotation| act::quote(work, annotation)).unwrap_or_default();
            words.with("fix.relate", &[("relation", &link::kind_name(work, kind, words)), ("quote", &short(&quote))])
        }
    }
}

fn short(quote: &str) -> String {
    let letters: Vec<char> = quote.chars().collect();
    if letters.len() <= 2 * ENDS + 3 {
        return quote.to_owned();
    }
    letters[..ENDS].iter().chain(&[' ', '…', ' ']).chain(&letters[letters.len() - ENDS..]).collect()
}

fn attribute_name(work: &Work, words: &Words, id: &str) -> String {
    let schema = &work.session.project().schema;
    let of_labels = schema.labels.iter().find_map(|label| label.attribute(id));
    let known = of_labels.or_else(|| schema.relations.iter().find_map(|relation| relation.attribute(id)));
    known.map_or_else(|| id.to_owned(), |known| words.pick(&known.names).to_owned())
}

/// How a check is called.
#[must_use]
pub fn kind_name(words: &Words, kind: CheckKind) -> String {
    match kind {
        CheckKind::Edges => words.get("checks.edges"),
        CheckKind::Clitics => words.get("checks.clitics"),
        CheckKind::Balance => words.get("checks.balance"),
        CheckKind::RelationMissing => words.get("checks.relation-missing"),
        CheckKind::AttributeMissing => words.get("checks.attribute-missing"),
        CheckKind::Overlap => words.get("checks.overlap"),
        CheckKind::Differs => words.get("checks.differs"),
        CheckKind::Long => words.get("checks.long"),
        CheckKind::RelationForbidden => words.get("checks.relation-forbidden"),
    }
}

/// A list to choose one kind of check from, or all; those of which there is nothing are left out.
pub fn kind_list(
    words: &Words,
    counts: &[(CheckKind, usize)],
    chosen: Option<CheckKind>,
    field: NodeRef,
    choose: Callback<Option<CheckKind>>,
) -> Html {
    let onchange = Callback::from(move |event: Event| {
        let place = event.target_unchecked_into::<web_sys::HtmlSelectElement>().value().parse::<usize>();
        choose.emit(place.ok().and_then(|place| CheckKind::ALL.get(place)).copied());
    });
    // One that is chosen stays there to be seen even where nothing is left of it.
    let options = counts.iter().filter(|(kind, count)| *count > 0 || chosen == Some(*kind)).map(|(kind, count)| {
        let name = words.with("filter.option", &[("name", &kind_name(words, *kind)), ("count", &words.number(*count))]);
        let place = place_of(Some(*kind));
        html! { <option key={place.clone()} value={place} selected={chosen == Some(*kind)}>{ name }</option> }
    });
    html! { <select ref={field} class="quiet" data-testid="check-kind" aria-label={words.get("checks.filter")} onchange={onchange}><option key="all" value="" selected={chosen.is_none()}>{ words.get("checks.all") }</option>{ for options }</select> }
}

/// The value that stands for a kind of check in a list of them; nothing for all.
#[must_use]
pub fn place_of(kind: Option<CheckKind>) -> String {
    CheckKind::ALL.iter().position(|one| Some(*one) == kind).map_or_else(String::new, |place| place.to_string())
}

/// A button that mends a finding; nothing where there is no one thing to do.
pub fn fix_button(store: &StoreRef, work: &Work, words: &Words, finding: &Arc<Finding>, key: bool) -> Html {
    let Some(fix) = &finding.fix else { return Html::default() };
    let name = remedy(work, words, fix);
    let onclick = on_click(store, Action::Mark(Mark::Fix(Some(finding.clone()))));
    html! { <button type="button" class="chip fix" data-testid="fix" title={name.clone()} onclick={onclick}><bdi>{ name }</bdi>if key { <kbd aria-hidden="true">{ "F" }</kbd> }</button> }
}

/// What was found in the label in focus. A source that the relations below offer is not offered twice.
pub fn of_label(store: &StoreRef, words: &Words, annotation: &Annotation, found: &[Arc<Finding>], read_only: bool) -> Html {
    if found.is_empty() {
        return Html::default();
    }
    let state = store.state();
    let Some(work) = &state.work else { return Html::default() };
    let first = found.iter().position(|finding| finding.fix.is_some());
    let relates = found.iter().any(|finding| matches!(finding.fix, Some(Fix::Relate { .. })));
    let offered = if relates { ways::suggestion(work, annotation) } else { None };
    let is_offered = |finding: &Finding| matches!((&finding.fix, &offered), (Some(Fix::Relate { kind, to }), Some(offered)) if (kind, to) == (&offered.0, &offered.1));
    let lines = found.iter().enumerate().map(|(index, finding)| {
        html! {
            <li key={index} data-finding={finding.why.id()}>{ icon(Icon::Warning) }<span>{ sentence(work, words, &finding.why) }</span>
            if !read_only && !is_offered(finding) { { fix_button(store, work, words, finding, first == Some(index)) } }</li>
        }
    });
    html! { <ul class="findings" data-testid="findings" aria-label={words.get("checks.title")}>{ for lines }</ul> }
}

/// How many checks are open, as a button to their list; nothing where there is none.
#[component]
pub fn OpenChecks() -> Html {
    let store = use_store();
    let words = use_words();
    let open = use_select(|state| state.work.as_ref().map_or(0, |work| work.findings.count(None)));
    if *open == 0 {
        return Html::default();
    }
    html! { <button type="button" class="chip" data-testid="open-checks" onclick={on_click(&store, Action::Mark(Mark::List))}>{ icon(Icon::Warning) }{ words.count("checks.open", *open) }</button> }
}

/// Sets the status, but asks first where checks are open and the document would be done. Whether it was set.
pub fn set_status(store: &StoreRef, status: Status) -> bool {
    let open = store.state().work.as_ref().is_some_and(|work| !work.findings.is_complete || work.findings.count(None) > 0);
    if status == Status::Done && open {
        perform(store, Action::Open(Dialog::Done));
        return false;
    }
    perform(store, Action::Status(status));
    true
}

/// Asks whether the document is done although checks are open.
#[component]
pub fn DoneSheet() -> Html {
    let store = use_store();
    let words = use_words();
    let open = use_select(|state| state.work.as_ref().map_or(0, |work| work.findings.count(None)));
    let done = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| {
            perform(&store, Action::CloseSheet);
            perform(&store, Action::Status(Status::Done));
        })
    };
    html! {
        <Sheet title={words.get("done.title")} testid="done-sheet">
            <p>{ words.count("checks.open", *open) }</p><p>{ words.get("done.text") }</p>
            <div class="row">
                <button type="button" class="button primary" data-testid="done-list" onclick={on_click(&store, Action::Mark(Mark::List))}>{ words.get("done.list") }</button>
                <button type="button" class="button" data-testid="done-anyway" onclick={done}>{ words.get("done.anyway") }</button>
            </div>
        </Sheet>
    }
}
