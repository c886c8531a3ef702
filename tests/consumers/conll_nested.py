"""Columns of nested labels by a strict reader: each column of a sentence is IOB2 by itself, and all together are all labels."""

import meant
from conll_seqeval import entities, grown, means, sentences

FORMAT = "conll-nested"
__all__ = ["means"]


def read(folder):
    layers = {}
    for key, lines in sentences(folder):
        layer = layers.setdefault(key, meant.Layer(""))
        starts = grown(layer, [line[0] for line in lines])
        for level in range(1, max((len(line) for line in lines), default=0)):
            tags = [line[level] if level < len(line) else "O" for line in lines]
            layer.labels += [(starts[start], starts[end], tag) for tag, start, end in entities(tags)]
    return layers
