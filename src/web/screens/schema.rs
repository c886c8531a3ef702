//! The schema screen, as far as the app has it: a line until the desk is there.

use crate::web::app::use_words;
use crate::web::screens::desk::{Part, coming, use_desk};
use yew::prelude::*;

/// The screen.
#[component]
pub fn SchemaScreen() -> Html {
    let words = use_words();
    coming(&words, &use_desk(Part::Schema))
}
