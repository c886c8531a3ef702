"""The table by Python's own reader of CSV."""

import csv

import meant

FORMAT = "csv"


def read(folder):
    (path,) = folder.glob("*.csv")
    layers, texts, places = {}, {}, {}
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["kind"] == "document":
            texts[row["document"]] = row["text"]
    for row in rows:
        key = (row["document"], row["annotator"])
        if row["kind"] == "layer":
            layers.setdefault(key, meant.Layer(texts[row["document"]]))
        elif row["kind"] == "span":
            place = places[key, row["id"]] = (int(row["start"]), int(row["end"]))
            layers.setdefault(key, meant.Layer(texts[row["document"]])).labels.append((*place, row["label"]))
    for row in rows:
        key = (row["document"], row["annotator"])
        if row["kind"] == "relation":
            layers[key].relations.append((row["label"], places[key, row["from"]], places[key, row["to"]]))
    return layers
