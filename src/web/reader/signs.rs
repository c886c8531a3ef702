//! Where the signs above a label stand: side by side at its end, narrower over a word too short for them.

/// The width of a sign, in CSS pixels, where there is room.
const WIDE: f64 = 13.0;
/// The least width in which a sign can still be told, in CSS pixels.
const NARROW: f64 = 6.0;
/// How far they keep from the edge of the label's box, in CSS pixels.
const INSET: f64 = 2.0;

/// The left edges of so many signs over a box, the one that stands at the label's end first, and how wide each is.
/// `leftwards`: the label ends at the left.
pub fn places(left: f64, width: f64, leftwards: bool, count: u8) -> (impl Iterator<Item = f64>, f64) {
    let many = f64::from(count.max(1));
    let wide = ((width - 2.0 * INSET) / many).clamp(NARROW, WIDE);
    // A box that is too small even so has them over its middle.
    let inset = INSET.min((width - wide * many) / 2.0);
    let (first, step) = if leftwards { (left + inset, wide) } else { (left + width - wide - inset, -wide) };
    ((0..count).map(move |index| first + step * f64::from(index)), wide)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(width: f64, leftwards: bool, count: u8) -> (Vec<f64>, f64) {
        let (lefts, wide) = places(100.0, width, leftwards, count);
        (lefts.collect(), wide)
    }

    #[test]
    fn signs_stand_at_the_end_of_a_label() {
        assert_eq!(placed(80.0, true, 2), (vec![102.0, 115.0], 13.0));
        assert_eq!(placed(80.0, false, 2), (vec![165.0, 152.0], 13.0));
        assert_eq!(placed(80.0, true, 0).0, [0.0; 0]);
    }

    #[test]
    fn over_a_short_word_they_are_narrower_and_none_sticks_out() {
        for width in 12..=40 {
            for leftwards in [true, false] {
                for count in 1..=2 {
                    let (lefts, wide) = placed(f64::from(width), leftwards, count);
                    assert!(lefts.iter().all(|left| *left >= 100.0 && left + wide <= 100.0 + f64::from(width)), "{width} {lefts:?} {wide}");
                    assert!(lefts.windows(2).all(|pair| (pair[0] - pair[1]).abs() >= wide), "{width}: none lies on another");
                }
            }
        }
        // One letter: they stick out as little on either side.
        assert_eq!(placed(8.0, true, 2), (vec![98.0, 104.0], 6.0));
    }
}
