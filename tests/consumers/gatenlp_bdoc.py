"""GATE's documents by gatenlp: a set of annotations for each annotator."""

from gatenlp import Document

import meant

FORMAT = "gate"


def means(layer):
    """The text and all labels; GATE has no relations."""
    return meant.Layer(layer.text, layer.labels, [])


def read(folder):
    layers = {}
    for path in sorted(folder.rglob("*.bdocjs")):
        doc = Document.load(str(path))
        # In Java's offsets and back it is the same.
        again = Document.load_mem(doc.save_mem(fmt="bdocjs", offset_type="j"), fmt="bdocjs")
        for name in doc.annset_names():
            labels = [(one.start, one.end, one.type) for one in doc.annset(name)]
            assert sorted(labels) == sorted((one.start, one.end, one.type) for one in again.annset(name))
            layers[doc.name, name] = meant.Layer(doc.text, labels)
    return layers
