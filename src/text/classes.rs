//! What kind of character a character is: for words, edges, folding and hidden marks.

use super::compat::is_combining_mark;

/// True for a letter or a digit that can carry a word. A combining mark cannot, though Unicode calls some alphabetic.
#[must_use]
pub fn is_word_character(character: char) -> bool {
    match character {
        '0'..='9' | 'a'..='z' | 'A'..='Z' | '\u{0620}'..='\u{064A}' => true,
        '\0'..='\u{A9}' => false,
        _ => character.is_alphanumeric() && !is_combining_mark(character),
    }
}

/// True for a character that shows as a picture and stands for itself: emoji and the letters of flags.
#[must_use]
pub const fn is_emoji(character: char) -> bool {
    matches!(character,
        '\u{231A}' | '\u{231B}' | '\u{23E9}'..='\u{23FA}'
        | '\u{2600}'..='\u{275A}' | '\u{2763}'..='\u{2767}' | '\u{2795}'..='\u{2797}' | '\u{27B0}' | '\u{27BF}'
        | '\u{2B50}' | '\u{2B55}' | '\u{1F000}'..='\u{1F0FF}' | '\u{1F1E6}'..='\u{1FAFF}')
}

/// True for a character that draws nothing and takes no place: bidi controls, joiners, BOM, soft hyphen, controls.
#[must_use]
pub const fn is_invisible(character: char) -> bool {
    is_format(character) || matches!(character, '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}')
}

/// True for an invisible character that belongs to the text's layout: bidi controls, joiners, BOM, soft hyphen.
#[must_use]
pub const fn is_format(character: char) -> bool {
    is_bidi_control(character)
        || matches!(character,
            '\u{AD}' | '\u{180E}' | '\u{200B}'..='\u{200D}' | '\u{2060}'..='\u{2064}' | '\u{206A}'..='\u{206F}' | '\u{FEFF}')
}

/// True for the twelve characters that steer direction.
#[must_use]
pub const fn is_bidi_control(character: char) -> bool {
    matches!(character, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// True for a letter of the Arabic script.
#[must_use]
pub fn is_arabic_letter(character: char) -> bool {
    matches!(character,
        '\u{0620}'..='\u{064A}' | '\u{066E}'..='\u{066F}' | '\u{0671}'..='\u{06D3}' | '\u{06D5}' | '\u{06EE}'..='\u{06EF}'
        | '\u{06FA}'..='\u{06FF}' | '\u{0750}'..='\u{077F}' | '\u{08A0}'..='\u{08C9}' | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
        && !matches!(character, '\u{FD3E}' | '\u{FD3F}' | '\u{FBB2}'..='\u{FBC2}')
}

/// True for punctuation of the scripts that news in Arabic meets; signs such as $ and + are none.
#[must_use]
pub const fn is_punctuation(character: char) -> bool {
    match character {
        '$' | '+' | '<' | '=' | '>' | '^' | '`' | '|' | '~' => false,
        '\0'..='\u{7F}' => character.is_ascii_punctuation(),
        '\u{A1}' | '\u{A7}' | '\u{AB}' | '\u{B6}' | '\u{B7}' | '\u{BB}' | '\u{BF}' => true,
        '\u{0609}' | '\u{060A}' | '\u{060C}' | '\u{060D}' | '\u{061B}' | '\u{061D}'..='\u{061F}' => true,
        '\u{066A}'..='\u{066D}' | '\u{06D4}' | '\u{05BE}' | '\u{05F3}' | '\u{05F4}' => true,
        '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205E}' => true,
        '\u{275B}'..='\u{2762}' | '\u{2768}'..='\u{2775}' | '\u{2E00}'..='\u{2E2E}' | '\u{2E30}'..='\u{2E5D}' => true,
        '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301F}' => true,
        '\u{FD3E}' | '\u{FD3F}' | '\u{FE10}'..='\u{FE19}' | '\u{FE30}'..='\u{FE61}' => true,
        '\u{FF01}'..='\u{FF0F}' | '\u{FF1A}' | '\u{FF1B}' | '\u{FF1F}' | '\u{FF20}' | '\u{FF3B}'..='\u{FF3D}' => true,
        _ => false,
    }
}

/// True for a character that no word contains and that parts words whatever stands around it.
///
/// Not all such characters: some, as the full stop, join what stands around them (3.14) or part it.
#[must_use]
pub fn is_separator(character: char) -> bool {
    match character {
        ' ' | '\u{060C}' => true,
        '\u{0620}'..='\u{0669}' => false,
        '\'' | '"' | '.' | ',' | ':' | ';' | '_' => false,
        '\0'..='\u{7F}' => !character.is_ascii_alphanumeric(),
        // Letters of words in Unicode's tables, though punctuation to the eye.
        '\u{B7}' | '\u{066B}' | '\u{066C}' | '\u{05F3}' | '\u{05F4}' => false,
        '\u{2018}' | '\u{2019}' | '\u{2024}' | '\u{2027}' | '\u{203F}' | '\u{2040}' | '\u{2044}' | '\u{2054}' => false,
        '\u{FE10}' | '\u{FE13}' | '\u{FE14}' | '\u{FE33}' | '\u{FE34}' | '\u{FE4D}'..='\u{FE55}' => false,
        '\u{FF07}' | '\u{FF0C}' | '\u{FF0E}' | '\u{FF1A}' | '\u{FF1B}' => false,
        // Spaces and punctuation of any other kind.
        _ => character.is_whitespace() || is_punctuation(character),
    }
}

/// True for a character that is a grapheme beside any other of the kind, and in a run of them one word if it is no sign.
///
/// Not all such characters: those that texts are full of.
#[must_use]
pub const fn is_alone(character: char) -> bool {
    matches!(character, '\n' | ' '..='~' | '\u{060C}' | '\u{061B}' | '\u{061F}'..='\u{064A}' | '\u{0660}'..='\u{0669}')
}

/// The closing partner of an opening bracket or quotation mark.
#[must_use]
pub const fn closing_of(opening: char) -> Option<char> {
    Some(match opening {
        '(' => ')',
        '[' => ']',
        '{' => '}',
        '«' => '»',
        '‹' => '›',
        '“' | '„' => '”',
        '‘' | '‚' => '’',
        '﴿' => '﴾',
        '「' => '」',
        '『' => '』',
        '〈' => '〉',
        '《' => '》',
        '（' => '）',
        _ => return None,
    })
}

/// True for the closing partner of an opening bracket or quotation mark.
#[must_use]
pub const fn is_closing(character: char) -> bool {
    matches!(character, ')' | ']' | '}' | '»' | '›' | '”' | '’' | '﴾' | '」' | '』' | '〉' | '》' | '）')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_do_not_contradict_each_other() {
        for character in (0..=0x10_FFFF).filter_map(char::from_u32) {
            let classes = [is_word_character(character), is_punctuation(character), is_invisible(character), is_emoji(character)];
            let count = classes.iter().filter(|&&class| class).count();
            assert!(count <= 1, "{:?} {classes:?}", character);
            assert!(!(is_separator(character) && is_word_character(character)), "{character:?}");
            assert!(!(is_separator(character) && is_format(character)), "{character:?}");
            if let Some(closing) = closing_of(character) {
                assert!(is_closing(closing) && is_punctuation(character) && is_punctuation(closing));
            }
        }
    }

    #[test]
    fn arabic_punctuation_parts_words() {
        for character in ['،', '؛', '؟', '«', '»', '٪', ' ', '\u{A0}', '\u{202F}', '\n', '(', '…', '–'] {
            assert!(is_separator(character), "{character:?}");
        }
        for character in ['ا', 'ـ', '\u{64B}', '\u{200C}', '\u{200F}', '.', '٫', '٬', '’'] {
            assert!(!is_separator(character), "{character:?}");
        }
    }
}
