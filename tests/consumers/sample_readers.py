"""Sample files of other programs, read by their own libraries, or else by short readers after the definition of the format.

Each reader takes the files of a sample and gives what everybody said of each text, and of how many things our program must tell that it
has no place for them: labels that cover nothing, relations of what is no label, units of a text that are no labels.
"""

import json
import re
import xml.etree.ElementTree as ElementTree

import meant
from webanno_strict import SOURCE, TIED, plain


def short(name):
    return name.rsplit(".", 1)[-1]


def by_cassis(paths):
    """All annotations but those that say something of the whole text, which cassis gives in code points."""
    import cassis

    with open(paths[0], "rb") as file:
        if paths[0].suffix == ".xmi":
            with open(paths[1], "rb") as types:
                cas = cassis.load_cas_from_xmi(file, typesystem=cassis.load_typesystem(types), lenient=True)
        else:
            cas = cassis.load_cas_from_json(file)
    found = [one for one in cas.select_all() if hasattr(one, "begin") and one.type.name != "uima.tcas.DocumentAnnotation"]
    named = lambda one: next((one[name] for name in ("label", "value") if one.type.get_feature(name) and one[name]), short(one.type.name))
    return [meant.Layer(cas.sofa_string, [(one.begin, one.end, named(one)) for one in found])], 0


def by_xmi(paths):
    """XMI without its types: what has a beginning and an end is a label, but for units of the text; what lies nowhere and has a target
    fills a slot of the annotation that names it."""
    elements = list(ElementTree.parse(paths[0]).getroot())
    (text,) = [one.get("sofaString") for one in elements if one.get("sofaString") is not None]
    assert len(text.encode("utf-16-le")) == 2 * len(text), "units would differ"
    kind = lambda one: one.tag.rsplit("}", 1)[1]
    by_id = {value: one for one in elements for name, value in one.attrib.items() if name.endswith("}id")}
    place = lambda one: (int(one.get("begin")), int(one.get("end")))
    links = {id: one for id, one in by_id.items() if one.get("target") and one.get("begin") is None}
    units = {"Token", "Sentence"}
    labels = [one for one in elements if one.get("begin") is not None and kind(one) not in units | {"DocumentMetaData"}]
    relations = [
        (links[id].get("role"), place(one), place(by_id[links[id].get("target")]))
        for one in labels
        for ids in one.attrib.values()
        for id in ids.split()
        if id in links and ids != one.get("begin")
    ]
    passed = {kind(one) for one in elements if one.get("sofa") and (kind(one) in units or one.get("begin") is None)} - {"View"}
    return [meant.Layer(text, [(*place(one), kind(one)) for one in labels], relations)], len(passed)


def by_gatenlp(paths):
    """All annotations of each set."""
    from gatenlp import Document

    doc = Document.load(str(paths[0]))
    sets = [[(one.start, one.end, one.type) for one in doc.annset(name)] for name in doc.annset_names()]
    empty = sum(start == end for labels in sets for start, end, _ in labels)
    return [meant.Layer(doc.text, [one for one in labels if one[0] < one[1]]) for labels in sets], empty


def by_conllu(paths):
    """The words of each document, one after another, where a token of several words counts once; they have no labels."""
    import conllu

    documents = []
    with open(paths[0], encoding="utf-8") as file:
        for sentence in conllu.parse_incr(file):
            if not documents or "newdoc id" in sentence.metadata:
                documents.append("")
            skip = 0
            for token in sentence:
                number = token["id"]
                if isinstance(number, tuple) and number[1] == "-":
                    documents[-1] += "".join(token["form"].split())
                    skip = number[2]
                elif isinstance(number, int) and number > skip:
                    documents[-1] += "".join(token["form"].split())
    return [meant.Layer(text) for text in documents], 0


def by_prodigy(paths):
    """Spans of each task."""
    layers = []
    with open(paths[0], encoding="utf-8") as file:
        for task in map(json.loads, file):
            spans = task.get("spans", [])
            assert all(task["text"][one["start"] : one["end"]] == one.get("text", task["text"][one["start"] : one["end"]]) for one in spans)
            layers.append(meant.Layer(task["text"], [(one["start"], one["end"], one["label"]) for one in spans]))
    return layers, 0


def by_columns(paths):
    """Sentences of words with columns of nested labels, each of which is IOB by itself; the words without white space."""
    layer = meant.Layer("")
    for block in paths[0].read_text(encoding="utf-8").split("\n\n"):
        rows = [line.split(" ") for line in block.split("\n") if line]
        starts = [len(layer.text)]
        for word, *_ in rows:
            starts.append(starts[-1] + len("".join(word.split())))
        layer.text += "".join("".join(word.split()) for word, *_ in rows)
        for column in range(1, max(map(len, rows), default=1)):
            open_at, name = 0, ""
            for at, row in enumerate([*rows, []]):
                tag = row[column] if column < len(row) else "O"
                if name and (tag[:1] != "I" or tag[2:] != name):
                    layer.labels.append((starts[open_at], starts[at], name))
                    name = ""
                if tag != "O" and not name:
                    open_at, name = at, tag[2:]
    return [layer], 0


def by_webanno(paths):
    """Text, labels and relations by the format's own description: a label in several lines is one by its number, the feature `value`
    names it, or the first, or its layer; slots and relations join labels of the layer they name."""
    layers, text, sentence, spans, ties, first = [], "", [], {}, [], 0
    for line in paths[0].read_text(encoding="utf-8").split("\n"):
        if line.startswith(("#T_SP=", "#T_RL=")):
            name, *features = line[6:].split("|")
            base = features.pop()[3:] if line[3:5] == "RL" else None
            # The last column of a relation is where it comes from; a layer of labels without a feature has a column nonetheless.
            count = len(features) + 1 if base else max(1, len(features))
            layers.append((name, features, base, slice(first, first + count)))
            first += count
        elif line.startswith("#Text="):
            sentence.append(plain(line.removeprefix("#Text=")))
        elif line[:1].isdigit():
            token, place, _, *cells = line.split("\t")
            if sentence:
                gap = int(place.split("-")[0]) - len(text.encode("utf-16-le")) // 2
                text += " " * gap + "\n".join(sentence)
                sentence = []
            units = text.encode("utf-16-le")
            place = tuple(len(units[: 2 * int(at)].decode("utf-16-le")) for at in place.split("-"))
            for name, features, base, columns in layers:
                own = [re.split(r"(?<!\\)\|", cell) for cell in cells[columns]]
                row(name, features, base, token, place, own, spans, ties)
    labels = list({id(one): one for one in spans.values()}.values())
    empty = [one for one in labels if one[1] == one[2]]
    find = lambda layer, token, number: next((one for key, one in spans.items() if key[1] == (number or token) and layer in (None, key[0])), None)
    ends = [(kind, find(*one), find(*other)) for kind, one, other in ties]
    relations = [(kind, tuple(one[1:]), tuple(other[1:])) for kind, one, other in ends if one and other]
    kept = [(start, end, name) for name, start, end in labels if start < end]
    return [meant.Layer(text, kept, relations)], len(empty) + len(ties) - len(relations)


def row(layer, features, base, token, place, cells, spans, ties):
    """What a line says in the columns of a layer."""
    roles = [at for at, feature in enumerate(features) if feature.startswith("ROLE_")]
    simple = [at for at in range(len(features)) if at not in roles and at - 1 not in roles and features[at]]
    naming = next((at for at in simple if features[at] == "value"), simple[0] if simple else None)
    for at in range(max(map(len, cells)) if cells[0] != ["_"] else 0):
        tied = lambda column: found.groups() if (found := TIED.fullmatch(cells[column][at])) else (cells[column][at], None)
        value = tied(naming)[0] if naming is not None else "*"
        name = short(layer) if value == "*" else plain(value)
        if base is not None:
            source, *numbers = SOURCE.fullmatch(cells[-1][at]).groups()
            one, other = (number if number != "0" else None for number in numbers)
            ties.append((name, (base, source, one), (base, token, other)))
            continue
        number = next((tied(column)[1] for column in range(len(cells)) if column - 1 not in roles and tied(column)[1]), None)
        known = spans.setdefault((layer, number or token), [name, *place])
        known[1:] = min(known[1], place[0]), max(known[2], place[1])
        for role in roles:
            kind = features[role + 1]
            for called, target in zip(tied(role)[0].split(";"), cells[role + 1][at].split(";"), strict=True):
                if target != "*":
                    to = SOURCE_OF_SLOT.fullmatch(target).groups()
                    ties.append((called, (layer, token, number), (None if kind == "uima.tcas.Annotation" else kind, *to)))


SOURCE_OF_SLOT = re.compile(r"([0-9.-]+)(?:\[(\d+)\])?")


def by_pubannotation(paths):
    """Denotations and blocks of each track, or of the document itself; what is tied is tied within its track."""
    document = json.loads(paths[0].read_text(encoding="utf-8"))
    layers = []
    for track in document.get("tracks", [document]):
        marks = [*track.get("denotations", []), *track.get("blocks", [])]
        place = {one["id"]: (one["span"]["begin"], one["span"]["end"]) for one in marks if "id" in one}
        labels = [(one["span"]["begin"], one["span"]["end"], one["obj"]) for one in marks]
        ties = [(one["pred"], place[one["subj"]], place[one["obj"]]) for one in track.get("relations", [])]
        if marks:
            layers.append(meant.Layer(document["text"], labels, ties))
    return layers, 0


def by_label_studio(paths):
    """Regions of each annotation and prediction; where a path leads to the only node of a plain text, its offsets are the text's.
    Answers about no region have no place."""
    tasks, layers, answers = json.loads(paths[0].read_text(encoding="utf-8")), [], 0
    for task in tasks if isinstance(tasks, list) else [tasks]:
        text = task["data"]["text"]
        for said in [*task.get("annotations", []), *task.get("completions", []), *task.get("predictions", [])]:
            layer = meant.Layer(text)
            for result in said["result"]:
                value = result["value"]
                if result["type"] == "choices":
                    answers += 1
                    continue
                is_path = value["start"] == value["end"] == "/text()[1]"
                start, end = (value["startOffset"], value["endOffset"]) if is_path else (value["start"], value["end"])
                assert text[start:end] == value["text"]
                layer.labels += [(start, end, label) for label in value[result["type"]]]
            layers.append(layer)
    return layers, answers


def web_texts(paths):
    """Texts for annotations of pages that are elsewhere, by the last part of their names: the words where they are said to be, with what
    stands before and behind them, and dots between."""
    pages = {}
    for one in web_annotations(paths):
        for target in web_targets(one):
            by_kind = {selector["type"]: selector for selector in listed(target["selector"])}
            quote = by_kind.get("TextQuoteSelector", {"exact": "", "prefix": "", "suffix": ""})
            place = by_kind.get("TextPositionSelector", {"start": 40, "end": 40})
            words = quote["prefix"] + quote["exact"] + quote["suffix"]
            start = place["start"] - len(quote["prefix"])
            page = pages.setdefault(target["source"].rsplit("/", 1)[-1].split(".htm")[0], [])
            page += "." * (max(start + len(words), place["end"]) - len(page))
            page[start : start + len(words)] = words
    return {name: "".join(page) for name, page in pages.items()}


def by_web_annotation(paths):
    """Position, or the words with what stands around them where no position has them; a body that is named or none at all is no tag."""
    texts, layers, told = web_texts(paths), {}, 0
    for one in web_annotations(paths):
        for target in web_targets(one):
            text = texts[target["source"].rsplit("/", 1)[-1].split(".htm")[0]]
            by_kind = {selector["type"]: selector for selector in listed(target["selector"])}
            quote, place = by_kind.get("TextQuoteSelector"), by_kind.get("TextPositionSelector")
            start, end = (place["start"], place["end"]) if place else (0, 0)
            if quote and text[start:end] != quote["exact"]:
                start = text.index(quote["prefix"] + quote["exact"] + quote["suffix"]) + len(quote["prefix"])
                end = start + len(quote["exact"])
            if start == end:
                told += 1
                continue
            layer = layers.setdefault((text, json.dumps(one.get("creator"))), meant.Layer(text))
            layer.labels.append((start, end, one["body"] or "highlighting"))
    seen = {layer.text for layer in layers.values()}
    return [*layers.values(), *(meant.Layer(text) for text in texts.values() if text not in seen)], told


def listed(value):
    return value if isinstance(value, list) else [value]


def web_annotations(paths):
    return [one for path in paths for one in listed(json.loads(path.read_text(encoding="utf-8")))]


def web_targets(annotation):
    return listed(annotation["target"])


def by_brat(folder):
    """brat's standoff: labels, relations, groups of the same as a chain, and of events each argument as a relation from the words that
    name the event."""
    layers = []
    for path in sorted(folder.glob("*.ann")):
        layer = meant.Layer(path.with_suffix(".txt").read_bytes().decode("utf-8"))
        lines = [line.split("\t") for line in path.read_bytes().decode("utf-8").split("\n") if line]
        place, events = {}, {}
        for name, said, *words in lines:
            if name[0] == "T":
                label, start, end = said.split(" ")
                place[name] = (int(start), int(end))
                assert layer.text[place[name][0] : place[name][1]] == words[0], name
                layer.labels.append((*place[name], label))
            elif name[0] == "E":
                events[name] = [part.split(":") for part in said.split()]
        at = lambda name: place[events[name][0][1] if name in events else name]
        for name, said, *_ in lines:
            parts = said.split()
            if name[0] == "R":
                layer.relations.append((parts[0], *(at(part.split(":")[1]) for part in parts[1:])))
            elif name == "*":
                layer.relations += [(parts[0], at(one), at(other)) for one, other in zip(parts[1:], parts[2:])]
        for (_, trigger), *arguments in events.values():
            layer.relations += [(role, place[trigger], at(end)) for role, end in arguments]
        layers.append(layer)
    return layers, 0
