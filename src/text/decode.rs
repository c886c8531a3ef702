//! Bytes of a file to text: the encoding is told from a mark, else from the bytes; whatever they are, text comes out.

use super::offset::ByteOffset;

/// A file's text, and what was done to get it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Decoded {
    /// The text, without the byte order mark; what could not be read stands there as U+FFFD.
    pub text: String,
    /// The encoding's name in the Encoding Standard, such as `UTF-8` or `windows-1256`.
    pub encoding: &'static str,
    /// True where the file began with a byte order mark.
    pub had_bom: bool,
    /// The places that could not be read, in order.
    pub problems: Vec<DecodeProblem>,
}

/// Bytes on end that could not be read.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct DecodeProblem {
    /// Where they begin in the file, the byte order mark counted.
    pub offset: ByteOffset,
    /// How many bytes there are.
    pub length: u32,
    /// How many U+FFFD stand for them in the text.
    pub count: u32,
}

const UTF_8: &str = "UTF-8";
const UTF_16_LE: &str = "UTF-16LE";
const UTF_16_BE: &str = "UTF-16BE";

/// Reads a file's bytes as text. Never fails.
#[must_use]
pub fn decode(bytes: &[u8]) -> Decoded {
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return decode_utf8(rest, 3);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        return decode_utf16(rest, 2, UTF_16_LE);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        return decode_utf16(rest, 2, UTF_16_BE);
    }
    if let Some(encoding) = bare_utf16(bytes) {
        return decode_utf16(bytes, 0, encoding);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Decoded { text: text.to_owned(), encoding: UTF_8, had_bom: false, problems: Vec::new() };
    }
    if is_mostly_utf8(bytes) {
        return decode_utf8(bytes, 0);
    }
    decode_other(bytes)
}

/// Other encodings need large tables, which only programs that read files have.
#[cfg(feature = "decode")]
fn decode_other(bytes: &[u8]) -> Decoded {
    super::legacy::decode(bytes)
}

/// Without those tables, bytes in another encoding are told as damage.
#[cfg(not(feature = "decode"))]
fn decode_other(bytes: &[u8]) -> Decoded {
    decode_utf8(bytes, 0)
}

/// What is read so far.
pub(super) struct Reading {
    pub(super) text: String,
    problems: Vec<DecodeProblem>,
    /// Bytes of the byte order mark.
    base: usize,
}

impl Reading {
    pub(super) fn new(capacity: usize, base: usize) -> Reading {
        Reading { text: String::with_capacity(capacity), problems: Vec::new(), base }
    }

    /// Notes `length` bytes at `at` as unreadable; joins them to what is unreadable just before them.
    pub(super) fn fail(&mut self, at: usize, length: usize) {
        self.text.push(char::REPLACEMENT_CHARACTER);
        let offset = ByteOffset::from_index(self.base + at);
        let length = ByteOffset::from_index(length).get();
        if let Some(last) = self.problems.last_mut()
            && last.offset.plus(last.length) == offset
        {
            last.length = last.length.saturating_add(length);
            last.count = last.count.saturating_add(1);
            return;
        }
        self.problems.push(DecodeProblem { offset, length, count: 1 });
    }

    pub(super) fn done(self, encoding: &'static str) -> Decoded {
        Decoded { text: self.text, encoding, had_bom: self.base > 0, problems: self.problems }
    }
}

fn decode_utf8(bytes: &[u8], base: usize) -> Decoded {
    let mut reading = Reading::new(bytes.len(), base);
    let mut at = 0;
    for chunk in bytes.utf8_chunks() {
        reading.text.push_str(chunk.valid());
        at += chunk.valid().len();
        if !chunk.invalid().is_empty() {
            reading.fail(at, chunk.invalid().len());
            at += chunk.invalid().len();
        }
    }
    reading.done(UTF_8)
}

fn decode_utf16(bytes: &[u8], base: usize, encoding: &'static str) -> Decoded {
    let mut reading = Reading::new(bytes.len(), base);
    let pairs = bytes.chunks_exact(2);
    let rest = pairs.remainder().len();
    let units = pairs.map(|pair| match (pair, encoding) {
        (&[first, second], UTF_16_LE) => u16::from_le_bytes([first, second]),
        (&[first, second], _) => u16::from_be_bytes([first, second]),
        _ => 0xFFFD,
    });
    let mut at = 0;
    for character in char::decode_utf16(units) {
        match character {
            Ok(character) => {
                reading.text.push(character);
                at += 2 * character.len_utf16();
            }
            Err(_) => {
                reading.fail(at, 2);
                at += 2;
            }
        }
    }
    if rest > 0 {
        reading.fail(at, rest);
    }
    reading.done(encoding)
}

/// UTF-16 without a mark: Latin, spaces and digits have a zero as their high byte, Arabic letters a six.
fn bare_utf16(bytes: &[u8]) -> Option<&'static str> {
    const SAMPLE: usize = 4096;
    let sample = bytes.get(..bytes.len().min(SAMPLE))?;
    let units = sample.len() / 2;
    if units < 2 {
        return None;
    }
    let plausible = |parity: usize| {
        let high = sample.iter().skip(parity).step_by(2).take(units);
        high.filter(|&&byte| matches!(byte, 0x00 | 0x06)).count()
    };
    let (little, big) = (plausible(1), plausible(0));
    // Nine in ten: quotation marks and presentation forms have other high bytes.
    if little * 10 >= units * 9 && big * 2 < units {
        return Some(UTF_16_LE);
    }
    (big * 10 >= units * 9 && little * 2 < units).then_some(UTF_16_BE)
}

/// Valid, or damaged in so few places that no other encoding explains the rest.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut broken, mut good) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    broken == 0 || good >= broken * 4
}

#[cfg(all(test, feature = "decode"))]
mod tests {
    use proptest::prelude::*;

    use encoding_rs::WINDOWS_1256;

    use super::super::samples::{ARTICLE, damaged};
    use super::*;

    fn in_1256(text: &str) -> Vec<u8> {
        WINDOWS_1256.encode(text).0.into_owned()
    }

    fn in_utf16(text: &str, bytes_of: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes_of).collect()
    }

    #[test]
    fn a_mark_tells_the_encoding_and_is_no_text() {
        let with = |mark: &[u8], rest: Vec<u8>| decode(&[mark, &rest].concat());
        for (decoded, encoding) in [
            (with(b"\xEF\xBB\xBF", "مصر".into()), "UTF-8"),
            (with(b"\xFF\xFE", in_utf16("مصر", u16::to_le_bytes)), "UTF-16LE"),
            (with(b"\xFE\xFF", in_utf16("مصر", u16::to_be_bytes)), "UTF-16BE"),
        ] {
            assert_eq!((decoded.text.as_str(), decoded.encoding), ("مصر", encoding));
            assert!(decoded.had_bom && decoded.problems.is_empty());
        }
        assert_eq!(decode(b"\xEF\xBB\xBF\xEF\xBB\xBF").text, "\u{FEFF}");
    }

    #[test]
    fn without_a_mark_the_bytes_tell() {
        for text in [ARTICLE, "مصر", "قال: 12", "BBC"] {
            let decoded = decode(text.as_bytes());
            assert_eq!((decoded.text.as_str(), decoded.encoding), (text, "UTF-8"));
            assert!(!decoded.had_bom && decoded.problems.is_empty());
            let decoded = decode(&in_utf16(text, u16::to_le_bytes));
            assert_eq!((decoded.text.as_str(), decoded.encoding), (text, "UTF-16LE"));
            let decoded = decode(&in_utf16(text, u16::to_be_bytes));
            assert_eq!((decoded.text.as_str(), decoded.encoding), (text, "UTF-16BE"));
        }
        assert_eq!(decode(b"").encoding, "UTF-8");
    }

    #[test]
    fn short_arabic_in_windows_1256_is_recognised() {
        for text in [
            ARTICLE,
            "مصر",
            "لبنان",
            "القاهرة",
            "قال الوزير «نعم»، ثم سافر.",
            "أعلن الرئيس المصري، أمس، في القاهرة (BBC) 2020؟",
            "وزارة الخارجية الأميركية",
            "اقرأ المزيد",
        ] {
            let decoded = decode(&in_1256(text));
            assert_eq!((decoded.text.as_str(), decoded.encoding), (text, "windows-1256"));
            assert!(decoded.problems.is_empty());
        }
    }

    #[test]
    fn damage_is_counted_where_it_stands() {
        let mut bytes = "مصر ولبنان وسوريا".as_bytes().to_vec();
        bytes.splice(6..6, [0xFF, 0xFE]);
        bytes.push(0xD9);
        let decoded = decode(&bytes);
        assert_eq!(decoded.encoding, "UTF-8");
        assert_eq!(decoded.text, "مصر\u{FFFD}\u{FFFD} ولبنان وسوريا\u{FFFD}");
        let problem = |offset: usize, length, count| DecodeProblem { offset: ByteOffset::from_index(offset), length, count };
        assert_eq!(decoded.problems, [problem(6, 2, 2), problem(bytes.len() - 1, 1, 1)]);

        // Half a pair, and half a unit, after the mark and one letter.
        let decoded = decode(b"\xFF\xFE\x45\x06\x00\xD8\x45\x06\x41");
        assert_eq!(decoded.text, "م\u{FFFD}م\u{FFFD}");
        assert_eq!(decoded.problems, [problem(4, 2, 1), problem(8, 1, 1)]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn valid_text_comes_back(text in damaged()) {
            let decoded = decode(&[b"\xEF\xBB\xBF", text.as_bytes()].concat());
            prop_assert_eq!(&decoded.text, &text);
            let decoded = decode(&[&b"\xFE\xFF"[..], &in_utf16(&text, u16::to_be_bytes)].concat());
            prop_assert_eq!(&decoded.text, &text);
        }

        #[test]
        fn any_bytes_give_text(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let decoded = decode(&bytes);
            let replaced = decoded.text.matches(char::REPLACEMENT_CHARACTER).count();
            let counted: u32 = decoded.problems.iter().map(|problem| problem.count).sum();
            prop_assert!(replaced >= counted as usize);
            for problem in &decoded.problems {
                prop_assert!(problem.offset.index() + problem.length as usize <= bytes.len());
            }
        }
    }
}
