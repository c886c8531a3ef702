//! By how many characters the edges of labels differ that two people put on the same words.

use super::bench::Bench;
use super::model::Model;
use super::pairs::pair_name;
use super::save;
use crate::dataset::plot::{Hand, Plot};
use crate::exchange::agree::cells::{self, Band, bands};
use crate::exchange::agree::{PairTold, drawn};
use crate::web::words::Words;
use std::rc::Rc;
use yew::prelude::*;

fn differences(pair: &PairTold, is_start: bool) -> &[(i64, u64)] {
    if is_start { &pair.starts } else { &pair.ends }
}

fn count(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// How the second one's edge lies to the first one's.
fn band_name(words: &Words, band: &Band) -> String {
    let far = |by: i64| words.number(count(by.unsigned_abs()));
    match (band.low, band.high) {
        (0, 0) => words.get("desk.agree.edge.same"),
        (low, high) if low == high && low < 0 => words.count("desk.agree.edge.earlier", count(low.unsigned_abs())),
        (low, high) if low == high => words.count("desk.agree.edge.later", count(high.unsigned_abs())),
        (_, high) if high < 0 => words.with("desk.agree.edge.much-earlier", &[("n", &far(high))]),
        (low, _) => words.with("desk.agree.edge.much-later", &[("n", &far(low))]),
    }
}

fn plot_title(words: &Words, is_start: bool) -> String {
    words.get(if is_start { "desk.agree.edge.start" } else { "desk.agree.edge.end" })
}

fn drawn_plot(model: &Model, words: &Words, is_start: bool) -> Option<Plot> {
    let pair = model.pair()?;
    let title = super::names::plain(&format!("{} · {}", plot_title(words, is_start), pair_name(words, pair)));
    Some(drawn::edges(differences(pair, is_start), title, words.get("desk.agree.edge.labels"), &|band| band_name(words, band)))
}

fn buttons(bench: &Bench, words: &Words, is_start: bool) -> Vec<Html> {
    let svg: save::Write = Rc::new(move |model, words, is_right_to_left| {
        let number = |number: usize| words.number(number);
        Some(drawn_plot(model, words, is_start)?.drawn(&Hand { is_right_to_left, number: &number }))
    });
    let csv: save::Write = Rc::new(move |model, words, _| Some(drawn_plot(model, words, is_start)?.to_csv()));
    let (what, file) = (plot_title(words, is_start), if is_start { "starts" } else { "ends" });
    vec![
        save::button(bench, words, &what, ("SVG", format!("wusum-{file}.svg")), svg),
        save::button(bench, words, &what, ("CSV", format!("wusum-{file}.csv")), csv),
    ]
}

fn bar(bench: &Bench, words: &Words, pair: &PairTold, (band, is_start, most): (&Band, bool, u64)) -> Html {
    let name = band_name(words, band);
    let width = band.count as f64 * 100.0 / most.max(1) as f64;
    let number = words.number(count(band.count));
    let value = if band.count == 0 {
        html! { <span class="n">{ number }</span> }
    } else {
        let title = format!("{} · {name} · {}", plot_title(words, is_start), pair_name(words, pair));
        let said = words.with("desk.agree.number", &[("name", &title), ("value", &number)]);
        let onclick = {
            let (bench, cells) = (bench.clone(), cells::edges(differences(pair, is_start), band, is_start));
            Callback::from(move |_: MouseEvent| bench.open_cells(cells.clone(), title.clone()))
        };
        html! { <button type="button" class="agree-number" data-value={band.count.to_string()} aria-label={said.clone()} title={said} {onclick}>{ number }</button> }
    };
    html! {
        <li data-band={band.low.to_string()}><span class="plot-name">{ name }</span>
            <svg class="build-bar part-0" width="100%" height="16" aria-hidden="true" focusable="false"><rect x="0" y="1" width={format!("{width:.3}%")} height="14" /></svg>{ value }</li>
    }
}

fn figure(bench: &Bench, words: &Words, pair: &PairTold, is_start: bool) -> Html {
    let bands = bands(differences(pair, is_start));
    let most = bands.iter().map(|band| band.count).max().unwrap_or(0);
    html! {
        <figure class="build-plot" data-plot={if is_start { "starts" } else { "ends" }}>
            <figcaption><h3>{ plot_title(words, is_start) }</h3><span class="grow"></span>{ for buttons(bench, words, is_start) }</figcaption>
            <ul class="build-bars">{ for bands.iter().map(|band| bar(bench, words, pair, (band, is_start, most))) }</ul>
        </figure>
    }
}

/// Both edges.
pub fn section(bench: &Bench, model: &Model, words: &Words) -> Html {
    let Some(pair) = model.pair() else { return Html::default() };
    let [a, b] = [&pair.a, &pair.b].map(|name| super::names::person(words, name.as_str()));
    let inside = if pair.starts.is_empty() && pair.ends.is_empty() {
        html! { <p class="soft">{ words.get("desk.agree.edge.none") }</p> }
    } else {
        html! { <div class="agree-edges">{ figure(bench, words, pair, true) }{ figure(bench, words, pair, false) }</div> }
    };
    html! {
        <section class="card agree-part" aria-labelledby="agree-edges"><h2 id="agree-edges">{ words.get("desk.agree.edges") }</h2>
            <p class="soft small">{ words.with("desk.agree.edges.what", &[("a", &a), ("b", &b)]) }</p>{ inside }</section>
    }
}

/// How far the second one's edge is from the first one's.
pub fn distance(words: &Words, by: i64) -> String {
    band_name(words, &Band { low: by, high: by, count: 0 })
}
