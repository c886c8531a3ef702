"""doccano's JSON Lines as its page reads them: UTF-16 units of the text as it is."""

import json

import meant

FORMAT = "doccano"


def read(folder):
    _, annotators = meant.side(folder)
    layers = {}
    for path in sorted(folder.rglob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").split("\n")[:-1]:
            entry = json.loads(line)
            units = entry["text"].encode("utf-16-le")
            point = lambda at: len(units[: 2 * at].decode("utf-16-le"))
            place = lambda one: (point(one["start_offset"]), point(one["end_offset"]))
            entities = entry.get("entities")
            if entities is None:
                entities = [{"start_offset": start, "end_offset": end, "label": label} for start, end, label in entry["label"]]
            by_id = {one.get("id"): place(one) for one in entities}
            layers[entry["document"], annotators[path.stem]] = meant.Layer(
                entry["text"],
                [(*place(one), one["label"]) for one in entities],
                [(one["type"], by_id[one["from_id"]], by_id[one["to_id"]]) for one in entry.get("relations", [])],
            )
    return layers
