//! Words that say who says something: verbs of saying, and what stands for them. All folded.

/// How a cue stands to whoever says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cue {
    /// A verb: its subject follows it (قال الوزير), stands before it (الوزير قال), or goes on from the verb before (وأضاف).
    Verb {
        /// Whether و or ف joins it to what came before, whose subject it then shares.
        joined: bool,
    },
    /// A participle that goes with the verb before it, and has its subject: مؤكداً.
    Participle,
    /// A noun of asking or accusing, after which stands whom it is aimed at: مطالبة باكو.
    Aimed,
    /// A noun with a pronoun for whoever was named last: قوله.
    Own,
    /// What is followed by the source: وفقاً لـ, بحسب, على حد قول.
    According,
}

/// Verbs as they stand with "he" in the past, and what of the present follows its ي or ت.
const VERBS: &[(&str, &str)] = &[
    ("اعلن", "علن"),
    ("اكد", "وكد"),
    ("اضاف", "ضيف"),
    ("تابع", "تابع"),
    ("اوضح", "وضح"),
    ("اشار", "شير"),
    ("ذكر", "ذكر"),
    ("صرح", "صرح"),
    ("اتهم", "تهم"),
    ("رفض", "رفض"),
    ("انكر", "نكر"),
    ("طالب", "طالب"),
    ("طلب", "طلب"),
    ("حذر", "حذر"),
    ("شدد", "شدد"),
    ("كشف", "كشف"),
    ("افاد", "فيد"),
    ("ابلغ", "بلغ"),
    ("اعرب", "عرب"),
    ("زعم", "زعم"),
    ("وصف", "صف"),
    ("اعتبر", "عتبر"),
    ("لفت", "لفت"),
    ("نوه", "نوه"),
    ("اقر", "قر"),
    ("اعترف", "عترف"),
    ("تعهد", "تعهد"),
    ("هدد", "هدد"),
    ("توقع", "توقع"),
    ("رجح", "رجح"),
    ("اقترح", "قترح"),
    ("انتقد", "نتقد"),
    ("ندد", "ندد"),
    ("ادان", "دين"),
    ("استنكر", "ستنكر"),
    ("رد", "رد"),
    ("اجاب", "جيب"),
    ("كتب", "كتب"),
    ("غرد", "غرد"),
    ("جدد", "جدد"),
    ("كرر", "كرر"),
    ("استبعد", "ستبعد"),
    ("حث", "حث"),
    ("ناشد", "ناشد"),
    ("اردف", "ردف"),
    ("استطرد", "ستطرد"),
    ("عزا", "عزو"),
];

/// What a verb in the past may end with: she, they, the two of them.
const PAST: &[&str] = &["", "ت", "وا", "ا", "تا", "ن"];
/// The same in the present.
const PRESENT: &[&str] = &["", "ون", "ان", "وا", "ين", "ن"];
/// What may come after: of pronouns only those that no noun ends with by chance, as ذكرى ends with ي.
const OBJECTS: &[&str] = &["", "ه", "ها", "هم", "هما", "هن"];

/// Verbs whose forms follow no such rule.
const IRREGULAR: &[&str] = &[
    "قال",
    "قالت",
    "قالوا",
    "قالا",
    "قالتا",
    "قلن",
    "يقول",
    "تقول",
    "يقولون",
    "يقولان",
    "تقولان",
    "نفي",
    "نفت",
    "نفوا",
    "نفيا",
    "ينفي",
    "تنفي",
    "ينفون",
    "دعا",
    "دعت",
    "دعوا",
    "يدعو",
    "تدعو",
    "يدعون",
    "ادعي",
    "ادعت",
    "ادعوا",
    "يدعي",
    "تدعي",
    "راي",
    "رات",
    "راوا",
    "يري",
    "تري",
    "يرون",
    "روي",
    "روت",
    "رووا",
    "يروي",
    "تروي",
    "تساءل",
    "تساءلت",
    "تساءلوا",
    "يتساءل",
    "تتساءل",
    "مضي",
    "حكي",
    "حكت",
];

/// Participles without their endings.
const PARTICIPLES: &[&str] = &[
    "موكد",
    "موضح",
    "مضيف",
    "مشير",
    "قايل",
    "نافي",
    "محذر",
    "مشدد",
    "معتبر",
    "مطالب",
    "داعي",
    "لافت",
    "معرب",
    "زاعم",
    "مبين",
    "معلن",
    "كاشف",
    "مستطرد",
    "مردف",
    "رافض",
    "منوه",
    "واصف",
    "مستنكر",
    "مندد",
    "معترف",
    "مهدد",
    "متهم",
    "متابع",
    "مبلغ",
    "منكر",
    "مدعي",
    "ذاكر",
    "متوقع",
    "مرجح",
];
/// Of a participle that goes with a verb: accusative, feminine, plural. Without them it is a name for somebody.
const PARTICIPLE_ENDINGS: &[&str] = &["ا", "ه", "ين", "ات"];

const AIMED: &[&str] = &["مطالبه", "اتهام", "اتهامات", "دعوه", "حث", "مناشده", "تحذير"];
const OWN: &[&str] = &["قوله", "قولها", "قولهم"];
const ACCORDING: &[&str] =
    &["وفقا", "وفق", "وفقما", "بحسب", "حسب", "حسبما", "طبقا", "نقلا", "قول", "تصريح", "تصريحات", "بيان", "اعلان", "تاكيد", "تقدير", "لسان"];

/// Words after which somebody is named who is not the subject.
const GOVERNING: &[&str] = &[
    "مع",
    "في",
    "من",
    "الي",
    "علي",
    "عن",
    "باسم",
    "لدي",
    "ضد",
    "بين",
    "بشان",
    "حول",
    "نحو",
    "تجاه",
    "لصالح",
    "عند",
    "قبل",
    "بعد",
    "حتي",
    "خلال",
    "دون",
    "غير",
    "سوي",
    "عبر",
    "امام",
    "بحق",
    "بلسان",
];

/// What may stand between a claim and the cue after it: كما قال, على حد قول, هذا ما أعلنته.
const LEADING: &[&str] = &["كما", "ما", "علي", "حد", "هكذا", "هذا", "بهذا", "وفق", "ذلك", "وذلك", "في", "هو", "وهو"];

/// What a folded word is a cue of, if it is one.
pub(super) fn cue(word: &str) -> Option<Cue> {
    let without_joint = word.strip_prefix(['و', 'ف']);
    let is_in = |list: &[&str]| {
        let inner = [Some(word), without_joint].into_iter().flatten().any(|form| list.contains(&form));
        inner || [Some(word), without_joint].into_iter().flatten().filter_map(|form| form.strip_prefix(['ب', 'ل'])).any(|form| list.contains(&form))
    };
    if is_in(ACCORDING) {
        return Some(Cue::According);
    }
    if is_in(OWN) {
        return Some(Cue::Own);
    }
    if is_in(AIMED) {
        return Some(Cue::Aimed);
    }
    let is_participle = |form: &str| PARTICIPLES.iter().any(|base| form.strip_prefix(base).is_some_and(|end| PARTICIPLE_ENDINGS.contains(&end)));
    if is_participle(word) || without_joint.is_some_and(is_participle) {
        return Some(Cue::Participle);
    }
    if is_verb(word) {
        return Some(Cue::Verb { joined: false });
    }
    without_joint.is_some_and(is_verb).then_some(Cue::Verb { joined: true })
}

/// Whether a folded word may stand between a claim and the cue that follows it.
pub(super) fn leads(word: &str) -> bool {
    LEADING.contains(&word) || cue(word).is_some()
}

/// Whether somebody named right after a folded word is not the subject.
pub(super) fn governs(word: &str) -> bool {
    GOVERNING.contains(&word) || word.strip_prefix(['و', 'ف']).is_some_and(|form| GOVERNING.contains(&form))
}

fn is_verb(form: &str) -> bool {
    let ends = |rest: &str, endings: &[&str]| endings.iter().any(|ending| rest.strip_prefix(ending).is_some_and(|object| OBJECTS.contains(&object)));
    let is_present =
        |present: &str| form.strip_prefix(['ي', 'ت']).and_then(|rest| rest.strip_prefix(present)).is_some_and(|rest| ends(rest, PRESENT));
    let is_past = |past: &str| form.strip_prefix(past).is_some_and(|rest| ends(rest, PAST));
    let is_irregular = IRREGULAR.iter().any(|irregular| form.strip_prefix(irregular).is_some_and(|object| OBJECTS.contains(&object)));
    is_irregular || VERBS.iter().any(|(past, present)| is_past(past) || is_present(present))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold;

    #[test]
    fn the_lists_are_folded() {
        let verbs = VERBS.iter().flat_map(|(past, present)| [*past, *present]);
        let lists = [IRREGULAR, PARTICIPLES, AIMED, OWN, ACCORDING, GOVERNING, LEADING, PAST, PRESENT, OBJECTS, PARTICIPLE_ENDINGS];
        for word in verbs.chain(lists.into_iter().flatten().copied()) {
            assert_eq!(fold(word), word);
        }
    }

    #[test]
    fn forms_of_one_verb_are_one_cue() {
        for word in ["أعلن", "أعلنت", "أعلنوا", "يعلن", "تُعلن", "يعلنون", "قالت", "قالوا", "يقول", "نفى", "نفت", "دعا", "أكّد", "يؤكد", "صرّح"]
        {
            assert_eq!(cue(&fold(word)), Some(Cue::Verb { joined: false }), "{word}");
        }
        for word in ["وأضاف", "وأضافت", "فقال", "ووصفتها", "ويضيف", "وأبلغهم"] {
            assert_eq!(cue(&fold(word)), Some(Cue::Verb { joined: true }), "{word}");
        }
        for word in ["مؤكداً", "مؤكدةً", "قائلاً", "قائلة", "ومشيراً", "نافياً", "واصفاً"] {
            assert_eq!(cue(&fold(word)), Some(Cue::Participle), "{word}");
        }
        for word in ["وفقاً", "ووفقاً", "وفق", "بحسب", "وبحسب", "حسبما", "لتصريحات", "قول"] {
            assert_eq!(cue(&fold(word)), Some(Cue::According), "{word}");
        }
        assert_eq!(cue(&fold("مطالبة")), Some(Cue::Aimed));
        assert_eq!(cue(&fold("وقوله")), Some(Cue::Own));
    }

    #[test]
    fn words_that_look_like_a_cue_are_none() {
        for word in ["ذكرى", "وزير", "الوزير", "بين", "قالب", "مؤكد", "الإعلان", "باكو", "ردود", "كتاب", "وفد", "عبر"]
        {
            assert_eq!(cue(&fold(word)), None, "{word}");
        }
    }

    #[test]
    fn who_follows_a_preposition_is_no_subject() {
        assert!(["مع", "وفي", "باسم", "إلى", "على"].iter().all(|word| governs(&fold(word))));
        assert!(!["أن", "قال", "الوزير"].iter().any(|word| governs(&fold(word))));
    }
}
