//! How the cost of working with text grows with its length, seen from outside; ratios only, with room to spare.

use std::hint::black_box;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use wusum::text::{
    Affinity, Caret, Clitic, Decoded, Direction, Folded, Mark, Match, Offset, Search, Side, Text, Utf16Offset, Vocabulary, fold, hidden_marks,
    move_visually,
};

const ARTICLE: &str = include_str!("../data/article.txt");

/// Below every limit here.
const PLAINLY_GOOD: f64 = 4.0;

/// The article in one line, as often as needed for so many characters.
fn line(characters: usize) -> String {
    let article = ARTICLE.replace('\n', " ");
    article.chars().cycle().take(characters).collect()
}

fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed().max(Duration::from_nanos(1))
}

/// How much longer the work takes on the longer text: the least times of several tries by turns, for other work on the
/// machine only ever adds. What is plainly good is not tried again.
fn growth(short: &str, long: &str, mut work: impl FnMut(&Text)) -> f64 {
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let (short, long) = (Text::new(short), Text::new(long));
    let (mut before, mut after) = (Duration::MAX, Duration::MAX);
    let mut ratio = f64::INFINITY;
    for round in 0..12 {
        before = before.min(time(|| work(&short)));
        after = after.min(time(|| work(&long)));
        ratio = after.as_secs_f64() / before.as_secs_f64();
        if round > 1 && ratio < PLAINLY_GOOD {
            break;
        }
    }
    ratio
}

/// Two hundred places, spread over the text.
fn places(text: &Text) -> impl Iterator<Item = Offset> {
    let length = u64::from(text.len().get());
    (0..200_u64).map(move |index| Offset::new(u32::try_from(index * length / 200).unwrap_or(0)))
}

/// Looks at every kind of place there is.
fn look_around(text: &Text) {
    for at in places(text) {
        black_box((text.to_byte(at), text.to_utf16(at), text.from_utf16(Utf16Offset::new(at.get()))));
        black_box((text.next_grapheme(at), text.previous_grapheme(at), text.grapheme_floor(at)));
        black_box((text.word_at(at), text.next_word_edge(at), text.previous_word_edge(at)));
        black_box(text.snap_to_words(at..at.plus(12)));
        black_box(text.paragraph_at(at));
        let caret = Caret { offset: at, affinity: Affinity::After };
        black_box(move_visually(text, caret, Side::Left, |_| Direction::RightToLeft));
    }
}

#[test]
fn a_look_at_one_place_costs_the_same_in_a_long_line() {
    let ratio = growth(&line(40_000), &line(640_000), look_around);
    assert!(ratio < 6.0, "16 times the text: {ratio:.1} times the time");
}

#[test]
fn a_line_without_spaces_is_looked_at_in_bounded_time() {
    for piece in ["ا", "كتاب.", "😀", "🇪🇬م", "中文", "(\"م", "ـَ"] {
        let of = |times: usize| piece.repeat(times / piece.chars().count());
        let ratio = growth(&of(40_000), &of(320_000), |text| {
            for at in places(text).step_by(40) {
                black_box((text.word_at(at), text.next_grapheme(at), text.next_word_edge(at)));
                black_box(text.snap_to_words(at..at.plus(3)));
            }
        });
        // A run of letters is cut every few thousand: eight times the line, the same work.
        assert!(ratio < 5.0, "{piece}: {ratio:.1}");
    }
}

#[test]
fn work_on_the_whole_grows_with_the_text_and_no_faster() {
    let check = |name: &str, work: &mut dyn FnMut(&Text)| {
        let ratio = growth(&line(40_000), &line(320_000), |text| work(text));
        assert!(ratio < 24.0, "{name}, 8 times the text: {ratio:.1} times the time");
    };
    check("index", &mut |text| drop(black_box(Text::new(text.as_str()))));
    check("fold", &mut |text| drop(black_box(Folded::new(text.as_str()))));
    check("words", &mut |text| {
        black_box(text.words(Offset::ZERO..text.len()).count());
    });
    check("trim", &mut |text| {
        black_box(text.trim(Offset::ZERO..text.len()));
    });
    check("hidden marks", &mut |text| drop(black_box(hidden_marks(text, Offset::ZERO..text.len()))));
    check("vocabulary", &mut |text| Vocabulary::new().add(text));
    for mode in [Match::Anywhere, Match::WholeWords, Match::WordsWithClitics] {
        check("search", &mut |text| {
            let mut search = Search::new("الأراضي", mode);
            while !search.step(text, 10_000).done {}
            black_box(search.found().len());
        });
    }
}

#[test]
fn hostile_searches_stay_linear() {
    for (piece, query) in [("ا", "اا"), ("كتاب.", "كتاب"), ("ال", "الا"), ("\"", "\""), ("م\u{64E}", "مم")] {
        let of = |times: usize| piece.repeat(times / piece.chars().count());
        for mode in [Match::WholeWords, Match::WordsWithClitics] {
            let ratio = growth(&of(10_000), &of(80_000), |text| {
                let mut search = Search::new(query, mode);
                black_box(search.step(text, u32::MAX));
            });
            assert!(ratio < 24.0, "{query} in {piece}, {mode:?}: {ratio:.1}");
        }
    }
}

#[test]
fn brackets_that_never_close_are_trimmed_in_one_pass() {
    for piece in ["(", "\"", "«(", "()"] {
        let ratio = growth(&piece.repeat(10_000), &piece.repeat(80_000), |text| {
            black_box(text.trim(Offset::ZERO..text.len()));
        });
        assert!(ratio < 24.0, "{piece}: {ratio:.1}");
    }
}

#[test]
fn values_can_be_handed_to_a_worker() {
    fn can<T: Send + Sync + Clone + 'static>() {}
    can::<Text>();
    can::<Folded>();
    can::<Search>();
    can::<Vocabulary>();
    can::<Decoded>();
    can::<Clitic>();
    can::<Mark>();
    assert_eq!(fold("أ"), "ا");
}
