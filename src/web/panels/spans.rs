//! The list of labels, in step with the text. However many there are, only those near its viewport are in the page.

use crate::annotation::Annotation;
use crate::check::{Answer, Tag};
use crate::id::LabelId;
use crate::schema::{CheckKind, Schema};
use crate::web::act::marks::set_filter;
use crate::web::act::{self, Action, perform};
use crate::web::app::use_words;
use crate::web::bar::on_click;
use crate::web::panels::checks;
use crate::web::panels::icons::{Icon, icon};
use crate::web::panels::labels::{swatch, use_schema};
use crate::web::panels::rows::{Row, Rows};
use crate::web::state::{Filter, Group, State, View, Work};
use crate::web::store::{StoreRef, use_select, use_store};
use crate::web::words::Words;
use std::rc::Rc;
use web_sys::HtmlElement;
use yew::prelude::*;

/// The height of a row, in CSS pixels; the style sheet has the same.
const ROW: f64 = 52.0;
/// Rows in the page at once.
const WINDOW: usize = 90;

/// A list to choose from that shows `value` however it came to be chosen: of a list that a person has touched the browser
/// heeds no attributes any more.
#[hook]
pub fn use_shown(value: String) -> NodeRef {
    let node = use_node_ref();
    use_effect_with((node.clone(), value), |(node, value)| {
        if let Some(field) = node.cast::<web_sys::HtmlSelectElement>() {
            field.set_value(value);
        }
    });
    node
}

/// The list with its head: labels, or what was found in them.
#[component]
pub fn SpanPanel() -> Html {
    let store = use_store();
    let words = use_words();
    let seen = use_select(|state| {
        let work = state.work.as_ref()?;
        Some((work.session.layer().len(), work.findings.count(None), work.findings.is_complete, work.filter.view))
    });
    let Some((labels, open, complete, view)) = *seen else { return Html::default() };
    let tab = |to: View, testid: &'static str, name: String| {
        let on = std::mem::discriminant(&view) == std::mem::discriminant(&to);
        let store = store.clone();
        let onclick = Callback::from(move |_: MouseEvent| set_filter(&store, |filter| filter.view = to));
        html! { <button type="button" class="tab" data-testid={testid} aria-pressed={if on { "true" } else { "false" }} onclick={onclick}>{ name }</button> }
    };
    let found = words.count("checks.count", open);
    html! {
        <>
            <div class="spans-head"><h2 class="unseen">{ words.get("spans.title") }</h2>
                <div class="tabs" role="group" aria-label={words.get("view")}>{ tab(View::Labels, "view-labels", words.count("spans.count", labels)) }{ tab(View::Checks(None), "view-checks", if complete { found } else { words.with("checks.going-on", &[("count", &found)]) }) }</div>
                if view == View::Labels { <Grouping /> }
            </div>
            if view == View::Labels { <Filters /> } else { <Kinds /> }
            <List />
        </>
    }
}

/// Of which check findings are shown.
#[component]
fn Kinds() -> Html {
    let store = use_store();
    let words = use_words();
    let seen = use_select(|state: &State| {
        let work = state.work.as_ref()?;
        let View::Checks(kind) = work.filter.view else { return None };
        let counts: Vec<(CheckKind, usize)> = CheckKind::ALL.into_iter().map(|kind| (kind, work.findings.count(Some(kind)))).collect();
        Some((kind, counts))
    });
    let field = use_shown(checks::place_of((*seen).as_ref().and_then(|(chosen, _)| *chosen)));
    let Some((chosen, counts)) = (*seen).clone() else { return Html::default() };
    let choose = Callback::from(move |kind| set_filter(&store, |filter| filter.view = View::Checks(kind)));
    html! { <div class="filter-line">{ checks::kind_list(&words, &counts, chosen, field, choose) }</div> }
}

/// Which labels are shown by what is said of them, each choice with how many there are.
#[component]
fn Only() -> Html {
    let store = use_store();
    let words = use_words();
    let schema = use_schema();
    // Told apart by where it lies in memory: to compare all counts at every change would cost more.
    let seen = use_select(|state: &State| state.work.as_ref().map(|work| (Rc::as_ptr(&work.findings) as usize, work.filter.only.clone())));
    let only = (*seen).clone().and_then(|(_, only)| only);
    let choices: Vec<(Tag, usize)> = {
        let findings = store.state().work.as_ref().map(|work| work.findings.clone()).unwrap_or_default();
        let tally = &findings.tally;
        let mut choices: Vec<(Tag, usize)> = tally.tags().map(|tag| (tag.clone(), tally.count(tag))).collect();
        choices.extend(only.clone().filter(|only| choices.iter().all(|(tag, _)| tag != only)).map(|only| (only, 0)));
        choices
    };
    let shown = choices.iter().position(|(tag, _)| Some(tag) == only.as_ref());
    let field = use_shown(shown.map_or_else(String::new, |place| place.to_string()));
    if choices.is_empty() {
        return Html::default();
    }
    let onchange = {
        let (store, tags) = (store.clone(), choices.iter().map(|(tag, _)| tag.clone()).collect::<Vec<_>>());
        Callback::from(move |event: Event| {
            let place = event.target_unchecked_into::<web_sys::HtmlSelectElement>().value().parse::<usize>();
            let tag = place.ok().and_then(|place| tags.get(place)).cloned();
            set_filter(&store, |filter| filter.only = tag);
        })
    };
    let options = choices.iter().enumerate().map(|(place, (tag, count))| {
        let name = words.with("filter.option", &[("name", &tag_name(&schema, &words, tag)), ("count", &words.number(*count))]);
        html! { <option key={place} value={place.to_string()} selected={only.as_ref() == Some(tag)}>{ name }</option> }
    });
    html! { <select ref={field} class={classes!("quiet", "only", only.is_some().then_some("on"))} data-testid="only" aria-label={words.get("filter.only")} onchange={onchange}><option key="all" value="" selected={only.is_none()}>{ words.get("filter.all") }</option>{ for options }</select> }
}

/// What labels say, in words: the kind of label, the attribute, the answer.
fn tag_name(schema: &Schema, words: &Words, tag: &Tag) -> String {
    let Tag::Said { label, attribute, answer } = tag else { return words.get("filter.unsure") };
    let known = schema.label(label);
    let label = known.map_or_else(|| label.to_string(), |known| words.pick(&known.names).to_owned());
    let known = known.and_then(|known| known.attribute(attribute));
    let answer = match answer {
        Answer::Value(id) => match &**id {
            "true" => words.get("answer.yes"),
            "false" => words.get("answer.no"),
            id => known.and_then(|known| known.value(id)).map_or_else(|| id.to_owned(), |value| words.pick(&value.names).to_owned()),
        },
        Answer::Something => words.get("filter.something"),
        Answer::Nothing => words.get("filter.nothing"),
    };
    let attribute = known.map_or_else(|| attribute.to_string(), |known| words.pick(&known.names).to_owned());
    words.with("filter.said", &[("label", &label), ("attribute", &attribute), ("answer", &answer)])
}

#[component]
fn Grouping() -> Html {
    let store = use_store();
    let words = use_words();
    let group = use_select(|state| state.work.as_ref().map(|work| work.filter.group).unwrap_or_default());
    let onchange = Callback::from(move |event: Event| {
        let value = event.target_unchecked_into::<web_sys::HtmlSelectElement>().value();
        let group = match value.as_str() {
            "label" => Group::Label,
            "words" => Group::Words,
            _ => Group::None,
        };
        set_filter(&store, |filter| filter.group = group);
    });
    let option = |group_is: Group, value: &'static str| html! { <option value={value} selected={*group == group_is}>{ words.get(&format!("group.{value}")) }</option> };
    html! { <select class="quiet" data-testid="group" aria-label={words.get("group")} onchange={onchange}>{ option(Group::None, "none") }{ option(Group::Label, "label") }{ option(Group::Words, "words") }</select> }
}

/// One button a kind of label: how many there are, and whether the list shows them.
#[component]
fn Filters() -> Html {
    let store = use_store();
    let words = use_words();
    let schema = use_schema();
    let seen = use_select(|state: &State| {
        let work = state.work.as_ref()?;
        let counts: Vec<(LabelId, usize)> = work.session.layer().counts().map(|(label, count)| (label.clone(), count)).collect();
        Some((counts, work.filter.hidden.clone()))
    });
    let Some((counts, hidden)) = (*seen).clone() else { return Html::default() };
    let chips = counts.into_iter().map(|(label, count)| {
        let shown = !hidden.contains(&label);
        let name = schema.label(&label).map_or_else(|| label.to_string(), |known| words.pick(&known.names).to_owned());
        let toggle = {
            let (store, label) = (store.clone(), label.clone());
            Callback::from(move |_: MouseEvent| {
                set_filter(&store, |filter| {
                    if !filter.hidden.remove(&label) {
                        filter.hidden.insert(label.clone());
                    }
                });
            })
        };
        html! {
            <button type="button" class="chip" key={label.as_str().to_owned()} data-filter={label.as_str().to_owned()} aria-pressed={if shown { "true" } else { "false" }} onclick={toggle}>
                { swatch(&schema, &label) }{ name }<span class="n">{ words.number(count) }</span>
            </button>
        }
    });
    html! { <><div class="chips" role="group" aria-label={words.get("spans.filter")}>{ for chips }</div><div class="filter-line"><Only /></div></> }
}

#[component]
fn List() -> Html {
    let words = use_words();
    let node = use_node_ref();
    let top = use_state(|| 0_usize);
    let seen = use_select(|state: &State| {
        let work = state.work.as_ref()?;
        Some((work.session.key().clone(), work.session.revision(), work.filter.clone(), work.chosen.clone(), Rc::as_ptr(&work.findings) as usize))
    });
    let store = use_store();
    let language = words.language();
    // Which rows there are is worked out once for each edit and filter, not for each step through them.
    let rows_known = use_mut_ref(|| None);
    let (rows, first, count, place) = {
        let state = store.state();
        let Some(work) = &state.work else { return Html::default() };
        let key = (work.session.key().clone(), work.session.revision(), work.filter.clone(), Rc::as_ptr(&work.findings) as usize, language);
        let mut known = rows_known.borrow_mut();
        let all = match known.take().filter(|(of, _)| *of == key) {
            Some((_, all)) => all,
            None => Rc::new(Rows::of(work, &words)),
        };
        *known = Some((key, all.clone()));
        let first = top.saturating_sub(WINDOW / 3).min(all.count().saturating_sub(WINDOW));
        let last = (first + WINDOW).min(all.count());
        let rows: Vec<(usize, Row)> = (first..last).filter_map(|index| all.get(work, index).map(|row| (index, row))).collect();
        let place = work.chosen.as_ref().and_then(|id| all.position(work, id));
        let rows: Vec<Html> = rows.into_iter().map(|(_, row)| row_html(&store, work, &row, &words)).collect();
        (rows, first, all.count(), place)
    };
    {
        let node = node.clone();
        use_effect_with(place, move |place| {
            if let (Some(place), Some(list)) = (*place, node.cast::<HtmlElement>()) {
                bring_into_view(&list, place);
            }
        });
    }
    let onscroll = {
        let node = node.clone();
        Callback::from(move |_: Event| {
            let Some(list) = node.cast::<HtmlElement>() else { return };
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a row number")]
            let row = (f64::from(list.scroll_top()) / ROW) as usize;
            // The window moves in steps, so that scrolling does not render at every pixel.
            let step = row - row % (WINDOW / 6);
            if step != *top {
                top.set(step);
            }
        })
    };
    if count == 0 {
        let filter = (*seen).as_ref().map(|(_, _, filter, ..)| filter.clone()).unwrap_or_default();
        return empty(&store, &words, &filter);
    }
    let below = count.saturating_sub(first + rows.len());
    html! {
        <ul class="span-list" ref={node} data-testid="spans" data-count={count.to_string()} aria-label={words.get("spans.title")} onscroll={onscroll}>
            <Spacer key="above" rows={first} />
            { for rows }
            <Spacer key="below" rows={below} />
        </ul>
    }
}

/// Says why nothing is shown, and how to see something.
fn empty(store: &StoreRef, words: &Words, filter: &Filter) -> Html {
    if filter.view != View::Labels {
        let complete = store.state().work.as_ref().is_some_and(|work| work.findings.is_complete);
        let line = if complete { words.get("checks.none") } else { words.get("checks.looking") };
        return html! { <div class="empty" data-testid="spans" data-count="0"><p>{ line }</p></div> };
    }
    if filter.only.is_some() {
        let all = {
            let store = store.clone();
            Callback::from(move |_: MouseEvent| set_filter(&store, |filter| *filter = Filter { group: filter.group, ..Filter::default() }))
        };
        return html! { <div class="empty" data-testid="spans" data-count="0"><p>{ words.get("filter.empty") }</p><p><button type="button" class="button" data-testid="show-all" onclick={all}>{ words.get("filter.all") }</button></p></div> };
    }
    html! { <div class="empty" data-testid="spans" data-count="0"><p>{ words.get("spans.empty") }</p><p class="soft">{ words.get("spans.empty.how") }</p></div> }
}

fn row_html(store: &StoreRef, work: &Work, row: &Row, words: &Words) -> Html {
    match row {
        Row::Finding(id, finding, rank) => {
            let Some(annotation) = work.session.layer().get(id) else { return Html::default() };
            let current = (work.chosen.as_ref() == Some(id)).then_some("true");
            let onclick = on_click(store, Action::Choose(Some(id.clone())));
            html! {
                <li class="span-row finding-row" key={rank.to_string()} data-finding={finding.why.id()} data-of={id.as_str().to_owned()}>
                    <button type="button" aria-current={current} onclick={onclick}>
                        { swatch(&work.session.project().schema, &annotation.label) }
                        <span class="two"><bdi class="quote" lang="ar">{ act::quote(work, annotation) }</bdi><span class="soft small">{ checks::sentence(work, words, &finding.why) }</span></span>
                    </button>
                    if !work.session.is_read_only() { { checks::fix_button(store, work, words, finding, false) } }
                </li>
            }
        }
        Row::Heading(name, count) => {
            html! { <li class="group-head" key={format!("g-{name}")}><span dir="auto">{ &**name }</span><span class="n">{ words.number(*count) }</span></li> }
        }
        Row::Label(id) => {
            let Some(annotation) = work.session.layer().get(id) else { return Html::default() };
            let chosen = work.chosen.as_ref() == Some(id);
            html! { <SpanRow key={id.as_str().to_owned()} annotation={ByPointer(annotation.clone())} quote={act::quote(work, annotation)} name={act::label_name(work, &annotation.label, words)} chosen={chosen} checked={work.findings.has(id)} /> }
        }
    }
}

/// An annotation that is told from another by where it lies in memory.
#[derive(Clone)]
struct ByPointer(std::sync::Arc<Annotation>);

impl PartialEq for ByPointer {
    fn eq(&self, other: &Self) -> bool {
        std::sync::Arc::ptr_eq(&self.0, &other.0)
    }
}

#[derive(Properties, PartialEq)]
struct SpanRowProps {
    annotation: ByPointer,
    quote: String,
    name: String,
    chosen: bool,
    /// Whether the checks found something in it.
    checked: bool,
}

#[component]
fn SpanRow(props: &SpanRowProps) -> Html {
    let store = use_store();
    let words = use_words();
    let schema = use_schema();
    let annotation = &props.annotation.0;
    let hull = annotation.extent.hull();
    let (start, end) = (hull.start().get(), hull.end().get());
    let onclick = {
        let id = annotation.id.clone();
        Callback::from(move |_: MouseEvent| perform(&store, Action::Choose(Some(id.clone()))))
    };
    html! {
        <li class="span-row" data-span={annotation.id.as_str().to_owned()} data-label={annotation.label.as_str().to_owned()} data-start={start.to_string()} data-end={end.to_string()}>
            <button type="button" aria-current={props.chosen.then_some("true")} onclick={onclick} title={props.name.clone()}>
                { swatch(&schema, &annotation.label) }
                <span class="unseen">{ &props.name }</span>
                <bdi class="quote" lang="ar">{ &props.quote }</bdi>
                <span class="row-signs">
                    if annotation.unsure { <span class="sign-word" data-sign="unsure" title={words.get("filter.unsure")}>{ words.get("sign.unsure") }<span class="unseen">{ words.get("filter.unsure") }</span></span> }
                    if props.checked { <span class="has-check" data-sign="check" title={words.get("checks.title")}>{ icon(Icon::Warning) }<span class="unseen">{ words.get("checks.title") }</span></span> }
                    if annotation.note.is_some() { <span class="has-note">{ icon(Icon::Note) }</span> }
                </span>
                <small>{ words.number(start as usize) }</small>
            </button>
        </li>
    }
}

#[derive(Properties, PartialEq)]
struct SpacerProps {
    rows: usize,
}

/// Room for rows that are not in the page.
#[component]
fn Spacer(props: &SpacerProps) -> Html {
    let node = use_node_ref();
    use_effect_with((node.clone(), props.rows), |(node, rows)| {
        if let Some(element) = node.cast::<HtmlElement>() {
            #[expect(clippy::cast_precision_loss, reason = "row counts are far below 2^53")]
            crate::web::reader::paint::put(&element, "height", *rows as f64 * ROW);
        }
    });
    html! { <li ref={node} class="spacer" role="presentation" aria-hidden="true"></li> }
}

fn bring_into_view(list: &HtmlElement, place: usize) {
    #[expect(clippy::cast_precision_loss, reason = "row counts are far below 2^53")]
    let top = place as f64 * ROW;
    let (view, height) = (f64::from(list.scroll_top()), f64::from(list.client_height()));
    if top < view || top + ROW > view + height {
        let wanted = (top - height / 2.0 + ROW / 2.0).max(0.0);
        #[expect(clippy::cast_possible_truncation, reason = "a scroll position")]
        list.set_scroll_top(wanted as i32);
    }
}
