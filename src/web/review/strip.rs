//! A strip: a few words around a place, as one annotator has them. One text node, never cut: labels are painted as highlights.

use crate::annotation::Annotation;
use crate::id::LabelId;
use crate::schema::{Schema, Style};
use crate::span::Span;
use crate::text::{Offset, Text};
use crate::web::js::{self, Highlight};
use crate::web::reader::paint::label_slug;
use crate::web::reader::style::StyleSheet;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;
use web_sys::{Element, Range};
use yew::prelude::*;

/// How many characters stand on either side of the place, before the edge of a word is sought.
const AROUND: u32 = 26;
/// The most characters of a strip.
const LONGEST: u32 = 420;

/// The words around a place, within its paragraphs.
#[must_use]
pub fn window(text: &Text, place: Span) -> Option<Span> {
    let paragraphs = text.paragraphs();
    let first = paragraphs.get(text.paragraph_at(place.start()))?;
    let last = paragraphs.get(text.paragraph_at(place.end().minus(1)))?;
    let start = place.start().minus(AROUND.min(place.start().get())).max(first.range.start);
    let start = text.word_at(start).map_or(start, |word| word.start).max(first.range.start);
    let end = place.end().min(place.start().plus(LONGEST)).plus(AROUND).min(last.range.end);
    let end = text.word_at(end).map_or(end, |word| word.end).min(last.range.end);
    Span::try_new(start, end)
}

/// One label on a strip.
#[derive(Clone, Debug, PartialEq)]
pub struct Painted {
    /// Which kind.
    pub label: LabelId,
    /// Where, in the text.
    pub pieces: Vec<Span>,
    /// Whether it is the one that is weighed.
    pub weighed: bool,
}

impl Painted {
    /// How a label is painted.
    #[must_use]
    pub fn of(annotation: &Annotation, weighed: bool) -> Self {
        Self { label: annotation.label.clone(), pieces: annotation.extent.pieces().to_vec(), weighed }
    }
}

/// What a strip shows.
#[derive(Properties, PartialEq)]
pub struct StripProps {
    /// Which strip: its ranges go by this name.
    pub name: String,
    /// The text.
    pub text: ByText,
    /// What of it.
    pub window: Span,
    /// The labels on it.
    pub painted: Vec<Painted>,
    /// Characters that not all have.
    pub disputed: Vec<Span>,
    /// What may be labelled.
    pub schema: Arc<Schema>,
}

/// A text, the same where it lies at the same place in memory.
#[derive(Clone)]
pub struct ByText(pub Arc<Text>);

impl PartialEq for ByText {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

thread_local! {
    /// Ranges by the strip they are in and the highlight they belong to.
    static RANGES: RefCell<BTreeMap<(String, String), Vec<Range>>> = const { RefCell::new(BTreeMap::new()) };
    static HIGHLIGHTS: RefCell<BTreeMap<String, Highlight>> = const { RefCell::new(BTreeMap::new()) };
    /// The rules, with the schema they are of.
    static RULES: RefCell<Option<(Arc<Schema>, StyleSheet)>> = const { RefCell::new(None) };
}

/// Words around a place, with labels on them.
#[component]
pub fn Strip(props: &StripProps) -> Html {
    let node = use_node_ref();
    let words = props.text.0.slice(props.window.range()).unwrap_or_default().replace('\n', " ");
    {
        let node = node.clone();
        let deps = (props.name.clone(), props.window, props.painted.clone(), props.disputed.clone(), props.schema.clone(), props.text.clone());
        use_effect_with(deps, move |(name, window, painted, disputed, schema, text)| {
            dress(schema);
            let element = node.cast::<Element>();
            if let Some(text_node) = element.and_then(|element| element.first_child()) {
                paint(name, &text_node, &text.0, *window, painted, disputed, schema);
            }
            let name = name.clone();
            move || forget(&name)
        });
    }
    html! { <span class="strip" ref={node} lang="ar" dir="auto">{ words }</span> }
}

fn paint(name: &str, node: &web_sys::Node, text: &Text, window: Span, painted: &[Painted], disputed: &[Span], schema: &Schema) {
    for one in painted {
        let slug = label_slug(schema, &one.label);
        let kind = if one.weighed { format!("wusum-lane-{slug}") } else { format!("wusum-lane-calm-{slug}") };
        for piece in &one.pieces {
            add(name, &kind, i32::from(one.weighed), range(node, text, window, *piece));
        }
    }
    for span in disputed {
        add(name, "wusum-lane-disputed", 5, range(node, text, window, *span));
    }
}

fn range(node: &web_sys::Node, text: &Text, window: Span, span: Span) -> Option<Range> {
    let span = span.intersection(window)?;
    // A line feed and the space in its place are one unit each.
    let begin = text.to_utf16(window.start())?.get();
    let at = |offset: Offset| text.to_utf16(offset).map(|unit| unit.get() - begin);
    let range = gloo::utils::document().create_range().ok()?;
    range.set_start(node, at(span.start())?).ok()?;
    range.set_end(node, at(span.end())?).ok()?;
    Some(range)
}

fn add(strip: &str, highlight: &str, priority: i32, range: Option<Range>) {
    let Some(range) = range else { return };
    HIGHLIGHTS.with_borrow_mut(|highlights| {
        let set = highlights.entry(highlight.to_owned()).or_insert_with(|| {
            let set = Highlight::new();
            set.set_priority(priority);
            // The start script turns browsers without highlights away.
            let _ = js::highlights(|registry| registry.set_highlight(highlight, &set));
            set
        });
        set.add(&range);
    });
    RANGES.with_borrow_mut(|ranges| ranges.entry((strip.to_owned(), highlight.to_owned())).or_default().push(range));
}

fn forget(strip: &str) {
    let gone = RANGES.with_borrow_mut(|ranges| {
        let keys: Vec<_> = ranges.keys().filter(|(name, _)| name == strip).cloned().collect();
        keys.into_iter().filter_map(|key| ranges.remove_entry(&key)).collect::<Vec<_>>()
    });
    HIGHLIGHTS.with_borrow(|highlights| {
        for ((_, highlight), ranges) in gone {
            if let Some(set) = highlights.get(&highlight) {
                for range in &ranges {
                    set.delete(range);
                }
            }
        }
    });
}

/// The colours of labels on strips.
fn dress(schema: &Arc<Schema>) {
    use std::fmt::Write;
    let known = RULES.with_borrow(|rules| rules.as_ref().is_some_and(|(known, _)| Arc::ptr_eq(known, schema)));
    if known {
        return;
    }
    let mut css = String::new();
    let labels = schema.labels.iter().map(|label| (label_slug(schema, &label.id), label.style));
    for (slug, style) in labels.chain([("unknown".to_owned(), Style::Fill)]) {
        let colour = format!("var(--label-{slug})");
        // Writing to a string does not fail.
        let _ = match style {
            Style::Fill => writeln!(
                css,
                ".strip::highlight(wusum-lane-{slug}){{background-color:color-mix(in srgb,{colour} 45%,transparent)}}.strip::highlight(wusum-lane-calm-{slug}){{background-color:color-mix(in srgb,{colour} 16%,transparent)}}"
            ),
            Style::Line => writeln!(
                css,
                ".strip::highlight(wusum-lane-{slug}){{text-decoration-line:underline;text-decoration-color:{colour};text-decoration-thickness:3px;text-underline-offset:5px}}.strip::highlight(wusum-lane-calm-{slug}){{text-decoration-line:underline;text-decoration-color:color-mix(in srgb,{colour} 40%,transparent)}}"
            ),
        };
    }
    RULES.with_borrow_mut(|rules| *rules = Some((schema.clone(), StyleSheet::adopt(&css))));
}
