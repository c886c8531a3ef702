//! How each annotator stands to the gold layer, counted in slices, and how they fared in a test.

use super::fetch::use_review_words;
use super::lanes::{patch, person_name};
use super::model::{Review, Seen, use_seen};
use super::{slices, test};
use crate::adjudicate::{ErrorCounts, GOLD, errors_in};
use crate::compare::Kind;
use crate::id::Annotator;
use crate::layer::Layer;
use crate::training::Attempt;
use crate::web::words::Words;
use gloo::timers::callback::Timeout;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// How long the gold layer has to stand before all is counted anew, in milliseconds.
const PAUSE: u32 = 250;

/// The table: a column for each annotator.
#[component]
pub(super) fn Scores() -> Html {
    let words = use_review_words();
    let seen = use_seen();
    let counts = use_state(|| Rc::new(Vec::<ErrorCounts>::new()));
    {
        let counts = counts.clone();
        let review = (*seen).as_ref().map(|seen| (seen.review.layers.clone(), seen.work.session.layer().clone()));
        let revision = (*seen).as_ref().map(|seen| (Rc::as_ptr(&seen.review.layers) as usize, seen.work.session.revision()));
        use_effect_with(revision, move |_| {
            let gone = Rc::new(Cell::new(false));
            let left = gone.clone();
            let timer = Timeout::new(if counts.is_empty() { 0 } else { PAUSE }, move || {
                spawn_local(async move {
                    let Some((layers, gold)) = review else { return };
                    if let Some(all) = count(&layers, &gold, &left).await {
                        counts.set(Rc::new(all));
                    }
                });
            });
            move || {
                gone.set(true);
                drop(timer);
            }
        });
    }
    let Some(Seen { review, .. }) = (*seen).clone() else { return Html::default() };
    if counts.len() != review.layers.len() {
        return html! { <p class="soft small" role="status">{ words.get("review.comparing") }</p> };
    }
    table(&words, &review, &counts)
}

async fn count(layers: &[(Annotator, Layer)], gold: &Layer, left: &Rc<Cell<bool>>) -> Option<Vec<ErrorCounts>> {
    let mut all = Vec::new();
    for (who, layer) in layers {
        let both = vec![(Annotator::from(GOLD), gold.clone()), (who.clone(), layer.clone())];
        all.push(errors_in(&*slices::compared(both, |_| !left.get()).await?));
    }
    Some(all)
}

fn table(words: &Words, review: &Review, counts: &[ErrorCounts]) -> Html {
    let kinds = [Kind::Boundaries, Kind::Label, Kind::Attribute, Kind::Relation];
    let line = |name: String, number: &dyn Fn(&ErrorCounts) -> usize| html! { <tr><th scope="row">{ name }</th>{ for counts.iter().map(|counts| html! { <td>{ words.number(number(counts)) }</td> }) }</tr> };
    let head = |(place, (who, _)): (usize, &(Annotator, Layer))| html! { <th scope="col" data-scores={who.to_string()}>{ patch(place) }<bdi>{ person_name(review, words, who, true) }</bdi></th> };
    let attempts = review.layers.iter().map(|(who, layer)| (who, Attempt::all(layer))).filter(|(_, attempts)| !attempts.is_empty());
    html! {
        <div class="scores"><table data-testid="scores-table"><caption class="soft small">{ words.get("review.scores.why") }</caption>
            <tr><td></td>{ for review.layers.iter().enumerate().map(head) }</tr>
            { line(words.get("review.right"), &|counts| counts.right) }{ line(words.get("review.missed"), &|counts| counts.missed) }{ line(words.get("review.extra"), &|counts| counts.extra) }
            { for kinds.into_iter().map(|kind| line(words.get(&format!("review.kind.{}.short", kind.name())), &|counts| counts.kinds.get(&kind).copied().unwrap_or(0))) }
        </table>
        { for attempts.map(|(who, attempts)| html! { <section key={who.to_string()} data-attempts={who.to_string()}><h3>{ words.with("review.test.attempts-of", &[("name", &person_name(review, words, who, false))]) }</h3>{ test::list(words, &attempts) }</section> }) }
        </div>
    }
}
