"""Label Studio's tasks by the converter of its SDK."""

import json
from xml.sax.saxutils import quoteattr

from label_studio_sdk.converter import Converter

import meant

FORMAT = "label-studio"
CONFIG = '<View><Labels name="label" toName="text">{}</Labels><Text name="text" value="$text"/></View>'


def means(layer):
    """The text and all labels; the converter has no relations."""
    return meant.Layer(layer.text, layer.labels, [])


def converter(path):
    """A converter that knows the labels of a file of tasks."""
    tasks = json.loads(path.read_text(encoding="utf-8"))
    results = [result for task in tasks for one in task["annotations"] for result in one["result"]]
    names = sorted({name for result in results for name in result.get("value", {}).get("labels", [])})
    labels = "".join(f"<Label value={quoteattr(name)}/>" for name in names)
    return Converter(CONFIG.format(labels), None, download_resources=False)


def tasks_of(folder):
    (path,) = (path for path in folder.glob("*.json") if path.name != "EXPORT.json")
    return path


def read(folder):
    path, layers = tasks_of(folder), {}
    for task in converter(path).iter_from_json_file(str(path)):
        document, whose = task["input"]["document"], task["completed_by"]["email"]
        found = [one for one in task["output"].get("label", []) if one["type"] == "Labels"]
        labels = [(one["start"], one["end"], name) for one in found for name in one["labels"]]
        layers[document, whose] = meant.Layer(task["input"]["text"], labels)
    return layers
