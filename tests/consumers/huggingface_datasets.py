"""Token classification by Hugging Face's datasets: the card says where the files are and what the numbers of tags mean."""

import os
import tempfile

os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1", HF_HOME=tempfile.mkdtemp())

import datasets

import meant
from conll_seqeval import entities

FORMAT = "huggingface"
datasets.disable_progress_bars()


def means(layer):
    """The text and all labels; there are no relations."""
    return meant.Layer(layer.text, layer.labels, [])


def rows(folder):
    """Each sentence, with the names of its tags by level."""
    for config in datasets.get_dataset_config_names(str(folder)):
        for split in datasets.load_dataset(str(folder), config).values():
            levels = [name for name in split.column_names if name.startswith("ner_tags")]
            for row in split:
                yield row, {level: [split.features[level].feature.int2str(tag) for tag in row[level]] for level in levels}


def read(folder):
    layers = {}
    for row, levels in rows(folder):
        layer = layers.setdefault((row["document"], row["annotator"]), meant.Layer(""))
        assert row["offset"] == len(layer.text)
        layer.text += row["text"]
        for token, start, end in zip(row["tokens"], row["start"], row["end"], strict=True):
            assert row["text"][start:end] == token
        for tags in levels.values():
            for tag, start, end in entities(tags):
                layer.labels.append((row["offset"] + row["start"][start], row["offset"] + row["end"][end - 1], tag))
    return layers


def again(folder, place):
    """Rows with the names of tags, for their numbers mean something only beside a card."""
    by_layer = {}
    for row, levels in rows(folder):
        by_layer.setdefault((row["document"], row["annotator"]), []).append(row | levels)
    for key, layer in by_layer.items():
        datasets.Dataset.from_list(layer).to_json(place(*key) / "again.jsonl", force_ascii=False)
