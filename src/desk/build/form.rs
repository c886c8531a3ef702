//! What is asked of a data set: shares, seed, near duplicates, and what only people can say of it.

use super::bench::Bench;
use super::model::{Form, Model};
use super::table::{part_name, tone};
use crate::dataset::described::HEADINGS;
use crate::web::words::Words;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

/// Licences that data sets often have, as Hugging Face names them.
const LICENCES: [&str; 10] =
    ["cc-by-4.0", "cc-by-sa-4.0", "cc-by-nc-4.0", "cc-by-nc-sa-4.0", "cc0-1.0", "odc-by", "odbl", "apache-2.0", "mit", "other"];

/// The names of the shares' fields, that scripts rely on.
const FIELDS: [&str; 3] = ["share-0", "share-1", "share-2"];

/// The largest share that can be asked for.
const MOST: u32 = 1_000_000;

/// A whole number.
fn number(bench: &Bench, field: &'static str, name: String, value: u64, most: u64, set: impl Fn(&mut Form, u64) + 'static) -> Html {
    let oninput = bench.editor(move |form, event: InputEvent| {
        let written: Result<u64, _> = event.target_unchecked_into::<HtmlInputElement>().value().trim().parse();
        if let Ok(number) = written {
            set(form, number.min(most));
        }
    });
    html! { <label class="field"><span>{ name }</span><input type="number" min="0" step="1" max={most.to_string()} inputmode="numeric" dir="ltr" data-field={field} value={value.to_string()} {oninput} /></label> }
}

fn narrow(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(MOST)
}

/// How documents are shared out.
pub fn split(bench: &Bench, model: &Model, words: &Words) -> Html {
    let form = &model.form;
    let names = ["train", "dev", "test"];
    let shares = names.iter().enumerate().map(|(at, name)| {
        let share = form.shares.get(at).copied().unwrap_or(0);
        let percent = words.number(form.hundredths(share) as usize);
        let label = words.with("desk.build.share", &[("part", &part_name(words, name)), ("percent", &percent)]);
        number(bench, FIELDS[at], label, u64::from(share), u64::from(MOST), move |form, number| {
            if let Some(share) = form.shares.get_mut(at) {
                *share = narrow(number);
            }
        })
    });
    let near = bench.editor(|form: &mut Form, event: Event| form.is_near = event.target_unchecked_into::<HtmlInputElement>().checked());
    html! {
        <section class="card" aria-labelledby="build-split"><h3 id="build-split">{ words.get("desk.build.split") }</h3>
            <p class="soft small">{ words.get("desk.build.split.how") }</p>
            { bar(form) }
            <div class="build-numbers">{ for shares }{ number(bench, "seed", words.get("desk.build.seed"), form.seed, 9_007_199_254_740_991, |form, number| form.seed = number) }</div>
            <p class="soft small">{ words.get("desk.build.seed.how") }</p>
            <div class="build-near">
                <label class="field switch"><input type="checkbox" data-field="is-near" checked={form.is_near} onchange={near} />{ words.get("desk.build.near") }</label>
                if form.is_near { { number(bench, "near", words.get("desk.build.near.from"), u64::from(form.near), 100, |form, number| form.near = narrow(number)) } }
            </div>
            if form.shares.iter().all(|share| *share == 0) { <p class="trouble" role="alert">{ words.get("desk.build.trouble.plan") }</p> }
        </section>
    }
}

/// The shares as one bar.
fn bar(form: &Form) -> Html {
    let mut before = 0;
    let pieces = form.shares.iter().enumerate().map(|(at, share)| {
        let (start, width) = (before, form.hundredths(*share));
        before += width;
        html! { <rect key={at} class={tone(at)} x={format!("{start}%")} y="0" width={format!("{width}%")} height="10" /> }
    });
    html! { <svg class="build-bar shares" width="100%" height="10" aria-hidden="true" focusable="false">{ for pieces }</svg> }
}

fn line(bench: &Bench, field: &'static str, name: String, value: &str, list: Option<&'static str>, at: fn(&mut Form) -> &mut String) -> Html {
    let oninput = bench.editor(move |form, event: InputEvent| *at(form) = event.target_unchecked_into::<HtmlInputElement>().value());
    html! { <label class="field"><span>{ name }</span><input dir="auto" data-field={field} {list} value={value.to_owned()} {oninput} /></label> }
}

fn area(bench: &Bench, field: &'static str, name: String, value: &str, set: impl Fn(&mut Form, String) + 'static) -> Html {
    let oninput = bench.editor(move |form, event: InputEvent| set(form, event.target_unchecked_into::<HtmlTextAreaElement>().value()));
    html! { <label class="field"><span>{ name }</span><textarea rows="3" dir="auto" data-field={field} value={value.to_owned()} {oninput} /></label> }
}

/// What a data statement asks, in the words of the interface.
fn heading(words: &Words, short: &str) -> String {
    words.get(match short {
        "rationale" => "desk.build.statement.rationale",
        "variety" => "desk.build.statement.variety",
        "speakers" => "desk.build.statement.speakers",
        "annotators" => "desk.build.statement.annotators",
        "situation" => "desk.build.statement.situation",
        "texts" => "desk.build.statement.texts",
        "recording" => "desk.build.statement.recording",
        "provenance" => "desk.build.statement.provenance",
        _ => "desk.build.statement.other",
    })
}

/// What only people can say: for the card and the data statement.
pub fn description(bench: &Bench, model: &Model, words: &Words) -> Html {
    let form = &model.form;
    let described = &form.described;
    let statement = HEADINGS.iter().map(|(short, _)| {
        let value = described.statement.get(*short).map_or("", String::as_str);
        area(bench, short, heading(words, short), value, move |form, value| drop(form.described.statement.insert((*short).to_owned(), value)))
    });
    html! {
        <section class="card" aria-labelledby="build-described"><h3 id="build-described">{ words.get("desk.build.card") }</h3>
            <p class="soft small">{ words.get("desk.build.card.how") }</p>
            <div class="desk-grid">
                { line(bench, "name", words.get("desk.build.name"), &described.name, None, |form| &mut form.described.name) }
                { line(bench, "license", words.get("desk.build.license"), &described.license, Some("build-licences"), |form| &mut form.described.license) }
                { line(bench, "languages", words.get("desk.build.languages"), &form.languages, None, |form| &mut form.languages) }
            </div>
            <datalist id="build-licences">{ for LICENCES.iter().map(|one| html! { <option value={*one} /> }) }</datalist>
            { area(bench, "description", words.get("desk.build.description"), &described.description, |form, value| form.described.description = value) }
            <details class="build-more"><summary>{ words.get("desk.build.source.more") }</summary><div class="build-areas">
                { area(bench, "source", words.get("desk.build.source"), &described.source, |form, value| form.described.source = value) }
                { area(bench, "citation", words.get("desk.build.citation"), &described.citation, |form, value| form.described.citation = value) }
            </div></details>
            <details class="build-more" data-testid="build-statement"><summary>{ words.get("desk.build.statement") }</summary><p class="soft small">{ words.get("desk.build.statement.how") }</p><div class="build-areas">{ for statement }</div></details>
        </section>
    }
}
