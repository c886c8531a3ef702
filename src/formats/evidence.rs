//! What positions of other programs count: converted where that is known, else judged by the evidence of a file's labels.

use super::Place;
use super::anchor::JOINT;
use super::problem::{Problem, ProblemCode};
use super::record::SpanRecord;
use super::units::{Ruler, Unit, length};
use super::wusum_layer::{LayerLine, span_record};
use crate::id::{AnnotationId, DocumentId};
use crate::span::{Extent, Span};
use crate::text::Text;
use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// Converts the labels of one layer to code points.
pub(super) struct Converter<'a> {
    text: &'a Text,
    /// The unit that is believed first, then what else it may be; each with its ruler once one is needed.
    rulers: Vec<(Unit, OnceCell<Ruler<'a>>)>,
    joint: &'static str,
}

impl<'a> Converter<'a> {
    pub fn new(text: &'a Text, unit: Unit, joint: &'static str) -> Self {
        let rulers = unit.among().iter().map(|unit| (*unit, OnceCell::new())).collect();
        Self { text, rulers, joint }
    }

    fn ruler<'b>(&self, (unit, ruler): &'b (Unit, OnceCell<Ruler<'a>>)) -> &'b Ruler<'a> {
        ruler.get_or_init(|| Ruler::new(self.text, *unit))
    }

    /// The record in code points, and whether its quote was found by another unit than the first. One whose quote is not
    /// where any unit says stays as it is, for the quote to be looked for.
    pub fn convert(&self, mut record: SpanRecord, id: &AnnotationId) -> Result<(SpanRecord, bool), ProblemCode> {
        let is_own = |(unit, _): &(Unit, OnceCell<Ruler>)| *unit == Unit::CodePoints;
        if self.joint == JOINT && self.rulers.first().is_some_and(is_own) && self.rulers.len() == 1 {
            return Ok((record, false));
        }
        let stated = stated(&record);
        if let Some(quote) = record.text.clone() {
            for (rank, ruler) in self.rulers.iter().enumerate() {
                if let Some(extent) =
                    extent(&stated, self.ruler(ruler)).filter(|extent| joined(extent, self.text, self.joint).as_deref() == Some(&*quote))
                {
                    return Ok((placed(record, &extent, self.text), rank > 0));
                }
            }
            if self.joint != JOINT && stated.len() > 1 {
                record.text = Some(parted(&quote, &stated, self.joint).unwrap_or(quote));
            }
            return Ok((record, false));
        }
        let Some(first) = self.rulers.first().filter(|first| !is_own(first)) else { return Ok((record, false)) };
        let (unit, ruler) = (first.0, self.ruler(first));
        // What is empty or runs backwards is told as such.
        if stated.iter().any(|(start, end)| start >= end) {
            return Ok((record, false));
        }
        if let Some(at) = stated.iter().flat_map(|(start, end)| [*start, *end]).find(|at| ruler.read(*at).is_none()) {
            return Err(ProblemCode::OffsetInside { span: id.to_string(), at, unit });
        }
        match extent(&stated, ruler) {
            Some(extent) => {
                let record = placed(record, &extent, self.text);
                Ok((SpanRecord { text: None, ..record }, false))
            }
            None => Err(ProblemCode::BadPieces { span: id.to_string() }),
        }
    }
}

fn stated(record: &SpanRecord) -> Vec<(u32, u32)> {
    if record.pieces.is_empty() { vec![(record.start, record.end)] } else { record.pieces.clone() }
}

fn extent(stated: &[(u32, u32)], ruler: &Ruler) -> Option<Extent> {
    let piece = |&(start, end): &(u32, u32)| Span::try_new(ruler.read(start)?, ruler.read(end)?);
    Extent::try_from_pieces(stated.iter().map(piece).collect::<Option<Vec<Span>>>()?).ok()
}

fn joined(extent: &Extent, text: &Text, joint: &str) -> Option<String> {
    let pieces: Option<Vec<&str>> = extent.pieces().iter().map(|piece| text.slice(piece.range())).collect();
    Some(pieces?.join(joint))
}

fn placed(mut record: SpanRecord, extent: &Extent, text: &Text) -> SpanRecord {
    (record.start, record.end) = (extent.hull().start().get(), extent.hull().end().get());
    let pieces = extent.pieces().iter().map(|piece| (piece.start().get(), piece.end().get()));
    record.pieces = if extent.is_in_pieces() { pieces.collect() } else { Vec::new() };
    record.text = extent.quote(text);
    record
}

/// The quote with its pieces joined as the own format joins them, where the lengths of the pieces say how it is made up.
fn parted(quote: &str, stated: &[(u32, u32)], joint: &str) -> Option<String> {
    let characters: Vec<char> = quote.chars().collect();
    let mut parts: Vec<String> = Vec::new();
    let mut at = 0_usize;
    for (start, end) in stated {
        let next = at.checked_add(end.checked_sub(*start)? as usize)?;
        parts.push(characters.get(at..next)?.iter().collect());
        at = next + length(joint) as usize;
    }
    (parts.join(joint) == quote).then(|| parts.join(JOINT))
}

/// What is known of one file's labels under one unit.
#[derive(Clone, Default)]
struct Case {
    /// Labels that can be read and whose quote is there.
    read: usize,
    /// Tells whether two units lead to the same places.
    places: DefaultHasher,
}

/// Evidence between units under which as many labels can be read, the weightiest first: labels without white space at an edge;
/// labels that start and end with a word.
type Weight = (usize, usize);

/// Settles what the labels of each file count. Told where the evidence does not decide and it makes a difference.
pub(super) fn settle(layers: &mut [(Place, LayerLine)], text: &impl Fn(&DocumentId) -> Option<Arc<Text>>) -> Vec<Problem> {
    let mut files: BTreeMap<Option<String>, (&'static [Unit], Vec<usize>)> = BTreeMap::new();
    for (at, (place, layer)) in layers.iter().enumerate() {
        if let Unit::Guess(among) = layer.unit {
            files.entry(place.file.clone()).or_insert_with(|| (among, Vec::new())).1.push(at);
        }
    }
    let mut problems = Vec::new();
    for (file, (among, own)) in files {
        let lines = || own.iter().filter_map(|at| layers.get(*at)).filter_map(|(_, layer)| Some((layer, text(&layer.key.document)?)));
        let Some((at, is_sure)) = likeliest(among, lines) else { continue };
        let among = among.get(at..).unwrap_or(among);
        if !is_sure {
            problems.push(Problem { file, ..Problem::whole(ProblemCode::UnitGuessed { unit: Unit::Guess(among) }) });
        }
        for at in own {
            layers.get_mut(at).into_iter().for_each(|(_, layer)| layer.unit = Unit::Guess(among));
        }
    }
    problems
}

/// Which of the units it is, and whether that is sure: no other that leads elsewhere is as likely. `None` without a text.
fn likeliest<'a, I: Iterator<Item = (&'a LayerLine, Arc<Text>)>>(among: &[Unit], lines: impl Fn() -> I) -> Option<(usize, bool)> {
    let mut cases = vec![Case::default(); among.len()];
    let mut is_any = false;
    for (layer, text) in lines() {
        is_any = true;
        let rulers: Vec<Ruler> = among.iter().map(|unit| Ruler::new(&text, *unit)).collect();
        for record in records(layer) {
            let stated = stated(&record);
            for (ruler, case) in rulers.iter().zip(&mut cases) {
                let extent = extent(&stated, ruler);
                case.read += usize::from(extent.as_ref().is_some_and(|extent| is_there(&record, extent, &text, layer.joint)));
                extent.hash(&mut case.places);
            }
        }
    }
    let best = cases.iter().map(|case| case.read).max().filter(|_| is_any)?;
    let mut tied: Vec<usize> = (0..cases.len()).filter(|at| cases.get(*at).is_some_and(|case| case.read == best)).collect();
    let places = |at: usize| cases.get(at).map(|case| case.places.finish());
    let is_one = |tied: &[usize]| tied.iter().all(|at| Some(places(*at)) == tied.first().map(|first| places(*first)));
    // Most often all lead to the same places. Only else are words looked at, which takes longer.
    if !is_one(&tied) {
        let weights: Vec<Weight> = tied.iter().filter_map(|at| among.get(*at)).map(|unit| weight(*unit, lines())).collect();
        let most = weights.iter().max().copied();
        let mut weights = weights.into_iter();
        tied.retain(|_| weights.next() == most);
    }
    Some((*tied.first()?, is_one(&tied)))
}

/// The labels that can be understood.
fn records(layer: &LayerLine) -> impl Iterator<Item = Cow<'_, SpanRecord>> {
    layer.spans.iter().filter_map(|stated| span_record(stated).ok()).map(|(record, _)| record)
}

/// Whether a label's quote is there, as far as it has one.
fn is_there(record: &SpanRecord, extent: &Extent, text: &Text, joint: &str) -> bool {
    match (&record.text, extent.pieces()) {
        (None, _) => true,
        (Some(quote), [piece]) => text.slice(piece.range()) == Some(quote),
        (Some(quote), _) => joined(extent, text, joint).as_ref() == Some(quote),
    }
}

fn weight<'a>(unit: Unit, lines: impl Iterator<Item = (&'a LayerLine, Arc<Text>)>) -> Weight {
    let mut weight = Weight::default();
    for (layer, text) in lines {
        let ruler = Ruler::new(&text, unit);
        for record in records(layer) {
            let extent = extent(&stated(&record), &ruler).filter(|extent| is_there(&record, extent, &text, layer.joint));
            extent.into_iter().for_each(|extent| weigh(extent.hull(), &text, &mut weight));
        }
    }
    weight
}

fn weigh(hull: Span, text: &Text, weight: &mut Weight) {
    let is_space = |character: Option<char>| character.is_none_or(char::is_whitespace);
    if !is_space(text.char_at(hull.start())) && !is_space(text.char_before(hull.end())) {
        weight.0 += 1;
    }
    let starts = text.word_at(hull.start()).is_some_and(|word| word.start == hull.start());
    let ends = text.words(hull.end().minus(1)..hull.end()).any(|word| word.end == hull.end());
    weight.1 += usize::from(starts) + usize::from(ends);
}
