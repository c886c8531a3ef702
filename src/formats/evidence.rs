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
use serde_json::Value;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// Converts the labels of one layer to code points.
pub(super) struct Converter<'a> {
    text: &'a Text,
    /// The unit that is believed first, then what else it may be.
    rulers: Vec<(Unit, Ruler<'a>)>,
    joint: &'static str,
}

impl<'a> Converter<'a> {
    pub fn new(text: &'a Text, unit: Unit, joint: &'static str) -> Self {
        let rulers = unit.among().iter().map(|unit| (*unit, Ruler::new(text, *unit))).collect();
        Self { text, rulers, joint }
    }

    /// The record in code points, and whether its quote was found by another unit than the first. One whose quote is not
    /// where any unit says stays as it is, for the quote to be looked for.
    pub fn convert(&self, mut record: SpanRecord, id: &AnnotationId) -> Result<(SpanRecord, bool), ProblemCode> {
        let is_own = |(unit, _): &(Unit, Ruler)| *unit == Unit::CodePoints;
        if self.joint == JOINT && self.rulers.first().is_some_and(is_own) && self.rulers.len() == 1 {
            return Ok((record, false));
        }
        let stated = stated(&record);
        if let Some(quote) = record.text.clone() {
            for (rank, (_, ruler)) in self.rulers.iter().enumerate() {
                if let Some(extent) = extent(&stated, ruler).filter(|extent| joined(extent, self.text, self.joint).as_deref() == Some(&*quote)) {
                    return Ok((placed(record, &extent, self.text), rank > 0));
                }
            }
            if self.joint != JOINT && stated.len() > 1 {
                record.text = Some(parted(&quote, &stated, self.joint).unwrap_or(quote));
            }
            return Ok((record, false));
        }
        let Some((unit, ruler)) = self.rulers.first().filter(|first| !is_own(first)) else { return Ok((record, false)) };
        // What is empty or runs backwards is told as such.
        if stated.iter().any(|(start, end)| start >= end) {
            return Ok((record, false));
        }
        if let Some(at) = stated.iter().flat_map(|(start, end)| [*start, *end]).find(|at| ruler.read(*at).is_none()) {
            return Err(ProblemCode::OffsetInside { span: id.to_string(), at, unit: *unit });
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

/// Evidence for a unit, the weightiest first: labels that can be read and whose quote is there; labels without white space at
/// an edge; labels that start and end with a word.
type Weight = (usize, usize, usize);

/// What is known of one file's labels under one unit.
#[derive(Clone, Default)]
struct Case {
    weight: Weight,
    /// Tells whether two units lead to the same places.
    places: DefaultHasher,
}

/// Settles what the labels of each file count. Told where the evidence does not decide and it makes a difference.
pub(super) fn settle(layers: &mut [(Place, LayerLine, Value)], text: &impl Fn(&DocumentId) -> Option<Arc<Text>>) -> Vec<Problem> {
    let mut files: BTreeMap<Option<String>, (&'static [Unit], Vec<Case>)> = BTreeMap::new();
    for (place, layer, _) in layers.iter() {
        let Unit::Guess(among) = layer.unit else { continue };
        let Some(text) = text(&layer.key.document) else { continue };
        let (_, cases) = files.entry(place.file.clone()).or_insert_with(|| (among, vec![Case::default(); among.len()]));
        let records: Vec<SpanRecord> = layer.spans.iter().filter_map(|raw| span_record(raw).ok()).map(|(record, _)| record).collect();
        for (unit, case) in among.iter().zip(cases) {
            let ruler = Ruler::new(&text, *unit);
            for record in &records {
                let extent = extent(&stated(record), &ruler);
                weigh(record, extent.as_ref(), &text, layer.joint, &mut case.weight);
                extent.hash(&mut case.places);
            }
        }
    }
    let mut problems = Vec::new();
    let mut settled: BTreeMap<Option<String>, &'static [Unit]> = BTreeMap::new();
    for (file, (among, cases)) in files {
        let best = cases.iter().map(|case| case.weight).max().unwrap_or_default();
        let mut tied = cases.iter().enumerate().filter(|(_, case)| case.weight == best);
        let Some((at, likeliest)) = tied.next() else { continue };
        let among = among.get(at..).unwrap_or(among);
        if tied.any(|(_, case)| case.places.finish() != likeliest.places.finish()) {
            problems.push(Problem { file: file.clone(), line: None, code: ProblemCode::UnitGuessed { unit: Unit::Guess(among) } });
        }
        settled.insert(file, among);
    }
    for (place, layer, _) in layers.iter_mut().filter(|(_, layer, _)| matches!(layer.unit, Unit::Guess(_))) {
        if let Some(among) = settled.get(&place.file) {
            layer.unit = Unit::Guess(among);
        }
    }
    problems
}

fn weigh(record: &SpanRecord, extent: Option<&Extent>, text: &Text, joint: &str, weight: &mut Weight) {
    let Some(extent) = extent else { return };
    if record.text.as_ref().is_some_and(|quote| joined(extent, text, joint).as_deref() != Some(quote)) {
        return;
    }
    weight.0 += 1;
    let hull = extent.hull();
    let is_space = |character: Option<char>| character.is_none_or(char::is_whitespace);
    if !is_space(text.char_at(hull.start())) && !is_space(text.char_before(hull.end())) {
        weight.1 += 1;
    }
    let starts = text.word_at(hull.start()).is_some_and(|word| word.start == hull.start());
    let ends = text.words(hull.end().minus(1)..hull.end()).any(|word| word.end == hull.end());
    weight.2 += usize::from(starts) + usize::from(ends);
}
