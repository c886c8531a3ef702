"""Tables in Parquet by pyarrow: documents, layers, labels and relations, and sentences with tokens and tags."""

import json

import pyarrow.parquet

import meant
from conll_seqeval import entities

FORMAT = "parquet"


def rows(folder, name):
    return pyarrow.parquet.read_table(folder / f"{name}.parquet").to_pylist()


def read(folder):
    texts = {row["document"]: row["text"] for row in rows(folder, "documents")}
    layers = {(row["document"], row["annotator"]): meant.Layer(texts[row["document"]]) for row in rows(folder, "layers")}
    places = {}
    for row in rows(folder, "spans"):
        key, place = (row["document"], row["annotator"]), (row["start"], row["end"])
        pieces = json.loads(row["pieces"]) if row["pieces"] else [place]
        assert " … ".join(texts[key[0]][start:end] for start, end in pieces) == row["text"]
        assert isinstance(row["unsure"], bool) and isinstance(json.loads(row["attributes"] or "{}"), dict)
        places[key, row["id"]] = place
        layers[key].labels.append((*place, row["label"]))
    for row in rows(folder, "relations"):
        key = (row["document"], row["annotator"])
        layers[key].relations.append((row["label"], places[key, row["from"]], places[key, row["to"]]))
    return layers


def compare(understood, layers, folder):
    """Labels and relations as they are, and the same labels on tokens."""
    import check

    yield from check.differences(understood, layers)
    by_tokens = {key: meant.Layer("") for key in layers}
    for row in rows(folder, "tokens"):
        layer = by_tokens[row["document"], row["annotator"]]
        assert row["offset"] == len(layer.text)
        layer.text += row["text"]
        for token, start, end in zip(row["tokens"], row["start"], row["end"], strict=True):
            assert row["text"][start:end] == token
        for level in (name for name in row if name.startswith("ner_tags")):
            for tag, start, end in entities(row[level]):
                layer.labels.append((row["offset"] + row["start"][start], row["offset"] + row["end"][end - 1], tag))
    plain = {key: meant.Layer(layer.text, layer.labels) for key, layer in layers.items()}
    yield from check.differences({key: layer.sort() for key, layer in by_tokens.items()}, plain)
