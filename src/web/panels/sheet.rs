//! A sheet in front of the page: the browser's own dialog, which keeps the focus and gives it back.

use crate::web::act::{Action, perform};
use crate::web::app::use_words;
use crate::web::bar::IconButton;
use crate::web::panels::icons::Icon;
use crate::web::store::use_store;
use web_sys::HtmlDialogElement;
use yew::prelude::*;

/// A sheet.
#[derive(Properties, PartialEq)]
pub struct SheetProps {
    /// Its heading.
    pub title: String,
    /// How tests find it.
    pub testid: &'static str,
    /// What it holds.
    pub children: Html,
    /// Whether it is wide.
    #[prop_or_default]
    pub wide: bool,
}

/// A sheet in front of the page.
#[component]
pub fn Sheet(props: &SheetProps) -> Html {
    let store = use_store();
    let words = use_words();
    let node = use_node_ref();
    use_effect_with(node.clone(), |node| {
        if let Some(dialog) = node.cast::<HtmlDialogElement>() {
            // Refused only for a dialog that is open already.
            let _ = dialog.show_modal();
        }
    });
    let close = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| perform(&store, Action::CloseSheet))
    };
    // Escape, or the way back on a telephone: the browser closes the dialog, and the state follows.
    let closed = {
        let store = store.clone();
        Callback::from(move |_: Event| perform(&store, Action::CloseSheet))
    };
    // A click beside the sheet falls on the dialog itself.
    let beside = Callback::from(move |event: MouseEvent| {
        if event.target() == event.current_target() {
            perform(&store, Action::CloseSheet);
        }
    });
    html! {
        <dialog ref={node} class={classes!("sheet-front", props.wide.then_some("wide"))} data-testid={props.testid} onclose={closed} onclick={beside} aria-label={props.title.clone()}>
            <div class="sheet-body">
                <header><h2>{ &props.title }</h2><IconButton sign={Icon::Close} name={words.get("close")} testid="close" onclick={close} /></header>
                { props.children.clone() }
            </div>
        </dialog>
    }
}
