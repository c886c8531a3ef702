//! The exporter: what is chosen, in which format and how, and what of it the format cannot hold, told before it is saved.

use crate::exchange::{ExportAsked, ExportTold, LossTold};
use crate::formats::Format;
use crate::formats::export::{Choice, Options};
use crate::formats::flat::OverlapRule;
use crate::formats::knobs::Knob;
use crate::formats::tokens::{CutRule, TokenRule};
use crate::id::{Annotator, DocumentId, LabelId};
use crate::layer::Status;
use crate::persist::Card;
use crate::schema::Schema;
use crate::web::app::use_words;
use crate::web::panels::icons::{Icon, icon};
use crate::web::panels::labels::swatch;
use crate::web::reader::paint::style_rules;
use crate::web::reader::style::StyleSheet;
use crate::web::screens::desk::Seated;
use crate::web::screens::picker::Picker;
use crate::web::storage::{channel, exchange, library};
use crate::web::store::{use_select, use_store};
use crate::web::words::Words;
use gloo::timers::callback::Timeout;
use js_sys::Array;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::{Rc, Weak};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// How long a choice has to stand before the worker is asked, in milliseconds: several clicks are one question.
const PAUSE: u32 = 150;

type Cards = BTreeMap<DocumentId, Card>;

/// What the person chose; where nothing is chosen of a group, all of it goes out.
#[derive(Clone, PartialEq)]
struct Chosen {
    format: Format,
    statuses: Vec<Status>,
    annotators: BTreeSet<Annotator>,
    labels: BTreeSet<LabelId>,
    documents: BTreeSet<DocumentId>,
    containing: String,
    options: Options,
}

impl Default for Chosen {
    fn default() -> Self {
        let (statuses, annotators, labels, documents) = Default::default();
        Self { format: Format::Wusum, statuses, annotators, labels, documents, containing: String::new(), options: Options::default() }
    }
}

impl Chosen {
    /// Whether a document has come so far: in the eyes of any of those whose labels are chosen.
    fn has(&self, card: &Card, status: Status) -> bool {
        let mut layers = card.layers.iter().filter(|(annotator, _)| self.annotators.is_empty() || self.annotators.contains(*annotator)).peekable();
        if layers.peek().is_none() { status == Status::New } else { layers.any(|(_, layer)| layer.status == status) }
    }

    fn asked(&self) -> ExportAsked {
        let choice = Choice {
            documents: (!self.documents.is_empty()).then(|| self.documents.clone()),
            annotators: (!self.annotators.is_empty()).then(|| self.annotators.clone()),
            labels: (!self.labels.is_empty()).then(|| self.labels.clone()),
            statuses: (!self.statuses.is_empty()).then(|| self.statuses.iter().copied().collect()),
            containing: Some(self.containing.trim().to_owned()).filter(|words| !words.is_empty()),
        };
        ExportAsked { choice, options: self.options.clone(), ..ExportAsked::all(self.format) }
    }
}

fn turn<T: Ord + Clone>(set: &mut BTreeSet<T>, one: &T) {
    if !set.remove(one) {
        set.insert(one.clone());
    }
}

/// What is known of what is lost.
#[derive(Clone, PartialEq)]
enum Told {
    Looking,
    Known(Rc<ExportTold>),
    Unknown,
}

/// Asks the worker what a choice loses, anew whenever it or the list of documents has changed. The answer to an older
/// question is not taken.
#[hook]
fn use_told(asked: &ExportAsked, documents: usize) -> Told {
    let store = use_store();
    let told = use_state(|| (ExportAsked::default(), Told::Looking));
    {
        let told = told.clone();
        let latest = use_mut_ref(|| 0_u32);
        use_effect_with((asked.clone(), documents), move |(asked, _)| {
            let number = *latest.borrow() + 1;
            *latest.borrow_mut() = number;
            let (asked, is_asked) = (asked.clone(), latest.clone());
            let timer = Timeout::new(PAUSE, move || {
                spawn_local(async move {
                    let outcome = channel::ask(&store, asked.lost_task(), Array::new(), Box::new(|_| {})).await;
                    if *is_asked.borrow() == number {
                        let answer = outcome.ok().and_then(|outcome| ExportTold::of(&outcome.answer));
                        told.set((asked, answer.map_or(Told::Unknown, |answer| Told::Known(Rc::new(answer)))));
                    }
                });
            });
            move || {
                // Whatever is on its way is late from here on.
                *latest.borrow_mut() += 1;
                drop(timer);
            }
        });
    }
    // Between a choice and its answer nothing of the one before is shown.
    if told.0 == *asked { told.1.clone() } else { Told::Looking }
}

/// Who else goes by what is chosen here.
#[derive(Properties, Clone)]
pub struct ExporterProps {
    /// What makes data sets, once it is there.
    pub seated: Option<Weak<Seated>>,
}

impl PartialEq for ExporterProps {
    fn eq(&self, other: &Self) -> bool {
        match (&self.seated, &other.seated) {
            (Some(one), Some(other)) => Weak::ptr_eq(one, other),
            (one, other) => one.is_none() && other.is_none(),
        }
    }
}

/// The card with everything of an export.
#[component]
pub fn Exporter(props: &ExporterProps) -> Html {
    let store = use_store();
    let words = use_words();
    let chosen = use_state(Chosen::default);
    let seen = use_select(|state| (state.library.clone(), state.schema.schema.clone(), state.settings.blind));
    let schema = &seen.1;
    // The labels' colours: where no document is open, nobody else brings them.
    let _colours = use_memo(schema.clone(), |schema| StyleSheet::adopt(&style_rules(schema)));
    let mut cards = store.saver.cards();
    cards.retain(|_, card| card.binned.is_none());
    let looks = exchange::looks(&store);
    for card in cards.values_mut() {
        let seen = card.clone();
        card.layers.retain(|who, _| seen.may_see(&looks.own, looks.is_blind, who));
    }
    let asked = ExportAsked { looks: Some(looks), ..chosen.asked() };
    let library = Rc::as_ptr(&seen.0) as usize;
    let told = use_told(&asked, library);
    let seated = props.seated.clone();
    use_effect_with((props.clone(), asked.clone(), library), move |(_, asked, library)| {
        if let Some(seated) = seated.and_then(|seated| seated.upgrade()) {
            seated.tell("chosen", &format!("{{\"export\":{},\"library\":{library}}}", asked.written()));
        }
    });
    let kinds = use_mut_ref(BTreeMap::new);
    if let Told::Known(told) = &told {
        kinds.replace(told.kinds.clone());
    }
    let set = {
        let chosen = chosen.clone();
        move |change: &dyn Fn(&mut Chosen)| {
            let mut next = (*chosen).clone();
            change(&mut next);
            chosen.set(next);
        }
    };
    let set: Set = Rc::new(set);
    let choose = {
        let set = set.clone();
        Callback::from(move |id: DocumentId| set(&|chosen| turn(&mut chosen.documents, &id)))
    };
    let choose_format = {
        let set = set.clone();
        Callback::from(move |event: Event| {
            let value = event.target_unchecked_into::<web_sys::HtmlSelectElement>().value();
            if let Some(format) = Format::from_name(&value) {
                set(&|chosen| chosen.format = format);
            }
        })
    };
    let nothing = matches!(&told, Told::Known(told) if told.documents == 0);
    let export = {
        let (store, asked, format) = (store.clone(), asked.clone(), chosen.format);
        Callback::from(move |_: MouseEvent| library::export(&store, &asked, format))
    };
    let counts = match &told {
        Told::Known(told) => [
            words.count("export.documents", told.documents),
            words.count("spans.count", told.labels),
            words.count("export.relations", told.relations),
        ]
        .join(" · "),
        _ => words.get("export.looking"),
    };
    html! {
        <section class="card exporter"><h2>{ words.get("export.title") }</h2>
            { status_group(&words, &chosen, &cards, &set) }
            { annotator_group(&words, &chosen, &cards, &set) }
            { label_group(&words, &chosen, schema, &kinds.borrow(), &set) }
            { words_field(&words, &chosen, &set) }
            <Picker cards={Rc::new(cards.clone())} documents={chosen.documents.clone()} {choose} />
            <div class="export-form">
                <label class="field"><span>{ words.get("export.format") }</span><select data-testid="format" aria-describedby="format-holds" onchange={choose_format}>
                    { for Format::ALL.into_iter().map(|one| html! { <option value={one.name()} selected={one == chosen.format}>{ words.get(&format!("format.{}", one.name())) }</option> }) }
                </select></label>
                { for chosen.format.knobs().iter().map(|knob| option(&words, *knob, &chosen.options, &set)) }
            </div>
            { hidden(&words, &told) }
            <p class="soft small" id="format-holds">{ words.get(&format!("format.{}.loses", chosen.format.name())) }</p>
            { losses(&words, &told, schema, &cards) }
            <div class="row"><button type="button" class="button primary" data-testid="export" disabled={nothing} onclick={export}>{ icon(Icon::File) }{ words.get("export") }</button>
                <span class="soft small" data-testid="export-counts">{ counts }</span></div>
        </section>
    }
}

/// What is left out because it may not be seen yet.
fn hidden(words: &Words, told: &Told) -> Html {
    let count = if let Told::Known(told) = told { told.hidden } else { 0 };
    if count == 0 {
        return Html::default();
    }
    html! { <p class="soft small" role="status" data-testid="export-hidden">{ words.count("export.hidden", count) }</p> }
}

type Set = Rc<dyn Fn(&dyn Fn(&mut Chosen))>;

/// A group of choices: all, or those that are pressed.
fn group(words: &Words, name: String, testid: &'static str, none: bool, all: Callback<MouseEvent>, chips: Vec<Html>) -> Html {
    html! {
        <div class="pick" data-testid={testid}><h3 aria-hidden="true">{ &name }</h3><div class="chips" role="group" aria-label={name}>
            { chip("all", none, all, html! { words.get("export.all") }, None) }{ for chips }
        </div></div>
    }
}

fn chip(value: &str, on: bool, onclick: Callback<MouseEvent>, content: Html, count: Option<String>) -> Html {
    let value = value.to_owned();
    html! { <button type="button" key={value.clone()} class={classes!("chip", on.then_some("on"))} data-value={value} aria-pressed={if on { "true" } else { "false" }} onclick={onclick}>{ content }if let Some(count) = count { <span class="n">{ count }</span> }</button> }
}

fn on_press(set: &Set, change: impl Fn(&mut Chosen) + 'static) -> Callback<MouseEvent> {
    let set = set.clone();
    Callback::from(move |_: MouseEvent| set(&change))
}

fn status_group(words: &Words, chosen: &Chosen, cards: &Cards, set: &Set) -> Html {
    let chips = Status::ALL.into_iter().filter_map(|status| {
        let count = cards.values().filter(|card| chosen.has(card, status)).count();
        let on = chosen.statuses.contains(&status);
        let press = on_press(set, move |chosen| {
            let before = chosen.statuses.len();
            chosen.statuses.retain(|one| *one != status);
            if chosen.statuses.len() == before {
                chosen.statuses.push(status);
            }
        });
        let name = words.get(&format!("status.{}", status.name()));
        (count > 0 || on).then(|| chip(status.name(), on, press, html! { name }, Some(words.number(count))))
    });
    let all = on_press(set, |chosen| chosen.statuses.clear());
    group(words, words.get("export.which"), "pick-status", chosen.statuses.is_empty(), all, chips.collect())
}

fn annotator_group(words: &Words, chosen: &Chosen, cards: &Cards, set: &Set) -> Html {
    let mut people: BTreeMap<&Annotator, usize> = BTreeMap::new();
    for (annotator, layer) in cards.values().flat_map(|card| &card.layers) {
        *people.entry(annotator).or_default() += layer.spans;
    }
    if people.len() < 2 && chosen.annotators.is_empty() {
        return Html::default();
    }
    let chips = people.into_iter().map(|(annotator, count)| {
        let press = {
            let annotator = annotator.clone();
            on_press(set, move |chosen| turn(&mut chosen.annotators, &annotator))
        };
        let name = html! { <bdi>{ annotator.as_str().to_owned() }</bdi> };
        chip(annotator.as_str(), chosen.annotators.contains(annotator), press, name, Some(words.number(count)))
    });
    let all = on_press(set, |chosen| chosen.annotators.clear());
    group(words, words.get("export.whose"), "pick-annotator", chosen.annotators.is_empty(), all, chips.collect())
}

fn label_name(words: &Words, schema: &Schema, label: &LabelId) -> String {
    schema.label(label).map_or_else(|| label.to_string(), |known| words.pick(&known.names).to_owned())
}

fn label_group(words: &Words, chosen: &Chosen, schema: &Schema, kinds: &BTreeMap<LabelId, usize>, set: &Set) -> Html {
    // Labels that the schema does not know are there too, after those it does.
    let known = schema.labels.iter().map(|label| &label.id);
    let strange = kinds.keys().filter(|label| schema.label(label).is_none());
    let chips = known.chain(strange).map(|label| {
        let press = {
            let label = label.clone();
            on_press(set, move |chosen| turn(&mut chosen.labels, &label))
        };
        let content = html! { <>{ swatch(schema, label) }<bdi>{ label_name(words, schema, label) }</bdi></> };
        chip(label.as_str(), chosen.labels.contains(label), press, content, kinds.get(label).map(|count| words.number(*count)))
    });
    let all = on_press(set, |chosen| chosen.labels.clear());
    group(words, words.get("labels.title"), "pick-label", chosen.labels.is_empty(), all, chips.collect())
}

/// The field for words that the documents have.
fn words_field(words: &Words, chosen: &Chosen, set: &Set) -> Html {
    let set = set.clone();
    let oninput = Callback::from(move |event: InputEvent| {
        let value = event.target_unchecked_into::<web_sys::HtmlInputElement>().value();
        set(&|chosen| chosen.containing = value.clone());
    });
    html! { <label class="field pick"><span>{ words.get("export.containing") }</span><input type="search" dir="auto" data-testid="pick-words" value={chosen.containing.clone()} {oninput} /></label> }
}

/// A rule's field, or a switch.
fn option(words: &Words, knob: Knob, options: &Options, set: &Set) -> Html {
    match knob {
        Knob::Overlap => {
            let names = OverlapRule::ALL.map(OverlapRule::name);
            let take = |options: &mut Options, at: usize| options.overlap = OverlapRule::ALL.get(at).copied().unwrap_or_default();
            field(words, "overlap", words.get("option.overlap"), &names, options.overlap.name(), set, take)
        }
        Knob::Tokens => {
            let take = |options: &mut Options, at: usize| options.tokens = if at == 0 { TokenRule::Words } else { TokenRule::Clitics };
            let now = if options.tokens == TokenRule::Words { "words" } else { "clitics" };
            field(words, "tokens", words.get("option.tokens"), &["words", "clitics"], now, set, take)
        }
        Knob::Cut => {
            let take = |options: &mut Options, at: usize| options.cut = if at == 0 { CutRule::Split } else { CutRule::Widen };
            field(words, "cut", words.get("option.cut"), &["split", "widen"], options.cut.name(), set, take)
        }
        Knob::Ends => tick("ends", words.get("option.ends"), options.bioes, set, |options| options.bioes = !options.bioes),
        Knob::Ascii => tick("ascii", words.get("option.ascii"), options.ascii, set, |options| options.ascii = !options.ascii),
        Knob::Tabs => tick("tabs", words.get("option.tabs"), options.tabs, set, |options| options.tabs = !options.tabs),
    }
}

/// A rule's words: as a choice, and as what becomes of what is lost.
fn rule_words(words: &Words, rule: &str) -> String {
    words.get(&format!("rule.{rule}"))
}

fn field(words: &Words, id: &'static str, name: String, rules: &[&'static str], now: &str, set: &Set, take: fn(&mut Options, usize)) -> Html {
    let set = set.clone();
    let onchange = Callback::from(move |event: Event| {
        let at = event.target_unchecked_into::<web_sys::HtmlSelectElement>().selected_index();
        set(&|chosen| take(&mut chosen.options, usize::try_from(at).unwrap_or(0)));
    });
    html! { <label class="field" key={id}><span>{ name }</span><select data-option={id} onchange={onchange}>{ for rules.iter().map(|rule| html! { <option value={*rule} selected={*rule == now}>{ rule_words(words, rule) }</option> }) }</select></label> }
}

fn tick(id: &'static str, name: String, on: bool, set: &Set, turn: fn(&mut Options)) -> Html {
    let set = set.clone();
    let onchange = Callback::from(move |_: Event| set(&|chosen| turn(&mut chosen.options)));
    html! { <label class="field switch" key={id}><input type="checkbox" data-option={id} checked={on} onchange={onchange} />{ name }</label> }
}

/// What the format cannot hold of what is chosen.
fn losses(words: &Words, told: &Told, schema: &Schema, cards: &Cards) -> Html {
    let (state, content) = match told {
        Told::Looking => ("looking", html! { <p class="soft">{ words.get("export.looking") }</p> }),
        Told::Unknown => ("unknown", html! { <p>{ words.get("export.unknown") }</p> }),
        Told::Known(told) if told.documents == 0 => ("empty", html! { <p class="soft">{ words.get("export.empty") }</p> }),
        Told::Known(told) if told.losses.is_empty() => ("none", html! { <p>{ icon(Icon::Check) }{ words.get("loss.none") }</p> }),
        Told::Known(told) => {
            let lines = told.losses.iter().map(|loss| line(words, loss, schema, cards));
            (
                "some",
                html! { <><h3>{ icon(Icon::Warning) }{ words.get("loss.title") }</h3><ul>{ for lines }</ul><p class="soft small">{ words.get("loss.beside") }</p></> },
            )
        }
    };
    html! { <div class={classes!("losses", state)} data-testid="losses" data-state={state} role="status">{ content }</div> }
}

fn line(words: &Words, loss: &LossTold, schema: &Schema, cards: &Cards) -> Html {
    let said = words.count(&format!("loss.{}", loss.kind), loss.count);
    let examples = loss.examples.iter().filter_map(|example| example_of(words, &loss.kind, example, schema, cards));
    html! {
        <li data-loss={loss.kind.clone()} data-count={loss.count.to_string()} data-rule={loss.rule.clone()}>
            <span class="loss-said"><b>{ said }</b><span class="soft">{ rule_words(words, &loss.rule) }</span></span>
            <span class="loss-examples">{ for examples }</span>
        </li>
    }
}

/// A label's words in its manner, a relation's kind, a name, or the title of a document.
fn example_of(words: &Words, kind: &str, example: &Value, schema: &Schema, cards: &Cards) -> Option<Html> {
    let said = |name: &str| example.get(name).and_then(Value::as_str);
    if kind == "schema" {
        return None;
    }
    if let (Some(text), Some(label)) = (said("text"), said("label")) {
        let label = LabelId::from(label);
        let name = label_name(words, schema, &label);
        return Some(html! { <span class="loss-example" title={name}>{ swatch(schema, &label) }<bdi>{ text.to_owned() }</bdi></span> });
    }
    let name = match said("name") {
        Some(name) => schema
            .relations
            .iter()
            .find(|relation| relation.id.as_str() == name)
            .map_or_else(|| name.to_owned(), |relation| words.pick(&relation.names).to_owned()),
        None => said("document").map(|id| cards.get(&DocumentId::from(id)).map_or_else(|| id.to_owned(), |card| card.title.clone()))?,
    };
    Some(html! { <span class="loss-example"><bdi>{ name }</bdi></span> })
}
