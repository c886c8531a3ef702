//! How alike labels were in the course of work: a document after another.

use super::bench::Bench;
use super::model::Model;
use super::names::{decimal, number, plain, title};
use super::pairs::measure_field;
use super::save;
use crate::dataset::course::{Course, Manner};
use crate::exchange::agree::told::COURSE;
use crate::exchange::agree::{AgreeTold, CourseTold, drawn};
use crate::web::state::Route;
use crate::web::words::Words;
use std::rc::Rc;
use yew::prelude::*;

/// The most documents that are listed at once; the plot and the table have all that were told.
const LISTED: usize = 40;
/// The height of the plot, in pixels.
const TALL: f64 = 120.0;

fn drawn_course(model: &Model, words: &Words) -> Option<Course> {
    let (told, measure) = (model.told.as_ref()?, model.measure());
    let name = plain(&title(model, words, measure));
    let heads = [words.get("desk.agree.course.document"), words.get("desk.agree.course.when"), name.clone()];
    Some(drawn::course(told, measure, words.with("desk.agree.course.of", &[("figure", &name)]), heads))
}

/// A day as the language writes it; nothing where it is not known.
fn day(words: &Words, at: u64) -> String {
    if at == 0 {
        return String::new();
    }
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of a calendar's years are far below 2^53")]
    let date = js_sys::Date::new(&(at as f64).into());
    let locale = words.language().locale();
    let options = js_sys::Object::new();
    for (name, value) in [("day", "numeric"), ("month", "short"), ("year", "numeric")] {
        // A plain object takes what it is given.
        let _ = js_sys::Reflect::set(&options, &name.into(), &value.into());
    }
    date.to_locale_date_string(locale, &options).into()
}

fn buttons(bench: &Bench, words: &Words) -> Vec<Html> {
    let svg: save::Write = Rc::new(|model, words, is_right_to_left| {
        let told = model.told.as_ref()?;
        let end = |step: Option<&CourseTold>| step.map_or_else(String::new, |step| day(words, step.at));
        let number = |value: f64| decimal(words, value, 1);
        let ends = [end(told.course.first()), end(told.course.last())];
        Some(drawn_course(model, words)?.to_svg(&Manner { is_right_to_left, number: &number, ends }))
    });
    let csv: save::Write = Rc::new(|model, words, _| Some(drawn_course(model, words)?.to_csv()));
    let what = words.get("desk.agree.course");
    vec![
        save::button(bench, words, &what, ("SVG", "wusum-course.svg".to_owned()), svg),
        save::button(bench, words, &what, ("CSV", "wusum-course.csv".to_owned()), csv),
    ]
}

/// The plot: dots on a line.
fn plot(course: &Course, words: &Words) -> Html {
    let (least, points) = (course.least(), course.points());
    let y = |up: f64| 8.0 + (1.0 - up) * (TALL - 16.0);
    let x = |across: f64| 2.0 + across * 96.0;
    let lines = course.lines().into_iter().map(|line| {
        let at = format!("{:.1}", y((line - least) / (1.0 - least)));
        html! { <line x1="0" x2="100%" y1={at.clone()} y2={at} /> }
    });
    let pieces = points.windows(2).map(|pair| {
        let [(_, from, low), (_, to, high)] = [pair[0], pair[1]];
        let percent = |across: f64| format!("{:.2}%", x(across));
        html! { <line class="way" x1={percent(from)} x2={percent(to)} y1={format!("{:.1}", y(low))} y2={format!("{:.1}", y(high))} /> }
    });
    let dots = points.iter().map(|(_, across, up)| html! { <circle cx={format!("{:.2}%", x(*across))} cy={format!("{:.1}", y(*up))} r="4" /> });
    let (lines, pieces, dots): (Vec<Html>, Vec<Html>, Vec<Html>) = (lines.collect(), pieces.collect(), dots.collect());
    let marks = course.lines().into_iter().rev().map(|line| html! { <span>{ decimal(words, line, 1) }</span> });
    let marks: Vec<Html> = marks.collect();
    html! {
        <div class="agree-course" aria-hidden="true"><div class="agree-marks">{ for marks }</div>
            <svg width="100%" height={TALL.to_string()} focusable="false">{ for lines }{ for pieces }{ for dots }</svg></div>
    }
}

fn step(model: &Model, words: &Words, step: &CourseTold) -> Html {
    let place = COURSE.iter().position(|name| *name == model.measure());
    let value = place.and_then(|place| step.values.get(place).copied().flatten());
    let said = value.map_or_else(|| words.get("desk.agree.undefined"), |value| number(words, value));
    let name = words.with("desk.agree.course.go", &[("title", &step.title), ("value", &said)]);
    html! {
        <li key={step.document.to_string()} data-document={step.document.to_string()}><span class="plot-name"><bdi>{ &step.title }</bdi></span><span class="soft small agree-day">{ day(words, step.at) }</span>
            <a class="agree-number" data-value={value.map(|value| value.to_string())} aria-label={name.clone()} title={name} href={Route::Agreement(Some(step.document.clone())).fragment()}>{ said }</a></li>
    }
}

/// Whether all came at once, so that times tell nothing of the order.
fn is_at_once(told: &AgreeTold) -> bool {
    told.course.windows(2).all(|pair| pair[0].at == pair[1].at)
}

/// All of it.
pub fn section(bench: &Bench, model: &Model, told: &AgreeTold, words: &Words) -> Html {
    let is_one = model.place.as_ref().is_some_and(|place| place.document.is_some());
    let Some(course) = drawn_course(model, words).filter(|_| !is_one) else { return Html::default() };
    let mut all = vec![measure_field(bench, model, words, &COURSE)];
    all.extend(buttons(bench, words));
    let listed = told.course.iter().rev().take(LISTED).map(|one| step(model, words, one));
    let listed: Vec<Html> = listed.collect();
    let unlisted = told.documents.saturating_sub(listed.len());
    let how = words.get(if is_at_once(told) { "desk.agree.course.at-once" } else { "desk.agree.course.how" });
    html! {
        <section class="card agree-part" data-plot="course" aria-labelledby="agree-course">{ save::head("agree-course", words.get("desk.agree.course"), all) }
            if told.course.len() > 1 { <p class="soft small">{ how }</p>{ plot(&course, words) } } else { <p class="soft">{ words.get("desk.agree.course.one") }</p> }
            <ul class="agree-steps">{ for listed }</ul>
            if unlisted > 0 { <p class="soft small">{ words.count("desk.agree.course.more", unlisted) }</p> }
        </section>
    }
}
