//! Rails: the lines under labels, and the signs above their ends, as boxes in an overlay behind the text.
//!
//! The box of a rail is as large whatever its kind, so that one which was placed beforehand is shown by its class alone.

use crate::annotation::Annotation;
use crate::schema::{Schema, Style};
use crate::web::reader::paint::{self, label_slug, put};
use crate::web::reader::signs;
use crate::web::reader::surface::{Rect, Surface};
use std::collections::HashMap;
use web_sys::HtmlElement;

/// The distance between rails, in CSS pixels.
const RAIL_STEP: f64 = 4.0;
/// How far the first rail lies above the lower edge of the letters' box, in CSS pixels.
const RAIL_RISE: f64 = 2.0;
/// How far a sign stands above the box of the letters, in CSS pixels.
const RAISED: f64 = 7.0;
/// A rail that is in its place and not seen yet.
const UNSEEN: &str = "rail-next";

/// What a box is to be.
#[derive(Clone, PartialEq)]
pub(super) struct Spec {
    class: String,
    paragraph: usize,
    rect: Rect,
    drop: f64,
}

impl Spec {
    /// A rail below a box of the text.
    pub(super) fn rail(class: &str, paragraph: usize, rect: Rect, slot: u8) -> Self {
        Self { class: class.to_owned(), paragraph, rect, drop: f64::from(slot) * RAIL_STEP - RAIL_RISE }
    }

    /// The same, not to be seen yet.
    pub(super) fn unseen(paragraph: usize, rect: Rect, slot: u8) -> Self {
        Self::rail(UNSEEN, paragraph, rect, slot)
    }

    fn place(&self, element: &HtmlElement) {
        put(element, "margin-left", self.rect.left + 0.5);
        put(element, "width", (self.rect.width - 1.0).max(1.0));
        put(element, "margin-top", self.rect.top + self.rect.height + self.drop);
    }
}

/// A box that is there; it goes with this value.
pub(super) struct Drawn {
    spec: Spec,
    element: HtmlElement,
}

impl Drop for Drawn {
    fn drop(&mut self) {
        self.element.remove();
    }
}

/// The blocks that hold the boxes, one for each paragraph and moved with it.
pub(super) struct Groups {
    overlay: HtmlElement,
    groups: HashMap<usize, Group>,
}

struct Group {
    element: HtmlElement,
    /// The box of the paragraph, from the left and the top of the sheet.
    block: Rect,
}

impl Groups {
    pub(super) fn new(overlay: HtmlElement) -> Self {
        Self { overlay, groups: HashMap::new() }
    }

    /// Puts the block of a paragraph where the paragraph is, and makes it as large.
    pub(super) fn place(&mut self, paragraph: usize, block: Rect) {
        if let Some(group) = self.groups.get_mut(&paragraph) {
            if group.block != block {
                group.block = block;
                group.put();
            }
        } else if let Some(element) = paint::block("rails").filter(|element| self.overlay.append_child(element).is_ok()) {
            let group = Group { element, block };
            group.put();
            self.groups.insert(paragraph, group);
        }
    }

    /// Takes away the blocks of all other paragraphs.
    pub(super) fn retain(&mut self, stays: impl Fn(usize) -> bool) {
        self.groups.retain(|paragraph, group| {
            let stays = stays(*paragraph);
            if !stays {
                group.element.remove();
            }
            stays
        });
    }

    /// The paragraphs that have a block.
    pub(super) fn paragraphs(&self) -> impl Iterator<Item = usize> {
        self.groups.keys().copied()
    }

    /// Whether a paragraph has moved since its block was put there.
    pub(super) fn are_stale(&self, surface: &Surface) -> bool {
        self.groups.iter().any(|(paragraph, group)| surface.corner(*paragraph).is_some_and(|(_, top)| (top - group.block.top).abs() > 0.5))
    }

    /// Where the block of a paragraph was put.
    pub(super) fn corner(&self, paragraph: usize) -> Option<(f64, f64)> {
        self.groups.get(&paragraph).map(|group| (group.block.left, group.block.top))
    }

    /// Makes the boxes those of `specs`; only what differs is touched.
    pub(super) fn draw(&self, drawn: &mut Vec<Drawn>, specs: Vec<Spec>) {
        drawn.truncate(specs.len());
        for (index, spec) in specs.into_iter().enumerate() {
            match drawn.get_mut(index) {
                Some(old) if old.spec.paragraph == spec.paragraph => {
                    if old.spec.class != spec.class {
                        old.element.set_class_name(&spec.class);
                    }
                    if (old.spec.rect, old.spec.drop) != (spec.rect, spec.drop) {
                        spec.place(&old.element);
                    }
                    old.spec = spec;
                }
                old => {
                    let Some(group) = self.groups.get(&spec.paragraph) else { continue };
                    let Some(element) = paint::block(&spec.class) else { continue };
                    spec.place(&element);
                    if group.element.append_child(&element).is_err() {
                        continue;
                    }
                    let new = Drawn { spec, element };
                    match old {
                        Some(old) => *old = new,
                        None => drawn.push(new),
                    }
                }
            }
        }
    }
}

impl Group {
    fn put(&self) {
        let sides = [("left", self.block.left), ("top", self.block.top), ("width", self.block.width), ("height", self.block.height)];
        for (side, pixels) in sides {
            put(&self.element, side, pixels);
        }
    }
}

/// The class of an annotation's rails.
pub(super) fn rail_class(schema: &Schema, annotation: &Annotation) -> String {
    let index = schema.labels.iter().position(|label| label.id == annotation.label);
    let style = index.and_then(|index| schema.labels.get(index)).map_or(Style::Line, |label| label.style);
    let style = match style {
        Style::Fill => "rail-fill",
        Style::Line => "rail-line",
    };
    let slug = label_slug(schema, &annotation.label);
    let unsure = if annotation.unsure { " unsure" } else { "" };
    format!("rail {style} rail-{slug} pattern-{}{unsure}", index.map_or(0, |index| index % 4))
}

/// The signs above the end of a label: that the annotator has doubts, that there is something to look at.
pub(super) fn signs(surface: &Surface, flagged: bool, annotation: &Annotation, paragraph: usize, last: Rect) -> impl Iterator<Item = Spec> {
    let marks = [(annotation.unsure, "text-sign sign-unsure"), (flagged, "text-sign sign-check")];
    // Letters of the scripts that are written from right to left stand there; what is neither reads on as the text does.
    let letter = surface.text().char_at(annotation.extent.hull().end().minus(1));
    let leftwards = letter.is_none_or(|letter| !letter.is_ascii_alphanumeric());
    let shown: Vec<_> = marks.into_iter().filter(|(is_shown, _)| *is_shown).collect();
    let (lefts, width) = signs::places(last.left, last.width, leftwards, u8::try_from(shown.len()).unwrap_or(0));
    shown.into_iter().zip(lefts).map(move |((_, class), left)| Spec {
        class: class.to_owned(),
        paragraph,
        rect: Rect { left, top: last.top - RAISED, width, height: 0.0 },
        drop: 0.0,
    })
}
