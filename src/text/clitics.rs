//! Clitics: what is written together with a name and is no part of it, judged by evidence and never by letter alone.
//!
//! و may begin وزير or stand before أذربيجان. Only the project's own texts tell: a clitic is offered where the rest is
//! attested there as a word of its own (with or without ال; with ة for an opened ت).

use std::ops::Range;

use super::fold::{Folded, fold};
use super::index::Text;
use super::offset::Offset;
use super::vocabulary::{FEWEST_LETTERS, PRONOUNS, Vocabulary};

/// Which edge of a word.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Hash)]
pub enum Edge {
    /// The first letter, on the right in Arabic.
    Start,
    /// The last letter, on the left in Arabic.
    End,
}

/// What a clitic does; of a stack, what its innermost letter does.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Hash)]
pub enum CliticKind {
    /// و and ف: and, then.
    Conjunction,
    /// ب, ل and ك: in or by, for or to, like.
    Preposition,
    /// س before a verb: will.
    Future,
    /// أ: is it?
    Question,
    /// ه, ها, هم and their like: his, her, their.
    Pronoun,
}

/// A part of a written word that can be left outside a name.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct Clitic {
    /// The edge it stands at.
    pub edge: Edge,
    /// Its length in code points of the written word, with its marks; for a stack, of all that is peeled.
    pub length: u32,
    /// What it does.
    pub kind: CliticKind,
    /// True where the rest is not spelt as the name is: للأمم leaves لأمم of الأمم, حكومتهم leaves حكومت of حكومة.
    pub fused: bool,
    /// How often the rest is attested as a word of its own.
    pub evidence: u32,
}

/// The clitics that a written word may carry at either edge, the best attested first; a stack in each of its steps.
#[must_use]
pub fn candidates(word: &str, vocabulary: &Vocabulary) -> Vec<Clitic> {
    let folded = Folded::new(word);
    let mut found = proclitics(word, &folded, vocabulary);
    found.extend(enclitics(word, &folded, vocabulary));
    // Stable: among equals, what stands outermost first.
    found.sort_by_key(|clitic| std::cmp::Reverse(clitic.evidence));
    found
}

/// The next clitic to peel from an edge of a range: from its first word or its last, as far as the range covers it.
/// Of a stack, the outermost step.
#[must_use]
pub fn peel(text: &Text, range: Range<Offset>, edge: Edge, vocabulary: &Vocabulary) -> Option<Clitic> {
    let mut words = text.words(range.clone());
    let word = match edge {
        Edge::Start => words.next(),
        Edge::End => {
            let last = text.word_at(text.clamp(range.clone()).end)?;
            (last.start < range.end).then_some(last).or_else(|| words.last())
        }
    }?;
    let part = word.start.max(range.start)..word.end.min(range.end);
    // What of the ل of لل is left belongs to the name.
    let in_fusion = edge == Edge::Start && word.start < part.start && {
        let before = fold(text.slice(word.start..part.start)?);
        before.ends_with('ل') && text.char_at(part.start) == Some('ل')
    };
    if in_fusion {
        return None;
    }
    let found = candidates(text.slice(part)?, vocabulary);
    found.into_iter().filter(|clitic| clitic.edge == edge).min_by_key(|clitic| clitic.length)
}

/// The range widened to whole words, clitics and all: the edges of its first and last token.
#[must_use]
pub fn unpeel(text: &Text, range: Range<Offset>) -> Range<Offset> {
    let range = text.clamp(range);
    let words = text.words(range.clone());
    words.fold(range, |all, word| all.start.min(word.start)..all.end.max(word.end))
}

/// True for a folded string that may stand before a name inside a word: nothing, or a stack of clitics with or without ال.
#[must_use]
pub(crate) fn is_proclitic_string(folded: &str) -> bool {
    let inner = folded.strip_prefix('ا').filter(|rest| !rest.starts_with('ل')).unwrap_or(folded);
    let inner = inner.strip_prefix(['و', 'ف']).unwrap_or(inner);
    matches!(inner, "" | "ب" | "ل" | "ك" | "س" | "ال" | "بال" | "كال" | "لل")
}

/// True for a folded string that may stand after a name inside a word: nothing, or a pronoun.
#[must_use]
pub(crate) fn is_enclitic_string(folded: &str) -> bool {
    folded.is_empty() || PRONOUNS.contains(&folded)
}

/// True for a folded word that has ال, alone or after clitics.
#[must_use]
pub(crate) fn has_article(folded: &str) -> bool {
    strip_proclitics(folded).iter().any(|form| form.starts_with("ال") || form.starts_with("لل"))
}

fn proclitics(word: &str, folded: &Folded, vocabulary: &Vocabulary) -> Vec<Clitic> {
    let mut steps: Vec<Clitic> = Vec::new();
    let mut previous = None;
    for (index, (at, letter)) in folded.as_str().char_indices().enumerate() {
        let Some(kind) = proclitic_kind(letter, previous, word, index) else {
            break;
        };
        let rest = folded.as_str().get(at + letter.len_utf8()..).unwrap_or_default();
        let direct =
            if kind == CliticKind::Future && !rest.starts_with(['ي', 'ت', 'ن', 'ا']) { 0 } else { vocabulary.evidence_without_pronoun(rest) };
        // لل: the rest is the name without its alif, unless a name begins with ل itself, as لبنان in للبنان.
        let fusion = match (letter, rest.strip_prefix('ل')) {
            ('ل', Some(name)) => vocabulary.evidence_without_pronoun(&format!("ال{name}")),
            _ => 0,
        };
        let whole = vocabulary.count_folded(folded.as_str());
        let evidence = direct.max(fusion);
        let length = folded.original(0..index + 1).end.get();
        if is_convincing(kind, rest, evidence, whole) && keeps_graphemes(word, length) {
            // What is attested below a step attests the steps above it.
            for step in &mut steps {
                step.evidence = step.evidence.max(evidence);
            }
            steps.push(Clitic { edge: Edge::Start, length, kind, fused: fusion > direct, evidence });
        } else {
            steps.push(Clitic { edge: Edge::Start, length, kind, fused: false, evidence: 0 });
        }
        previous = Some(kind);
    }
    steps.retain(|step| step.evidence > 0 && keeps_graphemes(word, step.length));
    // The deepest step is the one that the evidence is for; its outer steps follow it, but are peeled first.
    steps
}

/// The kind of a letter as the next of a stack; `None` where none may stand there.
fn proclitic_kind(letter: char, previous: Option<CliticKind>, word: &str, index: usize) -> Option<CliticKind> {
    let first = previous.is_none();
    match letter {
        // The folded alif must have been written with its hamza.
        'ا' if first && index == 0 => {
            let written = word.chars().find(|&c| !fold(c.encode_utf8(&mut [0; 4])).is_empty());
            (written == Some('أ')).then_some(CliticKind::Question)
        }
        'و' | 'ف' if first || previous == Some(CliticKind::Question) => Some(CliticKind::Conjunction),
        'ب' | 'ل' | 'ك' if !is_inner(previous) => Some(CliticKind::Preposition),
        'س' if !is_inner(previous) => Some(CliticKind::Future),
        _ => None,
    }
}

/// After these, no other clitic but ال follows.
fn is_inner(previous: Option<CliticKind>) -> bool {
    matches!(previous, Some(CliticKind::Preposition | CliticKind::Future))
}

/// Weighs what attests the rest against how often the whole occurs: أحمد is no question about حمد.
fn is_convincing(kind: CliticKind, rest: &str, evidence: u32, whole: u32) -> bool {
    let letters = rest.strip_prefix("ال").unwrap_or(rest).chars().count();
    let needed = if kind == CliticKind::Question {
        whole.saturating_add(1)
    } else if letters <= FEWEST_LETTERS {
        whole / 3
    } else {
        0
    };
    evidence > 0 && evidence >= needed
}

fn enclitics(word: &str, folded: &Folded, vocabulary: &Vocabulary) -> Vec<Clitic> {
    let form = folded.as_str();
    let bare = strip_proclitics(form);
    let written_last = word.chars().rev().find(|&c| !fold(c.encode_utf8(&mut [0; 4])).is_empty());
    // No pronoun follows a noun with ال; ة and ى only look like one once folded; المصري says that مصري is an adjective.
    let is_adjective = || form.ends_with('ي') && vocabulary.count_folded(&format!("ال{form}")) > 0;
    if has_article(form) || matches!(written_last, Some('ة' | 'ى')) || is_adjective() {
        return Vec::new();
    }
    let total = u32::try_from(word.chars().count()).unwrap_or(u32::MAX);
    let mut found = Vec::new();
    for pronoun in PRONOUNS {
        if !form.ends_with(pronoun) {
            continue;
        }
        let stems = bare.iter().filter_map(|form| form.strip_suffix(pronoun));
        let best = stems.map(|stem| (vocabulary.stem_evidence(stem), stem)).max_by_key(|((evidence, _), _)| *evidence);
        let Some(((evidence, fused), stem)) = best else {
            continue;
        };
        let left = folded.len().saturating_sub(pronoun.chars().count());
        let end = folded.original(0..left).end.get();
        let whole = vocabulary.count_folded(form);
        if is_convincing(CliticKind::Pronoun, stem, evidence, whole) && keeps_graphemes(word, end) {
            let length = total.saturating_sub(end);
            found.push(Clitic { edge: Edge::End, length, kind: CliticKind::Pronoun, fused, evidence });
        }
    }
    found
}

/// The form, and what is left of it after each step of its possible stack of clitics.
fn strip_proclitics(form: &str) -> Vec<&str> {
    let mut forms = vec![form];
    let outer = form.strip_prefix(['و', 'ف']);
    forms.extend(outer);
    for start in [Some(form), outer].into_iter().flatten() {
        forms.extend(start.strip_prefix(['ب', 'ل', 'ك']));
    }
    forms
}

/// True where a cut after so many code points parts no grapheme.
fn keeps_graphemes(word: &str, length: u32) -> bool {
    Text::new(word).is_grapheme_boundary(Offset::new(length))
}

#[cfg(test)]
mod tests {
    use super::super::samples::ARTICLE;
    use super::*;

    fn vocabulary(words: &str) -> Vocabulary {
        let mut vocabulary = Vocabulary::new();
        vocabulary.add(&Text::new(words));
        vocabulary
    }

    fn article() -> Vocabulary {
        vocabulary(ARTICLE)
    }

    /// The word with `|` where a clitic may be cut, `~` where the rest is spelt unlike the name; best first.
    fn offered(word: &str, vocabulary: &Vocabulary) -> Vec<String> {
        let found = candidates(word, vocabulary).into_iter();
        let shown = found.map(|clitic| {
            let mut letters: Vec<char> = word.chars().collect();
            let at = match clitic.edge {
                Edge::Start => clitic.length as usize,
                Edge::End => letters.len() - clitic.length as usize,
            };
            letters.insert(at, if clitic.fused { '~' } else { '|' });
            letters.into_iter().collect()
        });
        shown.collect()
    }

    #[test]
    fn clitics_of_the_article_are_offered() {
        // By hand: the article has أذربيجان, أرمينيا, الخارجية, الموقع, الخميس, القوات, عودة, أكثر, قوات, أراضي, استفزازات, قلق.
        let vocabulary = article();
        for (word, expected) in [
            ("وأذربيجان", "و|أذربيجان"),
            ("وأرمينيا", "و|أرمينيا"),
            ("للخارجية", "ل~لخارجية"),
            ("لموقع", "ل|موقع"),
            ("والخميس", "و|الخميس"),
            ("للقوات", "ل~لقوات"),
            ("لعودة", "ل|عودة"),
            ("لأكثر", "ل|أكثر"),
            ("قواتها", "قوات|ها"),
            ("أراضيها", "أراضي|ها"),
            ("أراضينا", "أراضي|نا"),
            ("استفزازاتها", "استفزازات|ها"),
            ("قلقها", "قلق|ها"),
        ] {
            assert_eq!(offered(word, &vocabulary), [expected], "{word}");
        }
        // ب before قلق, ه after it.
        assert_eq!(offered("بقلقه", &vocabulary), ["ب|قلقه", "بقلق|ه"]);
    }

    #[test]
    fn names_of_the_article_stay_whole() {
        let vocabulary = article();
        let whole = "واشنطن وزير باكو بوتين وزارة باشينيان بورتر يريفان الكرملين موسكو فرنسا سيف قره باغ فلاديمير \
            بيراموف لافروف وقف وفقاً كان كانت بعد بين لكن فيما سلام سلامة ستة أشهر أعلن أن الأرميني الروسية المتحدة \
            الولايات دولة عضو البرلمان بحيرة القوقاز نيكول تيغران جالينا";
        for word in whole.split_whitespace() {
            assert_eq!(offered(word, &vocabulary), Vec::<String>::new(), "{word}");
        }
        // The rest stands nowhere in the article by itself: not even a true clitic is offered without evidence.
        for word in ["بمنظمة", "بسحب", "بخرق"] {
            assert_eq!(offered(word, &vocabulary), Vec::<String>::new(), "{word}");
        }
    }

    #[test]
    fn letters_are_no_evidence() {
        let vocabulary = vocabulary("واشنطن وزير فلسطين برلين لبنان كوريا سوريا باكو بوتين فرنسا بيان لندن كابول أحمد حمد أحمد");
        for word in ["واشنطن", "وزير", "فلسطين", "برلين", "لبنان", "كوريا", "سوريا", "باكو", "بوتين", "فرنسا", "أحمد"]
        {
            assert_eq!(offered(word, &vocabulary), Vec::<String>::new(), "{word}");
        }
    }

    #[test]
    fn each_step_of_a_stack_is_offered() {
        let vocabulary = vocabulary("القاهرة رويترز لبنان اللغة الأمم مصر");
        assert_eq!(offered("وبالقاهرة", &vocabulary), ["و|بالقاهرة", "وب|القاهرة"]);
        assert_eq!(offered("لرويترز", &vocabulary), ["ل|رويترز"]);
        assert_eq!(offered("وللأمم", &vocabulary), ["و|للأمم", "ول~لأمم"]);
        assert_eq!(offered("أمصر", &vocabulary), ["أ|مصر"]);
        // The name's own ل is no article.
        assert_eq!(offered("للبنان", &vocabulary), ["ل|لبنان"]);
        assert_eq!(offered("للغة", &vocabulary), ["ل|لغة"]);
    }

    #[test]
    fn a_pronoun_needs_a_noun_without_article() {
        let vocabulary = vocabulary("حكومة رئيس مصر المصري العراق مستشفي مدين كتب");
        assert_eq!(offered("حكومتهم", &vocabulary), ["حكومت~هم"]);
        assert_eq!(offered("وحكومتهم", &vocabulary), ["و|حكومتهم", "وحكومت~هم"]);
        assert_eq!(offered("رئيسها", &vocabulary), ["رئيس|ها"]);
        for word in ["مصري", "المصري", "العراقي", "مدينة", "مستشفى", "الرئيسه"] {
            assert_eq!(offered(word, &vocabulary), Vec::<String>::new(), "{word}");
        }
    }

    #[test]
    fn marks_go_with_their_letter() {
        let vocabulary = vocabulary("رويترز أذربيجان رئيس");
        assert_eq!(offered("وَأذربيجان", &vocabulary), ["وَ|أذربيجان"]);
        assert_eq!(offered("لِـرُويترز", &vocabulary), ["لِـ|رُويترز"]);
        assert_eq!(offered("رئيسُها", &vocabulary), ["رئيسُ|ها"]);
    }

    #[test]
    fn a_range_is_peeled_step_by_step_and_back() {
        let text = Text::new("زار وبالقاهرة الكبرى قواتها");
        let vocabulary = vocabulary("القاهرة قوات");
        let token = Offset::new(4)..Offset::new(20);
        let first = peel(&text, token.clone(), Edge::Start, &vocabulary).unwrap();
        assert_eq!((first.length, first.kind), (1, CliticKind::Conjunction));
        let rest = token.start.plus(1)..token.end;
        let second = peel(&text, rest, Edge::Start, &vocabulary).unwrap();
        assert_eq!((second.length, second.kind), (1, CliticKind::Preposition));
        let tight = token.start.plus(2)..token.end;
        assert_eq!(peel(&text, tight.clone(), Edge::Start, &vocabulary), None);
        assert_eq!(unpeel(&text, tight), token);

        let whole = Offset::new(4)..text.len();
        let last = peel(&text, whole, Edge::End, &vocabulary).unwrap();
        assert_eq!((last.length, last.kind), (2, CliticKind::Pronoun));
    }

    #[test]
    fn the_article_of_a_fusion_is_not_peeled_twice() {
        let text = Text::new("للأمم المتحدة");
        let vocabulary = vocabulary("الأمم أمم");
        let whole = Offset::ZERO..text.len();
        assert!(peel(&text, whole.clone(), Edge::Start, &vocabulary).unwrap().fused);
        assert_eq!(peel(&text, Offset::new(1)..whole.end, Edge::Start, &vocabulary), None);
    }
}
