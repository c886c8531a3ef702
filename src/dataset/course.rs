//! A number that changes in the course of work: dots on a line, in SVG. Words come in from outside.

use super::svg::{csv_name, escape, open};
use std::fmt::Write;

/// Measures, in pixels.
const WIDTH: usize = 682;
const HEIGHT: usize = 260;
const EDGE: usize = 12;
const LINE: usize = 22;
/// What is left for the numbers beside the lines, and for the words below and above them.
const BESIDE: usize = 52;
const BELOW: usize = 30;
const ABOVE: usize = 2 * LINE + 12;

/// Milliseconds of a day.
const DAY: u64 = 86_400_000;

/// A course.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Course {
    /// What is shown.
    pub title: String,
    /// What names, times and numbers are called.
    pub heads: [String; 3],
    /// In order: a name, milliseconds since 1970 or 0 where that is not known, and the number if there is one.
    pub steps: Vec<(String, u64, Option<f64>)>,
}

/// How a language draws a course.
pub struct Manner<'a> {
    /// The first step is on the right.
    pub is_right_to_left: bool,
    /// How a number is written.
    pub number: &'a dyn Fn(f64) -> String,
    /// What stands below the first and the last step.
    pub ends: [String; 2],
}

impl Course {
    /// The least number that is drawn: 0, or less where one is less.
    #[must_use]
    pub fn least(&self) -> f64 {
        let least = self.steps.iter().filter_map(|(.., value)| *value).fold(0.0, f64::min);
        // In halves, so that a line lies there.
        (least * 2.0).floor() / 2.0
    }

    /// Where each step with a number lies: its place in the list, from the first step (0) to the last (1), and from the least number
    /// (0) to 1 (1).
    #[must_use]
    pub fn points(&self) -> Vec<(usize, f64, f64)> {
        let (last, least) = (self.steps.len().saturating_sub(1), self.least());
        let across = |at: usize| if last == 0 { 0.5 } else { at as f64 / last as f64 };
        let up = |value: f64| ((value - least) / (1.0 - least)).clamp(0.0, 1.0);
        self.steps.iter().enumerate().filter_map(|(at, (.., value))| Some((at, across(at), up((*value)?)))).collect()
    }

    /// The numbers at which lines lie, from the least to 1.
    #[must_use]
    pub fn lines(&self) -> Vec<f64> {
        let least = self.least();
        let mut lines = vec![least];
        while lines.last().is_some_and(|line| *line < 1.0) && lines.len() < 100 {
            lines.extend(lines.last().map(|line| line + 0.5));
        }
        lines
    }

    /// As SVG, with a line end.
    #[must_use]
    pub fn to_svg(&self, manner: &Manner) -> String {
        let (inner, tall) = ((WIDTH - 2 * EDGE - BESIDE - 8) as f64, (HEIGHT - ABOVE - BELOW - EDGE) as f64);
        let mirrored = |from_start: f64| if manner.is_right_to_left { WIDTH as f64 - from_start } else { from_start };
        let x = |across: f64| mirrored((EDGE + BESIDE) as f64 + across * inner);
        let y = |up: f64| ABOVE as f64 + (1.0 - up) * tall;
        let least = self.least();
        let mut out = open((WIDTH, HEIGHT), manner.is_right_to_left, &self.title);
        // Writing to a string does not fail.
        let _ = writeln!(out, "<text x=\"{}\" y=\"{}\" font-weight=\"bold\">{}</text>", mirrored(EDGE as f64), EDGE + 15, escape(&self.title));
        for line in self.lines() {
            let at = y((line - least) / (1.0 - least));
            let _ = writeln!(out, "<line x1=\"{:.1}\" x2=\"{:.1}\" y1=\"{at:.1}\" y2=\"{at:.1}\" stroke=\"#ddd8cc\"/>", x(0.0), x(1.0));
            let said = escape(&(manner.number)(line));
            let _ = writeln!(
                out,
                "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"#565c63\"><tspan>{said}</tspan></text>",
                mirrored((EDGE + BESIDE - 8) as f64),
                at + 4.0
            );
        }
        let points = self.points();
        let path: Vec<String> = points.iter().map(|(_, across, up)| format!("{:.1},{:.1}", x(*across), y(*up))).collect();
        let _ = writeln!(out, "<polyline points=\"{}\" fill=\"none\" stroke=\"#0f6b63\" stroke-width=\"1.5\"/>", path.join(" "));
        for (at, across, up) in &points {
            let name = self.steps.get(*at).map_or("", |(name, ..)| name.as_str());
            let _ = writeln!(
                out,
                "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"4\" fill=\"#0f6b63\"><title>{}</title></circle>",
                x(*across),
                y(*up),
                escape(name)
            );
        }
        for (across, anchor, said) in [(0.0, "start", &manner.ends[0]), (1.0, "end", &manner.ends[1])] {
            let said = escape(said);
            let _ = writeln!(out, "<text x=\"{:.1}\" y=\"{}\" text-anchor=\"{anchor}\" fill=\"#565c63\">{said}</text>", x(across), HEIGHT - EDGE - 4);
        }
        out.push_str("</svg>\n");
        out
    }

    /// As a table (CSV, UTF-8): a line for each step, times as ISO 8601 has them (UTC); nothing where a time or a number is missing.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let heads = self.heads.each_ref().map(|head| csv_name(head)).join(",");
        let time = |at: u64| if at == 0 { String::new() } else { iso(at) };
        let step = |(name, at, value): &(String, u64, Option<f64>)| {
            format!("{},{},{}\n", csv_name(name), time(*at), value.map_or_else(String::new, |value| value.to_string()))
        };
        format!("{heads}\n{}", self.steps.iter().map(step).collect::<String>())
    }
}

/// A time as ISO 8601 has it, in UTC, from milliseconds since 1970.
#[must_use]
pub fn iso(at: u64) -> String {
    let (days, within) = (at / DAY, at % DAY / 1_000);
    // Years begin in March, so that the day that is there every fourth year is a year's last; 400 years are a whole.
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let (day, month) = (day - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    let year = year + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", within / 3_600, within / 60 % 60, within % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn course(values: &[Option<f64>]) -> Course {
        let steps = values.iter().enumerate().map(|(at, value)| (format!("d{at}"), at as u64 * DAY, *value)).collect();
        Course { title: "α".to_owned(), heads: ["document", "at", "α"].map(str::to_owned), steps }
    }

    #[test]
    fn steps_lie_in_order_and_by_their_number() {
        let course = course(&[Some(0.5), None, Some(1.0), Some(0.0), Some(0.25)]);
        assert_eq!(course.points(), [(0, 0.0, 0.5), (2, 0.5, 1.0), (3, 0.75, 0.0), (4, 1.0, 0.25)]);
        assert_eq!(course.lines(), [0.0, 0.5, 1.0]);
    }

    #[test]
    fn what_is_below_nothing_is_drawn_too() {
        let course = course(&[Some(-0.25), Some(1.0)]);
        assert_eq!((course.least(), course.lines()), (-0.5, vec![-0.5, 0.0, 0.5, 1.0]));
        let up: Vec<f64> = course.points().into_iter().map(|(.., up)| up).collect();
        assert!((up[0] - 1.0 / 6.0).abs() < 1e-12 && (up[1] - 1.0).abs() < 1e-12, "{up:?}");
        assert_eq!(super::Course::default().points(), []);
    }

    #[test]
    fn the_table_leaves_out_what_is_not_known() {
        assert_eq!(course(&[Some(0.5), None]).to_csv(), "\"document\",\"at\",\"α\"\n\"d0\",,0.5\n\"d1\",1970-01-02T00:00:00Z,\n");
    }

    #[test]
    fn a_time_is_written_as_calendars_have_it() {
        assert_eq!(iso(951_782_400_000), "2000-02-29T00:00:00Z");
        assert_eq!(iso(1_795_737_599_000), "2026-11-26T23:59:59Z");
        assert_eq!(iso(4_107_542_400_000), "2100-03-01T00:00:00Z");
    }

    #[test]
    fn right_to_left_begins_at_the_right() {
        let drawn = |is_right_to_left: bool| {
            let number = |number: f64| format!("#{number}");
            course(&[Some(1.0), Some(0.0)]).to_svg(&Manner { is_right_to_left, number: &number, ends: ["first", "last"].map(str::to_owned) })
        };
        let first = |svg: &str| svg.split("cx=\"").nth(1).and_then(|rest| rest.split('"').next()?.parse::<f64>().ok());
        assert_eq!(first(&drawn(false)), Some((EDGE + BESIDE) as f64));
        assert_eq!(first(&drawn(true)), Some((WIDTH - EDGE - BESIDE) as f64));
        assert!(drawn(true).contains(" direction=\"rtl\" ") && drawn(true).contains(">#0.5</tspan>"));
    }
}
