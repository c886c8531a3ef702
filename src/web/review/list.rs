//! The list of differences: what is left, by kind, label and person, and which one is chosen.

use super::act::{choose, listed, perform};
use super::fetch::use_review_words;
use super::keys::Asked;
use super::lanes::person_name;
use super::model::{Comparing, Review, Seen, open_review, use_seen, with_review};
use super::slices;
use crate::adjudicate::{Rule, Standing, State as Decided};
use crate::compare::{Difference, Kind, Subject};
use crate::id::{Annotator, LabelId};
use crate::schema::Schema;
use crate::text::Text;
use crate::web::panels::icons::{Icon, icon};
use crate::web::panels::labels::{swatch, use_schema};
use crate::web::store::{StoreRef, use_select, use_store};
use crate::web::words::Words;
use std::rc::Rc;
use web_sys::{HtmlElement, HtmlSelectElement};
use yew::prelude::*;

/// The most differences that are on the screen at once; the list goes on from the chosen one.
const SHOWN: usize = 80;
/// The most characters of the words of a difference.
const LONGEST: usize = 90;

/// The list of differences.
#[component]
pub(super) fn DifferenceList() -> Html {
    let store = use_store();
    let words = use_review_words();
    let schema = use_schema();
    let seen = use_seen();
    let node = use_node_ref();
    let current = (*seen).as_ref().and_then(|seen| seen.review.current);
    {
        let node = node.clone();
        use_effect_with(current, move |_| {
            let chosen = node.cast::<HtmlElement>().and_then(|list| list.query_selector("[aria-current=true]").ok().flatten());
            if let Some(chosen) = chosen {
                let options = web_sys::ScrollIntoViewOptions::new();
                options.set_block(web_sys::ScrollLogicalPosition::Nearest);
                chosen.scroll_into_view_with_scroll_into_view_options(&options);
            }
        });
    }
    let Some(Seen { review, work }) = (*seen).clone() else { return Html::default() };
    let standing = review.standing(work.session.layer());
    let progress = standing.progress();
    let listed = listed(&review, &standing);
    let begin = current.and_then(|current| listed.iter().position(|place| *place == current)).map_or(0, |at| at.saturating_sub(SHOWN / 2));
    let take = |rule: Rule| {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| perform(&store, Asked::TakeAgreed(rule)))
    };
    let percent = (progress.decided * 100).checked_div(progress.all).unwrap_or(100);
    let Some(text) = work.text() else { return Html::default() };
    html! {
        <>
            { under_way(&store, &words, review.comparing) }
            <div class="review-progress">
                <h2 data-testid="review-progress" data-all={progress.all.to_string()} data-decided={progress.decided.to_string()}>{ words.count("review.count", progress.all) }{ " · " }{ words.with("review.decided", &[("n", &words.number(progress.decided))]) }</h2>
                <progress max="100" value={percent.to_string()} aria-label={words.get("progress")}></progress>
                if progress.postponed > 0 { <p class="soft small">{ words.count("review.postponed", progress.postponed) }</p> }
            </div>
            if progress.agreed_left > 0 {
                <button type="button" class="button primary agreed" data-testid="take-agreed" onclick={take(Rule::All)}>{ icon(Icon::Check) }<span>{ words.count("review.take-agreed", progress.agreed_left) }</span><kbd aria-hidden="true">{ "G" }</kbd></button>
            }
            <Filters />
            <ul class="difference-list" ref={node} data-testid="differences">
                { for listed.iter().skip(begin).take(SHOWN).map(|place| line(&store, &words, &schema, &review, &standing, text, *place)) }
            </ul>
            if listed.is_empty() && review.comparing == Comparing::Done { <p class="empty soft">{ words.get(if progress.all == 0 { "review.no-differences" } else { "review.none-listed" }) }</p> }
            if listed.len() > SHOWN { <p class="soft small more">{ words.with("review.shown", &[("n", &words.number(SHOWN)), ("all", &words.number(listed.len()))]) }</p> }
        </>
    }
}

/// The comparison that is being made, and what stops it; or what begins it again.
fn under_way(store: &StoreRef, words: &Words, comparing: Comparing) -> Html {
    let button = |testid: &'static str, name: &str, act: fn(&StoreRef)| {
        let store = store.clone();
        let onclick = Callback::from(move |_: MouseEvent| act(&store));
        html! { <button type="button" class="button small" data-testid={testid} {onclick}>{ words.get(name) }</button> }
    };
    match comparing {
        Comparing::Done => Html::default(),
        Comparing::Running(done) => html! {
            <div class="row comparing" data-testid="comparing" role="status"><span class="soft small">{ words.get("review.comparing") }</span><progress max="100" value={done.to_string()} aria-label={words.get("progress")}></progress>{ button("stop-comparing", "review.comparing.stop", slices::stop) }</div>
        },
        Comparing::Stopped => html! {
            <div class="row comparing" data-testid="not-compared" role="status"><span class="soft small">{ words.get("review.comparing.stopped") }</span>{ button("compare-again", "review.comparing.again", slices::compare_again) }</div>
        },
    }
}

/// The kind by which a difference goes: that which weighs most.
pub(super) fn main_kind(difference: &Difference) -> Kind {
    let order = [Kind::Relation, Kind::Missing, Kind::Label, Kind::Boundaries, Kind::Attribute, Kind::Nesting];
    order.into_iter().find(|kind| difference.kinds.contains(kind)).unwrap_or(Kind::Missing)
}

/// The words of a place, cut where they are long.
pub(super) fn short(text: &Text, difference: &Difference) -> String {
    let words = text.slice(difference.hull.range()).unwrap_or_default().replace('\n', " ");
    if words.chars().count() <= LONGEST { words } else { words.chars().take(LONGEST).chain(['…']).collect() }
}

/// The name of a label in the interface's language.
pub(super) fn label_words(schema: &Schema, words: &Words, label: &LabelId) -> String {
    schema.label(label).map_or_else(|| label.to_string(), |known| words.pick(&known.names).to_owned())
}

/// What each says of a place, in a few words.
fn sides(review: &Review, words: &Words, schema: &Schema, difference: &Difference) -> String {
    let comparison = &review.comparison;
    let said = |place: usize| match difference.subject {
        Subject::Item(item) => {
            let label = comparison.items.get(item)?.of.get(place)?.as_ref()?;
            let attributes: Vec<String> =
                label.attributes.values().filter_map(|value| Some(answer(schema, words, &label.label, value.as_str()?))).collect();
            let kind = label_words(schema, words, &label.label);
            Some(if difference.kinds.contains(&Kind::Attribute) && !attributes.is_empty() { attributes.join(" ") } else { kind })
        }
        Subject::Tie(tie) => {
            let tie = comparison.ties.get(tie)?;
            tie.of.get(place)?.as_ref()?;
            Some(schema.relation(&tie.kind).map_or_else(|| tie.kind.to_string(), |kind| words.pick(&kind.names).to_owned()))
        }
    };
    let whose = comparison.annotators.iter().enumerate();
    let each = whose
        .map(|(place, who)| format!("\u{2068}{}\u{2069}: {}", person_name(review, words, who, true), said(place).unwrap_or_else(|| "—".to_owned())));
    each.collect::<Vec<_>>().join(" · ")
}

/// The name of an answer in the interface's language.
fn answer(schema: &Schema, words: &Words, label: &LabelId, value: &str) -> String {
    let attributes = schema.label(label).map(|label| label.attributes.as_slice()).unwrap_or_default();
    let names = attributes.iter().find_map(|attribute| attribute.value(value).map(|value| &value.names));
    names.map_or_else(|| value.to_owned(), |names| words.pick(names).to_owned())
}

fn line(store: &StoreRef, words: &Words, schema: &Schema, review: &Rc<Review>, standing: &Standing, text: &Text, place: usize) -> Html {
    let Some(difference) = review.comparison.differences.get(place) else { return Html::default() };
    let state = standing.state(difference.subject);
    let is_current = review.current == Some(place);
    let kinds: Vec<String> = std::iter::once(main_kind(difference))
        .chain(difference.kinds.iter().copied().filter(|kind| *kind != main_kind(difference)))
        .map(|kind| words.get(&format!("review.kind.{}", kind.name())))
        .collect();
    let labels: Vec<Html> = review.comparison.ends(difference.subject).flat_map(|item| item.labels()).map(|label| swatch(schema, label)).collect();
    let onclick = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| choose(&store, place))
    };
    let (name, sign) = match state {
        Decided::Decided => ("decided", Some(Icon::Check)),
        Decided::Postponed => ("postponed", Some(Icon::Dots)),
        Decided::Open => ("open", None),
    };
    html! {
        <li key={place} class={classes!("difference", format!("is-{name}"))}>
            <button type="button" data-difference={place.to_string()} data-kind={main_kind(difference).name()} data-state={name} aria-current={is_current.then_some("true")} onclick={onclick}>
                <span class="kind">if let Some(sign) = sign { { icon(sign) }<span class="unseen">{ words.get(&format!("review.state.{name}")) }</span> }{ kinds.join(" · ") }<span class="swatches">{ for labels }</span></span>
                <bdi class="quote" lang="ar" dir="auto">{ short(text, difference) }</bdi>
                <span class="soft small sides">{ sides(review, words, schema, difference) }</span>
            </button>
        </li>
    }
}

/// By kind, label and person; and whether what is decided is listed.
#[component]
fn Filters() -> Html {
    let store = use_store();
    let words = use_review_words();
    let schema = use_schema();
    let seen = use_select(|state| {
        open_review(state).map(|(review, _)| (review.filter.clone(), review.open_only, review.comparison.annotators.clone(), review.nameless))
    });
    let review = use_select(|state| open_review(state).map(|(review, _)| ByPlace(review.clone())));
    let (Some((filter, open_only, annotators, _)), Some(review)) = ((*seen).clone(), (*review).clone()) else { return Html::default() };
    let on_kind = change(&store, |review, value| review.filter.kind = Kind::ALL.into_iter().find(|kind| kind.name() == value));
    let on_label = change(&store, |review, value| review.filter.label = (!value.is_empty()).then(|| LabelId::from(value)));
    let on_person = change(&store, |review, value| review.filter.annotator = (!value.is_empty()).then(|| Annotator::from(value)));
    let open = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| perform(&store, Asked::OpenOnly))
    };
    let labels: Vec<(String, String)> = schema.labels.iter().map(|label| (label.id.to_string(), words.pick(&label.names).to_owned())).collect();
    let kinds = Kind::ALL.into_iter().map(|kind| (kind.name().to_owned(), words.get(&format!("review.kind.{}", kind.name())))).collect::<Vec<_>>();
    let people = annotators.iter().map(|who| (who.to_string(), person_name(&review.0, &words, who, false))).collect::<Vec<_>>();
    let select = |name: &str, testid: &'static str, all: &str, chosen: String, options: Vec<(String, String)>, onchange: Callback<Event>| {
        html! {
            <select class="quiet" data-testid={testid} aria-label={words.get(name)} onchange={onchange}>
                <option value="" selected={chosen.is_empty()}>{ words.get(all) }</option>
                { for options.into_iter().map(|(value, words)| { let on = value == chosen; html! { <option value={value} selected={on}>{ words }</option> } }) }
            </select>
        }
    };
    html! {
        <div class="filters" role="group" aria-label={words.get("review.filter")}>
            { select("review.filter.kind", "filter-kind", "review.filter.kinds", filter.kind.map_or_else(String::new, |kind| kind.name().to_owned()), kinds, on_kind) }
            { select("review.filter.label", "filter-label", "review.filter.labels", filter.label.as_ref().map_or_else(String::new, ToString::to_string), labels, on_label) }
            if annotators.len() > 2 {
                { select("review.filter.person", "filter-person", "review.filter.people", filter.annotator.as_ref().map_or_else(String::new, ToString::to_string), people, on_person) }
            }
            <button type="button" class={classes!("chip", open_only.then_some("on"))} data-testid="open-only" aria-pressed={open_only.to_string()} onclick={open}>{ words.get("review.open-only") }</button>
        </div>
    }
}

/// The same review in memory.
#[derive(Clone)]
struct ByPlace(Rc<Review>);

impl PartialEq for ByPlace {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

fn change(store: &StoreRef, set: fn(&mut Review, &str)) -> Callback<Event> {
    let store = store.clone();
    Callback::from(move |event: Event| {
        let value = event.target_unchecked_into::<HtmlSelectElement>().value();
        with_review(&store, |review| set(review, &value));
    })
}
