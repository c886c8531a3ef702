"""W3C Web Annotation: positions in code points, and the quote with what is before and behind it stands there."""

import json

import meant

FORMAT = "web-annotation"


def tagging(annotation):
    bodies = annotation["body"] if isinstance(annotation["body"], list) else [annotation["body"]]
    (tag,) = [body["value"] for body in bodies if body.get("purpose") == "tagging"]
    return tag


def read(folder):
    layers, places = {}, {}
    for path in sorted(folder.glob("*.jsonld")):
        page = json.loads(path.read_text(encoding="utf-8"))
        texts = {one["id"]: one["value"] for one in page["texts"]}
        digests = {json.dumps(one["text_sha256"]): one["id"] for one in page["texts"]}
        with open(folder / "EXPORT.json", encoding="utf-8") as file:
            names = {digests[json.dumps(one["text_sha256"])]: one["id"] for one in json.load(file)["documents"]}
        labels = [one for one in page["items"] if one["motivation"] == "tagging"]
        for one in labels:
            targets = one["target"] if isinstance(one["target"], list) else [one["target"]]
            ranges = []
            for target in targets:
                text = texts[target["source"]]
                by_type = {selector["type"]: selector for selector in target["selector"]}
                start, end = (by_type["TextPositionSelector"][key] for key in ("start", "end"))
                quote = by_type["TextQuoteSelector"]
                assert text[start:end] == quote["exact"]
                assert text[:start].endswith(quote["prefix"]) and text[end:].startswith(quote["suffix"])
                ranges.append((start, end))
            key = (names[targets[0]["source"]], one["creator"]["name"])
            places[one["id"]] = (key, (ranges[0][0], ranges[-1][1]))
            layers.setdefault(key, meant.Layer(text)).labels.append((*places[one["id"]][1], tagging(one)))
        for one in page["items"]:
            if one["motivation"] == "linking":
                (key, first), (_, second) = (places[target["id"]] for target in one["target"])
                layers[key].relations.append((tagging(one), first, second))
    return layers


def compare(understood, layers, folder):
    """Somebody who labelled nothing is not there."""
    import check

    return check.differences(understood, {key: layer for key, layer in layers.items() if layer.labels})
