//! The reader follows the state: the text first, and after that frame what lies over it.

use super::overlay::{Focus, Outline, caret_line};
use super::paint::Painter;
use super::style::StyleSheet;
use super::ties::{View, Wanted};
use super::{Reader, flipped, paint, surface};
use crate::id::AnnotationId;
use crate::schema::Schema;
use crate::span::{Extent, Span};
use crate::web::act;
use crate::web::state::{Selection, State, Work};
use crate::web::words::{Language, Words};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

/// What the page was last brought in step with.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Seen {
    pub(super) revision: u64,
    pub(super) focus: Option<Focus>,
    pub(super) selection: Option<Selection>,
    pub(super) selected: Option<Span>,
    /// What would be labelled, once the pointer has let go of it.
    prepared: Option<Span>,
    draft: Option<Extent>,
    ties: Wanted,
    peel: Option<Span>,
    pub(super) hits: Rc<Vec<Span>>,
    pub(super) current: usize,
    reveal: u32,
    pub(super) marks: bool,
    layout: (u32, u32, bool),
    flipped: BTreeSet<usize>,
    chosen: Option<AnnotationId>,
    language: Language,
    pub(super) schema: Arc<Schema>,
    /// The version of the findings that signs stand for.
    findings: u64,
    asking: bool,
}

impl Seen {
    /// Whether the caret stands alone, beside no selection.
    pub(super) fn has_lone_caret(&self) -> bool {
        self.selection.is_none_or(|selection| selection.is_caret())
    }
}

/// Where things lie that are to be drawn anew; `None` for what stays.
pub(super) struct Measured {
    outline: Option<Outline>,
    caret: Option<Option<surface::Rect>>,
    view: Option<View>,
}

impl Reader {
    /// Brings the page in step with the state. The page is read before it is written as far as that goes.
    ///
    /// Of a step on the layer only the text shows what became of it at once; what lies over the text follows by
    /// [`Self::settle`] after that frame.
    pub(super) fn follow(self: &Rc<Self>, state: &State) {
        let Some(work) = self.work_of(state) else { return };
        let next = self.look(state, work);
        let last = self.seen.borrow().clone();
        if next == last {
            return;
        }
        *self.seen.borrow_mut() = next.clone();
        if next.flipped != last.flipped {
            for paragraph in next.flipped.symmetric_difference(&last.flipped) {
                self.surface.turn(*paragraph, next.flipped.contains(paragraph));
            }
        }
        if next.language != last.language && last.revision != u64::MAX {
            let words = Words::of(next.language);
            self.surface.renumber(Box::new(move |number| words.digits(number)));
        }
        let relaid = next.layout != last.layout || next.flipped != last.flipped;
        if relaid {
            // The new size takes hold when the frame is laid out.
            self.later(true);
        }
        let is_step = next.revision != last.revision && last.revision != u64::MAX;
        let measured = (!is_step).then(|| self.measure(&next));
        let mut painter = self.painter.borrow_mut();
        if next.schema != last.schema {
            // The new rules come before the old ones go, so that no label is without colour for a moment.
            *self.rules.borrow_mut() = StyleSheet::adopt(&paint::style_rules(&next.schema));
            painter.restyle();
        }
        if next.revision != last.revision || next.schema != last.schema || next.findings != last.findings {
            let paint = if is_step && !relaid { Painter::paint_step } else { Painter::paint };
            paint(&mut painter, &self.surface, work.session.layer(), &work.session.project().schema, &work.findings);
        }
        if next.selected != last.selected {
            painter.mark(&self.surface, "wusum-selection", 100, next.selected.as_slice());
        }
        if next.draft != last.draft {
            painter.mark(&self.surface, "wusum-draft", 101, next.draft.as_ref().map_or(&[], Extent::pieces));
        }
        if next.peel != last.peel {
            painter.mark(&self.surface, "wusum-peel", 102, next.peel.as_slice());
        }
        if !Rc::ptr_eq(&next.hits, &last.hits) || next.current != last.current {
            self.mark_found(&mut painter, &next);
        }
        drop(painter);
        if next.reveal != last.reveal && last.revision != u64::MAX {
            self.reveal(work.reveal.1);
        }
        if let Some(measured) = measured {
            self.draw(state, work, &next, measured);
        }
        if (next.selection != last.selection || next.selected != last.selected || next.asking != last.asking) && !work.selecting {
            self.owed.set(true);
        }
    }

    /// Brings what lies over the text in step with it, and makes ready for a label on what is selected.
    pub(super) fn settle(self: &Rc<Self>, state: &State) {
        let Some(work) = self.work_of(state) else { return };
        let seen = self.seen.borrow().clone();
        self.painter.borrow_mut().lay_rails(&self.surface, &work.session.project().schema);
        if *self.settled.borrow() != seen {
            let measured = self.measure(&seen);
            self.draw(state, work, &seen, measured);
        }
        self.painter.borrow_mut().prepare(&self.surface, work.session.layer(), seen.prepared);
        self.mirror_later();
    }

    /// The open work, if it is on this reader's document.
    pub(super) fn work_of<'s>(&self, state: &'s State) -> Option<&'s Work> {
        state.work.as_ref().filter(|work| work.session.key().document == *self.surface.document_id())
    }

    /// Where things will lie that are over the text. Labels move no letter, so these are the places after the painting too.
    fn measure(&self, next: &Seen) -> Measured {
        let last = self.settled.borrow();
        Measured {
            outline: (next.focus != last.focus).then(|| Outline::measure(&self.surface, next.focus.as_ref())),
            caret: (next.selection != last.selection).then(|| caret_line(&self.surface, next.selection.map(|selection| selection.caret))),
            view: (next.ties != last.ties).then(|| self.view()),
        }
    }

    /// Draws what lies over the text and differs from what was drawn last.
    fn draw(&self, state: &State, work: &Work, next: &Seen, measured: Measured) {
        let last = self.settled.replace(next.clone());
        let mut overlay = self.overlay.borrow_mut();
        if let Some(outline) = measured.outline {
            overlay.outline(next.focus.as_ref(), outline);
        }
        if let Some(caret) = measured.caret {
            overlay.caret(caret, next.has_lone_caret());
        }
        if next.marks != last.marks {
            overlay.marks(&self.surface, next.marks);
        }
        drop(overlay);
        if let Some(view) = measured.view {
            self.draw_ties(state, work, view);
        }
        if next.selection != last.selection || next.selected != last.selected || next.asking != last.asking {
            self.place_palette(work);
        }
    }

    fn look(&self, state: &State, work: &Work) -> Seen {
        let layer = work.session.layer();
        let words = Words::of(state.settings.language);
        let annotation = work.shown_focus().and_then(|id| layer.get(id));
        let focus = annotation.map(|annotation| Focus {
            pieces: annotation.extent.pieces().to_vec(),
            name: act::label_name(work, &annotation.label, &words),
            held: work.chosen.is_none(),
            handles: !work.session.is_read_only() && work.chosen.is_some(),
            tied: act::ways::may_be_tied(state),
        });
        let draft = work.draft.and_then(|draft| act::reach(&annotation?.extent, draft));
        Seen {
            revision: work.session.revision(),
            focus,
            selection: Some(work.selection),
            selected: work.selected(),
            prepared: work.selected().filter(|_| !work.selecting),
            draft,
            ties: Wanted::of(state, work),
            peel: work.peel,
            hits: work.find.hits.clone(),
            current: work.find.current,
            reveal: work.reveal.0,
            marks: state.settings.marks,
            layout: (state.settings.text_size, state.settings.line_height, state.settings.guide),
            flipped: flipped(state, work),
            chosen: work.chosen.clone(),
            language: state.settings.language,
            schema: work.session.project().schema.clone(),
            findings: work.findings.version,
            asking: work.asking().is_some(),
        }
    }
}
