//! How the cost of a comparison grows: four times the labels take about four times as long.

use std::hint::black_box;
use std::time::{Duration, Instant};

use wusum::annotation::Annotation;
use wusum::compare::compare;
use wusum::layer::{Layer, Status};
use wusum::span::Span;
use wusum::text::Offset;

/// Labels of which each third is of another kind, some of them a letter off.
fn layer(count: u32, shift: u32) -> Layer {
    let labels = (0..count).map(|n| {
        let start = n * 10 + (n * shift) % 3;
        let span = Span::try_new(Offset::new(start), Offset::new(start + 4 + n % 5)).unwrap();
        Annotation::new(format!("s{n}").into(), span, ["Actor", "Claim", "Location"][(n % 3) as usize].into())
    });
    Layer::from_records(Status::Done, labels, [])
}

fn least(count: u32) -> Duration {
    let layers = [("a".into(), layer(count, 0)), ("b".into(), layer(count, 1))];
    let tries = (0..9).map(|_| {
        let start = Instant::now();
        assert!(!black_box(compare(&layers)).differences.is_empty());
        start.elapsed()
    });
    tries.min().unwrap_or_default().max(Duration::from_nanos(1))
}

#[test]
fn a_comparison_grows_with_the_labels_and_not_with_their_square() {
    let (few, many) = (least(4_000), least(16_000));
    let ratio = many.as_secs_f64() / few.as_secs_f64();
    println!("two layers of 4,000 labels: {few:?}; of 16,000: {many:?}; {ratio:.1} times");
    assert!(ratio < 9.0, "{few:?} and {many:?}: {ratio:.1} times");
}
