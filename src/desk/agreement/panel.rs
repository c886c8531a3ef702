//! The passages behind a number, in front of the screen: what was counted, and where, with ways there.

use super::bench::Bench;
use super::model::{Behind, Model, Two};
use super::names::{answer_name, label_words, person};
use super::pairs::two_name;
use crate::agreement::Cell;
use crate::agreement::passages::Which;
use crate::exchange::agree::behind::PAGE;
use crate::exchange::agree::{PassageTold, SaidTold};
use crate::id::LabelId;
use crate::web::bar::IconButton;
use crate::web::panels::icons::Icon;
use crate::web::panels::labels::swatch;
use crate::web::state::Route;
use crate::web::words::Words;
use web_sys::{HtmlDialogElement, HtmlSelectElement};
use yew::prelude::*;

/// The bench whose passages are shown. What else it shows is drawn anew with every change.
#[derive(Properties, PartialEq)]
pub struct PanelProps {
    /// Which.
    pub bench: Bench,
    /// What is in front.
    pub behind: Behind,
    /// Whether words are Arabic.
    pub is_arabic: bool,
}

/// The panel: the browser's own dialog, which keeps the focus and gives it back.
#[component]
pub fn Panel(props: &PanelProps) -> Html {
    let node = use_node_ref();
    use_effect_with(node.clone(), |node| {
        if let Some(dialog) = node.cast::<HtmlDialogElement>() {
            // Refused only for a dialog that is open already.
            let _ = dialog.show_modal();
        }
    });
    let bench = &props.bench;
    let (model, words) = (bench.model(), bench.words());
    let close = {
        let node = node.clone();
        Callback::from(move |_: MouseEvent| node.cast::<HtmlDialogElement>().into_iter().for_each(|dialog| dialog.close()))
    };
    // A click beside the panel falls on the dialog itself.
    let beside = {
        let close = close.clone();
        Callback::from(move |event: MouseEvent| {
            if event.target() == event.current_target() {
                close.emit(event);
            }
        })
    };
    let closed = bench.shower(|model, _: Event| model.behind = None);
    let behind = &props.behind;
    html! {
        <dialog ref={node} class="sheet-front wide" data-testid="agree-panel" onclose={closed} onclick={beside} aria-label={words.with("desk.agree.behind", &[("name", &behind.title)])}>
            <div class="sheet-body">
                <header><h2>{ &behind.title }</h2>{ IconButton::new(Icon::Close, words.get("close"), close.clone()).testid("close").html() }</header>
                { inside(bench, &model, &words, behind, &close) }
            </div>
        </dialog>
    }
}

fn inside(bench: &Bench, model: &Model, words: &Words, behind: &Behind, close: &Callback<MouseEvent>) -> Html {
    let pair = &behind.people;
    let passages = match &behind.told {
        _ if behind.stopped => html! { <p role="alert">{ words.get("desk.agree.stopped") }</p> },
        None => html! { <p class="soft" role="status">{ words.get("desk.agree.behind.looking") }</p> },
        Some(found) if found.passages.is_empty() => html! { <p class="soft" role="status">{ words.get("desk.agree.behind.nothing") }</p> },
        Some(found) => {
            html! { <ol class="agree-passages" data-testid="agree-passages">{ for found.passages.iter().map(|one| passage(model, words, pair, (one, &behind.cells[behind.at.min(behind.cells.len() - 1)]), close)) }</ol> }
        }
    };
    html! {
        <>
            if behind.choice.len() > 1 { { pair_field(bench, words, behind) } }
            if behind.cells.len() > 1 { { cells(bench, model, words, behind, pair) } }
            { passages }
            { pages(bench, words, behind) }
        </>
    }
}

/// A number of several pairs: which one is looked at.
fn pair_field(bench: &Bench, words: &Words, behind: &Behind) -> Html {
    let onchange = {
        let (bench, behind) = (bench.clone(), behind.clone());
        Callback::from(move |event: Event| {
            let at = event.target_unchecked_into::<HtmlSelectElement>().selected_index();
            let people = usize::try_from(at).ok().and_then(|at| behind.choice.get(at));
            if let (Some(people), Some(figure)) = (people, &behind.figure) {
                bench.open_of(figure, people.clone(), behind.choice.clone(), behind.title.clone());
            }
        })
    };
    let option =
        |(at, two): (usize, &Two)| html! { <option value={at.to_string()} selected={*two == behind.people}>{ two_name(words, two) }</option> };
    html! { <label class="field"><span>{ words.get("desk.agree.behind.pair") }</span><select data-testid="behind-pair" {onchange}>{ for behind.choice.iter().enumerate().map(option) }</select></label> }
}

/// What a cell is called.
fn cell_name(model: &Model, words: &Words, pair: &Two, cell: &Cell) -> String {
    let [a, b] = [&pair.0, &pair.1].map(|name| person(words, name.as_str()));
    let side = |which: Which| match which {
        Which::OnlyA => words.with("desk.agree.only", &[("name", &a)]),
        Which::OnlyB => words.with("desk.agree.only", &[("name", &b)]),
        Which::Matched => words.get("desk.agree.both"),
    };
    let each = |of_a: String, of_b: String| {
        if of_a == of_b {
            words.with("desk.agree.both.say", &[("what", &of_a)])
        } else {
            words.with("desk.agree.each.say", &[("a", &a), ("what", &of_a), ("b", &b), ("other", &of_b)])
        }
    };
    let label = |label: &Option<LabelId>| label_words(model, words, label.as_ref());
    match cell {
        Cell::Tokens { a, b } => each(label(a), label(b)),
        Cell::Covered { a: true, b: false, .. } => side(Which::OnlyA),
        Cell::Covered { a: false, b: true, .. } => side(Which::OnlyB),
        Cell::Covered { .. } => side(Which::Matched),
        Cell::Spans { side: which, .. } | Cell::Relations { side: which, .. } => side(*which),
        Cell::Edge { by, .. } => super::edges::distance(words, *by),
        Cell::Attribute { name, a, b } => each(answer_name(model, words, name, a.as_deref()), answer_name(model, words, name, b.as_deref())),
    }
}

fn cells(bench: &Bench, model: &Model, words: &Words, behind: &Behind, pair: &Two) -> Html {
    let chip = |(at, cell): (usize, &Cell)| {
        let onclick = {
            let bench = bench.clone();
            Callback::from(move |_: MouseEvent| {
                bench.look(|behind| {
                    behind.at = at;
                    behind.from = 0;
                });
            })
        };
        let on = at == behind.at;
        let is_empty = behind.told.as_ref().and_then(|told| told.counts.get(at)) == Some(&0);
        if is_empty && !on {
            return Html::default();
        }
        let count = behind.told.as_ref().and_then(|told| told.counts.get(at)).map(|count| words.number(*count));
        html! { <button type="button" key={at} class={classes!("chip", on.then_some("on"))} data-cell={at.to_string()} aria-pressed={on.to_string()} {onclick}><span>{ cell_name(model, words, pair, cell) }</span>if let Some(count) = count { <span class="n">{ count }</span> }</button> }
    };
    html! { <div class="chips agree-cells" role="group" aria-label={words.get("desk.agree.behind.cells")}>{ for behind.cells.iter().enumerate().map(chip) }</div> }
}

fn said(model: &Model, words: &Words, who: &str, said: Option<&SaidTold>, cell: &Cell, quote: &str) -> Html {
    let inside = match said {
        None => html! { <span class="soft">{ words.get("desk.agree.no-label") }</span> },
        Some(said) => {
            let answer = match cell {
                Cell::Attribute { name, .. } => Some(answer_name(model, words, name, said.answer.as_deref())),
                _ => None,
            };
            // What is the passage itself need not be said again.
            let own = said.quote.as_ref().filter(|own| own.as_str() != quote);
            html! {
                <>{ swatch(&model.schema, &said.label) }<bdi>{ label_words(model, words, Some(&said.label)) }</bdi>
                if let Some(answer) = answer { <b><bdi>{ answer }</bdi></b> }
                if let Some(own) = own { <q lang="ar" dir="auto">{ own.clone() }</q> }</>
            }
        }
    };
    html! { <li><span class="agree-who"><bdi>{ person(words, who) }</bdi></span>{ inside }</li> }
}

fn passage(model: &Model, words: &Words, pair: &Two, (told, cell): (&PassageTold, &Cell), close: &Callback<MouseEvent>) -> Html {
    let at = format!("?at={}-{}", told.start, told.end);
    let way = |route: Route| format!("{}{at}", route.fragment());
    let (review, read) = (way(Route::Review(told.document.clone())), way(Route::Read(told.document.clone())));
    html! {
        <li data-passage={told.document.to_string()} data-start={told.start.to_string()} data-end={told.end.to_string()}>
            <p class="agree-quote" lang="ar" dir="auto"><span class="soft">{ &told.before }</span><mark>{ &told.quote }</mark><span class="soft">{ &told.after }</span></p>
            <ul class="agree-said">{ said(model, words, pair.0.as_str(), told.a.as_ref(), cell, &told.quote) }{ said(model, words, pair.1.as_str(), told.b.as_ref(), cell, &told.quote) }</ul>
            <p class="row small"><bdi class="soft agree-title">{ &told.title }</bdi><a data-way="review" href={review} onclick={close.clone()}>{ words.get("desk.agree.behind.review") }</a><a data-way="read" href={read} onclick={close.clone()}>{ words.get("desk.agree.behind.read") }</a></p>
        </li>
    }
}

/// Ways to more passages.
fn pages(bench: &Bench, words: &Words, behind: &Behind) -> Html {
    let all = behind.told.as_ref().and_then(|told| told.counts.get(behind.at)).copied().unwrap_or(0);
    if all <= PAGE {
        return Html::default();
    }
    let go = |from: Option<usize>| {
        let bench = bench.clone();
        Callback::from(move |_: MouseEvent| from.into_iter().for_each(|from| bench.look(|behind| behind.from = from)))
    };
    let before = behind.from.checked_sub(PAGE);
    let after = Some(behind.from + PAGE).filter(|from| *from < all);
    let [first, last, of] = [behind.from + 1, (behind.from + PAGE).min(all), all].map(|number| words.number(number));
    html! {
        <div class="row agree-pages">
            <button type="button" class="button small" disabled={before.is_none()} onclick={go(before)}>{ words.get("desk.agree.behind.before") }</button>
            <span class="soft small" role="status">{ words.with("desk.agree.behind.range", &[("first", &first), ("last", &last), ("all", &of)]) }</span>
            <button type="button" class="button small" disabled={after.is_none()} onclick={go(after)}>{ words.get("desk.agree.behind.after") }</button>
        </div>
    }
}
