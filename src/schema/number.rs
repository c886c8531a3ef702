//! Numbers as people write them.

use serde_json::{Number, Value};

/// A number in any digits that Arabic texts have: ٣٫٥ as well as 3.5; `None` for what is none, or may be read in two ways.
#[must_use]
pub fn number(written: &str) -> Option<Value> {
    let plain: String = written.trim().chars().filter(|letter| !matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}')).map(plain).collect();
    // The separator of thousands parts groups of three from the right; elsewhere it is a slip.
    let whole = plain.split('.').next()?.trim_start_matches(['-', '+']);
    let mut groups = whole.split('٬');
    let first = groups.next()?;
    if groups.clone().next().is_some() && (first.is_empty() || first.len() > 3 || groups.any(|group| group.len() != 3)) {
        return None;
    }
    let plain: String = plain.chars().filter(|letter| *letter != '٬').collect();
    let digits = plain.trim_start_matches(['-', '+']);
    let is_number = plain.len() - digits.len() <= 1
        && digits.chars().all(|letter| letter.is_ascii_digit() || letter == '.')
        && digits.starts_with(|letter: char| letter.is_ascii_digit())
        && digits.ends_with(|letter: char| letter.is_ascii_digit());
    if !is_number {
        return None;
    }
    let plain = plain.trim_start_matches('+');
    if let Ok(whole) = plain.parse::<i64>() {
        return Some(whole.into());
    }
    // As a file is read: JSON's own parser is in the page anyway, the standard library's brings ten kilobytes of powers. It
    // wants no zeros in front.
    let sign = if plain.starts_with('-') { "-" } else { "" };
    let digits = digits.trim_start_matches('0');
    let zero = if digits.starts_with(|letter: char| letter.is_ascii_digit()) { "" } else { "0" };
    serde_json::from_str::<Number>(&format!("{sign}{zero}{digits}")).ok().map(Value::Number)
}

fn plain(letter: char) -> char {
    let digit = |zero: char| char::from_digit(u32::from(letter) - u32::from(zero), 10).unwrap_or(letter);
    match letter {
        '٠'..='٩' => digit('٠'),
        '۰'..='۹' => digit('۰'),
        '٫' => '.',
        '\u{2212}' => '-',
        _ => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::number;
    use serde_json::{Value, json};

    #[test]
    fn digits_of_either_kind_are_numbers() {
        for (written, value) in [
            ("12", json!(12)),
            (" ٣٤ ", json!(34)),
            ("۵", json!(5)),
            ("٣٫٥", json!(3.5)),
            ("-2", json!(-2)),
            ("\u{2212}٧", json!(-7)),
            ("+4", json!(4)),
            ("١٬٠٠٠", json!(1000)),
            ("١٢٬٣٤٥٫٥", json!(12_345.5)),
            ("0.25", json!(0.25)),
            ("-00.5", json!(-0.5)),
            ("٠٠٧٫٥", json!(7.5)),
            ("0.1", json!(0.1)),
            ("123456.789", json!(123_456.789)),
            ("99999999999999999999", json!(1e20)),
        ] {
            assert_eq!(number(written), Some(value), "{written}");
        }
    }

    #[test]
    fn what_is_no_number_or_could_be_two_is_none() {
        for written in ["", " ", "عشرة", "12a", "1,5", "1.2.3", ".5", "5.", "--2", "١٬٠", "1000٬000", "٬100", "1e5", "inf", "NaN", "1 2", "-"]
        {
            assert_eq!(number(written), None::<Value>, "{written}");
        }
    }
}
