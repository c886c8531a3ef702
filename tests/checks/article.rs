//! The article with two people's labels.

use super::sources::without_source;
use wusum::check::{Checker, Finding};
use wusum::formats::wusum;
use wusum::layer::Layer;
use wusum::schema::Schema;
use wusum::suggest;
use wusum::text::{Text, Vocabulary};

fn people() -> [(std::sync::Arc<Text>, Layer); 2] {
    [include_bytes!("../data/article.a.jsonl").as_slice(), include_bytes!("../data/article.b.jsonl")].map(|bytes| {
        let import = wusum::read(bytes);
        assert!(import.problems.is_empty());
        let document = import.documents.values().next().expect("one document");
        (document.text.clone(), import.layers.values().next().expect("one layer").clone())
    })
}

fn findings(text: &Text, layer: &Layer) -> Vec<Finding> {
    let schema = Schema::default();
    let mut vocabulary = Vocabulary::new();
    vocabulary.add(text);
    Checker { text, layer, schema: &schema, vocabulary: &vocabulary }.all()
}

#[test]
fn show() {
    for (text, layer) in people() {
        for finding in findings(&text, &layer) {
            println!("{:?} {} {:?} {:?}", finding.about, text.slice(finding.span.range()).unwrap(), finding.why, finding.fix);
        }
        let schema = Schema::default();
        for relation in layer.relations() {
            let claim = layer.get(&relation.from).unwrap();
            let found = suggest::source(&text, &layer, claim, &schema.relations[0]);
            let good = found.as_ref().is_some_and(|found| found.source == relation.to);
            println!("{} {} {} gold {} {:?} {}", good, relation.from, claim.extent.quote(&text).unwrap().chars().take(30).collect::<String>(), relation.to, found.as_ref().map(|f|&f.source), found.as_ref().map_or("", |f| text.slice(f.cue.range()).unwrap()));
        }
        without_source();
    }
}
