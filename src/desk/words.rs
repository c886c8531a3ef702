//! The words of the desk: its own table and the page's.

use crate::schema::Names;
use crate::web::words::{Language, Words};
use std::cell::OnceCell;
use std::rc::Rc;

/// The words of a language, read once.
pub fn of(language: Language) -> Rc<Words> {
    thread_local! {
        static READ: [OnceCell<Rc<Words>>; 2] = const { [OnceCell::new(), OnceCell::new()] };
    }
    let (slot, own) = match language {
        Language::Ar => (0, include_str!("../../locales/desk.ar.json")),
        Language::En => (1, include_str!("../../locales/desk.en.json")),
    };
    READ.with(|read| read[slot].get_or_init(|| Rc::new(Words::with_more(language, own))).clone())
}

/// The words for a key in both languages.
pub fn names(key: &str) -> Names {
    Names { ar: of(Language::Ar).get(key), en: of(Language::En).get(key) }
}
