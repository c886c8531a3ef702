//! The page.

use yew::prelude::*;

#[component]
fn Page() -> Html {
    html! { <main>{ "وسوم" }</main> }
}

fn main() {
    let root = gloo::utils::document()
        .get_element_by_id("app")
        .unwrap_or_else(|| gloo::utils::body().into());
    yew::Renderer::<Page>::with_root(root).render();
}
