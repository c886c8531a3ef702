//! A corrected text for a document, as far as the app has it: a line until the desk is there, and the way out.

use crate::web::app::use_words;
use crate::web::panels::icons::{Icon, icon};
use crate::web::screens::desk::{Part, Seat, use_desk};
use crate::web::state::Card;
use crate::web::storage::exchange;
use crate::web::store::{use_select, use_store};
use yew::prelude::*;

/// Whose text is corrected.
#[derive(Properties, PartialEq)]
pub struct CorrectedProps {
    /// The document.
    pub card: Card,
    /// Leaves it.
    pub on_close: Callback<MouseEvent>,
}

/// The place for it, under the list.
#[component]
pub fn Corrected(props: &CorrectedProps) -> Html {
    let (store, words) = (use_store(), use_words());
    // Whose labels may be seen depends on who looks, and how.
    let looks = use_select(|state| (state.settings.annotator.clone(), state.settings.blind));
    let seat = use_desk(Part::Retext);
    let ready = if let Seat::Ready(seated) = &seat { seated.upgrade() } else { None };
    use_effect_with((ready.is_some(), props.card.id.clone(), props.card.title.clone(), (*looks).clone()), move |(_, id, title, _)| {
        if let Some(seated) = ready {
            let document = serde_json::json!({ "id": id, "title": title, "looks": exchange::looks(&store) });
            seated.tell("document", &document.to_string());
        }
    });
    let close = html! { <button type="button" class="button" data-testid="retext-close" onclick={props.on_close.clone()}>{ icon(Icon::Close) }{ words.get("close") }</button> };
    match seat {
        Seat::Ready(_) => html! { <div class="row">{ close }</div> },
        Seat::Opening => html! { <p class="soft" role="status">{ words.get("desk.opening") }</p> },
        Seat::Failed(detail, again) => html! {
            <section class="card"><p role="alert">{ words.with("desk.failed", &[("detail", &detail)]) }</p><div class="row"><button type="button" class="button" onclick={again}>{ words.get("offer.retry") }</button>{ close }</div></section>
        },
    }
}
