//! What plots as SVG share: how one begins, and names from files in it and in a table.

use crate::formats::guard;
use crate::formats::loss::is_in_xml;

/// The beginning of a plot of some width and height, in pixels: its title, and a white ground.
pub fn open((width, height): (usize, usize), is_right_to_left: bool, title: &str) -> String {
    let (title, direction) = (escape(title), if is_right_to_left { " direction=\"rtl\"" } else { "" });
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\"{direction} \
         font-family=\"sans-serif\" font-size=\"13\">\n<title>{title}</title>\n<rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n"
    )
}

/// A name in a table (CSV), quoted; one that a table program would take for a formula has an apostrophe in front.
pub fn csv_name(name: &str) -> String {
    format!("\"{}\"", guard(name.to_owned()).replace('"', "\"\""))
}

/// The beginning of a name that has more characters.
pub fn short(name: &str, most: usize) -> String {
    let mut characters = name.chars();
    let start: String = characters.by_ref().take(most).collect();
    if characters.next().is_some() { start + "…" } else { start }
}

/// Text as XML has it; what XML cannot hold, and what would turn the words beside it, is U+FFFD.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\r' | '\t' => out.push(' '),
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => out.push('\u{FFFD}'),
            _ if !is_in_xml(character) => out.push('\u{FFFD}'),
            _ => out.push(character),
        }
    }
    out
}
