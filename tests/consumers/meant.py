"""What the exports mean: documents and layers of the own format, positions in code points."""

import json
from dataclasses import dataclass, field


@dataclass
class Layer:
    """What somebody said of a text: (start, end, label) and (label, (start, end), (start, end)), with repetitions, sorted."""

    text: str
    labels: list = field(default_factory=list)
    relations: list = field(default_factory=list)

    def sort(self):
        self.labels.sort()
        self.relations.sort()
        return self


def load(paths):
    """All layers by (document, annotator)."""
    texts, layers = {}, {}
    for path in paths:
        with open(path, encoding="utf-8", newline="\n") as file:
            for line in file:
                record = json.loads(line)
                if record.get("kind") == "document":
                    texts[record["id"]] = record["text"]
                elif record.get("kind") == "layer":
                    key = (record["document"], record["annotator"])
                    layer = layers[key] = Layer(texts[record["document"]])
                    place = {span["id"]: (span["start"], span["end"]) for span in record["spans"]}
                    layer.labels = [(*place[span["id"]], span["label"]) for span in record["spans"]]
                    layer.relations = [
                        (one["label"], place[one["from"]], place[one["to"]]) for one in record.get("relations", [])
                    ]
                    layer.sort()
    return layers


def line_feeds(layer):
    """The layer on the text in which CR LF and CR are LF."""
    starts, at, before = [0], 0, ""
    for character in layer.text:
        at += 0 if (before, character) == ("\r", "\n") else 1
        starts.append(at)
        before = character
    text = layer.text.replace("\r\n", "\n").replace("\r", "\n")
    move = lambda place: (starts[place[0]], starts[place[1]])
    labels = [(*move((start, end)), label) for start, end, label in layer.labels]
    relations = [(label, move(one), move(other)) for label, one, other in layer.relations]
    return Layer(text, labels, relations).sort()


def side(folder):
    """What EXPORT.json says: names by the names of files."""
    with open(folder / "EXPORT.json", encoding="utf-8") as file:
        said = json.load(file)
    names = lambda key, name: {one["file"]: one[name] for one in said[key]}
    return names("documents", "id"), names("annotators", "name")


def files(folder, ending):
    """Each file of an ending with its document and annotator, as a folder for each annotator has them."""
    documents, annotators = side(folder)
    for path in sorted(folder.rglob(f"*{ending}")):
        if path.name.endswith("EXPORT.json"):
            continue
        document = documents[path.name[: -len(ending)]]
        annotator = annotators[path.parent.name] if path.parent != folder else next(iter(annotators.values()))
        yield document, annotator, path


def lost(folder):
    """What EXPORT.json says was lost: how many of each kind."""
    with open(folder / "EXPORT.json", encoding="utf-8") as file:
        return {loss["kind"]: loss["count"] for loss in json.load(file)["losses"]}


def dense(layer):
    """The layer on the text without its white space, for formats that keep only words."""
    starts = [0]
    for character in layer.text:
        starts.append(starts[-1] + (not character.isspace()))
    move = lambda place: (starts[place[0]], starts[place[1]])
    labels = [(*move((start, end)), label) for start, end, label in layer.labels]
    relations = [(label, move(one), move(other)) for label, one, other in layer.relations]
    return Layer("".join(layer.text.split()), labels, relations).sort()
