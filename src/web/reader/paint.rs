//! The painter: labels as highlights and rails, for what is near the viewport and for nothing else.
//!
//! Tints are CSS highlights over text that is never touched. Rails are boxes in an overlay behind the text: a line under
//! each label, each at a depth of its own where labels share a character, with the pattern of its kind, so that nested,
//! crossing, adjacent and same-place labels are told apart without colour.

use crate::annotation::Annotation;
use crate::check::Findings;
use crate::id::AnnotationId;
use crate::schema::{Schema, Style};
use crate::segments::depths;
use crate::span::Span;
use crate::web::js::{self, Highlight};
use crate::web::reader::signs;
use crate::web::reader::surface::{Rect, Shape, Surface};
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Deeper tints than this share the last one; rails still lie apart.
const DEEPEST: u8 = 4;
/// The distance between rails, in CSS pixels.
const RAIL_STEP: f64 = 4.0;
/// How far a sign stands above the box of the letters, in CSS pixels.
const RAISED: f64 = 7.0;

/// What is painted of one annotation.
struct Painted {
    annotation: Arc<Annotation>,
    /// Name of the highlight that holds its ranges.
    highlight: String,
    ranges: Vec<web_sys::Range>,
    /// Where each of its pieces is drawn; measured once for each layout.
    shape: Option<Vec<Shape>>,
    slot: u8,
}

/// The boxes over one paragraph.
struct Group {
    element: HtmlElement,
    top: f64,
    rails: Vec<(RailSpec, HtmlElement)>,
}

impl Group {
    /// Makes the boxes those of `specs`; only what differs is touched.
    fn draw(&mut self, specs: Vec<RailSpec>) {
        for (_, rail) in self.rails.drain(specs.len().min(self.rails.len())..) {
            rail.remove();
        }
        for (index, spec) in specs.into_iter().enumerate() {
            if let Some((old, rail)) = self.rails.get_mut(index) {
                if *old != spec {
                    rail.set_class_name(&spec.class);
                    spec.place(rail);
                    *old = spec;
                }
            } else if let Some(rail) = block(&spec.class).filter(|rail| self.element.append_child(rail).is_ok()) {
                spec.place(&rail);
                self.rails.push((spec, rail));
            }
        }
    }
}

#[derive(Clone, PartialEq)]
struct RailSpec {
    class: String,
    rect: Rect,
    drop: f64,
}

impl RailSpec {
    fn place(&self, rail: &HtmlElement) {
        put(rail, "left", self.rect.left + 0.5);
        put(rail, "width", (self.rect.width - 1.0).max(1.0));
        put(rail, "top", self.rect.top + self.rect.height + self.drop);
    }
}

/// Paints a document's labels.
pub struct Painter {
    overlay: HtmlElement,
    highlights: HashMap<String, Highlight>,
    painted: BTreeMap<AnnotationId, Painted>,
    groups: HashMap<usize, Group>,
    /// Where the paragraphs with labels lie, from the left and the top of the sheet.
    corners: HashMap<usize, (f64, f64)>,
    near: Range<usize>,
}

impl Painter {
    /// A painter that draws rails into `overlay`.
    #[must_use]
    pub fn new(overlay: HtmlElement) -> Self {
        Self { overlay, highlights: HashMap::new(), painted: BTreeMap::new(), groups: HashMap::new(), corners: HashMap::new(), near: 0..0 }
    }

    /// Brings the page in step with the labels near the viewport. Only what differs is touched.
    pub fn paint(&mut self, surface: &Surface, layer: &crate::layer::Layer, schema: &Schema, findings: &Findings) {
        self.near = surface.near();
        let Some(window) = surface.span_of(&self.near) else {
            self.clear();
            return;
        };
        let wanted: Vec<Arc<Annotation>> = layer.window(window).into_iter().cloned().collect();
        let hulls: Vec<Span> = wanted.iter().map(|annotation| annotation.extent.hull()).collect();
        let tints = tint_depths(&wanted, schema);
        let slots = rail_slots(&hulls);

        // All that is new is measured before anything is written: the page is laid out once.
        let mut shapes: Vec<Option<Vec<Shape>>> = Vec::with_capacity(wanted.len());
        for annotation in &wanted {
            let known = self.painted.get_mut(&annotation.id).filter(|painted| painted.annotation.extent == annotation.extent);
            let shape = known.and_then(|painted| painted.shape.take());
            shapes.push(Some(shape.unwrap_or_else(|| annotation.extent.pieces().iter().map(|piece| surface.shape(*piece)).collect())));
        }
        let paragraphs: std::collections::BTreeSet<usize> = shapes.iter().flatten().flatten().flatten().map(|(paragraph, _)| *paragraph).collect();
        let corners: Vec<(usize, (f64, f64))> = paragraphs.iter().filter_map(|paragraph| Some((*paragraph, surface.corner(*paragraph)?))).collect();
        self.corners = corners.iter().copied().collect();

        let ids: std::collections::HashSet<&AnnotationId> = wanted.iter().map(|annotation| &annotation.id).collect();
        let gone: Vec<AnnotationId> = self.painted.keys().filter(|id| !ids.contains(id)).cloned().collect();
        for id in gone {
            self.erase(&id);
        }
        for (index, annotation) in wanted.iter().enumerate() {
            let (tint, slot, shape) = (tints[index], slots[index], shapes[index].take());
            let highlight = highlight_name(schema, annotation, tint);
            let known = self.painted.get_mut(&annotation.id);
            if let Some(painted) = known.filter(|painted| painted.annotation.extent == annotation.extent && painted.highlight == highlight) {
                *painted = Painted { annotation: annotation.clone(), highlight, ranges: std::mem::take(&mut painted.ranges), shape, slot };
                continue;
            }
            self.erase(&annotation.id);
            let ranges: Vec<_> = annotation.extent.pieces().iter().filter_map(|piece| surface.range(*piece)).collect();
            let set = self.highlight(&highlight, i32::from(tint));
            for range in &ranges {
                set.add(range);
            }
            self.painted.insert(annotation.id.clone(), Painted { annotation: annotation.clone(), highlight, ranges, shape, slot });
        }
        self.rails(surface, schema, findings, corners);
    }

    /// Draws the rails of what was measured. Boxes that are there already stay.
    fn rails(&mut self, surface: &Surface, schema: &Schema, findings: &Findings, corners: Vec<(usize, (f64, f64))>) {
        let mut specs: BTreeMap<usize, Vec<RailSpec>> = BTreeMap::new();
        for painted in self.painted.values() {
            let class = rail_class(schema, &painted.annotation);
            for (paragraph, rect) in painted.shape.iter().flatten().flatten().filter(|(paragraph, _)| self.near.contains(paragraph)) {
                let drop = f64::from(painted.slot) * RAIL_STEP;
                specs.entry(*paragraph).or_default().push(RailSpec { class: class.clone(), rect: *rect, drop });
            }
        }
        // After all rails, so that a sign that comes or goes moves none of them.
        for painted in self.painted.values() {
            let last = painted.shape.iter().flatten().flatten().last().filter(|(paragraph, _)| self.near.contains(paragraph));
            if let Some((paragraph, rect)) = last {
                specs.entry(*paragraph).or_default().extend(signs(surface, findings, &painted.annotation, *rect));
            }
        }

        let overlay = &self.overlay;
        self.groups.retain(|paragraph, group| {
            let stays = specs.contains_key(paragraph);
            if !stays {
                group.element.remove();
            }
            stays
        });
        for (paragraph, (left, top)) in corners {
            let Some(specs) = specs.remove(&paragraph) else { continue };
            let group = match self.groups.entry(paragraph) {
                std::collections::hash_map::Entry::Occupied(group) => group.into_mut(),
                std::collections::hash_map::Entry::Vacant(vacant) => {
                    let Some(element) = block("rails") else { continue };
                    if overlay.append_child(&element).is_err() {
                        continue;
                    }
                    vacant.insert(Group { element, top: f64::NAN, rails: Vec::new() })
                }
            };
            #[expect(clippy::float_cmp, reason = "the same number read twice")]
            if group.top != top {
                group.top = top;
                put(&group.element, "top", top);
                put(&group.element, "left", left);
            }
            group.draw(specs);
        }
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
            let (left, top) = self.corners.get(paragraph)?;
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
        for painted in self.painted.values_mut() {
            painted.shape = None;
        }
        for group in self.groups.values_mut() {
            group.top = f64::NAN;
        }
    }

    /// Whether the viewport shows paragraphs that were not painted, or painted ones have moved.
    #[must_use]
    pub fn is_stale(&self, surface: &Surface) -> bool {
        let near = surface.near();
        near != self.near
            || self.groups.iter().any(|(paragraph, group)| surface.corner(*paragraph).is_some_and(|(_, top)| (top - group.top).abs() > 0.5))
    }

    /// Registers ranges under a name of its own, such as those found or selected.
    pub fn mark(&mut self, surface: &Surface, name: &str, priority: i32, spans: &[Span]) {
        let window = surface.span_of(&self.near);
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
        let Some(painted) = self.painted.remove(id) else { return };
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
        for (_, group) in self.groups.drain() {
            group.element.remove();
        }
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

/// Depth among tints: those of one kind that share a character need highlights of their own, for within one highlight a
/// letter is tinted only once.
fn tint_depths(annotations: &[Arc<Annotation>], schema: &Schema) -> Vec<u8> {
    let is_fill = |annotation: &Annotation| schema.label(&annotation.label).is_none_or(|label| label.style == Style::Fill);
    let fills: Vec<Span> = annotations.iter().filter(|annotation| is_fill(annotation)).map(|annotation| annotation.extent.hull()).collect();
    let mut found = depths(&fills).into_iter();
    annotations.iter().map(|annotation| if is_fill(annotation) { found.next().unwrap_or(0).min(DEEPEST) } else { 0 }).collect()
}

/// The place of each rail below its line: short spans lie nearest to the letters, longer ones below them.
fn rail_slots(hulls: &[Span]) -> Vec<u8> {
    let mut order: Vec<usize> = (0..hulls.len()).collect();
    crate::sorted::sort_by_key(&mut order, |index| hulls[*index].len());
    let mut slots: Vec<Option<u8>> = vec![None; hulls.len()];
    // Spans come in reading order, so those that can share a character with one are its neighbours.
    let longest = hulls.iter().map(|hull| hull.len()).max().unwrap_or(0);
    for index in order {
        let hull = hulls[index];
        let before = hulls[..index].iter().enumerate().rev().take_while(|(_, other)| other.start().plus(longest) > hull.start());
        let after = hulls.iter().enumerate().skip(index + 1).take_while(|(_, other)| other.start() < hull.end());
        let taken: Vec<u8> = before.chain(after).filter(|(_, other)| other.overlaps(hull)).filter_map(|(other, _)| slots[other]).collect();
        slots[index] = (0..=u8::MAX).find(|slot| !taken.contains(slot));
    }
    slots.into_iter().map(|slot| slot.unwrap_or(u8::MAX)).collect()
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

fn rail_class(schema: &Schema, annotation: &Annotation) -> String {
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
fn signs(surface: &Surface, findings: &Findings, annotation: &Annotation, last: Rect) -> impl Iterator<Item = RailSpec> {
    let marks = [(annotation.unsure, "text-sign sign-unsure"), (findings.has(&annotation.id), "text-sign sign-check")];
    // Letters of the scripts that are written from right to left stand there; what is neither reads on as the text does.
    let letter = surface.text().char_at(annotation.extent.hull().end().minus(1));
    let leftwards = letter.is_none_or(|letter| !letter.is_ascii_alphanumeric());
    let shown: Vec<_> = marks.into_iter().filter(|(is_shown, _)| *is_shown).collect();
    let (lefts, width) = signs::places(last.left, last.width, leftwards, u8::try_from(shown.len()).unwrap_or(0));
    shown.into_iter().zip(lefts).map(move |((_, class), left)| RailSpec {
        class: class.to_owned(),
        rect: Rect { left, top: last.top - RAISED, width, height: 0.0 },
        drop: 0.0,
    })
}

/// The rules that give each kind of label its colours, as a style sheet.
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
                    "::highlight(wusum-{slug}-{depth}){{background-color:{light}66}}:root[data-theme=dark] ::highlight(wusum-{slug}-{depth}){{background-color:{dark}40}}"
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
