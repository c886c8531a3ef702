"""CoNLL-U by the package of that name: brackets in MISC open and close labels on words."""

import re
from urllib.parse import unquote

import conllu

import meant
from conll_seqeval import grown, means

FORMAT = "conllu"
__all__ = ["means"]
BRACKET = re.compile(r"\(([^()-]+)-([^()]+)(\)?)|([^()-]+)\)")


def read(folder):
    layers = {}
    for path in sorted(folder.rglob("*.conllu")):
        opened, key = {}, None
        for sentence in conllu.parse(path.read_bytes().decode("utf-8")):
            if "newdoc id" in sentence.metadata:
                assert not opened
                key = (sentence.metadata["newdoc id"], sentence.metadata["meta::annotator"])
            layer = layers.setdefault(key, meant.Layer(""))
            words = [token for token in sentence if isinstance(token["id"], int)]
            assert [word["id"] for word in words] == list(range(1, len(words) + 1))
            for token in sentence:
                if not isinstance(token["id"], int):
                    first, _, last = token["id"]
                    assert token["form"] == "".join(word["form"] for word in words[first - 1 : last])
            starts = grown(layer, [word["form"] for word in words])
            for at, word in enumerate(words):
                value = (word["misc"] or {}).get("Entity", "")
                found = list(BRACKET.finditer(value))
                assert "".join(match.group() for match in found) == value, value
                for match in found:
                    name, label, is_whole, closed = match.groups()
                    if closed:
                        label, start = opened.pop(closed)
                        layer.labels.append((start, starts[at + 1], label))
                    elif is_whole:
                        layer.labels.append((starts[at], starts[at + 1], unquote(label)))
                    else:
                        opened[name] = (unquote(label), starts[at])
        assert not opened
    return layers


def again(folder, place):
    for path in list(folder.rglob("*.conllu")):
        layers = {}
        for sentence in conllu.parse(path.read_bytes().decode("utf-8")):
            if "newdoc id" in sentence.metadata:
                key = (sentence.metadata["newdoc id"], sentence.metadata["meta::annotator"])
            layers.setdefault(key, []).append(sentence.serialize())
        for key, sentences in layers.items():
            (place(*key) / "again.conllu").write_bytes("".join(sentences).encode("utf-8"))
