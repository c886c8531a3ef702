//! Plots of the counts: bars made of nodes, for names come from files; each can be saved as SVG and as a table.

use super::bench::Bench;
use super::model::Model;
use super::table::{part_name, tone};
use crate::dataset::plot::{Hand, Plot};
use crate::desk::parts::label_name;
use crate::exchange::BuildTold;
use crate::web::words::{Language, Words};
use yew::prelude::*;

/// The most bars that are drawn; the table has them all.
const BARS: usize = 40;

/// A plot in the words of the interface.
fn worded(model: &Model, words: &Words, name: &str, plot: &Plot) -> Plot {
    let title = words.get(match name {
        "labels" => "desk.build.plot.labels",
        "lengths" => "desk.build.plot.lengths",
        "nesting" => "desk.build.plot.nesting",
        _ => "desk.build.plot.statuses",
    });
    let bar = |bar: &str| match name {
        "labels" => label_name(words, &model.schema, bar),
        "statuses" => words.get(&format!("status.{bar}")),
        // A size; the last is for all that are larger.
        _ => {
            let digits = bar.trim_end_matches('+');
            let size = digits.parse().map_or_else(|_| digits.to_owned(), |size| words.number(size));
            if digits == bar { size } else { words.with("desk.build.plot.more", &[("size", &size)]) }
        }
    };
    Plot {
        title,
        series: plot.series.iter().map(|name| part_name(words, if name == "all" { "" } else { name })).collect(),
        bars: plot.bars.iter().map(|(name, counts)| (bar(name), counts.clone())).collect(),
    }
}

fn bar(name: &str, counts: &[usize], most: usize, plot: &Plot, words: &Words) -> Html {
    let all: usize = counts.iter().sum();
    let hundredth = |count: usize| count as f64 * 100.0 / most.max(1) as f64;
    let mut before = 0;
    let pieces = counts.iter().enumerate().map(|(at, count)| {
        let (start, width) = (hundredth(before), hundredth(*count));
        before += count;
        html! { <rect key={at} class={tone(at)} x={format!("{start:.3}%")} y="2" width={format!("{width:.3}%")} height="14" /> }
    });
    let pieces: Vec<Html> = pieces.collect();
    let said: Vec<String> = plot.series.iter().zip(counts).map(|(name, count)| format!("{name} {}", words.number(*count))).collect();
    let said = said.join(" · ");
    html! {
        <li title={said.clone()}><span class="plot-name"><bdi>{ name.to_owned() }</bdi></span>
            <svg class="build-bar" width="100%" height="18" aria-hidden="true" focusable="false">{ for pieces }</svg>
            <span class="n">{ words.number(all) }<span class="unseen">{ format!(" ({said})") }</span></span></li>
    }
}

fn figure(bench: &Bench, model: &Model, words: &Words, name: &str, plot: &Plot) -> Html {
    let plot = worded(model, words, name, plot);
    let most = plot.bars.iter().map(|(_, counts)| counts.iter().sum::<usize>()).max().unwrap_or(0);
    let bars: Vec<Html> = plot.bars.iter().take(BARS).map(|(name, counts)| bar(name, counts, most, &plot, words)).collect();
    let hidden = plot.bars.len().saturating_sub(BARS);
    let legend =
        plot.series.iter().enumerate().map(|(at, name)| html! { <li><span class={classes!("build-dot", tone(at))}></span>{ name.clone() }</li> });
    let legend: Vec<Html> = legend.collect();
    let save = |ending: &'static str| {
        let (bench, plot, file) = (bench.clone(), plot.clone(), format!("wusum-{name}.{ending}"));
        Callback::from(move |_: MouseEvent| {
            let words = bench.words();
            let number = |number: usize| words.number(number);
            let hand = Hand { is_right_to_left: words.language() == Language::Ar, number: &number };
            let content = if ending == "svg" { plot.drawn(&hand) } else { plot.to_csv() };
            bench.save_file(&file, &content);
        })
    };
    let title = plot.title.clone();
    let button = |ending: &'static str, as_what: &str| {
        let name = words.with("desk.build.plot.save", &[("plot", &title), ("format", as_what)]);
        html! { <button type="button" class="button small" data-save={ending} aria-label={name.clone()} title={name} onclick={save(ending)}>{ as_what.to_owned() }</button> }
    };
    html! {
        <figure class="build-plot" data-plot={name.to_owned()}>
            <figcaption><h4>{ &title }</h4><span class="grow"></span>{ button("svg", "SVG") }{ button("csv", "CSV") }</figcaption>
            if most == 0 { <p class="soft small">{ words.get("desk.build.plot.nothing") }</p> } else {
                if legend.len() > 1 { <ul class="build-legend" aria-hidden="true">{ for legend }</ul> }
                <ul class="build-bars">{ for bars }</ul>
                if hidden > 0 { <p class="soft small">{ words.count("desk.build.plot.hidden", hidden) }</p> }
            }
        </figure>
    }
}

/// All plots.
pub fn section(bench: &Bench, model: &Model, told: &BuildTold, words: &Words) -> Html {
    if told.plots.is_empty() {
        return Html::default();
    }
    let figures: Vec<Html> = told.plots.iter().map(|(name, plot)| figure(bench, model, words, name, plot)).collect();
    html! { <section class="card" aria-labelledby="build-plots"><h3 id="build-plots">{ words.get("desk.build.plots") }</h3><div class="build-plots">{ for figures }</div></section> }
}
