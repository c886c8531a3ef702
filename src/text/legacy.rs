//! Encodings of one or two bytes a character, such as Windows-1256: which one it is, and its text.

use chardetng::EncodingDetector;
use encoding_rs::{DecoderResult, Encoding, WINDOWS_1256};

use super::classes::is_arabic_letter;
use super::decode::{Decoded, Reading};

/// Reads bytes that are neither UTF-8 nor UTF-16. Never fails.
pub(super) fn decode(bytes: &[u8]) -> Decoded {
    let encoding = guess(bytes);
    let mut reading = Reading::new(bytes.len() * 2, 0);
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut at = 0;
    while let Some(rest) = bytes.get(at..) {
        let room = decoder.max_utf8_buffer_length_without_replacement(rest.len());
        reading.text.reserve(room.unwrap_or(rest.len() * 4 + 16));
        let (result, read) = decoder.decode_to_string_without_replacement(rest, &mut reading.text, true);
        at += read;
        match result {
            DecoderResult::InputEmpty => break,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(length, behind) => {
                let (length, behind) = (usize::from(length), usize::from(behind));
                reading.fail(at.saturating_sub(length + behind), length);
            }
        }
    }
    reading.done(encoding.name())
}

/// The likeliest encoding of bytes that are not UTF-8.
fn guess(bytes: &[u8]) -> &'static Encoding {
    /// Below this many bytes outside ASCII, the detector has little to count.
    const FEW: usize = 48;
    let mut detector = EncodingDetector::new();
    detector.feed(bytes, true);
    // The hint weighs the readers of this program: without any other sign, a file is in Arabic.
    let guessed = detector.guess(Some(b"eg"), false);
    let outside = bytes.iter().filter(|byte| !byte.is_ascii()).count();
    if guessed != WINDOWS_1256 && outside < FEW && reads_as_arabic(bytes) {
        return WINDOWS_1256;
    }
    guessed
}

/// True where all letters outside ASCII come out Arabic: in Windows-1256 accented Latin letters lie between them, so
/// that text in another encoding seldom misses them all.
fn reads_as_arabic(bytes: &[u8]) -> bool {
    let (text, _) = WINDOWS_1256.decode_without_bom_handling(bytes);
    let mut letters = text.chars().filter(|c| !c.is_ascii() && c.is_alphabetic()).peekable();
    letters.peek().is_some() && letters.all(|c| is_arabic_letter(c) || ('\u{64B}'..='\u{652}').contains(&c))
}
