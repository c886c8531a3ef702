//! Rules of what changes where labels are: cutting, merging, trimming, pieces.

use super::{Planner, Refusal, check_extent, is_blank};
use crate::annotation::Annotation;
use crate::edit::Change;
use crate::id::{AnnotationId, LabelId};
use crate::span::{Extent, Span};
use crate::text::Offset;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

impl Planner<'_> {
    pub(super) fn split(&self, id: &AnnotationId, at: Offset, second: AnnotationId) -> Result<Vec<Change>, Refusal> {
        let before = self.find(id)?;
        self.check_free(&second)?;
        let part = |wanted: Span| before.extent.pieces().iter().filter_map(|piece| piece.intersection(wanted)).collect::<Vec<_>>();
        let hull = before.extent.hull();
        let halves = (Span::try_new(hull.start(), at), Span::try_new(at, hull.end()));
        let (Some(left), Some(right)) = halves else { return Err(Refusal::SplitAtEdge) };
        let (Some(left), Some(right)) = (self.tidy(part(left)), self.tidy(part(right))) else { return Err(Refusal::SplitAtEdge) };
        let first = Annotation { extent: left, ..Annotation::clone(before) };
        let other = Annotation { id: second, extent: right, ..Annotation::clone(before) };
        self.check_placed(&first)?;
        self.check_placed(&other)?;
        Ok(vec![self.changed(before, first), self.made(other)])
    }

    /// The pieces without white space and invisible marks at their edges, which is less than a trim drops; `None` where nothing stays.
    fn tidy(&self, pieces: Vec<Span>) -> Option<Extent> {
        let text = &self.document.text;
        let seen = pieces.into_iter().filter(|piece| text.slice(piece.range()).is_some_and(|quote| !is_blank(quote)));
        Extent::union(seen.filter_map(|piece| Span::from_range(text.trim_space(piece.range()))))
    }

    pub(super) fn merge(&self, keep: &AnnotationId, absorb: &AnnotationId) -> Result<Vec<Change>, Refusal> {
        if keep == absorb {
            return Err(Refusal::SameAnnotation);
        }
        let (first, second) = (self.find(keep)?, self.find(absorb)?);
        if first.label != second.label {
            return Err(Refusal::DifferentLabels);
        }
        let mut merged = Annotation::clone(first);
        // Plain spans become one span over the words between them; where either is in pieces, the gaps it has were meant.
        merged.extent = if first.extent.is_in_pieces() || second.extent.is_in_pieces() {
            let pieces = first.extent.pieces().iter().chain(second.extent.pieces()).copied();
            Extent::union(pieces).unwrap_or_else(|| first.extent.clone())
        } else {
            first.extent.hull().hull(second.extent.hull()).into()
        };
        merged.absorb(second);
        match self.check_placed(&merged) {
            Err(Refusal::Duplicate(twin)) if twin == *absorb => {}
            other => other?,
        }
        let mut changes = vec![self.removed(second)];
        if merged != **first {
            changes.push(self.changed(first, merged));
        }
        changes.extend(self.retarget(absorb, keep)?);
        Ok(changes)
    }

    pub(super) fn add_piece(&self, id: &AnnotationId, piece: Span) -> Result<Vec<Change>, Refusal> {
        let before = self.find(id)?;
        // Only what is new is judged: the pieces that are there may have come with an import.
        check_extent(&self.document.text, &piece.into())?;
        let pieces = before.extent.pieces().iter().copied().chain([piece]);
        self.reach(before, Extent::union(pieces))
    }

    pub(super) fn remove_piece(&self, id: &AnnotationId, part: Span) -> Result<Vec<Change>, Refusal> {
        let before = self.find(id)?;
        let mut pieces = Vec::with_capacity(before.extent.pieces().len() + 1);
        for piece in before.extent.pieces() {
            if !piece.overlaps(part) {
                pieces.push(*piece);
                continue;
            }
            for edge in [part.start(), part.end()] {
                let is_inside = piece.start() < edge && edge < piece.end();
                if is_inside && !self.document.text.is_grapheme_boundary(edge) {
                    return Err(Refusal::CutsCharacter(edge));
                }
            }
            for left in [Span::try_new(piece.start(), part.start()), Span::try_new(part.end(), piece.end())].into_iter().flatten() {
                let tidied = self.tidy(vec![left]).map(|tidied| tidied.hull());
                // White space that belongs to the character before it stays.
                pieces.extend(tidied.map(|tidied| if check_extent(&self.document.text, &tidied.into()).is_ok() { tidied } else { left }));
            }
        }
        if pieces.is_empty() {
            return Err(Refusal::LastPiece);
        }
        self.reach(before, Extent::union(pieces))
    }

    fn reach(&self, before: &Arc<Annotation>, extent: Option<Extent>) -> Result<Vec<Change>, Refusal> {
        let extent = extent.filter(|extent| *extent != before.extent).ok_or(Refusal::NoChange)?;
        let after = Annotation { extent, ..Annotation::clone(before) };
        self.check_alone(&after)?;
        Ok(vec![self.changed(before, after)])
    }

    pub(super) fn trim(&self, ids: &[AnnotationId]) -> Result<Vec<Change>, Refusal> {
        let text = &self.document.text;
        let mut changes = Vec::new();
        let mut seen = BTreeSet::new();
        let mut moved: HashMap<(LabelId, Extent), AnnotationId> = HashMap::new();
        for id in ids.iter().filter(|id| seen.insert(*id)) {
            let before = self.find(id)?;
            let trimmed = before.extent.pieces().iter().map(|piece| text.trim(piece.range()));
            // A bracket that carries a mark is not cut from it.
            let pieces = trimmed.filter(|range| !range.is_empty()).filter_map(|range| Span::from_range(text.snap_to_graphemes(range)));
            let Some(extent) = Extent::union(pieces) else { continue };
            if extent == before.extent {
                continue;
            }
            let after = Annotation { extent, ..Annotation::clone(before) };
            self.check_placed(&after)?;
            // The layer does not know yet of those trimmed in the same step.
            if let Some(twin) = moved.insert((after.label.clone(), after.extent.clone()), id.clone()) {
                return Err(Refusal::Duplicate(twin));
            }
            changes.push(self.changed(before, after));
        }
        if changes.is_empty() { Err(Refusal::NoChange) } else { Ok(changes) }
    }
}
