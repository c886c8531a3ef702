//! Counts as simple plots: bars in SVG, as text. Words come in from outside; they may be of any script and hold anything.

use super::stats::{Counts, Histogram, Stats};
use super::svg::{csv_name, escape, open, short};
use crate::schema::Schema;
use serde::{Deserialize, Serialize};
use std::fmt::Write;

/// The most bars of a plot of sizes; from the last on, sizes share one.
const SIZES: usize = 12;

/// The most bars of a plot of names; those behind are told as a number.
const NAMES: usize = 60;

/// The most characters of a name.
const LONGEST: usize = 26;

/// Measures, in pixels.
const ROW: usize = 22;
const NAME: usize = 220;
const BAR: usize = 380;
const EDGE: usize = 12;
const WIDTH: usize = NAME + BAR + 80 + 2 * EDGE;

/// Colours that people tell apart, also those who see no red or no green (Okabe and Ito).
const COLOURS: [&str; 4] = ["#0072b2", "#e69f00", "#009e73", "#cc79a7"];

/// Bars, one below the other; each is made of a piece for each series.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plot {
    /// What is shown.
    pub title: String,
    /// What the pieces are called; with one, no names are shown.
    pub series: Vec<String>,
    /// Each bar with its name and a number for each series.
    pub bars: Vec<(String, Vec<usize>)>,
}

/// How the plots are called, in the language of who reads them.
#[derive(Clone, Debug)]
pub struct Titles<'a> {
    /// Labels of each kind.
    pub labels: &'a str,
    /// Labels by their length in words.
    pub words: &'a str,
    /// Labels by how many others they are inside of.
    pub depths: &'a str,
    /// Documents by status.
    pub statuses: &'a str,
}

/// English.
pub const ENGLISH: Titles<'static> = Titles {
    labels: "Labels of each kind",
    words: "Labels by length in words",
    depths: "Labels by how many others they are inside of",
    statuses: "Documents by status",
};

/// The plots of counts, each with a short name for its file.
#[must_use]
pub fn plots(stats: &Stats, schema: &Schema, titles: &Titles) -> Vec<(&'static str, Plot)> {
    let parts: Vec<(&str, &Counts)> = if stats.splits.is_empty() {
        vec![("all", &stats.all)]
    } else {
        stats.splits.iter().map(|part| (part.name.as_str(), &part.counts)).collect()
    };
    let series: Vec<String> = parts.iter().map(|(name, _)| (*name).to_owned()).collect();
    let plot = |title: &str, bars: Vec<(String, Vec<usize>)>| Plot { title: title.to_owned(), series: series.clone(), bars };
    let labels = super::stats::in_order(schema, &stats.all.labels)
        .into_iter()
        .map(|(name, _)| (name.to_owned(), parts.iter().map(|(_, counts)| counts.labels.get(name).copied().unwrap_or(0)).collect()));
    let statuses = crate::layer::Status::ALL.map(|status| {
        let name = status.name();
        (name.to_owned(), parts.iter().map(|(_, counts)| counts.statuses.get(name).copied().unwrap_or(0)).collect())
    });
    let sizes = |of: fn(&Counts) -> &Histogram| sizes(of(&stats.all), &parts.iter().map(|(_, counts)| of(counts)).collect::<Vec<_>>());
    vec![
        ("labels", plot(titles.labels, labels.collect())),
        ("lengths", plot(titles.words, sizes(|counts| &counts.words_per_label))),
        ("nesting", plot(titles.depths, sizes(|counts| &counts.depths))),
        ("statuses", plot(titles.statuses, statuses.to_vec())),
    ]
}

/// A bar for each size from the smallest on; the last is for all that are larger.
fn sizes(all: &Histogram, parts: &[&Histogram]) -> Vec<(String, Vec<usize>)> {
    let (Some((first, _)), Some((last, _))) = (all.first_key_value(), all.last_key_value()) else { return Vec::new() };
    let mut bars = Vec::new();
    for (number, size) in (*first..=*last).enumerate().take(SIZES) {
        let is_rest = number + 1 == SIZES && size < *last;
        let name = if is_rest { format!("{size}+") } else { size.to_string() };
        let until = if is_rest { *last } else { size };
        bars.push((name, parts.iter().map(|part| part.range(size..=until).map(|(_, count)| count).sum()).collect()));
    }
    bars
}

impl Plot {
    /// As SVG, with a line end.
    #[must_use]
    pub fn to_svg(&self) -> String {
        self.drawn(&Hand { is_right_to_left: false, number: &|number| number.to_string() })
    }

    /// As SVG, with a line end, by the habits of a language.
    #[must_use]
    pub fn drawn(&self, hand: &Hand) -> String {
        let bars = self.bars.get(..self.bars.len().min(NAMES)).unwrap_or_default();
        let hidden = self.bars.len() - bars.len();
        let most = bars.iter().map(|(_, counts)| counts.iter().sum::<usize>()).max().unwrap_or(0).max(1);
        let has_legend = self.series.len() > 1;
        let rows = bars.len() + 1 + usize::from(has_legend) + usize::from(hidden > 0);
        let (width, height) = (WIDTH, rows * ROW + 2 * EDGE);
        let title = escape(&self.title);
        let mut out = open((width, height), hand.is_right_to_left, &self.title);
        let mut y = EDGE + 15;
        // Writing to a string does not fail.
        let _ = writeln!(out, "<text x=\"{}\" y=\"{y}\" font-weight=\"bold\">{title}</text>", hand.point(EDGE));
        if has_legend {
            y += ROW;
            for (at, name) in self.series.iter().enumerate() {
                let x = EDGE + at * 120;
                let _ = writeln!(out, "<rect x=\"{}\" y=\"{}\" width=\"12\" height=\"12\" fill=\"{}\"/>", hand.piece(x, 12), y - 11, colour(at));
                let _ = writeln!(out, "<text x=\"{}\" y=\"{y}\">{}</text>", hand.point(x + 18), escape(name));
            }
        }
        for (name, counts) in bars {
            y += ROW;
            // The name ends at the bar, whatever the direction of its script.
            let (end, name) = (hand.point(EDGE + NAME - 8), escape(&short(name, LONGEST)));
            let _ = writeln!(out, "<text x=\"{end}\" y=\"{y}\" text-anchor=\"end\"><tspan>{name}</tspan></text>");
            let mut before = 0;
            for (at, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
                // Ends are rounded, not widths, so that pieces touch.
                let (start, end) = (before * BAR / most, (before + count) * BAR / most);
                let piece = (end - start).max(1);
                let x = hand.piece(EDGE + NAME + start, piece);
                let _ = writeln!(out, "<rect x=\"{x}\" y=\"{}\" width=\"{piece}\" height=\"15\" fill=\"{}\"/>", y - 12, colour(at));
                before += count;
            }
            let x = hand.point(EDGE + NAME + before * BAR / most + 6);
            let _ = writeln!(out, "<text x=\"{x}\" y=\"{y}\">{}</text>", (hand.number)(before));
        }
        if hidden > 0 {
            let _ = writeln!(out, "<text x=\"{}\" y=\"{}\">+ {}</text>", hand.point(EDGE), y + ROW, (hand.number)(hidden));
        }
        out.push_str("</svg>\n");
        out
    }

    /// As a table (CSV, UTF-8): a line for each bar, a column for each series; a name that a table program would take for a
    /// formula has an apostrophe in front.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let head = std::iter::once(&self.title).chain(&self.series).map(|name| csv_name(name)).collect::<Vec<_>>().join(",");
        let line = |(name, counts): &(String, Vec<usize>)| {
            let counts: String = counts.iter().map(|count| format!(",{count}")).collect();
            format!("{}{counts}\n", csv_name(name))
        };
        format!("{head}\n{}", self.bars.iter().map(line).collect::<String>())
    }
}

/// How a language draws a plot.
pub struct Hand<'a> {
    /// Names are on the right and bars grow to the left.
    pub is_right_to_left: bool,
    /// How a number is written.
    pub number: &'a dyn Fn(usize) -> String,
}

impl Hand<'_> {
    /// Where a point is that is so far from the side on which lines begin.
    fn point(&self, from_start: usize) -> usize {
        if self.is_right_to_left { WIDTH - from_start } else { from_start }
    }

    /// Where a piece of some width has its left side.
    fn piece(&self, from_start: usize, width: usize) -> usize {
        if self.is_right_to_left { WIDTH - from_start - width } else { from_start }
    }
}

fn colour(at: usize) -> &'static str {
    COLOURS[at % COLOURS.len()]
}

#[cfg(feature = "datasets")]
#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::loss::is_in_xml;
    use proptest::prelude::*;
    use quick_xml::Reader;
    use quick_xml::events::Event;

    /// The texts of a well-formed plot, and its pieces' widths.
    fn read(svg: &str) -> (Vec<String>, Vec<usize>) {
        let mut reader = Reader::from_str(svg);
        let (mut texts, mut widths, mut depth, mut is_open) = (Vec::new(), Vec::new(), 0_usize, String::new());
        loop {
            match reader.read_event().expect("well-formed") {
                Event::Start(_) => {
                    depth += 1;
                    is_open.clear();
                }
                Event::End(_) => {
                    depth -= 1;
                    if !is_open.trim().is_empty() {
                        texts.push(std::mem::take(&mut is_open));
                    }
                }
                Event::Text(text) => is_open.push_str(&text),
                Event::GeneralRef(name) => is_open.push_str(match &*name {
                    "amp" => "&",
                    "lt" => "<",
                    "gt" => ">",
                    "quot" => "\"",
                    other => panic!("{other:?}"),
                }),
                Event::Empty(element) => {
                    for attribute in element.attributes() {
                        let attribute = attribute.expect("well-formed");
                        if attribute.key.as_ref() == "width" {
                            widths.push(attribute.value.parse().expect("a number"));
                        }
                    }
                }
                Event::Eof => break,
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(depth, 0);
        (texts, widths)
    }

    #[test]
    fn bars_are_as_long_as_their_numbers() {
        let bars = vec![("ممثل <&>".to_owned(), vec![30, 10]), ("b".to_owned(), vec![0, 20])];
        let plot = Plot { title: "Labels \"x\"".to_owned(), series: vec!["train".to_owned(), "test".to_owned()], bars };
        let (texts, widths) = read(&plot.to_svg());
        assert_eq!(texts, ["Labels \"x\"", "Labels \"x\"", "train", "test", "ممثل <&>", "40", "b", "20"]);
        // The ground, two signs of the legend, then the pieces: 40 fills the width.
        assert_eq!(widths[3..], [BAR * 3 / 4, BAR / 4, BAR / 2]);
    }

    #[test]
    fn a_right_to_left_plot_is_the_other_one_mirrored() {
        let bars = vec![("ممثل".to_owned(), vec![30, 10])];
        let plot = Plot { title: "الوسوم".to_owned(), series: vec!["تدريب".to_owned(), "اختبار".to_owned()], bars };
        let svg = plot.drawn(&Hand { is_right_to_left: true, number: &|number| format!("#{number}") });
        assert!(svg.contains(" direction=\"rtl\" "), "{svg}");
        // The first piece ends where the names do, the second at its left; the number is written as asked.
        let first = WIDTH - EDGE - NAME - BAR * 3 / 4;
        assert!(svg.contains(&format!("<rect x=\"{first}\" y=\"59\" width=\"{}\"", BAR * 3 / 4)), "{svg}");
        assert!(svg.contains(&format!("<rect x=\"{}\" y=\"59\" width=\"{}\"", first - BAR / 4, BAR / 4)), "{svg}");
        assert!(svg.contains(">#40</text>"), "{svg}");
    }

    #[test]
    fn a_table_has_a_line_for_each_bar_and_no_formula() {
        let bars = vec![("=1+1".to_owned(), vec![3, 0]), ("a \"b\", c".to_owned(), vec![1, 2])];
        let plot = Plot { title: "Labels".to_owned(), series: vec!["train".to_owned(), "test".to_owned()], bars };
        assert_eq!(plot.to_csv(), "\"Labels\",\"train\",\"test\"\n\"'=1+1\",3,0\n\"a \"\"b\"\", c\",1,2\n");
    }

    #[test]
    fn many_sizes_and_names_end_in_one() {
        let histogram: Histogram = [(1, 5), (2, 1), (30, 2), (4_000_000_000, 1)].into();
        let bars = sizes(&histogram, &[&histogram]);
        assert_eq!((bars.len(), bars[0].clone(), bars[11].clone()), (SIZES, ("1".to_owned(), vec![5]), ("12+".to_owned(), vec![3])));
        assert_eq!(sizes(&Histogram::new(), &[]), []);
        let bars = (0..100).map(|number| (number.to_string(), vec![1])).collect();
        let (texts, _) = read(&Plot { bars, ..Plot::default() }.to_svg());
        assert_eq!(texts.last().map(String::as_str), Some("+ 40"));
    }

    proptest! {
        #[test]
        fn any_name_is_well_formed(title in ".{0,20}", name in "\\PC{0,9}[\u{0}-\u{ff}\u{fffe}\u{202e}<&'\"\\]]{0,9}", count in 0_usize..1_000_000) {
            let svg = Plot { title, series: vec![name.clone(), name.clone()], bars: vec![(name, vec![count, 0])] }.to_svg();
            prop_assert!(svg.chars().all(is_in_xml));
            read(&svg);
        }
    }
}
