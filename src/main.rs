//! The page's start: mounts the app where `index.html` has a place for it.

fn main() {
    let place = gloo::utils::document().get_element_by_id("app");
    if let Some(place) = place {
        yew::Renderer::<wusum::web::app::App>::with_root(place).render();
    }
}
