//! The shapes of relations: calm curves between boxes of the page, as path data. Nothing here knows a browser.

use crate::web::reader::surface::Rect;
use std::fmt::Write;

/// How far a curve stays away from the letters of its ends, in CSS pixels.
const GAP: f64 = 4.0;
/// Rails lie below a label; a curve that comes from below ends under them.
const BELOW: f64 = 9.0;
/// Lines nearer to one another than this are neighbours.
const CLOSE: f64 = 28.0;
/// A curve shorter than this has its name beside it, as far away as this.
const SHORT: f64 = 40.0;
/// How far inside a box a curve begins, where the box is wide enough.
const INSIDE: f64 = 9.0;
/// Half of the width, and the length, of an arrow's head.
const HEAD: (f64, f64) = (4.5, 8.0);

/// A curve, both of whose ends point straight up or down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Curve {
    from: (f64, f64),
    to: (f64, f64),
    /// The heights of the two points that bend it.
    bend: (f64, f64),
}

impl Curve {
    /// From one label to another: between the two boxes that lie nearest to one another.
    #[must_use]
    pub fn between(from: &[Rect], to: &[Rect]) -> Option<Self> {
        let ends = |boxes: &[Rect]| [boxes.first().copied(), boxes.last().copied()].into_iter().flatten().collect::<Vec<_>>();
        let pairs = ends(from).into_iter().flat_map(|a| ends(to).into_iter().map(move |b| (a, b)));
        // A jump over a line weighs more than the same way along it.
        let distance = |(a, b): &(Rect, Rect)| (middle(a) - middle(b)).abs() + 4.0 * (a.top - b.top).abs();
        let (a, b) = pairs.min_by(|one, other| distance(one).total_cmp(&distance(other)))?;
        let (x, end) = facing(&a, &b);
        if (a.top - b.top).abs() < a.height.min(b.height) * 0.6 {
            return Some(Self::over((x, a.top - GAP), (end, b.top - GAP), &a));
        }
        let down = b.top > a.top;
        let room = if down { b.top - a.top - a.height } else { a.top - b.top - b.height };
        // Between neighbouring lines there is room for a short arrow only.
        let (gap, below) = if room < CLOSE { (1.0, 2.0) } else { (GAP, BELOW) };
        let start = if down { a.top + a.height + below } else { a.top - gap };
        Some(Self::across((x, start), (end, if down { b.top - gap } else { b.top + b.height + below })))
    }

    /// From a label to a place of the page, such as the pointer.
    #[must_use]
    pub fn towards(from: &[Rect], place: (f64, f64)) -> Option<Self> {
        let a = from.iter().min_by(|one, other| (one.top - place.1).abs().total_cmp(&(other.top - place.1).abs()))?;
        let start = if place.1 > a.top + a.height { a.top + a.height + GAP } else { a.top - GAP };
        Some(Self::across((reach(a, place.0), start), place))
    }

    /// From a label off the screen: straight up or down, as far as the eye sees.
    #[must_use]
    pub fn off(from: &[Rect], above: bool, leads_here: bool, far: f64) -> Option<Self> {
        let a = if above { from.first() } else { from.last() }?;
        let near = (middle(a), if above { a.top - GAP } else { a.top + a.height + BELOW });
        let away = (near.0, if above { near.1 - far } else { near.1 + far });
        Some(if leads_here { Self::across(away, near) } else { Self::across(near, away) })
    }

    /// Over the letters of one line.
    fn over(from: (f64, f64), mut to: (f64, f64), a: &Rect) -> Self {
        // One inside the other: the curve needs room to be seen.
        if (from.0 - to.0).abs() < 24.0 {
            to.0 = if from.0 - a.left > a.width / 2.0 { from.0 - 24.0 } else { from.0 + 24.0 };
        }
        let height = (10.0 + (from.0 - to.0).abs() * 0.05).min(24.0);
        let top = from.1.min(to.1) - height;
        Self { from, to, bend: (top, top) }
    }

    fn across(from: (f64, f64), to: (f64, f64)) -> Self {
        let half = (from.1 + to.1) / 2.0;
        Self { from, to, bend: (half, half) }
    }

    /// Its path.
    pub fn draw(&self, path: &mut String) {
        let ((x, y), (end_x, end_y)) = (self.from, self.to);
        // Writing to a string does not fail.
        let _ = write!(path, "M{x:.1} {y:.1}C{x:.1} {:.1} {end_x:.1} {:.1} {end_x:.1} {end_y:.1}", self.bend.0, self.bend.1);
    }

    /// The path of the head of its arrow.
    pub fn head(&self, path: &mut String) {
        let (x, y) = self.to;
        let (half, length) = if self.bend.1 > y { (HEAD.0, HEAD.1) } else { (HEAD.0, -HEAD.1) };
        // Writing to a string does not fail.
        let _ = write!(path, "M{x:.1} {y:.1}l{:.1} {length:.1}h{:.1}z", -half, half * 2.0);
    }

    /// Where its name stands.
    #[must_use]
    pub fn middle(&self) -> (f64, f64) {
        let (x, y) = ((self.from.0 + self.to.0) / 2.0, (self.from.1 + 3.0 * self.bend.0 + 3.0 * self.bend.1 + self.to.1) / 8.0);
        let is_short = (self.from.1 - self.to.1).abs() < SHORT && (self.from.0 - self.to.0).abs() < SHORT;
        (if is_short { x + SHORT } else { x }, y)
    }
}

/// The line that holds two pieces of one label together, from where the first is left to where the second begins.
pub fn join(first: &[Rect], second: &[Rect], path: &mut String) {
    let (Some(a), Some(b)) = (first.last(), second.first()) else { return };
    let (low, end) = (a.top + a.height + 1.0, b.top + b.height + 1.0);
    // Writing to a string does not fail.
    if (a.top - b.top).abs() < 3.0 {
        let (from, to) = if a.left > b.left { (a.left, b.left + b.width) } else { (a.left + a.width, b.left) };
        let _ = write!(path, "M{from:.1} {low:.1}H{to:.1}");
    } else {
        let (x, to, half) = (middle(a), middle(b), (low + b.top) / 2.0);
        let end = if b.top > a.top { b.top - 2.0 } else { end };
        let _ = write!(path, "M{x:.1} {low:.1}C{x:.1} {half:.1} {to:.1} {half:.1} {to:.1} {end:.1}");
    }
}

fn middle(rect: &Rect) -> f64 {
    rect.left + rect.width / 2.0
}

/// Where a curve leaves one box and reaches another, the same both ways where one lies over the other: at the middle of the narrower.
fn facing(a: &Rect, b: &Rect) -> (f64, f64) {
    let x = middle(if a.width < b.width { a } else { b });
    let (from, to) = (reach(a, x), reach(b, x));
    if (from - to).abs() < f64::EPSILON {
        return (from, to);
    }
    let from = reach(a, middle(b));
    (from, reach(b, from))
}

/// The place of a box that is nearest to `x`, not quite at its corner.
fn reach(rect: &Rect, x: f64) -> f64 {
    let inset = INSIDE.min(rect.width / 2.0);
    x.clamp(rect.left + inset, rect.left + rect.width - inset)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rect(left: f64, top: f64, width: f64) -> Rect {
        Rect { left, top, width, height: 30.0 }
    }

    #[test]
    fn a_curve_over_lines_leaves_one_box_and_points_into_the_other() {
        let (claim, actor) = ([rect(100.0, 200.0, 300.0)], [rect(320.0, 100.0, 60.0)]);
        let curve = Curve::between(&claim, &actor).expect("both have boxes");
        // Straight up: the middle of the actor lies over the claim.
        assert_eq!((curve.from, curve.to), ((350.0, 196.0), (350.0, 139.0)));
        let mut head = String::new();
        curve.head(&mut head);
        assert_eq!(head, "M350.0 139.0l-4.5 8.0h9.0z", "the head opens downwards, for the curve comes from below");
        let back = Curve::between(&actor, &claim).expect("both have boxes");
        assert_eq!((back.from, back.to), ((350.0, 139.0), (350.0, 196.0)));
        let mut head = String::new();
        back.head(&mut head);
        assert_eq!(head, "M350.0 196.0l-4.5 -8.0h9.0z");
    }

    #[test]
    fn between_neighbouring_lines_the_arrow_is_short_and_still_points_to_its_end() {
        let (claim, actor) = ([rect(100.0, 145.0, 300.0)], [rect(320.0, 100.0, 60.0)]);
        for (from, to, up) in [(&claim, &actor, true), (&actor, &claim, false)] {
            let curve = Curve::between(from, to).expect("both have boxes");
            assert_eq!(curve.to.1 < curve.from.1, up, "{curve:?}");
            let mut head = String::new();
            curve.head(&mut head);
            assert_eq!(head.contains(" -8.0h"), !up, "{head}");
            assert!(curve.middle().0 > 350.0 + 20.0, "its name stands beside it");
        }
    }

    #[test]
    fn on_one_line_it_goes_over_the_letters_to_the_left_as_to_the_right() {
        let (right, left) = ([rect(400.0, 50.0, 80.0)], [rect(100.0, 50.0, 80.0)]);
        for (a, b) in [(&right, &left), (&left, &right)] {
            let curve = Curve::between(a, b).expect("both have boxes");
            assert!(curve.bend.0 < 46.0 && curve.from.1 == 46.0 && curve.to.1 == 46.0, "{curve:?}");
            assert!(curve.middle().1 < 46.0);
        }
    }

    #[test]
    fn the_nearest_lines_of_a_broken_label_are_joined() {
        let claim = [rect(0.0, 100.0, 500.0), rect(0.0, 145.0, 500.0), rect(300.0, 190.0, 200.0)];
        let below = Curve::between(&claim, &[rect(350.0, 280.0, 60.0)]).expect("both have boxes");
        assert_eq!(below.from.1, 190.0 + 30.0 + BELOW);
        let above = Curve::between(&claim, &[rect(350.0, 10.0, 60.0)]).expect("both have boxes");
        assert_eq!(above.from.1, 100.0 - GAP);
    }

    #[test]
    fn a_label_inside_another_still_has_a_curve_to_be_seen() {
        let curve = Curve::between(&[rect(0.0, 50.0, 500.0)], &[rect(200.0, 50.0, 60.0)]).expect("both have boxes");
        assert!((curve.from.0 - curve.to.0).abs() >= 24.0, "{curve:?}");
    }

    #[test]
    fn pieces_are_joined_along_the_line_in_either_direction() {
        let mut path = String::new();
        join(&[rect(300.0, 50.0, 100.0)], &[rect(50.0, 50.0, 100.0)], &mut path);
        assert_eq!(path, "M300.0 81.0H150.0", "right to left: from the left edge of the first to the right edge of the second");
        path.clear();
        join(&[rect(50.0, 50.0, 100.0)], &[rect(300.0, 50.0, 100.0)], &mut path);
        assert_eq!(path, "M150.0 81.0H300.0");
    }
}
