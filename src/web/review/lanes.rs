//! The lanes of the chosen place, under its lines: what each has there, what the gold layer has, and what can be decided.

use super::act::{REASONS, decide, leave, perform};
use super::fetch::use_review_words;
use super::keys::Asked;
use super::list::{label_words, main_kind, short};
use super::model::{Mode, Review, Seen, use_seen};
use super::strip::{ByText, Painted, Strip, window};
use crate::adjudicate::{Choice, Decision, Judged, Record, State as Decided};
use crate::annotation::Annotation;
use crate::compare::{Difference, Subject};
use crate::id::Annotator;
use crate::schema::Schema;
use crate::span::Span;
use crate::text::Text;
use crate::web::panels::labels::use_schema;
use crate::web::reader::paint::put;
use crate::web::state::Work;
use crate::web::store::{StoreRef, use_select, use_store};
use crate::web::words::Words;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

/// The card lies this far below the paragraph, in CSS pixels.
const GAP: f64 = 10.0;
/// About the height of a line.
const LINE: f64 = 52.0;
/// Narrower screens have the lanes at their foot; the style sheet has the same.
const NARROW: i32 = 900;
/// How long the paragraph is waited for: so often, and so long each time, in milliseconds.
const TRIES: u32 = 40;
const PAUSE: u32 = 25;

/// What people are called: their names, or letters where names are hidden or the place is narrow.
pub(super) fn person_name(review: &Review, words: &Words, who: &Annotator, brief: bool) -> String {
    let place = review.person(who);
    let letter = || words.get("review.letters").chars().nth(place).map_or_else(|| place.to_string(), |letter| letter.to_string());
    if review.nameless {
        let letter = letter();
        return if brief { letter } else { words.with("review.person", &[("letter", &letter)]) };
    }
    if brief { who.as_str().chars().take(12).collect() } else { who.to_string() }
}

/// The patch of a person: one colour and one pattern for each, everywhere.
pub(super) fn patch(place: usize) -> Html {
    html! { <span class={format!("person person-{place}")} aria-hidden="true"></span> }
}

/// The lanes of the chosen place.
#[component]
pub(super) fn Lanes() -> Html {
    let store = use_store();
    let words = use_review_words();
    let schema = use_schema();
    let seen = use_seen();
    let layout = use_select(|state| (state.settings.text_size, state.settings.line_height, state.settings.language));
    let node = use_node_ref();
    let width = use_width();
    let place = (*seen).as_ref().and_then(|Seen { review, work }| {
        let chosen = review.chosen()?;
        Some((review.current, Spot::of(work.text()?, chosen.hull)?, review.mode, work.session.revision()))
    });
    {
        let node = node.clone();
        use_effect_with((place, layout, *width), move |(place, ..)| {
            let (room, gone) = (Rc::new(RefCell::new(None)), Rc::new(Cell::new(false)));
            let (kept, left, spot) = (room.clone(), gone.clone(), place.map(|place| place.1));
            spawn_local(async move {
                // The paragraph is there once the reader is mounted.
                for _ in 0..TRIES {
                    gloo::timers::future::TimeoutFuture::new(PAUSE).await;
                    if left.get() {
                        return;
                    }
                    if let Some(settled) = settle(&node, spot) {
                        *kept.borrow_mut() = settled;
                        return;
                    }
                }
            });
            move || {
                gone.set(true);
                drop(room.take());
            }
        });
    }
    let Some(Seen { review, work }) = (*seen).clone() else { return Html::default() };
    let (Some(difference), Some(document)) = (review.chosen(), work.session.document()) else { return Html::default() };
    let Some(window) = window(&document.text, difference.hull) else { return Html::default() };
    let standing = review.standing(work.session.layer());
    let (judged, state) = (standing.judged(), standing.state(difference.subject));
    let around = Around { review: &review, work: &work, schema: &schema, words: &words, difference, window, text: ByText(document.text.clone()) };
    let kind = words.get(&format!("review.kind.{}", main_kind(difference).name()));
    let decision = judged
        .decisions(&review.comparison, difference.subject)
        .first()
        .and_then(|id| work.session.layer().remark(id))
        .and_then(|remark| Decision::read(remark));
    html! {
        <section class={classes!("lanes", (review.mode == Mode::Edit).then_some("editing"))} ref={node} data-testid="lanes" data-state={state_name(state)} aria-label={words.with("review.lanes", &[("kind", &kind), ("quote", &short(&document.text, difference))])}>
            { for (0..review.comparison.annotators.len()).map(|place| around.lane(&store, place)) }
            { around.gold(judged) }
            if let Some(decision) = decision {
                <p class="soft small decided" data-testid="decision">{ decision_words(&words, &schema, &decision) }</p>
                { for decision.beside(work.session.layer()).iter().map(|other| html! { <p class="soft small" data-testid="decision-beside">{ words.with("review.decision.beside", &[("decision", &decision_words(&words, &schema, other))]) }</p> }) }
            }
            { match review.mode {
                Mode::Walk => acts(&store, &words, &review),
                Mode::Reject => reasons(&store, &words),
                Mode::Edit => editing(&store, &words),
            } }
        </section>
    }
}

fn state_name(state: Decided) -> &'static str {
    match state {
        Decided::Open => "open",
        Decided::Postponed => "postponed",
        Decided::Decided => "decided",
    }
}

fn decision_words(words: &Words, _schema: &Schema, decision: &Decision) -> String {
    let choice = words.get(&format!("review.decision.{}", decision.choice));
    let mut line = words.with("review.decision", &[("choice", &choice), ("by", &decision.by)]);
    let reason =
        if REASONS.contains(&decision.reason.as_str()) { words.get(&format!("review.reason.{}", decision.reason)) } else { decision.reason.clone() };
    for more in [reason, decision.note.clone()].into_iter().filter(|more| !more.is_empty()) {
        line.push_str(" · ");
        line.push_str(&more);
    }
    line
}

/// Makes room below the paragraph, and lays the card there; the room goes when this is dropped.
struct Room(HtmlElement);

impl Drop for Room {
    fn drop(&mut self) {
        // Removing a property that may not be there does not fail.
        let _ = self.0.style().remove_property("margin-block-end");
    }
}

/// The width of the window, in CSS pixels, once it was changed.
#[hook]
fn use_width() -> UseStateHandle<i32> {
    // Nothing is asked of the page while it is drawn: that would have it laid out.
    let width = use_state(|| 0);
    {
        let width = width.clone();
        use_effect_with((), move |()| {
            let listener = gloo::events::EventListener::new(&gloo::utils::window(), "resize", move |_| {
                width.set(gloo::utils::document_element().client_width());
            });
            move || drop(listener)
        });
    }
    width
}

/// Where a place is in the page.
#[derive(Clone, Copy, PartialEq)]
struct Spot {
    /// The paragraph in which it ends: the card lies below that.
    paragraph: usize,
    /// The paragraph in which it begins, and where there, in units of UTF-16.
    begins: (usize, u32),
}

impl Spot {
    fn of(text: &Text, place: Span) -> Option<Self> {
        let first = text.paragraph_at(place.start());
        let units = text.to_utf16(place.start())?.get() - text.to_utf16(text.paragraphs().get(first)?.range.start)?.get();
        Some(Self { paragraph: text.paragraph_at(place.end().minus(1)), begins: (first, units) })
    }

    fn block(paragraph: usize) -> Option<HtmlElement> {
        gloo::utils::document().query_selector(&format!("[data-paragraph='{paragraph}']")).ok().flatten()?.dyn_into().ok()
    }

    /// The upper edge of its first line in the window, in CSS pixels.
    fn top(self) -> Option<f64> {
        let node = Self::block(self.begins.0)?.first_child()?;
        let range = gloo::utils::document().create_range().ok()?;
        range.set_start(&node, self.begins.1).ok()?;
        range.set_end(&node, self.begins.1 + 1).ok()?;
        Some(range.get_bounding_client_rect().top())
    }
}

/// Lays the card below its paragraph, and both into view; `None` where the text is not there yet. A narrow screen has the card
/// at its foot, and the place above it.
fn settle(node: &NodeRef, spot: Option<Spot>) -> Option<Option<Room>> {
    let card = node.cast::<HtmlElement>()?;
    let (spot, view) = (spot?, card.closest(".read").ok().flatten()?);
    let block = Spot::block(spot.paragraph)?;
    let frame = view.get_bounding_client_rect();
    if gloo::utils::document_element().client_width() <= NARROW {
        let room = frame.height() - card.get_bounding_client_rect().height();
        let top = spot.top()? - frame.top();
        if top < GAP || top > (room - LINE).max(GAP) {
            view.scroll_by_with_x_and_y(0.0, top - (room / 2.0 - LINE).max(GAP));
        }
        return Some(None);
    }
    let sheet = card.parent_element()?.get_bounding_client_rect();
    put(&card, "--lanes-top", block.get_bounding_client_rect().bottom() - sheet.top() + GAP);
    put(&block, "margin-block-end", card.get_bounding_client_rect().height() + 2.0 * GAP + 8.0);
    let below = card.get_bounding_client_rect().bottom() - frame.bottom() + 2.0 * GAP;
    if below > 0.0 {
        // The place stays in view.
        view.scroll_by_with_x_and_y(0.0, below.min(spot.top()? - frame.top() - GAP).max(0.0));
    }
    Some(Some(Room(block)))
}

/// What all lanes of a place have in common.
struct Around<'a> {
    review: &'a Review,
    work: &'a Work,
    schema: &'a Arc<Schema>,
    words: &'a Words,
    difference: &'a Difference,
    window: Span,
    text: ByText,
}

impl Around<'_> {
    /// An annotator's lane.
    fn lane(&self, store: &StoreRef, place: usize) -> Html {
        let comparison = &self.review.comparison;
        let Some(who) = comparison.annotators.get(place) else { return Html::default() };
        let layer = self.review.layers.iter().find(|(known, _)| known == who).map(|(_, layer)| layer);
        let weighed = |annotation: &Annotation| {
            comparison
                .ends(self.difference.subject)
                .any(|item| item.of.get(place).and_then(Option::as_ref).is_some_and(|own| own.id == annotation.id))
        };
        let near = layer.map(|layer| layer.window(self.window)).unwrap_or_default();
        let painted: Vec<Painted> = near.iter().map(|annotation| Painted::of(annotation, weighed(annotation))).collect();
        let person = self.review.person(who);
        let key = person_key(place);
        let name = person_name(self.review, self.words, who, false);
        let take = {
            let store = store.clone();
            Callback::from(move |_: MouseEvent| decide(&store, Choice::Take(place), ""))
        };
        html! {
            <div class="lane" key={format!("lane-{place}")} data-lane={who.to_string()}>
                <span class="who">{ patch(person) }<bdi>{ name.clone() }</bdi></span>
                <Strip name={format!("lane-{place}")} text={self.text.clone()} window={self.window} painted={painted} disputed={self.disputed(place)} schema={self.schema.clone()} />
                <span class="said small">{ self.said(place) }</span>
                <button type="button" class="take" data-take={place.to_string()} title={self.words.with("review.take", &[("name", &name)])} aria-label={self.words.with("review.take", &[("name", &name)])} onclick={take}><kbd>{ key }</kbd></button>
            </div>
        }
    }

    /// What an annotator says of the place, in words.
    fn said(&self, place: usize) -> String {
        let comparison = &self.review.comparison;
        match self.difference.subject {
            Subject::Item(item) => {
                let label = comparison.items.get(item).and_then(|item| item.of.get(place)?.as_ref());
                label.map_or_else(|| self.words.get("review.nothing"), |label| self.label_said(label))
            }
            Subject::Tie(tie) => {
                let tied = comparison.ties.get(tie).and_then(|tie| tie.of.get(place)?.as_ref().map(|_| tie));
                tied.map_or_else(
                    || self.words.get("review.no-tie"),
                    |tie| {
                        let end = comparison.items.get(tie.to).and_then(|item| self.text.0.slice(item.hull.range()));
                        let kind =
                            self.schema.relation(&tie.kind).map_or_else(|| tie.kind.to_string(), |kind| self.words.pick(&kind.names).to_owned());
                        format!("{kind}: \u{2068}{}\u{2069}", end.unwrap_or_default())
                    },
                )
            }
        }
    }

    fn label_said(&self, annotation: &Annotation) -> String {
        let mut said = label_words(self.schema, self.words, &annotation.label);
        let known = self.schema.label(&annotation.label);
        for (name, value) in &annotation.attributes {
            let attribute = known.and_then(|label| label.attribute(name));
            let words = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let words = attribute.and_then(|attribute| attribute.value(&words)).map_or(words, |value| self.words.pick(&value.names).to_owned());
            said.push_str(" · ");
            said.push_str(&words);
        }
        said
    }

    /// The characters at the edges that this annotator has and some others have not.
    fn disputed(&self, place: usize) -> Vec<Span> {
        let Subject::Item(item) = self.difference.subject else { return Vec::new() };
        let Some(item) = self.review.comparison.items.get(item) else { return Vec::new() };
        let Some(own) = item.of.get(place).and_then(Option::as_ref).map(|label| label.extent.hull()) else { return Vec::new() };
        let others = || item.of.iter().flatten().map(|label| label.extent.hull());
        let (start, end) = (others().map(Span::start).max(), others().map(Span::end).min());
        let before = start.filter(|start| *start < own.end()).and_then(|start| Span::try_new(own.start(), start));
        let after = end.filter(|end| *end > own.start()).and_then(|end| Span::try_new(end, own.end()));
        before.into_iter().chain(after).collect()
    }

    /// The lane of the gold layer.
    fn gold(&self, judged: &Judged) -> Html {
        let layer = self.work.session.layer();
        let made: Vec<String> = match self.difference.subject {
            Subject::Item(item) => {
                let comparison = &self.review.comparison;
                let labels = comparison.items.get(item).map(|item| item.of.as_slice()).unwrap_or_default();
                let records =
                    comparison.annotators.iter().zip(labels).filter_map(|(who, label)| Some(Record::Span(who.clone(), label.as_ref()?.id.clone())));
                records.filter_map(|record| judged.gold(&record).map(str::to_owned)).collect()
            }
            Subject::Tie(_) => Vec::new(),
        };
        let is_made = |annotation: &Annotation| made.iter().any(|made| made == annotation.id.as_str());
        let near = layer.window(self.window);
        let painted: Vec<Painted> = near.iter().map(|annotation| Painted::of(annotation, is_made(annotation))).collect();
        let said = near.iter().find(|annotation| is_made(annotation)).map(|annotation| self.label_said(annotation)).unwrap_or_default();
        html! {
            <div class="lane gold" data-lane="gold">
                <span class="who"><span class="person gold" aria-hidden="true"></span>{ self.words.get("review.gold") }</span>
                <Strip name="lane-gold" text={self.text.clone()} window={self.window} painted={painted} disputed={Vec::new()} schema={self.schema.clone()} />
                <span class="said small">{ said }</span><span></span>
            </div>
        }
    }
}

/// The key that takes what the annotator at a place has, as it is written on it.
pub(super) fn person_key(place: usize) -> String {
    match place {
        0 => "A".to_owned(),
        1 => "B".to_owned(),
        other => (other + 1).to_string(),
    }
}

fn acts(store: &StoreRef, words: &Words, review: &Review) -> Html {
    let act = |testid: &'static str, name: String, key: String, asked: Asked| {
        let store = store.clone();
        let onclick = Callback::from(move |_: MouseEvent| perform(&store, asked));
        html! { <button type="button" class="act" data-testid={testid} aria-keyshortcuts={key.clone()} onclick={onclick}><span>{ name }</span><kbd aria-hidden="true">{ key }</kbd></button> }
    };
    let takes = review.comparison.annotators.iter().enumerate().map(|(place, who)| {
        let name = words.with("review.take", &[("name", &format!("\u{2068}{}\u{2069}", person_name(review, words, who, true)))]);
        let class = match place {
            0 => "take-0",
            1 => "take-1",
            _ => "take-n",
        };
        act(class, name, person_key(place), Asked::Decide(Choice::Take(place)))
    });
    let stop = Callback::from(|event: KeyboardEvent| {
        if event.key() == "Enter" || event.key() == "Escape" {
            event.prevent_default();
            crate::web::reader::input::focus_on("[data-testid=reader]");
        }
    });
    html! {
        <>
            <div class="acts" role="toolbar" aria-label={words.get("review.acts")}>
                { for takes }
                { act("both", words.get("review.both"), "K".into(), Asked::Decide(Choice::Both)) }
                { act("merge", words.get("review.merge"), "M".into(), Asked::Decide(Choice::Merge)) }
                { act("edit", words.get("review.edit"), "E".into(), Asked::Decide(Choice::Edit)) }
                { act("reject", words.get("review.reject"), "R".into(), Asked::Decide(Choice::Reject)) }
                { act("postpone", words.get("review.postpone"), "L".into(), Asked::Decide(Choice::Postpone)) }
            </div>
            <label class="decision-note"><span class="small soft">{ words.get("review.note") }{ " " }<kbd aria-hidden="true">{ "D" }</kbd></span><input data-testid="review-note" onkeydown={stop} /></label>
        </>
    }
}

fn reasons(store: &StoreRef, words: &Words) -> Html {
    let reason = |(place, name): (usize, &&'static str)| {
        let (store, name) = (store.clone(), *name);
        let onclick = Callback::from(move |_: MouseEvent| decide(&store, Choice::Reject, name));
        html! { <button type="button" class="act" data-reason={name} onclick={onclick}><span>{ words.get(&format!("review.reason.{name}")) }</span><kbd aria-hidden="true">{ place + 1 }</kbd></button> }
    };
    let other = {
        let store = store.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.prevent_default();
                leave(&store);
            } else if event.key() == "Enter" && !event.is_composing() {
                event.prevent_default();
                let words = event.target_unchecked_into::<HtmlInputElement>().value();
                decide(&store, Choice::Reject, words.trim());
                crate::web::reader::input::focus_on("[data-testid=reader]");
            }
        })
    };
    let back = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| leave(&store))
    };
    html! {
        <div class="acts reasons" role="group" aria-label={words.get("review.why")} data-testid="reasons">
            <p class="small soft">{ words.get("review.why") }</p>
            { for REASONS.iter().enumerate().map(reason) }
            <input class="other-reason" data-testid="other-reason" placeholder={words.get("review.reason.other")} aria-label={words.get("review.reason.other")} onkeydown={other} />
            <button type="button" class="act" onclick={back}><span>{ words.get("review.back") }</span><kbd aria-hidden="true">{ "Esc" }</kbd></button>
        </div>
    }
}

fn editing(store: &StoreRef, words: &Words) -> Html {
    let done = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| leave(&store))
    };
    html! {
        <div class="acts" data-testid="editing">
            <p class="small">{ words.get("review.editing") }</p>
            <button type="button" class="act main" data-testid="edit-done" onclick={done}><span>{ words.get("review.edit.done") }</span><kbd aria-hidden="true">{ "Enter" }</kbd></button>
        </div>
    }
}
