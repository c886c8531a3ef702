"""PubAnnotation's JSON by its own rules: code points, a list of spans for what is in pieces, a track for each project."""

import json

import meant

FORMAT = "pubannotation"


def read(folder):
    layers = {}
    for path in sorted(folder.glob("*.json")):
        if path.name == "EXPORT.json":
            continue
        documents = json.loads(path.read_text(encoding="utf-8"))
        for document in documents if isinstance(documents, list) else [documents]:
            for track in document.get("tracks", [document]):
                places = {}
                layer = layers[document["sourceid"], track["project"]] = meant.Layer(document["text"])
                for one in track["denotations"]:
                    spans = one["span"] if isinstance(one["span"], list) else [one["span"]]
                    places[one["id"]] = (spans[0]["begin"], spans[-1]["end"])
                    layer.labels.append((*places[one["id"]], one["obj"]))
                layer.relations = [(one["pred"], places[one["subj"]], places[one["obj"]]) for one in track["relations"]]
                subjects = {*places, *(one["id"] for one in track["relations"])}
                assert all(one["subj"] in subjects for one in track["attributes"])
    return layers
