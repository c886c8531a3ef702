//! The reader: the surface, its painter and its overlay, mounted once for each document and kept in step with the store.

pub mod curve;
mod follow;
pub mod input;
pub mod lines;
pub mod overlay;
pub mod paint;
mod rails;
mod signs;
mod stacks;
pub mod style;
pub mod surface;
pub mod ties;

use crate::id::DocumentId;
use crate::text::Offset;
use crate::web::state::{Selection, State, Work};
use crate::web::store::{StoreRef, Subscription, use_store};
use crate::web::timing;
use crate::web::words::Words;
use follow::Seen;
use overlay::{Outline, Overlay, caret_line};
use paint::Painter;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;
use style::StyleSheet;
use surface::Surface;
use ties::{Ties, View};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::HtmlElement;
use yew::prelude::*;

/// Half of the greatest width of the palette, in CSS pixels; the style sheet has the same.
const PALETTE_HALF: f64 = 250.0;
/// How long paragraphs far from the view are made at once, and the pause after that, in milliseconds.
const MOUNT_SLICE: f64 = 6.0;
const MOUNT_PAUSE: u32 = 4;

/// The mounted reader.
pub struct Reader {
    store: StoreRef,
    surface: Surface,
    painter: RefCell<Painter>,
    overlay: RefCell<Overlay>,
    ties: RefCell<Ties>,
    /// Around the palette.
    over: HtmlElement,
    /// Where the pointer pulls a new relation to, in CSS pixels of the viewport.
    pull: Cell<Option<(f64, f64)>>,
    /// What the text shows.
    seen: RefCell<Seen>,
    /// What lies over the text and beside it shows: after a step that is one frame behind.
    settled: RefCell<Seen>,
    /// The column that the caret keeps while it moves by lines, in CSS pixels from the sheet's left edge.
    column: Cell<Option<f64>>,
    /// Alt was held when the selection began.
    freed: Cell<bool>,
    frame: RefCell<Option<gloo::render::AnimationFrame>>,
    /// Whether the browser's own selection is still to be put where ours is, and what it then waits for.
    owed: Cell<bool>,
    mirroring: RefCell<Option<gloo::timers::callback::Timeout>>,
    /// Until all paragraphs are there.
    mounting: RefCell<Option<gloo::timers::callback::Timeout>>,
    /// The browser's selection as we last saw or set it. It tells of a change later, when ours may have moved on.
    native: Cell<Option<(Offset, Offset)>>,
    /// The colours of the labels, as a style sheet.
    rules: RefCell<StyleSheet>,
}

/// Everything that keeps a mounted reader alive; dropped, it is taken apart.
struct Mounted {
    _reader: Rc<Reader>,
    _subscriptions: [Subscription; 2],
    _listeners: Vec<gloo::events::EventListener>,
    _resize: Resize,
}

struct Resize {
    observer: web_sys::ResizeObserver,
    _callback: Closure<dyn FnMut()>,
}

impl Drop for Resize {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// The nodes that a reader is mounted in.
#[derive(Clone, Default, PartialEq)]
pub struct Nodes {
    /// What scrolls.
    pub scroller: NodeRef,
    /// What the overlays are relative to.
    pub sheet: NodeRef,
    /// Behind the text.
    pub back: NodeRef,
    /// The text.
    pub host: NodeRef,
    /// In front of it.
    pub front: NodeRef,
    /// Around what is put beside a selection; a place told here is told to nothing else.
    pub over: NodeRef,
    /// At the upper edge of the view: what lies above it.
    pub above: NodeRef,
    /// At its lower edge.
    pub below: NodeRef,
}

impl Nodes {
    /// The surface: `before` above all of it, the document's head, and what lies over the text.
    pub fn html(&self, words: &Words, title: String, before: Html, head: Html, over: Html) -> Html {
        html! {
            <section class="read" ref={self.scroller.clone()} aria-label={words.get("read.title")}>
                { before }
                <div class="tie-ends" ref={self.above.clone()}></div>
                <div class="sheet">{ head }<div class="page" ref={self.sheet.clone()}>
                    <div class="layer back" ref={self.back.clone()} aria-hidden="true"></div>
                    <div class="text" ref={self.host.clone()} data-testid="reader" role="document" tabindex="0" aria-label={title}></div>
                    <div class="layer front" ref={self.front.clone()} aria-hidden="true"></div>
                    <div class="over" ref={self.over.clone()}>{ over }</div>
                </div></div>
                <div class="tie-ends below" ref={self.below.clone()}></div>
            </section>
        }
    }
}

/// The nodes of a surface, the same as long as the component is there.
#[hook]
pub fn use_nodes() -> Nodes {
    (*use_memo((), |()| Nodes::default())).clone()
}

/// Mounts the open document into `nodes`, again whenever another one is opened.
#[hook]
pub fn use_reader(nodes: Nodes, document: Option<DocumentId>) {
    let store = use_store();
    use_effect_with((nodes, document), move |(nodes, _)| {
        let mounted: Rc<RefCell<Option<Mounted>>> = Rc::default();
        let (place, nodes) = (mounted.clone(), nodes.clone());
        // In a task of its own: rendering the screen took one already.
        let timer = gloo::timers::callback::Timeout::new(0, move || *place.borrow_mut() = mount(&store, &nodes));
        move || drop((timer, mounted))
    });
}

fn mount(store: &StoreRef, nodes: &Nodes) -> Option<Mounted> {
    let scroller = nodes.scroller.cast::<HtmlElement>()?;
    let sheet = nodes.sheet.cast::<HtmlElement>()?;
    let host = nodes.host.cast::<HtmlElement>()?;
    let (surface, schema) = {
        let state = store.state();
        let work = state.work.as_ref()?;
        let document = work.session.document()?.clone();
        let schema = work.session.project().schema.clone();
        let words = Words::of(state.settings.language);
        (
            Surface::mount(document, scroller.clone(), sheet.clone(), &host, flipped(&state, work), Box::new(move |number| words.digits(number)))?,
            schema,
        )
    };
    let (back, front) = (nodes.back.cast::<HtmlElement>()?, nodes.front.cast::<HtmlElement>()?);
    let ties = Ties::new(&back, front.clone(), nodes.above.cast()?, nodes.below.cast()?)?;
    let reader = Rc::new(Reader {
        store: store.clone(),
        surface,
        painter: RefCell::new(Painter::new(back)),
        overlay: RefCell::new(Overlay::new(front)),
        ties: RefCell::new(ties),
        over: nodes.over.cast()?,
        pull: Cell::new(None),
        seen: RefCell::default(),
        settled: RefCell::default(),
        column: Cell::new(None),
        frame: RefCell::new(None),
        owed: Cell::new(false),
        mirroring: RefCell::new(None),
        mounting: RefCell::new(None),
        native: Cell::new(None),
        freed: Cell::new(false),
        rules: RefCell::new(StyleSheet::adopt(&paint::style_rules(&schema))),
    });
    // The first painting is a whole one.
    reader.seen.borrow_mut().revision = u64::MAX;
    reader.seen.borrow_mut().schema = schema;
    let state = store.state().clone();
    reader.follow(&state);
    // Nothing tells it to settle before something changes.
    reader.mirror_later();
    timing::opened();
    reader.mount_rest();

    let follower = |follow: fn(&Rc<Reader>, &State)| {
        let reader = Rc::downgrade(&reader);
        move |state: &State| {
            if let Some(reader) = reader.upgrade() {
                follow(&reader, state);
            }
        }
    };
    let subscriptions = [store.follow(follower(Reader::follow)), store.follow_after_text(follower(Reader::settle))];
    let listeners = input::listen(&reader, &host);
    let resize = watch_size(&reader, &sheet)?;
    Some(Mounted { _reader: reader, _subscriptions: subscriptions, _listeners: listeners, _resize: resize })
}

fn watch_size(reader: &Rc<Reader>, sheet: &HtmlElement) -> Option<Resize> {
    let weak = Rc::downgrade(reader);
    let width = Cell::new(sheet.client_width());
    let watched = sheet.clone();
    let callback = Closure::<dyn FnMut()>::new(move || {
        let Some(reader) = weak.upgrade() else { return };
        // A change of width breaks the lines anew; a change of height only moves paragraphs.
        let now = watched.client_width();
        let broken = width.replace(now) != now;
        reader.later(broken);
    });
    let observer = web_sys::ResizeObserver::new(callback.as_ref().unchecked_ref()).ok()?;
    observer.observe(sheet);
    Some(Resize { observer, _callback: callback })
}

fn flipped(state: &State, work: &Work) -> BTreeSet<usize> {
    let document = &work.session.key().document;
    state.settings.flipped.iter().filter(|(id, _)| id == document).map(|(_, paragraph)| *paragraph).collect()
}

impl Reader {
    /// Makes the paragraphs far from the view a few at a time, so that no key or pointer waits for long.
    fn mount_rest(self: &Rc<Self>) {
        let weak = Rc::downgrade(self);
        let timer = gloo::timers::callback::Timeout::new(MOUNT_PAUSE, move || {
            let Some(reader) = weak.upgrade() else { return };
            let begin = timing::now();
            if reader.surface.mount_rest(|| timing::now() - begin > MOUNT_SLICE) {
                reader.mount_rest();
            }
        });
        *self.mounting.borrow_mut() = Some(timer);
    }

    /// Top and bottom of what is seen, relative to the sheet.
    fn view(&self) -> View {
        let (view, sheet) = (self.surface.scroller.get_bounding_client_rect(), self.surface.sheet.get_bounding_client_rect());
        (view.top() - sheet.top(), view.bottom() - sheet.top())
    }

    fn draw_ties(&self, state: &State, work: &Work, view: View) {
        let pull = self.pull.get().map(|(x, y)| {
            let sheet = self.surface.sheet.get_bounding_client_rect();
            (x - sheet.left(), y - sheet.top())
        });
        self.ties.borrow_mut().draw(state, work, &self.painter.borrow(), &self.surface, pull, view);
    }

    fn mark_found(&self, painter: &mut Painter, seen: &Seen) {
        painter.mark(&self.surface, "wusum-found", 90, &seen.hits);
        let current = seen.hits.get(seen.current).copied();
        painter.mark(&self.surface, "wusum-found-current", 91, current.as_slice());
    }

    /// Everything near the viewport is drawn again before the next frame; measured anew where lines were broken anew.
    fn later(self: &Rc<Self>, broken: bool) {
        if broken {
            self.painter.borrow_mut().forget_shapes();
        }
        let weak = Rc::downgrade(self);
        let frame = gloo::render::request_animation_frame(move |_| {
            if let Some(reader) = weak.upgrade() {
                reader.redraw();
            }
        });
        *self.frame.borrow_mut() = Some(frame);
    }

    fn redraw(self: &Rc<Self>) {
        let state = self.store.state().clone();
        let Some(work) = self.work_of(&state) else { return };
        let seen = self.seen.borrow().clone();
        let view = self.view();
        let mut painter = self.painter.borrow_mut();
        painter.paint(&self.surface, work.session.layer(), &work.session.project().schema, &work.findings);
        painter.mark(&self.surface, "wusum-selection", 100, seen.selected.as_slice());
        self.mark_found(&mut painter, &seen);
        drop(painter);
        let mut overlay = self.overlay.borrow_mut();
        let caret = caret_line(&self.surface, seen.selection.map(|selection| selection.caret));
        overlay.outline(seen.focus.as_ref(), Outline::measure(&self.surface, seen.focus.as_ref()));
        overlay.caret(caret, seen.has_lone_caret());
        overlay.marks(&self.surface, seen.marks);
        drop(overlay);
        self.draw_ties(&state, work, view);
        self.place_palette(work);
    }

    /// After scrolling: only what came into view, or was moved by it, is drawn.
    fn scrolled(self: &Rc<Self>) {
        if self.painter.borrow().is_stale(&self.surface) {
            self.redraw();
        } else if self.ties.borrow().has_ends() {
            let words = Words::of(self.store.state().settings.language);
            self.ties.borrow_mut().name_edges(self.view(), &words);
        }
    }

    /// Brings a place into view, with some of what stands around it.
    fn reveal(&self, offset: Offset) {
        let paragraph = self.surface.text().paragraph_at(offset);
        let Some(element) = self.surface.element(paragraph) else { return };
        let view = self.surface.scroller.get_bounding_client_rect();
        let block = element.get_bounding_client_rect();
        if block.bottom() < view.top() || block.top() > view.bottom() {
            // Far away, where lines are not laid out yet: first the paragraph, then its line.
            self.surface.scroller.scroll_by_with_x_and_y(0.0, block.top() - view.top());
        }
        let corner = self.surface.sheet.get_bounding_client_rect();
        let Some(rect) = overlay::edge(&self.surface, offset, crate::text::Affinity::After) else { return };
        let (top, bottom) = (corner.top() + rect.top, corner.top() + rect.top + rect.height);
        let margin = (view.height() * 0.18).min(120.0);
        let by = if top < view.top() + margin {
            top - view.top() - margin
        } else if bottom > view.bottom() - margin {
            bottom - view.bottom() + margin
        } else {
            return;
        };
        self.surface.scroller.scroll_by_with_x_and_y(0.0, by);
    }

    /// Puts the palette below the selection, by two variables that its style reads. On the sheet they would have the whole text
    /// styled anew.
    fn place_palette(&self, work: &Work) {
        let target = work.selected().or_else(|| work.asking().and_then(|_| work.chosen_span()));
        let Some(rect) = target.and_then(|span| Overlay::anchor(&self.surface, span)) else { return };
        let (middle, width) = (rect.left + rect.width / 2.0, f64::from(self.surface.sheet.client_width()));
        // Half of its greatest width stays inside the sheet on either side.
        let room = (width / 2.0).min(PALETTE_HALF);
        paint::put(&self.over, "--palette-x", middle.clamp(room, (width - room).max(room)));
        paint::put(&self.over, "--palette-y", rect.top + rect.height + 12.0);
    }

    /// Puts the browser's own selection where ours is, in a while: moving it lays the page out.
    fn mirror_later(self: &Rc<Self>) {
        if !self.owed.get() || self.mirroring.borrow().is_some() {
            return;
        }
        let weak = Rc::downgrade(self);
        let timer = gloo::timers::callback::Timeout::new(20, move || {
            let Some(reader) = weak.upgrade() else { return };
            let _done = reader.mirroring.replace(None);
            reader.owed.set(false);
            let selection = reader.store.state().work.as_ref().filter(|work| !work.selecting).map(|work| work.selection);
            if let Some(selection) = selection {
                reader.mirror(&selection);
            }
        });
        *self.mirroring.borrow_mut() = Some(timer);
    }

    /// Keeps the browser's own selection where ours is, for screen readers and for copying.
    fn mirror(self: &Rc<Self>, selection: &Selection) {
        let typing = gloo::utils::document().active_element().is_some_and(|element| input::takes_letters(&element));
        let native = gloo::utils::window().get_selection().ok().flatten();
        let (Some(native), false) = (native, typing) else { return };
        let now = input::native_selection(&self.surface, &native);
        if now == Some((selection.anchor, selection.head())) {
            return;
        }
        let is_newer = self.native.get().is_some_and(|seen| now != Some(seen));
        if is_newer && now.is_some_and(|(anchor, head)| anchor != head) {
            // Somebody has selected something since; the news of it is on its way.
            return self.selection_changed();
        }
        if let (Some((anchor, from)), Some((head, to))) = (self.surface.locate(selection.anchor), self.surface.locate(selection.head())) {
            // Refused only for places past the end of a node, which `locate` never gives.
            let _ = native.set_base_and_extent(anchor, from, head, to);
            self.native.set(input::native_selection(&self.surface, &native));
        }
    }
}
