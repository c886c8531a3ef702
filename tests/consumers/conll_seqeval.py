"""CoNLL-2003 by a strict reader of columns, and what seqeval takes its tags for in strict mode."""

from seqeval.metrics.sequence_labeling import get_entities
from seqeval.scheme import IOB2, Entities

import meant

FORMAT = "conll2003"


def means(layer):
    """Words and labels; there are no relations."""
    layer = meant.dense(layer)
    layer.relations = []
    return layer


def read(folder):
    documents, annotators = meant.side(folder)
    layers = {}
    for path in sorted(folder.rglob("*.conll")):
        annotator = annotators[path.parent.name] if path.parent != folder else next(iter(annotators.values()))
        for block in path.read_bytes().decode("utf-8").split("\n\n"):
            lines = [line.split(" ") for line in block.split("\n") if line]
            if not lines:
                continue
            if lines[0][0] == "-DOCSTART-":
                layer = layers[documents[lines[0][1]], annotator] = meant.Layer("")
                continue
            assert all(len(line) == 4 for line in lines), lines
            tokens, tags = [line[0] for line in lines], [line[3] for line in lines]
            starts = [len(layer.text)]
            for token in tokens:
                assert token and not any(character.isspace() for character in token), token
                starts.append(starts[-1] + len(token))
            layer.text += "".join(tokens)
            (strict,) = Entities([tags], scheme=IOB2).entities
            entities = [(one.tag, one.start, one.end) for one in strict]
            # Its forgiving reading must find nothing else.
            assert [(tag, start, end + 1) for tag, start, end in get_entities(tags)] == entities
            layer.labels += [(starts[start], starts[end], tag) for tag, start, end in entities]
    return layers


def compare(understood, layers, folder):
    """All words are there, every label is one that was meant, and as many are missing as were told, the longest never."""
    left_out = meant.lost(folder).get("left-out", 0) + meant.lost(folder).get("no-token", 0)
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
    if missing != left_out:
        yield f"{missing} labels are missing, {left_out} were told"
