//! The overlay in front of the text: the outline of the label in focus with its name and handles, the caret, hidden marks.

use crate::span::Span;
use crate::text::{Affinity, Caret, Direction, Offset, hidden_marks, is_right_to_left};
use crate::web::reader::paint::{block, put};
use crate::web::reader::surface::{Rect, Surface};
use gloo::timers::callback::Interval;
use web_sys::HtmlElement;

/// Half of the caret's beat, in milliseconds.
const BLINK: u32 = 550;

/// What lies in front of the text. Nothing in it takes the pointer but the two handles.
pub struct Overlay {
    front: HtmlElement,
    focus: Vec<HtmlElement>,
    caret: Option<HtmlElement>,
    /// Makes the caret blink. Not an animation of the style sheet: while one runs, a label waits for the screen's next beat.
    blink: Option<Interval>,
    marks: Vec<HtmlElement>,
}

/// The outline to draw.
#[derive(Clone, PartialEq)]
pub struct Focus {
    /// Its pieces.
    pub pieces: Vec<Span>,
    /// The name of the label.
    pub name: String,
    /// Whether it is in focus no longer, and a selection may become a piece of it.
    pub held: bool,
    /// Whether its edges can be dragged.
    pub handles: bool,
    /// Whether relations can be pulled from it.
    pub tied: bool,
}

/// Where an outline lies, relative to the sheet. Read before anything is written, so that the page is laid out once.
#[derive(Default)]
pub struct Outline {
    boxes: Vec<Rect>,
    edges: Option<[(&'static str, Rect); 2]>,
}

impl Outline {
    /// Measures the outline of the label in focus.
    #[must_use]
    pub fn measure(surface: &Surface, focus: Option<&Focus>) -> Self {
        let boxes = focus.iter().flat_map(|focus| focus.pieces.iter()).flat_map(|piece| place(surface, *piece)).collect();
        let edges = focus.filter(|focus| focus.handles).and_then(|focus| {
            let (first, last) = (focus.pieces.first()?, focus.pieces.last()?);
            Some([("start", edge(surface, first.start(), Affinity::After)?), ("end", edge(surface, last.end(), Affinity::Before)?)])
        });
        Self { boxes, edges }
    }
}

/// Measures where the caret stands.
#[must_use]
pub fn caret_line(surface: &Surface, caret: Option<Caret>) -> Option<Rect> {
    caret.and_then(|caret| edge(surface, caret.offset, caret.affinity))
}

impl Overlay {
    /// Draws into `front`.
    #[must_use]
    pub fn new(front: HtmlElement) -> Self {
        Self { front, focus: Vec::new(), caret: None, blink: None, marks: Vec::new() }
    }

    /// Outlines the label in focus as it was measured, or nothing.
    pub fn outline(&mut self, focus: Option<&Focus>, Outline { boxes, edges }: Outline) {
        for old in self.focus.drain(..) {
            old.remove();
        }
        for rect in &boxes {
            let class = if focus.is_some_and(|focus| focus.held) { "focus-box held" } else { "focus-box" };
            let Some(outline) = block(class) else { continue };
            put(&outline, "left", rect.left - 2.0);
            put(&outline, "top", rect.top - 2.0);
            put(&outline, "width", rect.width + 4.0);
            put(&outline, "height", rect.height + 4.0);
            self.add(outline);
        }
        if let (Some(focus), Some(first)) = (focus.filter(|focus| !focus.held), boxes.first())
            && let Some(tag) = block("focus-tag")
        {
            tag.set_text_content(Some(&focus.name));
            if focus.handles
                && focus.tied
                && let Some(knob) = block("tie-knob")
            {
                // A plain attribute name is never refused, nor is a child.
                let _ = knob.set_attribute("data-handle", "tie");
                let _ = tag.append_child(&knob);
            }
            put(&tag, "top", first.top - 21.0);
            // Its right edge at that of the first box: labels begin there in Arabic.
            put(&tag, "left", first.left + first.width - if focus.handles { 10.0 } else { -2.0 });
            self.add(tag);
        }
        for (name, rect) in edges.into_iter().flatten() {
            let (Some(handle), Some(knob)) = (block("handle"), block("knob")) else { continue };
            // Only the knob beside the line takes the pointer, so that the letters at the edge can still be selected.
            // A plain attribute name is never refused, nor is a child.
            let _ = knob.set_attribute("data-handle", name);
            let _ = handle.append_child(&knob);
            put(&handle, "left", rect.left);
            put(&handle, "top", rect.top);
            put(&handle, "height", rect.height);
            self.add(handle);
        }
    }

    fn add(&mut self, element: HtmlElement) {
        if self.front.append_child(&element).is_ok() {
            self.focus.push(element);
        }
    }

    /// Draws the caret where it was measured, or none. It blinks where it stands alone: beside a selection it would only have a
    /// label wait for the screen's next beat now and then.
    pub fn caret(&mut self, rect: Option<Rect>, is_alone: bool) {
        let Some(rect) = rect else {
            self.blink = None;
            if let Some(old) = self.caret.take() {
                old.remove();
            }
            return;
        };
        if self.caret.is_none() {
            self.caret = block("reading-caret").filter(|element| self.front.append_child(element).is_ok());
        }
        if let Some(element) = &self.caret {
            put(element, "left", rect.left - 1.0);
            put(element, "top", rect.top);
            put(element, "height", rect.height);
            // It shows while it moves. A plain class name is never refused.
            let _ = element.class_list().remove_1("dim");
            let blinking = element.clone();
            self.blink = is_alone.then(|| Interval::new(BLINK, move || drop(blinking.class_list().toggle("dim"))));
        }
    }

    /// Shows the hidden marks near the viewport, or none.
    pub fn marks(&mut self, surface: &Surface, shown: bool) {
        for old in self.marks.drain(..) {
            old.remove();
        }
        let window = if shown { surface.span_of(&surface.near()) } else { None };
        let Some(window) = window else { return };
        let found: Vec<_> = hidden_marks(surface.text(), window.range()).into_iter().take(2_000).collect();
        let placed: Vec<_> = found.iter().filter_map(|(offset, mark)| Some((mark.id(), edge(surface, *offset, Affinity::After)?))).collect();
        for (name, rect) in placed {
            let Some(sign) = block("mark-sign") else { continue };
            // The name is painted by the style sheet from this attribute, so that it never enters the text.
            let _ = sign.set_attribute("data-mark", name);
            put(&sign, "left", rect.left);
            put(&sign, "top", rect.top);
            put(&sign, "height", rect.height);
            if self.front.append_child(&sign).is_ok() {
                self.marks.push(sign);
            }
        }
    }

    /// Where the caret or the selection is, relative to the sheet: what the palette is put beside.
    #[must_use]
    pub fn anchor(surface: &Surface, span: Span) -> Option<Rect> {
        place(surface, span).last().copied()
    }
}

impl Drop for Overlay {
    fn drop(&mut self) {
        self.front.set_text_content(None);
    }
}

/// The rectangles of a span, relative to the sheet.
fn place(surface: &Surface, span: Span) -> Vec<Rect> {
    let shape = surface.shape(span);
    let corner = |paragraph| surface.corner(paragraph);
    shape
        .into_iter()
        .filter_map(|(paragraph, rect)| corner(paragraph).map(|(left, top)| Rect { left: rect.left + left, top: rect.top + top, ..rect }))
        .collect()
}

/// The line at which a caret stands: the far edge of the letter before it, or the near edge of the one after it.
#[must_use]
pub fn edge(surface: &Surface, offset: Offset, affinity: Affinity) -> Option<Rect> {
    let text = surface.text();
    let paragraph = text.paragraph_at(offset);
    let range = text.paragraphs().get(paragraph)?.range.clone();
    let offset = offset.min(range.end);
    let after = text.next_grapheme(offset).filter(|end| *end <= range.end).map(|end| (offset, end, true));
    let before = text.previous_grapheme(offset).filter(|start| *start >= range.start).map(|start| (start, offset, false));
    let letters = match affinity {
        Affinity::After => [after, before],
        Affinity::Before => [before, after],
    };
    if letters == [None, None] {
        // An empty paragraph: its own edge.
        let element = surface.element(paragraph)?;
        let (left, top) = surface.corner(paragraph)?;
        let (width, height) = (f64::from(element.offset_width()), f64::from(element.offset_height()).min(40.0));
        let left = if element.get_attribute("dir").as_deref() == Some("rtl") { left + width - 40.0 } else { left + 40.0 };
        return Some(Rect { left, top, width: 0.0, height });
    }
    let shown = surface.element(paragraph)?.get_attribute("dir");
    let direction = if shown.as_deref() == Some("ltr") { Direction::LeftToRight } else { Direction::RightToLeft };
    // A mark without width is drawn nowhere: its neighbour tells where it stands.
    letters.into_iter().flatten().find_map(|(start, end, leading)| {
        let rects = place(surface, Span::try_new(start, end)?);
        let rect = if leading { rects.first() } else { rects.last() }?;
        let at_right = is_right_to_left(text, start, direction) == leading;
        Some(Rect { left: if at_right { rect.left + rect.width } else { rect.left }, width: 0.0, ..*rect })
    })
}
