//! Markdown as nodes: a few elements, text nodes for all words, links to the web and to places in documents. Markup of a
//! text, pictures and every other address come out as plain words, so that nothing of a file can do anything in the page.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlAnchorElement, Node};

/// Where a link may lead.
#[derive(Debug, PartialEq, Eq)]
enum Target {
    /// To a screen of the page, such as a place in a document.
    Page,
    /// To the web.
    Web,
    /// Nowhere.
    Nowhere,
}

fn target(address: &str) -> Target {
    if address.starts_with("#/") {
        return Target::Page;
    }
    let lower = address.to_ascii_lowercase();
    if lower.starts_with("https://") || lower.starts_with("http://") { Target::Web } else { Target::Nowhere }
}

fn element(name: &str) -> Option<Element> {
    gloo::utils::document().create_element(name).ok()
}

fn of(tag: &Tag) -> Option<Element> {
    let name = match tag {
        Tag::Paragraph => "p",
        // A label's name stands above, as a heading of the third level.
        Tag::Heading { level: HeadingLevel::H1 | HeadingLevel::H2, .. } => "h4",
        Tag::Heading { .. } => "h5",
        Tag::BlockQuote(_) => "blockquote",
        Tag::CodeBlock(_) => "pre",
        Tag::List(Some(_)) => "ol",
        Tag::List(None) => "ul",
        Tag::Item => "li",
        Tag::Emphasis => "em",
        Tag::Strong => "strong",
        Tag::Strikethrough => "s",
        Tag::Link { dest_url, .. } => return link(dest_url),
        _ => "span",
    };
    let made = element(name)?;
    if matches!(name, "p" | "h4" | "h5" | "blockquote" | "li") {
        // A plain name is never refused.
        let _ = made.set_attribute("dir", "auto");
    }
    Some(made)
}

fn link(address: &str) -> Option<Element> {
    let target = target(address);
    if target == Target::Nowhere {
        return element("span");
    }
    let made = element("a")?;
    let anchor: &HtmlAnchorElement = made.unchecked_ref();
    anchor.set_href(address);
    if target == Target::Web {
        anchor.set_rel("noopener noreferrer");
        anchor.set_target("_blank");
    } else if address.contains("?at=") {
        anchor.set_class_name("live-quote");
    }
    Some(made)
}

/// Puts a text into an element, at its end.
pub fn render(text: &str, into: &Element) {
    let mut open: Vec<Element> = vec![into.clone()];
    let add = |open: &[Element], node: &Node| {
        if let Some(last) = open.last() {
            // A node that was just made fits into an element.
            let _ = last.append_child(node);
        }
    };
    let document = gloo::utils::document();
    for event in Parser::new_ext(text, Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Start(tag) => {
                let Some(made) = of(&tag).or_else(|| element("span")) else { return };
                add(&open, &made);
                open.push(made);
            }
            Event::End(_) if open.len() > 1 => drop(open.pop()),
            Event::Text(words) | Event::Html(words) | Event::InlineHtml(words) => add(&open, &document.create_text_node(&words)),
            Event::Code(words) => {
                let Some(made) = element("code") else { return };
                made.set_text_content(Some(&words));
                add(&open, &made);
            }
            Event::SoftBreak => add(&open, &document.create_text_node("\n")),
            Event::HardBreak | Event::Rule => {
                let Some(made) = element(if event == Event::Rule { "hr" } else { "br" }) else { return };
                add(&open, &made);
            }
            _ => {}
        }
    }
}
