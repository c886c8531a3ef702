//! Numbers of two names each as a matrix: squares in SVG, the darker the more, with the number in each. Words come in from outside.

use super::svg::{csv_name, escape, open, short};
use std::fmt::Write;

/// Measures, in pixels.
const NAME: usize = 150;
const SQUARE: (usize, usize) = (84, 38);
const LINE: usize = 22;
const EDGE: usize = 12;

/// The most characters of names, beside and above the squares.
const LONGEST: (usize, usize) = (18, 10);

/// From this shade on the number is light.
const DARK: f64 = 0.5;

/// A matrix.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matrix {
    /// What is shown.
    pub title: String,
    /// What rows and columns are.
    pub about: String,
    /// What the columns are called.
    pub columns: Vec<String>,
    /// Each row with its name.
    pub rows: Vec<(String, Vec<Square>)>,
}

/// A place of a matrix.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Square {
    /// The number, if there is one.
    pub value: Option<f64>,
    /// The number as it is written; where there is none, why.
    pub said: String,
    /// How dark it is, from 0 to 1.
    pub shade: f64,
}

impl Matrix {
    /// As SVG, with a line end; right to left it begins at the right.
    #[must_use]
    pub fn to_svg(&self, is_right_to_left: bool) -> String {
        let columns = self.columns.len();
        let width = (2 * EDGE + NAME + columns * SQUARE.0).max(420);
        let height = 2 * EDGE + 3 * LINE + self.rows.len() * SQUARE.1;
        let point = |from_start: usize| if is_right_to_left { width - from_start } else { from_start };
        let corner = |from_start: usize| if is_right_to_left { width - from_start - SQUARE.0 } else { from_start };
        let mut out = open((width, height), is_right_to_left, &self.title);
        let (start, mut y) = (point(EDGE), EDGE + 15);
        // Writing to a string does not fail.
        let _ = writeln!(out, "<text x=\"{start}\" y=\"{y}\" font-weight=\"bold\">{}</text>", escape(&self.title));
        y += LINE;
        let _ = writeln!(out, "<text x=\"{start}\" y=\"{y}\" fill=\"#565c63\">{}</text>", escape(&self.about));
        y += LINE;
        let place = |at: usize| EDGE + NAME + at * SQUARE.0;
        for (at, name) in self.columns.iter().enumerate() {
            let (x, name) = (point(place(at) + SQUARE.0 / 2), escape(&short(name, LONGEST.1)));
            let _ = writeln!(out, "<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\"><tspan>{name}</tspan></text>");
        }
        for (name, squares) in &self.rows {
            let (top, base) = (y + 8, y + 8 + SQUARE.1 / 2 + 5);
            let (x, name) = (point(EDGE + NAME - 8), escape(&short(name, LONGEST.0)));
            let _ = writeln!(out, "<text x=\"{x}\" y=\"{base}\" text-anchor=\"end\"><tspan>{name}</tspan></text>");
            for (at, square) in squares.iter().enumerate() {
                let shade = square.shade.clamp(0.0, 1.0);
                let (x, w, h) = (corner(place(at)), SQUARE.0 - 2, SQUARE.1 - 2);
                let _ = writeln!(
                    out,
                    "<rect x=\"{x}\" y=\"{top}\" width=\"{w}\" height=\"{h}\" fill=\"#0f6b63\" fill-opacity=\"{shade:.3}\" stroke=\"#ddd8cc\"/>"
                );
                let (x, ink) = (point(place(at) + SQUARE.0 / 2), if shade > DARK { "#ffffff" } else { "#1d2126" });
                let said = escape(&short(&square.said, LONGEST.1));
                let _ = writeln!(out, "<text x=\"{x}\" y=\"{base}\" text-anchor=\"middle\" fill=\"{ink}\"><tspan>{said}</tspan></text>");
            }
            y += SQUARE.1;
        }
        out.push_str("</svg>\n");
        out
    }

    /// As a table (CSV, UTF-8): a line for each row, numbers in full; nothing where there is none.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let line = |name: &str, cells: Vec<String>| std::iter::once(csv_name(name)).chain(cells).collect::<Vec<_>>().join(",") + "\n";
        let number = |square: &Square| square.value.map_or_else(String::new, |value| value.to_string());
        let rows = self.rows.iter().map(|(name, squares)| line(name, squares.iter().map(number).collect()));
        line(&self.title, self.columns.iter().map(|name| csv_name(name)).collect()) + &rows.collect::<String>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(value: f64, shade: f64) -> Square {
        Square { value: Some(value), said: format!("{value:.2}"), shade }
    }

    fn matrix() -> Matrix {
        Matrix {
            title: "a × b".to_owned(),
            about: "Rows: a".to_owned(),
            columns: vec!["Actor".to_owned(), "=x".to_owned()],
            rows: vec![
                ("Actor".to_owned(), vec![square(31.0, 1.0), Square { said: "—".to_owned(), ..Square::default() }]),
                ("<ممثل>".to_owned(), vec![square(0.25, 0.2), square(-0.5, -3.0)]),
            ],
        }
    }

    #[test]
    fn the_table_has_numbers_in_full_and_no_formula() {
        assert_eq!(matrix().to_csv(), "\"a × b\",\"Actor\",\"'=x\"\n\"Actor\",31,\n\"<ممثل>\",0.25,-0.5\n");
    }

    #[test]
    fn the_darker_the_more_and_the_number_can_be_read() {
        let svg = matrix().to_svg(false);
        let opacities: Vec<&str> = svg.split("fill-opacity=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(opacities, ["1.000", "0.000", "0.200", "0.000"]);
        assert!(svg.contains("fill=\"#ffffff\"><tspan>31.00<") && svg.contains("fill=\"#1d2126\"><tspan>0.25<"), "{svg}");
        assert!(svg.contains("&lt;ممثل&gt;") && svg.ends_with("</svg>\n"), "{svg}");
    }

    #[test]
    fn right_to_left_is_the_other_one_mirrored() {
        let xs = |svg: &str| -> Vec<usize> {
            svg.lines().filter(|line| line.contains("fill-opacity")).filter_map(|line| line.split('"').nth(1)?.parse().ok()).collect()
        };
        let (left, right) = (xs(&matrix().to_svg(false)), xs(&matrix().to_svg(true)));
        let width = 420;
        assert_eq!(left.iter().map(|x| width - x - SQUARE.0).collect::<Vec<_>>(), right);
        assert_eq!(left[..2], [EDGE + NAME, EDGE + NAME + SQUARE.0]);
    }
}
