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
        for name in doc.annset_names():
            labels = [(one.start, one.end, one.type) for one in doc.annset(name)]
            layers[doc.name, name] = meant.Layer(doc.text, labels)
    return layers


def again(folder, place):
    """Each set of annotations as a document of its own, in Java's offsets."""
    for path in list(folder.rglob("*.bdocjs")):
        for name in Document.load(str(path)).annset_names():
            doc = Document.load(str(path))
            for other in doc.annset_names():
                if other != name:
                    doc.remove_annset(other)
            doc.save(str(place(doc.name, name) / "again.bdocjs"), fmt="bdocjs", offset_type="j")
