//! Who may have said it: the likely source of a claim, offered and never taken by itself.
//!
//! News in Arabic names the source by a cue: a verb of saying with its subject (أعلن الوزير أن …), a participle that goes
//! with such a verb (مؤكداً أن …), or وفقاً لـ and its like, before the claim or after it. The nearest cue before the
//! claim in its sentence decides, then one right after the claim, then the cues of the sentences before in the paragraph.
//! A verb without subject goes on with the one before it, also over the end of a sentence (وأضاف …).
//! What stands inside another claim is somebody else's saying and does not count.

mod cues;

use crate::annotation::Annotation;
use crate::id::AnnotationId;
use crate::layer::Layer;
use crate::schema;
use crate::sorted;
use crate::span::Span;
use crate::text::{Offset, Text, fold, is_line_end};
use cues::Cue;

/// How many code points before a claim are looked at, within its paragraph: the cost does not grow with the text.
pub(crate) const BEFORE: u32 = 1_200;
/// How many code points after it.
const AFTER: u32 = 300;
/// The most words between a cue and the name of its subject: a title may stand between.
const TITLE: usize = 8;

/// A likely end for a relation that starts at a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// Who may have said it.
    pub source: AnnotationId,
    /// The word that says so.
    pub cue: Span,
}

/// Where cues stand in a stretch of text, and where sentences end: found once for all claims there.
#[derive(Clone, Debug, Default)]
pub struct Cues {
    /// In reading order.
    found: Vec<Found>,
    /// In order.
    ends: Vec<Offset>,
}

/// A word that is a cue.
#[derive(Clone, Copy, Debug)]
struct Found {
    cue: Cue,
    span: Span,
}

impl Cues {
    /// Looks for them; a word that the stretch cuts is passed over.
    #[must_use]
    pub fn find(text: &Text, stretch: Span) -> Self {
        let words = text.words(stretch.range()).filter_map(Span::from_range).filter(|word| stretch.covers(*word));
        let found = words.filter_map(|span| Some(Found { cue: cues::cue(&fold(text.slice(span.range())?))?, span }));
        Self { found: found.collect(), ends: sentence_ends(text, stretch) }
    }
}

/// The stretch in which the source of a claim is looked for.
#[must_use]
pub fn stretch(text: &Text, claim: &Annotation) -> Option<Span> {
    let hull = claim.extent.hull();
    let paragraphs = text.paragraphs();
    let first = paragraphs.get(text.paragraph_at(hull.start()))?.range.start;
    let last = paragraphs.get(text.paragraph_at(hull.end()))?.range.end;
    let start = first.max(hull.start().minus(BEFORE));
    let end = last.min(hull.end().plus(AFTER)).max(hull.end());
    Span::try_new(start, end)
}

/// The likely end of a relation of this kind that starts at `claim`; `None` where no cue names one.
///
/// The cost depends on what is near the claim, not on the layer or the text.
#[must_use]
pub fn source(text: &Text, layer: &Layer, claim: &Annotation, kind: &schema::Relation) -> Option<Suggestion> {
    source_by(text, layer, claim, kind, &Cues::find(text, stretch(text, claim)?))
}

/// The same with cues that were found before, in a stretch that holds [`stretch`] of the claim.
#[must_use]
pub fn source_by(text: &Text, layer: &Layer, claim: &Annotation, kind: &schema::Relation, cues: &Cues) -> Option<Suggestion> {
    let scene = Scene::new(text, layer, claim, kind, stretch(text, claim)?, cues);
    scene.inside().or_else(|| scene.before(true)).or_else(|| scene.after()).or_else(|| scene.before(false))
}

/// What stands round a claim.
struct Scene<'a> {
    text: &'a Text,
    claim: &'a Annotation,
    /// In reading order.
    cues: Vec<Found>,
    /// Who may be the source, in reading order: the outer of two that begin together first.
    actors: Vec<Actor<'a>>,
    /// In order.
    ends: &'a [Offset],
    window: Span,
}

struct Actor<'a> {
    id: &'a AnnotationId,
    hull: Span,
    /// A preposition stands before it: it is not the subject.
    is_governed: bool,
}

impl<'a> Scene<'a> {
    fn new(text: &'a Text, layer: &'a Layer, claim: &'a Annotation, kind: &schema::Relation, window: Span, cues: &'a Cues) -> Self {
        let hull = claim.extent.hull();
        let near = layer.window(window);
        // Another claim hides what is in it, unless this one is in it too.
        let others: Vec<Span> = near
            .iter()
            .filter(|other| other.id != claim.id && other.label == claim.label && !other.extent.hull().covers(hull))
            .flat_map(|other| other.extent.pieces().iter().copied())
            .collect();
        let is_hidden = |span: Span| others.iter().any(|other| other.covers(span)) || claim.extent.overlaps(span);
        let actors = near
            .iter()
            .filter(|actor| actor.id != claim.id && kind.joins(&claim.label, &actor.label) && actor.label != claim.label)
            .map(|actor| (&actor.id, actor.extent.hull()))
            .filter(|(_, hull)| window.covers(*hull) && !is_hidden(*hull))
            .map(|(id, hull)| Actor { id, hull, is_governed: is_governed(text, hull) })
            .collect();
        let first = cues.found.partition_point(|found| found.span.start() < window.start());
        let found = cues.found.iter().skip(first).take_while(|found| found.span.end() <= window.end());
        let found = found.filter(|found| !is_hidden(found.span)).copied().collect();
        let first = cues.ends.partition_point(|end| *end < window.start());
        let ends = cues.ends.get(first..).unwrap_or_default();
        let last = ends.partition_point(|end| *end < window.end());
        Self { text, claim, cues: found, actors, ends: ends.get(..last).unwrap_or_default(), window }
    }

    /// By a cue between two pieces: «…»، قالت المتحدثة، «…».
    fn inside(&self) -> Option<Suggestion> {
        let pieces = self.claim.extent.pieces();
        let gaps = pieces.windows(2).filter_map(|pair| Span::try_new(pair[0].end(), pair[1].start()));
        for gap in gaps {
            for found in self.cues.iter().filter(|found| gap.covers(found.span)) {
                let named = self.following(found, gap.end()).or_else(|| self.preceding(found.span.start(), gap.start()));
                if let Some(actor) = named {
                    return Some(suggestion(actor, found));
                }
            }
        }
        None
    }

    /// By a cue before the claim: in its sentence, or in any.
    fn before(&self, in_sentence: bool) -> Option<Suggestion> {
        let start = self.claim.extent.hull().start();
        let first = if in_sentence { self.sentence_start(start) } else { self.window.start() };
        let count = self.cues.iter().take_while(|found| found.span.end() <= start).count();
        let chosen = (0..count).rev().find_map(|index| {
            let found = self.cues.get(index).filter(|found| found.span.start() >= first)?;
            Some((self.subject(index, self.window.start(), start)?, found))
        });
        chosen.map(|(actor, found)| suggestion(actor, found))
    }

    /// By a cue after the claim: «…»، قال الوزير, or: …، بحسب رويترز.
    fn after(&self) -> Option<Suggestion> {
        let from = self.claim.extent.hull().end();
        let until = self.sentence_end(from);
        let close = self.cues.iter().filter(|found| found.span.start() >= from && found.span.end() <= until);
        let mut near = close.filter(|found| self.is_filled(from, found.span.start()));
        near.find_map(|found| Some(suggestion(self.following(found, until)?, found)))
    }

    /// Who says what the cue of that index stands for: `first` is where to stop, `until` where the claim starts.
    fn subject(&self, index: usize, first: Offset, until: Offset) -> Option<&Actor<'a>> {
        let found = self.cues.get(index)?;
        let sentence = self.sentence_start(found.span.start()).max(first);
        let named = || self.preceding(found.span.start(), sentence);
        let earlier = |from: Offset| {
            let mut indices = (0..index).rev().take_while(|earlier| self.cues.get(*earlier).is_some_and(|cue| cue.span.start() >= from));
            // One step is enough: that cue goes on to the one before it by itself.
            indices.next().and_then(|earlier| self.subject(earlier, from, found.span.start()))
        };
        let chained = || earlier(sentence).or_else(named);
        let near = match found.cue {
            Cue::Verb { joined: true } => self.following(found, until).or_else(chained),
            Cue::Verb { joined: false } => self.following(found, until).or_else(named),
            Cue::Participle => chained(),
            Cue::Aimed => named(),
            Cue::Own => self.actors.iter().filter(|actor| actor.hull.end() <= found.span.start()).max_by_key(|actor| actor.hull.end()),
            Cue::According => self.following(found, until),
        };
        near.or_else(|| earlier(first))
    }

    /// The first one named after a cue; after وفقاً لـ and its like also one that follows a preposition.
    fn following(&self, found: &Found, until: Offset) -> Option<&Actor<'a>> {
        let from = found.span.end();
        let until = until.min(self.sentence_end(from));
        let mut after = self.actors.iter().filter(|actor| actor.hull.start() >= found.span.start() && actor.hull.end() <= until);
        let close = |actor: &&Actor<'a>| actor.hull.start() < from || self.words_between(from, actor.hull.start()) <= TITLE;
        if found.cue == Cue::According {
            let all: Vec<&Actor<'a>> = after.filter(close).collect();
            // The first that no باسم or في governs; the ل of وفقاً لـ governs the source itself.
            let next = all.iter().find(|actor| !actor.is_governed || self.words_between(from, actor.hull.start()) == 0);
            return next.or(all.first()).copied();
        }
        after.find(|actor| !actor.is_governed && close(actor))
    }

    /// The nearest one named before a place that no preposition governs; of those that end together the longest.
    fn preceding(&self, before: Offset, from: Offset) -> Option<&Actor<'a>> {
        let mut named: Vec<&Actor<'a>> =
            self.actors.iter().filter(|actor| actor.hull.start() >= from && actor.hull.end() <= before && !actor.is_governed).collect();
        sorted::sort_by_key(&mut named, |actor| (std::cmp::Reverse(actor.hull.end()), actor.hull.start()));
        named.first().copied()
    }

    /// Whether between a claim and the cue after it stands nothing but what leads to a cue: «…»، كما قال; not: «…» في حين يتوقع.
    fn is_filled(&self, from: Offset, to: Offset) -> bool {
        let Some(gap) = Span::try_new(from, to) else { return true };
        let mut words = self.text.words(gap.range()).filter(|word| word.start >= from && word.end <= to);
        words.all(|word| self.text.slice(word).is_some_and(|word| cues::leads(&fold(word))))
    }

    /// Whole words from one place to another.
    fn words_between(&self, from: Offset, to: Offset) -> usize {
        Span::try_new(from, to)
            .map_or(0, |gap| self.text.words(gap.range()).filter(|word| word.start >= from && word.end <= to).take(TITLE + 1).count())
    }

    fn sentence_start(&self, offset: Offset) -> Offset {
        self.ends.iter().rev().map(|end| end.plus(1)).find(|start| *start <= offset).unwrap_or(self.window.start())
    }

    fn sentence_end(&self, offset: Offset) -> Offset {
        self.ends.iter().copied().find(|end| *end >= offset).unwrap_or(self.window.end())
    }
}

/// Where sentences end; the point in 3.5 ends none.
fn sentence_ends(text: &Text, window: Span) -> Vec<Offset> {
    let mut characters = text.slice(window.range()).unwrap_or_default().chars().peekable();
    let mut ends = Vec::new();
    let mut here = window.start();
    while let Some(character) = characters.next() {
        let is_point = character == '.' && !characters.peek().is_some_and(|next| next.is_numeric());
        if is_point || matches!(character, '؟' | '!' | '?' | '۔') || is_line_end(character) {
            ends.push(here);
        }
        here = here.plus(1);
    }
    ends
}

fn suggestion(actor: &Actor<'_>, found: &Found) -> Suggestion {
    Suggestion { source: actor.id.clone(), cue: found.span }
}

/// Whether a preposition stands before a name, as a word or written together with it.
fn is_governed(text: &Text, name: Span) -> bool {
    let word = text.word_at(name.start());
    if let Some(before) = word.filter(|word| word.start < name.start()).and_then(|word| text.slice(word.start..name.start())) {
        return fold(before).ends_with(['ب', 'ل', 'ك']);
    }
    let previous = text.previous_word_edge(name.start());
    let word = text.word_at(previous).filter(|word| word.end <= name.start());
    // The word before a full stop or a bracket belongs to something else.
    let is_beside =
        |end: Offset| text.slice(end..name.start()).is_some_and(|gap| gap.chars().all(|c| c.is_whitespace() || matches!(c, '"' | '«' | '“')));
    word.filter(|word| is_beside(word.end)).and_then(|word| text.slice(word)).is_some_and(|word| cues::governs(&fold(word)))
}
