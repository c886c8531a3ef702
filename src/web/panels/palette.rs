//! The small palette at the selection: labels, the clitic that can be peeled, all other places.

use crate::text::Edge;
use crate::web::act::{self, Action, perform};
use crate::web::app::use_words;
use crate::web::bar::{keep_focus, on_click};
use crate::web::panels::labels::{swatch, use_schema};
use crate::web::state::Dialog;
use crate::web::store::{use_select, use_store};
use crate::web::timing;
use yew::prelude::*;

/// The palette; there only while something is selected and the pointer is at rest.
#[component]
pub fn Palette() -> Html {
    let shown = use_select(|state| {
        let work = state.work.as_ref()?;
        let quiet = !work.selecting && work.brush.is_none() && !work.palette_closed && work.occurrences.is_none() && state.dialog.is_none();
        (quiet && !work.session.is_read_only()).then(|| work.selected()).flatten()
    });
    html! { if shown.is_some() { <Buttons /> } }
}

#[component]
fn Buttons() -> Html {
    let store = use_store();
    let words = use_words();
    let schema = use_schema();
    let buttons = schema.offered().into_iter().map(|(label, _)| {
        let (store, id) = (store.clone(), label.id.clone());
        let onclick = Callback::from(move |event: MouseEvent| {
            timing::began(event.time_stamp());
            perform(&store, Action::Label(id.clone()));
        });
        html! {
            <button type="button" key={label.id.as_str().to_owned()} data-palette={label.id.as_str().to_owned()} onclick={onclick} onmousedown={keep_focus()}>
                { swatch(&schema, &label.id) }<span>{ words.pick(&label.names).to_owned() }</span>if let Some(key) = label.key { <kbd aria-hidden="true">{ key }</kbd> }
            </button>
        }
    });
    html! {
        <div class="palette" role="toolbar" aria-label={words.get("palette")} data-testid="palette">
            { for buttons }
            <span class="separator" aria-hidden="true"></span>
            <PeelButton />
            <PieceButton />
            <button type="button" data-testid="occurrences" onclick={on_click(&store, Action::Occurrences(None))} onmousedown={keep_focus()}>{ words.get("palette.occurrences") }<kbd aria-hidden="true">{ "⇧A" }</kbd></button>
            <button type="button" data-testid="palette-comment" onclick={on_click(&store, Action::Open(Dialog::Comment))} onmousedown={keep_focus()}>{ words.get("palette.comment") }<kbd aria-hidden="true">{ "⇧C" }</kbd></button>
        </div>
    }
}

/// Peels the clitic that is marked in the text; there only while there is one.
#[component]
pub fn PeelButton() -> Html {
    let store = use_store();
    let words = use_words();
    let peel = use_select(|state| {
        let work = state.work.as_ref()?;
        let peel = work.peel?;
        let target = work.selected().or_else(|| work.chosen_span())?;
        let letters = work.text()?.slice(peel.range())?.to_owned();
        Some((letters, peel.start() == target.start()))
    });
    let Some((letters, at_start)) = (*peel).clone() else { return Html::default() };
    let (edge, key) = if at_start { (Edge::Start, "[") } else { (Edge::End, "]") };
    html! {
        <button type="button" class="peel" data-testid="peel" onclick={on_click(&store, Action::Peel(edge))} onmousedown={keep_focus()}>
            <span>{ words.with("palette.peel", &[("letters", &letters)]) }</span><kbd aria-hidden="true">{ key }</kbd>
        </button>
    }
}

/// Adds the selection to the label that was in focus before it, or takes it out; there only after one was in focus.
#[component]
fn PieceButton() -> Html {
    let store = use_store();
    let words = use_words();
    let target = use_select(|state| {
        let work = state.work.as_ref()?;
        let (id, _, inside) = act::piece_target(work)?;
        Some((act::link::short(work, &id), inside))
    });
    let Some((quote, inside)) = (*target).clone() else { return Html::default() };
    let (action, testid, key) = if inside { (Action::RemovePiece, "piece-out", "⇧P") } else { (Action::AddPiece, "piece-add", "P") };
    let name = if inside { words.with("palette.piece.out", &[("quote", &quote)]) } else { words.with("palette.piece.add", &[("quote", &quote)]) };
    html! {
        <button type="button" class="piece" data-testid={testid} title={name.clone()} onclick={on_click(&store, action)} onmousedown={keep_focus()}><span>{ name }</span><kbd aria-hidden="true">{ key }</kbd></button>
    }
}
