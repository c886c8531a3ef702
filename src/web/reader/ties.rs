//! Relations in the page: curves behind the text for what is near the viewport, and buttons at its edges that lead to ends off screen.

use crate::annotation::{Annotation, Relation};
use crate::id::{AnnotationId, RelationId};
use crate::layer::Layer;
use crate::span::Span;
use crate::text::Offset;
use crate::web::act::link;
use crate::web::act::ways::Ways;
use crate::web::reader::curve::{Curve, join};
use crate::web::reader::paint::{Painter, block, put};
use crate::web::reader::surface::Surface;
use crate::web::state::{State, Work};
use crate::web::words::Words;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use web_sys::{Element, HtmlElement};

const SVG: &str = "http://www.w3.org/2000/svg";
/// Of one label no more relations than these are drawn at once; the details count them all.
const MOST: usize = 200;
/// As far as these, curves have their names.
const NAMED: usize = 12;
/// The most ends that one edge of the view names.
const EDGE: usize = 3;
/// Farther than a view is high, in CSS pixels; the curve is cut off at the edge of the page.
const FAR: f64 = 4_000.0;
/// As much is drawn of one that leads off screen from a label that is not in focus.
const STUB: f64 = 44.0;

/// What is drawn of relations. The paths stay; only their shapes change.
pub struct Ties {
    front: HtmlElement,
    layer: HtmlElement,
    paths: Vec<(Element, String)>,
    boxes: Vec<HtmlElement>,
    edges: [HtmlElement; 2],
    far: Vec<FarEnd>,
    shown: [Vec<AnnotationId>; 2],
}

/// The paths, in the order in which they lie on one another.
const PATHS: [&str; 6] = ["tie", "tie-head", "tie-piece", "tie on", "tie-head on", "tie draft"];

/// An end of a relation of the label in focus, which may be off screen.
struct FarEnd {
    id: AnnotationId,
    words: String,
    start: Offset,
    /// From top to bottom, relative to the sheet; `Err` where it was not laid out: whether it lies above.
    place: Result<(f64, f64), bool>,
}

/// Top and bottom of the view, relative to the sheet, in CSS pixels.
pub type View = (f64, f64);

impl Ties {
    /// Draws into a layer of its own before `back`'s boxes, and in front of the text; names ends off screen in `above` and `below`.
    #[must_use]
    pub fn new(back: &HtmlElement, front: HtmlElement, above: HtmlElement, below: HtmlElement) -> Option<Self> {
        let page = gloo::utils::document();
        let layer = block("layer ties")?;
        let svg = page.create_element_ns(Some(SVG), "svg").ok()?;
        let mut paths = Vec::with_capacity(PATHS.len());
        for class in PATHS {
            let path = page.create_element_ns(Some(SVG), "path").ok()?;
            path.set_attribute("class", class).ok()?;
            svg.append_child(&path).ok()?;
            paths.push((path, String::new()));
        }
        layer.append_child(&svg).ok()?;
        back.append_child(&layer).ok()?;
        Some(Self { front, layer, paths, boxes: Vec::new(), edges: [above, below], far: Vec::new(), shown: [Vec::new(), Vec::new()] })
    }

    /// Draws what the state wants; `pull` is where the pointer pulls a new relation to, relative to the sheet.
    pub fn draw(&mut self, state: &State, work: &Work, painter: &Painter, surface: &Surface, pull: Option<(f64, f64)>, view: View) {
        let words = Words::of(state.settings.language);
        let places = Places { painter, window: surface.span_of(painter.near()) };
        let mut paths: [String; PATHS.len()] = Default::default();
        for old in self.boxes.drain(..) {
            old.remove();
        }
        self.far.clear();
        let layer = work.session.layer();
        let focus = work.shown_focus().and_then(|id| layer.get(id));
        let own = focus.map(|focus| relations_of(layer, focus, painter)).unwrap_or_default();
        if state.settings.ties {
            let mut all: BTreeMap<&RelationId, &Arc<Relation>> = BTreeMap::new();
            for annotation in painter.painted() {
                all.extend(layer.relations_of(&annotation.id).take(MOST).map(|relation| (&relation.id, relation)));
            }
            for relation in all.into_values().filter(|relation| !own.contains_key(&relation.id)) {
                if let Some(curve) = places.curve(layer, relation, STUB) {
                    curve.draw(&mut paths[0]);
                    curve.head(&mut paths[1]);
                }
            }
        }
        for relation in own.values() {
            self.own(work, relation, &places, &words, &mut paths, own.len() <= NAMED);
        }
        if let Some(focus) = focus {
            join_pieces(painter, focus, &mut paths[2]);
            if !own.is_empty() {
                self.far.push(places.end(work, focus));
            }
        }
        self.link(work, painter, pull, &mut paths);
        for ((path, old), new) in self.paths.iter_mut().zip(paths) {
            if *old != new {
                // A plain attribute name is never refused.
                let _ = path.set_attribute("d", &new);
                *old = new;
            }
        }
        self.name_edges(view, &words);
    }

    /// A relation of the label in focus.
    fn own(&mut self, work: &Work, relation: &Relation, places: &Places<'_>, words: &Words, paths: &mut [String; PATHS.len()], named: bool) {
        let layer = work.session.layer();
        if let Some(curve) = places.curve(layer, relation, FAR) {
            curve.draw(&mut paths[3]);
            curve.head(&mut paths[4]);
            if named && let Some(name) = block("tie-name") {
                let (x, y) = curve.middle();
                name.set_text_content(Some(&link::kind_name(work, &relation.kind, words)));
                // A plain attribute name is never refused.
                let _ = name.set_attribute("data-tie", relation.id.as_str());
                put(&name, "left", x);
                put(&name, "top", y);
                self.add(name);
            }
        }
        let focus = work.shown_focus();
        let other = if Some(&relation.from) == focus { &relation.to } else { &relation.from };
        if let Some(other) = layer.get(other) {
            self.far.push(places.end(work, other));
        }
    }

    /// In link mode: the labels near that may be the other end, the one that is proposed, and the curve to it.
    fn link(&mut self, work: &Work, painter: &Painter, pull: Option<(f64, f64)>, paths: &mut [String; PATHS.len()]) {
        let Some(link) = &work.link else { return };
        let Some(ways) = Ways::of(work, link) else { return };
        for other in painter.painted() {
            let aimed = link.to.as_ref() == Some(&other.id);
            if !aimed && ways.to(other).is_empty() {
                continue;
            }
            for rect in painter.place(&other.id).unwrap_or_default() {
                let Some(target) = block(if aimed { "tie-target on" } else { "tie-target" }) else { continue };
                put(&target, "left", rect.left - 3.0);
                put(&target, "top", rect.top - 3.0);
                put(&target, "width", rect.width + 6.0);
                put(&target, "height", rect.height + 6.0);
                self.add(target);
            }
        }
        let Some(from) = painter.place(&link.from) else { return };
        let aimed = link.to.as_ref().and_then(|to| painter.place(to));
        let curve = match (aimed, pull) {
            (Some(to), _) => Curve::between(&from, &to),
            (None, Some(place)) => Curve::towards(&from, place),
            (None, None) => None,
        };
        if let Some(curve) = curve {
            curve.draw(&mut paths[5]);
            curve.head(&mut paths[4]);
        }
    }

    fn add(&mut self, element: HtmlElement) {
        if self.front.append_child(&element).is_ok() {
            self.boxes.push(element);
        }
    }

    /// Whether a scroll can change what the edges name.
    #[must_use]
    pub fn has_ends(&self) -> bool {
        !self.far.is_empty()
    }

    /// Names at the edges of the view the ends that lie beyond them, the nearest first.
    pub fn name_edges(&mut self, view: View, words: &Words) {
        for (edge, above) in [(0, true), (1, false)] {
            let is_beyond = |end: &&FarEnd| match end.place {
                Ok((top, bottom)) => {
                    if above {
                        bottom < view.0
                    } else {
                        top > view.1
                    }
                }
                Err(is_above) => is_above == above,
            };
            let mut ends: Vec<&FarEnd> = self.far.iter().filter(is_beyond).collect();
            crate::sorted::sort_by_key(&mut ends, |end| (end.start, end.id.clone()));
            if above {
                ends.reverse();
            }
            ends.dedup_by(|one, other| one.id == other.id);
            ends.truncate(EDGE);
            let ids: Vec<AnnotationId> = ends.iter().map(|end| end.id.clone()).collect();
            if ids == self.shown[edge] {
                continue;
            }
            let place = &self.edges[edge];
            place.set_text_content(None);
            for end in ends {
                let Ok(button) = gloo::utils::document().create_element("button") else { continue };
                let name = words.with("tie.jump", &[("quote", &end.words)]);
                let text = format!("{} {}", if above { "↑" } else { "↓" }, end.words);
                button.set_text_content(Some(&text));
                for (attribute, value) in
                    [("type", "button"), ("class", "tie-end"), ("dir", "auto"), ("data-jump", end.id.as_str()), ("aria-label", &name)]
                {
                    // A plain attribute name is never refused, nor is a child.
                    let _ = button.set_attribute(attribute, value);
                }
                let _ = place.append_child(&button);
            }
            self.shown[edge] = ids;
        }
    }
}

impl Drop for Ties {
    fn drop(&mut self) {
        self.layer.remove();
        for edge in &self.edges {
            edge.set_text_content(None);
        }
    }
}

/// Where labels are drawn.
struct Places<'a> {
    painter: &'a Painter,
    /// The text near the viewport.
    window: Option<Span>,
}

impl Places<'_> {
    fn is_above(&self, annotation: &Annotation) -> bool {
        self.window.is_some_and(|window| annotation.extent.hull().start() < window.start())
    }

    /// The curve of a relation; `None` where neither of its ends is near.
    fn curve(&self, layer: &Layer, relation: &Relation, far: f64) -> Option<Curve> {
        match (self.painter.place(&relation.from), self.painter.place(&relation.to)) {
            (Some(from), Some(to)) => Curve::between(&from, &to),
            (Some(from), None) => Curve::off(&from, self.is_above(layer.get(&relation.to)?), false, far),
            (None, Some(to)) => Curve::off(&to, self.is_above(layer.get(&relation.from)?), true, far),
            (None, None) => None,
        }
    }

    fn end(&self, work: &Work, annotation: &Annotation) -> FarEnd {
        let boxes = self.painter.place(&annotation.id).unwrap_or_default();
        let top = boxes.iter().map(|rect| rect.top).reduce(f64::min);
        let bottom = boxes.iter().map(|rect| rect.top + rect.height).reduce(f64::max);
        let place = top.zip(bottom).ok_or_else(|| self.is_above(annotation));
        FarEnd { id: annotation.id.clone(), words: link::short(work, &annotation.id), start: annotation.extent.hull().start(), place }
    }
}

/// The relations of the label in focus that are drawn: all, or of very many those with both ends near and some others.
fn relations_of(layer: &Layer, focus: &Annotation, painter: &Painter) -> BTreeMap<RelationId, Arc<Relation>> {
    let named = |relation: &Arc<Relation>| (relation.id.clone(), relation.clone());
    let mut found: BTreeMap<_, _> = layer.relations_of(&focus.id).take(MOST).map(named).collect();
    if found.len() == MOST {
        for near in painter.painted().filter(|near| near.id != focus.id) {
            let of_both = |relation: &&Arc<Relation>| relation.from == focus.id || relation.to == focus.id;
            found.extend(layer.relations_of(&near.id).take(MOST).filter(of_both).map(named));
        }
    }
    found
}

fn join_pieces(painter: &Painter, focus: &Annotation, path: &mut String) {
    for pair in painter.pieces(&focus.id).unwrap_or_default().windows(2) {
        join(&pair[0], &pair[1], path);
    }
}

/// What of the state the drawing depends on, beside the layer.
#[derive(Clone, Default, PartialEq)]
pub struct Wanted {
    revision: u64,
    focus: Option<AnnotationId>,
    link: Option<Rc<crate::web::state::Link>>,
    all: bool,
    language: crate::web::words::Language,
}

impl Wanted {
    /// Of this state.
    #[must_use]
    pub fn of(state: &State, work: &Work) -> Self {
        Self {
            revision: work.session.revision(),
            focus: work.shown_focus().cloned(),
            link: work.link.clone(),
            all: state.settings.ties,
            language: state.settings.language,
        }
    }
}
