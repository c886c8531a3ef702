//! The screen for agreement, as far as the app has it: a line until the desk is there, and what the desk is told.

use crate::id::DocumentId;
use crate::web::app::use_words;
use crate::web::screens::desk::{Part, Seat, coming, use_desk};
use crate::web::storage::exchange;
use crate::web::store::{use_select, use_store};
use serde_json::json;
use std::rc::Rc;
use yew::prelude::*;

/// What the address names.
#[derive(Properties, PartialEq)]
pub struct AgreementProps {
    /// The document, where it is about one alone.
    pub id: Option<DocumentId>,
}

/// The screen.
#[component]
pub fn AgreementScreen(props: &AgreementProps) -> Html {
    let (store, words) = (use_store(), use_words());
    let seat = use_desk(Part::Agreement);
    // Every change of what is kept makes the list of documents anew: where it lies in memory tells.
    let seen = use_select(|state| (state.library.clone(), state.settings.blind));
    let seated = if let Seat::Ready(seated) = &seat { seated.upgrade() } else { None };
    let place = json!({
        "document": props.id.as_ref().map(DocumentId::as_str),
        "library": Rc::as_ptr(&seen.0) as usize,
        "looks": exchange::looks(&store),
    });
    use_effect_with((seated.is_some(), place), move |(_, place)| {
        if let Some(seated) = seated {
            seated.tell("place", &place.to_string());
        }
    });
    coming(&words, &seat)
}
