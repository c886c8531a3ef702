//! The caret by lines: only the surface knows where lines break.

use crate::text::Affinity;
use crate::text::Offset;
use crate::web::act::{self, Action, Extend, Towards, perform};
use crate::web::reader::{Reader, overlay};
use std::rc::Rc;

impl Reader {
    /// Moves the caret up or down by a line, in the column it came from.
    pub(super) fn move_line(self: &Rc<Self>, towards: Towards, extend: Extend) {
        let Some(caret) = self.store.state().work.as_ref().map(|work| work.selection.caret) else { return };
        let Some(rect) = overlay::edge(&self.surface, caret.offset, caret.affinity) else { return };
        let column = self.column.get().unwrap_or(rect.left);
        let target = self.line_from(rect.top, rect.height, column, towards);
        let edge = match towards {
            Towards::Next => self.surface.text().len(),
            Towards::Previous => Offset::new(0),
        };
        perform(&self.store, Action::Place(target.unwrap_or(edge), extend));
        self.column.set(Some(column));
    }

    /// The place in `column` on the line above or below one whose top and height are given, relative to the sheet.
    fn line_from(&self, top: f64, height: f64, column: f64, towards: Towards) -> Option<Offset> {
        let step = height.max(8.0) / 2.0;
        for count in 2..14 {
            let distance = f64::from(count) * step;
            let y = match towards {
                Towards::Next => top + height / 2.0 + distance,
                Towards::Previous => top + height / 2.0 - distance,
            };
            self.bring_into_view(y);
            let corner = self.surface.sheet.get_bounding_client_rect();
            let Some(offset) = self.surface.offset_at_point(corner.left() + column, corner.top() + y) else { continue };
            let Some(rect) = overlay::edge(&self.surface, offset, Affinity::After) else { continue };
            let is_other_line = match towards {
                Towards::Next => rect.top > top + step,
                Towards::Previous => rect.top < top - step,
            };
            if is_other_line {
                return Some(offset);
            }
        }
        None
    }

    /// Only what is on screen can be asked for the place at a point.
    fn bring_into_view(&self, y: f64) {
        let view = self.surface.scroller.get_bounding_client_rect();
        let at = self.surface.sheet.get_bounding_client_rect().top() + y;
        let margin = 24.0;
        if at < view.top() + margin {
            self.surface.scroller.scroll_by_with_x_and_y(0.0, at - view.top() - margin * 2.0);
        } else if at > view.bottom() - margin {
            self.surface.scroller.scroll_by_with_x_and_y(0.0, at - view.bottom() + margin * 2.0);
        }
    }

    /// Moves the caret to where its line starts or ends, as it reads.
    pub(super) fn move_to_line_edge(self: &Rc<Self>, towards: Towards, extend: Extend) {
        let Some(caret) = self.store.state().work.as_ref().map(|work| work.selection.caret) else { return };
        let Some(rect) = overlay::edge(&self.surface, caret.offset, caret.affinity) else { return };
        let paragraph = self.surface.text().paragraph_at(caret.offset);
        let Some(element) = self.surface.element(paragraph) else { return };
        let block = element.get_bounding_client_rect();
        let right_to_left = element.get_attribute("dir").as_deref() == Some("rtl");
        let y = self.surface.sheet.get_bounding_client_rect().top() + rect.top + rect.height / 2.0;
        let at_right = right_to_left == (towards == Towards::Previous);
        let x = if at_right { block.right() - 1.0 } else { block.left() + 1.0 };
        if let Some(offset) = self.surface.offset_at_point(x, y) {
            perform(&self.store, Action::Place(offset, extend));
            if towards == Towards::Next {
                // Where a line is broken the same place also begins the next line; the caret stays on this one.
                act::with_work(&self.store, |work| work.selection.caret.affinity = Affinity::Before);
            }
        }
        self.column.set(None);
    }

    pub(super) fn forget_column(&self) {
        self.column.set(None);
    }
}
