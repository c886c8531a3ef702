//! Which choices a format leaves: the others change nothing of what it writes, and are not offered.

use super::list::Format;

/// A choice of [`super::export::Options`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Knob {
    /// Which of labels that lie on one another stands, or comes first.
    Overlap,
    /// What a token is.
    Tokens,
    /// What becomes of a label that cuts a token.
    Cut,
    /// Whether tags say where a label ends.
    Ends,
    /// Whether all but ASCII is escaped.
    Ascii,
    /// Whether columns are parted by tabulators.
    Tabs,
}

impl Format {
    /// The choices that change what is written. A table and brat write JSON only in answers, which is not worth a choice.
    #[must_use]
    pub fn knobs(self) -> &'static [Knob] {
        use Knob::{Ascii, Cut, Ends, Overlap, Tabs, Tokens};
        match self {
            Self::Wusum | Self::Text | Self::Brat | Self::CasXmi | Self::Tei => &[],
            Self::Csv => &[Tabs],
            Self::Doccano | Self::LabelStudio | Self::WebAnnotation | Self::Gate | Self::Pubannotation | Self::CasJson => &[Ascii],
            Self::Spacy => &[Overlap, Tokens, Cut, Ascii],
            Self::Conll2003 | Self::ConllNested => &[Overlap, Tokens, Cut, Ends],
            Self::HuggingFace => &[Overlap, Tokens, Cut, Ends, Ascii],
            Self::Conllu => &[Tokens, Cut],
            Self::WebAnno => &[Tokens],
        }
    }
}

#[cfg(feature = "datasets")]
#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::export::{Options, export};
    use crate::formats::flat::OverlapRule;
    use crate::formats::samples::{label, project};
    use crate::formats::tokens::{CutRule, TokenRule};
    use crate::layer::{Layer, Status};
    use std::collections::BTreeMap;

    #[test]
    fn a_choice_is_offered_where_it_changes_what_is_written_and_nowhere_else() {
        // A label in another, and one that begins inside a word; the word without its clitic is in the text too.
        let text = "قال وزير مصر سامح شكري إن الوزير وقال وقال";
        let labels = [label("s1", 4, 22, "B"), label("s2", 13, 22, "A"), label("s3", 34, 37, "C")];
        let project = project(vec![("d", text)], vec![("d", "أ", Layer::from_records(Status::Done, labels, []))]);
        let files = |format: Format, options: &Options| export(&project, &BTreeMap::new(), format, options).map(|exported| exported.files);
        let plain = Options::default();
        let turned = [
            (Knob::Overlap, Options { overlap: OverlapRule::Innermost, ..plain.clone() }),
            (Knob::Tokens, Options { tokens: TokenRule::Clitics, ..plain.clone() }),
            (Knob::Cut, Options { cut: CutRule::Widen, ..plain.clone() }),
            (Knob::Ends, Options { bioes: true, ..plain.clone() }),
            (Knob::Ascii, Options { ascii: true, ..plain.clone() }),
            (Knob::Tabs, Options { tabs: true, ..plain.clone() }),
        ];
        for format in Format::ALL {
            let before = files(format, &plain);
            let heard: Vec<Knob> = turned.iter().filter(|(_, options)| files(format, options) != before).map(|(knob, _)| *knob).collect();
            assert_eq!(heard, format.knobs(), "{}", format.name());
        }
    }
}
