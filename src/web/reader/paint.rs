//! The painter: labels as highlights and rails, for what is near the viewport and for nothing else.
//!
//! Tints are CSS highlights over text that is never touched. Rails are boxes in an overlay behind the text: a line under
//! each label, each at a depth of its own where labels share a character, with the pattern of its kind, so that nested,
//! crossing, adjacent and same-place labels are told apart without colour.

use crate::annotation::Annotation;
use crate::check::Findings;
use crate::id::AnnotationId;
use crate::layer::Layer;
use crate::schema::{Schema, Style};
use crate::span::{Extent, Span};
use crate::web::js::{self, Highlight};
use crate::web::reader::rails::{Drawn, Groups, Spec, rail_class, signs};
use crate::web::reader::stacks::{DEEPEST, Stacks, rail_slots};
use crate::web::reader::surface::{Rect, Shape, Surface};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// What is painted of one annotation.
struct Painted {
    annotation: Arc<Annotation>,
    /// Name of the highlight that holds its ranges.
    highlight: String,
    ranges: Vec<web_sys::Range>,
    /// Where each of its pieces is drawn; measured once for each layout.
    shape: Option<Vec<Shape>>,
    /// Depth among tints.
    tint: u8,
    /// Depth among rails.
    slot: u8,
    /// Whether there is something to look at in it.
    flagged: bool,
    /// Its rails and signs, in the order of their specifications.
    drawn: Vec<Drawn>,
}

/// Where the rails of what is selected would be: they lie there unseen, so that a label only has to show them.
struct Prepared {
    span: Span,
    shape: Shape,
    drawn: Vec<Drawn>,
}

/// Paints a document's labels.
pub struct Painter {
    highlights: HashMap<String, Highlight>,
    painted: BTreeMap<AnnotationId, Painted>,
    /// The labels as they lay when last painted.
    stacks: Stacks,
    groups: Groups,
    near: Range<usize>,
    prepared: Option<Prepared>,
    /// The version of the findings that signs stand for.
    findings: u64,
    /// Whether all rails are to be looked at again: another schema, another part of the text, another layout.
    anew: bool,
    /// Labels that a step tinted or pushed down, and whose rails follow after its frame.
    owed: Vec<AnnotationId>,
}

impl Painter {
    /// A painter that draws rails into `overlay`.
    #[must_use]
    pub fn new(overlay: HtmlElement) -> Self {
        let groups = Groups::new(overlay);
        Self {
            highlights: HashMap::new(),
            painted: BTreeMap::new(),
            stacks: Stacks::default(),
            groups,
            near: 0..0,
            prepared: None,
            findings: 0,
            anew: true,
            owed: Vec::new(),
        }
    }

    /// Brings the page in step with the labels near the viewport, where it has scrolled to or was laid out anew.
    pub fn paint(&mut self, surface: &Surface, layer: &Layer, schema: &Schema, findings: &Findings) {
        let near = surface.near();
        self.anew |= near != self.near;
        self.near = near;
        self.draw(surface, layer, schema, findings, false);
        self.lay_rails(surface, schema);
    }

    /// Lays the rails that a step left for after its frame.
    pub fn lay_rails(&mut self, surface: &Surface, schema: &Schema) {
        for id in std::mem::take(&mut self.owed) {
            let Some(mut painted) = self.painted.remove(&id) else { continue };
            self.lay(surface, schema, &mut painted);
            self.painted.insert(id, painted);
        }
    }

    /// Lays the rails and signs of a label.
    fn lay(&self, surface: &Surface, schema: &Schema, painted: &mut Painted) {
        let specs = self.specs(surface, schema, painted);
        self.groups.draw(&mut painted.drawn, specs);
    }

    /// The same after a step on the layer, which moves nothing: what was measured is not asked of the page again, for that
    /// would lay it out before the frame does. What moves by another cause is told to the reader, and painted again.
    pub fn paint_step(&mut self, surface: &Surface, layer: &Layer, schema: &Schema, findings: &Findings) {
        if self.anew || self.near.is_empty() {
            self.paint(surface, layer, schema, findings);
        } else {
            self.draw(surface, layer, schema, findings, true);
        }
    }

    /// Only what differs is touched. `still`: paragraphs are where they were when last painted.
    fn draw(&mut self, surface: &Surface, layer: &Layer, schema: &Schema, findings: &Findings, still: bool) {
        let Some(window) = surface.span_of(&self.near) else {
            self.clear();
            return;
        };
        let next = Stacks::new(layer.window(window).into_iter().cloned().collect(), schema);
        let (anew, others) = (std::mem::take(&mut self.anew), self.findings != findings.version);
        self.findings = findings.version;
        let (gone, touched) =
            if anew || others { (0..self.stacks.annotations.len(), (0..next.annotations.len()).collect()) } else { self.stacks.changes(&next) };

        // All that is new is measured before anything is written: the page is laid out once.
        let mut shapes: Vec<Option<Vec<Shape>>> = Vec::with_capacity(touched.len());
        let mut paragraphs: BTreeSet<usize> = self.prepared.iter().flat_map(|prepared| &prepared.shape).map(|(paragraph, _)| *paragraph).collect();
        if !anew && !still {
            paragraphs.extend(self.groups.paragraphs());
        }
        for annotation in touched.iter().map(|index| &next.annotations[*index]) {
            let known = self.painted.get(&annotation.id).filter(|painted| painted.annotation.extent == annotation.extent);
            let known = known.and_then(|painted| painted.shape.as_ref());
            // What was measured stays where it is.
            let new = known.is_none().then(|| match self.prepared_for(&annotation.extent) {
                Some(prepared) => vec![prepared.shape.clone()],
                None => annotation.extent.pieces().iter().map(|piece| surface.shape(*piece)).collect(),
            });
            paragraphs.extend(known.or(new.as_ref()).into_iter().flatten().flatten().map(|(paragraph, _)| *paragraph));
            shapes.push(new);
        }
        if still {
            paragraphs.retain(|paragraph| self.groups.corner(*paragraph).is_none());
        }
        let blocks = if paragraphs.is_empty() { Vec::new() } else { surface.blocks(&paragraphs) };

        let ids: HashSet<&AnnotationId> = touched.iter().map(|index| &next.annotations[*index].id).collect();
        let gone: Vec<AnnotationId> =
            self.stacks.annotations[gone].iter().map(|annotation| &annotation.id).filter(|id| !ids.contains(id)).cloned().collect();
        for id in gone {
            self.erase(&id);
        }
        for (paragraph, block) in blocks {
            self.groups.place(paragraph, block);
        }
        for (index, shape) in touched.into_iter().zip(shapes) {
            let (annotation, tint, slot) = (next.annotations[index].clone(), next.tints[index], next.slots[index]);
            let known = self.painted.get(&annotation.id);
            let flagged = known.filter(|_| !others).map_or_else(|| findings.has(&annotation.id), |painted| painted.flagged);
            let same = known.is_some_and(|painted| {
                Arc::ptr_eq(&painted.annotation, &annotation) && (painted.slot, painted.flagged) == (slot, flagged) && painted.tint == tint
            });
            if same && shape.is_none() && !anew {
                continue;
            }
            // A tint is enough to see a label by, and a line that is pushed down is still seen. A label that is nothing but a line
            // has its line at once.
            let is_fill = schema.label(&annotation.label).is_none_or(|label| label.style == Style::Fill);
            let was_seen =
                known.is_some_and(|painted| painted.annotation.extent == annotation.extent && painted.annotation.label == annotation.label);
            let mut painted = self.register(surface, schema, annotation, tint);
            painted.slot = slot;
            painted.flagged = flagged;
            painted.shape = shape.or(painted.shape);
            if still && (is_fill || was_seen) {
                self.owed.push(painted.annotation.id.clone());
            } else {
                self.lay(surface, schema, &mut painted);
            }
            self.painted.insert(painted.annotation.id.clone(), painted);
        }
        self.stacks = next;
        if anew {
            self.groups.retain(|paragraph| paragraphs.contains(&paragraph));
        }
    }

    /// What is painted of an annotation, its ranges registered where they belong.
    fn register(&mut self, surface: &Surface, schema: &Schema, annotation: Arc<Annotation>, tint: u8) -> Painted {
        let highlight = highlight_name(schema, &annotation, tint);
        let old = self.painted.remove(&annotation.id);
        let (mut old, drawn) = match old {
            Some(mut old) => {
                let drawn = std::mem::take(&mut old.drawn);
                (Some(old), drawn)
            }
            None => {
                let is_there = self.prepared_for(&annotation.extent).is_some();
                (None, self.prepared.take_if(|_| is_there).map(|prepared| prepared.drawn).unwrap_or_default())
            }
        };
        let same_place = old.as_ref().is_some_and(|old| old.annotation.extent == annotation.extent);
        let shape = old.as_mut().filter(|_| same_place).and_then(|old| old.shape.take());
        let ranges = match old {
            Some(old) if same_place && old.highlight == highlight => old.ranges,
            old => {
                if let Some(old) = old {
                    self.unregister(&old);
                }
                let ranges: Vec<_> = annotation.extent.pieces().iter().filter_map(|piece| surface.range(*piece)).collect();
                let set = self.highlight(&highlight, i32::from(tint));
                for range in &ranges {
                    set.add(range);
                }
                ranges
            }
        };
        Painted { annotation, highlight, tint, ranges, shape, slot: 0, flagged: false, drawn }
    }

    /// The rails of an annotation, and its signs.
    fn specs(&self, surface: &Surface, schema: &Schema, painted: &Painted) -> Vec<Spec> {
        let class = rail_class(schema, &painted.annotation);
        let boxes = || painted.shape.iter().flatten().flatten();
        let mut specs: Vec<Spec> = boxes()
            .filter(|(paragraph, _)| self.near.contains(paragraph))
            .map(|(paragraph, rect)| Spec::rail(&class, *paragraph, *rect, painted.slot))
            .collect();
        if let Some((paragraph, rect)) = boxes().last().filter(|(paragraph, _)| self.near.contains(paragraph)) {
            specs.extend(signs(surface, painted.flagged, &painted.annotation, *paragraph, *rect));
        }
        specs
    }

    /// Lays rails where they would be if `span` became a label, not to be seen yet.
    pub fn prepare(&mut self, surface: &Surface, layer: &Layer, span: Option<Span>) {
        if self.prepared.as_ref().map(|prepared| prepared.span) == span {
            return;
        }
        self.prepared = None;
        let (Some(span), Some(window)) = (span, surface.span_of(&self.near)) else { return };
        if span.intersection(window) != Some(span) {
            return;
        }
        let mut hulls: Vec<Span> = layer.window(window).into_iter().map(|annotation| annotation.extent.hull()).collect();
        let at = hulls.partition_point(|hull| (hull.start(), Reverse(hull.end())) <= (span.start(), Reverse(span.end())));
        hulls.insert(at, span);
        let slot = rail_slots(&hulls)[at];
        let shape = surface.shape(span);
        let blocks = surface.blocks(&shape.iter().map(|(paragraph, _)| *paragraph).collect());
        for (paragraph, block) in blocks {
            self.groups.place(paragraph, block);
        }
        let mut drawn = Vec::new();
        self.groups.draw(&mut drawn, shape.iter().map(|(paragraph, rect)| Spec::unseen(*paragraph, *rect, slot)).collect());
        self.prepared = Some(Prepared { span, shape, drawn });
    }

    fn prepared_for(&self, extent: &Extent) -> Option<&Prepared> {
        self.prepared.as_ref().filter(|prepared| *extent.pieces() == [prepared.span])
    }

    /// Which paragraphs were painted.
    #[must_use]
    pub fn near(&self) -> &Range<usize> {
        &self.near
    }

    /// The labels that were painted, by name.
    pub fn painted(&self) -> impl Iterator<Item = &Arc<Annotation>> {
        self.painted.values().map(|painted| &painted.annotation)
    }

    /// Where each piece of a label is drawn, relative to the sheet, as it was last measured; `None` far from the viewport.
    #[must_use]
    pub fn pieces(&self, id: &AnnotationId) -> Option<Vec<Vec<Rect>>> {
        let shape = self.painted.get(id)?.shape.as_ref()?;
        let on_sheet = |(paragraph, rect): &(usize, Rect)| {
            let (left, top) = self.groups.corner(*paragraph)?;
            Some(Rect { left: rect.left + left, top: rect.top + top, ..*rect })
        };
        Some(shape.iter().map(|piece| piece.iter().filter_map(on_sheet).collect()).collect())
    }

    /// As [`Painter::pieces`], all in one list.
    #[must_use]
    pub fn place(&self, id: &AnnotationId) -> Option<Vec<Rect>> {
        self.pieces(id).map(|pieces| pieces.concat()).filter(|boxes| !boxes.is_empty())
    }

    /// Forgets what was measured: the layout has changed.
    pub fn forget_shapes(&mut self) {
        self.anew = true;
        self.prepared = None;
        for painted in self.painted.values_mut() {
            painted.shape = None;
        }
    }

    /// All rails are looked at again when next painted: the schema has changed.
    pub fn restyle(&mut self) {
        self.anew = true;
    }

    /// Whether the viewport shows paragraphs that were not painted, or painted ones have moved.
    #[must_use]
    pub fn is_stale(&self, surface: &Surface) -> bool {
        surface.near() != self.near || self.groups.are_stale(surface)
    }

    /// Registers ranges under a name of its own, such as those found or selected.
    pub fn mark(&mut self, surface: &Surface, name: &str, priority: i32, spans: &[Span]) {
        let window = surface.span_of(&self.near);
        if spans.is_empty() && !self.highlights.contains_key(name) {
            return;
        }
        let set = self.highlight(name, priority);
        set.clear();
        for span in spans.iter().filter(|span| window.is_none_or(|window| window.overlaps(**span))) {
            if let Some(range) = surface.range(*span) {
                set.add(&range);
            }
        }
    }

    fn highlight(&mut self, name: &str, priority: i32) -> Highlight {
        let set = self.highlights.entry(name.to_owned()).or_insert_with(|| {
            let set = Highlight::new();
            set.set_priority(priority);
            // A browser without highlights never comes here: the start script stops first.
            let _ = js::highlights(|registry| registry.set_highlight(name, &set));
            set
        });
        set.clone()
    }

    fn erase(&mut self, id: &AnnotationId) {
        if let Some(painted) = self.painted.remove(id) {
            self.unregister(&painted);
        }
    }

    fn unregister(&self, painted: &Painted) {
        if let Some(set) = self.highlights.get(&painted.highlight) {
            for range in &painted.ranges {
                set.delete(range);
            }
        }
    }

    fn clear(&mut self) {
        for set in self.highlights.values() {
            set.clear();
        }
        self.painted.clear();
        self.stacks = Stacks::default();
        self.prepared = None;
        self.groups.retain(|_| false);
    }
}

impl Drop for Painter {
    fn drop(&mut self) {
        self.clear();
        for name in self.highlights.keys() {
            let _ = js::highlights(|registry| registry.delete_highlight(name));
        }
    }
}

/// The part of a highlight's or a class's name that says which kind of label.
#[must_use]
pub fn label_slug(schema: &Schema, label: &crate::id::LabelId) -> String {
    let plain = !label.as_str().is_empty() && label.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    match schema.labels.iter().position(|known| known.id == *label) {
        Some(_) if plain => label.as_str().to_owned(),
        Some(index) => format!("n{index}"),
        None => "unknown".to_owned(),
    }
}

fn highlight_name(schema: &Schema, annotation: &Annotation, depth: u8) -> String {
    format!("wusum-{}-{depth}", label_slug(schema, &annotation.label))
}

/// The rules that give each kind of label its colours, as a style sheet.
///
/// Tints are rules of paragraphs alone: each rule for a highlight costs every element that it could be for a style of its own.
#[must_use]
pub fn style_rules(schema: &Schema) -> String {
    use std::fmt::Write;
    let mut css = String::new();
    let known =
        schema.labels.iter().map(|label| (label_slug(schema, &label.id), label.colour.light.as_str(), label.colour.dark.as_str(), label.style));
    for (slug, light, dark, style) in known.chain([("unknown".to_owned(), "#8a8f96", "#9aa0a6", Style::Fill)]) {
        let (light, dark) = (colour(light), colour(dark));
        // Writing to a string does not fail.
        let _ =
            writeln!(css, ":root{{--label-{slug}:{light}}}:root[data-theme=dark]{{--label-{slug}:{dark}}}.rail-{slug}{{--rail:var(--label-{slug})}}");
        if style == Style::Fill {
            for depth in 0..=DEEPEST {
                let _ = writeln!(
                    css,
                    ".text p::highlight(wusum-{slug}-{depth}){{background-color:{light}66}}:root[data-theme=dark] .text p::highlight(wusum-{slug}-{depth}){{background-color:{dark}40}}"
                );
            }
        }
    }
    css
}

/// A colour of the schema; anything but `#rrggbb` is grey, for a schema can come from a file.
fn colour(written: &str) -> &str {
    let good = written.len() == 7 && written.starts_with('#') && written[1..].bytes().all(|byte| byte.is_ascii_hexdigit());
    if good { written } else { "#8a8f96" }
}

/// An empty block with a class.
#[must_use]
pub fn block(class: &str) -> Option<HtmlElement> {
    let element: HtmlElement = gloo::utils::document().create_element("div").ok()?.unchecked_into();
    element.set_class_name(class);
    Some(element)
}

/// Sets a length in CSS pixels.
pub fn put(element: &HtmlElement, property: &str, pixels: f64) {
    // The names are constants of this program; none is refused.
    let _ = element.style().set_property(property, &format!("{pixels:.2}px"));
}
