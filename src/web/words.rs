//! The interface's words in Arabic and English, and numbers as each language writes them.

use serde::Deserialize;
use serde_json::Value;
use std::cell::OnceCell;
use std::hint::black_box;
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// A language of the interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Arabic, the first.
    #[default]
    Ar,
    /// English.
    En,
}

impl Language {
    /// As in `html[lang]`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Ar => "ar",
            Self::En => "en",
        }
    }

    /// As in `html[dir]`.
    #[must_use]
    pub fn direction(self) -> &'static str {
        match self {
            Self::Ar => "rtl",
            Self::En => "ltr",
        }
    }

    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Ar => Self::En,
            Self::En => Self::Ar,
        }
    }

    /// The words that a first visit asks for.
    fn table(self) -> &'static str {
        match self {
            Self::Ar => include_str!("../../locales/ar.json"),
            Self::En => include_str!("../../locales/en.json"),
        }
    }

    /// All others; they come with the code that waits (scripts/split), as does whoever reads them.
    fn later(self) -> &'static str {
        match self {
            Self::Ar => include_str!("../../locales/later.ar.json"),
            Self::En => include_str!("../../locales/later.en.json"),
        }
    }

    /// The locale for numbers and times: Arabic-Indic digits in Arabic.
    #[must_use]
    pub fn locale(self) -> &'static str {
        match self {
            Self::Ar => "ar-EG",
            Self::En => "en",
        }
    }
}

type Table = serde_json::Map<String, Value>;

/// A table of words. A test reads all of them, so that none comes up empty on a page.
fn read(table: &str) -> Table {
    crate::json::parse(table).unwrap_or_default()
}

fn read_later(language: Language) -> Table {
    read(language.later())
}

/// One language's words.
pub struct Words {
    language: Language,
    table: Table,
    later: OnceCell<Table>,
    plural: js_sys::Intl::PluralRules,
    number: js_sys::Function,
}

impl Words {
    /// The words of a language, read once.
    #[must_use]
    pub fn of(language: Language) -> Rc<Self> {
        thread_local! {
            static READ: [OnceCell<Rc<Words>>; 2] = const { [OnceCell::new(), OnceCell::new()] };
        }
        let slot = usize::from(language == Language::En);
        READ.with(|read| read[slot].get_or_init(|| Rc::new(Self::read(language))).clone())
    }

    fn read(language: Language) -> Self {
        Self::with_more(language, "{}")
    }

    /// The words of a language, with those of another table: a JSON object such as `locales/` has.
    #[must_use]
    pub fn with_more(language: Language, more: &str) -> Self {
        let mut table = read(language.table());
        table.extend(read(more));
        let locales = js_sys::Array::of1(&JsValue::from_str(language.locale()));
        let options = js_sys::Object::new();
        let number = js_sys::Intl::NumberFormat::new(&locales, &options).format();
        Self { language, table, later: OnceCell::new(), plural: js_sys::Intl::PluralRules::new(&locales, &options), number }
    }

    /// Which language.
    #[must_use]
    pub fn language(&self) -> Language {
        self.language
    }

    fn entry(&self, key: &str) -> Option<&Value> {
        // By a pointer that no optimiser sees through: in line, the whole function would wait for what only its last part reads.
        let later = || self.later.get_or_init(|| black_box(read_later as fn(Language) -> Table)(self.language));
        self.table.get(key).or_else(|| later().get(key))
    }

    /// The words for a key; the key itself where there are none, so that a gap is seen and not fatal.
    #[must_use]
    pub fn get(&self, key: &str) -> String {
        match self.entry(key) {
            Some(Value::String(words)) => words.clone(),
            _ => key.to_owned(),
        }
    }

    /// The words for a key with `{name}` filled in.
    #[must_use]
    pub fn with(&self, key: &str, parts: &[(&str, &str)]) -> String {
        fill(self.get(key), parts)
    }

    /// The words for a key and a number, in the plural form that the language has for it; `{n}` is the number.
    #[must_use]
    pub fn count(&self, key: &str, n: usize) -> String {
        #[expect(clippy::cast_precision_loss, reason = "counts on a screen are far below 2^53")]
        let category = self.plural.select(n as f64);
        let forms = self.entry(key);
        let form = forms.and_then(|forms| forms.get(String::from(category)).or_else(|| forms.get("other")));
        let words = form.and_then(Value::as_str).unwrap_or(key).to_owned();
        fill(words, &[("n", &self.number(n))])
    }

    /// A whole number as the language writes it.
    #[must_use]
    pub fn number(&self, n: usize) -> String {
        #[expect(clippy::cast_precision_loss, reason = "counts on a screen are far below 2^53")]
        let written = self.number.call1(&JsValue::UNDEFINED, &JsValue::from_f64(n as f64));
        written.ok().and_then(|written| written.as_string()).unwrap_or_else(|| n.to_string())
    }

    /// A number in the language's digits, without separators; cheaper than [`Words::number`] for thousands of them.
    #[must_use]
    pub fn digits(&self, n: usize) -> String {
        let written = n.to_string();
        match self.language {
            Language::En => written,
            // The Arabic-Indic digits stand in the order of the ASCII ones.
            Language::Ar => written.bytes().filter_map(|digit| char::from_u32(0x660 + u32::from(digit - b'0'))).collect(),
        }
    }

    /// Of the two names of a record, the one in this language.
    #[must_use]
    pub fn pick<'a>(&self, names: &'a crate::schema::Names) -> &'a str {
        match self.language {
            Language::Ar => &names.ar,
            Language::En => &names.en,
        }
    }
}

impl PartialEq for Words {
    fn eq(&self, other: &Self) -> bool {
        self.language == other.language
    }
}

fn fill(mut words: String, parts: &[(&str, &str)]) -> String {
    for (name, value) in parts {
        words = words.replace(&format!("{{{name}}}"), value);
    }
    words
}
