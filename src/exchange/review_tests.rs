//! Others' work comes in to be reviewed: by the name of its file, and with what was said on both sides.

use super::tests::{TEXT, annotation, asked, bare, file, key, layer, read, take, written};
use super::*;
use crate::adjudicate::comments::Comment;
use crate::formats::merge::ReportLine;
use crate::layer::Layer;
use serde_json::json;
use std::sync::Arc;

fn said(layer: &Layer, id: &str) -> Layer {
    let comment = Comment { id: id.to_owned(), by: "م".to_owned(), at: 1, place: (6, 13), text: id.to_owned(), ..Comment::default() };
    layer.clone().with_remarks([Arc::new(comment.remark())])
}

fn comments(records: &Records) -> Vec<String> {
    read(records).project.layer(&key()).into_iter().flat_map(Layer::remarks).map(|remark| remark.id.to_string()).collect()
}

#[test]
fn labels_that_no_file_claims_go_by_the_name_of_their_file_where_that_is_asked() {
    let nameless = |id: &str| {
        json!({"documents": [{"id": "d", "text": TEXT, "spans": [{"id": id, "start": 6, "end": 13, "label": "Actor"}]}]}).to_string().into_bytes()
    };
    let files = [("منى.json".to_owned(), nameless("s1")), ("هدى.json".to_owned(), nameless("s2"))];
    let (answer, _) = take(&bare(None), &files, &Asked { by_file: true, ..asked() });
    let stock = read(&written(&bare(None), &answer));
    let whose: Vec<String> = stock.project.layers.iter().map(|(key, _)| key.annotator.to_string()).collect();
    assert_eq!(whose, ["منى", "هدى"]);
}

#[test]
fn what_was_said_on_both_sides_stays_whichever_layer_is_newer() {
    let labels = layer(&[annotation("s1", 6, 13)]);
    let (answer, _) = take(&Records::default(), &[file(&said(&labels, "c1"), 5)], &asked());
    let here = written(&Records::default(), &answer);
    // An older layer with another comment: the layer here stays, and takes the comment.
    let (answer, imported) = take(&here, &[file(&said(&layer(&[]), "c2"), 3)], &asked());
    assert!(imported.lines.contains(&ReportLine::CommentsTaken { layer: key(), count: 1 }), "{imported:?}");
    let both = written(&here, &answer);
    assert_eq!(comments(&both), ["c1", "c2"]);
    assert_eq!(read(&both).project.layer(&key()).map(Layer::len), Some(1));
    // A newer one with a third: it is taken, and what was said here stays.
    let newer = layer(&[annotation("s1", 6, 13), annotation("s2", 22, 26)]);
    let (answer, _) = take(&both, &[file(&said(&newer, "c3"), 9)], &asked());
    let all = written(&both, &answer);
    assert_eq!(comments(&all), ["c1", "c2", "c3"]);
    assert_eq!(read(&all).project.layer(&key()).map(Layer::len), Some(2));
    // The same file once more: nothing to do.
    let (answer, _) = take(&all, &[file(&said(&newer, "c3"), 9)], &asked());
    assert_eq!(answer.writes, []);
}
