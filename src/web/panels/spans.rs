//! The list of labels, in step with the text. However many there are, only those near its viewport are in the page.

use crate::annotation::Annotation;
use crate::id::{AnnotationId, LabelId};
use crate::text::fold;
use crate::web::act::{self, Action, perform};
use crate::web::app::use_words;
use crate::web::panels::labels::{swatch, use_schema};
use crate::web::state::{Filter, Group, State, Work};
use crate::web::store::{StoreRef, use_select, use_store};
use crate::web::words::Words;
use std::collections::BTreeMap;
use std::rc::Rc;
use web_sys::HtmlElement;
use yew::prelude::*;

/// The height of a row, in CSS pixels; the style sheet has the same.
const ROW: f64 = 52.0;
/// Rows in the page at once.
const WINDOW: usize = 150;

/// A row of the list.
#[derive(Clone, PartialEq)]
enum Row {
    Heading(Rc<str>, usize),
    Label(AnnotationId),
}

/// Which rows there are: looked up by rank where nothing is filtered or grouped, so that an edit costs the same in a long list.
enum Rows {
    All(usize),
    Some(Vec<Row>),
}

impl Rows {
    fn of(work: &Work, words: &Words) -> Self {
        let layer = work.session.layer();
        let filter: &Filter = &work.filter;
        if filter.hidden.is_empty() && filter.group == Group::None {
            return Self::All(layer.len());
        }
        let shown = layer.iter().filter(|annotation| !filter.hidden.contains(&annotation.label));
        if filter.group == Group::None {
            return Self::Some(shown.map(|annotation| Row::Label(annotation.id.clone())).collect());
        }
        let mut groups: BTreeMap<String, (String, Vec<AnnotationId>)> = BTreeMap::new();
        for annotation in shown {
            let (key, name) = match filter.group {
                Group::Words => {
                    let quote = act::quote(work, annotation);
                    (fold(&quote), quote)
                }
                Group::Label | Group::None => {
                    let schema = &work.session.project().schema;
                    let place = schema.labels.iter().position(|label| label.id == annotation.label);
                    (format!("{:04}{}", place.unwrap_or(9_999), annotation.label), act::label_name(work, annotation, words))
                }
            };
            groups.entry(key).or_insert_with(|| (name, Vec::new())).1.push(annotation.id.clone());
        }
        let mut groups: Vec<_> = groups.into_values().collect();
        if filter.group == Group::Words {
            groups.sort_by_key(|(_, ids)| std::cmp::Reverse(ids.len()));
        }
        let rows = groups.into_iter().flat_map(|(name, ids)| {
            let heading = Row::Heading(name.into(), ids.len());
            std::iter::once(heading).chain(ids.into_iter().map(Row::Label))
        });
        Self::Some(rows.collect())
    }

    fn len(&self) -> usize {
        match self {
            Self::All(count) => *count,
            Self::Some(rows) => rows.len(),
        }
    }

    fn get(&self, work: &Work, index: usize) -> Option<Row> {
        match self {
            Self::All(_) => work.session.layer().nth(index).map(|annotation| Row::Label(annotation.id.clone())),
            Self::Some(rows) => rows.get(index).cloned(),
        }
    }

    fn position(&self, work: &Work, id: &AnnotationId) -> Option<usize> {
        match self {
            Self::All(_) => work.session.layer().rank(id),
            Self::Some(rows) => rows.iter().position(|row| *row == Row::Label(id.clone())),
        }
    }
}

/// The list with its head.
#[component]
pub fn SpanPanel() -> Html {
    let words = use_words();
    let count = use_select(|state| state.work.as_ref().map_or(0, |work| work.session.layer().len()));
    html! {
        <>
            <div class="spans-head"><h2>{ words.count("spans.count", *count) }</h2><Grouping /></div>
            <Filters />
            <List />
        </>
    }
}

fn set_filter(store: &StoreRef, change: impl FnOnce(&mut Filter)) {
    act::with_work(store, |work| change(Rc::make_mut(&mut work.filter)));
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
    html! { <div class="chips" role="group" aria-label={words.get("spans.filter")}>{ for chips }</div> }
}

#[component]
fn List() -> Html {
    let words = use_words();
    let node = use_node_ref();
    let top = use_state(|| 0_usize);
    let seen = use_select(|state: &State| {
        let work = state.work.as_ref()?;
        Some((work.session.key().clone(), work.session.revision(), work.filter.clone(), work.chosen.clone()))
    });
    let store = use_store();
    let language = words.language();
    let (rows, first, count, place) = {
        let state = store.state();
        let Some(work) = &state.work else { return Html::default() };
        let all = Rows::of(work, &words);
        let first = top.saturating_sub(WINDOW / 3).min(all.len().saturating_sub(WINDOW));
        let last = (first + WINDOW).min(all.len());
        let rows: Vec<(usize, Row)> = (first..last).filter_map(|index| all.get(work, index).map(|row| (index, row))).collect();
        let place = work.chosen.as_ref().and_then(|id| all.position(work, id));
        let rows: Vec<Html> = rows.into_iter().map(|(_, row)| row_html(work, &row, &words)).collect();
        (rows, first, all.len(), place)
    };
    let _ = (&seen, language);
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
        return html! { <div class="empty" data-testid="spans" data-count="0"><p>{ words.get("spans.empty") }</p><p class="soft">{ words.get("spans.empty.how") }</p></div> };
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

fn row_html(work: &Work, row: &Row, words: &Words) -> Html {
    match row {
        Row::Heading(name, count) => {
            html! { <li class="group-head" key={format!("g-{name}")}><span dir="auto">{ &**name }</span><span class="n">{ words.number(*count) }</span></li> }
        }
        Row::Label(id) => {
            let Some(annotation) = work.session.layer().get(id) else { return Html::default() };
            let chosen = work.chosen.as_ref() == Some(id);
            html! { <SpanRow key={id.as_str().to_owned()} annotation={ByPointer(annotation.clone())} quote={act::quote(work, annotation)} name={act::label_name(work, annotation, words)} chosen={chosen} /> }
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
                if annotation.note.is_some() { <span class="has-note">{ crate::web::panels::icons::icon(crate::web::panels::icons::Icon::Note) }</span> }
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
