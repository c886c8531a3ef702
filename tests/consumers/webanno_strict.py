"""WebAnno TSV 3.3 by its own description: UTF-16 units, stacked labels, sub-tokens, and relations that name their other end."""

import re

import meant

FORMAT = "webanno-tsv"
ESCAPE = re.compile(r"\\(.)", re.DOTALL)
PLAIN = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "b": "\b"}
TIED = re.compile(r"(.*)\[(\d+)\]", re.DOTALL)
SOURCE = re.compile(r"([0-9.-]+)(?:\[(\d+)_(\d+)\])?")


def means(layer):
    """Words, labels on them and relations between these; white space between sentences is not held."""
    layer = meant.dense(layer)
    layer.labels = [label for label in layer.labels if label[0] < label[1]]
    layer.relations = [one for one in layer.relations if one[1][0] < one[1][1] and one[2][0] < one[2][1]]
    return layer


def plain(text):
    return ESCAPE.sub(lambda found: PLAIN.get(found.group(1), found.group(1)), text)


def parts(cell):
    """A cell's stacked values, as (value, number); nothing where there is none."""
    if cell == "_":
        return []
    stacked = re.split(r"(?<!\\)\|", cell)
    tied = [TIED.fullmatch(value) or (None, value, 0) for value in stacked]
    return [(plain(one[1]), int(one[2])) for one in tied]


def sentence(lines, layer, places, ties):
    """Adds a sentence: its text without white space, and what its lines say."""
    rows = [line.removesuffix("\t").split("\t") for line in lines if not line.startswith("#")]
    text = plain("\n".join(line.removeprefix("#Text=") for line in lines if line.startswith("#Text=")))
    units, first = text.encode("utf-16-le"), int(rows[0][1].split("-")[0])
    point = lambda at: len(units[: 2 * (at - first)].decode("utf-16-le"))
    before = len(layer.text)
    dense = lambda at: before + len("".join(text[: point(at)].split()))
    # A file without relations has no columns of them; each line ends in a tabulator.
    for name, place, words, label, kind, source in [(row + ["_", "_", "_"])[:6] for row in rows]:
        start, end = map(int, place.split("-"))
        assert text[point(start) : point(end)] == plain(words), (name, words)
        for value, number in parts(label):
            key = number or name
            known = places.setdefault(key, [value, dense(start), dense(end)])
            assert known[0] == value
            known[2] = dense(end)
            if number:
                places.setdefault(name, known)
        for (value, _), other in zip(parts(kind), [] if source == "_" else source.split("|"), strict=True):
            at, one, mine = SOURCE.fullmatch(other).groups()
            ties.append((value, int(one or 0) or at, int(mine or 0) or name))
    layer.text += "".join(text.split())


def read(folder):
    layers = {}
    for document, annotator, path in meant.files(folder, ".tsv"):
        head, _, body = path.read_bytes().decode("utf-8").partition("\n\n\n")
        assert head.startswith("#FORMAT=WebAnno TSV 3.3\n"), head
        layer, places, ties = meant.Layer(""), {}, []
        for block in filter(None, body.strip("\n").split("\n\n")):
            sentence(block.split("\n"), layer, places, ties)
        labels = {id(one): one for one in places.values()}
        layer.labels = [(start, end, value) for value, start, end in labels.values()]
        place = lambda key: tuple(places[key][1:])
        layer.relations = [(kind, place(source), place(target)) for kind, source, target in ties]
        layers[document, annotator] = layer
    return layers
