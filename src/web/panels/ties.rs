//! Relations as text: the band in which one is made, and those of the label in focus with what can be done to each.

use crate::annotation::Relation;
use crate::check::About;
use crate::id::{AnnotationId, RelationKind};
use crate::web::act::link::{kind_name, short};
use crate::web::act::ways::{self, Ways};
use crate::web::act::{self, Action, Tie, perform};
use crate::web::app::use_words;
use crate::web::bar::{IconButton, keep_focus, on_click};
use crate::web::panels::answers;
use crate::web::panels::detail::Note;
use crate::web::panels::icons::Icon;
use crate::web::state::{State, Work};
use crate::web::store::{StoreRef, use_select, use_store};
use crate::web::words::Words;
use std::sync::Arc;
use yew::prelude::*;

/// The most relations that the details list.
const LISTED: usize = 50;

/// Tells in link mode what would be joined, and how; there only then.
#[component]
pub fn LinkBand() -> Html {
    let store = use_store();
    let words = use_words();
    let link = use_select(|state: &State| state.work.as_ref().and_then(|work| work.link.clone()));
    let Some(link) = (*link).clone() else { return Html::default() };
    let state = store.state();
    let Some(work) = &state.work else { return Html::default() };
    let other = link.to.as_ref().and_then(|id| work.session.layer().get(id));
    let ways = other.and_then(|other| Some(Ways::of(work, &link)?.to(other))).unwrap_or_default();
    let way = ways.get(link.way).or(ways.first());
    let end = |id: &AnnotationId, testid: &'static str| {
        let name = work.session.layer().get(id).map(|annotation| act::label_name(work, &annotation.label, &words));
        html! { <span class="tie-of" data-testid={testid}><small>{ name }</small><bdi lang="ar">{ short(work, id) }</bdi></span> }
    };
    let target = link.to.as_ref().map_or_else(|| html! { <span class="soft">{ words.get("link.choose") }</span> }, |id| end(id, "link-to"));
    let arrow = if way.is_none_or(|way| way.forward) { "tie-arrow" } else { "tie-arrow back" };
    let kinds = ways.iter().enumerate().map(|(index, one)| {
        let on = way == Some(one);
        html! {
            <button type="button" key={one.kind.as_str().to_owned()} class={classes!("chip", on.then_some("on"))} data-way={one.kind.as_str().to_owned()} aria-pressed={if on { "true" } else { "false" }}
                onclick={on_click(&store, Action::Tie(Tie::Way(index)))} onmousedown={keep_focus()}>{ kind_name(work, &one.kind, &words) }if ways.len() > 1 { <kbd aria-hidden="true">{ index + 1 }</kbd> }</button>
        }
    });
    html! {
        <div class="link-band" role="group" data-testid="link-band" aria-label={words.get("link.title")}>
            { end(&link.from, "link-from") }
            <span class="tie-kinds"><span class="chips">{ for kinds }</span><span class={arrow} aria-hidden="true"></span></span>
            { target }
            <span class="tie-do">
                <button type="button" class="button primary" data-testid="link-confirm" disabled={way.is_none()} onclick={on_click(&store, Action::Tie(Tie::Confirm))} onmousedown={keep_focus()}>{ words.get("link.confirm") }{ key("↵") }</button>
                <button type="button" class="button" data-testid="link-leave" onclick={on_click(&store, Action::Tie(Tie::Leave))} onmousedown={keep_focus()}>{ words.get("link.leave") }{ key("Esc") }</button>
            </span>
            <p class="soft small">{ words.get("link.how") }</p>
        </div>
    }
}

fn key(name: &'static str) -> Html {
    html! { <kbd aria-hidden="true">{ name }</kbd> }
}

/// The relations of the label in focus, with the source that is suggested.
#[component]
pub fn Relations() -> Html {
    let store = use_store();
    let words = use_words();
    // Worked out when it is shown, and not at every change of the state.
    let seen = use_select(|state: &State| {
        let work = state.work.as_ref()?;
        Some((work.session.revision(), work.chosen.clone(), work.session.is_read_only(), ways::may_be_tied(state)))
    });
    let Some((_, Some(id), read_only, tied)) = (*seen).clone() else { return Html::default() };
    let state = store.state();
    let Some((work, annotation)) = state.work.as_ref().and_then(|work| Some((work, work.session.layer().get(&id)?))) else { return Html::default() };
    let mut listed: Vec<&Arc<Relation>> = work.session.layer().relations_of(&id).take(LISTED + 1).collect();
    let more = listed.len() > LISTED;
    listed.truncate(LISTED);
    if listed.is_empty() && !tied {
        return Html::default();
    }
    let offer = (!read_only).then(|| ways::suggestion(work, annotation)).flatten();
    let offer = offer.map(|(kind, source)| {
        let line = words.with("tie.offer", &[("kind", &kind_name(work, &kind, &words)), ("quote", &short(work, &source))]);
        html! { <button type="button" class="button tie-offer" data-testid="tie-offer" data-to={source.as_str().to_owned()} onclick={on_click(&store, Action::Tie(Tie::Accept))} onmousedown={keep_focus()}>{ line }{ key("⇧R") }</button> }
    });
    html! {
        <section class="ties-list" data-testid="relations" aria-label={words.get("ties.title")}>
            <div class="ties-head"><span class="soft small">{ words.get("ties.title") }</span>
                if tied { { IconButton::new(Icon::Tie, words.get("tool.tie"), on_click(&store, Action::Tie(Tie::Begin))).testid("tie").html() } }</div>
            { offer }
            <ul>{ for listed.into_iter().map(|relation| line(&store, work, &words, &id, relation, read_only)) }</ul>
            if more { <p class="soft small">{ words.with("ties.more", &[("n", &words.number(LISTED))]) }</p> }
        </section>
    }
}

/// One relation of the label in focus.
fn line(store: &StoreRef, work: &Work, words: &Words, focus: &AnnotationId, relation: &Relation, read_only: bool) -> Html {
    let forward = relation.from == *focus;
    let other = if forward { &relation.to } else { &relation.from };
    let id = relation.id.as_str().to_owned();
    let kind = kind_name(work, &relation.kind, words);
    let direction = words.get(if forward { "tie.out" } else { "tie.in" });
    let quote = short(work, other);
    let tool = |sign: Icon, key: &str, testid: &'static str, tie: Tie| {
        IconButton::new(sign, words.get(key), on_click(store, Action::Tie(tie))).testid(testid).html()
    };
    let known = work.session.project().schema.relation(&relation.kind);
    let attributes = known.map(|kind| kind.attributes.as_slice()).unwrap_or_default();
    html! {
        <li key={id.clone()} data-relation={id} data-kind={relation.kind.as_str().to_owned()} data-from={relation.from.as_str().to_owned()} data-to={relation.to.as_str().to_owned()}>
            <div class="tie-line">
                { kinds(store, work, words, relation, kind, read_only) }
                <span class={if forward { "tie-arrow" } else { "tie-arrow back" }} role="img" aria-label={direction.clone()} title={direction}></span>
                <button type="button" class="tie-jump" data-testid="tie-jump" aria-label={words.with("tie.jump", &[("quote", &quote)])} onclick={on_click(store, Action::Choose(Some(other.clone())))}><bdi lang="ar">{ quote }</bdi></button>
                if !read_only {
                    { tool(Icon::Aim, "tie.again", "tie-again", Tie::Again(relation.id.clone())) }
                    { tool(Icon::Trash, "tie.cut", "tie-cut", Tie::Cut(relation.id.clone())) }
                }
            </div>
            { answers::rows(store, words, attributes, &About::Relation(relation.id.clone()), &relation.attributes, read_only) }
            if relation.note.is_some() || !read_only {
                <details class="tie-note" open={relation.note.is_some()}>
                    <summary class="soft small">{ words.get("tie.note") }</summary>
                    <Note about={About::Relation(relation.id.clone())} note={relation.note.clone().unwrap_or_default()} read_only={read_only} />
                </details>
            }
        </li>
    }
}

/// The kind of a relation, to be changed where others may join the same two labels.
fn kinds(store: &StoreRef, work: &Work, words: &Words, relation: &Relation, name: String, read_only: bool) -> Html {
    let (schema, layer) = (&work.session.project().schema, work.session.layer());
    let ends = layer.get(&relation.from).zip(layer.get(&relation.to));
    let others: Vec<_> =
        ends.map(|(from, to)| schema.joining(&from.label, &to.label).filter(|kind| kind.id != relation.kind).collect()).unwrap_or_default();
    if others.is_empty() || read_only {
        return html! { <span class="tie-kind">{ name }</span> };
    }
    let onchange = {
        let (store, id) = (store.clone(), relation.id.clone());
        Callback::from(move |event: Event| {
            let value = event.target_unchecked_into::<web_sys::HtmlSelectElement>().value();
            perform(&store, Action::Tie(Tie::Recast(id.clone(), RelationKind::from(value))));
        })
    };
    let others = others.into_iter().map(|kind| html! { <option value={kind.id.as_str().to_owned()}>{ words.pick(&kind.names).to_owned() }</option> });
    html! { <select class="quiet" data-testid="tie-kind" aria-label={words.get("tie.kind")} onchange={onchange}><option value={relation.kind.as_str().to_owned()} selected=true>{ name }</option>{ for others }</select> }
}
