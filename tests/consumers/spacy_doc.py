"""spaCy's documents by spaCy: every label is a span of the group, on whole tokens, and the words are the text's."""

import json

import spacy
from spacy.tokens import Doc

import meant

FORMAT = "spacy"


def means(layer):
    """The text and all labels; spaCy itself has no relations."""
    return meant.Layer(layer.text, layer.labels, [])


def documents(folder):
    """Each document of spaCy, by document and annotator."""
    _, annotators = meant.side(folder)
    vocab = spacy.blank("ar").vocab
    for path in sorted(folder.rglob("*.jsonl")):
        annotator = annotators[path.parent.name] if path.parent != folder else next(iter(annotators.values()))
        for line in path.read_text(encoding="utf-8").split("\n")[:-1]:
            value = json.loads(line)
            said = value["wusum_more"]
            doc = Doc(vocab).from_json(value, validate=True)
            # Its own bytes hold the same.
            yield (said["document"], annotator), Doc(vocab).from_bytes(doc.to_bytes())


def read(folder):
    layers = {}
    for key, doc in documents(folder):
        spans = [(span.start_char, span.end_char, span.label_) for span in doc.spans["sc"]]
        for ent in doc.ents:
            assert (ent.start_char, ent.end_char, ent.label_) in spans
        layers[key] = meant.Layer(doc.text, spans)
    return layers


def again(folder, place):
    for key, doc in list(documents(folder)):
        (place(*key) / "again.jsonl").write_text(json.dumps(doc.to_json(), ensure_ascii=False) + "\n", encoding="utf-8")
