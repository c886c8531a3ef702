//! The reading surface in the page: one block a paragraph, one text node in it, never touched after it is mounted.

use crate::project::Document;
use crate::span::Span;
use crate::text::{Direction, Offset, Text, Utf16Offset};
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, Node};

/// A document's paragraphs as mounted, and the way between offsets and places in them.
///
/// The blocks are all there at once; the paragraphs in them are made when something asks for them, and the rest by and by.
pub struct Surface {
    document: Arc<Document>,
    /// What scrolls.
    pub scroller: HtmlElement,
    /// What the overlay's positions are relative to.
    pub sheet: HtmlElement,
    chunks: Vec<Chunk>,
    /// A paragraph without its text, of which all are copies.
    model: HtmlElement,
    flipped: RefCell<BTreeSet<usize>>,
    number: RefCell<Box<Numbering>>,
}

/// Writes the number beside a paragraph.
pub type Numbering = dyn Fn(usize) -> String;

/// Neighbouring paragraphs in one block, which the browser lays out only near the viewport.
///
/// The browser asks about each such block at every frame, so that there are hundreds of them in a long text and not tens of
/// thousands.
struct Chunk {
    element: HtmlElement,
    paragraphs: Range<usize>,
    mounted: OnceCell<Vec<Mounted>>,
}

/// Paragraphs in a chunk, and characters after which one is full.
const CHUNK_PARAGRAPHS: usize = 24;
const CHUNK_CHARACTERS: u32 = 6_000;
/// Characters that are mounted at once: more than a window shows at the beginning.
const FIRST_CHARACTERS: u32 = 3_000;

struct Mounted {
    element: HtmlElement,
    node: web_sys::Text,
    /// Where the paragraph starts in the document, in UTF-16 units.
    start: u32,
}

/// A rectangle in CSS pixels, relative to a paragraph's corner unless something else is said.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// From the left edge.
    pub left: f64,
    /// From the top edge.
    pub top: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// Where a stretch of text is drawn: rectangles by paragraph.
pub type Shape = Vec<(usize, Rect)>;

impl Surface {
    /// Mounts a document's blocks into `host`; `number` writes the number beside each paragraph. `None` only where the browser
    /// refuses to make an element.
    #[must_use]
    pub fn mount(
        document: Arc<Document>,
        scroller: HtmlElement,
        sheet: HtmlElement,
        host: &HtmlElement,
        flipped: BTreeSet<usize>,
        number: Box<Numbering>,
    ) -> Option<Self> {
        let page = gloo::utils::document();
        let model: HtmlElement = page.create_element("p").ok()?.unchecked_into();
        model.set_attribute("lang", "ar").ok()?;
        model.set_attribute("dir", "rtl").ok()?;
        let fragment = page.create_document_fragment();
        let all = document.text.paragraphs();
        let mut chunks = Vec::new();
        for paragraphs in chunk_ranges(all) {
            let element: HtmlElement = page.create_element("div").ok()?.unchecked_into();
            element.set_class_name("chunk");
            let characters = all.get(paragraphs.clone()).unwrap_or_default().iter().map(|paragraph| paragraph.range.end.since(paragraph.range.start));
            // A guess at the height before the first layout: some sixty letters a line.
            let lines: u32 = characters.map(|length| length / 60 + 1).sum();
            element.style().set_property("--lines", &lines.to_string()).ok()?;
            fragment.append_child(&element).ok()?;
            chunks.push(Chunk { element, paragraphs, mounted: OnceCell::new() });
        }
        let surface = Self { document, scroller, sheet, chunks, model, flipped: RefCell::new(flipped), number: RefCell::new(number) };
        // What is seen first is there before anything is asked for, so that it is laid out once.
        let first = surface.text().paragraph_at(Offset::new(FIRST_CHARACTERS).min(surface.text().len()));
        for chunk in surface.chunks.iter().take_while(|chunk| chunk.paragraphs.start <= first) {
            surface.fill(chunk);
        }
        host.set_text_content(None);
        host.append_child(&fragment).ok()?;
        Some(surface)
    }

    /// Makes the paragraphs that were not needed yet, until `is_late`. Whether any are left.
    pub fn mount_rest(&self, is_late: impl Fn() -> bool) -> bool {
        for chunk in self.chunks.iter().filter(|chunk| chunk.mounted.get().is_none()) {
            if is_late() {
                return true;
            }
            self.fill(chunk);
        }
        false
    }

    /// The paragraphs of a chunk; made now if they are not there yet.
    fn fill<'c>(&self, chunk: &'c Chunk) -> &'c [Mounted] {
        chunk.mounted.get_or_init(|| {
            let fragment = gloo::utils::document().create_document_fragment();
            // What the browser refuses to make is missing, and all that asks for it can do without.
            let mounted = chunk.paragraphs.clone().map_while(|index| self.paragraph(index, &fragment)).collect();
            let _ = chunk.element.append_child(&fragment);
            mounted
        })
    }

    fn paragraph(&self, index: usize, fragment: &web_sys::DocumentFragment) -> Option<Mounted> {
        let text = self.text();
        let paragraph = text.paragraphs().get(index)?;
        let element: HtmlElement = self.model.clone_node().ok()?.unchecked_into();
        element.set_attribute("data-paragraph", &index.to_string()).ok()?;
        element.set_attribute("data-number", &(self.number.borrow())(index + 1)).ok()?;
        if effective(paragraph.direction, self.flipped.borrow().contains(&index)) == Direction::LeftToRight {
            element.set_attribute("dir", "ltr").ok()?;
        }
        let node = gloo::utils::document().create_text_node(text.slice(paragraph.range.clone()).unwrap_or_default());
        element.append_child(&node).ok()?;
        fragment.append_child(&element).ok()?;
        Some(Mounted { element, node, start: text.to_utf16(paragraph.range.start).map_or(0, Utf16Offset::get) })
    }

    /// A paragraph; made now if it is not there yet.
    fn mounted(&self, paragraph: usize) -> Option<&Mounted> {
        let chunk = self.chunks.get(self.chunks.partition_point(|chunk| chunk.paragraphs.end <= paragraph))?;
        self.fill(chunk).get(paragraph.checked_sub(chunk.paragraphs.start)?)
    }

    /// Writes the numbers beside the paragraphs anew, as another language does.
    pub fn renumber(&self, number: Box<Numbering>) {
        for chunk in &self.chunks {
            for (index, mounted) in chunk.paragraphs.clone().zip(chunk.mounted.get().into_iter().flatten()) {
                // A plain attribute name is never refused.
                let _ = mounted.element.set_attribute("data-number", &number(index + 1));
            }
        }
        *self.number.borrow_mut() = number;
    }

    /// Where a paragraph's corner lies, from the left and from the top of the sheet, in CSS pixels.
    #[must_use]
    pub fn corner(&self, paragraph: usize) -> Option<(f64, f64)> {
        let block = self.element(paragraph)?.get_bounding_client_rect();
        let sheet = self.sheet.get_bounding_client_rect();
        Some((block.left() - sheet.left(), block.top() - sheet.top()))
    }

    /// The boxes of several paragraphs, from the left and from the top of the sheet.
    #[must_use]
    pub fn blocks(&self, paragraphs: &BTreeSet<usize>) -> Vec<(usize, Rect)> {
        let sheet = self.sheet.get_bounding_client_rect();
        let (left, top) = (sheet.left(), sheet.top());
        let block = |paragraph: &usize| {
            let block = self.element(*paragraph)?.get_bounding_client_rect();
            Some((*paragraph, Rect { left: block.left() - left, top: block.top() - top, width: block.width(), height: block.height() }))
        };
        paragraphs.iter().filter_map(block).collect()
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &Text {
        &self.document.text
    }

    /// Which document is mounted.
    #[must_use]
    pub fn document_id(&self) -> &crate::id::DocumentId {
        &self.document.id
    }

    /// The element of a paragraph.
    #[must_use]
    pub fn element(&self, paragraph: usize) -> Option<&HtmlElement> {
        self.mounted(paragraph).map(|mounted| &mounted.element)
    }

    /// Turns a paragraph, or turns it back.
    pub fn turn(&self, paragraph: usize, flipped: bool) {
        if flipped {
            self.flipped.borrow_mut().insert(paragraph);
        } else {
            self.flipped.borrow_mut().remove(&paragraph);
        }
        let direction = self.text().paragraphs().get(paragraph).map(|paragraph| effective(paragraph.direction, flipped));
        if let (Some(mounted), Some(direction)) = (self.mounted(paragraph), direction) {
            // A plain attribute name is never refused.
            let _ = mounted.element.set_attribute("dir", direction_name(direction));
        }
    }

    /// The text node and the UTF-16 offset in it of a place in the text. Places inside a line end are those before it.
    #[must_use]
    pub fn locate(&self, offset: Offset) -> Option<(&web_sys::Text, u32)> {
        let text = self.text();
        let index = text.paragraph_at(offset);
        let end = text.paragraphs().get(index)?.range.end;
        let mounted = self.mounted(index)?;
        let unit = text.to_utf16(offset.min(end))?.get();
        Some((&mounted.node, unit - mounted.start))
    }

    /// The place in the text of a place in the page; `None` outside the text.
    #[must_use]
    pub fn offset_of(&self, node: &Node, unit: u32) -> Option<Offset> {
        let (element, inside) = match node.dyn_ref::<web_sys::Text>() {
            Some(text) => (text.parent_element()?, Some(unit)),
            None => (node.dyn_ref::<web_sys::Element>()?.clone(), None),
        };
        if let Some(number) = element.get_attribute("data-paragraph") {
            let index: usize = number.parse().ok()?;
            let paragraph = self.text().paragraphs().get(index)?;
            let Some(unit) = inside else {
                return Some(if unit == 0 { paragraph.range.start } else { paragraph.range.end });
            };
            let start = self.mounted(index)?.start;
            // A place inside a surrogate pair is the one before it.
            let found = self
                .text()
                .from_utf16(Utf16Offset::new(start + unit))
                .or_else(|| self.text().from_utf16(Utf16Offset::new((start + unit).checked_sub(1)?)));
            return found.map(|offset| offset.min(paragraph.range.end));
        }
        if inside.is_some() {
            return None;
        }
        // A selection of whole blocks ends in what holds them, by child number.
        let index = usize::try_from(unit).ok()?;
        let paragraph = if let Some(chunk) = self.chunks.iter().find(|chunk| *chunk.element == element) {
            chunk.paragraphs.start + index
        } else if self.chunks.first()?.element.parent_element().as_ref() == Some(&element) {
            self.chunks.get(index).map_or(self.text().paragraphs().len(), |chunk| chunk.paragraphs.start)
        } else {
            return None;
        };
        Some(self.text().paragraphs().get(paragraph).map_or(self.text().len(), |paragraph| paragraph.range.start))
    }

    /// The place nearest to a point of the viewport.
    #[must_use]
    pub fn offset_at_point(&self, x: f64, y: f64) -> Option<Offset> {
        let (node, unit) = crate::web::js::caret_from_point(x, y)?;
        self.offset_of(&node, unit)
    }

    /// The character under a point of the viewport, if there is one.
    #[must_use]
    pub fn character_at_point(&self, x: f64, y: f64) -> Option<Offset> {
        let near = self.offset_at_point(x, y)?;
        let text = self.text();
        let before = text.previous_grapheme(near);
        let candidates = [Some((near, text.next_grapheme(near)?)), before.map(|before| (before, near))];
        candidates.into_iter().flatten().find_map(|(start, end)| {
            let range = self.range(Span::try_new(start, end)?)?;
            let rects = range.get_client_rects()?;
            let hit = (0..rects.length()).filter_map(|index| rects.item(index)).any(|rect| {
                let (left, right) = (rect.left() - 0.5, rect.right() + 0.5);
                left <= x && x <= right && rect.top() - 6.0 <= y && y <= rect.bottom() + 12.0
            });
            hit.then_some(start)
        })
    }

    /// The stretches of a span by paragraph, line ends left out.
    pub fn by_paragraph(&self, span: Span) -> impl Iterator<Item = (usize, Span)> + '_ {
        let first = self.text().paragraph_at(span.start());
        let last = self.text().paragraph_at(span.end().minus(1));
        (first..=last).filter_map(move |index| {
            let paragraph = Span::from_range(self.text().paragraphs().get(index)?.range.clone())?;
            Some((index, paragraph.intersection(span)?))
        })
    }

    /// A live range over a span.
    #[must_use]
    pub fn range(&self, span: Span) -> Option<web_sys::Range> {
        let (first, start) = self.locate(span.start())?;
        let (last, end) = self.locate(span.end())?;
        let range = web_sys::Range::new().ok()?;
        range.set_start(first, start).ok()?;
        range.set_end(last, end).ok()?;
        Some(range)
    }

    /// Where a span is drawn; rectangles side by side on one line are joined.
    #[must_use]
    pub fn shape(&self, span: Span) -> Shape {
        let mut shape = Shape::new();
        for (index, part) in self.by_paragraph(span) {
            let (Some(range), Some(element)) = (self.range(part), self.element(index)) else { continue };
            let Some(rects) = range.get_client_rects() else { continue };
            let corner = element.get_bounding_client_rect();
            let mut line: Vec<Rect> = Vec::new();
            for rect in (0..rects.length()).filter_map(|index| rects.item(index)) {
                if rect.width() > 0.0 {
                    line.push(Rect { left: rect.left() - corner.left(), top: rect.top() - corner.top(), width: rect.width(), height: rect.height() });
                }
            }
            shape.extend(join(line).into_iter().map(|rect| (index, rect)));
        }
        shape
    }

    /// Which paragraphs are on screen, and up to half a screen above and below it.
    #[must_use]
    pub fn near(&self) -> Range<usize> {
        let view = self.scroller.get_bounding_client_rect();
        let (top, bottom) = (view.top() - view.height() / 2.0, view.bottom() + view.height() / 2.0);
        // Blocks far away are not asked for their paragraphs: that would lay them out.
        let chunks = loop {
            let first = self.chunks.partition_point(|chunk| chunk.element.get_bounding_client_rect().bottom() < top);
            let count = self.chunks[first..].partition_point(|chunk| chunk.element.get_bounding_client_rect().top() <= bottom);
            let chunks = &self.chunks[first..first + count];
            // A block that gets its paragraphs now changes its height, and so what is near.
            let missing: Vec<&Chunk> = chunks.iter().filter(|chunk| chunk.mounted.get().is_none()).collect();
            if missing.is_empty() {
                break chunks;
            }
            for chunk in missing {
                self.fill(chunk);
            }
        };
        let Some(from) = chunks.first() else { return 0..0 };
        let candidates: Vec<&Mounted> = chunks.iter().flat_map(|chunk| self.fill(chunk)).collect();
        let start = candidates.partition_point(|mounted| mounted.element.get_bounding_client_rect().bottom() < top);
        let length = candidates[start..].partition_point(|mounted| mounted.element.get_bounding_client_rect().top() <= bottom);
        from.paragraphs.start + start..from.paragraphs.start + start + length
    }

    /// The text of some paragraphs, from the first character to the last.
    #[must_use]
    pub fn span_of(&self, paragraphs: &Range<usize>) -> Option<Span> {
        let all = self.text().paragraphs();
        let first = all.get(paragraphs.start)?;
        let last = all.get(paragraphs.end.checked_sub(1)?)?;
        Span::try_new(first.range.start, last.range.end)
    }

    /// Whether the node lies in the text.
    #[must_use]
    pub fn holds(&self, node: &Node) -> bool {
        self.sheet.contains(Some(node))
    }
}

/// Paragraphs that go together into one block.
fn chunk_ranges(paragraphs: &[crate::text::Paragraph]) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let (mut start, mut characters) = (0, 0);
    for (index, paragraph) in paragraphs.iter().enumerate() {
        characters += paragraph.range.end.since(paragraph.range.start);
        if index + 1 - start >= CHUNK_PARAGRAPHS || characters >= CHUNK_CHARACTERS {
            ranges.push(start..index + 1);
            (start, characters) = (index + 1, 0);
        }
    }
    if start < paragraphs.len() {
        ranges.push(start..paragraphs.len());
    }
    ranges
}

/// The direction as it is shown.
#[must_use]
pub fn effective(direction: Direction, flipped: bool) -> Direction {
    match (direction, flipped) {
        (Direction::RightToLeft, false) | (Direction::LeftToRight, true) => Direction::RightToLeft,
        _ => Direction::LeftToRight,
    }
}

fn direction_name(direction: Direction) -> &'static str {
    match direction {
        Direction::RightToLeft => "rtl",
        Direction::LeftToRight => "ltr",
    }
}

/// Joins rectangles of one line that touch, so that a change of direction does not cut a label in two.
fn join(mut rects: Vec<Rect>) -> Vec<Rect> {
    crate::sorted::sort_by(&mut rects, |a, b| a.top.total_cmp(&b.top).then(a.left.total_cmp(&b.left)));
    let mut joined: Vec<Rect> = Vec::with_capacity(rects.len());
    for rect in rects {
        match joined.last_mut() {
            Some(last) if (last.top - rect.top).abs() < 3.0 && rect.left <= last.left + last.width + 1.5 => {
                let right = (last.left + last.width).max(rect.left + rect.width);
                let bottom = (last.top + last.height).max(rect.top + rect.height);
                last.top = last.top.min(rect.top);
                last.width = right - last.left;
                last.height = bottom - last.top;
            }
            _ => joined.push(rect),
        }
    }
    joined
}
