"""How long the common Python route takes to read a folder of files of a format: its name and the processor's seconds, without its start."""

import csv
import json
import pathlib
import sys
import time


def cassis_json(folder):
    import cassis

    for path in folder.rglob("*.json"):
        if path.name != "EXPORT.json":
            with open(path, "rb") as file:
                cassis.load_cas_from_json(file)


def cassis_xmi(folder):
    import cassis

    with open(folder / "TypeSystem.xml", "rb") as file:
        types = cassis.load_typesystem(file)
    for path in folder.rglob("*.xmi"):
        with open(path, "rb") as file:
            cassis.load_cas_from_xmi(file, typesystem=types)


def conllu(folder):
    import conllu

    for path in folder.rglob("*.conllu"):
        with open(path, encoding="utf-8") as file:
            for _ in conllu.parse_incr(file):
                pass


def table(folder):
    for path in folder.rglob("*.csv"):
        with open(path, encoding="utf-8-sig", newline="") as file:
            for _ in csv.DictReader(file):
                pass


def gate(folder):
    from gatenlp import Document

    for path in folder.rglob("*.bdocjs"):
        Document.load(str(path))


def json_lines(folder):
    for path in folder.rglob("*.jsonl"):
        with open(path, encoding="utf-8") as file:
            for line in file:
                json.loads(line)


def spacy(folder):
    import spacy
    from spacy.tokens import Doc

    vocab = spacy.blank("ar").vocab
    for path in folder.rglob("*.jsonl"):
        with open(path, encoding="utf-8") as file:
            for line in file:
                Doc(vocab).from_json(json.loads(line))


def whole_json(folder):
    for path in folder.rglob("*.json*"):
        if path.name != "EXPORT.json":
            json.loads(path.read_text(encoding="utf-8"))


ROUTES = {
    "cas-json": ("dkpro-cassis", cassis_json, "cassis"),
    "cas-xmi": ("dkpro-cassis", cassis_xmi, "cassis"),
    "conllu": ("conllu", conllu, "conllu"),
    "csv": ("csv", table, "csv"),
    "doccano": ("json", json_lines, "json"),
    "gate": ("gatenlp", gate, "gatenlp"),
    "huggingface": ("json", json_lines, "json"),
    "label-studio": ("json", whole_json, "json"),
    "pubannotation": ("json", whole_json, "json"),
    "spacy": ("spaCy", spacy, "spacy"),
    "web-annotation": ("json", whole_json, "json"),
    "wusum": ("json", json_lines, "json"),
}

if __name__ == "__main__":
    if sys.argv[1] in ROUTES:
        name, read, module = ROUTES[sys.argv[1]]
        __import__(module)
        begin = time.process_time()
        read(pathlib.Path(sys.argv[2]))
        print(f"{name}\t{time.process_time() - begin}")
