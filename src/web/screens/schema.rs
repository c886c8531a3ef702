//! The schema screen, as far as the app has it: a line until the desk is there.

use crate::web::app::use_words;
use crate::web::screens::desk::{Part, Seat, use_desk};
use yew::prelude::*;

/// The screen.
#[component]
pub fn SchemaScreen() -> Html {
    let words = use_words();
    match use_desk(Part::Schema) {
        Seat::Ready(_) => Html::default(),
        Seat::Opening => html! { <main class="screen desk-opening"><p class="soft" role="status">{ words.get("desk.opening") }</p></main> },
        Seat::Failed(detail, again) => {
            html! { <main class="screen"><p role="alert">{ words.with("desk.failed", &[("detail", &detail)]) }</p><p><button type="button" class="button" onclick={again}>{ words.get("offer.retry") }</button></p></main> }
        }
    }
}
