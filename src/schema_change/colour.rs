//! How far two colours are apart, and how a label's colour looks as the page paints it.

use crate::schema::Style;

/// A colour in sRGB, each part from 0 to 1.
pub(super) type Rgb = [f64; 3];

/// The page's two papers, as `styles/base.css` has them.
pub(super) const LIGHT: Page = Page { paper: "#fbfaf7", ink: "#1d2126", tint: 0x66 as f64 / 255.0 };
pub(super) const DARK: Page = Page { paper: "#16191d", ink: "#e9e6df", tint: 0x40 as f64 / 255.0 };

/// A paper, the ink on it, and how strong a tint behind letters is.
pub(super) struct Page {
    pub paper: &'static str,
    pub ink: &'static str,
    pub tint: f64,
}

impl Page {
    /// The colour that is seen: a line as it is, a fill mixed with the paper.
    pub(super) fn painted(&self, colour: Rgb, style: Style) -> Rgb {
        let paper = parse(self.paper).unwrap_or_default();
        match style {
            Style::Line => colour,
            Style::Fill => std::array::from_fn(|part| paper[part] + (colour[part] - paper[part]) * self.tint),
        }
    }
}

/// Reads `#rrggbb`.
pub(super) fn parse(written: &str) -> Option<Rgb> {
    let digits = written.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    let number = u32::from_str_radix(digits, 16).ok()?;
    Some([16, 8, 0].map(|shift| f64::from(number >> shift & 0xFF) / 255.0))
}

fn linear(part: f64) -> f64 {
    if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
}

/// The contrast of two colours, from 1 to 21, as WCAG 2.2 defines it ("contrast ratio", "relative luminance").
pub(super) fn contrast(a: Rgb, b: Rgb) -> f64 {
    let luminance = |colour: Rgb| {
        let [red, green, blue] = colour.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    };
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Lightness and two opponent parts in Oklab: Björn Ottosson, "A perceptual color space for image processing", 2020.
pub(super) fn oklab(colour: Rgb) -> [f64; 3] {
    let [r, g, b] = colour.map(linear);
    let l = (0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b).cbrt();
    let m = (0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b).cbrt();
    let s = (0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b).cbrt();
    [
        0.210_454_255_3 * l + 0.793_617_785_0 * m - 0.004_072_046_8 * s,
        1.977_998_495_1 * l - 2.428_592_205_0 * m + 0.450_593_709_9 * s,
        0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766_0 * s,
    ]
}

/// How far two colours are apart: the distance in Oklab, which CSS Color 4 calls deltaEOK; 0.02 is just noticeable there.
pub(super) fn distance(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (oklab(a), oklab(b));
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 0.001, "{found} is not {expected}");
    }

    #[test]
    fn the_papers_are_those_of_the_styles() {
        let styles = include_str!("../../styles/base.css");
        let (light, dark) = styles.split_once("--paper: #16191d").expect("the dark paper comes second");
        for (styles, page) in [(light, &LIGHT), (&format!("--paper: #16191d{dark}"), &DARK)] {
            assert!(styles.contains(&format!("--paper: {};", page.paper)) && styles.contains(&format!("--ink: {};", page.ink)));
        }
    }

    #[test]
    fn measures_are_the_published_ones() {
        let colour = |written| parse(written).expect("a colour");
        // WCAG: black on white is 21, and #767676 is the lightest grey that has 4.5 on white.
        near(contrast(colour("#000000"), colour("#ffffff")), 21.0);
        assert!(contrast(colour("#767676"), colour("#ffffff")) >= 4.5 && contrast(colour("#777777"), colour("#ffffff")) < 4.5);
        // Oklab of white and of red, as published with it.
        for (found, expected) in oklab(colour("#ffffff")).into_iter().zip([1.0, 0.0, 0.0]) {
            near(found, expected);
        }
        for (found, expected) in oklab(colour("#ff0000")).into_iter().zip([0.628, 0.225, 0.126]) {
            near(found, expected);
        }
        near(distance(colour("#000000"), colour("#ffffff")), 1.0);
    }

    #[test]
    fn only_six_digits_are_a_colour() {
        for odd in ["", "#fff", "#fffffff", "f0b440", "#f0b44g", "#f0b44 ", "#+12345", "red"] {
            assert_eq!(parse(odd), None, "{odd}");
        }
    }
}
