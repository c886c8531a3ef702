"""brat's standoff as its server reads it: code points of the text, a label's words beside its place, no line end in a label."""

import meant

FORMAT = "brat"


def means(layer):
    """Line ends are LF, and a label has none at its edges, for brat cuts it there."""
    layer = meant.line_feeds(layer)
    return layer


def read(folder):
    layers = {}
    for document, annotator, path in meant.files(folder, ".ann"):
        # The server decodes and reads the text as it is; Python's universal line ends do not change it.
        text = path.with_suffix(".txt").read_bytes().decode("utf-8")
        assert "\r" not in text and not text.startswith("\ufeff")
        layer, places = meant.Layer(text), {}
        lines = path.read_bytes().decode("utf-8").split("\n")
        assert lines.pop() == ""
        for line in lines:
            name, rest = line.split("\t", 1)
            if name[0] == "T":
                place, words = rest.split("\t")
                label, spans = place.split(" ", 1)
                pieces = [tuple(map(int, piece.split(" "))) for piece in spans.split(";")]
                assert " ".join(text[start:end] for start, end in pieces) == words, line
                places[name] = (pieces[0][0], pieces[-1][1])
                layer.labels.append((*places[name], label))
            elif name[0] == "R":
                label, one, other = rest.split(" ")
                ends = [end.split(":")[1] for end in (one, other)]
                layer.relations.append((label, places[ends[0]], places[ends[1]]))
        layers[document, annotator] = layer
    return layers
