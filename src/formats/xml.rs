//! What XML 1.0 can hold, and how it is written so that every reader finds the same characters.

use super::loss::is_in_xml as is_held;
use std::borrow::Cow;

/// What stands for a character that XML cannot hold.
const STAND_IN: char = '_';

/// The first character of a text that XML cannot hold.
#[must_use]
pub(super) fn not_held(text: &str) -> Option<char> {
    text.chars().find(|character| !is_held(*character))
}

/// The text with `_` for what XML cannot hold.
#[must_use]
pub(super) fn held(text: &str) -> Cow<'_, str> {
    if not_held(text).is_none() {
        return Cow::Borrowed(text);
    }
    text.chars().map(|character| if is_held(character) { character } else { STAND_IN }).collect()
}

/// JSON in which all is escaped that XML cannot hold.
#[must_use]
pub(super) fn json(value: &serde_json::Value) -> String {
    let mut out = String::new();
    // Outside of strings JSON is ASCII, so that every other character may be escaped.
    for character in value.to_string().chars() {
        if is_held(character) {
            out.push(character);
        } else {
            out.push_str(&format!("\\u{:04x}", u32::from(character)));
        }
    }
    out
}

/// Adds a text as it stands in quotation marks or between elements; what XML cannot hold is `_`.
pub(super) fn push(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // Readers make spaces or line feeds of line ends that are not written so.
            '\t' => out.push_str("&#9;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            other => out.push(if is_held(other) { other } else { STAND_IN }),
        }
    }
}

/// Adds a field of an element, with a space before it.
pub(super) fn push_field(out: &mut String, name: &str, value: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    push(out, value);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_what_a_reader_finds() {
        let mut out = String::new();
        push_field(&mut out, "a", "<\"&'>\r\n\t\u{0}\u{FFFE}\u{85}\u{2028}🔴");
        assert_eq!(out, " a=\"&lt;&quot;&amp;'&gt;&#13;&#10;&#9;__\u{85}\u{2028}🔴\"");
        assert_eq!(json(&serde_json::json!("\u{1}\u{FFFF}ق")), "\"\\u0001\\uffffق\"");
        assert_eq!((not_held("ق\r\n\t"), not_held("ق\u{1F}"), held("a\u{0}")), (None, Some('\u{1F}'), Cow::Borrowed("a_")));
    }
}
