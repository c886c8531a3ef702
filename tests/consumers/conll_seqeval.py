"""CoNLL-2003 by a strict reader of columns, and what seqeval takes its tags for in strict mode."""

from seqeval.metrics.sequence_labeling import get_entities
from seqeval.scheme import IOB2, Entities

import meant

FORMAT = "conll2003"


def entities(tags):
    """Labels on tokens, (label, first, after last); a forgiving reading must find nothing else."""
    if not tags:
        return []
    (strict,) = Entities([tags], scheme=IOB2).entities
    found = [(one.tag, one.start, one.end) for one in strict]
    assert [(tag, start, end + 1) for tag, start, end in get_entities(tags)] == found, tags
    return found


def sentences(folder):
    """Each sentence's lines, as lists of columns, with its document and annotator; an empty one where a document begins."""
    documents, annotators = meant.side(folder)
    for path in sorted(folder.rglob("*.conll")):
        annotator = annotators[path.parent.name] if path.parent != folder else next(iter(annotators.values()))
        key = None
        for block in path.read_bytes().decode("utf-8").split("\n\n"):
            lines = [line.split(" ") for line in block.split("\n") if line]
            if lines and lines[0][0] == "-DOCSTART-":
                key, lines = (documents[lines[0][1]], annotator), []
                yield key, lines
            elif lines:
                yield key, lines


def grown(layer, tokens):
    """Adds tokens to a text without white space; where each begins, and the end."""
    starts = [len(layer.text)]
    for token in tokens:
        assert token and not any(character.isspace() for character in token), token
        starts.append(starts[-1] + len(token))
    layer.text += "".join(tokens)
    return starts


def means(layer):
    """Words and labels; there are no relations."""
    layer = meant.dense(layer)
    layer.relations = []
    return layer


def read(folder):
    layers = {}
    for key, lines in sentences(folder):
        layer = layers.setdefault(key, meant.Layer(""))
        assert all(len(line) == 4 for line in lines), lines
        starts = grown(layer, [line[0] for line in lines])
        layer.labels += [(starts[start], starts[end], tag) for tag, start, end in entities([line[3] for line in lines])]
    return layers


def compare(understood, layers, folder):
    """All words are there, every label is one that was meant, and as many are missing as were told, each for one that stands."""
    lost = meant.lost(folder)
    missing = 0
    for key, layer in layers.items():
        if key not in understood:
            yield f"{key}: not there"
            continue
        if understood[key].text != layer.text:
            yield f"{key}: other words"
        rest = list(layer.labels)
        for label in understood[key].labels:
            if label in rest:
                rest.remove(label)
            else:
                yield f"{key}: nobody meant {label}"
        missing += len(rest)
        for start, end, label in rest:
            if not any(one < end and start < other for one, other, _ in understood[key].labels):
                yield f"{key}: {label} at {start} is missing, and no other label is there"
    told = lost.get("left-out", 0) + lost.get("no-token", 0)
    if missing != told:
        yield f"{missing} labels are missing, {told} were told"
