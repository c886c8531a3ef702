//! Signs, drawn as lines; arrows of undo and redo turn with the direction of the page by the style sheet.

use yew::prelude::*;

/// A sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Icon {
    Undo,
    Redo,
    Find,
    Help,
    Settings,
    Check,
    Dots,
    Warning,
    Close,
    Next,
    Previous,
    Trash,
    Note,
    Split,
    Merge,
    Trim,
    Copy,
    Marks,
    Eye,
    Hidden,
    List,
    Guide,
    Plus,
    Restore,
    Brush,
    Snap,
    Flip,
    File,
    Tie,
    Aim,
    Piece,
}

fn paths(sign: Icon) -> &'static str {
    match sign {
        Icon::Undo => "M9 5 4 10l5 5M4.5 10H15a4.5 4.5 0 0 1 0 9h-4",
        Icon::Redo => "m15 5 5 5-5 5M19.5 10H9a4.5 4.5 0 0 0 0 9h4",
        Icon::Find => "M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13ZM15.5 15.5 21 21",
        Icon::Help => "M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18ZM9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M12 16.8v.2",
        Icon::Settings => "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5",
        Icon::Check => "m5 12.5 4.5 4.5L19 7.5",
        Icon::Dots => "M6 12h.01M12 12h.01M18 12h.01",
        Icon::Warning => "M12 4 2.8 20h18.4L12 4ZM12 10v4.5M12 17.3v.2",
        Icon::Close => "M6 6l12 12M18 6 6 18",
        Icon::Next => "m6 9.5 6 6 6-6",
        Icon::Previous => "m6 14.5 6-6 6 6",
        Icon::Trash => "M4 7h16M9 7V4h6v3M6.5 7l1 13h9l1-13M10 11v5M14 11v5",
        Icon::Note => "M5 4h14v11l-5 5H5zM14 20v-5h5M8.5 9h7M8.5 12.5H12",
        Icon::Split => "M12 3v4M12 10v4M12 17v4M8 8l-4 4 4 4M16 8l4 4-4 4",
        Icon::Merge => "M12 3v18M3.5 12h5M6 9l3 3-3 3M20.5 12h-5M18 9l-3 3 3 3",
        Icon::Trim => "M5 6v12M19 6v12M9 12h6",
        Icon::Copy => "M9 9h11v11H9zM15 9V4H4v11h5",
        Icon::Marks => "M13 4v16M17 4v16M19 4H9.5a4 4 0 0 0 0 8H13",
        Icon::Eye => "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12ZM12 9.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6Z",
        Icon::Hidden => "M4 4l16 16M9 6a9 9 0 0 1 3-.5c6 0 9.5 6.5 9.5 6.5a17 17 0 0 1-3 3.8M6 8a17 17 0 0 0-3.5 4S6 18.5 12 18.5a9 9 0 0 0 4-.9",
        Icon::List => "M4 6h16M4 12h16M4 18h16",
        Icon::Guide => "M4 5c3-1 6-1 8 1 2-2 5-2 8-1v14c-3-1-6-1-8 1-2-2-5-2-8-1zM12 6v14",
        Icon::Plus => "M12 5v14M5 12h14",
        Icon::Restore => "M4 12a8 8 0 1 0 2.5-5.8M4 4v5h5",
        Icon::Brush => "M19 4c-4 2-8 6-9.5 9.5l2 2C15 14 18 9 20 5zM8.5 14.5c-2.5 0-2 3.5-5 4.5 2.5 1.5 6.5 1 7-2.5",
        Icon::Snap => "M5 5v14M19 5v14M8.5 9.5h7M8.5 14.5h7",
        Icon::Flip => "M4 8h13M14 5l3 3-3 3M20 16H7M10 13l-3 3 3 3",
        Icon::Tie => "M6 18.5a2.5 2.5 0 1 1 0-5 2.5 2.5 0 0 1 0 5ZM8 14C9 7 13 5 19 6M16 3l3.5 3L17 9.5",
        Icon::Aim => "M12 19a7 7 0 1 1 0-14 7 7 0 0 1 0 14ZM12 2v5M12 17v5M2 12h5M17 12h5",
        Icon::Piece => "M4 17h6M14 17h6M11 17h.01M13 17h.01M12 5v7M8.5 8.5h7",
        Icon::File => "M6 3h8l5 5v13H6zM14 3v5h5",
    }
}

/// A sign, hidden from screen readers: what it means stands beside it or in the name of its button.
pub fn icon(sign: Icon) -> Html {
    let class = match sign {
        Icon::Undo | Icon::Redo => "sign turns",
        _ => "sign",
    };
    html! {
        <svg class={class} viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false"><path d={paths(sign)} /></svg>
    }
}
