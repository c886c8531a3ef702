"""Figures of agreement, held against the libraries that people know: on the article's two sets of labels, and on generated ones.

scikit-learn (Cohen's kappa, F1 of tokens), krippendorff (alpha), statsmodels (Fleiss' kappa), nltk (kappa and alpha once more),
seqeval and nervaluate (F1 of spans), pygamma-agreement (the disorder of the best alignment, and gamma).

Tokens are split at white space here, so that no library has to know our words. seqeval and nervaluate see labels on tokens, one on
a token; for them labels are generated that lie on whole tokens, apart from one another.

pygamma-agreement draws its samples otherwise than we do, so that of gamma only the observed disorder is the same; gamma itself may
differ by chance, and by what the samples are.
"""

import contextlib
import itertools
import json
import logging
import os
import pathlib
import random
import subprocess
import warnings

import krippendorff
import numpy
from nervaluate import Evaluator
from nltk.metrics.agreement import AnnotationTask
from pyannote.core import Segment
from pygamma_agreement import CombinedCategoricalDissimilarity, Continuum, ShuffleContinuumSampler
from seqeval.metrics import f1_score as seqeval_f1
from sklearn.metrics import cohen_kappa_score, f1_score
from statsmodels.stats.inter_rater import fleiss_kappa

import meant

EXACT = 1e-9
# pygamma-agreement counts in single precision.
SINGLE = 1e-4
# Two samples of chance.
CHANCE = 0.06

LABELS = ["Actor", "Claim", "Location"]


@contextlib.contextmanager
def silent():
    """Without what the solver of pygamma-agreement writes, past Python, to standard output."""
    kept = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    logging.disable()
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
        logging.disable(logging.NOTSET)


def tokens(text):
    """Start and end of what stands between white space."""
    found, at = [], 0
    for word in text.split():
        at = text.index(word, at)
        found.append((at, at + len(word)))
        at += len(word)
    return found


def flat(layer):
    """The one label of each token: of the longest in tokens, then of the earlier, then by name."""
    grid = tokens(layer.text)
    values = ["O"] * len(grid)
    on = lambda label: [at for at, (start, end) in enumerate(grid) if start < label[1] and label[0] < end]
    for _, _, name, label in sorted((-len(on(label)), label[0], label[2], label) for label in layer.labels)[::-1]:
        for at in on(label):
            values[at] = name
    return values


def covered(layer, name):
    grid = tokens(layer.text)
    labels = [label for label in layer.labels if label[2] == name]
    return [int(any(start < label[1] and label[0] < end for label in labels)) for start, end in grid]


def bio(layer):
    """Tags of labels that lie on whole tokens, apart from one another."""
    tags = ["O"] * len(tokens(layer.text))
    for start, end, name in layer.labels:
        inside = [at for at, (one, other) in enumerate(tokens(layer.text)) if start <= one and other <= end]
        for at in inside:
            tags[at] = ("B-" if at == inside[0] else "I-") + name
    return tags


def generated(seed, people, plain):
    """Documents that several people label much alike; `plain` labels lie on whole tokens, apart from one another."""
    draw = random.Random(seed)
    words = "قال الرئيس إن باكو لا تريد الحرب ورفضت حكومتهم ذلك بشدة في القاهرة أمس".split()
    layers = {}
    for document in range(5):
        text = " ".join(draw.choice(words) for _ in range(60))
        grid = tokens(text)
        true, at = [], 0
        while at < len(grid) - 6:
            at += draw.randrange(5)
            long = draw.randrange(1, 4)
            true.append((at, at + long, draw.choice(LABELS)))
            at += long
        for person in people:
            labels, free = [], 0
            for start, end, name in true:
                if draw.random() < 0.15:
                    continue
                start = max(start - (draw.random() < 0.15), free)
                end = min(max(end + (draw.random() < 0.15), start + 1), len(grid))
                name = draw.choice(LABELS) if draw.random() < 0.15 else name
                labels.append((grid[start][0], grid[end - 1][1], name))
                free = end if plain else 0
            layers[f"d{document}", person] = meant.Layer(text, labels)
    # Not everybody has everything.
    if not plain and len(people) > 2:
        del layers["d1", people[0]]
    return layers


def written(layers, path):
    with open(path, "w", encoding="utf-8") as file:
        line = lambda record: file.write(json.dumps(record, ensure_ascii=False) + "\n")
        line({"wusum": 1, "kind": "project", "name": "generated", "offsets": "code-points"})
        for document in sorted({document for document, _ in layers}):
            text = next(layer.text for (name, _), layer in layers.items() if name == document)
            line({"kind": "document", "id": document, "title": document, "text": text})
        for (document, annotator), layer in layers.items():
            spans = [
                {"id": f"s{at}", "start": start, "end": end, "label": name, "text": layer.text[start:end]}
                for at, (start, end, name) in enumerate(layer.labels)
            ]
            line({"kind": "layer", "document": document, "annotator": annotator, "status": "done", "spans": spans})
    return path


def joined(layers, person, documents, values):
    return [value for document in documents for value in values(layers[document, person])]


def of_tokens(layers, report):
    """Cohen, Fleiss, alpha and F1 of tokens, by name: ours and theirs."""
    people = report["annotators"]
    documents = sorted({document for document, _ in layers})
    kinds = {"flat": flat} | {name: (lambda layer, name=name: covered(layer, name)) for name in report["labels"]}
    for pair in report["pairs"]:
        both = [document for document in documents if (document, pair["a"]) in layers and (document, pair["b"]) in layers]
        for kind, values in kinds.items():
            a, b = (joined(layers, pair[side], both, values) for side in "ab")
            yield f"kappa of {kind}, scikit-learn", pair["cohen_kappa"][kind], cohen_kappa_score(a, b), EXACT
            items = [(side, at, str(value)) for side, all in (("a", a), ("b", b)) for at, value in enumerate(all)]
            yield f"kappa of {kind}, nltk", pair["cohen_kappa"][kind], AnnotationTask(items).kappa(), EXACT
        a, b = (joined(layers, pair[side], both, flat) for side in "ab")
        micro = f1_score(a, b, labels=report["labels"], average="micro")
        yield "F1 of tokens, scikit-learn", pair["token_f1"], micro, EXACT
    common = [document for document in documents if all((document, person) in layers for person in people)]
    for kind, values in kinds.items():
        names = sorted({str(value) for layer in layers.values() for value in values(layer)})
        rows = numpy.array([[names.index(str(value)) for value in joined(layers, person, common, values)] for person in people])
        counts = numpy.array([[list(column).count(value) for value in range(len(names))] for column in rows.T])
        yield f"Fleiss of {kind}, statsmodels", report["fleiss_kappa"][kind], fleiss_kappa(counts), EXACT
        data = [[], [], []][: len(people)]
        for document in documents:
            length = len(tokens(next(layer.text for (name, _), layer in layers.items() if name == document)))
            for row, person in zip(data, people):
                layer = layers.get((document, person))
                row += [names.index(str(value)) for value in values(layer)] if layer else [numpy.nan] * length
        alpha = krippendorff.alpha(reliability_data=data, level_of_measurement="nominal")
        yield f"alpha of {kind}, krippendorff", report["krippendorff_alpha"][kind], alpha, EXACT
        items = [(person, at, str(value)) for person, row in zip(people, data) for at, value in enumerate(row) if not numpy.isnan(value)]
        yield f"alpha of {kind}, nltk", report["krippendorff_alpha"][kind], AnnotationTask(items).alpha(), EXACT


def of_spans(layers, report):
    """F1 of spans, where one label is on a token."""
    documents = sorted({document for document, _ in layers})
    for pair in report["pairs"]:
        a, b = ([bio(layers[document, pair[side]]) for document in documents] for side in "ab")
        yield "exact, seqeval", pair["span_f1"]["exact"], seqeval_f1(a, b), EXACT
        results = Evaluator(a, b, tags=report["labels"], loader="list").evaluate()["overall"]
        yield "exact, nervaluate strict", pair["span_f1"]["exact"], results["strict"].f1, EXACT
        yield "boundary, nervaluate exact", pair["span_f1"]["boundary"], results["exact"].f1, EXACT


def of_gamma(layers, report):
    """The observed disorder, document by document, and gamma."""
    for one in report["by_document"]:
        continuum = Continuum()
        # The text's own bounds, within which its samples are moved.
        for (document, person), layer in layers.items():
            if document == one["document"]:
                for start, end, name in sorted(set(layer.labels)):
                    continuum.add(person, Segment(start, end), name)
        dissimilarity = CombinedCategoricalDissimilarity(alpha=1, beta=1, delta_empty=1)
        disorder = continuum.get_best_alignment(dissimilarity).disorder * continuum.avg_num_annotations_per_annotator
        exactly = len(continuum.annotators) == 2
        ours = one["gamma_disorder"]["observed"]
        # Of more than two ours is not proven to be the least.
        yield f"disorder of {one['document']}, pygamma", ours, disorder, SINGLE * max(1, disorder) if exactly else 0.02 * max(1, disorder)
        numpy.random.seed(1)
        sampler = ShuffleContinuumSampler()
        theirs = continuum.compute_gamma(dissimilarity, precision_level=0.02, sampler=sampler, n_samples=30).gamma
        yield f"gamma of {one['document']}, pygamma", one["gamma"], theirs, CHANCE


def check(wusum, out):
    """A line for each figure that is otherwise, and how many were compared."""
    data = pathlib.Path(__file__).parent.parent / "data"
    article = [data / "article.a.jsonl", data / "article.b.jsonl"]
    cases = [("article", meant.load(article), article, [of_tokens, of_gamma])]
    for seed, people in [(1, ["a", "b"]), (2, ["a", "b"]), (3, ["a", "b", "c"])]:
        layers = generated(seed, people, plain=True)
        cases.append((f"plain {seed}", layers, [written(layers, out / f"plain{seed}.jsonl")], [of_tokens, of_spans, of_gamma]))
        layers = generated(seed + 10, people, plain=False)
        cases.append((f"crossing {seed}", layers, [written(layers, out / f"crossing{seed}.jsonl")], [of_tokens]))
    wrong, count = [], 0
    for name, layers, paths, compared in cases:
        command = [wusum, "agree", *paths, "--json", "--tokens", "whitespace", "--by-document", "--bootstrap", "0"]
        report = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        with warnings.catch_warnings(), silent():
            warnings.simplefilter("ignore")
            for what, ours, theirs, within in itertools.chain.from_iterable(compare(layers, report) for compare in compared):
                count += 1
                if ours is None or not abs(ours - theirs) <= within:
                    wrong.append(f"{name}: {what}: {ours}, the library has {theirs}")
    return wrong, count
