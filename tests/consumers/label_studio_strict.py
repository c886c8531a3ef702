"""Label Studio's tasks as its page reads them: code points, with the words, an annotation for each person."""

import json

import meant

FORMAT = "label-studio"


def read(folder):
    layers = {}
    for path in sorted(folder.glob("*.json")):
        if path.name.endswith("EXPORT.json"):
            continue
        for task in json.loads(path.read_text(encoding="utf-8")):
            text = task["data"]["text"]
            for annotation in task["annotations"]:
                places = {}
                layer = layers[task["data"]["document"], annotation["completed_by"]["email"]] = meant.Layer(text)
                for result in annotation["result"]:
                    if result["type"] == "labels":
                        value = result["value"]
                        place = places[result["id"]] = (value["start"], value["end"])
                        assert text[place[0] : place[1]] == value["text"]
                        layer.labels += [(*place, label) for label in value["labels"]]
                for result in annotation["result"]:
                    if result["type"] == "relation":
                        ends = places[result["from_id"]], places[result["to_id"]]
                        layer.relations += [(label, *ends) for label in result["labels"]]
    return layers
